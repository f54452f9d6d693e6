/** What a day of the register rests on once a change has said so. */
import type { Db } from '../../store/engine/schema.js';
import { type Basis, basesOf, type PlaceId } from '../../store/register/bases.js';
import type { StatedBasis } from './register-change.js';

/** What is known of a day of an agency or a division; undefined where nothing was said. */
export async function knownBasis(db: Db, place: PlaceId, day: string): Promise<Basis | undefined> {
  return (await basesOf(db, place)).find(({ effective }) => effective === day);
}

/**
 * What a day rests on as a change states it. What that leaves out stays as it was known; a day of which nothing was said
 * is sure, and its document unknown.
 */
export function basisOn(day: string, { document, precision }: StatedBasis, known: Basis | undefined, now: Date): Basis {
  return {
    effective: day,
    precision: precision ?? known?.precision ?? 'DAY',
    document: document === undefined ? (known?.document ?? null) : document,
    recordedAt: now.toISOString(),
  };
}

/** Whether a basis says the same of its day as what was known. */
export function isKnownBasis({ precision, document }: Basis, known: Basis | undefined): boolean {
  return precision === (known?.precision ?? 'DAY') && document === (known?.document ?? null);
}
