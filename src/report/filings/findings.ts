/** The use case that lists what was found in all reports of a division's year, with what was said of it. */
import type { Severity } from '../../form/rules.js';
import type { RuleCode } from '../../form/vocabulary.js';
import type { Db } from '../../store/engine/schema.js';
import type { Page } from '../../words.js';
import type { ReadReport } from '../report-view.js';
import { requireFew, shownFilings } from './filings.js';
import { filingsFor, type ListedDivision, type Reading } from './whose.js';

/** Which findings of a division's year are asked for. */
export interface FindingsQuery {
  readonly year: number;
  readonly severity?: Severity | undefined;
  readonly rule?: RuleCode | undefined;
  /** Only those of which something was said, or nothing. */
  readonly noted?: boolean | undefined;
}

/** A finding with the report that it is about. */
export interface FindingOfReport {
  readonly report: Pick<ReadReport, 'agency' | 'row'>;
  readonly finding: ReadReport['findings'][number];
  /** Its place among the findings of the report, from 0. */
  readonly place: number;
}

/** A page after a finding: by the code of its agency and its place in the report. */
export interface FindingPage {
  readonly first: number;
  readonly after?: { readonly code: string; readonly place: number } | undefined;
}

/**
 * A page of what was found in the reports of a division for a year, as each is shown to the reader: by code of the
 * agency, then in the order of the report. Throws `unauthorized` or `forbidden` where everything is closed to the reader,
 * and `invalid-parameter` where more reports would have to be looked through than one question may.
 */
export async function readFindings(
  db: Db,
  reader: Reading,
  division: ListedDivision,
  query: FindingsQuery,
  { first, after }: FindingPage,
): Promise<Page<FindingOfReport>> {
  const filings = await filingsFor(db, reader, division, query.year);
  requireFew(filings, {});
  const items: FindingOfReport[] = [];
  let total = 0;
  for await (const { report } of shownFilings(db, reader, filings.asked, {})) {
    for (const [place, finding] of report.findings.entries()) {
      if (!isAsked(finding, query)) continue;
      total += 1;
      if (items.length <= first && isAfter(report.agency.code, place, after)) items.push({ report, finding, place });
    }
  }
  return { items: items.slice(0, first), more: items.length > first, total };
}

function isAsked({ severity, code, note }: FindingOfReport['finding'], query: FindingsQuery): boolean {
  return (
    (query.severity === undefined || severity === query.severity) &&
    (query.rule === undefined || code === query.rule) &&
    (query.noted === undefined || query.noted === (note !== undefined))
  );
}

function isAfter(code: string, place: number, after: FindingPage['after']): boolean {
  return after === undefined || code > after.code || (code === after.code && place > after.place);
}
