/** What is exported is imported as the same, whatever the words: by every format, shape and heading. */
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { readXlsx, writeXlsx } from 'hucre/xlsx';
import t from 'tap';
import { dictionarySheet } from '../src/bulk/headings.js';
import { fileBatch } from '../src/bulk/import/batch.js';
import { readTableText, writeTableText } from '../src/bulk/table-text.js';
import { allCells } from '../src/form/forms.js';
import { Problem } from '../src/problem.js';
import type { Db } from '../src/store/engine/schema.js';
import { isSoundText } from '../src/text.js';
import { readCellText, writeCellText } from '../src/xlsx.js';
import { act, filing, filingBody, hongjiang, openTestApp, runSql, townshipsOf } from './builders.js';

const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Every file that can be had of the reports, and the media type to send it back with. */
const files = [
  ['reports.ndjson?own=true', 'application/x-ndjson'],
  ['reports.csv?own=true', 'text/csv'],
  ['reports.csv?own=true&headings=zh&bom=true', 'text/csv'],
  ['reports.csv?own=true&shape=long', 'text/csv'],
  ['reports.csv?own=true&shape=long&headings=zh', 'text/csv'],
  ['reports.xlsx?own=true', xlsx],
  ['reports.xlsx?own=true&headings=zh', xlsx],
  ['reports.xlsx?own=true&shape=long', xlsx],
] as const;

/** Texts that something on the way might change. */
const strange = [
  ...['', "'", "''", '"', '""', "'\"'", ' ', '　', '\t', '\n', '\r', '\r\n', '\ufeff', '\u00a0', '\u2028', '\u2029'],
  ...['=1+1', '+1', '-1', '@a', "'=1", "''=1", "'a", '＝1', ' =1', '\ufeff=1', "' =1", '\t=1', '\n=1', "'\n", '-', '='],
  ...[
    ' 两端空白 ',
    '　　首行缩进',
    '行尾　',
    '\ufeff开头',
    '末尾\ufeff',
    '第一行\r\n第二行\r第三行\n',
    '逗号,"引号"',
    '"',
    'a"b',
  ],
  ...[
    '_x000D_',
    '_x000d_',
    '_x005F_x000D_',
    '_x',
    '_X000D_',
    '_x0041__x0042_',
    '&amp;',
    '<b>',
    ']]>',
    '&#13;',
    '\ue000\u{f0000}',
  ],
  ...[
    'null',
    'true',
    'NaN',
    '0',
    '007',
    '1e5',
    '2022-01-20',
    '{}',
    '[]',
    '"x"',
    '𠮷野家',
    '🧧\u200d',
    '\u0300',
    '#N/A',
  ],
];

/** Texts of a filing: any, but for what a filing refuses. */
const anyText = fc
  .oneof(
    fc.constantFrom(...strange),
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc
      .array(fc.constantFrom("'", '"', ',', '=', ' ', '　', '\r', '\n', '\t', '\ufeff', '_', 'x000D_', '甲'), {
        maxLength: 8,
      })
      .map((parts) => parts.join('')),
  )
  .filter(isSoundText);
const someText = anyText.filter((text) => text !== '');

const optional = { requiredKeys: [] as [] };
// No text is null: filed again without it the report is unchanged, and keeps the hash of what it was.
const anyWords = fc.record(
  {
    publishedItems: fc.record(
      {
        total: fc.option(fc.nat(99)),
        categories: fc.array(fc.record({ name: someText, count: fc.option(fc.nat(9)), note: anyText }), {
          maxLength: 2,
        }),
        channels: fc.array(fc.record({ name: someText, count: fc.option(fc.nat(9)) }), { maxLength: 2 }),
        complete: fc.constant([]),
        note: anyText,
      },
      { requiredKeys: ['total'] },
    ),
    engagement: fc.array(fc.record({ name: someText, handled: fc.option(fc.nat(9)), note: anyText }), { maxLength: 2 }),
    narrative: fc.record({ overview: anyText, problems: anyText, otherMatters: anyText }, optional),
    source: fc.record(
      { url: fc.constant('https://example.org/报告?a=1'), publishedOn: fc.constant('2022-01-20') },
      optional,
    ),
    reason: someText,
  },
  optional,
);

async function file(db: Db, filings: ReturnType<typeof filing>[]): Promise<void> {
  const revise = { reason: '又报' };
  for (const filed of await fileBatch(db, act, filings, { lenient: true, revise }))
    if (filed instanceof Problem) throw filed;
}

async function download(app: FastifyInstance, file: string): Promise<Buffer> {
  const { statusCode, rawPayload } = await app.inject(`/v1/exports/${file}`);
  if (statusCode !== 200) throw new Error(rawPayload.toString());
  return rawPayload;
}

interface Taken {
  readonly received: number;
  readonly unchanged: number;
  readonly rejected: number;
  readonly rejects: readonly string[];
  readonly items: readonly {
    readonly line: number;
    readonly problem?: { readonly errors?: readonly { code: string }[] };
  }[];
}

async function send(
  app: FastifyInstance,
  file: Buffer | string,
  type: string,
  query = '',
  prefer = 'handling=lenient',
): Promise<Taken> {
  const headers = { 'content-type': type, prefer };
  const answer = await app.inject({ method: 'POST', url: `/v1/imports?${query}`, headers, payload: file });
  if (answer.statusCode !== 200) throw new Error(answer.body);
  return answer.json();
}

/** What stands, by agency and year. */
function standing(db: Db): Promise<{ code: string; hash: string }[]> {
  return runSql(
    db,
    `select s.code, r.year, v.hash, v.reason from report r
     join revision v on v.agency_id = r.agency_id and v.year = r.year and v.number = r.revision
     join agency_state s on s.agency_id = r.agency_id order by s.code, r.year`,
  );
}

t.test('every file that is exported is imported as unchanged, and makes the same reports elsewhere', async (t) => {
  const [one, other] = [await openTestApp(), await openTestApp()];
  t.teardown(() => Promise.all([one.close(), other.close()]));
  const codes = [...(await townshipsOf(hongjiang)).slice(0, 3), hongjiang];
  const said = fc.tuple(anyWords, anyWords, anyWords, anyWords);
  await fc.assert(
    fc.asyncProperty(said, fc.constantFrom(...files), async (words, [name, type]) => {
      await file(
        one.db,
        codes.map((agency, at) => filing({ agency, ...words[at] })),
      );
      for (const [each, typeOfEach] of files) {
        const { received, unchanged, items } = await send(
          one.app,
          await download(one.app, each),
          typeOfEach,
          'dryRun=true',
        );
        if (received !== 4 || unchanged !== 4) throw new Error(`${each}: ${JSON.stringify(items)}`);
      }
      await send(other.app, await download(one.app, name), type, 'revise=true&reason=又报');
      const [here, there] = [await standing(one.db), await standing(other.db)];
      return JSON.stringify(here) === JSON.stringify(there);
    }),
    { numRuns: 12 },
  );
});

t.test(
  'each strange text comes back from every file: beside the figures, in a list, in a section, as a reason',
  async (t) => {
    const { app, db, close } = await openTestApp();
    t.teardown(close);
    const codes = await townshipsOf(hongjiang);
    const filings = strange.map((text, at) => {
      const group = { name: `类${text}`, count: null, note: text };
      return filing({
        ...{ agency: codes[at % 20] ?? '', year: 2019 + Math.floor(at / 20), narrative: { overview: text } },
        publishedItems: { total: null, categories: [group], channels: [], note: text },
        ...(text !== '' && { reason: text }),
      });
    });
    await file(db, filings);
    for (const [each, type] of files) {
      const taken = await send(app, await download(app, each), type, 'dryRun=true');
      t.match(
        taken,
        { received: strange.length, unchanged: strange.length },
        `${each} ${JSON.stringify(taken.items.find(({ problem }) => problem))}`,
      );
    }
    const fresh = await openTestApp();
    t.teardown(fresh.close);
    for (const [each, type] of files.filter((_, at) => at === 1 || at === 5)) {
      await send(fresh.app, await download(app, each), type, 'revise=true');
      t.same(await standing(fresh.db), await standing(db), each);
    }
  },
);

t.test('what an import refuses comes back with every text as it was', async (t) => {
  const [one, other] = [await openTestApp(), await openTestApp()];
  t.teardown(() => Promise.all([one.close(), other.close()]));
  const codes = await townshipsOf(hongjiang);
  const broken = { 'applications.newReceived.total': 3 };
  const texts = [
    '',
    "'",
    ' 两端 ',
    '　',
    '\ufeff',
    '=1',
    "'=1",
    '-',
    '1\r\n2\r',
    'a"b,c',
    '_x000D_',
    '_x005F_',
    '\u2028',
    '0',
  ];
  const filings = texts.map((text, at) =>
    filing({
      ...{ agency: codes[at] ?? '', figures: broken },
      publishedItems: { total: null, categories: [{ name: `类${text}`, count: null, note: text }], note: text },
    }),
  );
  await file(one.db, filings);
  for (const [name, type] of files.filter(([name]) => !name.includes('zh'))) {
    const { rejected, rejects } = await send(other.app, await download(one.app, name), type, 'dryRun=true', 'wait=60');
    t.equal(rejected, texts.length, name);
    for (const path of rejects) {
      const { rawPayload } = await other.app.inject(path);
      const again = path.endsWith('xlsx') ? xlsx : path.endsWith('csv') ? 'text/csv' : 'application/x-ndjson';
      await send(other.app, rawPayload, again, 'revise=true&reason=改');
      const hashes = async (db: Db) => (await standing(db)).map(({ code, hash }) => [code, hash]);
      t.same(await hashes(other.db), await hashes(one.db), `${name} ${path.replace(/.*\./, '')}`);
    }
  }
});

t.test('a file that another program saved again is imported as unchanged', async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  const codes = await townshipsOf(hongjiang);
  // A spreadsheet program has no way to write a text of nothing but apostrophes apart from a blank one.
  const notes = [' 两端 ', '　　首行', '=1', "'=1", '第一行\r\n第二行', 'a"b,c', '_x000D_', '', "'"];
  await file(
    db,
    notes.map((note, at) =>
      filing({ agency: codes[at] ?? '', publishedItems: { total: null, note }, narrative: { overview: note } }),
    ),
  );
  const csv = await download(app, 'reports.csv');
  const records: string[][] = parse(csv, { record_delimiter: '\r\n' });
  for (const quoted of [true, false]) {
    const saved = stringify(records, { quoted, record_delimiter: '\n', bom: quoted });
    t.match(await send(app, saved, 'text/csv', 'dryRun=true'), { received: 9, unchanged: 9 }, `CSV, quoted: ${quoted}`);
  }
  const workbook = await readXlsx(new Uint8Array(await download(app, 'reports.xlsx?headings=zh')));
  const sheets = workbook.sheets.map(({ name, rows }) => ({
    name,
    rows: rows.map((row) =>
      row.map((value) => (typeof value === 'string' ? value.replaceAll('_x000D_', '_x005F_x000D_') : value)),
    ),
  }));
  const saved = await writeXlsx({ sheets: sheets.reverse() });
  t.match(
    await send(app, Buffer.from(saved), xlsx, 'dryRun=true'),
    { received: 9, unchanged: 9 },
    'XLSX, its sheets in another order',
  );
});

t.test('the longest report that is filed comes back, whatever its format writes twice', async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  const quotes = '"'.repeat(190_000);
  const narrative = {
    overview: quotes,
    proactiveDisclosure: quotes,
    applications: quotes,
    appeals: quotes,
    problems: quotes,
  };
  const filed = await app.inject({ method: 'POST', url: '/v1/reports', payload: filingBody({ narrative }) });
  t.equal(filed.statusCode, 201, filed.body);
  for (const [name, type] of files.filter(([name]) => !name.includes('xlsx'))) {
    t.match(await send(app, await download(app, name), type, 'dryRun=true'), { received: 1, unchanged: 1 }, name);
  }
  t.equal((await standing(db)).length, 1);
});

t.test('a workbook', async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  await file(db, [filing({ narrative: { overview: '字'.repeat(33_000) } }), filing({ year: 2022, reason: '=1\r\n' })]);
  const workbook = await readXlsx(new Uint8Array(await download(app, 'reports.xlsx')));
  const [data, dictionary] = workbook.sheets;

  t.test('has a sheet that says what each column is', async (t) => {
    t.equal(dictionary?.name, dictionarySheet);
    const [heads = [], ...rows] = dictionary?.rows ?? [];
    t.equal(heads.length, 9);
    t.same(
      rows.map(([name]) => name),
      data?.rows[0],
    );
    const described = new Map(rows.map(([name, ...rest]) => [name, rest]));
    for (const cell of allCells)
      t.match(described.get(cell.key), [
        cell.label.zh,
        cell.label.en,
        /number|integer/,
        cell.unit,
        /./,
        /./,
        /./,
        /2021|2019|mixed/,
      ]);
  });

  t.test('says where a text is too long for a cell, in the cell and to those who import it', async (t) => {
    const narrative = data?.rows[0]?.indexOf('narrative') ?? -1;
    t.match(data?.rows[1]?.[narrative], /过长.*CSV/);
    const { items, unchanged, rejected } = await send(app, await download(app, 'reports.xlsx'), xlsx, 'dryRun=true');
    t.match({ unchanged, rejected }, { unchanged: 1, rejected: 1 });
    t.match(
      items.find(({ problem }) => problem),
      { line: 2, problem: { errors: [{ code: 'LENGTH', pointer: '/narrative' }] } },
    );
    t.match(await send(app, await download(app, 'reports.csv'), 'text/csv', 'dryRun=true'), { unchanged: 2 });
  });

  t.test('holds the text that is meant, with nothing of CSV in it', async (t) => {
    const reason = data?.rows[0]?.indexOf('reason') ?? -1;
    t.equal(data?.rows[2]?.[reason], '=1\r\n');
  });
});

t.test('escapes are undone by the reader of the format that made them, and by no other', async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  const body = {
    ...filingBody({ publishedItems: { total: null, note: "'=1" } }),
    publishedItems: { total: null, note: "'=1" },
  };
  const lines = `${JSON.stringify(body)}\n`;
  await send(app, lines, 'application/x-ndjson');
  const note = async () => (await app.inject('/v1/reports/431281207/2021')).json().publishedItems.note;
  t.equal(await note(), "'=1");
  const saved = await writeXlsx({
    sheets: [
      {
        name: '1',
        rows: [
          ['agency', 'year', 'publishedItems.note', ...allCells.map(({ key }) => key)],
          ['431281207', 2021, "'=1", ...allCells.map(({ key }) => (key in flat(body.figures) ? 0 : null))],
        ],
      },
    ],
  });
  t.match(await send(app, Buffer.from(saved), xlsx, 'dryRun=true'), { received: 1, unchanged: 1 });
  t.equal((await standing(db)).length, 1);
});

function flat(figures: Record<string, Record<string, Record<string, unknown>>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(figures).flatMap(([table, rows]) =>
      Object.entries(rows).flatMap(([row, boxes]) =>
        Object.entries(boxes).map(([box, value]) => [`${table}.${row}.${box}`, value]),
      ),
    ),
  );
}

t.test('what a field or a cell holds of a text gives the text back', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(...strange),
    fc.stringMatching(/^[_xX0-9a-fA-F]{0,16}$/),
  );
  fc.assert(fc.property(text, (one) => readTableText(writeTableText(one)) === one));
  fc.assert(fc.property(text, (one) => readCellText(writeCellText(one)) === one));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML holds none of them.
  fc.assert(fc.property(text, (one) => !/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/.test(writeCellText(one))));
});
