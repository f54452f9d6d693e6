/** The divisions whose sums an export holds, page by page in the order of their codes. */
import { divisionLevels } from '../../words.js';
import { flag, integer, integers, nullable, oneOf, optional, text, texts } from '../engine/column.js';
import { isIn, itemsOf, joinedFromList } from '../engine/dialect.js';
import { readRows } from '../engine/run.js';
import type { Db } from '../engine/schema.js';
import { sqlStatement } from '../engine/statement.js';
import { type Division, inForce } from '../register/divisions.js';
import { type ExportFilter, isSelected } from './filter.js';

/** A division as it was on 31 December of a year, or on another day, with the code of the one above it. */
export interface DivisionInYear extends Division {
  readonly parent: string | null;
  readonly parentName: string | null;
  readonly year: number;
}

const divisionCodes = sqlStatement({
  takes: { after: text, limit: integer },
  gives: { code: text },
  text: 'select distinct s.code from division_state s where s.code > :after order by s.code limit :limit',
});

/** Codes of divisions after another, in order. */
export async function divisionCodesAfter(db: Db, after: string, first: number): Promise<string[]> {
  return (await readRows(db, divisionCodes, { after, limit: first })).map((row) => row.code);
}

/** Somebody of the kinds asked for is expected to file in division `s` for year `y`, or has filed. */
const isBusy = ({ kinds }: { readonly kinds: boolean }) =>
  `((select sum(e.change) from expectation e where e.division_id = s.division_id and e.year <= y.value
      ${kinds ? `and ${isIn('e.kind', ':kinds')}` : ''}) > 0
    or exists (select 1 from rollup u where u.division_id = s.division_id and u.year = y.value and u.reports > 0
      ${kinds ? `and ${isIn('u.kind', ':kinds')}` : ''}))`;

const exportedDivisions = sqlStatement({
  takes: { codes: texts, years: integers, kinds: optional(texts), busy: optional(flag), day: optional(text) },
  gives: {
    id: integer,
    code: text,
    name: text,
    level: oneOf(divisionLevels),
    parentId: nullable(integer),
    parent: nullable(text),
    parentName: nullable(text),
    year: integer,
  },
  text: (has) => {
    const day = has.day ? ':day' : "y.value || '-12-31'";
    return `select s.division_id as id, s.code, s.name, d.level, s.parent_id as "parentId", p.code as parent,
        p.name as "parentName", y.value as year
      from ${itemsOf(':codes', 'k')} ${joinedFromList} division_state s join division d on d.id = s.division_id
      join ${itemsOf(':years', 'y')} on ${inForce('s', day)}
      left join division_state p on p.division_id = s.parent_id and ${inForce('p', day)}
      where s.code = k.value ${has.busy ? `and ${isBusy(has)}` : ''} order by s.code, y.value`;
  },
});

/**
 * The divisions that a filter selects of those with these codes, by code and year: as they were on 31 December, or on
 * one day; all of them, or those in which somebody files.
 */
export async function divisionsOfCodes(
  db: Db,
  filter: ExportFilter,
  codes: readonly string[],
  { on, idle }: { readonly on: string | null; readonly idle: 'listed' | 'left out' },
): Promise<DivisionInYear[]> {
  const { years, kinds } = filter;
  const busy = idle === 'left out' ? 1 : undefined;
  const rows = await readRows(db, exportedDivisions, { codes, years, kinds, busy, day: on ?? undefined });
  return rows.filter(({ id, year }) => isSelected(filter, year, id));
}
