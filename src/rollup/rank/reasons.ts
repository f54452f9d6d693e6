/** Why there is no value, no rank or no difference: one text for each cause. */

import { firstYear } from '../../form/forms.js';
import { type Measure, minDenominator } from '../../form/measure/measures.js';
import type { Inclusion, Label } from '../../words.js';
import type { Covered, Measured } from '../area/measured.js';
import { minPeers } from './order.js';

export const reasons = {
  fewPeers: {
    zh: `可比对象不足 ${minPeers} 个，不计算百分位和分位数。`,
    en: `There are fewer than ${minPeers} to compare with: no percentile and no quantiles.`,
  },
  noPeers: { zh: '没有任何对象有此指标的数值。', en: 'Nobody has a value of this measure.' },
  noneBelow: { zh: '其下没有该级别的行政区划或机关。', en: 'Nothing of that level lies below it.' },
  notBelow: {
    zh: '不在该级别的行政区划之下，没有可比的对象。',
    en: 'It lies below no division of that level: there is nobody to compare it with.',
  },
  notThere: {
    zh: '当年不在应报送机关之列，也没有报送。',
    en: 'It was not to file for that year, and did not.',
  },
  ownReport: {
    zh: '县级自行公布的报告不参与排名，请查询该县汇总数的位次。',
    en: "A county's own published report is not ranked; ask for the position of the county.",
  },
  oneAgency: {
    zh: '单个机关只有报送与未报送之分，报送率不排名。',
    en: 'An agency has filed or has not: its coverage is not ranked.',
  },
  heading: {
    zh: '这是区划代码中的汇总项，不是一级政府，不排名。',
    en: 'It is a heading of the list of codes and no government: it is not ranked.',
  },
  nobodyExpected: { zh: '没有应报送的机关。', en: 'No agency is expected to file there.' },
  notFiled: { zh: '没有报送。', en: 'Nothing was filed.' },
  notAccepted: { zh: '已报送，但没有审核通过的报告。', en: 'What was filed has not been accepted.' },
  blank: { zh: '没有填报此项。', en: 'It was left blank.' },
  nothingDivided: { zh: '分母为零，没有比率。', en: 'The denominator is zero: there is no rate.' },
  fewDivided: {
    zh: `分母小于 ${minDenominator}，偶然性大，不排名。`,
    en: `The denominator is under ${minDenominator}: the rate says more of chance, and is not ranked.`,
  },
  broken: {
    zh: '两年之间辖区发生变动，数字不是同一范围的，不作比较。',
    en: 'The territory changed between the two years: the figures are of different places and are not compared.',
  },
  noYearBefore: {
    zh: `报告从 ${firstYear} 年度起收集，没有上一年可比。`,
    en: `Reports begin with ${firstYear}: there is no year before to compare with.`,
  },
  signed: {
    zh: '增减是差额，可正可负，没有比值。',
    en: 'A change is a difference and may lie below zero: there is no ratio.',
  },
  zeroBefore: { zh: '上一年为零，没有比值。', en: 'The year before is zero: there is no ratio.' },
  beforeUnread: {
    zh: '对上一年无权查看全部报送，合计范围不同，不作比较。',
    en: 'You may not read all that was filed for the year before: the two years include different reports and are not compared.',
  },
} as const satisfies Readonly<Record<string, Label>>;

/** Why a measure has no value in some sums; null where it has one. */
export function whyMissing(
  measure: Measure,
  { value, reports, reported, lacking }: Measured,
  { expected, reported: filed }: Covered,
  inclusion: Inclusion | null,
): Label | null {
  if (value !== null) return null;
  if (measure.source.of === 'coverage') return reasons.nobodyExpected;
  if (reports === 0) {
    if (filed > 0 && inclusion !== 'ALL') return reasons.notAccepted;
    return expected === 0 && filed === 0 ? reasons.nobodyExpected : reasons.notFiled;
  }
  if (lacking === reports) return whyLacking(measure);
  return measure.source.of === 'rate' && reported > 0 ? reasons.nothingDivided : reasons.blank;
}

/** Why reports on a form that lacks a measure have none. */
export function whyLacking({ onOtherForms }: Measure): Label {
  return onOtherForms[0]?.reason ?? reasons.blank;
}
