/** Bulk imports as they are kept: each with its request and how far it came, its items in their order. */
import { integer, nullable, oneOf, optional, text } from './engine/column.js';
import { findRow, readRows, write } from './engine/run.js';
import { type Db, importStates, type Trx } from './engine/schema.js';
import { sqlStatement, statement } from './engine/statement.js';

/** Where an import is. */
export type ImportState = (typeof importStates)[number];

/** An import as it is kept. What is JSON is written and read by the use case. */
export interface ImportRow {
  readonly id: string;
  readonly state: ImportState;
  readonly request: string;
  readonly actor: string;
  /** Whose rights it has; null is the operator of the machine. */
  readonly tokenId: number | null;
  readonly bytes: number;
  /** SHA-256 of what was sent, in hexadecimal; null of imports of earlier versions. */
  readonly digest: string | null;
  readonly tally: string;
  /** What is kept of the outcomes of its items, in bytes. */
  readonly itemBytes: number;
  /** The mark of the process that works on it; null when none does. */
  readonly process: string | null;
  /** How often it was begun since it last came further, but for the times that ended in a stop. */
  readonly attempts: number;
  readonly problem: string | null;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

const columns = [
  'id',
  'state',
  'request',
  'actor',
  'token_id as tokenId',
  'bytes',
  'digest',
  'tally',
  'item_bytes as itemBytes',
  'process',
  'attempts',
  'problem',
  'created_at as createdAt',
  'finished_at as finishedAt',
] as const;

type NewImport = Omit<ImportRow, 'problem' | 'finishedAt' | 'itemBytes' | 'attempts'>;

const newImport = statement<NewImport>()((db, hole) =>
  db.insertInto('import').values({
    id: hole('id'),
    state: hole('state'),
    request: hole('request'),
    actor: hole('actor'),
    token_id: hole('tokenId'),
    bytes: hole('bytes'),
    digest: hole('digest'),
    tally: hole('tally'),
    process: hole('process'),
    created_at: hole('createdAt'),
  }),
);

/** Keeps a new import. */
export async function insertImport(trx: Trx, row: NewImport): Promise<void> {
  await write(trx, newImport, row);
}

const importOfId = statement<{ id: string }>()((db, hole) =>
  db.selectFrom('import').select(columns).where('id', '=', hole('id')),
);

/** The import of that name; undefined when there is none (any more). */
export async function findImport(db: Db, id: string): Promise<ImportRow | undefined> {
  return findRow(db, importOfId, { id });
}

const unfinished = statement()((db) =>
  db.selectFrom('import').select(columns).where('finished_at', 'is', null).orderBy('created_at').orderBy('id'),
);

/** The imports that have not come to an end, the oldest first. */
export async function unfinishedImports(db: Db): Promise<ImportRow[]> {
  return readRows(db, unfinished);
}

const everyImport = statement()((db) =>
  db.selectFrom('import').select(['id', 'token_id as tokenId', 'item_bytes as itemBytes', 'finished_at as finishedAt']),
);

/** All imports that are kept: whose each is, its end, and what is kept of its items. */
export async function keptImports(db: Db): Promise<Pick<ImportRow, 'id' | 'tokenId' | 'itemBytes' | 'finishedAt'>[]> {
  return readRows(db, everyImport);
}

const changedImport = sqlStatement({
  takes: {
    id: text,
    state: optional(oneOf(importStates)),
    tally: optional(text),
    itemBytes: optional(integer),
    process: optional(nullable(text)),
    attempts: optional(integer),
    problem: optional(text),
    finishedAt: optional(text),
  },
  // There is always something to set.
  text: (has) => `update import set actor = actor
    ${has.state ? ', state = :state' : ''} ${has.tally ? ', tally = :tally' : ''}
    ${has.itemBytes ? ', item_bytes = :itemBytes' : ''} ${has.process ? ', process = :process' : ''}
    ${has.attempts ? ', attempts = :attempts' : ''} ${has.problem ? ', problem = :problem' : ''}
    ${has.finishedAt ? ', finished_at = :finishedAt' : ''} where id = :id`,
});

/** Sets what is given of an import. */
export async function updateImport(
  trx: Trx,
  id: string,
  change: Partial<Pick<ImportRow, 'state' | 'tally' | 'itemBytes' | 'process' | 'attempts' | 'problem' | 'finishedAt'>>,
): Promise<void> {
  const { problem, finishedAt, ...others } = change;
  await write(trx, changedImport, {
    ...others,
    id,
    problem: problem ?? undefined,
    finishedAt: finishedAt ?? undefined,
  });
}

const noImport = statement<{ id: string }>()((db, hole) => db.deleteFrom('import').where('id', '=', hole('id')));

/** Deletes an import and what became of its items; what it filed stays. */
export async function deleteImport(trx: Trx, id: string): Promise<void> {
  await write(trx, noImport, { id });
}

const noOldItems = sqlStatement({
  takes: { before: text, limit: integer },
  text: `delete from import_item where (import_id, position) in (
    select i.import_id, i.position from import m join import_item i on i.import_id = m.id
    where m.finished_at < :before limit :limit)`,
});

const noOldImports = statement<{ before: string }>()((db, hole) =>
  db.deleteFrom('import').where('finished_at', '<', hole('before')),
);

/**
 * Deletes the imports that came to an end before an instant, of their items at most so many; true once all is gone.
 */
export async function deleteImportsBefore(trx: Trx, instant: string, most: number): Promise<boolean> {
  if ((await write(trx, noOldItems, { before: instant, limit: most })) === most) return false;
  await write(trx, noOldImports, { before: instant });
  return true;
}

const newItem = statement<{ id: string; position: number; body: string }>()((db, hole) =>
  db.insertInto('import_item').values({ import_id: hole('id'), position: hole('position'), body: hole('body') }),
);

/** Keeps what became of some items, JSON each, the first at a position from 1. */
export async function insertItems(trx: Trx, id: string, from: number, bodies: readonly string[]): Promise<void> {
  for (const [index, body] of bodies.entries()) await write(trx, newItem, { id, position: from + index, body });
}

const someItems = sqlStatement({
  takes: { id: text, limit: integer },
  text: `delete from import_item where import_id = :id and position in
    (select i.position from import_item i where i.import_id = :id limit :limit)`,
});

/** Deletes at most so many of the items of an import; true once there are none. */
export async function deleteSomeItems(trx: Trx, id: string, most: number): Promise<boolean> {
  return (await write(trx, someItems, { id, limit: most })) < most;
}

const noItems = statement<{ id: string }>()((db, hole) =>
  db.deleteFrom('import_item').where('import_id', '=', hole('id')),
);

/** Forgets what became of the items of an import that begins from the start. */
export async function deleteItems(trx: Trx, id: string): Promise<void> {
  await write(trx, noItems, { id });
}

const itemsAfter = statement<{ id: string; after: number; limit: number }>()((db, hole) =>
  db
    .selectFrom('import_item')
    .select(['position', 'body'])
    .where('import_id', '=', hole('id'))
    .where('position', '>', hole('after'))
    .orderBy('position')
    .limit(hole('limit')),
);

/** What became of the items after a position, in their order. */
export async function listItems(
  db: Db,
  id: string,
  page: { readonly first: number; readonly after: number },
): Promise<{ position: number; body: string }[]> {
  return readRows(db, itemsAfter, { id, after: page.after, limit: page.first });
}
