/** What a comparison proposes: changes of the register with their reasons, and the lines of a file that make them. */

import type { AgencyKind, DivisionLevel, Label, PlaceChangeKind, PlaceSubject, Precision } from '../../words.js';
import type { LineFault } from '../change/change-lines.js';
import type { ListedPlace } from './list.js';

/** A line of a file of changes, by its columns. */
export interface ChangeRow {
  readonly action:
    | 'add'
    | 'change'
    | 'close'
    | 'division-add'
    | 'division-change'
    | 'division-merge'
    | 'division-close';
  readonly code: string;
  readonly on: string;
  readonly name?: string;
  readonly newCode?: string;
  readonly kind?: AgencyKind;
  readonly county?: string;
  readonly mergedInto?: string;
  readonly level?: DivisionLevel;
  readonly parent?: string;
  readonly precision?: Precision;
}

/** A code, and the name that goes with it. */
interface Named {
  readonly code: string;
  readonly name: string;
}

/** A change that would make the register say what the list says. */
export interface Proposal {
  readonly kind: PlaceChangeKind;
  readonly about: PlaceSubject;
  /** What the register has; null for what only the list has. */
  readonly registered: Named | null;
  /** What the list has, with its line; null for what only the register has. */
  readonly listed: (Named & { readonly line: number }) | null;
  readonly reason: Label;
  /** Of what else begins or ends where this does and may have to do with it, the first twenty. */
  readonly candidates: readonly Named[];
  /** The lines that make the change, in their order. */
  readonly changes: readonly ChangeRow[];
}

/** A place that the list has in another spelling, or under other digits. */
export interface Variant {
  readonly registered: Named;
  readonly listed: Named & { readonly line: number };
}

/** What the register and the list have alike, and what was not compared. */
export interface Alike {
  /** Places that both have, with those of the lists below. */
  readonly places: number;
  readonly spelling: readonly Variant[];
  /** The same unit under digits of the ministry that the register does not have. */
  readonly otherDigits: readonly Variant[];
  /** Units that lie in a statistical zone of the register, and in a county for the ministry. */
  readonly otherCounty: readonly Variant[];
  /** Units of the register that such a list does not have: statistical units and zones. */
  readonly notListed: number;
}

/** What a list would change in the register. */
export interface Differences {
  readonly same: Alike;
  readonly certain: readonly Proposal[];
  readonly uncertain: readonly Proposal[];
  readonly faults: readonly LineFault[];
}

/** A code with its name, and nothing else of what it is taken from. */
export function named({ code, name }: Named): Named {
  return { code, name };
}

/** The most candidates that are named. */
const maxCandidates = 20;

/** The first of some places, as candidates. */
export function someOf(places: readonly Named[]): readonly Named[] {
  return places.slice(0, maxCandidates).map(named);
}

/** The place of a line of the list. */
export function listedOf({ code, name, line }: ListedPlace): Named & { readonly line: number } {
  return { code, name, line };
}
