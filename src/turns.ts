/**
 * Turns at something costly of which only so much is done at once. Who waits is served by caller, not by the order of
 * coming, and no caller has more than a share of what is done and of what waits: one caller's many keep nobody's few
 * waiting for more than a piece of work of each.
 */
import { Problem } from './problem.js';
import { shareOf } from './share.js';
import type { Label } from './words.js';

/** How much of something there is in all. */
export interface TurnLimits {
  /** Pieces of work done at once. */
  readonly atOnce: number;
  /** Pieces of work that wait. */
  readonly waiting: number;
}

/** What the line knows of a piece of work. */
export interface WorkInLine {
  /** It waits however much waits already, and nobody takes its place. */
  readonly patient: boolean;
}

/** Who is at work and who waits, by caller. Callers wait in the order in which they are next. */
export interface Line<Piece extends WorkInLine> {
  readonly atWork: Map<string, number>;
  readonly waiting: Map<string, Piece[]>;
}

/** What becomes of a piece of work that comes: it is in the line, maybe in the place of another one, or it is not. */
export type Admission<Piece> =
  /** What waits is too much already, of all callers or of this one. */
  | { readonly refused: 'all' | 'own'; readonly displaced?: undefined }
  | { readonly refused?: undefined; readonly displaced?: Piece };

/** The work of the program itself, which has no share of its own: only the bounds in all hold for it. */
const itself = '';

/** Nobody at work, and nobody waiting. */
export function emptyLine<Piece extends WorkInLine>(): Line<Piece> {
  return { atWork: new Map(), waiting: new Map() };
}

/**
 * Puts a piece of work at the end of those of its caller, if it may wait. What can begin at once need not wait, and is
 * never refused. Where as much waits as may in all, it takes the place of the last piece of whoever has the most
 * waiting, as long as its caller has no more than they even then: a few callers cannot keep everybody else out, and no two
 * take a place from each other in turn.
 */
export function admit<Piece extends WorkInLine>(
  line: Line<Piece>,
  limits: TurnLimits,
  caller: string,
  piece: Piece,
): Admission<Piece> {
  const own = line.waiting.get(caller) ?? [];
  const enter = () => {
    line.waiting.set(caller, [...own, piece]);
  };
  if (piece.patient || (isFree(line, limits) && isWithinShare(line, limits, caller))) {
    enter();
    return {};
  }
  if (caller !== itself && own.length >= shareOf(limits.waiting)) return { refused: 'own' };
  const all = [...line.waiting.values()].reduce((sum, pieces) => sum + pieces.length, 0);
  if (all < limits.waiting) {
    enter();
    return {};
  }
  const most = mostDisplaceable(line);
  const displaced = most?.pieces.at(-1);
  if (!most || !displaced || own.length + 1 >= most.pieces.length) return { refused: 'all' };
  leave(line, most.caller, displaced);
  enter();
  return { displaced };
}

/** Who has the most waiting of what may lose its place, and what that is; of equals, who is next. */
function mostDisplaceable<Piece extends WorkInLine>({ waiting }: Line<Piece>) {
  let most: { readonly caller: string; readonly pieces: readonly Piece[] } | undefined;
  for (const [caller, all] of waiting) {
    if (caller === itself) continue;
    const pieces = all.filter(({ patient }) => !patient);
    if (pieces.length > (most?.pieces.length ?? 0)) most = { caller, pieces };
  }
  return most;
}

function isFree<Piece extends WorkInLine>({ atWork }: Line<Piece>, { atOnce }: TurnLimits): boolean {
  return [...atWork.values()].reduce((sum, one) => sum + one, 0) < atOnce;
}

function isWithinShare<Piece extends WorkInLine>(
  { atWork }: Line<Piece>,
  { atOnce }: TurnLimits,
  caller: string,
): boolean {
  return caller === itself || (atWork.get(caller) ?? 0) < shareOf(atOnce);
}

/** Takes a piece of work out of the line, if it still waits. */
export function leave<Piece extends WorkInLine>(line: Line<Piece>, caller: string, piece: Piece): void {
  const left = line.waiting.get(caller)?.filter((one) => one !== piece) ?? [];
  if (left.length > 0) line.waiting.set(caller, left);
  else line.waiting.delete(caller);
}

/**
 * The piece of work that is to begin now, if any may; it is at work then, and its caller behind all others who wait.
 */
export function begin<Piece extends WorkInLine>(
  line: Line<Piece>,
  limits: TurnLimits,
): { readonly caller: string; readonly piece: Piece } | undefined {
  if (!isFree(line, limits)) return undefined;
  for (const [caller, [piece, ...others]] of line.waiting) {
    if (piece === undefined || !isWithinShare(line, limits, caller)) continue;
    line.waiting.delete(caller);
    if (others.length > 0) line.waiting.set(caller, others);
    line.atWork.set(caller, (line.atWork.get(caller) ?? 0) + 1);
    return { caller, piece };
  }
  return undefined;
}

/** A piece of work of a caller has ended. */
export function end<Piece extends WorkInLine>({ atWork }: Line<Piece>, caller: string): void {
  const own = (atWork.get(caller) ?? 0) - 1;
  if (own > 0) atWork.set(caller, own);
  else atWork.delete(caller);
}

/** A turn that is asked for. */
export interface Turn {
  /** Whose turn it counts as; left out, it is the program's own, which has no share. */
  readonly caller?: string | undefined;
  /** Ends the waiting: whoever asked has gone. */
  readonly signal?: AbortSignal | undefined;
  /**
   * It waits however much waits already, and keeps its place: for work whose number is bounded elsewhere, and which is
   * not to be refused.
   */
  readonly patient?: boolean | undefined;
}

/** Turns at something. */
export interface Turns {
  /**
   * Waits for a turn and returns how to end it. Throws `too-many-requests` when as much of this caller's waits as may, or
   * another with less waiting has taken its place; `busy` when as much of all waits as may; and the reason of the signal
   * when that comes first.
   */
  take(turn?: Turn): Promise<() => void>;
}

/** What is said when too much waits: of all callers, and of one. */
export interface TurnWords {
  readonly all: Label;
  readonly own: Label;
}

/** Opens turns at something. */
export function openTurns(limits: TurnLimits, words: TurnWords): Turns {
  const line = emptyLine<Waiting>();
  const beginNext = (): void => {
    for (let next = begin(line, limits); next; next = begin(line, limits)) next.piece.begin();
  };
  const endingOf = (caller: string) => {
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      end(line, caller);
      beginNext();
    };
  };
  return {
    take: async ({ caller = itself, signal, patient = false } = {}) => {
      signal?.throwIfAborted();
      return new Promise((resolve, reject) => {
        const gone = () => {
          leave(line, caller, piece);
          reject(signal?.reason);
        };
        const piece: Waiting = {
          patient,
          begin: () => {
            signal?.removeEventListener('abort', gone);
            resolve(endingOf(caller));
          },
          refuse: (of) => {
            signal?.removeEventListener('abort', gone);
            reject(tooMany(of, words));
          },
        };
        signal?.addEventListener('abort', gone, { once: true });
        const admission = admit(line, limits, caller, piece);
        if (admission.refused) return piece.refuse(admission.refused);
        admission.displaced?.refuse('own');
        beginNext();
      });
    },
  };
}

/** A turn that is waited for. */
interface Waiting extends WorkInLine {
  readonly begin: () => void;
  readonly refuse: (of: 'all' | 'own') => void;
}

function tooMany(of: 'all' | 'own', words: TurnWords): Problem {
  if (of === 'all') return new Problem('busy', words.all);
  return new Problem('too-many-requests', words.own, { retryAfter: 1 });
}
