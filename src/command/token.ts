/** `xiangbao token`: makes, lists, renews and ends tokens, for whoever has the machine. */

import { operator } from '../access/authority.js';
import type { Random } from '../access/secret.js';
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
import { type ActContext, scopes } from '../words.js';
import { answer, type Terminal, tell } from './terminal.js';

/** What the command acts with. */
export interface TokenCommand {
  readonly clock: () => Date;
  readonly random: Random;
  readonly terminal: Terminal;
}

/** What is asked of a new token. */
export interface TokenOptions {
  readonly scope: readonly string[];
  readonly division?: readonly string[];
  readonly agency?: readonly string[];
  readonly expires?: string;
}

/** Makes a token and prints it alone on standard output, so that a script can take it. */
export async function printNewToken(db: Db, command: TokenCommand, name: string, options: TokenOptions): Promise<void> {
  const act = actOf(command);
  const asked = { name, grants: grantsOf(options), expiresAt: instantOf(options.expires, act.now) };
  printSecret(command.terminal, await createToken(db, act, command.random, asked));
}

/** Prints every token, one a line: number, name, key, state, grants. */
export async function printTokens(db: Db, command: TokenCommand): Promise<void> {
  const act = actOf(command);
  for (const { id, name, key, grants, expiresAt, revokedAt } of await readTokens(db, act)) {
    const now = act.now.toISOString();
    const state = revokedAt ? `revoked ${revokedAt}` : expiresAt && expiresAt <= now ? `expired ${expiresAt}` : 'holds';
    answer(command.terminal, [id, name, `xb_${key}_…`, state, grants.map(wordsOf).join('; ')].join('\t'));
  }
}

/** Gives a token another text and prints it. */
export async function printRotated(
  db: Db,
  command: TokenCommand,
  which: string,
  { expires }: { readonly expires?: string },
): Promise<void> {
  const act = actOf(command);
  const change = expires === undefined ? {} : { expiresAt: instantOf(expires, act.now) };
  printSecret(command.terminal, await rotateToken(db, act, command.random, whichOf(which), change));
}

/** Ends a token for ever. */
export async function printRevoked(db: Db, command: TokenCommand, which: string): Promise<void> {
  const { id, name, revokedAt } = await revokeToken(db, actOf(command), whichOf(which));
  answer(command.terminal, `Token ${id} "${name}" was revoked ${revokedAt}. 令牌已吊销。`);
}

/** Makes the first administrator's token where none was ever made, and shows it, this once. */
export async function showFirstToken(db: Db, command: TokenCommand): Promise<string | undefined> {
  const made = await createFirstToken(db, actOf(command), command.random);
  if (!made) return undefined;
  const { terminal } = command;
  answer(
    terminal,
    'An administrator token was made. It is shown this once: keep it. 已生成管理员令牌，仅显示这一次，请妥善保存：',
  );
  answer(terminal, `\n    ${made.token}\n`);
  return made.token;
}

function printSecret(terminal: Terminal, made: NewToken): void {
  tell(
    terminal,
    `Token ${made.id} "${made.name}": ${made.grants.map(wordsOf).join('; ')}. Shown this once. 仅显示一次。`,
  );
  answer(terminal, made.token);
}

function wordsOf({ scope, division, agency, name }: ShownGrant): string {
  return `${scope} ${name} (${division ?? agency})`;
}

function actOf({ clock }: TokenCommand): ActContext {
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
