/** `xiangbao backup` and `xiangbao restore`: a copy of the database, and the way back from it. */

import { existsSync } from 'node:fs';
import { Problem } from '../problem.js';
import { backUp, digestPath, hasDigest, putInPlace } from '../store/engine/backup.js';
import { printDamage } from './check.js';
import { answer, showProgress, type Terminal, tell } from './terminal.js';

/** Backs a database up while others write to it. Throws `invalid-parameter` as `backUp` does. */
export async function backUpTo(database: string, backup: string, terminal: Terminal, now: () => number): Promise<void> {
  const progress = showProgress(terminal, 'backup', now);
  await backUp(database, backup, (done, total) => progress.update(done, total, 'pages')).finally(() => progress.stop());
  answer(terminal, `${backup} holds the database, ${digestPath(backup)} its SHA-256. 备份完成。`);
}

/** What is to be restored, and whether a database that is there may be replaced. */
export interface RestoreRequest {
  readonly backup: string;
  readonly database: string;
  readonly force?: true;
}

/**
 * Puts a backup in the place of the database once it is known to be sound. Returns how many differences kept it from
 * that. Throws `conflict` when there is a database and it may not be replaced, or a process has it open.
 */
export async function restoreFrom(request: RestoreRequest, terminal: Terminal, clock: () => Date): Promise<number> {
  const { backup, database, force } = request;
  if (!existsSync(backup))
    throw new Problem('invalid-parameter', { zh: '没有该备份。', en: `There is no backup at ${backup}.` });
  if (existsSync(database) && !force) {
    throw new Problem('conflict', {
      zh: '数据库已存在，加 --force 替换，原库另存。',
      en: `${database} is there; --force replaces it and keeps it beside.`,
    });
  }
  if (!hasDigest(backup)) {
    tell(terminal, `There is no ${digestPath(backup)}: only the content is checked. 没有摘要文件，只检查内容。`);
  }
  const found = await printDamage(backup, terminal, () => clock().getTime());
  if (found > 0) return found;
  const replaced = await putInPlace(backup, database, clock());
  if (replaced !== undefined) answer(terminal, `What was there is ${replaced}. 原数据库另存于此。`);
  answer(terminal, `${database} is restored from ${backup}. 已恢复。`);
  return 0;
}
