/** Holds each revision to the hash of what it says, some at a time. */
import { hashOfContent } from '../contents.js';
import { integer, nullable, text } from '../engine/column.js';
import { findRow, readRows } from '../engine/run.js';
import type { Db } from '../engine/schema.js';
import { sqlStatement, statement } from '../engine/statement.js';

/** Revisions read at once. */
const pageSize = 500;

const countOfRevisions = statement()((db) =>
  db.selectFrom('revision').select(({ fn }) => fn.countAll<number>().as('total')),
);

const revisionsAfter = sqlStatement({
  takes: { agencyId: integer, year: integer, number: integer, limit: integer },
  gives: { agencyId: integer, year: integer, number: integer, hash: text, content: nullable(text) },
  text: `select agency_id as "agencyId", year, number, hash, content from revision
    where (agency_id, year, number) > (:agencyId, :year, :number) order by agency_id, year, number limit :limit`,
});

/** Revisions whose content is not what its hash was made of. `onRow` takes how many of how many were read. */
export async function* hashDifferences(db: Db, onRow: (done: number, total: number) => void): AsyncGenerator<string> {
  const count = await findRow(db, countOfRevisions);
  let done = 0;
  for (let last = { agencyId: 0, year: 0, number: 0 }; ; ) {
    const rows = await readRows(db, revisionsAfter, { ...last, limit: pageSize });
    for (const { agencyId, year, number, hash, content } of rows) {
      if (hash === (content === null ? '' : hashOfContent(content))) continue;
      yield `revision ${number} of agency ${agencyId} for ${year} is not what its hash says`;
    }
    done += rows.length;
    onRow(done, count?.total ?? done);
    const end = rows.at(-1);
    if (!end || rows.length < pageSize) return;
    // By a damaged index the same might come for ever.
    if (end.agencyId < last.agencyId) throw new Error('the revisions do not come in the order of their index');
    last = end;
  }
}
