/** The operators of a page, followed as a screen would follow them (ISO 32000, 8.2). */
import { showText } from './characters.js';
import type { Drawing } from './drawing.js';
import { isMatrix, isNumbers, type Matrix, multiply, unchanged } from './geometry.js';
import { clipTo, type Graphics, initialGraphics, moveLine } from './graphics.js';
import type { OperatorNumbers, PdfPage } from './library.js';
import {
  addGlyphs,
  type Drawn,
  drawingLimits,
  finishSheet,
  isMask,
  openSheet,
  paintPath,
  paintPicture,
  type Sheet,
  tooMuch,
} from './sheet.js';

/** Follows the operators of a page. Throws `invalid-document` once the file draws more than any report. */
export async function drawPage(
  page: PdfPage,
  names: OperatorNumbers,
  isLayerShown: (layer: unknown) => boolean,
  drawn: Drawn,
): Promise<Drawing> {
  const list = await page.getOperatorList({ intent: 'display' });
  const { width, height, transform } = page.getViewport({ scale: 1 });
  if (!isMatrix(transform)) throw tooMuch();
  const start = initialGraphics(transform, { left: 0, top: 0, right: width, bottom: height });
  const sheet = openSheet(start, page, isLayerShown, drawn);
  const steps = stepsByNumber(names);
  drawn.operators += list.fnArray.length;
  if (drawn.operators > drawingLimits.operators) throw tooMuch();
  list.fnArray.forEach((operator, index) => {
    steps.get(operator)?.(sheet, list.argsArray[index] ?? [], names);
  });
  page.cleanup();
  return finishSheet(sheet, width, height);
}

type Step = (sheet: Sheet, args: readonly unknown[], names: OperatorNumbers) => void;

const numberIn = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);
const change = (sheet: Sheet, changed: Partial<Graphics>): void => {
  sheet.state = { ...sheet.state, ...changed };
};

const save = (sheet: Sheet): void => {
  sheet.saved.push(sheet.state);
};
const restore = (sheet: Sheet): void => {
  sheet.state = sheet.saved.pop() ?? sheet.state;
};
const transform = (sheet: Sheet, matrix: unknown): void => {
  if (isNumbers(matrix, 6)) change(sheet, { matrix: multiply(sheet.state.matrix, matrixOf(matrix)) });
};
const clip = (sheet: Sheet, box: unknown): void => {
  if (!isNumbers(box, 4)) return;
  const [left = 0, top = 0, right = 0, bottom = 0] = box;
  sheet.state = clipTo(sheet.state, { left, top, right, bottom });
};

/** What each operator does, by its name. */
const steps: Readonly<Record<string, Step>> = {
  save,
  restore,
  transform: (sheet, args) => transform(sheet, args),
  setLineWidth: (sheet, [width]) => change(sheet, { lineWidth: numberIn(width) }),
  setFillRGBColor: (sheet, [colour]) => change(sheet, { fill: colourIn(colour) }),
  setStrokeRGBColor: (sheet, [colour]) => change(sheet, { stroke: colourIn(colour) }),
  setFillColorN: (sheet) => change(sheet, { fill: null }),
  setStrokeColorN: (sheet) => change(sheet, { stroke: null }),
  setFillTransparent: (sheet) => change(sheet, { fill: null, fillAlpha: 0 }),
  setStrokeTransparent: (sheet) => change(sheet, { stroke: null, strokeAlpha: 0 }),
  setGState: (sheet, [entries]) => setEntries(sheet, entries),
  clip: (sheet) => {
    sheet.clipsNext = true;
  },
  eoClip: (sheet) => {
    sheet.clipsNext = true;
  },
  constructPath: paintPath,
  beginText: (sheet) => change(sheet, { textMatrix: unchanged, lineMatrix: unchanged }),
  setCharSpacing: (sheet, [spacing]) => change(sheet, { characterSpacing: numberIn(spacing) }),
  setWordSpacing: (sheet, [spacing]) => change(sheet, { wordSpacing: numberIn(spacing) }),
  setHScale: (sheet, [percent]) => change(sheet, { stretch: numberIn(percent) / 100 }),
  setLeading: (sheet, [leading]) => change(sheet, { leading: numberIn(leading) }),
  setTextRise: (sheet, [rise]) => change(sheet, { rise: numberIn(rise) }),
  setTextRenderingMode: (sheet, [mode]) => change(sheet, { mode: numberIn(mode) }),
  setFont: (sheet, [id, size]) => setFont(sheet, id, size),
  moveText: (sheet, [x, y]) => {
    sheet.state = moveLine(sheet.state, numberIn(x), numberIn(y));
  },
  setLeadingMoveText: (sheet, [x, y]) => {
    sheet.state = moveLine({ ...sheet.state, leading: -numberIn(y) }, numberIn(x), numberIn(y));
  },
  nextLine: (sheet) => {
    sheet.state = moveLine(sheet.state, 0, -sheet.state.leading);
  },
  setTextMatrix: (sheet, [matrix]) => {
    if (isNumbers(matrix, 6)) change(sheet, { textMatrix: matrixOf(matrix), lineMatrix: matrixOf(matrix) });
  },
  showText: (sheet, [shown]) => {
    if (!Array.isArray(shown)) return;
    const { glyphs, state } = showText(sheet.state, shown);
    sheet.state = state;
    addGlyphs(sheet, glyphs);
  },
  paintFormXObjectBegin: (sheet, [matrix, box]) => {
    save(sheet);
    transform(sheet, matrix);
    clip(sheet, box);
  },
  paintFormXObjectEnd: restore,
  beginGroup: (sheet, [group]) => beginGroup(sheet, group),
  endGroup: (sheet, [group]) => {
    restore(sheet);
    if (isMask(group)) sheet.masks = Math.max(0, sheet.masks - 1);
  },
  beginAnnotation: (sheet, [, box, first, second]) => {
    save(sheet);
    sheet.state = sheet.start;
    clip(sheet, box);
    transform(sheet, first);
    transform(sheet, second);
  },
  endAnnotation: restore,
  beginMarkedContent: (sheet) => {
    sheet.layers.push(true);
  },
  beginMarkedContentProps: (sheet, [tag, layer]) => {
    sheet.layers.push(tag !== 'OC' || sheet.isLayerShown(layer));
  },
  endMarkedContent: (sheet) => {
    sheet.layers.pop();
  },
  paintImageXObject: paintPicture,
  paintImageMaskXObject: paintPicture,
  paintInlineImageXObject: paintPicture,
  paintSolidColorImageMask: paintPicture,
};

function stepsByNumber(names: OperatorNumbers): ReadonlyMap<number, Step> {
  return new Map(
    Object.entries(steps).flatMap(([name, step]) => (names[name] === undefined ? [] : [[names[name], step]])),
  );
}

function matrixOf(numbers: readonly number[]): Matrix {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = numbers;
  return [a, b, c, d, e, f];
}

function colourIn(colour: unknown): string | null {
  return typeof colour === 'string' && /^#[0-9a-f]{6}$/i.test(colour) ? colour : null;
}

function setEntries(sheet: Sheet, entries: unknown): void {
  for (const entry of Array.isArray(entries) ? entries : []) {
    const [name, value]: readonly unknown[] = Array.isArray(entry) ? entry : [];
    if (name === 'LW') change(sheet, { lineWidth: numberIn(value) });
    else if (name === 'ca') change(sheet, { fillAlpha: numberIn(value) });
    else if (name === 'CA') change(sheet, { strokeAlpha: numberIn(value) });
    else if (name === 'SMask') change(sheet, { isMasked: value === false });
    else if (name === 'BM') change(sheet, { mixes: value !== 'source-over' });
    else if (name === 'Font' && Array.isArray(value)) setFont(sheet, value[0], value[1]);
  }
}

function setFont(sheet: Sheet, id: unknown, size: unknown): void {
  const { commonObjs } = sheet.page;
  const font = typeof id === 'string' && commonObjs.has(id) ? commonObjs.get(id) : null;
  change(sheet, { font, fontSize: numberIn(size) });
}

function beginGroup(sheet: Sheet, group: unknown): void {
  save(sheet);
  if (isMask(group)) sheet.masks += 1;
  if (typeof group !== 'object' || group === null || !('bbox' in group)) return;
  const { matrix } = sheet.state;
  if ('matrix' in group) transform(sheet, group.matrix);
  clip(sheet, group.bbox);
  change(sheet, { matrix });
}
