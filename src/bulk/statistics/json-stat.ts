/**
 * A table of statistics as JSON-stat 2.0 (json-stat.org): a dataset of the dimensions area, year and measure, with labels in
 * one language. What the format has no place for is in `extension`: both languages, the counts, what the letters mean.
 */
import { numberIfExact } from '../../form/amount.js';
import type { MeasureValue } from '../../form/measure/measures.js';
import { type Observation, type Run, runsOf } from '../../rollup/table/observation.js';
import { explainStatus } from '../../rollup/table/status.js';
import type { StatisticsTable } from '../../rollup/table/table.js';
import type { Label } from '../../words.js';
import { aboutTable, type TableContext, type Written } from './about.js';
import type { Language } from './columns.js';

/** What a dimension of its own tells beside the values, where it is asked for. */
const figures = {
  value: { zh: '数值', en: 'Value' },
  reported: { zh: '填报数', en: 'Reports that state it' },
  expected: { zh: '应报送数', en: 'Agencies expected' },
  blank: { zh: '空白数', en: 'Reports that leave it blank' },
  absent: { zh: '格式无此项数', en: 'Reports on a form without it' },
  samples: { zh: '示例报告数', en: 'Reports that are samples' },
} as const satisfies Readonly<Record<string, Label>>;

const counted = ['reported', 'expected', 'blank', 'absent', 'samples'] as const;

const dimensions = {
  area: { zh: '区域', en: 'Area' },
  year: { zh: '年度', en: 'Year' },
  measure: { zh: '指标', en: 'Measure' },
  figure: { zh: '数值与报告数', en: 'Value and counts' },
} as const satisfies Readonly<Record<string, Label>>;

/** How a dataset is written. */
export interface JsonStatOptions extends TableContext {
  readonly language: Language;
  /** Whether counts are categories of a fourth dimension, `figure`, which tools read as they read values. */
  readonly counts: 'extension' | 'dimension';
}

/** Writes a table as a JSON-stat dataset. An amount of more than fifteen digits is rounded there, and exact in `extension.exact`. */
export function writeJsonStat(table: StatisticsTable, options: JsonStatOptions): Written {
  const { language, counts } = options;
  const { areas, years, measures, observations, version } = table;
  const { areas: _areas, measures: _measures, units, title, source, notes, ...about } = aboutTable(table, options);
  const isWide = counts === 'dimension';
  const step = isWide ? 1 + counted.length : 1;
  const runs = runsOf(observations);
  const begin = JSON.stringify({
    version: '2.0',
    class: 'dataset',
    label: title[language],
    source: source[language],
    note: notes.map((note) => note[language]),
    id: ['area', 'year', 'measure', ...(isWide ? ['figure'] : [])],
    size: [areas.length, years.length, measures.length, ...(isWide ? [step] : [])],
    role: { geo: ['area'], time: ['year'], metric: ['measure'] },
    dimension: {
      area: {
        label: dimensions.area[language],
        category: categories(areas.map(({ code, name }) => [code, name])),
      },
      year: { label: dimensions.year[language], category: categories(years.map((year) => [`${year}`, `${year}`])) },
      measure: {
        label: dimensions.measure[language],
        category: {
          ...categories(measures.map(({ key, label }) => [key, label[language]])),
          unit: Object.fromEntries(
            Object.entries(units).map(([key, { label, decimals }]) => [key, { label: label[language], decimals }]),
          ),
        },
      },
      ...(isWide && {
        figure: {
          label: dimensions.figure[language],
          category: categories(Object.entries(figures).map(([name, label]) => [name, label[language]])),
        },
      }),
    },
  });
  const extension = JSON.stringify({
    ...about,
    labels: {
      title,
      source,
      notes,
      areas: Object.fromEntries(areas.map((area) => [area.code, area])),
      measures: Object.fromEntries(measures.map(({ key, label }) => [key, label])),
    },
    status: { label: statusLabels(runs, language) },
  });
  const inExtension = [
    ...(isWide ? [] : [`"counts":{${counted.map((name) => `"${name}":${countsText(runs, name)}`).join()}}`]),
    `"exact":${sparseText(observations, step, ({ value }) => inexactOf(value) ?? '')}`,
  ];
  const text = [
    `${begin.slice(0, -1)},"value":${isWide ? wideText(observations) : valuesText(observations)}`,
    `"status":${sparseText(observations, step, ({ attributes }) => attributes.status)}`,
    `"extension":${extension.slice(0, -1)},${inExtension.join()}}`,
  ];
  return { content: Buffer.from(text.join()), end: version.at === null ? '}' : `,"updated":"${version.at}"}` };
}

// Lists of thousands are written as text: an object or list of them only to be printed takes three times as long.

function valuesText(observations: readonly Observation[]): string {
  let text = '';
  for (const { value } of observations) text += `,${numberOf(value)}`;
  return `[${text.slice(1)}]`;
}

function wideText(observations: readonly Observation[]): string {
  let text = '';
  for (const { value, attributes } of observations) {
    text += `,${numberOf(value)},${counted.map((name) => attributes[name]).join()}`;
  }
  return `[${text.slice(1)}]`;
}

function countsText(runs: readonly Run[], name: (typeof counted)[number]): string {
  let text = '';
  for (const { attributes, length } of runs) text += `,${attributes[name]}`.repeat(length);
  return `[${text.slice(1)}]`;
}

function categories(entries: readonly (readonly [id: string, label: string])[]) {
  // A list, since an object would put keys of digits in the order of their numbers.
  return { index: entries.map(([id]) => id), label: Object.fromEntries(entries) };
}

function numberOf(value: MeasureValue | null): number | null {
  return value === null ? null : Number(value);
}

function inexactOf(value: MeasureValue | null): string | undefined {
  const kept = typeof value === 'string' ? numberIfExact(value) : null;
  return typeof kept === 'string' ? kept : undefined;
}

/** What some observations have, by the place of their value: letters, or decimals; those that have an empty text are left out. */
function sparseText(observations: readonly Observation[], step: number, read: (one: Observation) => string): string {
  let text = '';
  let place = 0;
  for (const one of observations) {
    const said = read(one);
    if (said !== '') text += `,"${place}":"${said}"`;
    place += step;
  }
  return `{${text.slice(1)}}`;
}

/** What each status that occurs means, its letters one after the other. */
function statusLabels(runs: readonly Run[], language: Language): Readonly<Record<string, string>> {
  const used = [...new Set(runs.map(({ attributes }) => attributes.status))].filter((status) => status !== '').sort();
  return Object.fromEntries(
    used.map((status) => [
      status,
      explainStatus(status)
        .map((letter) => letter[language])
        .join(language === 'zh' ? '；' : '; '),
    ]),
  );
}
