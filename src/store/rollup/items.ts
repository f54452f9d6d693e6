/** Published items added up by the name of their category or channel. */

import { type Inclusion, type ItemList, inclusions, itemLists } from '../../words.js';
import { integer, oneOf, optional, text, texts } from '../engine/column.js';
import { isIn } from '../engine/dialect.js';
import { findRow, readRows } from '../engine/run.js';
import type { Db } from '../engine/schema.js';
import { sqlStatement } from '../engine/statement.js';
import type { SumOf } from './sums.js';

/** Published items of one category or channel, added up. */
export interface ItemSum {
  readonly name: string;
  /** Null when nobody stated an exact number (260余条). */
  readonly count: number | null;
  /** How many reports stated one. */
  readonly counted: number;
  /** How many reports named it. */
  readonly reports: number;
  /** Its part in the totals of the reports that state both, 0 to 1; null when there is none, or nothing in them. */
  readonly share: number | null;
  /** How many reports that is over. */
  readonly shareReports: number;
}

const itemSums = sqlStatement({
  takes: {
    divisionId: integer,
    inclusion: oneOf(inclusions),
    year: integer,
    list: oneOf(itemLists),
    kinds: optional(texts),
    first: integer,
  },
  gives: {
    name: text,
    count: integer,
    reports: integer,
    counted: integer,
    shareReports: integer,
    over: integer,
    of: integer,
  },
  text: (has) => `select name, sum(count) as count, sum(reports) as reports, sum(counted) as counted,
      sum(share_reports) as "shareReports", sum(share_over) as "over", sum(share_of) as "of"
    from rollup_item where division_id = :divisionId and inclusion = :inclusion and year = :year and list = :list
      ${has.kinds ? `and ${isIn('kind', ':kinds')}` : ''}
    group by name having sum(reports) > 0
    order by case when sum(counted) > 0 then 0 else 1 end, sum(count) desc, name limit :first`,
});

/** Published items of a division's reports for a year by name, the largest first, those that nobody counted last. */
export async function sumItems(
  db: Db,
  divisionId: number,
  asked: { readonly year: number; readonly list: ItemList; readonly first: number },
  { inclusion, kinds }: SumOf,
): Promise<ItemSum[]> {
  const rows = await readRows(db, itemSums, { divisionId, inclusion, kinds, ...asked });
  return rows.map(({ name, count, reports, counted, shareReports, over, of }) => ({
    name,
    count: counted > 0 ? count : null,
    counted,
    reports,
    share: of > 0 ? over / of : null,
    shareReports,
  }));
}

const namesOfYears = sqlStatement({
  takes: { divisionId: integer, inclusion: oneOf(inclusions) },
  gives: { names: integer },
  text: `select coalesce(max(names), 0) as names from
    (select count(*) as names from rollup_item where division_id = :divisionId and inclusion = :inclusion group by year)`,
});

/** How many names, each once for a kind and list, the sums of a division hold in the year that has most. */
export async function mostItemNames(db: Db, divisionId: number, inclusion: Inclusion): Promise<number> {
  return (await findRow(db, namesOfYears, { divisionId, inclusion }))?.names ?? 0;
}
