/** Codes that another authority gives an agency: the ministry's digits are not always those of the statistics bureau. */
import { type CodeAuthority, codeAuthorities } from '../../words.js';
import { integer, nullable, oneOf, text } from '../engine/column.js';
import { readRows } from '../engine/run.js';
import type { Db } from '../engine/schema.js';
import { sqlStatement } from '../engine/statement.js';
import { inForce } from './divisions.js';

/** A code of another authority for some days. */
export interface OtherCode {
  readonly agencyId: number;
  readonly authority: CodeAuthority;
  readonly code: string;
  readonly validFrom: string;
  readonly validTo: string | null;
}

const columns = {
  agencyId: integer,
  authority: oneOf(codeAuthorities),
  code: text,
  validFrom: text,
  validTo: nullable(text),
};
const selection =
  'agency_id as "agencyId", authority, code, valid_from as "validFrom", valid_to as "validTo" from other_code';

const otherCodes = sqlStatement({
  takes: { agencyId: integer },
  gives: columns,
  text: `select ${selection} where agency_id = :agencyId order by valid_from, authority`,
});

/** The codes that other authorities give an agency, by day. */
export async function otherCodesOf(db: Db, agencyId: number): Promise<OtherCode[]> {
  return readRows(db, otherCodes, { agencyId });
}

const holders = sqlStatement({
  takes: { code: text },
  gives: columns,
  text: `select ${selection} where code = :code order by valid_from, agency_id`,
});

/** Which agencies another authority gives a code, by day. */
export async function otherHoldersOf(db: Db, code: string): Promise<OtherCode[]> {
  return readRows(db, holders, { code });
}

const codesInCounty = sqlStatement({
  takes: { countyId: integer, authority: oneOf(codeAuthorities), day: text },
  gives: { agencyId: integer, code: text },
  text: `select o.agency_id as "agencyId", o.code from agency_state s join other_code o on o.agency_id = s.agency_id
    where s.county_id = :countyId and ${inForce('s')} and o.authority = :authority and ${inForce('o')}`,
});

/** The codes that another authority gives the agencies of a county on a day, by the agencies' identities. */
export async function otherCodesIn(
  db: Db,
  of: { readonly countyId: number; readonly authority: CodeAuthority; readonly day: string },
): Promise<{ agencyId: number; code: string }[]> {
  return readRows(db, codesInCounty, of);
}
