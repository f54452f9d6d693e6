/** Reports as the rows and lines of an export. A line is the filing that files the report again. */
import type { Reader } from '../../access/visibility.js';
import { writeFigures } from '../../form/figures.js';
import { formOf } from '../../form/forms.js';
import type { ReportContent } from '../../form/report.js';
import { textParts } from '../../form/same-content.js';
import { findFaults } from '../../report/findings.js';
import { figuresBefore, figuresBeforeFor } from '../../report/recheck.js';
import { saidInReports } from '../../store/bulk/contents.js';
import type { ExportFilter } from '../../store/bulk/filter.js';
import {
  agencyCodesAfter,
  countExportedReports,
  type ExportedReport,
  reportsOfCodes,
} from '../../store/bulk/reports.js';
import type { Db } from '../../store/engine/schema.js';
import { type ExportSource, pagesOfCodes, type Walk } from './export-source.js';
import {
  aboutReport,
  cellsOfReport,
  type ReportRecord,
  reportCellColumns,
  reportCellSubjects,
  reportColumns,
} from './report-columns.js';

/** The reports of a filter, as a reader is shown them, by agency code and year. */
export function reportSource(db: Db, reader: Reader, filter: ExportFilter): ExportSource {
  const records = async function* (walk: Walk) {
    for await (const page of pagesOfCodes(walk, (after, first) => agencyCodesAfter(db, filter, after, first))) {
      yield recordsOf(db, filter.visible && reader, await reportsOfCodes(db, filter, page));
    }
  };
  const wide = { columns: reportColumns, subjects: [], rows: records };
  const long = {
    columns: reportCellColumns,
    subjects: reportCellSubjects,
    rows: async function* (walk: Walk) {
      for await (const page of records(walk)) yield page.flatMap(cellsOfReport);
    },
  };
  return {
    countRecords: () => countExportedReports(db, filter),
    writeTable: (shape, walk, write) => (shape === 'wide' ? write(wide, walk) : write(long, walk)),
    lines: async function* (walk) {
      for await (const page of records(walk)) yield page.map(filingOf);
    },
  };
}

/** A report as it is shown to a reader; undefined is one who may read everything. */
async function recordsOf(
  db: Db,
  reader: Reader | undefined,
  reports: readonly ExportedReport[],
): Promise<readonly ReportRecord[]> {
  const said = await saidInReports(db, reports);
  const records: ReportRecord[] = [];
  for (const report of reports) {
    const words = said.get(report.id);
    if (!words) throw new Error(`the report of ${report.agency} for ${report.year} has no content`);
    const own = reader && (await findingsCounted(db, reader, report, words.content));
    const { content, reason, actor } = words;
    records.push({ report: own ? { ...report, ...own } : report, content, reason, actor });
  }
  return records;
}

/** How many findings a reader is shown; undefined where these are the ones that are kept. */
async function findingsCounted(
  db: Db,
  reader: Reader,
  { agencyId, year, inFull }: ExportedReport,
  content: ReportContent,
): Promise<Pick<ExportedReport, 'errors' | 'warnings'> | undefined> {
  const { before, of } = inFull
    ? await figuresBeforeFor(db, reader, agencyId, year)
    : { before: await figuresBefore(db, agencyId, year, 'ACCEPTED'), of: 'part' };
  if (of === 'whole') return undefined;
  const found = findFaults(content, year, before);
  const countOf = (severity: string) => found.filter((finding) => finding.severity === severity).length;
  return { errors: countOf('error'), warnings: countOf('warning') };
}

/** The JSON text of the filing that would file a report, with what is known of it: what is not there is left out. */
function filingOf(record: ReportRecord): string {
  const { report, content, reason } = record;
  let text = `{"agency":${JSON.stringify(report.agency)},"year":${report.year},"form":"${content.form}"`;
  text += `,"figures":${writeFigures(formOf(content.form), content.figures)}`;
  for (const part of textParts) if (content[part] !== null) text += `,"${part}":${JSON.stringify(content[part])}`;
  if (reason !== null) text += `,"reason":${JSON.stringify(reason)}`;
  return `${text},"about":${JSON.stringify(aboutReport(record))}}`;
}
