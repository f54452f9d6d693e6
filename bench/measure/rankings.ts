/** Rankings of the nation: asked for the first time, and again while something is filed each second. */

import { seedRandom } from '../../src/command/sample-reports.js';
import type { Label } from '../../src/words.js';
import { type Bench, describeRounds, listed, serve } from '../bench.js';
import { type Job, measureJob, type Round, writeRequests } from '../load.js';
import { shuffle } from '../national.js';
import { makeToken, type Server } from '../processes.js';
import { rankedMeasures, rankingText } from '../queries.js';
import { inTurns } from '../rounds.js';
import { environmentOf } from '../stores.js';
import type { Line, Part } from '../table/line.js';

type Of = 'COUNTY' | 'AGENCY';

/** The year that is filed is ranked: what is filed each second changes what the ranking is over. */
export async function measureRankings(bench: Bench): Promise<Part> {
  const { written } = bench.stores;
  const { authorization } = await makeToken(environmentOf(written.file), 'rankings');
  const server = await serve(written.file);
  try {
    const lines = [
      ...(await measureOf(
        bench,
        server,
        { of: 'COUNTY', what: { zh: '全国各县', en: "the nation's counties" }, atMost: 15 },
        authorization,
      )),
      ...(await measureOf(
        bench,
        server,
        { of: 'AGENCY', what: { zh: '全国各乡镇', en: "the nation's townships" }, atMost: 80 },
        authorization,
      )),
    ];
    return { title: { zh: '位次', en: 'Rankings' }, lines };
  } finally {
    await server.stop();
  }
}

interface Ranked {
  readonly of: Of;
  readonly what: Label;
  readonly atMost: number;
}

async function measureOf(
  bench: Bench,
  server: Server,
  { of, what, atMost }: Ranked,
  authorization: string,
): Promise<Line[]> {
  const { written } = bench.stores;
  const bodyOf = (measure: string, year: number) =>
    JSON.stringify({ query: rankingText, variables: { division: '100000', measure, year, of } });
  const years = [...written.years, written.year];
  const all = shuffle(
    seedRandom(years.length),
    years.flatMap((year) => rankedMeasures.map((one) => bodyOf(one, year))),
  );
  const write = (name: string, bodies: readonly string[]) => writeRequests(bench.folder, `${name}-${of}`, bodies);
  const [measure = ''] = rankedMeasures;
  const files = { first: write('first', all), again: write('again', [bodyOf(measure, written.year)]) };
  const requests = Math.min(40, Math.floor(all.length / (bench.scale.rounds + 1)));
  const ask = { path: '/graphql', method: 'POST', connections: 1, expected: 200 } as const;
  const again = {
    ...ask,
    file: files.again,
    order: 'random',
    during: { seconds: Math.max(1.5, bench.scale.seconds) },
  } as const;
  const rounds = await inTurns<'first' | 'again', Round>(bench.scale.rounds, {
    first: () => measureJob(bench.sender, server, { ...ask, file: files.first, order: 'once', during: { requests } }),
    again: async () => {
      const filing = bench.other.send(filingEachSecond(bench, server, authorization, again.during.seconds));
      const round = await measureJob(bench.sender, server, again);
      await filing;
      return round;
    },
  });
  const [first, later] = [rounds.map((round) => round.first), rounds.map((round) => round.again)];
  return [
    {
      what: { zh: `${what.zh}按一个指标排位，首次，CPU`, en: `a ranking of ${what.en}, for the first time, CPU` },
      ...{ unit: 'ms', values: first.map(({ cpu }) => cpu), goal: { atMost } },
      beside: describeRounds({ zh: '首次', en: 'first' }, first),
    },
    {
      what: {
        zh: '再问一次，其间每秒报送一份，与首次比，按 CPU',
        en: 'asked again while one report is filed each second, against the first time, by CPU',
      },
      ...{ unit: 'ratio', values: rounds.map((round) => round.again.cpu / round.first.cpu), goal: { atMost: 2 } },
      beside: listed(describeRounds({ zh: '再问', en: 'again' }, later)),
    },
  ];
}

/** Files one report a second for some seconds. */
export function filingEachSecond({ stores }: Bench, server: Server, authorization: string, seconds: number): Job {
  return {
    ...{ url: `${server.url}/v1/reports`, method: 'POST', connections: 1, perSecond: 1, order: 'once', expected: 201 },
    ...{ file: stores.written.filings.meanwhile, headers: { authorization }, during: { seconds } },
  };
}
