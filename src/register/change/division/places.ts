/** What the codes of a change to a division mean on its day, with refusals that name the member at fault. */
import type { Problem } from '../../../problem.js';
import type { Db } from '../../../store/engine/schema.js';
import { divisionChangesOf } from '../../../store/register/division-changes.js';
import { type DivisionState, divisionStates, findDivisionCodeHolder } from '../../../store/register/divisions.js';
import { type DivisionLevel, divisionLevels } from '../../../words.js';
import { holdsOn } from '../../codes.js';
import { divisionOn } from '../change-codes.js';
import type { KeptDivisionHistory } from '../history.js';
import { codeTaken, refusal } from '../refusal.js';

/** The history of a division. */
export async function divisionHistoryOf(db: Db, id: number): Promise<KeptDivisionHistory> {
  const states = await divisionStates(db, id);
  const [first] = states;
  if (!first) throw new Error(`division ${id} has no state`);
  return { first, states, changes: await divisionChangesOf(db, id), closedOn: states.at(-1)?.validTo ?? null };
}

/** The division a code means on a day, to be changed. Throws `unknown-division`, and `invalid-change` for the nation. */
export async function changedDivision(db: Db, code: string, day: string): Promise<DivisionState> {
  const division = await divisionOn(db, code, day, '/division');
  if (division.level !== 'NATION') return division;
  throw refusal('invalid-change', 'NATION', '/division', {
    zh: `${division.name}（${code}）在一切行政区划之上，不能变更。`,
    en: `${division.name} (${code}) is above everything else and does not change.`,
  });
}

/** What a division goes into: of its level, there on that day, and another. Throws `unknown-division`, `invalid-change`. */
export async function heirOn(
  db: Db,
  code: string,
  { day, of, pointer }: { readonly day: string; readonly of: DivisionState; readonly pointer: string },
): Promise<DivisionState> {
  const heir = await thereOn(db, code, day, pointer);
  if (heir.id === of.id) {
    throw refusal('invalid-change', 'INTO-ITSELF', pointer, {
      zh: `${of.name}（${of.code}）不能并入自身。`,
      en: `${of.name} (${of.code}) cannot go into itself.`,
    });
  }
  if (heir.level === of.level) return heir;
  throw refusal('invalid-change', 'ANOTHER-LEVEL', pointer, {
    zh: `${heir.name}（${code}）与 ${of.name} 不同级。`,
    en: `${heir.name} (${code}) is of another level than ${of.name}: ${heir.level}, not ${of.level}.`,
  });
}

/** What a division of a level lies in: of a level above, there on that day. Throws `unknown-division`, `invalid-change`. */
export async function parentOn(
  db: Db,
  code: string,
  { day, level }: { readonly day: string; readonly level: DivisionLevel },
): Promise<DivisionState> {
  const parent = await thereOn(db, code, day, '/parent');
  if (liesUnder[level]?.includes(parent.level)) return parent;
  throw refusal('invalid-change', 'NOT-ABOVE', '/parent', {
    zh: `${parent.name}（${code}）的级别（${parent.level}）不在 ${level} 之上。`,
    en: `${parent.name} (${code}) is a ${parent.level}: a ${level} lies in none directly.`,
  });
}

/** The levels directly above each: some counties have no prefecture above them. */
const liesUnder: Readonly<Partial<Record<DivisionLevel, readonly DivisionLevel[]>>> = {
  PROVINCE: ['NATION'],
  PREFECTURE: ['PROVINCE'],
  COUNTY: divisionLevels.slice(1, 3),
};

/** The division with a code, there on that day. Throws `unknown-division`, and `invalid-change` where it is not. */
async function thereOn(db: Db, code: string, day: string, pointer: string): Promise<DivisionState> {
  const division = await divisionOn(db, code, day, pointer);
  if (holdsOn(division, day)) return division;
  throw refusal('invalid-change', 'DIVISION-NOT-ALIVE', pointer, {
    zh: `${division.name}（${code}）在 ${day} 不在名录中。`,
    en: `The register does not have ${division.name} (${code}) on ${day}.`,
  });
}

/** Refuses a state whose code another division carries on any of its days. */
export async function refuseTakenDivisionCode(
  db: Db,
  state: Omit<DivisionState, 'id'> & { readonly id: number | null },
): Promise<void> {
  const span = { from: state.validFrom, to: state.validTo, except: state.id };
  const holder = await findDivisionCodeHolder(db, state.code, span);
  if (holder) throw codeTaken(holder, 'divisions');
}

/** The refusal of a day on which a division is no more. */
export function ended({ name, code }: DivisionState, on: string): Problem {
  return refusal('invalid-change', 'CLOSED', '/on', {
    zh: `${name}（${code}）已于 ${on} 撤销，此后不能变更。`,
    en: `${name} (${code}) ended on ${on}; nothing about it changes from then on.`,
  });
}

/** The refusal of a day before the first that the register knows of a division. */
export function beforeFirst({ name, code, validFrom }: DivisionState, on: string): Problem {
  return refusal('invalid-change', 'BEFORE-LAST-STATE', '/on', {
    zh: `名录所载 ${name}（${code}）始于 ${validFrom}，不能自 ${on} 起变更或撤销。`,
    en: `The register has ${name} (${code}) from ${validFrom} on: it does not change or end on ${on}.`,
  });
}
