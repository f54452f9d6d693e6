/** How an import is worked through: batch by batch, or all in one transaction that may be undone. */

import { setImmediate as yieldTurn } from 'node:timers/promises';
import { callerOf, operator } from '../../access/authority.js';
import { toProblem } from '../../problem.js';
import type { Refused } from '../../report/refusals/trace.js';
import { inTransaction } from '../../store/engine/commit.js';
import { retryWhileBusy } from '../../store/engine/failure.js';
import { openBeside, openCopy } from '../../store/engine/open.js';
import type { Db, Trx } from '../../store/engine/schema.js';
import { deleteItems, insertItems, updateImport } from '../../store/imports.js';
import type { ActContext } from '../../words.js';
import { readBulk } from './format/formats.js';
import { fileItems, noteFiled, type Result, tryInTransaction } from './items.js';
import { type ImportJobs, type LiveImport, stopIfAsked } from './job.js';
import { type ReadItem, type ReadingFrom, readBatches } from './read-items.js';
import { refusedAmong, traceRefused } from './refused.js';
import { type Stated, statedBefore } from './repeats.js';
import { ownerOf } from './share.js';
import { addOutcomeLines, beginOutcomes, clearCopy, type OutcomesAside, outcomeLines, requireWhole } from './spool.js';
import { addOutcomes, emptyTally, type ItemOutcome, refuseAll, refuseOutcome, withoutFaults } from './tally.js';

/** A batch is filed when it has that many items or bytes: some hundredths of a second. */
const shortBatch = { items: 8, bytes: 256 * 1024 };

/** The most items that one import may have. */
const maxItems = 500_000;

/** Outcomes written in one transaction. */
const outcomesAtOnce = 200;

/** Works through an import item by item from where it is. */
export async function runEach(db: Db, jobs: ImportJobs, live: LiveImport): Promise<void> {
  await whenNoLongWrite(jobs, () => inTransaction(db, {}, (trx) => start(trx, jobs, live)));
  await requireWhole(live.path, live.row);
  const skip = live.tally.received;
  const stated = await statedBefore(db, live.row.id);
  for await (const batch of readBatches(db, itemsOf(live), await readingFrom(db, jobs, live, skip))) {
    const results = await whenNoLongWrite(jobs, () => fileAndRecord(db, jobs, live, { batch, stated }));
    const refused = refusedAmong(batch, results, live.tally.rejected);
    await traceRefused(db, () => actOf(db, jobs, live), refused);
    noteFiled(stated, results);
    live.itemBytes += bytesOf(bodiesOf(results, live.itemBytes));
    live.tally = addOutcomes(live.tally, results);
    live.attempts = 0;
    tellUnforeseen(jobs, results);
  }
  // What was cut off on the way looks like its end.
  await requireWhole(live.path, live.row);
  await whenNoLongWrite(jobs, () => inTransaction(db, {}, (trx) => finish(trx, jobs, live)));
}

/**
 * Works through an import in one transaction. When it is kept, what became of its items is kept with it; when it is
 * undone, that is written afterwards. Where it can it has a connection of its own, so that nobody waits to read, and
 * what is long and only tried out has a copy of the store, so that nobody waits to write either.
 */
export async function runWhole(db: Db, jobs: ImportJobs, live: LiveImport): Promise<void> {
  await whenNoLongWrite(jobs, () =>
    inTransaction(db, {}, async (trx) => {
      await start(trx, jobs, live);
      await deleteItems(trx, live.row.id);
    }),
  );
  await requireWhole(live.path, live.row);
  const onCopy = live.request.dryRun && live.row.bytes > copiedFrom;
  const copy = onCopy ? await openCopy(db, await clearCopy(live.path)) : undefined;
  const { end, aside, refused } = await (copy
    ? tryOn(copy, jobs, live)
    : inTurn(jobs, ownerOf(live.row.tokenId), () => tryBeside(db, jobs, live)));
  if (end === 'refused') await traceRefused(db, () => actOf(db, jobs, live), refused);
  if (end === 'kept') return;
  await recordAfterwards(db, jobs, live, { aside, change: end === 'refused' ? refuseOutcome : same });
}

/** A dry run of that many bytes or more is worth a copy of the store. */
const copiedFrom = 1024 * 1024;

/** There is one write transaction at a time: the next long one begins when the last has ended, by turns of whose it is. */
async function inTurn<T>(jobs: ImportJobs, caller: string, work: () => Promise<T>): Promise<T> {
  const endTurn = await jobs.turns.take({ caller, patient: true });
  try {
    stopIfAsked(jobs);
    const own = work();
    jobs.turn = own.catch(() => undefined);
    return await own;
  } finally {
    endTurn();
  }
}

async function tryBeside(db: Db, jobs: ImportJobs, live: LiveImport): Promise<Tried> {
  const beside = await openBeside(db);
  return beside ? tryOn(beside, jobs, live) : tryWhole(db, jobs, live);
}

/** Tries on a connection that is closed after it. */
async function tryOn(own: Db, jobs: ImportJobs, live: LiveImport): Promise<Tried> {
  try {
    return await retryUntilStopped(jobs, () => tryWhole(own, jobs, live));
  } finally {
    await own.destroy();
  }
}

/** How a whole import ended, and the outcomes that were written aside. */
interface Tried {
  readonly end: 'kept' | 'refused' | 'tried';
  readonly aside: OutcomesAside;
  /** What was refused of it and leaves a trace. */
  readonly refused: readonly Refused[];
}

async function tryWhole(db: Db, jobs: ImportJobs, live: LiveImport): Promise<Tried> {
  const { mode, dryRun } = live.request;
  live.tally = emptyTally;
  live.itemBytes = 0;
  const aside = await beginOutcomes(live.path);
  const refused: Refused[] = [];
  return tryInTransaction<Tried>(db, async (trx) => {
    const stated: Stated = new Map();
    for await (const batch of readBatches(trx, itemsOf(live), await readingFrom(trx, jobs, live, 0))) {
      stopIfAsked(jobs);
      const results = await fileItems(trx, await actOf(trx, jobs, live), batch, { handling: live.request, stated });
      refused.push(...refusedAmong(batch, results, refused.length));
      noteFiled(stated, results);
      const bodies = bodiesOf(results, live.itemBytes);
      await addOutcomeLines(aside, bodies);
      live.itemBytes += bytesOf(bodies);
      live.tally = addOutcomes(live.tally, results);
    }
    await requireWhole(live.path, live.row);
    if (mode === 'all' && live.tally.rejected > 0) {
      live.tally = refuseAll(live.tally);
      return { value: { end: 'refused', aside, refused }, keep: false };
    }
    if (dryRun) return { value: { end: 'tried', aside, refused }, keep: false };
    let position = 1;
    for await (const bodies of outcomeLines(aside, outcomesAtOnce)) {
      await insertItems(trx, live.row.id, position, bodies);
      position += bodies.length;
      await yieldTurn();
    }
    await finish(trx, jobs, live);
    return { value: { end: 'kept', aside, refused }, keep: true };
  });
}

async function recordAfterwards(
  db: Db,
  jobs: ImportJobs,
  live: LiveImport,
  { aside, change }: { readonly aside: OutcomesAside; readonly change: (outcome: ItemOutcome) => ItemOutcome },
): Promise<void> {
  let position = 1;
  for await (const lines of outcomeLines(aside, outcomesAtOnce)) {
    // The lines were written from outcomes by this very run.
    const bodies = lines.map((line) => JSON.stringify(change(JSON.parse(line) as ItemOutcome)));
    const from = position;
    await whenNoLongWrite(jobs, () => inTransaction(db, {}, (trx) => insertItems(trx, live.row.id, from, bodies)));
    position += lines.length;
    await yieldTurn();
  }
  await whenNoLongWrite(jobs, () => inTransaction(db, {}, (trx) => finish(trx, jobs, live)));
}

const same = (outcome: ItemOutcome): ItemOutcome => outcome;

/** Files a batch and writes what became of it, both or neither; what fails for itself is filed apart from the rest. */
async function fileAndRecord(
  db: Db,
  jobs: ImportJobs,
  live: LiveImport,
  { batch, stated }: { readonly batch: readonly ReadItem[]; readonly stated: Stated },
): Promise<readonly Result[]> {
  const act = await actOf(db, jobs, live);
  const how = { handling: live.request, stated };
  try {
    return await inTransaction(db, {}, async (trx) => {
      const results = await fileItems(trx, act, batch, how);
      await record(trx, live, results);
      return results;
    });
  } catch (error) {
    if (toProblem(error).kind === 'busy') throw error;
    const results = await fileItems(db, act, batch, how);
    await inTransaction(db, {}, (trx) => record(trx, live, results));
    return results;
  }
}

async function record(trx: Trx, live: LiveImport, results: readonly Result[]): Promise<void> {
  const bodies = bodiesOf(results, live.itemBytes);
  await insertItems(trx, live.row.id, live.tally.received + 1, bodies);
  const tally = JSON.stringify(addOutcomes(live.tally, results));
  await updateImport(trx, live.row.id, { tally, itemBytes: live.itemBytes + bytesOf(bodies), attempts: 0 });
}

/** Marks an import as begun, before anything of its file is read: what ends the process there is counted then. */
async function start(trx: Trx, jobs: ImportJobs, live: LiveImport): Promise<void> {
  const attempts = live.attempts + 1;
  await updateImport(trx, live.row.id, { state: 'running', process: jobs.process, attempts });
  live.state = 'running';
}

async function finish(trx: Trx, jobs: ImportJobs, live: LiveImport): Promise<void> {
  const finishedAt = jobs.clock().toISOString();
  const { tally, itemBytes } = live;
  await updateImport(trx, live.row.id, { state: 'done', tally: JSON.stringify(tally), itemBytes, finishedAt });
}

/** Writes when no long transaction is open here: to try meanwhile would only make the others wait. */
async function whenNoLongWrite<T>(jobs: ImportJobs, work: () => Promise<T>): Promise<T> {
  await jobs.turn;
  stopIfAsked(jobs);
  return retryUntilStopped(jobs, work);
}

/** Repeats a piece of work while another process holds the store, until the imports stop. */
export async function retryUntilStopped<T>(jobs: ImportJobs, work: () => Promise<T>): Promise<T> {
  const until = () => {
    stopIfAsked(jobs);
    return false;
  };
  return retryWhileBusy(work, { pauseMs: lockPauseMs, until });
}

const lockPauseMs = 100;

function itemsOf({ path, row, request: { format, charset } }: LiveImport) {
  // Apart from what the token sends by itself, so that neither keeps the other waiting.
  return readBulk({ path, format, charset, caller: `imports of ${ownerOf(row.tokenId)}` });
}

async function readingFrom(db: Db, jobs: ImportJobs, live: LiveImport, skip: number): Promise<ReadingFrom> {
  const { lenient = false, division } = live.request;
  const { caller } = await actOf(db, jobs, live);
  const search = { caller, ...(division !== undefined && { division }) };
  return { skip, search, clock: jobs.clock, lenient, atOnce: shortBatch, maxItems };
}

/** A token that was revoked or has expired since files nothing more. Throws `unauthorized` then. */
async function actOf(db: Db, jobs: ImportJobs, { row }: LiveImport): Promise<ActContext> {
  const now = jobs.clock();
  const caller = row.tokenId === null ? operator : await callerOf(db, row.tokenId, now);
  return { actor: row.actor, caller, now };
}

/** Of the outcomes of one import, faults are kept up to so many bytes; beyond, what was refused says how many there are. */
const faultsKeptUpTo = 16 * 1024 * 1024;

/** The outcomes of some items as they are kept, `before` being the bytes that are kept of those before them. */
function bodiesOf(results: readonly Result[], before: number): string[] {
  const isFull = before > faultsKeptUpTo;
  return results.map(({ outcome }) => JSON.stringify(isFull ? withoutFaults(outcome) : outcome));
}

function bytesOf(bodies: readonly string[]): number {
  return bodies.reduce((sum, body) => sum + Buffer.byteLength(body), 0);
}

function tellUnforeseen(jobs: ImportJobs, results: readonly Result[]): void {
  for (const { refusal } of results) if (refusal?.cause !== undefined) jobs.onUnforeseen(refusal.cause);
}
