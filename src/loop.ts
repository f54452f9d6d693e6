/** The event loop: for whom it works, how long, and when the others get their turn. */

/** Where the time is written down that the event loop works for somebody. */
export interface Account {
  /** Whom it is of; left out, nobody's in particular. */
  readonly caller?: string;
  readonly charge: (milliseconds: number) => void;
}

/** For whom the loop works now, and since when. */
let working: { readonly account: Account; readonly since: number } | undefined;
let ending = false;

/**
 * From here on the loop works for an account: until it is told to work for another one or for none, and no longer than
 * this turn of it. What holds the loop is thereby measured where it begins, and none of it twice.
 */
export function workFor(account: Account | undefined): void {
  if (working?.account === account) return;
  const now = performance.now();
  const before = working;
  working = account && { account, since: now };
  before?.account.charge(now - before.since);
  if (!account || ending) return;
  ending = true;
  setImmediate(() => {
    ending = false;
    workFor(undefined);
  });
}

/** For whom the loop works now; undefined for nobody who is known. */
export function workingFor(): Account | undefined {
  return working?.account;
}

/** Milliseconds for which pieces of work may have the loop, one after another, before it turns to what else there is. */
const turnMs = 10;

/** Who waits for the loop, by caller; callers in the order in which they are next. */
const waiting = new Map<string, (() => void)[]>();
/** When the first piece of work of this turn of the loop began; undefined before there is one. */
let turnBegan: number | undefined;

/**
 * Lets a piece of work of a caller have the loop: at once (undefined) where it is the first of a turn of the loop and
 * nobody waits, else after a wait, callers in turn. Many small pieces that come at once thereby hold the loop no longer
 * than one: what does not ask, as the state of the service, comes between them.
 */
export function takeTurn(caller: string): Promise<void> | undefined {
  // Whether there is time is known only once what went before is done, and that is not asked for in the same breath.
  if (turnBegan !== undefined || waiting.size > 0) return waitForTurn(caller);
  beginTurn();
  return undefined;
}

function beginTurn(): number {
  const began = performance.now();
  turnBegan = began;
  setImmediate(() => {
    turnBegan = undefined;
  });
  return began;
}

function waitForTurn(caller: string): Promise<void> {
  return new Promise((resume) => {
    const own = waiting.get(caller);
    if (own) own.push(resume);
    else waiting.set(caller, [resume]);
    setImmediate(letOneIn);
  });
}

/** Lets one in of those who wait; comes again in the next turn of the loop where this one has no time left. */
function letOneIn(): void {
  const began = turnBegan ?? beginTurn();
  if (performance.now() - began < turnMs) nextWaiting()?.();
  else setImmediate(letOneIn);
}

function nextWaiting(): (() => void) | undefined {
  for (const [caller, [resume, ...others]] of waiting) {
    waiting.delete(caller);
    if (others.length > 0) waiting.set(caller, others);
    return resume;
  }
  return undefined;
}

/**
 * Cuts a long piece of work into turns: what it returns is to be awaited between two steps, and lets the others go first
 * whenever the work has had the loop for a turn. The work is charged to whom it was begun for.
 */
export function takeTurns(most = turnMs): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < most) return;
    const account = workingFor();
    await waitForTurn(account?.caller ?? '');
    workFor(account);
    since = performance.now();
  };
}
