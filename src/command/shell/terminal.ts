/** Where a command reads and writes. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { Problem } from '../../problem.js';
import { reasonOf } from '../../store/engine/file/refusal.js';
import { inBoth, type Label } from '../../words.js';

/** The three streams of a process. What a command answers goes to `stdout`, all else to `stderr`. */
export interface Terminal {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable & { readonly isTTY?: boolean };
}

/** Writes a line of the answer: a message in both languages, or data. */
export function answer(terminal: Terminal, line: Label | string): void {
  terminal.stdout.write(`${textOf(line)}\n`);
}

/** Writes a line about the work. */
export function tell(terminal: Terminal, line: Label | string): void {
  terminal.stderr.write(`${textOf(line)}\n`);
}

function textOf(line: Label | string): string {
  return typeof line === 'string' ? line : inBoth(line);
}

/** Opens a file to be written; what was in it is gone. Throws `invalid-parameter` when it cannot be. */
export async function openForWriting(path: string): Promise<Writable> {
  const stream = createWriteStream(path);
  try {
    await once(stream, 'open');
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const { zh, en } = reasonOf(error) ?? { zh: said, en: said };
    throw new Problem('invalid-parameter', {
      zh: `${path} 无法写入：${zh}。`,
      en: `${path} cannot be written: ${en}.`,
    });
  }
  return stream;
}
