/** Loads the national register that ships in `data/` into a store that has none yet. */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse';
import { packageRoot } from '../root.js';
import { inTransaction } from '../store/engine/commit.js';
import type { Db } from '../store/engine/schema.js';
import { type AgencyRow, type DivisionRow, isRegisterEmpty, loadRegister } from '../store/register/load.js';

/** Told how many rows of the register are in, of how many. */
export type Progress = (loaded: number, total: number) => void;

/**
 * Loads the register when the store has none, in one transaction; true when it did. The nation has
 * 3,352 divisions and 41,352 agencies.
 */
export async function loadNationalRegister(db: Db, onProgress: Progress): Promise<boolean> {
  if (!(await isRegisterEmpty(db))) return false;
  const folder = join(packageRoot, 'data');
  const [divisions, agencies] = await Promise.all([
    readRows<DivisionRow>(join(folder, 'divisions.csv')),
    readRows<AgencyRow>(join(folder, 'agencies.csv')),
  ]);
  return inTransaction(db, {}, async (trx) => {
    // Another process may have loaded it while the files were read.
    if (!(await isRegisterEmpty(trx))) return false;
    await loadRegister(trx, divisions, agencies, onProgress);
    return true;
  });
}

async function readRows<Row>(file: string): Promise<Row[]> {
  const rows: Row[] = [];
  // The columns of the shipped files are those of the row types; a test holds them to it.
  for await (const row of createReadStream(file).pipe(parse({ columns: true }))) rows.push(row as Row);
  return rows;
}
