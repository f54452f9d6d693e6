/**
 * What the kept sums must hold, added up from the reports and their revisions, division by division: a division's sums are
 * complete once all counties below it were read, so that only those on the way from the nation to one county are in memory.
 */

import { referenceDate } from '../../day.js';
import { rateLines, rateSumOf } from '../../form/derived.js';
import { addExact, type Exact } from '../../form/exact.js';
import { type FormId, formIds, formOf, type SumFigures } from '../../form/forms.js';
import type { ReportContent } from '../../form/report.js';
import { type AgencyKind, agencyKinds, type Inclusion } from '../../words.js';
import { packedFigures, unpackFigures } from '../columns.js';
import { decodeContent } from '../contents.js';
import { flag, integer, nullable, oneOf, text } from '../engine/column.js';
import { readRows } from '../engine/run.js';
import type { Db } from '../engine/schema.js';
import { type RowOf, sqlStatement } from '../engine/statement.js';
import { inForce } from '../register/divisions.js';
import { joinsOtherAccepted } from '../revisions.js';
import { countItems } from './named-items.js';

/** One row of a kept table: by what it is known, in the order of the table's key, and its sums. */
interface FreshRow {
  readonly key: readonly string[];
  readonly sums: Exact[];
}

/** Rows of one kept table by their key, its parts joined by line breaks. */
type FreshRows = Map<string, FreshRow>;

/** All that is kept of one division and year. */
export interface FreshSums {
  readonly divisionId: number;
  readonly year: number;
  /** By inclusion, kind and form. */
  readonly rollup: FreshRows;
  /** By inclusion, kind, form and cell. */
  readonly rollup_blank: FreshRows;
  /** By inclusion, kind, list and name. */
  readonly rollup_item: FreshRows;
}

/** The kept tables. */
export const sumTables = ['rollup', 'rollup_blank', 'rollup_item'] as const;

/** The sums of every division and year that has reports, each once. To be read at one moment of the store. */
export async function* freshSums(db: Db): AsyncGenerator<FreshSums> {
  for (const { year } of await readRows(db, years)) {
    const open: FreshSums[] = [];
    for (const path of await pathsOfCounties(db, year)) {
      while (open.length > 0 && open.at(-1)?.divisionId !== path[open.length - 1]) yield close(open);
      for (const divisionId of path.slice(open.length)) open.push(noSums(divisionId, year));
      const own = open.at(-1);
      const countyId = path.at(-1);
      if (!own || countyId === undefined) continue;
      for (const row of await readRows(db, reportsOfCounty, { countyId, year })) addReport(own, row);
    }
    while (open.length > 0) yield close(open);
  }
}

const years = sqlStatement({
  takes: {},
  gives: { year: integer },
  text: 'select distinct year from report order by year',
});

const countiesOfYear = sqlStatement({
  takes: { year: integer },
  gives: { countyId: integer },
  text: `select distinct county_id as "countyId" from report where year = :year and kind <> 'COUNTY'`,
});

const parentsOnDay = sqlStatement({
  takes: { day: text },
  gives: { id: integer, parentId: nullable(integer) },
  text: `select s.division_id as id, s.parent_id as "parentId" from division_state s where ${inForce('s')}`,
});

/** Each county that has reports for a year, with all above it on 31 December from the nation down; what lies together follows each other. */
async function pathsOfCounties(db: Db, year: number): Promise<readonly (readonly number[])[]> {
  const parents = await readRows(db, parentsOnDay, { day: referenceDate(year) });
  const parentOf = new Map(parents.map(({ id, parentId }) => [id, parentId]));
  const paths = (await readRows(db, countiesOfYear, { year })).map(({ countyId }) => {
    const path: number[] = [];
    // In a damaged register a division may lie below itself.
    for (let id: number | null = countyId; id !== null && !path.includes(id); id = parentOf.get(id) ?? null) {
      path.unshift(id);
    }
    return path;
  });
  return paths.sort(comparePaths);
}

function comparePaths(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((id, place) => id !== other[place]);
  return at === -1 ? one.length - other.length : (one[at] ?? 0) - (other[at] ?? 0);
}

const reportInSums = {
  kind: oneOf(agencyKinds),
  form: oneOf(formIds),
  expected: flag,
  onTime: flag,
  sample: flag,
  publishedTotal: nullable(integer),
  isAccepted: flag,
  acceptedOnTime: flag,
  acceptedSample: flag,
  content: nullable(text),
  otherAccepted: nullable(text),
  figures: text,
};

/** What of a report is in the sums. */
type ReportInSums = RowOf<typeof reportInSums>;

const reportsOfCounty = sqlStatement({
  takes: { countyId: integer, year: integer },
  gives: reportInSums,
  text: `select r.kind, r.form, r.expected, r.on_time as "onTime", r.sample, r.published_total as "publishedTotal",
      case when r.accepted_revision = r.revision then 1 else 0 end as "isAccepted",
      coalesce(r.accepted_on_time, 0) as "acceptedOnTime", coalesce(r.accepted_sample, 0) as "acceptedSample",
      v.content, a.content as "otherAccepted", ${packedFigures('r')} as figures
    from report r join revision v on v.agency_id = r.agency_id and v.year = r.year and v.number = r.revision
      ${joinsOtherAccepted}
    where r.county_id = :countyId and r.year = :year and r.kind <> 'COUNTY'`,
});

/** What one report adds, of all that was filed or of what was accepted. */
interface Part {
  readonly inclusion: Inclusion;
  readonly kind: AgencyKind;
  readonly form: FormId;
  readonly figures: SumFigures;
  readonly publishedTotal: number | null;
  /** What its revision says: its blanks and its items, as they were filed. */
  readonly content: ReportContent;
  readonly counts: readonly [expected: number, onTime: number, sample: number];
}

/** Of all, the current revision as it is in columns; of those accepted, the accepted one, which may be in its text only. */
function addReport(sums: FreshSums, row: ReportInSums): void {
  const { kind, form, expected, publishedTotal } = row;
  if (row.content === null) return;
  const content = decodeContent(row.content);
  const current = { kind, form, figures: unpackFigures(row.figures), publishedTotal, content };
  addPart(sums, { inclusion: 'ALL', counts: [expected, row.onTime * expected, row.sample], ...current });
  const counts = [expected, row.acceptedOnTime * expected, row.acceptedSample] as const;
  if (row.isAccepted) addPart(sums, { inclusion: 'ACCEPTED', counts, ...current });
  if (row.otherAccepted === null) return;
  const other = decodeContent(row.otherAccepted);
  const { total = null } = other.publishedItems ?? {};
  const accepted = { kind, form: other.form, figures: other.figures, publishedTotal: total, content: other };
  addPart(sums, { inclusion: 'ACCEPTED', counts, ...accepted });
}

function addPart(sums: FreshSums, { inclusion, kind, form, figures, publishedTotal, content, counts }: Part): void {
  const blanks = formOf(content.form).cells.filter(({ at }) => content.figures[at] === null);
  const rates = rateLines.flatMap((rate) => {
    const { reports, over, of } = rateSumOf(figures, rate);
    return [reports, over, of];
  });
  const own: (Exact | null)[] = [
    1,
    ...counts,
    publishedTotal ?? 0,
    publishedTotal === null ? 0 : 1,
    blanks.length,
    ...rates,
  ];
  addRow(sums.rollup, [inclusion, kind, form], [...own, ...figures]);
  for (const { key } of blanks) addRow(sums.rollup_blank, [inclusion, kind, content.form, key], [1]);
  for (const { list, name, sums: item } of countItems(content)) {
    addRow(sums.rollup_item, [inclusion, kind, list, name], item);
  }
}

function addRow(rows: FreshRows, key: readonly string[], added: readonly (Exact | null)[]): void {
  const name = key.join('\n');
  const row = rows.get(name);
  if (!row) {
    rows.set(name, { key, sums: added.map((sum) => sum ?? 0) });
    return;
  }
  for (let place = 0; place < added.length; place++) {
    const sum = added[place];
    // Nine in ten are zero.
    if (sum) row.sums[place] = addExact(row.sums[place] ?? 0, sum);
  }
}

/** A division and year without any. */
export function noSums(divisionId: number, year: number): FreshSums {
  return { divisionId, year, rollup: new Map(), rollup_blank: new Map(), rollup_item: new Map() };
}

/** Takes the innermost of the divisions that are open, whose sums are complete, and adds them to those of the one above it. */
function close(open: FreshSums[]): FreshSums {
  const complete = open.pop();
  if (!complete) throw new Error('a division is closed that was opened');
  const above = open.at(-1);
  for (const table of above ? sumTables : []) {
    for (const { key, sums } of complete[table].values()) if (above) addRow(above[table], key, sums);
  }
  return complete;
}
