/** What the register is asked by GraphQL: divisions and agencies by codes, names and days, and what happened to them. */
import { z } from 'zod';
import { dayBefore, referenceDate } from '../../../day.js';
import {
  agenciesListed,
  agenciesMeant,
  divisionsListed,
  divisionsMeant,
  otherCodesOfAgency,
  statesOfAgency,
} from '../../../register/browse.js';
import { findAgency, findDivision, resolveDivision, stateOn } from '../../../register/codes.js';
import {
  type Based,
  type Counterpart,
  changesOfAgency,
  changesOfDivision,
  lifeOfAgency,
  lifeOfDivision,
  type PlaceChange,
} from '../../../register/place-changes.js';
import { type SearchHit, searchRegister } from '../../../register/search.js';
import type { Db } from '../../../store/engine/schema.js';
import type { DivisionState } from '../../../store/register/divisions.js';
import type { AgencyKind, DivisionLevel } from '../../../words.js';
import {
  invalidParameter,
  readableYear,
  readCodes,
  readNamePart,
  readSearch,
  requireCodesAlone,
} from '../../http/parameters.js';
import { type Connection, connectionOf, type PageArguments, readCodePage, readFirst } from '../parts/paging.js';
import { planOnce, type Selection } from '../parts/selection.js';
import {
  type AgencySource,
  agencyNear,
  agencyOn,
  type DivisionSource,
  divisionNear,
  leadsToDivision,
} from '../parts/sources.js';

/** What these resolvers need of what all of a request share. */
interface Context {
  readonly db: Db;
  readonly now: Date;
  readonly today: string;
}

type Nullable<T> = { readonly [Name in keyof T]?: T[Name] | null };
type Paged<T = unknown> = PageArguments & T;
type DivisionsAsked = Nullable<{ codes: readonly string[]; below: string; level: DivisionLevel }>;
type AgenciesAsked = Nullable<{
  codes: readonly string[];
  name: string;
  division: string;
  kinds: readonly AgencyKind[];
  year: number;
}>;

const countPlan = planOnce((selection): 'asked' | 'unasked' => (selection.has('totalCount') ? 'asked' : 'unasked'));
/** What a state rests on is read apart, and seldom asked for. */
const basisPlan = planOnce((selection) => selection.has('precision') || selection.has('document'));

/** The resolvers by type and field. */
export const placeResolvers = {
  Query: {
    division: async (_: unknown, { code, on }: { code: string; on?: string | null }, { db, today }: Context) => {
      const day = readDay(on) ?? today;
      const division = await findDivision(db, code, day);
      return division ? divisionNear(division, day) : null;
    },
    agency: async (_: unknown, { code, on }: { code: string; on?: string | null }, { db, today }: Context) => {
      const day = readDay(on) ?? today;
      const agency = await findAgency(db, code, day);
      return agency ? agencyNear(agency, day) : null;
    },
    divisions: async (_: unknown, args: Paged<DivisionsAsked>, { db, today }: Context) => {
      const { codes, below, level, first, after } = args;
      if (codes) {
        requireCodesAlone({ below, level, first, after });
        const { items, unknown } = await divisionsMeant(db, readCodes(codes), today);
        return wholeList(
          items.map((one) => divisionNear(one, today)),
          unknown,
        );
      }
      const division = below ? await resolveDivision(db, below, today) : undefined;
      const asked = { day: today, ...(division && { divisionId: division.id }), ...(level && { level }) };
      const page = await divisionsListed(db, asked, readCodePage(args));
      return connectionOf(page, args, codeOf, (one) => ({ ...one, day: today }));
    },
    agencies: async (_: unknown, args: Paged<AgenciesAsked>, { db, now, today }: Context, selected: Selection) => {
      const { codes, name, division, kinds, first, after } = args;
      const year = args.year === null || args.year === undefined ? undefined : readableYear(args.year, now);
      const day = year === undefined ? today : referenceDate(year);
      if (codes) {
        requireCodesAlone({ name, division, kinds, first, after });
        const { items, unknown } = await agenciesMeant(db, readCodes(codes), day);
        return wholeList(
          items.map((one) => agencyNear(one, day)),
          unknown,
        );
      }
      const asked = {
        day,
        total: countPlan(selected),
        ...(division && { divisionId: (await resolveDivision(db, division, day)).id }),
        ...(kinds && { kinds }),
        ...(name !== null && name !== undefined && { namePart: readNamePart(name) }),
      };
      const page = await agenciesListed(db, asked, readCodePage(args));
      return connectionOf(page, args, codeOf, (one) => agencyOn(one, day));
    },
    search: async (_: unknown, args: { text: string; first?: number | null }, { db, today }: Context) => {
      const found = await searchRegister(db, readSearch(args.text, 'text'), readFirst(args.first), today);
      return { nodes: found.items.map(writeHit), totalCount: found.total };
    },
  },

  Division: {
    states: async ({ id }: DivisionSource, _: unknown, { db }: Context): Promise<readonly Based<DivisionState>[]> =>
      (await lifeOfDivision(db, id)).states,
    changes: async ({ id }: DivisionSource, _: unknown, { db, today }: Context) => changesOfDivision(db, id, today),
    beginning: async ({ id }: DivisionSource, _: unknown, { db }: Context) => (await lifeOfDivision(db, id)).beginning,
    ending: async ({ id }: DivisionSource, _: unknown, { db }: Context) => (await lifeOfDivision(db, id)).ending,
  },

  DivisionState: {
    parent: leadsToDivision(({ parentId, validFrom }: DivisionState) => ({ id: parentId, day: validFrom })),
  },

  Agency: {
    states: async ({ id }: AgencySource, _: unknown, { db }: Context, asked: Selection) => {
      const states = basisPlan(asked) ? (await lifeOfAgency(db, id)).states : await statesOfAgency(db, id);
      return states.map((state) => ({ ...state, day: state.validFrom }));
    },
    changes: async ({ id }: AgencySource, _: unknown, { db, today }: Context) => changesOfAgency(db, id, today),
    otherCodes: async ({ id }: AgencySource, _: unknown, { db }: Context) => otherCodesOfAgency(db, id),
    beginning: async ({ id }: AgencySource, _: unknown, { db }: Context) => (await lifeOfAgency(db, id)).beginning,
    ending: async ({ id }: AgencySource, _: unknown, { db }: Context) => (await lifeOfAgency(db, id)).ending,
  },

  AgencyState: {
    county: leadsToDivision(({ countyId, day }: AgencySource) => ({ id: countyId, day })),
  },

  PlaceChange: {
    counterparts: ({ counterparts, effective, territory }: PlaceChange): readonly CounterpartSource[] => {
      // What gave territory may have ended with it.
      const day = territory === 'GAINED' ? dayBefore(effective) : effective;
      return counterparts.map((one) => ({ ...one, day }));
    },
  },

  Counterpart: {
    division: leadsToDivision(({ about, id, day }: CounterpartSource) => ({
      id: about === 'division' ? id : null,
      day,
    })),
    agency: async ({ about, id, day }: CounterpartSource, _: unknown, { db }: Context) => {
      const state = about === 'agency' ? stateOn(await statesOfAgency(db, id), day) : undefined;
      return state ? agencyNear(state, day) : null;
    },
  },
};

type CounterpartSource = Counterpart & { readonly day: string };

/** A list by codes, which is one page. */
function wholeList<Node extends { readonly code: string }>(
  nodes: readonly Node[],
  unknown: readonly string[],
): Connection<Node> {
  const page = { items: nodes, total: nodes.length, more: false };
  return { ...connectionOf(page, {}, codeOf, (node) => node), unknown };
}

function writeHit({ about, id, code, name, level, kind, parentId, matched, within, ...span }: SearchHit) {
  const { validFrom, validTo, day } = span;
  const own = { id, code, name, day };
  return {
    agency: about === 'agency' ? { ...own, kind, countyId: parentId, validFrom, validTo } : null,
    division: about === 'division' ? { ...own, level, parentId } : null,
    matched,
    within: within.map((division) => ({ ...division, day })),
    validFrom,
    validTo,
  };
}

/** Throws `invalid-parameter` for what is no day. */
function readDay(given: string | null | undefined): string | undefined {
  if (given === null || given === undefined) return undefined;
  if (z.iso.date().safeParse(given).success) return given;
  throw invalidParameter('on', {
    zh: 'on 应为日期，如 2022-12-31。',
    en: 'on is a day, as 2022-12-31.',
  });
}

function codeOf({ code }: { readonly code: string }): string {
  return code;
}
