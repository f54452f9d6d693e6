/** What operators and browsers get: headers, metrics, traces, logs; and what no answer and no log ever holds. */
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { context, propagation, type TextMapPropagator, TraceFlags, trace } from '@opentelemetry/api';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import t from 'tap';
import { bearer, clock, filingBody, hongjiang, openTestApp, qunfeng } from './builders.js';

type Options = Parameters<typeof openTestApp>[0];

async function openApp(t: { teardown: (end: () => unknown) => unknown }, options: Options = {}) {
  const opened = await openTestApp(options);
  t.teardown(opened.close);
  return opened;
}

type App = Awaited<ReturnType<typeof openApp>>['app'];

const post = (app: App, payload: unknown, url = '/v1/reports', headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', ...headers },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  });

/** A report in which one equation does not hold. */
const unbalanced = () => filingBody({ figures: { 'appeals.reconsideration.upheld': 1 } });

t.test('browsers are told to load nothing, and only the pages may run scripts of their own', async (t) => {
  const { app } = await openApp(t);
  for (const url of ['/v1/forms', '/nowhere', '/graphql?query={__typename}', '/health/live', '/docs', '/ide']) {
    const { headers } = await app.inject(url);
    t.match(headers['content-security-policy'], /default-src 'none'.*frame-ancestors 'none'/, url);
    t.equal(headers['x-content-type-options'], 'nosniff', url);
    t.equal(headers['referrer-policy'], 'no-referrer', url);
    t.equal(headers['x-powered-by'], undefined);
  }
  for (const url of ['/docs/static/index.html', '/ide']) {
    const policy = String((await app.inject(url)).headers['content-security-policy']);
    t.match(policy, /script-src 'self';/);
    t.notMatch(
      policy,
      /https?:|unsafe-eval|script-src[^;]*unsafe-inline|upgrade-insecure/,
      `${url} loads from here only`,
    );
  }
  const form = await app.inject({ url: `/v1/rollups/${hongjiang}/2021.html` });
  t.equal(form.statusCode, 200);
  t.match(form.headers['content-security-policy'], /style-src 'unsafe-inline'/, 'a printed form keeps its style');
});

t.test('scripts of other sites get in by the list only', async (t) => {
  const site = 'https://example.org';
  const preflight = (app: App, origin: string) =>
    app.inject({
      method: 'OPTIONS',
      url: '/v1/reports/431281207/2021',
      headers: { origin, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'if-match' },
    });

  const { app: closed } = await openApp(t);
  t.notOk('access-control-allow-origin' in (await preflight(closed, site)).headers);
  t.notOk(
    'access-control-allow-origin' in (await closed.inject({ url: '/v1/forms', headers: { origin: site } })).headers,
  );

  const { app } = await openApp(t, { corsOrigins: [site] });
  const allowed = await preflight(app, site);
  t.equal(allowed.headers['access-control-allow-origin'], site);
  t.match(allowed.headers['access-control-allow-methods'], /PUT/);
  t.match(allowed.headers['access-control-allow-headers'], /if-match/);
  t.notOk('access-control-allow-origin' in (await preflight(app, 'https://example.org.evil.example')).headers);
  for (const url of ['/v1/forms', '/nowhere', '/graphql?query={__typename}']) {
    const { headers } = await app.inject({ url, headers: { origin: site } });
    t.equal(headers['access-control-allow-origin'], site, url);
    t.match(headers.vary, /\borigin\b/i, `${url} is kept apart by caches`);
    for (const name of ['etag', 'link', 'location', 'retry-after', 'ratelimit-remaining']) {
      t.ok(String(headers['access-control-expose-headers']).includes(name), name);
    }
    t.notOk('access-control-allow-credentials' in headers);
  }
  const chosen = await app.inject({ url: '/graphql?query={__typename}', headers: { origin: site } });
  t.match(chosen.headers.vary, /accept/i, 'what an answer varies by anyhow still stands');
});

/** The value of a series, its labels in any order; undefined where there is none. */
async function measure(app: App, name: string, labels: Record<string, string> = {}): Promise<number | undefined> {
  const { body } = await app.inject('/metrics');
  const wanted = Object.entries(labels).map(([key, value]) => `${key}="${value}"`);
  const line = body
    .split('\n')
    .find((text) => new RegExp(`^${name}[ {]`).test(text) && wanted.every((label) => text.includes(label)));
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
}

t.test('requests are measured by route and class of status, never by path', async (t) => {
  const { app } = await openApp(t);
  for (const agency of [qunfeng, '431281101', '431281102']) await app.inject(`/v1/reports/${agency}/2021`);
  await app.inject('/v1/forms');
  for (const path of ['/a', '/b', '/wp-login.php']) await app.inject(path);
  const count = 'xiangbao_request_duration_seconds_count';
  t.equal(await measure(app, count, { method: 'GET', route: '/v1/reports/:agency/:year', status: '4xx' }), 3);
  t.equal(await measure(app, count, { method: 'GET', route: '/v1/forms', status: '2xx' }), 1);
  t.equal(await measure(app, count, { route: 'none', status: '4xx' }), 3);
  const { body, headers } = await app.inject('/metrics');
  t.match(headers['content-type'], /^text\/plain; version=0\.0\.4/);
  t.notMatch(body, /431281207|wp-login/);
  t.match(body, /^nodejs_eventloop_lag_p99_seconds /m);
  t.match(body, /^process_resident_memory_bytes \d/m);
});

t.test('commits, pieces of work, size and refused filings are measured', async (t) => {
  const { app } = await openApp(t);
  const commits = (await measure(app, 'xiangbao_commits_total')) ?? 0;
  const pieces = (await measure(app, 'xiangbao_committed_pieces_total')) ?? 0;
  const years = [2021, 2022, 2023, 2024];
  const answers = await Promise.all(years.map((year) => post(app, filingBody({ year }))));
  t.same(
    answers.map(({ statusCode }) => statusCode),
    [201, 201, 201, 201],
  );
  t.equal(await measure(app, 'xiangbao_committed_pieces_total'), pieces + 4);
  const now = (await measure(app, 'xiangbao_commits_total')) ?? 0;
  t.ok(now > commits && now < commits + 4, 'filings that came together shared a commit');
  t.equal(await measure(app, 'xiangbao_write_queue_length'), 0);
  t.ok(((await measure(app, 'xiangbao_database_bytes', { part: 'database' })) ?? 0) > 100_000);
  t.equal(await measure(app, 'xiangbao_connections'), 0);

  await post(app, unbalanced());
  await post(app, { ...filingBody(), agency: '431281999' });
  await post(app, filingBody({ figures: { 'decisions.licenses.decided': -1 } }));
  const rejected = (rule: string) => measure(app, 'xiangbao_rejected_filings_total', { rule });
  t.equal(await rejected('T4-ROW'), 1);
  t.equal(await rejected('unknown-agency'), 1);
  t.equal(await rejected('RANGE'), 1);
  await post(app, `${JSON.stringify(unbalanced())}\n${JSON.stringify(unbalanced())}\n`, '/v1/imports', {
    'content-type': 'application/x-ndjson',
  });
  t.equal(await rejected('T4-ROW'), 3, 'those of an import too');
});

t.test('a refused filing is counted once by each fault, whatever refused it, and nothing else is one', async (t) => {
  const { app } = await openApp(t);
  const counted = async () => {
    const lines = (await app.inject('/metrics')).body.matchAll(
      /^xiangbao_rejected_filings_total\{rule="([^"]*)"\} (\d+)$/gm,
    );
    return Object.fromEntries([...lines].map(([, rule, count]) => [rule, Number(count)]));
  };
  const type = { 'content-type': 'application/json' };
  const path = `/v1/reports/${qunfeng}/2021`;
  const put = (payload: unknown, url = path, headers: Record<string, string> = type) =>
    app.inject({
      method: 'PUT',
      url,
      headers,
      payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
    });
  // What was only tried, or is a decision, a reading, a withdrawal, a correction of the register or an answer.
  await post(app, unbalanced(), '/v1/reports?dryRun=true');
  await put(unbalanced(), `${path}?dryRun=true`);
  await post(app, `${JSON.stringify(unbalanced())}\n`, '/v1/imports?dryRun=true', {
    'content-type': 'application/x-ndjson',
  });
  await post(app, {}, `${path}/reviews`);
  await post(app, 'x', '/v1/readings', { 'content-type': 'text/plain' });
  await app.inject({ method: 'DELETE', url: path });
  await app.inject(path);
  await app.inject({ method: 'PATCH', url: path });
  await app.inject({ method: 'PUT', url: '/v1/reports' });
  await post(app, filingBody());
  await post(app, filingBody());
  t.same(await counted(), {});

  await post(app, filingBody(), '/v1/reports?dryRun=maybe');
  await put(filingBody(), '/v1/reports/431281207/soon');
  await post(app, '{');
  await post(app, '<a/>', '/v1/reports', { 'content-type': 'application/xml' });
  await put({ ...filingBody({ figures: { 'decisions.licenses.decided': 2 } }), reason: 'x' });
  await app.inject({ method: 'POST', url: '/v1/reports', payload: filingBody(), headers: { authorization: '' } });
  t.same(await counted(), {
    FORMAT: 2,
    SYNTAX: 1,
    'unsupported-media-type': 1,
    'revision-required': 1,
    unauthorized: 1,
  });
});

t.test(
  'every request is measured once, and by few series: refused methods, bad addresses, files, queries',
  async (t) => {
    const { app } = await openApp(t);
    const asked: readonly (readonly [string, string, Record<string, string>])[] = [
      ['PUT', '/v1/forms', { method: 'PUT', route: '/v1/forms', status: '4xx' }],
      ['OPTIONS', '/v1/forms', { method: 'OPTIONS', route: '/v1/forms', status: '2xx' }],
      ['HEAD', '/v1/forms', { method: 'HEAD', route: '/v1/forms', status: '2xx' }],
      ['PROPFIND', '/v1/forms', { method: 'any', route: 'none', status: '4xx' }],
      ['GET', '/v1/reports/%zz/2021', { method: 'any', route: 'none', status: '4xx' }],
      ['GET', `/v1/forms/${'x'.repeat(300)}`, { method: 'any', route: 'none', status: '4xx' }],
      ['GET', '/v1/exports/reports.csv', { method: 'GET', route: '/v1/exports/reports.csv', status: '2xx' }],
      ['GET', '/ide/main.js', { method: 'GET', route: '/ide/*', status: '2xx' }],
      ['GET', '/graphql?query={nothing}', { method: 'GET', route: '/graphql', status: '2xx' }],
    ];
    const series = 'xiangbao_request_duration_seconds_count';
    for (const [method, url, labels] of asked) {
      const before = (await measure(app, series, labels)) ?? 0;
      await app.inject({ method: method as 'GET', url });
      t.equal(await measure(app, series, labels), before + 1, `${method} ${url.slice(0, 60)}`);
    }
  },
);

t.test('rollups are checked while the service runs, and what differs is measured', async (t) => {
  const { app, db } = await openApp(t, { url: `sqlite:${t.testdir()}/x.db`, rollupCheckHours: 0.2 / 3600 });
  const checked = async (differences: number) => {
    for (let tries = 0; tries < 900; tries++) {
      const at = await measure(app, 'xiangbao_rollup_check_timestamp_seconds');
      if (at && (await measure(app, 'xiangbao_rollup_differences')) === differences) return at;
      await sleep(100);
    }
    return undefined;
  };
  await post(app, filingBody({ figures: { 'decisions.licenses.decided': 3 } }));
  t.equal(await checked(0), clock().getTime() / 1000);
  await db.updateTable('rollup').set({ reports: 7 }).execute();
  t.ok(await checked(4), 'the county, the prefecture, the province and the nation have a wrong count');
});

t.test('the size of a store on the disk is that of its files', async (t) => {
  const { app } = await openApp(t, { url: `sqlite:${t.testdir()}/x.db` });
  t.ok(((await measure(app, 'xiangbao_database_bytes', { part: 'database' })) ?? 0) > 0);
  t.ok(((await measure(app, 'xiangbao_database_bytes', { part: 'log' })) ?? 0) > 0);
});

t.test('a request that its client breaks off is measured as such', async (t) => {
  const { app, token } = await openApp(t);
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  const stop = new AbortController();
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{'));
    },
  });
  const asked = fetch(`${address}/v1/reports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...bearer(token) },
    body,
    signal: stop.signal,
    duplex: 'half',
  } as RequestInit);
  // Once it has arrived, however long that takes.
  app.server.once('request', () => setTimeout(() => stop.abort(), 100));
  await t.rejects(asked);
  const broken = () =>
    measure(app, 'xiangbao_request_duration_seconds_count', { route: '/v1/reports', status: 'broken' });
  for (let tries = 0; (await broken()) === undefined && tries < 100; tries++) {
    await sleep(20);
  }
  t.equal(await broken(), 1);
});

t.test('several applications measure apart', async (t) => {
  const [{ app: one }, { app: other }] = [await openApp(t), await openApp(t)];
  await one.inject('/v1/forms');
  const count = (app: App) => measure(app, 'xiangbao_request_duration_seconds_count', { route: '/v1/forms' });
  t.same([await count(one), await count(other)], [1, undefined]);
});

/** The operator's part, as an SDK that is preloaded would do it: an exporter, and whose trace a request belongs to. */
function trackSpans(t: { teardown: (end: () => unknown) => unknown }): InMemorySpanExporter {
  const exporter = new InMemorySpanExporter();
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  const propagator: TextMapPropagator = {
    fields: () => ['traceparent'],
    inject: () => {},
    extract: (at, carrier, getter) => {
      const [, traceId, spanId] = String(getter.get(carrier, 'traceparent') ?? '').split('-');
      if (!traceId || !spanId) return at;
      return trace.setSpanContext(at, { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true });
    },
  };
  propagation.setGlobalPropagator(propagator);
  t.teardown(() => {
    trace.disable();
    propagation.disable();
    context.disable();
  });
  return exporter;
}

t.test('a request is a span when an SDK is there, with its route and not its query', async (t) => {
  const exporter = trackSpans(t);
  const { app } = await openApp(t);
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const answer = await app.inject({
    url: `/v1/reports/${qunfeng}/2021?token=secret`,
    headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` },
  });
  await app.inject('/nowhere');
  const [span, other] = exporter.getFinishedSpans();
  t.match(span, {
    name: 'GET /v1/reports/:agency/:year',
    kind: 1,
    attributes: {
      'http.request.method': 'GET',
      'http.route': '/v1/reports/:agency/:year',
      'http.response.status_code': answer.statusCode,
      'url.path': `/v1/reports/${qunfeng}/2021`,
      'url.scheme': 'http',
      'xiangbao.request_id': answer.headers['x-request-id'],
    },
  });
  t.equal(span?.spanContext().traceId, traceId, 'the trace of the caller goes on');
  t.notMatch(JSON.stringify(span?.attributes), /secret/);
  t.match(other, { name: 'GET', attributes: { 'http.response.status_code': 404 } });
});

/** An app whose log is kept, line by line. */
async function openLogged(t: Parameters<typeof openApp>[0]) {
  const lines: string[] = [];
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(...String(chunk).trimEnd().split('\n'));
      done();
    },
  });
  const { app, db, token } = await openApp(t, { logger: { level: 'trace', stream } });
  return { app, db, token, lines, text: () => lines.join('\n') };
}

t.test('a request is one line of the log: its id, route, status, duration and caller', async (t) => {
  const { app, lines } = await openLogged(t);
  const answer = await app.inject(`/v1/forms/2021`);
  const about = lines.map((line) => JSON.parse(line)).filter(({ reqId }) => reqId === answer.headers['x-request-id']);
  t.match(about, [
    {
      level: 30,
      method: 'GET',
      route: '/v1/forms/:id',
      path: '/v1/forms/2021',
      status: 200,
      caller: 'clerk@example.org',
      msg: 'answered',
    },
  ]);
  t.equal(about.length, 1);
  t.type(about[0].milliseconds, 'number');
});

t.test('no log holds a token, a cookie or a body', async (t) => {
  const { app, db, token: secret, text } = await openLogged(t);
  const headers = { authorization: `Bearer ${secret}`, cookie: `session=${secret}`, 'x-api-key': secret };
  await app.inject({ url: `/v1/forms?access_token=${secret}`, headers });
  await app.inject({ url: `/nowhere?access_token=${secret}`, headers });
  await app.inject({ url: `/graphql?query={__typename}&token=${secret}`, headers });
  await post(app, { ...filingBody(), narrative: { overview: `秘密${secret}` } }, '/v1/reports', headers);
  await post(app, `{"agency": "${secret}`, '/v1/reports', headers);
  await post(app, { query: `# ${secret}\n{ nothing }` }, '/graphql', headers);
  await db.schema.dropTable('finding').execute();
  const failed = await post(app, { ...unbalanced(), year: 2022, narrative: { overview: secret } }, '/v1/reports', {
    ...headers,
    prefer: 'handling=lenient',
  });
  t.equal(failed.statusCode, 500);
  app.log.info({ headers, request: { headers }, authorization: secret, token: secret }, 'a careless line');
  t.match(text(), /a careless line/);
  t.notMatch(text(), secret);
});

t.test('what fails on our side says nothing of itself, in any route', async (t) => {
  const { app, db, text } = await openLogged(t);
  await post(app, filingBody());
  // A database as broken as can be.
  await db.schema.dropTable('finding').execute();
  for (const table of ['revision', 'report', 'rollup', 'rollup_blank', 'import']) {
    await db.schema.alterTable(table).renameTo(`gone_${table}`).execute();
  }
  const graphql = `{ county(code: "${hongjiang}") { statistics(years: [2021]) { publishedItems { total } } } }`;
  const broken = {
    read: await app.inject(`/v1/reports/${qunfeng}/2021`),
    list: await app.inject('/v1/reports'),
    file: await post(app, filingBody({ year: 2022 })),
    rollup: await app.inject(`/v1/rollups/${hongjiang}/2021`),
    print: await app.inject(`/v1/rollups/${hongjiang}/2021.docx`),
    export: await app.inject('/v1/exports/reports.csv'),
    import: await post(app, '{}\n', '/v1/imports', { 'content-type': 'application/x-ndjson' }),
    query: await post(app, { query: graphql }, '/graphql'),
  };
  for (const [what, answer] of Object.entries(broken)) {
    if (what === 'query') t.match(answer.json(), { errors: [{ extensions: { problem: 'internal' } }] }, what);
    else t.match(answer.json(), { type: '/problems/internal', status: 500 }, what);
    t.notMatch(answer.body, /SQLITE|no such table|node_modules|\.[jt]s\b|\/src\/|\/tmp\/|at \w+ \(|stack/i, what);
  }
  t.match(text(), /no such table/, 'the log has it');
});

t.test('a server that stops waits for what it answers, and for no connection that is kept for later', async (t) => {
  const { app, token, close } = await openTestApp();
  await app.listen({ port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true });
  t.teardown(() => agent.destroy());
  const body = JSON.stringify(filingBody());
  const headers = {
    ...bearer(token),
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  };
  const asked = request({ port, method: 'POST', path: '/v1/reports', agent, headers });
  const answered = once(asked, 'response') as Promise<[IncomingMessage]>;
  const come = once(app.server, 'request');
  asked.write(body.slice(0, 100));
  await come;
  const stopped = close();
  asked.end(body.slice(100));
  const [answer] = await answered;
  answer.resume();
  t.equal(answer.statusCode, 201);
  t.equal(answer.headers.connection, 'close');
  const late = sleep(20_000, 'late' as const, { ref: false });
  t.not(await Promise.race([stopped, late]), 'late', 'an idle connection would be kept for more than a minute');
});
