/** Many reports in one file: what became of each, kept or not, at once or as a job that outlives a restart. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { writeXlsx } from 'hucre/xlsx';
import { Kysely, Migrator, SqliteDialect } from 'kysely';
import t from 'tap';
import * as initial from '../migrations/0001-initial.js';
import { buildApp } from '../src/app.js';
import { readDocumentSafely, stopReaders } from '../src/document/read/read-in-child.js';
import { printFigure } from '../src/form/check.js';
import type { NamedFigures } from '../src/form/figures.js';
import { cellOf, formInForce, formOf } from '../src/form/forms.js';
import { openStore } from '../src/store/engine/open.js';
import { verifyRollups } from '../src/store/rollup/rollup-check.js';
import {
  balancedFigures,
  bearer,
  clock,
  countReports,
  filingBody,
  hongjiang,
  openTestApp,
  qunfeng,
  runSql,
  signIn,
  townshipsOf,
  untilEnded,
  zeroFigures,
} from './builders.js';
import { holdToDocument } from './contract.js';
import { zip } from './zip.js';

// biome-ignore lint/suspicious/noExplicitAny: a test reads answers as a client would, without a type for them.
type Json = any;
type Sent = string | Buffer;

const ndjson = 'application/x-ndjson';
const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const dangan = '431281101';

t.teardown(() => stopReaders());

async function open(t: Tap, url?: string) {
  const opened = await openTestApp(url === undefined ? {} : { url });
  t.teardown(opened.close);
  return opened;
}
type Tap = { teardown: (fn: () => unknown) => unknown };

async function post(
  app: FastifyInstance,
  payload: Sent,
  { type = ndjson, query = '', headers = {} }: { type?: string; query?: string; headers?: Record<string, string> } = {},
) {
  const answer = await app.inject({
    method: 'POST',
    url: `/v1/imports${query}`,
    headers: { 'content-type': type, ...headers },
    payload,
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json() as Json };
}

const lines = (...filings: unknown[]) => filings.map((one) => `${JSON.stringify(one)}\n`).join('');

function addsUp(t: Json, body: Json) {
  t.equal(body.received, body.created + body.revised + body.unchanged + body.rejected, 'the counts add up');
}

const cells2021 = formInForce(2021).cells;

/** A table with a column a cell, as CSV would have it. */
function tableOf(filings: readonly { agency: string; year: number; figures?: NamedFigures; ref?: string }[]) {
  const header = ['ref', 'agency', 'year', ...cells2021.map(({ key }) => key)];
  const rows = filings.map(({ ref = '', agency, year, figures = {} }) => {
    const whole: NamedFigures = { ...zeroFigures(), ...figures };
    return [ref, agency, year, ...cells2021.map((cell) => printFigure(cell, whole[cell.key] ?? null) ?? '')];
  });
  return [header, ...rows];
}

t.test('a database of the first version is migrated, and what it holds stays', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'xiangbao-test-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'old.db');
  const old = new Kysely<Json>({ dialect: new SqliteDialect({ database: new Sqlite(file) }) });
  const migrator = new Migrator({ db: old, provider: { getMigrations: async () => ({ '0001-initial': initial }) } });
  t.equal((await migrator.migrateToLatest()).error, undefined);
  await old.insertInto('division').values({ id: 7, level: 'NATION' }).execute();
  await old.destroy();
  const db = await openStore(`sqlite:${file}`);
  t.teardown(() => db.destroy());
  t.same(await runSql(db, 'select id from division'), [{ id: 7 }]);
  t.same(await runSql(db, 'select count(*) as n from import'), [{ n: 0 }]);
  t.same(await runSql(db, 'select count(*) as n from import_item'), [{ n: 0 }]);
});

t.test('NDJSON with good and bad lines: each is told for itself, with its line and ref, and all add up', async (t) => {
  const { app, db } = await open(t);
  const twice = JSON.stringify(filingBody()).replace('"year":2021', '"year":2021,"year":2021');
  const parts: Sent[] = [
    lines(filingBody({ ref: 'a-1' })),
    '\r\n',
    '{"agency": nonsense}\n',
    Buffer.from('{"agency":"\xb4\xf3"}\n', 'latin1'),
    `${twice}\n`,
    lines(filingBody({ agency: '999999999', ref: 12 })),
    lines(filingBody({ agency: dangan, ref: 'b', figures: { 'applications.newReceived.total': 3 } })),
    `{"agency":"${'x'.repeat(2 * 1024 * 1024 + 10)}"}\n`,
    '{"agency":"a\0b"}\n',
    lines(filingBody({ ref: { no: 1 } })),
    '[1]\n',
    JSON.stringify(filingBody({ agency: dangan, year: 2022, form: '2021' })),
  ];
  const { status, body } = await post(app, Buffer.concat(parts.map((part) => Buffer.from(part))));
  t.equal(status, 200);
  addsUp(t, body);
  t.match(body, { received: 11, created: 2, revised: 0, unchanged: 0, rejected: 9, kept: true, mode: 'each' });
  t.same(
    body.items.map((item: Json) => [item.line, item.ref, item.outcome, item.problem?.type ?? null]),
    [
      [1, 'a-1', 'created', null],
      [3, null, 'rejected', '/problems/malformed-body'],
      [4, null, 'rejected', '/problems/malformed-body'],
      [5, null, 'rejected', '/problems/malformed-body'],
      [6, '12', 'rejected', '/problems/unknown-agency'],
      [7, 'b', 'rejected', '/problems/unbalanced-report'],
      [8, null, 'rejected', '/problems/body-too-large'],
      [9, null, 'rejected', '/problems/malformed-body'],
      [10, null, 'rejected', '/problems/invalid-report'],
      [11, null, 'rejected', '/problems/invalid-report'],
      [12, null, 'created', null],
    ],
  );
  t.match(body.items[0], { agency: qunfeng, year: 2021, revision: 1 });
  const malformed = body.problems.find((one: Json) => one.problem === 'malformed-body');
  t.equal(malformed.items, 4);
  t.ok(malformed.codes.some((one: Json) => one.code === 'DUPLICATE' && one.items === 1));
  const unbalanced = body.problems.find((one: Json) => one.problem === 'unbalanced-report');
  t.ok(unbalanced.codes.some((one: Json) => one.code === 'T3-ROW'));
  t.equal(await countReports(db), 2);
  t.same(await verifyRollups(db), []);
});

t.test('the same file again changes nothing; other content is revised only when asked, for a reason', async (t) => {
  const { app } = await open(t);
  const first = lines(filingBody(), filingBody({ agency: dangan }));
  t.match((await post(app, first)).body, { created: 2 });
  t.match((await post(app, first)).body, { created: 0, unchanged: 2 });
  const other = lines(filingBody({ figures: { 'decisions.licenses.decided': 4 } }));
  t.match((await post(app, other)).body, { rejected: 1, problems: [{ problem: 'already-filed', items: 1 }] });
  t.match((await post(app, other, { query: '?revise=true' })).body, {
    rejected: 1,
    problems: [{ problem: 'invalid-report' }],
  });
  const revised = await post(app, other, { query: '?revise=true&reason=typed%20wrong' });
  t.match(revised.body, { revised: 1, items: [{ outcome: 'revised', revision: 2 }] });
  t.equal((await post(app, other, { query: '?reason=typed' })).status, 400, 'a reason alone is a mistake');
});

t.test('handling=lenient files what does not balance, and says that it was applied', async (t) => {
  const { app } = await open(t);
  const body = lines(filingBody({ figures: { 'applications.newReceived.total': 3 } }));
  const { headers, body: answer } = await post(app, body, { headers: { prefer: 'handling=lenient' } });
  t.match(answer, { created: 1 });
  t.equal(headers['preference-applied'], 'handling=lenient');
});

t.test('all or nothing: one refused item and nothing is kept, none and everything is', async (t) => {
  for (const url of [undefined, fileUrl(t)]) {
    const { app, db } = await open(t, url);
    const bad = lines(filingBody(), filingBody({ agency: '999999999' }), filingBody({ agency: dangan }));
    const refused = await post(app, bad, { query: '?mode=all' });
    t.equal(refused.status, 422);
    t.match(refused.headers['content-type'], /problem\+json/);
    addsUp(t, refused.body);
    t.match(refused.body, { type: '/problems/invalid-report', received: 3, created: 0, rejected: 3, kept: false });
    t.same(
      refused.body.items.map((item: Json) => item.problem?.type ?? null),
      ['/problems/not-kept', '/problems/unknown-agency', '/problems/not-kept'],
    );
    t.equal(
      refused.body.problems.reduce((sum: number, { items }: Json) => sum + items, 0),
      refused.body.rejected,
      'every item that is not kept has its reason among the problems',
    );
    t.equal(await countReports(db), 0);
    const good = await post(app, lines(filingBody(), filingBody({ agency: dangan })), { query: '?mode=all' });
    t.match([good.status, good.body.created, good.body.kept], [200, 2, true]);
    t.equal(await countReports(db), 2);
    t.same(await verifyRollups(db), []);
    t.same(
      await runSql(db, 'select id from import'),
      [{ id: refused.body.id }],
      'what was answered in full is not kept besides, but for the file of what was refused',
    );
    t.equal(good.body.id, null);
  }
});

t.test('a dry run answers as the real one would, and keeps nothing', async (t) => {
  for (const url of [undefined, fileUrl(t)]) {
    const { app, db } = await open(t, url);
    const other = filingBody({ figures: { 'decisions.licenses.decided': 4 } });
    const body = lines(filingBody(), filingBody(), other, filingBody({ agency: '999999999' }));
    const dry = await post(app, body, { query: '?dryRun=true' });
    t.equal(await countReports(db), 0);
    t.same(await runSql(db, 'select 1 from revision'), []);
    const real = await post(app, body);
    t.match(dry.body, { created: 1, unchanged: 0, rejected: 3, kept: false, dryRun: true });
    t.same(dry.body.items, real.body.items);
    t.equal((await post(app, lines(filingBody({ agency: 'x' })), { query: '?dryRun=true&mode=all' })).status, 422);
  }
});

t.test('CSV with a row a report: cells by address, blank fields are blanks, amounts in the printed unit', async (t) => {
  const { app } = await open(t);
  const [header = [], ...rows] = tableOf([
    {
      ref: 'one',
      agency: qunfeng,
      year: 2021,
      figures: { 'fees.administrativeFees.amount': 123_450_000, 'decisions.coercion.decided': null },
    },
    { agency: dangan, year: 2021 },
  ]);
  const { body } = await post(app, `\ufeff${stringify([header, ...rows], { record_delimiter: 'windows' })}`, {
    type: 'text/csv',
  });
  t.match(body, {
    received: 2,
    created: 2,
    items: [
      { line: 2, ref: 'one' },
      { line: 3, ref: null },
    ],
  });
  const report = (await app.inject(`/v1/reports/${qunfeng}/2021`)).json() as Json;
  t.equal(report.figures.fees.administrativeFees.amount, '123.45');
  t.equal(report.figures.decisions.coercion.decided, null);
  t.equal(report.figures.decisions.licenses.decided, 0);
});

t.test('a CSV row that is broken is refused for itself, by its line', async (t) => {
  const { app } = await open(t);
  const [header = [], one = [], two = []] = tableOf([
    { agency: qunfeng, year: 2021 },
    { agency: dangan, year: 2021 },
  ]);
  const good = (row: unknown[]) => `${row.join(',')}\n`;
  const text = [
    good([...header, 'reason']),
    good([...one, 'ok']),
    good([...one.slice(0, 20), 'ok']),
    good([...two.slice(0, -1), 'many', '"an open quote']),
    good([...two, 'ok']),
    good([...one.slice(0, 3), '3.5', ...one.slice(4), 'ok']),
    good([...one, 'a\0b']),
  ].join('');
  const { body } = await post(app, Buffer.concat([Buffer.from(text), Buffer.from([0xb4, 0x20, 0x2c, 0x0a])]), {
    type: 'text/csv',
  });
  addsUp(t, body);
  t.same(
    body.items.map((item: Json) => [item.line, item.outcome, item.problem?.errors?.[0]?.code ?? null]),
    [
      [2, 'created', null],
      [3, 'rejected', 'LENGTH'],
      [4, 'rejected', 'QUOTES'],
      [5, 'created', null],
      [6, 'rejected', body.items[4].problem.errors[0].code],
      [7, 'rejected', 'NUL'],
      [8, 'rejected', 'ENCODING'],
    ],
  );
  t.match(body.items[4].problem, { type: '/problems/invalid-report' });
});

t.test(
  'a CSV file in GB18030 is read when it says so, or when it can be nothing else, and the answer says so',
  async (t) => {
    const { app } = await open(t);
    const [header = [], row = []] = tableOf([{ agency: qunfeng, year: 2021 }]);
    const text = [[...header, 'narrative.otherMatters'].join(','), [...row, 'GBK'].join(',')].join('\n');
    // 无。 in GB18030.
    const bytes = Buffer.concat([Buffer.from(text.slice(0, -3)), Buffer.from([0xce, 0xde, 0xa1, 0xa3, 0x0a])]);
    t.match((await post(app, bytes, { type: 'text/csv; charset=utf-8' })).body, { rejected: 1, charset: 'utf-8' });
    t.match((await post(app, bytes, { type: 'text/csv; charset=GB18030' })).body, { created: 1, charset: 'gb18030' });
    t.match((await post(app, bytes, { type: 'text/csv' })).body, { unchanged: 1, charset: 'gb18030' });
    t.match((await app.inject(`/v1/reports/${qunfeng}/2021`)).json() as Json, { narrative: { otherMatters: '无。' } });
    t.equal((await post(app, bytes, { type: 'text/csv; charset=big5' })).status, 415);
  },
);

t.test('CSV with a row a cell: the rows of a report together are one item', async (t) => {
  const { app } = await open(t);
  const rowsOf = (agency: string, but: (key: string) => string | undefined = () => '0') =>
    cells2021.flatMap(({ key }) => {
      const value = but(key);
      return value === undefined ? [] : [[agency, 2021, key, value]];
    });
  const blank = 'decisions.coercion.decided';
  const table = [
    ['agency', 'year', 'cell', 'value'],
    ...rowsOf(qunfeng, (key) => (key === blank ? '' : '0')),
    ...rowsOf(dangan, (key) => (key === blank ? undefined : '0')),
    ...rowsOf('431281102'),
    ['431281102', 2021, blank, '1'],
    ...rowsOf(qunfeng),
    ['431281103', 2021, 'no.such.cell', '1'],
  ];
  const { body } = await post(app, stringify(table), { type: 'text/csv' });
  addsUp(t, body);
  t.same(
    body.items.map((item: Json) => [item.line, item.outcome, item.problem?.errors?.[0]?.code ?? null]),
    [
      [2, 'created', null],
      [202, 'rejected', 'MISSING'],
      [401, 'rejected', 'DUPLICATE'],
      [602, 'rejected', 'APART'],
      [802, 'rejected', 'UNKNOWN'],
    ],
  );
  t.equal(((await app.inject(`/v1/reports/${qunfeng}/2021`)).json() as Json).figures.decisions.coercion.decided, null);
});

t.test('a table whose header is none is refused as a whole', async (t) => {
  const { app } = await open(t);
  for (const text of ['', 'agency,year,no.such.cell\n', 'year,cell,value\n', 'agency,agency,year\n', '"agency\n']) {
    const { status, body } = await post(app, text || '\n', { type: 'text/csv' });
    t.match([status, body.type], [400, '/problems/malformed-body'], text);
  }
  const spread = await post(app, '{\n  "agency": "431281207"\n}\n');
  t.equal(spread.status, 400, 'JSON over several lines is no NDJSON');
});

t.test('a workbook is read as the same rows in CSV are: any figures there and back', async (t) => {
  const { app } = await open(t);
  const townships = await townshipsOf(hongjiang);
  await fc.assert(
    fc.asyncProperty(fc.array(balancedFigures(formOf('2021')), { minLength: 1, maxLength: 3 }), async (all) => {
      const filings = all.map((figures, index) => ({ agency: townships[index] ?? '', year: 2021, figures }));
      const book = await writeXlsx({
        sheets: [
          { name: '2021', rows: tableOf(filings) },
          { name: 'other', rows: [['x']], hidden: true },
        ],
      });
      const query = '?revise=true&reason=property';
      const sent = await post(app, Buffer.from(book), { type: xlsx, query });
      const again = await post(app, stringify(tableOf(filings)), { type: 'text/csv', query });
      t.match(sent.body, { rejected: 0, received: all.length });
      t.match(again.body, { unchanged: all.length });
      const [first] = filings;
      const report = (await app.inject(`/v1/reports/${first?.agency}/2021`)).json() as Json;
      for (const { key, table, row, column } of cells2021) {
        const sentAs = printFigure(cellOf(key), first?.figures[key] ?? null);
        if (report.figures[table][row][column] !== sentAs) t.fail(`${key}: ${sentAs}`);
      }
    }),
    { numRuns: 5 },
  );
  t.match(await post(app, 'no workbook', { type: xlsx }), {
    status: 422,
    body: { type: '/problems/invalid-document' },
  });
});

t.test('what is exported as CSV, NDJSON or a workbook is imported again as unchanged', async (t) => {
  const said = {
    publishedItems: { total: 9, categories: [{ name: '=乡动态', count: 8, share: null }], channels: [], note: '＝9条' },
    engagement: [{ name: '市长热线', handled: 9, replyRate: 1 }],
    narrative: { overview: '=一\r\n"二"', problems: null, otherMatters: '' },
    source: { url: 'https://example.org/1', publishedOn: '2022-01-20' },
  };
  const { app } = await open(t);
  await post(
    app,
    lines(
      filingBody(),
      filingBody({
        agency: dangan,
        year: 2020,
        publishedItems: { total: null, categories: [], channels: [], complete: [] },
      }),
      filingBody({ agency: dangan, form: 'mixed', ...said }),
    ),
  );
  for (const [name, type] of [
    ['csv', 'text/csv'],
    ['ndjson', ndjson],
    ['xlsx', xlsx],
  ] as const) {
    const exported = await app.inject(`/v1/exports/reports.${name}`);
    t.equal(exported.statusCode, 200, name);
    t.match((await post(app, exported.rawPayload, { type })).body, { received: 3, unchanged: 3 }, name);
  }
});

t.test('a zip of documents: by the name of the file, or by what the document says, never by a guess', async (t) => {
  const { app, db } = await open(t);
  const overview = '洪江市群峰乡人民政府按照洪江市人民政府的要求编制本报告。';
  await post(app, lines(filingBody({ narrative: { overview } }), filingBody({ agency: dangan })));
  const page = async (agency: string) => (await app.inject(`/v1/reports/${agency}/2021.html`)).payload;
  const [one, two] = [await page(qunfeng), await page(dangan)];
  for (const agency of [qunfeng, dangan]) {
    await app.inject({ method: 'DELETE', url: `/v1/reports/${agency}/2021`, headers: { 'if-match': '*' } });
  }
  t.equal(await countReports(db), 0);
  // The first reader takes its time to start when TypeScript is compiled on the way; the next documents find it running.
  await readDocumentSafely(
    Buffer.from(one),
    { mediaType: 'text/html' },
    { milliseconds: 60_000, megabytes: 384, children: 2 },
  );
  const strange = one.replaceAll('群峰乡', '无此乡');
  const { status, body } = await post(
    app,
    zip({
      '2021/': '',
      [`2021/${dangan}-2021.html`]: two,
      '2021/群峰乡.html': one,
      '__MACOSX/x.html': 'x',
      '2021/无此乡.html': strange,
      'notes.txt': 'nothing of a report',
      'table.pdf': '%PDF',
    }),
    { type: 'application/zip', query: '?revise=true&reason=read' },
  );
  t.equal(status, 200);
  addsUp(t, body);
  t.same(
    body.items.map((item: Json) => [item.line, item.ref, item.agency, item.outcome]),
    [
      [1, `2021/${dangan}-2021.html`, dangan, 'created'],
      [2, '2021/群峰乡.html', qunfeng, 'created'],
      [3, '2021/无此乡.html', null, 'rejected'],
      [4, 'notes.txt', null, 'rejected'],
      [5, 'table.pdf', null, 'rejected'],
    ],
    JSON.stringify(body.items.map((item: Json) => item.problem?.detail)),
  );
  t.equal(await countReports(db), 2);
  t.match(await post(app, 'no zip', { type: 'application/zip' }), {
    status: 422,
    body: { type: '/problems/invalid-document' },
  });
});

t.test('whatever is sent as lines or rows, the counts add up and nothing fails on our side', async (t) => {
  const { app } = await open(t);
  const piece = fc.oneof(
    fc.constantFrom('\n', '"', ',', '{', '}', '\r\n', '\0', "'", 'agency,year,cell,value\n', 'null\n', '{"ref":1}\n'),
    fc.string({ maxLength: 20 }),
    fc.constant(lines(filingBody())),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { minLength: 1, maxLength: 12 }),
      fc.constantFrom(ndjson, 'text/csv'),
      async (parts, type) => {
        const { status, body } = await post(app, Buffer.from(parts.join('')), { type });
        if (![200, 400].includes(status)) t.fail(`${status} ${JSON.stringify(parts)}`);
        if (status === 200 && body.received !== body.items.length) t.fail(JSON.stringify(parts));
        if (status === 200) t.equal(body.received, body.created + body.revised + body.unchanged + body.rejected);
      },
    ),
    { numRuns: 60 },
  );
});

t.test('what is no import is refused before it is read', async (t) => {
  const { app } = await open(t);
  t.equal((await post(app, 'x', { type: 'application/json' })).status, 415);
  t.equal((await post(app, 'x', { type: `${ndjson}; charset=gbk` })).status, 415);
  t.equal((await post(app, 'x', { query: '?mode=some' })).status, 400);
  t.equal((await post(app, 'x', { headers: { 'content-length': String(2 ** 40) } })).status, 413);
  t.equal((await app.inject('/v1/imports/7')).statusCode, 400);
  t.equal((await app.inject('/v1/imports/00000000-0000-4000-8000-000000000000')).statusCode, 404);
  t.equal((await app.inject('/v1/imports/00000000-0000-4000-8000-000000000000/items')).statusCode, 404);
});

t.test('an import that is answered by its address shows how far it is, and what became of every item', async (t) => {
  for (const query of ['', '?mode=all', '?dryRun=true']) {
    const { app, db } = await open(t, fileUrl(t));
    const body = lines(...(await townshipsOf(hongjiang)).map((agency) => filingBody({ agency, ref: `r${agency}` })));
    const { status, headers, body: accepted } = await post(app, body, { query, headers: { prefer: 'respond-async' } });
    t.equal(status, 202);
    t.match(accepted, { state: /queued|running/, finishedAt: null });
    const ended = await untilEnded(app, String(headers.location));
    t.match(ended, {
      state: 'done',
      received: 20,
      created: 20,
      rejected: 0,
      kept: query !== '?dryRun=true',
      problem: null,
    });
    t.equal(await countReports(db), query === '?dryRun=true' ? 0 : 20);
    const refs: string[] = [];
    let next: string | undefined = `${headers.location}/items?first=7`;
    while (next) {
      const page: Json = await app.inject(next);
      refs.push(...page.json().items.map((item: Json) => item.ref));
      next = /<([^>]+)>; rel="next"/.exec(String(page.headers.link ?? ''))?.[1];
    }
    t.same(
      refs,
      (await townshipsOf(hongjiang)).map((agency) => `r${agency}`),
    );
  }
  const { app } = await open(t);
  const failing = await post(app, 'no,header\n', { type: 'text/csv', headers: { prefer: 'respond-async' } });
  t.match(await untilEnded(app, String(failing.headers.location)), {
    state: 'failed',
    problem: { type: '/problems/malformed-body' },
  });
});

function fileUrl(t: Tap): string {
  const folder = mkdtempSync(join(tmpdir(), 'xiangbao-test-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return `sqlite:${join(folder, 'x.db')}`;
}

/** Filings of every township of the small register for every year, the same again from the start when they run out. */
async function manyFilings(count: number, text = ''): Promise<unknown[]> {
  const agencies = (await Promise.all(['431281', '431202', '350128', '320813'].map(townshipsOf))).flat();
  const years = [2019, 2020, 2021, 2022, 2023, 2024, 2025];
  // The towns of 350128 are others since 2021.
  const yearsOf = (agency: string) => (agency.startsWith('350128') ? years.slice(2) : years);
  const distinct = agencies.flatMap((agency) =>
    yearsOf(agency).map((year) => filingBody({ agency, year, narrative: { overview: text } })),
  );
  return Array.from({ length: count }, (_, index) => distinct[index % distinct.length]);
}

for (const query of ['', '?mode=all']) {
  t.test(`an import${query} that a stop interrupts is taken up where it was, and nothing is doubled`, async (t) => {
    const url = fileUrl(t);
    const filings = await manyFilings(320);
    const first = await openTestApp({ url });
    const { headers } = await post(first.app, lines(...filings), { query, headers: { prefer: 'respond-async' } });
    const path = String(headers.location);
    for (;;) {
      const { received } = (await first.app.inject(path)).json() as Json;
      if (received >= 40) break;
      await sleep(5);
    }
    await first.close();
    const db = await openStore(url);
    const stopped = await runSql<{ state: string; tally: string }>(db, 'select state, tally from import');
    const before = JSON.parse(stopped[0]?.tally ?? '{}') as Json;
    t.equal(stopped[0]?.state, 'running');
    t.ok(before.received < 320, 'it was stopped on its way');
    t.equal(await countReports(db), before.created, 'what it says it did is what it did');
    const app = await buildApp({ db, logger: false, clock });
    holdToDocument(app);
    signIn(app, first.token);
    t.teardown(async () => {
      await app.close();
      await db.destroy();
    });
    const ended = await untilEnded(app, path);
    t.match(ended, { state: 'done', received: 320, created: 320, unchanged: 0, rejected: 0 });
    t.equal(await countReports(db), 320);
    t.same(await runSql(db, 'select count(*) as n, max(position) as last from import_item'), [{ n: 320, last: 320 }]);
    t.same(await runSql(db, 'select max(number) as n from revision'), [{ n: 1 }]);
    t.same(await verifyRollups(db), []);
    t.same(readdirSync(`${url.slice('sqlite:'.length)}-imports`), [], 'its file is gone');
  });
}

t.test('an import whose file is lost is shown as interrupted, with how far it came', async (t) => {
  const url = fileUrl(t);
  const first = await openTestApp({ url });
  const { headers } = await post(first.app, lines(...(await manyFilings(300))), {
    headers: { prefer: 'respond-async' },
  });
  while (((await first.app.inject(String(headers.location))).json() as Json).received < 16) await sleep(5);
  await first.close();
  rmSync(`${url.slice('sqlite:'.length)}-imports`, { recursive: true });
  const db = await openStore(url);
  const app = await buildApp({ db, logger: false, clock });
  holdToDocument(app);
  signIn(app, first.token);
  t.teardown(async () => {
    await app.close();
    await db.destroy();
  });
  const shown = (await app.inject(String(headers.location))).json() as Json;
  t.match(shown, { state: 'interrupted' });
  addsUp(t, shown);
  t.equal(shown.created, await countReports(db));
  t.not(shown.finishedAt, null);
});

t.test('20 MB are streamed: memory stays bounded, and light questions are answered all the while', async (t) => {
  const { app, db, token } = await open(t, fileUrl(t));
  const base = await app.listen({ host: '127.0.0.1', port: 0 });
  const filings = (await manyFilings(320, '公开。'.repeat(7000))).map((one) => JSON.stringify(one));
  let sent = 0;
  async function* body() {
    for (const filing of filings) {
      const line = Buffer.from(`${filing}\n`);
      sent += line.length;
      yield line;
    }
  }
  global.gc?.();
  const before = process.memoryUsage().rss;
  let most = before;
  const answer = await fetch(`${base}/v1/imports`, {
    method: 'POST',
    headers: { 'content-type': ndjson, ...bearer(token) },
    body: Readable.toWeb(Readable.from(body())) as unknown as ReadableStream,
    // Node's fetch asks for this to send a stream.
    duplex: 'half',
  } as RequestInit);
  t.equal(answer.status, 202);
  const path = answer.headers.get('location');
  const waits: number[] = [];
  let shown: Json = {};
  do {
    const start = performance.now();
    const light = await fetch(`${base}/v1/divisions/${hongjiang}`);
    waits.push(performance.now() - start);
    t.equal(light.status, 200);
    shown = await (await fetch(`${base}${path}`, { headers: bearer(token) })).json();
    most = Math.max(most, process.memoryUsage().rss);
    await sleep(20);
  } while (shown.finishedAt === null);
  addsUp(t, shown);
  t.match(shown, { state: 'done', created: 320, rejected: 0, bytes: sent });
  t.equal(await countReports(db), 320);
  waits.sort((one, other) => one - other);
  const median = waits[Math.floor(waits.length / 2)] ?? 0;
  const worst = waits.at(-1) ?? 0;
  t.comment(`${waits.length} light questions: median ${median.toFixed(1)} ms, longest ${worst.toFixed(0)} ms`);
  t.comment(`memory grew by ${((most - before) / 1e6).toFixed(0)} MB for ${(sent / 1e6).toFixed(0)} MB`);
  t.ok(median < 250, 'light questions do not wait for the import');
  t.ok(most - before < 250_000_000, 'memory is bounded');
});

t.test('a long dry run keeps nobody from writing, a long all-or-nothing nobody from reading', async (t) => {
  const { app, db } = await open(t, fileUrl(t));
  const filings = await manyFilings(320, '公开。'.repeat(300));
  const body = lines(...filings);
  t.ok(Buffer.byteLength(body) > 2_000_000, 'long enough for a copy of the store');
  const headers = { prefer: 'respond-async' };
  const dry = await post(app, body, { query: '?dryRun=true', headers });
  const filed = await app.inject({ method: 'POST', url: '/v1/reports', payload: filings[0] as object });
  t.equal(filed.statusCode, 201);
  t.equal((await app.inject(String(dry.headers.location))).json().finishedAt, null, 'the dry run was still at it');
  t.match(await untilEnded(app, String(dry.headers.location)), { received: 320, rejected: 0, kept: false });
  t.equal(await countReports(db), 1, 'only what was filed besides is kept');
  const all = await post(app, body, { query: '?mode=all', headers });
  const { agency, year } = filings[0] as { agency: string; year: number };
  t.equal((await app.inject(`/v1/reports/${agency}/${year}`)).statusCode, 200);
  t.equal((await app.inject(String(all.headers.location))).json().finishedAt, null, 'the import was still at it');
  const beside = await post(app, lines(filings[1]), { headers });
  t.match(await untilEnded(app, String(all.headers.location)), { received: 320, rejected: 0, kept: true });
  t.match(await untilEnded(app, String(beside.headers.location)), { received: 1, rejected: 0 });
  t.equal(await countReports(db), 320);
  t.same(await verifyRollups(db), []);
});

t.test('a body that breaks off is forgotten', async (t) => {
  const url = fileUrl(t);
  const { app, db, token } = await open(t, url);
  const base = await app.listen({ host: '127.0.0.1', port: 0 });
  const breaking = new AbortController();
  async function* body() {
    yield Buffer.from(lines(filingBody()));
    await sleep(100);
    breaking.abort();
    await sleep(1000);
    yield Buffer.from('never');
  }
  await t.rejects(
    fetch(`${base}/v1/imports`, {
      method: 'POST',
      headers: { 'content-type': ndjson, ...bearer(token) },
      body: Readable.toWeb(Readable.from(body())) as unknown as ReadableStream,
      duplex: 'half',
      signal: breaking.signal,
    } as RequestInit),
  );
  await sleep(200);
  t.equal(await countReports(db), 0);
  const folder = `${url.slice('sqlite:'.length)}-imports`;
  t.ok(existsSync(folder));
  t.same(readdirSync(folder), []);
});
