/** Whether two contents of reports say the same, however they were written down. */
import { formOf } from './forms.js';
import type { ReportContent } from './report.js';

/** A part of a content beside its figures. */
export type TextPart = 'publishedItems' | 'engagement' | 'narrative' | 'source';

/** The parts of a content beside its figures. */
export const textParts: readonly TextPart[] = ['publishedItems', 'engagement', 'narrative', 'source'];

/**
 * Whether two contents say the same: a member that is null is as if it had been left out, and a part without members as
 * if it were not there. A figure that is blank is not left out.
 */
export function isSameContent(one: ReportContent, other: ReportContent): boolean {
  const { cells } = formOf(one.form);
  return (
    one.form === other.form &&
    cells.every(({ at }) => one.figures[at] === other.figures[at]) &&
    textParts.every((part) => isSamePart(one[part], other[part]))
  );
}

/** The same of one part beside the figures. */
export function isSamePart(one: ReportContent[TextPart], other: ReportContent[TextPart]): boolean {
  return JSON.stringify(plain(one)) === JSON.stringify(plain(other));
}

/** A value without the members that are null, its members in one order; null where nothing is left. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value ?? null;
  const said = Object.entries(value)
    .map(([name, member]) => [name, name === 'complete' ? plainList(member) : plain(member)] as const)
    .filter(([, member]) => member !== null)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  return said.length === 0 ? null : Object.fromEntries(said);
}

/** Names of lists, in any order: none is as if nothing were said. */
function plainList(names: unknown): unknown {
  return Array.isArray(names) && names.length > 0 ? [...new Set(names)].toSorted() : null;
}
