import fc from 'fast-check';
import t from 'tap';
import { type DocumentReading, readDocument } from '../src/document/read/read-document.js';
import { checkFigures } from '../src/form/check.js';
import { formOf } from '../src/form/forms.js';
import { sections } from '../src/form/lines.js';
import { nameFigures } from './builders.js';
import {
  anyDamage,
  balancedReports,
  damageReport,
  damageText,
  gentleDamage,
  layouts,
  printReport,
  type Sample,
} from './document-layouts.js';
import { exampleFiling, flattenFiling, qunfengTexts } from './samples.js';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The cells that were read wrong, with what was expected: the claim of most tests is that there are none. */
function differences(sample: Sample, read: DocumentReading['figures']): string[] {
  const figures = nameFigures(sample.form, read);
  return formOf(sample.form)
    .cells.filter(({ key }) => (figures[key] ?? null) !== (sample.figures[key] ?? null))
    .map(({ key }) => `${key}: ${figures[key]} for ${sample.figures[key]}`);
}

for (const { name, text } of qunfengTexts()) {
  t.test(`the published report of a township is read whole: ${name}`, async (t) => {
    const filed = exampleFiling('qunfeng-2021');
    const lines = text.split('\n').map((line) => line.trim());
    const reading = await readDocument(bytesOf(text));
    t.same(nameFigures('2021', reading.figures), flattenFiling(filed.figures));
    t.equal(reading.cells.length, 200);
    t.same(reading.doubts, [], 'nothing in it is in doubt');
    const blank = reading.cells.filter(({ value }) => value === null);
    // A heading of four characters may be broken over two lines; the box is on the line after it.
    const line = lines.findIndex((one) => /^(?:行政)?强制$/.test(one)) + 2;
    t.match(blank, [{ cell: 'decisions.coercion.decided', text: '', place: { line } }]);
    t.equal(blank.length, 1);
    t.match(reading, { form: '2021', year: 2021, agencyName: '群峰乡', countyName: '洪江市', agencyCode: null });
    t.same(reading.publishedItems, {
      total: 16,
      categories: [
        { name: '乡动态', count: 8, share: 0.5 },
        { name: '其他信息', count: 8, share: 0.5 },
      ],
      channels: [],
    });
    t.same(reading.engagement, filed.engagement);
    const { narrative } = reading;
    t.same(
      Object.keys(narrative ?? {}),
      sections.map(({ key }) => key),
    );
    t.match(narrative, { proactiveDisclosure: null, applications: null, appeals: null, otherMatters: '无。' });
    const between = (from: string, to: string) =>
      lines.slice(lines.indexOf(from) + 1, lines.indexOf(to)).filter((line) => line !== '');
    const problems = between('五、存在的主要问题及改进情况', '六、其他需要报告的事项');
    t.ok(problems.length >= 5);
    for (const line of problems)
      t.ok(narrative?.problems?.includes(line), 'numbered lists inside section five stay in it');
    const [opening = ''] = between('一、总体情况', '二、主动公开政府信息情况');
    t.ok(opening !== '' && narrative?.overview?.startsWith(opening.slice(0, 8)));
  });
}

for (const layout of layouts) {
  t.test(`a report is read back cell by cell: ${layout.name}`, async (t) => {
    await fc.assert(
      fc.asyncProperty(
        balancedReports(layout.keepsBlanks ? 8 : 0),
        fc.integer({ min: 2019, max: 2025 }),
        async (sample, year) => {
          const text = layout.write(printReport(sample, year));
          const reading = await readDocument(bytesOf(text), { mediaType: layout.mediaType });
          const wrong = differences(sample, reading.figures);
          if (wrong.length > 0 || reading.form !== sample.form || reading.year !== year) {
            throw new Error(
              `${reading.form} ${reading.year}\n${wrong.join('\n')}\n${reading.doubts.map((doubt) => doubt.message.en).join('\n')}\n${text}`,
            );
          }
        },
      ),
      { numRuns: Number(process.env.RUNS ?? 25), endOnFailure: true },
    );
    t.pass();
  });
}

/** Cells that were read wrong without a word: another number than printed, or nothing where no doubt says so. */
function silentMistakes(sample: Sample, gone: ReadonlySet<string>, reading: DocumentReading): string[] {
  const doubted = new Set(reading.doubts.flatMap(({ cells }) => cells));
  // A page number inside an empty box is told by the equation it breaks, if by anything.
  const broken = new Set(checkFigures(sample.form, 2022, reading.figures).flatMap(({ cells }) => cells));
  return formOf(sample.form).cells.flatMap(({ key, at, table, row }) => {
    const printed = gone.has(`${table}.${row}`) ? null : (sample.figures[key] ?? null);
    const read = reading.figures[at] ?? null;
    return read === printed || (read === null && doubted.has(key)) || broken.has(key)
      ? []
      : [`${key}: ${read} for ${printed}`];
  });
}

for (const layout of layouts) {
  t.test(`whatever is done to a report, no cell is read wrong without a doubt: ${layout.name}`, async (t) => {
    await fc.assert(
      fc.asyncProperty(
        balancedReports(4),
        fc.array(anyDamage, { minLength: 1, maxLength: 3 }),
        async (sample, damages) => {
          const gone = new Set<string>();
          const report = damages.reduce(
            (before, damage) => damageReport(before, damage, gone),
            printReport(sample, 2022),
          );
          const text = damages.reduce(damageText, layout.write(report));
          const reading = await readDocument(bytesOf(text), { mediaType: layout.mediaType });
          const wrong = silentMistakes(sample, gone, reading);
          if (wrong.length > 0)
            throw new Error(
              `${reading.form}\n${wrong.join('\n')}\n${reading.doubts.map((doubt) => `${doubt.code}: ${doubt.message.en}`).join('\n')}\n${text}`,
            );
        },
      ),
      { numRuns: Number(process.env.RUNS ?? 25), endOnFailure: true },
    );
    t.pass();
  });
}

const exact = layouts.filter(({ mediaType, keepsBlanks }) => mediaType === 'text/html' && keepsBlanks);
for (const layout of exact) {
  t.test(`every box that is still there is read right: ${layout.name}`, async (t) => {
    await fc.assert(
      fc.asyncProperty(
        balancedReports(6),
        fc.array(gentleDamage, { minLength: 1, maxLength: 3 }),
        async (sample, damages) => {
          const gone = new Set<string>();
          const report = damages.reduce(
            (before, damage) => damageReport(before, damage, gone),
            printReport(sample, 2022),
          );
          const reading = await readDocument(bytesOf(layout.write(report)), { mediaType: layout.mediaType });
          const kept = {
            ...sample,
            figures: Object.fromEntries(
              Object.entries(sample.figures).map(([key, value]) => [
                key,
                gone.has(key.slice(0, key.lastIndexOf('.'))) ? null : value,
              ]),
            ),
          };
          const wrong = differences(kept, reading.figures);
          if (wrong.length > 0)
            throw new Error(
              `${reading.form}\n${wrong.join('\n')}\n${reading.doubts.map((doubt) => `${doubt.code}: ${doubt.message.en}`).join('\n')}\n${layout.write(report)}`,
            );
        },
      ),
      { numRuns: Number(process.env.RUNS ?? 25), endOnFailure: true },
    );
    t.pass();
  });
}
