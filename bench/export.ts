/** What a national export costs those who ask something light meanwhile. */
import autocannon from 'autocannon';
import type { Server } from './processes.js';
import { divisionQuery } from './queries.js';

/** How the light query fared, and what was exported meanwhile. */
export interface ExportRound {
  /** Milliseconds within which half, 99 in 100 and all of the light queries were answered. */
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
  /** Exports that were completed, their rows and MiB a second; 0 in a round without. */
  readonly exports: number;
  readonly rowsPerSecond: number;
  readonly mibPerSecond: number;
}

/** Light queries a second: what one busy county clerk's screen asks, far from what the server can answer. */
const lightRate = 50;

/**
 * Asks one county's year by GraphQL at a steady rate for some seconds, while the nation's reports of a year are
 * exported over and over (`format`), or nothing is. An export that is under way at the end is left.
 */
export async function measureExport(
  server: Server,
  county: string,
  year: number,
  { seconds, format }: { readonly seconds: number; readonly format: 'csv' | 'ndjson' | 'xlsx' | 'none' },
): Promise<ExportRound> {
  const leave = new AbortController();
  const exporting =
    format === 'none'
      ? undefined
      : exportAgain(`${server.url}/v1/exports/reports.${format}?year=${year}`, leave.signal);
  const result = await autocannon({
    url: `${server.url}/graphql`,
    connections: 2,
    overallRate: lightRate,
    duration: seconds,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: divisionQuery(county, year) }),
  });
  leave.abort();
  const { exports = 0, rows = 0, bytes = 0 } = (await exporting) ?? {};
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx + result.errors} light queries failed`);
  const { p50, p99, max } = result.latency;
  return {
    ...{ p50, p99, worst: max, exports },
    rowsPerSecond: Math.round(rows / seconds),
    mibPerSecond: Math.round((10 * bytes) / seconds / 1024 / 1024) / 10,
  };
}

/** Takes the same export again and again until it is told to leave; lines are rows, and a workbook has none. */
async function exportAgain(url: string, leave: AbortSignal) {
  const taken = { exports: 0, rows: 0, bytes: 0 };
  try {
    while (!leave.aborted) {
      const answer = await fetch(url, { signal: leave });
      if (!answer.ok || !answer.body) throw new Error(`${url}: ${answer.status}`);
      for await (const piece of answer.body) {
        taken.bytes += piece.length;
        for (const byte of piece) if (byte === 0x0a) taken.rows++;
      }
      taken.exports++;
    }
  } catch (error) {
    if (!leave.aborted) throw error;
  }
  return taken;
}
