/** How a Word 97 to 2003 document marks characters: by the style of their paragraph, by one of their own, and themselves. */
import { type DocStreams, listedTable, listedTables } from './doc-pieces.js';
import { numberIn, propertyNumbers as p, propertiesOf } from './doc-properties.js';

/** The marks of characters that decide whether they stand. */
export interface DocMarks {
  readonly isDeleted: boolean;
  readonly isStruck: boolean;
  readonly isStruckTwice: boolean;
  readonly isHidden: boolean;
  readonly isRaised: boolean;
  /** It is no character but stands for a picture, a symbol or the like. */
  readonly isSpecial: boolean;
}

/** Characters of which nothing is said. */
export const plainMarks: DocMarks = {
  isDeleted: false,
  isStruck: false,
  isStruckTwice: false,
  isHidden: false,
  isRaised: false,
  isSpecial: false,
};

/** Half-points by which raised characters stand above the others: less only centres them. */
const raisedFrom = 4;

/** The marks of the styles of a document, by their numbers. */
export type DocStyles = (style: number) => DocMarks;

/** The marks of characters with a list of properties, beside those that their style gives them. */
export function marksWith(style: DocMarks, list: Buffer, styles: DocStyles): DocMarks {
  let base = style;
  let marks = style;
  for (const property of propertiesOf(list)) {
    const value = numberIn(property);
    const { number } = property;
    if (number === p.characterStyle) {
      base = joined(style, styles(value));
      marks = joined(marks, base);
    } else if (number === p.deleted) marks = { ...marks, isDeleted: value !== 0 };
    else if (number === p.struck) marks = { ...marks, isStruck: toggled(value, base.isStruck) };
    else if (number === p.struckTwice) marks = { ...marks, isStruckTwice: toggled(value, base.isStruckTwice) };
    else if (number === p.hidden) marks = { ...marks, isHidden: toggled(value, base.isHidden) };
    else if (number === p.special) marks = { ...marks, isSpecial: value !== 0 };
    else if (number === p.raised) marks = { ...marks, isRaised: value === 1 || value === 2 };
    else if (number === p.position) marks = { ...marks, isRaised: Math.abs((value << 16) >> 16) >= raisedFrom };
    // Half-points too: what is half a point high is seen by nobody.
    else if (number === p.size && value <= 1) marks = { ...marks, isHidden: true };
  }
  return marks;
}

/** Off, on, as the style has it, or as the style has it not. */
function toggled(value: number, ofStyle: boolean): boolean {
  if (value === 0x80) return ofStyle;
  return value === 0x81 ? !ofStyle : value !== 0;
}

function joined(one: DocMarks, other: DocMarks): DocMarks {
  return {
    isDeleted: one.isDeleted || other.isDeleted,
    isStruck: one.isStruck || other.isStruck,
    isStruckTwice: one.isStruckTwice || other.isStruckTwice,
    isHidden: one.isHidden || other.isHidden,
    isRaised: one.isRaised || other.isRaised,
    isSpecial: one.isSpecial || other.isSpecial,
  };
}

interface Style {
  readonly base: number;
  readonly list: Buffer;
}

/** A chain of styles is short; one that comes back to itself ends. */
const maxBases = 20;
const noBase = 0xfff;

/** Reads the styles of a document. One that cannot be read marks nothing. */
export function readDocStyles(streams: DocStreams): DocStyles {
  const table = listedTable(streams, listedTables.styles);
  const styles = table.length < 6 ? [] : readStyles(table);
  const known = new Map<number, DocMarks>();
  const marksOf = (number: number, depth: number): DocMarks => {
    const found = known.get(number);
    const style = styles[number];
    if (found || !style || depth > maxBases) return found ?? plainMarks;
    const base = style.base === noBase ? plainMarks : marksOf(style.base, depth + 1);
    const marks = marksWith(base, style.list, () => plainMarks);
    known.set(number, marks);
    return marks;
  };
  return (number) => marksOf(number, 0);
}

function readStyles(table: Buffer): (Style | undefined)[] {
  const headLength = table.readUInt16LE(0);
  const [count, fixed] = [table.readUInt16LE(2), table.readUInt16LE(4)];
  const styles: (Style | undefined)[] = [];
  let at = 2 + headLength;
  while (styles.length < count && at + 2 <= table.length) {
    const length = table.readUInt16LE(at);
    styles.push(readStyle(table.subarray(at + 2, at + 2 + length), fixed));
    at += 2 + length;
  }
  return styles;
}

const paragraphStyle = 1;
const characterStyle = 2;

/** What a style says of characters: of a paragraph's it is the second of its lists, of a character's the first. */
function readStyle(style: Buffer, fixed: number): Style | undefined {
  if (style.length < fixed + 2 || fixed < 4) return undefined;
  const kindAndBase = style.readUInt16LE(2);
  const kind = kindAndBase & 0xf;
  if (kind !== paragraphStyle && kind !== characterStyle) return undefined;
  let at = fixed + 2 + style.readUInt16LE(fixed) * 2 + 2;
  for (let skipped = kind === paragraphStyle ? 1 : 0; skipped > 0 && at + 2 <= style.length; skipped -= 1)
    at += 2 + evenLength(style.readUInt16LE(at));
  if (at + 2 > style.length) return undefined;
  return { base: kindAndBase >> 4, list: style.subarray(at + 2, at + 2 + style.readUInt16LE(at)) };
}

function evenLength(length: number): number {
  return length + (length % 2);
}
