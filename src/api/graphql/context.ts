/** What every resolver of one request shares: the store, the day, and what is compared once. */

import type { FastifyRequest } from 'fastify';
import type { Compare } from '../../rollup/rank/positions.js';
import { comparePeers, type Peers } from '../../rollup/rank/ranking.js';
import type { Db } from '../../store/engine/schema.js';
import type { AgencyKind } from '../../words.js';

/** The kinds of agency a question is narrowed to; undefined is every filer. */
export type Kinds = readonly AgencyKind[] | undefined;

/** The context of one request. */
export interface GraphqlContext {
  readonly db: Db;
  readonly reader: FastifyRequest['reader'];
  readonly now: Date;
  /** The day in China, YYYY-MM-DD. */
  readonly today: string;
  /** All areas of a level below a division, compared by a measure: once a request, however many of them are asked about. */
  readonly compare: Compare;
}

/** Makes the context of a request. */
export function createContext(db: Db, reader: FastifyRequest['reader'], today: string): GraphqlContext {
  const compared = new Map<string, Promise<Peers>>();
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
  };
}

function getOrMake<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
