/** What the kept sums must hold, worked out from the reports and their revisions: rows of SQL, one report's part each. */

import { type RateLine, rateLines } from '../../form/derived.js';
import { allCells, type Cell } from '../../form/forms.js';
import { itemLists } from '../../words.js';
import { columnOf } from '../columns.js';
import { entriesOf, integerAt, integerWithin, isNullEntry, isNullWithin, itemsAt, textAt } from '../engine/dialect.js';
import type { itemSums } from './named-items.js';
import { rollupSums } from './rollups.js';

/** How the figures of a report are spelled in a source: in columns, or in a text where a zero is not written. */
interface Source {
  readonly total: string;
  readonly figureOf: (cell: Cell) => string;
  readonly isBlank: (cell: Cell) => string;
}

/** Whose days and marks a report adds: those of its current revision, or of the accepted one. */
type Own = '' | 'accepted_';

/** What one report adds to a rate: nothing with a blank in it, nor where the part is more than the whole. */
const ratePart = ({ figureOf, isBlank }: Source, { over, of }: RateLine) => {
  const sum = (cells: readonly Cell[]) => cells.map((cell) => `coalesce(${figureOf(cell)}, 0)`).join(' + ');
  const filled = [...over, ...of].map((cell) => `not (${isBlank(cell)})`).join(' and ');
  return ['1', sum(over), sum(of)].map(
    (value) => `case when ${filled} and ${sum(over)} <= ${sum(of)} then ${value} else 0 end`,
  );
};

/** What one report adds to each of `rollupSums`. */
const contributions = (own: Own, source: Source) =>
  [
    '1',
    'r.expected',
    `r.${own}on_time * r.expected`,
    `r.${own}sample`,
    `coalesce(${source.total}, 0)`,
    `case when ${source.total} is null then 0 else 1 end`,
    `(select count(*) from ${entriesOf('v.content', 'figures', 'f')} where ${isNullEntry('f')})`,
    ...rateLines.flatMap((rate) => ratePart(source, rate)),
    ...allCells.map((cell) => `coalesce(${source.figureOf(cell)}, 0)`),
  ]
    .map((value, index) => `${value} as ${rollupSums[index]}`)
    .join(', ');

const head = 'r.id, r.county_id, r.year, r.kind';
const join = (number: string) =>
  `from report r join revision v on v.agency_id = r.agency_id and v.year = r.year and v.number = r.${number}
   where r.kind <> 'COUNTY'`;
const statedTotal = integerWithin('v.content', ['publishedItems', 'total']);
const current: Source = {
  total: 'r.published_total',
  figureOf: (cell) => `r.${columnOf(cell)}`,
  isBlank: (cell) => `r.${columnOf(cell)} is null`,
};
/** The figures of a revision that is no longer current are only in its text. */
const accepted: Source = {
  total: statedTotal,
  figureOf: ({ key }) => integerWithin('v.content', ['figures', key]),
  isBlank: ({ key }) => isNullWithin('v.content', ['figures', key]),
};

/** What each sum has of every report: of all, the current revision; of those accepted, the accepted one. */
export const reportRows = `select 'ALL' as inclusion, ${head}, r.form, ${contributions('', current)} ${join('revision')}
  union all
  select 'ACCEPTED', ${head}, r.form, ${contributions('accepted_', current)} ${join('accepted_revision')} and r.accepted_revision = r.revision
  union all
  select 'ACCEPTED', ${head}, ${textAt('v.content', 'form')}, ${contributions('accepted_', accepted)}
    ${join('accepted_revision')} and r.accepted_revision <> r.revision`;

const contentRows = `select 'ALL' as inclusion, ${head}, ${statedTotal} as total, v.content ${join('revision')}
  union all select 'ACCEPTED', ${head}, ${statedTotal}, v.content ${join('accepted_revision')}`;

/** Blank cells: read from the text, where they are as filed. */
export const blankRows = `select c.inclusion, c.county_id, c.year, c.kind, ${textAt('c.content', 'form')} as form, f.key as cell
  from (${contentRows}) c join ${entriesOf('c.content', 'figures', 'f')} on ${isNullEntry('f')}`;

/** Items by report, list and name, read from the same text: how often the report names them, and how often with a count. */
export const itemRows = itemLists
  .map((list) => {
    const [name, count] = [textAt('i.value', 'name'), integerAt('i.value', 'count')];
    return `select c.inclusion, c.county_id, c.year, c.kind, '${list}' as list, ${name} as name, c.total,
      coalesce(sum(${count}), 0) as count, count(${count}) as stated, count(*) as named
      from (${contentRows}) c cross join ${itemsAt('c.content', ['publishedItems', list], 'i')}
      group by c.inclusion, c.county_id, c.year, c.kind, c.total, c.id, ${name}`;
  })
  .join(' union all ');

const hasShare = 'r.stated = r.named and r.count <= r.total';

/** What one report adds to each of `itemSums`, of a row of items `r`. */
export const itemParts = {
  count: 'r.count',
  reports: '1',
  counted: 'case when r.stated > 0 then 1 else 0 end',
  share_reports: `case when ${hasShare} then 1 else 0 end`,
  share_over: `case when ${hasShare} then r.count else 0 end`,
  share_of: `case when ${hasShare} then r.total else 0 end`,
} satisfies Readonly<Record<(typeof itemSums)[number], string>>;
