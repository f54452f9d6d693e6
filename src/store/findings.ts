/** The findings of current reports. */

import type { Finding } from '../form/check.js';
import { integer, integers, text } from './engine/column.js';
import { itemsOf, joinedFromList } from './engine/dialect.js';
import { readRows, write } from './engine/run.js';
import type { Db, Trx } from './engine/schema.js';
import { sqlStatement, statement } from './engine/statement.js';

const findingsOfReport = statement<{ reportId: number }>()((db, hole) =>
  db.selectFrom('finding').select('body').where('report_id', '=', hole('reportId')).orderBy('position'),
);

/** The findings of a current report, in the order in which they were found. */
export async function findFindings(db: Db, reportId: number): Promise<Finding[]> {
  const rows = await readRows(db, findingsOfReport, { reportId });
  // The bodies were written by replaceFindings from findings.
  return rows.map((row) => JSON.parse(row.body) as Finding);
}

const findingsOfReports = sqlStatement({
  takes: { reportIds: integers },
  gives: { reportId: integer, body: text },
  text: `select f.report_id as "reportId", f.body from ${itemsOf(':reportIds', 'a')} ${joinedFromList} finding f
    on f.report_id = a.value order by f.report_id, f.position`,
});

/** The findings of some current reports, by their rows; those without any are left out. */
export async function findFindingsOf(db: Db, reportIds: readonly number[]): Promise<Map<number, Finding[]>> {
  const found = new Map<number, Finding[]>();
  for (const { reportId, body } of await readRows(db, findingsOfReports, { reportIds })) {
    const own = found.get(reportId) ?? [];
    // As above.
    own.push(JSON.parse(body) as Finding);
    found.set(reportId, own);
  }
  return found;
}

const noFindings = statement<{ reportId: number }>()((db, hole) =>
  db.deleteFrom('finding').where('report_id', '=', hole('reportId')),
);

const newFinding = sqlStatement({
  takes: { reportId: integer, position: integer, code: text, severity: text, body: text },
  text: `insert into finding (report_id, position, code, severity, body)
    values (:reportId, :position, :code, :severity, :body)`,
});

/** Keeps the findings of a report that has none yet. */
export async function insertFindings(trx: Trx, reportId: number, findings: readonly Finding[]): Promise<void> {
  for (const [position, finding] of findings.entries()) {
    const { code, severity } = finding;
    await write(trx, newFinding, { reportId, position, code, severity, body: JSON.stringify(finding) });
  }
}

/** Puts the findings of a report in the place of those it had. */
export async function replaceFindings(trx: Trx, reportId: number, findings: readonly Finding[]): Promise<void> {
  await write(trx, noFindings, { reportId });
  await insertFindings(trx, reportId, findings);
}

const due = statement()((db) => db.selectFrom('recheck_due').select('agency_id as agencyId').orderBy('agency_id'));

/** The agencies whose findings a migration noted as made by the rules of an earlier version. */
export async function agenciesDue(db: Db): Promise<number[]> {
  return (await readRows(db, due, {})).map(({ agencyId }) => agencyId);
}

const noneDue = statement()((db) => db.deleteFrom('recheck_due'));

/** Says that the findings of every agency are made by the rules of this version. */
export async function clearDue(trx: Trx): Promise<void> {
  await write(trx, noneDue, {});
}
