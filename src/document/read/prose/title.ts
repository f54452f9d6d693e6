/** The agency and year of a document, from its title and from the sentence about the statistics period. */

import { type Doubt, doubtOf } from '../../doubt.js';
import { agencyCodeHeading } from '../../printed-words.js';
import { lineTest, type Parts, type Piece } from '../source/parts.js';
import { fold } from '../source/text.js';
import { sentence, titleLine, titleOfReport } from './title-lines.js';

/** The title of a document and the names in it; names are in simplified characters, the title is as printed. */
export interface TitleReading {
  readonly title: string | null;
  readonly agencyName: string | null;
  /** The code beside 机关代码, which our blank forms print. */
  readonly agencyCode: string | null;
  readonly countyName: string | null;
  readonly year: number | null;
  readonly doubts: readonly Doubt[];
}

/** Reads the title among the first lines, the year in it, and the county that the title or the text names. */
export function readTitle(parts: Parts): TitleReading {
  const isLine = lineTest(parts.pieces);
  const lines = parts.pieces.filter((piece) => isLine(piece) && piece.text.trim() !== '');
  const titles = titlesIn(lines.slice(0, maxLines).map(({ text }) => titleLine(text)));
  const text = fold(
    lines
      .slice(0, maxTextLength)
      .map(({ text: line }) => line.slice(0, 5_000))
      .join('\n'),
  ).slice(0, 100_000);
  const ofPeriod = yearOfPeriod(text);
  const found =
    bestOf(titles, ofPeriod) ?? bestOf(titlesIn([titleLine((parts.title ?? '').split(/[-_|–—]/u)[0] ?? '')]), ofPeriod);
  const ofTitle = found?.year ?? null;
  const ofProse = ofTitle === null && ofPeriod === null ? yearOfProse(text) : null;
  const agencyName = found?.agencyName ?? null;
  return {
    title: found?.title ?? null,
    agencyName,
    agencyCode: codeIn(parts.pieces),
    countyName: countyIn(agencyName) ?? countyInText(text),
    year: ofTitle ?? ofPeriod ?? ofProse,
    doubts: [...yearDoubts(ofTitle, ofPeriod, ofProse), ...(ofPeriod === null ? titleDoubts(titles) : [])],
  };
}

/** What may be printed before the code. */
const codeHeadings = [agencyCodeHeading, '单位代码'];

function codeIn(pieces: readonly Piece[]): string | null {
  const at = pieces.findIndex(({ text }) => codeHeadings.includes(text.trim()));
  const code = at < 0 ? undefined : pieces.slice(at + 1, at + 4).find(({ text }) => text.trim() !== '');
  return code && /^[A-Za-z0-9-]{2,32}$/.test(code.text.trim()) ? code.text.trim() : null;
}

interface Title {
  readonly title: string;
  readonly agencyName: string | null;
  readonly year: number | null;
}

const maxLines = 60;
const maxTextLength = 400;
const beginningOfTitle = /(?:信息|政务)公开[^。;，]{0,8}$/u;
/** A year; not that of a date, which is when something was published. */
const yearIn = /(?<!\d)(20\d\d|二[〇○零O0][一二三四五六七八九〇○零]{2})(?![-./]\d|\d|\s?年\s?\d{1,2}\s?月)\s?年?度?/u;
const agencyWord = /(?:政府|办事处|街道|乡|镇|局|委|办|县|市|区|旗|中心|厅|院|站)$/u;
const periodWord = /(?:统计|数据|报告)[^。;,\n\d]{0,8}(?:期限|时限|时段|时间|周期|起止)/u;

/**
 * The lines that name the report, in their order; a line that was broken is joined with the next. The agency may be on the line
 * above.
 */
function titlesIn(lines: readonly string[]): Title[] {
  const folded = lines.map((line) => fold(line.slice(0, 200)).replace(/\s+/g, ''));
  const isTitle = (text: string) =>
    text.length <= 60 && !/[。;,:]/u.test(text) && !sentence.test(text) && titleOfReport.test(text);
  return lines.flatMap((line, index): Title[] => {
    const [own = '', next = ''] = folded.slice(index, index + 2);
    const isBroken = !isTitle(own) && !isTitle(next) && beginningOfTitle.test(own) && isTitle(own + next);
    if (!isBroken && !isTitle(own)) return [];
    const whole = isBroken ? own + next : own;
    const [above = '', first = ''] = [folded[index - 1] ?? '', folded[index - 2] ?? ''].map((one) =>
      mayBeAbove(one) ? one : '',
    );
    const year = yearOf(whole) ?? yearOf(above);
    const named = agencyIn(whole) ?? agencyAbove(above) ?? (yearOf(above) === null ? null : agencyAbove(first));
    return [{ title: isBroken ? `${line.trim()}${lines[index + 1]?.trim()}` : line.trim(), agencyName: named, year }];
  });
}

/** The title of the report: of several the first of the year that the statistics are of, else the first with a year. */
function bestOf(titles: readonly Title[], ofPeriod: number | null): Title | undefined {
  const ofYear = ofPeriod === null ? undefined : titles.find(({ year }) => year === ofPeriod);
  return ofYear ?? titles.find(({ year }) => year !== null) ?? titles[0];
}

/** Titles of several years stand on the page, as where it links to the reports of other years. */
function titleDoubts(titles: readonly Title[]): Doubt[] {
  const years = [...new Set(titles.flatMap(({ year }) => year ?? []))];
  if (years.length < 2) return [];
  return [
    doubtOf(
      'year-disagrees',
      {
        zh: `有${years.join('、')}年的标题，统计时限未写明年度。`,
        en: `There are titles of ${years.join(', ')}, and no statistics period names the year.`,
      },
      { text: years.join('、') },
    ),
  ];
}

function agencyAbove(line: string): string | null {
  return line.length <= 30 && agencyWord.test(line) ? line : null;
}

/** Whether a line above a title may say whose it is, or of which year. */
function mayBeAbove(line: string): boolean {
  return line.length <= 30 && !/[。;,:]/u.test(line) && !sentence.test(line);
}

/** The words before the year, or those between the year and 政府信息公开; null when there are none. */
function agencyIn(title: string): string | null {
  const [before = '', ...after] = title.split(yearIn);
  const withYear = after.length > 0;
  const rest = withYear ? after.slice(1).join('') : title;
  const between = rest.slice(0, Math.max(0, rest.search(titleOfReport))).replace(/人民$/u, '人民政府');
  const isNamed = withYear && before.replace(/^关于|^.*《|[([【]/gu, '') !== '';
  // 枫林镇政府信息公开工作年度报告(2023年度): the year is behind the words for the report.
  const cut = before.search(titleOfReport);
  const name = isNamed ? (cut > 0 ? before.slice(0, cut) : before) : between;
  const plain = name
    .replace(/^.*《|【[^】]{0,20}】|^(?:关于|[:)\]】])+/gu, '')
    .replace(/20\d\d年?(?:[-—~至、和])$|(?:的|度|关于)$/u, '');
  return plain.length >= 2 ? plain : null;
}

const hanDigits: Readonly<Record<string, string>> = {
  一: '1',
  二: '2',
  三: '3',
  四: '4',
  五: '5',
  六: '6',
  七: '7',
  八: '8',
  九: '9',
};

function yearOf(text: string): number | null {
  const match = yearIn.exec(text);
  if (!match?.[1]) return null;
  return Number([...match[1]].map((digit) => (/\d/.test(digit) ? digit : (hanDigits[digit] ?? '0'))).join(''));
}

/** The first year after the words 统计期限: a date that lost its 年 and 月 (201911日) still starts with the year. */
function yearOfPeriod(text: string): number | null {
  const at = text.search(periodWord);
  const year = at < 0 ? undefined : /20\d\d/.exec(text.slice(at, at + 80))?.[0];
  return year === undefined ? null : Number(year);
}

/** The first year that the text names with 年, where it is no day: what is told of a year is told in it. */
function yearOfProse(text: string): number | null {
  const year = /(?<!\d)(20\d\d)年(?!\s?\d{1,2}\s?月)/u.exec(text)?.[1];
  return year === undefined ? null : Number(year);
}

function yearDoubts(ofTitle: number | null, ofPeriod: number | null, ofProse: number | null): Doubt[] {
  if (ofProse !== null) {
    return [
      doubtOf(
        'year-from-text',
        {
          zh: `标题和统计时限均未写明年度，正文最先写到${ofProse}年。`,
          en: `Neither the title nor the statistics period names a year; the text names ${ofProse} first.`,
        },
        { text: String(ofProse) },
      ),
    ];
  }
  if (ofTitle === null && ofPeriod === null) {
    return [
      doubtOf('year-not-found', {
        zh: '标题和统计时限均未写明年度。',
        en: 'Neither the title nor the statistics period names a year.',
      }),
    ];
  }
  if (ofTitle === null || ofPeriod === null || ofTitle === ofPeriod) return [];
  return [
    doubtOf(
      'year-disagrees',
      {
        zh: `标题为${ofTitle}年，统计时限为${ofPeriod}年。`,
        en: `The title names ${ofTitle}, the statistics period ${ofPeriod}.`,
      },
      { text: `${ofTitle} ≠ ${ofPeriod}` },
    ),
  ];
}

/** 桃江县 in 桃江县鲊埠回族乡; the whole name if it is the report of a county. 槐市 in 槐市镇 is none: a town is called so. */
function countyIn(agencyName: string | null): string | null {
  const name =
    agencyName?.replace(/^.{2,8}?(?:省|自治区)(?=.{4})/u, '').replace(/人民政府$|人民政府办公[室厅]$/u, '') ?? '';
  const match =
    /^(?:.{2,7}?(?:市|州|盟)(?=.{2,8}(?:县|市|区|旗)))?(.{1,9}?(?:县|市(?!区)|区|旗))(?!乡|镇|街道?$|苏木)/u.exec(name);
  return match?.[1] ?? null;
}

/** The county that the text names most often together with its government or website (“洪江市人民政府”). */
function countyInText(text: string): string | null {
  const counts = new Map<string, number>();
  for (const match of text.matchAll(/([\p{Script=Han}]{2,8})(?=(?:人民政府|政府门户|政府网|委[、、]|委办|委员会))/gu)) {
    const name = /([^在过由经向与和的对据及照依托于是按从为受将至我本局网站围绕落实紧扣]{2,7}(?:县|市|区|旗))$/u.exec(
      match[1] ?? '',
    )?.[1];
    if (name && !/^(?:全|我|本|各|省|该|县|市|区)/u.test(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const [best] = [...counts].sort((one, other) => other[1] - one[1]);
  return best?.[0] ?? null;
}
