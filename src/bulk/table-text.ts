/** Text in the fields of a table, where an empty field is no text: one rule for CSV and for workbooks. */

/** A text as a field: one of nothing but apostrophes, or of nothing, has one more. `readTableText` gives back what it was. */
export function writeTableText(text: string): string {
  return /^'*$/.test(text) ? `'${text}` : text;
}

/** The text that a field means; null for an empty one. */
export function readTableText(field: string): string | null {
  if (field === '') return null;
  return /^'+$/.test(field) ? field.slice(1) : field;
}

/** What a workbook holds in the place of a text that is longer than Excel keeps in a cell. */
export const textTooLong = '〔过长，单元格容纳不下，请取 CSV 或 NDJSON〕 [Too long for a cell: take CSV or NDJSON]';
