/** What goes along when the division that it lies in is merged into another: agencies with counties, divisions with divisions. */
import type { Problem } from '../../problem.js';
import type { Db } from '../../store/engine/schema.js';
import type { KeptChange } from '../../store/register/agency-changes.js';
import { divisionEdgesOf, type KeptDivisionChange } from '../../store/register/division-changes.js';
import { type DivisionState, divisionStates } from '../../store/register/divisions.js';
import { type DivisionHistory, type History, statesOf, withChange } from './history.js';
import { refusal } from './refusal.js';

/** A history in which nothing lies in a division that is not there, and the changes that it has more than before. */
interface Followed<Kept, Change> {
  readonly history: Kept;
  readonly added: readonly Change[];
}

/**
 * The history of an agency that goes along with each county which is merged while it lies there. Refuses one by which it
 * would lie in a county that is not there (`invalid-change`); what waits behind a closing may.
 */
export async function followCounties(db: Db, history: History): Promise<Followed<History, KeptChange>> {
  return follow(db, history, {
    liesIn: ({ countyId }) => countyId,
    pointer: '/county',
    moved: (validFrom, countyId, known) => ({
      ...{ code: null, name: null, kind: null },
      ...known,
      validFrom,
      countyId,
    }),
  });
}

/** The same of a division, and those above it. */
export async function followParents(
  db: Db,
  history: DivisionHistory,
): Promise<Followed<DivisionHistory, KeptDivisionChange>> {
  return follow(db, history, {
    liesIn: ({ parentId }) => parentId,
    pointer: '/parent',
    moved: (validFrom, parentId, known) => ({ ...{ code: null, name: null }, ...known, validFrom, parentId }),
  });
}

interface Dated {
  readonly name: string;
  readonly code: string;
  readonly validFrom: string;
  readonly validTo: string | null;
}

/** How a history says where something lies. */
interface Lying<State, Change> {
  readonly liesIn: (state: State) => number | null;
  readonly pointer: string;
  /** A change by which it lies in another division from a day on, with what is said of that day already. */
  readonly moved: (day: string, divisionId: number, known: Change | undefined) => Change;
}

async function follow<State extends Dated, Change extends { readonly validFrom: string }>(
  db: Db,
  history: History<State, Change>,
  { liesIn, pointer, moved }: Lying<State, Change>,
): Promise<Followed<History<State, Change>, Change>> {
  const added: Change[] = [];
  let followed = history;
  for (;;) {
    const left = await firstLeft(db, followed, { liesIn, pointer });
    if (!left) return { history: followed, added };
    const known = followed.changes.find(({ validFrom }) => validFrom === left.on);
    const change = moved(left.on, left.into, known);
    added.push(change);
    followed = { ...followed, changes: withChange(followed.changes, change) };
  }
}

/** The first day on which a history is left in a division that was merged, and into which. */
async function firstLeft<State extends Dated, Change extends { readonly validFrom: string }>(
  db: Db,
  history: History<State, Change>,
  { liesIn, pointer }: Pick<Lying<State, Change>, 'liesIn' | 'pointer'>,
): Promise<{ readonly on: string; readonly into: number } | undefined> {
  const { closedOn } = history;
  for (const state of statesOf({ ...history, closedOn: null })) {
    const isHidden = (day: string) => closedOn !== null && day >= closedOn;
    const divisionId = liesIn(state);
    if (divisionId === null) continue;
    const known = await divisionStates(db, divisionId);
    const [first, last] = [known[0], known.at(-1)];
    if (!first || !last) throw new Error(`division ${divisionId} has no state`);
    const { validTo: end } = last;
    const endsHere = end !== null && (state.validTo === null || state.validTo > end);
    if (state.validFrom >= first.validFrom && !endsHere) continue;
    if (state.validFrom < first.validFrom || end === null || state.validFrom >= end) {
      if (isHidden(state.validFrom)) continue;
      throw notThere(state, { ...last, validFrom: first.validFrom }, pointer);
    }
    const edges = await divisionEdgesOf(db, divisionId);
    const into = edges.find(
      ({ fromId, kind, effective }) => fromId === divisionId && kind === 'MERGE' && effective === end,
    );
    if (into) return { on: end, into: into.toId };
    if (!isHidden(end)) throw notThere(state, { ...last, validFrom: first.validFrom }, pointer);
  }
  return undefined;
}

/** The refusal of a state in a division, given with the first day on which it is there and the first on which it is not. */
function notThere(state: Dated, { name, code, validFrom, validTo }: DivisionState, pointer: string): Problem {
  const span = {
    zh: `${validFrom} 至 ${validTo ?? '今'}`,
    en: validTo === null ? `from ${validFrom} on` : `from ${validFrom} until ${validTo}`,
  };
  return refusal('invalid-change', pointer === '/county' ? 'COUNTY-NOT-ALIVE' : 'PARENT-NOT-ALIVE', pointer, {
    zh: `${state.name}（${state.code}）自 ${state.validFrom} 起将属于 ${name}（${code}），而后者仅在 ${span.zh} 存在，也未整体并入他处；请先定其归属。`,
    en: `${state.name} (${state.code}) would lie in ${name} (${code}) from ${state.validFrom} on. That is there ${span.en} only, and did not go into one other wholly: say first where this comes to lie.`,
  });
}
