/** What of imports one caller may have under way and kept, and all together. */
import { Problem } from '../../problem.js';
import { shareOf } from '../../turns.js';

/** Bounds in all; one caller has a quarter of each. */
export interface ImportBounds {
  /** Imports that are received, wait or are worked on. */
  readonly imports: number;
  /** Bytes of their files. */
  readonly bytes: number;
}

/** Four callers may each have two of the largest files under way. */
export const importBounds: ImportBounds = { imports: 16, bytes: 2 * 1024 * 1024 * 1024 };

/** A file that is under way, and whose it is. */
export interface UnderWay {
  readonly owner: string;
  bytes: number;
}

/** Whose share an import counts against: its token's, or that of the operator of the machine. */
export function ownerOf(tokenId: number | null): string {
  return tokenId === null ? 'operator' : `token:${tokenId}`;
}

/** Throws `too-many-requests` where one more file of a caller is more than their share, and `busy` where it is too much in all. */
export function requireRoom(others: Iterable<UnderWay>, bounds: ImportBounds, more: UnderWay): void {
  const all = [...others];
  const own = all.filter(({ owner }) => owner === more.owner);
  if (own.length >= shareOf(bounds.imports) || bytesOf(own) + more.bytes > shareOf(bounds.bytes)) {
    throw new Problem('too-many-requests', ownIsFull(bounds), { retryAfter: 5 });
  }
  if (all.length >= bounds.imports || bytesOf(all) + more.bytes > bounds.bytes) {
    throw new Problem('busy', {
      zh: '批量报送任务过多，请稍后重试。',
      en: 'Too many imports are under way. Try again shortly.',
    });
  }
}

function ownIsFull({ imports, bytes }: ImportBounds) {
  const megabytes = Math.floor(shareOf(bytes) / 1024 / 1024);
  return {
    zh: `每个令牌同时最多 ${shareOf(imports)} 个批量报送任务，合计 ${megabytes} MiB；请待其一结束后重试。`,
    en: `A token has at most ${shareOf(imports)} imports of ${megabytes} MiB together under way. Try again when one has ended.`,
  };
}

/** Something that is kept for a while, and whose it is. */
export interface Kept {
  readonly owner: string;
  readonly bytes: number;
  /** When it was made, as anything that sorts. */
  readonly at: number | string;
}

/**
 * What must go for the rest to be within a bound: the oldest of whoever has the most, so that nobody loses anything by
 * what others keep as long as they have no more than an equal part of it.
 */
export function beyondBound<One extends Kept>(kept: readonly One[], bound: number): One[] {
  const byOwner = new Map<string, One[]>();
  for (const one of [...kept].sort((one, other) => (one.at < other.at ? -1 : 1))) {
    byOwner.set(one.owner, [...(byOwner.get(one.owner) ?? []), one]);
  }
  const going: One[] = [];
  for (let all = bytesOf(kept); all > bound; ) {
    const [largest] = [...byOwner.values()].sort((one, other) => bytesOf(other) - bytesOf(one));
    const oldest = largest?.shift();
    if (!oldest) break;
    going.push(oldest);
    all -= oldest.bytes;
  }
  return going;
}

function bytesOf(files: readonly { readonly bytes: number }[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
