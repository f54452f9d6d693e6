/** What in a database contradicts itself: its pages, its tables, and everything it says twice. */
import { hash } from 'node:crypto';
import { openStore, runSql } from './engine/open.js';
import type { Db, Trx } from './engine/schema.js';
import { expectationsMadeAnew } from './register/expectations.js';

/** One contradiction: in which part, and what it is. */
export interface Difference {
  readonly part: string;
  readonly what: string;
}

/** Faults told of one part; a damaged page can be at fault for thousands. */
const maxListed = 1000;

/** What SQLite finds in the pages, indexes and references of the file. */
export async function pageDifferences(db: Db): Promise<string[]> {
  const rows = await runSql<{ integrity_check: string }>(db, `pragma integrity_check(${maxListed})`);
  return rows.map((row) => row.integrity_check).filter((text) => text !== 'ok');
}

/** Rows that refer to what is not there. */
export async function referenceDifferences(db: Db): Promise<string[]> {
  const rows = await runSql<{ table: string; rowid: number | null; parent: string }>(db, 'pragma foreign_key_check');
  return rows
    .slice(0, maxListed)
    .map(({ table, rowid, parent }) => `row ${rowid} of ${table} refers to no row of ${parent}`);
}

interface SchemaRow {
  readonly name: string;
  readonly sql: string;
}

const schemaSql =
  "select name, sql from sqlite_schema where sql is not null and name not glob 'sqlite_*' order by name";

/** Tables, indexes and triggers that are not those of this program. */
export async function schemaDifferences(db: Db): Promise<string[]> {
  const fresh = await openStore('sqlite::memory:');
  const expected = await runSql<SchemaRow>(fresh, schemaSql).finally(() => fresh.destroy());
  const found = new Map((await runSql<SchemaRow>(db, schemaSql)).map(({ name, sql }) => [name, sql]));
  const differing = expected.filter(({ name, sql }) => found.get(name) !== sql).map(({ name }) => name);
  const known = new Set(expected.map(({ name }) => name));
  const unknown = [...found.keys()].filter((name) => !known.has(name));
  return [
    ...differing.map((name) => `${name} is not what this program made`),
    ...unknown.map((name) => `${name} is none of this program's`),
  ];
}

interface RevisionText {
  readonly rowid: number;
  readonly agencyId: number;
  readonly year: number;
  readonly number: number;
  readonly hash: string;
  readonly content: string | null;
}

/** Revisions read at once. */
const pageSize = 500;

/** Revisions whose content is not what its hash was made of. `onRow` is told how many of how many were read. */
export async function hashDifferences(db: Db, onRow: (done: number, total: number) => void): Promise<string[]> {
  const [count] = await runSql<{ total: number }>(db, 'select count(*) as total from revision');
  const wrong: string[] = [];
  let done = 0;
  for (let last = 0; ; ) {
    const rows = await runSql<RevisionText>(
      db,
      `select rowid, agency_id as agencyId, year, number, hash, content from revision where rowid > ? order by rowid limit ?`,
      [last, pageSize],
    );
    for (const { agencyId, year, number, hash: kept, content } of rows) {
      if (kept === (content === null ? '' : hash('sha256', content))) continue;
      wrong.push(`revision ${number} of agency ${agencyId} for ${year} is not what its hash says`);
    }
    done += rows.length;
    onRow(done, count?.total ?? done);
    last = rows.at(-1)?.rowid ?? last;
    if (rows.length < pageSize) return wrong;
  }
}

const lastRevisions = `(select agency_id, year, max(number) as number from revision group by agency_id, year)`;

/** Rows that cannot be when all is well, each with what it would mean. */
const contradictions = [
  {
    part: 'revisions',
    sql: `select 'agency ' || agency_id || ' has ' || count(*) || ' revisions for ' || year || ' up to number ' || max(number) as what
      from revision group by agency_id, year having count(*) <> max(number) or min(number) <> 1`,
  },
  {
    part: 'revisions',
    sql: `select 'revision ' || number || ' of agency ' || agency_id || ' for ' || year || ' is ' || action || iif(content is null, ' without', ' with') || ' content' as what
      from revision where (action = 'withdrawn') <> (content is null) or (action = 'filed') <> (number = 1 or exists (
        select 1 from revision b where b.agency_id = revision.agency_id and b.year = revision.year
          and b.number = revision.number - 1 and b.action = 'withdrawn'))`,
  },
  {
    part: 'reports',
    sql: `select 'the report of agency ' || l.agency_id || ' for ' || l.year || ' is not at its last revision, ' || l.number as what
      from ${lastRevisions} l join revision v using (agency_id, year, number)
      left join report r on r.agency_id = l.agency_id and r.year = l.year
      where iif(v.action = 'withdrawn', r.id is not null, r.revision is not v.number or r.updated_at is not v.at)`,
  },
  {
    part: 'reports',
    sql: `select 'the report of agency ' || r.agency_id || ' for ' || r.year || ' was first filed at no time of its revisions' as what
      from report r where not exists (select 1 from revision v where v.agency_id = r.agency_id and v.year = r.year
        and v.action = 'filed' and v.at = r.filed_at)`,
  },
  {
    part: 'findings',
    sql: `select 'finding ' || position || ' of report ' || report_id || ' is not what its body says' as what from finding
      where not json_valid(body) or body ->> 'code' is not code or body ->> 'severity' is not severity`,
  },
  {
    part: 'imports',
    sql: `select 'import ' || id || ' cannot be read' as what from import where not json_valid(request) or not json_valid(tally)
      union all select 'item ' || position || ' of import ' || import_id || ' cannot be read' from import_item
      where not json_valid(body)`,
  },
  {
    part: 'register',
    sql: `select 'agencies of kind ' || kind || ' expected in division ' || division_id || ' from ' || year || ' differ by ' || sum(change) as what
      from (select division_id, kind, year, change from expectation
        union all select division_id, kind, year, -change from (${expectationsMadeAnew}))
      group by division_id, kind, year having sum(change) <> 0`,
  },
  {
    part: 'reviews',
    sql: `select 'the report of agency ' || r.agency_id || ' for ' || r.year || ' is ' || r.state || ', which is not what was decided last' as what
      from report r where r.state is not coalesce((select w.decision from review w where w.agency_id = r.agency_id
        and w.year = r.year and w.revision = r.revision order by w.id desc limit 1), 'SUBMITTED')
      union all
      select 'the report of agency ' || r.agency_id || ' for ' || r.year || ' has no revision ' || r.accepted_revision || ' that was accepted'
      from report r where r.accepted_revision is not null and not exists (select 1 from review w
        join revision v on v.agency_id = w.agency_id and v.year = w.year and v.number = w.revision
        where w.agency_id = r.agency_id and w.year = r.year and w.revision = r.accepted_revision and w.decision = 'ACCEPTED'
          and v.content is not null)`,
  },
  {
    part: 'register',
    sql: `select 'division ' || id || ' has no state' as what from division where id not in (select division_id from division_state)
      union all select 'agency ' || id || ' has no state' from agency where id not in (select agency_id from agency_state)`,
  },
] as const;

/** What the tables say against each other. Each part is `told` by itself, so that a damaged one hides no other. */
export const tableChecks: readonly { readonly part: string; readonly find: (trx: Trx) => Promise<string[]> }[] =
  contradictions.map(({ part, sql }) => ({
    part,
    find: async (trx) => (await runSql<{ what: string }>(trx, `${sql} limit ${maxListed}`)).map(({ what }) => what),
  }));
