/** Exports that are kept: made once of the same data, given to many, and never other than what would be made anew. */
import { buffer } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import t from 'tap';
import { authenticate, stranger } from '../src/access/authority.js';
import type { Reader } from '../src/access/visibility.js';
import { type ExportRequest, openExport } from '../src/bulk/export/export.js';
import { openExports } from '../src/bulk/export/run.js';
import { fileBatch } from '../src/bulk/import/batch.js';
import { changeAgency } from '../src/register/change/change.js';
import { reviewReport } from '../src/report/review.js';
import { withdrawReport } from '../src/report/withdraw.js';
import type { Db } from '../src/store/engine/schema.js';
import {
  act,
  bearer,
  clock,
  filing,
  hongjiang,
  openTestApp,
  openTestStore,
  qunfeng,
  reader,
  runSql,
  tokenFor,
  townshipsOf,
} from './builders.js';

const now = clock();
const anybody = { caller: stranger, open: 'accepted', now } as const;
const asked = { reader: anybody, subject: 'reports', format: 'ndjson' } as const;

/** What is made anew, by nobody's memory. */
async function anew(db: Db, request: ExportRequest): Promise<string> {
  return (await buffer((await openExport(db, request, { rowsAtOnce: 5 })).write())).toString();
}

async function fileSome(db: Db, years: readonly number[], overview = '公开。'): Promise<void> {
  const agencies = await townshipsOf(hongjiang);
  const filings = agencies.flatMap((agency) => years.map((year) => filing({ agency, year, narrative: { overview } })));
  await fileBatch(db, act, filings, {});
}

const acceptAll = async (db: Db, year: number) => {
  for (const agency of await townshipsOf(hongjiang)) {
    await reviewReport(db, act, { agency, year, revision: 1, decision: 'ACCEPTED', reason: null }, {});
  }
};

t.test(
  'equal exports are made once, be they asked for at once or after another, until something is committed',
  async (t) => {
    const db = await openTestStore();
    t.teardown(() => db.destroy());
    await fileSome(db, [2021]);
    await acceptAll(db, 2021);
    const exports = openExports();
    const get = async (caller: string) => buffer((await exports.begin(db, asked, { caller })).body);
    const many = await Promise.all(Array.from({ length: 8 }, (_, index) => get(`ip:${index}`)));
    const expected = await anew(db, asked);
    t.equal(expected.trim().split('\n').length, 20);
    for (const body of many) t.equal(body.toString(), expected);
    t.equal((await get('another')).toString(), expected);
    t.equal(exports.made, 1);
    const first = await exports.begin(db, asked);
    t.equal(first.whole?.bytes, Buffer.byteLength(expected));
    t.match(first.whole?.digest, /^[0-9a-f]{64}$/);
    first.body.destroy();
    await fileSome(db, [2022]);
    t.equal((await get('another')).toString(), await anew(db, asked));
    t.equal(exports.made, 2, 'a commit makes it anew');
    const otherDay = { ...asked, reader: { ...anybody, now: new Date(now.getTime() + 24 * 3_600_000) } };
    await buffer((await exports.begin(db, otherDay)).body);
    await buffer((await exports.begin(db, { ...asked, year: 2021 })).body);
    await buffer((await exports.begin(db, { ...asked, reader })).body);
    t.equal(exports.made, 5, 'another day, another question and another reader have files of their own');
    exports.stop();
  },
);

t.test(
  'whatever was committed in between, what is kept is byte for byte what is made anew, for every reader',
  async (t) => {
    const agencies = (await townshipsOf(hongjiang)).slice(0, 4);
    const agency = fc.constantFrom(...agencies);
    const step = fc.oneof(
      fc.record({ does: fc.constant('file' as const), agency, licenses: fc.nat(9) }),
      fc.record({ does: fc.constant('accept' as const), agency }),
      fc.record({ does: fc.constant('withdraw' as const), agency }),
      fc.record({ does: fc.constant('rename' as const), agency, name: fc.constantFrom('甲乡', '乙镇', '丙乡') }),
      fc.record({ does: fc.constant('nothing' as const), agency }),
    );
    let made = 0;
    let given = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 14 }), async (steps) => {
        const db = await openTestStore();
        const exports = openExports();
        const county = await authenticate(
          db,
          `Bearer ${await tokenFor(db, { scope: 'read', division: hongjiang })}`,
          now,
        );
        const readers: Reader[] = [anybody, { caller: county, open: 'accepted' }, reader];
        const day = (index: number) => `2021-0${1 + Math.floor(index / 10)}-${10 + (index % 10)}`;
        for (const [index, one] of steps.entries()) {
          const at = { agency: one.agency, year: 2021 };
          const [report] = await runSql<{ revision: number }>(
            db,
            `select r.revision from report r join agency_state s on s.agency_id = r.agency_id where s.code = ?`,
            [one.agency],
          );
          if (one.does === 'file') {
            const figures = { 'decisions.licenses.decided': one.licenses };
            await fileBatch(db, act, [filing({ ...at, figures, reason: '改' })], { revise: { reason: null } });
          }
          if (one.does === 'accept' && report) {
            const decision = { ...at, revision: report.revision, decision: 'ACCEPTED', reason: null } as const;
            await reviewReport(db, act, decision, {}).catch(() => undefined);
          }
          if (one.does === 'withdraw' && report)
            await withdrawReport(db, act, { ...at, reason: '误' }, { ifMatch: 'any' });
          if (one.does === 'rename') {
            const renamed = { action: 'change', agency: one.agency, on: day(index), name: one.name } as const;
            await changeAgency(db, act, renamed, {}).catch(() => undefined);
          }
          for (const who of readers) {
            for (const subject of ['reports', 'rollups'] as const) {
              const request = { reader: { ...who, now }, subject, format: 'csv', year: 2021 } as const;
              const body = await buffer((await exports.begin(db, request)).body);
              given++;
              if (body.toString() !== (await anew(db, request)))
                throw new Error(`${one.does}: ${subject} is not as made anew`);
            }
          }
        }
        made += exports.made;
        exports.stop();
        await db.destroy();
      }),
      { numRuns: 8 },
    );
    t.ok(given > made, `${given} given, ${made} made`);
  },
);

t.test(
  'beyond the room on the disk a file is made at the pace of its readers, whole for each, and is not kept',
  async (t) => {
    const db = await openTestStore();
    t.teardown(() => db.destroy());
    await fileSome(db, [2019, 2020, 2021, 2022, 2023], '公开。'.repeat(2000));
    const request = { ...asked, reader };
    const expected = await anew(db, request);
    t.ok(expected.length > 500_000);
    for (const fileBytes of [0, 100_000, 300_000]) {
      const exports = openExports({ fileBytes, answeredBytes: 0 });
      const [one, other] = await Promise.all([
        exports.begin(db, request, { caller: 'a' }),
        exports.begin(db, request, { caller: 'b' }),
      ]);
      // One reads to its end before the other begins, as far as it can.
      const quick = buffer(one.body);
      await nextTurn();
      const slow = buffer(other.body);
      t.equal((await quick).toString(), expected, `${fileBytes}`);
      t.equal((await slow).toString(), expected);
      const before = exports.made;
      t.equal((await buffer((await exports.begin(db, request)).body)).toString(), expected);
      t.equal(exports.made, before + 1, 'what is not all on the disk is not given again');
      exports.stop();
    }
  },
);

t.test('strangers wait for strangers, and keep no holder of a token waiting', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  await fileSome(db, [2019, 2020, 2021, 2022]);
  // At the pace of readers who take nothing: each holds its place.
  const exports = openExports({ fileBytes: 0, answeredBytes: 0, patienceMs: 50 });
  const begin = (caller: string, year: number, share?: 'third') =>
    exports.begin(db, { ...asked, reader, year }, { caller, ...(share && { share }) });
  const held = [await begin('ip:1', 2019, 'third')];
  await t.rejects(begin('ip:2', 2020, 'third'), { kind: 'busy', message: /others wait/ });
  held.push(await begin('token:1', 2021), await begin('token:2', 2022));
  await t.rejects(begin('token:3', 2020), { kind: 'busy', message: /others wait/ });
  for (const { body } of held) body.destroy();
  exports.stop();
});

t.test('what is kept has a bound, and the oldest of whoever has the most goes', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  await fileSome(db, [2019, 2020, 2021, 2022], '公开。'.repeat(300));
  const size = Buffer.byteLength(await anew(db, { ...asked, reader, year: 2019 }));
  const exports = openExports({ keptBytes: 3.5 * size });
  const get = async (caller: string, year: number) => {
    await buffer((await exports.begin(db, { ...asked, reader, year }, { caller })).body);
    return exports.made;
  };
  await get('a', 2019);
  await get('b', 2020);
  t.equal(await get('b', 2021), 3);
  t.equal(await get('b', 2022), 4, 'one more than there is room for');
  t.equal(await get('a', 2019), 4, 'what another kept is still there');
  t.equal(await get('b', 2022), 4);
  t.equal(await get('b', 2020), 5, 'the oldest of who had the most is not');
  exports.stop();
});

t.test(
  'over HTTP a file has a tag and a length, 304 where it is the same, and no reader gets what another reads',
  async (t) => {
    const { app, db, close } = await openTestApp();
    t.teardown(close);
    await fileSome(db, [2021]);
    const get = (headers: Record<string, string> = { authorization: '' }) =>
      app.inject({ url: '/v1/exports/reports.ndjson?year=2021', headers });
    const nothing = await get();
    t.match([nothing.statusCode, nothing.payload, nothing.headers['content-length']], [200, '', '0']);
    const own = await get(bearer(await tokenFor(db, { scope: 'read', division: hongjiang })));
    t.equal(own.payload.trim().split('\n').length, 20);
    await reviewReport(db, act, { agency: qunfeng, year: 2021, revision: 1, decision: 'ACCEPTED', reason: null }, {});
    const accepted = await get();
    t.equal(accepted.payload.trim().split('\n').length, 1);
    const etag = String(accepted.headers.etag);
    t.match(etag, /^"[0-9a-f]{32}"$/);
    const same = await get({ authorization: '', 'if-none-match': etag });
    t.match([same.statusCode, same.payload, same.headers.etag], [304, '', etag]);
    await fileSome(db, [2022]);
    t.equal(
      (await get({ authorization: '', 'if-none-match': etag })).statusCode,
      304,
      'what another year brought is not in it',
    );
  },
);
