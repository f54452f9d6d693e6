/**
 * Checks over two years: what the year before adds to a report's findings, and the findings of the year after
 * recomputed when a year changes.
 */
import { referenceDate } from '../day.js';
import { agreesWithYearBefore, cellsReadFromPreviousYear, type Finding } from '../form/check.js';
import { type Figures, forms } from '../form/forms.js';
import type { ReportContent } from '../form/report.js';
import type { Db, Trx } from '../store/engine/schema.js';
import { findAgencyOn, predecessorsOf, successorsOf } from '../store/register/agencies.js';
import { findFigures, findReport, findRevision, replaceFindings } from '../store/reports.js';
import type { Inclusion } from '../words.js';
import { findFaults } from './findings.js';

/** The findings with those that the year before adds; `within` are those of the report alone, where known. */
export async function findingsOf(
  trx: Trx,
  agencyId: number,
  year: number,
  content: ReportContent,
  within?: readonly Finding[],
): Promise<readonly Finding[]> {
  const before = await figuresBefore(trx, agencyId, year, 'ALL');
  if (within && (!before || agreesWithYearBefore(content.form, year, content.figures, before))) return within;
  return findFaults(content, year, before);
}

const cellsBefore = [...new Set(forms.flatMap(cellsReadFromPreviousYear))];

/**
 * What the year before said that this year's equations ask for, of the agency and of those merged into it during
 * the year: its current report (`ALL`), or what was accepted. Undefined when any of them was alive then and has no such
 * report: the comparison cannot be made.
 */
export async function figuresBefore(
  db: Db,
  agencyId: number,
  year: number,
  inclusion: Inclusion,
): Promise<Figures | undefined> {
  const merged = (await predecessorsOf(db, agencyId)).filter(
    ({ on }) => on > referenceDate(year - 1) && on <= referenceDate(year),
  );
  let sum: Record<string, number | null> | undefined;
  for (const { id } of [{ id: agencyId }, ...merged]) {
    if (merged.length > 0 && !(await findAgencyOn(db, id, referenceDate(year - 1)))) continue;
    const figures = await figuresOf(db, id, year - 1, inclusion);
    if (!figures) return undefined;
    sum = sum ? addCommon(sum, figures) : { ...figures };
  }
  return sum;
}

async function figuresOf(db: Db, agencyId: number, year: number, inclusion: Inclusion): Promise<Figures | undefined> {
  if (inclusion === 'ALL') return findFigures(db, agencyId, year, cellsBefore);
  const row = await findReport(db, agencyId, year);
  if (!row || row.acceptedRevision === null) return undefined;
  return (await findRevision(db, agencyId, year, row.acceptedRevision))?.content?.figures;
}

/** Adds figures that both reports have; a cell that one of them lacks is dropped, two blanks stay blank. */
function addCommon(one: Figures, other: Figures): Record<string, number | null> {
  const common = Object.keys(one).filter((key) => other[key] !== undefined);
  return Object.fromEntries(
    common.map((key) => {
      const a = one[key] ?? null;
      const b = other[key] ?? null;
      return [key, a === null && b === null ? null : (a ?? 0) + (b ?? 0)];
    }),
  );
}

/** Recomputes the findings of the year after, for the agency and for those it was merged into. */
export async function recheckFollowing(trx: Trx, agencyId: number, year: number): Promise<void> {
  const successors = await successorsOf(trx, agencyId);
  for (const { id } of [{ id: agencyId }, ...successors]) await recheck(trx, id, year + 1);
}

/** Recomputes the findings of one report; nothing when there is none. */
export async function recheck(trx: Trx, agencyId: number, year: number): Promise<void> {
  const row = await findReport(trx, agencyId, year);
  const revision = row && (await findRevision(trx, agencyId, year, row.revision));
  if (!row || !revision?.content) return;
  await replaceFindings(trx, row.id, await findingsOf(trx, agencyId, year, revision.content));
}
