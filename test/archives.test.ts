/** Zip archives as Word, Excel and imports send them: what two programs could read differently, or was damaged, is refused. */
import fc from 'fast-check';
import t from 'tap';
import './seed.js';
import { reportTitle, type Sheet } from '../src/document/print/sheet.js';
import { writeXlsx } from '../src/document/print/xlsx.js';
import { type DocumentReading, readDocument } from '../src/document/read/read-document.js';
import { readDocumentSafely, stopReaders } from '../src/document/read/read-in-child.js';
import { entryKey, openArchive } from '../src/document/read/source/zip.js';
import { figuresFrom } from '../src/form/figures.js';
import { Problem, toProblem } from '../src/problem.js';
import { isSoundText } from '../src/text.js';
import { openTestApp, printedSheet, qunfeng, townshipsOf, writeDocx, writeHtml, zeroFigures } from './builders.js';
import { zip } from './zip.js';

t.teardown(() => stopReaders());

const wordType = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const sheetType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const officeDocument = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument';

function sheetOf(agency: string, figures = {}): Sheet {
  return printedSheet({ figures: figuresFrom({ ...zeroFigures(), ...figures }), title: reportTitle(agency, 2021) });
}

/** The parts of an archive, unpacked by our own reader one by one. */
async function partsOf(bytes: Uint8Array): Promise<Map<string, Buffer>> {
  const { fromBufferPromise } = await import('yauzl');
  const archive = await fromBufferPromise(Buffer.from(bytes));
  const parts = new Map<string, Buffer>();
  for await (const entry of archive.eachEntry()) {
    const chunks: Buffer[] = [];
    for await (const chunk of await archive.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
    parts.set(entry.fileName, Buffer.concat(chunks));
  }
  return parts;
}

const read = (bytes: Uint8Array, mediaType: string): Promise<DocumentReading | Problem> =>
  readDocument(bytes, { mediaType }).catch(toProblem);

const penaltiesIn = (reading: DocumentReading | Problem) =>
  reading instanceof Problem
    ? reading.kind
    : reading.cells.find(({ cell }) => cell === 'decisions.penalties.decided')?.value;

const paragraphs = async (penalties: number) =>
  await partsOf(await writeDocx(sheetOf('洪江市群峰乡', { 'decisions.penalties.decided': penalties })));

t.test('a byte that changed in any part of a document is found by its check sum', async (t) => {
  const report = sheetOf('洪江市群峰乡', { 'decisions.penalties.decided': 7 });
  for (const [written, type, part] of [
    [await writeDocx(report), wordType, 'word/document.xml'],
    [await writeXlsx(report), sheetType, 'xl/worksheets/sheet1.xml'],
  ] as const) {
    const parts = await partsOf(written);
    const whole = zip(Object.fromEntries(parts));
    t.equal(penaltiesIn(await read(whole, type)), 7, 'stored anew it is read');
    const content = parts.get(part) ?? Buffer.alloc(0);
    const from = whole.indexOf(content);
    t.ok(content.length > 1_000 && from > 0, part);
    await fc.assert(
      fc.asyncProperty(fc.nat(content.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const damaged = Buffer.from(whole);
        damaged[from + at] = (damaged[from + at] ?? 0) ^ change;
        const refused = await read(damaged, type);
        return refused instanceof Problem && refused.kind === 'invalid-document' && /CRC-32/.test(refused.message);
      }),
      { numRuns: 25 },
    );
  }
});

t.test('two entries of one name are refused, by whatever spelling some program opens either', async (t) => {
  const own = [...(await paragraphs(1))];
  const other = (await paragraphs(2)).get('word/document.xml') ?? Buffer.alloc(0);
  for (const name of [
    'word/document.xml',
    'Word/Document.xml',
    './word/document.xml',
    'word/./document.xml',
    'word//document.xml',
    'word\\document.xml',
  ]) {
    for (const entries of [
      [...own, [name, other] as const],
      [[name, other] as const, ...own],
    ]) {
      const refused = await read(zip(entries), wordType);
      t.equal(penaltiesIn(refused), 'invalid-document', name);
    }
  }
  t.equal(penaltiesIn(await read(zip(own), wordType)), 1);
  t.equal(entryKey('./A\\b//C.xml'), 'a/b/c.xml');
});

t.test('an entry whose name leads out of the archive is refused by that name', async (t) => {
  for (const name of ['../x.xml', 'a/../../x.xml', '/etc/x', 'C:\\x.xml', '..\\x.xml']) {
    const refused = await openArchive(zip([[name, 'x']])).catch(toProblem);
    t.match(refused, { kind: 'invalid-document' }, name);
    t.ok(/x/.test((refused as Problem).message));
  }
});

t.test('the part that is read is the one that Office shows, and where it is there twice neither is', async (t) => {
  const own = await paragraphs(1);
  const other = (await paragraphs(2)).get('word/document.xml') ?? Buffer.alloc(0);
  const relations = (...targets: readonly string[]) =>
    `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${targets
      .map((target, at) => `<Relationship Id="r${at}" Type="${officeDocument}" Target="${target}"/>`)
      .join('')}</Relationships>`;
  const typed = (...names: readonly string[]) =>
    `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">${names
      .map((name) => `<Override PartName="/${name}" ContentType="${wordType}.main+xml"/>`)
      .join('')}</Types>`;
  const penalties = async (changes: Readonly<Record<string, string | Buffer>>) =>
    penaltiesIn(await read(zip({ ...Object.fromEntries(own), 'word/other.xml': other, ...changes }), wordType));
  const [one, two] = ['word/document.xml', 'word/other.xml'];
  t.equal(await penalties({}), 1, 'a part that nothing names is not seen');
  t.equal(await penalties({ '_rels/.rels': relations(two), '[Content_Types].xml': typed(two) }), 2, 'what is named is');
  t.equal(await penalties({ '_rels/.rels': relations(`/${two}`), '[Content_Types].xml': typed(two) }), 2);
  for (const [why, changes] of [
    ['two relationships', { '_rels/.rels': relations(one, two) }],
    ['two of one id', { '_rels/.rels': relations(one).replace('</', `<Relationship Id="r0" Type="x" Target="x"/></`) }],
    ['two content types', { '[Content_Types].xml': typed(one, two) }],
    ['one part typed twice', { '[Content_Types].xml': typed(one, one) }],
    ['a type and a relationship that differ', { '_rels/.rels': relations(two), '[Content_Types].xml': typed(one) }],
  ] as const) {
    t.equal(await penalties(changes), 'invalid-document', why);
  }
  const both = { 'word/document.xml': other, 'xl/workbook.xml': '<workbook/>' };
  t.equal(penaltiesIn(await read(zip(both), wordType)), 'invalid-document', 'a document and a workbook');
});

t.test('a workbook takes no more memory or time than one that is full of figures', async (t) => {
  const rels = (id: string, type: string, target: string) =>
    `<Relationships><Relationship Id="${id}" Type="${type}" Target="${target}"/></Relationships>`;
  const book = (rows: string, columns = '') =>
    zip({
      '_rels/.rels': rels('r1', officeDocument, 'xl/workbook.xml'),
      'xl/workbook.xml': '<workbook><sheets><sheet name="表" sheetId="1" r:id="r1"/></sheets></workbook>',
      'xl/_rels/workbook.xml.rels': rels('r1', 'http://x/worksheet', 'worksheets/sheet1.xml'),
      'xl/worksheets/sheet1.xml': `<worksheet>${columns}<sheetData>${rows}</sheetData></worksheet>`,
    });
  const { app, close } = await openTestApp();
  t.teardown(close);
  const send = async (payload: Buffer) =>
    await app.inject({ method: 'POST', url: '/v1/imports', headers: { 'content-type': sheetType }, payload });
  const heading = ['name', 'year', 'documents.regulations.issued'].map((name) => `<c t="str"><v>${name}</v></c>`);
  const top = `<row>${heading.join('')}</row>`;

  // Forty bytes a row, and a thousand fields: sixty megabytes of them took all the memory there was.
  const wide = Array.from({ length: 9_000 }, (_, at) => `<row><c r="ALK${at + 2}"><v>1</v></c></row>`).join('');
  t.match((await send(book(top + wide))).json(), { type: '/problems/body-too-large' });
  t.match((await send(book(top))).json().type ?? 'taken', /taken|malformed-body/, 'what is wide only in part is read');

  // As many hidden ranges as there are columns, and a cell for each of sixty thousand rows.
  const hidden = Array.from({ length: 16_384 }, () => '<col min="900" max="900" hidden="1"/>').join('');
  const rows = Array.from({ length: 60_000 }, () => '<row><c><v>1</v></c></row>').join('');
  const { openWorkbook } = await import('../src/document/read/source/workbook.js');
  const reading = async (columns: string) => {
    const shown: boolean[] = [];
    const before = process.cpuUsage();
    const workbook = await openWorkbook(await openArchive(book(rows, columns)));
    for (const sheet of workbook.sheets) {
      await workbook.read(sheet, { cell: (_row, _column, _text, { hidden }) => void shown.push(hidden === null) });
    }
    const { user, system } = process.cpuUsage(before);
    t.equal(shown.filter((one) => one).length, 60_000);
    return (user + system) / 1e6;
  };
  const least = async (columns: string) =>
    Math.min(await reading(columns), await reading(columns), await reading(columns));
  const [plain, ranges] = [await least(''), await least(`<cols>${hidden}</cols>`)];
  // Compared with every range it would be a thousand million times.
  t.ok(ranges < 3 * plain, `${ranges} s of processor, ${plain} without them`);
});

t.test('a workbook that shows one sheet twice, or names two lists of texts, is refused', async (t) => {
  const parts = await partsOf(await writeXlsx(sheetOf('洪江市群峰乡', { 'decisions.penalties.decided': 3 })));
  const penalties = async (name: string, change: (xml: string) => string) => {
    const changed = change(String(parts.get(name)));
    t.not(changed, String(parts.get(name)), 'something is changed');
    return penaltiesIn(await read(zip({ ...Object.fromEntries(parts), [name]: changed }), sheetType));
  };
  const sheet = /<sheet [^>]*\/>/.exec(String(parts.get('xl/workbook.xml')))?.[0] ?? '';
  const rels = 'xl/_rels/workbook.xml.rels';
  t.equal(penaltiesIn(await read(zip(Object.fromEntries(parts)), sheetType)), 3);
  t.equal(
    await penalties('xl/workbook.xml', (xml) => xml.replace('</sheets>', `${sheet}</sheets>`)),
    'invalid-document',
  );
  const strings = (id: string, target: string) =>
    `<Relationship Id="${id}" Type="http://x/sharedStrings" Target="${target}"/>`;
  t.equal(
    await penalties(rels, (xml) =>
      xml.replace('</Relationships>', `${strings('s1', 'a.xml')}${strings('s2', 'b.xml')}</Relationships>`),
    ),
    'invalid-document',
  );
});

t.test(
  'of a zip of documents all are read, whatever their folders; what systems add is passed over and told',
  async (t) => {
    const { app, close } = await openTestApp();
    t.teardown(close);
    const [first = '', second = '', third = '', fourth = ''] = await townshipsOf('431281');
    const nameOf = async (code: string) => (await app.inject(`/v1/agencies/${code}`)).json().name as string;
    const page = async (code: string) => writeHtml(sheetOf(`洪江市${await nameOf(code)}`));
    // The first reader takes its time to start when TypeScript is compiled on the way.
    const patient = { milliseconds: 60_000, megabytes: 384, children: 2 };
    await readDocumentSafely(Buffer.from(await page(first)), { mediaType: 'text/html' }, patient);
    const post = async (payload: Buffer, query = '') => {
      const headers = { 'content-type': 'application/zip' };
      const answer = await app.inject({ method: 'POST', url: `/v1/imports${query}`, headers, payload });
      return { status: answer.statusCode, body: answer.json() };
    };
    const outcomes = ({ body }: Awaited<ReturnType<typeof post>>) =>
      body.items.map((item: { ref: string; outcome: string; problem?: { detail: string } }) => [
        item.ref,
        item.problem?.detail.match(/leads out|twice|CRC-32/)?.[0] ?? item.outcome,
      ]);
    const mixed = await post(
      zip([
        ['./reports/a.html', await page(first)],
        ['.hidden/b.html', await page(second)],
        ['.c.html', await page(third)],
        ['x\\d.html', await page(fourth)],
        ['reports/', ''],
        ['__MACOSX/reports/._a.html', 'x'],
        ['reports/._a.html', 'x'],
        ['reports/.DS_Store', 'x'],
        ['Thumbs.db', 'x'],
        ['~$a.docx', 'x'],
      ]),
    );
    t.equal(mixed.status, 200);
    t.same(outcomes(mixed), [
      ['./reports/a.html', 'created'],
      ['.hidden/b.html', 'created'],
      ['.c.html', 'created'],
      ['x\\d.html', 'created'],
    ]);
    t.same(mixed.body.passedOver, {
      count: 5,
      names: ['__MACOSX/reports/._a.html', 'reports/._a.html', 'reports/.DS_Store', 'Thumbs.db', '~$a.docx'],
    });

    const whole = await page(first);
    const damaged = zip([['a.html', whole]]);
    damaged[damaged.indexOf(whole.slice(0, 40))] = 0x20;
    t.same(outcomes(await post(damaged, '?dryRun=true')), [['a.html', 'CRC-32']]);
    const strange = await post(
      zip([
        ['../a.html', whole],
        ['/b.html', whole],
        ['C:\\c.html', whole],
        ['d/e.html', whole],
        ['D/./e.html', await page(second)],
      ]),
      '?dryRun=true',
    );
    t.same(outcomes(strange), [
      ['../a.html', 'leads out'],
      ['/b.html', 'leads out'],
      ['C:\\c.html', 'leads out'],
      ['d/e.html', 'twice'],
      ['D/./e.html', 'twice'],
    ]);

    for (const nothing of [zip([]), zip([['x/', '']]), zip([['__MACOSX/._a.docx', 'x']])]) {
      t.match(
        await post(nothing),
        { status: 400, body: { errors: [{ code: 'EMPTY' }] } },
        'nothing is told as nothing',
      );
    }
  },
);

t.test(
  'what no file holds is left out of a document with a doubt, and what shows figures in another order refuses it',
  async (t) => {
    const { app, close } = await openTestApp();
    t.teardown(close);
    const page = writeHtml(sheetOf('洪江市群峰乡', { 'decisions.penalties.decided': 12 }));
    const post = (body: string, headers = {}) =>
      app.inject({
        method: 'POST',
        url: `/v1/reports?agency=${qunfeng}&year=2021&dryRun=true`,
        headers: { 'content-type': 'text/html', ...headers },
        payload: body,
      });
    const inTitle = page.replaceAll('群峰乡', '群峰\ufdd0乡\u2066\u0085');
    const reading = (await read(Buffer.from(inTitle), 'text/html')) as DocumentReading;
    t.match(reading.doubts, [{ code: 'characters-removed' }]);
    t.ok(isSoundText(JSON.stringify(reading)));
    t.equal((await post(inTitle)).statusCode, 201);
    const reversed = page.replace('>12<', '>\u202e12\u202c<');
    t.not(reversed, page);
    const refused = await post(reversed);
    t.match([refused.statusCode, refused.json().type], [422, '/problems/invalid-document']);
    t.match(refused.json().detail, /疑问/);
    t.equal((await post(reversed, { prefer: 'handling=lenient' })).statusCode, 201);
  },
);

t.test('a title that names another body than the request is a doubt, a former or shorter name is none', async (t) => {
  const { app, close } = await openTestApp();
  t.teardown(close);
  const change = { on: '2023-01-01', name: '双溪街道' };
  t.equal(
    (await app.inject({ method: 'POST', url: `/v1/agencies/${qunfeng}/changes`, payload: change })).statusCode,
    200,
  );
  const post = (agency: string, headers = {}, code = qunfeng) =>
    app.inject({
      method: 'POST',
      url: `/v1/reports?agency=${code}&year=2021&dryRun=true`,
      headers: { 'content-type': 'text/html', ...headers },
      payload: writeHtml(sheetOf(agency)),
    });
  for (const another of [
    '青石区枫林乡',
    '枫林乡',
    '枫林街道办事处',
    '平潭县群峰乡',
    '洪江市教育局',
    '安江镇人民政府',
  ]) {
    const answer = await post(another);
    t.equal(answer.statusCode, 422, another);
    t.match(answer.json().errors, [{ code: 'MISMATCH', pointer: '/agency' }], another);
    t.equal((await post(another, { prefer: 'handling=lenient' })).statusCode, 201, `${another}, lenient`);
  }
  for (const same of [
    '洪江市群峰乡',
    '群峰乡',
    '群峰乡人民政府',
    '怀化市洪江市群峰乡人民政府',
    '湖南省怀化市洪江市群峰乡',
    '群峰土家族乡',
    '群峰镇',
    '双溪街道',
    '双溪街道办事处',
    '洪江市双溪镇人民政府',
    '本机关',
    '标题洪江市群峰乡',
    '现将我乡',
  ]) {
    t.equal((await post(same)).statusCode, 201, same);
  }
  for (const [title, status] of [
    ['洪江市人民政府', 201],
    ['洪江市', 201],
    ['洪江市枫林乡', 422],
  ] as const) {
    t.equal((await post(title, {}, '431281')).statusCode, status, `${title} as the county's own`);
  }
});
