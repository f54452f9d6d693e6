/** What a store holds that was given the list of 2023 for all years: read once, when it gets the history. */
import { divisionLevels } from '../../../words.js';
import { flag, integer, nullable, oneOf, text } from '../../engine/column.js';
import { readRows } from '../../engine/run.js';
import type { Db } from '../../engine/schema.js';
import { sqlStatement } from '../../engine/statement.js';
import { type Agency, agencyColumns, agencySelection } from '../agencies.js';
import type { DivisionState } from '../divisions.js';

const divisions = sqlStatement({
  takes: {},
  gives: {
    id: integer,
    code: text,
    name: text,
    level: oneOf(divisionLevels),
    parentId: nullable(integer),
    validFrom: text,
    validTo: nullable(text),
  },
  text: `select s.division_id as id, s.code, s.name, d.level, s.parent_id as "parentId", s.valid_from as "validFrom",
      s.valid_to as "validTo"
    from division_state s join division d on d.id = s.division_id order by s.division_id, s.valid_from`,
});

/** Every state of every division, by identity and day. */
export async function allDivisionStates(db: Db): Promise<DivisionState[]> {
  return readRows(db, divisions, {});
}

/** A state of an agency, and what became of it. */
export interface OldAgency extends Agency {
  /** Whether anybody changed it, took another into it, or it was put into another. */
  readonly changed: 0 | 1;
  /** Whether anything but the register names it: a report, a token, an exemption. */
  readonly named: 0 | 1;
  /** The first report year for which it filed, withdrawn or not. */
  readonly firstYear: number | null;
}

const agencies = sqlStatement({
  takes: {},
  gives: { ...agencyColumns, changed: flag, named: flag, firstYear: nullable(integer) },
  text: `select ${agencySelection},
      case when s.agency_id in (select agency_id from agency_change)
        or s.agency_id in (select predecessor_id from succession)
        or s.agency_id in (select successor_id from succession)
        or s.agency_id in (select c.agency_id from change c where c.about = 'agency' and c.agency_id is not null
          and c.type not in ('exempted', 'unexempted')) then 1 else 0 end as changed,
      case when s.agency_id in (select agency_id from revision) or s.agency_id in (select agency_id from exemption)
        or s.agency_id in (select agency_id from token_grant where agency_id is not null)
        or s.agency_id in (select agency_id from lock_exception) then 1 else 0 end as named,
      (select min(v.year) from revision v where v.agency_id = s.agency_id) as "firstYear"
    from agency_state s order by s.agency_id, s.valid_from`,
});

/** Every state of every agency, by identity and day. */
export async function allAgencyStates(db: Db): Promise<OldAgency[]> {
  return readRows(db, agencies, {});
}
