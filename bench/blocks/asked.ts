/** What `npm run bench:blocks` asks: every route and every field of the schema, in the dearest form that is allowed. */
import { everyGet, usualFillers } from '../../test/every-call.js';
import { questionsOf } from '../cost/questions.js';
import { askedCounty, bodyOf, contentsOf, townshipsOf } from '../national.js';

/** A request, and what it is called in the table. */
export interface AskedOnce {
  readonly name: string;
  readonly path: string;
  /** A POST with a body; a GET when left out. */
  readonly body?: { readonly type: string; readonly content: string };
}

const linesOfFile = 2_000;
const json = 'application/json';

/** All requests to a store that has reports of all agencies of a year. */
export function everythingAsked(year: number): readonly AskedOnce[] {
  return [...gets(year), ...queries(year), ...posts(year)];
}

function gets(year: number): AskedOnce[] {
  const [township = '', other = ''] = townshipsOf(2).map(({ code }) => code);
  const measures = 'decisions.penalties.decided,applications.newReceived.total,applications.closureRate,coverage.rate';
  const asked = everyGet({
    ...usualFillers,
    agency: [township],
    division: ['100000', '430000', askedCounty],
    county: [askedCounty],
    parent: ['100000'],
    below: ['100000'],
    year: [String(year)],
    years: [`${year - 1},${year}`],
    first: ['500'],
    after: [Buffer.from('20000').toString('base64url')],
    since: ['now', ''],
    measures: [measures],
    number: ['1'],
    states: ['NOT_FILED', 'SUBMITTED'],
    severity: ['info'],
    rule: ['X-CARRY'],
    q: ['镇', '街道'],
    updatedAfter: ['2020-01-01T00:00:00Z'],
    boundaries: [`${year - 3}-12-31`],
    knownOn: [new Date().toISOString()],
    id: ['none'],
    '/v1/agencies name': ['镇'],
    '/v1/agencies codes': [[township, other].join(',')],
    '/v1/divisions codes': [['100000', '430000', askedCounty].join(',')],
    '/v1/agencies/{agency}/blank-form/{year}.{extension} agency': [township],
    '/v1/reports/{agency}/{year}.{extension} extension': ['html', 'csv', 'xlsx', 'docx', 'pdf'],
    '/v1/divisions/{division}/ledger/{year}.{extension} division': [askedCounty],
    '/v1/divisions/{division}/ledger/{year}.{extension} extension': ['html', 'csv', 'xlsx', 'docx', 'pdf'],
    '/v1/divisions/{division}/blank-forms/{year}.zip division': [askedCounty],
    '/v1/divisions/{division}/filings/{year}.{extension} extension': ['json', 'csv', 'xlsx'],
    '/v1/divisions/{division}/findings/{year}.{extension} extension': ['json', 'csv', 'xlsx'],
  });
  // Lists are pages of 500, whatever else they are asked.
  const paged = new Set(asked.flatMap(({ url }) => (url.endsWith('?first=500') ? [url.split('?')[0]] : [])));
  return asked.map(({ url }) => {
    const [path = '', query] = url.split('?');
    const full =
      paged.has(path) && !query?.startsWith('first=') ? `${query === undefined ? '' : `${query}&`}first=500` : query;
    const whole = full === undefined ? path : `${path}?${full}`;
    return { name: `GET ${decodeURIComponent(whole).slice(0, 110)}`, path: whole };
  });
}

function queries(year: number): AskedOnce[] {
  return questionsOf({ accepted: year - 1, half: year, none: year + 1 }).map(({ name, query }) => ({
    name: `GraphQL ${name}`,
    path: '/graphql',
    body: { type: json, content: JSON.stringify({ query }) },
  }));
}

function posts(year: number): AskedOnce[] {
  const townships = townshipsOf(linesOfFile);
  const [first] = townships;
  if (!first) throw new Error('the register has townships');
  const content = [...contentsOf(first, [year])][0]?.[1];
  if (!content) throw new Error('a township has a report');
  const filing = bodyOf(first.code, year, content);
  const changes = ['action,code,on,name', ...townships.map(({ code }) => `change,${code},${year}-06-30,新${code}镇`)];
  const list = ['code,name', ...townships.map(({ code }) => `${code},某镇`)];
  const csv = (lines: readonly string[]) => ({ type: 'text/csv', content: `${lines.join('\n')}\n` });
  const filings = Array.from({ length: 500 }, () => filing).join('\n');
  const nation = ['code,name', ...townshipsOf(Number.POSITIVE_INFINITY).map(({ code }) => `${code},某镇`)];
  return [
    { name: 'POST /v1/reports?dryRun', path: '/v1/reports?dryRun=true', body: { type: json, content: filing } },
    {
      name: `POST /v1/register/changes, ${linesOfFile} lines, dry`,
      path: '/v1/register/changes?dryRun=true',
      body: csv(changes),
    },
    { name: `POST /v1/register/changes, ${linesOfFile} lines`, path: '/v1/register/changes', body: csv(changes) },
    {
      name: `POST /v1/register/comparison, ${linesOfFile} lines`,
      path: `/v1/register/comparison?on=${year}-12-31`,
      body: csv(list),
    },
    {
      name: 'POST /v1/register/comparison, the nation',
      path: `/v1/register/comparison?on=${year}-12-31`,
      body: csv(nation),
    },
    {
      name: 'POST /v1/imports, 500 lines',
      path: '/v1/imports?dryRun=true',
      body: { type: 'application/x-ndjson', content: filings },
    },
  ];
}
