/**
 * The use case that files many reports from one file: each for itself (`each`), or all of them or none (`all`).
 * Items come as a stream; they are filed in batches short enough that whatever else is asked is answered between.
 */

import { Problem } from '../../problem.js';
import type { Filed } from '../../report/file.js';
import { errorsAmong } from '../../report/findings.js';
import { inTransaction } from '../../store/engine/commit.js';
import type { Db, Trx } from '../../store/engine/schema.js';
import type { ActContext } from '../../words.js';
import { type BatchHandling, fileBatch } from './batch.js';
import type { ReadItem } from './read-items.js';
import { refusalOfRepeated, type Stated, type StatedReport } from './repeats.js';
import { briefProblem, type ItemOutcome } from './tally.js';

/** How an import is to be taken. */
export interface ImportHandling extends BatchHandling {
  /** `each`: a bad item never stops the rest. `all`: nothing is kept when any item is refused. */
  readonly mode: 'each' | 'all';
  /** Do everything but keep it. */
  readonly dryRun: boolean;
}

/** What became of an item. */
export interface Result {
  readonly outcome: ItemOutcome;
  /** Why it was refused, in full; what was not foreseen is its `cause`. */
  readonly refusal?: Problem;
  /** Set where an equation of what was filed does not hold: a lenient import takes it. */
  readonly unbalanced?: true;
  /** The report that was filed: another of the same file is refused. */
  readonly filed?: StatedReport;
}

/**
 * Files a batch that was read, and tells what became of each item; what is in `stated` already, or twice in the batch, is
 * refused. Given a transaction it joins it. Once that is kept, `noteFiled` adds the results to `stated`.
 */
export async function fileItems(
  db: Db,
  act: ActContext,
  items: readonly ReadItem[],
  { handling, stated }: { readonly handling: BatchHandling; readonly stated: Stated },
): Promise<readonly Result[]> {
  const sound = items.flatMap(({ filing, report }) => (filing instanceof Problem ? [] : [{ filing, report }]));
  const fresh: Stated = new Map();
  const filings = sound.map(({ filing }) => filing);
  const filed = await fileBatch(db, act, filings, handling, {
    begin: () => fresh.clear(),
    refusal: (index) => {
      const report = sound[index]?.report;
      return report && refusalOfRepeated(report, stated, fresh);
    },
    filed: (index) => {
      const report = sound[index]?.report;
      if (report) fresh.set(report.key, report.place);
    },
  });
  const results = filed.values();
  return items.map((item) => resultOf(item, item.filing instanceof Problem ? item.filing : nextOf(results)));
}

/** Notes what was filed, and is kept, of a file. */
export function noteFiled(stated: Stated, results: readonly Result[]): void {
  for (const { filed } of results) if (filed) stated.set(filed.key, filed.place);
}

/** Runs a piece of work in one transaction and undoes it when the work asks for it; what it answered is returned. */
export async function tryInTransaction<T>(
  db: Db,
  work: (trx: Trx) => Promise<{ readonly value: T; readonly keep: boolean }>,
): Promise<T> {
  let undone: { readonly value: T } | undefined;
  try {
    return await inTransaction(db, {}, async (trx) => {
      const { value, keep } = await work(trx);
      if (keep) return value;
      undone = { value };
      throw undo;
    });
  } catch (error) {
    if (error === undo && undone) return undone.value;
    throw error;
  }
}

const undo = Symbol('undo');

function nextOf(filed: Iterator<Filed | Problem>): Filed | Problem {
  const { value, done } = filed.next();
  if (done) throw new Error('every filing of a batch has a result');
  return value;
}

function resultOf(item: ReadItem, filed: Filed | Problem): Result {
  const { filing: _, agency, year, sheet, line, ref, doubts, report } = item;
  const about = { ...(sheet !== undefined && { sheet }), line, ref, agency, year };
  const doubtful = doubts && doubts.length > 0 ? { doubts } : {};
  if (!(filed instanceof Problem)) {
    const { outcome, row, findings } = filed;
    return {
      outcome: { ...about, agency: filed.agency.code, outcome, revision: row.revision, ...doubtful },
      ...(errorsAmong(findings).length > 0 ? { unbalanced: true } : {}),
      ...(report && { filed: report }),
    };
  }
  return {
    outcome: { ...about, outcome: 'rejected', problem: briefProblem(filed.stored), ...doubtful },
    refusal: filed,
  };
}
