/** An import as a job, and what all jobs of a process share. */
import type { ImportRow, ImportState } from '../../store/imports.js';
import type { Turns } from '../../turns.js';
import type { BulkFormat } from './format/formats.js';
import type { PassedOver } from './format/item.js';
import type { ImportHandling } from './items.js';
import type { UnderWay } from './share.js';
import type { SpoolFolder } from './spool.js';
import type { Tally } from './tally.js';

/** What an import is: how its file holds the items, and how they are to be taken. */
export interface ImportRequest extends ImportHandling {
  readonly format: BulkFormat;
  /** Of text, as it was found or is declared. */
  readonly charset: string | null;
  /** What of a zip is no item; absent until the file is there, and of imports from before it was told. */
  readonly passedOver?: PassedOver;
  /** The code of the division in which agencies are looked up by their names; anywhere when left out. */
  readonly division?: string;
}

/** An import that is being worked on in this process. */
export interface LiveImport {
  readonly row: ImportRow;
  readonly request: ImportRequest;
  readonly path: string;
  state: ImportState;
  tally: Tally;
  /** What is kept of the outcomes of its items, in bytes. */
  itemBytes: number;
  /** How often it was begun before and came no further; none once a batch of it is kept. */
  attempts: number;
  /** Settles when it has come to its end, or when the imports stop; the error is why it failed. */
  finished: Promise<{ readonly error?: unknown }>;
}

/** Where imports are worked on. One a process and store; nothing of the store is held in it. */
export interface ImportJobs {
  readonly clock: () => Date;
  /** Takes what failed and was not foreseen, for the log. */
  readonly onUnforeseen: (error: unknown) => void;
  /** Takes what became of the items of an import that is done. */
  readonly onDone: (tally: Tally) => void;
  /** The mark of this process, so that another on the same store leaves its imports alone. */
  readonly process: string;
  readonly isRunning: (process: string) => boolean;
  readonly folder: SpoolFolder;
  readonly live: Map<string, LiveImport>;
  /** What is received, waits or is worked on. */
  readonly underWay: Set<UnderWay>;
  stopping: boolean;
  /** Turns at a long transaction, that of an import that is all or nothing: there is one at a time. */
  readonly turns: Turns;
  /** Ends when the long transaction that is open has. */
  turn: Promise<unknown>;
}

/** Thrown in an import that is under way when the process stops. */
export const stopped = Symbol('stopped');

/** Throws `stopped` once the imports are to stop. */
export function stopIfAsked(jobs: ImportJobs): void {
  if (jobs.stopping) throw stopped;
}
