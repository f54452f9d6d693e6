/** The doubts about cells: what could not be read, and what was read in a way that needs a second look. */
import { allCells, type Form } from '../../../form/forms.js';
import type { Table } from '../../../form/vocabulary.js';
import type { Label } from '../../../words.js';
import { type Doubt, doubtOf } from '../../doubt.js';
import { type Unread, unreadKinds } from '../source/standing.js';
import type { BoxRow } from './box-rows.js';
import type { Columns } from './columns.js';
import type { Placing, Planned } from './placing.js';

/** Nothing of a table was read. */
export function tableDoubt(table: Table, cells: readonly string[]): Doubt {
  return doubtOf(
    'table-not-found',
    {
      zh: `未读到“${table.label.zh}”的任何数值；表格可能是图片或附件。`,
      en: `No figure of the table “${table.label.en}” could be read; the table may be a picture or an attachment.`,
    },
    { cells, text: table.label.zh },
  );
}

/** Rows whose headings were not found, all of one table together. */
export function unmetDoubt(rows: readonly Label[], cells: readonly string[]): Doubt {
  const text = rows.map(({ zh }) => zh).join('、');
  return doubtOf(
    'row-not-found',
    {
      zh: `未找到以下各行，按空白处理：${text}。`,
      en: `These rows were not found, and their cells are blank: ${rows.map(({ en }) => `“${en}”`).join(', ')}.`,
    },
    { cells, text },
  );
}

/** A row heading with no boxes after it. */
export function emptyDoubt(row: Label, line: number, cells: readonly string[]): Doubt {
  return doubtOf(
    'row-without-boxes',
    { zh: `“${row.zh}”一行没有数值，按空白处理。`, en: `The row “${row.en}” has no boxes; its cells are blank.` },
    { line, cells, text: row.zh },
  );
}

/** A row whose boxes could not be assigned to cells, because of the headings over it or the number of boxes. */
export function rowDoubt(code: 'row-miscounted' | 'heading-missing', row: BoxRow, columns: Columns | null): Doubt {
  const text = row.boxes.map((box) => box.text.trim()).join(' ');
  const name = row.heading.text.trim();
  const message = columns
    ? {
        zh: `“${name}”一行应有${columns.keys.length}格，实有${row.boxes.length}格，无法确定各数属于哪一格，按空白处理。`,
        en: `The row “${name}” has ${columns.keys.length} boxes on the form and ${row.boxes.length} in the document. It is not clear which is which, so its cells are blank.`,
      }
    : {
        zh: `“${name}”上方的列标题无法识别，或次序与表样不同且无法核实，本行未读入。`,
        en: `The column headings over “${name}” are not those of any form, or their order is another and cannot be confirmed; the row was not read.`,
      };
  return doubtOf(code, message, { line: row.heading.line, cells: columns?.keys ?? cellsOfRow(row), text });
}

/** One doubt for each head in which a heading was not found, for all the rows under it. */
export function headDoubts(plans: readonly Planned[]): Doubt[] {
  const heads = new Map<string, Planned>();
  for (const plan of plans) {
    const key = `${plan.row.table}:${plan.columns.missing.map(({ zh }) => zh).join()}`;
    if (plan.columns.missing.length > 0 && !heads.has(key)) heads.set(key, plan);
  }
  return [...heads.values()].map(({ row, columns }) => {
    const { missing } = columns;
    const names = missing.map(({ zh }) => zh).join('、');
    return doubtOf(
      'heading-missing',
      {
        zh: `未找到列标题“${names}”，按表样的列序读取。`,
        en: `These column headings were not found, and the columns were read in the order of the form: ${missing.map(({ en }) => `“${en}”`).join(', ')}.`,
      },
      { line: row.heading.line, cells: columns.keys, text: names },
    );
  });
}

/** A way of assigning boxes that needs a second look. */
export type Inferred = Exclude<(Placing & { readonly kind: 'placed' })['how'], 'plain'>;

/** Boxes that were assigned by the equations, alone or against the head of the table. */
export function inferredDoubt(how: Inferred, { row, columns }: Planned): Doubt {
  const text = row.boxes.map((box) => box.text.trim()).join(' ');
  return doubtOf(
    how,
    {
      zh: `“${row.heading.text.trim()}”一行各数属于哪一格，只能按勾稽关系确定，请核对。`,
      en: `Only the equations show which figure of the row “${row.heading.text.trim()}” belongs to which box; please check.`,
    },
    { line: row.heading.line, cells: columns.keys, text },
  );
}

/** A box that holds something beside text, or a number that is shown as something else: named, with its address. */
export function unreadDoubt(
  { kind, at }: Unread,
  about: { readonly line: number; readonly cells: readonly string[]; readonly text: string },
): Doubt {
  const { zh, en } = unreadKinds[kind];
  const seen = about.text === '' ? { zh: '', en: '' } : { zh: `（“${about.text}”）`, en: ` (“${about.text}”)` };
  return doubtOf(
    'unreadable-box',
    {
      zh: `${at ? `${at} ` : ''}格内是${zh}${seen.zh}，不是文字写的数，未读入。`,
      en: `The box${at ? ` ${at}` : ''} holds ${en}${seen.en} and no number as text; it was not read.`,
    },
    about,
  );
}

/** A box that the recognised form does not have. */
export function strangerDoubt(
  reading: { readonly cell: string; readonly text: string },
  line: number,
  form: Form,
): Doubt {
  return doubtOf(
    'not-on-form',
    {
      zh: `“${reading.text}”所在的格不在${form.name.zh}中，未采用。`,
      en: `The box of “${reading.text}” is not on the ${form.name.en}; its figure was left out.`,
    },
    { line, cells: [reading.cell], text: reading.text },
  );
}

/** The content does not show which form it is. */
export function formDoubt(form: Form): Doubt {
  return doubtOf('form-unclear', {
    zh: `从内容无法确定是哪一版格式，按${form.name.zh}读取。`,
    en: `The content fits more than one form; it was read as the ${form.name.en}.`,
  });
}

/** Every cell that the row has on any form, and for the line of table four every cell of the table. */
function cellsOfRow({ table, key: row }: BoxRow): string[] {
  return allCells.filter((cell) => cell.table === table && (row === null || cell.row === row)).map(({ key }) => key);
}
