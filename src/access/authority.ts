/**
 * Who may do what. A caller's grants hold below an identity, a division's or an agency's: its name and its code decide
 * nothing. What an act needs is weighed in the transaction that writes, once it is known which identity it changes:
 *
 * - what is done with a report, and with the lock of a year, needs the scope where it belongs: where its agency lay on
 *   31 December of the year, as for sums, or over the agency itself, wherever that lies since (`requireScopeOver`);
 * - what changes the register needs it over every place that it touches (`requireScopeThroughout`): where the agency lies
 *   today and in its newest state, where it lies before and after the change on each day on which that differs, and, for
 *   a merger, the same of what it goes into. An exemption and a deadline touch 31 December of their year. Each place is
 *   weighed as it lies on those days and as it lies today. Of a division it is the division itself, what it leaves and what
 *   it comes to or goes into, and, for what goes along, the same as if each agency or division moved by itself;
 * - a code that lies in a division's range needs it over that division;
 * - a token is administered by who administers what each of its grants is over, as that lies today.
 *
 * What is no more lies where it lay last.
 */

import { dayInChina, referenceDate } from '../day.js';
import { Problem } from '../problem.js';
import type { NamedCode } from '../register/codes.js';
import type { Db } from '../store/engine/schema.js';
import { divisionsNear, findNation } from '../store/register/divisions.js';
import { type Days, lineageNear, lineagesOn } from '../store/register/lineage.js';
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

/** A caller with those of their grants alone that hold one of some scopes. */
export function callerWith(caller: Caller, scopes: readonly Scope[]): Caller {
  if (caller.kind !== 'token') return caller;
  const grants = caller.grants.filter((grant) => scopes.some((scope) => holds(grant, scope)));
  return { ...caller, grants };
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
  requireScopeOver(caller, scope, { lineage: await lineageNear(db, division.id, referenceDate(year)) }, division);
}

/** A division that an act touches, and the days on which it does. */
export interface TouchedPlace extends Days {
  readonly divisionId: number;
}

/**
 * Throws `unauthorized` for a stranger and `forbidden` for a token without the scope over each of some places, as it lies
 * on every day on which it is touched and as it lies today. A grant over an agency is none over its history.
 */
export async function requireScopeThroughout(
  db: Db,
  caller: Caller,
  scope: Scope,
  places: readonly TouchedPlace[],
  today: string,
): Promise<void> {
  if (caller.kind === 'operator') return;
  requireScope(caller, scope);
  const each = new Map(places.map((place) => [`${place.divisionId} ${place.from} ${place.to}`, place]));
  for (const { divisionId, ...days } of each.values()) {
    const lineages = [await lineageNear(db, divisionId, today), ...(await lineagesOn(db, divisionId, days))];
    if (lineages.every((lineage) => mayAct(caller, scope, { lineage }))) continue;
    const division = (await divisionsNear(db, [divisionId], today)).get(divisionId);
    throw forbidden(caller, scope, division ?? { code: '', name: '' });
  }
}

/** Throws the same for who does not administer the nation: the service as a whole is theirs to see to. */
export async function requireNation(db: Db, caller: Caller, now: Date): Promise<void> {
  const id = await findNation(db);
  const nation = (await divisionsNear(db, [id], dayInChina(now))).get(id);
  requireScopeOver(caller, 'admin', { lineage: [id] }, nation ?? { code: '', name: '' });
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
