/** Reports and their revisions as GraphQL answers them. */
import { referenceDate } from '../../day.js';
import { printFigure } from '../../form/check.js';
import { rateLines, rateSumOf } from '../../form/derived.js';
import { type Figures, type FormId, findCell, formOf } from '../../form/forms.js';
import type { PublishedGroup, PublishedItems } from '../../form/report.js';
import { findReportFor, type ReadReport } from '../../report/report-view.js';
import type { Change, RevisionWithChanges } from '../../report/revisions.js';
import { itemsOfDivision } from '../../rollup/sums.js';
import type { GraphqlContext } from './context.js';
import { tableSteps } from './figures.js';
import { readFirst } from './parts/paging.js';
import type { AgencySource } from './parts/sources.js';
import type { PublishedItemsSource } from './statistics.js';

/** A report as resolvers pass it on. */
export interface ReportSource {
  readonly figures: Figures;
  readonly agency: AgencySource;
  readonly year: number;
  readonly form: FormId;
}

/** How a report answers its tables. A table that its form lacks is null. */
export const reportSteps = tableSteps(({ form, figures }: ReportSource, table) =>
  formOf(form).tables.some(({ key }) => key === table)
    ? { figures, rates: rateLines.map((rate) => rateSumOf(figures, rate)) }
    : undefined,
);

/** Published items of one report, its lists as filed. */
export interface StatedItemsSource {
  readonly lists: { readonly categories: readonly ItemObject[]; readonly channels: readonly ItemObject[] };
}

/** A category or channel of published items. */
export interface ItemObject {
  readonly name: string;
  readonly count: number | null;
  readonly counted: number;
  readonly reports: number;
  readonly share: number | null;
  readonly shareReports: number;
}

/** A report as an object of GraphQL. */
export function writeReport(report: ReadReport): ReportSource & Readonly<Record<string, unknown>> {
  const { agency, row, content, findings, reason, actor, review } = report;
  return {
    figures: content.figures,
    agency: { ...agency, day: referenceDate(row.year) },
    year: row.year,
    form: content.form,
    revision: row.revision,
    state: row.state,
    acceptedRevision: row.acceptedRevision,
    review,
    publishedItems: content.publishedItems && writeItems(content.publishedItems),
    engagement: content.engagement,
    narrative: content.narrative,
    source: content.source,
    findings,
    filedAt: row.filedAt,
    updatedAt: row.updatedAt,
    actor,
    reason,
    onTime: row.onTime === 1,
    sample: row.sample === 1,
  };
}

function writeItems({
  total,
  categories,
  channels,
}: PublishedItems): StatedItemsSource & Readonly<Record<string, unknown>> {
  const lists = { categories: categories.map(statedItem), channels: channels.map(statedItem) };
  return { total, stated: total === null ? 0 : 1, lists };
}

function statedItem({ name, count, share }: PublishedGroup): ItemObject {
  return itemOf(name, count, share ?? null);
}

/** One report's item. */
function itemOf(name: string, count: number | null, share: number | null): ItemObject {
  return { name, count, counted: count === null ? 0 : 1, reports: 1, share, shareReports: share === null ? 0 : 1 };
}

/** The part of a total; null where one of them is not stated, and where the part is more than the whole. */
function shareIn(total: number | null, count: number | null): number | null {
  return count === null || !total || count > total ? null : count / total;
}

/** A revision with its changes, figures as the form prints them. */
export function writeRevision(revision: RevisionWithChanges) {
  const { number, action, at, actor, reason, review, changes } = revision;
  return { number, action, at, actor, reason, review, changes: changes.map(writeChange) };
}

function writeChange({ pointer, cell: address, from, to }: Change) {
  const cell = address === null ? undefined : findCell(address);
  const print = (value: unknown) => (cell && typeof value === 'number' ? printFigure(cell, value) : (value ?? null));
  return { pointer, cell: address, from: print(from), to: print(to) };
}

/** The resolver of a list of published items: as filed for a report, added up by name for a sum. */
export function listItems(list: 'categories' | 'channels') {
  return async (
    source: PublishedItemsSource | StatedItemsSource,
    args: { first?: number | null },
    context: GraphqlContext,
  ): Promise<readonly ItemObject[]> => {
    const first = readFirst(args.first);
    if ('lists' in source) return source.lists[list].slice(0, first);
    const { subject, year, total } = source;
    if ('agency' in subject) {
      const report = await findReportFor(context.db, context.reader, subject.agency.id, year);
      const items = report?.content.publishedItems?.[list] ?? [];
      return items.slice(0, first).map(({ name, count }) => itemOf(name, count, shareIn(total, count)));
    }
    return itemsOfDivision(context.db, context.reader, subject, { year, list, first });
  };
}
