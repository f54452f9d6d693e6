/** The generated national data set: who files in it, and what. The same numbers give the same filings. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { sampleContent, seedRandom } from '../src/command/sample-reports.js';
import { printFigures } from '../src/form/figures.js';
import { formInForce, formOf } from '../src/form/forms.js';
import type { ReportContent } from '../src/form/report.js';
import { packageRoot } from '../src/root.js';

/** The county that is asked about: 洪江市, with its 20 townships. */
export const askedCounty = '431281';

/** A township and its county. */
export interface Township {
  readonly code: string;
  readonly county: string;
}

interface Row extends Township {
  readonly validFrom: string;
  readonly validTo: string;
}

/** Townships that stood as they are in all years of the form, those of the county that is asked about before all others. */
export function townshipsOf(count: number): Township[] {
  const states: Row[] = parse(readFileSync(join(packageRoot, 'data', 'agencies.csv')), { columns: true });
  const rows = states.filter(({ validFrom, validTo }) => validFrom <= '2019-12-31' && validTo === '');
  const asked = rows.filter((row) => row.county === askedCounty);
  return [...asked, ...rows.filter((row) => row.county !== askedCounty)].slice(0, count);
}

/** So many townships have applications that about 94 boxes in 100 are zero. */
const activity = 0.9;

/** The contents of one township's reports over some years, what is open carried over. */
export function* contentsOf(township: Township, years: readonly number[]): Generator<[number, ReportContent]> {
  const random = seedRandom(Number(township.code) % 0x1_0000_0000);
  let previous: ReportContent | undefined;
  for (const year of years) {
    previous = sampleContent(random, formInForce(year).id, { year, activity, ...(previous && { previous }) });
    yield [year, previous];
  }
}

/** A report as the body of `POST /v1/reports`. */
export function bodyOf(agency: string, year: number, content: ReportContent): string {
  const { figures, ...rest } = content;
  return JSON.stringify({ agency, year, ...rest, figures: printFigures(formOf(content.form).cells, figures) });
}

/** The share of boxes that are zero or blank, and of those that are blank, over some reports. */
export function shareOfZeros(contents: readonly ReportContent[]): { readonly zero: number; readonly blank: number } {
  const values = contents.flatMap(({ form, figures }) => formOf(form).cells.map(({ at }) => figures[at] ?? null));
  const blank = values.filter((value) => value === null).length;
  const zero = values.filter((value) => value === 0).length + blank;
  return { zero: zero / values.length, blank: blank / values.length };
}
