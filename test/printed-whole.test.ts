/** A whole report that is printed as Word, HTML or a workbook is read back to what was filed: figures, text, items, letters. */
import fc from 'fast-check';
import t from 'tap';
import './seed.js';
import { writePagePdf } from '../src/document/print/page/pdf.js';
import { reportTitle, type Sheet } from '../src/document/print/sheet.js';
import { pageOfSheet } from '../src/document/print/sheet-page.js';
import { writeXlsx } from '../src/document/print/xlsx.js';
import { type DocumentReading, readDocument } from '../src/document/read/read-document.js';
import { readStatement, writeEngagement, writeItems } from '../src/document/statement.js';
import { figuresFrom } from '../src/form/figures.js';
import { type Form, type FormId, formOf, forms } from '../src/form/forms.js';
import { sections } from '../src/form/lines.js';
import type { Engagement, Narrative, PublishedGroup, PublishedItems } from '../src/form/report.js';
import { isSamePart } from '../src/form/same-content.js';
import { isSoundText } from '../src/text.js';
import { filingBody, openTestApp, qunfeng, writeDocx, writeHtml } from './builders.js';

const formats = {
  HTML: async (sheet: Sheet) => Buffer.from(writeHtml(sheet)),
  Word: writeDocx,
  workbook: writeXlsx,
} as const;

/** Every box blank, zero, or a number of its own kind. */
const figuresOf = (form: Form) =>
  fc
    .record(
      Object.fromEntries(
        form.cells.map((cell) => {
          const number = cell.signed
            ? fc.integer({ min: -999, max: 999 })
            : fc.nat(cell.kind === 'amount' ? 1e12 : 99_999);
          return [
            cell.key,
            fc.oneof(
              { weight: 1, arbitrary: fc.constant(null) },
              { weight: 3, arbitrary: fc.constant(0) },
              { weight: 4, arbitrary: number },
            ),
          ];
        }),
      ),
    )
    .map((named) => figuresFrom(named));

/** Words that mean something elsewhere on the page. */
const traps = [
  ...[
    '规章 0 0 0',
    '行政许可 5',
    '总计',
    '3',
    '0',
    '一、总体情况',
    '二、主动公开政府信息情况',
    '六、其他需要报告的事项',
    '（七）总计 9 9',
  ],
  ...[
    '四、结转下年度继续办理',
    '行政处罚',
    '其他',
    '本年制发件数',
    '信息内容',
    '行政强制',
    '结果维持 结果纠正',
    '第二十条第（一）项',
  ],
  ...[
    '附：勾稽关系核验结果',
    '主动公开信息：共16条。',
    '来信来电办理：未单列。',
    '主动公开信息：共',
    '打印',
    '关闭不再使用的账号2个。',
    '- 3 -',
  ],
  ...[
    '2022年，我镇主动公开政府信息16条，其中动态8条、公告8条。',
    '办理市长信箱12件，回复率100%。',
    '“三公”经费、预决算',
  ],
  ...[
    '示例乡2019年政府信息公开工作年度报告',
    '统计期限为2022年1月1日至2022年12月31日。',
    '无',
    '无。',
    '（一）收到申请3件；',
    '=1+1',
    'a < b & "c"',
  ],
  '甲'.repeat(1_900),
  `${'乙丙丁 '.repeat(500)}丙`,
];
const anyLine = fc
  .oneof(
    { weight: 4, arbitrary: fc.constantFrom(...traps) },
    { weight: 2, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }) },
    {
      weight: 2,
      arbitrary: fc
        .array(
          fc.constantFrom(
            '政府信息',
            '公开',
            '12',
            '条',
            '、',
            '。',
            '“',
            '”',
            '规章',
            '其中',
            '0',
            '，',
            '：',
            '市长信箱',
            '件',
          ),
          { maxLength: 9 },
        )
        .map((words) => words.join('')),
    },
  )
  // A page keeps no blanks at the ends of a line and one of several.
  .map((line) => line.replace(/\s+/gu, ' ').trim())
  .filter((line) => line !== '' && isSoundText(line) && !/[\u200b-\u200f\u2060-\u2064\u00ad\ufeff]/u.test(line));
const text = fc.oneof(
  fc.constant(null),
  fc.array(anyLine, { minLength: 1, maxLength: 5 }).map((all) => all.join('\n')),
);
const narrative: fc.Arbitrary<Narrative> = fc.record(Object.fromEntries(sections.map(({ key }) => [key, text])));

const words: fc.Arbitrary<string> = fc
  .oneof(
    fc.constantFrom(
      '乡动态',
      '其他信息',
      '12345热线',
      '占',
      '未计数',
      '无',
      '“三公”经费',
      '政策文件、通知公告',
      'a\nb',
      ' x ',
      'a  b',
      '）',
      '占50%',
      '260余条',
    ),
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    fc.string({ unit: fc.constantFrom(...'“”（）、；。，条件1\\占%无\n ：'), maxLength: 6 }),
  )
  .filter((said) => isSoundText(said));
const name = words.filter((said) => said !== '');
const share = fc.option(
  fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }).map(Math.abs), fc.constantFrom(0, 0.5, 1, 0.333, 0.07)),
);
const count = fc.option(fc.nat(999_999_999));
const group = fc.record<PublishedGroup>({ name, count, share, note: fc.option(words) });
const items = fc.option(
  fc.record<PublishedItems>({
    total: count,
    categories: fc.array(group, { maxLength: 4 }),
    channels: fc.array(group, { maxLength: 4 }),
    complete: fc.subarray(['categories', 'channels'] as const),
    note: fc.option(words),
  }),
);
const engagement = fc.option(
  fc.array(fc.record<Engagement>({ name, handled: count, replyRate: share, note: fc.option(words) }), { maxLength: 4 }),
);

t.test('what is filed beside the text is read back from the line that states it', async () => {
  fc.assert(
    fc.property(items, engagement, (ofItems, ofEngagement) => {
      const [one, other] = [writeItems(ofItems), writeEngagement(ofEngagement)];
      const read = { ...readStatement(one), ...readStatement(other) };
      if (!isSamePart(read.publishedItems ?? null, ofItems)) throw new Error(one);
      if (!isSamePart(read.engagement ?? null, ofEngagement)) throw new Error(other);
    }),
    { numRuns: 2_000 },
  );
});

t.test('the lines are such as an office writes', async (t) => {
  const groups = [
    { name: '乡动态', count: 8, share: 0.5 },
    { name: '新媒体', count: null, note: '260余条' },
  ];
  t.equal(
    writeItems({ total: 16, categories: groups, channels: [], complete: [] }),
    '主动公开信息：共16条；其中按类别：乡动态8条（占50%）、新媒体（260余条）。',
  );
  t.equal(
    writeEngagement([
      { name: '市长信箱', handled: 0 },
      { name: '市长热线', handled: 9, replyRate: 1 },
    ]),
    '来信来电办理：市长信箱0件、市长热线9件（回复率100%）。',
  );
});

type Whole = Pick<DocumentReading, 'figures' | 'narrative' | 'publishedItems' | 'engagement'> & {
  readonly form: FormId;
};

t.test('numbers that are set apart in the lines are read as the others', async (t) => {
  const said = '主动公开信息：共 16 条；其中按类别：乡动态 8 条（占 50%）、新媒体（260余条）。';
  t.same(readStatement(said), readStatement(said.replaceAll(' ', '')));
  t.match(readStatement(said), { publishedItems: { total: 16, categories: [{ name: '乡动态', count: 8 }, {}] } });
});

const reports: fc.Arbitrary<Whole> = fc
  .constantFrom(...forms)
  .chain((form) =>
    fc.record({ form: fc.constant(form.id), figures: figuresOf(form), narrative, publishedItems: items, engagement }),
  );

function sheetOf(report: Whole): Sheet {
  return {
    ...report,
    ...{ title: reportTitle('示例乡', 2022), year: 2022, subtitle: [], findings: [], coverage: null, sample: false },
  };
}

function requireSame(reading: DocumentReading, report: Whole): void {
  const wrong = formOf(report.form).cells.filter(({ at }) => reading.figures[at] !== report.figures[at]);
  if (reading.form !== report.form || wrong.length > 0)
    throw new Error(`${reading.form} ${wrong.map(({ key }) => key).join()} ${JSON.stringify(report.narrative)}`);
  for (const part of ['narrative', 'publishedItems', 'engagement'] as const)
    if (!isSamePart(reading[part], report[part]))
      throw new Error(
        `${part}: ${JSON.stringify(reading[part])}\nfor ${JSON.stringify(report[part])}\n${JSON.stringify(report.narrative)}`,
      );
}

for (const [format, write] of Object.entries(formats)) {
  t.test(`a whole report printed as ${format} is read back to the same filing`, async () => {
    await fc.assert(
      fc.asyncProperty(reports, async (report) => {
        requireSame(await readDocument(await write(sheetOf(report))), report);
      }),
      { numRuns: Number(process.env.RUNS ?? 30), endOnFailure: true },
    );
  });
}

/** What a PDF says in words that its font has, in lines short enough to stay one. */
const plainLine = fc
  .array(fc.constantFrom('政府信息公开', '加强学习', '做好工作', '无', '，', '12件', '“三公”经费'), {
    minLength: 1,
    maxLength: 9,
  })
  .map((said) => `${said.join('')}。`);
const plainText = fc.option(fc.array(plainLine, { minLength: 1, maxLength: 4 }).map((all) => all.join('\n')));
const plainGroup = fc.record<PublishedGroup>({
  name: fc.constantFrom('乡动态', '村务公开', '政策文件'),
  count: fc.nat(99_999),
});

t.test('a whole report printed as PDF is read back to the same filing', async () => {
  const printed = fc.constantFrom(...forms).chain((form) =>
    fc.record<Whole>({
      form: fc.constant(form.id),
      figures: figuresOf(form),
      narrative: fc.record(Object.fromEntries(sections.map(({ key }) => [key, plainText]))),
      publishedItems: fc.option(
        fc.record<PublishedItems>({
          total: fc.option(fc.nat(99_999)),
          categories: fc.uniqueArray(plainGroup, { maxLength: 3, selector: ({ name }) => name }),
          channels: fc.constant([]),
          complete: fc.constant([]),
        }),
      ),
      engagement: fc.constant(null),
    }),
  );
  await fc.assert(
    fc.asyncProperty(printed, async (report) => {
      requireSame(await readDocument(await writePagePdf(pageOfSheet(sheetOf(report)))), report);
    }),
    { numRuns: Number(process.env.RUNS ?? 10), endOnFailure: true },
  );
});

t.test('a text that says the same on every page of a PDF is read whole', async () => {
  const line = '每月召开一次政府信息公开工作例会。';
  const [form] = forms;
  if (!form) throw new Error('there is a form');
  const said = Array.from({ length: 150 }, (_, index) => (index % 7 === 3 ? `${line}第${index}次。` : line)).join('\n');
  const report: Whole = {
    ...{ form: form.id, figures: figuresFrom({}), publishedItems: null, engagement: null },
    narrative: {
      overview: said,
      proactiveDisclosure: said,
      applications: null,
      appeals: null,
      problems: said,
      otherMatters: null,
    },
  };
  requireSame(await readDocument(await writePagePdf(pageOfSheet(sheetOf(report)))), report);
});

t.test('a report that is fetched in any printed format and sent back is unchanged', async (t) => {
  const { app, close } = await openTestApp();
  t.teardown(close);
  const payload = filingBody({
    narrative: { overview: '工作有序开展。', applications: '无', otherMatters: '一、总体情况\n无。' },
    publishedItems: {
      total: 16,
      categories: [{ name: '村务公开', count: 16, share: 1 }],
      channels: [],
      complete: ['categories'],
    },
    engagement: [{ name: '12345热线', handled: 9, replyRate: 0.995 }],
  });
  const filed = await app.inject({ method: 'POST', url: '/v1/reports', payload });
  t.equal(filed.statusCode, 201, filed.body);
  const url = `/v1/reports/${qunfeng}/2021`;
  for (const extension of ['html', 'docx', 'xlsx', 'pdf']) {
    const { rawPayload, headers } = await app.inject(`${url}.${extension}`);
    const type = { 'content-type': String(headers['content-type']) };
    const sent = await app.inject({ method: 'PUT', url, headers: type, payload: rawPayload });
    t.equal(sent.statusCode, 200, sent.body);
    t.match(sent.json(), { outcome: 'unchanged', revision: 1 }, extension);
  }
});
