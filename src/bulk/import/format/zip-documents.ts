/** A zip of documents, read one entry at a time. Nothing is ever unpacked to disk. */
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { maxDocumentBytes } from '../../../document/read/read-document.js';
import { contentOf, entryKey, strangeName, twiceNamed, zipLimits } from '../../../document/read/source/zip.js';
import { Problem } from '../../../problem.js';
import { quoteText } from '../../../text.js';
import type { ImportContent, ImportItem, PassedOver } from './item.js';
import { isBeside, readDocumentNamed } from './named-document.js';

/** The most that a zip may hold. */
const maxEntries = 20_000;

/** Names listed of what is passed over, and the characters of a name that are shown. */
const maxListed = 20;
const maxName = 200;

/**
 * Every document of the zip as an item, in the order of its directory, read in the turns of a caller. One whose name leads out of the zip, or that
 * shares its name with another, is refused for itself. Throws `invalid-document` for what is no zip.
 */
export async function* readZip(path: string, caller?: string): AsyncGenerator<ImportItem> {
  const { zip, entries } = await openZip(path);
  try {
    const documents = entries.filter(({ name }) => !isBeside(name));
    const times = new Map<string, number>();
    for (const { name } of documents) times.set(entryKey(name), (times.get(entryKey(name)) ?? 0) + 1);
    for (const [index, { name, entry }] of documents.entries()) {
      const bytes = Math.min(entry.uncompressedSize, maxDocumentBytes);
      const read = (): Promise<ImportContent> => {
        const refusal = strangeName(name) ?? (times.get(entryKey(name)) === 1 ? undefined : twiceNamed(name));
        if (refusal) throw refusal;
        return readDocumentNamed(withSlashes(name), () => bytesOf(zip, entry), caller);
      };
      yield { line: index + 1, ref: quoteText(name, maxName), bytes, read };
    }
  } finally {
    zip.close();
  }
}

/** What of a zip is no document and is passed over: what systems put beside them. Folders are none of either. */
export async function passedOverIn(path: string): Promise<PassedOver> {
  const { zip, entries } = await openZip(path);
  zip.close();
  const beside = entries.filter(({ name }) => isBeside(name) && !name.endsWith('/'));
  return { count: beside.length, names: beside.slice(0, maxListed).map(({ name }) => quoteText(name, maxName)) };
}

/** A name as files have it: Windows packs with backslashes. */
function withSlashes(name: string): string {
  return name.replaceAll('\\', '/');
}

interface Directory {
  readonly zip: ZipFile;
  readonly entries: readonly { readonly name: string; readonly entry: Entry }[];
}

async function openZip(path: string): Promise<Directory> {
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
    const entries: { readonly name: string; readonly entry: Entry }[] = [];
    await sound(async () => {
      for await (const entry of zip.eachEntry()) entries.push({ name: nameOf(entry), entry });
    });
    return { zip, entries };
  } catch (error) {
    zip.close();
    throw error;
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
    for await (const part of contentOf(zip, entry)) parts.push(part);
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
      zh: '压缩包已损坏，或不是有效的 zip 文件。',
      en: `The file is no sound zip archive (${reason}).`,
    });
  }
}
