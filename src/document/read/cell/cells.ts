/** Rows of boxes into cells: each cell of the recognised form with the text it was read from, and doubts about the others. */
import { figuresFrom } from '../../../form/figures.js';
import { type CellKey, cellOf, type Figures, type Form, type FormId } from '../../../form/forms.js';
import type { Table } from '../../../form/vocabulary.js';
import { type Doubt, doubtOf } from '../../doubt.js';
import type { BoxRow, Found } from './box-rows.js';
import {
  emptyDoubt,
  formDoubt,
  headDoubts,
  inferredDoubt,
  rowDoubt,
  strangerDoubt,
  tableDoubt,
  unmetDoubt,
  unreadDoubt,
} from './cell-doubts.js';
import { columnsOf } from './columns.js';
import { likeliestForm } from './likeliest-form.js';
import { learnPattern, type Placed, type Placing, type Planned, placeBoxes } from './placing.js';
import { figureOf } from './printed-value.js';
import { chooseSplits } from './split-choice.js';

/** One cell as it was read. */
export interface CellReading {
  readonly cell: CellKey;
  /** The box as printed; empty where it was printed blank. */
  readonly text: string;
  /** A whole number, 分 for an amount; null where the box is blank or cannot be read. */
  readonly value: number | null;
  /** The note beside the number: （其中修订16件）. */
  readonly note: string | null;
  /** The page counts from 1; null in a format without pages. */
  readonly place: { readonly line: number; readonly page: number | null };
  /** The box in the tables of the document; null where it is on a line of text. */
  readonly position: BoxPosition | null;
}

/** Which table of a document, and the row and column in it, each counted from 1. */
interface BoxPosition {
  readonly table: number;
  readonly row: number;
  readonly column: number;
}

/** The tables of a document as read. */
export interface TableReading {
  readonly form: FormId | null;
  readonly figures: Figures;
  readonly cells: readonly CellReading[];
  readonly doubts: readonly Doubt[];
}

/** Reads the cells of the rows. `year` decides between forms only if the content fits several. */
export function readCells(found: Found, year: number | null): TableReading {
  const state: State = { read: new Map(), doubts: [...found.doubts], failed: new Set() };
  const plans: Planned[] = [];
  for (const row of found.rows) {
    const columns = columnsOf(row);
    if (columns) plans.push({ row, columns });
    else failRow(state, row, 'heading-missing');
  }
  state.doubts.push(...headDoubts(plans));
  const pattern = learnPattern(plans);
  const layout = layoutOf(found.rows);
  const placings = plans.map((plan) => ({ plan, placing: placeBoxes(plan, pattern, layout) }));
  for (const { plan, placing } of placings)
    if (placing.kind === 'placed') keepBoxes(state, plan, placing.boxes, placing.how);
  keepSplits(state, placings);
  for (const { plan, placing } of placings)
    if (placing.kind === 'unknown') failRow(state, plan.row, 'row-miscounted', plan);
  return finish(state, found, year);
}

interface State {
  readonly read: Map<CellKey, CellReading>;
  readonly doubts: Doubt[];
  /** Rows, as `table.row`, that were read or already have a doubt. */
  readonly failed: Set<string>;
}

/** Whether empty lines are only between rows, or between all lines. */
function layoutOf(rows: readonly BoxRow[]): 'tight' | 'spaced' {
  const boxes = rows.flatMap((row) => row.boxes.filter(({ position }) => position === null));
  const apart = boxes.filter(({ afterGap }) => afterGap).length;
  return apart * 2 > boxes.length ? 'spaced' : 'tight';
}

function keepBoxes(
  state: State,
  plan: Planned,
  boxes: readonly Placed[],
  how: (Placing & { readonly kind: 'placed' })['how'],
): void {
  const { keys } = plan.columns;
  if (how !== 'plain') state.doubts.push(inferredDoubt(how, plan));
  keys.forEach((cell, index) => {
    const placed = boxes[index];
    if (placed) keepCell(state, readBox(state, cell, placed));
  });
  state.failed.add(`${plan.row.table}.${plan.row.key}`);
}

function readBox(state: State, cell: CellKey, { box, printed }: Placed): CellReading {
  const text = box.text.trim();
  const { line, position: at } = box;
  // Rows are counted over the whole document until its tables are known, and pages are told by lines.
  const position = at && { table: at.table, row: at.row + 1, column: at.column + 1 };
  const reading = { cell, text, value: null, note: null, place: { line, page: null }, position };
  if (printed?.kind === 'blank') return { ...reading, text: '' };
  const figure = printed?.kind === 'number' ? figureOf(printed, cell) : undefined;
  if (printed?.kind === 'number' && figure !== undefined) return { ...reading, value: figure, note: printed.note };
  const about = { line: box.line, cells: [cell], text };
  if (box.kind === 'words' && box.unread) {
    state.doubts.push(unreadDoubt(box.unread, about));
    return reading;
  }
  state.doubts.push(
    printed?.kind === 'nil'
      ? doubtOf(
          'declared-nil',
          {
            zh: `“${text}”不是数字，按空白处理，不计为 0。`,
            en: `“${text}” is not a number; the cell is blank, not zero.`,
          },
          about,
        )
      : doubtOf(
          'unreadable-box',
          { zh: `“${text}”不是本格可填的数值，未读入。`, en: `“${text}” is not a number that this box can hold.` },
          about,
        ),
  );
  return reading;
}

/** The first reading of a cell stays unless it was blank; two different numbers leave it blank. */
function keepCell(state: State, reading: CellReading): void {
  const before = state.read.get(reading.cell);
  if (!before || (before.value === null && before.text === '')) state.read.set(reading.cell, reading);
  else if (reading.value !== null && reading.value !== before.value) {
    state.read.set(reading.cell, { ...before, value: null });
    state.doubts.push(
      doubtOf(
        'read-twice',
        {
          zh: `同一格出现两个不同数值：${before.text}、${reading.text}。`,
          en: `The cell is printed twice with different numbers: ${before.text} and ${reading.text}.`,
        },
        { line: reading.place.line, cells: [reading.cell], text: reading.text },
      ),
    );
  }
}

/** Keeps the rows whose digits can be split in several ways, where the equations between rows leave one way for all. */
function keepSplits(state: State, placings: readonly { readonly plan: Planned; readonly placing: Placing }[]): void {
  const open = placings.flatMap(({ plan, placing }) =>
    placing.kind === 'several' ? [{ plan, ways: placing.ways }] : [],
  );
  if (open.length === 0) return;
  const chosen = chooseSplits(
    open,
    likeliestForm(state.read, null, new Map()).form,
    (cell) => state.read.get(cell)?.value,
  );
  open.forEach(({ plan, ways }, index) => {
    const way = ways[chosen?.[index] ?? -1];
    if (way) keepBoxes(state, plan, way, 'split-by-equations');
    else failRow(state, plan.row, 'row-miscounted', plan);
  });
}

function finish(state: State, found: Found, year: number | null): TableReading {
  const { form, unclear } = likeliestForm(state.read, year, found.met);
  const cells: CellReading[] = [];
  for (const reading of state.read.values()) {
    if (form.has(cellOf(reading.cell))) cells.push(reading);
    else if (reading.value !== null) state.doubts.push(strangerDoubt(reading, reading.place.line, form));
  }
  const order = new Map(form.cells.map((cell, index) => [cell.key, index]));
  cells.sort((one, other) => (order.get(one.cell) ?? 0) - (order.get(other.cell) ?? 0));
  for (const table of form.tables) doubtMissing(state, found, form, table);
  if (unclear && cells.length > 0) state.doubts.push(formDoubt(form));
  const figures = figuresFrom(Object.fromEntries(cells.map(({ cell, value }) => [cell, value])));
  return { form: cells.length > 0 ? form.id : null, figures, cells, doubts: state.doubts };
}

/** One doubt for a table without any cell read, otherwise one for every missing row that has none yet. */
function doubtMissing(state: State, found: Found, form: Form, table: Table): void {
  const isRead = (row: string): boolean =>
    form.cells.some((cell) => cell.table === table.key && cell.row === row && state.read.has(cell.key));
  const missing = table.rows.filter((row) => !isRead(row.key));
  const keysOf = (row: string) =>
    form.cells.filter((cell) => cell.table === table.key && cell.row === row).map(({ key }) => key);
  const unsaid = missing.filter((row) => !state.failed.has(`${table.key}.${row.key}`));
  const whole = state.failed.has(`${table.key}.null`);
  if (missing.length === table.rows.length && unsaid.length === missing.length && table.rows.length > 1) {
    if (!whole)
      state.doubts.push(
        tableDoubt(
          table,
          missing.flatMap((row) => keysOf(row.key)),
        ),
      );
    return;
  }
  if (whole) return;
  const unmet = unsaid.filter((row) => !found.met.has(`${table.key}.${row.key}`));
  if (unmet.length > 0)
    state.doubts.push(
      unmetDoubt(
        unmet.map((row) => row.label),
        unmet.flatMap((row) => keysOf(row.key)),
      ),
    );
  for (const row of unsaid) {
    const line = found.met.get(`${table.key}.${row.key}`);
    if (line !== undefined) state.doubts.push(emptyDoubt(row.label, line, keysOf(row.key)));
  }
}

function failRow(state: State, row: BoxRow, code: 'row-miscounted' | 'heading-missing', plan?: Planned): void {
  state.failed.add(`${row.table}.${row.key}`);
  state.doubts.push(rowDoubt(code, row, plan?.columns ?? null));
}
