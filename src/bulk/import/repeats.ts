/** Which reports a file has stated: one agency and year twice leaves open which of the two is meant. */
import { Problem, toProblem } from '../../problem.js';
import { agencyFor } from '../../register/codes.js';
import type { Db } from '../../store/engine/schema.js';
import { listItems } from '../../store/imports.js';
import type { ItemOutcome } from './tally.js';

/** Where a report was stated. */
export interface Place {
  /** The file, where an import has several. */
  readonly source?: string;
  readonly sheet?: string;
  readonly line: number;
  readonly ref: string | null;
}

/** The reports that were filed of each file so far, by agency and year, with where each was stated. */
export type Stated = Map<string, Place>;

/** A report that an item states: its key among those of its file, and where it is stated. */
export interface StatedReport {
  readonly key: string;
  readonly place: Place;
  readonly agency: string;
  readonly year: number;
}

/**
 * The report of an agency and year, stated at a place; undefined when its code means nobody that year. A code stands for
 * the agency it means, so that two codes of one agency are the same.
 */
export async function reportStated(
  db: Db,
  { agency, year }: { readonly agency: string; readonly year: number },
  place: Place,
): Promise<StatedReport | undefined> {
  const id = await idOf(db, agency, year);
  return id === undefined ? undefined : { key: JSON.stringify([place.source, id, year]), place, agency, year };
}

/** Why a report is not filed: `repeated-in-file`, naming the first place, when it was filed of the same file before. */
export function refusalOfRepeated(
  { key, place, agency, year }: StatedReport,
  ...known: readonly Stated[]
): Problem | undefined {
  const before = known.flatMap((stated) => stated.get(key) ?? [])[0];
  return before && repeated({ agency, year }, before, place);
}

/** What an import that goes on has filed before, of what became of its items so far. */
export async function statedBefore(db: Db, id: string): Promise<Stated> {
  const stated: Stated = new Map();
  for (let after = 0; ; ) {
    const rows = await listItems(db, id, { first: itemsAtOnce, after });
    for (const { body } of rows) {
      // Written from outcomes by the same import.
      const { agency, year, outcome, sheet, line, ref } = JSON.parse(body) as ItemOutcome;
      if (agency === null || year === null || outcome === 'rejected') continue;
      const place = { ...(sheet !== undefined && { sheet }), line, ref };
      const report = await reportStated(db, { agency, year }, place);
      if (report) stated.set(report.key, place);
    }
    const last = rows.at(-1);
    if (!last) return stated;
    after = last.position;
  }
}

const itemsAtOnce = 500;

/** A code that means nobody that year is refused for that. */
async function idOf(db: Db, agency: string, year: number): Promise<number | undefined> {
  try {
    return (await agencyFor(db, agency, year)).id;
  } catch (error) {
    if (toProblem(error).status >= 500) throw error;
    return undefined;
  }
}

function repeated(
  report: { readonly agency: string; readonly year: number },
  before: Place,
  { sheet }: Place,
): Problem {
  const { agency, year } = report;
  const isElsewhere = before.sheet !== undefined && before.sheet !== sheet;
  const named = before.ref === null ? '' : ` (${before.ref})`;
  const zh = `${isElsewhere ? `工作表“${before.sheet}”` : ''}第 ${before.line} 行${named}`;
  const en = `line ${before.line}${named}${isElsewhere ? ` of the sheet "${before.sheet}"` : ''}`;
  return new Problem(
    'repeated-in-file',
    {
      zh: `${agency} ${year} 年度的报告在${zh}已有一份；同一文件内每个机关每年度只能有一份。`,
      en: `${agency} has a report for ${year} on ${en} already; a file has one for each agency and year.`,
    },
    { first: { ...(before.sheet !== undefined && { sheet: before.sheet }), line: before.line, ref: before.ref } },
  );
}
