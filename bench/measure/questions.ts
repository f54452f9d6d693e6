/** A county's question by GraphQL, beside everything else that answers it: asked for the first time, and asked again. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { seedRandom } from '../../src/command/sample-reports.js';
import type { Label } from '../../src/words.js';
import { type Bench, describeRounds, keepNothing, listed, serve } from '../bench.js';
import { type Job, measureJob, type Round, writeRequests } from '../load.js';
import { countiesToAsk, shuffle } from '../national.js';
import { type Server, startServer } from '../processes.js';
import { type CountyAsked, countyBody, countyPath, divisionText, tablePath } from '../queries.js';
import { inTurns } from '../rounds.js';
import { copyStore } from '../stores.js';
import type { Line, Part } from '../table/line.js';

/** What was measured elsewhere of the same question: milliseconds of the processor, and how. */
export interface Outside {
  readonly cpu: number;
  readonly how: Label;
}

/** Connections that ask at once. */
const connections = 16;

/** More questions than a server can be asked in a second. */
const maxQuestionsPerSecond = 6000;

type Side =
  | 'ours'
  | 'today'
  | 'statement'
  | 'apollo'
  | 'again'
  | 'prebuilt'
  | 'nation'
  | 'county'
  | 'table'
  | 'question';

const sides: Readonly<Record<Side, Label>> = {
  ours: { zh: '本服务', en: 'ours' },
  today: { zh: '裸路由', en: 'the route' },
  statement: { zh: '裸路由', en: 'the route' },
  apollo: { zh: 'Apollo', en: 'Apollo' },
  again: { zh: '本服务', en: 'ours' },
  prebuilt: { zh: '裸路由', en: 'the route' },
  nation: { zh: '全国', en: 'the nation' },
  county: { zh: '一县', en: 'a county' },
  table: { zh: '统计表', en: 'the table' },
  question: { zh: '问题', en: 'the question' },
};

interface Servers {
  readonly ours: Server;
  readonly fresh: Server;
  readonly bare: Server;
  readonly apollo: Server;
}

/** Compares the answers of all sides, then measures them in turn. Throws when two answers differ. */
export async function measureQuestions(bench: Bench, outside: Outside | undefined): Promise<Part> {
  const servers = await startAll(bench);
  try {
    await refuseDifferentAnswers(servers, askedOnce(bench, 40));
    const jobs = jobsOf(bench, servers);
    const rounds = await inTurns(bench.scale.rounds, jobs);
    return {
      title: { zh: '一个县的问题（GraphQL）', en: 'A county by GraphQL' },
      lines: linesOf(rounds, bench, outside),
    };
  } finally {
    await Promise.all(Object.values(servers).map((server) => server.stop()));
  }
}

async function startAll({ stores, folder }: Bench): Promise<Servers> {
  // One server a file; and a file is copied while nobody has it open.
  const copy = (name: string) => copyStore(stores.national, join(folder, `${name}.db`));
  const files = { fresh: copy('fresh'), bare: copy('bare'), apollo: copy('apollo') };
  const onFile = (file: string) => (port: string) => [file, port];
  return {
    ours: await serve(stores.national),
    fresh: await serve(files.fresh, keepNothing),
    bare: await startServer('bench/servers/bare.js', onFile(files.bare), {}, '/health/ready'),
    apollo: await startServer(
      'bench/servers/apollo.js',
      onFile(files.apollo),
      { NODE_ENV: 'production' },
      '/graphql?query=%7B__typename%7D',
    ),
  };
}

/** Questions of which none is asked twice: another county, other years first, or more townships than there are. */
function askedOnce({ stores: { years } }: Bench, count: number): CountyAsked[] {
  const counties = countiesToAsk();
  const random = seedRandom(years.length);
  const asked = new Map<string, CountyAsked>();
  for (let tries = 0; asked.size < count && tries < 4 * count; tries++) {
    const code = counties[Math.floor(random() * counties.length)] ?? '';
    const one = { code, years: shuffle(random, years), first: 20 + Math.floor(random() * 400) };
    asked.set(countyPath('', one), one);
  }
  return [...asked.values()];
}

async function refuseDifferentAnswers(servers: Servers, questions: readonly CountyAsked[]): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const post = async ({ url }: Server, body: string) =>
    (await fetch(`${url}/graphql`, { method: 'POST', headers, body })).json();
  for (const asked of questions) {
    const expected: unknown = await (await fetch(servers.bare.url + countyPath('today', asked))).json();
    const answers = {
      ours: await post(servers.ours, countyBody(asked)),
      again: await post(servers.ours, countyBody(asked)),
      fresh: await post(servers.fresh, countyBody(asked)),
      apollo: await post(servers.apollo, countyBody(asked)),
      statement: await (await fetch(servers.bare.url + countyPath('statement', asked))).json(),
      prebuilt: await (await fetch(servers.bare.url + countyPath('prebuilt', asked))).json(),
    };
    for (const [side, answer] of Object.entries(answers)) {
      if (isDeepStrictEqual(answer, expected)) continue;
      throw new Error(`${side} answers otherwise:\n${JSON.stringify(answer)}\n${JSON.stringify(expected)}`);
    }
  }
}

function jobsOf(bench: Bench, servers: Servers): Readonly<Record<Side, () => Promise<Round>>> {
  const { scale, stores, sender, folder } = bench;
  const { rounds, seconds } = scale;
  const once = askedOnce(bench, (rounds + 2) * seconds * maxQuestionsPerSecond);
  const again = countiesToAsk().map((code) => ({ code, years: stores.years, first: 20 }));
  const last = stores.years.at(-1) ?? 0;
  const divisions = (codes: readonly string[]) =>
    codes.map((code) => JSON.stringify({ query: divisionText, variables: { code, years: [last] } }));
  const write = (name: string, lines: readonly string[]) => writeRequests(folder, name, lines);
  const common = { connections, during: { seconds }, expected: 200 } as const;
  const post = (server: Server, file: string, order: Job['order']) => () =>
    measureJob(sender, server, { ...common, path: '/graphql', method: 'POST', file, order });
  const get = (server: Server, file: string) => () =>
    measureJob(sender, server, { ...common, path: '', method: 'GET', file, order: 'random' });
  const bodies = write('once', once.map(countyBody));
  return {
    ours: post(servers.ours, bodies, 'once'),
    today: get(
      servers.bare,
      write(
        'today',
        once.map((asked) => countyPath('today', asked)),
      ),
    ),
    statement: get(
      servers.bare,
      write(
        'statement',
        once.map((asked) => countyPath('statement', asked)),
      ),
    ),
    apollo: post(servers.apollo, bodies, 'random'),
    again: post(servers.ours, write('again', again.map(countyBody)), 'random'),
    prebuilt: get(
      servers.bare,
      write(
        'prebuilt',
        again.map((asked) => countyPath('prebuilt', asked)),
      ),
    ),
    nation: post(servers.fresh, write('nation', divisions(['100000'])), 'random'),
    county: post(servers.fresh, write('county', divisions(countiesToAsk())), 'random'),
    table: get(
      servers.fresh,
      write(
        'table',
        countiesToAsk().map((code) => tablePath(code, 2019, 2025)),
      ),
    ),
    question: post(servers.fresh, write('question', again.map(countyBody)), 'random'),
  };
}

type Rounds = readonly Readonly<Record<Side, Round>>[];

function linesOf(rounds: Rounds, { stores: { years } }: Bench, outside: Outside | undefined): Line[] {
  const of = (side: Side) => rounds.map((round) => round[side]);
  const beside = (...both: readonly Side[]) => listed(...both.map((side) => describeRounds(sides[side], of(side))));
  const ratio = (one: Side, other: Side) => rounds.map((round) => round[one].cpu / round[other].cpu);
  const question: Label = {
    zh: `一县 40 项 × ${years.length} 年 + 20 个乡镇 × 8 项，100 个县，变量`,
    en: `a county, 40 fields × ${years.length} years + 20 townships × 8 fields; 100 counties, variables`,
  };
  const against = (what: Label): Label => ({ zh: `${question.zh}：${what.zh}`, en: `${question.en}: ${what.en}` });
  return [
    {
      what: against({ zh: '裸 Fastify 路由的 CPU 与它的比', en: "the CPU of a bare Fastify route by the question's" }),
      ...{ unit: 'ratio', values: ratio('today', 'ours'), goal: { atLeast: 1 }, beside: beside('ours', 'today') },
    },
    {
      what: {
        zh: '同上，裸路由的 JSON 由 SQLite 一条语句生成',
        en: 'the same, the JSON of the route built by SQLite in one statement',
      },
      ...{ unit: 'ratio', values: ratio('statement', 'ours'), goal: { atLeast: 0.6 }, beside: beside('statement') },
    },
    {
      what: { zh: '再问一次，与裸路由发送现成字节比', en: 'asked again, against a bare route that sends bytes it has' },
      ...{ unit: 'ratio', values: ratio('prebuilt', 'again'), goal: { atLeast: 0.6 } },
      beside: beside('again', 'prebuilt'),
    },
    ...outsideLines(of, outside),
    {
      what: { zh: '与同一数据上的 Apollo Server 比，按 CPU', en: 'against Apollo Server on the same store, by CPU' },
      ...{ unit: 'ratio', values: ratio('apollo', 'ours'), goal: { atLeast: 4 }, beside: beside('apollo') },
    },
    {
      what: { zh: '该问题所用 CPU', en: 'CPU of the question' },
      ...{ unit: 'ms', values: of('ours').map(({ cpu }) => cpu), goal: { atMost: 0.5 } },
    },
    {
      what: {
        zh: '全国一年与一县一年比，各 40 项，按 CPU',
        en: "the nation's year against a county's, 40 fields, by CPU",
      },
      ...{
        unit: 'ratio',
        values: ratio('nation', 'county'),
        goal: { atMost: 1.2 },
        beside: beside('nation', 'county'),
      },
    },
    {
      what: {
        zh: '统计表（20 个乡镇 × 7 年 × 20 项，CSV）与该问题比，按 CPU，均不留存答复',
        en: 'a table of statistics (20 townships × 7 years × 20 measures, CSV) against the question, by CPU, no answer kept',
      },
      ...{
        unit: 'ratio',
        values: ratio('table', 'question'),
        goal: { atMost: 2 },
        beside: beside('table', 'question'),
      },
    },
  ];
}

/** The same question to PostGraphile, which is no part of this repository: its CPU is measured by itself. */
function outsideLines(of: (side: Side) => readonly Round[], outside: Outside | undefined): Line[] {
  if (!outside) return [];
  const line = (what: Label, side: Side, atLeast: number): Line => ({
    what,
    ...{ unit: 'ratio', values: of(side).map(({ cpu }) => outside.cpu / cpu), goal: { atLeast }, outside: outside.how },
  });
  return [
    line({ zh: '与 PostGraphile 5 比，按 CPU', en: 'against PostGraphile 5, by CPU' }, 'ours', 4),
    line({ zh: '同上，再问一次', en: 'the same, asked again' }, 'again', 8),
  ];
}

/** Reads what was measured outside: JSON with `cpu` in milliseconds and `how` in `zh` and `en`. */
export function readOutside(file: string): Outside {
  // Written by the operator of the bench for this very purpose.
  return JSON.parse(readFileSync(file, 'utf8')) as Outside;
}
