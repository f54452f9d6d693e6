/** Reports printed to PDF in many ways are read back cell by cell; what cannot be read is refused by name or in doubt. */
import fc from 'fast-check';
import t from 'tap';
import './seed.js';
import { type DocumentReading, readDocument } from '../src/document/read/read-document.js';
import { formOf } from '../src/form/forms.js';
import { Problem, toProblem } from '../src/problem.js';
import { nameFigures } from './builders.js';
import { balancedReports, printReport, type Sample } from './document-layouts.js';
import { firstOwnObject, pdfOf, pdfOfPages, showAt, streamOf } from './pdf-file.js';
import { type PdfStyle, printPdf, rulings, usualStyle } from './pdf-printer.js';

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
