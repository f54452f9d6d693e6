/** A comparison as it is written: the lines of a file of changes, and JSON. Both in turns, as there may be thousands. */

import { csvText } from '../../csv.js';
import { takeTurns } from '../../loop.js';
import type { Comparison } from './comparison.js';
import type { ChangeRow, Proposal } from './proposals.js';

const columns = [
  ...(['action', 'code', 'on', 'name', 'newCode', 'kind', 'county', 'mergedInto', 'level', 'parent'] as const),
  'precision',
] as const satisfies readonly (keyof ChangeRow)[];

/** What every line has. */
const always: ReadonlySet<keyof ChangeRow> = new Set(['action', 'code', 'on']);

/** What must be there before other lines can be applied comes first, and what must be empty before it goes comes last. */
const order: Readonly<Record<ChangeRow['action'], number>> = {
  'division-add': 0,
  'division-change': 1,
  'division-merge': 2,
  change: 3,
  close: 4,
  add: 5,
  'division-close': 6,
};

/** The lines of some proposals as a file of changes, in an order in which the import of changes takes them. */
export async function changesCsv(proposals: readonly Proposal[]): Promise<string> {
  const rows = proposals
    .flatMap(({ changes }) => changes)
    .toSorted((one, other) => order[one.action] - order[other.action]);
  const used = columns.filter((column) => always.has(column) || rows.some((row) => row[column] !== undefined));
  const pieces = [csvText([used])];
  const othersTurn = takeTurns();
  for (const row of rows) {
    await othersTurn();
    pieces.push(csvText([used.map((column) => row[column] ?? null)]));
  }
  return pieces.join('');
}

/** A comparison as JSON. */
export async function comparisonJson(comparison: Comparison): Promise<string> {
  const othersTurn = takeTurns();
  const written = async (value: unknown): Promise<string> => {
    await othersTurn();
    if (Array.isArray(value)) {
      const items: string[] = [];
      for (const item of value) {
        await othersTurn();
        items.push(JSON.stringify(item));
      }
      return `[${items.join(',')}]`;
    }
    return JSON.stringify(value);
  };
  const members = async (object: object, write: (value: unknown) => Promise<string>) => {
    const pieces: string[] = [];
    for (const [name, value] of Object.entries(object)) pieces.push(`${JSON.stringify(name)}:${await write(value)}`);
    return `{${pieces.join(',')}}`;
  };
  const { same, ...rest } = comparison;
  const own = await members(rest, written);
  return `${own.slice(0, -1)},"same":${await members(same, written)}}`;
}
