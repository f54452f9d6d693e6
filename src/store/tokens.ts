/** Tokens as they are kept: the part that may be seen, the digest of the secret one, and what each is good for. */
import { type Grant, scopes } from '../words.js';
import { integer, nullable, oneOf, optional, text } from './engine/column.js';
import { findRow, insertRow, readRows, write } from './engine/run.js';
import type { Db, Trx } from './engine/schema.js';
import { type ArgsOf, sqlStatement, statement } from './engine/statement.js';
import { derivedFromRegister } from './engine/versions.js';

/** A token without its grants. */
interface TokenRow {
  readonly id: number;
  /** The part of it that may be seen. */
  readonly key: string;
  readonly name: string;
  /** SHA-256 of the secret part, in hexadecimal. */
  readonly hash: string;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
}

/** A token with what it is good for. */
export interface KeptToken extends TokenRow {
  readonly grants: readonly Grant[];
}

const sought = { key: optional(text), id: optional(integer), name: optional(text) };

/** A token beside each of its grants, and once where it has none: the token's columns, then the grant's. */
const tokens = sqlStatement({
  takes: sought,
  gives: [
    integer,
    text,
    text,
    text,
    text,
    text,
    nullable(text),
    nullable(text),
    nullable(oneOf(scopes)),
    nullable(integer),
    nullable(integer),
  ],
  text: (has) => `select t.id, t.key, t.name, t.hash, t.created_by, t.created_at, t.expires_at, t.revoked_at,
      g.scope, g.division_id, g.agency_id
    from token t left join token_grant g on g.token_id = t.id
    where true ${has.key ? 'and t.key = :key' : ''} ${has.id ? 'and t.id = :id' : ''}
      ${has.name ? 'and t.name = :name and t.revoked_at is null' : ''}
    ${has.key || has.id || has.name ? '' : 'order by t.id'}`,
});

/** By the visible part; made again when a token changes, or anything else but reports. */
const byKey = () => new Map<string, KeptToken>();

/** More tokens than are used at a time; what is sent beyond is read again. */
const maxKept = 10_000;

/** The token with that visible part, whether it still holds or not. */
export async function findToken(db: Db, key: string): Promise<KeptToken | undefined> {
  const kept = derivedFromRegister(db, byKey);
  const known = kept.get(key);
  if (known) return known;
  const [found] = await readTokens(db, { key });
  // What nobody has is not kept: guesses would fill the memory.
  if (found && kept.size < maxKept) kept.set(key, found);
  return found;
}

/** The token with that identity. */
export async function findTokenById(db: Db, id: number): Promise<KeptToken | undefined> {
  return (await readTokens(db, { id }))[0];
}

/** The token of that name that was not revoked; a name is given again once it was. */
export async function findTokenNamed(db: Db, name: string): Promise<KeptToken | undefined> {
  return (await readTokens(db, { name }))[0];
}

/** Every token, the newest last. */
export async function listTokens(db: Db): Promise<KeptToken[]> {
  return readTokens(db, {});
}

const anyToken = statement()((db) => db.selectFrom('token').select('id').limit(1));

/** Whether any token was ever made. */
export async function hasTokens(db: Db): Promise<boolean> {
  return (await findRow(db, anyToken)) !== undefined;
}

const newToken = statement<Omit<TokenRow, 'id' | 'revokedAt'>>()((db, hole) =>
  db.insertInto('token').values({
    key: hole('key'),
    name: hole('name'),
    hash: hole('hash'),
    created_by: hole('createdBy'),
    created_at: hole('createdAt'),
    expires_at: hole('expiresAt'),
  }),
);

const newGrant = statement<Grant & { readonly tokenId: number }>()((db, hole) =>
  db.insertInto('token_grant').values({
    token_id: hole('tokenId'),
    scope: hole('scope'),
    division_id: hole('divisionId'),
    agency_id: hole('agencyId'),
  }),
);

/** Keeps a new token and returns its identity. */
export async function insertToken(trx: Trx, token: Omit<KeptToken, 'id' | 'revokedAt'>): Promise<number> {
  const tokenId = await insertRow(trx, newToken, token);
  for (const grant of token.grants) await write(trx, newGrant, { tokenId, ...grant });
  return tokenId;
}

type Secret = Pick<TokenRow, 'key' | 'hash' | 'expiresAt'>;

const otherSecret = statement<Secret & { readonly id: number }>()((db, hole) =>
  db
    .updateTable('token')
    .set({ key: hole('key'), hash: hole('hash'), expires_at: hole('expiresAt') })
    .where('id', '=', hole('id')),
);

/** Gives a token another secret, and with it another visible part. */
export async function replaceSecret(trx: Trx, id: number, secret: Secret): Promise<void> {
  await write(trx, otherSecret, { id, ...secret });
}

const endOfToken = statement<{ id: number; at: string }>()((db, hole) =>
  db
    .updateTable('token')
    .set({ revoked_at: hole('at') })
    .where('id', '=', hole('id')),
);

/** Ends a token at an instant. */
export async function endToken(trx: Trx, id: number, at: string): Promise<void> {
  await write(trx, endOfToken, { id, at });
}

async function readTokens(db: Db, which: ArgsOf<typeof sought>): Promise<KeptToken[]> {
  const found = new Map<number, KeptToken & { readonly grants: Grant[] }>();
  for (const row of await readRows(db, tokens, which)) {
    const [id, key, name, hash, createdBy, createdAt, expiresAt, revokedAt, scope, divisionId, agencyId] = row;
    const token = found.get(id) ?? { id, key, name, hash, createdBy, createdAt, expiresAt, revokedAt, grants: [] };
    found.set(id, token);
    if (scope !== null) token.grants.push({ scope, divisionId, agencyId });
  }
  return [...found.values()];
}
