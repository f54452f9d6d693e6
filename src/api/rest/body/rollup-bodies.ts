/** The sums of a division for a year, with coverage. */
import { z } from 'zod';
import { printFigure } from '../../../form/check.js';
import { nameRates, noRate, rateLines, rateOf, subtotalCells, sumCells } from '../../../form/derived.js';
import { nest, printFigures } from '../../../form/figures.js';
import { allCells, type Cell, formOf } from '../../../form/forms.js';
import { subtotals } from '../../../form/lines.js';
import { plainBreak } from '../../../register/breaks.js';
import { frameUsed } from '../../../register/frame.js';
import { coverageRate } from '../../../rollup/coverage.js';
import type { RollupView } from '../../../rollup/rollup.js';
import { inclusions, placeChangeKinds, precisions } from '../../../words.js';
import { codeAndName, divisionNamed, integer, labelSchema, nestedFigures, printedFigure } from './body-parts.js';
import { findingSchema } from './report-bodies.js';

const rate = z
  .number()
  .nullable()
  .meta({ label: { zh: '0 至 1，无收件时为 null', en: 'Null, never 1, when nothing was received' } });

const rateSum = z
  .object({
    value: rate,
    reports: integer.meta({ label: { zh: '计入的报告数', en: 'How many reports it is over' } }),
    over: integer.meta({ label: { zh: '分子', en: 'What they say above the line' } }),
    of: integer.meta({ label: { zh: '分母', en: 'What they say below the line' } }),
  })
  .meta({ id: 'Rate', label: { zh: '一项比率及其分子、分母', en: 'A rate, and what it divides' } });

const rateSums = z.object(Object.fromEntries(rateLines.map(({ key, label }) => [key, rateSum.meta({ label })]))).meta({
  id: 'Rates',
  label: {
    zh: '各项比率，只计填全所需各格的报告',
    en: 'The rates, each over the reports that fill in every box it takes',
  },
});

const namedItems = z
  .object({
    name: z.string(),
    count: integer.nullable().meta({
      label: { zh: '合计；无报告说明确切条数时为 null', en: 'Null when no report states an exact number' },
    }),
    counted: integer.meta({ label: { zh: '说明了条数的报告数', en: 'How many reports state a number' } }),
    reports: integer.meta({ label: { zh: '提到该类的报告数', en: 'How many reports name it' } }),
    share: z
      .number()
      .nullable()
      .meta({ label: { zh: '占总数之比，0 至 1', en: 'The part of the totals of the reports that state both' } }),
    shareReports: integer.meta({ label: { zh: '计入占比的报告数', en: 'How many reports the share is over' } }),
  })
  .meta({
    id: 'NamedItems',
    label: { zh: '同名类别或渠道的合计', en: 'The items of one name, and how many reports have it' },
  });

const cellCounts = z.object({ reported: integer, blank: integer, absent: integer }).meta({
  id: 'CellCounts',
  label: {
    zh: '一格已填、空白、格式无此格的报告数',
    en: 'How many reports state a cell, leave it blank, have a form without it',
  },
});

const coverageSchema = z
  .object({
    reports: integer.meta({ label: { zh: '合计中的报告数', en: 'Reports in the sum' } }),
    expected: integer.meta({ label: { zh: '应报送机关数', en: 'Agencies expected to file' } }),
    reported: integer.meta({ label: { zh: '应报送且已报送', en: 'Of those expected, how many did' } }),
    accepted: integer.meta({ label: { zh: '其中已审核通过', en: 'Of those reported, how many were accepted' } }),
    onTime: integer.meta({
      label: { zh: '其中按时报送（只计可读取的）', en: 'Of those reported that you may read, how many by the day due' },
    }),
    late: integer.meta({ label: { zh: '其中逾期报送（同上）', en: 'Of the same, how many later' } }),
    rate,
    samples: integer.meta({ label: { zh: '示例报告数', en: 'Reports that are made-up samples' } }),
    forms: z.record(z.string(), integer).meta({ label: { zh: '各格式的报告数', en: 'Reports by form' } }),
    missingCount: integer,
    missing: z.array(codeAndName).meta({ label: { zh: '未报送机关，至多 500 个', en: 'Who is missing, at most 500' } }),
    cells: z.record(z.string(), z.record(z.string(), z.record(z.string(), cellCounts))).meta({
      label: {
        zh: '每格：已填、空白、格式无此格的报告数',
        en: 'By cell: how many reported, left blank, have a form without it',
      },
    }),
  })
  .meta({ id: 'Coverage', label: { zh: '汇总的范围', en: 'What a sum includes' } });

const publishedSchema = z
  .object({
    agency: z.string(),
    agencyName: z.string(),
    revision: integer,
    form: z.string(),
    figures: nestedFigures,
    differences: z.array(
      z.object({
        cell: z.string(),
        label: labelSchema,
        rollup: printedFigure,
        published: printedFigure,
        difference: printedFigure,
      }),
    ),
  })
  .meta({
    id: 'PublishedBeside',
    label: {
      zh: '该县自行公布的报告及差异，从不计入合计',
      en: "The county's own published report; compared, never added",
    },
  });

const frameSchema = z
  .object({
    boundaries: z.enum(['AS_REPORTED', 'ON_DAY']).meta({
      label: {
        zh: '按各年 12 月 31 日的区划，或按某日的区划',
        en: 'On the boundaries of 31 December of the year, or on those of a day',
      },
    }),
    on: z.iso.date().meta({ label: { zh: '区划之日', en: 'The day whose boundaries count' } }),
    knownOn: z
      .string()
      .nullable()
      .meta({ label: { zh: '登记截至的时刻；null 为现在', en: 'By when it was known; null is now' } }),
  })
  .meta({ id: 'FrameUsed', label: { zh: '汇总所用口径', en: 'The frame that a sum is in' } });

const unallocatedSchema = z
  .object({
    reports: integer,
    expected: integer.meta({ label: { zh: '其中应报送的机关数', en: 'Agencies expected to file' } }),
    agencies: z.array(codeAndName.extend({ candidates: z.array(codeAndName) })).meta({
      label: { zh: '机关及其可能所属，至多 500 个', en: 'Whose reports, and where each may lie, at most 500' },
    }),
  })
  .meta({
    id: 'Unallocated',
    label: {
      zh: '不能归入任何一个下级的报告，只计入本级',
      en: 'Reports that lie in none of the divisions directly below: counted here, and never divided',
    },
  });

const breakSchema = z
  .object({
    effective: z.iso.date().meta({ label: { zh: '生效日', en: 'The first day on which it is so' } }),
    precision: z.enum(precisions).meta({ label: { zh: '日期的确切程度', en: 'How sure that day is' } }),
    kind: z.enum(placeChangeKinds).meta({ label: { zh: '变更类别', en: 'What happened' } }),
    document: z
      .string()
      .nullable()
      .meta({ label: { zh: '文号', en: 'Number of the document that orders it' } }),
    partial: z.boolean().meta({ label: { zh: '仅一部分', en: 'Whether a part only came over' } }),
    counterparts: z.array(codeAndName).meta({ label: { zh: '对方', en: 'Where it came from or went to' } }),
  })
  .meta({
    id: 'Break',
    label: {
      zh: '口径变动：区域在这一天变了，与其他年度不可比',
      en: 'A day on which the territory became another, so that years cannot be compared',
    },
  });

/** How many agencies of a list one answer holds. */
const listed = 500;

/** A rollup: the shape of a report, with coverage. */
export const rollupSchema = z
  .object({
    division: divisionNamed,
    year: integer,
    kinds: z.array(z.string()).meta({ label: { zh: '包含的机关类别', en: 'The kinds of agency in the sum' } }),
    includes: z
      .enum(inclusions)
      .meta({ label: { zh: '已报送的全部，或仅审核通过的', en: 'All that was filed, or only what was accepted' } }),
    frame: frameSchema,
    figures: nestedFigures,
    derived: z
      .record(z.string(), z.unknown())
      .meta({ label: { zh: '派生小计与比率（不在报表上）', en: 'Derived subtotals and rates, printed nowhere' } }),
    rates: rateSums,
    publishedItems: z.object({
      total: integer.nullable(),
      stated: integer.meta({ label: { zh: '说明了总数的报告数', en: 'How many reports state a total' } }),
      categories: z.array(namedItems),
      channels: z.array(namedItems),
    }),
    findings: z.array(findingSchema),
    coverage: coverageSchema,
    published: publishedSchema.nullable(),
    unallocated: unallocatedSchema,
    breaks: z.array(breakSchema),
  })
  .meta({ id: 'Rollup', label: { zh: '汇总', en: 'The sums of a division for a year, with coverage' } });

/** A rollup as a body. */
export function rollupBody(rollup: RollupView) {
  const { division, year, kinds, inclusion, statistics, cells, missing, missingCount, published } = rollup;
  const { frame, unallocated } = rollup;
  const { figures, reported, blank, reports, coverage } = statistics;
  const counts = (cell: Cell) => ({
    reported: reported[cell.at] ?? 0,
    blank: blank[cell.at] ?? 0,
    absent: reports - (reported[cell.at] ?? 0) - (blank[cell.at] ?? 0),
  });
  return {
    division: { code: division.code, name: division.name, level: division.level },
    year,
    kinds,
    includes: inclusion,
    frame: frameUsed(frame, year),
    figures: printFigures(cells, figures),
    derived: derivedBody(statistics),
    rates: nameRates(statistics.rates),
    publishedItems: {
      total: statistics.publishedTotal,
      stated: statistics.publishedStated,
      categories: rollup.categories,
      channels: rollup.channels,
    },
    findings: rollup.findings,
    coverage: {
      reports,
      expected: coverage.expected,
      reported: coverage.reported,
      accepted: coverage.accepted,
      onTime: coverage.onTime,
      late: coverage.late,
      rate: coverageRate(coverage),
      samples: statistics.samples,
      forms: Object.fromEntries(statistics.forms),
      missingCount,
      missing: missing.map((agency) => ({ code: agency.code, name: agency.name })),
      cells: nest(cells, counts),
    },
    published: published ? publishedBody(published) : null,
    unallocated: {
      reports: unallocated.reports,
      expected: unallocated.expected,
      agencies: unallocated.agencies.slice(0, listed).map(({ agency, candidates }) => ({
        code: agency.code,
        name: agency.name,
        candidates: candidates.map(({ code, name }) => ({ code, name })),
      })),
    },
    breaks: rollup.breaks.map(plainBreak),
  };
}

function derivedBody({ figures, rates }: RollupView['statistics']) {
  const columns = [...new Set(allCells.filter((cell) => cell.table === 'applications').map((cell) => cell.column))];
  const sums = subtotals.map(({ key }) => [
    key,
    Object.fromEntries(
      columns.map((column) => {
        const cells = subtotalCells(key, column);
        const [first] = cells;
        return [column, first ? printFigure(first, sumCells(figures, cells)) : null];
      }),
    ),
  ]);
  const shares = rateLines.map(({ key }, index) => [key, rateOf(rates[index] ?? noRate)]);
  return Object.fromEntries([...sums, ...shares]);
}

function publishedBody(published: NonNullable<RollupView['published']>) {
  const { agency, row, content } = published.report;
  return {
    agency: agency.code,
    agencyName: agency.name,
    revision: row.revision,
    form: content.form,
    figures: printFigures(formOf(content.form).cells, content.figures),
    differences: published.differences.map((found) => ({
      cell: found.cell.key,
      label: found.cell.label,
      rollup: printFigure(found.cell, found.rollup),
      published: printFigure(found.cell, found.published),
      difference: printFigure(found.cell, found.difference),
    })),
  };
}
