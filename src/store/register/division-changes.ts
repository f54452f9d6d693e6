/** What was said to change about divisions, and territory that came from one to another. */
import type { EdgeKind } from '../../words.js';
import { edgeKinds } from '../../words.js';
import { integer, oneOf, text } from '../engine/column.js';
import { readRows, write } from '../engine/run.js';
import type { Db, Trx } from '../engine/schema.js';
import { sqlStatement, statement } from '../engine/statement.js';

/** What is different about a division from a day on; null is as before. */
export interface KeptDivisionChange {
  readonly validFrom: string;
  readonly code: string | null;
  readonly name: string | null;
  readonly parentId: number | null;
}

const changes = statement<{ divisionId: number }>()((db, hole) =>
  db
    .selectFrom('division_change')
    .select(['valid_from as validFrom', 'code', 'name', 'parent_id as parentId'])
    .where('division_id', '=', hole('divisionId'))
    .orderBy('valid_from'),
);

/** The changes of a division after its first state, by day. */
export async function divisionChangesOf(db: Db, divisionId: number): Promise<KeptDivisionChange[]> {
  return readRows(db, changes, { divisionId });
}

const keptChange = statement<KeptDivisionChange & { readonly divisionId: number }>()((db, hole) =>
  db
    .insertInto('division_change')
    .values({
      division_id: hole('divisionId'),
      valid_from: hole('validFrom'),
      code: hole('code'),
      name: hole('name'),
      parent_id: hole('parentId'),
    })
    .onConflict((conflict) =>
      conflict.columns(['division_id', 'valid_from']).doUpdateSet(({ ref }) => ({
        code: ref('excluded.code'),
        name: ref('excluded.name'),
        parent_id: ref('excluded.parent_id'),
      })),
    ),
);

/** Keeps a change of a division; a second one of the same day replaces it. */
export async function setDivisionChange(trx: Trx, divisionId: number, change: KeptDivisionChange): Promise<void> {
  await write(trx, keptChange, { divisionId, ...change });
}

const noChange = statement<{ divisionId: number; validFrom: string }>()((db, hole) =>
  db
    .deleteFrom('division_change')
    .where('division_id', '=', hole('divisionId'))
    .where('valid_from', '=', hole('validFrom')),
);

/** Takes the change of a day back. */
export async function deleteDivisionChange(trx: Trx, divisionId: number, validFrom: string): Promise<void> {
  await write(trx, noChange, { divisionId, validFrom });
}

/** Territory of a division that came to another on a day: all of it (`MERGE`) or a part. */
export interface DivisionEdge {
  readonly fromId: number;
  readonly toId: number;
  readonly effective: string;
  readonly kind: EdgeKind;
}

const edges = sqlStatement({
  takes: { divisionId: integer },
  gives: { fromId: integer, toId: integer, effective: text, kind: oneOf(edgeKinds) },
  text: `select from_id as "fromId", to_id as "toId", effective, kind from division_edge where from_id = :divisionId
    union all
    select from_id, to_id, effective, kind from division_edge where to_id = :divisionId
    order by effective, "fromId", "toId"`,
});

/** Every edge that begins or ends at a division, by day. */
export async function divisionEdgesOf(db: Db, divisionId: number): Promise<DivisionEdge[]> {
  return readRows(db, edges, { divisionId });
}

const newEdge = statement<DivisionEdge>()((db, hole) =>
  db.insertInto('division_edge').values({
    from_id: hole('fromId'),
    to_id: hole('toId'),
    effective: hole('effective'),
    kind: hole('kind'),
  }),
);

/** Records that territory of one division comes to another on a day. */
export async function insertDivisionEdge(trx: Trx, edge: DivisionEdge): Promise<void> {
  await write(trx, newEdge, edge);
}

const noEdges = statement<{ fromId: number; effective: string }>()((db, hole) =>
  db.deleteFrom('division_edge').where('from_id', '=', hole('fromId')).where('effective', '=', hole('effective')),
);

/** Takes back what came from a division to others on a day. */
export async function deleteDivisionEdges(trx: Trx, fromId: number, effective: string): Promise<void> {
  await write(trx, noEdges, { fromId, effective });
}
