/** Rows of a table into filings: a row a report (a column a cell), or a row a cell. The header says which. */
import { type Cell, findCell, findForm, formInForce } from '../../../form/forms.js';
import { parseJson } from '../../../json.js';
import { type Fault, listFaults, Problem } from '../../../problem.js';
import { readTableText, textTooLong } from '../../table-text.js';
import type { ImportContent, ImportItem } from './item.js';
import {
  type Fields,
  filingColumn,
  type Heading,
  malformed,
  memberOf,
  namedIn,
  plainColumns,
  recordOf,
} from './table-columns.js';
import type { TableRow } from './table-row.js';

/**
 * Reads the rows under a heading: `agency` (or `name`), `year`, optionally `form`, `reason`, `ref`, and then either
 * cells by their address (and publishedItems, engagement, narrative, source), or `cell` and `value`; or `filing`, the
 * JSON of a filing. An empty field is a blank.
 */
export async function* readRows(rows: AsyncIterable<TableRow>, heading: Heading): AsyncGenerator<ImportItem> {
  const { columns } = heading;
  if (columns.includes('cell')) yield* readCells(rows, heading);
  else if (columns.includes(filingColumn)) {
    for await (const row of rows) yield itemOf([row], heading, () => ({ filing: filingInRow(recordOf(row, columns)) }));
  } else for await (const row of rows) yield itemOf([row], heading, () => filingOfRow(recordOf(row, columns)));
}

/** One item of some rows; the first is where it begins. */
function itemOf(rows: readonly TableRow[], { shown }: Heading, read: () => ImportContent): ImportItem {
  const [first] = rows;
  const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
  const found = rows.map((row) => ('problem' in row ? [] : row.fields));
  const raw = first && 'problem' in first ? first.raw : undefined;
  const table = { headings: shown, rows: found, ...(raw !== undefined && { raw }) };
  return { line: first?.line ?? 0, ref: null, bytes, table, read };
}

function filingInRow(fields: Fields): unknown {
  return parseJson(Buffer.from(fields[filingColumn] ?? ''));
}

function filingOfRow(fields: Fields): ImportContent {
  const about = aboutOf(fields);
  const isPrinted = cellsOfForm(fields);
  const figures: Figures = {};
  const parts: Record<string, unknown> = {};
  for (const [column, text] of Object.entries(fields)) {
    const cell = findCell(column);
    // A column of another form that says something stays: the filing is refused for it, not cut.
    if (cell && (isPrinted(cell) || text !== '')) putFigure(figures, cell, text);
    const found = memberOf(column);
    if (found && text !== '') putPart(parts, found, column, text);
  }
  // Lists without a total beside them do not state one.
  if (parts.publishedItems !== undefined && (fields['publishedItems.total'] ?? '') === '' && !fields.publishedItems)
    putPart(parts, totalOfItems, '', 'null');
  return named({ ...about, figures, ...parts }, fields);
}

function named(filing: unknown, fields: Fields): ImportContent {
  const said = namedIn(fields);
  return { filing, ...(said && { named: said }) };
}

const totalOfItems = { member: 'publishedItems', part: 'total' };

/** Rows that follow each other and are of one agency, year and form are one filing. */
async function* readCells(rows: AsyncIterable<TableRow>, heading: Heading): AsyncGenerator<ImportItem> {
  const { columns } = heading;
  let group: Group | undefined;
  const finished = new Map<string, number>();
  const finish = ({ key, rows: grouped, records }: Group): ImportItem => {
    const before = finished.get(key);
    const [first] = grouped;
    finished.set(key, before ?? first?.line ?? 0);
    return itemOf(grouped, heading, () => {
      if (before !== undefined) throw apart(before);
      return filingOfCells(records);
    });
  };
  for await (const row of rows) {
    const record = 'problem' in row ? undefined : attempt(() => recordOf(row, columns));
    if (!record || 'problem' in record) {
      // A row that cannot be read is refused for itself; its report then lacks a cell, which is a fault of its own.
      yield itemOf([row], heading, () => named({}, recordOf(row, columns)));
      continue;
    }
    const { fields } = record;
    const key = JSON.stringify([fields.agency, namedIn(fields), fields.year, fields.form ?? '']);
    if (group && group.key !== key) yield finish(group);
    if (group?.key !== key) group = { key, rows: [], records: [] };
    if (group.records.length > maxRows) continue;
    group.rows.push(row);
    group.records.push({ line: row.line, fields });
  }
  if (group) yield finish(group);
}

/** More rows than any form has cells. */
const maxRows = 1_000;

interface Group {
  readonly key: string;
  readonly rows: TableRow[];
  readonly records: { readonly line: number; readonly fields: Fields }[];
}

function attempt(read: () => Fields): { readonly fields: Fields } | { readonly problem: unknown } {
  try {
    return { fields: read() };
  } catch (problem) {
    return { problem };
  }
}

function filingOfCells(records: Group['records']): ImportContent {
  const figures: Figures = {};
  const parts: Record<string, unknown> = {};
  const lines = new Map<string, number>();
  const faults: Fault[] = [];
  let about: Record<string, unknown> = {};
  for (const { line, fields } of records) {
    const address = fields.cell ?? '';
    const cell = findCell(address);
    const found = memberOf(address);
    const before = lines.get(address);
    if (!cell && !found) faults.push(unknownCell(line, address));
    else if (before !== undefined) faults.push(twice(line, before, address));
    else if (fields.text && (cell || fields.value)) faults.push(besideValue(line, address));
    else if (cell) putFigure(figures, cell, fields.value ?? '');
    else if (found) putSaid(parts, found, fields);
    lines.set(address, line);
    // What is said once, on any of the rows, is said of the report.
    about = { ...about, ...aboutOf(fields) };
  }
  if (faults.length === 0) return named({ ...about, figures, ...parts }, records[0]?.fields ?? {});
  throw new Problem(
    'invalid-report',
    { zh: `有 ${faults.length} 行无效。`, en: `${faults.length} row(s) are not cells of the report.` },
    {
      ...listFaults(faults),
    },
  );
}

/** What a row says beside the figures: a number as its value, the rest as its text. */
function putSaid(
  parts: Record<string, unknown>,
  found: NonNullable<ReturnType<typeof memberOf>>,
  fields: Fields,
): void {
  const { cell = '', value = '', text = '' } = fields;
  const said = text === '' ? value : text;
  if (said !== '') putPart(parts, found, cell, said);
  else if (found.member === totalOfItems.member && found.part === totalOfItems.part)
    putPart(parts, found, cell, 'null');
}

/** Whose report it is, as far as a row says so. */
function aboutOf(fields: Fields): Record<string, unknown> {
  const about: Record<string, unknown> = {};
  for (const name of plainColumns) {
    const text = fields[name] ?? '';
    if (text !== '') about[name] = name === 'year' && /^\d{4}$/.test(text) ? Number(text) : readTableText(text);
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
): void {
  if (text === textTooLong) throw tooLongForCell(column);
  const isText = member === 'narrative' || member === 'source' || part === 'note';
  const value = part !== undefined && isText ? readTableText(text) : jsonOf(column, text, part);
  if (part === undefined) parts[member] = value;
  // A column for the whole member would have put something else there; the two together are refused by its schema.
  else parts[member] = { ...(parts[member] ?? {}), [part]: value };
}

function jsonOf(column: string, text: string, part: string | undefined): unknown {
  try {
    return parseJson(Buffer.from(text));
  } catch {
    // What is no number where one is wanted is refused beside the other faults of the filing.
    if (part === totalOfItems.part) return text;
    throw malformed('JSON', `/${column.replace('.', '/')}`, {
      zh: `${column} 列应为 JSON。`,
      en: `The column ${column} holds JSON.`,
    });
  }
}

function tooLongForCell(column: string): Problem {
  return malformed('LENGTH', `/${column.replace('.', '/')}`, {
    zh: `${column} 列的文字过长，导出的 Excel 单元格容纳不下，这里没有原文；请改用 CSV 或 NDJSON 导出后再导入。`,
    en: `The text of the column ${column} was too long for a cell of the workbook, which does not hold it; import the CSV or NDJSON export.`,
  });
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

function twice(line: number, before: number, address: string): Fault {
  const cell = findCell(address);
  const label = cell?.label ?? { zh: address, en: address };
  return {
    code: 'DUPLICATE',
    severity: 'error',
    pointer: cell?.pointer ?? `/${address.replace('.', '/')}`,
    ...(cell && { cells: [cell.key] }),
    message: {
      zh: `第 ${line} 行：${label.zh} 已在第 ${before} 行给出。`,
      en: `Line ${line}: ${label.en} was given on line ${before} already.`,
    },
  };
}

/** A figure has no text, and nothing has both: one of the two would be lost. */
function besideValue(line: number, address: string): Fault {
  const cell = findCell(address);
  const label = cell?.label ?? { zh: address, en: address };
  return {
    code: 'TEXT',
    severity: 'error',
    pointer: cell?.pointer ?? `/${address.replace('.', '/')}`,
    ...(cell && { cells: [cell.key] }),
    message: {
      zh: `第 ${line} 行：${label.zh} 的 text 列应为空，数填在 value 列。`,
      en: `Line ${line}: ${label.en} has something under text; a figure stands under value, and nothing has both.`,
    },
  };
}

function apart(before: number): Problem {
  return malformed('APART', '', {
    zh: `同一机关同一年度的行应连续排列；第 ${before} 行起已有一组。`,
    en: `The rows of one agency and year stand together; there is a group from line ${before} on already.`,
  });
}
