/** How much is sent at once: of all, of one subscription, and of those whose receivers fail. */

/** Messages under way at the most. A receiver that fails has one, and all that fail together a few: the others go on. */
const maxUnderWay = { all: 256, own: 16, failing: 32, ownFailing: 1 } as const;

/** Places for messages that are under way. */
export interface Slots {
  /** Takes as many as there are for a subscription; none is 0. */
  readonly take: (id: string, receiver: 'sound' | 'failing') => number;
  /** Gives some back. */
  readonly release: (id: string, receiver: 'sound' | 'failing', count: number) => void;
}

/** Opens them, none taken. */
export function openSlots(): Slots {
  const own = new Map<string, number>();
  const taken = { sound: 0, failing: 0 };
  const add = (id: string, receiver: 'sound' | 'failing', count: number) => {
    taken[receiver] += count;
    const now = (own.get(id) ?? 0) + count;
    if (now > 0) own.set(id, now);
    else own.delete(id);
  };
  return {
    take: (id, receiver) => {
      const ofAll = maxUnderWay.all - taken.sound - taken.failing;
      const before = own.get(id) ?? 0;
      const room =
        receiver === 'sound'
          ? Math.min(ofAll, maxUnderWay.own - before)
          : Math.min(ofAll, maxUnderWay.ownFailing - before, maxUnderWay.failing - taken.failing);
      const count = Math.max(0, room);
      if (count > 0) add(id, receiver, count);
      return count;
    },
    release: (id, receiver, count) => add(id, receiver, -count),
  };
}
