/**
 * Who can be in one sum: for an agency every division of which what it reports may be a part, in any year and on whatever
 * boundaries. It is wider than where it lay on a day, and never narrower: it is what an act is said to touch.
 */
import { integer } from '../engine/column.js';
import { readRows } from '../engine/run.js';
import type { Db } from '../engine/schema.js';
import { sqlStatement } from '../engine/statement.js';
import { derivedFromRegister, touch } from '../engine/versions.js';
import { agencyStates } from './agencies.js';
import { predecessorsOf, successorsOf } from './successions.js';

const besideOrAbove = sqlStatement({
  takes: { id: integer },
  gives: { id: integer },
  text: `select p.id from division_state s join division p on p.id = s.parent_id where s.division_id = :id
    union select to_id from division_edge where from_id = :id
    union select from_id from division_edge where to_id = :id`,
});

const everAbove = sqlStatement({
  takes: { id: integer },
  gives: { id: integer },
  text: 'select distinct p.id from division_state s join division p on p.id = s.parent_id where s.division_id = :id',
});

/** By identity; made again when the register changes. */
const ofAgencies = () => new Map<number, readonly number[]>();
const ofDivisions = () => new Map<number, readonly number[]>();

/** More agencies than the register has; what is asked of others is found again. */
const maxKept = 100_000;

/** Says that an act touches what is known of an agency: in all divisions of which it may be a part. */
export async function touchAgency(trx: Db, agencyId: number): Promise<void> {
  touch(trx, await divisionsAround(trx, agencyId));
}

/** The same of an agency that always lay in one county, none went into, and went into none. */
export async function touchAgencyOf(trx: Db, countyId: number): Promise<void> {
  touch(trx, await divisionsAbout(trx, [countyId]));
}

/** The same of a division itself. */
export async function touchDivision(trx: Db, divisionId: number): Promise<void> {
  touch(trx, await divisionsAbout(trx, [divisionId]));
}

/**
 * Every county in which an agency ever lay, or one that went into it or came of it, with all that these lay in, went into or
 * were made of.
 */
async function divisionsAround(db: Db, agencyId: number): Promise<readonly number[]> {
  const kept = derivedFromRegister(db, ofAgencies);
  const known = kept.get(agencyId);
  if (known) return known;
  const kin = await follow([agencyId], async (id) => [
    ...(await predecessorsOf(db, id)).map((one) => one.id),
    ...(await successorsOf(db, id)).map((one) => one.id),
  ]);
  const counties = await countiesOf(db, kin);
  const found =
    counties.length === 1
      ? await divisionsAbout(db, counties)
      : [...new Set(await follow(counties, (id) => divisionsBeside(db, id)))];
  if (kept.size < maxKept) kept.set(agencyId, found);
  return found;
}

/** The same of a county, one list for all its agencies. */
async function divisionsAbout(db: Db, [county = 0]: readonly number[]): Promise<readonly number[]> {
  const kept = derivedFromRegister(db, ofDivisions);
  const known = kept.get(county);
  if (known) return known;
  const found = await follow([county], (id) => divisionsBeside(db, id));
  kept.set(county, found);
  return found;
}

async function divisionsBeside(db: Db, id: number): Promise<readonly number[]> {
  return (await readRows(db, besideOrAbove, { id })).map((one) => one.id);
}

/** All that is reached from some by single steps, these among it. */
async function follow(from: readonly number[], step: (id: number) => Promise<readonly number[]>): Promise<number[]> {
  const reached = new Set(from);
  // A set that grows is walked to its end.
  for (const id of reached) for (const next of await step(id)) reached.add(next);
  return [...reached];
}

/** Every county in which some agencies ever lay. */
export async function countiesOf(db: Db, agencyIds: readonly number[]): Promise<readonly number[]> {
  const counties = new Set<number>();
  for (const id of agencyIds) for (const { countyId } of await agencyStates(db, id)) counties.add(countyId);
  return [...counties];
}

/** Whatever a division ever lay in directly. */
export async function divisionsEverAbove(db: Db, id: number): Promise<number[]> {
  return (await readRows(db, everAbove, { id })).map((one) => one.id);
}
