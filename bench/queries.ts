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

/** The same as a dashboard asks it: one text, and whose figures in variables. */
const countyText = `query County($code: ID!, $years: [Int!]!, $last: Int!, $first: Int!) { county(code: $code) {
  statistics(years: $years) { year ${fieldsOf(divisionCells)} }
  agencies(year: $last, first: $first) { nodes { code statistics(years: [$last]) { year ${fieldsOf(townshipCells)} } } } } }`;

/** Whose figures the question asks for. */
export interface CountyAsked {
  readonly code: string;
  /** In the order in which they are answered. */
  readonly years: readonly number[];
  readonly first: number;
}

/** The question about a county as the body of a POST. */
export function countyBody({ code, years, first }: CountyAsked): string {
  return JSON.stringify({ query: countyText, variables: { code, years, last: Math.max(...years), first } });
}

/** The same question as the path of a bare route. */
export function countyPath(route: string, { code, years, first }: CountyAsked): string {
  return `/${route}/${code}?years=${years}&first=${first}`;
}

/** One division and its 40 fields over some years, with variables. */
export const divisionText = `query Division($code: ID!, $years: [Int!]!) { division(code: $code) {
  statistics(years: $years) { year ${fieldsOf(divisionCells)} } } }`;

/** One division, 40 fields for a year. */
export function divisionQuery(code: string, year: number): string {
  return `{ division(code: "${code}") { statistics(years: [${year}]) { year ${fieldsOf(divisionCells)} } } }`;
}

/** The measures asked for in a table of statistics. */
const tableMeasures = totals.slice(0, 20).map(({ key }) => key);

/** The path of a county's table of statistics: each of its agencies by so many years by 20 measures. */
export function tablePath(county: string, from: number, to: number): string {
  return `/v1/statistics.csv?division=${county}&by=agency&years=${from}..${to}&measures=${tableMeasures.join()}`;
}

function cellsIn(column: string): Cell[] {
  return formOf('2021').cells.filter((cell) => cell.table === 'applications' && cell.column === column);
}

function fieldsOf(cells: readonly Cell[]): string {
  const rows = [...new Set(cells.map((cell) => cell.row))];
  const columns = (row: string) => cells.filter((cell) => cell.row === row).map((cell) => cell.column);
  return `applications { ${rows.map((row) => `${row} { ${columns(row).join(' ')} }`).join(' ')} }`;
}

/** The first twenty of a level below a division by a measure, with variables. */
export const rankingText = `query Ranking($division: ID!, $measure: ID!, $year: Int!, $of: RankingOf!) {
  division(code: $division) { ranking(measure: $measure, year: $year, of: $of) {
    n distribution { median p90 } nodes { rank value ties } } } }`;

/** Measures that rank all areas of a level, each a question of its own. */
export const rankedMeasures: readonly string[] = formOf('2021')
  .cells.filter(({ table }) => table === 'applications')
  .map(({ key }) => key);
