/** What is wrong with a query, in both languages: our own refusals, and those of graphql-js, which speaks English. */
import { type ASTNode, GraphQLError } from 'graphql';
import type { Problem, ProblemName } from '../../problem.js';
import type { Label } from '../../words.js';

/** A refusal of ours, in the form in which graphql-js refuses: where it lies, and its code if it has one of its own. */
export function queryFault(
  label: Label,
  { node, code }: { readonly node?: ASTNode; readonly code?: ClientCode } = {},
): GraphQLError {
  return new GraphQLError(label.en, { extensions: { label, ...(code && { code }) }, ...(node && { nodes: node }) });
}

/** What clients of GraphQL know a failure by; the first eight are those of Apollo's server, which their libraries look for. */
export type ClientCode =
  | 'GRAPHQL_PARSE_FAILED'
  | 'GRAPHQL_VALIDATION_FAILED'
  | 'OPERATION_RESOLUTION_FAILURE'
  | 'BAD_USER_INPUT'
  | 'BAD_REQUEST'
  | 'INTERNAL_SERVER_ERROR'
  | 'PERSISTED_QUERY_NOT_FOUND'
  | 'PERSISTED_QUERY_NOT_SUPPORTED'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'QUERY_TOO_LARGE'
  | 'TOO_MANY_REQUESTS'
  | 'SERVICE_UNAVAILABLE';

const codesOfKinds: Readonly<Partial<Record<ProblemName, ClientCode>>> = {
  'invalid-parameter': 'BAD_USER_INPUT',
  'query-too-large': 'QUERY_TOO_LARGE',
  'persisted-query-not-found': 'PERSISTED_QUERY_NOT_FOUND',
  'persisted-query-not-supported': 'PERSISTED_QUERY_NOT_SUPPORTED',
  internal: 'INTERNAL_SERVER_ERROR',
};

const codesOfStatuses: Readonly<Record<number, ClientCode>> = {
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  429: 'TOO_MANY_REQUESTS',
};

/** The code of a problem. */
export function codeOfProblem({ kind, status }: Problem): ClientCode {
  const code = codesOfKinds[kind] ?? codesOfStatuses[status];
  return code ?? (status >= 500 ? 'SERVICE_UNAVAILABLE' : 'BAD_REQUEST');
}

/** Messages that clients compare with words of the protocol, which stand for no language. */
export const agreedMessages: Readonly<Partial<Record<ProblemName, string>>> = {
  'persisted-query-not-found': 'PersistedQueryNotFound',
  'persisted-query-not-supported': 'PersistedQueryNotSupported',
};

/** What is being done with a query when graphql-js finds a fault in it. */
export type Stage = 'GRAPHQL_VALIDATION_FAILED' | 'BAD_USER_INPUT';

/** The code of a fault that graphql-js, or a refusal of ours in its form, finds at a stage. */
export function codeOfFault({ message, extensions }: GraphQLError, stage: Stage): ClientCode {
  if (message.startsWith('Syntax Error')) return 'GRAPHQL_PARSE_FAILED';
  // Only refusals of ours have one, from the list above.
  return (extensions.code as ClientCode | undefined) ?? stage;
}

/** The label of a refusal. For a message of graphql-js that is not listed here, Chinese readers get a general one. */
export function labelOfFault({ message, extensions }: GraphQLError): Label {
  if (isLabel(extensions.label)) return extensions.label;
  for (const [pattern, said] of chinese) {
    const found = pattern.exec(message);
    if (found) return { zh: `查询无效：${said.replace(/\d/g, (place) => found[Number(place)] ?? '')}。`, en: message };
  }
  return { zh: '查询无效：不符合本接口的模式。', en: message };
}

function isLabel(value: unknown): value is Label {
  return typeof value === 'object' && value !== null && 'zh' in value && 'en' in value;
}

/** The messages of graphql-js as patterns, each with its Chinese; a digit there is a group of the pattern. */
const chinese: readonly (readonly [RegExp, string])[] = [
  [/^Syntax Error: Expected (.+), found (.+)\.$/, '语法错误，此处应为 1，而不是 2'],
  [/^Syntax Error: Unexpected (.+)\.$/, '语法错误，此处不应有 1'],
  [/^Syntax Error/, '语法错误'],
  [/^Cannot query field "(.+?)" on type "(.+?)"/, '类型 2 没有字段 1'],
  [/^Unknown argument "(.+?)" on field "(.+?)"/, '字段 2 没有参数 1'],
  [/^Unknown argument "(.+?)" on directive "(.+?)"/, '指令 2 没有参数 1'],
  [/^Unknown fragment "(.+?)"/, '没有片段 1'],
  [/^Unknown type "(.+?)"/, '没有类型 1'],
  [/^Unknown directive "(.+?)"/, '没有指令 1'],
  [/^Field "(.+?)" of type ".+?" must have a selection/, '字段 1 须选取其子字段'],
  [/^Field "(.+?)" must not have a selection/, '字段 1 没有子字段'],
  [/^Field "(.+?)" argument "(.+?)" of type "(.+?)" is required/, '字段 1 缺少参数 2（3）'],
  [/^Fields "(.+?)" conflict/, '字段 1 同名而所取不同'],
  [/^Fragment "(.+?)" is never used/, '片段 1 未使用'],
  [/^Cannot spread fragment "(.+?)" within itself/, '片段 1 循环引用'],
  [/^Fragment "(.+?)" cannot be spread here/, '片段 1 不能用在此处'],
  [/^Variable "(.+?)" is not defined/, '变量 1 未声明'],
  [/^Variable "(.+?)" is never used/, '变量 1 未使用'],
  [/^Variable "(.+?)" of required type "(.+?)" was not provided/, '缺少变量 1（2）'],
  [/^Variable "(.+?)" of non-null type "(.+?)" must not be null/, '变量 1（2）不能为 null'],
  [/^Variable "(.+?)" of type "(.+?)" used in position expecting type "(.+?)"/, '变量 1 的类型为 2，此处应为 3'],
  [/^Variable "(.+?)" got invalid value/, '变量 1 的值无效'],
  [/^Expected value of type "(.+?)", found (.+?)[;.]/, '此处应为 1，而不是 2'],
  [/^Value "(.+?)" does not exist in "(.+?)" enum/, '2 没有取值 1'],
  [/^(Int|Float|String|Boolean|ID) cannot represent/, '此处的值应为 1 类型'],
];
