/** The event loop: for whom it works, how long, and when the others get their turn. */
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Where the time is written down that the event loop works for somebody. */
export interface Account {
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

/** Milliseconds for which a long piece of work may have the loop before the others get their turn. */
const turnMs = 10;

/**
 * Cuts a long piece of work into turns: what it returns is to be awaited between two steps, and lets the others go first
 * whenever the work has had the loop for a turn. The work is charged to whom it was begun for.
 */
export function takeTurns(most = turnMs): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < most) return;
    const account = workingFor();
    await nextTurn();
    workFor(account);
    since = performance.now();
  };
}
