/** All checks of a report: its equations, the year before, its form, its dates and the numbers in its text. */

import {
  type Comparison,
  checkFigures,
  type Finding,
  type Part,
  remark,
  weigh,
  type YearBefore,
} from '../form/check.js';
import { cellOf, formInForce, formOf } from '../form/forms.js';
import type { PublishedGroup, ReportContent } from '../form/report.js';
import { statements } from '../form/statements.js';
import type { Label } from '../words.js';

/** 原则上不超过一千字. */
const overviewLimit = 1000;

/**
 * Every finding about a report, the equations first in printed order. `before` are the figures of the year before, of
 * the same agency and those merged into it, if there are any.
 */
export function findFaults(content: ReportContent, year: number, before?: YearBefore): Finding[] {
  return [
    ...checkForm(content, year),
    ...checkFigures(content.form, year, content.figures, before),
    ...checkBlankTables(content),
    ...checkPublishedItems(content, year),
    ...checkStatedNumbers(content, year),
    ...checkDate(content, year),
    ...checkLength(content),
  ];
}

/** The findings that stop a filing. */
export function errorsAmong(findings: readonly Finding[]): Finding[] {
  return findings.filter((finding) => finding.severity === 'error');
}

function checkForm(content: ReportContent, year: number): Finding[] {
  const form = formOf(content.form);
  const expected = formInForce(year);
  const at = { pointer: '/form', label: form.name };
  if (form.inForce === null) {
    const message: Label = {
      zh: `本报告使用${form.name.zh}，没有通知规定这种格式；${year} 年度应使用${expected.name.zh}。`,
      en: `The report uses the ${form.name.en.toLowerCase()}, which no notice prescribes; ${year} calls for the ${expected.name.en}.`,
    };
    return [remark('FORM-MIXED', { ...at, message })];
  }
  if (form.id === expected.id) return [];
  const message: Label = {
    zh: `本报告使用${form.name.zh}，${year} 年度应使用${expected.name.zh}。`,
    en: `The report uses the ${form.name.en}; the ${expected.name.en} is in force for ${year}.`,
  };
  return [remark('FORM-LATE', { ...at, message })];
}

function checkBlankTables(content: ReportContent): Finding[] {
  const form = formOf(content.form);
  const filled = new Set<string>();
  for (const { table, at } of form.cells) if (content.figures[at] !== null) filled.add(table);
  if (filled.size === form.tables.length) return [];
  return form.tables.flatMap((table) => {
    if (filled.has(table.key)) return [];
    const cells = form.cells.filter((cell) => cell.table === table.key);
    return [
      remark('INCOMPLETE', {
        pointer: `/figures/${table.key}`,
        label: table.label,
        cells: cells.map((cell) => cell.key),
        message: {
          zh: `“${table.label.zh}”整表空白，报告不完整；数量确为零的请填 0。`,
          en: `Every box of the table “${table.label.en}” is blank, so the report is not complete. Write 0 where the number is zero.`,
        },
      }),
    ];
  });
}

const listLabels = {
  categories: { zh: '主动公开信息各类别', en: 'Published items by category' },
  channels: { zh: '主动公开信息各渠道', en: 'Published items by channel' },
} as const satisfies Record<string, Label>;

function checkPublishedItems(content: ReportContent, year: number): Finding[] {
  const items = content.publishedItems;
  if (!items || items.total === null) return [];
  const total: Part = { label: { zh: '总数', en: 'Total' }, value: items.total, coefficient: 1, year };
  return (items.complete ?? []).flatMap((list) => {
    const comparison: Comparison = {
      rule: 'P-SUM',
      left: items[list].map((group) => partOf(group, year)),
      right: [total],
      label: listLabels[list],
      pointer: `/publishedItems/${list}`,
      year,
    };
    return weigh(comparison) ?? [];
  });
}

function partOf(group: PublishedGroup, year: number): Part {
  return { label: { zh: group.name, en: `“${group.name}”` }, value: group.count, coefficient: 1, year };
}

function checkStatedNumbers(content: ReportContent, year: number): Finding[] {
  const overview = content.narrative?.overview;
  if (!overview) return [];
  return statements.flatMap(({ label, pattern, meanings }) => {
    const stated = pattern.exec(overview)?.[1];
    if (stated === undefined) return [];
    const findings = meanings.map((cells) =>
      weigh({
        rule: 'TEXT-TABLE',
        left: [{ label, value: Number(stated), coefficient: 1, year }],
        right: cells.map((key) => cellPart(key, content, year)),
        label,
        pointer: '/narrative/overview',
        year,
      }),
    );
    // It agrees as soon as one meaning does; otherwise the finding compares the plainest meaning.
    const [first] = findings;
    return first && findings.every(Boolean) ? [first] : [];
  });
}

function cellPart(key: string, content: ReportContent, year: number): Part {
  const cell = cellOf(key);
  return { cell, label: cell.label, value: content.figures[cell.at] ?? null, coefficient: 1, year };
}

function checkDate(content: ReportContent, year: number): Finding[] {
  const published = content.source?.publishedOn;
  if (!published || published >= `${year}-12-31`) return [];
  return [
    remark('CUTOFF', {
      pointer: '/source/publishedOn',
      label: { zh: '公布日期', en: 'Day of publication' },
      message: {
        zh: `公布日期 ${published} 早于统计截止日 ${year}-12-31。`,
        en: `Published on ${published}, before the period ended on ${year}-12-31.`,
      },
    }),
  ];
}

function checkLength(content: ReportContent): Finding[] {
  const overview = content.narrative?.overview ?? '';
  // A character has one unit of UTF-16 or two.
  if (overview.length <= overviewLimit) return [];
  const length = [...overview.replace(/\s/g, '')].length;
  if (length <= overviewLimit) return [];
  return [
    remark('LENGTH', {
      pointer: '/narrative/overview',
      label: { zh: '总体情况', en: 'Overview' },
      message: {
        zh: `总体情况共 ${length} 字，原则上不超过 ${overviewLimit} 字。`,
        en: `The overview has ${length} characters; it should not exceed ${overviewLimit}.`,
      },
    }),
  ];
}
