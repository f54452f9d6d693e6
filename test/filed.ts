/** Filings with everything in them that may be there, drawn at random. */
import fc from 'fast-check';
import { figuresFrom, printFigures } from '../src/form/figures.js';
import { anyForm, balancedFigures } from './builders.js';

/** Words as people write them, formulas and separators among them. */
export const words = fc.oneof(
  fc.constantFrom('无。', '=1+1', '"引号", 逗号', '第一行\n第二行\r\n第三行', '\u2028\u2029\ufeff', '𠮷野家', "'=x"),
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.replaceAll(/[^\P{C}\n\t]/gu, '')),
);
const count = fc.option(fc.nat(1_000_000));
const share = fc.option(fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0));
const optional = { requiredKeys: [] as [] };
const group = fc.record(
  { name: words.map((text) => `类${text}`), count, share, note: fc.option(words) },
  { requiredKeys: ['name', 'count'] },
);

/** A filing's body with everything in it that may be there. */
export const anyBody = anyForm.chain((form) =>
  fc.record(
    {
      figures: balancedFigures(form).map((figures) => printFigures(form.cells, figuresFrom(figures))),
      form: fc.constant(form.id),
      publishedItems: fc.option(
        fc.record(
          {
            total: count,
            categories: fc.array(group, { maxLength: 3 }),
            channels: fc.array(group, { maxLength: 2 }),
            complete: fc.constant(['categories']),
            note: fc.option(words),
          },
          { requiredKeys: ['total'] },
        ),
      ),
      engagement: fc.option(
        fc.array(
          fc.record({ name: fc.constant('市长热线'), handled: count, replyRate: share, note: fc.option(words) }),
          { maxLength: 2 },
        ),
      ),
      narrative: fc.option(
        fc.record({ overview: fc.option(words), problems: words, otherMatters: fc.option(words) }, optional),
      ),
      source: fc.option(
        fc.record(
          { url: fc.constant('https://example.org/报告?a=1'), publishedOn: fc.constant('2022-01-20') },
          optional,
        ),
      ),
      reason: words.map((text) => `因${text}`),
    },
    { requiredKeys: ['figures', 'form'] },
  ),
);
