/** Bytes into text, and text into the one spelling in which headings and numbers are compared. */
import { Converter } from 'opencc-js/t2cn';

/** A text, the encoding it was read in, and whether some bytes were replaced because they do not fit it. */
export interface Decoded {
  readonly text: string;
  readonly charset: string;
  readonly damaged: boolean;
}

/**
 * Decodes a text by the first of these that fits: a byte order mark, UTF-16 recognised by its zero bytes, valid UTF-8
 * (a GB18030 text is almost never valid UTF-8), the declared charset, GB18030. If none fits, it is read as the
 * declared charset or UTF-8, its invalid bytes are replaced, and `damaged` is true.
 */
export function decodeText(bytes: Uint8Array, declared?: string): Decoded {
  const marked = charsetOfMark(bytes) ?? charsetOfZeros(bytes);
  const wanted = normalizeCharset(declared) ?? charsetInMarkup(bytes);
  const candidates = marked ? [marked] : ['utf-8', ...(wanted ? [wanted] : []), 'gb18030'];
  for (const charset of candidates) {
    const text = decodeWith(charset, bytes, { fatal: true });
    if (text !== undefined) return { text, charset, damaged: false };
  }
  const charset = marked ?? wanted ?? 'utf-8';
  return { text: decodeWith(charset, bytes, { fatal: false }) ?? '', charset, damaged: true };
}

/**
 * The spelling in which text is compared: NFKC (full-width to half-width), traditional to simplified, without the
 * pinyin that converters leave (報(bào)告) and without invisible characters, 其它 as 其他, circled and raised numbers in
 * brackets. It is not for display.
 */
export function fold(text: string): string {
  if (text.length > maxKeptLength) return foldNow(text);
  const known = folded.get(text);
  if (known !== undefined) return known;
  const found = foldNow(text);
  if (folded.size >= maxKept) folded.clear();
  folded.set(text, found);
  return found;
}

/** The numbering before a heading: its number, and whether it is in Chinese numerals. */
export interface Numbering {
  readonly number: number;
  readonly han: boolean;
}

/** A heading split into its numbering and its words, spelled as headings are compared. */
export interface HeadingText {
  readonly numbering: Numbering | null;
  /** Only Chinese characters, letters and digits; notes in brackets are left out. */
  readonly words: string;
}

/** Splits a folded heading. */
export function headingOf(folded: string): HeadingText {
  const { numbering, rest } = cutNumbering(folded);
  return { numbering, words: wordsOf(withoutBrackets(rest)) };
}

/** Removes numbering ("三、", "（六）", "2.", "(3)") from the beginning of a folded text. */
export function cutNumbering(folded: string): { numbering: Numbering | null; rest: string } {
  let rest = folded.trimStart();
  let numbering: Numbering | null = null;
  for (let turn = 0; turn < 2; turn += 1) {
    const match = numberingAtStart.exec(rest);
    const printed = match?.[1] ?? match?.[2] ?? match?.[3];
    if (!match || !printed) break;
    numbering = { number: hanNumerals[printed] ?? Number(printed), han: printed in hanNumerals };
    rest = rest.slice(match[0].length);
  }
  return { numbering, rest };
}

/** Keeps only Chinese characters, letters and digits: the characters that headings are compared by. */
export function wordsOf(folded: string): string {
  return folded.replace(notWord, '').toLowerCase();
}

/** Removes everything in brackets; an unclosed bracket goes to the end, an unopened one begins at the start. */
export function withoutBrackets(folded: string): string {
  if (!bracket.test(folded)) return folded;
  let depth = 0;
  let kept = '';
  for (const character of folded) {
    if (opening.includes(character)) depth += 1;
    else if (closing.includes(character)) {
      if (depth === 0) kept = '';
      else depth -= 1;
    } else if (depth === 0) kept += character;
  }
  return kept;
}

const invisible = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/gu;
const hanAfter = /\p{Script=Han}\s?\([a-z\u00e0-\u02af]/u;
const pinyin = /(?<=\p{Script=Han})\s?\([a-z\u00e0-\u02af]{1,7}\)/gu;
const mark = /\p{No}/gu;
const notWord = /[^\p{Script=Han}a-z0-9]/giu;
const bracket = /[()[\]{}〔〕【】《》]/;
const opening = '([{〔【《';
const closing = ')]}〕】》';
const hanNumerals: Readonly<Record<string, number>> = {
  一: 1,
  二: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
  十: 10,
};
const numberingAtStart =
  /^(?:\(\s{0,3}([一二三四五六七八九十]|\d{1,2})\s{0,3}\)[、.,:]?|([一二三四五六七八九十])\s{0,3}[、.,:是]|(\d{1,2})\s{0,3}[、.,:)])\s{0,9}/u;

const toSimplified = Converter({ from: 't', to: 'cn' });
const simplified = new Map<string, string>();

/** The same headings and numbers are in every document: short texts are folded once. */
const folded = new Map<string, string>();
const maxKeptLength = 60;
const maxKept = 20_000;

function foldNow(text: string): string {
  const narrow = text.replace(mark, bracketed).normalize('NFKC').replace(invisible, '');
  return simplify(hanAfter.test(narrow) ? narrow.replace(pinyin, '') : narrow).replaceAll('其它', '其他');
}

/** ① and ² are numbering or refer to a footnote: as bare digits they would become part of the number before them. */
function bracketed(sign: string): string {
  const plain = sign.normalize('NFKC');
  return /^\d+$/.test(plain) ? `(${plain})` : sign;
}

/** Traditional to simplified character by character, so that indexes in the text stay the same. */
function simplify(text: string): string {
  let plain = '';
  let from = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) < firstHan) continue;
    const character = text.charAt(index);
    const other = simplifyCharacter(character);
    if (other === character) continue;
    plain += text.slice(from, index) + other;
    from = index + 1;
  }
  return from === 0 ? text : plain + text.slice(from);
}

const firstHan = 0x3400;

function simplifyCharacter(character: string): string {
  const known = simplified.get(character);
  if (known !== undefined) return known;
  const found: string = toSimplified(character);
  simplified.set(character, found);
  return found;
}

function decodeWith(charset: string, bytes: Uint8Array, options: { readonly fatal: boolean }): string | undefined {
  try {
    return new TextDecoder(charset, options).decode(bytes);
  } catch {
    return undefined;
  }
}

function charsetOfMark(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return undefined;
}

/** Only UTF-16 text has zero bytes: every line break and digit has one after it (LE) or before it (BE). */
function charsetOfZeros(bytes: Uint8Array): string | undefined {
  const zeros = [0, 0];
  const end = Math.min(bytes.length, 65_536);
  for (let index = 0; index < end; index += 1) {
    if (bytes[index] === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  }
  const [even = 0, odd = 0] = zeros;
  if (even + odd === 0) return undefined;
  if (odd > even * 4) return 'utf-16le';
  return even > odd * 4 ? 'utf-16be' : undefined;
}

function charsetInMarkup(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 4096)).toString('latin1');
  return normalizeCharset(/charset\s{0,9}=\s{0,9}["']?([\w-]{3,20})/i.exec(head)?.[1]);
}

function normalizeCharset(name: string | undefined): string | undefined {
  const plain = name?.trim().toLowerCase().replace(/^"|"$/g, '');
  if (!plain) return undefined;
  if (/^(gb2312|gbk|gb_2312|gb-?18030|cp936|ms936|x-gbk)/.test(plain)) return 'gb18030';
  try {
    return new TextDecoder(plain).encoding;
  } catch {
    return undefined;
  }
}
