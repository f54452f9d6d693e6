#!/usr/bin/env node
/** The program: arguments and environment -> one command. The only file that acts when imported. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { buildApp } from './app.js';
import { addAudit } from './command/audit.js';
import { addBackup } from './command/backup.js';
import { addCheck } from './command/check.js';
import { addDemo } from './command/demo.js';
import { addExport } from './command/export.js';
import { addImport } from './command/import/import.js';
import { addMigrate } from './command/migrate.js';
import { addRead } from './command/read.js';
import { addRegister } from './command/register.js';
import { addRestore } from './command/restore.js';
import { addRollups } from './command/rollups.js';
import { addServe } from './command/serve.js';
import { impossible, refused, tellFailure } from './command/shell/failure.js';
import { type Terminal, tell } from './command/shell/terminal.js';
import type { Tools } from './command/shell/tools.js';
import { addToken } from './command/token.js';
import { type Config, readConfig, variableNames } from './config.js';
import { packageRoot } from './root.js';
import { inBoth } from './words.js';

const terminal: Terminal = { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr };
const clock = () => new Date();

const tools: Tools = {
  terminal,
  clock,
  random: randomBytes,
  readEnvironment,
  buildApp: (db, config) => {
    const { logLevel, sampleData } = config;
    const logger = { level: logLevel, stream: process.stdout };
    return buildApp({ ...config, db, clock, sample: sampleData, logger });
  },
  endWith: (code) => {
    process.exitCode = code;
  },
};

// The reader of the output may stop early: xiangbao export | head.
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
  .addHelpText('after', `\n${inBoth({ zh: '环境变量', en: 'Environment' })}: ${variableNames.join(', ')}`)
  .addHelpText(
    'after',
    `${inBoth({ zh: '退出码', en: 'Exit codes' })}: 0 done, 1 something was refused or differs, or the environment or its database is at fault, 2 it could not be done`,
  )
  .showHelpAfterError('(xiangbao --help shows what there is)');

addServe(program, tools);
addDemo(program, tools);
addMigrate(program, tools);
addImport(program, tools);
addExport(program, tools);
addRead(program, tools);
addRollups(program, tools);
addToken(program, tools);
addAudit(program, tools);
addBackup(program, tools);
addRestore(program, tools);
addCheck(program, tools);
addRegister(program, tools);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = error instanceof CommanderError ? exitOf(error) : tellFailure(terminal, error, process.env);
}

/** Commander throws for --help too, which is no failure. */
function exitOf(error: CommanderError): number {
  return error.exitCode === 0 ? 0 : impossible;
}

function readEnvironment(otherwise: Readonly<Record<string, string>> = {}): Config {
  const read = readConfig({ ...otherwise, ...process.env });
  if ('config' in read) return read.config;
  for (const fault of read.faults) tell(terminal, fault);
  process.exit(refused);
}
