import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import t from 'tap';
import { acknowledge, compare, openBook } from '../bench/crash/book.js';
import { fileReport } from '../src/report/file.js';
import { act, filing, openTestStore, qunfeng, scratch } from './builders.js';

const licenses = (decided: number) => ({ 'decisions.licenses.decided': decided });

/** A database with two revisions of one report, and the book of them. */
async function acknowledged(t: { teardown(end: () => unknown): void }) {
  const file = join(scratch(t), 'store.db');
  const db = await openTestStore(`sqlite:${file}`);
  await fileReport(db, act, filing({ figures: licenses(1), reason: 'one' }), { method: 'post' });
  await fileReport(db, act, filing({ figures: licenses(2), reason: 'two' }), { method: 'put', ifMatch: 'any' });
  await db.destroy();
  const book = openBook([qunfeng, '431281101'], [2021]);
  const [slot, other] = book.slots;
  if (!slot || !other) throw new Error('the book has two slots');
  slot.open = { mark: 'one', action: 'filed', figure: 1 };
  acknowledge(book, slot, 1);
  slot.open = { mark: 'two', action: 'revised', figure: 2 };
  acknowledge(book, slot, 2);
  const tamper = (sql: string) => {
    const raw = new Sqlite(file);
    raw.exec(`drop trigger revision_is_kept; drop trigger revision_is_immutable; ${sql}`);
    raw.close();
  };
  return { file, book, slot, other, tamper };
}

t.test('a database that says what was acknowledged differs in nothing', async (t) => {
  const { file, book } = await acknowledged(t);
  t.same(compare(book, file), []);
});

const damages = [
  ['a lost write', 'delete from revision where number = 2', /revision 2, two, was acknowledged and is lost/],
  ['a gap', 'delete from revision where number = 1', /revision 2 stands where 1 should/],
  [
    'a doubled write',
    `insert into revision select agency_id, year, 3, action, hash, content, actor, at, reason, sample from revision where number = 2`,
    /revision 3, two, is there twice or was never sent/,
  ],
  ['another content', `update revision set reason = 'other' where number = 1`, /revision 1 is other, not one/],
  ['a report without its last revision', 'update report set revision = 1', /the report is 1 2, its last revision 2 2/],
  ['half a report', 'update report set decisions__licenses__decided = 1', /the report is 2 1, its last revision 2 2/],
] as const;

for (const [name, sql, told] of damages) {
  t.test(`the book finds ${name}`, async (t) => {
    const { file, book, tamper } = await acknowledged(t);
    tamper(sql);
    t.match(compare(book, file).join('\n'), told);
  });
}

t.test('a write that was not answered may be there or not, and half an import may not', async (t) => {
  const { file, book, slot, other } = await acknowledged(t);
  slot.acknowledged.delete(2);
  slot.revision = 1;
  slot.open = { mark: 'two', action: 'revised', figure: 2 };
  other.open = { mark: 'never', action: 'filed', figure: 3 };
  t.same(compare(book, file), []);
  t.match(
    [slot, other],
    [
      { revision: 2, open: undefined },
      { revision: 0, open: undefined },
    ],
  );
  slot.acknowledged.delete(2);
  slot.revision = 1;
  slot.open = { mark: 'two', action: 'revised', figure: 2 };
  book.imports = [{ slots: [slot, other], accepted: false }];
  t.same(compare(book, file), ['1 of 2 items of an import']);
});
