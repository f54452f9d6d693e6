/** The file of refused filings: NDJSON, each with where it came from, its problem, and itself, to be mended and imported again. */
import { once } from 'node:events';
import { resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { type Reject, rejectLine } from '../../bulk/import/rejects.js';
import { Problem } from '../../problem.js';
import { openForWriting } from '../shell/terminal.js';

/** Takes the refused filings of one import. */
export interface Rejects {
  write(reject: Reject): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a file for the refused filings, empty; without a path they go nowhere. Throws `invalid-parameter` when
 * the file is one of those imported or cannot be written.
 */
export async function openRejects(path: string | undefined, imported: readonly string[]): Promise<Rejects> {
  if (path === undefined) return { write: async () => undefined, close: async () => undefined };
  if (imported.some((other) => resolve(other) === resolve(path))) {
    throw new Problem('invalid-parameter', {
      zh: '拒收文件须另存。',
      en: `${path} is imported itself; the rejects need another file.`,
    });
  }
  const stream = await openForWriting(path);
  return {
    write: async (reject) => {
      if (!stream.write(`${await rejectLine(reject)}\n`)) await once(stream, 'drain');
    },
    close: () => finished(stream.end()),
  };
}
