/** The use case that lists what was refused of a division's filings, for those who file or review there. */
import { callerWith, mayAct, requireAnyScope, requireScopeOver } from '../../access/authority.js';
import { referenceDate, yearBefore } from '../../day.js';
import { Problem, type ProblemBody } from '../../problem.js';
import { type NamedCode, resolveDivision } from '../../register/codes.js';
import type { Db } from '../../store/engine/schema.js';
import { findDocumentOfId, type PackedDocument } from '../../store/filings/documents.js';
import { type ListedRefusal, listRefusals, type RefusalFilter } from '../../store/filings/refusals.js';
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
  /** Whether the document that was sent is kept. */
  readonly hasDocument: boolean;
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
  const day = referenceDate(year);
  const found = await listRefusals(db, await filterFor(db, { caller, now }, { division: code, year }), page);
  const places = await divisionsNear(db, [...new Set(found.items.flatMap(({ divisionId }) => divisionId ?? []))], day);
  return { ...found, items: found.items.map((one) => viewOf(one, places)) };
}

async function filterFor(
  db: Db,
  { caller, now }: { readonly caller: Caller; readonly now: Date },
  { division: code, year }: { readonly division: string; readonly year: number },
): Promise<RefusalFilter> {
  requireAnyScope(caller, ['file', 'review']);
  const day = referenceDate(year);
  const division = await resolveDivision(db, code, day);
  const agencyIds = await agenciesOf(db, caller, division, day);
  return { divisionId: division.id, year, day, agencyIds, since: yearBefore(now).toISOString() };
}

/**
 * The document of something that was refused, by the id of its trace, for those who may read the trace. Throws what
 * `readRefusals` throws, and `not-found` where there is no such trace or it has none.
 */
export async function readRefusedDocument(
  db: Db,
  who: { readonly caller: Caller; readonly now: Date },
  { id, ...of }: { readonly division: string; readonly year: number; readonly id: number },
): Promise<PackedDocument> {
  const [trace] = (await listRefusals(db, await filterFor(db, who, of), { first: 1, after: id + 1 })).items;
  const documentId = trace?.id === id ? trace.documentId : null;
  const document = documentId === null ? undefined : await findDocumentOfId(db, documentId);
  if (document) return document;
  throw new Problem('not-found', {
    zh: '没有这条被拒报送的留存文件；机关报送后或满一年即删除。',
    en: 'No document of that refusal is kept: it goes once the agency has filed, or after a year.',
  });
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
  const { id, at, actor, source, agencyId, divisionId, stated, year, yearStated, code, name, problem, documentId } =
    one;
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
    hasDocument: documentId !== null,
  };
}
