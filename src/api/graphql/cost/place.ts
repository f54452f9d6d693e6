/** Where in the register a field looks, how much lies below that, and how large its pages can be at most. */
import type { FragmentDefinitionNode, ValueNode } from 'graphql';
import { type Amount, type Asked, type CodeOf, one, textOf } from './amounts.js';
import type { Below, Breadth } from './prices.js';

/** Divisions so many steps below one that the query begins with, and how many of them. */
interface DivisionPlace {
  readonly codeOf: CodeOf;
  readonly steps: number;
  readonly count: Amount;
  /** How many of a page's items there can be for each thing counted: reports of several years; 1 when left out. */
  readonly times?: number;
}

/** Where a field is asked, by the fields above it. */
export interface Place {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** The page size of the connection that is looked into. */
  readonly page: Amount;
  /** Whose statistics are looked into. */
  readonly of?: 'agency';
  readonly breadth: Breadth;
  /** The division that the query began with, and which below it are looked at; left out where that is not known. */
  readonly division?: DivisionPlace;
  /** Whether it lies below figures that a frame is asked for. */
  readonly framed: boolean;
  /** How often the fields above it have it answered. */
  readonly count: Amount;
  /** Collects the codes of divisions that the query begins with. */
  readonly codes: CodeOf[];
}

/** The value of an argument of a field; undefined where it is not given. */
export type ValueAt = (argument: string) => ValueNode | undefined;

/** Lists of which an argument says what they look through. */
export const askedOf: Readonly<Record<string, (valueAt: ValueAt, place: Place) => Place>> = {
  'Query.reports': placeOfReports,
  'Query.agencies': (valueAt, place) => placeOfList(valueAt('codes'), valueAt('division'), place),
  'Query.divisions': (valueAt, place) => placeOfList(valueAt('codes'), valueAt('below'), place),
};

/** A list of the register is by codes, which are looked up, of a division, or of the nation. */
function placeOfList(codes: ValueNode | undefined, below: ValueNode | undefined, place: Place): Place {
  if (codes) return { ...place, breadth: 'county' };
  if (!below) return { ...place, breadth: 'any' };
  const codeOf = textOf(below);
  place.codes.push(codeOf);
  return { ...place, breadth: 'any', division: { codeOf, steps: 0, count: one } };
}

/** Reports are asked of a division, of one agency, or of the nation. */
function placeOfReports(valueAt: ValueAt, place: Place): Place {
  const code = valueAt('division') ?? valueAt('county');
  if (valueAt('agency')) return { ...place, breadth: 'county' };
  if (!code) return { ...place, breadth: 'any' };
  const codeOf = textOf(code);
  place.codes.push(codeOf);
  const years = valueAt('year') ? 1 : yearsFiled;
  return { ...place, breadth: 'any', division: { codeOf, steps: 0, count: one, times: years } };
}

/** Reports of one agency where no year is asked for. */
const yearsFiled = 8;

/** How much lies below a division. */
interface SizeBelow {
  readonly agencies: number;
  readonly divisions: number;
  readonly names: number;
  readonly isNation: boolean;
}

/** For what is not looked up, or cannot be: a county as counties are, else the nation or, where it is dearer, a province. */
const countySize: SizeBelow = { agencies: 20, divisions: 1, names: 20, isNation: false };
const largeSizes: readonly SizeBelow[] = [
  { agencies: 45_000, divisions: 3_400, names: 1_000, isNation: true },
  { agencies: 3_500, divisions: 230, names: 1_000, isNation: false },
];

/** The sizes that what lies below a division may have. */
export function sizesBelow({ breadth, division }: Place, asked: Asked): readonly SizeBelow[] {
  const extent = division && asked.extents?.get(division.codeOf(asked.variables) ?? '');
  const [agencies, divisions] = [extent?.agencies[division?.steps ?? 0], extent?.divisions[division?.steps ?? 0]];
  if (!extent || !division || !agencies || !divisions) return breadth === 'county' ? [countySize] : largeSizes;
  const several = Math.max(1, extent.children[division.steps - 1]?.all ?? 1);
  const size = {
    agencies: (agencies.all * (division.times ?? 1)) / several,
    divisions: divisions.all / several,
    names: extent.names / several,
    isNation: extent.isNation && division.steps === 0,
  };
  return [size];
}

/** What a price by size comes to. */
export function costBelow(price: Below, { agencies, divisions, names, isNation }: SizeBelow): number {
  const { agency = 0, division = 0, name = 0, nation } = price;
  if (isNation && nation !== undefined) return nation;
  return agency * agencies + division * divisions + name * names;
}

/** Pages that hold no more than lies below the division, and of what. */
const pagesBelow: Readonly<Record<string, 'children' | 'agencies' | 'names'>> = {
  'Division.children': 'children',
  'Division.agencies': 'agencies',
  'Division.filings': 'agencies',
  'Coverage.missing': 'agencies',
  'Coverage.elsewhere': 'agencies',
  'PublishedItems.categories': 'names',
  'PublishedItems.channels': 'names',
  'Query.reports': 'agencies',
};

/** On the average of the divisions: together their pages hold no more than there is below all at these steps. */
export function boundPage(named: string, asked: Amount, { division }: Place): Amount {
  const what = pagesBelow[named];
  if (!what || !division) return asked;
  const { codeOf, steps, count, times = 1 } = division;
  return (by) => {
    const extent = by.extents?.get(codeOf(by.variables) ?? '');
    if (extent && what === 'names') return Math.min(asked(by), extent.names);
    const found = what === 'names' ? undefined : extent?.[what][steps];
    return found ? Math.min(asked(by), found.most * times, (found.all * times) / Math.max(1, count(by))) : asked(by);
  };
}

/** The division that what is below a field speaks of: one that the query begins with, those below it, or unknown. */
export function divisionBelow(named: string, code: ValueNode | undefined, place: Place): Place['division'] {
  if (named === 'Query.county' || named === 'Query.division') {
    const codeOf = textOf(code);
    place.codes.push(codeOf);
    return { codeOf, steps: 0, count: one };
  }
  if (named === 'Division.children' && place.division) {
    const { codeOf, steps, count } = place.division;
    return { codeOf, steps: steps + 1, count: (asked) => count(asked) * place.page(asked) };
  }
  return elsewhere.test(named) ? undefined : place.division;
}

/** Fields that lead out of the division that a query began with. */
const elsewhere =
  /^(?:Division\.parent|RankingEntry\.\w+|UnrankedEntry\.\w+|DivisionState\.parent|Counterpart\.\w+|\w+\.county|AgencyConnection\..*)$/;
