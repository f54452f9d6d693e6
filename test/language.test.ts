/** Refusals in the language that a client prefers: Chinese, English, or both where it prefers neither. */
import { setTimeout } from 'node:timers/promises';
import t from 'tap';
import { findLanguage } from '../src/api/http/language.js';
import { filingBody, hongjiang, openTestApp, qunfeng } from './builders.js';

const han = /\p{Script=Han}/u;

/** Four words of Latin letters in a row are a sentence; names of members, codes and parameters are not. */
const latinSentence = /(?:[A-Za-z']+[ ,;:]+){3}[A-Za-z']+/;

t.test('the language that a client prefers is found by the weights of its header', async (t) => {
  const cases: readonly (readonly [string | undefined, 'zh' | 'en' | undefined])[] = [
    [undefined, undefined],
    ['', undefined],
    ['*', undefined],
    ['fr', undefined],
    ['fr, *;q=0.5', undefined],
    ['zh', 'zh'],
    ['zh-CN', 'zh'],
    ['zh-Hans-CN', 'zh'],
    ['ZH-cn', 'zh'],
    ['en-US,en;q=0.9', 'en'],
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
    ['en;q=0.5, zh;q=0.8', 'zh'],
    ['en, zh', 'en'],
    ['zh, en', 'zh'],
    ['fr, en;q=0.3', 'en'],
    ['zh;q=0, en;q=0.1', 'en'],
    ['zh;q=0, en;q=0', undefined],
    ['*, en;q=0.5', 'zh'],
  ];
  for (const [header, expected] of cases) t.equal(findLanguage(header), expected, String(header));
});

const refusals: readonly { readonly name: string; readonly ask: Parameters<typeof toRequest>[0] }[] = [
  { name: 'no such path', ask: { url: '/nowhere' } },
  { name: 'a parameter that is not valid', ask: { url: '/v1/reports?county=43128&foo=1&first=501' } },
  { name: 'a kind that is none', ask: { url: '/v1/rollups/431281/2021?kinds=VILLAGE' } },
  { name: 'a year that is none', ask: { url: `/v1/reports/${qunfeng}/1999` } },
  { name: 'a cursor that is none', ask: { url: '/v1/reports?after=xyz' } },
  { name: 'no report', ask: { url: `/v1/reports/${qunfeng}/2020` } },
  { name: 'no agency', ask: { url: '/v1/agencies/999999999' } },
  { name: 'no acceptable type', ask: { url: `/v1/reports/${qunfeng}/2021`, headers: { accept: 'image/png' } } },
  {
    name: 'a body that is no JSON',
    ask: { method: 'POST', url: '/v1/reports', payload: '{', type: 'application/json' },
  },
  { name: 'a body of another type', ask: { method: 'POST', url: '/v1/reports', payload: 'x', type: 'text/x' } },
  { name: 'a report that does not balance', ask: { method: 'POST', url: '/v1/reports', payload: unbalanced() } },
  { name: 'a report that is none', ask: { method: 'POST', url: '/v1/reports', payload: { agency: 1 } } },
  { name: 'a change that is none', ask: { method: 'POST', url: '/v1/agencies', payload: { code: null, founded: 1 } } },
  {
    name: 'a change of nothing',
    ask: { method: 'POST', url: `/v1/agencies/${qunfeng}/changes`, payload: { on: '2024-01-01' } },
  },
  {
    name: 'a day that not every year has',
    ask: { method: 'PUT', url: `/v1/divisions/${hongjiang}/deadlines/2021`, payload: { due: '02-29' } },
  },
  { name: 'a note without words', ask: { method: 'PUT', url: `/v1/reports/${qunfeng}/2021/notes`, payload: note() } },
  { name: 'a grant of nothing', ask: { method: 'POST', url: '/v1/tokens', payload: grantOfNothing() } },
  { name: 'a query of GraphQL that is none', ask: { method: 'POST', url: '/graphql', payload: { query: '{' } } },
  { name: 'a field that is none', ask: { method: 'POST', url: '/graphql', payload: { query: '{ rules { nope } }' } } },
  { name: 'a mutation', ask: { method: 'POST', url: '/graphql', payload: { query: 'mutation { file }' } } },
  { name: 'no query', ask: { method: 'POST', url: '/graphql', payload: {} } },
  {
    name: 'a year that GraphQL has not',
    ask: {
      method: 'POST',
      url: '/graphql',
      payload: { query: '{ report(agency: "431281207", year: 1999) { year } }' },
    },
  },
];

function unbalanced() {
  return filingBody({ figures: { 'appeals.reconsideration.upheld': 1 } });
}

function note() {
  return { code: 'T4-ROW', pointer: '/x', standing: 'EXPLAINED' };
}

function grantOfNothing() {
  return { name: 'x', grants: [{ scope: 'file' }] };
}

function toRequest({
  method = 'GET',
  url,
  payload,
  type,
  headers = {},
}: {
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly payload?: string | object;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}) {
  return {
    method,
    url,
    ...(payload !== undefined && { payload }),
    headers: { ...headers, ...(type !== undefined && { 'content-type': type }) },
  };
}

/** Every text of a refusal, and every member of its faults in one language. */
function textsOf(body: Readonly<Record<string, unknown>>, language: 'zh' | 'en'): string[] {
  const problems = Array.isArray(body.errors) && 'message' in body.errors[0] && 'extensions' in body.errors[0];
  if (!problems) {
    const faults = (body.errors ?? []) as { message: { zh: string; en: string } }[];
    return [String(body.title), String(body.detail), ...faults.map(({ message }) => message[language])];
  }
  const errors = body.errors as { message: string; extensions: { title: string } }[];
  return errors.flatMap(({ message, extensions }) => [message, extensions.title]);
}

for (const { name, ask } of refusals) {
  t.test(`${name} is refused in the language of the client, or in both`, async (t) => {
    const { app, close } = await openTestApp();
    t.teardown(close);
    const refuse = async (language?: string) => {
      const asked = toRequest(ask);
      const headers = { ...asked.headers, ...(language !== undefined && { 'accept-language': language }) };
      return app.inject({ ...asked, headers });
    };
    const chinese = await refuse('zh-CN,zh;q=0.9');
    t.equal(chinese.headers['content-language'], 'zh');
    t.match(String(chinese.headers.vary), /Accept-Language/);
    for (const text of textsOf(chinese.json(), 'zh')) {
      t.match(text, han);
      t.notMatch(text, latinSentence);
    }
    const english = await refuse('en-US');
    t.equal(english.headers['content-language'], 'en');
    // The name of an agency has no English.
    for (const text of textsOf(english.json(), 'en')) t.notMatch(text.replace('群峰乡', ''), han);
    const both = await refuse();
    t.equal(both.headers['content-language'], 'en, zh');
    const [title, detail] = textsOf(both.json(), 'zh');
    for (const text of [title, detail]) t.match(text, han);
    t.match(`${title} ${detail}`, /[A-Za-z]{2}/);
    t.equal(chinese.statusCode, both.statusCode);
  });
}

t.test('the problem of an item of an import is kept, and said to each client in its language', async (t) => {
  const { app, close } = await openTestApp();
  t.teardown(close);
  const accepted = await app.inject({
    method: 'POST',
    url: '/v1/imports',
    payload: `${JSON.stringify(unbalanced())}\n`,
    headers: { 'content-type': 'application/x-ndjson', prefer: 'respond-async' },
  });
  t.equal(accepted.statusCode, 202);
  const url = String(accepted.headers.location);
  while ((await app.inject(url)).json().state !== 'done') await setTimeout(20);
  const read = async (language: string) => {
    const answer = await app.inject({ url: `${url}/items`, headers: { 'accept-language': language } });
    t.match(String(answer.headers.vary), /Accept-Language/);
    const [item] = answer.json().items as { problem: { title: string; detail: string } }[];
    return [item?.problem.title ?? '', item?.problem.detail ?? ''];
  };
  for (const text of await read('zh-CN')) {
    t.match(text, han);
    t.notMatch(text, latinSentence);
  }
  for (const text of await read('en')) {
    t.notMatch(text, han);
    t.match(text, latinSentence);
  }
});
