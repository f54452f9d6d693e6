/** Why a report cannot be read: it was not filed, was withdrawn, or was not accepted yet. */

import { requireScopeOver } from '../access/authority.js';
import type { Reader } from '../access/visibility.js';
import { Problem } from '../problem.js';
import type { Db } from '../store/engine/schema.js';
import type { Agency } from '../store/register/agencies.js';
import { lineageOf } from '../store/register/lineage.js';
import type { ReportRow } from '../store/reports.js';
import { listRevisions } from '../store/revisions.js';

/** The refusal of a report that is not there; it says so when it was withdrawn. */
export async function notFiled(db: Db, agency: Agency, year: number): Promise<Problem> {
  const last = (await listRevisions(db, agency.id, year)).at(-1);
  const name = `${agency.name} (${agency.code})`;
  if (last?.action === 'withdrawn') {
    return new Problem(
      'not-found',
      {
        zh: '该报告已撤回，历史版本仍可查阅。',
        en: `The report of ${name} for ${year} was withdrawn on ${last.at}; its revisions stay readable.`,
      },
      { withdrawnAt: last.at, revisions: `/v1/reports/${agency.code}/${year}/revisions` },
    );
  }
  return new Problem('not-found', {
    zh: `该机关 ${year} 年度未报送。`,
    en: `${name} has not filed a report for ${year}.`,
  });
}

/**
 * The refusal of a report that was filed and not accepted: it says that it was filed, as the coverage of its county
 * does, and no more. Throws `unauthorized` or `forbidden` itself where everything is closed to the reader.
 */
export async function notAccepted(db: Db, { caller, open }: Reader, agency: Agency, row: ReportRow): Promise<Problem> {
  const name = `${agency.name} (${agency.code})`;
  if (open === 'none') {
    requireScopeOver(
      caller,
      'read',
      { lineage: await lineageOf(db, row.countyId, row.year), agencyId: agency.id },
      agency,
    );
  }
  return new Problem(
    caller.kind === 'stranger' ? 'unauthorized' : 'forbidden',
    {
      zh: '该报告尚待审核，审核通过前须有令牌方可读取。',
      en: `The report of ${name} for ${row.year} is filed and not accepted yet; until then it takes a token for it.`,
    },
    { reason: 'not-accepted' },
  );
}
