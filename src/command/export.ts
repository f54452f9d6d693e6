/** `xiangbao export`: the current reports, as NDJSON that `import` takes again, or as CSV. */
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { operator } from '../access/authority.js';
import { type ExportRequest as AnyExport, openExport } from '../bulk/export/export.js';
import { yearInChina } from '../day.js';
import { firstYear } from '../form/forms.js';
import { Problem } from '../problem.js';
import { openSnapshot } from '../store/engine/open.js';
import type { Db } from '../store/engine/schema.js';
import { databaseFile } from '../store/engine/store.js';
import { inBoth } from '../words.js';
import { openForWriting, type Terminal, tell } from './shell/terminal.js';
import { type Tools, withExistingStore } from './shell/tools.js';
import { readYear } from './shell/year.js';

/** Adds `export`. */
export function addExport(program: Command, tools: Tools): void {
  program
    .command('export')
    .description(inBoth({ zh: '导出', en: 'write the reports as NDJSON, which import takes again, or as CSV' }))
    .option('--year <year>', inBoth({ zh: '报告年度', en: 'one report year' }), readYear)
    .option('--division <code>', inBoth({ zh: '行政区划代码', en: 'the reports of one division, at any level' }))
    .addOption(new Option('--format <format>', '格式').choices(['ndjson', 'csv']).default('ndjson'))
    .option('-o, --output <file>', inBoth({ zh: '输出文件', en: 'a file; standard output when left out' }))
    .action((options: Parameters<typeof exportTo>[3]) =>
      withExistingStore(tools, (db) => exportTo(db, tools.clock, tools.terminal, options)),
    );
}

/** Which reports are exported, and how they are written. */
export type ExportRequest = Pick<AnyExport, 'format' | 'year' | 'division'>;

/** Exports to a file, or to standard output when none is named, and tells how many reports there were. */
export async function exportTo(
  db: Db,
  clock: () => Date,
  terminal: Terminal,
  request: ExportRequest & { readonly output?: string },
): Promise<void> {
  const { output, ...wanted } = request;
  const file = output === undefined ? undefined : await openForWriting(output);
  const count = await exportReports(db, clock, file ?? terminal.stdout, wanted);
  if (file) await finished(file.end());
  tell(terminal, { zh: `已导出 ${count} 份。`, en: `${count} report(s) exported.` });
}

/** Reports read at once; memory holds no more. */
const rowsAtOnce = 256;

/**
 * Writes every report of a division, by agency code and year, in the state of that moment, and returns how many
 * there were. Throws `unknown-division`, and `invalid-parameter` for a year that has no reports yet.
 */
export async function exportReports(db: Db, clock: () => Date, out: Writable, request: ExportRequest): Promise<number> {
  const now = clock();
  refuseOtherYears(request.year, yearInChina(now));
  // The operator of the machine sees everything.
  const reader = { caller: operator, open: 'filed', now } as const;
  const file = databaseFile(db);
  const snapshot = file === undefined ? undefined : openSnapshot(file);
  try {
    const made = await openExport(snapshot ?? db, { reader, subject: 'reports', ...request }, { rowsAtOnce });
    for await (const piece of made.write()) {
      if (!out.write(piece)) await once(out, 'drain');
    }
    return await made.countRows();
  } finally {
    await snapshot?.destroy();
  }
}

function refuseOtherYears(year: number | undefined, thisYear: number): void {
  if (year === undefined || (year >= firstYear && year <= thisYear)) return;
  throw new Problem('invalid-parameter', {
    zh: `年度应在 ${firstYear} 至 ${thisYear} 之间。`,
    en: `A report year is ${firstYear} to ${thisYear}, not ${year}.`,
  });
}
