/** That no text of one language holds the other: every label written in the source, and those made at run time. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import ts from 'typescript';
import { readDocument } from '../src/document/read/read-document.js';
import { figuresFrom, nest } from '../src/form/figures.js';
import { allCells, type Cell, type Figures, type Form, forms } from '../src/form/forms.js';
import { rates, sections, subtotals } from '../src/form/lines.js';
import { rules } from '../src/form/rules.js';
import { statements } from '../src/form/statements.js';
import { type Fault, Problem, problems } from '../src/problem.js';
import { parseFiling } from '../src/report/filing.js';
import { findFaults } from '../src/report/findings.js';
import { packageRoot } from '../src/root.js';
import type { Label } from '../src/words.js';
import { anyDamage, balancedReports, damageReport, damageText, layouts, printReport } from './document-layouts.js';

/** Names that are printed in Chinese are quoted in English. */
const quoted = /“[^”]*”|"[^"]*"/g;
const chinese = /[\p{Script=Han}，。；：、（）！？]/u;
const englishSentence = /[a-z]+(?: [a-z]+){2}/i;

function isMixed({ zh, en }: { readonly zh: readonly string[]; readonly en: readonly string[] }): boolean {
  return (
    en.some((text) => chinese.test(text.replace(quoted, ''))) ||
    zh.some((text) => englishSentence.test(text.replace(quoted, '')))
  );
}

/** The texts in an expression, a placeholder for each value put in. */
function textsIn(node: ts.Node): string[] {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (!ts.isTemplateExpression(node)) return childrenOf(node).flatMap(textsIn);
  const text = [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('…');
  return [text, ...node.templateSpans.flatMap(({ expression }) => textsIn(expression))];
}

function childrenOf(node: ts.Node): ts.Node[] {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    children.push(child);
  });
  return children;
}

interface WrittenLabel {
  readonly place: string;
  readonly zh: readonly string[];
  readonly en: readonly string[];
}

function labelsIn(file: string): WrittenLabel[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const labels: WrittenLabel[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isObjectLiteralExpression(node)) {
      const of = (name: string) =>
        node.properties.find((property) => ts.isPropertyAssignment(property) && property.name.getText() === name);
      const [zh, en] = [of('zh'), of('en')];
      const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      if (zh && en) labels.push({ place: `${file}:${line}`, zh: textsIn(zh), en: textsIn(en) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return labels;
}

const folder = join(packageRoot, 'src');
const written = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) => labelsIn(join(folder, file)));

t.test('no text in English holds Chinese but names in quotes, and none in Chinese an English sentence', async (t) => {
  t.same(written.filter(isMixed), []);
  t.ok(written.length > 300, `${written.length} labels`);
});

/** Every label inside a value. */
function labelsOf(value: unknown): Label[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(labelsOf);
  // Read as a label only to test whether it is one.
  const { zh, en } = value as Partial<Label>;
  return typeof zh === 'string' && typeof en === 'string' ? [{ zh, en }, ...inner] : inner;
}

const mixedIn = (value: unknown): Label[] => labelsOf(value).filter(({ zh, en }) => isMixed({ zh: [zh], en: [en] }));

t.test('nor does what is printed on the forms, nor the catalogues of rules, problems and statements', async (t) => {
  const stated = [rules, problems, statements, rates, sections, subtotals, allCells, forms];
  t.same(mixedIn(stated), []);
  t.ok(stated.every((one) => labelsOf(one).length > 0));
});

/** Figures that break the equations of a form and leave a table blank. */
function brokenFigures(form: Form, step: number): Figures {
  const figureOf = ({ table, column }: Cell, index: number) =>
    table === 'fees' || index % step === 0 ? null : column === 'issued' ? 50 : index % step;
  return figuresFrom(Object.fromEntries(form.cells.map((cell, index) => [cell.key, figureOf(cell, index)])));
}

t.test('nor does a finding', async (t) => {
  const codes = new Set<string>();
  for (const form of forms) {
    const figures = figuresFrom(Object.fromEntries(form.cells.map(({ key }) => [key, 40])));
    const previous = { forms: [form.id], figures };
    for (const [step, year] of [
      [3, 2020],
      [5, 2023],
      [7, 2023],
    ] as const) {
      const content = {
        form: form.id,
        figures: brokenFigures(form, step),
        publishedItems: {
          total: 9,
          categories: [{ name: '时政要闻', count: 5 }],
          channels: [],
          complete: ['categories' as const],
        },
        engagement: null,
        narrative: { overview: `共收到政府信息公开申请99件，行政复议98件，行政诉讼97件。${'无'.repeat(1000)}` },
        source: { publishedOn: '2019-01-01' },
      };
      const findings = findFaults(content, year, previous);
      for (const { code } of findings) codes.add(code);
      t.same(mixedIn(findings), [], `${form.id} ${step}`);
    }
  }
  // RANGE is a fault of the request, and refused before anything is checked.
  t.same(
    rules.map(({ code }) => code).filter((code) => !codes.has(code)),
    ['RANGE'],
  );
});

t.test('nor does a doubt about a document', async (t) => {
  const codes = new Set<string>();
  const reports = fc.sample(
    fc.record({ sample: balancedReports(4), damages: fc.array(anyDamage, { minLength: 1, maxLength: 3 }) }),
    { seed: 9, numRuns: 12 },
  );
  for (const { sample, damages } of reports) {
    const gone = new Set<string>();
    const report = damages.reduce((before, damage) => damageReport(before, damage, gone), printReport(sample, 2022));
    for (const layout of layouts) {
      const text = damages.reduce(damageText, layout.write(report)).replace('结转下年度继续办理', '结转下年度断续办理');
      const { doubts } = await readDocument(new TextEncoder().encode(text), { mediaType: layout.mediaType });
      for (const { code } of doubts) codes.add(code);
      t.same(mixedIn(doubts), []);
    }
  }
  t.ok(codes.size > 6, [...codes].join());
});

t.test('nor does a fault of any box', async (t) => {
  for (const form of forms) {
    for (const wrong of ['x', -7.5, true, undefined]) {
      const refusal = (boxes: readonly Cell[]): readonly Fault[] => {
        const figures = nest(form.cells, (cell) => (boxes.includes(cell) ? wrong : 0));
        try {
          parseFiling({ agency: '431281207', year: 2023, form: form.id, figures }, '2026-11-24');
        } catch (error) {
          if (error instanceof Problem) return (error.members.errors ?? []) as readonly Fault[];
          throw error;
        }
        return [];
      };
      // One refusal lists a hundred.
      const slices = [0, 1, 2, 3, 4].map((slice) => form.cells.filter(({ at }) => at % 5 === slice));
      const faults = slices.flatMap(refusal);
      t.ok(faults.length > 180, `${form.id} ${wrong}: ${faults.length} faults`);
      t.same(mixedIn(faults), [], `${form.id} ${wrong}`);
    }
  }
});
