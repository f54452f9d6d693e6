/** The rows of an export: reports or rollups, page by page, as fields of columns and as objects for NDJSON. */
import { printFigures } from '../../form/figures.js';
import { allCells, formOf } from '../../form/forms.js';
import { cellsOfSum } from '../../rollup/cells.js';
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
} from '../../store/exports.js';
import { findRevision } from '../../store/revisions.js';
import { type AgencyKind, type DivisionLevel, filerKinds, type Inclusion } from '../../words.js';
import {
  type Column,
  type ExportedRollup,
  type Field,
  type ReportRecord,
  reportColumns,
  rollupColumns,
} from './columns.js';

/** A walk over all codes, some at a time. */
export interface Walk {
  readonly codesAtOnce: number;
  /** What is waited for before each page. */
  readonly between: (() => Promise<unknown>) | undefined;
}

/** Reports or rollups, page by page: as the fields of `columns`, or as objects. */
export interface ExportSource {
  readonly columns: readonly Pick<Column<never>, 'name' | 'type'>[];
  readonly countRows: () => Promise<number>;
  readonly rows: (walk: Walk) => AsyncIterable<readonly (readonly Field[])[]>;
  readonly lines: (walk: Walk) => AsyncIterable<readonly unknown[]>;
}

/** The reports of a filter, by agency code and year. */
export function reportSource(db: Db, filter: ExportFilter): ExportSource {
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

/** The rollups of a filter, by division code and year. */
export function rollupSource(
  db: Db,
  filter: ExportFilter,
  level: DivisionLevel | undefined,
  inclusionOf: (divisionId: number, year: number) => Inclusion,
): ExportSource {
  const kinds = filter.kinds ?? filerKinds;
  const divisions = async function* (walk: Walk) {
    for await (const page of pagesOfCodes(walk, (after, first) => divisionCodesAfter(db, after, first))) {
      const found = await divisionsOfCodes(db, filter, page);
      yield found.filter((division) => level === undefined || division.level === level);
    }
  };
  const rollups = async function* (walk: Walk) {
    for await (const page of divisions(walk)) yield await rollupsOf(db, page, kinds, inclusionOf);
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
        yield page.map((rollup) => rollupLine(rollup, kinds));
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

async function rollupsOf(
  db: Db,
  divisions: readonly DivisionInYear[],
  kinds: readonly AgencyKind[],
  inclusionOf: (divisionId: number, year: number) => Inclusion,
): Promise<ExportedRollup[]> {
  const rollups: ExportedRollup[] = [];
  const asked = new Map<string, { id: number; inclusion: Inclusion; years: number[] }>();
  for (const { id, year } of divisions) {
    const inclusion = inclusionOf(id, year);
    const own = asked.get(`${id} ${inclusion}`);
    if (own) own.years.push(year);
    else asked.set(`${id} ${inclusion}`, { id, inclusion, years: [year] });
  }
  const sums = new Map<string, Pick<ExportedRollup, 'statistics' | 'inclusion'>>();
  for (const { id, inclusion, years } of asked.values()) {
    const found = await divisionStatistics(db, id, years, allCells, { inclusion, kinds });
    for (const statistics of found) sums.set(`${id}/${statistics.year}`, { statistics, inclusion });
  }
  for (const division of divisions) {
    const sum = sums.get(`${division.id}/${division.year}`);
    if (sum) rollups.push({ division, ...sum });
  }
  return rollups;
}

/** A rollup in the shape in which REST gives it, as far as it is kept: sums, coverage, blanks. */
function rollupLine({ division, statistics, inclusion }: ExportedRollup, kinds: readonly AgencyKind[]): unknown {
  const { code, name, level, parent, year } = division;
  const { figures, blank, reports, coverage, samples, forms } = statistics;
  const cells = cellsOfSum(statistics);
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
