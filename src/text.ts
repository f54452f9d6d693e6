/**
 * What a text may hold that is kept or said again: one rule for requests, imports, documents and commands, so that no
 * text breaks a workbook, a page or a terminal that shows it.
 */
import { z } from 'zod';

/**
 * Control characters but tab and line breaks, halves of surrogate pairs, noncharacters (U+FFFE, U+FDD0, …), and what
 * turns the direction of the text around it. U+2028 and U+2029 are line breaks, which XML and terminals hold.
 */
const unsound = /(?![\t\n\r])\p{Cc}|\p{Cs}|\p{NChar}|[\u202a-\u202e\u2066-\u2069]/u;
const everyUnsound = new RegExp(unsound, 'gu');
const lineBreaks = /[\t\n\r\u2028\u2029]/;

/** Whether a text holds nothing that files or terminals cannot. */
export function isSoundText(text: string): boolean {
  return !unsound.test(text);
}

/** A text without what files and terminals cannot hold; `mark` stands in its place. */
export function cleanText(text: string, mark = ''): string {
  return unsound.test(text) ? text.replace(everyUnsound, mark) : text;
}

/** Why a text is refused. */
export const unsoundText = {
  zh: '含有控制字符、非字符或改变文字方向的字符',
  en: 'contains control characters, noncharacters or direction overrides',
} as const;

/** A free text of a request. Every one is made of this. */
export const soundText = z
  .string()
  .refine(isSoundText, { error: unsoundText.en, params: { zh: unsoundText.zh, code: 'TEXT' } });

/** A free text of a request that is one line, such as a name. */
export const soundLine = soundText.refine((line) => !lineBreaks.test(line), {
  error: 'contains line breaks or tabs',
  params: { zh: '含有换行或制表符', code: 'TEXT' },
});

/** A text as it is quoted: at most so many UTF-16 units, cut between characters, with `…` where it goes on. */
export function quoteText(text: string, most: number): string {
  // What is not shown is not looked at: it may be a megabyte.
  if (text.length <= most) return cleanText(text, '\ufffd');
  const isSplit = /[\ud800-\udbff]/.test(text.charAt(most - 2));
  return `${cleanText(text.slice(0, most - (isSplit ? 2 : 1)), '\ufffd')}…`;
}
