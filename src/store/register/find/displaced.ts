/**
 * What changed around some divisions between two days, found by way of their counties: their states, territory that came
 * or went, and the agencies that lie in another county than before, or went into one that does.
 */

import type { AgencyKind, DivisionLevel, EdgeKind } from '../../../words.js';
import { integer, integers, optional, text, texts } from '../../engine/column.js';
import { isIn, itemsOf, joinedFromList, packed, packedRows, unpackRows } from '../../engine/dialect.js';
import { findRow, readRows } from '../../engine/run.js';
import type { Db } from '../../engine/schema.js';
import { sqlStatement } from '../../engine/statement.js';
import { type Agency, agencyColumns, agencySelection } from '../agencies.js';
import { inForce } from '../divisions.js';

/** After the first day, up to the second. */
export interface Span {
  readonly after: string;
  readonly until: string;
}

/** A division for some days: what it lay in, and its level. */
export type DivisionSpan = readonly [
  id: number,
  level: DivisionLevel,
  parentId: number | null,
  validFrom: string,
  validTo: string | null,
];

/** Territory that came from one division to another on a day. */
export type EdgeRow = readonly [fromId: number, toId: number, effective: string, kind: EdgeKind];

/** What is around some divisions in a span of days. */
export interface Surroundings {
  /** Every state of the divisions. */
  readonly states: readonly DivisionSpan[];
  /** Divisions that lay directly below them on one of the days. */
  readonly below: readonly number[];
  /** All of a division's territory that came to one of them, or from one of them to another. */
  readonly edges: readonly EdgeRow[];
  /** Agencies in them that came from another county or went to one, or whose county begins or ends. */
  readonly agencies: readonly number[];
}

const isWithin = (day: string) => `${day} > :after and ${day} <= :until`;

/** A county that begins or ends in the span takes those with it of whom nothing else is known. */
const isTurned = `exists (select 1 from division_state d where d.division_id = s.county_id
    and ((${isWithin('d.valid_to')} and not exists (select 1 from division_state e
        where e.division_id = d.division_id and e.valid_from = d.valid_to))
      or (${isWithin('d.valid_from')} and not exists (select 1 from division_state e
        where e.division_id = d.division_id and e.valid_to = d.valid_from))))`;

/** The state `s` ends in the span, and what follows it lies in another county. */
const hasLeft = `${isWithin('s.valid_to')} and (
    exists (select 1 from agency_state n where n.agency_id = s.agency_id and n.valid_from = s.valid_to
      and n.county_id <> s.county_id)
    or exists (select 1 from succession x join agency_state n on n.agency_id = x.successor_id
        and ${inForce('n', 'x.effective')}
      where x.predecessor_id = s.agency_id and x.effective = s.valid_to and n.county_id <> s.county_id)
    or ${isTurned})`;

/** It begins in the span, and what it was before lay in another county. */
const hasCome = `${isWithin('s.valid_from')} and (
    exists (select 1 from agency_state p where p.agency_id = s.agency_id and p.valid_to = s.valid_from
      and p.county_id <> s.county_id)
    or ${isTurned})`;

/** Something of another county went into it. */
const hasTaken = `exists (select 1 from succession x join agency_state p on p.agency_id = x.predecessor_id
      and p.valid_to = x.effective and p.county_id <> s.county_id
    where x.successor_id = s.agency_id and ${isWithin('x.effective')} and ${inForce('s', 'x.effective')})`;

const edgeOf = (end: 'from_id' | 'to_id') => `select e.from_id, e.to_id, e.effective, e.kind
    from ${itemsOf(':divisionIds', 'v')} ${joinedFromList} division_edge e
    where e.${end} = v.value and ${isWithin('e.effective')} and e.kind <> 'TRANSFER'`;

/** In one row: most divisions have nothing around them, and to find that out is to cost as little as it can. */
const surroundings = sqlStatement({
  takes: { divisionIds: integers, after: text, until: text },
  gives: { states: text, below: text, edges: text, agencies: text },
  text: `select
    (select ${packedRows(packed(['s.division_id', 'd.level', 's.parent_id', 's.valid_from', 's.valid_to']))}
      from ${itemsOf(':divisionIds', 'v')} ${joinedFromList} division_state s join division d on d.id = s.division_id
      where s.division_id = v.value) as states,
    (select ${packedRows('s.division_id')} from ${itemsOf(':divisionIds', 'v')} ${joinedFromList} division_state s
      where s.parent_id = v.value and s.valid_from <= :until and (s.valid_to is null or s.valid_to > :after)) as below,
    (select ${packedRows(packed(['e.from_id', 'e.to_id', 'e.effective', 'e.kind']))}
      from (${edgeOf('from_id')} union all ${edgeOf('to_id')}) e) as edges,
    (select ${packedRows('s.agency_id')} from ${itemsOf(':divisionIds', 'v')} ${joinedFromList} agency_state s
      where s.county_id = v.value and ((${hasLeft}) or (${hasCome}) or ${hasTaken})) as agencies`,
});

/** What changed in and directly around some divisions in a span of days. */
export async function surroundingsOf(db: Db, divisionIds: readonly number[], span: Span): Promise<Surroundings> {
  const row = await findRow(db, surroundings, { divisionIds, ...span });
  return {
    states: unpackRows(row?.states),
    below: unpackRows(row?.below),
    edges: unpackRows(row?.edges),
    agencies: unpackRows(row?.agencies),
  };
}

/** An agency for some days. */
export type AgencySpan = readonly [
  id: number,
  kind: AgencyKind,
  countyId: number,
  validFrom: string,
  validTo: string | null,
];

/** One agency that went into another on a day. */
export type SuccessionRow = readonly [predecessorId: number, successorId: number, effective: string];

const lines = sqlStatement({
  takes: { agencyIds: integers, after: text, until: text },
  gives: { states: text, successions: text },
  text: `with recursive line (id) as (
      select v.value from ${itemsOf(':agencyIds', 'v')}
      union
      select case when x.predecessor_id = l.id then x.successor_id else x.predecessor_id end
      from line l join succession x on (x.predecessor_id = l.id or x.successor_id = l.id) and ${isWithin('x.effective')}
    )
    select (select ${packedRows(packed(['s.agency_id', 's.kind', 's.county_id', 's.valid_from', 's.valid_to']))}
        from line l ${joinedFromList} agency_state s where s.agency_id = l.id) as states,
      (select ${packedRows(packed(['x.predecessor_id', 'x.successor_id', 'x.effective']))}
        from line l ${joinedFromList} succession x where x.predecessor_id = l.id) as successions`,
});

/** Some agencies with all that they are joined to by successions of a span of days: their states, and what went into what. */
export async function linesOf(
  db: Db,
  agencyIds: readonly number[],
  span: Span,
): Promise<{ readonly states: readonly AgencySpan[]; readonly successions: readonly SuccessionRow[] }> {
  const row = await findRow(db, lines, { agencyIds, ...span });
  return { states: unpackRows(row?.states), successions: unpackRows(row?.successions) };
}

const missingAgencies = sqlStatement({
  takes: {
    counties: integers,
    without: integers,
    besides: integers,
    kinds: optional(texts),
    year: integer,
    day: text,
    after: text,
    limit: integer,
  },
  gives: agencyColumns,
  text: (has) => `select ${agencySelection} from agency_state s
    where s.agency_id in (
        select a.agency_id from agency_state a where ${isIn('a.county_id', ':counties')} and ${inForce('a')}
          and not (${isIn('a.agency_id', ':without')})
        union all
        select b.value from ${itemsOf(':besides', 'b')})
      and ${inForce('s')} and s.kind <> 'COUNTY' ${has.kinds ? `and ${isIn('s.kind', ':kinds')}` : ''} and s.code > :after
      and not exists (select 1 from exemption e where e.agency_id = s.agency_id and e.year = :year)
      and not exists (select 1 from report r where r.agency_id = s.agency_id and r.year = :year)
    order by s.code limit :limit`,
});

/** Those of some counties, and of some agencies besides, that are expected to file for a year and have not: by code. */
export async function missingAmong(
  db: Db,
  among: {
    readonly year: number;
    /** 31 December of the year. */
    readonly day: string;
    readonly counties: readonly number[];
    readonly without: readonly number[];
    readonly besides: readonly number[];
    readonly kinds?: readonly AgencyKind[] | undefined;
  },
  page: { readonly first: number; readonly after?: string },
): Promise<Agency[]> {
  return readRows(db, missingAgencies, { after: page.after ?? '', limit: page.first, ...among });
}
