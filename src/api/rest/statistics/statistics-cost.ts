/** What a table is expected to cost, before anything is looked up: it decides where it is read, never what is answered. */
import type { FastifyRequest } from 'fastify';
import { headlineKeys } from '../../../form/measure/headline.js';
import { maxObservations } from '../../../rollup/table/read-table.js';

/** How many areas there are of a kind in a division, about, by how broad it is. */
const areas = {
  nation: { agency: 45_000, county: 3000, prefecture: 350, province: 34 },
  province: { agency: 1500, county: 100, prefecture: 15, province: 1 },
  prefecture: { agency: 150, county: 10, prefecture: 1, province: 0 },
  county: { agency: 25, county: 1, prefecture: 0, province: 0 },
} as const;

/** In milliseconds of a core: the sums of an area for a year, an observation, and the same in a workbook. */
const price = { areaYear: 0.01, observation: 0.001, inWorkbook: 0.015 };

function breadthOf(code: string): keyof typeof areas {
  if (code === '100000') return 'nation';
  if (code.endsWith('0000')) return 'province';
  return code.endsWith('00') ? 'prefecture' : 'county';
}

/** What a request for a table is expected to cost, in milliseconds of a core. */
export function tableCost({ query, url, headers }: FastifyRequest): number {
  // Text still, or what the route made of it; anything else is refused later.
  const { division = '100000', by, measures, years } = (query ?? {}) as Readonly<Record<string, string | undefined>>;
  const known = areas[breadthOf(String(division))];
  const count = by === undefined ? 1 : (known[by as keyof typeof known] ?? 1);
  const spans = [...String(years ?? '2019..2025').matchAll(/(\d{4})(?:\.\.(\d{4}))?/g)];
  const asked = spans.reduce((sum, [, from, to = from]) => sum + Math.max(1, Number(to) - Number(from) + 1), 0);
  const each = measures === undefined ? headlineKeys.length : String(measures).split(',').length;
  const observations = Math.min(count * asked * each, maxObservations);
  const isWorkbook = url.startsWith('/v1/statistics.xlsx') || (headers.accept ?? '').includes('spreadsheetml');
  const written = observations * (price.observation + (isWorkbook ? price.inWorkbook : 0));
  return 1 + Math.min(count * asked, maxObservations) * price.areaYear + written;
}
