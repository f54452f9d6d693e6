/** `xiangbao migrate`: brings the database to the schema of this program. */
import type { Command } from 'commander';
import { recheckMergers } from '../report/recheck.js';
import { inBoth } from '../words.js';
import { answer } from './shell/terminal.js';
import { type Tools, withStore } from './shell/tools.js';

/** Adds `migrate`. To open a database is to migrate it. */
export function addMigrate(program: Command, tools: Tools): void {
  program
    .command('migrate')
    .description(inBoth({ zh: '迁移数据库', en: 'bring the database to the schema of this program' }))
    .action(() =>
      withStore(tools, async (db, { databaseUrl }) => {
        await recheckMergers(db);
        answer(tools.terminal, { zh: '数据库已是最新。', en: `${databaseUrl} has the schema of this program.` });
      }),
    );
}
