/** `xiangbao rollups`: compares the kept sums with the reports they add up, or makes them anew. */

import type { Db } from '../store/engine/schema.js';
import { rebuildRollups, verifyRollups } from '../store/rollup/rollup-check.js';
import { answer, type Terminal } from './terminal.js';

/** Prints every figure in which a kept rollup differs from the sum of its reports; returns how many do. */
export async function printDifferences(db: Db, terminal: Terminal): Promise<number> {
  const differences = await verifyRollups(db);
  for (const { division, inclusion, year, kind, figure, kept, sum } of differences) {
    answer(terminal, `${division} ${inclusion} ${year} ${kind} ${figure}: kept ${kept}, the reports add up to ${sum}`);
  }
  answer(
    terminal,
    differences.length === 0
      ? 'Every rollup is the sum of its reports. 汇总与报告一致。'
      : `${differences.length} figure(s) differ; xiangbao rollups rebuild makes them anew. 有 ${differences.length} 处不一致。`,
  );
  return differences.length;
}

/** Makes every rollup anew from the reports. */
export async function rebuild(db: Db, terminal: Terminal): Promise<void> {
  await rebuildRollups(db);
  answer(terminal, 'Every rollup was made anew from its reports. 汇总已重建。');
}
