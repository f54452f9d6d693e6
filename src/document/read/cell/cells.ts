/** Runs into cells: every cell of the recognised form with the text it was read from, and a doubt for every one that was not. */
import { figuresFrom } from '../../../form/figures.js';
import {
  type CellKey,
  cellOf,
  type Figures,
  type Form,
  type FormId,
  formInForce,
  formOf,
  forms,
} from '../../../form/forms.js';
import type { Table } from '../../../form/vocabulary.js';
import { type Doubt, doubtOf } from '../doubt.js';
import type { Found, Run } from './box-rows.js';
import {
  emptyDoubt,
  formDoubt,
  headDoubts,
  inferredDoubt,
  runDoubt,
  strangerDoubt,
  tableDoubt,
  unmetDoubt,
} from './cell-doubts.js';
import { columnsOf } from './columns.js';
import { learnPattern, type Placed, type Placing, type Planned, placeBoxes } from './placing.js';
import { figureOf } from './printed-value.js';

/** One cell as it was read. */
export interface CellReading {
  readonly cell: CellKey;
  /** The box as printed; empty where it was printed blank. */
  readonly text: string;
  /** A whole number, 分 for an amount; null where the box is blank or cannot be read. */
  readonly value: number | null;
  /** What stood beside the number: （其中修订16件）. */
  readonly note: string | null;
  readonly place: { readonly line: number };
}

/** The tables of a document as read. */
export interface TableReading {
  readonly form: FormId | null;
  readonly figures: Figures;
  readonly cells: readonly CellReading[];
  readonly doubts: readonly Doubt[];
}

/** Reads the cells of what was found. `year` only decides between forms that the document leaves open. */
export function readCells(found: Found, year: number | null): TableReading {
  const state: State = { read: new Map(), doubts: [...found.doubts], failed: new Set() };
  const plans: Planned[] = [];
  for (const run of found.runs) {
    const columns = columnsOf(run);
    if (columns) plans.push({ run, columns });
    else failRun(state, run, 'heading-missing');
  }
  state.doubts.push(...headDoubts(plans));
  const pattern = learnPattern(plans);
  const layout = layoutOf(found.runs);
  const placings = plans.map((plan) => ({ plan, placing: placeBoxes(plan, pattern, layout) }));
  for (const { plan, placing } of placings)
    if (placing.kind === 'placed') keepBoxes(state, plan, placing.boxes, placing.how);
  settleSeveral(state, placings);
  for (const { plan, placing } of placings)
    if (placing.kind === 'unknown') failRun(state, plan.run, 'row-miscounted', plan);
  return finish(state, found, year);
}

interface State {
  readonly read: Map<CellKey, CellReading>;
  readonly doubts: Doubt[];
  /** Rows, as `table.row`, that have a doubt of their own already. */
  readonly failed: Set<string>;
}

/** Whether empty lines separate rows only, or stand between any two lines. */
function layoutOf(runs: readonly Run[]): 'tight' | 'spaced' {
  const boxes = runs.flatMap((run) => run.boxes.filter(({ position }) => position === null));
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
  state.failed.add(`${plan.run.table}.${plan.run.row}`);
}

function readBox(state: State, cell: CellKey, { box, printed }: Placed): CellReading {
  const text = box.text.trim();
  const reading = { cell, text, value: null, note: null, place: { line: box.line } };
  if (printed?.kind === 'blank') return { ...reading, text: '' };
  const figure = printed?.kind === 'number' ? figureOf(printed, cell) : undefined;
  if (printed?.kind === 'number' && figure !== undefined) return { ...reading, value: figure, note: printed.note };
  const about = { line: box.line, cells: [cell], text };
  state.doubts.push(
    printed?.kind === 'nil'
      ? doubtOf(
          'declared-nil',
          { zh: `“${text}”不是数字，按空白处理，不作0。`, en: `“${text}” is no number: blank, not zero.` },
          about,
        )
      : doubtOf(
          'unreadable-box',
          { zh: `“${text}”无法作为本格数值读取。`, en: `“${text}” is no number this box can hold.` },
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

/** Digits that could be split in several ways, decided where the equations between rows leave only one for all. */
function settleSeveral(state: State, placings: readonly { readonly plan: Planned; readonly placing: Placing }[]): void {
  const open = placings.flatMap(({ plan, placing }) =>
    placing.kind === 'several' ? [{ plan, ways: placing.ways }] : [],
  );
  const choices = open.reduce((product, { ways }) => product * ways.length, 1);
  const chosen = open.length > 0 && choices <= maxChoices ? onlyChoice(state, open) : undefined;
  open.forEach(({ plan, ways }, index) => {
    const way = ways[chosen?.[index] ?? -1];
    if (way) keepBoxes(state, plan, way, 'split-by-equations');
    else failRun(state, plan.run, 'row-miscounted', plan);
  });
}

const maxChoices = 4_000;

/** The one combination with which every equation between rows holds that can be decided; undefined otherwise. */
function onlyChoice(
  state: State,
  open: readonly { readonly plan: Planned; readonly ways: readonly (readonly Placed[])[] }[],
): number[] | undefined {
  const fitting: number[][] = [];
  const walk = (chosen: number[]): void => {
    const next = open[chosen.length];
    if (fitting.length > 1) return;
    if (next) for (const index of next.ways.keys()) walk([...chosen, index]);
    else if (balances(state, open, chosen)) fitting.push(chosen);
  };
  walk([]);
  return fitting.length === 1 ? fitting[0] : undefined;
}

function balances(
  state: State,
  open: readonly { readonly plan: Planned; readonly ways: readonly (readonly Placed[])[] }[],
  chosen: readonly number[],
): boolean {
  const values = new Map<string, number>();
  open.forEach(({ plan, ways }, index) => {
    plan.columns.keys.forEach((cell, place) => {
      const printed = ways[chosen[index] ?? 0]?.[place]?.printed;
      if (printed?.kind === 'number') values.set(cell, Number(printed.digits));
    });
  });
  const figureAt = (cell: CellKey): number | undefined => values.get(cell) ?? state.read.get(cell)?.value ?? undefined;
  const equations = likeliestForm(state.read, null, new Map()).form.written.filter(
    ({ relation, left, right }) =>
      relation === '=' && right.length > 0 && [...left, ...right].every(({ year }) => year === 0),
  );
  return equations.every(({ left, right }) => {
    const terms = [...left, ...right.map((term) => ({ ...term, coefficient: -term.coefficient }))];
    if (!terms.every(({ cell }) => figureAt(cell.key) !== undefined)) return true;
    return terms.reduce((sum, { cell, coefficient }) => sum + coefficient * (figureAt(cell.key) ?? 0), 0) === 0;
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

/** The form whose own cells were read; where several fit alike, that of the headings met, then that of the year. */
function likeliestForm(
  read: ReadonlyMap<CellKey, CellReading>,
  year: number | null,
  met: ReadonlyMap<string, number>,
): { form: Form; unclear: boolean } {
  const weigh = (form: Form): number => {
    let score = 0;
    for (const { cell, text } of read.values()) score += (form.has(cellOf(cell)) ? 1 : -1) * (text === '' ? 1 : 20);
    const rows = new Set(form.cells.map(({ table, row }) => `${table}.${row}`));
    for (const row of met.keys()) if (rows.has(row)) score += 0.01;
    return score;
  };
  const scored = forms.map((form) => ({ form, score: weigh(form) })).sort((one, other) => other.score - one.score);
  const best = scored.filter(({ score }) => score === scored[0]?.score).map(({ form }) => form);
  const inForce: FormId | null = year === null || year < 2019 ? null : formInForce(year).id;
  const form = best.find(({ id }) => id === inForce) ?? best[0] ?? formOf('2021');
  return { form, unclear: best.length > 1 };
}

/** One doubt for a table of which nothing was read, else one for every row that is missing and has none yet. */
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
        unmet.map((row) => row.label.zh),
        unmet.flatMap((row) => keysOf(row.key)),
      ),
    );
  for (const row of unsaid) {
    const line = found.met.get(`${table.key}.${row.key}`);
    if (line !== undefined) state.doubts.push(emptyDoubt(row.label.zh, line, keysOf(row.key)));
  }
}

function failRun(state: State, run: Run, code: 'row-miscounted' | 'heading-missing', plan?: Planned): void {
  state.failed.add(`${run.table}.${run.row}`);
  state.doubts.push(runDoubt(code, run, plan?.columns ?? null));
}
