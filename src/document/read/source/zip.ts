/**
 * Word and Excel files are zip archives of XML, and many documents come in a zip. Only what is asked for is unpacked,
 * with its size bounded both as declared and as met and its check sum compared; entities that an XML part defines are
 * never expanded. A name means one entry: what two programs could read differently is refused.
 */
import { crc32 } from 'node:zlib';
import { Parser } from 'htmlparser2';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { Problem } from '../../../problem.js';
import { quoteText } from '../../../text.js';
import type { Label } from '../../../words.js';

/** What to do with the elements of an XML part, by their qualified names. */
export interface XmlHandler {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  close(name: string): void;
  text(text: string): void;
}

/** An opened archive. */
export interface Archive {
  /** Whether it has a part of that name, however that is spelled. */
  has(name: string): boolean;
  /** Runs one part through a handler; false when the archive has no such part. */
  parse(name: string, handler: XmlHandler): Promise<boolean>;
}

/** The most that an archive may hold and unpack to. A report of 20 pages unpacks to less than 1 MB. */
export const zipLimits = {
  entries: 3_000,
  partBytes: 60_000_000,
  ratio: 400,
  freeBytes: 2_000_000,
  depth: 500,
} as const;

/**
 * Opens an archive held in memory; throws `invalid-document` when it is none, encrypted, beyond the limits, damaged, or
 * has two entries of one name.
 */
export async function openArchive(bytes: Uint8Array): Promise<Archive> {
  const zip = await opened(bytes);
  const entries = new Map<string, Entry>();
  await reading(async () => {
    for await (const entry of zip.eachEntry()) {
      if (entries.size >= zipLimits.entries) throw tooLarge();
      const strange = strangeName(entry.fileName);
      if (strange) throw strange;
      const key = entryKey(entry.fileName);
      if (entries.has(key)) throw twiceNamed(entry.fileName);
      entries.set(key, entry);
    }
  });
  let unpacked = 0;
  return {
    has: (name) => entries.has(entryKey(name)),
    async parse(name, handler) {
      const entry = entries.get(entryKey(name));
      if (!entry) return false;
      refuseBombs(entry);
      await reading(async () => {
        const decoder = new TextDecoder('utf-8');
        const parser = parserFor(handler);
        for await (const part of contentOf(zip, entry)) {
          unpacked += part.length;
          if (unpacked > zipLimits.partBytes) throw tooLarge();
          parser.write(decoder.decode(part, { stream: true }));
        }
        parser.end();
      });
      return true;
    },
  };
}

/** A name by which entries are told apart: of names that differ in case, in slashes or in `./` some program opens either. */
export function entryKey(name: string): string {
  const parts = name.replaceAll('\\', '/').split('/');
  return parts
    .filter((part) => part !== '.' && part !== '')
    .join('/')
    .normalize('NFC')
    .toLowerCase();
}

/** The refusal of a name that leads out of the archive; undefined for any other. */
export function strangeName(name: string): Problem | undefined {
  const isStrange = /^(?:[a-z]:|[/\\])/i.test(name) || name.split(/[/\\]/).includes('..');
  return isStrange
    ? refusedEntry(name, { zh: '的名称指向压缩包之外', en: 'has a name that leads out of the archive' })
    : undefined;
}

/** The refusal of an entry that shares its name with another. */
export function twiceNamed(name: string): Problem {
  return refusedEntry(name, { zh: '在压缩包内有两个同名文件', en: 'is in the archive twice' });
}

function refusedEntry(name: string, { zh, en }: Label): Problem {
  const shown = quoteText(name, 200);
  return new Problem('invalid-document', { zh: `“${shown}”${zh}。`, en: `“${shown}” ${en}.` });
}

/** The bytes of an entry as they are unpacked. Throws at their end when they are not those that were packed. */
export async function* contentOf(zip: ZipFile, entry: Entry): AsyncGenerator<Buffer, void, undefined> {
  let sum = 0;
  for await (const chunk of await zip.openReadStreamPromise(entry)) {
    // Streams of yauzl give Buffers, whatever the general type says, and fail when more comes than the entry declares.
    const part = chunk as Buffer;
    sum = crc32(part, sum);
    yield part;
  }
  if (sum !== entry.crc32) throw new Error(`${quoteText(String(entry.fileName), 200)} does not have its CRC-32`);
}

function parserFor(handler: XmlHandler): Parser {
  let depth = 0;
  return new Parser(
    {
      onopentag: (name, attributes) => {
        depth += 1;
        if (depth > zipLimits.depth) throw tooLarge();
        handler.open(name, attributes);
      },
      onclosetag: (name) => {
        depth -= 1;
        handler.close(name);
      },
      ontext: (text) => handler.text(text),
    },
    { xmlMode: true, decodeEntities: true },
  );
}

function opened(bytes: Uint8Array): Promise<ZipFile> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return reading(() => fromBufferPromise(buffer, { validateEntrySizes: true }));
}

function refuseBombs(entry: Entry): void {
  const { uncompressedSize: size, compressedSize } = entry;
  if (size > zipLimits.partBytes) throw tooLarge();
  if (size > zipLimits.freeBytes && size > compressedSize * zipLimits.ratio) throw tooLarge();
  if (entry.isEncrypted()) {
    throw new Problem('invalid-document', {
      zh: '文件有密码保护，无法读取。',
      en: 'The file is protected by a password.',
    });
  }
}

/** What the archive library throws about the bytes is the sender's to know of, in our words. */
async function reading<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Problem) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Problem('invalid-document', {
      zh: '文件已损坏，不是有效的 Word 或 Excel 文件。',
      en: `The file is no sound Word or Excel file (${reason}).`,
    });
  }
}

function tooLarge(): Problem {
  return new Problem('invalid-document', {
    zh: '文件解压后内容过大，不是年度报告。',
    en: 'The file unpacks to far more than any report holds.',
  });
}
