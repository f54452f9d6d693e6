/** How the calls of the OpenAPI document are completed: a name for each, what each answer is, every failure. */
import { problems } from '../../../problem.js';
import { inBoth } from '../../../words.js';

interface Answer {
  readonly $ref?: string;
  readonly description?: string;
  readonly content?: Readonly<Record<string, { readonly schema?: { $ref?: string; description?: string } }>>;
}

interface Call {
  readonly summary?: string;
  readonly responses: Readonly<Record<string, Answer>>;
}

/** An OpenAPI document as far as its calls are completed here. */
export interface CallsDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Call>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, { readonly description?: string }>> };
}

/** Failures that any call can come to, and those that any call that writes can, beside the ones it names. */
const ofEveryCall = [400, 401, 403, 408, 415, 429, 431, 500, 503];
const ofEveryWrite = [413, 507];

/** Failures after which it is told when to try again. */
const triedAgain = [429, 503];
const retryAfter = {
  description: '几秒后重试 Seconds after which to try again',
  schema: { type: 'integer', minimum: 0 },
};

/** To who has it already, by its tag. */
const unchanged: Answer = { description: '未变 Not modified' };

/** Names each call, says what each answer is, and refers every failure to one answer for all calls. */
export function describeCalls(document: CallsDocument) {
  const { paths: calls, components } = document;
  const { schemas } = components;
  const described = Object.entries(calls).map(([path, item]) => {
    const named = Object.entries(item).map(([method, call]) => {
      const operationId = nameOfCall(method, path);
      return [method, { ...call, operationId, responses: describeAnswers(method, call, schemas) }];
    });
    return [path, Object.fromEntries(named)];
  });
  return {
    ...document,
    paths: Object.fromEntries(described),
    components: { ...components, responses: failures },
  };
}

/** `get /v1/reports/{agency}/{year}` -> `getReportsAgencyYear`: no two calls share a method and a path. */
function nameOfCall(method: string, path: string): string {
  const words = path.match(/\w+/g) ?? [];
  const told = words.length > 1 ? words.filter((word) => word !== 'v1') : words;
  return `${method}${told.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}`;
}

function describeAnswers(
  method: string,
  call: Call,
  schemas: Readonly<Record<string, { description?: string }>>,
): Readonly<Record<string, Answer>> {
  const answered = method === 'get' ? { 304: unchanged, ...call.responses } : call.responses;
  const succeeding = Object.entries(answered).filter(([status]) => Number(status) < 400);
  const failing = Object.keys(call.responses)
    .map(Number)
    .filter((status) => status >= 400);
  const shared = method === 'get' ? ofEveryCall : [...ofEveryCall, ...ofEveryWrite];
  const statuses = new Set([...failing, ...shared.filter((status) => failures[status] !== undefined)]);
  return Object.fromEntries([
    ...succeeding.map(([status, answer]) => [status, { ...answer, description: descriptionOf(answer, call, schemas) }]),
    ...[...statuses].map((status) => [status, { $ref: `#/components/responses/${status}` }]),
  ]);
}

/** The plugin calls an answer the default one where its schema is a reference, or says nothing of itself. */
function descriptionOf(
  answer: Answer,
  call: Call,
  schemas: Readonly<Record<string, { description?: string }>>,
): string {
  const [media] = Object.values(answer.content ?? {});
  const referred = schemas[media?.schema?.$ref?.split('/').at(-1) ?? ''];
  const own = answer.description === 'Default Response' ? undefined : answer.description;
  return own ?? media?.schema?.description ?? referred?.description ?? call.summary ?? '';
}

/** Every status of the catalogue as an answer, by what can have happened. */
const failures: Readonly<Record<string, Answer>> = Object.fromEntries(
  [...new Set(problems.map(({ status }) => status))].sort().map((status) => {
    const kinds = problems.filter((problem) => problem.status === status);
    return [
      status,
      {
        description: kinds.map(({ name, title }) => `\`${name}\` ${inBoth(title)}`).join('; '),
        ...(triedAgain.includes(status) ? { headers: { 'Retry-After': retryAfter } } : {}),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ];
  }),
);
