/** How the styles of a workbook show a number, as far as a reader would take it for another. */
import type { Archive } from './zip.js';

/** How a number is shown: as it is (digits may be rounded), or as something else. */
export type NumberFormat = 'plain' | 'date' | 'percentage' | 'scaled' | 'unshown';

/** The format of every style of a workbook, by its number. A workbook without styles has none: all is plain. */
export async function readNumberFormats(archive: Archive, part = 'xl/styles.xml'): Promise<readonly NumberFormat[]> {
  const codes = new Map<string, string>();
  const formats: NumberFormat[] = [];
  let inCells = false;
  await archive.parse(part, {
    open(name, { numFmtId = '0', formatCode = '' }) {
      const element = name.slice(name.indexOf(':') + 1);
      if (element === 'cellXfs') inCells = true;
      if (element === 'numFmt') codes.set(numFmtId, formatCode);
      if (element === 'xf' && inCells) formats.push(formatOf(Number(numFmtId), codes.get(numFmtId)));
    },
    close(name) {
      if (name.slice(name.indexOf(':') + 1) === 'cellXfs') inCells = false;
    },
    text() {},
  });
  return formats;
}

/** The numbers of formats that every workbook knows without stating them; those of dates differ by language. */
const known: readonly { readonly first: number; readonly last: number; readonly format: NumberFormat }[] = [
  { first: 9, last: 10, format: 'percentage' },
  { first: 14, last: 22, format: 'date' },
  { first: 27, last: 36, format: 'date' },
  { first: 45, last: 47, format: 'date' },
  { first: 50, last: 58, format: 'date' },
];

function formatOf(id: number, code: string | undefined): NumberFormat {
  if (code !== undefined) return formatOfCode(code);
  return known.find(({ first, last }) => first <= id && id <= last)?.format ?? 'plain';
}

/** What a format such as `0.0,"万"` does to a number: the letters that stand for themselves are left out first. */
function formatOfCode(code: string): NumberFormat {
  const plain = code
    .replace(/\[[^\]]*\]/g, (bracketed) => (/^\[(?:h+|m+|s+)\]$/i.test(bracketed) ? bracketed : ''))
    .replace(/"[^"]*"|[\\!_*]./gu, '');
  if (/general|通用格式|@/i.test(plain)) return 'plain';
  if (/[ymdhs]|上午|aaa|bb|e(?![+-])/i.test(plain)) return 'date';
  if (plain.includes('%')) return 'percentage';
  if (/[0#?][^0#?,.;]*,+(?![0#?,])/.test(plain)) return 'scaled';
  const shown = plain.split(';').some((part) => /[0#?]/.test(part));
  return shown ? 'plain' : 'unshown';
}
