/** What the bench asks: GraphQL queries put together from the form, and the cells they read. */
import { type Cell, formOf } from '../src/form/forms.js';
import { askedCounty } from './national.js';

const totals = cellsIn('total');
const persons = cellsIn('naturalPerson');

/** The 40 cells asked of a division. */
export const divisionCells: readonly Cell[] = [...totals.slice(0, 20), ...persons.slice(0, 20)];

/** The 8 cells asked of a township. */
export const townshipCells: readonly Cell[] = totals.slice(0, 8);

/** One county: 40 fields over the years, and 8 fields of each of its 20 townships for the last year. */
export function countyQuery(years: readonly number[]): string {
  const last = years.at(-1);
  return `{ county(code: "${askedCounty}") { statistics(years: [${years}]) { year ${fieldsOf(divisionCells)} }
    agencies(year: ${last}, first: 20) { nodes { code statistics(years: [${last}]) { year ${fieldsOf(townshipCells)} } } } } }`;
}

/** One division, 40 fields for a year. */
export function divisionQuery(code: string, year: number): string {
  return `{ division(code: "${code}") { statistics(years: [${year}]) { year ${fieldsOf(divisionCells)} } } }`;
}

/** The measures asked for in a table of statistics. */
const tableMeasures = totals.slice(0, 20).map(({ key }) => key);

/** The path of the county's table of statistics: each of its agencies by so many years by 20 measures. */
export function tablePath(from: number, to: number): string {
  return `/v1/statistics.csv?division=${askedCounty}&by=agency&years=${from}..${to}&measures=${tableMeasures.join()}`;
}

function cellsIn(column: string): Cell[] {
  return formOf('2021').cells.filter((cell) => cell.table === 'applications' && cell.column === column);
}

function fieldsOf(cells: readonly Cell[]): string {
  const rows = [...new Set(cells.map((cell) => cell.row))];
  const columns = (row: string) => cells.filter((cell) => cell.row === row).map((cell) => cell.column);
  return `applications { ${rows.map((row) => `${row} { ${columns(row).join(' ')} }`).join(' ')} }`;
}

/** The first twenty of the nation's agencies, or of its counties, in a year. */
export function rankingQuery(of: string, year: number): string {
  const ranking = `ranking(measure: "applications.newReceived.total", year: ${year}, of: ${of})`;
  return `{ division(code: "100000") { ${ranking} { n distribution { median p90 } nodes { rank value ties } } } }`;
}
