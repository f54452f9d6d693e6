/**
 * Checks over two years: what the year before adds to a report's findings, and the findings of the year after
 * recomputed when a year changes.
 */
import { referenceDate } from '../day.js';
import { agreesWithYearBefore, cellsReadFromPreviousYear, type Finding, type YearBefore } from '../form/check.js';
import { type Figures, forms } from '../form/forms.js';
import type { ReportContent } from '../form/report.js';
import { changeOfReport, tellChanges } from '../store/changes.js';
import type { Db, Trx } from '../store/engine/schema.js';
import { findFindings, replaceFindings } from '../store/findings.js';
import { findAgencyOn } from '../store/register/agencies.js';
import { predecessorsOf, successorsOf } from '../store/register/successions.js';
import { findFigures, findReport, type ReportRow } from '../store/reports.js';
import { findRevision } from '../store/revisions.js';
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
  if (within && (!before || agreesWithYearBefore(content.form, content.figures, before))) return within;
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
): Promise<YearBefore | undefined> {
  const merged = (await predecessorsOf(db, agencyId)).filter(
    ({ on }) => on > referenceDate(year - 1) && on <= referenceDate(year),
  );
  let sum: YearBefore | undefined;
  for (const { id } of [{ id: agencyId }, ...merged]) {
    if (merged.length > 0 && !(await findAgencyOn(db, id, referenceDate(year - 1)))) continue;
    const found = await figuresOf(db, id, year - 1, inclusion);
    if (!found) return undefined;
    const { forms, figures } = sum ?? { forms: [], figures: undefined };
    sum = { forms: [...forms, found.form], figures: figures ? addFigures(figures, found.figures) : found.figures };
  }
  return sum;
}

async function figuresOf(db: Db, agencyId: number, year: number, inclusion: Inclusion) {
  if (inclusion === 'ALL') return findFigures(db, agencyId, year, cellsBefore);
  const row = await findReport(db, agencyId, year);
  if (!row || row.acceptedRevision === null) return undefined;
  return (await findRevision(db, agencyId, year, row.acceptedRevision))?.content ?? undefined;
}

/** Adds two lists of figures; two blanks stay blank. */
function addFigures(one: Figures, other: Figures): Figures {
  return one.map((a, at) => {
    const b = other[at] ?? null;
    return a === null && b === null ? null : (a ?? 0) + (b ?? 0);
  });
}

/**
 * Recomputes the findings of the year after, for the agency and for those it was merged into, when what was filed for a
 * year (`ALL`) or what was accepted of it has changed.
 */
export async function recheckFollowing(
  trx: Trx,
  agencyId: number,
  year: number,
  changed: readonly Inclusion[],
): Promise<void> {
  const successors = await successorsOf(trx, agencyId);
  for (const { id } of [{ id: agencyId }, ...successors]) await recheck(trx, id, year + 1, changed);
}

/**
 * Recomputes the findings of one report and tells of them where they have changed; nothing when there is no report.
 * `changed` says what of the years before has: those of what was accepted are computed when they are read.
 */
export async function recheck(
  trx: Trx,
  agencyId: number,
  year: number,
  changed: readonly Inclusion[] = ['ALL', 'ACCEPTED'],
): Promise<void> {
  const row = await findReport(trx, agencyId, year);
  if (!row) return;
  const to: Inclusion[] = changed.includes('ALL') && (await recompute(trx, row)) ? ['ALL'] : [];
  if (changed.includes('ACCEPTED') && row.acceptedRevision !== null) to.push('ACCEPTED');
  const agency = to.length > 0 ? await findAgencyOn(trx, agencyId, referenceDate(year)) : undefined;
  if (agency) await tellChanges(trx, [changeOfReport('findings', agency.code, row, { to })]);
}

/** Keeps the findings of a report's current revision as they now are; false where they are as they were. */
async function recompute(trx: Trx, { id, agencyId, year, revision }: ReportRow): Promise<boolean> {
  const stored = await findRevision(trx, agencyId, year, revision);
  if (!stored?.content) return false;
  const findings = await findingsOf(trx, agencyId, year, stored.content);
  if (JSON.stringify(findings) === JSON.stringify(await findFindings(trx, id))) return false;
  await replaceFindings(trx, id, findings);
  return true;
}
