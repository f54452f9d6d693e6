/** The counts in the sentences of sections one and two: published items by category and channel, letters and calls. */
import type { Engagement, Narrative, PublishedItems } from '../../../form/report.js';
import type { Doubt } from '../../doubt.js';
import { readStatement, type Stated } from '../../statement.js';
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
  const published = readings.find(({ items }) => items !== null);
  return {
    publishedItems: published?.items ?? null,
    engagement: texts.map(readEngagement).find((found) => found !== null) ?? null,
    // What one section left in doubt stays so, whatever the next one states.
    doubts: readings
      .slice(0, published ? readings.indexOf(published) + 1 : readings.length)
      .flatMap(({ doubts }) => doubts),
  };
}

/** The text of a report and what it states; the lines that our documents print under section one are no text. */
export interface StatedReading extends ProseReading {
  readonly narrative: Narrative | null;
}

/** Reads what the text states. Lines that our documents print for what was filed beside it go before its sentences. */
export function readStated(narrative: Narrative | null, year: number | null): StatedReading {
  const lines = narrative?.overview?.split('\n') ?? [];
  let stated: Partial<Stated> = {};
  for (let line = lines.at(-1); line !== undefined; line = lines.at(-1)) {
    const found = readStatement(line);
    if (!found || Object.keys(found).some((part) => part in stated)) break;
    stated = { ...stated, ...found };
    lines.pop();
  }
  const text = { ...narrative, overview: lines.join('\n') || null };
  const rest = Object.keys(stated).length === 0 ? narrative : Object.values(text).some(Boolean) ? text : null;
  const prose = readProse(rest, year);
  return {
    publishedItems: stated.publishedItems === undefined ? prose.publishedItems : stated.publishedItems,
    engagement: stated.engagement === undefined ? prose.engagement : stated.engagement,
    doubts: stated.publishedItems === undefined ? prose.doubts : [],
    narrative: rest,
  };
}

/** No section one has more; a text of a filing may. */
const maxTextLength = 20_000;

function plainText(text: string | null | undefined): string {
  return fold((text ?? '').slice(0, maxTextLength)).replace(/[^\S\n]+/g, '');
}
