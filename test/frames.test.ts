/**
 * Sums on the boundaries of a day: random histories of divisions and agencies, weighed against a model that knows nothing
 * of how sums are kept; and that what the parts of a division hold, with what lies in none of them, is the division's own.
 */
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import t from 'tap';
import { printFigure } from '../src/form/check.js';
import { rateLines, rateSumOf } from '../src/form/derived.js';
import { addExact, type Exact } from '../src/form/exact.js';
import { allCells, type Figures, formInForce, formOf } from '../src/form/forms.js';
import type { ReportContent } from '../src/form/report.js';
import { Problem } from '../src/problem.js';
import { changeAgency, changeDeadline } from '../src/register/change/change.js';
import { changeDivision } from '../src/register/change/division/change.js';
import { agencyFor, resolveDivision } from '../src/register/codes.js';
import { resolveDivisionIn } from '../src/register/known.js';
import { fileReport } from '../src/report/file.js';
import { reviewReport } from '../src/report/review.js';
import { withdrawReport } from '../src/report/withdraw.js';
import { missingFrom } from '../src/rollup/missing.js';
import { ofOneMoment } from '../src/rollup/moment.js';
import { territoryStatistics } from '../src/rollup/sums.js';
import { registerOf, territoryOf } from '../src/rollup/territories.js';
import { touchedSince } from '../src/rollup/touched.js';
import { findUnallocated } from '../src/rollup/unallocated.js';
import { inTransaction } from '../src/store/engine/commit.js';
import { openStore } from '../src/store/engine/open.js';
import type { Db } from '../src/store/engine/schema.js';
import { insertAgency, replaceAgencyStates } from '../src/store/register/agencies.js';
import { insertDivisionEdge } from '../src/store/register/division-changes.js';
import { divisionsNear } from '../src/store/register/divisions.js';
import { rebuildExpectations } from '../src/store/register/expectations.js';
import { insertSuccession } from '../src/store/register/successions.js';
import { findReport } from '../src/store/reports.js';
import { sumItems } from '../src/store/rollup/items.js';
import {
  type ActContext,
  type AgencyKind,
  type DivisionLevel,
  type EdgeKind,
  type Inclusion,
  inclusions,
  type PublicReading,
} from '../src/words.js';
import { compareWithAlone, levelsBelow } from './areas-alone.js';
import {
  act,
  balancedFigures,
  bearer,
  filing,
  hongjiang,
  openTestApp,
  openTestStore,
  qunfeng,
  runSql,
  tokenFor,
  townshipsOf,
} from './builders.js';

/** The first day of the register of these tests, and the years of its reports. */
const start = '2018-10-31';
const years = [2019, 2020, 2021, 2022];
const endOf = (year: number) => `${year}-12-31`;

interface Span {
  readonly from: string;
  to: string | null;
}

interface ModelDivision {
  readonly id: number;
  readonly code: string;
  readonly level: DivisionLevel;
  readonly states: (Span & { readonly parent: number | null })[];
}

interface ModelAgency {
  readonly code: string;
  readonly kind: AgencyKind;
  readonly states: (Span & { readonly county: number })[];
  readonly into: ModelAgency[];
  id: number;
}

interface ModelReport {
  readonly agency: ModelAgency;
  readonly year: number;
  readonly content: ReportContent;
  accepted: boolean;
}

/** A country with its history, as a model: what happened is applied to it day by day. */
interface World {
  readonly divisions: ModelDivision[];
  readonly agencies: ModelAgency[];
  readonly edges: { from: number; to: number; on: string; kind: EdgeKind }[];
  readonly reports: ModelReport[];
}

function divide(world: World, level: DivisionLevel, parent: number | null, from = start): ModelDivision {
  const id = world.divisions.length + 1;
  const division = { id, code: String(100000 + id), level, states: [{ parent, from, to: null }] };
  world.divisions.push(division);
  return division;
}

function settle(world: World, county: number, kind: AgencyKind = 'TOWNSHIP', from = start): ModelAgency {
  const code = `T${String(world.agencies.length + 1).padStart(4, '0')}`;
  const agency: ModelAgency = { id: 0, code, kind, states: [{ county, from, to: null }], into: [] };
  world.agencies.push(agency);
  return agency;
}

function move(agency: ModelAgency, county: number, on: string): void {
  const last = agency.states.at(-1);
  if (!last || last.to !== null || last.county === county || last.from >= on) return;
  last.to = on;
  agency.states.push({ county, from: on, to: null });
}

function end(agency: ModelAgency, into: readonly ModelAgency[], on: string): void {
  const last = agency.states.at(-1);
  if (!last) return;
  last.to = on;
  agency.into.push(...into);
}

function alive(world: World, day: string): ModelAgency[] {
  return world.agencies.filter((agency) => countyOn(agency, day) !== undefined);
}

function countiesOn(world: World, day: string): ModelDivision[] {
  return world.divisions.filter((one) => one.level === 'COUNTY' && holding(one.states, day));
}

function holding<State extends Span>(states: readonly State[], day: string): State | undefined {
  return states.find(({ from, to }) => from <= day && (to === null || to > day));
}

function countyOn(agency: ModelAgency, day: string): number | undefined {
  return holding(agency.states, day)?.county;
}

/** Where an agency's reports lie on a day, by the words of the rule. */
function placesOf(world: World, agency: ModelAgency, day: string): Set<number> {
  const own = countyOn(agency, day);
  if (own !== undefined) return new Set([own]);
  const [first, last] = [agency.states[0], agency.states.at(-1)];
  if (!first || !last) throw new Error('an agency has a state');
  const hasEnded = last.to !== null && last.to <= day;
  const others = hasEnded
    ? agency.into
    : world.agencies.filter((one) => one.into.includes(agency) && one.states.at(-1)?.to === first.from);
  if (others.length > 0) return new Set(others.flatMap((other) => [...placesOf(world, other, day)]));
  return placesOfDivision(world, (hasEnded ? last : first).county, day);
}

function placesOfDivision(world: World, id: number, day: string): Set<number> {
  const division = world.divisions[id - 1];
  const [first, last] = [division?.states[0], division?.states.at(-1)];
  if (!division || !first || !last) throw new Error('a division has a state');
  if (holding(division.states, day)) return new Set([id]);
  const hasEnded = last.to !== null && last.to <= day;
  const others = world.edges.flatMap(({ from, to, on, kind }) => {
    if (kind === 'TRANSFER') return [];
    if (hasEnded) return from === id && on === last.to && kind !== 'CREATE' ? [to] : [];
    return to === id && on === first.from ? [from] : [];
  });
  if (others.length > 0) return new Set(others.flatMap((other) => [...placesOfDivision(world, other, day)]));
  const { parent } = hasEnded ? last : first;
  return placesOfDivision(world, parent ?? 1, day);
}

function isBelow(world: World, id: number, top: number, day: string): boolean {
  for (let at: number | null = id; at !== null; ) {
    const state: { readonly parent: number | null } | undefined = holding(world.divisions[at - 1]?.states ?? [], day);
    if (!state) return false;
    if (at === top) return true;
    at = state.parent;
  }
  return false;
}

/** Whether what lies in some places belongs to a division on a day. */
function belongs(world: World, places: ReadonlySet<number>, top: number, day: string): boolean {
  return [...places].every((place) => isBelow(world, place, top, day));
}

/** Something that happens on a day: what it is, and choices that it takes. */
interface Event {
  readonly what: (typeof happenings)[number];
  readonly choices: readonly number[];
  readonly daysLater: number;
}

const happenings = [
  'move',
  'merge',
  'split',
  'split',
  'split',
  'close',
  'found',
  'mergeCounty',
  'splitCounty',
  'createCounty',
  'moveCounty',
  'closeCounty',
] as const;

const anyEvent: fc.Arbitrary<Event> = fc.record({
  what: fc.constantFrom(...happenings),
  choices: fc.array(fc.nat(1000), { minLength: 4, maxLength: 4 }),
  daysLater: fc.integer({ min: 1, max: 120 }),
});

function pick<Item>(items: readonly Item[], choice: number | undefined): Item | undefined {
  return items[(choice ?? 0) % Math.max(1, items.length)];
}

function happen(world: World, { what, choices }: Event, on: string): void {
  const [a, b, c, d] = choices;
  const living = alive(world, on);
  const agency = pick(living, a);
  const other = pick(
    living.filter((one) => one !== agency),
    b,
  );
  const county = pick(countiesOn(world, on), c);
  const others = countiesOn(world, on).filter((one) => one !== county);
  const target = pick(others, d);
  const prefectures = world.divisions.filter(({ level }) => level === 'PREFECTURE');
  if (!agency || !other || !county || !target) return;
  const inside = living.filter((one) => countyOn(one, on) === county.id);
  const last = county.states.at(-1);
  if (!last || last.from >= on || inside.some((one) => (one.states.at(-1)?.from ?? on) >= on)) return;
  const fresh = (agency.states.at(-1)?.from ?? on) >= on;
  switch (what) {
    case 'move':
      move(agency, county.id, on);
      return;
    case 'merge':
      if (!fresh) end(agency, [other], on);
      return;
    case 'split': {
      if (fresh) return;
      const born = settle(
        world,
        (d ?? 0) % 2 === 0 ? county.id : (countyOn(agency, on) ?? county.id),
        'SUBDISTRICT',
        on,
      );
      end(agency, [born, other], on);
      return;
    }
    case 'close':
      if (!fresh) end(agency, [], on);
      return;
    case 'found':
      settle(world, county.id, 'TOWNSHIP', on);
      return;
    case 'moveCounty': {
      const prefecture = pick(prefectures, a);
      if (!prefecture || last.parent === prefecture.id) return;
      last.to = on;
      county.states.push({ parent: prefecture.id, from: on, to: null });
      return;
    }
    case 'createCounty': {
      const created = divide(world, 'COUNTY', pick(prefectures, a)?.id ?? 1, on);
      world.edges.push({ from: county.id, to: created.id, on, kind: 'CREATE' });
      for (const [index, one] of inside.entries()) if (index % 2 === 0) move(one, created.id, on);
      return;
    }
    case 'mergeCounty': {
      last.to = on;
      world.edges.push({ from: county.id, to: target.id, on, kind: 'MERGE' });
      for (const one of inside) move(one, target.id, on);
      return;
    }
    case 'splitCounty': {
      last.to = on;
      const created = divide(world, 'COUNTY', last.parent, on);
      for (const to of [created.id, target.id]) world.edges.push({ from: county.id, to, on, kind: 'SPLIT' });
      for (const [index, one] of inside.entries()) move(one, index % 2 === 0 ? created.id : target.id, on);
      return;
    }
    default: {
      last.to = on;
      for (const one of inside) end(one, [], on);
      return;
    }
  }
}

/** Three prefectures in two provinces, with four counties of two to three townships. */
function newWorld(): World {
  const world: World = { divisions: [], agencies: [], edges: [], reports: [] };
  divide(world, 'NATION', null);
  const provinces = [divide(world, 'PROVINCE', 1), divide(world, 'PROVINCE', 1)];
  const prefectures = [0, 0, 1].map((index) => divide(world, 'PREFECTURE', provinces[index]?.id ?? 1));
  for (const index of [0, 0, 1, 2]) {
    const county = divide(world, 'COUNTY', prefectures[index]?.id ?? 1);
    for (const kind of ['TOWNSHIP', 'TOWNSHIP', 'SUBDISTRICT'] as const) settle(world, county.id, kind);
  }
  return world;
}

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Writes a world into a new store as what the register says of it. */
async function writeRegister(world: World): Promise<Db> {
  const db = await openStore('sqlite::memory:');
  await inTransaction(db, {}, async (trx) => {
    for (const { id, code, level, states } of world.divisions) {
      await runSql(trx, 'insert into division (id, level) values (?, ?)', [id, level]);
      for (const { parent, from, to } of states) {
        await runSql(
          trx,
          `insert into division_state (division_id, code, name, parent_id, valid_from, valid_to)
            values (?, ?, ?, ?, ?, ?)`,
          [id, code, `区划${code}`, parent, from, to],
        );
      }
    }
    for (const { from, to, on, kind } of world.edges) {
      await insertDivisionEdge(trx, { fromId: from, toId: to, effective: on, kind });
    }
    for (const agency of world.agencies) {
      const { code, kind } = agency;
      const states = agency.states.map(({ county, from, to }) => ({
        ...{ code, name: `机关${code}`, kind, countyId: county, validFrom: from, validTo: to },
      }));
      const [first] = states;
      if (!first) throw new Error('an agency has a state');
      agency.id = await insertAgency(trx, first);
      await replaceAgencyStates(
        trx,
        agency.id,
        states.map((state) => ({ id: agency.id, ...state })),
      );
    }
    for (const agency of world.agencies) {
      for (const heir of agency.into) await insertSuccession(trx, agency.id, heir.id, agency.states.at(-1)?.to ?? '');
    }
    await rebuildExpectations(trx);
  });
  return db;
}

const itemLists = fc.record({
  total: fc.option(fc.nat(30)),
  categories: fc.array(fc.record({ name: fc.constantFrom('甲', '乙'), count: fc.option(fc.nat(9)) }), { maxLength: 2 }),
  channels: fc.constant([]),
});

/** What one report says, and whether it is filed late and accepted. */
const anyFiling = fc.record({
  figures: balancedFigures(formOf('2021')),
  old: balancedFigures(formOf('2019')),
  publishedItems: fc.option(itemLists),
  late: fc.boolean(),
  accepted: fc.boolean(),
  filed: fc.integer({ min: 0, max: 3 }),
});

type AnyFiling = typeof anyFiling extends fc.Arbitrary<infer Value> ? Value : never;

async function fileReports(db: Db, world: World, filings: readonly AnyFiling[]): Promise<void> {
  let next = 0;
  for (const agency of world.agencies) {
    for (const year of years) {
      const one = pick(filings, next++);
      if (!one || one.filed === 0 || countyOn(agency, endOf(year)) === undefined) continue;
      const form = formInForce(year).id;
      const figures = form === '2019' ? one.old : one.figures;
      const source = { url: null, publishedOn: `${year + 1}-${one.late ? '03' : '01'}-20` };
      const asked = filing({ agency: agency.code, year, form, figures, publishedItems: one.publishedItems, source });
      const { row, content } = await fileReport(db, act, asked, { method: 'post', lenient: true });
      world.reports.push({ agency, year, content, accepted: one.accepted });
      if (!one.accepted) continue;
      const decision = {
        agency: agency.code,
        year,
        decision: 'ACCEPTED',
        revision: row.revision,
        reason: null,
      } as const;
      await reviewReport(db, act, decision, {});
    }
  }
}

const cellsOf = ({ figures }: { readonly figures: Figures }, form: string) =>
  allCells.filter((cell) => formOf(form as '2021').has(cell)).map((cell) => [cell, figures[cell.at] ?? null] as const);

/** What reports come to, added up one by one. */
function modelSums(reports: readonly ModelReport[]) {
  const figures = new Map<string, Exact | null>();
  const blanks = new Map<string, number>();
  const forms = new Map<string, number>();
  const items = new Map<string, number>();
  for (const { content } of reports) {
    forms.set(content.form, (forms.get(content.form) ?? 0) + 1);
    for (const [{ key }, value] of cellsOf(content, content.form)) {
      if (value === null) blanks.set(key, (blanks.get(key) ?? 0) + 1);
      else figures.set(key, addExact(figures.get(key) ?? 0, value));
    }
    for (const name of new Set(content.publishedItems?.categories.map((item) => item.name))) {
      items.set(name, (items.get(name) ?? 0) + 1);
    }
  }
  const totals = reports.flatMap(({ content }) => content.publishedItems?.total ?? []);
  const rates = rateLines.map((rate) => {
    const parts = reports.map(({ content }) => rateSumOf(content.figures, rate));
    return ['reports', 'over', 'of'].map((part) =>
      parts.reduce((sum, one) => sum + one[part as 'reports' | 'over' | 'of'], 0),
    );
  });
  return {
    reports: reports.length,
    figures: Object.fromEntries(
      allCells.flatMap((cell) => {
        const value = figures.get(cell.key);
        return value === undefined ? [] : [[cell.key, printFigure(cell, value)]];
      }),
    ),
    blanks: Object.fromEntries([...blanks].sort()),
    forms: Object.fromEntries([...forms].sort()),
    total: totals.length === 0 ? null : totals.reduce((sum, one) => sum + one, 0),
    stated: totals.length,
    rates,
    items: Object.fromEntries([...items].sort()),
  };
}

/** What the program answers for a division, a year and a frame, in the shape of the model. */
async function answeredSums(
  db: Db,
  division: Pick<ModelDivision, 'id' | 'level'>,
  year: number,
  on: string | null,
  inclusion: Inclusion,
  knownOn: string | null = null,
) {
  const frame = { on, knownOn };
  const territory = await territoryOf(db, division, [year], frame);
  const [found] = await territoryStatistics(db, territory, [year], allCells, { inclusion });
  if (!found) throw new Error('one year was asked for');
  const items = await sumItems(db, territory, { year, list: 'categories', first: 100 }, { inclusion });
  const missing = await missingFrom(db, { territory, frame }, { year }, { first: 100 });
  const shown = (await divisionsNear(db, [division.id], on ?? endOf(year))).get(division.id);
  if (!shown) throw new Error('there is such a division');
  const unallocated = await findUnallocated(db, { division: shown, frame, territory, inclusion }, year);
  const { reported, expected, accepted, onTime } = found.coverage;
  return {
    sums: {
      reports: found.reports,
      figures: Object.fromEntries(
        allCells.flatMap((cell) => {
          const value = found.figures[cell.at] ?? null;
          return value === null ? [] : [[cell.key, printFigure(cell, value)]];
        }),
      ),
      blanks: Object.fromEntries(
        allCells.flatMap(({ key, at }) => (found.blank[at] ? [[key, found.blank[at]]] : [])).sort(),
      ),
      forms: Object.fromEntries([...found.forms].sort()),
      total: found.publishedTotal,
      stated: found.publishedStated,
      rates: found.rates.map((rate) => [rate.reports, rate.over, rate.of]),
      items: Object.fromEntries(items.map(({ name, reports }) => [name, reports]).sort()),
    },
    coverage: { expected, reported, accepted, onTime },
    missing: { total: missing.total, codes: missing.items.map(({ code }) => code) },
    unallocated: {
      reports: unallocated.reports,
      expected: unallocated.expected,
      agencies: unallocated.agencies.map(({ agency, candidates }) => [agency.code, ...candidates.map(({ id }) => id)]),
    },
  };
}

/** The same from the model. */
function modelAnswer(world: World, division: ModelDivision, year: number, on: string | null, inclusion: Inclusion) {
  const day = on ?? endOf(year);
  const placesIn = (agency: ModelAgency) => {
    const county = countyOn(agency, endOf(year));
    return on === null ? new Set(county === undefined ? [] : [county]) : placesOf(world, agency, on);
  };
  const lives = alive(world, endOf(year)).filter((one) => belongs(world, placesIn(one), division.id, day));
  const filed = world.reports.filter((one) => one.year === year && lives.includes(one.agency));
  const shown = inclusion === 'ALL' ? filed : filed.filter(({ accepted }) => accepted);
  const children = world.divisions.filter((one) => holding(one.states, day)?.parent === division.id);
  const undivided =
    division.level === 'COUNTY'
      ? []
      : lives.filter((one) => !children.some((child) => belongs(world, placesIn(one), child.id, day)));
  const absent = lives.filter((one) => !filed.some(({ agency }) => agency === one)).map(({ code }) => code);
  return {
    sums: modelSums(shown),
    coverage: {
      expected: lives.length,
      reported: filed.length,
      accepted: filed.filter(({ accepted }) => accepted).length,
      onTime: shown.filter(({ content }) => content.source?.publishedOn?.includes('-01-')).length,
    },
    missing: { total: absent.length, codes: absent.sort() },
    unallocated: {
      reports: shown.filter(({ agency }) => undivided.includes(agency)).length,
      expected: undivided.length,
      agencies: undivided
        .filter((one) => shown.some(({ agency }) => agency === one))
        .map((one) => [one.code, ...[...placesIn(one)].sort((a, b) => a - b)]),
    },
  };
}

t.test('a sum on any day is that of the reports that lie there by the rule, whatever happened', async (t) => {
  let [looked, otherwise, undivided, areas] = [0, 0, 0, 0];
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyEvent, { minLength: 12, maxLength: 18 }),
      fc.array(anyFiling, { minLength: 11, maxLength: 11 }),
      fc.array(fc.nat(100), { minLength: 2, maxLength: 2 }),
      async (events, filings, days) => {
        const world = newWorld();
        // The day of each event, and the day before it.
        const turning = ['2018-12-31'];
        let on = '2019-01-15';
        for (const event of events) {
          on = dayAfter(on, event.daysLater);
          happen(world, event, on);
          turning.push(dayAfter(on, -1), on);
        }
        const db = await writeRegister(world);
        try {
          await fileReports(db, world, filings);
          const asReported = new Map<string, unknown>();
          const frames = [null, turning.at(-1) ?? on, ...days.map((choice) => pick(turning, choice) ?? on)];
          for (const frame of frames) {
            for (const division of world.divisions) {
              for (const [index, year] of years.entries()) {
                const inclusion = index % 2 === 0 ? 'ALL' : 'ACCEPTED';
                const expected = modelAnswer(world, division, year, frame, inclusion);
                const answered = await answeredSums(db, division, year, frame, inclusion);
                const of = `${division.code} ${division.level} ${year} ${frame} ${inclusion}`;
                assert.deepEqual({ of, ...answered }, { of, ...expected });
                looked++;
                if (answered.unallocated.reports > 0) undivided++;
                if (frame !== null && !isDeepStrictEqual(answered.sums, asReported.get(`${division.id} ${year}`))) {
                  otherwise++;
                }
                if (frame === null) asReported.set(`${division.id} ${year}`, answered.sums);
                // All areas at once, of one of its levels after another.
                const day = frame ?? endOf(year);
                const shown = (await divisionsNear(db, [division.id], day)).get(division.id);
                const by = shown && pick(levelsBelow(shown.level), looked);
                if (by)
                  areas += await compareWithAlone(db, shown, {
                    by,
                    year,
                    frame: { on: frame, knownOn: null },
                    of: { inclusion },
                  });
              }
            }
          }
        } finally {
          await db.destroy();
        }
      },
    ),
    { numRuns: Number(process.env.RUNS ?? 4), endOnFailure: true },
  );
  t.ok(
    otherwise > looked / 20 && undivided > 0 && areas > looked,
    `${otherwise} of ${looked} sums are otherwise than reported, ${undivided} in part undivided; ${areas} areas`,
  );
});

const neighbour = '431202';
const elsewhere = '350128';
const taking = (
  await Promise.all([hongjiang, neighbour, elsewhere].map(async (county) => (await townshipsOf(county)).slice(0, 3)))
).flat();
const counties = [hongjiang, neighbour, elsewhere];
const askedDivisions = [...counties, '431200', '430000', '100000'];
const askedYears = [2021, 2022];
const askedDays = [null, '2020-12-31', '2023-06-30', '2024-12-31'];

/** Something that is done: what, and choices that it takes. */
const anyAct = fc.record({
  what: fc.constantFrom(
    ...(['file', 'file', 'file', 'withdraw', 'accept', 'accept', 'return'] as const),
    ...(['move', 'merge', 'exempt', 'deadline', 'reopen', 'transfer', 'mergeCounty'] as const),
  ),
  choices: fc.array(fc.nat(1000), { minLength: 3, maxLength: 3 }),
});
type AnyAct = typeof anyAct extends fc.Arbitrary<infer Value> ? Value : never;

const changeDays = ['2021-05-01', '2022-03-01', '2023-02-01', '2024-07-01'];

/** Does it, as far as it may be done; what is refused changes nothing. */
async function tryAct(db: Db, at: ActContext, { what, choices: [a, b, c] }: AnyAct): Promise<void> {
  const agency = pick(taking, a) ?? '';
  const other = pick(taking, b) ?? '';
  const year = pick(askedYears, b) ?? 2021;
  const on = pick(changeDays, c) ?? '';
  const county = pick(counties, b) ?? '';
  const decide = async (decision: 'ACCEPTED' | 'RETURNED') => {
    const kept = await findReport(db, (await agencyFor(db, agency, year)).id, year);
    await reviewReport(db, at, { agency, year, decision, revision: kept?.revision ?? 0, reason: '更正' }, {});
  };
  const changed = (change: Parameters<typeof changeAgency>[2]) => changeAgency(db, at, change, {});
  const acts: Readonly<Record<AnyAct['what'], () => Promise<unknown>>> = {
    file: () => {
      const figures = { 'decisions.penalties.decided': c ?? 0, 'decisions.licenses.decided': (c ?? 0) % 3 ? 1 : null };
      const publishedItems = { total: c ?? 0, categories: [{ name: '甲', count: b ?? 0 }], channels: [] };
      const source = { url: null, publishedOn: `${year + 1}-0${1 + ((c ?? 0) % 3)}-20` };
      const said = filing({ agency, year, figures, publishedItems, source, reason: '更正' });
      return fileReport(db, at, said, { method: 'put', ifMatch: 'any' });
    },
    withdraw: () => withdrawReport(db, at, { agency, year, reason: null }, { ifMatch: 'any' }),
    accept: () => decide('ACCEPTED'),
    return: () => decide('RETURNED'),
    move: () => changed({ action: 'change', agency, on, county }),
    merge: () => changed({ action: 'close', agency, on, mergedInto: other }),
    exempt: () => changed({ action: 'exempt', agency, year, reason: '新设' }),
    reopen: () => changed({ action: 'reopen', agency, on }),
    deadline: () =>
      changeDeadline(db, at, { action: 'deadline', division: county, year, due: `0${1 + ((c ?? 0) % 3)}-25` }, {}),
    transfer: () =>
      changeDivision(
        db,
        at,
        { action: 'division-transfer', division: hongjiang, on, to: county, agencies: [agency] },
        {},
      ),
    mergeCounty: () =>
      changeDivision(db, at, { action: 'division-merge', division: neighbour, on, mergedInto: county }, {}),
  };
  try {
    await acts[what]();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
}

/** Every sum that is asked about, as it is answered now or was known at an instant. */
async function everyAnswer(db: Db, knownOn: string | null) {
  const answers: Record<string, unknown> = {};
  for (const code of askedDivisions) {
    for (const on of askedDays) {
      for (const year of askedYears) {
        const { id, level } = await resolveDivision(db, code, '2020-12-31');
        for (const inclusion of inclusions) {
          answers[`${code} ${year} ${on} ${inclusion}`] = await answeredSums(
            db,
            { id, level },
            year,
            on,
            inclusion,
            knownOn,
          );
        }
      }
    }
  }
  return answers;
}

/** Compares the areas of every division with each alone, as they were known at an instant, in one frame after another. */
async function everyAreaAlone(db: Db, knownOn: string, turn: number): Promise<void> {
  for (const [index, code] of askedDivisions.entries()) {
    const on = pick(askedDays, turn + index) ?? null;
    const year = pick(askedYears, turn) ?? 2021;
    const inclusion = pick(inclusions, index) ?? 'ALL';
    const register = await registerOf(db, { on, knownOn });
    const division = await resolveDivisionIn(db, register, code, on ?? endOf(year));
    const by = pick(levelsBelow(division.level), turn + index) ?? 'AGENCY';
    await compareWithAlone(db, division, { by, year, frame: { on, knownOn }, of: { inclusion } });
  }
}

t.test('what was answered on an instant is answered of it ever after, in every frame', async (t) => {
  let [asked, otherwise] = [0, 0];
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(anyAct, { minLength: 4, maxLength: 9 }), { minLength: 3, maxLength: 3 }),
      async (steps) => {
        const db = await openTestStore();
        try {
          const answered: [string, Awaited<ReturnType<typeof everyAnswer>>][] = [];
          let minute = 0;
          for (const acts of steps) {
            for (const one of acts)
              await tryAct(db, { ...act, now: new Date(act.now.getTime() + 60_000 * minute++) }, one);
            answered.push([
              new Date(act.now.getTime() + 60_000 * (minute - 1)).toISOString(),
              await everyAnswer(db, null),
            ]);
          }
          const last = answered.at(-1)?.[1];
          for (const [instant, then] of answered) {
            const known = await everyAnswer(db, instant);
            await everyAreaAlone(db, instant, asked++);
            for (const [of, answer] of Object.entries(then)) {
              assert.deepEqual({ of, instant, answer: known[of] }, { of, instant, answer });
              asked++;
              if (!isDeepStrictEqual(answer, last?.[of])) otherwise++;
            }
          }
        } finally {
          await db.destroy();
        }
      },
    ),
    { numRuns: Number(process.env.RUNS ?? 2), endOnFailure: true },
  );
  t.ok(otherwise > asked / 10, `${otherwise} of ${asked} answers were otherwise since`);
});

t.test('what came from elsewhere by a merger that was taken back since is in what was known before', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  const later = { ...act, now: new Date(act.now.getTime() + 60_000) };
  const [into = ''] = await townshipsOf(hongjiang);
  const [agency = ''] = await townshipsOf(neighbour);
  await changeAgency(db, act, { action: 'close', agency, on: '2022-07-01', mergedInto: into }, {});
  const { id, level } = await resolveDivision(db, hongjiang, '2022-12-31');
  const ask = (knownOn: string | null) => answeredSums(db, { id, level }, 2021, '2022-12-31', 'ALL', knownOn);
  const then = await ask(null);
  await changeAgency(db, later, { action: 'reopen', agency, on: '2022-06-30' }, {});
  t.equal((await ask(null)).coverage.expected, then.coverage.expected - 1);
  t.same(await ask(act.now.toISOString()), then);
});

/** 洪江市 went into its neighbour in 2023, and 群峰乡 into a township of either in 2022; both had filed for 2021. */
async function mergedCounties(publicReading: PublicReading = 'accepted') {
  const world = await openTestApp({ publicReading });
  const { db } = world;
  for (const agency of [qunfeng, '431202001']) {
    const figures = { 'decisions.penalties.decided': agency === qunfeng ? 5 : 100 };
    await fileReport(db, act, filing({ agency, figures }), { method: 'post' });
  }
  const merger = { action: 'division-merge', division: hongjiang, on: '2023-05-01', mergedInto: neighbour } as const;
  await changeDivision(db, act, { ...merger, document: '民函〔2023〕1号' }, {});
  const ask = async (query: string) => {
    const answer = await world.app.inject({ method: 'POST', url: '/graphql', payload: { query } });
    return answer.json();
  };
  return { ...world, ask };
}

const penalties = 'decisions { penalties { decided } }';
const onDay = (day: string) => `frame: { boundaries: ON_DAY, on: "${day}" }`;

t.test(
  'a county compares with itself across a merger on the boundaries of a day, and says where it does not',
  async (t) => {
    const { app, ask, close } = await mergedCounties();
    t.teardown(close);
    const sums =
      'year includes frame { boundaries on knownOn } breaks { effective precision kind document partial counterparts { code } }';
    const { data } = await ask(`{ division(code: "${neighbour}") {
    as: statistics(years: [2021, 2023]) { ${sums} ${penalties} coverage { expected } }
    on: statistics(years: [2021, 2023], ${onDay('2023-12-31')}) { ${sums} ${penalties} coverage { expected missing { totalCount } } } } }`);
    const { as, on } = data.division;
    t.match(as[0], {
      frame: { boundaries: 'AS_REPORTED', on: '2021-12-31', knownOn: null },
      breaks: [],
      decisions: { penalties: { decided: 100 } },
    });
    t.same(as[1].breaks, [
      {
        effective: '2023-05-01',
        precision: 'DAY',
        kind: 'MERGE',
        document: '民函〔2023〕1号',
        partial: false,
        counterparts: [{ code: hongjiang }],
      },
    ]);
    t.match(on[0], {
      frame: { boundaries: 'ON_DAY', on: '2023-12-31' },
      breaks: [],
      decisions: { penalties: { decided: 105 } },
    });
    t.equal(on[0].coverage.expected, on[1].coverage.expected, 'the same townships in both years');
    t.equal(on[0].coverage.missing.totalCount, on[0].coverage.expected - 2);
    const gone = await app.inject(`/v1/rollups/${hongjiang}/2021?boundaries=2023-12-31`);
    t.match(gone.json(), { coverage: { reports: 0, expected: 0 } }, 'nothing lies in what is no more');
    const page = (await app.inject(`/v1/rollups/${neighbour}/2021.html?boundaries=2023-12-31`)).body;
    t.match(page, /按2023年12月31日的行政区划汇总/);
    const exported = await app.inject(`/v1/exports/rollups.ndjson?division=${neighbour}&boundaries=2023-12-31`);
    t.match(exported.headers['content-disposition'], /2023-12-31/);
    t.match(JSON.parse(exported.body.split('\n')[0] ?? ''), { boundaries: '2023-12-31', coverage: { reports: 2 } });
  },
);

t.test('all that was filed is summed on other boundaries for whom a token lets read all that comes in', async (t) => {
  const { app, db, close } = await mergedCounties();
  t.teardown(close);
  const url = `/v1/rollups/${neighbour}/2021?boundaries=2023-12-31`;
  const exportUrl = `/v1/exports/rollups.ndjson?division=${neighbour}&year=2021&boundaries=2023-12-31`;
  const ask = async (headers: Readonly<Record<string, string>>, include: string) => {
    const [sum, lines] = [
      await app.inject({ url: url + include, headers }),
      await app.inject({ url: exportUrl + include, headers }),
    ];
    const exported = lines.statusCode === 200 ? JSON.parse(lines.body.split('\n')[0] ?? '').includes : lines.statusCode;
    return [sum.statusCode === 200 ? sum.json().includes : sum.statusCode, exported];
  };
  const own = bearer(await tokenFor(db, { scope: 'read', division: neighbour }));
  const prefecture = bearer(await tokenFor(db, { scope: 'read', division: '431200' }));
  const stranger = { authorization: '' };
  t.same(await ask(prefecture, ''), ['ALL', 'ALL']);
  t.same(await ask(own, ''), ['ACCEPTED', 'ACCEPTED'], 'a part of it is not for them');
  t.same(await ask(own, '&include=ALL'), [403, 403]);
  t.same(await ask(stranger, '&include=ALL'), [401, 401]);
  t.same(await ask(stranger, ''), ['ACCEPTED', 'ACCEPTED']);
  const before = await app.inject({
    url: `/v1/rollups/${neighbour}/2021?boundaries=2022-12-31&include=ALL`,
    headers: own,
  });
  t.equal(before.statusCode, 200, 'before the merger nothing came in');
});

t.test(
  'who reads all that is in a sum is shown all of it, also of a division that was not there in the year',
  async (t) => {
    const { app, db, close } = await mergedCounties();
    t.teardown(close);
    const figures = { 'decisions.penalties.decided': 7 };
    await fileReport(db, act, filing({ agency: qunfeng, year: 2024, figures }), { method: 'post' });
    const headers = bearer(await tokenFor(db, { scope: 'read', division: '431200' }));
    for (const include of ['', '&include=ALL']) {
      const query = `boundaries=2022-12-31${include}`;
      const sum = await app.inject({ url: `/v1/rollups/${hongjiang}/2024?${query}`, headers });
      t.match(sum.json(), { includes: 'ALL', figures: { decisions: { penalties: { decided: 7 } } } }, query);
      const lines = await app.inject({ url: `/v1/exports/rollups.ndjson?division=431200&year=2024&${query}`, headers });
      const rows = lines.body.split('\n').filter((line) => line.includes(`"${hongjiang}"`));
      t.match(JSON.parse(rows[0] ?? '{}'), { includes: 'ALL' }, `exported ${query}`);
    }
  },
);

t.test(
  'what was known of a report that belongs to others today is for those who read it where it belongs',
  async (t) => {
    const { app, db, close } = await openTestApp({ publicReading: 'accepted' });
    t.teardown(close);
    await fileReport(db, act, filing({ agency: qunfeng, figures: { 'decisions.penalties.decided': 5 } }), {
      method: 'post',
    });
    const later = { ...act, now: new Date(act.now.getTime() + 60_000) };
    const moved = { action: 'change', agency: qunfeng, on: '2020-06-01', county: neighbour } as const;
    await changeAgency(db, later, moved, {});
    const own = bearer(await tokenFor(db, { scope: 'read', division: hongjiang }));
    const prefecture = bearer(await tokenFor(db, { scope: 'read', division: '431200' }));
    for (const boundaries of ['', '&boundaries=2022-12-31']) {
      const url = `/v1/rollups/${hongjiang}/2021?knownOn=${act.now.toISOString()}${boundaries}`;
      const shown = await app.inject({ url, headers: own });
      t.match(shown.json(), { includes: 'ACCEPTED', figures: { decisions: { penalties: { decided: null } } } }, url);
      t.equal((await app.inject({ url: `${url}&include=ALL`, headers: own })).statusCode, 403, url);
      const whole = await app.inject({ url, headers: prefecture });
      t.match(whole.json(), { includes: 'ALL', figures: { decisions: { penalties: { decided: 5 } } } }, url);
    }
  },
);

t.test('a code that another division has got since means who was known to have it', async (t) => {
  const { app, db, close } = await openTestApp({ publicReading: 'accepted' });
  t.teardown(close);
  await fileReport(db, act, filing({ agency: qunfeng, figures: { 'decisions.penalties.decided': 5 } }), {
    method: 'post',
  });
  const url = `/v1/rollups/${hongjiang}/2021`;
  const before = (await app.inject({ url })).json();
  const later = { ...act, now: new Date(act.now.getTime() + 60_000) };
  const merger = { action: 'division-merge', division: hongjiang, on: '2021-03-01', mergedInto: neighbour } as const;
  await changeDivision(db, later, merger, {});
  const recoding = { action: 'division-change', division: elsewhere, on: '2021-06-01', code: hongjiang } as const;
  await changeDivision(db, later, recoding, {});
  t.not((await app.inject({ url })).json().division.name, before.division.name, 'now it is that of another');
  const known = (await app.inject({ url: `${url}?knownOn=${act.now.toISOString()}` })).json();
  t.same({ ...known, frame: before.frame }, before);
});

t.test('sums that are exported as they were known are the file that was exported then', async (t) => {
  const { app, db, close } = await openTestApp({ publicReading: 'filed' });
  t.teardown(close);
  for (const agency of [qunfeng, '431202001', '431281101']) {
    await fileReport(db, act, filing({ agency }), { method: 'post' });
  }
  const files = async (known: string) =>
    Promise.all(
      ['', '&division=431200', `&division=${hongjiang}`, '&boundaries=2022-12-31', '&level=COUNTY'].map(
        async (asked) => {
          const { body } = await app.inject(`/v1/exports/rollups.csv?year=2021${asked}${known}`);
          const rows: Record<string, string>[] = parse(body, { columns: true, record_delimiter: '\r\n' });
          return rows.map(({ knownOn, ...row }) => row);
        },
      ),
    );
  const before = await files('');
  const later = { ...act, now: new Date(act.now.getTime() + 60_000) };
  const merger = { action: 'division-merge', division: hongjiang, on: '2021-03-01', mergedInto: neighbour } as const;
  await changeDivision(db, later, merger, {});
  const recoding = { action: 'division-change', division: elsewhere, on: '2021-06-01', code: hongjiang } as const;
  await changeDivision(db, later, recoding, {});
  const added = {
    action: 'division-add',
    code: '431299',
    name: '新县',
    level: 'COUNTY',
    parent: '431200',
    on: '2021-02-01',
  } as const;
  await changeDivision(db, later, added, {});
  t.notSame(await files(''), before);
  const known = await files(`&knownOn=${act.now.toISOString()}`);
  for (const [at, file] of known.entries()) t.same(file, before[at]);
});

t.test('what cannot be a frame is refused by name, and what was known can be asked again', async (t) => {
  const { app, ask, db, close } = await mergedCounties();
  t.teardown(close);
  const asked = {
    'boundaries=2018-01-01': '/boundaries',
    'boundaries=2023-02-30': '/boundaries',
    'knownOn=2030-01-01T00:00:00Z': '/knownOn',
    'knownOn=gestern': '/knownOn',
  };
  for (const [query, pointer] of Object.entries(asked)) {
    const answer = await app.inject(`/v1/rollups/${neighbour}/2021?${query}`);
    t.match([answer.statusCode, answer.json().errors[0].pointer], [400, pointer], query);
  }
  const frames = {
    'boundaries: ON_DAY': '/frame/on',
    'on: "2023-12-31"': '/frame/on',
    'boundaries: ON_DAY, on: "x"': '/frame/on',
    'knownOn: "2030-01-01T00:00:00Z"': '/frame/knownOn',
  };
  for (const [frame, pointer] of Object.entries(frames)) {
    const { errors } = await ask(
      `{ division(code: "${neighbour}") { statistics(years: [2021], frame: { ${frame} }) { year } } }`,
    );
    t.match(errors?.[0].extensions.errors[0].pointer, pointer, frame);
  }
  const url = `/v1/rollups/${neighbour}/2021?boundaries=2023-12-31&knownOn=${act.now.toISOString()}`;
  const then = (await app.inject(url)).json();
  const later = { ...act, now: new Date(act.now.getTime() + 1000) };
  await fileReport(db, later, filing({ figures: { 'decisions.penalties.decided': 7 }, reason: '更正' }), {
    method: 'put',
    ifMatch: 'any',
  });
  t.equal(
    (await app.inject(`/v1/rollups/${neighbour}/2021?boundaries=2023-12-31`)).json().figures.decisions.penalties
      .decided,
    107,
  );
  t.same((await app.inject(url)).json(), then, 'what was quoted then');
  t.match(then, { frame: { knownOn: act.now.toISOString() }, figures: { decisions: { penalties: { decided: 105 } } } });
});

t.test('an agency that was split across counties lies in what holds them all, with its candidates', async (t) => {
  const { app, ask, db, close } = await mergedCounties();
  t.teardown(close);
  const splitInto = ['431202002', '350128108'];
  await changeAgency(db, act, { action: 'close', agency: '431202001', on: '2022-07-01', splitInto }, {});
  const unallocated =
    'unallocated { reports expected agencies { totalCount nodes { agency { code } candidates { code } } } }';
  const at = async (code: string) =>
    (
      await ask(
        `{ division(code: "${code}") { statistics(years: [2021], ${onDay('2022-12-31')}) { ${unallocated} ${penalties} breaks { effective kind partial } } } }`,
      )
    ).data.division.statistics[0];
  const nation = await at('100000');
  t.same(nation.unallocated, {
    ...{ reports: 1, expected: 1 },
    agencies: {
      totalCount: 1,
      nodes: [{ agency: { code: '431202001' }, candidates: [{ code: elsewhere }, { code: neighbour }].sort() }],
    },
  });
  t.equal(nation.decisions.penalties.decided, 105);
  const county = await at(neighbour);
  t.match(county, {
    unallocated: { reports: 0 },
    decisions: null,
    breaks: [{ effective: '2022-07-01', kind: 'SPLIT', partial: true }],
  });
  for (const boundaries of ['2022-12-31', 'AS_REPORTED']) {
    const query = `year=2021&boundaries=${boundaries}`;
    const rows: Record<string, string>[] = parse((await app.inject(`/v1/exports/rollups.csv?${query}`)).body, {
      ...{ columns: true, record_delimiter: '\r\n' },
    });
    const lines = (await app.inject(`/v1/exports/rollups.ndjson?${query}`)).body.trim().split('\n');
    for (const [at, row] of rows.entries()) {
      const { breaks, unallocated } = (
        await app.inject(`/v1/rollups/${row.division}/2021?boundaries=${boundaries}`)
      ).json();
      const { reports, expected } = unallocated;
      t.same([row['unallocated.reports'], row['unallocated.expected']], [String(reports), String(expected)]);
      t.same(JSON.parse(row.breaks || '[]'), breaks);
      t.same(JSON.parse(lines[at] ?? ''), {
        ...JSON.parse(lines[at] ?? ''),
        breaks,
        unallocated: { reports, expected },
      });
    }
    t.equal(
      rows.some(({ breaks }) => breaks?.includes('"SPLIT"')),
      boundaries !== 'AS_REPORTED',
      'the day is not in the year',
    );
  }
});

t.test('what is filed while a sum is put together is in all of it or in none', async (t) => {
  const { db, app, close } = await mergedCounties();
  t.teardown(close);
  const frame = { on: '2023-12-31', knownOn: null };
  const reports = async () => (await app.inject(`/v1/rollups/${neighbour}/2021?include=ALL`)).json().coverage.reports;
  let reads = 0;
  const sums = await ofOneMoment(db, frame, async () => {
    const before = await reports();
    if (reads++ === 0) await fileReport(db, act, filing({ agency: '431202002' }), { method: 'post' });
    return [before, await reports()];
  });
  t.same([reads, sums], [2, [2, 2]], 'read again, since something was filed in its midst');
  const always = ofOneMoment(db, frame, async () => {
    const body = filing({ agency: qunfeng, figures: { 'decisions.penalties.decided': reads++ }, reason: '更正' });
    await fileReport(db, act, body, { method: 'put', ifMatch: 'any' });
  });
  t.match(
    await always.catch((problem) => problem),
    { kind: 'busy' },
    'where it is changed all the time, there is no sum',
  );
  t.equal(await ofOneMoment(db, undefined, async () => reads), reads, 'as reported it is one read');
});

t.test(
  'areas of which nothing was recorded since are read as they are kept, and the others as they were known',
  async (t) => {
    const db = await openTestStore();
    t.teardown(() => db.destroy());
    const at = (minute: number) => ({ ...act, now: new Date(act.now.getTime() + 60_000 * minute) });
    const [one = '', other = '', third = ''] = await townshipsOf(hongjiang);
    const [far = ''] = await townshipsOf(elsewhere);
    for (const agency of [one, other, far]) await fileReport(db, at(0), filing({ agency }), { method: 'post' });
    const knownOn = at(1).now.toISOString();
    await withdrawReport(db, at(2), { agency: other, year: 2021, reason: '误报' }, { ifMatch: 'any' });
    await fileReport(db, at(3), filing({ agency: third }), { method: 'post' });
    const register = await registerOf(db, { on: null, knownOn });
    const touched = await touchedSince(db, register, 2021);
    const county = await resolveDivisionIn(db, register, hongjiang, endOf(2021));
    const untouched = await resolveDivisionIn(db, register, elsewhere, endOf(2021));
    t.ok(touched?.has(county.id));
    t.notOk(touched?.has(untouched.id));
    const frame = { on: null, knownOn };
    for (const code of ['100000']) {
      const division = await resolveDivisionIn(db, register, code, endOf(2021));
      for (const by of ['COUNTY', 'PREFECTURE'] as const) {
        await compareWithAlone(db, division, { by, year: 2021, frame, of: { inclusion: 'ALL' } });
      }
    }
  },
);
