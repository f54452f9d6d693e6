/**
 * The use case that exports: which reports or rollups, page by page, as rows of stable columns and as lines of
 * NDJSON. A line of a report is the filing that `POST /v1/reports` and `xiangbao import` take again.
 */

import { inclusionsBelow, type Reader, visibleTo } from '../../access/visibility.js';
import { dayInChina, referenceDate } from '../../day.js';
import { Problem } from '../../problem.js';
import { resolveDivision } from '../../register/codes.js';
import type { Db } from '../../store/engine/schema.js';
import { type ExportFilter, yearsFiled } from '../../store/exports.js';
import { type Division, divisionsBelow } from '../../store/register/divisions.js';
import {
  type AgencyKind,
  agencyKinds,
  type DivisionLevel,
  divisionLevels,
  filerKinds,
  type Inclusion,
} from '../../words.js';
import { type ExportSource, reportSource, rollupSource, type Walk } from './export-source.js';
import { writeCsv, writeLines, writeWorkbook } from './write.js';

export const exportFormats = ['csv', 'ndjson', 'xlsx'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export const exportSubjects = ['reports', 'rollups'] as const;
export type ExportSubject = (typeof exportSubjects)[number];

/** The kinds of agency an export can be narrowed to: a county's own report is a report, and in no rollup. */
export const exportKinds: Readonly<Record<ExportSubject, readonly AgencyKind[]>> = {
  reports: agencyKinds,
  rollups: filerKinds,
};

/** The levels of divisions that an export of rollups can be narrowed to. */
export const exportLevels = divisionLevels;

/** What is exported, and how it is written. */
export interface ExportRequest {
  /** Who asks: of reports, those that they may see are exported. */
  readonly reader: Reader & { readonly now: Date };
  readonly subject: ExportSubject;
  readonly format: ExportFormat;
  /** One report year; every year with reports when left out. */
  readonly year?: number;
  /** Code of a division at any level, which is exported with all below it; the nation when left out. */
  readonly division?: string;
  /** Kinds of agency; of reports all when left out, of rollups those that a rollup adds up. */
  readonly kinds?: readonly AgencyKind[];
  /** Of rollups, the divisions of one level. */
  readonly level?: DivisionLevel;
  /** Of rollups, whether they add up all that was filed or what was accepted; what the reader may have when left out. */
  readonly inclusion?: Inclusion;
  /** Begin the CSV with a byte order mark: Excel takes it for UTF-8 only then. */
  readonly bom?: boolean;
}

/** An export that can be made: nothing is refused any more. */
export interface Export {
  /** How many rows it will have, asked of the store now. */
  countRows(): Promise<number>;
  /** The file, piece by piece, each a page of rows or a part of one; read as they are taken. */
  write(): AsyncIterable<Uint8Array>;
}

/** How an export is paced: about how many rows are read in one go, and what is waited for before each. */
export interface Pace {
  readonly rowsAtOnce: number;
  readonly between?: () => Promise<unknown>;
}

/** More rows than this a workbook does not get: 335 columns wide it would be too much for Excel to open. */
export const maxWorkbookRows = 50_000;

/**
 * Prepares an export. Memory holds no more than the rows read in one go. The store is read again for each of these
 * pages, so only a snapshot gives the state of one moment. Throws `unknown-division`, and
 * `query-too-large` for a workbook of more than `maxWorkbookRows` rows.
 */
export async function openExport(db: Db, request: ExportRequest, pace: Pace): Promise<Export> {
  const { filter, top } = await readFilter(db, request);
  const codesAtOnce = Math.max(1, Math.floor(pace.rowsAtOnce / Math.max(1, filter.years.length)));
  const walk: Walk = { codesAtOnce, between: pace.between };
  const source =
    request.subject === 'reports'
      ? reportSource(db, filter)
      : rollupSource(db, filter, request.level, await inclusionsOf(db, request, top, filter.years));
  if (request.format === 'xlsx') refuseTooLong(await source.countRows());
  return {
    countRows: source.countRows,
    write: () => writeAs(request, source, walk),
  };
}

function writeAs(request: ExportRequest, source: ExportSource, walk: Walk): AsyncIterable<Uint8Array> {
  if (request.format === 'ndjson') return writeLines(source.lines(walk));
  const { columns } = source;
  const rows = source.rows(walk);
  return request.format === 'csv'
    ? writeCsv(columns, rows, request.bom ? 'bom' : 'plain')
    : writeWorkbook(request.subject, columns, rows);
}

/** What each rollup adds up. Throws `unauthorized` or `forbidden` where the reader may not have what is asked for. */
async function inclusionsOf(
  db: Db,
  { reader, inclusion }: ExportRequest,
  named: Division | undefined,
  years: readonly number[],
): Promise<(divisionId: number, year: number) => Inclusion> {
  const top = named ?? (await resolveDivision(db, nation, dayInChina(reader.now)));
  return inclusionsBelow(db, reader, top, years, inclusion);
}

async function readFilter(
  db: Db,
  request: ExportRequest,
): Promise<{ readonly filter: ExportFilter; readonly top: Division | undefined }> {
  const { year, division, kinds, reader, subject } = request;
  const day = year === undefined ? dayInChina(reader.now) : referenceDate(year);
  const top = division === undefined ? undefined : await resolveDivision(db, division, day);
  const years = year === undefined ? await yearsFiled(db) : [year];
  const visible = subject === 'reports' ? await visibleTo(db, reader, years) : undefined;
  return {
    top,
    filter: {
      years,
      ...(visible && { visible }),
      ...(kinds && { kinds }),
      ...(top && top.level !== 'NATION' && { divisions: await divisionsBelow(db, top.id, years) }),
    },
  };
}

function refuseTooLong(rows: number): void {
  if (rows <= maxWorkbookRows) return;
  throw new Problem(
    'query-too-large',
    {
      zh: `工作簿最多 ${maxWorkbookRows} 行，本次有 ${rows} 行；请限定年度或行政区划，或改用 CSV。`,
      en: `A workbook has at most ${maxWorkbookRows} rows; this one would have ${rows}. Ask for one year or one division, or for CSV.`,
    },
    { rows, limit: maxWorkbookRows },
  );
}

/** The code of the nation. */
const nation = '100000';
