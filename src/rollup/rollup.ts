/** The use case that reads a division's rollup for a year, in the shape of a report. */

import { inclusionOfSum, type Reader } from '../access/visibility.js';
import { referenceDate } from '../day.js';
import { checkSums, type Finding } from '../form/check.js';
import { type Cell, findForm } from '../form/forms.js';
import type { Break } from '../register/breaks.js';
import { asReported, type Frame } from '../register/frame.js';
import { resolveDivisionIn } from '../register/known.js';
import type { Db } from '../store/engine/schema.js';
import type { Agency } from '../store/register/agencies.js';
import type { Division } from '../store/register/divisions.js';
import { type ItemSum, sumItems } from '../store/rollup/items.js';
import { type AgencyKind, filerKinds, type Inclusion } from '../words.js';
import { cellsOfSum } from './cells.js';
import { missingFrom } from './missing.js';
import { ofOneMoment } from './moment.js';
import { compareWithSum, findPublished, type PublishedBeside } from './published.js';
import { addedBy, type Statistics, territoryStatistics } from './sums.js';
import { registerOf, territoryOf } from './territories.js';
import { breaksIn, findUnallocated, type Unallocated } from './unallocated.js';

/** How many of those missing, and of the named items, one answer lists. */
const listed = 500;

/** A division's rollup with all that is shown beside it. */
export interface RollupView {
  readonly division: Division;
  readonly year: number;
  readonly kinds: readonly AgencyKind[];
  readonly inclusion: Inclusion;
  readonly frame: Frame;
  /** The cells of every form that was filed; of the form in force when nothing was. */
  readonly cells: readonly Cell[];
  readonly statistics: Statistics;
  /** Equations that the sum breaks or that blanks in it leave undecided; asked only when all reports are on one form. */
  readonly findings: readonly Finding[];
  readonly categories: readonly ItemSum[];
  readonly channels: readonly ItemSum[];
  readonly missing: readonly Agency[];
  readonly missingCount: number;
  readonly published: PublishedBeside | undefined;
  /** What of the sum lies in none of the divisions directly below. */
  readonly unallocated: Unallocated;
  /** What keeps it from being compared with other years. */
  readonly breaks: readonly Break[];
}

/** Which sums are asked for: of every filer unless kinds are named. */
export interface RollupQuery {
  readonly year: number;
  /** Of all that was filed or of what was accepted; what the reader may have where it is left out. */
  readonly inclusion: Inclusion | undefined;
  readonly kinds: readonly AgencyKind[] | undefined;
  /** On whose boundaries; as reported when left out. */
  readonly frame?: Frame | undefined;
}

/**
 * The sums of a county, prefecture, province or the nation for a year. Throws `unknown-division`, and `unauthorized` or
 * `forbidden` where these sums are closed to the reader.
 */
export async function readRollup(db: Db, reader: Reader, code: string, query: RollupQuery): Promise<RollupView> {
  return ofOneMoment(db, query.frame, () => readRollupNow(db, reader, code, query));
}

async function readRollupNow(
  db: Db,
  reader: Reader,
  code: string,
  { year, inclusion: asked, kinds = filerKinds, frame = asReported }: RollupQuery,
): Promise<RollupView> {
  const division = await resolveDivisionIn(db, await registerOf(db, frame), code, frame.on ?? referenceDate(year));
  const territory = await territoryOf(db, division, [year], frame);
  const inclusion = await inclusionOfSum(db, reader, division, year, asked, addedBy(territory));
  const of = { inclusion, kinds };
  const [counted] = await territoryStatistics(db, territory, [year], [], of);
  if (!counted) throw new Error('one year was asked for and none came');
  const cells = cellsOfSum(counted);
  const [statistics] = await territoryStatistics(db, territory, [year], cells, of);
  if (!statistics) throw new Error('one year was asked for and none came');
  const missing = await missingFrom(db, { territory, frame }, { year, kinds }, { first: listed });
  const isOwn = division.level === 'COUNTY' && frame.knownOn === null && !territory.adjustments.has(year);
  const published = isOwn ? await findPublished(db, reader, division.id, year) : undefined;
  return {
    division,
    year,
    kinds,
    inclusion,
    frame,
    cells,
    statistics,
    findings: checkStatistics(year, statistics),
    categories: await sumItems(db, territory, { year, list: 'categories', first: listed }, of),
    channels: await sumItems(db, territory, { year, list: 'channels', first: listed }, of),
    missing: missing.items,
    missingCount: missing.total,
    published: published && compareWithSum(published, statistics),
    unallocated: await findUnallocated(db, { division, frame, territory, ...of }, year),
    breaks: await breaksIn(db, { division, frame, territory, ...of }, year),
  };
}

function checkStatistics(year: number, statistics: Statistics): Finding[] {
  const [form, ...others] = [...statistics.forms.keys()].flatMap((id) => findForm(id) ?? []);
  return form && others.length === 0 ? checkSums(form.id, year, statistics) : [];
}
