/** Which form a document is, from the cells and headings that were found in it. */
import { type CellKey, cellOf, type Form, type FormId, formInForce, formOf, forms } from '../../../form/forms.js';

/** The form whose cells were read; if several fit equally, the one whose headings were found, then that of the year. */
export function likeliestForm(
  read: ReadonlyMap<CellKey, { readonly text: string }>,
  year: number | null,
  met: ReadonlyMap<string, number>,
): { form: Form; unclear: boolean } {
  const weigh = (form: Form): number => {
    let score = 0;
    for (const [cell, { text }] of read) score += (form.has(cellOf(cell)) ? 1 : -1) * (text === '' ? 1 : 20);
    const rows = new Set(form.cells.map(({ table, row }) => `${table}.${row}`));
    for (const row of met.keys()) if (rows.has(row)) score += 0.01;
    return score;
  };
  const scored = forms.map((form) => ({ form, score: weigh(form) })).sort((one, other) => other.score - one.score);
  const best = scored.filter(({ score }) => score === scored[0]?.score).map(({ form }) => form);
  const inForce: FormId | null = year === null || year < 2019 ? null : formInForce(year).id;
  const form = best.find(({ id }) => id === inForce) ?? best[0] ?? formOf('2021');
  return { form, unclear: best.length > 1 };
}
