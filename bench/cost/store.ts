/**
 * The store of the fit: the national register with two years of reports, all of one accepted, of the other a third
 * not filed and half accepted; some counties' own reports, and one report that was revised.
 */
import { randomBytes } from 'node:crypto';
import Sqlite from 'better-sqlite3';
import { operator } from '../../src/access/authority.js';
import { createToken } from '../../src/access/tokens.js';
import { buildApp } from '../../src/app.js';
import { openStore } from '../../src/store/engine/open.js';
import { rebuildRollups } from '../../src/store/rollup/rollup-check.js';
import { askedCounty, bodyOf, contentsOf, townshipsOf } from '../national.js';
import { load } from '../processes.js';
import type { FitYears } from './questions.js';

/** Makes the store in a file that is not there yet. */
export async function makeFitStore(file: string, { accepted, half }: FitYears): Promise<void> {
  const env = { DATABASE_URL: `sqlite:${file}`, LOG_LEVEL: 'warn' };
  await load([String(Number.MAX_SAFE_INTEGER), '3600', String(accepted), String(half)], env);
  await fileOthers(file, accepted);
  acceptBare(file, accepted);
  leaveOut(file, half);
  const db = await openStore(`sqlite:${file}`);
  await rebuildRollups(db);
  await db.destroy();
}

/** The asked county's own report, and a township's report once more. */
async function fileOthers(file: string, year: number): Promise<void> {
  const db = await openStore(`sqlite:${file}`);
  const app = await buildApp({ db, clock: () => new Date(), logger: false });
  const act = { actor: 'bench', caller: operator, now: new Date() };
  const grants = [{ scope: 'admin' as const, division: '100000' }];
  const { token } = await createToken(db, act, randomBytes, { name: 'fit', grants, expiresAt: null });
  const [one, other] = townshipsOf(2);
  if (!one || !other) throw new Error('the asked county has townships');
  const [content] = [...contentsOf(other, [year])].map(([, own]) => own);
  if (!content) throw new Error('a year has a report');
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const { agency: _a, year: _y, ...filing } = JSON.parse(bodyOf(one.code, year, content));
  const answers = [
    await app.inject({ method: 'POST', url: '/v1/reports', headers, payload: bodyOf(askedCounty, year, content) }),
    await app.inject({
      method: 'PUT',
      url: `/v1/reports/${one.code}/${year}`,
      headers: { ...headers, 'if-match': '*' },
      payload: { ...filing, reason: '更正' },
    }),
  ];
  for (const { statusCode, body } of answers) if (statusCode >= 300) throw new Error(body);
  await app.close();
  await db.destroy();
}

/** Accepts without the ceremony: 60,000 decisions would take longer than all that is measured. */
function acceptBare(file: string, year: number): void {
  const database = new Sqlite(file);
  database
    .prepare(
      `update report set state = 'ACCEPTED', accepted_revision = revision, accepted_at = updated_at,
        accepted_on = submitted_on, accepted_on_time = on_time, accepted_sample = sample
      where year = ? or agency_id % 2 = 0`,
    )
    .run(year);
  database.close();
}

/** Leaves a third of a year's reports out. */
function leaveOut(file: string, year: number): void {
  const database = new Sqlite(file);
  database.pragma('foreign_keys = ON');
  database.prepare('delete from report where year = ? and agency_id % 3 = 0').run(year);
  database.close();
}
