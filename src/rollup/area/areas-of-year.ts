/** What all areas of a level are asked for and found by: the areas of a year, each by its place. */
import type { Measure } from '../../form/measure/measures.js';
import type { Frame } from '../../register/frame.js';
import type { RegisterAt } from '../../register/known.js';
import type { Division } from '../../store/register/divisions.js';
import type { Territory } from '../../store/rollup/territory.js';
import type { Inclusion } from '../../words.js';
import type { Area } from './areas.js';
import type { MeasureColumns, Measured } from './measured.js';

/** Of how many agencies and reports an area's sums are. */
export interface AreaCounts {
  /** How many agencies are expected to file, and how many of these have, whatever the sums include. */
  readonly expected: number;
  readonly reported: number;
  /** How many reports the sums are of, how many of these are of agencies expected to file, and how many are made-up samples. */
  readonly reports: number;
  readonly expectedReports: number;
  readonly samples: number;
}

/** The areas of a year by code, each by its place. What is not looked at is not made: there may be 41,000. */
export interface AreasOfYear {
  readonly year: number;
  /** What all of the sums include: decided for the division that holds all areas. */
  readonly inclusion: Inclusion;
  readonly count: number;
  readonly areaAt: (index: number) => Area;
  readonly countsAt: (index: number) => AreaCounts;
  /** Reads a measure, which must be among those asked for. */
  readonly measureAt: (measure: Measure) => (index: number) => Measured;
}

/** Of what areas are asked for, whatever the year. */
export interface AskedYears {
  readonly division: Division;
  readonly register: RegisterAt;
  readonly frame: Frame;
  readonly territory: Territory;
  readonly columns: MeasureColumns;
}
