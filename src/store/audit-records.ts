/**
 * The audit log: what was done, by whom, in the transaction that did it. Entries are never changed (the table's
 * triggers refuse) and each holds the digest of the one before, so that no entry can be altered, left out or put in
 * without every later digest being wrong.
 */

import { getHashes, hash } from 'node:crypto';
import { type ActContext, type ChainDigest, chainDigests } from '../words.js';
import { type NewChange, tellChanges } from './changes.js';
import { integer, nullable, oneOf, optional, text } from './engine/column.js';
import { integerAt, textAt } from './engine/dialect.js';
import { findRow, readRows, write } from './engine/run.js';
import type { Db, Trx } from './engine/schema.js';
import { sqlStatement, statement } from './engine/statement.js';
import { storeOf } from './engine/store.js';
import { idsEverUnder } from './register/divisions.js';

/** What is recorded of an act. `before` and `after` are what it changed, small; null where there is nothing. */
export interface AuditRecord {
  readonly action: string;
  /** The county it happened in, or the division it is about; null where there is none. */
  readonly divisionId: number | null;
  /** What it was done to, as the path of a resource. */
  readonly subject: string;
  readonly before: unknown;
  readonly after: unknown;
  /** What copies of the reports must learn of it, beside what its steps have told; empty where nothing they hold changes. */
  readonly tells: readonly NewChange[];
}

/** An entry as it is kept. */
export interface AuditEntry {
  /** From 1, without gaps. */
  readonly number: number;
  readonly at: string;
  readonly actor: string;
  readonly tokenId: number | null;
  readonly address: string | null;
  readonly requestId: string | null;
  readonly action: string;
  readonly divisionId: number | null;
  readonly subject: string;
  /** JSON. */
  readonly before: string | null;
  readonly after: string | null;
  /** What its `hash` was made with. */
  readonly digest: ChainDigest;
  readonly hash: string;
}

/** Where the chain begins: the digest before the first entry. */
const chainStart = '0'.repeat(64);

/**
 * The digest of an entry, given that of the entry before. Every name but that of SHA-256, which the entries before there
 * were names were made with, is the first of what is digested: under another name no entry has the digest it holds.
 */
function digestOf(previous: string, entry: Omit<AuditEntry, 'hash'>): string {
  const { number, at, actor, tokenId, address, requestId, action, divisionId, subject, before, after, digest } = entry;
  const parts = [previous, number, at, actor, tokenId, address, requestId, action, divisionId, subject, before, after];
  return hash(digest, JSON.stringify(digest === 'sha256' ? parts : [digest, ...parts]));
}

const lastEntry = statement()((db) =>
  db.selectFrom('audit').select(['number', 'hash', 'at']).orderBy('number', 'desc').limit(1),
);

const newEntry = statement<AuditEntry>()((db, hole) =>
  db.insertInto('audit').values({
    number: hole('number'),
    at: hole('at'),
    actor: hole('actor'),
    token_id: hole('tokenId'),
    address: hole('address'),
    request_id: hole('requestId'),
    action: hole('action'),
    division_id: hole('divisionId'),
    subject: hole('subject'),
    before: hole('before'),
    after: hole('after'),
    digest: hole('digest'),
    hash: hole('hash'),
  }),
);

/** The last entry of the log: its number grows with every change of the store. Undefined while nothing was done. */
export async function lastAudit(db: Db): Promise<Pick<AuditEntry, 'number' | 'at'> | undefined> {
  return findRow(db, lastEntry);
}

/**
 * Records what an act does and tells of it, as the last step of the act in the transaction that does it: what was told
 * before in the act belongs to this entry.
 */
export async function record(trx: Trx, act: ActContext, deed: AuditRecord): Promise<void> {
  await tellChanges(trx, deed.tells);
  const last = await findRow(trx, lastEntry);
  const entry = {
    number: (last?.number ?? 0) + 1,
    at: act.now.toISOString(),
    actor: act.actor,
    tokenId: act.caller.kind === 'token' ? act.caller.tokenId : null,
    address: act.address ?? null,
    requestId: act.requestId ?? null,
    action: deed.action,
    divisionId: deed.divisionId,
    subject: deed.subject,
    before: textOf(deed.before),
    after: textOf(deed.after),
    digest: storeOf(trx).auditDigest ?? 'sha256',
  };
  await write(trx, newEntry, { hash: digestOf(last?.hash ?? chainStart, entry), ...entry });
}

/**
 * Records an act that concerns several divisions in the log of each, once in each and with an entry of its own; in that of
 * none where there is none. What it tells is told once.
 */
export async function recordIn(
  trx: Trx,
  act: ActContext,
  divisionIds: readonly number[],
  deed: Omit<AuditRecord, 'divisionId'>,
): Promise<void> {
  const [divisionId = null, ...others] = new Set(divisionIds);
  await record(trx, act, { ...deed, divisionId });
  for (const other of others) await record(trx, act, { ...deed, divisionId: other, tells: [] });
}

function textOf(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}

/** Which entries to list: of a division and all that is or ever was below it, from an instant up to another. */
export interface AuditFilter {
  readonly divisionId?: number;
  readonly from?: string;
  readonly to?: string;
}

const entriesAfter = sqlStatement({
  takes: { after: integer, from: text, to: text, divisionId: optional(integer), limit: integer },
  gives: {
    number: integer,
    at: text,
    actor: text,
    tokenId: nullable(integer),
    address: nullable(text),
    requestId: nullable(text),
    action: text,
    divisionId: nullable(integer),
    subject: text,
    before: nullable(text),
    after: nullable(text),
    digest: oneOf(chainDigests),
    hash: text,
  },
  text: (has) => `select number, at, actor, token_id as "tokenId", address, request_id as "requestId", action,
      division_id as "divisionId", subject, before, after, digest, hash
    from audit where number > :after and at >= :from and at < :to
      ${has.divisionId ? `and division_id in (${idsEverUnder})` : ''} order by number limit :limit`,
});

/** Entries after a number, in the order in which they were written. */
export async function listEntries(
  db: Db,
  filter: AuditFilter,
  page: { readonly first: number; readonly after: number },
): Promise<AuditEntry[]> {
  const { divisionId, from = '', to = '9999' } = filter;
  return readRows(db, entriesAfter, { divisionId, from, to, after: page.after, limit: page.first });
}

/** One thing that is wrong with the log, or with what it tells of. */
export interface AuditFault {
  readonly entry: number | null;
  readonly message: { readonly zh: string; readonly en: string };
}

/** The last entry of a log that was found whole: kept elsewhere, it shows later that nothing was cut off. */
export interface AuditHead {
  readonly number: number;
  readonly hash: string;
  /** What the hash was made with; left out, as heads once were, any. */
  readonly digest?: ChainDigest;
}

/** Entries walked over at once. */
const walkedAtOnce = 1000;

/**
 * Holds every entry to the digest of the one before, and every revision and decision to the entry that tells of it:
 * what was altered, left out, put in or cut off is listed. `known` is a head that was seen before.
 */
export async function verifyAudit(
  db: Db,
  known?: AuditHead,
): Promise<{ readonly faults: readonly AuditFault[]; readonly head: AuditHead }> {
  const faults: AuditFault[] = [];
  let head: AuditHead = { number: 0, hash: chainStart };
  for (;;) {
    const entries = await listEntries(db, {}, { first: walkedAtOnce, after: head.number });
    for (const entry of entries) {
      const fault = faultOf(head, entry);
      if (fault) faults.push(fault);
      if (known?.number === entry.number && !isHead(known, entry)) faults.push(otherHead(known));
      head = { number: entry.number, hash: entry.hash, digest: entry.digest };
    }
    if (entries.length < walkedAtOnce) break;
  }
  if (known && known.number > head.number) faults.push(cutOff(known, head));
  return { faults: [...faults, ...(await untold(db, head.number))], head };
}

function faultOf(before: AuditHead, entry: AuditEntry): AuditFault | undefined {
  const { number } = entry;
  if (number !== before.number + 1) {
    return {
      entry: number,
      message: {
        zh: `第 ${before.number} 条之后缺 ${number - before.number - 1} 条。`,
        en: `${number - before.number - 1} entries are missing after entry ${before.number}.`,
      },
    };
  }
  const found = digestWherePossible(before.hash, entry);
  if (found === entry.hash) return undefined;
  const { digest } = entry;
  if (found === undefined) {
    return {
      entry: number,
      message: {
        zh: `第 ${number} 条的摘要算法 ${digest} 在此不可用，无法核验。`,
        en: `Entry ${number} names the digest ${digest}, which is not known here: it cannot be verified.`,
      },
    };
  }
  const message = {
    zh: `第 ${number} 条的摘要不符。`,
    en: `Entry ${number} does not have the digest of what it says.`,
  };
  return { entry: number, message };
}

/** Those that can be computed here; whoever writes an entry behind our back may name any other. */
const computable: ReadonlySet<string> = new Set(
  getHashes().filter((name) => chainDigests.some((known) => known === name)),
);

/** Undefined where the digest that an entry names is none of them. */
function digestWherePossible(previous: string, entry: AuditEntry): string | undefined {
  return computable.has(entry.digest) ? digestOf(previous, entry) : undefined;
}

function isHead({ hash, digest }: AuditHead, entry: AuditEntry): boolean {
  return hash === entry.hash && (digest === undefined || digest === entry.digest);
}

function otherHead({ number }: AuditHead): AuditFault {
  return {
    entry: number,
    message: { zh: `第 ${number} 条与先前所见不同。`, en: `Entry ${number} is not the one that was seen before.` },
  };
}

function cutOff(known: AuditHead, head: AuditHead): AuditFault {
  return {
    entry: head.number,
    message: {
      zh: `日志止于第 ${head.number} 条，先前曾有第 ${known.number} 条。`,
      en: `The log ends at entry ${head.number}; entry ${known.number} was seen before.`,
    },
  };
}

/** Entries whose reports are held against each other at once: all of them would take as much memory as the file has bytes. */
const comparedAtOnce = 50_000;

/** Revisions and decisions since there is a log that no entry tells of, or of which one tells something else; some agencies at a time. */
async function untold(db: Db, entries: number): Promise<AuditFault[]> {
  const faults: AuditFault[] = [];
  const parts = 1 + Math.floor(entries / comparedAtOnce);
  for (let part = 0; part < parts; part++) {
    for (const { what } of await readRows(db, untoldRevisions, { part, parts })) {
      const message = { zh: `日志中没有与之相符的记录：${what}。`, en: `No entry of the log tells of ${what}.` };
      faults.push({ entry: null, message });
    }
  }
  return faults;
}

/** Entries about reports name the agency by its identity. What was filed before there was a log is in none. */
const untoldRevisions = sqlStatement({
  takes: { part: integer, parts: integer },
  gives: { what: text },
  text: `with told as materialized (
      select action, ${integerAt('after', 'agency')} as agency_id, ${integerAt('after', 'year')} as year,
        ${integerAt('after', 'revision')} as revision, ${textAt('after', 'content')} as content, at, actor
      from audit where action like 'report.%' and coalesce(${integerAt('after', 'agency')}, 0) % :parts = :part
    ), made as materialized (
      select 'report.' || case action when 'filed' then 'file' when 'revised' then 'revise' else 'withdraw' end as action,
        agency_id, year, number as revision, nullif(hash, '') as content, at, actor
      from revision where agency_id % :parts = :part
      union all
      select case decision when 'ACCEPTED' then 'report.accept' else 'report.return' end, agency_id, year, revision, null,
        at, actor
      from review where agency_id % :parts = :part
    ), differing as (
      select * from (select * from made where at >= (select min(at) from audit) except select * from told) missing
      union all
      select * from (select * from told except select * from made) other
    )
    select distinct 'revision ' || revision || ' of the report of agency ' || agency_id || ' for ' || year as what
    from differing`,
});
