/**
 * The blank form, as xlsx: the printed layout, in which only the boxes can be filled in. Each box refuses what the form
 * does not allow, and formulas check the equations while the clerk types.
 */
import { type ConditionalRule, type DataValidation, type WriteSheet, writeXlsx as writeWorkbook } from 'hucre/xlsx';
import { type Cell, type Equation, type Form, type FormId, formOf, type Term } from '../../form/forms.js';
import { ruleOf } from '../../form/rules.js';
import { cleanText } from '../../text.js';
import { columnName } from '../../xlsx.js';
import { agencyCodeHeading } from '../printed-words.js';
import { layoutOf, pageWidth, sectionHeadings } from './layout.js';
import { reportTitle } from './sheet.js';
import { addBoxes, addTable, addText, finishPage, looks, newPage, type Page } from './xlsx-page.js';

/** The agency, year and form of a blank form. */
export interface BlankForm {
  readonly agency: { readonly code: string; readonly name: string };
  readonly year: number;
  readonly form: FormId;
}

const words = {
  agency: '机关名称',
  code: agencyCodeHeading,
  year: '年度',
  form: '格式',
  figures: '年度报告',
  text: '文字部分',
  check: '核验',
  instruction:
    '只填写浅黄色空格；无数据填0，不掌握的留空（空白不等于0）。右侧“核验”列即时显示不符之处。文字填入“文字部分”工作表。',
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
    sheets: [writeFigures(blank, form, title.zh), writeText(title.zh)],
    properties: { title: title.zh, description: title.en, creator: 'Xiangbao 乡报' },
    workbookProtection: { lockStructure: true },
  });
}

function writeFigures(blank: BlankForm, form: Form, title: string): WriteSheet {
  const page = newPage();
  addText(page, title, looks.title);
  addIdentity(page, blank, form);
  addText(page, words.instruction, looks.note);
  const refs = new Map<string, string>();
  const breaks: number[] = [];
  for (const table of layoutOf(form)) {
    // Table three fills a page: it begins on a new one.
    if (table.section === 3) breaks.push(page.height - 1);
    addText(page, table.label.zh, looks.heading);
    for (const [key, ref] of addTable(page, table, blankBox)) refs.set(key, ref);
  }
  const equations = form.written.filter(isChecked);
  addChecks(page, equations, refs);
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

function addIdentity(page: Page, { agency, year }: BlankForm, form: Form): void {
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
}

function blankBox(cell: Cell) {
  return {
    value: null,
    style: {
      numFmt: cell.kind === 'amount' ? 'General' : '0',
      protection: { locked: false },
      fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: fills.box } },
    },
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
function addChecks(page: Page, equations: readonly Equation[], refs: CellRefs): void {
  const messages = new Map<number, string[]>();
  for (const equation of equations) {
    const row = Number(/\d+$/.exec(refOf(refs, subjectOf(equation)))?.[0]) - 1;
    const { differs, complete, difference } = formulasOf(equation, refs);
    const name = `${ruleOf(equation.rule).label.zh}（${equation.over.zh}）`.replaceAll('"', '""');
    const message = `IF(${differs},IF(${complete},"","待填：")&"${name}，相差"&ABS(${difference})&"；","")`;
    messages.set(row, [...(messages.get(row) ?? []), message]);
  }
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
        style: {
          protection: { locked: false },
          alignment: { horizontal: 'left', vertical: 'top', wrapText: true },
          fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: fills.box } },
        },
      },
    ]);
    page.rowDefs.set(page.height - 1, { height: 85 });
  }
  return { ...finishPage(page, words.text), protection: { ...protection, formatRows: true } };
}
