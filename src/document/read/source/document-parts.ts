/** A document of any kind into its parts. */
import { readHtml, unescapeScript } from './html.js';
import type { Parts } from './parts.js';
import { readPlain } from './plain.js';
import { decodeText } from './text.js';
import { readWord } from './word.js';
import { readWorkbook } from './workbook.js';
import { openArchive } from './zip.js';

/** The kinds of documents that can be taken apart. */
export type DocumentKind = 'txt' | 'md' | 'html' | 'docx' | 'xlsx';

/** The parts of a document, and whether bytes of it were replaced because they fit no encoding. */
export interface TakenApart {
  readonly parts: Parts;
  readonly damaged: boolean;
}

/**
 * Takes a document apart: an archive by what it holds, a text as a page where it has the tags of one. `charset` is
 * the one that was declared. Throws `invalid-document` when the bytes are no sound document of their kind.
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

/** Fewer table tags than this in a text are no page. */
const minTags = 20;

/** A page; where it shows no table but a script of it holds one as a string, the page in the script. */
function readPage(text: string): Parts {
  const page = readHtml(text);
  if (page.pieces.some(({ position }) => position !== null) || page.scripts.length === 0) return page;
  const inside = readHtml(page.scripts.map(unescapeScript).join('\n'));
  return { ...inside, pieces: [...page.pieces, ...inside.pieces], title: page.title };
}
