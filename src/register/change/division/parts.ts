/** What a split or a transfer names: where each agency, or each division, of a division goes. */
import { dayBefore } from '../../../day.js';
import type { Problem } from '../../../problem.js';
import type { Db } from '../../../store/engine/schema.js';
import type { DivisionState } from '../../../store/register/divisions.js';
import { findAgency, findDivision } from '../../codes.js';
import { refusal } from '../refusal.js';
import type { DivisionSplitting } from '../register-change.js';
import { heirOn } from './places.js';
import { liesIn, nameOn, type Resident, residentsInTheWay } from './residents.js';

/** A division that gets a part of another, and the place of that part in the change. */
interface Heir {
  readonly division: DivisionState;
  readonly index: number;
}

/** What the parts of a division become. Throws `unknown-division`, and `invalid-change` for what cannot or is named twice. */
export async function heirsOf(db: Db, division: DivisionState, { on, splitInto }: DivisionSplitting): Promise<Heir[]> {
  const heirs: Heir[] = [];
  for (const [index, { division: code }] of splitInto.entries()) {
    const pointer = `/splitInto/${index}/division`;
    const heir = await heirOn(db, code, { day: on, of: division, pointer });
    if (heirs.some((one) => one.division.id === heir.id)) throw twice(pointer, heir.name, code);
    heirs.push({ division: heir, index });
  }
  return heirs;
}

/**
 * Which resident of a division that is split goes to which heir: every agency, or division, that lies in it on that day
 * named once. Throws `invalid-change` or `conflict` for what is named twice, does not lie there, or is not named.
 */
export async function goingTo(
  db: Db,
  division: DivisionState,
  { on, splitInto }: DivisionSplitting,
  { heirs, residents }: { readonly heirs: readonly Heir[]; readonly residents: readonly Resident[] },
): Promise<(readonly [Resident, number])[]> {
  const seen = new Set<number>();
  const going: (readonly [Resident, number])[] = [];
  const ofCounty = division.level === 'COUNTY';
  for (const { division: heir, index } of heirs) {
    const { agencies = [], divisions = [] } = splitInto[index] ?? {};
    const at = `/splitInto/${index}`;
    if ((ofCounty ? divisions : agencies).length > 0)
      throw notOfLevel(`${at}/${ofCounty ? 'divisions' : 'agencies'}`, division);
    const named = ofCounty ? { codes: agencies, at: `${at}/agencies` } : { codes: divisions, at: `${at}/divisions` };
    const ids = await namedIds(db, { division, residents, heir, on, seen, ...named });
    going.push(...residents.filter((one) => ids.has(one.history.first.id)).map((one) => [one, heir.id] as const));
  }
  const left = residents.filter((one) => liesIn(one, division.id, on) && !seen.has(one.history.first.id));
  if (left.length === 0) return going;
  const named = left.map((one) => nameOn(one, on));
  throw residentsInTheWay('NOT-NAMED', '/splitInto', named, {
    zh: `${division.name}（${division.code}）在 ${on} 所辖而未列明去向的`,
    en: `What lies in ${division.name} (${division.code}) on ${on} is named once; not named are`,
  });
}

/** Which of the residents some codes name. */
interface Named {
  readonly division: DivisionState;
  readonly residents: readonly Resident[];
  readonly heir: DivisionState;
  readonly on: string;
  readonly codes: readonly string[];
  /** The pointer of the list. */
  readonly at: string;
  /** Those that were named before, here or in another list. */
  readonly seen: Set<number>;
}

/** The identities of the residents that some codes name, each once. What lies in the heir already is among them. */
export async function namedIds(
  db: Db,
  { division, residents, heir, on, codes, at, seen }: Named,
): Promise<ReadonlySet<number>> {
  const ids = new Set<number>();
  for (const [index, code] of codes.entries()) {
    const pointer = `${at}/${index}`;
    const found = division.level === 'COUNTY' ? await findAgency(db, code, on) : await findDivision(db, code, on);
    const resident = residents.find((one) => one.history.first.id === found?.id);
    const lies = resident && (liesIn(resident, division.id, on) || hasGone(resident, { division, heir, on }));
    if (!found || !lies) throw notIn(pointer, code, division, on);
    if (seen.size === seen.add(found.id).size) throw twice(pointer, found.name, code);
    ids.add(found.id);
  }
  return ids;
}

function hasGone(resident: Resident, { division, heir, on }: Pick<Named, 'division' | 'heir' | 'on'>): boolean {
  return liesIn(resident, heir.id, on) && liesIn(resident, division.id, dayBefore(on));
}

function twice(pointer: string, name: string, code: string): Problem {
  return refusal('invalid-change', 'TWICE', pointer, {
    zh: `${name}（${code}）重复列出。`,
    en: `${name} (${code}) is named twice.`,
  });
}

function notOfLevel(pointer: string, { name, code, level }: DivisionState): Problem {
  const own = level === 'COUNTY' ? 'agencies' : 'divisions';
  return refusal('invalid-change', 'ANOTHER-LEVEL', pointer, {
    zh: `${name}（${code}）为 ${level}，其去向应以 ${own} 列明。`,
    en: `${name} (${code}) is a ${level}: what lies in it is named in "${own}".`,
  });
}

function notIn(pointer: string, named: string, { name, code }: DivisionState, on: string): Problem {
  return refusal('invalid-change', 'NOT-WITHIN', pointer, {
    zh: `${named} 在 ${on} 不属于 ${name}（${code}）。`,
    en: `${named} does not lie in ${name} (${code}) on ${on}.`,
  });
}
