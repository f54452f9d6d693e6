/**
 * The status of an observation, in the letters of Eurostat's list OBS_STATUS as it is since 27 January 2025 (lower case;
 * several stand side by side). `l` and `o` are those of SDMX's CL_OBS_STATUS, where Eurostat's own list has no letter.
 */
import { minDenominator } from '../../form/measure/measures.js';
import type { Inclusion, Label } from '../../words.js';

/** What each letter means, in the order in which several of them stand. An observation without any is a plain value. */
export const statusLetters = {
  b: {
    zh: '序列中断：当年区域有变更，或当年起填报格式有无此项与上年不同，与上年不可比',
    en: 'Break in the series: the territory changed in the course of the year, or another part of the reports than the year before has this box on its form',
  },
  d: {
    zh: '口径不一：部分报告的格式没有此项，合计只含有此项的报告',
    en: 'Definition differs: the form of some reports lacks it, and the value is of the others alone',
  },
  l: {
    zh: '缺失，未收到：应报送而没有可读取的报告',
    en: 'Missing, not collected: reports are expected, and there is none that you may read',
  },
  m: {
    zh: '缺失，不可能有：当年没有该区域或无机关应报送，或格式没有此项，或比率的分母为零',
    en: 'Missing, cannot exist: no such area or nobody expected in that year, no such box on the forms, or nothing below the line of a rate',
  },
  o: {
    zh: '缺失，空白：有报告，而此项均未填',
    en: 'Missing, blank: there are reports, and all of them left it blank',
  },
  p: {
    zh: '暂定：含尚未审核通过的报告（include=ALL）',
    en: 'Provisional: of all that was filed, accepted or not (include=ALL)',
  },
  u: {
    zh: `可靠性低：应报送的未报齐，或有空白，或含示例报告，或比率的分母小于 ${minDenominator}`,
    en: `Low reliability: not everybody expected has reported, some left it blank, some reports are made-up samples, or a rate divides by less than ${minDenominator}`,
  },
} as const satisfies Readonly<Record<string, Label>>;

/** A letter of a status. */
export type StatusLetter = keyof typeof statusLetters;

/** Where the letters come from, for who looks them up. */
export const statusSource: Label = {
  zh: '欧盟统计局 OBS_STATUS 代码（2025 年 1 月 27 日起）；l、o 取自 SDMX CL_OBS_STATUS',
  en: 'OBS_STATUS of Eurostat since 27 January 2025; l and o of SDMX CL_OBS_STATUS',
};

/** How many reports an observation is over, and how the others came not to count. */
export interface Counts {
  /** How many reports state it; of a subtotal, any of its boxes. */
  readonly reported: number;
  /** How many agencies were expected to file. */
  readonly expected: number;
  /** How many reports leave it blank; of a subtotal, at least how many leave one of its boxes blank. */
  readonly blank: number;
  /** How many reports are on a form without it. */
  readonly absent: number;
  /** How many reports are made-up samples. */
  readonly samples: number;
  /** What a rate divides by; null of everything else. */
  readonly denominator: number | null;
}

/** What decides a status. */
export interface Judged extends Counts {
  readonly isMissing: boolean;
  /** How many reports of expected agencies the sum holds. */
  readonly expectedReports: number;
  readonly reports: number;
  readonly inclusion: Inclusion;
  /** Whether the series is broken at this year. */
  readonly isBroken: boolean;
  /** Whether it says who filed, which is public and complete whatever was accepted. */
  readonly isCoverage: boolean;
}

/** The letters of an observation, in order; empty for a plain value. */
export function statusOf(judged: Judged): string {
  const broken = judged.isBroken ? 'b' : '';
  if (judged.isMissing) return `${broken}${whyMissing(judged)}`;
  if (judged.isCoverage) return broken;
  return [
    broken,
    judged.absent > 0 ? 'd' : '',
    judged.inclusion === 'ALL' ? 'p' : '',
    isUnreliable(judged) ? 'u' : '',
  ].join('');
}

function whyMissing({ reports, expected, reported, absent, isCoverage }: Judged): StatusLetter {
  if (isCoverage) return 'm';
  if (reports === 0) return expected > 0 ? 'l' : 'm';
  // What was reported and is no value all the same is a rate of nothing.
  if (absent === reports || reported > 0) return 'm';
  return 'o';
}

function isUnreliable({ expected, expectedReports, blank, samples, denominator }: Judged): boolean {
  const isOfFew = denominator !== null && denominator < minDenominator;
  return expectedReports < expected || blank > 0 || samples > 0 || isOfFew;
}

/** The letters of a status with their meanings. */
export function explainStatus(status: string): readonly (Label & { readonly letter: StatusLetter })[] {
  // A status is made of the letters alone.
  return [...status].map((letter) => ({ letter: letter as StatusLetter, ...statusLetters[letter as StatusLetter] }));
}
