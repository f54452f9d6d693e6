/** Imports that end the process they are worked on in: given up after some starts, and only those that came no further. */
import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { buildApp } from '../src/app.js';
import { closeImportJobs, openImportJobs } from '../src/bulk/import/jobs.js';
import { emptyTally } from '../src/bulk/import/tally.js';
import { packageRoot } from '../src/root.js';
import { inTransaction } from '../src/store/engine/commit.js';
import { openStore } from '../src/store/engine/open.js';
import { insertImport } from '../src/store/imports.js';
import { act, bearer, clock, filingBody, openTestStore, runSql, scratch, tokenFor, townshipsOf } from './builders.js';
import { holdToDocument } from './contract.js';
import { compileProgram } from './program.js';

const compiled = dirname(
  compileProgram(join(t.testdir({}), 'compiled'), {
    open: 'src/store/engine/open.ts',
    jobs: 'src/bulk/import/jobs.ts',
    mark: 'src/bulk/import/process-mark.ts',
  }),
);

/** A process that writes a filing with this in it dies of it. */
const deadly = 'deadly';

/** Begins the imports of a store in a process of its own, which dies of a deadly filing or of the n-th that it reads. */
async function startProcess(url: string, diesAt = Number.POSITIVE_INFINITY): Promise<string> {
  const text = `import Sqlite from 'better-sqlite3';
    const [url, diesAt, root] = process.argv.slice(1);
    const die = () => process.kill(process.pid, 'SIGKILL');
    const { prepare } = Sqlite.prototype;
    Sqlite.prototype.prepare = function (text) {
      const statement = prepare.call(this, text);
      const { run } = statement;
      statement.run = (...args) => {
        if (JSON.stringify(args).includes('${deadly}')) die();
        return run.apply(statement, args);
      };
      return statement;
    };
    const { openStore } = await import(root + '/open.js');
    const { openImportJobs, closeImportJobs } = await import(root + '/jobs.js');
    const { markOfProcess, isRunning } = await import(root + '/mark.js');
    const db = await openStore(url);
    let asked = 0;
    const clock = () => {
      if (++asked === Number(diesAt)) die();
      return new Date('${act.now.toISOString()}');
    };
    const jobs = await openImportJobs(db, { clock, onUnforeseen: (error) => console.log(error.message), onDone() {}, process: markOfProcess(process.pid), isRunning });
    await Promise.all([...jobs.live.values()].map((live) => live.finished));
    await closeImportJobs(jobs);
    await db.destroy();
    process.exit(0);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', text, url, String(diesAt), compiled], {
    cwd: packageRoot,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  const [code, signal] = await once(child, 'close');
  return signal === 'SIGKILL' ? 'killed' : `${code}${said}`;
}

/** A store with imports that were received and not begun; each is its filings. */
async function received(
  t: { teardown(end: () => unknown): unknown },
  ...imports: { readonly filings: readonly object[]; readonly mode: 'each' | 'all' }[]
) {
  const file = join(scratch(t), 'x.db');
  const url = `sqlite:${file}`;
  const db = await openTestStore(url);
  const token = await tokenFor(db);
  mkdirSync(`${file}-imports`);
  const spools: string[] = [];
  for (const [index, { filings, mode }] of imports.entries()) {
    const id = randomUUID();
    const spool = join(`${file}-imports`, id);
    const sent = filings.map((one) => `${JSON.stringify(one)}\n`).join('');
    writeFileSync(spool, sent);
    const request = { format: 'ndjson', charset: 'utf-8', mode, dryRun: false, lenient: false };
    const row = {
      ...{ id, state: 'queued' as const, request: JSON.stringify(request), actor: act.actor, tokenId: 1 },
      ...{ bytes: Buffer.byteLength(sent), digest: createHash('sha256').update(sent).digest('hex') },
      ...{ tally: JSON.stringify(emptyTally), process: null },
      createdAt: new Date(act.now.getTime() + index).toISOString(),
    };
    await inTransaction(db, {}, (trx) => insertImport(trx, row));
    spools.push(spool);
  }
  await db.destroy();
  return { url, token, spools };
}

/** The imports as they are kept, in the order in which they came. */
async function keptRows(url: string) {
  const db = await openStore(url);
  const text = `select state, attempts, json_extract(tally, '$.received') as received,
    json_extract(tally, '$.created') as created from import order by created_at`;
  const rows = await runSql<{ state: string; attempts: number; received: number; created: number }>(db, text);
  await db.destroy();
  return rows;
}

async function someFilings(count: number): Promise<object[]> {
  const agencies = (await Promise.all(['431281', '431202', '350128'].map(townshipsOf))).flat();
  const distinct = agencies.flatMap((agency) =>
    [2019, 2020, 2021, 2022, 2023].map((year) => filingBody({ agency, year, narrative: { overview: '' } })),
  );
  if (distinct.length < count) throw new Error(`${distinct.length} filings are fewer than ${count}`);
  return distinct.slice(0, count);
}

async function deadlyFiling(): Promise<object> {
  const [agency = ''] = await townshipsOf('320813');
  return filingBody({ agency, narrative: { overview: deadly } });
}

t.test('an import of which the process dies three times without progress fails, and is not begun again', async (t) => {
  const filings = [...(await someFilings(16)), await deadlyFiling()];
  const { url, token, spools } = await received(t, { mode: 'each', filings });
  t.equal(await startProcess(url), 'killed');
  t.match(await keptRows(url), [{ state: 'running', attempts: 0, received: 16 }], 'it came further before it died');
  for (const attempts of [1, 2, 3]) {
    t.equal(await startProcess(url), 'killed');
    t.match(await keptRows(url), [{ state: 'running', attempts, received: 16 }]);
  }
  t.match(await startProcess(url), /^0The service ended 3 times in a row.*连续 3 次/, 'the log is told');
  const db = await openStore(url);
  const app = await buildApp({ db, logger: false, clock });
  holdToDocument(app);
  t.teardown(async () => {
    await app.close();
    await db.destroy();
  });
  const id = spools[0]?.split('/').at(-1);
  const shown = await app.inject({ url: `/v1/imports/${id}`, headers: bearer(token) });
  t.match(shown.json(), {
    ...{ state: 'failed', received: 16, created: 16, finishedAt: String },
    problem: { type: '/problems/internal', detail: /What was done stays, 16 items.*已处理的 16 项照旧保留/ },
  });
  t.same(await runSql(db, 'select count(*) as n from report'), [{ n: 16 }], 'what was filed stays');
  t.notOk(existsSync(spools[0] ?? ''), 'as of any that failed and refused nothing, its file is gone');
});

t.test('an import that comes further between its deaths is done, however many they are', async (t) => {
  const { url } = await received(t, { mode: 'each', filings: await someFilings(70) });
  let deaths = 0;
  // Each process files two batches.
  while ((await startProcess(url, 20)) === 'killed') deaths++;
  t.ok(deaths > 3, `it died ${deaths} times`);
  t.match(await keptRows(url), [{ state: 'done', received: 70, created: 70 }]);
});

t.test('a stop counts for nothing, and does not make up for deaths', async (t) => {
  const { url } = await received(t, { mode: 'all', filings: await someFilings(70) });
  for (const attempts of [1, 2]) {
    t.equal(await startProcess(url, 5), 'killed');
    t.match(await keptRows(url), [{ state: 'running', attempts }]);
  }
  for (let stops = 0; stops < 4; stops++) {
    const db = await openStore(url);
    let tellAsked = () => {};
    const asked = new Promise<void>((resolve) => {
      tellAsked = resolve;
    });
    const jobs = await openImportJobs(db, {
      clock: () => {
        tellAsked();
        return clock();
      },
      onUnforeseen: (error) => t.fail(String(error)),
      onDone: () => t.fail('it was not stopped'),
      process: `stopped ${stops}`,
      isRunning: () => false,
    });
    await asked;
    await closeImportJobs(jobs);
    await db.destroy();
    t.match(await keptRows(url), [{ state: 'running', attempts: 2 }]);
  }
  t.equal(await startProcess(url), '0');
  t.match(await keptRows(url), [{ state: 'done', received: 70, created: 70 }]);
});

t.test('an import that was under way when the process died of another is done', async (t) => {
  const { url } = await received(
    t,
    { mode: 'all', filings: [...(await someFilings(4)), await deadlyFiling()] },
    { mode: 'all', filings: await someFilings(70) },
  );
  for (let deaths = 0; deaths < 3; deaths++) t.equal(await startProcess(url), 'killed');
  t.match(await keptRows(url), [
    { state: 'running', attempts: 3 },
    { state: 'running', attempts: 1 },
  ]);
  t.match(await startProcess(url), /^0.*The service ended 3 times/);
  t.match(await keptRows(url), [{ state: 'failed' }, { state: 'done', received: 70, created: 70 }]);
});
