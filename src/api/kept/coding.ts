/** Answers compressed as a client takes them: by Brotli or gzip, in the threads of the platform. */
import { brotliCompress, gzip, constants as zlib } from 'node:zlib';
import { readPreferences } from '../http/accept.js';

/** How an answer is written: as it is, or compressed. */
export type Coding = 'identity' | 'br' | 'gzip';

/** What is smaller gains nothing that anybody would notice. */
const minBytes = 1024;

/** Whether an answer gains by being compressed: text does, of some length. Workbooks and pictures are compressed already. */
export function isCompressible(type: string, bytes: number): boolean {
  return bytes >= minBytes && /^text\/|[/+](?:json|xml|yaml)\b|^application\/graphql/.test(type);
}

/** How the same headers are read, which are the same few of all clients. */
const chosen = new Map<string, Coding>();
const maxChosen = 200;

/** What an Accept-Encoding header likes best of what there is; Brotli, which is smaller, where it likes both as well. */
export function chooseCoding(header: string | undefined): Coding {
  if (header === undefined) return 'identity';
  const known = chosen.get(header);
  if (known) return known;
  const preferences = readPreferences(header);
  const qualityOf = (name: string) => preferences.find((one) => one.name === name)?.quality;
  const others = qualityOf('*') ?? 0;
  const br = qualityOf('br') ?? others;
  const gz = qualityOf('gzip') ?? qualityOf('x-gzip') ?? others;
  const coding = br === 0 && gz === 0 ? 'identity' : br >= gz ? 'br' : 'gzip';
  if (chosen.size < maxChosen) chosen.set(header, coding);
  return coding;
}

/** Bytes up to which there is time for a little more work. */
const smallBytes = 64 * 1024;

/** Compresses an answer outside the event loop. */
export function compress(bytes: Buffer, coding: Exclude<Coding, 'identity'>): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, made: Buffer) => (error ? reject(error) : resolve(made));
    if (coding === 'gzip') return gzip(bytes, { level: 6 }, done);
    const params = {
      [zlib.BROTLI_PARAM_QUALITY]: bytes.length <= smallBytes ? 5 : 4,
      [zlib.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      [zlib.BROTLI_PARAM_MODE]: zlib.BROTLI_MODE_TEXT,
    };
    brotliCompress(bytes, { params }, done);
  });
}

/**
 * The tag of an answer in a coding: other bytes have another strong tag (RFC 9110), which names the same revision to who
 * writes; a weak one is of what is said, in whatever bytes.
 */
export function tagIn(coding: Coding, etag: string): string {
  return coding === 'identity' || etag.startsWith('W/') ? etag : `${etag.slice(0, -1)}-${coding}"`;
}
