/** A place in the feed, and the refusal of one that is lost. */
import { Problem } from '../../problem.js';

/** A place in the feed, as a reader brings it back. */
export interface FeedPlace {
  /** Of the last change that was looked at for the reader; 0 at the beginning. */
  readonly number: number;
  /** The beginning of a digest of the occasion of that change. */
  readonly digest: string;
  /** Which reader, and which division, it was given for. */
  readonly sight: string;
  /** Which divisions it was given within. */
  readonly extent: string;
}

const lost = {
  restored: {
    zh: '数据库已由备份恢复，该位置之后的变更不可续读；请清空副本，不带 since 重新读取。',
    en: 'This database has no such place: it was restored from a backup. Empty your copy and read from the beginning, without since.',
  },
  'divisions-changed': {
    zh: '您所跟踪的范围此后划入或划出了行政区划，该位置之后的变更不可续读；请清空副本，不带 since 重新读取。',
    en: 'Since that place, divisions have come to what you follow or have left it. Empty your copy and read from the beginning, without since.',
  },
  'another-reader': {
    zh: '该位置是为其他权限或其他 division 给出的；请清空副本，不带 since 重新读取。',
    en: 'That place was given to a reader who may read something else, or for another division. Empty your copy and read from the beginning, without since.',
  },
} as const;

/** The refusal of a place from which a copy cannot go on. */
export function changesLost(reason: keyof typeof lost): Problem {
  return new Problem('changes-lost', lost[reason], { reason, restart: '/v1/changes' });
}
