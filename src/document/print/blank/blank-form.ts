/**
 * The blank form, as xlsx: the printed layout, in which only the boxes can be filled in. Each box refuses what the form
 * does not allow, and formulas check the equations while the clerk types.
 */
import { type ConditionalRule, type DataValidation, type WriteSheet, writeXlsx as writeWorkbook } from 'hucre/xlsx';
import { type Cell, type Equation, type Form, formOf, type Term } from '../../../form/forms.js';
import { ruleOf } from '../../../form/rules.js';
import { cleanText } from '../../../text.js';
import { columnName } from '../../../xlsx.js';
import { broughtForward, followingOf } from '../../prefilled.js';
import { agencyCodeHeading, checkWords, confirmedHeading } from '../../printed-words.js';
import { layoutOf, pageWidth, sectionHeadings } from '../layout.js';
import { reportTitle } from '../sheet.js';
import { addBoxes, addTable, addText, finishPage, looks, newPage, type Page, propertiesOf } from '../xlsx-page.js';
import { type BlankForm, type Filling, fillingsOf, isFilled, shownFigure } from './blank.js';
import { factRows } from './facts.js';

const words = {
  agency: '机关名称',
  code: agencyCodeHeading,
  year: '年度',
  form: '格式',
  figures: '年度报告',
  text: '文字部分',
  check: '核验',
  instruction:
    '只填写浅黄色空格；无数据填0，不掌握的留空（空白不等于0）。合计自动计算，右侧“核验”列即时显示不符之处。文字填入“文字部分”，公布日期、网址、公开条数和信箱热线填入“公开情况”工作表。',
  filled:
    '已预填的数字（0、上年结转、上年现行有效）须逐项核对并更正，然后在“已核对”格填写“是”；未填写的，预填的数字一律按未填报处理。',
  facts: '公开情况',
} as const;

const fills = { box: 'FFFDE7', broken: 'F8A5AC', undecided: 'FFE08A' } as const;

/** The reference of every cell of the form, in A1 notation. */
type CellRefs = ReadonlyMap<string, string>;

/**
 * Writes the blank form of an agency for a year. The first worksheet has the agency, its code, the year and the three
 * tables with empty boxes; the second is for the text of the six sections.
 */
export async function writeBlankForm(blank: BlankForm): Promise<Uint8Array> {
  const form = formOf(blank.form);
  const title = reportTitle(cleanText(blank.agency.name), blank.year);
  return writeWorkbook({
    sheets: [writeFigures(blank, form, title.zh), writeText(title.zh), writeFacts(title.zh)],
    properties: propertiesOf(title, blank.year),
    workbookProtection: { lockStructure: true },
  });
}

function writeFigures(blank: BlankForm, form: Form, title: string): WriteSheet {
  const page = newPage();
  addText(page, title, looks.title);
  addIdentity(page, blank, form);
  addText(page, words.instruction, looks.note);
  if (isFilled(blank, form)) addText(page, words.filled, looks.note);
  const fillingOf = fillingsOf(blank);
  const refs = new Map<string, string>();
  const breaks: number[] = [];
  for (const table of layoutOf(form)) {
    // Table three fills a page: it begins on a new one.
    if (table.section === 3) breaks.push(page.height - 1);
    addText(page, table.label.zh, looks.heading);
    for (const [key, ref] of addTable(page, table, blankBox)) refs.set(key, ref);
  }
  for (const cell of form.cells) fillBox(page, refOf(refs, cell), fillingOf(cell), refs);
  const equations = form.written.filter(isChecked);
  addChecks(page, equations, refs, followingChecks(blank, form, refs));
  const sheet = finishPage(page, words.figures);
  return {
    ...sheet,
    columns: [...(sheet.columns ?? []), { width: 60 }],
    pageSetup: { ...sheet.pageSetup, printArea: `$A$1:$${columnName(pageWidth - 1)}$${page.height}` },
    rowBreaks: breaks,
    dataValidations: form.cells.map((cell) => validate(cell, refOf(refs, cell))),
    conditionalRules: equations.flatMap((equation, index) => highlight(equation, refs, 2 * index + 1)),
    protection,
  };
}

/** Only the boxes can be changed. */
const protection = { sheet: true, objects: true, scenarios: true, selectLockedCells: true, selectUnlockedCells: true };

function addIdentity(page: Page, blank: BlankForm, form: Form): void {
  const { agency, year } = blank;
  addBoxes(page, [
    { columns: 2, value: words.code },
    { columns: 5, value: cleanText(agency.code) },
    { columns: 2, value: words.agency },
    { columns: 6, value: cleanText(agency.name) },
  ]);
  addBoxes(page, [
    { columns: 2, value: words.year },
    { columns: 5, value: year },
    { columns: 2, value: words.form },
    { columns: 6, value: form.name.zh },
  ]);
  if (!isFilled(blank, form)) return;
  addBoxes(page, [
    { columns: 5, value: confirmedHeading },
    { columns: 10, value: null, style: inputStyle },
  ]);
}

const inputStyle = {
  protection: { locked: false },
  fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: fills.box } },
} as const;

/** Puts into a box what it comes with. A total of boxes that are all blank is blank. */
function fillBox(page: Page, ref: string, filling: Filling, refs: CellRefs): void {
  if (filling === null) return;
  const { row, column } = placeOf(ref);
  const box = page.cells.get(`${row},${column}`);
  if (!box) throw new Error(`there is no box at ${ref}`);
  const shown = shownFigure(filling);
  if (filling.kind === 'figure') box.value = shown;
  else Object.assign(box, { formula: formulaOf(filling, refs), formulaResult: shown ?? '' });
}

function formulaOf(filling: Exclude<Filling, null | { readonly kind: 'figure' }>, refs: CellRefs): string {
  if (filling.kind === 'total') {
    const parts = filling.parts.map(({ cell }) => refOf(refs, cell)).join(',');
    return `IF(COUNT(${parts})=0,"",SUM(${parts}))`;
  }
  return filling.within.reduce(
    (sum, { cell, coefficient }) => `${sum}${coefficient === 1 ? '+' : '-'}N(${refOf(refs, cell)})`,
    String(filling.from),
  );
}

function placeOf(ref: string): { readonly row: number; readonly column: number } {
  const [, letters = '', digits = ''] = /^([A-Z]+)(\d+)$/.exec(ref) ?? [];
  return {
    row: Number(digits) - 1,
    column: [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1,
  };
}

function blankBox(cell: Cell) {
  return {
    value: null,
    style: { numFmt: cell.kind === 'amount' ? 'General' : '0', ...inputStyle },
  } as const;
}

function validate(cell: Cell, range: string): DataValidation {
  const amount = cell.kind === 'amount';
  const kind = amount ? `金额（${cell.unit}），不小于0` : cell.signed ? '整数，减少填负数' : '不小于0的整数';
  return {
    type: amount ? 'decimal' : 'whole',
    operator: cell.signed ? 'between' : 'greaterThanOrEqual',
    formula1: cell.signed ? '-999999999' : '0',
    ...(cell.signed ? { formula2: '999999999' } : {}),
    allowBlank: true,
    showErrorMessage: true,
    errorStyle: 'stop',
    errorTitle: '数值不符',
    errorMessage: `请填写${kind}；没有数据请留空。`,
    range,
  };
}

/** Whether an equation is arithmetic within one report. */
function isChecked(equation: Equation): boolean {
  const terms = [...equation.left, ...equation.right];
  return ruleOf(equation.rule).severity === 'error' && terms.every((term) => term.year === 0);
}

/** Adds formulas beside the tables, in the line of the box that each equation is about, which show what does not hold. */
function addChecks(page: Page, equations: readonly Equation[], refs: CellRefs, followed: readonly RowCheck[]): void {
  const messages = new Map<number, string[]>();
  for (const equation of equations) {
    const { row } = placeOf(refOf(refs, subjectOf(equation)));
    const { differs, complete, difference } = formulasOf(equation, refs);
    const name = `${ruleOf(equation.rule).label.zh}（${equation.over.zh}）`.replaceAll('"', '""');
    const begin = `IF(${complete},"${checkWords.broken}","${checkWords.unfilled}")`;
    const message = `IF(${differs},${begin}&"${name}，相差"&ABS(${difference})&"；","")`;
    messages.set(row, [...(messages.get(row) ?? []), message]);
  }
  for (const { row, message } of followed) messages.set(row, [...(messages.get(row) ?? []), message]);
  const style = {
    font: { name: '宋体', size: 9, color: { rgb: 'B00020' } },
    alignment: { vertical: 'center' },
  } as const;
  for (const [row, parts] of messages) {
    page.cells.set(`${row},${pageWidth}`, { formula: parts.join('&'), formulaResult: '', style });
  }
  const all = [...messages.keys()].map((row) => `${columnName(pageWidth)}${row + 1}`);
  const broken = all.map((ref) => `(${ref}<>"")`).join('+');
  page.cells.set(`0,${pageWidth}`, { value: words.check, style: { font: { bold: true } } });
  page.cells.set(`1,${pageWidth}`, {
    formula: `IF(${broken}=0,"目前全部相符","有"&(${broken})&"行不符或待填")`,
    formulaResult: '目前全部相符',
    style,
  });
}

/** A formula that says what is wrong in a line of the page. */
interface RowCheck {
  readonly row: number;
  readonly message: string;
}

/** Formulas that say where a box does not go on from what was filed for the year before. */
function followingChecks(blank: BlankForm, form: Form, refs: CellRefs): RowCheck[] {
  return followingOf(form).flatMap((following): RowCheck[] => {
    const from = broughtForward(following, blank.before);
    if (from === null) return [];
    const ref = refOf(refs, following.cell);
    const due = formulaOf({ kind: 'stock', from, within: following.within }, refs);
    const name = following.cell.label.zh.replaceAll('"', '""');
    const message = `IF(AND(ISNUMBER(${ref}),N(${ref})<>${due}),"${checkWords.before}${name}应为"&(${due})&"；","")`;
    return [{ row: placeOf(ref).row, message }];
  });
}

/** Colours the box that an equation is about: one colour when it is broken, another while boxes are still blank. */
function highlight(equation: Equation, refs: CellRefs, priority: number): ConditionalRule[] {
  const { differs, complete } = formulasOf(equation, refs);
  const range = refOf(refs, subjectOf(equation));
  const style = (rgb: string) => ({ fill: { type: 'pattern', pattern: 'solid', bgColor: { rgb } } }) as const;
  return [
    { type: 'expression', priority, range, formula: `AND(${differs},${complete})`, style: style(fills.broken) },
    { type: 'expression', priority: priority + 1, range, formula: differs, style: style(fills.undecided) },
  ];
}

/** An equation as spreadsheet formulas: whether it is broken, whether all its boxes are filled in, and the difference. */
function formulasOf(equation: Equation, refs: CellRefs) {
  const side = (terms: readonly Term[]): string => {
    const sum = (coefficient: 1 | -1) => {
      const counted = terms.filter((term) => term.coefficient === coefficient).map((term) => refOf(refs, term.cell));
      return counted.length > 0 ? `SUM(${counted.join(',')})` : '0';
    };
    const [plus, minus] = [sum(1), sum(-1)];
    return minus === '0' ? plus : `(${plus}-${minus})`;
  };
  const terms = [...equation.left, ...equation.right];
  const [left, right] = [side(equation.left), side(equation.right)];
  return {
    differs: `${left}${equation.relation === '=' ? '<>' : '<'}${right}`,
    complete: `COUNT(${terms.map((term) => refOf(refs, term.cell)).join(',')})=${terms.length}`,
    difference: `${left}-${right}`,
  };
}

function subjectOf(equation: Equation): Cell {
  const term = equation.right[0] ?? equation.left[0];
  if (!term) throw new Error(`an equation of ${equation.rule} has no terms`);
  return term.cell;
}

function refOf(refs: CellRefs, cell: Cell): string {
  const ref = refs.get(cell.key);
  if (!ref) throw new Error(`${cell.key} is not printed on the form`);
  return ref;
}

/** The worksheet for the text: each section's heading, and below it a box to write in. */
function writeText(title: string): WriteSheet {
  const page = newPage();
  addText(page, title, looks.title);
  for (const { label } of sectionHeadings) {
    addText(page, label.zh, looks.heading);
    addBoxes(page, [
      {
        columns: pageWidth,
        value: null,
        style: { ...inputStyle, alignment: { horizontal: 'left', vertical: 'top', wrapText: true } },
      },
    ]);
    page.rowDefs.set(page.height - 1, { height: 85 });
  }
  return { ...finishPage(page, words.text), protection: { ...protection, formatRows: true } };
}

/** The worksheet for the day and address of publication, published items, letters and calls. Boxes are text, so that a day stays as it is typed. */
function writeFacts(title: string): WriteSheet {
  const page = newPage();
  addText(page, title, looks.title);
  for (const boxes of factRows) {
    addBoxes(
      page,
      boxes.map(({ columns, text, input }) => ({
        columns,
        value: text,
        ...(input ? { style: { ...inputStyle, numFmt: '@' } } : {}),
      })),
    );
  }
  return { ...finishPage(page, words.facts), protection };
}
