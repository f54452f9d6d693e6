/** A list of codes and names of a day, such as the ministry's of January: which places it has, and what is wrong with it. */

import { isUtf8 } from 'node:buffer';
import { harmlessText } from '../../csv.js';
import { addTo } from '../../groups.js';
import { takeTurns } from '../../loop.js';
import { maxFaults, Problem } from '../../problem.js';
import { isSoundText, quoteText } from '../../text.js';
import type { Label, PlaceSubject } from '../../words.js';
import { type LineFault, recordsIn } from '../change/change-lines.js';
import { plainName } from '../names.js';

/** A place as a list has it. */
export interface ListedPlace {
  /** Of the file, the first being 1. */
  readonly line: number;
  readonly about: PlaceSubject;
  /** Six digits of a division, nine of a township. */
  readonly code: string;
  readonly name: string;
  /** The name without what is only spelling. */
  readonly plain: string;
}

/** What a list says. */
export interface PlaceList {
  readonly divisions: readonly ListedPlace[];
  /** By the six digits that their codes begin with. */
  readonly townships: ReadonlyMap<string, readonly ListedPlace[]>;
  /** Codes of lines that are at fault: of what has them nothing is known. */
  readonly spoiled: ReadonlySet<string>;
  /** A line is at fault that may be of any place. */
  readonly hasUnreadable: boolean;
  readonly faults: readonly LineFault[];
}

/** Headings of the two columns that are read; all others are left alone. */
const listHeadings = {
  code: ['code', '代码', '行政区划代码', '区划代码', '统计用区划代码', '单位代码'],
  name: ['name', '名称', '单位名称', '行政区划名称', '区划名称'],
} as const;

/** The most lines of a list; the nation has some 45,000. */
const maxListLines = 100_000;

/** The most divisions of a list, with those that townships name by their codes; the nation has some 3,300. */
const maxDivisions = 10_000;

/** Lines that may stand above the headings, such as a title. */
const maxTitles = 5;

/** The longest name of the register, in signs. */
const maxName = 100;

/**
 * Reads a list: CSV in UTF-8 or GB18030 with headings for code and name in any order. A line that cannot be used is among
 * the faults. Throws `malformed-body` for what is no such list, is too long, or has more faults than an answer lists.
 */
export async function readList(bytes: Uint8Array): Promise<PlaceList> {
  const divisions = new Map<string, ListedPlace>();
  const townships = new Map<string, ListedPlace[]>();
  const spoiled = new Set<string>();
  const faults: LineFault[] = [];
  let known = 0;
  const add = (found: readonly LineFault[]) => {
    faults.push(...found);
    if (faults.length > maxFaults) throw tooManyFaults(faults);
  };
  const seen = new Map<string, ListedPlace>();
  const othersTurn = takeTurns();
  let columns: Columns | undefined;
  let records = 0;
  for await (const { record, info } of recordsIn(await decode(bytes), add)) {
    await othersTurn();
    records++;
    if (!columns) {
      columns = findColumns(record);
      if (!columns && records > maxTitles) break;
      continue;
    }
    if (records > maxListLines + maxTitles) throw tooLong();
    const read = readPlace(record[columns.code] ?? '', record[columns.name] ?? '', info.lines);
    if ('fault' in read) {
      if (read.code !== undefined) {
        spoiled.add(read.code);
        known++;
      }
      add([read.fault]);
      continue;
    }
    const { place } = read;
    const before = seen.get(place.code);
    if (before) {
      if (before.plain !== place.plain) spoiled.add(place.code);
      known++;
      add([repeated(place, before.line)]);
      continue;
    }
    seen.set(place.code, place);
    if (place.about === 'division') divisions.set(place.code, place);
    else addTo(townships, prefixOf(place), place);
    if (divisions.size + townships.size > maxDivisions) throw tooManyDivisions();
  }
  if (!columns) throw noHeadings();
  if (seen.size === 0 && faults.length === 0) throw nothingListed();
  for (const code of spoiled) {
    divisions.delete(code);
    const prefix = code.slice(0, 6);
    const sound = (townships.get(prefix) ?? []).filter((place) => place.code !== code);
    if (sound.length > 0) townships.set(prefix, sound);
    else townships.delete(prefix);
  }
  return {
    ...{ divisions: [...divisions.values()], townships, spoiled },
    hasUnreadable: faults.length > known,
    faults,
  };
}

/** The six digits of a division, and those that the code of a township begins with. */
function prefixOf({ code }: Pick<ListedPlace, 'code'>): string {
  return code.slice(0, 6);
}

/** The six digits of every division and of every county with townships in a list. */
export function prefixesOf({ divisions, townships }: Pick<PlaceList, 'divisions' | 'townships'>): Set<string> {
  return new Set([...divisions.map(({ code }) => code), ...townships.keys()]);
}

/** How many places a list has. */
export function countListed({ divisions, townships }: Pick<PlaceList, 'divisions' | 'townships'>): number {
  let count = divisions.length;
  for (const places of townships.values()) count += places.length;
  return count;
}

/** Where in a record the code and the name are. */
interface Columns {
  readonly code: number;
  readonly name: number;
}

/** The places of the two columns, each of which is there once; undefined for a line that is no heading. */
function findColumns(record: readonly string[]): Columns | undefined {
  const plain = record.map((heading) => heading.replaceAll(/\s/g, '').toLowerCase());
  const placesOf = (names: readonly string[]) => plain.flatMap((heading, at) => (names.includes(heading) ? [at] : []));
  const [codes, names] = [placesOf(listHeadings.code), placesOf(listHeadings.name)];
  const [code, name] = [codes[0], names[0]];
  return codes.length === 1 && names.length === 1 && code !== undefined && name !== undefined
    ? { code, name }
    : undefined;
}

type ReadPlace =
  | { readonly place: ListedPlace }
  | {
      /** The code of the place, where that much can be read. */
      readonly code: string | undefined;
      readonly fault: LineFault;
    };

function readPlace(codeText: string, nameText: string, line: number): ReadPlace {
  const [given, name] = [codeText.trim(), nameText.trim()];
  const code = placeCode(given);
  if (code === undefined) {
    const shown = quoteText(given, 40);
    const message = {
      zh: given === '' ? '缺少代码' : `代码“${shown}”应为区划六位、乡镇九位或十二位数字`,
      en:
        given === ''
          ? 'there is no code'
          : `the code "${shown}" is not the six digits of a division, nor the nine or twelve of a township`,
    };
    return { code, fault: faultOf(line, given === '' ? 'MISSING' : 'FORMAT', 'code', message) };
  }
  const wrong = wrongName(name);
  if (wrong) return { code, fault: faultOf(line, name === '' ? 'MISSING' : 'FORMAT', 'name', wrong) };
  return { place: { line, code, name, plain: plainName(name), about: code.length === 6 ? 'division' : 'agency' } };
}

/** Six digits of a division, or nine of a township: of twelve those that are left without the zeros of what is below. */
function placeCode(given: string): string | undefined {
  const [, division, township] = /^(\d{6})(?:000){0,2}$|^(\d{9})(?:000)?$/.exec(given) ?? [];
  return division ?? township;
}

function wrongName(name: string): Label | undefined {
  if (name === '') return { zh: '缺少名称', en: 'there is no name' };
  // A name that a spreadsheet would run is none, and could not be written into a file of changes as it is.
  const isName = [...name].length <= maxName && isSoundText(name) && !/\s{2}|[\r\n\t]/.test(name);
  if (isName && harmlessText(name) === name) return undefined;
  const shown = quoteText(name, 40);
  return { zh: `“${shown}”不是名称`, en: `"${shown}" is not a name` };
}

function repeated({ code, name, line }: ListedPlace, first: number): LineFault {
  const message = {
    zh: `${name} 的代码 ${code} 已在第 ${first} 行出现`,
    en: `the code ${code} of ${name} stands in line ${first} already`,
  };
  return faultOf(line, 'DUPLICATE', 'code', message);
}

/** A fault of a line of a list. */
export function faultOf(line: number, code: string, column: 'code' | 'name', message: Label): LineFault {
  return {
    code,
    severity: 'error',
    line,
    pointer: `/lines/${line}/${column}`,
    message: { zh: `第 ${line} 行：${message.zh}。`, en: `Line ${line}: ${message.en}.` },
  };
}

/**
 * The text of a list. What is no UTF-8 is GB18030 where no line of it is Chinese in UTF-8: a damaged file is not taken for
 * one of another character set.
 */
async function decode(bytes: Uint8Array): Promise<string> {
  if (isUtf8(bytes)) return new TextDecoder('utf-8').decode(bytes);
  const othersTurn = takeTurns();
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let from = 0; from < buffer.length; ) {
    await othersTurn();
    const end = buffer.indexOf(lineFeed, from);
    const line = buffer.subarray(from, end === -1 ? buffer.length : end);
    if (isUtf8(line) && line.some((byte) => byte >= firstOfThree)) throw notDecoded();
    from += line.length + 1;
  }
  try {
    return new TextDecoder('gb18030', { fatal: true }).decode(bytes);
  } catch {
    throw notDecoded();
  }
}

const lineFeed = 0x0a;
/** The first byte of a character of three bytes in UTF-8, as Chinese ones are. */
const firstOfThree = 0xe0;

function notDecoded(): Problem {
  return malformed('ENCODING', {
    zh: '文件既不是 UTF-8 也不是 GB18030 编码。',
    en: 'The file is neither UTF-8 nor GB18030.',
  });
}

function noHeadings(): Problem {
  const [codes, names] = [listHeadings.code.join('、'), listHeadings.name.join('、')];
  return malformed('HEADER', {
    zh: `首行应为列名，代码（${codes}）和名称（${names}）各一列。`,
    en: `The first line names the columns: one for the code (${listHeadings.code.join(', ')}) and one for the name (${listHeadings.name.join(', ')}).`,
  });
}

function nothingListed(): Problem {
  return malformed('EMPTY', { zh: '名单只有列名。', en: 'The list has headings only.' });
}

function tooLong(): Problem {
  return malformed('TOO-LONG', {
    zh: `名单超过 ${maxListLines} 行。`,
    en: `The list has more than ${maxListLines} lines.`,
  });
}

function tooManyDivisions(): Problem {
  return malformed('TOO-LONG', {
    zh: `名单涉及超过 ${maxDivisions} 个行政区划。`,
    en: `The list has more than ${maxDivisions} divisions.`,
  });
}

/** The refusal of a list with more faults than an answer lists. */
export function tooManyFaults(faults: readonly LineFault[]): Problem {
  const detail = {
    zh: `名单有超过 ${maxFaults} 处问题，未作比较。`,
    en: `The list has more than ${maxFaults} faults; it was not compared.`,
  };
  return new Problem('malformed-body', detail, { errors: faults.slice(0, maxFaults), more: true });
}

function malformed(code: string, message: Label): Problem {
  return new Problem('malformed-body', message, {
    errors: [{ code, severity: 'error', pointer: '', message }],
  });
}
