/** Whether the last page costs what the first does, and memory stays where it is under a mixed load. */
import { setTimeout as sleep } from 'node:timers/promises';
import { seedRandom } from '../../src/command/sample-reports.js';
import type { Label } from '../../src/words.js';
import { type Bench, keepNothing, serve } from '../bench.js';
import { writeRequests } from '../load.js';
import { shuffle } from '../national.js';
import { makeToken, type Server } from '../processes.js';
import { median } from '../rounds.js';
import { environmentOf } from '../stores.js';
import { type Line, type Part, printNumber } from '../table/line.js';
import { hotQuestions } from './growth.js';
import { filingEachSecond } from './rankings.js';

/** How many times what the first pages cost the last ones may. */
const maxGrowth = 1.2;

/** Of the last third of a mixed load, by how much the memory may be more than in the second one. */
const maxMemoryGrowth = 1.1;

/** Measures pages of the national store, and memory while the other one is read and written. */
export async function measureSteadiness(bench: Bench): Promise<Part> {
  const title = { zh: '深页与内存', en: 'Deep pages and memory' };
  return { title, lines: [...(await measurePages(bench)), await measureMemory(bench)] };
}

/** Turns pages to the end of them: the first ones against the last ones. */
async function measurePages({ stores, scale }: Bench): Promise<Line[]> {
  const server = await serve(stores.national, keepNothing);
  const first = `?first=${scale.pageSize}`;
  const pages: readonly (readonly [Label, string, (answer: Response) => Promise<string | undefined>])[] = [
    [{ zh: '报告列表', en: 'the list of reports' }, `/v1/reports${first}`, async (answer) => nextLink(answer)],
    [{ zh: '变更流', en: 'the change feed' }, `/v1/changes${first}`, async (answer) => nextOfFeed(answer, first)],
  ];
  const lines: Line[] = [];
  try {
    for (const [what, path, next] of pages) {
      const rounds: { readonly first: number; readonly last: number }[] = [];
      for (let round = 0; round <= scale.rounds; round++) rounds.push(await turnPages(server, path, scale.pages, next));
      const kept = rounds.slice(1);
      const middle = (value: 'first' | 'last') => printNumber(median(kept.map((round) => round[value])));
      lines.push({
        what: {
          zh: `${what.zh}：第 ${scale.pages} 页前后与开头比（每页 ${scale.pageSize}），按 CPU`,
          en: `${what.en}: pages about the ${scale.pages}th against the first ones (${scale.pageSize} each), by CPU`,
        },
        ...{ unit: 'ratio', values: kept.map((round) => round.last / round.first), goal: { atMost: maxGrowth } },
        beside: {
          zh: `${middle('last')} 毫秒；${middle('first')} 毫秒`,
          en: `${middle('last')} ms; ${middle('first')} ms`,
        },
      });
    }
  } finally {
    await server.stop();
  }
  return lines;
}

/** Milliseconds of the processor for a page, over the first fifth of the pages after ten that warm up, and over the last. */
async function turnPages(
  server: Server,
  path: string,
  pages: number,
  next: (answer: Response) => Promise<string | undefined>,
): Promise<{ readonly first: number; readonly last: number }> {
  const span = Math.floor(pages / 5);
  const marks = new Map<number, number>();
  let url: string | undefined = path;
  for (let page = 0; page < pages; page++) {
    marks.set(page, server.cpu());
    if (url === undefined) throw new Error(`${path} has only ${page} pages`);
    const answer = await fetch(server.url + url);
    if (!answer.ok) throw new Error(`${url} is answered ${answer.status}`);
    url = await next(answer);
  }
  marks.set(pages, server.cpu());
  const between = (from: number, to: number) => ((marks.get(to) ?? 0) - (marks.get(from) ?? 0)) / (to - from);
  return { first: between(10, 10 + span), last: between(pages - span, pages) };
}

async function nextLink(answer: Response): Promise<string | undefined> {
  await answer.arrayBuffer();
  return /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
}

async function nextOfFeed(answer: Response, first: string): Promise<string | undefined> {
  // The feed's page, as openapi.json has it.
  const { next, more } = (await answer.json()) as { readonly next: string; readonly more: boolean };
  return more ? `/v1/changes${first}&since=${encodeURIComponent(next)}` : undefined;
}

/** Asks all hot questions at once and files one report a second, for long; looks at the memory every second. */
async function measureMemory(bench: Bench): Promise<Line> {
  const { written } = bench.stores;
  const seconds = bench.scale.mixedSeconds;
  const { authorization } = await makeToken(environmentOf(written.file), 'memory');
  const server = await serve(written.file);
  const idle = server.memory();
  const samples: number[] = [];
  const watch = setInterval(() => samples.push(server.memory()), 250);
  try {
    const filing = bench.other.send(filingEachSecond(bench, server, authorization, seconds));
    await askAll(bench, server, seconds);
    await filing;
    // What is only waiting to be collected is not in use.
    await sleep(500);
  } finally {
    clearInterval(watch);
    await server.stop();
  }
  const third = Math.floor(samples.length / 3);
  const [second, last] = [median(samples.slice(third, 2 * third)), median(samples.slice(2 * third))];
  return {
    what: {
      zh: `内存：混合负载 ${Math.round(seconds)} 秒，最后三分之一与中间三分之一比`,
      en: `memory: ${Math.round(seconds)} s of mixed load, its last third against the one before`,
    },
    ...{ unit: 'ratio', values: [last / second], goal: { atMost: maxMemoryGrowth } },
    beside: {
      zh: `启动后 ${idle} MiB；${second} MiB；${last} MiB；最多 ${Math.max(...samples)} MiB`,
      en: `${idle} MiB after the start; ${second} MiB; ${last} MiB; at most ${Math.max(...samples)} MiB`,
    },
  };
}

/** Asks the hot questions in turn, a second of each. */
async function askAll(bench: Bench, server: Server, seconds: number): Promise<void> {
  const random = seedRandom(seconds);
  const questions = hotQuestions(bench.stores.written.years[0] ?? 0).map((hot, index) => ({
    hot,
    file: writeRequests(bench.folder, `mixed-${index}`, hot.requests),
  }));
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    for (const { hot, file } of shuffle(random, questions)) {
      await bench.sender.send({
        ...{ url: server.url + hot.path, method: hot.path === '' ? 'GET' : 'POST', connections: 16, expected: 200 },
        ...{ file, order: 'random', during: { seconds: 1 } },
      });
      if (performance.now() >= end) return;
    }
  }
}
