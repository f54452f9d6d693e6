/** Whether the hot questions cost the same over more years of data. */
import type { Label } from '../../src/words.js';
import { type Bench, keepNothing, serve } from '../bench.js';
import { type Job, measureJob, type Round, writeRequests } from '../load.js';
import { countiesToAsk, townshipsOf } from '../national.js';
import type { Server } from '../processes.js';
import { countyBody, divisionText, rankedMeasures, rankingText, tablePath } from '../queries.js';
import { inTurns, median } from '../rounds.js';
import { type Line, type Part, printNumber } from '../table/line.js';

/** How many times what it costs with one year it may cost with more. */
const maxGrowth = 1.2;

/** A question about one year. */
interface Hot {
  readonly what: Label;
  readonly path: string;
  readonly requests: readonly string[];
  /** How many times what others cost it does: it is asked fewer times. */
  readonly dear?: number;
}

/** Measures each hot question over the stores of more and more years, in turns. */
export async function measureGrowth(bench: Bench): Promise<Part> {
  const title = { zh: '增长', en: 'Growth' };
  const { grown } = bench.stores;
  const lines: Line[] = [];
  const servers = new Map<number, Server>();
  try {
    for (const { years, file } of grown) servers.set(years, await serve(file, keepNothing));
    if (grown.length > 1)
      for (const [index, hot] of hotQuestions(bench.stores.years[0] ?? 0).entries())
        lines.push(await measureHot(bench, servers, hot, index));
  } finally {
    await Promise.all([...servers.values()].map((server) => server.stop()));
  }
  return { title, lines };
}

/** What is asked most, each about one year. */
export function hotQuestions(year: number): Hot[] {
  const counties = countiesToAsk();
  const townships = townshipsOf(Number.POSITIVE_INFINITY).filter(({ county }) => counties.includes(county));
  const graphql = (what: Label, requests: readonly string[]): Hot => ({ what, path: '/graphql', requests });
  const rest = (what: Label, requests: readonly string[]): Hot => ({ what, path: '', requests });
  const division = (code: string) => JSON.stringify({ query: divisionText, variables: { code, years: [year] } });
  const ranking = (measure: string) =>
    JSON.stringify({ query: rankingText, variables: { division: '100000', measure, year, of: 'COUNTY' } });
  return [
    graphql(
      { zh: '一县的问题，一年', en: "a county's question, one year" },
      counties.map((code) => countyBody({ code, years: [year], first: 20 })),
    ),
    graphql({ zh: '全国一年', en: "the nation's year" }, [division('100000')]),
    {
      ...graphql({ zh: '全国各县位次', en: "a ranking of the nation's counties" }, rankedMeasures.map(ranking)),
      dear: 20,
    },
    rest(
      { zh: '一份报告', en: 'a report' },
      townships.map(({ code }) => `/v1/reports/${code}/${year}`),
    ),
    rest(
      { zh: '一县的报告列表', en: "a list of a county's reports" },
      counties.map((code) => `/v1/reports?division=${code}&year=${year}`),
    ),
    rest(
      { zh: '一县的汇总', en: "a county's rollup" },
      counties.map((code) => `/v1/rollups/${code}/${year}`),
    ),
    rest(
      { zh: '一县一年的统计表', en: "a county's table of statistics, one year" },
      counties.map((code) => tablePath(code, year, year)),
    ),
  ];
}

async function measureHot(bench: Bench, servers: ReadonlyMap<number, Server>, hot: Hot, index: number): Promise<Line> {
  const file = writeRequests(bench.folder, `hot-${index}`, hot.requests);
  const job: Omit<Job, 'url'> & { path: string } = {
    ...{ path: hot.path, method: hot.path === '' ? 'GET' : 'POST', connections: 4, expected: 200 },
    ...{ file, order: 'random', during: { requests: Math.ceil(bench.scale.requests / (hot.dear ?? 1)) } },
  };
  const measures = [...servers].map(([years, server]) => [years, () => measureJob(bench.sender, server, job)] as const);
  const rounds = await inTurns<string, Round>(bench.scale.rounds, Object.fromEntries(measures));
  const sizes = [...servers.keys()];
  const cpu = (years: number | undefined) => rounds.map((round) => round[String(years)]?.cpu ?? Number.NaN);
  const [fewest, most] = [cpu(sizes.at(0)), cpu(sizes.at(-1))];
  const each = sizes.map((years) => printNumber(median(cpu(years)))).join(' / ');
  return {
    what: {
      zh: `${hot.what.zh}：${sizes.at(-1)} 年数据与 ${sizes.at(0)} 年比，按 CPU`,
      en: `${hot.what.en}: with ${sizes.at(-1)} years of data against ${sizes.at(0)}, by CPU`,
    },
    ...{
      unit: 'ratio',
      values: most.map((value, at) => value / (fewest[at] ?? Number.NaN)),
      goal: { atMost: maxGrowth },
    },
    beside: {
      zh: `${sizes.join(' / ')} 年：${each} 毫秒`,
      en: `${sizes.join(' / ')} years: ${each} ms`,
    },
  };
}
