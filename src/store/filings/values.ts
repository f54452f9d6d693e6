/** Some figures of many reports, read for comparison: of agencies in all their years, or of counties in one. */
import type { Cell } from '../../form/forms.js';
import { allCells } from '../../form/forms.js';
import { type AgencyKind, agencyKinds } from '../../words.js';
import { columnOf } from '../columns.js';
import { integer, integers, nullable, oneOf, optional } from '../engine/column.js';
import { isIn } from '../engine/dialect.js';
import { readRows } from '../engine/run.js';
import type { Db } from '../engine/schema.js';
import { sqlStatementBy } from '../engine/statement.js';

/** The figures of a current report, in the order of the cells asked for; null where blank, and where its form lacks the box. */
export interface ReportValues {
  readonly agencyId: number;
  readonly year: number;
  readonly countyId: number;
  readonly kind: AgencyKind;
  readonly revision: number;
  /** The revision that was accepted last; null where none was. */
  readonly acceptedRevision: number | null;
  readonly publishedTotal: number | null;
  readonly figures: readonly (number | null)[];
}

const valuesOfCells = sqlStatementBy(
  (cells: readonly Cell[]) => ({
    takes: { agencyIds: optional(integers), countyIds: optional(integers), year: optional(integer) },
    gives: [
      integer,
      integer,
      integer,
      oneOf(agencyKinds),
      integer,
      nullable(integer),
      nullable(integer),
      ...cells.map(() => nullable(integer)),
    ],
    text: (has: { readonly agencyIds: boolean; readonly countyIds: boolean; readonly year: boolean }) =>
      `select ${[
        ...['r.agency_id', 'r.year', 'r.county_id', 'r.kind', 'r.revision', 'r.accepted_revision', 'r.published_total'],
        ...cells.map((cell) => `r.${columnOf(cell)}`),
      ].join(', ')} from report r where true
        ${has.agencyIds ? `and ${isIn('r.agency_id', ':agencyIds')}` : ''}
        ${has.countyIds ? `and ${isIn('r.county_id', ':countyIds')}` : ''} ${has.year ? 'and r.year = :year' : ''}
        order by r.agency_id, r.year`,
  }),
  allCells,
);

async function read(
  db: Db,
  cells: readonly Cell[],
  which: { readonly agencyIds?: readonly number[]; readonly countyIds?: readonly number[]; readonly year?: number },
): Promise<ReportValues[]> {
  const rows = await readRows(db, valuesOfCells(cells), which);
  return rows.map(([agencyId, year, countyId, kind, revision, acceptedRevision, publishedTotal, ...figures]) => ({
    agencyId,
    year,
    countyId,
    kind,
    revision,
    acceptedRevision,
    publishedTotal,
    figures,
  }));
}

/** The figures of some cells (keep the list: its statement is kept with it) of all reports of some agencies. */
export async function valuesOfAgencies(
  db: Db,
  cells: readonly Cell[],
  agencyIds: readonly number[],
): Promise<ReportValues[]> {
  return read(db, cells, { agencyIds });
}

/** The same of the reports of some counties for a year. */
export async function valuesOfCounties(
  db: Db,
  cells: readonly Cell[],
  countyIds: readonly number[],
  year: number,
): Promise<ReportValues[]> {
  return read(db, cells, { countyIds, year });
}
