/** What was said to be different about an agency from a day on. Its states are worked out from these and its first. */
import type { AgencyKind } from '../../words.js';
import { readRows, write } from '../engine/run.js';
import type { Db, Trx } from '../engine/schema.js';
import { statement } from '../engine/statement.js';

/** What is different from a day on; null is as before. */
export interface KeptChange {
  readonly validFrom: string;
  readonly code: string | null;
  readonly name: string | null;
  readonly kind: AgencyKind | null;
  readonly countyId: number | null;
}

const changes = statement<{ agencyId: number }>()((db, hole) =>
  db
    .selectFrom('agency_change')
    .select(['valid_from as validFrom', 'code', 'name', 'kind', 'county_id as countyId'])
    .where('agency_id', '=', hole('agencyId'))
    .orderBy('valid_from'),
);

/** The changes of an agency after its first state, by day. */
export async function changesOf(db: Db, agencyId: number): Promise<KeptChange[]> {
  return readRows(db, changes, { agencyId });
}

const keptChange = statement<KeptChange & { readonly agencyId: number }>()((db, hole) =>
  db
    .insertInto('agency_change')
    .values({
      agency_id: hole('agencyId'),
      valid_from: hole('validFrom'),
      code: hole('code'),
      name: hole('name'),
      kind: hole('kind'),
      county_id: hole('countyId'),
    })
    .onConflict((conflict) =>
      conflict.columns(['agency_id', 'valid_from']).doUpdateSet(({ ref }) => ({
        code: ref('excluded.code'),
        name: ref('excluded.name'),
        kind: ref('excluded.kind'),
        county_id: ref('excluded.county_id'),
      })),
    ),
);

/** Keeps a change; a second one of the same day replaces it. */
export async function setChange(trx: Trx, agencyId: number, change: KeptChange): Promise<void> {
  await write(trx, keptChange, { agencyId, ...change });
}

const noChange = statement<{ agencyId: number; validFrom: string }>()((db, hole) =>
  db.deleteFrom('agency_change').where('agency_id', '=', hole('agencyId')).where('valid_from', '=', hole('validFrom')),
);

/** Takes the change of a day back. */
export async function deleteChange(trx: Trx, agencyId: number, validFrom: string): Promise<void> {
  await write(trx, noChange, { agencyId, validFrom });
}
