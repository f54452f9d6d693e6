/**
 * pdf.js, held to what reading needs: no canvas, no scripts, no fonts of the system, nothing from the network. It parses a
 * file and lists what its pages draw; what that means is decided elsewhere. Only for the child process.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Problem } from '../../../../problem.js';

/** What a page draws, in the order in which it is drawn: pdf.js's numbers of operators, and the arguments of each. */
interface OperatorList {
  readonly fnArray: readonly number[];
  readonly argsArray: readonly (readonly unknown[] | null)[];
}

/** A font as far as its texts are placed by it. */
export interface PdfFont {
  readonly vertical?: boolean;
  readonly fontMatrix?: readonly number[];
  readonly defaultVMetrics?: readonly number[];
  readonly isType3Font?: boolean;
  readonly missingFile?: boolean;
  readonly composite?: boolean;
  /** Which character a code means. With `firstChar` in it nothing says so, and codes were taken for characters. */
  readonly toUnicode?: { readonly firstChar?: number };
}

/** A page of a file. */
export interface PdfPage {
  getViewport(options: { readonly scale: number }): {
    readonly width: number;
    readonly height: number;
    readonly transform: readonly number[];
  };
  getOperatorList(options: { readonly intent: string }): Promise<OperatorList>;
  readonly commonObjs: { has(id: string): boolean; get(id: string): PdfFont };
  cleanup(): void;
}

/** A file that was opened. */
export interface PdfFile {
  readonly numPages: number;
  getPage(number: number): Promise<PdfPage>;
  getMetadata(): Promise<{ readonly info: { readonly Title?: unknown } }>;
  getOptionalContentConfig(): Promise<{ isVisible(group: unknown): boolean }>;
}

/** The numbers of the operators by their names. */
export type OperatorNumbers = Readonly<Record<string, number>>;

interface Library {
  getDocument(options: object): { readonly promise: Promise<PdfFile>; destroy(): Promise<void> };
  readonly OPS: OperatorNumbers;
}

/** Larger pictures are not decoded, in pixels: no box of a form holds one. */
const maxPicture = 1_500_000;

/**
 * Opens a file, and closes it after `use`. Throws `invalid-document` for what is no PDF, is broken, or is encrypted with a
 * password to open it.
 */
export async function withPdf<T>(
  bytes: Uint8Array,
  use: (file: PdfFile, operators: OperatorNumbers) => Promise<T>,
): Promise<T> {
  const { getDocument, OPS } = await library();
  const opening = getDocument({ ...options, data: new Uint8Array(bytes) });
  try {
    return await use(await opening.promise, OPS);
  } catch (error) {
    throw error instanceof Problem ? error : refusalOf(error);
  } finally {
    await opening.destroy();
  }
}

const require = createRequire(import.meta.url);
const folder = dirname(require.resolve('pdfjs-dist/package.json'));

const options = {
  cMapUrl: join(folder, 'cmaps/'),
  cMapPacked: true,
  standardFontDataUrl: join(folder, 'standard_fonts/'),
  isEvalSupported: false,
  isOffscreenCanvasSupported: false,
  isImageDecoderSupported: false,
  useWasm: false,
  useSystemFonts: false,
  disableFontFace: true,
  fontExtraProperties: true,
  enableXfa: false,
  maxImageSize: maxPicture,
  verbosity: 0,
} as const;

let loaded: Promise<Library> | undefined;

/** Loads pdf.js, which takes longer than to read most files. */
export async function loadPdfLibrary(): Promise<void> {
  await library();
}

function library(): Promise<Library> {
  loaded ??= loadLibrary();
  return loaded;
}

/** What pdf.js looks for when it is loaded; it draws with these, and here nothing is drawn. */
const neverDrawn = ['DOMMatrix', 'ImageData', 'Path2D'] as const;

async function loadLibrary(): Promise<Library> {
  for (const name of neverDrawn) {
    if (!(name in globalThis)) Object.defineProperty(globalThis, name, { value: class {}, configurable: true });
  }
  keepCanvasOut();
  // Its parser, which would be a worker in a browser, is looked for by this name.
  const parser: unknown = await import('pdfjs-dist/legacy/build/pdf.worker.min.mjs' as string);
  Object.defineProperty(globalThis, 'pdfjsWorker', { value: parser, configurable: true });
  const library: unknown = await import('pdfjs-dist/legacy/build/pdf.min.mjs' as string);
  // Its own types are those of a browser; what is used of it here is stated above, and the tests call all of it.
  return library as Library;
}

/** What pdf.js loads beside itself where npm has installed it: a canvas, a native library of 30 MB that has no place here. */
function keepCanvasOut(): void {
  const { optionalDependencies = {} }: { optionalDependencies?: object } = require('pdfjs-dist/package.json');
  for (const name of Object.keys(optionalDependencies)) {
    try {
      const path = require.resolve(name, { paths: [folder] });
      require.cache[path] ??= Object.assign(Object.create(null), {
        id: path,
        filename: path,
        loaded: true,
        exports: {},
      });
    } catch {
      // It is not installed.
    }
  }
}

function refusalOf(error: unknown): Problem {
  const name = error instanceof Error ? error.name : '';
  if (name === 'PasswordException') {
    return new Problem('invalid-document', {
      zh: 'PDF 文件已加密，须输入密码才能打开；请取消密码后重新提交。',
      en: 'The PDF is encrypted and opens only with a password. Send it without one.',
    });
  }
  return new Problem('invalid-document', {
    zh: '文件不是有效的 PDF，或已损坏。',
    en: 'The file is no valid PDF, or it is damaged.',
  });
}
