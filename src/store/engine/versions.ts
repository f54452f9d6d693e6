/**
 * What of a store stands as it was: every commit says which divisions it touched, and a reader asks later whether those
 * that it looked at were touched since. What says nothing has touched everything. Kept in memory by the process that
 * serves; what another process writes has touched everything, too.
 */
import type { Db } from './schema.js';
import { type Store, storeOf } from './store.js';

/** What was looked at: some divisions by their identities, with the register behind all of them, or the whole store. */
export type Looked = readonly number[] | 'everything';

/** What of a store was touched last, by the number of the commit. */
interface Versions {
  /** Of the last commit. */
  latest: number;
  /** Of the last one that touched everything. */
  everything: number;
  /** Of the last one that touched a division, for those that were touched since. */
  readonly divisions: Map<number, number>;
  /** Reads SQLite's count of what others than the writing connection committed; no other connection sees a store in memory. */
  readonly countOthers: (() => unknown) | undefined;
  /** What it was last. */
  others: unknown;
  /** What was derived from what only such commits touch as touch everything. */
  readonly derived: Map<() => unknown, { readonly value: unknown; readonly of: number }>;
}

const versions = new WeakMap<Store, Versions>();

function versionsOf(store: Store): Versions {
  const known = versions.get(store);
  if (known) return known;
  const { file, prepare } = store.write;
  // Asked of every request, so the statement is kept as it is to be run.
  const counting = file === undefined ? undefined : prepare('pragma data_version').pluck();
  const begun: Versions = {
    ...{ latest: 1, everything: 1, divisions: new Map(), derived: new Map() },
    ...{ countOthers: counting && (() => counting.get()), others: undefined },
  };
  versions.set(store, begun);
  return begun;
}

/** Takes notice of what other connections than the writing one committed. */
function noticeOthers(kept: Versions): void {
  const others = kept.countOthers?.();
  if (kept.others !== undefined && kept.others !== others) touchEverything(kept);
  kept.others = others;
}

function touchEverything(kept: Versions): void {
  kept.latest += 1;
  kept.everything = kept.latest;
  // Whatever stands for less is older than this.
  kept.divisions.clear();
}

/** The version of a store: to be asked before something is read, and given to `isUntouched` later. */
export function versionOf(db: Db): number {
  const kept = versionsOf(storeOf(db));
  noticeOthers(kept);
  return kept.latest;
}

/**
 * Whether nothing of what was looked at was touched after a version. True or false as of the last `versionOf`, so that
 * who asks of many answers looks at the file once.
 */
export function isUntouched(db: Db, version: number, looked: Looked): boolean {
  const { latest, everything, divisions } = versionsOf(storeOf(db));
  if (latest === version) return true;
  if (looked === 'everything' || everything > version) return false;
  return looked.every((id) => (divisions.get(id) ?? 0) <= version);
}

/**
 * Something that is derived from the register, the deadlines, the locks or the tokens, made again once everything was
 * touched. In a transaction that wrote anything of these it is made for the moment, since that may yet be undone.
 */
export function derivedFromRegister<Value>(db: Db, make: () => Value): Value {
  const touching = touchings.get(db);
  if (touching && (touching.everything || !isAllSaid(db, touching, true))) return make();
  const kept = versionsOf(storeOf(db));
  noticeOthers(kept);
  const known = kept.derived.get(make);
  // Kept under the function that makes it, so it is of its type.
  if (known?.of === kept.everything) return known.value as Value;
  const value = make();
  kept.derived.set(make, { value, of: kept.everything });
  return value;
}

/** Whom the rows of a table concern: the divisions that `touch` names, or nobody who looks at divisions; else everybody. */
const tables: Readonly<Record<string, 'divisions' | 'nobody'>> = {
  report: 'divisions',
  revision: 'divisions',
  finding: 'divisions',
  rollup: 'divisions',
  rollup_blank: 'divisions',
  rollup_item: 'divisions',
  review: 'divisions',
  note: 'divisions',
  refusal: 'divisions',
  document: 'divisions',
  revision_document: 'divisions',
  audit: 'nobody',
  change: 'nobody',
  answer: 'nobody',
  answer_body: 'nobody',
  answer_kept: 'nobody',
  answer_use: 'nobody',
  import: 'nobody',
  import_item: 'nobody',
  subscription: 'nobody',
  delivery: 'nobody',
};

/** What a statement writes, and whom that concerns. */
interface Target {
  readonly concerns: 'divisions' | 'nobody' | 'everybody';
  /** Whether other rows are written or deleted with its own, by a trigger or a reference. */
  readonly setsOff: boolean;
}

/** Statements that set off others: what counts the answers that are kept, and what goes with an import, a report, a document. */
const settingOff = /^(?:\w+ (?:answer|import)|delete (?:report|refusal|revision_document)$)/;

const targets = new Map<string, Target>();

function targetOf(text: string): Target {
  const known = targets.get(text);
  if (known) return known;
  const [, verb = '', table = ''] =
    /\b(insert|update|delete)\s+(?:(?:or\s+\w+\s+)?into\s+|from\s+)?"?(\w+)/i.exec(text) ?? [];
  const setsOff = settingOff.test(`${verb.toLowerCase()} ${table}`);
  const target: Target = { concerns: tables[table] ?? 'everybody', setsOff };
  targets.set(text, target);
  return target;
}

/** What the pieces of work touch that share a transaction. */
interface Touching {
  /** What the piece at hand says that it touches; undefined while it has said nothing. */
  said: Set<number> | undefined;
  /** Whom that concerns which it wrote. */
  readonly wrote: Set<Target['concerns']>;
  /** Rows that it wrote by statements that are known here, and SQLite's count of all rows before it. */
  rows: number;
  rowsBefore: number;
  readonly all: Set<number>;
  everything: boolean;
}

const touchings = new WeakMap<Db, Touching>();

/** Begins to note what a transaction touches. */
export function beginTouching(trx: Db): void {
  touchings.set(trx, {
    ...{ said: undefined, wrote: new Set(), rows: 0, rowsBefore: rowsWritten(trx) },
    ...{ all: new Set(), everything: false },
  });
}

/** Rows that the writing connection ever changed, whether or not that was undone. */
function rowsWritten(trx: Db): number {
  return Number(storeOf(trx).write.prepare('select total_changes()').pluck().get());
}

/**
 * Says that of reports the piece of work at hand touches those of some divisions alone: what it writes of them is seen by
 * nobody who looked at other divisions.
 */
export function touch(trx: Db, divisions: Iterable<number>): void {
  const touching = touchings.get(trx);
  if (!touching) throw new Error('a transaction is begun by inTransaction');
  touching.said ??= new Set();
  for (const id of divisions) touching.said.add(id);
}

/** Says that the transaction at hand touches everything, whatever else its pieces say. */
export function touchAll(trx: Db): void {
  const touching = touchings.get(trx);
  if (touching) touching.everything = true;
}

/** What a statement that writes has done. */
interface Written {
  readonly changes: number;
}

/** Runs a statement that writes and notes whom it concerns: what is written and not noted has touched everything. */
export function noteWriting<Done extends Written>(trx: Db, text: string, run: () => Done): Done {
  const touching = touchings.get(trx);
  if (!touching) return run();
  const { concerns, setsOff } = targetOf(text);
  const before = setsOff ? rowsWritten(trx) : undefined;
  const done = run();
  if (done.changes === 0) return done;
  touching.rows += before === undefined ? done.changes : rowsWritten(trx) - before;
  touching.wrote.add(concerns);
  return done;
}

/** Ends a piece of work: what it touched goes with the commit, or is forgotten where it was undone. */
export function endPiece(trx: Db, end: 'kept' | 'undone'): void {
  const touching = touchings.get(trx);
  if (!touching) return;
  const { said } = touching;
  if (end === 'kept') {
    if (!isAllSaid(trx, touching, said !== undefined)) touching.everything = true;
    for (const id of said ?? []) touching.all.add(id);
  }
  beginPiece(trx, touching);
}

/** Ends what pieces of work put off to the end of the transaction, which is theirs: they have said what it touches. */
export function endDeferred(trx: Db): void {
  const touching = touchings.get(trx);
  if (touching && !isAllSaid(trx, touching, true)) touching.everything = true;
}

function isAllSaid(trx: Db, { wrote, rows, rowsBefore }: Touching, saysDivisions: boolean): boolean {
  if (rows !== rowsWritten(trx) - rowsBefore || wrote.has('everybody')) return false;
  return saysDivisions || !wrote.has('divisions');
}

function beginPiece(trx: Db, touching: Touching): void {
  touching.said = undefined;
  touching.wrote.clear();
  touching.rows = 0;
  touching.rowsBefore = rowsWritten(trx);
}

/** Moves the versions of what a transaction touched, once it is committed and before anybody is answered. */
export function moveVersions(db: Db, trx: Db | undefined): void {
  const kept = versionsOf(storeOf(db));
  const touching = trx && touchings.get(trx);
  // Of a commit that failed nobody knows whether it is on the disk.
  if (!touching || touching.everything) {
    touchEverything(kept);
    return;
  }
  kept.latest += 1;
  for (const id of touching.all) kept.divisions.set(id, kept.latest);
}
