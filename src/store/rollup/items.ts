/** Published items added up by the name of their category or channel. */

import { type ItemList, inclusions, itemLists } from '../../words.js';
import { integer, oneOf, optional, text, texts } from '../engine/column.js';
import { isIn } from '../engine/dialect.js';
import { readRows } from '../engine/run.js';
import type { Db } from '../engine/schema.js';
import { sqlStatement } from '../engine/statement.js';
import type { SumOf } from './sums.js';

/** Published items of one category or channel, added up. */
export interface ItemSum {
  readonly name: string;
  readonly count: number;
  /** How many reports named it. */
  readonly reports: number;
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
  gives: { name: text, count: integer, reports: integer },
  text: (has) => `select name, sum(count) as count, sum(reports) as reports from rollup_item
    where division_id = :divisionId and inclusion = :inclusion and year = :year and list = :list
      ${has.kinds ? `and ${isIn('kind', ':kinds')}` : ''}
    group by name having sum(reports) > 0 order by sum(count) desc, name limit :first`,
});

/** Published items of a division's reports for a year by name, the largest first. */
export async function sumItems(
  db: Db,
  divisionId: number,
  asked: { readonly year: number; readonly list: ItemList; readonly first: number },
  { inclusion, kinds }: SumOf,
): Promise<ItemSum[]> {
  return readRows(db, itemSums, { divisionId, inclusion, kinds, ...asked });
}
