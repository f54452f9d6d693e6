/** A zip of documents, read one entry at a time. Nothing is ever unpacked to disk. */
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { maxDocumentBytes } from '../../../document/read/read-document.js';
import { zipLimits } from '../../../document/read/source/zip.js';
import { Problem } from '../../../problem.js';
import type { ImportItem } from './item.js';
import { isBeside, readDocumentNamed } from './named-document.js';

/** The most that a zip may hold. */
const maxEntries = 20_000;

/**
 * Every document of the zip as an item, in the order of its directory, read in the turns of a caller. Throws
 * `invalid-document` for what is no zip.
 */
export async function* readZip(path: string, caller?: string): AsyncGenerator<ImportItem> {
  const zip = await sound(() =>
    openPromise(path, { autoClose: false, decodeStrings: false, validateEntrySizes: true }),
  );
  try {
    if (zip.entryCount > maxEntries) {
      throw new Problem('body-too-large', {
        zh: `压缩包内文件不得超过 ${maxEntries} 个。`,
        en: `A zip may hold ${maxEntries} entries at most.`,
      });
    }
    const entries = zip.eachEntry();
    for (let line = 0; ; ) {
      const { value: entry, done } = await sound(() => entries.next());
      if (done) return;
      const name = nameOf(entry);
      if (isBeside(name)) continue;
      line += 1;
      const bytes = Math.min(entry.uncompressedSize, maxDocumentBytes);
      const read = () => readDocumentNamed(name, () => bytesOf(zip, entry), caller);
      yield { line, ref: name.slice(0, 200), bytes, read };
    }
  } finally {
    zip.close();
  }
}

/** The bytes of an entry, bounded by what is declared and by what comes. */
async function bytesOf(zip: ZipFile, entry: Entry): Promise<Buffer> {
  const { uncompressedSize: size, compressedSize } = entry;
  if (entry.isEncrypted()) {
    throw new Problem('invalid-document', {
      zh: '文件有密码保护，无法读取。',
      en: 'The entry is protected by a password.',
    });
  }
  if (size > maxDocumentBytes || (size > zipLimits.freeBytes && size > compressedSize * zipLimits.ratio)) {
    throw new Problem('body-too-large', {
      zh: '文件解压后过大。',
      en: 'The entry unpacks to more than any report holds.',
    });
  }
  return sound(async () => {
    const parts: Buffer[] = [];
    // Streams of yauzl give Buffers, and fail when more comes than the entry declares.
    for await (const part of await zip.openReadStreamPromise(entry)) parts.push(part as Buffer);
    return Buffer.concat(parts);
  });
}

/** Names are UTF-8 where they say so or are; what Windows packs in China is GB18030. */
function nameOf(entry: Entry): string {
  // With `decodeStrings: false` the name is its bytes, whatever the general type says.
  const raw = entry.fileName as unknown as Buffer;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(raw);
  } catch {
    return new TextDecoder('gb18030').decode(raw);
  }
}

async function sound<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Problem) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Problem('invalid-document', {
      zh: '不是有效的 zip 文件。',
      en: `The file is no sound zip archive (${reason}).`,
    });
  }
}
