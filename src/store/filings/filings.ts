/** The agencies of a division with where each is with its report for a year, as far as a reader is shown that. */
import { agencyKinds, type FilingState, filingStates } from '../../words.js';
import { flag, integer, integers, nullable, oneOf, optional, text, texts } from '../engine/column.js';
import { isIn } from '../engine/dialect.js';
import { readRows } from '../engine/run.js';
import type { Db } from '../engine/schema.js';
import { sqlStatement } from '../engine/statement.js';
import { type Agency, agencyColumns, agencySelection } from '../register/agencies.js';
import { defaultDue, filerOfKind, nearestDates } from '../register/deadlines.js';
import { findNation, idsUnder, inForce } from '../register/divisions.js';
import { lineageJoins } from '../register/lineage.js';

/** Agencies by where they lie on 31 December of a year, and by themselves; `every` is all there are. */
export type AgencySet = 'every' | { readonly counties: readonly number[]; readonly agencyIds: readonly number[] };

/** Whose filings are listed, and what of them is shown. */
export interface FilingsAsked {
  readonly divisionId: number;
  readonly year: number;
  /** 31 December of the year. */
  readonly day: string;
  /** The day by which it is weighed whether something is overdue. */
  readonly today: string;
  /** The agencies whose current report is shown. */
  readonly readable: AgencySet;
  /** What is shown of the others: what was accepted, or only that something was filed. */
  readonly elsewhere: 'ACCEPTED' | 'NOTHING';
  /** The agencies of which it is shown that something was refused. */
  readonly handled: AgencySet;
}

/** Which of them. */
export interface FilingFilter {
  readonly states?: readonly FilingState[] | undefined;
  readonly late?: boolean | undefined;
}

/** An agency with where it is with its report for the year. */
export interface FilingRow extends Agency {
  readonly state: FilingState;
  readonly expected: 0 | 1;
  /** Filed after the day due, or not filed and overdue; null where that is not shown. */
  readonly late: 0 | 1 | null;
  /** The last day to file, YYYY-MM-DD. */
  readonly due: string;
  /** Whether its current report is shown. */
  readonly inFull: 0 | 1;
  /** How much that was sent is kept as refused; null where that is not shown. */
  readonly refusals: number | null;
}

const takes = {
  divisionId: integer,
  year: integer,
  /** The year in which reports for it are due. */
  yearDue: text,
  day: text,
  today: text,
  readsEvery: flag,
  readCounties: integers,
  readAgencies: integers,
  acceptedElsewhere: flag,
  handlesEvery: flag,
  handledCounties: integers,
  handledAgencies: integers,
};

/** The parts of the list that differ by how it is walked: along all codes there are, or by the counties of a division. */
interface Walk {
  readonly from: string;
  /** The last day to file, of the agency of a state `s`. */
  readonly due: string;
  /** Common table expressions that it needs. */
  readonly with: string;
}

const dueOf = (filer: 'AGENCIES' | 'COUNTY') =>
  `:yearDue || '-' || coalesce(${nearestDates(`'${filer}'`)}, '${defaultDue[filer]}')`;

const ownKinds = agencyKinds.filter((kind) => filerOfKind(kind) === 'COUNTY');
const isOwn = `s.kind in (${ownKinds.map((kind) => `'${kind}'`).join(', ')})`;

/** By county: their dates are worked out once for each. */
const byCounty: Walk = {
  with: `with recursive place (county_id, due, own_due) as materialized (
    select b.id, ${dueOf('AGENCIES')}, ${dueOf('COUNTY')} from (${idsUnder}) b ${lineageJoins()}
  )`,
  from: 'place p join agency_state s on s.county_id = p.county_id',
  due: `case when ${isOwn} then p.own_due else p.due end`,
};

/** Along all codes, a page at a time: the dates are worked out of what is on the page. */
const byCode: Walk = {
  with: '',
  from: 'agency_state s',
  due: `(select case when ${isOwn} then ${dueOf('COUNTY')} else ${dueOf('AGENCIES')} end
    from (select s.county_id as id) b ${lineageJoins()})`,
};

const among = (set: 'read' | 'handled', every: string) =>
  `(:${every} = 1 or ${isIn('s.county_id', `:${set}Counties`)} or ${isIn('s.agency_id', `:${set}Agencies`)})`;

const isRead = among('read', 'readsEvery');
const isHandled = among('handled', 'handlesEvery');

const refusedAt = `(select max(f.at) from refusal f where f.agency_id = s.agency_id and f.year = :year)`;
const withdrawnAt = `(select max(v.at) from revision v where v.agency_id = s.agency_id and v.year = :year)`;

/** What is neither filed nor exempted was withdrawn, refused since, or never sent. */
const unfiledState = `case
    when ${isHandled} and ${refusedAt} >= coalesce(${withdrawnAt}, '') then 'REFUSED'
    when ${isRead} and ${withdrawnAt} is not null then 'WITHDRAWN'
    else 'NOT_FILED' end`;

const shownState = `case
    when r.id is not null and ${isRead} then r.state
    when r.id is not null and :acceptedElsewhere = 1 and r.accepted_revision is not null then 'ACCEPTED'
    when r.id is not null then 'SUBMITTED'
    when x.agency_id is not null then 'EXEMPT'
    else ${unfiledState} end`;

const shownLate = (due: string) => `case
    when r.id is not null and ${isRead} then 1 - r.on_time
    when r.id is not null and :acceptedElsewhere = 1 then 1 - r.accepted_on_time
    when r.id is not null then null
    when x.agency_id is not null then 0
    when ${due} < :today then 1 else 0 end`;

/** All that are expected to file or exempted, and those that have filed though they are not expected. */
const filings = (
  { from, due }: Walk,
  columns: string,
) => `select ${columns}, ${shownState} as state, ${shownLate(due)} as late
  from ${from}
  left join report r on r.agency_id = s.agency_id and r.year = :year
  left join exemption x on x.agency_id = s.agency_id and x.year = :year
  where ${inForce('s')} and (s.kind <> 'COUNTY' or r.id is not null)`;

const unknownLate = -1;

const filtered = { states: texts, lates: integers };
const isAsked = `${isIn('f.state', ':states')} and ${isIn(`coalesce(f.late, ${unknownLate})`, ':lates')}`;

const page = sqlStatement({
  takes: { ...takes, ...filtered, after: text, limit: integer, nation: optional(flag) },
  gives: {
    ...agencyColumns,
    expected: flag,
    due: text,
    inFull: flag,
    refusals: nullable(integer),
    state: oneOf(filingStates),
    late: nullable(flag),
  },
  text: ({ nation }) => {
    const walk = nation ? byCode : byCounty;
    const columns = `${agencySelection}, case when s.kind = 'COUNTY' or x.agency_id is not null then 0 else 1 end as expected,
      ${walk.due} as due, case when ${isRead} then 1 else 0 end as "inFull",
      case when ${isHandled} then
        (select count(*) from refusal f where f.agency_id = s.agency_id and f.year = :year) end as refusals`;
    return `${walk.with} select * from (${filings(walk, columns)} and s.code > :after) f where ${isAsked}
      order by f.code limit :limit`;
  },
});

const counts = sqlStatement({
  takes,
  gives: { state: oneOf(filingStates), late: integer, agencies: integer },
  text: `${byCounty.with} select f.state, coalesce(f.late, ${unknownLate}) as late, count(*) as agencies
    from (${filings(byCounty, 's.agency_id')}) f group by 1, 2`,
});

function argumentsOf({ divisionId, year, day, today, readable, elsewhere, handled }: FilingsAsked) {
  const read = setArguments(readable);
  const may = setArguments(handled);
  return {
    divisionId,
    year,
    yearDue: String(year + 1),
    day,
    today,
    readsEvery: read.every,
    readCounties: read.counties,
    readAgencies: read.agencyIds,
    acceptedElsewhere: elsewhere === 'ACCEPTED' ? (1 as const) : (0 as const),
    handlesEvery: may.every,
    handledCounties: may.counties,
    handledAgencies: may.agencyIds,
  };
}

function setArguments(set: AgencySet) {
  return set === 'every'
    ? { every: 1 as const, counties: [], agencyIds: [] }
    : { every: 0 as const, counties: set.counties, agencyIds: set.agencyIds };
}

/** The filings of a division by code, after a code: those of the page, and whether there are more. */
export async function pageOfFilings(
  db: Db,
  asked: FilingsAsked,
  { states = filingStates, late }: FilingFilter,
  { first, after = '' }: { readonly first: number; readonly after?: string | undefined },
): Promise<{ readonly items: readonly FilingRow[]; readonly more: boolean }> {
  // Few are late, or not, of all the nation: they are looked for by county.
  const walks = late === undefined && asked.divisionId === (await findNation(db));
  const rows = await readRows(db, page, {
    ...argumentsOf(asked),
    states,
    lates: late === undefined ? [unknownLate, 0, 1] : [late ? 1 : 0],
    after,
    limit: first + 1,
    nation: walks ? (1 as const) : undefined,
  });
  return { items: rows.slice(0, first), more: rows.length > first };
}

/** How many filings of a division are in a state, and of these how many are in time or late; null where that is not shown. */
export interface FilingCount {
  readonly state: FilingState;
  readonly late: boolean | null;
  readonly agencies: number;
}

/** How many filings of a division there are in each state, in time and late. */
export async function countFilings(db: Db, asked: FilingsAsked): Promise<FilingCount[]> {
  const rows = await readRows(db, counts, argumentsOf(asked));
  return rows.map(({ state, late, agencies }) => ({ state, late: late === unknownLate ? null : late === 1, agencies }));
}
