/** The codes of divisions and of all above them, as the feed names whose sums a change moves. */
import { referenceDate } from '../../day.js';
import type { Db } from '../../store/engine/schema.js';
import { divisionsNear } from '../../store/register/divisions.js';
import { type DivisionPlace, keepWithRegister, placesOfDivisions } from '../../store/register/find/areas.js';
import { lineageOf } from '../../store/register/lineage.js';

/** The codes of some divisions and all above them on 31 December of a year, each once, the nearest first. */
export type DivisionCodes = (ids: readonly number[], year: number) => Promise<readonly string[]>;

/** The divisions of a year, and the codes of those that were named already. */
interface KnownYear {
  readonly places: ReadonlyMap<number, DivisionPlace>;
  readonly codes: Map<string, readonly string[]>;
}

/** A page of the feed names hundreds of divisions: all there are in a year are kept until the register changes. */
const yearsOf = keepWithRegister(() => new Map<number, KnownYear>());

/** Reads the divisions of a year once, however many changes name them. */
export async function divisionCodes(db: Db): Promise<DivisionCodes> {
  const years = await yearsOf(db);
  return async (ids, year) => {
    let known = years.get(year);
    if (!known) {
      known = { places: await placesOfDivisions(db, referenceDate(year)), codes: new Map() };
      years.set(year, known);
    }
    const key = `${ids}`;
    const codes = known.codes.get(key) ?? codesAbove(known.places, ids) ?? (await lookUp(db, ids, year));
    known.codes.set(key, codes);
    return codes;
  };
}

/** More levels than there are. */
const maxLevels = 8;

/** Undefined where any of them is not there on the day: it is called then what it was called last. */
function codesAbove(places: ReadonlyMap<number, DivisionPlace>, ids: readonly number[]): readonly string[] | undefined {
  const codes = new Map<number, string>(ids.map((id) => [id, places.get(id)?.code ?? '']));
  for (const one of ids) {
    let id: number | null = one;
    // In a damaged register a division may lie below itself.
    for (let level = 0; id !== null && level < maxLevels; level++) {
      const place = places.get(id);
      if (!place) return undefined;
      codes.set(id, place.code);
      id = place.parentId;
    }
  }
  return [...codes.values()];
}

async function lookUp(db: Db, ids: readonly number[], year: number): Promise<readonly string[]> {
  const lineages = await Promise.all(ids.map((id) => lineageOf(db, id, year)));
  const above = [...new Set([...ids, ...lineages.flat()])];
  const named = await divisionsNear(db, above, referenceDate(year));
  return above.flatMap((id) => named.get(id)?.code ?? []);
}
