/** The counts in the sentences of section one: published items by category and channel, letters and calls. */
import type { Engagement, PublishedGroup, PublishedItems } from '../../../form/report.js';
import { fold } from '../source/text.js';

/** The counts that section one states; null if it states none. */
export interface ProseReading {
  readonly publishedItems: PublishedItems | null;
  readonly engagement: readonly Engagement[] | null;
}

/** Reads the counts in the text of section one. Approximate numbers (260余条, 四十余条) are kept as words. */
export function readProse(overview: string | null | undefined): ProseReading {
  const text = fold((overview ?? '').slice(0, maxTextLength)).replace(/[^\S\n]+/g, '');
  return { publishedItems: publishedIn(text), engagement: engagementIn(text) };
}

interface Count {
  /** The words before the number, from the last stop or comma. */
  readonly before: string;
  readonly count: number | null;
  readonly note: string | null;
  /** The words after the unit. */
  readonly after: string;
  readonly share: number | null;
  readonly index: number;
  readonly end: number;
}

const maxTextLength = 60_000;
const counted =
  /([^,。;:、\n\d]{0,40}?)(?:(?<!\d)(\d{1,9}(?:,\d{3})*)(余|多|几)?|([一二三四五六七八九十百千]{1,6})(余|多))(?:条|篇|则|件)/gu;
const shareAfter = /^(?:信息)?[,(]?占(?:比|总数|总量|全部)?[^\d。;]{0,8}(\d{1,3}(?:\.\d{1,4})?)%/u;
const totalWords = /(?:公开|发布|更新|推送|上传)/u;
const itemWords = /(?:信息|政务|累计|总计|合计|共计|共)/u;
const notItems = /(?:规范性文件|申请|提案|建议|解读|回复|投诉|诉讼|复议|许可|处罚)/u;
const channelWords =
  /(?:网站|门户|微信|公众号|公示栏|公开栏|宣传栏|公告栏|微博|抖音|电视|报刊|媒体|广播|平台|客户端|APP|app|新媒体|官网|显示屏)/u;

function countsIn(text: string): Count[] {
  return [...text.matchAll(counted)].map((match) => {
    const [whole, before = '', digits, about, , aboutHan] = match;
    const end = match.index + whole.length;
    const rest = text.slice(end, end + 40);
    const share = shareAfter.exec(rest)?.[1];
    const approximate = about !== undefined || aboutHan !== undefined;
    return {
      before,
      count: approximate || digits === undefined ? null : Number(digits.replaceAll(',', '')),
      note: approximate ? whole.slice(before.length) : null,
      after: rest,
      share: share === undefined ? null : Math.round(Number(share) * 10_000) / 1_000_000,
      index: match.index,
      end,
    };
  });
}

/** The first count of items made public is the total; those after 其中 are its parts. */
function publishedIn(text: string): PublishedItems | null {
  const counts = countsIn(text);
  const at = counts.findIndex((count) => isTotal(count));
  const total = counts[at];
  if (!total) return null;
  const parts = partsAfter(text, counts, at);
  const groups = parts.map(toGroup).filter(({ name }) => name !== '');
  return {
    total: total.count,
    categories: groups.filter(({ name }) => !channelWords.test(name)),
    channels: groups.filter(({ name }) => channelWords.test(name)),
    ...(total.note === null ? {} : { note: total.note }),
  };
}

function isTotal({ before, after }: Count): boolean {
  if (notItems.test(before) || /^其中/u.test(before)) return false;
  return totalWords.test(before) && (itemWords.test(before) || /^(?:政府|政务|各类)?信息/u.test(after));
}

/** The other counts of the same list: from 其中 to the end of the paragraph, without counts of other things. */
function partsAfter(text: string, counts: readonly Count[], at: number): Count[] {
  const from = counts[at]?.end ?? 0;
  const paragraph = text.slice(from).search(/\n/u);
  const end = paragraph < 0 ? text.length : from + paragraph;
  const opening = text.slice(from, end).search(/其中|包括|分别/u);
  if (opening < 0 || opening > maxOpeningDistance) return [];
  return counts
    .slice(at + 1)
    .filter(({ index, before }) => index + before.length >= from + opening && index < end && !notParts.test(before));
}

const maxOpeningDistance = 60;
const notParts = /(?:申请|复议|诉讼|信箱|热线|来信|来电|投诉)/u;

function toGroup({ before, count, note, share }: Count): PublishedGroup {
  const name = before
    .replace(/^.*(?:其中|包括|分别(?:为|是)?|分类为)/u, '')
    .replace(/^(?:主动|并|还|另|在|通过|依托|利用|有|为|是|即|共)+/u, '')
    .replace(/^(?:主动公开|公开|发布|推送|更新|公布)(?:了|的)?/u, '')
    .replace(/(?:共|累计|合计|总计|了|达|为|有)+$/u, '')
    .replace(/(?:公开|发布|推送|更新|公布)(?:政府|政务|各类)?(?:信息)?(?:共|了|为)?$/u, '');
  return { name, count, ...(share === null ? {} : { share }), ...(note === null ? {} : { note }) };
}

const engaged =
  /((?:(?:书记|市长|县长|区长|旗长|镇长|乡长|主任|局长|部门|领导|群众|政务|民生)(?:信箱|热线|邮箱|留言板|留言)|12345\p{Script=Han}{0,10}?(?:热线|平台)|12345|网络问政(?:平台)?|网民留言|领导留言板))([^。;,\d\n]{0,16})(?:(\d{1,9})(余|多)?)(?:条|件|个|封|次|起|人次)/gu;
const rateAfter = /^[^。;\d]{0,12}率(?:均)?(?:为|达到|达)?(\d{1,3}(?:\.\d{1,4})?)%/u;

/** Letters, calls and questions with the number handled; a rate belongs to the one named last before it. */
function engagementIn(text: string): readonly Engagement[] | null {
  const found = [...text.matchAll(engaged)].map((match): Engagement => {
    const [whole, name = '', , digits = '', about] = match;
    const rate = rateAfter.exec(text.slice(match.index + whole.length, match.index + whole.length + 40))?.[1];
    return {
      name,
      handled: about ? null : Number(digits),
      ...(rate === undefined ? {} : { replyRate: Math.round(Number(rate) * 10_000) / 1_000_000 }),
      ...(about ? { note: whole.slice(name.length) } : {}),
    };
  });
  return found.length > 0 ? found : null;
}
