/**
 * Imports as jobs: each is kept with its file and how far it came. A batch, what became of its items and the count
 * are written in one transaction, so an import that was stopped in `each` goes on exactly where it stopped; one that
 * is all or nothing, or only tried out, begins anew.
 */

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerOnce, type KeyedRequest } from '../../access/idempotency.js';
import { Problem, type ProblemBody, toProblem } from '../../problem.js';
import { type CommitOptions, inTransaction } from '../../store/engine/open.js';
import type { Db } from '../../store/engine/schema.js';
import {
  deleteImport,
  deleteImportsBefore,
  findImport,
  type ImportRow,
  type ImportState,
  insertImport,
  listItems,
  unfinishedImports,
  updateImport,
} from '../../store/imports.js';
import type { ActContext, Caller } from '../../words.js';
import type { ImportHandling, ImportItem } from './items.js';
import { retryWhileBusy, runEach, runWhole, stopped } from './run.js';
import {
  closeSpoolFolder,
  digestOfSpool,
  hasSpool,
  openSpoolFolder,
  removeAbandoned,
  removeSpool,
  type SpoolFolder,
  spoolBody,
} from './spool.js';
import { emptyTally, type ItemOutcome, type Tally } from './tally.js';

/** What an import is: what its file holds, as the reader understands it, and how it is to be taken. */
export interface ImportRequest extends ImportHandling {
  readonly format: string;
  readonly charset: string | null;
}

/** An import that is being worked on in this process. */
export interface LiveImport {
  readonly row: ImportRow;
  readonly request: ImportRequest;
  readonly path: string;
  state: ImportState;
  tally: Tally;
  /** Settles when it has come to its end, or when the desk stops; the error is why it failed. */
  finished: Promise<{ readonly error?: unknown }>;
}

/** Where imports are worked on. One a process and store; nothing of the store is held in it. */
export interface ImportJobs {
  readonly clock: () => Date;
  /** Reads the items of a file, the same at every reading. */
  readonly readItems: (file: { path: string; format: string; charset: string | null }) => AsyncIterable<ImportItem>;
  /** Is told what failed and was not foreseen. */
  readonly onUnforeseen: (error: unknown) => void;
  /** Is told what became of the items of an import that is done. */
  readonly onDone: (tally: Tally) => void;
  /** Names this process, so that another on the same store leaves its imports alone. */
  readonly worker: number;
  readonly isAlive: (worker: number) => boolean;
  readonly folder: SpoolFolder;
  readonly live: Map<string, LiveImport>;
  /** Bodies that are being received. */
  uploads: number;
  stopping: boolean;
  /** Ends when the all-or-nothing imports before have: there is one write transaction at a time. */
  turn: Promise<unknown>;
}

/** An import as it is read. */
export interface ImportView {
  readonly id: string;
  readonly state: ImportState;
  readonly request: ImportRequest;
  /** Whether what is counted is kept; null while that is still open. */
  readonly kept: boolean | null;
  readonly tally: Tally;
  /** The size of what was sent. */
  readonly bytes: number;
  readonly problem: ProblemBody | null;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

/** Imports taken at once; more have to wait their turn. */
const maxAtOnce = 16;

/** How long what became of an import can be read after its end. */
const keptForMs = 7 * 24 * 3_600_000;

/** Opens a desk, and takes up the imports that nobody works on: an import whose file is gone is `interrupted`. */
export async function openImportJobs(
  db: Db,
  options: Pick<ImportJobs, 'clock' | 'readItems' | 'onUnforeseen' | 'onDone' | 'worker' | 'isAlive'>,
): Promise<ImportJobs> {
  const folder = await openSpoolFolder(db);
  const desk: ImportJobs = {
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
    if (row.worker !== null && row.worker !== desk.worker && desk.isAlive(row.worker)) continue;
    if (await hasSpool(join(folder.path, row.id))) begin(db, desk, row);
    else await updateImport(db, row.id, { state: 'interrupted', finishedAt: desk.clock().toISOString() });
  }
  await removeAbandoned(folder.path, new Set(unfinished.map(({ id }) => id)), desk.clock());
  return desk;
}

/**
 * Receives a body and begins its import, or, when the same was sent under its key before, names the one that was
 * begun then. Throws `busy` while too many are under way, and `body-too-large`; a body that breaks off is forgotten.
 */
export async function acceptImport(
  db: Db,
  desk: ImportJobs,
  sent: {
    readonly body: Readable;
    readonly act: Pick<ActContext, 'actor' | 'caller'>;
    readonly request: ImportRequest;
    /** Under which key, and by whom, it is sent, if it is to be taken once. */
    readonly keyed?: Omit<KeyedRequest, 'now'>;
  },
): Promise<LiveImport | { readonly replayed: string }> {
  if (desk.stopping || desk.live.size + desk.uploads >= maxAtOnce) {
    throw new Problem('busy', {
      zh: '批量报送任务过多，请稍后重试。',
      en: 'Too many imports are under way. Try again shortly.',
    });
  }
  const id = randomUUID();
  const path = join(desk.folder.path, id);
  desk.uploads += 1;
  try {
    const bytes = await spoolBody(sent.body, path);
    const now = desk.clock();
    await desk.turn;
    await forgetOld(db, now);
    const row: ImportRow = {
      id,
      state: 'queued',
      request: JSON.stringify(sent.request),
      actor: sent.act.actor,
      tokenId: sent.act.caller.kind === 'token' ? sent.act.caller.tokenId : null,
      bytes,
      tally: JSON.stringify(emptyTally),
      worker: desk.worker,
      problem: null,
      createdAt: now.toISOString(),
      finishedAt: null,
    };
    const keep = (commit: CommitOptions<ImportRow>) =>
      inTransaction(db, commit, async (trx) => {
        await insertImport(trx, row);
        return row;
      });
    if (!sent.keyed) return begin(db, desk, await keep({}));
    const asked = [sent.keyed.asked, sent.request, await digestOfSpool(path)];
    const once = await answerOnce(db, { ...sent.keyed, asked, now }, keep, () => ({
      status: 202,
      headers: {},
      body: id,
    }));
    if (!once.replayed) return begin(db, desk, row);
    await removeSpool(path);
    return { replayed: once.body };
  } catch (error) {
    await removeSpool(path);
    throw error;
  } finally {
    desk.uploads -= 1;
  }
}

/** Stops after the batches under way; what is not finished is taken up when a desk is opened again. */
export async function closeImportJobs(desk: ImportJobs): Promise<void> {
  desk.stopping = true;
  await Promise.all([...desk.live.values()].map((live) => live.finished));
  await closeSpoolFolder(desk.folder);
}

/** An import as it stands, to whoever sent it. Throws `not-found`. */
export async function readImport(db: Db, desk: ImportJobs, caller: Caller, id: string): Promise<ImportView> {
  const live = desk.live.get(id);
  // One under way is known here: a store in memory answers nothing while a transaction is open.
  const row = live?.row ?? (await findImport(db, id));
  if (!row || !isOwn(caller, row)) throw notFound(id);
  // Written by `acceptImport` and by the run.
  const request = JSON.parse(row.request) as ImportRequest;
  const state = live?.state ?? row.state;
  const tally = live?.tally ?? (JSON.parse(row.tally) as Tally);
  const { bytes, createdAt, finishedAt } = row;
  const problem = row.problem === null ? null : (JSON.parse(row.problem) as ProblemBody);
  return { id, state, request, kept: isKept(request, state, tally), tally, bytes, problem, createdAt, finishedAt };
}

/** What became of the items of an import after a position, to whoever sent it. Throws `not-found`. */
export async function readImportItems(
  db: Db,
  caller: Caller,
  id: string,
  page: { readonly first: number; readonly after: number },
): Promise<{ readonly items: readonly ItemOutcome[]; readonly next: number | null }> {
  const row = await findImport(db, id);
  if (!row || !isOwn(caller, row)) throw notFound(id);
  const rows = await listItems(db, id, { first: page.first + 1, after: page.after });
  const shown = rows.slice(0, page.first);
  const items = shown.map(({ body }) => JSON.parse(body) as ItemOutcome);
  return { items, next: rows.length > shown.length ? (shown.at(-1)?.position ?? null) : null };
}

/** Forgets an import that was answered in full. */
export async function forgetImport(db: Db, id: string): Promise<void> {
  await deleteImport(db, id);
}

/** Waits until an import is finished, or has become a long one: by its items, or by time. */
export async function waitWhileShort(
  desk: ImportJobs,
  live: LiveImport,
  most: { readonly items: number; readonly milliseconds: number },
): Promise<{ readonly error?: unknown } | 'long'> {
  const started = performance.now();
  for (;;) {
    const ended = await Promise.race([live.finished, sleep(pollMs, undefined, { ref: false })]);
    if (desk.stopping) return 'long';
    if (ended) return ended;
    if (live.tally.received > most.items || performance.now() - started > most.milliseconds) return 'long';
  }
}

const pollMs = 20;

async function forgetOld(db: Db, now: Date): Promise<void> {
  const before = new Date(now.getTime() - keptForMs).toISOString();
  while (!(await deleteImportsBefore(db, before, itemsForgottenAtOnce))) await sleep(1);
}

const itemsForgottenAtOnce = 2000;

function begin(db: Db, desk: ImportJobs, row: ImportRow): LiveImport {
  const live: LiveImport = {
    row,
    request: JSON.parse(row.request) as ImportRequest,
    path: join(desk.folder.path, row.id),
    state: row.state,
    tally: JSON.parse(row.tally) as Tally,
    finished: Promise.resolve({}),
  };
  desk.live.set(row.id, live);
  live.finished = run(db, desk, live).finally(() => desk.live.delete(row.id));
  return live;
}

/** Works on an import to its end. Never throws: what fails is written down, and told to the log if unforeseen. */
async function run(db: Db, desk: ImportJobs, live: LiveImport): Promise<{ readonly error?: unknown }> {
  const { id } = live.row;
  const isWhole = live.request.mode === 'all' || live.request.dryRun;
  try {
    await (isWhole ? runWhole(db, desk, live) : runEach(db, desk, live));
    await removeSpool(live.path);
    desk.onDone(live.tally);
    return {};
  } catch (error) {
    if (error !== stopped) return await fail(db, desk, live, error);
    await updateImport(db, id, { worker: null }).catch(desk.onUnforeseen);
    return {};
  }
}

async function fail(db: Db, desk: ImportJobs, live: LiveImport, error: unknown): Promise<{ readonly error: unknown }> {
  const problem = toProblem(error);
  if (problem.status >= 500) desk.onUnforeseen(error);
  try {
    const finishedAt = desk.clock().toISOString();
    const change = { state: 'failed' as const, problem: JSON.stringify(problem.stored), finishedAt };
    await retryWhileBusy(desk, () => updateImport(db, live.row.id, change));
    await removeSpool(live.path);
  } catch (again) {
    if (again !== stopped) desk.onUnforeseen(again);
  }
  return { error };
}

function isKept({ mode, dryRun }: ImportRequest, state: ImportState, tally: Tally): boolean | null {
  if (dryRun) return false;
  if (mode === 'each') return true;
  if (state === 'queued' || state === 'running') return null;
  return state === 'done' && tally.rejected === 0;
}

/** An import tells of the reports in it: it is no business of another token's. */
function isOwn(caller: Caller, { tokenId }: ImportRow): boolean {
  return caller.kind === 'operator' || (caller.kind === 'token' && caller.tokenId === tokenId);
}

function notFound(id: string): Problem {
  return new Problem('not-found', { zh: '没有该批量报送任务，或已过期。', en: `There is no import ${id} (any more).` });
}
