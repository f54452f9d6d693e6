/** A table of statistics as CSV. */
import { type CsvField, csvText, harmlessText } from '../../csv.js';
import type { Measure } from '../../form/measure/measures.js';
import type { Observation } from '../../rollup/table/observation.js';
import { rowsOf, type StatisticsTable, type TableArea } from '../../rollup/table/table.js';
import type { Written } from './about.js';
import {
  areaColumns,
  fieldsUnder,
  headingsIn,
  type Language,
  madeOnce,
  measureColumns,
  observationColumns,
} from './columns.js';

/**
 * Writes a table as CSV (RFC 4180, UTF-8 with a byte order mark, so that Excel opens it as it is): a row an observation. An
 * empty value is none, and the status says why. Headings are names unless a language is asked for; labels are Chinese then.
 */
export function writeStatisticsCsv(table: StatisticsTable, language: Language | undefined): Written {
  const said = language ?? 'zh';
  const areaText = madeOnce((area: TableArea) => bytesAsText(wordsText(fieldsUnder(areaColumns, area, said))));
  const measureText = madeOnce((measure: Measure) =>
    bytesAsText(wordsText(fieldsUnder(measureColumns, measure, said))),
  );
  let lines = bytesAsText(`\ufeff${csvText([headingsIn(language)])}`);
  for (const { area, year, measure, observation } of rowsOf(table)) {
    lines += `${areaText(area)},${year},${measureText(measure)},${plainText(observation)}\r\n`;
  }
  return { content: Buffer.from(lines, 'latin1'), end: '' };
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

/** Numbers, decimals and letters: nothing in them is to be quoted. */
function plainText(observation: Observation): string {
  let text = '';
  for (const { read } of observationColumns) {
    const field = read(observation, 'zh');
    text += field === null ? ',' : `${field},`;
  }
  return text.slice(0, -1);
}
