/** The use case that lists reports. */

import { keepLineages, type Reader, visibleTo } from '../../access/visibility.js';
import { dayInChina, referenceDate, yearInChina } from '../../day.js';
import { firstYear } from '../../form/forms.js';
import { groupBy } from '../../groups.js';
import { takeTurns } from '../../loop.js';
import { holdsOn, resolveAgency, resolveDivision } from '../../register/codes.js';
import type { Db } from '../../store/engine/schema.js';
import { type ListedReport, listReports, pageOfReports, type ReportFilter } from '../../store/listed-reports.js';
import { statesOfAgencies } from '../../store/register/agencies.js';
import type { Page, ReportState } from '../../words.js';
import type { ReadReport } from '../report-view.js';
import { type SeenReport, showReports } from './shown-reports.js';

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
  return { ...found, items: await showListed(db, reader, found.items) };
}

/** The same without their number, for which more reports are looked at than are shown. */
export async function readReportPage(
  db: Db,
  reader: Reading,
  query: ReportQuery,
  page: NumberPage,
): Promise<Omit<Page<ReadReport>, 'total'>> {
  const found = await pageOfReports(db, await filterFor(db, reader, query), page);
  return { ...found, items: await showListed(db, reader, found.items) };
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

/** Reports that are read in one go: between them others have their turn. */
const showAtOnce = 50;

async function showListed(db: Db, reader: Reader, listed: readonly ListedReport[]): Promise<ReadReport[]> {
  const states = groupBy(await statesOfAgencies(db, [...new Set(listed.map((row) => row.agencyId))]), ({ id }) => id);
  const seen = listed.map(({ inFull, ...row }): SeenReport => {
    const agency = states.get(row.agencyId)?.find((state) => holdsOn(state, referenceDate(row.year)));
    return { row, agency, inclusion: inFull ? 'ALL' : 'ACCEPTED' };
  });
  const [letOthers, lineageFor] = [takeTurns(), keepLineages(db)];
  const items: ReadReport[] = [];
  for (let from = 0; from < seen.length; from += showAtOnce) {
    const some = seen.slice(from, from + showAtOnce);
    const shown = await showReports(db, reader, some, lineageFor);
    for (const one of some) {
      const report = shown.get(one);
      if (!report) throw new Error(`report ${one.row?.id} is listed without its agency or what was accepted of it`);
      items.push(report);
    }
    await letOthers();
  }
  return items;
}

function everyYear(now: Date): number[] {
  const last = yearInChina(now);
  return Array.from({ length: last - firstYear + 1 }, (_, index) => firstYear + index);
}
