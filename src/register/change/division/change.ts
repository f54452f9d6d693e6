/** The use cases that change divisions. What hangs on a change is written in its transaction or not at all. */
import { dayInChina } from '../../../day.js';
import { takeTurns } from '../../../loop.js';
import type { Problem } from '../../../problem.js';
import { type CommitOptions, inTransaction } from '../../../store/engine/commit.js';
import type { Db, Trx } from '../../../store/engine/schema.js';
import { deleteBasis, setBasis } from '../../../store/register/bases.js';
import {
  deleteDivisionChange,
  deleteDivisionEdges,
  divisionEdgesOf,
  insertDivisionEdge,
  setDivisionChange,
} from '../../../store/register/division-changes.js';
import { insertDivision } from '../../../store/register/divisions.js';
import { keepPast, nothingSaid, pastOfDivision } from '../../../store/register/past.js';
import type { ActContext } from '../../../words.js';
import { holdsOn } from '../../codes.js';
import { type DivisionRecord, divisionRecord } from '../../register-view.js';
import { basisOn, isKnownBasis, knownBasis } from '../basis.js';
import { given, saysTheSame, withChange } from '../history.js';
import { changeInForce, noChangeOn, refusal } from '../refusal.js';
import type {
  Applied,
  DivisionAddition,
  DivisionAlteration,
  DivisionChange,
  DivisionRetraction,
  Transfer,
} from '../register-change.js';
import { closeDivision, mergeDivision, movedBy, reopenDivision, splitDivision } from './ending.js';
import { addOwnAgency, restOwnAgency } from './own-agency.js';
import { namedIds } from './parts.js';
import { type AppliedToDivision, recordDivisionChange, requireDivisionChange } from './permit.js';
import {
  beforeFirst,
  changedDivision,
  divisionHistoryOf,
  ended,
  heirOn,
  parentOn,
  refuseTakenDivisionCode,
} from './places.js';
import { liesIn, moveBack, moveResident, residentsOf } from './residents.js';
import { type Rewritten, rewriteDivision } from './rewrite.js';

/** What changing a division came to. */
export type DivisionChanged = Applied & { readonly division: DivisionRecord };

/**
 * Changes one division and returns it as it then is. Throws `forbidden`, `unknown-division`, `invalid-change` for what its
 * dates, its level or what lies in it do not allow, `conflict` where another division has the code or something is in the
 * way, and `year-locked`. After any throw nothing changed.
 */
export async function changeDivision(
  db: Db,
  act: ActContext,
  change: DivisionChange,
  commit: CommitOptions<DivisionChanged>,
): Promise<DivisionChanged> {
  return inTransaction(db, commit, async (trx) => {
    const { divisionId, outcome, reportsMoved } = await applyDivisionChange(trx, act, change);
    return { outcome, reportsMoved, division: await divisionRecord(trx, divisionId, act.now) };
  });
}

/** One change as a step of a transaction that is undone where it throws: held to what its caller may do, and recorded. */
export async function applyDivisionChange(
  trx: Trx,
  act: ActContext,
  change: DivisionChange,
): Promise<AppliedToDivision> {
  const concern = await requireDivisionChange(trx, act, change);
  const applied = await apply(trx, act, change);
  await recordDivisionChange(trx, act, change, concern, applied);
  return applied;
}

async function apply(trx: Trx, act: ActContext, change: DivisionChange): Promise<AppliedToDivision> {
  switch (change.action) {
    case 'division-add':
      return addDivision(trx, act, change);
    case 'division-change':
      return alterDivision(trx, act, change);
    case 'division-merge':
      return mergeDivision(trx, act, change);
    case 'division-split':
      return splitDivision(trx, act, change);
    case 'division-transfer':
      return transfer(trx, act, change);
    case 'division-close':
      return closeDivision(trx, act, change);
    case 'division-retract':
      return retract(trx, act, change);
  }
}

async function addDivision(trx: Trx, act: ActContext, change: DivisionAddition): Promise<AppliedToDivision> {
  const { code, name, level, on } = change;
  const parent = await parentOn(trx, change.parent, { day: on, level });
  const state = { code, name, level, parentId: parent.id, validFrom: on, validTo: null };
  await refuseTakenDivisionCode(trx, { ...state, id: null });
  const id = await insertDivision(trx, state);
  const place = { about: 'division', id } as const;
  await keepPast(trx, place, act.now.toISOString(), nothingSaid.division);
  await setBasis(trx, place, basisOn(on, change, undefined, act.now));
  if (level === 'COUNTY') await addOwnAgency(trx, act, { id, ...state });
  // What it lies in may be merged later on: it goes along.
  const history = await divisionHistoryOf(trx, id);
  const { touched } = await rewriteDivision(trx, act, { before: history, after: history, write: async () => {} });
  return { outcome: 'created', reportsMoved: 0, divisionId: id, touched: [parent.id, ...touched] };
}

/**
 * Changes a division from a day on: between other changes, what comes after stays as it was said and follows in the rest. On
 * the day of another change it corrects that, in what it says or in what it rests on.
 */
async function alterDivision(trx: Trx, act: ActContext, change: DivisionAlteration): Promise<AppliedToDivision> {
  const { on } = change;
  const { id, level } = await changedDivision(trx, change.division, on);
  const before = await divisionHistoryOf(trx, id);
  const { first, states, closedOn } = before;
  if (closedOn !== null && on >= closedOn) throw ended(states.at(-1) ?? first, closedOn);
  if (on < first.validFrom) throw beforeFirst(first, on);
  const said = {
    code: change.code ?? null,
    name: change.name ?? null,
    parentId: change.parent === undefined ? null : (await parentOn(trx, change.parent, { day: on, level })).id,
  };
  const state = states.find((one) => holdsOn(one, on)) ?? first;
  const known = before.changes.find(({ validFrom }) => validFrom === on);
  const isNew = known === undefined && on !== first.validFrom;
  if (isNew && Object.values(said).every((one) => one === null))
    throw noChangeOn(on, { code: change.division, name: first.name });
  const place = { about: 'division', id } as const;
  const rested = await knownBasis(trx, place, on);
  const basis = basisOn(on, change, rested, act.now);
  if (saysTheSame({ ...state, ...given(said) }, state)) {
    const unchanged = isNew || isKnownBasis(basis, rested);
    if (!unchanged) {
      await setBasis(trx, place, basis);
      await restOwnAgency(trx, id);
    }
    return { outcome: unchanged ? 'unchanged' : 'changed', reportsMoved: 0, divisionId: id, touched: [] };
  }
  const rest = () => setBasis(trx, place, basis);
  const kept = { validFrom: on, code: null, name: null, parentId: null, ...known, ...given(said) };
  const rewriting =
    on === first.validFrom
      ? { before, after: { ...before, first: { ...first, ...given(said) } }, write: rest }
      : {
          before,
          after: { ...before, changes: withChange(before.changes, kept) },
          write: async () => {
            await setDivisionChange(trx, id, kept);
            await rest();
          },
        };
  return { outcome: 'changed', divisionId: id, ...(await rewriteDivision(trx, act, rewriting)) };
}

/** Lets agencies of a county lie in another one from a day on. */
async function transfer(trx: Trx, act: ActContext, change: Transfer): Promise<AppliedToDivision> {
  const { on, agencies: codes } = change;
  const division = await changedDivision(trx, change.division, on);
  if (division.level !== 'COUNTY') throw notACounty(division.name, division.code);
  const heir = await heirOn(trx, change.to, { day: on, of: division, pointer: '/transfer/to' });
  const residents = await residentsOf(trx, division);
  const at = '/transfer/agencies';
  const ids = await namedIds(trx, { division, residents, heir, on, codes, at, seen: new Set() });
  const going = residents.filter((one) => ids.has(one.history.first.id) && !liesIn(one, heir.id, on));
  if (going.length === 0) return { outcome: 'unchanged', reportsMoved: 0, divisionId: division.id, touched: [] };
  const place = { about: 'division', id: division.id } as const;
  await keepPast(trx, place, act.now.toISOString(), await pastOfDivision(trx, division.id));
  const results: Rewritten[] = [];
  const othersTurn = takeTurns();
  for (const resident of going) {
    await othersTurn();
    results.push(await moveResident(trx, act, resident, { ...change, into: heir.id }));
  }
  const edges = await divisionEdgesOf(trx, division.id);
  if (!edges.some(({ toId, effective }) => toId === heir.id && effective === on)) {
    const isNew = (await divisionHistoryOf(trx, heir.id)).first.validFrom === on;
    const kind = isNew ? 'CREATE' : 'TRANSFER';
    await insertDivisionEdge(trx, { fromId: division.id, toId: heir.id, effective: on, kind });
  }
  await setBasis(trx, place, basisOn(on, change, await knownBasis(trx, place, on), act.now));
  const touched = [heir.id, ...results.flatMap((one) => one.touched)];
  return { outcome: 'changed', reportsMoved: movedBy(results), divisionId: division.id, touched };
}

/** Takes back whatever was announced of a division for a day that has not come, or its end, in force or not. */
async function retract(trx: Trx, act: ActContext, change: DivisionRetraction): Promise<AppliedToDivision> {
  const { on } = change;
  const today = dayInChina(act.now);
  const division = await changedDivision(trx, change.division, today);
  const { id } = division;
  const known = await divisionHistoryOf(trx, id);
  const edges = (await divisionEdgesOf(trx, id)).filter(({ fromId, effective }) => fromId === id && effective === on);
  const isSaid = known.changes.some(({ validFrom }) => validFrom === on);
  if (known.closedOn !== on && !isSaid && edges.length === 0)
    throw noChangeOn(on, { code: change.division, name: division.name });
  if (on <= today) {
    if (known.closedOn !== on) throw changeInForce(on, { code: change.division, name: division.name });
    // An end is taken back at any time, as an agency's closure is: nothing else would undo a merger recorded by mistake.
    const { reportsMoved, touched } = await reopenDivision(trx, act, known);
    return { outcome: 'changed', reportsMoved, divisionId: id, touched };
  }
  const results: Rewritten[] = [];
  if (known.closedOn === on) results.push(await reopenDivision(trx, act, known));
  const gone = edges.filter(({ kind }) => kind === 'TRANSFER' || kind === 'CREATE');
  if (gone.length > 0) results.push(await moveBack(trx, act, division, { into: gone.map(({ toId }) => toId), on }));
  const before = await divisionHistoryOf(trx, id);
  const changes = before.changes.filter(({ validFrom }) => validFrom !== on);
  const write = async () => {
    await deleteDivisionChange(trx, id, on);
    await deleteDivisionEdges(trx, id, on);
    await deleteBasis(trx, { about: 'division', id }, on);
  };
  results.push(await rewriteDivision(trx, act, { before, after: { ...before, changes }, write }));
  const touched = [...results.flatMap((one) => one.touched), ...edges.map(({ toId }) => toId)];
  return { outcome: 'changed', reportsMoved: movedBy(results), divisionId: id, touched };
}

function notACounty(name: string, code: string): Problem {
  return refusal('invalid-change', 'NOT-A-COUNTY', '/division', {
    zh: `${name}（${code}）不是县级行政区划；只有县级行政区划之间划转机关。`,
    en: `${name} (${code}) is not a county: agencies come from one county to another.`,
  });
}
