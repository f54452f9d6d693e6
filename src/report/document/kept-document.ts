/**
 * The document that a report was filed from, as it came. It may hold what nobody meant to file: remarks, hidden rows, the
 * names of who wrote it. So it is shown to those alone whom a token lets read the place, also where its report is public.
 */
import { promisify } from 'node:util';
import { deflateRaw, deflateRawSync, inflateRawSync } from 'node:zlib';
import { requireScopeOver } from '../../access/authority.js';
import { mayNamePersons, type Reader } from '../../access/visibility.js';
import { referenceDate } from '../../day.js';
import { type DocumentReading, documentTypes } from '../../document/read/read-document.js';
import { printFigure } from '../../form/check.js';
import { findCell } from '../../form/forms.js';
import { Problem } from '../../problem.js';
import { resolveAgency } from '../../register/codes.js';
import type { Db } from '../../store/engine/schema.js';
import { keepsDocuments } from '../../store/engine/store.js';
import { findDocument, type KeptWithReport, type PackedDocument } from '../../store/filings/documents.js';
import { lineageOf } from '../../store/register/lineage.js';
import { findReport } from '../../store/reports.js';
import type { Filing } from '../filing.js';
import { notFiled } from '../report-view.js';

const deflate = promisify(deflateRaw);

/** Whether a media type is one of documents that are read. */
export function isDocumentType(mediaType: string): boolean {
  return Object.hasOwn(documentTypes, mediaType);
}

/** A document, packed to be kept. It is hashed and compressed beside the event loop. */
export async function packDocument(bytes: Uint8Array, mediaType: string): Promise<PackedDocument> {
  const [digest, deflated] = await Promise.all([crypto.subtle.digest('SHA-256', bytes), deflate(bytes)]);
  const hash = Buffer.from(digest).toString('hex');
  const isSmaller = deflated.length < bytes.length;
  return {
    hash,
    mediaType,
    bytes: bytes.length,
    coding: isSmaller ? 'deflate' : 'plain',
    content: isSmaller ? deflated : bytes,
  };
}

async function packReading(bytes: Uint8Array, reading: DocumentReading): Promise<KeptWithReport> {
  return { ...(await packDocument(bytes, reading.mediaType)), places: packPlaces(reading) };
}

/** A filing with the document that it was read from, where the store keeps documents. */
export async function withDocument(
  db: Db,
  filing: Filing,
  bytes: Uint8Array,
  reading: DocumentReading,
): Promise<Filing> {
  return keepsDocuments(db) ? { ...filing, document: await packReading(bytes, reading) } : filing;
}

/** Where in a document a figure was read. */
export interface FigurePlace {
  /** The cell's address. */
  readonly cell: string;
  readonly line: number;
  /** Of a PDF, from 1. */
  readonly page: number | null;
  readonly table: number | null;
  readonly row: number | null;
  readonly column: number | null;
  /** The words it was read from. */
  readonly text: string;
  readonly value: number | string | null;
  readonly note: string | null;
}

type Row = readonly [
  cell: string,
  line: number,
  at: readonly number[],
  text: string,
  value: number | null,
  note?: string | null,
  page?: number,
];

function packPlaces({ cells }: DocumentReading): Buffer {
  const rows = cells.map(({ cell, place, position, text, value, note }): Row => {
    const at = position ? [position.table, position.row, position.column] : [];
    if (place.page !== null) return [cell, place.line, at, text, value, note, place.page];
    return note === null ? [cell, place.line, at, text, value] : [cell, place.line, at, text, value, note];
  });
  return deflateRawSync(JSON.stringify(rows));
}

/** The places of figures as they are kept, in the order of the form. */
export function unpackPlaces(places: Uint8Array): FigurePlace[] {
  // Written by `packPlaces`.
  const rows = JSON.parse(inflateRawSync(places).toString('utf8')) as readonly Row[];
  return rows.flatMap(
    ([key, line, [table = null, row = null, column = null], text, value, note = null, page = null]) => {
      const cell = findCell(key);
      return cell ? [{ cell: key, line, page, table, row, column, text, value: printFigure(cell, value), note }] : [];
    },
  );
}

/**
 * The document that a revision was filed from, the current one where no number is given. Throws `unauthorized` or `forbidden`
 * for who has no token that reads the place, alike whether there is one; `not-found` where there is none.
 */
export async function readKeptDocument(
  db: Db,
  { caller }: Reader,
  { agency: code, year, number }: { readonly agency: string; readonly year: number; readonly number?: number },
): Promise<KeptWithReport & { readonly code: string; readonly number: number }> {
  const agency = await resolveAgency(db, code, referenceDate(year));
  if (!(await mayNamePersons(db, caller, { countyId: agency.countyId, agencyId: agency.id }, year))) {
    const lineage = await lineageOf(db, agency.countyId, year);
    requireScopeOver(caller, 'read', { lineage, agencyId: agency.id }, agency);
  }
  const revision = number ?? (await findReport(db, agency.id, year))?.revision;
  if (revision === undefined) throw await notFiled(db, agency, year);
  const document = await findDocument(db, { agencyId: agency.id, year, number: revision });
  if (document) return { ...document, code: agency.code, number: revision };
  throw new Problem('not-found', {
    zh: `${agency.name} ${year} 年度报告第 ${revision} 版没有留存的文件：未以文件报送、未予留存或报告已撤回。`,
    en: `No document is kept of revision ${revision} of the report of ${agency.code} for ${year}: it was filed without one, none is kept here, or the report was withdrawn.`,
  });
}
