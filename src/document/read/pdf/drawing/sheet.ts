/**
 * A page while it is drawn: what is put on it, and what of that is seen. Text that is transparent, in the colour of its
 * ground, painted over, outside of the page or of the clip, in a hidden layer or without size is not there.
 */
import { Problem } from '../../../../problem.js';
import type { Drawing, Glyph } from './drawing.js';
import { type Box, holds, isNumbers, mapBox, sizeOf } from './geometry.js';
import { clipTo, type Graphics, looksLike } from './graphics.js';
import type { OperatorNumbers, PdfPage } from './library.js';
import { addThinBox, fillsOf, type Painted, strokesOf, subpathsOf } from './paths.js';

/** The most that a file may draw, over all its pages; a report of a county draws 60,000. */
export const drawingLimits = { operators: 1_000_000, glyphs: 300_000, covers: 5_000 } as const;

/** What has been drawn, over all pages. */
export interface Drawn {
  operators: number;
  glyphs: number;
}

/** A page while it is drawn. */
export interface Sheet {
  state: Graphics;
  readonly start: Graphics;
  readonly saved: Graphics[];
  /** Of each open part of the content, whether its layer is shown. */
  readonly layers: boolean[];
  /** How many open groups are masks, which are not seen themselves. */
  masks: number;
  clipsNext: boolean;
  readonly page: PdfPage;
  readonly isLayerShown: (layer: unknown) => boolean;
  readonly drawn: Drawn;
  readonly glyphs: { readonly glyph: Glyph; readonly cover: number }[];
  /** Boxes that are painted, each hiding what was drawn before it. */
  readonly covers: { readonly box: Box; readonly colour: string | null; readonly hides: boolean }[];
  readonly painted: Painted;
  readonly pictures: Box[];
  paths: number;
  unseen: number;
}

/** Begins a page. */
export function openSheet(
  start: Graphics,
  page: PdfPage,
  isLayerShown: (layer: unknown) => boolean,
  drawn: Drawn,
): Sheet {
  return {
    state: start,
    start,
    saved: [],
    layers: [],
    masks: 0,
    clipsNext: false,
    page,
    isLayerShown,
    drawn,
    glyphs: [],
    covers: [],
    painted: { across: [], down: [], boxes: [] },
    pictures: [],
    paths: 0,
    unseen: 0,
  };
}

/** The page as it is seen in the end. */
export function finishSheet(sheet: Sheet, width: number, height: number): Drawing {
  const { painted, pictures, paths, covers } = sheet;
  const seen = sheet.glyphs.filter(({ glyph, cover }) => {
    const [x, y] = centreOf(glyph);
    for (let index = cover; index < covers.length; index += 1) {
      const over = covers[index];
      if (over?.hides && holds(over.box, x, y)) return false;
    }
    return true;
  });
  return {
    width,
    height,
    glyphs: seen.map(({ glyph }) => glyph),
    across: painted.across,
    down: painted.down,
    pictures,
    paths,
    unseen: sheet.unseen + sheet.glyphs.length - seen.length,
  };
}

/** Tests whether a group is a mask, which is not seen itself. */
export function isMask(group: unknown): boolean {
  return typeof group === 'object' && group !== null && 'smask' in group && Boolean(group.smask);
}

function isVisible({ layers, masks }: Sheet): boolean {
  return masks === 0 && layers.every(Boolean);
}

/** The box that every picture fills, in its own coordinates. */
const unitBox: Box = { left: 0, top: 0, right: 1, bottom: 1 };
const paper = '#ffffff';
const minAlpha = 0.1;
/** Text that is smaller is not read by anybody, in points. */
const minSize = 1;

/** Puts characters on the page that can be seen there so far. Throws `invalid-document` for too many. */
export function addGlyphs(sheet: Sheet, glyphs: readonly Glyph[]): void {
  const { mode, fill, stroke, fillAlpha, strokeAlpha, clip: within } = sheet.state;
  const [colour, alpha] = mode % 4 === 1 ? [stroke, strokeAlpha] : [fill, fillAlpha];
  const isDrawn = isVisible(sheet) && mode % 4 !== 3 && alpha >= minAlpha;
  for (const glyph of glyphs) {
    const [x, y] = centreOf(glyph);
    const isSeen = isDrawn && glyph.size >= minSize && holds(within, x, y) && !looksLike(colour, groundAt(sheet, x, y));
    if (isSeen) sheet.glyphs.push({ glyph, cover: sheet.covers.length });
    else sheet.unseen += 1;
  }
  sheet.drawn.glyphs += glyphs.length;
  if (sheet.drawn.glyphs > drawingLimits.glyphs) throw tooMuch();
}

/** The colour on which something is drawn: of the last box painted there, or of the paper. */
function groundAt({ covers }: Sheet, x: number, y: number): string | null {
  const ground = covers.findLast(({ box }) => holds(box, x, y));
  return ground ? ground.colour : paper;
}

function centreOf({ box }: Glyph): readonly [x: number, y: number] {
  return [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
}

/** Paints the path that was built: into lines and boxes, or into the clip. */
export function paintPath(sheet: Sheet, [how, data, extent]: readonly unknown[], names: OperatorNumbers): void {
  const [points]: readonly unknown[] = Array.isArray(data) ? data : [];
  const { clipsNext, state } = sheet;
  sheet.clipsNext = false;
  if (clipsNext) {
    const [left = 0, top = 0, right = 0, bottom = 0] = isNumbers(extent, 4) ? extent : [];
    sheet.state = clipTo(state, { left, top, right, bottom });
  }
  if (!(points instanceof Float32Array) || !isVisible(sheet)) return;
  const fills = [
    names.fill,
    names.eoFill,
    names.fillStroke,
    names.eoFillStroke,
    names.closeFillStroke,
    names.closeEOFillStroke,
  ];
  const isFilled = fills.includes(Number(how));
  const isStroked = how !== names.endPath && how !== names.fill && how !== names.eoFill;
  const paths = isFilled || isStroked ? subpathsOf(points, state.matrix) : [];
  if (paths.length > 0) sheet.paths += 1;
  if (isFilled && state.fillAlpha >= minAlpha) addPainted(sheet, fillsOf(paths), state.fill, state.fillAlpha);
  const [a, b, c, d] = state.matrix;
  const thickness = state.lineWidth * Math.sqrt(Math.abs(a * d - b * c));
  if (isStroked && state.strokeAlpha >= minAlpha)
    addPainted(sheet, strokesOf(paths, thickness), state.stroke, state.strokeAlpha);
}

/** Keeps lines that can be seen on paper, and boxes for what they hide. */
function addPainted(sheet: Sheet, { across, down, boxes }: Painted, colour: string | null, alpha: number): void {
  if (!looksLike(colour, paper)) {
    sheet.painted.across.push(...across);
    sheet.painted.down.push(...down);
  }
  const hides = colour !== null && alpha > 0.9 && !sheet.state.mixes;
  for (const box of boxes) {
    addCover(sheet, { box: clippedBox(box, sheet.state.clip), colour: hides ? colour : null, hides });
  }
}

function clippedBox(box: Box, within: Box): Box {
  return {
    left: Math.max(box.left, within.left),
    top: Math.max(box.top, within.top),
    right: Math.min(box.right, within.right),
    bottom: Math.min(box.bottom, within.bottom),
  };
}

/** A picture fills the unit square; a thin one is a line, as some printers draw them. */
export function paintPicture(sheet: Sheet): void {
  if (!isVisible(sheet)) return;
  const box = clippedBox(mapBox(sheet.state.matrix, unitBox), sheet.state.clip);
  const { width, height } = sizeOf(box);
  if (width <= 0 || height <= 0) return;
  if (Math.min(width, height) <= 3) {
    addThinBox(sheet.painted, box);
    return;
  }
  sheet.pictures.push(box);
  // Text upon a picture is seen whatever its colour; text under a picture of the page, as of a scan, is not.
  const { left, top, right, bottom } = sheet.start.clip;
  const hides = !sheet.state.isMasked && width * height > 0.5 * (right - left) * (bottom - top);
  addCover(sheet, { box, colour: null, hides });
}

function addCover(sheet: Sheet, cover: Sheet['covers'][number]): void {
  if (sheet.covers.length >= drawingLimits.covers) throw tooMuch();
  sheet.covers.push(cover);
}

/** The refusal of a file that draws more than any report. */
export function tooMuch(): Problem {
  return new Problem('invalid-document', {
    zh: 'PDF 文件内容过多，不是年度报告。',
    en: 'The PDF draws more than any annual report does.',
  });
}
