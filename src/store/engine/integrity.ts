/** What in a database is damaged as far as the engine itself can tell: its pages, references and schema. */
import { asProblem } from './failure.js';
import { openStore } from './open.js';
import type { Db } from './schema.js';
import { readerOf, storeOf } from './store.js';

/** Faults told of one part; a damaged page can be at fault for thousands. */
export const maxListed = 1000;

/** What is wrong with the pages and indexes of the file. */
export function pageDifferences(db: Db): string[] {
  return read<{ integrity_check: string }>(db, `pragma integrity_check(${maxListed})`)
    .map((row) => row.integrity_check)
    .filter((text) => text !== 'ok');
}

/** Rows that refer to what is not there. */
export function referenceDifferences(db: Db): string[] {
  return read<{ table: string; rowid: number | null; parent: string }>(db, 'pragma foreign_key_check')
    .slice(0, maxListed)
    .map(({ table, rowid, parent }) => `row ${rowid} of ${table} refers to no row of ${parent}`);
}

/** Tables, indexes and triggers that are not those of this program. */
export async function schemaDifferences(db: Db): Promise<string[]> {
  const fresh = await openStore('sqlite::memory:');
  const expected = schemaOf(fresh);
  await fresh.destroy();
  const found = new Map(schemaOf(db).map(({ name, sql }) => [name, sql]));
  const differing = expected.filter(({ name, sql }) => found.get(name) !== sql).map(({ name }) => name);
  const known = new Set(expected.map(({ name }) => name));
  const unknown = [...found.keys()].filter((name) => !known.has(name));
  return [
    ...differing.map((name) => `${name} is not what this program made`),
    ...unknown.map((name) => `${name} is none of this program's`),
  ];
}

function schemaOf(db: Db): { readonly name: string; readonly sql: string }[] {
  return read(
    db,
    "select name, sql from sqlite_schema where sql is not null and name not like 'sqlite\\_%' escape '\\' order by name",
  );
}

/** The types are those that SQLite documents for these pragmas and its own table. */
function read<Row>(db: Db, text: string): Row[] {
  try {
    return (readerOf(db) ?? storeOf(db).write).prepare(text).all() as Row[];
  } catch (error) {
    throw asProblem(error);
  }
}
