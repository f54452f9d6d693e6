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
import { type CommitOptions, inTransaction } from '../../store/engine/commit.js';
import type { Db } from '../../store/engine/schema.js';
import {
  deleteImport,
  deleteImportsBefore,
  type ImportRow,
  importIds,
  insertImport,
  unfinishedImports,
  updateImport,
} from '../../store/imports.js';
import type { ActContext } from '../../words.js';
import { foundCharset, foundPassedOver } from './format/formats.js';
import { type ImportJobs, type ImportRequest, type LiveImport, stopped } from './job.js';
import { retryUntilStopped, runEach, runWhole } from './run.js';
import {
  boundKept,
  closeSpoolFolder,
  digestOfSpool,
  hasSpool,
  openSpoolFolder,
  removeAbandoned,
  removeSpool,
  removeWork,
  spoolBody,
} from './spool.js';
import { emptyTally, type Tally } from './tally.js';

/** Imports taken at once; more have to wait their turn. */
const maxAtOnce = 16;

/** How long what became of an import can be read after its end. */
const keptForMs = 7 * 24 * 3_600_000;

/** Opens the imports of a process, and takes up those that nobody works on: an import whose file is gone is `interrupted`. */
export async function openImportJobs(
  db: Db,
  options: Pick<ImportJobs, 'clock' | 'onUnforeseen' | 'onDone' | 'worker' | 'isAlive'>,
): Promise<ImportJobs> {
  const folder = await openSpoolFolder(db);
  const jobs: ImportJobs = {
    ...options,
    folder,
    live: new Map(),
    uploads: 0,
    stopping: false,
    turn: Promise.resolve(),
  };
  const unfinished = await unfinishedImports(db);
  for (const row of unfinished) {
    // A process of the same number as this one was this one before its restart.
    if (row.worker !== null && row.worker !== jobs.worker && jobs.isAlive(row.worker)) continue;
    if (await hasSpool(join(folder.path, row.id))) begin(db, jobs, row);
    else {
      const interrupted = { state: 'interrupted' as const, finishedAt: jobs.clock().toISOString() };
      await inTransaction(db, {}, (trx) => updateImport(trx, row.id, interrupted));
    }
  }
  await removeAbandoned(folder.path, await knownImports(db), new Date());
  return jobs;
}

/**
 * Receives a body and begins its import, or, when the same was sent under its key before, names the one that was
 * begun then. Throws `busy` while too many are under way, and `body-too-large`; a body that breaks off is forgotten.
 */
export async function acceptImport(
  db: Db,
  jobs: ImportJobs,
  sent: {
    readonly body: Readable;
    readonly act: Pick<ActContext, 'actor' | 'caller'>;
    readonly request: ImportRequest;
    /** Under which key, and by whom, it is sent, if it is to be taken once. */
    readonly keyed?: Omit<KeyedRequest, 'now'>;
  },
): Promise<LiveImport | { readonly replayed: string }> {
  if (jobs.stopping || jobs.live.size + jobs.uploads >= maxAtOnce) {
    throw new Problem('busy', {
      zh: '批量报送任务过多，请稍后重试。',
      en: 'Too many imports are under way. Try again shortly.',
    });
  }
  const id = randomUUID();
  const path = join(jobs.folder.path, id);
  jobs.uploads += 1;
  try {
    const bytes = await spoolBody(sent.body, path);
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
      tokenId: sent.act.caller.kind === 'token' ? sent.act.caller.tokenId : null,
      bytes,
      tally: JSON.stringify(emptyTally),
      worker: jobs.worker,
      problem: null,
      createdAt: now.toISOString(),
      finishedAt: null,
    };
    const keep = (commit: CommitOptions<ImportRow>) =>
      inTransaction(db, commit, async (trx) => {
        await insertImport(trx, row);
        return row;
      });
    if (!sent.keyed) return begin(db, jobs, await keep({}));
    const asked = [sent.keyed.asked, sent.request, await digestOfSpool(path)];
    const once = await answerOnce(db, { ...sent.keyed, asked, now }, keep, () => ({
      status: 202,
      headers: {},
      body: id,
    }));
    if (!once.replayed) return begin(db, jobs, row);
    await removeSpool(path);
    return { replayed: once.body };
  } catch (error) {
    await removeSpool(path);
    throw error;
  } finally {
    jobs.uploads -= 1;
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
  await removeAbandoned(jobs.folder.path, await knownImports(db), new Date());
}

const itemsForgottenAtOnce = 2000;

function begin(db: Db, jobs: ImportJobs, row: ImportRow): LiveImport {
  const live: LiveImport = {
    row,
    request: JSON.parse(row.request) as ImportRequest,
    path: join(jobs.folder.path, row.id),
    state: row.state,
    tally: JSON.parse(row.tally) as Tally,
    finished: Promise.resolve({}),
  };
  jobs.live.set(row.id, live);
  live.finished = run(db, jobs, live).finally(() => jobs.live.delete(row.id));
  return live;
}

/** Works on an import to its end. Never throws: what fails is written down, and told to the log if unforeseen. */
async function run(db: Db, jobs: ImportJobs, live: LiveImport): Promise<{ readonly error?: unknown }> {
  const { id } = live.row;
  const isWhole = live.request.mode === 'all' || live.request.dryRun;
  try {
    await (isWhole ? runWhole(db, jobs, live) : runEach(db, jobs, live));
    await keepForRejects(db, jobs, live);
    if (!live.request.dryRun) jobs.onDone(live.tally);
    return {};
  } catch (error) {
    if (error !== stopped) return await fail(db, jobs, live, error);
    await inTransaction(db, {}, (trx) => updateImport(trx, id, { worker: null })).catch(jobs.onUnforeseen);
    return {};
  }
}

/** The file is kept where something of it was refused: its rows are given back from it. */
async function keepForRejects(db: Db, jobs: ImportJobs, live: LiveImport): Promise<void> {
  if (live.tally.rejected === 0) return removeSpool(live.path);
  await removeWork(live.path);
  const ended = (await importIds(db)).filter(({ finishedAt }) => finishedAt !== null);
  await boundKept(jobs.folder.path, new Set(ended.map(({ id }) => id)));
}

async function knownImports(db: Db): Promise<ReadonlySet<string>> {
  return new Set((await importIds(db)).map(({ id }) => id));
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
