/** Rollups as the rows and lines of an export. */

import { referenceDate } from '../../day.js';
import { printFigures } from '../../form/figures.js';
import { allCells } from '../../form/forms.js';
import { breaksByYear, plainBreak } from '../../register/breaks.js';
import { holdsOn } from '../../register/codes.js';
import type { Frame } from '../../register/frame.js';
import { divisionStatesIn, divisionsOtherwise, type RegisterAt } from '../../register/known.js';
import { cellsOfSum } from '../../rollup/cells.js';
import { territoryStatistics } from '../../rollup/sums.js';
import { registerOf, territoryOf } from '../../rollup/territories.js';
import { findUnallocated } from '../../rollup/unallocated.js';
import { type DivisionInYear, divisionCodesAfter, divisionsOfCodes } from '../../store/bulk/divisions.js';
import { type ExportFilter, isSelected } from '../../store/bulk/filter.js';
import type { Db } from '../../store/engine/schema.js';
import type { DivisionState } from '../../store/register/divisions.js';
import { type AgencyKind, type DivisionLevel, filerKinds, type Inclusion } from '../../words.js';
import { type ExportSource, pagesOfCodes, type Walk } from './export-source.js';
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
  // Who names a division, or a day, wants to see what there is, empty or not.
  const idle = filter.divisions || asked.frame.on !== null ? 'listed' : 'left out';
  const divisions = async function* (walk: Walk) {
    for await (const page of listDivisions(db, filter, asked.frame, { walk, idle })) {
      yield page.filter((division) => level === undefined || division.level === level);
    }
  };
  const rollups = async function* (walk: Walk) {
    for await (const page of divisions(walk)) {
      const found = await rollupsOf(db, page, kinds, asked);
      yield idle === 'listed' ? found : found.filter(({ statistics }) => !isIdle(statistics));
    }
  };
  const wide = { columns: rollupColumns, subjects: [], rows: rollups };
  const long = {
    columns: rollupCellColumns,
    subjects: rollupCellSubjects,
    rows: async function* (walk: Walk) {
      for await (const page of rollups(walk)) yield page.flatMap(cellsOfRollup);
    },
  };
  return {
    countRecords: async () => {
      let found = 0;
      for await (const page of divisions({ codesAtOnce: 1000, between: undefined })) found += page.length;
      return found;
    },
    writeTable: (shape, walk, write) => (shape === 'wide' ? write(wide, walk) : write(long, walk)),
    lines: async function* (walk) {
      for await (const page of rollups(walk)) yield page.map((rollup) => JSON.stringify(rollupLine(rollup)));
    },
  };
}

function isIdle({ reports, coverage }: ExportedRollup['statistics']): boolean {
  return reports === 0 && coverage.expected === 0;
}

/** Whether divisions in which nobody files are listed, too, and how the walk through them is paced. */
interface Listing {
  readonly walk: Walk;
  readonly idle: 'listed' | 'left out';
}

/** The divisions of a filter page by page, by code and year: as the register has them, or as it was known to. */
async function* listDivisions(
  db: Db,
  filter: ExportFilter,
  frame: Frame,
  { walk, idle }: Listing,
): AsyncGenerator<readonly DivisionInYear[]> {
  const register = await registerOf(db, frame);
  const otherwise = await divisionsOtherwise(db, register);
  const were = [...otherwise.values()].flat();
  const codesWere = [...new Set(were.map(({ code }) => code))];
  const codesAfter = async (after: string, first: number) => {
    const codes = await divisionCodesAfter(db, after, first);
    const others = codesWere.filter((code) => code > after);
    return others.length === 0 ? codes : [...new Set([...codes, ...others])].sort().slice(0, first);
  };
  for await (const page of pagesOfCodes(walk, codesAfter)) {
    // Who files in a division now may have been another one then.
    const listed = register.at === null ? idle : 'listed';
    const found = await divisionsOfCodes(db, filter, page, { on: frame.on, idle: listed });
    if (were.length === 0) yield found;
    else {
      const known = await Promise.all(
        filter.years.flatMap((year) =>
          were.flatMap((state) => {
            const holds = page.includes(state.code) && holdsOn(state, frame.on ?? referenceDate(year));
            return holds && isSelected(filter, year, state.id) ? [inYear(db, register, state, { ...frame, year })] : [];
          }),
        ),
      );
      yield [...found.filter(({ id }) => !otherwise.has(id)), ...known].sort(byCodeAndYear);
    }
  }
}

function byCodeAndYear(one: DivisionInYear, other: DivisionInYear): number {
  if (one.code !== other.code) return one.code < other.code ? -1 : 1;
  return one.year - other.year;
}

/** A division as it was known to be in a year, with what lay above it. */
async function inYear(
  db: Db,
  register: RegisterAt,
  { id, code, name, level, parentId }: DivisionState,
  { on, year }: { readonly on: string | null; readonly year: number },
): Promise<DivisionInYear> {
  const above = parentId === null ? [] : await divisionStatesIn(db, register, parentId);
  const parent = above.find((state) => holdsOn(state, on ?? referenceDate(year)));
  return { id, code, name, level, parentId, parent: parent?.code ?? null, parentName: parent?.name ?? null, year };
}

async function rollupsOf(
  db: Db,
  divisions: readonly DivisionInYear[],
  kinds: readonly AgencyKind[],
  { frame, inclusionOf }: SumsAsked,
): Promise<ExportedRollup[]> {
  const rows = new Map<number, DivisionInYear[]>();
  for (const row of divisions) rows.set(row.id, [...(rows.get(row.id) ?? []), row]);
  const sums = new Map<string, Omit<ExportedRollup, 'division' | 'kinds' | 'frame'>>();
  for (const [id, own] of rows) {
    const [first] = own;
    if (!first) continue;
    const years = own.map(({ year }) => year);
    const territory = await territoryOf(db, first, years, frame);
    const breaks = await breaksByYear(db, await registerOf(db, frame), first, years, frame);
    const asked = new Map<Inclusion, number[]>();
    for (const row of own) {
      const inclusion = await inclusionOf(row, territory);
      asked.set(inclusion, [...(asked.get(inclusion) ?? []), row.year]);
    }
    for (const [inclusion, those] of asked) {
      const found = await territoryStatistics(db, territory, those, allCells, { inclusion, kinds });
      const summed = { division: first, frame, territory, inclusion, kinds };
      for (const statistics of found) {
        const { year } = statistics;
        const unallocated = await findUnallocated(db, summed, year);
        sums.set(`${id}/${year}`, { statistics, inclusion, unallocated, breaks: breaks.get(year) ?? [] });
      }
    }
  }
  return divisions.flatMap((division) => {
    const sum = sums.get(`${division.id}/${division.year}`);
    return sum ? [{ division, kinds, frame, ...sum }] : [];
  });
}

/** A rollup in the shape in which REST gives it, as far as it is kept: sums, coverage, blanks. */
function rollupLine(rollup: ExportedRollup): unknown {
  const { division, statistics, inclusion, kinds, frame, unallocated } = rollup;
  const { code, name, level, parent, parentName, year } = division;
  const { figures, blank, reports, coverage, samples, forms } = statistics;
  const cells = cellsOfSum(statistics);
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
    unallocated: { reports: unallocated.reports, expected: unallocated.expected },
    breaks: rollup.breaks.map(plainBreak),
  };
}
