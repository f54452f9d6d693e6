/** The cells of the boxes of a row, in reading order, from the headings above them. */
import { type CellKey, cellOf, findCell, forms } from '../../../form/forms.js';
import { appeals } from '../../../form/lines.js';
import type { Table } from '../../../form/vocabulary.js';
import type { Label } from '../../../words.js';
import { isOrganizations, type Resolved } from '../heading/heading-roles.js';
import type { BoxRow, Head } from './box-rows.js';
import type { RowSum } from './solve.js';

/** The cells of a row in reading order. */
export interface Columns {
  readonly keys: readonly CellKey[];
  /** The column of each cell in the document's table, if the head of the table shows it. */
  readonly at: readonly number[] | null;
  /** The number of the document's table that `at` refers to. */
  readonly table: number | null;
  readonly sums: readonly RowSum[];
  /** Printed headings that were not found; the columns are those of the form in its order. */
  readonly missing: readonly Label[];
}

/** Finds the cells of a row; undefined when the headings contradict every form. */
export function columnsOf(row: BoxRow): Columns | undefined {
  if (row.table === appeals.key) return row.key === null ? columnsOfLine(row.head) : columnsOfGroup(row.head, row.key);
  const tables = tablesOf(row.table).filter((table) => table.rows.some(({ key }) => key === row.key));
  const order = orderIn(row.head, row.table);
  const exact = tables.find((table) => sameKeys(order, table));
  // Lines of text may be in another order than on the printed page: only a table proves another order of columns.
  if (exact) return isText(row.head) && !inOrderOf(order, exact) ? undefined : complete(row, order, []);
  const inOrder = distinct(tables.filter((table) => inOrderOf(order, table)));
  const [only, another] = inOrder.length > 1 ? inOrder.filter((table) => fitsBoxes(row, table)) : inOrder;
  if (!only || another) return undefined;
  const missing = only.columns.filter((column) => !order.includes(column.key)).map((column) => column.label);
  return complete(
    row,
    only.columns.map((column) => column.key),
    missing,
  );
}

/** The equations between these cells, by their indexes. */
function sumsOf(keys: readonly CellKey[]): RowSum[] {
  const places = new Map<string, number>(keys.map((key, index) => [key, index]));
  return keys.flatMap((key, total) => {
    const parts = (partsOfTotal.get(key) ?? []).map((part) => places.get(part));
    return parts.length > 0 && parts.every((part) => part !== undefined) ? [{ parts, total }] : [];
  });
}

/** The cells of a row that add up to its total, by the address of the total. */
const partsOfTotal = new Map(
  forms.flatMap((form) =>
    form.written.flatMap(({ relation, left, right }): [string, string[]][] => {
      const [total] = right;
      const isSum =
        relation === '=' &&
        right.length === 1 &&
        left.every(({ cell, year }) => year === 0 && cell.row === total?.cell.row);
      return isSum && total?.year === 0 ? [[total.cell.key, left.map(({ cell }) => cell.key)]] : [];
    }),
  ),
);

function tablesOf(key: string): Table[] {
  return forms.flatMap((form) => form.tables.filter((table) => table.key === key));
}

/** The columns of a table in reading order: columns under a common heading take the position of that heading. */
function orderIn(head: Head, table: string): string[] {
  const nested = new Set(
    tablesOf(table).flatMap(({ columns }) => columns.flatMap((column) => (column.under ? [column.key] : []))),
  );
  const outer: string[] = [];
  const inner: string[] = [];
  let parentAt = -1;
  for (const { role } of head) {
    if (isOrganizations(role) && parentAt < 0) parentAt = outer.length;
    const key = role.kind === 'column' ? role.columns.find((column) => column.table === table)?.key : undefined;
    const list = key !== undefined && nested.has(key) ? inner : outer;
    if (key !== undefined) list.push(key);
  }
  const [first, second] = [oneCycle(outer, table), oneCycle(inner, table)];
  const met = oneCycle(columnsMet(head, table), table);
  // In text extracted from a page, a heading that is printed lower follows its neighbours: 自然人 after 法人或其他组织.
  if (isText(head) && tablesOf(table).some((one) => sameKeys(met, one) && inOrderOf(met, one))) return met;
  // Without the common heading, its columns go before the last of the others, the total, as on every form.
  const at = parentAt >= 0 && parentAt <= first.length ? parentAt : Math.max(0, first.length - 1);
  return second.length > 0 ? [...first.slice(0, at), ...second, ...first.slice(at)] : first;
}

function columnsMet(head: Head, table: string): string[] {
  return head.flatMap(({ role }) =>
    role.kind === 'column' ? (role.columns.find((column) => column.table === table)?.key ?? []) : [],
  );
}

function isText(head: Head): boolean {
  return head.every(({ heading }) => heading.position === null);
}

/**
 * One round of headings that are repeated on every page, whole or in part. It has the order of the form if that order
 * occurs without a break, or continues from the last heading to the first; otherwise it is the first round.
 */
function oneCycle(keys: readonly string[], table: string): string[] {
  const names = [...new Set(keys)];
  if (names.length === keys.length) return names;
  for (const { columns } of tablesOf(table)) {
    const printed = columns.map((column) => column.key).filter((key) => names.includes(key));
    const isHere = keys.some((_, from) => printed.every((key, index) => keys[from + index] === key));
    if (printed.length === names.length && (isHere || followsInRounds(keys, printed))) return printed;
  }
  return names;
}

/** Whether every heading is the one after its predecessor, or the first again. */
function followsInRounds(keys: readonly string[], printed: readonly string[]): boolean {
  return keys.every((key, index) => {
    const before = index === 0 ? -1 : printed.indexOf(keys[index - 1] ?? '');
    return index === 0 || key === printed[0] || key === printed[before + 1];
  });
}

function sameKeys(order: readonly string[], table: Table): boolean {
  return order.length === table.columns.length && table.columns.every((column) => order.includes(column.key));
}

/** Whether the headings found are in the order of the form, so that the others can be added. */
function inOrderOf(order: readonly string[], table: Table): boolean {
  const places = order.map((key) => table.columns.findIndex((column) => column.key === key));
  return places.every((place, index) => place >= 0 && (index === 0 || place > (places[index - 1] ?? -1)));
}

function fitsBoxes(row: BoxRow, table: Table): boolean {
  const filled = row.boxes.filter((box) => box.kind === 'words' || box.printed.kind !== 'blank').length;
  return [row.boxes.length, filled].includes(table.columns.length);
}

/** Forms share most of their tables: tables with the same columns count once. */
function distinct(tables: readonly Table[]): Table[] {
  return [...new Map(tables.map((table) => [table.columns.map((column) => column.key).join(), table])).values()];
}

function complete(row: BoxRow, order: readonly string[], missing: readonly Label[]): Columns | undefined {
  const keys = order.map((column) => findCell(`${row.table}.${row.key}.${column}`)?.key);
  if (!keys.every((key) => key !== undefined)) return undefined;
  const places = missing.length > 0 ? null : placesIn(row.head, row.table, order);
  return { keys, at: places?.at ?? null, table: places?.table ?? null, sums: sumsOf(keys), missing };
}

/** The positions of the columns in the document's table; null unless each column has one of its own. */
function placesIn(head: Head, table: string, order: readonly string[]): { at: number[]; table: number } | null {
  const found = order.map((key) => head.findLast(({ role }) => isColumn(role, table, key))?.heading.position ?? null);
  const [first] = found;
  if (!first || !found.every((position) => position?.table === first.table)) return null;
  const at = found.map((position) => position?.column ?? -1);
  return new Set(at).size === at.length ? { at, table: first.table } : null;
}

function isColumn(role: Resolved['role'], table: string, key: string): boolean {
  return role.kind === 'column' && role.columns.some((column) => column.table === table && column.key === key);
}

/** The five boxes after one group of table four. */
function columnsOfGroup(head: Head, row: string): Columns {
  const [set] = setsIn(head);
  const order = set ?? appeals.columns.map((column) => column.key);
  const keys = order.map((column) => appealsCell(row, column));
  return { keys, at: null, table: null, sums: sumsOf(keys), missing: set ? [] : columnLabels() };
}

/**
 * The fifteen boxes of table four: by the columns of the document's table if it shows all of them, otherwise group by
 * group in the order of the group headings.
 */
function columnsOfLine(head: Head): Columns | undefined {
  const shown = lineByPlaces(head);
  if (shown) return shown;
  const groups = groupsIn(head);
  const expected: string[] = appeals.rows.map((row) => row.key);
  const met = groups.filter((group) => expected.includes(group));
  const inOrder = expected.filter((group) => met.includes(group));
  if (met.join() !== inOrder.join()) return undefined;
  const sets = setsIn(head);
  const missingGroups = appeals.rows.filter((row) => !met.includes(row.key)).map((row) => row.label);
  const keys = expected.flatMap((group, index) => {
    const order = sets[index] ?? sets[0] ?? appeals.columns.map((column) => column.key);
    return order.map((column) => appealsCell(group, column));
  });
  const missing = [...missingGroups, ...(sets.length === 0 ? columnLabels() : [])];
  return { keys, at: null, table: null, sums: sumsOf(keys), missing };
}

function lineByPlaces(head: Head): Columns | undefined {
  const groups = head.filter(({ role }) => role.kind === 'row');
  const found = new Map<number, CellKey>();
  let table: number | null = null;
  for (const { heading, role } of head) {
    const own = role.kind === 'column' ? role.columns.find((column) => column.table === appeals.key) : undefined;
    const { position } = heading;
    if (!own) continue;
    const over = groups.find(({ heading: group }) => position && covers(group.position, position));
    if (!position || over?.role.kind !== 'row') return undefined;
    table = position.table;
    found.set(position.column, appealsCell(over.role.key, own.key));
  }
  const at = [...found.keys()].sort((a, b) => a - b);
  const keys = at.flatMap((column) => found.get(column) ?? []);
  if (new Set(keys).size !== appeals.rows.length * appeals.columns.length || keys.length !== at.length)
    return undefined;
  return { keys, at, table, sums: sumsOf(keys), missing: [] };
}

function covers(over: Resolved['heading']['position'], below: NonNullable<Resolved['heading']['position']>): boolean {
  if (!over || over.table !== below.table || over.row >= below.row) return false;
  return over.column <= below.column && below.column < over.column + over.span;
}

function groupsIn(head: Head): string[] {
  return [...new Set(head.flatMap(({ role }) => (role.kind === 'row' ? [role.key] : [])))];
}

/** The outcome headings in sets of five, one set for each time they are printed. */
function setsIn(head: Head): string[][] {
  const sets: string[][] = [];
  let current: string[] = [];
  const keys = head.flatMap(({ role }) =>
    role.kind === 'column' ? role.columns.filter((column) => column.table === appeals.key).map(({ key }) => key) : [],
  );
  const one = oneCycle(keys, appeals.key);
  if (one.length === appeals.columns.length && one.every((key, index) => key === appeals.columns[index]?.key))
    return [one];
  for (const key of keys) {
    if (current.includes(key)) current = [];
    current.push(key);
    if (current.length === appeals.columns.length) {
      sets.push(current);
      current = [];
    }
  }
  return sets;
}

function columnLabels(): Label[] {
  return appeals.columns.map((column) => column.label);
}

function appealsCell(row: string, column: string): CellKey {
  return cellOf(`${appeals.key}.${row}.${column}`).key;
}
