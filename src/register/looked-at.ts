/** What was looked at by who asked for some places: by it an answer is known to stand, or to be made again. */
import type { Db } from '../store/engine/schema.js';
import { derivedFromRegister, type Looked } from '../store/engine/versions.js';
import { agencyStatesByCode } from '../store/register/agencies.js';
import { divisionStatesByCode } from '../store/register/divisions.js';
import { otherHoldersOf } from '../store/register/other-codes.js';
import { countiesOf, divisionsEverAbove } from '../store/register/relatives.js';
import { normalizeCode } from './codes.js';

/** By code; made again when the register changes. */
const ofCodes = () => new Map<string, Promise<Looked>>();

/** More codes than the register has; what others mean is found again. */
const maxKept = 100_000;

/** Places as an answer is asked for them, by their codes. */
export interface NamedPlaces {
  /** Codes of divisions. */
  readonly divisions?: readonly string[];
  /** Codes of agencies. */
  readonly agencies?: readonly string[];
  /** Whether what lies directly above the divisions was looked at, too. */
  readonly width?: 'above';
}

/**
 * What was looked at by who asked for some places and for nothing that lies outside them, whatever the day on which their
 * codes were understood; everything where a code means nothing.
 */
export async function lookedAt(db: Db, { divisions = [], agencies = [], width }: NamedPlaces): Promise<Looked> {
  const kept = derivedFromRegister(db, ofCodes);
  const remember = (key: string, find: () => Promise<Looked>) => {
    const known = kept.get(key);
    if (known) return known;
    const found = find();
    if (kept.size < maxKept) kept.set(key, found);
    // What failed is tried again.
    found.catch(() => kept.delete(key));
    return found;
  };
  const looked = [
    ...divisions.map((code) => remember(`${width ?? ''} ${code}`, () => divisionsCalled(db, code, width))),
    ...agencies.map((code) => remember(`agency ${code}`, () => countiesOfCalled(db, code))),
  ];
  const ids = new Set<number>();
  for (const one of await Promise.all(looked)) {
    if (one === 'everything') return one;
    for (const id of one) ids.add(id);
  }
  return [...ids];
}

async function divisionsCalled(db: Db, code: string, width: NamedPlaces['width']): Promise<Looked> {
  const ids = new Set((await divisionStatesByCode(db, code)).map(({ id }) => id));
  if (ids.size === 0) return 'everything';
  if (width !== 'above') return [...ids];
  const wider = new Set(ids);
  for (const id of ids) for (const one of await divisionsEverAbove(db, id)) wider.add(one);
  return [...wider];
}

/** Counties of whoever ever had a code, by whoever gives it: what the agency and its kin do touches each of them. */
async function countiesOfCalled(db: Db, code: string): Promise<Looked> {
  const plain = normalizeCode(code);
  const digits = plain.replace(/^(?:MCA|NBS)-/, '');
  const counties = new Set<number>();
  for (const one of new Set([plain, digits])) {
    for (const { countyId } of await agencyStatesByCode(db, one)) counties.add(countyId);
    const holders = await otherHoldersOf(db, one);
    const ids = holders.map(({ agencyId }) => agencyId);
    for (const id of await countiesOf(db, ids)) counties.add(id);
  }
  return counties.size === 0 ? 'everything' : [...counties];
}
