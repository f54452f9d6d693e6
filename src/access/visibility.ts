/**
 * The one rule of what a reader is shown: whatever is answered of a report, its findings, sums, changes or notes, is made
 * of what that reader may read, and of nothing else. The law publishes reports, so what a reviewer accepted is public
 * unless a setting closes it, and so are the sums of it; what was filed and not (yet) accepted is shown to those with a
 * token for it, alone and in sums. How many have filed, and who has not, is public. Persons are named to those alone
 * whom a token lets read the place.
 */

import { referenceDate } from '../day.js';
import type { NamedCode } from '../register/codes.js';
import type { NamesPersons } from '../register/register-view.js';
import type { Db } from '../store/engine/schema.js';
import type { Visible } from '../store/readable.js';
import { divisionsBelow, divisionsNear, findNation } from '../store/register/divisions.js';
import { lineageNear, lineageOf } from '../store/register/lineage.js';
import type { ActContext, Caller, Inclusion, PublicReading } from '../words.js';
import { mayAct, requireDivision, requireScope } from './authority.js';

/** Who reads, and what anybody may. */
export interface Reader {
  readonly caller: Caller;
  readonly open: PublicReading;
}

/** Who acts, as the reader of what the act is answered with. */
export function readerOf({ caller, open = 'none' }: Pick<ActContext, 'caller' | 'open'>): Reader {
  return { caller, open };
}

/** Whether a reader is known to see everything without a look at the register. */
export function seesAll({ caller, open }: Reader): boolean {
  return open === 'filed' || caller.kind === 'operator';
}

/** What a reader may read, as a text that is the same for all who may read the same by the same grants. */
export function sightOf({ caller, open }: Reader): string {
  if (caller.kind === 'operator') return 'all';
  const grants = caller.kind === 'token' ? caller.grants : [];
  const places = grants.map(({ divisionId, agencyId }) => `${divisionId} ${agencyId}`);
  return JSON.stringify([open, ...[...new Set(places)].sort()]);
}

/** What a reader may, as a text that is the same for all who may the same. */
export function rightsOf({ caller, open }: Reader): string {
  if (caller.kind !== 'token') return `${caller.kind} ${open}`;
  const grants = caller.grants.map(({ scope, divisionId, agencyId }) => `${scope} ${divisionId} ${agencyId}`);
  return [open, ...[...new Set(grants)].sort()].join(', ');
}

/** A division and everything above it on 31 December of a year. */
export type LineageOf = (divisionId: number, year: number) => Promise<readonly number[]>;

/** Looks up what lies above each division once, for who asks of many reports at once. */
export function keepLineages(db: Db): LineageOf {
  const known = new Map<string, readonly number[]>();
  return async (divisionId, year) => {
    const key = `${divisionId} ${year}`;
    const lineage = known.get(key) ?? (await lineageOf(db, divisionId, year));
    known.set(key, lineage);
    return lineage;
  };
}

/** What of an agency's report for a year a reader may see: the current one, the accepted one, or nothing (null). */
export async function inclusionFor(
  db: Db,
  reader: Reader,
  agency: { readonly id: number; readonly countyId: number },
  year: number,
  lineageFor: LineageOf = (divisionId, of) => lineageOf(db, divisionId, of),
): Promise<Inclusion | null> {
  if (seesAll(reader)) return 'ALL';
  const { caller, open } = reader;
  const otherwise = open === 'accepted' ? 'ACCEPTED' : null;
  if (caller.kind === 'stranger') return otherwise;
  const lineage = await lineageFor(agency.countyId, year);
  return mayAct(caller, 'read', { lineage, agencyId: agency.id }) ? 'ALL' : otherwise;
}

/** Whether a caller is told the names of persons who acted for a county, or for an agency in it, in a year. */
export async function mayNamePersons(
  db: Db,
  caller: Caller,
  place: { readonly countyId: number; readonly agencyId?: number },
  year: number,
  lineageFor: LineageOf = (divisionId, of) => lineageOf(db, divisionId, of),
): Promise<boolean> {
  if (caller.kind !== 'token') return caller.kind === 'operator';
  const { countyId, ...agency } = place;
  return mayAct(caller, 'read', { lineage: await lineageFor(countyId, year), ...agency });
}

/** The same of agencies, as the register asks it. */
export function namesFor(db: Db, caller: Caller): NamesPersons {
  return (place, year) => mayNamePersons(db, caller, place, year);
}

/** What of all reports of some years a reader may see; undefined is everything. */
export async function visibleTo(db: Db, reader: Reader, years: readonly number[]): Promise<Visible | undefined> {
  if (seesAll(reader)) return undefined;
  const { caller, open } = reader;
  const readable = await divisionsReadBy(db, caller, years);
  if (readable === 'every') return undefined;
  const grants = caller.kind === 'token' ? caller.grants : [];
  return {
    readable: { counties: readable, agencyIds: grants.flatMap(({ agencyId }) => agencyId ?? []) },
    elsewhere: open === 'accepted' ? 'ACCEPTED' : 'NOTHING',
  };
}

/** The divisions that a token reads in each of some years, with all below them, each with its year. */
async function divisionsReadBy(
  db: Db,
  caller: Caller,
  years: readonly number[],
): Promise<readonly (readonly [number, number])[] | 'every'> {
  const granted = divisionsGranted(caller);
  if (granted.length > 0 && granted.includes(await findNation(db))) return 'every';
  const readable: [number, number][] = [];
  for (const id of granted) {
    for (const [year, below] of await divisionsBelow(db, id, years)) {
      for (const division of below) readable.push([division, year]);
    }
  }
  return readable;
}

function divisionsGranted(caller: Caller): readonly number[] {
  const grants = caller.kind === 'token' ? caller.grants : [];
  return [...new Set(grants.flatMap(({ divisionId }) => divisionId ?? []))];
}

/** A division whose sums are asked for. */
type SummedDivision = NamedCode & { readonly id: number };

/** Where a report lies that a sum takes in from elsewhere: its county, or the one agency in it. */
interface AddedPlace {
  readonly countyId: number;
  readonly agencyId?: number;
}

/** What lies elsewhere and is taken into a sum of a year; nothing on the division's own boundaries. */
export type AddedPlaces = (year: number) => readonly AddedPlace[];

const nothingAdded: AddedPlaces = () => [];

/**
 * What a division's sum for a year is of, for a reader: what is asked for, else all that was filed where they read the
 * division, and all that is taken into the sum from elsewhere, and what was accepted where they do not. Throws
 * `unauthorized` or `forbidden` where they may not have that.
 */
export async function inclusionOfSum(
  db: Db,
  reader: Reader,
  division: SummedDivision,
  year: number,
  asked: Inclusion | undefined,
  added = nothingAdded,
): Promise<Inclusion> {
  const others = added(year);
  if (asked !== 'ACCEPTED' && (await readsAllOf(db, reader, division, year, others))) return 'ALL';
  if (asked === 'ALL' || reader.open === 'none') {
    await requireDivision(db, reader.caller, 'read', division, year);
    await requireAdded(db, reader.caller, others, year);
  }
  return 'ACCEPTED';
}

/** The same of each of some years. */
export async function inclusionsOfSums(
  db: Db,
  reader: Reader,
  division: SummedDivision,
  years: readonly number[],
  asked: Inclusion | undefined,
  added = nothingAdded,
): Promise<ReadonlyMap<number, Inclusion>> {
  const inclusions = new Map<number, Inclusion>();
  const same = inclusionWithoutLook(reader, asked);
  if (same) for (const year of years) inclusions.set(year, same);
  else for (const year of years) inclusions.set(year, await inclusionOfSum(db, reader, division, year, asked, added));
  return inclusions;
}

/** The same where it is known of any division and year, without a look at the register; undefined where it is not. */
function inclusionWithoutLook(reader: Reader, asked: Inclusion | undefined): Inclusion | undefined {
  if (asked !== 'ACCEPTED' && seesAll(reader)) return 'ALL';
  if (reader.open === 'none' || asked === 'ALL') return undefined;
  return asked ?? (reader.caller.kind === 'stranger' ? 'ACCEPTED' : undefined);
}

async function readsAllOf(
  db: Db,
  reader: Reader,
  { id }: SummedDivision,
  year: number,
  added: readonly AddedPlace[],
): Promise<boolean> {
  if (seesAll(reader)) return true;
  if (reader.caller.kind === 'stranger') return false;
  if (!mayAct(reader.caller, 'read', { lineage: await lineageInSum(db, id, year) })) return false;
  return (await findUnread(db, reader.caller, added, year)) === undefined;
}

/** The first of some places that a caller does not read in a year. */
async function findUnread(
  db: Db,
  caller: Caller,
  places: readonly AddedPlace[],
  year: number,
): Promise<AddedPlace | undefined> {
  const lineages = new Map<number, readonly number[]>();
  for (const place of places) {
    const { countyId, ...agency } = place;
    const lineage = lineages.get(countyId) ?? (await lineageInSum(db, countyId, year));
    lineages.set(countyId, lineage);
    if (!mayAct(caller, 'read', { lineage, ...agency })) return place;
  }
  return undefined;
}

/**
 * A division and all above it on 31 December of a year. On the boundaries of another day a sum may be of a division that
 * was not there then: it lies where it lay last.
 */
async function lineageInSum(db: Db, divisionId: number, year: number): Promise<readonly number[]> {
  const lineage = await lineageOf(db, divisionId, year);
  return lineage.length > 1 ? lineage : lineageNear(db, divisionId, referenceDate(year));
}

async function requireAdded(db: Db, caller: Caller, places: readonly AddedPlace[], year: number): Promise<void> {
  if (caller.kind === 'operator') return;
  const unread = await findUnread(db, caller, places, year);
  if (!unread) return;
  const county = (await divisionsNear(db, [unread.countyId], referenceDate(year))).get(unread.countyId);
  if (county) await requireDivision(db, caller, 'read', county, year);
}

/**
 * The same of many divisions, some years of each, below one that the reader may ask about; `top` is the division that
 * was named.
 */
export async function inclusionsBelow(
  db: Db,
  reader: Reader,
  top: SummedDivision,
  years: readonly number[],
  asked: Inclusion | undefined,
): Promise<(divisionId: number, year: number) => Inclusion> {
  const ofTop = await inclusionsOfSums(db, reader, top, years, asked);
  if (asked !== undefined || seesAll(reader)) return (_, year) => ofTop.get(year) ?? 'ACCEPTED';
  const readable = await divisionsReadBy(db, reader.caller, years);
  if (readable === 'every') return () => 'ALL';
  const inFull = new Set(readable.map(([id, year]) => `${id} ${year}`));
  return (id, year) => (inFull.has(`${id} ${year}`) ? 'ALL' : 'ACCEPTED');
}

/** Throws `unauthorized` or `forbidden` where everything is closed to a reader who has no token for any of it. */
export function requireOpen({ caller, open }: Reader): void {
  if (open === 'none') requireScope(caller, 'read');
}
