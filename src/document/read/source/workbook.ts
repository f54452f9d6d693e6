/**
 * Excel's .xlsx into pieces: every visible sheet is a table. Formulas are not run (the value they last gave is
 * read), and styles, macros and links are left alone.
 */
import { Problem } from '../../../problem.js';
import { collectParts, type Parts, type PartsBuilder, partsLimits, type SpannedCell } from './parts.js';
import type { Archive, XmlHandler } from './zip.js';

/** Takes an opened .xlsx apart; throws `invalid-document` when the archive holds no worksheet. */
export async function readWorkbook(archive: Archive): Promise<Parts> {
  const parts = await sheetParts(archive);
  if (parts.length === 0) {
    throw new Problem('invalid-document', {
      zh: '压缩文件中没有 Excel 工作表。',
      en: 'The archive holds no Excel sheet.',
    });
  }
  const strings = await sharedStrings(archive);
  const sheet = collectParts();
  for (const part of parts) {
    const grid: Grid = { cells: new Map(), rows: new Set(), merges: [] };
    await archive.parse(part, cellHandler(grid, strings));
    addGrid(sheet, grid);
  }
  return sheet.finish(null);
}

interface Grid {
  /** By row, then by column, both from 0; only cells with something in them. */
  readonly cells: Map<number, Map<number, string>>;
  /** Rows that have cells, with something in them or not. */
  readonly rows: Set<number>;
  readonly merges: { readonly row: number; readonly column: number; readonly rows: number; readonly columns: number }[];
}

const maxMerges = 20_000;

/** The parts of the visible sheets in the order of their tabs. */
async function sheetParts(archive: Archive): Promise<string[]> {
  const targets = new Map<string, string>();
  const relations = {
    open(name: string, attributes: Readonly<Record<string, string>>) {
      const { Id, Target } = attributes;
      if (name === 'Relationship' && Id && Target && attributes.TargetMode !== 'External') targets.set(Id, Target);
    },
    close() {},
    text() {},
  };
  await archive.parse('xl/_rels/workbook.xml.rels', relations);
  const parts: string[] = [];
  await archive.parse('xl/workbook.xml', {
    ...relations,
    open(name, attributes) {
      const target = targets.get(attributes['r:id'] ?? '');
      if (localName(name) !== 'sheet' || !target || (attributes.state ?? 'visible') !== 'visible') return;
      parts.push(target.startsWith('/') ? target.slice(1) : `xl/${target}`);
    },
  });
  return parts.filter((part) => archive.names.includes(part));
}

async function sharedStrings(archive: Archive): Promise<string[]> {
  const strings: string[] = [];
  let text = '';
  let reading = false;
  let phonetic = false;
  await archive.parse('xl/sharedStrings.xml', {
    open(name) {
      if (localName(name) === 'rPh') phonetic = true;
      if (localName(name) === 't') reading = !phonetic;
    },
    close(name) {
      if (localName(name) === 'rPh') phonetic = false;
      if (localName(name) === 't') reading = false;
      if (localName(name) !== 'si') return;
      strings.push(text);
      text = '';
    },
    text(part) {
      if (reading) text += part;
    },
  });
  return strings;
}

function cellHandler(grid: Grid, strings: readonly string[]): XmlHandler {
  let row = -1;
  let column = -1;
  let type = '';
  let text = '';
  let reading = false;
  return {
    open(name, attributes) {
      const element = localName(name);
      if (element === 'row') [row, column] = [attributes.r ? Number(attributes.r) - 1 : row + 1, -1];
      else if (element === 'c') {
        column = attributes.r ? addressOf(attributes.r).column : column + 1;
        [type, text] = [attributes.t ?? 'n', ''];
      } else if (element === 'v' || element === 't') reading = true;
      else if (element === 'mergeCell' && attributes.ref && grid.merges.length < maxMerges)
        addMerge(grid, attributes.ref);
    },
    close(name) {
      const element = localName(name);
      if (element === 'v' || element === 't') reading = false;
      if (element === 'c') keepCell(grid, row, column, shownText(type, text, strings));
    },
    text(part) {
      if (reading) text += part;
    },
  };
}

/**
 * The text of a cell as a sheet shows it: a shared string by its number, and of a number, which is stored with all the
 * digits of its binary form, the shortest decimal that is the same number.
 */
export function shownText(type: string, text: string, strings: readonly string[]): string {
  if (type === 's') return strings[Number(text)] ?? '';
  if (type !== 'n' || text.trim() === '') return text;
  const number = Number(text);
  return Number.isFinite(number) && Math.abs(number) < 1e15 && Math.abs(number) > 1e-6 ? String(number) : text;
}

function keepCell(grid: Grid, row: number, column: number, text: string): void {
  if (column < 0 || column >= partsLimits.columns || row < 0) return;
  grid.rows.add(row);
  if (text.trim() === '') return;
  const cells = grid.cells.get(row) ?? new Map<number, string>();
  cells.set(column, text);
  grid.cells.set(row, cells);
}

/**
 * Rows in order up to one after the last with something in it, each as wide as the widest, so that a cell that
 * the file leaves out is a blank cell.
 */
function addGrid(sheet: PartsBuilder, grid: Grid): void {
  const last = [...grid.cells.keys()].reduce((most, row) => Math.max(most, row), -1);
  const rows = [...grid.rows].filter((row) => row <= last + 1).sort((a, b) => a - b);
  const width = rows.reduce((most, row) => Math.max(most, ...(grid.cells.get(row)?.keys() ?? [])), -1) + 1;
  const spans = new Map(grid.merges.map((merge) => [`${merge.row}:${merge.column}`, merge]));
  const covered = coveredCells(grid, width);
  sheet.addTable(
    rows.map((row) => {
      const cells: SpannedCell[] = [];
      for (let column = 0; column < width; column += 1) {
        if (covered.has(`${row}:${column}`)) cells.push({ text: '', rowSpan: 1, columnSpan: 1, continues: true });
        else {
          const columnSpan = spans.get(`${row}:${column}`)?.columns ?? 1;
          cells.push({ text: grid.cells.get(row)?.get(column)?.trim() ?? '', rowSpan: 1, columnSpan });
          column += columnSpan - 1;
        }
      }
      return { cells };
    }),
  );
}

/** The cells that a merge covers, apart from those to the right of its first cell, which its span covers. */
function coveredCells(grid: Grid, width: number): Set<string> {
  const covered = new Set<string>();
  for (const { row, column, rows, columns } of grid.merges) {
    if (covered.size > partsLimits.pieces) break;
    for (let below = row + 1; below < Math.min(row + rows, row + 200); below += 1) {
      for (let across = column; across < Math.min(column + columns, width); across += 1)
        covered.add(`${below}:${across}`);
    }
  }
  return covered;
}

function addMerge(grid: Grid, ref: string): void {
  const [first = '', last = first] = ref.split(':');
  const from = addressOf(first);
  const to = addressOf(last);
  if (to.row < from.row || to.column < from.column) return;
  grid.merges.push({ ...from, rows: to.row - from.row + 1, columns: to.column - from.column + 1 });
}

/** "B3" is row 2, column 1; anything else is outside of every sheet. */
function addressOf(ref: string): { row: number; column: number } {
  const match = /^([A-Z]{1,3})(\d{1,7})$/.exec(ref);
  if (!match?.[1]) return { row: -1, column: -1 };
  const column = [...match[1]].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
  return { row: Number(match[2]) - 1, column };
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
