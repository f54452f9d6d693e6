/** The content of a report: its form, its figures and its text. */
import type { Figures, FormId } from './forms.js';
import type { sections } from './lines.js';

/** A category or channel of published items, as section one counts it. */
export interface PublishedGroup {
  readonly name: string;
  /** Null when no exact number is stated (260余条). */
  readonly count: number | null;
  /** The share of the total, 0 to 1, as the report states it: the percentages may be adjusted to add up. */
  readonly share?: number | null;
  /** The printed words, if they are more than a number or not a number. */
  readonly note?: string | null;
}

/** A list that the report declares complete; only a complete list must add up to the total. */
type CompleteList = 'categories' | 'channels';

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

/** The text of each of the six sections; a section that is missing is null. */
export type Narrative = { readonly [Key in (typeof sections)[number]['key']]?: string | null };

/** Where the report was published. The service fetches nothing from there. */
interface Source {
  readonly url?: string | null;
  /** Calendar date, YYYY-MM-DD. */
  readonly publishedOn?: string | null;
}

/** The content of a report, without its agency and year. */
export interface ReportContent {
  readonly form: FormId;
  /** Blank in every box that the form lacks. */
  readonly figures: Figures;
  readonly publishedItems: PublishedItems | null;
  readonly engagement: readonly Engagement[] | null;
  readonly narrative: Narrative | null;
  readonly source: Source | null;
}
