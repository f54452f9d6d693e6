/** What is said beside a table of statistics, whatever it is written as: what it is of, what its letters mean, whose it is. */
import { decimalsOf, unitOfMoney } from '../../form/amount.js';
import { describeMeasure, type Measure } from '../../form/measure/measures.js';
import { runsOf } from '../../rollup/table/observation.js';
import { statusLetters, statusSource } from '../../rollup/table/status.js';
import type { StatisticsTable } from '../../rollup/table/table.js';
import type { Label } from '../../words.js';
import { type DataLicence, licenceOf } from '../export/package.js';

/** What the service knows of a table that the table does not: whose data it is, and where its forms are read. */
export interface TableContext {
  readonly licence: DataLicence | undefined;
  /** Addresses of the same table, by what each is written as. */
  readonly links: Readonly<Record<string, string>>;
}

/** A table as text, in UTF-8: what it says, and at its end the version of the data, which changes though nothing that it says does. */
export interface Written {
  readonly content: Uint8Array;
  readonly end: string;
}

const source: Label = {
  zh: '乡镇（街道）及部门政府信息公开工作年度报告（国办公开办函〔2019〕60号、〔2021〕30号所附格式）',
  en: 'Annual reports on open government information of townships, sub-districts and departments, on the forms of notices 2019 No. 60 and 2021 No. 30 of the State Council General Office',
};

const notes: readonly Label[] = [
  {
    zh: '空值不是零：没有数值的为空，原因见 status；reported 为填报此项的报告数，expected 为应报送机关数，blank 为空白数，absent 为格式无此项的报告数。',
    en: 'Empty is not zero: where there is no value, status says why. reported counts the reports that state it, expected the agencies that are to file, blank the reports that leave it blank, absent those on a form without it.',
  },
  {
    zh: '比率只计填全所需各格的报告，介于 0 与 1 之间，不可相加；上级区域已含下级，不可相加。',
    en: 'A rate is over the reports that fill in every box it takes, lies between 0 and 1 and does not add up. A division holds those below it: never add the two.',
  },
  {
    zh: '县级政府自行公布的报告不计入任何汇总。',
    en: "A county's own published report is in no sum.",
  },
];

const onDay: Label = {
  zh: '按某日区划汇总时，一分为几的机关不归入任何一个下级，只计入其共同上级：各下级之和可以小于本级。',
  en: 'On the boundaries of a day, what went into several divisions is in none of them but in the one above: the parts may come to less than the whole.',
};

const someSamples: Label = {
  zh: '含示例报告，其数字为虚构（见 samples）。',
  en: 'Some of the reports are samples, whose figures are made up (see samples).',
};

const unitsOfCounts: Readonly<Record<string, string>> = { 件: 'items', 项: 'items', 个: 'items', 条: 'entries' };

const ratio: Label = { zh: '比率（0 至 1）', en: 'ratio, 0 to 1' };

/** The unit of a measure in both languages. */
export function unitOf({ unit }: Measure): Label {
  if (unit === null) return ratio;
  const en = unitsOfCounts[unit];
  return en === undefined ? unitOfMoney(unit) : { zh: unit, en };
}

/** How many decimals a measure is shown with: down to the 分, and four of a rate. */
function decimalsShown({ unit, kind }: Measure): number {
  if (kind === 'rate') return 4;
  return kind === 'amount' && unit !== null ? decimalsOf(unit) : 0;
}

const parts: Readonly<Record<NonNullable<StatisticsTable['by']>, Label>> = {
  agency: { zh: '各机关', en: 'by agency' },
  county: { zh: '各县（市、区）', en: 'by county' },
  prefecture: { zh: '各地级市', en: 'by prefecture' },
  province: { zh: '各省', en: 'by province' },
};

/** What a table is called. */
export function titleOf({ division, by, years }: StatisticsTable): Label {
  const [first, last] = [years[0], years.at(-1)];
  const span = first === last ? `${first}` : `${first}–${last}`;
  const of = by === null ? { zh: '', en: '' } : { zh: parts[by].zh, en: `, ${parts[by].en}` };
  return {
    zh: `${division.name}${of.zh}政府信息公开统计，${span}年`,
    en: `Open government information in ${division.name}${of.en}, ${span}`,
  };
}

/** What is said beside a table. */
export function aboutTable(table: StatisticsTable, { licence, links }: TableContext) {
  const { division, by, years, kinds, frame, inclusions, areas, measures, breaks, observations } = table;
  const { code, name, level } = division;
  return {
    title: titleOf(table),
    source,
    notes: [
      ...notes,
      ...(frame.on === null ? [] : [onDay]),
      ...(runsOf(observations).some(({ attributes }) => attributes.samples > 0) ? [someSamples] : []),
    ],
    division: { code, name, level },
    by,
    years,
    kinds,
    frame: { boundaries: frame.on === null ? 'AS_REPORTED' : 'ON_DAY', ...frame },
    includes: Object.fromEntries(inclusions),
    licence: licenceOf(licence),
    links,
    statuses: statusLetters,
    statusSource,
    areas,
    measures: measures.map(describeMeasure),
    units: Object.fromEntries(
      measures.map((measure) => [measure.key, { label: unitOf(measure), decimals: decimalsShown(measure) }]),
    ),
    breaks,
  };
}
