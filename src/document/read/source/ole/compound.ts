/**
 * A compound file (MS-CFB): the small file system in which Office 97 to 2003 and WPS keep their streams. Chains of sectors
 * are followed no further than the file has sectors, so that one that comes back to itself ends as damage.
 */
import { Problem } from '../../../../problem.js';

/** The streams at the root of a compound file; those of objects inside it are left alone. */
export interface CompoundFile {
  /** The bytes of a stream, by its name in any case; undefined when there is none. */
  stream(name: string): Buffer | undefined;
}

/** The first bytes of every compound file. */
export const compoundMark = '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1';

/** The numbers of sectors from here on mean something else: free, the end of a chain, a sector of the tables themselves. */
const firstSpecial = 0xfffffffa;
const headerSectors = 109;

interface Layout {
  readonly bytes: Buffer;
  readonly sectorSize: number;
  readonly miniSize: number;
  /** Streams of fewer bytes are in the mini stream. */
  readonly cutoff: number;
  /** The sector after each sector. */
  readonly fat: Uint32Array;
}

interface DirectoryEntry {
  readonly name: string;
  readonly kind: number;
  readonly left: number;
  readonly right: number;
  readonly child: number;
  readonly start: number;
  readonly size: number;
}

/** Opens a compound file held in memory; throws `invalid-document` when its tables are damaged. */
export function openCompound(source: Uint8Array): CompoundFile {
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  if (bytes.length < 512) throw damagedFile();
  const [sectorShift, miniShift] = [bytes.readUInt16LE(30), bytes.readUInt16LE(32)];
  if ((sectorShift !== 9 && sectorShift !== 12) || miniShift !== 6) throw damagedFile();
  const sizes = { bytes, sectorSize: 1 << sectorShift, miniSize: 1 << miniShift, cutoff: bytes.readUInt32LE(56) };
  const layout: Layout = { ...sizes, fat: readFat(bytes, sizes.sectorSize) };
  const entries = readDirectory(readChain(layout, bytes.readUInt32LE(48)));
  const [root] = entries;
  if (root?.kind !== 5) throw damagedFile();
  const streams = new Map(childrenOf(entries, root).map((entry) => [entry.name.toLowerCase(), entry]));
  const mini = {
    fat: numbersOf(readChain(layout, bytes.readUInt32LE(60))),
    stream: () => readChain(layout, root.start),
  };
  return {
    stream(name) {
      const entry = streams.get(name.toLowerCase());
      if (entry?.kind !== 2) return undefined;
      if (entry.size >= layout.cutoff) return readChain(layout, entry.start).subarray(0, entry.size);
      return gather(mini.stream(), layout.miniSize, 0, mini.fat, entry.start).subarray(0, entry.size);
    },
  };
}

/** The table of sectors: its own sectors are listed in the header, and beyond 109 in a chain of lists. */
function readFat(bytes: Buffer, sectorSize: number): Uint32Array {
  const total = Math.ceil(bytes.length / sectorSize);
  const own: number[] = [];
  const take = (list: Buffer, count: number) => {
    for (let index = 0; index < count; index += 1) {
      const sector = list.readUInt32LE(index * 4);
      if (sector < firstSpecial) own.push(sector);
    }
    if (own.length > total) throw damagedFile();
  };
  take(bytes.subarray(76, 512), headerSectors);
  let next = bytes.readUInt32LE(68);
  for (let lists = 0; next < firstSpecial; lists += 1) {
    const list = sectorAt(bytes, sectorSize, sectorSize, next);
    if (!list || list.length < sectorSize || lists > total) throw damagedFile();
    take(list, sectorSize / 4 - 1);
    next = list.readUInt32LE(sectorSize - 4);
  }
  return numbersOf(Buffer.concat(own.flatMap((sector) => sectorAt(bytes, sectorSize, sectorSize, sector) ?? [])));
}

function sectorAt(bytes: Buffer, size: number, from: number, sector: number): Buffer | undefined {
  const at = from + sector * size;
  return at < bytes.length ? bytes.subarray(at, at + size) : undefined;
}

function numbersOf(bytes: Buffer): Uint32Array {
  return Uint32Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) => bytes.readUInt32LE(index * 4));
}

/** The sectors of a chain, one after the other. */
function readChain({ bytes, sectorSize, fat }: Layout, first: number): Buffer {
  return gather(bytes, sectorSize, sectorSize, fat, first);
}

/** A chain has no sector twice, so it is no longer than there are sectors. */
function gather(bytes: Buffer, size: number, from: number, next: Uint32Array, first: number): Buffer {
  const parts: Buffer[] = [];
  const most = Math.ceil(bytes.length / size);
  for (let sector = first; sector < firstSpecial; sector = next[sector] ?? firstSpecial) {
    const part = sectorAt(bytes, size, from, sector);
    if (!part || parts.length > most) throw damagedFile();
    parts.push(part);
  }
  return Buffer.concat(parts);
}

const entrySize = 128;
const noEntry = 0xffffffff;

function readDirectory(bytes: Buffer): DirectoryEntry[] {
  return Array.from({ length: Math.floor(bytes.length / entrySize) }, (_, index) => {
    const entry = bytes.subarray(index * entrySize, (index + 1) * entrySize);
    const length = Math.min(64, Math.max(0, entry.readUInt16LE(64) - 2));
    return {
      name: entry.toString('utf16le', 0, length),
      kind: entry.readUInt8(66),
      left: entry.readUInt32LE(68),
      right: entry.readUInt32LE(72),
      child: entry.readUInt32LE(76),
      start: entry.readUInt32LE(116),
      size: entry.readUInt32LE(120),
    };
  });
}

/** The entries below another one, which are a tree of their own. */
function childrenOf(entries: readonly DirectoryEntry[], parent: DirectoryEntry): DirectoryEntry[] {
  const seen = new Set<number>();
  const open = [parent.child];
  const found: DirectoryEntry[] = [];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    const entry = entries[index];
    if (index === noEntry || !entry) continue;
    if (seen.has(index)) throw damagedFile();
    seen.add(index);
    found.push(entry);
    open.push(entry.left, entry.right);
  }
  return found;
}

/** The refusal of a compound file that cannot be followed. */
export function damagedFile(): Problem {
  return new Problem('invalid-document', {
    zh: '文件已损坏，不是有效的旧版 Word、Excel 或 WPS 文件。',
    en: 'The file is no sound file of an older Word or Excel, or of WPS.',
  });
}

/** The refusal of a file that only its password opens. */
export function lockedFile(): Problem {
  return new Problem('invalid-document', {
    zh: '文件有密码保护，无法读取。',
    en: 'The file is protected by a password.',
  });
}

/** The refusal of a file of a version before 1997, by the name of its program. */
export function tooOld(program: 'Word' | 'Excel'): Problem {
  return new Problem('invalid-document', {
    zh: `文件是 ${program} 95 或更早版本的格式，请另存为较新的格式。`,
    en: `The file is of ${program} 95 or before; save it in a later format.`,
  });
}
