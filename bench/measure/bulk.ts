/** What is done to all reports at once: import, export, the checks; what they take on the disk; and a start. */
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Label } from '../../src/words.js';
import { type Bench, serve } from '../bench.js';
import { type Ended, runToEnd, type Server } from '../processes.js';
import { median } from '../rounds.js';
import { copyStore, environmentOf } from '../stores.js';
import { type Line, type Part, printNumber } from '../table/line.js';

/** What the checks may take of memory beyond what they take with no report, in MiB: they go through reports, and keep none. */
const flatMiB = 64;

/** Measures on the national store. */
export async function measureBulk(bench: Bench): Promise<Part> {
  const title = { zh: '批量、校验与启动', en: 'In bulk, checks and start' };
  const lines = [
    describeImport(bench),
    await measureExport(bench),
    ...(await measureChecks(bench)),
    ...(await measureStart(bench)),
    describeBytes(bench),
  ];
  return { title, lines };
}

function describeImport({ stores: { imports } }: Bench): Line {
  const perCpuSecond = printNumber(median(imports.map(({ reports, cpuSeconds }) => reports / cpuSeconds)));
  const counts = imports.map(({ reports }) => reports.toLocaleString('en')).join(' + ');
  return {
    what: { zh: '导入 NDJSON（核对、汇总、落盘）', en: 'import of NDJSON, checked, summed, durable' },
    ...{ unit: 'reports', values: imports.map(({ reports, seconds }) => reports / seconds), goal: { atLeast: 4000 } },
    beside: {
      zh: `${counts} 份；每 CPU 秒 ${perCpuSecond} 份`,
      en: `${counts} reports; ${perCpuSecond} per second of CPU`,
    },
  };
}

interface Exported {
  readonly ours: number;
  readonly ofCpu: number;
  readonly bare: number;
}

/** The national year as CSV, each year made for the first time, beside the rows of the table printed by SQLite itself. */
async function measureExport({ stores, folder }: Bench): Promise<Line> {
  const copy = copyStore(stores.national, join(folder, 'export.db'));
  const printer = hasSqlite() ? printBySqlite : printByLoop;
  const server = await serve(stores.national);
  const rounds: Exported[] = [];
  try {
    await exportOnce(server, `division=110000&year=${stores.years.at(-1)}`);
    for (const year of stores.years) {
      const ours = await exportOnce(server, `year=${year}`);
      rounds.push({ ours: ours.rows / ours.seconds, ofCpu: ours.rows / ours.cpuSeconds, bare: printer(copy, year) });
    }
  } finally {
    await server.stop();
  }
  const middle = (value: (round: Exported) => number) => printNumber(median(rounds.map(value)));
  const [ofCpu, bare] = [middle((round) => round.ofCpu), middle((round) => round.bare)];
  const by = printer === printBySqlite ? 'sqlite3 -csv' : 'better-sqlite3 raw()';
  return {
    what: { zh: '导出全国一年为 CSV，每次新做', en: "export of the nation's year as CSV, made each time" },
    ...{ unit: 'rows', values: rounds.map(({ ours }) => ours), goal: { atLeast: 15_000 } },
    beside: {
      zh: `每 CPU 秒 ${ofCpu} 行；${by}：${bare} 行/秒`,
      en: `${ofCpu} rows per second of CPU; ${by}: ${bare} rows/s`,
    },
  };
}

async function exportOnce(server: Server, query: string) {
  const before = server.cpu();
  const begun = performance.now();
  const answer = await fetch(`${server.url}/v1/exports/reports.csv?${query}`);
  if (!answer.ok || !answer.body) throw new Error(`the export is answered ${answer.status}`);
  let rows = -1;
  for await (const piece of answer.body) for (const byte of piece) if (byte === 0x0a) rows++;
  return { rows, seconds: (performance.now() - begun) / 1000, cpuSeconds: (server.cpu() - before) / 1000 };
}

function hasSqlite(): boolean {
  return spawnSync('sqlite3', ['--version']).status === 0;
}

/** Rows a second. A copy is read: an older program is not let near a file that is served. */
function printBySqlite(file: string, year: number): number {
  const begun = performance.now();
  const print = `select * from report where year = ${year}`;
  const out = execFileSync('sqlite3', ['-readonly', '-csv', file, print], { maxBuffer: 2 ** 30 });
  return out.toString('latin1').split('\n').length / ((performance.now() - begun) / 1000);
}

function printByLoop(file: string, year: number): number {
  const database = new Sqlite(file, { readonly: true });
  const begun = performance.now();
  let count = 0;
  let bytes = 0;
  const rows = database.prepare<[number], unknown[]>('select * from report where year = ?').raw().iterate(year);
  for (const row of rows) {
    bytes += row.join().length;
    count++;
  }
  database.close();
  if (bytes < count) throw new Error('a row has columns');
  return count / ((performance.now() - begun) / 1000);
}

async function measureChecks({ stores }: Bench): Promise<Line[]> {
  const lines: Line[] = [];
  const checks: readonly (readonly [string[], number])[] = [
    [['check'], 40],
    [['rollups', 'verify'], 10],
  ];
  for (const [args, atMost] of checks) {
    const none = await runToEnd('program/main.js', args, environmentOf(stores.bare));
    const all = await runToEnd('program/main.js', args, environmentOf(stores.national));
    lines.push(...describeCheck(`xiangbao ${args.join(' ')}`, atMost, none, all, stores.bytes.reports));
  }
  return lines;
}

function describeCheck(command: string, atMost: number, none: Ended, all: Ended, reports: number): Line[] {
  const of: Label = { zh: `${reports.toLocaleString('en')} 份报告`, en: `${reports.toLocaleString('en')} reports` };
  return [
    {
      what: { zh: `\`${command}\`，${of.zh}`, en: `\`${command}\`, ${of.en}` },
      ...{ unit: 's', values: [all.seconds], goal: { atMost } },
      beside: { zh: `CPU ${printNumber(all.cpuSeconds)} 秒`, en: `${printNumber(all.cpuSeconds)} s of CPU` },
    },
    {
      what: { zh: '其内存，比没有报告时多', en: 'its memory beyond what it takes with no report' },
      ...{ unit: 'MiB', values: [Math.max(0, all.peak - none.peak)], goal: { atMost: flatMiB } },
      beside: { zh: `最多 ${all.peak} MiB`, en: `${all.peak} MiB at the most` },
    },
  ];
}

/** Starts the server again and again, until it says that it is ready: with all reports, and with none. */
async function measureStart({ stores, scale }: Bench): Promise<Line[]> {
  const once = async (file: string) => {
    const begun = performance.now();
    const server = await serve(file);
    const taken = { seconds: (performance.now() - begun) / 1000, cpuSeconds: server.cpu() / 1000 };
    await server.stop();
    return taken;
  };
  const pairs: { readonly all: Awaited<ReturnType<typeof once>>; readonly none: Awaited<ReturnType<typeof once>> }[] =
    [];
  for (let round = 0; round <= scale.rounds; round++) {
    pairs.push({ all: await once(stores.national), none: await once(stores.bare) });
  }
  const kept = pairs.slice(1);
  const middle = (value: (pair: (typeof kept)[number]) => number) => printNumber(median(kept.map(value)));
  const none = middle((pair) => pair.none.seconds);
  return [
    {
      what: { zh: '启动，到就绪为止', en: 'a start, until it is ready' },
      ...{ unit: 's', values: kept.map((pair) => pair.all.seconds), goal: { atMost: 1 } },
      beside: { zh: `没有报告时 ${none} 秒`, en: `${none} s with no report` },
    },
    {
      what: { zh: '启动所用 CPU', en: 'CPU of a start' },
      ...{ unit: 's', values: kept.map((pair) => pair.all.cpuSeconds) },
    },
  ];
}

function describeBytes({ stores: { bytes } }: Bench): Line {
  const mib = (size: number) => printNumber(size / 2 ** 20);
  return {
    what: { zh: '每份报告占用，含修订、汇总、日志', en: 'bytes a report, with its revision, sums and log' },
    ...{ unit: 'bytes', values: [(bytes.whole - bytes.register) / bytes.reports], goal: { atMost: 1200 } },
    beside: {
      zh: `数据库 ${mib(bytes.whole)} MiB，其中名录 ${mib(bytes.register)} MiB`,
      en: `a file of ${mib(bytes.whole)} MiB, ${mib(bytes.register)} MiB of it the register`,
    },
  };
}
