/** What a query of statistics asks for: the parameters as schemas, and how they are read. */
import { z } from 'zod';
import { yearInChina } from '../../../day.js';
import { firstYear } from '../../../form/forms.js';
import { headlineKeys, headlineMeasures } from '../../../form/measure/headline.js';
import { findMeasure, type Measure } from '../../../form/measure/measures.js';
import type { TableQuery } from '../../../rollup/table/read-table.js';
import { tableParts } from '../../../rollup/table/table.js';
import { quoteText, soundLine } from '../../../text.js';
import { filerKinds } from '../../../words.js';
import {
  boundaries,
  divisionCode,
  invalidParameter,
  kindsParameter,
  knownOn,
  readBoundaries,
  readKinds,
  rollupInclusion,
} from '../../http/parameters.js';

/** What every table may be asked for with. */
export const askedOfTable = {
  division: divisionCode.optional().meta({
    label: {
      zh: '行政区划代码，六位数字；默认全国',
      en: 'Six digits of a division of any level; the nation when left out',
    },
  }),
  by: z
    .enum(tableParts)
    .optional()
    .meta({
      label: {
        zh: '每行一个机关（agency），或一个县级、地级、省级区划；不填则只有该区划本身',
        en: 'A row for each agency, or for each division of a level; left out, for the division itself alone',
      },
    }),
  measures: soundLine
    .max(15_000)
    .optional()
    .meta({
      label: {
        zh: `指标地址，逗号分隔，见 /v1/measures；默认：${headlineKeys.join('、')}`,
        en: `Addresses of measures by comma, see /v1/measures; when left out: ${headlineKeys.join(', ')}`,
      },
    }),
  years: soundLine
    .max(200)
    .optional()
    .meta({
      label: {
        zh: `年度，逗号分隔，可为范围：2021,2023 或 2019..2025；默认自 ${firstYear} 至去年`,
        en: `Years by comma, or ranges: 2021,2023 or 2019..2025; when left out, ${firstYear} to last year`,
      },
    }),
  kinds: kindsParameter(filerKinds, { zh: '包含的机关类别', en: 'Kinds to include' }).optional(),
  include: rollupInclusion,
  boundaries,
  knownOn,
  lang: z
    .enum(['zh', 'en'])
    .optional()
    .meta({
      label: {
        zh: '名称的语言；CSV 与 XLSX 的列标题也用此语言（不填则为列名）',
        en: 'Language of the labels, and of the headings of CSV and XLSX (their names when left out)',
      },
    }),
};

/** What a JSON-stat dataset may be asked for beside. */
export const askedOfJsonStat = {
  counts: z
    .enum(['extension', 'dimension'])
    .optional()
    .meta({
      label: {
        zh: '报告数：在 extension.counts 中（默认），或作为第四个维度 figure；只用于 JSON-stat',
        en: 'Where the counts are: in extension.counts (when left out), or a fourth dimension, figure; of JSON-stat only',
      },
    }),
};

/** The code of the nation. */
const nation = '100000';

const tableQuery = z.strictObject(askedOfTable);

/** What a query asks for. Throws `invalid-parameter`. */
export function readTableQuery(query: z.output<typeof tableQuery>, now: Date): TableQuery {
  const { division, by, measures, years, kinds, include } = query;
  return {
    division: division ?? nation,
    by: by ?? null,
    measures: measures === undefined ? headlineMeasures : readMeasures(measures),
    years: readYears(years, now),
    kinds: kinds === undefined ? undefined : readKinds(kinds, filerKinds),
    inclusion: include,
    frame: readBoundaries(query, now),
  };
}

/** Measures by comma, each once. Throws `invalid-parameter`, naming the first that there is not. */
function readMeasures(list: string): readonly Measure[] {
  const found = list.split(',').map((listed) => {
    const key = listed.trim();
    if (key === '') throw namelessMeasure();
    const measure = findMeasure(key);
    if (measure) return measure;
    throw invalidParameter('measures', {
      zh: `没有指标 ${quoteText(key, 80)}，全部指标见 /v1/measures。`,
      en: `There is no measure ${quoteText(key, 80)}; /v1/measures lists them.`,
    });
  });
  return [...new Set(found)];
}

function namelessMeasure() {
  return invalidParameter('measures', {
    zh: 'measures 为空或多了逗号；请填指标地址，或不填 measures 以取默认指标，全部指标见 /v1/measures。',
    en: 'measures is empty, or has a comma too many. Name measures, or leave it out for the usual ones; /v1/measures lists them all.',
  });
}

/** Years by comma, and ranges of them, in their order, each once. Throws `invalid-parameter`. */
function readYears(list: string | undefined, now: Date): readonly number[] {
  const last = yearInChina(now);
  const asked = (list ?? `${firstYear}..${Math.max(firstYear, last - 1)}`).split(',');
  const years = asked.flatMap((part) => {
    const [, from, to = from] = /^\s*(\d{4})(?:\.\.(\d{4}))?\s*$/.exec(part) ?? [];
    const [begin, end] = [Number(from), Number(to)];
    if (!(begin >= firstYear && end <= last && begin <= end)) {
      throw invalidParameter('years', {
        zh: `years 应为 ${firstYear} 至 ${last} 之间的年度，如 2021,2023 或 2019..2025，收到 ${quoteText(part, 40)}。`,
        en: `years are from ${firstYear} to ${last}, as 2021,2023 or 2019..2025, not ${quoteText(part, 40)}.`,
      });
    }
    return Array.from({ length: end - begin + 1 }, (_, index) => begin + index);
  });
  return [...new Set(years)].sort((one, other) => one - other);
}
