/** The commands about who may do what, and what was done: `token`, `audit`. */

import { type Command, InvalidArgumentError } from 'commander';
import type { AuditHead } from '../store/audit-records.js';
import type { Db } from '../store/engine/schema.js';
import { scopes } from '../words.js';
import { printAuditFaults } from './audit.js';
import { refused } from './failure.js';
import {
  printNewToken,
  printRevoked,
  printRotated,
  printTokens,
  type TokenCommand,
  type TokenOptions,
} from './token.js';

/** What the commands work with. */
export interface AccessCommands extends TokenCommand {
  /** Opens the database, with the register in it, for a piece of work. */
  readonly withRegister: (work: (db: Db) => Promise<void>) => Promise<void>;
  /** Opens the database if there is one; throws where there is none. */
  readonly withExistingStore: (work: (db: Db) => Promise<void>) => Promise<void>;
  /** Is told the exit code when it is not 0. */
  readonly onEnd: (code: number) => void;
}

/** Adds the commands to a program. */
export function addAccessCommands(program: Command, command: AccessCommands): void {
  addTokenCommands(program.command('token').description('who may do what 令牌'), command);
  program
    .command('audit')
    .description('the log of what was done 日志')
    .command('verify')
    .description('find whatever was altered, left out, put in or cut off; exit 1 when anything was 核验')
    .option('--head <number:hash>', 'the head that an earlier verify printed 先前的末条', readHead)
    .action(({ head }: { readonly head?: AuditHead }) =>
      command.withExistingStore(async (db) => {
        if ((await printAuditFaults(db, command.terminal, head)) > 0) command.onEnd(refused);
      }),
    );
}

function addTokenCommands(token: Command, command: AccessCommands): void {
  const { withRegister, withExistingStore } = command;
  token
    .command('create')
    .description('make a token and print it; it is shown this once 新建令牌')
    .argument('<name>', 'kept with all that is done with it 名称')
    .requiredOption('--scope <scope...>', `${scopes.join(', ')} 权限`)
    .option('--division <code...>', 'a division with all below it; the nation when nothing is named 行政区划')
    .option('--agency <code...>', 'one agency 机关')
    .option('--expires <when>', '2027-12-31, 90d or never 到期', 'never')
    .action((name: string, options: TokenOptions) => withRegister((db) => printNewToken(db, command, name, options)));
  token
    .command('list')
    .description('every token, with its number, name, state and scopes 列出')
    .action(() => withExistingStore((db) => printTokens(db, command)));
  token
    .command('rotate')
    .description('give a token another text; the old one ends at once 更换')
    .argument('<token>', 'its number or name 编号或名称')
    .option('--expires <when>', '2027-12-31, 90d or never; as before when left out 到期')
    .action((which: string, options: { readonly expires?: string }) =>
      withExistingStore((db) => printRotated(db, command, which, options)),
    );
  token
    .command('revoke')
    .description('end a token for ever 吊销')
    .argument('<token>', 'its number or name 编号或名称')
    .action((which: string) => withExistingStore((db) => printRevoked(db, command, which)));
}

function readHead(text: string): AuditHead {
  const [, number, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (number !== undefined && hash !== undefined) return { number: Number(number), hash };
  throw new InvalidArgumentError('A head is a number, a colon and 64 hexadecimal digits. 末条格式为 编号:摘要。');
}
