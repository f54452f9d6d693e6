/** Where runs are kept, and the table in both READMEs. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/root.js';
import { type Report, writeTable } from './markdown.js';

/** The lines between which the bench writes: everything there is its own. */
const markers = { begin: '<!-- bench: begin -->', end: '<!-- bench: end -->' };

/** Keeps a run under `bench/out/`, to be read again and as Markdown; returns its name. */
export function saveReport(report: Report): string {
  const folder = join(packageRoot, 'bench', 'out');
  mkdirSync(folder, { recursive: true });
  const name = join(folder, new Date().toISOString().replaceAll(':', '-').slice(0, 19));
  writeFileSync(`${name}.json`, `${JSON.stringify(report, null, 1)}\n`);
  writeFileSync(`${name}.md`, `${writeTable(report, 'en')}\n\n${writeTable(report, 'zh')}\n`);
  return `${name}.json`;
}

/** Reads a run that was kept. */
export function readReport(file: string): Report {
  // Written by saveReport.
  return JSON.parse(readFileSync(file, 'utf8')) as Report;
}

/** Writes the table of a run into both READMEs, each in its language. */
export function writeReadmes(report: Report): void {
  for (const [file, language] of [
    ['README.md', 'en'],
    ['README.zh-CN.md', 'zh'],
  ] as const) {
    const path = join(packageRoot, file);
    writeFileSync(path, placeTable(readFileSync(path, 'utf8'), writeTable(report, language), file));
  }
}

/** A README with the table in its place. Throws when it has none. */
export function placeTable(text: string, table: string, file: string): string {
  const from = text.indexOf(markers.begin);
  const to = text.indexOf(markers.end);
  if (from < 0 || to < from) throw new Error(`${file} has no place for the table: ${markers.begin} … ${markers.end}`);
  return `${text.slice(0, from)}${markers.begin}\n\n${table}\n\n${text.slice(to)}`;
}
