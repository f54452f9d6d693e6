/**
 * What a query takes to answer, reckoned before anything is read for an answer. The unit is **10 µs of a core** of the
 * machine on which `npm run bench:cost` fitted the prices: it measures every field, takes out how much quicker or slower
 * the machine at hand is, and fails where a price is off by more than a factor of two. What a field takes follows the
 * number of items asked for, or of what the register knows to be there if that is less, and how much lies below the
 * division that it looks through.
 */
import { allCells, forms } from '../../../form/forms.js';
import { measures } from '../../../form/measure/measures.js';
import { rules } from '../../../form/rules.js';

/** What a field of the schema takes, in points of 10 µs. */
export interface Price {
  /** Itself, once. */
  readonly own?: number;
  /** Itself, for every item of the page or list it reads. */
  readonly each?: number;
  /** Itself, once, by how much lies below the division it is asked of. */
  readonly below?: Below;
  /** The same where the number of all items is asked for beside them. */
  readonly total?: Below;
  /** The same where items are picked by what they are, not by where they lie. */
  readonly picked?: Below;
  /** The same where a frame is asked for: what lies elsewhere in it is looked for in all that lies below. */
  readonly framed?: Below;
  /** The same by what an argument `of` says that is looked through. */
  readonly of?: Readonly<Record<string, Below>>;
  /** What it takes to read all peers by where an argument `among` looks for them: once, however many ask among the same. */
  readonly among?: Readonly<Record<string, number>>;
  /** How many items of a list to count when no argument gives their number. */
  readonly items?: number;
}

/** Points for each agency and each division that lies below one, and once instead where that is the nation. */
export interface Below {
  readonly agency?: number;
  readonly division?: number;
  readonly name?: number;
  readonly nation?: number;
}

/** What every request takes, whatever it asks. */
export const requestCost = 25;

/** What every value of the answer takes: to be looked up, checked and written as JSON. */
export const valueCost = 0.13;

/** What it takes to parse, check, plan and price a text that was not asked before, and its statements. */
export function preparationCost(fields: number): number {
  return Math.ceil(150 + 2.5 * fields);
}

const lookup: Price = { own: 5 };
const constant: Price = { own: valueCost };

/** Fields that read the store, take arguments or answer lists. */
export const prices: Readonly<Record<string, Price>> = {
  'Query.county': lookup,
  'Query.division': lookup,
  'Query.township': lookup,
  'Query.agency': lookup,
  'Query.report': { own: 25 },
  'Query.reports': {
    own: 30,
    each: 14,
    below: { division: 0.5, agency: 0.004, nation: 10 },
    total: { agency: 0.002, nation: 20 },
    picked: { agency: 0.02, nation: 550 },
  },
  'Query.divisions': {
    own: 10,
    each: 0.6,
    below: { division: 0.15, nation: 120 },
    total: { division: 0.1, nation: 60 },
  },
  'Query.agencies': {
    own: 10,
    each: 0.9,
    below: { division: 0.15, agency: 0.02, nation: 5 },
    total: { division: 0.2, agency: 0.03 },
    picked: { agency: 0.1, nation: 700 },
  },
  'Query.search': { own: 150, each: 2.5 },
  'Query.forms': { ...constant, items: forms.length },
  'Query.form': constant,
  'Query.rules': { ...constant, items: rules.length },
  'Query.measures': { ...constant, items: measures.length },
  'Query.measure': constant,
  'Measure.onOtherForms': { ...constant, items: 0.3 },
  'Measure.cells': { ...constant, items: 3 },
  'Division.parent': { own: 3 },
  'Division.children': { own: 8, each: 0.5 },
  'Division.agencies': {
    own: 8,
    each: 0.7,
    below: { division: 0.15, agency: 0.02, nation: 5 },
    total: { division: 0.2, agency: 0.03 },
  },
  'Division.statistics': { own: 8, each: 2, framed: { division: 0.8, agency: 0.08, nation: 0 } },
  'Division.deadline': lookup,
  // Who is where is counted in all of the division, whatever the page; for a severity all reports are read.
  'Division.filings': {
    own: 40,
    each: 2,
    below: { division: 1.5, agency: 0.45, nation: 12_000 },
    picked: { agency: 22, nation: 49_000 },
  },
  'FilingConnection.counts': { own: 15, below: { division: 1.5, agency: 0.25, nation: 11_000 } },
  'FilingCounts.withFindings': { own: 5, below: { agency: 22, nation: 5 } },
  'Filing.findings': { own: 16 },
  'Filing.decision': { own: 10 },
  'Filing.outliers': { own: 12, items: 0.2 },
  'Division.findings': { own: 40, each: 0.5, below: { division: 1.5, agency: 22, nation: 49_000 } },
  'Division.ranking': {
    own: 12,
    each: 1.5,
    of: {
      AGENCY: { agency: 0.18, division: 0.18 },
      COUNTY: { division: 0.25 },
      PREFECTURE: { division: 0.3 },
      PROVINCE: { division: 0.1 },
    },
    framed: { division: 10, agency: 0.3, nation: 40_000 },
  },
  'Division.position': { own: 12, among: { PREFECTURE: 30, PROVINCE: 100, NATION: 850 }, framed: { division: 20 } },
  'Agency.position': {
    own: 12,
    among: { COUNTY: 25, PREFECTURE: 100, PROVINCE: 900, NATION: 8_000 },
    framed: { division: 20, agency: 0.3 },
  },
  'RankingConnection.unranked': { own: 1, each: 1 },
  'YearOnYear.years': { ...constant, items: 2 },
  'Statistics.change': { own: 40, each: 2, framed: { division: 1.6, agency: 0.16, nation: 0 } },
  'Division.states': { own: 5, items: 1.2 },
  'Division.changes': { own: 9, items: 1, below: { division: 0.2, agency: 0.12, nation: 3 } },
  'Division.beginning': { own: 5 },
  'Division.ending': { own: 5 },
  'DivisionState.parent': { own: 3 },
  'PlaceChange.counterparts': { ...constant, items: 1 },
  'Counterpart.division': { own: 3 },
  'Counterpart.agency': { own: 3 },
  'SearchHit.within': { ...constant, items: 3 },
  'Agency.county': { own: 0.5 },
  'Agency.changes': { own: 8, items: 1 },
  'Agency.otherCodes': { own: 1.5, items: 0.2 },
  'Agency.beginning': { own: 6 },
  'Agency.ending': { own: 6 },
  'Agency.statistics': { own: 1, each: 0.6 },
  'Agency.report': { own: 20 },
  'Agency.states': { own: 3, items: 1.2 },
  'AgencyState.county': { own: 0.5 },
  'Statistics.coverage': { own: 3 },
  'Statistics.published': { own: 40 },
  'Statistics.unallocated': { own: 3, framed: { division: 0.5, agency: 0.05, nation: 5_000 } },
  'Statistics.breaks': {
    own: 15,
    items: 1,
    below: { division: 0.6, agency: 0.2, nation: 0 },
    framed: { division: 0.4, agency: 0.05, nation: 0 },
  },
  'Break.counterparts': { ...constant, items: 1 },
  'UnallocatedAgency.candidates': { ...constant, items: 2 },
  'Unallocated.agencies': { own: 1, each: 0.5 },
  'PublishedItems.categories': { own: 6, each: 0.02, below: { name: 0.05 } },
  'PublishedItems.channels': { own: 6, each: 0.02, below: { name: 0.05 } },
  'Coverage.missing': { own: 25, each: 0.5, below: { division: 0.4, agency: 0.08, nation: 2_400 } },
  'Coverage.elsewhere': {
    own: 25,
    each: 0.5,
    below: { division: 0.6, nation: 1 },
    total: { division: 0.6, nation: 1 },
  },
  'Coverage.forms': { ...constant, items: forms.length },
  'Coverage.blanks': { own: 18, items: 40, below: { agency: 0.03, nation: 80 } },
  'Coverage.cells': { own: 20, each: 0.5 },
  'PublishedBeside.differences': { ...constant, items: 50 },
  'Report.revisions': { own: 10, items: 2 },
  'Report.engagement': { ...constant, items: 2 },
  'Report.findings': { ...constant, items: 2 },
  'Finding.cells': { ...constant, items: 5 },
  'Revision.changes': { ...constant, items: 10 },
  'Form.tables': { ...constant, items: 6 },
  'Form.cells': { ...constant, each: 0.2, items: allCells.length },
  'Form.equations': { ...constant, items: 90 },
  'FormTable.rows': { ...constant, items: 10 },
  'FormTable.columns': { ...constant, items: 5 },
  'FormRow.under': { ...constant, items: 1 },
  'FormColumn.under': { ...constant, items: 1 },
  'Equation.left': { ...constant, items: 4 },
  'Equation.right': { ...constant, items: 2 },
  // What the schema has on the average; it has no interfaces or unions, and one input object.
  '__Schema.types': { ...constant, items: 130 },
  '__Schema.directives': { ...constant, items: 5 },
  '__Type.fields': { ...constant, items: 5 },
  '__Type.enumValues': { ...constant, items: 1 },
  '__Type.interfaces': { ...constant, items: 0 },
  '__Type.possibleTypes': { ...constant, items: 0 },
  '__Type.inputFields': { ...constant, items: 0 },
  '__Field.args': { ...constant, items: 1 },
  '__Directive.args': { ...constant, items: 1 },
};

/** The same of one agency's statistics, which are read for a whole page at once. */
export const pricesOfAgency: typeof prices = {
  'Statistics.coverage': { own: 0.3 },
  'Statistics.change': { own: 25, each: 2 },
  'Statistics.published': constant,
  'Coverage.missing': { own: 0.5 },
  'Coverage.elsewhere': { own: 0.5 },
  'Coverage.blanks': { own: 6, items: 2 },
  'PublishedItems.categories': { own: 9, each: 0.02 },
  'PublishedItems.channels': { own: 9, each: 0.02 },
};

/** What the statistics of a field may be of: one county's, or those of a division of any size. */
export type Breadth = 'county' | 'any';

/** How far a query reaches below some fields: to one county, or to a division of any size. */
export const breadths: Readonly<Record<string, Breadth>> = {
  'Query.county': 'county',
  'Query.division': 'any',
  'Query.township': 'county',
  'Query.agency': 'county',
  'Query.divisions': 'any',
  'SearchHit.agency': 'county',
  'SearchHit.division': 'any',
  'SearchHit.within': 'any',
  'DivisionState.parent': 'any',
  'Counterpart.division': 'any',
  'Counterpart.agency': 'county',
  'Division.parent': 'any',
  'Division.children': 'any',
  'Agency.county': 'county',
  'AgencyConnection.nodes': 'county',
  'AgencyEdge.node': 'county',
  'AgencyState.county': 'county',
  'RankingEntry.agency': 'county',
  'RankingEntry.division': 'any',
  'UnrankedEntry.agency': 'county',
  'UnrankedEntry.division': 'any',
};
