/** Words that our documents print and that the reader looks for. */
import type { Label } from '../words.js';

/** The heading of the list of findings, printed after section six when there are any. */
export const findingsHeading: Label = { zh: '附：勾稽关系核验结果', en: 'Results of the checks' };

/** What begins every paragraph of text on a worksheet, and no heading: two ideographic spaces. */
export const paragraphIndent = '　　';

/** The most characters of a paragraph in one row of a worksheet, and the fewest of one that goes on in the next. */
export const rowLength = { most: 800, fewest: 500 } as const;

/** What the blank form prints before the code of the agency. */
export const agencyCodeHeading = '机关代码';

/** What a blank form that comes with figures in it prints before the box by which the clerk says that they were looked at. */
export const confirmedHeading = '已核对（填“是”）';

/** The headings of the table in which a blank form asks what the printed tables do not. */
export const factHeadings = {
  table: '附：公布与公开情况',
  publishedOn: '公布日期',
  url: '公布网址',
  total: '主动公开信息总数（条）',
  category: '按类别（名称、条数）',
  channel: '按渠道（名称、条数）',
  engagement: '信箱和热线（名称、办理件数）',
} as const;

/** With what the checks beside the rows of a blank form begin. */
export const checkWords = { broken: '勾稽不符：', unfilled: '待填：', before: '与上年不符：' } as const;
