/** The use cases of an administrator of tokens: to make, list, renew and end them. A token is shown once. */

import { dayInChina } from '../day.js';
import { Problem } from '../problem.js';
import { resolveAgency, resolveDivision, stateOn } from '../register/codes.js';
import { type AuditRecord, recordIn } from '../store/audit-records.js';
import { type CommitOptions, inTransaction } from '../store/engine/commit.js';
import type { Db, Trx } from '../store/engine/schema.js';
import { agencyStates } from '../store/register/agencies.js';
import { divisionsById, divisionsNear, findNation } from '../store/register/divisions.js';
import { lineageNear } from '../store/register/lineage.js';
import {
  endToken,
  findTokenById,
  findTokenNamed,
  hasTokens,
  insertToken,
  type KeptToken,
  listTokens,
  replaceSecret,
} from '../store/tokens.js';
import { isSoundText, unsoundText } from '../text.js';
import type { ActContext, Caller, Grant, Scope } from '../words.js';
import { mayAct, requireScope, requireScopeOver, type ScopePlace } from './authority.js';
import { makeSecret, type Random } from './secret.js';

/** A grant by the codes that people know: of a division with all below it, or of one agency, as they are today. */
export interface AskedGrant {
  readonly scope: Scope;
  readonly division?: string | undefined;
  readonly agency?: string | undefined;
}

/** A token that is asked for. */
export interface AskedToken {
  readonly name: string;
  readonly grants: readonly AskedGrant[];
  /** An instant in ISO 8601; null is never. */
  readonly expiresAt: string | null;
}

/** A token as it is shown. */
export interface TokenView {
  readonly id: number;
  /** The part of it that may be seen. */
  readonly key: string;
  readonly name: string;
  readonly grants: readonly ShownGrant[];
  readonly createdBy: string;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
}

/** A grant with what it is called today. */
export interface ShownGrant {
  readonly scope: Scope;
  readonly division: string | null;
  readonly agency: string | null;
  readonly name: string;
}

/** A token with its text, which is never shown again. */
export type NewToken = TokenView & { readonly token: string };

/**
 * Makes a token. Nobody gives what they do not have: each grant lies within what the caller administers. Throws
 * `forbidden`, `unknown-division`, `unknown-agency`, `conflict` for a name that is taken, and `invalid-parameter` for
 * one that cannot be shown.
 */
export async function createToken(
  db: Db,
  act: ActContext,
  random: Random,
  asked: AskedToken,
  commit: CommitOptions<NewToken> = {},
): Promise<NewToken> {
  if (!isSoundText(asked.name)) throw unsoundName();
  return inTransaction(db, commit, async (trx) => {
    const grants: Grant[] = [];
    for (const grant of asked.grants) grants.push(await resolveGrant(trx, act, grant));
    if (await findTokenNamed(trx, asked.name)) throw nameTaken(asked.name);
    const { text, key, hash } = makeSecret(random);
    const { name, expiresAt } = asked;
    const createdAt = act.now.toISOString();
    const kept = { key, name, hash, grants, createdBy: act.actor, createdAt, expiresAt };
    const id = await insertToken(trx, kept);
    const reading = await readingOf(trx, act.now, { ...kept, id, revokedAt: null });
    await recordToken(trx, act, 'token.create', reading, grants);
    return { ...reading, token: text };
  });
}

/** The first administrator's token, of everything; undefined when there are tokens already, or there is no register. */
export async function createFirstToken(db: Db, act: ActContext, random: Random): Promise<NewToken | undefined> {
  return inTransaction(db, {}, async (trx) => {
    if (await hasTokens(trx)) return undefined;
    const nation = (await divisionsById(trx, [await findNation(trx)], dayInChina(act.now))).values().next();
    if (nation.done) return undefined;
    const grants = [{ scope: 'admin' as const, division: nation.value.code }];
    return createToken(trx, act, random, { name: 'administrator', grants, expiresAt: null });
  });
}

/** The tokens that a caller may end: those they administer, and those that act for an agency which they administer. */
export async function readTokens(db: Db, act: Pick<ActContext, 'caller' | 'now'>): Promise<TokenView[]> {
  requireScope(act.caller, 'admin');
  const readings: TokenView[] = [];
  for (const token of await listTokens(db)) {
    if (await mayEnd(db, act, token)) readings.push(await readingOf(db, act.now, token));
  }
  return readings;
}

/** Which token: by its number, or by its name while it holds. */
export type WhichToken = { readonly id: number } | { readonly name: string };

/**
 * Gives a token another text with the same grants; the old one ends at once. Throws `not-found` for one that is not
 * there or was revoked, also where the caller does not administer it.
 */
export async function rotateToken(
  db: Db,
  act: ActContext,
  random: Random,
  which: WhichToken,
  { expiresAt }: { readonly expiresAt?: string | null | undefined },
): Promise<NewToken> {
  return inTransaction(db, {}, async (trx) => {
    const token = await ownToken(trx, act, which, administers);
    if (token.revokedAt !== null) throw noToken(which);
    const { text, key, hash } = makeSecret(random);
    const renewed = { ...token, key, hash, expiresAt: expiresAt === undefined ? token.expiresAt : expiresAt };
    await replaceSecret(trx, token.id, renewed);
    const reading = await readingOf(trx, act.now, renewed);
    await recordToken(trx, act, 'token.rotate', reading, token.grants);
    return { ...reading, token: text };
  });
}

/**
 * Ends a token for ever; idempotent. Throws `not-found` for one that is not there, also where the caller administers
 * neither all of it nor an agency that it acts for.
 */
export async function revokeToken(db: Db, act: ActContext, which: WhichToken): Promise<TokenView> {
  return inTransaction(db, {}, async (trx) => {
    const token = await ownToken(trx, act, which, mayEnd);
    const revoked = { ...token, revokedAt: token.revokedAt ?? act.now.toISOString() };
    const reading = await readingOf(trx, act.now, revoked);
    if (token.revokedAt !== null) return reading;
    await endToken(trx, token.id, revoked.revokedAt);
    await recordToken(trx, act, 'token.revoke', reading, token.grants);
    return reading;
  });
}

async function ownToken(trx: Trx, act: ActContext, which: WhichToken, isOwn: typeof administers): Promise<KeptToken> {
  requireScope(act.caller, 'admin');
  const token = 'id' in which ? await findTokenById(trx, which.id) : await findTokenNamed(trx, which.name);
  if (!token || !(await isOwn(trx, act, token))) throw noToken(which);
  return token;
}

/** Whether every grant of a token lies within what a caller administers. */
async function administers(
  db: Db,
  { caller, now }: Pick<ActContext, 'caller' | 'now'>,
  token: KeptToken,
): Promise<boolean> {
  for (const grant of token.grants) {
    if (!(await administersGrant(db, caller, now, grant))) return false;
  }
  return true;
}

/**
 * Whether a caller may end a token: who administers all of it, or an agency that it acts for. An agency takes the token
 * along to where it moves, whatever else that token is over; who has the agency then must be able to stop it.
 */
export async function mayEnd(db: Db, act: Pick<ActContext, 'caller' | 'now'>, token: KeptToken): Promise<boolean> {
  let administersAll = true;
  for (const grant of token.grants) {
    const isOwn = await administersGrant(db, act.caller, act.now, grant);
    if (isOwn && grant.agencyId !== null) return true;
    administersAll &&= isOwn;
  }
  return administersAll;
}

async function administersGrant(db: Db, caller: Caller, now: Date, grant: Grant): Promise<boolean> {
  if (caller.kind === 'operator') return true;
  return mayAct(caller, 'admin', await placeOf(db, now, grant));
}

async function placeOf(db: Db, now: Date, { divisionId, agencyId }: Grant): Promise<ScopePlace> {
  const today = dayInChina(now);
  if (divisionId !== null) return { lineage: await lineageNear(db, divisionId, today) };
  const agency = agencyId === null ? undefined : stateOn(await agencyStates(db, agencyId), today);
  if (!agency) return { lineage: [] };
  return { lineage: await lineageNear(db, agency.countyId, today), agencyId: agency.id };
}

/** A grant of what its code means today. */
async function resolveGrant(trx: Trx, act: ActContext, { scope, division, agency }: AskedGrant): Promise<Grant> {
  const today = dayInChina(act.now);
  const named =
    division === undefined
      ? await resolveAgency(trx, agency ?? '', today)
      : await resolveDivision(trx, division, today);
  const grant = {
    scope,
    divisionId: division === undefined ? null : named.id,
    agencyId: division === undefined ? named.id : null,
  };
  if (act.caller.kind !== 'operator') requireScopeOver(act.caller, 'admin', await placeOf(trx, act.now, grant), named);
  return grant;
}

async function readingOf(db: Db, now: Date, token: KeptToken): Promise<TokenView> {
  const { id, key, name, createdBy, createdAt, expiresAt, revokedAt } = token;
  const grants = await Promise.all(token.grants.map((grant) => showGrant(db, now, grant)));
  return { id, key, name, grants, createdBy, createdAt, expiresAt, revokedAt };
}

async function showGrant(db: Db, now: Date, { scope, divisionId, agencyId }: Grant): Promise<ShownGrant> {
  const today = dayInChina(now);
  const division = divisionId === null ? undefined : (await divisionsNear(db, [divisionId], today)).get(divisionId);
  const agency = agencyId === null ? undefined : stateOn(await agencyStates(db, agencyId), today);
  const name = division?.name ?? agency?.name ?? '';
  return { scope, division: division?.code ?? null, agency: agency?.code ?? null, name };
}

async function recordToken(
  trx: Trx,
  act: ActContext,
  action: AuditRecord['action'],
  { id, key, name, grants: shown, expiresAt, revokedAt }: TokenView,
  grants: readonly Grant[],
): Promise<void> {
  const after = { key, name, grants: shown, expiresAt, revokedAt };
  const divisionIds: number[] = [];
  for (const grant of grants) divisionIds.push(...(await placeOf(trx, act.now, grant)).lineage.slice(0, 1));
  const what = { action, subject: `/v1/tokens/${id}`, before: null, after, tells: [] };
  await recordIn(trx, act, divisionIds, what);
}

function unsoundName(): Problem {
  return new Problem('invalid-parameter', {
    zh: `令牌名称${unsoundText.zh}。`,
    en: `The name of the token ${unsoundText.en}.`,
  });
}

function nameTaken(name: string): Problem {
  return new Problem(
    'conflict',
    { zh: '已有同名令牌。', en: `There is a token named ${name} already; revoke it or choose another name.` },
    {
      name,
    },
  );
}

function noToken(which: WhichToken): Problem {
  const named = 'id' in which ? `no. ${which.id}` : `"${which.name}"`;
  return new Problem('not-found', {
    zh: '没有该令牌，或不在您的管理范围内。',
    en: `There is no token ${named} that you administer.`,
  });
}
