/** What became of the filings of an import, as lines to be printed. */
import type { Tally } from '../../bulk/import/tally.js';

/** The count of an import by the command line. */
export interface ImportSummary extends Tally {
  /** Of those filed, the ones with an equation that does not hold: a lenient import takes them. */
  readonly unbalanced: number;
}

/** The summary as lines, the commonest problem first. */
export function summaryLines(summary: ImportSummary): string[] {
  const counts = (['received', 'created', 'revised', 'unchanged', 'rejected'] as const).map((name) =>
    countLine(name, summary[name]),
  );
  const refused = summary.problems.flatMap(({ problem, items, codes }) => [
    countLine(`  ${problem}`, items),
    ...codes.map(({ code, items: named }) => countLine(`    ${code}`, named)),
  ]);
  const lenient = summary.unbalanced > 0 ? [countLine('filed although unbalanced', summary.unbalanced)] : [];
  return [...counts, ...refused, ...lenient];
}

function countLine(name: string, count: number): string {
  return `${name.padEnd(28)} ${String(count).padStart(9)}`;
}
