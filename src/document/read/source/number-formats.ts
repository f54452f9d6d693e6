/** How the styles of a workbook show what is in a cell, as far as a reader would take it for something else. */
import { localName } from './package.js';
import type { Archive } from './zip.js';

/** How a number is shown: as it is (digits may be rounded), or as something else. */
export type NumberFormat = 'plain' | 'date' | 'percentage' | 'scaled' | 'worded' | 'zeroless' | 'unshown';

/** What a style says of a cell. */
export interface CellStyle {
  readonly format: NumberFormat;
  /** A line goes through what is in the cell. */
  readonly isStruck: boolean;
}

/** The styles of a workbook, by their numbers. A workbook without styles has none: all is plain. */
export async function readCellStyles(archive: Archive, part = 'xl/styles.xml'): Promise<readonly CellStyle[]> {
  const codes = new Map<string, string>();
  const struck: boolean[] = [];
  const styles: CellStyle[] = [];
  let within = '';
  await archive.parse(part, {
    open(name, attributes) {
      const element = localName(name);
      const { numFmtId = '0', formatCode = '', fontId = '0', val } = attributes;
      if (element === 'cellXfs' || element === 'fonts') within = element;
      else if (element === 'numFmt') codes.set(numFmtId, formatCode);
      else if (element === 'font' && within === 'fonts') struck.push(false);
      else if (element === 'strike' && within === 'fonts') struck[struck.length - 1] = isMarked(val);
      else if (element === 'xf' && within === 'cellXfs')
        styles.push({
          format: formatOf(Number(numFmtId), codes.get(numFmtId)),
          isStruck: struck[Number(fontId)] === true,
        });
    },
    close(name) {
      if (localName(name) === within) within = '';
    },
    text() {},
  });
  return styles;
}

/** Whether a mark of a font is on: so it is where it has no value. */
export function isMarked(value: string | undefined): boolean {
  return value === undefined || value === '1' || value === 'true';
}

/** The numbers of formats that every workbook knows without stating them; those of dates differ by language. */
const known: readonly { readonly first: number; readonly last: number; readonly format: NumberFormat }[] = [
  { first: 9, last: 10, format: 'percentage' },
  { first: 14, last: 22, format: 'date' },
  { first: 27, last: 36, format: 'date' },
  { first: 45, last: 47, format: 'date' },
  { first: 50, last: 58, format: 'date' },
];

/** How a number is shown by the number of its format, or by the format as it is written. */
export function formatOf(id: number, code: string | undefined): NumberFormat {
  if (code !== undefined) return formatOfCode(code);
  return known.find(({ first, last }) => first <= id && id <= last)?.format ?? 'plain';
}

/** What a format such as `0.0,"万"` does to a number: the letters that stand for themselves are left out first. */
function formatOfCode(code: string): NumberFormat {
  const plain = code
    .replace(/\[[^\]]*\]/g, (bracketed) => (/^\[(?:h+|m+|s+)\]$/i.test(bracketed) ? bracketed : ''))
    .replace(/"[^"]*"|[\\!_*]./gu, '');
  if (/general|通用格式/i.test(plain) || plain === '@') return isWorded(code) ? 'worded' : 'plain';
  if (/[ymdhs]|上午|aaa|bb|e(?![+-])/i.test(plain)) return 'date';
  if (plain.includes('%')) return 'percentage';
  if (/[0#?][^0#?,.;]*,+(?![0#?,])/.test(plain)) return 'scaled';
  const shown = plain.split(';').some((part) => /[0#?]/.test(part));
  if (!shown) return 'unshown';
  if (isWorded(code)) return 'worded';
  return isZeroless(code) ? 'zeroless' : 'plain';
}

/** Whether a zero, which the third part of a format is about, is not shown. */
function isZeroless(code: string): boolean {
  const [, , ofZero] = code.replace(/"[^"]*"/g, (words) => (words === '""' ? '' : 'x')).split(';');
  return ofZero !== undefined && ofZero.replace(/\[[^\]]*\]|[_*]./gu, '').trim() === '';
}

/**
 * What a format may print beside a number without making it another: what is counted, money in the unit of the form, brackets and
 * signs. Of what is printed instead of a number, a stroke only.
 */
const harmless = /^(?:[\s()（）,，.¥￥$+\-–—]|件|条|项|个|宗|起|人次|次|份|万元)*$/u;

/** Whether the words of a format are more than what a number counts: 约, 万, or digits. */
function isWorded(code: string): boolean {
  const words = [...code.matchAll(/"(?<quoted>[^"]*)"|[\\!](?<single>.)/gu)];
  return words.some(({ groups }) => !isHarmless(groups?.quoted ?? groups?.single ?? '')) || /^-[0#?]/.test(code);
}

/** Whether words beside a number leave it what it is. */
export function isHarmless(words: string): boolean {
  return harmless.test(words);
}
