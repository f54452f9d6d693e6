/** Published items added up by the name of their category or channel. */

import { type Inclusion, type ItemList, inclusions, itemLists } from '../../words.js';
import { integer, oneOf, optional, text, texts } from '../engine/column.js';
import { isIn } from '../engine/dialect.js';
import { findRow, readRows } from '../engine/run.js';
import type { Db } from '../engine/schema.js';
import { type RowOf, sqlStatement } from '../engine/statement.js';
import { contentsShown } from '../revisions.js';
import { countItems, type NamedItem } from './named-items.js';
import type { Sign, SumOf } from './sums.js';
import type { Adjustment, Territory } from './territory.js';

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

const itemColumns = {
  name: text,
  count: integer,
  reports: integer,
  counted: integer,
  shareReports: integer,
  over: integer,
  of: integer,
};

const itemSums = sqlStatement({
  takes: {
    divisionId: integer,
    inclusion: oneOf(inclusions),
    year: integer,
    list: oneOf(itemLists),
    kinds: optional(texts),
    first: optional(integer),
  },
  gives: itemColumns,
  text: (has) => `select name, sum(count) as count, sum(reports) as reports, sum(counted) as counted,
      sum(share_reports) as "shareReports", sum(share_over) as "over", sum(share_of) as "of"
    from rollup_item where division_id = :divisionId and inclusion = :inclusion and year = :year and list = :list
      ${has.kinds ? `and ${isIn('kind', ':kinds')}` : ''}
    group by name having sum(reports) > 0
    order by case when sum(counted) > 0 then 0 else 1 end, sum(count) desc, name ${has.first ? 'limit :first' : ''}`,
});

/** The items of one name as they are added up. */
type ItemRow = RowOf<typeof itemColumns>;

/** Which items are asked for, and how many at the most. */
interface AskedItems {
  readonly year: number;
  readonly list: ItemList;
  readonly first: number;
}

/** Published items of a territory's reports for a year by name, the largest first, those that nobody counted last. */
export async function sumItems(
  db: Db,
  territory: Territory,
  asked: AskedItems,
  { inclusion, kinds }: SumOf,
): Promise<ItemSum[]> {
  const adjustment = territory.adjustments.get(asked.year);
  const { divisionId } = territory;
  const rows = adjustment
    ? await combineItems(db, adjustment, asked, { inclusion, kinds })
    : await readRows(db, itemSums, { divisionId, inclusion, kinds, ...asked });
  return rows.map(({ name, count, reports, counted, shareReports, over, of }) => ({
    name,
    count: counted > 0 ? count : null,
    counted,
    reports,
    share: of > 0 ? over / of : null,
    shareReports,
  }));
}

/** The same in the order of the statement, of all names that are kept of each part, added up and taken away. */
async function combineItems(
  db: Db,
  { divisions, agencies, known }: Adjustment,
  { year, list, first }: AskedItems,
  { inclusion, kinds }: SumOf,
): Promise<ItemRow[]> {
  const rows = new Map<string, ItemRow>();
  const add = ({ name, ...sums }: ItemRow, sign: Sign) => {
    const one = rows.get(name) ?? noItems(name);
    rows.set(name, {
      name,
      count: one.count + sign * sums.count,
      reports: one.reports + sign * sums.reports,
      counted: one.counted + sign * sums.counted,
      shareReports: one.shareReports + sign * sums.shareReports,
      over: one.over + sign * sums.over,
      of: one.of + sign * sums.of,
    });
  };
  for (const part of divisions.filter(({ what }) => what === 'ALL')) {
    const found = await readRows(db, itemSums, { divisionId: part.id, inclusion, kinds, year, list });
    for (const row of found) add(row, part.sign);
  }
  for (const part of known?.sums ?? []) {
    if (part.inclusion !== inclusion || (kinds && !kinds.includes(part.kind))) continue;
    for (const item of part.items) if (item.list === list) add(itemRow(item), 1);
  }
  const asked = known ? [] : agencies.filter(({ kind }) => !kinds || kinds.includes(kind));
  const ids = asked.map(({ id }) => id);
  const contents = ids.length > 0 ? await contentsShown(db, ids, year, inclusion) : undefined;
  for (const { id, sign } of asked) {
    const content = contents?.get(id);
    for (const item of content ? countItems(content) : []) if (item.list === list) add(itemRow(item), sign);
  }
  return [...rows.values()]
    .filter(({ reports }) => reports > 0)
    .sort(
      (one, other) =>
        Number(one.counted === 0) - Number(other.counted === 0) ||
        other.count - one.count ||
        Buffer.compare(Buffer.from(one.name), Buffer.from(other.name)),
    )
    .slice(0, first);
}

function noItems(name: string): ItemRow {
  return { name, count: 0, reports: 0, counted: 0, shareReports: 0, over: 0, of: 0 };
}

function itemRow({ name, sums }: NamedItem): ItemRow {
  const [count = 0, reports = 0, counted = 0, shareReports = 0, over = 0, of = 0] = sums;
  return { name, count, reports, counted, shareReports, over, of };
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
