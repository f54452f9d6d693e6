/**
 * Word and Excel files are zip archives of XML. Only the parts asked for are unpacked, each straight into a
 * parser, with the sizes bounded both as declared and as met; entities that a part defines are never expanded.
 */
import { Parser } from 'htmlparser2';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { Problem } from '../../../problem.js';

/** What to do with the elements of an XML part, by their qualified names. */
export interface XmlHandler {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  close(name: string): void;
  text(text: string): void;
}

/** An opened archive. */
export interface Archive {
  readonly names: readonly string[];
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

/** Opens an archive held in memory; throws `invalid-document` when it is none, encrypted or beyond the limits. */
export async function openArchive(bytes: Uint8Array): Promise<Archive> {
  const zip = await opened(bytes);
  const entries = new Map<string, Entry>();
  await reading(async () => {
    for await (const entry of zip.eachEntry()) {
      if (entries.size >= zipLimits.entries) throw tooLarge();
      entries.set(entry.fileName, entry);
    }
  });
  let unpacked = 0;
  return {
    names: [...entries.keys()],
    async parse(name, handler) {
      const entry = entries.get(name);
      if (!entry) return false;
      refuseBombs(entry);
      await reading(async () => {
        const decoder = new TextDecoder('utf-8');
        const parser = parserFor(handler);
        const stream = await zip.openReadStreamPromise(entry);
        for await (const chunk of stream) {
          // Streams of yauzl give Buffers, whatever the general type says.
          const part = chunk as Buffer;
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
