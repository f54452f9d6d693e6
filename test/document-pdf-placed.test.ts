/** Tables of a PDF without ruling lines are read by the places of their text, or left in doubt: none is wrong in silence. */
import fc from 'fast-check';
import t from 'tap';
import './seed.js';
import { type DocumentReading, readDocument } from '../src/document/read/read-document.js';
import { formOf } from '../src/form/forms.js';
import { Problem, toProblem } from '../src/problem.js';
import { nameFigures } from './builders.js';
import { balancedReports, damageReport, gentleDamage, printReport, type Sample } from './document-layouts.js';
import { pdfOfPages, showAt } from './pdf-file.js';
import { type PdfStyle, printPdf, usualStyle } from './pdf-printer.js';

const edges = ['left', 'middle', 'right'] as const;

const styles: fc.Arbitrary<PdfStyle> = fc.record(
  {
    ruling: fc.constant('none' as const),
    turned: fc.constantFrom('not', 'page', 'text', 'both'),
    runs: fc.boolean(),
    repeatsHead: fc.boolean(),
    bodySize: fc.constantFrom(7, 8, 9, 10.5),
    align: fc.constantFrom(...edges),
    numbers: fc.constantFrom(...edges),
    vertical: fc.constantFrom('top', 'bottom'),
    width: fc.constantFrom(80, 90, 100),
  },
  { requiredKeys: ['ruling', 'turned', 'runs', 'repeatsHead', 'bodySize', 'align'] },
);

/** Cells of a reading by whether they are in doubt and whether they are what was printed. */
function compare(sample: Sample, { form, figures, doubts }: DocumentReading) {
  // Where the form is another, or none, its doubt is about all cells.
  const isOtherForm = form !== sample.form && doubts.some(({ code }) => code === 'form-unclear');
  const read = nameFigures(sample.form, figures);
  const doubted = new Set(doubts.flatMap(({ cells }) => cells));
  const cells = formOf(sample.form).cells.map(({ key }) => ({
    key,
    isRight: (read[key] ?? null) === (sample.figures[key] ?? null),
    isDoubted: isOtherForm || doubted.has(key),
  }));
  return {
    right: cells.filter(({ isRight }) => isRight).length,
    silentlyWrong: cells.filter(({ isRight, isDoubted }) => !isRight && !isDoubted).map(({ key }) => key),
    unconfirmed: cells.filter(({ isDoubted }) => isDoubted).map(({ key }) => key),
  };
}

const isWithEquations = (cell: string) => /^(?:applications|appeals)\./.test(cell);

t.test('a report without blanks is read, and what its equations confirm is in no doubt', async (t) => {
  await fc.assert(
    fc.asyncProperty(balancedReports(0), styles, async (sample, style) => {
      const reading = await readDocument(printPdf(printReport(sample, 2023), style));
      const { silentlyWrong, unconfirmed } = compare(sample, reading);
      const open = unconfirmed.filter(isWithEquations);
      if (silentlyWrong.length + open.length > 0)
        throw new Error(`${JSON.stringify(style)} wrong: ${silentlyWrong} open: ${open}`);
    }),
    { numRuns: 25 },
  );
  t.pass();
});

t.test('boxes that are printed blank are blank, and no other box takes their place in silence', async (t) => {
  const counts = { cells: 0, right: 0 };
  await fc.assert(
    fc.asyncProperty(balancedReports(14), styles, async (sample, style) => {
      const reading = await readDocument(printPdf(printReport(sample, 2023), style)).catch(toProblem);
      if (reading instanceof Problem) return;
      const { silentlyWrong, right } = compare(sample, reading);
      if (silentlyWrong.length > 0) throw new Error(`${JSON.stringify(style)} ${silentlyWrong}`);
      counts.cells += formOf(sample.form).cells.length;
      counts.right += right;
    }),
    { numRuns: 25 },
  );
  t.comment(counts);
  t.ok(counts.right > counts.cells * 0.8, 'most are read');
});

t.test('a row that is blank from end to end is blank, and the rows beside it have their own numbers', async (t) => {
  for (const row of ['granted', 'partlyGranted', 'total']) {
    for (const sample of fc.sample(balancedReports(0), 2)) {
      const blank = Object.keys(sample.figures).filter((key) => key.startsWith(`applications.${row}.`));
      const figures = { ...sample.figures, ...Object.fromEntries(blank.map((key) => [key, null])) };
      for (const bodySize of [7, 10.5]) {
        const style: PdfStyle = { ...usualStyle, ruling: 'none', bodySize };
        const reading = await readDocument(printPdf(printReport({ ...sample, figures }, 2023), style));
        const { right, silentlyWrong } = compare({ ...sample, figures }, reading);
        t.same([right, silentlyWrong], [formOf(sample.form).cells.length, []]);
        const placed = reading.cells.filter(
          ({ cell, position }) => cell.startsWith(`applications.${row}.`) && position,
        );
        t.equal(placed.length, blank.length);
      }
    }
  }
});

t.test('a table that is not as the form prints it is wrong nowhere in silence', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      balancedReports(6),
      styles,
      fc.array(gentleDamage, { minLength: 1, maxLength: 3 }),
      async (sample, style, damages) => {
        const gone = new Set<string>();
        const report = damages.reduce(
          (printed, damage) => damageReport(printed, damage, gone),
          printReport(sample, 2023),
        );
        const reading = await readDocument(printPdf(report, style)).catch(toProblem);
        if (reading instanceof Problem) return;
        const { silentlyWrong } = compare(sample, reading);
        const wrong = silentlyWrong.filter((cell) => !gone.has(cell.split('.').slice(0, 2).join('.')));
        if (wrong.length > 0) throw new Error(`${JSON.stringify({ style, damages })} ${wrong}`);
      },
    ),
    { numRuns: 25 },
  );
  t.pass();
});

t.test('text that is piled up as if in a table takes no longer than any other', async (t) => {
  const title = showAt('虚构乡2023年政府信息公开工作年度报告', 100, 800, 16);
  const section = showAt('三、收到和处理政府信息公开申请情况', 60, 780, 12);
  const runs = Array.from({ length: 2_900 }, (_, at) =>
    showAt('总', 60 + (at % 60) * 8, 760 - Math.floor(at / 60) * 14, 6),
  );
  const number = showAt('1', 400, 40, 6);
  const before = process.cpuUsage();
  const answer = await readDocument(pdfOfPages([{ content: [title, section, ...runs, number].join('') }])).catch(
    toProblem,
  );
  t.ok(answer instanceof Problem || answer.doubts.length > 0);
  t.ok(process.cpuUsage(before).user < 60_000_000);
});
