/** What is wrong with a filing's shape, said cell by cell in both languages. */

import type { z } from 'zod';
import { decimalsOf, unitOfMoney } from '../form/amount.js';
import { maxCount } from '../form/exact.js';
import { type Cell, type Form, findCell, forms } from '../form/forms.js';
import { type Fault, pointerOf } from '../problem.js';
import type { Label } from '../words.js';

/** The faults that a schema found at `prefix`, each with its pointer, and with its cell where it is one; made as they are asked for. */
export function* faultsOf(
  error: z.ZodError,
  root: unknown,
  prefix: readonly string[],
  form?: Form,
): Generator<Fault, void, undefined> {
  for (const issue of error.issues) {
    const path = [...prefix, ...issue.path.map(String)];
    if (issue.code === 'unrecognized_keys') {
      for (const unknown of issue.keys) yield unknownKey([...path, unknown], form);
      continue;
    }
    const value = valueAt(root, issue.path.map(String));
    const cell = prefix.length > 0 && issue.path.length === 3 ? findCell(issue.path.join('.')) : undefined;
    const [code, said] = explain(issue, value, cell);
    if (cell) yield cellFault(code, cell, said);
    else if (value === undefined && form && issue.path.length < 3) yield* missingCells(form, issue.path.map(String));
    else {
      yield fault(code, pointerOf(path), {
        zh: `${pointerOf(path) || '正文'}：${said.zh}。`,
        en: `${pointerOf(path) || 'The body'} ${said.en}.`,
      });
    }
  }
}

/** A whole table or row that is missing is missing cell by cell. */
function missingCells(form: Form, path: readonly string[]): Fault[] {
  return form.cells
    .filter((cell) => path.every((part, depth) => cell.key.split('.')[depth] === part))
    .map((cell) => cellFault('MISSING', cell, { zh: '缺少（空白请填 null）', en: 'is missing (a blank is null)' }));
}

function unknownKey(path: readonly string[], form?: Form): Fault {
  const pointer = pointerOf(path);
  const cell = path.length === 4 ? findCell(path.slice(1).join('.')) : undefined;
  const elsewhere = cell && form ? forms.filter((other) => other.has(cell)).map((other) => other.id) : [];
  return fault('UNKNOWN', pointer, {
    zh: `未知的键 ${pointer}${elsewhere.length > 0 ? `（属于 ${elsewhere.join('、')} 版格式，本次为 ${form?.id}）` : ''}。`,
    en: `Unknown key ${pointer}${elsewhere.length > 0 ? ` (it is on form ${elsewhere.join(', ')}, this is ${form?.id})` : ''}.`,
  });
}

type Said = Label;

function explain(issue: z.core.$ZodIssue, value: unknown, cell: Cell | undefined): [string, Said] {
  if (value === undefined) {
    return cell
      ? ['MISSING', { zh: '缺少（空白请填 null）', en: 'is missing (a blank is null)' }]
      : ['MISSING', { zh: '缺少', en: 'is missing' }];
  }
  if (cell?.kind === 'amount') {
    const places = decimalsOf(cell.unit);
    const unit = unitOfMoney(cell.unit);
    return [
      'RANGE',
      {
        zh: `应为不小于 0 的十进制金额（${unit.zh}，至多 ${places} 位小数，不超过一千亿元）或 null`,
        en: `must be a decimal amount of at least 0 in ${unit.en}, with at most ${places} decimals and 100 billion yuan, or null`,
      },
    ];
  }
  if (typeof value === 'number' && !cell && issue.path.at(-1) === 'year') {
    return [
      'RANGE',
      {
        zh: `${value} 年度没有可比的格式，报告年度自 2019 年起`,
        en: `must be a report year from 2019 on, not ${value}: before there is no comparable form`,
      },
    ];
  }
  if (typeof value === 'number' && shares.has(String(issue.path.at(-1)))) {
    return [
      'RANGE',
      {
        zh: `应为 0 至 1 之间的比率（100% 写作 1）或 null，收到 ${value}`,
        en: `must be a share from 0 to 1 (100 % is 1) or null, not ${value}`,
      },
    ];
  }
  if (typeof value === 'number' && (cell || issue.code === 'too_small' || issue.code === 'too_big')) {
    return [
      'RANGE',
      cell?.signed
        ? {
            zh: `应为整数（±${maxCount}）或 null，收到 ${value}`,
            en: `must be a whole number or null, not ${value}`,
          }
        : {
            zh: `超出范围或不是整数，收到 ${value}`,
            en: `must be a whole number within its range (counts: 0 to ${maxCount}), not ${value}`,
          },
    ];
  }
  if (cell)
    return [
      'TYPE',
      {
        zh: `应为整数或 null，收到 ${kindOf(value).zh}`,
        en: `must be a whole number or null, not ${kindOf(value).en}`,
      },
    ];
  return explainText(issue, value);
}

/** Members of a filing that are shares: no whole numbers. */
const shares: ReadonlySet<string> = new Set(['share', 'replyRate']);

function explainText(issue: z.core.$ZodIssue, value: unknown): [string, Said] {
  if (issue.code === 'custom' && issue.params?.code === 'TEXT') {
    return ['TEXT', { zh: String(issue.params.zh), en: issue.message }];
  }
  if (issue.code === 'invalid_type') {
    return [
      'TYPE',
      {
        zh: `类型应为 ${issue.expected}，收到 ${kindOf(value).zh}`,
        en: `must be of type ${issue.expected}, not ${kindOf(value).en}`,
      },
    ];
  }
  if (issue.code === 'invalid_value') {
    const allowed = issue.values.map(String).join(', ');
    return ['VALUE', { zh: `应为 ${allowed} 之一`, en: `must be one of ${allowed}` }];
  }
  if (issue.code === 'too_small') return ['LENGTH', { zh: '不能为空', en: 'must not be empty' }];
  if (issue.code === 'too_big')
    return ['LENGTH', { zh: `过长（上限 ${issue.maximum}）`, en: `is too long (at most ${issue.maximum})` }];
  const format = formats[String(issue.path.at(-1))];
  return ['FORMAT', format ?? { zh: '格式不正确', en: 'does not have the right format' }];
}

/** What belongs in the members that have a form of their own. */
const formats: Readonly<Record<string, Said>> = {
  url: { zh: '应为 http 或 https 网址', en: 'must be an http or https address' },
  publishedOn: { zh: '应为存在的日期 YYYY-MM-DD', en: 'must be a day of the calendar, YYYY-MM-DD' },
  agency: {
    zh: '应为九位或十二位乡镇代码、六位县代码，或 2 至 32 位字母、数字、连字符',
    en: 'must be nine or twelve digits of a township, six of a county, or 2 to 32 letters, digits and hyphens',
  },
};

function kindOf(value: unknown): Label {
  if (value === null) return { zh: '空值 null', en: 'null' };
  if (Array.isArray(value)) return { zh: '数组', en: 'an array' };
  const kinds: Readonly<Record<string, Label>> = {
    string: { zh: '文本', en: 'text' },
    number: { zh: '数字', en: 'a number' },
    boolean: { zh: '布尔值', en: 'a boolean' },
    object: { zh: '对象', en: 'an object' },
  };
  return kinds[typeof value] ?? { zh: '其他类型', en: 'something else' };
}

/** One fault of a cell, with its address and printed label. */
export function cellFault(code: string, cell: Cell, said: Said): Fault {
  return {
    ...fault(code, cell.pointer, { zh: `${cell.label.zh}：${said.zh}。`, en: `${cell.label.en}: ${said.en}.` }),
    cells: [cell.key],
    label: cell.label,
  };
}

/** One fault of shape, always an error. */
export function fault(code: string, pointer: string, message: Label): Fault {
  return { code, severity: 'error', pointer, message };
}

/** The value at a path of keys, undefined where there is none. */
export function valueAt(root: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, part) => (isContainer(value) && Object.hasOwn(value, part) ? value[part] : undefined),
    root,
  );
}

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Whether a value is an object and no array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return isContainer(value) && !Array.isArray(value);
}
