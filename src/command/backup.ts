/** `xiangbao backup`: a copy of the database, its SHA-256 beside. */
import type { Command } from 'commander';
import { backUp, digestPath } from '../store/engine/backup.js';
import { inBoth } from '../words.js';
import { showProgress } from './shell/progress.js';
import { answer, type Terminal } from './shell/terminal.js';
import { existingDatabaseOf, type Tools } from './shell/tools.js';

/** Adds `backup`. */
export function addBackup(program: Command, tools: Tools): void {
  const now = () => tools.clock().getTime();
  program
    .command('backup')
    .description(
      inBoth({ zh: '备份', en: 'copy the database into a file, its SHA-256 beside, while a server goes on writing' }),
    )
    .argument('<file>', inBoth({ zh: '尚不存在的文件', en: 'a file that is not there yet' }))
    .action((file: string) => backUpTo(existingDatabaseOf(tools), file, tools.terminal, now));
}

/** Backs a database up while others write to it. Throws `invalid-parameter` as `backUp` does. */
export async function backUpTo(database: string, backup: string, terminal: Terminal, now: () => number): Promise<void> {
  const progress = showProgress(terminal, 'backup', now);
  await backUp(database, backup, (done, total) => progress.update(done, total, 'pages')).finally(() => progress.stop());
  answer(terminal, {
    zh: `已备份到 ${backup}，SHA-256 在 ${digestPath(backup)}。`,
    en: `${backup} holds the database, ${digestPath(backup)} its SHA-256.`,
  });
}
