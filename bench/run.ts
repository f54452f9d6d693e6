/**
 * The bench: everything that is promised of the speed, measured in one run of the built server beside yardsticks on the
 * same machine, in turns, and written as a table that says what was missed too. Ends by itself.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Label } from '../src/words.js';
import type { Bench } from './bench.js';
import { openSender } from './load.js';
import { measureBulk } from './measure/bulk.js';
import { measureElsewhere } from './measure/elsewhere.js';
import { measureFiling } from './measure/filing.js';
import { measureGrowth } from './measure/growth.js';
import { measureQuestions, readOutside } from './measure/questions.js';
import { measureRankings } from './measure/rankings.js';
import { measureSteadiness } from './measure/steadiness.js';
import { measureUnchanged } from './measure/unchanged.js';
import { measureWaiting } from './measure/waiting.js';
import { full, quick, type Scale } from './scale.js';
import { makeStores, type Stores } from './stores.js';
import type { Part } from './table/line.js';
import { writeTable } from './table/markdown.js';
import { readReport, saveReport, writeReadmes } from './table/saved.js';

const usage = `npm run bench -- [--quick] [--only PARTS] [--file STORE] [--long] [--outside FILE] [--write-readme] [--from RUN]
  --quick         a part of the nation: about two minutes
  --only PARTS    parts whose names have one of these in them (a,b); the others are left out
  --file STORE    a national store made before, which is copied instead of making one; growth is left out then
  --long          ten minutes of mixed load instead of one
  --outside FILE  what PostGraphile took of the processor for the same question, as JSON
  --write-readme  write the table into both READMEs
  --from RUN      do that from a run that was saved, and measure nothing
`;
const { values: asked } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    file: { type: 'string' },
    long: { type: 'boolean', default: false },
    outside: { type: 'string' },
    'write-readme': { type: 'boolean', default: false },
    from: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

/** The parts of a run by name, in the order of the table. */
const parts: Readonly<Record<string, (bench: Bench) => Promise<Part>>> = {
  questions: (bench) => measureQuestions(bench, asked.outside === undefined ? undefined : readOutside(asked.outside)),
  filing: measureFiling,
  bulk: measureBulk,
  waiting: measureWaiting,
  rankings: measureRankings,
  unchanged: measureUnchanged,
  growth: measureGrowth,
  steadiness: measureSteadiness,
  elsewhere: measureElsewhere,
};

if (asked.help) process.stdout.write(usage);
else if (asked.from !== undefined) writeReadmes(readReport(asked.from));
else await run(asked.quick ? quick : full);

async function run(scale: Scale): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'xiangbao-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const begun = performance.now();
  const tell = (what: string) => {
    process.stderr.write(`${((performance.now() - begun) / 60_000).toFixed(1)} min: ${what}\n`);
  };
  const [sender, other] = [openSender(), openSender()];
  tell('the stores');
  const stores = await makeStores(folder, scale, asked.file);
  const bench: Bench = { scale: asked.long ? { ...scale, mixedSeconds: 600 } : scale, stores, sender, other, folder };
  const found: Part[] = [];
  for (const [name, measure] of Object.entries(parts)) {
    if (!asked.only.split(',').some((part) => name.includes(part))) continue;
    tell(name);
    found.push(await measure(bench));
  }
  for (const one of [sender, other]) one.stop();
  tell('done');
  const report = { machine: describeMachine(), manner: describeManner(scale, stores), parts: found };
  const saved = saveReport(report);
  process.stdout.write(`${writeTable(report, 'en')}\n\nsaved as ${saved}\n`);
  if (asked['write-readme']) writeReadmes(report);
}

function describeMachine(): Label {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const day = new Date().toISOString().slice(0, 10);
  const machine = `${cpu?.model.trim() ?? '?'}, ${cpus().length} × CPU, ${memory} GiB, Node ${process.version}, ${process.platform}`;
  return { zh: `${machine}；${day}。`, en: `${machine}; ${day}.` };
}

function describeManner({ name, rounds, seconds }: Scale, { bytes, years }: Stores): Label {
  const span = `${years.at(0)}–${years.at(-1)}`;
  const reports = bytes.reports.toLocaleString('en');
  const rounded = rounds.toString();
  return {
    zh: `${name === 'quick' ? '小规模（--quick）。' : ''}${reports} 份生成的报告（${span}），${rounded} 轮、每轮每项 ${seconds} 秒，交替进行，取中位数。压测为单独进程；CPU 取自操作系统。`,
    en: `${name === 'quick' ? 'A part of the nation (--quick). ' : ''}${reports} generated reports (${span}); medians of ${rounded} rounds of ${seconds} s each, in turns. The load is a process of its own; CPU is what the operating system counts.`,
  };
}
