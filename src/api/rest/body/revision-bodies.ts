/** The revisions of a report, each with what it changed. */
import { z } from 'zod';
import { printFigure } from '../../../form/check.js';
import { printFigures } from '../../../form/figures.js';
import { findCell, formOf } from '../../../form/forms.js';
import type { Change, RevisionWithChanges } from '../../../report/revisions.js';
import { instant, integer, labelSchema } from './body-parts.js';
import { reviewSchema } from './report-bodies.js';

const changeSchema = z.object({
  pointer: z.string(),
  cell: z.string().nullable(),
  label: labelSchema.nullable(),
  from: z.unknown(),
  to: z.unknown(),
});

/** One revision. */
export const revisionSchema = z
  .object({
    number: integer,
    action: z.enum(['filed', 'revised', 'withdrawn']),
    actor: z.string().nullable(),
    at: instant,
    reason: z.string().nullable(),
    review: reviewSchema.nullable(),
    changes: z.array(changeSchema).meta({ label: { zh: '变动的单元格', en: 'The cells that changed, from and to' } }),
    report: z
      .unknown()
      .optional()
      .meta({ label: { zh: '该版内容', en: 'What it said; only when one revision is asked for' } }),
  })
  .meta({ id: 'Revision', label: { zh: '一个版本', en: 'One immutable revision' } });

/** A revision as a body; with its content when it is asked for alone. */
export function revisionBody(revision: RevisionWithChanges, whole: 'whole' | 'brief') {
  const { number, action, actor, at, reason, review, content } = revision;
  const brief = { number, action, actor, at, reason, review, changes: revision.changes.map(changeBody) };
  if (whole === 'brief') return brief;
  if (!content) return { ...brief, report: null };
  return {
    ...brief,
    report: { ...content, figures: printFigures(formOf(content.form).cells, content.figures) },
  };
}

function changeBody(change: Change) {
  const cell = change.cell === null ? undefined : findCell(change.cell);
  if (!cell) return { ...change, label: null };
  const print = (value: unknown) => (typeof value === 'number' ? printFigure(cell, value) : null);
  return { ...change, label: cell.label, from: print(change.from), to: print(change.to) };
}
