import { crc32, deflateRawSync } from 'node:zlib';
import t from 'tap';
import type { DoubtCode } from '../src/document/doubt.js';
import { writeBlankForm } from '../src/document/print/blank/blank-form.js';
import { reportTitle } from '../src/document/print/sheet.js';
import { writeXlsx } from '../src/document/print/xlsx.js';
import { type DocumentHint, type DocumentReading, readDocument } from '../src/document/read/read-document.js';
import { defaultReadLimits, readDocumentSafely, stopReaders } from '../src/document/read/read-in-child.js';
import { figuresFrom, type NamedFigures } from '../src/form/figures.js';
import { type CellKey, formOf, forms } from '../src/form/forms.js';
import { Problem } from '../src/problem.js';
import { nameFigures, writeDocx, writeHtml } from './builders.js';
import { balance, layouts, printReport } from './document-layouts.js';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A balanced report with numbers that differ from cell to cell. */
function figuresOf(form: (typeof forms)[number]): NamedFigures {
  return {
    ...balance(
      form,
      form.cells.map((_, index) => (index % 4 === 0 ? index : 0)),
    ),
    'decisions.coercion.decided': null,
  };
}

const form2021 = formOf('2021');
const figures2021 = figuresOf(form2021);
const written = (name: string): string =>
  layouts.find((layout) => layout.name === name)?.write(printReport({ form: '2021', figures: figures2021 }, 2022)) ??
  '';
const lines = written('one cell a line');
const rows = written('a table row a line, spaces between');

async function refusal(bytes: Uint8Array, hint: DocumentHint = {}): Promise<Problem> {
  try {
    await readDocument(bytes, hint);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('the document was read');
}

/** What is read of a document, its figures by the addresses of their cells. */
async function readBytes(bytes: Uint8Array, hint: DocumentHint = {}) {
  const reading = await readDocument(bytes, hint);
  return { ...reading, figures: nameFigures(reading.form ?? '2021', reading.figures) };
}
const read = (text: string, hint: DocumentHint = {}) => readBytes(bytesOf(text), hint);
const codes = (reading: Pick<DocumentReading, 'doubts'>): DoubtCode[] => [
  ...new Set(reading.doubts.map(({ code }) => code)),
];

t.test('every encoding that reports come in gives the same cells', async (t) => {
  const html = written('published HTML').replace('charset="utf-8"', 'charset="gb2312"');
  const wide = Buffer.from(lines, 'utf16le');
  const cases: [string, Uint8Array, DocumentHint][] = [
    ['UTF-8', bytesOf(lines), {}],
    ['UTF-8 with a mark', bytesOf(`\ufeff${lines}`), { mediaType: 'text/plain' }],
    ['UTF-16 with a mark', Buffer.concat([Buffer.from([0xff, 0xfe]), wide]), {}],
    ['UTF-16 without a mark', wide, {}],
    ['UTF-16, big end first', Buffer.from(wide).swap16(), {}],
    ['GB18030, declared', encodeGb18030(lines), { charset: 'gbk' }],
    ['GB18030, told by its bytes', encodeGb18030(lines), { mediaType: 'application/octet-stream' }],
    ['GB18030, told by the page', encodeGb18030(html), { mediaType: 'text/html' }],
    ['UTF-8 in a page that says GB2312', bytesOf(html), { mediaType: 'text/html' }],
  ];
  for (const [name, bytes, hint] of cases) {
    const reading = await readBytes(bytes, hint);
    t.same(reading.figures, figures2021, name);
    t.notOk(codes(reading).includes('damaged-text'), name);
  }
});

t.test('what our own writers print is read back, blanks included', async (t) => {
  for (const form of forms) {
    const figures = figuresOf(form);
    const sheet = {
      form: form.id,
      figures: figuresFrom(figures),
      title: reportTitle('示例乡', 2022),
      year: 2022,
      subtitle: [],
      narrative: { overview: '甲。\n乙。', problems: '一、丙；\n二、丁。', otherMatters: '无。' },
      findings: [],
      coverage: null,
      sample: false,
    };
    for (const bytes of [bytesOf(writeHtml(sheet)), await writeDocx(sheet), await writeXlsx(sheet)]) {
      const reading = await readBytes(bytes);
      t.same(reading.figures, figures);
      t.match(reading, { form: form.id, year: 2022, agencyName: '示例乡', narrative: sheet.narrative, doubts: [] });
    }
  }
  const blank = await readDocument(
    await writeBlankForm({ agency: { code: '431281207', name: '群峰乡' }, year: 2021, form: '2021' }),
  );
  t.match(blank, { agencyCode: '431281207', agencyName: '群峰乡', year: 2021, form: '2021', doubts: [] });
  t.equal(blank.cells.length, 200);
  t.ok(
    blank.cells.every(({ value, text }) => value === null && text === ''),
    'an empty form is 200 printed blanks',
  );
});

/** Table two of 2021 between pipes, with the rows given. */
const tableTwo = (...rows: string[]): string =>
  [
    '示例乡2022年政府信息公开工作年度报告',
    '信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数',
    '规章 | 0 | 0 | 0',
    ...rows,
    '信息内容 | 本年处理决定数量',
  ].join('\n');

t.test('numbers are read as they are printed, with their notes', async (t) => {
  const cases: [string, number | null, string | null, DoubtCode?][] = [
    ['1,472', 1472, null],
    ['1 472', 1472, null],
    ['１４７２', 1472, null],
    [' 0 ', 0, null],
    ['22（其中修订16件）', 22, '(其中修订16件)'],
    ['5件', 5, null],
    ['3.0', 3, null],
    ['/', null, null, 'declared-nil'],
    ['—', null, null, 'declared-nil'],
    ['－', null, null, 'declared-nil'],
    ['无', null, null, 'declared-nil'],
    ['O', null, null, 'unreadable-box'],
    ['2.5', null, null, 'unreadable-box'],
    ['-3', null, null, 'unreadable-box'],
    ['约20', null, null, 'unreadable-box'],
    ['8 12', null, null, 'unreadable-box'],
    ['22①', 22, '(1)'],
    ['3²', 3, '(2)'],
    ['①', null, null, 'unreadable-box'],
    ['<1', null, null, 'unreadable-box'],
    ['12%', null, null, 'unreadable-box'],
    ['l2', null, null, 'unreadable-box'],
    ['1/3', null, null, 'unreadable-box'],
    ['2.5.1', null, null, 'unreadable-box'],
    ['?', null, null, 'unreadable-box'],
    ['2.', null, null, 'unreadable-box'],
    ['9'.repeat(30), null, null, 'unreadable-box'],
    ['　', null, null],
  ];
  for (const [text, value, note, code] of cases) {
    const reading = await read(tableTwo(`行政规范性文件 | 0 | ${text} | 7`));
    const cell = reading.cells.find((candidate) => candidate.cell === 'documents.normativeDocuments.repealed');
    t.match(cell, { value, note, text: text.trim(), place: { line: 4 } }, text);
    t.equal(reading.figures['documents.normativeDocuments.inForce'], 7);
    const about = reading.doubts.filter(({ cells }) => cells.includes('documents.normativeDocuments.repealed'));
    t.same(
      about.map((doubt) => doubt.code),
      code ? [code] : [],
      `${text}: ${code ?? 'no doubt'}`,
    );
  }
});

t.test('what stands against a number in a text makes its box unreadable, and no other takes its place', async (t) => {
  for (const layout of ['one cell a line', 'flattened into one line']) {
    for (const spoilt of ['l2', '2x', '<2', '2%', '2.5.1']) {
      const text = written(layout).replace(
        /(总计\s+)\d+(\s+\d+\s+\d+\s+\d+\s+\d+\s+\d+\s+\d+\s+\d+\s)/,
        `$1${spoilt}$2`,
      );
      t.ok(text.includes(spoilt));
      const reading = await read(text);
      const doubted = new Set(reading.doubts.flatMap(({ cells }) => cells));
      t.ok(doubted.has('appeals.reconsideration.upheld'), `${layout}: ${spoilt}`);
      for (const [key, value] of Object.entries(figures2021)) {
        if (reading.figures[key] !== value)
          t.ok(reading.figures[key] === null && doubted.has(key), `${spoilt}: ${key}`);
      }
    }
  }
});

t.test('the first box of table four keeps its place when it cannot be read', async (t) => {
  const page = written('published HTML');
  const at = page.lastIndexOf('<tr>');
  const line = page.slice(at, page.indexOf('</tr>', at));
  const spoilt = `${line.replace(/<p>[^<]*<\/p>/, '<p>l2</p>')}<td>已核</td>`;
  const { figures, doubts } = await read(page.replace(line, spoilt), { mediaType: 'text/html' });
  const doubted = new Set(doubts.flatMap(({ cells }) => cells));
  t.ok(doubted.has('appeals.reconsideration.upheld'));
  for (const [key, value] of Object.entries(figures2021)) {
    t.ok(figures[key] === value || (figures[key] === null && doubted.has(key)), `${key}: ${figures[key]}`);
  }
});

t.test('a remark beside a row with a blank box fills no box', async (t) => {
  const figures = ['2', '', '3', '1', '0', '0', '6'];
  const head = '| | 自然人 | 商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他 | 总计 |\n';
  const row = (remark: string) => `| 一、本年新收政府信息公开申请数量 | ${[...figures, remark].join(' | ')} |\n`;
  for (const remark of ['备注', '已核对']) {
    const { figures: found, doubts } = await read(`示例乡2022年政府信息公开年报\n${row(remark)}${head}${row('')}`);
    const cells = Object.entries(found).filter(([key]) => key.startsWith('applications.newReceived.'));
    const doubted = new Set(doubts.flatMap((doubt) => doubt.cells));
    const printed = [2, null, 3, 1, 0, 0, 6];
    cells.forEach(([key, value], index) => {
      t.ok(value === printed[index] || (value === null && doubted.has(key as CellKey)), `${key}: ${value}`);
    });
  }
});

t.test('an amount is read in the unit printed beside it, else in the unit of the form', async (t) => {
  const amount = async (text: string) =>
    (
      await read(
        `示例乡2022年政府信息公开年报\n信息内容 | 本年收费金额（单位：万元）\n行政事业性收费 | ${text}\n行政许可 | 1`,
      )
    ).figures['fees.administrativeFees.amount'];
  t.equal(await amount('24252.311082'), 24_252_311_082);
  t.equal(await amount('251000元'), 25_100_000);
  t.equal(await amount('25.1万元'), 25_100_000);
  t.equal(await amount('0.0000001'), null);
});

t.test('misprinted, abbreviated and renumbered headings are the rows they stand for', async (t) => {
  const change = (from: string, to: string): string => lines.replace(from, to);
  const changed: [string, string][] = [
    ['2.其他法律行政法规禁止公开', '2、其他法律行政止公开'],
    ['行政规范性文件', '规范性文件'],
    ['1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请', '（1）逾期不补正'],
    ['3.其他', '③其他'],
    ['（七）总计', '总计'],
    ['规章', '规 章'],
    ['三、本年度办理结果', '三\n、\n本\n年\n度\n办\n理\n结\n果'],
    ['第二十条第（一）项', '第二十条第项'],
    ['本年制发件数', '本年（2022）制发件数'],
    ['四、结转下年度继续办理', '四是结转下年度继续办理'],
  ];
  for (const [from, to] of changed) {
    t.ok(lines.includes(from), from);
    const reading = await read(change(from, to));
    t.same(reading.figures, figures2021, to);
  }
});

t.test('a row whose heading is gone is a doubt, and no other row takes its numbers', async (t) => {
  const reading = await read(lines.replace('\t规章\n', ''));
  for (const [key, value] of Object.entries(figures2021)) {
    if (!key.startsWith('documents.regulations')) t.equal(reading.figures[key], value, key);
    else t.equal(reading.figures[key], null);
  }
  t.same(codes(reading), ['boxes-without-heading', 'row-not-found']);
});

t.test('columns are found by their headings in whatever order they stand', async (t) => {
  const head = '总计 | 自然人 | 法人或其他组织';
  const inner = '其他 | 法律服务机构 | 社会公益组织 | 科研机构 | 商业企业';
  const reading = await read(
    `示例乡2022年政府信息公开年报\n${head}\n${inner}\n一、本年新收政府信息公开申请数量 | 21 | 1 | 2 | 3 | 4 | 5 | 6\n`,
  );
  const row = 'applications.newReceived';
  t.match(reading.figures, {
    [`${row}.total`]: 21,
    [`${row}.naturalPerson`]: 1,
    [`${row}.otherOrganization`]: 2,
    [`${row}.legalService`]: 3,
    [`${row}.business`]: 6,
  });
});

t.test('a text keeps the order of its columns, and one in which they changed places is not read', async (t) => {
  const head = ['申请人情况', '自然人', '法人或其他组织', '总计'];
  const inner = ['商业企业', '科研机构', '社会公益组织', '法律服务机构', '其他'];
  const row = ['一、本年新收政府信息公开申请数量', '1', '2', '3', '4', '5', '6', '21'];
  const text = (...above: string[]) => [
    '示例乡2022年政府信息公开年报',
    '信息内容',
    '本年处理决定数量',
    '行政许可',
    '7',
    ...above,
    ...row,
  ];
  // As it comes out of a page on which 自然人 stands over two lines, in the middle.
  const lowered = await read(text('申请人情况', '法人或其他组织', '自然人', ...inner, '总计').join('\n'));
  const printed = await read(text(...head, ...inner).join('\n'));
  for (const { figures } of [lowered, printed])
    t.match(figures, { 'applications.newReceived.naturalPerson': 1, 'applications.newReceived.otherOrganization': 6 });
  for (const above of [
    ['总计', '自然人', '法人或其他组织', ...inner],
    ['自然人', '法人或其他组织', '总计', ...inner.toReversed()],
  ]) {
    const { figures, doubts } = await read(text(...above).join('\n'));
    t.match(figures, { 'applications.newReceived.naturalPerson': null, 'applications.newReceived.total': null });
    t.ok(
      doubts.some(({ code, cells }) => code === 'heading-missing' && cells.includes('applications.newReceived.total')),
    );
  }
});

t.test('a head that a page number tears stays in its order', async (t) => {
  const head = ['信息内容', '上一年项目数量', '本年增/减', '处理决定数量'];
  const torn = [...head.slice(0, 2), '3', ...head.slice(2)];
  const rows = ['行政处罚', '1', '2', '3', '行政强制', '4', '5', '6'];
  const reading = await read(
    ['示例乡2019年政府信息公开年报', '第二十条第（六）项', ...head, ...torn, ...head.slice(0, 3), ...rows].join('\n'),
  );
  t.match(reading.figures, {
    'decisions.penalties.previousItems': 1,
    'decisions.penalties.decided': 3,
    'decisions.coercion.change': 5,
  });
});

t.test('digits that ran together are split only where the equations leave one way', async (t) => {
  const head =
    '示例乡2020年政府信息公开年报\n自然人 | 法人或其他组织 | 总计\n商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他\n';
  const one = await read(`${head}一、本年新收政府信息公开申请数量640020470\n`);
  t.match(one.figures, {
    'applications.newReceived.naturalPerson': 64,
    'applications.newReceived.publicInterest': 2,
    'applications.newReceived.total': 70,
  });
  t.ok(codes(one).includes('split-by-equations'), 'and it says so');
  // 1,1,1,… or 11,1,…: several ways to cut, so none is taken.
  const many = await refusal(bytesOf(`${head}一、本年新收政府信息公开申请数量11111111117\n`));
  t.equal(many.kind, 'invalid-document');
});

t.test('a row printed twice with different numbers is left blank and said to be so', async (t) => {
  const reading = await read(tableTwo('行政规范性文件 | 1 | 2 | 3', '行政规范性文件 | 1 | 2 | 4'));
  t.match(reading.figures, { 'documents.normativeDocuments.issued': 1, 'documents.normativeDocuments.inForce': null });
  t.ok(codes(reading).includes('read-twice'));
});

t.test('sentences that name a row and a number are no boxes', async (t) => {
  const prose = '全年办理行政许可95件、行政处罚77件。\n行政强制处理3件\n一是规章制度12项已健全。\n';
  const reading = await read(`${lines}\n${prose}`);
  t.same(reading.figures, figures2021);
});

t.test('half of a heading over rows, torn over their lines, is no part of a row', async (t) => {
  const torn = (text: string) =>
    text
      .replace(/^（三）不予公开\s+(?=1\.属于国家秘密)/mu, '（三）不予 ')
      .replace(/^(?=2\.其他法律行政法规禁止公开)/mu, '公开 ')
      .replace(/^三、本年度办理结果\s+(?=（一）予以公开)/mu, '三、本年度办 ')
      .replace(/^(?=（二）部分公开)/mu, '理结果 ');
  const changed = torn(rows);
  t.not(changed, rows);
  t.match(changed, /^公开 2\./mu);
  t.match(changed, /^理结果 /mu);
  const reading = await read(changed);
  t.same(reading.figures, figures2021);
  t.notOk(codes(reading).includes('row-not-found'));
});

t.test('headings that name the year are those of the form', async (t) => {
  const named = (text: string) =>
    text
      .replace('一、本年新收', '一、2022年新收')
      .replace('二、上年结转', '二、2021年结转')
      .replace('三、本年度办理结果', '三、2022年度办理结果')
      .replace('四、结转下年度继续办理', '四、结转2023年度继续办理')
      .replaceAll('本年制发件数', '2022年制发件数')
      .replace('本年收费金额', '2022年收费金额')
      .replace('二、主动公开政府信息情况', '二、2022年度主动公开政府信息情况')
      .replace('五、存在的主要问题及改进情况', '五、2022年政府信息公开工作存在的主要问题及改进情况');
  for (const text of [lines, rows]) {
    t.not(named(text), text);
    const reading = await read(named(text));
    t.same(reading.figures, figures2021);
    t.notOk(codes(reading).includes('row-not-found'));
  }
});

t.test('what a page prints under a report is no text of it, and a sentence that begins like that is', async (t) => {
  const footer = [
    ...[
      '扫一扫在手机打开当前页',
      '【打印】【关闭】',
      '上一篇：某镇年报',
      '主办单位：示例县人民政府',
      '湘ICP备05001234号',
    ],
    '地址：示例县人民路1号',
  ];
  const under = (...said: string[]) => read([lines, ...said].join('\n'));
  const own = (await read(lines)).narrative?.otherMatters;
  for (const line of footer) t.equal((await under(line, '更多')).narrative?.otherMatters, own, line);
  t.equal((await under(...footer)).narrative?.otherMatters, own);
  for (const line of ['关闭不再使用的账号2个。', '打印公开手册200册，发到各村。', '主办单位为镇党政办。'])
    t.equal((await under(line)).narrative?.otherMatters, `${own}\n${line}`, line);
  t.equal(
    (await under('甲。', '- 12 -', '乙。')).narrative?.otherMatters,
    `${own}\n甲。\n乙。`,
    'nor the number of a page',
  );
});

t.test('the first heading is found with a year in it', async (t) => {
  const reading = await read(lines.replace('一、总体情况', '一、2022年政府信息公开工作的总体情况'));
  t.match(reading.narrative?.overview, /^全年主动公开/);
  t.equal(reading.publishedItems?.total, 30);
});

t.test('the year is that of the title, and another in the statistics period is a doubt', async (t) => {
  const other = await read(lines.replace('期限为2022年1月1日', '期限自202111日'));
  t.equal(other.year, 2022);
  t.ok(codes(other).includes('year-disagrees'));
  t.equal(
    (await read(lines.replace('虚构乡2022年', '虚构乡'))).year,
    2022,
    'without one in the title it is that of the period',
  );
  t.equal((await read(lines.replace('虚构乡2022年', '虚构乡二〇二二年'))).year, 2022);
  const linked = lines.replace('虚构乡2022年', '2021年政府信息公开工作年度报告\n虚构乡2022年');
  const ofPeriod = await read(linked);
  t.match(
    { year: ofPeriod.year, agency: ofPeriod.agencyName },
    { year: 2022, agency: '虚构乡' },
    'of two titles the one of the period',
  );
  t.notOk(codes(ofPeriod).includes('year-disagrees'));
  const undated = await read(linked.replace(/.*期限为2022年1月1日.*/u, ''));
  t.ok(codes(undated).includes('year-disagrees'), 'which of two titles is the right one, nothing says');
  const county = await read(lines.replace('虚构乡2022年', '示例省示例市桃花县虚构乡2022年'));
  t.equal(county.countyName, '桃花县');
});

t.test('a title says whose report it is, broken over lines and in other words too', async (t) => {
  const titles: [string, string][] = [
    ['虚构乡政府信息公开工作年度报告（2022年度）', '虚构乡'],
    ['（2022）虚构乡政府信息公开工作年度报告', '虚构乡'],
    ['虚构乡2021-2022年政府信息公开工作年度报告', '虚构乡'],
    [
      '虚构县人民政府办公室关于印发2022年政府信息公开工作年度报告的通知\n虚构乡2022年政府信息公开工作年度报告',
      '虚构乡',
    ],
    ['示例县虚构乡2022年政府信息公开工作年度报\n告', '示例县虚构乡'],
    ['虚构乡\n2022年\n政府信息公开工作年度报告', '虚构乡'],
    ['虚构乡人民政府关于2022年政府信息公开工作的年度报告', '虚构乡人民政府'],
    ['关于印发《虚构乡2022年政府信息公开工作年度报告》的通知', '虚构乡'],
    ['【乡镇】虚构乡2022年政府信息公开工作年度报告', '虚构乡'],
  ];
  for (const [title, agencyName] of titles) {
    const reading = await read(lines.replace('虚构乡2022年政府信息公开工作年度报告', title));
    t.match(
      reading,
      { agencyName, year: 2022, title: title.includes('年度报\n') ? title.replace('\n', '') : String },
      title,
    );
  }
});

t.test(
  'what a page says about itself, a sentence or the way to it is no title, and no day of publication a year',
  async (t) => {
    const before = '虚构乡2022年政府信息公开工作年度报告';
    const titled = lines.replace(before, '@');
    const about: [string, Partial<{ title: string | null; agencyName: string | null; year: number | null }>][] = [
      [
        `当前位置：首页 > 政务公开 > 虚构乡 > 政府信息公开年报\n组配分类 政府信息公开年报\n${before}`,
        { title: before },
      ],
      [
        `索引号：000/2023-00012 组配分类：政府信息公开年度报告\n成文日期 2023-01-16\n${before}`,
        { title: before, year: 2022 },
      ],
      [`标题：${before}`, { title: before, agencyName: '虚构乡' }],
      [`标题${before}`, { title: before, agencyName: '虚构乡' }],
      [`发布时间：2023年1月16日 信息来源：虚构乡\n${before}`, { agencyName: '虚构乡', year: 2022 }],
      ['2023-01-16\n政府信息公开工作年度报告', { agencyName: null, year: 2022 }],
      [
        '根据《条例》要求，现将我乡2022年政府信息公开工作年度报告公布如下：',
        { title: null, agencyName: null, year: 2022 },
      ],
    ];
    for (const [text, expected] of about) t.match(await read(titled.replace('@', text)), expected, text);
  },
);

t.test('a year that stands in the text alone is taken with a doubt, and no filing without it said', async (t) => {
  const bare = lines.replace('虚构乡2022年政府信息公开', '政府信息公开');
  const wordings = ['本报告中所列统计数据的期限自', '本报告统计数据起止时间为', '数据统计期限自'];
  for (const wording of wordings) {
    const reading = await read(bare.replace('数据统计期限为', wording));
    t.match([reading.year, codes(reading).filter((code) => code.startsWith('year'))], [2022, []], wording);
  }
  const prose = await read(bare.replace(/数据统计期限为.*/, '').replace('全年主动', '2022年，主动'));
  t.equal(prose.year, 2022);
  t.ok(codes(prose).includes('year-from-text'));
});

t.test('a county stands before the name of its township, and a town may be called 槐市', async (t) => {
  for (const [agency, countyName] of [
    ['槐市镇', null],
    ['沙市区槐市镇', '沙市区'],
    ['示例县虚构乡', '示例县'],
    ['牛市街道', null],
    ['示例县', '示例县'],
  ] as const) {
    t.equal((await read(lines.replace('虚构乡2022年', `${agency}2022年`))).countyName, countyName, agency);
  }
  const prose = lines.replace('全年主动公开', '我局门户网站围绕市委、市政府中心工作主动公开');
  t.equal((await read(prose)).countyName, null, 'a sentence names none');
});

t.test('a page whose text is a string in a script is read', async (t) => {
  const inner = JSON.stringify(written('published HTML')).replaceAll('<', '\\u003c');
  const reading = await read(`<html><body><div id=c></div><script>var content = ${inner};</script></body></html>`, {
    mediaType: 'text/html',
  });
  t.same(reading.figures, figures2021);
});

t.test('what is no report, or shows its tables as pictures, is refused with the reason', async (t) => {
  const headings =
    '示例乡2021年政府信息公开工作年度报告\n一、总体情况\n甲。\n二、主动公开政府信息情况\n六、其他需要报告的事项\n无。';
  const pictures = await refusal(bytesOf(headings));
  t.match(pictures, { kind: 'invalid-document', message: /pictures or attachments.*表格可能是图片或附件/ });
  t.match(await refusal(bytesOf('今天天气很好。')), {
    kind: 'invalid-document',
    message: /no annual report.*不是政府信息公开工作年度报告/,
  });
  t.match(await refusal(bytesOf('')), { kind: 'invalid-document' });
  t.match(await refusal(bytesOf('%PDF-1.7')), { kind: 'invalid-document', message: /no valid PDF.*不是有效的 PDF/ });
  t.match(await refusal(bytesOf('{\\rtf1')), { kind: 'unsupported-media-type' });
  t.match(await refusal(bytesOf('x'), { mediaType: 'image/png' }), { kind: 'unsupported-media-type' });
  t.match(
    await refusal(bytesOf('x'), {
      mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    }),
    { kind: 'invalid-document' },
  );
  t.match(await refusal(new Uint8Array(20_000_001)), { kind: 'body-too-large' });
});

/** A zip archive of the files given, as small a one as can be. */
function zipOf(files: Readonly<Record<string, Uint8Array>>, claim?: number): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, data] of Object.entries(files)) {
    const packed = deflateRawSync(data);
    const size = claim ?? data.length;
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(8, 4);
    shared.writeUInt32LE(crc32(data), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(size, 18);
    shared.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), shared, Buffer.from(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), shared, tail, Buffer.from(name)]));
    parts.push(local);
    offset += local.length;
  }
  const index = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(index.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, index, end]);
}

const word = (body: string): Uint8Array => zipOf({ 'word/document.xml': bytesOf(`<?xml version="1.0"?>${body}`) });

t.test('hostile files are refused or read in bounded time, and nothing in them is run or fetched', async (t) => {
  // Of the processor's time, far more than any of them takes; what is quadratic takes minutes.
  const longest = 8_000;
  const within = async (name: string, bytes: Uint8Array, hint: DocumentHint = {}): Promise<void> => {
    const before = process.cpuUsage();
    const problem = await refusal(bytes, hint);
    const { user, system } = process.cpuUsage(before);
    const took = (user + system) / 1000;
    t.equal(problem.kind, 'invalid-document', name);
    t.ok(took < longest, `${name}: ${took.toFixed(0)} ms`);
  };

  await within('zip bomb', zipOf({ 'word/document.xml': new Uint8Array(50_000_000) }));
  await within('zip that lies about its size', zipOf({ 'word/document.xml': new Uint8Array(5_000_000) }, 100));
  await within('zip cut short', zipOf({ 'word/document.xml': bytesOf('<a/>') }).subarray(0, 60));
  const bomb = `<!DOCTYPE a [<!ENTITY b "${'x'.repeat(1000)}">${'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;">'.repeat(9)}]><w:document><w:t>&c;&c;</w:t></w:document>`;
  await within('XML bomb', word(bomb));
  await within(
    'external entity',
    word('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:p><w:t>&x;</w:t></w:p>'),
  );
  await within('deep XML', word('<w:p>'.repeat(200_000)));
  await within('deep HTML', bytesOf('<div>'.repeat(500_000)), { mediaType: 'text/html' });
  await within('nested tables', bytesOf('<table><tr><td>'.repeat(50_000)), { mediaType: 'text/html' });
  await within(
    'huge spans',
    bytesOf('<table>'.concat('<tr><td rowspan=99999 colspan=99999>x</td></tr>'.repeat(2000))),
    { mediaType: 'text/html' },
  );
  await within('megabytes of one cell', bytesOf(`<table><tr><td>${'0'.repeat(2_000_000)}</td></tr></table>`), {
    mediaType: 'text/html',
  });
  await within('a line of digits', bytesOf(`信息内容 本年制发件数\n规章 ${'1'.repeat(1_000_000)}`));
  await within('a line of numbers', bytesOf(`信息内容 本年制发件数\n规章 ${'1 '.repeat(200_000)}`));
  await within('items in section one', bytesOf(`一、总体情况\n${'其中，类别1条，'.repeat(70_000)}`));
  await within('pipes without end', bytesOf('|\n'.repeat(2_000_000)));
  await within('a line of brackets', bytesOf(`信息内容。${'（'.repeat(500_000)}`));
  await within('a line of spaces', bytesOf(`信息内容。1${' '.repeat(1_000_000)}x`));
  await within('a line of numbering', bytesOf(`信息内容。${'一、'.repeat(200_000)}`));
  await within('headings without end', bytesOf(`信息内容。${'本年新收政府信息公开申请数'.repeat(40_000)}`));
  await within('a line of section headings', bytesOf('一、总体情况'.repeat(100_000)));
  await within('lines of misprints', bytesOf('本年新收政府信息公幵申请数星\n'.repeat(50_000)));
  await within('half a million lines', bytesOf('1\n'.repeat(410_000)));
  await within('counts in section one', bytesOf(`一、总体情况\n${'公开信息一二三四五六七八九十'.repeat(20_000)}`));
});

t.test('a document is read in a child process, which outlives it and is replaced when it does not', async (t) => {
  t.teardown(stopReaders);
  const one = { ...defaultReadLimits, milliseconds: 60_000, children: 1 };
  const here = await readDocument(bytesOf(lines));
  t.same(await readDocumentSafely(bytesOf(lines), {}, one), here, 'the reading is the same');
  const many = await Promise.all(
    Array.from({ length: 8 }, () => readDocumentSafely(bytesOf(lines), { mediaType: 'text/plain' }, one)),
  );
  t.ok(
    many.every((reading) => reading.cells.length === 200),
    'more at once than there are children',
  );
  const refused = readDocumentSafely(bytesOf('x'), {}, one);
  await t.rejects(refused, { kind: 'invalid-document', message: /no annual report/ }, 'a refusal comes back as it is');
  const slow = readDocumentSafely(bytesOf('1\n'.repeat(300_000)), {}, { ...one, milliseconds: 1 });
  await t.rejects(slow, { kind: 'invalid-document', message: /took too long/ });
  t.equal((await readDocumentSafely(bytesOf(lines), {}, one)).cells.length, 200, 'and the next document is read');
  const large = readDocumentSafely(new Uint8Array(20_000_001));
  await t.rejects(large, { kind: 'body-too-large', message: /20 MB/ });
});

/** GB18030 bytes of a text, by looking every character up in the decoder: Node has no encoder for it. */
function encodeGb18030(text: string): Uint8Array {
  const decoder = new TextDecoder('gb18030');
  const codes = new Map<string, number[]>();
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      if (trail !== 0x7f) codes.set(decoder.decode(Uint8Array.of(lead, trail)), [lead, trail]);
    }
  }
  return Uint8Array.from(
    [...text].flatMap((character) => (character < '\x80' ? [character.charCodeAt(0)] : (codes.get(character) ?? []))),
  );
}
