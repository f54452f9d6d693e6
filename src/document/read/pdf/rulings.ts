/**
 * Strokes into the lines of tables: pieces in a row are one line, doubled lines are one, and lines that meet are the lines
 * of one table.
 */
import type { Stroke } from './drawing/drawing.js';
import type { Box } from './drawing/geometry.js';

/** Lines that meet: those of one table, or of a frame. */
export interface Rulings {
  readonly across: readonly Stroke[];
  readonly down: readonly Stroke[];
  readonly box: Box;
}

/** How near pieces of one line are, end to end, and how near side by side, in points. */
const [maxBreak, maxApart] = [3.2, 1.2];
/** A shorter line is a dot or a part of a character. */
const minLength = 5;
/** How far from each other the ends of lines may be that meet, in points. */
const maxMiss = 3.2;

/** Joins the pieces of lines that lie along each other. */
export function joinStrokes(strokes: readonly Stroke[]): Stroke[] {
  const joined: Stroke[] = [];
  const rows: Stroke[][] = [];
  for (const stroke of [...strokes].sort((one, other) => one.at - other.at)) {
    const row = rows.at(-1);
    const last = row?.at(-1);
    if (row && last && stroke.at - last.at <= maxApart && stroke.at - (row[0]?.at ?? 0) <= maxMiss) row.push(stroke);
    else rows.push([stroke]);
  }
  for (const row of rows) {
    let open: Stroke | undefined;
    for (const stroke of row.sort((one, other) => one.from - other.from)) {
      if (open && stroke.from <= open.to + maxBreak) open = lengthen(open, stroke);
      else {
        if (open) joined.push(open);
        open = stroke;
      }
    }
    if (open) joined.push(open);
  }
  return joined.filter(({ from, to }) => to - from >= minLength);
}

function lengthen(one: Stroke, other: Stroke): Stroke {
  return {
    at: one.to - one.from >= other.to - other.from ? one.at : other.at,
    from: one.from,
    to: Math.max(one.to, other.to),
    thickness: Math.max(one.thickness, other.thickness),
  };
}

/** Groups joined lines by where they meet; lines that meet none are no table's. */
export function groupRulings(across: readonly Stroke[], down: readonly Stroke[]): Rulings[] {
  const group = new Map<Stroke, Stroke>();
  const leaderOf = (stroke: Stroke): Stroke => {
    let leader = stroke;
    for (let next = group.get(leader); next && next !== leader; next = group.get(leader)) leader = next;
    return leader;
  };
  for (const one of down) {
    for (const other of across) {
      if (meets(one, other)) group.set(leaderOf(one), leaderOf(other));
    }
  }
  const members = new Map<Stroke, { across: Stroke[]; down: Stroke[] }>();
  const membersOf = (stroke: Stroke) => {
    const leader = leaderOf(stroke);
    const found = members.get(leader) ?? { across: [], down: [] };
    members.set(leader, found);
    return found;
  };
  for (const stroke of across) membersOf(stroke).across.push(stroke);
  for (const stroke of down) membersOf(stroke).down.push(stroke);
  return [...members.values()]
    .filter((lines) => lines.across.length > 0 && lines.down.length > 0)
    .map((lines) => ({ ...lines, box: boxOf(lines.across, lines.down) }));
}

/** The box that lines take. */
export function boxOf(across: readonly Stroke[], down: readonly Stroke[]): Box {
  return {
    left: Math.min(...across.map(({ from }) => from), ...down.map(({ at }) => at)),
    right: Math.max(...across.map(({ to }) => to), ...down.map(({ at }) => at)),
    top: Math.min(...down.map(({ from }) => from), ...across.map(({ at }) => at)),
    bottom: Math.max(...down.map(({ to }) => to), ...across.map(({ at }) => at)),
  };
}

function meets(one: Stroke, other: Stroke): boolean {
  return isWithin(one.at, other) && isWithin(other.at, one);
}

function isWithin(at: number, { from, to }: Stroke): boolean {
  return at >= from - maxMiss && at <= to + maxMiss;
}
