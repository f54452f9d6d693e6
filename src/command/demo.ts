/** `xiangbao demo`: one real county with made-up reports, and queries that show what can be asked. */

import type { Command } from 'commander';
import type { FastifyInstance } from 'fastify';
import { operator } from '../access/authority.js';
import { figuresFrom } from '../form/figures.js';
import { formInForce } from '../form/forms.js';
import type { ReportContent } from '../form/report.js';
import { layOutJson } from '../json.js';
import { readAgencies } from '../register/register-view.js';
import { fileReport } from '../report/file.js';
import { openStore } from '../store/engine/open.js';
import type { Db } from '../store/engine/schema.js';
import { inBoth } from '../words.js';
import { ensureRegister } from './register.js';
import { type Random, sampleContent, seedRandom, zeroContent } from './sample-reports.js';
import { startServing } from './serve.js';
import { answer, type Terminal } from './shell/terminal.js';
import type { Tools } from './shell/tools.js';
import { showFirstToken } from './token.js';

/** Adds `demo`. */
export function addDemo(program: Command, tools: Tools): void {
  program
    .command('demo')
    .description(
      inBoth({ zh: '演示', en: 'serve one county with made-up reports from memory, and print queries to try' }),
    )
    .action(() => runDemo(tools));
}

async function runDemo(tools: Tools): Promise<void> {
  const { clock, terminal } = tools;
  const config = tools.readEnvironment({ LOG_LEVEL: 'warn' });
  const db = await openStore('sqlite::memory:');
  await ensureRegister(db, clock, terminal);
  const count = await fileDemoReports(db, clock());
  await showFirstToken(db, tools);
  const { app, address } = await startServing(tools, db, { ...config, sampleData: true, publicReading: 'filed' });
  answer(terminal, {
    zh: `已报送洪江市（431281）报告 ${count} 份；除群峰乡 2021 年度外均为虚构的示例数据。`,
    en: `${count} reports of "洪江市" (431281) are filed; all but "群峰乡" 2021 are samples, made up.`,
  });
  await showDemoQueries(app, address, terminal);
  answer(terminal, `\n${address}/ide (GraphQL)   ${address}/docs (REST)   Ctrl-C stops.`);
}

/** 洪江市 in 怀化市, 湖南省: its twenty townships file in the demonstration. */
export const demoCounty = '431281';

/** The report years of the demonstration. */
export const demoYears = [2019, 2020, 2021, 2022, 2023, 2024] as const;

/** A year for which nobody has filed yet, so that coverage has somebody missing to name. */
const nextYear = 2025;

/** 群峰乡, whose report for 2021 is the published one. */
const realAgency = '431281207';
const realYear = 2021;

/** The published figures of 群峰乡 for 2021: zeros, one box left blank, and the counts that its text states. */
const realContent: ReportContent = {
  ...zeroContent(formInForce(realYear).id),
  figures: figuresFrom({ 'decisions.coercion.decided': null }, zeroContent(formInForce(realYear).id).figures),
  publishedItems: {
    total: 16,
    categories: [
      { name: '乡动态', count: 8 },
      { name: '其他信息', count: 8 },
    ],
    channels: [],
    complete: ['categories'],
  },
  engagement: [
    { name: '市长信箱', handled: 0 },
    { name: '市长热线', handled: 9, replyRate: 1 },
  ],
};

/** One seed, so that every demonstration shows the same figures. */
const seed = 431281;

/**
 * Files the reports of the demonstration and returns how many there are. Each is marked as a sample and dated
 * as if it had been filed in time or a little late; only 群峰乡 for 2021 is real.
 */
export async function fileDemoReports(db: Db, now: Date): Promise<number> {
  const random = seedRandom(seed);
  const agencies = await readAgencies(db, { division: demoCounty, kinds: ['TOWNSHIP'] }, { first: 100 }, now);
  let filed = 0;
  for (const { code } of agencies.items) {
    let previous: ReportContent | undefined;
    for (const year of demoYears) {
      const real = code === realAgency && year === realYear;
      const content = real ? realContent : drawContent(random, code, year, previous);
      previous = content;
      const actor = real ? 'demo' : 'demo (sample)';
      const act = { actor, caller: operator, now: new Date(Date.UTC(year + 1, 1, 15)), sample: !real };
      await fileReport(db, act, { agency: code, year, content, reason: null }, { method: 'post' });
      filed++;
    }
  }
  return filed;
}

function drawContent(random: Random, code: string, year: number, previous: ReportContent | undefined): ReportContent {
  return sampleContent(random, formInForce(year).id, {
    year,
    // What the real report says it carried in is what the sample before it carries out: nothing.
    carriesOut: !(code === realAgency && year === realYear - 1),
    activity: 0.5,
    ...(previous && { previous }),
  });
}

/** A query to try, and what it shows. */
interface DemoQuery {
  readonly title: string;
  readonly query: string;
}

/** The rows of table three whose flow the form prints as an equation: received, carried in, processed, carried out. */
const flowRows = [
  ...new Set(
    formInForce(realYear)
      .written.filter((equation) => equation.rule === 'T3-FLOW')
      .flatMap((equation) => [...equation.left, ...equation.right].map((term) => term.cell.row)),
  ),
];
const flow = `applications { ${flowRows.map((row) => `${row} { total }`).join(' ')} }`;

/** Three queries, ready to be pasted. */
export const demoQueries: readonly DemoQuery[] = [
  {
    title: '洪江市 over the years: what was published and applied for, and who is missing',
    query: `{ county(code: "${demoCounty}") { name statistics(years: [${demoYears.join(', ')}, ${nextYear}]) { year publishedItems { total } ${flow} coverage { expected reported samples rate missing(first: 2) { totalCount nodes { code name } } } } } }`,
  },
  {
    title: '群峰乡 2021, the published report: a blank is null, never 0',
    query: `{ township(code: "${realAgency}") { name county { name } statistics(years: [${realYear}]) { year publishedItems { total categories { name count } } decisions { penalties { decided } coercion { decided } } ${flow} coverage { samples blanks { cell } } } } }`,
  },
  {
    title: 'How 怀化市 decided in 2023: subtotals and rates over all its counties',
    query:
      '{ division(code: "431200") { name level statistics(years: [2023]) { applications { granted { total } refused { total organization } grantedShare closureRate } appeals { reconsideration { total upheld } } coverage { expected reported } } } }',
  },
];

/** Prints the queries as curl commands with the answers that the application gives. */
export async function showDemoQueries(app: FastifyInstance, address: string, terminal: Terminal): Promise<void> {
  for (const { title, query } of demoQueries) {
    const response = await app.inject({ method: 'POST', url: '/graphql', payload: { query } });
    const body = JSON.stringify({ query });
    answer(terminal, `\n# ${title}`);
    answer(terminal, `curl -s ${address}/graphql -H 'content-type: application/json' -d '${body}'`);
    answer(terminal, layOutJson(response.json()));
  }
}
