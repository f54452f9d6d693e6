/** What names a table: a digest of all that its texts are made of, so that nothing is written for who has it already. */
import { hash } from 'node:crypto';
import type { Attributes, Observation } from '../../rollup/table/observation.js';
import type { StatisticsTable } from '../../rollup/table/table.js';

/** To be raised when the same table is written otherwise. */
const edition = 1;

/**
 * The tag of a table as it is written for `said`: a format, a language, a licence. It is the same as long as every byte is, but
 * for the version of the data at the end, which grows though the table is the same.
 */
export function tagOfTable(
  { observations, measures, inclusions, version: _, ...about }: StatisticsTable,
  said: readonly unknown[],
): string {
  const head = [edition, said, about, measures.map(({ key }) => key), [...inclusions]];
  const parts: (Observation['value'] | string)[] = [JSON.stringify(head)];
  let last: Attributes | undefined;
  for (const { value, attributes } of observations) {
    if (attributes !== last) parts.push(textOf(attributes));
    parts.push(value ?? '');
    last = attributes;
  }
  return `"${hash('sha256', parts.join(), 'base64url').slice(0, 32)}"`;
}

/** Begins with what no value begins with. */
function textOf({ reported, expected, blank, absent, samples, denominator, status, inclusion }: Attributes): string {
  return `|${reported},${expected},${blank},${absent},${samples},${denominator},${status},${inclusion}`;
}
