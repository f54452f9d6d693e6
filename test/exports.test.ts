/** Exports in bulk: columns that stand, files that come back whole, and nobody kept waiting. */
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { readXlsx } from 'hucre/xlsx';
import t from 'tap';
import { type ExportRequest, maxWorkbookRows, openExport } from '../src/bulk/export/export.js';
import { type Exports, openExports } from '../src/bulk/export/run.js';
import { fileBatch } from '../src/bulk/import/batch.js';
import { sampleContent, seedRandom } from '../src/command/sample-reports.js';
import { harmlessText, restoreText } from '../src/csv.js';
import { allCells, formOf } from '../src/form/forms.js';
import { parseJson } from '../src/json.js';
import { Problem } from '../src/problem.js';
import { fileReport } from '../src/report/file.js';
import { type Filing, parseFiling } from '../src/report/filing.js';
import { openSnapshot } from '../src/store/engine/open.js';
import type { Db } from '../src/store/engine/schema.js';
import {
  act,
  clock,
  filing,
  hongjiang,
  openTestApp,
  openTestStore,
  qunfeng,
  reader,
  runSql,
  today,
  townshipsOf,
} from './builders.js';
import { anyBody, words } from './filed.js';
import { compileProgram } from './program.js';

async function exported(db: Db, request: Partial<ExportRequest> = {}, rowsAtOnce = 7): Promise<string> {
  const made = await openExport(db, { reader, subject: 'reports', format: 'ndjson', ...request }, { rowsAtOnce });
  return (await buffer(made.write())).toString();
}

/** The rows of a CSV as objects. */
function csvRows(text: string): Record<string, string>[] {
  return parse(text, { columns: true, record_delimiter: '\r\n', bom: true });
}

/** The kind of problem a piece of work ends with. */
async function refusalOf(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    // The compiled program has a class of its own.
    if (error instanceof Error && error.name === 'Problem' && 'kind' in error) return String(error.kind);
    throw error;
  }
}

const lenient = { lenient: true };

/** Files balanced sample reports of the townships of 洪江市. */
async function fileSamples(db: Db, years: readonly number[]): Promise<void> {
  const random = seedRandom(1);
  const filings = (await townshipsOf(hongjiang)).flatMap((agency) =>
    years.map((year) => ({
      agency,
      year,
      content: sampleContent(random, year < 2021 ? '2019' : '2021', { year }),
      reason: null,
    })),
  );
  for (const result of await fileBatch(db, act, filings, lenient)) if (result instanceof Problem) throw result;
}

/** The hash of what stands, by agency and year. */
async function hashes(db: Db): Promise<unknown[]> {
  return runSql(
    db,
    `select s.code, r.year, v.hash, v.reason from report r
     join revision v on v.agency_id = r.agency_id and v.year = r.year and v.number = r.revision
     join agency_state s on s.agency_id = r.agency_id order by s.code, r.year`,
  );
}

t.test('what is exported as NDJSON and imported makes the same reports', async () => {
  const codes = [...(await townshipsOf(hongjiang)), hongjiang, '320813001'];
  const place = fc.record({ agency: fc.constantFrom(...codes), year: fc.integer({ min: 2019, max: 2025 }) });
  const bodies = fc.uniqueArray(fc.tuple(place, anyBody), {
    minLength: 1,
    maxLength: 12,
    selector: ([{ agency, year }]) => `${agency}/${year}`,
  });
  await fc.assert(
    fc.asyncProperty(bodies, fc.integer({ min: 1, max: 40 }), async (drawn, rowsAtOnce) => {
      const [one, other] = [await openTestStore(), await openTestStore()];
      const filings = drawn.map(([at, body]) => parseFiling({ ...at, ...body }, today));
      await fileBatch(one, act, filings, lenient);
      const text = await exported(one, { own: true }, rowsAtOnce);
      const lines = text.split('\n').filter((line) => line !== '');
      const again: Filing[] = lines.map((line) => parseFiling(parseJson(Buffer.from(line)), today));
      const results = await fileBatch(other, act, again, lenient);
      const kept = [await hashes(one), await hashes(other)];
      const same =
        lines.length === drawn.length &&
        results.every((result) => !(result instanceof Problem) && result.outcome === 'created') &&
        JSON.stringify(kept[0]) === JSON.stringify(kept[1]) &&
        (await exported(other, { own: true })) === text;
      await Promise.all([one.destroy(), other.destroy()]);
      return same;
    }),
    { numRuns: 15 },
  );
});

t.test('a CSV', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  const figures = { 'decisions.coercion.decided': null, 'fees.administrativeFees.amount': 77_302_800 };
  const publishedItems = { total: 16, categories: [], channels: [] };
  await fileReport(db, act, filing({ figures, publishedItems }), { method: 'post' });
  await fileReport(db, { ...act, sample: true }, filing({ agency: '320813001', year: 2020 }), { method: 'post' });
  const text = await exported(db, { format: 'csv' });

  t.test('has the columns that the descriptor names, in their order, and ends every line with CR LF', async (t) => {
    const { app, close } = await openTestApp();
    const descriptor = (await app.inject('/v1/exports/datapackage.json')).json();
    await close();
    const names = descriptor.resources[0].schema.fields.map((field: { name: string }) => field.name);
    t.same(text.split('\r\n')[0]?.split(','), names);
    t.same(names.slice(0, 10), [
      ...['agency', 'name', 'county', 'countyName', 'year', 'form', 'revision', 'onTime', 'sample'],
      'publishedItems.total',
    ]);
    t.same(
      names.slice(10, -19),
      allCells.map((cell) => cell.key),
    );
    t.same(names.slice(-19), [
      ...['categories', 'channels', 'complete', 'note'].map((part) => `publishedItems.${part}`),
      ...['engagement', 'narrative', 'source', 'state'],
      ...['kind', 'prefecture', 'prefectureName', 'province', 'provinceName'],
      ...['filedOn', 'publishedOn', 'acceptedOn', 'errors', 'warnings', 'reason'],
    ]);
    t.equal(text.split('\r\n').length, 4);
    t.notMatch(text, /[^\r]\n/);
  });

  t.test(
    'leaves a blank empty, writes a zero as 0, an amount in the printed unit, and nothing for a cell the form lacks',
    async (t) => {
      const [other, own] = csvRows(text);
      t.match(own, {
        ...{ agency: qunfeng, name: '群峰乡', county: hongjiang, countyName: '洪江市', year: '2021', form: '2021' },
        ...{ revision: '1', onTime: 'false', sample: 'false', 'publishedItems.total': '16' },
        'decisions.coercion.decided': '',
        'decisions.penalties.decided': '0',
        'fees.administrativeFees.amount': '77.3028',
      });
      t.match(other, { agency: '320813001', year: '2020', form: '2019', sample: 'true', 'publishedItems.total': '' });
      const cells = new Set<string>(formOf('2019').cells.map((cell) => cell.key));
      t.same(
        allCells.map(({ key }) => other?.[key]),
        allCells.map(({ key }) => (cells.has(key) ? '0' : '')),
      );
    },
  );

  t.test('holds no text that a spreadsheet runs, quotes what needs it, and every name can be had back', async (t) => {
    const names = ['=HYPERLINK("x")', '+1', '-1', '@a', '\tx', "'=x", "o'k", '甲,"乙"', '＝1', '两\r\n行'];
    for (const name of names) {
      await runSql(db, 'update agency_state set name = ? where code = ?', [name, qunfeng]);
      const read = csvRows(await exported(db, { format: 'csv', year: 2021 }))[0]?.name ?? '';
      t.notMatch(read, /^[=+\-@\t\r\n＝＋－＠]/);
      t.equal(restoreText(read), name);
    }
  });

  t.test('makes text harmless so that it can be undone, whatever it is', async () => {
    const text = fc.oneof(words, fc.string(), fc.stringMatching(/^'{0,3}[=+@'a-]{0,4}$/));
    fc.assert(
      fc.property(
        text,
        (one) => restoreText(harmlessText(one)) === one && !/^[=+\-@\t\r\n＝＋－＠]/.test(harmlessText(one)),
      ),
    );
  });
});

t.test('the same rows come by agency code and year, however many are read at once', async (t) => {
  const db = await openTestStore();
  await fileSamples(db, [2020, 2021, 2022]);
  const whole = await exported(db, { format: 'csv' }, 1000);
  for (const rowsAtOnce of [1, 3, 16]) t.equal(await exported(db, { format: 'csv' }, rowsAtOnce), whole);
  const keys = csvRows(whole).map((row) => `${row.agency}/${row.year}`);
  t.equal(keys.length, 60);
  t.same(keys, [...keys].sort());
  await db.destroy();
});

t.test('a year, a division at any level, kinds', async (t) => {
  const db = await openTestStore();
  const own = filing({ agency: hongjiang });
  await fileBatch(db, act, [filing(), filing({ year: 2022 }), filing({ agency: '320813001' }), own], lenient);
  const keys = async (request: Partial<ExportRequest>) =>
    (await exported(db, request))
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
      .map(({ agency, year }) => `${agency}/${year}`);
  const [first, second, county, far] = [`${qunfeng}/2021`, `${qunfeng}/2022`, `${hongjiang}/2021`, '320813001/2021'];
  t.same(await keys({}), [far, first, second]);
  t.same(await keys({ own: true }), [far, county, first, second]);
  t.same(await keys({ division: '100000', own: true }), [far, county, first, second]);
  t.same(await keys({ year: 2022 }), [second]);
  t.same(await keys({ division: '430000', kinds: ['TOWNSHIP'] }), [first, second]);
  t.same(await keys({ division: hongjiang, year: 2021 }), [first]);
  t.same(await keys({ division: hongjiang, year: 2021, own: true }), [county, first]);
  t.same(await keys({ kinds: ['COUNTY'] }), [county]);
  t.same(await keys({ kinds: ['OFFICE'], own: true }), [county]);
  t.same(await keys({ division: '431202' }), []);
  t.equal(await refusalOf(() => keys({ division: '999999' })), 'unknown-division');
  await db.destroy();
});

t.test('a report is exported where it stood in its year', async (t) => {
  const db = await openTestStore();
  await fileBatch(db, act, [filing(), filing({ year: 2023 })], lenient);
  const renamed = `select agency_id, code, '群峰镇', kind, county_id, '2023-01-01', null from agency_state where code = ?`;
  await runSql(db, `insert into agency_state ${renamed}`, [qunfeng]);
  await runSql(db, "update agency_state set valid_to = '2023-01-01' where code = ? and valid_from < '2023'", [qunfeng]);
  const rows = csvRows(await exported(db, { format: 'csv' }));
  t.same(
    rows.map(({ name, year }) => [name, year]),
    [
      ['群峰乡', '2021'],
      ['群峰镇', '2023'],
    ],
  );
  await db.destroy();
});

t.test('rollups', async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  await fileSamples(db, [2020, 2021]);
  const get = async (query: string) => csvRows((await app.inject(`/v1/exports/rollups.csv?${query}`)).body);

  t.test('say what the rollup of REST says, for every division and year', async (t) => {
    const rows = await get('');
    const keys = rows.map((row) => `${row.division}/${row.year}`);
    t.same(keys, [...keys].sort());
    t.ok(keys.includes('100000/2020') && keys.includes('431200/2021') && keys.includes('350128/2021'));
    for (const row of rows.filter(({ division }) =>
      ['100000', '431200', hongjiang, '350128'].includes(division ?? ''),
    )) {
      const rollup = (await app.inject(`/v1/rollups/${row.division}/${row.year}`)).json();
      t.equal(row.name, rollup.division.name);
      t.same([row.reports, row.expected, row.reported, row.onTime].map(Number), [
        rollup.coverage.reports,
        rollup.coverage.expected,
        rollup.coverage.reported,
        rollup.coverage.onTime,
      ]);
      const figures = allCells.map(({ table, row: line, column }) => rollup.figures[table]?.[line]?.[column] ?? '');
      t.same(
        allCells.map(({ key }) => row[key]),
        figures.map(String),
        `${row.division} ${row.year}`,
      );
    }
  });

  t.test('keep to a year, a level, a division and kinds', async (t) => {
    const keys = async (query: string) => (await get(query)).map((row) => `${row.division}/${row.year}`);
    t.same(await keys('year=2021&level=PROVINCE'), ['320000/2021', '350000/2021', '430000/2021']);
    t.same(await keys('year=2021&division=431200'), ['431200/2021', '431202/2021', '431281/2021']);
    t.same(await keys(`division=${hongjiang}`), ['431281/2020', '431281/2021']);
    t.match(await get(`year=2021&division=${hongjiang}&kinds=DEPARTMENT`), [{ reports: '0', expected: '0' }]);
  });

  t.test('come as NDJSON and as a workbook too', async (t) => {
    const lines = (await app.inject('/v1/exports/rollups.ndjson?year=2021&level=COUNTY')).body.trim().split('\n');
    t.equal(lines.length, 4);
    t.match(JSON.parse(lines[3] ?? ''), { division: { code: hongjiang }, year: 2021, coverage: { reports: 20 } });
    const { rawPayload } = await app.inject('/v1/exports/rollups.xlsx?year=2021&level=COUNTY');
    t.equal((await readXlsx(new Uint8Array(rawPayload))).sheets[0]?.rows.length, 5);
  });
});

t.test('a workbook', async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  await fileSamples(db, [2021]);
  const figures = { 'fees.administrativeFees.amount': 9_007_199_254_740 };
  await fileReport(db, act, filing({ agency: '320813001', figures }), { method: 'post' });
  await runSql(db, "update agency_state set name = '=1+1' where code = ?", [qunfeng]);

  t.test('holds the rows of the CSV, numbers as numbers and text never a formula', async (t) => {
    const response = await app.inject('/v1/exports/reports.xlsx');
    t.match(response.headers['content-type'], /spreadsheetml/);
    const [sheet] = (await readXlsx(new Uint8Array(response.rawPayload))).sheets;
    const csv = csvRows(await exported(db, { format: 'csv' }));
    const [names = [], ...rows] = sheet?.rows ?? [];
    t.same(names, Object.keys(csv[0] ?? {}));
    t.equal(rows.length, 21);
    for (const [index, row] of rows.entries()) {
      const printed = names.map((_, column) => String(row[column] ?? ''));
      t.same(printed, Object.values(csv[index] ?? {}).map(restoreText));
    }
    const own = rows.find((row) => row[0] === qunfeng);
    t.equal(own?.[1], '=1+1');
    t.type(own?.[names.indexOf('year')], 'number');
    t.notOk([...(sheet?.cells?.values() ?? [])].some((cell) => cell.formula));
  });

  t.test('breaks off, and does not end as if it were whole, when a row cannot be read', async (t) => {
    const broken = await openTestStore();
    await fileSamples(broken, [2021]);
    await runSql(broken, 'drop trigger revision_is_immutable');
    await runSql(broken, "update revision set content = '{' where agency_id = (select max(agency_id) from revision)");
    await t.rejects(exported(broken, { format: 'xlsx' }), SyntaxError);
    await broken.destroy();
  });

  t.test('that would have too many rows is refused before it is begun', async (t) => {
    const small = await openTestStore();
    await fileReport(small, act, filing(), { method: 'post' });
    // Rows without content are enough to be counted.
    await runSql(
      small,
      `insert into agency (id) with recursive n (i) as (values (1000) union all select i + 1 from n limit ${maxWorkbookRows}) select i from n`,
    );
    const columns = await runSql<{ name: string }>(small, "select name from pragma_table_info('report')");
    const same = columns.map(({ name }) => (name === 'id' ? 'a.id' : name === 'agency_id' ? 'a.id' : `r.${name}`));
    await runSql(
      small,
      `insert into report (${columns.map(({ name }) => name).join(', ')}) select ${same.join(', ')} from report r join agency a on a.id >= 1000`,
    );
    const refused = refusalOf(() => exported(small, { format: 'xlsx' }));
    t.equal(await refused, 'query-too-large');
    t.equal(await refusalOf(() => exported(small, { format: 'csv', year: 2021 })), undefined);
    await small.destroy();
  });
});

t.test('over HTTP', async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  await fileReport(db, act, filing(), { method: 'post' });

  t.test('each file has its media type and a name that says what was asked', async (t) => {
    const answers = [
      ['/v1/exports/reports.csv', /^text\/csv; charset=utf-8/, 'xiangbao-reports.csv'],
      [`/v1/exports/reports.ndjson?year=2021`, /^application\/x-ndjson/, 'xiangbao-reports-2021.ndjson'],
      [
        '/v1/exports/rollups.xlsx?division=431281&year=2021',
        /spreadsheetml/,
        'xiangbao-rollups-431281-2021-all-every-kind-as-reported.xlsx',
      ],
      [
        '/v1/exports/rollups.csv?include=ACCEPTED&kinds=TOWNSHIP,OFFICE&level=COUNTY',
        /^text\/csv/,
        'xiangbao-rollups-county-accepted-township_office-as-reported.csv',
      ],
      ['/v1/exports/reports.csv?shape=long&own=true', /^text\/csv/, 'xiangbao-reports-cells-with-own.csv'],
    ] as const;
    for (const [url, type, name] of answers) {
      const { statusCode, headers } = await app.inject(url);
      t.equal(statusCode, 200);
      t.match(headers['content-type'], type);
      t.equal(headers['content-disposition'], `attachment; filename="${name}"`);
    }
    const head = await app.inject({ method: 'HEAD', url: '/v1/exports/reports.csv' });
    t.match([head.statusCode, head.body], [200, '']);
    t.equal(head.headers['content-length'], undefined, 'an export is not run to tell its length');
  });

  t.test('what cannot be made is refused with a problem, and no file is begun', async (t) => {
    const refusals = [
      ['reports.csv?year=2018', 400, 'invalid-parameter'],
      ['reports.csv?year=2027', 400, 'invalid-parameter'],
      ['reports.csv?kinds=VILLAGE', 400, 'invalid-parameter'],
      ['rollups.csv?kinds=COUNTY', 400, 'invalid-parameter'],
      ['rollups.csv?level=VILLAGE', 400, 'invalid-parameter'],
      ['reports.csv?bom=yes', 400, 'invalid-parameter'],
      ['reports.csv?own=yes', 400, 'invalid-parameter'],
      ['reports.csv?own=false&kinds=COUNTY', 400, 'invalid-parameter'],
      ['reports.csv?shape=tall', 400, 'invalid-parameter'],
      ['reports.csv?headings=fr', 400, 'invalid-parameter'],
      ['reports.ndjson?shape=long', 400, 'invalid-parameter'],
      ['rollups.csv?own=true', 400, 'invalid-parameter'],
      ['reports.csv?division=999999', 404, 'unknown-division'],
      ['reports.pdf', 404, 'not-found'],
    ] as const;
    for (const [path, status, name] of refusals) {
      const answer = await app.inject(`/v1/exports/${path}`);
      t.match(answer.json(), { status, type: `/problems/${name}` }, path);
      t.equal(answer.headers['content-disposition'], undefined);
    }
  });

  t.test('the descriptor gives each field a type, headings in both languages, and cells their unit', async (t) => {
    const answer = await app.inject('/v1/exports/datapackage.json');
    t.match(answer.headers['content-type'], /^application\/json/);
    const { resources } = answer.json();
    t.match(resources, [
      { path: 'reports.csv', schema: { primaryKey: ['agency', 'year'], missingValues: [''] } },
      { path: 'rollups.csv', schema: { primaryKey: ['division', 'year'], missingValues: [''] } },
      { path: 'reports.csv?shape=long', schema: { primaryKey: ['agency', 'year', 'cell'], missingValues: [''] } },
      { path: 'rollups.csv?shape=long', schema: { primaryKey: ['division', 'year', 'cell'], missingValues: [''] } },
    ]);
    for (const { path, schema } of resources) {
      const whole = schema.fields.filter((field: Record<string, unknown>) =>
        ['name', 'type', 'title', 'description'].every((member) => field[member]),
      );
      t.equal(whole.length, schema.fields.length);
      if (path.endsWith('shape=long')) continue;
      t.match(
        schema.fields.filter((field: { unit?: string }) => field.unit !== undefined),
        allCells.map((cell) => ({
          name: cell.key,
          type: cell.kind === 'amount' ? 'number' : 'integer',
          title: cell.label.zh,
          description: cell.label.en,
          unit: cell.unit,
        })),
      );
    }
  });
});

t.test('from a store in a file, by a worker', async (t) => {
  const folder = t.testdir();
  const url = `sqlite:${join(folder, 'x.db')}`;
  const db = await openTestStore(url);
  await fileSamples(db, [2021, 2022, 2023, 2024, 2025]);
  const file = url.slice('sqlite:'.length);
  // From source a worker takes seconds to begin: once is enough, then the program as it is run.
  compileProgram(join(folder, 'compiled'), {
    run: 'src/bulk/export/run.ts',
    worker: 'src/bulk/export/worker.ts',
    app: 'src/app.ts',
    open: 'src/store/engine/open.ts',
  });
  const compiled = async (name: string) => import(pathToFileURL(join(folder, 'compiled', `${name}.js`)).href);
  const { openExports: openCompiled }: { openExports: typeof openExports } = await compiled('run');
  const { buildApp }: typeof import('../src/app.js') = await compiled('app');
  // The compiled program knows the stores that it opened itself.
  const { openStore: openTheirs }: typeof import('../src/store/engine/open.js') = await compiled('open');
  const theirs = await openTheirs(url);
  t.teardown(async () => {
    await theirs.destroy();
    await db.destroy();
  });

  t.test('gives byte for byte what is given in slices', async (t) => {
    const given = async (exports: Exports, store: Db, format: 'csv' | 'ndjson') =>
      (await buffer((await exports.begin(store, { reader, subject: 'reports', format })).body)).toString();
    t.equal(await given(openExports(), db, 'csv'), await exported(db, { format: 'csv' }));
    t.equal(await given(openCompiled(), theirs, 'ndjson'), await exported(db));
    const refused = () =>
      openCompiled().begin(theirs, { reader, subject: 'reports', format: 'csv', division: '999999' });
    t.equal(await refusalOf(refused), 'unknown-division');
  });

  t.test('holds the store of one moment, while others write', async (t) => {
    const before = await exported(db);
    const snapshot = openSnapshot(file);
    const made = await openExport(snapshot, { reader, subject: 'reports', format: 'ndjson' }, { rowsAtOnce: 10 });
    const pieces: Uint8Array[] = [];
    let revisions = 0;
    for await (const piece of made.write()) {
      pieces.push(piece);
      // Nobody waits: a write that had to would be refused as busy.
      const changed = filing({ year: 2025, figures: { 'decisions.licenses.decided': ++revisions }, reason: '改' });
      const results = await fileBatch(db, act, [changed], { lenient: true, revise: { reason: null } });
      if (results[0] instanceof Problem) throw results[0];
    }
    await snapshot.destroy();
    t.ok(revisions > 5);
    t.equal(Buffer.concat(pieces).toString(), before);
    t.not(await exported(db), before);
  });

  t.test(
    'waits while as many are being made as may, one of one caller, and a reader that goes ends the worker',
    async (t) => {
      // Nothing is put on the disk, so that each is made at the pace of its reader.
      const exports = openCompiled({ patienceMs: 100, megabytes: 256, fileBytes: 0, answeredBytes: 0 });
      const begin = async (caller: string, year: number) =>
        (await exports.begin(theirs, { reader, subject: 'reports', format: 'xlsx', year }, { caller })).body;
      const bodies: Readable[] = [await begin('a', 2021)];
      t.equal(await refusalOf(() => begin('a', 2022)), 'busy', 'one of a caller at once, though there is room');
      bodies.push(await begin('b', 2023));
      t.equal(await refusalOf(() => begin('c', 2024)), 'busy');
      bodies[0]?.destroy();
      // Its worker takes a moment to end.
      let third: Readable | undefined;
      for (let tries = 0; tries < 300 && !third; tries++) third = await begin('c', 2024).catch(() => undefined);
      t.ok(third && (await buffer(third)).length > 1000);
      exports.stop();
      if (bodies[1] && !bodies[1].closed) await once(bodies[1], 'close');
      t.ok((await buffer(await begin('d', 2025))).length > 1000);
    },
  );

  t.test('is made once of the same data, and again when another process has committed something', async (t) => {
    const exports = openCompiled();
    const asked = { reader, subject: 'reports', format: 'ndjson', year: 2024 } as const;
    const get = async (caller: string) =>
      (await buffer((await exports.begin(theirs, asked, { caller })).body)).toString();
    const before = await exported(db, { year: 2024 });
    t.same(await Promise.all(['a', 'b', 'c'].map(get)), [before, before, before]);
    t.equal(exports.made, 1);
    const changed = filing({ year: 2024, figures: { 'decisions.licenses.decided': 7 }, reason: '改' });
    await fileBatch(db, act, [changed], { lenient: true, revise: { reason: null } });
    const after = await exported(db, { year: 2024 });
    t.not(after, before);
    t.same(await Promise.all(['a', 'b'].map(get)), [after, after]);
    t.equal(exports.made, 2);
    t.same(
      readdirSync(folder).filter((name) => name.includes('-export-')),
      [],
      'and no name of it is on the disk',
    );
    exports.stop();
  });

  t.test('breaks off, and does not end as if it were whole, when the worker fails midway', async (t) => {
    const broken = `sqlite:${join(folder, 'broken.db')}`;
    const other = await openTestStore(broken);
    await fileSamples(other, [2021, 2022, 2023, 2024, 2025]);
    await runSql(other, 'drop trigger revision_is_immutable');
    await runSql(other, "update revision set content = '{' where agency_id = (select max(agency_id) from revision)");
    const theirOther = await openTheirs(broken);
    const asked = { reader, subject: 'reports', format: 'ndjson' } as const;
    await t.rejects(openCompiled().begin(theirOther, asked), { message: /^the export failed: SyntaxError/ });
    const { body } = await openCompiled({ answeredBytes: 1 }).begin(theirOther, asked);
    let bytes = 0;
    const failure = await (async () => {
      for await (const piece of body) bytes += piece.length;
    })().catch((error: Error) => error);
    t.ok(bytes > 0);
    t.match(failure, { message: /^the export failed: SyntaxError/ });
    await theirOther.destroy();
    await other.destroy();
  });

  t.test('is given up when its reader takes nothing', async (t) => {
    // More than is made ahead, so that the reader has to take some.
    const exports = openCompiled({ atOnce: 1, stalledMs: 50, megabytes: 256 });
    const { body } = await exports.begin(theirs, { reader, subject: 'reports', format: 'ndjson' });
    body.read(1);
    // The file may be made by now: what waits for its reader keeps no process from ending.
    const alive = setInterval(() => {}, 1000);
    const [error] = await once(body, 'error');
    clearInterval(alive);
    t.match(error.message, /took nothing/);
    exports.stop();
  });

  t.test('comes over a socket, and a client that hangs up leaves room for the next', async (t) => {
    const app = await buildApp({ db: theirs, logger: false, clock, publicReading: 'filed' });
    t.teardown(() => app.close());
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const hangUp = () =>
      new Promise<void>((resolve, reject) => {
        const call = httpRequest({ host: '127.0.0.1', port, path: '/v1/exports/reports.xlsx' }, (response) => {
          response.once('data', () => call.destroy());
          response.once('close', resolve);
          response.on('error', () => {});
        });
        call.on('error', reject).end();
      });
    for (let turn = 0; turn < 3; turn++) await hangUp();
    let answer = await fetch(`http://127.0.0.1:${port}/v1/exports/reports.csv`);
    for (let wait = 0; answer.status === 503 && wait < 100; wait++) {
      t.ok(answer.headers.get('retry-after'));
      await sleep(20);
      answer = await fetch(`http://127.0.0.1:${port}/v1/exports/reports.csv`);
    }
    t.equal(answer.status, 200);
    t.equal(await answer.text(), await exported(db, { format: 'csv' }));
  });
});

t.test(
  'a store in memory lets others have their turn after every few rows, be there rows to export or not',
  async (t) => {
    const db = await openTestStore();
    t.teardown(() => db.destroy());
    await fileSamples(db, [2021, 2022, 2023, 2024]);
    for (const request of [{ format: 'csv' }, { format: 'xlsx' }, { format: 'csv', kinds: ['OFFICE'] }] as const) {
      let turns = 0;
      let isOver = false;
      const turn = () => {
        turns++;
        if (!isOver) setImmediate(turn);
      };
      setImmediate(turn);
      const { body } = await openExports().begin(db, { reader, subject: 'reports', ...request });
      for await (const _ of body);
      isOver = true;
      t.ok(turns > 10, `${turns} turns`);
    }
  },
);
