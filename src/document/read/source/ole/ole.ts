/** A compound file into pieces: what it is, its streams say, and not its name. */
import { Problem } from '../../../../problem.js';
import type { Parts } from '../parts.js';
import { lockedFile, openCompound, tooOld } from './compound.js';
import { readDoc } from './doc.js';
import { readXls } from './xls.js';

/** Splits a compound file into parts, and says what it is; throws `invalid-document` when it is no document of Word, Excel or WPS, or is locked. */
export function readCompound(bytes: Uint8Array): { readonly kind: 'doc' | 'xls'; readonly parts: Parts } {
  const file = openCompound(bytes);
  if (file.stream('WordDocument')) return { kind: 'doc', parts: readDoc(file) };
  const workbook = file.stream('Workbook');
  if (workbook) return { kind: 'xls', parts: readXls(workbook) };
  if (file.stream('Book')) throw tooOld('Excel');
  // A file of 2007 or later is put into a compound file when it is encrypted.
  if (file.stream('EncryptedPackage')) throw lockedFile();
  throw new Problem('invalid-document', {
    zh: '文件不是 Word、Excel 或 WPS 的文档和表格。',
    en: 'The file is no document or workbook of Word, Excel or WPS.',
  });
}
