/** Names of townships as lists print them: what is spelling in a name, and what tells one place from another. */

/** Endings of one meaning: an office is named for the sub-district or the district that it runs. */
const endings: readonly (readonly [RegExp, string])[] = [
  [/(?<!街道)地区办事处$/, '地区'],
  [/(?:街道办事处|街办事处|街道办|街办|办事处)$/, '街道'],
  [/(?:办事处街道|街道地区)$/, '街道'],
  [/苏木乡$/, '苏木'],
];

/**
 * A name without what is only spelling: compatibility characters, blanks, middle dots, what stands in brackets, and the
 * many endings of sub-district offices. Two names of one county that are plainly the same name one place.
 */
export function plainName(name: string): string {
  const bare = name
    .normalize('NFKC')
    .replaceAll(/[\s·•・]/g, '')
    .replaceAll(/\([^()]*\)/g, '');
  const ending = endings.find(([pattern]) => pattern.test(bare));
  return ending ? bare.replace(...ending) : bare;
}

/** What a place is called apart from what it is: 群峰 of 群峰乡 and of 群峰镇. Empty where nothing else is left. */
export function nameStem(name: string): string {
  return plainName(name).replace(/(?:街道|地区|镇|民族乡|乡|苏木)$/, '');
}

/** Whether two names are of one length and differ in one sign: a correction more often than another place. */
export function differsInOneSign(one: string, other: string): boolean {
  const [signs, others] = [[...one], [...other]];
  return signs.length === others.length && signs.filter((sign, index) => sign !== others[index]).length === 1;
}
