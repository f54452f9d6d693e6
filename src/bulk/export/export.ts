/**
 * The use case that exports: which reports or rollups, page by page, as rows of stable columns and as lines of
 * NDJSON. What is exported of reports adds up as it is, and is what `xiangbao import` takes again.
 */

import { inclusionOfSum, inclusionsBelow, inclusionsOfSums, type Reader, visibleTo } from '../../access/visibility.js';
import { dayInChina, referenceDate, yearInChina } from '../../day.js';
import { Problem } from '../../problem.js';
import { resolveDivision } from '../../register/codes.js';
import { asReported, type Frame } from '../../register/frame.js';
import { divisionsBelowIn, type RegisterAt, resolveDivisionIn } from '../../register/known.js';
import { addedBy } from '../../rollup/sums.js';
import { registerOf, territoryOf } from '../../rollup/territories.js';
import type { ExportFilter } from '../../store/bulk/filter.js';
import { yearsFiled } from '../../store/bulk/reports.js';
import type { Db } from '../../store/engine/schema.js';
import { type Division, divisionsBelow } from '../../store/register/divisions.js';
import {
  type AgencyKind,
  agencyKinds,
  type DivisionLevel,
  divisionLevels,
  filerKinds,
  type Inclusion,
} from '../../words.js';
import { type ExportSource, type TableShape, tableShapes, type Walk } from './export-source.js';
import { reportCellSubjects } from './report-columns.js';
import { reportSource } from './report-source.js';
import { boundariesOf } from './rollup-columns.js';
import { rollupSource, type SumsAsked } from './rollup-source.js';
import { type TableHeadings, tableHeadings, writeCsv, writeLines, writeParquet, writeWorkbook } from './write.js';

export const exportFormats = ['csv', 'ndjson', 'xlsx', 'parquet'] as const;
export type ExportFormat = (typeof exportFormats)[number];

const exportSubjects = ['reports', 'rollups'] as const;
export type ExportSubject = (typeof exportSubjects)[number];

/** The kinds of agency an export can be narrowed to: a county's own report is a report, and in no rollup. */
export const exportKinds: Readonly<Record<ExportSubject, readonly AgencyKind[]>> = {
  reports: agencyKinds,
  rollups: filerKinds,
};

/** The levels of divisions that an export of rollups can be narrowed to. */
export const exportLevels = divisionLevels;

/** How the tables of an export can be laid out, and what can stand over their columns. */
export const exportShapes = tableShapes;
export const exportHeadings = tableHeadings;

/** What is exported, and how it is written. */
export interface ExportRequest {
  /** Who asks: of reports, those that they may see are exported. */
  readonly reader: Reader & { readonly now: Date };
  readonly subject: ExportSubject;
  readonly format: ExportFormat;
  /** One report year; every year with reports when left out. */
  readonly year?: number | undefined;
  /** Code of a division at any level, which is exported with all below it; the nation when left out. */
  readonly division?: string | undefined;
  /** Kinds of agency; those that a rollup adds up when left out. */
  readonly kinds?: readonly AgencyKind[];
  /** Of reports, with those that counties publish of their own beside the kinds: they are in no rollup. */
  readonly own?: boolean;
  /** Of rollups, the divisions of one level. */
  readonly level?: DivisionLevel | undefined;
  /** Of rollups, whether they add up all that was filed or what was accepted; what the reader may have when left out. */
  readonly inclusion?: Inclusion;
  /** Of rollups, on whose boundaries they are; as reported when left out. */
  readonly frame?: Frame;
  /** Begin the CSV with a byte order mark: Excel takes it for UTF-8 only then. */
  readonly bom?: boolean;
  /** Of a table: `wide` when left out. */
  readonly shape?: TableShape | undefined;
  /** Of a table: the names of its columns when left out. */
  readonly headings?: TableHeadings | undefined;
}

/** An export that can be made: nothing is refused any more. */
export interface Export {
  /** How many reports or rollups it will hold, asked of the store now. */
  countRecords(): Promise<number>;
  /** The file, piece by piece, each a page of rows or a part of one; read as they are taken. */
  write(): AsyncIterable<Uint8Array>;
}

/** How an export is paced: about how many rows are read in one go, and what is waited for before each. */
export interface Pace {
  readonly rowsAtOnce: number;
  readonly between?: () => Promise<unknown>;
}

/** More rows than this a workbook does not get: 350 columns wide it would be too much for Excel to open. */
export const maxWorkbookRows = 50_000;

/** The same of a table with a row a cell, of fewer columns. */
export const maxWorkbookCells = 500_000;

/**
 * Prepares an export. Memory holds no more than the rows read in one go. The store is read again for each of these
 * pages, so only a snapshot gives the state of one moment. Throws `unknown-division`, `query-too-large` for a workbook
 * of more rows than it may have, and `invalid-parameter` where NDJSON is to be laid out as a table.
 */
export async function openExport(db: Db, request: ExportRequest, pace: Pace): Promise<Export> {
  const { subject, format, level, shape = 'wide' } = request;
  if (format === 'ndjson' && (request.shape ?? request.headings) !== undefined) throw noTable();
  const { filter, top } = await readFilter(db, request);
  const codesAtOnce = Math.max(1, Math.floor(pace.rowsAtOnce / Math.max(1, filter.years.length)));
  const walk: Walk = { codesAtOnce, between: pace.between };
  const source =
    subject === 'reports'
      ? reportSource(db, request.reader, filter)
      : rollupSource(db, filter, level, await sumsAsked(db, request, top, filter.years));
  if (format === 'xlsx') refuseTooLong(await source.countRecords(), shape);
  return {
    countRecords: source.countRecords,
    write: () => writeAs(request, source, walk),
  };
}

/** What each rollup adds up. Throws `unauthorized` or `forbidden` where the reader may not have what is asked for. */
async function sumsAsked(
  db: Db,
  request: ExportRequest,
  named: Division | undefined,
  years: readonly number[],
): Promise<SumsAsked> {
  const { reader, inclusion, frame = asReported } = request;
  const top = named ?? (await resolveDivision(db, nation, dayInChina(reader.now)));
  const added = addedBy(await territoryOf(db, top, years, frame));
  // What comes into a division below comes into the one above, or lies in it.
  await inclusionsOfSums(db, reader, top, years, inclusion, added);
  const kept = await inclusionsBelow(db, reader, top, years, inclusion);
  const inclusionOf: SumsAsked['inclusionOf'] = async (division, territory) => {
    if (!territory.adjustments.has(division.year)) return kept(division.id, division.year);
    return inclusionOfSum(db, reader, division, division.year, inclusion, addedBy(territory));
  };
  return { frame, inclusionOf };
}

function writeAs(request: ExportRequest, source: ExportSource, walk: Walk): AsyncIterable<Uint8Array> {
  const { subject, format, shape = 'wide', headings = 'names' } = request;
  if (format === 'ndjson') return writeLines(source.lines(walk));
  return source.writeTable(shape, walk, (table, paced) => {
    if (format === 'csv') return writeCsv(table, paced, { headings, start: request.bom ? 'bom' : 'plain' });
    if (format === 'parquet') return writeParquet(table, paced, headings);
    return writeWorkbook(subject, table, paced, headings);
  });
}

/** What the file of an export is called: all that was asked, and of sums what they are of. */
export async function nameExport(db: Db, request: ExportRequest): Promise<string> {
  const { subject, format, division, year, kinds, own, level, shape } = request;
  const sums = subject === 'rollups';
  const parts = [
    ...['xiangbao', subject, shape === 'long' ? 'cells' : undefined, division, year, level],
    ...[sums ? await nameInclusion(db, request) : undefined, kinds?.join('_') ?? (sums ? 'every-kind' : undefined)],
    ...[sums ? boundariesOf(request.frame ?? asReported).replaceAll('_', '-') : undefined],
    ...[
      request.frame?.knownOn?.replace(/\.\d+/, '').replaceAll(':', '').replace(/^/, 'known-'),
      own ? 'with-own' : undefined,
    ],
  ];
  const name = parts.filter((part) => part !== undefined).join('-');
  return `${name.toLowerCase()}.${format}`;
}

/** What the sums of an export are of, where they are all of the same; a token that reads some gets both. */
async function nameInclusion(db: Db, request: ExportRequest): Promise<string> {
  if (request.inclusion) return request.inclusion;
  const { caller, now } = request.reader;
  const { filter, top } = await readFilter(db, request);
  const years = filter.years.length > 0 ? filter.years : [yearInChina(now)];
  const named = top ?? (await resolveDivision(db, nation, dayInChina(now)));
  const of = await inclusionsBelow(db, request.reader, named, years, undefined);
  const inclusions = new Set(years.map((year) => of(named.id, year)));
  if (caller.kind === 'token' && inclusions.has('ACCEPTED')) {
    const below = await divisionsBelow(db, named.id, years);
    for (const [year, ids] of below) for (const id of ids) inclusions.add(of(id, year));
  }
  return [...inclusions].sort().join('-and-');
}

async function readFilter(
  db: Db,
  request: ExportRequest,
): Promise<{ readonly filter: ExportFilter; readonly top: Division | undefined }> {
  const { year, division, reader, subject } = request;
  const kinds = kindsOf(request);
  const { frame = asReported } = request;
  const register = await registerOf(db, frame);
  const day = frame.on ?? (year === undefined ? dayInChina(reader.now) : referenceDate(year));
  const top = division === undefined ? undefined : await resolveDivisionIn(db, register, division, day);
  const years = year === undefined ? await yearsFiled(db) : [year];
  const visible = subject === 'reports' ? await visibleTo(db, reader, years) : undefined;
  return {
    top,
    filter: {
      years,
      ...(visible && { visible }),
      ...(kinds && { kinds }),
      ...(top && top.level !== 'NATION' && { divisions: await divisionsWithin(db, register, top.id, years, frame) }),
    },
  };
}

/** A division and all below it in each of some years: on 31 December or on one day, as is or was known. */
async function divisionsWithin(
  db: Db,
  register: RegisterAt,
  divisionId: number,
  years: readonly number[],
  { on }: Frame,
): Promise<ReadonlyMap<number, ReadonlySet<number>>> {
  if (register.at === null) return divisionsBelow(db, divisionId, years, on ?? undefined);
  const below = new Map<number, ReadonlySet<number>>();
  for (const year of years) {
    below.set(year, new Set((await divisionsBelowIn(db, register, divisionId, on ?? referenceDate(year))).keys()));
  }
  return below;
}

/** The kinds of an export; undefined is every one. A county's own report is in one only when it is asked for. */
function kindsOf({ subject, kinds, own }: ExportRequest): readonly AgencyKind[] | undefined {
  if (subject === 'rollups') return kinds;
  const asked = new Set([...(kinds ?? filerKinds), ...(own ? (['COUNTY'] as const) : [])]);
  return asked.size === agencyKinds.length ? undefined : [...asked];
}

function noTable(): Problem {
  return new Problem('invalid-parameter', {
    zh: 'NDJSON 每行一个对象，没有表格的版式和列标题；请用 CSV 或 XLSX。',
    en: 'NDJSON is an object a line and has neither the shape nor the headings of a table; ask for CSV or XLSX.',
  });
}

function refuseTooLong(records: number, shape: TableShape): void {
  const limit = shape === 'wide' ? maxWorkbookRows : maxWorkbookCells;
  const rows = shape === 'wide' ? records : records * reportCellSubjects.length;
  if (rows <= limit) return;
  throw new Problem(
    'query-too-large',
    {
      zh: `工作簿最多 ${limit} 行，本次会有 ${rows} 行；请限定年度或行政区划，或改用 CSV。`,
      en: `A workbook has at most ${limit} rows; this one could have ${rows}. Ask for one year or one division, or for CSV.`,
    },
    { rows, limit },
  );
}

/** The code of the nation. */
const nation = '100000';
