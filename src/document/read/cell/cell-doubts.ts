/** The sentences in which a reading says what it could not read, or how it read what was not plain. */
import { allCells, type Form } from '../../../form/forms.js';
import type { Table } from '../../../form/vocabulary.js';
import { type Doubt, doubtOf } from '../../doubt.js';
import type { BoxRow } from './box-rows.js';
import type { Columns } from './columns.js';
import type { Placing, Planned } from './placing.js';

/** Nothing of a table was read. */
export function tableDoubt(table: Table, cells: readonly string[]): Doubt {
  return doubtOf(
    'table-not-found',
    {
      zh: `未读到“${table.label.zh}”的任何数值；表格可能是图片或附件。`,
      en: `Nothing of the table “${table.label.zh}” could be read; it may be a picture or an attachment.`,
    },
    { cells, text: table.label.zh },
  );
}

/** Rows whose headings were not met, all of one table together. */
export function unmetDoubt(names: readonly string[], cells: readonly string[]): Doubt {
  const text = names.join('、');
  return doubtOf(
    'row-not-found',
    { zh: `未找到以下各行，按空白处理：${text}。`, en: `These rows were not found, their cells are blank: ${text}.` },
    { cells, text },
  );
}

/** A row heading with no boxes after it. */
export function emptyDoubt(name: string, line: number, cells: readonly string[]): Doubt {
  return doubtOf(
    'row-without-boxes',
    { zh: `“${name}”后未见数值，按空白处理。`, en: `No boxes follow “${name}”; its cells are blank.` },
    { line, cells, text: name },
  );
}

/** A row whose boxes could not be put to cells: by the headings over it, or by their number. */
export function rowDoubt(code: 'row-miscounted' | 'heading-missing', row: BoxRow, columns: Columns | null): Doubt {
  const text = row.boxes.map((box) => box.text.trim()).join(' ');
  const name = row.heading.text.trim();
  const message = columns
    ? {
        zh: `“${name}”应有${columns.keys.length}格，见到${row.boxes.length}格，无法确定各格归属，按空白处理。`,
        en: `“${name}” has ${columns.keys.length} boxes on the form and ${row.boxes.length} here; nothing tells which is which, so its cells are blank.`,
      }
    : {
        zh: `“${name}”上方的列标题无法识别，或次序与表样不同而无从核实，本行未读入。`,
        en: `The column headings over “${name}” are not those of any form, or in another order that nothing bears out; the row was not read.`,
      };
  return doubtOf(code, message, { line: row.heading.line, cells: columns?.keys ?? cellsOfRow(row), text });
}

/** One doubt for each head in which a heading was not met, however many rows stand under it. */
export function headDoubts(plans: readonly Planned[]): Doubt[] {
  const heads = new Map<string, Planned>();
  for (const plan of plans) {
    const key = `${plan.row.table}:${plan.columns.missing.join()}`;
    if (plan.columns.missing.length > 0 && !heads.has(key)) heads.set(key, plan);
  }
  return [...heads.values()].map(({ row, columns }) => {
    const names = columns.missing.join('、');
    return doubtOf(
      'heading-missing',
      {
        zh: `未见列标题“${names}”，按表样列序读取。`,
        en: `The column headings ${names} were not met; the order of the form was taken.`,
      },
      { line: row.heading.line, cells: columns.keys, text: names },
    );
  });
}

/** A way of telling boxes apart that deserves a second look. */
export type Inferred = Exclude<(Placing & { readonly kind: 'placed' })['how'], 'plain'>;

/** Boxes that only the equations, or they against the head of the table, could tell apart. */
export function inferredDoubt(how: Inferred, { row, columns }: Planned): Doubt {
  const text = row.boxes.map((box) => box.text.trim()).join(' ');
  return doubtOf(
    how,
    {
      zh: `“${row.heading.text.trim()}”各格按勾稽关系唯一确定，请核对。`,
      en: `The boxes of “${row.heading.text.trim()}” were told apart by its equations alone; please check.`,
    },
    { line: row.heading.line, cells: columns.keys, text },
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
      zh: `“${reading.text}”所在格不属于${form.name.zh}，未采用。`,
      en: `The box of “${reading.text}” is not on the ${form.name.en}; it was left out.`,
    },
    { line, cells: [reading.cell], text: reading.text },
  );
}

/** Which form it is could not be told from the content. */
export function formDoubt(form: Form): Doubt {
  return doubtOf('form-unclear', {
    zh: `无法从内容确定格式版本，按${form.name.zh}读取。`,
    en: `The content fits more than one form; it was read as the ${form.name.en}.`,
  });
}

/** Every cell that the row has on any form, and for the line of table four every cell of the table. */
function cellsOfRow({ table, key: row }: BoxRow): string[] {
  return allCells.filter((cell) => cell.table === table && (row === null || cell.row === row)).map(({ key }) => key);
}
