/** Where reports count, kept in step with the register: what follows from every change to an agency. */
import { acceptedContent } from '../../report/current-report.js';
import type { Trx } from '../../store/engine/schema.js';
import { shiftExpectations } from '../../store/register/expectations.js';
import { findPlacement } from '../../store/register/placement.js';
import { type ReportRow, reportsOfAgency, updatePlacement } from '../../store/reports.js';
import { findRevision } from '../../store/revisions.js';
import { shiftRollups } from '../../store/rollup/rollups.js';
import { placedReports, tellPlaced } from './told.js';

/** What a change did. */
export interface Applied {
  readonly outcome: 'created' | 'changed' | 'unchanged';
  /** Reports that now count elsewhere: in another county or kind, expected or not, in time or late. */
  readonly reportsMoved: number;
}

/** What a change did to an agency. */
export type AppliedTo = Applied & { readonly agencyId: number };

/**
 * Changes an agency's states or exemptions by `write`, and with them what is expected and where its reports
 * count. Returns how many reports moved; those of years whose 31 December says the same do not.
 */
export async function rewriteAgency(trx: Trx, agencyId: number, write: () => Promise<unknown>): Promise<number> {
  const before = await placedReports(trx, agencyId);
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

/** Moves one report to where it now belongs; false when it already counts there. */
async function moveReport(trx: Trx, report: ReportRow): Promise<boolean> {
  const placement = await findPlacement(trx, report.agencyId, report.year);
  if (!placement) throw new Error(`report ${report.id} would stand for a year in which its agency is not alive`);
  const { countyId, kind } = placement;
  const expected = placement.expected ? 1 : 0;
  const onTime = report.submittedOn <= placement.due ? 1 : 0;
  const stays =
    report.countyId === countyId && report.kind === kind && report.expected === expected && report.onTime === onTime;
  if (stays) return false;
  const revision = await findRevision(trx, report.agencyId, report.year, report.revision);
  if (!revision?.content) throw new Error('a current report has a revision with content');
  const moved = { ...report, countyId, kind, expected, onTime } as const;
  const accepted = await acceptedContent(trx, report, revision.content);
  await shiftRollups(trx, report, 'removed', 'ALL', revision.content);
  if (accepted) await shiftRollups(trx, report, 'removed', 'ACCEPTED', accepted);
  await updatePlacement(trx, report.id, moved);
  await shiftRollups(trx, moved, 'added', 'ALL', revision.content);
  if (accepted) await shiftRollups(trx, moved, 'added', 'ACCEPTED', accepted);
  return true;
}
