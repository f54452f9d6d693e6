/** A table of statistics as JSON: what is said beside it, then an object an observation. */
import type { Observation } from '../../rollup/table/observation.js';
import { rowsOf, type StatisticsTable } from '../../rollup/table/table.js';
import { aboutTable, type TableContext, type Written } from './about.js';
import { madeOnce } from './columns.js';

/**
 * Writes a table as JSON: amounts are decimal strings, so that they stay exact. An observation names its area and measure by
 * code and address, under which they are described once.
 */
export function writeStatisticsJson(table: StatisticsTable, context: TableContext): Written {
  const quoted = madeOnce((text: string) => JSON.stringify(text));
  let listed = '';
  for (const { area, year, measure, observation } of rowsOf(table)) {
    listed += `${listed === '' ? '' : ','}{"area":${quoted(area.code)},"year":${year},"measure":${quoted(measure.key)},`;
    listed += `${plainMembers(observation)}}`;
  }
  const about = JSON.stringify(aboutTable(table, context)).slice(0, -1);
  // Codes, addresses, numbers and letters: what is listed is ASCII, and needs no encoding.
  const content = Buffer.concat([
    Buffer.from(`${about},"observations":[`),
    Buffer.from(listed, 'latin1'),
    Buffer.from(']'),
  ]);
  return { content, end: `,"version":${JSON.stringify(table.version)}}` };
}

/** The members of an observation: numbers, null, and texts in which nothing is to be escaped. */
function plainMembers(observation: Observation): string {
  const { value, reported, expected, blank, absent, denominator, samples, status, inclusion } = observation;
  const said = typeof value === 'string' ? `"${value}"` : value;
  const counts = `"reported":${reported},"expected":${expected},"blank":${blank},"absent":${absent}`;
  const beside = `"denominator":${denominator},"samples":${samples},"status":"${status}","includes":"${inclusion}"`;
  return `"value":${said},${counts},${beside}`;
}
