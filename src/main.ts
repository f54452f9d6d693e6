#!/usr/bin/env node
/** The program: arguments and environment -> store -> application -> listen. The only file that acts when imported. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { operator } from './access/authority.js';
import { buildApp } from './app.js';
import { addAccessCommands } from './command/access.js';
import { fileDemoReports, showDemoQueries } from './command/demo.js';
import { exportTo } from './command/export.js';
import { impossible, refused, tellFailure } from './command/failure.js';
import { importFilings } from './command/import.js';
import { summaryLines } from './command/import-summary.js';
import { addKeepingCommands } from './command/keep.js';
import { type ReadRequest, readFileAloud } from './command/read.js';
import { ensureRegister, importRegister, printStats, showCode } from './command/register.js';
import { printDifferences, rebuild } from './command/rollups.js';
import { serve } from './command/serve.js';
import { answer, type Terminal, tell } from './command/terminal.js';
import { showFirstToken } from './command/token.js';
import { type Config, readConfig, variableNames } from './config.js';
import { packageRoot } from './root.js';
import { databasePath, openStore } from './store/engine/open.js';
import type { Db } from './store/engine/schema.js';

const terminal: Terminal = { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr };
const clock = () => new Date();
const tokens = { clock, random: randomBytes, terminal };

// Whoever reads the output may stop early: xiangbao export | head.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

// A file at its limit fails the write, which is answered as such; the signal would end the process.
process.on('SIGXFSZ', () => undefined);

const program = new Command('xiangbao')
  .exitOverride()
  .description(
    '乡报：收集、核对、汇总乡镇政府信息公开年度报告\nTownship disclosure reports: collected, checked, added up',
  )
  .version((JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }).version)
  .addHelpText('after', `\nEnvironment 环境变量: ${variableNames.join(', ')}`)
  .addHelpText('after', 'Exit codes 退出码: 0 done, 1 something was refused or differs, 2 it could not be done')
  .showHelpAfterError('(xiangbao --help shows what there is)');

program
  .command('serve')
  .description('migrate, load the register if there is none, and serve REST and GraphQL 启动服务')
  .action(async () => {
    const config = readEnvironment();
    const db = await openStore(config.databaseUrl);
    await ensureRegister(db, clock, terminal);
    if (isLoopback(config.host)) await showFirstToken(db, tokens);
    await start(db, config);
  });

program
  .command('demo')
  .description('serve one county with made-up reports from memory, and print queries to try 演示')
  .action(async () => {
    const config = readEnvironment({ LOG_LEVEL: 'warn' });
    const db = await openStore('sqlite::memory:');
    await ensureRegister(db, clock, terminal);
    const count = await fileDemoReports(db, clock());
    await showFirstToken(db, tokens);
    const { app, address } = await start(db, { ...config, sampleData: true, publicReading: 'filed' });
    answer(
      terminal,
      `${count} reports of 洪江市 (431281) are filed; all but 群峰乡 2021 are samples, made up. 示例数据。`,
    );
    await showDemoQueries(app, address, terminal);
    answer(terminal, `\n${address}/ide (GraphQL)   ${address}/docs (REST)   Ctrl-C stops.`);
  });

program
  .command('migrate')
  .description('bring the database to the schema of this program 迁移数据库')
  .action(() =>
    withStore(async (_, config) =>
      answer(terminal, `${config.databaseUrl} has the schema of this program. 数据库已是最新。`),
    ),
  );

program
  .command('import')
  .description('file reports from folders, .json files, NDJSON files or - (standard input) 批量报送')
  .argument('<path...>', 'a folder, a .json file with one filing, an NDJSON file, or - for NDJSON on standard input')
  .option('--lenient', 'file reports whose equations do not hold too, their findings beside them 照原样保存')
  .option('--revise', 'revise what is filed already with other content; without it, that is refused 修订')
  .option('--reason <text>', 'why, for revisions whose filing has no reason of its own 修订原因')
  .option('--rejects <file>', 'write the refused filings there, each with its problem, as NDJSON 拒收文件')
  .option('--actor <name>', 'kept with every revision 报送者', 'import')
  .option('--dry-run', 'do everything but keep it; other writers wait until it ends 试运行')
  .action((paths: string[], options: ImportFlags) =>
    withStore(async (db) => {
      await ensureRegister(db, clock, terminal);
      const { revise, reason = null, ...rest } = options;
      const request = { ...rest, paths, ...(revise && { revise: { reason } }) };
      const summary = await importFilings(db, clock, terminal, request);
      for (const line of summaryLines(summary)) answer(terminal, line);
      if (options.dryRun) tell(terminal, 'Dry run: nothing was kept. 试运行，未保存。');
      if (summary.rejected > 0) process.exitCode = refused;
    }),
  );

interface ImportFlags {
  readonly lenient?: true;
  readonly revise?: true;
  readonly reason?: string;
  readonly rejects?: string;
  readonly actor: string;
  readonly dryRun?: true;
}

program
  .command('export')
  .description('write the reports as NDJSON, which import takes again, or as CSV 导出')
  .option('--year <year>', 'one report year 报告年度', readYear)
  .option('--division <code>', 'the reports of one division, at any level 行政区划代码')
  .addOption(new Option('--format <format>', '格式').choices(['ndjson', 'csv']).default('ndjson'))
  .option('-o, --output <file>', 'a file; standard output when left out 输出文件')
  .action((options: Parameters<typeof exportTo>[3]) =>
    withExistingStore((db) => exportTo(db, clock, terminal, options)),
  );

program
  .command('read')
  .description(
    'read a document (text, Markdown, HTML, docx, xlsx) without filing it; exit 1 when cells could not be read 读取文件',
  )
  .argument('<file>', 'the report as it was published 已公布的报告')
  .addOption(new Option('--format <format>', '格式').choices(['json', 'table']).default('json'))
  .option('--agency <code>', 'whose it is; looked up by its title when left out 机关代码')
  .option('--year <year>', 'report year; that of the document when left out 报告年度', readYear)
  .action((file: string, options: Omit<ReadRequest, 'file'>) =>
    withStoreIfThere(async (db) => {
      if ((await readFileAloud(db, clock, terminal, { file, ...options })) > 0) process.exitCode = refused;
    }),
  );

const rollups = program.command('rollups').description('the kept sums of the reports 汇总');
rollups
  .command('verify')
  .description('compare every rollup with the sum of its reports; exit 1 when any differs 核对')
  .action(() =>
    withExistingStore(async (db) => {
      if ((await printDifferences(db, terminal)) > 0) process.exitCode = refused;
    }),
  );
rollups
  .command('rebuild')
  .description('make every rollup anew from the reports 重建')
  .action(() => withExistingStore((db) => rebuild(db, terminal)));

const onEnd = (code: number) => {
  process.exitCode = code;
};
addAccessCommands(program, { ...tokens, withRegister, withExistingStore, onEnd });
addKeepingCommands(program, {
  terminal,
  clock,
  databaseFile: () => {
    const path = databasePath(readEnvironment().databaseUrl);
    if (path === ':memory:') throw new Error('DATABASE_URL names memory, not a file. 内存数据库不是文件。');
    return path;
  },
  onEnd,
});

const register = program.command('register').description('the divisions and agencies 名录');
register
  .command('show')
  .description('print what the register knows of a code 查询')
  .argument('<code>', 'code of a division or an agency')
  .action((code: string) => withRegister((db) => showCode(db, clock, terminal, code)));
register
  .command('import')
  .description('apply a CSV file of changes, all of them or none 批量变更')
  .argument('<file>', 'UTF-8 CSV; its columns stand in the README')
  .option('--actor <name>', 'kept with what is recorded 操作者', 'register import')
  .option('--dry-run', 'do everything but keep it 试运行')
  .action((file: string, options: { readonly actor: string; readonly dryRun?: true }) =>
    withRegister((db) =>
      importRegister(db, { actor: options.actor, caller: operator, now: clock() }, terminal, { file, ...options }),
    ),
  );
register
  .command('stats')
  .description('count divisions and agencies 统计')
  .action(() => withRegister((db) => printStats(db, clock, terminal)));

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = error instanceof CommanderError ? exitOf(error) : tellFailure(terminal, error, process.env);
}

/** Commander throws for --help too, which is no failure. */
function exitOf(error: CommanderError): number {
  return error.exitCode === 0 ? 0 : impossible;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function readYear(text: string): number {
  if (/^20\d\d$/.test(text)) return Number(text);
  throw new InvalidArgumentError('A report year has four digits, 2019 or later. 年度为四位数字。');
}

function readEnvironment(otherwise: Readonly<Record<string, string>> = {}): Config {
  const read = readConfig({ ...otherwise, ...process.env });
  if ('config' in read) return read.config;
  for (const fault of read.faults) tell(terminal, fault);
  process.exit(refused);
}

async function withStore(work: (db: Db, config: Config) => Promise<void> | void): Promise<void> {
  const config = readEnvironment();
  const db = await openStore(config.databaseUrl);
  try {
    await work(db, config);
  } finally {
    await db.destroy();
  }
}

/** What reads or checks a database makes none: a mistyped path would be told that all is well. */
async function withExistingStore(work: (db: Db, config: Config) => Promise<void> | void): Promise<void> {
  const path = databasePath(readEnvironment().databaseUrl);
  if (path !== ':memory:' && !existsSync(path)) throw new Error(`There is no database at ${path}. 没有该数据库。`);
  await withStore(work);
}

/** A document can be read without a database; only whose it is cannot be looked up then. */
async function withStoreIfThere(work: (db: Db | undefined) => Promise<void>): Promise<void> {
  const path = databasePath(readEnvironment().databaseUrl);
  if (path !== ':memory:' && existsSync(path)) return withStore(work);
  tell(terminal, 'There is no database: the agency is not looked up. 没有数据库，未查名录。');
  await work(undefined);
}

function withRegister(work: (db: Db) => Promise<void>): Promise<void> {
  return withStore(async (db) => {
    await ensureRegister(db, clock, terminal);
    await work(db);
  });
}

async function start(db: Db, config: Config) {
  const { logLevel, sampleData } = config;
  // A line of the log that finds no room on the disk, or no reader, is lost; the service goes on.
  process.stdout.removeAllListeners('error').on('error', () => undefined);
  const logger = { level: logLevel, stream: process.stdout };
  const app = await buildApp({ ...config, db, clock, sample: sampleData, logger });
  return { app, address: await serve(app, db, config) };
}
