/** A document that was read, as a filing: nothing is guessed, and what is doubtful is refused or left blank. */
import { referenceDate } from '../../day.js';
import type { Doubt } from '../../document/doubt.js';
import type { DocumentReading } from '../../document/read/read-document.js';
import { printFigures } from '../../form/figures.js';
import { findCell, firstYear, formOf } from '../../form/forms.js';
import { type Fault, Problem } from '../../problem.js';
import { agencyFor } from '../../register/codes.js';
import type { Db } from '../../store/engine/schema.js';
import { type Agency, agencyStates } from '../../store/register/agencies.js';
import { placeAgency } from '../../store/register/agencies-by-name.js';
import { fault } from '../faults.js';
import { type Filing, parseFiling } from '../filing.js';
import { type Found, findOwner, type Narrow, namesAnother, soleOwner, uncertain } from './document-agency.js';

/** What the sender states about a document; it has priority over the document's own content. */
export interface Stated {
  readonly agency?: string | undefined;
  readonly year?: number | undefined;
  readonly reason?: string | undefined;
}

/** How a document is to be filed: `today` is YYYY-MM-DD. */
export interface DocumentHandling {
  readonly today: string;
  /** Cells with doubts are filed blank, and differences between request and document are accepted. */
  readonly lenient: boolean;
  /** Where its agency is looked up by name, for the year it is of; anywhere when left out. */
  readonly narrowTo?: (year: number) => Narrow;
}

/**
 * The filing of a document. Throws `ambiguous-agency` or `invalid-document` when its agency or year is not certain,
 * `invalid-document` for doubts about cells and for an agency or year other than stated (both unless lenient),
 * `unknown-agency`, `agency-closed`, and what `parseFiling` throws.
 */
export async function filingOf(
  db: Db,
  document: DocumentReading,
  stated: Stated,
  how: DocumentHandling,
): Promise<Filing> {
  const year = yearOf(document, stated);
  // A year without reports is refused with the other faults of the filing.
  const known = Math.max(year, firstYear);
  const found = await findOwner(db, document, referenceDate(known), how.narrowTo?.(known));
  const agency = stated.agency ?? soleOwner(document, found).code;
  if (!how.lenient) refuseDoubts(document, [...(await disagreements(db, document, { ...stated, year }, found))]);
  if (!how.lenient && document.figures.every((figure) => figure === null)) {
    throw uncertain('blank', { zh: '表格中没有填写任何数字', en: 'no box of its tables is filled in' });
  }
  if (document.form === null) throw uncertain('form', { zh: '未识别出格式', en: 'no form was recognised' });
  return parseFiling(
    {
      agency,
      year,
      form: document.form,
      figures: printFigures(formOf(document.form).cells, document.figures),
      publishedItems: document.publishedItems,
      engagement: document.engagement,
      narrative: document.narrative,
      ...(document.source === null ? {} : { source: document.source }),
      ...(stated.reason === undefined ? {} : { reason: stated.reason }),
    },
    how.today,
  );
}

/**
 * The doubts that leave a cell unread: one of their cells was neither read nor printed blank; a box with a picture or a formula
 * without a value is not blank, though it has no text. A doubt about a cell that was read (digits split in the only way that
 * fits the equations) is not among them.
 */
export function unreadDoubts(document: DocumentReading): Doubt[] {
  const cells = new Map<string, DocumentReading['cells'][number]>(
    document.cells.map((reading) => [reading.cell, reading]),
  );
  const isUnread = (key: string, code: Doubt['code']) => {
    const reading = cells.get(key);
    return !reading || (reading.value === null && (reading.text !== '' || code === 'unreadable-box'));
  };
  return document.doubts.filter((doubt) => doubt.cells.some((key) => isUnread(key, doubt.code)));
}

function yearOf(document: DocumentReading, stated: Stated): number {
  if (stated.year !== undefined) return stated.year;
  if (document.year === null) {
    throw uncertain('year', {
      zh: '标题和统计时限均未写明年度，请用 ?year= 指明',
      en: 'neither its title nor its statistics period names a year; state it by ?year=',
    });
  }
  const disagreement = document.doubts.find(({ code }) => code === 'year-disagrees' || code === 'year-from-text');
  if (!disagreement) return document.year;
  throw uncertain('year', {
    zh: `${disagreement.message.zh}请用 ?year= 指明`,
    en: `${disagreement.message.en} State it by ?year=`,
  });
}

/** Where the document and the request name another agency or year: the likeliest mistake with many files. */
async function disagreements(
  db: Db,
  document: DocumentReading,
  stated: Stated & { readonly year: number },
  found: Found,
): Promise<Fault[]> {
  const faults: Fault[] = [];
  if (document.year !== null && document.year !== stated.year) {
    faults.push(
      fault('MISMATCH', '/year', {
        zh: `文件写明的是 ${document.year} 年度，请求指明的是 ${stated.year} 年度。`,
        en: `The document is for ${document.year}; the request states ${stated.year}.`,
      }),
    );
  }
  if (document.doubts.some(({ code }) => code === 'reordered-text')) faults.push(reorderedText());
  if (stated.agency === undefined) return faults;
  const agency = await agencyFor(db, stated.agency, stated.year);
  const named = await otherNamed(db, document, agency, found);
  if (named === undefined) return faults;
  faults.push(
    fault('MISMATCH', '/agency', {
      zh: `文件写明的机关是${named}，请求指明的是${agency.name}（${agency.code}）。`,
      en: `The document is of “${named}”; the request states “${agency.name}” (${agency.code}).`,
    }),
  );
  return faults;
}

/** The body that a document names where it is another than the one stated, by whatever name that ever had. */
async function otherNamed(
  db: Db,
  document: DocumentReading,
  agency: Agency,
  { within }: Found,
): Promise<string | undefined> {
  const [sole, ...others] = within;
  if (within.some(({ id }) => id === agency.id)) return undefined;
  if (sole && others.length === 0) return `${sole.name}（${sole.code}）`;
  const { agencyName } = document;
  if (agencyName === null) return undefined;
  const states = await agencyStates(db, agency.id);
  const names = states.map(({ name }) => name);
  for (const { validFrom } of states) {
    const placed = await placeAgency(db, agency.id, validFrom);
    if (placed && !namesAnother(document, placed, names)) return undefined;
  }
  return agencyName;
}

function reorderedText(): Fault {
  return fault('UNCERTAIN', '/figures', {
    zh: '含有改变文字方向的字符，所见数字的顺序可能与所存不同。',
    en: 'Characters show some of the text in another order than it is stored in; a figure may be seen as another.',
  });
}

function refuseDoubts(document: DocumentReading, others: readonly Fault[]): void {
  const unread = unreadDoubts(document);
  const errors = [...others, ...unread.map(faultOf)];
  if (errors.length === 0) return;
  throw new Problem(
    'invalid-document',
    {
      zh: `文件有 ${errors.length} 处疑问，未保存；更正后重报，或以 Prefer: handling=lenient 将未读出的各格留空报送。`,
      en: `The document has ${errors.length} doubt(s); nothing was stored. Correct it, or send Prefer: handling=lenient to file it with the unread cells blank.`,
    },
    { errors, doubts: document.doubts },
  );
}

function faultOf(doubt: Doubt): Fault {
  const [first] = doubt.cells;
  const { line } = doubt.place ?? {};
  return {
    code: doubt.code,
    severity: 'error',
    pointer: (first === undefined ? undefined : findCell(first)?.pointer) ?? '/figures',
    cells: doubt.cells,
    message:
      line === undefined
        ? doubt.message
        : { zh: `第${line}行：${doubt.message.zh}`, en: `Line ${line}: ${doubt.message.en}` },
  };
}
