/** The agencies below a division with what the report of each says: rows of reports, each at the place of its agency. */
import { referenceDate } from '../../day.js';
import { takeTurns } from '../../loop.js';
import { reportsIn } from '../../report/known.js';
import type { Db } from '../../store/engine/schema.js';
import { nobodyFiled } from '../../store/rollup/filed.js';
import {
  countsOfReport,
  isSample,
  type ReportRow,
  readReportRows,
  rowsOfKnown,
  type ShownReports,
} from '../../store/rollup/report-rows.js';
import type { SumOf } from '../../store/rollup/sums.js';
import type { Inclusion } from '../../words.js';
import { type Filer, filersWithin } from './areas.js';
import type { AreaCounts, AreasOfYear, AskedYears } from './areas-of-year.js';
import { measureCoverage, reportMeasureReader } from './measured.js';

/** The agencies of a division in each of some years, in their order, with what their reports say. */
export async function sumsOfAgencies(
  db: Db,
  asked: AskedYears,
  years: readonly number[],
  of: SumOf,
): Promise<readonly AreasOfYear[]> {
  const { division, register, frame, columns } = asked;
  const { kinds, inclusion } = of;
  const filers = new Map<number, readonly Filer[]>();
  for (const [year, all] of await filersWithin(db, register, division, years, asked)) {
    filers.set(year, kinds ? all.filter(({ agency }) => kinds.includes(agency.kind)) : all);
  }
  const reports = new Map<number, ShownReports>();
  // Of the whole nation a year at a time: its reports are 41,000 rows.
  const isNation = division.level === 'NATION';
  const spans = isNation || frame.knownOn !== null ? years.map((year) => [year]) : [years];
  for (const span of spans) {
    const own = new Map(span.map((year) => [year, filers.get(year) ?? []]));
    const from = isNation ? 'all reports' : 'these agencies';
    const read =
      frame.knownOn === null
        ? await readReportRows(db, { years: mapValues(own, placesOf), from }, columns.boxes, inclusion)
        : await reportsKnown(db, asked, own, inclusion);
    for (const [year, found] of read) reports.set(year, found);
  }
  return years.map((year) => {
    const found = { filers: filers.get(year) ?? [], reports: reports.get(year) ?? noReports };
    return listAgencies(thoseThatCount(found), asked, year, of);
  });
}

const noReports: ShownReports = { current: [], shown: [] };

function mapValues<Key, Value, Other>(map: ReadonlyMap<Key, Value>, make: (value: Value) => Other): Map<Key, Other> {
  return new Map([...map].map(([key, value]) => [key, make(value)]));
}

/** Agencies, and the report of each at its place. */
interface FoundAgencies {
  readonly filers: readonly Filer[];
  readonly reports: ShownReports;
}

function listAgencies(
  { filers, reports: { current, shown } }: FoundAgencies,
  { columns }: AskedYears,
  year: number,
  { inclusion }: SumOf,
): AreasOfYear {
  const day = referenceDate(year);
  const filerAt = (index: number) => {
    const filer = filers[index];
    if (!filer) throw new Error(`there is no agency ${index}`);
    return filer;
  };
  const countsAt = (index: number): AreaCounts => {
    const [own, row] = [current[index], shown[index] ?? null];
    const { reported, accepted } = own ? countsOfReport(own) : nobodyFiled;
    return {
      expected: Number(filerAt(index).isExpected),
      reported,
      reports: row ? 1 : 0,
      expectedReports: inclusion === 'ALL' ? reported : accepted,
      samples: row && isSample(row) ? 1 : 0,
    };
  };
  return {
    year,
    inclusion,
    count: filers.length,
    areaAt: (index) => {
      const { id, code, name, kind, countyId, validFrom, validTo } = filerAt(index).agency;
      return { id, code, name, kind, countyId, validFrom, validTo, day };
    },
    countsAt,
    measureAt: (measure) => {
      if (measure.source.of === 'coverage') return (index) => measureCoverage(countsAt(index));
      const read = reportMeasureReader(measure, columns.boxes);
      return (index) => read(shown[index] ?? null);
    },
  };
}

/** The places of agencies in a list, kept as long as the list. */
const placesOfLists = new WeakMap<readonly Filer[], ReadonlyMap<number, number>>();

function placesOf(filers: readonly Filer[]): ReadonlyMap<number, number> {
  const known = placesOfLists.get(filers);
  if (known) return known;
  const places = new Map(filers.map(({ agency }, place) => [agency.id, place]));
  placesOfLists.set(filers, places);
  return places;
}

/** Without those that neither are expected to file nor did: mostly there are none. */
function thoseThatCount(found: FoundAgencies): FoundAgencies {
  const { filers, reports } = found;
  const counts = ({ isExpected }: Filer, place: number) => isExpected || reports.current[place] !== undefined;
  if (filers.every(counts)) return found;
  const those = <Item>(list: readonly Item[]) =>
    list.filter((_, place) => filers[place] && counts(filers[place], place));
  return { filers: those(filers), reports: { current: those(reports.current), shown: those(reports.shown) } };
}

/** How many reports are read in one piece. */
const reportsAtOnce = 500;

/** What was known of the reports of some agencies at the register's instant, as their rows would say it, by year. */
async function reportsKnown(
  db: Db,
  { register, columns }: AskedYears,
  filers: ReadonlyMap<number, readonly Filer[]>,
  inclusion: Inclusion,
): Promise<ReadonlyMap<number, ShownReports>> {
  const turn = takeTurns();
  const reports = new Map<number, ShownReports>();
  for (const [year, all] of filers) {
    const places = placesOf(all);
    const current: (ReportRow | undefined)[] = all.map(() => undefined);
    const shown: (ReportRow | null | undefined)[] = [...current];
    for (let start = 0; start < all.length; start += reportsAtOnce) {
      const asked = all.slice(start, start + reportsAtOnce).map(({ agency }) => ({ agencyId: agency.id, year }));
      for (const { agencyId, ...known } of (await reportsIn(db, register, asked)).values()) {
        const place = places.get(agencyId);
        if (place === undefined) continue;
        const rows = rowsOfKnown(agencyId, known, columns.boxes, inclusion);
        current[place] = rows.current;
        shown[place] = rows.shown;
      }
      await turn();
    }
    reports.set(year, { current, shown });
  }
  return reports;
}
