/** What a client prefers of what there is, by the weights of its Accept headers (RFC 9110). */

/** One preference of a header: a media type, a language, or a range of them; in lower case. */
export interface Preference {
  readonly name: string;
  /** From 0 (not acceptable) to 1. */
  readonly quality: number;
}

/** The preferences of an Accept header, in its order. A weight that is no number from 0 to 1 counts as 1. */
export function readPreferences(header: string): Preference[] {
  return header
    .toLowerCase()
    .split(',')
    .map((part) => {
      const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim());
      const weight = parameters.flatMap((parameter) => /^q\s*=\s*(\d(?:\.\d{0,3})?)$/.exec(parameter)?.[1] ?? [])[0];
      return { name, quality: weight === undefined ? 1 : Math.min(Number(weight), 1) };
    });
}

/** The media type that an Accept header likes best, the first of several; undefined when it takes none of them. */
export function findAcceptedType<Type extends string>(
  header: string | undefined,
  types: readonly Type[],
): Type | undefined {
  if (header === undefined || header.trim() === '') return types[0];
  const preferences = readPreferences(header);
  const weighed = types.map((type) => ({ type, quality: qualityOf(type, preferences) }));
  const best = Math.max(...weighed.map(({ quality }) => quality));
  return best > 0 ? weighed.find(({ quality }) => quality === best)?.type : undefined;
}

/** The quality of a media type: that of the range that names it most closely. */
function qualityOf(type: string, preferences: readonly Preference[]): number {
  const closest = [type, `${type.split('/')[0]}/*`, '*/*'];
  const found = closest.flatMap((name) => preferences.find((preference) => preference.name === name) ?? []);
  return found[0]?.quality ?? 0;
}
