/** The use case that lists what was refused of a division's filings, for those who file or review there. */
import { callerWith, mayAct, requireAnyScope, requireScopeOver } from '../../access/authority.js';
import { referenceDate, yearBefore } from '../../day.js';
import type { ProblemBody } from '../../problem.js';
import { type NamedCode, resolveDivision } from '../../register/codes.js';
import type { Db } from '../../store/engine/schema.js';
import { type ListedRefusal, listRefusals } from '../../store/filings/refusals.js';
import { divisionsNear } from '../../store/register/divisions.js';
import { lineageNear } from '../../store/register/lineage.js';
import type { Caller, Page, RefusalSource } from '../../words.js';

/** Something that was sent and refused. */
export interface RefusalView {
  readonly id: number;
  readonly at: string;
  /** Who sent it. */
  readonly actor: string;
  readonly source: RefusalSource;
  /** Whose report it was; null where that is not known. */
  readonly agency: NamedCode | null;
  /** Where the agency is not known, the division for which the sender files. */
  readonly division: NamedCode | null;
  /** The code of an agency as it was sent. */
  readonly stated: string | null;
  /** The report year; null where none was stated. */
  readonly year: number | null;
  readonly problem: ProblemBody;
}

/**
 * What was refused of the filings of a division for a year, the latest first: all of it for those who file or review for
 * the division, and of their own agencies for those who file for some. Throws `unknown-division`, `unauthorized`, `forbidden`.
 */
export async function readRefusals(
  db: Db,
  { caller, now }: { readonly caller: Caller; readonly now: Date },
  { division: code, year }: { readonly division: string; readonly year: number },
  page: { readonly first: number; readonly after?: number | undefined },
): Promise<Page<RefusalView>> {
  requireAnyScope(caller, ['file', 'review']);
  const day = referenceDate(year);
  const division = await resolveDivision(db, code, day);
  const agencyIds = await agenciesOf(db, caller, division, day);
  const filter = { divisionId: division.id, year, day, agencyIds, since: yearBefore(now).toISOString() };
  const found = await listRefusals(db, filter, page);
  const places = await divisionsNear(db, [...new Set(found.items.flatMap(({ divisionId }) => divisionId ?? []))], day);
  return { ...found, items: found.items.map((one) => viewOf(one, places)) };
}

/** The agencies to which a caller's view is narrowed; undefined is all of the division. */
async function agenciesOf(
  db: Db,
  caller: Caller,
  division: NamedCode & { readonly id: number },
  day: string,
): Promise<readonly number[] | undefined> {
  if (caller.kind === 'operator') return undefined;
  const lineage = await lineageNear(db, division.id, day);
  if (mayAct(caller, 'file', { lineage }) || mayAct(caller, 'review', { lineage })) return undefined;
  const handling = callerWith(caller, ['file', 'review']);
  const own = handling.kind === 'token' ? handling.grants.flatMap(({ agencyId }) => agencyId ?? []) : [];
  if (own.length === 0) requireScopeOver(caller, 'file', { lineage }, division);
  return own;
}

function viewOf(one: ListedRefusal, places: ReadonlyMap<number, NamedCode>): RefusalView {
  const { id, at, actor, source, agencyId, divisionId, stated, year, yearStated, code, name, problem } = one;
  const place = divisionId === null ? undefined : places.get(divisionId);
  return {
    id,
    at,
    actor,
    source,
    agency: agencyId !== null && code !== null && name !== null ? { code, name } : null,
    division: place ? { code: place.code, name: place.name } : null,
    stated,
    year: yearStated ? year : null,
    // Written by `keepRefusals` from the body of a problem.
    problem: JSON.parse(problem) as ProblemBody,
  };
}
