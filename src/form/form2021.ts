/** Form `2021`: 国办公开办函〔2021〕30号, in force for report years 2021 onward; 200 cells. */
import { appealEquations, appeals, applicationEquations2021, applications2021, articles } from './lines.js';
import { equationsOf, type FormShape, type Table } from './vocabulary.js';

/** 规章 and 行政规范性文件, 第二十条第（一）项. */
export const documents2021 = {
  key: 'documents',
  section: 2,
  label: { zh: '规章和行政规范性文件', en: 'Regulations and normative documents' },
  rows: [
    { key: 'regulations', label: { zh: '规章', en: 'Regulations' }, article: articles.documents },
    {
      key: 'normativeDocuments',
      label: { zh: '行政规范性文件', en: 'Normative documents' },
      article: articles.documents,
    },
  ],
  columns: [
    { key: 'issued', label: { zh: '本年制发件数', en: 'Issued this year' }, kind: 'flow', unit: '件' },
    { key: 'repealed', label: { zh: '本年废止件数', en: 'Repealed this year' }, kind: 'flow', unit: '件' },
    { key: 'inForce', label: { zh: '现行有效件数', en: 'In force' }, kind: 'stock', unit: '件' },
  ],
} as const satisfies Table;

/** 行政许可, 行政处罚, 行政强制, 第二十条第（五）项 and 第（六）项. */
export const decisions2021 = {
  key: 'decisions',
  section: 2,
  label: { zh: '行政处理决定', en: 'Administrative decisions' },
  rows: [
    { key: 'licenses', label: { zh: '行政许可', en: 'Licences' }, article: articles.licenses },
    { key: 'penalties', label: { zh: '行政处罚', en: 'Penalties' }, article: articles.enforcement },
    { key: 'coercion', label: { zh: '行政强制', en: 'Coercive measures' }, article: articles.enforcement },
  ],
  columns: [{ key: 'decided', label: { zh: '本年处理决定数量', en: 'Decided this year' }, kind: 'flow', unit: '件' }],
} as const satisfies Table;

/** 行政事业性收费, 第二十条第（八）项: money in 万元. */
export const fees2021 = {
  key: 'fees',
  section: 2,
  label: { zh: '行政事业性收费', en: 'Administrative fees' },
  rows: [
    {
      key: 'administrativeFees',
      label: { zh: '行政事业性收费', en: 'Administrative fees' },
      article: articles.fees,
    },
  ],
  columns: [
    {
      key: 'amount',
      label: { zh: '本年收费金额（单位：万元）', en: 'Charged this year (in 10,000 yuan)' },
      kind: 'amount',
      unit: '万元',
    },
  ],
} as const satisfies Table;

/** The equations of table two of 2021, those with the year before included. */
export const tableTwoEquations2021 = [
  equationsOf(documents2021, [
    { rule: 'X-INFORCE', each: 'row', left: ['inForce'], right: ['inForce@previous', 'issued', '-repealed'] },
    { rule: 'T2-INFORCE', each: 'row', left: ['inForce'], relation: '>=', right: ['issued', '-repealed'] },
    { rule: 'T2-REGULATIONS', each: 'row', only: ['regulations'], left: ['issued'], right: [] },
    { rule: 'T2-REGULATIONS', each: 'row', only: ['regulations'], left: ['repealed'], right: [] },
    { rule: 'T2-REGULATIONS', each: 'row', only: ['regulations'], left: ['inForce'], right: [] },
  ]),
] as const;

/** The form in force since report year 2021. */
export const form2021 = {
  id: '2021',
  name: { zh: '2021年版格式', en: '2021 form' },
  notice: { zh: '国办公开办函〔2021〕30号', en: 'State Council General Office notice 2021 No. 30' },
  inForce: { from: 2021, to: null },
  tables: [documents2021, decisions2021, fees2021, applications2021, appeals],
  equations: [...tableTwoEquations2021, applicationEquations2021, appealEquations],
} as const satisfies FormShape;
