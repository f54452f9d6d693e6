/** The use case that compares a list of codes and names of a day with the register of that day, and changes nothing. */

import { requireScopeThroughout } from '../../access/authority.js';
import { dayAfter, dayInChina } from '../../day.js';
import { addTo } from '../../groups.js';
import { takeTurns } from '../../loop.js';
import { maxFaults, Problem } from '../../problem.js';
import type { Db } from '../../store/engine/schema.js';
import {
  type Agency,
  agencyStates,
  agencyStatesIn,
  findCodeHolder,
  pageOfStates,
} from '../../store/register/agencies.js';
import { type Division, divisionStatesByCode, findNation, listDivisions } from '../../store/register/divisions.js';
import { otherCodesIn } from '../../store/register/other-codes.js';
import type { ActContext, CodeAuthority } from '../../words.js';
import { townshipKinds } from '../browse.js';
import { type NamedCode, resolveDivision, unknownDivision } from '../codes.js';
import { plainName } from '../names.js';
import { compareDivisions, isBelow, onlyCounties } from './divisions.js';
import { countListed, type PlaceList, prefixesOf, readList, tooManyFaults } from './list.js';
import type { ChangeRow, Differences, Proposal } from './proposals.js';
import { beginsThenReason, takenReason } from './reasons.js';
import {
  type Asked,
  type Compared,
  type Findings,
  isStatistical,
  type RegisterAgency,
  type RegisterDivision,
} from './register-places.js';
import { compareTownships } from './townships.js';

/** What a list is, and how much of the register it has. */
export interface ComparisonRequest {
  /** The day of the list, YYYY-MM-DD. */
  readonly on: string;
  /** Whose digits the list has. */
  readonly authority: CodeAuthority;
  /** Code of a division that the list has all of; lines of others are left aside. Without one, what it lacks is not missed. */
  readonly division?: string | undefined;
}

/** What a list would change in the register. */
export interface Comparison extends Differences {
  readonly on: string;
  readonly authority: CodeAuthority;
  readonly division: NamedCode | null;
  /** Places of the list that were compared, and those left aside as they lie elsewhere. */
  readonly listed: number;
  readonly leftAside: number;
}

/** The most proposals of a comparison: a list with more is of another day, or of another country. */
const maxProposals = 20_000;

/**
 * Compares a list (CSV, see `readList`) with the register. It needs the scope `register` over the division that is asked
 * for, or over the nation. Throws `unauthorized`, `forbidden`, `unknown-division`, `invalid-parameter` for a day on which
 * the register has nothing, and `malformed-body` for what is no list, or none of the register.
 */
export async function compareRegister(
  db: Db,
  act: Pick<ActContext, 'caller' | 'now'>,
  bytes: Uint8Array,
  request: ComparisonRequest,
): Promise<Comparison> {
  const { on, authority } = request;
  const division = request.division === undefined ? null : await divisionThen(db, request.division, on);
  const place = { divisionId: division?.id ?? (await findNation(db)), from: on, to: dayAfter(on) };
  await requireScopeThroughout(db, act.caller, 'register', [place], dayInChina(act.now));
  const list = await readList(bytes);
  const asked = { on, authority, division: division?.code ?? null };
  const known = await readDivisions(db, on);
  const inside = insideOf(list, known, asked);
  const { agencies, byCode } = await readUnits(db, inside, known, asked);
  const prefixes = prefixesOf(inside);
  const found = await findDifferences({ asked, list: inside, divisions: known.byCode, agencies, prefixes });
  const { certain, uncertain } = await weighCodes(db, on, byCode, found);
  if (certain.length + uncertain.length > maxProposals) throw tooDifferent(on);
  const listed = countListed(inside);
  return {
    ...{ on, authority, division: division && { code: division.code, name: division.name } },
    ...{ listed, leftAside: countListed(list) - listed },
    ...{ same: found.same, certain, uncertain, faults: found.faults },
  };
}

/** The differences of a list and the register, found in turns. */
async function findDifferences(compared: Compared): Promise<Differences> {
  const found: Findings = {
    ...{ certain: [], uncertain: [], spelling: [], otherDigits: [], otherCounty: [] },
    ...{ places: 0, notListed: 0 },
  };
  const othersTurn = takeTurns();
  const { faults, ...counties } = await compareDivisions(compared, found, othersTurn);
  const all = [...compared.list.faults, ...faults];
  if (all.length > maxFaults) throw tooManyFaults(all);
  await compareTownships(compared, counties, found, othersTurn);
  const { certain, uncertain, ...same } = found;
  return { same, certain, uncertain, faults: all };
}

async function divisionThen(db: Db, code: string, on: string) {
  const division = await resolveDivision(db, code, on);
  const holds = division.validFrom <= on && (division.validTo === null || division.validTo > on);
  if (!holds) throw unknownDivision(code);
  return division;
}

/** The divisions of a day, by code, with their identities. */
interface KnownDivisions {
  readonly byCode: ReadonlyMap<string, RegisterDivision>;
  readonly ids: ReadonlyMap<string, number>;
}

/** Rows that are read at once. */
const rowsAtOnce = 500;

async function readDivisions(db: Db, day: string): Promise<KnownDivisions> {
  const found: Division[] = [];
  const othersTurn = takeTurns();
  for (let after: string | undefined = ''; after !== undefined; ) {
    await othersTurn();
    const page = await listDivisions(db, { day }, { first: rowsAtOnce, after });
    found.push(...page.items);
    after = page.more ? page.items.at(-1)?.code : undefined;
  }
  if (found.length === 0) throw nothingThen(day);
  const codes = new Map(found.map(({ id, code }) => [id, code]));
  const describe = ({ code, name, level, parentId }: Division): RegisterDivision => ({
    ...{ code, name, level, plain: plainName(name) },
    parent: parentId === null ? null : (codes.get(parentId) ?? null),
  });
  return {
    byCode: new Map(found.map((division) => [division.code, describe(division)])),
    ids: new Map(found.map(({ id, code }) => [code, id])),
  };
}

/** The part of a list that lies in the division that is asked for. */
function insideOf(list: PlaceList, { byCode }: KnownDivisions, { division }: Asked): PlaceList {
  const whole = division === null ? undefined : byCode.get(division);
  if (!whole || whole.level === 'NATION') return list;
  const only = onlyCounties(byCode);
  const digits = whole.code.replace(/(?:00){1,2}$/, '');
  const isInside = (known: RegisterDivision | undefined, prefix: string) =>
    known ? known === whole || isBelow(byCode, known, whole.code) : prefix.startsWith(digits);
  return {
    ...list,
    divisions: list.divisions.filter(({ code }) => isInside(byCode.get(code), code)),
    townships: new Map(
      [...list.townships].filter(([prefix]) => isInside(only.get(prefix) ?? byCode.get(prefix), prefix)),
    ),
  };
}

/** The units of a day that the list may be about: each with its identity and the first day of its state. */
interface KeptUnit extends RegisterAgency {
  readonly id: number;
  readonly validFrom: string;
}

/** The units of some counties, by county and by code. */
interface KeptUnits {
  readonly agencies: ReadonlyMap<string, readonly KeptUnit[]>;
  readonly byCode: ReadonlyMap<string, KeptUnit>;
}

async function readUnits(db: Db, list: PlaceList, known: KnownDivisions, asked: Asked): Promise<KeptUnits> {
  const agencies = new Map<string, KeptUnit[]>();
  const byCode = new Map<string, KeptUnit>();
  if (list.townships.size === 0) return { agencies, byCode };
  const keep = (unit: KeptUnit) => {
    if (!/^(?:MCA-)?\d{6}(?!000)\d{3}$/.test(unit.code)) return;
    addTo(agencies, unit.county, unit);
    byCode.set(unit.code, unit);
  };
  const othersTurn = takeTurns();
  for (const { code: county } of countiesToRead(list, known.byCode, asked)) {
    await othersTurn();
    const countyId = known.ids.get(county) ?? 0;
    const codes =
      asked.authority === 'MCA' ? await otherCodesIn(db, { countyId, authority: 'MCA', day: asked.on }) : [];
    const others = new Map(codes.map(({ agencyId, code }) => [agencyId, code]));
    const states = await agencyStatesIn(db, countyId);
    const { items } = pageOfStates(states, { day: asked.on, kinds: townshipKinds }, { first: states.length });
    for (const agency of items) keep(unitOf(agency, county, others.get(agency.id) ?? null));
  }
  if (asked.authority === 'NBS') await keepHolders(db, list, { known, asked, has: (code) => byCode.has(code), keep });
  return { agencies, byCode };
}

function unitOf({ id, code, name, kind, validFrom }: Agency, county: string, otherCode: string | null): KeptUnit {
  return { id, code, name, plain: plainName(name), kind, validFrom, county, otherCode };
}

/** The counties of the list, all where it has all of a division, and those that may be in it under other digits. */
function countiesToRead(list: PlaceList, divisions: Compared['divisions'], asked: Asked): Set<RegisterDivision> {
  const counties = [...divisions.values()].filter(({ level }) => level === 'COUNTY');
  const only = onlyCounties(divisions);
  const read = new Set<RegisterDivision>();
  const strange = new Set<string>();
  for (const prefix of prefixesOf(list)) {
    const division = divisions.get(prefix);
    const county = division?.level === 'COUNTY' ? division : only.get(prefix);
    if (county) read.add(county);
    else if (!division) strange.add(prefix.slice(0, 2));
  }
  for (const county of counties) {
    const isAsked =
      asked.division !== null && (county.code === asked.division || isBelow(divisions, county, asked.division));
    if (isAsked || strange.has(county.code.slice(0, 2))) read.add(county);
  }
  if (asked.authority === 'NBS') return read;
  const parents = new Set([...read].map(({ parent }) => parent));
  for (const county of counties) if (isStatistical(county) && parents.has(county.parent)) read.add(county);
  return read;
}

/** Keeps the units that lie in other counties on that day, and have codes of the list. */
async function keepHolders(
  db: Db,
  list: PlaceList,
  of: {
    readonly known: KnownDivisions;
    readonly asked: Asked;
    readonly has: (code: string) => boolean;
    readonly keep: (unit: KeptUnit) => void;
  },
): Promise<void> {
  const { known, asked, has, keep } = of;
  const codes = new Map([...known.ids].map(([code, id]) => [id, code]));
  const othersTurn = takeTurns();
  for (const places of list.townships.values()) {
    for (const { code } of places) {
      if (has(code)) continue;
      await othersTurn();
      const holder = await findCodeHolder(db, code, { from: asked.on, to: dayAfter(asked.on), except: null });
      const county = holder && codes.get(holder.countyId);
      if (holder && county !== undefined && townshipKinds.includes(holder.kind)) keep(unitOf(holder, county, null));
    }
  }
}

/**
 * Holds the codes that the proposals give against the register of that day and later. What cannot be applied as it is
 * is not certain, and says why.
 */
async function weighCodes(
  db: Db,
  on: string,
  units: KeptUnits['byCode'],
  { certain, uncertain }: Differences,
): Promise<Pick<Differences, 'certain' | 'uncertain'>> {
  const othersTurn = takeTurns();
  const weighed: { readonly certain: Proposal[]; readonly uncertain: Proposal[] } = { certain: [], uncertain: [] };
  for (const proposal of certain) {
    await othersTurn();
    const why = await hindranceOf(db, on, proposal, units);
    if (why) weighed.uncertain.push({ ...proposal, reason: why });
    else weighed.certain.push(proposal);
  }
  for (const proposal of uncertain) {
    await othersTurn();
    const why = await hindranceOf(db, on, proposal, units);
    weighed.uncertain.push(why ? { ...proposal, reason: why } : proposal);
  }
  return weighed;
}

async function hindranceOf(
  db: Db,
  on: string,
  { changes, reason }: Proposal,
  units: KeptUnits['byCode'],
): Promise<Proposal['reason'] | undefined> {
  const ending = new Set(changes.filter(({ action }) => action === 'close').map(({ code }) => code));
  for (const row of changes) {
    const given = row.newCode ?? (row.action === 'add' ? row.code : undefined);
    const isFreed = given !== undefined && ending.has(given);
    const holder = given === undefined || isFreed ? undefined : await holderOf(db, on, row, given, units);
    if (holder) return takenReason(reason, holder);
    const unit = row.action === 'change' || row.action === 'close' ? units.get(row.code) : undefined;
    const isFirst = unit?.validFrom === on && (await agencyStates(db, unit.id))[0]?.validFrom === on;
    if (unit && isFirst) return beginsThenReason(reason, unit);
  }
  return undefined;
}

/** Whoever else has a code on a day or later. */
async function holderOf(
  db: Db,
  on: string,
  row: ChangeRow,
  code: string,
  units: KeptUnits['byCode'],
): Promise<NamedCode | undefined> {
  if (!row.action.startsWith('division')) {
    const own = row.action === 'add' ? undefined : units.get(row.code);
    return findCodeHolder(db, code, { from: on, to: null, except: own?.id ?? null });
  }
  const states = await divisionStatesByCode(db, code);
  return states.find((state) => state.code === code && (state.validTo === null || state.validTo > on));
}

function nothingThen(day: string): Problem {
  return new Problem('invalid-parameter', {
    zh: `名录在 ${day} 没有任何行政区划。`,
    en: `The register has no division on ${day}.`,
  });
}

function tooDifferent(on: string): Problem {
  const message = {
    zh: `名单与 ${on} 的名录有超过 ${maxProposals} 处不同；请核对日期和代码来源，或分行政区划比较。`,
    en: `The list differs from the register of ${on} in more than ${maxProposals} places: see that day and authority are right, or compare a division at a time.`,
  };
  return new Problem('malformed-body', message, {
    errors: [{ code: 'TOO-DIFFERENT', severity: 'error', pointer: '', message }],
  });
}
