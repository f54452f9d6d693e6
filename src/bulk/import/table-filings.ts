/** Rows of a table into filings: a row a report (a column a cell), or a row a cell. The header says which. */
import { type Cell, findCell, findForm, formInForce } from '../../form/forms.js';
import { type Fault, Problem } from '../../problem.js';
import type { BulkItem, ParseJson } from './formats.js';

/** A row as it was found: its fields, or why it has none. */
export type TableRow = { readonly line: number; readonly bytes: number } & (
  | {
      readonly fields: readonly string[];
      /** Whether blank fields at the end may be left out. */
      readonly ragged?: true;
    }
  | { readonly problem: Problem }
);

/** Columns of what every filing says beside its figures. */
const plain = ['agency', 'year', 'form', 'reason', 'ref'] as const;

/** Members of a filing that a column of a report's row may hold: as JSON, or a part of one under `member.part`. */
const members = ['publishedItems', 'engagement', 'narrative', 'source'] as const;

/** Columns that exports add for readers; what they say is in the register already. */
const informative = [
  'name',
  'agencyName',
  'kind',
  'county',
  'countyName',
  'revision',
  'state',
  'sample',
  'onTime',
  'submittedOn',
  'filedAt',
  'updatedAt',
  'actor',
  'findings',
  'heading',
  'unit',
  'label',
];

/** The columns of the second layout: one cell a row, the rows of a report together. */
const ofCell = ['cell', 'value'];

/**
 * Reads rows whose first names the columns: `agency`, `year`, optionally `form`, `reason`, `ref`, and then either
 * cells by their address (and publishedItems, engagement, narrative, source), or `cell` and `value`. An empty field
 * is a blank. Throws `malformed-body` for a header that is neither or names what is no cell.
 */
export async function* readTable(rows: AsyncIterable<TableRow>, parseJson: ParseJson): AsyncGenerator<BulkItem> {
  const iterator = rows[Symbol.asyncIterator]();
  const header = await iterator.next();
  const columns = readHeader(header.done ? undefined : header.value);
  const rest = { [Symbol.asyncIterator]: () => iterator };
  if (columns.includes('cell')) yield* readCells(rest, columns);
  else for await (const row of rest) yield itemOf(row, () => filingOfRow(recordOf(row, columns), parseJson));
}

function readHeader(row: TableRow | undefined): readonly string[] {
  if (row && 'problem' in row) throw row.problem;
  const columns = row?.fields ?? [];
  const layout = columns.includes('cell') ? ofCell : [];
  const missing = ['agency', 'year', ...layout].filter((name) => !columns.includes(name));
  const strange = columns.filter((name, index) => columns.indexOf(name) !== index || !isKnown(name, layout));
  if (missing.length === 0 && strange.length === 0) return columns;
  const listed = strange.slice(0, 20).join(', ');
  throw malformed('HEADER', '', {
    zh: `首行应为列名：agency、year，可选 form、reason、ref，其后为单元格地址（如 ${example}），或 cell 和 value。未知或重复：${listed || '无'}；缺少：${missing.join('、') || '无'}。`,
    en: `The first line names the columns: agency, year, optionally form, reason, ref, then addresses of cells (such as ${example}), or cell and value. Unknown or twice: ${listed || 'none'}; missing: ${missing.join(', ') || 'none'}.`,
  });
}

const example = formInForce(2021).cells[0]?.key ?? '';

function isKnown(name: string, layout: readonly string[]): boolean {
  if ([...plain, ...informative, ...layout].includes(name)) return true;
  return layout.length === 0 && (findCell(name) !== undefined || memberOf(name) !== undefined);
}

/** The member of a filing a column is, or is a part of. */
function memberOf(name: string): { readonly member: string; readonly part: string | undefined } | undefined {
  const [member = '', part, ...more] = name.split('.');
  return more.length === 0 && members.some((known) => known === member) ? { member, part } : undefined;
}

type Fields = Readonly<Record<string, string>>;

function recordOf(row: TableRow, columns: readonly string[]): Fields {
  if ('problem' in row) throw row.problem;
  const { fields, line, ragged } = row;
  const surplus = fields.slice(columns.length).some((field) => field !== '');
  if (surplus || (fields.length < columns.length && !ragged)) {
    throw malformed('LENGTH', '', {
      zh: `第 ${line} 行有 ${fields.length} 列，首行有 ${columns.length} 列。`,
      en: `Line ${line} has ${fields.length} columns, the first line ${columns.length}.`,
    });
  }
  return Object.fromEntries(columns.map((column, index) => [column, fields[index] ?? '']));
}

function itemOf(row: TableRow, filing: () => unknown): BulkItem {
  return { line: row.line, ref: null, bytes: row.bytes, read: () => ({ filing: filing() }) };
}

function filingOfRow(fields: Fields, parseJson: ParseJson): unknown {
  const about = aboutOf(fields);
  const isPrinted = cellsOfForm(fields);
  const figures: Figures = {};
  const parts: Record<string, unknown> = {};
  for (const [column, text] of Object.entries(fields)) {
    const cell = findCell(column);
    // A column of another form that says something stays: the filing is refused for it, not cut.
    if (cell && (isPrinted(cell) || text !== '')) putFigure(figures, cell, text);
    const found = memberOf(column);
    if (found && text !== '') putPart(parts, found, column, text, parseJson);
  }
  // Lists without a total beside them do not state one.
  if (parts.publishedItems !== undefined && fields['publishedItems.total'] === '')
    putPart(parts, totalOfItems, '', 'null', parseJson);
  return { ...about, figures, ...parts };
}

const totalOfItems = { member: 'publishedItems', part: 'total' };

/** Rows that stand together and are of one agency, year and form are one filing. */
async function* readCells(rows: AsyncIterable<TableRow>, columns: readonly string[]): AsyncGenerator<BulkItem> {
  let group: Group | undefined;
  const finished = new Map<string, number>();
  const finish = ({ key, line, bytes, records }: Group): BulkItem => {
    const before = finished.get(key);
    finished.set(key, before ?? line);
    return itemOf({ line, bytes, fields: [] }, () => {
      if (before !== undefined) throw apart(before);
      return filingOfCells(records);
    });
  };
  for await (const row of rows) {
    const record = 'problem' in row ? undefined : attempt(() => recordOf(row, columns));
    if (!record || 'problem' in record) {
      // A row that cannot be read is refused for itself; its report then lacks a cell, which is told there.
      yield itemOf(row, () => recordOf(row, columns));
      continue;
    }
    const { fields } = record;
    const key = JSON.stringify([fields.agency, fields.year, fields.form ?? '']);
    if (group && group.key !== key) yield finish(group);
    if (group?.key !== key) group = { key, line: row.line, bytes: 0, records: [] };
    if (group.records.length <= maxRows) group.records.push({ line: row.line, fields });
    group.bytes += row.bytes;
  }
  if (group) yield finish(group);
}

/** More rows than any form has cells. */
const maxRows = 1_000;

interface Group {
  readonly key: string;
  readonly line: number;
  bytes: number;
  readonly records: { readonly line: number; readonly fields: Fields }[];
}

function attempt(read: () => Fields): { readonly fields: Fields } | { readonly problem: unknown } {
  try {
    return { fields: read() };
  } catch (problem) {
    return { problem };
  }
}

function filingOfCells(records: Group['records']): unknown {
  const figures: Figures = {};
  const lines = new Map<string, number>();
  const faults: Fault[] = [];
  let about: Record<string, unknown> = {};
  for (const { line, fields } of records) {
    const address = fields.cell ?? '';
    const cell = findCell(address);
    const before = lines.get(address);
    if (!cell) faults.push(unknownCell(line, address));
    else if (before !== undefined) faults.push(twice(line, before, cell));
    else putFigure(figures, cell, fields.value ?? '');
    lines.set(address, line);
    // What is said once, on any of the rows, is said of the report.
    about = { ...about, ...aboutOf(fields) };
  }
  if (faults.length === 0) return { ...about, figures };
  throw new Problem(
    'invalid-report',
    { zh: `有 ${faults.length} 行无效。`, en: `${faults.length} row(s) are not cells of the report.` },
    {
      errors: faults.slice(0, 50),
    },
  );
}

/** Whose report it is, as far as a row says so. */
function aboutOf(fields: Fields): Record<string, unknown> {
  const about: Record<string, unknown> = {};
  for (const name of plain) {
    const text = fields[name] ?? '';
    if (text !== '') about[name] = name === 'year' && /^\d{4}$/.test(text) ? Number(text) : textOf(text);
  }
  return about;
}

/** Whether a cell is printed on the form of a row: the form it names, else the one in force for its year. */
function cellsOfForm(fields: Fields): (cell: Cell) => boolean {
  const year = Number(fields.year);
  const form = fields.form ? findForm(fields.form) : year >= 2019 && year <= 9999 ? formInForce(year) : undefined;
  return form ? form.has : () => true;
}

interface Figures {
  [table: string]: { [row: string]: { [column: string]: number | string | null } };
}

function putFigure(figures: Figures, cell: Cell, text: string): void {
  const table = figures[cell.table] ?? {};
  figures[cell.table] = table;
  const row = table[cell.row] ?? {};
  table[cell.row] = row;
  row[cell.column] = text === '' ? null : cell.kind !== 'amount' && /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}

function putPart(
  parts: Record<string, unknown>,
  { member, part }: NonNullable<ReturnType<typeof memberOf>>,
  column: string,
  text: string,
  parseJson: ParseJson,
): void {
  const isText = member === 'narrative' || member === 'source' || part === 'note';
  const value = part !== undefined && isText ? textOf(text) : jsonOf(column, text, parseJson);
  if (part === undefined) parts[member] = value;
  // A column for the whole member would have put something else there; the two together are refused by its schema.
  else parts[member] = { ...(parts[member] ?? {}), [part]: value };
}

/** An apostrophe that keeps a spreadsheet from running text as a formula is no part of the text. */
function textOf(text: string): string {
  return /^'+[=+\-@\t\r\n＝＋－＠]/.test(text) ? text.slice(1) : text;
}

function jsonOf(column: string, text: string, parseJson: ParseJson): unknown {
  try {
    return parseJson(Buffer.from(textOf(text)));
  } catch {
    throw malformed('JSON', `/${column.replace('.', '/')}`, {
      zh: `${column} 列应为 JSON。`,
      en: `The column ${column} holds JSON.`,
    });
  }
}

function unknownCell(line: number, address: string): Fault {
  const shown = address.slice(0, 100);
  return {
    code: 'UNKNOWN',
    severity: 'error',
    pointer: '/figures',
    message: { zh: `第 ${line} 行：没有单元格“${shown}”。`, en: `Line ${line}: there is no cell "${shown}".` },
  };
}

function twice(line: number, before: number, cell: Cell): Fault {
  return {
    code: 'DUPLICATE',
    severity: 'error',
    pointer: cell.pointer,
    cells: [cell.key],
    message: {
      zh: `第 ${line} 行：${cell.label.zh} 已在第 ${before} 行给出。`,
      en: `Line ${line}: ${cell.label.en} was given on line ${before} already.`,
    },
  };
}

function apart(before: number): Problem {
  return malformed('APART', '', {
    zh: `同一机关同一年度的行应连续排列；第 ${before} 行起已有一组。`,
    en: `The rows of one agency and year stand together; there is a group from line ${before} on already.`,
  });
}

/** The refusal of a header or a row. */
function malformed(code: string, pointer: string, message: Fault['message']): Problem {
  return new Problem('malformed-body', message, {
    errors: [{ code, severity: 'error', pointer, message }],
  });
}
