/**
 * Imports as jobs: each is kept with its file and how far it came. A batch, what became of its items and the count
 * are written in one transaction, so an import that was stopped in `each` goes on exactly where it stopped; one that
 * is all or nothing, or only tried out, begins from its start.
 */

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerOnce, type KeyedRequest } from '../../access/idempotency.js';
import { Problem, toProblem } from '../../problem.js';
import { beyondBound } from '../../share.js';
import { type CommitOptions, inTransaction } from '../../store/engine/commit.js';
import type { Db } from '../../store/engine/schema.js';
import {
  deleteImport,
  deleteImportsBefore,
  deleteSomeItems,
  type ImportRow,
  insertImport,
  keptImports,
  unfinishedImports,
  updateImport,
} from '../../store/imports.js';
import { openTurns } from '../../turns.js';
import type { ActContext } from '../../words.js';
import { foundCharset, foundPassedOver } from './format/formats.js';
import { type ImportJobs, type ImportRequest, type LiveImport, stopped } from './job.js';
import { retryUntilStopped, runEach, runWhole } from './run.js';
import { importBounds, ownerOf, requireRoom, type UnderWay } from './share.js';
import {
  boundKept,
  closeSpoolFolder,
  hasSpool,
  openSpoolFolder,
  removeAbandoned,
  removeSpool,
  removeWork,
  spoolBody,
} from './spool.js';
import { emptyTally, type Tally } from './tally.js';

/** How long what became of an import can be read after its end. */
const keptForMs = 7 * 24 * 3_600_000;

/** As often an import may be begun and end its process before it came any further. */
const maxAttempts = 3;

/**
 * Opens the imports of a process, and takes up those that nobody works on: an import whose file is gone is `interrupted`,
 * one that was begun too often and came no further has failed.
 */
export async function openImportJobs(
  db: Db,
  options: Pick<ImportJobs, 'clock' | 'onUnforeseen' | 'onDone' | 'process' | 'isRunning'>,
): Promise<ImportJobs> {
  const folder = await openSpoolFolder(db);
  const jobs: ImportJobs = {
    ...options,
    folder,
    live: new Map(),
    underWay: new Set(),
    stopping: false,
    turns: openTurns({ atOnce: 1, waiting: importBounds.imports }, tooManyLong),
    turn: Promise.resolve(),
  };
  const unfinished = await unfinishedImports(db);
  // Of those that were under way when the process died, any may be why: one at a time, so that none dies of another.
  let before: Promise<unknown> = Promise.resolve();
  for (const row of unfinished) {
    if (row.process !== null && row.process !== jobs.process && jobs.isRunning(row.process)) continue;
    if (await hasSpool(join(folder.path, row.id))) {
      const isSuspect = row.attempts > 0;
      if (isSuspect) await inTransaction(db, {}, (trx) => updateImport(trx, row.id, { process: jobs.process }));
      const live = begin(db, jobs, row, { share: shareFor(jobs, row), ...(isSuspect && { after: before }) });
      if (isSuspect) before = live.finished;
    } else {
      const interrupted = { state: 'interrupted' as const, finishedAt: jobs.clock().toISOString() };
      await inTransaction(db, {}, (trx) => updateImport(trx, row.id, interrupted));
    }
  }
  await removeAbandoned(folder.path, await knownImports(db), new Date());
  return jobs;
}

/** Imports that are under way are not refused their turn: their number is bounded. */
const tooManyLong = {
  all: { zh: '批量报送任务过多。', en: 'Too many imports are under way.' },
  own: { zh: '批量报送任务过多。', en: 'Too many imports are under way.' },
};

function shareFor(jobs: ImportJobs, { tokenId, bytes }: Pick<ImportRow, 'tokenId' | 'bytes'>): UnderWay {
  const share = { owner: ownerOf(tokenId), bytes };
  jobs.underWay.add(share);
  return share;
}

/**
 * Receives a body and begins its import, or, when the same was sent under its key before, names the one that was
 * begun then. Throws `too-many-requests` while as many or as much of this caller's is under way as may, `busy` while as much of
 * all is, and `body-too-large`: before the body is read where its length is declared. One that breaks off is forgotten.
 */
export async function acceptImport(
  db: Db,
  jobs: ImportJobs,
  sent: {
    readonly body: Readable;
    /** The length of the body as it is declared; 0 where it is not. */
    readonly declared: number;
    readonly act: Pick<ActContext, 'actor' | 'caller'>;
    readonly request: ImportRequest;
    /** Throws where who sends it may no longer do so; called once all of it is there. */
    readonly requireCallerStill: () => Promise<void>;
    /** Under which key, and by whom, it is sent, if it is to be taken once. */
    readonly keyed?: Omit<KeyedRequest, 'now'>;
  },
): Promise<LiveImport | { readonly replayed: string }> {
  if (jobs.stopping) throw new Problem('busy', { zh: '服务正在停止。', en: 'The service is stopping.' });
  const tokenId = sent.act.caller.kind === 'token' ? sent.act.caller.tokenId : null;
  const share: UnderWay = { owner: ownerOf(tokenId), bytes: sent.declared };
  requireRoom(jobs.underWay, importBounds, share);
  const id = randomUUID();
  const path = join(jobs.folder.path, id);
  jobs.underWay.add(share);
  let begun: LiveImport | undefined;
  try {
    const { bytes, digest } = await spoolBody(sent.body, path, (received) => {
      if (received <= share.bytes) return;
      const others = [...jobs.underWay].filter((other) => other !== share);
      requireRoom(others, importBounds, { owner: share.owner, bytes: received });
      share.bytes = received;
    });
    share.bytes = bytes;
    await sent.requireCallerStill();
    const now = jobs.clock();
    await jobs.turn;
    await forgetOld(db, jobs, now);
    const file = { ...sent.request, path };
    const [charset, passedOver] = [await foundCharset(file), await foundPassedOver(file)];
    const row: ImportRow = {
      id,
      state: 'queued',
      request: JSON.stringify({ ...sent.request, charset, passedOver }),
      actor: sent.act.actor,
      tokenId,
      bytes,
      digest,
      itemBytes: 0,
      tally: JSON.stringify(emptyTally),
      process: jobs.process,
      attempts: 0,
      problem: null,
      createdAt: now.toISOString(),
      finishedAt: null,
    };
    const keep = (commit: CommitOptions<ImportRow>) =>
      inTransaction(db, commit, async (trx) => {
        await insertImport(trx, row);
        return row;
      });
    if (!sent.keyed) {
      begun = begin(db, jobs, await keep({}), { share });
      return begun;
    }
    const asked = [sent.keyed.asked, sent.request, digest];
    const once = await answerOnce(db, { ...sent.keyed, asked, now }, keep, () => ({
      status: 202,
      headers: {},
      body: id,
    }));
    if (!once.replayed) {
      begun = begin(db, jobs, row, { share });
      return begun;
    }
    await removeSpool(path);
    return { replayed: once.body };
  } catch (error) {
    await removeSpool(path);
    throw error;
  } finally {
    // What has begun keeps its share until its end.
    if (!begun) jobs.underWay.delete(share);
  }
}

/** Stops after the batches under way; what is not finished is taken up when they are opened again. */
export async function closeImportJobs(jobs: ImportJobs): Promise<void> {
  jobs.stopping = true;
  await Promise.all([...jobs.live.values()].map((live) => live.finished));
  await closeSpoolFolder(jobs.folder);
}

/** Forgets an import that was answered in full. */
export async function forgetImport(db: Db, id: string): Promise<void> {
  await inTransaction(db, {}, (trx) => deleteImport(trx, id));
}

/** Waits until an import is finished, or has become a long one: by its items, or by time. */
export async function waitWhileShort(
  jobs: ImportJobs,
  live: LiveImport,
  most: { readonly items: number; readonly milliseconds: number },
): Promise<{ readonly error?: unknown } | 'long'> {
  const started = performance.now();
  for (;;) {
    const ended = await Promise.race([live.finished, sleep(pollMs, undefined, { ref: false })]);
    if (jobs.stopping) return 'long';
    if (ended) return ended;
    if (live.tally.received > most.items || performance.now() - started > most.milliseconds) return 'long';
  }
}

const pollMs = 20;

async function forgetOld(db: Db, jobs: ImportJobs, now: Date): Promise<void> {
  const before = new Date(now.getTime() - keptForMs).toISOString();
  const forget = () => inTransaction(db, {}, (trx) => deleteImportsBefore(trx, before, itemsForgottenAtOnce));
  while (!(await forget())) await sleep(1);
  const ended = (await keptImports(db)).filter(isEnded);
  const kept = ended.map(({ id, tokenId, itemBytes, finishedAt }) => ({
    ...{ id, owner: ownerOf(tokenId), bytes: itemBytes, at: finishedAt },
  }));
  for (const { id } of beyondBound(kept, maxItemBytes)) {
    const some = () => inTransaction(db, {}, (trx) => deleteSomeItems(trx, id, itemsForgottenAtOnce));
    while (!(await some())) await sleep(1);
    await forgetImport(db, id);
  }
  await removeAbandoned(jobs.folder.path, await knownImports(db), new Date());
}

const itemsForgottenAtOnce = 2000;

/** What is kept of the outcomes of imports that have ended; when it is more, the oldest of whoever has the most goes. */
const maxItemBytes = 1024 * 1024 * 1024;

type KeptImport = Awaited<ReturnType<typeof keptImports>>[number];

function isEnded(kept: KeptImport): kept is KeptImport & { readonly finishedAt: string } {
  return kept.finishedAt !== null;
}

function begin(
  db: Db,
  jobs: ImportJobs,
  row: ImportRow,
  { share, after }: { readonly share: UnderWay; readonly after?: Promise<unknown> },
): LiveImport {
  const live: LiveImport = {
    row,
    request: JSON.parse(row.request) as ImportRequest,
    path: join(jobs.folder.path, row.id),
    state: row.state,
    tally: JSON.parse(row.tally) as Tally,
    itemBytes: row.itemBytes,
    attempts: row.attempts,
    finished: Promise.resolve({}),
  };
  jobs.live.set(row.id, live);
  live.finished = run(db, jobs, live, after).finally(() => {
    jobs.live.delete(row.id);
    jobs.underWay.delete(share);
  });
  return live;
}

/** Works on an import to its end. Never throws: what fails is written down, and told to the log if unforeseen. */
async function run(
  db: Db,
  jobs: ImportJobs,
  live: LiveImport,
  after: Promise<unknown> | undefined,
): Promise<{ readonly error?: unknown }> {
  const { id } = live.row;
  const isWhole = live.request.mode === 'all' || live.request.dryRun;
  try {
    if (live.attempts >= maxAttempts) throw endsItsProcess(live);
    await after;
    await (isWhole ? runWhole(db, jobs, live) : runEach(db, jobs, live));
    await keepForRejects(db, jobs, live);
    if (!live.request.dryRun) jobs.onDone(live.tally);
    return {};
  } catch (error) {
    if (error !== stopped) return await fail(db, jobs, live, error);
    // It did not die of this import.
    const left = { process: null, attempts: live.attempts };
    await inTransaction(db, {}, (trx) => updateImport(trx, id, left)).catch(jobs.onUnforeseen);
    return {};
  }
}

function endsItsProcess({ attempts, tally: { received } }: LiveImport): Problem {
  return new Problem('internal', {
    zh: `服务处理该任务时连续 ${attempts} 次异常终止且没有进展，不再重试。已处理的 ${received} 项照旧保留，其余未处理。`,
    en: `The service ended ${attempts} times in a row while it worked on this import, which came no further and is not begun again. What was done stays, ${received} items; the rest was not done.`,
  });
}

/** The file is kept where something of it was refused: its rows are given back from it. */
async function keepForRejects(db: Db, jobs: ImportJobs, live: LiveImport): Promise<void> {
  if (live.tally.rejected === 0) return removeSpool(live.path);
  await removeWork(live.path);
  const ended = (await keptImports(db)).filter(isEnded);
  await boundKept(jobs.folder.path, new Map(ended.map(({ id, tokenId }) => [id, ownerOf(tokenId)])));
}

async function knownImports(db: Db): Promise<ReadonlySet<string>> {
  return new Set((await keptImports(db)).map(({ id }) => id));
}

async function fail(db: Db, jobs: ImportJobs, live: LiveImport, error: unknown): Promise<{ readonly error: unknown }> {
  const problem = toProblem(error);
  if (problem.status >= 500) jobs.onUnforeseen(error);
  try {
    const finishedAt = jobs.clock().toISOString();
    const change = { state: 'failed' as const, problem: JSON.stringify(problem.stored), finishedAt };
    await retryUntilStopped(jobs, () => inTransaction(db, {}, (trx) => updateImport(trx, live.row.id, change)));
    await keepForRejects(db, jobs, live);
  } catch (again) {
    if (again !== stopped) jobs.onUnforeseen(again);
  }
  return { error };
}
