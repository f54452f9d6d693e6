/** What in a database contradicts itself: everything it says twice. */
import { text } from '../engine/column.js';
import { isJson, textAt } from '../engine/dialect.js';
import { maxListed } from '../engine/integrity.js';
import { readRows } from '../engine/run.js';
import type { Trx } from '../engine/schema.js';
import { sqlStatement } from '../engine/statement.js';
import { wholeExpectations } from '../register/expectations.js';

/** One contradiction: in which part, and what it is. */
export interface Difference {
  readonly part: string;
  readonly what: string;
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
    sql: `select 'revision ' || number || ' of agency ' || agency_id || ' for ' || year || ' is ' || action || case when content is null then ' without' else ' with' end || ' content' as what
      from revision where (action = 'withdrawn') <> (content is null) or (action = 'filed') <> (number = 1 or exists (
        select 1 from revision b where b.agency_id = revision.agency_id and b.year = revision.year
          and b.number = revision.number - 1 and b.action = 'withdrawn'))`,
  },
  {
    part: 'reports',
    sql: `select 'the report of agency ' || l.agency_id || ' for ' || l.year || ' is not at its last revision, ' || l.number as what
      from ${lastRevisions} l join revision v using (agency_id, year, number)
      left join report r on r.agency_id = l.agency_id and r.year = l.year
      where case when v.action = 'withdrawn' then r.id is not null
        else r.revision is distinct from v.number or r.updated_at is distinct from coalesce((select w.at from review w
          where w.agency_id = r.agency_id and w.year = r.year and w.revision = r.revision order by w.id desc limit 1), v.at)
        end`,
  },
  {
    part: 'reports',
    sql: `select 'the report of agency ' || r.agency_id || ' for ' || r.year || ' was not first filed when its first revision was' as what
      from report r where r.filed_at is distinct from (select min(v.at) from revision v where v.agency_id = r.agency_id
        and v.year = r.year and v.action = 'filed')`,
  },
  {
    part: 'findings',
    sql: `select 'finding ' || position || ' of report ' || report_id || ' is not what its body says' as what from finding
      where not ${isJson('body')} or ${textAt('body', 'code')} is distinct from code
        or ${textAt('body', 'severity')} is distinct from severity`,
  },
  {
    part: 'imports',
    sql: `select 'import ' || id || ' cannot be read' as what from import where not ${isJson('request')} or not ${isJson('tally')}
      union all select 'item ' || position || ' of import ' || import_id || ' cannot be read' from import_item
      where not ${isJson('body')}`,
  },
  {
    part: 'register',
    sql: `select 'agencies of kind ' || kind || ' expected in division ' || division_id || ' from ' || year || ' differ by ' || sum(change) as what
      from (select division_id, kind, year, change from expectation
        union all select division_id, kind, year, -change from (${wholeExpectations}) whole) sides
      group by division_id, kind, year having sum(change) <> 0`,
  },
  {
    part: 'reviews',
    sql: `select 'the report of agency ' || r.agency_id || ' for ' || r.year || ' is ' || r.state || ', which is not what was decided last' as what
      from report r where r.state is distinct from coalesce((select w.decision from review w where w.agency_id = r.agency_id
        and w.year = r.year and w.revision = r.revision order by w.id desc limit 1), 'SUBMITTED')
      union all
      select 'the report of agency ' || r.agency_id || ' for ' || r.year || ' has no revision ' || r.accepted_revision || ' that was accepted'
      from report r where r.accepted_revision is not null and not exists (select 1 from review w
        join revision v on v.agency_id = w.agency_id and v.year = w.year and v.number = w.revision
        where w.agency_id = r.agency_id and w.year = r.year and w.revision = r.accepted_revision and w.decision = 'ACCEPTED'
          and v.content is not null and w.at = r.accepted_at)
      union all
      select 'the report of agency ' || r.agency_id || ' for ' || r.year || ' does not say of what was accepted what it says of any'
      from report r where (r.accepted_revision is null) <> (r.accepted_at is null) or (r.accepted_at is null) <> (r.accepted_on is null)
        or (r.accepted_on is null) <> (r.accepted_on_time is null) or (r.accepted_on_time is null) <> (r.accepted_sample is null)`,
  },
  {
    part: 'register',
    sql: `select 'division ' || id || ' has no state' as what from division where id not in (select division_id from division_state)
      union all select 'agency ' || id || ' has no state' from agency where id not in (select agency_id from agency_state)`,
  },
] as const;

/** What the tables say against each other. Each part is found by itself, so that a damaged one hides no other. */
export const tableChecks: readonly { readonly part: string; readonly find: (trx: Trx) => Promise<string[]> }[] =
  contradictions.map(({ part, sql }) => {
    const check = sqlStatement({ takes: {}, gives: { what: text }, text: `${sql} limit ${maxListed}` });
    return { part, find: async (trx) => (await readRows(trx, check)).map(({ what }) => what) };
  });
