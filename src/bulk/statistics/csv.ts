/** A table of statistics as CSV. */
import { type CsvField, csvText, harmlessText } from '../../csv.js';
import type { Observation } from '../../rollup/table/observation.js';
import { observationAt, type StatisticsTable } from '../../rollup/table/table.js';
import type { Written } from './about.js';
import {
  areaColumns,
  fieldsUnder,
  headingsIn,
  type Language,
  measureColumns,
  observationColumns,
  writeBeside,
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
  const besideText = writeBeside(plainBeside);
  const pieces = [Buffer.from(`\ufeff${csvText([headingsIn(language)])}`)];
  let at = 0;
  for (const area of areas) {
    const areaText = bytesAsText(wordsText(fieldsUnder(areaColumns, area, said)));
    for (const year of years) {
      const begin = `${areaText},${year},`;
      let lines = '';
      for (const measureText of measureTexts) {
        const observation = observationAt(observations, at++);
        lines += `${begin}${measureText}${observation.value ?? ''}${besideText(observation)}`;
      }
      pieces.push(Buffer.from(lines, 'latin1'));
    }
  }
  return { content: Buffer.concat(pieces), end: '' };
}

/**
 * The bytes of a text, each as a character: a line is put together of parts that are encoded already, since to encode the same
 * Chinese words in every line takes longer than all else.
 */
function bytesAsText(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** Fields as they stand in a line; what somebody wrote is made harmless. */
function wordsText(fields: readonly CsvField[]): string {
  const harmless = fields.map((field) => (typeof field === 'string' ? harmlessText(field) : field));
  return csvText([harmless]).slice(0, -'\r\n'.length);
}

/** The columns beside the value, to the end of the line: numbers, decimals and letters, in which nothing is to be quoted. */
function plainBeside(observation: Observation): string {
  let text = '';
  for (const { read } of observationColumns.slice(1)) text += `,${read(observation, 'zh') ?? ''}`;
  return `${text}\r\n`;
}
