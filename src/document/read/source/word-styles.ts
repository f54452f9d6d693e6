/** How Word marks characters: of a run, or of the styles that its run and its paragraph name (ECMA-376, part 1, 17.3.2). */
import { localName } from './package.js';
import type { Archive } from './zip.js';

/** The marks of characters that decide whether they stand; undefined where nothing is said. */
export interface CharacterMarks {
  readonly isStruck?: boolean;
  readonly isHidden?: boolean;
  readonly isRaised?: boolean;
}

/** What a style says. */
export interface StyleMarks extends CharacterMarks {
  readonly isHeading?: boolean;
}

/** The marks of a style by its name, those of the styles that it is based on included. */
export type WordStyles = (name: string | undefined) => StyleMarks;

/** Half-points by which raised characters stand above the others: less only centres them. */
const raisedFrom = 4;

/** What an element within the properties of a run says; undefined for one that says nothing of what stands. */
export function marksOf(name: string, attributes: Readonly<Record<string, string>>): CharacterMarks | undefined {
  const value = attributes['w:val'];
  if (name === 'w:strike' || name === 'w:dstrike') return { isStruck: isOn(value) };
  if (name === 'w:vanish') return { isHidden: isOn(value) };
  if (name === 'w:vertAlign') return { isRaised: value === 'superscript' || value === 'subscript' };
  if (name === 'w:position') return { isRaised: Math.abs(Number(value ?? 0)) >= raisedFrom };
  // Half-points too: what is half a point high is seen by nobody.
  if (name === 'w:sz' && Number(value) <= 1) return { isHidden: true };
  return undefined;
}

/** Whether a property that can be turned off is on: so it is where it has no value. */
export function isOn(value: string | undefined): boolean {
  return value === undefined || !['0', 'false', 'off', 'none'].includes(value);
}

interface Style {
  basedOn: string | undefined;
  marks: StyleMarks;
}

/** Reads the styles of a document; without the part nothing is marked by a style. */
export async function readWordStyles(archive: Archive, part: string | undefined): Promise<WordStyles> {
  const styles = new Map<string, Style>();
  if (part === undefined) return () => ({});
  let open: Style | undefined;
  let inRun = 0;
  await archive.parse(part, {
    open(name, attributes) {
      if (name === 'w:style') {
        open = { basedOn: undefined, marks: {} };
        styles.set(attributes['w:styleId'] ?? '', open);
      } else if (localName(name) === 'rPr') inRun += 1;
      else if (open && name === 'w:name' && /^heading \d/i.test(attributes['w:val'] ?? '')) {
        open.marks = { ...open.marks, isHeading: true };
      } else if (open && name === 'w:basedOn') open.basedOn = attributes['w:val'];
      else if (open && inRun > 0) open.marks = { ...open.marks, ...marksOf(name, attributes) };
    },
    close(name) {
      if (name === 'w:style') open = undefined;
      if (localName(name) === 'rPr') inRun -= 1;
    },
    text() {},
  });
  return (name) => resolveStyle(styles, name);
}

/** A chain of styles is short; one that comes back to itself ends. */
const maxBases = 20;

function resolveStyle(styles: ReadonlyMap<string, Style>, name: string | undefined): StyleMarks {
  let marks: StyleMarks = {};
  let style = name === undefined ? undefined : styles.get(name);
  for (let depth = 0; style && depth < maxBases; depth += 1) {
    marks = { ...style.marks, ...marks };
    style = style.basedOn === undefined ? undefined : styles.get(style.basedOn);
  }
  return marks;
}
