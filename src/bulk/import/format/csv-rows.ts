/** CSV into rows. A record that is broken is a row that says so, and the lines after it are read all the same. */
import { parse } from 'csv-parse/sync';
import { restoreText } from '../../../csv.js';
import { Problem } from '../../../problem.js';
import { isBlank, type Line, maxRecordLength, splitLines, tooLong } from './lines.js';
import type { TableRow } from './table-row.js';

type Decoder = InstanceType<typeof TextDecoder>;

/** A field in quotes may hold line feeds; a record of more lines than this has a quote that is never closed. */
const maxLines = 2_000;

const quote = 0x22;

/**
 * The records of a CSV file (RFC 4180, commas), with the line each begins on; an apostrophe that keeps a spreadsheet from
 * running a text is taken away, and nothing else is changed. Every record is decoded for itself,
 * so that bytes of another encoding spoil one and not the rest: neither in UTF-8 nor in GB18030 is a quote, a comma
 * or a line feed ever part of another character.
 */
export async function* csvRows(pieces: AsyncIterable<Buffer>, charset: string): AsyncGenerator<TableRow> {
  const decoder = new TextDecoder(charset, { fatal: true, ignoreBOM: true });
  // Lines of a record whose quotes are still open.
  let open: Line[] = [];
  let bytes = 0;
  for await (const next of splitLines(pieces, maxRecordLength)) {
    open.push(next);
    bytes += next.bytes.length;
    if (isClosed(open, next)) {
      yield* rowsOf(open, decoder);
      [open, bytes] = [[], 0];
    } else if (open.length > maxLines || bytes > maxRecordLength) {
      // The first line is at fault; those after it get their own chance.
      const settled = settle(open, decoder);
      yield* settled.rows;
      open = settled.open;
      bytes = open.reduce((sum, line) => sum + line.bytes.length, 0);
    }
  }
  while (open.length > 0) {
    const settled = settle(open, decoder);
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
function settle(stuck: readonly Line[], decoder: Decoder): { rows: TableRow[]; open: Line[] } {
  const [first, ...rest] = stuck;
  if (!first) return { rows: [], open: [] };
  const rows: TableRow[] = [{ line: first.line, bytes: first.bytes.length, problem: brokenQuotes(first.line) }];
  let open: Line[] = [];
  for (const line of rest) {
    open.push(line);
    if (!isClosed(open, line)) continue;
    rows.push(...rowsOf(open, decoder));
    open = [];
  }
  return { rows, open };
}

function rowsOf(record: readonly Line[], decoder: Decoder): TableRow[] {
  const [first] = record;
  if (!first || (record.length === 1 && isBlank(first.bytes))) return [];
  const bytes = record.reduce((sum, line) => sum + line.bytes.length + 1, 0);
  const place = { line: first.line, bytes };
  const long = record.find((line) => line.long);
  if (long) return [{ ...place, problem: tooLong(long.line, maxRecordLength) }];
  const whole = Buffer.concat(record.flatMap(({ bytes: part }) => [part, Buffer.from('\n')]));
  try {
    return [
      { ...place, fields: splitRecord(decoder.decode(whole).replace(/\r?\n$/, ''), first.line).map(restoreText) },
    ];
  } catch (error) {
    return [{ ...place, problem: error instanceof Problem ? error : notDecoded(first.line, decoder.encoding) }];
  }
}

function splitRecord(text: string, line: number): readonly string[] {
  if (text.includes('\0')) throw malformed(line, 'NUL', { zh: '含有空字符（NUL）', en: 'it holds a NUL' });
  if (!text.includes('"')) return text.split(',');
  // As it is written; else with the blanks around its quotes left out.
  const fields = splitQuoted(text, { trim: false }) ?? splitQuoted(text, { trim: true });
  if (!fields) throw brokenQuotes(line);
  return fields;
}

/** The fields of one record; undefined where its quotes do not match. A line break without quotes is a character. */
function splitQuoted(text: string, { trim }: { readonly trim: boolean }): readonly string[] | undefined {
  try {
    // Without `columns` a record is the list of its fields.
    const [fields = []] = parse(text, { trim, record_delimiter: '\n' }) as unknown as string[][];
    return fields;
  } catch {
    return undefined;
  }
}

function countQuotes({ bytes }: Line): number {
  let count = 0;
  for (let at = bytes.indexOf(quote); at !== -1; at = bytes.indexOf(quote, at + 1)) count += 1;
  return count;
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
