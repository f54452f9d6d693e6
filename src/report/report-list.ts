/** The use case that lists reports. */

import { type Reader, visibleTo } from '../access/visibility.js';
import { dayInChina, referenceDate, yearInChina } from '../day.js';
import { firstYear } from '../form/forms.js';
import { resolveAgency, resolveDivision } from '../register/codes.js';
import type { Db } from '../store/engine/schema.js';
import { type ListedReport, listReports, pageOfReports, type ReportFilter } from '../store/listed-reports.js';
import { findAgencyOn } from '../store/register/agencies.js';

import type { Page, ReportState } from '../words.js';
import { type ReadReport, showReport } from './report-view.js';

/** Which reports a list asks for; a code means what has it on 31 December of the year, or today without a year. */
export interface ReportQuery {
  /** A division of any level, with all below it on 31 December of each report's year. */
  readonly division?: string | undefined;
  readonly agency?: string | undefined;
  readonly year?: number | undefined;
  readonly updatedAfter?: string | undefined;
  readonly state?: ReportState | undefined;
}

type Reading = Reader & { readonly now: Date };
type NumberPage = { readonly first: number; readonly after?: number };

/**
 * A page of the reports that a reader may see, in the order in which they were first filed. Throws `unknown-division`
 * or `unknown-agency` for a division or agency the register lacks.
 */
export async function readReports(
  db: Db,
  reader: Reading,
  query: ReportQuery,
  page: NumberPage,
): Promise<Page<ReadReport>> {
  const found = await listReports(db, await filterFor(db, reader, query), page);
  return { ...found, items: await showListed(db, found.items) };
}

/** The same without their number, for which more reports are looked at than are shown. */
export async function readReportPage(
  db: Db,
  reader: Reading,
  query: ReportQuery,
  page: NumberPage,
): Promise<Omit<Page<ReadReport>, 'total'>> {
  const found = await pageOfReports(db, await filterFor(db, reader, query), page);
  return { ...found, items: await showListed(db, found.items) };
}

async function filterFor(db: Db, reader: Reading, query: ReportQuery): Promise<ReportFilter> {
  const day = query.year === undefined ? dayInChina(reader.now) : referenceDate(query.year);
  const division = query.division === undefined ? undefined : await resolveDivision(db, query.division, day);
  const agency = query.agency === undefined ? undefined : await resolveAgency(db, query.agency, day);
  const visible = await visibleTo(db, reader, query.year === undefined ? everyYear(reader.now) : [query.year]);
  return {
    ...(division ? { divisionId: division.id } : {}),
    ...(agency ? { agencyId: agency.id } : {}),
    ...(query.year === undefined ? {} : { year: query.year }),
    ...(query.updatedAfter === undefined ? {} : { updatedAfter: query.updatedAfter }),
    ...(query.state === undefined ? {} : { state: query.state }),
    ...(visible ? { visible } : {}),
  };
}

async function showListed(db: Db, listed: readonly ListedReport[]): Promise<ReadReport[]> {
  const items: ReadReport[] = [];
  for (const { inFull, ...row } of listed) {
    const agency = await findAgencyOn(db, row.agencyId, referenceDate(row.year));
    const report = agency && (await showReport(db, agency, row, inFull ? 'ALL' : 'ACCEPTED'));
    if (!report) throw new Error(`report ${row.id} is listed without its agency or what was accepted of it`);
    items.push(report);
  }
  return items;
}

function everyYear(now: Date): number[] {
  const last = yearInChina(now);
  return Array.from({ length: last - firstYear + 1 }, (_, index) => firstYear + index);
}
