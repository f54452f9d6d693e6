/** Bulk files as people send them: every kind of CSV and workbook means the same, and what is refused comes back. */
import { mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { writeXlsx } from 'hucre/xlsx';
import t from 'tap';
import { buildApp } from '../src/app.js';
import { readDocumentSafely, stopReaders } from '../src/document/read/read-in-child.js';
import { printFigure } from '../src/form/check.js';
import { cellOf, formInForce } from '../src/form/forms.js';
import { inTransaction, writeLoadOf } from '../src/store/engine/commit.js';
import { openBeside, openStore } from '../src/store/engine/open.js';
import { verifyRollups } from '../src/store/rollup/rollup-check.js';
import {
  bearer,
  clock,
  filingBody,
  hongjiang,
  openTestApp,
  qunfeng,
  runSql,
  signIn,
  tokenFor,
  townshipsOf,
  zeroFigures,
} from './builders.js';
import { zip } from './zip.js';

// biome-ignore lint/suspicious/noExplicitAny: a test reads answers as a client would, without a type for them.
type Json = any;
type Tap = { teardown: (fn: () => unknown) => unknown };
type Row = readonly (string | number | null)[];

t.teardown(() => stopReaders());

const ndjson = 'application/x-ndjson';
const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const csv = 'text/csv';
const dangan = '431281101';
const cells = formInForce(2021).cells;
const penalties = 'decisions.penalties.decided';

function fileUrl(t: Tap): string {
  const folder = mkdtempSync(join(tmpdir(), 'xiangbao-test-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return `sqlite:${join(folder, 'x.db')}`;
}

async function open(t: Tap, url?: string) {
  const opened = await openTestApp(url === undefined ? {} : { url });
  t.teardown(opened.close);
  return opened;
}

async function post(
  app: FastifyInstance,
  payload: string | Buffer,
  { type = csv, query = '', headers = {} }: { type?: string; query?: string; headers?: Record<string, string> } = {},
) {
  const answer = await app.inject({
    method: 'POST',
    url: `/v1/imports${query}`,
    headers: { 'content-type': type, ...headers },
    payload,
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json() as Json };
}

type Stated = { agency: string; year?: number; figures?: Readonly<Record<string, number | null>> };

/** A column a cell, with columns of their own before them. */
function wide(filings: readonly Stated[], own: Readonly<Record<string, readonly string[]>> = {}): Row[] {
  const head = ['agency', 'year', ...Object.keys(own), ...cells.map(({ key }) => key)];
  const rows = filings.map(({ agency, year = 2021, figures = {} }, index) => {
    const whole = { ...zeroFigures(), ...figures };
    const said = Object.values(own).map((values) => values[index] ?? '');
    return [agency, year, ...said, ...cells.map(({ key }) => printFigure(cellOf(key), whole[key] ?? null))];
  });
  return [head, ...rows];
}

/** A row a cell. */
function long(filings: readonly Stated[]): Row[] {
  const rows = filings.flatMap(({ agency, year = 2021, figures = {} }) => {
    const whole = { ...zeroFigures(), ...figures };
    return cells.map(({ key }) => [agency, year, key, printFigure(cellOf(key), whole[key] ?? null)]);
  });
  return [['agency', 'year', 'cell', 'value'], ...rows];
}

const text = (rows: readonly Row[], delimiter = ',') =>
  stringify(
    rows.map((row) => [...row]),
    { delimiter },
  );
const utf16 = (content: string) => Buffer.from(`\ufeff${content}`, 'utf16le');
const lines = (...filings: unknown[]) => filings.map((one) => `${JSON.stringify(one)}\n`).join('');
type Sheets = Parameters<typeof writeXlsx>[0]['sheets'];
const book = async (sheets: Sheets) => Buffer.from(await writeXlsx({ sheets }));
const sheet = (name: string, rows: readonly Row[], more: Partial<Sheets[number]> = {}) => ({
  name,
  rows: rows.map((row) => [...row]),
  ...more,
});

/** What became of each item, wherever in its file it stands. */
const outcomes = (body: Json) =>
  body.items.map((item: Json) => [
    item.agency,
    item.year,
    item.outcome,
    item.problem?.type ?? null,
    (item.problem?.errors ?? []).map(({ code }: Json) => code).sort(),
  ]);

const faults = (body: Json) => body.items.map((item: Json) => item.problem?.errors?.[0]?.code ?? item.outcome);

t.test(
  'the same filings mean the same in every format, character set and delimiter, whatever is blank between',
  async (t) => {
    const { app } = await open(t);
    const agencies = [...(await townshipsOf(hongjiang)).slice(0, 4), '999999999'];
    const stated = fc.record({
      agency: fc.constantFrom(...agencies),
      year: fc.constantFrom(2021, 2022, 2030),
      figures: fc.record({
        [penalties]: fc.option(fc.nat(99)),
        'applications.newReceived.total': fc.constantFrom(0, 0, 0, 3),
      }),
    });
    const identity = ({ agency, year }: { agency: string; year: number }) => `${agency} ${year}`;
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(stated, { minLength: 1, maxLength: 4, selector: identity }),
        fc.constantFrom('each', 'all'),
        fc.nat(3),
        async (filings, mode, at) => {
          const query = `?mode=${mode}&dryRun=true`;
          const rows = wide(filings);
          const blank = rows[0]?.map(() => ' ') ?? [];
          const gaps = [...rows.slice(0, at), blank, ...rows.slice(at), blank];
          const half = Math.ceil(filings.length / 2);
          const sent: readonly (readonly [string, string | Buffer, string])[] = [
            ['ndjson', lines(...filings.map((one) => filingBody(one))).replaceAll('\n', '\n \t\u3000\n'), ndjson],
            ['comma', text(gaps), csv],
            ['semicolon', text(gaps, ';'), csv],
            ['tab', text(gaps, '\t'), csv],
            ['sep', `sep=;\r\n${text(gaps, ';')}`, csv],
            ['mark', `\ufeff${text(rows)}`, csv],
            ['utf-16le', utf16(text(gaps, '\t')), csv],
            ['utf-16be', utf16(text(rows)).swap16(), csv],
            ['long', text(long(filings)), csv],
            ['workbook', await book([sheet('2021', gaps)]), xlsx],
            [
              'two sheets',
              await book([
                sheet('一', wide(filings.slice(0, half))),
                sheet('空', []),
                ...(half < filings.length ? [sheet('二', long(filings.slice(half)))] : []),
              ]),
              xlsx,
            ],
          ];
          const answers = [];
          for (const [name, payload, type] of sent) {
            const { body } = await post(app, payload, { type, query });
            if (!body.items) t.fail(`${name}: ${body.detail}`);
            t.equal(body.received, body.created + body.revised + body.unchanged + body.rejected, name);
            const named = body.problems.reduce((sum: number, { items }: Json) => sum + items, 0);
            t.equal(named, body.rejected, `${name}: every refusal has its reason`);
            answers.push({ name, outcomes: outcomes(body) });
          }
          for (const { name, outcomes } of answers) t.same(outcomes, answers[0]?.outcomes, name);
        },
      ),
      { numRuns: 6 },
    );
  },
);

t.test('the answer says in which character set a file was read, and a damaged line spoils itself alone', async (t) => {
  const { app } = await open(t);
  const rows = (name: string) => text(wide([{ agency: qunfeng }], { name: [name] }));
  // 群峰乡 in GB18030.
  const chinese = Buffer.from([0xc8, 0xba, 0xb7, 0xe5, 0xcf, 0xe7]);
  const [before = '', after = ''] = rows('@').split('@');
  const gbk = Buffer.concat([Buffer.from(before), chinese, Buffer.from(after)]);
  const query = '?dryRun=true';
  for (const [payload, charset] of [
    [rows('群峰乡'), 'utf-8'],
    [gbk, 'gb18030'],
    [utf16(rows('群峰乡')), 'utf-16le'],
    [utf16(rows('群峰乡')).subarray(2), 'utf-16le'],
    [utf16(rows('群峰乡')).swap16(), 'utf-16be'],
  ] as const) {
    t.match((await post(app, payload, { query })).body, { created: 1, charset }, charset);
  }
  const both = Buffer.concat([
    Buffer.from(`${rows('群峰乡')}`),
    Buffer.from(after.slice(after.indexOf('\n'))),
    gbk.subarray(gbk.indexOf('\n') + 1),
  ]);
  t.match((await post(app, both, { query })).body, { charset: 'utf-8', created: 1, rejected: 1 });
  const torn = Buffer.concat([utf16(rows('群峰乡')), Buffer.from('\ud83d,\n', 'utf16le')]);
  t.same(faults((await post(app, torn, { query })).body), ['created', 'ENCODING']);
  const astral = rows('柳树𨟠镇');
  const item = (await post(app, utf16(astral), { query })).body.items[0];
  t.match(item.problem.detail, /fault/);
  t.match(item.problem.errors[0].message.zh, /柳树𨟠镇/u, 'characters beyond the basic plane stay whole');
});

t.test(
  'a heading that is missing over data is named by its column; columns and files with nothing in them are passed over',
  async (t) => {
    const { app } = await open(t);
    const rows = wide([{ agency: qunfeng }]);
    const padded = rows.map((row, index) => [...row, '', index === 0 ? '' : ' ']);
    t.match((await post(app, text(padded), { query: '?dryRun=true' })).body, { created: 1 });
    const unnamed = rows.map((row, index) => [...row.slice(0, 2), index === 0 ? '' : '九', ...row.slice(2)]);
    for (const [payload, type] of [
      [text(unnamed), csv],
      [await book([sheet('表', unnamed)]), xlsx],
      [await book([sheet('表', [rows[0] ?? [], [...(rows[1] ?? []), '九']])]), xlsx],
    ] as const) {
      const { status, body } = await post(app, payload, { type });
      t.equal(status, 400);
      t.match(body.detail, type === csv || unnamed === rows ? /Column 3 \(C\)/ : /Column \d+ \([A-Z]+\)/);
      t.match(body.detail, /line 2 has "九"/);
    }
    for (const [payload, type] of [
      [text(rows.slice(0, 1)), csv],
      ['\n \n', ndjson],
      [' , ,\n', csv],
      ['sep=;', csv],
      ['', csv],
      ['', ndjson],
      [await book([sheet('表', rows.slice(0, 1))]), xlsx],
      [zip({ 'x/': '' }), 'application/zip'],
    ] as const) {
      const { status, body } = await post(app, payload, { type });
      t.match([status, body.errors?.[0]?.code], [400, 'EMPTY'], type);
    }
  },
);

t.test(
  'all sheets that are shown are read, and of them what is shown; one without known headings is refused by name',
  async (t) => {
    const { app } = await open(t);
    const [one = '', two = '', three = ''] = await townshipsOf(hongjiang);
    const secret = [{ agency: qunfeng, figures: { [penalties]: 9 } }];
    const query = '?dryRun=true';
    const shown = await book([
      sheet('旧', wide(secret), { hidden: true }),
      sheet('更旧', [['x']], { veryHidden: true }),
      sheet('甲', wide([{ agency: one }, { agency: two }]), { rowDefs: new Map([[2, { hidden: true }]]) }),
      sheet('乙', long([{ agency: three }])),
      sheet('丙', [[' ']]),
    ]);
    const { body } = await post(app, shown, { type: xlsx, query });
    t.same(
      body.items.map((item: Json) => [item.sheet, item.line, item.agency, item.outcome]),
      [
        ['甲', 2, one, 'created'],
        ['乙', 2, three, 'created'],
      ],
    );
    const at = (wide([])[0] ?? []).indexOf(penalties);
    const columns = (wide([])[0] ?? []).map((_, index) => (index === at ? { hidden: true } : {}));
    const cut = await post(app, await book([sheet('甲', wide(secret), { columns })]), { type: xlsx, query });
    t.same(faults(cut.body), ['MISSING'], 'a hidden column is no figure of the report');
    const note = await post(
      app,
      await book([sheet('甲', wide([{ agency: one }])), sheet('说明', [['填表说明'], ['…']])]),
      {
        type: xlsx,
      },
    );
    t.equal(note.status, 400);
    t.match(note.body.detail, /Sheet "说明"/);
    const none = await post(app, await book([sheet('旧', wide(secret), { hidden: true })]), { type: xlsx });
    t.match(none.body, { status: 422, detail: /hidden sheets/ });
    const piped = await post(app, text(wide(secret), '|'));
    t.equal(piped.status, 400);
    t.ok(piped.body.detail.length < 1_000, 'a heading that is a whole line is not said in full');
    t.equal((await app.inject(`/v1/reports/${one}/2021`)).statusCode, 404, 'nothing of the other sheets was filed');
  },
);

t.test('a cell of a workbook that shows another number than it holds is refused by its address', async (t) => {
  const { app } = await open(t);
  const at = (wide([])[0] ?? []).indexOf(penalties);
  const column = at < 26 ? String.fromCharCode(65 + at) : `A${String.fromCharCode(65 + at - 26)}`;
  const sent = async (cell: Json) => {
    const table = sheet('表', wide([{ agency: qunfeng }]));
    const payload = await book([{ ...table, cells: new Map([[`1,${at}`, cell]]) }]);
    return (await post(app, payload, { type: xlsx, query: '?dryRun=true' })).body;
  };
  const wrong = [
    { value: new Date('2021-01-23T00:00:00Z'), style: { numFmt: 'yyyy-mm-dd' } },
    { value: 23, style: { numFmt: 'm"月"d"日"' } },
    { value: true },
    { value: 1, style: { numFmt: '0%' } },
    { value: 23, style: { numFmt: '0.0,"千"' } },
    { value: 23, style: { numFmt: '0!.0,"万"' } },
    { value: 23, style: { numFmt: ';;;' } },
  ];
  for (const cell of wrong) {
    const { items } = await sent(cell);
    t.equal(items[0].outcome, 'rejected', JSON.stringify(cell));
    t.match(items[0].problem.errors[0], { code: 'TYPE', cells: [penalties] });
    t.match(items[0].problem.errors[0].message.en, new RegExp(`^${column}2 is `));
  }
  for (const numFmt of ['General', '0', '#,##0', '0"件"', '[Red]0', 'G/通用格式', '[DBNum1]General', '@', '0_ ']) {
    t.match(await sent({ value: 23, style: { numFmt } }), { created: 1 }, numFmt);
  }
});

t.test(
  'a code and a name of two agencies are refused, naming both; every name of that year or since is right',
  async (t) => {
    const { app } = await open(t);
    await app.inject({
      method: 'POST',
      url: `/v1/agencies/${dangan}/changes`,
      payload: { on: '2023-05-01', name: '黔阳镇' },
    });
    const send = async (name: string, year = 2021, more: Record<string, readonly string[]> = {}) => {
      const rows = text(wide([{ agency: dangan, year }], { name: [name], ...more }));
      return (await post(app, rows, { query: '?dryRun=true' })).body;
    };
    for (const [name, year] of [
      ['黔城镇', 2021],
      ['黔城镇', 2023],
      ['黔阳镇', 2023],
      ['黔阳镇', 2021],
      ['洪江市黔城镇人民政府', 2021],
      ['黔 城 镇', 2021],
      ['', 2021],
    ] as const) {
      t.match(await send(name, year), { created: 1 }, `${name} ${year}`);
    }
    for (const [name, year] of [
      ['群峰乡', 2021],
      ['黔城镇', 2024],
      ['黔城', 2021],
    ] as const) {
      const { items } = await send(name, year);
      t.match(items[0].problem, {
        type: '/problems/invalid-report',
        errors: [{ code: 'MISMATCH', pointer: '/agency' }],
      });
      t.match(items[0].problem.errors[0].message.zh, new RegExp(`${dangan}.*(?:黔城镇|黔阳镇).*“${name}”`));
    }
    t.match(await send('黔城镇', 2021, { county: ['431281'], countyName: ['洪江市'] }), { created: 1 });
    t.match(await send('黔城镇', 2021, { county: ['431281000000'] }), { created: 1 }, 'twelve digits mean six');
    t.match(await send('黔城镇', 2021, { county: ['431202'] }), { rejected: 1 });
    t.match(await send('黔城镇', 2021, { county: ['431202000000'] }), { rejected: 1 });
    const [head = [], ...rows] = wide([{ agency: '', figures: { [penalties]: -1 } }], { name: ['黔城镇'] });
    const twelve = await post(app, text([['county', ...head], ...rows.map((row) => ['431281000000', ...row])]));
    t.match(twelve.body.items, [{ agency: dangan, outcome: 'rejected', problem: { errors: [{ code: 'RANGE' }] } }]);
    t.match(await send('黔城镇', 2021, { countyName: ['鹤城区'] }), { rejected: 1 });
  },
);

t.test(
  'a name alone is looked up in the division asked for, else first where the token may file, and never guessed',
  async (t) => {
    const { app, db } = await open(t);
    const add = (code: string, county: string) =>
      app.inject({
        method: 'POST',
        url: '/v1/agencies',
        payload: { code, name: '城关镇', kind: 'TOWNSHIP', county, validFrom: '2019-01-01' },
      });
    for (const [code, county] of [
      ['431281190', '431281'],
      ['431202190', '431202'],
      ['350128190', '350128'],
    ] as const) {
      const added = await add(code, county);
      t.equal(added.statusCode, 201, added.body);
    }
    const named = (name: string, more: Record<string, readonly string[]> = {}) => {
      const rows = wide([{ agency: '' }], { name: [name], ...more });
      return text(rows.map((row) => row.slice(1)));
    };
    const county = await tokenFor(db, { scope: 'file', division: '431281' });
    const prefecture = await tokenFor(db, { scope: 'file', division: '431200' });
    const send = async (payload: string, { token, query = '' }: { token?: string; query?: string } = {}) => {
      const headers = token === undefined ? {} : bearer(token);
      const { body } = await post(app, payload, { query: `?dryRun=true${query}`, headers });
      const [item] = body.items ?? [];
      return item?.outcome === 'created' ? item.agency : (item?.problem?.type ?? body.type);
    };
    const ambiguous = '/problems/ambiguous-agency';
    t.equal(await send(named('城关镇')), ambiguous);
    t.equal(await send(named('城关镇'), { token: county }), '431281190');
    t.equal(await send(named('城关镇'), { token: prefecture }), ambiguous, 'two match within its reach');
    t.equal(await send(named('城关镇'), { token: prefecture, query: '&division=431202' }), '431202190');
    t.equal(await send(named('城关镇'), { query: '&division=350000' }), '350128190');
    t.equal(await send(named('城关镇'), { query: '&division=320000' }), '/problems/unknown-agency');
    t.equal(await send(named('城关镇'), { query: '&division=990000' }), '/problems/unknown-division');
    t.equal(await send(named('城关镇', { countyName: ['鹤城区'] })), '431202190');
    t.equal(await send(named('城关镇', { county: ['350128'] }), { token: county }), '/problems/forbidden');
    t.equal(await send(named('群峰乡')), qunfeng);
    t.equal(await send(named('无此乡')), '/problems/unknown-agency');
    t.equal(await send(named('')), '/problems/invalid-report', 'neither code nor name');
  },
);

t.test('the name of a document in a zip is looked up in the same way', async (t) => {
  const { app, db } = await open(t);
  for (const [code, county] of [
    ['431281190', '431281'],
    ['431202190', '431202'],
  ] as const) {
    const payload = { code, name: '城关镇', kind: 'TOWNSHIP', county, validFrom: '2019-01-01' };
    t.equal((await app.inject({ method: 'POST', url: '/v1/agencies', payload })).statusCode, 201);
  }
  await app.inject({ method: 'POST', url: '/v1/reports', payload: filingBody({ agency: '431202190' }) });
  const printed = (await app.inject('/v1/reports/431202190/2021.html')).body;
  const page = Buffer.from(printed.replaceAll(/湖南省|怀化市|鹤城区/g, ''));
  // The first reader takes its time to start when TypeScript is compiled on the way.
  const patient = { milliseconds: 60_000, megabytes: 384, children: 2 };
  await readDocumentSafely(page, { mediaType: 'text/html' }, patient);
  const county = await tokenFor(db, { scope: 'file', division: '431202' });
  const send = async (query: string, headers: Record<string, string> = {}) => {
    const payload = zip({ 'a.html': page });
    const { body } = await post(app, payload, {
      type: 'application/zip',
      query: `?dryRun=true&revise=true&reason=x${query}`,
      headers,
    });
    return [body.items[0].agency, body.items[0].problem?.type ?? body.items[0].outcome];
  };
  t.same(await send(''), [null, '/problems/ambiguous-agency']);
  t.same(await send('', bearer(county)), ['431202190', 'unchanged']);
  t.same(await send('&division=431202'), ['431202190', 'unchanged']);
  t.same(await send('&division=350128'), [null, '/problems/invalid-document']);
  const twice = zip({ 'a.html': page, 'b/431202190-2021.html': page });
  const query = '?dryRun=true&revise=true&reason=x&division=431202';
  const { body } = await post(app, twice, { type: 'application/zip', query });
  t.match(body.items[1].problem, { type: '/problems/repeated-in-file', first: { ref: 'a.html' } });
  t.match((await app.inject(body.rejects[0])).body, /,2,repeated-in-file,.*a\.html.*,b\/431202190-2021\.html/);
});

t.test(
  'one agency and year twice in a file is refused with the line of the first, even with revise, in every format',
  async (t) => {
    const { app, db } = await open(t);
    await app.inject({
      method: 'POST',
      url: `/v1/agencies/${dangan}/changes`,
      payload: { on: '2021-05-01', code: '431281199' },
    });
    const other = { [penalties]: 7 };
    const twice: readonly Stated[] = [
      { agency: qunfeng },
      { agency: dangan },
      { agency: `${qunfeng}000`, figures: other },
    ];
    const query = '?revise=true&reason=again&dryRun=true';
    for (const [payload, type, first] of [
      [lines(...twice.map((one) => filingBody(one))), ndjson, { line: 1 }],
      [text(wide(twice)), csv, { line: 2 }],
      [text(long(twice)), csv, { line: 2 }],
      [await book([sheet('甲', wide(twice))]), xlsx, { sheet: '甲', line: 2 }],
      [await book([sheet('甲', wide(twice.slice(0, 1))), sheet('乙', wide(twice.slice(1)))]), xlsx, { sheet: '甲' }],
    ] as const) {
      const { body } = await post(app, payload, { type, query });
      t.match(body, { created: 2, rejected: 1 }, type);
      t.match(body.items[2].problem, { type: '/problems/repeated-in-file', first });
    }
    const codes = [{ agency: dangan }, { agency: '431281199', figures: other }];
    const { body: recoded } = await post(app, text(wide(codes)), { query });
    t.match(recoded.items[1].problem, { type: '/problems/repeated-in-file' }, 'two codes of one agency');
    const mended = [{ agency: qunfeng, figures: { 'applications.newReceived.total': 3 } }, { agency: qunfeng }];
    t.match(
      (await post(app, text(wide(mended)), { query })).body,
      { created: 1, rejected: 1 },
      'a refused one states nothing',
    );
    t.same(await runSql(db, 'select 1 from report'), []);
  },
);

t.test('what an import filed before it was stopped is not filed again of the same file', async (t) => {
  const url = fileUrl(t);
  const first = await openTestApp({ url });
  const agencies = (await Promise.all(['431281', '431202', '350128', '320813'].map(townshipsOf))).flat();
  const filings = agencies.flatMap((agency) => [2021, 2022, 2023].map((year) => filingBody({ agency, year })));
  const again = filingBody({ agency: agencies[0] ?? '', figures: { [penalties]: 7 } });
  const { headers } = await post(first.app, lines(...filings, again), {
    type: ndjson,
    query: '?revise=true&reason=again',
    headers: { prefer: 'respond-async' },
  });
  while (((await first.app.inject(String(headers.location))).json() as Json).received < 8) await sleep(5);
  await first.close();
  const db = await openStore(url);
  const app = await buildApp({ db, clock, logger: false });
  signIn(app, first.token);
  t.teardown(async () => {
    await app.close();
    await db.destroy();
  });
  let shown: Json = {};
  while (!shown.finishedAt) {
    await sleep(20);
    shown = (await app.inject(String(headers.location))).json();
  }
  t.match(shown, { state: 'done', created: filings.length, revised: 0, rejected: 1 });
  t.match(shown.problems, [{ problem: 'repeated-in-file', items: 1 }]);
});

t.test(
  'what is refused comes back as it came with the reasons; sent again it is refused alike, corrected it is filed',
  async (t) => {
    const { app } = await open(t);
    const [one = '', two = ''] = await townshipsOf(hongjiang);
    const wrong = { 'applications.newReceived.total': 3 };
    const filings: readonly Stated[] = [{ agency: one }, { agency: '999999999' }, { agency: two, figures: wrong }];
    const note = { 'narrative.overview': ['', '=1+1', '\'-甲\r\n"乙"'], 'fees.administrativeFees.amount': [] };
    const rows = wide(filings, { 'narrative.overview': note['narrative.overview'] });
    const sent: readonly (readonly [string, string | Buffer, string])[] = [
      ['ndjson', lines(...filings.map((one) => filingBody(one)), { agency: 1 }), ndjson],
      ['csv', `\ufeff${text(rows, ';')}"open`, csv],
      ['long', text(long(filings)), csv],
      ['xlsx', await book([sheet('甲', rows)]), xlsx],
      ['sheets', await book([sheet('甲', rows.slice(0, 3)), sheet('乙', long(filings.slice(2)))]), xlsx],
    ];
    for (const [name, payload, type] of sent) {
      const query = '?dryRun=true';
      const { body } = await post(app, payload, { type, query });
      t.match(body.rejects, [`/v1/imports/${body.id}/rejects.csv`, /xlsx$/, /ndjson$/]);
      const refused = outcomes(body).filter(([, , outcome]: Json) => outcome === 'rejected');
      for (const path of body.rejects as string[]) {
        const file = await app.inject(path);
        if (name === 'sheets' && path.endsWith('csv')) {
          t.equal(file.statusCode, 406, 'sheets of different columns are no CSV');
          continue;
        }
        t.equal(file.statusCode, 200, `${name} ${path}`);
        const again = { type: path.endsWith('xlsx') ? xlsx : path.endsWith('csv') ? csv : ndjson, query };
        const { body: second } = await post(app, file.rawPayload, again);
        t.same(
          second.items.map((item: Json) => [item.agency, item.outcome]),
          refused.map(([agency, , outcome]: Json) => [agency, outcome]),
          `${name} ${path}`,
        );
        if (name === 'csv' && path.endsWith('csv')) {
          t.same(outcomes(second).slice(0, 2), refused.slice(0, 2));
          const told = file.body.split('\r\n');
          t.match(told[0], /^\ufeffrejected\.sheet,rejected\.line,rejected\.code,rejected\.zh,rejected\.en,/);
          t.match(file.body, /\n,3,unknown-agency,名录中没有/);
          t.match(file.body, /"'=1\+1|,'=1\+1,/, 'no spreadsheet runs it');
          t.match(file.body, /unbalanced-report T3-/);
          const corrected = file.body.replaceAll('999999999', qunfeng);
          const mended = await post(app, corrected, { type: csv });
          t.match(mended.body.items[0], { outcome: 'created', agency: qunfeng });
          const report = (await app.inject(`/v1/reports/${qunfeng}/2021`)).json() as Json;
          t.equal(report.narrative.overview, '=1+1');
        }
      }
    }
  },
);

t.test('rows that are refused for their names, or twice over, come back as NDJSON with all they said', async (t) => {
  const { app } = await open(t);
  const said = { name: ['别的乡', '无此乡', ''], county: ['', '', '430102'], engagement: ['', '', '{'] };
  const rows = wide([{ agency: qunfeng }, { agency: '' }, { agency: qunfeng }], said);
  const sent: [string | Buffer, string][] = [
    [text(rows), csv],
    [await book([sheet('甲', rows)]), xlsx],
  ];
  for (const [payload, type] of sent) {
    const first = (await post(app, payload, { type })).body;
    t.match(first, { received: 3, rejected: 3 });
    let file = (await app.inject(first.rejects[2])).body;
    t.match(JSON.parse(file.split('\n')[2] ?? ''), { rows: [{ agency: qunfeng, year: '2021', engagement: '{' }] });
    for (const round of [1, 2, 3]) {
      const { body } = await post(app, file, { type: ndjson });
      t.same(outcomes(body).slice(0, 2), outcomes(first).slice(0, 2), `round ${round}: nothing was corrected`);
      file = (await app.inject(body.rejects[2])).body;
    }
    const corrected = file.replace('"name":"别的乡"', '"name":"群峰乡"');
    t.match((await post(app, corrected, { type: ndjson, query: '?dryRun=true' })).body, { received: 3, created: 1 });
  }
});

t.test('in a table of cells nothing is lost that stands in the wrong column: it is refused by its line', async (t) => {
  const { app } = await open(t);
  const head = ['agency', 'year', 'cell', 'value', 'text'];
  const [, ...figures] = long([{ agency: qunfeng }]);
  const said = (value: string, words: string, cell = penalties) => {
    const rows = figures.map((row) => (row[2] === cell ? [qunfeng, 2021, cell, value, words] : [...row, '']));
    const more = figures.some((row) => row[2] === cell) ? [] : [[qunfeng, 2021, cell, value, words]];
    return post(app, text([head, ...rows, ...more]), { query: '?dryRun=true' });
  };
  for (const sent of [
    await said('', '5'),
    await said('5', '5'),
    await said('16', '乡动态', 'publishedItems.total'),
    await said('甲', '乙', 'narrative.overview'),
  ]) {
    t.same(faults(sent.body), ['TEXT'], JSON.stringify(sent.body.items));
  }
  for (const sent of [
    await said('5', ''),
    await said('', '', 'publishedItems.total'),
    await said('16', '', 'publishedItems.total'),
  ]) {
    t.same(faults(sent.body), ['created']);
  }
});

t.test('a total of published items that is no number is refused as every other figure is', async (t) => {
  const { app } = await open(t);
  for (const total of ['1,600', '—', '16.5', '-1', '"16"']) {
    const rows = wide([{ agency: qunfeng, figures: { [penalties]: null } }], { 'publishedItems.total': [total] });
    const { body } = await post(app, text(rows), { query: '?dryRun=true' });
    t.match(body.items[0], {
      agency: qunfeng,
      year: 2021,
      problem: { errors: [{ pointer: '/publishedItems/total' }] },
    });
    t.notMatch(faults(body), ['JSON'], total);
  }
});

t.test('with mode=all the good ones come back too, each with its reason; nobody else gets the file', async (t) => {
  const { app, db } = await open(t);
  const [one = ''] = await townshipsOf(hongjiang);
  const rows = wide([{ agency: one }, { agency: '999999999' }]);
  const { status, body } = await post(app, text([...rows, rows[0]?.map(() => '') ?? []]), { query: '?mode=all' });
  t.equal(status, 422);
  t.match(body, { received: 2, rejected: 2, problems: [{ problem: 'not-kept' }, { problem: 'unknown-agency' }] });
  t.match(body.items[0], { outcome: 'rejected', problem: { type: '/problems/not-kept' } });
  const [path = ''] = body.rejects as string[];
  const file = await app.inject(path);
  t.equal(file.body.split('\r\n').length, 4, 'a heading, two rows, and the end');
  t.equal((await post(app, file.body.replaceAll('999999999', qunfeng), { query: '?mode=all' })).body.created, 2);
  const stranger = await app.inject({ url: path, headers: { authorization: '' } });
  t.equal(stranger.statusCode, 401);
  const other = await tokenFor(db, { scope: 'file' });
  t.equal((await app.inject({ url: path, headers: bearer(other) })).statusCode, 404);
  const good = await post(app, text(wide([{ agency: dangan }])));
  t.match(good.body, { id: null, rejects: [] });
  t.equal((await app.inject('/v1/imports/00000000-0000-4000-8000-000000000000/rejects.csv')).statusCode, 404);
});

t.test('rows under Chinese headings come back under them', async (t) => {
  const { app } = await open(t);
  await app.inject({ method: 'POST', url: '/v1/reports', payload: filingBody() });
  const exported = (await app.inject('/v1/exports/reports.csv?headings=zh')).body;
  const { body } = await post(app, exported.replaceAll(`\n${qunfeng},`, '\n999999999,'), { query: '?dryRun=true' });
  t.match(body, { received: 1, rejected: 1 });
  const file = await app.inject(body.rejects[0]);
  t.match(file.body, /rejected\.text,机关代码/);
  t.match((await post(app, file.body.replaceAll('999999999', qunfeng))).body, { received: 1, unchanged: 1 });
});

t.test('the file of what was refused goes with its import, after seven days', async (t) => {
  const url = fileUrl(t);
  const first = await openTestApp({ url });
  const { body } = await post(first.app, text(wide([{ agency: '999999999' }])));
  const folder = `${url.slice('sqlite:'.length)}-imports`;
  t.same(readdirSync(folder), [body.id]);
  await first.close();
  const long = new Date(0);
  utimesSync(join(folder, body.id), long, long);
  const days = (count: number) => () => new Date(clock().getTime() + count * 24 * 3_600_000);
  const reopen = async (clockThen: () => Date) => {
    const db = await openStore(url);
    const app = await buildApp({ db, clock: clockThen, logger: false });
    signIn(app, first.token);
    return { app, close: () => app.close().then(() => db.destroy()) };
  };
  const sixth = await reopen(days(6));
  t.equal((await sixth.app.inject(body.rejects[0])).statusCode, 200, 'a restart leaves it');
  await post(sixth.app, text(wide([{ agency: qunfeng }])));
  t.equal((await sixth.app.inject(body.rejects[0])).statusCode, 200, 'so does another import');
  await sixth.close();
  const eighth = await reopen(days(8));
  await post(eighth.app, text(wide([{ agency: qunfeng }])));
  t.equal((await eighth.app.inject(body.rejects[0])).statusCode, 404);
  t.same(readdirSync(folder), []);
  await eighth.close();
});

t.test(
  'a bad row is named by the line of the file it begins on, past quoted line breaks and a line that names the delimiter',
  async (t) => {
    const { app } = await open(t);
    const [one = '', two = ''] = await townshipsOf(hongjiang);
    const rows = wide([{ agency: one }, { agency: two }, { agency: '999999999' }], {
      'narrative.overview': ['一\n二\n三', '', ''],
    });
    const query = '?dryRun=true';
    const { body } = await post(app, `sep=;\n${text(rows, ';')}`, { query });
    t.same(
      body.items.map(({ line, outcome }: Json) => [line, outcome]),
      [
        [3, 'created'],
        [6, 'created'],
        [7, 'rejected'],
      ],
    );
  },
);

t.test('a filing beside a long transaction of the same server waits its turn, however long, and is kept', async (t) => {
  const { app, db } = await open(t, fileUrl(t));
  const beside = await openBeside(db);
  if (!beside) throw new Error('a store in a file can be opened again');
  t.teardown(() => beside.destroy());
  let end = () => {};
  const held = new Promise<void>((resolve) => {
    end = resolve;
  });
  const long = inTransaction(beside, {}, () => held);
  await sleep(20);
  const filed = app.inject({ method: 'POST', url: '/v1/reports', payload: filingBody() });
  // Longer than another process would be waited for.
  await sleep(700);
  t.equal(writeLoadOf(db).waiting, 1, 'it waits and is not refused');
  end();
  await long;
  t.equal((await filed).statusCode, 201);
  t.same(await verifyRollups(db), []);
});
