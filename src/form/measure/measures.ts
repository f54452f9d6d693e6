/**
 * What can be ranked, compared and tabulated: every box of every form, the derived subtotals and rates, the published
 * items, and the share of agencies that reported. One list, from which GraphQL, REST and tables of statistics are derived.
 */
import type { Label } from '../../words.js';
import { printFigure } from '../check.js';
import {
  derivedCells,
  noRate,
  organizationCells,
  type RateLine,
  type RateSum,
  rateLines,
  rateOf,
  sumCells,
} from '../derived.js';
import type { Exact } from '../exact.js';
import { allCells, type Cell, cellOf, type FormId, forms, headingOf, type SumFigures } from '../forms.js';
import { organizationSubtotal, subtotals } from '../lines.js';
import type { Kind, Unit } from '../vocabulary.js';
import { aloneSeries, brokenSeries, comparabilitySource } from './comparability.js';

/** How a measure adds up: as a cell does, or not at all, since it divides sums. */
export const measureKinds = ['flow', 'stock', 'amount', 'rate'] as const;
type MeasureKind = Kind | 'rate';

/** Whether a larger value is better, worse, or neither. */
export const directions = ['MORE', 'LESS', 'NEITHER'] as const;
type Direction = (typeof directions)[number];

/** What a measure's value is read from. */
type MeasureSource =
  /** The sum of boxes: one box, or those of a derived subtotal. */
  | { readonly of: 'cells'; readonly cells: readonly Cell[] }
  /** One of `rateLines`. */
  | { readonly of: 'rate'; readonly rate: RateLine }
  /** The total of published items that reports state. */
  | { readonly of: 'publishedItems' }
  /** Of the agencies expected to file, the share that did. */
  | { readonly of: 'coverage' };

/** What stands in a measure's place on forms that lack it. */
interface OnOtherForms {
  /** The forms that lack the measure. */
  readonly forms: readonly FormId[];
  /** The address of what they ask in its place, or of the subtotal that every form has; null when there is none. */
  readonly measure: string | null;
  readonly reason: Label;
  readonly source: Label;
}

/** A measure: what it is called, how it adds up, where it is printed, and what may be done with it. */
export interface Measure {
  /** A cell's address, that of a derived subtotal or rate, `publishedItems.total` or `coverage.rate`. */
  readonly key: string;
  readonly label: Label;
  /** As printed; 条 for published items; null for a rate, which lies between 0 and 1. */
  readonly unit: Unit | '条' | null;
  readonly kind: MeasureKind;
  readonly direction: Direction;
  /** Why it is not ranked; null where it may be. */
  readonly unranked: Label | null;
  /** The forms that have it, newest first. */
  readonly forms: readonly FormId[];
  /** The boxes it is read from, in printed order; none for published items and coverage. */
  readonly cells: readonly Cell[];
  readonly source: MeasureSource;
  /** What the other forms have in its place; empty for what every form has. */
  readonly onOtherForms: readonly OnOtherForms[];
}

/** What measures are read from: sums, or one report in the same shape. */
export interface MeasuredSums {
  readonly figures: SumFigures;
  /** In the order of `rateLines`. */
  readonly rates: readonly RateSum[];
  readonly publishedTotal: number | null;
}

/** Below this denominator a rate says more of chance than of those it is about, and is not ranked. */
export const minDenominator = 30;

/** A value as it is printed: a whole number, an amount as a decimal string, a rate as a number from 0 to 1. */
export type MeasureValue = number | string;

/** What every form has: each states its published items, and agencies are expected in every year. */
const everywhere = { forms: forms.map(({ id }) => id), onOtherForms: [] } as const;

/** Every measure: the boxes in the order of `allCells`, then what is derived. */
export const measures: readonly Measure[] = [
  ...allCells.map(measureOfCell),
  ...subtotals.flatMap(({ key, label }) =>
    applicantColumns().map((column) => {
      const cells = derivedCells(key, column.key) ?? [];
      return derivedMeasure(`applications.${key}.${column.key}`, label, column.label, cells);
    }),
  ),
  ...applicationRows().map(({ key, label }) =>
    derivedMeasure(
      `applications.${key}.${organizationSubtotal.key}`,
      label,
      organizationSubtotal.label,
      organizationCells(key),
    ),
  ),
  ...rateLines.map(measureOfRate),
  {
    ...everywhere,
    key: 'publishedItems.total',
    label: { zh: '主动公开政府信息总数', en: 'Items published in all' },
    unit: '条',
    kind: 'flow',
    direction: 'NEITHER',
    unranked: null,
    cells: [],
    source: { of: 'publishedItems' },
  },
  {
    ...everywhere,
    key: 'coverage.rate',
    label: { zh: '报送率（已报送机关占应报送机关）', en: 'Share of the agencies expected to file that did' },
    unit: null,
    kind: 'rate',
    direction: 'MORE',
    unranked: null,
    cells: [],
    source: { of: 'coverage' },
  },
];

const measuresByKey = new Map(measures.map((measure) => [measure.key, measure]));

/** The measure of that address, undefined when there is none. */
export function findMeasure(key: string): Measure | undefined {
  return measuresByKey.get(key);
}

/**
 * What a measure is in some sums: amounts in 分, a rate between 0 and 1. Null where nobody reported it, and of coverage,
 * which no sum holds. The sums must have been asked for the measure's cells.
 */
export function readMeasure({ source }: Measure, sums: MeasuredSums): Exact | null {
  if (source.of === 'cells') return sumCells(sums.figures, source.cells);
  if (source.of === 'publishedItems') return sums.publishedTotal;
  return source.of === 'rate' ? rateOf(rateSumIn(source.rate, sums)) : null;
}

/** What the reports that a rate is over say above its line and below it. */
export function rateSumIn(rate: RateLine, { rates }: Pick<MeasuredSums, 'rates'>): RateSum {
  return rates[rateLines.indexOf(rate)] ?? noRate;
}

/** A measure's value as it is printed: amounts as decimals of the printed unit. */
export function printMeasure({ source }: Measure, value: Exact | null): MeasureValue | null {
  const [first] = source.of === 'cells' ? source.cells : [];
  if (first) return printFigure(first, value);
  return value === null ? null : Number(value);
}

/** A measure as it is described to those who choose one: its boxes by their addresses. */
export function describeMeasure({ cells, source: _, ...measure }: Measure) {
  return { ...measure, rankable: measure.unranked === null, cells: cells.map(({ key }) => key) };
}

/** Whether a form has a measure. */
export function formHas(measure: Measure, form: string): boolean {
  return measure.forms.some((id) => id === form);
}

function measureOfCell(cell: Cell): Measure {
  return {
    key: cell.key,
    label: cell.label,
    unit: cell.unit,
    kind: cell.kind,
    direction: cell.table === 'appeals' && cell.column === 'corrected' ? 'LESS' : 'NEITHER',
    unranked: whyUnranked(cell),
    cells: [cell],
    source: { of: 'cells', cells: [cell] },
    ...acrossForms([cell]),
  };
}

/** What says nothing of who is first: a difference, the year before, what has no unit, what is nobody's to make. */
function whyUnranked({ table, row, column, signed }: Cell): Label | null {
  if (signed) {
    return { zh: '增减是差额，不是数量，不排名。', en: 'A change is a difference and no size: it is not ranked.' };
  }
  if (column === 'previousItems') {
    return { zh: '这是上一年的数字，不排名。', en: 'It is a figure of the year before: it is not ranked.' };
  }
  if (table === 'procurement' && column === 'amount') {
    return {
      zh: '格式没有印明金额单位，各报告未必相同，不排名。',
      en: 'The form prints no unit, and reports may differ: it is not ranked.',
    };
  }
  if (row === 'regulations') {
    return {
      zh: '乡镇和县级机关不制定规章，不排名。',
      en: 'Townships and county organs make no regulations: it is not ranked.',
    };
  }
  return null;
}

function derivedMeasure(key: string, row: Label, column: Label, cells: readonly Cell[]): Measure {
  return {
    key,
    label: { zh: `${row.zh}·${column.zh}（派生小计）`, en: `${row.en} · ${column.en} (derived subtotal)` },
    unit: cells[0]?.unit ?? null,
    kind: cells[0]?.kind ?? 'flow',
    direction: 'NEITHER',
    unranked: null,
    cells,
    source: { of: 'cells', cells },
    ...acrossForms(cells),
  };
}

/**
 * More is better of both: disclosure is the rule and refusal the exception (条例第五条), and an application is answered
 * within 20 working days (第三十三条).
 */
function measureOfRate(rate: RateLine): Measure {
  const { key, label, over, of } = rate;
  return {
    ...everywhere,
    key: `applications.${key}`,
    label,
    unit: null,
    kind: 'rate',
    direction: 'MORE',
    unranked: null,
    cells: [...over, ...of],
    source: { of: 'rate', rate },
  };
}

/** The forms that print any of some boxes, and what the others have in their place. */
function acrossForms(cells: readonly Cell[]): Pick<Measure, 'forms' | 'onOtherForms'> {
  const having = forms.filter((form) => cells.some((cell) => form.has(cell)));
  const lacking = forms.filter((form) => !having.includes(form));
  const [first] = cells;
  if (lacking.length === 0 || !first) return { forms: having.map(({ id }) => id), onOtherForms: [] };
  return {
    forms: having.map(({ id }) => id),
    onOtherForms: [{ forms: lacking.map(({ id }) => id), source: comparabilitySource, ...inPlaceOf(first, cells) }],
  };
}

function inPlaceOf(first: Cell, cells: readonly Cell[]): Omit<OnOtherForms, 'forms' | 'source'> {
  const { table, row, column } = first;
  const broken = brokenSeries.find((one) => one.table === table && (one.older === column || one.newer === column));
  if (broken) {
    const { older, newer, reason } = broken;
    return { measure: `${table}.${row}.${column === older ? newer : older}`, reason };
  }
  const alone = aloneSeries.find(
    (one) => one.table === table && (one.rows?.includes(row) ?? true) && (one.columns?.includes(column) ?? true),
  );
  if (!alone) throw new Error(`nothing says what stands in the place of ${first.key} on other forms`);
  if (!alone.subtotal) return { measure: null, reason: alone.reason };
  const own = cells.length > 1 ? organizationSubtotal.key : column;
  return { measure: `${table}.${alone.subtotal}.${own}`, reason: alone.reason };
}

/** The columns of table three, with the derived one. */
function applicantColumns(): readonly { readonly key: string; readonly label: Label }[] {
  const printed = tableThree().columns.map((column) => ({ key: column.key, label: headingOf(column) }));
  return [...printed, organizationSubtotal];
}

/** Every row of table three on any form, once. */
function applicationRows(): readonly { readonly key: string; readonly label: Label }[] {
  const rows = forms.flatMap(({ tables }) => tables.filter(isTableThree).flatMap((table) => table.rows));
  return [...new Map(rows.map((row) => [row.key, { key: row.key, label: headingOf(row) }])).values()];
}

function tableThree() {
  const table = forms[0]?.tables.find(isTableThree);
  if (!table) throw new Error('a form has a table of applications');
  return table;
}

function isTableThree({ key }: { readonly key: string }): boolean {
  return key === cellOf('applications.processed.total').table;
}
