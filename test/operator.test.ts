/** What keeps an operator from the wrong file, the wrong disk, a second server, and from files that others read. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import t from 'tap';
import { printDamage } from '../src/command/check.js';
import { fileReport } from '../src/report/file.js';
import { backUp, putInPlace } from '../src/store/engine/backup.js';
import { keepFileCurrent, logBytes } from '../src/store/engine/checkpoint.js';
import { fileSystemOf, judgeFileSystem } from '../src/store/engine/file/file-system.js';
import { applicationId, requireOwnFile } from '../src/store/engine/file/own-file.js';
import { isRefusal } from '../src/store/engine/file/refusal.js';
import { serverLockPath, takeServerPlace } from '../src/store/engine/file/server-lock.js';
import { openSnapshot, openStore } from '../src/store/engine/open.js';
import { notesOf } from '../src/store/engine/store.js';
import { act, clock, filing, filingBody, openTestApp, openTestStore, scratch, townshipsOf } from './builders.js';
import { compileProgram, type Ended, runProgram } from './program.js';

const folder = t.testdir({});
const main = compileProgram(join(folder, 'compiled'));
const silentTerminal = () => ({ stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() });
const chinese = /\p{Script=Han}/u;

/** A file of SQLite as some application leaves it. */
function makeFile(
  path: string,
  { id = 0, wal = false, sql = '' }: { id?: number; wal?: boolean; sql?: string },
): string {
  const raw = new Sqlite(path);
  if (wal) raw.pragma('journal_mode = WAL');
  raw.pragma(`application_id = ${id}`);
  raw.exec(sql);
  raw.close();
  return path;
}

/** The files of a folder with what is in them. */
const contentsOf = (folder: string) =>
  readdirSync(folder)
    .sort()
    .map((name) => [name, readFileSync(join(folder, name)).toString('base64')]);

/** What a piece of work is refused with; fails where it is not. */
async function failureOf(work: () => unknown): Promise<Error> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('it was not refused');
}

const kysely = `create table kysely_migration (name text primary key, timestamp text);
  insert into kysely_migration values ('0001-initial', '2020'); create table customer (id integer)`;

/** Files that are not this program's, whatever their number says. */
const foreign = {
  'tables and no number': { sql: 'create table customer (id integer); insert into customer values (1)' },
  'the same with a log': { wal: true, sql: 'create table customer (id integer)' },
  'another number and no table': { id: 0x0f055112 },
  'another number and tables': { id: 0x0f055112, wal: true, sql: 'create table event (id integer)' },
  'our number and tables of others': { id: applicationId, sql: 'create table customer (id integer)' },
  'the bookkeeping of our migrator': { sql: kysely },
} as const;

for (const [name, made] of Object.entries(foreign)) {
  t.test(
    `a file with ${name} is refused wherever it is opened, and no byte of it or beside it is changed`,
    async (t) => {
      const folder = scratch(t);
      const path = makeFile(join(folder, 'theirs.db'), made);
      const backup = join(scratch(t), 'ours.db');
      await (await openStore(`sqlite:${backup}`)).destroy();
      const before = contentsOf(folder);
      const openings = {
        open: () => openStore(`sqlite:${path}`),
        serve: () => openStore(`sqlite:${path}`, { server: { pid: 1, host: 'one', since: 'now' } }),
        backUp: () => backUp(path, join(folder, 'copy'), () => undefined),
        restore: () => putInPlace(backup, path, clock()),
      };
      for (const [how, opening] of Object.entries(openings)) {
        const error = await failureOf(opening);
        t.ok(isRefusal(error), how);
        t.match(error.message, /another application/, how);
        t.match(error.message, chinese, how);
        t.ok(error.message.includes(path), how);
      }
      t.equal(await printDamage(path, silentTerminal(), () => 0), 1);
      // To look at a file with a log, SQLite may put an empty one beside it.
      t.same(
        contentsOf(folder).filter(([file]) => !/-(?:wal|shm)$/.test(file ?? '')),
        before,
      );
    },
  );
}

t.test(
  'a file is this program’s by its number and tables, is new without a table, and is refused otherwise',
  async (t) => {
    const folder = scratch(t);
    const own = ['kysely_migration', 'kysely_migration_lock', 'agency_state', 'rollup_blank', 'report'];
    let made = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(0, applicationId, 1, 0x7fff_ffff),
        fc.subarray([...own, 'customer', 'event']),
        fc.boolean(),
        (id, tables, wal) => {
          const sql = tables.map((table) => `create table ${table} (id integer);`).join('');
          const path = makeFile(join(folder, `${made++}.db`), { id, wal, sql });
          const needed = ['kysely_migration', 'agency_state', 'rollup_blank'];
          const ours = id === 0 || id === applicationId;
          const empty = tables.every((table) => table.startsWith('kysely_migration'));
          const expected = !ours
            ? 'refused'
            : empty
              ? 'empty'
              : needed.every((one) => tables.some((name) => name === one))
                ? 'own'
                : 'refused';
          // A file of SQLite without a page is an empty file.
          const size = statSync(path).size;
          try {
            return requireOwnFile(path) === (size === 0 ? 'empty' : expected);
          } catch (error) {
            return expected === 'refused' && isRefusal(error);
          }
        },
      ),
      { numRuns: 40 },
    );
  },
);

t.test(
  'a new database has this program’s number, and one of an earlier version is given it when it is opened',
  async (t) => {
    const path = join(scratch(t), 'store.db');
    await (await openStore(`sqlite:${path}`)).destroy();
    const number = () => readFileSync(path).readUInt32BE(68);
    t.equal(number(), applicationId);
    const raw = new Sqlite(path);
    raw.pragma('application_id = 0');
    raw.close();
    t.equal(number(), 0);
    t.equal(requireOwnFile(path), 'own');
    await backUp(path, `${path}.backup`, () => undefined);
    await (await openStore(`sqlite:${path}`)).destroy();
    t.equal(number(), applicationId);
  },
);

/** Runs the program's main file once for each call, all in one process, which starts a dozen times as fast. */
async function runCalls(
  calls: readonly (readonly string[])[],
  env: Readonly<Record<string, string>>,
): Promise<Ended[]> {
  const text = `process.setMaxListeners(50);
    process.stdout.setMaxListeners(50);
    const [main, calls] = process.argv.slice(2);
    for (const [index, args] of JSON.parse(calls).entries()) {
      process.argv = [process.execPath, main, ...args];
      process.exitCode = 0;
      await import('file://' + main + '?' + index);
      process.stdout.write('\\0' + process.exitCode + '\\n');
      process.stderr.write('\\0');
    }
    process.exitCode = 0;`;
  // In a file: told to evaluate a text, Node gives a program other arguments.
  const runner = join(main, '..', 'run-calls.mjs');
  writeFileSync(runner, text);
  const child = spawn(process.execPath, [runner, main, JSON.stringify(calls)], {
    env: { PATH: process.env.PATH, ...env },
  });
  const written = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    written.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    written.err += chunk;
  });
  await once(child, 'close');
  const errors = written.err.split('\0');
  return [...written.out.matchAll(/([^\0]*)\0(\d+)\n/g)].map(([, out = '', code], index) => ({
    code: Number(code),
    out,
    err: errors[index] ?? '',
  }));
}

/** Every command with what it takes, but the demonstration, which is in memory. */
const callsWith = (document: string, copy: string, backup: string): Record<string, readonly string[]> => ({
  serve: [],
  migrate: [],
  import: [document],
  export: [],
  read: [document],
  rollups: ['verify'],
  token: ['create', 'x', '--scope', 'admin'],
  audit: ['verify'],
  backup: [copy],
  restore: [backup, '--force'],
  check: [],
  register: ['stats'],
});

t.test('every command ends with 1 and the same words at the database of another application', async (t) => {
  const folder = scratch(t);
  const path = makeFile(join(folder, 'theirs.db'), foreign['the same with a log']);
  const elsewhere = scratch(t);
  const document = join(elsewhere, 'report.json');
  writeFileSync(document, JSON.stringify(filingBody()));
  const ours = join(elsewhere, 'ours.db');
  await (await openStore(`sqlite:${ours}`)).destroy();
  const before = contentsOf(folder);
  const env = { DATABASE_URL: `sqlite:${path}`, PORT: '0' };
  const calls = callsWith(document, join(elsewhere, 'copy'), ours);
  const { out: help } = await runProgram(main, ['--help'], {});
  const commands = [...help.matchAll(/^ {2}([a-z]+)(?= |$)/gm)].map(([, name]) => name);
  t.same(commands.filter((name) => name !== 'demo' && name !== 'help').sort(), Object.keys(calls).sort());
  const ends = await runCalls(
    Object.entries(calls).map(([command, args]) => [command, ...args]),
    env,
  );
  for (const [index, command] of Object.keys(calls).entries()) {
    const { code, out, err } = ends[index] ?? { code: -1, out: '', err: '' };
    t.equal(code, 1, command);
    t.match(
      err,
      new RegExp(`^xiangbao: ${path} is the database of another application.* ${path} 是其他程序的数据库.*\n$`),
      `${command} says that`,
    );
    t.equal(out, '', `${command} says nothing else`);
  }
  t.same(contentsOf(folder), before);
});

t.test(
  'every command that takes a database ends with 1 where none can be, with the path in both languages',
  async (t) => {
    const elsewhere = scratch(t);
    const document = join(elsewhere, 'report.json');
    writeFileSync(document, JSON.stringify(filingBody()));
    const ours = join(elsewhere, 'ours.db');
    await (await openStore(`sqlite:${ours}`)).destroy();
    // A document is read without a database as well, and says so.
    const { read, ...calls } = callsWith(document, join(elsewhere, 'copy'), ours);
    const before = readdirSync(elsewhere);
    for (const path of ['/proc/nothing/x.db', join(document, 'x.db'), `${ours} `]) {
      const ends = await runCalls(
        Object.entries(calls).map(([command, args]) => [command, ...args]),
        { DATABASE_URL: `sqlite:${path}`, PORT: '0' },
      );
      for (const [index, command] of Object.keys(calls).entries()) {
        const { code, out, err } = ends[index] ?? { code: -1, out: '', err: '' };
        t.equal(code, 1, `${command} ${path}`);
        t.ok(`${out}${err}`.split(path).length > 2, `${command}: ${out}${err}`);
        t.match(`${out}${err}`, chinese, command);
      }
    }
    t.same(
      readdirSync(elsewhere).filter((name) => !/-(?:wal|shm)$/.test(name)),
      before,
      'nothing was made',
    );
  },
);

t.test('a path where no database can be is told with the path, in both languages, at once', async (t) => {
  const folder = scratch(t);
  const at = (name: string) => join(folder, name);
  writeFileSync(at('file'), '');
  writeFileSync(
    at('text.db'),
    'Dear Sirs, this is a letter of more than a hundred characters, and it is not a database at all, whatever it is called.',
  );
  writeFileSync(at('short.db'), 'SQLite');
  mkdirSync(at('folder.db'));
  symlinkSync(at('circle.db'), at('circle.db'));
  symlinkSync('/nowhere/at/all.db', at('dangling.db'));
  const expected = {
    [at('text.db')]: /is not a database/,
    [at('short.db')]: /is not a database/,
    [at('folder.db')]: /is a folder/,
    [at('file/x.db')]: /a part of the path is a file/,
    [at('file/deep/er/x.db')]: /a part of the path is a file/,
    [at('circle.db')]: /links lead in a circle/,
    [at('dangling.db')]: /no such file or folder/,
    [at(`${'long'.repeat(80)}.db`)]: /too long/,
    '/proc/nothing/x.db': /no such file or folder/,
    '/proc/x.db': /no such file or folder/,
    '/dev/null': /not a regular file/,
  };
  const before = readdirSync(folder);
  for (const [path, message] of Object.entries(expected)) {
    const error = await failureOf(() => openStore(`sqlite:${path}`));
    t.match(error.message, message, path);
    t.match(error.message, chinese, path);
    t.ok(error.message.split(path).length > 2, `${path} is in both`);
  }
  t.same(readdirSync(folder), before, 'nothing was made');
});

t.test('a database is opened by the very name that was asked for, whatever stands in it, or refused', async (t) => {
  const top = scratch(t);
  let made = 0;
  const awkward = fc.string({
    unit: fc.constantFrom('a', ' ', '.', '?', '#', '%', "'", ':', '乡', '\u00a0', '\n', '\0'),
  });
  const property = fc.asyncProperty(
    fc.oneof(
      awkward,
      awkward.map((name) => `file:${name}?mode=memory`),
    ),
    async (name) => {
      const folder = join(top, String(++made));
      const path = join(folder, `${name}.db${made % 3 === 0 ? ' ' : ''}`);
      const opened = await openStore(`sqlite:${path}`).catch((error: Error) => error);
      if (opened instanceof Error) {
        t.match(opened.message, / begins or ends with a blank or holds a control character[\s\S]*空白/, opened.message);
        t.notOk(existsSync(folder), 'nothing was made');
        return;
      }
      await opened.destroy();
      t.same(readdirSync(folder), [basename(path)]);
      t.equal(requireOwnFile(path), 'own', path);
      rmSync(folder, { recursive: true });
    },
  );
  await fc.assert(property, { numRuns: 60 });
});

t.test('a backup is written by the very name that was asked for', async (t) => {
  const folder = scratch(t);
  const path = join(folder, 'store.db');
  await (await openTestStore(`sqlite:${path}`)).destroy();
  const home = process.cwd();
  process.chdir(folder);
  t.teardown(() => process.chdir(home));
  for (const name of [' first', 'last ']) {
    await backUp(path, name, () => undefined);
    t.equal(statSync(join(folder, name)).size, statSync(path).size, `"${name}"`);
  }
});

t.test('a lock of the server that cannot be one is named and never tried for ever', async (t) => {
  const folder = scratch(t);
  const path = join(folder, 'store.db');
  await (await openStore(`sqlite:${path}`)).destroy();
  const lock = serverLockPath(path);
  const kinds: Record<string, () => void> = {
    'it cannot be opened': () => mkdirSync(lock),
    'it is not a database': () => writeFileSync(lock, 'x'.repeat(600)),
    'is not kept as it is written': () =>
      makeFile(lock, { sql: 'create table server (pid text, host text, since text)' }),
  };
  for (const [reason, make] of Object.entries(kinds)) {
    make();
    const error = await failureOf(() => openStore(`sqlite:${path}`, { server: { pid: 1, host: 'one', since: 'now' } }));
    t.match(
      error.message,
      new RegExp(`lock of the server, ${lock}, cannot be used: .*${reason}.*锁文件 ${lock}`),
      reason,
    );
    rmSync(lock, { recursive: true });
  }
});

/** Runs a piece of work as somebody who is not the owner of anything. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return work();
  process.seteuid?.(65534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

t.test('what this user may not read, write or make is told as such, with the path', async (t) => {
  const folder = scratch(t);
  chmodSync(folder, 0o755);
  const path = join(folder, 'store.db');
  await (await openStore(`sqlite:${path}`)).destroy();
  chmodSync(path, process.getuid?.() === 0 ? 0o600 : 0o000);
  for (const one of [
    path,
    ...(process.getuid?.() === 0 ? [join(folder, 'new.db'), join(folder, 'deep', 'new.db')] : []),
  ]) {
    const error = await asNobody(() => failureOf(() => openStore(`sqlite:${one}`)));
    t.match(error.message, /this user has no permission.*没有权限/, one);
    t.ok(error.message.includes(one));
  }
});

t.test(
  'of many processes that would serve a database at the same moment one does, and after kill -9 another',
  async (t) => {
    const path = join(scratch(t), 'store.db');
    compileProgram(join(folder, 'apart'), { lock: 'src/store/engine/file/server-lock.ts' });
    const lock = join(folder, 'apart', 'lock.js');
    const text = `const { takeServerPlace } = await import(${JSON.stringify(lock)});
    try {
      takeServerPlace(process.argv[1], { pid: process.pid, host: 'here', since: 'now' });
      process.stdout.write('holds\\n');
      process.stdin.resume();
    } catch (error) {
      process.stdout.write(error.message + '\\n');
    }`;
    const start = async () => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', text, path], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      t.teardown(() => child.kill('SIGKILL'));
      const [said] = await once(child.stdout, 'data');
      return { child, said: String(said) };
    };
    for (let round = 0; round < 2; round++) {
      const all = await Promise.all(Array.from({ length: 5 }, start));
      const holders = all.filter(({ said }) => said === 'holds\n');
      t.equal(holders.length, 1);
      const [holder] = holders;
      for (const { said } of all.filter((one) => one !== holder)) {
        t.match(said, new RegExp(`Another server.* serves ${path}.*已有另一服务正在使用 ${path}`));
      }
      const { said } = await start();
      t.match(said, `process ${holder?.child.pid} on here`);
      holder?.child.kill('SIGKILL');
      await once(holder?.child ?? process, 'exit');
    }
  },
);

t.test('the place of a server is left when it closes, by whatever name its file was opened', async (t) => {
  const folder = scratch(t);
  const path = join(folder, 'store.db');
  const server = { pid: 7, host: 'one', since: '2026-01-01T00:00:00.000Z' };
  const db = await openStore(`sqlite:${path}`, { server });
  symlinkSync(path, join(folder, 'link.db'));
  const other = { ...server, pid: 8 };
  for (const name of ['store.db', 'link.db']) {
    const error = await failureOf(() => openStore(`sqlite:${join(folder, name)}`, { server: other }));
    t.match(error.message, /process 7 on one, since 2026-01-01/, name);
  }
  const backup = join(folder, 'backup');
  await backUp(path, backup, () => undefined);
  t.ok(isRefusal(await failureOf(() => putInPlace(backup, path, clock()))), 'nor is its file replaced');
  const beside = await openStore(`sqlite:${path}`);
  await beside.destroy();
  await db.destroy();
  await putInPlace(backup, path, clock());
  const next = await openStore(`sqlite:${path}`, { server: other });
  await next.destroy();
  takeServerPlace(path, server)();
  t.ok(existsSync(serverLockPath(path)));
});

/** Starts a server and waits until it is ready; what it prints is kept. */
async function startServer(t: { teardown(end: () => unknown): unknown }, url: string) {
  const child = spawn(process.execPath, [main, 'serve'], {
    env: { PATH: process.env.PATH, DATABASE_URL: url, PORT: '0' },
  });
  const written = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    written.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    written.err += chunk;
  });
  t.teardown(() => child.kill('SIGKILL'));
  while (!/is ready at/.test(written.out)) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${written.err}`);
    await sleep(20);
  }
  return { child, written };
}

t.test(
  'a server names its file, says loudly that it made it, has its place alone, and starts again after kill -9',
  async (t) => {
    const folder = scratch(t);
    const path = join(folder, 'deep', 'store.db');
    const url = `sqlite:${path}`;
    const first = await startServer(t, url);
    const made = `a new database was made at ${path}`;
    const madeZh = `已新建空库：${path}`;
    t.ok(first.written.err.includes(made) && first.written.err.includes(madeZh), 'on the console');
    const log = first.written.out
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
    t.ok(
      log.some(({ level, database, msg }) => level === 40 && database === path && msg.includes(made)),
      'in the log',
    );
    t.ok(
      log.some(({ msg }) => /is ready at http/.test(msg) && msg.split(path).length > 2),
      'the ready line has the path, in both languages',
    );
    const second = await runProgram(main, ['serve'], { DATABASE_URL: url, PORT: '0' });
    t.match(second, { code: 1, err: new RegExp(`Another server \\(process ${first.child.pid} on .* serves ${path}`) });
    t.match(await runProgram(main, ['token', 'list'], { DATABASE_URL: url }), { code: 0, out: /administrator/ });
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    const again = await startServer(t, url);
    t.notMatch(again.written.err, made);
    again.child.kill('SIGTERM');
    t.same(await once(again.child, 'exit'), [0, null]);
  },
);

/** Every file and folder below one whose mode lets others at it. */
function openToOthers(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => statSync(join(folder, name)).mode & 0o077,
  );
}

t.test('whatever the umask, what holds the store or a copy of it is for its owner only', async (t) => {
  const folder = scratch(t);
  const umask = process.umask(0);
  t.teardown(() => process.umask(umask));
  const path = join(folder, 'new', 'folder', 'store.db');
  const { app, db, close } = await openTestApp({ url: `sqlite:${path}` });
  t.teardown(close);
  const headers = { 'content-type': 'application/x-ndjson', prefer: 'respond-async' };
  for (const query of ['', '?mode=all', '?dryRun=true']) {
    const payload = JSON.stringify(filingBody());
    const { statusCode, headers: answered } = await app.inject({
      method: 'POST',
      url: `/v1/imports${query}`,
      headers,
      payload,
    });
    t.equal(statusCode, 202);
    const open = new Set<string>();
    let answer = { state: '' };
    while (['', 'queued', 'running'].includes(answer.state)) {
      for (const name of openToOthers(folder)) open.add(name);
      answer = (await app.inject(String(answered.location))).json();
      await sleep(2);
    }
    t.match(answer, { state: 'done' }, query);
    t.same([...open], [], `while an import${query} runs`);
  }
  await backUp(path, join(folder, 'backup'), () => undefined);
  const other = await openStore(`sqlite:${join(folder, 'other.db')}`, { server: { pid: 1, host: 'x', since: 'now' } });
  await other.destroy();
  chmodSync(join(folder, 'backup'), 0o644);
  await putInPlace(join(folder, 'backup'), join(folder, 'restored.db'), clock());
  t.same(openToOthers(folder), ['backup'], 'but what its owner opened');
  t.ok(existsSync(`${path}-wal`) && existsSync(`${path}-shm`));
  t.same(notesOf(db).length, 1);
});

t.test(
  'what root makes beside a server belongs to the owner of the folder, as the server that opens it needs',
  process.getuid?.() === 0 ? {} : { skip: 'only root gives files away' },
  async (t) => {
    const folder = scratch(t);
    chownSync(folder, 1234, 1234);
    const path = join(folder, 'store.db');
    const db = await openStore(`sqlite:${path}`, { server: { pid: 1, host: 'x', since: 'now' } });
    await backUp(path, join(folder, 'backup'), () => undefined);
    const owners = () => readdirSync(folder).filter((name) => statSync(join(folder, name)).uid !== 1234);
    t.same(owners(), []);
    await db.destroy();
    await putInPlace(join(folder, 'backup'), path, clock());
    t.same(owners(), []);
  },
);

t.test('a database that others could read is closed to them when it is opened, and that is told', async (t) => {
  const path = join(scratch(t), 'store.db');
  await (await openStore(`sqlite:${path}`)).destroy();
  for (const mode of [0o644, 0o660, 0o604, 0o622]) {
    chmodSync(path, mode);
    const db = await openStore(`sqlite:${path}`);
    t.equal(statSync(path).mode & 0o777, 0o600);
    t.match(notesOf(db), [{ en: new RegExp(`Only the owner may .*${path}`), zh: new RegExp(`仅所有者.*${path}`) }]);
    await db.destroy();
  }
  const db = await openStore(`sqlite:${path}`);
  t.same(notesOf(db), [], 'once');
  await db.destroy();
});

t.test(
  'a network file system is refused, or warned of where it is allowed; what may be one is warned of; a disk is not',
  async (t) => {
    const folder = scratch(t);
    const path = join(folder, 'deep', 'store.db');
    const networks = {
      NFS: 0x6969n,
      SMB: 0x517bn,
      CIFS: 0xff534d42n,
      'SMB 2': 0xfe534d42n,
      CIFS_: 0xffff_ffff_ff53_4d42n,
    };
    for (const [name, type] of Object.entries(networks)) {
      const at = join(folder, name, 'store.db');
      const error = await failureOf(() => openStore(`sqlite:${at}`, { fileSystemOf: () => type }));
      t.ok(isRefusal(error), name);
      t.match(error.message, /ALLOW_NETWORK_STORAGE=true/);
      t.ok(error.message.split(at).length > 2 && chinese.test(error.message));
      t.notOk(existsSync(at));
      t.match(judgeFileSystem(path, type, 'allow'), [{ en: /^Warning/, zh: /^警告/ }]);
    }
    for (const type of [0x65735546n, 0x01021997n]) {
      t.match(judgeFileSystem(path, type, 'refuse'), [{ en: /^Warning/, zh: /^警告/ }]);
    }
    // ext4, xfs, btrfs, tmpfs, overlayfs, zfs.
    for (const type of [0xef53n, 0x58465342n, 0x9123683en, 0x01021994n, 0x794c7630n, 0x2fc12fc1n]) {
      t.same(judgeFileSystem(path, type, 'refuse'), []);
    }
    mkdirSync(join(folder, 'deep'));
    t.ok(process.platform !== 'linux' || fileSystemOf(path) > 0n, 'the system is asked');
    const db = await openStore(`sqlite:${path}`, { fileSystemOf: () => 0x6969n, network: 'allow' });
    t.match(notesOf(db), [{ en: /new database/ }, { en: /NFS/ }]);
    await db.destroy();
  },
);

t.test('a file that has another name is warned of, since its lock and its log go by the name', async (t) => {
  const folder = scratch(t);
  const [path, other] = [join(folder, 'store.db'), join(folder, 'other.db')];
  await (await openStore(`sqlite:${path}`)).destroy();
  linkSync(path, other);
  for (const name of [path, other]) {
    const db = await openStore(`sqlite:${name}`);
    t.match(notesOf(db), [{ en: /^Warning: .*hard links/, zh: /^警告：.*硬链接/ }], name);
    await db.destroy();
  }
  rmSync(other);
  const db = await openStore(`sqlite:${path}`);
  t.same(notesOf(db), []);
  await db.destroy();
});

/** How many revisions the file of a database holds by itself, without its log. */
function revisionsIn(path: string): number {
  const alone = `${path}.alone`;
  copyFileSync(path, alone);
  const raw = new Sqlite(alone, { readonly: true });
  try {
    return Number(raw.prepare('select count(*) from revision').pluck().get());
  } catch {
    return 0;
  } finally {
    raw.close();
  }
}

t.test(
  'some time after it was written the file by itself holds all of it, also while somebody reads for long',
  async (t) => {
    const path = join(scratch(t), 'store.db');
    const db = await openTestStore(`sqlite:${path}`);
    const townships = await townshipsOf('431281');
    const file = (from: number, to: number) =>
      Promise.all(
        townships.slice(from, to).map((agency) => fileReport(db, act, filing({ agency }), { method: 'post' })),
      );
    await file(0, 5);
    t.equal(revisionsIn(path), 0, 'what was written is in the log');
    const stop = keepFileCurrent(db, 20, (error) => t.fail(String(error)));
    const until = async (is: () => boolean | Promise<boolean>) => {
      while (!(await is())) await sleep(5);
    };
    await until(async () => revisionsIn(path) === 5 && (await logBytes(path)) === 0);
    const reading = openSnapshot(path);
    await reading.selectFrom('revision').select('number').execute();
    await file(5, 9);
    // What the reader does not see cannot be taken back before it has ended; nobody waits for it.
    t.ok((await logBytes(path)) > 0);
    await file(9, 10);
    await reading.destroy();
    await until(() => revisionsIn(path) === 10);
    await file(10, 12);
    stop();
    t.equal(revisionsIn(path), 12, 'and at the end of it');
    t.equal(await logBytes(path), 0);
    await db.destroy();
  },
);
