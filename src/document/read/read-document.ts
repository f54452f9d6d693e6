/**
 * A published report, as it is published, into its cells. Pure: bytes in, a reading out, nothing fetched and
 * nothing run. What cannot be read is a doubt with its place, and the cell is blank.
 */
import type { Figures, FormId } from '../../form/forms.js';
import type { Engagement, Narrative, PublishedItems } from '../../form/report.js';
import { Problem } from '../../problem.js';
import { findRuns } from './cell/box-rows.js';
import { type CellReading, readCells } from './cell/cells.js';
import { itemsOf } from './cell/items.js';
import { type Doubt, doubtOf } from './doubt.js';
import { cutAtSections } from './heading/headings.js';
import { readProse } from './prose/prose.js';
import { readSections } from './prose/sections.js';
import { readTitle } from './prose/title.js';
import { readHtml, unescapeScript } from './source/html.js';
import type { Parts, Piece } from './source/parts.js';
import { readPlain } from './source/plain.js';
import { decodeText } from './source/text.js';
import { readWord } from './source/word.js';
import { readWorkbook } from './source/workbook-parts.js';
import { openArchive } from './source/zip.js';

/** What is known of the bytes apart from themselves: the Content-Type they came with, or a file's extension. */
export interface DocumentHint {
  readonly mediaType?: string;
  readonly charset?: string;
}

/** Everything that a document says, with the doubts about it. */
export interface Reading {
  /** Recognised from the content; null when no cell was read. */
  readonly form: FormId | null;
  readonly title: string | null;
  /** The agency that the title names, in simplified characters. */
  readonly agencyName: string | null;
  /** The code that our own blank forms print beside 机关代码; null in any other document. */
  readonly agencyCode: string | null;
  /** The county or city that title or text names. */
  readonly countyName: string | null;
  readonly year: number | null;
  /** Every cell of the form: null where printed blank or not read. */
  readonly figures: Figures;
  /** The cells that were met, blank ones included, with the text each was read from. */
  readonly cells: readonly CellReading[];
  readonly publishedItems: PublishedItems | null;
  readonly engagement: readonly Engagement[] | null;
  readonly narrative: Narrative | null;
  readonly doubts: readonly Doubt[];
}

/** The largest document that is read, in bytes. */
export const maxDocumentBytes = 20_000_000;

/** The media types that are read, with the extension of each. */
export const documentTypes = {
  'text/plain': 'txt',
  'text/markdown': 'md',
  'text/html': 'html',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
} as const;

/** The media type of a file by the extension of its name; undefined for what is not read. */
export function mediaTypeOf(name: string): string | undefined {
  const extension = /\.([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase().replace(/^htm$/, 'html');
  return Object.entries(documentTypes).find(([, known]) => known === extension)?.[0];
}

/**
 * Reads a report. Throws `body-too-large`, `unsupported-media-type`, or `invalid-document` when the bytes are
 * no sound document, are no such report, or hold its tables only as pictures or attachments.
 */
export async function readDocument(bytes: Uint8Array, hint: DocumentHint = {}): Promise<Reading> {
  if (bytes.length > maxDocumentBytes) {
    throw new Problem('body-too-large', {
      zh: `文件不得超过${maxDocumentBytes / 1_000_000} MB。`,
      en: `A document may have ${maxDocumentBytes / 1_000_000} MB at most.`,
    });
  }
  if (bytes.length === 0) throw new Problem('invalid-document', { zh: '文件为空。', en: 'The document is empty.' });
  const { sheet, damaged } = await takeApart(bytes, hint);
  const reading = readSheet(sheet);
  if (reading.cells.length === 0) throw unreadable(sheet, reading);
  return damaged ? { ...reading, doubts: [damagedDoubt(), ...reading.doubts] } : reading;
}

/** Reads what a document was taken apart into. */
function readSheet(whole: Parts): Reading {
  const sheet = { ...whole, pieces: whole.pieces.flatMap(cutPiece) };
  const { doubts, ...named } = readTitle(sheet);
  const tables = readCells(findRuns(itemsOf(sheet)), named.year);
  const sections = readSections(sheet.pieces);
  const { publishedItems, engagement } = readProse(sections.narrative?.overview);
  return {
    form: tables.form,
    ...named,
    figures: tables.figures,
    cells: tables.cells,
    publishedItems,
    engagement,
    narrative: sections.narrative,
    doubts: [...doubts, ...tables.doubts, ...sections.doubts],
  };
}

type Kind = (typeof documentTypes)[keyof typeof documentTypes];

interface TakenApart {
  readonly sheet: Parts;
  readonly damaged: boolean;
}

const shortestFlattened = 200;

/** Text that lost its line breaks is cut where a numbered section starts. */
function cutPiece(piece: Piece): Piece[] {
  if (piece.position !== null || piece.text.length < shortestFlattened) return [piece];
  return cutAtSections(piece.text).map((text) => ({ ...piece, text }));
}

async function takeApart(bytes: Uint8Array, hint: DocumentHint): Promise<TakenApart> {
  const kind = kindOf(bytes, hint.mediaType);
  if (kind === 'docx' || kind === 'xlsx') {
    const archive = await openArchive(bytes);
    const isWord = archive.names.includes('word/document.xml');
    return { sheet: await (isWord ? readWord(archive) : readWorkbook(archive)), damaged: false };
  }
  const { text, damaged } = decodeText(bytes, hint.charset);
  const isMarkup = kind === 'html' || (text.match(/<t[dr][\s>]/gi)?.length ?? 0) >= minTags;
  return { sheet: isMarkup ? readPage(text) : readPlain(text), damaged };
}

/** Fewer table tags than this in a text are no page. */
const minTags = 20;

/** A page; where it shows no table but a script of it holds one as a string, the page in the script. */
function readPage(text: string): Parts {
  const page = readHtml(text);
  if (page.pieces.some(({ position }) => position !== null) || page.scripts.length === 0) return page;
  const inside = readHtml(page.scripts.map(unescapeScript).join('\n'));
  return { ...inside, pieces: [...page.pieces, ...inside.pieces], title: page.title };
}

/** The first bytes of PDF, old Office files, pictures, RTF and other archives. */
const otherKinds = ['%PDF', '\xd0\xcf\x11\xe0', '\x89PNG', '\xff\xd8\xff', 'GIF8', '{\\rtf', 'Rar!', '7z\xbc\xaf'];

/** What the bytes are: by their own first bytes where those are plain, else by the media type. */
function kindOf(bytes: Uint8Array, mediaType: string | undefined): Kind {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return 'xlsx';
  const start = Buffer.from(bytes.subarray(0, 1024)).toString('latin1');
  if (otherKinds.some((first) => start.startsWith(first))) throw unsupported();
  const type = mediaType?.split(';')[0]?.trim().toLowerCase() ?? '';
  const known: Readonly<Record<string, Kind>> = documentTypes;
  const named = known[type] ?? (type === 'application/xhtml+xml' ? 'html' : undefined);
  if (named === 'docx' || named === 'xlsx') {
    throw new Problem('invalid-document', {
      zh: '文件不是有效的 Word 或 Excel 文件。',
      en: 'The file is no Word or Excel file: it is not a zip archive.',
    });
  }
  if (named) return named;
  if (type !== '' && type !== 'application/octet-stream' && !type.startsWith('text/')) throw unsupported();
  return /<(?:!doctype|html|head|body|table|meta|div|p)[\s>]/i.test(start.replaceAll('\0', '')) ? 'html' : 'txt';
}

function unsupported(): Problem {
  return new Problem('unsupported-media-type', {
    zh: '可读取文本、Markdown、HTML、.docx、.xlsx；PDF、图片和旧版 .doc、.xls 请先转换。',
    en: 'Documents are read as text, Markdown, HTML, .docx or .xlsx; PDF, pictures, old .doc and .xls are not.',
  });
}

/** Why nothing was read: the tables are not in the text, or it is another kind of document. */
function unreadable(sheet: Parts, reading: Reading): Problem {
  const isReport = reading.narrative !== null || reading.title !== null;
  const { pictures } = sheet;
  const shown =
    pictures > 0
      ? { zh: `文件中有${pictures}张图片。`, en: ` The document shows ${pictures} pictures.` }
      : { zh: '', en: '' };
  const detail = isReport
    ? {
        zh: `有年度报告的标题，但没有读到任何表格数据，表格可能是图片或附件。${shown.zh}`,
        en: `The headings of an annual report are there, but none of its tables: they may be pictures or attachments.${shown.en}`,
      }
    : {
        zh: '文件不是政府信息公开工作年度报告：未见其标题和表格。',
        en: 'This is no annual report on government information disclosure: none of its headings or tables was met.',
      };
  const { title, year, doubts } = reading;
  return new Problem('invalid-document', detail, { documentTitle: title, year, doubts });
}

function damagedDoubt(): Doubt {
  return doubtOf('damaged-text', {
    zh: '部分字节不符合任何已知编码，已用替换符代替。',
    en: 'Some bytes fit no known encoding and were replaced.',
  });
}
