/** What is wrong with a request costs no more than what is answered about it: the first faults, in at most 64 KiB. */
import fc from 'fast-check';
import type { InjectOptions } from 'fastify';
import t from 'tap';
import './seed.js';
import { splitLines } from '../src/bulk/import/format/lines.js';
import { maxValues, parseJson } from '../src/json.js';
import {
  type Fault,
  listFaults,
  maxFaults,
  maxProblemBytes,
  Problem,
  type ProblemBody,
  sayStored,
  toProblem,
} from '../src/problem.js';
import { readLines } from '../src/register/change/change-lines.js';
import { importChanges } from '../src/register/change/file/change-file.js';
import { namesAnother } from '../src/report/document/document-agency.js';
import { parseFiling } from '../src/report/filing.js';
import { isSoundText, quoteText } from '../src/text.js';
import { inBoth } from '../src/words.js';
import { act, filingBody, hongjiang, openTestApp, openTestStore, qunfeng, today } from './builders.js';

async function processorSeconds(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** A piece of work that takes a tenth of a second of the processor for which the bounds here are stated. */
function yardstick(): void {
  const text = JSON.stringify(Array.from({ length: 50_000 }, (_, at) => ({ at, name: `乡${at}` })));
  for (let times = 0; times < 4; times += 1) JSON.parse(text);
}

/**
 * The seconds of processor that a piece of work takes, as they would be where the yardstick takes a tenth of one: a
 * slower processor, or one that is shared, takes longer for both.
 */
async function processorTime(work: () => unknown): Promise<number> {
  const tenth = await processorSeconds(yardstick);
  const seconds = await processorSeconds(work);
  return seconds / Math.max(1, tenth / 0.1);
}

const refusalOf = (read: () => unknown): Problem | undefined => {
  try {
    read();
    return undefined;
  } catch (error) {
    return toProblem(error);
  }
};

const members = (count: number) => `{${Array.from({ length: count }, (_, at) => `"k${at}":0`).join(',')}}`;

t.test('faults are looked for until there are a hundred, and no further', async (t) => {
  let made = 0;
  function* endless(): Generator<Fault, void, undefined> {
    for (;;) {
      made++;
      yield { code: 'X', severity: 'error', pointer: `/${made}`, message: { zh: '', en: '' } };
    }
  }
  t.match(listFaults(endless()), { errors: { length: maxFaults }, more: true });
  t.equal(made, maxFaults + 1);
  made = 0;
  function* same(): Generator<Fault, void, undefined> {
    for (const fault of endless()) yield { ...fault, pointer: '/same' };
  }
  t.match(
    listFaults(same()),
    { errors: { length: 1 }, more: true },
    'one place that breaks a rule for ever is one fault',
  );
  t.ok(made <= maxFaults * 10 + 1);
});

t.test('JSON of more values than any body has is refused before it is built', async (t) => {
  const [full, over] = [maxValues - 2, maxValues + 1];
  t.equal(Object.keys(parseJson(Buffer.from(members(full))) as object).length, full);
  for (const text of [
    members(over),
    `[${'0,'.repeat(over)}0]`,
    `[${'[],'.repeat(over)}[]]`,
    `[${'{},'.repeat(over)}{}]`,
    // Not even whether it is JSON is looked at.
    `[${'0,'.repeat(over)}`,
  ]) {
    t.equal(refusalOf(() => parseJson(Buffer.from(text)))?.kind, 'body-too-large');
  }
  t.equal(parseJson(Buffer.from(JSON.stringify(',[{'.repeat(over)))), ',[{'.repeat(over), 'a text is one value');
});

t.test('no text makes reading JSON take more than in proportion to its length', async (t) => {
  const long = 1_000_000;
  const key = 'k'.repeat(long);
  const inside = Array.from({ length: 15_000 }, (_, at) => `"k${at}":0`).join(',');
  const hostile: Readonly<Record<string, string | Buffer>> = {
    'zeros between two digits': `{"a":0.1${'0'.repeat(long)}1}`,
    'zeros before a digit': `{"a":0.${'0'.repeat(long)}1}`,
    'zeros after a digit': `{"a":0.01${'0'.repeat(long)}}{`,
    'a long exponent': `{"a":1e-${'9'.repeat(long)}}`,
    'members below a long key, one twice': `{"${key}":{${inside},"k1":1}}`,
    'half pairs below a long key': `{"${key}":[${Array.from({ length: 15_000 }, () => '"\\ud800"').join(',')}]}`,
    'a bad byte at the end': Buffer.concat([Buffer.from(`{"a":"${'乡'.repeat(long / 2)}`), Buffer.from([0xff])]),
    'line breaks, and no end': `{"a":${'\n'.repeat(long)}`,
    'quotes that never close': `["${'\\"'.repeat(long / 2)}`,
    'brackets that never close': '['.repeat(long),
    'closing brackets': ']'.repeat(long),
  };
  for (const [name, text] of Object.entries(hostile)) {
    let found: Problem | undefined;
    const seconds = await processorTime(() => {
      found = refusalOf(() => parseJson(Buffer.from(text)));
    });
    t.ok(found && found.status < 500, `${name} is refused`);
    // What is in proportion takes a hundredth of this, what is not a minute.
    t.ok(seconds < 2, `${name}: ${seconds} s of processor`);
  }
});

t.test('a number is read as it is written or refused, however its zeros lie', async () => {
  const zeros = fc.integer({ min: 0, max: 30 }).map((count) => '0'.repeat(count));
  const written = fc
    .tuple(
      fc.integer({ min: 0, max: 999 }),
      zeros,
      fc.integer({ min: 0, max: 999 }),
      zeros,
      fc.integer({ min: -30, max: 30 }),
    )
    .map(([whole, before, part, after, exponent]) => `${whole}.${before}${part}${after}e${exponent}`);
  fc.assert(
    fc.property(written, (text) => {
      const kept = Number(text);
      const exact = isSameNumber(text, kept);
      const refused = refusalOf(() => parseJson(Buffer.from(`{"a":${text}}`)));
      return kept > Number.MAX_SAFE_INTEGER ? refused === undefined : (refused === undefined) === exact;
    }),
  );
});

/** Whether a decimal text and the shortest text of a number are the same decimal, by whole numbers. */
function isSameNumber(text: string, kept: number): boolean {
  const parts = (one: string): readonly [bigint, number] => {
    const [digits = '', exponent = '0'] = one.split('e');
    const [whole = '', fraction = ''] = digits.split('.');
    return [BigInt(whole + fraction), Number(exponent) - fraction.length];
  };
  const [[one, first], [other, second]] = [parts(text), parts(String(kept))];
  const least = Math.min(first, second);
  return one * 10n ** BigInt(first - least) === other * 10n ** BigInt(second - least);
}

t.test('a filing with nothing right is told a hundred faults, whatever is wrong with it', async (t) => {
  const whole = filingBody() as Record<string, unknown>;
  const many = Array.from({ length: 15_000 }, (_, at) => at);
  const unknown = Object.fromEntries(many.map((at) => [`k${at}`, 0]));
  const bodies: Readonly<Record<string, unknown>> = {
    'unknown members': { ...whole, ...unknown },
    'unknown tables': { ...whole, figures: unknown },
    'unknown rows': { ...whole, figures: { ...(whole.figures as object), applications: unknown } },
    'bad categories': { ...whole, publishedItems: { total: 1, categories: many.slice(0, 400).map(() => ({})) } },
    'bad channels of engagement': { ...whole, engagement: many.slice(0, 150) },
    'no cell at all': { ...whole, figures: {} },
  };
  for (const [name, body] of Object.entries(bodies)) {
    const refused = refusalOf(() => parseFiling(body, today));
    t.match(refused, { kind: 'invalid-report', members: { errors: { length: maxFaults }, more: true } }, name);
  }
});

t.test('a register file is read no further than its hundredth bad line', async (t) => {
  const bad = 'rename,x,2020-01-01\n'.repeat(maxFaults + 1);
  const ragged = 'close\n'.repeat(maxFaults + 1);
  const good = 'close,A-1,2020-01-01\n'.repeat(20_000);
  for (const wrong of [bad, ragged]) {
    const { lines, faults } = await readLines(Buffer.from(`action,code,on\n${wrong}${good}`));
    t.equal(lines.length, 0, 'nothing after them was read');
    t.equal(faults.length, maxFaults + 1);
  }
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  const unknown = `action,code,on\n${'close,A-1,2020-01-01\n'.repeat(2 * maxFaults)}`;
  const refused = await importChanges(db, act, Buffer.from(unknown), {}).catch(toProblem);
  t.match(refused, { kind: 'invalid-change', members: { errors: { length: maxFaults }, more: true } });
  t.match((refused as Problem).body.detail, /可能还有更多/);
});

t.test(
  'a refusal has at most 64 KiB, whatever it quotes, and is told so in both languages and when it was kept',
  async (t) => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 50 }),
      fc
        .tuple(fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }), fc.integer({ min: 1, max: 20_000 }))
        .map(([one, times]) => one.repeat(times)),
    );
    const label = fc.record({ zh: text, en: text });
    const fault = fc.record({
      code: text,
      severity: fc.constant('error' as const),
      pointer: text,
      label,
      message: label,
      cells: fc.array(text),
    });
    const listed = <Item>(item: fc.Arbitrary<Item>) =>
      fc.tuple(item, fc.integer({ min: 0, max: 400 })).map(([one, times]) => Array.from({ length: times }, () => one));
    const problem = fc
      .tuple(label, listed(fault), fc.dictionary(text, fc.oneof(text, listed(label), fc.jsonValue()), { maxKeys: 150 }))
      .map(([detail, errors, others]) => new Problem('invalid-report', detail, { ...others, errors }));
    await fc.assert(
      fc.asyncProperty(problem, async (refused) => {
        for (const body of [
          refused.body,
          sayStored(JSON.parse(JSON.stringify(refused.stored)) as ProblemBody, inBoth),
        ]) {
          const written = JSON.stringify(body);
          const all = refused.members.errors as readonly Fault[];
          if (Buffer.byteLength(written) > maxProblemBytes - 1_000) return false;
          if (!isSoundText(written)) return false;
          if ((body.errors?.length ?? 0) < all.length && !(body.more === true && /可能还有更多/.test(body.detail)))
            return false;
        }
        return true;
      }),
      { numRuns: 60 },
    );
    t.pass();
  },
);

t.test('a quotation is cut between characters', async () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.integer({ min: 3, max: 40 }), (text, most) => {
      const quoted = quoteText(text, most);
      return (
        quoted.isWellFormed() && quoted.length <= most && (text.length > most || !isSoundText(text) || quoted === text)
      );
    }),
  );
});

t.test('whatever is sent to any call that writes, its refusal is a problem of at most 64 KiB', async (t) => {
  const { app, close } = await openTestApp();
  t.teardown(close);
  const { paths } = (await app.inject('/openapi.json')).json<{ paths: Record<string, Record<string, unknown>> }>();
  const writes = Object.entries(paths).flatMap(([path, calls]) =>
    Object.keys(calls)
      .filter((method) => ['post', 'put', 'patch', 'delete'].includes(method))
      .map((method) => ({ method: method.toUpperCase() as 'POST', path })),
  );
  t.ok(writes.length > 20, `${writes.length} calls`);
  const huge = fc
    .tuple(
      fc.constantFrom('x', '乡', '\u0001', '\u202e', '\ufffe', '"', '\\', '\u{1f600}', 'k/~'),
      fc.integer({ min: 1, max: 120_000 }),
    )
    .map(([one, times]) => one.repeat(Math.ceil(times / one.length)));
  const value: fc.Arbitrary<unknown> = fc.oneof(
    huge,
    fc.jsonValue(),
    fc
      .tuple(huge, fc.integer({ min: 1, max: 300 }))
      .map(([text, count]) => Array.from({ length: count }, () => text.slice(0, 300))),
    fc
      .tuple(huge, fc.integer({ min: 1, max: 3_000 }))
      .map(([text, count]) =>
        Object.fromEntries(Array.from({ length: count }, (_, at) => [`${at}${text.slice(0, 200)}`, null])),
      ),
  );
  const names = [
    'agency',
    'year',
    'figures',
    'form',
    'narrative',
    'publishedItems',
    'engagement',
    'source',
    'reason',
    'name',
    'grants',
    'code',
    'county',
    'on',
    'validFrom',
    'due',
    'since',
    'decision',
    'revision',
    'pointer',
    'standing',
    'text',
    'mergedInto',
  ];
  const body = fc.oneof(
    fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 8 }).map((one) => JSON.stringify(one)),
    fc.tuple(huge, value).map(([key, one]) => JSON.stringify({ [key]: one })),
    fc
      .dictionary(fc.constantFrom(...names), value, { maxKeys: 4 })
      .map((one) => JSON.stringify({ ...(filingBody() as object), ...one })),
    huge,
  );
  const types = fc.oneof(
    { weight: 6, arbitrary: fc.constant('application/json') },
    {
      weight: 1,
      arbitrary: fc.constantFrom('text/csv', 'application/x-ndjson', 'text/plain', 'text/html', 'application/zip'),
    },
  );
  const codes: Readonly<Record<string, readonly string[]>> = {
    division: [hongjiang, '999999', 'x'.repeat(90)],
    agency: [qunfeng, '431281999', '乡'.repeat(30)],
    year: ['2021', '9999', 'x'],
  };
  const request = fc.record({
    call: fc.constantFrom(...writes),
    at: fc.nat(),
    body,
    type: types,
    query: fc.constantFrom(
      '',
      '?dryRun=true',
      `?x=${'y'.repeat(9_000)}`,
      `?${Array.from({ length: 900 }, (_, at) => `k${at}=1`).join('&')}`,
    ),
    // What a header may be as it comes in: bytes of any kind but controls.
    headers: fc.constantFrom(
      {},
      { 'if-match': 'x'.repeat(9_000) },
      { prefer: 'y'.repeat(9_000) },
      { from: '\u0081'.repeat(5_000) },
      { 'idempotency-key': '乡'.repeat(300) },
    ),
  });
  const outcomes = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(request, async ({ call, at, body: payload, type, query, headers }) => {
      const url = call.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
        encodeURIComponent(codes[name]?.[at % 3] ?? 'none'),
      );
      const options: InjectOptions = {
        method: call.method,
        url: url + query,
        headers: { 'content-type': type, ...headers },
        payload,
      };
      const answer = await app.inject(options);
      outcomes.set(answer.statusCode, (outcomes.get(answer.statusCode) ?? 0) + 1);
      // An import answers for each of its items; something that is right by chance is done.
      if (answer.statusCode < 300) return true;
      const problem = answer.json<ProblemBody>();
      return (
        answer.statusCode < 500 &&
        Buffer.byteLength(answer.body) <= maxProblemBytes &&
        problem.status === answer.statusCode &&
        problem.type.startsWith('/problems/')
      );
    }),
    { numRuns: 300 },
  );
  t.comment(Object.fromEntries(outcomes));
  t.ok((outcomes.get(422) ?? 0) > 20 && (outcomes.get(400) ?? 0) > 20);
});

t.test('a query with many faults is told the first, in at most 64 KiB', async (t) => {
  const { app, close } = await openTestApp();
  t.teardown(close);
  const ask = (query: string, variables: object = {}) =>
    app.inject({ method: 'POST', url: '/graphql', payload: { query, variables } });
  const unknown = Array.from({ length: 90 }, (_, at) => `a${at}: ${'x'.repeat(150)}${at}`).join(' ');
  const failing = `{ ${Array.from({ length: 90 }, (_, at) => `a${at}: report(agency: "${qunfeng}", year: 1${at}) { year }`).join(' ')} }`;
  const codes = Array.from({ length: 50 }, (_, at) => `$v${at}: Int!`).join(' ');
  const uses = Array.from(
    { length: 50 },
    (_, at) => `b${at}: report(agency: "${qunfeng}", year: $v${at}) { year }`,
  ).join(' ');
  const values = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`v${at}`, '乡'.repeat(500)]));
  for (const answer of [
    await ask(`{ ${unknown} }`),
    await ask(failing),
    await ask(`query q(${codes}) { ${uses} }`, values),
    await ask('{ forms { id } }', { name: 'x'.repeat(20_000) }),
  ]) {
    t.ok(answer.statusCode < 500);
    t.ok(Buffer.byteLength(answer.body) <= maxProblemBytes, `${Buffer.byteLength(answer.body)} bytes`);
  }
});

t.test('no header makes answering take more than in proportion to its length', async (t) => {
  const { app, close } = await openTestApp();
  t.teardown(close);
  await app.inject({ method: 'POST', url: '/v1/reports', payload: filingBody() });
  const long = 14_000;
  const fill = (piece: string) => piece.repeat(long / piece.length);
  const texts = [
    `a${fill(' ')}x`,
    `a=${fill(' ')}"`,
    `a=b${fill(' ')}"`,
    `"a",${fill(' ')}x`,
    `"a"${fill(' ')}x`,
    fill('"\\'),
    fill('"\\x'),
    fill('"'),
    fill(','),
    fill(', '),
    fill(';'),
    fill(';='),
    fill('a;q=1,'),
    fill('W/"a"'),
    `application/json${fill(' ')};x`,
    `application/json;${fill(' ')}x`,
    `text/csv;charset=${fill('a')}"x`,
    `a${fill('\t')}b`,
  ];
  const names = [
    'accept accept-encoding accept-language authorization content-type cookie from idempotency-key if-match',
    'if-modified-since if-none-match origin prefer range referer traceparent user-agent x-forwarded-for',
  ].flatMap((line) => line.split(' '));
  const bodies: readonly (readonly [NonNullable<InjectOptions['method']>, string])[] = [
    ['GET', `/v1/reports/${qunfeng}/2021`],
    ['PUT', `/v1/reports/${qunfeng}/2021`],
    ['POST', '/v1/imports'],
    ['POST', '/graphql'],
  ];
  for (const [method, url] of bodies) {
    for (const name of names) {
      for (const text of texts) {
        const headers = { ...(method !== 'GET' && { 'content-type': 'application/json' }), [name]: text };
        const ask = () => app.inject({ method, url, headers, ...(method !== 'GET' && { payload: '{}' }) });
        let answer = await ask();
        let seconds = Number.POSITIVE_INFINITY;
        // Something else of the process may fall into one try, not into three.
        for (let tries = 0; tries < 5 && seconds >= 0.1; tries++) {
          seconds = await processorSeconds(async () => {
            answer = await ask();
          });
        }
        if (answer.statusCode < 500 && seconds < 0.1) continue;
        t.fail(`${method} ${name}: ${text.slice(0, 20)}… ${answer.statusCode}, ${seconds} s of processor`);
      }
    }
  }
});

t.test('no name makes looking for its agency take more than in proportion to its length', async (t) => {
  const { app, close } = await openTestApp();
  t.teardown(close);
  const letters = 20_000;
  let answer: Awaited<ReturnType<typeof app.inject>> | undefined;
  const seconds = await processorTime(async () => {
    answer = await app.inject({
      method: 'POST',
      url: '/v1/imports',
      headers: { 'content-type': 'text/csv' },
      payload: `name,year,documents.regulations.issued\n${'乡'.repeat(letters)},2021,1\n洪江市群峰乡,2021,1\n`,
    });
  });
  t.match(answer?.json(), { received: 2, rejected: 2 });
  t.match(answer?.json().items[0].problem, { type: '/problems/unknown-agency' });
  t.not(answer?.json().items[1].problem.type, '/problems/unknown-agency', 'places before a name are still left out');
  // Every ending of it would be two hundred million characters.
  t.ok(seconds < 3, `${seconds} s of processor`);

  const county = { countyCode: hongjiang, county: '洪江市', prefecture: '怀化市', province: '湖南省' };
  const named = { id: 1, code: qunfeng, kind: 'TOWNSHIP', ...county } as const;
  const ofPeoples = '族'.repeat(100);
  const compared = await processorTime(() => {
    const said = { agencyName: '枫林乡', countyName: null };
    t.ok(namesAnother(said, { ...named, name: ofPeoples } as never, [ofPeoples]));
    // What is left out is the rank, with the peoples before it.
    t.notOk(namesAnother(said, { ...named, name: '枫林土家族苗族乡' } as never, ['枫林土家族苗族乡']));
  });
  t.ok(compared < 2, `${compared} s of processor`);
});

t.test('a record of a table is refused before its fields are made, where they are more than a sheet has', async (t) => {
  const { app, close } = await openTestApp();
  t.teardown(close);
  const send = (payload: string) =>
    app.inject({ method: 'POST', url: '/v1/imports', headers: { 'content-type': 'text/csv' }, payload });
  const heading = 'filing\n';
  const wide = [`x${','.repeat(4_000_000)}`, `x${',""'.repeat(1_300_000)}`, '1,'.repeat(2_000_000)];
  for (const record of wide) {
    let answers: Awaited<ReturnType<typeof send>>[] = [];
    const seconds = await processorTime(async () => {
      answers = [await send(`${record}\n`), await send(`${heading}${record}\n`)];
    });
    t.match(answers[0]?.json(), { type: '/problems/malformed-body', errors: [{ code: 'COLUMNS' }] });
    t.match(answers[1]?.json(), { rejected: 1, items: [{ problem: { errors: [{ code: 'COLUMNS' }] } }] });
    // Four million fields took four seconds.
    t.ok(seconds < 2, `${seconds} s of processor`);
  }
  const known = `agency,year,documents.regulations.issued${','.repeat(16_000)}\n${qunfeng},2021,1${','.repeat(16_000)}\n`;
  t.match((await send(known)).json(), { received: 1 });
  t.notMatch((await send(known)).body, 'COLUMNS');
  const inQuotes = `${heading}"{${',""a""'.repeat(20_000)}}"\n`;
  t.match((await send(inQuotes)).json(), { received: 1, rejected: 1 });
  t.notMatch((await send(inQuotes)).body, 'COLUMNS');
});

t.test('while lines are read that say nothing, others have their turn', async (t) => {
  let turns = 0;
  let reading = true;
  const count = () => {
    turns += 1;
    if (reading) setImmediate(count);
  };
  setImmediate(count);
  async function* blanks() {
    yield Buffer.alloc(200_000, '\n');
  }
  let lines = 0;
  for await (const { bytes } of splitLines(blanks())) lines += bytes.length === 0 ? 1 : 0;
  reading = false;
  t.equal(lines, 200_000);
  // A piece comes in one turn, and all of its lines were read in that.
  t.ok(turns > 5, `${turns} turns of others`);
});
