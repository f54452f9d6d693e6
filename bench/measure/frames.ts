/** What figures cost on the boundaries of a day, and as they were known, beside the same as reported: in turns, in process. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { operator } from '../../src/access/authority.js';
import { buildApp } from '../../src/app.js';
import { dayInChina } from '../../src/day.js';
import { changeAgency } from '../../src/register/change/change.js';
import { loadNationalRegister } from '../../src/register/load.js';
import { fileReport } from '../../src/report/file.js';
import { parseFiling } from '../../src/report/filing.js';
import { openStore } from '../../src/store/engine/open.js';
import type { Db } from '../../src/store/engine/schema.js';
import type { Label } from '../../src/words.js';
import { processorSince } from '../load.js';
import { bodyOf, contentsOf, townshipsOf } from '../national.js';
import { divisionCells } from '../queries.js';
import { median } from '../rounds.js';

const now = new Date();
const lastYear = now.getFullYear() - 1;
const years = [0, 1, 2, 3, 4].map((back) => lastYear - 4 + back);
/** A county without changes, and one that five townships of another go into. */
const places = { unchanged: '431281', merged: '431202', nation: '100000' };
const from = '431224';

/** One frame beside the same as reported: milliseconds of the processor of each, their ratio in each round, and its goal. */
export interface Comparison {
  readonly what: Label;
  readonly milliseconds: number;
  readonly beside: number;
  readonly ratios: readonly number[];
  readonly goal: { readonly ratio: number } | { readonly milliseconds: number };
}

/** Measures in a store of its own with the national register and the reports of the counties that are asked about. */
export async function measureFrames(rounds: number, times: number): Promise<Comparison[]> {
  const folder = mkdtempSync(join(tmpdir(), 'xiangbao-frames-'));
  const db = await openStore(`sqlite:${join(folder, 'frames.db')}`);
  const app = await buildApp({ db, clock: () => now, logger: false, publicReading: 'filed' });
  try {
    const known = await fillStore(db);
    const ask = async (division: string, frame: string) => {
      const query = queryOf(division, frame);
      const begun = process.cpuUsage();
      for (let time = 0; time < times; time++) {
        const { statusCode } = await app.inject({ method: 'POST', url: '/graphql', payload: { query } });
        if (statusCode !== 200) throw new Error(`${query} is refused`);
      }
      return processorSince(begun) / times;
    };
    const onDay = `, frame: { boundaries: ON_DAY, on: "${lastYear}-12-31" }`;
    const compare = async (
      what: Label,
      division: string,
      frame: string,
      goal: Comparison['goal'],
    ): Promise<Comparison> => {
      const pairs: [number, number][] = [];
      for (let round = 0; round <= rounds; round++) pairs.push([await ask(division, frame), await ask(division, '')]);
      const kept = pairs.slice(1);
      const [milliseconds, beside] = [median(kept.map(([one]) => one)), median(kept.map(([, other]) => other))];
      return {
        what: againstReported(what),
        milliseconds,
        beside,
        ratios: kept.map(([one, other]) => one / other),
        goal,
      };
    };
    // What is asked first pays for what all have in common.
    for (const place of Object.values(places)) for (const frame of ['', onDay]) await ask(place, frame);
    return [
      await compare(
        { zh: '没有变更的县，按某日边界', en: 'a county without changes on a day' },
        ...([places.unchanged, onDay, { ratio: 1.1 }] as const),
      ),
      await compare({ zh: '全国，按某日边界', en: 'the nation on a day' }, places.nation, onDay, { ratio: 1.3 }),
      await compare(
        { zh: '并入五个乡镇的县，按某日边界', en: 'a county with five merged townships on a day' },
        ...([places.merged, onDay, { ratio: 2 }] as const),
      ),
      await compare(
        { zh: '一县，按半数报告报送之前所知', en: 'a county as it was known before half of its reports were filed' },
        ...([places.unchanged, `, frame: { knownOn: "${known}" }`, { milliseconds: 20 }] as const),
      ),
    ];
  } finally {
    await app.close();
    await db.destroy();
    rmSync(folder, { recursive: true, force: true });
  }
}

function againstReported({ zh, en }: Label): Label {
  return { zh: `${zh}，40 项 × 5 年，与原报口径比`, en: `${en}, 40 fields × 5 years, against the same as reported` };
}

function queryOf(division: string, frame: string): string {
  const rows = [...new Set(divisionCells.map((cell) => cell.row))];
  const columns = (row: string) => divisionCells.filter((cell) => cell.row === row).map((cell) => cell.column);
  const fields = rows.map((row) => `${row} { ${columns(row).join(' ')} }`).join(' ');
  return `{ division(code: "${division}") { statistics(years: [${years}]${frame}) { year applications { ${fields} } } } }`;
}

/** Files for all years, and merges five townships across the border of a county; returns an instant in between. */
async function fillStore(db: Db): Promise<string> {
  await loadNationalRegister(db, () => {});
  const act = { actor: 'bench', caller: operator, now: new Date(now.getTime() - 3_600_000) };
  const all = townshipsOf(Number.POSITIVE_INFINITY);
  const of = (county: string) => all.filter((township) => township.county === county);
  const filers = [...of(places.unchanged), ...of(places.merged), ...of(from)];
  const later = { ...act, now: new Date(now.getTime() - 60_000) };
  const ending = of(from).slice(0, 5);
  const end = lastYear - 2;
  for (const [index, township] of filers.entries()) {
    for (const [year, content] of contentsOf(township, years)) {
      if (ending.includes(township) && year >= end) continue;
      const filing = parseFiling(JSON.parse(bodyOf(township.code, year, content)), dayInChina(now));
      await fileReport(db, index % 2 === 0 ? act : later, filing, { method: 'post', lenient: true });
    }
  }
  const [heir] = of(places.merged);
  for (const { code } of ending) {
    await changeAgency(db, act, { action: 'close', agency: code, on: `${end}-06-01`, mergedInto: heir?.code }, {});
  }
  return new Date(now.getTime() - 1_800_000).toISOString();
}
