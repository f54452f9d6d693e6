/** CSV as this service writes it (RFC 4180, commas, CRLF), and its one rule against formulas. */

/** One value of a row; null is an empty field. */
export type CsvField = string | number | boolean | null;

/** Rows as lines of CSV. Text is written as it is: what a person wrote goes through `harmlessText` first. */
export function csvText(rows: readonly (readonly CsvField[])[]): string {
  return rows.map((row) => `${row.map(csvField).join(',')}\r\n`).join('');
}

/** A field of a line. Figures need neither quotes nor care: a minus before a number is no formula. */
export function csvField(field: CsvField): string {
  if (typeof field !== 'string') return field === null ? '' : String(field);
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

/**
 * A spreadsheet runs a text that begins with one of = + - @ (plain or full-width), with blanks before it or without, a
 * tab or a line break. An apostrophe before it makes it text; one that is there already gets another, so that it can be
 * undone.
 */
const formula = /^'*(?:[\t\r\n]|\s*[=+\-@＝＋－＠])/;

/** Text that no spreadsheet runs. `restoreText` gives back what it was. */
export function harmlessText(text: string): string {
  return formula.test(text) ? `'${text}` : text;
}

/** The text that `harmlessText` was given. */
export function restoreText(text: string): string {
  return text.startsWith("'") && formula.test(text) ? text.slice(1) : text;
}
