/**
 * Text in the cells of a workbook (ECMA-376, part 1, 22.9.2.19), where what XML cannot hold is written `_xHHHH_`, and what its
 * columns are called.
 */

/** What XML does not hold or a reader of XML changes, half pairs, and what would be taken for such an escape. */
const escaped =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped here.
  /[\u0000-\u0008\u000b-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|_(?=x[\da-fA-F]{4}_)/g;

/** A text as a cell of a workbook holds it. `readCellText` gives back what it was. */
export function writeCellText(text: string): string {
  return text.replace(escaped, (one) => `_x${one.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`);
}

/** The text that a cell of a workbook means. */
export function readCellText(text: string): string {
  return text.replace(/_x([\da-fA-F]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** Excel keeps no longer text in a cell, in UTF-16 units. */
export const maxCellLength = 32_767;

/** What a spreadsheet calls a column, from 0: A, B, …, Z, AA. */
export function columnName(column: number): string {
  const before = column < 26 ? '' : columnName(Math.floor(column / 26) - 1);
  return before + String.fromCharCode(65 + (column % 26));
}
