import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { readXlsx } from 'hucre/xlsx';
import t from 'tap';
import './seed.js';
import { totalsOf } from '../src/document/prefilled.js';
import { writeBlankForm } from '../src/document/print/blank/blank-form.js';
import { writeCsv } from '../src/document/print/csv.js';
import { type Box, layoutOf, type PrintedTable, pageWidth } from '../src/document/print/layout.js';
import { printCell, type Sheet } from '../src/document/print/sheet.js';
import { writeXlsx } from '../src/document/print/xlsx.js';
import { checkFigures } from '../src/form/check.js';
import { figuresFrom } from '../src/form/figures.js';
import { type Cell, type Figures, type Form, type FormId, formIds, formOf, forms } from '../src/form/forms.js';
import { ruleOf } from '../src/form/rules.js';
import { cleanText } from '../src/text.js';
import { printedSheet, writeDocx, writeHtml, zeroFigures } from './builders.js';
import { isWellFormed, unzip } from './zip.js';

/** Every cell holds a number of its own, so that one in the wrong place is seen; every seventh is blank, some are 0. */
function numbered(form: Form): Figures {
  return figuresFrom(
    Object.fromEntries(
      form.cells.map((cell, index) => [cell.key, index % 7 === 0 ? null : index % 5 === 0 ? 0 : 1000 + index]),
    ),
  );
}

function sheetOf(id: FormId, over: Partial<Sheet> = {}): Sheet {
  return printedSheet({ form: id, figures: numbered(formOf(id)), ...over });
}

const figuresOf = (form: Form): fc.Arbitrary<Figures> =>
  fc
    .record(
      Object.fromEntries(
        form.cells.map((cell) => {
          const number = cell.signed
            ? fc.integer({ min: -999, max: 999 })
            : fc.nat(cell.kind === 'amount' ? 1e13 : 1e7);
          return [cell.key, fc.oneof(fc.constant(null), fc.constant(0), number)];
        }),
      ),
    )
    .map((named) => figuresFrom(named));

/** The boxes of all tables line by line as they must be read: headings in words, figures as printed. */
function linesOf(sheet: Sheet): string[][] {
  const words = (box: Box) => (box.heading ? box.text.zh : printCell(sheet, box.cell));
  return layoutOf(formOf(sheet.form)).flatMap((table) => table.rows.map((row) => row.map(words)));
}

function decode(text: string): string {
  const entities: Record<string, string> = {
    '&amp;': '&',
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&#39;': "'",
    '&apos;': "'",
  };
  return text.replace(/&(?:amp|lt|gt|quot|#39|apos);/g, (entity) => entities[entity] ?? '');
}

function htmlLines(html: string): string[][] {
  return [...html.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row]) =>
    [...(row ?? '').matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, text]) => decode(text ?? '')),
  );
}

function docxLines(xml: string): string[][] {
  const textOf = (part: string) =>
    [...part.matchAll(/<w:t(?: [^>]*)?>([^<]*)<\/w:t>/g)].map(([, text]) => text).join('');
  return [...xml.matchAll(/<w:tr>.*?<\/w:tr>|<w:tr .*?<\/w:tr>/gs)].map(([row]) =>
    [...row.matchAll(/<w:tc>(.*?)<\/w:tc>/gs)]
      .filter(([tc]) => !tc.includes('<w:vMerge w:val="continue"/>'))
      .map(([tc]) => textOf(tc)),
  );
}

async function sheetOfXlsx(bytes: Uint8Array, index = 0) {
  const workbook = await readXlsx(bytes, { readStyles: true });
  const sheet = workbook.sheets[index];
  if (!sheet) throw new Error('no such worksheet');
  return sheet;
}

const partsOf = async (write: typeof writeDocx, sheet: Sheet) => unzip(await write(sheet));

t.test('the layout of every form prints every cell exactly once', async (t) => {
  for (const form of forms) {
    const printed = layoutOf(form).flatMap((table) =>
      table.rows.flat().flatMap((box) => (box.heading ? [] : [box.cell.key])),
    );
    t.same([...printed].sort(), form.cells.map((cell) => cell.key).sort(), form.id);
  }
});

t.test('the boxes of every printed table tile its grid: none overlaps and nothing is left open', async (t) => {
  const covered = (table: PrintedTable) =>
    table.rows.flat().flatMap((box) =>
      Array.from({ length: box.rowspan * box.colspan }, (_, index) => {
        const row = box.row + Math.floor(index / box.colspan);
        return `${row},${box.column + (index % box.colspan)}`;
      }),
    );
  for (const form of forms) {
    for (const table of layoutOf(form)) {
      const grid = table.rows.flatMap((_, row) => table.widths.map((_, column) => `${row},${column}`));
      t.same(covered(table).sort(), grid.sort(), `form ${form.id}, section ${table.section}`);
      t.equal(
        table.widths.reduce((sum, width) => sum + width, 0),
        pageWidth,
        'the columns fill the page',
      );
      t.ok(
        table.rows.every((row, index) => row.every((box) => box.row === index)),
        'a box stands in the line where it begins',
      );
    }
  }
});

t.test('headings are merged as the notice prints them', async (t) => {
  const [two, three, four] = layoutOf(formOf('2021'));
  const place = (table: PrintedTable | undefined, words: string) => {
    const box = table?.rows.flat().find((each) => each.heading && each.text.zh === words);
    return box && [box.row, box.column, box.rowspan, box.colspan];
  };
  t.same(place(three, '申请人情况'), [0, 3, 1, 7]);
  t.same(place(three, '法人或其他组织'), [1, 4, 1, 5]);
  t.same(place(three, '自然人'), [1, 3, 2, 1]);
  t.same(place(three, '三、本年度办理结果'), [5, 0, 22, 1]);
  t.same(place(three, '（三）不予公开'), [7, 1, 8, 1]);
  t.same(place(three, '（七）总计'), [26, 1, 1, 2]);
  t.same(place(three, '四、结转下年度继续办理'), [27, 0, 1, 3]);
  t.same(place(four, '行政复议'), [0, 0, 1, 5]);
  t.same(place(four, '行政诉讼'), [0, 5, 1, 10]);
  t.same(place(four, '结果维持'), [1, 0, 2, 1]);
  t.same(place(four, '复议后起诉'), [1, 10, 1, 5]);
  t.equal(four?.rows.length, 4, 'three lines of headings over one line of boxes');
  t.same(
    two?.rows.map((row) => row.map((box) => (box.heading ? box.text.zh : '□')).join(' ')),
    [
      '第二十条第（一）项',
      '信息内容 本年制发件数 本年废止件数 现行有效件数',
      '规章 □ □ □',
      '行政规范性文件 □ □ □',
      '第二十条第（五）项',
      '信息内容 本年处理决定数量',
      '行政许可 □',
      '第二十条第（六）项',
      '信息内容 本年处理决定数量',
      '行政处罚 □',
      '行政强制 □',
      '第二十条第（八）项',
      '信息内容 本年收费金额（单位：万元）',
      '行政事业性收费 □',
    ],
  );
});

t.test('every format prints the same boxes in the same order, on every form', async (t) => {
  for (const id of formIds) {
    const sheet = sheetOf(id);
    const lines = linesOf(sheet);
    t.same(htmlLines(writeHtml(sheet)), lines, `html, form ${id}`);
    const docx = (await partsOf(writeDocx, sheet)).get('word/document.xml') ?? '';
    t.same(docxLines(docx), lines, `docx, form ${id}`);
    const worksheet = await sheetOfXlsx(await writeXlsx(sheet));
    const read = worksheet.rows
      .map((row) => row.flatMap((value) => (value === null ? [] : [String(value).replaceAll('\n', '')])))
      .filter((row) => row.length > 0);
    const headings = [1, 2, 3, 4, 5, 6].length + 1;
    const filled = lines.map((line) => line.filter((words) => words !== '')).filter((line) => line.length > 0);
    t.equal(read.length, filled.length + headings, 'the title, six headings and the lines of the tables');
    for (const line of filled)
      t.ok(
        read.some((row) => row.join('|') === line.join('|')),
        line.join('|'),
      );
  }
});

t.test(
  'whatever the figures, HTML and CSV say each of them: blanks empty, zeros 0, amounts to the last 分',
  async () => {
    for (const id of formIds) {
      fc.assert(
        fc.property(figuresOf(formOf(id)), (figures) => {
          const sheet = sheetOf(id, { figures });
          const html = JSON.stringify(htmlLines(writeHtml(sheet))) === JSON.stringify(linesOf(sheet));
          const rows: string[][] = parse(writeCsv(sheet));
          const said = new Map(rows.map((row) => [row[0], row[4]]));
          return html && formOf(id).cells.every((cell) => said.get(cell.key) === printCell(sheet, cell));
        }),
        { numRuns: 15 },
      );
    }
  },
);

t.test('a blank prints as nothing and a zero as 0, apart from each other', async (t) => {
  const cells = formOf('2021').cells;
  const [blank, zero] = [cells[0], cells[1]] as [Cell, Cell];
  const figures = figuresFrom({ [blank.key]: null, [zero.key]: 0 }, numbered(formOf('2021')));
  const html = writeHtml(sheetOf('2021', { figures }));
  t.match(html, `<td data-cell="${blank.key}"></td>`);
  t.match(html, `<td data-cell="${zero.key}" >0</td>`.replace(' >', '>'));
  const { rows } = await sheetOfXlsx(await writeXlsx(sheetOf('2021', { figures })));
  const line = rows.find((row) => row[0] === '规章');
  t.same([line?.[6], line?.[9]], [null, 0]);
});

t.test('xlsx holds numbers as numbers, and an amount too long for a spreadsheet as exact text', async (t) => {
  const figuresWith = (amount: number) =>
    figuresFrom({ 'fees.administrativeFees.amount': amount }, numbered(formOf('2021')));
  const amountIn = async (amount: number) => {
    const { rows } = await sheetOfXlsx(await writeXlsx(sheetOf('2021', { figures: figuresWith(amount) })));
    return rows.find((row) => row[0] === '行政事业性收费')?.[6];
  };
  t.equal(await amountIn(7730280000), 7730.28);
  t.equal(await amountIn(24252311082), 24252.311082);
  t.equal(await amountIn(Number.MAX_SAFE_INTEGER), '9007199254.740991');
});

t.test('the six sections stand in order with their text, a paragraph a line', async (t) => {
  const sheet = sheetOf('2021', { narrative: { overview: '甲。\n乙。\r\n\n丙。', otherMatters: '无。' } });
  const html = writeHtml(sheet);
  const headings = [...html.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, text]) => text);
  t.same(headings, [
    '一、总体情况',
    '二、主动公开政府信息情况',
    '三、收到和处理政府信息公开申请情况',
    '四、政府信息公开行政复议、行政诉讼情况',
    '五、存在的主要问题及改进情况',
    '六、其他需要报告的事项',
  ]);
  t.match(html, '<p>甲。</p>\n<p>乙。</p>\n<p>丙。</p>');
  t.match(
    (await partsOf(writeDocx, sheet)).get('word/document.xml'),
    /甲。.*乙。.*丙。.*六、其他需要报告的事项.*无。/s,
  );
});

t.test('HTML names no outside resource and runs nothing', async (t) => {
  const html = writeHtml(
    sheetOf('2021', { sample: true, findings: checkFigures('2021', 2021, numbered(formOf('2021'))) }),
  );
  t.notMatch(html, /https?:|\bsrc=|\bhref=|url\(|@import|<script|<link|<iframe|<img|\son\w+=/i);
  t.match(html, "default-src 'none'");
  t.match(html, /@page \{ size: A4/);
});

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('<', '>', '&', '"', "'", '=', '/', '!', '-', ']', ' ', '\u0000', '\ud800', '\u202e', '\n'),
  }),
  fc.constantFrom(
    '</title><script>alert(1)</script>',
    '" onmouseover="alert(1)',
    ']]>',
    '<!--',
    '&lt;script&gt;',
    '=HYPERLINK("x")',
  ),
);

t.test('hostile text comes out as the same words and nothing else, in every format', async () => {
  await fc.assert(
    fc.asyncProperty(hostile, async (text) => {
      const label = { zh: `甲${text}乙`, en: `a${text}b` };
      const sheet = sheetOf('2021', {
        title: label,
        subtitle: [label],
        narrative: { overview: `甲${text}乙` },
        coverage: {
          kinds: [label],
          expected: 1,
          reported: 0,
          missing: { count: 1, agencies: [{ code: text, name: text }] },
        },
        findings: checkFigures('2021', 2021, numbered(formOf('2021'))).map((finding) => ({
          ...finding,
          message: label,
        })),
      });
      const html = writeHtml(sheet);
      const title = decode(/<title>(.*?)<\/title>/s.exec(html)?.[1] ?? '');
      const tags = new Set([...html.matchAll(/<\/?([a-z!][a-z0-9]*)/gi)].map(([, name]) => name));
      const known =
        'aside body col colgroup h1 h2 head html li main meta p section small style table tbody td th thead title tr ul !doctype';
      const zips = [...(await partsOf(writeDocx, sheet)), ...(await partsOf(writeXlsx, sheet))];
      const xml = zips.filter(([name]) => /\.(xml|rels|vml)$/.test(name));
      return (
        title === cleanText(label.zh) &&
        !/(?!\n)\p{Cc}|\p{Cs}|\u202e/u.test(html.replaceAll(/[\t\r]/g, '')) &&
        [...tags].every((tag) => known.split(' ').includes(tag ?? '')) &&
        xml.every(([, content]) => isWellFormed(content))
      );
    }),
    { numRuns: 25 },
  );
});

t.test('docx and xlsx are zips of well-formed XML for A4 that hold every figure', async (t) => {
  for (const id of formIds) {
    const sheet = sheetOf(id, { sample: true });
    const docx = await partsOf(writeDocx, sheet);
    const xlsx = await partsOf(writeXlsx, sheet);
    for (const [name, content] of [...docx, ...xlsx]) {
      if (/\.(xml|rels)$/.test(name)) t.ok(isWellFormed(content), name);
    }
    const [words, worksheet] = [docx.get('word/document.xml') ?? '', xlsx.get('xl/worksheets/sheet1.xml') ?? ''];
    const figures = formOf(id)
      .cells.map((cell) => printCell(sheet, cell))
      .filter((figure) => figure !== '');
    t.same(
      figures.filter((figure) => !words.includes(`>${figure}</w:t>`)),
      [],
      'docx holds every figure',
    );
    t.same(
      figures.filter((figure) => !worksheet.includes(`<v>${figure}</v>`)),
      [],
      'xlsx holds every figure',
    );
    t.match(words, /<w:pgSz w:w="11906" w:h="16838"/);
    t.match(worksheet, /<pageSetup paperSize="9" orientation="portrait" fitToWidth="1"/);
    t.notMatch(worksheet, /<f>/, 'no figure is a formula');
    t.match([...docx.values()].join(''), '示例数据 sample figures');
    t.match([...xlsx.values()].join(''), '示例数据 sample figures');
  }
});

t.test('a cell that breaks an equation is marked with the finding, and no other cell is', async (t) => {
  const figures = figuresFrom({ ...zeroFigures(), 'appeals.reconsideration.upheld': 10 });
  const findings = checkFigures('2021', 2021, figures);
  const sheet = sheetOf('2021', { figures, findings });
  const html = writeHtml(sheet);
  const marked = [...html.matchAll(/data-cell="([\w.]+)" class="(\w+)" title="([^"]*)" aria-label="([^"]*)"/g)];
  t.same(
    marked.map(([, key, role]) => `${role} ${key}`),
    [
      'part appeals.reconsideration.upheld',
      'part appeals.reconsideration.corrected',
      'part appeals.reconsideration.otherOutcome',
      'part appeals.reconsideration.pending',
      'about appeals.reconsideration.total',
    ],
  );
  t.match(decode(marked[4]?.[3] ?? ''), findings[0]?.message.zh);
  t.match(decode(marked[4]?.[4] ?? ''), /^行政复议·总计 0 /, 'the aria text still says which box and which figure');
  t.match(html, `〔T4-ROW〕`);
  const words = (await partsOf(writeDocx, sheet)).get('word/document.xml') ?? '';
  t.equal(words.match(/<w:u w:val="double"/g)?.length, 1, 'docx: one box is doubly underlined');
  t.equal(words.match(/<w:shd /g)?.length, 5, 'docx: the five boxes of the equation are shaded');
  const comments = [...(await partsOf(writeXlsx, sheet))].find(([name]) => /comments\d*\.xml$/.test(name))?.[1] ?? '';
  t.equal(comments.match(/<comment /g)?.length, 5, 'xlsx: each of the five has the finding as a comment');
  t.same(
    (parse(writeCsv(sheet)) as string[][]).filter((row) => row[5] === 'T4-ROW').map((row) => row[0]),
    marked.map(([, key]) => key),
  );
});

t.test(
  'a rollup says whom it includes, how many reported, and who is missing, the list cut short or not',
  async (t) => {
    const coverage = {
      kinds: [
        { zh: '乡镇', en: 'townships' },
        { zh: '街道', en: 'sub-districts' },
      ],
      expected: 20,
      reported: 13,
      missing: { count: 7, agencies: [{ code: '431281207', name: '群峰乡' }] },
    };
    const sheet = sheetOf('2021', { coverage });
    const said = ['汇总范围：乡镇、街道。应报20个，已报13个，未报7个。', '未报机关：群峰乡（431281207）等7个。'];
    const [docx, xlsx] = [await partsOf(writeDocx, sheet), await partsOf(writeXlsx, sheet)];
    for (const line of said) {
      t.match(writeHtml(sheet), line);
      t.match(docx.get('word/document.xml'), line);
      t.match(xlsx.get('xl/sharedStrings.xml'), line);
    }
    t.match(writeHtml(sheet), 'Missing: 群峰乡 (431281207) and 6 more.');
    const rows: string[][] = parse(writeCsv(sheet));
    t.same(
      rows.filter((row) => row[0]?.startsWith('coverage.')).map((row) => [row[0], row[4]]),
      [
        ['coverage.includes', '乡镇 townships'],
        ['coverage.includes', '街道 sub-districts'],
        ['coverage.expected', '20'],
        ['coverage.reported', '13'],
        ['coverage.missing', '7'],
        ['coverage.missing.agency', '群峰乡（431281207）'],
      ],
    );
  },
);

t.test('CSV text that a spreadsheet would run is made harmless, while a negative figure stays a number', async (t) => {
  for (const text of ["=cmd|' /C calc'!A0", '+1+1', '@SUM(A1)', '-1+1', '\t=1', '\r=1']) {
    const coverage = {
      kinds: [],
      expected: 1,
      reported: 0,
      missing: { count: 1, agencies: [{ code: '1', name: text }] },
    };
    const figures = figuresFrom({ 'decisions.penalties.change': -18 }, numbered(formOf('2019')));
    const rows: string[][] = parse(writeCsv(sheetOf('2019', { title: { zh: text, en: '' }, figures, coverage })));
    t.notOk(
      rows.flat().some((field) => /^[=+@\t\r]/.test(field)),
      JSON.stringify(text),
    );
    t.same(
      rows.flat().filter((field) => field.startsWith('-')),
      ['-18'],
    );
  }
});

t.test(
  'on the blank form only the boxes are unlocked; they are empty, and totals are formulas that give nothing',
  async (t) => {
    for (const id of formIds) {
      const form = formOf(id);
      const bytes = await writeBlankForm({ agency: { code: '431281207', name: '群峰乡' }, year: 2021, form: id });
      const sheet = await sheetOfXlsx(bytes);
      const covered = new Set(
        (sheet.merges ?? []).flatMap((merge) => {
          const rows = merge.endRow - merge.startRow + 1;
          const columns = merge.endCol - merge.startCol + 1;
          return Array.from(
            { length: rows * columns - 1 },
            (_, index) =>
              `${merge.startRow + Math.floor((index + 1) / columns)},${merge.startCol + ((index + 1) % columns)}`,
          );
        }),
      );
      const unlocked = [...(sheet.cells ?? [])].filter(
        ([at, cell]) => !covered.has(at) && cell.style?.protection?.locked === false,
      );
      t.equal(unlocked.length, form.cells.length, `form ${id}: a box for every cell`);
      t.ok(
        unlocked.every(([, cell]) => (cell.value ?? '') === ''),
        'empty, not 0',
      );
      const computed = unlocked.filter(([, cell]) => cell.formula !== undefined);
      t.equal(computed.length, totalsOf(form).length, 'a formula for every total');
      t.ok(sheet.protection, 'the rest is protected');
      const flat = sheet.rows.flat();
      t.ok(
        flat.includes('431281207') && flat.includes(2021) && flat.includes('群峰乡'),
        'agency and year stand in cells',
      );
      const text = await sheetOfXlsx(bytes, 1);
      const free = [...(text.cells ?? [])].filter(([, cell]) => cell.style?.protection?.locked === false);
      t.equal(free.length, 6 * pageWidth, 'a merged box for the text of each section');
      t.ok(text.protection);
    }
  },
);

t.test('on the blank form every box refuses what the form does not allow', async (t) => {
  const form = formOf('2019');
  const sheet = await sheetOfXlsx(
    await writeBlankForm({ agency: { code: '1', name: '甲' }, year: 2020, form: '2019' }),
  );
  const rules = sheet.dataValidations ?? [];
  t.equal(rules.length, form.cells.length);
  t.equal(new Set(rules.map((rule) => rule.range)).size, form.cells.length, 'one for each box');
  const expected = form.cells.map((cell) => {
    if (cell.kind === 'amount') return [cell.key, 'decimal', 'greaterThanOrEqual', '0', undefined, true];
    if (cell.signed) return [cell.key, 'whole', 'between', '-999999999', '999999999', true];
    return [cell.key, 'whole', 'greaterThanOrEqual', '0', undefined, true];
  });
  const found = form.cells.map((cell, index) => {
    const { type, operator, formula1, formula2, allowBlank } = rules[index] ?? {};
    return [cell.key, type, operator, formula1, formula2, allowBlank];
  });
  t.same(found, expected);
});

t.test('on the blank form every arithmetic equation of the form is checked by a live formula', async (t) => {
  for (const id of formIds) {
    const form = formOf(id);
    const sheet = await sheetOfXlsx(await writeBlankForm({ agency: { code: '1', name: '甲' }, year: 2021, form: id }));
    // The validations stand in the order of the form's cells: they say where each box is.
    const places = new Map(form.cells.map((cell, index) => [cell.key, sheet.dataValidations?.[index]?.range ?? '']));
    const formulas = [...(sheet.cells ?? [])].flatMap(([, cell]) => cell.formula ?? []).join('\n');
    const coloured = new Set((sheet.conditionalRules ?? []).map((rule) => `${rule.range} ${rule.formula}`));
    const checked = form.written.filter((equation) => ruleOf(equation.rule).severity === 'error');
    const rows = form.tables.find((table) => table.key === 'applications')?.rows.length ?? 0;
    t.equal(checked.length, 7 + 7 + rows + 3, 'T3-FLOW, T3-OUTCOME, T3-ROW, T4-ROW');
    const unchecked = checked.filter(({ left, right }) => {
      const sum = (terms: typeof left) => `SUM(${terms.map((term) => places.get(term.cell.key)).join(',')})`;
      const differs = `${sum(left)}<>${sum(right)}`;
      const [about] = right;
      return (
        !about || !formulas.includes(`IF(${differs},`) || !coloured.has(`${places.get(about.cell.key)} ${differs}`)
      );
    });
    t.same(
      unchecked.map((equation) => `${equation.rule} ${equation.over.zh}`),
      [],
      `form ${id}: said beside the line and coloured in the box`,
    );
  }
});
