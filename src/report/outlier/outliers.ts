/**
 * The figures of some reports that are far from what is usual for the agency and its peers, made of nothing but what the
 * reader may read: current reports where a token reads them, elsewhere what was accepted.
 */
import { type Reader, visibleTo } from '../../access/visibility.js';
import { yearInChina } from '../../day.js';
import { firstYear } from '../../form/forms.js';
import { type MeasureValue, printMeasure } from '../../form/measure/measures.js';
import type { Db } from '../../store/engine/schema.js';
import { type ReportValues, valuesOfAgencies, valuesOfCounties } from '../../store/filings/values.js';
import { divisionsBelow } from '../../store/register/divisions.js';
import { lineageOf } from '../../store/register/lineage.js';
import { findRevision } from '../../store/revisions.js';
import type { AgencyKind, Label } from '../../words.js';
import { type Basis, findOutlier, minFigures } from './rule.js';
import { type Watched, watched, watchedCells } from './watched.js';

/** A figure that is far from what is usual. */
export interface Outlier {
  readonly measure: string;
  readonly label: Label;
  readonly value: MeasureValue;
  readonly usual: { readonly low: MeasureValue; readonly high: MeasureValue };
  readonly basis: Basis;
}

/** A report whose figures are compared: the current one, which the reader must be one to read. */
export interface ComparedReport {
  readonly agencyId: number;
  readonly countyId: number;
  readonly kind: AgencyKind;
}

/** What one report says of all that is watched, in its order; null for what it does not say. */
type Values = readonly (number | null)[];

/** The outliers of some reports of a year, by agency. Peers are of the same kind, in the county, or where these are too few in the prefecture. */
export async function findOutliers(
  db: Db,
  reader: Reader & { readonly now: Date },
  reports: readonly ComparedReport[],
  year: number,
): Promise<ReadonlyMap<number, readonly Outlier[]>> {
  if (reports.length === 0) return new Map();
  const seen = await seeing(db, reader);
  const ids = reports.map(({ agencyId }) => agencyId);
  const years = new Map<number, { year: number; values: Values }[]>();
  for (const row of await valuesOfAgencies(db, watchedCells, ids)) {
    const values = await seen(row);
    if (values) years.set(row.agencyId, [...(years.get(row.agencyId) ?? []), { year: row.year, values }]);
  }
  const peers = await peersOf(db, reports, year, seen);
  return new Map(
    reports.map((report) => {
      const all = years.get(report.agencyId) ?? [];
      const current = all.find((one) => one.year === year)?.values;
      const own = all.filter((one) => one.year !== year).map(({ values }) => values);
      return [report.agencyId, current ? outliersIn(current, own, peers(report)) : []];
    }),
  );
}

function outliersIn(current: Values, own: readonly Values[], peers: (at: number) => readonly number[]): Outlier[] {
  return watched.flatMap(({ measure, start }, at) => {
    const value = current[at] ?? null;
    if (value === null) return [];
    const found = findOutlier(value, { own: filled(own, at), peers: peers(at), start });
    if (!found) return [];
    const { low, high } = found.usual;
    // Only a blank is printed as null.
    const print = (one: number) => printMeasure(measure, one) ?? one;
    return [
      {
        measure: measure.key,
        label: measure.label,
        value: print(value),
        usual: { low: print(low), high: print(high) },
        basis: found.basis,
      },
    ];
  });
}

function filled(all: readonly Values[], at: number): number[] {
  return all.flatMap((values) => values[at] ?? []);
}

type Seen = (row: ReportValues) => Promise<Values | undefined>;

/** What a reader is shown of each report that is read: its current figures, what was accepted of it, or nothing. */
async function seeing(db: Db, reader: Reader & { readonly now: Date }): Promise<Seen> {
  const last = yearInChina(reader.now);
  const years = Array.from({ length: last - firstYear + 1 }, (_, index) => firstYear + index);
  const visible = await visibleTo(db, reader, years);
  if (!visible) return async (row) => valuesIn(row);
  const counties = new Set(visible.readable.counties.map(([id, year]) => `${id} ${year}`));
  const agencies = new Set(visible.readable.agencyIds);
  return async (row) => {
    if (counties.has(`${row.countyId} ${row.year}`) || agencies.has(row.agencyId)) return valuesIn(row);
    const { acceptedRevision } = row;
    if (visible.elsewhere !== 'ACCEPTED' || acceptedRevision === null) return undefined;
    return acceptedRevision === row.revision ? valuesIn(row) : acceptedValues(db, row, acceptedRevision);
  };
}

function valuesIn({ figures, publishedTotal }: Pick<ReportValues, 'figures' | 'publishedTotal'>): Values {
  let next = 0;
  return watched.map(({ cell }) => (cell ? (figures[next++] ?? null) : publishedTotal));
}

async function acceptedValues(db: Db, { agencyId, year }: ReportValues, number: number): Promise<Values | undefined> {
  const content = (await findRevision(db, agencyId, year, number))?.content;
  return content
    ? watched.map(({ cell }: Watched) =>
        cell ? (content.figures[cell.at] ?? null) : (content.publishedItems?.total ?? null),
      )
    : undefined;
}

interface Peer {
  readonly agencyId: number;
  readonly kind: AgencyKind;
  readonly values: Values;
}

/** For each report, what its peers say of something that is watched. */
async function peersOf(
  db: Db,
  reports: readonly ComparedReport[],
  year: number,
  seen: Seen,
): Promise<(report: ComparedReport) => (at: number) => readonly number[]> {
  const counties = [...new Set(reports.map(({ countyId }) => countyId))];
  const near = new Map(await Promise.all(counties.map(async (id) => [id, await read(db, [id], year, seen)] as const)));
  const prefectures = new Map<number, readonly Peer[]>();
  const far = new Map<number, readonly Peer[]>();
  for (const county of counties) {
    const kinds = new Set(reports.filter(({ countyId }) => countyId === county).map(({ kind }) => kind));
    const own = near.get(county) ?? [];
    const areFew = [...kinds].some((kind) => own.filter((peer) => peer.kind === kind).length <= minFigures.peers);
    const prefecture = areFew ? (await lineageOf(db, county, year))[1] : undefined;
    if (prefecture === undefined) continue;
    const found = prefectures.get(prefecture) ?? (await readBelow(db, prefecture, year, seen));
    prefectures.set(prefecture, found);
    far.set(county, found);
  }
  return ({ agencyId, countyId, kind }) => {
    const valuesOf = (peers: readonly Peer[] = []) =>
      peers.filter((peer) => peer.kind === kind && peer.agencyId !== agencyId).map(({ values }) => values);
    const [own, wider] = [valuesOf(near.get(countyId)), valuesOf(far.get(countyId))];
    return (at) => {
      const values = filled(own, at);
      return values.length >= minFigures.peers ? values : filled(wider, at);
    };
  };
}

async function readBelow(db: Db, divisionId: number, year: number, seen: Seen): Promise<readonly Peer[]> {
  const below = (await divisionsBelow(db, divisionId, [year])).get(year) ?? new Set();
  return read(db, [...below], year, seen);
}

async function read(db: Db, counties: readonly number[], year: number, seen: Seen): Promise<readonly Peer[]> {
  const peers: Peer[] = [];
  for (const row of await valuesOfCounties(db, watchedCells, counties, year)) {
    const values = await seen(row);
    if (values) peers.push({ agencyId: row.agencyId, kind: row.kind, values });
  }
  return peers;
}
