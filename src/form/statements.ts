/** Numbers that the text of section one may state, and the cells they should equal (rule TEXT-TABLE). */
import type { Label } from '../words.js';
import type { CellKey } from './forms.js';

/** One number the text may state. It agrees with the table as soon as one of its meanings does. */
export interface Statement {
  readonly label: Label;
  /** Its first group is the number. */
  readonly pattern: RegExp;
  /** Each a sum of cells the number may mean. */
  readonly meanings: readonly (readonly CellKey[])[];
}

/**
 * The numbers that the overview may state, their wording, and the sums of cells they may mean: 共收到 often means newly
 * received plus carried in. Each pattern is read at most once, at its first match.
 */
export const statements = [
  {
    label: { zh: '文中所述申请件数', en: 'Applications as the text states them' },
    pattern: /(?:收到|新收|受理|接收)[^。；;\n\d]{0,24}申请[^。；;\n\d]{0,6}(\d{1,7})\s?[件条宗次份]/,
    meanings: [['applications.newReceived.total'], ['applications.newReceived.total', 'applications.carriedIn.total']],
  },
  {
    label: { zh: '文中所述行政复议件数', en: 'Reconsiderations as the text states them' },
    pattern: /行政复议(?:案件|申请)?[^。；;，,、\n\d]{0,4}(\d{1,6})\s?[件起宗]/,
    meanings: [['appeals.reconsideration.total']],
  },
  {
    label: { zh: '文中所述行政诉讼件数', en: 'Litigation as the text states it' },
    pattern: /行政诉讼(?:案件)?[^。；;，,、\n\d]{0,4}(\d{1,6})\s?[件起宗]/,
    meanings: [['appeals.directLitigation.total', 'appeals.litigationAfterReconsideration.total']],
  },
] as const satisfies readonly Statement[];
