/**
 * The columns of the tables of reports that are exported and imported, stated once: their names, and what is printed
 * over them where headings are asked for in Chinese.
 */
import { allCells } from '../form/forms.js';
import type { Label } from '../words.js';

/** The columns beside those of the cells, by their names. */
export const reportHeadings = {
  agency: { zh: '机关代码', en: 'Code of the agency on 31 December of the year' },
  name: { zh: '机关名称', en: 'Name of the agency on 31 December of the year' },
  kind: { zh: '机关类别', en: "Kind of the agency; COUNTY is a county's own published report, never to be added" },
  county: { zh: '县级行政区划代码', en: 'Code of its county on 31 December of the year' },
  countyName: { zh: '县级行政区划名称', en: 'Name of its county on 31 December of the year' },
  prefecture: { zh: '地级行政区划代码', en: 'Code of its prefecture on 31 December of the year' },
  prefectureName: { zh: '地级行政区划名称', en: 'Name of its prefecture on 31 December of the year' },
  province: { zh: '省级行政区划代码', en: 'Code of its province on 31 December of the year' },
  provinceName: { zh: '省级行政区划名称', en: 'Name of its province on 31 December of the year' },
  year: { zh: '报告年度', en: 'Report year' },
  form: { zh: '格式', en: 'The form it was filed on: tells which cells it has' },
  revision: { zh: '版本号', en: 'Number of the revision that is shown' },
  onTime: { zh: '按时报送', en: 'Filed by the day due' },
  sample: { zh: '示例数据', en: 'Made up for a demonstration' },
  state: { zh: '状态', en: 'Where it is: submitted, accepted or returned' },
  filedOn: { zh: '首次报送日期', en: 'Day on which it was first filed' },
  publishedOn: { zh: '所述公布日期', en: 'Day of publication as the report states it' },
  acceptedOn: { zh: '审核通过日期', en: 'Day on which the revision that is shown was accepted' },
  errors: { zh: '核对错误数', en: 'Findings that are errors' },
  warnings: { zh: '核对警告数', en: 'Findings that are warnings' },
  reason: { zh: '修订原因', en: 'Why this revision replaced the one before it' },
  'publishedItems.total': { zh: '主动公开信息总数', en: 'Items published in the year, as section one states' },
  'publishedItems.categories': { zh: '按类别的公开信息（JSON）', en: 'Published items by category, as JSON' },
  'publishedItems.channels': { zh: '按渠道的公开信息（JSON）', en: 'Published items by channel, as JSON' },
  'publishedItems.complete': { zh: '声明完整的清单（JSON）', en: 'Lists said to be complete, as JSON' },
  'publishedItems.note': { zh: '公开信息原文', en: 'Published items in the words of the report' },
  engagement: { zh: '信箱热线办理情况（JSON）', en: 'Letters, calls and questions handled, as JSON' },
  narrative: { zh: '六个部分的文字（JSON）', en: 'The text of the six sections, as JSON' },
  source: { zh: '公布信息（JSON）', en: 'Where and when it was published, as JSON' },
  cell: { zh: '单元格', en: 'Address of the cell, or of what the report says beside its figures' },
  heading: { zh: '印制标题', en: 'What is printed over the cell' },
  unit: { zh: '单位', en: 'Unit of the value' },
  value: { zh: '数值', en: 'The figure; empty is a blank, 0 is zero' },
  text: { zh: '文字', en: 'What is no figure: text, or lists as JSON' },
} as const satisfies Readonly<Record<string, Label>>;

/** The name of a column beside the cells. */
export type ReportColumnName = keyof typeof reportHeadings;

const namesByHeading = new Map([
  ...Object.entries(reportHeadings).map(([name, { zh }]): [string, string] => [zh, name]),
  ...allCells.map(({ key, label }): [string, string] => [label.zh, key]),
]);

/** The name of the column under a heading: the one with this Chinese heading, else what the heading says. */
export function columnUnder(heading: string): string {
  return namesByHeading.get(heading) ?? heading;
}

/** Columns that an export has for its readers: the register or the service knows what they say. */
export const informativeColumns: readonly ReportColumnName[] = [
  ...(['name', 'kind', 'county', 'countyName', 'prefecture', 'prefectureName', 'province', 'provinceName'] as const),
  ...(['revision', 'onTime', 'sample', 'state', 'filedOn', 'publishedOn', 'acceptedOn', 'errors', 'warnings'] as const),
  ...(['heading', 'unit'] as const),
];

/** The sheet of a workbook that says what its columns are. */
export const dictionarySheet = '数据字典';

/** Whether a sheet of a workbook says what its columns are, and holds no data. */
export function isDictionary(sheet: string): boolean {
  return sheet === dictionarySheet;
}
