/** What belongs together, of many things. */

/** What has one key together, in its order. */
export function groupBy<One, Key>(ones: Iterable<One>, keyOf: (one: One) => Key): Map<Key, One[]> {
  const groups = new Map<Key, One[]>();
  for (const one of ones) addTo(groups, keyOf(one), one);
  return groups;
}

/** Adds one to those of its key. */
export function addTo<One, Key>(groups: Map<Key, One[]>, key: Key, one: One): void {
  const group = groups.get(key);
  if (group) group.push(one);
  else groups.set(key, [one]);
}
