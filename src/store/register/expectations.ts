/** How many agencies of each division and kind are expected to file for a year, kept as changes from year to year. */

import { type AgencyKind, agencyKinds } from '../../words.js';
import { integer, integers, oneOf, optional, texts } from '../engine/column.js';
import { isIn, itemsOf } from '../engine/dialect.js';
import { readRows, write } from '../engine/run.js';
import type { Db, Trx } from '../engine/schema.js';
import { sqlStatement, statement } from '../engine/statement.js';
import { idsEverUnder, inForceAtEndOf } from './divisions.js';

const counts = sqlStatement({
  takes: { divisionId: integer, years: integers },
  gives: { year: integer, kind: oneOf(agencyKinds), expected: integer },
  text: `select y.value as year, e.kind, sum(e.change) as expected from ${itemsOf(':years', 'y')}
    join expectation e on e.division_id = :divisionId and e.year <= y.value group by y.value, e.kind`,
});

/** How many of a division's agencies are expected to file for a year, by kind. */
export async function expectedCounts(
  db: Db,
  divisionId: number,
  years: readonly number[],
): Promise<{ year: number; kind: AgencyKind; expected: number }[]> {
  return readRows(db, counts, { divisionId, years });
}

const countsOfDivisions = sqlStatement({
  takes: { divisionIds: optional(integers), year: integer, kinds: optional(texts) },
  gives: [integer, integer],
  text: (has) => `select e.division_id, sum(e.change) from expectation e where e.year <= :year
      ${has.divisionIds ? `and ${isIn('e.division_id', ':divisionIds')}` : ''}
      ${has.kinds ? `and ${isIn('e.kind', ':kinds')}` : ''} group by e.division_id`,
});

/** How many agencies of some kinds or all are expected to file for a year in each of some divisions, or of all. */
export async function expectedOfDivisions(
  db: Db,
  divisionIds: readonly number[] | undefined,
  year: number,
  kinds: readonly AgencyKind[] | undefined,
): Promise<(readonly [divisionId: number, expected: number])[]> {
  return readRows(db, countsOfDivisions, { divisionIds, year, kinds });
}

const filers = sqlStatement({
  takes: { agencyIds: integers, years: integers },
  gives: { agencyId: integer, year: integer },
  text: `select s.agency_id as "agencyId", y.value as year
    from ${itemsOf(':years', 'y')} join agency_state s on ${isIn('s.agency_id', ':agencyIds')} and s.kind <> 'COUNTY'
      and ${inForceAtEndOf('s', 'y.value')}
    where not exists (select 1 from exemption e where e.agency_id = s.agency_id and e.year = y.value)`,
});

/** Which of these agencies are expected to file for which of these years. */
export async function expectedFilers(
  db: Db,
  agencyIds: readonly number[],
  years: readonly number[],
): Promise<{ agencyId: number; year: number }[]> {
  return readRows(db, filers, { agencyIds, years });
}

const yearOf = (day: string) => `cast(substr(${day}, 1, 4) as integer)`;
/** The first year of a state, and the first that it no longer has. */
const firstYear = (alias: string) => yearOf(`${alias}.valid_from`);
const pastYear = (alias: string) => `coalesce(${yearOf(`${alias}.valid_to`)}, 9999)`;
const laterStart = `case when span.first > ${firstYear('d')} then span.first else ${firstYear('d')} end`;
const earlierEnd = `case when span.past < ${pastYear('d')} then span.past else ${pastYear('d')} end`;

/**
 * The changes of expectation that states and exemptions amount to. A state that began in year A and ended in
 * year B is the one on 31 December of A to B-1; each such span counts for its county and, cut to the spans in
 * which that county lay where it lay, for everything above it.
 */
const expectationChanges = (condition: string) => `
  with recursive span (division_id, kind, first, past, agencies) as (
    select s.county_id, s.kind, ${firstYear('s')}, ${pastYear('s')}, count(*)
    from agency_state s where s.kind <> 'COUNTY' and ${condition} group by 1, 2, 3, 4
    union all
    select s.county_id, s.kind, e.year, e.year + 1, -1
    from exemption e join agency_state s on s.agency_id = e.agency_id and s.kind <> 'COUNTY'
      and ${inForceAtEndOf('s', 'e.year')} where ${condition}
    union all
    select d.parent_id, span.kind, ${laterStart}, ${earlierEnd}, span.agencies
    from span join division_state d on d.division_id = span.division_id
    where d.parent_id is not null and ${laterStart} < ${earlierEnd}
  )
  select division_id, kind, first as year, agencies as change from span where first < past
  union all
  select division_id, kind, past as year, -agencies as change from span where first < past and past < 9999`;

/** A selection of what the whole table of expectations must hold: division, kind, year, change. */
export const wholeExpectations = `select division_id, kind, year, sum(change) as change
  from (${expectationChanges('true')}) changes group by division_id, kind, year having sum(change) <> 0`;

const noExpectations = statement()((db) => db.deleteFrom('expectation'));

const allExpectations = sqlStatement({
  takes: {},
  text: `insert into expectation (division_id, kind, year, change) ${wholeExpectations}`,
});

/** Makes the whole table of expectations again from the states and exemptions. */
export async function rebuildExpectations(trx: Trx): Promise<void> {
  await write(trx, noExpectations);
  await write(trx, allExpectations);
}

const shifting = <Name extends 'agencyId' | 'divisionId'>(name: Name, condition: string) =>
  sqlStatement({
    // The name is one of these, so the arguments are this one and the sign.
    takes: { [name]: integer, sign: integer } as { readonly [Key in Name | 'sign']: typeof integer },
    text: `insert into expectation (division_id, kind, year, change)
      select division_id, kind, year, :sign * sum(change) from (${expectationChanges(condition)}) changes
      group by division_id, kind, year having sum(change) <> 0
      on conflict (division_id, kind, year) do update set change = expectation.change + excluded.change`,
  });

const shiftedOfAgency = shifting('agencyId', 's.agency_id = :agencyId');

/**
 * Adds (sign 1) or takes away (sign -1) what one agency's states and exemptions contribute to the expectations.
 * Around any change to an agency: take away before it, add after it.
 */
export async function shiftExpectations(trx: Trx, agencyId: number, sign: 1 | -1): Promise<void> {
  await write(trx, shiftedOfAgency, { agencyId, sign });
}

const shiftedBelow = shifting('divisionId', `s.county_id in (${idsEverUnder})`);

/** The same of all agencies for the days on which they lie in a division, or in one that is or ever was below it. */
export async function shiftExpectationsBelow(trx: Trx, divisionId: number, sign: 1 | -1): Promise<void> {
  await write(trx, shiftedBelow, { divisionId, sign });
}
