/** How an import is worked through: batch by batch, or all in one transaction that may be undone. */

import { setTimeout as sleep, setImmediate as yieldTurn } from 'node:timers/promises';
import { callerOf, operator } from '../../access/authority.js';
import { toProblem } from '../../problem.js';
import { inTransaction } from '../../store/engine/commit.js';
import { openBeside, openCopy } from '../../store/engine/open.js';
import type { Db, Trx } from '../../store/engine/schema.js';
import { deleteItems, insertItems, updateImport } from '../../store/imports.js';
import type { ActContext } from '../../words.js';
import { fileItems, type ReadItem, type ReadingFrom, type Result, readBatches, tryInTransaction } from './items.js';
import type { ImportJobs, LiveImport } from './jobs.js';
import { addOutcomeLines, clearCopy, clearOutcomes, outcomeLines } from './spool.js';
import { addOutcomes, emptyTally, type ItemOutcome, refuseAll, refuseOutcome } from './tally.js';

/** Thrown when the desk stops while an import is under way. */
export const stopped = Symbol('stopped');

/** Outcomes written in one transaction. */
const outcomesAtOnce = 200;

/** Works through an import item by item from where it stands. */
export async function runEach(db: Db, desk: ImportJobs, live: LiveImport): Promise<void> {
  await whenNoLongWrite(desk, () => start(db, desk, live));
  const skip = live.tally.received;
  for await (const batch of readBatches(db, itemsOf(desk, live), readingFrom(desk, live, skip))) {
    const results = await whenNoLongWrite(desk, () => fileAndRecord(db, desk, live, batch));
    live.tally = addOutcomes(live.tally, results);
    tellUnforeseen(desk, results);
  }
  await whenNoLongWrite(desk, () => finish(db, desk, live));
}

/**
 * Works through an import in one transaction. When it is kept, what became of its items is kept with it; when it is
 * undone, that is written afterwards. Where it can it has a connection of its own, so that nobody waits to read, and
 * what is long and only tried out has a copy of the store, so that nobody waits to write either.
 */
export async function runWhole(db: Db, desk: ImportJobs, live: LiveImport): Promise<void> {
  await whenNoLongWrite(desk, async () => {
    await start(db, desk, live);
    await deleteItems(db, live.row.id);
  });
  const onCopy = live.request.dryRun && live.row.bytes > copiedFrom;
  const copy = onCopy ? await openCopy(db, await clearCopy(live.path)) : undefined;
  const end = await (copy ? tryOn(copy, desk, live) : inTurn(desk, () => tryBeside(db, desk, live)));
  if (end === 'kept') return;
  await recordAfterwards(db, desk, live, end === 'refused' ? refuseOutcome : same);
}

/** A dry run of that many bytes or more is worth a copy of the store. */
const copiedFrom = 1024 * 1024;

/** There is one write transaction at a time: the next long one begins when the last has ended. */
async function inTurn<T>(desk: ImportJobs, work: () => Promise<T>): Promise<T> {
  const own = desk.turn.then(() => {
    stopIfAsked(desk);
    return work();
  });
  desk.turn = own.catch(() => undefined);
  return own;
}

async function tryBeside(db: Db, desk: ImportJobs, live: LiveImport): Promise<Ending> {
  const beside = await openBeside(db);
  return beside ? tryOn(beside, desk, live) : tryWhole(db, desk, live);
}

/** Tries on a connection that is closed after it. */
async function tryOn(own: Db, desk: ImportJobs, live: LiveImport): Promise<Ending> {
  try {
    return await retryWhileBusy(desk, () => tryWhole(own, desk, live));
  } finally {
    await own.destroy();
  }
}

type Ending = 'kept' | 'refused' | 'tried';

async function tryWhole(db: Db, desk: ImportJobs, live: LiveImport): Promise<Ending> {
  const { mode, dryRun } = live.request;
  live.tally = emptyTally;
  await clearOutcomes(live.path);
  return tryInTransaction(db, async (trx) => {
    for await (const batch of readBatches(trx, itemsOf(desk, live), readingFrom(desk, live, 0))) {
      stopIfAsked(desk);
      const results = await fileItems(trx, await actOf(trx, desk, live), batch, live.request);
      await addOutcomeLines(live.path, bodiesOf(results));
      live.tally = addOutcomes(live.tally, results);
    }
    if (mode === 'all' && live.tally.rejected > 0) {
      live.tally = refuseAll(live.tally);
      return { value: 'refused', keep: false };
    }
    if (dryRun) return { value: 'tried', keep: false };
    let position = 1;
    for await (const bodies of outcomeLines(live.path, outcomesAtOnce)) {
      await insertItems(trx, live.row.id, position, bodies);
      position += bodies.length;
      await yieldTurn();
    }
    await finish(trx, desk, live);
    return { value: 'kept', keep: true };
  });
}

async function recordAfterwards(
  db: Db,
  desk: ImportJobs,
  live: LiveImport,
  change: (outcome: ItemOutcome) => ItemOutcome,
): Promise<void> {
  let position = 1;
  for await (const lines of outcomeLines(live.path, outcomesAtOnce)) {
    // The lines were written from outcomes by this very run.
    const bodies = lines.map((line) => JSON.stringify(change(JSON.parse(line) as ItemOutcome)));
    const from = position;
    await whenNoLongWrite(desk, () => inTransaction(db, {}, (trx) => insertItems(trx, live.row.id, from, bodies)));
    position += lines.length;
    await yieldTurn();
  }
  await whenNoLongWrite(desk, () => finish(db, desk, live));
}

const same = (outcome: ItemOutcome): ItemOutcome => outcome;

/** Files a batch and writes what became of it, both or neither; what fails for itself is filed apart from the rest. */
async function fileAndRecord(
  db: Db,
  desk: ImportJobs,
  live: LiveImport,
  batch: readonly ReadItem[],
): Promise<readonly Result[]> {
  const act = await actOf(db, desk, live);
  try {
    return await inTransaction(db, {}, async (trx) => {
      const results = await fileItems(trx, act, batch, live.request);
      await record(trx, live, results);
      return results;
    });
  } catch (error) {
    if (toProblem(error).kind === 'busy') throw error;
    const results = await fileItems(db, act, batch, live.request);
    await inTransaction(db, {}, (trx) => record(trx, live, results));
    return results;
  }
}

async function record(trx: Trx, live: LiveImport, results: readonly Result[]): Promise<void> {
  await insertItems(trx, live.row.id, live.tally.received + 1, bodiesOf(results));
  await updateImport(trx, live.row.id, { tally: JSON.stringify(addOutcomes(live.tally, results)) });
}

async function start(db: Db, desk: ImportJobs, live: LiveImport): Promise<void> {
  await updateImport(db, live.row.id, { state: 'running', worker: desk.worker });
  live.state = 'running';
}

async function finish(db: Db, desk: ImportJobs, live: LiveImport): Promise<void> {
  const finishedAt = desk.clock().toISOString();
  await updateImport(db, live.row.id, { state: 'done', tally: JSON.stringify(live.tally), finishedAt });
}

/** Writes when no long transaction is open here: to try meanwhile would only make the others wait. */
async function whenNoLongWrite<T>(desk: ImportJobs, work: () => Promise<T>): Promise<T> {
  await desk.turn;
  stopIfAsked(desk);
  return retryWhileBusy(desk, work);
}

/** Tries again while another process holds the store, until the desk stops. */
export async function retryWhileBusy<T>(desk: ImportJobs, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (toProblem(error).kind !== 'busy') throw error;
      stopIfAsked(desk);
      await sleep(lockPauseMs);
    }
  }
}

const lockPauseMs = 100;

function itemsOf(desk: ImportJobs, live: LiveImport) {
  return desk.readItems({ path: live.path, format: live.request.format, charset: live.request.charset });
}

function readingFrom({ clock }: ImportJobs, { request }: LiveImport, skip: number): ReadingFrom {
  return { skip, clock, lenient: request.lenient ?? false };
}

/** A token that was revoked or has expired since files nothing more. Throws `unauthorized` then. */
async function actOf(db: Db, desk: ImportJobs, { row }: LiveImport): Promise<ActContext> {
  const now = desk.clock();
  const caller = row.tokenId === null ? operator : await callerOf(db, row.tokenId, now);
  return { actor: row.actor, caller, now };
}

function bodiesOf(results: readonly Result[]): string[] {
  return results.map(({ outcome }) => JSON.stringify(outcome));
}

function stopIfAsked(desk: ImportJobs): void {
  if (desk.stopping) throw stopped;
}

function tellUnforeseen(desk: ImportJobs, results: readonly Result[]): void {
  for (const { unforeseen } of results) if (unforeseen !== undefined) desk.onUnforeseen(unforeseen);
}
