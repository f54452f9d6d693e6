/** Scalars and enumerations as JSON. */
import { type GraphQLLeafType, isEnumType } from 'graphql';

/** Writes a value that is not null as JSON. Throws where it is none of its type. */
export type WriteLeaf = (value: unknown) => string;

/** The scalars of GraphQL that are written as no text, and those that are written as no number; ours are written as they are. */
const noTexts = new Set(['Int', 'Float', 'Boolean']);
const noNumbers = new Set(['String', 'ID', 'Boolean']);

/** What writes the values of a type. */
export function writerOf(type: GraphQLLeafType): WriteLeaf {
  const writeAny: WriteLeaf = (value) => {
    const written: unknown = type.serialize(value);
    if (written !== null && written !== undefined) return JSON.stringify(written);
    throw new Error(`\`${type.name}\` is never null, and a value of it came to be ${written}`);
  };
  if (isEnumType(type)) {
    const texts = new Map(type.getValues().map(({ value, name }) => [value as unknown, JSON.stringify(name)]));
    return (value) => texts.get(value) ?? writeAny(value);
  }
  const [isText, isNumber] = [!noTexts.has(type.name), !noNumbers.has(type.name)];
  return (value) => {
    if (isText && typeof value === 'string') return JSON.stringify(value);
    // Of 32 bits, as many as an Int has.
    if (isNumber && typeof value === 'number' && (value | 0) === value) return `${value}`;
    return writeAny(value);
  };
}
