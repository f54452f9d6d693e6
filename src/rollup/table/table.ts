/** A table of statistics: areas by years by measures, an observation each. Pure. */
import type { Measure } from '../../form/measure/measures.js';
import type { Frame } from '../../register/frame.js';
import type { Division } from '../../store/register/divisions.js';
import type { AgencyKind, DivisionLevel, Inclusion } from '../../words.js';
import type { Observation } from './observation.js';
import type { AreaBreak } from './table-breaks.js';

/** What a table has a row of for each: the agencies of a division, or the divisions of a level in it. */
export const tableParts = ['agency', 'county', 'prefecture', 'province'] as const;
export type TablePart = (typeof tableParts)[number];

/** An agency or division that is observed, as it was in the last year asked for, or in its last one before. */
export interface TableArea {
  /** Its code; with a number behind it where two areas of a table had the same code in turn. */
  readonly code: string;
  readonly name: string;
  readonly level: DivisionLevel | 'AGENCY';
  /** What an agency is; null of a division. */
  readonly kind: AgencyKind | null;
  /** The division directly above it; null of the nation. */
  readonly parent: { readonly code: string; readonly name: string } | null;
}

/** A break in the series of an area, which is named by its code. */
export interface TableBreak extends Omit<AreaBreak, 'areaId'> {
  readonly area: string;
}

/** A table with what it is of. */
export interface StatisticsTable {
  readonly division: Pick<Division, 'code' | 'name' | 'level'>;
  /** Left out (null) the one area is the division itself. */
  readonly by: TablePart | null;
  readonly areas: readonly TableArea[];
  /** In the order of their numbers. */
  readonly years: readonly number[];
  readonly measures: readonly Measure[];
  /** One for each area, year and measure: the measures of a year stand together, and the years of an area. */
  readonly observations: readonly Observation[];
  readonly kinds: readonly AgencyKind[];
  readonly frame: Frame;
  /** What the sums of the division itself are of, by year: each observation says it of its own. */
  readonly inclusions: ReadonlyMap<number, Inclusion>;
  readonly breaks: readonly TableBreak[];
  /** The last entry of the log when it was read: it grows with every change of the store. */
  readonly version: { readonly number: number; readonly at: string | null };
}

/** An observation with what it is of. */
export interface TableRow {
  readonly area: TableArea;
  readonly year: number;
  readonly measure: Measure;
  readonly observation: Observation;
}

/** Every observation with what it is of, by area, then year, then measure. */
export function* rowsOf({ areas, years, measures, observations }: StatisticsTable): Generator<TableRow> {
  let at = 0;
  for (const area of areas) {
    for (const year of years) {
      for (const measure of measures) {
        yield { area, year, measure, observation: observationAt(observations, at++) };
      }
    }
  }
}

/** The observation at a place of a table. */
export function observationAt(observations: readonly Observation[], at: number): Observation {
  const observation = observations[at];
  if (!observation) throw new Error('a table has an observation for each area, year and measure');
  return observation;
}
