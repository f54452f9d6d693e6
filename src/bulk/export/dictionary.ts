/** What the columns of an export mean: as a sheet of its own in a workbook, and as the fields of a Table Schema. */
import { type Cell, forms, headingOf } from '../../form/forms.js';
import type { Label } from '../../words.js';
import type { ColumnHead, Field } from './columns.js';

/** The headings of the dictionary. */
export const dictionaryHeads: readonly (Label & { readonly width: number })[] = [
  { zh: '列名', en: 'column', width: 44 },
  { zh: '中文标题', en: 'title', width: 60 },
  { zh: '英文说明', en: 'description', width: 60 },
  { zh: '类型', en: 'type', width: 10 },
  { zh: '单位', en: 'unit', width: 8 },
  { zh: '表', en: 'table', width: 30 },
  { zh: '行', en: 'row', width: 40 },
  { zh: '栏', en: 'heading', width: 30 },
  { zh: '有此单元格的格式', en: 'forms', width: 18 },
];

/** The rows of the dictionary: a row a column. */
export function dictionaryRows(columns: readonly ColumnHead[]): Field[][] {
  return columns.map(({ name, title, type, unit, cell }) => [
    ...[name, title.zh, title.en, type, unit ?? null],
    ...(cell ? placeOf(cell) : [null, null, null, null]),
  ]);
}

function placeOf(cell: Cell): readonly Field[] {
  const having = forms.filter((form) => form.has(cell));
  const table = having.flatMap((form) => form.tables).find(({ key }) => key === cell.table);
  const row = table?.rows.find(({ key }) => key === cell.row);
  const column = table?.columns.find(({ key }) => key === cell.column);
  return [
    table?.label.zh ?? null,
    row ? headingOf(row).zh : null,
    column ? headingOf(column).zh : null,
    having.map(({ id }) => id).join(' '),
  ];
}

/** The fields of a Table Schema (datapackage.org): each column with its type, headings in both languages, unit and bounds. */
export function describeColumns(columns: readonly ColumnHead[]): Readonly<Record<string, unknown>>[] {
  return columns.map(({ name, type, title, constraints, unit, cell }) => ({
    name,
    type,
    title: title.zh,
    description: title.en,
    ...(constraints && { constraints }),
    ...(unit && { unit }),
    ...(cell && {
      kind: cell.kind,
      forms: forms.filter((form) => form.has(cell)).map((form) => form.id),
    }),
  }));
}
