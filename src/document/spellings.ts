/**
 * How headings are met in published reports where they differ from the printed form: misprints, abbreviations
 * and words that the form data has no heading for. Each was seen in a report (see quirks in ARCHITECTURE.md).
 */

/** Other spellings of a row or column, by `table.key`; numbering, spaces and notes in brackets never matter. */
export const otherSpellings: Readonly<Record<string, readonly string[]>> = {
  'documents.normativeDocuments': ['规范性文件', '行政规范性文件', '行政机关规范性文件'],
  'documents.issued': ['制发件数', '制发数量', '本年制发数量', '本年新制发数量', '本年制发件'],
  'documents.repealed': ['废止件数', '废止数量', '本年废止数量', '本年废止件'],
  'documents.inForce': ['现行有效数量', '现行有效', '现行有效件', '现行有效文件数'],
  'documents.made': ['新制作数量', '本年制作数量'],
  'documents.published': ['新公开数量', '本年公开数量'],
  'documents.publishedTotal': ['对外公开数量'],
  'fees.amount': ['收费金额', '本年收费金额单位万元', '本年收费总金额'],
  'procurement.centralProcurement': ['集中采购'],
  'applications.otherOrganization': ['其它'],
  'applications.otherHandled': ['其他', '其它', '其它处理'],
  'applications.refusedOtherLaw': ['其他法律行政止公开', '其它法律行政法规禁止公开', '其他法律法规禁止公开'],
  'applications.refusedSecurityStability': ['危及三安全一稳定', '三安全一稳定'],
  'applications.otherNotCorrected': ['申请人无正当理由逾期不补正', '逾期不补正', '无正当理由逾期不补正'],
  'applications.otherFeeUnpaid': ['申请人逾期未按收费通知要求缴纳费用', '逾期未按收费通知要求缴纳费用', '逾期未缴费'],
  'applications.otherMisc': ['其它'],
  'appeals.reconsideration': ['行政法复议'],
  'appeals.directLitigation': ['直接起诉', '未经复议起诉'],
  'appeals.litigationAfterReconsideration': ['经复议后起诉'],
};

/** Words printed in the head of a table that name no row and no column. */
export const headWords = ['信息内容', '申请人情况', '第二十条第', '项目', '内容', '指标', '申请情况', '办理情况'] as const;

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

/** What stands before the code of an agency in a form that we gave out to be filled in. */
export const agencyCodeWords = ['机关代码', '单位代码'] as const;
