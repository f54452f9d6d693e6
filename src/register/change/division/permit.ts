/** Who may change a division, and what of that the audit log and the feed have. */
import type { TouchedPlace } from '../../../access/authority.js';
import { dayAfter, dayBefore, dayInChina, yearInChina } from '../../../day.js';
import { recordIn } from '../../../store/audit-records.js';
import type { NewChange } from '../../../store/changes.js';
import type { Trx } from '../../../store/engine/schema.js';
import { type DivisionState, divisionStates, findNation } from '../../../store/register/divisions.js';
import type { Days } from '../../../store/register/lineage.js';
import type { ActContext, ChangeType } from '../../../words.js';
import { findDivision, stateOn } from '../../codes.js';
import { requireRegister } from '../authorize.js';
import { divisionOn } from '../change-codes.js';
import { differencesOf, type KeptDivisionHistory } from '../history.js';
import type { Applied, DivisionChange } from '../register-change.js';
import { changedDivision } from './places.js';

/** What a change of a division is about. */
export interface DivisionConcern {
  /** As it is on the day of the change; of a new one, undefined. */
  readonly division: DivisionState | undefined;
  /** What it goes into, or comes to lie in. */
  readonly others: readonly number[];
  readonly subject: string;
}

/** What a change did to a division. */
export interface AppliedToDivision extends Applied {
  readonly divisionId: number;
  /** Divisions whose sums or whose content change by it. */
  readonly touched: readonly number[];
}

/**
 * Holds a change to what its caller may do before it is looked at further: the scope `register` over the division as it
 * lies on the day of the change, today and at last, over where it comes to lie and what it goes into, and over the range of
 * the code that it gets. The days that it rewrites are weighed when they are known (`requireDivisionRewriting`). Throws
 * `unauthorized`, `forbidden`, and what is thrown for codes that the register lacks.
 */
export async function requireDivisionChange(
  trx: Trx,
  act: ActContext,
  change: DivisionChange,
): Promise<DivisionConcern> {
  if (change.action === 'division-add') {
    const parent = await divisionOn(trx, change.parent, change.on, '/parent');
    const days = { from: change.on, to: null };
    const range = await rangeAbove(trx, change.code, days);
    await requireRegister(trx, act, [{ divisionId: parent.id, ...days }, range]);
    return { division: undefined, others: [parent.id], subject: `/v1/divisions/${change.code}` };
  }
  const division = await changedDivision(trx, change.division, dayOf(change, act.now));
  const { on } = change;
  const days = { from: on, to: dayAfter(on) };
  const others: number[] = [];
  for (const [pointer, code] of namedIn(change)) others.push((await divisionOn(trx, code, on, pointer)).id);
  const last = (await divisionStates(trx, division.id)).at(-1);
  const places: TouchedPlace[] = [
    { divisionId: division.id, from: dayBefore(on), to: days.to },
    ...(last ? [{ divisionId: division.id, from: last.validFrom, to: last.validTo }] : []),
    ...others.map((divisionId) => ({ divisionId, ...days })),
  ];
  if (change.action === 'division-change' && change.code !== undefined) {
    places.push(await rangeAbove(trx, change.code, days));
  }
  await requireRegister(trx, act, places);
  return { division, others, subject: `/v1/divisions/${division.code}` };
}

/** The day on which the code of a change means the division. */
function dayOf(change: Exclude<DivisionChange, { action: 'division-add' }>, now: Date): string {
  switch (change.action) {
    case 'division-change':
    case 'division-transfer':
      return change.on;
    case 'division-retract':
      return dayInChina(now);
    case 'division-merge':
    case 'division-split':
    case 'division-close':
      return dayBefore(change.on);
  }
}

/** The codes of other divisions that a change names, with the members that do. */
function namedIn(change: Exclude<DivisionChange, { action: 'division-add' }>): readonly (readonly [string, string])[] {
  switch (change.action) {
    case 'division-change':
      return change.parent === undefined ? [] : [['/parent', change.parent]];
    case 'division-merge':
      return [['/mergedInto', change.mergedInto]];
    case 'division-split':
      return change.splitInto.map(({ division }, index) => [`/splitInto/${index}/division`, division]);
    case 'division-transfer':
      return [['/transfer/to', change.to]];
    case 'division-close':
    case 'division-retract':
      return [];
  }
}

/** The division in whose range a code of a division lies, on the first of some days: the nearest above it by its digits. */
async function rangeAbove(trx: Trx, code: string, days: Days): Promise<TouchedPlace> {
  const above = [`${code.slice(0, 4)}00`, `${code.slice(0, 2)}0000`].filter((one) => one !== code);
  for (const one of above) {
    const owner = await findDivision(trx, one, days.from);
    if (owner) return { divisionId: owner.id, ...days };
  }
  return { divisionId: await findNation(trx), ...days };
}

/**
 * Holds a change to what its caller may do on each day on which it makes a division otherwise: the scope `register` over
 * the division as it lies, over what it leaves and comes to, and over the range of a code that it did not have. Returns
 * what it leaves and comes to. Throws `unauthorized`, `forbidden`.
 */
export async function requireDivisionRewriting(
  trx: Trx,
  act: ActContext,
  before: KeptDivisionHistory,
  after: KeptDivisionHistory,
): Promise<readonly number[]> {
  const places: TouchedPlace[] = [];
  const moved: TouchedPlace[] = [];
  for (const { from, to, was, is } of differencesOf(before, after)) {
    places.push({ divisionId: before.first.id, from, to });
    const parents = was?.parentId === is?.parentId ? [] : [was?.parentId, is?.parentId];
    for (const divisionId of parents) if (divisionId) moved.push({ divisionId, from, to });
    const given = is && stateOn(before.states, from)?.code !== is.code;
    if (given) places.push(await rangeAbove(trx, is.code, { from, to }));
  }
  await requireRegister(trx, act, [...places, ...moved]);
  return moved.map(({ divisionId }) => divisionId);
}

/** Records a change that was made, in the log of each division that it concerns. */
export async function recordDivisionChange(
  trx: Trx,
  act: ActContext,
  change: DivisionChange,
  { division, others, subject }: DivisionConcern,
  applied: AppliedToDivision,
): Promise<void> {
  if (applied.outcome === 'unchanged') return;
  const { action, ...after } = change;
  const { code, name, level } = division ?? {};
  const { divisionId } = applied;
  const tells = changesOfDivisions(change, { divisionId, others, leftId: division?.parentId ?? null }, act.now);
  const concerned = [divisionId, ...others, ...applied.touched];
  const before = division ? { code, name, level } : null;
  await recordIn(trx, act, concerned, { action: `register.${action}`, subject, before, after, tells });
}

/** What is told of a change: once for the division, and for each that it goes into or gives a part of itself to. */
function changesOfDivisions(
  change: DivisionChange,
  { divisionId, others, leftId }: { divisionId: number; others: readonly number[]; leftId: number | null },
  now: Date,
): NewChange[] {
  const type = typeOf(change);
  const told = { about: 'division', type, agencyId: null, code: null, year: 0, placedYear: yearInChina(now) } as const;
  const rest = { revision: null, to: [], reason: null };
  const joined = type === 'merged' || type === 'split' || type === 'transferred' ? others : [];
  return [
    { ...told, ...rest, countyId: divisionId, leftId: type === 'moved' ? leftId : null },
    ...joined.map((countyId) => ({ ...told, ...rest, countyId, leftId: null })),
  ];
}

function typeOf(change: DivisionChange): ChangeType {
  switch (change.action) {
    case 'division-add':
      return 'added';
    case 'division-merge':
      return 'merged';
    case 'division-split':
      return 'split';
    case 'division-transfer':
      return 'transferred';
    case 'division-close':
      return 'closed';
    case 'division-retract':
      return 'retracted';
    case 'division-change':
      if (change.parent !== undefined) return 'moved';
      if (change.code !== undefined) return 'recoded';
      return change.name === undefined ? 'documented' : 'renamed';
  }
}
