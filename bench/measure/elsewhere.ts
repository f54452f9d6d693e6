/** What is measured in this process: figures on the boundaries of a day, documents that are read, and the register loaded. */
import type { Bench } from '../bench.js';
import { inTurns, median } from '../rounds.js';
import { type Line, type Part, printNumber } from '../table/line.js';
import { measureFrames } from './frames.js';
import { measureReading } from './reading.js';
import { insertRegisterBare, loadRegisterOnce } from './register.js';

/** Measures in process. */
export async function measureElsewhere(bench: Bench): Promise<Part> {
  const title = { zh: '进程内：口径、文档、名录', en: 'In process: frames, documents, the register' };
  return { title, lines: [...(await frames(bench)), await documents(bench), await register(bench)] };
}

async function frames({ scale }: Bench): Promise<Line[]> {
  const found = await measureFrames(scale.rounds, scale.name === 'quick' ? 40 : 400);
  return found.map(({ what, ratios, milliseconds, beside, goal }) => ({
    what,
    ...('ratio' in goal
      ? ({ unit: 'ratio', values: ratios, goal: { atMost: goal.ratio } } as const)
      : ({ unit: 'ms', values: [milliseconds], goal: { atMost: goal.milliseconds } } as const)),
    beside: {
      zh: `${printNumber(milliseconds)} 毫秒；${printNumber(beside)} 毫秒`,
      en: `${printNumber(milliseconds)} ms; ${printNumber(beside)} ms`,
    },
  }));
}

/** Layouts that are named in the table beside the middle one. */
const namedLayouts = ['published HTML', 'Word', 'Excel'];

async function documents({ scale }: Bench): Promise<Line> {
  const speeds = await measureReading(scale.seconds / 4);
  const named = speeds.filter(({ layout }) => namedLayouts.includes(layout));
  const list = named.map(({ layout, perSecond }) => `${layout} ${printNumber(perSecond)}`).join(', ');
  return {
    what: {
      zh: `读取文档，${speeds.length} 种版式（范围为各版式），每 CPU 秒`,
      en: `documents read in ${speeds.length} layouts, the range over these, per second of CPU`,
    },
    ...{ unit: 'documents', values: speeds.map(({ perSecond }) => perSecond) },
    beside: { zh: list, en: list },
  };
}

async function register({ scale }: Bench): Promise<Line> {
  const rounds = await inTurns(scale.rounds, { ours: loadRegisterOnce, bare: insertRegisterBare });
  const middle = (side: 'ours' | 'bare') => printNumber(median(rounds.map((round) => round[side])));
  return {
    what: {
      zh: '首次启动载入全国名录，与解析其文件并裸插入比，按时间',
      en: 'the national register loaded, against its files parsed and inserted bare, by time',
    },
    ...{ unit: 'ratio', values: rounds.map(({ ours, bare }) => ours / bare), goal: { atMost: 5 } },
    beside: { zh: `${middle('ours')} 秒；${middle('bare')} 秒`, en: `${middle('ours')} s; ${middle('bare')} s` },
  };
}
