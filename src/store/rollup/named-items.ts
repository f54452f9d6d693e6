/** What a report adds to the sums of published items, by the name of their category or channel. */

import type { ReportContent } from '../../form/report.js';
import { itemLists } from '../../words.js';

/** Every column of the items that is a sum: the count, who names, who counts, and who has a share in which total. */
export const itemSums = ['count', 'reports', 'counted', 'share_reports', 'share_over', 'share_of'] as const;

/** One report's items of one name, and its part in each of `itemSums`. */
export interface NamedItem {
  readonly list: string;
  readonly name: string;
  readonly sums: readonly number[];
}

/**
 * A report's items by list and name, names that it uses twice added up. It has a share in its total only where it states
 * both, without a blank, and the part is no more than the whole.
 */
export function countItems({ publishedItems }: ReportContent): NamedItem[] {
  if (!publishedItems) return [];
  const { total } = publishedItems;
  const items: NamedItem[] = [];
  for (const list of itemLists) {
    const counts = new Map<string, StatedCount>();
    for (const { name, count } of publishedItems[list]) {
      const { sum, stated, isWhole } = counts.get(name) ?? noCount;
      counts.set(name, {
        sum: sum + (count ?? 0),
        stated: count === null ? stated : 1,
        isWhole: isWhole && count !== null,
      });
    }
    for (const [name, { sum, stated, isWhole }] of counts) {
      const share = total !== null && isWhole && sum <= total ? [1, sum, total] : [0, 0, 0];
      items.push({ list, name, sums: [sum, 1, stated, ...share] });
    }
  }
  return items;
}

/** What a report counts under one name: the sum, whether it states any count, and whether it states all. */
interface StatedCount {
  readonly sum: number;
  readonly stated: 0 | 1;
  readonly isWhole: boolean;
}

const noCount: StatedCount = { sum: 0, stated: 0, isWhole: true };

/** The items of a report, added or taken away. */
export interface SignedItems {
  readonly items: readonly NamedItem[];
  readonly sign: 1 | -1;
}

/** Items by list and name of several reports; those that come to nothing are left out. */
export function addItems(reports: Iterable<SignedItems>): NamedItem[] {
  const found = new Map<string, { list: string; name: string; sums: number[] }>();
  for (const { items, sign } of reports) {
    for (const { list, name, sums } of items) {
      const key = `${list}\n${name}`;
      const known = found.get(key);
      // Added to 0, which keeps it from being -0.
      if (!known) found.set(key, { list, name, sums: sums.map((sum) => 0 + sign * sum) });
      else
        for (let index = 0; index < sums.length; index++)
          known.sums[index] = (known.sums[index] ?? 0) + sign * (sums[index] ?? 0);
    }
  }
  return [...found.values()].filter(({ sums }) => sums.some((sum) => sum !== 0));
}
