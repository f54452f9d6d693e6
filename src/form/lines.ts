/**
 * The lines that both notices print: the applicant columns and the rows of table three, the whole of table
 * four, and the articles of table two. Sources: 国办公开办函〔2021〕30号, 国办公开办函〔2019〕60号.
 */
import type { Label } from '../words.js';
import { type Column, equationsOf, type Row, type Table } from './vocabulary.js';

const organizations: Label = { zh: '法人或其他组织', en: 'Legal persons and other organizations' };

/** 申请人情况: six kinds of applicant and their total. */
const applicantColumns = [
  { key: 'naturalPerson', label: { zh: '自然人', en: 'Natural persons' }, kind: 'flow', unit: '件' },
  { key: 'business', label: { zh: '商业企业', en: 'Businesses' }, under: [organizations], kind: 'flow', unit: '件' },
  {
    key: 'research',
    label: { zh: '科研机构', en: 'Research institutions' },
    under: [organizations],
    kind: 'flow',
    unit: '件',
  },
  {
    key: 'publicInterest',
    label: { zh: '社会公益组织', en: 'Public-interest organizations' },
    under: [organizations],
    kind: 'flow',
    unit: '件',
  },
  {
    key: 'legalService',
    label: { zh: '法律服务机构', en: 'Legal-service institutions' },
    under: [organizations],
    kind: 'flow',
    unit: '件',
  },
  {
    key: 'otherOrganization',
    label: { zh: '其他', en: 'Other organizations' },
    under: [organizations],
    kind: 'flow',
    unit: '件',
  },
  { key: 'total', label: { zh: '总计', en: 'Total' }, kind: 'flow', unit: '件' },
] as const satisfies readonly Column[];

const outcomes: Label = { zh: '三、本年度办理结果', en: '3. Outcomes this year' };
const refused: Label = { zh: '（三）不予公开', en: '(3) Refused' };
const unavailable: Label = { zh: '（四）无法提供', en: '(4) Unavailable' };
const notProcessed: Label = { zh: '（五）不予处理', en: '(5) Not processed' };
const otherwiseHandled: Label = { zh: '（六）其他处理', en: '(6) Otherwise handled' };

/**
 * The groups of rows of table three, whose subtotals have no printed boxes. They are derived, never filed; `label` is
 * the heading printed beside the group.
 */
export const subtotals = [
  { key: 'refused', label: refused },
  { key: 'unavailable', label: unavailable },
  { key: 'notProcessed', label: notProcessed },
  { key: 'otherwiseHandled', label: otherwiseHandled },
] as const;

/** The derived subtotal of the five kinds of organization among the applicants, which has no printed boxes either. */
export const organizationSubtotal = {
  key: 'organization',
  label: organizations,
  columns: ['business', 'research', 'publicInterest', 'legalService', 'otherOrganization'],
} as const;

/**
 * The rates of table three: sums of rows divided by sums of rows, always in the total column, over the reports that fill
 * in every box the rate takes. A rate of nothing is null, never 100 %.
 */
export const rates = [
  {
    key: 'grantedShare',
    label: { zh: '公开率（予以公开与部分公开占办结总数）', en: 'Share granted, wholly or in part, of those processed' },
    over: ['granted', 'partlyGranted'],
    of: ['processed'],
  },
  {
    key: 'closureRate',
    label: { zh: '办结率（办结总数占新收与上年结转之和）', en: 'Share processed of those received and carried in' },
    over: ['processed'],
    of: ['newReceived', 'carriedIn'],
  },
] as const;

const received = [
  {
    key: 'newReceived',
    label: { zh: '一、本年新收政府信息公开申请数量', en: '1. Applications newly received this year' },
  },
  {
    key: 'carriedIn',
    label: { zh: '二、上年结转政府信息公开申请数量', en: '2. Applications carried in from last year' },
    stock: true,
  },
] as const satisfies readonly Row[];

const outcomesUpToFive = [
  { key: 'granted', label: { zh: '（一）予以公开', en: '(1) Granted' }, under: [outcomes], outcome: true },
  {
    key: 'partlyGranted',
    label: {
      zh: '（二）部分公开（区分处理的，只计这一情形，不计其他情形）',
      en: '(2) Partly granted (counted here only)',
    },
    under: [outcomes],
    outcome: true,
  },
  {
    key: 'refusedStateSecret',
    label: { zh: '1.属于国家秘密', en: '1. State secret' },
    under: [outcomes, refused],
    outcome: true,
    subtotal: 'refused',
  },
  {
    key: 'refusedOtherLaw',
    label: { zh: '2.其他法律行政法规禁止公开', en: '2. Disclosure forbidden by another law or regulation' },
    under: [outcomes, refused],
    outcome: true,
    subtotal: 'refused',
  },
  {
    key: 'refusedSecurityStability',
    label: { zh: '3.危及“三安全一稳定”', en: '3. Endangers the three securities and stability' },
    under: [outcomes, refused],
    outcome: true,
    subtotal: 'refused',
  },
  {
    key: 'refusedThirdParty',
    label: { zh: '4.保护第三方合法权益', en: '4. Protects the lawful interests of a third party' },
    under: [outcomes, refused],
    outcome: true,
    subtotal: 'refused',
  },
  {
    key: 'refusedInternalAffairs',
    label: { zh: '5.属于三类内部事务信息', en: '5. One of the three kinds of internal affairs' },
    under: [outcomes, refused],
    outcome: true,
    subtotal: 'refused',
  },
  {
    key: 'refusedProcess',
    label: { zh: '6.属于四类过程性信息', en: '6. One of the four kinds of process information' },
    under: [outcomes, refused],
    outcome: true,
    subtotal: 'refused',
  },
  {
    key: 'refusedEnforcementFile',
    label: { zh: '7.属于行政执法案卷', en: '7. Administrative enforcement file' },
    under: [outcomes, refused],
    outcome: true,
    subtotal: 'refused',
  },
  {
    key: 'refusedAdministrativeInquiry',
    label: { zh: '8.属于行政查询事项', en: '8. Matter for an administrative inquiry' },
    under: [outcomes, refused],
    outcome: true,
    subtotal: 'refused',
  },
  {
    key: 'unavailableNotHeld',
    label: { zh: '1.本机关不掌握相关政府信息', en: '1. Not held by this agency' },
    under: [outcomes, unavailable],
    outcome: true,
    subtotal: 'unavailable',
  },
  {
    key: 'unavailableNeedsCreation',
    label: { zh: '2.没有现成信息需要另行制作', en: '2. Not at hand, would have to be created' },
    under: [outcomes, unavailable],
    outcome: true,
    subtotal: 'unavailable',
  },
  {
    key: 'unavailableStillUnclear',
    label: { zh: '3.补正后申请内容仍不明确', en: '3. Still unclear after correction' },
    under: [outcomes, unavailable],
    outcome: true,
    subtotal: 'unavailable',
  },
  {
    key: 'notProcessedPetition',
    label: { zh: '1.信访举报投诉类申请', en: '1. Petition, report or complaint' },
    under: [outcomes, notProcessed],
    outcome: true,
    subtotal: 'notProcessed',
  },
  {
    key: 'notProcessedDuplicate',
    label: { zh: '2.重复申请', en: '2. Duplicate application' },
    under: [outcomes, notProcessed],
    outcome: true,
    subtotal: 'notProcessed',
  },
  {
    key: 'notProcessedPublication',
    label: { zh: '3.要求提供公开出版物', en: '3. Asks for a published work' },
    under: [outcomes, notProcessed],
    outcome: true,
    subtotal: 'notProcessed',
  },
  {
    key: 'notProcessedExcessive',
    label: { zh: '4.无正当理由大量反复申请', en: '4. Excessive repeated applications without good reason' },
    under: [outcomes, notProcessed],
    outcome: true,
    subtotal: 'notProcessed',
  },
  {
    key: 'notProcessedReconfirm',
    label: {
      zh: '5.要求行政机关确认或重新出具已获取信息',
      en: '5. Asks to confirm or reissue information already obtained',
    },
    under: [outcomes, notProcessed],
    outcome: true,
    subtotal: 'notProcessed',
  },
] as const satisfies readonly Row[];

const otherHandledInThree = [
  {
    key: 'otherNotCorrected',
    label: {
      zh: '1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请',
      en: '1. Not corrected in time without good reason, no longer processed',
    },
    under: [outcomes, otherwiseHandled],
    outcome: true,
    subtotal: 'otherwiseHandled',
  },
  {
    key: 'otherFeeUnpaid',
    label: {
      zh: '2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请',
      en: '2. Fee not paid in time, no longer processed',
    },
    under: [outcomes, otherwiseHandled],
    outcome: true,
    subtotal: 'otherwiseHandled',
  },
  {
    key: 'otherMisc',
    label: { zh: '3.其他', en: '3. Other' },
    under: [outcomes, otherwiseHandled],
    outcome: true,
    subtotal: 'otherwiseHandled',
  },
] as const satisfies readonly Row[];

const otherHandledInOne = [
  {
    key: 'otherHandled',
    label: otherwiseHandled,
    under: [outcomes],
    outcome: true,
    subtotal: 'otherwiseHandled',
  },
] as const satisfies readonly Row[];

const closing = [
  { key: 'processed', label: { zh: '（七）总计', en: '(7) Total processed' }, under: [outcomes] },
  { key: 'carriedOut', label: { zh: '四、结转下年度继续办理', en: '4. Carried out to next year' }, stock: true },
] as const satisfies readonly Row[];

const tableThree = {
  key: 'applications',
  section: 3,
  label: { zh: '收到和处理政府信息公开申请情况', en: 'Applications received and processed' },
  note: {
    zh: '（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）',
    en: '(in each column: item 1 + item 2 = item 3 + item 4)',
  },
  columns: applicantColumns,
} as const;

/** Table three as the 2021 notice prints it: 25 rows, 其他处理 in three. */
export const applications2021 = {
  ...tableThree,
  rows: [...received, ...outcomesUpToFive, ...otherHandledInThree, ...closing],
} as const satisfies Table;

/** Table three as the 2019 notice prints it: 23 rows, 其他处理 in one. */
export const applications2019 = {
  ...tableThree,
  rows: [...received, ...outcomesUpToFive, ...otherHandledInOne, ...closing],
} as const satisfies Table;

const applicantSum = ['naturalPerson', ...organizationSubtotal.columns] as const;

/** The equations of table three of 2021; its outcomes are the rows marked `outcome`. */
export const applicationEquations2021 = equationsOf(applications2021, [
  { rule: 'T3-FLOW', each: 'column', left: ['newReceived', 'carriedIn'], right: ['processed', 'carriedOut'] },
  { rule: 'T3-OUTCOME', each: 'column', left: outcomeKeys(applications2021.rows), right: ['processed'] },
  { rule: 'T3-ROW', each: 'row', left: applicantSum, right: ['total'] },
  { rule: 'X-CARRY', each: 'column', left: ['carriedIn'], right: ['carriedOut@previous'] },
]);

/** The same equations over the 2019 rows. */
export const applicationEquations2019 = equationsOf(applications2019, [
  { rule: 'T3-FLOW', each: 'column', left: ['newReceived', 'carriedIn'], right: ['processed', 'carriedOut'] },
  { rule: 'T3-OUTCOME', each: 'column', left: outcomeKeys(applications2019.rows), right: ['processed'] },
  { rule: 'T3-ROW', each: 'row', left: applicantSum, right: ['total'] },
  { rule: 'X-CARRY', each: 'column', left: ['carriedIn'], right: ['carriedOut@previous'] },
]);

function outcomeKeys<R extends Row>(rows: readonly R[]): R['key'][] {
  return rows.filter((row) => row.outcome).map((row) => row.key);
}

const litigation: Label = { zh: '行政诉讼', en: 'Administrative litigation' };

/** Table four, identical in both notices: one printed line of 15 boxes. */
export const appeals = {
  key: 'appeals',
  section: 4,
  label: { zh: '政府信息公开行政复议、行政诉讼情况', en: 'Administrative reconsideration and litigation' },
  rows: [
    { key: 'reconsideration', label: { zh: '行政复议', en: 'Administrative reconsideration' } },
    {
      key: 'directLitigation',
      label: { zh: '未经复议直接起诉', en: 'Litigation without prior reconsideration' },
      under: [litigation],
    },
    {
      key: 'litigationAfterReconsideration',
      label: { zh: '复议后起诉', en: 'Litigation after reconsideration' },
      under: [litigation],
    },
  ],
  columns: [
    { key: 'upheld', label: { zh: '结果维持', en: 'Upheld' }, kind: 'flow', unit: '件' },
    { key: 'corrected', label: { zh: '结果纠正', en: 'Corrected' }, kind: 'flow', unit: '件' },
    { key: 'otherOutcome', label: { zh: '其他结果', en: 'Other outcome' }, kind: 'flow', unit: '件' },
    { key: 'pending', label: { zh: '尚未审结', en: 'Pending' }, kind: 'stock', unit: '件' },
    { key: 'total', label: { zh: '总计', en: 'Total' }, kind: 'flow', unit: '件' },
  ],
} as const satisfies Table;

/** The equations of table four. */
export const appealEquations = equationsOf(appeals, [
  { rule: 'T4-ROW', each: 'row', left: ['upheld', 'corrected', 'otherOutcome', 'pending'], right: ['total'] },
]);

/** 条例第二十条: the numbered items that table two prints as headings. */
export const articles = {
  documents: { zh: '第二十条第（一）项', en: 'Article 20(1)' },
  licenses: { zh: '第二十条第（五）项', en: 'Article 20(5)' },
  enforcement: { zh: '第二十条第（六）项', en: 'Article 20(6)' },
  fees: { zh: '第二十条第（八）项', en: 'Article 20(8)' },
  procurement: { zh: '第二十条第（九）项', en: 'Article 20(9)' },
} as const satisfies Record<string, Label>;

/** 一 to 六: the six fixed sections of a report, with the key of each one's text in a filing's narrative. */
export const sections = [
  { number: 1, key: 'overview', label: { zh: '总体情况', en: 'Overview' } },
  { number: 2, key: 'proactiveDisclosure', label: { zh: '主动公开政府信息情况', en: 'Proactive disclosure' } },
  { number: 3, key: 'applications', label: { zh: '收到和处理政府信息公开申请情况', en: 'Applications' } },
  {
    number: 4,
    key: 'appeals',
    label: { zh: '政府信息公开行政复议、行政诉讼情况', en: 'Reconsideration and litigation' },
  },
  { number: 5, key: 'problems', label: { zh: '存在的主要问题及改进情况', en: 'Problems and improvements' } },
  { number: 6, key: 'otherMatters', label: { zh: '其他需要报告的事项', en: 'Other matters to report' } },
] as const;
