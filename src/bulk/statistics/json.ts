/** A table of statistics as JSON: what is said beside it, then an object an observation. */
import type { Attributes } from '../../rollup/table/observation.js';
import { observationAt, type StatisticsTable } from '../../rollup/table/table.js';
import { aboutTable, type TableContext, type Written } from './about.js';
import { bytesAsText, joinBytes, writeOnce } from './columns.js';

/**
 * Writes a table as JSON: amounts are decimal strings, so that they stay exact. An observation names its area and measure by
 * code and address, under which they are described once.
 */
export function writeStatisticsJson(table: StatisticsTable, context: TableContext): Written {
  const { areas, years, measures, observations, version } = table;
  const measureTexts = measures.map(({ key }) => `"measure":${JSON.stringify(key)},"value":`);
  const attributesText = writeOnce(writeAttributes);
  const pieces = [bytesAsText(`${JSON.stringify(aboutTable(table, context)).slice(0, -1)},"observations":[`)];
  let at = 0;
  for (const { code } of areas) {
    for (const year of years) {
      const begin = `{"area":${JSON.stringify(code)},"year":${year},`;
      const parts: string[] = [];
      for (const measureText of measureTexts) {
        const { value, attributes } = observationAt(observations, at++);
        const said = typeof value === 'string' ? `"${value}"` : `${value}`;
        parts.push(at === 1 ? '' : ',', begin, measureText, said, attributesText(attributes));
      }
      // Codes, addresses, numbers and letters: what is listed is ASCII, and needs no encoding.
      pieces.push(parts.join(''));
    }
  }
  pieces.push(']');
  return { content: joinBytes(pieces), end: `,"version":${JSON.stringify(version)}}` };
}

/** The members beside the value, to the end of the object: numbers, null, and texts in which nothing is to be escaped. */
function writeAttributes({
  reported,
  expected,
  blank,
  absent,
  denominator,
  samples,
  status,
  inclusion,
}: Attributes): string {
  const counts = `"reported":${reported},"expected":${expected},"blank":${blank},"absent":${absent}`;
  return `,${counts},"denominator":${denominator},"samples":${samples},"status":"${status}","includes":"${inclusion}"}`;
}
