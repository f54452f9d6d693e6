/** Flat lists of divisions: all that lie below one, at any depth. */
import { type DivisionLevel, divisionLevels, type Page, pageOf } from '../../../words.js';
import { integer, nullable, oneOf, optional, text } from '../../engine/column.js';
import { findRow, readRows } from '../../engine/run.js';
import type { Db } from '../../engine/schema.js';
import { sqlStatement } from '../../engine/statement.js';
import { type Division, idsUnder, inForce } from '../divisions.js';

const listed = { divisionId: integer, level: optional(oneOf(divisionLevels)), day: text };
const isListed = (has: { readonly level: boolean }) => `from division_state s join division d on d.id = s.division_id
  where s.division_id in (${idsUnder}) and s.division_id <> :divisionId and ${inForce('s')}
    ${has.level ? 'and d.level = :level' : ''}`;

const divisionsBelow = sqlStatement({
  takes: { ...listed, after: text, limit: integer },
  gives: { id: integer, code: text, name: text, level: oneOf(divisionLevels), parentId: nullable(integer) },
  text: (has) => `select s.division_id as id, s.code, s.name, d.level, s.parent_id as "parentId" ${isListed(has)}
    and s.code > :after order by s.code limit :limit`,
});

const countBelow = sqlStatement({
  takes: listed,
  gives: { total: integer },
  text: (has) => `select count(*) as total ${isListed(has)}`,
});

/** The divisions that lie below one on a day, at any depth or of a level, by code, after a code. */
export async function listDivisionsBelow(
  db: Db,
  filter: { readonly divisionId: number; readonly level?: DivisionLevel; readonly day: string },
  page: { readonly first: number; readonly after?: string },
): Promise<Page<Division>> {
  const rows = await readRows(db, divisionsBelow, { after: page.after ?? '', limit: page.first + 1, ...filter });
  const count = await findRow(db, countBelow, filter);
  return pageOf(rows, page.first, count?.total ?? 0);
}
