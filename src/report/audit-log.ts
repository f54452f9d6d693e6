/** The use case that reads the audit log. */

import { mayAct, requireDivision, requireScope } from '../access/authority.js';
import { dayInChina, yearInChina } from '../day.js';
import { type NamedCode, resolveDivision } from '../register/codes.js';
import { type AuditEntry, listEntries } from '../store/audit-records.js';
import type { Db } from '../store/engine/schema.js';
import { type Division, divisionsById, findNation } from '../store/register/divisions.js';
import { lineageOf } from '../store/register/lineage.js';
import type { ActContext, Caller } from '../words.js';

/** Which entries are asked for: of a division and all below it, from an instant up to another. */
export interface AuditQuery {
  readonly division?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** An entry as it is shown: what was changed as JSON values, and the division it belongs to. */
export interface AuditView extends Omit<AuditEntry, 'before' | 'after' | 'divisionId' | 'tokenId' | 'hash'> {
  /** Null but for those who review the nation: it is made of every entry before, wherever that belongs. */
  readonly hash: string | null;
  readonly division: NamedCode | null;
  readonly before: unknown;
  readonly after: unknown;
}

/**
 * Entries after a number, oldest first, a page of them or fewer; for those who review the division, or the nation where
 * none is named. Throws
 * `unknown-division`, `unauthorized`, `forbidden`.
 */
export async function readAudit(
  db: Db,
  act: Pick<ActContext, 'caller' | 'now'>,
  query: AuditQuery,
  page: { readonly first: number; readonly after: number },
): Promise<{ readonly items: readonly AuditView[]; readonly next: number | null }> {
  requireScope(act.caller, 'review');
  const today = dayInChina(act.now);
  const division =
    query.division === undefined
      ? (await divisionsById(db, [await findNation(db)], today)).values().next().value
      : await resolveDivision(db, query.division, today);
  if (division) await requireDivision(db, act.caller, 'review', division, yearInChina(act.now));
  const found = await listEntries(
    db,
    {
      // What belongs nowhere is the nation's.
      ...(division && division.level !== 'NATION' && { divisionId: division.id }),
      ...(query.from !== undefined && { from: new Date(query.from).toISOString() }),
      ...(query.to !== undefined && { to: new Date(query.to).toISOString() }),
    },
    { first: page.first + 1, after: page.after },
  );
  const looked = found.slice(0, page.first);
  const nation = { lineage: [await findNation(db)] };
  const whole = mayAct(act.caller, 'review', nation);
  const entries = whole ? looked : await entriesReviewed(db, act.caller, looked);
  const ids = [...new Set(entries.flatMap(({ divisionId }) => divisionId ?? []))];
  const divisions = await divisionsById(db, ids, today);
  return {
    items: entries.map((entry) => readingOf(whole ? entry : { ...entry, hash: null }, divisions)),
    next: found.length > looked.length ? (looked.at(-1)?.number ?? null) : null,
  };
}

/** A report, as an entry about it is named. */
const reportNamed = /^\/v1\/reports\/[^/]+\/(\d{4})/;

/**
 * Of some entries of a division and all that was ever below it those that are the caller's to review: of a report by the
 * year that it is for, of anything else by the year in which it was done.
 */
async function entriesReviewed(db: Db, caller: Caller, entries: readonly AuditEntry[]): Promise<AuditEntry[]> {
  const known = new Map<string, boolean>();
  const reviewed: AuditEntry[] = [];
  for (const entry of entries) {
    const { divisionId, subject, at } = entry;
    if (divisionId === null) continue;
    const year = Number(reportNamed.exec(subject)?.[1] ?? yearInChina(new Date(at)));
    const key = `${divisionId} ${year}`;
    const may = known.get(key) ?? mayAct(caller, 'review', { lineage: await lineageOf(db, divisionId, year) });
    known.set(key, may);
    if (may) reviewed.push(entry);
  }
  return reviewed;
}

function readingOf(
  { divisionId, tokenId: _, before, after, ...entry }: Omit<AuditEntry, 'hash'> & Pick<AuditView, 'hash'>,
  divisions: ReadonlyMap<number, Division>,
): AuditView {
  const division = divisionId === null ? undefined : divisions.get(divisionId);
  return {
    ...entry,
    division: division ? { code: division.code, name: division.name } : null,
    before: before === null ? null : JSON.parse(before),
    after: after === null ? null : JSON.parse(after),
  };
}
