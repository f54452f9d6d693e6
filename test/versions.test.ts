/** What commits touch: everything, unless a piece of work says which divisions, and writes nothing else. */
import t from 'tap';
import { integer } from '../src/store/engine/column.js';
import { inTransaction } from '../src/store/engine/commit.js';
import { openStore } from '../src/store/engine/open.js';
import { write } from '../src/store/engine/run.js';
import type { Db, Trx } from '../src/store/engine/schema.js';
import { sqlStatement, statement } from '../src/store/engine/statement.js';
import { isUntouched, touch, versionOf } from '../src/store/engine/versions.js';
import { openTestStore, runSql, scratch } from './builders.js';

const ofReports = sqlStatement({
  takes: { id: integer },
  text: `insert into refusal (agency_id, year, year_stated, at, actor, source, problem)
    values (:id, 2021, 1, '2026-01-01T00:00:00.000Z', '甲', 'REQUEST', '{}')`,
});
const ofRegister = statement<{ id: number }>()((db, hole) =>
  db.updateTable('agency_state').set({ name: '乙' }).where('agency_id', '=', hole('id')),
);
const ofNobody = sqlStatement({
  takes: { id: integer },
  text: `update audit set actor = actor where id = :id`,
});

/** Which of three readings still stand after a piece of work: of division 5, of division 6, and of everything. */
async function standing(db: Db, work: (trx: Trx) => Promise<unknown>, dryRun = false) {
  const version = versionOf(db);
  await inTransaction(db, { dryRun }, work).catch(() => undefined);
  versionOf(db);
  return [isUntouched(db, version, [5]), isUntouched(db, version, [6]), isUntouched(db, version, 'everything')];
}

t.test('a piece of work touches what it says, and everything where it says too little', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  const [{ id = 0 } = {}] = await runSql<{ id: number }>(db, 'select min(id) as id from agency');
  const of = (...steps: ((trx: Trx) => unknown)[]) =>
    standing(db, async (trx) => {
      for (const step of steps) await step(trx);
    });
  const report = (trx: Trx) => write(trx, ofReports, { id });
  const register = (trx: Trx) => write(trx, ofRegister, { id });
  const unseen = (trx: Trx) => runSql(trx, 'delete from refusal');
  const five = (trx: Trx) => touch(trx, [5]);
  t.same(await of(five, report), [false, true, false], 'it says where its reports are');
  t.same(await of(report), [false, false, false], 'it says nothing');
  t.same(await of(five, register), [false, false, false], 'it writes to the register, too');
  t.same(await of(five, report, unseen), [false, false, false], 'it writes past what notes it');
  t.same(await of(), [true, true, false], 'it writes nothing');
  t.same(await of((trx) => write(trx, ofNobody, { id })), [true, true, false], 'it writes what is of no division');
  t.same(await standing(db, report, true), [true, true, false], 'it is only tried out');
  const failing = async (trx: Trx) => {
    await register(trx);
    throw new Error('undone');
  };
  t.same(await standing(db, failing), [true, true, false], 'it fails and is undone');
});

t.test('pieces that share a commit touch what each of them says', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  const [{ id = 0 } = {}] = await runSql<{ id: number }>(db, 'select min(id) as id from agency');
  const version = versionOf(db);
  const piece = (division: number) =>
    inTransaction(db, {}, async (trx) => {
      touch(trx, [division]);
      await write(trx, ofReports, { id });
    });
  await Promise.all([piece(5), piece(7)]);
  t.same(
    [5, 6, 7].map((division) => isUntouched(db, version, [division])),
    [false, true, false],
  );
});

t.test('what another process writes touches everything, and what it reads nothing', async (t) => {
  const url = `sqlite:${scratch(t)}/x.db`;
  const [mine, theirs] = [await openTestStore(url), await openStore(url)];
  t.teardown(() => Promise.all([mine.destroy(), theirs.destroy()]));
  const version = versionOf(mine);
  await runSql(theirs, 'select count(*) from agency');
  t.equal(versionOf(mine), version);
  await inTransaction(theirs, {}, (trx) => write(trx, ofRegister, { id: 1 }));
  versionOf(mine);
  t.same([isUntouched(mine, version, [5]), isUntouched(mine, version, [])], [false, false]);
});
