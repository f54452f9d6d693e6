/** What was applied for in a county over the years and what came of it, blanks as blanks, breaks of the series marked. */
import type { ResultOf } from 'gql.tada';
import { askQuestion, type Client } from '../client.js';
import { applicationsOverYears } from '../typed/questions.js';
import { coverageOf, legend, percent, type Shown, writeBreaks, writeTable } from './table.js';

type County = NonNullable<ResultOf<typeof applicationsOverYears>['county']>;
type Year = County['statistics'][number];

/** The rows of the printed table that are shown; `cell` is the printed box, where there is one. */
const rows = [
  { name: 'newReceived', title: '新收 Received', cell: true },
  { name: 'carriedIn', title: '上年结转 Carried in', cell: true },
  { name: 'granted', title: '予以公开 Granted', cell: true },
  { name: 'partlyGranted', title: '部分公开 Partly granted', cell: true },
  { name: 'refused', title: '不予公开 Refused', cell: false },
  { name: 'unavailable', title: '无法提供 Unavailable', cell: false },
  { name: 'notProcessed', title: '不予处理 Not processed', cell: false },
  { name: 'otherwiseHandled', title: '其他处理 Otherwise handled', cell: false },
  { name: 'processed', title: '办结 Processed', cell: true },
  { name: 'carriedOut', title: '结转下年 Carried out', cell: true },
] as const;
const cells = rows.flatMap(({ name, cell }) => (cell ? [`applications.${name}.total`] : []));

/** Writes the table; beside a sum stands by how many reports it is, where some of them left that box blank. */
export async function writeApplicationsOverYears(client: Client, county: string, years: number[]): Promise<string> {
  const answer = await askQuestion(client, applicationsOverYears, { county, years, cells });
  if (!answer.county) throw new Error(`there is no county ${county}`);
  const { name, statistics } = answer.county;
  const headings = [name, ...statistics.map(({ year, breaks }) => `${year}${breaks.length > 0 ? '*' : ''}`)];
  const table = [
    ['报送 Reported', ...statistics.map(({ includes, coverage }) => coverageOf(includes, coverage))],
    ['格式 Form', ...statistics.map(({ coverage }) => coverage.forms.map(({ form }) => form).join('+') || undefined)],
    ...rows.map((row) => [row.title, ...statistics.map((year) => shown(year, row.name))]),
    ['办结率 Closure rate', ...statistics.map(rateOf)],
  ];
  return [writeTable(headings, table), ...writeBreaks(statistics), legend].join('\n');
}

function shown({ applications, coverage }: Year, name: (typeof rows)[number]['name']): Shown {
  if (!applications) return undefined;
  const { total } = applications[name];
  const counted = coverage.cells.find(({ cell }) => cell === `applications.${name}.total`);
  if (total === null || !counted || counted.blank + counted.absent === 0) return total;
  return `${total} (${counted.reported}/${counted.reported + counted.blank + counted.absent})`;
}

function rateOf({ applications, rates }: Year): Shown {
  if (!applications || !rates) return undefined;
  return percent(rates.closureRate.value);
}
