/** Published items added up by the name of their category or channel. */

import type { ItemList } from '../../words.js';
import { runSql } from '../engine/legacy.js';
import type { Db } from '../engine/schema.js';
import type { SumOf } from './sums.js';

/** Published items of one category or channel, added up. */
export interface ItemSum {
  readonly name: string;
  readonly count: number;
  /** How many reports named it. */
  readonly reports: number;
}

/** Published items of a division's reports for a year by name, the largest first. */
export async function sumItems(
  db: Db,
  divisionId: number,
  asked: { readonly year: number; readonly list: ItemList; readonly first: number },
  { inclusion, kinds }: SumOf,
): Promise<ItemSum[]> {
  const { year, list, first } = asked;
  return runSql<ItemSum>(
    db,
    `select name, sum(count) as count, sum(reports) as reports from rollup_item
     where division_id = ? and inclusion = ? and year = ? and list = ? ${kinds ? 'and kind in (select value from json_each(?))' : ''}
     group by name having sum(reports) > 0 order by sum(count) desc, name limit ?`,
    [divisionId, inclusion, year, list, ...(kinds ? [JSON.stringify(kinds)] : []), first],
  );
}
