/**
 * A day of dashboards, shortened: nine readings in ten are of the same five counties in a hundred, and a filing comes each
 * second. How many readings are given again as they were kept, and what the processor takes of it beside making each.
 * `node dist/bench/dashboards.js sqlite:PATH [seconds] [readings a second]`, on a copy: it files.
 */
import { randomBytes } from 'node:crypto';
import { operator } from '../src/access/authority.js';
import { createToken } from '../src/access/tokens.js';
import { buildApp } from '../src/app.js';
import { seedRandom } from '../src/command/sample-reports.js';
import { openStore } from '../src/store/engine/open.js';
import type { Db } from '../src/store/engine/schema.js';
import { processorSince } from './load.js';
import { bodyOf, contentsOf, townshipsOf } from './national.js';

type App = Awaited<ReturnType<typeof buildApp>>;

const [databaseUrl, seconds = '60', readings = '20'] = process.argv.slice(2);
if (databaseUrl === undefined)
  throw new Error('node dist/bench/dashboards.js sqlite:PATH [seconds] [readings a second]');

const year = 2025;
const townships = townshipsOf(41_352);
const counties = [...new Set(townships.map(({ county }) => county))];
const hot = counties.filter((_, at) => at % 20 === 0);
const provinces = [...new Set(counties.map((county) => `${county.slice(0, 2)}0000`))];

const db = await openStore(databaseUrl);
const kept = await play(db, 64, Number(seconds));
// What each costs that is made is known after a part of the trace.
const made = await play(db, 0, Math.ceil(Number(seconds) / 10));
await db.destroy();
process.stdout.write(
  `${kept.readings} readings, ${kept.filings} filings: ${percent(kept.hits, kept.readings)} kept or unchanged; ` +
    `${kept.milliseconds.toFixed(2)} ms of the processor each, ${made.milliseconds.toFixed(2)} ms where each is made (ratio ${(made.milliseconds / kept.milliseconds).toFixed(2)})\n`,
);

/** Plays so many seconds of the trace on an application that keeps so many mebibytes of answers. */
async function play(store: Db, keptAnswersMib: number, lasts: number) {
  const app = await buildApp({
    db: store,
    clock: () => new Date(),
    logger: false,
    publicReading: 'filed',
    keptAnswersMib,
  });
  const act = { actor: 'bench', caller: operator, now: new Date() };
  const asked = {
    name: `bench ${keptAnswersMib}`,
    grants: [{ scope: 'admin', division: '100000' }],
    expiresAt: null,
  } as const;
  const authorization = `Bearer ${(await createToken(store, act, randomBytes, asked)).token}`;
  const random = seedRandom(7);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const read = async (path: string) => {
    const { statusCode, body } = await app.inject(path);
    if (statusCode !== 200) throw new Error(`${path}: ${statusCode} ${body.slice(0, 200)}`);
  };
  const total = lasts * Number(readings);
  let milliseconds = 0;
  for (let second = 0; second < lasts; second++) {
    await file(app, authorization, pick(townships), second);
    const begun = process.cpuUsage();
    for (let reading = 0; reading < Number(readings); reading++) {
      await read(addressOf(random() < 0.9 ? pick(hot) : pick(counties), random(), pick(provinces)));
    }
    milliseconds += processorSince(begun);
  }
  const { body } = await app.inject({ url: '/metrics', headers: { authorization } });
  const count = (from: string) =>
    Number(new RegExp(`^xiangbao_readings_total\\{from="${from}"\\} (\\d+)`, 'm').exec(body)?.[1] ?? 0);
  await app.close();
  return {
    readings: total,
    filings: lasts,
    hits: count('kept') + count('unchanged'),
    milliseconds: milliseconds / total,
  };
}

/** What dashboards ask: mostly of a county, sometimes of its province or of the nation. */
function addressOf(county: string, chance: number, province: string): string {
  if (chance < 0.5) return `/graphql?query=${encodeURIComponent(queryOf(county))}`;
  if (chance < 0.75) return `/v1/rollups/${county}/${year}`;
  if (chance < 0.9) return `/v1/reports?division=${county}&year=${year}&first=20`;
  if (chance < 0.98) return `/v1/rollups/${province}/${year}`;
  return `/v1/rollups/100000/${year}`;
}

function queryOf(county: string): string {
  return `{ county(code: "${county}") { name statistics(years: [${year - 1}, ${year}]) { year applications { newReceived { total } processed { total } }
    decisions { penalties { decided } } coverage { expected reported rate } } agencies(first: 20) { nodes { code name
    statistics(years: [${year}]) { applications { newReceived { total } } } } } } }`;
}

async function file(
  app: App,
  authorization: string,
  township: (typeof townships)[number],
  second: number,
): Promise<void> {
  const [, content] = [...contentsOf(township, [year])][0] ?? [];
  if (!content) throw new Error('a township has a content for each year');
  const body = bodyOf(township.code, year, {
    ...content,
    narrative: { ...content.narrative, overview: `第 ${second} 次` },
  });
  const headers = { authorization, 'content-type': 'application/json', 'if-match': '*', prefer: 'handling=lenient' };
  const { statusCode, body: answer } = await app.inject({
    ...{ method: 'PUT', url: `/v1/reports/${township.code}/${year}`, headers },
    payload: JSON.stringify({ ...JSON.parse(body), reason: '更正' }),
  });
  if (statusCode >= 300) throw new Error(`${township.code}: ${statusCode} ${answer.slice(0, 300)}`);
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1)} %`;
}
