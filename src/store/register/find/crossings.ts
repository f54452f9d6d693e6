/** What came from one division to another: agencies and divisions that moved, and what went into others elsewhere. */
import { type PlaceSubject, placeSubjects, precisions } from '../../../words.js';
import { flag, integer, integers, nullable, oneOf, optional, text } from '../../engine/column.js';
import { isIn } from '../../engine/dialect.js';
import { findRow, readRows } from '../../engine/run.js';
import type { Db } from '../../engine/schema.js';
import { sqlStatement } from '../../engine/statement.js';
import type { Basis } from '../bases.js';
import { idsEverUnder, inForce } from '../divisions.js';

/** An agency or a division that lay in one division up to a day, and lies, or its heir does, in another from that day on. */
export interface Crossing {
  readonly about: PlaceSubject;
  readonly id: number;
  /** The divisions directly above it: counties of an agency. */
  readonly fromId: number;
  readonly toId: number;
  readonly effective: string;
}

const crossing = { id: integer, fromId: integer, toId: integer, effective: text };

const within = (has: { readonly county: boolean }) => (has.county ? ':divisionId' : idsEverUnder);
const nextState = 'b.agency_id = a.agency_id and b.valid_from = a.valid_to';
const heirState = `b.agency_id = s.successor_id and ${inForce('b', 's.effective')}`;
const moved = (day: string) => `a.agency_id as id, a.county_id as "fromId", b.county_id as "toId", ${day} as effective`;
const elsewhere = `a.kind <> 'COUNTY' and b.county_id <> a.county_id`;

/** From both sides, so that each begins at the states that lie in the division. */
const agenciesCrossing = sqlStatement({
  takes: { divisionId: integer, county: optional(flag) },
  gives: crossing,
  text: (has) => `select ${moved('b.valid_from')} from agency_state a join agency_state b on ${nextState}
      where a.county_id in (${within(has)}) and ${elsewhere}
    union
    select ${moved('b.valid_from')} from agency_state b join agency_state a on ${nextState}
      where b.county_id in (${within(has)}) and ${elsewhere}
    union
    select ${moved('s.effective')} from agency_state a
      join succession s on s.predecessor_id = a.agency_id and s.effective = a.valid_to
      join agency_state b on ${heirState} where a.county_id in (${within(has)}) and ${elsewhere}
    union
    select ${moved('s.effective')} from agency_state b join succession s on s.successor_id = b.agency_id
      join agency_state a on a.agency_id = s.predecessor_id and a.valid_to = s.effective
      where b.county_id in (${within(has)}) and ${inForce('b', 's.effective')} and ${elsewhere}
    order by 4, 1, 3`,
});

/** Agencies that moved out of a county or into it, or were merged across its border, by day. */
export async function crossingsOfCounty(db: Db, countyId: number): Promise<Crossing[]> {
  const rows = await readRows(db, agenciesCrossing, { divisionId: countyId, county: 1 });
  return rows.map((row) => ({ about: 'agency', ...row }));
}

const divisionsCrossing = sqlStatement({
  takes: { divisionId: integer },
  gives: { id: integer, fromId: nullable(integer), toId: nullable(integer), effective: text },
  text: `with under (id) as (${idsEverUnder})
    select a.division_id as id, a.parent_id as "fromId", b.parent_id as "toId", b.valid_from as effective
      from division_state a join division_state b on b.division_id = a.division_id and b.valid_from = a.valid_to
      where a.division_id in (select id from under) and b.parent_id <> a.parent_id
    union
    select e.from_id, e.from_id, e.to_id, e.effective from division_edge e where e.from_id in (select id from under)
    union
    select e.from_id, e.from_id, e.to_id, e.effective from division_edge e where e.to_id in (select id from under)
    order by 4, 1, 3`,
});

/**
 * Whatever moved between two divisions of which one is, or ever was, below a division, by day: within it, out of it, or
 * into it.
 */
export async function crossingsBelow(db: Db, divisionId: number): Promise<Crossing[]> {
  const agencies = await readRows(db, agenciesCrossing, { divisionId });
  const divisions = await readRows(db, divisionsCrossing, { divisionId });
  return [
    ...divisions.flatMap(({ id, fromId, toId, effective }) =>
      // Only the nation lies in nothing, and it does not move.
      fromId === null || toId === null ? [] : [{ about: 'division' as const, id, fromId, toId, effective }],
    ),
    ...agencies.map((row) => ({ about: 'agency' as const, ...row })),
  ];
}

const basesOfSeveral = sqlStatement({
  takes: { about: oneOf(placeSubjects), ids: integers, effective: text },
  gives: {
    effective: text,
    precision: oneOf(precisions),
    document: nullable(text),
    recordedAt: nullable(text),
  },
  text: `select effective, precision, document, recorded_at as "recordedAt" from basis
    where about = :about and ${isIn('id', ':ids')} and effective = :effective order by id`,
});

/** What a day of several agencies or divisions rests on; those of which it is sure and no document known are left out. */
export async function basesOn(
  db: Db,
  about: PlaceSubject,
  ids: readonly number[],
  effective: string,
): Promise<Basis[]> {
  return readRows(db, basesOfSeveral, { about, ids, effective });
}

const firstDay = sqlStatement({
  takes: {},
  gives: { day: text },
  // Only the nation lies in nothing: by what it lies in it is found at once.
  text: 'select s.valid_from as day from division_state s where s.parent_id is null order by s.valid_from limit 1',
});

/** The day of the first list of the register: what is in it began then or long before. */
export async function firstListedOn(db: Db): Promise<string | undefined> {
  return (await findRow(db, firstDay))?.day;
}
