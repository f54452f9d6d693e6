/**
 * Checks over two years: what the year before adds to a report's findings, and the findings of the year after
 * recomputed when a year changes.
 */
import { referenceDate } from '../day.js';
import { agreesWithYearBefore, cellsReadFromPreviousYear, type Finding, type YearBefore } from '../form/check.js';
import { addExact } from '../form/exact.js';
import { forms } from '../form/forms.js';
import type { ReportContent } from '../form/report.js';
import { changeOfReport, tellChanges } from '../store/changes.js';
import { inTransaction } from '../store/engine/commit.js';
import type { Db, Trx } from '../store/engine/schema.js';
import { agenciesDue, clearDue, findFindings, replaceFindings } from '../store/findings.js';
import { findAgencyOn } from '../store/register/agencies.js';
import { heirsOf, originsOf } from '../store/register/successions.js';
import { findFigures, findReport, type ReportRow, reportsOfAgency } from '../store/reports.js';
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
 * What the year before said that this year's equations ask for, of the agency and of those that went into it during the
 * year, by however many steps: their current reports (`ALL`), or what was accepted. Undefined when any of them was alive
 * then and has no such report, or went into others too: the comparison cannot be made.
 */
export async function figuresBefore(
  db: Db,
  agencyId: number,
  year: number,
  inclusion: Inclusion,
): Promise<YearBefore | undefined> {
  const origins = await originsOf(db, agencyId, year);
  let sum: YearBefore | undefined;
  for (const { id, wholly } of origins) {
    if (origins.length > 1 && !(await findAgencyOn(db, id, referenceDate(year - 1)))) continue;
    if (!wholly) return undefined;
    const found = await figuresOf(db, id, year - 1, inclusion);
    if (!found) return undefined;
    const one = { forms: [found.form], figures: found.figures };
    sum = sum ? addYears(sum, one) : one;
  }
  return sum;
}

async function figuresOf(db: Db, agencyId: number, year: number, inclusion: Inclusion) {
  if (inclusion === 'ALL') return findFigures(db, agencyId, year, cellsBefore);
  const row = await findReport(db, agencyId, year);
  if (!row || row.acceptedRevision === null) return undefined;
  return (await findRevision(db, agencyId, year, row.acceptedRevision))?.content ?? undefined;
}

/** Adds what two sets of reports say, and how many of them left each box blank; two blanks stay blank. */
function addYears(one: YearBefore, other: YearBefore): YearBefore {
  const [ones, others] = [countBlanks(one), countBlanks(other)];
  return {
    forms: [...one.forms, ...other.forms],
    figures: one.figures.map((a, at) => {
      const b = other.figures[at] ?? null;
      return a === null && b === null ? null : addExact(a ?? 0, b ?? 0);
    }),
    blank: ones.map((count, at) => count + (others[at] ?? 0)),
  };
}

function countBlanks({ figures, blank }: YearBefore): readonly number[] {
  return blank ?? figures.map((figure) => (figure === null ? 1 : 0));
}

/**
 * Recomputes the findings of the year after, for the agency and for all that it is part of by the end of that year, when
 * what was filed for a year (`ALL`) or what was accepted of it has changed.
 */
export async function recheckFollowing(
  trx: Trx,
  agencyId: number,
  year: number,
  changed: readonly Inclusion[],
): Promise<void> {
  for (const id of await heirsOf(trx, agencyId, year + 1)) await recheck(trx, id, year + 1, changed);
}

/**
 * Recomputes the findings that an earlier version of this program kept by other rules, of the agencies that the
 * migration to this one noted; nothing where none are left.
 */
export async function recheckDue(db: Db): Promise<void> {
  if ((await agenciesDue(db)).length === 0) return;
  await inTransaction(db, {}, async (trx) => {
    for (const agencyId of await agenciesDue(trx)) {
      for (const row of await reportsOfAgency(trx, agencyId)) await recompute(trx, row);
    }
    await clearDue(trx);
  });
}

/** Recomputes the findings of every report of some agencies: of which others they are made up, or when, has changed. */
export async function recheckAll(trx: Trx, agencyIds: Iterable<number>): Promise<void> {
  for (const id of new Set(agencyIds)) {
    for (const { year } of await reportsOfAgency(trx, id)) await recheck(trx, id, year);
  }
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
