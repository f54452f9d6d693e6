/** Which agencies went into which others, and when. */
import { readRows, write } from '../engine/run.js';
import type { Db, Trx } from '../engine/schema.js';
import { statement } from '../engine/statement.js';

const newSuccession = statement<{ predecessorId: number; successorId: number; on: string }>()((db, hole) =>
  db.insertInto('succession').values({
    predecessor_id: hole('predecessorId'),
    successor_id: hole('successorId'),
    merged_on: hole('on'),
  }),
);

/** Records that one agency went into another on a day. */
export async function insertSuccession(
  trx: Trx,
  predecessorId: number,
  successorId: number,
  on: string,
): Promise<void> {
  await write(trx, newSuccession, { predecessorId, successorId, on });
}

const noSuccessions = statement<{ predecessorId: number }>()((db, hole) =>
  db.deleteFrom('succession').where('predecessor_id', '=', hole('predecessorId')),
);

/** Takes back into what an agency went. */
export async function deleteSuccessions(trx: Trx, predecessorId: number): Promise<void> {
  await write(trx, noSuccessions, { predecessorId });
}

const predecessors = statement<{ id: number }>()((db, hole) =>
  db
    .selectFrom('succession')
    .select(['predecessor_id as id', 'merged_on as on'])
    .where('successor_id', '=', hole('id'))
    .orderBy('merged_on'),
);

/** The agencies that went into one, with the day. */
export async function predecessorsOf(db: Db, id: number): Promise<{ id: number; on: string }[]> {
  return readRows(db, predecessors, { id });
}

const successors = statement<{ id: number }>()((db, hole) =>
  db
    .selectFrom('succession')
    .select(['successor_id as id', 'merged_on as on'])
    .where('predecessor_id', '=', hole('id'))
    .orderBy('merged_on'),
);

/** The agencies that one went into, with the day. */
export async function successorsOf(db: Db, id: number): Promise<{ id: number; on: string }[]> {
  return readRows(db, successors, { id });
}
