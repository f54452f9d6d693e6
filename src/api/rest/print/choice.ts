/** In which of several representations something is sent: by its extension, or by what the request likes best. */
import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Problem } from '../../../problem.js';
import { findAcceptedType } from '../../http/accept.js';
import { isNotModified } from '../../http/conditions.js';

/** Media types by extension, that one first which is sent when a request is indifferent. */
export type TypesByExtension<Extension extends string> = Readonly<Record<Extension, string>>;

/** The extension of what a request likes best; undefined when it takes none. */
export function findAcceptedExtension<Extension extends string>(
  request: FastifyRequest,
  types: TypesByExtension<Extension>,
): Extension | undefined {
  const type = findAcceptedType(request.headers.accept, Object.values<string>(types));
  return extensionsOf(types).find((extension) => types[extension] === type);
}

/** The same. Throws `not-acceptable`, naming what there is, when it takes none. */
export function acceptedOf<Extension extends string>(
  request: FastifyRequest,
  types: TypesByExtension<Extension>,
): Extension {
  const accepted = findAcceptedExtension(request, types);
  if (accepted) return accepted;
  const available = Object.values<string>(types);
  throw new Problem(
    'not-acceptable',
    {
      zh: '没有 Accept 所要求的格式。',
      en: `There is ${available.join(', ')}, nothing that the Accept header takes.`,
    },
    { available },
  );
}

/** The extension an address ends in. Throws `not-found`, naming what there is, for one of another kind. */
export function namedOf<Extension extends string>(extension: string, types: TypesByExtension<Extension>): Extension {
  const available = extensionsOf(types);
  const known = available.find((candidate) => candidate === extension);
  if (known) return known;
  throw new Problem(
    'not-found',
    {
      zh: `没有 ${extension.slice(0, 20)} 格式，可用：${available.join('、')}。`,
      en: `There is ${available.join(', ')}, no ${extension.slice(0, 20)}.`,
    },
    { available },
  );
}

/** The extensions there are, in their order. */
export function extensionsOf<Extension extends string>(types: TypesByExtension<Extension>): readonly Extension[] {
  // A record of these keys has no others.
  return Object.keys(types) as Extension[];
}

/**
 * Names what is sent by its content, and tells whether the request has it already. What is never
 * the same bytes twice, a workbook say, is named weakly by what it is made from.
 */
export function isKnownContent(
  request: FastifyRequest,
  reply: FastifyReply,
  content: Uint8Array,
  named: 'strongly' | 'weakly',
): boolean {
  return isKnownTag(request, reply, `"${hash('sha256', content, 'base64url').slice(0, 32)}"`, named);
}

/** The same of what is named by a tag, in its quotes, that says all it is made of: before it is written. */
export function isKnownTag(
  request: FastifyRequest,
  reply: FastifyReply,
  etag: string,
  named: 'strongly' | 'weakly',
): boolean {
  reply.header('etag', named === 'weakly' ? `W/${etag}` : etag);
  return isNotModified(request, etag);
}

/** A file in OpenAPI. */
export const fileSchema = z.string().meta({ id: 'File', label: { zh: '文件', en: 'A file' } });

/** An answer in OpenAPI: its media types, each with its schema. */
export interface AnswerContent {
  readonly description: string;
  readonly content: Readonly<Record<string, { readonly schema: z.ZodType }>>;
}

/** An answer that is JSON by its schema, or a file of any of the other types. */
export function jsonOrFile(json: z.ZodType, types: TypesByExtension<string>, description: string): AnswerContent {
  const content = Object.fromEntries(
    extensionsOf(types).map((extension) => [types[extension], { schema: extension === 'json' ? json : fileSchema }]),
  );
  return { description, content };
}

/** An answer that is a file of any of some types. */
export function filesAnswer(types: TypesByExtension<string>, description: string): AnswerContent {
  return {
    description,
    content: Object.fromEntries(Object.values(types).map((type) => [type, { schema: fileSchema }])),
  };
}
