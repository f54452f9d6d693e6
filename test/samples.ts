/**
 * Real figures, and texts that print them. The figures are those of `examples/`. One text is of the tests' own making,
 * in the layout and with the traps of a published one; where the owners' samples lie beside the clone, the text that
 * was published is a second one, held to the same claims.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAmount } from '../src/form/amount.js';
import { cellOf } from '../src/form/forms.js';
import { packageRoot } from '../src/root.js';
import { type Layout, layouts, printReport } from './document-layouts.js';

/** A filing of `examples/`, as JSON. */
export const exampleFiling = (name: 'qunfeng-2021' | 'hongze-2023' | 'pingtan-2020') =>
  JSON.parse(readFileSync(join(packageRoot, 'examples', `${name}.json`), 'utf8'));

/** Addresses and values of a filing's figures, amounts in 分. */
export function flattenFiling(
  filed: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number | string | null>>>>>>,
): Record<string, number | null> {
  const rows = Object.entries(filed).flatMap(([table, members]) =>
    Object.entries(members).map(([row, boxes]) => [table, row, boxes] as const),
  );
  return Object.fromEntries(
    rows.flatMap(([table, row, boxes]) =>
      Object.entries(boxes).map(([column, value]) => {
        const key = `${table}.${row}.${column}`;
        return [key, typeof value === 'string' ? (parseAmount(value, cellOf(key).unit) ?? null) : value];
      }),
    ),
  );
}

/** Texts that print the filing `qunfeng-2021`, each with where it comes from. */
export function qunfengTexts(): { readonly name: string; readonly text: string }[] {
  const published = join(packageRoot, '..', 'shared', 'samples', 'qunfeng-2021.txt');
  return [
    { name: 'a text of the tests’ own', text: writeQunfeng() },
    ...(existsSync(published) ? [{ name: 'the text that was published', text: readFileSync(published, 'utf8') }] : []),
  ];
}

/** The words of the text: lists in prose that look like headings, items in a sentence, a hotline with its rate. */
const prose: Readonly<Record<string, string>> = {
  '一、总体情况': [
    '这是测试所用的文字，数字与公布的相同。',
    '（一）公开的信息。全年主动公开政府信息16条，其中：乡动态8条，占比50%；其他信息8条，占比50%。',
    '1.申请情况',
    '全年未接到申请。',
    '2.公开平台',
    '信息发布在“洪江市人民政府”网站。',
    '3.回应情况',
    '办理市长信箱来信0件，市长热线工单9件，回复率100%。',
  ].join('\n\n'),
  '五、存在的主要问题及改进情况': [
    '问题有两项，一、更新较慢，个别目录有误；二、宣传较少，人手不足。',
    '2022年，改进如下：',
    '一、办一次培训,讲清范围和要求；',
    '二、 多渠道宣传，多听群众意见。',
    '三、按月检查，结果通报。',
  ].join('\n'),
  '六、其他需要报告的事项': '无。',
};

function writeQunfeng(): string {
  const filed = exampleFiling('qunfeng-2021');
  const { parts } = printReport({ form: '2021', figures: flattenFiling(filed.figures) }, 2021);
  const said = parts.map((part, index) => {
    const heading = parts[index - 1];
    return (typeof heading === 'string' && prose[heading]) || part;
  });
  // The first of the layouts is that of the published text.
  const [cellByLine] = layouts as readonly [Layout, ...Layout[]];
  return cellByLine.write({ title: '群峰乡2021年政府信息公开工作年度报告', parts: said });
}
