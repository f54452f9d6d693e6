/** What is wrong with parameters and bodies that their schemas refuse, in the words that document them. */
import type { FastifyError, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { countListed, type Fault, listFaults, maxFaults, Problem, pointerOf } from '../../problem.js';
import { fault, valueAt } from '../../report/faults.js';
import type { Label } from '../../words.js';

/** The refusal of a schema, as Fastify throws it. */
export type ValidationError = FastifyError & Required<Pick<FastifyError, 'validation'>>;

type Issue = ValidationError['validation'][number];

/** Whether an error is the refusal of a schema. */
export function isValidation(error: unknown): error is ValidationError {
  return error instanceof Error && 'validation' in error && Array.isArray(error.validation);
}

/**
 * The problem that names each fault by its pointer: `invalid-change` for a body, `invalid-parameter` for the rest.
 * Bodies of reports are parsed by their use case and never come here.
 */
export function validationProblem(error: ValidationError, request: FastifyRequest): Problem {
  const context = error.validationContext ?? 'querystring';
  const { body, params, query: querystring, headers } = request;
  const schema = request.routeOptions.schema?.[context];
  const asked: Asked = {
    // The routes that come here state their schemas in zod.
    schema: schema instanceof z.ZodType ? schema : undefined,
    value: { body, params, querystring, headers }[context],
    isBody: context === 'body',
  };
  const { errors, more } = listFaults(onePlaceEach(found(error.validation, asked)));
  const members = { errors, ...(more && { more }) };
  const count = countListed(members);
  const where = errors
    .slice(0, maxNamed)
    .map(({ pointer }) => pointer)
    .join(', ');
  const others =
    errors.length > maxNamed ? { zh: ` 等 ${count.zh} 处`, en: ` and others (${count.en})` } : { zh: '', en: '' };
  return asked.isBody
    ? new Problem(
        'invalid-change',
        { zh: `请求体 ${where}${others.zh} 无效。`, en: `The body is not valid at ${where}${others.en}.` },
        members,
      )
    : new Problem(
        'invalid-parameter',
        { zh: `参数 ${where}${others.zh} 无效。`, en: `Not valid: ${where}${others.en}.` },
        members,
      );
}

/** Places that the sentence about a request names; the faults name all. */
const maxNamed = 10;

function* found(issues: readonly Issue[], asked: Asked): Generator<Fault, void, undefined> {
  for (const issue of issues) yield* faultsOf(issue, asked);
}

/** One value can break several rules of its schema at once; it is one fault. */
function* onePlaceEach(faults: Iterable<Fault>): Generator<Fault, void, undefined> {
  const seen = new Set<string>();
  for (const fault of faults) {
    if (!seen.has(fault.pointer)) yield fault;
    seen.add(fault.pointer);
  }
}

/** What was checked, and by which schema. */
interface Asked {
  readonly schema: z.core.$ZodType | undefined;
  readonly value: unknown;
  readonly isBody: boolean;
}

function faultsOf(issue: Issue, { schema, value, isBody }: Asked): Fault[] {
  const path = issue.instancePath.split('/').filter((part) => part !== '');
  const pointer = issue.instancePath === '/' ? '' : issue.instancePath;
  const place = partOf(schema, path);
  const { keys } = issue.params;
  if (issue.keyword === 'unrecognized_keys' && Array.isArray(keys)) {
    return keys.slice(0, maxFaults + 1).map((key) => unknownFault(String(key), pointer, { place, isBody }));
  }
  const about = labelOf(place);
  const name = pointer || '/';
  const here = valueAt(value, path);
  const said = { zh: inChinese(issue, here), en: issue.message ?? 'not valid' };
  if (about === undefined) return [fault('FORMAT', name, { zh: `${name}：${said.zh}。`, en: `${name}: ${said.en}.` })];
  // The whole of it, which has no name.
  if (here === undefined && pointer === '')
    return [fault('FORMAT', name, { zh: `缺少请求体：${about.zh}。`, en: `The body is missing: ${about.en}.` })];
  if (here === undefined)
    return [fault('FORMAT', name, { zh: `缺少 ${name}：${about.zh}。`, en: `${name} is missing: ${about.en}.` })];
  // A pattern does not help the person who mistyped; its meaning does.
  const isPattern = issue.keyword === 'invalid_format' && issue.params.format === 'regex';
  return [
    fault('FORMAT', name, {
      zh: `${name}：${isPattern ? '不符合要求' : said.zh}。应为：${about.zh}。`,
      en: `${name}: ${isPattern ? 'not valid' : said.en}. It is: ${about.en}.`,
    }),
  ];
}

function unknownFault(
  key: string,
  above: string,
  { place, isBody }: { readonly place: z.core.$ZodType | undefined; readonly isBody: boolean },
): Fault {
  const known = Object.keys(shapeOf(place) ?? {});
  const what = isBody ? { zh: '成员', en: 'member' } : { zh: '参数', en: 'parameter' };
  const shown = key.slice(0, 100);
  const others = known.length > 0 ? { zh: `，可用：${known.join('、')}`, en: `; known are ${known.join(', ')}` } : null;
  return fault('FORMAT', above + pointerOf([shown]), {
    zh: `没有${what.zh} ${shown}${others?.zh ?? ''}。`,
    en: `There is no ${what.en} "${shown}"${others?.en ?? ''}.`,
  });
}

/** The schema of the value at a path; undefined where the schema has none. */
function partOf(schema: z.core.$ZodType | undefined, path: readonly string[]): z.core.$ZodType | undefined {
  const [key, ...rest] = path;
  if (schema === undefined || key === undefined) return schema;
  const inner = coreOf(schema)._zod.def as { type: string; element?: z.core.$ZodType };
  return partOf(inner.type === 'array' ? inner.element : shapeOf(schema)?.[key], rest);
}

function shapeOf(schema: z.core.$ZodType | undefined): Readonly<Record<string, z.core.$ZodType>> | undefined {
  const core = schema && coreOf(schema);
  return core instanceof z.ZodObject ? core.shape : undefined;
}

/** The label of a schema, or of the schema that it wraps. */
function labelOf(schema: z.core.$ZodType | undefined): Label | undefined {
  if (schema === undefined) return undefined;
  const own = z.globalRegistry.get(schema)?.label;
  const inner = wrappedBy(schema);
  return own ?? (inner && labelOf(inner));
}

/** A schema without what makes it optional, or goes on with what it read. */
function coreOf(schema: z.core.$ZodType): z.core.$ZodType {
  const inner = wrappedBy(schema);
  return inner ? coreOf(inner) : schema;
}

function wrappedBy(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  const { innerType, in: first } = schema._zod.def as { innerType?: z.core.$ZodType; in?: z.core.$ZodType };
  return innerType ?? first;
}

const { localeError } = z.locales.zhCN();

/** The message of zod for an issue, in Chinese; the type provider passes the issue on under other names. */
function inChinese(issue: Issue, input: unknown): string {
  if (issue.keyword === 'custom') return ruleInChinese(issue) ?? '不符合要求';
  // The provider spreads the issue's own members over `params`.
  const said = localeError({ code: issue.keyword, path: [], input, ...issue.params } as Parameters<
    typeof localeError
  >[0]);
  const message = (typeof said === 'string' ? said : said?.message) ?? '无效';
  return message.replace(/(期望|实际接收) (\w+)/g, translated);
}

/** The names of types that zod leaves in English in its Chinese messages. */
const typesInChinese: Readonly<Record<string, string>> = {
  number: '数字',
  int: '整数',
  string: '文本',
  array: '列表',
  object: '对象',
  boolean: 'true 或 false',
  undefined: '空',
};

function translated(match: string, verb: string, type: string): string {
  const chinese = typesInChinese[type];
  return chinese === undefined ? match : `${verb} ${chinese}`;
}

/** A rule of our own has its Chinese message in `params.zh`, its English one in `error`. */
function ruleInChinese({ params: { params } }: Issue): string | undefined {
  const isRecord = typeof params === 'object' && params !== null;
  return isRecord && 'zh' in params && typeof params.zh === 'string' ? params.zh : undefined;
}
