/**
 * How this process and those that work for it, threads and child processes, speak: how one is started from source or
 * compiled, how an answer or a problem crosses, and how an end without an answer is noticed.
 */
import type { EventEmitter } from 'node:events';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Problem, problems, toProblem } from './problem.js';
import type { Label } from './words.js';

/** What a worker answers: the value it was asked for, or why there is none. */
export type Answer<T> =
  | { readonly value: T }
  | {
      readonly failure: {
        readonly kind: string;
        readonly detail: Label;
        readonly members: Readonly<Record<string, unknown>>;
        /** For the log, where the failure is ours. */
        readonly stack: string;
      };
    };

/** Does a piece of work, and answers with its value or with what it threw. */
export async function answerWith<T>(work: () => T | Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    const { kind, detail, members } = toProblem(error);
    return { failure: { kind, detail, members, stack: error instanceof Error ? (error.stack ?? '') : String(error) } };
  }
}

/**
 * The value of an answer. Throws the problem that the worker met, or else an error that says that the work failed, with
 * the worker's stack, for the log.
 */
export function valueIn<T>(answer: Answer<T>, work: string): T {
  if ('value' in answer) return answer.value;
  const { kind, detail, members, stack } = answer.failure;
  const name = problems.find((problem) => problem.name === kind)?.name;
  if (!name || name === 'internal') throw new Error(`${work} failed: ${stack}`);
  throw new Problem(name, detail, members);
}

/**
 * The next message of a worker that `isNotice` does not take for itself. Rejects when the worker fails, or ends instead: with
 * what `endOf` makes of its exit code.
 */
export function nextMessage<Message>(
  worker: EventEmitter,
  endOf: (code: number | null) => Error,
  isNotice: (message: unknown) => boolean = () => false,
): Promise<Message> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: Message): void => {
      if (!isNotice(message)) settle(() => resolve(message));
    };
    const onError = (error: unknown): void => settle(() => reject(error));
    const onExit = (code: number | null): void => settle(() => reject(endOf(code)));
    const settle = (then: () => void): void => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      then();
    };
    worker.on('message', onMessage).once('error', onError).once('exit', onExit);
  });
}

/** The file of a worker beside the one that starts it: source beside source, compiled beside compiled. */
export function workerFile(name: string, startedFrom: string): string {
  return fileURLToPath(new URL(`./${name}${extname(startedFrom)}`, startedFrom));
}

/** Options of Node for a worker: only source needs the loader of this process, and a debugger is for this process alone. */
export function nodeOptionsFor(file: string): string[] {
  return file.endsWith('.ts') ? process.execArgv.filter((option) => !option.startsWith('--inspect')) : [];
}

/** Starts a thread with an order, its heap bounded where a bound is given. */
export function startThread(file: string, order: unknown, heap: { readonly megabytes?: number } = {}): Worker {
  const { megabytes } = heap;
  return new Worker(file, {
    workerData: order,
    execArgv: nodeOptionsFor(file),
    ...(megabytes === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: megabytes } }),
  });
}
