/** How much the bench takes on. */

/** The size of a run. */
export interface Scale {
  readonly name: 'quick' | 'full';
  /** Agencies that file in a year, at the most. */
  readonly townships: number;
  /** Years of the national store. */
  readonly years: number;
  /** Years of the stores in which each hot question is asked for its growth. */
  readonly growth: readonly number[];
  readonly rounds: number;
  /** Seconds of each round of each measure. */
  readonly seconds: number;
  /** Requests of each round where only the processor is looked at. */
  readonly requests: number;
  /** Seconds of mixed load, while the memory is looked at. */
  readonly mixedSeconds: number;
  /** Pairs of filings by which the upkeep of rollups is measured. */
  readonly filings: number;
  /** Pages that are turned, and reports of each. */
  readonly pages: number;
  readonly pageSize: number;
  /** Lines of a file that changes the register. */
  readonly changes: number;
}

/** Minutes, on a part of the nation: whether all of it works, and about how fast. */
export const quick: Scale = {
  name: 'quick',
  townships: 2000,
  years: 3,
  growth: [1, 3, 7],
  rounds: 2,
  seconds: 0.5,
  requests: 300,
  mixedSeconds: 6,
  filings: 120,
  pages: 100,
  pageSize: 10,
  changes: 500,
};

/** The nation over five years: what the READMEs say. */
export const full: Scale = {
  name: 'full',
  townships: 41_352,
  years: 5,
  growth: [1, 3, 7],
  rounds: 5,
  seconds: 2,
  requests: 2000,
  mixedSeconds: 60,
  filings: 1600,
  pages: 400,
  pageSize: 50,
  changes: 2000,
};
