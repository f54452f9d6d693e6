/** The pages of a file into one document: without headers and page numbers, tables that go on over pages in one. */

import { median, sizeOf } from './drawing/geometry.js';
import type { Line } from './lines.js';
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

/**
 * Lines at the edges of pages: page numbers, and what comes again on another page at the same height, apart from the text.
 * What the text says twice is text.
 */
function runningLines(pages: readonly Page[]): ReadonlySet<Block> {
  const seen = new Map<string, { readonly block: Block; readonly page: number }[]>();
  const running = new Set<Block>();
  pages.forEach((page, index) => {
    const apart = linesApart(page);
    for (const block of page.blocks) {
      if (block.kind !== 'line' || !isAtEdge(page, block.line)) continue;
      const { text, box } = block.line;
      if (isPageNumberText(text, index + 1) && isOutermost(page, block)) running.add(block);
      if (!apart.has(block)) continue;
      const key = `${Math.round(box.bottom / 3)} ${text.replace(/\d+/g, '#').replace(/\s+/g, '')}`;
      seen.set(key, [...(seen.get(key) ?? []), { block, page: index }]);
    }
  });
  for (const same of seen.values()) {
    if (new Set(same.map(({ page }) => page)).size > 1) for (const { block } of same) running.add(block);
  }
  return running;
}

function isAtEdge({ height }: Page, { box }: Line): boolean {
  return box.top / height <= margin || box.bottom / height >= 1 - margin;
}

/** How many times the room between two lines of the text is the least between it and what runs above or below it. */
const roomAround = 1.5;

/** So many rooms between lines tell the usual one. */
const fewestRooms = 4;

/** The lines at the edges of a page with more room to the text, or to a table, than lines of the text have between them. */
function linesApart(page: Page): ReadonlySet<Block> {
  const placed = page.blocks
    .map((block) => ({ block, box: block.kind === 'line' ? block.line.box : block.table.box }))
    .sort((one, other) => one.box.top - other.box.top);
  const rooms = placed.slice(1).map(({ box }, index) => box.top - (placed[index]?.box.bottom ?? 0));
  const usual = rooms.length < fewestRooms ? 0 : median(rooms);
  const apart = new Set<Block>();
  for (const inwards of [placed, placed.toReversed()]) {
    const passed: Block[] = [];
    for (const [index, { block, box }] of inwards.entries()) {
      if (block.kind !== 'line' || !isAtEdge(page, block.line)) break;
      passed.push(block);
      const next = inwards[index + 1];
      const room = next && Math.max(next.box.top - box.bottom, box.top - next.box.bottom);
      const least = Math.max(0.9 * block.line.size, roomAround * usual);
      if (room === undefined || next?.block.kind === 'table' || room > least) for (const one of passed) apart.add(one);
    }
  }
  return apart;
}

/** Whether nothing is above a line, or nothing below it. */
function isOutermost({ blocks }: Page, block: Block): boolean {
  return blocks[0] === block || blocks.at(-1) === block;
}
