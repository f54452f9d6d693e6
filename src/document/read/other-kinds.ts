/** Files that are sent as reports and are not read, told apart by their first bytes, so that a refusal can name them. */
import type { Label } from '../../words.js';

interface OtherKind {
  readonly name: Label;
  /** Their first bytes, each byte a character. */
  readonly first: readonly string[];
}

const otherKinds: readonly OtherKind[] = [
  {
    name: { zh: '图片', en: 'a picture' },
    first: ['\x89PNG', '\xff\xd8\xff', 'GIF8', 'II*\0', 'MM\0*', 'RIFF', 'BM\x36', 'BM\x8a'],
  },
  { name: { zh: 'RTF', en: 'RTF' }, first: ['{\\rtf'] },
  { name: { zh: 'RAR 压缩包', en: 'a RAR archive' }, first: ['Rar!'] },
  { name: { zh: '7z 压缩包', en: 'a 7z archive' }, first: ['7z\xbc\xaf'] },
  { name: { zh: 'gzip 压缩文件', en: 'a gzip file' }, first: ['\x1f\x8b'] },
  { name: { zh: 'Word 95 之前的文件', en: 'a file of Word before 95' }, first: ['\xdb\xa5-\0', '1\xbe\0\0'] },
  {
    name: { zh: 'Excel 95 之前的文件', en: 'a file of Excel before 95' },
    first: ['\t\0\x04\0', '\t\x02\x06\0', '\t\x04\x06\0', '\t\b\x06\0', '\t\b\b\0'],
  },
  { name: { zh: '单一文件网页（mht）', en: 'a web archive (mht)' }, first: ['MIME-Version:', 'From: <Saved by'] },
];

const officeXml = /^(?:\xef\xbb\xbf)?\s*<\?xml[^>]*\?>\s*<\?mso-application\s/;

/** The name of what a file is that is not read; undefined for any other. `start` has its first bytes, each a character. */
export function nameOfOther(start: string): Label | undefined {
  if (officeXml.test(start)) return { zh: 'Office 2003 的 XML 文件', en: 'an XML file of Office 2003' };
  return otherKinds.find(({ first }) => first.some((bytes) => start.startsWith(bytes)))?.name;
}
