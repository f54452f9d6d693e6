/** A table of statistics as a workbook: the data, the measures, the letters of the status, and what it is of. */
import type { CsvField } from '../../csv.js';
import { numberIfExact } from '../../form/amount.js';
import { describeMeasure, type Measure } from '../../form/measure/measures.js';
import type { Attributes } from '../../rollup/table/observation.js';
import { statusLetters } from '../../rollup/table/status.js';
import { rowsOf, type StatisticsTable, type TableArea } from '../../rollup/table/table.js';
import { chineseFirst, type Label } from '../../words.js';
import { type WorkbookSheet, writeSheets } from '../export/workbook.js';
import { aboutTable, type TableContext, unitOf } from './about.js';
import {
  areaColumns,
  attributeColumns,
  columnWidths,
  fieldsUnder,
  headingsIn,
  type Language,
  madeOnce,
  measureColumns,
} from './columns.js';

/** Writes a table as a workbook. Amounts are numbers, and text where they have more than the fifteen digits that Excel keeps. */
export function writeStatisticsWorkbook(
  table: StatisticsTable,
  context: TableContext,
  language: Language | undefined,
): AsyncGenerator<Uint8Array> {
  return writeSheets([
    {
      name: '数据',
      widths: columnWidths,
      frozenColumns: 2,
      rows: dataRows(table, language),
    },
    measureSheet(table),
    statusSheet(),
    aboutSheet(table, context),
  ]);
}

function* dataRows(table: StatisticsTable, language: Language | undefined): Generator<CsvField[]> {
  const said = language ?? 'zh';
  const areaFields = madeOnce((area: TableArea) => fieldsUnder(areaColumns, area, said));
  const measureFields = madeOnce((measure: Measure) => fieldsUnder(measureColumns, measure, said));
  const attributeFields = madeOnce((attributes: Attributes) => fieldsUnder(attributeColumns, attributes, said));
  yield headingsIn(language);
  for (const { area, year, measure, observation } of rowsOf(table)) {
    const { value, attributes } = observation;
    const number = typeof value === 'string' ? numberIfExact(value) : value;
    yield [...areaFields(area), year, ...measureFields(measure), number, ...attributeFields(attributes)];
  }
}

function measureSheet({ measures }: StatisticsTable): WorkbookSheet {
  const heads = [
    both('指标', 'measure'),
    both('名称', 'label'),
    both('英文名称', 'label in English'),
    both('单位', 'unit'),
    both('类型', 'kind'),
    both('有此指标的格式', 'forms'),
    both('在其他格式上', 'on other forms'),
  ];
  const rows = measures.map((measure): CsvField[] => {
    const { key, label, kind, forms, onOtherForms } = describeMeasure(measure);
    const elsewhere = onOtherForms.map(({ reason }) => chineseFirst(reason)).join(' ');
    return [key, label.zh, label.en, chineseFirst(unitOf(measure)), kind, forms.join(' '), elsewhere || null];
  });
  return { name: '指标', widths: [40, 50, 50, 20, 10, 16, 60], frozenColumns: 1, rows: [heads, ...rows] };
}

function statusSheet(): WorkbookSheet {
  const rows = Object.entries(statusLetters).map(([letter, { zh, en }]) => [letter, zh, en]);
  return {
    name: '状态',
    widths: [10, 70, 90],
    frozenColumns: 1,
    rows: [[both('状态', 'status'), both('含义', 'meaning'), both('英文含义', 'meaning in English')], ...rows],
  };
}

/** What the table is of, a line each: what it is called, in Chinese, in English. */
function aboutSheet(table: StatisticsTable, context: TableContext): WorkbookSheet {
  const about = aboutTable(table, context);
  const same = (text: string): Label => ({ zh: text, en: text });
  const { boundaries, on, knownOn } = about.frame;
  const lines: readonly (readonly [name: string, text: Label])[] = [
    [both('标题', 'title'), about.title],
    [both('来源', 'source'), about.source],
    ...about.notes.map((note) => [both('说明', 'note'), note] as const),
    [both('机关类别', 'kinds'), same(about.kinds.join(' '))],
    [
      both('统计口径', 'includes'),
      wordsFor(
        Object.entries(about.includes)
          .map(([year, of]) => `${year} ${of}`)
          .join(', '),
      ),
    ],
    [both('行政区划口径', 'boundaries'), wordsFor(on === null ? boundaries : `${boundaries} ${on}`)],
    ...(knownOn === null ? [] : [[both('所知截至', 'known on'), same(knownOn)] as const]),
    ...about.breaks.map(
      ({ area, year, effective, kind, document }) =>
        [both('序列中断', 'break'), same([area, year, effective, kind, document].filter(Boolean).join(' '))] as const,
    ),
    [both('状态代码来源', 'status letters'), about.statusSource],
    [both('许可', 'licence'), same([about.licence.name, about.licence.path].filter(Boolean).join(' '))],
    [both('数据版本', 'version'), same([table.version.number, table.version.at].filter(Boolean).join(' '))],
    ...Object.entries(about.links).map(([name, link]) => [name, same(link)] as const),
  ];
  return {
    name: '说明',
    widths: [24, 90, 90],
    frozenColumns: 1,
    rows: [[both('项目', 'item'), '中文', 'English'], ...lines.map(([name, { zh, en }]) => [name, zh, en])],
  };
}

/** What the data sheet writes in capitals, as a Chinese reader would say it. */
const chineseWords: Readonly<Record<string, string>> = {
  ALL: 'ALL（已报送的全部）',
  ACCEPTED: 'ACCEPTED（审核通过的）',
  AS_REPORTED: 'AS_REPORTED（按当年区划）',
  ON_DAY: 'ON_DAY（按该日的区划）',
};

function wordsFor(text: string): Label {
  return { zh: text.replace(/[A-Z_]+/g, (word) => chineseWords[word] ?? word), en: text };
}

function both(zh: string, en: string): string {
  return chineseFirst({ zh, en });
}
