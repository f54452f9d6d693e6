/** `xiangbao rollups`: compares the kept sums with the reports they add up, or makes them again. */
import type { Command } from 'commander';
import type { Db } from '../store/engine/schema.js';
import { rebuildRollups, verifyRollups } from '../store/rollup/rollup-check.js';
import { inBoth } from '../words.js';
import { refused } from './shell/failure.js';
import { answer, type Terminal } from './shell/terminal.js';
import { type Tools, withExistingStore } from './shell/tools.js';

/** Adds `rollups` with `verify` and `rebuild`. */
export function addRollups(program: Command, tools: Tools): void {
  const rollups = program.command('rollups').description(inBoth({ zh: '汇总', en: 'the kept sums of the reports' }));
  rollups
    .command('verify')
    .description(
      inBoth({ zh: '核对', en: 'compare every rollup with the sum of its reports; exit 1 when any differs' }),
    )
    .action(() =>
      withExistingStore(tools, async (db) => {
        if ((await printDifferences(db, tools.terminal)) > 0) tools.endWith(refused);
      }),
    );
  rollups
    .command('rebuild')
    .description(inBoth({ zh: '重建', en: 'make every rollup again from the reports' }))
    .action(() => withExistingStore(tools, (db) => rebuild(db, tools.terminal)));
}

/** Prints every figure in which a kept rollup differs from the sum of its reports; returns how many do. */
export async function printDifferences(db: Db, terminal: Terminal): Promise<number> {
  const differences = await verifyRollups(db);
  for (const { division, inclusion, year, kind, figure, kept, sum } of differences) {
    answer(terminal, `${division} ${inclusion} ${year} ${kind} ${figure}: kept ${kept}, the reports add up to ${sum}`);
  }
  answer(
    terminal,
    differences.length === 0
      ? { zh: '汇总与报告一致。', en: 'Every rollup is the sum of its reports.' }
      : {
          zh: `有 ${differences.length} 处不一致，可用“xiangbao rollups rebuild”重建。`,
          en: `${differences.length} figure(s) differ; xiangbao rollups rebuild makes them again.`,
        },
  );
  return differences.length;
}

/** Makes every rollup again from the reports. */
export async function rebuild(db: Db, terminal: Terminal): Promise<void> {
  await rebuildRollups(db);
  answer(terminal, { zh: '汇总已重建。', en: 'Every rollup was made again from its reports.' });
}
