/** The file of refused filings: NDJSON, each with where it came from, its problem, and itself, to be mended and imported again. */
import { once } from 'node:events';
import { resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { parseJson } from '../json.js';
import { Problem } from '../problem.js';
import type { FilingBytes } from './filing-source.js';
import { openForWriting } from './terminal.js';

/** Takes the refused filings of one import. */
export interface Rejects {
  write(found: FilingBytes, problem: Problem): Promise<void>;
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
    write: async (found, problem) => {
      if (!stream.write(`${JSON.stringify(rejectOf(found, problem))}\n`)) await once(stream, 'drain');
    },
    close: () => finished(stream.end()),
  };
}

function rejectOf(found: FilingBytes, problem: Problem) {
  const { source, line, bytes } = found;
  return { source, line, problem: problem.body, ...contentOf(bytes) };
}

/** The filing where it can be read at all, else its bytes as text, damaged where they are no UTF-8. */
function contentOf(bytes: Buffer): { readonly filing: unknown } | { readonly text: string } {
  try {
    return { filing: parseJson(bytes) };
  } catch {
    return { text: bytes.toString('utf8') };
  }
}
