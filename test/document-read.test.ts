import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import t from 'tap';
import { type DocumentReading, readDocument } from '../src/document/read/read-document.js';
import { parseAmount } from '../src/form/amount.js';
import { checkFigures } from '../src/form/check.js';
import { cellOf, formOf } from '../src/form/forms.js';
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

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The cells that were read wrong, with what was expected: the claim of most tests is that there are none. */
function differences(sample: Sample, read: DocumentReading['figures']): string[] {
  const figures = nameFigures(sample.form, read);
  return formOf(sample.form)
    .cells.filter(({ key }) => (figures[key] ?? null) !== (sample.figures[key] ?? null))
    .map(({ key }) => `${key}: ${figures[key]} for ${sample.figures[key]}`);
}

const samples = new URL('../../shared/samples/', import.meta.url);
const sample = new URL('qunfeng-2021.txt', samples);

/** Addresses and values of a filing's figures, amounts in 分. */
function flatten(
  filed: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number | string | null>>>>>>,
): Record<string, number | null> {
  const rows = Object.entries(filed).flatMap(([table, members]) =>
    Object.entries(members).map(([row, boxes]) => [table, row, boxes] as const),
  );
  return Object.fromEntries(
    rows.flatMap(([table, row, boxes]) =>
      Object.entries(boxes).map(([column, value]) => {
        const key = `${table}.${row}.${column}`;
        return [key, typeof value === 'string' ? (parseAmount(value, cellOf(key).unit) ?? null) : value];
      }),
    ),
  );
}

t.test('the published report of a township is read whole', { skip: !existsSync(sample) }, async (t) => {
  const filed = JSON.parse(readFileSync(new URL('qunfeng-2021.json', samples), 'utf8'));
  const reading = await readDocument(readFileSync(sample));
  t.same(nameFigures('2021', reading.figures), flatten(filed.figures));
  t.equal(reading.cells.length, 200);
  t.same(reading.doubts, [], 'nothing in it is in doubt');
  const blank = reading.cells.filter(({ value }) => value === null);
  t.match(blank, [{ cell: 'decisions.coercion.decided', text: '', place: { line: 70 } }]);
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
  const text = readFileSync(sample, 'utf8');
  const { narrative } = reading;
  t.same(
    Object.keys(narrative ?? {}),
    sections.map(({ key }) => key),
  );
  t.match(narrative, { proactiveDisclosure: null, applications: null, appeals: null, otherMatters: '无。' });
  for (const line of text.split('\n').slice(425, 430))
    t.ok(narrative?.problems?.includes(line.trim()), 'numbered lists inside section five stay in it');
  t.ok(text.startsWith('2021年度，我乡', text.indexOf(narrative?.overview?.slice(0, 8) ?? '?')));
});

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
