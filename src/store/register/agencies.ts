/** Agencies: identities that never change, with dated states. A year belongs to the state of its 31 December. */

import { type AgencyKind, agencyKinds, type Page, pageOf } from '../../words.js';
import { flag, integer, integers, nullable, oneOf, optional, text, texts } from '../engine/column.js';
import { hasPart, isIn, itemsOf, joinedFromList } from '../engine/dialect.js';
import { findRow, insertRow, readRows, write } from '../engine/run.js';
import type { Db, Trx } from '../engine/schema.js';
import { sqlStatement, statement } from '../engine/statement.js';
import { findNation, idsUnder, inForce } from './divisions.js';

/** An agency as it is on some day. */
export interface Agency {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly kind: AgencyKind;
  readonly countyId: number;
  readonly validFrom: string;
  readonly validTo: string | null;
}

/** The columns of an `Agency`, for statements that return one. */
export const agencyColumns = {
  id: integer,
  code: text,
  name: text,
  kind: oneOf(agencyKinds),
  countyId: integer,
  validFrom: text,
  validTo: nullable(text),
};

/** The same as a statement selects them from a state `s`. */
export const agencySelection =
  's.agency_id as id, s.code, s.name, s.kind, s.county_id as "countyId", s.valid_from as "validFrom", s.valid_to as "validTo"';

const statesOfCode = sqlStatement({
  takes: { code: text },
  gives: agencyColumns,
  text: `select ${agencySelection} from agency_state c join agency_state s on s.agency_id = c.agency_id
    where c.code = :code and not exists (select 1 from agency_state b
      where b.agency_id = c.agency_id and b.code = c.code and b.valid_from < c.valid_from)`,
});

/** Every state, in no order, of each agency that has this code at some time. */
export async function agencyStatesByCode(db: Db, code: string): Promise<Agency[]> {
  return readRows(db, statesOfCode, { code });
}

const statesOfAgency = sqlStatement({
  takes: { id: integer },
  gives: agencyColumns,
  text: `select ${agencySelection} from agency_state s where s.agency_id = :id order by s.valid_from`,
});

/** Every state of an agency, oldest first. */
export async function agencyStates(db: Db, id: number): Promise<Agency[]> {
  return readRows(db, statesOfAgency, { id });
}

const statesOfMany = sqlStatement({
  takes: { ids: integers },
  gives: agencyColumns,
  text: `select ${agencySelection} from ${itemsOf(':ids', 'a')} ${joinedFromList} agency_state s on s.agency_id = a.value
    order by s.agency_id, s.valid_from`,
});

/** Every state of some agencies, each's oldest first. */
export async function statesOfAgencies(db: Db, ids: readonly number[]): Promise<Agency[]> {
  return readRows(db, statesOfMany, { ids });
}

const stateOnDay = sqlStatement({
  takes: { id: integer, day: text },
  gives: agencyColumns,
  text: `select ${agencySelection} from agency_state s where s.agency_id = :id and ${inForce('s')}`,
});

/** An agency's state on a day; undefined when it was not alive then. */
export async function findAgencyOn(db: Db, id: number, day: string): Promise<Agency | undefined> {
  return findRow(db, stateOnDay, { id, day });
}

const statesInCounties = sqlStatement({
  takes: { countyIds: integers, day: text },
  gives: agencyColumns,
  text: `select ${agencySelection} from agency_state s where ${isIn('s.county_id', ':countyIds')} and ${inForce('s')}
    order by s.code`,
});

/** All agencies that lie in some counties on a day, by code. */
export async function agenciesInCounties(db: Db, countyIds: readonly number[], day: string): Promise<Agency[]> {
  return readRows(db, statesInCounties, { countyIds, day });
}

const everInCounties = sqlStatement({
  takes: { countyIds: integers },
  gives: { id: integer },
  text: `select distinct s.agency_id as id from agency_state s where ${isIn('s.county_id', ':countyIds')}`,
});

/** The identities of all agencies that lie in some counties at some time. */
export async function agenciesEverIn(db: Db, countyIds: readonly number[]): Promise<number[]> {
  return (await readRows(db, everInCounties, { countyIds })).map(({ id }) => id);
}

/** Which agencies to list: those of a division (at any level), of a kind, with or without a report that year. */
export interface AgencyFilter {
  readonly divisionId?: number;
  readonly kinds?: readonly AgencyKind[];
  /** The day whose states are listed; with `missing`, 31 December of the report year. */
  readonly day: string;
  /** Only those expected to file for this report year that have not. */
  readonly missingYear?: number;
  /** Those that lay in the division before and lie in another on the day, instead of those that lie in it. */
  readonly moved?: 'elsewhere';
  /** Only those of which a name that they have or had has this as a part. */
  readonly namePart?: string;
}

const filtered = {
  day: text,
  divisionId: optional(integer),
  kinds: optional(texts),
  missingYear: optional(integer),
  moved: optional(oneOf(['elsewhere'])),
  namePart: optional(text),
  /** Given of the nation, where almost all there are are listed. */
  nation: optional(flag),
};

type Has = { readonly [Name in 'divisionId' | 'kinds' | 'missingYear' | 'moved' | 'namePart' | 'nation']: boolean };

const isFiltered = (has: Has) =>
  [
    inForce('s'),
    ...(has.divisionId ? [isWithin(has)] : []),
    ...(has.kinds ? [isIn('s.kind', ':kinds')] : []),
    ...(has.missingYear ? [`s.kind <> 'COUNTY'`, isMissing] : []),
    ...(has.namePart ? [isNamed] : []),
  ].join(' and ');

/** By a set of the few that are or were called so: to look for each agency's former names takes several times as long. */
const isNamed = `s.agency_id in (select n.agency_id from agency_state n where ${hasPart('n.name', ':namePart')})`;

/** In the division, by what is quickest: each found beside the row where most rows are in it, else by a set of counties. */
function isWithin(has: Has): string {
  if (has.moved) return hasLeft;
  if (has.nation) return liesBelow;
  return `s.county_id in (${has.missingYear ? idsMissing(has) : idsUnder})`;
}

const liesBelow = `exists (select 1 from division_state a
  left join division_state b on b.division_id = a.parent_id and ${inForce('b')}
  left join division_state c on c.division_id = b.parent_id and ${inForce('c')}
  where a.division_id = s.county_id and ${inForce('a')} and :divisionId in (a.parent_id, b.parent_id, c.parent_id))`;

/** What has lain below the division by the day, each with the first day on which it did no more (null: it still does). */
const divisionsGone = `with recursive gone (id, until) as (
    values (:divisionId, null)
    union
    select d.division_id, case when gone.until is null or d.valid_to < gone.until then d.valid_to else gone.until end
    from gone join division_state d on d.parent_id = gone.id and d.valid_from <= :day
  )`;

/** By way of the states that ended there, and of the divisions that went elsewhere with what lay in them: they are few. */
const hasLeft = `s.county_id not in (${idsUnder}) and s.agency_id in (${divisionsGone}
  select f.agency_id from gone g join agency_state f on f.county_id = g.id and f.valid_from < coalesce(g.until, '9999')
  where f.valid_from <= :day and (f.valid_to <= :day or g.until <= :day))`;

const isMissing = `not exists (select 1 from exemption e where e.agency_id = s.agency_id and e.year = :missingYear)
  and not exists (select 1 from report r where r.agency_id = s.agency_id and r.year = :missingYear)`;

const ofKinds = ({ kinds }: Pick<Has, 'kinds'>) => (kinds ? `and ${isIn('kind', ':kinds')}` : '');

/** How many of a division's agencies are expected to file for the year. */
const expectedIn = (division: string, has: Pick<Has, 'kinds'>) => `(select coalesce(sum(change), 0) from expectation
  where division_id = ${division} and year <= :missingYear ${ofKinds(has)})`;

/**
 * How many of them have not, from what is kept of every division: to look at each agency takes a thousand times as long.
 */
const missingIn = (division: string, has: Pick<Has, 'kinds'>) => `${expectedIn(division, has)} -
  (select coalesce(sum(expected_reports), 0) from rollup
    where division_id = ${division} and inclusion = 'ALL' and year = :missingYear ${ofKinds(has)})`;

/** A division and those below it in which anybody is missing; where nobody is, nothing below is looked at. */
const idsMissing = (has: Has) => `with recursive below (id) as (
    select :divisionId where ${missingIn(':divisionId', has)} > 0
    union all
    select d.division_id from below join division_state d on d.parent_id = below.id and ${inForce('d')}
      and ${missingIn('d.division_id', has)} > 0
  ) select id from below`;

const filteredAgencies = sqlStatement({
  takes: { ...filtered, after: text, limit: integer },
  gives: agencyColumns,
  text: (has) => `select ${agencySelection} from agency_state s where ${isFiltered(has)} and s.code > :after
    order by s.code limit :limit`,
});

const countOfAgencies = sqlStatement({
  takes: filtered,
  gives: { total: integer },
  text: (has) => `select count(*) as total from agency_state s where ${isFiltered(has)}`,
});

const countOfMissing = sqlStatement({
  takes: { divisionId: integer, missingYear: integer, kinds: optional(texts) },
  gives: { expected: integer, total: integer },
  text: (has) => `select ${expectedIn(':divisionId', has)} as expected, ${missingIn(':divisionId', has)} as total`,
});

/** Agencies by code, after a code. */
export async function listAgencies(
  db: Db,
  filter: AgencyFilter,
  page: { readonly first: number; readonly after?: string },
): Promise<Page<Agency>> {
  const found = await pageOfAgencies(db, filter, page);
  return { ...found, total: await countAgencies(db, filter) };
}

/** The same without their number, which takes longer than a page: of the nation, all 41,000 townships are counted. */
export async function pageOfAgencies(
  db: Db,
  filter: AgencyFilter,
  page: { readonly first: number; readonly after?: string },
): Promise<Omit<Page<Agency>, 'total'>> {
  const isNation = await isOfNation(db, filter);
  if (isNation && filter.moved) return { items: [], more: false };
  const isWide = isNation && (filter.missingYear === undefined || (await areManyMissing(db, filter)));
  const asked = { after: page.after ?? '', limit: page.first + 1, nation: isWide ? (1 as const) : undefined };
  const rows = await readRows(db, filteredAgencies, { ...asked, ...filter });
  const { items, more } = pageOf(rows, page.first, rows.length);
  return { items, more };
}

/** Of the nation's agencies almost all there are; and none has left it. */
async function isOfNation(db: Db, { divisionId }: AgencyFilter): Promise<boolean> {
  return divisionId !== undefined && divisionId === (await findNation(db));
}

/**
 * Whether so many have not filed that the next agencies hold a page of them: then it is found by a walk in the order of
 * codes. Where fewer have not, most divisions need no look.
 */
async function areManyMissing(db: Db, filter: AgencyFilter): Promise<boolean> {
  const { expected = 0, total = 0 } = (await countMissing(db, filter)) ?? {};
  return total > 0.2 * expected;
}

/** How many agencies a filter selects. */
export async function countAgencies(db: Db, filter: AgencyFilter): Promise<number> {
  if (filter.moved && (await isOfNation(db, filter))) return 0;
  const found = (await countMissing(db, filter)) ?? (await findRow(db, countOfAgencies, filter));
  return found?.total ?? 0;
}

/** How many of a division's agencies are expected and how many of them missing; undefined where that is not asked. */
async function countMissing(db: Db, { divisionId, missingYear, kinds, moved, namePart }: AgencyFilter) {
  if (divisionId === undefined || missingYear === undefined || moved || namePart !== undefined) return undefined;
  return findRow(db, countOfMissing, { divisionId, missingYear, kinds });
}

const statesInCounty = sqlStatement({
  takes: { countyId: integer },
  gives: agencyColumns,
  text: `select ${agencySelection} from agency_state s where s.county_id = :countyId order by s.code`,
});

/** Every state of an agency in a county, by code. */
export async function agencyStatesIn(db: Db, countyId: number): Promise<readonly Agency[]> {
  return readRows(db, statesInCounty, { countyId });
}

/** Those of some states, which are by code, that hold on a day, of some kinds, after a code. */
export function pageOfStates(
  states: readonly Agency[],
  { day, kinds }: { readonly day: string; readonly kinds: readonly AgencyKind[] },
  { first, after = '' }: { readonly first: number; readonly after?: string },
): Omit<Page<Agency>, 'total'> {
  const found: Agency[] = [];
  for (const state of states) {
    if (state.code <= after || state.validFrom > day || (state.validTo !== null && state.validTo <= day)) continue;
    if (!kinds.includes(state.kind)) continue;
    found.push(state);
    if (found.length > first) break;
  }
  const { items, more } = pageOf(found, first, found.length);
  return { items, more };
}

const codeHolder = sqlStatement({
  takes: { code: text, except: nullable(integer), from: text, to: optional(text) },
  gives: agencyColumns,
  text: (has) => `select ${agencySelection} from agency_state s
    where s.code = :code and s.agency_id is distinct from :except ${has.to ? 'and s.valid_from < :to' : ''}
      and (s.valid_to is null or s.valid_to > :from) order by s.valid_from limit 1`,
});

/** Another agency's state that carries a code on some day from `from` up to, not including, `to` (null: for ever). */
export async function findCodeHolder(
  db: Db,
  code: string,
  { from, to, except }: { readonly from: string; readonly to: string | null; readonly except: number | null },
): Promise<Agency | undefined> {
  return findRow(db, codeHolder, { code, except, from, to: to ?? undefined });
}

const newAgency = statement()((db) => db.insertInto('agency').defaultValues());

/** Registers a new agency with its first state and returns its identity. */
export async function insertAgency(trx: Trx, state: Omit<Agency, 'id'>): Promise<number> {
  const id = await insertRow(trx, newAgency);
  await insertAgencyState(trx, { id, ...state });
  return id;
}

const newState = statement<Agency>()((db, hole) =>
  db.insertInto('agency_state').values({
    agency_id: hole('id'),
    code: hole('code'),
    name: hole('name'),
    kind: hole('kind'),
    county_id: hole('countyId'),
    valid_from: hole('validFrom'),
    valid_to: hole('validTo'),
  }),
);

async function insertAgencyState(trx: Trx, state: Agency): Promise<void> {
  await write(trx, newState, state);
}

const noStates = statement<{ id: number }>()((db, hole) =>
  db.deleteFrom('agency_state').where('agency_id', '=', hole('id')),
);

/** Puts the states of an agency in the place of those it had. */
export async function replaceAgencyStates(trx: Trx, id: number, states: readonly Agency[]): Promise<void> {
  await write(trx, noStates, { id });
  for (const state of states) await insertAgencyState(trx, state);
}

const ownAgency = statement<{ countyId: number }>()((db, hole) =>
  db
    .selectFrom('agency_state')
    .select('agency_id as id')
    .where('county_id', '=', hole('countyId'))
    .where('kind', '=', 'COUNTY')
    .orderBy('valid_from', 'desc')
    .limit(1),
);

/** The agency of kind COUNTY under which a county files its own published report. */
export async function ownAgencyOf(db: Db, countyId: number): Promise<number | undefined> {
  return (await findRow(db, ownAgency, { countyId }))?.id;
}
