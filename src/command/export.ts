/** `xiangbao export`: the current reports, as NDJSON, CSV or a workbook, which `import` takes again, or as Parquet. */
import { once } from 'node:events';
import { extname } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { operator } from '../access/authority.js';
import {
  type ExportRequest as AnyExport,
  type ExportFormat,
  exportFormats,
  exportHeadings,
  exportShapes,
  openExport,
} from '../bulk/export/export.js';
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
    .description(
      inBoth({
        zh: '导出报告：NDJSON、CSV、工作簿可再次导入，Parquet 供分析',
        en: 'write the reports as NDJSON, CSV or a workbook, which import takes again, or as Parquet for analysis',
      }),
    )
    .option('--year <year>', inBoth({ zh: '报告年度', en: 'one report year' }), readYear)
    .option('--division <code>', inBoth({ zh: '行政区划代码', en: 'the reports of one division, at any level' }))
    .option(
      '--own',
      inBoth({
        zh: '连同县级政府自行公布的报告，这些不计入任何汇总',
        en: 'with the reports that counties publish of their own, which are in no rollup',
      }),
    )
    .addOption(
      new Option(
        '--format <format>',
        inBoth({
          zh: '格式，默认按输出文件的扩展名，否则为 NDJSON',
          en: 'by the extension of the file when left out, else NDJSON',
        }),
      ).choices([...exportFormats]),
    )
    .addOption(
      new Option(
        '--shape <shape>',
        inBoth({ zh: '表格每行一份报告，或每行一个单元格', en: 'of a table: a row a report, or a row a cell' }),
      ).choices([...exportShapes]),
    )
    .addOption(
      new Option(
        '--headings <headings>',
        inBoth({ zh: '表格列标题：列名或中文', en: 'of a table: names of the columns, or Chinese' }),
      ).choices([...exportHeadings]),
    )
    .option('-o, --output <file>', inBoth({ zh: '输出文件', en: 'a file; standard output when left out' }))
    .action((options: Parameters<typeof exportTo>[3]) =>
      withExistingStore(tools, (db) => exportTo(db, tools.clock, tools.terminal, options)),
    );
}

/** Which reports are exported, and how they are written. */
type ExportRequest = Pick<AnyExport, 'format' | 'year' | 'division' | 'own' | 'shape' | 'headings'>;

/**
 * Exports to a file, or to standard output when none is named, and tells how many reports there were. The format is that of
 * the file's extension unless it is stated. What is refused leaves the file as it was.
 */
export async function exportTo(
  db: Db,
  clock: () => Date,
  terminal: Terminal,
  request: Partial<ExportRequest> & { readonly output?: string },
): Promise<void> {
  const { output, ...wanted } = request;
  const format = wanted.format ?? formatOf(output);
  let file: Writable | undefined;
  const openOut = async () => {
    if (output !== undefined) file = await openForWriting(output);
    return file ?? terminal.stdout;
  };
  const { count, leftOut } = await exportReports(db, clock, openOut, { ...wanted, format });
  if (file) await finished(file.end());
  tell(terminal, { zh: `已导出 ${count} 份。`, en: `${count} report(s) exported.` });
  if (leftOut === 0) return;
  tell(terminal, {
    zh: `另有 ${leftOut} 份县级政府自行公布的报告未导出，加 --own 则一并导出。`,
    en: `${leftOut} report(s) that counties publish of their own are left out; --own adds them.`,
  });
}

/** The format that the extension of a file names; NDJSON when it names none. */
function formatOf(output = ''): ExportFormat {
  const extension = extname(output).slice(1).toLowerCase();
  return exportFormats.find((format) => format === extension) ?? 'ndjson';
}

/** Reports read at once; memory holds no more. */
const rowsAtOnce = 256;

/**
 * Writes every report of a division, by agency code and year, in the state of that moment, to what is opened once nothing
 * can be refused any more, and returns how many there were, and how many of counties' own were left out. Throws `unknown-division`, and `invalid-parameter` for a year
 * that has no reports yet.
 */
export async function exportReports(
  db: Db,
  clock: () => Date,
  openOut: () => Promise<Writable>,
  request: ExportRequest,
): Promise<{ readonly count: number; readonly leftOut: number }> {
  const now = clock();
  refuseOtherYears(request.year, yearInChina(now));
  // The operator of the machine sees everything.
  const reader = { caller: operator, open: 'filed', now } as const;
  const file = databaseFile(db);
  const snapshot = file === undefined ? undefined : openSnapshot(file);
  const open = (wanted: ExportRequest & Pick<AnyExport, 'kinds'>) =>
    openExport(snapshot ?? db, { reader, subject: 'reports', ...wanted }, { rowsAtOnce });
  try {
    const made = await open(request);
    const out = await openOut();
    for await (const piece of made.write()) {
      if (!out.write(piece)) await once(out, 'drain');
    }
    const { year, division, own } = request;
    const others = own ? undefined : await open({ format: 'ndjson', year, division, kinds: ['COUNTY'] });
    return { count: await made.countRecords(), leftOut: (await others?.countRecords()) ?? 0 };
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
