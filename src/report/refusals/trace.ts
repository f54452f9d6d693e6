/**
 * What is sent to be filed and refused leaves a trace, for those who file or review there. It is written after the
 * refused transaction, in one of its own, and the refusal waits for it no longer than a moment: whether or not it is
 * kept, the refusal is the same. Nothing is kept of what a caller sent who may not file there.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { mayAct } from '../../access/authority.js';
import { referenceDate, yearBefore, yearInChina } from '../../day.js';
import { firstYear } from '../../form/forms.js';
import { Problem, type ProblemBody, type ProblemName } from '../../problem.js';
import { agencyCode, findAgency, holdsOn, normalizeCode } from '../../register/codes.js';
import { inTransaction } from '../../store/engine/commit.js';
import type { Db, Trx } from '../../store/engine/schema.js';
import { keepsDocuments } from '../../store/engine/store.js';
import { insertDocument, type PackedDocument, refusedBytes } from '../../store/filings/documents.js';
import { forgetRefusals, insertRefusal, type Refusal } from '../../store/filings/refusals.js';
import { lineageOf } from '../../store/register/lineage.js';
import { touchAgency, touchDivision } from '../../store/register/relatives.js';
import { findReport } from '../../store/reports.js';
import type { ActContext, RefusalSource } from '../../words.js';
import { isDocumentType, packDocument } from '../document/kept-document.js';

/** What was sent: whose report for which year, as far as the sender or the sent says. */
export interface Sent {
  readonly agency?: string | undefined;
  readonly year?: number | undefined;
  readonly source: RefusalSource;
  /** The document that was sent. */
  readonly document?: { readonly bytes: Uint8Array; readonly mediaType: string };
}

/** What is kept at the most. */
export const keptRefusals = {
  /** Of an agency for a year, or of those without a known agency in a division. */
  ofPlace: 5,
  inAll: 10_000,
  /** Bytes of the refusal; beyond, the faults at its end are left out. */
  bytes: 16_384,
  /** Bytes of a document as it is kept, and of all of them; beyond, the trace has none. */
  documentBytes: 4_000_000,
  documentBytesInAll: 1_000_000_000,
} as const;

/** How long a refusal waits for its trace, in milliseconds. */
const patienceMs = 50;

/**
 * Refusals of what is sent: of its shape, its equations, its document or its year. Those that only say how to go on (a
 * revision to name, a report that is filed already, a file that states it twice) are none, nor are those of a caller
 * without the right, of too much, or of ours.
 */
const traced: readonly ProblemName[] = [
  'malformed-body',
  'invalid-report',
  'invalid-document',
  'ambiguous-agency',
  'unbalanced-report',
  'unknown-agency',
  'agency-closed',
  'year-locked',
];

/** Whether a refusal leaves a trace. */
export function isTraced(error: unknown): error is Problem {
  return error instanceof Problem && traced.includes(error.kind);
}

/** Does a piece of work that files; where that is refused, a trace is kept of what `sent` says, and the refusal is thrown on. */
export async function traceRefusal<T>(db: Db, act: ActContext, sent: () => Sent, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isTraced(error)) await keepRefusals(db, act, [{ ...sent(), problem: error }]);
    throw error;
  }
}

/** Something that was refused. */
export type Refused = Sent & { readonly problem: Problem };

/** Keeps traces of what was refused; returns once they are kept, or after a moment. Never throws. */
export async function keepRefusals(db: Db, act: ActContext, refused: readonly Refused[]): Promise<void> {
  if (refused.length === 0) return;
  const kept = keepAll(db, act, refused);
  // A trace is no reason to answer otherwise: it may be missing where the store is busy, full or closing.
  await Promise.race([kept.catch(() => undefined), sleep(patienceMs)]);
}

async function keepAll(db: Db, act: ActContext, refused: readonly Refused[]): Promise<void> {
  const documents = await Promise.all(refused.map(({ document }) => packRefused(db, document)));
  await inTransaction(db, {}, async (trx) => {
    for (const [index, one] of refused.entries()) await keepOne(trx, act, one, documents[index]);
  });
}

/** A document that was refused, where documents are kept and it is not too long. It is of the type that it was called. */
async function packRefused(db: Db, document: Sent['document']): Promise<PackedDocument | undefined> {
  if (!document || !keepsDocuments(db)) return undefined;
  const type = document.mediaType.trim().toLowerCase();
  const packed = await packDocument(document.bytes, isDocumentType(type) ? type : 'application/octet-stream');
  return packed.content.length <= keptRefusals.documentBytes ? packed : undefined;
}

async function keepOne(
  trx: Trx,
  act: ActContext,
  refused: Refused,
  document: PackedDocument | undefined,
): Promise<void> {
  const { source, problem, year: asked } = refused;
  const present = yearInChina(act.now);
  const isStated = asked !== undefined && asked >= firstYear && asked <= present;
  // Where no year is stated, or none that has reports: the one that is filed now.
  const year = isStated ? asked : present - 1;
  const stated = statedCode(refused.agency);
  const place = await placeOf(trx, act, stated, year);
  if (!place) return;
  if (place.agencyId !== null) await touchAgency(trx, place.agencyId);
  if (place.divisionId !== null) await touchDivision(trx, place.divisionId);
  const at = act.now.toISOString();
  if (place.agencyId !== null && (await hasFiledSince(trx, place.agencyId, year, at))) return;
  const about = { ...place, year };
  const { actor } = act;
  await insertRefusal(trx, {
    ...about,
    yearStated: isStated ? 1 : 0,
    stated: stated ?? null,
    at,
    actor,
    source,
    problem: JSON.stringify(boundProblem(problem.stored)),
    documentId: await keepRefused(trx, document),
  });
  await forgetRefusals(trx, about, { ...keptRefusals, before: yearBefore(act.now).toISOString() });
}

async function keepRefused(trx: Trx, document: PackedDocument | undefined): Promise<number | null> {
  if (!document) return null;
  const isFull = (await refusedBytes(trx)) + document.content.length > keptRefusals.documentBytesInAll;
  return isFull ? null : insertDocument(trx, document);
}

/** Codes are kept as they were sent, where they can be codes at all. */
function statedCode(code: string | undefined): string | undefined {
  return code !== undefined && agencyCode.safeParse(code).success ? normalizeCode(code) : undefined;
}

/**
 * Where a trace belongs: with the agency, for a caller who may file for it; where that is not known or was not there in
 * the year, with the one division for which the caller files. Undefined where there is no such place.
 */
async function placeOf(
  trx: Trx,
  { caller }: ActContext,
  stated: string | undefined,
  year: number,
): Promise<Pick<Refusal, 'agencyId' | 'divisionId'> | undefined> {
  const agency = stated === undefined ? undefined : await findAgency(trx, stated, referenceDate(year));
  if (agency && holdsOn(agency, referenceDate(year))) {
    const lineage = await lineageOf(trx, agency.countyId, year);
    const may = mayAct(caller, 'file', { lineage, agencyId: agency.id });
    return may ? { agencyId: agency.id, divisionId: null } : undefined;
  }
  const grants = caller.kind === 'token' ? caller.grants : [];
  const divisions = new Set(grants.flatMap(({ divisionId }) => divisionId ?? []));
  const [divisionId, ...others] = divisions;
  if (divisionId === undefined || others.length > 0) return undefined;
  return mayAct(caller, 'file', { lineage: [divisionId] }) ? { agencyId: null, divisionId } : undefined;
}

/** Whether what was refused came late: the agency has filed meanwhile. */
async function hasFiledSince(trx: Trx, agencyId: number, year: number, at: string): Promise<boolean> {
  const report = await findReport(trx, agencyId, year);
  return report !== undefined && report.updatedAt > at;
}

/** A refusal within what is kept of one: its lists are cut at their ends, its faults last. */
function boundProblem(body: ProblemBody): ProblemBody {
  const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
  if (bytes(body) <= keptRefusals.bytes) return body;
  const { errors = [], ...others } = body;
  const plain = Object.fromEntries(Object.entries(others).filter(([, value]) => !Array.isArray(value)));
  // The members of a problem that are no lists are those that every problem has, and some of its own.
  const head = { ...plain, more: true } as unknown as ProblemBody;
  let left = keptRefusals.bytes - bytes(head);
  const fitting = errors.filter((fault) => {
    left -= bytes(fault) + 1;
    return left >= 0;
  });
  return { ...head, errors: fitting };
}
