/** The generated national data set: who files in it, and what. The same numbers give the same filings. */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { type Random, sampleContent, seedRandom } from '../src/command/sample-reports.js';
import { referenceDate } from '../src/day.js';
import { printFigures } from '../src/form/figures.js';
import { formInForce, formOf } from '../src/form/forms.js';
import type { ReportContent } from '../src/form/report.js';
import { groupBy } from '../src/groups.js';
import { packageRoot } from '../src/root.js';

/** The county that is asked about: 洪江市, with its 20 townships. */
export const askedCounty = '431281';

/** A township and its county. */
export interface Township {
  readonly code: string;
  readonly county: string;
}

interface Row extends Township {
  /** The agency, whatever it is called. */
  readonly unit: string;
  readonly kind: string;
  readonly validFrom: string;
  readonly validTo: string;
}

let agencies: readonly Row[] | undefined;

function readAgencies(): readonly Row[] {
  // The columns of the file, as its heading names them.
  agencies ??= parse(readFileSync(join(packageRoot, 'data', 'agencies.csv')), { columns: true }) as Row[];
  return agencies;
}

/** Townships that stood as they are in all years of the form, those of the county that is asked about before all others. */
export function townshipsOf(count: number): Township[] {
  const rows = readAgencies().filter(({ validFrom, validTo }) => validFrom <= '2019-12-31' && validTo === '');
  const asked = rows.filter((row) => row.county === askedCounty);
  return [...asked, ...rows.filter((row) => row.county !== askedCounty)].slice(0, count);
}

/** Counties that the bench asks about, one after the other. */
const countiesAsked = 100;

/** As many townships as a page of the question has room for, or a few less: each answer is about as long. */
const townshipsAsked = { from: 17, to: 20 };

/**
 * The counties that the bench asks about: a hundred at random (the same ones each time), and the one of the examples,
 * of those whose townships stayed as they are and fit into one page.
 */
export function countiesToAsk(): string[] {
  const random = seedRandom(countiesAsked);
  const townships = groupBy(townshipsOf(Number.POSITIVE_INFINITY), ({ county }) => county);
  const all = groupBy(
    readAgencies().filter(({ kind }) => kind !== 'COUNTY'),
    ({ county }) => county,
  );
  const fitting = [...townships]
    .filter(([county, { length }]) => length >= townshipsAsked.from && all.get(county)?.length === length)
    .filter(([, { length }]) => length <= townshipsAsked.to)
    .map(([county]) => county);
  const drawn = shuffle(random, fitting).filter((county) => county !== askedCounty);
  return [askedCounty, ...drawn.slice(0, countiesAsked - 1)];
}

/** The same things in an order drawn by chance. */
export function shuffle<Thing>(random: Random, things: readonly Thing[]): Thing[] {
  return things
    .map((thing) => ({ thing, place: random() }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ thing }) => thing);
}

/**
 * Writes what so many agencies file, a file of NDJSON a year, and returns how many reports each has. Who files in a
 * year is who was there at its end, the counties that are asked about before all others; what was open is carried over.
 */
export function writeYears(count: number, files: ReadonlyMap<number, string>): Map<number, number> {
  const asked = new Set(countiesToAsk());
  const states = readAgencies().filter(({ kind }) => kind !== 'COUNTY');
  const chains = new Map<string, { readonly random: Random; previous?: ReportContent }>();
  const counts = new Map<number, number>();
  for (const [year, file] of [...files].toSorted(([one], [other]) => one - other)) {
    const end = referenceDate(year);
    const there = states.filter(({ validFrom, validTo }) => validFrom <= end && (validTo === '' || validTo > end));
    const ordered = [...there.filter((one) => asked.has(one.county)), ...there.filter((one) => !asked.has(one.county))];
    const out = openSync(file, 'w');
    for (const { unit, code } of ordered.slice(0, count)) {
      const chain = chains.get(unit) ?? { random: seedRandom(Number(unit)) };
      const { random, previous } = chain;
      chain.previous = sampleContent(random, formInForce(year).id, { year, activity, ...(previous && { previous }) });
      chains.set(unit, chain);
      writeSync(out, `${bodyOf(code, year, chain.previous)}\n`);
    }
    closeSync(out);
    counts.set(year, Math.min(count, ordered.length));
  }
  return counts;
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
