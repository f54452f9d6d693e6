/** The townships over time: one list after another, by the ministry's acts first and then by rules that do not guess. */
import { differsInOneSign, nameStem, plainName } from '../../dist/src/register/names.js';
import { dayOf, isZone, spansOf } from './divisions.mjs';

/** How well a day is known: not at all but for two lists, by the year of the act, by its day. */
const [BY_LISTS, BY_YEAR, BY_DAY] = [0, 1, 2];

const countyDigits = (code) => code.slice(0, 6);
const prefectureDigits = (code) => code.slice(0, 4);

/** 0xx is a subdistrict, 1xx to 3xx a town or township, the rest are neither. */
export function kindOf(code) {
  const first = code[6];
  if (first === '0') return 'SUBDISTRICT';
  return first === '1' || first === '2' || first === '3' ? 'TOWNSHIP' : 'OTHER';
}

/** The same where no list of the bureau numbers what is so named. */
const kindOfName = (name) => (/(?:街道|地区)$/.test(plainName(name)) ? 'SUBDISTRICT' : 'TOWNSHIP');

/** Whether a unit of the lists is a township in name and number, not a farm, a zone or the like. */
export function isTownship(code, name) {
  const tail = Number(code.slice(6));
  const plain = plainName(name);
  if (tail >= 400 || /虚拟|虚镇|虚乡|直辖村级|特殊镇|特殊乡|特殊街道/.test(plain)) return false;
  if (tail < 100) return /(?:街道|地区)$/.test(plain);
  return tail < 200 ? plain.endsWith('镇') : /(?:乡|苏木)$/.test(plain);
}

const samePlain = (one, other) => plainName(one) === plainName(other);
const sameStem = (one, other) => nameStem(one) !== '' && nameStem(one) === nameStem(other);
const isPrefixed = (one, other) => one.endsWith(other) && /[县市区旗]$/.test(one.slice(0, one.length - other.length));

/** Two lists and what each has under a name of a county. */
class Interval {
  constructor(before, after, index) {
    Object.assign(this, { before: before.townships, after: after.townships, index });
    Object.assign(this, { day: after.day, shownOn: after.day, listedOn: before.day });
    this.namesBefore = byName(this.before);
    this.namesAfter = byName(this.after);
  }

  /** Whether one code in both lists is one unit: 'spelling' of one name, or another 'ending'; undefined is neither. */
  likeness(code) {
    const [one, other] = [plainName(this.before.get(code).name), plainName(this.after.get(code).name)];
    if (one === other) return 'spelling';
    if (sameStem(one, other)) return 'ending';
    if (this.isReused(code)) return undefined;
    if (differsInOneSign(one, other) || isPrefixed(one, other) || isPrefixed(other, one)) return 'spelling';
    return undefined;
  }

  /** Whether one of the names that a code has in the lists stands in the other list under another code of its county. */
  isReused(code) {
    const elsewhere = (names, name) =>
      names.get(`${countyDigits(code)} ${plainName(name)}`)?.some((one) => one !== code);
    return (
      elsewhere(this.namesAfter, this.before.get(code).name) || elsewhere(this.namesBefore, this.after.get(code).name)
    );
  }
}

function byName(townships) {
  const names = new Map();
  for (const { code, name } of townships.values()) {
    const key = `${countyDigits(code)} ${plainName(name)}`;
    names.set(key, [...(names.get(key) ?? []), code]);
  }
  return names;
}

/** The townships of every list as units with states; each state begins, and each end happens, with an event. */
class Townships {
  units = [];
  successions = [];
  ministry = [];
  refused = [];

  constructor(lists, divisions, facts) {
    Object.assign(this, { lists, divisions, facts });
    /** Who has a code as far as the lists were read. */
    this.holders = new Map();
    const begun = { day: lists[0].day, strength: BY_DAY, precision: 'DAY', document: '' };
    for (const row of lists[0].townships.values()) this.begin(row, begun, 0);
  }

  begin(row, event, index) {
    const unit = { states: [], end: null };
    this.units.push(unit);
    this.enter(unit, row, event, index);
    return unit;
  }

  /** Gives a unit the state that a row of a list tells. */
  enter(unit, { code, name, county }, event, index) {
    const last = unit.states.at(-1);
    if (last && this.holders.get(last.code) === unit) this.holders.delete(last.code);
    const lies = this.divisions.near(county, this.lists[index].day);
    unit.states.push({ code, name, county: lies, kind: kindOf(code), event });
    this.holders.set(code, unit);
  }

  leave(unit, event) {
    unit.end = event;
    const { code } = unit.states.at(-1);
    if (this.holders.get(code) === unit) this.holders.delete(code);
  }
}

/** The day of an act as far as it is known, when a list shows it. */
function eventOf({ effective, year, document }, shownOn) {
  if (effective.length === 10) return { day: effective, strength: BY_DAY, precision: 'DAY', document };
  const yearEnd = `${year}-12-31`;
  if (effective === '' || shownOn < yearEnd) {
    return { day: shownOn, strength: effective === '' ? BY_LISTS : BY_YEAR, precision: 'SNAPSHOT', document };
  }
  return { day: yearEnd, strength: BY_YEAR, precision: 'SNAPSHOT', document };
}

/**
 * The same for a unit that goes on: where the lists are later than the year of the act, theirs is the day, for nobody is
 * counted twice by it, and codes go round between neighbours.
 */
function changeOf(row, { shownOn, listedOn }) {
  const event = eventOf(row, shownOn);
  return event.strength === BY_YEAR && event.day <= listedOn ? { ...event, day: shownOn, strength: BY_LISTS } : event;
}

const byListsOnly = (day) => ({ day, strength: BY_LISTS, precision: 'SNAPSHOT', document: '' });

/** A name that a list prints otherwise than the act and the next list, mended: 大白镇 for 大白庄镇. */
function mendByActs(lists, rows) {
  return rows.map((row) => {
    const shown = lists.findIndex(({ day }) => day === row.born);
    const earlier = lists[shown - 1]?.townships;
    if (shown < 2 || row.gone !== lists[shown - 1].day || !earlier.has(row.to)) return row;
    if (lists[shown - 2].townships.has(row.to)) return row;
    const listed = earlier.get(row.to);
    earlier.set(row.to, { ...listed, name: row.toName, printed: listed.name });
    return { ...row, born: row.gone };
  });
}

/** All townships that there ever were, with what went into what and the ministry's digits where they differ. */
export function deriveTownships(lists, divisions, facts) {
  const all = new Townships(lists, divisions, { ...facts, townships: mendByActs(lists, facts.townships) });
  for (const index of lists.keys()) if (index > 0) readInterval(all, index);
  applyLater(all);
  for (const { code, ministry } of facts.ministryCodes) {
    const unit = all.holders.get(code);
    if (unit) all.ministry.push({ unit, code: ministry, of: code });
  }
  settle(all);
  return all;
}

/** What happened between two lists: who is gone, who is new, and what of them is one unit. */
function readInterval(all, index) {
  const interval = new Interval(all.lists[index - 1], all.lists[index], index);
  const open = openOf(interval);
  const told = actsOf(all, interval, open);
  const pairs = [...told.pairs, ...pairByCode(interval, open), ...pairByName(all, interval, open)];
  pairs.push(...pairRenamed(interval, open, told.gone));
  apply(all, interval, { pairs, gone: told.gone, born: told.born, open });
}

/** What of both lists is not yet explained: codes of the first, and of the second. */
function openOf({ before, after }) {
  return { olds: new Set(before.keys()), news: new Set(after.keys()) };
}

const identityKinds = new Set(['RENAME', 'RECODE', 'MOVE']);

/** The ministry's acts that these two lists show: units that go on, ends with successors, and beginnings. */
function actsOf(all, interval, open) {
  const { before, after, day } = interval;
  const [pairs, gone, born] = [[], new Map(), new Map()];
  const refuse = (row, why) => all.refused.push({ row, why, day });
  for (const row of all.facts.townships) {
    if (row.gone === day && row.fromBy === 'NBS' && row.kind !== 'CREATE') {
      if (!open.olds.has(row.from) || !isNamed(before.get(row.from), row.fromName)) {
        refuse(row, 'the list before has no such unit');
        continue;
      }
      const staysListed = row.from !== row.to && after.has(row.from) && interval.likeness(row.from);
      if (staysListed) refuse(row, 'the unit goes on in the lists');
      else if (identityKinds.has(row.kind) && row.born === day && isNewIn(interval, open, row)) {
        pairs.push({ old: row.from, new: row.to, event: changeOf(row, interval), row });
        open.olds.delete(row.from);
        open.news.delete(row.to);
      } else {
        gone.set(row.from, [...(gone.get(row.from) ?? []), row]);
      }
    }
  }
  for (const code of gone.keys()) open.olds.delete(code);
  for (const row of all.facts.townships) {
    if (row.born !== day || row.toBy !== 'NBS' || pairs.some((pair) => pair.row === row)) continue;
    const stays =
      before.has(row.to) &&
      !gone.has(row.to) &&
      after.has(row.to) &&
      open.olds.has(row.to) &&
      interval.likeness(row.to);
    if (stays) continue;
    if (!isNewIn(interval, open, row) && !born.has(row.to)) refuse(row, 'the list after has no such new unit');
    else {
      born.set(row.to, [...(born.get(row.to) ?? []), row]);
      open.news.delete(row.to);
    }
  }
  return { pairs, gone, born };
}

const isNamed = (listed, name) =>
  listed && (samePlain(listed.name, name) || samePlain(listed.printed ?? listed.name, name));

const isNewIn = ({ after }, open, row) =>
  row.toBy === 'NBS' && open.news.has(row.to) && isNamed(after.get(row.to), row.toName);

/** Units that keep their code: under one name, however it is spelled, or under one stem with another ending. */
function pairByCode(interval, open) {
  const pairs = [];
  for (const code of open.olds) {
    if (!open.news.has(code)) continue;
    const like = interval.likeness(code);
    if (!like) continue;
    pairs.push({ old: code, new: code, event: byListsOnly(interval.day), spelling: like === 'spelling' });
    open.olds.delete(code);
    open.news.delete(code);
  }
  return pairs;
}

/** Units under another code that are one by a rule, tried in this order; each only where nothing else could be meant. */
function pairByName(all, interval, open) {
  const { before, after, day } = interval;
  const acts = actsOfCounties(all, interval);
  const linked = (one, other) => acts.get(`${countyDigits(one)} ${countyDigits(other)}`);
  const rules = [
    { key: plainName, fits: (one, other) => linked(one, other)?.whole },
    { key: nameStem, fits: (one, other) => linked(one, other)?.whole },
    { key: plainName, fits: (one, other) => countyDigits(one) === countyDigits(other) },
    {
      key: nameStem,
      fits: (one, other) => countyDigits(one) === countyDigits(other),
      only: (code, name) => isTownship(code, name),
    },
    { key: nameStem, fits: (one, other) => linked(one, other) },
    {
      key: nameStem,
      fits: (one, other) => prefectureDigits(one) === prefectureDigits(other) && isZone(one) !== isZone(other),
    },
    {
      key: plainName,
      fits: (one, other) => prefectureDigits(one) === prefectureDigits(other) && isZone(one) && isZone(other),
    },
  ];
  return rules.flatMap(({ key, fits, only = () => true }) => {
    const keyed = (codes, list) => {
      const found = new Map();
      for (const code of codes) {
        const { name } = list.get(code);
        const said = key(name);
        if (said !== '' && only(code, name)) found.set(said, [...(found.get(said) ?? []), code]);
      }
      return found;
    };
    const [olds, news] = [keyed(open.olds, before), keyed(open.news, after)];
    const candidates = [...olds].flatMap(([said, ones]) =>
      ones.flatMap((one) =>
        (news.get(said) ?? []).filter((other) => fits(one, other)).map((other) => ({ old: one, new: other })),
      ),
    );
    const times = (end) =>
      candidates.reduce((sum, pair) => sum.set(pair[end], (sum.get(pair[end]) ?? 0) + 1), new Map());
    const [ofOld, ofNew] = [times('old'), times('new')];
    return candidates
      .filter((pair) => ofOld.get(pair.old) === 1 && ofNew.get(pair.new) === 1)
      .map((pair) => {
        open.olds.delete(pair.old);
        open.news.delete(pair.new);
        const act = linked(pair.old, pair.new);
        return {
          ...pair,
          event: act ? changeOf({ ...act, year: act.effective.slice(0, 4) }, interval) : byListsOnly(day),
        };
      });
  });
}

/**
 * Which counties an act links, by their codes before and after; `whole` where all of the first went into the second. A list
 * shows an act of its interval, or one that the list before did not know yet.
 */
function actsOfCounties(all, { index, shownOn }) {
  const since = all.lists[index - 2]?.day ?? '';
  return new Map(
    all.facts.divisions
      .filter(({ from, to }) => from && to && from !== to)
      .filter(({ effective }) => effective.slice(0, 4) <= shownOn && dayOf(effective) > since)
      .filter(({ effective }) => effective.length === 4 || effective <= shownOn)
      .map(({ from, to, kind, effective, document }) => [
        `${from} ${to}`,
        { effective, document, whole: ['RECODE', 'MOVE', 'MERGE'].includes(kind) },
      ]),
  );
}

/** A code under another name is one unit renamed where nothing of its county ended into nobody knows what. */
function pairRenamed(interval, open, gone) {
  const lost = new Set();
  for (const code of open.olds) if (!interval.after.has(code)) lost.add(countyDigits(code));
  for (const [code, rows] of gone) if (rows.every(({ to }) => to === '')) lost.add(countyDigits(code));
  const renamed = [...open.olds].filter(
    (code) => open.news.has(code) && !interval.isReused(code) && !lost.has(countyDigits(code)),
  );
  for (const code of renamed) {
    open.olds.delete(code);
    open.news.delete(code);
  }
  return renamed.map((code) => ({ old: code, new: code, event: byListsOnly(interval.day) }));
}

/** Writes what was found between two lists into the units. */
function apply(all, { after, day, index }, { pairs, gone, born, open }) {
  const units = new Map([...all.holders]);
  const ended = [];
  for (const [code, rows] of gone) {
    const events = rows.map((row) => eventOf(row, day));
    const event = { ...earliest(events) };
    all.leave(units.get(code), event);
    ended.push({ unit: units.get(code), rows, event });
  }
  for (const code of open.olds) all.leave(units.get(code), byListsOnly(day));
  const moved = pairs.filter((pair) => !pair.spelling);
  for (const { old } of moved) all.holders.delete(old);
  for (const pair of pairs) {
    const unit = units.get(pair.old);
    const row = after.get(pair.new);
    // The last spelling is the best printed one.
    if (pair.spelling) unit.states.at(-1).name = row.name;
    else all.enter(unit, row, pair.event, index);
    if (pair.row) tellMinistry(all, unit, pair.row);
  }
  for (const [code, rows] of born) {
    const unit = all.begin(after.get(code), { ...earliest(rows.map((row) => eventOf(row, day))) }, index);
    for (const row of rows) tellMinistry(all, unit, { ...row, from: '' });
  }
  for (const code of open.news) all.begin(after.get(code), byListsOnly(day), index);
  for (const { unit, rows } of ended) follow(all, unit, rows);
}

const earliest = (events) => events.toSorted((one, other) => (one.day < other.day ? -1 : 1))[0];

/** Into what a unit went, once that is known: a later list may be the first to have it. */
function follow(all, unit, rows) {
  for (const row of rows) {
    tellMinistry(all, unit, { ...row, to: '' });
    if (row.to && row.toBy === 'NBS' && !row.doubtful) all.successions.push({ unit, row });
  }
}

/** Notes the ministry's digits for a unit before and after an act. */
function tellMinistry(all, unit, row) {
  if (row.from && row.fromMinistry) all.ministry.push({ unit, code: row.fromMinistry, of: row.from });
  if (row.to && row.toMinistry) all.ministry.push({ unit, code: row.toMinistry, of: row.to });
}

/** Acts after the last list: the bureau's digits are not known then, the ministry's are. */
function applyLater(all) {
  const last = all.lists.length - 1;
  for (const row of all.facts.townships.filter(({ born }) => born === 'later')) {
    const event = eventOf(row, '9999-12-31');
    if (row.kind === 'CREATE') {
      const code = row.toBy === 'MCA' ? `MCA-${row.to}` : row.to;
      if (all.holders.has(code)) {
        all.refused.push({ row, why: 'the last list has it already', day: 'later' });
        continue;
      }
      const unit = all.begin({ code, name: row.toName, county: countyDigits(row.to) }, event, last);
      unit.states[0].kind = kindOfName(row.toName);
      if (row.toBy === 'MCA') all.ministry.push({ unit, code: row.to, of: code });
      continue;
    }
    const unit = row.fromBy === 'NBS' ? all.holders.get(row.from) : undefined;
    const state = unit?.states.at(-1);
    if (!state || !samePlain(state.name, row.fromName)) {
      all.refused.push({ row, why: 'the last list has no such unit', day: 'later' });
      continue;
    }
    unit.states.push({ ...state, name: row.toName, kind: kindOfName(row.toName), event });
    all.ministry.push({ unit, code: row.to, of: state.code, since: event });
    if (row.fromMinistry) all.ministry.push({ unit, code: row.fromMinistry, of: state.code, until: event });
  }
}

// ------------------------------------------------------------------ settling

/** Makes the days of all units agree: with their order, their counties, each other's codes, and what went into them. */
function settle(all) {
  all.settled = { order: 0, county: 0, code: 0, heir: 0, dropped: 0 };
  for (let round = 0; round < 6; round++) {
    const before = JSON.stringify(all.settled);
    settleOrder(all);
    settleCounties(all);
    settleCodes(all, round);
    settleHeirs(all);
    if (JSON.stringify(all.settled) === before) break;
  }
  all.successions = successionsOf(all);
  for (const unit of all.units) for (const state of unit.states) state.name = printedName(state.name);
}

/** An office is shown as what it runs, for that is how all later lists print it. */
const printedName = (name) => (/办事处|街道办$/.test(name) ? plainName(name) : name);

/** A day that only a list tells gives way to the act; a state of no day is none. */
function settleOrder(all) {
  for (const unit of all.units) {
    for (let at = unit.states.length - 1; at > 0; at--) {
      const [one, other] = [unit.states[at - 1], unit.states[at]];
      if (one.event.day < other.event.day) continue;
      all.settled.order++;
      // Of the first state only its beginning is left, of another nothing.
      if (at === 1) other.event = one.event;
      unit.states.splice(at - 1, 1);
    }
    if (unit.end && unit.end.day <= unit.states.at(-1).event.day) {
      all.settled.dropped++;
      unit.dropped = true;
    }
  }
  all.units = all.units.filter((unit) => !unit.dropped);
}

/** Nothing lies in a county that is not there yet, or no more. */
function settleCounties(all) {
  for (const unit of all.units) {
    for (const [index, state] of unit.states.entries()) {
      const next = unit.states[index + 1]?.event ?? unit.end;
      const from = state.county.states[0].from;
      if (state.event.day < from) {
        all.settled.county++;
        state.event.day = from;
      }
      const to = state.county.end;
      if (to && next && next.day > to) {
        all.settled.county++;
        next.day = to;
      }
    }
  }
}

/** The states of a township with the day on which each begins (`from`) and ends (`to`). */
export const spansOfTownship = (unit) =>
  spansOf({ states: unit.states.map((state) => ({ ...state, from: state.event.day })), end: unit.end?.day ?? null });

/** Of two that have a code on one day, the weaker event gives way. */
function settleCodes(all, round) {
  const holders = new Map();
  for (const unit of all.units) {
    for (const [index, span] of spansOfTownship(unit).entries()) {
      const leaving = unit.states[index + 1]?.event ?? unit.end;
      holders.set(span.code, [...(holders.get(span.code) ?? []), { unit, span, leaving }]);
    }
  }
  for (const spans of holders.values()) {
    if (spans.length < 2) continue;
    const inTime = spans.toSorted((one, other) => (one.span.from < other.span.from ? -1 : 1));
    for (const [index, { unit, span, leaving }] of inTime.entries()) {
      const next = inTime[index + 1];
      if (!next || next.unit === unit || (span.to && span.to <= next.span.from)) continue;
      all.settled.code++;
      if (!leaving) next.unit.clash = true;
      // Codes can go round in a circle: then the list's day is the day of all.
      else if (round < 3 && leaving.strength < next.span.event.strength) leaving.day = next.span.from;
      else Object.assign(next.span.event, { day: leaving.day, precision: 'SNAPSHOT', strength: BY_LISTS });
    }
  }
}

/** What goes into another goes when that is there. */
function settleHeirs(all) {
  all.heirs ??= indexHeirs(all);
  for (const { unit, heir } of all.heirs) {
    if (unit.dropped || heir.dropped) continue;
    const begun = heir.states[0].event;
    if (begun.day <= unit.end.day) continue;
    all.settled.heir++;
    if (begun.strength <= unit.end.strength) begun.day = unit.end.day;
    else unit.end.day = begun.day;
  }
}

function indexHeirs(all) {
  const byCode = new Map();
  for (const unit of all.units)
    for (const { code } of unit.states) byCode.set(code, [...(byCode.get(code) ?? []), unit]);
  return all.successions.flatMap(({ unit, row }) => {
    const named = (byCode.get(row.to) ?? []).filter((one) => one !== unit);
    const heir = named.find((one) =>
      one.states.some((state) => state.code === row.to && samePlain(state.name, row.toName)),
    );
    if (!heir) all.refused.push({ row, why: 'nothing to go into', day: row.gone });
    return heir ? [{ unit, heir, row }] : [];
  });
}

function successionsOf(all) {
  const known = new Map();
  for (const { unit, heir, row } of all.heirs) {
    if (unit.dropped || heir.dropped || (heir.end && heir.end.day <= unit.end.day)) {
      all.refused.push({ row, why: 'what it went into is not there then', day: row.gone });
      continue;
    }
    known.set(`${all.units.indexOf(unit)} ${all.units.indexOf(heir)}`, {
      from: unit,
      to: heir,
      kind: row.kind === 'SPLIT' ? 'SPLIT' : 'MERGE',
      effective: unit.end,
    });
  }
  return [...known.values()];
}
