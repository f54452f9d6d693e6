/** Two processes on one file: what both are asked at the same moment is done once, and neither fails. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InjectOptions } from 'fastify';
import t, { type Test } from 'tap';
import { operator } from '../src/access/authority.js';
import { createFirstToken } from '../src/access/tokens.js';
import { buildApp } from '../src/app.js';
import { loadNationalRegister } from '../src/register/load.js';
import { packageRoot } from '../src/root.js';
import { verifyAudit } from '../src/store/audit-records.js';
import { inTransaction } from '../src/store/engine/commit.js';
import { openStore } from '../src/store/engine/open.js';
import { verifyRollups } from '../src/store/rollup/rollup-check.js';
import { act, clock, filingBody, hongjiang, openTestApp, qunfeng, runSql, signIn } from './builders.js';

/** The reviewed description of the service, which a test holds to what is served. */
const document = JSON.parse(readFileSync(join(packageRoot, 'openapi.json'), 'utf8')) as {
  readonly paths: Readonly<Record<string, object>>;
};

/** Messages go to this machine, where nobody listens. */
const toNobody = { webhookNetworks: ['127.0.0.1'] };
const hook = { url: 'http://127.0.0.1:9/' };
const subscription = `sub_${'0'.repeat(24)}`;
const message = `msg_${'0'.repeat(32)}`;

/** Two applications, each with a store of its own, on one file. */
async function openTwo(t: Test) {
  const store = `sqlite:${t.testdir()}/x.db`;
  const one = await openTestApp({ url: store, ...toNobody });
  const db = await openStore(store);
  const other = await buildApp({ db, clock, logger: false, ...toNobody });
  signIn(other, one.token);
  const { id } = (
    await one.app.inject(asked(['POST /v1/subscriptions', '/v1/subscriptions', [201, 201], hook]))
  ).json();
  await one.app.inject({ method: 'POST', url: `/v1/subscriptions/${id}/test` });
  // Under ids that the writes can name.
  await inTransaction(db, {}, async (trx) => {
    await runSql(trx, 'pragma defer_foreign_keys = on');
    await runSql(trx, `update delivery set subscription_id = '${subscription}', id = '${message}'`);
    await runSql(trx, `update subscription set id = '${subscription}'`);
  });
  t.teardown(async () => {
    await other.close();
    await db.destroy();
    await one.close();
  });
  return { db, apps: [one.app, other] as const };
}

const report = `/v1/reports/${qunfeng}/2021`;
const other = '431281102';
const lock = `/v1/divisions/${hongjiang}/locks/2022`;
const changes = `/v1/agencies/${qunfeng}/changes`;
const revised = filingBody({ figures: { 'decisions.penalties.decided': 7 }, reason: '更正' });
const carrying = filingBody({ year: 2023, figures: { 'applications.carriedIn.total': 1 } });
const csv = `action,code,on,name\nchange,${other},2022-01-01,安江新镇\n`;

/** A write, sent to both at once: its path in the description, and the statuses of both without a key, the lower first. */
const writes: readonly (readonly [
  call: `${'POST' | 'PUT' | 'PATCH' | 'DELETE'} ${string}`,
  url: string,
  statuses: readonly [number, number],
  body?: object | string | undefined,
  headers?: Record<string, string> | undefined,
])[] = [
  ['POST /v1/reports', '/v1/reports', [200, 201], filingBody()],
  ['POST /v1/reports/{agency}/{year}/reviews', `${report}/reviews`, [200, 200], { decision: 'ACCEPTED', revision: 1 }],
  ['PUT /v1/reports/{agency}/{year}', report, [200, 200], revised, { 'if-match': '*' }],
  [
    'PUT /v1/reports/{agency}/{year}',
    `/v1/reports/${qunfeng}/2023`,
    [200, 201],
    carrying,
    { prefer: 'handling=lenient' },
  ],
  [
    'PUT /v1/reports/{agency}/{year}/notes',
    `/v1/reports/${qunfeng}/2023/notes`,
    [200, 200],
    { code: 'T3-ROW', pointer: '/figures/applications/carriedIn/total', standing: 'EXPLAINED', text: '已核' },
  ],
  ['DELETE /v1/reports/{agency}/{year}', report, [204, 404], undefined, { 'if-match': '*' }],
  ['PUT /v1/divisions/{division}/locks/{year}', lock, [200, 200], { since: '2026-01-01', reason: '归档' }],
  [
    'PUT /v1/divisions/{division}/locks/{year}/exceptions/{agency}',
    `${lock}/exceptions/${qunfeng}`,
    [200, 200],
    { reason: '补报' },
  ],
  ['DELETE /v1/divisions/{division}/locks/{year}/exceptions/{agency}', `${lock}/exceptions/${qunfeng}`, [204, 404]],
  ['DELETE /v1/divisions/{division}/locks/{year}', lock, [204, 404]],
  [
    'POST /v1/tokens',
    '/v1/tokens',
    [201, 409],
    { name: '县', grants: [{ scope: 'file', division: hongjiang }], expiresAt: null },
  ],
  ['POST /v1/tokens/{id}/rotation', '/v1/tokens/2/rotation', [200, 200], {}],
  ['DELETE /v1/tokens/{id}', '/v1/tokens/2', [200, 200]],
  [
    'PUT /v1/divisions/{division}/deadlines/{year}',
    `/v1/divisions/${hongjiang}/deadlines/2022`,
    [200, 201],
    { due: '02-15' },
  ],
  ['DELETE /v1/divisions/{division}/deadlines/{year}', `/v1/divisions/${hongjiang}/deadlines/2022`, [200, 404]],
  [
    'POST /v1/agencies',
    '/v1/agencies',
    [201, 409],
    { code: 'XB-1', name: '新办', kind: 'OFFICE', county: hongjiang, validFrom: '2021-01-01' },
  ],
  [
    'PUT /v1/agencies/{agency}/exemptions/{year}',
    `/v1/agencies/${other}/exemptions/2021`,
    [200, 201],
    { reason: '撤并' },
  ],
  ['DELETE /v1/agencies/{agency}/exemptions/{year}', `/v1/agencies/${other}/exemptions/2021`, [200, 404]],
  ['POST /v1/agencies/{agency}/changes', changes, [200, 200], { on: '2027-01-01', name: '群峰镇' }],
  ['DELETE /v1/agencies/{agency}/changes/{on}', `${changes}/2027-01-01`, [200, 404]],
  ['POST /v1/agencies/{agency}/closure', `/v1/agencies/${other}/closure`, [200, 200], { on: '2027-01-01' }],
  ['DELETE /v1/agencies/{agency}/closure', `/v1/agencies/${other}/closure`, [200, 404]],
  [
    'POST /v1/divisions',
    '/v1/divisions',
    [201, 409],
    { code: '431299', name: '新县', level: 'COUNTY', parent: '431200', on: '2021-01-01' },
  ],
  [
    'POST /v1/divisions/{division}/changes',
    '/v1/divisions/431299/changes',
    [200, 200],
    { on: '2027-01-01', name: '新城县' },
  ],
  ['DELETE /v1/divisions/{division}/changes/{on}', '/v1/divisions/431299/changes/2027-01-01', [200, 404]],
  ['POST /v1/subscriptions', '/v1/subscriptions', [201, 201], hook],
  ['PATCH /v1/subscriptions/{id}', `/v1/subscriptions/${subscription}`, [200, 200], { paused: true }],
  ['POST /v1/subscriptions/{id}/secret', `/v1/subscriptions/${subscription}/secret`, [200, 200], {}],
  ['POST /v1/subscriptions/{id}/test', `/v1/subscriptions/${subscription}/test`, [202, 202]],
  ['POST /v1/subscriptions/{id}/attempts', `/v1/subscriptions/${subscription}/attempts`, [202, 202]],
  [
    'POST /v1/subscriptions/{id}/deliveries/{delivery}/attempts',
    `/v1/subscriptions/${subscription}/deliveries/${message}/attempts`,
    [202, 202],
  ],
  ['DELETE /v1/subscriptions/{id}', `/v1/subscriptions/${subscription}`, [204, 404]],
  ['POST /v1/register/changes', '/v1/register/changes', [200, 200], csv, { 'content-type': 'text/csv' }],
  [
    'POST /v1/imports',
    '/v1/imports',
    [200, 200],
    JSON.stringify(filingBody({ agency: '320813001', year: 2022 })),
    { 'content-type': 'application/x-ndjson' },
  ],
];

/** The calls whose answer a key keeps: every POST that writes, but those that answer a secret. */
const isKept = (call: string) =>
  call.startsWith('POST') && !call.startsWith('POST /v1/tokens') && !/subscriptions(?:$|.*secret$)/.test(call);

const asked = ([call, url, , body, headers]: (typeof writes)[number], key?: string): InjectOptions => ({
  // The description's own methods.
  method: call.split(' ')[0] as 'POST',
  url,
  headers: {
    ...(typeof body === 'object' && { 'content-type': 'application/json' }),
    ...(key !== undefined && { 'idempotency-key': key }),
    ...headers,
  },
  ...(body !== undefined && { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
});

t.test('every call that writes is among those sent to two processes at once', async (t) => {
  const known = Object.entries(document.paths).flatMap(([path, calls]) =>
    Object.keys(calls).flatMap((method) =>
      ['post', 'put', 'patch', 'delete'].includes(method) ? [`${method.toUpperCase()} ${path}`] : [],
    ),
  );
  // These read what they are sent, and keep nothing.
  const reading = ['POST /v1/readings', 'POST /v1/register/comparison'];
  const writing = known.filter((call) => !reading.includes(call));
  t.same([...new Set<string>(writes.map(([call]) => call))].toSorted(), writing.toSorted());
});

t.test('the same write to two processes at once is done once and refused or repeated, never a failure', async (t) => {
  const { db, apps } = await openTwo(t);
  for (const write of writes) {
    const answers = await Promise.all(apps.map((app) => app.inject(asked(write))));
    const statuses = answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b);
    t.same(statuses, write[2], `${write[0]} ${answers.map(({ body }) => body.slice(0, 120)).join('\n')}`);
  }
  t.same((await verifyAudit(db)).faults, []);
  t.same(await verifyRollups(db), []);
});

t.test(
  'of two processes that are asked for what excludes the other at once one does it, and the other says why not',
  async (t) => {
    const { db, apps } = await openTwo(t);
    const filing = (penalties: number) =>
      filingBody({ figures: { 'decisions.penalties.decided': penalties }, reason: '更正' });
    const office = { code: 'XB-1', kind: 'OFFICE', county: hongjiang, validFrom: '2021-01-01' };
    const token = { grants: [{ scope: 'file', division: hongjiang }], expiresAt: null };
    const rivals: readonly (readonly [...(typeof writes)[number], rival: object])[] = [
      ['POST /v1/reports', '/v1/reports', [201, 409], filing(1), {}, filing(2)],
      ['PUT /v1/reports/{agency}/{year}', report, [200, 412], filing(3), { 'if-match': '"1-x"' }, filing(4)],
      [
        'POST /v1/reports',
        '/v1/reports',
        [201, 422],
        filingBody({ year: 2022 }),
        { 'idempotency-key': 'k' },
        filingBody({ year: 2023 }),
      ],
      ['POST /v1/agencies', '/v1/agencies', [201, 409], { ...office, name: '甲办' }, {}, { ...office, name: '乙办' }],
      [
        'POST /v1/tokens',
        '/v1/tokens',
        [201, 409],
        { ...token, name: '县' },
        {},
        { ...token, name: '县', expiresAt: '2027-01-01T00:00:00Z' },
      ],
    ];
    for (const rival of rivals) {
      const [call, url, statuses, body, headers, otherBody] = rival;
      const [one, two] = apps;
      const answers = await Promise.all([
        one.inject(asked([call, url, statuses, body, headers])),
        two.inject(asked([call, url, statuses, otherBody, headers])),
      ]);
      const given = answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b);
      t.same(given, statuses, `${call} ${answers.map(({ body }) => body.slice(0, 120)).join('\n')}`);
    }
    t.same((await verifyAudit(db)).faults, []);
    t.same(await verifyRollups(db), []);
  },
);

t.test('two processes that are sent one key at once answer the same, and one of them did it', async (t) => {
  const { db, apps } = await openTwo(t);
  for (const write of writes) {
    const key = isKept(write[0]) ? write[0].replaceAll(' ', '') : undefined;
    const before = await runSql(db, 'select number from audit');
    const answers = await Promise.all(apps.map((app) => app.inject(asked(write, key))));
    if (key === undefined) continue;
    const [one, two] = answers;
    t.equal(
      one?.statusCode,
      two?.statusCode,
      `${write[0]}: ${answers.map(({ body }) => body.slice(0, 120)).join('\n')}`,
    );
    t.equal(one?.headers.location, two?.headers.location, write[0]);
    // An import that goes on is shown as far as it is.
    if (one?.statusCode !== 202) t.equal(one?.body, two?.body, write[0]);
    t.equal(answers.filter(({ headers }) => headers['idempotent-replayed'] === 'true').length, 1, write[0]);
    // What is done is written in the log of each division that it concerns.
    const logged = await runSql<{ request_id: string }>(db, 'select request_id from audit where number > ?', [
      before.length,
    ]);
    t.equal(new Set(logged.map((entry) => entry.request_id)).size, 1, write[0]);
  }
  t.same((await verifyAudit(db)).faults, []);
});

t.test('two processes that find a new file at once load one register and make one first token', async (t) => {
  const url = `sqlite:${t.testdir()}/x.db`;
  const stores = await Promise.all([openStore(url), openStore(url)]);
  t.teardown(() => Promise.all(stores.map((db) => db.destroy())));
  const loaded = await Promise.all(stores.map((db) => loadNationalRegister(db, () => undefined)));
  t.same(loaded.toSorted(), [false, true]);
  const tokens = await Promise.all(stores.map((db) => createFirstToken(db, { ...act, caller: operator }, randomBytes)));
  t.equal(tokens.filter((token) => token !== undefined).length, 1);
});
