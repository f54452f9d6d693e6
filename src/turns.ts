/**
 * Turns at something costly of which only so much is done at once. Who waits is served by caller, not by the order of
 * coming, and no caller has more than a share of what is done and of what waits: one caller's many keep nobody's few
 * waiting for more than a piece of work of each.
 */
import { Problem } from './problem.js';
import type { Label } from './words.js';

/** How much of something there is in all. */
export interface TurnLimits {
  /** Pieces of work done at once. */
  readonly atOnce: number;
  /** Pieces of work that wait. */
  readonly waiting: number;
}

/** What one caller may have of a number: a quarter, and one at least. */
export function shareOf(all: number): number {
  return Math.max(1, Math.floor(all / 4));
}

/** Who is at work and who waits, by caller. Callers wait in the order in which they are next. */
export interface Line<Piece> {
  readonly atWork: Map<string, number>;
  readonly waiting: Map<string, Piece[]>;
}

/** The work of the program itself, which has no share of its own: only the bounds in all hold for it. */
const itself = '';

/** Nobody at work, and nobody waiting. */
export function emptyLine<Piece>(): Line<Piece> {
  return { atWork: new Map(), waiting: new Map() };
}

/**
 * Why a piece of work of a caller may not join the line: what waits is too much already, of all callers or of this one.
 * What can begin at once need not wait, and is never refused.
 */
export function refusalIn<Piece>(line: Line<Piece>, limits: TurnLimits, caller: string): 'all' | 'own' | undefined {
  if (isFree(line, limits) && isWithinShare(line, limits, caller)) return undefined;
  const own = line.waiting.get(caller)?.length ?? 0;
  if (caller !== itself && own >= shareOf(limits.waiting)) return 'own';
  const all = [...line.waiting.values()].reduce((sum, pieces) => sum + pieces.length, 0);
  return all >= limits.waiting ? 'all' : undefined;
}

function isFree<Piece>({ atWork }: Line<Piece>, { atOnce }: TurnLimits): boolean {
  return [...atWork.values()].reduce((sum, one) => sum + one, 0) < atOnce;
}

function isWithinShare<Piece>({ atWork }: Line<Piece>, { atOnce }: TurnLimits, caller: string): boolean {
  return caller === itself || (atWork.get(caller) ?? 0) < shareOf(atOnce);
}

/** Puts a piece of work at the end of those of its caller. */
export function join<Piece>(line: Line<Piece>, caller: string, piece: Piece): void {
  const own = line.waiting.get(caller);
  if (own) own.push(piece);
  else line.waiting.set(caller, [piece]);
}

/** Takes a piece of work out of the line, if it still waits. */
export function leave<Piece>(line: Line<Piece>, caller: string, piece: Piece): void {
  const left = line.waiting.get(caller)?.filter((one) => one !== piece) ?? [];
  if (left.length > 0) line.waiting.set(caller, left);
  else line.waiting.delete(caller);
}

/**
 * The piece of work that is to begin now, if any may; it is at work then, and its caller behind all others who wait.
 */
export function begin<Piece>(
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
export function end<Piece>({ atWork }: Line<Piece>, caller: string): void {
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
  /** It waits however much waits already: for work whose number is bounded elsewhere, and which is not to be refused. */
  readonly patient?: boolean | undefined;
}

/** Turns at something. */
export interface Turns {
  /**
   * Waits for a turn and returns how to end it. Throws `too-many-requests` when as much of this caller's waits as may,
   * `busy` when as much of all does, and the reason of the signal when that comes first.
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
  const line = emptyLine<() => void>();
  const beginNext = (): void => {
    for (let next = begin(line, limits); next; next = begin(line, limits)) next.piece();
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
      const refusal = patient ? undefined : refusalIn(line, limits, caller);
      if (refusal) throw tooMany(refusal, words);
      return new Promise((resolve, reject) => {
        const gone = () => {
          leave(line, caller, piece);
          reject(signal?.reason);
        };
        const piece = () => {
          signal?.removeEventListener('abort', gone);
          resolve(endingOf(caller));
        };
        signal?.addEventListener('abort', gone, { once: true });
        join(line, caller, piece);
        beginNext();
      });
    },
  };
}

function tooMany(of: 'all' | 'own', words: TurnWords): Problem {
  if (of === 'all') return new Problem('busy', words.all);
  return new Problem('too-many-requests', words.own, { retryAfter: 1 });
}
