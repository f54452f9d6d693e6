/** Blank forms: what they come with, and that what a clerk fills in, and leaves as it came, is read back as that. */

import { openXlsx, saveXlsx } from 'hucre/xlsx';
import t from 'tap';
import { fillingsOf } from '../src/document/print/blank/blank.js';
import { writeBlankDocx } from '../src/document/print/blank/blank-docx.js';
import { writeBlankForm } from '../src/document/print/blank/blank-form.js';
import { confirmedHeading, factHeadings } from '../src/document/printed-words.js';
import { readDocument } from '../src/document/read/read-document.js';
import { figuresFrom } from '../src/form/figures.js';
import { cellOf, formOf, forms } from '../src/form/forms.js';
import { bearer, filingBody, hongjiang, openTestApp, qunfeng, tokenFor, zeroFigures } from './builders.js';
import { unzip, zip } from './zip.js';

t.setTimeout(120_000);

const form = formOf('2021');
const agency = { code: '431281207', name: '洪江市群峰乡' };
const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const before = figuresFrom({
  ...zeroFigures(),
  'applications.carriedOut.naturalPerson': 3,
  'applications.carriedOut.total': 3,
  'documents.normativeDocuments.inForce': 12,
});
const blank = { agency, year: 2022, form: '2021', before } as const;

type Typed = Readonly<Record<string, string | number>>;

/** A workbook in which something was typed beside headings: into the nth box to the right of each. */
async function typeInto(bytes: Uint8Array, typed: Typed): Promise<Uint8Array> {
  const workbook = await openXlsx(bytes);
  for (const [heading, value] of Object.entries(typed)) {
    const [name, at = '1'] = heading.split('#');
    for (const sheet of workbook.sheets) {
      const row = sheet.rows.findIndex((one) => one[0] === name);
      if (row < 0) continue;
      const starts = (sheet.merges ?? []).filter(({ startRow }) => startRow === row).map(({ startCol }) => startCol);
      const column = starts.sort((one, other) => one - other)[Number(at)] ?? -1;
      const line = sheet.rows[row];
      if (line) line[column] = value;
      sheet.cells?.delete(`${row},${column}`);
    }
  }
  return saveXlsx(workbook);
}

/** A Word document in which something was typed into the boxes after a heading. */
function typeIntoWord(bytes: Uint8Array, typed: Typed): Uint8Array {
  const files = unzip(bytes);
  let body = files.get('word/document.xml') ?? '';
  for (const [heading, value] of Object.entries(typed)) {
    const at = body.indexOf(`>${heading}<`);
    const box = body.indexOf('<w:t xml:space="preserve"', body.indexOf('</w:tc>', at));
    const end = body.indexOf('>', box);
    const isEmpty = body[end - 1] === '/';
    const close = isEmpty ? end + 1 : body.indexOf('</w:t>', box) + '</w:t>'.length;
    body = `${body.slice(0, box)}<w:t>${value}</w:t>${body.slice(close)}`;
  }
  files.set('word/document.xml', body);
  return zip([...files]);
}

const facts: Typed = {
  [factHeadings.publishedOn]: '2023年1月20日',
  [factHeadings.url]: 'https://example.org/2022',
  [factHeadings.total]: 16,
};
const factsRead = {
  source: { url: 'https://example.org/2022', publishedOn: '2023-01-20' },
  publishedItems: { total: 16 },
};

t.test('a form that came with figures and was not confirmed is read as not filled in', async (t) => {
  for (const bytes of [
    await writeBlankForm({ ...blank, filled: 'zero' }),
    await writeBlankDocx({ ...blank, filled: 'zero' }),
  ]) {
    const reading = await readDocument(bytes);
    t.match(reading, { agencyCode: '431281207', year: 2022, form: '2021' });
    t.ok(reading.figures.every((figure) => figure === null));
    const [doubt, ...others] = reading.doubts;
    t.equal(doubt?.code, 'unconfirmed');
    t.ok((doubt?.cells.length ?? 0) > 150, 'it names the boxes, so that nothing is filed');
    t.same(others, []);
  }
});

t.test('once it is confirmed its zeros are zeros, and stocks go on from the year before', async (t) => {
  const filledIn = { ...facts, [confirmedHeading]: '是' };
  for (const bytes of [
    await typeInto(await writeBlankForm({ ...blank, filled: 'zero' }), filledIn),
    typeIntoWord(await writeBlankDocx({ ...blank, filled: 'zero' }), filledIn),
  ]) {
    const reading = await readDocument(bytes);
    t.same(reading.doubts, []);
    t.match(reading, factsRead);
    const expected: Record<string, number> = {
      'applications.carriedIn.naturalPerson': 3,
      'applications.carriedIn.total': 3,
      'documents.normativeDocuments.inForce': 12,
    };
    for (const cell of form.cells) t.equal(reading.figures[cell.at], expected[cell.key] ?? 0, cell.key);
  }
});

t.test('a form without figures is read as blank, and needs no word', async (t) => {
  for (const bytes of [
    await writeBlankForm({ agency, year: 2022, form: '2021' }),
    await writeBlankDocx({ agency, year: 2022, form: '2021' }),
  ]) {
    const reading = await readDocument(bytes);
    t.same(reading.doubts, []);
    t.equal(reading.cells.length, 200);
    t.ok(reading.figures.every((figure) => figure === null));
    t.match(reading, { source: null, publishedItems: null, engagement: null, narrative: { overview: null } });
  }
});

t.test('items, channels, letters and calls are read from their boxes', async (t) => {
  const typed = {
    ...facts,
    [`${factHeadings.category}#1`]: '乡动态',
    [`${factHeadings.category}#2`]: 8,
    [`${factHeadings.channel}#1`]: '政府网站',
    [`${factHeadings.channel}#2`]: 16,
    [`${factHeadings.engagement}#1`]: '12345热线',
    [`${factHeadings.engagement}#2`]: 9,
  };
  const reading = await readDocument(await typeInto(await writeBlankForm({ agency, year: 2022, form: '2021' }), typed));
  t.match(reading, {
    ...factsRead,
    publishedItems: {
      total: 16,
      categories: [{ name: '乡动态', count: 8 }],
      channels: [{ name: '政府网站', count: 16 }],
    },
    engagement: [{ name: '12345热线', handled: 9 }],
    doubts: [],
  });
  const empty = await writeBlankForm({ agency, year: 2022, form: '2021' });
  for (const day of ['年初', '2023-13-01', '2023-02-30', '2023-02-32']) {
    const wrong = await typeInto(empty, { [factHeadings.publishedOn]: day });
    t.match(await readDocument(wrong), { source: null, doubts: [{ code: 'unreadable-box', text: day }] });
  }
  for (const heading of [factHeadings.category, factHeadings.channel, factHeadings.engagement]) {
    const nameless = await readDocument(await typeInto(empty, { [`${heading}#2`]: 15 }));
    t.match(nameless, { publishedItems: null, engagement: null, doubts: [{ code: 'unreadable-box', text: '15' }] });
  }
  const longer = await openXlsx(empty);
  for (const sheet of longer.sheets)
    if (sheet.rows.some(([head]) => head === factHeadings.category)) sheet.rows.push(['', '公告', 9]);
  t.match(
    (await readDocument(await saveXlsx(longer))).doubts,
    [{ code: 'unreadable-box', text: '公告 9' }],
    'a row that a clerk added below the form is not passed over',
  );
});

t.test('only a yes confirms the figures that a form came with', async (t) => {
  const filled = await writeBlankForm({ ...blank, filled: 'zero' });
  const codes = async (said: string) =>
    (await readDocument(await typeInto(filled, { [confirmedHeading]: said }))).doubts.map(({ code }) => code);
  for (const no of ['否', '×', '未核对', '不是', 'No', '0']) t.ok((await codes(no)).includes('unconfirmed'), no);
  for (const yes of ['是', '√', '已核对', '核对无误', 'YES']) t.notOk((await codes(yes)).includes('unconfirmed'), yes);
});

t.test(
  'every total of every form is the sum of its parts, blank where these are, and what follows is of the year before',
  (t) => {
    for (const one of forms) {
      const empty = fillingsOf({ agency, year: 2022, form: one.id });
      const zero = fillingsOf({ agency, year: 2022, form: one.id, filled: 'zero' });
      for (const cell of one.cells) {
        const filling = empty(cell);
        if (filling?.kind === 'total') t.equal(filling.figure, null, cell.key);
        else t.equal(filling, null, cell.key);
        if (cell.column === 'total') t.equal(filling?.kind, 'total', cell.key);
      }
      t.same(zero(cellOf('applications.granted.naturalPerson')), { kind: 'figure', figure: 0 });
      t.equal(
        zero(cellOf('applications.carriedIn.naturalPerson')),
        null,
        'of a year before that is not known nothing is said',
      );
    }
    t.end();
  },
);

t.test(
  'a total that a program did not compute is what its formula gives: the sum of what is filled in, blank where nothing is',
  async (t) => {
    const workbook = await openXlsx(await writeBlankForm({ agency, year: 2022, form: '2021' }));
    const [page] = workbook.sheets;
    const places = new Map(form.cells.map((cell, at) => [cell.key, page?.dataValidations?.[at]?.range ?? '']));
    for (const cell of form.cells.filter(({ table, column }) => table === 'appeals' && column !== 'total')) {
      const [, letter = '', digits = ''] = /^([A-Z])(\d+)/.exec(places.get(cell.key) ?? '') ?? [];
      const line = page?.rows[Number(digits) - 1];
      if (line && cell.row !== 'directLitigation' && cell.key !== 'appeals.reconsideration.pending')
        line[letter.charCodeAt(0) - 65] = 2;
    }
    const reading = await readDocument(await saveXlsx(workbook));
    t.equal(reading.figures[cellOf('appeals.reconsideration.total').at], 6);
    t.equal(reading.figures[cellOf('appeals.litigationAfterReconsideration.total').at], 8);
    t.equal(reading.figures[cellOf('appeals.directLitigation.total').at], null);
    t.match(reading.doubts, [{ code: 'total-computed' }]);
  },
);

t.test('a form goes on from what its reader may see of the year before', async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  const file = async (year: number, figures: Readonly<Record<string, number>>) =>
    app.inject({ method: 'POST', url: '/v1/reports', payload: filingBody({ agency: qunfeng, year, figures }) });
  t.equal(
    (
      await file(2021, {
        'applications.newReceived.total': 3,
        'applications.newReceived.naturalPerson': 3,
        'applications.carriedOut.naturalPerson': 3,
        'applications.carriedOut.total': 3,
      })
    ).statusCode,
    201,
  );
  const url = `/v1/agencies/${qunfeng}/blank-form/2022.docx`;
  const carried = async (headers: Record<string, string>) => {
    const { rawPayload } = await app.inject({ url, headers });
    const { doubts, cells } = await readDocument(rawPayload);
    const box = cells.find(({ cell }) => cell === 'applications.carriedIn.naturalPerson');
    return [box?.text, doubts.map(({ code }) => code)];
  };
  const reader = bearer(await tokenFor(db, { scope: 'read', division: hongjiang }));
  t.same(await carried(reader), ['3', ['unconfirmed']]);
  t.same(await carried({ authorization: '' }), ['', []], 'a stranger is told nothing that was not accepted');
  await app.inject({
    method: 'POST',
    url: `/v1/reports/${qunfeng}/2021/reviews`,
    payload: { decision: 'ACCEPTED', revision: 1 },
  });
  t.same(await carried({ authorization: '' }), ['3', ['unconfirmed']]);
});

t.test('a filled form names its agency by its code and is filed with what it says', async (t) => {
  const { app, close } = await openTestApp();
  t.teardown(close);
  const got = await app.inject(`/v1/agencies/${qunfeng}/blank-form/2022.xlsx?filled=zero`);
  t.match(got.headers['content-disposition'], /^attachment; filename="431281207-2022-blank\.xlsx"/);
  const post = (payload: Uint8Array) =>
    app.inject({
      method: 'POST',
      url: '/v1/reports',
      payload: Buffer.from(payload),
      headers: { 'content-type': xlsxType },
    });
  const untouched = await post(got.rawPayload);
  t.equal(untouched.statusCode, 422);
  t.match(untouched.json(), { type: '/problems/invalid-document', errors: [{ code: 'unconfirmed' }] });
  const typed = {
    ...facts,
    [confirmedHeading]: '是',
    [`${factHeadings.engagement}#1`]: '12345',
    [`${factHeadings.engagement}#2`]: 9,
  };
  const filed = await post(await typeInto(got.rawPayload, typed));
  t.equal(filed.statusCode, 201, filed.body.slice(0, 500));
  t.match(filed.json(), {
    agency: qunfeng,
    year: 2022,
    ...factsRead,
    engagement: [{ name: '12345', handled: 9 }],
    figures: { decisions: { penalties: { decided: 0 } } },
  });
});

t.test('one archive has the form of every agency of a county that is expected to file', async (t) => {
  const { app, close } = await openTestApp();
  t.teardown(close);
  await app.inject({ method: 'PUT', url: `/v1/agencies/431281106/exemptions/2022`, payload: { reason: '新设' } });
  const answer = await app.inject(`/v1/divisions/${hongjiang}/blank-forms/2022.zip?format=docx&filled=zero`);
  t.equal(answer.statusCode, 200);
  const names = [...unzip(answer.rawPayload).keys()];
  t.ok(
    names.some((name) => /^431281207 洪江市群峰乡2022年.*（空白）\.docx$/u.test(name)),
    names.join(' '),
  );
  t.notOk(
    names.some((name) => name.startsWith('431281106')),
    'who is exempt has none',
  );
  const { items } = (await app.inject(`/v1/divisions/${hongjiang}/filings/2022?first=500`)).json();
  t.equal(names.length, items.filter(({ expected }: { expected: boolean }) => expected).length);
  t.equal((await app.inject(`/v1/divisions/${hongjiang}/blank-forms/2022.zip?format=pdf`)).statusCode, 400);
  t.equal((await app.inject('/v1/agencies/431281207/blank-form/2022.pdf')).statusCode, 404);
});
