/** How an OpenDocument file marks characters, rows and columns by its styles (OpenDocument 1.3, part 3, 16). */
import type { Archive } from '../zip.js';

/** What a style says of what it is given to; undefined where it says nothing. */
export interface OdfMarks {
  readonly isStruck?: boolean;
  readonly isHidden?: boolean;
  readonly isRaised?: boolean;
  /** Of a sheet, a row or a column: it is not shown, or has no size. */
  readonly isUnshown?: boolean;
}

/** The marks of a style by its family (`text`, `paragraph`, `table-cell` ...) and its name, those of its parents included. */
export type OdfStyles = (family: string, name: string | undefined) => OdfMarks;

interface Style {
  readonly parent: string | undefined;
  marks: OdfMarks;
}

/** Percent of the size of characters by which raised ones stand above the others: less only centres them. */
const raisedFrom = 15;

/** A chain of styles is short; one that comes back to itself ends. */
const maxParents = 20;

/** Reads the styles of a file: the named ones, and those that its writer made for single places. */
export async function readOdfStyles(archive: Archive): Promise<OdfStyles> {
  const styles = new Map<string, Style>();
  const handler = stylesHandler(styles);
  await archive.parse('styles.xml', handler);
  await archive.parse('content.xml', handler);
  const known = new Map<string, OdfMarks>();
  return (family, name) => {
    if (name === undefined) return {};
    const key = keyOf(family, name);
    const marks = known.get(key) ?? resolve(styles, family, name);
    known.set(key, marks);
    return marks;
  };
}

function stylesHandler(styles: Map<string, Style>) {
  let open: Style | undefined;
  return {
    open(name: string, attributes: Readonly<Record<string, string>>) {
      if (name === 'style:style') {
        open = { parent: attributes['style:parent-style-name'], marks: {} };
        styles.set(keyOf(attributes['style:family'] ?? '', attributes['style:name'] ?? ''), open);
      } else if (open && name.endsWith('-properties')) open.marks = { ...open.marks, ...marksOf(attributes) };
    },
    close(name: string) {
      if (name === 'style:style') open = undefined;
    },
    text() {},
  };
}

function resolve(styles: ReadonlyMap<string, Style>, family: string, name: string): OdfMarks {
  let marks: OdfMarks = {};
  let style = styles.get(keyOf(family, name));
  for (let depth = 0; style && depth < maxParents; depth += 1) {
    marks = { ...style.marks, ...marks };
    style = style.parent === undefined ? undefined : styles.get(keyOf(family, style.parent));
  }
  return marks;
}

/** No name of a style holds a line break. */
function keyOf(family: string, name: string): string {
  return `${family}\n${name}`;
}

/** What the properties of a style say; each kind of properties has attributes of its own. */
function marksOf(attributes: Readonly<Record<string, string>>): OdfMarks {
  const line = attributes['style:text-line-through-style'] ?? attributes['style:text-line-through-type'];
  const shown = attributes['text:display'];
  const position = attributes['style:text-position'];
  const fontSize = attributes['fo:font-size'];
  const size = attributes['style:column-width'] ?? attributes['style:row-height'];
  const tableShown = attributes['table:display'];
  return {
    ...(line !== undefined && { isStruck: line !== 'none' }),
    ...(shown !== undefined && { isHidden: shown === 'none' }),
    // What is half a point high is seen by nobody.
    ...(fontSize !== undefined && /^0?(?:\.[0-5]\d*)?pt$/.test(fontSize) && { isHidden: true }),
    ...(position !== undefined && { isRaised: isRaised(position) }),
    ...(size !== undefined && Number.parseFloat(size) === 0 && { isUnshown: true }),
    ...(tableShown !== undefined && { isUnshown: tableShown === 'false' }),
  };
}

/** `super 58%`, `sub 58%`, or the percent of the size by which characters are raised, such as `33% 58%`. */
function isRaised(position: string): boolean {
  const [place = ''] = position.trim().split(/\s+/);
  return place === 'super' || place === 'sub' || Math.abs(Number.parseFloat(place)) >= raisedFrom;
}
