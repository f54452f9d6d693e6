/** Which of the first lines of a document may be its title, and which are about the page or are sentences. */
import { fold } from '../source/text.js';

/** The words for the report. */
export const titleOfReport =
  /(?:政府)?(?:信息|政务)公开(?:工作)?的?(?:年度|情况|工作|年度工作|年度情况){0,2}(?:报告|年报)/u;

/** What the rows of data about a page are called, before the title or anywhere else but in it. */
const labelsOfPage = [
  ...[
    '组配分类',
    '索引号',
    '索引',
    '成文日期',
    '发布日期',
    '发文日期',
    '公开日期',
    '生成日期',
    '发布时间',
    '公开时间',
    '发布机构',
  ],
  ...[
    '发文机关',
    '发文机构',
    '发文单位',
    '公开机构',
    '公开主体',
    '信息来源',
    '来源',
    '文号',
    '文件编号',
    '主题分类',
    '体裁分类',
    '主题词',
  ],
  ...[
    '信息分类',
    '分类',
    '有效性',
    '公开方式',
    '公开范围',
    '公开时限',
    '公开责任部门',
    '内容概述',
    '关键词',
    '浏览次数',
    '字号',
  ],
];
const rowOfPage = new RegExp(`^(?:${labelsOfPage.join('|')})(?:[:：\\s]|$)`, 'u');
/** What is printed before the title itself, on its line. */
const labelOfTitle = /^[【[]?(?:标题|题名|信息名称|文件名称|文件标题|名称)[\]】]?[:：\s]{0,4}(?=\S)/u;
/** The way to a page. */
const wayToPage = /[>›»＞]|(?:当前|您的|您所在的|现在的?|所在)位置|^首页/u;
/** Words of sentences, which no title has. */
export const sentence =
  /(?:印发|转发)(?!《)|现将|现予|特此|根据|按照|为贯彻|为落实|编制|如下|[我本](?:乡|镇|街道?|县|市|区|旗|局|委|办|单位|机关)/u;

/** A line as far as it may be a title: nothing of the way to the page, of what is said about it, or of a sentence. */
export function titleLine(line: string): string {
  const plain = line.trim();
  if (rowOfPage.test(plain) || wayToPage.test(plain)) return '';
  const rest = plain.replace(labelOfTitle, '');
  return titleOfReport.test(fold(rest.slice(0, 200)).replace(/\s+/g, '')) ? rest : plain;
}
