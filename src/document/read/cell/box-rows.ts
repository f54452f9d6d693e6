/**
 * Items into rows: the boxes after a row heading, with the headings of the columns above them. Table four has no row
 * headings on the form: its one line follows its column headings.
 */
import { forms } from '../../../form/forms.js';
import { appeals } from '../../../form/lines.js';
import { type Doubt, doubtOf } from '../../doubt.js';
import { isColumnOf, type Resolved, type Role, resolveRoles } from '../heading/heading-roles.js';
import type { Heading } from '../heading/headings.js';
import type { Box, Item, Words } from './item.js';

/** A box of a row, or words instead of a box. `afterGap`: an empty line precedes it. */
export type RowBox = (Box | Words) & { readonly afterGap: boolean };

/** The headings over a table that were found, in reading order. */
export type Head = readonly Resolved[];

/** The boxes after a row heading; `key` is the key of the form's row, null for the whole line of table four. */
export interface BoxRow {
  readonly table: string;
  readonly key: string | null;
  readonly heading: Heading;
  readonly boxes: readonly RowBox[];
  readonly head: Head;
}

/** Everything that was found in a document. */
export interface Found {
  readonly rows: readonly BoxRow[];
  readonly doubts: readonly Doubt[];
  /** The row headings found, as `table.row`, with the line of the first of each. */
  readonly met: ReadonlyMap<string, number>;
}

/** Finds every row in one pass over the items. */
export function findBoxRows(items: readonly Item[]): Found {
  const state: State = {
    rows: [],
    doubts: [],
    met: new Map(),
    pending: [],
    heads: new Map(),
    context: null,
    gap: false,
  };
  let index = 0;
  for (let item = items[index]; item; item = items[index]) {
    if (item.kind === 'heading') {
      state.pending.push(item);
      state.gap = false;
    } else if (item.kind === 'gap') state.gap = true;
    else if (item.kind === 'box' || isInRowOf(state.pending.at(-1), item) || beginsLine(items, index)) {
      const { boxes, next } = takeBoxes(items, index, state.gap);
      settleBoxes(state, boxes);
      state.gap = false;
      index = next;
      continue;
    } else settleWords(state, item);
    index += 1;
  }
  settleHeadings(state, resolveRoles(state.pending, 'alone', state.met));
  return { rows: state.rows, doubts: state.doubts, met: state.met };
}

interface State {
  readonly rows: BoxRow[];
  readonly doubts: Doubt[];
  readonly met: Map<string, number>;
  pending: Heading[];
  readonly heads: Map<string, Head>;
  /** The table of the last row; null after prose. */
  context: string | null;
  gap: boolean;
}

const tableKeys = [...new Set(forms.flatMap((form) => form.tables.map((table) => table.key)))];
const lineLength = appeals.rows.length * appeals.columns.length;
/** With this many boxes, it is the whole line of table four and not one group of it. */
const minLineBoxes = appeals.columns.length * 2 + 1;
const minProseLength = 30;
const minRowBoxes = 5;

function isInRowOf(heading: Heading | undefined, item: Item | undefined): boolean {
  const position = item?.position ?? null;
  return position !== null && heading?.position?.row === position.row;
}

/** Words in the first box of the line of table four, which begins with no row heading: an unreadable box. */
function beginsLine(items: readonly Item[], index: number): boolean {
  const row = items[index]?.position?.row;
  if (row === undefined || items[index - 1]?.position?.row === row) return false;
  const line = items.slice(index + 1, index + lineLength).filter(({ position }) => position?.row === row);
  return line.length >= minLineBoxes && line.every((item) => item.kind === 'box' || item.kind === 'words');
}

/** Consecutive boxes: to the end of the table row, or in text to the next heading or words. */
function takeBoxes(items: readonly Item[], from: number, gap: boolean): { boxes: RowBox[]; next: number } {
  const row = items[from]?.position?.row ?? null;
  const boxes: RowBox[] = [];
  let afterGap = gap;
  let index = from;
  for (let item = items[index]; item; item = items[index]) {
    if ((item.position?.row ?? null) !== row || item.kind === 'heading') break;
    if (item.kind === 'gap') afterGap = true;
    else if (item.kind === 'words' && row === null && !isScrap(item.text)) break;
    else {
      boxes.push({ ...item, afterGap });
      afterGap = false;
    }
    index += 1;
  }
  return { boxes, next: index };
}

/** A few letters instead of a number (an O typed for 0): an unreadable box and no sentence. */
function isScrap(text: string): boolean {
  return text.length <= 3 && !/\p{Script=Han}/u.test(text);
}

function settleBoxes(state: State, boxes: readonly RowBox[]): void {
  const resolved = resolveRoles(state.pending, 'before boxes', state.met);
  const row = findBoxRow(state, resolved, boxes);
  if (row) {
    settleHeadings(state, resolved);
    state.rows.push({ ...row, head: state.heads.get(row.table) ?? [] });
    state.context = row.table;
    return;
  }
  // Empty boxes among the headings of a table are its corners, not a row.
  if (boxes.every(isBlank)) return;
  settleHeadings(state, resolved);
  if (resolved.some(({ role }) => role.kind !== 'other') || state.context !== null) doubtLoose(state, boxes);
}

/** The row of boxes and the headings before them, still without its head; undefined when they are no row. */
function findBoxRow(
  state: State,
  resolved: readonly Resolved[],
  boxes: readonly RowBox[],
): Omit<BoxRow, 'head'> | undefined {
  const last = resolved.at(-1);
  const sameRow = boxes[0]?.position === null || isInRowOf(last?.heading, boxes[0]);
  if (last?.role.kind === 'row' && last.role.table !== appeals.key) {
    if (isOverRows(last.heading) && boxes.every(isBlank) && boxes.length < minRowBoxes) return undefined;
    return sameRow ? { table: last.role.table, key: last.role.key, heading: last.heading, boxes } : undefined;
  }
  return findAppeals(state, resolved, boxes, sameRow ? 'same row' : 'row below');
}

function findAppeals(
  state: State,
  resolved: readonly Resolved[],
  boxes: readonly RowBox[],
  place: 'same row' | 'row below',
): Omit<BoxRow, 'head'> | undefined {
  const known = state.heads.get(appeals.key) ?? [];
  const own = resolved.filter(({ role }) => isOfAppeals(role));
  const last = own.at(-1);
  const anchor = last ?? known.at(-1);
  const count = boxes.length;
  if (!anchor || (own.length === 0 && (resolved.length > 0 || state.context !== appeals.key))) return undefined;
  const line = { table: appeals.key, key: null, heading: anchor.heading, boxes };
  if (boxes.every(isBlank)) {
    return count >= lineLength && (boxes[0]?.position === null || place === 'row below') ? line : undefined;
  }
  const groups = own.filter(({ role }) => role.kind === 'row');
  const [group] = groups;
  if (groups.length === 1 && group?.role.kind === 'row' && count < minLineBoxes) {
    return { table: appeals.key, key: group.role.key, heading: group.heading, boxes };
  }
  return groups.length > 1 || count >= minLineBoxes ? line : undefined;
}

function isOfAppeals(role: Role): boolean {
  return isColumnOf(role, appeals.key) || (role.kind === 'row' && role.table === appeals.key);
}

function settleWords(state: State, item: Words): void {
  settleHeadings(state, resolveRoles(state.pending, 'alone', state.met));
  if (item.position === null && item.text.length >= minProseLength) state.context = null;
}

/** Records the pending headings: the rows found, and the heads of tables. */
function settleHeadings(state: State, resolved: readonly Resolved[]): void {
  state.pending = [];
  for (const { heading, role } of resolved) {
    if (role.kind === 'row' && !state.met.has(`${role.table}.${role.key}`)) {
      state.met.set(`${role.table}.${role.key}`, heading.line);
    }
    if (heading.guessed !== null) state.doubts.push(guessDoubt(heading));
    if (heading.meanings.some(({ kind }) => kind === 'section')) state.context = null;
  }
  for (const table of tableKeys) {
    const own = resolved.filter(({ role }) => isColumnOf(role, table) || belongsToHead(role, table));
    if (own.some(({ role }) => isColumnOf(role, table))) keepHead(state, table, own);
  }
}

function belongsToHead(role: Role, table: string): boolean {
  return role.kind === 'parent'
    ? role.table === table
    : role.kind === 'row' && role.table === table && table === appeals.key;
}

/** A head replaces the previous one if it names at least as many columns; a part repeated on a new page does not. */
function keepHead(state: State, table: string, head: Head): void {
  const before = state.heads.get(table);
  if (!before || namesIn(head) >= namesIn(before)) state.heads.set(table, head);
  state.context = table;
}

function namesIn(head: Head): number {
  return new Set(head.flatMap(({ role }) => (role.kind === 'column' ? role.columns.map(({ key }) => key) : []))).size;
}

/** 其他处理 is printed over three rows or as one row. Over rows, the few empty boxes beside it are its corner. */
function isOverRows(heading: Heading): boolean {
  return heading.meanings.some(({ kind }) => kind === 'parent');
}

function isBlank(box: RowBox): boolean {
  return box.kind === 'box' && box.printed.kind === 'blank';
}

function doubtLoose(state: State, boxes: readonly RowBox[]): void {
  const text = boxes.map((box) => box.text.trim()).join(' ');
  const shown = text.slice(0, 60);
  state.doubts.push(
    doubtOf(
      'boxes-without-heading',
      {
        zh: `“${shown}”前面没有可识别的行标题，未读入。`,
        en: `No row heading was found before “${shown}”; it was not read.`,
      },
      { text, ...(boxes[0] ? { line: boxes[0].line } : {}) },
    ),
  );
}

function guessDoubt(heading: Heading): Doubt {
  return doubtOf(
    'heading-guessed',
    {
      zh: `标题“${heading.text.trim()}”疑为“${heading.guessed}”之误，按后者读取。`,
      en: `The heading “${heading.text.trim()}” was read as “${heading.guessed}”.`,
    },
    { line: heading.line, text: heading.text },
  );
}
