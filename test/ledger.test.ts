/** A county's ledger: a row an agency, the totals and what the county published itself below, to each reader, in each file. */

import { parse } from 'csv-parse/sync';
import type { FastifyInstance } from 'fastify';
import { openXlsx } from 'hucre/xlsx';
import t from 'tap';
import { readWord } from '../src/document/read/source/word.js';
import { openArchive } from '../src/document/read/source/zip.js';
import { bearer, filingBody, hongjiang, openTestApp, qunfeng, tokenFor, zeroFigures } from './builders.js';

t.setTimeout(120_000);

const [accepted, corrected, submitted, exempted, silent] = [
  qunfeng,
  '431281102',
  '431281103',
  '431281106',
  '431281107',
] as const;
const at = `/v1/divisions/${hongjiang}/ledger/2021`;
const penalties = 'decisions.penalties.decided';
const licences = 'decisions.licenses.decided';

async function write(app: FastifyInstance, method: 'POST' | 'PUT', url: string, body: object, headers = {}) {
  const answer = await app.inject({
    method,
    url,
    headers: { 'content-type': 'application/json', ...headers },
    payload: JSON.stringify(body),
  });
  if (answer.statusCode >= 300) throw new Error(answer.body.slice(0, 300));
}

/** A county in which one report was accepted, one was corrected since, one is not decided about, and one left a box blank. */
async function openCounty(t: { teardown(end: () => unknown): unknown }) {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  const file = (agency: string, figures: Readonly<Record<string, number | null>>, more = {}) =>
    write(app, 'POST', '/v1/reports', filingBody({ agency, figures, ...more }));
  const accept = (agency: string) =>
    write(app, 'POST', `/v1/reports/${agency}/2021/reviews`, { decision: 'ACCEPTED', revision: 1 });
  const source = { publishedOn: '2022-01-20' };
  await file(accepted, { ...zeroFigures(), [penalties]: 5, [licences]: null }, { source });
  await file(corrected, { ...zeroFigures(), [penalties]: 7 }, { source });
  await file(submitted, { ...zeroFigures(), [penalties]: 11 });
  await file(hongjiang, { ...zeroFigures(), [penalties]: 20 }, { source });
  for (const agency of [accepted, corrected, hongjiang]) await accept(agency);
  const correction = filingBody({ agency: corrected, figures: { [penalties]: 8 }, source, reason: '更正' });
  await write(app, 'PUT', `/v1/reports/${corrected}/2021`, correction, { 'if-match': '*' });
  await write(app, 'PUT', `/v1/agencies/${exempted}/exemptions/2021`, { reason: '新设' });
  const reader = bearer(await tokenFor(db, { scope: 'read', division: hongjiang }));
  return { app, reader };
}

type Lines = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The rows of a ledger as CSV by code, those below the agencies by name. */
async function linesFor(app: FastifyInstance, headers: Record<string, string>, query = ''): Promise<Lines> {
  const answer = await app.inject({ url: `${at}.csv${query}`, headers });
  if (answer.statusCode !== 200) throw new Error(answer.body.slice(0, 300));
  const rows: Record<string, string>[] = parse(answer.body, { columns: true, bom: true });
  return Object.fromEntries(rows.map((row) => [row.机关代码 || row.机关名称, row]));
}

const ofPenalties = '行政处罚·本年处理决定数量';
const ofLicences = '行政许可·本年处理决定数量';

t.test('who reads the county has every report in it, and the rows add up to the total', async (t) => {
  const { app, reader } = await openCounty(t);
  const lines = await linesFor(app, reader);
  const penaltiesOf = (name: string) => lines[name]?.[ofPenalties];
  t.same([accepted, corrected, submitted, silent].map(penaltiesOf), ['5', '8', '11', '']);
  t.equal(penaltiesOf('合计'), '24');
  t.equal(penaltiesOf('填报份数'), '3');
  t.equal(penaltiesOf('本级公布'), '20');
  t.equal(penaltiesOf('差（公布－合计）'), '-4');
  t.same(
    [accepted, submitted, exempted, silent].map((code) => [lines[code]?.报送情况, lines[code]?.逾期]),
    [
      ['审核通过', '否'],
      ['已报送', '逾期'],
      ['无需报送', '否'],
      ['未报送', '逾期'],
    ],
  );
});

t.test('a blank stays blank, a zero stays zero, and the count of reports tells them apart', async (t) => {
  const { app, reader } = await openCounty(t);
  const lines = await linesFor(app, reader);
  t.equal(lines[accepted]?.[ofLicences], '');
  t.equal(lines[corrected]?.[ofLicences], '0');
  t.equal(lines.合计?.[ofLicences], '0');
  t.equal(lines.填报份数?.[ofLicences], '2');
  t.equal(lines['差（公布－合计）']?.[ofLicences], '0');
});

t.test('a stranger sees what was accepted, and of the others only that they have filed', async (t) => {
  const { app, reader } = await openCounty(t);
  for (const lines of [await linesFor(app, { authorization: '' }), await linesFor(app, reader, '?include=ACCEPTED')]) {
    t.same(
      [accepted, corrected, submitted, '合计', '差（公布－合计）'].map((name) => lines[name]?.[ofPenalties]),
      ['5', '7', '', '12', '8'],
    );
    t.equal(lines[submitted]?.报送情况, '已报送');
  }
  const stranger = await linesFor(app, { authorization: '' });
  t.equal(stranger[submitted]?.逾期, '', 'in time or late is said of what is shown');
  t.equal((await app.inject({ url: `${at}.csv?include=ALL`, headers: { authorization: '' } })).statusCode, 401);
});

t.test('who is in, late, exempt and missing is printed on every sheet, and the differences box by box', async (t) => {
  const { app, reader } = await openCounty(t);
  const get = (extension: string) => app.inject({ url: `${at}.${extension}`, headers: reader });
  const workbook = await openXlsx((await get('xlsx')).rawPayload);
  t.same(
    workbook.sheets.map(({ name }) => name),
    ['分乡镇一览表', '与本级公布的差异'],
  );
  for (const { rows } of workbook.sheets) {
    const text = rows.map((row) => row.join(' ')).join('\n');
    t.match(text, /已报送3个：.*逾期\d+个：.*无需报送1个：.*未报送\d+个：/s);
  }
  const differences = workbook.sheets[1]?.rows.filter(([key]) => typeof key === 'string' && key.includes('.'));
  t.same(differences, [[penalties, ofPenalties, 24, 20, -4]]);
  const html = (await get('html')).body;
  t.match(html, /已报送3个：.*未报送\d+个：.*已报送3个：.*未报送\d+个：/s, 'above both');
  t.match(html, new RegExp(`${ofPenalties}</th><td>24</td><td>20</td><td>-4</td>`));
  const archive = await openArchive((await get('docx')).rawPayload);
  const words = (await readWord(archive, 'word/document.xml')).pieces.map(({ text }) => text).join('\n');
  t.match(words, /未报送\d+个：.*本级公布.*差（公布－合计）/s);
});

t.test('a workbook has a number for a figure, nothing for a blank, and a heading for every box', async (t) => {
  const { app, reader } = await openCounty(t);
  const workbook = await openXlsx((await app.inject({ url: `${at}.xlsx`, headers: reader })).rawPayload);
  const rows = workbook.sheets[0]?.rows ?? [];
  const head = rows.findIndex(([first]) => first === '机关代码');
  t.equal(rows[head + 2]?.length, 7 + 200);
  const [licence, penalty] = [7 + 6, 7 + 7];
  t.equal(rows[head + 1]?.[penalty], '行政处罚');
  const row = rows.find(([code]) => code === accepted);
  t.equal(row?.[penalty], 5);
  t.equal(row?.[licence] ?? null, null);
});

t.test('who has the ledger is told so, and what it cannot be is refused', async (t) => {
  const { app, reader } = await openCounty(t);
  const first = await app.inject({ url: `${at}.docx`, headers: reader });
  const again = { ...reader, 'if-none-match': String(first.headers.etag) };
  t.equal((await app.inject({ url: `${at}.docx`, headers: again })).statusCode, 304);
  t.equal((await app.inject({ url: `${at}.doc`, headers: reader })).statusCode, 404);
  t.equal((await app.inject({ url: '/v1/divisions/999999/ledger/2021.csv' })).statusCode, 404);
  t.equal((await app.inject({ url: `${at}.csv?kinds=NONE`, headers: reader })).statusCode, 400);
  const towns = await linesFor(app, reader, '?kinds=TOWNSHIP');
  t.ok(towns[accepted]);
});
