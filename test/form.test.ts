import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import t from 'tap';
import { formatAmount, maxAmount, parseAmount } from '../src/form/amount.js';
import { agreesWithYearBefore, checkFigures, type YearBefore } from '../src/form/check.js';
import { figuresFrom, type NamedFigures, printFigures, writeFigures } from '../src/form/figures.js';
import { allCells, type Form, type FormId, findCell, formInForce, formOf, forms } from '../src/form/forms.js';
import { rules } from '../src/form/rules.js';
import { anyForm, balancedFigures, zeroFigures } from './builders.js';

const errorsIn = (form: (typeof forms)[number], figures: NamedFigures) =>
  checkFigures(form.id, 2021, figuresFrom(figures)).filter((finding) => finding.severity === 'error');

t.test('the forms have the boxes that the notices print', async (t) => {
  t.same(
    forms.map((form) => [form.id, form.cells.length]),
    [
      ['2021', 200],
      ['2019', 198],
      ['mixed', 186],
    ],
  );
  const rowsIn = (id: '2021' | '2019' | 'mixed', table: string) =>
    formOf(id).tables.find((candidate) => candidate.key === table)?.rows.length;
  t.same(
    [rowsIn('2021', 'applications'), rowsIn('2019', 'applications'), rowsIn('mixed', 'applications')],
    [25, 23, 23],
  );
  t.same(
    ['documents', 'decisions', 'fees', 'procurement', 'applications', 'appeals'].map(
      (table) => allCells.filter((cell) => cell.table === table && formOf('2019').has(cell)).length,
    ),
    [6, 12, 2, 2, 161, 15],
  );
});

t.test('every cell has a label in both languages, a unit, a kind, and an address of its own', async (t) => {
  t.equal(new Set(allCells.map((cell) => cell.key)).size, allCells.length);
  for (const cell of allCells) {
    t.match(cell.label.zh, /[一-鿿]/, cell.key);
    t.match(cell.label.en, /^[\x20-\x7e·]+$/, cell.key);
    t.equal(findCell(cell.key), cell);
  }
  const kindOf = (key: string) => findCell(key)?.kind;
  t.equal(kindOf('documents.regulations.inForce'), 'stock');
  t.equal(kindOf('applications.carriedIn.total'), 'stock');
  t.equal(kindOf('applications.carriedOut.business'), 'stock');
  t.equal(kindOf('appeals.reconsideration.pending'), 'stock');
  t.equal(kindOf('applications.newReceived.total'), 'flow');
  t.equal(kindOf('fees.administrativeFees.amount'), 'amount');
  t.same(
    allCells.filter((cell) => cell.signed).map((cell) => cell.column),
    Array.from({ length: 5 }, () => 'change'),
  );
});

t.test('a form is in force for its years', async (t) => {
  t.same(
    [2019, 2020, 2021, 2022, 2030].map((year) => formInForce(year).id),
    ['2019', '2019', '2021', '2021', '2021'],
  );
  t.throws(() => formInForce(2018));
});

t.test('the equations are those of the notices, written out cell by cell', async (t) => {
  const count = (id: '2021' | '2019' | 'mixed') =>
    Object.fromEntries(
      rules
        .map(
          (rule) => [rule.code, formOf(id).written.filter((equation) => equation.rule === rule.code).length] as const,
        )
        .filter(([, equations]) => equations > 0),
    );
  t.same(count('2021'), {
    'T3-FLOW': 7,
    'T3-OUTCOME': 7,
    'T3-ROW': 25,
    'T4-ROW': 3,
    'X-CARRY': 7,
    'X-INFORCE': 2,
    'T2-REGULATIONS': 3,
    'T2-INFORCE': 2,
  });
  t.same(count('2019'), {
    'T3-FLOW': 7,
    'T3-OUTCOME': 7,
    'T3-ROW': 23,
    'T4-ROW': 3,
    'X-CARRY': 7,
    'X-PREVIOUS': 5,
    'T2-REGULATIONS': 3,
  });
  const outcome = (id: '2021' | '2019') =>
    formOf(id).written.find((equation) => equation.rule === 'T3-OUTCOME')?.left.length;
  t.same([outcome('2021'), outcome('2019')], [21, 19]);
});

t.test('a balanced report breaks no error-level equation, and neither does a sum of balanced reports', async () => {
  fc.assert(
    fc.property(
      anyForm.chain((form) => fc.tuple(fc.constant(form), balancedFigures(form), balancedFigures(form))),
      ([form, one, other]) => {
        const sum = Object.fromEntries(form.cells.map(({ key }) => [key, (one[key] ?? 0) + (other[key] ?? 0)]));
        return errorsIn(form, one).length === 0 && errorsIn(form, sum).length === 0;
      },
    ),
    { numRuns: 60 },
  );
});

t.test(
  'a balanced report with one cell of applications or appeals off by one breaks an equation that names it',
  async () => {
    fc.assert(
      fc.property(
        anyForm.chain((form) => {
          const cells = form.cells.filter((cell) => cell.table === 'applications' || cell.table === 'appeals');
          return fc.tuple(fc.constant(form), balancedFigures(form), fc.constantFrom(...cells));
        }),
        ([form, figures, cell]) => {
          const damaged = { ...figures, [cell.key]: (figures[cell.key] ?? 0) + 1 };
          const errors = errorsIn(form, damaged);
          return errors.length > 0 && errors.every((finding) => finding.cells.includes(cell.key));
        },
      ),
      { numRuns: 150 },
    );
  },
);

t.test(
  'an equation with a blank in it is kept when it holds with the blank as zero, and undecided otherwise',
  async (t) => {
    const blank = { ...zeroFigures(), 'appeals.reconsideration.upheld': null };
    t.same(checkFigures('2021', 2021, figuresFrom(blank)), []);
    const [finding, ...more] = checkFigures(
      '2021',
      2021,
      figuresFrom({ ...blank, 'appeals.reconsideration.total': 3 }),
    );
    t.same(more, []);
    t.match(finding, { code: 'T4-ROW', severity: 'warning', outcome: 'undecided', left: 0, right: 3, difference: -3 });
    t.match(finding?.message.zh, /空白/);
  },
);

t.test(
  'a finding names every cell, both sides, the difference, the label and a sentence in both languages',
  async (t) => {
    const [finding] = checkFigures(
      '2021',
      2021,
      figuresFrom({ ...zeroFigures(), 'appeals.reconsideration.upheld': 10 }),
    );
    t.match(finding, {
      code: 'T4-ROW',
      severity: 'error',
      pointer: '/figures/appeals/reconsideration/total',
      left: 10,
      right: 0,
      difference: 10,
      label: { zh: '行政复议' },
    });
    t.equal(finding?.cells.length, 5);
    t.match(finding?.message.zh, /结果维持 10 \+ 结果纠正 0 \+ 其他结果 0 \+ 尚未审结 0 = 10 ≠ 总计 0，相差 10/);
    t.match(finding?.message.en, /Upheld 10 \+ Corrected 0 \+ .+ = 10 ≠ Total 0, difference 10/);
  },
);

const sentencesOf = (changes: NamedFigures, before?: NamedFigures) =>
  checkFigures(
    '2021',
    2023,
    figuresFrom({ ...zeroFigures(), ...changes }),
    before && { forms: ['2021'], figures: figuresFrom(before) },
  ).map(({ message }) => message.zh);

t.test('a sentence names its fault, its line and every part of a short sum, zeros included', async (t) => {
  t.same(sentencesOf({ 'applications.newReceived.total': 3, 'applications.newReceived.naturalPerson': 3 }), [
    '新收+结转≠办结+结转下年（自然人列）：一、本年新收政府信息公开申请数量 3 + 二、上年结转政府信息公开申请数量 0 = 3 ≠ （七）总计 0 + 四、结转下年度继续办理 0 = 0，相差 3。',
    '新收+结转≠办结+结转下年（总计列）：一、本年新收政府信息公开申请数量 3 + 二、上年结转政府信息公开申请数量 0 = 3 ≠ （七）总计 0 + 四、结转下年度继续办理 0 = 0，相差 3。',
  ]);
  t.same(
    sentencesOf({ 'applications.granted.total': 1 }).at(-1),
    '各类申请人之和≠总计（三、本年度办理结果·（一）予以公开）：自然人 0 + 商业企业 0 + 科研机构 0 + 社会公益组织 0 + 法律服务机构 0 + 其他 0 = 0 ≠ 总计 1，相差 1。',
  );
});

t.test('a long sum names the parts that are not zero and how many others are', async (t) => {
  t.match(
    sentencesOf({ 'applications.granted.total': 9, 'applications.partlyGranted.total': 2 })[0],
    /（一）予以公开 9 \+ （二）部分公开.* 2（其余 19 项为 0）= 11 ≠ （七）总计 0，相差 11/,
  );
  t.match(sentencesOf({ 'applications.processed.total': 9 })[1], /：21 项均为 0 ≠ （七）总计 9，相差 9/);
});

t.test('a blank part is named as blank, and a part of the year before with its year', async (t) => {
  t.same(sentencesOf({ 'appeals.reconsideration.upheld': null, 'appeals.reconsideration.total': 3 }), [
    '维持+纠正+其他+未审结≠总计（行政复议，空白按 0 计）：结果维持 空白 + 结果纠正 0 + 其他结果 0 + 尚未审结 0 = 0 ≠ 总计 3，相差 3。空白：结果维持，填写后才能判定。',
  ]);
  const before = { ...zeroFigures(), 'documents.normativeDocuments.inForce': 4 };
  t.same(sentencesOf({}, before), [
    '现行有效≠上年现行有效+制发−废止（行政规范性文件）：现行有效件数 0 ≠ 2022年“现行有效件数” 4 + 本年制发件数 0 − 本年废止件数 0 = 4，相差 4。',
  ]);
});

t.test('a figure where none may be is expected to be 0', async (t) => {
  t.match(sentencesOf({ 'documents.regulations.issued': 2, 'documents.regulations.inForce': 2 }), [
    '无权制定规章的机关填报了规章件数（规章）：本年制发件数 2，应为 0。',
  ]);
});

t.test('figures written as text are those printed as objects', async () => {
  fc.assert(
    fc.property(
      anyForm.chain((form) => fc.tuple(fc.constant(form), balancedFigures(form))),
      ([form, named]) => {
        const figures = figuresFrom(named);
        return isDeepStrictEqual(JSON.parse(writeFigures(form, figures)), printFigures(form.cells, figures));
      },
    ),
  );
});

t.test('the years are compared only where both have the cell', async (t) => {
  const before = {
    ...zeroFigures('2019'),
    'applications.carriedOut.naturalPerson': 2,
    'applications.carriedOut.total': 2,
  };
  const yearBefore = (form: FormId, figures: NamedFigures) => ({ forms: [form], figures: figuresFrom(figures) });
  const codes = (before?: YearBefore) =>
    checkFigures('2021', 2021, figuresFrom(zeroFigures()), before).map((finding) => [finding.code, finding.cells]);
  t.same(codes(), []);
  t.same(
    codes(yearBefore('2019', before)),
    ['naturalPerson', 'total'].map((column) => [
      'X-CARRY',
      [`applications.carriedIn.${column}`, `2020:applications.carriedOut.${column}`],
    ]),
    'X-INFORCE is not asked across forms',
  );
  const inForce = { ...zeroFigures(), 'documents.normativeDocuments.inForce': 5 };
  t.match(codes(yearBefore('2021', inForce)), [['X-INFORCE', ['documents.normativeDocuments.inForce']]]);
});

t.test('what agrees with the year before has the findings that it has without', async () => {
  const cell = fc.option(fc.nat(3), { freq: 2 });
  const figuresOf = (form: Form) =>
    fc
      .tuple(...form.cells.map(() => cell))
      .map((values) => Object.fromEntries(form.cells.map(({ key }, index) => [key, values[index] ?? null])));
  const yearBefore = anyForm.chain((form) =>
    fc
      .oneof(figuresOf(form), fc.constant(zeroFigures(form.id)))
      .map((figures) => ({ forms: [form.id], figures: figuresFrom(figures) })),
  );
  const thisYear = anyForm.chain((form) =>
    fc.tuple(fc.constant(form), fc.oneof(figuresOf(form), balancedFigures(form), fc.constant(zeroFigures(form.id)))),
  );
  fc.assert(
    fc.property(thisYear, yearBefore, ([form, named], before) => {
      const figures = figuresFrom(named);
      const found = checkFigures(form.id, 2022, figures, before);
      const alike = isDeepStrictEqual(found, checkFigures(form.id, 2022, figures));
      return agreesWithYearBefore(form.id, figures, before) === alike;
    }),
  );
});

t.test('money is exact: 万元 and 元 in, whole 分 inside, the same decimal out', async (t) => {
  const cases: [string, string, number][] = [
    ['24252.311082', '万元', 24252311082],
    ['7730.28', '万元', 7730280000],
    ['20.3', '万元', 20300000],
    ['0', '万元', 0],
    ['73802895.9', '元', 7380289590],
    ['0.01', '元', 1],
  ];
  for (const [text, unit, fen] of cases) {
    t.equal(parseAmount(text, unit), fen, text);
    t.equal(formatAmount(fen, unit), text);
  }
  for (const bad of ['1.2345678', '-1', '1e3', '', ' 1', '1,000', '１', 'NaN', '99999999999', '.5', '1.']) {
    t.equal(parseAmount(bad, '万元'), undefined, bad);
  }
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: maxAmount }),
      fc.constantFrom('万元', '元'),
      (fen, unit) => parseAmount(formatAmount(fen, unit), unit) === fen,
    ),
  );
});
