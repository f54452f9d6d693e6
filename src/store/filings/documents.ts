/** Documents as they came: each once by its hash, for as long as a revision or a trace of a refusal refers to it. */
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { blob, integer, oneOf, text } from '../engine/column.js';
import { findRow, insertRow, readRows, write } from '../engine/run.js';
import { type Db, keptCodings, type Trx } from '../engine/schema.js';
import { sqlStatement, statement } from '../engine/statement.js';

/** A document, packed to be kept. */
export interface PackedDocument {
  /** SHA-256 of its bytes as they came, in hexadecimal digits. */
  readonly hash: string;
  readonly mediaType: string;
  /** How many bytes it has as it came. */
  readonly bytes: number;
  readonly coding: (typeof keptCodings)[number];
  readonly content: Uint8Array;
}

/** A document with where in it each figure was read, deflated. */
export interface KeptWithReport extends PackedDocument {
  readonly places: Uint8Array;
}

/** A revision of a report. */
export interface RevisionKey {
  readonly agencyId: number;
  readonly year: number;
  readonly number: number;
}

const idOfHash = statement<{ hash: string }>()((db, hole) =>
  db.selectFrom('document').select('id').where('hash', '=', hole('hash')),
);

const newDocument = statement<PackedDocument>()((db, hole) =>
  db.insertInto('document').values({
    hash: hole('hash'),
    media_type: hole('mediaType'),
    bytes: hole('bytes'),
    coding: hole('coding'),
    content: hole('content'),
  }),
);

/** Keeps a document, once however often it comes; returns its id. Who calls refers to it in the same transaction. */
export async function insertDocument(trx: Trx, document: PackedDocument): Promise<number> {
  const { hash, mediaType, bytes, coding, content } = document;
  const known = await findRow(trx, idOfHash, { hash });
  return known?.id ?? insertRow(trx, newDocument, { hash, mediaType, bytes, coding, content });
}

const newReference = statement<RevisionKey & { documentId: number; places: Uint8Array }>()((db, hole) =>
  db.insertInto('revision_document').values({
    agency_id: hole('agencyId'),
    year: hole('year'),
    number: hole('number'),
    document_id: hole('documentId'),
    places: hole('places'),
  }),
);

/** Keeps the document that a revision was filed from, and where in it each figure was read. */
export async function keepDocument(
  trx: Trx,
  revision: RevisionKey,
  { places, ...document }: KeptWithReport,
): Promise<void> {
  await write(trx, newReference, { ...revision, documentId: await insertDocument(trx, document), places });
}

const ofReport = statement<{ agencyId: number; year: number }>()((db, hole) =>
  db.deleteFrom('revision_document').where('agency_id', '=', hole('agencyId')).where('year', '=', hole('year')),
);

/** Forgets the documents of all revisions of a report. */
export async function forgetDocuments(trx: Trx, agencyId: number, year: number): Promise<void> {
  await write(trx, ofReport, { agencyId, year });
}

const inflate = promisify(inflateRaw);

/** The bytes of a document as they came; throws where they cannot be unpacked to as many. */
export async function unpackDocument({
  bytes,
  coding,
  content,
}: Pick<PackedDocument, 'bytes' | 'coding' | 'content'>): Promise<Buffer> {
  return coding === 'plain' ? Buffer.from(content) : inflate(content, { maxOutputLength: Math.max(1, bytes) });
}

const documentColumns = {
  hash: text,
  mediaType: text,
  bytes: integer,
  coding: oneOf(keptCodings),
  content: blob,
} as const;
const documentSelection = 'd.hash, d.media_type as "mediaType", d.bytes, d.coding, d.content';

const ofRevision = sqlStatement({
  takes: { agencyId: integer, year: integer, number: integer },
  gives: { ...documentColumns, places: blob },
  text: `select ${documentSelection}, r.places
    from revision_document r join document d on d.id = r.document_id
    where r.agency_id = :agencyId and r.year = :year and r.number = :number`,
});

/** The document that a revision was filed from; undefined where there is none. */
export async function findDocument(
  db: Db,
  { agencyId, year, number }: RevisionKey,
): Promise<KeptWithReport | undefined> {
  return findRow(db, ofRevision, { agencyId, year, number });
}

const ofId = sqlStatement({
  takes: { id: integer },
  gives: documentColumns,
  text: `select ${documentSelection} from document d where d.id = :id`,
});

/** A document by its id. */
export async function findDocumentOfId(db: Db, id: number): Promise<PackedDocument | undefined> {
  return findRow(db, ofId, { id });
}

const refused = sqlStatement({
  takes: {},
  gives: { bytes: integer },
  text: `select coalesce(sum(length(d.content)), 0) as bytes from document d
    where exists (select 1 from refusal f where f.document_id = d.id)`,
});

/** How many bytes the documents take that were refused. */
export async function refusedBytes(db: Db): Promise<number> {
  return (await findRow(db, refused, {}))?.bytes ?? 0;
}

const next = sqlStatement({
  takes: { after: integer },
  gives: { id: integer, ...documentColumns },
  text: `select d.id, ${documentSelection} from document d where d.id > :after order by d.id limit 1`,
});

const unreferred = sqlStatement({
  takes: {},
  gives: { hash: text },
  text: `select d.hash from document d where not exists (select 1 from revision_document r where r.document_id = d.id)
      and not exists (select 1 from refusal f where f.document_id = d.id) limit 100`,
});

/** Every document, one after the other, so that one is in memory at a time. */
export async function* everyDocument(db: Db): AsyncGenerator<PackedDocument> {
  for (let after = 0; ; ) {
    const row = await findRow(db, next, { after });
    if (!row) return;
    yield row;
    after = row.id;
  }
}

/** The hashes of documents that nothing refers to, which would have gone; the first hundred. */
export async function unreferredDocuments(db: Db): Promise<string[]> {
  return (await readRows(db, unreferred, {})).map(({ hash }) => hash);
}
