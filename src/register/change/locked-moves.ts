/** Moves that would change the totals of a year which is closed to filing: refused unless the agency is excepted. */
import { referenceDate, yearInChina } from '../../day.js';
import { firstYear } from '../../form/forms.js';
import { Problem } from '../../problem.js';
import { refuseLocked } from '../../report/lock.js';
import type { Trx } from '../../store/engine/schema.js';
import type { Agency } from '../../store/register/agencies.js';
import { lineageOf } from '../../store/register/lineage.js';
import { findReport } from '../../store/reports.js';
import type { ActContext } from '../../words.js';
import { holdsOn } from '../codes.js';
import { refusal } from './refusal.js';

/** An agency's states before and after a change. */
interface Move {
  readonly before: readonly Agency[];
  readonly after: readonly Agency[];
}

/**
 * Refuses a change by which, on 31 December of a locked year, an agency lies in another county, or a report counts under
 * another kind: both for the county that it leaves and for the one that it comes to. Throws `year-locked`.
 */
export async function refuseLockedMoves(trx: Trx, act: ActContext, { before, after }: Move): Promise<void> {
  for (let year = firstYear; year <= yearInChina(act.now); year++) {
    const day = referenceDate(year);
    const [was, is] = [before, after].map((states) => states.find((state) => holdsOn(state, day)));
    if (!was || !is) continue;
    const moves = was.countyId !== is.countyId;
    if (!moves && (was.kind === is.kind || !(await findReport(trx, was.id, year)))) continue;
    for (const countyId of new Set([was.countyId, is.countyId])) {
      await refuseYear(trx, act, was, { countyId, year });
    }
  }
}

async function refuseYear(
  trx: Trx,
  act: ActContext,
  agency: Agency,
  { countyId, year }: { readonly countyId: number; readonly year: number },
): Promise<void> {
  try {
    await refuseLocked(trx, act, agency, year, await lineageOf(trx, countyId, year));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw refusal(error.kind, 'LOCKED', '/on', error.detail, error.members);
  }
}
