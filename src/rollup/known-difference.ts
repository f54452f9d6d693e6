/**
 * In what the sums of a division, as they were known at an instant, differ from those that are kept: which reports add to
 * them otherwise, and who was expected.
 */
import { referenceDate } from '../day.js';
import type { ReportContent } from '../form/report.js';
import { takeTurns } from '../loop.js';
import { holdsOn, stateOn } from '../register/codes.js';
import {
  type AgencyYear,
  agencyYearKey,
  divisionsBelowIn,
  dueDaysIn,
  lineageIn,
  pastsIn,
  pastsNaming,
  type RegisterAt,
  registerNow,
} from '../register/known.js';
import { type KnownReport, type KnownRevision, reportsIn } from '../report/known.js';
import type { Db } from '../store/engine/schema.js';
import { type Agency, agenciesEverIn, agenciesInCounties, statesOfAgencies } from '../store/register/agencies.js';
import { exemptedYears } from '../store/register/exemptions.js';
import { expectedFilers } from '../store/register/expectations.js';
import { changedAfter, type PastAgency } from '../store/register/past.js';
import {
  countSummedReports,
  type DatedReport,
  reportsInCounties,
  reportsLateOtherwise,
  reportsUpdatedAfter,
} from '../store/reports-since.js';
import { withdrawnSince } from '../store/revisions.js';
import type { TalliedReport } from '../store/rollup/rollups.js';
import { type AgencyKind, type Inclusion, inclusions } from '../words.js';

/** A division, and the report years in which its sums are asked for. */
export interface SummedYears {
  readonly divisionId: number;
  readonly years: readonly number[];
}

/** In what the sums of a division, as they were known, differ from those that are kept. */
export interface KnownDifference {
  readonly divisionId: number;
  /** Years of which most was filed since: what is kept of them is left out, and all that was known is added. */
  readonly anew: ReadonlySet<number>;
  /** How many more (or fewer) agencies were expected. */
  readonly expected: readonly { readonly year: number; readonly kind: AgencyKind; readonly change: number }[];
  /** The reports by which the sums may differ: what they add is told by `partsOf`. */
  readonly reports: readonly AgencyYear[];
  /** Where that lies today which lay in the division then and does not now. */
  readonly gone: readonly GonePlace[];
}

/** Where something lies in a year: an agency in a county, or all of a division. */
interface GonePlace {
  readonly year: number;
  readonly countyId: number;
  readonly agencyId?: number;
}

/** Up to where reports are looked for one way and not another, and how many are read in one piece. */
export interface Limits {
  /** With more divisions than these it costs less to look at all that was recorded than at each of them. */
  readonly divisions: number;
  readonly reports: number;
}

const usualLimits: Limits = { divisions: 400, reports: 1000 };

/**
 * In what the sums of a division differ from those that are kept, by what was recorded after the register's instant: of
 * reports (filed, revised, withdrawn, decided about), of agencies (where they lay, whether they were expected), of
 * divisions (what lay below them) and of deadlines. To be read in turns, as much may have been recorded.
 */
export async function differenceIn(
  db: Db,
  register: RegisterAt,
  { divisionId, years }: SummedYears,
  limits = usualLimits,
): Promise<KnownDifference> {
  const { at } = register;
  if (at === null) return { divisionId, anew: new Set(), expected: [], reports: [], gone: [] };
  const territories = await territoriesOf(db, register, { divisionId, years });
  const search: Search = { register, at, territories, limits, turn: takeTurns() };
  const placed = await placedOtherwise(db, search);
  const recorded = await recordedSince(db, search);
  const kept = await countSummedReports(db, divisionId, years);
  const newcomers = (year: number) => recorded.newcomers.get(year) ?? [];
  const anew = new Set(years.filter((year) => newcomers(year).length > (kept.get(year) ?? 0) / 2));
  const found = [
    ...recorded.others,
    ...years.flatMap((year) => (anew.has(year) ? [] : newcomers(year))),
    ...placed.reports,
    ...(await elsewhere(db, search)),
    ...(await dueOtherwise(db, search)),
    ...(await filedBefore(db, search, anew)),
  ];
  const reports = new Map(found.map(({ agencyId, year }) => [agencyYearKey({ agencyId, year }), { agencyId, year }]));
  return { divisionId, anew, expected: placed.expected, reports: [...reports.values()], gone: placed.gone };
}

/** What lay below a division on 31 December of a year, with what lay above each: as it is, and as it was known. */
interface Territory {
  readonly kept: ReadonlyMap<number, number | null>;
  readonly known: ReadonlyMap<number, number | null>;
  /** The division and all above it. */
  readonly above: { readonly kept: readonly number[]; readonly known: readonly number[] };
}

async function territoriesOf(
  db: Db,
  register: RegisterAt,
  { divisionId, years }: SummedYears,
): Promise<ReadonlyMap<number, Territory>> {
  const territories = new Map<number, Territory>();
  for (const year of years) {
    const day = referenceDate(year);
    territories.set(year, {
      kept: await divisionsBelowIn(db, registerNow, divisionId, day),
      known: await divisionsBelowIn(db, register, divisionId, day),
      above: {
        kept: await lineageIn(db, registerNow, divisionId, day),
        known: await lineageIn(db, register, divisionId, day),
      },
    });
  }
  return territories;
}

/** What is looked for: in which register, since when, in which divisions by year, and turn by turn. */
interface Search {
  readonly register: RegisterAt;
  readonly at: string;
  readonly territories: ReadonlyMap<number, Territory>;
  readonly limits: Limits;
  readonly turn: () => Promise<void>;
}

/** All divisions that were ever asked about. */
function divisionsWithin({ territories }: Search): ReadonlySet<number> {
  return new Set([...territories.values()].flatMap(({ kept, known }) => [...kept.keys(), ...known.keys()]));
}

const divisionsAtOnce = 40;
const reportsAtOnce = 100;

/** Reports of which something was recorded since: those that were first filed since, by year, and the others. */
interface Recorded {
  readonly newcomers: ReadonlyMap<number, readonly AgencyYear[]>;
  readonly others: readonly AgencyYear[];
}

async function recordedSince(db: Db, search: Search): Promise<Recorded> {
  const { at, territories, turn } = search;
  const newcomers = new Map<number, AgencyYear[]>();
  const years = [...territories.keys()];
  const others: AgencyYear[] = await withdrawnSince(db, at, years);
  for await (const rows of readSince(db, search, years)) {
    for (const { agencyId, year, countyId, filedAt } of rows) {
      if (!territories.get(year)?.kept.has(countyId)) continue;
      const own = filedAt > at ? (newcomers.get(year) ?? []) : others;
      own.push({ agencyId, year });
      if (own !== others) newcomers.set(year, own);
    }
    await turn();
  }
  return { newcomers, others };
}

async function* readSince(db: Db, search: Search, years: readonly number[]): AsyncGenerator<DatedReport[]> {
  const within = divisionsWithin(search);
  if (within.size <= search.limits.divisions) {
    for (const countyIds of pieces([...within], divisionsAtOnce)) {
      yield await reportsInCounties(db, { countyIds, years, updatedAfter: search.at });
    }
    return;
  }
  let last: Pick<DatedReport, 'updatedAt' | 'id'> | undefined = { updatedAt: search.at, id: Number.MAX_SAFE_INTEGER };
  while (last) {
    const rows: DatedReport[] = await reportsUpdatedAfter(db, years, last, search.limits.reports);
    yield rows;
    last = rows.length < search.limits.reports ? undefined : rows.at(-1);
  }
}

/** Of years that are added up anew, the reports that were filed before and of which nothing need have been recorded since. */
async function filedBefore(db: Db, search: Search, anew: ReadonlySet<number>): Promise<AgencyYear[]> {
  const found: AgencyYear[] = [];
  for (const year of anew) {
    const counties = [...(search.territories.get(year)?.kept.keys() ?? [])];
    for (const countyIds of pieces(counties, divisionsAtOnce)) {
      const rows = await reportsInCounties(db, { countyIds, years: [year] });
      found.push(...rows.filter(({ filedAt }) => filedAt <= search.at));
      await search.turn();
    }
  }
  return found;
}

/** The reports of divisions that lie in the division now and did not then, or the other way round. */
async function elsewhere(db: Db, { territories, turn }: Search): Promise<AgencyYear[]> {
  const found: AgencyYear[] = [];
  for (const [year, territory] of territories) {
    for (const countyIds of pieces(differing(territory), divisionsAtOnce)) {
      found.push(...(await reportsInCounties(db, { countyIds, years: [year] })));
      await turn();
    }
  }
  return found;
}

function differing({ kept, known }: Territory): number[] {
  return [...[...kept.keys()].filter((id) => !known.has(id)), ...[...known.keys()].filter((id) => !kept.has(id))];
}

/** The reports of divisions that are due on another day than they were, and are in time or late otherwise by it. */
async function dueOtherwise(db: Db, { register, territories, turn }: Search): Promise<AgencyYear[]> {
  if (!register.division) return [];
  const dues: (readonly [number, number, string])[] = [];
  for (const [year, { kept, known, above }] of territories) {
    const dueNow = await dueDaysIn(db, registerNow, [...kept.keys(), ...above.kept]);
    const dueThen = await dueDaysIn(db, register, [...known.keys(), ...above.known]);
    for (const id of kept.keys()) {
      if (!known.has(id)) continue;
      const filing = { year, filer: 'AGENCIES' } as const;
      const was = dueThen({ ...filing, lineage: [...pathUp(known, id), ...above.known] });
      if (was !== dueNow({ ...filing, lineage: [...pathUp(kept, id), ...above.kept] })) dues.push([id, year, was]);
    }
    await turn();
  }
  const found: AgencyYear[] = [];
  for (const some of pieces(dues, divisionsAtOnce)) {
    found.push(...(await reportsLateOtherwise(db, some)));
    await turn();
  }
  return found;
}

/** A division and what lies above it, below the highest. */
function pathUp(parents: Territory['kept'], divisionId: number): number[] {
  const path: number[] = [];
  for (let id = divisionId; ; ) {
    const above = parents.get(id) ?? null;
    if (above === null) return path;
    path.push(id);
    id = above;
  }
}

/** How many more were expected, and of which reports the county, the kind or whether they were expected was another. */
interface PlacedOtherwise {
  readonly expected: KnownDifference['expected'];
  readonly reports: readonly AgencyYear[];
  readonly gone: readonly GonePlace[];
}

/** Agencies that were changed are looked at each as it is and was; of the others those whose county has come or gone. */
async function placedOtherwise(db: Db, search: Search): Promise<PlacedOtherwise> {
  const { register, territories, turn } = search;
  const expected: { year: number; kind: AgencyKind; change: number }[] = [];
  const reports: AgencyYear[] = [];
  const gone: GonePlace[] = [];
  for (const ids of pieces(await agenciesChanged(db, search), reportsAtOnce)) {
    const pasts = await pastsIn(db, register, 'agency', ids);
    const presents = await presentOf(db, [...pasts.keys()]);
    for (const [agencyId, past] of pasts) {
      for (const [year, { kept, known }] of territories) {
        const is = placeIn(presents(agencyId), year, kept);
        const was = placeIn(past, year, known);
        if (is?.expected) expected.push({ year, kind: is.kind, change: -1 });
        if (was?.expected) expected.push({ year, kind: was.kind, change: 1 });
        const isSame = is?.countyId === was?.countyId && is?.kind === was?.kind && is?.expected === was?.expected;
        if (!isSame) reports.push({ agencyId, year });
        if (was && !is) gone.push({ agencyId, year, countyId: countyNear(presents(agencyId), year) ?? was.countyId });
      }
    }
    await turn();
  }
  for (const [year, territory] of territories) {
    for (const countyId of territory.known.keys()) if (!territory.kept.has(countyId)) gone.push({ year, countyId });
    for (const countyIds of pieces(differing(territory), divisionsAtOnce)) {
      const agencies = await agenciesInCounties(db, countyIds, referenceDate(year));
      const changed = await pastsIn(
        db,
        register,
        'agency',
        agencies.map(({ id }) => id),
      );
      const unchanged = new Map(agencies.flatMap((one) => (changed.has(one.id) ? [] : [[one.id, one]])));
      for (const { agencyId } of await expectedFilers(db, [...unchanged.keys()], [year])) {
        const agency = unchanged.get(agencyId);
        if (agency) expected.push({ year, kind: agency.kind, change: territory.known.has(agency.countyId) ? 1 : -1 });
      }
      await turn();
    }
  }
  return { expected, reports, gone };
}

/** Agencies among which are all that were changed since and lie or lay in the divisions asked about. */
async function agenciesChanged(db: Db, search: Search): Promise<number[]> {
  const { register, at } = search;
  if (!register.agency) return [];
  const within = [...divisionsWithin(search)];
  if (within.length > search.limits.divisions) return changedAfter(db, 'agency', at);
  const inside = await agenciesEverIn(db, within);
  const named = await pastsNaming(db, register, 'agency', { mentioned: 'division', ids: within });
  return [...new Set([...inside, ...named.keys()])];
}

type SaidOfAgency = Pick<PastAgency, 'states' | 'exempted'>;

/** What the register says of some agencies today. */
async function presentOf(db: Db, ids: readonly number[]): Promise<(id: number) => SaidOfAgency> {
  const present = new Map<number, { readonly states: Agency[]; readonly exempted: number[] }>(
    ids.map((id) => [id, { states: [], exempted: [] }]),
  );
  for (const state of await statesOfAgencies(db, ids)) present.get(state.id)?.states.push(state);
  for (const { agencyId, year } of await exemptedYears(db, ids)) present.get(agencyId)?.exempted.push(year);
  return (id) => present.get(id) ?? { states: [], exempted: [] };
}

/** Where an agency is for a year within a territory, and whether it is expected; undefined where it is not in it. */
function placeIn(
  { states, exempted }: SaidOfAgency,
  year: number,
  territory: Territory['kept'],
): { readonly countyId: number; readonly kind: AgencyKind; readonly expected: boolean } | undefined {
  const state = states.find((one) => holdsOn(one, referenceDate(year)));
  if (!state || !territory.has(state.countyId)) return undefined;
  const { countyId, kind } = state;
  return { countyId, kind, expected: kind !== 'COUNTY' && !exempted.includes(year) };
}

/** The county in which an agency lies for a year, or lay last before it. */
export function countyNear({ states }: Pick<SaidOfAgency, 'states'>, year: number): number | undefined {
  return stateOn(states, referenceDate(year))?.countyId;
}

/** What a report adds to the sums of a division, or (`sign` -1) what it adds to those that are kept and did not then. */
export interface SumPart {
  readonly sign: 1 | -1;
  readonly inclusion: Inclusion;
  readonly report: TalliedReport;
  readonly content: ReportContent;
}

/** What is to be added to the kept sums of a division so that they are as they were known, a hundred reports at a time. */
export async function* partsOf(
  db: Db,
  register: RegisterAt,
  { divisionId, anew, reports }: Pick<KnownDifference, 'divisionId' | 'anew' | 'reports'>,
): AsyncGenerator<readonly SumPart[]> {
  const turn = takeTurns();
  for (const asked of pieces(reports, reportsAtOnce)) {
    const kept = await reportsIn(
      db,
      registerNow,
      asked.filter(({ year }) => !anew.has(year)),
    );
    const known = await reportsIn(db, register, asked);
    const parts = asked.flatMap((one) => {
      const key = agencyYearKey(one);
      return inclusions.flatMap((inclusion) => {
        const is = countedIn(divisionId, kept.get(key), inclusion);
        const was = countedIn(divisionId, known.get(key), inclusion);
        return countsTheSame(is, was) ? [] : [...partWith(-1, inclusion, is), ...partWith(1, inclusion, was)];
      });
    });
    if (parts.length > 0) yield parts;
    await turn();
  }
}

/** The revision by which a report is in the sums of a division; a county's own report is in none. */
function countedIn(
  divisionId: number,
  known: KnownReport | undefined,
  inclusion: Inclusion,
): KnownRevision | undefined {
  const revision = inclusion === 'ALL' ? known?.current : known?.accepted;
  return revision?.report.kind !== 'COUNTY' && known?.lineage.includes(divisionId) ? revision : undefined;
}

/** What of a report's row its sums are made of, beside where it is. */
const counted = ['kind', 'expected', 'onTime', 'sample'] as const;

function countsTheSame(one: KnownRevision | undefined, other: KnownRevision | undefined): boolean {
  if (!one || !other) return one === other;
  return one.number === other.number && counted.every((part) => one.report[part] === other.report[part]);
}

function partWith(sign: SumPart['sign'], inclusion: Inclusion, revision: KnownRevision | undefined): SumPart[] {
  return revision ? [{ sign, inclusion, report: revision.report, content: revision.content }] : [];
}

function* pieces<Item>(items: readonly Item[], size: number): Generator<readonly Item[]> {
  for (let first = 0; first < items.length; first += size) yield items.slice(first, first + size);
}
