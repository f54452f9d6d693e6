/** How a division ends: merged into another, split into several, or empty; and how its end is taken back. */
import { dayBefore } from '../../../day.js';
import { takeTurns } from '../../../loop.js';
import type { Trx } from '../../../store/engine/schema.js';
import { deleteBasis, setBasis } from '../../../store/register/bases.js';
import {
  type DivisionEdge,
  deleteDivisionEdges,
  divisionEdgesOf,
  insertDivisionEdge,
} from '../../../store/register/division-changes.js';
import { type DivisionState, divisionsNear } from '../../../store/register/divisions.js';
import type { ActContext } from '../../../words.js';
import { basisOn, isKnownBasis, knownBasis } from '../basis.js';
import type { KeptDivisionHistory } from '../history.js';
import { refusal } from '../refusal.js';
import type { DivisionClosing, DivisionMerger, DivisionSplitting, StatedBasis } from '../register-change.js';
import { restOwnAgency, succeedOwnAgency } from './own-agency.js';
import { goingTo, heirsOf } from './parts.js';
import type { AppliedToDivision } from './permit.js';
import { beforeFirst, changedDivision, divisionHistoryOf, heirOn } from './places.js';
import {
  comesAfter,
  isThere,
  liesIn,
  moveBack,
  moveResident,
  nameOn,
  type Resident,
  residentsInTheWay,
  residentsOf,
  staysAfter,
  wouldLieIn,
} from './residents.js';
import { type Rewritten, rewriteDivision } from './rewrite.js';

/** Merges a division into another with all that lies in it. A second end replaces the first. */
export async function mergeDivision(trx: Trx, act: ActContext, change: DivisionMerger): Promise<AppliedToDivision> {
  const { on } = change;
  const division = await changedDivision(trx, change.division, dayBefore(on));
  const heir = await heirOn(trx, change.mergedInto, { day: on, of: division, pointer: '/mergedInto' });
  return endDivision(trx, act, division, {
    ...change,
    kind: 'MERGE',
    into: [heir.id],
    goes: async (residents) => residents.filter((one) => wouldLieIn(one, division.id, on)).map((one) => [one, heir.id]),
  });
}

/** Splits a division into others, each of which gets what the change says. A second end replaces the first. */
export async function splitDivision(trx: Trx, act: ActContext, change: DivisionSplitting): Promise<AppliedToDivision> {
  const division = await changedDivision(trx, change.division, dayBefore(change.on));
  const heirs = await heirsOf(trx, division, change);
  return endDivision(trx, act, division, {
    ...change,
    kind: 'SPLIT',
    into: heirs.map((heir) => heir.division.id),
    goes: async (residents) => goingTo(trx, division, change, { heirs, residents }),
  });
}

/** Ends a division in which nothing lies any more, and which goes into none. */
export async function closeDivision(trx: Trx, act: ActContext, change: DivisionClosing): Promise<AppliedToDivision> {
  const division = await changedDivision(trx, change.division, dayBefore(change.on));
  return endDivision(trx, act, division, { ...change, kind: 'ABOLISH', into: [], goes: async () => [] });
}

/** The end of a division: what it goes into, and which of what lies in it goes where. */
interface Ending extends StatedBasis {
  readonly on: string;
  readonly kind: 'MERGE' | 'SPLIT' | 'ABOLISH';
  readonly into: readonly number[];
  readonly goes: (residents: readonly Resident[]) => Promise<readonly (readonly [Resident, number])[]>;
}

async function endDivision(
  trx: Trx,
  act: ActContext,
  { id }: DivisionState,
  ending: Ending,
): Promise<AppliedToDivision> {
  const { on, into, kind } = ending;
  const known = await divisionHistoryOf(trx, id);
  const { first } = known;
  if (on <= first.validFrom) throw beforeFirst(first, on);
  const place = { about: 'division', id } as const;
  const before = await edgesFrom(trx, id, known.closedOn);
  const rested = await knownBasis(trx, place, on);
  const basis = basisOn(on, ending, rested, act.now);
  if (known.closedOn === on && sameEdges(before, ending) && (await haveGone(trx, known, ending))) {
    const same = isKnownBasis(basis, rested);
    if (!same) {
      await setBasis(trx, place, basis);
      await restOwnAgency(trx, id);
    }
    return { outcome: same ? 'unchanged' : 'changed', reportsMoved: 0, divisionId: id, touched: [] };
  }
  const results: Rewritten[] = known.closedOn === null ? [] : [await reopenDivision(trx, act, known)];
  await refusePredecessors(trx, known, on);
  const residents = await residentsOf(trx, first);
  refuseComers(residents, known, on);
  const othersTurn = takeTurns();
  for (const [resident, heirId] of await ending.goes(residents)) {
    await othersTurn();
    results.push(await moveResident(trx, act, resident, { ...ending, into: heirId }));
  }
  await refuseStayers(trx, known, on);
  const opened = await divisionHistoryOf(trx, id);
  const write = async () => {
    for (const toId of into) {
      if (kind !== 'ABOLISH') await insertDivisionEdge(trx, { fromId: id, toId, effective: on, kind });
    }
    await setBasis(trx, place, basis);
  };
  results.push(await rewriteDivision(trx, act, { before: opened, after: { ...opened, closedOn: on }, write }));
  if (first.level === 'COUNTY') await succeedOwnAgency(trx, id, { into, on });
  const touched = results.flatMap((one) => one.touched);
  return { outcome: 'changed', reportsMoved: movedBy(results), divisionId: id, touched };
}

/** How many reports some rewritings moved. */
export function movedBy(results: readonly Rewritten[]): number {
  return results.reduce((sum, one) => sum + one.reportsMoved, 0);
}

/** The edges by which a division ends on a day. */
async function edgesFrom(trx: Trx, id: number, on: string | null): Promise<DivisionEdge[]> {
  const edges = await divisionEdgesOf(trx, id);
  return edges.filter(
    ({ fromId, effective, kind }) => fromId === id && effective === on && (kind === 'MERGE' || kind === 'SPLIT'),
  );
}

function sameEdges(edges: readonly DivisionEdge[], { into, kind }: Ending): boolean {
  return edges.length === into.length && edges.every((edge) => edge.kind === kind && into.includes(edge.toId));
}

/** Whether what lay in a division that has ended already went where its end says, and nothing went elsewhere. */
async function haveGone(trx: Trx, { first }: KeptDivisionHistory, { on, into, goes }: Ending): Promise<boolean> {
  const residents = await residentsOf(trx, first);
  const went = residents.filter(
    (one) => liesIn(one, first.id, dayBefore(on)) && into.some((id) => liesIn(one, id, on)),
  );
  // What waits behind a closing goes along without being there.
  const going = (await goes(residents)).filter(([one]) => isThere(one, on));
  if (going.length === 0) return true;
  return going.length === went.length && going.every(([one, heirId]) => liesIn(one, heirId, on));
}

/**
 * Takes the end of a division back: it is there again, and what went from it into others lies in it again. Throws what
 * `rewriteDivision` does.
 */
export async function reopenDivision(trx: Trx, act: ActContext, known: KeptDivisionHistory): Promise<Rewritten> {
  const { first, closedOn } = known;
  if (closedOn === null) return { reportsMoved: 0, touched: [] };
  const { id } = first;
  const into = (await edgesFrom(trx, id, closedOn)).map(({ toId }) => toId);
  const write = async () => {
    await deleteDivisionEdges(trx, id, closedOn);
    await deleteBasis(trx, { about: 'division', id }, closedOn);
  };
  const opened = await rewriteDivision(trx, act, { before: known, after: { ...known, closedOn: null }, write });
  if (first.level === 'COUNTY') await succeedOwnAgency(trx, id, { into: [], on: closedOn });
  const back = await moveBack(trx, act, first, { into, on: closedOn });
  return { reportsMoved: movedBy([opened, back]), touched: [...opened.touched, ...back.touched, ...into] };
}

/** Refuses an end on a day after which something is said to come to the division. */
function refuseComers(residents: readonly Resident[], { first }: KeptDivisionHistory, on: string): void {
  const comers = residents.filter((one) => comesAfter(one, first.id, on) && staysAfter(one, first.id, on));
  if (comers.length === 0) return;
  const named = comers.map((one) => nameOn(one, on));
  throw residentsInTheWay('COMES-LATER', '/on', named, {
    zh: `名录载有自 ${on} 或其后划入 ${first.name}（${first.code}）的，须先更正`,
    en: `The register has what comes to ${first.name} (${first.code}) on ${on} or later, which is to be corrected first`,
  });
}

/** Refuses an end on a day on which something lies in the division still, or comes to lie in it after. */
async function refuseStayers(trx: Trx, { first }: KeptDivisionHistory, on: string): Promise<void> {
  const stayers = (await residentsOf(trx, first)).filter((one) => staysAfter(one, first.id, on));
  if (stayers.length === 0) return;
  const named = stayers.map((one) => nameOn(one, on));
  throw residentsInTheWay('HAS-RESIDENTS', '/on', named, {
    zh: `自 ${on} 起仍属于 ${first.name}（${first.code}）的，须先划出`,
    en: `What lies in ${first.name} (${first.code}) on ${on} or later is to come to another division first`,
  });
}

async function refusePredecessors(trx: Trx, { first }: KeptDivisionHistory, on: string): Promise<void> {
  const edges = await divisionEdgesOf(trx, first.id);
  const late = edges.find(({ toId, effective }) => toId === first.id && effective >= on);
  if (!late) return;
  const predecessor = (await divisionsNear(trx, [late.fromId], dayBefore(late.effective))).get(late.fromId);
  const { code = '', name = '' } = predecessor ?? {};
  throw refusal(
    'conflict',
    'HAS-PREDECESSOR',
    '/on',
    {
      zh: `${name}（${code}）于 ${late.effective} 并入或划入 ${first.name}，后者在该日须存在。`,
      en: `Territory of ${name} (${code}) came to ${first.name} on ${late.effective}, when that must still be there.`,
    },
    { predecessor: { code, name, on: late.effective } },
  );
}
