/** The columns of a table of statistics, tidy: a row an observation. Stated once, for CSV and for workbooks. */
import type { CsvField } from '../../csv.js';
import type { TableRow } from '../../rollup/table/table.js';
import type { Label } from '../../words.js';

/** The language that names and headings are in. */
export type Language = keyof Label;

/** A column: its name for ever, its headings, and how it is read. */
interface StatisticsColumn {
  readonly name: string;
  readonly title: Label;
  readonly read: (row: TableRow, language: Language) => CsvField;
  /** Whether it holds a decimal text of a number, which a workbook holds as the number. */
  readonly isDecimal?: true;
  /** In characters, in a workbook. */
  readonly width: number;
}

/** Every column, in the order that it keeps: a new one comes last. */
export const statisticsColumns: readonly StatisticsColumn[] = [
  { ...named('area', '区域代码', 'Code of the agency or division'), width: 12, read: ({ area }) => area.code },
  { ...named('areaName', '区域名称', 'Name of the agency or division'), width: 20, read: ({ area }) => area.name },
  {
    ...named('level', '级别', 'Level of the division; AGENCY of an agency'),
    width: 12,
    read: ({ area }) => area.level,
  },
  { ...named('kind', '机关类别', 'Kind of the agency'), width: 12, read: ({ area }) => area.kind },
  {
    ...named('parent', '上级代码', 'Code of the division directly above it'),
    width: 12,
    read: ({ area }) => area.parent?.code ?? null,
  },
  {
    ...named('parentName', '上级名称', 'Name of the division directly above it'),
    width: 20,
    read: ({ area }) => area.parent?.name ?? null,
  },
  { ...named('year', '年度', 'Report year'), width: 8, read: ({ year }) => year },
  { ...named('measure', '指标', 'Address of the measure'), width: 38, read: ({ measure }) => measure.key },
  {
    ...named('label', '指标名称', 'What the measure is called'),
    width: 48,
    read: ({ measure }, language) => measure.label[language],
  },
  { ...named('unit', '单位', 'Unit; empty of a rate'), width: 8, read: ({ measure }) => measure.unit },
  {
    ...named('value', '数值', 'The value; empty where there is none'),
    width: 16,
    isDecimal: true,
    read: ({ value }) => value,
  },
  {
    ...named(
      'reported',
      '填报数',
      'How many reports state it (of a subtotal, any of its boxes); of coverage.rate, how many agencies reported',
    ),
    width: 10,
    read: ({ reported }) => reported,
  },
  {
    ...named('expected', '应报送数', 'How many agencies are expected to file'),
    width: 10,
    read: ({ expected }) => expected,
  },
  {
    ...named('blank', '空白数', 'How many reports leave it blank; of a subtotal, at least'),
    width: 10,
    read: ({ blank }) => blank,
  },
  {
    ...named('absent', '格式无此项数', 'How many reports are on a form without it'),
    width: 14,
    read: ({ absent }) => absent,
  },
  {
    ...named('denominator', '比率的分母', 'What a rate divides by; empty of everything else'),
    width: 12,
    read: ({ denominator }) => denominator,
  },
  {
    ...named('samples', '示例报告数', 'How many reports are made-up samples'),
    width: 12,
    read: ({ samples }) => samples,
  },
  {
    ...named('status', '状态', 'Letters of the status'),
    width: 8,
    read: ({ status }) => (status === '' ? null : status),
  },
  {
    ...named('includes', '统计口径', 'Of ALL that was filed, or of what was ACCEPTED'),
    width: 12,
    read: ({ inclusion }) => inclusion,
  },
];

function named(name: string, zh: string, en: string): Pick<StatisticsColumn, 'name' | 'title'> {
  return { name, title: { zh, en } };
}

/** What stands over the columns: their names, or their headings in a language. */
export function headingsIn(language: Language | undefined): string[] {
  return statisticsColumns.map(({ name, title }) => (language === undefined ? name : title[language]));
}
