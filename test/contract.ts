/** Holds every answer that a test is given to the OpenAPI document. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { packageRoot } from '../src/root.js';

type Json = Readonly<Record<string, unknown>>;

/** What the document says of one call: its answers by status, those that are referred to written out. */
interface Call {
  readonly pointer: string;
  readonly responses: Readonly<Record<string, { readonly pointer: string; readonly types: readonly string[] }>>;
}

interface Contract {
  readonly find: (method: string, url: string) => Call | undefined;
  readonly validator: (pointer: string) => ValidateFunction;
}

/** What every failure is held to, where no call of the document is concerned. */
const problemPointer = '/components/schemas/Problem';

/** The reviewed copy, which a test holds to what is served. */
const committed = readContract(JSON.parse(readFileSync(join(packageRoot, 'openapi.json'), 'utf8')));

/**
 * Makes `inject` of an application throw when an answer is none that the document has for the call: another
 * status, another media type, or a body that does not fit its schema. The error names the call, the status and
 * the place.
 */
export function holdToDocument(app: FastifyInstance, contract: Contract = committed): void {
  const inject = app.inject.bind(app);
  const held = async (asked: InjectOptions | string): Promise<LightMyRequestResponse> => {
    const answer = await inject(asked);
    const { method = 'GET', url = '/', path } = typeof asked === 'string' ? { url: asked } : asked;
    const address = String(typeof url === 'string' ? (path ?? url) : url.pathname);
    const mismatch = mismatchOf(contract, answer, { method: method.toUpperCase(), url: address });
    if (mismatch) throw new Error(`${method} ${address.slice(0, 200)} answered ${answer.statusCode}: ${mismatch}`);
    return answer;
  };
  // Of the overloads of `inject`, those with a callback and without arguments are used by no test.
  app.inject = held as FastifyInstance['inject'];
}

/** Why an answer is not what the document says; undefined when it is. */
function mismatchOf(
  contract: Contract,
  answer: LightMyRequestResponse,
  { method, url }: { readonly method: string; readonly url: string },
): string | undefined {
  const type = mediaTypeOf(answer);
  const call = contract.find(method, url);
  if (!call && method === 'HEAD') return undefined;
  if (!call) return type === 'application/problem+json' ? faultOf(contract, problemPointer, answer.body) : undefined;
  const response = call.responses[answer.statusCode];
  if (!response) return `the document has no such status; the body is ${answer.body.slice(0, 300)}`;
  if (method === 'HEAD' || (response.types.length === 0 && answer.body === '')) return undefined;
  if (!response.types.includes(type)) return `the document has ${response.types.join(', ') || 'no body'}, not ${type}`;
  if (!/[/+]json$/.test(type)) return undefined;
  return faultOf(contract, `${response.pointer}/content/${escapePointer(type)}/schema`, answer.body);
}

function faultOf({ validator }: Contract, pointer: string, body: string): string | undefined {
  const validate = validator(pointer);
  if (validate(JSON.parse(body))) return undefined;
  const found = validate.errors?.slice(0, 5).map((error) => {
    return `${error.instancePath || '/'} ${error.message} ${JSON.stringify(error.params)}`;
  });
  return found?.join('; ');
}

function mediaTypeOf(answer: LightMyRequestResponse): string {
  return String(answer.headers['content-type'] ?? '').split(';')[0] ?? '';
}

/** What an OpenAPI document says of its calls. */
export function readContract(document: Json): Contract {
  // The document is OpenAPI, whose members around the schemas are no keywords of JSON Schema.
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addSchema(document, 'openapi');
  const calls = callsOf(document);
  return {
    find: (method, url) => {
      const path = url.split('?')[0] ?? '';
      const wanted = method === 'HEAD' ? 'GET' : method;
      return calls.find((call) => call.method === wanted && call.pattern.test(path))?.call;
    },
    validator: (pointer) => {
      const validate = ajv.getSchema(`openapi#${encodeURI(pointer)}`);
      if (!validate) throw new Error(`the document has nothing at ${pointer}`);
      return validate;
    },
  };
}

/** Every call with a pattern of its path; those with more to tell them apart come first. */
function callsOf(document: Json) {
  const paths = Object.entries(document.paths as Readonly<Record<string, Readonly<Record<string, Json>>>>);
  const calls = paths.flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => {
      const pointer = `/paths/${escapePointer(path)}/${method}`;
      return {
        method: method.toUpperCase(),
        pattern: patternOf(path),
        path,
        call: callOf(document, pointer, operation),
      };
    }),
  );
  const literal = (path: string) => path.replaceAll(/\{\w+\}/g, '').length;
  return calls.sort((one, other) => literal(other.path) - literal(one.path));
}

function callOf(document: Json, pointer: string, operation: Json): Call {
  const responses = Object.entries(operation.responses as Readonly<Record<string, Json>>).map(([status, response]) => {
    const referred = typeof response.$ref === 'string' ? response.$ref.slice(1) : undefined;
    const whole = referred === undefined ? response : at(document, referred);
    return [
      status,
      { pointer: referred ?? `${pointer}/responses/${status}`, types: Object.keys(whole.content ?? {}) },
    ] as const;
  });
  return { pointer, responses: Object.fromEntries(responses) };
}

/** A year has no dot in it, so that one with an extension is another path. */
function patternOf(path: string): RegExp {
  const parts = path.split(/(\{\w+\})/).map((part) => {
    if (part === '{year}') return '[^/.]+';
    return part.startsWith('{') ? '[^/]+' : part.replaceAll('.', '\\.');
  });
  return new RegExp(`^${parts.join('')}$`);
}

function at(document: Json, pointer: string): Json {
  const names = pointer.split('/').slice(1);
  return names.reduce<Json>((part, name) => part[name] as Json, document);
}

function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
