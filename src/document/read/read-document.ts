/**
 * A published report into its cells. Pure: it takes bytes and returns a reading; it fetches nothing and runs nothing.
 * What cannot be read becomes a doubt with its place, and the cell is blank.
 */
import type { Figures, FormId } from '../../form/forms.js';
import type { Engagement, Narrative, PublishedItems, ReportContent } from '../../form/report.js';
import { Problem } from '../../problem.js';
import type { Label } from '../../words.js';
import { type Doubt, doubtOf, listDoubts } from '../doubt.js';
import { findBoxRows } from './cell/box-rows.js';
import { type CellReading, readCells, type TableReading } from './cell/cells.js';
import { itemsOf } from './cell/items.js';
import { placeDoubts } from './cell/place-doubts.js';
import { type DocumentKind, isArchiveKind, isCompoundKind, takeApart } from './document-parts.js';
import { cutAtSections } from './heading/headings.js';
import { nameOfOther } from './other-kinds.js';
import { readOwnTables, takeOwnFacts } from './own-form.js';
import { loadPdfLibrary } from './pdf/drawing/library.js';
import { readStated } from './prose/prose.js';
import { readSections } from './prose/sections.js';
import { readTitle } from './prose/title.js';
import { compoundMark } from './source/ole/compound.js';
import type { Parts, Piece } from './source/parts.js';

/** What is known about the bytes: the Content-Type of a request, or the media type of a file's extension. */
export interface DocumentHint {
  readonly mediaType?: string;
  readonly charset?: string;
}

/** The content of a document, and the doubts about it. */
export interface DocumentReading {
  /** What the document is, by its content. */
  readonly mediaType: string;
  /** Recognised from the content; null when no cell was read. */
  readonly form: FormId | null;
  readonly title: string | null;
  /** The agency that the title names, in simplified characters. */
  readonly agencyName: string | null;
  /** The code beside 机关代码, which our blank forms print; null in other documents. */
  readonly agencyCode: string | null;
  /** The county or city that the title or the text names. */
  readonly countyName: string | null;
  readonly year: number | null;
  /** Every cell of the form: null if it is printed blank or was not read. */
  readonly figures: Figures;
  /** The cells that were found, blank ones included, with the text each was read from. */
  readonly cells: readonly CellReading[];
  readonly publishedItems: PublishedItems | null;
  readonly engagement: readonly Engagement[] | null;
  readonly narrative: Narrative | null;
  /** The day and address of publication, which our blank forms ask; null in other documents. */
  readonly source: ReportContent['source'];
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
  'application/pdf': 'pdf',
  'application/vnd.oasis.opendocument.text': 'odt',
  'application/vnd.oasis.opendocument.spreadsheet': 'ods',
  'application/msword': 'doc',
  'application/vnd.ms-excel': 'xls',
  'application/wps-office.wps': 'wps',
  'application/wps-office.et': 'et',
} as const satisfies Record<string, DocumentKind>;

/** The media type of a file by the extension of its name; undefined for what is not read. */
export function mediaTypeOf(name: string): string | undefined {
  const extension = /\.([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase().replace(/^htm$/, 'html');
  return Object.entries(documentTypes).find(([, known]) => known === extension)?.[0];
}

/** The media type of a kind of documents. */
function typeOfKind(kind: DocumentKind): string {
  return Object.entries(documentTypes).find(([, known]) => known === kind)?.[0] ?? 'application/octet-stream';
}

/** Loads what it takes to read a document of its kind. Throws what `readDocument` does for a kind that is not read. */
export async function loadReaderOf(bytes: Uint8Array, hint: DocumentHint): Promise<void> {
  if (kindOf(bytes, hint.mediaType) === 'pdf') await loadPdfLibrary();
}

/**
 * Reads a report. Throws `body-too-large`, `unsupported-media-type`, or `invalid-document` when the bytes are
 * no valid document, are no annual report, or have its tables only as pictures or attachments.
 */
export async function readDocument(bytes: Uint8Array, hint: DocumentHint = {}): Promise<DocumentReading> {
  if (bytes.length > maxDocumentBytes) {
    throw new Problem('body-too-large', {
      zh: `文件不得超过${maxDocumentBytes / 1_000_000} MB。`,
      en: `A document may have ${maxDocumentBytes / 1_000_000} MB at most.`,
    });
  }
  if (bytes.length === 0) throw new Problem('invalid-document', { zh: '文件为空。', en: 'The document is empty.' });
  const { parts, kind, damaged, cleaned } = await takeApart(bytes, kindOf(bytes, hint.mediaType), hint.charset);
  const reading = readParts(parts);
  if (reading.cells.length === 0) throw unreadable(parts, reading);
  const ofText = [...(damaged ? [damagedDoubt()] : []), ...(cleaned ? [cleanedDoubts[cleaned]()] : [])];
  return { mediaType: typeOfKind(kind), ...reading, doubts: listDoubts([...ofText, ...reading.doubts]) };
}

/** Reads the parts of a document. */
function readParts(whole: Parts): Omit<DocumentReading, 'mediaType'> {
  const { pieces, facts } = takeOwnFacts(whole.pieces);
  const isStyled = pieces.some(({ role }) => role === 'heading');
  const parts = { ...whole, pieces: isStyled ? pieces : pieces.flatMap(cutPiece) };
  const { doubts, ...named } = readTitle(parts);
  const apart = readTablesAlone(parts, named.year);
  const tables = readOwnTables(apart ?? readCells(findBoxRows(itemsOf(parts)), named.year), facts);
  const byPlace = parts.pieces.filter((piece) => piece.byPlace ?? (parts.linesByPlace && piece.position === null));
  const sections = readSections(parts.pieces, apart ? 'apart' : 'among lines');
  const { narrative, publishedItems, engagement, doubts: ofProse } = readStated(sections.narrative, named.year);
  return {
    form: tables.form,
    ...named,
    figures: tables.figures,
    cells: inTheirPlaces(tables.cells, parts),
    publishedItems: facts.publishedItems ?? publishedItems,
    engagement: facts.engagement ?? engagement,
    narrative,
    source: facts.source,
    doubts: [
      ...[...doubts, ...tables.doubts, ...facts.doubts, ...sections.doubts],
      ...placeDoubts(tables, new Set(byPlace.map(({ line }) => line))),
      // Of counts that are not taken from the text nothing is in doubt.
      ...(facts.publishedItems ? [] : ofProse),
    ],
  };
}

/** The cells of a document whose tables are tables and hold every cell; what its lines say is text. Undefined for another. */
function readTablesAlone(parts: Parts, year: number | null): TableReading | undefined {
  const pieces = parts.pieces.filter(({ position, role }) => position !== null && role !== 'paragraph');
  if (pieces.length < minTablePieces) return undefined;
  const tables = readCells(findBoxRows(itemsOf({ ...parts, pieces })), year);
  return tables.form !== null && tables.doubts.length === 0 ? tables : undefined;
}

/** Fewer pieces in tables are no report: the smallest form has 186 cells. */
const minTablePieces = 186;

/** The cells with their pages, and with their rows counted within each table, as a person counts them. */
function inTheirPlaces(cells: readonly CellReading[], { pieces }: Parts): CellReading[] {
  const before = new Map<number, number>();
  for (const { position } of pieces)
    if (position && !before.has(position.table)) before.set(position.table, position.row);
  const pages = new Map(pieces.flatMap(({ line, page }) => (page === undefined ? [] : [[line, page] as const])));
  return cells.map((cell) => {
    const { place, position } = cell;
    return {
      ...cell,
      place: { ...place, page: pages.get(place.line) ?? null },
      position: position && { ...position, row: position.row - (before.get(position.table) ?? 0) },
    };
  });
}

/** A shorter line has not lost its line breaks. */
const minFlattenedLength = 200;

/** Text that lost its line breaks is cut before each numbered section. */
function cutPiece(piece: Piece): Piece[] {
  if (piece.position !== null || piece.text.length < minFlattenedLength) return [piece];
  return cutAtSections(piece.text).map((text) => ({ ...piece, text }));
}

/** The kind of a document, by its first bytes if they are clear, otherwise by the media type. */
function kindOf(bytes: Uint8Array, mediaType: string | undefined): DocumentKind {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return 'xlsx';
  const start = Buffer.from(bytes.subarray(0, 1024)).toString('latin1');
  if (start.includes('%PDF-')) return 'pdf';
  if (start.startsWith(compoundMark)) return 'doc';
  const other = nameOfOther(start);
  if (other) throw unsupported(other);
  const type = mediaType?.split(';')[0]?.trim().toLowerCase() ?? '';
  const known: Readonly<Record<string, DocumentKind>> = documentTypes;
  const named = known[type] ?? (type === 'application/xhtml+xml' ? 'html' : undefined);
  const isPage = /<(?:!doctype|html|head|body|table|meta|div|p)[\s>]/i.test(start.replaceAll('\0', ''));
  if (named && (named === 'pdf' || isArchiveKind(named) || isCompoundKind(named))) {
    // Systems of offices write pages and call them .doc or .xls, which Office opens.
    if (isPage && isCompoundKind(named)) return 'html';
    throw new Problem('invalid-document', {
      zh: `文件不是有效的 .${named} 文件。`,
      en: `The file is no .${named} file: it does not begin as one.`,
    });
  }
  if (named) return named;
  if (type !== '' && type !== 'application/octet-stream' && !type.startsWith('text/')) throw unsupported();
  return isPage ? 'html' : 'txt';
}

/** What is taken, as it is named to who sent something else. */
const taken = Object.values(documentTypes).map((extension) => `.${extension}`);

function unsupported(name?: Label): Problem {
  const [zh, en] = name ? [`不能读取${name.zh}；`, `This is ${name.en}, which is not read. `] : ['', ''];
  return new Problem('unsupported-media-type', {
    zh: `${zh}可读取：${taken.join('、')}。`,
    en: `${en}What is read: ${taken.join(', ')}.`,
  });
}

/** The refusal of a document in which no cell was found: its tables are not text, or it is another kind of document. */
function unreadable(parts: Parts, reading: Pick<DocumentReading, 'narrative' | 'title' | 'year' | 'doubts'>): Problem {
  const isReport = reading.narrative !== null || reading.title !== null;
  const { pictures } = parts;
  const shown =
    pictures > 0
      ? { zh: `文件中有 ${pictures} 张图片。`, en: ` It holds ${pictures} picture(s).` }
      : { zh: '', en: '' };
  const detail = isReport
    ? {
        zh: `有年度报告的标题，但没有读到表格中的任何数据，表格可能是图片或附件。${shown.zh}`,
        en: `The document has the headings of an annual report but none of its tables: they may be pictures or attachments.${shown.en}`,
      }
    : {
        zh: '文件不是政府信息公开工作年度报告：没有年度报告的标题和表格。',
        en: 'This is no annual report on government information disclosure: it has none of the headings or tables of one.',
      };
  const { title, year, doubts } = reading;
  return new Problem('invalid-document', detail, { documentTitle: title, year, doubts });
}

const cleanedDoubts = {
  removed: () =>
    doubtOf('characters-removed', {
      zh: '含有控制字符或文件不能保存的字符，已去除。',
      en: 'Control characters, or others that no file holds, were left out.',
    }),
  reordered: () =>
    doubtOf('reordered-text', {
      zh: '含有改变文字方向的字符，所见顺序与所存不同，已去除。',
      en: 'Characters show some of the text in another order than it is stored in; they were left out.',
    }),
} as const;

function damagedDoubt(): Doubt {
  return doubtOf('damaged-text', {
    zh: '部分字节不符合任何已知编码，已用替换符代替。',
    en: 'Some bytes fit no known encoding and were replaced.',
  });
}
