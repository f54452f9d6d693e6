/** What breaks the series of a table's areas, found for all of them at once: most have no break in any year. */
import { referenceDate } from '../../day.js';
import { breaksByYear, plainBreak } from '../../register/breaks.js';
import type { Frame } from '../../register/frame.js';
import { isRecordedIn, type RegisterAt } from '../../register/known.js';
import { changesOfAgency } from '../../register/place-changes.js';
import type { Db } from '../../store/engine/schema.js';
import type { Division } from '../../store/register/divisions.js';
import { crossingsBelow } from '../../store/register/find/crossings.js';
import { agenciesEntered } from '../../store/register/successions.js';
import type { PlaceChangeKind, Precision } from '../../words.js';
import { type Area, isAgencyArea } from '../area/areas.js';

/** A day on which an area became another territory, of which the figures of a year are not those of the year before. */
export interface AreaBreak {
  readonly areaId: number;
  readonly year: number;
  readonly effective: string;
  readonly precision: Precision;
  readonly kind: PlaceChangeKind;
  readonly document: string | null;
  readonly partial: boolean;
  /** Where it came from or went to. */
  readonly counterparts: readonly { readonly code: string; readonly name: string }[];
}

/** What breaks are looked for in. */
export interface BreaksQuery {
  readonly register: RegisterAt;
  readonly years: readonly number[];
  readonly frame: Frame;
}

/** The breaks of agencies: what went into them in the course of a year, whole or in part. */
export async function breaksOfAgencies(
  db: Db,
  agencies: readonly Area[],
  { register, years }: BreaksQuery,
): Promise<readonly AreaBreak[]> {
  const ids = agencies.filter(isAgencyArea).map(({ id }) => id);
  const [first = 0, last = 0] = [Math.min(...years), Math.max(...years)];
  const span = { after: referenceDate(first - 1), until: referenceDate(last) };
  const found: AreaBreak[] = [];
  for (const areaId of await agenciesEntered(db, ids, span)) {
    for (const { counterparts, ...change } of await changesOfAgency(db, areaId, span.until)) {
      const { effective, precision, kind, document, partial, territory, recordedAt } = change;
      const year = Number(effective.slice(0, 4));
      if (territory !== 'GAINED' || !isRecordedIn(register, recordedAt) || !years.includes(year)) continue;
      found.push({
        ...{ areaId, year, effective, precision, kind, document, partial },
        counterparts: counterparts.map(({ code, name }) => ({ code, name })),
      });
    }
  }
  return found;
}

/** The breaks of divisions of one level below a division, or of that division itself. */
export async function breaksOfDivisions(
  db: Db,
  top: Pick<Division, 'id' | 'level'>,
  divisions: readonly Pick<Division, 'id' | 'level'>[],
  { register, years, frame }: BreaksQuery,
): Promise<readonly AreaBreak[]> {
  // To look at each is dear only where there are many, and then nearly all of them are counties that nothing crossed.
  const isMany = divisions.length > 20 && divisions[0]?.level === 'COUNTY' && frame.on === null;
  const crossed = isMany
    ? new Set((await crossingsBelow(db, top.id)).flatMap(({ fromId, toId }) => [fromId, toId]))
    : undefined;
  const found: AreaBreak[] = [];
  for (const division of divisions) {
    if (crossed && !crossed.has(division.id)) continue;
    for (const [year, breaks] of await breaksByYear(db, register, division, years, frame)) {
      for (const one of breaks) found.push({ areaId: division.id, year, ...plainBreak(one) });
    }
  }
  return found;
}
