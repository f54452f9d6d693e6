/**
 * How the fields of the schema are answered. A field without a step is the member of its name. What a step takes and
 * gives, the schema says: a test compares them.
 */
import type { Selection } from '../parts/selection.js';
import type { Step } from './shape.js';

/** The steps by type and field. */
export type Steps = Readonly<Record<string, Readonly<Record<string, Step>>>>;

/** A step for all sources of a level at once: one statement where there would be one for each. */
export function each<Source, Args, Context, Value>(
  answer: (
    sources: readonly Source[],
    args: Args,
    context: Context,
    asked: Selection,
  ) => readonly Value[] | Promise<readonly Value[]>,
): { readonly each: typeof answer } {
  return { each: answer };
}
