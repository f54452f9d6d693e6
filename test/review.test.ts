/** What reviewers do, and what is kept of it: decisions, notes, locked years, the audit log, requests answered once. */
import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import t from 'tap';
import { readAudit } from '../src/report/audit-log.js';
import { fileReport } from '../src/report/file.js';
import { reviewReport } from '../src/report/review.js';
import { withdrawReport } from '../src/report/withdraw.js';
import { verifyAudit } from '../src/store/audit-records.js';
import { inTransaction } from '../src/store/engine/commit.js';
import { openStore } from '../src/store/engine/open.js';
import { verifyRollups } from '../src/store/rollup/rollup-check.js';
import {
  act,
  bearer,
  filing,
  filingBody,
  hongjiang,
  openTestApp,
  openTestStore,
  qunfeng,
  runSql,
  tokenFor,
  townshipsOf,
} from './builders.js';

type TestApp = Awaited<ReturnType<typeof openTestApp>>;

const neighbour = '431202';
const url = `/v1/reports/${qunfeng}/2021`;

async function send(app: TestApp, method: 'POST' | 'PUT' | 'DELETE', to: string, body?: object, headers = {}) {
  const answer = await app.app.inject({
    method,
    url: to,
    headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
    ...(body && { payload: JSON.stringify(body) }),
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.body === '' ? null : answer.json() };
}

const decide = (app: TestApp, decision: string, revision: number, reason?: string, headers = {}) =>
  send(app, 'POST', `${url}/reviews`, { decision, revision, ...(reason && { reason }) }, headers);

const revise = (app: TestApp, figures: Record<string, number>, headers = {}) =>
  send(app, 'PUT', url, filingBody({ figures, reason: '更正' }), { 'if-match': '*', ...headers });

async function sums(app: TestApp, include: string) {
  const { figures, coverage, includes } = (
    await app.app.inject(`/v1/rollups/${hongjiang}/2021?include=${include}`)
  ).json();
  return {
    penalties: figures.decisions.penalties.decided,
    accepted: coverage.accepted,
    reported: coverage.reported,
    includes,
  };
}

t.test(
  'a report is submitted, returned with a reason, corrected and accepted by a reviewer of its county',
  async (t) => {
    const app = await openTestApp();
    t.teardown(app.close);
    const filer = bearer(await tokenFor(app.db, { scope: 'file', agency: qunfeng }));
    const reviewer = bearer(await tokenFor(app.db, { scope: 'review', division: hongjiang }, '县政务公开办'));
    const filed = await send(app, 'POST', '/v1/reports', filingBody(), filer);
    t.match(filed.body, { state: 'SUBMITTED', acceptedRevision: null });
    t.equal((await decide(app, 'ACCEPTED', 1, undefined, filer)).status, 403, 'who files does not review');
    const elsewhere = bearer(await tokenFor(app.db, { scope: 'review', division: neighbour }));
    t.equal((await decide(app, 'ACCEPTED', 1, undefined, elsewhere)).status, 403);
    const reasonless = await decide(app, 'RETURNED', 1, undefined, reviewer);
    t.match(reasonless, { status: 422, body: { type: '/problems/invalid-review', errors: [{ pointer: '/reason' }] } });
    const returned = await decide(app, 'RETURNED', 1, '行政处罚应为 3 件', reviewer);
    t.match(returned.body, {
      state: 'RETURNED',
      review: { decision: 'RETURNED', reason: '行政处罚应为 3 件', actor: '县政务公开办' },
    });
    t.match((await app.app.inject('/v1/reports?state=RETURNED')).json(), { totalCount: 1 });
    t.match((await revise(app, { 'decisions.penalties.decided': 3 }, filer)).body, { state: 'SUBMITTED', revision: 2 });
    t.match(await decide(app, 'ACCEPTED', 1, undefined, reviewer), { status: 412, body: { revision: 2 } });
    t.match((await decide(app, 'ACCEPTED', 2, undefined, reviewer)).body, { state: 'ACCEPTED', acceptedRevision: 2 });
    const again = await decide(app, 'ACCEPTED', 2, undefined, reviewer);
    t.equal(again.status, 200);
    t.equal((await runSql(app.db, 'select 1 from review')).length, 2, 'the same decision again is none');
    t.equal(
      (await send(app, 'DELETE', url, undefined, { ...filer, 'if-match': '*' })).status,
      403,
      'what was accepted is withdrawn by a reviewer',
    );
    t.equal((await send(app, 'DELETE', url, undefined, { ...reviewer, 'if-match': '*' })).status, 204);
  },
);

t.test('sums say what they include, and hold what was accepted while a correction is looked at', async (t) => {
  const app = await openTestApp();
  t.teardown(app.close);
  await send(app, 'POST', '/v1/reports', filingBody({ figures: { 'decisions.penalties.decided': 5 } }));
  t.match(await sums(app, 'ALL'), { includes: 'ALL', penalties: 5, reported: 1, accepted: 0 });
  t.match(await sums(app, 'ACCEPTED'), { includes: 'ACCEPTED', penalties: null, reported: 1, accepted: 0 });
  await decide(app, 'ACCEPTED', 1);
  await revise(app, { 'decisions.penalties.decided': 8 });
  t.match(await sums(app, 'ALL'), { penalties: 8, accepted: 1 });
  t.match(await sums(app, 'ACCEPTED'), { penalties: 5, accepted: 1 });
  const query = `{ county(code: "${hongjiang}") { all: statistics(years: [2021]) { includes decisions { penalties { decided } } }
    accepted: statistics(years: [2021], include: ACCEPTED) { includes decisions { penalties { decided } } coverage { accepted } } } }`;
  const { data } = (await send(app, 'POST', '/graphql', { query })).body;
  t.same(data.county.all, [{ includes: 'ALL', decisions: { penalties: { decided: 8 } } }]);
  t.same(data.county.accepted, [
    { includes: 'ACCEPTED', decisions: { penalties: { decided: 5 } }, coverage: { accepted: 1 } },
  ]);
  await decide(app, 'ACCEPTED', 2);
  t.match(await sums(app, 'ACCEPTED'), { penalties: 8 });
  await decide(app, 'RETURNED', 2, '再核');
  t.match(await sums(app, 'ACCEPTED'), { penalties: null, accepted: 0 });
  t.same(await verifyRollups(app.db), []);
});

t.test('both sums and the log stay exact after any sequence of filings, decisions and withdrawals', async (t) => {
  const townships = (await townshipsOf(hongjiang)).slice(0, 3);
  const step = fc.record({
    agency: fc.constantFrom(...townships),
    year: fc.constantFrom(2019, 2021),
    what: fc.constantFrom('file', 'accept', 'return', 'withdraw'),
    count: fc.nat(9),
    publishedOn: fc.constantFrom('2020-01-10', '2022-06-01'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const db = await openTestStore();
      for (const { agency, year, what, count, publishedOn } of steps) {
        const figures = { 'decisions.penalties.decided': count, 'decisions.coercion.decided': null };
        const filed = filing({ agency, year, figures, reason: 'r', source: { publishedOn } });
        const standing = await runSql<{ revision: number }>(
          db,
          `select r.revision from report r join agency_state s on s.agency_id = r.agency_id where s.code = ? and r.year = ?`,
          [agency, year],
        );
        const revision = standing[0]?.revision;
        if (what === 'file') await fileReport(db, act, filed, { method: 'put', ...(revision && { ifMatch: 'any' }) });
        else if (revision === undefined) continue;
        else if (what === 'withdraw') await withdrawReport(db, act, { agency, year, reason: null }, { ifMatch: 'any' });
        else {
          const decision = what === 'accept' ? 'ACCEPTED' : 'RETURNED';
          await reviewReport(db, act, { agency, year, revision, decision, reason: 'r' }, {});
        }
      }
      t.same(await verifyRollups(db), []);
      t.same((await verifyAudit(db)).faults, []);
      await db.destroy();
    }),
    { numRuns: 25 },
  );
});

t.test('what is said of a finding stays when it is made anew, and is marked when its figures changed', async (t) => {
  const app = await openTestApp();
  t.teardown(app.close);
  const lenient = { prefer: 'handling=lenient' };
  const broken = (total: number) => ({ 'appeals.reconsideration.upheld': 10, 'appeals.reconsideration.total': total });
  await send(app, 'POST', '/v1/reports', filingBody({ figures: broken(0) }), lenient);
  const finding = { code: 'T4-ROW', pointer: '/figures/appeals/reconsideration/total' };
  const filer = bearer(await tokenFor(app.db, { scope: 'file', agency: qunfeng }, '群峰乡'));
  const say = (standing: string, text: string, headers = {}) =>
    send(app, 'PUT', `${url}/notes`, { ...finding, standing, text }, headers);
  const explained = await say('EXPLAINED', '公布时总计漏填', filer);
  const note = (body: { findings: readonly { code: string; note?: object }[] }) =>
    body.findings.find(({ code }) => code === 'T4-ROW')?.note;
  t.match(note(explained.body), { standing: 'EXPLAINED', text: '公布时总计漏填', actor: '群峰乡', outdated: false });
  t.equal((await say('CONFIRMED', '属实', filer)).status, 403, 'who files does not confirm');
  await send(app, 'POST', '/v1/reports', filingBody({ year: 2020 }));
  t.match(
    note((await app.app.inject(url)).json()),
    { outdated: false },
    'the year before was filed, the findings made anew',
  );
  await revise(app, broken(3), lenient);
  t.match(note((await app.app.inject(url)).json()), { text: '公布时总计漏填', outdated: true });
  t.match(note((await say('CONFIRMED', '属实')).body), { standing: 'CONFIRMED', outdated: false });
  t.equal(note((await say('OPEN', '')).body), undefined);
  const none = await send(app, 'PUT', `${url}/notes`, {
    code: 'T3-FLOW',
    pointer: '/x',
    standing: 'EXPLAINED',
    text: 'x',
  });
  t.match(none, { status: 404, body: { type: '/problems/not-found' } });
});

t.test('a locked year takes no filing, says since when and who can lift it, and has exceptions', async (t) => {
  const app = await openTestApp();
  t.teardown(app.close);
  await send(app, 'POST', '/v1/reports', filingBody());
  const reviewer = bearer(await tokenFor(app.db, { scope: 'review', division: '431200' }, '怀化市政务公开办'));
  const lock = `/v1/divisions/${hongjiang}/locks/2021`;
  t.equal((await send(app, 'PUT', lock, { since: '2026-12-01', reason: '已公布' }, reviewer)).status, 200);
  t.equal((await revise(app, { 'decisions.penalties.decided': 1 })).status, 200, 'the day has not come');
  await send(app, 'PUT', lock, { since: '2022-02-20', reason: '全县报告已公布' }, reviewer);
  const refused = await revise(app, { 'decisions.penalties.decided': 2 });
  t.match(refused, {
    status: 409,
    body: {
      type: '/problems/year-locked',
      detail: /2022-02-20.*怀化市政务公开办.*review.*2022-02-20/,
      lock: { division: hongjiang, year: 2021, since: '2022-02-20', reason: '全县报告已公布' },
      liftedBy: { scope: 'review', division: hongjiang },
    },
  });
  t.equal((await send(app, 'DELETE', url, undefined, { 'if-match': '*' })).status, 409);
  t.equal((await send(app, 'POST', '/v1/reports', filingBody({ year: 2022 }))).status, 201, 'other years are open');
  t.equal((await decide(app, 'ACCEPTED', 2)).status, 200, 'a decision is no filing');
  const except = await send(
    app,
    'PUT',
    `${lock}/exceptions/${qunfeng}`,
    { until: '2026-11-30', reason: '更正' },
    reviewer,
  );
  t.match(except.body, { exceptions: [{ agency: qunfeng, until: '2026-11-30' }] });
  t.equal((await revise(app, { 'decisions.penalties.decided': 2 })).status, 200);
  await send(app, 'PUT', `${lock}/exceptions/${qunfeng}`, { until: '2026-11-01', reason: '更正' }, reviewer);
  t.equal((await revise(app, { 'decisions.penalties.decided': 3 })).status, 409, 'the exception has ended');
  const other = await send(app, 'PUT', `${lock}/exceptions/320813001`, { reason: 'x' });
  t.equal(other.status, 404, 'an agency of another county');
  t.match((await app.app.inject(`/v1/divisions/${hongjiang}/locks`)).json(), { items: [{ year: 2021 }] });
  t.equal((await send(app, 'DELETE', lock, undefined, reviewer)).status, 204);
  t.equal((await revise(app, { 'decisions.penalties.decided': 3 })).status, 200);
  t.equal((await send(app, 'DELETE', lock)).status, 404);
});

t.test(
  'the log tells who did what, when, from where, before and after; of a county to those who review it',
  async (t) => {
    const app = await openTestApp();
    t.teardown(app.close);
    const filed = await send(app, 'POST', '/v1/reports', filingBody(), { from: 'zhang@example.org' });
    await decide(app, 'RETURNED', 1, '请补正');
    await send(app, 'PUT', `/v1/agencies/${qunfeng}/exemptions/2023`, { reason: '撤并' });
    await send(app, 'POST', '/v1/reports', filingBody({ agency: '320813001' }));
    t.equal((await send(app, 'POST', '/v1/reports', filingBody({ year: 2050 }))).status, 422);
    await send(app, 'POST', '/v1/reports?dryRun=true', filingBody({ year: 2022 }));
    const { items } = (await app.app.inject(`/v1/audit?division=${hongjiang}`)).json();
    t.same(
      items.map(({ action }: { action: string }) => action),
      ['report.file', 'report.return', 'register.exempt'],
      'what was refused or only tried out is not in it, nor what happened elsewhere',
    );
    t.match(items[0], {
      actor: 'clerk@example.org (zhang@example.org)',
      address: '127.0.0.1',
      requestId: filed.headers['x-request-id'],
      subject: url,
      division: { code: hongjiang, name: '洪江市' },
      before: null,
      after: { revision: 1 },
    });
    t.match(items[1], { before: { state: 'SUBMITTED' }, after: { state: 'RETURNED', reason: '请补正' } });
    t.match(items[2], { before: { name: '群峰乡' }, after: { year: 2023, reason: '撤并' } });
    const elsewhere = bearer(await tokenFor(app.db, { scope: 'review', division: neighbour }));
    t.equal((await app.app.inject({ url: `/v1/audit?division=${hongjiang}`, headers: elsewhere })).statusCode, 403);
    t.equal((await app.app.inject({ url: '/v1/audit', headers: elsewhere })).statusCode, 403, 'nor of everything');
    const first = await app.app.inject(`/v1/audit?first=2`);
    t.equal(first.json().items.length, 2);
    t.match(first.headers.link, /rel="next"/);
    const later = await readAudit(app.db, act, { from: '2030-01-01T00:00:00Z' }, { first: 10, after: 0 });
    t.same(later.items, []);
  },
);

t.test('the log cannot be changed, and whatever is altered behind its back is found', async (t) => {
  const path = `${t.testdir()}/x.db`;
  const db = await openTestStore(`sqlite:${path}`);
  for (const year of [2019, 2020, 2021, 2022]) await fileReport(db, act, filing({ year }), { method: 'post' });
  await reviewReport(db, act, { agency: qunfeng, year: 2021, revision: 1, decision: 'ACCEPTED', reason: null }, {});
  await t.rejects(runSql(db, "update audit set actor = 'x'"), /never changed/);
  await t.rejects(runSql(db, 'delete from audit'), /never deleted/);
  const { faults, head } = await verifyAudit(db);
  t.same(faults, []);
  t.equal(head.number, 5);
  await db.destroy();
  const tampered = async (statement: string, known?: typeof head) => {
    const copy = `${path}.${Math.random()}`;
    const raw = new Sqlite(path);
    raw.exec(`vacuum into '${copy}'`);
    raw.close();
    const other = new Sqlite(copy);
    for (const { name } of other
      .prepare<[], { name: string }>("select name from sqlite_schema where type = 'trigger'")
      .all()) {
      other.exec(`drop trigger ${name}`);
    }
    other.exec(statement);
    other.close();
    const opened = await openStore(`sqlite:${copy}`);
    const verified = await verifyAudit(opened, known);
    await opened.destroy();
    return verified.faults.length;
  };
  t.equal(await tampered('select 1'), 0);
  const columns = [
    'at',
    'actor',
    'token_id',
    'address',
    'request_id',
    'action',
    'division_id',
    'subject',
    'before',
    'after',
    'hash',
    'digest',
  ];
  for (const column of columns) {
    t.not(await tampered(`update audit set ${column} = '7' where number = 3`), 0, `${column} altered`);
  }
  t.not(await tampered('delete from audit where number = 2'), 0, 'an entry left out');
  t.not(
    await tampered(
      'insert into audit select 6, at, actor, token_id, address, request_id, action, division_id, subject, before, after, hash, digest from audit where number = 3',
    ),
    0,
    'an entry put in',
  );
  t.not(await tampered('delete from audit where number = 5'), 0, 'a decision that no entry tells of');
  t.not(
    await tampered('delete from audit where number = 5; delete from review', head),
    0,
    'the end cut off, as an earlier head shows',
  );
  t.not(await tampered("update revision set actor = 'another' where year = 2020"), 0, 'a revision ascribed to another');
  t.not(await tampered("update revision set hash = 'x' where year = 2020"), 0, 'a revision replaced');
  t.not(await tampered('delete from revision where year = 2020'), 0, 'a revision removed');
});

t.test(
  'a POST with a key is done once, and answered the same however often it is sent, over a restart too',
  async (t) => {
    const file = `sqlite:${t.testdir()}/x.db`;
    const first = await openTestApp({ url: file });
    const key = { 'idempotency-key': '"8e03978e-40d5-43dd-bc93-6894a57f9324"' };
    const body = filingBody();
    const post = (app: TestApp, sent: object, headers: object) => send(app, 'POST', '/v1/reports', sent, headers);
    // Another writes until two were refused, so that the first of them is under way.
    let letGo = () => {};
    const writing = inTransaction(first.db, {}, () => new Promise<void>((resolve) => (letGo = resolve)));
    let told = 0;
    const letGoOnce = ({ status }: { readonly status: number }) => {
      if (status === 409 && ++told === 2) letGo();
    };
    const sent = [1, 2, 3].map(() => post(first, body, key));
    for (const one of sent) void one.then(letGoOnce);
    const together = await Promise.all(sent);
    await writing;
    t.same(
      together.map(({ status }) => status).toSorted(),
      [201, 409, 409],
      'while it is under way the others are told so',
    );
    t.match(
      together.find(({ status }) => status === 409),
      { body: { type: '/problems/request-in-flight' }, headers: { 'retry-after': '1' } },
    );
    const created = together.find(({ status }) => status === 201);
    const replayed = await post(first, body, key);
    t.equal(replayed.status, 201);
    t.same(replayed.body, created?.body);
    t.match(replayed.headers, { etag: created?.headers.etag, location: url, 'idempotent-replayed': 'true' });
    t.match(await post(first, filingBody({ year: 2022 }), key), {
      status: 422,
      body: { type: '/problems/key-reused' },
    });
    t.equal(
      (await post(first, body, { ...key, prefer: 'handling=lenient' })).status,
      422,
      'otherwise taken is another request',
    );
    const other = bearer(await tokenFor(first.db));
    t.equal((await post(first, body, { ...key, ...other })).status, 200, 'a key is its token’s own');
    const refused = { 'idempotency-key': 'refused' };
    t.equal((await post(first, filingBody({ agency: '431281999' }), refused)).status, 404);
    t.equal(
      (await post(first, filingBody({ year: 2022 }), refused)).status,
      201,
      'what was refused did nothing and keeps no key',
    );
    t.equal((await post(first, filingBody({ year: 2023 }), { 'idempotency-key': 'x'.repeat(256) })).status, 400);
    const review = { decision: 'ACCEPTED', revision: 1 };
    t.equal((await send(first, 'POST', `${url}/reviews`, review, { 'idempotency-key': 'r' })).status, 200);
    t.match((await send(first, 'POST', `${url}/reviews`, review, { 'idempotency-key': 'r' })).headers, {
      'idempotent-replayed': 'true',
    });
    const change = { on: '2026-01-01', name: '群峰镇' };
    const renamed = () => send(first, 'POST', `/v1/agencies/${qunfeng}/changes`, change, { 'idempotency-key': 'c' });
    t.match(await renamed(), { status: 200, body: { outcome: 'changed' } });
    t.match(await renamed(), { status: 200, body: { outcome: 'changed' }, headers: { 'idempotent-replayed': 'true' } });
    const line = JSON.stringify(filingBody({ agency: '320813001', year: 2022 }));
    const bulk = (payload: string) =>
      first.app.inject({
        method: 'POST',
        url: '/v1/imports',
        headers: { 'content-type': 'application/x-ndjson', 'idempotency-key': 'bulk' },
        payload,
      });
    const job = await bulk(line);
    t.equal(job.statusCode, 202);
    const same = await bulk(line);
    t.match(same, { statusCode: 202, headers: { location: job.headers.location, 'idempotent-replayed': 'true' } });
    t.equal((await bulk(`${line}\n${line}`)).statusCode, 422, 'another file under its key');
    t.equal((await runSql(first.db, 'select 1 from import')).length, 1);
    await first.app.close();
    await sleep(10);
    await first.db.destroy();

    const db = await openStore(file);
    const { buildApp } = await import('../src/app.js');
    const { clock, signIn } = await import('./builders.js');
    const app = await buildApp({ db, clock, logger: false });
    signIn(app, first.token);
    t.teardown(async () => {
      await app.close();
      await db.destroy();
    });
    const after = await post({ ...first, app, db }, body, key);
    t.equal(after.status, 201);
    t.same(after.body, created?.body);
    t.equal((await runSql(db, 'select 1 from revision where year = 2021')).length, 1);
  },
);

/** A year of one township: so many cases carried in, so many carried out. */
const carrying = (agency: string, year: number, carriedIn: number, carriedOut: number) =>
  filingBody({
    agency,
    year,
    reason: '更正',
    figures: Object.fromEntries(
      ['naturalPerson', 'total'].flatMap((column) => [
        [`applications.carriedIn.${column}`, carriedIn],
        [`applications.newReceived.${column}`, Math.max(0, carriedOut - carriedIn)],
        [`applications.processed.${column}`, Math.max(0, carriedIn - carriedOut)],
        [`applications.granted.${column}`, Math.max(0, carriedIn - carriedOut)],
        [`applications.carriedOut.${column}`, carriedOut],
      ]),
    ),
  });

t.test(
  'after a merger the public is told the findings of a token holder, and none by what was not accepted',
  async (t) => {
    const app = await openTestApp();
    t.teardown(app.close);
    const into = '431281102';
    const accept = async (agency: string, year: number, revision: number) =>
      t.equal(
        (await send(app, 'POST', `/v1/reports/${agency}/${year}/reviews`, { decision: 'ACCEPTED', revision })).status,
        200,
      );
    const findings = async (headers = {}) =>
      (await app.app.inject({ url: `/v1/reports/${into}/2022`, headers })).json().findings;
    const listed = async (headers = {}) =>
      (await app.app.inject({ url: `/v1/reports?agency=${into}&year=2022`, headers })).json().items[0].findings;
    const stranger = { authorization: '' };
    await send(app, 'POST', `/v1/agencies/${qunfeng}/closure`, { on: '2022-06-01', mergedInto: into });
    await send(app, 'POST', '/v1/reports', carrying(qunfeng, 2021, 0, 3));
    await send(app, 'POST', '/v1/reports', carrying(into, 2021, 0, 2));
    await send(app, 'POST', '/v1/reports', carrying(into, 2022, 4, 4));
    await accept(into, 2021, 1);
    await accept(into, 2022, 1);
    t.match(await findings(), [{ code: 'X-CARRY', left: 4, right: 5 }, { code: 'X-CARRY' }]);
    t.same(await findings(stranger), [], 'the other part of the year before is not accepted');
    await accept(qunfeng, 2021, 1);
    t.same(await findings(stranger), await findings());
    t.same(await listed(stranger), await findings());
    t.equal((await findings(stranger)).length, 2);
    await send(app, 'PUT', url, carrying(qunfeng, 2021, 0, 33), { 'if-match': '*' });
    t.match(await findings(), [{ code: 'X-CARRY', left: 4, right: 35 }, { code: 'X-CARRY' }]);
    t.match(await findings(stranger), [{ code: 'X-CARRY', left: 4, right: 5 }, { code: 'X-CARRY' }]);
    t.notMatch(JSON.stringify(await findings(stranger)), /33|35/);
    t.same(await listed(stranger), await findings(stranger));
  },
);
