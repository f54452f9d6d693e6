/** The command line: import, export, rollups, register, configuration, and the exit codes of the program itself. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import fc from 'fast-check';
import { writeXlsx as writeWorkbook } from 'hucre/xlsx';
import t from 'tap';
import { fileBatch } from '../src/bulk/import/batch.js';
import { maxLineLength } from '../src/bulk/import/format/lines.js';
import { exportReports, exportTo } from '../src/command/export.js';
import { type ImportRequest, importFilings } from '../src/command/import/import.js';
import { summaryLines } from '../src/command/import/summary.js';
import { importRegister, printStats, showCode } from '../src/command/register.js';
import { printDifferences, rebuild } from '../src/command/rollups.js';
import { sampleContent, seedRandom } from '../src/command/sample-reports.js';
import { impossible, refused, tellFailure } from '../src/command/shell/failure.js';
import { showProgress } from '../src/command/shell/progress.js';
import type { Terminal } from '../src/command/shell/terminal.js';
import { readConfig } from '../src/config.js';
import { reportTitle } from '../src/document/print/sheet.js';
import { writeXlsx } from '../src/document/print/xlsx.js';
import { readDocumentSafely, stopReaders } from '../src/document/read/read-in-child.js';
import { figuresFrom, printFigures } from '../src/form/figures.js';
import { allCells, cellOf, type FormId, formIds, formOf } from '../src/form/forms.js';
import { Problem } from '../src/problem.js';
import { findFaults } from '../src/report/findings.js';
import { readReport } from '../src/report/report-view.js';
import { inTransaction } from '../src/store/engine/commit.js';
import type { Db } from '../src/store/engine/schema.js';
import {
  act,
  clock,
  filing,
  filingBody,
  hongjiang,
  nameFigures,
  openTestStore,
  qunfeng,
  reader,
  runSql,
  scratch,
  townshipsOf,
  writeDocx,
  writeHtml,
  zeroFigures,
} from './builders.js';
import { layouts, printReport } from './document-layouts.js';
import { compileProgram, runProgram } from './program.js';
import { zip } from './zip.js';

/** A terminal that keeps what is written, fed with some input. */
function testTerminal(input: string | Buffer = '') {
  const written = { out: '', err: '' };
  const keep = (name: 'out' | 'err') =>
    new PassThrough().on('data', (chunk: Buffer) => {
      written[name] += chunk;
    });
  const terminal: Terminal = { stdin: Readable.from([Buffer.from(input)]), stdout: keep('out'), stderr: keep('err') };
  return { terminal, written };
}

/** Imports lines (or the paths named) and returns the summary with what was written. */
async function importLines(db: Db, lines: string | Buffer, request: Partial<ImportRequest> = {}) {
  const { terminal, written } = testTerminal(lines);
  const summary = await importFilings(db, clock, terminal, { paths: ['-'], actor: 'import', ...request });
  return { summary, written, counts: countsOf(summary) };
}

function countsOf({ received, created, revised, unchanged, rejected }: Awaited<ReturnType<typeof importFilings>>) {
  return { received, created, revised, unchanged, rejected };
}

/** The kind of problem a piece of work ends with. */
async function refusalOf(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error.kind;
    throw error;
  }
}

const nothing = { received: 0, created: 0, revised: 0, unchanged: 0, rejected: 0 };
const ndjson = (...bodies: readonly unknown[]) => bodies.map((body) => `${JSON.stringify(body)}\n`).join('');

async function exported(db: Db, request: Parameters<typeof exportReports>[3] = { format: 'ndjson' }): Promise<string> {
  const { terminal, written } = testTerminal();
  await exportReports(db, clock, async () => terminal.stdout, request);
  return written.out;
}

/** Sample filings of the townships of 洪江市 over some years, by the forms given in turn. */
async function sampleBodies(seed: number, years: readonly number[], forms?: readonly FormId[]) {
  const random = seedRandom(seed);
  const codes = await townshipsOf(hongjiang);
  return codes.flatMap((agency, index) =>
    years.map((year) => {
      const form = forms?.[(index + year) % forms.length] ?? (year < 2021 ? '2019' : '2021');
      const { figures, ...content } = sampleContent(random, form, { year });
      return { agency, year, ...content, figures: printFigures(formOf(form).cells, figures) };
    }),
  );
}

t.test('import', async (t) => {
  t.test('counts every filing once, names the line of each bad one, and files all the good ones', async (t) => {
    const db = await openTestStore();
    const [first = '', second = '', third = ''] = await townshipsOf(hongjiang);
    const good = (agency: string, published = 1) =>
      JSON.stringify(filingBody({ agency, publishedItems: { total: published } }));
    const lines = [
      Buffer.from(`\uFEFF${good(first)}`),
      Buffer.from(''),
      Buffer.from('{"agency": '),
      Buffer.from(good(second).replace('"year":2021', '"year":2021,"year":2021')),
      Buffer.from(good(second).replace('"agency":"', '"agency":"\u0000')),
      Buffer.concat([Buffer.from('{"agency":"'), Buffer.from([0xc8, 0xba, 0xb7, 0xe5]), Buffer.from('"}')]),
      Buffer.from(`{"narrative":"${'长'.repeat(maxLineLength)}"}`),
      Buffer.from(JSON.stringify(filingBody({ agency: '999999999' }))),
      Buffer.from(JSON.stringify(filingBody({ agency: second, figures: { 'appeals.reconsideration.upheld': 1 } }))),
      Buffer.from(`${good(second)}\r`),
      Buffer.from(good(first)),
      Buffer.from(good(first, 2)),
      Buffer.from('  \t'),
      Buffer.from(good(third)),
    ];
    const rejects = join(t.testdir(), 'rejects.ndjson');
    const { summary, counts, written } = await importLines(
      db,
      Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])),
      { rejects },
    );
    t.same(counts, { received: 12, created: 3, revised: 0, unchanged: 0, rejected: 9 });
    const refusals = (await readFile(rejects, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    t.same(
      refusals.map(({ line, problem }) => [line, problem.type.split('/').at(-1), problem.errors?.[0]?.code]),
      [
        [3, 'malformed-body', 'SYNTAX'],
        [4, 'malformed-body', 'DUPLICATE'],
        [5, 'malformed-body', 'SYNTAX'],
        [6, 'malformed-body', 'ENCODING'],
        [7, 'body-too-large', undefined],
        [8, 'unknown-agency', undefined],
        [9, 'unbalanced-report', 'T4-ROW'],
        [11, 'repeated-in-file', undefined],
        [12, 'repeated-in-file', undefined],
      ],
    );
    t.equal(refusals[5].filing.agency, '999999999', 'what can be read can be mended and imported again');
    t.match(summaryLines(summary).join('\n'), /malformed-body +4\n +SYNTAX +2\n +DUPLICATE +1\n/);
    t.match(written.err, /^-:3: malformed-body: /m);
    t.equal((await exported(db)).split('\n').length - 1, 3);
    t.equal((await readReport(db, reader, first, 2021)).content.publishedItems?.total, 1);
    await db.destroy();
  });

  t.test('files again what was refused and has been mended', async (t) => {
    const db = await openTestStore();
    const rejects = join(t.testdir(), 'rejects.ndjson');
    await importLines(db, ndjson(filingBody({ figures: { 'appeals.reconsideration.upheld': 1 } })), { rejects });
    const { filing: body } = JSON.parse(await readFile(rejects, 'utf8'));
    body.figures.appeals.reconsideration.total = 1;
    t.same((await importLines(db, ndjson(body))).counts, { ...nothing, received: 1, created: 1 });
    await db.destroy();
  });

  t.test('revises only when told to, for the reason of the filing or else the one given', async (t) => {
    const db = await openTestStore();
    const other = filingBody({ publishedItems: { total: 5 } });
    await importLines(db, ndjson(filingBody()));
    t.same((await importLines(db, ndjson(other))).counts, { ...nothing, received: 1, rejected: 1 });
    const reasonless = await importLines(db, ndjson(other), { revise: { reason: null } });
    t.same(reasonless.counts, { ...nothing, received: 1, rejected: 1 });
    t.match(reasonless.written.err, /MISSING \/reason/);
    const revised = await importLines(db, ndjson(other), { revise: { reason: '更正条数' } });
    t.same(revised.counts, { ...nothing, received: 1, revised: 1 });
    const own = filingBody({ publishedItems: { total: 6 }, reason: '补报' });
    await importLines(db, ndjson(own), { revise: { reason: '更正条数' } });
    const report = await readReport(db, reader, qunfeng, 2021);
    t.same([report.row.revision, report.reason, report.actor], [3, '补报', 'import']);
    await db.destroy();
  });

  t.test('files what does not add up only when lenient, and says how many', async (t) => {
    const db = await openTestStore();
    const bad = ndjson(filingBody({ figures: { 'appeals.reconsideration.upheld': 1 } }));
    t.same((await importLines(db, bad)).counts, { ...nothing, received: 1, rejected: 1 });
    const { summary, counts } = await importLines(db, bad, { lenient: true });
    t.same(counts, { ...nothing, received: 1, created: 1 });
    t.match(summaryLines(summary).join('\n'), /filed although unbalanced +1$/);
    await db.destroy();
  });

  t.test('keeps nothing of a dry run and answers as the real one does', async (t) => {
    const db = await openTestStore();
    const bodies = ndjson(filingBody(), filingBody(), filingBody({ publishedItems: { total: 5 } }));
    const dry = await importLines(db, bodies, { dryRun: true });
    t.same(dry.counts, { received: 3, created: 1, revised: 0, unchanged: 0, rejected: 2 });
    t.equal(await exported(db), '');
    t.same((await importLines(db, bodies)).counts, dry.counts);
    await db.destroy();
  });

  t.test('reads folders, single documents and NDJSON files, in the order of their names', async (t) => {
    const db = await openTestStore();
    const [first = '', second = '', third = ''] = await townshipsOf(hongjiang);
    const folder = t.testdir({
      'a.json': JSON.stringify(filingBody({ agency: first }), null, 2),
      nested: { 'b.ndjson': ndjson(filingBody({ agency: second }), filingBody({ agency: third })) },
      'readme.txt': 'not a filing',
    });
    const { counts } = await importLines(db, '', { paths: [folder] });
    t.same(counts, { ...nothing, received: 3, created: 3 });
    await db.destroy();
  });

  t.test('refuses paths it cannot use before anything is filed', async (t) => {
    const db = await openTestStore();
    const folder = t.testdir({ 'a.json': JSON.stringify(filingBody()), empty: {}, 'pretty.txt': '{\n "agency": 1\n}' });
    const file = join(folder, 'a.json');
    const unusable = [
      { paths: [file, join(folder, 'none')] },
      { paths: [file, join(folder, 'empty')] },
      { paths: [file], rejects: file },
      { paths: [file], rejects: join(folder, 'none', 'r.ndjson') },
      { paths: [join(folder, 'pretty.txt')] },
    ];
    for (const request of unusable) {
      t.equal(await refusalOf(importLines(db, '', request)), 'invalid-parameter');
    }
    t.equal(await exported(db), '');
    t.same(JSON.parse(await readFile(file, 'utf8')), filingBody(), 'the input is left alone');
    await db.destroy();
  });

  t.test('undoes a batch in which something unforeseen fails, and files all but that one alone', async (t) => {
    const db = await openTestStore();
    const codes = await townshipsOf(hongjiang);
    await runSql(
      db,
      `create trigger poison before insert on finding when (select agency_id from report where id = new.report_id) =
         (select agency_id from agency_state where code = '${codes[1]}') begin select raise(abort, 'poisoned'); end`,
    );
    // A form that is not in force leaves a finding, which the trigger refuses for one agency.
    const overrides = codes.slice(0, 3).map((agency) => ({ agency, form: '2019' as const }));
    const { counts, written } = await importLines(db, ndjson(...overrides.map(filingBody)));
    t.same(counts, { ...nothing, received: 3, created: 2, rejected: 1 });
    t.match(written.err, /-:2: internal: [\s\S]*poisoned/);
    const { terminal } = testTerminal();
    t.equal(await printDifferences(db, terminal), 0);
    await t.rejects(
      inTransaction(db, {}, (trx) =>
        fileBatch(
          trx,
          act,
          overrides.map((override) => filing({ ...override, year: 2022 })),
          {},
        ),
      ),
      /poisoned/,
      'inside a transaction of the caller it is for the caller to decide',
    );
    await db.destroy();
  });

  t.test('imports several batches with the sums right', async (t) => {
    const db = await openTestStore();
    const bodies = await sampleBodies(7, [2019, 2020, 2021, 2022, 2023, 2024, 2025]);
    const others = await sampleBodies(8, [2019, 2020, 2021, 2022]);
    const revise = { reason: 'again' };
    const { counts: first } = await importLines(db, ndjson(...bodies), { revise });
    t.match(first, { received: 140, created: 140 });
    const { counts: second } = await importLines(db, ndjson(...others), { revise });
    t.equal(second.revised + second.unchanged, 80);
    const { terminal } = testTerminal();
    t.equal(await printDifferences(db, terminal), 0);
    await db.destroy();
  });
});

const reported = { ...zeroFigures(), 'decisions.penalties.decided': 4 };

/** A report of a township for 2021 in print, four penalties in it. */
function sheetFor(name: string) {
  const figures = figuresFrom(reported);
  const about = { subtitle: [], narrative: null, findings: [], coverage: null, sample: false };
  return { form: '2021' as const, figures, title: reportTitle(name, 2021), year: 2021, ...about };
}

/** A report in plain text, as somebody would type it: a cell a line. */
function plainReport(title: string): string {
  const printed = printReport({ form: '2021', figures: reported }, 2021);
  const layout = layouts.find(({ name }) => name === 'one cell a line');
  return layout?.write({ ...printed, title }) ?? '';
}

/** A row a report: agency, year and the cells of the form. */
function csvReports(...agencies: readonly string[]): string {
  const header = ['agency', 'year', 'narrative.overview', ...Object.keys(reported)];
  const rows = agencies.map((agency) => [agency, 2021, '九条', ...Object.values(reported)]);
  return [header, ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

t.test('import of documents and tables', async (t) => {
  t.teardown(() => stopReaders());
  const [first = '', second = '', third = '', fourth = '', fifth = ''] = await townshipsOf(hongjiang);
  // The first reader takes its time to start when TypeScript is compiled on the way.
  const patient = { milliseconds: 60_000, megabytes: 384, children: 2 };
  await readDocumentSafely(Buffer.from(writeHtml(sheetFor('某乡'))), { mediaType: 'text/html' }, patient);

  t.test('reads a folder of documents, each whose its name says, and refuses what is none for itself', async (t) => {
    const db = await openTestStore();
    const folder = t.testdir({
      [`${first}-2021.docx`]: Buffer.from(await writeDocx(sheetFor('黔城镇'))),
      [`${second}-2021.txt`]: plainReport('安江镇2021年政府信息公开工作年度报告'),
      [`${third}-2021.xlsx`]: Buffer.from(await writeXlsx(sheetFor('托口镇'))),
      deeper: { [`${fourth}-2021.md`]: plainReport('雪峰镇2021年政府信息公开工作年度报告'), 'notes.txt': 'no report' },
      '~$draft.docx': 'what Word leaves behind',
      'readme.md': 'what this folder is',
    });
    const rejects = join(scratch(t), 'rejects.ndjson');
    const { counts, written } = await importLines(db, '', { paths: [folder], rejects });
    t.same(counts, { ...nothing, received: 5, created: 4, rejected: 1 }, written.err);
    t.match(written.err, /deeper\/notes\.txt:1: invalid-document: /);
    const refused = JSON.parse(await readFile(rejects, 'utf8'));
    t.match(refused, { source: join(folder, 'deeper', 'notes.txt'), line: 1, problem: { status: 422 } });
    for (const agency of [first, second, third, fourth]) {
      const { content } = await readReport(db, reader, agency, 2021);
      t.equal(content.figures[cellOf('decisions.penalties.decided').at], 4, agency);
    }
    await db.destroy();
  });

  t.test('reads CSV and Excel tables with their rows named, and CSV in GB18030 when it is nothing else', async (t) => {
    const db = await openTestStore();
    const table = csvReports(third, '999999999');
    const book = { sheets: [{ name: 'x', rows: table.split('\r\n').map((line) => line.split(',')) }] };
    const folder = t.testdir({
      'a.csv': csvReports(first, '999999999', second),
      'b.xlsx': Buffer.from(await writeWorkbook(book)),
      'c.csv': Buffer.concat([
        Buffer.from(csvReports(fourth).split('九条')[0] ?? '', 'latin1'),
        Buffer.from([0xbe, 0xc5, 0xcc, 0xf5]),
        Buffer.from(csvReports(fourth).split('九条')[1] ?? '', 'latin1'),
      ]),
    });
    const rejects = join(scratch(t), 'rejects.ndjson');
    const read = await importLines(db, '', { paths: [join(folder, 'a.csv'), join(folder, 'b.xlsx')], rejects });
    t.same(read.counts, { ...nothing, received: 5, created: 3, rejected: 2 }, read.written.err);
    const refusals = (await readFile(rejects, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    t.same(
      refusals.map(({ source, line, filing: body }) => [source, line, body.agency, body.year]),
      [
        [join(folder, 'a.csv'), 3, '999999999', 2021],
        [join(folder, 'b.xlsx'), 3, '999999999', 2021],
      ],
    );
    const paths = [join(folder, 'c.csv')];
    t.match((await importLines(db, '', { paths, charset: 'utf-8' })).counts, { created: 0, rejected: 1 });
    t.match((await importLines(db, '', { paths, charset: 'gb18030', dryRun: true })).counts, { created: 1 });
    const found = await importLines(db, '', { paths });
    t.match(found.counts, { created: 1, rejected: 0 }, found.written.err);
    t.equal((await readReport(db, reader, fourth, 2021)).content.narrative?.overview, '九条');
    await db.destroy();
  });

  t.test('reads a zip of documents, and files the same once, by whatever way it comes', async (t) => {
    const db = await openTestStore();
    const docx = await writeDocx(sheetFor('江市镇'));
    const folder = t.testdir({
      'all.zip': zip({ [`${fifth}-2021.docx`]: docx, 'x/table.rtf': '{\\rtf1' }),
      [`${fifth}-2021.docx`]: Buffer.from(docx),
    });
    const { counts, written } = await importLines(db, '', { paths: [folder] });
    t.same(counts, { ...nothing, received: 3, created: 1, unchanged: 1, rejected: 1 }, written.err);
    t.match(written.err, /all\.zip:2 x\/table\.rtf: unsupported-media-type: /);
    await db.destroy();
  });

  t.test('takes JSON in a text file for filings, as ever, and names the file that is not what it says', async (t) => {
    const db = await openTestStore();
    const folder = t.testdir({
      'filings.txt': ndjson(filingBody()),
      'table.csv': 'year,figure\n2021,1\n',
      'broken.zip': 'no zip',
    });
    const { counts } = await importLines(db, '', { paths: [join(folder, 'filings.txt')] });
    t.same(counts, { ...nothing, received: 1, created: 1 });
    for (const name of ['table.csv', 'broken.zip']) {
      const failed = importLines(db, '', { paths: [join(folder, name)] });
      await t.rejects(failed, { kind: 'invalid-parameter', message: new RegExp(`${name}: `) });
    }
    await db.destroy();
  });
});

t.test('export', async (t) => {
  t.test('gives what import makes the same store of, whatever was filed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.shuffledSubarray([...formIds], { minLength: 1 }), async (seed, forms) => {
        const [one, other] = [await openTestStore(), await openTestStore()];
        const bodies = await sampleBodies(seed, [2021, 2022], forms);
        const { counts } = await importLines(one, ndjson(...bodies.slice(0, 12)));
        const text = await exported(one);
        const again = await importLines(other, text);
        const same = (await exported(other)) === text && (await importLines(one, text)).counts.unchanged === 12;
        await Promise.all([one.destroy(), other.destroy()]);
        return counts.created === 12 && again.counts.created === 12 && same;
      }),
      { numRuns: 8 },
    );
  });

  t.test('writes one row a report as CSV, a blank empty and a zero 0, under columns that stand', async (t) => {
    const db = await openTestStore();
    const figures = { 'decisions.coercion.decided': null, 'fees.administrativeFees.amount': 77_302_800 };
    await importLines(db, ndjson(filingBody({ figures })));
    const [header = '', row = '', end] = (await exported(db, { format: 'csv' })).split('\r\n');
    t.equal(end, '');
    const columns = header.split(',');
    t.same(columns.slice(0, 2), ['agency', 'name']);
    t.same(
      columns.slice(10, 10 + allCells.length),
      allCells.map((cell) => cell.key),
    );
    const value = Object.fromEntries(row.split(',').map((field, index) => [columns[index], field]));
    t.match(value, {
      agency: qunfeng,
      name: '群峰乡',
      county: hongjiang,
      countyName: '洪江市',
      year: '2021',
      revision: '1',
      'publishedItems.total': '',
      'decisions.coercion.decided': '',
      'decisions.penalties.decided': '0',
      'fees.administrativeFees.amount': '77.3028',
    });
    await db.destroy();
  });

  t.test('keeps to a year and a division, at any level', async (t) => {
    const db = await openTestStore();
    await importLines(db, ndjson(filingBody(), filingBody({ year: 2022 }), filingBody({ agency: '320813001' })));
    const filed = async (request: { year?: number; division?: string }) =>
      (await exported(db, { format: 'ndjson', ...request }))
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
        .map(({ agency, year }) => `${agency}/${year}`);
    t.same(await filed({ year: 2022 }), [`${qunfeng}/2022`]);
    t.same(await filed({ division: '430000' }), [`${qunfeng}/2021`, `${qunfeng}/2022`]);
    t.same(await filed({ division: hongjiang, year: 2021 }), [`${qunfeng}/2021`]);
    t.same(await filed({ division: '100000' }), ['320813001/2021', `${qunfeng}/2021`, `${qunfeng}/2022`]);
    t.equal(await refusalOf(filed({ division: '999999' })), 'unknown-division');
    await db.destroy();
  });

  t.test(
    'leaves out what counties publish of their own unless it is asked for, and says how many, as a table too',
    async (t) => {
      const db = await openTestStore();
      await importLines(db, ndjson(filingBody(), filingBody({ agency: hongjiang })));
      for (const asked of [
        { format: 'ndjson' },
        { format: 'csv', shape: 'long', headings: 'zh' },
        { format: 'xlsx' },
      ] as const) {
        const { terminal, written } = testTerminal();
        await exportTo(db, clock, terminal, asked);
        t.match(
          written.err,
          /^1 report\(s\) exported.*\n1 report\(s\) that counties publish of their own are left out; --own/,
        );
        await exportTo(db, clock, terminal, { ...asked, own: true });
        t.match(written.err, /\n2 report\(s\) exported\. 已导出 2 份。\n$/);
      }
      t.equal(await refusalOf(exported(db, { format: 'ndjson', shape: 'long' })), 'invalid-parameter');
      await db.destroy();
    },
  );

  t.test('writes to a file when one is named, and says so when it cannot', async (t) => {
    const db = await openTestStore();
    await importLines(db, ndjson(filingBody()));
    const output = join(t.testdir(), 'out.ndjson');
    const { terminal, written } = testTerminal();
    await exportTo(db, clock, terminal, { format: 'ndjson', output });
    t.equal(await readFile(output, 'utf8'), await exported(db));
    t.same([written.out, written.err], ['', '1 report(s) exported. 已导出 1 份。\n']);
    t.equal(
      await refusalOf(exportTo(db, clock, terminal, { format: 'csv', output: join(output, 'x') })),
      'invalid-parameter',
    );
    await db.destroy();
  });

  t.test('takes the format from the name of the file, and leaves the file as it is when it is refused', async (t) => {
    const db = await openTestStore();
    await importLines(db, ndjson(filingBody()));
    const { terminal } = testTerminal();
    const folder = t.testdir();
    for (const [name, start] of [
      ['a.csv', 'agency,'],
      ['b.XLSX', 'PK'],
      ['c.ndjson', '{"agency"'],
      ['d', '{"agency"'],
    ] as const) {
      const output = join(folder, name);
      await exportTo(db, clock, terminal, { output });
      const written = await readFile(output);
      t.equal(written.toString('latin1').slice(0, start.length), start, name);
      t.match((await importLines(db, '', { paths: [output] })).counts, { received: 1, unchanged: 1 }, name);
      for (const wrong of [{ division: '999999' }, { year: 2018 }, { format: 'ndjson', shape: 'long' }] as const) {
        await t.rejects(exportTo(db, clock, terminal, { ...wrong, output }));
        t.same(await readFile(output), written, name);
      }
    }
    await db.destroy();
  });
});

t.test('rollups verify tells each figure that differs, and rebuild mends them', async (t) => {
  const db = await openTestStore();
  const figures = { 'decisions.penalties.decided': 4, 'decisions.coercion.decided': null };
  await importLines(db, ndjson(filingBody({ figures })));
  await runSql(db, 'update rollup set decisions__penalties__decided = 5 where division_id = 1');
  await runSql(db, 'update rollup_blank set reports = 2 where division_id = 1');
  const before = testTerminal();
  t.equal(await printDifferences(db, before.terminal), 2);
  t.match(
    before.written.out,
    '100000 ALL 2021 TOWNSHIP decisions.penalties.decided: kept 5, the reports add up to 4\n',
  );
  t.match(before.written.out, '100000 ALL 2021 TOWNSHIP blank:decisions.coercion.decided: kept 2, ');
  const after = testTerminal();
  await rebuild(db, after.terminal);
  t.equal(await printDifferences(db, after.terminal), 0);
  await db.destroy();
});

t.test('register', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());

  t.test('show prints an agency, a division, or both where they share a code', async (t) => {
    const shown = async (code: string) => {
      const { terminal, written } = testTerminal();
      await showCode(db, clock, terminal, code);
      return JSON.parse(written.out);
    };
    t.match(await shown(`${qunfeng}000`), { agency: { name: '群峰乡', county: { name: '洪江市' } } });
    t.match(await shown(hongjiang), { division: { level: 'COUNTY' }, agency: { kind: 'COUNTY' } });
    t.match(await shown('431200'), { division: { name: '怀化市' }, agency: undefined });
    t.equal(await refusalOf(shown('999')), 'not-found');
  });

  t.test('import changes all or nothing, and stats counts it', async (t) => {
    const stats = async () => {
      const { terminal, written } = testTerminal();
      await printStats(db, clock, terminal);
      return written.out;
    };
    const folder = t.testdir({
      'good.csv': 'action,code,on,name,kind,county\nadd,HJ-EDU,2020-01-01,教育局,DEPARTMENT,431281\n',
      'bad.csv':
        'action,code,on,name,kind,county\nadd,HJ-TAX,2020-01-01,税务局,DEPARTMENT,431281\nclose,NO,2020-01-01,,,\n',
    });
    const { terminal, written } = testTerminal();
    t.equal(await refusalOf(importRegister(db, act, terminal, { file: join(folder, 'bad.csv') })), 'invalid-change');
    await importRegister(db, act, terminal, { file: join(folder, 'good.csv'), dryRun: true });
    t.match(await stats(), /agency DEPARTMENT +0\n/);
    await importRegister(db, act, terminal, { file: join(folder, 'good.csv') });
    t.match(await stats(), /agency DEPARTMENT +1\n/);
    t.match(written.out, /lines +1\n {2}add +1\n/);
  });
});

t.test('sample reports balance, are not all zero, and are the same for the same seed', async (t) => {
  fc.assert(
    fc.property(fc.nat(), fc.constantFrom(...formIds), (seed, form) => {
      const random = seedRandom(seed);
      const previous = sampleContent(random, form, { year: 2021, activity: 1 });
      const content = sampleContent(random, form, { year: 2022, previous, activity: 1 });
      const about = new Set(['FORM-LATE', 'FORM-MIXED']);
      const before = { forms: [form], figures: previous.figures };
      const findings = findFaults(content, 2022, before).filter(({ code }) => !about.has(code));
      const values = Object.values(nameFigures(form, content.figures));
      return findings.length === 0 && values.every((value) => value === null || value >= 0);
    }),
    { numRuns: 500 },
  );
  const drawn = () => sampleContent(seedRandom(5), '2021', { year: 2021, activity: 1 });
  t.same(drawn(), drawn());
  t.ok(Object.values(drawn().figures).some((value) => value !== null && value > 0));
});

t.test('progress is a line now and then where nobody watches, and a bar where somebody does', async (t) => {
  const { terminal, written } = testTerminal();
  let now = 0;
  const lines = showProgress(terminal, 'import', () => now);
  for (; now < 12_000; now += 1000) lines.update(now, 24_000, `${now} received`);
  lines.stop();
  t.equal(written.err, 'import 20% 5000 received\nimport 41% 10000 received\n');

  const watched = testTerminal();
  const stderr = Object.assign(watched.terminal.stderr, {
    isTTY: true,
    cursorTo() {},
    clearLine() {},
    moveCursor() {},
  });
  const bar = showProgress({ ...watched.terminal, stderr }, 'import', () => 0);
  bar.update(1, 2, 'half');
  bar.stop();
  t.match(watched.written.err, /import .*50% half/);
});

t.test('the environment', async (t) => {
  t.test('is frozen, and complete without a variable set', async (t) => {
    const read = readConfig({ PORT: '', PATH: '/bin' });
    t.same(read, {
      config: {
        host: '127.0.0.1',
        port: 3000,
        databaseUrl: 'sqlite:./data/xiangbao.db',
        networkStorage: 'refuse',
        publicReading: 'accepted',
        logLevel: 'info',
        bodyLimit: 2_097_152,
        sampleData: false,
        stopWithinMs: 10_000,
        limits: {
          connections: 1000,
          inFlight: 400,
          waitingWrites: 300,
          loopDelayMs: 500,
          settlingMs: 10_000,
          requestsPerMinute: 3000,
          costPerMinute: 20_000,
          wrongTokensPerMinute: 5,
        },
        readerThreads: 1,
        auditDigest: 'sha256',
        trustProxy: '',
        corsOrigins: [],
        rollupCheckHours: 24,
        keepDocuments: 'keep',
        keptAnswersMib: 64,
        webhookNetworks: [],
      },
    });
    t.ok('config' in read && Object.isFrozen(read.config));
  });

  t.test('has its lists read entry by entry', async (t) => {
    const read = readConfig({
      TRUST_PROXY: 'loopback, 10.0.0.0/8,::1',
      CORS_ORIGINS: 'https://example.org,http://localhost:8080',
    });
    t.match(read, {
      config: {
        trustProxy: 'loopback,10.0.0.0/8,::1',
        corsOrigins: ['https://example.org', 'http://localhost:8080'],
      },
    });
    for (const TRUST_PROXY of ['true', '*', '10.0.0.0/0', '10.0.0.0/33', '10.0.0', 'loopback/8', '::1/129']) {
      t.ok('faults' in readConfig({ TRUST_PROXY }), TRUST_PROXY);
    }
    for (const CORS_ORIGINS of ['*', 'example.org', 'https://example.org/', 'https://a.org/x', 'null', 'ftp://a.org']) {
      t.ok('faults' in readConfig({ CORS_ORIGINS }), CORS_ORIGINS);
    }
  });

  t.test('has every fault told at once', async (t) => {
    const wrong = {
      HOST: 'a b',
      PORT: '65536',
      DATABASE_URL: 'postgres://x',
      ALLOW_NETWORK_STORAGE: 'perhaps',
      LOG_LEVEL: 'loud',
      BODY_LIMIT: '1e6',
      SAMPLE_DATA: 'yes',
      STOP_WITHIN_MS: '-1',
      CONNECTION_LIMIT: '0',
      IN_FLIGHT_LIMIT: '1',
      WRITE_QUEUE_LIMIT: '0',
      LOOP_DELAY_LIMIT_MS: '0.5',
      RATE_LIMIT: 'none',
      COST_LIMIT: '20 s',
      READER_THREADS: 'many',
      TRUST_PROXY: 'all',
      CORS_ORIGINS: '*',
      ROLLUP_CHECK_HOURS: 'daily',
      AUDIT_DIGEST: 'md5',
    };
    const read = readConfig(wrong);
    t.ok('faults' in read);
    if (!('faults' in read)) return;
    t.same(read.faults.map((fault) => fault.split(' ')[0]).sort(), Object.keys(wrong).sort());
    t.match(read.faults.join('\n'), /^PORT must be a port 端口号, 0 to 65535: "65536"$/m);
  });
});

t.test('a failure is told in a line, with its faults, and a stack only when debugging', async (t) => {
  const { terminal, written } = testTerminal();
  const message = { zh: '坏', en: 'bad' };
  const problem = new Problem(
    'invalid-change',
    { zh: '否。', en: 'No.' },
    {
      errors: [{ code: 'X', severity: 'error', pointer: '/a', message }],
    },
  );
  t.equal(tellFailure(terminal, problem, {}), refused);
  t.equal(written.err, 'xiangbao: No. 否。\n  X /a bad 坏\n');
  t.equal(tellFailure(terminal, new Error('gone'), { LOG_LEVEL: 'debug' }), impossible);
  t.match(written.err, /xiangbao: gone\nError: gone\n {4}at /);
});

t.test('the program ends with 0, 1 or 2, and never with a stack for what the caller did', async (t) => {
  const folder = t.testdir({ 'bad.json': '{', 'good.json': JSON.stringify(filingBody()) });
  const main = compileProgram(join(folder, 'compiled'));
  const run = (args: readonly string[], env: Record<string, string> = {}) =>
    runProgram(main, args, { DATABASE_URL: `sqlite:${join(folder, 'x.db')}`, ...env });
  const help = await run(['--help']);
  t.equal(help.code, 0);
  for (const command of [
    'serve',
    'demo',
    'migrate',
    'import',
    'export',
    'rollups',
    'backup',
    'restore',
    'check',
    'register',
  ]) {
    t.match(help.out, new RegExp(`^ {2}${command}\\b`, 'm'));
  }
  const ends = [
    { args: ['import', '--help'], code: 0, out: /--rejects <file>/ },
    { args: ['import', join(folder, 'good.json')], code: 0, out: /created +1\n/ },
    { args: ['import', join(folder, 'bad.json')], code: 1, out: /rejected +1\n/ },
    { args: ['import', join(folder, 'none.json')], code: 2, err: /^xiangbao: .*cannot be read/ },
    { args: ['export', '--year', 'last'], code: 2, err: /four digits/ },
    { args: ['rollups', 'verify'], code: 0, out: /Every rollup/ },
    { args: ['serve'], env: { PORT: 'x', LOG_LEVEL: 'loud' }, code: 1, err: /PORT[^\n]*\nLOG_LEVEL/ },
    { args: ['migrate'], env: { DATABASE_URL: `sqlite:${folder}` }, code: 1, err: /^xiangbao: / },
  ];
  for (const { args, env, ...expected } of ends) {
    const ended = await run(args, env);
    t.match(ended, expected, args.join(' '));
    t.notMatch(ended.err, /\n {4}at /);
  }
});
