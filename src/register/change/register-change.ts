/** The changes that the register takes, each with the day or the year from which it holds. */
import type { AgencyKind, DeadlineFiler, DivisionLevel, Precision } from '../../words.js';

/** What a change says that it rests on. On a day of which that was said before, what is left out stays as it was said. */
export interface StatedBasis {
  /** The number of the document that orders it; null takes back what was said. */
  readonly document?: string | null | undefined;
  /** `DAY` when left out. */
  readonly precision?: Precision | undefined;
}

/** A new agency. */
export interface Addition extends StatedBasis {
  readonly action: 'add';
  readonly code: string;
  readonly name: string;
  readonly kind: AgencyKind;
  /** Code of its county. */
  readonly county: string;
  readonly validFrom: string;
}

/**
 * What is different about an agency from a day on: a name, a code, a kind, a county, or several of them; or only what that
 * rests on.
 */
export interface Alteration extends StatedBasis {
  readonly action: 'change';
  readonly agency: string;
  readonly on: string;
  readonly name?: string | undefined;
  readonly code?: string | undefined;
  readonly kind?: AgencyKind | undefined;
  readonly county?: string | undefined;
}

/** The end of an agency: `on` is the first day on which it is no more. A second one replaces the first. */
export interface AgencyClosing extends StatedBasis {
  readonly action: 'close';
  readonly agency: string;
  readonly on: string;
  /** Code, on that day, of the agency it went into. */
  readonly mergedInto?: string | undefined;
  /** Codes, on that day, of the agencies that it was split into, two or more; not given with `mergedInto`. */
  readonly splitInto?: readonly string[] | undefined;
}

/** A change that was announced is taken back before its day, `on`. */
export interface Retraction {
  readonly action: 'retract';
  readonly agency: string;
  readonly on: string;
}

/** A closing is taken back. */
export interface Reopening {
  readonly action: 'reopen';
  readonly agency: string;
  /** The day on which the code means the agency, where another has it since; today when left out. */
  readonly on?: string | undefined;
}

/** An agency need not file for a year. */
export interface Exempting {
  readonly action: 'exempt';
  readonly agency: string;
  readonly year: number;
  readonly reason: string;
}

/** An exemption is taken back. */
export interface Unexempting {
  readonly action: 'unexempt';
  readonly agency: string;
  readonly year: number;
}

/**
 * The day (MM-DD of the following year) by which a division's agencies file, or the divisions of a level within it
 * publish their own reports; year 0 is every year, null takes it back.
 */
export interface DeadlineChange {
  readonly action: 'deadline';
  readonly division: string;
  /** The agencies when left out. */
  readonly for?: DeadlineFiler | undefined;
  readonly year: number;
  readonly due: string | null;
}

export type AgencyChange = Addition | Alteration | AgencyClosing | Exempting | Unexempting;
/** What takes a change back. */
export type Undoing = Retraction | Reopening;

export type RegisterChange = AgencyChange | DeadlineChange;

/** A new division. */
export interface DivisionAddition extends StatedBasis {
  readonly action: 'division-add';
  readonly code: string;
  readonly name: string;
  readonly level: Exclude<DivisionLevel, 'NATION'>;
  /** Code of the division above it. */
  readonly parent: string;
  readonly on: string;
}

/** What is different about a division from a day on: a name, a code, what it lies in; or only what that rests on. */
export interface DivisionAlteration extends StatedBasis {
  readonly action: 'division-change';
  readonly division: string;
  readonly on: string;
  readonly name?: string | undefined;
  readonly code?: string | undefined;
  readonly parent?: string | undefined;
}

/** The end of a division whose territory all goes to another, `mergedInto`, with what lies in it. */
export interface DivisionMerger extends StatedBasis {
  readonly action: 'division-merge';
  readonly division: string;
  readonly on: string;
  readonly mergedInto: string;
}

/** A part of a division that is split: where it goes, and the codes of what lies in it. */
export interface DivisionPart {
  readonly division: string;
  /** Of a county. */
  readonly agencies?: readonly string[] | undefined;
  /** Of a division above the counties: those directly below it. */
  readonly divisions?: readonly string[] | undefined;
}

/** The end of a division whose territory goes to several others, two or more. */
export interface DivisionSplitting extends StatedBasis {
  readonly action: 'division-split';
  readonly division: string;
  readonly on: string;
  readonly splitInto: readonly DivisionPart[];
}

/** Agencies of a county that come to another, with their territory. */
export interface Transfer extends StatedBasis {
  readonly action: 'division-transfer';
  readonly division: string;
  readonly on: string;
  readonly to: string;
  readonly agencies: readonly string[];
}

/** The end of a division in which nothing lies any more. */
export interface DivisionClosing extends StatedBasis {
  readonly action: 'division-close';
  readonly division: string;
  readonly on: string;
}

/** What was announced of a division for a day is taken back before it. */
export interface DivisionRetraction {
  readonly action: 'division-retract';
  readonly division: string;
  readonly on: string;
}

export type DivisionChange =
  | DivisionAddition
  | DivisionAlteration
  | DivisionMerger
  | DivisionSplitting
  | Transfer
  | DivisionClosing
  | DivisionRetraction;

/** A change as a line of a file has it: what is taken back, and what names residents, is none. */
export type LineChange = RegisterChange | Exclude<DivisionChange, Transfer | DivisionRetraction>;

/** What a change did. */
export interface Applied {
  readonly outcome: 'created' | 'changed' | 'unchanged';
  /** Reports that now count elsewhere: in another county or kind, expected or not, in time or late. */
  readonly reportsMoved: number;
}

/** What a change did to an agency. */
export interface AppliedTo extends Applied {
  readonly agencyId: number;
  /** The counties in which it lies, before or after, on the days that are changed. */
  readonly touched: readonly number[];
  /** Given where nothing is otherwise but what a day rests on. */
  readonly only?: 'basis';
}
