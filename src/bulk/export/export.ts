/**
 * The use case that exports: which reports or rollups, page by page, as rows of stable columns and as lines of
 * NDJSON. A line of a report is the filing that `POST /v1/reports` and `xiangbao import` take again.
 */

import { type Reader, requireSums, visibleTo } from '../../access/visibility.js';
import { dayInChina, referenceDate } from '../../day.js';
import { printFigures } from '../../form/figures.js';
import { allCells, findForm, formInForce, formOf } from '../../form/forms.js';
import { Problem } from '../../problem.js';
import { resolveDivision } from '../../register/codes.js';
import { divisionStatistics } from '../../rollup/sums.js';
import type { Db } from '../../store/engine/schema.js';
import {
  agencyCodesAfter,
  countExportedReports,
  type DivisionInYear,
  divisionCodesAfter,
  divisionsOfCodes,
  type ExportedReport,
  type ExportFilter,
  reportsOfCodes,
  yearsFiled,
} from '../../store/exports.js';
import { divisionsBelow } from '../../store/register/divisions.js';
import { findRevision } from '../../store/reports.js';
import type { SumOf } from '../../store/rollup/sums.js';
import {
  type AgencyKind,
  agencyKinds,
  type DivisionLevel,
  divisionLevels,
  filerKinds,
  type Inclusion,
} from '../../words.js';
import {
  type Column,
  type ExportedRollup,
  type Field,
  type ReportRecord,
  reportColumns,
  rollupColumns,
} from './columns.js';
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
  /** Of rollups, whether they add up all that was filed or what was accepted; all when left out. */
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
 * Prepares an export. Memory holds no more than the rows read in one go. The store is read anew for each of these
 * pages, so only a snapshot gives the state of one moment. Throws `unknown-division`, and
 * `query-too-large` for a workbook of more than `maxWorkbookRows` rows.
 */
export async function openExport(db: Db, request: ExportRequest, pace: Pace): Promise<Export> {
  const filter = await readFilter(db, request);
  const inclusion = request.inclusion ?? 'ALL';
  const codesAtOnce = Math.max(1, Math.floor(pace.rowsAtOnce / Math.max(1, filter.years.length)));
  const walk: Walk = { codesAtOnce, between: pace.between };
  const source =
    request.subject === 'reports' ? reportSource(db, filter) : rollupSource(db, filter, request.level, inclusion);
  if (request.format === 'xlsx') refuseTooLong(await source.countRows());
  return {
    countRows: source.countRows,
    write: () => writeAs(request, source, walk),
  };
}

function writeAs(request: ExportRequest, source: Source, walk: Walk): AsyncIterable<Uint8Array> {
  if (request.format === 'ndjson') return writeLines(source.lines(walk));
  const { columns } = source;
  const rows = source.rows(walk);
  return request.format === 'csv'
    ? writeCsv(columns, rows, request.bom ? 'bom' : 'plain')
    : writeWorkbook(request.subject, columns, rows);
}

async function readFilter(db: Db, request: ExportRequest): Promise<ExportFilter> {
  const { year, division, kinds, reader, subject } = request;
  const day = year === undefined ? dayInChina(reader.now) : referenceDate(year);
  const top = division === undefined ? undefined : await resolveDivision(db, division, day);
  const years = year === undefined ? await yearsFiled(db) : [year];
  if (subject === 'rollups') {
    for (const one of years) await requireSums(db, reader, top ?? (await resolveDivision(db, nation, day)), one);
  }
  const visible = subject === 'reports' ? await visibleTo(db, reader, years) : undefined;
  return {
    years,
    ...(visible && { visible }),
    ...(kinds && { kinds }),
    ...(top && top.level !== 'NATION' && { divisions: await divisionsBelow(db, top.id, years) }),
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

/** A walk over all codes, some at a time. */
interface Walk {
  readonly codesAtOnce: number;
  readonly between: Pace['between'] | undefined;
}

/** Reports or rollups, page by page: as the fields of `columns`, or as objects. */
interface Source {
  readonly columns: readonly Pick<Column<never>, 'name' | 'type'>[];
  readonly countRows: () => Promise<number>;
  readonly rows: (walk: Walk) => AsyncIterable<readonly (readonly Field[])[]>;
  readonly lines: (walk: Walk) => AsyncIterable<readonly unknown[]>;
}

function reportSource(db: Db, filter: ExportFilter): Source {
  const codes = (walk: Walk) => pagesOfCodes(walk, (after, first) => agencyCodesAfter(db, filter, after, first));
  return {
    columns: reportColumns,
    countRows: () => countExportedReports(db, filter),
    rows: async function* (walk) {
      for await (const page of codes(walk)) {
        const records: ReportRecord[] = [];
        for (const report of await reportsOfCodes(db, filter, page, allCells)) {
          records.push({ ...report, content: (await contentOf(db, report)).content });
        }
        yield fieldsOf(reportColumns, records);
      }
    },
    lines: async function* (walk) {
      for await (const page of codes(walk)) {
        const filings: unknown[] = [];
        for (const report of await reportsOfCodes(db, filter, page, [])) filings.push(await filingOf(db, report));
        yield filings;
      }
    },
  };
}

function rollupSource(db: Db, filter: ExportFilter, level: DivisionLevel | undefined, inclusion: Inclusion): Source {
  const of = { inclusion, kinds: filter.kinds ?? filerKinds };
  const divisions = async function* (walk: Walk) {
    for await (const page of pagesOfCodes(walk, (after, first) => divisionCodesAfter(db, after, first))) {
      const found = await divisionsOfCodes(db, filter, page);
      yield found.filter((division) => level === undefined || division.level === level);
    }
  };
  const rollups = async function* (walk: Walk) {
    for await (const page of divisions(walk)) yield await rollupsOf(db, page, of);
  };
  return {
    columns: rollupColumns,
    countRows: async () => {
      let rows = 0;
      for await (const page of divisions({ codesAtOnce: 1000, between: undefined })) rows += page.length;
      return rows;
    },
    rows: async function* (walk) {
      for await (const page of rollups(walk)) yield fieldsOf(rollupColumns, page);
    },
    lines: async function* (walk) {
      for await (const page of rollups(walk)) {
        yield page.map((rollup) => rollupLine(rollup, of));
      }
    },
  };
}

async function* pagesOfCodes(
  { codesAtOnce, between }: Walk,
  read: (after: string, first: number) => Promise<readonly string[]>,
): AsyncGenerator<readonly string[]> {
  for (let after = ''; ; ) {
    await between?.();
    const codes = await read(after, codesAtOnce);
    if (codes.length > 0) yield codes;
    if (codes.length < codesAtOnce) return;
    after = codes.at(-1) ?? after;
  }
}

function fieldsOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Field[][] {
  return rows.map((row) => columns.map((column) => column.read(row)));
}

/** A report as the filing that would file it: what is not there is left out. */
async function filingOf(db: Db, report: ExportedReport): Promise<unknown> {
  const { content, reason } = await contentOf(db, report);
  const { form, figures, publishedItems, engagement, narrative, source } = content;
  const optional = { publishedItems, engagement, narrative, source, reason };
  return {
    agency: report.agency,
    year: report.year,
    form,
    figures: printFigures(formOf(form).cells, figures),
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== null)),
  };
}

async function contentOf(db: Db, { agencyId, agency, year, revision: number }: ExportedReport) {
  const revision = await findRevision(db, agencyId, year, number);
  if (!revision?.content) throw new Error(`the report of ${agency} for ${year} has no content`);
  return { content: revision.content, reason: revision.reason };
}

async function rollupsOf(db: Db, divisions: readonly DivisionInYear[], of: SumOf): Promise<ExportedRollup[]> {
  const rollups: ExportedRollup[] = [];
  const years = new Map<number, number[]>();
  for (const { id, year } of divisions) years.set(id, [...(years.get(id) ?? []), year]);
  const sums = new Map<string, ExportedRollup['statistics']>();
  for (const [id, own] of years) {
    const statistics = await divisionStatistics(db, id, own, allCells, of);
    for (const one of statistics) sums.set(`${id}/${one.year}`, one);
  }
  for (const division of divisions) {
    const statistics = sums.get(`${division.id}/${division.year}`);
    if (statistics) rollups.push({ division, statistics });
  }
  return rollups;
}

/** A rollup in the shape in which REST gives it, as far as it is kept: sums, coverage, blanks. */
function rollupLine({ division, statistics }: ExportedRollup, { kinds, inclusion }: SumOf): unknown {
  const { code, name, level, parent, year } = division;
  const { figures, blank, reports, coverage, samples, forms } = statistics;
  const used = [...forms.keys()].flatMap((id) => findForm(id) ?? []);
  const cells = [...new Set((used.length > 0 ? used : [formInForce(year)]).flatMap((form) => form.cells))];
  const blanks = cells.flatMap(({ key, at }): [string, number][] => (blank[at] ? [[key, blank[at]]] : []));
  return {
    division: { code, name, level, parent },
    year,
    kinds,
    includes: inclusion,
    figures: printFigures(cells, figures),
    publishedItems: { total: statistics.publishedTotal, stated: statistics.publishedStated },
    coverage: {
      reports,
      ...coverage,
      samples,
      forms: Object.fromEntries(forms),
      blanks: Object.fromEntries(blanks),
    },
  };
}
