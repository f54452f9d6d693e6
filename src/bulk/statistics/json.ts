/** A table of statistics as JSON: what is said beside it, then an object an observation. */
import type { Observation } from '../../rollup/table/observation.js';
import { observationAt, type StatisticsTable } from '../../rollup/table/table.js';
import { aboutTable, type TableContext, type Written } from './about.js';
import { writeBeside } from './columns.js';

/**
 * Writes a table as JSON: amounts are decimal strings, so that they stay exact. An observation names its area and measure by
 * code and address, under which they are described once.
 */
export function writeStatisticsJson(table: StatisticsTable, context: TableContext): Written {
  const { areas, years, measures, observations, version } = table;
  const measureTexts = measures.map(({ key }) => `"measure":${JSON.stringify(key)},"value":`);
  const besideText = writeBeside(plainBeside);
  const pieces = [Buffer.from(`${JSON.stringify(aboutTable(table, context)).slice(0, -1)},"observations":[`)];
  let at = 0;
  for (const { code } of areas) {
    for (const year of years) {
      const begin = `{"area":${JSON.stringify(code)},"year":${year},`;
      let listed = '';
      for (const measureText of measureTexts) {
        const observation = observationAt(observations, at++);
        const { value } = observation;
        const said = typeof value === 'string' ? `"${value}"` : value;
        listed += `${at === 1 ? '' : ','}${begin}${measureText}${said}${besideText(observation)}`;
      }
      // Codes, addresses, numbers and letters: what is listed is ASCII, and needs no encoding.
      pieces.push(Buffer.from(listed, 'latin1'));
    }
  }
  pieces.push(Buffer.from(']'));
  return { content: Buffer.concat(pieces), end: `,"version":${JSON.stringify(version)}}` };
}

/** The members beside the value, to the end of the object: numbers, null, and texts in which nothing is to be escaped. */
function plainBeside(observation: Observation): string {
  const { reported, expected, blank, absent, denominator, samples, status, inclusion } = observation;
  const counts = `"reported":${reported},"expected":${expected},"blank":${blank},"absent":${absent}`;
  return `,${counts},"denominator":${denominator},"samples":${samples},"status":"${status}","includes":"${inclusion}"}`;
}
