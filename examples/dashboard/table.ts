/** Tables of text. A blank is a dash and never 0; what nobody filed is a dot. */

/** What a cell of a table may be: null is a blank, undefined is that there is no report. */
export type Shown = string | number | null | undefined;

const [blank, absent] = ['—', '·'];

/** What the two signs mean, to print below a table. */
export const legend = `${blank} 空白 left blank   ${absent} 未报送 nothing filed, or nothing to be seen`;

/** Writes a table: texts to the left, what else to the right, as wide as a terminal shows Chinese. */
export function writeTable(headings: readonly string[], rows: readonly (readonly Shown[])[]): string {
  const texts = [headings, ...rows.map((row) => row.map(textOf))];
  const widths = headings.map((_, column) => Math.max(...texts.map((row) => widthOf(row[column] ?? ''))));
  const isText = headings.map((_, column) => rows.every((row) => typeof row[column] === 'string'));
  const lines = texts.map((row) =>
    row.map((text, column) => {
      const room = ' '.repeat((widths[column] ?? 0) - widthOf(text));
      return isText[column] ? `${text}${room}` : `${room}${text}`;
    }),
  );
  return lines.map((line) => line.join('  ').trimEnd()).join('\n');
}

function textOf(value: Shown): string {
  if (value === undefined) return absent;
  return value === null ? blank : String(value);
}

/** Columns that a terminal gives a text: two for a Chinese character or sign. */
function widthOf(text: string): number {
  return [...text].reduce(
    (width, sign) =>
      width + (/[\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef]|[\u{20000}-\u{3fffd}]/u.test(sign) ? 2 : 1),
    0,
  );
}

/** A rate as a percentage; null where there is nothing to divide. */
export function percent(rate: number | null): string | null {
  return rate === null ? null : `${(100 * rate).toFixed(1)} %`;
}

/** How many reported of how many, of what is added up. */
export function coverageOf(
  includes: 'ALL' | 'ACCEPTED' | null,
  { expected, reported, accepted }: { readonly expected: number; readonly reported: number; readonly accepted: number },
): string {
  return includes === 'ACCEPTED' ? `${accepted}/${expected} (已报 ${reported})` : `${reported}/${expected}`;
}

/** What keeps the figures of a year from being compared with those before. */
export interface BreakShown {
  readonly effective: string;
  readonly kind: string;
  readonly document: string | null;
  readonly counterparts: readonly { readonly name: string }[];
}

/** A line for each break of a series, below the table that has a mark for it. */
export function writeBreaks(
  years: readonly { readonly year: number; readonly breaks: readonly BreakShown[] }[],
): string[] {
  return years.flatMap(({ year, breaks }) =>
    breaks.map(({ effective, kind, document, counterparts }) => {
      const others = counterparts.map(({ name }) => name).join('、');
      return `* ${year}: ${[kind, effective, others, document ?? ''].filter((part) => part !== '').join(' ')}`;
    }),
  );
}
