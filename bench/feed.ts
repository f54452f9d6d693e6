/** The feed of changes beside the same reports as a list, and answers that did not change beside those that are made. */
import { buildApp } from '../src/app.js';
import { openStore } from '../src/store/engine/open.js';
import { type Comparison, median, processorSince } from './load.js';
import { countyQuery, divisionQuery } from './queries.js';

type App = Awaited<ReturnType<typeof buildApp>>;

/** Entries of a page, of the feed and of the list. */
const first = 500;

/** Measures in process, over a store in which strangers read what was filed. */
export async function measureAnswers(
  databaseUrl: string,
  { years, pages, times }: { readonly years: readonly number[]; readonly pages: number; readonly times: number },
): Promise<Comparison[]> {
  const db = await openStore(databaseUrl);
  const app = await buildApp({ db, clock: () => new Date(), logger: false, publicReading: 'filed' });
  try {
    const last = years.at(-1) ?? 0;
    const graphql = (query: string) => `/graphql?query=${encodeURIComponent(query)}`;
    const addresses = {
      'a county by GraphQL': graphql(countyQuery(years)),
      "the nation's year by GraphQL": graphql(divisionQuery('100000', last)),
      "the nation's rollup": `/v1/rollups/100000/${last}`,
      'a report': `/v1/reports/431281207/${last}`,
      'a list of 50 reports': `/v1/reports?division=431281&year=${last}`,
    };
    const ratios = [await measureFeed(app, pages)];
    for (const [what, url] of Object.entries(addresses)) ratios.push(await measureUnchanged(app, what, url, times));
    return ratios;
  } finally {
    await app.close();
    await db.destroy();
  }
}

async function measureFeed(app: App, pages: number): Promise<Comparison> {
  const feed = await eachPage(app, `/v1/changes?first=${first}`, pages, ({ body }) => {
    const { next, more } = JSON.parse(body);
    return more ? `/v1/changes?first=${first}&since=${next}` : undefined;
  });
  const list = await eachPage(app, `/v1/reports?first=${first}`, pages, ({ headers }) => {
    return /<([^>]+)>; rel="next"/.exec(String(headers.link))?.[1];
  });
  const [milliseconds, beside] = [median(feed), median(list)];
  return {
    what: `the feed, ${first} entries at once, ${Math.round((first * 1000) / milliseconds)} a second, against as many reports as a list`,
    ...{ milliseconds, beside, ratio: milliseconds / beside },
    target: '≥ 20,000 entries/s',
  };
}

/** Milliseconds that each full page takes, the first ones left out, which warm up. */
async function eachPage(
  app: App,
  from: string,
  pages: number,
  after: (answer: Awaited<ReturnType<App['inject']>>) => string | undefined,
): Promise<number[]> {
  const took: number[] = [];
  for (let url: string | undefined = from; url !== undefined && took.length < pages; ) {
    const begun = process.cpuUsage();
    const answer = await app.inject(url);
    took.push(processorSince(begun));
    if (answer.statusCode !== 200) throw new Error(`${url} is refused`);
    url = after(answer);
  }
  return took.slice(Math.min(4, took.length - 1));
}

async function measureUnchanged(app: App, what: string, url: string, times: number): Promise<Comparison> {
  const { etag } = (await app.inject(url)).headers;
  const ask = async (headers: Readonly<Record<string, string>>, status: number, count: number) => {
    const begun = process.cpuUsage();
    for (let time = 0; time < count; time++) {
      if ((await app.inject({ url, headers })).statusCode !== status) throw new Error(`${url} is not ${status}`);
    }
    return processorSince(begun) / count;
  };
  const pairs: [number, number][] = [];
  for (let round = 0; round < 4; round++) {
    pairs.push([await ask({ 'if-none-match': String(etag) }, 304, 10 * times), await ask({}, 200, times)]);
  }
  const [milliseconds, beside] = [median(pairs.slice(1).map(([one]) => one)), median(pairs.map(([, other]) => other))];
  return {
    what: `${what}, unchanged (304) against made`,
    ...{ milliseconds, beside, ratio: milliseconds / beside },
    target: '≤ 0.3 ms',
  };
}
