/** Answers that did not change, and the feed of what did. */
import type { Label } from '../../src/words.js';
import { type Bench, describeRounds, serve } from '../bench.js';
import { measureJob, type Round, writeRequests } from '../load.js';
import { askedCounty, townshipsOf } from '../national.js';
import type { Server } from '../processes.js';
import { countyQuery, divisionQuery } from '../queries.js';
import { inTurns } from '../rounds.js';
import type { Line, Part } from '../table/line.js';

/** Entries of a page of the feed; each round asks for one less, so that none was asked for before. */
const maxEntries = 500;

/** Measures on the national store. */
export async function measureUnchanged(bench: Bench): Promise<Part> {
  const server = await serve(bench.stores.national);
  try {
    const title = { zh: '没有变化的，与变化了什么', en: 'What did not change, and what did' };
    return { title, lines: [...(await measureTags(bench, server)), await measureFeed(bench, server)] };
  } finally {
    await server.stop();
  }
}

interface Address {
  readonly what: Label;
  readonly path: string;
}

function addressesOf({ stores: { years } }: Bench): Address[] {
  const last = years.at(-1) ?? 0;
  const [township] = townshipsOf(1);
  const graphql = (query: string) => `/graphql?query=${encodeURIComponent(query)}`;
  return [
    { what: { zh: '一份报告', en: 'a report' }, path: `/v1/reports/${township?.code}/${last}` },
    {
      what: { zh: '50 份报告的列表', en: 'a list of 50 reports' },
      path: `/v1/reports?division=${askedCounty}&year=${last}`,
    },
    { what: { zh: '全国汇总', en: "the nation's rollup" }, path: `/v1/rollups/100000/${last}` },
    {
      what: { zh: '全国一年（GraphQL）', en: "the nation's year by GraphQL" },
      path: graphql(divisionQuery('100000', last)),
    },
    { what: { zh: '一县的问题（GraphQL）', en: "a county's question by GraphQL" }, path: graphql(countyQuery(years)) },
  ];
}

async function measureTags(bench: Bench, server: Server): Promise<Line[]> {
  const lines: Line[] = [];
  for (const [index, { what, path }] of addressesOf(bench).entries()) {
    const etag = (await fetch(server.url + path)).headers.get('etag');
    if (etag === null) throw new Error(`${path} has no tag`);
    const file = writeRequests(bench.folder, `unchanged-${index}`, [path]);
    const common = {
      ...({ path: '', method: 'GET', connections: 16, file, order: 'random' } as const),
      during: { requests: 2 * bench.scale.requests },
    };
    const rounds = await inTurns<'unchanged', Round>(bench.scale.rounds, {
      unchanged: () =>
        measureJob(bench.sender, server, { ...common, expected: 304, headers: { 'if-none-match': etag } }),
    });
    const found = rounds.map(({ unchanged }) => unchanged);
    lines.push({
      what: { zh: `304：${what.zh}`, en: `304: ${what.en}` },
      ...{ unit: 'ms', values: found.map(({ cpu }) => cpu), goal: { atMost: 0.3 } },
      beside: describeRounds({ zh: '本服务', en: 'ours' }, found),
    });
  }
  return lines;
}

/** Turns the pages of the feed from its beginning. */
async function measureFeed({ scale }: Bench, server: Server): Promise<Line> {
  const values: number[] = [];
  for (let round = 0; round <= scale.rounds; round++) {
    const first = maxEntries - round;
    const before = server.cpu();
    let entries = 0;
    for (let since: string | undefined = ''; since !== undefined && entries < 40_000; ) {
      const answer = await fetch(`${server.url}/v1/changes?first=${first}${since && `&since=${since}`}`);
      // The feed's page, as openapi.json has it.
      const page = (await answer.json()) as { changes: unknown[]; next: string; more: boolean };
      entries += page.changes.length;
      since = page.more ? encodeURIComponent(page.next) : undefined;
    }
    values.push(entries / ((server.cpu() - before) / 1000));
  }
  return {
    what: { zh: '变更流，每页约 500 条', en: 'the change feed, pages of about 500' },
    ...{ unit: 'entries', values: values.slice(1), goal: { atLeast: 20_000 } },
  };
}
