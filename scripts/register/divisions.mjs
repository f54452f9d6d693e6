/** The divisions over time: the ministry's acts to the day, and what only the lists show (development zones). */
import { RegisterError } from './editions.mjs';

const NATION = { code: '100000', name: '中华人民共和国', level: 'NATION', parent: '' };

/** Kinds of rows by which one division goes on, under another name, code or parent. */
const SAME = new Set(['RENAME', 'RECODE', 'MOVE']);
/** Kinds of rows by which a division ends. */
const ENDING = new Set(['MERGE', 'SPLIT']);

/** Whether a county is a development zone or the like, which only statistics know. */
export const isZone = (code) => /^\d{4}7[1-9]/.test(code);

/** A year alone is read as its last day, by which the act was certainly in force. */
export const dayOf = (effective) => (effective.length === 4 ? `${effective}-12-31` : effective);

/** All divisions that there ever were; each has states with a first day, and may end. */
class Divisions {
  units = [];
  edges = [];
  bases = [];

  begin(level, state) {
    const unit = { level, states: [state], end: null };
    this.units.push(unit);
    return unit;
  }

  /** What a code means on a day: who has it then, or else (`near`) had it last before. */
  at(code, day) {
    for (const unit of this.byCode(code)) {
      for (const span of spansOf(unit))
        if (span.code === code && span.from <= day && (!span.to || span.to > day)) return unit;
    }
    return undefined;
  }

  near(code, day) {
    const found = this.at(code, day);
    if (found) return found;
    const ended = this.byCode(code).flatMap((unit) =>
      spansOf(unit)
        .filter((span) => span.code === code)
        .map((span) => ({ unit, ...span })),
    );
    return ended.filter(({ to }) => to && to <= day).sort((a, b) => (a.to < b.to ? 1 : -1))[0]?.unit;
  }

  #codes;
  byCode(code) {
    this.#codes ??= indexByCode(this.units);
    return this.#codes.get(code) ?? [];
  }

  /** To be called after any change, before the next question. */
  changed() {
    this.#codes = undefined;
  }

  basis(unit, effective, precision, document) {
    if (precision === 'DAY' && !document) return;
    this.bases.push({ unit, effective, precision, document });
  }
}

function indexByCode(units) {
  const codes = new Map();
  for (const unit of units) {
    for (const code of new Set(unit.states.map((state) => state.code))) {
      codes.set(code, [...(codes.get(code) ?? []), unit]);
    }
  }
  return codes;
}

/** The states of a unit with the day on which each ends. */
export function spansOf(unit) {
  return unit.states.map((state, index) => ({ ...state, to: unit.states[index + 1]?.from ?? unit.end }));
}

/** The whole history of the divisions from the first list on. */
export function deriveDivisions(lists, facts) {
  const all = new Divisions();
  const first = lists[0];
  all.begin('NATION', { ...stateOf(NATION), from: first.day });
  for (const row of first.divisions.values()) all.begin(row.level, { ...stateOf(row), from: first.day });
  for (const row of facts.unlisted) all.begin('COUNTY', { ...stateOf(row), from: first.day });
  applyActs(all, facts.divisions);
  applyLists(all, lists);
  return all;
}

const stateOf = ({ code, name, parent }) => ({ code, name, parent });

/** Rows of one day and document are one act: it is applied as a whole. */
function applyActs(all, rows) {
  const acts = new Map();
  for (const row of rows) {
    const key = `${dayOf(row.effective)} ${row.document || row.to}`;
    acts.set(key, [...(acts.get(key) ?? []), row]);
  }
  for (const [, act] of [...acts].sort(([one], [other]) => (one < other ? -1 : 1))) applyAct(all, act);
}

function applyAct(all, act) {
  const day = dayOf(act[0].effective);
  const precision = act[0].effective.length === 4 ? 'SNAPSHOT' : 'DAY';
  const dayBefore = (code) => [...all.byCode(code)].find((unit) => isOpen(unit, code));
  const sources = new Map(act.filter(({ from }) => from).map((row) => [row.from, dayBefore(row.from)]));
  for (const [code, unit] of sources) if (!unit) throw new RegisterError(`${day}: there is no division ${code}`);
  for (const { kind, from, to, toName, toParent } of act) {
    const unit = sources.get(from);
    if (SAME.has(kind)) unit.states.push({ code: to, name: toName, parent: standIn(toParent), from: day });
    else if (ENDING.has(kind)) unit.end = day;
  }
  all.changed();
  for (const { to, toName, toParent } of act) {
    if (all.byCode(to).some((unit) => isOpen(unit, to))) continue;
    all.begin('COUNTY', { code: to, name: toName, parent: standIn(toParent), from: day });
    all.changed();
  }
  for (const { kind, from, to, document } of act) {
    const source = sources.get(from);
    const target = all.byCode(to).find((unit) => isOpen(unit, to));
    for (const unit of new Set([source, target])) if (unit) all.basis(unit, day, precision, document);
    // A prefecture is no predecessor of the counties that are founded in it.
    if (!source || SAME.has(kind) || source.level !== target.level) continue;
    all.edges.push({ kind, from: source, to: target, effective: day });
  }
}

const isOpen = (unit, code) => unit.end === null && unit.states.at(-1).code === code;

/** A county directly under its province lies in a stand-in prefecture, as in the lists. */
const standIn = (parent) => (parent.endsWith('0000') ? `${parent.slice(0, 2)}9000` : parent);

/** What the acts do not explain, of one list after another: zones begin, end, and get other names and codes. */
function applyLists(all, lists) {
  for (const [index, list] of lists.entries()) {
    if (index === 0) continue;
    const before = lists[index - 1];
    const born = [...list.divisions.values()].filter(({ code }) => !all.near(code, list.day));
    const gone = [...before.divisions.values()].filter(
      ({ code }) => !list.divisions.has(code) && all.at(code, list.day)?.states.at(-1).code === code,
    );
    for (const row of gone) {
      const unit = all.at(row.code, list.day);
      const heirs = born.filter((one) => one.name === row.name && one.parent === row.parent && isZone(one.code));
      const rivals = gone.filter((one) => one.name === row.name && one.parent === row.parent);
      all.basis(unit, list.day, 'SNAPSHOT', '');
      if (heirs.length === 1 && rivals.length === 1 && isZone(row.code)) {
        unit.states.push({ ...stateOf(heirs[0]), from: list.day });
        born.splice(born.indexOf(heirs[0]), 1);
      } else unit.end = list.day;
    }
    for (const row of born) {
      const unit = all.begin(row.level, { ...stateOf(row), from: list.day });
      all.basis(unit, list.day, 'SNAPSHOT', '');
    }
    all.changed();
    for (const row of list.divisions.values()) renameByList(all, { before, list, row });
  }
}

/** Another name under the same code is the same zone where it kept a township; else one ends and another begins. */
function renameByList(all, { before, list, row }) {
  const unit = all.at(row.code, list.day);
  const was = before.divisions.get(row.code);
  if (!unit || !was || was.name === row.name) return;
  const last = unit.states.at(-1);
  if (last.code !== row.code || last.name === row.name) return;
  const kept = [...list.townships.values()].some(
    ({ code, county }) => county === row.code && before.townships.get(code)?.county === row.code,
  );
  if (kept) unit.states.push({ ...stateOf(row), from: list.day });
  else {
    unit.end = list.day;
    all.basis(all.begin(row.level, { ...stateOf(row), from: list.day }), list.day, 'SNAPSHOT', '');
  }
  all.basis(unit, list.day, 'SNAPSHOT', '');
  all.changed();
}
