/** A document of any kind into its parts. */
import { readHtml, unescapeScript } from './html.js';
import type { Parts } from './parts.js';
import { readPlain } from './plain.js';
import { decodeText } from './text.js';
import { readWord } from './word.js';
import { readWorkbook } from './workbook-parts.js';
import { openArchive } from './zip.js';

/** The kinds of documents that can be read. */
export type DocumentKind = 'txt' | 'md' | 'html' | 'docx' | 'xlsx';

/** The parts of a document, and whether bytes of it were replaced because they fit no encoding. */
export interface TakenApart {
  readonly parts: Parts;
  readonly damaged: boolean;
}

/**
 * Splits a document into its parts: an archive by its content, a text as a page if it has the tags of one. `charset` is
 * the declared one. Throws `invalid-document` when the bytes are no valid document of their kind.
 */
export async function takeApart(bytes: Uint8Array, kind: DocumentKind, charset?: string): Promise<TakenApart> {
  if (kind === 'docx' || kind === 'xlsx') {
    const archive = await openArchive(bytes);
    const isWord = archive.names.includes('word/document.xml');
    return { parts: await (isWord ? readWord(archive) : readWorkbook(archive)), damaged: false };
  }
  const { text, damaged } = decodeText(bytes, charset);
  const isMarkup = kind === 'html' || (text.match(/<t[dr][\s>]/gi)?.length ?? 0) >= minTags;
  return { parts: isMarkup ? readPage(text) : readPlain(text), damaged };
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
