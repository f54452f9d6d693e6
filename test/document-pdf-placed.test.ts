/** Tables of a PDF without ruling lines are read by the places of their text, or left in doubt: none is wrong in silence. */
import fc from 'fast-check';
import t from 'tap';
import './seed.js';
import { type DocumentReading, readDocument } from '../src/document/read/read-document.js';
import { formOf } from '../src/form/forms.js';
import { Problem, toProblem } from '../src/problem.js';
import { nameFigures } from './builders.js';
import { balancedReports, damageReport, gentleDamage, printReport, type Sample } from './document-layouts.js';
import { type PdfStyle, printPdf } from './pdf-printer.js';

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
