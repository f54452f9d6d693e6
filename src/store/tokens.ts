/** Tokens as they are kept: the part that may be seen, the digest of the secret one, and what each is good for. */
import type { Grant } from '../words.js';
import { insertRow, readValues, runSql } from './engine/open.js';
import type { Db, Trx } from './engine/schema.js';

/** A token without its grants. */
export interface TokenRow {
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

const columns = `t.id, t.key, t.name, t.hash, t.created_by, t.created_at, t.expires_at, t.revoked_at,
  g.scope, g.division_id, g.agency_id`;
/** A token beside each of its grants, and once where it has none. */
type Row = readonly [
  ...token: [number, string, string, string, string, string, string | null, string | null],
  ...grant: [Grant['scope'], number | null, number | null] | [null, null, null],
];

/** The token with that visible part, whether it still holds or not. */
export async function findToken(db: Db, key: string): Promise<KeptToken | undefined> {
  return (await readTokens(db, 'where t.key = ?', [key]))[0];
}

/** The token with that identity. */
export async function findTokenById(db: Db, id: number): Promise<KeptToken | undefined> {
  return (await readTokens(db, 'where t.id = ?', [id]))[0];
}

/** The token of that name that was not revoked; a name is given again once it was. */
export async function findTokenNamed(db: Db, name: string): Promise<KeptToken | undefined> {
  return (await readTokens(db, 'where t.name = ? and t.revoked_at is null', [name]))[0];
}

/** Every token, the newest last. */
export async function listTokens(db: Db): Promise<KeptToken[]> {
  return readTokens(db, 'order by t.id', []);
}

/** Whether any token was ever made. */
export async function hasTokens(db: Db): Promise<boolean> {
  return (await runSql(db, 'select 1 from token limit 1')).length > 0;
}

/** Keeps a new token and returns its identity. */
export async function insertToken(trx: Trx, token: Omit<KeptToken, 'id' | 'revokedAt'>): Promise<number> {
  const { key, name, hash, createdBy, createdAt, expiresAt } = token;
  const id = await insertRow(
    trx,
    'insert into token (key, name, hash, created_by, created_at, expires_at) values (?, ?, ?, ?, ?, ?)',
    [key, name, hash, createdBy, createdAt, expiresAt],
  );
  for (const { scope, divisionId, agencyId } of token.grants) {
    await runSql(trx, 'insert into token_grant (token_id, scope, division_id, agency_id) values (?, ?, ?, ?)', [
      id,
      scope,
      divisionId,
      agencyId,
    ]);
  }
  return id;
}

/** Gives a token another secret, and with it another visible part. */
export async function replaceSecret(trx: Trx, id: number, secret: Pick<TokenRow, 'key' | 'hash' | 'expiresAt'>) {
  const { key, hash, expiresAt } = secret;
  await runSql(trx, 'update token set key = ?, hash = ?, expires_at = ? where id = ?', [key, hash, expiresAt, id]);
}

/** Ends a token at an instant. */
export async function endToken(trx: Trx, id: number, at: string): Promise<void> {
  await runSql(trx, 'update token set revoked_at = ? where id = ?', [at, id]);
}

async function readTokens(db: Db, which: string, bound: readonly unknown[]): Promise<KeptToken[]> {
  const text = `select ${columns} from token t left join token_grant g on g.token_id = t.id ${which}`;
  const tokens = new Map<number, KeptToken & { readonly grants: Grant[] }>();
  for (const row of await readValues<Row>(db, text, bound)) {
    const [id, key, name, hash, createdBy, createdAt, expiresAt, revokedAt, scope, divisionId, agencyId] = row;
    const token = tokens.get(id) ?? { id, key, name, hash, createdBy, createdAt, expiresAt, revokedAt, grants: [] };
    tokens.set(id, token);
    if (scope !== null) token.grants.push({ scope, divisionId, agencyId });
  }
  return [...tokens.values()];
}
