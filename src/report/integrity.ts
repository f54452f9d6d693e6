/** The use case that looks for damage: everything a database says twice is compared, down to each report's findings. */
import { isDeepStrictEqual } from 'node:util';
import { formOf } from '../form/forms.js';
import type { ReportContent } from '../form/report.js';
import { verifyAudit } from '../store/audit-records.js';
import { inTransaction } from '../store/engine/commit.js';
import { pageDifferences, referenceDifferences, schemaDifferences } from '../store/engine/integrity.js';
import type { Db, Trx } from '../store/engine/schema.js';
import { findFindings } from '../store/findings.js';
import { type Difference, hashDifferences, tableChecks } from '../store/integrity.js';
import { listReports } from '../store/listed-reports.js';
import { findPlacement } from '../store/register/placement.js';
import { acceptedRow, findFigures, type ReportRow } from '../store/reports.js';
import { findRevision } from '../store/revisions.js';
import { verifyRollups } from '../store/rollup/rollup-check.js';
import { acceptedContent, submissionDay } from './current-report.js';
import { findFaults } from './findings.js';
import { figuresBefore } from './recheck.js';

/** What follows a check: it gets each difference as it is found, and how many of how many rows of a part were read. */
export interface CheckObserver {
  readonly onDifference: (difference: Difference) => void;
  readonly onProgress: (done: number, total: number, part: string) => void;
}

/** Reports read at once. */
const pageSize = 200;

/**
 * Compares everything that a database of this program's schema says twice, as it is at one moment: its pages and
 * references, its schema, the content of each revision and its hash, each report and its last revision, the sums and
 * their reports, the findings and what the checks find now, the audit log and what it tells of. A part that cannot be read is a difference, too. The
 * database may be open to be read only.
 */
export async function checkStore(db: Db, observer: CheckObserver): Promise<void> {
  const { onDifference, onProgress } = observer;
  await inTransaction(db, {}, async (trx) => {
    const look = async (part: string, find: (trx: Trx) => readonly string[] | Promise<readonly string[]>) => {
      try {
        for (const what of await find(trx)) onDifference({ part, what });
      } catch (error) {
        onDifference({ part, what: `cannot be read: ${error instanceof Error ? error.message : String(error)}` });
      }
    };
    await look('pages', pageDifferences);
    await look('references', referenceDifferences);
    await look('schema', schemaDifferences);
    for (const { part, find } of tableChecks) await look(part, find);
    await look('revisions', () => hashDifferences(trx, (done, total) => onProgress(done, total, 'revisions')));
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

async function reportDifferences(trx: Trx, onRow: (done: number, total: number) => void): Promise<string[]> {
  const wrong: string[] = [];
  let done = 0;
  for (let after = 0; ; ) {
    const { items, more, total } = await listReports(trx, {}, { first: pageSize, after });
    for (const row of items) {
      const what = await differencesOf(trx, row);
      wrong.push(...what.map((one) => `the report of agency ${row.agencyId} for ${row.year}: ${one}`));
    }
    done += items.length;
    onRow(done, done + (more ? total - done : 0));
    after = items.at(-1)?.id ?? after;
    if (!more) return wrong;
  }
}

/** In what the days of a report and of what was accepted of it, and whether they are in time, differ from what they follow from. */
async function dayDifferences(trx: Trx, row: ReportRow, current: ReportContent): Promise<string[]> {
  const placement = await findPlacement(trx, row.agencyId, row.year);
  if (!placement) return ['its agency is not there on 31 December of its year'];
  const shown = acceptedRow(row);
  const accepted = shown && (await acceptedContent(trx, row, current));
  return [{ row, content: current }, ...(shown && accepted ? [{ row: shown, content: accepted }] : [])].flatMap(
    ({ row: { revision, submittedOn, onTime }, content }) => {
      const day = submissionDay(content, row.filedAt);
      const inTime = submittedOn <= placement.due;
      return [
        ...(day === submittedOn ? [] : [`its revision ${revision} was submitted on ${submittedOn}, not ${day}`]),
        ...(inTime === (onTime === 1) ? [] : [`its revision ${revision} of ${submittedOn} is due on ${placement.due}`]),
      ];
    },
  );
}

/** In what the row of a report, and the findings beside it, differ from what its revision says. */
async function differencesOf(trx: Trx, row: ReportRow): Promise<string[]> {
  const { id, agencyId, year, form } = row;
  const content = (await findRevision(trx, agencyId, year, row.revision))?.content;
  if (!content) return ['it has no revision'];
  if (content.form !== form) return [`its form is ${form}, that of its revision ${content.form}`];
  const { cells } = formOf(form);
  const figures = (await findFigures(trx, agencyId, year, cells))?.figures ?? [];
  const differing = cells.filter(({ at }) => figures[at] !== content.figures[at]);
  const wrong = differing.map(({ key, at }) => `${key} is ${figures[at]}, in its revision ${content.figures[at]}`);
  wrong.push(...(await dayDifferences(trx, row, content)));
  const found = findFaults(content, year, await figuresBefore(trx, agencyId, year, 'ALL'));
  // What was kept went through JSON, which leaves members out that are not defined.
  const kept = await findFindings(trx, id);
  if (!isDeepStrictEqual(kept, JSON.parse(JSON.stringify(found)))) {
    wrong.push(`its findings are not those that the checks of this program find`);
  }
  return wrong;
}
