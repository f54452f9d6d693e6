/** What is shown of an import to the caller who sent it. */
import { Problem, type ProblemBody } from '../../problem.js';
import type { Db } from '../../store/engine/schema.js';
import { findImport, type ImportRow, type ImportState, listItems } from '../../store/imports.js';
import type { Caller } from '../../words.js';
import { nothingPassedOver, type PassedOver } from './format/item.js';
import type { ImportJobs, ImportRequest } from './job.js';
import { type RejectFormat, rejectFormats } from './rejects.js';
import type { ItemOutcome, Tally } from './tally.js';

/** An import as it is shown. */
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
  /** What of a zip is no item. */
  readonly passedOver: PassedOver;
  /** The formats in which what was refused can be had. */
  readonly rejects: readonly RejectFormat[];
}

/** An import as it is kept, for the caller who sent it. Throws `not-found`. */
export async function ownImport(db: Db, jobs: ImportJobs, caller: Caller, id: string): Promise<ImportRow> {
  // One under way is known here: a store in memory answers nothing while a transaction is open.
  const row = jobs.live.get(id)?.row ?? (await findImport(db, id));
  if (!row || !isOwn(caller, row)) throw notFound(id);
  return row;
}

/** An import as far as it is, for the caller who sent it. Throws `not-found`. */
export async function readImport(db: Db, jobs: ImportJobs, caller: Caller, id: string): Promise<ImportView> {
  const live = jobs.live.get(id);
  const row = await ownImport(db, jobs, caller, id);
  // Written by `acceptImport` and by the run.
  const request = JSON.parse(row.request) as ImportRequest;
  const state = live?.state ?? row.state;
  const tally = live?.tally ?? (JSON.parse(row.tally) as Tally);
  const { bytes, createdAt, finishedAt } = row;
  const problem = row.problem === null ? null : (JSON.parse(row.problem) as ProblemBody);
  const kept = isKept(request, state, tally);
  const rejects = finishedAt !== null && tally.rejected > 0 ? rejectFormats : [];
  const { passedOver = nothingPassedOver } = request;
  return { id, state, request, kept, tally, bytes, problem, createdAt, finishedAt, passedOver, rejects };
}

/** What became of the items of an import after a position, for the caller who sent it. Throws `not-found`. */
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

function isKept({ mode, dryRun }: ImportRequest, state: ImportState, tally: Tally): boolean | null {
  if (dryRun) return false;
  if (mode === 'each') return true;
  if (state === 'queued' || state === 'running') return null;
  return state === 'done' && tally.rejected === 0;
}

/** An import tells of the reports in it, so that no other token may see it. */
function isOwn(caller: Caller, { tokenId }: ImportRow): boolean {
  return caller.kind === 'operator' || (caller.kind === 'token' && caller.tokenId === tokenId);
}

function notFound(id: string): Problem {
  return new Problem('not-found', { zh: '没有该批量报送任务，或已过期。', en: `There is no import ${id} (any more).` });
}
