/** HTTP as RFC 9110 has it, for every path: methods, headers without a body, media types, conditions, preferences. */
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import type { InjectOptions } from 'fastify';
import t from 'tap';
import { problems } from '../src/problem.js';
import { packageRoot } from '../src/root.js';
import { filingBody, hongjiang, openTestApp, qunfeng } from './builders.js';

type Method = NonNullable<InjectOptions['method']>;
type Test = { teardown: (end: () => unknown) => unknown };

async function openApp(t: Test, options: Parameters<typeof openTestApp>[0] = {}) {
  const opened = await openTestApp(options);
  t.teardown(opened.close);
  return opened;
}

type App = Awaited<ReturnType<typeof openApp>>['app'];

const report = `/v1/reports/${qunfeng}/2021`;

const file = (app: App, body: unknown = filingBody(), headers: Record<string, string> = {}, method: Method = 'PUT') =>
  app.inject({
    method,
    url: method === 'PUT' ? report : '/v1/reports',
    headers: { 'content-type': 'application/json', ...headers },
    payload: JSON.stringify(body),
  });

/** What stands for a part of a path. */
const parts: Readonly<Record<string, string>> = {
  agency: qunfeng,
  division: hongjiang,
  year: '2021',
  extension: 'html',
  number: '1',
  name: 'stale-revision',
};

/** The paths that the document leaves out, with what they take beside OPTIONS. */
const undocumented: readonly (readonly [string, readonly string[]])[] = [
  ['/graphql?query={__typename}', ['GET', 'HEAD', 'POST']],
  ...[
    '/health/live',
    '/health/ready',
    '/metrics',
    '/openapi.json',
    '/docs',
    '/docs/',
    '/docs/json',
    '/ide',
    '/ide/',
  ].map((path) => [path, ['GET', 'HEAD']] as const),
  ['/ide/main.js', ['GET', 'HEAD']],
  ['/schema.graphql', ['GET', 'HEAD']],
  ['/ide/start.js', ['GET', 'HEAD']],
  ['/docs/static/swagger-ui.css', ['GET', 'HEAD']],
];

/** Every path there is, written out, with the methods that it takes. */
async function pathsOf(app: App): Promise<(readonly [string, readonly string[]])[]> {
  const { paths } = (await app.inject('/openapi.json')).json<{ paths: Record<string, object> }>();
  const documented = Object.entries(paths).map(([path, item]) => {
    const methods = Object.keys(item).map((method) => method.toUpperCase());
    const url = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => parts[name] ?? '2021');
    return [url, methods.includes('GET') ? [...methods, 'HEAD'] : methods] as const;
  });
  return [...documented, ...undocumented];
}

const list = (header: unknown) =>
  String(header ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .sort();

t.test(
  'every path refuses a method that it does not take before it reads a body, and lists those it takes',
  async (t) => {
    const { app } = await openApp(t);
    const paths = await pathsOf(app);
    t.ok(paths.length > 50);
    const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'QUERY', 'PROPFIND', 'REPORT', 'LINK'];
    for (const [url, taken] of paths) {
      for (const method of methods.filter((method) => !taken.includes(method))) {
        const answer = await app.inject({
          method: method as Method,
          url,
          // A stranger's, of a type and a form that nothing takes.
          headers: { authorization: '', ...(method !== 'GET' && { 'content-type': 'text/plain' }) },
          ...(/^(?:POST|PUT|PATCH)$/.test(method) && { payload: '{' }),
        });
        t.equal(answer.statusCode, 405, `${method} ${url}`);
        t.same(list(answer.headers.allow), [...taken, 'OPTIONS'].sort(), `${method} ${url}`);
        if (method === 'HEAD') continue;
        t.match(answer.json(), { type: '/problems/method-not-allowed', status: 405 });
        t.same([...answer.json().allow].sort(), list(answer.headers.allow));
      }
    }
    for (const method of ['GET', 'DELETE', 'PROPFIND', 'OPTIONS'] as Method[]) {
      const nowhere = await app.inject({ method, url: '/v1/nowhere' });
      t.match([nowhere.statusCode, nowhere.headers.allow], [404, undefined], `${method} of a path that is not there`);
    }
  },
);

t.test('OPTIONS answers 204 with what a path takes, to strangers too, and of the server as a whole', async (t) => {
  const { app } = await openApp(t, { publicReading: 'none' });
  for (const [url, taken] of await pathsOf(app)) {
    const answer = await app.inject({ method: 'OPTIONS', url, headers: { authorization: '' } });
    t.match([answer.statusCode, answer.body], [204, ''], url);
    t.same(list(answer.headers.allow), [...taken, 'OPTIONS'].sort(), url);
    t.equal(answer.headers['accept-post'] !== undefined, taken.includes('POST'), url);
  }
  await app.listen({ host: '127.0.0.1', port: 0 });
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('it listens on a port');
  const socket = connect(address.port, '127.0.0.1');
  socket.write('OPTIONS * HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
  let told = '';
  for await (const chunk of socket) told += chunk;
  t.match(told, /^HTTP\/1.1 204 /);
});

t.test('the question of a browser before a request is answered for the sites that are listed', async (t) => {
  const site = 'https://example.org';
  const { app } = await openApp(t, { corsOrigins: [site] });
  const ask = (url: string, headers: Record<string, string>) => app.inject({ method: 'OPTIONS', url, headers });
  const asked = { origin: site, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'if-match' };
  const preflight = await ask(report, asked);
  t.match([preflight.statusCode, preflight.headers['access-control-allow-origin']], [204, site]);
  t.match(preflight.headers['access-control-allow-headers'], /if-match/);
  t.match(preflight.headers['access-control-allow-methods'], /PUT/);
  const plain = await ask(report, { origin: site });
  t.match([plain.statusCode, plain.headers['access-control-allow-origin']], [204, site]);
  t.same(list(plain.headers.allow), ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PUT']);
  t.equal((await ask(report, {})).statusCode, 204);
  t.equal((await ask('/nowhere', {})).statusCode, 404);
  t.equal((await ask('/nowhere', asked)).statusCode, 204, 'so that its script is told that there is no such path');
  t.notOk('access-control-allow-origin' in (await ask(report, { ...asked, origin: 'https://evil.example' })).headers);
});

/** Headers that any script is shown, and those that are for browsers and connections, not for scripts. */
const unexposed = new Set([
  'cache-control',
  'connection',
  'content-language',
  'content-length',
  'content-security-policy',
  'content-type',
  'expires',
  'last-modified',
  'referrer-policy',
  'vary',
  'x-content-type-options',
]);

t.test('every header that an answer of ours has is shown to the scripts of other sites', async (t) => {
  const { app } = await openApp(t, { corsOrigins: ['https://example.org'] });
  const { headers } = await app.inject({ url: '/v1/forms', headers: { origin: 'https://example.org' } });
  const shown = list(headers['access-control-expose-headers']);
  const folder = join(packageRoot, 'src/api');
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const set = sources.flatMap((name) =>
    [...readFileSync(join(folder, name), 'utf8').matchAll(/\.header\(\s*'([\w-]+)'/g)].map(([, header = '']) => header),
  );
  t.ok(set.length > 10);
  t.same(
    [...new Set(set)].filter((header) => !shown.includes(header) && !unexposed.has(header)),
    [],
  );
  t.ok(shown.includes('content-disposition'));
});

t.test('HEAD answers what GET does, without its body, wherever GET does', async (t) => {
  const { app } = await openApp(t, { corsOrigins: ['https://example.org'] });
  t.equal((await file(app)).statusCode, 201);
  // Of its own for every answer, or of the moment.
  const own = ['x-request-id', 'date', 'connection', 'keep-alive'];
  const rest = (headers: object) => Object.fromEntries(Object.entries(headers).filter(([name]) => !own.includes(name)));
  const printed = ['docx', 'xlsx', 'csv', 'json'].map((extension) => `${report}.${extension}`);
  const paths = (await pathsOf(app)).filter(([, taken]) => taken.includes('GET')).map(([url]) => url);
  for (const url of [...paths, ...printed, '/v1/divisions?first=1', '/v1/reports?first=abc', '/v1/nowhere']) {
    // The moment of a workbook is in it. An export's length and tag are known once it is made, which a HEAD does not.
    const differs = url.startsWith('/v1/exports/')
      ? ['content-length', 'etag']
      : /metrics|\.(?:xlsx|docx)/.test(url)
        ? ['content-length']
        : [];
    for (const accept of url === report ? ['*/*', 'text/html', 'image/png'] : ['*/*']) {
      const ask = (method: Method) => app.inject({ method, url, headers: { accept, origin: 'https://example.org' } });
      const [got, headed] = [await ask('GET'), await ask('HEAD')];
      t.equal(headed.body, '', url);
      t.equal(headed.statusCode, got.statusCode, `HEAD ${url} as ${accept}`);
      const headers = [rest(headed.headers), rest(got.headers)].map((all) =>
        Object.fromEntries(Object.entries(all).filter(([name]) => !differs.includes(name))),
      );
      // A stream has no length before its end.
      if (headed.headers['transfer-encoding'] ?? got.headers['transfer-encoding'])
        delete headers[1]?.['transfer-encoding'];
      t.same(headers[0], headers[1], `HEAD ${url} as ${accept}`);
    }
  }
});

t.test('HEAD of an export makes none: as many as one likes, and what is wrong with it is told', async (t) => {
  const { app } = await openApp(t, { url: `sqlite:${t.testdir()}/x.db` });
  await file(app);
  const head = (url: string) => app.inject({ method: 'HEAD', url });
  for (let times = 0; times < 3; times++) {
    const answer = await head('/v1/exports/reports.xlsx');
    t.match(
      [answer.statusCode, answer.headers['content-disposition'], answer.headers['content-length']],
      [200, /attachment/, undefined],
    );
  }
  t.equal((await head('/v1/exports/reports.csv?division=999999')).statusCode, 404);
  t.match((await app.inject('/v1/exports/reports.csv')).body, new RegExp(qunfeng));
});

t.test(
  'every failure is explained under its type, in the language that is asked for, to programs and to people',
  async (t) => {
    const { app } = await openApp(t, { publicReading: 'none' });
    const ask = (url: string, headers: Record<string, string> = {}) =>
      app.inject({ url, headers: { authorization: '', ...headers } });
    const { items } = (await ask('/problems', { 'accept-language': 'en' })).json();
    t.same(
      items.map(({ type }: { type: string }) => type),
      problems.map(({ name }) => `/problems/${name}`),
    );
    for (const { name, status, title } of problems) {
      const explain = async (language: string) =>
        (await ask(`/problems/${name}`, { 'accept-language': language })).json();
      const [zh, en] = [await explain('zh-CN'), await explain('en')];
      t.match(
        [zh, en],
        [
          { status, title: title.zh },
          { status, title: title.en },
        ],
        name,
      );
      t.match(`${zh.meaning}${zh.next}`, /[\u4e00-\u9fff]{3}/, `${name} in Chinese`);
      t.notMatch(`${en.meaning}${en.next}`, /[\u4e00-\u9fff]/, `${name} in English`);
      t.ok(en.next.length > 10 && zh.next.length > 5, name);
    }
    const page = await ask('/problems/stale-revision', { accept: 'text/html,*/*;q=0.8', 'accept-language': 'zh' });
    t.match(page.headers, {
      'content-type': /^text\/html/,
      'content-language': 'zh',
      vary: /accept.*accept-language/i,
    });
    t.match(page.body, /412 版本已过期.*If-Match/s);
    t.match((await ask('/problems', { accept: 'text/html' })).body, /href="\/problems\/stale-revision"/);
    const refused = await ask('/v1/tokens');
    t.equal(
      (await ask(refused.json().type)).json().title,
      refused.json().title,
      'the type of a failure is its address',
    );
    t.match((await ask('/problems/nothing')).json(), { type: '/problems/not-found', status: 404 });
    t.equal((await ask('/problems/__proto__')).statusCode, 404);
    t.equal((await ask('/problems', { accept: 'image/png' })).statusCode, 406);
  },
);

t.test('GET /v1 lists every call and where else to look, and each address answers', async (t) => {
  const { app } = await openApp(t, { publicReading: 'none' });
  const entry = await app.inject({ url: '/v1', headers: { authorization: '' } });
  t.equal(entry.statusCode, 200);
  const { calls, links } = entry.json<{ calls: { method: string; path: string; id: string }[]; links: object }>();
  const { paths } = (await app.inject('/openapi.json')).json<{ paths: Record<string, object> }>();
  t.same(
    calls.map(({ method, path }) => `${method} ${path}`),
    Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    ),
  );
  t.equal(new Set(calls.map(({ id }) => id)).size, calls.length);
  for (const url of Object.values(links)) {
    const answer = await app.inject(url === '/graphql' ? `${url}?query={__typename}` : url);
    t.equal(answer.statusCode, 200, url);
  }
  const schema = await app.inject({ url: '/schema.graphql', headers: { authorization: '' } });
  t.match(schema.headers['content-type'], /^text\/plain; charset=utf-8/);
  t.equal(schema.body, readFileSync(join(packageRoot, 'schema.graphql'), 'utf8'));
});

t.test('a code that nothing has is a 404 in every list and file that it narrows, never an empty 200', async (t) => {
  const { app } = await openApp(t);
  await file(app);
  const { paths, components } = (await app.inject('/openapi.json')).json();
  type Stated = { readonly $ref?: string; readonly name: string; readonly in: string };
  let asked = 0;
  for (const [path, { get }] of Object.entries<{ get?: { parameters?: Stated[] } }>(paths)) {
    for (const stated of get?.parameters ?? []) {
      const { name, in: where } = stated.$ref
        ? (components.parameters[stated.$ref.split('/').at(-1) ?? ''] as Stated)
        : stated;
      if (where !== 'query' || !['division', 'county', 'parent', 'agency'].includes(name)) continue;
      const code = name === 'agency' ? '431281999' : '999999';
      for (const query of [`${name}=${code}`, `${name}=${code}&first=1`]) {
        if (query.includes('first') && (path.includes('exports') || path.startsWith('/v1/statistics'))) continue;
        const answer = await app.inject(`${path}?${query}`);
        t.equal(answer.statusCode, 404, `${path}?${query}`);
        asked++;
      }
    }
  }
  t.ok(asked > 10);
  const grant = (place: object) =>
    app.inject({ method: 'POST', url: '/v1/tokens', payload: { name: 'x', grants: [{ scope: 'file', ...place }] } });
  t.equal((await grant({ division: '999999' })).statusCode, 404);
  t.equal((await grant({ agency: '431281999' })).statusCode, 404);
  const query = '{ reports(county: "999999") { totalCount } }';
  const { errors } = (await app.inject({ method: 'POST', url: '/graphql', payload: { query } })).json();
  t.match(errors, [{ extensions: { problem: 'unknown-division' } }]);
});

t.test('a DELETE without a body is one, whatever type it names', async (t) => {
  const { app } = await openApp(t);
  for (const headers of [
    {},
    { 'content-type': 'application/json' },
    { 'content-type': 'application/json; charset=utf-8', 'content-length': '0' },
    { 'content-type': 'application/xml' },
    { 'content-type': 'not a type' },
  ]) {
    const etag = String((await file(app)).headers.etag);
    const gone = await app.inject({ method: 'DELETE', url: report, headers: { ...headers, 'if-match': etag } });
    t.equal(gone.statusCode, 204, JSON.stringify(headers));
  }
  const etag = String((await file(app)).headers.etag);
  const broken = await app.inject({
    method: 'DELETE',
    url: report,
    headers: { 'content-type': 'application/json', 'if-match': etag },
    payload: '{',
  });
  t.match(broken.json(), { type: '/problems/malformed-body' }, 'a body that is there is read');
});

t.test('a refused media type lists those that are taken, and each of them is', async (t) => {
  const { app } = await openApp(t);
  const takers = [
    ['POST', '/v1/reports', 'accept-post'],
    ['PUT', report, 'accept'],
    ['POST', '/v1/readings', 'accept-post'],
    ['POST', '/v1/imports', 'accept-post'],
    ['POST', '/v1/register/changes', 'accept-post'],
    ['POST', '/v1/register/comparison', 'accept-post'],
    ['POST', '/v1/tokens', 'accept-post'],
    ['POST', '/graphql', 'accept-post'],
  ] as const;
  for (const [method, url, header] of takers) {
    const send = (type: string) =>
      app.inject({ method, url, headers: { 'content-type': type }, payload: Buffer.from('x') });
    const refused = await send('application/x-nothing');
    t.equal(refused.statusCode, 415, url);
    const types = list(refused.headers[header]);
    t.ok(types.length > 0, url);
    // Each document is read in a process of its own: two stand for them all.
    for (const type of types.length > 4 ? [types[0] ?? '', types.at(-1) ?? ''] : types) {
      const answer = await send(type === 'multipart/form-data' ? `${type}; boundary=b` : type);
      t.not(answer.statusCode, 415, `${method} ${url} takes ${type}`);
    }
    if (method !== 'POST') continue;
    t.same(list((await app.inject({ method: 'OPTIONS', url })).headers['accept-post']), types, url);
  }
  const packed = await app.inject({
    method: 'POST',
    url: '/v1/reports',
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    payload: '{}',
  });
  t.match([packed.statusCode, packed.headers['accept-encoding']], [415, 'identity']);
});

t.test('of a preference that is stated more than once the first counts, in one header or in several', async (t) => {
  const { app } = await openApp(t);
  const unbalanced = filingBody({ figures: { 'appeals.reconsideration.upheld': 1 } });
  const lenient = fc.constantFrom(
    'handling=lenient',
    'Handling=Lenient',
    'handling = "lenient"',
    'handling=lenient; x=1',
    'handling="l\\enient"',
  );
  const strict = fc.constantFrom(
    'handling=strict',
    'handling="strict"',
    'handling',
    'handling=""',
    'handling=x;lenient',
  );
  const others = fc.constantFrom(
    'respond-async',
    'wait=10',
    'x="a, handling=lenient, b"',
    'x="\\", handling=strict"',
    'xhandling=lenient',
    '',
  );
  const preferences = fc.array(fc.oneof(lenient, strict, others), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(preferences, fc.boolean(), async (stated, severally) => {
      const first = stated.find((one) => /^handling\b/i.test(one));
      const isLenient = first !== undefined && /^handling\s*=\s*"?l/i.test(first);
      const answer = await app.inject({
        method: 'POST',
        url: '/v1/reports?dryRun=true',
        headers: { 'content-type': 'application/json', prefer: severally ? [...stated] : stated.join(', ') },
        payload: JSON.stringify(unbalanced),
      });
      return answer.statusCode === (isLenient ? 201 : 422);
    }),
    { numRuns: 60 },
  );
});

t.test('a list of entity tags is read as RFC 9110 writes it: commas in quotes, weak ones, empty places', async (t) => {
  const { app } = await openApp(t);
  await file(app);
  const etag = String((await app.inject(report)).headers.etag);
  const other = fc.constantFrom('"a,b"', '"9-x"', 'W/"1,2"', '"\\"', '""', '"*"', '"é"', `"x${etag.slice(1)}`);
  const own = fc.constantFrom(etag, `W/${etag}`);
  const tags = fc.array(fc.oneof({ weight: 3, arbitrary: other }, own, fc.constant('')), {
    minLength: 1,
    maxLength: 6,
  });
  const glue = fc.constantFrom(',', ', ', ' ,\t');
  await fc.assert(
    fc.asyncProperty(tags, glue, async (some, between) => {
      const header = some.join(between);
      const isNone = some.every((tag) => tag === '');
      const read = await app.inject({ url: report, headers: { 'if-none-match': header } });
      const named = some.includes(etag) || some.includes(`W/${etag}`);
      // A header that is not there and one without a character are the same to Node.
      const reads = header.trim() === '' ? [200, 400] : isNone ? [400] : [named ? 304 : 200];
      const written = await app.inject({
        method: 'DELETE',
        url: `${report}?dryRun=true`,
        headers: { 'if-match': header },
      });
      const writes = header.trim() === '' ? [400, 428] : isNone ? [400] : [some.includes(etag) ? 204 : 412];
      return reads.includes(read.statusCode) && writes.includes(written.statusCode);
    }),
    { numRuns: 100 },
  );
  for (const wrong of ['1', '"a', 'a"', '"a" "b"', '*, "a"', '"a", *', 'w/"a"', 'W/ "a"', '"a";', "'a'"]) {
    for (const name of ['if-match', 'if-none-match']) {
      const answer = await app.inject({ method: 'DELETE', url: report, headers: { [name]: wrong } });
      t.match(answer.json(), { type: '/problems/invalid-parameter', errors: [{ pointer: `/${name}` }] }, wrong);
    }
    t.equal((await app.inject({ url: report, headers: { 'if-none-match': wrong } })).statusCode, 400, wrong);
  }
  t.equal((await app.inject({ url: report, headers: { 'if-none-match': '*' } })).statusCode, 304);
});

t.test('If-None-Match on a write lets it through only where nothing, or no named revision, stands there', async (t) => {
  const { app } = await openApp(t);
  const body = filingBody();
  const changed = { ...filingBody({ figures: { 'decisions.licenses.decided': 1 } }), reason: 'a slip' };
  const none = { 'if-none-match': '*' };
  const created = await file(app, body, none);
  t.equal(created.statusCode, 201, 'nothing is filed yet');
  const etag = String(created.headers.etag);
  t.equal((await file(app, body, none)).statusCode, 412, 'the same content is filed already');
  t.equal((await file(app, body, none, 'POST')).statusCode, 412, 'by POST too');
  t.equal((await file(app, changed, { ...none, 'if-match': etag })).statusCode, 412);
  t.equal((await file(app, changed, { 'if-none-match': `W/${etag}`, 'if-match': etag })).statusCode, 412);
  t.equal((await file(app, changed, { 'if-none-match': '"9-x", "a,b"', 'if-match': etag })).statusCode, 200);
  const remove = (headers: Record<string, string>) => app.inject({ method: 'DELETE', url: report, headers });
  t.match((await remove({ ...none, 'if-match': '*' })).json(), { type: '/problems/stale-revision', revision: 2 });
  t.equal((await remove({ 'if-match': '*' })).statusCode, 204);
  t.equal((await file(app, body, none)).statusCode, 201, 'what was withdrawn does not stand there');
});
