/**
 * The use case that files many reports from one file: each for itself (`each`), or all of them or none (`all`).
 * Items come as a stream; they are filed in batches short enough that whatever else is asked is answered between.
 */

import { setImmediate as yieldTurn } from 'node:timers/promises';
import { dayInChina } from '../../day.js';
import { Problem, toProblem } from '../../problem.js';
import { filingOf } from '../../report/document/document-filing.js';
import { fault, isRecord } from '../../report/faults.js';
import type { Filed } from '../../report/file.js';
import { type Filing, invalidReport, parseFiling } from '../../report/filing.js';
import { errorsAmong } from '../../report/findings.js';
import { inTransaction } from '../../store/engine/commit.js';
import type { Db, Trx } from '../../store/engine/schema.js';
import type { ActContext } from '../../words.js';
import { type BatchHandling, fileBatch } from './batch.js';
import type { ImportItem } from './format/item.js';
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
}

/** An item that was read: a filing, or why it is none. */
export interface ReadItem {
  readonly line: number;
  readonly ref: string | null;
  readonly agency: string | null;
  readonly year: number | null;
  readonly filing: Filing | Problem;
  readonly doubts?: readonly unknown[];
  /** The item itself, and the body of its filing as far as that was read: a refused one can be given back. */
  readonly item: ImportItem;
  readonly body?: unknown;
}

/** Longest name a caller may give an item. */
const maxRefLength = 200;

/** Doubts shown of one document. */
const doubtsShown = 50;

/** How items are read. */
export interface ReadingFrom {
  /** Items passed over at the start. */
  readonly skip: number;
  readonly clock: () => Date;
  /** Whether doubtful cells of documents are filed blank. */
  readonly lenient: boolean;
  /** A batch is full when it has that many items or bytes. */
  readonly atOnce: { readonly items: number; readonly bytes: number };
  /** The most items there may be; any number when left out. */
  readonly maxItems?: number;
}

/**
 * Reads the items after the first `skip` in batches. Other work gets its turn between them. Throws `body-too-large`
 * beyond the most items, and what the stream throws.
 */
export async function* readBatches(
  db: Db,
  items: AsyncIterable<ImportItem>,
  { skip, clock, lenient, atOnce, maxItems = Infinity }: ReadingFrom,
): AsyncGenerator<readonly ReadItem[]> {
  let batch: ReadItem[] = [];
  let bytes = 0;
  let count = 0;
  for await (const item of items) {
    count += 1;
    if (count > maxItems) throw tooMany(maxItems);
    if (count <= skip) {
      if (count % 100 === 0) await yieldTurn();
      continue;
    }
    batch.push(await readItem(db, item, { today: dayInChina(clock()), lenient }));
    bytes += item.bytes;
    if (batch.length < atOnce.items && bytes < atOnce.bytes) continue;
    yield batch;
    await yieldTurn();
    [batch, bytes] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}

/** Files a batch that was read, and tells what became of each item. Given a transaction it joins it. */
export async function fileItems(
  db: Db,
  act: ActContext,
  items: readonly ReadItem[],
  handling: BatchHandling,
): Promise<readonly Result[]> {
  const filings = items.flatMap(({ filing }) => (filing instanceof Problem ? [] : [filing]));
  const filed = (await fileBatch(db, act, filings, handling)).values();
  return items.map((item) => resultOf(item, item.filing instanceof Problem ? item.filing : nextOf(filed)));
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

async function readItem(
  db: Db,
  item: ImportItem,
  how: { readonly today: string; readonly lenient: boolean },
): Promise<ReadItem> {
  let about: Omit<ReadItem, 'filing'> = { item, line: item.line, ref: item.ref, agency: null, year: null };
  try {
    const content = await item.read();
    if ('document' in content) {
      const { document, stated } = content;
      const { agency = null, year = document.year } = stated;
      about = { ...about, agency, year, doubts: document.doubts.slice(0, doubtsShown) };
      return withFiling(about, await filingOf(db, document, stated, how));
    }
    about = { ...about, body: content.filing };
    if (!isRecord(content.filing)) return withFiling(about, parseFiling(content.filing, how.today));
    const { ref, ...body } = content.filing;
    about = { ...about, ...statedIn(body) };
    if (ref !== undefined) about = { ...about, ref: refOf(ref) };
    return withFiling(about, parseFiling(body, how.today));
  } catch (error) {
    return { ...about, filing: asProblem(error) };
  }
}

function withFiling(about: Omit<ReadItem, 'filing'>, filing: Filing): ReadItem {
  return { ...about, agency: filing.agency, year: filing.year, filing };
}

/** A refusal, or what was not foreseen with the error as its cause. */
function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : Object.assign(toProblem(error), { cause: error });
}

/** Whose report an item says it is, as far as it can be shown again. */
function statedIn(body: Readonly<Record<string, unknown>>): Pick<ReadItem, 'agency' | 'year'> {
  const { agency, year } = body;
  return {
    agency: typeof agency === 'string' && agency.length <= 32 ? agency : null,
    year: typeof year === 'number' && Number.isInteger(year) ? year : null,
  };
}

function refOf(ref: unknown): string {
  // A number beyond what is kept exactly would come back as another.
  if (typeof ref === 'number' && Math.abs(ref) <= Number.MAX_SAFE_INTEGER) return String(ref);
  if (typeof ref === 'string' && ref.length <= maxRefLength) return ref;
  throw invalidReport([
    fault('TYPE', '/ref', {
      zh: `ref 应为不超过 ${maxRefLength} 字的文本，或不大的数。`,
      en: `ref is a text of at most ${maxRefLength} characters, or a number below 2^53.`,
    }),
  ]);
}

function nextOf(filed: Iterator<Filed | Problem>): Filed | Problem {
  const { value, done } = filed.next();
  if (done) throw new Error('every filing of a batch has a result');
  return value;
}

function resultOf(item: ReadItem, filed: Filed | Problem): Result {
  const { filing: _, agency, year, line, ref, doubts } = item;
  const about = { line, ref, agency, year };
  const doubtful = doubts && doubts.length > 0 ? { doubts } : {};
  if (!(filed instanceof Problem)) {
    const { outcome, row, findings } = filed;
    return {
      outcome: { ...about, agency: filed.agency.code, outcome, revision: row.revision, ...doubtful },
      ...(errorsAmong(findings).length > 0 ? { unbalanced: true } : {}),
    };
  }
  return {
    outcome: { ...about, outcome: 'rejected', problem: briefProblem(filed.stored), ...doubtful },
    refusal: filed,
  };
}

function tooMany(maxItems: number): Problem {
  return new Problem('body-too-large', {
    zh: `一次批量报送不得超过 ${maxItems} 份。`,
    en: `An import may have ${maxItems} items at most; those before are as the items say.`,
  });
}
