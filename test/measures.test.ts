/** Measures: one list of what can be ranked, compared and tabulated, derived from the forms. */
import t from 'tap';
import { noRate, rateLines, subtotalCells } from '../src/form/derived.js';
import { makeBlankFigures } from '../src/form/figures.js';
import { allCells, type FormId, findForm, forms } from '../src/form/forms.js';
import { subtotals } from '../src/form/lines.js';
import { findMeasure, type Measure, measures, printMeasure, readMeasure } from '../src/form/measure/measures.js';
import { openTestApp } from './builders.js';

const nothing = { figures: makeBlankFigures(), rates: rateLines.map(() => noRate), publishedTotal: null };

t.test('every box of every form is a measure under its own address, and no address is given twice', async (t) => {
  t.equal(new Set(measures.map(({ key }) => key)).size, measures.length);
  for (const cell of allCells) t.strictSame(findMeasure(cell.key)?.cells, [cell], cell.key);
});

t.test('a measure names exactly the forms that print a box of it', async (t) => {
  for (const { key, cells, forms: own } of measures) {
    if (cells.length === 0) continue;
    const printing = forms.filter((form) => cells.some((cell) => form.has(cell))).map(({ id }) => id);
    t.strictSame(own, printing, key);
  }
});

t.test('what a form lacks has a counterpart or a reason, from a form that has it, and never itself', async (t) => {
  for (const measure of measures) {
    const lacking = forms.map(({ id }) => id).filter((id) => !measure.forms.includes(id));
    t.strictSame(
      measure.onOtherForms.flatMap((other) => other.forms),
      lacking,
      measure.key,
    );
    for (const { forms: theirs, measure: key, reason } of measure.onOtherForms) {
      t.ok(reason.zh && reason.en, measure.key);
      if (key === null) continue;
      t.not(key, measure.key);
      const other = findMeasure(key);
      t.ok(other && theirs.every((form) => other.forms.includes(form)), `${measure.key} → ${key}`);
    }
  }
});

t.test(
  'a decision counted on the forms of 2019 and 2021 is one series, a document made or issued is two',
  async (t) => {
    t.strictSame(findMeasure('decisions.licenses.decided')?.forms, ['2021', '2019', 'mixed'] satisfies FormId[]);
    const issued = findMeasure('documents.normativeDocuments.issued');
    t.strictSame(issued?.forms, ['2021', 'mixed']);
    t.match(issued?.onOtherForms, [{ forms: ['2019'], measure: 'documents.normativeDocuments.made' }]);
  },
);

t.test('a subtotal is the sum of its boxes, and null only where every box of it is', async (t) => {
  for (const { key } of subtotals) {
    const measure = known(`applications.${key}.total`);
    const cells = subtotalCells(key, 'total');
    t.equal(readMeasure(measure, nothing), null, key);
    const figures = [...nothing.figures];
    for (const [index, { at }] of cells.entries()) if (index > 0) figures[at] = index;
    const sum = cells.reduce((total, _, index) => total + index, 0);
    t.equal(readMeasure(measure, { ...nothing, figures }), sum, key);
  }
});

t.test('money is printed exactly in its unit, beyond what a number can hold', async (t) => {
  const fees = known('fees.administrativeFees.amount');
  t.equal(printMeasure(fees, 24_252_311_082n), '24252.311082');
  t.equal(printMeasure(fees, 9_007_199_254_740_993n), '9007199254.740993');
  t.equal(printMeasure(fees, null), null);
});

t.test('a rate is null, never 100 %, when nothing was received', async (t) => {
  const rate = known('applications.closureRate');
  t.equal(readMeasure(rate, nothing), null);
  const rates = rateLines.map(({ key }) => (key === 'closureRate' ? { reports: 2, over: 3, of: 4 } : noRate));
  t.equal(readMeasure(rate, { ...nothing, rates }), 0.75);
});

t.test(
  'what is not ranked says why: differences, the year before, money without a unit, and regulations',
  async (t) => {
    for (const key of [
      'decisions.licenses.change',
      'decisions.licenses.previousItems',
      'procurement.centralProcurement.amount',
      'documents.regulations.issued',
    ]) {
      t.ok(known(key).unranked?.zh, key);
    }
    t.equal(known('applications.newReceived.total').unranked, null);
  },
);

t.test('REST and GraphQL list the same measures', async (t) => {
  const { app } = await openTestApp();
  const { items } = (await app.inject('/v1/measures')).json();
  t.equal(items.length, measures.length);
  const query = `{ measures { key label { zh en } unit kind direction rankable unranked { zh en } forms cells
    onOtherForms { forms measure reason { zh en } source { zh en } } }
    one: measure(key: "applications.refused.total") { key } none: measure(key: "applications") { key } }`;
  const { data } = (await app.inject({ method: 'POST', url: '/graphql', payload: { query } })).json();
  t.strictSame(data.measures, items);
  t.strictSame(data.one, { key: 'applications.refused.total' });
  t.equal(data.none, null);
});

t.test('a form that is not known has no measure', async (t) => {
  t.equal(findForm('2030'), undefined);
  t.equal(findMeasure('applications.newReceived.totals'), undefined);
});

function known(key: string): Measure {
  const measure = findMeasure(key);
  if (!measure) throw new Error(`no measure ${key}`);
  return measure;
}
