/** The process that the load comes from: takes jobs from the bench, sends them, and answers what became of each. */
import { readFileSync } from 'node:fs';
import autocannon from 'autocannon';
import type { Job, Sent } from './load.js';

/** The lines of a file of requests, and how far they have been sent. */
interface Source {
  readonly lines: readonly string[];
  next: number;
}

const sources = new Map<string, Source>();

process.on('message', async (job: Job) => {
  try {
    process.send?.({ sent: await send(job) });
  } catch (error) {
    process.send?.({ failed: String(error) });
  }
});
process.once('disconnect', () => process.exit(0));

async function send({ url, method, connections, during, expected, headers = {}, ...job }: Job): Promise<Sent> {
  const source = sourceOf(job.file);
  const next = job.order === 'random' ? () => pick(source) : () => takeNext(source);
  const result = await autocannon({
    url,
    connections,
    ...('seconds' in during ? { duration: during.seconds } : { amount: during.requests }),
    timeout: 60,
    ...(job.perSecond && { overallRate: job.perSecond }),
    method,
    headers: { ...(method === 'POST' && { 'content-type': 'application/json' }), ...headers },
    requests: [
      {
        setupRequest: (request) => (method === 'POST' ? { ...request, body: next() } : { ...request, path: next() }),
      },
    ],
  });
  const answers = new Map(Object.entries(result.statusCodeStats ?? {}).map(([status, { count }]) => [status, count]));
  if (result.errors > 0 || [...answers.keys()].some((status) => Number(status) !== expected)) {
    throw new Error(`${url}: ${result.errors} requests failed; answers by status: ${JSON.stringify([...answers])}`);
  }
  const { p50, p99, max } = result.latency;
  return { answered: answers.get(String(expected)) ?? 0, seconds: result.duration, p50, p99, worst: max };
}

function sourceOf(file: string): Source {
  const known = sources.get(file);
  if (known) return known;
  const source = { lines: readFileSync(file, 'utf8').split('\n').filter(Boolean), next: 0 };
  sources.set(file, source);
  return source;
}

function pick({ lines }: Source): string {
  return lines[Math.floor(Math.random() * lines.length)] ?? '';
}

/** Each line once: what was sent before is something else to measure. */
function takeNext(source: Source): string {
  const line = source.lines[source.next++];
  if (line === undefined) throw new Error(`all ${source.lines.length} requests have been sent`);
  return line;
}
