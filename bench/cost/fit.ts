/**
 * The fit of cost to time: asks every field of the schema of a national store, in process, and prints what it was
 * reckoned to take beside what it took, the worst first. Exits 1 where one is off by more than a factor of two, and where
 * a field is not asked. fit [--keep <folder>]: the store is made there once and found again.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { FastifyInstance } from 'fastify';
import { buildSchema } from 'graphql';
import { schemaText } from '../../src/api/graphql/graphql.js';
import { keepQueries } from '../../src/api/graphql/query.js';
import { buildApp } from '../../src/app.js';
import { dayInChina } from '../../src/day.js';
import { findExtent } from '../../src/register/extent.js';
import { packageRoot } from '../../src/root.js';
import { openStore } from '../../src/store/engine/open.js';
import type { Db } from '../../src/store/engine/schema.js';
import { median } from '../rounds.js';
import { type Question, questionsOf, unasked } from './questions.js';
import { makeFitStore } from './store.js';

const { values: asked } = parseArgs({ options: { keep: { type: 'string' }, only: { type: 'string' } } });

/** What every price is stated in: time of the machine that fitted the prices, beside which the one at hand has a pace. */
const microsecondsPerPoint = 10;
/** Below this a fixed overhead and the machine's moods are most of what is measured. */
const floorMs = 2;
const factor = 2;

/** One question with what it was reckoned to take and took, in milliseconds of the processor. */
interface Line {
  readonly name: string;
  readonly predicted: number;
  readonly measured: number;
  readonly bytes: number;
  readonly priced: Question['priced'];
}

const folder = asked.keep ?? mkdtempSync(join(tmpdir(), 'xiangbao-fit-'));
mkdirSync(folder, { recursive: true });
try {
  process.exitCode = await fit();
} finally {
  if (asked.keep === undefined) rmSync(folder, { recursive: true, force: true });
}

async function fit(): Promise<number> {
  const year = new Date().getFullYear() - 1;
  const years = { accepted: year - 2, half: year - 1, none: year };
  const file = join(folder, 'fit.db');
  if (!existsSync(file)) await makeFitStore(file, years);
  const db = await openStore(`sqlite:${file}`);
  try {
    const questions = questionsOf(years).filter(({ name }) => new RegExp(asked.only ?? '').test(name));
    const lines: Line[] = [];
    for (const publicReading of ['accepted', 'filed'] as const) {
      const app = await buildApp({ db, clock: () => new Date(), logger: false, publicReading });
      for (const question of questions) {
        if (question.takes === undefined || question.takes === publicReading) {
          const measured = await measure(app, db, question, publicReading);
          for (const line of measured) process.stderr.write(`${describe(line, 1)}\n`);
          lines.push(...measured);
        }
      }
      await app.close();
    }
    const left = asked.only === undefined ? unasked(buildSchema(schemaText), questions) : [];
    return report(lines, left);
  } finally {
    await db.destroy();
  }
}

/** A question asked for the first time, and again. */
async function measure(app: FastifyInstance, db: Db, { name, query, priced }: Question, to: string): Promise<Line[]> {
  const queries = keepQueries(buildSchema(schemaText));
  const today = dayInChina(new Date());
  const price = async () => {
    const found = queries(query, undefined);
    if (!('priceOf' in found)) throw new Error(`${name}: ${found[0]?.message}`);
    return (
      (await found.priceOf(undefined, (code) => findExtent(db, code, today, 'ALL'))) * (microsecondsPerPoint / 1000)
    );
  };
  let asks = 0;
  const first = { predicted: await price(), ...(await timed(app, name, () => `${query} # ${to} ${asks++}`)) };
  const again = { predicted: await price(), ...(await timed(app, name, () => query)) };
  return [
    { name: `${name} (${to}, new)`, priced, ...first },
    { name: `${name} (${to})`, priced, ...again },
  ];
}

/** The processor's time of one answer: neighbours lengthen the clock's. The first rounds warm up. */
async function timed(
  app: FastifyInstance,
  name: string,
  text: () => string,
): Promise<Pick<Line, 'measured' | 'bytes'>> {
  const spent: number[] = [];
  let bytes = 0;
  for (let round = 0, all = 0; round < 8 || (round < 25 && all < 40_000); round++) {
    const payload = JSON.stringify({ query: text() });
    const before = process.cpuUsage();
    const answer = await app.inject({
      method: 'POST',
      url: '/graphql',
      headers: { 'content-type': 'application/json' },
      payload,
    });
    const { user, system } = process.cpuUsage(before);
    if (answer.payload.startsWith('{"errors"')) throw new Error(`${name}: ${answer.payload.slice(0, 300)}`);
    bytes = answer.payload.length;
    if (round >= 3) spent.push(user + system);
    all += user + system;
  }
  // What others do to caches and clocks, and the collector of garbage at its own times, only adds to it.
  const quicker = spent.toSorted((one, other) => one - other).slice(0, Math.ceil(spent.length / 3));
  return { measured: median(quicker) / 1000, bytes };
}

/** How long this machine takes for what the prices call a second: the same for every line. */
function paceOf(lines: readonly Line[]): number {
  const long = lines.filter(({ predicted, priced }) => predicted > floorMs && priced !== 'at most');
  return long.length === 0 ? 1 : median(long.map(({ measured, predicted }) => measured / predicted));
}

function ratioOf({ measured, predicted }: Line, pace: number): number {
  return Math.max(measured / pace, floorMs) / Math.max(predicted, floorMs);
}

function describe(line: Line, pace: number): string {
  const { name, predicted, measured, bytes } = line;
  const ratio = ratioOf(line, pace).toFixed(2);
  return `| ${name} | ${predicted.toFixed(1)} | ${measured.toFixed(1)} | ${ratio} | ${(bytes / 1024).toFixed(0)} |`;
}

function report(lines: readonly Line[], left: readonly string[]): number {
  const pace = paceOf(lines);
  const far = (line: Line) => {
    const ratio = ratioOf(line, pace);
    return Math.max(ratio, line.priced === 'at most' ? 0 : 1 / ratio);
  };
  const sorted = lines.toSorted((one, other) => far(other) - far(one));
  const off = sorted.filter((line) => far(line) > factor);
  const table = [
    `This machine takes ${pace.toFixed(2)} of the time that prices are stated in; the fourth column is beside that.`,
    '',
    '| Question | Reckoned, ms | Measured, ms | Measured / reckoned | Answer, KiB |',
    '|---|---|---|---|---|',
    ...sorted.map((line) => describe(line, pace)),
    '',
    `${lines.length} questions, ${off.length} off by more than a factor of ${factor} where that is more than ${floorMs} ms`,
    ...left.map((field) => `no question asks ${field}`),
  ].join('\n');
  const out = join(packageRoot, 'bench', 'out');
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'cost-fit.md'), `${table}\n`);
  process.stdout.write(`${table}\n`);
  return off.length > 0 || left.length > 0 ? 1 : 0;
}
