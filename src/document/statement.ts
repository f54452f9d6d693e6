/**
 * The lines that our documents print under section one for what is filed beside its text: published items, and letters and
 * calls. What is written is read back to the same, whatever the names.
 */
import type { Engagement, PublishedGroup, PublishedItems } from '../form/report.js';

/** What is stated beside the text; null where nothing is. */
export interface Stated {
  readonly publishedItems: PublishedItems | null;
  readonly engagement: readonly Engagement[] | null;
}

const leads = { publishedItems: '主动公开信息：', engagement: '来信来电办理：' } as const;
const nothing = '未单列。';
const none = '无';
const uncounted = '未计数';

/** The words that introduce a list, by whether it is said to be all there is. */
const listWords = {
  categories: { whole: '按类别分为：', some: '其中按类别：' },
  channels: { whole: '按渠道分为：', some: '其中按渠道：' },
} as const;

type ListKey = keyof typeof listWords;

const listKeys: readonly ListKey[] = ['categories', 'channels'];

/** Published items as a line (主动公开信息：共16条；其中按类别：乡动态8条（占50%）、其他信息8条（占50%）。). */
export function writeItems(items: PublishedItems | null): string {
  if (!items) return leads.publishedItems + nothing;
  const total = items.total === null ? '总数' : '共';
  const lists = listKeys.flatMap((key) => {
    const isWhole = items.complete?.includes(key) === true;
    const groups = items[key].map((group) => writeName(group.name) + writeCount(group.count, '条', group));
    if (groups.length === 0 && !isWhole) return [];
    return [listWords[key][isWhole ? 'whole' : 'some'] + (groups.join('、') || none)];
  });
  return `${leads.publishedItems}${[total + writeCount(items.total, '条', items), ...lists].join('；')}。`;
}

/** Letters and calls as a line (来信来电办理：市长信箱0件、市长热线9件（占100%）。). */
export function writeEngagement(engagement: readonly Engagement[] | null): string {
  if (!engagement) return leads.engagement + nothing;
  const channels = engagement.map(({ name, handled, replyRate, note }) => {
    return (
      writeName(name) +
      writeCount(handled, '件', { share: replyRate ?? null, note: note ?? null }, rateWords.engagement)
    );
  });
  return `${leads.engagement}${channels.join('、') || none}。`;
}

const rateWords = { publishedItems: '占', engagement: '回复率' } as const;

interface Remarks {
  readonly share?: number | null;
  readonly note?: string | null;
}

function writeCount(
  count: number | null,
  unit: string,
  { share, note }: Remarks,
  rate: string = rateWords.publishedItems,
): string {
  const remarks = [
    ...(typeof share === 'number' ? [`${rate}${percentOf(share)}%`] : []),
    ...(typeof note === 'string' ? [plainNote.test(note) ? note : quote(note)] : []),
  ];
  if (count === null && typeof note !== 'string') remarks.push(uncounted);
  return `${count === null ? '' : count + unit}${remarks.length > 0 ? `（${remarks.join('，')}）` : ''}`;
}

/** Letters alone; any other name is in quotation marks. */
const plainName = /^[\p{Script=Han}A-Za-z]{1,40}$/u;
/** What can be no share and no word of ours. */
const plainNote = /^(?!占|回复率|未)[\p{Script=Han}A-Za-z\d]{1,40}$/u;

function writeName(name: string): string {
  return plainName.test(name) ? name : quote(name);
}

/** Between quotation marks; marks that would end it, and blanks that a page does not keep, by their number. */
function quote(text: string): string {
  const kept = text.replace(
    /[”\\]|[^\S ]|^ | $|(?<= ) /gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
  return `“${kept}”`;
}

function unquote(text: string): string {
  return text.replace(/\\u\{([\da-f]{1,6})\}/gu, (_, digits: string) =>
    String.fromCodePoint(Number.parseInt(digits, 16)),
  );
}

/** A share as a percentage with the same digits: no number in between rounds it. */
function percentOf(share: number): string {
  const [mantissa = '', exponent = '0'] = share.toExponential().split('e');
  const digits = mantissa.replace('.', '');
  const point = Number(exponent) + 3;
  if (point <= 0) return `0.${'0'.repeat(-point)}${digits}`.replace(/\.0+$/, '');
  const whole = digits.slice(0, point).padEnd(point, '0');
  return digits.length > point ? `${whole}.${digits.slice(point)}` : whole;
}

/** Room between Chinese and a number, which offices and their programs leave and which says nothing. */
const roomAtNumbers = /(?<=[\p{Script=Han}，、：；（]) +(?=\d)|(?<=[\d%]) +(?=[\p{Script=Han}，、；。（）])/gu;

/** What a line states, if it is one of those written here, numbers set apart or not; undefined for any other. */
export function readStatement(line: string): Partial<Stated> | undefined {
  return readWritten(line) ?? readWritten(line.replaceAll(roomAtNumbers, ''));
}

function readWritten(line: string): Partial<Stated> | undefined {
  if (line.startsWith(leads.publishedItems)) {
    const publishedItems = readItems(line.slice(leads.publishedItems.length));
    return publishedItems === undefined ? undefined : { publishedItems };
  }
  if (!line.startsWith(leads.engagement)) return undefined;
  const engagement = readEngagementLine(line.slice(leads.engagement.length));
  return engagement === undefined ? undefined : { engagement };
}

/** A text, and how far it was read. */
interface Cursor {
  readonly text: string;
  at: number;
}

function take(cursor: Cursor, word: string): boolean {
  if (!cursor.text.startsWith(word, cursor.at)) return false;
  cursor.at += word.length;
  return true;
}

function takeMatch(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text);
  if (found) cursor.at += found[0].length;
  return found?.[0];
}

const quotedHere = /“[^”]*”/uy;
const nameHere = /[\p{Script=Han}A-Za-z]+/uy;
const digitsHere = /\d{1,12}/uy;
const percentHere = /\d{1,3}(?:\.\d{1,400})?(?=%)/uy;
const noteHere = /[\p{Script=Han}A-Za-z\d]+/uy;

function readItems(text: string): PublishedItems | null | undefined {
  if (text === nothing) return null;
  const cursor = { text, at: 0 };
  const isTotal = take(cursor, '共');
  if (!isTotal && !take(cursor, '总数')) return undefined;
  const whole = takeCount(cursor, '条');
  if (!whole || (whole.count === null) === isTotal || whole.share !== null) return undefined;
  const lists: Record<ListKey, PublishedGroup[]> = { categories: [], channels: [] };
  const complete: ListKey[] = [];
  for (const key of listKeys) {
    const before = cursor.at;
    if (!take(cursor, '；')) break;
    const isWhole = take(cursor, listWords[key].whole);
    if (!isWhole && !take(cursor, listWords[key].some)) {
      cursor.at = before;
      continue;
    }
    if (isWhole) complete.push(key);
    const groups = takeList(cursor, '条');
    if (!groups) return undefined;
    lists[key] = groups.map(({ name, count, share, note }) => ({
      name,
      count,
      ...(share === null ? {} : { share }),
      ...(note === null ? {} : { note }),
    }));
  }
  if (text.slice(cursor.at) !== '。') return undefined;
  const { count: total, note } = whole;
  return { total, ...lists, ...(complete.length > 0 ? { complete } : {}), ...(note === null ? {} : { note }) };
}

function readEngagementLine(text: string): readonly Engagement[] | null | undefined {
  if (text === nothing) return null;
  const cursor = { text, at: 0 };
  const channels = takeList(cursor, '件');
  if (!channels || text.slice(cursor.at) !== '。') return undefined;
  return channels.map(({ name, count, share, note }) => ({
    name,
    handled: count,
    ...(share === null ? {} : { replyRate: share }),
    ...(note === null ? {} : { note }),
  }));
}

interface Counted {
  readonly count: number | null;
  readonly share: number | null;
  readonly note: string | null;
}

function takeList(cursor: Cursor, unit: string): (Counted & { readonly name: string })[] | undefined {
  const list: (Counted & { readonly name: string })[] = [];
  if (cursor.text.startsWith(`${none}。`, cursor.at) || cursor.text.startsWith(`${none}；`, cursor.at)) {
    cursor.at += none.length;
    return list;
  }
  do {
    const quoted = takeMatch(cursor, quotedHere);
    const name = quoted === undefined ? takeMatch(cursor, nameHere) : unquote(quoted.slice(1, -1));
    const counted = name === undefined ? undefined : takeCount(cursor, unit);
    if (name === undefined || !counted) return undefined;
    list.push({ name, ...counted });
  } while (take(cursor, '、'));
  return list;
}

/** A number with its remarks, or the remarks that stand for it. */
function takeCount(cursor: Cursor, unit: string): Counted | undefined {
  const digits = takeMatch(cursor, digitsHere);
  if (digits !== undefined && !take(cursor, unit)) return undefined;
  const count = digits === undefined ? null : Number(digits);
  let [share, note, isUncounted]: [number | null, string | null, boolean] = [null, null, false];
  if (!take(cursor, '（')) return count === null ? undefined : { count, share, note };
  do {
    if (take(cursor, rateWords.publishedItems) || take(cursor, rateWords.engagement)) {
      const percent = takeMatch(cursor, percentHere);
      if (percent === undefined || !take(cursor, '%')) return undefined;
      share = Number(`${percent}e-2`);
    } else if (take(cursor, uncounted)) isUncounted = true;
    else {
      const quoted = takeMatch(cursor, quotedHere);
      const plain = quoted === undefined ? takeMatch(cursor, noteHere) : unquote(quoted.slice(1, -1));
      if (plain === undefined) return undefined;
      note = plain;
    }
  } while (take(cursor, '，'));
  if (!take(cursor, '）') || (count === null) !== (isUncounted || (digits === undefined && note !== null)))
    return undefined;
  return { count, share, note };
}
