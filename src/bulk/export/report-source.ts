/** Reports as the rows and lines of an export. A line is the filing that files the report again. */
import type { Reader } from '../../access/visibility.js';
import { printFigures } from '../../form/figures.js';
import { formOf } from '../../form/forms.js';
import type { ReportContent } from '../../form/report.js';
import { findFaults } from '../../report/findings.js';
import { figuresBefore, figuresBeforeFor } from '../../report/recheck.js';
import type { Db } from '../../store/engine/schema.js';
import {
  agencyCodesAfter,
  countExportedReports,
  type ExportedReport,
  type ExportFilter,
  reportsOfCodes,
} from '../../store/exports.js';
import { findRevision } from '../../store/revisions.js';
import { fieldsOf } from './columns.js';
import { type ExportSource, type ExportTable, pagesOfCodes, type Walk } from './export-source.js';
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
      const found: ReportRecord[] = [];
      for (const report of await reportsOfCodes(db, filter, page))
        found.push(await recordOf(db, filter.visible && reader, report));
      yield found;
    }
  };
  const wide: ExportTable = {
    columns: reportColumns,
    subjects: [],
    rows: async function* (walk) {
      for await (const page of records(walk)) yield fieldsOf(reportColumns, page);
    },
  };
  const long: ExportTable = {
    columns: reportCellColumns,
    subjects: reportCellSubjects,
    rows: async function* (walk) {
      for await (const page of records(walk)) yield fieldsOf(reportCellColumns, page.flatMap(cellsOfReport));
    },
  };
  return {
    countRecords: () => countExportedReports(db, filter),
    table: (shape) => (shape === 'wide' ? wide : long),
    lines: async function* (walk) {
      for await (const page of records(walk)) yield page.map(filingOf);
    },
  };
}

/** A report as it is shown to a reader; undefined is one who may read everything. */
async function recordOf(db: Db, reader: Reader | undefined, report: ExportedReport): Promise<ReportRecord> {
  const { agencyId, agency, year, revision: number } = report;
  const revision = await findRevision(db, agencyId, year, number);
  if (!revision?.content) throw new Error(`the report of ${agency} for ${year} has no content`);
  const { content, reason } = revision;
  const own = reader && (await findingsCounted(db, reader, report, content));
  return { ...report, ...own, content, reason };
}

/** How many findings a reader is shown; undefined where these are the ones that are kept. */
async function findingsCounted(
  db: Db,
  reader: Reader,
  { agencyId, year, inFull }: ExportedReport,
  content: ReportContent,
): Promise<Pick<ReportRecord, 'errors' | 'warnings'> | undefined> {
  const { before, of } = inFull
    ? await figuresBeforeFor(db, reader, agencyId, year)
    : { before: await figuresBefore(db, agencyId, year, 'ACCEPTED'), of: 'part' };
  if (of === 'whole') return undefined;
  const found = findFaults(content, year, before);
  const countOf = (severity: string) => found.filter((finding) => finding.severity === severity).length;
  return { errors: countOf('error'), warnings: countOf('warning') };
}

/** A report as the filing that would file it, with what is known of it: what is not there is left out. */
function filingOf(record: ReportRecord): unknown {
  const { agency, year, content, reason } = record;
  const { form, figures, publishedItems, engagement, narrative, source } = content;
  const optional = { publishedItems, engagement, narrative, source, reason };
  return {
    agency,
    year,
    form,
    figures: printFigures(formOf(form).cells, figures),
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== null)),
    about: aboutReport(record),
  };
}
