/** How long the national register takes to load, in this process, beside its files parsed and inserted bare. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { parse } from 'csv-parse/sync';
import { loadNationalRegister } from '../../src/register/load.js';
import { packageRoot } from '../../src/root.js';
import { openStore } from '../../src/store/engine/open.js';

/** Loads it into a store in memory; returns the seconds that took. */
export async function loadRegisterOnce(): Promise<number> {
  const db = await openStore('sqlite::memory:');
  try {
    return await timed(() => loadNationalRegister(db, () => {}));
  } finally {
    await db.destroy();
  }
}

/** Parses the same files and inserts their rows as they are, into one table each; returns the seconds that took. */
export async function insertRegisterBare(): Promise<number> {
  const db = new Sqlite(':memory:');
  try {
    return await timed(async () => {
      for (const name of ['divisions', 'agencies', 'successions', 'bases', 'other-codes']) {
        const rows: string[][] = parse(readFileSync(join(packageRoot, 'data', `${name}.csv`)), { from_line: 2 });
        const columns = (rows[0] ?? []).map((_, index) => `c${index}`);
        db.exec(`create table "${name}" (${columns.join(', ')})`);
        const insert = db.prepare(`insert into "${name}" values (${columns.map(() => '?').join(', ')})`);
        db.transaction(() => {
          for (const row of rows) insert.run(row);
        })();
      }
    });
  } finally {
    db.close();
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}
