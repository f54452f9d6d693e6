/** Headers of which two would say two things. */
import type { FastifyRequest } from 'fastify';
import { Problem } from '../../problem.js';

/** Headers that decide what is done, for whom, or how a body is read. Node keeps the first of two, or joins them. */
const singleHeaders = [
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
];

const bits: ReadonlyMap<string, number> = new Map(singleHeaders.map((name, index) => [name, 1 << index]));

/**
 * The refusal of a request with one of them twice, or with none that names its host. A proxy may take the first of two
 * headers and we the second: what says two things is taken for neither.
 */
export function headerFault({ raw }: FastifyRequest): Problem | undefined {
  const { rawHeaders, headers, httpVersion } = raw;
  // Names and values in turn. Each of them was met by its number, which is one bit of those that were met.
  let met = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const bit = bits.get(name);
    if (bit === undefined) continue;
    if ((met & bit) !== 0) {
      return new Problem('malformed-request', {
        zh: `请求头 ${name} 出现多次，只能有一个。`,
        en: `The header ${name} is there more than once; send it once.`,
      });
    }
    met |= bit;
  }
  if (httpVersion !== '1.1' || headers.host !== undefined) return undefined;
  return new Problem('malformed-request', { zh: '缺少 Host 请求头。', en: 'The header Host is missing.' });
}
