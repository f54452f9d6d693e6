/** `xiangbao migrate`: brings the database to the schema of this program. */
import type { Command } from 'commander';
import { inBoth } from '../words.js';
import { answer } from './shell/terminal.js';
import { type Tools, withStore } from './shell/tools.js';

/** Adds `migrate`. To open a database is to migrate it. */
export function addMigrate(program: Command, tools: Tools): void {
  program
    .command('migrate')
    .description(inBoth({ zh: '迁移数据库', en: 'bring the database to the schema of this program' }))
    .action(() =>
      withStore(tools, (_, { databaseUrl }) =>
        answer(tools.terminal, {
          zh: `${databaseUrl} 已是最新结构。`,
          en: `${databaseUrl} has the schema of this program.`,
        }),
      ),
    );
}
