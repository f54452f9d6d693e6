/** Tokens that are guessed or mistyped, and whoever sends too many of them. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { guessOf, shownKey } from '../../access/authority.js';
import { countByMinute, minute } from '../../minute.js';
import { Problem } from '../../problem.js';

/**
 * Counts tokens that were guessed or mistyped, by address and by the part of the token that may be seen. Beyond so many a
 * minute the next wrong one is answered by `too-many-requests`. Who has the right one gets in all the same, so
 * that nobody is locked out by the guesses of others; it is told in the log once a minute.
 */
export function followGuesses(most: number) {
  // By address, and by the part of a token that may be seen.
  const count = countByMinute();
  let toldUntil = 0;
  return (request: FastifyRequest, reply: FastifyReply, authorization: string, error: unknown): unknown => {
    if (guessOf(error) === undefined) return error;
    const now = request.reader.now.getTime();
    const key = shownKey(authorization);
    const counted = [count(request.counted.key, now), ...(key === undefined ? [] : [count(`key:${key}`, now)])];
    const over = counted.filter((one) => one.count > most);
    if (over.length === 0) return error;
    if (toldUntil <= now) {
      toldUntil = now + minute;
      request.log.warn({ caller: request.counted.name, key, tries: over[0]?.count }, 'tokens are being guessed');
    }
    const seconds = Math.ceil((Math.max(...over.map(({ until }) => until)) - now) / 1000);
    reply.header('retry-after', String(seconds));
    return new Problem(
      'too-many-requests',
      {
        zh: `一分钟内错误令牌过多，请核对令牌，${seconds} 秒后再试；正确的令牌不受影响。`,
        en: `Too many wrong tokens within a minute. Look at the token you send and go on in ${seconds} seconds; a right one is taken at once.`,
      },
      { reason: 'wrong-tokens' },
    );
  };
}
