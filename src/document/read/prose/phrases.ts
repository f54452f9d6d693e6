/** The words before a number of published items: what was done, through which channel, and with what. */

/** The two ways in which items are told apart. */
export type ListKey = 'categories' | 'channels';

/** A clause taken apart. */
export interface Phrase {
  /** The channel that it names (门户网站, 微信公众号); null for none. */
  readonly channel: string | null;
  /** What was published; empty where it is information in general. */
  readonly object: string;
  /** Whether it says that something was made public. */
  readonly isPublishing: boolean;
  /** Whether it says that this is the sum of something. */
  readonly isSum: boolean;
  /** Whether it names some kinds of information and counts them together (低保、救助等信息). */
  readonly namesKinds: boolean;
}

/** Takes a folded clause apart. */
export function readPhrase(clause: string): Phrase {
  return { ...takeApart(clause), namesKinds: kindsTogether.test(cutEnds(clause)) };
}

function takeApart(clause: string): Omit<Phrase, 'namesKinds'> {
  const words = cutEnds(clause);
  const isSum = sumWords.test(clause);
  const verb = [...words.matchAll(verbs)].at(-1);
  if (!verb) return { channel: channelIn(words), object: objectOf(words), isPublishing: false, isSum };
  const before = cutEnds(words.slice(0, verb.index));
  const after = words.slice(verb.index + verb[0].length);
  const object = objectOf(after);
  const channel = channelIn(before);
  const affairs = affairsBefore.exec(before)?.[0];
  // 村务公开 is a kind of its own, and so is 村务公开信息.
  if (affairs !== undefined)
    return { channel: null, object: words.slice(words.lastIndexOf(affairs)), isPublishing: true, isSum };
  if (cutEnds(after) === '' && channel === null && !isSubject(before)) {
    // 信息公开: what was published is said before the verb.
    return { channel, object: isGeneral(cutSubject(before)) ? '' : words, isPublishing: true, isSum };
  }
  return {
    channel: channel ?? channelIn(cutSubject(after)),
    object: channelIn(after) ? '' : object,
    isPublishing: true,
    isSum,
  };
}

/** The name of a part of a list, and what it is a part by: a channel, or a category of its own. */
export function nameOfPart(words: string): { readonly kind: ListKey; readonly name: string } {
  const plain = cutEnds(words);
  const { channel, object, isPublishing } = readPhrase(plain);
  if (channel !== null && (object === '' || !isPublishing)) return { kind: 'channels', name: channel };
  const said = [...plain.matchAll(verbs)].at(-1);
  const whole = said && said.index + said[0].length < plain.length ? plain.slice(said.index + said[0].length) : plain;
  return { kind: 'categories', name: cutEnds(whole) };
}

/** The last clause of some words. */
export function lastClause(words: string): string {
  return /[^,;:。!?\n]*$/u.exec(words)?.[0] ?? '';
}

/** Words that name information in general and no kind of it. */
function isGeneral(words: string): boolean {
  return general.test(words);
}

/** 公开 and its like; not where it is the beginning of a name (公开指南, 发布会). */
const verbs =
  /(?:主动|及时|集中|对外)*(?:公开|发布|更新|推送|上传|公布|刊发|刊登|刊载|登载|播放|转发|发送|张贴|编发)(?!栏|指南|目录|制度|年报|年度报告|规定|会|平台|窗口|箱|条例|办|工作(?!动态|信息|简报|计划|总结|报告|安排|通知)|专)(?:并?(?:公开|发布|更新|推送))?(?:了|的|出)?/gu;
const kindsTogether = /、.*等(?:各类|各项|方面的?|类)*(?:政府|政务)?信息$/u;
const affairsBefore = /[村党财居校厂院警医事社区]务$/u;
const sumWords = /共|累计|合计|总计|总数|总量|全部|总共/u;
const general =
  /^(?:(?:各类|各种|各项|相关|有关|政府|政务|公开|主动|本级|应|新增|的)*信息(?:的|公开|主动公开|发布|公开发布|更新)*(?:总?数量?|总?量)?|政务公开|政府信息公开|信息公开)?(?:情况|工作|内容)?$/u;
const channelEnd =
  /(?:网站群?|首页|官网|门户|网页?|微信|公众号|服务号|订阅号|公示栏|公开栏|宣传栏|公告栏|公示牌|公告牌|橱窗|展板|微博|抖音|快手|视频号|头条号?|美篇|电视台?|报[纸刊]|期刊|杂志|媒体|融媒体中心|广播|大喇叭|村村响|平台|客户端|app|显示屏|电子屏|微信群|短信|公报|新媒体|查阅[点室]|媒介)(?:号|端|账号|渠道|上|中|等|等平台|等渠道|等媒体)*$/iu;
const specificChannel = /^(?:其他)?(?:平台|渠道|媒体|网)$/u;
const subject =
  /^(?:.*(?:年度?|年内|\d月|\d日|底|末|以来|期间)(?=\p{Script=Han}|$))?(?:[我全本各](?:乡|镇|街道|县|市|区|旗|州|局|委|办|单位|机关|部门|办事处|政府)+(?!网|门户|公|信|微|动态|府|级|务|民|要))*/u;
const publisher = /(?:乡|镇|街道|县|市|区|旗|州|局|委|办|单位|机关|部门|办事处|政府|中心|站|所)$/u;

/** Without numbering, adverbs and counting words at the ends. */
function cutEnds(words: string): string {
  return words
    .replace(/^[、,;:。\n]+/u, '')
    .replace(/^["“]([^"“”]*)["”]$/u, '$1')
    .replace(/^(?:\(?\d{1,2}[.、)]|\([一二三四五六七八九十]{1,3}\)、?|[一二三四五六七八九十]{1,2}[是、.])/u, '')
    .replace(/^(?:共计?(?!青|同|产|享|建|富)|累计|合计|总计|主动(?=公开|发布)|已|即|另有|另外|此外)+/u, '')
    .replace(/^有(?!关|效|机|线|偿|序|奖)/u, '')
    .replace(
      /(?:总?共计?|累计|合计|总计|总数|总量|数量|条数|数目|篇数|分别|达到?|各|了|约|(?<!行|作|认)为|(?<!所|公|国|含)有|:)+$/u,
      '',
    );
}

function objectOf(words: string): string {
  const plain = cutEnds(words);
  // 政策文件、工作动态等信息 names kinds of what is counted together.
  return isGeneral(plain) || kindsTogether.test(plain) ? '' : plain;
}

/** Who published, and when. */
function isSubject(words: string): boolean {
  return words !== '' && (cutEnds(cutSubject(words)) === '' || publisher.test(words));
}

function cutSubject(words: string): string {
  return words.replace(subject, '');
}

/** The channel that words end with, from what leads to it (通过, 在) or from the beginning; null when they end with none. */
function channelIn(words: string): string | null {
  const plain = cutEnds(words)
    .replace(/(?:主动|及时|滚动|循环|同步|集中|定期|共|累计|总共|平均)+$/u, '')
    .replace(/(?:发布|公开|推送)?(?:政府|政务|各类)?信息$/u, '');
  // 微信公众号“美丽枫林”: what a channel is called may follow what it is.
  if (!channelEnd.test(plain.replace(/[“"《][^”"》]{1,20}[”"》]$/u, ''))) return null;
  const led = plain.replace(/^.*(?:通过|依托|利用|借助|运用|经由?|(?<!所|存)在)/u, '');
  const name = cutEnds(led === plain ? cutSubject(plain) : led)
    .replace(/(?:上|中|渠道|等|等渠道|等平台)$/u, '')
    .replace(/^(?:镇|乡|我[镇乡县市区局])(?=政府)/u, '');
  return name === '' || specificChannel.test(name) ? null : name;
}
