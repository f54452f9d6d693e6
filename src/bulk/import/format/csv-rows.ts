/** CSV into rows. A record that is broken is a row that says so, and the lines after it are read all the same. */
import { Readable } from 'node:stream';
import { parse as parseInPieces } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { restoreText } from '../../../csv.js';
import { takeTurns } from '../../../loop.js';
import { Problem } from '../../../problem.js';
import { type Charset, textPieces } from './charset.js';
import { isBlank, type Line, maxRecordLength, splitLines, tooLong } from './lines.js';
import { countKnown } from './table-columns.js';
import type { Table, TableRow } from './table-row.js';

/** How the records of a file are read. */
interface Reader {
  /** Of the file, which the decoder need not be given: UTF-16 comes in UTF-8. */
  readonly charset: Charset;
  readonly decoder: InstanceType<typeof TextDecoder>;
  /** Between two fields; undefined until the heading was met. */
  delimiter?: string;
}

/** A field in quotes may hold line feeds; a record of more lines than this has a quote that is never closed. */
const maxLines = 2_000;

/** Characters of a row shown of one that cannot be read. */
const maxRaw = 32_000;

/** Columns of a sheet in Excel, which writes a comma for each that was ever used. */
const maxColumns = 16_384;

/** Characters of a heading that names every cell of every form, many times over. */
const maxHeading = 200_000;

const quote = 0x22;

/** A CSV file as a table. */
export function csvTable(path: string, charset: Charset): Table {
  return { rows: () => csvRows(textPieces(path, charset), charset) };
}

/**
 * The records of a CSV file (RFC 4180), with the line each begins on. Between fields is what a first line `sep=;`
 * says, else the comma, semicolon or tab that makes most names of columns of the heading. An apostrophe that keeps a
 * spreadsheet from running a text is taken away, and nothing else is changed. Every record is decoded for itself, so
 * that bytes of another encoding spoil one and not the rest: neither in UTF-8 nor in GB18030 is a quote, a comma or a
 * line feed ever part of another character.
 */
async function* csvRows(pieces: AsyncIterable<Buffer>, charset: Charset): AsyncGenerator<TableRow> {
  const encoding = charset === 'gb18030' ? charset : 'utf-8';
  const reader: Reader = { charset, decoder: new TextDecoder(encoding, { fatal: true, ignoreBOM: true }) };
  // Lines of a record whose quotes are still open.
  let open: Line[] = [];
  let bytes = 0;
  for await (const next of splitLines(pieces, maxRecordLength)) {
    open.push(next);
    bytes += next.bytes.length;
    if (isClosed(open, next)) {
      yield* await rowsOf(open, reader);
      [open, bytes] = [[], 0];
    } else if (open.length > maxLines || bytes > maxRecordLength) {
      // The first line is at fault; those after it get their own chance.
      const settled = await settle(open, reader);
      yield* settled.rows;
      open = settled.open;
      bytes = open.reduce((sum, line) => sum + line.bytes.length, 0);
    }
  }
  while (open.length > 0) {
    const settled = await settle(open, reader);
    yield* settled.rows;
    open = settled.open;
  }
}

/** Whether the record ends with its last line: an odd number of quotes in it opens or closes a field. */
function isClosed(open: readonly Line[], last: Line): boolean {
  const odd = countQuotes(last) % 2 === 1;
  return last.long || (open.length === 1 ? !odd : odd);
}

/** Gives up the first of some lines whose quotes never close, and reads the others as far as they do. */
async function settle(stuck: readonly Line[], reader: Reader): Promise<{ rows: TableRow[]; open: Line[] }> {
  const [first, ...rest] = stuck;
  if (!first) return { rows: [], open: [] };
  const raw = shownText(first.bytes, reader);
  const rows: TableRow[] = [{ line: first.line, bytes: first.bytes.length, problem: brokenQuotes(first.line), raw }];
  let open: Line[] = [];
  for (const line of rest) {
    open.push(line);
    if (!isClosed(open, line)) continue;
    rows.push(...(await rowsOf(open, reader)));
    open = [];
  }
  return { rows, open };
}

async function rowsOf(record: readonly Line[], reader: Reader): Promise<TableRow[]> {
  const [first] = record;
  if (!first || (record.length === 1 && isBlank(first.bytes))) return [];
  const bytes = record.reduce((sum, line) => sum + line.bytes.length + 1, 0);
  const whole = Buffer.concat(record.flatMap(({ bytes: part }) => [part, Buffer.from('\n')]));
  const place = { line: first.line, bytes };
  const refused = (problem: Problem): TableRow[] => [{ ...place, problem, raw: shownText(whole, reader) }];
  const long = record.find((line) => line.long);
  if (long) return refused(tooLong(long.line, maxRecordLength));
  try {
    const text = reader.decoder.decode(whole).replace(/\r?\n$/, '');
    const said = first.line === 1 ? /^"?sep=([,;\t|])"?[,;\t|]*$/i.exec(text)?.[1] : undefined;
    if (said !== undefined) reader.delimiter = said;
    // A row without anything in it before the heading says nothing of the delimiter.
    if (said !== undefined || (reader.delimiter === undefined && /^[\s,;"]*$/.test(text))) return [];
    reader.delimiter ??= await delimiterOf(text, first.line);
    const fields = await splitRecord(text, first.line, reader.delimiter);
    return [{ ...place, fields: fields.map(restoreText) }];
  } catch (error) {
    return refused(error instanceof Problem ? error : notDecoded(first.line, reader.charset));
  }
}

/** A comma unless another makes more names of columns of the heading; no heading is longer. */
async function delimiterOf(heading: string, line: number): Promise<string> {
  if (heading.length > maxHeading) return ',';
  let best = { delimiter: ',', known: 0 };
  for (const delimiter of [',', ';', '\t']) {
    const fields = await splitRecord(heading, line, delimiter).catch(() => []);
    const known = countKnown(fields);
    if (known > best.known) best = { delimiter, known };
  }
  return best.delimiter;
}

async function splitRecord(text: string, line: number, delimiter: string): Promise<readonly string[]> {
  if (text.includes('\0')) throw malformed(line, 'NUL', { zh: '含有空字符（NUL）', en: 'it holds a NUL' });
  if (isTooWide(text, delimiter)) {
    throw malformed(line, 'COLUMNS', {
      zh: `超过 ${maxColumns} 列`,
      en: `it has more than ${maxColumns} columns`,
    });
  }
  if (!text.includes('"')) return text.split(delimiter);
  // As it is written; else with the blanks around its quotes left out.
  const fields =
    (await splitQuoted(text, { trim: false, delimiter })) ?? (await splitQuoted(text, { trim: true, delimiter }));
  if (!fields) throw brokenQuotes(line);
  return fields;
}

/** Whether a record has more columns than are read, which is seen before millions of them are made. */
function isTooWide(text: string, delimiter: string): boolean {
  const [mark, quotation] = [delimiter.charCodeAt(0), 0x22];
  let columns = 1;
  let isQuoted = false;
  for (let at = 0; at < text.length && columns <= maxColumns; at++) {
    const code = text.charCodeAt(at);
    if (code === quotation) isQuoted = !isQuoted;
    else if (code === mark && !isQuoted) columns += 1;
  }
  return columns > maxColumns;
}

/** The fields of one record; undefined where its quotes do not match. A line break without quotes is a character. */
async function splitQuoted(
  text: string,
  { trim, delimiter }: { readonly trim: boolean; readonly delimiter: string },
): Promise<readonly string[] | undefined> {
  const options = { trim, delimiter, record_delimiter: '\n' };
  try {
    // Without `columns` a record is the list of its fields.
    const records: string[][] =
      text.length <= parsedAtOnce
        ? (parse(text, options) as unknown as string[][])
        : await Readable.from(piecesOf(text)).compose(parseInPieces(options)).toArray();
    return records[0] ?? [];
  } catch {
    return undefined;
  }
}

/** Characters that are parsed at once: a field of four million in quotes would have the loop for a third of a second. */
const parsedAtOnce = 65_536;

/** A long record in pieces, which let others have the loop between them. */
async function* piecesOf(text: string): AsyncGenerator<string> {
  const othersTurn = takeTurns();
  for (let from = 0; from < text.length; from += parsedAtOnce) {
    await othersTurn();
    yield text.slice(from, from + parsedAtOnce);
  }
}

function countQuotes({ bytes }: Line): number {
  let count = 0;
  for (let at = bytes.indexOf(quote); at !== -1; at = bytes.indexOf(quote, at + 1)) count += 1;
  return count;
}

/** What is no text in the character set of the file is shown by a sign in its place. */
function shownText(bytes: Buffer, { decoder }: Reader): string {
  const text = new TextDecoder(decoder.encoding).decode(bytes.subarray(0, maxRaw * 2));
  return text.trimEnd().replaceAll('\0', '\ufffd').slice(0, maxRaw).toWellFormed();
}

function brokenQuotes(line: number): Problem {
  return malformed(line, 'QUOTES', { zh: '引号不成对或位置不对', en: 'its quotes do not match' });
}

function notDecoded(line: number, charset: string): Problem {
  return malformed(line, 'ENCODING', {
    zh: `不是 ${charset} 编码；GBK 文件请声明 Content-Type: text/csv; charset=gb18030`,
    en: `it is not ${charset}; for a GBK file say Content-Type: text/csv; charset=gb18030`,
  });
}

/** The refusal of one line of a table. */
function malformed(line: number, code: string, said: { readonly zh: string; readonly en: string }): Problem {
  const message = { zh: `第 ${line} 行：${said.zh}。`, en: `Line ${line}: ${said.en}.` };
  return new Problem('malformed-body', message, {
    errors: [{ code, severity: 'error', pointer: '', message }],
  });
}
