/** What every resolver of one request shares: the store, the day, and the reads that are batched. */

import DataLoader from 'dataloader';
import type { FastifyRequest } from 'fastify';
import type { Reader } from '../../access/visibility.js';
import { divisionsOf } from '../../register/browse.js';
import type { Compare } from '../../rollup/rank/positions.js';
import { comparePeers, type Peers } from '../../rollup/rank/ranking.js';
import { sumsOfAgencies } from '../../rollup/sums.js';
import type { Db } from '../../store/engine/schema.js';
import type { AgencyKind } from '../../words.js';
import type { AgencySource, DivisionSource } from './parts/sources.js';
import { type StatisticsPlan, type StatisticsSource, writeStatistics } from './statistics.js';

/** The kinds of agency a question is narrowed to; undefined is every filer. */
export type Kinds = readonly AgencyKind[] | undefined;

/** The context of one request. */
export interface GraphqlContext {
  readonly db: Db;
  readonly reader: FastifyRequest['reader'];
  readonly now: Date;
  /** The day in China, YYYY-MM-DD. */
  readonly today: string;
  /** Divisions by identity as of a day. */
  divisions(day: string): DataLoader<number, DivisionSource>;
  /** All areas of a level below a division, compared by a measure: once a request, however many of them are asked about. */
  readonly compare: Compare;
  /** Agencies' statistics, for one plan and some years. */
  statistics(plan: StatisticsPlan, years: readonly number[]): StatisticsLoader;
}

type StatisticsLoader = DataLoader<AgencySource, readonly StatisticsSource[]>;

/** Makes the context of a request. */
export function createContext(db: Db, reader: FastifyRequest['reader'], today: string): GraphqlContext {
  const byDay = new Map<string, DataLoader<number, DivisionSource>>();
  const compared = new Map<string, Promise<Peers>>();
  const byPlan = new Map<StatisticsPlan, Map<string, StatisticsLoader>>();
  return {
    db,
    reader,
    now: reader.now,
    today,
    compare: (top, query) => {
      const { measure, frame, ...asked } = query;
      const key = JSON.stringify([top.id, measure.key, frame.on, frame.knownOn, asked]);
      return getOrMake(compared, key, () => comparePeers(db, reader, top, query));
    },
    divisions: (day) => getOrMake(byDay, day, () => divisionLoader(db, day)),
    statistics: (plan, years) => {
      const byYears = getOrMake(byPlan, plan, () => new Map<string, StatisticsLoader>());
      return getOrMake(byYears, years.join(' '), () => statisticsLoader(db, reader, plan, years));
    },
  };
}

function divisionLoader(db: Db, day: string): DataLoader<number, DivisionSource> {
  return new DataLoader(async (ids) => (await divisionsOf(db, ids, day)).map((division) => ({ ...division, day })));
}

function statisticsLoader(db: Db, reader: Reader, plan: StatisticsPlan, years: readonly number[]): StatisticsLoader {
  const { cells, coverage } = plan;
  return new DataLoader(
    async (agencies) => {
      const found = await sumsOfAgencies(db, reader, agencies, { years, cells, coverage });
      return agencies.map((agency) =>
        (found.get(agency.id) ?? []).map((sums) => writeStatistics(plan, sums, { agency })),
      );
    },
    { cache: false },
  );
}

function getOrMake<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

declare module 'mercurius' {
  interface MercuriusContext extends GraphqlContext {}
}
