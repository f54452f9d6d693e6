/**
 * Headings of published reports that differ from the printed form: misprints, abbreviations, and words that the
 * form data has no heading for. Most were seen in reports.
 */

/** Other spellings of one printed heading of a table, the one that contains `part`. */
export interface OtherSpellings {
  readonly table: string;
  readonly part: string;
  readonly spellings: readonly string[];
}

/** Other spellings of rows and columns; numbering, spaces and notes in brackets are ignored. */
export const otherSpellings: readonly OtherSpellings[] = [
  {
    table: 'documents',
    part: '制发',
    spellings: ['制发件数', '制发数量', '本年制发数量', '本年新制发数量', '本年制发件'],
  },
  { table: 'documents', part: '废止', spellings: ['废止件数', '废止数量', '本年废止数量', '本年废止件'] },
  { table: 'documents', part: '现行有效', spellings: ['现行有效数量', '现行有效', '现行有效件', '现行有效文件数'] },
  { table: 'documents', part: '新制作', spellings: ['新制作数量', '本年制作数量'] },
  { table: 'documents', part: '新公开', spellings: ['新公开数量', '本年公开数量'] },
  { table: 'documents', part: '对外公开', spellings: ['对外公开数量'] },
  { table: 'fees', part: '收费金额', spellings: ['收费金额', '本年收费总金额'] },
  { table: 'procurement', part: '集中采购', spellings: ['集中采购'] },
  { table: 'applications', part: '其他处理', spellings: ['其他'] },
  { table: 'applications', part: '其他法律行政', spellings: ['其他法律行政止公开', '其他法律法规禁止公开'] },
  { table: 'applications', part: '三安全', spellings: ['三安全一稳定'] },
  {
    table: 'applications',
    part: '不补正',
    spellings: ['申请人无正当理由逾期不补正', '无正当理由逾期不补正', '逾期不补正'],
  },
  {
    table: 'applications',
    part: '未按收费',
    spellings: ['申请人逾期未按收费通知要求缴纳费用', '逾期未按收费通知要求缴纳费用', '逾期未缴费'],
  },
  { table: 'appeals', part: '行政复议', spellings: ['行政法复议'] },
  { table: 'appeals', part: '直接起诉', spellings: ['直接起诉', '未经复议起诉'] },
  { table: 'appeals', part: '复议后', spellings: ['经复议后起诉'] },
];

/** Words in the head of a table that name no row and no column. */
export const headWords = [
  '信息内容',
  '申请人情况',
  '第二十条第',
  '项目',
  '内容',
  '指标',
  '申请情况',
  '办理情况',
] as const;

/** Other spellings of the six sections, by the section's key. */
export const otherSectionNames: Readonly<Record<string, readonly string[]>> = {
  overview: ['工作基本情况', '总体工作情况', '概述'],
  proactiveDisclosure: ['主动公开政府信息的情况', '行政机关主动公开政府信息情况'],
  applications: ['行政机关收到和处理政府信息公开申请情况', '收到和处理政府信息公开申请的情况'],
  appeals: [
    '因政府信息公开工作被申请行政复议提起行政诉讼情况',
    '政府信息公开行政复议和行政诉讼情况',
    '行政复议行政诉讼情况',
    '政府信息公开行政法复议行政诉讼情况',
  ],
  problems: [
    '政府信息公开工作存在的主要问题及改进情况',
    '存在的主要问题和改进措施',
    '存在的主要问题及改进措施',
    '存在问题及改进情况',
    '存在主要问题和改进情况',
    '存在的问题及改进措施',
    '存在的主要问题和改进情况',
  ],
  otherMatters: [
    '需要报告的其他事项',
    '其他需要报告事项',
    '其它需要报告的事项',
    '其他需要汇报事项',
    '其它需要报告事项',
  ],
};

/** A year that is printed in place of 本年, 上年 or 下年 in a heading of a table (2023年新收…) as the form prints it. */
export function withoutYears(folded: string): string {
  if (!/20\d\d年/.test(folded)) return folded;
  return folded
    .replace(/20\d\d年度?(?=办理结果)/gu, '本年度')
    .replace(/20\d\d年度?(?=新收|制发|废止|处理决定|收费|新制作|新公开|增\/?减)/gu, '本年')
    .replace(/20\d\d年度?(?=结转)/gu, '上年')
    .replace(/(?<=结转)20\d\d年度?/gu, '下年度');
}
