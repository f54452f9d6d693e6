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
  delete jsonSchema.label;
  const label = labelOf(zodSchema);
  // Beside a reference, only what the schema referred to does not say itself.
  const { parent } = zodSchema._zod;
  const isSaid = jsonSchema.$ref !== undefined && parent && labelOf(parent) === label;
  if (label && !isSaid) jsonSchema.description = printLabel(label);
};

function labelOf(schema: z.core.$ZodType): Label | undefined {
  return z.globalRegistry.get(schema)?.label;
}

/** The schemas of a route. */
export const transformRoute = createJsonSchemaTransform({ zodToJsonConfig: { override } });

/** The schemas that have a name. */
export const transformNamed = createJsonSchemaTransformObject({ zodToJsonConfig: { override } });
