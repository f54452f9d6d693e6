/** What a measure is in an area's sums, and how many reports it is of. */
import { addRates, noRate, type RateLine, rateOf, rateSumOf } from '../../form/derived.js';
import { addExact, type Exact } from '../../form/exact.js';
import { allCells, type Cell, forms } from '../../form/forms.js';
import { formHas, type Measure, rateSumIn, readMeasure } from '../../form/measure/measures.js';
import { openMostUsed } from '../../most-used.js';
import {
  type AreaColumns,
  type AreaRow,
  type AreaRows,
  itemsReaderOf,
  placeOfCell,
  rateReaderOf,
  sumAt,
} from '../../store/rollup/area-rows.js';
import { figureAt, placeOfFigure, type ReportRow } from '../../store/rollup/report-rows.js';
import type { CountedSums } from '../../store/rollup/sums.js';
import { type Coverage, coverageRate } from '../coverage.js';

/** Which boxes and rates some measures are read from, each once. */
export interface MeasureColumns extends AreaColumns {
  /** With the boxes that rates divide: a report has no rates of its own. */
  readonly boxes: readonly Cell[];
}

/** Columns by the measures that they are of: what it takes to read them is prepared once for each. */
const prepared = openMostUsed<MeasureColumns>({ entries: 64, bytes: 2 ** 20 });

/** What some measures are read from: of the same measures the same object, with which statements are kept. */
export function columnsOfMeasures(measures: readonly Measure[]): MeasureColumns {
  const name = measures.map(({ key }) => key).join();
  const known = prepared.find(name);
  if (known) return known;
  const cells = measures.flatMap(({ source }) => (source.of === 'cells' ? source.cells : []));
  const rates = measures.flatMap(({ source }) => (source.of === 'rate' ? [source.rate] : []));
  const boxes = measures.flatMap((measure) => measure.cells);
  const hasItems = measures.some(({ source }) => source.of === 'publishedItems');
  const columns = { cells: [...new Set(cells)], rates: [...new Set(rates)], boxes: [...new Set(boxes)], hasItems };
  prepared.keep(name, columns, name.length);
  return columns;
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
export function measureSums(measure: Measure, sums: CountedSums, coverage: Covered): Measured {
  const { source } = measure;
  const value = readMeasure(measure, sums);
  if (source.of === 'coverage') return measureCoverage(coverage);
  if (source.of === 'publishedItems') return ofStated(value, sums.reports, sums.publishedStated);
  if (source.of === 'rate') {
    const { reports, of } = rateSumIn(source.rate, sums);
    return { ...ofStated(value, sums.reports, reports), denominator: of };
  }
  let [reported, blank] = [0, 0];
  for (const group of groupsOfCells(source.cells)) {
    reported += Math.max(...group.map(({ at }) => sums.reported[at] ?? 0));
    blank += Math.max(...group.map(({ at }) => sums.blank[at] ?? 0));
  }
  let having = 0;
  for (const [form, reports] of sums.forms) if (formHas(measure, form)) having += reports;
  return ofCells(value, { reported, blank }, { having, reports: sums.reports });
}

/** How many agencies are expected to file, and how many of these have. */
export type Covered = Pick<Coverage, 'expected' | 'reported'>;

/** The share of those expected that filed. */
export function measureCoverage(coverage: Covered): Measured {
  const { expected, reported } = coverage;
  return { reports: reported, value: coverageRate(coverage), reported, blank: 0, lacking: 0, denominator: expected };
}

function ofStated(value: Exact | null, reports: number, stated: number): Measured {
  return { reports, value, reported: stated, blank: reports - stated, lacking: 0, denominator: null };
}

/** How many reports state any of some cells, and how many leave any blank. */
interface Counts {
  readonly reported: number;
  readonly blank: number;
}

function ofCells(
  value: Exact | null,
  { reported, blank }: Counts,
  { having, reports }: { readonly having: number; readonly reports: number },
): Measured {
  return {
    reports,
    value,
    reported: Math.min(having, reported),
    blank: Math.min(having, blank),
    lacking: reports - having,
    denominator: null,
  };
}

/** Cells that stand on the same forms together: a report states those of one group only. */
function groupsOfCells(cells: readonly Cell[]): readonly (readonly Cell[])[] {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) {
    const name = [...(formsOfCells[cell.at] ?? noForms)].join();
    groups.set(name, [...(groups.get(name) ?? []), cell]);
  }
  return [...groups.values()];
}

/** Reads a measure from the rows of a division's sums, but for its coverage, which no row says. */
type MeasureReader = (rows: AreaRows) => Measured;

/** The same from the row of an agency's report; null where nothing of it is shown. */
type ReportMeasureReader = (row: ReportRow | null) => Measured;

/**
 * The same from rows as they came, which were read for some columns: `measureSums` of their sums, without lists of all cells,
 * which for all townships would take a second.
 */
export function measureReader(measure: Measure, columns: AreaColumns): MeasureReader {
  const { source } = measure;
  if (source.of === 'cells') return rowsReader(measure, source.cells, columns);
  if (source.of === 'rate') return rateReader(source.rate, columns);
  const read = itemsReaderOf(columns);
  return ({ rows }) => {
    let [sum, statedBy] = [0, 0];
    for (const row of rows) {
      const { total, stated } = read(row);
      sum += total;
      statedBy += stated;
    }
    return ofStated(statedBy > 0 ? sum : null, reportsOf(rows), statedBy);
  };
}

/** The same of one report. */
export function reportMeasureReader(measure: Measure, cells: readonly Cell[]): ReportMeasureReader {
  const { source } = measure;
  if (source.of === 'cells') return reportReader(measure, source.cells, cells);
  if (source.of === 'rate') return reportRateReader(source.rate, cells);
  return (row) => (row ? ofStated(row[3], 1, row[3] === null ? 0 : 1) : nothingMeasured);
}

function reportsOf(rows: readonly AreaRow[]): number {
  let sum = 0;
  for (const row of rows) sum += row[2];
  return sum;
}

function rateReader(rate: RateLine, columns: AreaColumns): MeasureReader {
  const read = rateReaderOf(columns, rate);
  return ({ rows }) => {
    const sum = rows.reduce((total, row) => addRates(total, read(row)), noRate);
    return { ...ofStated(rateOf(sum), reportsOf(rows), sum.reports), denominator: sum.of };
  };
}

function reportRateReader(rate: RateLine, cells: readonly Cell[]): ReportMeasureReader {
  const own = [...new Set([...rate.over, ...rate.of])];
  const places = own.map((cell) => placeOfFigure(cells, cell));
  const placed = (some: readonly Cell[]) => some.map((cell) => ({ ...cell, at: own.indexOf(cell) }));
  const line = { over: placed(rate.over), of: placed(rate.of) };
  return (row) => {
    if (!row) return { ...nothingMeasured, denominator: 0 };
    const figures = places.map((place) => figureAt(row, place));
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

/** The forms that have each cell, at `cell.at`. */
const formsOfCells = allCells.map((cell) => new Set(forms.flatMap((form) => (form.has(cell) ? [form.id] : []))));
const noForms: ReadonlySet<string> = new Set();

function placeCells(own: readonly Cell[], placeOf: (cell: Cell) => number): readonly PlacedCell[] {
  return own.map((cell) => ({ cell, place: placeOf(cell), forms: formsOfCells[cell.at] ?? noForms }));
}

/** Of one report, whose row has null in a blank box, and in one that its form lacks. */
function reportReader(measure: Measure, own: readonly Cell[], cells: readonly Cell[]): ReportMeasureReader {
  const placed = placeCells(own, (cell) => placeOfFigure(cells, cell));
  const having = new Set<string>(measure.forms);
  return (row) => {
    if (!row) return nothingMeasured;
    let value: Exact | null = null;
    let blank = 0;
    for (const one of placed) {
      const figure = figureAt(row, one.place);
      if (figure !== null) value = value === null ? figure : addExact(value, figure);
      else if (one.forms.has(row[1])) blank = 1;
    }
    const lacking = having.has(row[1]) ? 0 : 1;
    return { reports: 1, value, reported: value === null ? 0 : 1, blank, lacking, denominator: null };
  };
}

const nothingMeasured: Measured = { reports: 0, value: null, reported: 0, blank: 0, lacking: 0, denominator: null };

function rowsReader(measure: Measure, own: readonly Cell[], columns: AreaColumns): MeasureReader {
  const groups = groupsOfCells(own).map((group) => placeCells(group, (cell) => placeOfCell(columns, cell)));
  const onForms = new Set<string>(measure.forms);
  return ({ rows, blanks }) => {
    let value: Exact | null = null;
    let [allReported, allBlank] = [0, 0];
    for (const group of groups) {
      let [mostReported, mostBlank] = [0, 0];
      for (const { cell, place, forms: having } of group) {
        let sum: Exact = 0;
        let reports = 0;
        for (const row of rows) {
          if (!having.has(row[1])) continue;
          reports += row[2];
          sum = addExact(sum, sumAt(row, place));
        }
        let blank = 0;
        for (const [key, left] of blanks) if (key === cell.key) blank += left;
        if (reports > blank) value = value === null ? sum : addExact(value, sum);
        if (reports - blank > mostReported) mostReported = reports - blank;
        if (blank > mostBlank) mostBlank = blank;
      }
      allReported += mostReported;
      allBlank += mostBlank;
    }
    let [having, reports] = [0, 0];
    for (const row of rows) {
      reports += row[2];
      if (onForms.has(row[1])) having += row[2];
    }
    return ofCells(value, { reported: allReported, blank: allBlank }, { having, reports });
  };
}
