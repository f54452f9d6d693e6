/** What every measure is given, and what all have in common. */
import type { Label } from '../src/words.js';
import type { Round, Sender } from './load.js';
import { type Server, startServer } from './processes.js';
import { median } from './rounds.js';
import type { Scale } from './scale.js';
import { environmentOf, type Stores } from './stores.js';
import { printNumber } from './table/line.js';

/** A run of the bench. */
export interface Bench {
  readonly scale: Scale;
  readonly stores: Stores;
  /** Sends what is measured. */
  readonly sender: Sender;
  /** Sends what goes on meanwhile. */
  readonly other: Sender;
  /** Where files are left that end with the run. */
  readonly folder: string;
}

/** No answer is kept: each question is answered as if it were asked for the first time. */
export const keepNothing: Readonly<Record<string, string>> = { KEPT_ANSWERS_MIB: '0' };

/**
 * Nobody is refused: all the load is one caller's, who would else be told to come back for having more than a quarter of
 * what is under way, or on a busy machine for a late event loop. Who waits is to be seen waiting.
 */
const refusesNobody = { IN_FLIGHT_LIMIT: '1000', WRITE_QUEUE_LIMIT: '1000', LOOP_DELAY_LIMIT_MS: '60000' };

/** Starts the built server over a store, and waits until it is ready. */
export function serve(file: string, settings: Readonly<Record<string, string>> = {}): Promise<Server> {
  return startServer(
    'program/main.js',
    () => ['serve'],
    { ...environmentOf(file), ...refusesNobody, ...settings },
    '/health/ready',
  );
}

/** The middle of what each round took: of the processor, answers a second, and what 99 in 100 waited at the most. */
export function describeRounds(side: Label, rounds: readonly Round[]): Label {
  const middle = (value: (round: Round) => number) => printNumber(median(rounds.map(value)));
  const cpu = middle((round) => round.cpu);
  const rate = middle((round) => round.rate);
  const p99 = middle((round) => round.p99);
  return {
    zh: `${side.zh}：CPU ${cpu} 毫秒，${rate} 次/秒，p99 ${p99} 毫秒`,
    en: `${side.en}: ${cpu} ms of CPU, ${rate}/s, p99 ${p99} ms`,
  };
}

/** Several descriptions as one. */
export function listed(...labels: readonly Label[]): Label {
  return { zh: labels.map(({ zh }) => zh).join('；'), en: labels.map(({ en }) => en).join('; ') };
}
