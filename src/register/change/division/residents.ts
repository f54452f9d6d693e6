/** What lies in a division: agencies in a county, divisions in any other; and how it comes to lie in another from a day on. */
import { dayBefore, yearInChina } from '../../../day.js';
import { takeTurns } from '../../../loop.js';
import type { Problem } from '../../../problem.js';
import { type NewChange, tellChanges } from '../../../store/changes.js';
import type { Db, Trx } from '../../../store/engine/schema.js';
import { deleteChange, setChange } from '../../../store/register/agency-changes.js';
import { deleteBasis, type PlaceId, setBasis } from '../../../store/register/bases.js';
import { deleteDivisionChange, divisionEdgesOf, setDivisionChange } from '../../../store/register/division-changes.js';
import { type Division, divisionStates } from '../../../store/register/divisions.js';
import { agenciesEverIn, divisionsEverIn } from '../../../store/register/extents.js';
import type { ActContext } from '../../../words.js';
import { holdsOn, stateOn } from '../../codes.js';
import { basisOn, knownBasis } from '../basis.js';
import { type History, type KeptDivisionHistory, type KeptHistory, statesOf, withChange } from '../history.js';
import { historyOf, rewriteHistory } from '../placement.js';
import { refusal } from '../refusal.js';
import type { StatedBasis } from '../register-change.js';
import { divisionHistoryOf } from './places.js';
import { type Rewritten, rewriteDivision } from './rewrite.js';

/** An agency or a division with its history, which lies, lay or will lie in a division. */
export type Resident =
  | { readonly about: 'agency'; readonly history: KeptHistory }
  | { readonly about: 'division'; readonly history: KeptDivisionHistory };

/** Whatever lies, lay or will lie directly in a division, also behind a closing; a county's own agency is part of it. */
export async function residentsOf(trx: Trx, { id, level }: Pick<Division, 'id' | 'level'>): Promise<Resident[]> {
  const found: Resident[] = [];
  const othersTurn = takeTurns();
  for (const one of await (level === 'COUNTY' ? agenciesEverIn(trx, id) : divisionsEverIn(trx, id))) {
    await othersTurn();
    const resident: Resident =
      level === 'COUNTY'
        ? { about: 'agency', history: await historyOf(trx, one) }
        : { about: 'division', history: await divisionHistoryOf(trx, one) };
    if (resident.about === 'division' || resident.history.first.kind !== 'COUNTY') found.push(resident);
  }
  return found;
}

/** A state of a resident: what it is called, and what it lies in. */
interface Lying {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly in: number | null;
  readonly validFrom: string;
  readonly validTo: string | null;
}

/** The states of a resident; `OPEN` as if it were never closed. */
function lyingOf(resident: Resident, as: 'KEPT' | 'OPEN'): Lying[] {
  const opened = <H extends { readonly closedOn: string | null }>(history: H) =>
    as === 'OPEN' ? { ...history, closedOn: null } : history;
  return resident.about === 'agency'
    ? statesOf(opened(resident.history)).map(({ countyId, ...state }) => ({ ...state, in: countyId }))
    : statesOf(opened(resident.history)).map(({ parentId, ...state }) => ({ ...state, in: parentId }));
}

/** What a resident is called on a day, or was last before it. */
export function nameOn(resident: Resident, day: string): { readonly code: string; readonly name: string } {
  return stateOn(lyingOf(resident, 'KEPT'), day) ?? resident.history.first;
}

/** Whether a resident is there on a day, wherever it lies. */
export function isThere(resident: Resident, day: string): boolean {
  return lyingOf(resident, 'KEPT').some((state) => holdsOn(state, day));
}

/** Whether a resident is there on a day and lies in a division. */
export function liesIn(resident: Resident, divisionId: number, day: string): boolean {
  return lyingOf(resident, 'KEPT').some((state) => state.in === divisionId && holdsOn(state, day));
}

/** The same if it were never closed: what waits behind a closing goes along, too. */
export function wouldLieIn(resident: Resident, divisionId: number, day: string): boolean {
  return lyingOf(resident, 'OPEN').some((state) => state.in === divisionId && holdsOn(state, day));
}

/** Whether a resident is said to come to a division on a day or later, or to begin in it then. */
export function comesAfter(resident: Resident, divisionId: number, day: string): boolean {
  const { first, changes } = lyingSaid(resident);
  return [first, ...changes].some((said) => said.in === divisionId && said.validFrom >= day);
}

/** Whether a resident lies in a division on a day or at any time after. */
export function staysAfter(resident: Resident, divisionId: number, day: string): boolean {
  return lyingOf(resident, 'KEPT').some(
    (state) => state.in === divisionId && (state.validTo === null || state.validTo > day),
  );
}

/** The day from which something is said to lie in a division, of the first state and of each change. */
interface SaidToLie {
  readonly validFrom: string;
  readonly in: number | null;
}

function lyingSaid(resident: Resident): { readonly first: SaidToLie; readonly changes: readonly SaidToLie[] } {
  if (resident.about === 'agency') {
    const { first, changes } = resident.history;
    const said = ({ validFrom, countyId }: { validFrom: string; countyId: number | null }) => ({
      validFrom,
      in: countyId,
    });
    return { first: said(first), changes: changes.map(said) };
  }
  const { first, changes } = resident.history;
  const said = ({ validFrom, parentId }: { validFrom: string; parentId: number | null }) => ({
    validFrom,
    in: parentId,
  });
  return { first: said(first), changes: changes.map(said) };
}

/** Where something comes to lie, from which day on, and on what that rests. */
export interface Moving extends StatedBasis {
  readonly on: string;
  readonly into: number;
}

/**
 * Lets an agency or a division lie in another division from a day on; what else was said of it stays. Throws what
 * `rewriteHistory` and `rewriteDivision` do.
 */
export async function moveResident(trx: Trx, act: ActContext, resident: Resident, moving: Moving): Promise<Rewritten> {
  const { on, into } = moving;
  const { id } = resident.history.first;
  await tellMoved(trx, act, resident, { from: stateOn(lyingOf(resident, 'KEPT'), dayBefore(on))?.in ?? into, into });
  const place: PlaceId = { about: resident.about, id };
  const { closedOn } = resident.history;
  const rest = async () => {
    // Of a day of which something was said before, that stays; what waits behind a closing rests on nothing yet.
    if ((closedOn === null || on < closedOn) && (await knownBasis(trx, place, on)) === undefined) {
      await setBasis(trx, place, basisOn(on, moving, undefined, act.now));
    }
  };
  if (resident.about === 'agency') {
    const { history: before } = resident;
    // What lies elsewhere from its first day on never lay where it was said to.
    if (on === before.first.validFrom) {
      return rewriteHistory(trx, act, {
        id,
        before,
        after: { ...before, first: { ...before.first, countyId: into } },
        write: rest,
      });
    }
    const known = before.changes.find(({ validFrom }) => validFrom === on);
    const change = { code: null, name: null, kind: null, ...known, validFrom: on, countyId: into };
    const write = async () => {
      await setChange(trx, id, change);
      await rest();
    };
    const after = { ...before, changes: withChange(before.changes, change) };
    return rewriteHistory(trx, act, { id, before, after, write });
  }
  const { history: before } = resident;
  if (on === before.first.validFrom) {
    return rewriteDivision(trx, act, {
      before,
      after: { ...before, first: { ...before.first, parentId: into } },
      write: rest,
    });
  }
  const known = before.changes.find(({ validFrom }) => validFrom === on);
  const change = { code: null, name: null, ...known, validFrom: on, parentId: into };
  const write = async () => {
    await setDivisionChange(trx, id, change);
    await rest();
  };
  return rewriteDivision(trx, act, {
    before,
    after: { ...before, changes: withChange(before.changes, change) },
    write,
  });
}

/** Tells copies of the register that an agency or a division lies, or is to lie, in another division. */
async function tellMoved(
  trx: Trx,
  { now }: ActContext,
  resident: Resident,
  { from, into }: { readonly from: number; readonly into: number },
): Promise<void> {
  const { id, code } = resident.history.states.at(-1) ?? resident.history.first;
  const told = { type: 'moved', year: 0, placedYear: yearInChina(now), revision: null, to: [], reason: null } as const;
  const moved: NewChange =
    resident.about === 'agency'
      ? { about: 'agency', agencyId: id, code, countyId: into, leftId: from, ...told }
      : { about: 'division', agencyId: null, code: null, countyId: id, leftId: from, ...told };
  await tellChanges(trx, [moved]);
}

/**
 * Takes back that residents came from a division to others on a day, and with them on to what these were merged into.
 * Throws what `rewriteHistory` and `rewriteDivision` do.
 */
export async function moveBack(
  trx: Trx,
  act: ActContext,
  from: Pick<Division, 'id' | 'level'>,
  { into, on }: { readonly into: readonly number[]; readonly on: string },
): Promise<Rewritten> {
  let reportsMoved = 0;
  const touched: number[] = [];
  const othersTurn = takeTurns();
  for (const heirId of into) {
    for (const resident of await residentsOf(trx, { id: heirId, level: from.level })) {
      await othersTurn();
      if (!wouldLieIn(resident, from.id, dayBefore(on))) continue;
      const days = await daysGone(trx, resident, { into: heirId, on });
      if (days.length === 0) continue;
      const moved = await forget(trx, act, resident, days);
      await tellMoved(trx, act, resident, { from: heirId, into: from.id });
      reportsMoved += moved.reportsMoved;
      touched.push(heirId, ...moved.touched);
    }
  }
  return { reportsMoved, touched };
}

/** The days on which a resident went to a division, and on to what that was merged into, one after another. */
async function daysGone(db: Db, resident: Resident, { into, on }: GoneInto): Promise<string[]> {
  const { changes } = lyingSaid(resident);
  const days: string[] = [];
  let next: GoneInto | undefined = { into, on };
  while (next) {
    const { into: at, on: day }: GoneInto = next;
    if (!changes.some((said) => said.validFrom === day && said.in === at)) break;
    days.push(day);
    next = await mergedOn(db, at);
  }
  return days;
}

/** A division that something went into, and the day. */
interface GoneInto {
  readonly into: number;
  readonly on: string;
}

async function mergedOn(db: Db, id: number): Promise<GoneInto | undefined> {
  const end = (await divisionStates(db, id)).at(-1)?.validTo;
  const edges = await divisionEdgesOf(db, id);
  const edge = edges.find(({ fromId, kind, effective }) => fromId === id && kind === 'MERGE' && effective === end);
  return edge && { into: edge.toId, on: edge.effective };
}

/** Takes back where a resident came to lie on some days; a change that says nothing else goes with what it rests on. */
async function forget(trx: Trx, act: ActContext, resident: Resident, days: readonly string[]): Promise<Rewritten> {
  const { id } = resident.history.first;
  const rest = (on: string) => deleteBasis(trx, { about: resident.about, id }, on);
  if (resident.about === 'agency') {
    const { history: before } = resident;
    const changes = before.changes.flatMap((change) => {
      if (!days.includes(change.validFrom)) return [change];
      const { code, name, kind } = change;
      return code === null && name === null && kind === null ? [] : [{ ...change, countyId: null }];
    });
    const write = async () => {
      for (const on of days) {
        const kept = changes.find(({ validFrom }) => validFrom === on);
        if (kept) await setChange(trx, id, kept);
        else await deleteChange(trx, id, on);
        if (!kept && before.closedOn !== on) await rest(on);
      }
    };
    return rewriteHistory(trx, act, { id, before, after: { ...before, changes } satisfies History, write });
  }
  const { history: before } = resident;
  const changes = before.changes.flatMap((change) => {
    if (!days.includes(change.validFrom)) return [change];
    return change.code === null && change.name === null ? [] : [{ ...change, parentId: null }];
  });
  const write = async () => {
    for (const on of days) {
      const kept = changes.find(({ validFrom }) => validFrom === on);
      if (kept) await setDivisionChange(trx, id, kept);
      else await deleteDivisionChange(trx, id, on);
      if (!kept && before.closedOn !== on) await rest(on);
    }
  };
  return rewriteDivision(trx, act, { before, after: { ...before, changes }, write });
}

/** Codes and names that a refusal lists. */
const maxNamed = 20;

/** The refusal of a change which some residents stand in the way of; `of` says how. */
export function residentsInTheWay(
  code: string,
  pointer: string,
  residents: readonly { readonly code: string; readonly name: string }[],
  of: { readonly zh: string; readonly en: string },
): Problem {
  const named = residents.slice(0, maxNamed);
  const more = residents.length - named.length;
  const list = {
    zh: `${named.map((one) => `${one.name}（${one.code}）`).join('、')}${more > 0 ? `等 ${residents.length} 个` : ''}`,
    en: `${named.map((one) => `${one.name} (${one.code})`).join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
  };
  return refusal(
    'conflict',
    code,
    pointer,
    { zh: `${of.zh}：${list.zh}。`, en: `${of.en}: ${list.en}.` },
    { residents: named.map((one) => ({ code: one.code, name: one.name })) },
  );
}
