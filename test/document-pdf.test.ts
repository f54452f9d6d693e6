/** Reports printed to PDF in many ways are read back cell by cell; what cannot be read is refused by name or in doubt. */
import fc from 'fast-check';
import t from 'tap';
import './seed.js';
import { type DocumentReading, readDocument } from '../src/document/read/read-document.js';
import { formOf } from '../src/form/forms.js';
import { nameFigures } from './builders.js';
import { balancedReports, printReport, type Sample } from './document-layouts.js';
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
