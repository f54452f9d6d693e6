/** What is wrong with a query, in both languages: our own refusals, and those of graphql-js, which speaks English. */
import { type ASTNode, GraphQLError } from 'graphql';
import type { Label } from '../../words.js';

/** A refusal of ours, in the form in which graphql-js refuses. */
export function queryFault(label: Label, node?: ASTNode): GraphQLError {
  return new GraphQLError(label.en, { extensions: { label }, ...(node && { nodes: node }) });
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
