/** Which divisions anything was recorded of since an instant, so that the sums of all others are known to be as they are kept. */
import { referenceDate } from '../day.js';
import { takeTurns } from '../loop.js';
import { holdsOn } from '../register/codes.js';
import type { RegisterAt } from '../register/known.js';
import type { Db } from '../store/engine/schema.js';
import { statesOfAgencies } from '../store/register/agencies.js';
import { lineageOf } from '../store/register/lineage.js';
import { reportsUpdatedAfter } from '../store/reports-since.js';
import { withdrawnSince } from '../store/revisions.js';

/** How many reports are read in one piece. */
const reportsAtOnce = 1000;

/**
 * The divisions whose sums of a year something was recorded of after the instant of a register; undefined where that cannot be
 * told by reports alone, since agencies, divisions or deadlines were changed after it.
 */
export async function touchedSince(
  db: Db,
  { at, agency, division }: RegisterAt,
  year: number,
): Promise<ReadonlySet<number> | undefined> {
  if (at === null || agency || division) return undefined;
  const counties = await countiesOfWithdrawn(db, at, year);
  if (!counties) return undefined;
  const turn = takeTurns();
  for (
    let last: Parameters<typeof reportsUpdatedAfter>[2] | undefined = { updatedAt: at, id: Number.MAX_SAFE_INTEGER };
    last;
  ) {
    const rows = await reportsUpdatedAfter(db, [year], last, reportsAtOnce);
    for (const { countyId } of rows) counties.add(countyId);
    last = rows.length < reportsAtOnce ? undefined : rows.at(-1);
    await turn();
  }
  const touched = new Set<number>();
  for (const id of counties) for (const above of await lineageOf(db, id, year)) touched.add(above);
  return touched;
}

/** Where the agencies lie whose reports were withdrawn after an instant; undefined where one of them lies nowhere. */
async function countiesOfWithdrawn(db: Db, at: string, year: number): Promise<Set<number> | undefined> {
  const ids = new Set((await withdrawnSince(db, at, [year])).map(({ agencyId }) => agencyId));
  const day = referenceDate(year);
  const states = (await statesOfAgencies(db, [...ids])).filter((state) => ids.has(state.id) && holdsOn(state, day));
  return states.length === ids.size ? new Set(states.map(({ countyId }) => countyId)) : undefined;
}
