/** GraphQL at `/graphql`, by GET and POST, and its page at `/ide`. The schema, at `/schema.graphql`, is written by hand. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { buildSchema, type GraphQLError } from 'graphql';
import { dayInChina } from '../../day.js';
import { parseJson } from '../../json.js';
import { Problem } from '../../problem.js';
import { keepExtents } from '../../register/extent.js';
import { packageRoot } from '../../root.js';
import type { Db } from '../../store/engine/schema.js';
import { beginReading, expectedCost } from '../admission/cost.js';
import type { InFull, Readers } from '../admission/readers.js';
import { createContext } from './context.js';
import { registerIde } from './ide.js';
import {
  chooseMediaType,
  type GraphqlRequest,
  type Manner,
  type MediaType,
  readBody,
  readQueryString,
  sendAnswer,
  sendFailure,
  sendRefusal,
} from './over-http.js';
import { keepTexts } from './persisted.js';
import { keepQueries, type Query } from './query.js';

/** What the routes are built from. */
export interface GraphqlOptions {
  readonly db: Db;
  readonly clock: () => Date;
  /** Marks every answer as holding made-up figures. */
  readonly sample?: boolean;
  /** Answers a dear query elsewhere than in the event loop; here when left out. */
  readonly readers?: Readers;
}

/** The schema as it is written for readers. */
export const schemaText = readFileSync(join(packageRoot, 'schema.graphql'), 'utf8');

/** A question is text and a few variables; the largest useful one is far smaller. */
const bodyLimit = 128 * 1024;

/** What a point of a query's cost is, in milliseconds of a core. */
const millisecondsAPoint = 0.01;

/** Registers the two routes and the page. */
export async function registerGraphql(app: FastifyInstance, options: GraphqlOptions): Promise<void> {
  registerIde(app);
  await app.register(async (scope) => {
    acceptJson(scope);
    registerRoutes(scope, options);
  });
}

function acceptJson(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    /^application\/json\s*(?:;\s*charset="?utf-?8"?\s*)?$/i,
    { parseAs: 'buffer' },
    (request: FastifyRequest, body: Buffer, done: (error: Error | null, read?: unknown) => void) => {
      // The same question by who may read the same is answered before it is read.
      const read = () => (request.findKept(body) ? undefined : parseJson(body));
      const turn = beginReading(request, body);
      if (turn) turn.then(read).then((asked) => done(null, asked), done);
      else done(null, read());
    },
  );
}

function registerRoutes(scope: FastifyInstance, { db, clock, sample = false, readers }: GraphqlOptions): void {
  const queries = keepQueries(buildSchema(schemaText));
  const texts = keepTexts();
  const findExtent = keepExtents(db);
  const mannerOf = (mediaType: MediaType): Manner => ({ mediaType, sample });

  const answer = async (request: FastifyRequest, reply: FastifyReply, asked: GraphqlRequest): Promise<FastifyReply> => {
    const manner = mannerOf(chooseMediaType(request.headers.accept));
    const refuse = (refused: Parameters<typeof sendRefusal>[2]) => sendRefusal(request, reply, refused, manner);
    try {
      const text = texts.read(asked);
      const query = queries(text, asked.operationName);
      if (!isQuery(query)) return refuse({ errors: query, stage: 'GRAPHQL_VALIDATION_FAILED' });
      const variables = query.readVariables(asked.variables);
      if (isErrors(variables)) return refuse({ errors: variables, stage: 'BAD_USER_INPUT' });
      const today = dayInChina(clock());
      const named = request.reader.open === 'filed' ? 'ALL' : 'ACCEPTED';
      const cost = millisecondsAPoint * (await query.priceOf(variables, (code) => findExtent(code, today, named)));
      request.work.expect(expectedCost(request) + cost);
      texts.keep(asked);
      request.looks = query.looksAt(variables);
      // Asked again with its text, the text is to be kept again, which may be forgotten by then.
      if (asked.persisted && asked.query !== undefined) request.asked = null;
      if (readers?.takes(cost)) return await readers.answer(request, reply, askInFull(request, asked, text));
      const context = createContext(db, request.reader, today);
      return sendAnswer(request, reply, await query.answer(variables, context), manner);
    } catch (error) {
      if (error instanceof Problem) return refuse(error);
      throw error;
    }
  };

  scope.setErrorHandler((error, request, reply) => sendFailure(request, reply, error, mannerOf(mediaTypeOf(request))));
  const config = { scope: 'read', onlyReads: true, looksAt: ({ looks }: FastifyRequest) => looks } as const;
  scope.get('/schema.graphql', { config: { scope: 'public' } }, async (_request, reply) =>
    // Shown by browsers, which would save what they do not know.
    reply.type('text/plain; charset=utf-8').send(schemaText),
  );
  scope.get('/graphql', { config }, async (request, reply) => answer(request, reply, readQueryString(request)));
  scope.post('/graphql', { bodyLimit, config }, async (request, reply) => answer(request, reply, readBody(request)));
}

/** What a thread is asked, which knows no persisted texts: the same, with the text. */
function askInFull(
  { method, raw: { url = '' } }: FastifyRequest,
  { persisted, operationName, variables }: GraphqlRequest,
  query: string,
): InFull {
  if (method === 'POST') return { body: JSON.stringify({ query, operationName, variables }) };
  if (!persisted) return {};
  const parameters = new URLSearchParams({
    query,
    ...(operationName !== undefined && { operationName }),
    ...(variables && { variables: JSON.stringify(variables) }),
  });
  return { url: `${url.split('?')[0]}?${parameters}` };
}

/** The media type for a failure that came before a choice, or was one. */
function mediaTypeOf(request: FastifyRequest): MediaType {
  try {
    return chooseMediaType(request.headers.accept);
  } catch {
    return 'application/json';
  }
}

function isQuery(prepared: Query | readonly GraphQLError[]): prepared is Query {
  return 'answer' in prepared;
}

function isErrors(read: unknown): read is readonly GraphQLError[] {
  return Array.isArray(read);
}
