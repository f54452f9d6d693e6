/** `xiangbao register`: loads the national register, looks codes up in it, changes it from CSV, counts it. */
import { readFile } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { operator } from '../access/authority.js';
import { Problem } from '../problem.js';
import { importChanges } from '../register/change/file/change-file.js';
import { type Upgrade, upgradeRegister } from '../register/change/upgrade.js';
import { type ComparisonRequest, compareRegister } from '../register/compare/comparison.js';
import { changesCsv } from '../register/compare/written.js';
import { loadNationalRegister } from '../register/load.js';
import { readAgencies, readAgency, readDivision, readDivisions } from '../register/register-view.js';
import type { Db } from '../store/engine/schema.js';
import { type ActContext, agencyKinds, codeAuthorities, divisionLevels, inBoth } from '../words.js';
import { comparisonLines } from './comparison-lines.js';
import { readDay } from './shell/day.js';
import { showProgress } from './shell/progress.js';
import { answer, openForWriting, type Terminal, tell } from './shell/terminal.js';
import { type Tools, withStore } from './shell/tools.js';

/** Adds `register` with `show`, `import`, `compare` and `stats`. */
export function addRegister(program: Command, tools: Tools): void {
  const { clock, terminal } = tools;
  const register = program.command('register').description(inBoth({ zh: '名录', en: 'the divisions and agencies' }));
  register
    .command('show')
    .description(inBoth({ zh: '查询', en: 'print what the register knows of a code' }))
    .argument('<code>', 'code of a division or an agency')
    .action((code: string) => withRegister(tools, (db) => showCode(db, clock, terminal, code)));
  register
    .command('import')
    .description(inBoth({ zh: '批量变更', en: 'apply a CSV file of changes, all of them or none' }))
    .argument('<file>', 'UTF-8 CSV; its columns are in the README')
    .option('--actor <name>', inBoth({ zh: '操作者', en: 'kept with what is recorded' }), 'register import')
    .option('--dry-run', inBoth({ zh: '试运行', en: 'do everything but keep it' }))
    .action((file: string, options: { readonly actor: string; readonly dryRun?: true }) =>
      withRegister(tools, (db) => {
        const act = { actor: options.actor, caller: operator, now: clock() };
        return importRegister(db, act, terminal, { file, ...options });
      }),
    );
  register
    .command('compare')
    .description(
      inBoth({
        zh: '与某日的代码名单比较，提出变更建议，不改动名录',
        en: 'compare with a list of codes and names of a day, and propose changes; nothing is changed',
      }),
    )
    .argument('<file>', 'CSV in UTF-8 or GB18030 with a column for codes and one for names')
    .requiredOption('--on <day>', inBoth({ zh: '名单的日期', en: 'the day of the list, YYYY-MM-DD' }), readDay)
    .option(
      '--division <code>',
      inBoth({ zh: '名单为其全部的行政区划', en: 'a division that the list has all of; what it lacks has ended' }),
    )
    .addOption(
      new Option('--authority <authority>', inBoth({ zh: '代码来源：民政部或统计局', en: 'whose codes it has' }))
        .choices([...codeAuthorities])
        .default('MCA'),
    )
    .option('-o, --output <file>', inBoth({ zh: '确定的变更写入此文件', en: 'a file for the certain changes' }))
    .option('--uncertain <file>', inBoth({ zh: '不确定的变更写入此文件', en: 'a file for the uncertain ones' }))
    .action((file: string, options: Omit<CompareRequest, 'file'>) =>
      withRegister(tools, (db) => compareFile(db, clock, terminal, { file, ...options })),
    );
  register
    .command('stats')
    .description(inBoth({ zh: '统计', en: 'count divisions and agencies' }))
    .action(() => withRegister(tools, (db) => printStats(db, clock, terminal)));
}

/** Opens the database, with the register in it, for a piece of work. */
export function withRegister(tools: Tools, work: (db: Db) => Promise<void>): Promise<void> {
  return withStore(tools, async (db) => {
    await ensureRegister(db, tools.clock, tools.terminal);
    await work(db);
  });
}

/**
 * Loads the register that ships with the program into a store that has none, and gives one that had the list of 2023 for
 * all years its history, showing how far it is.
 */
export async function ensureRegister(db: Db, clock: () => Date, terminal: Terminal): Promise<void> {
  const progress = showProgress(terminal, 'register', () => clock().getTime());
  let rows = 0;
  let upgrade: Upgrade | undefined;
  try {
    const onProgress = (loaded: number, total: number) => {
      rows = loaded;
      progress.update(loaded, total, `${loaded} of ${total}`);
    };
    if (!(await loadNationalRegister(db, onProgress))) upgrade = await upgradeRegister(db, clock(), onProgress);
  } finally {
    progress.stop();
  }
  if (upgrade) tellUpgrade(terminal, upgrade);
  else if (rows > 0)
    tell(terminal, {
      zh: '名录已载入。',
      en: `The national register is loaded: ${rows} states of divisions and agencies.`,
    });
}

/** Says that the register has its history now, and which places it was not given to, or not as it is. */
function tellUpgrade(terminal: Terminal, { kept, reachingBack }: Upgrade): void {
  tell(terminal, { zh: '名录已补入 2018 年以来的变更。', en: 'The register was given its history since 2018.' });
  const lists = [
    [kept, { zh: '曾经变更，保持原样', en: 'changed here before, so left as they are' }],
    [reachingBack, { zh: '因已有报告而回溯', en: 'kept from 2019 on, for there are reports' }],
  ] as const;
  for (const [places, { zh, en }] of lists) {
    const named = places.map(({ code, name }) => `${name} (${code})`).join(', ');
    if (places.length > 0)
      tell(terminal, { zh: `${zh}：${places.length} 个。`, en: `${places.length} ${en}: ${named}.` });
  }
}

/**
 * Prints what the register knows of a code, as JSON: the division, the agency, or both where a county's own
 * agency has its code. Throws `not-found` when nothing has it.
 */
export async function showCode(db: Db, clock: () => Date, terminal: Terminal, code: string): Promise<void> {
  const division = await orNothing(readDivision(db, code, clock()));
  const agency = await orNothing(readAgency(db, async () => true, code, clock()));
  if (!division && !agency) {
    throw new Problem('not-found', {
      zh: `名录中没有代码 ${code}。`,
      en: `Nothing in the register has the code ${code}.`,
    });
  }
  answer(terminal, JSON.stringify({ ...(division && { division }), ...(agency && { agency }) }, null, 2));
}

async function orNothing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return undefined;
    throw error;
  }
}

/** Applies a CSV file of changes, all of them or none, and prints what it did. Throws what `importChanges` throws. */
export async function importRegister(
  db: Db,
  act: ActContext,
  terminal: Terminal,
  request: { readonly file: string; readonly dryRun?: boolean },
): Promise<void> {
  const bytes = await readFile(request.file);
  const imported = await importChanges(db, act, bytes, { dryRun: request.dryRun ?? false });
  answer(terminal, `${'lines'.padEnd(18)} ${imported.lines}`);
  for (const [action, count] of Object.entries(imported.counts)) answer(terminal, `  ${action.padEnd(16)} ${count}`);
  answer(terminal, `${'unchanged'.padEnd(18)} ${imported.unchanged}`);
  answer(terminal, `${'reports moved'.padEnd(18)} ${imported.reportsMoved}`);
  if (request.dryRun) tell(terminal, { zh: '试运行，未保存。', en: 'Dry run: nothing was kept.' });
}

/** What is compared, and where the lines of changes go. */
interface CompareRequest extends ComparisonRequest {
  readonly file: string;
  readonly output?: string;
  readonly uncertain?: string;
}

/**
 * Compares a list with the register, prints what it would change, and writes it as files of changes, certain and uncertain
 * apart. Throws what `compareRegister` throws, and `invalid-parameter` for a file that cannot be written.
 */
export async function compareFile(
  db: Db,
  clock: () => Date,
  terminal: Terminal,
  request: CompareRequest,
): Promise<void> {
  const bytes = await readFile(request.file);
  const comparison = await compareRegister(db, { caller: operator, now: clock() }, bytes, request);
  for (const line of comparisonLines(comparison)) answer(terminal, line);
  for (const { message } of comparison.faults) tell(terminal, message);
  const files = [
    [request.output, comparison.certain],
    [request.uncertain, comparison.uncertain],
  ] as const;
  for (const [path, proposals] of files) {
    if (path === undefined) continue;
    const out = await openForWriting(path);
    out.end(await changesCsv(proposals));
    await finished(out);
  }
}

/** Prints how many divisions of each level and agencies of each kind the register has today. */
export async function printStats(db: Db, clock: () => Date, terminal: Terminal): Promise<void> {
  const now = clock();
  for (const level of divisionLevels) {
    const { total } = await readDivisions(db, { level }, { first: 1 }, now);
    answer(terminal, `${level.padEnd(12)} ${String(total).padStart(6)}`);
  }
  for (const kind of agencyKinds) {
    const { total } = await readAgencies(db, { kinds: [kind] }, { first: 1 }, now);
    answer(terminal, `${`agency ${kind}`.padEnd(20)} ${String(total).padStart(6)}`);
  }
}
