/**
 * A workbook (ECMA-376) of several sheets, written as its rows are read: neither the rows nor the file are ever held. Text
 * is text and no formula.
 */
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { columnName, writeCellText } from '../../xlsx.js';
import type { Field } from './columns.js';

/** A sheet: its rows with the headings first, which stay in view as do the first columns. */
export interface WorkbookSheet {
  readonly name: string;
  /** Of each column, in characters. */
  readonly widths: readonly number[];
  readonly frozenColumns: number;
  readonly rows: AsyncIterable<readonly Field[]> | Iterable<readonly Field[]>;
}

/** Writes a workbook, piece by piece. What reading the rows throws ends it. */
export async function* writeSheets(sheets: readonly WorkbookSheet[]): AsyncGenerator<Uint8Array> {
  const zip = new ZipFile();
  // A stream of bytes, whatever the general type says.
  const output = zip.outputStream as Readable;
  const giveUp = (error: Error) => output.destroy(error);
  zip.on('error', giveUp);
  for (const [path, content] of packageParts(sheets)) zip.addBuffer(Buffer.from(content), path);
  const parts = sheets.map((sheet) => Readable.from(sheetParts(sheet), { objectMode: false }));
  for (const [index, part] of parts.entries()) {
    zip.addReadStream(part.on('error', giveUp), `xl/worksheets/sheet${index + 1}.xml`);
  }
  zip.end();
  try {
    for await (const piece of output) yield piece;
  } finally {
    for (const part of parts) part.destroy();
  }
}

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packaged = 'http://schemas.openxmlformats.org/package/2006';
const types = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

const plain = 'numFmtId="0" fontId="0" fillId="0" borderId="0"';

/** The parts that say what the workbook consists of. Its one style is Excel's own. */
function packageParts(sheets: readonly WorkbookSheet[]): [path: string, content: string][] {
  const each = (write: (sheet: WorkbookSheet, number: number) => string) =>
    sheets.map((sheet, index) => write(sheet, index + 1)).join('');
  const parts = {
    '[Content_Types].xml': `<Types xmlns="${packaged}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${types}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${types}.styles+xml"/>${each((_, n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${types}.worksheet+xml"/>`)}</Types>`,
    '_rels/.rels': `<Relationships xmlns="${packaged}/relationships"><Relationship Id="rId1" Type="${relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${relations}"><sheets>${each(({ name }, n) => `<sheet name="${escaped(name)}" sheetId="${n}" r:id="rId${n}"/>`)}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${packaged}/relationships">${each((_, n) => `<Relationship Id="rId${n}" Type="${relations}/worksheet" Target="worksheets/sheet${n}.xml"/>`)}<Relationship Id="rId${sheets.length + 1}" Type="${relations}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': `<styleSheet xmlns="${main}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf ${plain}/></cellStyleXfs><cellXfs count="1"><xf ${plain} xfId="0"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`,
  };
  return Object.entries(parts).map(([path, content]) => [path, declaration + content]);
}

/** Characters of a sheet handed on in one go. */
const pieceLength = 64 * 1024;

async function* sheetParts({ widths, frozenColumns, rows }: WorkbookSheet): AsyncGenerator<Buffer> {
  const corner = `${columnName(frozenColumns)}2`;
  const pane = `<pane xSplit="${frozenColumns}" ySplit="1" topLeftCell="${corner}" activePane="bottomRight" state="frozen"/>`;
  const columns = widths.map((width, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`);
  const names = widths.map((_, at) => columnName(at));
  let piece = `${declaration}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0">${pane}</sheetView></sheetViews><cols>${columns.join('')}</cols><sheetData>`;
  let number = 0;
  for await (const row of rows) {
    number += 1;
    piece += `<row r="${number}">`;
    for (const [at, field] of row.entries()) if (field !== null) piece += cell(`${names[at]}${number}`, field);
    piece += '</row>';
    if (piece.length < pieceLength) continue;
    yield Buffer.from(piece);
    piece = '';
  }
  yield Buffer.from(`${piece}</sheetData></worksheet>`);
}

function cell(place: string, field: Exclude<Field, null>): string {
  if (typeof field === 'number') return `<c r="${place}"><v>${field}</v></c>`;
  if (typeof field === 'boolean') return `<c r="${place}" t="b"><v>${field ? 1 : 0}</v></c>`;
  return `<c r="${place}" t="inlineStr"><is><t xml:space="preserve">${escaped(writeCellText(field))}</t></is></c>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (one) => entities[one] ?? one);
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
