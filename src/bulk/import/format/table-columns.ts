/** What the columns of a table mean, and the fields of a row under their names. */
import { findCell, formInForce } from '../../../form/forms.js';
import { type Fault, maxFaults, Problem } from '../../../problem.js';
import { quoteText } from '../../../text.js';
import { columnUnder, informativeColumns } from '../../headings.js';
import { type NamedAgency, rejectedColumns } from './item.js';
import type { MarkedCell, TableRow } from './table-row.js';

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
/** The column of the third layout: a row has the JSON of a filing. */
export const filingColumn = 'filing';

/** The columns that name the agency of a row, by what they name. */
const naming: readonly { readonly column: string; readonly part: keyof NamedAgency }[] = [
  { column: 'name', part: 'name' },
  { column: 'agencyName', part: 'name' },
  { column: 'county', part: 'county' },
  { column: 'countyName', part: 'countyName' },
];

/** What a row says of its agency beside the code; undefined when it says nothing. */
export function namedIn(fields: Fields): NamedAgency | undefined {
  const said = naming.flatMap(({ column, part }) => (fields[column] ? [[part, fields[column]] as const] : []));
  return said.length === 0 ? undefined : Object.fromEntries(said);
}

/** The columns of a table. */
export interface Heading {
  /** Their names; empty where a column has neither a heading nor anything under it. */
  readonly columns: readonly string[];
  /** As they came. */
  readonly shown: readonly string[];
}

/**
 * The names of the columns, from the first row. Throws `malformed-body` for one that is no header of any layout or
 * names what is no cell.
 */
export function readHeader(row: TableRow): Heading {
  if ('problem' in row) throw row.problem;
  const shown = row.fields;
  const columns = namesIn(shown);
  const missing = missingIn(columns);
  const seen = new Set<string>();
  const isRepeated = (name: string) => seen.size === seen.add(name).size;
  const strange = columns.filter((name) => name !== '' && (isRepeated(name) || !isKnown(name, columns)));
  if (missing.length === 0 && strange.length === 0) return { columns, shown };
  const listed = strange.slice(0, 20).map(shownName).join(', ');
  throw malformed('HEADER', '', {
    zh: `首行应为列名：agency（或 name）、year，可选 form、reason、ref，其后为单元格地址（如 ${example}），或 cell 和 value。未知或重复：${listed || '无'}；缺少：${missing.join('、') || '无'}。`,
    en: `The first line names the columns: agency (or name), year, optionally form, reason, ref, then addresses of cells (such as ${example}), or cell and value. Unknown or twice: ${listed || 'none'}; missing: ${missing.join(', ') || 'none'}.`,
  });
}

/** A heading that is none may be a whole line, where the delimiter is not one that is known. */
function shownName(name: string): string {
  return quoteText(name, maxShown);
}

const maxShown = 60;

/** The names of columns under headings, which may be those that are printed in Chinese. */
function namesIn(headings: readonly string[]): readonly string[] {
  return headings.map((heading) => columnUnder(heading.trim()));
}

function missingIn(columns: readonly string[]): string[] {
  if (columns.includes(filingColumn)) return [];
  const layout = columns.includes('cell') ? ofCell : [];
  const isNamed = columns.includes('agency') || columns.includes('name') || columns.includes('agencyName');
  return [...(isNamed ? [] : ['agency']), ...['year', ...layout].filter((name) => !columns.includes(name))];
}

/** Whether a row looks like a header: it names one of the columns that tables have. */
export function isHeader(row: TableRow): boolean {
  const wanted = ['agency', 'year', filingColumn];
  return 'fields' in row && namesIn(row.fields).some((name) => wanted.includes(name));
}

/** How many headings of a row are names of columns. */
export function countKnown(headings: readonly string[]): number {
  return namesIn(headings).filter((name) => isKnown(name, []) || ofCell.includes(name) || name === filingColumn).length;
}

const example = formInForce(2021).cells[0]?.key ?? '';

function isKnown(name: string, columns: readonly string[]): boolean {
  if (rejectedColumns.some((column) => column === name)) return true;
  if (columns.includes(filingColumn)) return name === filingColumn;
  if ([...plainColumns, ...informative].includes(name)) return true;
  if (columns.includes('cell')) return ofCell.includes(name) || name === textColumn;
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
  if (!found) return [filingColumn, 'reason', textColumn].includes(column);
  return found.part === 'note' || (found.member === 'narrative' && found.part !== undefined);
}

/** Whether what a column holds is a figure, or says whose figures they are. */
function isExact(column: string): boolean {
  if (['agency', 'year', 'value'].includes(column) || findCell(column)) return true;
  return memberOf(column)?.part === 'total';
}

/** The fields of a row by the names of their columns. */
export type Fields = Readonly<Record<string, string>>;

/** The fields of a row. Throws why it has none, and `malformed-body` for a row of another length than the header. */
export function recordOf(row: TableRow, columns: readonly string[]): Fields {
  if ('problem' in row) throw row.problem;
  const { fields, line, ragged } = row;
  const surplus = fields.slice(columns.length).some((field) => field.trim() !== '');
  const wanted = columns.findLastIndex((column) => column !== '') + 1;
  if (surplus || (fields.length < wanted && !ragged)) {
    throw malformed('LENGTH', '', {
      zh: `第 ${line} 行有 ${fields.length} 列，首行有 ${columns.length} 列。`,
      en: `Line ${line} has ${fields.length} columns, the first line ${columns.length}.`,
    });
  }
  const marked = row.marked?.filter(({ column }) => isExact(columns[column] ?? '')) ?? [];
  if (marked.length > 0) throw notPlain(marked, columns);
  return Object.fromEntries(
    columns.flatMap((column, index) => {
      if (column === '') return [];
      const field = fields[index] ?? '';
      return [[column, isText(column) ? field : field.trim()]];
    }),
  );
}

const kindNames: Readonly<Record<MarkedCell['kind'], Fault['message']>> = {
  date: { zh: '日期', en: 'a date' },
  logical: { zh: '逻辑值', en: 'a logical value' },
  error: { zh: '错误值', en: 'an error' },
  percentage: { zh: '百分比格式', en: 'shown as a percentage' },
  scaled: { zh: '按千或万缩小显示的数', en: 'shown in thousands or more' },
  worded: { zh: '带有其他文字或数字的格式', en: 'shown with other words or digits' },
  zeroless: { zh: '设为不显示的零', en: 'a zero that is not shown' },
  unshown: { zh: '按格式不显示的内容', en: 'not shown, by its format' },
  uncalculated: { zh: '没有计算结果的公式', en: 'a formula without a result' },
};

/** The refusal of cells of a workbook whose number may not be what a reader sees there. */
function notPlain(marked: readonly MarkedCell[], columns: readonly string[]): Problem {
  const errors = marked.slice(0, maxFaults).map(({ column, address, kind }): Fault => {
    const name = columns[column] ?? '';
    const cell = findCell(name);
    return {
      code: 'TYPE',
      severity: 'error',
      pointer: cell?.pointer ?? `/${name.replace('.', '/')}`,
      ...(cell && { cells: [cell.key], label: cell.label }),
      message: {
        zh: `${address} 是${kindNames[kind].zh}，应为普通的数；请在 Excel 中改为常规格式。`,
        en: `${address} is ${kindNames[kind].en}, not a plain number; format it as General.`,
      },
    };
  });
  return new Problem(
    'invalid-report',
    { zh: `有 ${marked.length} 个单元格不是普通的数。`, en: `${marked.length} cell(s) hold no plain number.` },
    { errors, ...(marked.length > maxFaults && { more: true }) },
  );
}

/** The refusal of what holds no filing at all. */
export function nothingToImport(): Problem {
  return malformed('EMPTY', '', {
    zh: '没有可报送的内容：文件为空，或只有列名。',
    en: 'There is nothing to import: the file is empty, or has headings only.',
  });
}

/** The refusal of a header, a row or a field of it. */
export function malformed(code: string, pointer: string, message: Fault['message']): Problem {
  return new Problem('malformed-body', message, {
    errors: [{ code, severity: 'error', pointer, message }],
  });
}
