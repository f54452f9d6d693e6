/**
 * What is kept whatever is filed, decided and changed: a second bookkeeping in plain lists replays every act that was
 * accepted, works out by the words of the rules where each report lies in each frame, and is to come to the same.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { dayAfter, dayBefore, dayInChina } from '../src/day.js';
import type { NamedFigures } from '../src/form/figures.js';
import { cellOf, formInForce } from '../src/form/forms.js';
import { Problem } from '../src/problem.js';
import { changeAgency, changeDeadline } from '../src/register/change/change.js';
import { changeDivision } from '../src/register/change/division/change.js';
import { fileReport } from '../src/report/file.js';
import { parseFiling } from '../src/report/filing.js';
import { reviewReport } from '../src/report/review.js';
import { withdrawReport } from '../src/report/withdraw.js';
import { missingFrom } from '../src/rollup/missing.js';
import { territoryStatistics } from '../src/rollup/sums.js';
import { territoryOf } from '../src/rollup/territories.js';
import { findUnallocated } from '../src/rollup/unallocated.js';
import { inTransaction } from '../src/store/engine/commit.js';
import { openStore } from '../src/store/engine/open.js';
import type { Db } from '../src/store/engine/schema.js';
import { findFindings } from '../src/store/findings.js';
import { divisionsNear } from '../src/store/register/divisions.js';
import { loadRegister, type RegisterRows } from '../src/store/register/load/load.js';
import { findReport } from '../src/store/reports.js';
import { verifyRollups } from '../src/store/rollup/rollup-check.js';
import { type AgencyKind, type DivisionLevel, type Inclusion, inclusions } from '../src/words.js';
import { act, filingBody, runSql } from './builders.js';

t.setTimeout(600_000);

const years = [2019, 2020, 2021, 2022, 2023];
const endOf = (year: number) => `${year}-12-31`;
const start = '2019-01-01';

/** What is summed: cases, what came of them, a count that is now and then left blank, and money. */
const money = formInForce(2021).cells.find(({ unit }) => unit === '万元')?.key ?? '';
const cells = [
  'applications.carriedIn.total',
  'applications.carriedOut.total',
  'decisions.penalties.decided',
  money,
].map(cellOf);

/** What is said of a unit from a day on. */
interface Said {
  code?: string;
  name?: string;
  kind?: AgencyKind;
  in?: Unit | null;
}

/** An agency or a division: what was first said of it, what is different from a day on, and its end. */
interface Unit {
  readonly about: 'agency' | 'division';
  readonly level: DivisionLevel | null;
  readonly from: string;
  first: Required<Said>;
  said: Map<string, Said>;
  end: { readonly on: string; readonly kind: 'MERGE' | 'SPLIT' | 'ABOLISH'; readonly into: readonly Unit[] } | null;
}

interface State extends Required<Said> {
  readonly from: string;
  readonly to: string | null;
}

interface Content {
  readonly figures: NamedFigures;
  readonly submittedOn: string;
}

interface Report extends Content {
  readonly agency: Unit;
  readonly year: number;
  state: 'SUBMITTED' | 'ACCEPTED' | 'RETURNED';
  accepted: Content | null;
  current: Content;
}

/** All that was ever told, replayed. */
interface Book {
  readonly units: Unit[];
  /** Territory that a division began with. */
  readonly creations: { readonly from: Unit; readonly to: Unit; readonly on: string }[];
  readonly reports: Omit<Report, keyof Content>[];
  /** When a report of an agency and a year was first filed, also of what was withdrawn. */
  readonly filedOn: Map<string, string>;
  readonly exempt: Set<string>;
  readonly deadlines: Map<string, string>;
}

/** The numbers of units, for the keys of maps. */
const keyOf = (book: Book, unit: Unit) => book.units.indexOf(unit);

/** The states of a unit; `OPEN` as if it had not ended. */
function statesOf(unit: Unit, as: 'KEPT' | 'OPEN' = 'KEPT'): State[] {
  const end = as === 'KEPT' ? (unit.end?.on ?? null) : null;
  const days = [...unit.said.keys()].filter((day) => end === null || day < end).sort();
  let now = unit.first;
  const begun: (Required<Said> & { from: string })[] = [{ ...now, from: unit.from }];
  for (const day of days) {
    const next = { ...now, ...unit.said.get(day) };
    if (next.code === now.code && next.name === now.name && next.kind === now.kind && next.in === now.in) continue;
    begun.push({ ...next, from: day });
    now = next;
  }
  return begun.map((state, index) => ({ ...state, to: begun[index + 1]?.from ?? end }));
}

const holds = ({ from, to }: { readonly from: string; readonly to: string | null }, day: string) =>
  from <= day && (to === null || day < to);

function stateOn(unit: Unit, day: string, as: 'KEPT' | 'OPEN' = 'KEPT'): State | undefined {
  return statesOf(unit, as).find((state) => holds(state, day));
}

/** Who has a code on a day; nobody then, who had it last before; then who gets it next. */
function holderOf(book: Book, about: Unit['about'], code: string, day: string): Unit | undefined {
  const spans = book.units
    .filter((unit) => unit.about === about)
    .flatMap((unit) => statesOf(unit).flatMap((state) => (state.code === code ? [{ unit, ...state }] : [])));
  const then = spans.find((span) => holds(span, day));
  const before = spans
    .filter(({ to }) => to !== null && to <= day)
    .sort((a, b) => ((a.to ?? '') < (b.to ?? '') ? 1 : -1));
  const after = spans.filter(({ from }) => from > day).sort((a, b) => (a.from < b.from ? -1 : 1));
  return (then ?? before[0] ?? after[0])?.unit;
}

/** Lets whatever lies in a division that was merged lie in that into which it went. */
function follow(book: Book): void {
  for (const unit of book.units) {
    for (;;) {
      const left = statesOf(unit, 'OPEN').flatMap((state) => {
        const end = state.in?.end;
        const stays = end?.kind === 'MERGE' && state.from < end.on && (state.to === null || state.to > end.on);
        return stays ? [end] : [];
      })[0];
      if (!left) break;
      unit.said.set(left.on, { ...unit.said.get(left.on), in: left.into[0] ?? null });
    }
  }
}

/** Takes back that what lay in a division went to others on a day, and with them on. */
function takeBack(book: Book, from: Unit, into: readonly Unit[], on: string): void {
  for (const unit of book.units) {
    if (stateOn(unit, dayBefore(on), 'OPEN')?.in !== from) continue;
    for (const heir of into) {
      let next: { heir: Unit; on: string } | undefined = { heir, on };
      while (next && unit.said.get(next.on)?.in === next.heir) {
        const { in: _, ...rest }: Said = unit.said.get(next.on) ?? {};
        if (Object.keys(rest).length > 0) unit.said.set(next.on, rest);
        else unit.said.delete(next.on);
        const end: Unit['end'] = next.heir.end;
        const [further]: readonly Unit[] = end?.kind === 'MERGE' ? end.into : [];
        next = end && further ? { heir: further, on: end.on } : undefined;
      }
    }
  }
}

function reopen(book: Book, unit: Unit): void {
  const { end } = unit;
  unit.end = null;
  if (end && unit.about === 'division') takeBack(book, unit, end.into, end.on);
}

function say(unit: Unit, on: string, said: Said): void {
  if (on === unit.from) unit.first = { ...unit.first, ...said };
  else unit.said.set(on, { ...unit.said.get(on), ...said });
}

/** Where an agency's reports lie on a day. */
function placesOf(book: Book, unit: Unit, day: string): Set<Unit> {
  const now = stateOn(unit, day);
  if (now) return new Set(unit.about === 'division' ? [unit] : now.in ? [now.in] : []);
  const hasEnded = unit.end !== null && unit.end.on <= day;
  const heirs = hasEnded ? (unit.end?.into ?? []) : originsOfFirst(book, unit);
  if (heirs.length > 0) return new Set(heirs.flatMap((heir) => [...placesOf(book, heir, day)]));
  const states = statesOf(unit);
  const above = (hasEnded ? states.at(-1) : states[0])?.in;
  return above ? placesOf(book, above, day) : new Set([unit]);
}

/** What a unit was made of on the day on which it began. */
function originsOfFirst({ units, creations }: Book, unit: Unit): Unit[] {
  const ended = units.filter(
    ({ end, about }) => about === unit.about && end?.on === unit.from && end.into.includes(unit),
  );
  return [...ended, ...creations.filter(({ to, on }) => to === unit && on === unit.from).map(({ from }) => from)];
}

/** A division and those above it on a day, the nearest first. */
function lineageOn(unit: Unit | null, day: string): Unit[] {
  if (!unit) return [];
  const state = stateOn(unit, day);
  return state ? [unit, ...lineageOn(state.in, day)] : [];
}

/** The divisions in which all of some places lie on a day. */
function areasOf(places: Iterable<Unit>, day: string): Set<Unit> {
  const [first = new Set<Unit>(), ...others] = [...places].map((place) => new Set(lineageOn(place, day)));
  return new Set([...first].filter((division) => others.every((one) => one.has(division))));
}

function dueDay(book: Book, county: Unit, year: number): string {
  for (const division of lineageOn(county, endOf(year))) {
    for (const asked of [year, 0]) {
      const due = book.deadlines.get(`${keyOf(book, division)} ${asked}`);
      if (due) return `${year + 1}-${due}`;
    }
  }
  return `${year + 1}-01-31`;
}

/** Boundaries: null is 31 December of each year. */
type On = string | null;

/** An agency that there is on 31 December of a year, and all that is to be known of it in a frame. */
interface Filer {
  readonly agency: Unit;
  readonly code: string;
  readonly kind: AgencyKind;
  /** The divisions in which all the places lie where its report lies. */
  readonly areas: ReadonlySet<Unit>;
  readonly expected: boolean;
  readonly due: string;
  readonly report: Omit<Report, keyof Content> | undefined;
}

function filersOf(book: Book, year: number, on: On): Filer[] {
  return book.units.flatMap((agency): Filer[] => {
    if (agency.about === 'division') return [];
    const state = stateOn(agency, endOf(year));
    if (!state?.in) return [];
    return [
      {
        agency,
        code: state.code,
        kind: state.kind,
        areas: areasOf(on === null ? [state.in] : placesOf(book, agency, on), on ?? endOf(year)),
        expected: !book.exempt.has(`${keyOf(book, agency)} ${year}`),
        due: dueDay(book, state.in, year),
        report: book.reports.find((one) => one.agency === agency && one.year === year),
      },
    ];
  });
}

/** What is asked of a division for a year. */
interface Sum {
  readonly reports: number;
  readonly figures: readonly (number | null)[];
  readonly expected: number;
  readonly reported: number;
  readonly accepted: number;
  readonly onTime: number;
  readonly late: number;
}

function sumOf(filers: readonly Filer[], inclusion: Inclusion): Sum {
  const contentOf = ({ report }: Filer) => (inclusion === 'ALL' ? report?.current : report?.accepted) ?? null;
  const contents = filers.flatMap((filer) => contentOf(filer) ?? []);
  const wanted = filers.filter(({ expected }) => expected);
  const shown = wanted.flatMap((filer) => {
    const content = contentOf(filer);
    return content ? [content.submittedOn <= filer.due] : [];
  });
  return {
    reports: contents.length,
    figures: cells.map(({ key }) => {
      const values = contents.flatMap(({ figures }) => figures[key] ?? []).map(Number);
      return values.length === 0 ? null : values.reduce((sum, one) => sum + one, 0);
    }),
    expected: wanted.length,
    reported: wanted.filter(({ report }) => report).length,
    accepted: wanted.filter(({ report }) => report?.accepted).length,
    onTime: shown.filter((inTime) => inTime).length,
    late: shown.filter((inTime) => !inTime).length,
  };
}

interface Asked {
  readonly on: On;
  readonly inclusion: Inclusion;
  readonly kinds?: readonly AgencyKind[] | undefined;
}

/** Every year's sum of a division by the book. */
function told(division: Unit, filers: ReadonlyMap<number, readonly Filer[]>, { inclusion, kinds }: Asked) {
  return years.map((year) => {
    const own = filers.get(year) ?? [];
    const there = own.filter(({ areas }) => areas.has(division));
    return sumOf(
      there.filter(({ kind }) => !kinds || kinds.includes(kind)),
      inclusion,
    );
  });
}

/** The same by the program. */
async function answered(
  db: Db,
  id: number,
  level: DivisionLevel,
  { on, inclusion, kinds }: Asked,
  knownOn: string | null,
) {
  const territory = await territoryOf(db, { id, level }, years, { on, knownOn });
  const found = await territoryStatistics(db, territory, years, cells, { inclusion, kinds });
  return found.map(({ reports, figures, coverage: { expected, reported, accepted, onTime, late } }): Sum => {
    const shown = cells.map(({ at }) => {
      const figure = figures[at] ?? null;
      return figure === null ? null : Number(figure);
    });
    return { reports, figures: shown, expected, reported, accepted, onTime, late };
  });
}

const tree: readonly (readonly [code: string, level: DivisionLevel, parent: string])[] = [
  ['100000', 'NATION', ''],
  ['430000', 'PROVINCE', '100000'],
  ['440000', 'PROVINCE', '100000'],
  ['431200', 'PREFECTURE', '430000'],
  ['431300', 'PREFECTURE', '430000'],
  ['441200', 'PREFECTURE', '440000'],
  ['431281', 'COUNTY', '431200'],
  ['431202', 'COUNTY', '431200'],
  ['431302', 'COUNTY', '431300'],
  ['431303', 'COUNTY', '431300'],
  ['441202', 'COUNTY', '441200'],
];
const countyCodes = tree.flatMap(([code, level]) => (level === 'COUNTY' ? [code] : []));
const kinds: readonly AgencyKind[] = ['TOWNSHIP', 'SUBDISTRICT', 'OTHER'];
const settled = Array.from({ length: 10 }, (_, index) => {
  const county = countyCodes[index % countyCodes.length] ?? '';
  return { county, code: `${county}10${index}`, name: `机关${index}`, kind: kinds[index % 3] ?? 'OTHER' };
});

/** The register as it begins, told to the program and to the book. */
async function begin(): Promise<{ readonly db: Db; readonly book: Book }> {
  const days = { validFrom: start, validTo: '' };
  const register: RegisterRows = {
    divisions: tree.map(([code, level, parent]) => ({ ...days, unit: code, code, name: `区划${code}`, level, parent })),
    agencies: settled.map((agency) => ({ ...days, unit: agency.code, ...agency })),
    ...{ successions: [], bases: [], otherCodes: [] },
  };
  const db = await openStore('sqlite::memory:');
  await inTransaction(db, {}, (trx) => loadRegister(trx, register, () => {}));
  const units: Unit[] = [];
  const found = (code: string) => units.find((unit) => unit.about === 'division' && unit.first.code === code) ?? null;
  const unitOf = (about: Unit['about'], level: DivisionLevel | null, first: Required<Said>): Unit => ({
    ...{ about, level, from: start, first, said: new Map(), end: null },
  });
  for (const [code, level, parent] of tree) {
    units.push(unitOf('division', level, { code, name: `区划${code}`, kind: 'OTHER', in: found(parent) }));
  }
  for (const { county, ...said } of settled) units.push(unitOf('agency', null, { ...said, in: found(county) }));
  const book = {
    units,
    creations: [],
    reports: [],
    filedOn: new Map(),
    exempt: new Set<string>(),
    deadlines: new Map(),
  };
  return { db, book };
}

const doings = {
  ...{ file: 6, withdraw: 1, accept: 3, return: 1, exempt: 2, unexempt: 2, deadline: 2 },
  ...{ rename: 1, recode: 2, reclass: 2, move: 3, merge: 4, split: 4, close: 1, reopen: 1, add: 2, retract: 2 },
  ...{ nameDivision: 1, recodeDivision: 2, moveDivision: 3, mergeDivision: 3, splitDivision: 2, transfer: 2 },
  ...{ addDivision: 3, closeDivision: 3, retractDivision: 2 },
} as const;
type Doing = keyof typeof doings;

/** Every doing as often as it weighs. */
const weighed = (Object.keys(doings) as Doing[]).flatMap((what) => new Array<Doing>(doings[what]).fill(what));

interface AnyAct {
  readonly what: Doing;
  readonly choices: readonly number[];
  readonly hours: number;
}

const how = fc.record({
  choices: fc.array(fc.nat(9999), { minLength: 6, maxLength: 6 }),
  hours: fc.integer({ min: 1, max: 24 * 50 }),
});

/** The second agency is split between two provinces soon after the first day: its reports lie in neither. */
const acrossProvinces: AnyAct = { what: 'split', choices: [1, 0, 3, 40, 0, 2], hours: 1 };

/** Some of all that can be done, in any order. */
const anyActs = fc
  .tuple(
    fc.shuffledSubarray(weighed, { minLength: 30, maxLength: 40 }),
    fc.array(how, { minLength: 40, maxLength: 40 }),
  )
  .map(([names, hows]) => names.flatMap((what, index): AnyAct[] => (hows[index] ? [{ what, ...hows[index] }] : [])));

function pick<Item>(items: readonly Item[], choice = 0): Item | undefined {
  return items[choice % Math.max(1, items.length)];
}

/** A day of a change: late, announced, or at the turn of a year. */
function dayOf(today: string, how = 0, which = 0): string {
  const year = 2019 + (which % 5);
  if (how % 4 === 0) return `${year}-12-31`;
  if (how % 4 === 1) return `${year}-0${1 + (which % 9)}-1${which % 10}`;
  if (how % 4 === 2) return `${year + 1}-01-01`;
  return new Date(Date.parse(today) + (1 + (which % 400)) * 86_400_000).toISOString().slice(0, 10);
}

/** What an act is: what it asks of the program, and how it is entered in the book once it was accepted. */
interface Step {
  readonly ask: () => Promise<{ readonly outcome?: string } | undefined>;
  readonly enter: () => void;
  /** The day from which it is otherwise; undefined where it concerns whole years. */
  readonly from?: string;
}

/** The day of an end, or that of the one which it replaces. */
function earliest(unit: Unit | undefined, on: string): string {
  return unit?.end && unit.end.on < on ? unit.end.on : on;
}

const empty = 'nothing to be done';

function stepOf(db: Db, book: Book, now: Date, { what, choices }: AnyAct): Step | typeof empty {
  const [a, b, c, d, e, f] = choices;
  const at = { ...act, now };
  const today = dayInChina(now);
  const agencies = book.units.filter(({ about }) => about === 'agency');
  const divisions = book.units.filter(({ about, level }) => about === 'division' && level !== 'NATION');
  const counties = divisions.filter(({ level }) => level === 'COUNTY');
  const year = pick(years, b) ?? 2021;
  const on = dayOf(today, c, d);
  const called = (unit: Unit | undefined, day: string) => {
    if (!unit) return '999999';
    const states = statesOf(unit);
    return (stateOn(unit, day) ?? (day < unit.from ? states[0] : states.at(-1)))?.code ?? '999999';
  };
  const meant = (about: Unit['about'], code: string, day: string) => {
    const unit = holderOf(book, about, code, day);
    if (!unit) throw new Error(`nobody is called ${code}`);
    return unit;
  };
  const chosen = pick(agencies, a);
  switch (what) {
    case 'file': {
      const agency = called(chosen, endOf(year));
      const inward = (d ?? 0) % 5;
      const out = (e ?? 0) % 5;
      const figures: Record<string, number | null> = {
        'decisions.penalties.decided': (f ?? 0) % 4 === 0 ? null : (f ?? 0),
      };
      if (formInForce(year).has(cellOf(money))) figures[money] = (f ?? 0) * 37;
      for (const column of ['naturalPerson', 'total']) {
        figures[`applications.carriedIn.${column}`] = inward;
        figures[`applications.newReceived.${column}`] = Math.max(0, out - inward);
        figures[`applications.processed.${column}`] = Math.max(0, inward - out);
        figures[`applications.granted.${column}`] = Math.max(0, inward - out);
        figures[`applications.carriedOut.${column}`] = out;
      }
      const said = [null, `${year + 1}-01-20`, `${year + 1}-02-25`, `${year + 1}-01-10`][(c ?? 0) % 4] ?? null;
      const publishedOn = said !== null && said <= today ? said : null;
      const source = publishedOn === null ? {} : { source: { url: null, publishedOn } };
      const unit = () => meant('agency', agency, endOf(year));
      const exists = book.reports.some((one) => one.agency === unit() && one.year === year);
      return {
        ask: () => {
          const filing = parseFiling(filingBody({ agency, year, figures, reason: '更正', ...source }), today);
          return fileReport(db, at, filing, exists ? { method: 'put', ifMatch: 'any' } : { method: 'post' });
        },
        enter: () => {
          const key = `${keyOf(book, unit())} ${year}`;
          if (!book.filedOn.has(key)) book.filedOn.set(key, today);
          const all = Object.fromEntries(formInForce(year).cells.map((cell) => [cell.key, 0]));
          const submittedOn = publishedOn ?? book.filedOn.get(key) ?? today;
          const current = { figures: { ...all, ...figures }, submittedOn };
          const known = book.reports.find((one) => one.agency === unit() && one.year === year);
          if (known) Object.assign(known, { current, state: 'SUBMITTED' });
          else book.reports.push({ agency: unit(), year, state: 'SUBMITTED', accepted: null, current });
        },
      };
    }
    case 'withdraw':
    case 'accept':
    case 'return': {
      const report = pick(book.reports, a);
      if (!report) return empty;
      const agency = called(report.agency, endOf(report.year));
      if (what === 'withdraw') {
        return {
          ask: async () => {
            await withdrawReport(db, at, { agency, year: report.year, reason: null }, { ifMatch: 'any' });
            return undefined;
          },
          enter: () => book.reports.splice(book.reports.indexOf(report), 1),
        };
      }
      const decision = what === 'accept' ? 'ACCEPTED' : 'RETURNED';
      return {
        ask: async () => {
          const [{ id } = { id: 0 }] = await runSql<{ id: number }>(
            db,
            'select agency_id as id from agency_state where code = ? and valid_from <= ? and (valid_to is null or valid_to > ?)',
            [agency, endOf(report.year), endOf(report.year)],
          );
          const revision = (await findReport(db, id, report.year))?.revision ?? 0;
          await reviewReport(db, at, { agency, year: report.year, decision, revision, reason: '更正' }, {});
          return undefined;
        },
        enter: () => {
          if (report.state === decision) return;
          if (decision === 'ACCEPTED') report.accepted = report.current;
          else if (report.accepted === report.current) report.accepted = null;
          report.state = decision;
        },
      };
    }
    case 'exempt':
    case 'unexempt': {
      const [agencyAt, yearAt] = what === 'exempt' ? [] : (pick([...book.exempt], a)?.split(' ') ?? []);
      const year = Number(yearAt ?? pick(years, b) ?? 2021);
      const agency = called(agencyAt === undefined ? chosen : book.units[Number(agencyAt)], endOf(year));
      const key = () => `${keyOf(book, meant('agency', agency, endOf(year)))} ${year}`;
      const change =
        what === 'exempt'
          ? ({ action: 'exempt', agency, year, reason: '新设' } as const)
          : ({ action: 'unexempt', agency, year } as const);
      return {
        ask: () => changeAgency(db, at, change, {}),
        enter: () => (what === 'exempt' ? book.exempt.add(key()) : book.exempt.delete(key())),
      };
    }
    case 'deadline': {
      const asked = (c ?? 0) % 3 === 0 ? 0 : year;
      const day = asked === 0 ? today : endOf(year);
      const division = called(pick([...divisions, ...book.units.slice(0, 1)], a), day);
      const due = pick(['01-15', '02-20', '03-31', null], d) ?? null;
      return {
        ask: () => changeDeadline(db, at, { action: 'deadline', division, year: asked, due }, {}),
        enter: () => {
          const key = `${keyOf(book, meant('division', division, day))} ${asked}`;
          if (due === null) book.deadlines.delete(key);
          else book.deadlines.set(key, due);
        },
      };
    }
    case 'rename':
    case 'recode':
    case 'reclass':
    case 'move': {
      const agency = called(chosen, on);
      const unit = () => meant('agency', agency, on);
      const code = pick([...agencies.map(({ first }) => first.code), '431281991', '441202992', '431302993'], e) ?? '';
      const county = called(pick(counties, e), on);
      const kind = pick(kinds, e) ?? 'OTHER';
      const name = pick(['甲', '乙'], e) ?? '';
      const said = { rename: { name }, recode: { code }, reclass: { kind }, move: { county } }[what];
      return {
        from: on,
        ask: () => changeAgency(db, at, { action: 'change', agency, on, ...said }, {}),
        enter: () =>
          say(
            unit(),
            on,
            what === 'move'
              ? { in: meant('division', county, on) }
              : { rename: { name }, recode: { code }, reclass: { kind } }[what],
          ),
      };
    }
    case 'merge':
    case 'split':
    case 'close': {
      const agency = called(chosen, dayBefore(on));
      const others = agencies.filter((one) => one !== chosen);
      const heirs = [called(pick(others, e), on), called(pick(others, (e ?? 0) + 1 + ((f ?? 0) % 5)), on)];
      const into = what === 'merge' ? heirs.slice(0, 1) : what === 'split' ? heirs : [];
      const how = { merge: { mergedInto: into[0] }, split: { splitInto: into }, close: {} }[what];
      return {
        from: earliest(holderOf(book, 'agency', agency, dayBefore(on)), on),
        ask: () => changeAgency(db, at, { action: 'close', agency, on, ...how }, {}),
        enter: () => {
          const unit = meant('agency', agency, dayBefore(on));
          const end = {
            on,
            kind: into.length > 1 ? 'SPLIT' : 'MERGE',
            into: into.map((one) => meant('agency', one, on)),
          } as const;
          unit.end = end;
        },
      };
    }
    case 'reopen': {
      const closed = pick(
        agencies.filter(({ end }) => end),
        a,
      );
      if (!closed?.end) return empty;
      const day = dayBefore(closed.end.on);
      const agency = called(closed, day);
      return {
        from: closed.end.on,
        ask: () => changeAgency(db, at, { action: 'reopen', agency, on: day }, {}),
        enter: () => reopen(book, meant('agency', agency, day)),
      };
    }
    case 'add': {
      const code = `43990${String(book.units.length).padStart(4, '0')}`;
      const county = called(pick(counties, e), on);
      const kind = pick(kinds, f) ?? 'OTHER';
      return {
        from: on,
        ask: () => changeAgency(db, at, { action: 'add', code, name: '新', kind, county, validFrom: on }, {}),
        enter: () => {
          const first = { code, name: '新', kind, in: meant('division', county, on) };
          book.units.push({ about: 'agency', level: null, from: on, first, said: new Map(), end: null });
        },
      };
    }
    case 'retract': {
      const announced = agencies.flatMap((unit) =>
        [...unit.said.keys()].flatMap((day) => (day > today ? [[unit, day] as const] : [])),
      );
      const [unit, day] = pick(announced, a) ?? [];
      if (!unit || !day) return empty;
      const agency = called(unit, today);
      return {
        from: day,
        ask: () => changeAgency(db, at, { action: 'retract', agency, on: day }, {}),
        enter: () => meant('agency', agency, today).said.delete(day),
      };
    }
    case 'nameDivision':
    case 'recodeDivision':
    case 'moveDivision': {
      const unitChosen = pick(
        what === 'moveDivision' ? divisions.filter(({ level }) => level !== 'PROVINCE') : divisions,
        a,
      );
      const division = called(unitChosen, on);
      const name = pick(['丙', '丁'], e) ?? '';
      const code = pick([...countyCodes, '431291', '441291'], e) ?? '';
      const above = unitChosen?.level === 'PREFECTURE' ? 'PROVINCE' : 'PREFECTURE';
      const parent = called(
        pick(
          divisions.filter(({ level }) => level === above),
          e,
        ),
        on,
      );
      const said = { nameDivision: { name }, recodeDivision: { code }, moveDivision: { parent } }[what];
      return {
        from: on,
        ask: () => changeDivision(db, at, { action: 'division-change', division, on, ...said }, {}),
        enter: () =>
          say(
            meant('division', division, on),
            on,
            what === 'moveDivision'
              ? { in: meant('division', parent, on) }
              : { nameDivision: { name }, recodeDivision: { code } }[what],
          ),
      };
    }
    case 'mergeDivision':
    case 'splitDivision':
    case 'closeDivision': {
      const bare = divisions.filter((one) => !book.units.some((other) => stateOn(other, on)?.in === one));
      const ending = (f ?? 0) % 3 > 0 || what === 'splitDivision' ? counties : divisions;
      const unit = pick(what === 'closeDivision' ? bare : ending, a);
      if (!unit) return empty;
      const division = called(unit, dayBefore(on));
      const peers = divisions.filter((one) => one !== unit && one.level === unit.level);
      const heirs = [called(pick(peers, e), on), called(pick(peers, (e ?? 0) + 1), on)];
      const inside = agencies.filter((one) => stateOn(one, on)?.in === unit);
      const parts = heirs.map((heir, half) => ({
        division: heir,
        units: inside.filter((_, index) => index % 2 === half),
      }));
      const open = (ended: Unit) => {
        if (ended.end) reopen(book, ended);
      };
      return {
        from: earliest(holderOf(book, 'division', division, dayBefore(on)), on),
        ask: () => {
          if (what === 'closeDivision') return changeDivision(db, at, { action: 'division-close', division, on }, {});
          if (what === 'mergeDivision')
            return changeDivision(db, at, { action: 'division-merge', division, on, mergedInto: heirs[0] ?? '' }, {});
          const splitInto = parts.map((part) => ({
            division: part.division,
            agencies: part.units.map((one) => called(one, on)),
          }));
          return changeDivision(db, at, { action: 'division-split', division, on, splitInto }, {});
        },
        enter: () => {
          const ended = meant('division', division, dayBefore(on));
          const into = heirs.map((heir) => meant('division', heir, on));
          open(ended);
          const [heir] = into;
          if (what === 'mergeDivision' && heir) {
            for (const one of book.units) if (stateOn(one, on, 'OPEN')?.in === ended) say(one, on, { in: heir });
            ended.end = { on, kind: 'MERGE', into: [heir] };
          } else if (what === 'splitDivision') {
            for (const [index, part] of parts.entries()) {
              for (const one of part.units) say(one, on, { in: into[index] ?? null });
            }
            ended.end = { on, kind: 'SPLIT', into };
          } else ended.end = { on, kind: 'ABOLISH', into: [] };
        },
      };
    }
    case 'transfer': {
      const unit = pick(counties, a);
      if (!unit) return empty;
      const division = called(unit, on);
      const to = called(
        pick(
          counties.filter((one) => one !== unit),
          e,
        ),
        on,
      );
      const going = agencies.filter((one) => stateOn(one, on)?.in === unit).slice(0, 1 + ((f ?? 0) % 2));
      if (going.length === 0) return empty;
      const codes = going.map((one) => called(one, on));
      return {
        from: on,
        ask: () => changeDivision(db, at, { action: 'division-transfer', division, on, to, agencies: codes }, {}),
        enter: () => {
          const [from, heir] = [meant('division', division, on), meant('division', to, on)];
          for (const one of going) say(one, on, { in: heir });
          if (heir.from === on) book.creations.push({ from, to: heir, on });
          else transfers.push({ book, from, to: heir, on });
        },
      };
    }
    case 'addDivision': {
      const level = (e ?? 0) % 5 === 0 ? 'PREFECTURE' : 'COUNTY';
      const code = `4398${String(book.units.length).padStart(2, '0')}`;
      const above = level === 'COUNTY' ? 'PREFECTURE' : 'PROVINCE';
      const parent = called(
        pick(
          divisions.filter((one) => one.level === above),
          f,
        ),
        on,
      );
      return {
        from: on,
        ask: () => changeDivision(db, at, { action: 'division-add', code, name: '新', level, parent, on }, {}),
        enter: () => {
          const first = { code, name: '新', kind: 'OTHER', in: meant('division', parent, on) } as const;
          book.units.push({ about: 'division', level, from: on, first, said: new Map(), end: null });
        },
      };
    }
    case 'retractDivision': {
      const announced = divisions.flatMap((unit) => {
        const days = [...unit.said.keys(), ...(unit.end ? [unit.end.on] : [])];
        const gone = [...book.creations, ...transfers].filter(({ from }) => from === unit).map((one) => one.on);
        return [...new Set([...days, ...gone])].flatMap((day) => (day > today ? [[unit, day] as const] : []));
      });
      const [unit, day] = pick(announced, a) ?? [];
      if (!unit || !day) return empty;
      const division = called(unit, today);
      return {
        from: day,
        ask: () => changeDivision(db, at, { action: 'division-retract', division, on: day }, {}),
        enter: () => {
          const taken = meant('division', division, today);
          if (taken.end?.on === day) reopen(book, taken);
          for (const list of [book.creations, transfers]) {
            const gone = list.filter((one) => one.from === taken && one.on === day);
            takeBack(
              book,
              taken,
              gone.map(({ to }) => to),
              day,
            );
            for (const one of gone) list.splice(list.indexOf(one), 1);
          }
          taken.said.delete(day);
        },
      };
    }
  }
}

/** Transfers to divisions that there were before: only to be found when they are taken back. */
const transfers: { readonly book: Book; readonly from: Unit; readonly to: Unit; readonly on: string }[] = [];

/** What the register says, by the program and by the book, in one shape. */
async function registerAnswered(db: Db) {
  const rows = async (about: string) =>
    runSql<{ code: string; name: string; kind: string; above: string | null; from: string; to: string | null }>(
      db,
      about,
    );
  const divisions = await rows(
    `select s.code, s.name, d.level as kind, s.valid_from as "from", s.valid_to as "to", s.parent_id as above
     from division_state s join division d on d.id = s.division_id order by s.division_id, s.valid_from`,
  );
  const agencies = await rows(
    `select code, name, kind, county_id as above, valid_from as "from", valid_to as "to" from agency_state
     where kind <> 'COUNTY' order by agency_id, valid_from`,
  );
  return { divisions, agencies };
}

function registerTold(book: Book, ids: ReadonlyMap<Unit, number>) {
  const of = (about: Unit['about']) =>
    book.units
      .filter((unit) => unit.about === about)
      .flatMap((unit) =>
        statesOf(unit).map(({ code, name, kind, in: above, from, to }) => ({
          ...{ code, name, kind: unit.level ?? kind, above: above ? (ids.get(above) ?? 0) : null, from, to },
        })),
      );
  return { divisions: of('division'), agencies: of('agency') };
}

/** The identities that the program gave: in the order in which the units began to be told. */
async function identities(db: Db, book: Book): Promise<Map<Unit, number>> {
  const ids = new Map<Unit, number>();
  for (const about of ['division', 'agency'] as const) {
    const from = about === 'division' ? 'division' : `agency_state where kind <> 'COUNTY'`;
    const column = about === 'division' ? 'id' : 'agency_id';
    const rows = await runSql<{ id: number }>(db, `select distinct ${column} as id from ${from} order by 1`);
    for (const [index, unit] of book.units.filter((one) => one.about === about).entries()) {
      const id = rows[index]?.id;
      if (id !== undefined) ids.set(unit, id);
    }
  }
  return ids;
}

/** The findings of cases carried in that the book comes to: from all that went into an agency in the course of the year. */
function carried(book: Book, { agency, year, current }: Omit<Report, keyof Content>): string[] {
  const endsIn = (unit: Unit): Unit[] => {
    const end = unit.end?.on.startsWith(String(year)) && unit.end.into.length > 0 ? unit.end : null;
    return end ? [...new Set(end.into.flatMap(endsIn))] : [unit];
  };
  const before = book.units.flatMap((unit) => {
    if (unit.about === 'division' || !stateOn(unit, endOf(year - 1))) return [];
    const ends = endsIn(unit);
    return ends.includes(agency) ? [{ unit, ends }] : [];
  });
  const reports = before.flatMap(({ unit, ends }) => {
    const report = book.reports.find((one) => one.agency === unit && one.year === year - 1);
    return ends.length === 1 && report ? [report] : [];
  });
  if (before.length === 0 || reports.length < before.length) return [];
  const out = reports.reduce((sum, one) => sum + Number(one.current.figures['applications.carriedOut.total']), 0);
  const inward = Number(current.figures['applications.carriedIn.total']);
  return inward === out ? [] : [`${inward} ${out}`];
}

t.test('nothing is lost or counted twice, in any frame, whatever is filed, decided and changed', async (t) => {
  const done = new Map<string, number>();
  const seen = { refused: 0, undivided: 0, carried: 0, knownOtherwise: 0 };
  await fc.assert(
    fc.asyncProperty(
      anyActs,
      fc.array(how, { minLength: 20, maxLength: 20 }),
      fc.array(fc.nat(900), { minLength: 2, maxLength: 2 }),
      fc.nat(1000),
      async (acts, first, days, turn) => {
        const { db, book } = await begin();
        const dayFrom = (first: string, later = 0) =>
          new Date(Date.parse(first) + later * 86_400_000).toISOString().slice(0, 10);
        const boundaries: On[] = [null, dayFrom('2019-01-01', days[0]), dayFrom('2022-06-01', days[1])];
        let now = new Date('2022-01-10T04:00:00Z');
        let turns = turn;
        let steps = 0;
        const history: {
          readonly instant: string;
          readonly asked: Asked;
          readonly unit: Unit;
          readonly sums: readonly Sum[];
        }[] = [];
        const answeredBefore: AnsweredParts[] = [];
        let before = new Map<string, readonly Sum[]>();
        try {
          // Most have filed for the years that are over.
          for (const [index, { choices }] of first.entries()) {
            const [, , c, ...rest] = choices;
            const year = years.indexOf(2020 + (index % 2));
            const filed = { what: 'file', choices: [Math.floor(index / 2), year, c ?? 0, ...rest], hours: 1 } as const;
            const step = stepOf(db, book, now, filed);
            if (step === empty) throw new Error('a report can be filed');
            await step.ask();
            step.enter();
          }
          for (const one of [acrossProvinces, ...acts]) {
            now = new Date(now.getTime() + one.hours * 3_600_000);
            const step = stepOf(db, book, now, one);
            if (step === empty) continue;
            try {
              const answer = await step.ask();
              if (answer?.outcome !== 'unchanged') step.enter();
              follow(book);
              done.set(one.what, (done.get(one.what) ?? 0) + 1);
            } catch (error) {
              if (!(error instanceof Problem)) throw error;
              seen.refused++;
              continue;
            }
            const ids = await identities(db, book);
            assert.deepEqual(await registerAnswered(db), registerTold(book, ids), 'the register');
            const after = new Map<string, readonly Sum[]>();
            const divisions = book.units.filter(({ about }) => about === 'division');
            for (const on of boundaries) {
              const filers = new Map(years.map((year) => [year, filersOf(book, year, on)]));
              const inclusion = inclusions[(steps + boundaries.indexOf(on)) % 2] ?? 'ALL';
              for (const unit of divisions) {
                const some = turns++ % 7 === 0 ? kinds.slice(0, 1) : undefined;
                const asked = {
                  on,
                  inclusion: on === null ? 'ALL' : inclusion,
                  kinds: on === null ? undefined : some,
                } as const;
                const sums = await answered(db, ids.get(unit) ?? 0, unit.level ?? 'COUNTY', asked, null);
                const name = `${unit.first.code} ${JSON.stringify(asked)}`;
                assert.deepEqual({ name, sums }, { name, sums: told(unit, filers, asked) });
                history.push({ instant: now.toISOString(), asked, unit, sums });
                if (on === null) after.set(name, sums);
              }
            }
            if (step.from !== undefined) {
              const over = years.filter((year) => endOf(year) < (step.from ?? ''));
              for (const [name, sums] of before) {
                for (const year of over) {
                  const at = years.indexOf(year);
                  assert.deepEqual([name, year, after.get(name)?.[at]], [name, year, sums[at]], 'a year that is over');
                }
              }
            }
            before = after;
            const found = await partsOfWhole(db, book, ids, pick(boundaries, steps) ?? null, Math.floor(steps++ / 3));
            for (const answer of found) {
              answeredBefore.push({ ...answer, instant: now.toISOString() });
              seen.undivided += answer.parts.between.reports;
            }
          }
          await atTheEnd(db, book, seen);
          for (const { asked, instant, parts } of answeredBefore) {
            const known = await answeredParts(db, asked, instant);
            assert.deepEqual({ asked, instant, ...known }, { asked, instant, ...parts });
          }
          const ids = await identities(db, book);
          for (const [index, { instant, asked, unit, sums }] of history.entries()) {
            if ((index + turn) % 5 !== 0) continue;
            const known = await answered(db, ids.get(unit) ?? 0, unit.level ?? 'COUNTY', asked, instant);
            const name = `${unit.first.code} ${JSON.stringify(asked)} known on ${instant}`;
            assert.deepEqual({ name, known }, { name, known: sums });
            const today = await answered(db, ids.get(unit) ?? 0, unit.level ?? 'COUNTY', asked, null);
            if (JSON.stringify(today) !== JSON.stringify(sums)) seen.knownOtherwise++;
          }
        } finally {
          transfers.length = 0;
          await db.destroy();
        }
      },
    ),
    {
      numRuns: Number(process.env.RUNS ?? 8),
      endOnFailure: true,
      ...(process.env.SEED && { seed: Number(process.env.SEED) }),
    },
  );
  t.comment(JSON.stringify({ ...seen, done: Object.fromEntries(done) }));
  const undone = Object.keys(doings).filter((name) => !done.has(name));
  t.ok(undone.length <= 2, `hardly anything is never done: ${undone.join(', ')}`);
  t.ok(seen.undivided > 0 && seen.carried > 0 && seen.knownOtherwise > 0, JSON.stringify(seen));
});

type Seen = { carried: number };

/** A division and a year of which it is asked who is missing, and what lies in none of its parts. */
interface AskedParts {
  readonly id: number;
  readonly year: number;
  readonly on: On;
  readonly inclusion: Inclusion;
}

async function answeredParts(db: Db, { id, year, on, inclusion }: AskedParts, knownOn: string | null) {
  const division = (await divisionsNear(db, [id], on ?? endOf(year))).get(id);
  if (!division) throw new Error('there is such a division');
  const frame = { on, knownOn };
  const territory = await territoryOf(db, division, [year], frame);
  const missing = await missingFrom(db, { territory, frame }, { year }, { first: 100 });
  const between = await findUnallocated(db, { division, frame, territory, inclusion }, year);
  return {
    missing: { total: missing.total, codes: missing.items.map(({ code }) => code) },
    between: { ...between, agencies: between.agencies.map(({ agency }) => agency.code) },
  };
}

/** What was answered of who is missing and of what lies between, and when. */
interface AnsweredParts {
  readonly asked: AskedParts;
  readonly instant: string;
  readonly parts: Awaited<ReturnType<typeof answeredParts>>;
}

/** Of some divisions for a year in a frame: the parts and what lies in none of them are the whole, and who is missing. */
async function partsOfWhole(
  db: Db,
  book: Book,
  ids: ReadonlyMap<Unit, number>,
  on: On,
  turn: number,
): Promise<Omit<AnsweredParts, 'instant'>[]> {
  const year = pick(years.slice(1, 4), turn) ?? 2021;
  const day = on ?? endOf(year);
  const filers = filersOf(book, year, on);
  const divisions = book.units.filter(({ about }) => about === 'division');
  const childrenOf = (unit: Unit) => divisions.filter((one) => stateOn(one, day)?.in === unit);
  const isBetween = (unit: Unit, { areas }: Filer): boolean =>
    unit.level !== 'COUNTY' && areas.has(unit) && !childrenOf(unit).some((one) => areas.has(one));
  const torn = divisions.filter((unit) => filers.some((filer) => filer.report && isBetween(unit, filer)));
  const answers: Omit<AnsweredParts, 'instant'>[] = [];
  for (const unit of new Set([divisions[0], pick(divisions, turn + 1), pick(torn, turn)])) {
    if (!unit) continue;
    const there = filers.filter(({ areas }) => areas.has(unit));
    const absent = there.filter(({ expected, report }) => expected && !report).map(({ code }) => code);
    for (const inclusion of inclusions) {
      const asked = { id: ids.get(unit) ?? 0, year, on, inclusion };
      const parts = await answeredParts(db, asked, null);
      answers.push({ asked, parts });
      const between: readonly Filer[] = there.filter((filer) => isBetween(unit, filer));
      const filed = between.filter(({ report }) => (inclusion === 'ALL' ? report : report?.accepted));
      const codes = filed.map(({ code }) => code).sort();
      const name: string = `${unit.first.code} ${year} ${on} ${inclusion}`;
      assert.deepEqual(
        { name, ...parts },
        {
          name,
          missing: { total: absent.length, codes: absent.sort() },
          between: {
            reports: codes.length,
            expected: between.filter(({ expected }) => expected).length,
            agencies: codes,
          },
        },
      );
      if (unit.level === 'COUNTY' || !stateOn(unit, day)) continue;
      const answeredOf = async (one: Unit) =>
        (await answered(db, ids.get(one) ?? 0, one.level ?? 'COUNTY', { on, inclusion }, null))[years.indexOf(year)];
      const whole: Sum | undefined = await answeredOf(unit);
      const shares = [{ ...sumOf(filed, inclusion), expected: parts.between.expected }];
      for (const child of childrenOf(unit)) shares.push((await answeredOf(child)) ?? sumOf([], inclusion));
      const added = (of: (sum: Sum) => number) => shares.reduce((sum, one) => sum + of(one), 0);
      assert.deepEqual(
        [
          name,
          added(({ reports }) => reports),
          added(({ expected }) => expected),
          cells.map((_, n) => added(({ figures }) => figures[n] ?? 0)),
        ],
        [name, whole?.reports, whole?.expected, cells.map((_, n) => whole?.figures[n] ?? 0)],
      );
      if (unit.level === 'NATION') assert.equal(whole?.reports, reportsFiled(book, year, inclusion));
    }
  }
  return answers;
}

const reportsFiled = (book: Book, year: number, inclusion: Inclusion) =>
  book.reports.filter((report) => report.year === year && (inclusion === 'ALL' || report.accepted)).length;

/** What is so of the register and of the reports, once everything was done. */
async function atTheEnd(db: Db, book: Book, seen: Seen): Promise<void> {
  assert.deepEqual(await verifyRollups(db), []);
  const ids = await identities(db, book);
  for (const about of ['agency', 'division'] as const) {
    const spans = book.units.flatMap((unit) =>
      unit.about === about ? statesOf(unit).map((state) => ({ unit, ...state })) : [],
    );
    for (const one of spans) {
      const twin = spans.find(
        (other) =>
          other.unit !== one.unit &&
          other.code === one.code &&
          (one.to === null || other.from < one.to) &&
          (other.to === null || other.to > one.from),
      );
      assert.equal(twin, undefined, `two hold ${one.code}`);
      // On its first and on its last day it lies in what is there, up to the nation, and never comes back to itself.
      const last = one.to === null ? dayAfter('2030-01-01') : dayBefore(one.to);
      for (const day of [one.from, last < one.from ? one.from : last]) {
        const above = lineageOn(one.in, day);
        assert.ok(one.in === null || above.at(-1)?.level === 'NATION', `${one.code} lies nowhere on ${day}`);
        assert.equal(new Set([one.unit, ...above]).size, above.length + 1, `${one.code} lies in itself`);
      }
    }
  }
  for (const report of book.reports) {
    const row = await findReport(db, ids.get(report.agency) ?? 0, report.year);
    if (!row) throw new Error('the report is there');
    const findings = (await findFindings(db, row.id)).filter(({ code }) => code === 'X-CARRY');
    const found = [...new Set(findings.map(({ left, right }) => `${left} ${right}`))];
    assert.deepEqual(found, carried(book, report), `carried into ${report.year}`);
    seen.carried += found.length;
  }
}
