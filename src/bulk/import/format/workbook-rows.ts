/** The first sheet of an Excel file into rows. Formulas are not run: the value they last gave is read. */

import { readFile, stat } from 'node:fs/promises';
import { shownText } from '../../../document/read/source/workbook.js';
import { type Archive, openArchive, type XmlHandler } from '../../../document/read/source/zip.js';
import { Problem } from '../../../problem.js';
import type { TableRow } from './table-row.js';

/** The largest workbook, in bytes; more reports than that go into CSV or NDJSON. */
const maxWorkbookBytes = 30_000_000;

/** Columns beyond every cell of every form and what stands beside them. */
const maxColumns = 1_000;

/** Rows that Excel itself can hold. */
const maxRows = 1_048_576;

/**
 * The rows of the first sheet, those without anything in them left out. The workbook is held in memory, bounded
 * as `openArchive` bounds it. Throws `body-too-large` or `invalid-document`.
 */
export async function* workbookRows(path: string): AsyncGenerator<TableRow> {
  if ((await stat(path)).size > maxWorkbookBytes) {
    throw new Problem('body-too-large', {
      zh: '工作簿过大，请改用 CSV 或 NDJSON。',
      en: `A workbook may have ${maxWorkbookBytes / 1_000_000} MB at most; send more as CSV or NDJSON.`,
    });
  }
  const archive = await openArchive(await readFile(path));
  const part = await firstSheet(archive);
  if (!part)
    throw new Problem('invalid-document', {
      zh: '压缩文件中没有 Excel 工作表。',
      en: 'The archive holds no Excel sheet.',
    });
  const strings = await sharedStrings(archive);
  const rows: TableRow[] = [];
  await archive.parse(
    part,
    rowHandler(strings, (row) => rows.push(row)),
  );
  yield* rows;
}

async function firstSheet(archive: Archive): Promise<string | undefined> {
  const targets = new Map<string, string>();
  await archive.parse('xl/_rels/workbook.xml.rels', {
    ...nothing,
    open(name, { Id, Target, TargetMode }) {
      if (localName(name) === 'Relationship' && Id && Target && TargetMode !== 'External') targets.set(Id, Target);
    },
  });
  let first: string | undefined;
  await archive.parse('xl/workbook.xml', {
    ...nothing,
    open(name, attributes) {
      if (first === undefined && localName(name) === 'sheet') first = targets.get(attributes['r:id'] ?? '');
    },
  });
  const part = first?.startsWith('/') ? first.slice(1) : `xl/${first ?? ''}`;
  return archive.names.includes(part) ? part : undefined;
}

async function sharedStrings(archive: Archive): Promise<string[]> {
  const strings: string[] = [];
  let text = '';
  let phonetic = false;
  let reading = false;
  await archive.parse('xl/sharedStrings.xml', {
    open(name) {
      const element = localName(name);
      if (element === 'rPh') phonetic = true;
      if (element === 't') reading = !phonetic;
    },
    close(name) {
      const element = localName(name);
      if (element === 'rPh') phonetic = false;
      if (element === 't') reading = false;
      if (element !== 'si') return;
      strings.push(text);
      text = '';
    },
    text(part) {
      if (reading) text += part;
    },
  });
  return strings;
}

function rowHandler(strings: readonly string[], take: (row: TableRow) => void): XmlHandler {
  let line = 0;
  let fields: string[] = [];
  let column = -1;
  let type = '';
  let text = '';
  let reading = false;
  return {
    open(name, attributes) {
      const element = localName(name);
      if (element === 'row') [line, fields, column] = [Number(attributes.r ?? line + 1), [], -1];
      else if (element === 'c') {
        column = attributes.r ? columnOf(attributes.r) : column + 1;
        [type, text] = [attributes.t ?? 'n', ''];
      } else if (element === 'v' || element === 't') reading = true;
    },
    close(name) {
      const element = localName(name);
      if (element === 'v' || element === 't') reading = false;
      else if (element === 'c' && column >= 0 && column < maxColumns) {
        while (fields.length < column) fields.push('');
        fields[column] = shownText(type, text, strings).trim();
      } else if (element === 'row' && line >= 1 && line <= maxRows && fields.some((field) => field !== '')) {
        take({ line, fields, ragged: true, bytes: fields.reduce((sum, field) => sum + field.length, 0) });
      }
    },
    text(part) {
      if (reading) text += part;
    },
  };
}

/** "B3" is column 1; what is no address is outside of every sheet. */
function columnOf(address: string): number {
  const letters = /^([A-Z]{1,3})\d{1,7}$/.exec(address)?.[1] ?? '';
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

const nothing: XmlHandler = { open() {}, close() {}, text() {} };
