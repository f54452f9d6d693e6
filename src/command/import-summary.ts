/** What became of the filings of an import, counted so that it adds up. */
import { Problem } from '../problem.js';
import type { Filed } from '../report/file.js';
import { errorsAmong } from '../report/findings.js';

/** Created, revised, unchanged and rejected add up to received. */
export interface ImportSummary {
  received: number;
  created: number;
  revised: number;
  unchanged: number;
  rejected: number;
  /** Of those filed, the ones with an equation that does not hold: a lenient import takes them. */
  unbalanced: number;
  /** Filings refused for each problem, and how many of them named each rule or fault. */
  readonly problems: Map<string, { filings: number; readonly codes: Map<string, number> }>;
}

/** A summary of nothing yet. */
export function newSummary(): ImportSummary {
  return { received: 0, created: 0, revised: 0, unchanged: 0, rejected: 0, unbalanced: 0, problems: new Map() };
}

/** Counts what became of one filing. */
export function recordResult(summary: ImportSummary, result: Filed | Problem): void {
  summary.received++;
  if (!(result instanceof Problem)) {
    summary[result.outcome]++;
    if (errorsAmong(result.findings).length > 0) summary.unbalanced++;
    return;
  }
  summary.rejected++;
  const problem = summary.problems.get(result.kind) ?? { filings: 0, codes: new Map<string, number>() };
  problem.filings++;
  summary.problems.set(result.kind, problem);
  const codes = new Set((result.body.errors ?? []).map((fault) => fault.code));
  for (const code of codes) problem.codes.set(code, (problem.codes.get(code) ?? 0) + 1);
}

/** The summary as lines to be printed, the commonest problem first. */
export function summaryLines(summary: ImportSummary): string[] {
  const counts = (['received', 'created', 'revised', 'unchanged', 'rejected'] as const).map((name) =>
    countLine(name, summary[name]),
  );
  const problems = byCount([...summary.problems].map(([name, problem]) => [name, problem.filings] as const));
  const refused = problems.flatMap(([name, filings]) => [
    countLine(`  ${name}`, filings),
    ...byCount([...(summary.problems.get(name)?.codes ?? [])]).map(([code, count]) => countLine(`    ${code}`, count)),
  ]);
  const lenient = summary.unbalanced > 0 ? [countLine('filed although unbalanced', summary.unbalanced)] : [];
  return [...counts, ...refused, ...lenient];
}

function byCount(counts: readonly (readonly [string, number])[]): (readonly [string, number])[] {
  return counts.toSorted((one, other) => other[1] - one[1] || one[0].localeCompare(other[0]));
}

function countLine(name: string, count: number): string {
  return `${name.padEnd(28)} ${String(count).padStart(9)}`;
}
