/** What a measure is in an area's sums, and how many reports it is of. */
import { addRates, noRate, type RateLine, rateOf, rateSumOf } from '../../form/derived.js';
import { addExact, type Exact } from '../../form/exact.js';
import { type Cell, forms } from '../../form/forms.js';
import { formHas, type Measure, rateSumIn, readMeasure } from '../../form/measure/measures.js';
import { openMostUsed } from '../../most-used.js';
import type { AreaRows } from '../../store/rollup/area-rows.js';
import { type ReportRow, reportFigure } from '../../store/rollup/report-rows.js';
import { figureAt, rateAt, type SumRow } from '../../store/rollup/sum-rows.js';
import type { CountedSums } from '../../store/rollup/sums.js';
import { type Coverage, coverageRate } from '../coverage.js';

/** Lists of cells by the measures that they are of: what it takes to read a list is prepared once for each. */
const lists = openMostUsed<readonly Cell[]>({ entries: 64, bytes: 2 ** 20 });

/** The cells of some measures, each once: of the same measures the same list. */
export function cellsOfMeasures(measures: readonly Measure[]): readonly Cell[] {
  const name = measures.map(({ key }) => key).join();
  const known = lists.find(name);
  if (known) return known;
  const cells = [...new Set(measures.flatMap((measure) => measure.cells))];
  lists.keep(name, cells, name.length);
  return cells;
}

/** A measure in some sums. */
export interface Measured {
  /** How many reports there are. */
  readonly reports: number;
  /** Amounts in 分, a rate between 0 and 1; null where nobody states it. */
  readonly value: Exact | null;
  /** How many reports state it, or any of the boxes that it adds up. */
  readonly reported: number;
  /** How many leave it blank, or any of its boxes: of a rate, those that it is not over. */
  readonly blank: number;
  /** How many are on a form without it. */
  readonly lacking: number;
  /** What a rate divides by; null of what is no rate of reports. */
  readonly denominator: number | null;
}

/** What a measure is in sums that were asked for its cells. */
export function measureSums(measure: Measure, sums: CountedSums, coverage: Coverage): Measured {
  const { source } = measure;
  const value = readMeasure(measure, sums);
  if (source.of === 'coverage') return measureCoverage(coverage);
  if (source.of === 'publishedItems') return ofStated(value, sums.reports, sums.publishedStated);
  if (source.of === 'rate') {
    const { reports, of } = rateSumIn(source.rate, sums);
    return { ...ofStated(value, sums.reports, reports), denominator: of };
  }
  const counts = groupsOfCells(source.cells).map((group) => ({
    reported: Math.max(...group.map(({ at }) => sums.reported[at] ?? 0)),
    blank: Math.max(...group.map(({ at }) => sums.blank[at] ?? 0)),
  }));
  let having = 0;
  for (const [form, reports] of sums.forms) if (formHas(measure, form)) having += reports;
  return ofCells(value, counts, { having, reports: sums.reports });
}

/** The share of those expected that filed. */
export function measureCoverage(coverage: Coverage): Measured {
  const { expected, reported } = coverage;
  return { reports: reported, value: coverageRate(coverage), reported, blank: 0, lacking: 0, denominator: expected };
}

function ofStated(value: Exact | null, reports: number, stated: number): Measured {
  return { reports, value, reported: stated, blank: reports - stated, lacking: 0, denominator: null };
}

/** Of each group of cells that stand on the same forms, how many state any of them and how many leave any blank. */
interface GroupCounts {
  readonly reported: number;
  readonly blank: number;
}

function ofCells(
  value: Exact | null,
  counts: readonly GroupCounts[],
  { having, reports }: { readonly having: number; readonly reports: number },
): Measured {
  const total = (part: keyof GroupCounts) => counts.reduce((sum, one) => sum + one[part], 0);
  return {
    reports,
    value,
    reported: Math.min(having, total('reported')),
    blank: Math.min(having, total('blank')),
    lacking: reports - having,
    denominator: null,
  };
}

/** Cells that stand on the same forms together: a report states those of one group only. */
function groupsOfCells(cells: readonly Cell[]): readonly (readonly Cell[])[] {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) {
    const name = forms
      .filter((form) => form.has(cell))
      .map(({ id }) => id)
      .join();
    groups.set(name, [...(groups.get(name) ?? []), cell]);
  }
  return [...groups.values()];
}

/** Reads a measure from the rows of a division's sums. */
export type MeasureReader = (rows: AreaRows) => Measured;

/** Reads a measure from the row of an agency's report; null where nothing of it is shown. */
export type ReportMeasureReader = (row: ReportRow | null) => Measured;

/**
 * The same from rows as they came, which were read for some cells: `measureSums` of their sums, without lists of all cells,
 * which for all townships would take a second.
 */
export function measureReader(measure: Measure, cells: readonly Cell[]): MeasureReader {
  const { source } = measure;
  if (source.of === 'coverage') return ({ expected, filed }) => measureCoverage({ expected, ...filed });
  if (source.of === 'cells') return rowsReader(measure, source.cells, cells);
  if (source.of === 'rate') return rateReader(source.rate, cells);
  return ({ rows }) => {
    const stated = totalOf(rows, 7);
    return ofStated(stated > 0 ? totalOf(rows, 6) : null, totalOf(rows, 2), stated);
  };
}

/** The same of one report, but for its coverage, which no row of a report says. */
export function reportMeasureReader(measure: Measure, cells: readonly Cell[]): ReportMeasureReader {
  const { source } = measure;
  if (source.of === 'cells') return reportReader(measure, source.cells, cells);
  if (source.of === 'rate') return reportRateReader(source.rate, cells);
  return (row) => (row ? ofStated(row[3], 1, row[3] === null ? 0 : 1) : nothingMeasured);
}

/** The members of a row that are counts. */
function totalOf(rows: readonly SumRow[], member: 2 | 6 | 7): number {
  let sum = 0;
  for (const row of rows) sum += row[member] ?? 0;
  return sum;
}

function rateReader(rate: RateLine, cells: readonly Cell[]): MeasureReader {
  return ({ rows }) => {
    const sum = rows.reduce((total, row) => addRates(total, rateAt(row, cells, rate)), noRate);
    return { ...ofStated(rateOf(sum), totalOf(rows, 2), sum.reports), denominator: sum.of };
  };
}

function reportRateReader(rate: RateLine, cells: readonly Cell[]): ReportMeasureReader {
  const own = [...new Set([...rate.over, ...rate.of])];
  const places = own.map((cell) => cells.indexOf(cell));
  const placed = (some: readonly Cell[]) => some.map((cell) => ({ ...cell, at: own.indexOf(cell) }));
  const line = { over: placed(rate.over), of: placed(rate.of) };
  return (row) => {
    if (!row) return { ...nothingMeasured, denominator: 0 };
    const figures = places.map((place) => reportFigure(row, place));
    const sum = rateSumOf(figures, line);
    return { ...ofStated(rateOf(sum), 1, sum.reports), denominator: sum.of };
  };
}

/** A cell, its place in the rows, and the forms that have it. */
interface PlacedCell {
  readonly cell: Cell;
  readonly place: number;
  readonly forms: ReadonlySet<string>;
}

function placeCells(own: readonly Cell[], cells: readonly Cell[]): readonly PlacedCell[] {
  return own.map((cell) => ({
    cell,
    place: cells.indexOf(cell),
    forms: new Set(forms.flatMap((form) => (form.has(cell) ? [form.id] : []))),
  }));
}

/** Of one report, whose row has null in a blank box, and in one that its form lacks. */
function reportReader(measure: Measure, own: readonly Cell[], cells: readonly Cell[]): ReportMeasureReader {
  const placed = placeCells(own, cells);
  return (row) => {
    if (!row) return nothingMeasured;
    let value: Exact | null = null;
    let blank = 0;
    for (const one of placed) {
      const figure = reportFigure(row, one.place);
      if (figure !== null) value = value === null ? figure : addExact(value, figure);
      else if (one.forms.has(row[1])) blank = 1;
    }
    const lacking = formHas(measure, row[1]) ? 0 : 1;
    return { reports: 1, value, reported: value === null ? 0 : 1, blank, lacking, denominator: null };
  };
}

const nothingMeasured: Measured = { reports: 0, value: null, reported: 0, blank: 0, lacking: 0, denominator: null };

function rowsReader(measure: Measure, own: readonly Cell[], cells: readonly Cell[]): MeasureReader {
  const groups = groupsOfCells(own).map((group) => placeCells(group, cells));
  return ({ rows, blanks }) => {
    let value: Exact | null = null;
    const counts: GroupCounts[] = [];
    for (const group of groups) {
      let [mostReported, mostBlank] = [0, 0];
      for (const { cell, place, forms: having } of group) {
        let sum: Exact = 0;
        let reports = 0;
        for (const row of rows) {
          if (!having.has(row[1])) continue;
          reports += row[2];
          sum = addExact(sum, figureAt(row, place) ?? 0);
        }
        let blank = 0;
        for (const [key, left] of blanks) if (key === cell.key) blank += left;
        if (reports > blank) value = value === null ? sum : addExact(value, sum);
        mostReported = Math.max(mostReported, reports - blank);
        mostBlank = Math.max(mostBlank, blank);
      }
      counts.push({ reported: mostReported, blank: mostBlank });
    }
    let [having, reports] = [0, 0];
    for (const row of rows) {
      reports += row[2];
      if (formHas(measure, row[1])) having += row[2];
    }
    return ofCells(value, counts, { having, reports });
  };
}
