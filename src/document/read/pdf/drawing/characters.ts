/** Shown text into characters with their places (ISO 32000, 9.4.4). */
import type { Glyph, Turns } from './drawing.js';
import { boxAround, isNumbers, type Matrix, mapPoint, multiply } from './geometry.js';
import type { Graphics } from './graphics.js';

/** A character of shown text, as pdf.js gives it. */
interface Shown {
  readonly unicode: string;
  /** In thousandths of the font's size. */
  readonly width: number;
  readonly vmetric?: readonly number[] | null;
  readonly isSpace?: boolean;
  readonly isInFont?: boolean;
}

/** The characters of a text that is shown, and the state after it. Spaces are the room between characters. */
export interface ShownText {
  readonly glyphs: readonly Glyph[];
  readonly state: Graphics;
}

/** The parts of a character's body above and below its base line, in its size: what a line is found by. */
const [head, foot] = [0.85, 0.15];
/** The sine of how far a line may lean before it is aslant, as a watermark is. */
const maxSlant = 0.06;
/** In place of a character of which the file does not say which it is. */
const unknown = '\ufffd';

/** Places the characters of a text. */
export function showText(state: Graphics, shown: readonly unknown[]): ShownText {
  const { font, fontSize, stretch, characterSpacing, wordSpacing } = state;
  if (!font) return { glyphs: [], state };
  const scale = font.fontMatrix?.[0] || 0.001;
  const glyphs: Glyph[] = [];
  let { textMatrix } = state;
  const advance = (by: number): void => {
    textMatrix = multiply(textMatrix, font.vertical ? [1, 0, 0, 1, 0, by] : [1, 0, 0, 1, by * stretch, 0]);
  };
  for (const item of shown) {
    if (typeof item === 'number') advance((-item / 1000) * fontSize);
    if (!isShown(item)) continue;
    const metrics = font.vertical ? metricsOf(item, font.defaultVMetrics) : null;
    const glyph = placeGlyph(item, { ...state, textMatrix }, scale, metrics);
    if (glyph) glyphs.push(glyph);
    const spacing = characterSpacing + (item.isSpace ? wordSpacing : 0);
    advance((metrics ? metrics.down : item.width) * scale * fontSize + spacing);
  }
  return { glyphs, state: { ...state, textMatrix } };
}

function isShown(item: unknown): item is Shown {
  return typeof item === 'object' && item !== null && 'unicode' in item && typeof item.unicode === 'string';
}

/** Where a character of a vertical line begins, from its place on the line, and how far the next one is. */
interface Metrics {
  readonly down: number;
  readonly x: number;
  readonly y: number;
}

function metricsOf({ vmetric, width }: Shown, usual: readonly number[] = [-1000, 500, 880]): Metrics {
  const given = isNumbers(vmetric, 3) ? vmetric : usual;
  const [down = -1000, x = width / 2, y = 880] = given;
  return { down, x: given === usual ? width / 2 : x, y };
}

function placeGlyph(item: Shown, state: Graphics, scale: number, metrics: Metrics | null): Glyph | undefined {
  const text = characterOf(item, state);
  if (text === '') return undefined;
  const { fontSize, stretch, rise, textMatrix, matrix } = state;
  const own: Matrix = [fontSize * stretch, 0, 0, fontSize, 0, rise];
  const onPage = multiply(matrix, multiply(textMatrix, own));
  const [x, y] = metrics ? [-metrics.x * scale, -metrics.y * scale] : [0, 0];
  const width = item.width * scale;
  const [left, base] = mapPoint(onPage, x, y);
  const [a, b, c, d] = onPage;
  const along = Math.hypot(a, b);
  const size = Math.hypot(c, d);
  const turns = turnsOf(a / along, b / along);
  if (turns === undefined || !Number.isFinite(left + base + size)) return undefined;
  const corners = [
    mapPoint(onPage, x, y + head),
    mapPoint(onPage, x + width, y + head),
    mapPoint(onPage, x, y - foot),
    mapPoint(onPage, x + width, y - foot),
  ];
  return { text, box: boxAround(corners), size, turns, base: turns % 2 === 0 ? base : left };
}

/** The quarter turns of a line by its direction, y downward; undefined when it is aslant. */
function turnsOf(x: number, y: number): Turns | undefined {
  if (Math.abs(y) <= maxSlant) return x > 0 ? 0 : 2;
  if (Math.abs(x) <= maxSlant) return y > 0 ? 1 : 3;
  return undefined;
}

/** Radicals that fonts give for the characters they look like: ⼀ for 一. */
const radical = /[\u2e80-\u2fdf]/u;
const unreadable = /[\p{Co}\p{Cn}\p{Cs}\p{Cc}]/u;

/** The character, empty for one that leaves nothing on the page. */
function characterOf({ unicode, isInFont }: Shown, { font }: Graphics): string {
  if (/^[\s\u00ad\u200b-\u200f\ufeff]*$/u.test(unicode)) return '';
  const isMissing = isInFont === false && !font?.missingFile && !font?.isType3Font;
  const isCode = font?.composite === true && font.toUnicode?.firstChar !== undefined;
  if (isMissing || isCode || unreadable.test(unicode)) return unknown;
  return radical.test(unicode) ? unicode.normalize('NFKC') : unicode;
}
