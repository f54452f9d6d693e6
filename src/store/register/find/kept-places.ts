/**
 * What most questions ask of the register first: what a division's code means, and who lies in a county. It is kept in
 * memory until the register changes, so that figures are all that is read for a question about a place that was asked about.
 */
import type { AgencyKind, Page } from '../../../words.js';
import type { Db } from '../../engine/schema.js';
import { derivedFromRegister } from '../../engine/versions.js';
import { type Agency, agencyStatesIn, pageOfStates } from '../agencies.js';
import { type DivisionState, divisionStatesByCode } from '../divisions.js';

type Kept<Key, Row> = Map<Key, readonly Row[]>;

const byCode = (): Kept<string, DivisionState> => new Map();
const byCounty = (): Kept<number, Agency> => new Map();

/** Codes that are kept: more than there are divisions. */
const maxCodes = 5_000;

/** Counties that are kept, of some thirty agencies each: about 10 MB. */
const maxCounties = 1_000;

/** Every state, in no order, of each division that has this code at some time. */
export async function keptStatesByCode(db: Db, code: string): Promise<readonly DivisionState[]> {
  return readOrKept(db, byCode, maxCodes, code, () => divisionStatesByCode(db, code));
}

/** Agencies of a county on a day by code, after a code: `listAgencies` without the count. */
export async function agenciesOfCounty(
  db: Db,
  { countyId, ...filter }: { readonly countyId: number; readonly day: string; readonly kinds: readonly AgencyKind[] },
  page: { readonly first: number; readonly after?: string },
): Promise<Omit<Page<Agency>, 'total'>> {
  const states = await readOrKept(db, byCounty, maxCounties, countyId, () => agencyStatesIn(db, countyId));
  return pageOfStates(states, filter, page);
}

async function readOrKept<Key, Row>(
  db: Db,
  make: () => Kept<Key, Row>,
  most: number,
  key: Key,
  read: () => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  // A transaction reads what it wrote itself.
  if (db.isTransaction) return read();
  const kept = derivedFromRegister(db, make);
  const known = kept.get(key);
  if (known) return known;
  const rows = await read();
  const [oldest] = kept.size >= most ? kept.keys() : [];
  if (oldest !== undefined) kept.delete(oldest);
  // What means nothing is asked without end.
  if (rows.length > 0) kept.set(key, rows);
  return rows;
}
