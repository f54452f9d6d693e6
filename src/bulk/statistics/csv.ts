/** A table of statistics as CSV. */
import { type CsvField, csvText, harmlessText } from '../../csv.js';
import type { Attributes } from '../../rollup/table/observation.js';
import { observationAt, type StatisticsTable } from '../../rollup/table/table.js';
import type { Written } from './about.js';
import {
  areaColumns,
  attributeColumns,
  bytesAsText,
  fieldsUnder,
  headingsIn,
  joinBytes,
  type Language,
  measureColumns,
  writeOnce,
} from './columns.js';

/**
 * Writes a table as CSV (RFC 4180, UTF-8 with a byte order mark, so that Excel opens it as it is): a row an observation. An
 * empty value is none, and the status says why. Headings are names unless a language is asked for; labels are Chinese then.
 */
export function writeStatisticsCsv(table: StatisticsTable, language: Language | undefined): Written {
  const said = language ?? 'zh';
  const { areas, years, measures, observations } = table;
  const measureTexts = measures.map((measure) =>
    bytesAsText(`${wordsText(fieldsUnder(measureColumns, measure, said))},`),
  );
  const attributesText = writeOnce(writeAttributes);
  const pieces = [bytesAsText(`\ufeff${csvText([headingsIn(language)])}`)];
  let at = 0;
  for (const area of areas) {
    const areaText = bytesAsText(wordsText(fieldsUnder(areaColumns, area, said)));
    for (const year of years) {
      const begin = `${areaText},${year},`;
      const parts: (string | number)[] = [];
      for (const measureText of measureTexts) {
        const { value, attributes } = observationAt(observations, at++);
        parts.push(begin, measureText, value ?? '', attributesText(attributes));
      }
      pieces.push(parts.join(''));
    }
  }
  return { content: joinBytes(pieces), end: '' };
}

/** Fields as they stand in a line; what somebody wrote is made harmless. */
function wordsText(fields: readonly CsvField[]): string {
  const harmless = fields.map((field) => (typeof field === 'string' ? harmlessText(field) : field));
  return csvText([harmless]).slice(0, -'\r\n'.length);
}

/** The columns beside the value, to the end of the line: numbers and letters, in which nothing is to be quoted. */
function writeAttributes(attributes: Attributes): string {
  return `${attributeColumns.map(({ read }) => `,${read(attributes, 'zh') ?? ''}`).join('')}\r\n`;
}
