/**
 * Checks over two years: what the year before adds to a report's findings, and the findings of the year after
 * recomputed when a year changes.
 */
import { referenceDate, yearOf } from '../day.js';
import { agreesWithYearBefore, cellsReadFromPreviousYear, type Finding, type YearBefore } from '../form/check.js';
import { type Figures, forms } from '../form/forms.js';
import type { ReportContent } from '../form/report.js';
import { inTransaction } from '../store/engine/commit.js';
import type { Db, Trx } from '../store/engine/schema.js';
import { replaceFindings } from '../store/findings.js';
import { findAgencyOn } from '../store/register/agencies.js';
import { heirsOf, mergedInSteps, originsOf } from '../store/register/successions.js';
import { findFigures, findReport, reportsOfAgency } from '../store/reports.js';
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

/** Recomputes the findings of the year after, for the agency and for all that it is part of by the end of that year. */
export async function recheckFollowing(trx: Trx, agencyId: number, year: number): Promise<void> {
  for (const id of await heirsOf(trx, agencyId, year + 1)) await recheck(trx, id, year + 1);
}

/** Recomputes what a version of this program that followed mergers by one step only may have kept. */
export async function recheckMergers(db: Db): Promise<void> {
  const ends = await mergedInSteps(db);
  if (ends.length === 0) return;
  await inTransaction(db, {}, async (trx) => {
    for (const { id, mergedOn } of ends) await recheck(trx, id, yearOf(mergedOn));
  });
}

/** Recomputes the findings of every report of some agencies: of which others they are made up, or when, has changed. */
export async function recheckAll(trx: Trx, agencyIds: Iterable<number>): Promise<void> {
  for (const id of new Set(agencyIds)) {
    for (const { year } of await reportsOfAgency(trx, id)) await recheck(trx, id, year);
  }
}

/** Recomputes the findings of one report; nothing when there is none. */
export async function recheck(trx: Trx, agencyId: number, year: number): Promise<void> {
  const row = await findReport(trx, agencyId, year);
  const revision = row && (await findRevision(trx, agencyId, year, row.revision));
  if (!row || !revision?.content) return;
  await replaceFindings(trx, row.id, await findingsOf(trx, agencyId, year, revision.content));
}
