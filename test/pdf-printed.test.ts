/** Printed forms as PDF: every character of a form is in it, and what the font lacks is said and no empty box. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import t from 'tap';
import { pageBox, textBlock } from '../src/document/print/page/blocks.js';
import { writePagePdf } from '../src/document/print/page/pdf.js';
import { pageOfSheet } from '../src/document/print/sheet-page.js';
import { figuresFrom } from '../src/form/figures.js';
import { forms } from '../src/form/forms.js';
import { packageRoot } from '../src/root.js';
import { bearer, filingBody, hongjiang, openTestApp, printedSheet, qunfeng, tokenFor } from './builders.js';

t.setTimeout(120_000);

/** The streams of a PDF, inflated, as Latin-1. */
function streamsOf(pdf: Uint8Array): string[] {
  const text = Buffer.from(pdf).toString('latin1');
  const streams: string[] = [];
  for (const match of text.matchAll(/stream\r?\n/g)) {
    const start = match.index + match[0].length;
    const end = text.indexOf('endstream', start);
    try {
      streams.push(inflateSync(Buffer.from(text.slice(start, end), 'latin1')).toString('latin1'));
    } catch {
      // Not every stream is deflated.
    }
  }
  return streams;
}

/** The text of a PDF as a reader selects it: glyphs are named by numbers, which a table of the font gives characters. */
function textOf(pdf: Uint8Array): string {
  const streams = streamsOf(pdf);
  const map = new Map<number, string>();
  for (const stream of streams.filter((one) => one.includes('beginbfrange'))) {
    for (const [, from = '', , list = ''] of stream.matchAll(/<([0-9a-f]+)>\s*<([0-9a-f]+)>\s*\[([^\]]*)\]/gi)) {
      [...list.matchAll(/<([0-9a-f ]*)>/gi)].forEach(([, code = ''], at) => {
        const units = code.replaceAll(' ', '').match(/.{4}/g) ?? [];
        map.set(Number.parseInt(from, 16) + at, String.fromCharCode(...units.map((unit) => Number.parseInt(unit, 16))));
      });
    }
  }
  const texts: string[] = [];
  for (const stream of streams.filter((one) => / Tf/.test(one))) {
    for (const [, array = ''] of stream.matchAll(/\[((?:<[0-9a-f]*>|[-\d.\s])*)\]\s*TJ/gi)) {
      const glyphs = [...array.matchAll(/<([0-9a-f]*)>/gi)].flatMap(([, code = '']) => code.match(/.{4}/g) ?? []);
      texts.push(glyphs.map((glyph) => map.get(Number.parseInt(glyph, 16)) ?? '?').join(''));
    }
  }
  // A line is written a character at a time.
  return texts.join('');
}

t.test('the text of every form can be selected, figures and headings alike', async (t) => {
  for (const form of forms) {
    const figures = figuresFrom(
      Object.fromEntries(form.cells.map(({ key }, at) => [key, at % 7 === 0 ? null : 1000 + at])),
    );
    const text = textOf(await writePagePdf(pageOfSheet(printedSheet({ form: form.id, figures }))));
    const plain = text.replace(/\s/g, '');
    t.match(plain, /示例乡2021年政府信息公开工作年度报告/);
    for (const [at, cell] of form.cells.entries()) {
      if (cell.kind !== 'amount' && at % 7 !== 0) t.match(plain, String(1000 + at), cell.key);
    }
    t.notMatch(plain, /\?/, 'every glyph has its character');
    t.notMatch(plain, /字库缺/);
  }
});

t.test('what the font lacks is printed as 〓 and named by its code', async (t) => {
  const page = {
    title: { zh: '题', en: 'title' },
    orientation: 'portrait',
    warning: null,
    blocks: [textBlock('text', { zh: '柳树𨟠镇\u{20000}㐀', en: '' })],
  } as const;
  const text = textOf(await writePagePdf(page)).replace(/\s/g, '');
  t.match(text, /柳树𨟠镇〓〓/u);
  t.match(text, /字库缺以下2个字符.*U\+20000、U\+3400/);
});

t.test('the font has every character of the register and of our own words', (t) => {
  const characters = new Set(readFileSync(join(packageRoot, 'data/fonts/characters.txt'), 'utf8'));
  const names = ['divisions.csv', 'agencies.csv'].map((file) => readFileSync(join(packageRoot, 'data', file), 'utf8'));
  const words = forms.flatMap(({ cells, tables }) => [
    ...cells.map(({ label }) => label.zh),
    ...tables.map(({ note }) => note?.zh ?? ''),
  ]);
  t.same(
    [...new Set([...names, ...words].join(''))].filter((one) => /\S/.test(one) && !characters.has(one)),
    [],
  );
  t.end();
});

t.test('a table goes on over pages with its headings repeated, and what is warned of stands on each', async (t) => {
  const rows = Array.from({ length: 120 }, (_, at) => [pageBox(0, `第${at}行`), pageBox(1, '数')]);
  const page = {
    title: { zh: '题', en: 'title' },
    orientation: 'landscape',
    warning: { zh: '慎用', en: 'beware' },
    blocks: [
      {
        kind: 'table',
        label: '表',
        widths: [1, 1],
        headerRows: 1,
        design: 'list',
        rows: [[pageBox(0, '甲栏', { heads: 'columns' }), pageBox(1, '乙栏', { heads: 'columns' })], ...rows],
      },
    ],
  } as const;
  const text = textOf(await writePagePdf(page));
  const pages = (text.match(/甲栏/g) ?? []).length;
  t.ok(pages > 2);
  t.equal(text.match(/慎用\s*beware/g)?.length, pages);
  for (let at = 0; at < 120; at += 1) t.match(text, `第${at}行`);
});

t.test('reports, rollups and ledgers are sent as PDF, each to whom it may be shown', async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  const figures = { 'decisions.penalties.decided': 4321 };
  await app.inject({ method: 'POST', url: '/v1/reports', payload: filingBody({ agency: qunfeng, figures }) });
  const reader = bearer(await tokenFor(db, { scope: 'read', division: hongjiang }));
  for (const path of [`reports/${qunfeng}`, `rollups/${hongjiang}`, `divisions/${hongjiang}/ledger`]) {
    const answer = await app.inject({ url: `/v1/${path}/2021.pdf`, headers: reader });
    t.equal(answer.statusCode, 200, `${path} ${answer.body.slice(0, 300)}`);
    t.equal(answer.headers['content-type'], 'application/pdf');
    t.match(textOf(answer.rawPayload), /4321/, path);
    const stranger = await app.inject({ url: `/v1/${path}/2021.pdf`, headers: { authorization: '' } });
    if (stranger.statusCode === 200) t.notMatch(textOf(stranger.rawPayload), /4321/, path);
    else t.equal(stranger.statusCode, 401);
  }
});
