/** The states of an agency or a division, worked out from its first one, what was said to change since, and its end. */
import type { Agency } from '../../store/register/agencies.js';
import type { KeptChange } from '../../store/register/agency-changes.js';
import type { KeptDivisionChange } from '../../store/register/division-changes.js';
import type { DivisionState } from '../../store/register/divisions.js';
import type { Days } from '../../store/register/lineage.js';
import { holdsOn } from '../codes.js';

/** What is said of something for some days; `validTo` is the first on which it no longer holds. */
interface Dated {
  readonly validFrom: string;
  readonly validTo: string | null;
}

/** What is said to be different from a day on; null is as before. */
type Said = { readonly validFrom: string };

/** What the states of an agency or a division follow from. */
export interface History<State extends Dated = Agency, Change extends Said = KeptChange> {
  readonly first: State;
  /** By day. */
  readonly changes: readonly Change[];
  /** The first day on which it is no more; what would change from that day on waits until it is opened again. */
  readonly closedOn: string | null;
}

/** What the states follow from, and the states. */
export type KeptHistory<State extends Dated = Agency, Change extends Said = KeptChange> = History<State, Change> & {
  readonly states: readonly State[];
};

/** What a division's states follow from. */
export type DivisionHistory = History<DivisionState, KeptDivisionChange>;

/** The same with the states. */
export type KeptDivisionHistory = KeptHistory<DivisionState, KeptDivisionChange>;

/** The states, oldest first. A change that makes no difference begins none. */
export function statesOf<State extends Dated, Change extends Said>(history: History<State, Change>): State[] {
  const { first, changes, closedOn } = history;
  const begun: State[] = [{ ...first }];
  for (const change of changes) {
    const last = begun.at(-1) ?? first;
    if (closedOn !== null && change.validFrom >= closedOn) break;
    const next = { ...last, ...given(change) };
    if (!saysTheSame(next, last)) begun.push(next);
  }
  return begun.map((state, index) => ({ ...state, validTo: begun[index + 1]?.validFrom ?? closedOn }));
}

/** The members that are said. */
export function given<T extends object>(said: T): { readonly [Name in keyof T]?: NonNullable<T[Name]> } {
  // What is left are the members of the same names that are not null.
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== null)) as {
    readonly [Name in keyof T]?: NonNullable<T[Name]>;
  };
}

/** Whether two states differ in nothing but their days. */
export function saysTheSame<State extends Dated>(one: State, other: State): boolean {
  const { validFrom: _, validTo: __, ...said } = one;
  return Object.entries(said).every(([name, value]) => value === other[name as keyof State]);
}

/** The same changes with one put in, or in the place of that of its day. */
export function withChange<Change extends Said>(changes: readonly Change[], change: Change): Change[] {
  const others = changes.filter(({ validFrom }) => validFrom !== change.validFrom);
  return [...others, change].toSorted((one, other) => (one.validFrom < other.validFrom ? -1 : 1));
}

/** Days on which something is otherwise in one history than in another, and how it is in each; undefined is not there. */
export interface Difference<State = Agency> extends Days {
  readonly was: State | undefined;
  readonly is: State | undefined;
}

/**
 * In what two histories differ, day by day. What waits behind a closing is compared as if that were none: it holds once
 * that is taken back.
 */
export function differencesOf<State extends Dated, Change extends Said>(
  before: KeptHistory<State, Change>,
  after: KeptHistory<State, Change>,
): Difference<State>[] {
  const differences = differencesOfStates(before.states, after.states);
  if (before.closedOn === null && after.closedOn === null) return differences;
  const [was = [], is = []] = [before, after].map((history) => statesOf({ ...history, closedOn: null }));
  return [...differences, ...differencesOfStates(was, is)];
}

/** In what two sequences of states differ, day by day. */
export function differencesOfStates<State extends Dated>(
  before: readonly State[],
  after: readonly State[],
): Difference<State>[] {
  const ends = [...before, ...after].flatMap(({ validFrom, validTo }) => [validFrom, ...(validTo ? [validTo] : [])]);
  const days = [...new Set(ends)].sort();
  return days.flatMap((from, index) => {
    const was = before.find((state) => holdsOn(state, from));
    const is = after.find((state) => holdsOn(state, from));
    const same = was === is || (was !== undefined && is !== undefined && saysTheSame(was, is));
    return same ? [] : [{ from, to: days[index + 1] ?? null, was, is }];
  });
}
