/** What older offices and OpenDocument hold is read as it stands: .doc, .xls, .odt, .ods, and WPS's .wps and .et; and no file of theirs does harm. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import './seed.js';
import { writeXlsx } from '../src/document/print/xlsx.js';
import { documentTypes, readDocument } from '../src/document/read/read-document.js';
import { readDocumentSafely, stopReaders } from '../src/document/read/read-in-child.js';
import { addressOf, openWorkbook } from '../src/document/read/source/workbook.js';
import { openArchive } from '../src/document/read/source/zip.js';
import { figuresFrom } from '../src/form/figures.js';
import { type CellKey, type Figures, formOf } from '../src/form/forms.js';
import { toProblem } from '../src/problem.js';
import { packageRoot } from '../src/root.js';
import { printedSheet } from './builders.js';
import {
  type BookCell,
  type BookSheet,
  bookStyles,
  compound,
  compoundPlaces,
  record,
  workbookStream,
} from './compound.js';
import { unzip, zip } from './zip.js';

t.teardown(stopReaders);

const form = formOf('2021');
const numberOf = (index: number) => 100 + index;
/** The figures of the files in `test/documents`: every box has a number of its own. */
const figures = figuresFrom(
  Object.fromEntries(
    form.cells.map((cell, index) => [cell.key, cell.kind === 'amount' ? 40_000 * numberOf(index) : numberOf(index)]),
  ),
);
const bytesOf = (name: string) => readFileSync(join(packageRoot, 'test', 'documents', name));
const placeOf = (key: string) => form.cells.findIndex((cell) => cell.key === key);
const licensed = placeOf('decisions.licenses.decided');
const granted = 'applications.granted.naturalPerson' satisfies CellKey;
const figureOf = (read: { readonly figures: Figures }, key: string) => read.figures[placeOf(key)];
const box = 'decisions.licenses.decided';

t.test('a report that an older office saved is read whole, without what is struck, hidden or deleted', async (t) => {
  for (const name of ['printed.doc', 'printed.odt', 'printed.xls', 'printed.ods']) {
    const reading = await readDocument(bytesOf(name));
    t.same([...reading.figures], [...figures], name);
    t.same([reading.title, reading.year, reading.doubts], ['示例乡2021年政府信息公开工作年度报告', 2021, []], name);
  }
});

t.test('what a file is, its bytes say, whatever its name or its media type', async (t) => {
  for (const mediaType of Object.keys(documentTypes)) {
    for (const name of ['printed.doc', 'printed.ods'])
      t.equal(
        (await readDocument(bytesOf(name), { mediaType })).cells.length,
        form.cells.length,
        `${name} as ${mediaType}`,
      );
  }
  const page = '<html><table><tr><td>x</td></tr></table></html>';
  const read = await readDocument(Buffer.from(page), { mediaType: 'application/msword' }).catch(toProblem);
  t.match(read, { kind: 'invalid-document', detail: { en: /no annual report/ } }, 'a page called .doc is a page');
});

t.test('a refusal names what was sent and lists what is taken', async (t) => {
  const sent = {
    '{\\rtf1 x': 'RTF',
    'Rar!\x1a\x07': 'RAR',
    '7z\xbc\xaf\x27': '7z',
    '\x89PNG\r\n': 'a picture',
    '\xff\xd8\xff\xe0': 'a picture',
    'MIME-Version: 1.0\r\n': 'a web archive',
    '<?xml version="1.0"?>\r\n<?mso-application progid="Word.Document"?>': 'an XML file of Office 2003',
    '\t\x04\x06\0\0\0': 'Excel before 95',
  };
  for (const [first, name] of Object.entries(sent)) {
    const refused = await readDocument(Buffer.from(first.padEnd(200), 'latin1')).catch(toProblem);
    const { zh, en } = 'detail' in refused ? refused.detail : { zh: '', en: '' };
    t.match(en, new RegExp(`This is .*${name}`));
    for (const extension of Object.values(documentTypes))
      t.ok(zh.includes(`.${extension}`) && en.includes(`.${extension}`));
  }
});

t.test('files with a password, and those of before 1997, are refused as such', async (t) => {
  const locked = record(0x2f, Buffer.alloc(6));
  const stream = workbookStream([{ name: 'A', rows: [[{ value: 1 }]] }]);
  const afterBegin = 12;
  const withPassword = Buffer.concat([stream.subarray(0, afterBegin), locked, stream.subarray(afterBegin)]);
  const oldBook = Buffer.from(stream);
  oldBook.writeUInt16LE(0x500, 4);
  const doc = Buffer.from(bytesOf('printed.doc'));
  const head = doc.indexOf(Buffer.from([0xec, 0xa5]));
  const lockedDoc = Buffer.from(doc);
  lockedDoc.writeUInt16LE(doc.readUInt16LE(head + 10) | 0x100, head + 10);
  const oldDoc = Buffer.from(doc);
  oldDoc.writeUInt16LE(0x65, head + 2);
  const odt = unzip(bytesOf('printed.odt'));
  odt.set('META-INF/manifest.xml', '<manifest:manifest><manifest:encryption-data/></manifest:manifest>');
  const refused = {
    'a workbook with a password': [compound({ Workbook: withPassword }), /password/],
    'a file of 2007 with a password': [compound({ EncryptedPackage: Buffer.alloc(10) }), /password/],
    'a document with a password': [lockedDoc, /password/],
    'an OpenDocument file with a password': [zip([...odt]), /password/],
    'a workbook of 1995': [compound({ Workbook: oldBook }), /Excel 95/],
    'a workbook of 1993': [compound({ Book: stream }), /Excel 95/],
    'a document of 1995': [oldDoc, /Word 95/],
    'something else': [compound({ Other: Buffer.alloc(10) }), /no document or workbook/],
  } as const;
  for (const [name, [bytes, detail]] of Object.entries(refused))
    t.match(await readDocument(bytes).catch(toProblem), { kind: 'invalid-document', detail: { en: detail } }, name);
});

/** The sheet that we print, as the rows of an older workbook. */
async function bookOf(of: Figures): Promise<BookSheet & { readonly rows: (BookCell | null)[][] }> {
  const workbook = await openWorkbook(await openArchive(await writeXlsx(printedSheet({ figures: of }))));
  const rows: (BookCell | null)[][] = [];
  const merges: [number, number, number, number][] = [];
  const [sheet] = workbook.sheets;
  if (!sheet) throw new Error('a printed workbook has a sheet');
  await workbook.read(sheet, {
    cell(row, column, text, { type }) {
      for (let at = rows.length; at <= row; at += 1) rows.push([]);
      const cells = rows[row] ?? [];
      for (let at = cells.length; at < column; at += 1) cells.push(null);
      cells[column] = text === '' ? null : { value: type === 'n' ? Number(text) : text };
    },
    merge(ref) {
      const [from, to] = ref.split(':').map(addressOf);
      if (from && to) merges.push([from.row, to.row, from.column, to.column]);
    },
  });
  return { name: '报表', rows, merges };
}

/** The workbook with something else in the box of the licences. */
async function readWith(cell: BookCell, more: Partial<BookSheet> = {}) {
  const book = await bookOf(figures);
  const rows = book.rows.map((cells) => cells.map((one) => (one?.value === numberOf(licensed) ? cell : one)));
  return readDocument(compound({ Workbook: workbookStream([{ ...book, rows, ...more }]) }));
}

t.test('an older workbook reads back to the figures that were written', async (t) => {
  const figure = fc.option(fc.integer({ min: 0, max: 999_999 }), { nil: null });
  await fc.assert(
    fc.asyncProperty(
      fc.array(figure, { minLength: form.cells.length, maxLength: form.cells.length }),
      async (values) => {
        const written = figuresFrom(
          Object.fromEntries(
            form.cells.map(({ key, kind }, index) => [
              key,
              kind === 'amount' ? (values[index] ?? 0) * 100 : (values[index] ?? null),
            ]),
          ),
        );
        const reading = await readDocument(compound({ Workbook: workbookStream([await bookOf(written)]) }));
        t.same([...reading.figures], [...written]);
      },
    ),
    { numRuns: 15 },
  );
});

t.test('what a cell of an older workbook is, is read as of a new one', async (t) => {
  const standing: readonly (readonly [string, BookCell, number | null])[] = [
    ['a text', { value: '23' }, 23],
    ['a text that is struck through at its beginning', { value: { struck: '18', rest: '23' } }, 23],
    ['what a formula gave', { value: 23, formula: true }, 23],
    ['the text that a formula gave', { value: '23', formula: true }, 23],
    ['struck through', { value: 23, style: bookStyles.struck }, null],
    ['shown as nothing', { value: 23, style: bookStyles.unshown }, null],
  ];
  for (const [name, cell, value] of standing) {
    const reading = await readWith(cell);
    t.same([figureOf(reading, box), reading.doubts], [value, []], name);
  }
  const doubted: readonly (readonly [string, BookCell])[] = [
    ['date', { value: 44584, style: bookStyles.date }],
    ['percentage', { value: 0.23, style: bookStyles.percentage }],
    ['scaled', { value: 230_000, style: bookStyles.scaled }],
    ['logical', { value: true }],
    ['error', { value: { error: 7 } }],
  ];
  for (const [name, cell] of doubted) {
    const reading = await readWith(cell);
    t.equal(figureOf(reading, box), null, name);
    t.match(reading.doubts, [{ code: 'unreadable-box', cells: [box], message: { zh: /[A-Z]+\d+ 格内是/ } }], name);
  }
});

t.test('hidden rows, columns and sheets of an older workbook are not there', async (t) => {
  const book = await bookOf(figures);
  const row = book.rows.findIndex((cells) => cells.some((cell) => cell?.value === numberOf(licensed)));
  const hidden = await readWith({ value: 5 }, { hiddenRows: [row] });
  t.equal(figureOf(hidden, box), null);
  t.ok(hidden.doubts.some(({ cells }) => cells.includes(box)));
  const shifted = {
    ...book,
    rows: book.rows.map((cells) => [{ value: 9 }, ...cells]),
    merges: book.merges?.map(([from, to, first, last]) => [from, to, first + 1, last + 1] as const) ?? [],
    hiddenColumns: [0],
  };
  const other = { name: '底稿', state: 1 as const, rows: [[{ value: '九、别的' }]] };
  const veryHidden = { ...book, name: '去年', state: 2 as const };
  const reading = await readDocument(compound({ Workbook: workbookStream([other, shifted, veryHidden]) }));
  t.same([...reading.figures], [...figures], 'a hidden column moves no figure, and a hidden sheet adds none');
});

/** An OpenDocument file with its content changed. */
function changed(name: string, change: (xml: string) => string): Buffer {
  const files = unzip(bytesOf(name));
  const before = files.get('content.xml') ?? '';
  const after = change(before);
  if (after === before) throw new Error(`nothing was changed in ${name}`);
  files.set('content.xml', after);
  return zip([...files]);
}

const style = (name: string, family: string, properties: string) =>
  `<style:style style:name="${name}" style:family="${family}">${properties}</style:style>`;
const withStyle = (xml: string, more: string) =>
  xml.replace('</office:automatic-styles>', `${more}</office:automatic-styles>`);
const ending = '</text:span></text:p>';
const printed = `${numberOf(licensed)}${ending}`;

t.test('characters of an OpenDocument text stand as its styles and its tracked changes say', async (t) => {
  const ofStyle = (properties: string) => ({
    styles: style('X1', 'text', `<style:text-properties ${properties}/>`),
    box: `<text:span text:style-name="X1">9</text:span>${printed}`,
  });
  const cases = {
    'struck through': ofStyle('style:text-line-through-style="solid"'),
    hidden: ofStyle('text:display="none"'),
    'half a point high': ofStyle('fo:font-size="0.5pt"'),
    'of a style that is based on a struck one': {
      styles: `${style('X0', 'text', '<style:text-properties style:text-line-through-style="solid"/>')}<style:style style:name="X1" style:family="text" style:parent-style-name="X0"/>`,
      box: `<text:span text:style-name="X1">9</text:span>${printed}`,
    },
    'a reading guide': {
      styles: '',
      box: `<text:ruby><text:ruby-base></text:ruby-base><text:ruby-text>9</text:ruby-text></text:ruby>${printed}`,
    },
    'a remark': { styles: '', box: `<office:annotation><text:p>9</text:p></office:annotation>${printed}` },
    'a note': {
      styles: '',
      box: `<text:note><text:note-body><text:p>9</text:p></text:note-body></text:note>${printed}`,
    },
    'a hidden section': {
      styles: '',
      box: `${ending}<text:section text:display="none"><text:p>9</text:p></text:section><text:p><text:span>${printed}`,
    },
    'hidden text': {
      styles: '',
      box: `<text:hidden-text text:is-hidden="true" text:string-value="9">9</text:hidden-text>${printed}`,
    },
  };
  for (const [name, { styles, box: content }] of Object.entries(cases)) {
    const reading = await readDocument(
      changed('printed.odt', (xml) => withStyle(xml, styles).replace(printed, content)),
    );
    t.same([reading.figures[licensed], reading.doubts], [numberOf(licensed), []], name);
  }
  const raised = ofStyle('style:text-position="super 58%"');
  const note = await readDocument(
    changed('printed.odt', (xml) =>
      withStyle(xml, raised.styles).replace(
        printed,
        `${numberOf(licensed)}<text:span text:style-name="X1">9</text:span>${ending}`,
      ),
    ),
  );
  t.equal(note.figures[licensed], numberOf(licensed), 'what is raised is a note beside the number');
  const picture = await readDocument(
    changed('printed.odt', (xml) =>
      xml.replace(printed, `<draw:frame><draw:image xlink:href="x"/></draw:frame>${ending}`),
    ),
  );
  t.match(picture.doubts, [{ code: 'unreadable-box', cells: [box] }], 'a picture in a box is a doubt');
  const nested = await readDocument(
    changed('printed.odt', (xml) =>
      xml.replace(
        printed,
        `${ending}<table:table><table:table-row>${'<table:table-cell><text:p>1</text:p></table:table-cell>'.repeat(2)}</table:table-row></table:table><text:p><text:span>${ending}`,
      ),
    ),
  );
  t.match(
    nested.doubts.filter(({ cells }) => cells.includes(box)),
    [{ code: 'unreadable-box' }],
    'so is a table of two boxes',
  );
});

const value = new RegExp(
  `<table:table-cell([^>]*) office:value-type="float" office:value="${numberOf(licensed)}"[^>]*><text:p>[^<]*</text:p>`,
);

t.test('what the cell of an OpenDocument sheet is, is read as of an Excel sheet', async (t) => {
  const readCell = (attributes: string, text: string) =>
    readDocument(
      changed('printed.ods', (xml) => xml.replace(value, `<table:table-cell$1 ${attributes}><text:p>${text}</text:p>`)),
    );
  const doubted = {
    date: ['office:value-type="date" office:date-value="2022-01-23"', '2022-01-23'],
    percentage: ['office:value-type="percentage" office:value="0.23"', '23%'],
    logical: ['office:value-type="boolean" office:boolean-value="true"', 'TRUE'],
    scaled: ['office:value-type="float" office:value="230000"', '23.0'],
    error: ['table:formula="of:=1/0" office:value-type="string" calcext:value-type="error"', '#DIV/0!'],
    uncalculated: ['table:formula="of:=A1"', ''],
  } as const;
  for (const [name, [attributes, text]] of Object.entries(doubted)) {
    const reading = await readCell(attributes, text);
    t.equal(reading.figures[licensed], null, name);
    t.match(reading.doubts, [{ code: 'unreadable-box', cells: [box], message: { zh: /[A-Z]+\d+ 格内是/ } }], name);
  }
  t.equal((await readCell('office:value-type="float" office:value="1234"', '1,234')).figures[licensed], 1234);
  t.equal((await readCell('office:value-type="string"', '23')).figures[licensed], 23);
  const unshown = await readCell('office:value-type="float" office:value="7"', '');
  t.same([unshown.figures[licensed], unshown.doubts], [null, []], 'a number that is shown as nothing');
  t.not(figureOf(unshown, granted), null);
});

t.test(
  'hidden parts of an OpenDocument sheet are not there, and what is repeated is there as often as it is shown',
  async (t) => {
    const row = '<table:table-row';
    const blankRow = (count: number) =>
      `${row} table:number-rows-repeated="${count}"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>`;
    const rest = await readDocument(
      changed('printed.ods', (xml) => xml.replace('</table:table>', `${blankRow(1_048_576)}</table:table>`)),
    );
    t.same([...rest.figures], [...figures], 'a million blank rows cost nothing');
    const hiddenRow = `${row} table:visibility="collapse"><table:table-cell office:value-type="string"><text:p>9</text:p></table:table-cell></table:table-row>`;
    const hidden = await readDocument(
      changed('printed.ods', (xml) => xml.replace(row, `${hiddenRow.repeat(3)}${row}`)),
    );
    t.same([...hidden.figures], [...figures]);
    const sheet = (name: string, more: string) =>
      `<table:table table:name="${name}"${more}><table:table-row><table:table-cell office:value-type="string"><text:p>2019年年度报告</text:p></table:table-cell></table:table-row></table:table>`;
    const gone = style('gone', 'table', '<style:table-properties table:display="false"/>');
    const behind = await readDocument(
      changed('printed.ods', (xml) =>
        withStyle(xml, gone).replace('<table:table ', `${sheet('底稿', ' table:style-name="gone"')}<table:table `),
      ),
    );
    t.same([behind.year, [...behind.figures]], [2021, [...figures]], 'a sheet that is hidden is not there');
  },
);

t.test('hostile files of older offices end as refusals, in time and within their memory', async (t) => {
  const stream = workbookStream([{ name: 'A', rows: [[{ value: 1 }]] }]);
  const sound = compound({ Workbook: stream });
  const damage = (change: (file: Buffer) => void) => {
    const file = Buffer.from(sound);
    change(file);
    return file;
  };
  const directory = compoundPlaces.directory(sound);
  const doc = bytesOf('printed.doc');
  const fill = (record: Buffer, bytes: number) =>
    Buffer.concat(Array.from({ length: Math.ceil(bytes / record.length) }, () => record)).subarray(0, bytes);
  const ods = (rows: string) =>
    changed('printed.ods', (xml) =>
      xml.replace(
        /(<office:spreadsheet[^>]*>).*(?=<\/office:spreadsheet>)/s,
        `$1<table:table table:name="A">${rows}</table:table>`,
      ),
    );
  const full =
    '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="16384"><text:p>1</text:p></table:table-cell>';
  const hostile = {
    'a chain of sectors that comes back': damage((file) => file.writeUInt32LE(2, compoundPlaces.fat + 4 * 3)),
    'a chain of the directory that comes back': damage((file) => file.writeUInt32LE(1, compoundPlaces.fat + 4)),
    'a directory that comes back': damage((file) => file.writeUInt32LE(1, directory + 128 + 68)),
    'a list of tables that comes back': damage((file) => file.writeUInt32LE(0, 68)),
    'sectors of another size': damage((file) => file.writeUInt16LE(31, 30)),
    'a stream beyond the file': damage((file) => file.writeUInt32LE(0xfffff0, directory + 128 + 116)),
    'no more than a head': sound.subarray(0, 512),
    'garbage of 20 MB with a head': Buffer.concat([sound.subarray(0, 512), fill(Buffer.from('garbage'), 19_999_000)]),
    'zeros of 20 MB with a head': Buffer.concat([sound.subarray(0, 512), Buffer.alloc(19_999_000)]),
    'a workbook of 6 MB of sheets': compound({ Workbook: fill(record(0x85, Buffer.alloc(30)), 6_000_000) }),
    'a workbook whose texts say that they are four thousand millions': compound({
      Workbook: Buffer.concat([stream.subarray(0, 12), record(0xfc, Buffer.alloc(8, 0xff)), stream.subarray(12)]),
    }),
    'a document with pieces beyond it': Buffer.from(doc).fill(
      0xff,
      doc.indexOf(Buffer.from([0xec, 0xa5])) + 0x1a2,
      doc.indexOf(Buffer.from([0xec, 0xa5])) + 0x1aa,
    ),
    'a sheet whose rows are full and repeated a million times': ods(
      `<table:table-row table:number-rows-repeated="1048576">${full}</table:table-row>`,
    ),
    'a sheet of full rows, each repeated': ods(
      `<table:table-row table:number-rows-repeated="900">${full}</table:table-row>`.repeat(500),
    ),
    'a sheet whose one cell spans all': ods(
      `<table:table-row><table:table-cell table:number-columns-spanned="16384" table:number-rows-spanned="1048576"/></table:table-row>`.repeat(
        20_000,
      ),
    ),
    'tables within tables': changed('printed.odt', (xml) =>
      xml.replace('<table:table ', `${'<table:table><table:table-row><table:table-cell>'.repeat(2_000)}<table:table `),
    ),
    'half of a document': doc.subarray(0, 20_000),
  };
  const patient = { milliseconds: 60_000, megabytes: 384, children: 1 };
  for (const [name, bytes] of Object.entries(hostile))
    t.match(await readDocumentSafely(bytes, {}, patient).catch(toProblem), { kind: 'invalid-document' }, name);
  t.equal(
    (await readDocumentSafely(doc, {}, patient)).cells.length,
    form.cells.length,
    'and the next document is read',
  );
});

t.test(
  'a damaged byte is a refusal or a reading with no figure that nobody wrote unseen, and never a failure',
  async (t) => {
    const files = ['printed.doc', 'printed.xls'].map(bytesOf);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 20 }),
        async (file, changes) => {
          const damaged = Buffer.from(file);
          // Behind the first bytes, which say what it is.
          for (const [at, byte] of changes) damaged[8 + (at % (damaged.length - 8))] = byte;
          const answer = await readDocument(damaged).catch(toProblem);
          if ('kind' in answer) t.equal(answer.kind, 'invalid-document');
        },
      ),
      { numRuns: 80 },
    );
  },
);
