/** Where reports count, kept in step with the register: what follows from every change to an agency. */
import { acceptedContent } from '../../report/current-report.js';
import type { Trx } from '../../store/engine/schema.js';
import { agencyStates, replaceAgencyStates } from '../../store/register/agencies.js';
import { changesOf, setChange } from '../../store/register/agency-changes.js';
import { shiftExpectations } from '../../store/register/expectations.js';
import { keepPast, pastOfAgency } from '../../store/register/past.js';
import { findPlacement } from '../../store/register/placement.js';
import { acceptedRow, type ReportRow, reportsOfAgency, updatePlacement } from '../../store/reports.js';
import { findRevision } from '../../store/revisions.js';
import { shiftRollups } from '../../store/rollup/rollups.js';
import type { ActContext } from '../../words.js';
import { requireRewriting } from './authorize.js';
import { refuseTakenCode } from './change-codes.js';
import { followCounties } from './followed.js';
import { type History, type KeptHistory, statesOf } from './history.js';
import { refuseLockedMoves } from './locked-moves.js';
import type { AppliedTo } from './register-change.js';
import { placedReports, tellPlaced } from './told.js';

/** The history of an agency. */
export async function historyOf(trx: Trx, id: number): Promise<KeptHistory> {
  const states = await agencyStates(trx, id);
  const [first] = states;
  if (!first) throw new Error(`agency ${id} has no state`);
  return { first, states, changes: await changesOf(trx, id), closedOn: states.at(-1)?.validTo ?? null };
}

/** A history in the place of another, and what else is written with it. */
interface Rewriting {
  readonly id: number;
  readonly before: KeptHistory;
  readonly after: History;
  readonly write: () => Promise<unknown>;
}

/**
 * Gives an agency the states of another history, in which it goes along with counties that are merged. Throws `forbidden` where the caller has no say over what that touches,
 * and refuses a code that another agency has on one of the days (`conflict`), and a move out of or into a county whose
 * year is locked (`year-locked`).
 */
export async function rewriteHistory(trx: Trx, act: ActContext, rewriting: Rewriting): Promise<AppliedTo> {
  const { id, before, write } = rewriting;
  const { history: after, added } = await followCounties(trx, rewriting.after);
  const states = statesOf(after);
  const touched = await requireRewriting(trx, act, before, { ...after, states });
  for (const state of states) await refuseTakenCode(trx, state);
  await refuseLockedMoves(trx, act, { before: before.states, after: states });
  const reportsMoved = await rewriteAgency(trx, act, id, async () => {
    await write();
    for (const change of added) await setChange(trx, id, change);
    await replaceAgencyStates(trx, id, states);
  });
  return { outcome: 'changed', reportsMoved, agencyId: id, touched };
}

/**
 * Changes an agency's states, successors or exemptions by `write`, and with them what is expected and where its reports
 * count; what was said of it before is kept. Returns how many reports moved; those of years whose 31 December says the
 * same do not.
 */
export async function rewriteAgency(
  trx: Trx,
  { now }: Pick<ActContext, 'now'>,
  agencyId: number,
  write: () => Promise<unknown>,
): Promise<number> {
  const before = await placedReports(trx, agencyId);
  await keepPast(trx, { about: 'agency', id: agencyId }, now.toISOString(), await pastOfAgency(trx, agencyId));
  await shiftExpectations(trx, agencyId, -1);
  await write();
  await shiftExpectations(trx, agencyId, 1);
  let moved = 0;
  for (const report of await reportsOfAgency(trx, agencyId)) {
    if (await moveReport(trx, report)) moved++;
  }
  await tellPlaced(trx, agencyId, before);
  return moved;
}

/** What of a report's row follows from the register. */
const placed = ['countyId', 'kind', 'expected', 'onTime', 'acceptedOnTime'] as const;

/** Moves one report to where it now belongs; false when it already counts there. */
async function moveReport(trx: Trx, report: ReportRow): Promise<boolean> {
  const placement = await findPlacement(trx, report.agencyId, report.year);
  if (!placement) throw new Error(`report ${report.id} would stand for a year in which its agency is not alive`);
  const { countyId, kind, due } = placement;
  const expected = placement.expected ? 1 : 0;
  const inTime = (day: string) => (day <= due ? 1 : 0);
  const onTime = inTime(report.submittedOn);
  const acceptedOnTime = report.acceptedOn === null ? null : inTime(report.acceptedOn);
  const moved = { ...report, countyId, kind, expected, onTime, acceptedOnTime } as const;
  if (placed.every((part) => report[part] === moved[part])) return false;
  const revision = await findRevision(trx, report.agencyId, report.year, report.revision);
  if (!revision?.content) throw new Error('a current report has a revision with content');
  const accepted = await acceptedContent(trx, report, revision.content);
  const [was, is] = [acceptedRow(report), acceptedRow(moved)];
  await shiftRollups(trx, report, 'removed', 'ALL', revision.content);
  if (accepted && was) await shiftRollups(trx, was, 'removed', 'ACCEPTED', accepted);
  await updatePlacement(trx, report.id, moved);
  await shiftRollups(trx, moved, 'added', 'ALL', revision.content);
  if (accepted && is) await shiftRollups(trx, is, 'added', 'ACCEPTED', accepted);
  return true;
}
