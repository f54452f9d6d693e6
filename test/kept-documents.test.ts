/** The document that a report was filed from is kept as it came, once, for those whose token reads the place, as long as the report is there. */
import { hash } from 'node:crypto';
import { join } from 'node:path';
import t from 'tap';
import { buildApp } from '../src/app.js';
import { reportTitle } from '../src/document/print/sheet.js';
import { readDocumentSafely, stopReaders } from '../src/document/read/read-in-child.js';
import { figuresFrom } from '../src/form/figures.js';
import { formOf } from '../src/form/forms.js';
import { checkStore } from '../src/report/integrity.js';
import { copyPages } from '../src/store/engine/backup.js';
import { openStore } from '../src/store/engine/open.js';
import {
  bearer,
  clock,
  openTestApp,
  printedSheet,
  qunfeng,
  runSql,
  scratch,
  signIn,
  tokenFor,
  townshipsOf,
  writeDocx,
  writeHtml,
} from './builders.js';
import { printReport } from './document-layouts.js';
import { printPdf } from './pdf-printer.js';
import { zip } from './zip.js';

t.teardown(stopReaders);
t.before(async () => {
  // The first reader takes its time to start when TypeScript is compiled on the way.
  const patient = { milliseconds: 60_000, megabytes: 384, children: 2 };
  await readDocumentSafely(Buffer.from(writeHtml(sheetWith(0))), { mediaType: 'text/html' }, patient);
});

const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const [report, query] = [`/v1/reports/${qunfeng}/2021`, `?agency=${qunfeng}&year=2021`];
const stranger = { authorization: '' };

/** A sheet without applications, with so many licences. */
function sheetWith(licences: number) {
  const { cells } = formOf('2021');
  const figures = figuresFrom(
    Object.fromEntries(cells.map(({ key }) => [key, key === 'decisions.licenses.decided' ? licences : 0])),
  );
  return printedSheet({ figures, title: reportTitle('洪江市群峰乡', 2021) });
}

type App = Awaited<ReturnType<typeof openTestApp>>['app'];

const filed = (app: App, payload: Buffer, type: string, headers: Record<string, string> = {}) =>
  app.inject({ method: 'POST', url: `/v1/reports${query}`, headers: { 'content-type': type, ...headers }, payload });

async function documentsIn(db: Parameters<typeof runSql>[0]): Promise<number> {
  const [row] = await runSql<{ count: number }>(db, 'select count(*) as count from document');
  return row?.count ?? -1;
}

async function damageIn(db: Parameters<typeof checkStore>[0]): Promise<string[]> {
  const found: string[] = [];
  await checkStore(db, { onDifference: ({ part, what }) => found.push(`${part}: ${what}`), onProgress: () => {} });
  return found;
}

t.test('a document comes back as it was sent, to be saved and run nowhere, named by its hash', async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  const sent = Buffer.from(await writeDocx(sheetWith(23)));
  t.equal((await filed(app, sent, docx)).statusCode, 201);
  const digest = hash('sha256', sent);
  for (const url of [`${report}/document`, `${report}/revisions/1/document`]) {
    const answer = await app.inject(url);
    t.equal(answer.statusCode, 200);
    t.ok(answer.rawPayload.equals(sent), url);
    t.match(answer.headers, {
      'content-type': docx,
      etag: `"${digest}"`,
      'repr-digest': `sha-256=:${Buffer.from(digest, 'hex').toString('base64')}:`,
      'content-disposition': /^attachment; filename="431281207-2021.*\.docx"/,
      'content-security-policy': /^sandbox/,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    const same = await app.inject({ url, headers: { 'if-none-match': `"${digest}"` } });
    t.same([same.statusCode, same.payload], [304, '']);
  }
  t.same(await damageIn(db), []);
});

t.test('each figure is found again in the document: its words, its table, its row and its column', async (t) => {
  const { app, close } = await openTestApp();
  t.teardown(close);
  await filed(app, Buffer.from(await writeDocx(sheetWith(23))), docx);
  const { items, sha256, mediaType } = (await app.inject(`${report}/document/places`)).json();
  t.same([items.length, mediaType, sha256.length], [200, docx, 64]);
  const box = items.find((item: { cell: string }) => item.cell === 'decisions.licenses.decided');
  t.match(box, { value: 23, text: '23', note: null, label: { zh: /行政许可/ } });
  t.ok(box.table >= 1 && box.row >= 1 && box.column >= 1);
  t.equal(box.page, null, 'a Word file has no pages of its own');
  const rows = items.filter((item: { cell: string }) => item.cell.startsWith('appeals.'));
  t.equal(new Set(rows.map((item: { row: number }) => item.row)).size, 1, 'the boxes of table four are one row');
  t.same((await app.inject(`${report}/revisions/1/document/places`)).json().items, items);
});

t.test('each figure of a PDF names its page', async (t) => {
  const { app, close } = await openTestApp();
  t.teardown(close);
  const figures = Object.fromEntries(formOf('2021').cells.map(({ key }) => [key, 0]));
  const pdf = printPdf(printReport({ form: '2021', figures }, 2021));
  await filed(app, pdf, 'application/pdf', { prefer: 'handling=lenient' });
  const { items } = (await app.inject(`${report}/document/places`)).json();
  const pages = new Set(items.map((item: { page: number }) => item.page));
  t.ok(items.length === 200 && pages.size > 1);
  t.ok([...pages].every((page) => Number.isInteger(page)));
  t.equal(items[0].page, 1);
});

t.test('a document is for those alone whose token reads the place, also when its report is public', async (t) => {
  const none = (await townshipsOf('431281')).find((code) => code !== qunfeng);
  for (const publicReading of ['filed', 'accepted', 'none'] as const) {
    const { app, db, close } = await openTestApp({ publicReading });
    t.teardown(close);
    await filed(app, Buffer.from(writeHtml(sheetWith(1))), 'text/html');
    const review = {
      method: 'POST',
      url: `${report}/reviews`,
      payload: { decision: 'ACCEPTED', revision: 1 },
    } as const;
    t.equal((await app.inject(review)).statusCode, 200);
    const elsewhere = bearer(await tokenFor(db, { scope: 'read', division: '320813' }));
    const here = bearer(await tokenFor(db, { scope: 'read', agency: qunfeng }));
    for (const path of ['/document', '/document/places', '/revisions/1/document', '/revisions/1/document/places']) {
      const statusFor = async (headers: Record<string, string>, of = qunfeng) =>
        (await app.inject({ url: `/v1/reports/${of}/2021${path}`, headers })).statusCode;
      t.same([await statusFor(stranger), await statusFor(elsewhere), await statusFor(here)], [401, 403, 200], path);
      t.same(
        [await statusFor(stranger, none), await statusFor(elsewhere, none)],
        [401, 403],
        'alike where there is none',
      );
    }
  }
});

t.test('each revision has its own document, a document is kept once, and none is kept of JSON', async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  const [first, second] = [Buffer.from(writeHtml(sheetWith(1))), Buffer.from(writeHtml(sheetWith(2)))];
  t.equal((await filed(app, first, 'text/html')).statusCode, 201);
  const revise = (payload: Buffer) =>
    app.inject({
      method: 'PUT',
      url: `${report}?reason=x`,
      headers: { 'content-type': 'text/html', 'if-match': '*' },
      payload,
    });
  t.equal((await revise(second)).statusCode, 200);
  t.equal((await revise(first)).statusCode, 200);
  t.equal(await documentsIn(db), 2, 'the third revision is of the document of the first');
  const documentOf = async (number: number) =>
    (await app.inject(`${report}/revisions/${number}/document`)).rawPayload.toString();
  t.same([await documentOf(1), await documentOf(2), await documentOf(3)], [first, second, first].map(String));
  const json = { ...(await app.inject(report)).json(), reason: 'JSON' };
  const { agency: _, ...body } = { agency: qunfeng, year: 2021, figures: json.figures, reason: 'JSON' };
  body.figures.decisions.licenses.decided = 7;
  const byJson = await app.inject({ method: 'PUT', url: report, headers: { 'if-match': '*' }, payload: body });
  t.equal(byJson.statusCode, 200);
  t.equal((await app.inject(`${report}/document`)).statusCode, 404);
  t.equal((await app.inject(`${report}/revisions/3/document`)).statusCode, 200);
  t.equal((await filed(app, second, 'text/html', { prefer: 'x' })).statusCode, 409);
  t.same(await damageIn(db), []);
});

t.test('documents go when the report is withdrawn; nothing of a dry run is kept', async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  const payload = Buffer.from(writeHtml(sheetWith(1)));
  const headers = { 'content-type': 'text/html' };
  await app.inject({ method: 'POST', url: `/v1/reports${query}&dryRun=true`, headers, payload });
  t.equal(await documentsIn(db), 0);
  await filed(app, payload, 'text/html');
  t.equal(await documentsIn(db), 1);
  const withdrawn = await app.inject({ method: 'DELETE', url: `${report}?reason=x`, headers: { 'if-match': '*' } });
  t.equal(withdrawn.statusCode, 204);
  t.equal(await documentsIn(db), 0);
  t.equal((await app.inject(`${report}/revisions/1/document`)).statusCode, 404);
  t.same(await damageIn(db), []);
});

t.test('a refused document is kept with its trace, and goes with it', async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  const sound = writeHtml(sheetWith(1));
  const unread = Buffer.from(sound.replace('>1</td>', '>一二三</td>'));
  t.equal((await filed(app, unread, 'text/html')).statusCode, 422);
  const list = async () => (await app.inject('/v1/divisions/431281/refusals?year=2021')).json().items;
  const [{ document }] = await list();
  t.match(document, /^\/v1\/divisions\/431281\/refusals\/\d+\/document\?year=2021$/);
  const answer = await app.inject(document);
  t.ok(answer.rawPayload.equals(unread));
  t.match(answer.headers, { 'content-type': /^text\/html/, 'content-disposition': /^attachment/ });
  const reader = bearer(await tokenFor(db, { scope: 'read', division: '431281' }));
  const elsewhere = bearer(await tokenFor(db, { scope: 'file', division: '320813' }));
  const statusOf = async (headers: Record<string, string>) => (await app.inject({ url: document, headers })).statusCode;
  t.same([await statusOf(stranger), await statusOf(reader), await statusOf(elsewhere)], [401, 403, 403]);
  t.equal((await app.inject('/v1/divisions/431281/refusals/999/document?year=2021')).statusCode, 404);
  const garbage = Buffer.from('{\\rtf1 not a report}');
  t.equal((await filed(app, garbage, 'text/plain')).statusCode, 415);
  t.same(await damageIn(db), []);
  t.equal((await filed(app, Buffer.from(sound), 'text/html')).statusCode, 201);
  t.same([await list(), (await app.inject(document)).statusCode], [[], 404]);
  t.equal(await documentsIn(db), 1, 'what was filed is kept, what was refused is gone');
});

t.test('documents of a zip are kept with the reports they make', async (t) => {
  const { app, close } = await openTestApp();
  t.teardown(close);
  const page = writeHtml(sheetWith(5));
  const payload = zip({ [`${qunfeng}-2021.html`]: page });
  const headers = { 'content-type': 'application/zip' };
  const imported = await app.inject({ method: 'POST', url: '/v1/imports', headers, payload });
  t.match(imported.json().items, [{ outcome: 'created' }]);
  t.equal((await app.inject(`${report}/document`)).payload, page);
});

t.test('a copy of the store has its documents, damage to one is found, and a setting keeps none', async (t) => {
  const folder = scratch(t);
  const url = `sqlite:${join(folder, 'live.db')}`;
  const { app, close } = await openTestApp({ url });
  await filed(app, Buffer.from(writeHtml(sheetWith(1))), 'text/html');
  const path = join(folder, 'copy.db');
  await close();
  await copyPages(join(folder, 'live.db'), path, () => {});
  const copy = await openStore(`sqlite:${path}`);
  t.teardown(() => copy.destroy());
  t.equal(await documentsIn(copy), 1);
  t.same(await damageIn(copy), []);
  await runSql(copy, 'drop trigger document_is_immutable');
  await runSql(copy, "update document set content = x'00'");
  t.match(await damageIn(copy), [/^schema/, /^documents: the document [0-9a-f]{64} is not as it came$/]);
});

t.test('where documents are not kept, a report is filed from one all the same', async (t) => {
  const url = `sqlite:${join(scratch(t), 'without.db')}`;
  const first = await openTestApp({ url });
  await first.close();
  const db = await openStore(url, { documents: 'drop' });
  const app = await buildApp({ db, clock, logger: false });
  signIn(app, first.token);
  t.teardown(async () => {
    await app.close();
    await db.destroy();
  });
  t.equal((await filed(app, Buffer.from('{\\rtf1}'), 'text/html')).statusCode, 415);
  t.equal((await filed(app, Buffer.from(writeHtml(sheetWith(1))), 'text/html')).statusCode, 201);
  t.same([await documentsIn(db), (await app.inject(`${report}/document`)).statusCode], [0, 404]);
});
