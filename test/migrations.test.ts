/** From every earlier schema to this one: filled databases, kills at every statement, and databases from the future. */
import { spawn } from 'node:child_process';
import { hash } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import t from 'tap';
import { buildApp } from '../src/app.js';
import { formInForce } from '../src/form/forms.js';
import { changeAgency, changeDeadline } from '../src/register/change/change.js';
import { fileReport } from '../src/report/file.js';
import { checkStore } from '../src/report/integrity.js';
import { noteFinding, reviewReport } from '../src/report/review.js';
import { withdrawReport } from '../src/report/withdraw.js';
import { packageRoot } from '../src/root.js';
import { decodeContent, fullTextOf } from '../src/store/contents.js';
import { connect, databaseOver } from '../src/store/engine/connection.js';
import { migrate, migrations } from '../src/store/engine/migrate.js';
import { openStore } from '../src/store/engine/open.js';
import type { Db } from '../src/store/engine/schema.js';
import { verifyRollups } from '../src/store/rollup/rollup-check.js';
import {
  act,
  balancedFigures,
  clock,
  filing,
  filingBody,
  hongjiang,
  openTestStore,
  qunfeng,
  runSql,
  signIn,
  tokenFor,
  townshipsOf,
} from './builders.js';
import { compileProgram } from './program.js';

const versions = Object.keys(migrations);
const years = [2019, 2020, 2021, 2022];

const folder = mkdtempSync(join(tmpdir(), 'xiangbao-migrations-'));
t.setTimeout(900_000);

t.teardown(() => rmSync(folder, { recursive: true, force: true }));
const compiled = dirname(compileProgram(join(t.testdir({}), 'compiled'), { open: 'src/store/engine/open.ts' }));

/** A store of this version in which townships filed, revised, withdrew, left blanks, broke equations, and imported. */
async function fillStore(path: string): Promise<void> {
  const db = await openTestStore(`sqlite:${path}`);
  const townships = (await townshipsOf(hongjiang)).slice(0, 6);
  for (const year of years) {
    const figures = fc.sample(balancedFigures(formInForce(year)), { numRuns: townships.length, seed: year });
    for (const [index, agency] of townships.entries()) {
      const publishedItems = { total: 16, categories: [{ name: '乡动态', count: 8 }], channels: [] };
      const body = {
        agency,
        year,
        figures: figures[index] ?? {},
        publishedItems,
        narrative: { overview: '总体情况。' },
      };
      await fileReport(db, act, filing(body), { method: 'post' });
      if (index % 3 === 1) {
        const broken = { ...body, figures: { ...body.figures, 'appeals.reconsideration.total': 999 }, reason: '更正' };
        await fileReport(db, act, filing(broken), { method: 'put', ifMatch: 'any', lenient: true });
      }
      if (index % 3 === 2) await withdrawReport(db, act, { agency, year, reason: '误报' }, { ifMatch: 'any' });
    }
  }
  const app = await buildApp({ db, clock, logger: false });
  signIn(app, await tokenFor(db));
  const headers = { 'content-type': 'application/x-ndjson', prefer: 'respond-async' };
  const payload = JSON.stringify(filingBody({ agency: '431281101', year: 2020 }));
  const { statusCode, headers: answered } = await app.inject({ method: 'POST', url: '/v1/imports', headers, payload });
  if (statusCode !== 202) throw new Error(`the import was answered with ${statusCode}`);
  while ((await app.inject(String(answered.location))).json().state !== 'done') await new Promise(setImmediate);
  await app.close();
  await db.destroy();
}

interface Table {
  readonly name: string;
  readonly columns: readonly string[];
}

function tablesOf(raw: Sqlite.Database): Table[] {
  const names = raw
    .prepare<[], string>("select name from sqlite_schema where type = 'table' and name not glob '*_migration*'")
    .pluck()
    .all();
  return names.map((name) => ({ name, columns: columnsOf(raw, name) }));
}

function columnsOf(raw: Sqlite.Database, table: string): string[] {
  return raw.prepare<[string], string>('select name from pragma_table_info(?)').pluck().all(table);
}

/** Rows of a table, of the columns named, in one order. */
function rowsOf(raw: Sqlite.Database, { name, columns }: Table): unknown[] {
  const places = columns.slice(0, 3).map((_, index) => index + 1);
  raw.function('in_full', { deterministic: true }, inFull);
  const said = columns.map((column) => (name === 'revision' && column === 'content' ? 'in_full(content)' : column));
  return raw.prepare(`select ${said} from ${name} order by ${places}`).raw().all();
}

/** What a revision says, as it was kept before it was kept in short. */
function inFull(content: unknown): unknown {
  return typeof content === 'string' && content.startsWith('[') ? fullTextOf(decodeContent(content)) : content;
}

/** Columns that have another name since. */
const laterNames: Readonly<Record<string, string>> = { 'succession.merged_on': 'effective' };

/** A database of an earlier schema with the rows of the filled one that it has tables and columns for, by plain SQL. */
async function fillAt(version: string, path: string, filled: string): Promise<readonly Table[]> {
  const connection = connect(path);
  const db = databaseOver(connection, connection.close);
  await migrate(db, version);
  await db.destroy();
  const raw = new Sqlite(path);
  raw.pragma('foreign_keys = off');
  const whole = new Sqlite(filled, { readonly: true });
  const tables = tablesOf(raw).map(({ name, columns }) => {
    const now = columnsOf(whole, name);
    return { name, columns: columns.filter((column) => now.includes(column)) };
  });
  whole.close();
  raw.prepare('attach ? as filled').run(filled);
  raw.function('in_full', inFull);
  const keptIn = (name: string, column: string) =>
    name === 'revision' && column === 'content' && version < '0020' ? 'in_full(content)' : column;
  for (const { name, columns } of tables) {
    const former = columnsOf(raw, name).filter((column) => `${name}.${column}` in laterNames);
    const later = former.map((column) => laterNames[`${name}.${column}`]);
    raw.exec(
      `insert into main.${name} (${[...columns, ...former]}) select ${[...columns.map((column) => keptIn(name, column)), ...later]} from filled.${name}`,
    );
  }
  raw.exec('detach filled');
  raw.close();
  return tables;
}

const filled = join(folder, 'filled.db');
await fillStore(filled);

/** What the service says of the filled database: a report, its history, the county's and the nation's sums. */
async function answersOf(db: Db): Promise<readonly string[]> {
  const app = await buildApp({ db, clock, logger: false, publicReading: 'filed' });
  const paths = years.flatMap((year) => [
    `/v1/reports?county=${hongjiang}&year=${year}`,
    `/v1/reports/431281101/${year}`,
    `/v1/reports/431281101/${year}/revisions`,
    `/v1/rollups/${hongjiang}/${year}`,
    `/v1/rollups/100000/${year}`,
  ]);
  const answers = [];
  for (const path of paths) {
    const { statusCode, body } = await app.inject(path);
    answers.push(`${path} ${statusCode} ${body.replace(/"instance":"[^"]*"/, '')}`);
  }
  await app.close();
  return answers;
}

for (const [index, version] of versions.entries()) {
  t.test(`a filled database of ${version} keeps its rows, sums and answers when it is migrated`, async (t) => {
    const path = join(folder, `at-${index}.db`);
    const tables = await fillAt(version, path, filled);
    const before = new Sqlite(path, { readonly: true });
    const rows = tables.map((table) => rowsOf(before, table));
    before.close();
    for (const name of ['agency_state', 'expectation', 'report', 'revision', 'finding', 'rollup', 'rollup_blank']) {
      t.not(rows[tables.findIndex((table) => table.name === name)]?.length ?? 0, 0, `${name} is filled`);
    }
    const db = await openStore(`sqlite:${path}`);
    t.teardown(() => db.destroy());
    const after = new Sqlite(path, { readonly: true });
    t.teardown(() => after.close());
    for (const [place, table] of tables.entries()) t.same(rowsOf(after, table), rows[place], table.name);
    t.same(after.pragma('foreign_key_check'), []);
    t.same(after.pragma('integrity_check', { simple: true }), 'ok');
    t.same(await verifyRollups(db), []);
    const now = await openStore(`sqlite:${filled}`);
    t.same(await answersOf(db), await answersOf(now));
    await now.destroy();
  });
}

t.test('what the schema before decisions were shown kept of a report is mended when it is migrated', async (t) => {
  const source = join(folder, 'decided.db');
  const now = await openTestStore(`sqlite:${source}`);
  const inForce = { 'documents.normativeDocuments.issued': 5 };
  const on = (publishedOn: string) => ({ source: { publishedOn } });
  const other = '431281102';
  const accept = (agency: string, revision: number) =>
    reviewReport(now, act, { agency, year: 2021, revision, decision: 'ACCEPTED', reason: null }, {});
  await changeDeadline(now, act, { action: 'deadline', division: '430000', year: 0, due: '02-10' }, {});
  await fileReport(now, act, filing({ ...on('2022-02-05'), figures: inForce }), { method: 'post' });
  await accept(qunfeng, 1);
  await fileReport(now, act, filing({ ...on('2022-02-15'), figures: inForce, reason: '更正' }), {
    method: 'put',
    ifMatch: 'any',
  });
  const note = { code: 'T2-INFORCE', pointer: '/figures/documents/normativeDocuments/inForce' };
  await noteFinding(now, act, { agency: qunfeng, year: 2021, ...note, status: 'EXPLAINED', text: '漏填' }, {});
  await fileReport(now, act, filing({ agency: other }), { method: 'post' });
  await accept(other, 1);
  await fileReport(now, act, filing({ agency: hongjiang, ...on('2022-02-20') }), { method: 'post' });
  await changeAgency(now, act, { action: 'change', agency: other, on: '2022-05-01', name: '安江' }, {});
  const rowsNow = async (db: Db) => [
    await runSql(db, 'select * from report order by id'),
    await runSql(db, 'select * from rollup where reports > 0 order by division_id, inclusion, year, kind, form'),
    await runSql(db, 'select * from agency_change'),
    await runSql(db, 'select * from deadline'),
    await runSql(db, 'select * from finding'),
    await runSql(
      db,
      'select id, agency_id, year, code, pointer, standing, text, sides, revision, state, actor, at from note',
    ),
  ];
  const kept = await rowsNow(now);
  await now.destroy();
  const path = join(folder, 'decided-before.db');
  await fillAt('0003-access', path, source);
  const raw = new Sqlite(path);
  raw.exec(`update report set filed_at = '2026-12-30T00:00:00.000Z', on_time = 1 - on_time;
    update report set submitted_on = '2026-12-30' where submitted_on like '2026-%';
    update report set updated_at = '2022-01-01T00:00:00.000Z';
    update report set updated_at = (select v.at from revision v where v.agency_id = report.agency_id and v.number = report.revision);
    update rollup set on_time = 3;
    update finding set body = replace(body, 'normativeDocuments/inForce', 'normativeDocuments/issued');
    update note set pointer = replace(pointer, 'inForce', 'issued')`);
  raw.close();
  const db = await openStore(`sqlite:${path}`);
  t.teardown(() => db.destroy());
  t.same(await rowsNow(db), kept);
  const found: string[] = [];
  await checkStore(db, { onDifference: ({ part, what }) => found.push(`${part}: ${what}`), onProgress: () => {} });
  t.same(found, []);
});

/**
 * Opens a store in a process that, before its n-th statement, kills itself, or, before each, keeps the files as a kill
 * would leave them. How it ended, and how many statements it ran.
 */
async function migrateIn(
  path: string,
  n: number | 'each',
): Promise<{ readonly signal: string | null; readonly ran: number }> {
  const text = `import Sqlite from 'better-sqlite3';
    import { copyFileSync, existsSync } from 'node:fs';
    const [path, n] = ${JSON.stringify([path, n])};
    let ran = 0;
    const strike = () => {
      if (n === 'each') {
        for (const suffix of ['', '-wal']) if (existsSync(path + suffix)) copyFileSync(path + suffix, path + '.' + ran + suffix);
      }
      if (ran++ === n) process.kill(process.pid, 'SIGKILL');
    };
    const { prepare, pragma } = Sqlite.prototype;
    Sqlite.prototype.pragma = function (...args) { strike(); return pragma.apply(this, args); };
    Sqlite.prototype.prepare = function (text) {
      const statement = prepare.call(this, text);
      for (const name of ['run', 'all', 'get']) {
        const execute = statement[name];
        statement[name] = (...args) => { strike(); return execute.apply(statement, args); };
      }
      return statement;
    };
    const { openStore } = await import(${JSON.stringify(join(compiled, 'open.js'))});
    await openStore('sqlite:' + path);
    strike();
    process.stdout.write(String(ran));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', text], {
    cwd: packageRoot,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  const [, signal] = await once(child, 'close');
  return { signal, ran: Number(said) };
}

function schemaOf(path: string): unknown[] {
  const raw = new Sqlite(path, { readonly: true });
  const rows = raw.prepare('select type, name, sql from sqlite_schema order by type, name').all();
  raw.close();
  return rows;
}

function copyDatabase(from: string, to: string): void {
  for (const suffix of ['', '-wal']) if (existsSync(from + suffix)) cpSync(from + suffix, to + suffix);
}

/**
 * None at all, the oldest, from which every statement of every later one passes over data, and the last before figures were
 * summed by other rules, as `versions` has them.
 */
const beginnings = ['none', ...versions.filter((version) => ['0001-initial', '0003-access'].includes(version))];

/** Real kills a migration, spread over its statements. */
const kills = 6;

for (const [index, beginning] of beginnings.entries()) {
  t.test(`a migration from ${beginning} killed at any statement goes on at the next start, and serves`, async (t) => {
    const start = join(folder, `start-${index}.db`);
    if (index > 0) await fillAt(beginning, start, filled);
    const whole = join(folder, `whole-${index}.db`);
    copyDatabase(start, whole);
    const { ran, signal } = await migrateIn(whole, 'each');
    t.ok(ran > 10 && signal === null, `${ran} statements`);
    const goesOn = async (path: string) => {
      const db = await (index > 0 ? openStore : openTestStore)(`sqlite:${path}`);
      t.match(await fileReport(db, act, filing({ agency: qunfeng, year: 2024 }), { method: 'post' }), {
        outcome: 'created',
      });
      t.same(await verifyRollups(db), []);
      await db.destroy();
      t.same(schemaOf(path), schemaOf(whole), path);
    };
    for (let n = 0; n < ran; n++) await goesOn(`${whole}.${n}`);
    for (let kill = 0; kill < kills; kill++) {
      const path = join(folder, `killed-${index}-${kill}.db`);
      copyDatabase(start, path);
      const ended = await migrateIn(path, Math.floor(((kill + 0.5) * ran) / kills));
      t.equal(ended.signal, 'SIGKILL');
      await goesOn(path);
    }
  });
}

const nothing = hash('sha256', '');

t.test('a database of a newer version is refused, and no byte of it is changed', async (t) => {
  const path = join(folder, 'newer.db');
  const db = await openTestStore(`sqlite:${path}`);
  const raw = new Sqlite(path);
  raw.prepare("insert into kysely_migration (name, timestamp) values ('9999-future', '2030-01-01')").run();
  // As a crash leaves it: what was written last stands in the log beside the file.
  const crashed = join(folder, 'crashed.db');
  copyDatabase(path, crashed);
  raw.close();
  await db.destroy();
  t.ok(readFileSync(`${crashed}-wal`).length > 0);
  for (const one of [path, crashed]) {
    // SQLite puts an empty log beside a file that it reads.
    const bytes = () =>
      ['', '-wal'].map((suffix) => (existsSync(one + suffix) ? hash('sha256', readFileSync(one + suffix)) : nothing));
    const before = bytes();
    await t.rejects(openStore(`sqlite:${one}`), /newer version of Xiangbao \(9999-future\) and is left untouched/);
    t.same(bytes(), before);
  }
});
