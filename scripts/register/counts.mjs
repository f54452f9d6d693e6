/** The tables of data/README.md: how many agencies are expected by year and province, and why other counts differ. */
import path from 'node:path';
import { readTable } from './editions.mjs';
import { isTownship, spansOfTownship } from './townships.mjs';

const YEARS = [2018, 2019, 2020, 2021, 2022, 2023, 2024, 2025];

const provinceOf = ({ county }) => `${county.states[0].code.slice(0, 2)}0000`;
const isThere = ({ from, to }, day) => from <= day && (!to || to > day);
const table = (head, rows) =>
  [head, head.map((_, index) => (index < 2 ? '---' : '---:')), ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');
const signed = (number) => (number > 0 ? `+${number}` : number < 0 ? `−${-number}` : '0');

/** The three tables, as Markdown. */
export async function tablesOf({ lists, divisions, townships, folder }) {
  const counts = await readTable(path.join(folder, 'counts.csv'), ['year', 'province', 'low', 'high', 'townships']);
  const spans = townships.units.flatMap((unit) =>
    spansOfTownship(unit).map((span, index) => ({ ...span, unit, leaving: unit.states[index + 1]?.event ?? unit.end })),
  );
  const names = new Map(
    divisions.units.filter(({ level }) => level === 'PROVINCE').map(({ states: [{ code, name }] }) => [code, name]),
  );
  const world = { lists, spans, names, counts };
  return [expectedTable(world), differenceTable(world), outsideTable(world)].join('\n\n');
}

function expectedTable({ spans, names }) {
  const count = (year, isCounted) => spans.filter((span) => isThere(span, `${year}-12-31`) && isCounted(span)).length;
  const rows = [...names].map(([code, name]) => [
    code,
    name,
    ...YEARS.map((year) => count(year, (span) => provinceOf(span) === code)),
  ]);
  return table(
    ['Code', 'Division', ...YEARS],
    [['100000', '中华人民共和国', ...YEARS.map((year) => count(year, () => true))], ...rows],
  );
}

/** After the last list a name alone says what a unit is, for its number is the old one. */
function isCountedTownship({ code, name, from }, last) {
  return from > last ? /(?:街道|地区|镇|乡|苏木)$/.test(name) : isTownship(code, name);
}

/**
 * How many township units more than by the ministry's tables: of these, units that end after the year by the lists alone,
 * units that begin so, and the rest.
 */
function differenceTable({ lists, spans, names, counts }) {
  const last = lists.at(-1).day;
  const years = YEARS.filter((year) => counts.some((row) => Number(row.year) === year));
  const ofTownships = spans.filter((span) => isCountedTownship(span, last));
  const cellOf = (code, year) => {
    const day = `${year}-12-31`;
    const within = ofTownships.filter((span) => provinceOf(span) === code);
    const there = within.filter((span) => isThere(span, day)).length;
    const told = Number(counts.find((row) => row.province === code && Number(row.year) === year).townships);
    const byLists = (event) => event && event.day > day && event.precision === 'SNAPSHOT' && event.document === '';
    const ending = within.filter((span) => span.leaving === span.unit.end && byLists(span.leaving)).length;
    const beginning = within.filter((span) => span.event === span.unit.states[0].event && byLists(span.event)).length;
    const rest = there - told - ending + beginning;
    return there === told
      ? '0'
      : `${signed(there - told)} = ${ending} − ${beginning} ${rest < 0 ? '−' : '+'} ${Math.abs(rest)}`;
  };
  return table(
    ['Code', 'Province', ...years],
    [...names].map(([code, name]) => [code, name, ...years.map((year) => cellOf(code, year))]),
  );
}

/** The cells of the first table that do not lie between the lists around 31 December, with what makes the difference. */
function outsideTable({ lists, spans, names, counts }) {
  const rows = counts.flatMap(({ year, province, low, high }) => {
    const day = `${year}-12-31`;
    const there = spans.filter((span) => provinceOf(span) === province && isThere(span, day)).map(({ code }) => code);
    const number = there.length;
    if (number >= Number(low) && number <= Number(high)) return [];
    const index = lists.findIndex((list) => list.day > day);
    const [before, after] = index < 0 ? [lists.at(-1), lists.at(-1)] : [lists[index - 1], lists[index]];
    const codesOf = (list) => [...list.townships.keys()].filter((code) => code.startsWith(province.slice(0, 2)));
    const alive = new Set(there);
    const begun = there.filter((code) => !before.townships.has(code)).length;
    const ended = codesOf(before).filter((code) => !alive.has(code)).length;
    const listed = [codesOf(before).length, codesOf(after).length];
    const isBetween = number >= Math.min(...listed) && number <= Math.max(...listed);
    const why = isBetween ? 'headings' : before === after ? 'acts after the last list' : 'acts before the list after';
    return [[province, `${names.get(province)} ${year}`, low, high, number, ...listed, begun, ended, why]];
  });
  const head = [
    'Code',
    'Province, year',
    'Low',
    'High',
    'Register',
    'List before',
    'List after',
    'Begun',
    'Ended',
    'Why',
  ];
  return table(head, rows);
}
