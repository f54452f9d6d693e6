/** The sentence of a finding that compares two sides, in both languages. */
import type { Label } from '../words.js';
import { type Rule, ruleOf } from './rules.js';
import type { RuleCode } from './vocabulary.js';

/** One number on a side, with the sign it is counted with; null where the box is blank. */
export interface SentencePart {
  readonly label: Label;
  readonly value: number | null;
  readonly coefficient: 1 | -1;
  /** Of a sum, how many of its reports left the box blank. */
  readonly blankIn?: number;
  /** The report year it belongs to. */
  readonly year: number;
}

/** Whether something is missing in a number: its box is blank, or a report of the sum left it blank. */
export function isBlank({ value, blankIn = 0 }: SentencePart): boolean {
  return value === null || blankIn > 0;
}

/** The two sides that do not hold; `label` is the line they are about and `year` the report year. */
export interface Breach {
  readonly rule: RuleCode;
  readonly relation?: '=' | '>=';
  readonly left: readonly SentencePart[];
  readonly right: readonly SentencePart[];
  readonly label: Label;
  readonly year: number;
}

/**
 * Why a comparison does not hold: its fault, the line, both sides with their headings and figures, the difference.
 * `left` and `right` are the sums of the sides, blanks counted as zero; a blank part is named as what is missing.
 */
export function writeSentence(breach: Breach, left: number, right: number): Label {
  const { over, label } = ruleOf(breach.rule);
  const { zh, en } = label;
  const sides = { zh: sidesOf(breach, left, right, 'zh'), en: sidesOf(breach, left, right, 'en') };
  const blanks = [...breach.left, ...breach.right].filter(isBlank).map(blankOf);
  // A lone number from the text has the name of its line already.
  const [first, ...others] = breach.left;
  const about = others.length === 0 && first?.label.zh === breach.label.zh ? [] : [lineOf(breach.label, over)];
  if (blanks.length === 0) {
    return {
      zh: `${zh}${inBrackets(about, 'zh')}：${sides.zh}。`,
      en: `${en}${inBrackets(about, 'en')}: ${sides.en}.`,
    };
  }
  const counted = [...about, { zh: '空白按 0 计', en: 'blanks as 0' }];
  return {
    zh: `${zh}${inBrackets(counted, 'zh')}：${sides.zh}。空白：${blanks.map(({ zh }) => zh).join('、')}，填写后才能判定。`,
    en: `${en}${inBrackets(counted, 'en')}: ${sides.en}. Blank: ${blanks.map(({ en }) => en).join(', ')}; fill in to decide.`,
  };
}

function blankOf({ label, blankIn = 0 }: SentencePart): Label {
  if (blankIn === 0) return label;
  return { zh: `${label.zh}（${blankIn} 份报告）`, en: `${label.en} (in ${blankIn} report${blankIn > 1 ? 's' : ''})` };
}

function lineOf({ zh, en }: Label, over: Rule['over']): Label {
  return over === 'column' ? { zh: `${zh}列`, en: `${en} column` } : { zh, en };
}

function inBrackets(labels: readonly Label[], language: keyof Label): string {
  if (labels.length === 0) return '';
  const words = labels.map((label) => label[language]);
  return language === 'zh' ? `（${words.join('，')}）` : ` (${words.join(', ')})`;
}

function sidesOf(
  { left, right, relation, year }: Breach,
  leftSum: number,
  rightSum: number,
  language: keyof Label,
): string {
  const shown = side(left, leftSum, language, year);
  if (right.length === 0) return `${shown}${language === 'zh' ? '，应为 0' : ', expected 0'}`;
  const difference = `${language === 'zh' ? '，相差' : ', difference'} ${Math.abs(leftSum - rightSum)}`;
  return `${shown} ${relation === '>=' ? '<' : '≠'} ${side(right, rightSum, language, year)}${difference}`;
}

/** Sums of more parts than this name only the parts that are not zero. */
const maxNamedParts = 6;

/** One side with its headings and figures, zeros and blanks included; a long sum says how many of its parts are 0. */
function side(parts: readonly SentencePart[], sum: number, language: keyof Label, year: number): string {
  const isLong = parts.length > maxNamedParts;
  const named = isLong ? parts.filter(({ value }) => value !== 0 && value !== null) : parts;
  const zeros = parts.filter(({ value }) => value === 0).length;
  if (named.length === 0) return language === 'zh' ? `${zeros} 项均为 0` : `all ${zeros} are 0`;
  const terms = named.map((part, index) => {
    const sign = part.coefficient === -1 ? '− ' : index > 0 ? '+ ' : '';
    return `${sign}${title(part, language, year)} ${part.value ?? (language === 'zh' ? '空白' : 'blank')}`;
  });
  const shown = terms.join(' ');
  if (!isLong || zeros === 0) return parts.length === 1 ? shown : `${shown} = ${sum}`;
  return language === 'zh'
    ? `${shown}（其余 ${zeros} 项为 0）= ${sum}`
    : `${shown} (the other ${zeros} are 0) = ${sum}`;
}

function title(part: SentencePart, language: keyof Label, year: number): string {
  if (part.year === year) return part.label[language];
  return language === 'zh' ? `${part.year}年“${part.label.zh}”` : `${part.year} “${part.label.en}”`;
}
