/**
 * A list of names and codes in which any part is found at once: they are one text, a line each, which is looked through
 * by the machine's own search (0.3 ms for the nation's 48,000 names; an index of signs would be slower to ask for 镇).
 */
import type { NamedState, OtherCodeRow } from '../store/register/find/names.js';
import { type DivisionLevel, divisionLevels, type PlaceSubject } from '../words.js';

/** A list of what divisions, or agencies, are and were called; by code, the lines of each together. */
export interface NameList {
  readonly about: PlaceSubject;
  /** Each line and a line break after it, as `foldName` writes it. */
  readonly text: string;
  /** Where each line begins, and where the text ends. */
  readonly starts: Int32Array;
  /** By line: whose it is, what that lay in while it was so, and the days on which it was so, as numbers. */
  readonly ids: Int32Array;
  readonly within: Int32Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** By line: the days on which whose it is was in the register. */
  readonly begun: Int32Array;
  readonly ended: Int32Array;
  /** By line: 0 for a name, 1 for a code. */
  readonly codes: Uint8Array;
  /** By line: how far below the nation. */
  readonly depths: Uint8Array;
}

/** What is searched for and in what: no matter how wide signs are, how large letters, and where blanks and dots stand. */
export function foldName(name: string): string {
  return name
    .normalize('NFKC')
    .replaceAll(/[\s·•・]/g, '')
    .toLowerCase();
}

/** A day as a number; that of ever is after all others. */
export function dayNumber(day: string | null): number {
  return day === null ? 99_999_999 : Number(day.slice(0, 4) + day.slice(5, 7) + day.slice(8, 10));
}

/** What a list is made of: an agency or a division with its states, oldest first, and codes that others give it. */
export interface Named {
  readonly id: number;
  readonly level: DivisionLevel | null;
  readonly states: readonly NamedState[];
  readonly otherCodes: readonly OtherCodeRow[];
}

/** Gathers the states of each agency or division; they come together, oldest first. */
export function gatherNamed(
  rows: readonly NamedState[],
  level: DivisionLevel | null,
  otherCodes: ReadonlyMap<number, readonly OtherCodeRow[]>,
): Named[] {
  const gathered: (Named & { states: NamedState[] })[] = [];
  for (const row of rows) {
    const [id] = row;
    const last = gathered.at(-1);
    if (last?.id === id) last.states.push(row);
    else gathered.push({ id, level, states: [row], otherCodes: otherCodes.get(id) ?? [] });
  }
  return gathered;
}

/** Makes a list; `turn` is awaited now and then, so that a long one holds nobody up. */
export async function makeNameList(
  about: PlaceSubject,
  named: readonly Named[],
  turn: () => Promise<void> = async () => undefined,
): Promise<NameList> {
  const lines: string[] = [];
  const columns = { ids: [], within: [], from: [], to: [], begun: [], ended: [], codes: [], depths: [] } as {
    readonly [Name in 'ids' | 'within' | 'from' | 'to' | 'begun' | 'ended' | 'codes' | 'depths']: number[];
  };
  const inOrder = named.toSorted((one, other) => compare(lastCode(one), lastCode(other)));
  for (const [index, one] of inOrder.entries()) {
    if (index % 500 === 0) await turn();
    const begun = dayNumber(one.states[0]?.[4] ?? null);
    const ended = dayNumber(one.states.at(-1)?.[5] ?? null);
    const depth = one.level === null ? divisionLevels.length : divisionLevels.indexOf(one.level);
    for (const { text, kind, within, from, to } of linesOf(one)) {
      lines.push(text);
      columns.ids.push(one.id);
      columns.within.push(within);
      columns.from.push(from);
      columns.to.push(to);
      columns.begun.push(begun);
      columns.ended.push(ended);
      columns.codes.push(kind);
      columns.depths.push(depth);
    }
  }
  const starts = new Int32Array(lines.length + 1);
  for (let line = 0, at = 0; line < lines.length; ) {
    at += (lines[line]?.length ?? 0) + 1;
    starts[++line] = at;
  }
  await turn();
  const { ids, within, from, to, begun, ended } = columns;
  return {
    about,
    text: lines.map((line) => `${line}\n`).join(''),
    starts,
    ids: Int32Array.from(ids),
    within: Int32Array.from(within),
    from: Int32Array.from(from),
    to: Int32Array.from(to),
    begun: Int32Array.from(begun),
    ended: Int32Array.from(ended),
    codes: Uint8Array.from(columns.codes),
    depths: Uint8Array.from(columns.depths),
  };
}

/** What a line holds: a name, a code of the register, or one that another authority gives. */
export const lineKinds = { name: 0, code: 1, otherCode: 2 } as const;
type LineKind = (typeof lineKinds)[keyof typeof lineKinds];

interface Line {
  readonly text: string;
  readonly kind: LineKind;
  readonly within: number;
  readonly from: number;
  to: number;
}

/** A name or a code that goes on from one state to the next is one line, unless it lies elsewhere then. */
function linesOf({ states, otherCodes }: Named): Line[] {
  const lines: Line[] = [];
  const add = (text: string, kind: LineKind, within: number, days: { from: number; to: number }) => {
    const same = lines.findLast((line) => line.text === text && line.kind === kind && line.within === within);
    if (same?.to === days.from) same.to = days.to;
    else lines.push({ text, kind, within, ...days });
  };
  for (const [_, code, name, inId, validFrom, validTo] of states) {
    const days = { from: dayNumber(validFrom), to: dayNumber(validTo) };
    add(foldName(name), lineKinds.name, inId ?? 0, days);
    add(foldName(code), lineKinds.code, inId ?? 0, days);
  }
  for (const [_, code, validFrom, validTo] of otherCodes) {
    add(foldName(code), lineKinds.otherCode, states.at(-1)?.[3] ?? 0, {
      from: dayNumber(validFrom),
      to: dayNumber(validTo),
    });
  }
  return lines;
}

function lastCode({ states }: Named): string {
  return states.at(-1)?.[1] ?? '';
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

/** How well a line answers, and whether it still holds: the lower, the better. */
const exactly = [0, 1, 2] as const satisfies Record<LineKind, number>;
const beginning = 3;
const part = 4;

/** An agency or a division that was found, by the best of its lines. */
export interface Match {
  readonly list: NameList;
  readonly line: number;
  /** Orders matches: how well it answers, whether it is so today, how far below the nation. */
  readonly rank: number;
}

/** The best of what was found, in the order of their ranks and within one of the list, and how many there are in all. */
export interface Matches {
  readonly best: readonly Match[];
  readonly total: number;
}

/** What is asked of a list. */
export interface Wanted {
  /** As `foldName` writes it, not empty. */
  readonly part: string;
  /** The day, as a number. */
  readonly today: number;
  readonly first: number;
  /** Whether a line is to be passed over. */
  readonly skips: ((list: NameList, line: number) => boolean) | undefined;
}

/** Looks a list through for whatever has a part in one of its names or codes; each once, by the best of its lines. */
export function findInList(list: NameList, wanted: Wanted): Matches {
  const { text, starts, ids } = list;
  const { part: sought, first, skips } = wanted;
  // Numbers alone while it is looked through: 镇 is in half of the names.
  const byRank = new Map<number, number[]>();
  let [total, bestLine, bestRank] = [0, -1, 0];
  const keep = () => {
    if (bestLine < 0) return;
    total++;
    const same = byRank.get(bestRank);
    if (!same) byRank.set(bestRank, [bestLine]);
    else if (same.length < first) same.push(bestLine);
  };
  let line = 0;
  for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, starts[line])) {
    while ((starts[line + 1] ?? 0) <= at) line++;
    if (!skips?.(list, line)) {
      const rank = rankOf(list, line, at, wanted);
      if (bestLine < 0 || ids[bestLine] !== ids[line]) {
        keep();
        [bestLine, bestRank] = [line, rank];
      } else if (rank < bestRank) {
        [bestLine, bestRank] = [line, rank];
      }
    }
    line++;
  }
  keep();
  const best: Match[] = [];
  for (const rank of [...byRank.keys()].sort((one, other) => one - other)) {
    if (best.length >= first) break;
    for (const found of byRank.get(rank) ?? []) best.push({ list, line: found, rank });
  }
  return { best, total };
}

function rankOf(list: NameList, line: number, at: number, wanted: Wanted): number {
  const start = list.starts[line] ?? 0;
  const isWhole = (list.starts[line + 1] ?? 0) - start - 1 === wanted.part.length;
  const fit = at > start ? part : isWhole ? (exactly[list.codes[line] ?? 0] ?? part) : beginning;
  const isThere = isWithin(wanted.today, list.begun[line], list.ended[line]);
  const age = isThere ? (isWithin(wanted.today, list.from[line], list.to[line]) ? 0 : 1) : 2;
  return (fit * 3 + age) * 10 + (list.depths[line] ?? 0);
}

function isWithin(day: number, first = 0, last = 0): boolean {
  return first <= day && day < last;
}

/** The identities of whatever has a part in a name or code that it has or had. */
export function idsInList(list: NameList, sought: string): Set<number> {
  const found = new Set<number>();
  const { text, starts, ids } = list;
  let line = 0;
  for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, starts[line])) {
    while ((starts[line + 1] ?? 0) <= at) line++;
    found.add(ids[line] ?? 0);
    line++;
  }
  return found;
}
