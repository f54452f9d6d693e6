/** The clause and the sentence that a number stands in: whether it counts what was published, in the year. */
import { type Count, itemUnits } from './counts.js';
import { lastClause } from './phrases.js';

/** Words of what is counted and is no published item. */
export const notItems =
  /申请|复议|诉讼|提案|建议|信箱|热线|来信|来电|投诉|留言|咨询|解读|专栏|栏目|规范性文件|会议|培训|人次|回应|答复|回复|调查|征集|访谈|检查|考核|处罚|许可|强制|受理|收到|撤销|删除|整改|报送|转载|制定|出台|清理|废止|点击|浏览|访问|阅读|关注|粉丝|举报|纠错|审查|账号|意见/u;
/** Words of what is not the number of the year: a change, another year, a part of one. */
export const notOfTheYear =
  /较|同比|环比|比(?:上年|去年|20)|增加|增长|减少|下降|上升|多(?=公开|发布)|上年|去年|上一年|往年|历年|上半年|下半年|季度|\d月份?[^底末日,]*$/u;
/** What is owed is not yet done. */
const owed = /应(?:当)?(?:主动)?(?:公开|发布)/u;
/** Words of what is planned, or is the case on average. */
const notDone =
  /每[月季周日天年个]|平均|不少于|不低于|至少|不得|计划|拟|力争|目标|要求|应当|需要?|确保|将(?!政府|政务|信息|公开|本)/u;

/** Columns of a site or a platform, through which something was published, are a part of its name. */
const columnOfChannel =
  /(?<=网站|官网|门户|平台|公众号)[^,;。\n]{0,20}?(?:专栏|栏目)(?=[^,;。\n]{0,10}(?:公开|发布|更新|推送|上传))/u;

/** The clause before a number, the name of a channel as it is without its columns. */
export function clauseBefore({ lead }: Count): string {
  return lastClause(lead.replace(/:$/u, '')).replace(columnOfChannel, '');
}

/** Whether a number is of what was done in the year: no change, no plan, no other year. */
export function isOfTheYear(text: string, count: Count, year: number | null): boolean {
  const clause = clauseBefore(count);
  if (
    notOfTheYear.test(clause) ||
    notDone.test(clause) ||
    owed.test(clause) ||
    /^(?:的)?(?:增长|增幅|以上的)/u.test(count.after)
  )
    return false;
  return !isOfAnotherYear(sentenceBefore(text, count.index), year);
}

/** The words of its sentence before a place of a text. */
export function sentenceBefore(text: string, index: number): string {
  const from = Math.max(0, index - 200);
  return /[^。!?\n]*$/u.exec(text.slice(from, index))?.[0] ?? '';
}

/** Whether a sentence names years, and not the one of the report. */
function isOfAnotherYear(sentence: string, year: number | null): boolean {
  const years = [...sentence.matchAll(/(?<!\d)(20\d\d)年/gu)].map(([, named]) => Number(named));
  return year !== null && years.length > 0 && !years.includes(year);
}

/** Numbers of information that was published, of which it is not clear what they count: of half a year, or said in another way. */
export function unreadIn(text: string, counts: readonly Count[], year: number | null): Count[] {
  return counts.filter((count) => {
    const clause = clauseBefore(count).replace(/\([^()]*\)/gu, '');
    const isItem = count.unit !== '' && itemUnits.includes(count.unit) && /信息|公开(?:总)?[数量]/u.test(clause);
    if (!isItem || notItems.test(clause) || notDone.test(clause)) return false;
    if (isOfAnotherYear(sentenceBefore(text, count.index), year)) return false;
    return /公开|发布|推送|更新|上传|公布/u.test(clause) && !/较|同比|环比|比|上年|去年|往年|历年/u.test(clause);
  });
}
