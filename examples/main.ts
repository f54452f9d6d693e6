/**
 * Runs an example: `npm run --silent example -- who-has-not-filed 431281 2025`. The service is at XIANGBAO_URL, whose token
 * is XIANGBAO_TOKEN; without one a stranger asks.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Client, type Filing, fileReport, importReports, openClient, Problem, reviseReport } from './client.js';
import { type Copy, catchUp, differences, openCopy, step } from './copy.js';
import { writeApplicationsOverYears } from './dashboard/applications-over-years.js';
import { writeCountyOverYears } from './dashboard/county-over-years.js';
import { writePublishedItems } from './dashboard/published-items.js';
import { writeStanding } from './dashboard/standing.js';
import { writeWhoHasNotFiled } from './dashboard/who-has-not-filed.js';

/** What is said after the name of an example. */
interface Said {
  readonly words: readonly string[];
  readonly division: string | undefined;
  readonly once: boolean;
  readonly prove: boolean;
}

interface Example {
  readonly usage: string;
  /** Does it, and says what came of it. */
  readonly run: (client: Client, said: Said) => Promise<string>;
}

const examples: Readonly<Record<string, Example>> = {
  'county-over-years': {
    usage: 'COUNTY YEARS',
    run: (client, { words: [county = '', years = ''] }) => writeCountyOverYears(client, county, yearsOf(years)),
  },
  'who-has-not-filed': {
    usage: 'DIVISION YEAR',
    run: (client, { words: [division = '', year = ''] }) => writeWhoHasNotFiled(client, division, yearOf(year)),
  },
  'applications-over-years': {
    usage: 'COUNTY YEARS',
    run: (client, { words: [county = '', years = ''] }) => writeApplicationsOverYears(client, county, yearsOf(years)),
  },
  standing: {
    usage: 'COUNTY MEASURE YEAR',
    run: (client, { words: [county = '', measure = '', year = ''] }) =>
      writeStanding(client, county, measure, yearOf(year)),
  },
  'published-items': {
    usage: 'DIVISION YEAR',
    run: (client, { words: [division = '', year = ''] }) => writePublishedItems(client, division, yearOf(year)),
  },
  file: { usage: 'FILING.json', run: (client, { words: [path = ''] }) => fileOrRevise(client, filingIn(path)) },
  import: { usage: 'FILING.json ...', run: (client, { words }) => importAll(client, words.map(filingIn)) },
  copy: {
    usage: 'FILE [--division DIVISION] [--once] [--prove]',
    run: (client, { words: [path = 'copy.jsonl'], division, once, prove }) =>
      followCopy(openCopy(client, path, division), { once, prove }),
  },
};

/** `2019-2024` or `2019,2021`. Throws for anything else. */
function yearsOf(text: string): number[] {
  const [first = 0, last = first] = text.split('-').map(yearOf);
  if (!text.includes('-')) return text.split(',').map(yearOf);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}

/** A year of four digits. Throws for anything else. */
function yearOf(text: string): number {
  if (/^\d{4}$/.test(text)) return Number(text);
  throw new Error(`"${text}" is no year; years are written 2021, 2019-2025 or 2019,2021`);
}

function filingIn(path: string): Filing {
  // What is no filing is refused by the service, with its pointer.
  return JSON.parse(readFileSync(path, 'utf8')) as Filing;
}

/** Files a report; where one is filed with other content, revises it if the filing says why. */
async function fileOrRevise(client: Client, filing: Filing): Promise<string> {
  try {
    const { outcome, revision } = await fileReport(client, filing);
    return `${filing.agency} ${filing.year}: ${outcome}, revision ${revision}`;
  } catch (error) {
    const isRevision = error instanceof Problem && error.kind === 'already-filed' && filing.reason !== undefined;
    if (!isRevision) throw error;
    const { agency, year } = filing;
    const revised = await reviseReport(client, { agency, year }, () => filing);
    return `${agency} ${year}: ${revised.outcome}, revision ${revised.revision}`;
  }
}

async function importAll(client: Client, filings: readonly Filing[]): Promise<string> {
  const items = await importReports(client, filings, randomUUID());
  return items
    .map(({ agency, year, outcome, problem }) => `${agency} ${year}: ${outcome}${problem ? ` ${problem.detail}` : ''}`)
    .join('\n');
}

/** Follows the feed for ever, or to its end and then compares. */
async function followCopy(copy: Copy, { once, prove }: Pick<Said, 'once' | 'prove'>): Promise<string> {
  await catchUp(copy);
  if (prove) return proof(copy);
  while (!once) {
    const { fetched, deleted } = await step(copy, { wait: 30 });
    if (fetched + deleted > 0) console.log(`${new Date().toISOString()} fetched ${fetched}, deleted ${deleted}`);
  }
  return `${copy.reports.size} reports`;
}

/** How often the copy is compared while others file. */
const maxTries = 5;

/** Says that copy and export are equal, or throws what differs. What is filed in between is caught up with. */
async function proof(copy: Copy): Promise<string> {
  for (let tries = 1; ; tries++) {
    const found = await differences(copy);
    if (found.length === 0) return `equal: ${copy.reports.size} reports, every member of every line of the export`;
    const before = copy.since;
    await catchUp(copy);
    if (copy.since === before || tries === maxTries) throw new Error(`unequal: ${JSON.stringify(found, null, 2)}`);
  }
}

/** Why a request could not be sent at all, which `fetch` keeps apart: `connect ECONNREFUSED 127.0.0.1:3000`. */
function causeOf({ cause }: Error): string | undefined {
  return cause instanceof Error ? cause.message : undefined;
}

const options = { division: { type: 'string' }, once: { type: 'boolean' }, prove: { type: 'boolean' } } as const;
const { values, positionals } = parseArgs({ args: process.argv.slice(2), options, allowPositionals: true });
const [name = '', ...words] = positionals;
const example = examples[name];
if (!example) {
  console.error(
    Object.entries(examples)
      .map(([one, { usage }]) => `npm run --silent example -- ${one} ${usage}`)
      .join('\n'),
  );
  process.exit(2);
}
const { XIANGBAO_URL: address = 'http://127.0.0.1:3000', XIANGBAO_TOKEN: token } = process.env;
const { division, once = false, prove = false } = values;
try {
  console.log(await example.run(openClient({ address, token }), { words, division, once, prove }));
} catch (error) {
  console.error(error instanceof Error ? [error.message, causeOf(error)].filter(Boolean).join(': ') : error);
  process.exit(1);
}
