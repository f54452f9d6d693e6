/** What a division published in a year, by category and by channel, the most first. */
import type { ResultOf } from 'gql.tada';
import { askQuestion, type Client } from '../client.js';
import { publishedItems } from '../typed/questions.js';
import { coverageOf, legend, percent, writeTable } from './table.js';

type Statistics = NonNullable<ResultOf<typeof publishedItems>['division']>['statistics'][number];
type Item = NonNullable<Statistics['publishedItems']>['categories'][number];

/** How many categories and channels are listed. */
const first = 20;

/** Writes two tables. The names are those of the reports, so that one thing may have several. */
export async function writePublishedItems(client: Client, division: string, year: number): Promise<string> {
  const answer = await askQuestion(client, publishedItems, { division, year, first });
  const [statistics] = answer.division?.statistics ?? [];
  if (!answer.division || !statistics) throw new Error(`there is no division ${division}`);
  const { includes, coverage, publishedItems: items } = statistics;
  const said = `${answer.division.name} ${year}，报送 reported ${coverageOf(includes, coverage)}`;
  if (!items) return `${said}，主动公开数量无人填报 nobody says what was published`;
  const total = `总数 total ${items.total ?? '—'}，${items.stated} 份填报 reports state it`;
  const tables = [tableOf('栏目 Category', items.categories), tableOf('渠道 Channel', items.channels)].filter(
    (table) => table !== '',
  );
  return [`${said}，${total}`, ...tables, legend].join('\n\n');
}

function tableOf(heading: string, items: readonly Item[]): string {
  if (items.length === 0) return '';
  const rows = items.map(({ name, count, counted, reports, share, shareReports }) => [
    ...[name, count, `${counted}/${reports}`],
    ...[percent(share), share === null ? '' : `${shareReports} 份 reports`],
  ]);
  return writeTable([heading, '条数 Items', '填报/提及 Stated/named', '占比 Share', '占比所据 Over'], rows);
}
