/** Backups, the way back from them, and damage that `check` finds. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import t from 'tap';
import { backUpTo } from '../src/command/backup.js';
import { printDamage } from '../src/command/check.js';
import { restoreFrom } from '../src/command/restore.js';
import { seedRandom } from '../src/command/sample-reports.js';
import { formInForce } from '../src/form/forms.js';
import { fileReport } from '../src/report/file.js';
import { withdrawReport } from '../src/report/withdraw.js';
import { packageRoot } from '../src/root.js';
import { connect, databaseOver } from '../src/store/engine/connection.js';
import { migrate, migrations } from '../src/store/engine/migrate.js';
import { openStore, openToRead } from '../src/store/engine/open.js';
import { findReport } from '../src/store/reports.js';
import {
  act,
  balancedFigures,
  clock,
  filing,
  hongjiang,
  openTestStore,
  qunfeng,
  scratch,
  townshipsOf,
} from './builders.js';
import { compileProgram, runProgram } from './program.js';

function fakeTerminal() {
  const written = { out: '', err: '' };
  const stdout = new PassThrough().on('data', (chunk) => {
    written.out += chunk;
  });
  const stderr = new PassThrough().on('data', (chunk) => {
    written.err += chunk;
  });
  return { terminal: { stdin: new PassThrough(), stdout, stderr }, written };
}

const now = () => 0;

/** What `check` prints of a file, a line a difference; empty when it is sound. */
async function damageIn(path: string): Promise<string[]> {
  const { terminal, written } = fakeTerminal();
  const found = await printDamage(path, terminal, now);
  await sleep(0);
  const lines = written.out.split('\n').slice(0, -2);
  if (lines.length < found) throw new Error(`${found} were found, ${lines.length} told`);
  return found === 0 ? [] : lines;
}

/** A small database with all there is in one: reports of some years, revisions, withdrawals, findings, blanks. */
async function smallDatabase(path: string): Promise<void> {
  const db = await openTestStore(`sqlite:${path}`);
  const townships = (await townshipsOf(hongjiang)).slice(0, 5);
  for (const year of [2020, 2021, 2022]) {
    const figures = fc.sample(balancedFigures(formInForce(year)), { numRuns: townships.length, seed: year });
    for (const [index, agency] of townships.entries()) {
      const narrative = { overview: '总体情况。'.repeat(index === 0 ? 2000 : 20) };
      const publishedItems = { total: 16, categories: [{ name: '乡动态', count: 8 }], channels: [] };
      const body = { agency, year, figures: figures[index] ?? {}, narrative, publishedItems };
      await fileReport(db, act, filing(body), { method: 'post' });
      const broken = { ...body, figures: { ...body.figures, 'appeals.reconsideration.total': 999 }, reason: '更正' };
      if (index < 2) await fileReport(db, act, filing(broken), { method: 'put', ifMatch: 'any', lenient: true });
      if (index === 4) await withdrawReport(db, act, { agency, year, reason: null }, { ifMatch: 'any' });
    }
  }
  await db.destroy();
}

const made = scratch(t);
const small = join(made, 'small.db');
await smallDatabase(small);

t.test('a backup made while others write is of one moment, sound, and can be restored', async (t) => {
  const folder = scratch(t);
  const path = join(folder, 'store.db');
  copyFileSync(small, path);
  const db = await openStore(`sqlite:${path}`);
  const townships = await townshipsOf(hongjiang);
  let filed = 0;
  let stop = false;
  const writing = (async () => {
    while (!stop) {
      const agency = townships[filed % 20] ?? qunfeng;
      const year = [2023, 2024][Math.floor(filed / 20) % 2] ?? 2024;
      const figures = { 'decisions.licenses.decided': filed };
      const body = filing({ agency, year, figures, reason: 'again' });
      await fileReport(db, act, body, { method: 'put', ifMatch: 'any' }).catch(() =>
        fileReport(db, act, body, { method: 'post' }),
      );
      filed += 1;
    }
  })();
  while (filed < 5) await sleep(1);
  const before = filed;
  const backup = join(folder, 'one.backup');
  const { terminal, written } = fakeTerminal();
  await backUpTo(path, backup, terminal, now);
  const after = filed;
  stop = true;
  await writing;
  await db.destroy();
  t.match(written.out, /SHA-256/);
  t.same(
    readdirSync(folder).filter((name) => name.startsWith('one.')),
    ['one.backup', 'one.backup.sha256'],
  );
  t.same(await damageIn(backup), []);
  const held = new Sqlite(backup, { readonly: true });
  const revisions = Number(held.prepare('select count(*) from revision where year >= 2023').pluck().get());
  held.close();
  t.ok(revisions >= before && revisions <= after + 1, `${before} ≤ ${revisions} ≤ ${after} + 1`);

  const { terminal: restoring, written: said } = fakeTerminal();
  await t.rejects(restoreFrom({ backup, database: path }, restoring, clock), /--force replaces it/);
  t.equal(await restoreFrom({ backup, database: path, force: true }, restoring, clock), 0);
  const kept = `${path}.replaced-20261124040000000`;
  t.match(said.out, kept);
  t.same(await damageIn(path), []);
  t.same(await damageIn(kept), [], 'what was replaced is whole');
  const served = await openStore(`sqlite:${path}`);
  const [count] = await served
    .selectFrom('revision')
    .select((of) => of.fn.countAll<number>().as('all'))
    .where('year', '>=', 2023)
    .execute();
  t.equal(count?.all, revisions);
  await served.destroy();
});

t.test('a backup is not made over a file that is there, nor of a database that is not', async (t) => {
  const { terminal } = fakeTerminal();
  const folder = scratch(t);
  await t.rejects(backUpTo(small, small, terminal, now), /is there already/);
  await t.rejects(backUpTo(join(folder, 'none.db'), join(folder, 'b'), terminal, now), /no database/);
  t.same(readdirSync(folder), []);
});

t.test('a database is not replaced while a process has it open', async (t) => {
  const folder = scratch(t);
  const path = join(folder, 'store.db');
  copyFileSync(small, path);
  const backup = join(folder, 'backup');
  const { terminal } = fakeTerminal();
  await backUpTo(path, backup, terminal, now);
  const text = `import Sqlite from 'better-sqlite3';
    const db = new Sqlite(process.argv[1]);
    db.pragma('journal_mode = WAL');
    db.prepare('select count(*) from report').get();
    process.stdout.write('open');
    process.stdin.resume();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', text, path], {
    cwd: packageRoot,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  const bytes = readFileSync(path);
  await t.rejects(restoreFrom({ backup, database: path, force: true }, terminal, clock), /Another process has .* open/);
  t.ok(readFileSync(path).equals(bytes));
  child.kill('SIGKILL');
  await once(child, 'exit');
  t.equal(await restoreFrom({ backup, database: path, force: true }, terminal, clock), 0);
});

t.test('a database that can no longer be read is replaced, and its log does not come to the new one', async (t) => {
  const folder = scratch(t);
  const path = join(folder, 'store.db');
  const backup = join(folder, 'backup');
  const { terminal } = fakeTerminal();
  await backUpTo(small, backup, terminal, now);
  writeFileSync(path, Buffer.alloc(8192, 'garbage'));
  writeFileSync(`${path}-wal`, Buffer.alloc(8192, 'garbage'));
  t.equal(await restoreFrom({ backup, database: path, force: true }, terminal, clock), 0);
  t.notOk(existsSync(`${path}-wal`));
  t.ok(existsSync(`${path}.replaced-20261124040000000-wal`));
  t.same(await damageIn(path), []);
});

t.test('a backup in which a single byte changed is found by its digest and not restored', async (t) => {
  const folder = scratch(t);
  const backup = join(folder, 'backup');
  const { terminal } = fakeTerminal();
  await backUpTo(small, backup, terminal, now);
  const whole = readFileSync(backup);
  const random = seedRandom(4);
  let byContent = 0;
  const flips = 60;
  for (let flip = 0; flip < flips; flip++) {
    const damaged = Buffer.from(whole);
    const at = Math.floor(random() * damaged.length);
    damaged[at] = (damaged[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    writeFileSync(backup, damaged);
    const found = await damageIn(backup);
    t.match(found[0] ?? '', /^digest: /, `byte ${at}`);
    if (found.length > 1) byContent += 1;
    if (flip > 0) continue;
    t.not(await restoreFrom({ backup, database: join(folder, 'restored.db') }, terminal, clock), 0);
    t.notOk(existsSync(join(folder, 'restored.db')));
  }
  t.comment(`${flips} of ${flips} found by the digest, ${byContent} by the content alone`);
});

/** The pages that hold nothing: leaves of the list of free pages. */
function freePages(bytes: Buffer, pageSize: number): ReadonlySet<number> {
  const free = new Set<number>();
  for (let trunk = bytes.readUInt32BE(32); trunk !== 0; ) {
    const start = (trunk - 1) * pageSize;
    const leaves = bytes.readUInt32BE(start + 4);
    for (let leaf = 0; leaf < leaves; leaf++) free.add(bytes.readUInt32BE(start + 8 + 4 * leaf));
    trunk = bytes.readUInt32BE(start);
  }
  return free;
}

t.test('garbage in the place of any page that holds something is found', async (t) => {
  const folder = scratch(t);
  const path = join(folder, 'damaged.db');
  copyFileSync(small, path);
  const raw = new Sqlite(path);
  raw.pragma('journal_mode = DELETE');
  // So that some pages are free: the list of them is read, what they held is not.
  raw.exec('create table gone (bytes blob); insert into gone values (randomblob(40000)); drop table gone');
  raw.close();
  const whole = readFileSync(path);
  const pageSize = whole.readUInt16BE(16);
  const free = freePages(whole, pageSize);
  const pages = whole.length / pageSize;
  const random = seedRandom(7);
  const missed: number[] = [];
  t.same(await damageIn(path), []);
  for (let page = 1; page <= pages; page++) {
    if (free.has(page)) continue;
    const damaged = Buffer.from(whole);
    for (let at = (page - 1) * pageSize; at < page * pageSize; at++) damaged[at] = Math.floor(random() * 256);
    writeFileSync(path, damaged);
    if ((await damageIn(path)).length === 0) missed.push(page);
  }
  t.comment(`${pages} pages, ${free.size} of them free`);
  t.ok(pages > 100 && free.size > 5);
  t.same(missed, []);
});

/** Damage that leaves every page well-formed, each with the part that finds it. */
const tampering = [
  ['update report set decisions__penalties__decided = 77 where id = 1', 'reports'],
  ['update report set published_total = 77 where id = 1', 'rollups'],
  ['update report set on_time = 1 - on_time where id = 1', 'rollups'],
  ["update report set filed_at = '2020-01-01T00:00:00.000Z' where id = 1", 'reports'],
  ['update report set revision = revision + 1 where id = 1', 'reports'],
  ['update rollup set applications__granted__total = applications__granted__total + 1', 'rollups'],
  [
    "drop trigger revision_is_immutable; update revision set content = replace(content, '总', '纵') where rowid = 1",
    'revisions',
  ],
  ['drop trigger revision_is_kept; delete from revision where rowid = 1', 'revisions'],
  ["update finding set body = json_set(body, '$.left', 5) where position = 0", 'reports'],
  ['delete from finding where position = 0', 'reports'],
  ['update expectation set change = change + 1', 'register'],
  ["update agency_state set valid_to = '2021-06-01' where code = '431281207'", 'register'],
  ['pragma foreign_keys = off; delete from agency where id = 1', 'references'],
  ["drop trigger audit_is_immutable; update audit set address = '192.0.2.1' where number = 2", 'audit'],
  ["drop trigger revision_is_immutable; update revision set actor = 'nobody' where rowid = 1", 'audit'],
  ['drop index report_year', 'schema'],
] as const;

for (const [sql, part] of tampering) {
  t.test(`check finds it in the ${part}: ${sql}`, async (t) => {
    const path = join(scratch(t), 'tampered.db');
    copyFileSync(small, path);
    const raw = new Sqlite(path);
    raw.exec(sql);
    raw.close();
    const found = await damageIn(path);
    t.ok(
      found.some((line) => line.startsWith(`${part}: `)),
      found.join('\n'),
    );
  });
}

t.test('a backup of an earlier schema is checked as it will be once it is migrated', async (t) => {
  const folder = scratch(t);
  const path = join(folder, 'early.db');
  const connection = connect(path);
  const db = databaseOver(connection, connection.close);
  await migrate(db, Object.keys(migrations)[0]);
  await db.destroy();
  const before = readFileSync(path);
  t.same(await damageIn(path), []);
  t.ok(readFileSync(path).equals(before), 'and left as it is');
  const raw = new Sqlite(path);
  raw.exec("insert into division values (1, 'NATION')");
  raw.close();
  t.match(await damageIn(path), ['register: division 1 has no state']);
});

t.test('a database is checked while others write to it, and by a connection that cannot write', async (t) => {
  const path = join(scratch(t), 'store.db');
  copyFileSync(small, path);
  const db = await openStore(`sqlite:${path}`);
  t.teardown(() => db.destroy());
  await fileReport(db, act, filing({ agency: qunfeng, year: 2024 }), { method: 'post' });
  t.same(await damageIn(path), []);
  const reading = openToRead(path);
  t.teardown(() => reading.destroy());
  t.match(await findReport(reading, 1, 2030), undefined);
  const filed = fileReport(reading, act, filing({ agency: qunfeng, year: 2023 }), { method: 'post' });
  t.match(await filed.catch((error: unknown) => error), { kind: 'storage-unavailable', cause: /readonly/ });
});

t.test('the commands end with 0, or with 1 and what differs', async (t) => {
  const folder = scratch(t);
  const main = compileProgram(join(t.testdir({}), 'compiled'));
  const path = join(folder, 'store.db');
  copyFileSync(small, path);
  const run = (args: readonly string[]) => runProgram(main, args, { DATABASE_URL: `sqlite:${path}` });
  const backup = join(folder, 'backup');
  t.match(await run(['backup', backup]), { code: 0, out: /SHA-256/ });
  t.match(await run(['backup', backup]), { code: 2, err: /is there already/ });
  t.match(await run(['check']), { code: 0, out: /is sound\. / });
  t.match(await run(['check', backup]), { code: 0, out: /is sound, and is as its digest says/ });
  t.match(await run(['check', join(folder, 'none')]), { code: 2, err: /no database/ });
  t.match(await run(['restore', backup]), { code: 2, err: /--force/ });
  t.match(await run(['restore', backup, '--force']), { code: 0, out: /is restored/ });
  writeFileSync(backup, Buffer.alloc(4096, 'x'));
  t.match(await run(['restore', backup, '--force']), { code: 1, out: /digest: / });
  t.match(await run(['check', packageRoot]), { code: 1 });
});
