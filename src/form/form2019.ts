/** Form `2019`: 国办公开办函〔2019〕60号, in force for report years 2019 and 2020; 198 cells. */
import { appealEquations, appeals, applicationEquations2019, applications2019, articles } from './lines.js';
import { equationsOf, type FormShape, type Table } from './vocabulary.js';

const documents2019 = {
  key: 'documents',
  section: 2,
  label: { zh: '规章和规范性文件', en: 'Regulations and normative documents' },
  rows: [
    { key: 'regulations', label: { zh: '规章', en: 'Regulations' }, article: articles.documents },
    { key: 'normativeDocuments', label: { zh: '规范性文件', en: 'Normative documents' }, article: articles.documents },
  ],
  columns: [
    { key: 'made', label: { zh: '本年新制作数量', en: 'Made this year' }, kind: 'flow', unit: '件' },
    { key: 'published', label: { zh: '本年新公开数量', en: 'Published this year' }, kind: 'flow', unit: '件' },
    { key: 'publishedTotal', label: { zh: '对外公开总数量', en: 'Published in all' }, kind: 'stock', unit: '件' },
  ],
} as const satisfies Table;

const decisions2019 = {
  key: 'decisions',
  section: 2,
  label: { zh: '行政许可、处罚、强制和其他对外管理服务', en: 'Licences, penalties, coercion and other services' },
  rows: [
    { key: 'licenses', label: { zh: '行政许可', en: 'Licences' }, article: articles.licenses },
    {
      key: 'otherServices',
      label: { zh: '其他对外管理服务事项', en: 'Other public administration services' },
      article: articles.licenses,
    },
    { key: 'penalties', label: { zh: '行政处罚', en: 'Penalties' }, article: articles.enforcement },
    { key: 'coercion', label: { zh: '行政强制', en: 'Coercive measures' }, article: articles.enforcement },
  ],
  columns: [
    { key: 'previousItems', label: { zh: '上一年项目数量', en: 'Items last year' }, kind: 'stock', unit: '项' },
    { key: 'change', label: { zh: '本年增/减', en: 'Change this year' }, kind: 'flow', unit: '项', signed: true },
    { key: 'decided', label: { zh: '处理决定数量', en: 'Decided this year' }, kind: 'flow', unit: '件' },
  ],
} as const satisfies Table;

const fees2019 = {
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
    { key: 'previousItems', label: { zh: '上一年项目数量', en: 'Items last year' }, kind: 'stock', unit: '项' },
    { key: 'change', label: { zh: '本年增/减', en: 'Change this year' }, kind: 'flow', unit: '项', signed: true },
  ],
} as const satisfies Table;

const procurement2019 = {
  key: 'procurement',
  section: 2,
  label: { zh: '政府集中采购', en: 'Government procurement' },
  rows: [
    {
      key: 'centralProcurement',
      label: { zh: '政府集中采购', en: 'Central government procurement' },
      article: articles.procurement,
    },
  ],
  columns: [
    { key: 'projects', label: { zh: '采购项目数量', en: 'Procurement projects' }, kind: 'flow', unit: '个' },
    // The notice prints no unit; published reports write yuan.
    { key: 'amount', label: { zh: '采购总金额', en: 'Procurement total (yuan)' }, kind: 'amount', unit: '元' },
  ],
} as const satisfies Table;

/** The form in force for report years 2019 and 2020. */
export const form2019 = {
  id: '2019',
  name: { zh: '2019年版格式', en: '2019 form' },
  notice: { zh: '国办公开办函〔2019〕60号', en: 'State Council General Office notice 2019 No. 60' },
  inForce: { from: 2019, to: 2020 },
  tables: [documents2019, decisions2019, fees2019, procurement2019, applications2019, appeals],
  equations: [
    equationsOf(documents2019, [
      { rule: 'T2-REGULATIONS', each: 'row', only: ['regulations'], left: ['made'], right: [] },
      { rule: 'T2-REGULATIONS', each: 'row', only: ['regulations'], left: ['published'], right: [] },
      { rule: 'T2-REGULATIONS', each: 'row', only: ['regulations'], left: ['publishedTotal'], right: [] },
    ]),
    equationsOf(decisions2019, [
      {
        rule: 'X-PREVIOUS',
        each: 'row',
        left: ['previousItems'],
        right: ['previousItems@previous', 'change@previous'],
      },
    ]),
    equationsOf(fees2019, [
      {
        rule: 'X-PREVIOUS',
        each: 'row',
        left: ['previousItems'],
        right: ['previousItems@previous', 'change@previous'],
      },
    ]),
    applicationEquations2019,
    appealEquations,
  ],
} as const satisfies FormShape;
