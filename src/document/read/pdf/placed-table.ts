/**
 * Tables without ruling lines, by the places of their text: columns from the headings, rows from the base lines of numbers.
 * What does not fit in every part is left as lines of text, which are read in their order.
 */
import { forms } from '../../../form/forms.js';
import { appeals } from '../../../form/lines.js';
import { findMeanings, findSection, isPieceOfParent } from '../heading/headings.js';
import type { SpannedCell, SpannedRow } from '../source/parts.js';
import { cutNumbering, fold, wordsOf } from '../source/text.js';
import { textOf } from './lines.js';
import { assignColumns, findHead, type PlacedHead } from './placed-columns.js';
import { areInOrder, findBlankLabels, findLabels, type Label } from './placed-labels.js';
import { type PagedLine, type Run, runsByBase, runsOf, wordsOfRuns } from './runs.js';

/** Lines of text, or a table that was found in them. */
export type Stretch =
  | { readonly kind: 'lines'; readonly lines: readonly PagedLine[] }
  | { readonly kind: 'table'; readonly rows: readonly SpannedRow[] };

/** The most lines of a section that is looked at, and runs in it: table three has 100 lines. */
const [maxLines, maxRuns] = [400, 3_000];

/** Cuts lines in reading order into tables and the lines between them. A table lies under the heading of a section. */
export function cutPlacedTables(lines: readonly PagedLine[]): Stretch[] {
  const stretches: Stretch[] = [];
  let open: PagedLine[] = [];
  const close = (): void => {
    if (open.length > 0) stretches.push({ kind: 'lines', lines: open });
    open = [];
  };
  for (const section of cutAtHeadings(lines)) {
    const found = findTable(section);
    open.push(...section.slice(0, found?.from ?? section.length));
    if (!found) continue;
    close();
    stretches.push({ kind: 'table', rows: found.rows });
    open.push(...section.slice(found.to));
  }
  close();
  return stretches;
}

function cutAtHeadings(lines: readonly PagedLine[]): PagedLine[][] {
  const sections: PagedLine[][] = [];
  for (const one of lines) {
    if (sections.length === 0 || findSection(one.line.text)) sections.push([]);
    sections.at(-1)?.push(one);
  }
  return sections;
}

interface FoundTable {
  readonly rows: readonly SpannedRow[];
  readonly from: number;
  readonly to: number;
}

/** The table of a section, in its lines from one to before another; undefined where it holds none that fits in every part. */
function findTable(lines: readonly PagedLine[]): FoundTable | undefined {
  if (lines.length > maxLines || !findSection(lines[0]?.line.text ?? '')) return undefined;
  const runs = runsOf(lines);
  const first = runs.find(isNumber)?.line;
  if (first === undefined || runs.length > maxRuns || runs.some(isTurned)) return undefined;
  const start = 1 + lines.slice(0, first).findLastIndex(({ line }, at) => at === 0 || endsSentence(line.text));
  const above = runs.filter(({ line }) => line >= start && line < first);
  const head = findHead(above);
  if (!head) return undefined;
  const from = above.find((run) => isOfHead(run, head))?.line ?? first;
  const end = lines.findIndex(({ line }, at) => at > first && endsSentence(line.text));
  const again = repeatsOf(lines, from, first);
  const below = runs.filter(({ line }) => line >= first && (end < 0 || line < end) && !again.has(line));
  const body = bodyOf(head, [...above.filter((run) => run.line >= from && !isHeading(run, head)), ...below]);
  return body && { rows: [...headRows(head), ...body.rows], from, to: body.to };
}

function isTurned({ glyphs }: Run): boolean {
  return glyphs.some(({ turns }) => turns !== 0);
}

function isNumber({ text }: Run): boolean {
  return /^[+-]?\d[\d,.]*$/.test(fold(text));
}

function endsSentence(text: string): boolean {
  return /[。；]/u.test(text);
}

function isHeading(run: Run, { over, headings }: PlacedHead): boolean {
  return over.includes(run) || headings.includes(run);
}

/** Tests whether a line of a head begins with a run: a heading, or the note in its corner. */
function isOfHead(run: Run, head: PlacedHead): boolean {
  return head.headings.includes(run) || findMeanings(wordsOfRuns([run])) !== undefined || /^[（(]本列/u.test(run.text);
}

/** The lines of a head that is printed again on another page. */
function repeatsOf(lines: readonly PagedLine[], from: number, first: number): ReadonlySet<number> {
  const again = new Set<number>();
  const head = lines.slice(from, first).map(({ line }) => line.text);
  for (let at = first; at < lines.length; at += 1) {
    for (let index = 0; index < head.length && lines[at + index]?.line.text === head[index]; index += 1)
      again.add(at + index);
  }
  return again;
}

/** The boxes of a table, and the text beside them. */
interface Boxes {
  readonly head: PlacedHead;
  /** From top to bottom. */
  readonly rows: readonly Run[][];
  readonly places: ReadonlyMap<Run, number>;
  readonly beside: readonly Run[];
}

type Body = Pick<FoundTable, 'rows' | 'to'>;

/** The rows of boxes, and the line after them. */
function bodyOf(head: PlacedHead, runs: readonly Run[]): Body | undefined {
  const boxes = runs.filter((run) => isInBox(run, head));
  const places = assignColumns(head.columns, boxes);
  const rows = runsByBase(boxes);
  if (!places || rows.length === 0 || rows.length > maxRows) return undefined;
  const found = { head, rows, places, beside: runs.filter((run) => !boxes.includes(run)) };
  return head.table === appeals.key ? lineOfBoxes(found) : labelledRows(found);
}

function lineOfBoxes(boxes: Boxes): Body | undefined {
  const [row, another] = boxes.rows;
  if (!row || another || !areGroupsInPlace(boxes.head)) return undefined;
  const to = lineAfter(row);
  if (boxes.beside.some(({ line }) => line < to)) return undefined;
  return { rows: [{ cells: cellsOf(row, boxes), byPlace: true, page: pageOf(row) }], to };
}

function labelledRows(boxes: Boxes): Body | undefined {
  const { head, rows, beside } = boxes;
  const bases = rows.flatMap(([run]) => run ?? []);
  const labels = findLabels(bases, beside, head.table);
  if (!labels) return undefined;
  const used = new Set(labels.flatMap((label) => label.runs));
  const to = lineAfter([...used, ...rows.flat()]);
  const rest = beside.filter((run) => run.line < to && !used.has(run) && !isOverRows(run));
  const blank = findBlankLabels(rest, head.table);
  if (!blank) return undefined;
  const all = [
    ...labels.map((label, at) => ({ label, row: rows[at] ?? [] })),
    ...blank.map((label) => ({ label, row: [] })),
  ];
  all.sort((one, other) => topOf(one.label) - topOf(other.label));
  const inOrder = all.map(({ label }) => label);
  if (!areInOrder(inOrder, head.table)) return undefined;
  const spanned = all.map(({ label, row }): SpannedRow => {
    return { cells: [cellOf(label.text), ...cellsOf(row, boxes)], byPlace: true, page: pageOf(label.runs) };
  });
  return { rows: spanned, to };
}

function cellsOf(row: readonly Run[], { head, places }: Boxes): SpannedCell[] {
  return head.columns.map((_, at) => {
    const own = row.filter((run) => places.get(run) === at);
    return cellOf(textOf(own.flatMap(({ glyphs }) => glyphs)));
  });
}

function lineAfter(runs: readonly Run[]): number {
  return 1 + Math.max(...runs.map(({ line }) => line));
}

function topOf({ runs }: Label): number {
  return Math.min(...runs.map(({ base }) => base));
}

/** More rows than any form has. */
const maxRows = 80;

/** Whether a run is right of the headings of rows, which table four does not have. */
function isInBox(run: Run, { table, columns }: PlacedHead): boolean {
  const from = table === appeals.key ? Number.NEGATIVE_INFINITY : (columns[0]?.left ?? 0);
  return run.left >= from - (isNumber(run) ? 2.5 : 0.3) * run.size;
}

/** Text beside the headings of rows: of a heading over several rows, or of the note in the corner of the head. */
function isOverRows(run: Run): boolean {
  // What is in brackets counts: it may be the end of the heading of a blank row.
  const words = wordsOf(cutNumbering(fold(run.text)).rest);
  return (
    words === '' ||
    /^[一二三四五六七八九十]$/u.test(words) ||
    isPieceOfParent(words) ||
    notes.some((note) => note.includes(words))
  );
}

/** What the forms print into the corners of their tables. */
const notes = forms.flatMap(({ tables }) => tables.map(({ note }) => wordsOf(fold(note?.zh ?? ''))));

function cellOf(text: string, columnSpan = 1): SpannedCell {
  return { text, rowSpan: 1, columnSpan };
}

function pageOf(runs: readonly Run[]): number {
  return (runs[0]?.page ?? 0) + 1;
}

/** The rows of a head: of table four the three headings over five columns each before the others. */
function headRows({ table, over, headings: runs, columns }: PlacedHead): SpannedRow[] {
  const said = { byPlace: true, page: pageOf(runs) } as const;
  const headings = columns.map(({ heading }) => cellOf(heading));
  if (table !== appeals.key) return [{ cells: [cellOf(''), ...headings], ...said }];
  const groups = groupsOver(over).map(({ text }) => cellOf(text, appeals.columns.length));
  return [
    { cells: groups, ...said },
    { cells: headings, ...said },
  ];
}

/** The headings over the columns of table four, from left to right. */
function groupsOver(over: readonly Run[]): Run[] {
  const isGroup = (run: Run) =>
    findMeanings(wordsOfRuns([run]))?.some((meaning) => meaning.kind === 'row' && meaning.table === appeals.key);
  return over.filter(isGroup).sort((one, other) => one.left - other.left);
}

/** Whether each heading of table four is over its five columns, in the order of the form. */
function areGroupsInPlace({ over, columns }: PlacedHead): boolean {
  const groups = groupsOver(over);
  const count = appeals.columns.length;
  return (
    groups.length === appeals.rows.length &&
    appeals.rows.every(({ key }, at) => {
      const run = groups[at];
      const [from, to] = [columns[at * count], columns[at * count + count - 1]];
      if (!run || !from || !to || run.left < from.left - run.size || run.right > to.right + run.size) return false;
      return (
        findMeanings(wordsOfRuns([run]))?.some((meaning) => meaning.kind === 'row' && meaning.key === key) === true
      );
    })
  );
}
