/**
 * A PDF into its parts. It has no tables, only characters at places and lines: rows and columns are found by the lines that
 * are drawn, and the rest is as in every other kind of document.
 */
import { Problem } from '../../../problem.js';
import { collectParts, type Parts } from '../source/parts.js';
import { joinCutRows } from './cut-rows.js';
import { drawPage } from './drawing/draw.js';
import type { Drawing } from './drawing/drawing.js';
import { type OperatorNumbers, type PdfFile, withPdf } from './drawing/library.js';
import type { Drawn } from './drawing/sheet.js';
import type { Line } from './lines.js';
import { readPage } from './page.js';
import { joinPages } from './pages.js';
import { paragraphsOf, settingOf } from './paragraphs.js';
import { cutPlacedTables } from './placed-table.js';
import type { PagedLine } from './runs.js';
import { fillCells, pagesAfter, rowsOf } from './table.js';

/** The most pages that are read; the report of a county has 20. */
const maxPages = 100;

/**
 * Reads a PDF. Throws `invalid-document` when it is broken, encrypted, a scan without text, has text of which it does not
 * say what it means, or is larger than any report.
 */
export async function readPdf(bytes: Uint8Array): Promise<Parts> {
  return withPdf(bytes, async (file, operators) => {
    if (file.numPages > maxPages) throw tooManyPages(file.numPages);
    const drawings = await drawPages(file, operators);
    requireText(drawings);
    return partsOf(drawings, await titleOf(file));
  });
}

async function drawPages(file: PdfFile, operators: OperatorNumbers): Promise<Drawing[]> {
  const layers = await file.getOptionalContentConfig();
  const drawn: Drawn = { operators: 0, glyphs: 0 };
  const drawings: Drawing[] = [];
  for (let number = 1; number <= file.numPages; number += 1) {
    const page = await file.getPage(number);
    drawings.push(await drawPage(page, operators, (layer) => layers.isVisible(layer), drawn));
  }
  return drawings;
}

function partsOf(drawings: readonly Drawing[], title: string | null): Parts {
  const pages = drawings.map(readPage);
  const parts = collectParts();
  const flow = joinPages(pages);
  const setting = settingOf(
    flow.flatMap(({ block }) => (block.kind === 'line' ? [block.line] : [])),
    flow.flatMap(({ block }) => (block.kind === 'table' ? [block.table.box] : [])),
  );
  let open: PagedLine[] = [];
  const settleLines = (): void => {
    for (const stretch of cutPlacedTables(open)) {
      if (stretch.kind === 'table') parts.addTable(stretch.rows);
      else
        for (const { text, page } of paragraphsOf(byPage(stretch.lines), setting))
          parts.addLine(text, { page: page + 1 });
    }
    open = [];
  };
  for (const { block, page } of flow) {
    if (block.kind === 'line') open.push({ line: block.line, page });
    else {
      settleLines();
      const { table } = block;
      const rows = rowsOf(joinCutRows(table, fillCells(table)), table.grid.rows);
      parts.addTable(rows.map((row, at) => ({ ...row, page: page + 1 - pagesAfter(table, at) })));
    }
  }
  settleLines();
  for (const { pictures } of drawings) for (const _ of pictures) parts.addPicture();
  return { ...parts.finish(title), linesByPlace: true };
}

function byPage(lines: readonly PagedLine[]): Map<number, Line[]> {
  const pages = new Map<number, Line[]>();
  for (const { line, page } of lines) pages.set(page, [...(pages.get(page) ?? []), line]);
  return pages;
}

async function titleOf(file: PdfFile): Promise<string | null> {
  const { info } = await file.getMetadata();
  return typeof info.Title === 'string' && info.Title.trim() !== '' ? info.Title.trim() : null;
}

/** A file whose characters mean nothing is refused when so many of them do. */
const maxUnknown = 0.5;

function requireText(drawings: readonly Drawing[]): void {
  const glyphs = drawings.flatMap((drawing) => drawing.glyphs);
  if (glyphs.length === 0) throw scanned();
  if (glyphs.filter(({ text }) => text === '\ufffd').length > glyphs.length * maxUnknown) throw unmapped();
}

function scanned(): Problem {
  return new Problem('invalid-document', {
    zh: '这是扫描件，没有文字，无法读取；请提交由 Word 或 Excel 导出的 PDF，或 Word、Excel 文件本身。',
    en: 'This is a scan: it has no text. Send the PDF that Word or Excel exports, or the Word or Excel file itself.',
  });
}

function unmapped(): Problem {
  return new Problem('invalid-document', {
    zh: 'PDF 中的文字没有字符编码，只能看，不能读取；请提交 Word、Excel 文件，或重新导出 PDF。',
    en: 'The PDF does not say which characters its text is made of. Send the Word or Excel file, or export the PDF again.',
  });
}

function tooManyPages(pages: number): Problem {
  return new Problem('invalid-document', {
    zh: `PDF 文件有${pages}页，最多读取${maxPages}页。`,
    en: `The PDF has ${pages} pages; at most ${maxPages} are read.`,
  });
}
