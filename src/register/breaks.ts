/** Where figures of different years are not of the same place: what changed a division's territory, and no boundaries mend. */
import { referenceDate } from '../day.js';
import type { Db } from '../store/engine/schema.js';
import { basesOf } from '../store/register/bases.js';
import { type Division, divisionsNear } from '../store/register/divisions.js';
import { type Crossing, crossingsBelow, crossingsOfCounty } from '../store/register/find/crossings.js';
import type { PlaceChangeKind, Precision } from '../words.js';
import { dividedOn, type Frame } from './frame.js';
import { isRecordedIn, type RegisterAt } from './known.js';
import { changesOfDivision, type PlaceChange } from './place-changes.js';

/** A day on which the territory that figures are of became another. */
export interface Break {
  readonly effective: string;
  readonly precision: Precision;
  readonly kind: PlaceChangeKind;
  readonly document: string | null;
  readonly partial: boolean;
  /** The divisions that it came from or went to, as they were on that day. */
  readonly counterparts: readonly Division[];
}

/** A break as it is answered: its counterparts by their codes and names. */
export function plainBreak({ counterparts, ...one }: Break) {
  return { ...one, counterparts: counterparts.map(({ code, name }) => ({ code, name })) };
}

/** The kinds of change by which territory becomes another. */
export const territorial: readonly PlaceChangeKind[] = ['MERGE', 'SPLIT', 'CREATE', 'TRANSFER', 'ABOLISH'];

/**
 * What breaks a division's series at a year. As reported, every change of its territory in the course of that year. On a
 * day, what lies between the end of the year and the day and cannot be followed by agencies: territory that came over
 * without any of them, or from and to nobody who is known, and agencies that went into several across its border.
 */
export async function breaksOf(
  db: Db,
  register: RegisterAt,
  division: Pick<Division, 'id' | 'level'>,
  year: number,
  { on }: Pick<Frame, 'on'>,
): Promise<readonly Break[]> {
  const end = referenceDate(year);
  const [after = end, until = end] = on === null ? [referenceDate(year - 1), end] : [end, on].sort();
  if (after === until || division.level === 'NATION') return [];
  const changes = (await territorialChanges(db, register, division, until)).filter(
    ({ effective }) => effective > after && effective <= until,
  );
  const broken: Break[] = [];
  const crossings = on === null || changes.length === 0 ? [] : await crossingsOf(db, division);
  for (const change of changes) {
    if (on !== null && isFollowed(change, crossings)) continue;
    const ids = change.counterparts.flatMap(({ about, id }) => (about === 'division' ? [id] : []));
    broken.push({ ...plainOf(change), counterparts: await named(db, ids, change.effective) });
  }
  if (on === null) return broken;
  const divided = await dividedBreaks(db, register, division, year, on);
  return [...broken, ...divided].sort((one, other) => (one.effective < other.effective ? -1 : 1));
}

/**
 * The same of several years, those without any left out: as reported the changes are read once, and again only for a year
 * that has any, so that it can be asked of many divisions.
 */
export async function breaksByYear(
  db: Db,
  register: RegisterAt,
  division: Pick<Division, 'id' | 'level'>,
  years: readonly number[],
  frame: Pick<Frame, 'on'>,
): Promise<ReadonlyMap<number, readonly Break[]>> {
  const found = new Map<number, readonly Break[]>();
  if (division.level === 'NATION' || years.length === 0) return found;
  let asked = years;
  if (frame.on === null) {
    const changes = await territorialChanges(db, register, division, referenceDate(Math.max(...years)));
    const broken = new Set(changes.map(({ effective }) => Number(effective.slice(0, 4))));
    asked = years.filter((year) => broken.has(year));
  }
  for (const year of asked) {
    const breaks = await breaksOf(db, register, division, year, frame);
    if (breaks.length > 0) found.set(year, breaks);
  }
  return found;
}

/** What changed a division's territory up to a day, as it is or was known. */
async function territorialChanges(
  db: Db,
  register: RegisterAt,
  { id }: Pick<Division, 'id'>,
  until: string,
): Promise<readonly PlaceChange[]> {
  return (await changesOfDivision(db, id, until)).filter(
    ({ kind, recordedAt }) => territorial.includes(kind) && isRecordedIn(register, recordedAt),
  );
}

function plainOf({ effective, precision, kind, document, partial }: PlaceChange): Omit<Break, 'counterparts'> {
  return { effective, precision, kind, document, partial };
}

async function crossingsOf(db: Db, { id, level }: Pick<Division, 'id' | 'level'>): Promise<readonly Crossing[]> {
  return level === 'COUNTY' ? crossingsOfCounty(db, id) : crossingsBelow(db, id);
}

/** Whether what came over can be followed: all of somebody who is known, or something that moved on that day. */
function isFollowed({ counterparts, partial, effective }: PlaceChange, crossings: readonly Crossing[]): boolean {
  if (counterparts.length === 0) return false;
  return !partial || crossings.some((crossing) => crossing.effective === effective);
}

async function named(db: Db, ids: readonly number[], day: string): Promise<readonly Division[]> {
  const found = await divisionsNear(db, ids, day);
  return ids.flatMap((id) => found.get(id) ?? []);
}

async function dividedBreaks(
  db: Db,
  register: RegisterAt,
  division: Pick<Division, 'id' | 'level'>,
  year: number,
  on: string,
): Promise<Break[]> {
  const groups = new Map<string, Break>();
  for (const { id, outside, turnedOn, turn } of await dividedOn(db, register, division, year, on)) {
    const basis = (await basesOf(db, { about: 'agency', id })).find(({ effective }) => effective === turnedOn);
    const { precision, document } = basis ?? { precision: 'DAY' as const, document: null };
    const kind = turn === 'ENDED' ? ('SPLIT' as const) : ('MERGE' as const);
    const key = `${turnedOn} ${kind} ${outside.join(' ')}`;
    groups.set(key, {
      ...{ effective: turnedOn, precision, kind, document, partial: true },
      counterparts: await named(db, outside, on),
    });
  }
  return [...groups.values()];
}
