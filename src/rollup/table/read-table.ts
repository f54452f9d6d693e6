/** The use case that reads a table of statistics: area by year by measure, as far as the reader may see. */
import type { Reader } from '../../access/visibility.js';
import { referenceDate } from '../../day.js';
import { firstYear } from '../../form/forms.js';
import { Problem } from '../../problem.js';
import { resolveDivisionIn } from '../../register/known.js';
import { lastAudit } from '../../store/audit-records.js';
import type { Db } from '../../store/engine/schema.js';
import { countAgencies } from '../../store/register/agencies.js';
import type { Division } from '../../store/register/divisions.js';
import { listDivisionsBelow } from '../../store/register/find/lists.js';
import { type DivisionLevel, divisionLevels, filerKinds } from '../../words.js';
import type { Area, AreaLevel } from '../area/areas.js';
import { registerOf } from '../territories.js';
import { type Observation, observeNothing, openObserver, type Seen } from './observation.js';
import type { StatisticsTable, TablePart } from './table.js';
import { breaksNamed, divisionsIn, nameAreas, sortAreas } from './table-areas.js';
import { type AreaBreak, breaksOfAgencies, breaksOfDivisions } from './table-breaks.js';
import { type FiguresQuery, type FoundArea, type FoundYear, readParts, readWhole } from './table-figures.js';

/** The most observations that one table has: they are answered in one piece. */
export const maxObservations = 100_000;

/** Which table is asked for. */
export interface TableQuery extends FiguresQuery {
  /** The code of the division that it is of. */
  readonly division: string;
  readonly by: TablePart | null;
  /** In their order, each once, at least one. */
  readonly years: readonly number[];
}

const levels: Readonly<Record<TablePart, AreaLevel>> = {
  agency: 'AGENCY',
  county: 'COUNTY',
  prefecture: 'PREFECTURE',
  province: 'PROVINCE',
};

/**
 * Reads a table. Throws `unknown-division`; `invalid-parameter` for parts that do not lie below the division and for a table
 * that is too large; `unauthorized` or `forbidden` where these sums are closed to the reader.
 */
export async function readTable(db: Db, reader: Reader, query: TableQuery): Promise<StatisticsTable> {
  const { years, frame, by, measures, kinds = filerKinds } = query;
  const last = Math.max(...years);
  const register = await registerOf(db, frame);
  const day = frame.on ?? referenceDate(last);
  const division = await resolveDivisionIn(db, register, query.division, day);
  await requireSize(db, division, query, day);
  const version = await lastAudit(db);
  const read = (some: readonly number[], asked: FiguresQuery) =>
    by === null
      ? readWhole(db, reader, division, asked, some)
      : readParts(db, reader, division, { ...asked, by: levels[by] }, some);
  const found = await read(years, query);
  // Where all that was filed is asked for, a year before of which the reader has only what was accepted is compared with.
  const inclusion = query.inclusion === 'ALL' ? undefined : query.inclusion;
  const before = await readIfOpen(() => read(yearsBefore(query), { ...query, inclusion }));
  const areas = sortAreas(found);
  const asked = { register, years, frame };
  const breaks =
    by === 'agency'
      ? await breaksOfAgencies(db, areas, asked)
      : await breaksOfDivisions(db, division, divisionsIn(areas), asked);
  const named = await nameAreas(db, areas, day);
  return {
    division,
    by,
    areas: named,
    years,
    measures,
    observations: observeAll(query, [...before, ...found], areas, breaks),
    kinds,
    frame,
    inclusions: new Map(found.map(({ year, inclusion }) => [year, inclusion])),
    breaks: breaksNamed(breaks, areas, named),
    version: { number: version?.number ?? 0, at: version?.at ?? null },
  };
}

/** The years before those asked for, where they decide whether a series is broken by a change of form. */
function yearsBefore({ years, measures }: TableQuery): readonly number[] {
  if (measures.every(({ onOtherForms }) => onOtherForms.length === 0)) return [];
  return years.map((year) => year - 1).filter((year) => year >= firstYear && !years.includes(year));
}

/** What is only compared with: where it is closed to the reader, there is nothing to compare with. */
async function readIfOpen(read: () => Promise<readonly FoundYear[]>): Promise<readonly FoundYear[]> {
  try {
    return await read();
  } catch (failure) {
    if (failure instanceof Problem && (failure.kind === 'forbidden' || failure.kind === 'unauthorized')) return [];
    throw failure;
  }
}

/** Refuses what would be too large before anything of it is read. */
async function requireSize(db: Db, division: Division, query: TableQuery, day: string): Promise<void> {
  const { by, years, measures } = query;
  if (by !== null && by !== 'agency') requireBelow(division, by);
  const each = years.length * measures.length;
  const areas = by === null ? 1 : await countAreas(db, division, query, by, day);
  if (areas * each <= maxObservations) return;
  throw new Problem('invalid-parameter', {
    zh: `此表有 ${areas} 个区域 × ${years.length} 个年度 × ${measures.length} 个指标，超过 ${maxObservations} 个数值；请减少 years 或 measures，或改用较小的 division、较高的 by。全部数据见 /v1/exports。`,
    en: `The table has ${areas} areas by ${years.length} years by ${measures.length} measures, more than ${maxObservations} observations. Ask for fewer years or measures, for a smaller division, or by a higher level; /v1/exports has all data.`,
  });
}

function requireBelow(division: Division, by: Exclude<TablePart, 'agency'>): void {
  const level = levels[by];
  if (level !== 'AGENCY' && rankOf(level) > rankOf(division.level)) return;
  throw new Problem('invalid-parameter', {
    zh: `by=${by} 应低于 ${division.name} 的级别（${division.level}）；只要该区划本身，请不填 by。`,
    en: `by=${by} must be a level below that of ${division.name} (${division.level}); leave by out for the division itself.`,
  });
}

function rankOf(level: DivisionLevel): number {
  return divisionLevels.indexOf(level);
}

async function countAreas(
  db: Db,
  division: Division,
  { kinds }: TableQuery,
  by: TablePart,
  day: string,
): Promise<number> {
  const level = levels[by];
  if (level === 'AGENCY') return countAgencies(db, { divisionId: division.id, day, kinds: kinds ?? filerKinds });
  const page = await listDivisionsBelow(db, { divisionId: division.id, level, day }, { first: 1 });
  return page.total;
}

function observeAll(
  { years, measures }: TableQuery,
  found: readonly FoundYear[],
  areas: readonly Area[],
  breaks: readonly AreaBreak[],
): readonly Observation[] {
  const byYear = new Map(found.map((one) => [one.year, one]));
  const broken = new Set(breaks.map(({ areaId, year }) => `${areaId} ${year}`));
  const observations: Observation[] = [];
  for (const { id } of areas) {
    for (const year of years) {
      const own = byYear.get(year);
      const one = own?.areas.get(id);
      const before = byYear.get(year - 1)?.areas.get(id);
      const inclusion = own?.inclusion ?? 'ACCEPTED';
      if (!one) {
        const nothing = observeNothing(inclusion);
        for (const _ of measures) observations.push(nothing);
        continue;
      }
      const observe = openObserver({ counts: one.counts, inclusion, isBroken: broken.has(`${id} ${year}`) });
      for (let at = 0; at < measures.length; at++) {
        const [measure, measured] = [measures[at], one.measured[at]];
        if (!measure || !measured) throw new Error('each measure is read of each area');
        observations.push(observe(measure, measured, measure.onOtherForms.length > 0 ? seenIn(before, at) : undefined));
      }
    }
  }
  return observations;
}

function seenIn(one: FoundArea | undefined, at: number): Seen | undefined {
  const measured = one?.measured[at];
  return one && measured && { measured, reports: one.counts.reports };
}
