/** The use case that reads a division's rollup for a year, in the shape of a report. */

import { type Reader, requireSums } from '../access/visibility.js';
import { referenceDate } from '../day.js';
import { checkFigures, type Finding } from '../form/check.js';
import { type Cell, type FormId, findForm, formInForce } from '../form/forms.js';
import { divisionNamed } from '../register/codes.js';
import { findReportFor } from '../report/report-view.js';
import type { Db } from '../store/engine/schema.js';
import { type Agency, listAgencies, ownAgencyOf } from '../store/register/agencies.js';
import type { Division } from '../store/register/divisions.js';
import { type TallyItem, tallyItems } from '../store/rollup/tallies.js';
import type { AgencyKind, Inclusion } from '../words.js';
import {
  compareWithSum,
  defaultKinds,
  divisionStatistics,
  type PublishedBeside,
  type Statistics,
} from './statistics.js';

/** How many of those missing, and of the named items, one answer lists. */
const listed = 500;

/** A division's rollup with all that stands beside it. */
export interface RollupView {
  readonly division: Division;
  readonly year: number;
  readonly kinds: readonly AgencyKind[];
  readonly inclusion: Inclusion;
  /** The cells of every form that was filed; of the form in force when nothing was. */
  readonly cells: readonly Cell[];
  readonly statistics: Statistics;
  /** Equations that the sum breaks; asked only when all reports are on one form. */
  readonly findings: readonly Finding[];
  readonly categories: readonly TallyItem[];
  readonly channels: readonly TallyItem[];
  readonly missing: readonly Agency[];
  readonly missingCount: number;
  readonly published: PublishedBeside | undefined;
}

/** Which sums are asked for: of all that was filed, or of what was accepted; of every filer unless kinds are named. */
export interface RollupQuery {
  readonly year: number;
  readonly inclusion: Inclusion;
  readonly kinds: readonly AgencyKind[] | undefined;
}

/**
 * The sums of a county, prefecture, province or the nation for a year. Throws `unknown-division`, and `unauthorized` or
 * `forbidden` where sums are closed to the reader.
 */
export async function readRollup(
  db: Db,
  reader: Reader,
  code: string,
  { year, inclusion, kinds = defaultKinds }: RollupQuery,
): Promise<RollupView> {
  const division = await divisionNamed(db, code);
  await requireSums(db, reader, division, year);
  const of = { inclusion, kinds };
  const [counted] = await divisionStatistics(db, division.id, [year], [], of);
  const filed = Object.keys(counted?.forms ?? {}).flatMap((id) => findForm(id) ?? []);
  const cells = [...new Set((filed.length > 0 ? filed : [formInForce(year)]).flatMap((form) => form.cells))];
  const [statistics] = await divisionStatistics(db, division.id, [year], cells, of);
  if (!statistics) throw new Error('one year was asked for and none came');
  const missing = await listAgencies(
    db,
    { divisionId: division.id, kinds, day: referenceDate(year), missingYear: year },
    { first: listed },
  );
  const own = division.level === 'COUNTY' ? await ownAgencyOf(db, division.id) : undefined;
  const published = own === undefined ? undefined : await findReportFor(db, reader, own, year);
  return {
    division,
    year,
    kinds,
    inclusion,
    cells,
    statistics,
    findings: checkSum(filed.length === 1 ? filed[0]?.id : undefined, year, statistics),
    categories: await tallyItems(db, division.id, year, 'categories', listed, of),
    channels: await tallyItems(db, division.id, year, 'channels', listed, of),
    missing: missing.items,
    missingCount: missing.total,
    published: published && compareWithSum(published, statistics.figures),
  };
}

function checkSum(form: FormId | undefined, year: number, statistics: Statistics): Finding[] {
  return form ? checkFigures(form, year, statistics.figures) : [];
}
