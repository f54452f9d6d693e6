/** Why a comparison proposes what it does, and what makes it uncertain. */

import type { Label } from '../../words.js';

/** The reasons by what they are for. */
export const reasons = {
  recode: {
    zh: '同县同名，旧代码消失而新代码出现，两边均唯一',
    en: 'one code of the county ends and another begins with the same name, and nothing else there is called so',
  },
  wholeCounty: {
    zh: '名录中该县的全部乡镇在名单中归于另一代码之下，名称逐一相同',
    en: 'the list has all townships of the county, name by name, under other digits',
  },
  likeCounty: {
    zh: '名单中有同名而代码不同的县级区划，但其乡镇不尽相同，或上级不同，或名单未列乡镇',
    en: 'the list has a county of that name under other digits, but with other townships, under another division, or without its townships',
  },
  countyMerger: {
    zh: '名单没有该县，其全部乡镇都在同一个县内；该县可能已并入，也可能是乡镇逐个划转',
    en: 'the list does not have the county, and all of its townships are in one other: it may have been merged, or its townships moved',
  },
  rename: {
    certain: {
      zh: '代码相同而名称不同，县内没有新增或消失的机关',
      en: 'the code is the same and the name another, and nothing in the county begins or ends',
    },
    uncertain: {
      zh: '代码相同而名称不同，但县内另有新增或消失的机关或有问题的行，也可能是合并后的新机关',
      en: 'the code is the same and the name another, but something else in the county begins, ends or cannot be read: it may be a merged one',
    },
  },
  reclassify: {
    certain: {
      zh: '同县专名相同而类别不同，县内没有其他新增或消失的机关',
      en: 'what it is called is the same and what it is another, and nothing else in the county begins or ends',
    },
    uncertain: {
      zh: '同县专名相同而类别不同，但县内另有新增或消失的机关或有问题的行，可能同时并入或析出了地域',
      en: 'what it is called is the same and what it is another, but something else in the county begins, ends or cannot be read: it may have taken in or given away territory',
    },
  },
  reuse: {
    zh: '代码现为县内另一机关所用：是换码还是撤销后新设，名单未说明',
    en: 'its code is another unit’s now: the list does not say whether units changed codes, or one ended and another began',
  },
  move: {
    zh: '在本县消失，而同一地级区划的另一县出现同名机关：可能是划转，也可能只是同名',
    en: 'it ends here while one of its name begins in another county of the prefecture: it may have been moved, or be a namesake',
  },
  ended: {
    zh: '名单没有该机关，也没有可以确认的后继；candidates 为县内新增、更名的机关，如已并入请填 mergedInto',
    en: 'the list does not have it, nor what surely follows it; candidates begin or are renamed in the county: if it went into one, say so in mergedInto',
  },
  endedAlone: {
    zh: '名单没有该机关，县内也没有新增或更名的机关；如已并入请填 mergedInto',
    en: 'the list does not have it, and nothing in the county begins or is renamed: if it went into another, say so in mergedInto',
  },
  begun: {
    zh: '名录没有该机关，也没有可以确认的前身；candidates 为县内消失的机关',
    en: 'the register does not have it, nor what surely became it; candidates end in the county',
  },
  begunAlone: {
    zh: '名录没有该机关，县内也没有消失的机关',
    en: 'the register does not have it, and nothing in the county ends',
  },
} as const satisfies Record<string, Label | Readonly<Record<'certain' | 'uncertain', Label>>>;

/** The same proposal where a code that it gives is another's on that day or later, so that it cannot be applied as it is. */
export function takenReason(reason: Label, holder: { readonly code: string; readonly name: string }): Label {
  return {
    zh: `${reason.zh}；但代码 ${holder.code} 在该日或其后为${holder.name}所用`,
    en: `${reason.en}; but the code ${holder.code} is that of ${holder.name} on that day or later`,
  };
}

/** The same where the register has what it is about from that very day on, so that nothing of it can change then. */
export function beginsThenReason(reason: Label, unit: { readonly code: string; readonly name: string }): Label {
  return {
    zh: `${reason.zh}；但名录所载${unit.name}（${unit.code}）始于该日，当日不能变更`,
    en: `${reason.en}; but the register has ${unit.name} (${unit.code}) from that day on, on which it cannot change`,
  };
}
