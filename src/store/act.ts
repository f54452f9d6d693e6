/** Who acts, when, and from where: the first words of every line of a history. */
export interface Act {
  /** The person or system as far as it is known; kept with the revision. */
  readonly actor: string;
  readonly now: Date;
  /** The network address a request came from; left out on the command line. */
  readonly address?: string;
  /** The id that the answer and the log carry; left out on the command line. */
  readonly requestId?: string;
  /** Marks what is filed as made up for a demonstration. */
  readonly sample?: boolean;
}
