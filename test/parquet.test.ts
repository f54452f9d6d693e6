/** Exports as Parquet, read back by another implementation: the Rust crate of Apache Arrow, and Arrow read by Flechette. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type Column, type DataType, type Table, Type, tableFromIPC } from '@uwdata/flechette';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { Encoding, ParquetFile, readParquet } from 'parquet-wasm';
import t from 'tap';
import { type ColumnHead, text } from '../src/bulk/export/columns.js';
import { type ExportRequest, openExport } from '../src/bulk/export/export.js';
import { describeExports } from '../src/bulk/export/package.js';
import { writeColumns } from '../src/bulk/export/parquet.js';
import { openExports } from '../src/bulk/export/run.js';
import { readTableText } from '../src/bulk/table-text.js';
import { exportTo } from '../src/command/export.js';
import { restoreText } from '../src/csv.js';
import { figuresFrom, printFigures } from '../src/form/figures.js';
import { formInForce } from '../src/form/forms.js';
import { fileReport } from '../src/report/file.js';
import { parseFiling } from '../src/report/filing.js';
import { reviewReport } from '../src/report/review.js';
import type { Db } from '../src/store/engine/schema.js';
import {
  act,
  balancedFigures,
  bearer,
  clock,
  filing,
  hongjiang,
  openTestApp,
  openTestStore,
  qunfeng,
  reader,
  runSql,
  scratch,
  today,
  tokenFor,
  townshipsOf,
} from './builders.js';

const subjects = ['reports', 'rollups'] as const;
const shapes = ['wide', 'long'] as const;

async function exported(db: Db, request: Partial<ExportRequest>, rowsAtOnce = 7): Promise<Buffer> {
  const asked = { reader, subject: 'reports', format: 'parquet', ...request } as const;
  return buffer((await openExport(db, asked, { rowsAtOnce })).write());
}

function tableIn(bytes: Uint8Array): Table {
  const options = { useBigInt: true, useDecimalInt: true, useDate: false };
  return tableFromIPC(readParquet(bytes).intoIPCStream(), options);
}

/** What a file says besides its rows. */
async function about(bytes: Buffer) {
  // A Blob of the bytes of a Buffer.
  const file = await ParquetFile.fromFile(new Blob([new Uint8Array(bytes)]));
  const metadata = file.metadata();
  const said: ReadonlyMap<string, string> = metadata.fileMetadata().keyValueMetadata();
  return { metadata, said };
}

/** A value as a CSV of Xiangbao has it, text without the escapes of CSV; by what the file says that it is. */
function printed(value: unknown, { typeId, ...type }: DataType): string | null {
  if (value === null || value === undefined) return null;
  if (typeId === Type.Decimal) {
    const scale = 'scale' in type ? type.scale : 0;
    const digits = BigInt(String(value)).toString();
    const whole = digits.replace('-', '').padStart(scale + 1, '0');
    const fraction = whole.slice(-scale).replace(/0+$/, '');
    return `${digits.startsWith('-') ? '-' : ''}${whole.slice(0, -scale)}${fraction && `.${fraction}`}`;
  }
  if (typeId === Type.Date) return new Date(Number(value)).toISOString().slice(0, 10);
  if (typeId === Type.Timestamp) return new Date(Number(value)).toISOString();
  return String(value);
}

/** The rows of a file, each value as a CSV has it. */
function rowsIn(table: Table): (string | null)[][] {
  const { fields } = table.schema;
  const columns = fields.map(({ name, type }) => Array.from(columnOf(table, name), (value) => printed(value, type)));
  return Array.from({ length: table.numRows }, (_, row) => columns.map((column) => column[row] ?? null));
}

function columnOf(table: Table, name: string): Column<unknown> {
  const column = table.getChild(name);
  if (!column) throw new Error(`there is no column ${name}`);
  return column;
}

/** The header and the rows of a CSV, each text as it was before it was written. */
function csvIn(bytes: Buffer): { readonly names: readonly string[]; readonly rows: (string | null)[][] } {
  const [names = [], ...rows]: string[][] = parse(bytes, { record_delimiter: '\r\n' });
  return { names, rows: rows.map((row) => row.map((field) => readTableText(restoreText(field)))) };
}

/** Where two tables differ: the first places, in words. */
function differences(csv: ReturnType<typeof csvIn>, table: Table): string[] {
  const names = table.schema.fields.map(({ name }) => name);
  if (names.join() !== csv.names.join()) return ['other columns'];
  const rows = rowsIn(table);
  if (rows.length !== csv.rows.length) return [`${rows.length} rows for ${csv.rows.length}`];
  return csv.rows.flatMap((row, index) =>
    row.flatMap((field, at) => {
      const value = rows[index]?.[at] ?? null;
      return field === value ? [] : [`${index} ${names[at]}: ${JSON.stringify(field)} became ${JSON.stringify(value)}`];
    }),
  );
}

async function accept(db: Db, agency: string, year: number): Promise<void> {
  await reviewReport(db, act, { agency, year, revision: 1, decision: 'ACCEPTED', reason: null }, {});
}

const rare = '柳树𨟠镇';
const words = fc.oneof(
  fc.constantFrom('', "'", "'''", '=1+1', '-1', ' ', '两\r\n行', `${rare}，"引号"`, '无。'),
  fc.string({ unit: fc.constantFrom("'", '=', '＋', ' ', '\t', '\n', '"', ',', '乡', '𨟠'), maxLength: 8 }),
);

t.test('every value is that of the CSV of the same store, a row a report or division and a row a cell', async () => {
  const codes = [...(await townshipsOf(hongjiang)).slice(0, 5), '320813001', hongjiang];
  const one = fc.record({
    agency: fc.constantFrom(...codes),
    year: fc.constantFrom(2020, 2021),
    isAccepted: fc.boolean(),
    total: fc.option(fc.nat(50)),
    note: fc.option(words),
    overview: fc.option(words),
    publishedOn: fc.constantFrom(null, '2022-02-28', '2022-01-20'),
    reason: words,
    figures: balancedFigures(formInForce(2021)),
    earlier: balancedFigures(formInForce(2020)),
  });
  const places = {
    ...{ minLength: 2, maxLength: 9 },
    selector: ({ agency, year }: { agency: string; year: number }) => `${agency}/${year}`,
  };
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(one, places), fc.nat(20), async (drawn, rowsAtOnce) => {
      const db = await openTestStore();
      await runSql(db, 'update agency_state set name = ? where code = ?', [rare, qunfeng]);
      for (const { agency, year, isAccepted, total, note, overview, publishedOn, reason, ...both } of drawn) {
        const form = formInForce(year);
        const figures = printFigures(form.cells, figuresFrom(year === 2021 ? both.figures : both.earlier));
        const said = { publishedItems: { total, note }, narrative: { overview }, source: { publishedOn } };
        const filed = parseFiling({ agency, year, form: form.id, figures, ...said, reason: `因${reason}` }, today);
        await fileReport(db, act, filed, { method: 'post', lenient: true });
        if (isAccepted) await accept(db, agency, year);
      }
      for (const subject of subjects) {
        for (const shape of shapes) {
          const asked = { subject, shape, own: subject === 'reports' };
          const csv = csvIn(await exported(db, { ...asked, format: 'csv' }));
          const wrong = differences(csv, tableIn(await exported(db, asked, rowsAtOnce + 1)));
          if (wrong.length > 0) throw new Error(`${subject} ${shape}: ${wrong.slice(0, 3).join('; ')}`);
        }
      }
      await db.destroy();
    }),
    { numRuns: 3 },
  );
});

const amount = 'fees.administrativeFees.amount';
const coercion = 'decisions.coercion.decided';
const change = 'decisions.licenses.change';

t.test('a blank is null, 0 is 0, a decrement is negative, a sum beyond 2^53 分 is exact, a day is a day', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  await runSql(db, 'update agency_state set name = ? where code = ?', [rare, qunfeng]);
  await fileReport(db, act, filing({ figures: { [coercion]: null, [amount]: 77_302_801 } }), { method: 'post' });
  await fileReport(db, act, filing({ year: 2020, figures: { [change]: -18 } }), { method: 'post' });
  const [earlier, later] = tableIn(await exported(db, {})).toArray();
  t.match(later, { name: rare, year: 2021n, [coercion]: null, 'decisions.penalties.decided': 0n, onTime: false });
  t.match(later, { [amount]: 77_302_801n, [change]: null, filedOn: Date.parse(today), acceptedOn: null });
  t.match(earlier, { year: 2020n, [change]: -18n, [amount]: null, 'procurement.centralProcurement.amount': 0n });
  for (const fen of [9_007_199_254_740_993n, 9_223_372_036_854_775_807n]) {
    await runSql(db, `update rollup set fees__administrative_fees__amount = ${fen} where year = 2021`);
    const asked = { subject: 'rollups', year: 2021, level: 'NATION' } as const;
    const [nation] = tableIn(await exported(db, asked)).toArray();
    t.match(nation, { division: '100000', [amount]: fen, knownOn: null });
    const cells = tableIn(await exported(db, { ...asked, shape: 'long' })).toArray();
    t.match(
      cells.find(({ cell }) => cell === amount),
      { unit: '万元', value: fen, stated: 1n, blank: 0n },
    );
  }
  const knownOn = '2026-11-20T01:02:03.004Z';
  const frame = { on: null, knownOn };
  const [then] = tableIn(await exported(db, { subject: 'rollups', division: hongjiang, frame })).toArray();
  t.match(then, { division: hongjiang, reports: 0n, [amount]: null, knownOn: Date.parse(knownOn) });
});

t.test('a column has the type that the descriptor says, and the file says what its columns are', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  await fileReport(db, act, filing(), { method: 'post' });
  const types: Readonly<Record<ColumnHead['type'], object>> = {
    string: { typeId: Type.Utf8 },
    integer: { typeId: Type.Int, bitWidth: 64, signed: true },
    number: { typeId: Type.Decimal, precision: 28, scale: 6 },
    boolean: { typeId: Type.Bool },
    date: { typeId: Type.Date },
    datetime: { typeId: Type.Timestamp, timezone: 'UTC' },
  };
  const described = await describeExports(db, { licence: undefined, now: act.now });
  const { resources } = JSON.parse(JSON.stringify(described));
  const tables = shapes.flatMap((shape) => subjects.map((subject) => ({ subject, shape })));
  for (const [at, asked] of tables.entries()) {
    const bytes = await exported(db, asked);
    const { metadata, said } = await about(bytes);
    const { fields } = resources[at].schema;
    t.same(JSON.parse(said.get('tableschema') ?? ''), { fields });
    t.match(
      tableIn(bytes).schema.fields,
      fields.map(({ name, type }: ColumnHead) => ({ name, nullable: true, type: types[type] })),
    );
    const notices = JSON.parse(said.get('forms') ?? '');
    t.match(notices, [{ id: '2021', notice: { zh: '国办公开办函〔2021〕30号' } }, { id: '2019' }, { notice: null }]);
    const cells: ColumnHead[] = JSON.parse(said.get('cells') ?? '[]');
    t.equal(cells.find(({ name }) => name === amount)?.unit, asked.shape === 'long' ? '万元' : undefined);
    const enumerated = fields.flatMap(({ constraints }: ColumnHead, index: number) =>
      constraints?.enum ? [index] : [],
    );
    t.ok(enumerated.length > 0);
    const first = metadata.rowGroup(0);
    for (const index of enumerated) t.ok(first.column(index).encodings().includes(Encoding.RLE_DICTIONARY));
  }
});

t.test('a table without rows is a file with its columns, and Chinese headings are names of columns', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  const table = tableIn(await exported(db, { headings: 'zh' }));
  t.equal(table.numRows, 0);
  t.same(table.names, csvIn(await exported(db, { format: 'csv', headings: 'zh' })).names);
  t.same(table.names.slice(0, 2), ['机关代码', '机关名称']);
});

t.test('rows are handed on in groups as they are read, and a group holds so many fields or characters', async (t) => {
  const groupsOf = async (rows: number, words: string, between?: () => Promise<unknown>) => {
    let read = 0;
    const table = {
      columns: [text<string>('words', { zh: '文字', en: 'Text' }, (row) => row)],
      subjects: [],
      rows: async function* () {
        for (; read < rows; read++) yield [`${read}${words}`];
      },
    };
    const pieces: Uint8Array[] = [];
    const readAt: number[] = [];
    for await (const piece of writeColumns(table, { codesAtOnce: 1, between }, ['words'])) {
      pieces.push(piece);
      readAt.push(read);
    }
    const bytes = Buffer.concat(pieces);
    const { metadata } = await about(bytes);
    const groups = Array.from({ length: metadata.numRowGroups() }, (_, at) => metadata.rowGroup(at).numRows());
    const found = Array.from(columnOf(tableIn(bytes), 'words'));
    return { groups, readAt, isSame: found.every((one, at) => one === `${at}${words}`), count: found.length };
  };
  const long = await groupsOf(100, '公'.repeat(400_000));
  t.same(long.groups, [40, 40, 20]);
  t.same(long.readAt.slice(0, 2), [39, 79], 'and nothing is read ahead');
  t.match(long, { isSame: true, count: 100 });
  const many = await groupsOf(50_001, '公', async () => {});
  t.same(many.groups, [20_000, 20_000, 10_001], 'they are smaller where requests wait');
  t.match(many, { isSame: true, count: 50_001 });
});

t.test('over REST', async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  await fileReport(db, act, filing({ figures: { [coercion]: 7 } }), { method: 'post' });
  const path = `/v1/exports/reports.parquet?division=${hongjiang}&year=2021`;
  const type = 'application/vnd.apache.parquet';

  t.test('it is a file that is named, tagged and not sent again while nothing changes', async (t) => {
    const every = `/v1/exports/reports.parquet?division=${hongjiang}`;
    const answer = await app.inject(every);
    t.match(answer, { statusCode: 200, headers: { 'content-type': type } });
    t.match(answer.headers['content-disposition'], /filename="xiangbao-reports-431281\.parquet"/);
    t.equal(tableIn(answer.rawPayload).numRows, 1);
    t.equal(answer.headers['content-length'], String(answer.rawPayload.length));
    const { etag } = answer.headers;
    const again = { url: every, headers: { 'if-none-match': String(etag) } };
    t.match(await app.inject(again), { statusCode: 304, body: '' });
    t.match(await app.inject({ method: 'HEAD', url: every }), { statusCode: 200, headers: { 'content-type': type } });
    await fileReport(db, act, filing({ year: 2022 }), { method: 'post' });
    t.equal((await app.inject(again)).statusCode, 200, 'what was committed since makes another tag');
  });

  t.test('a stranger finds what was accepted and nothing else', async (t) => {
    const stranger = { authorization: '' };
    const ask = async (url: string, headers = stranger) => tableIn((await app.inject({ url, headers })).rawPayload);
    const sums = `/v1/exports/rollups.parquet?division=${hongjiang}&year=2021&level=COUNTY`;
    t.equal((await ask(path)).numRows, 0);
    t.match((await ask(sums)).at(0), { includes: 'ACCEPTED', reports: 0n, reported: 1n, [coercion]: null });
    const clerk = bearer(await tokenFor(db, { scope: 'read', division: hongjiang }));
    t.match((await ask(sums, clerk)).at(0), { includes: 'ALL', reports: 1n, [coercion]: 7n });
    t.match(await app.inject({ url: `${sums}&include=ALL`, headers: stranger }), { statusCode: 401 });
    await accept(db, qunfeng, 2021);
    t.match((await ask(path)).at(0), { state: 'ACCEPTED', acceptedOn: Date.parse(today), [coercion]: 7n });
    t.match((await ask(sums)).at(0), { includes: 'ACCEPTED', reports: 1n, [coercion]: 7n });
  });

  t.test('boundaries of a day, kinds, and what is refused are as of a CSV', async (t) => {
    const asked = `division=${hongjiang}&boundaries=2025-12-31&kinds=TOWNSHIP&shape=long`;
    const of = async (format: string) => (await app.inject(`/v1/exports/rollups.${format}?${asked}`)).rawPayload;
    t.same(differences(csvIn(await of('csv')), tableIn(await of('parquet'))), []);
    for (const query of ['year=2018', 'kinds=VILLAGE', 'shape=tall', 'division=999999', 'own=perhaps']) {
      const [csv, parquet] = await Promise.all(
        ['csv', 'parquet'].map(async (format) => (await app.inject(`/v1/exports/reports.${format}?${query}`)).json()),
      );
      t.match(parquet, { type: csv.type, status: csv.status, detail: csv.detail }, query);
    }
  });
});

t.test(
  'from a file, by a worker, and by the command, the bytes are the same and their rows those of the CSV',
  async (t) => {
    const folder = scratch(t);
    const db = await openTestStore(`sqlite:${join(folder, 'x.db')}`);
    const exports = openExports();
    t.teardown(async () => {
      exports.stop();
      await db.destroy();
    });
    for (const agency of await townshipsOf(hongjiang))
      await fileReport(db, act, filing({ agency }), { method: 'post' });
    const asked = { reader, subject: 'reports', format: 'parquet' } as const;
    const bytes = await buffer((await exports.begin(db, asked)).body);
    t.same(differences(csvIn(await exported(db, { format: 'csv' })), tableIn(bytes)), []);
    t.equal((await about(bytes)).metadata.numRowGroups(), 1);
    const output = join(folder, 'reports.parquet');
    const terminal = { stdin: Readable.from([]), stdout: new PassThrough(), stderr: new PassThrough() };
    await exportTo(db, clock, terminal, { output });
    t.ok(readFileSync(output).equals(bytes));
  },
);
