/** The use case that files many reports: one transaction a batch, so that the disk is waited for once. */

import { Problem, toProblem } from '../../problem.js';
import { type Filed, fileReport, type Handling } from '../../report/file.js';
import type { Filing } from '../../report/filing.js';
import { inTransaction } from '../../store/engine/commit.js';
import type { Db } from '../../store/engine/schema.js';
import type { ActContext } from '../../words.js';

/** How each filing of a batch is to be taken. */
export interface BatchHandling extends Pick<Handling, 'lenient'> {
  /** Revise what is filed already, for the filing's own reason or else for this one; not given, it is refused. */
  readonly revise?: { readonly reason: string | null };
}

/** Asked about each filing of a batch by its place in it, so that no report is filed twice of one file. */
interface BatchWatch {
  /** The batch begins, or begins again after it was undone. */
  readonly begin: () => void;
  /** Why one is not to be filed. */
  readonly refusal: (index: number) => Problem | undefined;
  /** One was filed. */
  readonly filed: (index: number) => void;
}

const unwatched: BatchWatch = { begin: () => undefined, refusal: () => undefined, filed: () => undefined };

/**
 * Files some reports and returns what became of each, in their order: filed, or why it was refused. One that is
 * refused never stops the others. When something unforeseen fails, the batch is undone and each is filed alone,
 * so that only what fails itself is refused (as `internal`, the error as its `cause`). Inside a transaction of
 * the caller's, the unforeseen is thrown.
 */
export async function fileBatch(
  db: Db,
  act: ActContext,
  filings: readonly Filing[],
  handling: BatchHandling,
  watch = unwatched,
): Promise<(Filed | Problem)[]> {
  try {
    return await inTransaction(db, {}, (trx) =>
      fileEach(filings, watch, (filing) => fileOrRefuse(trx, act, filing, handling)),
    );
  } catch (error) {
    if (db.isTransaction || toProblem(error).kind === 'busy') throw error;
    return fileEach(filings, watch, (filing) => fileOrRefuse(db, act, filing, handling).catch(asRefusal));
  }
}

async function fileEach(
  filings: readonly Filing[],
  watch: BatchWatch,
  file: (filing: Filing) => Promise<Filed | Problem>,
): Promise<(Filed | Problem)[]> {
  watch.begin();
  const results: (Filed | Problem)[] = [];
  for (const [index, filing] of filings.entries()) {
    const result = watch.refusal(index) ?? (await file(filing));
    if (!(result instanceof Problem)) watch.filed(index);
    results.push(result);
  }
  return results;
}

function asRefusal(unforeseen: unknown): Problem {
  return unforeseen instanceof Problem ? unforeseen : Object.assign(toProblem(unforeseen), { cause: unforeseen });
}

async function fileOrRefuse(
  db: Db,
  act: ActContext,
  filing: Filing,
  handling: BatchHandling,
): Promise<Filed | Problem> {
  const { lenient = false, revise } = handling;
  const filed = await orRefusal(fileReport(db, act, filing, { method: 'post', lenient }));
  if (!revise || !(filed instanceof Problem) || filed.kind !== 'already-filed') return filed;
  const reasoned = { ...filing, reason: filing.reason ?? revise.reason };
  return orRefusal(fileReport(db, act, reasoned, { method: 'put', ifMatch: 'any', lenient }));
}

async function orRefusal(filing: Promise<Filed>): Promise<Filed | Problem> {
  try {
    return await filing;
  } catch (error) {
    // A failure of the store is not the filing's: what was written of it is to be undone.
    if (error instanceof Problem && error.status < 500) return error;
    throw error;
  }
}
