/** Filing over HTTP beside the same rows inserted bare, one client alone beside the disk, and what the sums cost. */
import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { parseFiling } from '../../src/report/filing.js';
import { openStore } from '../../src/store/engine/open.js';
import type { Label } from '../../src/words.js';
import { type Bench, describeRounds, listed, serve } from '../bench.js';
import { measureJob, type Round } from '../load.js';
import { contentsOf, type Township, townshipsOf } from '../national.js';
import { makeToken } from '../processes.js';
import { inTurns, median } from '../rounds.js';
import { copyStore, environmentOf } from '../stores.js';
import { type Line, type Part, printNumber } from '../table/line.js';
import { type FilingCost, measureRollupUpkeep, openBareInserts } from './writes.js';

/** Of the filings of a round, the share that each number of connections sends: about as long for each. */
const shares = { one: 0.15, sixteen: 0.4, many: 0.44 } as const;
const connections = { one: 1, sixteen: 16, many: 128 } as const;

type Side = keyof typeof shares | 'inserts' | 'syncs';

/** Measures filing on the store that is written to. */
export async function measureFiling(bench: Bench): Promise<Part> {
  const { written } = bench.stores;
  const upkeepStore = copyStore(written.file, join(bench.folder, 'upkeep.db'));
  const { authorization } = await makeToken(environmentOf(written.file), 'filing');
  const server = await serve(written.file);
  const seconds = Math.min(1, bench.scale.seconds);
  const inserts = openBareInserts(written.file, join(bench.folder, 'limit.db'), sampleOf(bench));
  const post = (side: keyof typeof shares) => () =>
    measureJob(bench.sender, server, {
      ...{ path: '/v1/reports', method: 'POST', order: 'once', expected: 201, headers: { authorization } },
      ...{ file: written.filings.file, connections: connections[side] },
      during: { requests: Math.floor((shares[side] * written.filings.count) / (bench.scale.rounds + 1)) },
    });
  const alone = (rate: number): Round => ({ rate, p50: 0, p99: 0, worst: 0, cpu: 0 });
  try {
    const rounds = await inTurns<Side, Round>(bench.scale.rounds, {
      one: post('one'),
      syncs: async () => alone(syncsPerSecond(join(bench.folder, 'syncs'), seconds)),
      sixteen: post('sixteen'),
      inserts: async () => alone(inserts.whole(seconds)),
      many: post('many'),
    });
    const title = { zh: '报送', en: 'Filing' };
    return { title, lines: [...linesOf(rounds), await measureUpkeep(bench, upkeepStore)] };
  } finally {
    await server.stop();
  }
}

/** What is inserted bare: contents of those filings that are measured. */
function sampleOf({ stores }: Bench) {
  const lines = readFileSync(stores.written.filings.file, 'utf8').split('\n').slice(0, 500);
  return lines.map((line) => parseFiling(JSON.parse(line), new Date().toISOString().slice(0, 10)).content);
}

/** The disk's own limit: pages of 4 KiB written at the end of a file and synced, each by itself. */
function syncsPerSecond(file: string, seconds: number): number {
  const page = Buffer.alloc(4096, 1);
  const out = openSync(file, 'w');
  const begun = performance.now();
  let count = 0;
  for (; performance.now() - begun < seconds * 1000; count++) {
    writeSync(out, page);
    fdatasyncSync(out);
  }
  closeSync(out);
  return count / ((performance.now() - begun) / 1000);
}

function linesOf(rounds: readonly Readonly<Record<Side, Round>>[]): Line[] {
  const of = (side: Side) => rounds.map((round) => round[side]);
  const rate = (side: Side) => printNumber(median(of(side).map((round) => round.rate)));
  const inserted: Label = { zh: `裸插入 ${rate('inserts')} 次/秒`, en: `inserts ${rate('inserts')}/s` };
  const ours: Label = { zh: '报送', en: 'filings' };
  const against = (side: 'sixteen' | 'many'): Line => ({
    what: {
      zh: `POST 一份完整报告（核对、汇总、落盘），${connections[side]} 个连接，与裸插入同样的行比`,
      en: `POST of a full report (checked, summed, durable) over ${connections[side]} connections, against the same rows inserted bare`,
    },
    ...{ unit: 'ratio', values: rounds.map((round) => round[side].rate / round.inserts.rate), goal: { atLeast: 0.5 } },
    beside: listed(describeRounds(ours, of(side)), inserted),
  });
  return [
    against('sixteen'),
    against('many'),
    {
      what: { zh: '一个客户端逐份报送', en: 'one client that files one by one' },
      ...{ unit: 'reports', values: of('one').map((round) => round.rate), goal: { atLeast: 600 } },
      beside: listed(describeRounds(ours, of('one')), {
        zh: `磁盘 ${rate('syncs')} 次落盘/秒`,
        en: `the disk syncs ${rate('syncs')} times a second`,
      }),
    },
  ];
}

async function measureUpkeep({ stores, scale }: Bench, file: string): Promise<Line> {
  const { written } = stores;
  const db = await openStore(`sqlite:${file}`);
  try {
    const filings = firstOfEachCounty()
      .slice(0, scale.filings)
      .map((township) => ({ township, contents: [...contentsOf(township, [written.year, written.year + 1])] }));
    const costs = await measureRollupUpkeep(db, filings, scale.rounds);
    const middle = (value: (cost: FilingCost) => number) => printNumber(median(costs.map(value)));
    const [summed, unsummed] = [middle((cost) => cost.withRollups), middle((cost) => cost.without)];
    return {
      what: {
        zh: '汇总的维护：进程内报送一份（落盘），计入四级汇总与不计入比，按时间',
        en: 'rollup upkeep: filing in process, durable, in four rollups against in none, by time',
      },
      ...{ unit: 'ratio', values: costs.map((cost) => cost.withRollups / cost.without), goal: { atMost: 1.4 } },
      beside: { zh: `${summed} 毫秒；${unsummed} 毫秒`, en: `${summed} ms; ${unsummed} ms` },
    };
  } finally {
    await db.destroy();
  }
}

function firstOfEachCounty(): Township[] {
  const all = townshipsOf(Number.POSITIVE_INFINITY).toReversed();
  return [...new Map(all.map((one) => [one.county, one])).values()];
}
