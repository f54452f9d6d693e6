/** What those who ask something light wait for while somebody else has much done. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Label } from '../../src/words.js';
import { type Bench, serve } from '../bench.js';
import { type Sent, writeRequests } from '../load.js';
import { countiesToAsk, townshipsOf } from '../national.js';
import { makeToken, type Server } from '../processes.js';
import { divisionText } from '../queries.js';
import { inTurns, median } from '../rounds.js';
import { environmentOf } from '../stores.js';
import { type Line, type Part, printNumber } from '../table/line.js';
import { filingEachSecond } from './rankings.js';

/** Light questions a second: far from what the server can answer. */
const perSecond = 50;

/** Nothing blocks the others for longer, in milliseconds. */
const maxWaitMs = 50;

type Side = 'quiet' | 'changes' | 'export';

/** Measures on the store that is written to: its register is changed for good. */
export async function measureWaiting(bench: Bench): Promise<Part> {
  const { written } = bench.stores;
  const { authorization } = await makeToken(environmentOf(written.file), 'waiting');
  const server = await serve(written.file);
  const last = written.years.at(-1) ?? 0;
  const file = writeRequests(
    bench.folder,
    'light',
    countiesToAsk().map((code) => JSON.stringify({ query: divisionText, variables: { code, years: [last] } })),
  );
  const light = async (meanwhile: () => Promise<unknown>): Promise<Sent> => {
    const [sent] = await Promise.all([
      bench.sender.send({
        ...{ url: `${server.url}/graphql`, method: 'POST', connections: 2, perSecond, order: 'random', expected: 200 },
        ...{ file, during: { seconds: 2 * bench.scale.seconds } },
      }),
      sleep(200).then(meanwhile),
    ]);
    return sent;
  };
  const files = changeFiles(bench);
  const changed: Sent[] = [];
  try {
    const rounds = await inTurns<Side, Sent>(bench.scale.rounds, {
      quiet: () => light(async () => {}),
      changes: async () => {
        const sent = await light(() => changeRegister(server, authorization, files.shift() ?? ''));
        changed.push(sent);
        return sent;
      },
      export: async () => {
        // What is filed makes the export another one than was kept.
        await bench.other.send({
          ...filingEachSecond(bench, server, authorization, 1),
          ...{ perSecond: 100, during: { requests: 1 } },
        });
        return light(() => takeExport(server, last));
      },
    });
    return { title: { zh: '互不等待', en: 'Nobody waits' }, lines: linesOf(bench, rounds, changed) };
  } finally {
    await server.stop();
  }
}

/** Files that give townships another name, others in each round. */
function changeFiles({ scale }: Bench): string[] {
  const all = townshipsOf(Number.POSITIVE_INFINITY);
  const day = `${new Date().getFullYear()}-01-01`;
  return Array.from({ length: scale.rounds + 1 }, (_, round) => {
    const some = all.slice(round * scale.changes, (round + 1) * scale.changes);
    return `action,code,name,on\n${some.map(({ code }, at) => `change,${code},改名${at}乡,${day}`).join('\n')}`;
  });
}

async function changeRegister(server: Server, authorization: string, body: string): Promise<void> {
  const headers = { authorization, 'content-type': 'text/csv' };
  const answer = await fetch(`${server.url}/v1/register/changes`, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(`the changes are refused: ${await answer.text()}`);
  await answer.arrayBuffer();
}

/** Takes the nation's year as CSV. */
async function takeExport(server: Server, year: number): Promise<void> {
  const answer = await fetch(`${server.url}/v1/exports/reports.csv?year=${year}`);
  if (!answer.ok) throw new Error(`the export is refused: ${await answer.text()}`);
  await answer.arrayBuffer();
}

function linesOf({ scale }: Bench, rounds: readonly Readonly<Record<Side, Sent>>[], changed: readonly Sent[]): Line[] {
  const quiet = printNumber(median(rounds.map((round) => round.quiet.p99)));
  const line = (what: Label, side: 'changes' | 'export', first: number): Line => {
    const worst = printNumber(Math.max(...rounds.map((round) => round[side].worst)));
    return {
      what,
      ...{ unit: 'ms', values: rounds.map((round) => round[side].p99), goal: { atMost: maxWaitMs } },
      beside: {
        zh: `最久 ${worst} 毫秒${first ? `，首次 ${printNumber(first)} 毫秒` : ''}；无他人时 p99 ${quiet} 毫秒`,
        en: `at most ${worst} ms${first ? `, ${printNumber(first)} ms the first time` : ''}; p99 with nobody else ${quiet} ms`,
      },
    };
  };
  const asked = { zh: `每秒 ${perSecond} 个轻请求的 p99，`, en: `p99 of ${perSecond} light questions a second while ` };
  return [
    line(
      {
        zh: `${asked.zh}其间变更名录 ${scale.changes} 行（CSV）`,
        en: `${asked.en}${scale.changes} lines of CSV change the register`,
      },
      'changes',
      changed[0]?.worst ?? 0,
    ),
    line({ zh: `${asked.zh}其间导出全国一年`, en: `${asked.en}the nation's year is exported` }, 'export', 0),
  ];
}
