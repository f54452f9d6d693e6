/**
 * Which of its meanings a heading has. 总计 is a row of table three and a column of two tables, 其他 a row and
 * a column, 其他处理 a row or the heading over three rows. The neighbours and the numbering decide, never the position.
 */
import { forms } from '../../../form/forms.js';
import { appeals, organizationSubtotal } from '../../../form/lines.js';
import type { Table } from '../../../form/vocabulary.js';
import { cutNumbering, fold, type Numbering } from '../source/text.js';
import type { Heading, Meaning } from './headings.js';

/** What a heading is in its place. */
export type Role =
  | { readonly kind: 'row'; readonly table: string; readonly key: string }
  /** The same words can head a column of several tables. */
  | { readonly kind: 'column'; readonly columns: readonly { readonly table: string; readonly key: string }[] }
  | { readonly kind: 'parent'; readonly table: string; readonly words: string }
  | { readonly kind: 'ambiguous' }
  | { readonly kind: 'other' };

/** A heading with its role. */
export interface Resolved {
  readonly heading: Heading;
  readonly role: Role;
}

/**
 * Gives each of several consecutive headings its role. `beforeBoxes` says whether boxes follow the last heading
 * directly; `met` are the rows found so far, as `table.row`.
 */
export function resolveRoles(
  headings: readonly Heading[],
  beforeBoxes: 'before boxes' | 'alone',
  met: ReadonlyMap<string, number>,
): Resolved[] {
  const resolved: Resolved[] = [];
  headings.forEach((heading, index) => {
    const last = index === headings.length - 1;
    const role = roleOf(heading, {
      before: resolved.at(-1)?.role,
      after: headings[index + 1],
      hasBoxes: last && beforeBoxes === 'before boxes',
      met: (key) =>
        met.has(key) ||
        resolved.some(({ role: other }) => other.kind === 'row' && `${other.table}.${other.key}` === key),
    });
    resolved.push({ heading, role });
  });
  return resolved;
}

/** Whether a role is a column of a table. */
export function isColumnOf(role: Role | undefined, table: string): boolean {
  return role?.kind === 'column' && role.columns.some((column) => column.table === table);
}

/** The heading over the columns of organizations, by its words. */
export function isOrganizations(role: Role): boolean {
  return role.kind === 'parent' && role.words === organizationSubtotal.label.zh;
}

interface Neighbours {
  readonly before: Role | undefined;
  readonly after: Heading | undefined;
  readonly hasBoxes: boolean;
  met(key: string): boolean;
}

function roleOf(heading: Heading, around: Neighbours): Role {
  const columns = heading.meanings.filter((meaning) => meaning.kind === 'column');
  const rows = heading.meanings.filter((meaning) => meaning.kind === 'row');
  const parents = heading.meanings.filter((meaning) => meaning.kind === 'parent');
  if (columns.length > 0 && (rows.length === 0 || isAmongColumns(heading, columns, around))) {
    return { kind: 'column', columns: columnsHere(columns, around) };
  }
  if (rows.length > 1) return rowByNumbering(heading.numbering, rows, around);
  const [row] = rows;
  const [parent] = parents;
  if (row?.kind === 'row' && parent) return isOverRows(row, around) ? parent : row;
  return row ?? parent ?? { kind: 'other' };
}

/** A numbered heading is a row; another one is a column if its neighbour is a column of the same table. */
function isAmongColumns(heading: Heading, columns: readonly Meaning[], around: Neighbours): boolean {
  if (heading.numbering) return false;
  const tables = columns.flatMap((meaning) => (meaning.kind === 'column' ? [meaning.table] : []));
  const { before, after } = around;
  if (before && (tables.some((table) => isColumnOf(before, table)) || isOrganizations(before))) return true;
  return (
    after?.meanings.some(
      (meaning) => meaning.kind === 'column' && tables.includes(meaning.table) && isOnlyColumn(after),
    ) ?? false
  );
}

function isOnlyColumn(heading: Heading): boolean {
  return heading.meanings.every((meaning) => meaning.kind === 'column');
}

/** 总计 heads a column in table three and in table four: its neighbours show which. */
function columnsHere(columns: readonly Meaning[], around: Neighbours): { table: string; key: string }[] {
  const all = columns.flatMap((meaning) =>
    meaning.kind === 'column' ? [{ table: meaning.table, key: meaning.key }] : [],
  );
  const beside = all.filter(
    ({ table }) =>
      isColumnOf(around.before, table) ||
      (around.before?.kind === 'parent' && around.before.table === table && table !== appeals.key),
  );
  if (beside.length > 0) return beside;
  const following = all.filter(({ table }) =>
    around.after?.meanings.some((meaning) => meaning.kind === 'column' && meaning.table === table),
  );
  return following.length > 0 ? following : all;
}

/** 其他 is the last row under 其他处理, or short for 其他处理 printed as one row: its numbering or a sibling row decides. */
function rowByNumbering(numbering: Numbering | null, rows: readonly Meaning[], around: Neighbours): Role {
  const own = rows.flatMap((meaning) => (meaning.kind === 'row' ? [meaning] : []));
  const withSibling = own.filter(({ table, key }) =>
    siblingsOf(table, key).some((sibling) => around.met(`${table}.${sibling}`)),
  );
  const numbered = own.filter(({ table, key }) => numberOf(table, key) === numbering?.number);
  const [only, another] = withSibling.length > 0 ? withSibling : numbered;
  return only && !another ? only : { kind: 'ambiguous' };
}

/** 其他处理 with boxes is a row. Before one of the rows below it, or at the end, it is a heading over rows. */
function isOverRows(row: { readonly table: string; readonly key: string }, around: Neighbours): boolean {
  if (around.hasBoxes) return false;
  const group = subtotalOf(row.table, row.key);
  const { after } = around;
  return (
    !after ||
    after.meanings.some((meaning) => meaning.kind === 'row' && subtotalOf(meaning.table, meaning.key) === group)
  );
}

const tables: readonly Table[] = forms.flatMap((form) => form.tables);

function rowsOf(table: string, key: string) {
  return tables.filter((candidate) => candidate.key === table && candidate.rows.some((row) => row.key === key));
}

function subtotalOf(table: string, key: string): string | undefined {
  return rowsOf(table, key)[0]?.rows.find((row) => row.key === key)?.subtotal;
}

/** The other rows printed under the same heading, on any form that prints the row. */
function siblingsOf(table: string, key: string): string[] {
  const group = subtotalOf(table, key);
  const rows = rowsOf(table, key).flatMap((candidate) => candidate.rows);
  return group === undefined
    ? []
    : rows.filter((row) => row.subtotal === group && row.key !== key).map((row) => row.key);
}

function numberOf(table: string, key: string): number | undefined {
  const label = rowsOf(table, key)[0]?.rows.find((row) => row.key === key)?.label.zh;
  return label === undefined ? undefined : cutNumbering(fold(label)).numbering?.number;
}
