/** Headers of which two would say two things. */
import type { FastifyRequest } from 'fastify';
import { Problem } from '../../problem.js';

/** Headers that decide what is done, for whom, or how a body is read. Node keeps the first of two, or joins them. */
const singleHeaders: ReadonlySet<string> = new Set([
  'authorization',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'from',
  'host',
  'idempotency-key',
  'if-match',
  'if-unmodified-since',
  'origin',
  'range',
  'transfer-encoding',
]);

/**
 * The refusal of a request with one of them twice, or with none that names its host. A proxy may take the first of two
 * headers and we the second: what says two things is taken for neither.
 */
export function headerFault({ raw }: FastifyRequest): Problem | undefined {
  const names = raw.rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  const seen = new Set<string>();
  for (const name of names.filter((one) => singleHeaders.has(one))) {
    if (seen.has(name)) {
      return new Problem('malformed-request', {
        zh: `请求头 ${name} 出现多次，只能有一个。`,
        en: `The header ${name} is there more than once; send it once.`,
      });
    }
    seen.add(name);
  }
  if (raw.httpVersion !== '1.1' || seen.has('host')) return undefined;
  return new Problem('malformed-request', { zh: '缺少 Host 请求头。', en: 'The header Host is missing.' });
}
