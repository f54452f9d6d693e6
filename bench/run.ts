/**
 * The bench: ratios, side by side, in one run. Builds a national data set, loads it with `import`, and measures
 * the built server against yardsticks on the same machine, in turns. Ends by itself.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { formInForce } from '../src/form/forms.js';
import { packageRoot } from '../src/root.js';
import { openStore } from '../src/store/engine/open.js';
import { type ExportRound, measureExport } from './export.js';
import { measureAnswers } from './feed.js';
import { measureFrames } from './frames.js';
import { type Comparison, median, type Round, sendFor } from './load.js';
import { askedCounty, bodyOf, contentsOf, shareOfZeros, type Township, townshipsOf } from './national.js';
import { load, makeToken, type Server, startServer } from './processes.js';
import { countyQuery, divisionQuery, rankingQuery, tablePath } from './queries.js';
import { measureReading } from './reading.js';
import { insertRegisterBare, loadRegisterOnce } from './register.js';
import { type Inserts, measureRollupUpkeep, openBareInserts } from './writes.js';

/** More posts than the machine can take in a second; as many are made ready. */
const maxPostsPerSecond = 2500;

const { values: asked } = parseArgs({
  options: {
    townships: { type: 'string' },
    years: { type: 'string' },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (asked.help) {
  process.stdout.write('npm run bench -- [--quick] [--townships N] [--years N]\n');
  process.exit(0);
}
const scale = asked.quick
  ? { townships: 2000, years: 3, loadSeconds: 15, rounds: 2, seconds: 1, filings: 250 }
  : { townships: 41_352, years: 5, loadSeconds: 230, rounds: 3, seconds: 3, filings: 2400 };
const townships = townshipsOf(Number(asked.townships ?? scale.townships));
/** Filed while measuring: a year that the data set leaves free. */
const freeYear = new Date().getFullYear() - 1;
const span = Math.min(Number(asked.years ?? scale.years), freeYear - 2019);
const years = Array.from({ length: span }, (_, index) => freeYear - span + index);

/** A line of the table. */
interface Line {
  readonly what: string;
  readonly measured: string;
  readonly yardstick: string;
  readonly ratio: string;
  readonly target: string;
}

const folder = mkdtempSync(join(tmpdir(), 'xiangbao-bench-'));
const file = join(folder, 'bench.db');
// Strangers read what was filed: it is the same to read, and nobody has to accept 200,000 reports first.
const env = { DATABASE_URL: `sqlite:${file}`, LOG_LEVEL: 'warn', PUBLIC_READING: 'filed' };
try {
  const lines = await run();
  save([...describeMachine(), '', ...tableOf(lines)].join('\n'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function run(): Promise<Line[]> {
  const lines = [await measureLoad(), await measureRegister()];
  const server = await startServer('src/main.js', () => ['serve'], env, '/health/ready');
  const bare = await startServer(
    'bench/bare-server.js',
    (port) => [file, port, ...years.map(String)],
    {},
    `/county/${askedCounty}`,
  );
  await refuseDifferentAnswers(server, bare);
  const idle = server.memory();
  lines.push(...(await measureReads(server, bare)));
  await bare.stop();
  lines.push(...(await measureRankings(server)));
  lines.push(...(await measureExports(server)));
  lines.push(...(await measurePost(server)));
  const used = server.memory();
  await server.stop();
  lines.push(await measureUpkeep());
  lines.push(...(await measureReadings()));
  lines.push(...(await measureFramed()));
  lines.push(...(await measureKnownAnswers()));
  lines.push({
    what: 'memory of the server after the run',
    measured: `${used} MiB RSS`,
    yardstick: `${idle} MiB after start`,
    ratio: '',
    target: '',
  });
  return lines;
}

async function measureLoad(): Promise<Line> {
  const sample = townships.slice(0, 200).flatMap((township) => [...contentsOf(township, years)].map(([, one]) => one));
  const { zero, blank } = shareOfZeros(sample);
  const loaded = await load([String(townships.length), String(scale.loadSeconds), ...years.map(String)], env);
  const received = Number(/^received +(\d+)$/m.exec(loaded.out)?.[1]);
  const created = Number(/^created +(\d+)$/m.exec(loaded.out)?.[1]);
  if (created !== received || received === 0) throw new Error(`the import refused some of its filings:\n${loaded.out}`);
  return {
    what: `import of ${created} of ${townships.length * years.length} reports (${years[0]}–${years.at(-1)}), durable`,
    measured: `${Math.round(created / loaded.seconds)}/s, ${Math.round(loaded.seconds)} s`,
    yardstick: `${(100 * zero).toFixed(1)} % zero or blank, ${(100 * blank).toFixed(1)} % blank`,
    ratio: '',
    target: '',
  };
}

async function measureRegister(): Promise<Line> {
  const rounds = await inTurns(loadRegisterOnce, insertRegisterBare);
  const seconds = (place: 0 | 1) => `${median(rounds.map((round) => 1 / round[place].rate)).toFixed(2)} s`;
  return {
    what: 'the national register loaded on the first start, in process, against its files parsed and inserted bare',
    measured: seconds(0),
    yardstick: seconds(1),
    ratio: ratioOf(rounds, (one, other) => other / one),
    target: '≤ 5 × the time',
  };
}

/** The yardstick must answer what the service answers, or the comparison means nothing. */
async function refuseDifferentAnswers(server: Server, bare: Server): Promise<void> {
  const ours = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: countyQuery(years) }),
  });
  const theirs = await fetch(`${bare.url}/county/${askedCounty}`);
  const [our, their] = [await ours.json(), await theirs.json()];
  if (isDeepStrictEqual(our, their)) return;
  throw new Error(`the answers differ:\n${JSON.stringify(our)}\n${JSON.stringify(their)}`);
}

async function measureReads(server: Server, bare: Server): Promise<Line[]> {
  const last = years.at(-1) ?? freeYear;
  const graphql = (query: string) => {
    const body = JSON.stringify({ query });
    return { url: `${server.url}/graphql`, connections: 10, body: () => body };
  };
  const county = await inTurns(
    () => sendFor(scale.seconds, graphql(countyQuery(years))),
    () => sendFor(scale.seconds, { url: `${bare.url}/county/${askedCounty}`, connections: 10 }),
  );
  const nation = await inTurns(
    () => sendFor(scale.seconds, graphql(divisionQuery('100000', last))),
    () => sendFor(scale.seconds, graphql(divisionQuery(askedCounty, last))),
  );
  const table = await inTurns(
    () => sendFor(scale.seconds, { url: `${server.url}${tablePath(2019, 2025)}`, connections: 10 }),
    () => sendFor(scale.seconds, graphql(countyQuery(years))),
  );
  return [
    {
      what: 'statistics: a county, 20 townships × 7 years × 20 measures as CSV, against the same GraphQL question',
      ...describeRounds(table),
      ratio: ratioOf(table, (one, other) => other / one),
      target: '≤ 2 × the cost',
    },
    {
      what: `GraphQL: a county, 40 fields × ${years.length} years + 20 townships × 8 fields, against a bare Fastify route`,
      ...describeRounds(county),
      ratio: ratioOf(county, (one, other) => one / other),
      target: '≥ 0.50 of the requests/s',
    },
    {
      what: "GraphQL: the nation's year against a county's year, 40 fields",
      ...describeRounds(nation),
      ratio: ratioOf(nation, (one, other) => other / one),
      target: '≤ 1.50 × the cost',
    },
  ];
}

/** A ranking reads all of a level at once: milliseconds of one who asks alone, beside what one sum takes. */
async function measureRankings(server: Server): Promise<Line[]> {
  const last = years.at(-1) ?? freeYear;
  const alone = (query: string) => {
    const body = JSON.stringify({ query });
    return () => sendFor(scale.seconds, { url: `${server.url}/graphql`, connections: 1, body: () => body });
  };
  const sum = alone(divisionQuery('100000', last));
  const describe = async (what: string, of: string, target: string): Promise<Line> => {
    const rounds = await inTurns(alone(rankingQuery(of, last)), sum);
    return { what, ...describeRounds(rounds), ratio: ratioOf(rounds, (one, other) => other / one), target };
  };
  return [
    await describe("a ranking of the nation's counties, against the nation's year", 'COUNTY', 'p50 ≤ 15 ms'),
    await describe("a ranking of the nation's townships, against the nation's year", 'AGENCY', 'p50 ≤ 80 ms'),
  ];
}

/** What a national export costs those who ask something light meanwhile; the first round warms up. */
async function measureExports(server: Server): Promise<Line[]> {
  const last = years.at(-1) ?? freeYear;
  const lines: Line[] = [];
  for (const format of ['csv', 'ndjson'] as const) {
    const rounds: [ExportRound, ExportRound][] = [];
    for (let round = 0; round <= scale.rounds; round++) {
      const quiet = await measureExport(server, askedCounty, last, { seconds: scale.seconds, format: 'none' });
      rounds.push([await measureExport(server, askedCounty, last, { seconds: scale.seconds, format }), quiet]);
    }
    const kept = rounds.slice(1);
    const p99 = (which: 0 | 1) => median(kept.map((pair) => pair[which].p99));
    lines.push({
      what: `a light GraphQL query at 50/s while the nation's year is exported as ${format}, against without`,
      measured: `p99 ${p99(0)} ms, worst ${Math.max(...kept.map(([during]) => during.worst))} ms, ${median(kept.map(([during]) => during.rowsPerSecond))} rows/s exported`,
      yardstick: `p99 ${p99(1)} ms`,
      ratio: (p99(0) / p99(1)).toFixed(2),
      target: '',
    });
  }
  return lines;
}

async function measureReadings(): Promise<Line[]> {
  const speeds = await measureReading(scale.seconds / 3);
  return speeds.map(({ layout, perSecond }) => ({
    what: `reading a document: ${layout}`,
    measured: `${Math.round(perSecond)} documents/s`,
    yardstick: '',
    ratio: '',
    target: '',
  }));
}

async function measureFramed(): Promise<Line[]> {
  const found = await measureFrames(scale.rounds, asked.quick ? 150 : 400);
  return found.map((one) => describeComparison('GraphQL in process, 40 fields × 5 years', one));
}

async function measureKnownAnswers(): Promise<Line[]> {
  const times = asked.quick ? 20 : 100;
  const found = await measureAnswers(env.DATABASE_URL, { years, pages: asked.quick ? 12 : 60, times });
  return found.map((one) => describeComparison('in process', one));
}

function describeComparison(where: string, { what, milliseconds, beside, ratio, target }: Comparison): Line {
  return {
    what: `${where}: ${what}`,
    measured: `${milliseconds.toFixed(2)} ms`,
    yardstick: `${beside.toFixed(2)} ms`,
    ratio: ratio.toFixed(2),
    target,
  };
}

async function measurePost(server: Server): Promise<Line[]> {
  const content = townships.slice(0, 500).flatMap((township) => [...contentsOf(township, [freeYear])]);
  const insert = openBareInserts(
    file,
    join(folder, 'limit.db'),
    content.map(([, one]) => one),
  );
  const { authorization } = await makeToken(env);
  // Made beforehand: the load shares the machine with the server, and is to do nothing but send.
  const made: string[] = [];
  for (const body of bodiesToPost()) {
    made.push(body);
    if (made.length >= (scale.seconds * (scale.rounds + 1) + 1) * maxPostsPerSecond) break;
  }
  const bodies = made.values();
  const post = {
    url: `${server.url}/v1/reports`,
    connections: 16,
    authorization,
    body: () => {
      const { value, done } = bodies.next();
      if (done) throw new Error('no township is left to file for');
      return value;
    },
  };
  await sendFor(1, post);
  const limit = (inserts: Inserts) => async () => ({ rate: inserts(scale.seconds), p50: 0, p99: 0 });
  const rounds = await inTurns(() => sendFor(scale.seconds, post), limit(insert.whole), limit(insert.row));
  const what = 'POST of a full report over HTTP, checks and rollups included, durable, against';
  const describe = (rounds: Rounds) => ({
    measured: describeRound(rounds.map(([one]) => one)),
    yardstick: `${Math.round(median(rounds.map(([, other]) => other.rate)))}/s`,
    ratio: ratioOf(rounds, (one, other) => one / other),
  });
  return [
    {
      what: `${what} bare durable inserts in process of the same: row, revision, sums and audit entry`,
      ...describe(rounds.map(([sent, whole]) => [sent, whole])),
      target: '≥ 0.35 of the inserts/s',
    },
    {
      what: `${what} bare durable inserts in process of its row alone`,
      ...describe(rounds.map(([sent, , row]) => [sent, row])),
      target: '',
    },
  ];
}

/** Filings of the free year for all townships but the first of each county, which file elsewhere. */
function* bodiesToPost(): Generator<string, undefined> {
  const first = new Set(firstOfEachCounty().map(({ code }) => code));
  for (const township of townshipsOf(Number.POSITIVE_INFINITY)) {
    if (first.has(township.code)) continue;
    // What was open at the end of the year before is carried in, as in the years that were loaded.
    const [year, content] = [...contentsOf(township, [...years, freeYear])].at(-1) ?? [];
    if (year !== undefined && content) yield bodyOf(township.code, year, content);
  }
}

function firstOfEachCounty(): Township[] {
  return [
    ...new Map(
      townshipsOf(Number.POSITIVE_INFINITY)
        .toReversed()
        .map((one) => [one.county, one]),
    ).values(),
  ];
}

async function measureUpkeep(): Promise<Line> {
  const db = await openStore(env.DATABASE_URL);
  try {
    const filers = firstOfEachCounty().slice(0, scale.filings);
    const filings = filers.map((township) => ({
      township,
      contents: [...contentsOf(township, [...years, freeYear])].slice(-2),
    }));
    const { withRollups, without } = await measureRollupUpkeep(db, filings);
    return {
      what: 'rollup upkeep: filing a report in process, in four rollups against in none, durable',
      measured: `${withRollups.toFixed(2)} ms`,
      yardstick: `${without.toFixed(2)} ms`,
      ratio: (withRollups / without).toFixed(2),
      target: '≤ 1.60 × the time',
    };
  } finally {
    await db.destroy();
  }
}

type Rounds = readonly (readonly [Round, Round])[];

/** All in turn, round after round, so that what else the machine does falls on each. The first round warms up. */
async function inTurns<Measures extends readonly (() => Promise<Round>)[]>(...measures: Measures) {
  const rounds: { [Place in keyof Measures]: Round }[] = [];
  for (let round = 0; round <= scale.rounds; round++) {
    const measured: Round[] = [];
    for (const measure of measures) measured.push(await measure());
    // One for each measure, in their order.
    rounds.push(measured as { [Place in keyof Measures]: Round });
  }
  return rounds.slice(1);
}

function ratioOf(rounds: Rounds, ratio: (one: number, other: number) => number): string {
  return median(rounds.map(([one, other]) => ratio(one.rate, other.rate))).toFixed(2);
}

function describeRounds(rounds: Rounds) {
  return {
    measured: describeRound(rounds.map(([one]) => one)),
    yardstick: describeRound(rounds.map(([, other]) => other)),
  };
}

function describeRound(rounds: readonly Round[]): string {
  const middle = (value: (round: Round) => number) => Math.round(median(rounds.map(value)));
  return `${middle((round) => round.rate)}/s, p50 ${middle((round) => round.p50)} p99 ${middle((round) => round.p99)} ms`;
}

function describeMachine(): string[] {
  const [cpu] = cpus();
  return [
    `Xiangbao bench, ${new Date().toISOString()}, form in force ${formInForce(freeYear).id}`,
    `${cpu?.model.trim() ?? 'unknown CPU'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${process.platform}; the server, the yardstick and the load share them`,
    `medians of ${scale.rounds} rounds of ${scale.seconds} s in turns; reads over 10 connections, writes over 16; LOG_LEVEL=warn`,
  ];
}

function tableOf(lines: readonly Line[]): string[] {
  const head: Line = { what: 'What', measured: 'Measured', yardstick: 'Beside', ratio: 'Ratio', target: 'Target' };
  const columns = ['what', 'measured', 'yardstick', 'ratio', 'target'] as const;
  const row = (line: Line) => `| ${columns.map((column) => line[column]).join(' | ')} |`;
  return [row(head), `|${columns.map(() => '---').join('|')}|`, ...lines.map(row)];
}

function save(report: string): void {
  const out = join(packageRoot, 'bench', 'out');
  mkdirSync(out, { recursive: true });
  const name = join(out, `${new Date().toISOString().replaceAll(':', '-').slice(0, 19)}.md`);
  writeFileSync(name, `${report}\n`);
  process.stdout.write(`\n${report}\n\nsaved as ${name}\n`);
}
