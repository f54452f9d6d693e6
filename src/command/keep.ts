/** The commands that keep a database: `backup`, `restore`, `check`. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { Problem } from '../problem.js';
import { backUpTo, restoreFrom } from './backup.js';
import { printDamage } from './check.js';
import { refused } from './failure.js';
import type { Terminal } from './terminal.js';

/** What the commands work with. */
export interface Keeping {
  readonly terminal: Terminal;
  readonly clock: () => Date;
  /** The database that the environment names, a file. */
  readonly databaseFile: () => string;
  /** Is told the exit code when it is not 0. */
  readonly onEnd: (code: number) => void;
}

/** Adds the commands to a program. They open the database themselves: none of them makes or migrates one. */
export function addKeepingCommands(program: Command, keeping: Keeping): void {
  const { terminal, clock, databaseFile, onEnd } = keeping;
  const now = () => clock().getTime();
  const endWith = (differences: number) => {
    if (differences > 0) onEnd(refused);
  };
  program
    .command('backup')
    .description('copy the database into a file, its SHA-256 beside, while a server goes on writing 备份')
    .argument('<file>', 'a file that is not there yet 尚不存在的文件')
    .action((file: string) => backUpTo(databaseFile(), file, terminal, now));
  program
    .command('restore')
    .description('put a backup in the place of the database, once it is known to be sound; stop the server first 恢复')
    .argument('<file>', 'the backup 备份文件')
    .option('--force', 'replace the database that is there, and keep it beside 替换现有数据库，原库另存')
    .action(async (backup: string, { force }: { readonly force?: true }) =>
      endWith(await restoreFrom({ backup, database: databaseFile(), ...(force && { force }) }, terminal, clock)),
    );
  program
    .command('check')
    .description('look for damage in the database or in a backup; exit 1 with every difference 检查')
    .argument('[file]', 'a backup; the database when left out 备份文件')
    .action(async (file: string = databaseFile()) => {
      if (!existsSync(file))
        throw new Problem('invalid-parameter', { zh: '没有该数据库。', en: `There is no database at ${file}.` });
      endWith(await printDamage(file, terminal, now));
    });
}
