/** Among whom one area is compared: all of its level, or agencies of its kind, in the division above it of a level. */
import { referenceDate } from '../../day.js';
import { holdsOn } from '../../register/codes.js';
import { placesOfReport } from '../../register/frame.js';
import { agencyStatesIn, lineageIn, type RegisterAt } from '../../register/known.js';
import type { Db } from '../../store/engine/schema.js';
import type { Agency } from '../../store/register/agencies.js';
import { type Division, divisionsNear } from '../../store/register/divisions.js';
import type { DivisionLevel } from '../../words.js';
import { registerOf } from '../territories.js';
import type { Order } from './order.js';
import { noPosition, type Peers, type PeersQuery, type Position, positionIn } from './ranking.js';
import { reasons } from './reasons.js';

/** The levels of the divisions in which peers are looked for, the smallest first. */
export const peerLevels = ['COUNTY', 'PREFECTURE', 'PROVINCE', 'NATION'] as const satisfies readonly DivisionLevel[];
export type PeerLevel = (typeof peerLevels)[number];

/** What is asked of a position: `of` and, of an agency, the kinds follow from whose it is. */
export interface PositionQuery extends Omit<PeersQuery, 'of'> {
  readonly among: PeerLevel;
  readonly order: Order;
}

/** Compares all areas below a division; whoever asks for several positions keeps what it found. */
export type Compare = (top: Division, query: PeersQuery) => Promise<Peers>;

/** The position of a division among those of its level in the division of a level above it. */
export async function positionOfDivision(
  db: Db,
  compare: Compare,
  { id, level }: Pick<Division, 'id' | 'level'>,
  { among, order, ...query }: PositionQuery,
): Promise<Position> {
  if (level === 'NATION') return noPosition(reasons.notBelow);
  const register = await registerOf(db, query.frame);
  const day = query.frame.on ?? referenceDate(query.year);
  const lineage = (await lineageIn(db, register, id, day)).slice(1);
  return positionBelow(db, compare, { id, lineage, day, among, order }, { ...query, of: level });
}

/** The position of an agency among those of its kind in the division of a level in which its report lies. */
export async function positionOfAgency(
  db: Db,
  compare: Compare,
  { id }: Pick<Agency, 'id'>,
  { among, order, ...query }: PositionQuery,
): Promise<Position> {
  const { frame, year } = query;
  const register = await registerOf(db, frame);
  const end = referenceDate(year);
  const agency = (await agencyStatesIn(db, register, id)).find((state) => holdsOn(state, end));
  if (!agency) return noPosition(reasons.notThere);
  const { kind } = agency;
  if (kind === 'COUNTY') return noPosition(reasons.ownReport);
  const day = frame.on ?? end;
  const places = await placesOfReport(db, register, agency, year, frame.on);
  const lineage = await commonLineage(db, register, places, day);
  return positionBelow(db, compare, { id, lineage, day, among, order }, { ...query, of: 'AGENCY', kinds: [kind] });
}

/** What lies above all of some places, and what they are when they are one. */
async function commonLineage(
  db: Db,
  register: RegisterAt,
  places: readonly number[],
  day: string,
): Promise<readonly number[]> {
  let common: readonly number[] | undefined;
  for (const place of places) {
    const lineage = await lineageIn(db, register, place, day);
    common = common === undefined ? lineage : common.filter((id) => lineage.includes(id));
  }
  return common ?? [];
}

async function positionBelow(
  db: Db,
  compare: Compare,
  place: {
    readonly id: number;
    readonly lineage: readonly number[];
    readonly day: string;
    readonly among: PeerLevel;
    readonly order: Order;
  },
  query: PeersQuery,
): Promise<Position> {
  const { id, lineage, day, among, order } = place;
  const above = await divisionsNear(db, lineage, day);
  const top = [...above.values()].find(({ level }) => level === among);
  return top ? positionIn(await compare(top, query), id, order) : noPosition(reasons.notBelow);
}
