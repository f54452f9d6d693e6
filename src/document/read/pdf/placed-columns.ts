/** The columns of a table without ruling lines: by the places of their headings, and of the numbers below them. */
import { forms } from '../../../form/forms.js';
import { appeals } from '../../../form/lines.js';
import { findMeanings } from '../heading/headings.js';
import { type Run, textOfRuns, wordsOfRuns } from './runs.js';

/** A column with its printed heading, and from where to where on the page that is. */
export interface PlacedColumn {
  readonly heading: string;
  readonly left: number;
  readonly right: number;
}

/** The head of a table: what heads several of its columns, and its columns, from left to right. */
export interface PlacedHead {
  readonly table: string;
  readonly over: readonly Run[];
  readonly headings: readonly Run[];
  readonly columns: readonly PlacedColumn[];
}

/** The columns of the tables that are found by place, by their keys; the others have no equations that confirm them. */
const printed: readonly { readonly table: string; readonly keys: readonly string[] }[] = [
  ...forms.flatMap(({ tables }) =>
    tables
      .filter(({ key }) => key === 'applications')
      .map(({ key, columns }) => ({ table: key, keys: keysOf(columns) })),
  ),
  { table: appeals.key, keys: appeals.rows.flatMap(() => keysOf(appeals.columns)) },
];

function keysOf(columns: readonly { readonly key: string }[]): string[] {
  return columns.map(({ key }) => key);
}

/** More runs than any head has; each is compared with pairs of the others. */
const maxRuns = 200;

/** Finds the columns of a head, all of them in the order of the form; undefined where one is not found. */
export function findHead(runs: readonly Run[]): PlacedHead | undefined {
  if (runs.length > maxRuns) return undefined;
  const over = runs.filter((run) => isOverOthers(run, runs));
  const groups = groupByPlace(runs.filter((run) => !over.includes(run)));
  for (const { table, keys } of printed) {
    const own = groups.slice(-keys.length);
    const isWhole = own.length === keys.length && own.every((group, at) => isHeadingOf(group, table, keys[at] ?? ''));
    if (isWhole) return { table, over, headings: own.flat(), columns: own.map(columnOf) };
  }
  return undefined;
}

function columnOf(runs: readonly Run[]): PlacedColumn {
  return { heading: textOfRuns(runs), ...extentOf(runs) };
}

function extentOf(runs: readonly Run[]): { readonly left: number; readonly right: number } {
  return { left: Math.min(...runs.map(({ left }) => left)), right: Math.max(...runs.map(({ right }) => right)) };
}

function isHeadingOf(runs: readonly Run[], table: string, key: string): boolean {
  const meanings = findMeanings(wordsOfRuns(runs)) ?? [];
  return meanings.some((meaning) => meaning.kind === 'column' && meaning.table === table && meaning.key === key);
}

/** What the notices print over all columns of table three. */
const applicants = '申请人情况';

/** A heading over columns: by its words, or because two headings lie side by side below it. */
function isOverOthers(run: Run, runs: readonly Run[]): boolean {
  const words = wordsOfRuns([run]);
  if (words === applicants) return true;
  const meanings = findMeanings(words) ?? [];
  if (meanings.some((one) => one.kind === 'parent' || (one.kind === 'row' && one.table === appeals.key))) return true;
  const below = runs.filter(({ base, left, right }) => base > run.base && left < run.right && right > run.left);
  return below.some((one) => below.some((other) => other.line === one.line && other.left > one.right));
}

/** Runs that lie under each other, wholly or in part, from left to right. */
function groupByPlace(runs: readonly Run[]): Run[][] {
  const groups: { right: number; own: Run[] }[] = [];
  for (const run of [...runs].sort((one, other) => one.left - other.left)) {
    const last = groups.at(-1);
    if (last && run.left < last.right) {
      last.own.push(run);
      last.right = Math.max(last.right, run.right);
    } else groups.push({ right: run.right, own: [run] });
  }
  return groups.map(({ own }) => own);
}

/** How far an edge of a number may be from that of its heading, in the size of its characters. */
const maxOff = 0.35;

const alignments = [
  ({ left }: Extent) => left,
  ({ left, right }: Extent) => (left + right) / 2,
  ({ right }: Extent) => right,
] as const;

type Extent = Pick<Run, 'left' | 'right'>;

/**
 * The column of each run of the boxes: all are set under their headings in one way, or as many columns of them lie beside
 * each other as there are headings. Undefined where neither holds, as then a blank column could be any.
 */
export function assignColumns(columns: readonly PlacedColumn[], runs: readonly Run[]): Map<Run, number> | undefined {
  for (const edge of alignments) {
    const found = new Map<Run, number>();
    for (const run of runs) {
      const at = columns.findIndex((column) => Math.abs(edge(column) - edge(run)) <= maxOff * run.size);
      if (at >= 0) found.set(run, at);
    }
    if (found.size === runs.length) return found;
  }
  const groups = groupByPlace(runs);
  const isBeside =
    groups.length === columns.length && groups.every((group, at) => isNear(columns, at, extentOf(group)));
  return isBeside ? new Map(groups.flatMap((group, at) => group.map((run) => [run, at] as const))) : undefined;
}

/** Whether a column of numbers lies between the middles of the headings beside its own. */
function isNear(columns: readonly PlacedColumn[], at: number, { left, right }: Extent): boolean {
  const middle = (column: Extent | undefined, otherwise: number) =>
    column ? (column.left + column.right) / 2 : otherwise;
  return (
    left > middle(columns[at - 1], Number.NEGATIVE_INFINITY) &&
    right < middle(columns[at + 1], Number.POSITIVE_INFINITY)
  );
}
