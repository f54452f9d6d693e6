/** `xiangbao token`: makes, lists, renews and ends tokens. */
import type { Command } from 'commander';
import { operator } from '../access/authority.js';
import {
  type AskedGrant,
  createFirstToken,
  createToken,
  type NewToken,
  readTokens,
  revokeToken,
  rotateToken,
  type ShownGrant,
  type WhichToken,
} from '../access/tokens.js';
import { Problem } from '../problem.js';
import type { Db } from '../store/engine/schema.js';
import { type ActContext, inBoth, scopes } from '../words.js';
import { withRegister } from './register.js';
import { answer, type Terminal, tell } from './shell/terminal.js';
import { type Tools, withExistingStore } from './shell/tools.js';

/** What the commands act with. */
export type TokenTools = Pick<Tools, 'clock' | 'random' | 'terminal'>;

/** Adds `token` with `create`, `list`, `rotate` and `revoke`. */
export function addToken(program: Command, tools: Tools): void {
  const token = program.command('token').description(inBoth({ zh: '令牌', en: 'who may do what' }));
  const expiry = (en: string) => inBoth({ zh: '到期', en });
  const which = inBoth({ zh: '编号或名称', en: 'its number or name' });
  token
    .command('create')
    .description(inBoth({ zh: '新建令牌', en: 'make a token and print it; it is shown this once' }))
    .argument('<name>', inBoth({ zh: '名称', en: 'kept with all that is done with it' }))
    .requiredOption('--scope <scope...>', inBoth({ zh: '权限', en: scopes.join(', ') }))
    .option(
      '--division <code...>',
      inBoth({ zh: '行政区划', en: 'a division with all below it; the nation when nothing is named' }),
    )
    .option('--agency <code...>', inBoth({ zh: '机关', en: 'one agency' }))
    .option('--expires <when>', expiry('2027-12-31, 90d or never'), 'never')
    .action((name: string, options: TokenOptions) =>
      withRegister(tools, (db) => printNewToken(db, tools, name, options)),
    );
  token
    .command('list')
    .description(inBoth({ zh: '列出', en: 'every token, with its number, name, state and scopes' }))
    .action(() => withExistingStore(tools, (db) => printTokens(db, tools)));
  token
    .command('rotate')
    .description(inBoth({ zh: '更换', en: 'give a token another text; the old one ends at once' }))
    .argument('<token>', which)
    .option('--expires <when>', expiry('2027-12-31, 90d or never; as before when left out'))
    .action((name: string, options: { readonly expires?: string }) =>
      withExistingStore(tools, (db) => printRotated(db, tools, name, options)),
    );
  token
    .command('revoke')
    .description(inBoth({ zh: '吊销', en: 'end a token for ever' }))
    .argument('<token>', which)
    .action((name: string) => withExistingStore(tools, (db) => printRevoked(db, tools, name)));
}

/** What is asked of a new token. */
interface TokenOptions {
  readonly scope: readonly string[];
  readonly division?: readonly string[];
  readonly agency?: readonly string[];
  readonly expires?: string;
}

/** Makes a token and prints it alone on standard output, so that a script can take it. */
async function printNewToken(db: Db, tools: TokenTools, name: string, options: TokenOptions): Promise<void> {
  const act = actOf(tools);
  const asked = { name, grants: grantsOf(options), expiresAt: instantOf(options.expires, act.now) };
  printSecret(tools.terminal, await createToken(db, act, tools.random, asked));
}

/** Prints every token, one a line: number, name, key, state, grants. */
async function printTokens(db: Db, tools: TokenTools): Promise<void> {
  const act = actOf(tools);
  for (const { id, name, key, grants, expiresAt, revokedAt } of await readTokens(db, act)) {
    const now = act.now.toISOString();
    const state = revokedAt ? `revoked ${revokedAt}` : expiresAt && expiresAt <= now ? `expired ${expiresAt}` : 'holds';
    answer(tools.terminal, [id, name, `xb_${key}_…`, state, grants.map(wordsOf).join('; ')].join('\t'));
  }
}

/** Gives a token another text and prints it. */
async function printRotated(
  db: Db,
  tools: TokenTools,
  which: string,
  { expires }: { readonly expires?: string },
): Promise<void> {
  const act = actOf(tools);
  const change = expires === undefined ? {} : { expiresAt: instantOf(expires, act.now) };
  printSecret(tools.terminal, await rotateToken(db, act, tools.random, whichOf(which), change));
}

/** Ends a token for ever. */
async function printRevoked(db: Db, tools: TokenTools, which: string): Promise<void> {
  const { id, name, revokedAt } = await revokeToken(db, actOf(tools), whichOf(which));
  answer(tools.terminal, { zh: '令牌已吊销。', en: `Token ${id} "${name}" was revoked ${revokedAt}.` });
}

/** Makes the first administrator's token where none was ever made, and shows it, this once. */
export async function showFirstToken(db: Db, tools: TokenTools): Promise<string | undefined> {
  const made = await createFirstToken(db, actOf(tools), tools.random);
  if (!made) return undefined;
  const { terminal } = tools;
  answer(terminal, {
    zh: '已生成管理员令牌，仅显示这一次，请妥善保存：',
    en: 'An administrator token was made. It is shown this once: keep it.',
  });
  answer(terminal, `\n    ${made.token}\n`);
  return made.token;
}

function printSecret(terminal: Terminal, made: NewToken): void {
  tell(terminal, {
    zh: '仅显示一次。',
    en: `Token ${made.id} "${made.name}": ${made.grants.map(wordsOf).join('; ')}. Shown this once.`,
  });
  answer(terminal, made.token);
}

function wordsOf({ scope, division, agency, name }: ShownGrant): string {
  return `${scope} ${name} (${division ?? agency})`;
}

function actOf({ clock }: TokenTools): ActContext {
  return { actor: 'operator', caller: operator, now: clock() };
}

/** Every scope over every place that is named; over the nation where none is. */
function grantsOf({ scope, division = [], agency = [] }: TokenOptions): AskedGrant[] {
  const chosen = scope.map((name) => {
    const known = scopes.find((one) => one === name);
    if (known) return known;
    throw new Problem('invalid-parameter', {
      zh: '权限名称无效。',
      en: `A scope is one of ${scopes.join(', ')}, not ${name}.`,
    });
  });
  const places = [...division.map((code) => ({ division: code })), ...agency.map((code) => ({ agency: code }))];
  return chosen.flatMap((one) =>
    (places.length > 0 ? places : [{ division: nation }]).map((at) => ({ scope: one, ...at })),
  );
}

const nation = '100000';

/** A day, an instant, or a number of days from now. */
function instantOf(text: string | undefined, now: Date): string | null {
  if (text === undefined || text === 'never') return null;
  const days = /^(\d{1,4})d$/.exec(text)?.[1];
  const instant = days === undefined ? new Date(text) : new Date(now.getTime() + Number(days) * 86_400_000);
  if (instant > now) return instant.toISOString();
  throw new Problem('invalid-parameter', {
    zh: '到期时间无效。',
    en: `--expires takes a day to come (2027-12-31), 90d or never, not ${text}.`,
  });
}

function whichOf(text: string): WhichToken {
  return /^\d+$/.test(text) ? { id: Number(text) } : { name: text };
}
