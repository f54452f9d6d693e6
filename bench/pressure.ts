/**
 * What one caller can do to the others: for each dear kind of request, 32 of them at once from one caller, sent again
 * as they are answered, while health is asked and the clerk of a county asks for the sums of it. The server has a heap
 * of 256 MiB, the national register and a few thousand reports. Prints what health and the clerk were answered, and
 * when; exits 1 where health took longer than 100 ms in the middle or the clerk was refused for the load of another.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import autocannon, { type Request } from 'autocannon';
import { askedCounty, bodyOf, contentsOf, townshipsOf } from './national.js';
import { load, makeToken, type Server, startServer } from './processes.js';

const { values: asked } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    townships: { type: 'string', default: '4000' },
    /** A database that is there already, with the two years before the running one. */
    file: { type: 'string' },
    /** Kinds whose name has this in it. */
    only: { type: 'string', default: '' },
    /** How long a stranger asks 95 times a minute; 0 leaves it out. */
    stranger: { type: 'string', default: '30' },
  },
});
const seconds = Number(asked.seconds);
const atOnce = 32;
const maxHealthMs = 100;
const year = new Date().getFullYear() - 1;

const folder = mkdtempSync(join(tmpdir(), 'xiangbao-pressure-'));
const file = asked.file ?? join(folder, 'pressure.db');
const env = {
  DATABASE_URL: `sqlite:${file}`,
  LOG_LEVEL: 'error',
  PUBLIC_READING: 'filed',
  RATE_LIMIT: '3000',
  NODE_OPTIONS: '--max-old-space-size=256',
};

/** A kind of request that is dear. */
interface Kind {
  readonly name: string;
  readonly by: 'stranger' | 'holder of a token';
  readonly request: Request;
}

const graphql = (query: string): Request => ({
  method: 'POST',
  path: '/graphql',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ query }),
});
const get = (path: string): Request => ({ method: 'GET', path });
const post = (path: string, type: string, body: string): Request => ({
  method: 'POST',
  path,
  headers: { 'content-type': type },
  body,
});
const nation = (selection: string) =>
  graphql(`{ division(code: "100000") { statistics(years: [${year}]) { ${selection} } } }`);

/** The query that bought most of the event loop for what it was priced at. */
const aliases = graphql(
  `{ division(code: "100000") { ${Array.from({ length: 24 }, (_, at) => `a${at}: agencies(year: ${year - (at % 2)}, first: 1) { nodes { code } }`).join(' ')} } }`,
);

const [first, ...others] = townshipsOf(400);
const filing = (change: (report: Record<string, unknown>) => object) => {
  const [[, content] = []] = contentsOf(first as NonNullable<typeof first>, [year]);
  if (!first || !content) throw new Error('the register has townships');
  return JSON.stringify(change(JSON.parse(bodyOf(first.code, year, content))));
};
const longText = filing((report) => ({ ...report, narrative: { overview: '公开'.repeat(340_000) } }));
const manyNames = filing((report) => ({
  ...report,
  publishedItems: {
    categories: Array.from({ length: 40_000 }, (_, at) => ({ name: `类别${at}`, count: at })),
  },
}));
const manyFilings = others
  .flatMap((township) => [...contentsOf(township, [year - 3])].map(([of, one]) => bodyOf(township.code, of, one)))
  .join('\n');
const manyChanges = `action,code,name,on\n${others.map(({ code }, at) => `change,${code},改名${at}乡,${year + 1}-01-01`).join('\n')}`;
const longDocument = `${'本年度政府信息公开工作年度报告。'.repeat(40)}\n`.repeat(1_000);

const kinds: readonly Kind[] = [
  {
    name: 'nation: missing',
    by: 'stranger',
    request: nation('coverage { missing(first: 500) { nodes { code name } } }'),
  },
  { name: 'nation: blanks', by: 'stranger', request: nation('coverage { blanks { cell { key } count } }') },
  { name: 'nation: categories', by: 'stranger', request: nation('publishedItems { categories(first: 500) { name } }') },
  { name: '24 × agencies(year) of the nation', by: 'stranger', request: aliases },
  { name: 'rollup of the nation, Word', by: 'stranger', request: get(`/v1/rollups/100000/${year}.docx`) },
  { name: 'rollup of the nation, xlsx', by: 'stranger', request: get(`/v1/rollups/100000/${year}.xlsx`) },
  { name: 'rollup of the nation, HTML', by: 'stranger', request: get(`/v1/rollups/100000/${year}.html`) },
  { name: '500 reports', by: 'stranger', request: get(`/v1/reports?year=${year}&first=500`) },
  { name: '500 agencies of the nation', by: 'stranger', request: get('/v1/agencies?division=100000&first=500') },
  { name: 'a report, Word', by: 'stranger', request: get(`/v1/reports/${first?.code}/${year}.docx`) },
  { name: 'a form to fill in', by: 'stranger', request: get(`/v1/agencies/${first?.code}/blank-form/${year}.xlsx`) },
  { name: '500 changes', by: 'stranger', request: get('/v1/changes?first=500') },
  { name: 'an export, CSV', by: 'stranger', request: get(`/v1/exports/reports.csv?year=${year}`) },
  {
    name: 'a filing of 2 MiB: a long text',
    by: 'holder of a token',
    request: post('/v1/reports?dryRun=true', 'application/json', longText),
  },
  {
    name: 'a filing of 2 MiB: many names',
    by: 'holder of a token',
    request: post('/v1/reports?dryRun=true', 'application/json', manyNames),
  },
  {
    name: 'an import of 400',
    by: 'holder of a token',
    request: post('/v1/imports?dryRun=true', 'application/x-ndjson', manyFilings),
  },
  {
    name: '400 changes of the register, tried',
    by: 'holder of a token',
    request: post('/v1/register/changes?dryRun=true', 'text/csv', manyChanges),
  },
  {
    name: 'a document of 2 MB, read',
    by: 'holder of a token',
    request: post('/v1/readings', 'text/plain; charset=utf-8', longDocument),
  },
];

/** How long each request took, and how many were refused or failed. */
interface Asked {
  readonly milliseconds: number[];
  refused: number;
}

const clerkQuery = JSON.stringify({
  query: `{ county(code: "${askedCounty}") { statistics(years: [${year}]) { applications { newReceived { total } } } } }`,
});

/** Asks again and again, with a pause between, until it is told to stop. */
async function askOften(url: string, init: RequestInit, pauseMs: number, until: AbortSignal): Promise<Asked> {
  const asked: Asked = { milliseconds: [], refused: 0 };
  while (!until.aborted) {
    const begun = performance.now();
    try {
      const answer = await fetch(url, init);
      await answer.arrayBuffer();
      if (!answer.ok) asked.refused++;
    } catch {
      asked.refused++;
    }
    asked.milliseconds.push(performance.now() - begun);
    await sleep(pauseMs);
  }
  return asked;
}

/** Asks for health and as a clerk while an attack goes on, and after it until health is quick again. */
async function underAttack(server: Server, clerk: string, attack: () => Promise<string>) {
  const over = new AbortController();
  const health = askOften(`${server.url}/health/live`, {}, 10, over.signal);
  const headers = { 'content-type': 'application/json', authorization: clerk };
  const clerks = askOften(`${server.url}/graphql`, { method: 'POST', headers, body: clerkQuery }, 30, over.signal);
  const told = await attack();
  await fetch(`${server.url}/health/live`);
  over.abort();
  const [live, county] = await Promise.all([health, clerks]);
  return { told, live, county };
}

/** What half of the time was answered within: who waits for an answer asks for no other one meanwhile. */
function medianOfTime(values: readonly number[]): number {
  const half = values.reduce((sum, value) => sum + value, 0) / 2;
  let passed = 0;
  for (const value of values.toSorted((one, other) => one - other)) {
    passed += value;
    if (passed >= half) return value;
  }
  return Number.NaN;
}

const ms = (value: number) => (value < 10 ? value.toFixed(1) : String(Math.round(value)));

function lineOf(name: string, { told, live, county }: Awaited<ReturnType<typeof underAttack>>): string {
  const health = `${ms(medianOfTime(live.milliseconds))} | ${ms(Math.max(...live.milliseconds))}`;
  const clerk = `${ms(medianOfTime(county.milliseconds))} | ${county.refused} of ${county.milliseconds.length}`;
  return `| ${name} | ${health} | ${clerk} | ${told} |`;
}

async function flood(server: Server, { request }: Kind, authorization: string | undefined): Promise<string> {
  const {
    '2xx': answered,
    non2xx,
    errors,
    timeouts,
  } = await autocannon({
    url: server.url,
    connections: atOnce,
    duration: seconds,
    overallRate: 2 * atOnce,
    timeout: 30,
    workers: 1,
    requests: [{ ...request, headers: { ...request.headers, ...(authorization && { authorization }) } }],
  });
  return `${answered} answered, ${non2xx} refused${errors + timeouts > 0 ? `, ${errors + timeouts} broken off` : ''}`;
}

/** One stranger on one connection, 95 requests a minute. */
async function askSteadily(server: Server, during: number): Promise<string> {
  const pause = 60_000 / 95;
  let answered = 0;
  let refused = 0;
  const end = performance.now() + during * 1000;
  for (let next = performance.now(); next < end; next += pause) {
    await sleep(Math.max(0, next - performance.now()));
    const answer = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: String(aliases.body),
    });
    await answer.arrayBuffer();
    if (answer.ok) answered++;
    else refused++;
  }
  return `${answered} answered, ${refused} refused`;
}

try {
  if (asked.file === undefined) await load([asked.townships, '600', String(year - 1), String(year)], env);
  const attacker = (await makeToken(env, `one ${process.pid}`)).authorization;
  const clerk = (await makeToken(env, `clerk ${process.pid}`)).authorization;
  process.stdout.write(
    `| ${atOnce} at once from one caller | health, ms in the middle | at most | clerk, ms | refused | the caller |\n|---|---|---|---|---|---|\n`,
  );
  for (const kind of kinds.filter(({ name }) => name.includes(asked.only))) {
    // A server of its own for each, so that nothing is left over of the one before.
    const server = await startServer('program/main.js', () => ['serve'], env, '/health/ready');
    // Whatever is started or compiled at the first use of it.
    await (await fetch(`${server.url}/v1/rollups/${askedCounty}/${year}.docx`)).arrayBuffer();
    await sleep(1_000);
    const authorization = kind.by === 'stranger' ? undefined : attacker;
    const result = await underAttack(server, clerk, () => flood(server, kind, authorization));
    process.stdout.write(`${lineOf(kind.name, result)}\n`);
    if (medianOfTime(result.live.milliseconds) > maxHealthMs || result.county.refused > 0) process.exitCode = 1;
    await server.kill();
  }
  const steadily = Number(asked.stranger);
  if (steadily > 0) {
    const server = await startServer('program/main.js', () => ['serve'], env, '/health/ready');
    const result = await underAttack(server, clerk, () => askSteadily(server, steadily));
    process.stdout.write(`${lineOf('a stranger, 95 a minute over one connection', result)}\n`);
    await server.kill();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
