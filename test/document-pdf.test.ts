/** Reports printed to PDF in many ways are read back cell by cell; what cannot be read is refused by name or in doubt. */
import fc from 'fast-check';
import t from 'tap';
import './seed.js';
import { type DocumentReading, readDocument } from '../src/document/read/read-document.js';
import { formOf, forms } from '../src/form/forms.js';
import { Problem, toProblem } from '../src/problem.js';
import { nameFigures } from './builders.js';
import { balancedReports, printReport, type Sample } from './document-layouts.js';
import { firstOwnObject, type PdfObject, pdfOf, pdfOfPages, showAt, streamOf } from './pdf-file.js';
import { type PdfStyle, printPages, printPdf, rulings, usualStyle } from './pdf-printer.js';

/** The cells that were read wrong and have no doubt, with what was expected: the claim is that there are none. */
function silentlyWrong(sample: Sample, { figures, doubts }: DocumentReading): string[] {
  const read = nameFigures(sample.form, figures);
  const doubted = new Set(doubts.flatMap(({ cells }) => cells));
  return formOf(sample.form)
    .cells.filter(({ key }) => !doubted.has(key) && (read[key] ?? null) !== (sample.figures[key] ?? null))
    .map(({ key }) => `${key}: ${read[key]} for ${sample.figures[key]}`);
}

const ruled = rulings.filter((ruling) => ruling !== 'none');

const styles: fc.Arbitrary<PdfStyle> = fc.record({
  ruling: fc.constantFrom(...ruled),
  turned: fc.constantFrom('not', 'page', 'text', 'both'),
  runs: fc.boolean(),
  repeatsHead: fc.boolean(),
  bodySize: fc.constantFrom(7, 9, 10.5),
  align: fc.constantFrom('left', 'middle', 'right'),
});

for (const ruling of ruled) {
  t.test(`a report is read back cell by cell from a PDF with lines drawn as: ${ruling}`, async (t) => {
    await fc.assert(
      fc.asyncProperty(
        balancedReports(8),
        styles,
        fc.integer({ min: 2019, max: 2025 }),
        async (sample, style, year) => {
          const reading = await readDocument(printPdf(printReport(sample, year), { ...style, ruling }));
          const wrong = silentlyWrong(sample, reading);
          const doubted = reading.doubts.filter(({ cells }) => cells.length > 0);
          if (wrong.length + doubted.length > 0 || reading.form !== sample.form || reading.year !== year) {
            throw new Error(
              `${JSON.stringify(style)} ${reading.form} ${reading.year} ${wrong.join('; ')} ${JSON.stringify(doubted)}`,
            );
          }
        },
      ),
      { numRuns: 6 },
    );
    t.pass();
  });
}

t.test('the text of the sections is joined to its paragraphs, without what runs through the pages', async (t) => {
  const [sample] = fc.sample(balancedReports(0), 1) as [Sample];
  const { narrative, title, agencyName } = await readDocument(printPdf(printReport(sample, 2023), usualStyle));
  t.equal(title, '虚构乡2023年政府信息公开工作年度报告');
  t.equal(agencyName, '虚构乡');
  t.match(narrative, {
    overview:
      '全年主动公开政府信息30条，其中：政策文件类10条，占比33.3%；工作动态类20条，占比66.7%。受理12345热线工单7件，办结率100%。',
    problems: '存在以下问题：一、更新不够及时；二、宣传不够到位。行政处罚3件、行政许可5件已全部公示。',
    otherMatters: '无其他事项。',
  });
});

t.test('without ruling lines no cell is wrong in silence: what no equation confirms is in doubt', async (t) => {
  let confirmed = 0;
  await fc.assert(
    fc.asyncProperty(balancedReports(4), styles, async (sample, style) => {
      const reading = await readDocument(printPdf(printReport(sample, 2023), { ...style, ruling: 'none' })).catch(
        toProblem,
      );
      if (reading instanceof Problem) return;
      const wrong = silentlyWrong(sample, reading);
      if (wrong.length > 0) throw new Error(`${JSON.stringify(style)} ${wrong.join('; ')}`);
      const doubted = new Set(reading.doubts.flatMap(({ cells }) => cells));
      confirmed += reading.cells.filter(({ cell }) => !doubted.has(cell)).length;
      const sure = reading.cells.filter(({ cell }) => /^(?:documents|decisions|fees)/.test(cell) && !doubted.has(cell));
      if (sure.length > 0) throw new Error(`${sure[0]?.cell} has no equation and no doubt`);
    }),
    { numRuns: 12 },
  );
  t.comment(`${confirmed} cells were confirmed`);
});

/** How a page's content shows a text, wherever. */
const shownText = (text: string) => showAt(text, 0, 0, 9).replace(/^[^<]*/, '');

t.test('each figure names the page that shows it, of a table that goes on over pages too', async (t) => {
  for (const form of forms) {
    const figures = Object.fromEntries(form.cells.map(({ key }, at) => [key, 1000 + at]));
    const report = printReport({ form: form.id, figures }, 2023);
    for (const style of [
      usualStyle,
      { ...usualStyle, repeatsHead: false },
      { ...usualStyle, ruling: 'none' } as const,
    ]) {
      const pages = printPages(report, style).map(({ content }) => content);
      const { cells } = await readDocument(pdfOfPages(pages.map((content) => ({ content }))));
      t.ok(cells.length > 180 && pages.length > 1);
      const other = cells.filter(({ text, place }) => !pages[(place.page ?? 0) - 1]?.includes(shownText(text)));
      t.same(
        other.map(({ cell, place }) => `${cell}: ${place.page}`),
        [],
      );
    }
  }
});

t.test('what is no text, or opens to nobody, is refused by its name', async (t) => {
  const refusal = async (file: Uint8Array) => {
    const answer = await readDocument(file).catch(toProblem);
    return answer instanceof Problem ? answer : undefined;
  };
  const picture = streamOf(
    Buffer.alloc(30_000, 0x80),
    '/Type /XObject /Subtype /Image /Width 100 /Height 100 /ColorSpace /DeviceRGB /BitsPerComponent 8',
  );
  const scan = { content: 'q 595 0 0 842 0 0 cm /X Do Q', resources: `/XObject << /X ${firstOwnObject} 0 R >>` };
  t.match(await refusal(pdfOfPages([scan], [picture])), {
    kind: 'invalid-document',
    detail: { zh: /扫描件，没有文字/, en: /a scan: it has no text/ },
  });
  const under = { ...scan, content: showAt('一、总体情况', 60, 700, 12) + scan.content };
  t.match(await refusal(pdfOfPages([under], [picture])), { detail: { zh: /扫描件/ } }, 'text under the picture');
  const clear = { ...scan, content: scan.content + showAt('一、总体情况', 60, 700, 12, '3 Tr') };
  t.match(await refusal(pdfOfPages([clear], [picture])), { detail: { zh: /扫描件/ } }, 'transparent text upon it');
  const locked = `/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O <${'41'.repeat(32)}> /U <${'42'.repeat(32)}> >> /ID [<${'43'.repeat(16)}> <${'43'.repeat(16)}>]`;
  const page = [{ value: '<< /Type /Catalog /Pages 2 0 R >>' }, { value: '<< /Type /Pages /Count 0 /Kids [] >>' }];
  t.match(await refusal(pdfOf(page, locked)), {
    kind: 'invalid-document',
    detail: { zh: /已加密/, en: /is encrypted/ },
  });
  const [sample] = fc.sample(balancedReports(0), 1) as [Sample];
  const whole = printPdf(printReport(sample, 2023));
  const cut = await refusal(whole.subarray(0, whole.length / 3));
  t.match(cut, { kind: 'invalid-document' });
});

/** One small table, all that is printed of a report but its title: what its only box, 行政处罚, is read as. */
const boxOf = async (
  box: string,
  { entries = '', resources = '' } = {},
  own: readonly PdfObject[] = [],
  catalogue = '',
) => {
  const lines = [0, 1, 2].map((row) => `60 ${700 - row * 30} m 460 ${700 - row * 30} l S`);
  const sides = [60, 260, 460].map((x) => `${x} 700 m ${x} 640 l S`);
  const content = [
    showAt('虚构乡2023年政府信息公开工作年度报告', 100, 760, 16),
    showAt('二、主动公开政府信息情况', 60, 720, 12),
    ...lines,
    ...sides,
    showAt('信息内容', 70, 680, 10) + showAt('本年处理决定数量', 270, 680, 10) + showAt('行政处罚', 70, 650, 10),
    box,
  ].join('\n');
  const reading = await readDocument(pdfOfPages([{ content, entries, resources }], own, catalogue));
  const found = reading.cells.find(({ cell }) => cell === 'decisions.penalties.decided');
  const doubt = reading.doubts.find(
    ({ cells, code }) => cells.includes('decisions.penalties.decided') && code !== 'row-not-found',
  );
  return doubt ? `${found?.value}: ${doubt.message.zh}` : (found?.value ?? null);
};

t.test('what nobody sees on the page is not there', async (t) => {
  const seven = showAt('7', 300, 650, 10);
  t.equal(await boxOf(seven), 7, 'as it is printed');
  for (const [name, hidden] of [
    ['transparent', `q ${showAt('1', 295, 650, 10, '3 Tr')} Q`],
    ['white', `1 g ${showAt('1', 295, 650, 10)} 0 g`],
    ['the colour of its ground', `q 0.2 0.4 0.6 rg 262 642 20 26 re f ${showAt('1', 265, 650, 10)} Q`],
    ['painted over', `${showAt('1', 295, 650, 10)} q 1 g 290 645 9 20 re f Q`],
    ['beside the page', showAt('1', -20, 650, 10)],
    ['without size', showAt('1', 295, 650, 0.1)],
    ['outside of the clip', `q 300 640 100 30 re W n ${showAt('1', 290, 650, 10)} Q`],
    ['a text that only clips', `q ${showAt('1', 295, 650, 10, '7 Tr')} Q`],
    ['fully translucent', `q /G gs ${showAt('1', 295, 650, 10)} Q`],
    ['in a layer that is off', `/OC /L BDC ${showAt('1', 295, 650, 10)} EMC`],
    ['struck out', `${showAt('1', 280, 650, 10)} q 0.5 w 279 653.4 m 286 653.4 l S Q`],
    ['struck out by a thin box', `${showAt('1', 280, 650, 10)} 279 653.2 7 0.6 re f`],
  ] as const) {
    const resources = `/ExtGState << /G << /ca 0 >> >> /Properties << /L ${firstOwnObject} 0 R >>`;
    const layers = `/OCProperties << /OCGs [${firstOwnObject} 0 R] /D << /OFF [${firstOwnObject} 0 R] >> >>`;
    const layer = { value: '<< /Type /OCG /Name (hidden) >>' };
    t.equal(await boxOf(hidden + seven, { resources }, [layer], layers), 7, name);
  }
});

t.test('what is seen and is no plain number is a note or a doubt that names it', async (t) => {
  const seven = showAt('7', 300, 650, 10);
  t.equal(await boxOf(seven + showAt('1', 306, 655, 6)), 7, 'a raised digit is a note');
  t.equal(await boxOf(`1 g 0 0 0 rg q 0 g 262 642 100 26 re f 1 g ${seven} Q`), 7, 'white on black is seen');
  t.match(await boxOf(showAt('12345', 440, 650, 10)), /越过边框/, 'digits over the edge of the table');
  await t.rejects(boxOf(showAt('12345', 250, 650, 10)), 'digits that run from the heading into the box');
  t.match(await boxOf(`${showAt('7', 300, 650, 10)}${showAt('8', 330, 650, 10)}`), /不是本格可填的数值/, 'two numbers');
  t.match(await boxOf(tableAt(664, [['7', '8']], [300, 330, 360])), /嵌套的表格/, 'a table in the box');
  const picture = streamOf(
    Buffer.alloc(300),
    '/Type /XObject /Subtype /Image /Width 10 /Height 10 /ColorSpace /DeviceRGB /BitsPerComponent 8',
  );
  const resources = `/XObject << /X ${firstOwnObject} 0 R >>`;
  t.match(await boxOf('q 30 0 0 20 300 645 cm /X Do Q', { resources }, [picture]), /图片/, 'a picture');
  t.match(
    await boxOf(`BT /F2 10 Tf 1 0 0 1 300 650 Tm <0037> Tj ET`, fontWithoutCodes.page, fontWithoutCodes.own),
    /不是本格可填的数值/,
  );
});

/** A font whose codes mean nothing that the file says: its 0x37 looks like any character. */
const fontWithoutCodes = {
  page: { resources: '/Font << /F1 3 0 R /F2 6 0 R >>' },
  own: [
    { value: '<< /Type /Font /Subtype /Type0 /BaseFont /AAAAAA+Any /Encoding /Identity-H /DescendantFonts [7 0 R] >>' },
    {
      value:
        '<< /Type /Font /Subtype /CIDFontType2 /BaseFont /AAAAAA+Any /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor 5 0 R /DW 500 >>',
    },
  ],
} as const;

/** Rows of boxes between lines, their upper edge at `top`; each row is 20 points high. */
const tableAt = (top: number, rows: readonly (readonly string[])[], xs: readonly number[]): string => {
  const bottom = top - rows.length * 20;
  const across = [...rows, []].map((_, row) => `${xs[0]} ${top - row * 20} m ${xs.at(-1)} ${top - row * 20} l S`);
  const down = xs.map((x) => `${x} ${top} m ${x} ${bottom} l S`);
  const texts = rows.flatMap((row, at) =>
    row.map((text, index) => showAt(text, (xs[index] ?? 0) + 4, top - at * 20 - 14, 9)),
  );
  return [...across, ...down, ...texts].join('\n');
};

const documentsHead = ['信息内容', '本年制发件数', '本年废止件数', '现行有效件数'];
const documentsIn = ({ cells }: DocumentReading) =>
  Object.fromEntries(
    cells.filter(({ cell }) => cell.startsWith('documents')).map(({ cell, value }) => [cell.slice(10), value]),
  );

t.test('a row that the end of a page cuts in two is one row, wherever its numbers are', async (t) => {
  const xs = [60, 180, 280, 380, 480];
  for (const [above, below] of [
    [
      ['行政规范', '1', '2', '3'],
      ['性文件', '', '', ''],
    ],
    [
      ['行政规范', '', '', ''],
      ['性文件', '1', '2', '3'],
    ],
    [
      ['行政规范', '1', '', '3'],
      ['性文件', '', '2', ''],
    ],
  ] as const) {
    const title = showAt('虚构乡2023年政府信息公开工作年度报告', 100, 200, 16);
    const first = title + tableAt(120, [documentsHead, ['规章', '0', '0', '0'], above], xs);
    const reading = await readDocument(pdfOfPages([{ content: first }, { content: tableAt(780, [below], xs) }]));
    t.match(documentsIn(reading), {
      'regulations.issued': 0,
      'normativeDocuments.issued': 1,
      'normativeDocuments.repealed': 2,
      'normativeDocuments.inForce': 3,
    });
  }
});

t.test('a frame around the page is no table', async (t) => {
  const [sample] = fc.sample(balancedReports(0), 1) as [Sample];
  const pages = printPages(printReport(sample, 2023), usualStyle).map(({ content }) => ({
    content: `${content} 20 50 555 770 re S 20 790 m 575 790 l S`,
  }));
  const reading = await readDocument(pdfOfPages(pages));
  t.same(silentlyWrong(sample, reading), []);
  t.same(reading.doubts, []);
});

t.test('two columns of text are read one after the other, a header and page numbers left out', async (t) => {
  const column = (x: number, text: string) =>
    [...(text.match(/.{1,18}/gu) ?? [])].map((line, index) => showAt(line, x, 700 - index * 18, 12)).join('');
  const [left, right] = ['甲'.repeat(90), '乙'.repeat(90)];
  const pages = [1, 2].map((number) => ({
    content: [
      showAt('某县人民政府公报', 60, 810, 9),
      showAt(`第${number}页 共2页`, 270, 25, 9),
      number === 1
        ? showAt('虚构乡2023年政府信息公开工作年度报告', 100, 760, 16) + showAt('一、总体情况', 60, 730, 12)
        : '',
      number === 1
        ? column(60, left) + column(310, right)
        : showAt('六、其他需要报告的事项', 60, 780, 12) +
          showAt('无。', 60, 760, 12) +
          tableAt(700, [documentsHead, ['规章', '0', '0', '0']], [60, 180, 280, 380, 480]),
    ].join(''),
  }));
  const { narrative } = await readDocument(pdfOfPages(pages));
  t.equal(narrative?.overview, left + right);
  t.match(narrative?.otherMatters, /^无。/);
});

t.test('text in the character maps of Chinese printers is read without a network', async (t) => {
  for (const [encoding, code] of [
    ['GBK-EUC-H', '<b0a1b0a2> Tj'],
    ['GB-EUC-H', '<b0a1b0a2> Tj'],
    ['UniGB-UTF16-H', '<554a963f> Tj'],
  ] as const) {
    const own = [
      { value: `<< /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /${encoding} /DescendantFonts [4 0 R] >>` },
    ];
    const box = `BT /F2 10 Tf 1 0 0 1 300 650 Tm ${code} ET`;
    t.match(
      await boxOf(box, { resources: `/Font << /F1 3 0 R /F2 ${firstOwnObject} 0 R >>` }, own),
      /“啊阿”/,
      encoding,
    );
  }
});
