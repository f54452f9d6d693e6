/**
 * What a rate and a share divide: sums over the reports that say both sides, kept in every row of sums, and how many
 * reports counted a category or channel that they name. Filled in from the reports for what was filed before.
 */
import { type Kysely, sql } from 'kysely';

// The boxes that the rates take: column, address.
const granted = ['applications__granted__total', 'applications.granted.total'];
const partlyGranted = ['applications__partly_granted__total', 'applications.partlyGranted.total'];
const processed = ['applications__processed__total', 'applications.processed.total'];
const newReceived = ['applications__new_received__total', 'applications.newReceived.total'];
const carriedIn = ['applications__carried_in__total', 'applications.carriedIn.total'];
const rates = [
  { name: 'granted_share', over: [granted, partlyGranted], of: [processed] },
  { name: 'closure_rate', over: [processed], of: [newReceived, carriedIn] },
];

const parts = (name: string) => [`${name}_reports`, `${name}_over`, `${name}_of`];
const rateNames = rates.flatMap(({ name }) => parts(name));

/** One report's part in a rate: none with a blank in it, nor where the part is more than the whole. */
const partsOf = (
  { name, over, of }: (typeof rates)[number],
  figure: (box: readonly string[]) => string,
  isBlank: (box: readonly string[]) => string,
) => {
  const sum = (boxes: readonly (readonly string[])[]) => boxes.map((box) => `coalesce(${figure(box)}, 0)`).join(' + ');
  const filled = [...over, ...of].map((box) => `not (${isBlank(box)})`).join(' and ');
  const values = ['1', sum(over), sum(of)];
  return parts(name).map(
    (part, index) => `case when ${filled} and ${sum(over)} <= ${sum(of)} then ${values[index]} else 0 end as ${part}`,
  );
};

const ofColumns = rates.flatMap((rate) =>
  partsOf(
    rate,
    ([column]) => `r.${column}`,
    ([column]) => `r.${column} is null`,
  ),
);
const ofText = rates.flatMap((rate) =>
  partsOf(
    rate,
    ([, address]) => `json_extract(v.content, '$.figures."${address}"')`,
    ([, address]) => `coalesce(json_type(v.content, '$.figures."${address}"'), '') = 'null'`,
  ),
);

const head = 'r.id, r.county_id, r.year, r.kind';
const filed = (number: string) =>
  `from report r join revision v on v.agency_id = r.agency_id and v.year = r.year and v.number = r.${number}
   where r.kind <> 'COUNTY'`;

const lineage = `with recursive lineage (county_id, year, division_id) as (
    select distinct r.county_id, r.year, r.county_id from report r where r.kind <> 'COUNTY'
    union all
    select l.county_id, l.year, s.parent_id from lineage l join division_state s on s.division_id = l.division_id
      and s.valid_from <= l.year || '-12-31' and (s.valid_to is null or s.valid_to > l.year || '-12-31')
    where s.parent_id is not null
  )`;

const sums = (names: readonly string[]) => names.map((name) => `sum(p.${name}) as ${name}`).join(', ');
const assigned = (names: readonly string[]) => names.map((name) => `${name} = f.${name}`).join(', ');
const isSame = (table: string, names: readonly string[]) =>
  names.map((name) => `${table}.${name} = f.${name}`).join(' and ');

const key = ['division_id', 'inclusion', 'year', 'kind'];
const rowKey = [...key, 'form'];
const fillRates = `${lineage}
  update rollup set ${assigned(rateNames)} from (
    select l.division_id, p.inclusion, p.year, p.kind, p.form, ${sums(rateNames)} from (
      select 'ALL' as inclusion, ${head}, r.form, ${ofColumns.join(', ')} ${filed('revision')}
      union all
      select 'ACCEPTED', ${head}, json_extract(v.content, '$.form'), ${ofText.join(', ')} ${filed('accepted_revision')}
    ) p join lineage l on l.county_id = p.county_id and l.year = p.year
    group by l.division_id, p.inclusion, p.year, p.kind, p.form
  ) f where ${isSame('rollup', rowKey)}`;

const total = `json_extract(v.content, '$.publishedItems.total')`;
const contents = `select 'ALL' as inclusion, ${head}, ${total} as total, v.content ${filed('revision')}
  union all select 'ACCEPTED', ${head}, ${total}, v.content ${filed('accepted_revision')}`;
const items = ['categories', 'channels']
  .map(
    (
      list,
    ) => `select c.inclusion, c.county_id, c.year, c.kind, '${list}' as list, json_extract(i.value, '$.name') as name,
      c.total, coalesce(sum(json_extract(i.value, '$.count')), 0) as count, count(json_extract(i.value, '$.count')) as stated,
      count(*) as named
    from (${contents}) c cross join json_each(c.content, '$.publishedItems.${list}') i
    group by c.inclusion, c.county_id, c.year, c.kind, c.total, c.id, json_extract(i.value, '$.name')`,
  )
  .join(' union all ');

const itemNames = ['counted', 'share_reports', 'share_over', 'share_of'];
const hasShare = 'i.stated = i.named and i.count <= i.total';
const itemKey = [...key, 'list', 'name'];
const fillItems = `${lineage}
  update rollup_item set ${assigned(itemNames)} from (
    select l.division_id, p.inclusion, p.year, p.kind, p.list, p.name, ${sums(itemNames)} from (
      select i.*, case when i.stated > 0 then 1 else 0 end as counted,
        case when ${hasShare} then 1 else 0 end as share_reports,
        case when ${hasShare} then i.count else 0 end as share_over,
        case when ${hasShare} then i.total else 0 end as share_of from (${items}) i
    ) p join lineage l on l.county_id = p.county_id and l.year = p.year
    group by l.division_id, p.inclusion, p.year, p.kind, p.list, p.name
  ) f where ${isSame('rollup_item', itemKey)}`;

const statements = [
  ...rateNames.map((name) => `alter table rollup add column ${name} integer not null default 0`),
  ...itemNames.map((name) => `alter table rollup_item add column ${name} integer not null default 0`),
  fillRates,
  fillItems,
];

/** Makes the columns. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}
