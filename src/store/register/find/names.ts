/** The names and codes of the register as a search reads them, and what of them was changed since it read them last. */
import { divisionLevels } from '../../../words.js';
import { integer, integers, nullable, oneOf, text } from '../../engine/column.js';
import { isIn } from '../../engine/dialect.js';
import { findRow, readRows } from '../../engine/run.js';
import type { Db } from '../../engine/schema.js';
import { sqlStatement } from '../../engine/statement.js';
import { type Agency, agencyColumns, agencySelection } from '../agencies.js';
import { type DivisionState, divisionStateColumns, divisionStateSelection } from '../divisions.js';

/** A state of an agency or a division: its identity, code, name, what it lies in, the first day and the first day no more. */
export type NamedState = readonly [
  id: number,
  code: string,
  name: string,
  inId: number | null,
  validFrom: string,
  validTo: string | null,
];

const state = [integer, text, text, nullable(integer), text, nullable(text)] as const;
const agencyState = `select s.agency_id, s.code, s.name, s.county_id, s.valid_from, s.valid_to from agency_state s
  where s.kind <> 'COUNTY'`;

const statesBetween = sqlStatement({
  takes: { after: integer, until: integer },
  gives: [integer, text, text, integer, text, nullable(text)],
  text: `${agencyState} and s.agency_id > :after and s.agency_id <= :until order by s.agency_id, s.valid_from`,
});

/** Every state of the agencies whose identities lie after one and up to another, but for counties' own, by identity. */
export async function agencyNamesBetween(db: Db, after: number, until: number): Promise<readonly NamedState[]> {
  return readRows(db, statesBetween, { after, until });
}

const statesOfIds = sqlStatement({
  takes: { ids: integers },
  gives: [integer, text, text, integer, text, nullable(text)],
  text: `${agencyState} and ${isIn('s.agency_id', ':ids')} order by s.agency_id, s.valid_from`,
});

/** The same of agencies with these identities. */
export async function agencyNamesOf(db: Db, ids: readonly number[]): Promise<readonly NamedState[]> {
  return readRows(db, statesOfIds, { ids });
}

const divisionStates = sqlStatement({
  takes: { level: oneOf(divisionLevels) },
  gives: state,
  text: `select s.division_id, s.code, s.name, s.parent_id, s.valid_from, s.valid_to
    from division d join division_state s on s.division_id = d.id where d.level = :level
    order by s.division_id, s.valid_from`,
});

/** Every state of the divisions of a level, by identity. */
export async function divisionNamesOf(db: Db, level: (typeof divisionLevels)[number]): Promise<readonly NamedState[]> {
  return readRows(db, divisionStates, { level });
}

/** A code that another authority gives an agency, and its days. */
export type OtherCodeRow = readonly [id: number, code: string, validFrom: string, validTo: string | null];

const allOtherCodes = sqlStatement({
  takes: {},
  gives: [integer, text, text, nullable(text)],
  text: 'select agency_id, code, valid_from, valid_to from other_code order by agency_id, valid_from',
});

/** Every code that another authority gives an agency, by identity. */
export async function readOtherCodes(db: Db): Promise<readonly OtherCodeRow[]> {
  return readRows(db, allOtherCodes, {});
}

const lastOnes = sqlStatement({
  takes: {},
  gives: { change: integer, agency: integer },
  text: `select coalesce((select max(number) from change), 0) as change, coalesce((select max(id) from agency), 0) as agency`,
});

/** The number of the last change that was told, by which it is known what was changed later, and the last agency. */
export async function lastOfRegister(db: Db): Promise<{ readonly change: number; readonly agency: number }> {
  return (await findRow(db, lastOnes, {})) ?? { change: 0, agency: 0 };
}

const changedBetween = sqlStatement({
  takes: { after: integer, until: integer },
  gives: { agencyId: nullable(integer) },
  text: `select distinct agency_id as "agencyId" from change where number > :after and number <= :until
    and about <> 'report' and type not in ('deadline', 'exempted', 'unexempted', 'locked', 'unlocked', 'excepted', 'unexcepted')`,
});

/**
 * The agencies whose states were changed after one change and up to another; null among them where a division was, and
 * with it perhaps what lies in it.
 */
export async function readChanged(db: Db, after: number, until: number): Promise<readonly (number | null)[]> {
  return (await readRows(db, changedBetween, { after, until })).map(({ agencyId }) => agencyId);
}

const agenciesOfIds = sqlStatement({
  takes: { ids: integers },
  gives: agencyColumns,
  text: `select ${agencySelection} from agency_state s where ${isIn('s.agency_id', ':ids')}
    order by s.agency_id, s.valid_from`,
});

/** Every state of several agencies, each by day. */
export async function statesOfAgencies(db: Db, ids: readonly number[]): Promise<Agency[]> {
  return readRows(db, agenciesOfIds, { ids });
}

const divisionsOfIds = sqlStatement({
  takes: { ids: integers },
  gives: divisionStateColumns,
  text: `select ${divisionStateSelection} where ${isIn('s.division_id', ':ids')}
    order by s.division_id, s.valid_from`,
});

/** Every state of several divisions, each by day. */
export async function statesOfDivisions(db: Db, ids: readonly number[]): Promise<DivisionState[]> {
  return readRows(db, divisionsOfIds, { ids });
}
