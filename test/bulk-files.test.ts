/** Bulk files as people send them: every kind of CSV and workbook means the same, and whatever is refused comes back. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { inTransaction, writeLoadOf } from '../src/store/engine/commit.js';
import { openBeside } from '../src/store/engine/open.js';
import { verifyRollups } from '../src/store/rollup/rollup-check.js';
import { filingBody, openTestApp } from './builders.js';

type Tap = { teardown: (fn: () => unknown) => unknown };

function fileUrl(t: Tap): string {
  const folder = mkdtempSync(join(tmpdir(), 'xiangbao-test-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return `sqlite:${join(folder, 'x.db')}`;
}

async function open(t: Tap, url?: string) {
  const opened = await openTestApp(url === undefined ? {} : { url });
  t.teardown(opened.close);
  return opened;
}

t.test('a filing beside a long transaction of the same server waits its turn, however long, and is kept', async (t) => {
  const { app, db } = await open(t, fileUrl(t));
  const beside = await openBeside(db);
  if (!beside) throw new Error('a store in a file can be opened again');
  t.teardown(() => beside.destroy());
  let end = () => {};
  const held = new Promise<void>((resolve) => {
    end = resolve;
  });
  const long = inTransaction(beside, {}, () => held);
  await sleep(20);
  const filed = app.inject({ method: 'POST', url: '/v1/reports', payload: filingBody() });
  // Longer than another process would be waited for.
  await sleep(700);
  t.equal(writeLoadOf(db).waiting, 1, 'it waits and is not refused');
  end();
  await long;
  t.equal((await filed).statusCode, 201);
  t.same(await verifyRollups(db), []);
});
