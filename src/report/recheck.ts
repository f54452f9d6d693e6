/**
 * Checks over two years: what the year before adds to a report's findings, and the findings of the year after
 * recomputed when a year changes.
 */
import { inclusionFor, type Reader, seesAll } from '../access/visibility.js';
import { referenceDate } from '../day.js';
import { agreesWithYearBefore, cellsReadFromPreviousYear, type Finding, type YearBefore } from '../form/check.js';
import { addExact } from '../form/exact.js';
import { forms } from '../form/forms.js';
import type { ReportContent } from '../form/report.js';
import { changeOfReport, type NewChange, tellChanges } from '../store/changes.js';
import { inTransaction } from '../store/engine/commit.js';
import type { Db, Trx } from '../store/engine/schema.js';
import { agenciesDue, clearDue, findFindings, replaceFindings } from '../store/findings.js';
import { findAgencyOn } from '../store/register/agencies.js';
import { heirsOf, originsOf } from '../store/register/successions.js';
import { findFigures, findReport, type ReportRow, reportsOfAgency } from '../store/reports.js';
import { findRevision } from '../store/revisions.js';
import type { Inclusion } from '../words.js';
import { findFaults } from './findings.js';

/** The findings of a report, those that the year before adds among them. */
async function findingsOf(
  trx: Trx,
  agencyId: number,
  year: number,
  content: ReportContent,
): Promise<readonly Finding[]> {
  return findFaults(content, year, await figuresBefore(trx, agencyId, year, 'ALL'));
}

/** The findings of a report alone (`within`) with those that the year before adds. */
export function addFindings(
  content: ReportContent,
  year: number,
  within: readonly Finding[],
  before: YearBefore | undefined,
): readonly Finding[] {
  if (!before || agreesWithYearBefore(content.form, content.figures, before)) return within;
  return findFaults(content, year, before);
}

/** The cells of the year before that the equations of any form read. */
export const cellsBefore = [...new Set(forms.flatMap(cellsReadFromPreviousYear))];

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
  return addOrigins(db, agencyId, year, (origin) => figuresOf(db, origin, year - 1, inclusion));
}

/** What the year before said as far as a reader may see it, and whether that is all of it. */
export interface SeenBefore {
  readonly before: YearBefore | undefined;
  readonly of: 'whole' | 'part';
}

/** The same as far as a reader may see it: of each agency its current report, what was accepted of it, or nothing. */
export async function figuresBeforeFor(db: Db, reader: Reader, agencyId: number, year: number): Promise<SeenBefore> {
  if (seesAll(reader)) {
    return { before: await figuresBefore(db, agencyId, year, 'ALL'), of: 'whole' };
  }
  let of: SeenBefore['of'] = 'whole';
  const before = await addOrigins(db, agencyId, year, async (id) => {
    const row = await findReport(db, id, year - 1);
    if (!row) return undefined;
    const inclusion = await inclusionFor(db, reader, { id, countyId: row.countyId }, year - 1);
    if (inclusion !== 'ALL') of = 'part';
    return inclusion === null ? undefined : figuresOf(db, id, year - 1, inclusion);
  });
  return { before, of };
}

/** The findings of a current report that a reader may read, made of what that reader may see of the year before. */
export async function findingsFor(
  db: Db,
  reader: Reader,
  { id, agencyId, year }: Pick<ReportRow, 'id' | 'agencyId' | 'year'>,
  content: ReportContent,
): Promise<{ readonly findings: readonly Finding[]; readonly of: SeenBefore['of'] }> {
  const { before, of } = await figuresBeforeFor(db, reader, agencyId, year);
  return { findings: of === 'whole' ? await findFindings(db, id) : findFaults(content, year, before), of };
}

async function addOrigins(
  db: Db,
  agencyId: number,
  year: number,
  read: (originId: number) => Promise<ReportFigures | undefined>,
): Promise<YearBefore | undefined> {
  const origins = await originsOf(db, agencyId, year);
  let sum: YearBefore | undefined;
  for (const { id, wholly } of origins) {
    if (origins.length > 1 && !(await findAgencyOn(db, id, referenceDate(year - 1)))) continue;
    if (!wholly) return undefined;
    const found = await read(id);
    if (!found) return undefined;
    const one = { forms: [found.form], figures: found.figures };
    sum = sum ? addYears(sum, one) : one;
  }
  return sum;
}

type ReportFigures = Pick<ReportContent, 'form' | 'figures'>;

async function figuresOf(
  db: Db,
  agencyId: number,
  year: number,
  inclusion: Inclusion,
): Promise<ReportFigures | undefined> {
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
 * what was filed of a report (`ALL`) or what was accepted of it has changed.
 */
export async function recheckFollowing(
  trx: Trx,
  report: Pick<ReportRow, 'agencyId' | 'year' | 'countyId'>,
  changed: readonly Inclusion[],
): Promise<void> {
  const year = report.year + 1;
  for (const id of await heirsOf(trx, report.agencyId, year)) {
    const row = await findReport(trx, id, year);
    if (!row) continue;
    const differs = changed.includes('ALL') && (await recompute(trx, row));
    // Who may read some of several reports of the year before is shown other findings than those that are kept.
    const several = changed.includes('ALL') && (await originsOf(trx, id, year)).length > 1;
    await tellFindings(trx, row, {
      before: report,
      to: [
        ...(differs || several ? (['ALL'] as const) : []),
        ...(changed.includes('ACCEPTED') ? (['PART', 'ACCEPTED'] as const) : []),
      ],
    });
  }
}

/** Tells that the findings of a report are shown otherwise; those of what was accepted are made when they are read. */
async function tellFindings(trx: Trx, row: ReportRow, { to, before }: Pick<NewChange, 'to' | 'before'>): Promise<void> {
  // Kept even where it is told to nobody: a place in the feed counts changes, and must not tell what these hang on.
  const told = row.acceptedRevision === null ? to.filter((one) => one !== 'ACCEPTED') : to;
  const agency = await findAgencyOn(trx, row.agencyId, referenceDate(row.year));
  if (agency) await tellChanges(trx, [changeOfReport('findings', agency.code, row, { to: told, before })]);
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

/**
 * Recomputes the findings of the reports of some agencies for some years: of which others they are made up has changed.
 * That is in the register, and told whether or not a finding changes by it, which can hang on what the reader may not see.
 */
export async function recheckOrigins(trx: Trx, agencyIds: Iterable<number>, years: readonly number[]): Promise<void> {
  for (const id of new Set(agencyIds)) {
    for (const year of new Set(years)) {
      const row = await findReport(trx, id, year);
      if (!row) continue;
      await recompute(trx, row);
      await tellFindings(trx, row, { to: ['ALL', 'ACCEPTED'] });
    }
  }
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
