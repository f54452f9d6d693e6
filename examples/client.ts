/**
 * A small client of Xiangbao over `fetch`: REST as `openapi.json` describes it, GraphQL as `schema.graphql` does, failures as
 * typed errors, 429 and 503 waited for as they say. It knows nothing of the service but these two documents.
 */
import { initGraphQLTada, type TadaDocumentNode } from 'gql.tada';
import { print } from 'graphql';
import createFetchClient, { type Client as RestClient } from 'openapi-fetch';
import type { introspection } from './typed/graphql.js';
import type { components, paths } from './typed/rest.js';

export type Report = components['schemas']['Report'];
export type Filing = components['schemas']['Filing'];
export type ImportItem = components['schemas']['ImportItem'];
type ProblemBody = components['schemas']['Problem'];

/** Where the service is, and for whom to ask it. */
export interface ClientOptions {
  readonly address: string;
  /** Left out for a stranger, who is shown what was accepted. */
  readonly token?: string | undefined;
  /** Whose `fetch`; the platform's when left out. */
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined;
  /** How to wait some milliseconds before a call is made again. */
  readonly pause?: ((milliseconds: number) => Promise<void>) | undefined;
}

/** A service, and who asks it. */
export interface Client {
  /** Every call of `openapi.json`: `rest.GET('/v1/reports/{agency}/{year}', { params: { path: { agency, year } } })`. */
  readonly rest: RestClient<paths, 'application/json'>;
  /** The same before it is read as JSON, with the pauses that the service asks for. */
  readonly send: (request: Request) => Promise<Response>;
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** How often a call is made again that the service had no room for. */
const maxTries = 6;
/** Seconds to wait where the service does not say. */
const pauseUnlessTold = 1;

/** A refusal, as RFC 9457 says it; `kind` is the name of its page at `/problems/`. */
export class Problem extends Error {
  readonly status: number;
  readonly kind: string;
  /** All that the service said: with `errors`, each with its pointer and its message in both languages. */
  readonly body: ProblemBody;

  constructor(body: ProblemBody) {
    super(`${body.status} ${body.type}: ${body.detail}`);
    this.name = 'Problem';
    this.status = body.status;
    this.kind = body.type.replace('/problems/', '');
    this.body = body;
  }
}

/** Opens a client; nothing is sent yet. */
export function openClient({ address, token, fetch: ask = fetch, pause = sleep }: ClientOptions): Client {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const send = async (request: Request): Promise<Response> => {
    for (let tries = 1; ; tries++) {
      // A body can be read once, and this one may have to be sent again.
      const answer = await ask(request.clone());
      if ((answer.status !== 429 && answer.status !== 503) || tries === maxTries) return answer;
      await answer.body?.cancel();
      await pause(1000 * Number(answer.headers.get('retry-after') ?? pauseUnlessTold));
    }
  };
  const rest = createFetchClient<paths, 'application/json'>({ baseUrl: address, headers, fetch: send });
  return { rest, send, address, headers };
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resume) => setTimeout(resume, milliseconds));
}

/** An answer as openapi-fetch gives it. */
interface Answered<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/** What an answer says. Throws the `Problem` that it is instead. */
export function dataOf<Data>({ data, error, response }: Answered<Data>): NonNullable<Data> {
  if (data !== undefined && data !== null) return data;
  throw problemOf(error, response);
}

/** A failure as a `Problem`, also one of a proxy before the service, which speaks no JSON. */
export function problemOf(error: unknown, { status, statusText }: Response): Problem {
  if (typeof error === 'object' && error !== null && 'type' in error && 'detail' in error) {
    // Every failure of the service has these members: openapi.json describes it so.
    return new Problem(error as ProblemBody);
  }
  return new Problem({ type: '/problems/internal', title: statusText, status, detail: String(error ?? statusText) });
}

/** All of a list, page after page, as its `Link: rel="next"` says; `read` reads the page after a cursor. */
export async function* everyItem<Item>(
  read: (after: { after?: string }) => Promise<Answered<{ readonly items: readonly Item[] }>>,
): AsyncGenerator<Item> {
  for (let after: string | undefined; ; ) {
    const answer = await read(after === undefined ? {} : { after });
    yield* dataOf(answer).items;
    const next = /<([^>]+)>; *rel="next"/.exec(answer.response.headers.get('link') ?? '')?.[1];
    if (next === undefined) return;
    after = new URL(next, 'http://any').searchParams.get('after') ?? undefined;
  }
}

/** All reports that are shown of a division with all below it. */
export function reportsOf(client: Client, division: string, year?: number): AsyncGenerator<Report> {
  const asked = { division, ...(year !== undefined && { year }), first: 100 };
  return everyItem((after) => client.rest.GET('/v1/reports', { params: { query: { ...asked, ...after } } }));
}

/** A report with the tag that tells it from what it becomes. */
export interface TaggedReport {
  readonly report: Report;
  readonly etag: string;
}

/** Reads a report; `unchanged` where it still has the tag that is known, `gone` where there is none to be seen. */
export async function readReport(
  { rest }: Client,
  path: { readonly agency: string; readonly year: number },
  knownTag?: string,
): Promise<TaggedReport | 'unchanged' | 'gone'> {
  const answer = await rest.GET('/v1/reports/{agency}/{year}', {
    params: { path },
    headers: knownTag === undefined ? {} : { 'if-none-match': knownTag },
  });
  if (answer.response.status === 304) return 'unchanged';
  // Nobody filed, it was withdrawn, or a stranger may not see it yet: 404, 401, 403.
  if ([401, 403, 404].includes(answer.response.status)) return 'gone';
  return { report: dataOf(answer), etag: answer.response.headers.get('etag') ?? '' };
}

/** Files a report. The same again changes nothing; throws `already-filed` where there is one with other content. */
export async function fileReport({ rest }: Client, filing: Filing) {
  return dataOf(await rest.POST('/v1/reports', { body: filing }));
}

/** How often a revision is tried again that somebody else was faster with. */
const maxRevisions = 4;

/**
 * Revises a report: `change` says the next content from what the report is now, and is asked again when somebody else
 * has revised it meanwhile (412). Throws `not-found` where there is none.
 */
export async function reviseReport(
  client: Client,
  path: { readonly agency: string; readonly year: number },
  change: (report: Report) => Filing,
) {
  for (let tries = 1; ; tries++) {
    const current = await client.rest.GET('/v1/reports/{agency}/{year}', { params: { path } });
    const body = change(dataOf(current));
    const answer = await client.rest.PUT('/v1/reports/{agency}/{year}', {
      params: { path },
      headers: { 'if-match': current.response.headers.get('etag') ?? '' },
      body,
    });
    if (answer.response.status !== 412 || tries === maxRevisions) return dataOf(answer);
  }
}

/**
 * Imports many filings: one answer each, in their order. `key` names the import, so that sent again, after a
 * connection broke, it is done once.
 */
export async function importReports(client: Client, filings: readonly Filing[], key: string): Promise<ImportItem[]> {
  const lines = filings.map((filing) => `${JSON.stringify(filing)}\n`).join('');
  const request = new Request(`${client.address}/v1/imports`, {
    method: 'POST',
    headers: { ...client.headers, 'content-type': 'application/x-ndjson', 'idempotency-key': key },
    body: lines,
  });
  const response = await client.send(request);
  const answer: unknown = await response.json();
  if (!response.ok) throw problemOf(answer, response);
  // 200 is an ImportResult, 202 an Import: both name it as openapi.json says.
  const begun = answer as components['schemas']['ImportResult'] | components['schemas']['Import'];
  if (begun.id === null && 'items' in begun) return begun.items;
  const params = { path: { id: begun.id ?? '' } };
  for (;;) {
    const { finishedAt, problem } = dataOf(await client.rest.GET('/v1/imports/{id}', { params }));
    if (problem) throw new Problem(problem);
    if (finishedAt !== null) break;
    await sleep(200);
  }
  const items: ImportItem[] = [];
  const read = (query: { after?: string }) =>
    client.rest.GET('/v1/imports/{id}/items', { params: { ...params, query } });
  for await (const item of everyItem(read)) items.push(item);
  return items;
}

/** A question to GraphQL, typed by the schema: what it takes, and what it answers. */
export const question = initGraphQLTada<{
  introspection: introspection;
  scalars: {
    Count: number;
    Decimal: string;
    Quantity: number | string;
    Date: string;
    DateTime: string;
    Value: unknown;
    ID: string;
  };
  disableMasking: true;
}>();

/** Asks GraphQL. Throws the `Problem` that it answers instead. */
export async function askQuestion<Result, Variables>(
  client: Client,
  asked: TadaDocumentNode<Result, Variables>,
  variables: Variables,
): Promise<Result> {
  const query = print(asked);
  const request = new Request(`${client.address}/graphql`, {
    method: 'POST',
    headers: { ...client.headers, 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const response = await client.send(request);
  const answer: unknown = await response.json().catch(() => null);
  if (!isAnswer(answer)) throw problemOf(answer, response);
  const [error] = answer.errors ?? [];
  if (error) throw problemOf({ detail: error.message, ...error.extensions }, response);
  // The service holds its answers to the schema from which this type follows.
  return answer.data as Result;
}

interface GraphQLAnswer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Readonly<Record<string, unknown>> }[];
}

function isAnswer(answer: unknown): answer is GraphQLAnswer {
  return typeof answer === 'object' && answer !== null && ('data' in answer || 'errors' in answer);
}
