/** The largest figures that a report may state, chosen so that a sum of counts over the nation is a safe integer. */

/** The largest count that one box, or one name in a list of published items, may state. */
export const maxCount = 999_999_999;

/**
 * How many reports of one year can be added up while every count stays exact, with `maxCount` in each box: of the widest
 * subtotal, eight rows by five kinds of organization, too. China has some 43,000 townships and 120,000 county departments.
 */
export const maxReportsInSum = Math.floor(Number.MAX_SAFE_INTEGER / (8 * 5 * maxCount));
