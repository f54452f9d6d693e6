/** What became of the items of an import, one by one and counted so that it adds up. */
import { type Fault, Problem, type ProblemBody, type ProblemName } from '../../problem.js';

/** What became of one item. */
export interface ItemOutcome {
  /** The sheet it is on, in a workbook. */
  readonly sheet?: string;
  /** The line it begins on, the row of the sheet, or the ordinal in the zip; from 1. */
  readonly line: number;
  /** The caller's own name for it, or the file's name in a zip. */
  readonly ref: string | null;
  /** As in the register, or as stated where it is not known. */
  readonly agency: string | null;
  readonly year: number | null;
  /** What it did, or, where nothing is kept, would have done. */
  readonly outcome: 'created' | 'revised' | 'unchanged' | 'rejected';
  /** The current revision. */
  readonly revision?: number;
  /** Why it was rejected. */
  readonly problem?: ProblemBody;
  /** What was not read for certain in a document; those cells are blank. */
  readonly doubts?: readonly unknown[];
}

/** How often one problem was met. */
interface ProblemCount {
  readonly problem: ProblemName;
  readonly items: number;
  /** The rules and faults it named, with the number of items each was named for. */
  readonly codes: readonly { readonly code: string; readonly items: number }[];
}

/** Created, revised, unchanged and rejected add up to received. */
export interface Tally {
  readonly received: number;
  readonly created: number;
  readonly revised: number;
  readonly unchanged: number;
  readonly rejected: number;
  /** Commonest first, then by name. */
  readonly problems: readonly ProblemCount[];
}

/** Nothing yet. */
export const emptyTally: Tally = { received: 0, created: 0, revised: 0, unchanged: 0, rejected: 0, problems: [] };

/** Faults shown of one item; one with more says how many there are. */
const faultsShown = 20;

/** A problem as it is shown beside its item: the first faults of it, and how many there are. */
export function briefProblem(body: ProblemBody): ProblemBody {
  const { warnings: _, errors, ...rest } = body;
  if (!errors) return rest;
  const shown = errors.slice(0, faultsShown);
  return { ...rest, errors: shown, ...(errors.length > shown.length ? { faults: errors.length } : {}) };
}

/** An outcome that says how many faults there were and lists none; of doubts, none either. */
export function withoutFaults({ doubts: _, problem, ...outcome }: ItemOutcome): ItemOutcome {
  if (!problem) return outcome;
  const { errors, ...rest } = problem;
  const { faults = errors?.length } = problem;
  return { ...outcome, problem: { ...rest, ...(faults !== undefined && { faults }) } };
}

/** Counts some more outcomes. The codes are those of each refusal in full, before it was made brief. */
export function addOutcomes(tally: Tally, outcomes: readonly { outcome: ItemOutcome; refusal?: Problem }[]): Tally {
  const counts = { ...tally, received: tally.received + outcomes.length };
  const problems = new Map(
    tally.problems.map(({ problem, items, codes }) => [problem, { items, codes: countsOf(codes) }]),
  );
  for (const { outcome, refusal } of outcomes) {
    counts[outcome.outcome] += 1;
    if (!refusal) continue;
    const known = problems.get(refusal.kind) ?? { items: 0, codes: new Map<string, number>() };
    for (const code of new Set((refusal.body.errors ?? []).map((fault: Fault) => fault.code))) {
      known.codes.set(code, (known.codes.get(code) ?? 0) + 1);
    }
    problems.set(refusal.kind, { items: known.items + 1, codes: known.codes });
  }
  const listed = [...problems].map(([problem, { items, codes }]) => ({ problem, items, codes: byItems(codes) }));
  return { ...counts, problems: listed.sort(byCount) };
}

/** The tally of an import of which nothing is kept because some items were refused: all of them are. */
export function refuseAll(tally: Tally): Tally {
  const items = tally.received - tally.rejected;
  const problems = [...tally.problems, ...(items > 0 ? [{ problem: notKept.kind, items, codes: [] }] : [])];
  const refused = { created: 0, revised: 0, unchanged: 0, rejected: tally.received };
  return { ...tally, ...refused, problems: problems.sort(byCount) };
}

/** The outcome of an item that is not kept because others were refused. */
export function refuseOutcome({ revision: _, ...outcome }: ItemOutcome): ItemOutcome {
  if (outcome.problem) return outcome;
  return { ...outcome, outcome: 'rejected', problem: notKept.stored };
}

/** How many items were refused for themselves. */
export function countRefused({ problems }: Tally): number {
  return problems.reduce((sum, { problem, items }) => sum + (problem === notKept.kind ? 0 : items), 0);
}

const notKept = new Problem('not-kept', {
  zh: '本份没有问题，但其他报送被拒，按 mode=all 全部未保存。',
  en: 'Nothing is wrong with this one: others were refused, so with mode=all none is kept.',
});

function countsOf(codes: ProblemCount['codes']): Map<string, number> {
  return new Map(codes.map(({ code, items }) => [code, items]));
}

function byItems(codes: ReadonlyMap<string, number>): { code: string; items: number }[] {
  return [...codes]
    .map(([code, items]) => ({ code, items }))
    .sort((one, other) => other.items - one.items || one.code.localeCompare(other.code));
}

function byCount(one: ProblemCount, other: ProblemCount): number {
  return other.items - one.items || one.problem.localeCompare(other.problem);
}
