/** Lines that a page prints under an article, or a printer at the foot of a sheet: they are no text of the report. */
import { fold } from '../source/text.js';

/** Whether a line is of the footer of a web page; no sentence is one. */
export function isFooter(line: string): boolean {
  if (line.length > maxLength || /。/u.test(line)) return false;
  const plain = fold(line).replace(/\s+/g, '');
  return links.test(plain) || labels.test(plain) || numbers.test(plain);
}

/** Whether a line is the number of a page and nothing else. */
export function isPageNumberLine(line: string): boolean {
  return line.length < 24 && pageNumber.test(fold(line).trim());
}

const maxLength = 120;
/** What can be clicked, alone or several in a row. */
const links =
  /^[[【(<|]?(?:扫一扫|打印|打印本页|打印此页|关闭|关闭窗口|关闭本页|返回顶部|返回上一页|返回首页|返回|上一篇|下一篇|上一条|下一条|分享|分享到|收藏|网站地图|关于我们|联系我们|手机版|无障碍|友情链接|相关(?:文章|链接|附件|信息|解读)|附件下载|网站声明|隐私(?:声明|政策)|版权声明|字体)(?=$|[:\]】)>|,、/·[【(]|在手机|到|打印|关闭|返回|大|上一|下一|我们|网站|联系)/u;
/** What says of the page whose it is. */
const labels =
  /^(?:版权所有|主办(?:单位)?:|承办(?:单位)?:|主管(?:单位)?:|技术支持:?|责任编辑|编辑:|信息来源:|来源:|网站标识码|政府网站标识码|备案号|地址:|联系地址:|联系电话:|电话:|传真:|邮编:|邮政编码:|copyright|©|浏览次数|点击数|访问量:|您是第)/iu;
const numbers = /[\u4e00-\u9fff]?icp备|公网安备|网站标识码/iu;
const pageNumber =
  /^(?:[-–—·~]\s?\d{1,3}\s?[-–—·~]|第\s?\d{1,3}\s?页(?:[,，\s/]{0,3}共\s?\d{1,3}\s?页)?|page\s?\d{1,3}(?:\s?of\s?\d{1,3})?)$/iu;
