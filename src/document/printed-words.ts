/** The words that our own documents print and that the reader finds again in them. */
import type { Label } from '../words.js';

/** The heading of the list of findings, printed after section six when there are any. */
export const findingsHeading: Label = { zh: '附：勾稽关系核验结果', en: 'Results of the checks' };

/** What the blank form prints before the code of the agency. */
export const agencyCodeHeading = '机关代码';
