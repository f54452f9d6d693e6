/** Letters, calls and questions that sentences count: 市长信箱, 12345热线, 网络问政. */
import type { Engagement } from '../../../form/report.js';

const title =
  '市委书记|县委书记|区委书记|书记|市长|县长|区长|旗长|州长|省长|镇长|乡长|主任|局长|部门|领导|群众|政务服务|政务|政民互动|政民|民生|民声|民意|民情|便民服务|便民|服务|政府|党委|咨询|监督|举报|投诉|网上|网络|网民|电子|阳光|百姓|市民|公众|互动|来信|镇村|街道|镇|乡|县|市|区|人民网|红网|地方|非紧急|救助|公开';
const noun = '信箱|热线|邮箱|留言板|留言|问政平台|问政|呼声|12345(?:\\p{Script=Han}{0,10}?(?:热线|平台))?';
const engaged = new RegExp(
  String.raw`(?<name>(?:(?:${title}|12345)[、和]?){0,6}(?:${noun}))(?<between>[^。;,\d\n]{0,16})(?<!\d)(?<about>近|约)?(?<digits>\d{1,9})(?<more>余|多)?(?:条|件|个|封|次|起|人次|宗)`,
  'gu',
);
const rateAfter = /^[^。;\d]{0,12}率(?:均)?(?:为|达到|达)?(\d{1,3}(?:\.\d{1,4})?)%/u;

/** Reads what a folded text without spaces says was handled; a rate belongs to the channel named last before it. */
export function readEngagement(text: string): readonly Engagement[] | null {
  const found = [...text.matchAll(engaged)].map((match): Engagement => {
    const { name = '', digits = '', about, more } = match.groups ?? {};
    const isAbout = about !== undefined || more !== undefined;
    const rest = text.slice(match.index + match[0].length, match.index + match[0].length + 40);
    const rate = rateAfter.exec(rest)?.[1];
    return {
      name,
      handled: isAbout ? null : Number(digits),
      ...(rate === undefined ? {} : { replyRate: Math.round(Number(rate) * 10_000) / 1_000_000 }),
      ...(isAbout ? { note: match[0].slice(name.length) } : {}),
    };
  });
  return found.length > 0 ? found : null;
}
