/** Commits: pieces of work that arrive together share one, and with it one wait for the disk. */
import { type Account, takeTurns, workFor, workingFor } from '../../loop.js';
import { asProblem, isBusy, retryWhileBusy } from './failure.js';
import type { Db, Trx } from './schema.js';
import { requireOpen, type Store, setStore, storeOf } from './store.js';
import { beginTouching, endDeferred, endPiece, moveVersions } from './versions.js';

/** How long work waits for another process's lock before it is refused, and between two attempts. */
const lockPatienceMs = 450;
const lockPauseMs = 25;

/** Milliseconds of work after which a commit takes on no more, so that what it did is soon kept and answered. */
const commitMs = 100;

/** A piece of work that waits for its transaction. */
interface Job {
  readonly dryRun: boolean;
  readonly work: (trx: Trx) => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** For whom it is done. */
  readonly account: Account | undefined;
  /** Since when only another process can keep it waiting, in milliseconds of the process's own clock. */
  since: number;
}

/** The work that waits, by store; a store has a queue while it is being worked off. */
const queues = new WeakMap<Db, Job[]>();

/** By file, the end of the last transaction in this process that has the write lock or waits for it. */
const turns = new Map<string, Promise<void>>();

/**
 * Waits until no other connection of this process writes to the file, in the order of coming, and returns how to let
 * the next one in. A long transaction of this process is known to end: who waits for it is not refused.
 */
async function takeTurn(file: string, afterWait: () => void): Promise<() => void> {
  const before = turns.get(file);
  let end = () => {};
  const own = new Promise<void>((resolve) => {
    end = resolve;
  });
  turns.set(file, own);
  if (before) {
    await before;
    afterWait();
  }
  return () => {
    if (turns.get(file) === own) turns.delete(file);
    end();
  };
}

/** What is to be kept of a piece of work. */
export interface CommitOptions<T> {
  /** Do everything but keep it. */
  readonly dryRun?: boolean;
  /** A first step of it, which sees all that was committed before; what it throws leaves the work undone. */
  readonly begin?: (trx: Trx) => Promise<void>;
  /** A last step of it, given what the work came to: kept with it or not at all. */
  readonly finish?: (trx: Trx, value: T) => Promise<void>;
}

/** How much a store has to write, and has written since it was opened. */
export interface WriteLoad {
  /** Pieces of work that wait for a transaction. */
  readonly waiting: number;
  readonly commits: number;
  /** Pieces of work in those commits, those that failed or were only tried out among them. */
  readonly pieces: number;
}

const written = new WeakMap<Db, { commits: number; pieces: number }>();

/** How much a store has to write, and has written. */
export function writeLoadOf(db: Db): WriteLoad {
  const { commits = 0, pieces = 0 } = written.get(db) ?? {};
  return { waiting: queues.get(db)?.length ?? 0, commits, pieces };
}

function countCommit(db: Db, pieces: number): void {
  const before = writeLoadOf(db);
  written.set(db, { commits: before.commits + 1, pieces: before.pieces + pieces });
}

/**
 * Runs a piece of work in a transaction: all of it is kept, or none, when it throws or is only tried out (`dryRun`).
 * Pieces that arrive together share one commit, and so one wait for the disk; each is answered after it, and one
 * that throws undoes only itself. While another connection of this process writes they wait their turn; while another
 * process holds the database they wait for less than a second, outside the event loop, and then it throws `busy`. Given
 * a transaction it joins that one: what was begun there is kept or undone there.
 */
export async function inTransaction<T>(
  db: Db,
  { dryRun = false, begin, finish }: CommitOptions<T>,
  unfinished: (trx: Trx) => Promise<T>,
): Promise<T> {
  const work = async (trx: Trx) => {
    await begin?.(trx);
    const value = await unfinished(trx);
    if (!dryRun) await finish?.(trx, value);
    return value;
  };
  // Kysely marks a Transaction, and nothing else, so.
  if (db.isTransaction) return work(db as Trx);
  return new Promise((resolve, reject) => {
    // The job's value is what its work returns, a T; the queue holds work of every kind.
    const job: Job = {
      dryRun,
      work,
      resolve: resolve as Job['resolve'],
      reject,
      account: workingFor(),
      since: performance.now(),
    };
    const queue = queues.get(db);
    if (queue) queue.push(job);
    else void workOff(db, [job]);
  });
}

/** What is put off to the end of a transaction, by what carries it out. */
type Deferrals = Map<CarryOut<unknown>, unknown[]>;
type CarryOut<Entry> = (trx: Trx, entries: readonly Entry[]) => Promise<void>;
const deferrals = new WeakMap<Db, Deferrals>();

/**
 * Puts something off to the end of the transaction, where `carryOut` is given all that was put off for it at once:
 * filings that share a commit then write the sums they share once. What a piece of work put off is forgotten when it
 * fails. A reader of such sums inside the transaction calls `flushDeferred` first.
 */
export function defer<Entry>(trx: Trx, entry: Entry, carryOut: CarryOut<Entry>): void {
  const pending = deferrals.get(trx);
  if (!pending) throw new Error('a transaction is begun by inTransaction');
  // A list holds only what was put off with its own `carryOut`, whose entries are of this type.
  const run = carryOut as CarryOut<unknown>;
  const entries = pending.get(run);
  if (entries) entries.push(entry);
  else pending.set(run, [entry]);
}

/** Carries out what was put off so far. */
export async function flushDeferred(trx: Trx): Promise<void> {
  const pending = deferrals.get(trx);
  if (!pending) return;
  const all = [...pending];
  pending.clear();
  for (const [carryOut, entries] of all) await carryOut(trx, entries);
}

async function workOff(db: Db, queue: Job[]): Promise<void> {
  queues.set(db, queue);
  while (queue.length > 0) {
    // Requests that are being read in this turn of the event loop come into the same commit.
    await new Promise((resume) => setImmediate(resume));
    const patience = { pauseMs: lockPauseMs, until: (error: unknown) => refuseLate(queue, error) };
    // It gives up once all that waited is refused.
    await retryWhileBusy(() => commitTogether(db, queue), patience).catch(() => {});
  }
  queues.delete(db);
}

/**
 * Takes work off the queue once the lock is taken, so that what comes while it is waited for shares its commit. Throws
 * only while another process holds the database; then the queue is as it was.
 */
async function commitTogether(db: Db, queue: Job[]): Promise<void> {
  const jobs: Job[] = [];
  const answers: (() => void)[] = [];
  const store = storeOf(db);
  const { file } = store.write;
  const restart = () => {
    const now = performance.now();
    for (const job of queue) job.since = now;
  };
  // In memory whoever reads waits for the transaction to end.
  const othersTurn = file === undefined ? async () => undefined : takeTurns();
  const mayJoin = (joined: number, taken: number) => joined < store.maxTogether && taken < commitMs;
  const letNext = file === undefined ? undefined : await takeTurn(file, restart);
  let own: Trx | undefined;
  try {
    await db.transaction().execute(async (trx) => {
      own = trx;
      setStore(trx, store);
      beginTouching(trx);
      deferrals.set(trx, new Map());
      const begun = performance.now();
      while (jobs.length === 0 || mayJoin(jobs.length, performance.now() - begun)) {
        const job = queue.shift();
        if (!job) break;
        jobs.push(job);
        answers.push(await runJob(trx, job, store));
        await othersTurn();
      }
      await flushDeferred(trx);
      endDeferred(trx);
    });
    countCommit(db, jobs.length);
    moveVersions(db, own);
  } catch (error) {
    const failure = asProblem(error);
    if (jobs.length === 0 && isBusy(failure)) throw failure;
    moveVersions(db, undefined);
    for (const job of jobs.length > 0 ? jobs : queue.splice(0)) job.reject(failure);
    return;
  } finally {
    letNext?.();
  }
  await answerAll(answers);
}

/** Answers that are given at once; each is written in the turn in which it is given. */
const answersAtOnce = 4;

/** Answers all, and lets others have their turn between them. */
async function answerAll(answers: readonly (() => void)[]): Promise<void> {
  for (const [index, answer] of answers.entries()) {
    if (index > 0 && index % answersAtOnce === 0) await new Promise((resume) => setImmediate(resume));
    answer();
  }
}

/** Refuses the work that has waited long enough; true when that is all there is. */
function refuseLate(queue: Job[], error: unknown): boolean {
  const now = performance.now();
  const late = queue.filter(({ since }) => now - since > lockPatienceMs).length;
  for (const job of queue.splice(0, late)) job.reject(error);
  return queue.length === 0;
}

/** Runs one piece of work behind a savepoint; what it returns answers it, once all is committed. */
async function runJob(trx: Trx, job: Job, store: Store): Promise<() => void> {
  const execute = (text: string) => requireOpen(store).write.prepare(text).run();
  const before = copyOf(deferrals.get(trx));
  const undo = () => {
    execute('rollback to job');
    deferrals.set(trx, before);
  };
  execute('savepoint job');
  workFor(job.account);
  try {
    const value = await job.work(trx);
    if (job.dryRun) undo();
    execute('release job');
    endPiece(trx, job.dryRun ? 'undone' : 'kept');
    return () => job.resolve(value);
  } catch (error) {
    // When the disk is full or fails, the database may undo the whole transaction: all that share it fail for that reason.
    if (!store.write.inTransaction()) throw error;
    undo();
    execute('release job');
    endPiece(trx, 'undone');
    return () => job.reject(asProblem(error));
  } finally {
    workFor(undefined);
  }
}

/** What was put off before a piece of work is still to be done when that undoes itself, even if it was done within it. */
function copyOf(pending: Deferrals = new Map()): Deferrals {
  return new Map([...pending].map(([carryOut, entries]) => [carryOut, [...entries]]));
}
