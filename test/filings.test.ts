/** A division's year as one list: where each agency is with its report, what was found, what was refused; to each reader. */

import fc from 'fast-check';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import t from 'tap';
import { buildApp } from '../src/app.js';
import type { PublicReading } from '../src/words.js';
import { bearer, clock, filingBody, hongjiang, openTestApp, qunfeng, runSql, tokenFor } from './builders.js';
import { holdToDocument } from './contract.js';

t.setTimeout(300_000);

const [accepted, corrected, submitted, returned, withdrawn, exempted, refused, silent] = [
  '431281101',
  '431281102',
  '431281103',
  qunfeng,
  '431281104',
  '431281106',
  '431281108',
  '431281107',
] as const;
const list = `/v1/divisions/${hongjiang}/filings/2021`;
/** A total that its parts do not come to. */
const unbalanced = { 'appeals.reconsideration.total': 999 };
/** A warning: fewer in force than were issued. */
const doubtful = { 'documents.normativeDocuments.issued': 5, 'documents.normativeDocuments.inForce': 0 };

type Body = Readonly<Record<string, unknown>>;

async function send(app: FastifyInstance, method: 'POST' | 'PUT' | 'DELETE', url: string, body?: Body, headers = {}) {
  return app.inject({
    method,
    url,
    headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
    ...(body && { payload: JSON.stringify(body) }),
  });
}

/** One county in which every state there is is met. */
async function openCounty(t: { teardown(end: () => unknown): unknown }) {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  const file = (agency: string, rest: Body = {}) =>
    send(app, 'PUT', `/v1/reports/${agency}/2021`, filingBody({ agency, ...rest }), { 'if-match': '*' });
  const first = (agency: string, rest: Body = {}) => send(app, 'POST', '/v1/reports', filingBody({ agency, ...rest }));
  const decide = (agency: string, decision: string, revision = 1) =>
    send(app, 'POST', `/v1/reports/${agency}/2021/reviews`, { decision, revision, reason: '依据不足' });
  for (const agency of [accepted, corrected, submitted, returned, withdrawn]) {
    const figures = agency === accepted || agency === returned ? doubtful : {};
    const source = agency === submitted ? undefined : { publishedOn: '2022-01-20' };
    await first(agency, { figures, ...(source && { source }) });
  }
  await decide(accepted, 'ACCEPTED');
  await decide(corrected, 'ACCEPTED');
  await file(corrected, { figures: doubtful, reason: '更正', source: { publishedOn: '2022-01-20' } });
  await decide(returned, 'RETURNED');
  await send(app, 'DELETE', `/v1/reports/${withdrawn}/2021`, undefined, { 'if-match': '*' });
  await send(app, 'PUT', `/v1/agencies/${exempted}/exemptions/2021`, { reason: '新设' });
  await first(refused, { figures: unbalanced });
  const openFor = async (publicReading: PublicReading) => {
    const other = await buildApp({ db, clock, logger: false, publicReading });
    holdToDocument(other);
    t.teardown(() => other.close());
    return other;
  };
  return { app, db, first, file, openFor };
}

interface ShownItem {
  readonly agency: string;
  readonly state: string;
  readonly late: boolean | null;
  readonly revision: number | null;
  readonly findings: { readonly warnings: number } | null;
  readonly decision: { readonly decision: string } | null;
  readonly refusals: number | null;
}

/** What a reader is shown of each agency: its state, whether it is late, its revision, findings, decision, refusals. */
async function shownTo(app: FastifyInstance, headers: Record<string, string>, query = '') {
  const answer = await app.inject({ url: `${list}?first=500${query}`, headers });
  if (answer.statusCode !== 200) return answer.statusCode;
  const { items } = answer.json();
  return Object.fromEntries(
    items.map((one: ShownItem) => [
      one.agency,
      [one.state, one.late, one.revision, one.findings?.warnings ?? null, one.decision?.decision ?? null, one.refusals],
    ]),
  );
}

t.test('the list shows each agency to each reader as far as that reader may see it', async (t) => {
  const { app, db, openFor } = await openCounty(t);
  const clerk = {
    [accepted]: ['ACCEPTED', false, 1, 1, 'ACCEPTED', null],
    [corrected]: ['SUBMITTED', false, 2, 1, null, null],
    [submitted]: ['SUBMITTED', true, 1, 0, null, null],
    [returned]: ['RETURNED', false, 1, 1, 'RETURNED', null],
    [withdrawn]: ['WITHDRAWN', true, null, null, null, null],
    [exempted]: ['EXEMPT', false, null, null, null, null],
    [refused]: ['NOT_FILED', true, null, null, null, null],
    [silent]: ['NOT_FILED', true, null, null, null, null],
  };
  const withRefusals = (shown: Record<string, readonly unknown[]>, of = Object.keys(shown)) =>
    Object.fromEntries(
      Object.entries(shown).map(([agency, values]) => {
        if (!of.includes(agency)) return [agency, values];
        const [state, ...rest] = values;
        const kept = agency === refused ? 1 : 0;
        return [agency, [agency === refused ? 'REFUSED' : state, ...rest.slice(0, -1), kept]];
      }),
    );
  const stranger: Record<string, readonly unknown[]> = {
    ...clerk,
    [corrected]: ['ACCEPTED', false, 1, 0, 'ACCEPTED', null],
    [submitted]: ['SUBMITTED', null, null, null, null, null],
    [returned]: ['SUBMITTED', null, null, null, null, null],
    [withdrawn]: ['NOT_FILED', true, null, null, null, null],
  };
  const readers = {
    clerk: bearer(await tokenFor(db, { scope: 'read', division: hongjiang })),
    reviewer: bearer(await tokenFor(db, { scope: 'review', division: '431200' })),
    filer: bearer(await tokenFor(db, { scope: 'file', agency: returned })),
    sibling: bearer(await tokenFor(db, { scope: 'review', division: '431202' })),
  };
  t.match(await shownTo(app, readers.clerk), clerk, 'who reads the county sees all that was filed');
  t.match(await shownTo(app, readers.reviewer), withRefusals(clerk), 'who reviews it sees what was refused, too');
  t.match(await shownTo(app, { authorization: '' }), stranger, 'a stranger sees who has filed and what was accepted');
  t.match(await shownTo(app, readers.sibling), stranger, 'so does who reviews another county');
  const own = { ...stranger, [returned]: ['RETURNED', false, 1, 1, 'RETURNED', 0] };
  t.match(await shownTo(app, readers.filer), own, 'who files for one agency sees that one');
  t.match(
    await shownTo(await openFor('filed'), {}),
    clerk,
    'where all is open everybody sees what was filed, and not what was refused',
  );
  const closed = await openFor('none');
  t.equal(await shownTo(closed, {}), 401);
  t.equal(await shownTo(closed, readers.sibling), 403);
  t.match(await shownTo(closed, readers.clerk), clerk);
});

t.test('GraphQL, JSON and both tables say the same', async (t) => {
  const { app } = await openCounty(t);
  const query = `{ division(code: "${hongjiang}") { filings(year: 2021, first: 500) { totalCount
    counts { notFiled refused submitted returned accepted exempt withdrawn late withFindings { errors warnings info } }
    nodes { agency { code } state late revision findings { warnings } decision { decision } refusals outliers { measure } } } } }`;
  const { data } = (await send(app, 'POST', '/graphql', { query })).json();
  const { nodes, counts, totalCount } = data.division.filings;
  const body = (await app.inject(`${list}?first=500`)).json();
  const brief = (one: { findings: { warnings: number } | null; decision: { decision: string } | null }) => ({
    ...one,
    findings: one.findings && { warnings: one.findings.warnings },
    decision: one.decision && { decision: one.decision.decision },
  });
  t.same(
    nodes.map(({ agency, ...one }: { agency: { code: string } }) => ({ agency: agency.code, ...one })),
    body.items.map(
      ({
        agencyName: _,
        kind,
        county,
        expected,
        due,
        filedAt,
        submittedOn,
        ...one
      }: ShownItem & Record<string, unknown>) => brief(one),
    ),
  );
  t.equal(totalCount, body.totalCount);
  const { late, withFindings, notFiled, ...others } = counts;
  t.same({ late, withFindings }, { late: body.counts.late, withFindings: body.counts.withFindings });
  t.same(
    [notFiled, ...Object.values(others)],
    [
      ...['NOT_FILED', 'REFUSED', 'SUBMITTED', 'RETURNED', 'ACCEPTED', 'EXEMPT', 'WITHDRAWN'].map(
        (state) => body.counts.states[state],
      ),
    ],
  );
  const csv = await app.inject(`${list}.csv`);
  const [heading = '', ...lines] = csv.body
    .replace(/^\ufeff/, '')
    .trim()
    .split('\r\n');
  t.match(heading, /^机关代码,机关名称,机关类别,/);
  t.equal(lines.length, body.totalCount);
  t.ok(lines.some((line) => line.startsWith(`${refused},`) && line.includes('报送被拒')));
  const workbook = await app.inject({
    url: list,
    headers: { accept: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' },
  });
  t.equal(workbook.statusCode, 200);
  t.equal(workbook.rawPayload.subarray(0, 2).toString(), 'PK');
});

t.test('a table is 304 to who has it, until something in it is another', async (t) => {
  const { app, file } = await openCounty(t);
  for (const url of [`${list}.csv`, `${list}.xlsx`, `/v1/divisions/${hongjiang}/findings/2021.csv`]) {
    const etag = String((await app.inject(url)).headers.etag);
    t.equal((await app.inject({ url, headers: { 'if-none-match': etag } })).statusCode, 304, url);
  }
  const etag = String((await app.inject(`${list}.xlsx`)).headers.etag);
  t.equal((await file(submitted, { reason: '更正', figures: doubtful })).statusCode, 200);
  t.equal((await app.inject({ url: `${list}.xlsx`, headers: { 'if-none-match': etag } })).statusCode, 200);
});

t.test('a list is narrowed by what is shown, and goes on where its page ended', async (t) => {
  const { app } = await openCounty(t);
  const codes = async (query: string, headers = {}) => {
    const found: string[] = [];
    let url: string | undefined = `${list}?first=2${query}`;
    let total = 0;
    while (url) {
      const answer: LightMyRequestResponse = await app.inject({ url, headers });
      const body = answer.json();
      total = body.totalCount;
      found.push(...body.items.map(({ agency }: { agency: string }) => agency));
      url = /<([^>]+)>; rel="next"/.exec(String(answer.headers.link ?? ''))?.[1];
    }
    t.equal(total, found.length, `${query}: as many as are counted`);
    return found;
  };
  const stranger = { authorization: '' };
  t.same(await codes('&states=SUBMITTED,returned'), [corrected, submitted, returned].sort());
  t.same(await codes('&states=SUBMITTED,RETURNED', stranger), [submitted, returned].sort(), 'returned is not public');
  t.same(await codes('&states=RETURNED,WITHDRAWN,REFUSED', stranger), []);
  t.same(await codes('&late=false'), [accepted, corrected, returned, exempted].sort());
  t.same(await codes('&late=false', stranger), [accepted, corrected, exempted].sort());
  t.same(await codes('&severity=warning'), [accepted, corrected, returned].sort());
  t.same(await codes('&severity=warning', stranger), [accepted], 'the correction with a warning is not accepted');
  t.same(await codes('&severity=error'), []);
  t.equal((await codes('')).length, 20);
  t.equal((await app.inject(`${list}?states=LOST`)).statusCode, 400);
  t.equal((await app.inject(`${list}?after=x`)).statusCode, 400);
  t.equal((await app.inject(list.replace('2021', '2031'))).statusCode, 400);
  t.equal((await app.inject(list.replace(hongjiang, '999999'))).statusCode, 404);
});

t.test('a division of any level lists all below it, and a county its own report once that is filed', async (t) => {
  const { app, first } = await openCounty(t);
  const total = async (division: string) =>
    (await app.inject(`/v1/divisions/${division}/filings/2021?first=1`)).json().totalCount;
  const [county, prefecture, province, nation] = await Promise.all(
    [hongjiang, '431200', '430000', '100000'].map(total),
  );
  t.equal(county, 20);
  t.ok(prefecture > county && province >= prefecture && nation > province);
  const listed = async (query: string) =>
    (await app.inject(`/v1/divisions/100000/filings/2021?first=500${query}`))
      .json()
      .items.map((one: ShownItem) => one.agency);
  t.same(
    await listed(''),
    (await listed('&late=true')).concat(await listed('&late=false')).sort(),
    'by codes as by counties',
  );
  await first(hongjiang);
  const own = (await app.inject(`${list}?states=SUBMITTED`))
    .json()
    .items.find((one: ShownItem) => one.agency === hongjiang);
  t.match(own, { kind: 'COUNTY', expected: false, due: '2022-02-20' });
  t.equal(await total(hongjiang), 21);
});

t.test(
  'all findings of a county stand in one list with what was said of them, as far as each reader may see',
  async (t) => {
    const { app, db } = await openCounty(t);
    const findings = `/v1/divisions/${hongjiang}/findings/2021`;
    const pointer = '/figures/documents/normativeDocuments/inForce';
    const said = { code: 'T2-INFORCE', pointer, standing: 'EXPLAINED', text: '当年清理' };
    const noted = await send(app, 'PUT', `/v1/reports/${returned}/2021/notes`, said);
    t.equal(noted.statusCode, 200, noted.body);
    const shown = async (query = '', headers: Record<string, string> = {}) => {
      const answer = await app.inject({ url: `${findings}?first=500${query}`, headers });
      const { items, totalCount } = answer.json();
      t.equal(totalCount, items.length);
      return items.map(
        ({
          agency,
          revision,
          finding,
        }: {
          agency: string;
          revision: number;
          finding: { code: string; note?: { text: string } };
        }) => [agency, revision, finding.code, finding.note?.text ?? null],
      );
    };
    const clerk = [
      [accepted, 1, 'T2-INFORCE', null],
      [corrected, 2, 'T2-INFORCE', null],
      [returned, 1, 'T2-INFORCE', '当年清理'],
    ];
    t.same(await shown(), clerk);
    t.same(
      await shown('', { authorization: '' }),
      clerk.slice(0, 1),
      'a stranger sees what was found in what was accepted',
    );
    t.same(await shown('', bearer(await tokenFor(db, { scope: 'file', agency: returned }))), [clerk[0], clerk[2]]);
    t.same(await shown('&noted=true'), clerk.slice(2));
    t.same(await shown('&noted=false'), clerk.slice(0, 2));
    t.same(await shown('&rule=T2-INFORCE&severity=warning'), clerk);
    t.same(await shown('&severity=error'), []);
    const page = await app.inject(`${findings}?first=2`);
    const next = /<([^>]+)>; rel="next"/.exec(String(page.headers.link))?.[1] ?? '';
    t.same(
      (await app.inject(next)).json().items.map((one: ShownItem) => one.agency),
      [returned],
    );
    const query = `{ division(code: "${hongjiang}") { findings(year: 2021, first: 1, noted: true) { totalCount
    nodes { agency { name } year revision state finding { code message { zh } note { text } } } } } }`;
    t.match((await send(app, 'POST', '/graphql', { query })).json().data.division.findings, {
      totalCount: 1,
      nodes: [
        {
          agency: { name: '群峰乡' },
          year: 2021,
          revision: 1,
          state: 'RETURNED',
          finding: { code: 'T2-INFORCE', note: { text: '当年清理' } },
        },
      ],
    });
    const csv = (await app.inject(`${findings}.csv`)).body;
    t.match(csv.split('\r\n')[0], /规则,严重程度,结果,所在行列,核对结果/);
    t.ok(csv.includes('当年清理'));
  },
);

const refusals = `/v1/divisions/${hongjiang}/refusals?year=2021`;

/** What is kept as refused, the latest first: by whom, how it came, of which agency, and why. */
async function kept(app: FastifyInstance, headers: Record<string, string> = {}, url = refusals) {
  const answer = await app.inject({ url, headers });
  if (answer.statusCode !== 200) return answer.statusCode;
  return answer
    .json()
    .items.map(
      (one: {
        source: string;
        agency: { code: string } | null;
        stated: string | null;
        year: number | null;
        problem: { type: string };
      }) => [one.source, one.agency?.code ?? null, one.stated, one.year, one.problem.type.replace('/problems/', '')],
    );
}

t.test('what is refused leaves a trace for those who file or review there, until the agency has filed', async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  const filer = bearer(await tokenFor(db, { scope: 'file', division: hongjiang }));
  const bad = filingBody({ agency: refused, figures: unbalanced });
  const post = (body: Body, headers = filer, url = '/v1/reports') => send(app, 'POST', url, body, headers);
  t.equal((await post(bad)).statusCode, 422);
  t.same(await kept(app), [['REQUEST', refused, refused, 2021, 'unbalanced-report']]);
  const problem = (await app.inject({ url: refusals, headers: { 'accept-language': 'zh' } })).json().items[0].problem;
  t.match(problem, { title: '报告勾稽关系不符', status: 422, errors: [{ code: 'T4-ROW', message: { zh: /\S/ } }] });

  t.equal((await post(bad, filer, '/v1/reports?dryRun=true')).statusCode, 422);
  t.equal((await post(bad, bearer(await tokenFor(db, { scope: 'file', division: '431202' })))).statusCode, 403);
  t.equal((await post(bad, bearer(await tokenFor(db, { scope: 'read', division: hongjiang })))).statusCode, 403);
  t.equal((await post(bad, { authorization: '' })).statusCode, 401);
  t.equal((await kept(app)).length, 1, 'nothing of a dry run, nor of who may not file there');

  const readers = {
    reviewer: [{ scope: 'review', division: '431200' }, 1],
    own: [{ scope: 'file', agency: refused }, 1],
    another: [{ scope: 'file', agency: qunfeng }, 0],
    sibling: [{ scope: 'review', division: '431202' }, 403],
    clerk: [{ scope: 'read', division: hongjiang }, 403],
  } as const;
  for (const [who, [grant, expected]] of Object.entries(readers)) {
    const seen = await kept(app, bearer(await tokenFor(db, grant)));
    t.equal(Array.isArray(seen) ? seen.length : seen, expected, who);
  }
  t.equal(await kept(app, { authorization: '' }), 401);

  t.equal((await post(filingBody({ agency: refused }))).statusCode, 201);
  t.same(await kept(app), [], 'gone when the agency has filed');
  t.equal((await post(filingBody({ agency: refused, figures: doubtful }))).statusCode, 409);
  t.same(await kept(app), [], 'that it is filed already is no trace');
  const put = await send(
    app,
    'PUT',
    `/v1/reports/${refused}/2021`,
    { ...bad, reason: '更正' },
    { ...filer, 'if-match': '*' },
  );
  t.equal(put.statusCode, 422);
  t.same(
    await kept(app),
    [['REQUEST', refused, refused, 2021, 'unbalanced-report']],
    'a correction that was refused leaves one',
  );
  t.equal(
    (await send(app, 'DELETE', `/v1/reports/${refused}/2021`, undefined, { ...filer, 'if-match': '*' })).statusCode,
    204,
  );
  t.equal((await app.inject(`${list}?states=WITHDRAWN,REFUSED`)).json().items[0].state, 'REFUSED');
});

t.test(
  'documents and rows of imports leave traces, also where their agency is not known; the last five of an agency stay',
  async (t) => {
    const { app, db, close } = await openTestApp();
    t.teardown(close);
    const filer = bearer(await tokenFor(db, { scope: 'file', division: hongjiang }));
    const text = { ...filer, 'content-type': 'text/plain' };
    const document = await app.inject({
      method: 'POST',
      url: `/v1/reports?agency=${qunfeng}&year=2021`,
      headers: text,
      payload: '不是年报',
    });
    t.ok(document.statusCode === 422, document.body);
    t.equal((await kept(app))[0]?.[0], 'DOCUMENT');
    const rows = [
      filingBody({ agency: refused, figures: unbalanced }),
      filingBody({ agency: '431281999' }),
      filingBody({ agency: silent }),
    ];
    const imported = await app.inject({
      method: 'POST',
      url: '/v1/imports',
      headers: { ...filer, 'content-type': 'application/x-ndjson' },
      payload: rows.map((row) => JSON.stringify(row)).join('\n'),
    });
    t.ok(imported.statusCode < 300, imported.body);
    t.match((await kept(app)).slice(0, 2), [
      ['IMPORT', null, '431281999', 2021, 'unknown-agency'],
      ['IMPORT', refused, refused, 2021, 'unbalanced-report'],
    ]);
    for (let time = 0; time < 7; time++)
      await send(app, 'POST', '/v1/reports', filingBody({ agency: accepted, figures: unbalanced }), filer);
    const own = (await kept(app)).filter(([, agency]: readonly unknown[]) => agency === accepted);
    t.equal(own.length, 5);
    const page = await app.inject(`${refusals}&first=1`);
    t.match(page.headers.link, /rel="next"/);
    t.equal(page.json().totalCount, 8);
    await runSql(db, "update refusal set at = '2025-11-20T00:00:00.000Z' where agency_id is not null");
    t.same(
      (await kept(app)).map(([source]: readonly unknown[]) => source),
      ['IMPORT'],
      'after a year they are shown no more',
    );
    await send(app, 'POST', '/v1/reports', filingBody({ agency: silent, year: 2022, figures: unbalanced }), filer);
    t.equal(
      (await runSql<{ n: number }>(db, 'select count(*) as n from refusal'))[0]?.n,
      2,
      'and are forgotten with the next one',
    );
  },
);

t.test('a refusal is the same whether or not its trace can be kept', async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  const refuse = async () => {
    const { statusCode, body } = await send(
      app,
      'POST',
      '/v1/reports',
      filingBody({ agency: refused, figures: unbalanced }),
    );
    return [statusCode, body.replace(/urn:uuid:[\w-]+/, '')];
  };
  const before = await refuse();
  await runSql(db, "create trigger refused before insert on refusal begin select raise(abort, 'no room'); end");
  t.same(await refuse(), before);
});

/** What is known of an agency's year by plain book-keeping: what was done, in its order. */
interface Book {
  exempt: boolean;
  /** Number of the newest revision, and of the one that was accepted; what was decided about the newest. */
  revision: number;
  state: 'SUBMITTED' | 'RETURNED' | 'ACCEPTED' | null;
  accepted: number | null;
  /** Whether each revision was published in time, and has a warning. */
  revisions: { late: boolean; warning: boolean }[];
  refusals: number;
  last: 'refused' | 'withdrawn' | null;
}

const acts = [
  'file',
  'fileLate',
  'fileDoubtful',
  'refuse',
  'accept',
  'return',
  'withdraw',
  'exempt',
  'unexempt',
] as const;
type Act = (typeof acts)[number];

/** What a list shows of an agency by its book, to who reads all, also what was refused (`review`), or what was accepted. */
function shownOf(book: Book, reads: 'all' | 'review' | 'accepted') {
  const refusals = reads === 'review' ? book.refusals : null;
  const row = (state: string, late: boolean | null, revision: number | null) => {
    const warnings = revision === null ? null : book.revisions[revision - 1]?.warning ? 1 : 0;
    return [state, late, revision, warnings, refusals];
  };
  const lateness = (revision: number) => book.revisions[revision - 1]?.late ?? null;
  if (book.state !== null) {
    if (reads !== 'accepted') return row(book.state, lateness(book.revision), book.revision);
    if (book.accepted !== null) return row('ACCEPTED', lateness(book.accepted), book.accepted);
    return row('SUBMITTED', null, null);
  }
  if (book.exempt) return row('EXEMPT', false, null);
  if (reads === 'review' && book.refusals > 0 && book.last === 'refused') return row('REFUSED', true, null);
  return row(reads !== 'accepted' && book.revision > 0 ? 'WITHDRAWN' : 'NOT_FILED', true, null);
}

/** Does an act, and writes it into the book as far as it is taken. */
async function perform(app: FastifyInstance, agency: string, act: Act, book: Book, turn: number): Promise<void> {
  const url = `/v1/reports/${agency}/2021`;
  const match = { 'if-match': '*' };
  const file = async (late: boolean, warning: boolean) => {
    const source = { url: `https://example.org/${turn}`, publishedOn: late ? '2022-03-01' : '2022-01-20' };
    const figures = warning ? doubtful : {};
    const body = filingBody({ agency, figures, source, ...(book.state !== null && { reason: '更正' }) });
    const answer = await send(app, 'PUT', url, body, book.state === null ? {} : match);
    if (answer.statusCode > 201) throw new Error(answer.body);
    book.revisions.push({ late, warning });
    Object.assign(book, { revision: book.revision + 1, state: 'SUBMITTED', refusals: 0, last: null });
  };
  const decide = async (decision: 'ACCEPTED' | 'RETURNED') => {
    if (book.state === null) return;
    await send(app, 'POST', `${url}/reviews`, { decision, revision: book.revision, reason: '已阅' });
    book.state = decision;
    if (decision === 'ACCEPTED') book.accepted = book.revision;
    else if (book.accepted === book.revision) book.accepted = null;
  };
  if (act === 'file' || act === 'fileLate' || act === 'fileDoubtful')
    await file(act === 'fileLate', act === 'fileDoubtful');
  if (act === 'accept') await decide('ACCEPTED');
  if (act === 'return') await decide('RETURNED');
  if (act === 'refuse') {
    const bad = filingBody({ agency, figures: unbalanced, reason: '更正' });
    const answer = await send(app, 'PUT', url, bad, book.state === null ? {} : match);
    if (answer.statusCode !== 422) throw new Error(answer.body);
    Object.assign(book, { refusals: Math.min(5, book.refusals + 1), last: 'refused' });
  }
  if (act === 'withdraw' && book.state !== null) {
    await send(app, 'DELETE', url, undefined, match);
    // Gone is what was filed; the number of the withdrawal counts among the revisions.
    book.revisions.push({ late: false, warning: false });
    Object.assign(book, { state: null, accepted: null, revision: book.revision + 1, last: 'withdrawn' });
  }
  if (act === 'exempt' || act === 'unexempt') {
    const answer = await send(
      app,
      act === 'exempt' ? 'PUT' : 'DELETE',
      `/v1/agencies/${agency}/exemptions/2021`,
      act === 'exempt' ? { reason: '新设' } : undefined,
    );
    if (answer.statusCode < 300) book.exempt = act === 'exempt';
  }
}

t.test('after any acts the list is what plain book-keeping says, for each reader', async (t) => {
  const agencies = [accepted, corrected, submitted] as const;
  const step = fc.tuple(fc.constantFrom(...agencies), fc.constantFrom(...acts));
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      let minute = 0;
      // Each act has a moment of its own, since the last of two decides.
      const { app, db, close } = await openTestApp({ clock: () => new Date(clock().getTime() + 60_000 * minute) });
      try {
        const books = new Map<string, Book>(
          agencies.map((agency) => [
            agency,
            { exempt: false, revision: 0, state: null, accepted: null, revisions: [], refusals: 0, last: null },
          ]),
        );
        for (const [agency, act] of steps) {
          minute += 1;
          const book = books.get(agency);
          if (book) await perform(app, agency, act, book, minute);
        }
        const readers = {
          all: bearer(await tokenFor(db, { scope: 'read', division: hongjiang })),
          review: bearer(await tokenFor(db, { scope: 'review', division: hongjiang })),
          accepted: { authorization: '' },
        } as const;
        for (const reads of ['all', 'review', 'accepted'] as const) {
          const shown = await shownTo(app, readers[reads]);
          for (const [agency, book] of books) {
            const [state, late, revision, warnings, , refusals] = typeof shown === 'number' ? [] : shown[agency];
            const found = JSON.stringify([state, late, revision, warnings, refusals]);
            const expected = JSON.stringify(shownOf(book, reads));
            if (found !== expected) throw new Error(`${reads} of ${agency}: ${found}, not ${expected} after ${steps}`);
            compared += 1;
          }
        }
      } finally {
        await close();
      }
    }),
    { numRuns: 8, endOnFailure: true },
  );
  t.ok(compared >= 70, `${compared} rows were compared`);
});
