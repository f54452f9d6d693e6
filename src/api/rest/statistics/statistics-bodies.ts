/** Tables of statistics as the document describes them. */
import { z } from 'zod';
import { tableParts } from '../../../rollup/table/table.js';
import { agencyKinds, divisionLevels, inclusions, precisions } from '../../../words.js';
import { codeAndName, divisionNamed, integer, labelSchema, printedFigure } from '../body/body-parts.js';
import { measureSchema } from '../body/form-bodies.js';

const observationSchema = z
  .object({
    area: z.string().meta({ label: { zh: '区域代码', en: 'Code of the area' } }),
    year: integer,
    measure: z.string().meta({ label: { zh: '指标地址', en: 'Address of the measure' } }),
    value: printedFigure,
    reported: integer.meta({ label: { zh: '填报此项的报告数', en: 'How many reports state it' } }),
    expected: integer.meta({ label: { zh: '应报送机关数', en: 'How many agencies are expected to file' } }),
    blank: integer.meta({
      label: { zh: '空白的报告数；小计为至少', en: 'How many reports leave it blank; of a subtotal, at least' },
    }),
    absent: integer.meta({ label: { zh: '格式无此项的报告数', en: 'How many reports are on a form without it' } }),
    denominator: integer
      .nullable()
      .meta({ label: { zh: '比率的分母', en: 'What a rate divides by; null of everything else' } }),
    samples: integer.meta({ label: { zh: '示例报告数', en: 'How many reports are made-up samples' } }),
    status: z
      .string()
      .meta({ label: { zh: '状态代码，见 statuses', en: 'Letters, see statuses; empty: a plain value' } }),
    includes: z.enum(inclusions),
  })
  .meta({ id: 'Observation', label: { zh: '一个区域一年的一项指标', en: 'What a measure is for an area and year' } });

const areaSchema = codeAndName
  .extend({
    level: z.enum([...divisionLevels, 'AGENCY']),
    kind: z.enum(agencyKinds).nullable(),
    parent: codeAndName.nullable(),
  })
  .meta({ id: 'TableArea', label: { zh: '表中的区域', en: 'An area of a table' } });

const shownUnit = z
  .object({
    label: labelSchema,
    decimals: integer.meta({ label: { zh: '小数位数', en: 'With how many decimals it is shown' } }),
  })
  .meta({ id: 'ShownUnit', label: { zh: '单位与小数位数', en: 'The unit of a measure, and its decimals' } });

const areaBreak = z
  .object({
    area: z.string(),
    year: integer,
    effective: z.iso.date(),
    precision: z.enum(precisions),
    kind: z.string().meta({ label: { zh: '变更类别', en: 'What happened' } }),
    document: z.string().nullable(),
    partial: z.boolean(),
    counterparts: z.array(codeAndName),
  })
  .meta({ id: 'AreaBreak', label: { zh: '序列中断', en: 'A day on which an area became another territory' } });

/** A table of statistics. */
export const statisticsSchema = z
  .object({
    title: labelSchema,
    source: labelSchema,
    notes: z.array(labelSchema),
    division: divisionNamed,
    by: z.enum(tableParts).nullable(),
    years: z.array(integer),
    kinds: z.array(z.string()),
    frame: z.object({
      boundaries: z.enum(['AS_REPORTED', 'ON_DAY']),
      on: z.iso.date().nullable(),
      knownOn: z.string().nullable(),
    }),
    includes: z.record(z.string(), z.enum(inclusions)).meta({
      label: {
        zh: '该区划各年的统计口径：已报送的全部，或仅审核通过的',
        en: 'Of each year, what the sums of the division are of',
      },
    }),
    licence: z.object({ name: z.string().optional(), path: z.string().optional(), title: z.string().optional() }),
    links: z
      .record(z.string(), z.string())
      .meta({ label: { zh: '同一表的其他格式', en: 'The same table, by what it is written as' } }),
    statuses: z.record(z.string(), labelSchema).meta({ label: { zh: '状态代码的含义', en: 'What the letters mean' } }),
    statusSource: labelSchema,
    areas: z.array(areaSchema),
    measures: z.array(measureSchema),
    units: z.record(z.string(), shownUnit).meta({ label: { zh: '各指标的单位', en: 'Units by the measures' } }),
    breaks: z.array(areaBreak),
    observations: z.array(observationSchema),
    version: z
      .object({ number: integer, at: z.string().nullable() })
      .meta({ label: { zh: '数据版本', en: 'The last change of the store when it was read' } }),
  })
  .meta({ id: 'StatisticsTable', label: { zh: '统计表', en: 'A table of statistics: area by year by measure' } });

/** A JSON-stat dataset, which json-stat.org describes. */
export const jsonStatSchema = z
  .looseObject({ version: z.literal('2.0'), class: z.literal('dataset'), id: z.array(z.string()) })
  .meta({
    id: 'JsonStatDataset',
    label: { zh: 'JSON-stat 2.0 数据集（json-stat.org）', en: 'A JSON-stat 2.0 dataset' },
  });
