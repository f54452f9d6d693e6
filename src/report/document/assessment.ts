/** A document that was read, with its agency and the findings about it, as it is shown before it is filed. */
import type { Reader } from '../../access/visibility.js';
import { referenceDate } from '../../day.js';
import type { DocumentReading } from '../../document/read/read-document.js';
import { checkFigures, type Finding, printFigure, type YearBefore } from '../../form/check.js';
import { printFigures } from '../../form/figures.js';
import { cellOf, firstYear, formOf } from '../../form/forms.js';
import { agencyFor, resolveAgency } from '../../register/codes.js';
import type { Db } from '../../store/engine/schema.js';
import { placeAgency } from '../../store/register/agencies-by-name.js';
import { findFaults } from '../findings.js';
import { figuresBeforeFor } from '../recheck.js';
import { type Candidate, candidateOf, findOwner } from './document-agency.js';
import type { Stated } from './document-filing.js';

/** The agency and year of a document; no agency when there are several candidates, or none. */
interface Ownership {
  readonly agency: Candidate | null;
  /** Every agency that the name may mean; when the county named has none, agencies of that name in other counties. */
  readonly candidates: readonly Candidate[];
  readonly year: number | null;
}

/** A document with its agency and the findings about it. */
export interface Assessment extends Ownership {
  readonly document: DocumentReading;
  readonly findings: readonly Finding[];
}

/**
 * Finds the agency of a document and checks it, against the year before, as far as the reader may see that, when its
 * agency is known; nothing is stored. Without a register (`db` undefined) no agency is known. Throws `unknown-agency` or `agency-closed` for a stated agency.
 */
export async function assessDocument(
  db: Db | undefined,
  reader: Reader,
  document: DocumentReading,
  stated: Stated,
  today: string,
): Promise<Assessment> {
  const year = stated.year ?? document.year;
  const day = year === null ? today : referenceDate(year);
  if (!db) return { document, agency: null, candidates: [], year, findings: await findingsIn(document, year) };
  const named =
    stated.agency === undefined
      ? undefined
      : await (year === null ? resolveAgency(db, stated.agency, day) : agencyFor(db, stated.agency, year));
  const placed = named && (await placeAgency(db, named.id, day));
  const found = placed ? { within: [placed], elsewhere: [] } : await findOwner(db, document, day);
  const [only, ...others] = found.within;
  const sole = only && others.length === 0 ? only : undefined;
  const candidates = sole ? [sole] : found.within.length > 0 ? found.within : found.elsewhere;
  // Whoever has a document of an agency need not be its clerk.
  const seen = sole && year !== null ? await figuresBeforeFor(db, reader, sole.id, year) : undefined;
  return {
    document,
    agency: sole ? candidateOf(sole) : null,
    candidates: candidates.map(candidateOf),
    year,
    findings: await findingsIn(document, year, seen?.before),
  };
}

/** An assessment as the API answers it: figures nested as they are printed, each cell with the text it was read from. */
export function printAssessment({ document, agency, candidates, year, findings }: Assessment) {
  const { form, title, agencyName, countyName, figures, cells } = document;
  return {
    form,
    title,
    agencyName,
    countyName,
    agency,
    candidates,
    year,
    figures: form === null ? {} : printFigures(formOf(form).cells, figures),
    cells: cells.map(({ cell, text, value, note, place }) => ({
      cell,
      label: cellOf(cell).label,
      text,
      value: printFigure(cellOf(cell), value),
      note,
      line: place.line,
      page: place.page,
    })),
    publishedItems: document.publishedItems,
    engagement: document.engagement,
    narrative: document.narrative,
    source: document.source,
    doubts: document.doubts,
    findings,
  };
}

async function findingsIn(
  document: DocumentReading,
  year: number | null,
  before?: YearBefore,
): Promise<readonly Finding[]> {
  const { form, figures, publishedItems, engagement, narrative, source } = document;
  if (form === null) return [];
  if (year === null || year < firstYear) return checkFigures(form, year ?? 0, figures);
  return findFaults({ form, figures, publishedItems, engagement, narrative, source }, year, before);
}
