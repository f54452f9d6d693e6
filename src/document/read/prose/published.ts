/**
 * The published items that sentences state. A total is one that is stated for the whole; what was published through one
 * channel or of one kind is a part; what is counted and is no item (解读, 专栏, 申请, 会议) is neither.
 */
import type { PublishedGroup, PublishedItems } from '../../../form/report.js';
import type { Doubt } from '../../doubt.js';
import { clauseBefore, isOfTheYear, notItems, notOfTheYear, sentenceBefore, unreadIn } from './clauses.js';
import { type Count, countsIn, itemUnits } from './counts.js';
import { largerDoubts, listDoubt, partDoubts, sumDoubt, totalsDoubt, twiceDoubt, unreadDoubt } from './item-doubts.js';
import { listAfter, type Part, type PartList, partsFrom } from './lists.js';
import { type ListKey, lastClause, type Phrase, readPhrase } from './phrases.js';

/** The items that a text states, null if it states none, and what could be read in more than one way. */
export interface PublishedReading {
  readonly items: PublishedItems | null;
  readonly doubts: readonly Doubt[];
}

/** Reads the items of a folded text without spaces. A number that the text says of a year other than `year` is left out. */
export function readPublished(text: string, year: number | null): PublishedReading {
  const counts = countsIn(text);
  const statements = statementsIn(text, counts, year);
  const whole = statements.filter(({ kind }) => kind === 'whole');
  const through = whole.filter(({ channel }) => channel !== null);
  const plain = whole.filter(({ channel }) => channel === null);
  const apart = statements.filter(({ kind, channel }) => kind === 'parts' && channel !== null);
  const isOneChannel = new Set([...through, ...apart].map(({ channel }) => channel)).size === 1;
  const { main, doubts } = chooseTotal(plain.length > 0 || !isOneChannel ? plain : through);
  if (main?.namesKinds && statements.some((one) => one.kind === 'parts' && !one.namesKinds))
    return { items: null, doubts: [...doubts, unreadDoubt(main.count)] };
  const beside = main === undefined || main.channel === null ? through.map(partOfChannel) : [];
  const alone = statements.find(({ kind }) => kind === 'parts');
  const loose = (main && !main.isAfterParts) || through.length > 0 ? undefined : alone?.list;
  if (main?.isAfterParts && !isSumOf(main, [...(loose?.parts ?? []), ...beside]))
    return { items: null, doubts: [...doubts, sumDoubt(main.count)] };
  const lists = [main?.list, loose].flatMap((list) => list ?? []);
  const unclear = lists.filter(({ isClear }) => !isClear).map(() => listDoubt(main?.count));
  const parts = lists.filter(({ isClear }) => isClear).flatMap((list) => list.parts);
  if (!main && parts.length === 0 && beside.length === 0) {
    const known = [...doubts, ...unclear];
    return {
      items: null,
      doubts: known.length > 0 ? known : unreadIn(text, counts, year).slice(0, 1).map(unreadDoubt),
    };
  }
  const { groups, twice } = distinct([...parts, ...beside]);
  const ofParts = [...partDoubts(main?.count, main?.list), ...largerDoubts(main?.count.count ?? null, beside)];
  return { items: itemsOf(main, groups, lists), doubts: [...doubts, ...unclear, ...twice.map(twiceDoubt), ...ofParts] };
}

/** Whether the number after 共计 is the sum of exact numbers before it. */
function isSumOf({ count }: Statement, parts: readonly Part[]): boolean {
  const sum = parts.reduce((all, { group }) => all + (group.count ?? Number.NaN), 0);
  return parts.length > 0 && sum === count.count;
}

/** What one place of the text says of items. */
interface Statement {
  /** A number for all items or those of a channel, or numbers of kinds alone. */
  readonly kind: 'whole' | 'parts';
  readonly count: Count;
  readonly channel: string | null;
  readonly isSum: boolean;
  /** 共计 after the numbers that it is the sum of. */
  readonly isAfterParts: boolean;
  /** Of some kinds, which are counted together: others may be counted elsewhere. */
  readonly namesKinds: boolean;
  readonly list: PartList | undefined;
}

function statementsIn(text: string, counts: readonly Count[], year: number | null): Statement[] {
  const statements: Statement[] = [];
  let index = 0;
  for (let count = counts[index]; count; count = counts[index]) {
    const found = statementAt(text, counts, index, year);
    if (found) statements.push(found);
    index = Math.max(index + 1, found?.list?.next ?? 0);
  }
  return statements;
}

function statementAt(text: string, counts: readonly Count[], at: number, year: number | null): Statement | undefined {
  const count = counts[at];
  if (!count || !itemUnits.includes(count.unit) || !isOfTheYear(text, count, year)) return undefined;
  const headless = headlessList(counts, at);
  if (headless) return partsStatement(count, headless, null);
  const clause = clauseBefore(count);
  if (sumOnly.test(clause) && at > 0 && !/[。!?\n]/u.test(count.lead)) return sumStatement(text, counts, at);
  if (notItems.test(clause) || (count.unit === '' && !endsWithNumber.test(clause))) return undefined;
  const phrase = readPhrase(clause);
  if (!phrase.isPublishing) return undefined;
  if (phrase.object === '') return wholeStatement(counts, at, phrase);
  if (!looksLikeKind.test(phrase.object)) return undefined;
  return partsStatement(count, partsFrom(counts, at, phrase.object), phrase.channel);
}

/** What a number without a unit follows: 总数45, 数量为45. */
const endsWithNumber = /(?:数|量|:)(?:共|为|是|达到?|计)*$/u;

function partsStatement(count: Count, list: PartList, channel: string | null): Statement {
  return { kind: 'parts', count, channel, isSum: false, isAfterParts: false, namesKinds: false, list };
}

function wholeStatement(
  counts: readonly Count[],
  at: number,
  { channel, isSum, namesKinds }: Phrase,
): Statement | undefined {
  const count = counts[at];
  if (!count || !endsStatement.test(count.after)) return undefined;
  const said = clauseBefore(count) + count.after.slice(0, 6);
  if (!isSum && channel === null && !/信息/u.test(said)) return undefined;
  const list = listAfter(counts, at) ?? (channel === null ? bareList(counts, at) : undefined);
  return { kind: 'whole', count, channel, isSum, isAfterParts: false, namesKinds: namesKinds && !isSum, list };
}

/** 共计40条 after the numbers of kinds or channels. */
const sumOnly = /^(?:共计|合计|总计|总共|累计|共)(?:公开|发布|推送|更新)?(?:各类|政府|政务)?(?:信息)?$/u;

function sumStatement(text: string, counts: readonly Count[], at: number): Statement | undefined {
  const count = counts[at];
  const before = counts[at - 1];
  if (!count || !before) return undefined;
  const sentence = sentenceBefore(text, count.index);
  if (!/公开|发布|推送|更新/u.test(sentence) || notItems.test(lastClause(before.lead))) return undefined;
  const list = listAfter(counts, at);
  return { kind: 'whole', count, channel: null, isSum: true, isAfterParts: true, namesKinds: false, list };
}

/** What may follow the number of a whole: an end, information in general, or a list. */
const endsStatement =
  /^(?:次)?(?:$|[,。;:、)(\n!]|左右|以上|上下|(?:的)?(?:各类|政府|政务|公开|主动公开)*信息|等|其中|包括|具体|内容|涉及|涵盖|分别|占|和|及)/u;
const looksLikeKind = /(?:信息|类|动态|公告|通知|公示|要闻|新闻|文件)$/u;

/** A list of what was published without the number of the whole: 公开的信息中，政策文件12条、动态30条. */
function headlessList(counts: readonly Count[], at: number): PartList | undefined {
  const name = /^(?:.*[。!?\n])?[^。!?\n]*(?:公开|发布)[^,:;。!?\n]{0,8}信息(?:中,|:)(?<name>[^,;:。!?\n]+)$/su.exec(
    counts[at]?.lead ?? '',
  )?.groups?.name;
  if (name === undefined || notItems.test(name) || readPhrase(name).isPublishing) return undefined;
  const list = partsFrom(counts, at, name);
  return list.isClear && list.parts.length > 1 ? list : undefined;
}

/** Parts after a whole without a word that introduces them are its parts where they add up to it. */
function bareList(counts: readonly Count[], at: number): PartList | undefined {
  const [whole, first] = [counts[at], counts[at + 1]];
  const lead = first?.lead ?? '';
  if (!whole || !/^[,:;]/u.test(lead)) return undefined;
  const list = partsFrom(counts, at + 1, lead.replace(/^[,:;]/u, ''));
  const sum = list.parts.reduce((all, { group }) => all + (group.count ?? Number.NaN), 0);
  if (list.parts.length > 1 && list.isClear && sum === whole.count) return list;
  // 发布信息22条，政务动态188条: the first may be the whole, or a part beside the others.
  const name = lead.slice(1);
  const isBeside = /^\p{Script=Han}{2,12}$/u.test(name) && !readPhrase(name).isPublishing && !notItems.test(name);
  return isBeside && list.parts.length > 0 && !notOfTheYear.test(name)
    ? { ...list, parts: [], next: at + 1, isClear: false, isCut: false }
    : undefined;
}

/** One statement for the whole. Of several that differ, one that says it is the sum; else none, with a doubt. */
function chooseTotal(statements: readonly Statement[]): { main: Statement | undefined; doubts: Doubt[] } {
  const exact = statements.filter(({ count }) => count.count !== null);
  const [first = statements[0]] = exact;
  if (new Set(exact.map(({ count }) => count.count)).size < 2) return { main: withList(exact, first), doubts: [] };
  const sums = exact.filter(({ isSum }) => isSum);
  if (new Set(sums.map(({ count }) => count.count)).size === 1) return { main: withList(sums, sums[0]), doubts: [] };
  const named = [...new Set(exact.map(({ count }) => count.count))].join('、');
  return {
    main: undefined,
    doubts: [totalsDoubt(named)],
  };
}

function withList(statements: readonly Statement[], first: Statement | undefined): Statement | undefined {
  return statements.find(({ list }) => list !== undefined) ?? first;
}

/** What was published through a channel of its own sentence; parts of it are its words. */
function partOfChannel({ channel, count, list }: Statement): Part {
  const inside = list?.isClear
    ? list.parts.map(({ group }) => `${group.name}${group.count ?? group.note}`).join('、')
    : '';
  const said = [count.note, inside === '' ? count.inside : `其中${inside}`]
    .filter((words) => words !== null)
    .join('，');
  const { share } = count;
  return {
    kind: 'channels',
    group: {
      name: channel ?? '',
      count: count.count,
      ...(share === null ? {} : { share }),
      ...(said === '' ? {} : { note: said }),
    },
  };
}

/** The parts, each name once; a name with two numbers is left out. */
function distinct(parts: readonly Part[]): { groups: readonly Part[]; twice: readonly string[] } {
  const byName = new Map<string, Part>();
  const twice = new Set<string>();
  for (const part of parts) {
    const key = `${part.kind} ${part.group.name}`;
    const known = byName.get(key);
    if (known && known.group.count !== part.group.count) twice.add(key);
    if (!known) byName.set(key, part);
  }
  const groups = [...byName].filter(([key]) => !twice.has(key)).map(([, part]) => part);
  return { groups, twice: [...twice].map((key) => key.replace(/^\S+ /u, '')) };
}

function itemsOf(main: Statement | undefined, groups: readonly Part[], lists: readonly PartList[]): PublishedItems {
  const of = (kind: ListKey): PublishedGroup[] => groups.filter((part) => part.kind === kind).map(({ group }) => group);
  const [list] = lists;
  const kinds = new Set(list?.parts.map(({ kind }) => kind));
  const [only, another] = kinds;
  const isWhole = main?.list === list && list?.isWhole === true && list.isClear;
  const isComplete = isWhole && only && !another && of(only).length === list.parts.length;
  const { count = null, note = null } = main?.count ?? {};
  return {
    total: count,
    categories: of('categories'),
    channels: of('channels'),
    ...(isComplete ? { complete: [only] } : {}),
    ...(note === null ? {} : { note }),
  };
}
