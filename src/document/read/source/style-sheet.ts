/**
 * The little of CSS that decides whether text stands on a page: of a sheet the rules whose selectors are names of elements,
 * classes and ids, one within another; of a declaration the properties that hide, strike through or raise.
 */

/** What styles say of an element; undefined where nothing is said. */
export interface Look {
  /** Takes no room: neither it nor what is inside it. */
  readonly isGone?: boolean;
  /** Takes room and is not seen; what is inside it can be. */
  readonly isInvisible?: boolean;
  readonly isStruck?: boolean;
  readonly isRaised?: boolean;
}

/** An element as selectors see it. */
export interface StyledElement {
  readonly name: string;
  readonly id: string | undefined;
  readonly classes: readonly string[];
}

/** Rules of a page, in their order. */
export interface StyleSheet {
  /** Takes the rules of a `<style>`. */
  add(text: string): void;
  /** What the rules say of an element within others, the outermost first; the last rule wins. */
  lookOf(element: StyledElement, within: readonly StyledElement[]): Look;
}

interface Rule {
  readonly selector: readonly StyledElement[];
  readonly look: Look;
}

/** The most rules of a page that are kept: each is tried on every element. */
const maxRules = 300;
const maxSheetLength = 500_000;

/** Begins with no rules. */
export function collectStyles(): StyleSheet {
  const rules: Rule[] = [];
  return {
    add(text) {
      const plain = text.slice(0, maxSheetLength).replace(/\/\*[\s\S]*?\*\/|<!--|-->/g, '');
      // What holds on paper or on small screens alone says nothing of the page.
      const always = plain.replace(/@(?!media\s+(?:screen|all)\s*\{)[^{};]{0,300}\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}/g, '');
      for (const [, selectors = '', body = ''] of always.matchAll(/([^{}]{1,2000})\{([^{}]*)\}/g)) {
        const look = lookOfDeclarations(body);
        if (Object.keys(look).length === 0) continue;
        for (const selector of selectors.split(',').map(readSelector)) {
          if (selector && rules.length < maxRules) rules.push({ selector, look });
        }
      }
    },
    lookOf(element, within) {
      let look: Look = {};
      for (const rule of rules) if (selects(rule.selector, element, within)) look = { ...look, ...rule.look };
      return look;
    },
  };
}

/** A selector as the elements it names, the outermost first; undefined for one with anything else in it. */
function readSelector(text: string): readonly StyledElement[] | undefined {
  const parts = text.trim().split(/\s+/);
  const read = parts.map((part) => {
    const [, name = '', rest = ''] = /^(\*|[a-z][\w-]*)?((?:[.#][\w-]+)*)$/i.exec(part) ?? [];
    if (name === '' && rest === '') return undefined;
    const marks = rest.match(/[.#][\w-]+/g) ?? [];
    return {
      name: name === '*' ? '' : name.toLowerCase(),
      id: marks.find((mark) => mark.startsWith('#'))?.slice(1),
      classes: marks.filter((mark) => mark.startsWith('.')).map((mark) => mark.slice(1)),
    };
  });
  return read.every((part) => part !== undefined) ? read : undefined;
}

function selects(
  selector: readonly StyledElement[],
  element: StyledElement,
  within: readonly StyledElement[],
): boolean {
  const own = selector.at(-1);
  if (!own || !matches(own, element)) return false;
  let left = selector.length - 2;
  for (let at = within.length - 1; at >= 0 && left >= 0; at -= 1) {
    const [wanted, outer] = [selector[left], within[at]];
    if (wanted && outer && matches(wanted, outer)) left -= 1;
  }
  return left < 0;
}

function matches(wanted: StyledElement, element: StyledElement): boolean {
  return (
    (wanted.name === '' || wanted.name === element.name) &&
    (wanted.id === undefined || wanted.id === element.id) &&
    wanted.classes.every((name) => element.classes.includes(name))
  );
}

/** What declarations such as `display:none; color:red` say. */
export function lookOfDeclarations(text: string): Look {
  const said = new Map<string, string>();
  for (const declaration of text.split(';')) {
    const at = declaration.indexOf(':');
    if (at < 0) continue;
    const value = declaration.slice(at + 1).replace(/!important/i, '');
    said.set(declaration.slice(0, at).trim().toLowerCase(), value.trim().toLowerCase());
  }
  return { ...placeOf(said), ...seenOf(said), ...lineOf(said), ...heightOf(said) };
}

const isZero = (value: string | undefined) => value !== undefined && /^0+(?:\.0+)?(?:[a-z]+|%)?$/.test(value);

function placeOf(said: ReadonlyMap<string, string>): Look {
  const display = said.get('display');
  if (display === 'none' || said.get('mso-hide') === 'all') return { isGone: true };
  if (isZero(said.get('font-size')) || isZero(said.get('opacity'))) return { isGone: true };
  if (said.get('color') === 'transparent') return { isGone: true };
  if (specks.test(said.get('font-size') ?? '') || isClippedAway(said)) return { isGone: true };
  if (/(?:^|\s)scale[xy]?\(0+(?:\.0+)?[,)]/.test(said.get('transform') ?? '')) return { isGone: true };
  const isBoxless = ['width', 'height', 'max-width', 'max-height'].some((name) => isZero(said.get(name)));
  if (isBoxless && /hidden|clip/.test(said.get('overflow') ?? '')) return { isGone: true };
  // Far outside of the page, as some hide what only robots are to read.
  if (['left', 'top', 'text-indent'].some((name) => /^-\d{3,}/.test(said.get(name) ?? ''))) return { isGone: true };
  return display === undefined ? {} : { isGone: false };
}

/** Characters less than a pixel or a point high are seen by nobody. */
const specks = /^0?\.\d+(?:px|pt)$/;

/** Whether a clip leaves nothing, as pages hide what is read aloud only. */
function isClippedAway(said: ReadonlyMap<string, string>): boolean {
  const clip = said.get('clip') ?? '';
  return (
    /^rect\(([01])(?:px)?[\s,]+\1(?:px)?[\s,]+\1(?:px)?[\s,]+\1(?:px)?\)$/.test(clip) ||
    /^inset\((?:50|100)%/.test(said.get('clip-path') ?? '')
  );
}

function seenOf(said: ReadonlyMap<string, string>): Look {
  const visibility = said.get('visibility');
  if (visibility === 'collapse') return { isGone: true };
  return visibility === undefined ? {} : { isInvisible: visibility === 'hidden' };
}

function lineOf(said: ReadonlyMap<string, string>): Look {
  const line = said.get('text-decoration') ?? said.get('text-decoration-line');
  return line === undefined ? {} : { isStruck: /line-through/.test(line) };
}

function heightOf(said: ReadonlyMap<string, string>): Look {
  const align = said.get('vertical-align');
  return align === undefined ? {} : { isRaised: /^(?:super|sub)$/.test(align) };
}
