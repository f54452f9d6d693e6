/** Whose filings a reader is shown, and how much of them: the rule of `access/visibility.ts` for the list of a division. */
import { callerWith, requireDivision } from '../../access/authority.js';
import { type Reader, visibleTo } from '../../access/visibility.js';
import { dayInChina, referenceDate } from '../../day.js';
import type { Db } from '../../store/engine/schema.js';
import { type AgencySet, countFilings, type FilingCount, type FilingsAsked } from '../../store/filings/filings.js';
import type { Division } from '../../store/register/divisions.js';

/** Who reads, and when. */
export type Reading = Reader & { readonly now: Date };

/** The division of a list. */
export type ListedDivision = Pick<Division, 'id' | 'code' | 'name'>;

/** The filings of a division for a year as a reader is shown them, counted: all that is asked of them needs their number. */
export interface CountedFilings {
  readonly asked: FilingsAsked;
  readonly counts: readonly FilingCount[];
}

/**
 * What a list of the filings of a division for a year shows to a reader, and how many there are. Throws `unauthorized` or
 * `forbidden` where everything is closed and the reader has no token for the division.
 */
export async function filingsFor(
  db: Db,
  reader: Reading,
  division: ListedDivision,
  year: number,
): Promise<CountedFilings> {
  if (reader.open === 'none') await requireDivision(db, reader.caller, 'read', division, year);
  // What was refused was never filed: no setting opens it to those who neither file nor review there.
  const handler: Reader = { caller: callerWith(reader.caller, ['file', 'review']), open: 'none' };
  const asked: FilingsAsked = {
    divisionId: division.id,
    year,
    day: referenceDate(year),
    today: dayInChina(reader.now),
    readable: await agenciesSeen(db, reader, year),
    elsewhere: reader.open === 'accepted' ? 'ACCEPTED' : 'NOTHING',
    handled: await agenciesSeen(db, handler, year),
  };
  return { asked, counts: await countFilings(db, asked) };
}

/** The agencies whose current report for a year a reader may read. */
async function agenciesSeen(db: Db, reader: Reader, year: number): Promise<AgencySet> {
  const visible = await visibleTo(db, reader, [year]);
  if (!visible) return 'every';
  const { counties, agencyIds } = visible.readable;
  return { counties: counties.map(([countyId]) => countyId), agencyIds };
}
