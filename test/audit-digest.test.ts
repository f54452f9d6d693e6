/** What the log is chained by: named in each entry, chosen by a setting, and not to be exchanged behind its back. */
import { hash } from 'node:crypto';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import t from 'tap';
import { fileReport } from '../src/report/file.js';
import { lockYear } from '../src/report/lock.js';
import { verifyAudit } from '../src/store/audit-records.js';
import { inTransaction } from '../src/store/engine/commit.js';
import { migrate } from '../src/store/engine/migrate.js';
import { openBeside, openStore } from '../src/store/engine/open.js';
import { type ChainDigest, chainDigests } from '../src/words.js';
import { act, filing, hongjiang, openTestApp, openTestStore, runSql, scratch } from './builders.js';
import { compileProgram, runProgram } from './program.js';

const terms = { since: '2027-01-01', reason: '归档' };
const lock = (db: Parameters<typeof lockYear>[0], year: number) =>
  lockYear(db, act, { division: hongjiang, year }, terms, {});

/** A file whose log has an entry for each name, in that order. */
async function logWith(path: string, names: readonly ChainDigest[]) {
  await (await openTestStore(`sqlite:${path}`)).destroy();
  for (const [index, auditDigest] of names.entries()) {
    const db = await openStore(`sqlite:${path}`, { auditDigest });
    await lock(db, 2019 + (index % 6));
    await db.destroy();
  }
}

/** Opens a file whose log can be changed, changes it, and verifies it. */
async function verifyChanged(path: string, change: string) {
  const copy = `${path}.${Math.random()}`;
  const raw = new Sqlite(path);
  raw.exec(`vacuum into '${copy}'`);
  raw.close();
  const other = new Sqlite(copy);
  other.exec(`drop trigger audit_is_immutable; drop trigger audit_is_kept; ${change}`);
  other.close();
  const db = await openStore(`sqlite:${copy}`);
  const verified = await verifyAudit(db);
  await db.destroy();
  return verified.faults;
}

t.test('one chain goes on over any order of digests, and each entry is held to its own', async (t) => {
  const names = fc.array(fc.constantFrom(...chainDigests), { minLength: 2, maxLength: 4 });
  const property = fc.asyncProperty(names, async (order) => {
    const path = join(scratch(t), 'x.db');
    await logWith(path, order);
    const db = await openStore(`sqlite:${path}`);
    t.same(
      await runSql(db, 'select digest from audit order by number'),
      order.map((digest) => ({ digest })),
    );
    const { faults, head } = await verifyAudit(db);
    t.same(faults, []);
    t.match(head, { number: order.length, digest: order.at(-1) });
    await db.destroy();
    for (const [index, name] of order.entries()) {
      const other = chainDigests.find((one) => one !== name);
      const found = await verifyChanged(path, `update audit set digest = '${other}' where number = ${index + 1}`);
      t.match(found, [{ entry: index + 1 }], 'no name is exchanged');
    }
  });
  await fc.assert(property, { numRuns: 3 });
});

t.test('an entry that names a weaker digest is a fault, though it has the digest that it names', async (t) => {
  const path = join(scratch(t), 'x.db');
  await logWith(path, ['sm3']);
  const parts = await (async () => {
    const db = await openStore(`sqlite:${path}`);
    const [row] = await runSql<Record<string, unknown>>(
      db,
      'select number, at, actor, token_id, address, request_id, action, division_id, subject, before, after from audit',
    );
    await db.destroy();
    return ['0'.repeat(64), ...Object.values(row ?? {})];
  })();
  const made = hash('md5', JSON.stringify(['md5', ...parts]));
  t.match(await verifyChanged(path, `update audit set digest = 'md5', hash = '${made}'`), [
    { entry: 1, message: { en: /md5, which is not known here/ } },
  ]);
  const sound = hash('sm3', JSON.stringify(['sm3', ...parts]));
  t.same(await verifyChanged(path, `update audit set hash = '${sound}'`), [], 'SM3 over the name and the entry');
});

t.test('entries of before there were names keep their digests and their head', async (t) => {
  const path = join(scratch(t), 'x.db');
  const db = await openTestStore(`sqlite:${path}`);
  await fileReport(db, act, filing(), { method: 'post' });
  const [before] = await runSql<{ hash: string }>(db, 'select hash from audit');
  await db.destroy();
  const raw = new Sqlite(path);
  raw.exec("alter table audit drop column digest; delete from kysely_migration where name >= '0014'");
  raw.close();
  const opened = await openStore(`sqlite:${path}`, { auditDigest: 'sm3' });
  t.teardown(() => opened.destroy());
  await migrate(opened);
  await lock(opened, 2020);
  t.match(await runSql(opened, 'select digest, hash from audit order by number'), [
    { digest: 'sha256', hash: before?.hash },
    { digest: 'sm3' },
  ]);
  t.same((await verifyAudit(opened, { number: 1, hash: before?.hash ?? '' })).faults, []);
  t.match((await verifyAudit(opened, { number: 1, hash: before?.hash ?? '', digest: 'sm3' })).faults, [{ entry: 1 }]);
});

t.test('a second connection chains by the same digest, and REST says which an entry has', async (t) => {
  const app = await openTestApp();
  t.teardown(app.close);
  const url = `sqlite:${join(scratch(t), 'x.db')}`;
  const db = await openTestStore(url);
  await db.destroy();
  const sm3 = await openStore(url, { auditDigest: 'sm3' });
  const beside = await openBeside(sm3);
  if (!beside) throw new Error('it is a file');
  t.teardown(async () => {
    await beside.destroy();
    await sm3.destroy();
  });
  await inTransaction(sm3, {}, (trx) => lock(trx, 2020));
  await lock(beside, 2021);
  t.same(await runSql(sm3, 'select distinct digest from audit'), [{ digest: 'sm3' }]);
  const { items } = (await app.app.inject('/v1/audit')).json();
  t.match(items[0], { digest: 'sha256', hash: /^[0-9a-f]{64}$/ });
});

t.test('the setting chooses the digest, a head names it, and heads of before are taken', async (t) => {
  const folder = scratch(t);
  const path = join(folder, 'x.db');
  await (await openTestStore(`sqlite:${path}`)).destroy();
  const main = compileProgram(join(t.testdir({}), 'compiled'));
  const run = (args: readonly string[], digest: string) =>
    runProgram(main, args, { DATABASE_URL: `sqlite:${path}`, AUDIT_DIGEST: digest });
  t.match(await run(['token', 'create', 'a', '--scope', 'read', '--division', hongjiang], 'sm3'), { code: 0 });
  const { out } = await run(['audit', 'verify'], 'sha256');
  const [, head, hashOfHead] = /^head (1:sm3:([0-9a-f]{64}))$/m.exec(out) ?? [];
  t.match(await run(['audit', 'verify', '--head', head ?? ''], 'sha256'), { code: 0 });
  t.match(await run(['audit', 'verify', '--head', `1:${hashOfHead}`], 'sha256'), { code: 0 });
  t.match(await run(['audit', 'verify', '--head', `1:sha256:${hashOfHead}`], 'sha256'), { code: 1 });
  t.match(await run(['audit', 'verify', '--head', `1:md5:${hashOfHead}`], 'sha256'), { code: 2 });
  t.match(await run(['audit', 'verify'], 'md5'), { code: 1, err: /AUDIT_DIGEST must be one of sha256, sm3/ });
});
