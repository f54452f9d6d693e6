/** `xiangbao export`: the reports as they stand, as NDJSON that `import` takes again, or as CSV. */
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { stringify } from 'csv-stringify/sync';
import { printFigure } from '../form/check.js';
import { printFigures } from '../form/figures.js';
import { allCells, formOf } from '../form/forms.js';
import { dayInChina } from '../report/file.js';
import { firstYear } from '../report/filing.js';
import { divisionNamed, type ReadReport, readReports } from '../report/read.js';
import { type Division, divisionsById, listDivisions, type Page, referenceDate } from '../store/register.js';
import type { Db } from '../store/schema.js';
import { openForWriting, type Terminal, tell } from './terminal.js';

/** Which reports are exported, and how they are written. */
export interface ExportRequest {
  readonly format: 'ndjson' | 'csv';
  readonly year?: number;
  /** Code of a division at any level; the nation when left out. */
  readonly division?: string;
}

/** Exports to a file, or to standard output when none is named, and tells how many reports there were. */
export async function exportTo(
  db: Db,
  clock: () => Date,
  terminal: Terminal,
  request: ExportRequest & { readonly output?: string },
): Promise<void> {
  const file = request.output === undefined ? undefined : await openForWriting(request.output);
  const count = await exportReports(db, clock, file ?? terminal.stdout, request);
  if (file) await finished(file.end());
  tell(terminal, `${count} report(s) exported. 已导出 ${count} 份。`);
}

/** Reports read at once; memory holds no more. */
const page = 200;

/** The columns of the CSV before the cells, in order. */
const leading = ['agency', 'name', 'county', 'countyName', 'year', 'form', 'revision', 'publishedItems.total'] as const;

/**
 * Writes every report of a division, year by year, county by county, and returns how many there were. Blanks are
 * null in NDJSON and empty in CSV; amounts are decimals of the printed unit. Throws `unknown-division`.
 */
export async function exportReports(db: Db, clock: () => Date, out: Writable, request: ExportRequest): Promise<number> {
  const { format, year, division } = request;
  const top = division === undefined ? undefined : await divisionNamed(db, division);
  const thisYear = Number(dayInChina(clock()).slice(0, 4));
  if (format === 'csv') await write(out, csvLine([...leading, ...allCells.map((cell) => cell.key)]));
  let count = 0;
  for (const each of year === undefined ? spanOf(firstYear, thisYear) : [year]) {
    for await (const reports of pagesOf(db, top, each)) {
      const lines = format === 'csv' ? await csvLines(db, reports, each) : reports.map(filingLine);
      await write(out, lines.join(''));
      count += reports.length;
    }
  }
  return count;
}

function spanOf(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

async function write(out: Writable, text: string): Promise<void> {
  if (!out.write(text)) await once(out, 'drain');
}

async function* pagesOf(db: Db, top: Division | undefined, year: number): AsyncGenerator<readonly ReadReport[]> {
  if (!top || top.level === 'NATION') {
    yield* pages((after) => readReports(db, { year }, { first: page, after }));
    return;
  }
  for (const county of await countiesUnder(db, top, referenceDate(year))) {
    yield* pages((after) => readReports(db, { county, year }, { first: page, after }));
  }
}

async function* pages(read: (after: number) => Promise<Page<ReadReport>>): AsyncGenerator<readonly ReadReport[]> {
  for (let after = 0; ; ) {
    const found = await read(after);
    if (found.items.length > 0) yield found.items;
    if (!found.more) return;
    after = found.items.at(-1)?.row.id ?? after;
  }
}

/** The codes of the counties of a division on a day. */
async function countiesUnder(db: Db, division: Division, day: string): Promise<string[]> {
  if (division.level === 'COUNTY') return [division.code];
  const below = await listDivisions(db, { parentId: division.id, day }, { first: mostDivisions });
  const counties: string[] = [];
  for (const child of below.items) counties.push(...(await countiesUnder(db, child, day)));
  return counties;
}

/** More than the divisions of the nation. */
const mostDivisions = 100_000;

/** A report as the filing that `POST /v1/reports` would take: what is not there is left out. */
function filingLine(report: ReadReport): string {
  const { agency, row, content, reason } = report;
  const { publishedItems, engagement, narrative, source } = content;
  const optional = { publishedItems, engagement, narrative, source, reason };
  const filing = {
    agency: agency.code,
    year: row.year,
    form: content.form,
    figures: printFigures(formOf(content.form).cells, content.figures),
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== null)),
  };
  return `${JSON.stringify(filing)}\n`;
}

async function csvLines(db: Db, reports: readonly ReadReport[], year: number): Promise<string[]> {
  const ids = [...new Set(reports.map((report) => report.row.countyId))];
  const counties = await divisionsById(db, ids, referenceDate(year));
  return reports.map((report) => csvLine(csvRow(report, counties.get(report.row.countyId))));
}

function csvRow({ agency, row, content }: ReadReport, county: Division | undefined): (string | number)[] {
  const figures = allCells.map((cell) => printFigure(cell, content.figures[cell.key] ?? null) ?? '');
  return [
    agency.code,
    asText(agency.name),
    county?.code ?? '',
    asText(county?.name ?? ''),
    row.year,
    content.form,
    row.revision,
    content.publishedItems?.total ?? '',
    ...figures,
  ];
}

/** A spreadsheet would run a name that begins like a formula; an apostrophe makes it text. */
function asText(name: string): string {
  return /^[=+\-@\t\r]/.test(name) ? `'${name}` : name;
}

function csvLine(fields: readonly (string | number)[]): string {
  return stringify([[...fields]], { record_delimiter: 'windows' });
}
