/** What a report says: its form, its figures, and the parts of it that are text. */
import type { Figures, FormId } from './forms.js';
import type { sections } from './lines.js';

/** A category or channel of published items, as section one counts it. */
export interface PublishedGroup {
  readonly name: string;
  /** Null when no exact number is stated (260余条). */
  readonly count: number | null;
  /** The stated share of the total, 0 to 1, as stated: reports force percentages to add up. */
  readonly share?: number | null;
  /** The words as printed, where they say more than the number or are not one. */
  readonly note?: string | null;
}

/** Which of the two lists the report says is complete; only then must it add up to the total. */
export type CompleteList = 'categories' | 'channels';

/** Information items published in the year, as stated in the text of section one. */
export interface PublishedItems {
  readonly total: number | null;
  readonly categories: readonly PublishedGroup[];
  readonly channels: readonly PublishedGroup[];
  readonly complete?: readonly CompleteList[];
  readonly note?: string | null;
}

/** Letters, calls and questions handled: 市长信箱, 市长热线, 12345 and the like. */
export interface Engagement {
  readonly name: string;
  readonly handled: number | null;
  /** Share answered, 0 to 1, as stated. */
  readonly replyRate?: number | null;
  readonly note?: string | null;
}

/** The text of each of the six sections; a section that was not given is null. */
export type Narrative = { readonly [Key in (typeof sections)[number]['key']]?: string | null };

/** Where the report was published. Nothing is ever fetched from there. */
export interface Source {
  readonly url?: string | null;
  /** Calendar date, YYYY-MM-DD. */
  readonly publishedOn?: string | null;
}

/** Everything a report says, apart from whose it is and for which year. */
export interface ReportContent {
  readonly form: FormId;
  /** Blank in every box that the form lacks. */
  readonly figures: Figures;
  readonly publishedItems: PublishedItems | null;
  readonly engagement: readonly Engagement[] | null;
  readonly narrative: Narrative | null;
  readonly source: Source | null;
}
