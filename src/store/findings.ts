/** The findings of current reports. */

import type { Finding } from '../form/check.js';
import { integer, listOf } from './engine/column.js';
import { itemsOf, textAt } from './engine/dialect.js';
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

const noFindings = statement<{ reportId: number }>()((db, hole) =>
  db.deleteFrom('finding').where('report_id', '=', hole('reportId')),
);

const newFindings = sqlStatement({
  takes: { reportId: integer, findings: listOf<Finding>() },
  text: `insert into finding (report_id, position, code, severity, body)
    select :reportId, f.key, ${textAt('f.value', 'code')}, ${textAt('f.value', 'severity')}, f.value
    from ${itemsOf(':findings', 'f')}`,
});

/** Puts the findings of a report in the place of those it had. */
export async function replaceFindings(trx: Trx, reportId: number, findings: readonly Finding[]): Promise<void> {
  await write(trx, noFindings, { reportId });
  if (findings.length > 0) await write(trx, newFindings, { reportId, findings });
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
