/**
 * A list of parts after a number of published items: 其中动态类60条、公告类40条. It ends with its sentence, or before it where
 * the text goes on to something else.
 */
import type { PublishedGroup } from '../../../form/report.js';
import { type Count, countsIn, itemUnits } from './counts.js';
import { countInner } from './inner-parts.js';
import { hasOther, type Opening, openingOf } from './openings.js';
import { type ListKey, lastClause, nameOfPart } from './phrases.js';

/** One part of a list. */
export interface Part {
  readonly kind: ListKey;
  readonly group: PublishedGroup;
}

/** A list of parts. */
export interface PartList {
  readonly parts: readonly Part[];
  /** The number of the count after its last one. */
  readonly next: number;
  /** Its words say that its parts are all there are, and each was read as an exact number. */
  readonly isWhole: boolean;
  /** False where which number belongs to which name, or to which whole, could be read in more than one way. */
  readonly isClear: boolean;
  /** Its sentence goes on with a number that is perhaps another part. */
  readonly isCut: boolean;
}

/** The list that begins after the count of a whole; undefined when none does. */
export function listAfter(counts: readonly Count[], at: number): PartList | undefined {
  const whole = counts[at];
  if (!whole) return undefined;
  if (whole.inside !== null) {
    const list = listIn(whole.inside, whole.count);
    if (list) return { ...list, next: at + 1 };
  }
  let from = at + 1;
  // How the whole has changed may be said before its parts.
  while (from < at + 3 && change.test(counts[from]?.lead ?? '')) from += 1;
  const opening = openingOf(counts[from]?.lead ?? '');
  return opening ? parseList(counts, { from, opening, whole: whole.count, depth: 0 }) : undefined;
}

const change = /^[,;(][^,;。!?\n]{0,14}(?:较|比|同比|环比|增加|增长|减少|下降|上升)[^,;。!?\n]{0,14}$/u;

/** Parts that follow a count without a word that introduces them, from the part `from` on, named `name`. */
export function partsFrom(counts: readonly Count[], from: number, name: string): PartList {
  return parseList(counts, {
    from,
    opening: { name, isWhole: false, isByLine: false, hint: null },
    whole: null,
    depth: 1,
  });
}

interface ListStart {
  readonly from: number;
  readonly opening: Opening;
  readonly whole: number | null;
  /** 0 for the parts of the whole, 1 for parts of a part. */
  readonly depth: number;
}

interface State {
  readonly parts: Part[];
  index: number;
  isExact: boolean;
  isClear: boolean;
  isCut: boolean;
}

function parseList(counts: readonly Count[], start: ListStart): PartList {
  const { opening, depth } = start;
  const state: State = { parts: [], index: start.from, isExact: true, isClear: true, isCut: false };
  for (let count = counts[state.index]; count; count = counts[state.index]) {
    const isFirst = state.index === start.from;
    const piece = isFirst ? opening.name : pieceOf(count.lead, opening);
    if (piece === undefined) {
      state.isCut = !/[。!?\n]/u.test(count.lead) && mayBePart(lastClause(count.lead), count, state, start);
      break;
    }
    const inner = !isFirst && depth === 0 ? openingOf(count.lead) : undefined;
    if (inner) {
      if (!takeInner(state, counts, inner, start)) break;
      continue;
    }
    if (!isPart(piece, count)) {
      state.isCut = mayBePart(piece, count, state, start);
      break;
    }
    if (!takePart(state, counts, piece, opening)) break;
  }
  // 等: there are more than are named.
  const isOpen = /^等/u.test(counts[state.index - 1]?.after ?? '');
  return {
    parts: state.parts,
    next: state.index,
    isWhole: opening.isWhole && state.isExact && state.isClear && !isOpen,
    isClear: state.isClear && state.parts.length > 0,
    isCut: state.isCut,
  };
}

const notParts =
  /^(?:共计?(?!青|同|产|享|建|富)|累计|同时|此外|另外|另|并且?(?!联|购|轨)|全年|本年|今年|较|比(?!赛)|同比|环比|为(?!民|农|企)|将|已|我[乡镇县市区街]|全[乡镇县市区]|本[乡镇县市区]|每|平均|不断|进一步|积极|认真|未|无(?!障))/u;
const otherDeeds =
  /^(?:共|累计|全年|总|另|并|同时|已)*(?:受理|收到|办理|召开|举办|开展|组织培训|回复|答复|维护|开设|配备|制定|制发|出台|印发|修订|清理|废止|撤销|删除|整改|办结|接听|接到|现行有效|开通|注销|转载|报送|编印|悬挂)/u;

function isPart(piece: string, { unit }: Count): boolean {
  return itemUnits.includes(unit) && !notParts.test(piece) && !otherDeeds.test(piece);
}

const numbered = String.raw`(?:\(?\d{1,2}[.、)]|[一二三四五六七八九十]{1,2}[是、.]|\([一二三四五六七八九十]{1,2}\))`;
const numberedLine = new RegExp(String.raw`^(?:[,;、]\n|。?\n(?=${numbered}))`, 'u');
const byLine = new RegExp(String.raw`^(?:[,;、]?\n|。\n(?=${numbered}))`, 'u');

/**
 * Whether a count that ended a list is perhaps a part of it: parts are missing, and nothing says that it is of something
 * else, or it is what is missing.
 */
function mayBePart(piece: string, { unit, count }: Count, { parts }: State, { whole, depth }: ListStart): boolean {
  const sum = sumOf(parts);
  if (depth > 0 || !itemUnits.includes(unit) || sum === whole) return false;
  const isOther = otherDeeds.test(piece) || hasOther(piece);
  return !isOther || (sum !== null && count !== null && sum + count === whole);
}

/** The words of the next part; undefined where the list has ended. */
function pieceOf(lead: string, { isByLine }: Opening): string | undefined {
  const breaks = isByLine ? byLine : numberedLine;
  const inLine = lead.replace(breaks, '');
  if (inLine === lead && !/^(?:[,;、]|和|及|以及|与)/u.test(lead)) return undefined;
  const rest = inLine.replace(/^(?:[,;、]|和(?!谐|平)|以及|及(?!时)|与)+/u, '');
  // What a change came to may be said between two parts.
  const plain = rest.replace(/^(?:同比|较|比)[^,;。\n]{0,20}[,;]/u, '');
  return /[。!?\n;:,]/u.test(plain.replace(/^[^,:;。\n]{0,4}:/u, '')) && !/^(?:其中|包括)/u.test(plain)
    ? undefined
    : plain;
}

/** Takes a part, or as many parts as share one verb (网站、微信分别发布3条、4条); false where it is none. */
function takePart(state: State, counts: readonly Count[], piece: string, { hint }: Opening): boolean {
  const count = counts[state.index];
  if (!count) return false;
  const shared = sharedNames(piece);
  if (shared) return takeShared(state, counts, shared, hint);
  const { kind, name } = nameOfPart(piece);
  if (name === '' || isGeneralName(name)) {
    state.isClear = false;
    return false;
  }
  state.parts.push(partOf(count, name, hint ?? kind));
  if (count.count === null) state.isExact = false;
  state.index += 1;
  return true;
}

/** A name that says nothing: 信息, or a number of something that was not read. */
function isGeneralName(name: string): boolean {
  return /^(?:信息|各类信息|的|内容|\d*)$/u.test(name) || /\d{1,9}(?:条|篇)/u.test(name);
}

function partOf({ count, note, share, inside }: Count, name: string, kind: ListKey): Part {
  const said = [note, inside].filter((words) => words !== null).join('，');
  return { kind, group: { name, count, ...(share === null ? {} : { share }), ...(said === '' ? {} : { note: said }) } };
}

/** The names before 分别 or 各, where there are several. */
function sharedNames(piece: string): { readonly names: readonly string[]; readonly each: 'own' | 'same' } | undefined {
  const match = /^(?<names>.+?)(?<how>分别|各)(?:为|是|有|(?:公开|发布|推送|刊登|登载|更新|上传)了?)?$/u.exec(piece);
  const names = match?.groups?.names?.split(/[、,]|和(?!谐)|及|与/u).filter((name) => name !== '') ?? [];
  return names.length > 1 ? { names, each: match?.groups?.how === '各' ? 'same' : 'own' } : undefined;
}

function takeShared(
  state: State,
  counts: readonly Count[],
  { names, each }: { readonly names: readonly string[]; readonly each: 'own' | 'same' },
  hint: ListKey | null,
): boolean {
  const own =
    each === 'same' ? names.map(() => counts[state.index]) : counts.slice(state.index, state.index + names.length);
  const isBare = own.every((count, at) => count && (at === 0 || each === 'same' || /^[、,和及]?$/u.test(count.lead)));
  const after = counts[state.index + (each === 'same' ? 1 : names.length)];
  if (!isBare || own.length !== names.length || /^[、,和及]?$/u.test(after?.lead ?? '。')) {
    state.isClear = false;
    return false;
  }
  const [noun = ''] = /(?:媒体|网站|平台|公众号)$/u.exec(names.at(-1) ?? '') ?? [];
  names.forEach((short, at) => {
    // 省级、市级媒体: the noun of the last name is that of all.
    const part = nameOfPart(
      noun !== '' && /^(?:国家|中央|省|市|县|区|州|镇|乡)级?$/u.test(short) ? short + noun : short,
    );
    const count = own[at];
    if (count) state.parts.push(partOf(count, part.name, hint ?? part.kind));
    if (count?.count === null) state.isExact = false;
  });
  state.index += each === 'same' ? 1 : names.length;
  return true;
}

/**
 * A list inside a list: the parts of its last part, which are kept as its words, or the whole told apart in a second way.
 * The sums decide; false where they do not.
 */
function takeInner(state: State, counts: readonly Count[], opening: Opening, { whole }: ListStart): boolean {
  const last = state.parts.at(-1);
  const unclear = () => {
    state.isClear = false;
    return false;
  };
  if (!last) return unclear();
  const from = state.index;
  const all = parseList(counts, { from, opening, whole: null, depth: 1 });
  const first = counts[from];
  if (!all.isClear || !first) return unclear();
  const sums = all.parts.map((_, at) => sumOf(all.parts.slice(0, at + 1)));
  const own = last.group.count;
  const isOfWhole = whole !== null && sums.at(-1) === whole;
  if (isOfWhole && (/^[;。\n]/u.test(first.lead) || own === null || !sums.includes(own))) {
    state.parts.push(...all.parts);
    state.index = all.next;
    return true;
  }
  const taken = own === null ? undefined : countInner(counts, { from, next: all.next, sums, own, whole });
  if (taken === undefined) return unclear();
  const words = all.parts
    .slice(0, taken)
    .map(({ group }) => `${group.name}${group.count ?? ''}${group.count === null ? group.note : '条'}`)
    .join('、');
  const note = [last.group.note, `其中${words}`].filter(Boolean).join('，');
  state.parts[state.parts.length - 1] = { ...last, group: { ...last.group, note } };
  state.index = from + taken;
  return true;
}

function sumOf(parts: readonly Part[]): number | null {
  return parts.reduce<number | null>(
    (sum, { group }) => (sum === null || group.count === null ? null : sum + group.count),
    0,
  );
}

/** The list inside the brackets after a whole. */
function listIn(inside: string, whole: number | null): PartList | undefined {
  const counts = countsIn(inside);
  const [first] = counts;
  if (!first) return undefined;
  const opening = openingOf(first.lead) ?? {
    name: first.lead.replace(/^内?含有?/u, ''),
    isWhole: false,
    isByLine: false,
    hint: null,
  };
  const list = parseList(counts, { from: 0, opening, whole, depth: 1 });
  return list.isClear ? list : undefined;
}
