/**
 * A catalogue of bad requests. Each is answered with its problem, in both languages where a person reads it;
 * none is a 5xx, none shows a stack or a path of ours, and after all of them nothing is stored.
 */
import fc from 'fast-check';
import t from 'tap';
import { formatAmount } from '../src/form/amount.js';
import { formOf } from '../src/form/forms.js';
import { maxFaults, Problem, problems } from '../src/problem.js';
import { parseFiling } from '../src/report/filing.js';
import { filingBody, openTestApp, qunfeng, today } from './builders.js';

interface Bad {
  readonly title: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly status: number;
  readonly problem: string;
  /** A pointer that one of the faults must have. */
  readonly pointer?: string;
}

const json = (value: unknown) => JSON.stringify(value);
const good = filingBody();
const text = json(good);
const path = `/v1/reports/${qunfeng}/2021`;
const licenses = '/figures/decisions/licenses/decided';

/** The body with one cell's JSON text replaced by another. */
const cellText = (raw: string) => text.replace('"licenses":{"decided":0}', `"licenses":{"decided":${raw}}`);
const feeText = (raw: string) => text.replace('"amount":"0"', `"amount":${raw}`);
const withMember = (member: Record<string, unknown>) => json({ ...good, ...member });
const without = (...path: string[]) => {
  const copy = structuredClone(good) as Record<string, unknown>;
  const last = path.at(-1) ?? '';
  const parent = path
    .slice(0, -1)
    .reduce<Record<string, unknown>>((value, key) => value[key] as Record<string, unknown>, copy);
  delete parent[last];
  return json(copy);
};
const invalid = { status: 422, problem: 'invalid-report' } as const;
const malformed = { status: 400, problem: 'malformed-body' } as const;
const parameter = { method: 'GET', status: 400, problem: 'invalid-parameter' } as const;

const badBodies: readonly Bad[] = [
  { title: 'no body', body: '', ...malformed },
  { title: 'white space', body: ' \n\t ', ...malformed },
  { title: 'broken JSON', body: text.slice(0, -1), ...malformed },
  { title: 'JSON and more', body: `${text}{}`, ...malformed },
  { title: 'a trailing comma', body: text.replace(/\}$/, ',}'), ...malformed },
  { title: 'single quotes', body: "{'agency':'1'}", ...malformed },
  { title: 'a comment', body: text.replace('{', '{/* */'), ...malformed },
  { title: 'NaN', body: cellText('NaN'), ...malformed },
  { title: 'Infinity', body: cellText('Infinity'), ...malformed },
  { title: 'a hexadecimal number', body: cellText('0x10'), ...malformed },
  { title: 'a leading zero', body: cellText('007'), ...malformed },
  { title: 'a leading plus', body: cellText('+1'), ...malformed },
  { title: 'full-width digits', body: cellText('１２'), ...malformed },
  { title: 'a raw line break in a string', body: text.replace(qunfeng, '4312\n81207'), ...malformed },
  {
    title: 'a duplicate key at the top',
    body: text.replace('"year":2021', '"year":2020,"year":2021'),
    ...malformed,
    pointer: '/year',
  },
  { title: 'a duplicate cell', body: cellText('0,"decided":1'), ...malformed, pointer: licenses },
  {
    title: 'a duplicate key spelled with an escape',
    body: text.replace('"year":2021', '"year":2021,"\\u0079ear":2020'),
    ...malformed,
  },
  {
    title: 'a lone surrogate',
    body: withMember({ reason: 'x' }).replace('"x"', '"\\ud800"'),
    ...malformed,
    pointer: '/reason',
  },
  { title: 'a lone low surrogate in a key', body: text.replace('"year"', '"\\udc00"'), ...malformed },
  { title: '__proto__', body: text.replace('{', '{"__proto__":{"year":2020},'), ...malformed },
  { title: '__proto__ deep inside', body: cellText('0,"__proto__":null'), ...malformed },
  { title: 'a thousand nested arrays', body: `${'['.repeat(1000)}${']'.repeat(1000)}`, ...malformed },
  { title: 'a hundred thousand nested arrays', body: '['.repeat(100_000), ...malformed },
  { title: 'a hundred nested objects', body: `${'{"a":'.repeat(100)}1${'}'.repeat(100)}`, ...malformed },
  { title: 'GBK', body: Buffer.from([0x7b, 0x22, 0xc8, 0xba, 0xb7, 0xe5, 0x22, 0x3a, 0x31, 0x7d]), ...malformed },
  { title: 'UTF-16', body: Buffer.from(text, 'utf16le'), ...malformed },
  {
    title: 'half a character',
    body: Buffer.concat([Buffer.from('{"reason":"'), Buffer.from([0xe4, 0xb9]), Buffer.from('"}')]),
    ...malformed,
  },
  {
    title: 'an overlong encoding',
    body: Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')]),
    ...malformed,
  },
  { title: 'an array', body: '[]', ...invalid },
  { title: 'a string', body: '"report"', ...invalid },
  { title: 'null', body: 'null', ...invalid },
  { title: 'an empty object', body: '{}', ...invalid, pointer: '/agency' },
  { title: 'no agency', body: without('agency'), ...invalid, pointer: '/agency' },
  { title: 'no year', body: without('year'), ...invalid, pointer: '/year' },
  { title: 'no figures', body: without('figures'), ...invalid, pointer: '/figures' },
  { title: 'null for figures', body: withMember({ figures: null }), ...invalid, pointer: '/figures' },
  { title: 'an array for figures', body: withMember({ figures: [] }), ...invalid, pointer: '/figures' },
  {
    title: 'a missing table',
    body: without('figures', 'appeals'),
    ...invalid,
    pointer: '/figures/appeals/reconsideration/total',
  },
  {
    title: 'a missing row',
    body: without('figures', 'appeals', 'reconsideration'),
    ...invalid,
    pointer: '/figures/appeals/reconsideration/upheld',
  },
  {
    title: 'a missing cell',
    body: without('figures', 'decisions', 'licenses', 'decided'),
    ...invalid,
    pointer: licenses,
  },
  {
    title: 'an unknown table',
    body: json({ ...good, figures: { ...good.figures, extra: {} } }),
    ...invalid,
    pointer: '/figures/extra',
  },
  {
    title: 'an unknown cell',
    body: cellText('0,"issued":0'),
    ...invalid,
    pointer: '/figures/decisions/licenses/issued',
  },
  {
    title: 'a cell of another form',
    body: cellText('0,"change":1'),
    ...invalid,
    pointer: '/figures/decisions/licenses/change',
  },
  { title: 'an unknown member', body: withMember({ remark: 'x' }), ...invalid, pointer: '/remark' },
  { title: 'a count as text', body: cellText('"3"'), ...invalid, pointer: licenses },
  { title: 'a count as a boolean', body: cellText('true'), ...invalid, pointer: licenses },
  { title: 'a count as an object', body: cellText('{}'), ...invalid, pointer: licenses },
  { title: 'a fraction', body: cellText('1.5'), ...invalid, pointer: licenses },
  { title: 'a negative count', body: cellText('-1'), ...invalid, pointer: licenses },
  { title: '-0', body: cellText('-0'), ...invalid, pointer: licenses },
  { title: '1e309', body: cellText('1e309'), ...invalid, pointer: licenses },
  {
    title: 'a fraction that would be rounded to a count',
    body: cellText('1.000000000000000005'),
    ...malformed,
    pointer: licenses,
  },
  { title: 'a number that would be rounded to nothing', body: cellText('1e-999'), ...malformed, pointer: licenses },
  { title: '2^53+1', body: cellText('9007199254740993'), ...invalid, pointer: licenses },
  { title: 'a count over a billion', body: cellText('1000000000'), ...invalid, pointer: licenses },
  { title: 'a negative amount', body: feeText('"-1"'), ...invalid, pointer: '/figures/fees/administrativeFees/amount' },
  {
    title: 'an amount finer than a 分',
    body: feeText('"0.0000001"'),
    ...invalid,
    pointer: '/figures/fees/administrativeFees/amount',
  },
  {
    title: 'an amount that is no exact number',
    body: feeText('0.30000000000000004'),
    ...invalid,
    pointer: '/figures/fees/administrativeFees/amount',
  },
  {
    title: 'an amount with a thousands separator',
    body: feeText('"1,000"'),
    ...invalid,
    pointer: '/figures/fees/administrativeFees/amount',
  },
  {
    title: 'an amount in full-width digits',
    body: feeText('"１２"'),
    ...invalid,
    pointer: '/figures/fees/administrativeFees/amount',
  },
  {
    title: 'an amount with an exponent',
    body: feeText('"1e3"'),
    ...invalid,
    pointer: '/figures/fees/administrativeFees/amount',
  },
  {
    title: 'an amount beyond all money',
    body: feeText('"99999999999"'),
    ...invalid,
    pointer: '/figures/fees/administrativeFees/amount',
  },
  { title: 'a future year', body: withMember({ year: 2027 }), ...invalid, pointer: '/year' },
  { title: 'a year before 2019', body: withMember({ year: 2018 }), ...invalid, pointer: '/year' },
  { title: 'a year as text', body: withMember({ year: '2021' }), ...invalid, pointer: '/year' },
  { title: 'an unknown form', body: withMember({ form: '2008' }), ...invalid, pointer: '/form' },
  {
    title: "another form's figures",
    body: withMember({ form: '2019' }),
    ...invalid,
    pointer: '/figures/applications/otherHandled/total',
  },
  { title: 'an agency that is no code', body: withMember({ agency: '群峰乡' }), ...invalid, pointer: '/agency' },
  { title: 'an agency with SQL in it', body: withMember({ agency: "1' or '1'='1" }), ...invalid, pointer: '/agency' },
  {
    title: 'an agency in full-width digits',
    body: withMember({ agency: '４３１２８１２０７' }),
    ...invalid,
    pointer: '/agency',
  },
  { title: 'an agency as a number', body: withMember({ agency: 431281207 }), ...invalid, pointer: '/agency' },
  { title: 'an unknown agency', body: withMember({ agency: '431281999' }), status: 404, problem: 'unknown-agency' },
  {
    title: 'NUL in a text',
    body: withMember({ narrative: { overview: 'a\u0000b' } }),
    ...invalid,
    pointer: '/narrative/overview',
  },
  {
    title: 'an unknown section',
    body: withMember({ narrative: { summary: 'x' } }),
    ...invalid,
    pointer: '/narrative/summary',
  },
  {
    title: 'a section as a list',
    body: withMember({ narrative: { overview: ['x'] } }),
    ...invalid,
    pointer: '/narrative/overview',
  },
  {
    title: 'a negative number of published items',
    body: withMember({ publishedItems: { total: -1 } }),
    ...invalid,
    pointer: '/publishedItems/total',
  },
  {
    title: 'a category without a name',
    body: withMember({ publishedItems: { total: 1, categories: [{ count: 1 }] } }),
    ...invalid,
    pointer: '/publishedItems/categories/0/name',
  },
  {
    title: 'a reply rate over 1',
    body: withMember({ engagement: [{ name: '热线', handled: 1, replyRate: 100 }] }),
    ...invalid,
    pointer: '/engagement/0/replyRate',
  },
  {
    title: 'a date that does not exist',
    body: withMember({ source: { publishedOn: '2022-02-30' } }),
    ...invalid,
    pointer: '/source/publishedOn',
  },
  {
    title: 'a day of publication to come',
    body: withMember({ source: { publishedOn: '2026-12-01' } }),
    ...invalid,
    pointer: '/source/publishedOn',
  },
  {
    title: 'an address that is no web page',
    body: withMember({ source: { url: 'file:///etc/passwd' } }),
    ...invalid,
    pointer: '/source/url',
  },
  { title: 'an empty reason', body: withMember({ reason: '' }), ...invalid, pointer: '/reason' },
  { title: 'an endless reason', body: withMember({ reason: 'x'.repeat(1001) }), ...invalid, pointer: '/reason' },
  {
    title: 'a body of three megabytes',
    body: json({ a: 'x'.repeat(3 << 20) }),
    status: 413,
    problem: 'body-too-large',
  },
  {
    title: 'an equation that does not hold',
    body: cellText('0').replace('"upheld":0', '"upheld":1'),
    status: 422,
    problem: 'unbalanced-report',
    pointer: '/figures/appeals/reconsideration/total',
  },
];

const badRequests: readonly Bad[] = [
  ...badBodies,
  {
    title: 'XML',
    headers: { 'content-type': 'application/xml' },
    body: '<a/>',
    status: 415,
    problem: 'unsupported-media-type',
  },
  {
    title: 'no media type',
    headers: { 'content-type': '' },
    body: text,
    status: 415,
    problem: 'unsupported-media-type',
  },
  {
    title: 'JSON said to be GBK',
    headers: { 'content-type': 'application/json; charset=gbk' },
    body: text,
    status: 415,
    problem: 'unsupported-media-type',
  },
  {
    title: 'a form',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'agency=1',
    status: 415,
    problem: 'unsupported-media-type',
  },
  {
    title: 'a body that disagrees with its path',
    method: 'PUT',
    url: '/v1/reports/431281101/2021',
    body: text,
    ...invalid,
    pointer: '/agency',
  },
  {
    title: 'a year that disagrees with its path',
    method: 'PUT',
    url: `/v1/reports/${qunfeng}/2022`,
    body: text,
    ...invalid,
    pointer: '/year',
  },
  {
    title: 'a path without a year',
    method: 'PUT',
    url: `/v1/reports/${qunfeng}/soon`,
    body: text,
    status: 400,
    problem: 'invalid-parameter',
  },
  {
    title: 'a path with a future year',
    method: 'PUT',
    url: `/v1/reports/${qunfeng}/2027`,
    body: json({ figures: good.figures }),
    ...invalid,
    pointer: '/year',
  },
  {
    title: 'If-Match where nothing is filed',
    method: 'PUT',
    url: path,
    headers: { 'if-match': '"1-abc"' },
    body: text,
    status: 412,
    problem: 'stale-revision',
  },
  {
    title: 'an If-Match that is no tag',
    method: 'PUT',
    url: path,
    headers: { 'if-match': '1' },
    body: text,
    status: 400,
    problem: 'invalid-parameter',
  },
  { title: 'dryRun=maybe', url: '/v1/reports?dryRun=maybe', body: text, status: 400, problem: 'invalid-parameter' },
  {
    title: 'withdrawing nothing',
    method: 'DELETE',
    url: path,
    headers: { 'if-match': '*' },
    status: 404,
    problem: 'not-found',
  },
  {
    ...parameter,
    title: 'withdrawing with a bad year',
    method: 'DELETE',
    url: `/v1/reports/${qunfeng}/1999`,
  },
  { title: 'reading a report that is not there', url: path, ...parameter, status: 404, problem: 'not-found' },
  { title: 'reading a year before 2019', url: `/v1/reports/${qunfeng}/2018`, ...parameter },
  {
    title: 'reading an unknown agency',
    url: '/v1/reports/431281999/2021',
    ...parameter,
    status: 404,
    problem: 'unknown-agency',
  },
  { title: 'a path that climbs', url: '/v1/reports/..%2f..%2fetc/2021', ...parameter },
  { title: 'a path that is no URL', url: '/v1/reports/%zz/2021', ...parameter },
  {
    title: 'a revision that is not there',
    url: `${path}/revisions/1`,
    ...parameter,
    status: 404,
    problem: 'not-found',
  },
  { title: 'a revision that is no number', url: `${path}/revisions/first`, ...parameter },
  { title: 'first=0', url: '/v1/reports?first=0', ...parameter },
  { title: 'first=501', url: '/v1/reports?first=501', ...parameter },
  { title: 'first=-1', url: '/v1/reports?first=-1', ...parameter },
  { title: 'first twice', url: '/v1/reports?first=1&first=2', ...parameter },
  { title: 'a cursor of somebody else', url: '/v1/reports?after=abc', ...parameter },
  {
    title: 'a cursor with SQL in it',
    url: `/v1/reports?after=${Buffer.from('1 or 1=1').toString('base64url')}`,
    ...parameter,
  },
  { title: 'a county that is no code', url: '/v1/reports?county=洪江', ...parameter },
  {
    title: 'an unknown county',
    url: '/v1/reports?county=999999',
    ...parameter,
    status: 404,
    problem: 'unknown-division',
  },
  { title: 'updatedAfter=yesterday', url: '/v1/reports?updatedAfter=yesterday', ...parameter },
  {
    title: 'a rollup of an unknown division',
    url: '/v1/rollups/999999/2021',
    ...parameter,
    status: 404,
    problem: 'unknown-division',
  },
  { title: 'a rollup of a future year', url: '/v1/rollups/431281/2030', ...parameter },
  { title: 'a rollup of an unknown kind', url: '/v1/rollups/431281/2021?kinds=CASTLE', ...parameter },
  { title: "a rollup of counties' own reports", url: '/v1/rollups/431281/2021?kinds=COUNTY', ...parameter },
  { title: 'an unknown form to read', url: '/v1/forms/2008', ...parameter, status: 404, problem: 'not-found' },
  { title: 'a path that does not exist', url: '/v2/reports', ...parameter, status: 404, problem: 'not-found' },
  { title: 'a misspelt dryRun', url: '/v1/reports?dryrun=true', body: text, status: 400, problem: 'invalid-parameter' },
  { title: 'an unknown parameter', url: '/v1/reports?limit=3', ...parameter },
  {
    title: 'a compressed body',
    headers: { 'content-encoding': 'gzip' },
    body: text,
    status: 415,
    problem: 'unsupported-media-type',
  },
  { title: 'a NUL in a path', url: '/docs/static/a%00b', ...parameter },
  {
    title: 'a file outside',
    url: '/ide/assets/%2e%2e/%2e%2e/package.json',
    ...parameter,
    status: 404,
    problem: 'not-found',
  },
  { title: 'an endless code', url: `/v1/reports/${'4'.repeat(5000)}/2021`, ...parameter },
  { title: 'PATCH', method: 'PATCH', url: path, body: '{}', status: 405, problem: 'method-not-allowed' },
];

t.test(`${badRequests.length} bad requests`, async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  t.ok(badRequests.length >= 80);
  const names = new Set(problems.map(({ name }) => name as string));
  for (const bad of badRequests) {
    const { method = 'POST', url = '/v1/reports', headers = {}, body } = bad;
    const answer = await app.inject({
      method,
      url,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { payload: body }),
    });
    await t.test(`${bad.title}: ${bad.status} ${bad.problem}`, async (t) => {
      t.equal(answer.statusCode, bad.status, answer.body.slice(0, 300));
      t.match(answer.headers['content-type'], /^application\/problem\+json/);
      const problem = answer.json();
      t.equal(problem.type, `/problems/${bad.problem}`);
      t.ok(names.has(bad.problem));
      t.match(problem.detail, /[一-鿿]/);
      t.notMatch(answer.body, /node_modules|\.ts:|\.js:|SQLITE|at \w+ \(/);
      if (bad.pointer)
        t.ok(
          problem.errors.some((fault: { pointer: string }) => fault.pointer === bad.pointer),
          `one fault is at ${bad.pointer}`,
        );
      for (const fault of problem.errors ?? []) {
        t.match(fault.message.zh, /[一-鿿]/);
        t.match(fault.message.en, /[a-z]/);
      }
    });
  }
  const { totalCount } = (await app.inject('/v1/reports')).json();
  t.equal(totalCount, 0, 'nothing was stored');
  const rows = await db.selectFrom('revision').selectAll().execute();
  t.same(rows, [], 'and no revision was made');
});

t.test('a fault of a cell names the cell and its printed label', async (t) => {
  const { app, close } = await openTestApp();
  t.teardown(close);
  const answer = await app.inject({
    method: 'POST',
    url: '/v1/reports',
    headers: { 'content-type': 'application/json' },
    payload: cellText('-1'),
  });
  t.match(answer.json().errors, [
    {
      code: 'RANGE',
      pointer: licenses,
      cells: ['decisions.licenses.decided'],
      label: { zh: '行政许可·本年处理决定数量' },
    },
  ]);
});

t.test('a share beyond 1 is told that it is a share, and no whole number', async (t) => {
  const { app, close } = await openTestApp();
  t.teardown(close);
  for (const replyRate of [1.01, -0.1]) {
    const answer = await app.inject({
      method: 'POST',
      url: '/v1/reports',
      headers: { 'content-type': 'application/json' },
      payload: withMember({ engagement: [{ name: '市长热线', handled: 9, replyRate }] }),
    });
    const [fault] = answer.json().errors;
    t.match(fault, { code: 'RANGE', pointer: '/engagement/0/replyRate', message: { zh: /0 至 1 之间的比率/ } });
    t.match(fault.message.en, /a share from 0 to 1/);
    t.notMatch(fault.message.en, /whole number/);
  }
});

t.test('a form that is empty is told the first hundred cells it lacks, and that there may be more', async (t) => {
  const { app, close } = await openTestApp();
  t.teardown(close);
  const answer = await app.inject({
    method: 'POST',
    url: '/v1/reports',
    headers: { 'content-type': 'application/json' },
    payload: withMember({ figures: {} }),
  });
  const { errors, more, detail } = answer.json();
  t.ok(errors.length > 70 && errors.length <= maxFaults, `${errors.length}, as many as 64 KiB hold`);
  t.same(
    errors.map(({ cells }: { cells: string[] }) => cells[0]),
    formOf('2021')
      .cells.slice(0, errors.length)
      .map(({ key }) => key),
  );
  t.equal(more, true);
  t.match(detail, /至少 100 处.*可能还有更多/);
  t.match(detail, /At least 100 fault.*may be more/);
});

t.test('whatever stands in a cell is read as it is or named as a fault of that cell', async () => {
  const cells = formOf('2019').cells;
  const anything = fc.oneof(
    fc.integer(),
    fc.double(),
    fc.constantFrom(-0, 1e9, 999_999_999, 2 ** 53, null, '0', '1.5', '-1', '', true, [], {}),
    fc.string(),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(fc.constantFrom(...cells), anything, (cell, value) => {
      const body = filingBody({ year: 2019 });
      const row = body.figures[cell.table]?.[cell.row];
      if (row) row[cell.column] = value;
      try {
        const figure = parseFiling(body, today).content.figures[cell.at];
        if (figure === null || figure === undefined) return value === null;
        return cell.kind === 'amount' ? Number(formatAmount(figure, cell.unit)) === Number(value) : figure === value;
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        const errors = error.members.errors as { pointer: string }[];
        return errors.some((fault) => fault.pointer.startsWith(cell.pointer));
      }
    }),
    { numRuns: 600 },
  );
});
