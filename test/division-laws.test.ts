/** What holds whatever is done with divisions: sums, expectations, codes, what lies in what, and the years that are over. */
import fc from 'fast-check';
import t from 'tap';
import { formInForce } from '../src/form/forms.js';
import { toProblem } from '../src/problem.js';
import { changeAgency, changeDeadline } from '../src/register/change/change.js';
import { changeDivision } from '../src/register/change/division/change.js';
import type { DivisionChange } from '../src/register/change/register-change.js';
import { fileReport } from '../src/report/file.js';
import { withdrawReport } from '../src/report/withdraw.js';
import { inTransaction } from '../src/store/engine/commit.js';
import { openStore } from '../src/store/engine/open.js';
import type { Db } from '../src/store/engine/schema.js';
import { type AgencyRow, type DivisionRow, loadRegister } from '../src/store/register/load/load.js';
import { verifyRollups } from '../src/store/rollup/rollup-check.js';
import { agencyKinds } from '../src/words.js';
import { act, balancedFigures, filing, runSql, today } from './builders.js';

t.setTimeout(600_000);

const years = [2020, 2021, 2022, 2023];
const smallDivisions: readonly DivisionRow[] = [
  ['100000', 'NATION', ''],
  ['430000', 'PROVINCE', '100000'],
  ['440000', 'PROVINCE', '100000'],
  ['431200', 'PREFECTURE', '430000'],
  ['431300', 'PREFECTURE', '430000'],
  ['441200', 'PREFECTURE', '440000'],
  ['431281', 'COUNTY', '431200'],
  ['431202', 'COUNTY', '431200'],
  ['431302', 'COUNTY', '431300'],
  ['441202', 'COUNTY', '441200'],
].map(([code = '', level, parent = '']) => ({
  unit: code,
  code,
  name: `区划${code}`,
  // The second of each triple above is a level.
  level: level as DivisionRow['level'],
  parent,
  validFrom: '2019-01-01',
  validTo: '',
}));
const counties = smallDivisions.filter(({ level }) => level === 'COUNTY').map(({ code }) => code);
const prefectures = smallDivisions.filter(({ level }) => level === 'PREFECTURE').map(({ code }) => code);
const smallAgencies: readonly AgencyRow[] = Array.from({ length: 8 }, (_, index) => ({
  unit: String(index),
  code: `${counties[index % 4]}10${index}`,
  name: `机关${index}`,
  kind: agencyKinds[index % 3] ?? 'OTHER',
  county: counties[index % 4] ?? '',
  validFrom: index === 7 ? '2021-07-01' : '2019-01-01',
  validTo: '',
}));

const small = { divisions: smallDivisions, agencies: smallAgencies, successions: [], bases: [], otherCodes: [] };

async function openSmallStore(): Promise<Db> {
  const db = await openStore('sqlite::memory:');
  await inTransaction(db, {}, (trx) => loadRegister(trx, small, () => {}));
  return db;
}

const anyYear = fc.constantFrom(...years);
const anyDay = fc
  .tuple(fc.constantFrom(...years, 2024), fc.constantFrom('01-01', '06-30', '12-31'))
  .map(([year, day]) => `${year}-${day}`);
const announcedDay = fc.constantFrom('2027-01-01', '2027-06-30', '2028-01-01');
const on = fc.oneof({ weight: 3, arbitrary: anyDay }, { weight: 1, arbitrary: announcedDay });
/** Which of the codes there are an operation is about; taken modulo their number. */
const which = fc.nat(40);
const word = <const Word extends string>(one: Word) => fc.constant(one);
const newCode = fc.constantFrom('431291', '431292', '441291');

const ofDivision = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: word('alter'),
      which,
      on,
      change: fc.record(
        {
          name: fc.constantFrom('甲', '乙'),
          code: newCode,
          parent: fc.constantFrom(...prefectures, '430000', '440000'),
        },
        { requiredKeys: [] },
      ),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: word('merge'), which, into: which, on }) },
  { weight: 2, arbitrary: fc.record({ do: word('split'), which, into: which, other: which, cut: fc.nat(3), on }) },
  { weight: 2, arbitrary: fc.record({ do: word('transfer'), which, into: which, on }) },
  { weight: 2, arbitrary: fc.record({ do: word('add'), code: newCode, on, parent: fc.constantFrom(...prefectures) }) },
  { weight: 1, arbitrary: fc.record({ do: word('end'), which, on }) },
  { weight: 3, arbitrary: fc.record({ do: word('takeBack'), which }) },
);
const ofAgency = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: word('file'),
      which,
      year: anyYear,
      figures: balancedFigures(formInForce(2021)),
      published: fc.constantFrom('01-15', '02-05', '02-20', '03-31'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: word('withdraw'), which }) },
  { weight: 2, arbitrary: fc.record({ do: word('moveAgency'), which, into: which, on }) },
  { weight: 1, arbitrary: fc.record({ do: word('close'), which, on }) },
  { weight: 1, arbitrary: fc.record({ do: word('reopen'), which }) },
  { weight: 1, arbitrary: fc.record({ do: word('exempt'), which, year: anyYear }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: word('deadline'),
      which,
      year: fc.constantFrom(0, 2021, 2022),
      due: fc.option(fc.constantFrom('01-15', '02-20', '03-31')),
    }),
  },
);
type DivisionOperation = typeof ofDivision extends fc.Arbitrary<infer O> ? O : never;
type AgencyOperation = typeof ofAgency extends fc.Arbitrary<infer O> ? O : never;
type Operation = DivisionOperation | AgencyOperation;

const isOfDivision = (operation: Operation): operation is DivisionOperation =>
  ['alter', 'merge', 'split', 'transfer', 'add', 'end', 'takeBack'].includes(operation.do);

async function codesIn(db: Db, sql: string, parameters: readonly unknown[] = []): Promise<(index: number) => string> {
  const rows = await runSql<{ code: string }>(db, sql, parameters);
  return (index) => rows[index % Math.max(1, rows.length)]?.code ?? '999999';
}

/** The codes of agencies in a county on a day. */
async function lyingIn(db: Db, county: string, day: string): Promise<string[]> {
  const rows = await runSql<{ code: string }>(
    db,
    `select s.code from agency_state s join division_state c on c.division_id = s.county_id and c.code = ?
       and c.valid_from < ? and (c.valid_to is null or c.valid_to >= ?)
     where s.kind <> 'COUNTY' and s.valid_from <= ? and (s.valid_to is null or s.valid_to > ?) order by s.code`,
    [county, day, day, day, day],
  );
  return rows.map(({ code }) => code);
}

async function divisionChangeOf(db: Db, operation: DivisionOperation): Promise<DivisionChange> {
  const any = await codesIn(db, `select distinct code from division_state where code <> '100000' order by code`);
  const county = await codesIn(
    db,
    `select distinct s.code from division_state s join division d on d.id = s.division_id where d.level = 'COUNTY' order by s.code`,
  );
  switch (operation.do) {
    case 'alter':
      return { action: 'division-change', division: any(operation.which), on: operation.on, ...operation.change };
    case 'merge':
      return {
        action: 'division-merge',
        division: any(operation.which),
        mergedInto: any(operation.into),
        on: operation.on,
      };
    case 'split': {
      const division = county(operation.which);
      const lying = await lyingIn(db, division, operation.on);
      const parts = [lying.slice(0, operation.cut), lying.slice(operation.cut)];
      const heirs = [operation.into, operation.other].map(county);
      const splitInto = heirs.map((heir, index) => ({ division: heir, agencies: parts[index] ?? [] }));
      return { action: 'division-split', division, on: operation.on, splitInto };
    }
    case 'transfer': {
      const division = county(operation.which);
      const agencies = (await lyingIn(db, division, operation.on)).slice(0, 1);
      return { action: 'division-transfer', division, to: county(operation.into), on: operation.on, agencies };
    }
    case 'add':
      return {
        action: 'division-add',
        name: '新',
        level: 'COUNTY',
        code: operation.code,
        on: operation.on,
        parent: operation.parent,
      };
    case 'end': {
      const bare = await codesIn(
        db,
        `select code from division_state where division_id not in (select parent_id from division_state where parent_id is not null)
           and division_id not in (select county_id from agency_state where kind <> 'COUNTY' and valid_to is null) order by code`,
      );
      return { action: 'division-close', division: bare(operation.which), on: operation.on };
    }
    case 'takeBack': {
      const rows = await runSql<{ code: string; on: string }>(
        db,
        `select distinct s.code, b.effective as "on" from basis b join division_state s on s.division_id = b.id and b.about = 'division'
         where b.effective > ? order by 1, 2`,
        [today],
      );
      const found = rows[operation.which % Math.max(1, rows.length)] ?? { code: '999999', on: '2027-01-01' };
      return { action: 'division-retract', division: found.code, on: found.on };
    }
  }
}

/** Does one operation; a refusal is an answer too, so long as it is a refusal. */
async function perform(db: Db, operation: Operation): Promise<'done' | 'refused'> {
  try {
    if (isOfDivision(operation)) await changeDivision(db, act, await divisionChangeOf(db, operation), {});
    else await performOfAgency(db, operation);
    return 'done';
  } catch (error) {
    if (toProblem(error).status < 500) return 'refused';
    throw error;
  }
}

async function performOfAgency(db: Db, operation: AgencyOperation): Promise<void> {
  const code = await codesIn(db, `select distinct code from agency_state order by code`);
  const filer = await codesIn(db, `select distinct code from agency_state where kind <> 'COUNTY' order by code`);
  const division = await codesIn(db, `select distinct code from division_state order by code`);
  const agency = filer(operation.which);
  switch (operation.do) {
    case 'file': {
      const { year, figures, published } = operation;
      const source = { publishedOn: `${year + 1}-${published}` };
      const body = filing({ agency: code(operation.which), year, form: '2021', figures, reason: '更正', source });
      const filed = await fileReport(db, act, body, { method: 'post', lenient: true }).catch(() => undefined);
      if (!filed) await fileReport(db, act, body, { method: 'put', ifMatch: 'any', lenient: true });
      return;
    }
    case 'withdraw': {
      const rows = await runSql<{ agency: string; year: number }>(
        db,
        `select s.code as agency, r.year from report r join agency_state s on s.agency_id = r.agency_id
           and s.valid_from <= r.year || '-12-31' and (s.valid_to is null or s.valid_to > r.year || '-12-31') order by r.id`,
      );
      const at = rows[operation.which % Math.max(1, rows.length)] ?? { agency: '999999999', year: 2021 };
      await withdrawReport(db, act, { ...at, reason: '误报' }, { ifMatch: 'any' });
      return;
    }
    case 'moveAgency':
      await changeAgency(db, act, { action: 'change', agency, on: operation.on, county: division(operation.into) }, {});
      return;
    case 'close':
      await changeAgency(db, act, { action: 'close', agency, on: operation.on }, {});
      return;
    case 'reopen':
      await changeAgency(db, act, { action: 'reopen', agency }, {});
      return;
    case 'exempt':
      await changeAgency(db, act, { action: 'exempt', agency, year: operation.year, reason: '新设' }, {});
      return;
    case 'deadline': {
      const { year, due } = operation;
      await changeDeadline(db, act, { action: 'deadline', division: division(operation.which), year, due }, {});
    }
  }
}

interface State {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly kind: string;
  readonly above: number | null;
  readonly from: string;
  readonly to: string | null;
}

/** The register as it stands, read whole; everything else is worked out here. */
async function readRegister(db: Db) {
  const divisions = await runSql<State>(
    db,
    `select s.division_id as id, s.code, s.name, d.level as kind, s.parent_id as above, s.valid_from as "from", s.valid_to as "to"
     from division_state s join division d on d.id = s.division_id order by 1, 6`,
  );
  const agencies = await runSql<State>(
    db,
    `select agency_id as id, code, name, kind, county_id as above, valid_from as "from", valid_to as "to"
     from agency_state order by 1, 6`,
  );
  const on = (states: readonly State[], id: number, day: string) =>
    states.find((one) => one.id === id && one.from <= day && (one.to === null || one.to > day));
  const lineage = (id: number | null, day: string): number[] =>
    id === null ? [] : [id, ...lineage(on(divisions, id, day)?.above ?? null, day)];
  return { divisions, agencies, on, lineage };
}

const levels = ['NATION', 'PROVINCE', 'PREFECTURE', 'COUNTY'];

/** What is wrong with a store, as far as the register decides it: nothing, one hopes. */
async function faultsIn(db: Db): Promise<unknown[]> {
  const faults: unknown[] = [...(await verifyRollups(db))];
  const { divisions, agencies, on, lineage } = await readRegister(db);
  for (const states of [divisions, agencies]) {
    for (const [index, one] of states.entries()) {
      const before = states[index - 1];
      if (before?.id === one.id && before.to !== one.from) faults.push({ gap: one });
      if (one.to !== null && one.to <= one.from) faults.push({ empty: one });
      const twin = states.find(
        (other) =>
          other.id > one.id &&
          other.code === one.code &&
          (one.to === null || other.from < one.to) &&
          (other.to === null || other.to > one.from),
      );
      if (twin) faults.push({ twice: one.code, one, twin });
      if (one.above === null) continue;
      // What it lies in is there all the time: from its first day to the day before its last.
      const over = divisions.filter((other) => other.id === one.above);
      const [first, last] = [over[0], over.at(-1)];
      const there =
        first && last && first.from <= one.from && (last.to === null || (one.to !== null && one.to <= last.to));
      if (!there) faults.push({ orphan: one });
      if (states === divisions && levels.indexOf(first?.kind ?? '') >= levels.indexOf(one.kind))
        faults.push({ level: one });
    }
  }
  for (const county of divisions.filter(({ kind }) => kind === 'COUNTY')) {
    const own = agencies.filter((one) => one.kind === 'COUNTY' && one.above === county.id);
    const held = own.find((one) => one.from <= county.from && (one.to === null || one.to > county.from));
    if (held?.code !== county.code || held.name !== county.name) faults.push({ own: county });
    const [end, ownEnd] = [divisions.filter(({ id }) => id === county.id), own].map((states) => states.at(-1)?.to);
    if (end !== ownEnd) faults.push({ end: county, ownEnd });
  }
  const exempt = new Set(
    (await runSql<{ key: string }>(db, `select agency_id || ' ' || year as key from exemption`)).map(({ key }) => key),
  );
  const kept = new Map(
    (
      await runSql<{ key: string; expected: number }>(
        db,
        `select division_id || ' ' || y.value as key, sum(change) as expected from json_each('[${years}]') y
         join expectation e on e.year <= y.value group by 1`,
      )
    ).map(({ key, expected }) => [key, expected]),
  );
  const ids = [...new Set(agencies.map(({ id }) => id))];
  for (const year of years) {
    const day = `${year}-12-31`;
    const counted = new Map<number, number>();
    for (const id of ids) {
      const state = on(agencies, id, day);
      if (!state || state.kind === 'COUNTY' || exempt.has(`${id} ${year}`)) continue;
      for (const division of lineage(state.above, day)) counted.set(division, (counted.get(division) ?? 0) + 1);
    }
    for (const id of new Set(divisions.map((one) => one.id))) {
      const [is, must] = [kept.get(`${id} ${year}`) ?? 0, counted.get(id) ?? 0];
      if (is !== must) faults.push({ division: id, year, kept: is, counted: must });
    }
  }
  return [...faults, ...(await misplacedReports(db))];
}

/** Reports that lie in another county than their agency on 31 December, or are in time by another day than the nearest. */
async function misplacedReports(db: Db): Promise<unknown[]> {
  const { agencies, on, lineage } = await readRegister(db);
  const deadlines = await runSql<{ id: number; filer: string; year: number; due: string }>(
    db,
    'select division_id as id, filer, year, due from deadline',
  );
  const reports = await runSql<{
    agency: number;
    year: number;
    county: number;
    kind: string;
    onTime: number;
    day: string;
  }>(
    db,
    'select agency_id as agency, year, county_id as county, kind, on_time as onTime, submitted_on as day from report',
  );
  return reports.flatMap((report) => {
    const { agency, year, county, kind, onTime, day } = report;
    const end = `${year}-12-31`;
    const state = on(agencies, agency, end);
    const filer = kind === 'COUNTY' ? 'COUNTY' : 'AGENCIES';
    const set = lineage(county, end).flatMap((id) =>
      [year, 0].flatMap((asked) =>
        deadlines.filter((one) => one.id === id && one.filer === filer && one.year === asked),
      ),
    );
    const due = `${year + 1}-${set[0]?.due ?? (kind === 'COUNTY' ? '02-20' : '01-31')}`;
    const right = state?.above === county && state.kind === kind && (onTime === 1) === day <= due;
    return right ? [] : [{ report, state, due }];
  });
}

/** What a year comes to as it was reported: where each agency lies on 31 December, and all sums that are not nothing. */
async function asReported(db: Db, year: number): Promise<string> {
  const { agencies, on, lineage } = await readRegister(db);
  const day = `${year}-12-31`;
  const alive = [...new Set(agencies.map(({ id }) => id))].filter((id) => on(agencies, id, day));
  const lying = alive.map((id) => [id, lineage(on(agencies, id, day)?.above ?? null, day)]);
  const sums = await runSql(
    db,
    'select * from rollup where year = ? and reports <> 0 order by division_id, inclusion, kind, form',
    [year],
  );
  return JSON.stringify([lying, sums]);
}

/** The years that are over before the day of a change, and before an end which it replaces. */
async function yearsBefore(db: Db, operation: DivisionOperation): Promise<number[]> {
  if (!('on' in operation)) return [];
  const change = await divisionChangeOf(db, operation);
  const code = 'division' in change ? change.division : '';
  const ends = await runSql<{ day: string }>(
    db,
    'select valid_to as day from division_state where code = ? and valid_to is not null',
    [code],
  );
  const first = [operation.on, ...ends.map(({ day }) => day)].toSorted()[0] ?? '';
  return years.filter((year) => `${year}-12-31` < first);
}

t.test('sums, expectations, codes and lateness are as the register has them after any changes', async (t) => {
  const counts = { done: 0, refused: 0 };
  const done = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(ofDivision, ofAgency), { minLength: 6, maxLength: 25 }), async (operations) => {
      const db = await openSmallStore();
      try {
        for (const operation of operations) {
          const over = isOfDivision(operation) ? await yearsBefore(db, operation) : [];
          const before = await Promise.all(over.map((year) => asReported(db, year)));
          const outcome = await perform(db, operation);
          counts[outcome]++;
          if (outcome === 'done') done.set(operation.do, (done.get(operation.do) ?? 0) + 1);
          const after = await Promise.all(over.map((year) => asReported(db, year)));
          const moved = over.find((_, index) => before[index] !== after[index]);
          if (moved) throw new Error(`${JSON.stringify(operation)} changes ${moved}`);
        }
        const faults = await faultsIn(db);
        if (faults.length > 0) throw new Error(JSON.stringify(faults.slice(0, 3)));
      } finally {
        await db.destroy();
      }
    }),
    { numRuns: 60 },
  );
  t.ok(counts.done > counts.refused / 4, `${counts.done} done, ${counts.refused} refused`);
  for (const name of ['alter', 'merge', 'split', 'transfer', 'add', 'end', 'takeBack']) {
    t.ok(done.has(name), `${name}: ${done.get(name)}`);
  }
});

t.test('what was announced and is taken back leaves everything as it was', async (t) => {
  const tables = {
    division_state: 'division_id, code, name, parent_id, valid_from, valid_to',
    division_change: '*',
    division_edge: '*',
    agency_state: '*',
    agency_change: '*',
    succession: '*',
    report: 'agency_id, year, county_id, kind, expected, on_time',
    basis: 'about, id, effective, precision, document',
  };
  const snapshot = async (db: Db) => {
    const rows = await Promise.all(
      Object.entries(tables).map(([table, columns]) => runSql(db, `select ${columns} from ${table} order by 1, 2, 3`)),
    );
    const expectations = await runSql(db, 'select * from expectation where change <> 0 order by 1, 2, 3');
    const sums = await runSql(db, 'select * from rollup where reports <> 0 order by 1, 2, 3, 4, 5');
    return JSON.stringify([...rows, expectations, sums]);
  };
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(ofDivision, ofAgency), { maxLength: 12 }),
      ofDivision,
      async (operations, last) => {
        if (last.do === 'takeBack' || last.do === 'add') return;
        const db = await openSmallStore();
        try {
          for (const operation of operations) await perform(db, operation);
          const day = '2029-05-05';
          const before = await snapshot(db);
          const change = await divisionChangeOf(db, { ...last, on: day });
          const ended =
            'division' in change &&
            (await runSql(db, 'select 1 from division_state where code = ? and valid_to > ?', [change.division, today]))
              .length > 0;
          // Where it ends already, the second end replaces the first, which does not come back.
          if (ended || !('division' in change)) return;
          const done = await changeDivision(db, act, change, {}).catch((error) => {
            if (toProblem(error).status < 500) return undefined;
            throw error;
          });
          if (done?.outcome !== 'changed') return;
          taken++;
          const [{ code } = { code: '' }] = await runSql<{ code: string }>(
            db,
            'select code from division_state where division_id = (select id from basis where about = ? and effective = ?) and valid_from <= ? order by valid_from desc',
            ['division', day, today],
          );
          await changeDivision(db, act, { action: 'division-retract', division: code, on: day }, {});
          const after = await snapshot(db);
          if (after !== before) throw new Error(`${JSON.stringify(change)}\n${before}\n${after}`);
        } finally {
          await db.destroy();
        }
      },
    ),
    { numRuns: 80 },
  );
  t.ok(taken > 10, `${taken} taken back`);
});
