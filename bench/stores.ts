/** The stores that the bench reads and writes: made by `xiangbao import`, as an operator would, or copied from one. */
import { constants, copyFileSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { formInForce } from '../src/form/forms.js';
import { writeRequests } from './load.js';
import { writeYears } from './national.js';
import { runToEnd } from './processes.js';
import type { Scale } from './scale.js';

/** A run of the import: files of a year each, into a store that may hold earlier years. */
interface ImportRun {
  readonly reports: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** All stores of a run, in one folder. */
export interface Stores {
  readonly folder: string;
  /** The national store, and its years. */
  readonly national: string;
  /** One with the register alone. */
  readonly bare: string;
  readonly years: readonly number[];
  /** Stores of the same agencies by how many years they have, all with the first one; empty where a file was given. */
  readonly grown: readonly { readonly years: number; readonly file: string }[];
  readonly written: WrittenStore;
  readonly imports: readonly ImportRun[];
  readonly bytes: StoredBytes;
}

/** A store that is written to: neither the year that is filed nor the one after it is in it. */
interface WrittenStore {
  readonly file: string;
  readonly years: readonly number[];
  readonly year: number;
  /** Filings of that year, one a line: those whose filing is measured, and those that come while something else is. */
  readonly filings: { readonly file: string; readonly count: number; readonly meanwhile: string };
}

/** What the national store takes on the disk, beside one that has the register alone. */
interface StoredBytes {
  readonly whole: number;
  readonly register: number;
  readonly reports: number;
}

/** The last year that is over: no later one can be filed for. */
const lastYear = new Date().getFullYear() - 1;
/** The first year that anything is filed for. */
const firstYear = 2019;

/** Makes the stores of a run; the national one is a copy of `given` where that is a file. */
export async function makeStores(folder: string, scale: Scale, given: string | undefined): Promise<Stores> {
  const bare = await emptyStore(folder);
  return given === undefined ? growStores(folder, scale, bare) : copyStores(folder, scale, given, bare);
}

/** Adds year after year to one store, and leaves a copy of it at each size that is asked for. */
async function growStores(folder: string, scale: Scale, bare: string): Promise<Stores> {
  const most = Math.min(Math.max(...scale.growth), lastYear - firstYear + 1);
  const all = Array.from({ length: most }, (_, index) => firstYear + index);
  const files = new Map(all.map((year) => [year, join(folder, `${year}.ndjson`)]));
  const counts = writeYears(scale.townships, files);
  const growing = copyStore(bare, join(folder, 'growing.db'));
  const sizes = [...new Set([...scale.growth, scale.years])].filter((size) => size <= most).toSorted((a, b) => a - b);
  const imports: ImportRun[] = [];
  const copies = new Map<number, string>();
  let from = 0;
  for (const size of sizes) {
    imports.push(await importYears(growing, all.slice(from, size), files, counts));
    copies.set(size, copyStore(growing, join(folder, `years-${size}.db`)));
    from = size;
  }
  const years = all.slice(0, scale.years);
  const national = copies.get(scale.years) ?? growing;
  const free = firstYear + scale.years;
  for (const [year, file] of files) if (year !== free) rmSync(file);
  return {
    folder,
    national,
    bare,
    years,
    grown: scale.growth.flatMap((size) => {
      const file = copies.get(size);
      return file === undefined ? [] : [{ years: size, file: copyStore(file, join(folder, `grown-${size}.db`)) }];
    }),
    written: {
      file: copyStore(national, join(folder, 'written.db')),
      ...{ years, year: free, filings: splitFilings(files.get(free) ?? '') },
    },
    imports,
    bytes: bytesOf(national, bare),
  };
}

/** Copies a store that is there already; another, of one year, is made to write to. */
async function copyStores(folder: string, scale: Scale, given: string, bare: string): Promise<Stores> {
  const national = copyStore(given, join(folder, 'national.db'));
  const [before, free] = [lastYear - 2, lastYear - 1];
  const files = new Map([before, free].map((year) => [year, join(folder, `${year}.ndjson`)]));
  const counts = writeYears(scale.townships, files);
  const file = copyStore(bare, join(folder, 'written.db'));
  const imported = await importYears(file, [before], files, counts);
  // An earlier version of the program may have made it.
  await runToEnd('program/main.js', ['migrate'], environmentOf(national));
  return {
    folder,
    national,
    bare,
    years: yearsIn(national),
    grown: [],
    written: { file, years: [before], year: free, filings: splitFilings(files.get(free) ?? '') },
    imports: [imported],
    bytes: bytesOf(national, bare),
  };
}

/** Every sixteenth filing is for what goes on meanwhile. */
function splitFilings(file: string): WrittenStore['filings'] {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  const isMeanwhile = (index: number) => index % 16 === 15;
  const measured = lines.filter((_, index) => !isMeanwhile(index));
  const folder = dirname(file);
  return {
    file: writeRequests(folder, 'filings', measured),
    count: measured.length,
    meanwhile: writeRequests(
      folder,
      'meanwhile',
      lines.filter((_, index) => isMeanwhile(index)),
    ),
  };
}

/** The settings under which programs of the bench run over a store: strangers read what was filed, since nobody accepts it. */
export function environmentOf(file: string): Readonly<Record<string, string>> {
  return { DATABASE_URL: `sqlite:${file}`, LOG_LEVEL: 'warn', PUBLIC_READING: 'filed' };
}

/** A store with the register and nothing else. */
async function emptyStore(folder: string): Promise<string> {
  const file = join(folder, 'register.db');
  await runToEnd('program/main.js', ['token', 'create', 'nobody', '--scope', 'read'], environmentOf(file));
  return file;
}

async function importYears(
  store: string,
  years: readonly number[],
  files: ReadonlyMap<number, string>,
  counts: ReadonlyMap<number, number>,
): Promise<ImportRun> {
  const paths = years.map((year) => files.get(year) ?? '');
  const reports = years.reduce((sum, year) => sum + (counts.get(year) ?? 0), 0);
  const { out, seconds, cpuSeconds } = await runToEnd('program/main.js', ['import', ...paths], environmentOf(store));
  const created = Number(/^created +(\d+)$/m.exec(out)?.[1]);
  if (created !== reports) throw new Error(`the import refused some of ${reports} filings:\n${out}`);
  return { reports, seconds, cpuSeconds };
}

/** Copies a store that nobody has open, and returns the copy. */
export function copyStore(from: string, to: string): string {
  const log = statSync(`${from}-wal`, { throwIfNoEntry: false });
  if (log && log.size > 0) throw new Error(`${from} was not closed`);
  copyFileSync(from, to, constants.COPYFILE_FICLONE);
  return to;
}

function yearsIn(file: string): number[] {
  const database = new Sqlite(file, { readonly: true });
  const found = database.prepare<[], number>('select distinct year from report order by year').pluck().all();
  database.close();
  return found.filter((year) => formInForce(year));
}

/** The pages in use: free ones are the file's, but no report's. */
function bytesOf(national: string, register: string): StoredBytes {
  const measure = (file: string) => {
    const database = new Sqlite(file, { readonly: true });
    const of = (pragma: string) => Number(database.pragma(pragma, { simple: true }));
    const bytes = (of('page_count') - of('freelist_count')) * of('page_size');
    const reports = database.prepare<[], number>('select count(*) from report').pluck().get() ?? 0;
    database.close();
    return { bytes, reports };
  };
  const whole = measure(national);
  return { whole: whole.bytes, register: measure(register).bytes, reports: whole.reports };
}
