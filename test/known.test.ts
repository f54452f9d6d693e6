/** What was known at an instant: the register and the reports as they were answered then, whatever was recorded since. */
import { deepStrictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { referenceDate } from '../src/day.js';
import { formInForce } from '../src/form/forms.js';
import { Problem } from '../src/problem.js';
import { changeAgency, changeDeadline } from '../src/register/change/change.js';
import { changeDivision } from '../src/register/change/division/change.js';
import type { AgencyChange, Undoing } from '../src/register/change/register-change.js';
import { agencyFor, resolveDivision } from '../src/register/codes.js';
import {
  agenciesIn,
  agencyYearKey,
  divisionEdgesIn,
  divisionStatesIn,
  divisionsBelowIn,
  lineageIn,
  placementsIn,
  predecessorsIn,
  type RegisterAt,
  registerKnownAt,
  type Succession,
  successorsIn,
} from '../src/register/known.js';
import { fileReport } from '../src/report/file.js';
import { type KnownRevision, reportsIn } from '../src/report/known.js';
import { reviewReport } from '../src/report/review.js';
import { withdrawReport } from '../src/report/withdraw.js';
import { differenceIn, type Limits, partsOf } from '../src/rollup/known-difference.js';
import type { Db } from '../src/store/engine/schema.js';
import { agenciesInCounties } from '../src/store/register/agencies.js';
import { divisionEdgesOf } from '../src/store/register/division-changes.js';
import { divisionStates, divisionsBelow } from '../src/store/register/divisions.js';
import { expectedCounts } from '../src/store/register/expectations.js';
import { lineageOf } from '../src/store/register/lineage.js';
import { pastAt } from '../src/store/register/past.js';
import { findPlacement } from '../src/store/register/placement.js';
import { predecessorsOf, successorsOf } from '../src/store/register/successions.js';
import { acceptedRow, findReport, type ReportRow } from '../src/store/reports.js';
import { findRevision } from '../src/store/revisions.js';
import { countTerritory } from '../src/store/rollup/read-sums.js';
import { sumsOfNone } from '../src/store/rollup/sums.js';
import { territoryAsReported } from '../src/store/rollup/territory.js';
import { inclusions } from '../src/words.js';
import { act, filing, hongjiang, openTestStore, qunfeng, runSql, today, townshipsOf } from './builders.js';

const [, anjiang = ''] = await townshipsOf(hongjiang);
const neighbour = '431202';

/** The act of a minute of the day. */
const at = (minute: number) => ({ ...act, now: new Date(Date.UTC(2026, 10, 24, 4, minute)) });
const instant = (minute: number) => at(minute).now.toISOString();

t.test('what the register says of an agency is kept before each change, and of a rehearsed one nothing', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  const { id } = await agencyFor(db, qunfeng, 2021);
  const heir = await agencyFor(db, anjiang, 2021);
  t.same(await runSql(db, 'select * from past'), [], 'the first register has no past');
  await changeAgency(db, at(1), { action: 'exempt', agency: qunfeng, year: 2022, reason: '新设' }, {});
  await changeAgency(db, at(2), { action: 'change', agency: qunfeng, on: '2022-01-01', county: neighbour }, {});
  await changeAgency(db, at(3), { action: 'close', agency: qunfeng, on: '2024-01-01', mergedInto: anjiang }, {});
  await changeAgency(db, at(4), { action: 'reopen', agency: qunfeng, on: '2023-06-01' }, { dryRun: true });
  const said = async (minute: number) => (await pastAt(db, 'agency', instant(minute))).get(id);
  t.match(await said(0), { states: [{ code: qunfeng, validTo: null }], successors: [], exempted: [] });
  t.match(await said(1), { states: { length: 1 }, exempted: [2022] }, 'an instant has what was done in it');
  t.match(await said(2), { states: { length: 2 }, successors: [] });
  t.equal(await said(3), undefined, 'what holds today was not changed since');
  await changeAgency(db, at(5), { action: 'reopen', agency: qunfeng, on: '2023-06-01' }, {});
  t.match(await said(3), { states: [{}, { validTo: '2024-01-01' }], successors: [{ id: heir.id, on: '2024-01-01' }] });
});

t.test('of an agency that was not there, and of a deadline, what was said before is kept', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  const county = await resolveDivision(db, hongjiang, today);
  const added = { code: 'X-1', name: '新', kind: 'OTHER', county: hongjiang, validFrom: '2020-01-01' } as const;
  await changeAgency(db, at(1), { action: 'add', ...added }, {});
  const { id } = await agencyFor(db, 'X-1', 2021);
  t.same((await pastAt(db, 'agency', instant(0))).get(id), { states: [], successors: [], exempted: [] });
  const deadline = { action: 'deadline', division: hongjiang, year: 2021 } as const;
  await changeDeadline(db, at(2), { ...deadline, due: '03-01' }, {});
  await changeDeadline(db, at(3), { ...deadline, due: null }, {});
  const said = async (minute: number) => (await pastAt(db, 'division', instant(minute))).get(county.id);
  t.match(await said(1), { states: [{ code: hongjiang, parentId: county.parentId }], edges: [], deadlines: [] });
  t.match(await said(2), { deadlines: [{ filer: 'AGENCIES', year: 2021, due: '03-01' }] });
});

t.test('a change that is written after one of a later instant is known no sooner than that', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  const { id } = await agencyFor(db, qunfeng, 2021);
  await changeAgency(db, at(5), { action: 'change', agency: qunfeng, on: '2022-01-01', name: '甲' }, {});
  await changeAgency(db, at(4), { action: 'change', agency: qunfeng, on: '2023-01-01', name: '乙' }, {});
  t.match((await pastAt(db, 'agency', instant(4))).get(id), { states: { length: 1 } });
  t.equal((await pastAt(db, 'agency', instant(5))).size, 0);
});

/** Counties of one prefecture and of another province, and the years that are filed for. */
const counties = [hongjiang, neighbour, '350128'];
const years = [2021, 2022];
const townships = (await townshipsOf(hongjiang)).slice(0, 3);
const cells = formInForce(2021).cells.filter(({ table }) => table === 'decisions');
const days = ['2021-06-01', '2022-01-01', '2022-12-31', '2023-03-01', '2027-01-01'];

/** Where something is to be asked: divisions of every level, and the agencies that were ever there, by identity. */
interface World {
  readonly db: Db;
  readonly divisionIds: readonly number[];
  readonly agencyIds: readonly number[];
}

const byDay = (one: Succession, other: Succession) =>
  one.on < other.on ? -1 : one.on > other.on ? 1 : one.id - other.id;

async function worldOf(db: Db): Promise<World> {
  const divisions = await runSql<{ id: number }>(
    db,
    `select d.id from division d join division_state s on s.division_id = d.id
      where s.code in ('431281', '431202', '350128', '431299', '431200', '350100', '430000', '100000') group by d.id`,
  );
  const agencies = await runSql<{ id: number }>(
    db,
    `select distinct agency_id as id from agency_state where code like 'X-%' or code in (${townships.join()}) or kind = 'COUNTY'
      union select agency_id from report union select agency_id from revision`,
  );
  return { db, divisionIds: divisions.map(({ id }) => id), agencyIds: agencies.map(({ id }) => id) };
}

/** What of a revision is compared: all that it adds to a sum. */
const shownOf = ({ number, report, content }: KnownRevision) => ({
  number,
  ...Object.fromEntries(
    (['countyId', 'kind', 'expected', 'onTime', 'sample'] as const).map((part) => [part, report[part]]),
  ),
  content,
});

async function answeredRevision(db: Db, row: ReportRow | undefined) {
  const revision = row && (await findRevision(db, row.agencyId, row.year, row.revision));
  return row && revision?.content ? shownOf({ number: row.revision, report: row, content: revision.content }) : null;
}

/** What is said of each division on the days asked about, by the readers that know of no past. */
async function dividedNow({ db, divisionIds }: World) {
  const answers: Record<string, unknown> = {};
  for (const id of divisionIds) {
    const [states, edges] = [await divisionStates(db, id), await divisionEdgesOf(db, id)];
    const below = await divisionsBelow(db, id, years);
    const lying = [];
    for (const year of years) {
      const agencies = await agenciesInCounties(db, [id], referenceDate(year));
      const ids = [...(below.get(year) ?? [])].sort((one, other) => one - other);
      lying.push([await lineageOf(db, id, year), ids, agencies]);
    }
    answers[`division ${id}`] = { states, edges, lying };
  }
  return answers;
}

/** The same as it was known. */
async function dividedAt({ db, divisionIds }: World, register: RegisterAt) {
  const answers: Record<string, unknown> = {};
  for (const id of divisionIds) {
    const [states, edges] = [await divisionStatesIn(db, register, id), await divisionEdgesIn(db, register, id)];
    const lying = [];
    for (const year of years) {
      const day = referenceDate(year);
      const below = await divisionsBelowIn(db, register, id, day);
      const ids = [...below.keys()].sort((one, other) => one - other);
      lying.push([await lineageIn(db, register, id, day), ids, await agenciesIn(db, register, [id], day)]);
    }
    answers[`division ${id}`] = { states, edges, lying };
  }
  return answers;
}

/** What is answered of each agency today, by the readers that know of no past. */
async function answeredNow({ db, agencyIds }: World) {
  const answers: Record<string, unknown> = {};
  for (const agencyId of agencyIds) {
    const [into, from] = [await successorsOf(db, agencyId), await predecessorsOf(db, agencyId)];
    answers[`agency ${agencyId}`] = { into: into.sort(byDay), from: from.sort(byDay) };
    for (const year of years) {
      const row = await findReport(db, agencyId, year);
      const current = await answeredRevision(db, row);
      const accepted = await answeredRevision(db, row && acceptedRow(row));
      answers[agencyYearKey({ agencyId, year })] = {
        placement: (await findPlacement(db, agencyId, year)) ?? null,
        report: current && { current, accepted },
      };
    }
  }
  return answers;
}

/** The same as it was known. */
async function answeredAt({ db, agencyIds }: World, register: RegisterAt) {
  const answers: Record<string, unknown> = {};
  const asked = agencyIds.flatMap((agencyId) => years.map((year) => ({ agencyId, year })));
  const [placements, reports] = [await placementsIn(db, register, asked), await reportsIn(db, register, asked)];
  for (const agencyId of agencyIds) {
    const [into, from] = [await successorsIn(db, register, agencyId), await predecessorsIn(db, register, agencyId)];
    answers[`agency ${agencyId}`] = { into: into.toSorted(byDay), from: from.toSorted(byDay) };
  }
  for (const one of asked) {
    const key = agencyYearKey(one);
    const report = reports.get(key);
    answers[key] = {
      placement: placements.get(key) ?? null,
      report: report
        ? { current: shownOf(report.current), accepted: report.accepted ? shownOf(report.accepted) : null }
        : null,
    };
  }
  return answers;
}

/** The sums of a division by year and inclusion, and who was expected by kind: numbers that add up. */
type Added = Record<string, number>;

function add(sums: Added, key: string, change: number | bigint): void {
  const sum = (sums[key] ?? 0) + Number(change);
  if (sum === 0) delete sums[key];
  else sums[key] = sum;
}

async function sumsNow(db: Db, divisionId: number, leftOut: ReadonlySet<number> = new Set()): Promise<Added> {
  const sums: Added = {};
  for (const { year, kind, expected } of await expectedCounts(db, divisionId, years)) {
    add(sums, `${year} ${kind} wanted`, expected);
  }
  for (const inclusion of inclusions) {
    const found = await countTerritory(db, territoryAsReported(divisionId), years, cells, { inclusion });
    for (const year of years.filter((one) => !leftOut.has(one))) {
      const counted = found.get(year) ?? sumsOfNone(year);
      const { reports, expectedReports, onTime, samples, figures, blank } = counted;
      const name = (what: string) => `${year} ${inclusion} ${what}`;
      add(sums, name('reports'), reports);
      add(sums, name('expected'), expectedReports);
      add(sums, name('onTime'), onTime);
      add(sums, name('samples'), samples);
      for (const { at, key } of cells) {
        add(sums, name(key), figures[at] ?? 0);
        add(sums, name(`${key} blank`), blank[at] ?? 0);
      }
    }
  }
  return sums;
}

async function sumsAt(db: Db, register: RegisterAt, divisionId: number, limits?: Limits): Promise<Added> {
  const difference = await differenceIn(db, register, { divisionId, years }, limits);
  const sums = await sumsNow(db, divisionId, difference.anew);
  for (const { year, kind, change } of difference.expected) add(sums, `${year} ${kind} wanted`, change);
  for await (const parts of partsOf(db, register, difference)) {
    for (const { sign, inclusion, report, content } of parts) {
      const name = (what: string) => `${report.year} ${inclusion} ${what}`;
      add(sums, name('reports'), sign);
      add(sums, name('expected'), sign * report.expected);
      add(sums, name('onTime'), sign * report.onTime * report.expected);
      add(sums, name('samples'), sign * report.sample);
      for (const { at, key } of cells) {
        add(sums, name(key), sign * (content.figures[at] ?? 0));
        add(sums, name(`${key} blank`), content.figures[at] === null ? sign : 0);
      }
    }
  }
  return sums;
}

type Doing = (db: Db, minute: number) => Promise<unknown>;

const anyTownship = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...townships) },
  { weight: 1, arbitrary: fc.constant('X-1') },
);
const anyYear = fc.constantFrom(...years);
const anyDay = fc.constantFrom(...days);
const small = fc.option(fc.nat(3));

const filed: fc.Arbitrary<Doing> = fc
  .record({ agency: anyTownship, year: anyYear, count: small, day: fc.constantFrom('01-20', '02-10', '03-20', null) })
  .chain(({ agency, year, count, day }) =>
    fc.boolean().map(
      (sample): Doing =>
        (db, minute) => {
          const source = day === null ? {} : { source: { publishedOn: `${year + 1}-${day}` } };
          const figures = { 'decisions.licenses.decided': count, 'decisions.coercion.decided': 1 };
          const sent = filing({ agency, year, figures, reason: '更正', ...source });
          return fileReport(db, { ...at(minute), sample }, sent, { method: 'put', ifMatch: 'any' }).catch(() =>
            fileReport(db, { ...at(minute), sample }, sent, { method: 'post' }),
          );
        },
    ),
  );

const withdrawn: fc.Arbitrary<Doing> = fc
  .record({ agency: anyTownship, year: anyYear })
  .map((report) => (db, minute) => withdrawReport(db, at(minute), { ...report, reason: null }, { ifMatch: 'any' }));

const decided: fc.Arbitrary<Doing> = fc
  .record({
    agency: anyTownship,
    year: anyYear,
    decision: fc.constantFrom('ACCEPTED' as const, 'ACCEPTED' as const, 'RETURNED' as const),
  })
  .map((decision) => async (db, minute) => {
    const { id } = await agencyFor(db, decision.agency, decision.year);
    const revision = (await findReport(db, id, decision.year))?.revision ?? 0;
    return reviewReport(db, at(minute), { ...decision, revision, reason: '理由' }, {});
  });

const agencyChanged = (change: fc.Arbitrary<AgencyChange | Undoing>): fc.Arbitrary<Doing> =>
  fc.tuple(change, fc.constantFrom(false, false, false, true)).map(
    ([one, dryRun]) =>
      (db, minute) =>
        changeAgency(db, at(minute), one, { dryRun }),
  );

const registered = agencyChanged(
  fc.oneof(
    fc.record({
      action: fc.constant('exempt' as const),
      agency: anyTownship,
      year: anyYear,
      reason: fc.constant('新设'),
    }),
    fc.record({ action: fc.constant('unexempt' as const), agency: anyTownship, year: anyYear }),
    fc.record({ action: fc.constant('close' as const), agency: anyTownship, on: anyDay, mergedInto: anyTownship }),
    fc.record({ action: fc.constant('close' as const), agency: anyTownship, on: anyDay }),
    fc.record({ action: fc.constant('reopen' as const), agency: anyTownship, on: fc.constant('2021-05-31') }),
    fc.record({
      action: fc.constant('change' as const),
      agency: anyTownship,
      on: anyDay,
      county: fc.constantFrom(...counties),
    }),
    fc.record({
      action: fc.constant('change' as const),
      agency: anyTownship,
      on: anyDay,
      kind: fc.constantFrom('TOWNSHIP' as const, 'SUBDISTRICT' as const),
    }),
    fc.record({ action: fc.constant('retract' as const), agency: anyTownship, on: fc.constant('2027-01-01') }),
    fc.record({
      action: fc.constant('add' as const),
      code: fc.constant('X-1'),
      name: fc.constant('新'),
      kind: fc.constant('OTHER' as const),
      county: fc.constantFrom(...counties),
      validFrom: anyDay,
    }),
  ),
);

const dated: fc.Arbitrary<Doing> = fc
  .record({
    division: fc.constantFrom(hongjiang, neighbour, '431200', '430000', '100000'),
    year: fc.constantFrom(...years, 0),
    due: fc.constantFrom('01-25', '02-15', '03-31', null),
  })
  .map((deadline) => (db, minute) => changeDeadline(db, at(minute), { action: 'deadline', ...deadline }, {}));

const huaihua = '431200';
const anyCounty = fc.constantFrom(hongjiang, hongjiang, neighbour, '431299');
const halves = [(await townshipsOf(hongjiang)).slice(0, 10), (await townshipsOf(hongjiang)).slice(10)];

const divided: fc.Arbitrary<Doing> = fc
  .oneof(
    fc.record({
      action: fc.constant('division-add' as const),
      code: fc.constant('431299'),
      name: fc.constant('新县'),
      level: fc.constant('COUNTY' as const),
      parent: fc.constantFrom(huaihua, '350100'),
      on: anyDay,
    }),
    fc.record({
      action: fc.constant('division-change' as const),
      division: anyCounty,
      on: anyDay,
      parent: fc.constantFrom(huaihua, '350100'),
    }),
    fc.record({
      action: fc.constant('division-merge' as const),
      division: anyCounty,
      on: anyDay,
      mergedInto: anyCounty,
    }),
    fc.record({
      action: fc.constant('division-split' as const),
      division: fc.constant(hongjiang),
      on: anyDay,
      splitInto: fc.constant([
        { division: neighbour, agencies: halves[0] },
        { division: '350128', agencies: halves[1] },
      ]),
    }),
    fc.record({
      action: fc.constant('division-transfer' as const),
      division: anyCounty,
      on: anyDay,
      to: anyCounty,
      agencies: fc.subarray(townships, { minLength: 1 }),
    }),
    fc.record({ action: fc.constant('division-close' as const), division: anyCounty, on: anyDay }),
    fc.record({
      action: fc.constant('division-retract' as const),
      division: anyCounty,
      on: fc.constant('2027-01-01'),
    }),
  )
  .map((change) => (db, minute) => changeDivision(db, at(minute), change, {}));

const done = fc.oneof(
  { weight: 5, arbitrary: divided },
  { weight: 4, arbitrary: filed },
  { weight: 1, arbitrary: withdrawn },
  { weight: 3, arbitrary: decided },
  { weight: 4, arbitrary: registered },
  { weight: 2, arbitrary: dated },
);

/** What is refused leaves everything as it was. */
async function attempt(doing: Promise<unknown>): Promise<'done' | 'refused'> {
  try {
    await doing;
    return 'done';
  } catch (error) {
    if (error instanceof Problem) return 'refused';
    throw error;
  }
}

t.test('whatever is done, what was answered at any instant is what is known of it ever after', async (t) => {
  let count = { done: 0, refused: 0 };
  // Two acts can be of one instant: what was answered between them nobody is told.
  const timed = (doing: fc.Arbitrary<Doing>) => fc.record({ doing, later: fc.constantFrom(0, 1, 1) });
  const steps = fc
    .tuple(
      fc.array(timed(filed), { minLength: 3, maxLength: 5 }),
      fc.array(timed(done), { minLength: 5, maxLength: 16 }),
    )
    .map((parts) => parts.flat());
  await fc.assert(
    fc.asyncProperty(steps, async (steps) => {
      const db = await openTestStore();
      try {
        const answered = new Map<number, { answers: Record<string, unknown>; sums: ReadonlyMap<number, Added> }>();
        let minute = 1;
        const look = async () => {
          const world = await worldOf(db);
          const sums = new Map<number, Added>();
          for (const id of world.divisionIds) sums.set(id, await sumsNow(db, id));
          answered.set(minute, { answers: { ...(await answeredNow(world)), ...(await dividedNow(world)) }, sums });
        };
        await look();
        for (const { doing, later } of steps) {
          minute += later;
          const outcome = await attempt(doing(db, minute));
          count = { ...count, [outcome]: count[outcome] + 1 };
          await look();
        }
        const world = await worldOf(db);
        for (const [asked, { answers, sums }] of answered) {
          const register = await registerKnownAt(db, instant(asked));
          const known: Record<string, unknown> = {
            ...(await answeredAt(world, register)),
            ...(await dividedAt(world, register)),
          };
          for (const [key, answer] of Object.entries(answers)) {
            deepStrictEqual([key, asked, known[key]], [key, asked, answer]);
          }
          for (const id of world.divisionIds) {
            // The few divisions of the small register are looked at as the nation's are, too.
            for (const limits of asked % 3 === 0 ? [undefined, { divisions: 0, reports: 2 }] : [undefined]) {
              const sum = await sumsAt(db, register, id, limits);
              deepStrictEqual([id, asked, sorted(sum)], [id, asked, sorted(sums.get(id) ?? {})]);
            }
          }
        }
      } finally {
        await db.destroy();
      }
    }),
    { numRuns: 15 },
  );
  t.ok(count.done > 100, `${count.done} were done, ${count.refused} refused`);
});

const sorted = (sums: Added) => Object.entries(sums).sort(([one], [other]) => (one < other ? -1 : 1));
