/** The counts in the sentences of sections one and two: published items by category and channel, letters and calls. */
import type { Engagement, Narrative, PublishedItems } from '../../../form/report.js';
import type { Doubt } from '../../doubt.js';
import { fold } from '../source/text.js';
import { readEngagement } from './engagement.js';
import { readPublished } from './published.js';

/** The counts that the text states, null if it states none, and what could be read in more than one way. */
export interface ProseReading {
  readonly publishedItems: PublishedItems | null;
  readonly engagement: readonly Engagement[] | null;
  readonly doubts: readonly Doubt[];
}

/** Reads the counts in section one, and in section two where one states none. Approximate numbers (260余条, 四十余条) are kept as words. */
export function readProse(narrative: Narrative | null, year: number | null): ProseReading {
  const texts = [narrative?.overview, narrative?.proactiveDisclosure].map(plainText);
  const readings = texts.map((text) => readPublished(text, year));
  const published = readings.find(({ items, doubts }) => items !== null || doubts.length > 0) ?? readings[0];
  return {
    publishedItems: published?.items ?? null,
    engagement: texts.map(readEngagement).find((found) => found !== null) ?? null,
    doubts: published?.doubts ?? [],
  };
}

const maxTextLength = 60_000;

function plainText(text: string | null | undefined): string {
  return fold((text ?? '').slice(0, maxTextLength)).replace(/[^\S\n]+/g, '');
}
