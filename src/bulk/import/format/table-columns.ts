/** What the columns of a table mean, and the fields of a row under their names. */
import { findCell, formInForce } from '../../../form/forms.js';
import { type Fault, Problem } from '../../../problem.js';
import { columnUnder, informativeColumns } from '../../headings.js';
import type { TableRow } from './table-row.js';

/** Columns of what every filing says beside its figures. */
export const plainColumns = ['agency', 'year', 'form', 'reason', 'ref'] as const;

/** Members of a filing that a column of a report's row may hold: as JSON, or a part of one under `member.part`. */
const members = ['publishedItems', 'engagement', 'narrative', 'source'] as const;

/** Columns that exports add for readers; what they say is in the register already. */
const informative: readonly string[] = [
  ...informativeColumns,
  ...['agencyName', 'submittedOn', 'filedAt', 'updatedAt', 'actor', 'findings', 'label'],
];

/** The columns of the second layout: one cell a row, the rows of a report together. */
const ofCell = ['cell', 'value'];

/** The column of the second layout with what is said beside the figures. */
const textColumn = 'text';

/**
 * The names of the columns, from the first row. Throws `malformed-body` for one that is no header of either layout or
 * names what is no cell.
 */
export function readHeader(row: TableRow | undefined): readonly string[] {
  if (row && 'problem' in row) throw row.problem;
  const columns = namesIn(row?.fields ?? []);
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

/** The names of columns under headings, which may be those that are printed in Chinese. */
function namesIn(headings: readonly string[]): readonly string[] {
  return headings.map((heading) => columnUnder(heading.trim()));
}

/** Whether a row looks like a header: it names one of the columns that every table has. */
export function isHeader(row: TableRow): boolean {
  return 'fields' in row && namesIn(row.fields).some((name) => name === 'agency' || name === 'year');
}

const example = formInForce(2021).cells[0]?.key ?? '';

function isKnown(name: string, layout: readonly string[]): boolean {
  if ([...plainColumns, ...informative, ...layout].includes(name)) return true;
  if (layout.length > 0) return name === textColumn;
  return findCell(name) !== undefined || memberOf(name) !== undefined;
}

/** The member of a filing that a column is, or is a part of. */
export function memberOf(name: string): { readonly member: string; readonly part: string | undefined } | undefined {
  const [member = '', part, ...more] = name.split('.');
  return more.length === 0 && members.some((known) => known === member) ? { member, part } : undefined;
}

/** Whether a column holds text that is kept as it is, with the blanks at its ends. */
function isText(column: string): boolean {
  const found = memberOf(column);
  if (!found) return column === 'reason' || column === textColumn;
  return found.part === 'note' || (found.member === 'narrative' && found.part !== undefined);
}

/** The fields of a row by the names of their columns. */
export type Fields = Readonly<Record<string, string>>;

/** The fields of a row. Throws why it has none, and `malformed-body` for a row of another length than the header. */
export function recordOf(row: TableRow, columns: readonly string[]): Fields {
  if ('problem' in row) throw row.problem;
  const { fields, line, ragged } = row;
  const surplus = fields.slice(columns.length).some((field) => field.trim() !== '');
  if (surplus || (fields.length < columns.length && !ragged)) {
    throw malformed('LENGTH', '', {
      zh: `第 ${line} 行有 ${fields.length} 列，首行有 ${columns.length} 列。`,
      en: `Line ${line} has ${fields.length} columns, the first line ${columns.length}.`,
    });
  }
  return Object.fromEntries(
    columns.map((column, index) => {
      const field = fields[index] ?? '';
      return [column, isText(column) ? field : field.trim()];
    }),
  );
}

/** The refusal of a header, a row or a field of it. */
export function malformed(code: string, pointer: string, message: Fault['message']): Problem {
  return new Problem('malformed-body', message, {
    errors: [{ code, severity: 'error', pointer, message }],
  });
}
