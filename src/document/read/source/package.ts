/**
 * Which part of a Word or Excel file is what (ECMA-376, part 2): Office follows the relationships and not the names, so
 * that a part at the usual place may be one that nobody sees. What is there twice is refused.
 */
import { Problem } from '../../../problem.js';
import type { Archive } from './zip.js';

/** The part that a file is about. */
export interface MainPart {
  readonly name: string;
  readonly kind: 'word' | 'workbook';
}

/** A part that another one names. */
export interface Related {
  readonly id: string;
  /** The last word of its type, such as `worksheet`. */
  readonly type: string;
  readonly part: string;
}

const usual: readonly MainPart[] = [
  { name: 'word/document.xml', kind: 'word' },
  { name: 'xl/workbook.xml', kind: 'workbook' },
];

/** The main part of a file; undefined when it has none. Throws `invalid-document` when it has two. */
export async function findMainPart(archive: Archive): Promise<MainPart | undefined> {
  const types = await contentTypes(archive);
  const related = (await relatedParts(archive, '')).filter(({ type }) => type === 'officeDocument');
  if (related.length > 1 || types.length > 1) throw twice(related[1]?.part ?? types[1]?.part ?? '');
  const named = related[0]?.part;
  const [typed] = types;
  if (named !== undefined && typed !== undefined && !isSame(named, typed.part)) throw twice(typed.part);
  // Small writers leave the relationships out; then the usual place is the only one.
  const there = usual.filter(({ name }) => archive.has(name));
  if (named === undefined && there.length > 1) throw twice(there[1]?.name ?? '');
  const name = named ?? typed?.part ?? there[0]?.name;
  if (name === undefined) return undefined;
  const known = usual.find((one) => isSame(one.name, name)) ?? { name, kind: 'word' };
  return { name, kind: typed?.kind ?? known.kind };
}

/** The parts that a part names (`''` for the file itself), each by its id. Throws `invalid-document` for an id given twice. */
export async function relatedParts(archive: Archive, part: string): Promise<Related[]> {
  const at = part.lastIndexOf('/') + 1;
  const folder = part.slice(0, at);
  const found = new Map<string, Related>();
  await archive.parse(`${folder}_rels/${part.slice(at)}.rels`, {
    open(name, { Id = '', Type = '', Target = '', TargetMode = '' }) {
      if (localName(name) !== 'Relationship' || TargetMode === 'External' || Target === '') return;
      if (found.has(Id)) throw twice(Target);
      const type = Type.slice(Type.lastIndexOf('/') + 1);
      found.set(Id, { id: Id, type, part: Target.startsWith('/') ? Target.slice(1) : folder + Target });
    },
    close() {},
    text() {},
  });
  return [...found.values()];
}

/** The one part of a type that another part names; undefined when it names none. Throws `invalid-document` when it names two. */
export function soleRelated(related: readonly Related[], type: string): string | undefined {
  const [one, other] = related.filter((candidate) => candidate.type === type);
  if (other) throw twice(other.part);
  return one?.part;
}

/** The parts that are declared to be a document or a workbook. Throws `invalid-document` for a part declared twice. */
async function contentTypes(archive: Archive): Promise<{ readonly part: string; readonly kind: MainPart['kind'] }[]> {
  const declared = new Set<string>();
  const mains: { readonly part: string; readonly kind: MainPart['kind'] }[] = [];
  await archive.parse('[Content_Types].xml', {
    open(name, { PartName = '', ContentType = '' }) {
      if (localName(name) !== 'Override') return;
      const part = PartName.replace(/^\//, '');
      if (declared.has(part.toLowerCase())) throw twice(part);
      declared.add(part.toLowerCase());
      if (!/\.main\+xml$/.test(ContentType)) return;
      if (/wordprocessingml|ms-word/.test(ContentType)) mains.push({ part, kind: 'word' });
      if (/spreadsheetml|ms-excel/.test(ContentType)) mains.push({ part, kind: 'workbook' });
    },
    close() {},
    text() {},
  });
  return mains;
}

/** The refusal of a file in which a part is there twice. */
export function twice(part: string): Problem {
  return new Problem('invalid-document', {
    zh: `文件中有两份同样的部分（${part}），无法判断以哪份为准。`,
    en: `The file has a part twice (${part}), and it is open which of them is meant.`,
  });
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** The name of an element without its prefix. */
export function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
