/**
 * The crash harness: kills the built server with SIGKILL at random moments under mixed load, starts it again, and
 * compares the database with every write that was acknowledged. Exits 1 when anything was lost, doubled or half there.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import Sqlite from 'better-sqlite3';
import { seedRandom } from '../../src/command/sample-reports.js';
import { checkStore } from '../../src/report/integrity.js';
import { openToRead } from '../../src/store/engine/open.js';
import type { Db } from '../../src/store/engine/schema.js';
import { townshipsOf } from '../national.js';
import { killWhileStarting, makeToken, type Server, startServer } from '../processes.js';
import { type Book, compare, openBook } from './book.js';
import { runFiler, runImporter } from './load.js';

const { values: asked } = parseArgs({
  options: {
    kills: { type: 'string' },
    writes: { type: 'string' },
    seed: { type: 'string' },
    short: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (asked.help) {
  process.stdout.write('npm run crash -- [--short] [--kills N] [--writes N] [--seed N]\n');
  process.exit(0);
}
const scale = asked.short ? { kills: 5, writes: 500 } : { kills: 100, writes: 20_000 };
const kills = Number(asked.kills ?? scale.kills);
const writes = Number(asked.writes ?? scale.writes);
const seed = Number(asked.seed ?? Date.now() % 1_000_000);

const clients = { filers: 10, importers: 2 };
const townshipsEach = 10;
const years = [2021, 2022, 2023, 2024];

/** One kill in so many comes while the server is starting, in its recovery from the kill before. */
const killsAtStart = 8;

const folder = mkdtempSync(join(tmpdir(), 'xiangbao-crash-'));
const file = join(folder, 'crash.db');
const env = { DATABASE_URL: `sqlite:${file}`, LOG_LEVEL: 'fatal' };

/** What must hold of the database after every kill beside the book: each lists what is wrong. */
const soundness: readonly ((db: Db) => Promise<string[]>)[] = [
  async (db) => {
    const wrong: string[] = [];
    await checkStore(db, {
      onDifference: ({ part, what }) => wrong.push(`${part}: ${what}`),
      onProgress: () => undefined,
    });
    return wrong;
  },
];

/** What the clients say who they are by. */
const authorization = await makeToken(env);

const random = seedRandom(seed);
const townships = townshipsOf((clients.filers + clients.importers) * townshipsEach).map(({ code }) => code);
const book = openBook(townships, years);
const figures = { kills: 0, atStart: 0, restartMs: 0, begin: performance.now(), busy: 0 };

process.stdout.write(`seed ${seed}: ${kills} kills, at least ${writes} acknowledged writes\n`);
try {
  const wrong = await run();
  for (const what of wrong.slice(0, 50)) process.stdout.write(`WRONG ${what}\n`);
  process.stdout.write(`${summary(wrong.length)}\n`);
  if (wrong.length > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function run(): Promise<string[]> {
  for (let round = 0; figures.kills < kills || book.acknowledged < writes; round++) {
    if (figures.kills > 0 && random() * killsAtStart < 1) {
      await killWhileStarting('program/main.js', ['serve'], env, 600 * random());
      figures.kills += 1;
      figures.atStart += 1;
    }
    const server = await restart();
    const wrong = await differences();
    if (wrong.length > 0) {
      await server.kill();
      return wrong;
    }
    await loadUntilKilled(server, round);
    figures.kills += 1;
  }
  const server = await restart();
  const wrong = await differences();
  await server.stop();
  return [...wrong, ...(await differences())];
}

async function restart(): Promise<Server> {
  const begin = performance.now();
  const server = await startServer('program/main.js', () => ['serve'], env, '/health/ready');
  figures.restartMs = Math.max(figures.restartMs, performance.now() - begin);
  return server;
}

async function loadUntilKilled(server: Server, round: number): Promise<void> {
  const target = { url: server.url, authorization };
  const begin = performance.now();
  const running = Array.from({ length: clients.filers + clients.importers }, (_, index) => {
    const run = index < clients.filers ? runFiler : runImporter;
    return run(book, slotsOf(index), seedRandom(seed + 1000 * round + index), target);
  });
  const load = Promise.all(running);
  await Promise.race([sleep(killAfter()), load]);
  await server.kill();
  await load;
  figures.busy += performance.now() - begin;
}

function slotsOf(client: number): Book['slots'] {
  const each = townshipsEach * years.length;
  return book.slots.slice(client * each, (client + 1) * each);
}

/** Milliseconds until the next kill, at random, so long on average that the writes asked for come together. */
function killAfter(): number {
  const rate = book.acknowledged > 0 ? book.acknowledged / figures.busy : 0.2;
  const due = Math.max(20, (writes - book.acknowledged) / Math.max(1, kills - figures.kills));
  return Math.min(10_000, (due / rate) * (0.1 + 1.9 * random()));
}

/** Everything that is wrong once the imports that go on after a restart have ended. */
async function differences(): Promise<string[]> {
  await importsEnded();
  const wrong = compare(book, file);
  const db = openToRead(file);
  for (const find of soundness) wrong.push(...(await find(db)));
  await db.destroy();
  return wrong.map((what) => `after kill ${figures.kills}: ${what}`);
}

async function importsEnded(): Promise<void> {
  const database = new Sqlite(file, { readonly: true });
  const open = database.prepare('select count(*) from import where finished_at is null').pluck();
  for (let attempt = 0; open.get() !== 0; attempt++) {
    if (attempt > 600) throw new Error('an import does not come to its end');
    await sleep(50);
  }
  database.close();
}

function summary(wrong: number): string {
  const seconds = (performance.now() - figures.begin) / 1000;
  const revisions = book.slots.reduce((sum, slot) => sum + slot.revision, 0);
  return [
    `${figures.kills} kills, ${figures.atStart} of them while starting; ${book.acknowledged} acknowledged writes, ${revisions} kept (the rest were not answered before a kill)`,
    `${Math.round((1000 * book.acknowledged) / figures.busy)} writes/s under load, the slowest restart ${(figures.restartMs / 1000).toFixed(1)} s, ${Math.round(seconds)} s in all`,
    wrong === 0
      ? 'none lost, none doubled, no gap, no half; rollups exact, audit chain whole, database sound'
      : `${wrong} violation(s), seed ${seed}`,
  ].join('\n');
}
