/** What a filing asks before it is written, in one statement: where it belongs, what there is already, what hangs on it. */
import { referenceDate } from '../../day.js';
import { makeBlankFigures } from '../../form/figures.js';
import { allCells, type Cell, type Figures, type FormId, formIds } from '../../form/forms.js';
import { columnOf } from '../columns.js';
import { flag, integer, nullable, oneOf, text } from '../engine/column.js';
import { findRow } from '../engine/run.js';
import type { Trx } from '../engine/schema.js';
import { sqlStatementBy } from '../engine/statement.js';
import type { Agency } from '../register/agencies.js';
import { filerOfKind, nearestDates } from '../register/deadlines.js';
import { columnsAbove, joinsAbove, lineageColumns, lineageIds, lineageJoins } from '../register/lineage.js';
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
  readonly before: ReportBefore | undefined;
}

const isThere = (from: string) => `case when exists (select 1 from ${from}) then 1 else 0 end`;
const ofReport = 'agency_id = :agencyId and year = :year';
const linesBefore = columnsAbove('p.county_id', 'p');

const circumstances = sqlStatementBy(
  (cells: readonly Cell[]) => ({
    takes: {
      agencyId: integer,
      countyId: integer,
      filer: text,
      year: integer,
      day: text,
      dayBefore: text,
      today: text,
    },
    gives: [
      nullable(text),
      flag,
      flag,
      flag,
      flag,
      flag,
      flag,
      nullable(integer),
      nullable(text),
      nullable(oneOf(formIds)),
      ...[...lineageIds, ...lineageIds, ...cells.map(() => nullable(integer))],
    ],
    text: `select coalesce(${nearestDates(':filer')}), ${isThere(`exemption where ${ofReport}`)},
        ${isThere(`report where ${ofReport}`)},
        ${isThere(`year_lock where year = :year and since <= :today and division_id in (${lineageColumns.join(', ')})`)},
        ${isThere(`refusal where ${ofReport}`)}, ${isThere('succession where successor_id = :agencyId')},
        case when exists (select 1 from succession where predecessor_id = :agencyId)
          or exists (select 1 from report where agency_id = :agencyId and year = :year + 1) then 1 else 0 end,
        (select max(number) from revision where ${ofReport}), (select min(at) from revision where ${ofReport}),
        ${['p.form', ...lineageColumns, ...linesBefore, ...cells.map((cell) => `p.${columnOf(cell)}`)].join(', ')}
      from (select :countyId as id) b ${lineageJoins()}
        left join report p on p.agency_id = :agencyId and p.year = :year - 1
        ${joinsAbove('p.county_id', 'p', ':dayBefore')}`,
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
  const days = { day: referenceDate(year), dayBefore: referenceDate(year - 1), today };
  const row = await findRow(trx, circumstances(cells), { agencyId, countyId, filer, year, ...days });
  if (!row) throw new Error('a selection from no table has a row');
  const [due, isExempt, isFiled, isLocked, isRefused, hasOrigins, isFollowed, number, firstAt, form, ...numbers] = row;
  const lineage = withoutNulls(numbers.slice(0, lineageIds.length));
  const lineageBefore = withoutNulls(numbers.slice(lineageIds.length, 2 * lineageIds.length));
  const [countyBefore] = lineageBefore;
  return {
    placement: { countyId, kind, expected: kind !== 'COUNTY' && !isExempt, due: lastDay(year, filer, due), lineage },
    isFiled: isFiled === 1,
    lastRevision: number ?? 0,
    firstAt,
    isLocked: isLocked === 1,
    isRefused: isRefused === 1,
    hasOrigins: hasOrigins === 1,
    isFollowed: isFollowed === 1,
    before:
      form === null || countyBefore === undefined
        ? undefined
        : {
            form,
            figures: figuresAt(cells, numbers.slice(2 * lineageIds.length)),
            countyId: countyBefore,
            lineage: lineageBefore,
          },
  };
}

function withoutNulls(ids: readonly (number | null)[]): readonly number[] {
  return ids.filter((id) => id !== null);
}

function figuresAt(cells: readonly Cell[], values: readonly (number | null)[]): Figures {
  const figures = makeBlankFigures();
  for (const [index, { at }] of cells.entries()) figures[at] = values[index] ?? null;
  return figures;
}
