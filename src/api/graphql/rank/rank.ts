/** What compares: rankings, positions, and the change from one year to the next. */

import type { Reader } from '../../../access/visibility.js';
import { findMeasure, type Measure, measures } from '../../../form/measure/measures.js';
import type { Frame } from '../../../register/frame.js';
import { type AreaLevel, isAgencyArea } from '../../../rollup/area/areas.js';
import { type ComparedYear, changesOf } from '../../../rollup/rank/change.js';
import type { Order } from '../../../rollup/rank/order.js';
import {
  type Compare,
  type PeerLevel,
  type PositionQuery,
  positionOfAgency,
  positionOfDivision,
} from '../../../rollup/rank/positions.js';
import {
  distributionOf,
  type Peers,
  type Position,
  rankedPage,
  unrankedPage,
  type ValueOf,
} from '../../../rollup/rank/ranking.js';
import type { Db } from '../../../store/engine/schema.js';
import type { AgencyKind, Inclusion } from '../../../words.js';
import { invalidParameter, readableYear } from '../../http/parameters.js';
import { each } from '../execute/steps.js';
import { type FrameAsked, readFrame } from '../parts/frames.js';
import { connectionOf, type PageArguments, readNumberPage } from '../parts/paging.js';
import type { AgencySource, DivisionSource } from '../parts/sources.js';

/** What these resolvers need of what all of a request share. */
interface Context {
  readonly db: Db;
  readonly reader: Reader;
  readonly now: Date;
  readonly compare: Compare;
}

interface Compared {
  readonly measure: string;
  readonly year: number;
  readonly include?: Inclusion | null;
  readonly frame?: FrameAsked | null;
  readonly order: Order;
}

type Kinded = { readonly kinds?: readonly AgencyKind[] | null };
type RankingAsked = Compared & Kinded & PageArguments & { readonly of: AreaLevel };
type PositionAsked = Compared & { readonly among: PeerLevel };

/** The resolvers by type and field. */
export const rankResolvers = {
  Division: {
    ranking: async (division: DivisionSource, args: RankingAsked, context: Context) => {
      const query = { ...readCompared(args, context.now), of: args.of, kinds: args.kinds ?? undefined };
      const page = readNumberPage(args);
      return writeRanking(await context.compare(division, query), args, page);
    },
    position: async (division: DivisionSource, args: PositionAsked & Kinded, context: Context) =>
      writePosition(
        await positionOfDivision(context.db, context.compare, division, {
          ...readPosition(args, context.now),
          kinds: args.kinds ?? undefined,
        }),
      ),
  },
  Agency: {
    position: async (agency: AgencySource, args: PositionAsked, context: Context) =>
      writePosition(await positionOfAgency(context.db, context.compare, agency, readPosition(args, context.now))),
  },
  Statistics: {
    change: each(
      async (
        sources: readonly ComparedYear[],
        { measures: keys }: { readonly measures: readonly string[] },
        { db, reader }: Context,
      ) => {
        const found = await changesOf(db, reader, sources, readMeasures(keys));
        return found.map((changes) =>
          changes.map(({ measure, previous, current, ...change }) => ({
            ...change,
            measure: measure.key,
            previous: previous.value,
            current: current.value,
            years: [previous, current],
          })),
        );
      },
    ),
  },
  RankingConnection: {
    unranked: ({ peers }: { readonly peers: Peers }, args: PageArguments) => {
      const { first, after = 0 } = readNumberPage(args);
      const items = unrankedPage(peers, { first, after });
      const total = peers.unranked.length;
      return connectionOf(
        { items: placed(items, after), total, more: after + items.length < total },
        args,
        ({ place }) => place,
        ({ item: { reason, ...value } }) => ({ ...writeValueOf(value), reason }),
      );
    },
  },
};

function writeRanking(
  peers: Peers,
  args: RankingAsked,
  { first, after = 0 }: { readonly first: number; readonly after?: number },
) {
  const items = rankedPage(peers, args.order, { first, after });
  const total = peers.ranked.length;
  const page = { items: placed(items, after), total, more: after + items.length < total };
  const connection = connectionOf(
    page,
    args,
    ({ place }) => place,
    ({ item: { rank, ties, percentile, ...value } }) => ({ ...writeValueOf(value), rank, ties, percentile }),
  );
  return Object.assign(connection, {
    peers,
    n: total,
    expected: peers.expected,
    includes: peers.areas.inclusion,
    distribution: distributionOf(peers),
    reason: peers.reason,
  });
}

/** Items with their places in a list, from 1. */
function placed<Item>(items: readonly Item[], after: number) {
  return items.map((item, index) => ({ item, place: after + index + 1 }));
}

function writeValueOf({ area, ...value }: ValueOf) {
  return isAgencyArea(area) ? { ...value, agency: area, division: null } : { ...value, agency: null, division: area };
}

function writePosition({ peers, ...position }: Position) {
  return { ...position, includes: peers?.areas.inclusion ?? null, distribution: peers && distributionOf(peers) };
}

function readPosition(args: PositionAsked, now: Date): PositionQuery {
  return { ...readCompared(args, now), among: args.among, order: args.order };
}

function readCompared(
  { measure, year, include, frame }: Compared,
  now: Date,
): {
  readonly measure: Measure;
  readonly year: number;
  readonly inclusion?: Inclusion | undefined;
  readonly frame: Frame;
} {
  return {
    measure: readMeasureOf('measure', measure),
    year: readableYear(year, now),
    inclusion: include ?? undefined,
    frame: readFrame(frame, now),
  };
}

/** The most measures of one question. */
const maxMeasures = measures.length;

function readMeasures(keys: readonly string[]): readonly Measure[] {
  if (keys.length <= maxMeasures) return keys.map((key) => readMeasureOf('measures', key));
  throw invalidParameter('measures', {
    zh: `最多可指定 ${maxMeasures} 个指标，收到 ${keys.length} 个。`,
    en: `At most ${maxMeasures} measures can be named, not ${keys.length}.`,
  });
}

function readMeasureOf(parameter: string, key: string): Measure {
  const measure = findMeasure(key);
  if (measure) return measure;
  throw invalidParameter(parameter, {
    zh: `没有指标 ${key.slice(0, 100)}，可用指标见 measures。`,
    en: `There is no measure ${key.slice(0, 100)}; measures lists those there are.`,
  });
}
