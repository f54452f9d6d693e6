/**
 * What measures of one form can be compared with on another. Two boxes are the same question only where they have the same
 * address; where a form asks something else in its place, the series is broken, and the reason is stated here once.
 * Sources: the tables that 国办公开办函〔2019〕60号 and 国办公开办函〔2021〕30号 print.
 */
import type { Label } from '../../words.js';

/** Boxes of two forms that stand in each other's place and ask different questions. */
interface Broken {
  readonly table: string;
  /** The column of the 2019 form, in every row that has it. */
  readonly older: string;
  /** The column of the 2021 form. */
  readonly newer: string;
  readonly reason: Label;
}

/** Boxes in whose place another form prints nothing, or something that is summed up in a derived subtotal. */
interface Alone {
  readonly table: string;
  readonly rows?: readonly string[];
  readonly columns?: readonly string[];
  /** The derived row that is the same on every form. */
  readonly subtotal?: string;
  readonly reason: Label;
}

/** The notices that print both forms. */
export const comparabilitySource: Label = {
  zh: '国办公开办函〔2019〕60号、国办公开办函〔2021〕30号所附格式',
  en: 'The forms of notices 2019 No. 60 and 2021 No. 30 of the State Council General Office',
};

/** Boxes that stand in each other's place. */
export const brokenSeries: readonly Broken[] = [
  {
    table: 'documents',
    older: 'made',
    newer: 'issued',
    reason: {
      zh: '2019年版填“本年新制作数量”，文件为“规范性文件”；2021年版填“本年制发件数”，文件为“行政规范性文件”。口径不同，不能连成一个序列。',
      en: 'The 2019 form counts normative documents newly made; the 2021 form counts administrative normative documents issued. They are two questions, and no series.',
    },
  },
  {
    table: 'documents',
    older: 'publishedTotal',
    newer: 'inForce',
    reason: {
      zh: '2019年版填“对外公开总数量”，失效、废止的可以仍在其中；2021年版填“现行有效件数”。口径不同，不能连成一个序列。',
      en: 'The 2019 form counts all that are public, which may hold those no longer in force; the 2021 form counts those in force. They are two questions, and no series.',
    },
  },
  {
    table: 'fees',
    older: 'previousItems',
    newer: 'amount',
    reason: {
      zh: '2019年版填行政事业性收费的项目数量，2021年版填收费金额（万元）。一为项数，一为金额，不能比较。',
      en: 'The 2019 form counts kinds of fee, the 2021 form the money charged (10,000 yuan). A number of items cannot be compared with money.',
    },
  },
];

const itemsDropped: Label = {
  zh: '2021年版不再填报项目数量及其增减，只填处理决定数量。',
  en: 'The 2021 form no longer asks for the number of items and its change, only for decisions.',
};

/** Boxes that one form alone prints. */
export const aloneSeries: readonly Alone[] = [
  {
    table: 'documents',
    columns: ['published'],
    reason: {
      zh: '“本年新公开数量”只见于2019年版。',
      en: 'Documents newly published are asked for on the 2019 form only.',
    },
  },
  {
    table: 'documents',
    columns: ['repealed'],
    reason: { zh: '“本年废止件数”只见于2021年版。', en: 'Documents repealed are asked for on the 2021 form only.' },
  },
  {
    table: 'decisions',
    rows: ['otherServices'],
    reason: {
      zh: '“其他对外管理服务事项”只见于2019年版。',
      en: 'Other public administration services are asked for on the 2019 form only.',
    },
  },
  { table: 'decisions', columns: ['previousItems', 'change'], reason: itemsDropped },
  {
    table: 'fees',
    columns: ['change'],
    reason: {
      zh: '2019年版填收费项目数量的增减，2021年版填收费金额，不填项目。',
      en: 'The 2019 form asks for the change in kinds of fee; the 2021 form asks for money and no kinds.',
    },
  },
  {
    table: 'procurement',
    reason: { zh: '政府集中采购只见于2019年版。', en: 'Government procurement is asked for on the 2019 form only.' },
  },
  {
    table: 'applications',
    rows: ['otherHandled'],
    subtotal: 'otherwiseHandled',
    reason: {
      zh: '（六）其他处理在2019年版为一行，在2021年版分为三行；跨版比较请用派生小计。',
      en: 'Otherwise handled is one row on the 2019 form and three on the 2021 form; compare the derived subtotal.',
    },
  },
  {
    table: 'applications',
    rows: ['otherNotCorrected', 'otherFeeUnpaid', 'otherMisc'],
    subtotal: 'otherwiseHandled',
    reason: {
      zh: '（六）其他处理在2021年版分为三行，在2019年版为一行；跨版比较请用派生小计。',
      en: 'Otherwise handled is three rows on the 2021 form and one on the 2019 form; compare the derived subtotal.',
    },
  },
];
