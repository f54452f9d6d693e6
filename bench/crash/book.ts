/** What was sent and what was answered, and whether the database says the same after a crash. */
import Sqlite from 'better-sqlite3';
import { allCells } from '../../src/form/forms.js';
import { decodeContent } from '../../src/store/contents.js';

/** One write, as it can be told from every other: its mark is its reason, its figure stands in the report. */
export interface Write {
  readonly mark: string;
  readonly action: 'filed' | 'revised' | 'withdrawn';
  /** Decisions on licenses in the report; null in a withdrawal. */
  readonly figure: number | null;
}

/** The report of one township for one year. One client at a time writes to it. */
export interface Slot {
  readonly agency: string;
  readonly year: number;
  /** The writes that were acknowledged, by the number of their revision. */
  readonly acknowledged: Map<number, Write>;
  /** The revision that stands, and whether there is a report; as far as it is known. */
  revision: number;
  filed: boolean;
  /** A write that was sent and not answered: it may be there or not, but never half. */
  open?: Write | undefined;
}

/** An import that was sent and not answered in full: all of its items, or none. */
export interface OpenImport {
  readonly slots: readonly Slot[];
  /** It was told that the import goes on by itself: then it is all of them. */
  accepted: boolean;
}

/** All that is known of the writes. */
export interface Book {
  readonly slots: readonly Slot[];
  imports: OpenImport[];
  acknowledged: number;
}

/** An empty book of the reports of some townships for some years. */
export function openBook(townships: readonly string[], years: readonly number[]): Book {
  const slots = townships.flatMap((agency) =>
    years.map((year): Slot => ({ agency, year, acknowledged: new Map(), revision: 0, filed: false })),
  );
  return { slots, imports: [], acknowledged: 0 };
}

/** Enters that a slot's open write was acknowledged as a revision. */
export function acknowledge(book: Book, slot: Slot, revision: number): void {
  const { open } = slot;
  if (!open) throw new Error(`nothing was sent for ${slot.agency} ${slot.year}`);
  if (revision !== slot.revision + 1)
    throw new Error(`${slot.agency} ${slot.year}: revision ${revision} after ${slot.revision}`);
  enter(slot, revision, open);
  book.acknowledged += 1;
}

function enter(slot: Slot, revision: number, write: Write): void {
  slot.acknowledged.set(revision, write);
  slot.revision = revision;
  slot.filed = write.action !== 'withdrawn';
  slot.open = undefined;
}

interface Row extends Omit<Write, 'mark'> {
  readonly mark: string | null;
  readonly slot: string;
  readonly number: number;
}

/** A revision as it is kept. */
interface KeptRow extends Omit<Row, 'figure'> {
  readonly content: string | null;
}

const licenses = allCells.findIndex(({ key }) => key === 'decisions.licenses.decided');

function readRow({ content, ...row }: KeptRow): Row {
  return { ...row, figure: content === null ? null : (decodeContent(content).figures[licenses] ?? null) };
}

const revisionsSql = `select s.code || ' ' || v.year as slot, v.number, v.action, v.reason as mark,
    v.content
  from revision v join agency_state s on s.agency_id = v.agency_id and s.valid_to is null order by 1, 2`;
const reportsSql = `select s.code || ' ' || r.year as slot, r.revision as number, r.decisions__licenses__decided as figure
  from report r join agency_state s on s.agency_id = r.agency_id and s.valid_to is null`;

/**
 * Everything in which a database differs from what was acknowledged: lost, doubled or unknown writes, gaps, a report
 * that is not its last revision, an import of which a part is there. Open writes that are there are entered, those
 * that are not are forgotten.
 */
export function compare(book: Book, file: string): string[] {
  const database = new Sqlite(file, { readonly: true });
  const [rows, reports] = database.transaction(
    () =>
      [
        bySlot(database.prepare<[], KeptRow>(revisionsSql).all().map(readRow)),
        new Map(
          database
            .prepare<[], Pick<Row, 'slot' | 'number' | 'figure'>>(reportsSql)
            .all()
            .map((row) => [row.slot, row]),
        ),
      ] as const,
  )();
  database.close();
  const wrong: string[] = [];
  const kept = new Set<Slot>();
  for (const slot of book.slots) {
    const name = `${slot.agency} ${slot.year}`;
    const own = rows.get(name) ?? [];
    const before = slot.revision;
    wrong.push(...revisionsWrong(slot, own).map((what) => `${name}: ${what}`));
    if (slot.revision > before) kept.add(slot);
    const last = own.at(-1);
    const report = reports.get(name);
    const expected = last && last.action !== 'withdrawn' ? `${last.number} ${last.figure}` : 'none';
    const found = report ? `${report.number} ${report.figure}` : 'none';
    if (found !== expected) wrong.push(`${name}: the report is ${found}, its last revision ${expected}`);
    rows.delete(name);
  }
  for (const name of rows.keys()) wrong.push(`${name}: nobody filed it`);
  for (const { slots, accepted } of book.imports) {
    const there = slots.filter((slot) => kept.has(slot)).length;
    if (there !== slots.length && (accepted || there > 0)) wrong.push(`${there} of ${slots.length} items of an import`);
  }
  book.imports = [];
  return wrong;
}

function bySlot(rows: readonly Row[]): Map<string, Row[]> {
  const slots = new Map<string, Row[]>();
  for (const row of rows) {
    const own = slots.get(row.slot);
    if (own) own.push(row);
    else slots.set(row.slot, [row]);
  }
  return slots;
}

function revisionsWrong(slot: Slot, rows: readonly Row[]): string[] {
  const wrong: string[] = [];
  for (const [index, row] of rows.entries()) {
    const number = index + 1;
    if (row.number !== number) wrong.push(`revision ${row.number} stands where ${number} should`);
    const known = slot.acknowledged.get(number);
    if (!known && slot.open && isSame(row, slot.open)) enter(slot, number, slot.open);
    else if (!known) wrong.push(`revision ${number}, ${row.mark}, is there twice or was never sent`);
    else if (!isSame(row, known)) wrong.push(`revision ${number} is ${row.mark}, not ${known.mark} as acknowledged`);
  }
  for (const [number, { mark }] of slot.acknowledged) {
    if (number > rows.length) wrong.push(`revision ${number}, ${mark}, was acknowledged and is lost`);
  }
  slot.open = undefined;
  return wrong;
}

function isSame(row: Row, write: Write): boolean {
  return row.mark === write.mark && row.action === write.action && row.figure === write.figure;
}
