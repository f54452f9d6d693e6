/** A document known by the name of its file, in a zip or in a folder. */
import { documentTypes, mediaTypeOf } from '../../../document/read/read-document.js';
import { readDocumentSafely } from '../../../document/read/read-in-child.js';
import { Problem } from '../../../problem.js';
import type { ImportContent } from './item.js';

/**
 * Reads a document in a child process, in its caller's turn; a name `<agency>-<year>.<ext>` says whose it is. Throws
 * `unsupported-media-type` by its extension before its bytes are asked for, and what `readDocumentSafely` throws.
 */
export async function readDocumentNamed(
  name: string,
  bytesOf: () => Promise<Uint8Array>,
  caller?: string,
): Promise<ImportContent> {
  const mediaType = mediaTypeOf(name);
  if (mediaType === undefined) {
    const extension = /\.([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase() ?? '';
    throw new Problem('unsupported-media-type', {
      zh: `压缩包内应为报告文件，不支持 .${extension}。`,
      en: `A zip holds documents (${Object.values(documentTypes).join(', ')}), not .${extension}.`,
    });
  }
  const bytes = await bytesOf();
  const document = await readDocumentSafely(bytes, { mediaType }, { caller, patient: true });
  return { document, bytes, stated: statedIn(name) };
}

/** Folders, and what macOS, Windows and Word put beside the documents. A folder with a dot before its name is like any other. */
export function isBeside(name: string): boolean {
  return /[\\/]$|(?:^|[\\/])(?:__MACOSX[\\/]|\.DS_Store$|\._[^\\/]*$|Thumbs\.db$|desktop\.ini$|~\$[^\\/]*$)/i.test(
    name,
  );
}

function statedIn(name: string): { readonly agency?: string; readonly year?: number } {
  const [, agency, year] = /(?:^|\/)([A-Za-z0-9-]{2,32})-(20\d\d)\.[a-z0-9]+$/i.exec(name) ?? [];
  return agency === undefined ? {} : { agency, year: Number(year) };
}
