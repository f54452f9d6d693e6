/** The agency and year of a document, from its title and from the sentence about the statistics period. */

import { type Doubt, doubtOf } from '../../doubt.js';
import { agencyCodeHeading } from '../../printed-words.js';
import { lineTest, type Parts, type Piece } from '../source/parts.js';
import { fold } from '../source/text.js';

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
  const found =
    titleIn(lines.slice(0, maxLines).map(({ text }) => titleLine(text))) ??
    titleIn([titleLine((parts.title ?? '').split(/[-_|–—]/u)[0] ?? '')]);
  const text = fold(
    lines
      .slice(0, maxTextLength)
      .map(({ text: line }) => line.slice(0, 5_000))
      .join('\n'),
  ).slice(0, 100_000);
  const ofPeriod = yearOfPeriod(text);
  const ofTitle = found?.year ?? null;
  const ofProse = ofTitle === null && ofPeriod === null ? yearOfProse(text) : null;
  const agencyName = found?.agencyName ?? null;
  return {
    title: found?.title ?? null,
    agencyName,
    agencyCode: codeIn(parts.pieces),
    countyName: countyIn(agencyName) ?? countyInText(text),
    year: ofTitle ?? ofPeriod ?? ofProse,
    doubts: yearDoubts(ofTitle, ofPeriod, ofProse),
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
const titleOfReport = /(?:政府)?(?:信息|政务)公开(?:工作)?的?(?:年度|情况|工作|年度工作|年度情况){0,2}(?:报告|年报)/u;
const beginningOfTitle = /(?:信息|政务)公开[^。;，]{0,8}$/u;
/** A year; not that of a date, which is when something was published. */
const yearIn = /(?<!\d)(20\d\d|二[〇○零O0][一二三四五六七八九〇○零]{2})(?![-./]\d|\d|\s?年\s?\d{1,2}\s?月)\s?年?度?/u;
const agencyWord = /(?:政府|办事处|街道|乡|镇|局|委|办|县|市|区|旗|中心|厅|院|站)$/u;
const periodWord = /(?:统计|数据|报告)[^。;,\n\d]{0,8}(?:期限|时限|时段|时间|周期|起止)/u;

/** What the rows of data about a page are called, before the title or anywhere else but in it. */
const labelsOfPage = [
  ...[
    '组配分类',
    '索引号',
    '索引',
    '成文日期',
    '发布日期',
    '发文日期',
    '公开日期',
    '生成日期',
    '发布时间',
    '公开时间',
    '发布机构',
  ],
  ...[
    '发文机关',
    '发文机构',
    '发文单位',
    '公开机构',
    '公开主体',
    '信息来源',
    '来源',
    '文号',
    '文件编号',
    '主题分类',
    '体裁分类',
    '主题词',
  ],
  ...[
    '信息分类',
    '分类',
    '有效性',
    '公开方式',
    '公开范围',
    '公开时限',
    '公开责任部门',
    '内容概述',
    '关键词',
    '浏览次数',
    '字号',
  ],
];
const rowOfPage = new RegExp(`^(?:${labelsOfPage.join('|')})(?:[:：\\s]|$)`, 'u');
/** What is printed before the title itself, on its line. */
const labelOfTitle = /^[【[]?(?:标题|题名|信息名称|文件名称|文件标题|名称)[\]】]?[:：\s]{0,4}(?=\S)/u;
/** The way to a page. */
const wayToPage = /[>›»＞]|(?:当前|您的|您所在的|现在的?|所在)位置|^首页/u;
/** Words of sentences, which no title has. */
const sentence =
  /现将|现予|特此|根据|按照|为贯彻|为落实|编制|如下|[我本](?:乡|镇|街道?|县|市|区|旗|局|委|办|单位|机关)/u;

/** A line as far as it may be a title: nothing of the way to the page, of what is said about it, or of a sentence. */
function titleLine(line: string): string {
  const plain = line.trim();
  if (rowOfPage.test(plain) || wayToPage.test(plain)) return '';
  const rest = plain.replace(labelOfTitle, '');
  return titleOfReport.test(fold(rest.slice(0, 200)).replace(/\s+/g, '')) ? rest : plain;
}

/** The first line that names the report, or two lines if it was broken; the agency may be on the line above it. */
function titleIn(lines: readonly string[]): Title | undefined {
  const folded = lines.map((line) => fold(line.slice(0, 200)).replace(/\s+/g, ''));
  const isTitle = (text: string) =>
    text.length <= 60 && !/[。;,:]/u.test(text) && !sentence.test(text) && titleOfReport.test(text);
  let best: Title | undefined;
  lines.forEach((line, index) => {
    const [own = '', next = ''] = folded.slice(index, index + 2);
    const isBroken = !isTitle(own) && !isTitle(next) && beginningOfTitle.test(own) && isTitle(own + next);
    if (best?.year || !(isBroken || isTitle(own))) return;
    const whole = isBroken ? own + next : own;
    const [above = '', first = ''] = [folded[index - 1] ?? '', folded[index - 2] ?? ''].map((one) =>
      mayBeAbove(one) ? one : '',
    );
    const year = yearOf(whole) ?? yearOf(above);
    const named = agencyIn(whole) ?? agencyAbove(above) ?? (yearOf(above) === null ? null : agencyAbove(first));
    const title = isBroken ? `${line.trim()}${lines[index + 1]?.trim()}` : line.trim();
    if (!best || year !== null) best = { title, agencyName: named, year };
  });
  return best;
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
  const name = withYear && before.replace(/^关于|^.*《/u, '') !== '' ? before : between;
  const plain = name.replace(/^.*《|【[^】]{0,20}】|^(?:关于|:)/gu, '').replace(/(?:的|度|关于)$/u, '');
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
