/** Rollups as the rows and lines of an export. */
import { printFigures } from '../../form/figures.js';
import { allCells } from '../../form/forms.js';
import type { Frame } from '../../register/frame.js';
import { cellsOfSum } from '../../rollup/cells.js';
import { territoryStatistics } from '../../rollup/sums.js';
import { territoryOf } from '../../rollup/territories.js';
import type { Db } from '../../store/engine/schema.js';
import { type DivisionInYear, divisionCodesAfter, divisionsOfCodes, type ExportFilter } from '../../store/exports.js';
import { type AgencyKind, type DivisionLevel, filerKinds, type Inclusion } from '../../words.js';
import { fieldsOf } from './columns.js';
import { type ExportSource, type ExportTable, pagesOfCodes, type Walk } from './export-source.js';
import {
  boundariesOf,
  cellsOfRollup,
  type ExportedRollup,
  rollupCellColumns,
  rollupCellSubjects,
  rollupColumns,
} from './rollup-columns.js';

/** What a division's sum for a year is of, and on whose boundaries it is. */
export interface SumsAsked {
  readonly frame: Frame;
  readonly inclusionOf: (division: DivisionInYear, territory: Territory) => Promise<Inclusion>;
}

/** Whose reports a division's sums are of. */
type Territory = Awaited<ReturnType<typeof territoryOf>>;

/** The rollups of a filter, by division code and year. */
export function rollupSource(
  db: Db,
  filter: ExportFilter,
  level: DivisionLevel | undefined,
  asked: SumsAsked,
): ExportSource {
  const kinds = filter.kinds ?? filerKinds;
  const divisions = async function* (walk: Walk) {
    for await (const page of pagesOfCodes(walk, (after, first) => divisionCodesAfter(db, after, first))) {
      const found = await divisionsOfCodes(db, filter, page, asked.frame.on);
      yield found.filter((division) => level === undefined || division.level === level);
    }
  };
  const rollups = async function* (walk: Walk) {
    for await (const page of divisions(walk)) yield await rollupsOf(db, page, kinds, asked);
  };
  const wide: ExportTable = {
    columns: rollupColumns,
    subjects: [],
    rows: async function* (walk) {
      for await (const page of rollups(walk)) yield fieldsOf(rollupColumns, page);
    },
  };
  const long: ExportTable = {
    columns: rollupCellColumns,
    subjects: rollupCellSubjects,
    rows: async function* (walk) {
      for await (const page of rollups(walk)) yield fieldsOf(rollupCellColumns, page.flatMap(cellsOfRollup));
    },
  };
  return {
    countRecords: async () => {
      let found = 0;
      for await (const page of divisions({ codesAtOnce: 1000, between: undefined })) found += page.length;
      return found;
    },
    table: (shape) => (shape === 'wide' ? wide : long),
    lines: async function* (walk) {
      for await (const page of rollups(walk)) yield page.map(rollupLine);
    },
  };
}

async function rollupsOf(
  db: Db,
  divisions: readonly DivisionInYear[],
  kinds: readonly AgencyKind[],
  { frame, inclusionOf }: SumsAsked,
): Promise<ExportedRollup[]> {
  const rows = new Map<number, DivisionInYear[]>();
  for (const row of divisions) rows.set(row.id, [...(rows.get(row.id) ?? []), row]);
  const sums = new Map<string, Pick<ExportedRollup, 'statistics' | 'inclusion'>>();
  for (const [id, own] of rows) {
    const [first] = own;
    if (!first) continue;
    const years = own.map(({ year }) => year);
    const territory = await territoryOf(db, first, years, frame);
    const asked = new Map<Inclusion, number[]>();
    for (const row of own) {
      const inclusion = await inclusionOf(row, territory);
      asked.set(inclusion, [...(asked.get(inclusion) ?? []), row.year]);
    }
    for (const [inclusion, those] of asked) {
      const found = await territoryStatistics(db, territory, those, allCells, { inclusion, kinds });
      for (const statistics of found) sums.set(`${id}/${statistics.year}`, { statistics, inclusion });
    }
  }
  return divisions.flatMap((division) => {
    const sum = sums.get(`${division.id}/${division.year}`);
    return sum ? [{ division, kinds, frame, ...sum }] : [];
  });
}

/** A rollup in the shape in which REST gives it, as far as it is kept: sums, coverage, blanks. */
function rollupLine(rollup: ExportedRollup): unknown {
  const { division, statistics, inclusion, kinds, frame } = rollup;
  const { code, name, level, parent, parentName, year } = division;
  const { figures, blank, reports, coverage, samples, forms } = statistics;
  const cells = cellsOfSum(rollup.statistics);
  const blanks = cells.flatMap(({ key, at }): [string, number][] => (blank[at] ? [[key, blank[at]]] : []));
  return {
    division: { code, name, level, parent, parentName },
    year,
    kinds,
    includes: inclusion,
    boundaries: boundariesOf(frame),
    ...(frame.knownOn !== null && { knownOn: frame.knownOn }),
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
