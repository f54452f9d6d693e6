/**
 * Who may do what. A caller's grants hold below an identity, a division's or an agency's: its name and its code decide
 * nothing. 31 December of a report's year says where the report belongs, as for sums.
 */

import { dayInChina, yearInChina } from '../day.js';
import { Problem } from '../problem.js';
import type { NamedCode } from '../register/codes.js';
import type { Db } from '../store/engine/schema.js';
import { divisionsNear, findNation } from '../store/register/divisions.js';
import { lineageOf } from '../store/register/lineage.js';
import { findToken, findTokenById, type KeptToken } from '../store/tokens.js';
import type { Caller, Grant, Scope } from '../words.js';
import { readSecret, sameDigest } from './secret.js';

export const stranger: Caller = { kind: 'stranger' };
export const operator: Caller = { kind: 'operator' };

/** The scopes that include each. */
const includedIn: Readonly<Record<Scope, readonly Scope[]>> = {
  read: ['read', 'file', 'review', 'register', 'admin'],
  file: ['file', 'admin'],
  review: ['review', 'admin'],
  register: ['register', 'admin'],
  admin: ['admin'],
};

const unauthorizedBy = {
  missing: {
    zh: '需要令牌，请在 Authorization 头中提供。',
    en: 'This takes a token: send Authorization: Bearer xb_….',
  },
  malformed: {
    zh: '令牌格式或校验不符。',
    en: 'That is no token of ours, or it was mistyped: its check sum does not fit.',
  },
  unknown: { zh: '令牌无效。', en: 'That token is not known.' },
  expired: { zh: '令牌已过期。', en: 'That token has expired.' },
  revoked: { zh: '令牌已吊销。', en: 'That token was revoked.' },
} as const;

function unauthorized(why: keyof typeof unauthorizedBy): Problem {
  return new Problem('unauthorized', unauthorizedBy[why], { reason: why });
}

/**
 * Who sends an Authorization header: a stranger when there is none. Throws `unauthorized` for a header that names no
 * token that holds now.
 */
export async function authenticate(db: Db, header: string | undefined, now: Date): Promise<Caller> {
  if (header === undefined) return stranger;
  const secret = secretIn(header);
  if (!secret) throw unauthorized('malformed');
  const token = await findToken(db, secret.key);
  if (!token || !sameDigest(token.hash, secret.hash)) throw unauthorized('unknown');
  return holderOf(token, now);
}

/** The part that may be seen of the token in a header; undefined for what is none of ours, or mistyped. */
export function shownKey(header: string): string | undefined {
  return secretIn(header)?.key;
}

function secretIn(header: string): ReturnType<typeof readSecret> {
  return readSecret(/^bearer +(\S+) *$/i.exec(header)?.[1] ?? '');
}

/** Why a token is refused that was guessed or mistyped; undefined for every other failure. */
export function guessOf(error: unknown): 'malformed' | 'unknown' | undefined {
  if (!(error instanceof Problem) || error.kind !== 'unauthorized') return undefined;
  const { reason } = error.members;
  return reason === 'malformed' || reason === 'unknown' ? reason : undefined;
}

/** Who acts with the rights of a token that was known before. Throws `unauthorized` when it holds no more. */
export async function callerOf(db: Db, tokenId: number, now: Date): Promise<Caller> {
  const token = await findTokenById(db, tokenId);
  if (!token) throw unauthorized('unknown');
  return holderOf(token, now);
}

function holderOf(token: KeptToken, now: Date): Caller {
  if (token.revokedAt !== null) throw unauthorized('revoked');
  if (token.expiresAt !== null && token.expiresAt <= now.toISOString()) throw unauthorized('expired');
  return { kind: 'token', tokenId: token.id, name: token.name, grants: token.grants };
}

/** Throws `unauthorized` for a stranger, and `forbidden` for a token that has the scope nowhere. */
export function requireScope(caller: Caller, scope: Scope): void {
  requireAnyScope(caller, [scope]);
}

/** The same where one of several scopes will do. */
export function requireAnyScope(caller: Caller, scopes: readonly Scope[]): void {
  if (caller.kind === 'operator') return;
  if (caller.kind === 'stranger') throw unauthorized('missing');
  if (caller.grants.some((grant) => scopes.some((scope) => holds(grant, scope)))) return;
  const named = { en: scopes.join('" or "'), zh: scopes.join(' 或 ') };
  throw new Problem(
    'forbidden',
    {
      zh: `令牌“${caller.name}”没有 ${named.zh} 权限。`,
      en: `The token "${caller.name}" has the scope "${named.en}" nowhere.`,
    },
    { scopes },
  );
}

/** What a scope is asked over: an agency, with its county and all above it; or a division, with all above it. */
export interface ScopePlace {
  readonly lineage: readonly number[];
  readonly agencyId?: number;
}

/** Whether a caller has a scope over a place. */
export function mayAct(caller: Caller, scope: Scope, place: ScopePlace): boolean {
  if (caller.kind === 'operator') return true;
  if (caller.kind === 'stranger') return false;
  return caller.grants.some(
    (grant) =>
      holds(grant, scope) &&
      ((grant.divisionId !== null && place.lineage.includes(grant.divisionId)) ||
        (grant.agencyId !== null && grant.agencyId === place.agencyId)),
  );
}

function holds(grant: Grant, scope: Scope): boolean {
  return includedIn[scope].includes(grant.scope);
}

/** Throws `unauthorized` for a stranger and `forbidden` for a token without the scope over that place, which the refusal names. */
export function requireScopeOver(caller: Caller, scope: Scope, place: ScopePlace, named: NamedCode): void {
  if (mayAct(caller, scope, place)) return;
  requireScope(caller, scope);
  throw forbidden(caller, scope, named);
}

/** The same for a division, as it lies on 31 December of a year. */
export async function requireDivision(
  db: Db,
  caller: Caller,
  scope: Scope,
  division: NamedCode & { readonly id: number },
  year: number,
): Promise<void> {
  if (caller.kind === 'operator') return;
  requireScopeOver(caller, scope, { lineage: await lineageOf(db, division.id, year) }, division);
}

/** The same for the nation, whose administrators see to the service as a whole. */
export async function requireNation(db: Db, caller: Caller, now: Date): Promise<void> {
  requireScope(caller, 'admin');
  const id = await findNation(db);
  const nation = (await divisionsNear(db, [id], dayInChina(now))).get(id);
  if (nation) await requireDivision(db, caller, 'admin', nation, yearInChina(now));
}

function forbidden(caller: Caller, scope: Scope, { code, name }: NamedCode): Problem {
  const who = caller.kind === 'token' ? caller.name : '';
  return new Problem(
    'forbidden',
    {
      zh: `令牌“${who}”对 ${name}（${code}）没有 ${scope} 权限。`,
      en: `The token "${who}" has no scope "${scope}" for ${name} (${code}).`,
    },
    { scopes: [scope], place: code },
  );
}
