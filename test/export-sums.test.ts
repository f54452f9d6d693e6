/** Exports add up as they are, and say of each row whose it is and what it is of. */
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import t from 'tap';
import { columnUnder, reportHeadings } from '../src/bulk/headings.js';
import { fileBatch } from '../src/bulk/import/batch.js';
import { readConfig } from '../src/config.js';
import { figuresFrom, printFigures } from '../src/form/figures.js';
import { allCells, formInForce } from '../src/form/forms.js';
import { Problem } from '../src/problem.js';
import { parseFiling } from '../src/report/filing.js';
import type { Db } from '../src/store/engine/schema.js';
import {
  act,
  balancedFigures,
  bearer,
  filing,
  hongjiang,
  openTestApp,
  qunfeng,
  today,
  tokenFor,
  townshipsOf,
} from './builders.js';

const stranger = { authorization: '' };
type Headers = Readonly<Record<string, string>>;
type Row = Readonly<Record<string, string>>;

async function table(app: FastifyInstance, file: string, headers: Headers = {}): Promise<Row[]> {
  const { statusCode, body } = await app.inject({ url: `/v1/exports/${file}`, headers });
  if (statusCode !== 200) throw new Error(body);
  return parse(body, { columns: true, record_delimiter: '\r\n', bom: true });
}

async function file(db: Db, filings: ReturnType<typeof filing>[]): Promise<void> {
  for (const filed of await fileBatch(db, act, filings, { lenient: true, revise: { reason: '更正' } })) {
    if (filed instanceof Problem) throw filed;
  }
}

async function decide(
  app: FastifyInstance,
  agency: string,
  year: number,
  decision: 'ACCEPTED' | 'RETURNED',
): Promise<void> {
  const { revision } = (await app.inject(`/v1/reports/${agency}/${year}`)).json();
  const { statusCode, body } = await app.inject({
    method: 'POST',
    url: `/v1/reports/${agency}/${year}/reviews`,
    payload: { revision, decision, ...(decision === 'RETURNED' && { reason: '有误' }) },
  });
  if (statusCode >= 300) throw new Error(body);
}

/** The sum of a column: blanks add nothing, and a column of blanks has none. Amounts have four places at most. */
function sumOf(fields: readonly (string | undefined)[]): string {
  const filled = fields.filter((field): field is string => field !== undefined && field !== '');
  return filled.length === 0
    ? ''
    : String(filled.reduce((sum, field) => sum + Math.round(Number(field) * 1e6), 0) / 1e6);
}

t.test('every column of the reports adds up to the rollup, a row a report and a row a cell, whoever asks', async () => {
  const codes = [...(await townshipsOf(hongjiang)).slice(0, 4), '320813001', hongjiang];
  const one = fc.record({
    agency: fc.constantFrom(...codes),
    year: fc.constantFrom(2020, 2021),
    decision: fc.constantFrom('ACCEPTED', 'RETURNED', undefined),
    total: fc.option(fc.nat(50)),
    figures: balancedFigures(formInForce(2021)),
    earlier: balancedFigures(formInForce(2020)),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(one, { minLength: 3, maxLength: 10 }), async (drawn) => {
      const { app, db, close } = await openTestApp();
      for (const { agency, year, decision, total, figures, earlier } of drawn) {
        const form = formInForce(year);
        const printed = printFigures(form.cells, figuresFrom(year === 2021 ? figures : earlier));
        await file(db, [
          parseFiling({ agency, year, form: form.id, figures: printed, publishedItems: { total } }, today),
        ]);
        if (decision) await decide(app, agency, year, decision);
      }
      const clerk = bearer(await tokenFor(db, { scope: 'read', division: hongjiang }));
      const wrong: string[] = [];
      for (const headers of [{}, stranger, clerk]) {
        for (const division of [hongjiang, '320813']) {
          const asked = `division=${division}`;
          const reports = await table(app, `reports.csv?${asked}`, headers);
          const cells = await table(app, `reports.csv?${asked}&shape=long`, headers);
          const rollups = await table(app, `rollups.csv?${asked}`, headers);
          const sums = await table(app, `rollups.csv?${asked}&shape=long`, headers);
          for (const rollup of rollups.filter((row) => row.division === division)) {
            const own = reports.filter(({ year }) => year === rollup.year);
            if (String(own.length) !== rollup.reports) wrong.push(`${division} ${rollup.year}: ${own.length} reports`);
            for (const name of ['publishedItems.total', ...allCells.map(({ key }) => key)]) {
              const ofYear = ({ cell, year }: Row) => cell === name && year === rollup.year;
              const sum = sumOf(own.map((row) => row[name]));
              const long = sumOf(cells.filter(ofYear).map(({ value }) => value));
              const [ofCell] = sums.filter((row) => row.division === division && ofYear(row));
              const said = sumOf([rollup[name]]);
              if (sum !== said || long !== said || sumOf([ofCell?.value]) !== said) {
                wrong.push(`${division} ${rollup.year} ${name}: ${sum}, ${long}, ${said}, ${ofCell?.value}`);
              }
            }
          }
        }
      }
      await close();
      if (wrong.length > 0) throw new Error(wrong.slice(0, 5).join('; '));
    }),
    { numRuns: 5 },
  );
});

t.test(
  'a report says where it lies, of which kind it is, its days and its findings, as they are shown to who asks',
  async (t) => {
    const { app, db, close } = await openTestApp();
    t.teardown(close);
    const source = { publishedOn: '2022-01-20' };
    await file(db, [filing({ source }), filing({ agency: hongjiang })]);
    await decide(app, qunfeng, 2021, 'ACCEPTED');
    const broken = { 'applications.newReceived.total': 3, 'decisions.penalties.decided': null };
    await file(db, [filing({ figures: broken, source: { publishedOn: '2022-02-25' } })]);
    const place = {
      ...{ agency: qunfeng, name: '群峰乡', kind: 'TOWNSHIP', county: hongjiang, countyName: '洪江市' },
      ...{ prefecture: '431200', prefectureName: '怀化市', province: '430000', provinceName: '湖南省' },
      filedOn: today,
    };
    const [own] = await table(app, 'reports.csv');
    const { findings } = (await app.inject(`/v1/reports/${qunfeng}/2021`)).json();
    const errors = findings.filter(({ severity }: { severity: string }) => severity === 'error').length;
    t.ok(errors > 0);
    t.match(own, {
      ...place,
      revision: '2',
      state: 'SUBMITTED',
      publishedOn: '2022-02-25',
      onTime: 'false',
      acceptedOn: '',
      errors: String(errors),
      reason: '更正',
    });
    const [shown] = await table(app, 'reports.csv', stranger);
    t.match(shown, {
      ...place,
      revision: '1',
      state: 'ACCEPTED',
      publishedOn: '2022-01-20',
      onTime: 'true',
      acceptedOn: today,
      errors: '0',
      reason: '',
    });
    t.same(
      (await table(app, 'reports.csv?shape=long'))
        .filter(({ cell }) => cell === 'decisions.penalties.decided')
        .map(({ value, heading, unit }) => [value, heading, unit]),
      [['', '行政处罚·本年处理决定数量', '件']],
    );
    t.match(await table(app, 'reports.csv?kinds=COUNTY'), [
      { agency: hongjiang, kind: 'COUNTY', countyName: '洪江市' },
    ]);
  },
);

t.test('a line of NDJSON has names beside the filing, and is a filing all the same', async (t) => {
  const { app, db, close } = await openTestApp();
  const fresh = await openTestApp();
  t.teardown(() => Promise.all([close(), fresh.close()]));
  await file(db, [filing()]);
  const { body } = await app.inject('/v1/exports/reports.ndjson');
  t.match(JSON.parse(body), {
    agency: qunfeng,
    about: {
      name: '群峰乡',
      countyName: '洪江市',
      provinceName: '湖南省',
      state: 'SUBMITTED',
      onTime: false,
      errors: 0,
    },
  });
  const posted = await fresh.app.inject({
    method: 'POST',
    url: '/v1/reports',
    headers: { 'content-type': 'application/json' },
    payload: body,
  });
  t.equal(posted.statusCode, 201);
  t.match((await app.inject('/v1/exports/rollups.ndjson?level=COUNTY')).body, /"name":"洪江市".*"parentName":"怀化市"/);
});

t.test('a rollup says what it is of, in its row and in the name of its file', async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  await file(db, [filing()]);
  await decide(app, qunfeng, 2021, 'ACCEPTED');
  const clerk = bearer(await tokenFor(db, { scope: 'read', division: hongjiang }));
  const answers = [
    [{}, '', 'all-every-kind', [['ALL', 'ALL']]],
    [stranger, '', 'accepted-every-kind', [['ACCEPTED', 'ACCEPTED']]],
    [clerk, '', 'accepted-and-all-every-kind', [['ACCEPTED', 'ALL']]],
    [clerk, 'include=ACCEPTED', 'accepted-every-kind', [['ACCEPTED', 'ACCEPTED']]],
    [{}, 'kinds=TOWNSHIP,OFFICE', 'all-township_office', [['ALL', 'ALL']]],
  ] as const;
  for (const [headers, query, name, [said]] of answers) {
    for (const shape of ['wide', 'long']) {
      const { headers: sent } = await app.inject({ url: `/v1/exports/rollups.csv?shape=${shape}&${query}`, headers });
      t.match(String(sent['content-disposition']), `${name}-as-reported.csv"`);
      const rows = await table(app, `rollups.csv?shape=${shape}&${query}`, headers);
      const of = (code: string) => rows.find(({ division }) => division === code);
      t.same([of('100000')?.includes, of(hongjiang)?.includes], said);
      t.same([...new Set(rows.map(({ boundaries }) => boundaries))], ['AS_REPORTED']);
      t.same(
        [...new Set(rows.map(({ kinds }) => kinds))],
        [query.startsWith('kinds') ? 'TOWNSHIP OFFICE' : 'TOWNSHIP SUBDISTRICT DEPARTMENT OFFICE OTHER'],
      );
    }
  }
  t.match((await app.inject({ url: '/v1/exports/rollups.csv?include=ALL', headers: stranger })).statusCode, 401);
});

t.test('rollups leave out divisions where nobody is expected and nobody has filed, unless one is named', async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  await file(db, [filing()]);
  const codes = async (query: string) =>
    (await table(app, `rollups.csv?${query}`)).map(({ division, year }) => `${division}/${year}`);
  t.same(await codes('kinds=DEPARTMENT'), []);
  t.same(await codes(`kinds=DEPARTMENT&division=${hongjiang}`), ['431281/2021']);
  const all = await table(app, 'rollups.csv');
  t.same(
    all.filter(({ expected, reports }) => expected === '0' && reports === '0'),
    [],
  );
  t.ok(
    all.some(({ reports }) => reports === '0'),
    'who has not filed is there',
  );
});

t.test('the heading of every column is its own, in Chinese and in the descriptor', async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  await file(db, [filing()]);
  const { resources } = (await app.inject('/v1/exports/datapackage.json')).json();
  for (const { path, schema } of resources) {
    const file = `${path}${path.includes('?') ? '&' : '?'}`;
    const header = async (query: string) => parse((await app.inject(`/v1/exports/${file}${query}`)).body, { to: 1 })[0];
    const titles = schema.fields.map(({ title }: { title: string }) => title);
    t.same(
      await header(''),
      schema.fields.map(({ name }: { name: string }) => name),
      path,
    );
    t.same(await header('headings=zh'), titles, path);
    t.equal(new Set(titles).size, titles.length, path);
  }
  for (const [name, { zh }] of Object.entries(reportHeadings)) t.equal(columnUnder(zh), name);
  for (const { key, label } of allCells) t.equal(columnUnder(label.zh), key);
});

t.test('every field of an export is as the descriptor says', async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  await file(db, [
    filing({ publishedItems: { total: 3, note: '三条' }, figures: { 'decisions.coercion.decided': null } }),
    filing({ year: 2020 }),
    filing({ agency: hongjiang }),
  ]);
  const { resources } = (await app.inject('/v1/exports/datapackage.json')).json();
  const types: Readonly<Record<string, RegExp>> = {
    integer: /^-?\d+$/,
    number: /^-?\d+(\.\d+)?$/,
    boolean: /^(true|false)$/,
    date: /^\d{4}-\d\d-\d\d$/,
    datetime: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
    string: /./s,
  };
  for (const { path, schema } of resources) {
    const rows = await table(app, path);
    t.ok(rows.length > 0);
    const keys = rows.map((row) => schema.primaryKey.map((name: string) => row[name]).join(' '));
    t.equal(new Set(keys).size, rows.length, `${path} has a row once`);
    const wrong = schema.fields.filter(
      (field: { name: string; type: string; constraints?: Record<string, unknown> }) => {
        const fields = rows.map((row) => row[field.name] ?? '');
        const filled = fields.filter((one) => one !== '');
        const { required = false, enum: allowed } = field.constraints ?? {};
        if (required && filled.length < fields.length) return true;
        return !filled.every(
          (one) => types[field.type]?.test(one) && (!Array.isArray(allowed) || allowed.includes(one)),
        );
      },
    );
    t.same(wrong, [], path);
  }
});

t.test('the descriptor says whose licence holds and which version of the data this is', async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  const descriptor = async () => (await app.inject('/v1/exports/datapackage.json')).json();
  const before = await descriptor();
  t.match(before.licenses, [{ path: /^https:/, title: /政府信息公开条例/ }]);
  t.equal((await descriptor()).version, before.version);
  await file(db, [filing()]);
  const after = await descriptor();
  t.match(after.version, /^\d+\.\d+\.\d+$/);
  t.not(after.version, before.version);
  t.match(after.created, /^2026-11-24T/);
  const licences = [
    ['CC-BY-4.0', [{ name: 'CC-BY-4.0' }]],
    ['https://example.org/licence', [{ path: 'https://example.org/licence' }]],
    ['ODC-BY-1.0 https://example.org/', [{ name: 'ODC-BY-1.0', path: 'https://example.org/' }]],
  ] as const;
  for (const [DATA_LICENSE, licenses] of licences) {
    const read = readConfig({ DATA_LICENSE });
    if ('faults' in read) throw new Error(read.faults.join());
    const open = await openTestApp({ dataLicence: read.config.dataLicence });
    t.same((await open.app.inject('/v1/exports/datapackage.json')).json().licenses, licenses);
    await open.close();
  }
  t.ok('faults' in readConfig({ DATA_LICENSE: 'all rights reserved by us' }));
});
