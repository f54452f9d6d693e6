/** The pages of a file into one document: without headers and page numbers, tables that go on over pages in one. */

import { sizeOf } from './drawing/geometry.js';
import type { Block, Page } from './page.js';
import { isPageNumberText } from './page-numbers.js';
import { continueTable, type RuledTable } from './table.js';

/** What a document holds in reading order; `page` counts from 0. */
export interface Flow {
  readonly block: Block;
  readonly page: number;
}

/** Puts pages together. */
export function joinPages(pages: readonly Page[]): Flow[] {
  const running = runningLines(pages);
  const flow: Flow[] = [];
  pages.forEach((page, index) => {
    const blocks = page.blocks.filter((block) => !running.has(block));
    blocks.forEach((block, at) => {
      const last = flow.at(-1);
      const isFirst = at === 0 || blocks.slice(0, at).every(isContinued);
      const joined = isFirst && index > 0 ? joinTables(last, block, index) : undefined;
      if (!joined) flow.push({ block, page: index });
      else flow.splice(-1, 1, { block: { kind: 'table', table: joined }, page: index });
    });
  });
  return flow;
}

/** How far the widths of the parts of a table may differ, in points. */
const maxWidthChange = 4;

function joinTables(last: Flow | undefined, block: Block, page: number): RuledTable | undefined {
  if (last?.block.kind !== 'table' || block.kind !== 'table' || last.page !== page - 1) return undefined;
  const [one, other] = [last.block.table, block.table];
  if (Math.abs(sizeOf(one.box).width - sizeOf(other.box).width) > maxWidthChange) return undefined;
  return continueTable(one, other);
}

/** 续表 over the part of a table that goes on. */
function isContinued(block: Block): boolean {
  return block.kind === 'line' && /^[（(]?续\s?表/u.test(block.line.text);
}

/** How much of the height of a page, above and below, is for what runs through all pages. */
const margin = 0.12;

/** Lines at the edges of pages: those that come again on another page at the same height, and page numbers. */
function runningLines(pages: readonly Page[]): ReadonlySet<Block> {
  const seen = new Map<string, { readonly block: Block; readonly page: number }[]>();
  const running = new Set<Block>();
  pages.forEach((page, index) => {
    for (const block of page.blocks) {
      if (block.kind !== 'line') continue;
      const { text, box } = block.line;
      const [top, bottom] = [box.top / page.height, box.bottom / page.height];
      if (top > margin && bottom < 1 - margin) continue;
      if (isPageNumberText(text, index + 1) && isOutermost(page, block)) running.add(block);
      const key = `${Math.round(box.bottom / 3)} ${text.replace(/\d+/g, '#').replace(/\s+/g, '')}`;
      seen.set(key, [...(seen.get(key) ?? []), { block, page: index }]);
    }
  });
  for (const same of seen.values()) {
    if (new Set(same.map(({ page }) => page)).size > 1) for (const { block } of same) running.add(block);
  }
  return running;
}

/** Whether nothing is above a line, or nothing below it. */
function isOutermost({ blocks }: Page, block: Block): boolean {
  return blocks[0] === block || blocks.at(-1) === block;
}
