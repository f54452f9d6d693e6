/** The documents that reports were filed from, and those that were refused, each kept once by its hash. */
import { type Kysely, sql } from 'kysely';

/** A document goes with the last that refers to it. */
const forget = (referring: string) => `create trigger ${referring}_forgets_its_document after delete on ${referring}
    when old.document_id is not null begin
    delete from document where id = old.document_id
      and not exists (select 1 from revision_document where document_id = old.document_id)
      and not exists (select 1 from refusal where document_id = old.document_id);
  end`;

const statements = [
  // `bytes` is how long it is as it came; `content` may be deflated.
  `create table document (
    id integer primary key,
    hash text not null unique,
    media_type text not null,
    bytes integer not null,
    coding text not null check (coding in ('plain', 'deflate')),
    content blob not null
  ) strict`,
  `create trigger document_is_immutable before update on document
    begin select raise(abort, 'a document is never changed'); end`,
  // `places` says, deflated, where in it each figure was read.
  `create table revision_document (
    agency_id integer not null,
    year integer not null,
    number integer not null,
    document_id integer not null references document (id),
    places blob not null,
    primary key (agency_id, year, number),
    foreign key (agency_id, year, number) references revision (agency_id, year, number)
  ) strict`,
  'create index revision_document_document on revision_document (document_id)',
  'alter table refusal add column document_id integer references document (id)',
  'create index refusal_document on refusal (document_id) where document_id is not null',
  forget('revision_document'),
  forget('refusal'),
];

/** Changes the tables. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
