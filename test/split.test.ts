/** Agencies that are split, and what every change of an agency rests on: how sure its day is, and by which document. */
import { deepEqual } from 'node:assert/strict';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { toProblem } from '../src/problem.js';
import { changeAgency } from '../src/register/change/change.js';
import type { AgencyChange, StatedBasis, Undoing } from '../src/register/change/register-change.js';
import type { Db } from '../src/store/engine/schema.js';
import { basesOf } from '../src/store/register/bases.js';
import { verifyRollups } from '../src/store/rollup/rollup-check.js';
import {
  act,
  bearer,
  clock,
  filingBody,
  hongjiang,
  openTestApp,
  openTestStore,
  qunfeng,
  runSql,
  tokenFor,
  townshipsOf,
} from './builders.js';

/** Two townships beside 群峰乡, and the county beside 洪江市 with one of its own. */
const [anjiang, tuokou] = ['431281102', '431281101'];
const neighbour = '431202';

async function openClient(t: Test) {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  const call = async (method: 'GET' | 'POST' | 'DELETE', url: string, body?: object | string, headers = {}) => {
    const type = typeof body === 'string' ? 'text/csv' : 'application/json';
    const answer = await app.inject({
      method,
      url,
      headers: { ...(body && { 'content-type': type }), ...headers },
      ...(body && { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() };
  };
  const close_ = (code: string, body: object, headers = {}) =>
    call('POST', `/v1/agencies/${code}/closure`, body, headers);
  const change = (code: string, body: object) => call('POST', `/v1/agencies/${code}/changes`, body);
  const [other = ''] = await townshipsOf(neighbour);
  return { db, call, close: close_, change, other };
}
type Client = Awaited<ReturnType<typeof openClient>>;

/** What is kept of the days of the agency that has a code today or had it last. */
async function restsOn({ db }: Client, code: string): Promise<string[]> {
  const [row] = await runSql<{ id: number }>(
    db,
    'select agency_id as id from agency_state where code = ? order by valid_from desc',
    [code],
  );
  const bases = await basesOf(db, { about: 'agency', id: row?.id ?? 0 });
  return bases.map(({ effective, precision, document }) => `${effective} ${precision} ${document}`);
}

const split = { on: '2022-06-01', splitInto: [anjiang, tuokou] };
const codesOf = (found: readonly { code: string }[]) => found.map(({ code }) => code).sort();

t.test('a split is known on both sides, in the logs of every county, and told of each of them', async (t) => {
  const client = await openClient(t);
  const { call, close, other, db } = client;
  const { next } = (await call('GET', '/v1/changes?since=now')).body;
  const done = await close(qunfeng, { on: '2022-06-01', splitInto: [anjiang, other] });
  t.match(done, { status: 200, body: { outcome: 'changed', agency: { validTo: '2022-06-01' } } });
  t.same(codesOf(done.body.agency.successors), codesOf([{ code: anjiang }, { code: other }]));
  for (const part of [anjiang, other]) {
    const { predecessors } = (await call('GET', `/v1/agencies/${part}`)).body;
    t.match(predecessors, [{ code: qunfeng, on: '2022-06-01' }], part);
  }
  for (const division of [hongjiang, neighbour]) {
    const { items } = (await call('GET', `/v1/audit?division=${division}`)).body;
    t.match(items, [{ action: 'register.close', after: { splitInto: [anjiang, other] } }], division);
  }
  const { changes } = (await call('GET', `/v1/changes?since=${encodeURIComponent(next)}`)).body;
  t.same(
    changes.map(({ type, agency }: { type: string; agency: string }) => `${type} ${agency}`).sort(),
    [`split ${anjiang}`, `split ${other}`, `split ${qunfeng}`].sort(),
  );
  const refused = await call('POST', '/v1/reports', filingBody({ agency: qunfeng, year: 2022 }));
  t.match(refused, { status: 422, body: { type: '/problems/agency-closed' } });
  t.same(codesOf(refused.body.successors), codesOf([{ code: anjiang }, { code: other }]));
  t.same(await verifyRollups(db), []);
});

t.test('a closing replaces the one before it, whatever either says, and to open again forgets it', async (t) => {
  const { call, close } = await openClient(t);
  const into = async () => (await call('GET', `/v1/agencies/${qunfeng}`)).body.successors;
  await close(qunfeng, { on: '2022-06-01', mergedInto: anjiang });
  t.equal((await close(qunfeng, split)).body.outcome, 'changed');
  t.same(codesOf(await into()), [tuokou, anjiang].sort());
  t.equal((await close(qunfeng, { ...split, splitInto: [tuokou, anjiang] })).body.outcome, 'unchanged', 'in any order');
  await close(qunfeng, { ...split, on: '2023-06-01' });
  t.match(await into(), [{ on: '2023-06-01' }, { on: '2023-06-01' }]);
  t.match(await close(anjiang, { on: '2023-03-01' }), { status: 409, body: { errors: [{ code: 'HAS-PREDECESSOR' }] } });
  await close(qunfeng, { on: '2023-06-01', mergedInto: tuokou });
  t.same(codesOf(await into()), [tuokou]);
  await close(qunfeng, split);
  const rehearsed = await call('DELETE', `/v1/agencies/${qunfeng}/closure?dryRun=true`);
  t.equal((await into()).length, 2);
  t.same((await call('DELETE', `/v1/agencies/${qunfeng}/closure`)).body, rehearsed.body);
  t.same(await into(), []);
  for (const part of [anjiang, tuokou]) {
    t.same((await call('GET', `/v1/agencies/${part}`)).body.predecessors, [], part);
  }
});

t.test(
  'a split that cannot be is refused at the part that is at fault, in both languages, and leaves nothing',
  async (t) => {
    const { call, close, db } = await openClient(t);
    const before = await runSql(db, 'select count(*) as n from audit');
    const refusals = [
      [[anjiang], 422, 'splitInto', /./],
      [[], 422, 'splitInto', /./],
      [[anjiang, '?'], 422, 'splitInto/1', /./],
      [[anjiang, qunfeng], 422, 'splitInto/1', /INTO-ITSELF/],
      [[anjiang, tuokou, `${anjiang}000`], 422, 'splitInto/2', /TWICE/],
      [[anjiang, '431281999'], 404, 'splitInto/1', /UNKNOWN-AGENCY/],
      [[hongjiang, anjiang], 422, 'splitInto/0', /COUNTY-OWN/],
    ] as const;
    for (const [splitInto, status, member, code] of refusals) {
      const refused = await close(qunfeng, { on: '2022-06-01', splitInto });
      t.equal(refused.status, status, String(splitInto));
      const [fault] = refused.body.errors;
      t.equal(fault.pointer, `/${member}`, String(splitInto));
      t.match(fault.code, code);
      t.ok(/[一-龥]/.test(fault.message.zh) && /[a-z]/.test(fault.message.en), JSON.stringify(fault.message));
    }
    const both = await close(qunfeng, { ...split, mergedInto: anjiang });
    t.match(both, { status: 422, body: { errors: [{ pointer: '/splitInto' }] } });
    await close(tuokou, { on: '2021-06-01' });
    const gone = await close(qunfeng, split);
    t.match(gone, { status: 422, body: { errors: [{ code: 'NOT-ALIVE', pointer: '/splitInto/1' }] } });
    await close(qunfeng, { on: '2022-06-01', splitInto: Array.from({ length: 51 }, (_, at) => `X-${at}`) });
    t.equal((await call('GET', `/v1/agencies/${qunfeng}`)).body.validTo, null);
    const [{ n } = { n: 0 }] = await runSql<{ n: number }>(db, 'select count(*) as n from audit');
    t.equal(n, ((before[0] as { n: number }).n ?? 0) + 1, 'the one that was made');
  },
);

t.test('a split takes the register right over the county of every part, and so does to take it back', async (t) => {
  const { call, close, db, other } = await openClient(t);
  const own = bearer(await tokenFor(db, { scope: 'register', division: hongjiang }));
  const both = bearer(await tokenFor(db, { scope: 'register', division: '431200' }));
  const parted = { on: '2022-06-01', splitInto: [anjiang, other] };
  t.match(await close(qunfeng, parted, own), { status: 403, body: { place: neighbour } });
  t.equal((await close(qunfeng, split, own)).status, 200);
  t.equal((await close(qunfeng, parted, both)).status, 200);
  t.equal((await close(qunfeng, split, own)).status, 403, 'what it goes into has its say when it is forgotten');
  t.equal((await call('DELETE', `/v1/agencies/${qunfeng}/closure`, undefined, own)).status, 403);
  t.equal((await call('DELETE', `/v1/agencies/${qunfeng}/closure`, undefined, both)).status, 200);
});

t.test('what an agency was part of for less than a year is torn with it, and nothing is compared', async (t) => {
  const { call, close } = await openClient(t);
  const carried = (agency: string, year: number, carriedIn: number, carriedOut: number) =>
    call(
      'POST',
      '/v1/reports',
      filingBody({
        agency,
        year,
        figures: Object.fromEntries(
          ['naturalPerson', 'total'].flatMap((column) => [
            [`applications.carriedIn.${column}`, carriedIn],
            [`applications.newReceived.${column}`, carriedOut - carriedIn],
            [`applications.carriedOut.${column}`, carriedOut],
          ]),
        ),
      }),
    );
  const compared = async (agency: string) =>
    (await call('GET', `/v1/reports/${agency}/2022`)).body.findings.some(
      ({ code }: { code: string }) => code === 'X-CARRY',
    );
  await carried(qunfeng, 2021, 0, 4);
  await carried(anjiang, 2021, 0, 3);
  await carried(anjiang, 2022, 5, 5);
  t.ok(await compared(anjiang));
  const added = { code: 'MID-1', name: '新镇', kind: 'TOWNSHIP', county: hongjiang, validFrom: '2022-03-01' };
  await call('POST', '/v1/agencies', added);
  await close(qunfeng, { on: '2022-03-01', mergedInto: 'MID-1' });
  t.ok(await compared(anjiang));
  t.equal((await close('MID-1', { on: '2022-09-01', splitInto: [anjiang, tuokou] })).status, 200);
  t.notOk(await compared(anjiang), 'which of the 4 cases came along, nobody knows');
  await close('MID-1', { on: '2022-09-01', mergedInto: anjiang });
  t.ok(await compared(anjiang), '5 are not 7');
  await call('DELETE', '/v1/agencies/MID-1/closure');
  t.ok(await compared(anjiang), '5 are not 3');
});

t.test('every change says what it rests on, and what is left out stays as it was said of that day', async (t) => {
  const client = await openClient(t);
  const { call, change, close } = client;
  const added = { name: '新镇', kind: 'TOWNSHIP', county: hongjiang, validFrom: '2021-03-01' };
  await call('POST', '/v1/agencies', {
    ...added,
    code: 'NEW-1',
    document: '湘民行发〔2021〕1号',
    precision: 'SNAPSHOT',
  });
  await change('NEW-1', { on: '2022-01-01', name: '新名镇', document: ' 湘政函〔2021〕9号 ' });
  await change('NEW-1', { on: '2022-02-01', kind: 'SUBDISTRICT' });
  const rested = ['2021-03-01 SNAPSHOT 湘民行发〔2021〕1号', '2022-01-01 DAY 湘政函〔2021〕9号', '2022-02-01 DAY null'];
  t.same(await restsOn(client, 'NEW-1'), rested);
  await change('NEW-1', { on: '2022-01-01', name: '新又镇' });
  t.same(await restsOn(client, 'NEW-1'), rested, 'a name that is corrected leaves the document');
  await change('NEW-1', { on: '2022-01-01', precision: 'SNAPSHOT' });
  await change('NEW-1', { on: '2021-03-01', document: null });
  t.same(await restsOn(client, 'NEW-1'), [
    '2021-03-01 SNAPSHOT null',
    '2022-01-01 SNAPSHOT 湘政函〔2021〕9号',
    '2022-02-01 DAY null',
  ]);
  await close('NEW-1', { on: '2023-01-01', document: '甲' });
  await close('NEW-1', { on: '2023-01-01', mergedInto: anjiang });
  t.match((await restsOn(client, 'NEW-1')).at(-1), '2023-01-01 DAY 甲');
  await close('NEW-1', { on: '2023-05-01', precision: 'SNAPSHOT' });
  t.match((await restsOn(client, 'NEW-1')).slice(2), ['2022-02-01 DAY null', '2023-05-01 SNAPSHOT null']);
  await call('DELETE', '/v1/agencies/NEW-1/closure');
  t.equal((await restsOn(client, 'NEW-1')).length, 3);
  await change('NEW-1', { on: '2027-01-01', name: '新镇', document: '乙' });
  await call('DELETE', '/v1/agencies/NEW-1/changes/2027-01-01');
  t.equal((await restsOn(client, 'NEW-1')).length, 3);
  const [{ at } = { at: '' }] = await runSql<{ at: string }>(
    client.db,
    'select recorded_at as at from basis where recorded_at is not null',
  );
  t.equal(at, clock().toISOString());
});

t.test('to say only what a change rests on is a change, and of a day without one it is refused', async (t) => {
  const client = await openClient(t);
  const { call, change, close } = client;
  await change(qunfeng, { on: '2022-01-01', name: '群峰镇' });
  const { next } = (await call('GET', '/v1/changes?since=now')).body;
  const documented = { on: '2022-01-01', document: '湘政函〔2021〕9号' };
  t.match(await change(qunfeng, documented), { status: 200, body: { outcome: 'changed', reportsMoved: 0 } });
  t.match((await change(qunfeng, documented)).body, { outcome: 'unchanged' });
  t.match((await change(qunfeng, { ...documented, name: '群峰镇' })).body, { outcome: 'unchanged' });
  t.match((await change(qunfeng, { on: '2022-01-01', name: '群峰镇' })).body, { outcome: 'unchanged' });
  const told = async () =>
    (await call('GET', `/v1/changes?since=${encodeURIComponent(next)}`)).body.changes.map(
      ({ type, agency }: { type: string; agency: string }) => `${type} ${agency}`,
    );
  t.same(await told(), [`documented ${qunfeng}`]);
  t.match(await change(qunfeng, { ...documented, on: '2022-01-02' }), {
    status: 404,
    body: { errors: [{ code: 'NO-CHANGE', pointer: '/on' }] },
  });
  await close(qunfeng, split);
  t.match((await close(qunfeng, { ...split, precision: 'DAY' })).body, { outcome: 'unchanged' });
  t.match((await close(qunfeng, { ...split, document: '丙' })).body, { outcome: 'changed' });
  t.match((await close(qunfeng, { ...split, document: '丙', precision: 'DAY' })).body, { outcome: 'unchanged' });
  t.match(
    await told(),
    [/documented/, /split/, /split/, /split/, `documented ${qunfeng}`],
    'what it went into is as it was',
  );
  for (const body of [{ document: '' }, { document: 'x'.repeat(201) }, { document: 'a\nb' }, { precision: 'YEAR' }]) {
    t.equal((await close(qunfeng, { ...split, ...body })).status, 422, JSON.stringify(body));
  }
});

t.test('a file of changes takes splits and documents, and names the column that is at fault', async (t) => {
  const client = await openClient(t);
  const { call, other } = client;
  const header = 'action,code,on,name,newCode,kind,county,mergedInto,splitInto,document,precision';
  const lines = [
    `add,NEW-1,2021-03-01,新镇,,TOWNSHIP,${hongjiang},,,湘民行发〔2021〕1号,SNAPSHOT`,
    `change,NEW-1,2022-01-01,新名镇,,,,,,湘政函〔2021〕9号,`,
    `change,NEW-1,2022-01-01,,,,,,,,SNAPSHOT`,
    `close,NEW-1,2023-01-01,,,,,,${anjiang}  ${other} ${tuokou},甲,`,
  ];
  const done = await call('POST', '/v1/register/changes', [header, ...lines].join('\n'));
  t.match(done, { status: 200, body: { lines: 4, unchanged: 0, counts: { add: 1, change: 2, close: 1 } } });
  t.equal((await call('GET', '/v1/agencies/NEW-1')).body.successors.length, 3);
  t.same(await restsOn(client, 'NEW-1'), [
    '2021-03-01 SNAPSHOT 湘民行发〔2021〕1号',
    '2022-01-01 SNAPSHOT 湘政函〔2021〕9号',
    '2023-01-01 DAY 甲',
  ]);
  const bad = [
    `close,${qunfeng},2023-01-01,,,,,,${anjiang},,`,
    `close,${qunfeng},2023-01-01,,,,,${tuokou},${anjiang} ${tuokou},,`,
    `close,${qunfeng},2023-01-01,,,,,,${anjiang} 431281999,,`,
    `close,${qunfeng},2023-01-01,,,,,,${anjiang} ${qunfeng},,`,
    `change,${qunfeng},2023-01-01,,,,,,,甲,`,
    `change,${qunfeng},2023-01-01,甲,,,,,,,YEAR`,
    `exempt,${qunfeng},,,,,,,,甲,`,
  ];
  const refused = await call('POST', '/v1/register/changes', [header, ...bad].join('\n'));
  t.equal(refused.status, 422);
  t.same(
    refused.body.errors.map(({ code, pointer }: { code: string; pointer: string }) => `${pointer} ${code}`),
    [
      '/lines/2/splitInto FORMAT',
      '/lines/3/splitInto UNUSED',
      '/lines/4/splitInto UNKNOWN-AGENCY',
      '/lines/5/splitInto INTO-ITSELF',
      '/lines/6/on NO-CHANGE',
      '/lines/7/precision FORMAT',
      '/lines/8/year MISSING',
      '/lines/8/reason MISSING',
      '/lines/8/document UNUSED',
    ],
  );
});

const days = ['2020-05-01', '2021-12-31', '2022-01-01', '2024-07-01', '2026-12-31', '2027-06-01', '2028-02-01'];
const announced = ['2027-01-01', '2027-06-01', '2028-02-01', '2029-01-01'];
const stated: fc.Arbitrary<StatedBasis> = fc.record(
  { document: fc.constantFrom('甲', '乙', null), precision: fc.constantFrom('DAY', 'SNAPSHOT') },
  { requiredKeys: [] },
);

/** What is said of one agency in the end, and what is said beside it and taken back; keys put all of it in some order. */
const saying = fc.record({
  changes: fc.uniqueArray(fc.record({ on: fc.constantFrom(...days), key: fc.nat(99), stated }), {
    selector: ({ on }) => on,
    maxLength: 4,
  }),
  closing: fc.option(fc.record({ into: fc.nat(3), key: fc.nat(99), stated })),
  announced: fc.uniqueArray(
    fc.record({ on: fc.constantFrom(...announced), key: fc.nat(99), until: fc.nat(50), stated }),
    { selector: ({ on }) => on, maxLength: 2 },
  ),
  closed: fc.array(fc.record({ into: fc.nat(3), key: fc.nat(99), until: fc.nat(50), stated }), { maxLength: 1 }),
});

/** Something that is said at a time, and done only if it still makes sense then. */
interface Saying {
  readonly key: number;
  readonly change: AgencyChange | Undoing;
  /** It is said in any order; what is not may be refused. */
  readonly wanted: boolean;
}

/** Everything that the register holds of its agencies. */
async function heldIn(db: Db): Promise<unknown> {
  const tables = ['agency_state', 'agency_change', 'succession', 'basis', 'expectation'];
  return Promise.all(
    tables.map(async (table) =>
      (await runSql(db, `select * from ${table}`))
        .map((row) => JSON.stringify(row))
        .filter(counts)
        .sort(),
    ),
  );
}

/** Expectations that cancelled each other are kept as a row of nothing. */
const counts = (row: string) => !row.includes('"change":0');

t.test(
  'what is said of an agency comes to the same in any order, and what is taken back as if it never was',
  async (t) => {
    const parts = [[], [anjiang], [anjiang, tuokou], [tuokou, '431281103', anjiang]];
    const seen = { late: 0, split: 0, undone: 0, replaced: 0 };
    await fc.assert(
      fc.asyncProperty(saying, async (said) => {
        const named = (on: string, basis: StatedBasis) =>
          ({ action: 'change', agency: qunfeng, on, name: `镇${on}`, ...basis }) as const;
        const closing = (on: string, into: number, basis: StatedBasis) => {
          const codes = parts[into] ?? [];
          const went = codes.length > 1 ? { splitInto: codes } : { mergedInto: codes[0] };
          return { action: 'close', agency: qunfeng, on, ...went, ...basis } as const;
        };
        const wanted: Saying[] = [
          ...said.changes.map(({ on, key, stated: basis }) => ({ key, change: named(on, basis), wanted: true })),
          ...(said.closing
            ? [
                {
                  key: said.closing.key,
                  change: closing('2028-02-02', said.closing.into, said.closing.stated),
                  wanted: true,
                },
              ]
            : []),
        ];
        const beside = said.announced
          .filter(({ on }) => !said.changes.some((one) => one.on === on))
          .flatMap(({ on, key, until, stated: basis }) => [
            { key, change: named(on, basis), wanted: false },
            { key: key + until, change: { action: 'retract', agency: qunfeng, on } as const, wanted: false },
          ]);
        const undone = said.closed.flatMap(({ into, key, until, stated: basis }) => [
          { key, change: closing('2029-01-01', into, basis), wanted: false },
          { key: key + until, change: { action: 'reopen', agency: qunfeng } as const, wanted: false },
        ]);
        const plain = await openTestStore();
        const mixed = await openTestStore();
        try {
          for (const { change } of wanted) await changeAgency(plain, act, change, {});
          let isClosed = false;
          let latest = '';
          for (const { change, wanted: must } of [...wanted, ...beside, ...undone].toSorted((a, b) => a.key - b.key)) {
            // What was replaced since is not taken back, and a closing that holds is not said to be another.
            if (isClosed && !must && (change.action === 'close' || change.action === 'reopen')) {
              seen.replaced++;
              continue;
            }
            const outcome = await changeAgency(mixed, act, change, {}).catch((error) => toProblem(error));
            if (must && 'kind' in outcome) throw new Error(`${JSON.stringify(change)}: ${outcome.detail.en}`);
            if (must && change.action === 'close') isClosed = true;
            if (must && change.action === 'change' && change.on < latest) seen.late++;
            if ('on' in change && typeof change.on === 'string' && change.on > latest) latest = change.on;
            if (!must && !('kind' in outcome)) seen.undone++;
          }
          if (said.closing && said.closing.into > 1) seen.split++;
          deepEqual(await heldIn(mixed), await heldIn(plain));
        } finally {
          await plain.destroy();
          await mixed.destroy();
        }
      }),
      { numRuns: 60 },
    );
    t.ok(
      Object.values(seen).every((count) => count > 5),
      JSON.stringify(seen),
    );
    t.comment(JSON.stringify(seen));
  },
);
