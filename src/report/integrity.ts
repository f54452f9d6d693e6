/** The use case that looks for damage: everything a database says twice is compared, down to each report's findings. */
import { hash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Finding, YearBefore } from '../form/check.js';
import { formOf } from '../form/forms.js';
import type { ReportContent } from '../form/report.js';
import { verifyAudit } from '../store/audit-records.js';
import { agenciesWithOrigins, type CheckedReport, pagesOfReports } from '../store/check/reports.js';
import { hashDifferences } from '../store/check/revisions.js';
import { type Difference, tableChecks } from '../store/check/tables.js';
import { unpackFigures } from '../store/columns.js';
import { decodeContent } from '../store/contents.js';
import { inTransaction } from '../store/engine/commit.js';
import { pageDifferences, referenceDifferences, schemaDifferences } from '../store/engine/integrity.js';
import type { Db, Trx } from '../store/engine/schema.js';
import { everyDocument, unpackDocument, unreferredDocuments } from '../store/filings/documents.js';
import { findFindingsOf } from '../store/findings.js';
import { filerOfKind } from '../store/register/deadlines.js';
import { placeCounty } from '../store/register/placement.js';
import { verifyRollups } from '../store/rollup/rollup-check.js';
import { submissionDay } from './current-report.js';
import { findFaults } from './findings.js';
import { figuresBefore } from './recheck.js';

/** What follows a check: it gets each difference as it is found, and how many of how many rows of a part were read. */
export interface CheckObserver {
  readonly onDifference: (difference: Difference) => void;
  readonly onProgress: (done: number, total: number, part: string) => void;
}

/**
 * Compares everything that a database of this program's schema says twice, as it is at one moment: its pages and
 * references, its schema, the content of each revision and its hash, each report and its last revision, the sums and
 * their reports, the findings and what the checks find now, the audit log and what it tells of. A part that cannot be
 * read is a difference, too. The database may be open to be read only.
 */
export async function checkStore(db: Db, observer: CheckObserver): Promise<void> {
  const { onDifference, onProgress } = observer;
  await inTransaction(db, {}, async (trx) => {
    const look = async (part: string, find: (trx: Trx) => Found | Promise<Found>) => {
      try {
        for await (const what of await find(trx)) onDifference({ part, what });
      } catch (error) {
        onDifference({ part, what: `cannot be read: ${error instanceof Error ? error.message : String(error)}` });
      }
    };
    await look('pages', pageDifferences);
    await look('references', referenceDifferences);
    await look('schema', schemaDifferences);
    for (const { part, find } of tableChecks) await look(part, find);
    await look('revisions', () => hashDifferences(trx, (done, total) => onProgress(done, total, 'revisions')));
    await look('documents', () => documentDifferences(trx));
    await look('reports', () => reportDifferences(trx, (done, total) => onProgress(done, total, 'reports')));
    await look('audit', async () => (await verifyAudit(trx)).faults.map(({ message }) => message.en));
    await look('rollups', async () =>
      (await verifyRollups(trx)).map(
        ({ division, inclusion, year, kind, figure, kept, sum }) =>
          `${division} ${inclusion} ${year} ${kind} ${figure}: kept ${kept}, the reports add up to ${sum}`,
      ),
    );
  });
}

/** Documents that are not what their hashes say, or that nothing refers to. */
async function* documentDifferences(trx: Trx): AsyncGenerator<string> {
  for await (const packed of everyDocument(trx)) {
    const { hash: kept, bytes } = packed;
    const content = await unpackDocument(packed).catch(() => undefined);
    if (content?.length !== bytes || hash('sha256', content) !== kept) yield `the document ${kept} is not as it came`;
  }
  for (const kept of await unreferredDocuments(trx)) yield `nothing refers to the document ${kept}`;
}

/** Differences: all of them, or one after another as they are found. */
type Found = readonly string[] | AsyncIterable<string>;

/** What is read once for many reports. */
interface Known {
  /** The agencies whose year before is made up of several. */
  readonly withOrigins: ReadonlySet<number>;
  /** The last day to file, by county, year and whose day it is. */
  readonly due: Map<string, string>;
  /** The report that was read before, which is often that of the year before. */
  before?: { readonly agencyId: number; readonly year: number; readonly said: YearBefore };
}

async function* reportDifferences(trx: Trx, onRow: (done: number, total: number) => void): AsyncGenerator<string> {
  const known: Known = { withOrigins: await agenciesWithOrigins(trx), due: new Map() };
  let done = 0;
  for await (const { reports, total } of pagesOfReports(trx)) {
    const ids = reports.map(({ id }) => id);
    const kept = await findFindingsOf(trx, ids);
    for (const row of reports) {
      for (const what of await differencesOf(trx, row, kept.get(row.id) ?? [], known)) {
        yield `the report of agency ${row.agencyId} for ${row.year}: ${what}`;
      }
    }
    done += reports.length;
    onRow(done, total);
  }
}

/** In what the row of a report, and the findings beside it, differ from what its revision says. */
async function differencesOf(trx: Trx, row: CheckedReport, kept: readonly Finding[], known: Known): Promise<string[]> {
  const { agencyId, year, form } = row;
  const figures = unpackFigures(row.figures);
  const before = await yearBefore(trx, row, known);
  known.before = { agencyId, year, said: { forms: [form], figures } };
  const content = row.content === null ? null : decodeContent(row.content);
  if (!content) return ['it has no revision'];
  if (content.form !== form) return [`its form is ${form}, that of its revision ${content.form}`];
  const differing = formOf(form).cells.filter(({ at }) => figures[at] !== content.figures[at]);
  const wrong = differing.map(({ key, at }) => `${key} is ${figures[at]}, in its revision ${content.figures[at]}`);
  wrong.push(...(await dayDifferences(trx, row, content, known)));
  const found = findFaults(content, year, before);
  // What was kept went through JSON, which leaves members out that are not defined.
  if (found.length !== kept.length || !isDeepStrictEqual(kept, JSON.parse(JSON.stringify(found)))) {
    wrong.push(`its findings are not those that the checks of this program find`);
  }
  return wrong;
}

/** What was said of the year before: by the report that was just read, unless others went into its agency. */
async function yearBefore(
  trx: Trx,
  { agencyId, year }: CheckedReport,
  { withOrigins, before }: Known,
): Promise<YearBefore | undefined> {
  if (withOrigins.has(agencyId)) return figuresBefore(trx, agencyId, year, 'ALL');
  return before?.agencyId === agencyId && before.year === year - 1 ? before.said : undefined;
}

/** In what the days of a report and of what was accepted of it, and whether they are in time, differ from what they follow from. */
async function dayDifferences(trx: Trx, row: CheckedReport, current: ReportContent, known: Known): Promise<string[]> {
  const due = await dueDay(trx, row, known);
  if (due === undefined) return ['its agency is not there on 31 December of its year'];
  const { filedAt, revision, submittedOn, onTime, acceptedRevision, acceptedOn, acceptedOnTime, otherAccepted } = row;
  const shown = [{ content: current, revision, submittedOn, onTime }];
  if (acceptedRevision !== null && acceptedOn !== null) {
    const content =
      acceptedRevision === revision ? current : otherAccepted === null ? null : decodeContent(otherAccepted);
    const accepted = { revision: acceptedRevision, submittedOn: acceptedOn, onTime: acceptedOnTime };
    if (content) shown.push({ content, ...accepted });
  }
  return shown.flatMap(({ content, revision, submittedOn, onTime }) => {
    const day = submissionDay(content, filedAt);
    const inTime = submittedOn <= due;
    return [
      ...(day === submittedOn ? [] : [`its revision ${revision} was submitted on ${submittedOn}, not ${day}`]),
      ...(inTime === (onTime === 1) ? [] : [`its revision ${revision} of ${submittedOn} is due on ${due}`]),
    ];
  });
}

async function dueDay(trx: Trx, { countyId, kind, year }: CheckedReport, { due }: Known): Promise<string | undefined> {
  if (countyId === null || kind === null) return undefined;
  const filer = filerOfKind(kind);
  const key = `${countyId} ${year} ${filer}`;
  const day = due.get(key) ?? (await placeCounty(trx, countyId, year, filer)).due;
  due.set(key, day);
  return day;
}
