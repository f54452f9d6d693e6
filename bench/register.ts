/** How long the national register takes to load, in this process, beside its files parsed and inserted bare. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { parse } from 'csv-parse/sync';
import { loadNationalRegister } from '../src/register/load.js';
import { packageRoot } from '../src/root.js';
import { openStore } from '../src/store/engine/open.js';
import type { Round } from './load.js';

/** Loads it into a store in memory; the rate is loads a second. */
export async function loadRegisterOnce(): Promise<Round> {
  const db = await openStore('sqlite::memory:');
  try {
    return await timed(() => loadNationalRegister(db, () => {}));
  } finally {
    await db.destroy();
  }
}

/** Parses the same files and inserts their rows as they are, into one table each. */
export async function insertRegisterBare(): Promise<Round> {
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

async function timed(work: () => Promise<unknown>): Promise<Round> {
  const begun = performance.now();
  await work();
  return { rate: 1000 / (performance.now() - begun), p50: 0, p99: 0 };
}
