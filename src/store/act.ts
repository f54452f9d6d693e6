/** Who acts, when, and from where: the first words of every line of a history. */

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
  /** Whoever has the machine: the command line. */
  | { readonly kind: 'operator' };

/** An act on the store. */
export interface ActContext {
  /** The person or system as far as it is known; kept with the revision. */
  readonly actor: string;
  readonly caller: Caller;
  readonly now: Date;
  /** The network address a request came from; left out on the command line. */
  readonly address?: string;
  /** The id that the answer and the log carry; left out on the command line. */
  readonly requestId?: string;
  /** Marks what is filed as made up for a demonstration. */
  readonly sample?: boolean;
}
