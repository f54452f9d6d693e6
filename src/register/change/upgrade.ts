/**
 * Gives a store the history of the register that had been given the list of 2023 for all years. Reports stay with their
 * agencies; what anybody changed stays as it is.
 */
import { operator } from '../../access/authority.js';
import { referenceDate, yearInChina } from '../../day.js';
import { groupBy } from '../../groups.js';
import { record } from '../../store/audit-records.js';
import { inTransaction } from '../../store/engine/commit.js';
import type { Db, Trx } from '../../store/engine/schema.js';
import type { Agency } from '../../store/register/agencies.js';
import { deadlinesOf } from '../../store/register/deadlines.js';
import { type DivisionState, findNation } from '../../store/register/divisions.js';
import { exemptionsOf } from '../../store/register/exemptions.js';
import {
  type AgencyRow,
  allAgencyStates,
  allDivisionStates,
  clearAgencyStates,
  type DivisionRow,
  isRegisterOld,
  type KnownUnits,
  loadRegister,
  type OldAgency,
  ownUnit,
  type RegisterRows,
} from '../../store/register/load/load.js';
import { keepPast } from '../../store/register/past.js';
import { findPlacement } from '../../store/register/placement.js';
import { type ReportRow, reportsOfAgency, updatePlacement } from '../../store/reports.js';
import { refillRollups } from '../../store/rollup/rollup-check.js';
import { holdsOn, type NamedCode } from '../codes.js';
import { type Progress, readNationalRegister } from '../load.js';
import { tellPlaced } from './told.js';

/** The day of the list that such a store has, and the day from which it takes it. */
const listed = '2023-06-30';
const since = '2019-01-01';

/** What the history could not be given to. */
export interface Upgrade {
  /** Agencies that somebody changed, and others that share a code with one: they stay as they are. */
  readonly kept: readonly NamedCode[];
  /** Places that reach back to the first year for which there is a report, though the history has them only later. */
  readonly reachingBack: readonly NamedCode[];
}

/**
 * Gives a store the history, once, in one transaction; undefined when it has it. Expectations and rollups are right
 * afterwards, what the register said before is kept for whoever asks what was known, and the log says that it was done. `register` is the shipped one
 * unless a test has another.
 */
export async function upgradeRegister(
  db: Db,
  now: Date,
  onProgress: Progress,
  register?: RegisterRows,
): Promise<Upgrade | undefined> {
  if (!(await isRegisterOld(db))) return undefined;
  const shipped = register ?? (await readNationalRegister());
  return inTransaction(db, {}, async (trx) => {
    // Another process may have done it while the files were read.
    if (!(await isRegisterOld(trx))) return undefined;
    const before = { divisions: await allDivisionStates(trx), agencies: await allAgencyStates(trx) };
    const plan = planOf(before, shipped);
    await clearAgencyStates(trx, plan.headings);
    await loadRegister(trx, plan.register, onProgress, plan.known);
    await keepWhatWasSaid(trx, now, before);
    await refillRollups(trx);
    const after = { kept: plan.kept.length, reachingBack: plan.reachingBack.length };
    const deed = { action: 'register.upgrade', subject: '/v1/divisions/100000', before: null, after, tells: [] };
    const act = { actor: 'xiangbao', caller: operator, now };
    await record(trx, act, { ...deed, divisionId: await findNation(trx) });
    return { kept: plan.kept, reachingBack: plan.reachingBack };
  });
}

/** The states of a store before the upgrade. */
interface Before {
  readonly divisions: readonly DivisionState[];
  readonly agencies: readonly OldAgency[];
}

interface Plan extends Upgrade {
  readonly register: RegisterRows;
  readonly known: KnownUnits;
  /** Agencies that only head villages and that nothing names: they are no more. */
  readonly headings: readonly number[];
}

/** A row of the register with its days. */
type Dated = Pick<AgencyRow, 'unit' | 'code' | 'validFrom' | 'validTo'>;

const isOn = ({ validFrom, validTo }: Dated, day: string) => validFrom <= day && (validTo === '' || validTo > day);

/** The rows that hold on the day of the list, by code. */
const rowsOfList = <Row extends Dated>(rows: readonly Row[]) =>
  new Map(rows.filter((row) => isOn(row, listed)).map((row) => [row.code, row]));

function planOf(before: Before, register: RegisterRows): Plan {
  const divisions = rowsOfList(register.divisions);
  const townships = rowsOfList(register.agencies);
  const codes = new Map(before.divisions.map(({ id, code }) => [id, code]));
  const knownDivisions = new Map<string, number>();
  for (const { id, code } of before.divisions) {
    const row = divisions.get(code);
    if (!row) throw new Error(`the register has no division ${code} on ${listed}`);
    knownDivisions.set(row.unit, id);
  }
  const countyOf = ({ countyId }: Agency) => divisions.get(codes.get(countyId) ?? '');
  const byCode = groupBy(register.divisions, ({ code }) => code);
  const countyUnit = ({ county, validFrom }: AgencyRow) =>
    byCode.get(county)?.find((row) => isOn(row, validFrom))?.unit;
  const byId = groupBy(before.agencies, ({ id }) => id);
  const knownAgencies = new Map<string, number>();
  const stays = new Set<number>();
  const headings: number[] = [];
  for (const [id, states] of byId) {
    const [first] = states;
    if (!first) continue;
    if (first.kind === 'COUNTY') {
      knownAgencies.set(ownUnit(countyOf(first)?.unit ?? ''), id);
      continue;
    }
    const isAsListed =
      states.length === 1 && first.changed === 0 && first.validFrom === since && first.validTo === null;
    const row = townships.get(first.code);
    if (isAsListed && row && row.kind === first.kind && countyUnit(row) === countyOf(first)?.unit) {
      knownAgencies.set(row.unit, id);
    } else if (isAsListed && !row && first.named === 0) headings.push(id);
    else stays.add(id);
  }
  const reaching = new Set<string>();
  const firstOf = firstRows(register.agencies);
  for (const [unit, id] of knownAgencies) {
    const row = firstOf.get(unit);
    const year = byId.get(id)?.[0]?.firstYear ?? null;
    if (row && year !== null && row.validFrom > referenceDate(year)) reaching.add(unit);
  }
  const lines = register.agencies.map((row) =>
    reaching.has(row.unit) && firstOf.get(row.unit) === row ? { ...row, validFrom: since } : row,
  );
  const left = unitsToLeave({ lines, knownAgencies, stays, states: before.agencies, townships });
  for (const unit of left) {
    const id = knownAgencies.get(unit);
    if (id !== undefined) stays.add(id);
    knownAgencies.delete(unit);
    reaching.delete(unit);
  }
  const keptRows = lines.filter(({ unit }) => !left.has(unit));
  const needed = countiesNeeded({ before, stays, byId, countyOf, knownAgencies, reaching });
  const firstDivisions = firstRows(register.divisions);
  const lateCounties = [...needed].filter((unit) => (firstDivisions.get(unit)?.validFrom ?? since) > since);
  const divisionRows = register.divisions.map((row) =>
    lateCounties.includes(row.unit) && firstDivisions.get(row.unit) === row ? { ...row, validFrom: since } : row,
  );
  const countyThen = (row: AgencyRow) => {
    const unit = countyUnit(row);
    return divisionRows.find((one) => one.unit === unit && isOn(one, since))?.code ?? row.county;
  };
  const remains = (about: string, unit: string) => about === 'division' || !left.has(unit);
  return {
    register: {
      divisions: divisionRows,
      // In what reaches back the county has the code that it had then.
      agencies: keptRows.map((row) =>
        reaching.has(row.unit) && row.validFrom === since
          ? { ...row, county: countyThen(firstOf.get(row.unit) ?? row) }
          : row,
      ),
      successions: register.successions.filter(({ about, from, to }) => remains(about, from) && remains(about, to)),
      bases: register.bases.filter(({ about, unit }) => remains(about, unit)),
      otherCodes: register.otherCodes.filter(({ unit }) => !left.has(unit)),
    },
    known: { divisions: knownDivisions, agencies: knownAgencies },
    headings,
    kept: [...stays].flatMap((id) => {
      const last = byId.get(id)?.at(-1);
      return last ? [{ code: last.code, name: last.name }] : [];
    }),
    reachingBack: [
      ...[...reaching].flatMap((unit) => firstOf.get(unit) ?? []),
      ...lateCounties.flatMap((unit) => firstDivisions.get(unit) ?? []),
    ].map(({ code, name }) => ({ code, name })),
  };
}

/** The first row of each unit. */
function firstRows<Row extends Dated>(rows: readonly Row[]): Map<string, Row> {
  const first = new Map<string, Row>();
  for (const row of rows) if (!first.has(row.unit)) first.set(row.unit, row);
  return first;
}

interface Leaving {
  readonly lines: readonly AgencyRow[];
  readonly knownAgencies: ReadonlyMap<string, number>;
  readonly stays: ReadonlySet<number>;
  readonly states: readonly OldAgency[];
  readonly townships: ReadonlyMap<string, AgencyRow>;
}

/**
 * Units whose history is not taken: those of agencies that stay as they are, and those that would have a code on one day
 * with such an agency, or with one that reaches back. Where one stays for that, others can be in its way in turn.
 */
function unitsToLeave({ lines, knownAgencies, stays, states, townships }: Leaving): Set<string> {
  const left = new Set<string>();
  const inTheWay = new Map<string, { from: string; to: string | null }[]>();
  const stay = (state: Pick<OldAgency, 'code' | 'validFrom' | 'validTo'>) => {
    const spans = inTheWay.get(state.code) ?? [];
    inTheWay.set(state.code, [...spans, { from: state.validFrom, to: state.validTo }]);
  };
  const byId = groupBy(states, ({ id }) => id);
  for (const id of stays) {
    for (const state of byId.get(id) ?? []) {
      stay(state);
      const unit = townships.get(state.code)?.unit;
      if (unit !== undefined && !knownAgencies.has(unit)) left.add(unit);
    }
  }
  const reaching = lines.filter((row) => row.validFrom === since);
  const others = groupBy(lines, ({ code }) => code);
  for (const row of reaching) {
    const rivals = (others.get(row.code) ?? []).filter((one) => one.unit !== row.unit && overlap(one, row));
    for (const rival of rivals) left.add(rival.unit);
    if (rivals.some(({ unit }) => knownAgencies.has(unit))) left.add(row.unit);
  }
  for (let size = -1; size !== left.size; ) {
    size = left.size;
    for (const unit of left) {
      const id = knownAgencies.get(unit);
      if (id !== undefined) for (const state of byId.get(id) ?? []) stay(state);
    }
    for (const row of lines) {
      const spans = inTheWay.get(row.code);
      if (!spans || left.has(row.unit)) continue;
      if (spans.some(({ from, to }) => overlap({ validFrom: from, validTo: to ?? '' }, row))) left.add(row.unit);
    }
  }
  return left;
}

function overlap(one: Pick<Dated, 'validFrom' | 'validTo'>, other: Pick<Dated, 'validFrom' | 'validTo'>): boolean {
  return (
    (one.validTo === '' || one.validTo > other.validFrom) && (other.validTo === '' || other.validTo > one.validFrom)
  );
}

interface Needing {
  readonly before: Before;
  readonly stays: ReadonlySet<number>;
  readonly byId: ReadonlyMap<number, readonly OldAgency[]>;
  readonly countyOf: (agency: Agency) => DivisionRow | undefined;
  readonly knownAgencies: ReadonlyMap<string, number>;
  readonly reaching: ReadonlySet<string>;
}

/** The counties in which something lies from the first day on that such a store knew, so that they must be there. */
function countiesNeeded({ before, stays, byId, countyOf, knownAgencies, reaching }: Needing): Set<string> {
  const needed = new Set<string>();
  const need = (agency: OldAgency) => {
    const unit = countyOf(agency)?.unit;
    if (unit !== undefined) needed.add(unit);
  };
  for (const id of stays) for (const state of byId.get(id) ?? []) need(state);
  for (const unit of reaching) for (const state of byId.get(knownAgencies.get(unit) ?? 0) ?? []) need(state);
  for (const state of before.agencies) if (state.kind === 'COUNTY' && state.firstYear !== null) need(state);
  return needed;
}

/** Keeps what was said of every place that is said otherwise of a year's end, and moves the reports that lie elsewhere. */
async function keepWhatWasSaid(trx: Trx, now: Date, before: Before): Promise<void> {
  const until = now.toISOString();
  const first = Number(since.slice(0, 4));
  const days = Array.from({ length: yearInChina(now) - first + 1 }, (_, index) => referenceDate(first + index));
  const divisions = groupBy(before.divisions, ({ id }) => id);
  const elsewhere = new Set<number>();
  for (const [id, states] of groupBy(await allDivisionStates(trx), (state) => state.id)) {
    const was = divisions.get(id) ?? [];
    if (saysTheSameOn(days, was, states, ['code', 'name', 'parentId'])) continue;
    elsewhere.add(id);
    const said = was.map(({ id: _, ...state }) => state);
    await keepPast(trx, { about: 'division', id }, until, {
      states: said,
      edges: [],
      deadlines: await deadlinesOf(trx, id),
    });
  }
  const agencies = groupBy(before.agencies, ({ id }) => id);
  for (const [id, states] of groupBy(await allAgencyStates(trx), (state) => state.id)) {
    const was = agencies.get(id) ?? [];
    const isSame = saysTheSameOn(days, was, states, ['code', 'name', 'kind', 'countyId']);
    if (!isSame) {
      const said = was.map(({ code, name, kind, countyId, validFrom, validTo }) => ({
        code,
        name,
        kind,
        countyId,
        validFrom,
        validTo,
      }));
      const exempted = (await exemptionsOf(trx, id)).map(({ year }) => year);
      await keepPast(trx, { about: 'agency', id }, until, { states: said, successors: [], exempted });
    }
    if (!isSame || states.some(({ countyId }) => elsewhere.has(countyId))) await placeReports(trx, id, was);
  }
}

/** Whether two histories of a place say the same on some days. */
function saysTheSameOn<State extends { readonly validFrom: string; readonly validTo: string | null }>(
  days: readonly string[],
  before: readonly State[],
  after: readonly State[],
  parts: readonly (keyof State)[],
): boolean {
  return days.every((day) => {
    const [was, is] = [before, after].map((states) => states.find((state) => holdsOn(state, day)));
    return was === is || (was !== undefined && is !== undefined && parts.every((part) => was[part] === is[part]));
  });
}

/** Moves the reports of an agency to where they now belong, and tells of those that are shown otherwise. */
async function placeReports(trx: Trx, agencyId: number, was: readonly Agency[]): Promise<void> {
  const reports = await reportsOfAgency(trx, agencyId);
  if (reports.length === 0) return;
  for (const report of reports) await placeReport(trx, report);
  const placed = reports.map((row) => ({ row, agency: was.find((state) => holdsOn(state, referenceDate(row.year))) }));
  await tellPlaced(trx, agencyId, placed);
}

async function placeReport(trx: Trx, report: ReportRow): Promise<void> {
  const placement = await findPlacement(trx, report.agencyId, report.year);
  if (!placement) throw new Error(`report ${report.id} would stand for a year in which its agency is not alive`);
  const { countyId, kind, due } = placement;
  const inTime = (day: string) => (day <= due ? 1 : 0);
  await updatePlacement(trx, report.id, {
    countyId,
    kind,
    expected: placement.expected ? 1 : 0,
    onTime: inTime(report.submittedOn),
    acceptedOnTime: report.acceptedOn === null ? null : inTime(report.acceptedOn),
  });
}
