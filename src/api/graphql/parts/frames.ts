/** The input `Frame`: on whose boundaries figures are asked for, and as known when. */
import { asReported, type Boundaries, type Frame } from '../../../register/frame.js';
import { invalidParameter, readableDay, readablePast } from '../../http/parameters.js';

/** The input `Frame`. */
export interface FrameAsked {
  readonly boundaries: Boundaries;
  readonly on?: string | null;
  readonly knownOn?: string | null;
}

/** The frame that an input asks for. Throws `invalid-parameter`. */
export function readFrame(asked: FrameAsked | null | undefined, now: Date): Frame {
  if (!asked) return asReported;
  const { knownOn } = asked;
  return {
    on: readDay(asked),
    knownOn: typeof knownOn === 'string' ? readablePast('frame/knownOn', knownOn, now) : null,
  };
}

function readDay({ boundaries, on }: FrameAsked): string | null {
  if (boundaries === 'ON_DAY') {
    if (typeof on === 'string') return readableDay('frame/on', on);
    throw invalidParameter('frame/on', {
      zh: 'ON_DAY 须以 on 指明哪一天。',
      en: 'ON_DAY needs the day: give it in on.',
    });
  }
  if (on === null || on === undefined) return null;
  throw invalidParameter('frame/on', {
    zh: 'AS_REPORTED 按各年 12 月 31 日的区划，不另取某日；按某日的区划请用 ON_DAY。',
    en: 'AS_REPORTED takes no day: each year is on its own 31 December. For the boundaries of a day use ON_DAY.',
  });
}
