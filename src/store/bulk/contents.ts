/** What many reports say, read at once: figures from the columns of the reports, the rest from the revisions shown. */
import { formIds } from '../../form/forms.js';
import { cellColumns, inGroups } from '../columns.js';
import { decodeTexts } from '../contents.js';
import { integer, listOf, nullable, oneOf, text } from '../engine/column.js';
import { integerAt, itemsOf, joinedFromList, packed, unpackRows } from '../engine/dialect.js';
import { readRows } from '../engine/run.js';
import type { Db } from '../engine/schema.js';
import { sqlStatement } from '../engine/statement.js';
import type { ReportRow } from '../reports.js';
import { findRevisions, type SaidRevision } from '../revisions.js';

/** A report, and which of its revisions is shown. */
type ShownRevision = Pick<ReportRow, 'id' | 'agencyId' | 'year' | 'revision'>;

const noFigures: readonly (number | null)[] = [];
const figureGroups = inGroups(cellColumns.map((column) => `r.${column}`)).map(packed);

/** Of revisions that are current. Figures come packed: as values of their own they take three times as long. */
const currentContents = sqlStatement({
  takes: { reports: listOf<readonly [id: number, revision: number]>() },
  gives: [
    ...([integer, oneOf(formIds), nullable(text), text, nullable(text), text] as const),
    ...figureGroups.map(() => text),
  ],
  text: `select r.id, r.form, v.content, v.hash, v.reason, v.actor, ${figureGroups.join(', ')}
    from ${itemsOf(':reports', 'a')} ${joinedFromList} report r
      on r.id = ${integerAt('a.value', 0)} and r.revision = ${integerAt('a.value', 1)}
    join revision v on v.agency_id = r.agency_id and v.year = r.year and v.number = r.revision`,
});

/**
 * What some reports say in the revisions shown, by their identities. What was accepted and is no longer current is only in
 * its own content.
 */
export async function saidInReports(
  db: Db,
  reports: readonly ShownRevision[],
): Promise<ReadonlyMap<number, SaidRevision>> {
  const said = new Map<number, SaidRevision>();
  const asked = reports.map(({ id, revision }) => [id, revision] as const);
  for (const row of await readRows(db, currentContents, { reports: asked })) {
    const [id, form, content, hash, reason, actor, ...groups] = row;
    if (content === null) continue;
    const figures = noFigures.concat(...groups.map((group) => unpackRows<number | null>(group)));
    const { publishedItems, engagement, narrative, source } = decodeTexts(content);
    const whole = { form, figures, publishedItems, engagement, narrative, source };
    said.set(id, { content: whole, hash, reason, actor });
  }
  await addOthers(db, reports, said);
  return said;
}

async function addOthers(db: Db, reports: readonly ShownRevision[], said: Map<number, SaidRevision>): Promise<void> {
  const others = reports.filter(({ id }) => !said.has(id));
  if (others.length === 0) return;
  const asked = others.map(({ agencyId, year, revision }) => [agencyId, year, revision] as const);
  const found = await findRevisions(db, asked);
  for (const { id, agencyId, year, revision } of others) {
    const one = found.get(`${agencyId} ${year} ${revision}`);
    if (one) said.set(id, one);
  }
}
