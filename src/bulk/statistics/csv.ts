/** A table of statistics as CSV. */
import { csvText, harmlessText } from '../../csv.js';
import { rowsOf, type StatisticsTable } from '../../rollup/table/table.js';
import type { Written } from './about.js';
import { headingsIn, type Language, statisticsColumns } from './columns.js';

/**
 * Writes a table as CSV (RFC 4180, UTF-8 with a byte order mark, so that Excel opens it as it is): a row an observation. An
 * empty value is none, and the status says why. Headings are names unless a language is asked for; labels are Chinese then.
 */
export function writeStatisticsCsv(table: StatisticsTable, language: Language | undefined): Written {
  const lines = [csvText([headingsIn(language)])];
  for (const row of rowsOf(table)) {
    const fields = statisticsColumns.map(({ read, isDecimal }) => {
      const field = read(row, language ?? 'zh');
      return typeof field === 'string' && !isDecimal ? harmlessText(field) : field;
    });
    lines.push(csvText([fields]));
  }
  return { content: `\ufeff${lines.join('')}`, end: '' };
}
