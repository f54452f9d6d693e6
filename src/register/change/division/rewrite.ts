/** A division gets another history, and what hangs on it follows: expectations and sums above it, lateness, its own agency. */
import { referenceDate, yearInChina } from '../../../day.js';
import { firstYear } from '../../../form/forms.js';
import { takeTurns } from '../../../loop.js';
import { Problem } from '../../../problem.js';
import { refuseLocked } from '../../../report/lock.js';
import { flushDeferred } from '../../../store/engine/commit.js';
import type { Trx } from '../../../store/engine/schema.js';
import { reweighOnTime } from '../../../store/register/deadlines.js';
import { setDivisionChange } from '../../../store/register/division-changes.js';
import { type DivisionState, divisionsBelow, replaceDivisionStates } from '../../../store/register/divisions.js';
import { expectedCounts, shiftExpectationsBelow } from '../../../store/register/expectations.js';
import { lineageOf } from '../../../store/register/lineage.js';
import { keepPast, pastOfDivision } from '../../../store/register/past.js';
import { reportsOfCounties } from '../../../store/reports.js';
import { addSums, countSummed } from '../../../store/rollup/moved-sums.js';
import type { ActContext } from '../../../words.js';
import { holdsOn } from '../../codes.js';
import { followParents } from '../followed.js';
import { type DivisionHistory, differencesOfStates, type KeptDivisionHistory, statesOf } from '../history.js';
import { refusal } from '../refusal.js';
import { tellMoved, tellOnTime } from '../told.js';
import { followOwnAgency } from './own-agency.js';
import { requireDivisionRewriting } from './permit.js';
import { refuseTakenDivisionCode } from './places.js';

/** A history in the place of another, and what else is written with it. */
interface Rewriting {
  readonly before: KeptDivisionHistory;
  readonly after: DivisionHistory;
  readonly write: () => Promise<unknown>;
}

/** What a rewriting came to: reports that now count elsewhere, and the divisions that they leave and come to. */
export interface Rewritten {
  readonly reportsMoved: number;
  readonly touched: readonly number[];
}

/**
 * Gives a division the states of another history, in which it goes along with what it lies in where that is merged. Throws
 * `forbidden` where the caller has no say over what that touches, and refuses a code that another has on one of the days
 * (`conflict`), a day on which what it lies in is not there (`invalid-change`), and a move that alters the totals of a
 * locked year (`year-locked`).
 */
export async function rewriteDivision(trx: Trx, act: ActContext, rewriting: Rewriting): Promise<Rewritten> {
  const { before, write } = rewriting;
  const { id } = before.first;
  const { history: after, added } = await followParents(trx, rewriting.after);
  const states = statesOf(after);
  const touched = await requireDivisionRewriting(trx, act, before, { ...after, states });
  for (const state of states) await refuseTakenDivisionCode(trx, state);
  // What stands above it changes by its sums, which are to be there to be read.
  await flushDeferred(trx);
  const move = { id, before: before.states, after: states, years: yearsMoved(before.states, states, act.now) };
  await refuseLockedSums(trx, act, move);
  await keepPast(trx, { about: 'division', id }, act.now.toISOString(), await pastOfDivision(trx, id));
  const reportsMoved = await moveDivision(trx, move, async () => {
    await write();
    for (const change of added) await setDivisionChange(trx, id, change);
    await replaceDivisionStates(trx, id, states);
  });
  return { reportsMoved: reportsMoved + (await followOwnAgency(trx, act, { ...after, states })), touched };
}

/** A division's states before and after a change, and the years on whose 31 December it lies elsewhere by it. */
interface Move {
  readonly id: number;
  readonly before: readonly DivisionState[];
  readonly after: readonly DivisionState[];
  readonly years: readonly number[];
}

const parentIn = (states: readonly DivisionState[], year: number) =>
  states.find((state) => holdsOn(state, referenceDate(year)))?.parentId ?? null;

/** The years of which there are reports on whose 31 December a division lies elsewhere. */
function yearsMoved(before: readonly DivisionState[], after: readonly DivisionState[], now: Date): number[] {
  const years: number[] = [];
  for (let year = firstYear; year <= yearInChina(now); year++) {
    if (parentIn(before, year) !== parentIn(after, year)) years.push(year);
  }
  return years;
}

/**
 * Refuses a move that alters the totals of a year which is closed to filing, of what the division leaves and of what it
 * comes to. A division in which nobody files alters none.
 */
async function refuseLockedSums(trx: Trx, act: ActContext, { id, before, after, years }: Move): Promise<void> {
  for (const year of years) {
    const expected = (await expectedCounts(trx, id, [year])).some((one) => one.expected !== 0);
    if (!expected && (await countSummed(trx, id, year)) === 0) continue;
    for (const parentId of [parentIn(before, year), parentIn(after, year)]) {
      if (parentId !== null) await refuseYear(trx, act, parentId, year);
    }
  }
}

async function refuseYear(trx: Trx, act: ActContext, divisionId: number, year: number): Promise<void> {
  try {
    await refuseLocked(trx, act, undefined, year, await lineageOf(trx, divisionId, year));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw refusal(error.kind, 'LOCKED', '/on', error.detail, error.members);
  }
}

/** Changes a division's states by `write`, and with them what is expected, summed and due above it. */
async function moveDivision(
  trx: Trx,
  { id, before, after, years }: Move,
  write: () => Promise<unknown>,
): Promise<number> {
  const above = async () =>
    new Map(await Promise.all(years.map(async (year) => [year, await aboveIn(trx, id, year)] as const)));
  const was = await above();
  const moves = differencesOfStates(before, after).some((one) => one.was?.parentId !== one.is?.parentId);
  if (moves) await shiftExpectationsBelow(trx, id, -1);
  await write();
  if (moves) await shiftExpectationsBelow(trx, id, 1);
  const is = await above();
  let moved = 0;
  const othersTurn = takeTurns();
  for (const year of years) {
    await othersTurn();
    const [left, come] = [was.get(year) ?? [], is.get(year) ?? []];
    const of = { divisionId: id, year };
    await addSums(
      trx,
      of,
      left.filter((one) => !come.includes(one)),
      -1,
    );
    await addSums(
      trx,
      of,
      come.filter((one) => !left.includes(one)),
      1,
    );
    await othersTurn();
    moved += await tellYear(trx, id, year, parentIn(before, year));
  }
  return moved;
}

async function aboveIn(trx: Trx, id: number, year: number): Promise<number[]> {
  return (await lineageOf(trx, id, year)).filter((one) => one !== id);
}

/** Weighs the reports below a division for a year by the deadlines that now stand above it, and tells of them. */
async function tellYear(trx: Trx, id: number, year: number, leftId: number | null): Promise<number> {
  const below = [...((await divisionsBelow(trx, id, [year])).get(year) ?? [])];
  const reports = await reportsOfCounties(trx, below, year);
  if (reports.length === 0) return 0;
  for (const filer of ['AGENCIES', 'COUNTY'] as const) {
    await tellOnTime(trx, await reweighOnTime(trx, { divisionId: id, filer, year }));
  }
  await tellMoved(trx, reports, leftId);
  return reports.length;
}
