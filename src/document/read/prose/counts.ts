/** The numbers of things in sentences (45条, 260余条, 三十五条), each with the words before it and what is said of it after it. */

/** A number of things in a text. */
export interface Count {
  /** The words between the count before it, or the beginning, and this one. */
  readonly lead: string;
  /** Null where the number is about right only. */
  readonly count: number | null;
  /** As printed, where the number is about right only. */
  readonly note: string | null;
  /** What is counted in (条, 篇, 个); empty where nothing is printed. */
  readonly unit: string;
  /** The share of a whole that is stated after it, 0 to 1. */
  readonly share: number | null;
  /** The words in brackets after it, where they are no share. */
  readonly inside: string | null;
  /** Where it begins, the words that make it about right included. */
  readonly index: number;
  /** Where it ends, with its share and its brackets. */
  readonly end: number;
  /** The first words after that. */
  readonly after: string;
}

/** What published items are counted in. */
export const itemUnits: readonly string[] = ['条', '篇', '则', '件', '份', '项', ''];

/** Finds the counts of a folded text without spaces. */
export function countsIn(text: string): Count[] {
  const counts: Count[] = [];
  let end = 0;
  for (const match of text.matchAll(number)) {
    const groups = match.groups ?? {};
    const after = match.index + match[0].length;
    const value = readValue(groups, text.slice(after, after + 8));
    if (match.index < end || !value) continue;
    const { length, ...remarks } = remarksAfter(text.slice(after, after + maxRemark));
    const { index } = match;
    const lead = text.slice(Math.max(end, index - maxLead), index);
    end = after + length;
    counts.push({ ...value, ...remarks, lead, index, end, after: text.slice(end, end + 24) });
  }
  return counts;
}

/** As many words before a number as any statement has: what is before them says nothing of it. */
const maxLead = 160;
/** The longest remark in brackets after a number. */
const maxRemark = 200;
const about = '近|将近|约|大约|超|超过|逾|不到|不足';
const digits = String.raw`\d{1,3}(?:,\d{3})+(?!\d)|\d{1,9}`;
const han = '[零一二两三四五六七八九十百千万]{1,9}';
const units = '条次|条|篇|则|件|份|项|个|场|次|期|人次|人|名|家|户|万元|元|起|宗|处|批|部|封|类|种|档|台|块|幅|册';
const number = new RegExp(
  [
    String.raw`(?<![\d.第a-z])(?<about>${about})?`,
    String.raw`(?:(?<range>\d{1,9}(?:-|~|—|–|至|到))?(?<digits>${digits})(?<fraction>\.\d{1,4})?(?<scale>[万千百])?|(?<han>${han}))`,
    `(?<more>余|多|几|来)?(?:万(?=余?条))?(?<unit>${units})?`,
  ].join(''),
  'giu',
);
/** What follows a number that is printed without what it counts. */
const endOfBare = /^(?:$|[、,;。)(\n]|[,(]?占)/u;
const bareShare = /^%/u;
const aboutAfter = /^(?:左右|上下|以上|以内)/u;

type Value = Pick<Count, 'count' | 'note' | 'unit'>;

function readValue(groups: Readonly<Record<string, string | undefined>>, after: string): Value | undefined {
  const { unit = '', more, range, fraction, scale } = groups;
  if (unit === '' && (groups.han !== undefined || bareShare.test(after) || !endOfBare.test(after))) return undefined;
  const exact = groups.digits === undefined ? parseHan(groups.han ?? '') : Number(groups.digits.replaceAll(',', ''));
  const isAbout = [groups.about, more, range, fraction, scale].some((part) => part !== undefined);
  const printed = [groups.about, range, groups.digits, fraction, scale, groups.han, more, unit].join('');
  const [around = ''] = aboutAfter.exec(after) ?? [];
  if (isAbout || around !== '' || exact === undefined)
    return { count: null, note: printed + around, unit: plainUnit(unit) };
  return { count: exact, note: null, unit: plainUnit(unit) };
}

function plainUnit(unit: string): string {
  return unit === '条次' ? '条' : unit;
}

const hanDigits = '零一二三四五六七八九';
const hanScales: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1000 };

/** A Chinese numeral below ten thousand; undefined for what is none. */
function parseHan(printed: string): number | undefined {
  let [sum, digit] = [0, 0];
  for (const character of printed.replaceAll('两', '二')) {
    const scale = hanScales[character];
    if (scale === undefined && hanDigits.includes(character)) digit = hanDigits.indexOf(character);
    else if (scale === undefined) return undefined;
    else [sum, digit] = [sum + (digit || 1) * scale, 0];
  }
  return sum + digit;
}

const shareAfter =
  /^(?:信息)?[,(:]?(?:(?:约|各)?占(?:比|有)?[^\d,。;、()]{0,14}?(?:约|为)?)(\d{1,3}(?:\.\d{1,4})?)%\)?/u;
const shareInBrackets = /^\((\d{1,3}(?:\.\d{1,4})?)%\)/u;
const brackets = /^\(([^()]{1,180})\)/u;

/** The share and the brackets after a number, in either order. */
function remarksAfter(text: string): { share: number | null; inside: string | null; length: number } {
  let [share, inside, length]: [number | null, string | null, number] = [null, null, 0];
  for (let turn = 0; turn < 2; turn += 1) {
    const rest = text.slice(length);
    const stated = shareAfter.exec(rest) ?? shareInBrackets.exec(rest);
    const remark = stated ? null : brackets.exec(rest);
    if (stated?.[1] && share === null) share = Math.round(Number(stated[1]) * 10_000) / 1_000_000;
    else if (remark?.[1] && inside === null) inside = remark[1];
    else break;
    length += (stated ?? remark)?.[0].length ?? 0;
  }
  return { share, inside, length };
}
