/** What a filing asks before it is written: where it belongs, what there is already, what hangs on it. */
import { referenceDate } from '../../day.js';
import { makeBlankFigures } from '../../form/figures.js';
import { allCells, type Cell, type Figures, type FormId, formIds } from '../../form/forms.js';
import type { DeadlineFiler } from '../../words.js';
import { columnOf } from '../columns.js';
import { flag, integer, nullable, oneOf, text } from '../engine/column.js';
import { findRow } from '../engine/run.js';
import type { Trx } from '../engine/schema.js';
import { sqlStatement, sqlStatementBy } from '../engine/statement.js';
import { derivedFromRegister } from '../engine/versions.js';
import type { Agency } from '../register/agencies.js';
import { filerOfKind, nearestDates } from '../register/deadlines.js';
import { lineageColumns, lineageIds, lineageRow } from '../register/lineage.js';
import { lastDay, type Placement } from '../register/placement.js';

/** An agency's own report of the year before, with the figures asked for. */
interface ReportBefore {
  readonly form: FormId;
  readonly figures: Figures;
  readonly countyId: number;
  /** The county and everything above it on 31 December of that year. */
  readonly lineage: readonly number[];
}

/** What there is of an agency and a year before something is filed. */
export interface Circumstances {
  readonly placement: Placement;
  /** Whether there is a current report. */
  readonly isFiled: boolean;
  /** The number of the last revision, withdrawn or not; 0 when there is none. */
  readonly lastRevision: number;
  /** When the first revision was made; null when there is none. */
  readonly firstAt: string | null;
  /** Whether the year is locked for any division above; an exception may except the agency. */
  readonly isLocked: boolean;
  /** Whether anything was refused of it. */
  readonly isRefused: boolean;
  /** Whether another agency ever went into it. */
  readonly hasOrigins: boolean;
  /** Whether a report of the year after may hang on this one: there is one, or the agency ever went into another. */
  readonly isFollowed: boolean;
  /** Whether the agency never lay in another county, none went into it, and it went into none. */
  readonly staysInCounty: boolean;
  readonly before: ReportBefore | undefined;
}

const isThere = (from: string) => `case when exists (select 1 from ${from}) then 1 else 0 end`;
const ofReport = 'agency_id = :agencyId and year = :year';

const circumstances = sqlStatementBy(
  (cells: readonly Cell[]) => ({
    takes: { agencyId: integer, countyId: integer, year: integer },
    gives: [
      flag,
      flag,
      flag,
      flag,
      flag,
      flag,
      flag,
      nullable(integer),
      nullable(text),
      nullable(oneOf(formIds)),
      nullable(integer),
      ...cells.map(() => nullable(integer)),
    ],
    text: `select ${isThere(`exemption where ${ofReport}`)}, ${isThere(`report where ${ofReport}`)},
        ${isThere(`refusal where ${ofReport}`)}, ${isThere('succession where successor_id = :agencyId')},
        ${isThere('succession where predecessor_id = :agencyId')},
        ${isThere('report where agency_id = :agencyId and year = :year + 1')},
        ${isThere('agency_state where agency_id = :agencyId and county_id <> :countyId')},
        (select max(number) from revision where ${ofReport}), (select min(at) from revision where ${ofReport}),
        ${['p.form', 'p.county_id', ...cells.map((cell) => `p.${columnOf(cell)}`)].join(', ')}
      from (select :agencyId as id) a left join report p on p.agency_id = a.id and p.year = :year - 1`,
  }),
  allCells,
);

/**
 * What there is of an agency, as it is on 31 December of the year, before something is filed on a day (YYYY-MM-DD).
 * `cells` are those asked of the year before; keep the list: its statement is kept with it.
 */
export async function readCircumstances(
  trx: Trx,
  { id: agencyId, kind, countyId }: Agency,
  year: number,
  { today, cells }: { readonly today: string; readonly cells: readonly Cell[] },
): Promise<Circumstances> {
  const filer = filerOfKind(kind);
  const row = await findRow(trx, circumstances(cells), { agencyId, countyId, year });
  if (!row) throw new Error('a selection from no table has a row');
  const [isExempt, isFiled, isRefused, hasOrigins, hasHeirs, hasNext, moved, number, firstAt, form, before, ...values] =
    row;
  const { due, lineage, lockedSince } = await groundOf(trx, countyId, year, filer);
  return {
    placement: { countyId, kind, expected: kind !== 'COUNTY' && !isExempt, due: lastDay(year, filer, due), lineage },
    isFiled: isFiled === 1,
    lastRevision: number ?? 0,
    firstAt,
    isLocked: lockedSince !== null && lockedSince <= today,
    isRefused: isRefused === 1,
    hasOrigins: hasOrigins === 1,
    isFollowed: hasHeirs === 1 || hasNext === 1,
    staysInCounty: hasOrigins + hasHeirs + moved === 0,
    before:
      form === null || before === null
        ? undefined
        : {
            form,
            figures: figuresAt(cells, values),
            countyId: before,
            lineage: (await groundOf(trx, before, year - 1, filer)).lineage,
          },
  };
}

/** What holds for every agency of a county that files for a year. */
interface Ground {
  /** The day (MM-DD) that is set; null where none is. */
  readonly due: string | null;
  /** Since which day the year is locked for any division above; null where it is not. */
  readonly lockedSince: string | null;
  /** The county and everything above it on 31 December. */
  readonly lineage: readonly number[];
}

const ground = sqlStatement({
  takes: { divisionId: integer, day: text, year: integer, filer: text },
  gives: [nullable(text), nullable(text), ...lineageIds],
  text: `select coalesce(${nearestDates(':filer')}),
      (select min(since) from year_lock where year = :year and division_id in (${lineageColumns.join(', ')})),
      ${lineageColumns.join(', ')} from ${lineageRow}`,
});

/** By county, year and filer; made again when the register, a deadline or a lock changes. */
const grounds = () => new Map<string, Ground>();

/** More than all counties have in the years that are filed for; what is asked beyond is read again. */
const maxKept = 50_000;

async function groundOf(trx: Trx, countyId: number, year: number, filer: DeadlineFiler): Promise<Ground> {
  const kept = derivedFromRegister(trx, grounds);
  const key = `${countyId} ${year} ${filer}`;
  const known = kept.get(key);
  if (known) return known;
  const row = await findRow(trx, ground, { divisionId: countyId, day: referenceDate(year), year, filer });
  const [due = null, lockedSince = null, ...ids] = row ?? [];
  const found = { due, lockedSince, lineage: ids.flatMap((id) => id ?? []) };
  if (kept.size < maxKept) kept.set(key, found);
  return found;
}

function figuresAt(cells: readonly Cell[], values: readonly (number | null)[]): Figures {
  const figures = makeBlankFigures();
  for (const [index, { at }] of cells.entries()) figures[at] = values[index] ?? null;
  return figures;
}
