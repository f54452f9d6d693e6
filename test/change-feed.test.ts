/** The change feed over HTTP: what each reader is told and not told, waiting, places that are lost, refusals. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { get } from 'node:http';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import type { Kysely } from 'kysely';
import t from 'tap';
import * as changesMigration from '../migrations/0007-changes.js';
import { ofChanges } from '../migrations/0011-shown-in-part.js';
import { revokeToken, rotateToken } from '../src/access/tokens.js';
import { buildApp } from '../src/app.js';
import { divisionCodes } from '../src/report/feed/division-codes.js';
import { openStore } from '../src/store/engine/open.js';
import { divisionsNear } from '../src/store/register/divisions.js';
import { placesOfDivisions } from '../src/store/register/find/areas.js';
import { lineageOf } from '../src/store/register/lineage.js';
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
  scratch,
  signIn,
  tokenFor,
} from './builders.js';

type TestApp = Awaited<ReturnType<typeof openTestApp>>;

const neighbour = '431202';
const url = `/v1/reports/${qunfeng}/2021`;
const stranger = { authorization: '' };

interface Told {
  readonly about: string;
  readonly type: string;
  readonly agency: string | null;
  readonly year: number | null;
  readonly revision: number | null;
  readonly etag: string | null;
  readonly divisions: readonly string[];
  readonly deleted?: true;
  readonly reason?: string;
}

async function feed({ app }: Pick<TestApp, 'app'>, query: Readonly<Record<string, unknown>> = {}, headers = {}) {
  const asked = Object.entries(query).map(([name, value]) => `${name}=${value}`);
  const answer = await app.inject({ url: `/v1/changes?${asked.join('&')}`, headers });
  const body = answer.json();
  const changes: readonly Told[] = body.changes ?? [];
  return { status: answer.statusCode, headers: answer.headers, body, changes, next: body.next, more: body.more };
}

async function send({ app }: TestApp, method: 'POST' | 'PUT' | 'DELETE', to: string, body?: object, headers = {}) {
  const answer = await app.inject({
    method,
    url: to,
    headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
    ...(body && { payload: JSON.stringify(body) }),
  });
  if (answer.statusCode >= 400) throw new Error(`${method} ${to}: ${answer.body}`);
  return answer.body === '' ? null : answer.json();
}

const file = (app: TestApp, overrides: Parameters<typeof filingBody>[0] = {}) =>
  send(app, 'POST', '/v1/reports', filingBody(overrides));
const revise = (app: TestApp, penalties: number) =>
  send(
    app,
    'PUT',
    url,
    filingBody({ figures: { 'decisions.penalties.decided': penalties }, reason: `更正为 ${penalties}` }),
    { 'if-match': '*' },
  );
const decide = (app: TestApp, decision: string, revision: number) =>
  send(app, 'POST', `${url}/reviews`, { decision, revision, reason: `第 ${revision} 版的意见` });
const withdraw = (app: TestApp, reason: string) =>
  send(app, 'DELETE', `${url}?reason=${encodeURIComponent(reason)}`, undefined, { 'if-match': '*' });

const brief = ({ type, revision, deleted, reason }: Told) =>
  [type, revision, ...(deleted ? ['deleted'] : []), ...(reason === undefined ? [] : [reason])].join(' ');

/** Lets what was begun get to where it waits. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
}

t.test('a stranger is told what was accepted and what became of it, and nothing that was only filed', async (t) => {
  const app = await openTestApp();
  t.teardown(app.close);
  let [since, all] = [(await feed(app, { since: 'now' }, stranger)).next, (await feed(app, { since: 'now' })).next];
  const told = async () => {
    const [open, full] = [await feed(app, { since }, stranger), await feed(app, { since: all })];
    since = open.next;
    all = full.next;
    return { open: open.changes.map(brief), full: full.changes.map(brief) };
  };
  const etag = async (headers = {}) => (await app.app.inject({ url, headers })).headers.etag;
  await file(app);
  t.same(await told(), { open: [], full: ['filed 1'] });
  await revise(app, 2);
  t.same(await told(), { open: [], full: ['revised 2 更正为 2'] });
  await decide(app, 'ACCEPTED', 2);
  t.same(
    (await feed(app, {}, stranger)).changes.map((change) => change.etag),
    [await etag(stranger)],
  );
  t.same(await told(), { open: ['accepted 2'], full: ['accepted 2 第 2 版的意见'] });
  await revise(app, 3);
  t.same(await told(), { open: [], full: ['revised 3 更正为 3'] });
  await decide(app, 'RETURNED', 3);
  t.same(await told(), { open: [], full: ['returned 3 第 3 版的意见'] });
  t.match((await feed(app, {}, stranger)).changes, [{ type: 'accepted', revision: 2, etag: await etag(stranger) }]);
  t.match((await feed(app)).changes, [{ type: 'returned', revision: 3, etag: await etag() }]);
  await decide(app, 'ACCEPTED', 3);
  t.same(await told(), { open: ['accepted 3'], full: ['accepted 3 第 3 版的意见'] });
  await decide(app, 'RETURNED', 3);
  t.same(await told(), { open: ['returned  deleted'], full: ['returned 3 第 3 版的意见'] });
  await withdraw(app, '误报');
  t.same(await told(), { open: [], full: ['withdrawn 4 deleted 误报'] });
  t.same((await feed(app, { every: true })).changes.map(brief), [
    'filed 1',
    'revised 2 更正为 2',
    'accepted 2 第 2 版的意见',
    'revised 3 更正为 3',
    'returned 3 第 3 版的意见',
    'accepted 3 第 3 版的意见',
    'returned 3 第 3 版的意见',
    'withdrawn 4 deleted 误报',
  ]);
  const public_ = await feed(app, { every: true }, stranger);
  t.same(public_.changes.map(brief), ['accepted 2', 'accepted 3', 'returned  deleted']);
  t.same(
    public_.changes.map((change) => change.etag),
    [null, null, null],
    'what is followed by a later change has no tag',
  );
});

t.test(
  'a report whose agency moves leaves one copy and comes into the other, by county, division and code',
  async (t) => {
    const app = await openTestApp({ publicReading: 'none' });
    t.teardown(app.close);
    await file(app);
    const readers = {
      here: bearer(await tokenFor(app.db, { scope: 'read', division: hongjiang })),
      there: bearer(await tokenFor(app.db, { scope: 'read', division: neighbour })),
    };
    const reports = (changes: readonly Told[]) =>
      changes.filter(({ about }) => about === 'report').map((one) => `${one.agency} ${brief(one)}`);
    t.same(reports((await feed(app, {}, readers.here)).changes), [`${qunfeng} filed 1`]);
    t.same(reports((await feed(app, {}, readers.there)).changes), []);
    const moved = { on: '2021-05-01', county: neighbour, code: '431202299' };
    await send(app, 'POST', `/v1/agencies/${qunfeng}/changes`, moved);
    const gone = `${qunfeng} moved 1 deleted`;
    const leaving = (await feed(app, { division: hongjiang })).changes;
    t.same(reports(leaving), [gone, '431202299 moved 1 deleted'], 'an administrator keeps a copy of the former county');
    t.same(reports((await feed(app, { division: neighbour })).changes), ['431202299 moved 1']);
    t.same(reports((await feed(app)).changes), [gone, '431202299 moved 1']);
    t.same(reports((await feed(app, {}, readers.here)).changes), [
      `${qunfeng} moved  deleted`,
      '431202299 moved  deleted',
    ]);
    t.same(reports((await feed(app, {}, readers.there)).changes), ['431202299 moved 1']);
    t.same(leaving.find(({ about, deleted }) => about === 'report' && deleted && true)?.divisions[0], hongjiang);
    const both = (await feed(app)).changes.find(({ agency, about }) => about === 'report' && agency === '431202299');
    t.same(both?.divisions, [neighbour, hongjiang, '431200', '430000', '100000'], 'the sums of both counties move');
    t.equal((await feed(app, {}, stranger)).status, 401);
  },
);

t.test(
  'a copy starts again when other divisions lie in what it is of: it was told nothing of those that left',
  async (t) => {
    const app = await openTestApp({ publicReading: 'none' });
    t.teardown(app.close);
    const [prefecture, elsewhere, away] = ['431200', '350100', '350128'];
    await file(app);
    await file(app, { agency: '431202001' });
    const readers = [
      { query: { division: prefecture }, headers: {} },
      { query: {}, headers: bearer(await tokenFor(app.db, { scope: 'read', division: prefecture })) },
    ];
    const reports = async ({ query, headers }: (typeof readers)[number], since: object) => {
      const { status, body, changes, next } = await feed(app, { ...query, ...since }, headers);
      const told = changes.filter(({ about }) => about === 'report').map((one) => `${one.agency} ${one.deleted ?? ''}`);
      return { status, reason: body.reason, told, next };
    };
    const places = await Promise.all(readers.map(async (reader) => ({ since: (await reports(reader, {})).next })));
    await send(app, 'POST', `/v1/agencies/${qunfeng}/changes`, { on: '2021-05-01', county: away });
    for (const [index, reader] of readers.entries()) {
      t.match(await reports(reader, places[index] ?? {}), { status: 200, told: [`${qunfeng} true`] });
    }
    // The county that the report has left is gone as well, before the copies came back.
    await send(app, 'POST', `/v1/divisions/${hongjiang}/changes`, { on: '2019-01-01', parent: elsewhere });
    for (const [index, reader] of readers.entries()) {
      t.match(await reports(reader, places[index] ?? {}), { status: 410, reason: 'divisions-changed' });
      t.same((await reports(reader, {})).told, ['431202001 ']);
    }
    const everywhere = await feed(app, { since: (await feed(app)).next });
    t.equal(everywhere.status, 200, 'a copy of everything goes on');
  },
);

t.test('a copy of a division goes on in the year after', async (t) => {
  const time = { now: Date.parse('2025-12-31T15:00:00Z') };
  const db = await openTestStore();
  const app = await buildApp({ db, clock: () => new Date(time.now), logger: false });
  t.teardown(() => app.close().then(() => db.destroy()));
  const { next } = await feed({ app }, { division: hongjiang });
  time.now += 3_600_000;
  const later = await feed({ app }, { division: hongjiang, since: next });
  t.equal(later.status, 200);
  t.not(later.next, next, 'its place is one of the new year');
});

t.test('changes of the register, deadlines and locks are told with what they are', async (t) => {
  const app = await openTestApp();
  t.teardown(app.close);
  await file(app, { source: { publishedOn: '2022-01-20' } });
  const change = (agency: string, body: object) => send(app, 'POST', `/v1/agencies/${agency}/changes`, body);
  const added = { code: 'JWJ-1', name: '教育局', kind: 'DEPARTMENT', county: hongjiang, validFrom: '2022-01-01' };
  await send(app, 'POST', '/v1/agencies', added);
  await change(qunfeng, { on: '2022-02-01', name: '群峰镇' });
  await change(qunfeng, { on: '2022-03-01', kind: 'SUBDISTRICT' });
  await change(qunfeng, { on: '2022-04-01', code: '431281999' });
  await send(app, 'PUT', `/v1/agencies/JWJ-1/exemptions/2022`, { reason: '新设' });
  await send(app, 'DELETE', `/v1/agencies/JWJ-1/exemptions/2022`);
  await send(app, 'POST', '/v1/agencies/JWJ-1/closure', { on: '2024-01-01', mergedInto: '431281999' });
  await send(app, 'PUT', `/v1/divisions/${hongjiang}/deadlines/2021`, { due: '01-01' });
  await send(app, 'PUT', `/v1/divisions/${hongjiang}/locks/2021`, { since: '2027-01-01', reason: '已公布' });
  await send(app, 'PUT', `/v1/divisions/${hongjiang}/locks/2021/exceptions/${qunfeng}`, {
    until: null,
    reason: '更正',
  });
  await send(app, 'DELETE', `/v1/divisions/${hongjiang}/locks/2021/exceptions/${qunfeng}`);
  await send(app, 'DELETE', `/v1/divisions/${hongjiang}/locks/2021`);
  const { changes } = await feed(app, {}, stranger);
  t.same(
    changes.map(({ about, type, agency, year }) => `${about} ${type} ${agency} ${year}`),
    [
      'agency added JWJ-1 null',
      `agency renamed ${qunfeng} null`,
      `agency reclassified ${qunfeng} null`,
      'agency recoded 431281999 null',
      'agency exempted JWJ-1 2022',
      'agency unexempted JWJ-1 2022',
      'agency merged JWJ-1 null',
      'agency merged 431281999 null',
      'division deadline null 2021',
      'division locked null 2021',
      `division excepted ${qunfeng} 2021`,
      `division unexcepted ${qunfeng} 2021`,
      'division unlocked null 2021',
    ],
  );
  t.ok(changes.every(({ divisions, etag, reason }) => divisions[0] === hongjiang && etag === null && !reason));
  const etag = (await app.app.inject(url)).headers.etag;
  t.match(
    (await feed(app)).changes.filter(({ about }) => about === 'report'),
    [{ type: 'deadline', etag }],
  );
});

t.test('a wait ends with what its reader is told, not with what others are', async (t) => {
  const app = await openTestApp();
  t.teardown(app.close);
  const since = (await feed(app, { since: 'now' }, stranger)).next;
  const waiting = feed(app, { since, wait: 30 }, stranger);
  await file(app);
  await revise(app, 2);
  await decide(app, 'ACCEPTED', 2);
  const told = await waiting;
  t.same(told.changes.map(brief), ['accepted 2']);
  t.same((await feed(app, { since: told.next, wait: 0 }, stranger)).changes, []);
});

t.test('who waits with a token that was revoked or given another text meanwhile is told nothing more', async (t) => {
  const app = await openTestApp();
  t.teardown(app.close);
  for (const end of ['revoke', 'rotate'] as const) {
    const reading = bearer(await tokenFor(app.db, { scope: 'read' }, end));
    const since = (await feed(app, { since: 'now' }, reading)).next;
    const waiting = feed(app, { since, wait: 30 }, reading);
    await turns();
    if (end === 'revoke') await revokeToken(app.db, act, { name: end });
    else await rotateToken(app.db, act, randomBytes, { name: end }, {});
    await file(app, { year: end === 'revoke' ? 2021 : 2022 });
    t.match(await waiting, { status: 401, changes: [] }, end);
  }
});

t.test('a wait is an ordinary empty answer when its time is over and when the service stops', async (t) => {
  const app = await openTestApp();
  const over = await feed(app, { wait: 1 });
  t.match(over, { status: 200, changes: [], more: false });
  const warnings: Error[] = [];
  const warn = (warning: Error) => warnings.push(warning);
  process.on('warning', warn);
  t.teardown(() => process.off('warning', warn));
  const waiting = Array.from({ length: 20 }, () => feed(app, { since: over.next, wait: 30 }));
  await turns();
  await app.close();
  for (const answer of await Promise.all(waiting)) t.match(answer, { status: 200, changes: [], next: over.next });
  await turns();
  t.same(warnings, [], 'that many may wait');
});

t.test('who waits is refused when too many do, and who leaves makes room', async (t) => {
  const app = await openTestApp({ limits: { inFlight: 8 } });
  t.teardown(app.close);
  await app.app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.app.server.address() as { port: number };
  const request = get(`http://127.0.0.1:${port}/v1/changes?wait=30`, { headers: bearer(app.token) });
  request.on('error', () => undefined);
  await once(app.app.server, 'request');
  // It goes the same way as the one that follows, and is ahead of it.
  await turns();
  const refused = await feed(app, { wait: 1 });
  t.match(refused, { status: 429, headers: { 'retry-after': '1' }, body: { type: '/problems/too-many-requests' } });
  t.equal((await feed(app, { wait: 0 })).status, 200, 'who does not wait is answered');
  request.destroy();
  let admitted = await feed(app, { wait: 1 });
  while (admitted.status === 429) {
    await turns();
    admitted = await feed(app, { wait: 1 });
  }
  t.equal(admitted.status, 200);
});

t.test('a token that ends while its holder waits is told nothing more', async (t) => {
  const app = await openTestApp();
  t.teardown(app.close);
  const reader = bearer(await tokenFor(app.db, { scope: 'read' }, '省厅'));
  const waiting = feed(app, { wait: 30 }, reader);
  const { items } = (await app.app.inject('/v1/tokens')).json();
  const { id } = items.find(({ name }: { readonly name: string }) => name === '省厅');
  await send(app, 'DELETE', `/v1/tokens/${id}`);
  await file(app);
  t.match(await waiting, { status: 401, body: { type: '/problems/unauthorized' } });
});

t.test('a place that another database, reader or division was given is refused, not guessed', async (t) => {
  const app = await openTestApp();
  const other = await openTestApp();
  t.teardown(() => Promise.all([app.close(), other.close()]));
  for (const one of [app, other]) await file(one, one === other ? { year: 2020 } : {});
  const { next } = await feed(app);
  const lost = (reason: string) => ({ status: 410, body: { type: '/problems/changes-lost', reason } });
  t.match(await feed(other, { since: next }), lost('restored'), 'another history');
  await file(app, { year: 2022 });
  const later = (await feed(app)).next;
  t.match(await feed(other, { since: later }), lost('restored'), 'beyond the end');
  t.match(await feed(app, { since: next }, stranger), lost('another-reader'));
  t.match(await feed(app, { since: next, division: hongjiang }), lost('another-reader'));
  t.match((await feed(app, { since: next })).changes, [{ year: 2022 }], 'who was given it goes on');
  const same = bearer(await tokenFor(app.db));
  t.match(
    (await feed(app, { since: next, division: '100000' }, same)).changes,
    [{ year: 2022 }],
    'or may read the same',
  );
});

t.test('parameters that are not valid are refused by name', async (t) => {
  const app = await openTestApp();
  t.teardown(app.close);
  const { next } = await feed(app);
  const wrong = {
    since: ['', 'x', 'NOW', `${next}A`, Buffer.from('-1--0000000000000000').toString('base64url'), '9'.repeat(101)],
    wait: ['31', '-1', '1.5', 'x', '', '1e1'],
    first: ['0', '501', 'x'],
    every: ['yes', '1'],
    division: ['4312', 'x'],
    after: [next],
  };
  for (const [name, values] of Object.entries(wrong)) {
    for (const value of values) {
      const answer = await feed(app, { [name]: value });
      t.match(answer, { status: 400, body: { type: '/problems/invalid-parameter' } }, `${name}=${value}`);
    }
  }
  t.match(await feed(app, { since: 'x' }), { body: { errors: [{ pointer: '/since' }] } });
  t.match(await feed(app, { division: '990000' }), { status: 404, body: { type: '/problems/unknown-division' } });
});

t.test('who is told nothing of a long log advances through it by bounded steps', async (t) => {
  const app = await openTestApp();
  t.teardown(app.close);
  await file(app);
  await runSql(
    app.db,
    `with recursive n (i) as (select 1 union all select i + 1 from n where i < 20100)
      insert into change (audit, about, type, agency_id, code, year, placed_year, revision, county_id, to_all, to_accepted)
      select audit, about, type, agency_id, code, year, placed_year, revision, county_id, 1, 0 from change, n`,
  );
  await decide(app, 'ACCEPTED', 1);
  let since: string | undefined;
  const calls: string[][] = [];
  for (let more = true; more; ) {
    const told = await feed(app, { ...(since && { since }) }, stranger);
    calls.push(told.changes.map(brief));
    ({ next: since, more } = told);
  }
  t.same(calls, [[], [], ['accepted 1']]);
});

t.test('a database from before the feed is told from what stands in it', async (t) => {
  const path = join(scratch(t), 'before.db');
  const app = await openTestApp({ url: `sqlite:${path}` });
  for (const year of [2020, 2021, 2022]) await file(app, { year });
  await decide(app, 'ACCEPTED', 1);
  await revise(app, 2);
  await app.close();
  const raw = new Sqlite(path);
  raw.exec('drop table change');
  raw.close();
  const db = await openStore(`sqlite:${path}`);
  await changesMigration.up(db as unknown as Kysely<unknown>);
  for (const statement of ofChanges) await runSql(db, statement);
  const again = await buildApp({ db, clock, logger: false });
  signIn(again, await tokenFor(db));
  t.teardown(() => again.close().then(() => db.destroy()));
  const tags = async (headers = {}) => {
    const { changes } = await feed({ app: again }, {}, headers);
    for (const { agency, year, etag } of changes) {
      t.equal((await again.inject({ url: `/v1/reports/${agency}/${year}`, headers })).headers.etag, etag);
    }
    return changes.map((change) => `${change.year} ${brief(change)}`);
  };
  t.same((await tags()).sort(), ['2020 filed 1', '2021 revised 2', '2022 filed 1']);
  t.same(await tags(stranger), ['2021 accepted 1']);
});

t.test('the codes that a change names are those of its divisions and of all above them on 31 December', async (t) => {
  const { db, close } = await openTestApp();
  t.teardown(close);
  const codes = await divisionCodes(db);
  const places = await placesOfDivisions(db, '2025-12-31');
  const identity = fc.constantFrom(...places.keys());
  const ids = fc.oneof(fc.tuple(identity), fc.tuple(identity, identity), fc.constant([999_999]));
  await fc.assert(
    fc.asyncProperty(ids, fc.integer({ min: 2019, max: 2026 }), async (some, year) => {
      const above = [...some];
      for (const id of some) above.push(...(await lineageOf(db, id, year)));
      const named = await divisionsNear(db, above, `${year}-12-31`);
      const expected = [...new Set(above)].flatMap((id) => named.get(id)?.code ?? []);
      t.same(await codes(some, year), expected);
      t.same(await codes(some, year), expected, 'the second time, too');
    }),
    { numRuns: 200 },
  );
});
