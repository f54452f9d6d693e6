/**
 * The columns of a table of statistics, tidy: a row an observation. Stated once, for CSV and for workbooks, by what they
 * tell of: what is the same for many rows is put together once.
 */
import type { CsvField } from '../../csv.js';
import type { Measure } from '../../form/measure/measures.js';
import type { Attributes, Observation } from '../../rollup/table/observation.js';
import type { TableArea } from '../../rollup/table/table.js';
import type { Label } from '../../words.js';

/** The language that names and headings are in. */
export type Language = keyof Label;

/** A column: its name for ever, its headings, its width in a workbook in characters, and how it is read. */
interface StatisticsColumn<Of> {
  readonly name: string;
  readonly title: Label;
  readonly width: number;
  readonly read: (of: Of, language: Language) => CsvField;
}

/** What is the same for all rows of an area. */
export const areaColumns: readonly StatisticsColumn<TableArea>[] = [
  column('area', '区域代码', 'Code of the agency or division', 12, ({ code }) => code),
  column('areaName', '区域名称', 'Name of the agency or division', 20, ({ name }) => name),
  column('level', '级别', 'Level of the division; AGENCY of an agency', 12, ({ level }) => level),
  column('kind', '机关类别', 'Kind of the agency', 12, ({ kind }) => kind),
  column('parent', '上级代码', 'Code of the division directly above it', 12, ({ parent }) => parent?.code ?? null),
  column('parentName', '上级名称', 'Name of the division directly above it', 20, ({ parent }) => parent?.name ?? null),
];

const yearColumns: readonly StatisticsColumn<number>[] = [column('year', '年度', 'Report year', 8, (year) => year)];

/** What is the same for all rows of a measure. */
export const measureColumns: readonly StatisticsColumn<Measure>[] = [
  column('measure', '指标', 'Address of the measure', 38, ({ key }) => key),
  column('label', '指标名称', 'What the measure is called', 48, ({ label }, language) => label[language]),
  column('unit', '单位', 'Unit; empty of a rate', 8, ({ unit }) => unit),
];

const valueColumns: readonly StatisticsColumn<Observation>[] = [
  column('value', '数值', 'The value; empty where there is none', 16, ({ value }) => value),
];

/** What is said beside the value of an observation: counts and letters. */
export const attributeColumns: readonly StatisticsColumn<Attributes>[] = [
  column(
    'reported',
    '填报数',
    'How many reports state it (of a subtotal, any of its boxes); of coverage.rate, how many agencies reported',
    10,
    ({ reported }) => reported,
  ),
  column('expected', '应报送数', 'How many agencies are expected to file', 10, ({ expected }) => expected),
  column('blank', '空白数', 'How many reports leave it blank; of a subtotal, at least', 10, ({ blank }) => blank),
  column('absent', '格式无此项数', 'How many reports are on a form without it', 14, ({ absent }) => absent),
  column(
    'denominator',
    '比率的分母',
    'What a rate divides by; empty of everything else',
    12,
    ({ denominator }) => denominator,
  ),
  column('samples', '示例报告数', 'How many reports are made-up samples', 12, ({ samples }) => samples),
  column('status', '状态', 'Letters of the status', 8, ({ status }) => (status === '' ? null : status)),
  column('includes', '统计口径', 'Of ALL that was filed, or of what was ACCEPTED', 12, ({ inclusion }) => inclusion),
];

function column<Of>(
  name: string,
  zh: string,
  en: string,
  width: number,
  read: StatisticsColumn<Of>['read'],
): StatisticsColumn<Of> {
  return { name, title: { zh, en }, width, read };
}

/** Every column in its order, which it keeps: a new one comes last. */
const columns = [...areaColumns, ...yearColumns, ...measureColumns, ...valueColumns, ...attributeColumns];

/** The widths of all columns. */
export const columnWidths: readonly number[] = columns.map(({ width }) => width);

/** What stands over the columns: their names, or their headings in a language. */
export function headingsIn(language: Language | undefined): string[] {
  return columns.map(({ name, title }) => (language === undefined ? name : title[language]));
}

/** The fields of one thing under the columns that tell of it. */
export function fieldsUnder<Of>(some: readonly StatisticsColumn<Of>[], of: Of, language: Language): CsvField[] {
  return some.map(({ read }) => read(of, language));
}

/** Fields that many rows have, by what they tell of: made once for each. */
export function madeOnce<Of, Made>(make: (of: Of) => Made): (of: Of) => Made {
  const made = new Map<Of, Made>();
  return (of) => {
    const known = made.get(of);
    if (known !== undefined) return known;
    const one = make(of);
    made.set(of, one);
    return one;
  };
}

/** Writes what is said beside the value of an observation, once for observations that follow each other and say the same. */
export function writeOnce(write: (attributes: Attributes) => string): (attributes: Attributes) => string {
  let last: Attributes | undefined;
  let text = '';
  return (attributes) => {
    if (attributes !== last) text = write(attributes);
    last = attributes;
    return text;
  };
}

/**
 * The bytes of a text, each as a character: a line is put together of parts that are encoded already, since to encode the same
 * Chinese words in every line takes longer than all else.
 */
export function bytesAsText(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** The bytes that some such texts hold, one after the other. */
export function joinBytes(texts: readonly string[]): Uint8Array {
  const bytes = Buffer.allocUnsafe(texts.reduce((length, text) => length + text.length, 0));
  let at = 0;
  for (const text of texts) at += bytes.write(text, at, 'latin1');
  return bytes;
}
