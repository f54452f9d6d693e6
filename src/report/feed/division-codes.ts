/** The codes of divisions and of all above them, as the feed names whose sums a change moves. */
import { referenceDate } from '../../day.js';
import type { Db } from '../../store/engine/schema.js';
import { divisionsNear } from '../../store/register/divisions.js';
import { keepWithRegister } from '../../store/register/find/areas.js';
import { lineageOf } from '../../store/register/lineage.js';

/** The codes of some divisions and all above them on 31 December of a year, each once, the nearest first. */
export type DivisionCodes = (ids: readonly number[], year: number) => Promise<readonly string[]>;

/** A page of the feed names the divisions that the last one did: what is known stays until the register changes. */
const knownOf = keepWithRegister(() => new Map<string, readonly string[]>());

/** So many are kept at the most: the nation's counties for seven years. */
const maxKnown = 25_000;

/** Looks each division and year up once, however many changes name it. */
export async function divisionCodes(db: Db): Promise<DivisionCodes> {
  const known = await knownOf(db);
  if (known.size >= maxKnown) known.clear();
  return async (ids, year) => {
    const key = `${ids} ${year}`;
    const codes = known.get(key) ?? (await lookUp(db, ids, year));
    known.set(key, codes);
    return codes;
  };
}

async function lookUp(db: Db, ids: readonly number[], year: number): Promise<readonly string[]> {
  const lineages = await Promise.all(ids.map((id) => lineageOf(db, id, year)));
  const above = [...new Set([...ids, ...lineages.flat()])];
  const named = await divisionsNear(db, above, referenceDate(year));
  return above.flatMap((id) => named.get(id)?.code ?? []);
}
