/** What an import refused leaves traces, as what is refused of a request does. */
import { isTraced, keepRefusals, type Refused } from '../../report/refusals/trace.js';
import type { Db } from '../../store/engine/schema.js';
import type { ActContext } from '../../words.js';
import type { Result } from './items.js';
import type { ReadItem } from './read-items.js';

/** The most items of one import that leave a trace: who sends more has the file of what was refused. */
const maxTraced = 1_000;

/** The items of a batch that were refused and leave a trace, while there are not too many `before` them. */
export function refusedAmong(items: readonly ReadItem[], results: readonly Result[], before: number): Refused[] {
  if (before >= maxTraced) return [];
  return items.flatMap(({ agency, year }, index): Refused[] => {
    const { refusal } = results[index] ?? {};
    if (!isTraced(refusal)) return [];
    return [{ agency: agency ?? undefined, year: year ?? undefined, source: 'IMPORT', problem: refusal }];
  });
}

/** Keeps traces of what an import refused, once what it filed is kept or undone; none of one whose token has ended. */
export async function traceRefused(
  db: Db,
  actOf: () => Promise<ActContext>,
  refused: readonly Refused[],
): Promise<void> {
  if (refused.length === 0) return;
  const act = await actOf().catch(() => undefined);
  if (act) await keepRefusals(db, act, refused.slice(0, maxTraced));
}
