/** The use cases that read the register: divisions with what is above them, agencies with all their states. */
import { dayInChina, referenceDate } from '../day.js';
import type { Db } from '../store/engine/schema.js';
import { type Agency, agencyStates, listAgencies } from '../store/register/agencies.js';
import { changesOf } from '../store/register/agency-changes.js';
import { basesOf } from '../store/register/bases.js';
import { deadlinesOf } from '../store/register/deadlines.js';
import {
  type Division,
  type DivisionState,
  divisionsById,
  divisionsNear,
  listDivisions,
} from '../store/register/divisions.js';
import { type Exemption, exemptionsOf } from '../store/register/exemptions.js';
import { type OtherCode, otherCodesOf } from '../store/register/other-codes.js';
import { predecessorsOf, successorsOf } from '../store/register/successions.js';
import type { AgencyKind, DeadlineFiler, DivisionLevel, Page } from '../words.js';
import { agenciesMeant, divisionsListed, divisionsMeant, type Meant } from './browse.js';
import { type NamedCode, resolveAgency, resolveDivision, stateOn } from './codes.js';
import {
  type Based,
  changesOfAgency,
  changesOfDivision,
  type Life,
  lifeOfAgency,
  lifeOfDivision,
  type PlaceChange,
} from './place-changes.js';
import { dayNear } from './search.js';

/** A division with the code of the one above it, null for the nation. */
export interface DivisionEntry extends NamedCode {
  readonly level: DivisionLevel;
  readonly parent: string | null;
}

/** What a division is over one span of days; `validTo` is the first day on which it no longer holds. */
export type DivisionSpan = Based<
  NamedCode & { readonly parent: NamedCode | null; readonly validFrom: string; readonly validTo: string | null }
>;

/** A division on a day, with everything above it then, the nearest first, its history, and the deadlines set for itself. */
export interface DivisionRecord extends DivisionEntry, Omit<DivisionSpan, 'parent'>, Life {
  readonly parents: readonly (NamedCode & { readonly level: DivisionLevel })[];
  /** Oldest first. */
  readonly states: readonly DivisionSpan[];
  readonly deadlines: readonly {
    readonly year: number | 'every';
    /** MM-DD of the following year. */
    readonly due: string;
  }[];
  /** The days set here for published reports of divisions of a level, its own or those below. */
  readonly ownDeadlines: readonly {
    readonly for: Exclude<DeadlineFiler, 'AGENCIES'>;
    readonly year: number | 'every';
    readonly due: string;
  }[];
}

/** What an agency is over one span of days; `validTo` is the first day on which it no longer holds. */
export interface AgencyEntry extends NamedCode {
  readonly kind: AgencyKind;
  readonly county: NamedCode;
  readonly validFrom: string;
  readonly validTo: string | null;
}

/** An agency it came from or went into, under its last name, and the day. */
interface Relative extends NamedCode {
  readonly on: string;
}

/** What is different about an agency from a day on; null is as before. */
interface AnnouncedChange extends Pick<PlaceChange, 'precision' | 'document'> {
  readonly on: string;
  readonly code: string | null;
  readonly name: string | null;
  readonly kind: AgencyKind | null;
  readonly county: NamedCode | null;
  /** Its day has not come: it can be taken back. */
  readonly announced: boolean;
}

/** An agency as it is today (or was last, or will be first), and everything the register knows of it. */
export interface AgencyRecord extends Based<AgencyEntry>, Life {
  /** Oldest first. */
  readonly states: readonly Based<AgencyEntry>[];
  /** Codes that another authority gives it. */
  readonly otherCodes: readonly Omit<OtherCode, 'agencyId'>[];
  /** What was said to change after its first state, by day, in force or announced. */
  readonly changes: readonly AnnouncedChange[];
  readonly exemptions: readonly (Omit<Exemption, 'recordedBy'> & { readonly recordedBy: string | null })[];
  readonly predecessors: readonly Relative[];
  readonly successors: readonly Relative[];
}

function inYear({ year, due }: { readonly year: number; readonly due: string }) {
  return { year: year === 0 ? ('every' as const) : year, due };
}

/** The division that a code means on a day, today when none is given, as it was then. Throws `unknown-division`. */
export async function readDivision(db: Db, code: string, now: Date, on = dayInChina(now)): Promise<DivisionRecord> {
  return divisionRecord(db, (await resolveDivision(db, code, on)).id, now, on);
}

/** The same by its identity. Where it was not in the register on the day, as it last was before, or else first will be. */
export async function divisionRecord(db: Db, id: number, now: Date, on = dayInChina(now)): Promise<DivisionRecord> {
  const { states, ...life } = await lifeOfDivision(db, id);
  const division = stateOn(states, on);
  if (!division) throw new Error(`division ${id} has no state`);
  const day = dayNear(division, on);
  const parents: Division[] = [];
  for (let above = division.parentId; above !== null; ) {
    const parent = (await divisionsNear(db, [above], day)).get(above);
    if (!parent) break;
    parents.push(parent);
    above = parent.parentId;
  }
  const deadlines = await deadlinesOf(db, id);
  const { validFrom, validTo, precision, document } = division;
  return {
    ...entryOf(division, parents[0]),
    ...{ validFrom, validTo, precision, document },
    parents: parents.map(({ code, name, level }) => ({ code, name, level })),
    states: await Promise.all(states.map((state) => describeSpan(db, state))),
    ...life,
    deadlines: deadlines.flatMap(({ filer, ...rest }) => (filer === 'AGENCIES' ? [inYear(rest)] : [])),
    ownDeadlines: deadlines.flatMap(({ filer, ...rest }) =>
      filer === 'AGENCIES' ? [] : [{ for: filer, ...inYear(rest) }],
    ),
  };
}

async function describeSpan(db: Db, state: Based<DivisionState>): Promise<DivisionSpan> {
  const { code, name, parentId, validFrom, validTo, precision, document } = state;
  const parent = parentId === null ? undefined : (await divisionsNear(db, [parentId], validFrom)).get(parentId);
  const above = parent ? { code: parent.code, name: parent.name } : null;
  return { code, name, parent: above, validFrom, validTo, precision, document };
}

/** What happened to the division that a code means on a day, today when none is given, by day. Throws `unknown-division`. */
export async function readDivisionChanges(
  db: Db,
  code: string,
  now: Date,
  on = dayInChina(now),
): Promise<readonly PlaceChange[]> {
  return changesOfDivision(db, (await resolveDivision(db, code, on)).id, dayInChina(now));
}

/** What happened to the agency that a code means on a day, today when none is given, by day. Throws `unknown-agency`. */
export async function readAgencyChanges(
  db: Db,
  code: string,
  now: Date,
  on = dayInChina(now),
): Promise<readonly PlaceChange[]> {
  return changesOfAgency(db, (await resolveAgency(db, code, on)).id, dayInChina(now));
}

/** Which divisions to list: directly under one, anywhere below one, of a level, or all. */
export interface DivisionQuery {
  readonly parent?: string | undefined;
  readonly below?: string | undefined;
  readonly level?: DivisionLevel | undefined;
}

/** A page of today's divisions by code. Throws `unknown-division` for a parent that is none. */
export async function readDivisions(
  db: Db,
  query: DivisionQuery,
  page: { readonly first: number; readonly after?: string },
  now: Date,
): Promise<Page<DivisionEntry>> {
  const day = dayInChina(now);
  const level = query.level && { level: query.level };
  const found =
    query.parent === undefined
      ? await divisionsListed(db, { day, ...(await identified(db, query.below, day)), ...level }, page)
      : await listDivisions(db, { day, parentId: (await resolveDivision(db, query.parent, day)).id, ...level }, page);
  const above = found.items.flatMap((division) => division.parentId ?? []);
  const parents = await divisionsById(db, [...new Set(above)], day);
  return { ...found, items: found.items.map((one) => entryOf(one, parents.get(one.parentId ?? 0))) };
}

async function identified(db: Db, code: string | undefined, day: string): Promise<{ divisionId?: number }> {
  return code === undefined ? {} : { divisionId: (await resolveDivision(db, code, day)).id };
}

/** The divisions that some codes mean today. */
export async function readDivisionsOf(db: Db, codes: readonly string[], now: Date): Promise<Meant<DivisionEntry>> {
  const day = dayInChina(now);
  const { items, unknown } = await divisionsMeant(db, codes, day);
  const parents = await divisionsNear(db, [...new Set(items.flatMap(({ parentId }) => parentId ?? []))], day);
  return { items: items.map((one) => entryOf(one, parents.get(one.parentId ?? 0))), unknown };
}

/** The agencies that some codes mean on 31 December of a year, or today. */
export async function readAgenciesOf(
  db: Db,
  codes: readonly string[],
  year: number | undefined,
  now: Date,
): Promise<Meant<AgencyEntry>> {
  const day = year === undefined ? dayInChina(now) : referenceDate(year);
  const { items, unknown } = await agenciesMeant(db, codes, day);
  const described: AgencyEntry[] = [];
  for (const state of items) described.push(await describe(db, state, dayNear(state, day)));
  return { items: described, unknown };
}

function entryOf(division: Division, parent: Division | undefined): DivisionEntry {
  return { code: division.code, name: division.name, level: division.level, parent: parent?.code ?? null };
}

/** Whether persons are named who acted for an agency of a county in a year. */
export type NamesPersons = (
  place: { readonly countyId: number; readonly agencyId: number },
  year: number,
) => Promise<boolean>;

/** The agency that a code means today, with the persons whom `names` lets name. Throws `unknown-agency`. */
export async function readAgency(db: Db, names: NamesPersons, code: string, now: Date): Promise<AgencyRecord> {
  return agencyRecord(db, names, (await resolveAgency(db, code, dayInChina(now))).id, now);
}

/** The same by its identity. */
export async function agencyRecord(db: Db, names: NamesPersons, id: number, now: Date): Promise<AgencyRecord> {
  const today = dayInChina(now);
  const { states: known, ...life } = await lifeOfAgency(db, id);
  const states: Based<AgencyEntry>[] = [];
  for (const state of known) {
    const { precision, document } = state;
    states.push({ ...(await describe(db, state, dayNear(state, today))), precision, document });
  }
  const current = stateOn(states, today);
  if (!current) throw new Error(`agency ${id} has no state`);
  const otherCodes = await otherCodesOf(db, id);
  return {
    ...current,
    states,
    ...life,
    otherCodes: otherCodes.map(({ authority, code, validFrom, validTo }) => ({ authority, code, validFrom, validTo })),
    changes: await describeChanges(db, id, today),
    exemptions: await describeExemptions(db, names, { id, states: known }),
    predecessors: await describeRelatives(db, await predecessorsOf(db, id)),
    successors: await describeRelatives(db, await successorsOf(db, id)),
  };
}

async function describeExemptions(
  db: Db,
  names: NamesPersons,
  { id, states }: { readonly id: number; readonly states: readonly Agency[] },
): Promise<AgencyRecord['exemptions']> {
  const exemptions = await exemptionsOf(db, id);
  return Promise.all(
    exemptions.map(async (exemption) => {
      const state = stateOn(states, referenceDate(exemption.year));
      const place = state && { countyId: state.countyId, agencyId: id };
      const named = place && (await names(place, exemption.year));
      return named ? exemption : { ...exemption, recordedBy: null };
    }),
  );
}

async function describeChanges(db: Db, id: number, today: string): Promise<AnnouncedChange[]> {
  const changes = await changesOf(db, id);
  const bases = new Map((await basesOf(db, { about: 'agency', id })).map((basis) => [basis.effective, basis]));
  return Promise.all(
    changes.map(async ({ validFrom: on, countyId, ...rest }) => {
      const county = countyId === null ? undefined : (await divisionsNear(db, [countyId], on)).get(countyId);
      const { precision = 'DAY', document = null } = bases.get(on) ?? {};
      const named = county ? { code: county.code, name: county.name } : null;
      return { on, ...rest, county: named, precision, document, announced: on > today };
    }),
  );
}

/** Which agencies to list, by the codes a client knows. */
export interface AgencyQuery {
  /** A division of any level, with all below it. */
  readonly division?: string | undefined;
  /** As they were on 31 December of that year; today when left out. */
  readonly year?: number | undefined;
  readonly kinds?: readonly AgencyKind[] | undefined;
  /** Only those of which a name that they have or had has this as a part. */
  readonly name?: string | undefined;
  /** Only those that have not filed for the year, of those that must. */
  readonly missing?: 'missing' | undefined;
  /** Those that lay in the division before and lie in another on that day, instead of those that lie in it. */
  readonly moved?: 'elsewhere' | undefined;
}

/** A page of agencies by code. Throws `unknown-division` for a code that no division ever has. */
export async function readAgencies(
  db: Db,
  query: AgencyQuery,
  page: { readonly first: number; readonly after?: string },
  now: Date,
): Promise<Page<AgencyEntry>> {
  const { year, kinds, name, missing, moved } = query;
  const day = year === undefined ? dayInChina(now) : referenceDate(year);
  const division = query.division === undefined ? undefined : await resolveDivision(db, query.division, day);
  const filter = {
    day,
    ...(division && { divisionId: division.id }),
    ...(kinds && { kinds }),
    ...(name !== undefined && { namePart: name }),
    ...(missing && year !== undefined && { missingYear: year }),
    ...(moved && { moved }),
  };
  const found = await listAgencies(db, filter, page);
  const counties = await divisionsById(db, [...new Set(found.items.map((agency) => agency.countyId))], day);
  return { ...found, items: found.items.map((agency) => entryIn(agency, counties.get(agency.countyId))) };
}

async function describe(db: Db, state: Agency, day: string): Promise<AgencyEntry> {
  return entryIn(state, (await divisionsNear(db, [state.countyId], day)).get(state.countyId));
}

function entryIn(state: Agency, county: Division | undefined): AgencyEntry {
  if (!county) throw new Error(`${state.code} is in a county that is not there on that day`);
  const { code, name, kind, validFrom, validTo } = state;
  return { code, name, kind, county: { code: county.code, name: county.name }, validFrom, validTo };
}

async function describeRelatives(
  db: Db,
  relatives: readonly { readonly id: number; readonly on: string }[],
): Promise<Relative[]> {
  const described: Relative[] = [];
  for (const { id, on } of relatives) {
    const last = (await agencyStates(db, id)).at(-1);
    if (last) described.push({ code: last.code, name: last.name, on });
  }
  return described;
}
