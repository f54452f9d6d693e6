/** The states of an agency, worked out from its first one, what was said to change since, and when it was closed. */
import type { Agency } from '../../store/register/agencies.js';
import type { KeptChange } from '../../store/register/agency-changes.js';
import type { Days } from '../../store/register/lineage.js';
import { holdsOn } from '../codes.js';

/** What an agency's states follow from. */
export interface History {
  readonly first: Agency;
  /** By day. */
  readonly changes: readonly KeptChange[];
  /** The first day on which it is no more; what would change from that day on waits until it is opened again. */
  readonly closedOn: string | null;
}

/** What an agency's states follow from, and the states. */
export type KeptHistory = History & { readonly states: readonly Agency[] };

/** The states of an agency, oldest first. A change that makes no difference begins none. */
export function statesOf({ first, changes, closedOn }: History): Agency[] {
  const begun = [{ ...first }];
  for (const { validFrom, code, name, kind, countyId } of changes) {
    const last = begun.at(-1) ?? first;
    if (closedOn !== null && validFrom >= closedOn) break;
    const next = {
      ...last,
      code: code ?? last.code,
      name: name ?? last.name,
      kind: kind ?? last.kind,
      countyId: countyId ?? last.countyId,
      validFrom,
    };
    if (!saysTheSame(next, last)) begun.push(next);
  }
  return begun.map((state, index) => ({ ...state, validTo: begun[index + 1]?.validFrom ?? closedOn }));
}

/** Whether two states differ in nothing but their days. */
export function saysTheSame(one: Agency, other: Agency): boolean {
  return (
    one.code === other.code && one.name === other.name && one.kind === other.kind && one.countyId === other.countyId
  );
}

/** The same changes with one put in, or in the place of that of its day. */
export function withChange(changes: readonly KeptChange[], change: KeptChange): KeptChange[] {
  const others = changes.filter(({ validFrom }) => validFrom !== change.validFrom);
  return [...others, change].toSorted((one, other) => (one.validFrom < other.validFrom ? -1 : 1));
}

/** Days on which an agency is otherwise in one history than in another, and how it is in each; undefined is not alive. */
export interface Difference extends Days {
  readonly was: Agency | undefined;
  readonly is: Agency | undefined;
}

/**
 * In what two histories of an agency differ, day by day. What waits behind a closing is compared as if that were none:
 * it holds once the agency is opened again.
 */
export function differencesOf(before: KeptHistory, after: KeptHistory): Difference[] {
  const differences = differencesOfStates(before.states, after.states);
  if (before.closedOn === null && after.closedOn === null) return differences;
  const [was = [], is = []] = [before, after].map((history) => statesOf({ ...history, closedOn: null }));
  return [...differences, ...differencesOfStates(was, is)];
}

function differencesOfStates(before: readonly Agency[], after: readonly Agency[]): Difference[] {
  const ends = [...before, ...after].flatMap(({ validFrom, validTo }) => [validFrom, ...(validTo ? [validTo] : [])]);
  const days = [...new Set(ends)].sort();
  return days.flatMap((from, index) => {
    const was = before.find((state) => holdsOn(state, from));
    const is = after.find((state) => holdsOn(state, from));
    const same = was === is || (was !== undefined && is !== undefined && saysTheSame(was, is));
    return same ? [] : [{ from, to: days[index + 1] ?? null, was, is }];
  });
}
