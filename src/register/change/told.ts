/** What copies of the reports must learn of a change to the register: of the agency, and of each report that it shows otherwise. */
import { referenceDate, yearInChina } from '../../day.js';
import { changeOfReport, type NewChange, tellChanges } from '../../store/changes.js';
import type { Trx } from '../../store/engine/schema.js';
import { type Agency, agencyStates, findAgencyOn } from '../../store/register/agencies.js';
import { successorsOf } from '../../store/register/successions.js';
import { type ReportRow, reportsOfAgency } from '../../store/reports.js';
import type { ActContext, ChangeType } from '../../words.js';
import type { AgencyChange, AppliedTo, RegisterChange, Undoing } from './register-change.js';

/** A report with its agency as it is in the report's year. */
interface PlacedReport {
  readonly row: ReportRow;
  readonly agency: Agency | undefined;
}

/** The reports of an agency as they are shown before it is changed. */
export async function placedReports(trx: Trx, agencyId: number): Promise<readonly PlacedReport[]> {
  const rows = await reportsOfAgency(trx, agencyId);
  return Promise.all(
    rows.map(async (row) => ({ row, agency: await findAgencyOn(trx, agencyId, referenceDate(row.year)) })),
  );
}

/** Tells of the reports of an agency that are shown otherwise, or lie elsewhere, since it was changed. */
export async function tellPlaced(trx: Trx, agencyId: number, before: readonly PlacedReport[]): Promise<void> {
  const after = new Map((await placedReports(trx, agencyId)).map((report) => [report.row.id, report]));
  await tellChanges(
    trx,
    before.flatMap((was) => {
      const now = after.get(was.row.id);
      return now === undefined ? [] : changesBetween(was, now);
    }),
  );
}

function changesBetween(was: PlacedReport, now: PlacedReport): NewChange[] {
  if (!was.agency || !now.agency) return [];
  const type = differenceOf(was.agency, now.agency) ?? (sameRow(was.row, now.row) ? undefined : 'deadline');
  if (!type) return [];
  const to = readersOf(now.row);
  const leftId = was.row.countyId === now.row.countyId ? null : was.row.countyId;
  const change = changeOfReport(type, now.agency.code, now.row, { to, leftId });
  // A copy has the report under its code: under the former one there is none any more.
  if (was.agency.code === now.agency.code) return [change];
  return [changeOfReport(type, was.agency.code, was.row, { to }), change];
}

/** Whether two rows show the same; whether a report is expected is shown nowhere. */
function sameRow({ expected: _, ...one }: ReportRow, { expected: __, ...other }: ReportRow): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function readersOf({ acceptedRevision }: Pick<ReportRow, 'acceptedRevision'>): NewChange['to'] {
  return acceptedRevision === null ? ['ALL'] : ['ALL', 'ACCEPTED'];
}

/** What tells two states of an agency apart, the weightiest first. */
const differences = [
  ['countyId', 'moved'],
  ['code', 'recoded'],
  ['kind', 'reclassified'],
  ['name', 'renamed'],
] as const satisfies readonly (readonly [keyof Agency, ChangeType])[];

function differenceOf(one: Agency, other: Agency): ChangeType | undefined {
  return differences.find(([part]) => one[part] !== other[part])?.[1];
}

/** Tells of the reports that are in time or late otherwise, by a deadline. */
export async function tellOnTime(trx: Trx, rows: readonly OnTimeReport[]): Promise<void> {
  await tellChanges(
    trx,
    rows.map(({ code, ...row }) => changeOfReport('deadline', code, row, { to: readersOf(row) })),
  );
}

/** Tells of reports whose county lies in another division than before: whose copies are of that one lose them. */
export async function tellMoved(trx: Trx, rows: readonly OnTimeReport[], leftId: number | null): Promise<void> {
  await tellChanges(
    trx,
    rows.map(({ code, ...row }) => changeOfReport('moved', code, row, { to: readersOf(row), leftId })),
  );
}

/** A report whose lateness or division has changed, with the code that its agency has for the year. */
export type OnTimeReport = Pick<ReportRow, 'agencyId' | 'year' | 'revision' | 'countyId' | 'acceptedRevision'> & {
  readonly code: string;
};

/** Where a change of the register happened, which agency it made otherwise, and whether that is only what a day rests on. */
interface ChangedPlace {
  readonly divisionId: number;
  readonly agencyId?: number | undefined;
  readonly only?: AppliedTo['only'] | undefined;
}

/**
 * What is told of a change of the register itself: once for each agency that it is about, or for the division.
 * `divisionId` is where it happened: the county of the agency before it, or the division whose deadline it is.
 */
export async function changesOfRegister(
  trx: Trx,
  act: ActContext,
  change: RegisterChange | Undoing,
  { divisionId, agencyId: changedId, only }: ChangedPlace,
): Promise<readonly NewChange[]> {
  const now = yearInChina(act.now);
  const year = 'year' in change ? change.year : 0;
  const told = { year, placedYear: year === 0 ? now : Math.min(year, now), revision: null, to: [], reason: null };
  if (change.action === 'deadline' || changedId === undefined) {
    const place = { agencyId: null, code: null, countyId: divisionId, leftId: null };
    return [{ about: 'division', type: 'deadline', ...told, ...place }];
  }
  const last = (await agencyStates(trx, changedId)).at(-1);
  const into = change.action === 'close' && !only ? await successorsOf(trx, changedId) : [];
  const joined = await Promise.all(into.map(async ({ id }) => (await agencyStates(trx, id)).at(-1)));
  return [last, ...joined].flatMap((agency) => {
    if (!agency) return [];
    const { id: agencyId, code, countyId } = agency;
    const leftId = agency === last && countyId !== divisionId && !only ? divisionId : null;
    const type = only ? 'documented' : typeOf(change, { parts: into.length, moved: leftId !== null });
    return [{ about: 'agency', type, ...told, agencyId, code, countyId, leftId }];
  });
}

function typeOf(change: AgencyChange | Undoing, { parts, moved }: { readonly parts: number; readonly moved: boolean }) {
  switch (change.action) {
    case 'add':
      return 'added';
    case 'close':
      if (parts > 1) return 'split';
      return parts === 1 ? 'merged' : 'closed';
    case 'retract':
      return 'retracted';
    case 'reopen':
      return 'reopened';
    case 'exempt':
      return 'exempted';
    case 'unexempt':
      return 'unexempted';
    case 'change':
      if (moved) return 'moved';
      if (change.code !== undefined) return 'recoded';
      return change.kind === undefined ? 'renamed' : 'reclassified';
  }
}
