/** The items of a file read in batches: each is a filing, or why it is none. */

import { setImmediate as yieldTurn } from 'node:timers/promises';
import type { NameSearch } from '../../access/reach.js';
import { dayInChina } from '../../day.js';
import { Problem, toProblem } from '../../problem.js';
import { filingOf } from '../../report/document/document-filing.js';
import { withDocument } from '../../report/document/kept-document.js';
import { fault, isRecord } from '../../report/faults.js';
import { type Filing, invalidReport, parseFiling } from '../../report/filing.js';
import type { Db } from '../../store/engine/schema.js';
import { isSoundText } from '../../text.js';
import type { ImportItem } from './format/item.js';
import { openFrame } from './rejects.js';
import { reportStated, type StatedReport } from './repeats.js';
import { narrowTo, withAgency } from './row-agency.js';

/** An item that was read: a filing, or why it is none. */
export interface ReadItem {
  readonly sheet?: string;
  readonly line: number;
  readonly ref: string | null;
  readonly agency: string | null;
  readonly year: number | null;
  readonly filing: Filing | Problem;
  /** The report that a filing states. */
  readonly report?: StatedReport;
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
  /** Where agencies are looked up by their names. */
  readonly search: NameSearch;
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
  { skip, clock, lenient, search, atOnce, maxItems = Infinity }: ReadingFrom,
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
    const read = await readItem(db, item, { today: dayInChina(clock()), lenient, search });
    batch.push(await withReport(db, read));
    bytes += item.bytes;
    if (batch.length < atOnce.items && bytes < atOnce.bytes) continue;
    yield batch;
    await yieldTurn();
    [batch, bytes] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}

/** How one item is read: `today` is YYYY-MM-DD. */
interface ReadingItem {
  readonly today: string;
  readonly lenient: boolean;
  readonly search: NameSearch;
}

async function readItem(db: Db, item: ImportItem, { today, lenient, search }: ReadingItem): Promise<ReadItem> {
  const { sheet, line, ref } = item;
  let about: Omit<ReadItem, 'filing'> = {
    item,
    ...(sheet !== undefined && { sheet }),
    line,
    ref,
    agency: null,
    year: null,
  };
  try {
    const content = await item.read();
    if ('document' in content) {
      const { document, stated } = content;
      const { agency = null, year = document.year } = stated;
      about = { ...about, agency, year, doubts: document.doubts.slice(0, doubtsShown) };
      const how = { today, lenient, narrowTo: (known: number) => narrowTo(db, search, known) };
      const read = await filingOf(db, document, stated, how);
      return withFiling(about, await withDocument(db, read, content.bytes, document));
    }
    const { filing, named } = openFrame(content);
    about = { ...about, body: filing };
    if (!isRecord(filing)) return withFiling(about, parseFiling(filing, today));
    const { ref: own, ...body } = filing;
    about = { ...about, ...statedIn(body) };
    if (own !== undefined) about = { ...about, ref: refOf(own) };
    const owned = named ? await withAgency(db, body, named, search) : body;
    // Found by its name, it is told beside the other faults too.
    if (isRecord(owned)) about = { ...about, ...statedIn(owned) };
    return withFiling(about, parseFiling(owned, today));
  } catch (error) {
    return { ...about, filing: asProblem(error) };
  }
}

/** An item with the report it states, where that is sound: whether it was filed before is seen when it is filed. */
async function withReport(db: Db, read: ReadItem): Promise<ReadItem> {
  const { filing, item, sheet, line, ref } = read;
  if (filing instanceof Problem) return read;
  const { source } = item;
  const place = { ...(source !== undefined && { source }), ...(sheet !== undefined && { sheet }), line, ref };
  const report = await reportStated(db, filing, place);
  return report ? { ...read, report } : read;
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
    agency: typeof agency === 'string' && agency.length <= 32 && isSoundText(agency) ? agency : null,
    year: typeof year === 'number' && Number.isInteger(year) ? year : null,
  };
}

function refOf(ref: unknown): string {
  // A number beyond what is kept exactly would come back as another.
  if (typeof ref === 'number' && Math.abs(ref) <= Number.MAX_SAFE_INTEGER) return String(ref);
  if (typeof ref === 'string' && ref.length <= maxRefLength && isSoundText(ref)) return ref;
  throw invalidReport([
    fault('TYPE', '/ref', {
      zh: `ref 应为不超过 ${maxRefLength} 字、不含控制字符的文本，或不大的数。`,
      en: `ref is a text of at most ${maxRefLength} characters, none of them a control character, or a number below 2^53.`,
    }),
  ]);
}

function tooMany(maxItems: number): Problem {
  return new Problem('body-too-large', {
    zh: `一次批量报送不得超过 ${maxItems} 份。`,
    en: `An import may have ${maxItems} items at most; those before are as the items say.`,
  });
}
