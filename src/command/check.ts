/** `xiangbao check`: looks for damage in a database or a backup, and tells all of it. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { Problem } from '../problem.js';
import { checkStore } from '../report/integrity.js';
import { recheckDue } from '../report/recheck.js';
import type { Difference } from '../store/check/tables.js';
import { digestDifference, hasDigest } from '../store/engine/backup.js';
import { refuseForeign, requireOwnFile } from '../store/engine/file/own-file.js';
import { isNewest } from '../store/engine/migrate.js';
import { openCopy, openToRead } from '../store/engine/open.js';
import type { Db } from '../store/engine/schema.js';
import { inBoth } from '../words.js';
import { refused } from './shell/failure.js';
import { showProgress } from './shell/progress.js';
import { answer, type Terminal, tell } from './shell/terminal.js';
import { existingDatabaseOf, type Tools } from './shell/tools.js';

/** Adds `check`. It opens the database itself and neither makes nor migrates one. */
export function addCheck(program: Command, tools: Tools): void {
  program
    .command('check')
    .description(
      inBoth({ zh: '检查', en: 'look for damage in the database or in a backup; exit 1 with every difference' }),
    )
    .argument('[file]', inBoth({ zh: '备份文件', en: 'a backup; the database when left out' }))
    .action(async (file: string = existingDatabaseOf(tools)) => {
      if (!existsSync(file)) {
        throw new Problem('invalid-parameter', { zh: `没有数据库 ${file}。`, en: `There is no database at ${file}.` });
      }
      refuseForeign(file);
      const found = await printDamage(file, tools.terminal, () => tools.clock().getTime());
      if (found > 0) tools.endWith(refused);
    });
}

/**
 * Prints every difference found in a file, and returns how many there are. A backup is held to the digest beside it.
 * Nothing is changed in the file; others may write to it. What an earlier version of this program wrote is checked
 * on a copy that is migrated.
 */
export async function printDamage(path: string, terminal: Terminal, now: () => number): Promise<number> {
  let found = 0;
  const onDifference = ({ part, what }: Difference) => {
    found += 1;
    answer(terminal, `${part}: ${what}`);
  };
  const digest = await digestDifference(path);
  if (digest !== undefined) onDifference({ part: 'digest', what: digest });
  const progress = showProgress(terminal, 'check', now);
  const observer = {
    onDifference,
    onProgress: (done: number, total: number, part: string) => progress.update(done, total, part),
  };
  try {
    await withStore(path, terminal, (db) => checkStore(db, observer));
  } catch (error) {
    onDifference({ part: 'file', what: error instanceof Error ? error.message : String(error) });
  }
  progress.stop();
  const against = hasDigest(path) ? ', and is as its digest says' : '';
  const sound = { zh: `${path} 完好。`, en: `${path} is sound${against}.` };
  const damaged = { zh: `${path} 有 ${found} 处问题。`, en: `${found} difference(s) in ${path}.` };
  answer(terminal, found === 0 ? sound : damaged);
  return found;
}

async function withStore(path: string, terminal: Terminal, work: (db: Db) => Promise<void>): Promise<void> {
  requireOwnFile(path);
  const db = openToRead(path);
  try {
    if (await isNewest(db)) return await work(db);
    tell(terminal, {
      zh: `${path} 为旧版结构，检查其迁移后的副本。`,
      en: `${path} has an earlier schema; a migrated copy is checked.`,
    });
    await onMigratedCopy(db, work);
  } finally {
    await db.destroy();
  }
}

async function onMigratedCopy(db: Db, work: (db: Db) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'xiangbao-check-'));
  try {
    const copy = await openCopy(db, join(folder, 'copy.db'));
    if (!copy) throw new Error('a database that is checked is a file');
    await recheckDue(copy)
      .then(() => work(copy))
      .finally(() => copy.destroy());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
