/** What figures cost on the boundaries of a day, and as they were known, beside the same as reported: in turns, in process. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { operator } from '../src/access/authority.js';
import { buildApp } from '../src/app.js';
import { dayInChina } from '../src/day.js';
import { changeAgency } from '../src/register/change/change.js';
import { loadNationalRegister } from '../src/register/load.js';
import { fileReport } from '../src/report/file.js';
import { parseFiling } from '../src/report/filing.js';
import { openStore } from '../src/store/engine/open.js';
import type { Db } from '../src/store/engine/schema.js';
import { type Comparison, median, processorSince } from './load.js';
import { bodyOf, contentsOf, townshipsOf } from './national.js';
import { divisionCells } from './queries.js';

const now = new Date();
const lastYear = now.getFullYear() - 1;
const years = [0, 1, 2, 3, 4].map((back) => lastYear - 4 + back);
/** A county without changes, and one that five townships of another go into. */
const places = { unchanged: '431281', merged: '431202', nation: '100000' };
const from = '431224';

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
    const compare = async (what: string, division: string, frame: string, target: string): Promise<Comparison> => {
      const pairs: [number, number][] = [];
      for (let round = 0; round <= rounds; round++) pairs.push([await ask(division, frame), await ask(division, '')]);
      const kept = pairs.slice(1);
      const [milliseconds, beside] = [median(kept.map(([one]) => one)), median(kept.map(([, other]) => other))];
      return { what, milliseconds, beside, ratio: median(kept.map(([one, other]) => one / other)), target };
    };
    const asReported = 'against the same as reported';
    // What is asked first pays for what all have in common.
    for (const place of Object.values(places)) for (const frame of ['', onDay]) await ask(place, frame);
    return [
      await compare(`a county without changes on a day, ${asReported}`, places.unchanged, onDay, '≤ 1.1 × the time'),
      await compare(`the nation on a day, ${asReported}`, places.nation, onDay, '≤ 1.3 × the time'),
      await compare(
        `a county with five merged townships on a day, ${asReported}`,
        places.merged,
        onDay,
        '≤ 2 × the time',
      ),
      await compare(
        `a county as it was known before half of its reports were filed, ${asReported}`,
        places.unchanged,
        `, frame: { knownOn: "${known}" }`,
        '≤ 20 ms',
      ),
    ];
  } finally {
    await app.close();
    await db.destroy();
    rmSync(folder, { recursive: true, force: true });
  }
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
