/** The table in which a blank form asks what the printed tables do not: publication, published items, letters and calls. */
import { factHeadings } from '../../printed-words.js';
import { pageWidth } from '../layout.js';

/** One box: how many of the columns of a page it takes, its text, and whether it is to be filled in. */
export interface FactBox {
  readonly columns: number;
  readonly text: string | null;
  readonly input: boolean;
}

const heading = 5;
const name = 6;

const said = (columns: number, text: string): FactBox => ({ columns, text, input: false });
const asked = (columns: number): FactBox => ({ columns, text: null, input: true });
const single = (text: string): FactBox[] => [said(heading, text), asked(pageWidth - heading)];
const named = (text: string): FactBox[] => [said(heading, text), asked(name), asked(pageWidth - heading - name)];

/** How many boxes there are for items by category, by channel, and for letterboxes and hotlines. */
const rows = { category: 8, channel: 4, engagement: 4 } as const;

/** The table, row by row. */
export const factRows: readonly (readonly FactBox[])[] = [
  [said(pageWidth, factHeadings.table)],
  single(factHeadings.publishedOn),
  single(factHeadings.url),
  single(factHeadings.total),
  ...Array.from({ length: rows.category }, () => named(factHeadings.category)),
  ...Array.from({ length: rows.channel }, () => named(factHeadings.channel)),
  ...Array.from({ length: rows.engagement }, () => named(factHeadings.engagement)),
];
