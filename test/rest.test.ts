import type { InjectOptions } from 'fastify';
import t from 'tap';
import { yearInChina } from '../src/day.js';
import { filingBody, hongjiang, openTestApp, qunfeng, townshipsOf } from './builders.js';
import { exampleFiling } from './samples.js';

/** An app and the calls a client makes of it. */
async function openClient() {
  const { app, db, close } = await openTestApp();
  const call = (method: InjectOptions['method'], url: string, body?: unknown, headers: Record<string, string> = {}) =>
    app.inject({
      method: method ?? 'GET',
      url,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  return { app, db, close, call };
}

const path = `/v1/reports/${qunfeng}/2021`;

t.test('filing', async (t) => {
  const { call, close } = await openClient();
  t.teardown(close);

  await t.test('a dry run answers as the real call would and keeps nothing', async (t) => {
    const answer = await call('POST', '/v1/reports?dryRun=true', filingBody());
    t.equal(answer.statusCode, 201);
    t.match(answer.json(), { outcome: 'created', revision: 1 });
    t.equal((await call('GET', path)).statusCode, 404);
    t.equal((await call('POST', '/v1/reports?dryRun=true', filingBody({ agency: '999999999' }))).statusCode, 404);
  });

  await t.test('a first filing is created, with its place and its tag', async (t) => {
    const answer = await call('POST', '/v1/reports', filingBody(), { from: 'clerk@example.org' });
    t.equal(answer.statusCode, 201);
    t.equal(answer.headers.location, path);
    t.match(answer.headers.etag, /^"1-[\w-]{16}"$/);
    t.match(answer.json(), {
      outcome: 'created',
      agency: qunfeng,
      agencyName: '群峰乡',
      year: 2021,
      revision: 1,
      findings: [],
      actor: 'clerk@example.org',
      sample: false,
    });
  });

  await t.test('a refusal says what belongs there', async (t) => {
    const cases: [object, string, RegExp, RegExp][] = [
      [{ year: 2018 }, '/year', /2019 on.*no comparable form/, /自 2019 年起/],
      [{ year: 2021.5 }, '/year', /from 2019 on/, /2019/],
      [{ agency: '天' }, '/agency', /nine or twelve digits/, /九位或十二位/],
      [{ source: { url: 'ftp://x' } }, '/source/url', /http/, /http/],
      [{ source: { publishedOn: '2022-02-30' } }, '/source/publishedOn', /YYYY-MM-DD/, /YYYY-MM-DD/],
    ];
    for (const [member, pointer, en, zh] of cases) {
      const answer = await call('POST', '/v1/reports', { ...filingBody(), ...member });
      t.equal(answer.statusCode, 422);
      t.match(answer.json().errors, [{ pointer, message: { en, zh } }], pointer);
    }
  });

  await t.test('the same content again changes nothing', async (t) => {
    const answer = await call('POST', '/v1/reports', filingBody());
    t.equal(answer.statusCode, 200);
    t.match(answer.json(), { outcome: 'unchanged', revision: 1 });
    t.equal((await call('GET', `${path}/revisions`)).json().items.length, 1);
  });

  await t.test('twelve digits mean the same as nine', async (t) => {
    t.equal((await call('POST', '/v1/reports', filingBody({ agency: `${qunfeng}000` }))).json().outcome, 'unchanged');
    t.equal((await call('GET', `/v1/reports/${qunfeng}000/2021`)).json().agency, qunfeng);
  });

  await t.test('other content by POST conflicts, and points to what is filed', async (t) => {
    const answer = await call('POST', '/v1/reports', filingBody({ figures: { 'decisions.licenses.decided': 4 } }));
    t.equal(answer.statusCode, 409);
    t.match(answer.json(), { type: '/problems/already-filed', location: path, revision: 1 });
  });

  await t.test('a revision needs If-Match and a reason, and then lists what changed', async (t) => {
    const etag = (await call('GET', path)).headers.etag as string;
    const revised = filingBody({
      figures: { 'decisions.licenses.decided': 4, 'fees.administrativeFees.amount': 203000 },
    });
    t.match((await call('PUT', path, revised)).json(), { type: '/problems/revision-required', status: 428 });
    t.match((await call('PUT', path, revised, { 'if-match': '"9-x"' })).json(), { type: '/problems/stale-revision' });
    t.match(
      (await call('PUT', path, revised, { 'if-match': `W/${etag}` })).json(),
      { status: 412 },
      'a weak tag never matches',
    );
    t.match((await call('PUT', path, revised, { 'if-match': etag })).json(), {
      type: '/problems/invalid-report',
      errors: [{ pointer: '/reason' }],
    });
    const answer = await call('PUT', path, { ...revised, reason: '更正许可数量' }, { 'if-match': etag });
    t.equal(answer.statusCode, 200);
    t.match(answer.json(), { outcome: 'revised', revision: 2, reason: '更正许可数量' });
    const { items } = (await call('GET', `${path}/revisions`)).json();
    t.match(items[1], {
      number: 2,
      action: 'revised',
      reason: '更正许可数量',
      changes: [
        { cell: 'decisions.licenses.decided', from: 0, to: 4, label: { zh: '行政许可·本年处理决定数量' } },
        { cell: 'fees.administrativeFees.amount', from: '0', to: '0.203' },
      ],
    });
    t.equal((await call('GET', `${path}/revisions/1`)).json().report.figures.decisions.licenses.decided, 0);
  });

  await t.test('a reader who has the report is told that it has not changed', async (t) => {
    const etag = (await call('GET', path)).headers.etag as string;
    const answer = await call('GET', path, undefined, { 'if-none-match': `"x", W/${etag}` });
    t.same([answer.statusCode, answer.body], [304, '']);
  });

  await t.test('a withdrawn report leaves the lists, its history stays, and it can be filed again', async (t) => {
    t.equal((await call('DELETE', path)).statusCode, 428);
    const etag = (await call('GET', path)).headers.etag as string;
    t.equal((await call('DELETE', `${path}?dryRun=true`, undefined, { 'if-match': etag })).statusCode, 204);
    t.equal((await call('GET', path)).statusCode, 200);
    t.equal((await call('DELETE', `${path}?reason=重复`, undefined, { 'if-match': etag })).statusCode, 204);
    t.match((await call('GET', path)).json(), { status: 404, revisions: `${path}/revisions` });
    t.equal((await call('GET', '/v1/reports?year=2021')).json().totalCount, 0);
    t.match((await call('GET', `${path}/revisions`)).json().items[2], { action: 'withdrawn', reason: '重复' });
    const again = await call('PUT', path, filingBody());
    t.same([again.statusCode, again.json().revision], [201, 4]);
  });
});

t.test('conditions', async (t) => {
  const { call, close } = await openClient();
  t.teardown(close);

  await t.test('PUT with If-None-Match: * only creates', async (t) => {
    t.equal((await call('PUT', path, filingBody(), { 'if-none-match': '*' })).statusCode, 201);
    const other = filingBody({ figures: { 'decisions.licenses.decided': 1 }, reason: 'x' });
    t.equal((await call('PUT', path, other, { 'if-none-match': '*' })).statusCode, 412);
  });

  await t.test('of two revisions of the same one, one wins and the other is stale', async (t) => {
    const etag = (await call('GET', path)).headers.etag as string;
    const revise = (decided: number) =>
      call('PUT', path, filingBody({ figures: { 'decisions.licenses.decided': decided }, reason: 'x' }), {
        'if-match': etag,
      });
    const answers = await Promise.all([revise(1), revise(2)]);
    t.same(answers.map((answer) => answer.statusCode).sort(), [200, 412]);
    t.equal((await call('GET', `${path}/revisions`)).json().items.length, 2);
  });

  await t.test('fifty filings at once are each filed once', async (t) => {
    const codes = await townshipsOf(hongjiang);
    const answers = await Promise.all(
      codes.flatMap((agency) => [2022, 2023].map((year) => call('POST', '/v1/reports', filingBody({ agency, year })))),
    );
    t.ok(answers.every((answer) => answer.statusCode === 201));
    t.equal((await call('GET', '/v1/reports?year=2022')).json().totalCount, codes.length);
  });
});

t.test('a report that breaks an equation', async (t) => {
  const { call, close } = await openClient();
  t.teardown(close);
  const broken = filingBody({ figures: { 'appeals.reconsideration.upheld': 3 } });

  await t.test('is refused with every broken equation, and nothing is stored', async (t) => {
    const answer = await call('POST', '/v1/reports', broken);
    t.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8');
    t.match(answer.json(), {
      type: '/problems/unbalanced-report',
      status: 422,
      errors: [{ code: 'T4-ROW', left: 3, right: 0, pointer: '/figures/appeals/reconsideration/total' }],
    });
    t.equal((await call('GET', path)).statusCode, 404);
  });

  await t.test('is stored as filed when the caller prefers it, its findings beside it', async (t) => {
    const answer = await call('POST', '/v1/reports', broken, { prefer: 'return=representation, handling=lenient' });
    t.equal(answer.statusCode, 201);
    t.equal(answer.headers['preference-applied'], 'handling=lenient');
    const report = (await call('GET', path)).json();
    t.match(report.findings, [{ code: 'T4-ROW', severity: 'error' }]);
    t.equal(report.figures.appeals.reconsideration.upheld, 3);
    t.equal(report.figures.appeals.reconsideration.total, 0);
  });

  await t.test('warnings never stop a filing', async (t) => {
    const answer = await call('POST', '/v1/reports', filingBody({ year: 2022, form: '2019' }));
    t.equal(answer.statusCode, 201);
    t.match(answer.json().findings, [{ code: 'FORM-LATE', severity: 'warning' }]);
  });
});

t.test('the years watch each other', async (t) => {
  const { call, close } = await openClient();
  t.teardown(close);
  const carried = (row: string, count: number) => ({
    [`applications.${row}.naturalPerson`]: count,
    [`applications.${row}.total`]: count,
  });
  const codesOf = async (year: number) =>
    (await call('GET', `/v1/reports/${qunfeng}/${year}`))
      .json()
      .findings.map((finding: { code: string }) => finding.code);

  await call(
    'POST',
    '/v1/reports',
    filingBody({ year: 2021, figures: { ...carried('newReceived', 2), ...carried('carriedOut', 2) } }),
  );
  const next = { ...carried('carriedIn', 2), ...carried('granted', 2), ...carried('processed', 2) };
  await call('POST', '/v1/reports', filingBody({ year: 2022, figures: next }));
  t.same(await codesOf(2022), [], 'carried in what was carried out');

  const etag = (await call('GET', path)).headers.etag as string;
  const more = { ...carried('newReceived', 3), ...carried('carriedOut', 3) };
  const revision = await call('PUT', path, filingBody({ year: 2021, figures: more, reason: '漏计' }), {
    'if-match': etag,
  });
  t.equal(revision.statusCode, 200);
  t.same(await codesOf(2022), ['X-CARRY', 'X-CARRY'], 'a revision of the year before is found');

  const tag = (await call('GET', path)).headers.etag as string;
  await call('DELETE', path, undefined, { 'if-match': tag });
  t.same(await codesOf(2022), [], 'a withdrawn year cannot be compared');
});

t.test('lists', async (t) => {
  const { call, close } = await openClient();
  t.teardown(close);
  const codes = await townshipsOf(hongjiang);
  for (const agency of codes.slice(0, 7)) await call('POST', '/v1/reports', filingBody({ agency }));
  await call('POST', '/v1/reports', filingBody({ year: 2022 }));

  await t.test('are read page by page, each report once', async (t) => {
    const seen: string[] = [];
    let url: string | undefined = '/v1/reports?county=431281&year=2021&first=3';
    for (let pages = 0; url && pages < 10; pages++) {
      const answer = await call('GET', url);
      t.equal(answer.json().totalCount, 7);
      seen.push(...answer.json().items.map((item: { agency: string }) => item.agency));
      url = /<([^>]+)>; rel="next"/.exec(String(answer.headers.link ?? ''))?.[1];
    }
    t.same(seen, codes.slice(0, 7));
  });

  await t.test('are narrowed by agency, year, county and time', async (t) => {
    const count = async (query: string) => (await call('GET', `/v1/reports?${query}`)).json().totalCount;
    t.equal(await count(`agency=${codes[0]}`), 1);
    t.equal(await count('year=2022'), 1);
    t.equal(await count('county=350128'), 0);
    t.equal(await count('updatedAfter=2026-11-24T12:00:00%2B08:00'), 0);
    t.equal(await count('updatedAfter=2026-11-24T11:59:59%2B08:00'), 8);
  });
});

t.test('rollups', async (t) => {
  const { call, close } = await openClient();
  t.teardown(close);
  const [one = '', two = ''] = await townshipsOf(hongjiang);
  await call(
    'POST',
    '/v1/reports',
    filingBody({ agency: one, figures: { 'decisions.penalties.decided': 5, 'decisions.coercion.decided': null } }),
  );
  await call(
    'POST',
    '/v1/reports',
    filingBody({
      agency: two,
      form: '2019',
      figures: { 'decisions.penalties.decided': 2, 'procurement.centralProcurement.amount': 100 },
    }),
  );

  await t.test('say the sum, who reported each cell, who left it blank, who has a form without it', async (t) => {
    const rollup = (await call('GET', '/v1/rollups/431281/2021')).json();
    t.match(rollup, {
      figures: {
        decisions: { penalties: { decided: 7 }, coercion: { decided: 0 } },
        procurement: { centralProcurement: { amount: '1' } },
      },
      coverage: {
        reports: 2,
        expected: 20,
        reported: 2,
        rate: 0.1,
        missingCount: 18,
        forms: { 2021: 1, 2019: 1 },
        cells: {
          decisions: { coercion: { decided: { reported: 1, blank: 1, absent: 0 } } },
          documents: { regulations: { issued: { reported: 1, blank: 0, absent: 1 } } },
        },
      },
      published: null,
    });
    for (const division of ['431200', '430000', '100000']) {
      t.equal((await call('GET', `/v1/rollups/${division}/2021`)).json().figures.decisions.penalties.decided, 7);
    }
  });

  await t.test("a county's own report stands beside its rollup with the differences, and is not added", async (t) => {
    const own = await call(
      'POST',
      '/v1/reports',
      filingBody({ agency: '431281', figures: { 'decisions.penalties.decided': 9 } }),
    );
    t.equal(own.statusCode, 201);
    const rollup = (await call('GET', '/v1/rollups/431281/2021')).json();
    t.equal(rollup.figures.decisions.penalties.decided, 7);
    t.match(rollup.published, {
      agency: '431281',
      differences: [{ cell: 'decisions.penalties.decided', rollup: 7, published: 9, difference: 2 }],
    });
    t.equal(rollup.coverage.expected, 20);
  });

  await t.test('can be narrowed to kinds of agency', async (t) => {
    const rollup = (await call('GET', '/v1/rollups/431281/2021?kinds=DEPARTMENT')).json();
    t.match(rollup, {
      kinds: ['DEPARTMENT'],
      coverage: { reports: 0, expected: 0, rate: null },
      figures: { decisions: { penalties: { decided: null } } },
    });
  });

  await t.test('rates are null, never 100 %, when nothing was received', async (t) => {
    const { derived } = (await call('GET', '/v1/rollups/431281/2021')).json();
    t.match(derived, { grantedShare: null, closureRate: null, refused: { total: 0 } });
  });
});

t.test('forms and rules are served as data', async (t) => {
  const { call, close } = await openClient();
  t.teardown(close);
  t.same(
    (await call('GET', '/v1/forms'))
      .json()
      .items.map((form: { id: string; cellCount: number }) => [form.id, form.cellCount]),
    [
      ['2021', 200],
      ['2019', 198],
      ['mixed', 186],
    ],
  );
  const form = (await call('GET', '/v1/forms/2021')).json();
  t.equal(form.cells.length, 200);
  t.match(form.equations[0], { rule: 'X-INFORCE', relation: '=' });
  const { items } = (await call('GET', '/v1/rules')).json();
  t.match(items[0], { code: 'T3-FLOW', severity: 'error', forms: ['2021', '2019', 'mixed'] });
  t.equal((await call('GET', '/v1/forms/2018')).statusCode, 404);
});

t.test('the three real samples', async (t) => {
  const { call, close } = await openClient();
  t.teardown(close);

  await t.test('qunfeng-2021 is accepted, and its blank is still null', async (t) => {
    const answer = await call('POST', '/v1/reports', exampleFiling('qunfeng-2021'));
    t.equal(answer.statusCode, 201);
    t.same(answer.json().findings, []);
    const report = (await call('GET', path)).json();
    t.equal(report.figures.decisions.coercion.decided, null);
    t.same(report.figures, exampleFiling('qunfeng-2021').figures);
    t.match(report.publishedItems, {
      total: 16,
      categories: [
        { name: '乡动态', count: 8 },
        { name: '其他信息', count: 8 },
      ],
    });
    const rollup = (await call('GET', '/v1/rollups/431281/2021')).json();
    t.equal(rollup.figures.decisions.coercion.decided, null);
    t.match(rollup.coverage, { reports: 1, expected: 20, missingCount: 19 });
  });

  await t.test('hongze-2023 is refused with exactly its two T4-ROW errors, and stored when lenient', async (t) => {
    const { errors } = (await call('POST', '/v1/reports', exampleFiling('hongze-2023'))).json();
    t.same(
      errors.map((error: { code: string; pointer: string; left: number; right: number }) => [
        error.code,
        error.pointer,
        error.left,
        error.right,
      ]),
      [
        ['T4-ROW', '/figures/appeals/reconsideration/total', 11, 0],
        ['T4-ROW', '/figures/appeals/litigationAfterReconsideration/total', 5, 0],
      ],
    );
    const answer = await call('POST', '/v1/reports', exampleFiling('hongze-2023'), { prefer: 'handling=lenient' });
    t.equal(answer.statusCode, 201);
    t.same(answer.json().figures, exampleFiling('hongze-2023').figures);
    t.same(
      answer.json().findings.map((finding: { code: string }) => finding.code),
      ['FORM-MIXED', 'T4-ROW', 'T4-ROW'],
    );
  });

  await t.test('pingtan-2020 is refused with exactly its broken columns', async (t) => {
    const { errors } = (await call('POST', '/v1/reports', exampleFiling('pingtan-2020'))).json();
    t.same(
      errors.map((error: { code: string; pointer: string; left: number; right: number }) => [
        error.code,
        error.pointer,
        error.left,
        error.right,
      ]),
      [
        ['T3-OUTCOME', '/figures/applications/processed/naturalPerson', 26, 20],
        ['T3-OUTCOME', '/figures/applications/processed/total', 27, 21],
      ],
    );
  });
});

t.test('what a schema refuses is told by its own name, and by the words that document it', async (t) => {
  const { call, close } = await openClient();
  t.teardown(close);
  type Told = { pointer: string; message: { zh: string; en: string } }[];
  const told = async (...asked: Parameters<typeof call>): Promise<Told> => (await call(...asked)).json().errors;

  const unknown = await told('GET', '/v1/reports?county=43128&county=431281&foo=1&a%2Fb=2&first=501');
  t.same(
    unknown.map(({ pointer }) => pointer),
    ['/county', '/first', '/foo', '/a~1b'],
  );
  t.match(unknown[2]?.message, {
    zh: /^没有参数 foo，可用：county、agency、/,
    en: /no parameter "foo"; known are county, /,
  });
  t.match(unknown[1]?.message, {
    zh: /数值过大：期望 数字 <=500.*每页条数，1 至 500/,
    en: /<=500.*Page size, 1 to 500/,
  });

  const [county] = await told('GET', '/v1/reports?county=43128');
  t.match(county?.message, { zh: /不符合要求。应为：行政区划代码/, en: /not valid\. It is: .*Six digits/ });
  t.notMatch(county?.message.en, /\^\\d/);
  t.match(await told('GET', '/v1/reports?updatedAfter=yesterday'), [
    { message: { en: /ISO datetime.*Filed or revised/ } },
  ]);

  const agencies = await told('POST', '/v1/agencies', { name: '测试局', founded: 1 });
  t.same(agencies.map(({ pointer }) => pointer).sort(), ['/code', '/county', '/founded', '/kind', '/validFrom']);
  t.match(agencies[0]?.message, { zh: /^缺少 \/code：机关代码/, en: /^\/code is missing: / });
  t.match(agencies.at(-1)?.message, { zh: /没有成员 founded，可用：.*validFrom/ });

  const [code] = await told('POST', '/v1/agencies', { code: null });
  t.match(code, { pointer: '/code', message: { zh: /实际接收 空值/, en: /received null/ } });

  const [number] = await told('POST', '/v1/agencies', { code: 7 });
  t.match(number?.message, { zh: /期望 文本，实际接收 数字/ });
  t.match(await told('POST', '/v1/agencies'), [
    { pointer: '/', message: { zh: /^缺少请求体：/, en: /^The body is missing: / } },
  ]);

  const due = (day: string) => told('PUT', `/v1/divisions/${hongjiang}/deadlines/2021`, { due: day });
  for (const day of ['02-29', '2-1', '13-01']) {
    t.match(await due(day), [{ pointer: '/due', message: { zh: /2 月 29 日除外/, en: /not 29 February/ } }], day);
    t.equal((await due(day)).length, 1, 'one value is one fault');
  }
});

t.test('health is answered, and so is a path that does not exist', async (t) => {
  const { call, close } = await openClient();
  t.teardown(close);
  t.same((await call('GET', '/health/live')).json(), { status: 'ok' });
  t.same((await call('GET', '/health/ready')).json(), { status: 'ok' });
  t.match((await call('GET', '/nowhere')).json(), {
    type: '/problems/not-found',
    status: 404,
    detail: /There is no \/nowhere; GET \/v1 .*没有接口 \/nowhere，/,
  });
});

t.test('a report year begins when it begins in China, wherever the service runs', async (t) => {
  t.equal(yearInChina(new Date('2026-12-31T15:59:59Z')), 2026);
  t.equal(yearInChina(new Date('2026-12-31T16:00:00Z')), 2027);
});
