/** The reader of sums: of a division from its rollups, and in the same shape of the reports of single agencies. */

import { makeBlankFigures } from '../../form/figures.js';
import { allCells, type Cell, cellOf } from '../../form/forms.js';
import type { Inclusion } from '../../words.js';
import { unpackRows } from '../engine/dialect.js';
import { findRow } from '../engine/run.js';
import type { Db } from '../engine/schema.js';
import { type AcceptedBefore, acceptedBefore } from '../revisions.js';
import {
  blanksOfDivision,
  ratesOfReport,
  rowsOfAgencies,
  rowsOfDivision,
  type SumRow,
  sumsOfReport,
  sumsOfRows,
} from './sum-rows.js';
import {
  type AddedSums,
  type CountedSums,
  cellCounter,
  combineSums,
  countCells,
  noCounts,
  nullUnreported,
  type Sign,
  type SignedSums,
  type SumOf,
  type Sums,
} from './sums.js';
import type { Territory } from './territory.js';

/**
 * What the reports of a territory add up to, by year, over a span that holds the years asked for; years without reports
 * are left out. Keep the list of cells: what it takes to read them is prepared once for each list.
 */
export async function sumTerritory(
  db: Db,
  territory: Territory,
  years: readonly number[],
  cells: readonly Cell[],
  of: SumOf,
): Promise<Map<number, Sums>> {
  return (await readTerritory(db, territory, { years, cells, blanks: 'decisive' }, of)).sums;
}

/** The same with the counts of each cell: twice the work where reports have blanks. */
export async function countTerritory(
  db: Db,
  territory: Territory,
  years: readonly number[],
  cells: readonly Cell[],
  of: SumOf,
): Promise<Map<number, CountedSums>> {
  const { sums, blanks } = await readTerritory(db, territory, { years, cells, blanks: 'all' }, of);
  return new Map([...sums].map(([year, own]) => [year, countCells(own, cells, blanks.get(year) ?? noCounts)]));
}

/**
 * What each of several agencies' reports say, as they are or as they were accepted, by agency and year; years without a
 * report are left out.
 */
export async function sumAgencies(
  db: Db,
  agencyIds: readonly number[],
  years: readonly number[],
  cells: readonly Cell[],
  inclusion: Inclusion,
): Promise<Map<number, Map<number, Sums>>> {
  const [from, to] = spanOf(years);
  const acceptedOnly = inclusion === 'ACCEPTED' ? 1 : undefined;
  const found = await findRow(db, rowsOfAgencies(cells), { agencyIds, from, to, acceptedOnly });
  const rows = unpackRows<readonly [number, SumRow]>(found?.rows);
  const sums = new Map<number, Map<number, Sums>>(agencyIds.map((id) => [id, new Map()]));
  for (const [id, row] of rows) {
    sums.get(id)?.set(row[0], sumsOfReport(row, cells));
  }
  if (inclusion === 'ACCEPTED') {
    for (const report of await acceptedBefore(db, agencyIds, [from, to])) {
      sums.get(report.agencyId)?.set(report.year, sumsOfAccepted(report, cells));
    }
  }
  return sums;
}

/** What one agency's report says, with the counts of each cell: ones and zeros. Undefined when there is no report. */
export async function countAgency(
  db: Db,
  agencyId: number,
  year: number,
  cells: readonly Cell[],
  inclusion: Inclusion,
): Promise<CountedSums | undefined> {
  const sums = (await sumAgencies(db, [agencyId], [year], cells, inclusion)).get(agencyId)?.get(year);
  return sums && countReport(sums, cells);
}

/** The sums of one report, or of none, with the counts of each cell: ones and zeros. */
export function countReport(sums: Sums, cells: readonly Cell[]): CountedSums {
  return countCells(sums, cells, blankIn(sums, cells));
}

/** Which of some cells one report leaves blank, as ones and zeros. */
function blankIn(sums: Sums, cells: readonly Cell[]): readonly number[] {
  const reportsWith = cellCounter(sums.forms);
  const blank = [...noCounts];
  for (const cell of cells) if (sums.figures[cell.at] === null) blank[cell.at] = reportsWith(cell);
  return blank;
}

/** What one report adds to sums, as it was known, with which of all cells it leaves blank. */
export function addedByReport(
  report: Pick<AcceptedBefore, 'year' | 'expected' | 'onTime' | 'sample' | 'content'>,
): AddedSums {
  const sums = sumsOfAccepted(report, allCells);
  return { sums, blank: blankIn(sums, allCells) };
}

function sumsOfAccepted(
  { year, expected, onTime, sample, content }: Omit<AcceptedBefore, 'agencyId'>,
  cells: readonly Cell[],
): Sums {
  const total = content.publishedItems?.total ?? null;
  const figures = makeBlankFigures();
  for (const { at } of cells) figures[at] = content.figures[at] ?? null;
  return {
    year,
    reports: 1,
    expectedReports: expected,
    onTime: onTime && expected,
    samples: sample,
    forms: new Map([[content.form, 1]]),
    publishedTotal: total,
    publishedStated: total === null ? 0 : 1,
    figures,
    rates: ratesOfReport(figures, cells),
  };
}

function spanOf(years: readonly number[]): readonly [number, number] {
  return [Math.min(...years), Math.max(...years)];
}

/**
 * Which cells and years are read, and which counts of blanks: all, or only those that decide whether anybody reported
 * a cell.
 */
interface Question {
  readonly years: readonly number[];
  readonly cells: readonly Cell[];
  readonly blanks: 'all' | 'decisive';
}

/** Sums, and how many left each cell blank (as far as that was asked), by year. */
interface FoundSums {
  readonly sums: Map<number, Sums>;
  readonly blanks: ReadonlyMap<number, readonly number[]>;
}

/** Years as they are kept are read at once; of others, what is kept of each part is added up, and taken away. */
async function readTerritory(db: Db, territory: Territory, question: Question, of: SumOf): Promise<FoundSums> {
  const { divisionId, adjustments } = territory;
  if (adjustments.size === 0) return readDivision(db, divisionId, question, of);
  const isAdjusted = (year: number) => adjustments.has(year);
  const kept = await readDivision(db, divisionId, { ...question, blanks: 'all' }, of);
  const sums = new Map([...kept.sums].filter(([year]) => !isAdjusted(year)));
  const blanks = new Map(kept.blanks);
  const adjusted = question.years.filter(isAdjusted);
  for (const [year, own] of await partsOfTerritory(db, territory, kept, { ...question, years: adjusted }, of)) {
    const { reported: _, blank, ...combined } = combineSums(year, own, question.cells);
    if (combined.reports > 0) sums.set(year, combined);
    blanks.set(year, blank);
  }
  return { sums, blanks };
}

/** The parts of a territory's sums, by year: what is kept of its divisions, and the reports of single agencies. */
async function partsOfTerritory(
  db: Db,
  { divisionId, adjustments }: Territory,
  kept: FoundSums,
  { years, cells }: Question,
  of: SumOf,
): Promise<ReadonlyMap<number, readonly SignedSums[]>> {
  const parts = new Map<number, SignedSums[]>(years.map((year) => [year, []]));
  const divisions = new Map<number, Map<number, Sign>>();
  const agencies = new Set<number>();
  for (const year of years) {
    const adjustment = adjustments.get(year);
    for (const { id, sign, what } of adjustment?.divisions ?? []) {
      if (what === 'ALL') divisions.set(id, new Map(divisions.get(id)).set(year, sign));
    }
    for (const { inclusion, kind, added } of adjustment?.known?.sums ?? []) {
      if (inclusion === of.inclusion && (!of.kinds || of.kinds.includes(kind))) {
        parts.get(year)?.push({ ...added, sign: 1 });
      }
    }
    if (!adjustment?.known) for (const { id } of adjustment?.agencies ?? []) agencies.add(id);
  }
  for (const [id, signs] of divisions) {
    const asked: Question = { years: [...signs.keys()], cells, blanks: 'all' };
    const { sums, blanks } = id === divisionId ? kept : await readDivision(db, id, asked, of);
    for (const [year, sign] of signs) {
      const own = sums.get(year);
      if (own) parts.get(year)?.push({ sums: own, blank: blanks.get(year) ?? noCounts, sign });
    }
  }
  if (agencies.size === 0) return parts;
  const found = await sumAgencies(db, [...agencies], years, cells, of.inclusion);
  for (const year of years.filter((one) => !adjustments.get(one)?.known)) {
    for (const { id, kind, sign } of adjustments.get(year)?.agencies ?? []) {
      const own = found.get(id)?.get(year);
      if (!own || (of.kinds && !of.kinds.includes(kind))) continue;
      parts.get(year)?.push({ sums: own, blank: blankIn(own, cells), sign });
    }
  }
  return parts;
}

/** The sums of a division as they are kept. */
async function readDivision(
  db: Db,
  divisionId: number,
  { years, cells, blanks: asked }: Question,
  of: SumOf,
): Promise<FoundSums> {
  const [from, to] = spanOf(years);
  const found = await findRow(db, rowsOfDivision(cells), { divisionId, from, to, ...of });
  const rows = unpackRows<SumRow>(found?.rows);
  // A sum that is not zero was reported. Of those that are, the ones are null that every report of every kind and form
  // left blank: only where a set of reports has as many blanks in all as it has reports can that be, and then blanks as
  // many as the smallest set decide.
  const mayDecide = (row: SumRow) => row[8] >= (asked === 'all' ? 1 : row[2]);
  const withBlanks = new Set(cells.length === 0 ? [] : rows.filter(mayDecide).map(([year]) => year));
  const sets = rows.filter(([year]) => withBlanks.has(year)).map((row) => row[2]);
  const least = asked === 'all' ? 1 : Math.min(...sets);
  const blanks =
    withBlanks.size === 0
      ? new Map<number, readonly number[]>()
      : await readBlanks(db, divisionId, { years: [...withBlanks], least }, of);
  const byYear = new Map<number, SumRow[]>();
  for (const row of rows) {
    const own = byYear.get(row[0]);
    if (own) own.push(row);
    else byYear.set(row[0], [row]);
  }
  const sums = new Map<number, Sums>();
  for (const [year, own] of byYear) {
    sums.set(year, nullUnreported(sumsOfRows(own, cells), cells, blanks.get(year) ?? noCounts));
  }
  return { sums, blanks };
}

/** How many reports left each cell blank, by year, counting sets (a kind and form each) in which `least` did. */
async function readBlanks(
  db: Db,
  divisionId: number,
  { years, least }: { readonly years: readonly number[]; readonly least: number },
  of: SumOf,
): Promise<ReadonlyMap<number, readonly number[]>> {
  const [from, to] = spanOf(years);
  const found = await findRow(db, blanksOfDivision, { divisionId, from, to, least, ...of });
  const rows = unpackRows<readonly [number, string, number]>(found?.rows);
  const blanks = new Map<number, number[]>();
  for (const [year, key, reports] of rows) {
    const own = blanks.get(year) ?? [...noCounts];
    const { at } = cellOf(key);
    own[at] = (own[at] ?? 0) + reports;
    blanks.set(year, own);
  }
  return blanks;
}
