/** Blank forms as they are sent: one of an agency, or those of all agencies of a division in one archive. */
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import type { Reader } from '../../../access/visibility.js';
import { referenceDate } from '../../../day.js';
import type { BlankForm } from '../../../document/print/blank/blank.js';
import { writeBlankDocx } from '../../../document/print/blank/blank-docx.js';
import { writeBlankForm } from '../../../document/print/blank/blank-form.js';
import { reportTitle } from '../../../document/print/sheet.js';
import { formInForce } from '../../../form/forms.js';
import { takeTurns } from '../../../loop.js';
import { divisionsOf } from '../../../register/browse.js';
import { readFilings } from '../../../report/filings/filings.js';
import { filingsFor } from '../../../report/filings/whose.js';
import { figuresBeforeFor } from '../../../report/recheck.js';
import type { Db } from '../../../store/engine/schema.js';
import type { Agency } from '../../../store/register/agencies.js';
import type { Division } from '../../../store/register/divisions.js';
import { invalidParameter } from '../../http/parameters.js';
import { printedTypes } from '../print/representations.js';
import { printedName } from '../print/sheet.js';

/** The files in which a blank form is sent. */
export const blankTypes = { xlsx: printedTypes.xlsx, docx: printedTypes.docx } as const;
export type BlankExtension = keyof typeof blankTypes;

/** Who reads, and when. */
type Reading = Reader & { readonly now: Date };

/** What is asked of a blank form. */
export interface BlankAsked {
  readonly year: number;
  readonly filled: BlankForm['filled'];
}

/** A blank form as a file. */
interface BlankFile {
  /** As people call it, without extension. */
  readonly name: string;
  readonly content: Uint8Array;
}

const writers: Readonly<Record<BlankExtension, (blank: BlankForm) => Promise<Uint8Array>>> = {
  xlsx: writeBlankForm,
  docx: writeBlankDocx,
};

/** The blank form of an agency, with what goes on from the year before as far as the reader may see that. */
export async function writeBlankOf(
  db: Db,
  reader: Reading,
  agency: Agency,
  { year, filled }: BlankAsked,
  extension: BlankExtension,
): Promise<BlankFile> {
  const [county] = await divisionsOf(db, [agency.countyId], referenceDate(year));
  const name = printedName(agency, county);
  const { before } = await figuresBeforeFor(db, reader, agency.id, year);
  const content = await writers[extension]({
    agency: { code: agency.code, name },
    year,
    form: formInForce(year).id,
    before: before?.figures,
    filled,
  });
  return { name: `${reportTitle(name, year).zh}（空白）`, content };
}

/** The most forms in one archive. */
const maxForms = 300;

/**
 * The blank forms of all agencies of a division that are expected to file, in one archive, each named by its agency and
 * code. Throws `invalid-parameter` where there are more than one archive holds.
 */
export async function writeBlanksOf(
  db: Db,
  reader: Reading,
  division: Division,
  asked: BlankAsked,
  extension: BlankExtension,
): Promise<Buffer> {
  const filings = await filingsFor(db, reader, division, asked.year);
  const query = { findings: 'unasked', outliers: 'unasked' } as const;
  const { items, more, total } = await readFilings(db, reader, filings, query, { first: maxForms });
  if (more) {
    throw invalidParameter('division', {
      zh: `该行政区划有 ${total} 个机关，一次至多下载 ${maxForms} 份空白表，请按下级行政区划下载。`,
      en: `The division has ${total} agencies, and an archive holds ${maxForms} forms at the most; ask of the divisions below it.`,
    });
  }
  const zip = new ZipFile();
  const turn = takeTurns();
  for (const { agency, expected, state } of items) {
    if (!expected || state === 'EXEMPT') continue;
    const { name, content } = await writeBlankOf(db, reader, agency, asked, extension);
    zip.addBuffer(Buffer.from(content), `${agency.code} ${fileName(name)}.${extension}`, { compress: false });
    await turn();
  }
  zip.end();
  return buffer(zip.outputStream);
}

/** A name without what no file may be called. */
function fileName(name: string): string {
  return name.toWellFormed().replace(/[\p{Cc}\\/:*?"<>|]/gu, ' ');
}
