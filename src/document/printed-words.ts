/** Words that our documents print and that the reader looks for. */
import type { Label } from '../words.js';

/** The heading of the list of findings, printed after section six when there are any. */
export const findingsHeading: Label = { zh: '附：勾稽关系核验结果', en: 'Results of the checks' };

/** What begins every paragraph of text on a worksheet, and no heading: two ideographic spaces. */
export const paragraphIndent = '　　';

/** The most characters of a paragraph in one row of a worksheet, and the fewest of one that goes on in the next. */
export const rowLength = { most: 800, fewest: 500 } as const;

/** What the blank form prints before the code of the agency. */
export const agencyCodeHeading = '机关代码';
