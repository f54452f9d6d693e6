/** One county over several years, its agencies beside it: what it published, was asked for, and punished. */
import type { ResultOf } from 'gql.tada';
import { askQuestion, type Client } from '../client.js';
import { countyOverYears } from '../typed/questions.js';
import { coverageOf, legend, type Shown, writeBreaks, writeTable } from './table.js';

type County = NonNullable<ResultOf<typeof countyOverYears>['county']>;
type OwnYear = County['statistics'][number];
type Year = Pick<OwnYear, 'publishedItems' | 'applications' | 'decisions'>;

/** What is shown: undefined where there is no report, null where the box was left blank; and how many reports say it. */
const measures = [
  {
    title: '主动公开信息总数 Items published',
    // Who says nothing of published items has still filed.
    value: ({ publishedItems, applications }: Year): Shown =>
      applications ? (publishedItems?.total ?? null) : undefined,
    counted: ({ publishedItems }: OwnYear): Shown => publishedItems?.stated ?? 0,
  },
  {
    title: '新收申请 Applications received',
    value: ({ applications }: Year): Shown => applications?.newReceived.total,
    counted: (year: OwnYear): Shown => countedOf(year, 'applications.newReceived.total'),
  },
  {
    title: '行政处罚 Penalties decided',
    value: ({ decisions }: Year): Shown => decisions?.penalties.decided,
    counted: (year: OwnYear): Shown => countedOf(year, 'decisions.penalties.decided'),
  },
] as const;

function countedOf({ coverage }: OwnYear, cell: string): Shown {
  return coverage.cells.find((one) => one.cell === cell)?.reported;
}

/** Writes a table for each measure. Throws `unknown-division` for a code that is no county. */
export async function writeCountyOverYears(client: Client, county: string, years: number[]): Promise<string> {
  const { name, statistics, agencies } = await readAll(client, county, years);
  const headings = ['', ...statistics.map(({ year, breaks }) => `${year}${breaks.length > 0 ? '*' : ''}`)];
  const coverage = statistics.map(({ includes, coverage }) => coverageOf(includes, coverage));
  const tables = measures.map(({ title, value, counted }) => {
    const rows = [
      ['报送 Reported', ...coverage],
      [`${name} 合计 Sum`, ...statistics.map(value)],
      ['填报本格 Counted in', ...statistics.map(counted)],
      ...agencies.map((agency) => [`${agency.code} ${agency.name}`, ...agency.statistics.map(value)]),
    ];
    return `${title}\n${writeTable(headings, rows)}`;
  });
  return [...tables, [...writeBreaks(statistics), legend].join('\n')].join('\n\n');
}

/** The county with all its agencies, page after page. */
async function readAll(client: Client, county: string, years: number[]) {
  const pages: County[] = [];
  for (let after: string | null = null; ; ) {
    const answer: ResultOf<typeof countyOverYears> = await askQuestion(client, countyOverYears, {
      county,
      years,
      after,
    });
    if (!answer.county) throw new Error(`there is no county ${county}`);
    pages.push(answer.county);
    const { hasNextPage, endCursor }: County['agencies']['pageInfo'] = answer.county.agencies.pageInfo;
    if (!hasNextPage) break;
    after = endCursor;
  }
  const [first] = pages;
  if (!first) throw new Error(`there is no county ${county}`);
  return { ...first, agencies: pages.flatMap(({ agencies }) => agencies.nodes) };
}
