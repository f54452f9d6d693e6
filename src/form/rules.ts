/**
 * The catalogue of checks (勾稽关系 and others): what each requires, its severity, and where it comes from.
 * An error breaks the arithmetic of the form and stops a filing; a warning asks for a reason; info asks for nothing.
 */
import type { Label } from '../words.js';
import type { RuleCode } from './vocabulary.js';

/** How grave a finding is. Only an error stops a filing. */
export const severities = ['error', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

/** One entry of the catalogue, as `/v1/rules` serves it. */
export interface Rule {
  readonly code: RuleCode;
  readonly severity: Severity;
  /** What is compared: one cell, a row, a column, the text, or the report as a whole. */
  readonly over: 'cell' | 'row' | 'column' | 'table' | 'text' | 'report';
  /** The fault in a few words: what a finding begins with. */
  readonly label: Label;
  /** What must hold. */
  readonly description: Label;
}

const notice2021: Label = { zh: '国办公开办函〔2021〕30号', en: 'notice 2021 No. 30' };

/** Every rule, in the order in which findings are listed. */
export const rules = [
  {
    code: 'T3-FLOW',
    severity: 'error',
    over: 'column',
    label: { zh: '新收+结转≠办结+结转下年', en: 'Received + carried in ≠ processed + carried out' },
    description: {
      zh: '每列：本年新收＋上年结转＝办理结果总计＋结转下年度继续办理（表三所印勾稽关系）',
      en: 'Each column: newly received + carried in = processed + carried out (the equation printed on table three)',
    },
  },
  {
    code: 'T3-OUTCOME',
    severity: 'error',
    over: 'column',
    label: { zh: '各项办理结果之和≠总计', en: 'Outcomes do not add up to the total processed' },
    description: {
      zh: '每列：各项办理结果之和＝（七）总计',
      en: 'Each column: the outcomes add up to the total processed',
    },
  },
  {
    code: 'T3-ROW',
    severity: 'error',
    over: 'row',
    label: { zh: '各类申请人之和≠总计', en: 'Applicants do not add up to the total' },
    description: {
      zh: '每行：自然人＋五类法人或其他组织＝总计',
      en: 'Each row: natural persons + five kinds of organization = total',
    },
  },
  {
    code: 'T4-ROW',
    severity: 'error',
    over: 'row',
    label: { zh: '维持+纠正+其他+未审结≠总计', en: 'Upheld + corrected + other + pending ≠ total' },
    description: {
      zh: '每组：结果维持＋结果纠正＋其他结果＋尚未审结＝总计',
      en: 'Each group: upheld + corrected + other outcome + pending = total',
    },
  },
  {
    code: 'RANGE',
    severity: 'error',
    over: 'cell',
    label: { zh: '数值超出范围', en: 'Figure out of range' },
    description: {
      zh: '数量为不小于0的整数；金额不小于0；只有“本年增/减”可为负数',
      en: 'Counts are whole numbers of at least 0 and amounts are at least 0; only a change may be negative',
    },
  },
  {
    code: 'X-CARRY',
    severity: 'warning',
    over: 'column',
    label: { zh: '上年结转≠上年报告的结转下年', en: "Carried in ≠ carried out of last year's report" },
    description: {
      zh: '每列：本年“上年结转”＝上年“结转下年度继续办理”（含并入单位）',
      en: "Each column: carried in = last year's carried out, of the same agency and those merged into it",
    },
  },
  {
    code: 'X-INFORCE',
    severity: 'warning',
    over: 'row',
    label: { zh: '现行有效≠上年现行有效+制发−废止', en: "In force ≠ last year's in force + issued − repealed" },
    description: {
      zh: '现行有效件数＝上年现行有效件数＋本年制发－本年废止',
      en: "In force = last year's in force + issued - repealed",
    },
  },
  {
    code: 'X-PREVIOUS',
    severity: 'warning',
    over: 'row',
    label: {
      zh: '上一年项目数量≠上年报告数+上年增减',
      en: "Items last year ≠ those of last year's report + its change",
    },
    description: {
      zh: '上一年项目数量＝上年报告的上一年项目数量＋上年增/减',
      en: "Items last year = the items last year of last year's report + its change",
    },
  },
  {
    code: 'T2-REGULATIONS',
    severity: 'warning',
    over: 'cell',
    label: { zh: '无权制定规章的机关填报了规章件数', en: 'Regulations of an agency that cannot make them' },
    description: {
      zh: '乡镇（街道）和县级机关无权制定规章，应为0',
      en: 'Townships and county organs cannot make regulations: 0 is expected',
    },
  },
  {
    code: 'T2-INFORCE',
    severity: 'warning',
    over: 'row',
    label: { zh: '现行有效<制发−废止', en: 'In force < issued − repealed' },
    description: {
      zh: '现行有效件数≥本年制发－本年废止',
      en: 'In force is at least issued - repealed',
    },
  },
  {
    code: 'P-SUM',
    severity: 'warning',
    over: 'text',
    label: { zh: '公开信息分项之和≠总数', en: 'Published items do not add up to their total' },
    description: {
      zh: '声明完整的各类别（或各渠道）条数之和＝主动公开信息总数',
      en: 'A list of categories (or channels) said to be complete adds up to the stated total of published items',
    },
  },
  {
    code: 'TEXT-TABLE',
    severity: 'warning',
    over: 'text',
    label: { zh: '文字与表格不一致', en: 'Text and table differ' },
    description: {
      zh: '总体情况中所述申请、复议、诉讼数量与表格一致（“共收到”可为新收与结转之和）',
      en: 'The number of applications, reconsiderations or lawsuits that section one states equals the table (received may include carried in)',
    },
  },
  {
    code: 'FORM-LATE',
    severity: 'warning',
    over: 'report',
    label: { zh: '未用当年施行的格式', en: 'Form not in force' },
    description: {
      zh: '所用格式不是该报告年度施行的格式',
      en: 'The form is not the one in force for the report year',
    },
  },
  {
    code: 'FORM-MIXED',
    severity: 'warning',
    over: 'report',
    label: { zh: '新旧格式混用', en: 'Mixed form' },
    description: {
      zh: `表二、表四用2021年版，表三“其他处理”用2019年版单行（${notice2021.zh}未规定此格式）`,
      en: 'Tables two and four of 2021 with the single row for other outcomes of 2019, which no notice prescribes',
    },
  },
  {
    code: 'CUTOFF',
    severity: 'warning',
    over: 'report',
    label: { zh: '早于统计截止日公布', en: 'Published before the period ended' },
    description: {
      zh: '公布日期早于报告年度12月31日',
      en: 'Published before 31 December of the report year',
    },
  },
  {
    code: 'LENGTH',
    severity: 'info',
    over: 'text',
    label: { zh: '总体情况超过一千字', en: 'Overview over 1,000 characters' },
    description: {
      zh: '总体情况原则上不超过一千字',
      en: 'The overview should not exceed 1,000 characters',
    },
  },
  {
    code: 'INCOMPLETE',
    severity: 'warning',
    over: 'table',
    label: { zh: '整表空白', en: 'Table left blank' },
    description: {
      zh: '整张表格均为空白，报告不完整（空白不等于0）',
      en: 'A whole table is blank: the report is not complete (blank is not zero)',
    },
  },
] as const satisfies readonly Rule[];

const byCode = new Map<RuleCode, Rule>(rules.map((rule) => [rule.code, rule]));

/** The catalogue's entry for a code. */
export function ruleOf(code: RuleCode): Rule {
  const rule = byCode.get(code);
  if (!rule) throw new Error(`no rule ${code}`);
  return rule;
}
