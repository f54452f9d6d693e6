/** A document of any kind into its parts. */
import { cleanText, isSoundText } from '../../text.js';
import { readPdf } from './pdf/read-pdf.js';
import { readHtml, unescapeScript } from './source/html.js';
import { findOdfKind, readOdf } from './source/odf/odf.js';
import { readCompound } from './source/ole/ole.js';
import { findMainPart } from './source/package.js';
import type { Parts } from './source/parts.js';
import { readPlain } from './source/plain.js';
import { decodeText } from './source/text.js';
import { readWord } from './source/word.js';
import { readWorkbook } from './source/workbook-parts.js';
import { openArchive } from './source/zip.js';

/** The kinds of documents that can be read. */
export type DocumentKind =
  | 'txt'
  | 'md'
  | 'html'
  | 'docx'
  | 'xlsx'
  | 'odt'
  | 'ods'
  | 'doc'
  | 'wps'
  | 'xls'
  | 'et'
  | 'pdf';

/** The parts of a document, and whether bytes of it were replaced because they fit no encoding. */
interface TakenApart {
  /** What the document is, by its content. */
  readonly kind: DocumentKind;
  readonly parts: Parts;
  readonly damaged: boolean;
  /** What was taken out of its texts: characters that no file holds, or such as showed it in another order. */
  readonly cleaned: 'removed' | 'reordered' | null;
}

/**
 * Splits a document into its parts: an archive by its content, a text as a page if it has the tags of one. `charset` is
 * the declared one. Throws `invalid-document` when the bytes are no valid document of their kind.
 */
export async function takeApart(bytes: Uint8Array, kind: DocumentKind, charset?: string): Promise<TakenApart> {
  if (isArchiveKind(kind)) return readArchive(bytes);
  if (isCompoundKind(kind)) return readCompoundFile(bytes);
  if (kind === 'pdf') return withSoundText(kind, await readPdf(bytes), false);
  const { text, damaged } = decodeText(bytes, charset);
  const isMarkup = kind === 'html' || (text.match(/<t[dr][\s>]/gi)?.length ?? 0) >= minTags;
  const told = isMarkup ? 'html' : kind === 'md' ? 'md' : 'txt';
  return withSoundText(told, isMarkup ? readPage(text) : readPlain(text), damaged);
}

/** Whether files of a kind are zip archives. */
export function isArchiveKind(kind: DocumentKind): boolean {
  return ['docx', 'xlsx', 'odt', 'ods'].includes(kind);
}

/** Whether files of a kind are compound files, as Office wrote them before 2007. */
export function isCompoundKind(kind: DocumentKind): boolean {
  return ['doc', 'wps', 'xls', 'et'].includes(kind);
}

async function readArchive(bytes: Uint8Array): Promise<TakenApart> {
  const archive = await openArchive(bytes);
  const odf = await findOdfKind(archive);
  if (odf) return withSoundText(odf === 'text' ? 'odt' : 'ods', await readOdf(archive), false);
  const main = await findMainPart(archive);
  return main?.kind === 'word'
    ? withSoundText('docx', await readWord(archive, main.name), false)
    : withSoundText('xlsx', await readWorkbook(archive), false);
}

/** WPS keeps its files as Office did, so that they are told apart by their names alone. */
function readCompoundFile(bytes: Uint8Array): TakenApart {
  const { kind, parts } = readCompound(bytes);
  return withSoundText(kind, parts, false);
}

/** The parts without characters that no file holds: a script, an entity or a font can write any of them. */
function withSoundText(kind: DocumentKind, whole: Parts, damaged: boolean): TakenApart {
  const { pieces, title } = whole;
  const isSound = pieces.every(({ text }) => isSoundText(text));
  const parts = {
    ...whole,
    pieces: isSound ? pieces : pieces.map((piece) => ({ ...piece, text: cleanText(piece.text) })),
    title: title && cleanText(title),
  };
  const isReordered = !isSound && pieces.some(({ text }) => /[\u202d\u202e]/.test(text));
  return { kind, parts, damaged, cleaned: isSound ? null : isReordered ? 'reordered' : 'removed' };
}

/** A text with fewer table tags is no page. */
const minTags = 20;

/** A page; if it has no table but one of its scripts holds one as a string, also the page in the script. */
function readPage(text: string): Parts {
  const page = readHtml(text);
  if (page.pieces.some(({ position }) => position !== null) || page.scripts.length === 0) return page;
  const inside = readHtml(page.scripts.map(unescapeScript).join('\n'));
  return { ...inside, pieces: [...page.pieces, ...inside.pieces], title: page.title };
}
