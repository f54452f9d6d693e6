/** Exemptions of agencies from filing. */
import { integer, integers } from '../engine/column.js';
import { isIn } from '../engine/dialect.js';
import { findRow, readRows, write } from '../engine/run.js';
import type { Db, Trx } from '../engine/schema.js';
import { sqlStatement, statement } from '../engine/statement.js';

/** An exemption from filing for one year. */
export interface Exemption {
  readonly year: number;
  readonly reason: string;
  readonly recordedBy: string;
  readonly recordedAt: string;
}

const keptExemption = statement<Exemption & { readonly agencyId: number }>()((db, hole) =>
  db
    .insertInto('exemption')
    .values({
      agency_id: hole('agencyId'),
      year: hole('year'),
      reason: hole('reason'),
      recorded_by: hole('recordedBy'),
      recorded_at: hole('recordedAt'),
    })
    .onConflict((conflict) =>
      conflict.columns(['agency_id', 'year']).doUpdateSet(({ ref }) => ({
        reason: ref('excluded.reason'),
        recorded_by: ref('excluded.recorded_by'),
        recorded_at: ref('excluded.recorded_at'),
      })),
    ),
);

/** Exempts an agency for a year; a second call replaces the reason. */
export async function setExemption(trx: Trx, agencyId: number, exemption: Exemption): Promise<void> {
  await write(trx, keptExemption, { agencyId, ...exemption });
}

const noExemption = statement<{ agencyId: number; year: number }>()((db, hole) =>
  db.deleteFrom('exemption').where('agency_id', '=', hole('agencyId')).where('year', '=', hole('year')),
);

/** Takes an exemption back; false when there was none. */
export async function deleteExemption(trx: Trx, agencyId: number, year: number): Promise<boolean> {
  return (await write(trx, noExemption, { agencyId, year })) > 0;
}

const exemptions = statement<{ agencyId: number }>()((db, hole) =>
  db
    .selectFrom('exemption')
    .select(['year', 'reason', 'recorded_by as recordedBy', 'recorded_at as recordedAt'])
    .where('agency_id', '=', hole('agencyId'))
    .orderBy('year'),
);

/** The years for which an agency is exempted. */
export async function exemptionsOf(db: Db, agencyId: number): Promise<Exemption[]> {
  return readRows(db, exemptions, { agencyId });
}

const exemptionsOfMany = sqlStatement({
  takes: { agencyIds: integers },
  gives: { agencyId: integer, year: integer },
  text: `select agency_id as "agencyId", year from exemption where ${isIn('agency_id', ':agencyIds')}`,
});

/** The years for which some agencies are exempted. */
export async function exemptedYears(
  db: Db,
  agencyIds: readonly number[],
): Promise<{ agencyId: number; year: number }[]> {
  return readRows(db, exemptionsOfMany, { agencyIds });
}

const exemption = statement<{ agencyId: number; year: number }>()((db, hole) =>
  db.selectFrom('exemption').select('year').where('agency_id', '=', hole('agencyId')).where('year', '=', hole('year')),
);

/** Whether an agency is exempted for a year. */
export async function isExempt(db: Db, agencyId: number, year: number): Promise<boolean> {
  return (await findRow(db, exemption, { agencyId, year })) !== undefined;
}
