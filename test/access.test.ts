/** Who may do what: tokens, where they reach, what the public sees; the same by REST, GraphQL, imports and documents. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import fc from 'fast-check';
import Fastify from 'fastify';
import t from 'tap';
import { authenticate, operator } from '../src/access/authority.js';
import { makeSecret, readSecret } from '../src/access/secret.js';
import { createToken, revokeToken, rotateToken } from '../src/access/tokens.js';
import { requireDeclaredScopes } from '../src/api/http/caller.js';
import { changeAgency } from '../src/register/change/change.js';
import { inTransaction } from '../src/store/engine/commit.js';
import { openStore } from '../src/store/engine/open.js';
import type { Db } from '../src/store/engine/schema.js';
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
  tokenFor,
} from './builders.js';

type TestApp = Awaited<ReturnType<typeof openTestApp>>;

const neighbour = '431202';
const json = { 'content-type': 'application/json' };
const stranger = { authorization: '' };

const post = (app: TestApp, body: object, headers: Record<string, string> = {}) =>
  app.app.inject({
    method: 'POST',
    url: '/v1/reports',
    headers: { ...json, ...headers },
    payload: JSON.stringify(body),
  });

const ask = async (app: TestApp, query: string, headers: Record<string, string> = {}) => {
  const answer = await app.app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { ...json, ...headers },
    payload: JSON.stringify({ query }),
  });
  return answer.json();
};

const accept = (app: TestApp, revision: number, headers: Record<string, string> = {}) =>
  app.app.inject({
    method: 'POST',
    url: `/v1/reports/${qunfeng}/2021/reviews`,
    headers: { ...json, ...headers },
    payload: JSON.stringify({ decision: 'ACCEPTED', revision }),
  });

t.test('a token is told from a mistyped one by its check sum, whichever character was mistyped', async (t) => {
  fc.assert(
    fc.property(fc.nat(), fc.constantFrom(...'0123456789ABCxyz'), (place, character) => {
      const { text, key, hash } = makeSecret(randomBytes);
      t.same(readSecret(text), { key, hash });
      const at = 3 + (place % (text.length - 3));
      const mistyped = text.slice(0, at) + character + text.slice(at + 1);
      return mistyped === text || readSecret(mistyped) === undefined;
    }),
    { numRuns: 200 },
  );
});

t.test('of a token only the digest of its secret is kept', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  const token = await tokenFor(db);
  const rows = await runSql<Record<string, unknown>>(db, 'select * from token');
  const audit = await runSql<Record<string, unknown>>(db, 'select * from audit');
  const secret = token.slice('xb_'.length + 8 + 1);
  t.equal(rows.length, 1);
  t.notOk(JSON.stringify([rows, audit]).includes(secret.slice(0, 32)));
});

t.test('a token that is malformed, unknown, expired or revoked is refused, and each refusal says which', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  const asked = { name: 'a', grants: [{ scope: 'read' as const, division: hongjiang }], expiresAt: null };
  const made = await createToken(db, act, randomBytes, asked);
  const short = await createToken(db, act, randomBytes, { ...asked, name: 'b', expiresAt: '2026-12-01T00:00:00.000Z' });
  const reasonOf = async (header: string, now = clock()) => {
    try {
      return (await authenticate(db, header, now)).kind;
    } catch (error) {
      return (error as { members: { reason: string } }).members.reason;
    }
  };
  t.equal(await reasonOf(`Bearer ${made.token}`), 'token');
  t.equal(await reasonOf(`bearer ${made.token}`), 'token', 'the scheme is written in any case');
  for (const header of ['', 'Bearer', 'Basic abc', `Bearer ${made.token}x`, `Bearer ${made.token} x`, 'Bearer xb_']) {
    t.equal(await reasonOf(header), 'malformed');
  }
  t.equal(await reasonOf(`Bearer ${makeSecret(randomBytes).text}`), 'unknown');
  t.equal(await reasonOf(`Bearer ${short.token}`, new Date('2026-12-01T00:00:00Z')), 'expired');
  const renewed = await rotateToken(db, act, randomBytes, { id: made.id }, {});
  t.equal(await reasonOf(`Bearer ${made.token}`), 'unknown', 'a rotated token ends at once');
  t.equal(await reasonOf(`Bearer ${renewed.token}`), 'token');
  await revokeToken(db, act, { name: 'a' });
  t.equal(await reasonOf(`Bearer ${renewed.token}`), 'revoked');
});

t.test(
  'a token that was used ends at once also when another process ends it, and not when that is undone',
  async (t) => {
    const url = `sqlite:${scratch(t)}/x.db`;
    const [mine, theirs] = [await openTestStore(url), await openStore(url)];
    t.teardown(() => Promise.all([mine.destroy(), theirs.destroy()]));
    const header = `Bearer ${await tokenFor(mine, {}, 'a')}`;
    const holds = (db: Db) =>
      authenticate(db, header, clock()).then(
        () => true,
        () => false,
      );
    t.equal(await holds(mine), true);
    await inTransaction(mine, { dryRun: true }, async (trx) => {
      t.equal(await holds(trx), true);
      await revokeToken(trx, act, { name: 'a' });
      t.equal(await holds(trx), false);
    });
    t.equal(await holds(mine), true);
    await revokeToken(theirs, act, { name: 'a' });
    t.equal(await holds(mine), false);
  },
);

t.test('a write takes a token: 401 without, 403 outside its sub-tree, and nothing is stored', async (t) => {
  const app = await openTestApp();
  t.teardown(app.close);
  const other = bearer(await tokenFor(app.db, { scope: 'file', division: neighbour }));
  const reader = bearer(await tokenFor(app.db, { scope: 'read', division: hongjiang }));
  const filing = JSON.stringify(filingBody());
  const writes = [
    { method: 'POST', url: '/v1/reports', payload: filing, headers: json },
    { method: 'PUT', url: `/v1/reports/${qunfeng}/2021`, payload: filing, headers: json },
    {
      method: 'POST',
      url: `/v1/reports?agency=${qunfeng}&year=2021`,
      payload: '群峰乡',
      headers: { 'content-type': 'text/plain' },
    },
    { method: 'POST', url: '/v1/readings', payload: '群峰乡', headers: { 'content-type': 'text/plain' } },
    { method: 'POST', url: '/v1/imports', payload: filing, headers: { 'content-type': 'application/x-ndjson' } },
    { method: 'DELETE', url: `/v1/reports/${qunfeng}/2021`, headers: { 'if-match': '*' } },
    {
      method: 'POST',
      url: `/v1/reports/${qunfeng}/2021/reviews`,
      payload: '{"decision":"ACCEPTED","revision":1}',
      headers: json,
    },
    {
      method: 'PUT',
      url: `/v1/divisions/${hongjiang}/locks/2021`,
      payload: '{"since":"2022-02-01","reason":"r"}',
      headers: json,
    },
    { method: 'PUT', url: `/v1/divisions/${hongjiang}/deadlines/2021`, payload: '{"due":"01-20"}', headers: json },
    { method: 'PUT', url: `/v1/agencies/${qunfeng}/exemptions/2021`, payload: '{"reason":"r"}', headers: json },
    { method: 'POST', url: '/v1/register/changes', payload: 'action,code\n', headers: { 'content-type': 'text/csv' } },
    {
      method: 'POST',
      url: '/v1/register/comparison?on=2024-12-31',
      payload: 'code,name\n',
      headers: { 'content-type': 'text/csv' },
    },
    {
      method: 'POST',
      url: '/v1/tokens',
      payload: '{"name":"x","grants":[{"scope":"admin","division":"100000"}]}',
      headers: json,
    },
    { method: 'GET', url: '/v1/tokens' },
    { method: 'GET', url: '/v1/audit' },
  ] as const;
  for (const { headers = {}, ...write } of writes as readonly {
    method: 'POST';
    url: string;
    payload?: string;
    headers?: Record<string, string>;
  }[]) {
    const none = await app.app.inject({ ...write, headers: { ...headers, ...stranger } });
    t.equal(none.statusCode, 401, `${write.method} ${write.url} by a stranger`);
    t.match(none.json(), { type: '/problems/unauthorized', reason: 'missing' });
    t.match(none.headers['www-authenticate'], /^Bearer/);
    const wrong = await app.app.inject({ ...write, headers: { ...headers, ...reader } });
    t.equal(wrong.statusCode, 403, `${write.method} ${write.url} by a reader`);
  }
  const outside = await post(app, filingBody(), other);
  t.equal(outside.statusCode, 403);
  t.match(outside.json(), { type: '/problems/forbidden', place: qunfeng });
  const imported = await app.app.inject({
    method: 'POST',
    url: '/v1/imports',
    headers: { 'content-type': 'application/x-ndjson', ...other },
    payload: filing,
  });
  t.match(imported.json(), {
    received: 1,
    rejected: 1,
    items: [{ problem: { type: '/problems/forbidden', status: 403 } }],
  });
  t.same(await runSql(app.db, 'select * from revision'), []);
});

t.test('a grant holds below an identity: a code or name that another place had before opens nothing', async (t) => {
  const app = await openTestApp();
  t.teardown(app.close);
  const own = bearer(await tokenFor(app.db, { scope: 'file', agency: qunfeng }));
  const county = bearer(await tokenFor(app.db, { scope: 'file', division: hongjiang }));
  t.equal((await post(app, filingBody(), own)).statusCode, 201);
  const sibling = (await app.app.inject(`/v1/agencies?county=${hongjiang}&first=1`)).json().items[0].code;
  t.equal((await post(app, filingBody({ agency: sibling }), own)).statusCode, 403, 'a township files for itself only');
  await changeAgency(app.db, act, { action: 'change', agency: qunfeng, on: '2022-06-01', code: '431281197' }, {});
  t.equal(
    (await post(app, filingBody({ agency: '431281197', year: 2022 }), own)).statusCode,
    201,
    'renamed, it is the same',
  );
  await changeAgency(app.db, act, { action: 'change', agency: '431281197', on: '2023-06-01', county: neighbour }, {});
  t.equal((await post(app, filingBody({ agency: '431281197', year: 2023 }), county)).statusCode, 403, 'moved away');
  const before = filingBody({ agency: '431281197', year: 2022, publishedItems: { total: 1 }, reason: 'r' });
  const past = await app.app.inject({
    method: 'PUT',
    url: '/v1/reports/431281197/2022',
    headers: { ...json, ...county, 'if-match': '*' },
    payload: JSON.stringify(before),
  });
  t.equal(past.statusCode, 200, 'the year before the move is still the old county’s');
  const taken = {
    action: 'add',
    code: qunfeng,
    name: '群峰乡',
    kind: 'TOWNSHIP',
    county: neighbour,
    validFrom: '2024-01-01',
  } as const;
  await changeAgency(app.db, act, taken, {});
  t.equal(
    (await post(app, filingBody({ agency: qunfeng, year: 2024 }), own)).statusCode,
    403,
    'its old code is another’s now',
  );
});

t.test('a grant reaches all below it, whether the store is in memory or a file', async (t) => {
  const folder = t.testdir();
  for (const url of ['sqlite::memory:', `sqlite:${join(folder, 'test.db')}`]) {
    const app = await openTestApp({ url });
    t.teardown(app.close);
    t.equal((await post(app, filingBody())).statusCode, 201);
    for (const division of ['100000', '430000', '431200', hongjiang]) {
      const headers = bearer(await tokenFor(app.db, { scope: 'read', division }));
      const report = await app.app.inject({ url: `/v1/reports/${qunfeng}/2021`, headers });
      t.match(report.json(), { revision: 1, state: 'SUBMITTED' }, `${division} reads`);
      const clerk = bearer(await tokenFor(app.db, { scope: 'file', division }));
      t.equal((await post(app, filingBody(), clerk)).statusCode, 200, `${division} files`);
    }
  }
});

t.test('nobody gives what they do not administer, and sees no other tokens', async (t) => {
  const app = await openTestApp();
  t.teardown(app.close);
  const clerk = bearer(await tokenFor(app.db, { division: hongjiang }));
  const make = (grants: object[], name: string) =>
    app.app.inject({
      method: 'POST',
      url: '/v1/tokens',
      headers: { ...json, ...clerk },
      payload: JSON.stringify({ name, grants }),
    });
  const made = await make([{ scope: 'file', agency: qunfeng }], '群峰乡');
  t.equal(made.statusCode, 201);
  t.match(made.json(), { name: '群峰乡', grants: [{ scope: 'file', agency: qunfeng }], token: /^xb_/ });
  t.equal((await post(app, filingBody(), bearer(made.json().token))).statusCode, 201);
  t.equal((await make([{ scope: 'file', division: neighbour }], 'x')).statusCode, 403);
  t.equal((await make([{ scope: 'read', division: '431200' }], 'x')).statusCode, 403, 'nor above it');
  t.equal((await make([{ scope: 'file', agency: qunfeng }], '群峰乡')).statusCode, 409, 'a name is given once');
  const listed = await app.app.inject({ url: '/v1/tokens', headers: clerk });
  t.same(listed.json().items.map(({ name }: { name: string }) => name).length, 2);
  t.notOk(listed.body.includes(made.json().token.slice(-38)), 'a list shows no secret');
  const admin = (await app.app.inject('/v1/tokens')).json().items[0];
  t.equal((await app.app.inject({ method: 'DELETE', url: `/v1/tokens/${admin.id}`, headers: clerk })).statusCode, 404);
  const { id } = made.json();
  t.equal((await app.app.inject({ method: 'DELETE', url: `/v1/tokens/${id}`, headers: clerk })).statusCode, 200);
  t.equal((await post(app, filingBody(), bearer(made.json().token))).statusCode, 401);
});

t.test(
  'the public reads what was accepted and no figure that was not, by REST, GraphQL, lists and exports',
  async (t) => {
    const app = await openTestApp();
    t.teardown(app.close);
    const figures = { 'decisions.penalties.decided': 7 };
    await post(app, filingBody({ figures, publishedItems: { total: 16 } }));
    const url = `/v1/reports/${qunfeng}/2021`;
    const seen = async () => {
      const [report, list, csv, graph] = await Promise.all([
        app.app.inject({ url, headers: stranger }),
        app.app.inject({ url: '/v1/reports', headers: stranger }),
        app.app.inject({ url: '/v1/exports/reports.csv', headers: stranger }),
        ask(
          app,
          `{ report(agency: "${qunfeng}", year: 2021) { decisions { penalties { decided } } actor }
           reports { totalCount nodes { decisions { penalties { decided } } } }
           township(code: "${qunfeng}") { report(year: 2021) { revision } statistics(years: [2021]) {
             decisions { penalties { decided } } publishedItems { total } coverage { reported accepted } } } }`,
          stranger,
        ),
      ]);
      return { report, list: list.json(), csv: csv.body.trim().split('\r\n').slice(1), graph };
    };
    const before = await seen();
    t.equal(before.report.statusCode, 401);
    t.match(before.report.json(), { type: '/problems/unauthorized', reason: 'not-accepted' });
    t.match(before.list, { totalCount: 0, items: [] });
    t.same(before.csv, []);
    t.match(before.graph.errors, [{ path: ['report'], extensions: { problem: 'unauthorized' } }]);
    t.same(before.graph.data.reports, { totalCount: 0, nodes: [] });
    t.match(before.graph.data.township, { report: null, statistics: [{ decisions: null, publishedItems: null }] });
    t.match(
      before.graph.data.township.statistics[0].coverage,
      { reported: 1, accepted: 0 },
      'that it was filed is no secret',
    );

    t.equal((await accept(app, 1)).statusCode, 200);
    const revised = filingBody({ figures: { 'decisions.penalties.decided': 8 }, reason: '更正' });
    const headers = { ...json, 'if-match': '*' };
    t.equal((await app.app.inject({ method: 'PUT', url, headers, payload: JSON.stringify(revised) })).statusCode, 200);
    const after = await seen();
    t.match(after.report.json(), { revision: 1, state: 'ACCEPTED', actor: null, publishedItems: { total: 16 } });
    t.equal(after.report.json().figures.decisions.penalties.decided, 7);
    t.match(after.list, {
      totalCount: 1,
      items: [{ revision: 1, figures: { decisions: { penalties: { decided: 7 } } } }],
    });
    t.equal(after.csv.length, 1);
    t.ok(after.csv[0]?.startsWith(`${qunfeng},群峰乡,${hongjiang},洪江市,2021,2021,1,`));
    t.ok(after.csv[0]?.includes(',ACCEPTED,TOWNSHIP,'));
    t.match(after.graph.data.report, { decisions: { penalties: { decided: 7 } }, actor: null });
    t.match(after.graph.data.reports.nodes, [{ decisions: { penalties: { decided: 7 } } }]);
    t.match(after.graph.data.township.statistics, [
      { decisions: { penalties: { decided: 7 } }, publishedItems: { total: 16 } },
    ]);
    const revisions = await app.app.inject({ url: `${url}/revisions`, headers: stranger });
    t.same(
      revisions.json().items.map(({ number }: { number: number }) => number),
      [1],
    );
    t.equal((await app.app.inject({ url: `${url}/revisions/2`, headers: stranger })).statusCode, 404);
    const clerk = bearer(await tokenFor(app.db, { scope: 'read', division: hongjiang }));
    t.match((await app.app.inject({ url, headers: clerk })).json(), {
      revision: 2,
      state: 'SUBMITTED',
      acceptedRevision: 1,
    });
    const other = bearer(await tokenFor(app.db, { scope: 'review', division: neighbour }));
    t.match(
      (await app.app.inject({ url, headers: other })).json(),
      { revision: 1 },
      'a clerk elsewhere sees what the public sees',
    );
  },
);

t.test(
  'who has an agency now does not read what it filed before it came, not even which boxes are blank',
  async (t) => {
    const app = await openTestApp();
    t.teardown(app.close);
    await post(app, filingBody({ figures: { 'decisions.coercion.decided': null } }));
    await changeAgency(app.db, act, { action: 'change', agency: qunfeng, on: '2023-06-01', county: neighbour }, {});
    const query = `{ agency(code: "${qunfeng}") { report(year: 2021) { revision } statistics(years: [2021]) {
    decisions { coercion { decided } } coverage { reported blanks { cell } } } } }`;
    const seenBy = async (division: string) =>
      (await ask(app, query, bearer(await tokenFor(app.db, { scope: 'read', division })))).data.agency;
    t.match(await seenBy(hongjiang), {
      report: { revision: 1 },
      statistics: [{ coverage: { blanks: [{ cell: 'decisions.coercion.decided' }] } }],
    });
    t.match(await seenBy(neighbour), {
      report: null,
      statistics: [{ decisions: null, coverage: { reported: 1, blanks: { length: 0 } } }],
    });
  },
);

t.test('reading can be closed: then even sums take a token, and only for what it reaches', async (t) => {
  const app = await openTestApp({ publicReading: 'none' });
  t.teardown(app.close);
  await post(app, filingBody());
  await accept(app, 1);
  const clerk = bearer(await tokenFor(app.db, { scope: 'read', division: hongjiang }));
  for (const url of [
    `/v1/reports/${qunfeng}/2021`,
    '/v1/reports',
    `/v1/rollups/${hongjiang}/2021`,
    '/v1/exports/rollups.csv?division=431281',
    '/v1/agencies',
  ]) {
    t.equal((await app.app.inject({ url, headers: stranger })).statusCode, 401, `${url} by a stranger`);
    t.equal((await app.app.inject({ url, headers: clerk })).statusCode, 200, `${url} by its clerk`);
  }
  t.equal((await app.app.inject({ url: '/v1/rollups/431200/2021', headers: clerk })).statusCode, 403);
  t.equal((await app.app.inject({ url: '/v1/exports/rollups.csv', headers: clerk })).statusCode, 403);
  const closed = await ask(app, '{ county(code: "431281") { name } }', stranger);
  t.match(closed.errors, [{ extensions: { problem: 'unauthorized' } }]);
  const sums = (code: string) =>
    ask(app, `{ division(code: "${code}") { statistics(years: [2021]) { coverage { reported } } } }`, clerk);
  t.match(await sums(hongjiang), { data: { division: { statistics: [{ coverage: { reported: 1 } }] } } });
  t.match((await sums('430000')).errors, [{ extensions: { problem: 'forbidden' } }]);
  for (const url of ['/health/live', '/v1/forms', '/openapi.json']) {
    t.equal((await app.app.inject({ url, headers: stranger })).statusCode, 200, `${url} stays public`);
  }
});

t.test('who has no say over a report is not told by a refusal to withdraw it whether it was accepted', async (t) => {
  const opened = await openTestApp({ publicReading: 'none' });
  const { app, db } = opened;
  t.teardown(opened.close);
  for (const scope of ['file', 'review'] as const) {
    const headers = { ...bearer(await tokenFor(db, { scope, division: neighbour })), 'if-match': '*' };
    const refused = async () => {
      const { statusCode, body } = await app.inject({ method: 'DELETE', url: `/v1/reports/${qunfeng}/2021`, headers });
      return { statusCode, ...JSON.parse(body), instance: '', requestId: '' };
    };
    await post(opened, filingBody());
    const before = await refused();
    t.equal(before.statusCode, 403);
    await accept(opened, 1);
    t.same(await refused(), before, scope);
    await app.inject({
      method: 'POST',
      url: `/v1/reports/${qunfeng}/2021/reviews`,
      payload: { decision: 'RETURNED', revision: 1, reason: 'r' },
    });
  }
});

t.test('a route that does not declare who may call it stops the start', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  const app = Fastify();
  requireDeclaredScopes(app);
  app.get('/v1/everything', async () => ({}));
  await t.rejects(async () => void (await app.ready()), /declares who may call it.*\/v1\/everything/);
});

t.test('the operator of the machine has every scope everywhere', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  const made = await createToken(db, { ...act, caller: operator }, randomBytes, {
    name: 'x',
    grants: [{ scope: 'admin', division: '100000' }],
    expiresAt: null,
  });
  t.match(made.grants, [{ scope: 'admin', division: '100000' }]);
});
