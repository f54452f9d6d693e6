/** The words that introduce a list of parts: 其中, 内容涵盖, 具体包括, 按渠道分. */
import type { ListKey } from './phrases.js';

/** Words that begin a list. */
export interface Opening {
  /** The name of the first part. */
  readonly name: string;
  readonly isWhole: boolean;
  /** The first part is on a line of its own, and so are the others. */
  readonly isByLine: boolean;
  readonly hint: ListKey | null;
}

/** Takes the words that introduce a list off the words before its first number; undefined where none do. */
export function openingOf(lead: string): Opening | undefined {
  let rest = lead.replace(/^[条等的]{1,2}(?=其中|,|;|:|。)/u, '');
  const said: string[] = [];
  for (let match = introduction.exec(rest); match; match = introduction.exec(rest)) {
    const { gap = '', words = '', end = '' } = match.groups ?? {};
    if (said.length > 0 && gap.length > 3) break;
    if (hasOther(gap)) return undefined;
    said.push(words + end);
    rest = rest.slice(match[0].length);
  }
  if (said.length === 0) return undefined;
  const words = said.join('');
  return {
    name: rest,
    isWhole: /分别|分为|分类为|划分为|类别为|(?:按|从).*(?:分|看)/u.test(words),
    isByLine: words.endsWith('\n'),
    hint: /渠道|途径|平台|载体|方式/u.test(words)
      ? 'channels'
      : /类别|内容分|种类|类型/u.test(words)
        ? 'categories'
        : null,
  };
}

/** Whether a clause speaks of something other than published items. */
export function hasOther(gap: string): boolean {
  return /(?:申请|培训|会议|解读|规范性文件|信箱|热线)/u.test(gap);
}

const introduction =
  /^(?<gap>(?:[^。!?\n]{0,40}[,;:。(\n])?\n?|(?:的)?(?:各类|政府|政务|主动公开)*信息(?:的|主要)?,?(?:内容)?,?)(?<words>其中(?:主要)?(?:包括|包含|含|涉及|涵盖)?|(?:具体)(?:包括|为|是|有|如下|情况(?:为|如下)?|分布(?:为|如下)?)?|(?:信息)?(?:主要)?(?:内容)?(?:主要)?(?:包括|涵盖|涉及|包含|囊括)|分别(?:为|是|有)?|(?:按照?|从)[^,:。\d]{1,14}?(?:来看|划分|分类|统计|看|分)(?:为|别为|有)?|(?:主要)?(?:分类为|分为|类别为|划分为)|主要(?:为|是|有))(?<end>[,::]*\n?)/u;
