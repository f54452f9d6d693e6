/** A page of blocks as Word and HTML: its warning, its sections, what stands apart, and the height of an empty box. */
import t from 'tap';
import { asideBlocks, pageBox, textBlock } from '../src/document/print/page/blocks.js';
import { writePageDocx } from '../src/document/print/page/docx.js';
import { writePageHtml } from '../src/document/print/page/html.js';
import { unzip } from './zip.js';

const said = (zh: string) => ({ zh, en: `${zh} in English` });

const page = {
  title: said('题'),
  orientation: 'landscape',
  warning: said('慎用'),
  blocks: [
    textBlock('title', said('题')),
    ...asideBlocks('coverage', null, [said('应报2个')]),
    textBlock('heading', said('甲')),
    textBlock('text', said('文')),
    { kind: 'newPage' },
    textBlock('heading', said('乙')),
    {
      kind: 'table',
      label: '表',
      widths: [1, 1],
      headerRows: 0,
      design: 'list',
      rows: [[pageBox(0, '左', { heads: 'rows', align: 'left' }), pageBox(1, '')]],
    },
    ...asideBlocks('findings', said('附'), [said('不符')]),
  ],
} as const;

t.test('on a web page each heading begins a section, which ends before what the checks say', async (t) => {
  const body = /<body>(.*)<\/body>/s.exec(writePageHtml(page))?.[1] ?? '';
  const outline = [...body.matchAll(/<(\/?)(main|section|aside|h1|h2|table|p|ul)\b(?: class="([^"]*)")?/g)]
    .filter(([, end, name]) => end === '' || name === 'section' || name === 'aside')
    .map(([, end, name, classes]) => `${end}${name}${classes ? `.${classes}` : ''}`);
  t.same(outline, [
    'main.landscape',
    'p.warning',
    'h1',
    'p.subtitle english',
    ...['aside.coverage', 'ul', '/aside'],
    ...['section', 'h2', 'p', '/section'],
    ...['section.page', 'h2', 'table.list', '/section'],
    ...['aside.findings', 'h2', 'ul', '/aside'],
  ]);
});

t.test('Word has the warning in the header of every page, once, and in both languages', async (t) => {
  const parts = unzip(await writePageDocx(page));
  const headers = [...parts].filter(([name]) => /word\/header\d*\.xml/.test(name));
  t.equal(headers.length, 1);
  t.match(headers[0]?.[1], '慎用 慎用 in English');
  const body = parts.get('word/document.xml') ?? '';
  t.match(body, /<w:headerReference /);
  t.notMatch(body, '慎用');
  const plain = unzip(await writePageDocx({ ...page, warning: null }));
  t.notOk([...plain.keys()].some((name) => name.startsWith('word/header')));
});

t.test('an empty box of Word is no higher than one with a figure', async (t) => {
  const body = unzip(await writePageDocx(page)).get('word/document.xml') ?? '';
  const boxes = [...body.matchAll(/<w:tc>(.*?)<\/w:tc>/gs)].map(([, box]) => box ?? '');
  t.equal(boxes.length, 2);
  for (const box of boxes) {
    const mark = /<w:pPr>.*<w:rPr>.*<w:sz w:val="(\d+)".*<\/w:pPr>/s.exec(box)?.[1];
    t.equal(mark, '19', 'the paragraph mark is of the size of the table');
  }
});
