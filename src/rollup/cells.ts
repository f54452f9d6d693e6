/** Which cells a sum has: those that a form it was filed on prints. */
import { type Cell, findForm, formInForce } from '../form/forms.js';
import type { Sums } from '../store/rollup/sums.js';

/** Lists by the names of their forms: what it takes to read a list is prepared once for each. */
const lists = new Map<string, readonly Cell[]>();

/** The cells of every form that the reports of a sum are on; of the form in force when there is no report. */
export function cellsOfSum({ forms, year }: Pick<Sums, 'forms' | 'year'>): readonly Cell[] {
  const filed = [...forms.keys()].flatMap((id) => findForm(id) ?? []);
  const used = filed.length > 0 ? filed : [formInForce(year)];
  const name = used.map(({ id }) => id).join();
  const known = lists.get(name);
  if (known) return known;
  const cells = [...new Set(used.flatMap((form) => form.cells))];
  lists.set(name, cells);
  return cells;
}
