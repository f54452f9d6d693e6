/** The words that everything speaks: labels, the kinds, levels, states and scopes of the field, who calls, and a page. */

/** A text in both languages: as printed or as a Chinese clerk would say it (`zh`), and in English (`en`). */
export interface Label {
  readonly zh: string;
  readonly en: string;
}

declare module 'zod' {
  interface GlobalMeta {
    /** What a schema is for. The OpenAPI document has both languages, a refusal one. */
    label?: Label;
  }
}

/** How a label is said: in one language, or in both. */
export type Say = (label: Label) => string;

/** Both languages in one line: the one place that glues them. */
export function inBoth({ zh, en }: Label): string {
  return `${en} ${zh}`;
}

/** The same with the Chinese first, as printed forms and the documents of the service have it. */
export function chineseFirst({ zh, en }: Label): string {
  return `${zh} ${en}`;
}

/** What an agency is; it decides which sums it belongs to. `COUNTY` is a county's own published report, in none. */
export const agencyKinds = ['TOWNSHIP', 'SUBDISTRICT', 'DEPARTMENT', 'OFFICE', 'OTHER', 'COUNTY'] as const;
export type AgencyKind = (typeof agencyKinds)[number];

/** The kinds that are expected to file and that rollups add up. */
export const filerKinds = agencyKinds.filter((kind) => kind !== 'COUNTY');

/** The levels of divisions, from the nation down. */
export const divisionLevels = ['NATION', 'PROVINCE', 'PREFECTURE', 'COUNTY'] as const;
export type DivisionLevel = (typeof divisionLevels)[number];

/** What the register keeps a history of. */
export const placeSubjects = ['agency', 'division'] as const;
export type PlaceSubject = (typeof placeSubjects)[number];

/**
 * How sure a day of the register is: that of the change itself, or only one by which a list of codes shows it (`SNAPSHOT`).
 */
export const precisions = ['DAY', 'SNAPSHOT'] as const;
export type Precision = (typeof precisions)[number];

/** Territory of one division that comes to another: all of it (`MERGE`), or a part, of one that ends (`SPLIT`) or goes on. */
export const edgeKinds = ['MERGE', 'SPLIT', 'CREATE', 'TRANSFER'] as const;
export type EdgeKind = (typeof edgeKinds)[number];

/**
 * What happened to an agency or a division on a day: another name, code, parent or kind; all or a part of it went into
 * others; it was made, gave or took territory, or ended with nobody known to follow it.
 */
export const placeChangeKinds = [
  'RENAME',
  'RECODE',
  'MOVE',
  'RECLASSIFY',
  'MERGE',
  'SPLIT',
  'CREATE',
  'TRANSFER',
  'ABOLISH',
] as const;
export type PlaceChangeKind = (typeof placeChangeKinds)[number];

/** Who gives codes to townships: the statistics bureau, whose digits the register goes by, and the ministry of civil affairs. */
export const codeAuthorities = ['NBS', 'MCA'] as const;
export type CodeAuthority = (typeof codeAuthorities)[number];

/** Whose day a deadline is: that of the agencies of a division, or of the published reports of divisions of a level. */
export const deadlineFilers = ['AGENCIES', 'COUNTY', 'PREFECTURE', 'PROVINCE'] as const;
export type DeadlineFiler = (typeof deadlineFilers)[number];

/** What a sum includes: every report in its current revision, or only what a reviewer accepted, as it was accepted. */
export const inclusions = ['ALL', 'ACCEPTED'] as const;
export type Inclusion = (typeof inclusions)[number];

/** The state of a report: filed and not reviewed, accepted by a reviewer of its county, or returned with a reason. */
export const reportStates = ['SUBMITTED', 'ACCEPTED', 'RETURNED'] as const;
export type ReportState = (typeof reportStates)[number];

/**
 * Where an agency is with its report for a year: nothing was sent, or what was sent was refused; filed and not reviewed,
 * returned, accepted; not expected to file; or withdrawn since.
 */
export const filingStates = [
  'NOT_FILED',
  'REFUSED',
  'SUBMITTED',
  'RETURNED',
  'ACCEPTED',
  'EXEMPT',
  'WITHDRAWN',
] as const;
export type FilingState = (typeof filingStates)[number];

/** How something came that was refused: figures in a request, a document, or a row of an import. */
export const refusalSources = ['REQUEST', 'DOCUMENT', 'IMPORT'] as const;
export type RefusalSource = (typeof refusalSources)[number];

/** What a change is about: one report, an agency in the register, or a division with its deadlines and locks. */
export const changeSubjects = ['report', 'agency', 'division'] as const;
export type ChangeSubject = (typeof changeSubjects)[number];

/** What a change is: what was done with a report, with what was found in it, or in the register. */
export const changeTypes = [
  'filed',
  'revised',
  'accepted',
  'returned',
  'withdrawn',
  'noted',
  'findings',
  'added',
  'moved',
  'recoded',
  'reclassified',
  'renamed',
  'documented',
  'retracted',
  'closed',
  'merged',
  'split',
  'transferred',
  'reopened',
  'exempted',
  'unexempted',
  'deadline',
  'locked',
  'unlocked',
  'excepted',
  'unexcepted',
] as const;
export type ChangeType = (typeof changeTypes)[number];

/** Whether a subscription tells of what changes. */
export const subscriptionStates = ['ACTIVE', 'PAUSED'] as const;
export type SubscriptionState = (typeof subscriptionStates)[number];

/**
 * Why a subscription is paused: its holder asked for it, its receiver answered 410, every message failed for three days, or
 * its token ended.
 */
export const pauseReasons = ['ASKED', 'GONE', 'FAILING', 'TOKEN'] as const;
export type PauseReason = (typeof pauseReasons)[number];

/** The type of a message by which a holder tries a receiver out. */
export const testType = 'subscription.test';

/**
 * Why the copy of a receiver is to start again: divisions came to what it follows or left it, its token may read something else,
 * or the database was restored from a backup. As `/v1/changes` refuses a place.
 */
export const restartReasons = ['divisions-changed', 'another-reader', 'restored'] as const;
export type RestartReason = (typeof restartReasons)[number];

/** Where a message to a subscription is: it is yet to be sent or sent again, it has arrived, or it was given up. */
export const deliveryStates = ['WAITING', 'DELIVERED', 'FAILED'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** Why an attempt to send a message failed. */
export const attemptProblems = [
  'ADDRESS',
  'RESOLVE',
  'CONNECT',
  'TLS',
  'TIMEOUT',
  'REDIRECT',
  'STATUS',
  'ANSWER',
] as const;
export type AttemptProblem = (typeof attemptProblems)[number];

/** The two lists of published items. */
export const itemLists = ['categories', 'channels'] as const;
export type ItemList = (typeof itemLists)[number];

/** What a token may be good for. `file` and what follows include `read`; `admin` includes all. */
export const scopes = ['read', 'file', 'review', 'register', 'admin'] as const;
export type Scope = (typeof scopes)[number];

/** A scope, and the identity below which it holds: a division with all below it, or one agency. */
export interface Grant {
  readonly scope: Scope;
  readonly divisionId: number | null;
  readonly agencyId: number | null;
}

/** Who asks. */
export type Caller =
  /** Nobody known. */
  | { readonly kind: 'stranger' }
  | { readonly kind: 'token'; readonly tokenId: number; readonly name: string; readonly grants: readonly Grant[] }
  /** The operator of the machine, at the command line. */
  | { readonly kind: 'operator' };

/** What can be read without a token: everything that was filed, what was accepted, or nothing. */
export type PublicReading = 'filed' | 'accepted' | 'none';

/** An act on the store. */
export interface ActContext {
  /** The person or system as far as it is known; kept with the revision. */
  readonly actor: string;
  readonly caller: Caller;
  /** What anybody may read, where who acts is answered as a reader; left out, nothing: only what the caller's token reads. */
  readonly open?: PublicReading;
  readonly now: Date;
  /** The network address a request came from; left out on the command line. */
  readonly address?: string;
  /** The id that the answer and the log carry; left out on the command line. */
  readonly requestId?: string;
  /** Marks what is filed as made up for a demonstration. */
  readonly sample?: boolean;
}

/** A page of something, and how many there are in all. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly total: number;
  readonly more: boolean;
}

/** A page made of its rows and, where there are more, one row beyond it. */
export function pageOf<T>(rows: readonly T[], first: number, total: number): Page<T> {
  return { items: rows.slice(0, first), total, more: rows.length > first };
}

/** The digests that the audit log can be chained by: SHA-256, or SM3 of GB/T 32905 where national cryptography is called for. */
export const chainDigests = ['sha256', 'sm3'] as const;
export type ChainDigest = (typeof chainDigests)[number];
