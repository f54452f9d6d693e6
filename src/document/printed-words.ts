/** Words that our documents print and that the reader looks for. */
import type { Label } from '../words.js';

/** The heading of the list of findings, printed after section six when there are any. */
export const findingsHeading: Label = { zh: '附：勾稽关系核验结果', en: 'Results of the checks' };

/** What the blank form prints before the code of the agency. */
export const agencyCodeHeading = '机关代码';
