import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import type { LightMyRequestResponse } from 'fastify';
import { openXlsx, saveXlsx } from 'hucre/xlsx';
import t, { type Test } from 'tap';
import { problemSchema } from '../src/api/rest/body/problem-bodies.js';
import { filedSchema, readingSchema } from '../src/api/rest/body/reading-bodies.js';
import { readFileAloud } from '../src/command/read.js';
import { reportTitle, type Sheet } from '../src/document/print/sheet.js';
import { writeXlsx } from '../src/document/print/xlsx.js';
import { readDocument } from '../src/document/read/read-document.js';
import { figuresFrom, type NamedFigures, printFigures } from '../src/form/figures.js';
import { cellOf, type FormId, formOf } from '../src/form/forms.js';
import { findDivision } from '../src/register/codes.js';
import { inTransaction } from '../src/store/engine/commit.js';
import { insertAgency } from '../src/store/register/agencies.js';
import {
  balancedFigures,
  clock,
  filingBody,
  hongjiang,
  nameFigures,
  openTestApp,
  qunfeng,
  today,
  writeDocx,
  writeHtml,
  zeroFigures,
} from './builders.js';
import { printReport } from './document-layouts.js';
import { printPdf } from './pdf-printer.js';
import { exampleFiling, qunfengTexts } from './samples.js';

const types = {
  txt: 'text/plain',
  html: 'text/html',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;

/** An app with the calls that documents need. */
async function openClient(t: Test) {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  const send = (
    method: 'POST' | 'PUT',
    url: string,
    body: string | Uint8Array,
    type: string,
    headers: Record<string, string> = {},
  ) => app.inject({ method, url, headers: { 'content-type': type, ...headers }, payload: Buffer.from(body) });
  const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers });
  return { app, db, send, get };
}

/** A report as the sheet of some agency, all zeros unless told otherwise. */
function sheet(
  overrides: Partial<Omit<Sheet, 'figures'>> & { readonly agency?: string; readonly figures?: NamedFigures } = {},
): Sheet {
  const { agency = '洪江市群峰乡', year = 2021, form = '2021', figures = {}, ...rest } = overrides;
  return {
    form,
    figures: figuresFrom({ ...zeroFigures(form), ...figures }),
    title: reportTitle(agency, year),
    year,
    subtitle: [],
    narrative: null,
    findings: [],
    coverage: null,
    sample: false,
    ...rest,
  };
}

/** What a filing nests, of figures by cell address. */
const nestedFigures = (form: FormId, figures: NamedFigures) => printFigures(formOf(form).cells, figuresFrom(figures));

/** A page in which one box holds something else than a number. */
const pageWith = (cell: string, words: string) =>
  writeHtml(sheet()).replace(`data-cell="${cell}">0<`, `data-cell="${cell}">${words}<`);

/** The bytes of a text in GB18030, by turning the decoder's table of two-byte characters round; a space for what has four bytes. */
function encodeGb18030(text: string): Buffer {
  const decoder = new TextDecoder('gb18030');
  const bytes = new Map<string, readonly number[]>();
  for (let lead = 0x81; lead < 0xff; lead++) {
    for (let trail = 0x40; trail < 0xff; trail++) {
      if (trail !== 0x7f) bytes.set(decoder.decode(Uint8Array.of(lead, trail)), [lead, trail]);
    }
  }
  return Buffer.from([...text].flatMap((one) => (one < '\x80' ? [one.charCodeAt(0)] : (bytes.get(one) ?? [0x20]))));
}

/** A form body with files in it. */
function formBody(files: readonly { readonly name: string; readonly type: string; readonly body: Buffer }[]) {
  const boundary = 'xiangbao-form';
  const parts = files.flatMap(({ name, type, body }) => [
    Buffer.from(
      `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: ${type}\r\n\r\n`,
    ),
    body,
    Buffer.from('\r\n'),
  ]);
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
  };
}

const problemOf = (answer: LightMyRequestResponse, t: Test) => {
  const body = answer.json();
  t.ok(problemSchema.safeParse(body).success, `${answer.statusCode} ${answer.body.slice(0, 300)}`);
  return body;
};

for (const { name, text } of qunfengTexts()) {
  t.test(`a text is filed as it was published: ${name}`, async (t) => {
    const { send, get } = await openClient(t);
    const published = exampleFiling('qunfeng-2021');
    const bytes = Buffer.from(text);

    const read = await send('POST', '/v1/readings', bytes, types.txt);
    t.match(read.json(), { form: '2021', year: 2021, agency: { code: qunfeng }, doubts: [] });
    t.equal((await get(`/v1/reports/${qunfeng}/2021`)).statusCode, 404, 'reading stores nothing');

    const filed = await send('POST', '/v1/reports', bytes, types.txt);
    t.equal(filed.statusCode, 201, filed.body.slice(0, 300));
    const report = filed.json();
    t.same(report.figures, published.figures);
    t.equal(report.figures.decisions.coercion.decided, null, 'the blank stays blank');
    t.equal(report.publishedItems.total, 16);
    t.match(report.publishedItems.categories, [{ count: 8 }, { count: 8 }]);
    t.match(
      report.engagement.find((one: { handled: number }) => one.handled === 9),
      { name: /热线/, replyRate: 1 },
    );
    t.same(report.doubts, []);

    const gb = await send('POST', '/v1/readings', encodeGb18030(text), `${types.txt}; charset=gb18030`);
    t.match(gb.json(), { agency: { code: qunfeng }, year: 2021, doubts: [] }, 'and the same in GB18030');
    t.same(gb.json().figures, published.figures);
    t.same(gb.json().publishedItems, report.publishedItems);
  });
}

t.test('a document is filed as JSON would be, in every format that is read', async (t) => {
  const { send } = await openClient(t);
  const figures = { 'decisions.licenses.decided': 7, 'decisions.coercion.decided': null };
  const expected = nestedFigures('2021', { ...zeroFigures(), ...figures });
  const written = {
    html: Buffer.from(writeHtml(sheet({ figures }))),
    docx: Buffer.from(await writeDocx(sheet({ figures }))),
    xlsx: Buffer.from(await writeXlsx(sheet({ figures }))),
  };
  for (const [format, body] of Object.entries(written)) {
    const answer = await send('POST', '/v1/reports?dryRun=true', body, types[format as keyof typeof written]);
    t.equal(answer.statusCode, 201, `${format} ${answer.body.slice(0, 300)}`);
    t.same(answer.json().figures, expected, format);
    t.ok(filedSchema.safeParse(answer.json()).success);
  }
  const path = `/v1/reports/${qunfeng}/2021`;
  const first = await send('PUT', path, written.html, 'text/html; charset="UTF-8"');
  t.match([first.statusCode, first.headers.location], [201, path]);
  const revised = writeHtml(sheet({ figures: { ...figures, 'decisions.licenses.decided': 8 } }));
  t.equal((await send('POST', '/v1/reports', revised, types.html)).statusCode, 409);
  t.equal((await send('PUT', path, revised, types.html)).statusCode, 428);
  const ifMatch = { 'if-match': String(first.headers.etag) };
  t.match(problemOf(await send('PUT', path, revised, types.html, ifMatch), t), { errors: [{ pointer: '/reason' }] });
  const second = await send('PUT', `${path}?reason=更正`, revised, types.html, ifMatch);
  t.match(second.json(), { outcome: 'revised', revision: 2, reason: '更正' });
  const unbalanced = writeHtml(sheet({ figures: { 'appeals.reconsideration.upheld': 1 } }));
  t.match(problemOf(await send('POST', '/v1/reports?year=2021', unbalanced, types.html), t), {
    type: '/problems/unbalanced-report',
  });
});

t.test('whose a document is comes from the register and is never guessed', async (t) => {
  const { db, send } = await openClient(t);
  const post = (agency: string, query = '', headers = {}) =>
    send('POST', `/v1/reports?dryRun=true${query}`, writeHtml(sheet({ agency })), types.html, headers);

  await t.test('a name with and without its county, its prefecture and its seal is one agency', async (t) => {
    for (const name of [
      '群峰乡',
      '洪江市群峰乡',
      '怀化市洪江市群峰乡',
      '湖南省洪江市群峰乡人民政府',
      '群峰乡人民政府',
    ]) {
      const answer = await post(name);
      t.equal(answer.json().agency, qunfeng, `${name}: ${answer.body.slice(0, 200)}`);
    }
    t.match((await post('洪江市人民政府')).json(), { agency: hongjiang, kind: 'COUNTY' });
  });

  const neighbour = await findDivision(db, '431202', today);
  await inTransaction(db, {}, (trx) =>
    insertAgency(trx, {
      code: '431202299',
      name: '群峰乡',
      kind: 'TOWNSHIP',
      countyId: neighbour?.id ?? 0,
      validFrom: '2019-01-01',
      validTo: null,
    }),
  );

  await t.test('two townships of one name are listed when no county is named', async (t) => {
    const answer = await post('群峰乡');
    t.equal(answer.statusCode, 422);
    t.match(problemOf(answer, t), {
      type: '/problems/ambiguous-agency',
      candidates: [
        { code: '431202299', name: '群峰乡', county: { code: '431202' } },
        { code: qunfeng, name: '群峰乡', county: { code: hongjiang, name: '洪江市' } },
      ],
    });
    const reading = await send('POST', '/v1/readings', writeHtml(sheet({ agency: '群峰乡' })), types.html);
    t.match(reading.json(), { agency: null, candidates: { length: 2 } });
    t.equal((await post('群峰乡', '', { prefer: 'handling=lenient' })).statusCode, 422, 'lenient guesses no more');
  });

  await t.test('the county tells them apart, and so does ?agency=', async (t) => {
    t.equal((await post('洪江市群峰乡')).json().agency, qunfeng);
    t.equal((await post('群峰乡', `&agency=${qunfeng}`)).json().agency, qunfeng);
  });

  await t.test('a name the register lacks is refused, with those of that name elsewhere', async (t) => {
    for (const name of ['峰乡', '大群峰乡', '没有此乡']) {
      t.match(problemOf(await post(name), t), { type: '/problems/invalid-document', errors: [{ pointer: '/agency' }] });
    }
    const elsewhere = await post('平潭县群峰乡');
    t.equal(elsewhere.statusCode, 422);
    t.equal((await post('群峰镇', `&agency=${qunfeng}`)).statusCode, 201, 'who says whose it is need not be found');
    t.equal((await post('群峰乡', '&agency=999999999')).statusCode, 404);
  });

  await t.test("another township's document, or another year's, is refused unless lenient", async (t) => {
    const mismatch = await post('洪江市大崇乡', `&agency=${qunfeng}`);
    t.match(problemOf(mismatch, t), { errors: [{ code: 'MISMATCH', pointer: '/agency' }] });
    t.match(problemOf(await post('洪江市群峰乡', '&year=2022'), t), {
      errors: [{ code: 'MISMATCH', pointer: '/year' }],
    });
    t.equal((await post('洪江市群峰乡', '&year=2022', { prefer: 'handling=lenient' })).json().year, 2022);
  });

  await t.test('a document without a year needs one', async (t) => {
    const page = writeHtml(sheet()).replaceAll('2021年', '').replaceAll('2021', '');
    const answer = await send('POST', '/v1/reports?dryRun=true', page, types.html);
    t.match(problemOf(answer, t), { type: '/problems/invalid-document', errors: [{ pointer: '/year' }] });
    t.equal((await send('POST', '/v1/reports?dryRun=true&year=2021', page, types.html)).statusCode, 201);
    t.equal((await send('POST', '/v1/reports', writeHtml(sheet({ year: 2018 })), types.html)).statusCode, 422);
  });
});

t.test('a cell that cannot be read stops a filing, or is blank when lenient', async (t) => {
  const { send } = await openClient(t);
  const cell = 'decisions.licenses.decided';
  const page = pageWith(cell, '若干');
  const answer = await send('POST', '/v1/reports', page, types.html);
  t.equal(answer.statusCode, 422);
  t.match(problemOf(answer, t), {
    type: '/problems/invalid-document',
    errors: [{ pointer: cellOf(cell).pointer, cells: [cell] }],
    doubts: [{ cells: [cell], text: '若干' }],
  });
  const lenient = await send('POST', '/v1/reports', page, types.html, { prefer: 'handling=lenient' });
  t.equal(lenient.statusCode, 201);
  t.equal(lenient.headers['preference-applied'], 'handling=lenient');
  t.equal(lenient.json().figures.decisions.licenses.decided, null);
  t.match(lenient.json().doubts, [{ cells: [cell] }]);
  t.ok(filedSchema.safeParse(lenient.json()).success);
  const reading = await send('POST', '/v1/readings', page, types.html);
  t.match(reading.json(), { doubts: [{ cells: [cell] }] });
  t.ok(readingSchema.safeParse(reading.json()).success, readingSchema.safeParse(reading.json()).error?.message ?? '');
  for (const seen of ['<img src="23.png">', '<input value="23">', '<object data="23"></object>']) {
    const pictured = await send('POST', '/v1/reports?dryRun=true', pageWith(cell, seen), types.html);
    t.match(problemOf(pictured, t), { status: 422, errors: [{ code: 'unreadable-box', cells: [cell] }] }, seen);
  }
  const noted = await send('POST', '/v1/readings', pageWith(cell, '22（其中修订16件）'), types.html);
  const read = noted.json().cells.find((one: { cell: string }) => one.cell === cell);
  t.match(read, { value: 22, note: /修订16件/, text: '22（其中修订16件）', line: Number });
});

t.test('a reading has the findings that the year before adds', async (t) => {
  const { app, send } = await openClient(t);
  const carriedOut = {
    'applications.newReceived.naturalPerson': 2,
    'applications.newReceived.total': 2,
    'applications.carriedOut.naturalPerson': 2,
    'applications.carriedOut.total': 2,
  };
  const before = await app.inject({
    method: 'POST',
    url: '/v1/reports',
    payload: filingBody({ year: 2021, figures: carriedOut }),
  });
  t.equal(before.statusCode, 201);
  const page = writeHtml(sheet({ year: 2022 }));
  const codes = (await send('POST', '/v1/readings', page, types.html))
    .json()
    .findings.map((one: { code: string }) => one.code);
  t.ok(codes.includes('X-CARRY'), codes.join());
  const other = await send('POST', '/v1/readings?agency=431281208', page, types.html);
  t.notOk(other.json().findings.some((one: { code: string }) => one.code === 'X-CARRY'));
});

t.test('a PDF is filed as it is published, by its type or by the name of the file', async (t) => {
  const { send } = await openClient(t);
  const sample = { form: '2021', figures: zeroFigures('2021') } as const;
  const report = { ...printReport(sample, 2021), title: '洪江市群峰乡2021年政府信息公开工作年度报告' };
  const pdf = printPdf(report);
  const filed = await send('POST', '/v1/reports', pdf, 'application/pdf');
  t.match(filed, { statusCode: 201 }, filed.body);
  t.match(filed.json(), { agency: qunfeng, year: 2021 });
  const form = ['--b', 'content-disposition: form-data; name="file"; filename="年报.PDF"', '', ''].join('\r\n');
  const body = Buffer.concat([Buffer.from(form), pdf, Buffer.from('\r\n--b--\r\n')]);
  const read = await send('POST', '/v1/readings', body, 'multipart/form-data; boundary=b');
  t.match(read, { statusCode: 200 }, read.body);
});

t.test('what is no report, or no document, is refused for what it is', async (t) => {
  const { app, send } = await openClient(t);
  const title = '群峰乡2021年政府信息公开工作年度报告';
  const pictures = `<html><body><h1>${title}</h1><p>一、总体情况</p><p>二、主动公开政府信息情况</p><img src="a.png"><p>三、收到和处理政府信息公开申请情况</p><img src="b.png"></body></html>`;
  for (const url of ['/v1/reports', '/v1/readings', `/v1/reports?agency=${qunfeng}&year=2021`]) {
    const answer = await send('POST', url, pictures, types.html, { prefer: 'handling=lenient' });
    t.equal(answer.statusCode, 422, url);
    t.match(problemOf(answer, t), { type: '/problems/invalid-document', detail: /pictures.*图片/s });
  }
  t.equal((await send('POST', '/v1/reports', '今天天气很好。', types.txt)).statusCode, 422);
  t.equal((await send('POST', '/v1/reports', '', types.txt)).statusCode, 422);
  t.equal((await send('POST', '/v1/reports', 'PK\x03\x04 damaged', types.docx)).statusCode, 422);
  t.equal((await send('POST', '/v1/reports', '%PDF-1.7', types.txt)).statusCode, 422);
  t.equal((await send('POST', '/v1/reports', '%PDF-1.7', 'application/pdf')).statusCode, 422);
  t.equal((await send('POST', '/v1/reports', '{\\rtf1', types.txt)).statusCode, 415);
  t.equal((await send('POST', '/v1/readings', JSON.stringify(filingBody()), 'application/json')).statusCode, 415);
  t.equal((await send('POST', '/v1/agencies', 'x', types.txt)).statusCode, 415, 'other routes take no text');
  const large = await send('POST', '/v1/reports', Buffer.alloc(20_000_001, 0x20), types.txt);
  t.equal(large.statusCode, 413);
  t.equal((await app.inject('/health/live')).statusCode, 200);
});

t.test('a form with one file is a document, and any other form is refused', async (t) => {
  const { send } = await openClient(t);
  const html = Buffer.from(writeHtml(sheet()));
  const docx = Buffer.from(await writeDocx(sheet()));
  const file = (name: string, type: string, body: Buffer) => ({ name, type, body });
  const post = ({ type, body }: ReturnType<typeof formBody>) => send('POST', '/v1/reports?dryRun=true', body, type);
  t.equal((await post(formBody([file('a.html', types.html, html)]))).statusCode, 201);
  t.equal((await post(formBody([file('报告.docx', 'application/octet-stream', docx)]))).statusCode, 201);
  t.equal((await post(formBody([file('a.htm', 'application/octet-stream', html)]))).statusCode, 201);
  t.equal((await post(formBody([file('a.exe', 'application/x-msdownload', html)]))).statusCode, 415);
  const two = formBody([file('a.html', types.html, html), file('b.html', types.html, html)]);
  t.match(problemOf(await post(two), t), { type: '/problems/malformed-body' });
  t.match(problemOf(await post(formBody([])), t), { type: '/problems/malformed-body' });
  const { type, body } = formBody([file('a.html', types.html, html)]);
  t.match(problemOf(await post({ type, body: body.subarray(0, 400) }), t), { type: '/problems/malformed-body' });
  t.equal((await post({ type: 'multipart/form-data', body })).statusCode, 400, 'no boundary');
  const large = formBody([file('a.txt', types.txt, Buffer.alloc(20_000_001, 0x20))]);
  t.equal((await post(large)).statusCode, 413);
  const path = `/v1/reports/${qunfeng}/2021`;
  const put = formBody([file('a.html', types.html, html)]);
  t.equal((await send('PUT', path, put.body, put.type)).statusCode, 201);
});

t.test('a report is given back in every representation', async (t) => {
  const { app, get } = await openClient(t);
  const [figures = {}] = fc.sample(balancedFigures(formOf('2021')), { numRuns: 1, seed: 7 });
  const whole = { ...zeroFigures(), ...figures };
  const body = filingBody({ figures: whole, narrative: { overview: '总体情况<b>良好</b>。' } });
  t.equal((await app.inject({ method: 'POST', url: '/v1/reports', payload: body })).statusCode, 201);
  const path = `/v1/reports/${qunfeng}/2021`;
  const json = await get(path);

  await t.test('each is a valid file of its kind with the same cells', async (t) => {
    for (const format of ['html', 'docx', 'xlsx'] as const) {
      const byName = await get(`${path}.${format}`);
      const byType = await get(path, { accept: types[format] });
      for (const answer of [byName, byType]) {
        t.equal(answer.statusCode, 200);
        t.equal(String(answer.headers['content-type']).split(';')[0], types[format]);
        const reading = await readDocument(answer.rawPayload, { mediaType: types[format] });
        t.same(nameFigures('2021', reading.figures), whole, format);
        t.match(reading, { form: '2021', year: 2021, agencyName: '洪江市群峰乡' });
      }
    }
    const rows: Record<string, string>[] = parse((await get(`${path}.csv`)).body, { columns: true });
    for (const cell of formOf('2021').cells) {
      const printed = nestedFigures('2021', whole)[cell.table]?.[cell.row]?.[cell.column];
      t.equal(rows.find((row) => row.address === cell.key)?.value, String(printed ?? ''), cell.key);
    }
    t.same((await get(`${path}.json`)).json(), json.json());
  });

  await t.test('it is saved under a name that people know', async (t) => {
    const { headers } = await get(`${path}.docx`);
    const encoded = encodeURIComponent('洪江市群峰乡2021年政府信息公开工作年度报告.docx');
    t.equal(headers['content-disposition'], `attachment; filename="${qunfeng}-2021.docx"; filename*=UTF-8''${encoded}`);
    t.match((await get(`${path}.html`)).headers['content-disposition'], /^inline; /);
  });

  await t.test('the Accept header decides by its weights', async (t) => {
    const typeFor = async (accept: string) => {
      const { statusCode, headers } = await get(path, { accept });
      // A refusal follows the language too.
      t.equal(
        headers.vary,
        statusCode === 200 ? 'Accept, Authorization, Accept-Encoding' : 'Accept, Accept-Language',
        accept,
      );
      return statusCode === 200 ? String(headers['content-type']).split(';')[0] : statusCode;
    };
    for (const [accept, expected] of [
      ['*/*', 'application/json'],
      ['', 'application/json'],
      ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'text/html'],
      ['text/html;q=0.4, text/csv;q=0.5', 'text/csv'],
      ['text/*', 'text/html'],
      ['text/*;q=0.2, text/csv;q=0.1, application/*;q=0', 'text/html'],
      ['application/json;q=0, */*;q=0.1', 'text/html'],
      ['Text/CSV; header=present; Q=1.0', 'text/csv'],
      ['application/pdf', 'application/pdf'],
      ['application/rtf', 406],
      ['*/*;q=0', 406],
    ] as const) {
      t.equal(await typeFor(accept), expected, accept);
    }
    t.match(problemOf(await get(path, { accept: 'image/png' }), t), { available: ['application/json'] });
    t.equal((await get(`${path}.docx`, { accept: 'text/csv' })).statusCode, 200, 'an extension asks for itself');
  });

  await t.test('each has a tag of its own, and who has it is told so', async (t) => {
    const tags = new Set<string>();
    for (const format of ['json', 'html', 'docx', 'xlsx', 'csv', 'pdf']) {
      const etag = String((await get(`${path}.${format}`)).headers.etag);
      tags.add(etag);
      const again = await get(`${path}.${format}`, { 'if-none-match': etag });
      t.same([again.statusCode, again.body], [304, ''], format);
    }
    t.equal(tags.size, 6);
    t.equal((await get(`${path}.html`, { 'if-none-match': String(json.headers.etag) })).statusCode, 200);
  });

  await t.test('what is not there is not found', async (t) => {
    t.match(problemOf(await get(`${path}.rtf`), t), {
      status: 404,
      available: ['json', 'html', 'docx', 'xlsx', 'csv', 'pdf'],
    });
    t.equal((await get(`/v1/reports/${qunfeng}/2020.docx`)).statusCode, 404);
    t.equal((await get(`/v1/reports/${qunfeng}/2018.docx`)).statusCode, 400);
    t.equal((await get('/v1/rollups/999999/2021.docx')).statusCode, 404);
  });
});

t.test('a rollup is printed with whom it includes', async (t) => {
  const { app, get } = await openClient(t);
  const file = (overrides: Parameters<typeof filingBody>[0], headers = {}) =>
    app.inject({ method: 'POST', url: '/v1/reports', payload: filingBody(overrides), headers });
  await file({ agency: qunfeng, figures: { 'decisions.licenses.decided': 3 } });
  const lenient = { prefer: 'handling=lenient' };
  await file({ agency: '431281208', figures: { 'appeals.reconsideration.upheld': 1 } }, lenient);
  const path = `/v1/rollups/${hongjiang}/2021`;
  const page = (await get(`${path}.html`)).body;

  t.match(page, /应报20个，已报2个，未报18个/);
  t.match(page, /汇总范围：乡镇/);
  t.match(page, /铁山乡（431281206）/);
  t.match(page, /class="about"[^>]*>0</, 'the cell that breaks an equation is marked');
  t.match((await get(`${path}.html?kinds=SUBDISTRICT`)).body, /应报0个/);
  for (const format of ['docx', 'xlsx'] as const) {
    const answer = await get(path, { accept: types[format] });
    t.equal(answer.headers.vary, 'Accept, Authorization, Accept-Encoding');
    const { figures } = await readDocument(answer.rawPayload, { mediaType: types[format] });
    t.match(
      nameFigures('2021', figures),
      { 'decisions.licenses.decided': 3, 'appeals.reconsideration.upheld': 1 },
      format,
    );
  }
  t.match((await get(`${path}.docx`)).headers['content-disposition'], /filename="rollup-431281-2021\.docx"/);
  t.match((await get(path)).json(), { coverage: { expected: 20 } });
  t.equal((await get(path, { accept: 'image/png' })).statusCode, 406);

  await t.test('over several forms it is on the one in force, and says so', async (t) => {
    t.notMatch(page, /格式不一/);
    await file({ agency: '431281209', form: '2019', figures: { 'decisions.licenses.decided': 4 } });
    const mixed = (await get(`${path}.html`)).body;
    t.match(mixed, /格式不一.*只有其他格式才有的各格未列出/);
    t.match(mixed, /data-cell="decisions.licenses.decided"[^>]*>7</);
    t.notMatch(mixed, 'applications.otherHandled');
  });

  await t.test('a blank stays blank where nobody reported', async (t) => {
    const empty = (await get('/v1/rollups/320813/2021.html')).body;
    t.match(empty, /data-cell="decisions.licenses.decided"></);
    t.match(empty, /由0份已报送报告相加/);
  });
});

t.test('the blank form is filled in by hand and read back', async (t) => {
  const { send, get } = await openClient(t);
  for (const [year, form] of [
    [2020, '2019'],
    [2023, '2021'],
  ] as const) {
    const blank = await get(`/v1/agencies/${qunfeng}/blank-form/${year}.xlsx`);
    t.equal(blank.statusCode, 200);
    t.match(blank.headers['content-disposition'], /^attachment; filename="431281207-\d{4}-blank\.xlsx"/);
    const workbook = await openXlsx(blank.rawPayload);
    const [page] = workbook.sheets;
    const { cells } = formOf(form);
    t.equal(page?.dataValidations?.length, cells.length, 'every box checks what is typed');
    const [balanced = {}] = fc.sample(balancedFigures(formOf(form)), { numRuns: 1, seed: year });
    const figures: Record<string, number | null> = {};
    for (const [index, cell] of cells.entries()) {
      const typed = balanced[cell.key] ?? null;
      figures[cell.key] = typed;
      const [, column = '', row = ''] = /^([A-Z])(\d+)/.exec(page?.dataValidations?.[index]?.range ?? '') ?? [];
      const line = page?.rows[Number(row) - 1];
      const printed = nestedFigures(form, figures)[cell.table]?.[cell.row]?.[cell.column];
      const at = column.charCodeAt(0) - 65;
      if (line) line[at] = typed === null ? null : Number(printed);
      // Who types into the box of a total types over its formula.
      page?.cells?.delete(`${Number(row) - 1},${at}`);
    }
    const filled = await send('POST', '/v1/reports', await saveXlsx(workbook), types.xlsx);
    t.equal(filled.statusCode, 201, filled.body.slice(0, 400));
    t.match(filled.json(), { agency: qunfeng, year, form, doubts: [] });
    t.same(filled.json().figures, nestedFigures(form, figures));
  }
  t.equal((await get(`/v1/agencies/999999999/blank-form/2023.xlsx`)).statusCode, 404);
  t.equal((await get(`/v1/agencies/${qunfeng}/blank-form/2018.xlsx`)).statusCode, 400);
});

t.test('the command line reads a document with and without a register', async (t) => {
  const { db } = await openClient(t);
  const file = join(t.testdir(), 'report.html');
  writeFileSync(file, pageWith('decisions.licenses.decided', '若干'));
  const read = async (register: typeof db | undefined, format: 'json' | 'table') => {
    const stdout = new PassThrough();
    const unread = await readFileAloud(
      register,
      clock,
      { stdin: new PassThrough(), stdout, stderr: new PassThrough() },
      { file, format },
    );
    stdout.end();
    return { unread, out: await textOf(stdout) };
  };
  const known = await read(db, 'json');
  t.equal(known.unread, 1);
  t.match(JSON.parse(known.out), { agency: { code: qunfeng }, year: 2021, doubts: { length: 1 } });
  t.match(JSON.parse((await read(undefined, 'json')).out), { agency: null, agencyName: '洪江市群峰乡', year: 2021 });
  const table = (await read(db, 'table')).out;
  t.match(table, /agency 机关 +群峰乡 \(431281207, 洪江市\)/);
  t.match(table, /\? {2}行政许可·本年处理决定数量.*“若干”/);
  const silent = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  const missing = { file: `${file}.none`, format: 'json' } as const;
  await t.rejects(readFileAloud(db, clock, silent, missing), /cannot be read/);
});

t.test('the OpenAPI document names every media type', async (t) => {
  const { get } = await openClient(t);
  const { paths } = (await get('/openapi.json')).json();
  const content = paths['/v1/reports'].post.requestBody.content;
  t.match(content, { 'application/json': {}, [types.txt]: {}, [types.docx]: {}, 'multipart/form-data': {} });
  t.notOk(paths['/v1/readings'].post.requestBody.content['application/json']);
  const printed = paths['/v1/reports/{agency}/{year}'].get.responses['200'].content;
  t.match(Object.keys(printed), [
    ...['application/json', 'text/html', types.docx, types.xlsx, 'text/csv', 'application/pdf'],
  ]);
  t.ok(paths['/v1/reports/{agency}/{year}.{extension}'], Object.keys(paths).join(' '));
  t.ok(paths['/v1/agencies/{agency}/blank-form/{year}.{extension}']);
});
