/** Loads the national register that ships in `data/` into a store that has none yet. */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse';
import { packageRoot } from '../root.js';
import { inTransaction } from '../store/engine/commit.js';
import type { Db } from '../store/engine/schema.js';
import {
  type AgencyRow,
  type BasisRow,
  type DivisionRow,
  isRegisterEmpty,
  loadRegister,
  type OtherCodeRow,
  type RegisterRows,
  type SuccessionRow,
} from '../store/register/load/load.js';

/** Told how many rows of the register are in, of how many. */
export type Progress = (loaded: number, total: number) => void;

/**
 * Loads the register when the store has none, in one transaction; true when it did. It begins on 2018-10-31, with some
 * 3,400 divisions and 45,200 agencies since then.
 */
export async function loadNationalRegister(db: Db, onProgress: Progress): Promise<boolean> {
  if (!(await isRegisterEmpty(db))) return false;
  const register = await readNationalRegister();
  return inTransaction(db, {}, async (trx) => {
    // Another process may have loaded it while the files were read.
    if (!(await isRegisterEmpty(trx))) return false;
    await loadRegister(trx, register, onProgress);
    return true;
  });
}

/** The rows of the register that ships with the program. */
export async function readNationalRegister(): Promise<RegisterRows> {
  const [divisions, agencies, successions, bases, otherCodes] = await Promise.all([
    readRows<DivisionRow>('divisions.csv'),
    readRows<AgencyRow>('agencies.csv'),
    readRows<SuccessionRow>('successions.csv'),
    readRows<BasisRow>('bases.csv'),
    readRows<OtherCodeRow>('other-codes.csv'),
  ]);
  return { divisions, agencies, successions, bases, otherCodes };
}

async function readRows<Row>(name: string): Promise<Row[]> {
  const rows: Row[] = [];
  // The columns of the shipped files are those of the row types; a test holds them to it.
  for await (const row of createReadStream(join(packageRoot, 'data', name)).pipe(parse({ columns: true })))
    rows.push(row as Row);
  return rows;
}
