/** A table of statistics as JSON: what is said beside it, then an object an observation. */
import { rowsOf, type StatisticsTable, type TableRow } from '../../rollup/table/table.js';
import { aboutTable, type TableContext, type Written } from './about.js';

/** Writes a table as JSON: amounts are decimal strings, so that they stay exact. */
export function writeStatisticsJson(table: StatisticsTable, context: TableContext): Written {
  const lines: string[] = [];
  for (const row of rowsOf(table)) lines.push(JSON.stringify(observationBody(row)));
  return {
    content: `${JSON.stringify(aboutTable(table, context)).slice(0, -1)},"observations":[${lines.join(',')}]`,
    end: `,"version":${JSON.stringify(table.version)}}`,
  };
}

/** An observation as an object: areas and measures are named by code and address, and described once. */
function observationBody({ area, year, measure, inclusion, ...observation }: TableRow) {
  const { value, reported, expected, blank, absent, denominator, samples, status } = observation;
  return {
    area: area.code,
    year,
    measure: measure.key,
    ...{ value, reported, expected, blank, absent, denominator, samples, status },
    includes: inclusion,
  };
}
