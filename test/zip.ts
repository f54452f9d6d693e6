/** Zip archives that tests send, and what is in those that they get. */
import { crc32, inflateRawSync } from 'node:zlib';

/** The entries of a zip by name, or in their order where a name is there twice. */
type Entries = Readonly<Record<string, string | Uint8Array>> | readonly (readonly [string, string | Uint8Array])[];

/** The smallest zip: every entry stored as it is. */
export function zip(entries: Entries): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Array.isArray(entries) ? (entries as [string, string][]) : Object.entries(entries)) {
    const data = Buffer.from(content);
    const raw = Buffer.from(name);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(0x0800, 2);
    fields.writeUInt32LE(crc32(data), 10);
    fields.writeUInt32LE(data.length, 14);
    fields.writeUInt32LE(data.length, 18);
    fields.writeUInt16LE(raw.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, raw, data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fields, tail, raw]));
    parts.push(local);
    offset += local.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

/** The files of a zip by name as text; throws when it is no zip. */
export function unzip(bytes: Uint8Array): Map<string, string> {
  return new Map([...unzipBytes(bytes)].map(([name, content]) => [name, content.toString('utf8')]));
}

/** The files of a zip by name, by its central directory; throws when it is no zip. */
export function unzipBytes(bytes: Uint8Array): Map<string, Buffer> {
  const data = Buffer.from(bytes);
  const end = data.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0) throw new Error('not a zip');
  const files = new Map<string, Buffer>();
  let at = data.readUInt32LE(end + 16);
  for (let count = data.readUInt16LE(end + 10); count > 0; count -= 1) {
    const [method, size] = [data.readUInt16LE(at + 10), data.readUInt32LE(at + 20)];
    const [nameLength, start] = [data.readUInt16LE(at + 28), data.readUInt32LE(at + 42)];
    const from = start + 30 + data.readUInt16LE(start + 26) + data.readUInt16LE(start + 28);
    const body = data.subarray(from, from + size);
    const name = data.toString('utf8', at + 46, at + 46 + nameLength);
    files.set(name, method === 8 ? inflateRawSync(body) : body);
    at += 46 + nameLength + data.readUInt16LE(at + 30) + data.readUInt16LE(at + 32);
  }
  return files;
}

/** Whether every tag of an XML document is closed in order, every & begins an entity, and no character is forbidden. */
export function isWellFormed(xml: string): boolean {
  const open: string[] = [];
  for (const [, closing, name, rest] of xml.matchAll(/<(\/?)([A-Za-z][\w:.-]*)((?:[^<>"']|"[^"<]*"|'[^'<]*')*)>/g)) {
    if (closing) {
      if (open.pop() !== name) return false;
    } else if (!rest?.endsWith('/')) open.push(name ?? '');
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 forbids them, so they are looked for
  const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
  const written = [...xml.matchAll(/&#(x?)([\da-f]+);/gi)].map(([, hexadecimal, digits = '']) =>
    String.fromCodePoint(Number.parseInt(digits, hexadecimal ? 16 : 10)),
  );
  if (written.some((one) => forbidden.test(one) || !one.isWellFormed())) return false;
  return open.length === 0 && !/&(?!(?:amp|lt|gt|quot|apos|#\w+);)/.test(xml) && !forbidden.test(xml);
}
