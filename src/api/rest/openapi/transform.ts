/** How a zod schema is written in the OpenAPI document: its label in both languages. */
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Label } from '../../../words.js';

type Options = NonNullable<Parameters<typeof createJsonSchemaTransform>[0]['zodToJsonConfig']>;

/** A label as the document prints it. */
function printLabel({ zh, en }: Label): string {
  return `${zh} ${en}`;
}

const override: NonNullable<Options['override']> = ({ zodSchema, jsonSchema }) => {
  const written = writtenType(zodSchema);
  if (written) {
    for (const member of ['type', 'pattern', 'enum'] as const) delete jsonSchema[member];
    Object.assign(jsonSchema, written);
  }
  delete jsonSchema.label;
  const label = labelOf(zodSchema);
  // Beside a reference, only what the schema referred to does not say itself.
  const { parent } = zodSchema._zod;
  const isSaid = jsonSchema.$ref !== undefined && parent && labelOf(parent) === label;
  if (label && !isSaid) jsonSchema.description = printLabel(label);
};

/**
 * The type of what stands in an address as text: a number where the text is read as one, a truth where it is `true` or
 * `false`. Undefined for everything else.
 */
function writtenType(schema: z.core.$ZodType): Readonly<Record<string, unknown>> | undefined {
  if (schema instanceof z.ZodEnum) {
    return [...schema.options].sort().join() === 'false,true' ? { type: 'boolean' } : undefined;
  }
  if (!(schema instanceof z.ZodPipe) || !(schema.out instanceof z.ZodNumber)) return undefined;
  const { type, minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER } = z.toJSONSchema(schema.out);
  return {
    type,
    ...(minimum !== Number.MIN_SAFE_INTEGER && { minimum }),
    ...(maximum !== Number.MAX_SAFE_INTEGER && { maximum }),
  };
}

function labelOf(schema: z.core.$ZodType): Label | undefined {
  return z.globalRegistry.get(schema)?.label;
}

/** The schemas of a route. */
export const transformRoute = createJsonSchemaTransform({ zodToJsonConfig: { override } });

/** The schemas that have a name. */
export const transformNamed = createJsonSchemaTransformObject({ zodToJsonConfig: { override } });
