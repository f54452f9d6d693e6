/** Requests over HTTP, as many as are answered in a time; and what two ways of answering take of the processor. */
import autocannon from 'autocannon';

/** One round of requests. */
export interface Round {
  /** Requests answered a second. */
  readonly rate: number;
  /** Milliseconds within which half, and 99 in 100, were answered. */
  readonly p50: number;
  readonly p99: number;
}

/** What is sent again and again, or a new body each time. */
export interface Target {
  readonly url: string;
  readonly connections: number;
  /** Who asks; a stranger when left out. */
  readonly authorization?: string;
  /** A POST of JSON; a GET when left out. */
  readonly body?: () => string;
}

/** Sends requests for some seconds. Throws when any is answered with something else than 2xx. */
export async function sendFor(seconds: number, { url, connections, authorization, body }: Target): Promise<Round> {
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    ...(body && {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
      requests: [{ setupRequest: (request) => ({ ...request, body: body() }) }],
    }),
  });
  if (result.non2xx > 0 || result.errors > 0) {
    const statuses = JSON.stringify(result.statusCodeStats);
    throw new Error(`${url}: ${result.errors} requests failed; answers by status: ${statuses}`);
  }
  return { rate: result['2xx'] / result.duration, p50: result.latency.p50, p99: result.latency.p99 };
}

/** The middle one. */
export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** One comparison, in milliseconds of the processor: of each side, and how many times the second the first is. */
export interface Comparison {
  readonly what: string;
  readonly milliseconds: number;
  readonly beside: number;
  readonly ratio: number;
  readonly target: string;
}

/** Milliseconds of the processor since a reading of it: what else the machine does is nobody's here. */
export function processorSince(begun: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000;
}
