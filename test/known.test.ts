/** What was known at an instant: the register and the reports as they were answered then, whatever was recorded since. */
import t from 'tap';
import { changeAgency, changeDeadline } from '../src/register/change/change.js';
import { agencyFor, resolveDivision } from '../src/register/codes.js';
import { pastAt } from '../src/store/register/past.js';
import { act, hongjiang, openTestStore, qunfeng, runSql, today, townshipsOf } from './builders.js';

const [, anjiang = ''] = await townshipsOf(hongjiang);
const neighbour = '431202';

/** The act of a minute of the day. */
const at = (minute: number) => ({ ...act, now: new Date(Date.UTC(2026, 10, 24, 4, minute)) });
const instant = (minute: number) => at(minute).now.toISOString();

t.test('what the register says of an agency is kept before each change, and of a rehearsed one nothing', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  const { id } = await agencyFor(db, qunfeng, 2021);
  const heir = await agencyFor(db, anjiang, 2021);
  t.same(await runSql(db, 'select * from past'), [], 'the first register has no past');
  await changeAgency(db, at(1), { action: 'exempt', agency: qunfeng, year: 2022, reason: '新设' }, {});
  await changeAgency(db, at(2), { action: 'change', agency: qunfeng, on: '2022-01-01', county: neighbour }, {});
  await changeAgency(db, at(3), { action: 'close', agency: qunfeng, on: '2024-01-01', mergedInto: anjiang }, {});
  await changeAgency(db, at(4), { action: 'reopen', agency: qunfeng, on: '2023-06-01' }, { dryRun: true });
  const said = async (minute: number) => (await pastAt(db, 'agency', instant(minute))).get(id);
  t.match(await said(0), { states: [{ code: qunfeng, validTo: null }], successors: [], exempted: [] });
  t.match(await said(1), { states: { length: 1 }, exempted: [2022] }, 'an instant has what was done in it');
  t.match(await said(2), { states: { length: 2 }, successors: [] });
  t.equal(await said(3), undefined, 'what holds today was not changed since');
  await changeAgency(db, at(5), { action: 'reopen', agency: qunfeng, on: '2023-06-01' }, {});
  t.match(await said(3), { states: [{}, { validTo: '2024-01-01' }], successors: [{ id: heir.id, on: '2024-01-01' }] });
});

t.test('of an agency that was not there, and of a deadline, what was said before is kept', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  const county = await resolveDivision(db, hongjiang, today);
  const added = { code: 'X-1', name: '新', kind: 'OTHER', county: hongjiang, validFrom: '2020-01-01' } as const;
  await changeAgency(db, at(1), { action: 'add', ...added }, {});
  const { id } = await agencyFor(db, 'X-1', 2021);
  t.same((await pastAt(db, 'agency', instant(0))).get(id), { states: [], successors: [], exempted: [] });
  const deadline = { action: 'deadline', division: hongjiang, year: 2021 } as const;
  await changeDeadline(db, at(2), { ...deadline, due: '03-01' }, {});
  await changeDeadline(db, at(3), { ...deadline, due: null }, {});
  const said = async (minute: number) => (await pastAt(db, 'division', instant(minute))).get(county.id);
  t.match(await said(1), { states: [{ code: hongjiang, parentId: county.parentId }], edges: [], deadlines: [] });
  t.match(await said(2), { deadlines: [{ filer: 'AGENCIES', year: 2021, due: '03-01' }] });
});

t.test('a change that is written after one of a later instant is known no sooner than that', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  const { id } = await agencyFor(db, qunfeng, 2021);
  await changeAgency(db, at(5), { action: 'change', agency: qunfeng, on: '2022-01-01', name: '甲' }, {});
  await changeAgency(db, at(4), { action: 'change', agency: qunfeng, on: '2023-01-01', name: '乙' }, {});
  t.match((await pastAt(db, 'agency', instant(4))).get(id), { states: { length: 1 } });
  t.equal((await pastAt(db, 'agency', instant(5))).size, 0);
});
