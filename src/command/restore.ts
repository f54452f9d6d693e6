/** `xiangbao restore`: a backup in the place of the database. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { Problem } from '../problem.js';
import { digestPath, hasDigest, putInPlace } from '../store/engine/backup.js';
import { requireReplaceable } from '../store/engine/file/own-file.js';
import { inBoth } from '../words.js';
import { printDamage } from './check.js';
import { refused } from './shell/failure.js';
import { answer, type Terminal, tell } from './shell/terminal.js';
import { databaseFileOf, type Tools } from './shell/tools.js';

/** Adds `restore`. */
export function addRestore(program: Command, tools: Tools): void {
  program
    .command('restore')
    .description(
      inBoth({
        zh: '恢复',
        en: 'put a backup in the place of the database, once it is known to be sound; stop the server first',
      }),
    )
    .argument('<file>', inBoth({ zh: '备份文件', en: 'the backup' }))
    .option(
      '--force',
      inBoth({ zh: '替换现有数据库，原库另存', en: 'replace the database that is there, and keep it beside' }),
    )
    .action(async (backup: string, { force }: { readonly force?: true }) => {
      const request = { backup, database: databaseFileOf(tools), ...(force && { force }) };
      if ((await restoreFrom(request, tools.terminal, tools.clock)) > 0) tools.endWith(refused);
    });
}

/** What is to be restored, and whether a database that is there may be replaced. */
export interface RestoreRequest {
  readonly backup: string;
  readonly database: string;
  readonly force?: true;
}

/**
 * Puts a backup in the place of the database once it is known to be sound. Returns how many differences kept it from
 * that. Throws `conflict` when there is a database and it may not be replaced, or a process has it open, and a refusal
 * when it is another application's.
 */
export async function restoreFrom(request: RestoreRequest, terminal: Terminal, clock: () => Date): Promise<number> {
  const { backup, database, force } = request;
  requireReplaceable(database);
  if (!existsSync(backup))
    throw new Problem('invalid-parameter', { zh: `没有备份 ${backup}。`, en: `There is no backup at ${backup}.` });
  if (existsSync(database) && !force) {
    throw new Problem('conflict', {
      zh: `${database} 已存在；加 --force 替换，原库另存。`,
      en: `${database} is there; --force replaces it and keeps it beside.`,
    });
  }
  if (!hasDigest(backup)) {
    tell(terminal, {
      zh: `没有 ${digestPath(backup)}，只检查内容。`,
      en: `There is no ${digestPath(backup)}: only the content is checked.`,
    });
  }
  const found = await printDamage(backup, terminal, () => clock().getTime());
  if (found > 0) return found;
  const replaced = await putInPlace(backup, database, clock());
  if (replaced !== undefined) {
    answer(terminal, { zh: `原数据库另存为 ${replaced}。`, en: `What was there is ${replaced}.` });
  }
  answer(terminal, { zh: `已由 ${backup} 恢复 ${database}。`, en: `${database} is restored from ${backup}.` });
  return 0;
}
