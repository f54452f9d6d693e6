/** What the fit of cost to time asks: every field of the schema that takes work, at several places, sizes and times over. */
import {
  type GraphQLSchema,
  getNamedType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { allCells, formOf } from '../../src/form/forms.js';
import { divisionQuery } from '../queries.js';

/** A question, and what it is called in the table. */
export interface Question {
  readonly name: string;
  readonly query: string;
  /** Where the price is that of the dearest there can be, which the store at hand is not. */
  readonly priced?: 'at most';
  /** Where strangers may not ask it while only what was accepted is public. */
  readonly takes?: 'filed';
}

/** One year of which everything was accepted, one of which half was, and one of which nothing was filed. */
export interface FitYears {
  readonly accepted: number;
  readonly half: number;
  readonly none: number;
}

const places = { county: '431281', prefecture: '431200', province: '430000', nation: '100000' };
const township = '431281207';

const measure = 'applications.newReceived.total';

const times = (count: number, write: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => write(index)).join(' ');

const table = formOf('2021').tables.find(({ key }) => key === 'applications');
const rowsOf = (count: number) => (table?.rows ?? []).slice(0, count).map(({ key }) => key);
const columns = (table?.columns ?? []).map(({ key }) => key).join(' ');
const figures = (rows: number) =>
  `applications { ${rowsOf(rows)
    .map((row) => `${row} { ${columns} }`)
    .join(' ')} }`;

/** What there is to be found is not known before: how many are missing and where, who went elsewhere, who is of a kind, and of how many years there are reports. */
const atMost =
  /^missing.*(?:nobody|everybody|nation)|^elsewhere|^published.*(?:prefecture|province|nation)|^agencies of a kind|^reports\(500\), county|^search|^agencies by a part|^filings|^findings of reports/;

/** The boundaries that the questions of a day ask for: those of years before. */
const onDay = '{ boundaries: ON_DAY, on: "2020-12-31" }';

/** All questions of the fit. */
export function questionsOf({ accepted, half, none }: FitYears): readonly Question[] {
  const sevenYears = [none, half, accepted, ...Array.from({ length: 4 }, (_, index) => accepted - 1 - index)];
  const nodes = 'nodes { code name kind }';
  const coverage = (year: number, asked: string) => `statistics(years: [${year}]) { coverage { ${asked} } }`;
  const ofDivision: Readonly<Record<string, string>> = {
    'code name level': 'code name level',
    parent: 'parent { code parent { code } }',
    'parent × 24': times(24, (at) => `p${at}: parent { code }`),
    'children(1)': 'children(first: 1) { nodes { code } }',
    'children, edges': 'children { edges { cursor node { code } } }',
    'children(500)': 'children(first: 500) { totalCount nodes { code name level } }',
    'children of children': 'children(first: 500) { nodes { code children(first: 500) { nodes { code name } } } }',
    'children × 24': times(24, (at) => `c${at}: children(first: 500) { nodes { code } }`),
    'states × 24': times(24, (at) => `s${at}: states { code validFrom precision parent { code } }`),
    'changes × 8': times(
      8,
      (at) => `c${at}: changes { kind effective counterparts { code division { code } agency { code } } }`,
    ),
    'beginning × 24': times(24, (at) => `b${at}: beginning { on origin } e${at}: ending { on outcome }`),
    'agencies(1)': 'agencies(first: 1) { nodes { code } }',
    'agencies(20)': `agencies { ${nodes} }`,
    'agencies(500)': `agencies(first: 500) { ${nodes} }`,
    'agencies(500) edges': 'agencies(first: 500) { edges { cursor node { code } } pageInfo { endCursor } }',
    'agencies of a year': `agencies(year: ${accepted}, first: 500) { ${nodes} }`,
    'agencies of a kind': `agencies(year: ${accepted}, kinds: [SUBDISTRICT], first: 500) { ${nodes} }`,
    'agencies counted': 'agencies(first: 1) { totalCount }',
    'agencies of a year × 8': times(8, (at) => `a${at}: agencies(year: ${half}, first: 1) { nodes { code } }`),
    'agencies of a year × 24': times(24, (at) => `a${at}: agencies(year: ${half}, first: 1) { nodes { code } }`),
    'agencies counted × 8': times(8, (at) => `a${at}: agencies(year: ${half}, first: 1) { totalCount }`),
    'agencies and counties': 'agencies(first: 500) { nodes { code county { code name } } }',
    'agencies and states': 'agencies(first: 100) { nodes { states { code name county { code } } } }',
    'statistics, a year': `statistics(years: [${accepted}]) { year includes }`,
    'statistics, a table': `statistics(years: [${accepted}]) { ${figures(25)} }`,
    'statistics, seven years': `statistics(years: [${sevenYears}]) { ${figures(10)} rates { grantedShare { value } } }`,
    'statistics × 24': times(24, (at) => `s${at}: statistics(years: [${accepted}]) { ${figures(2)} }`),
    'statistics of kinds': `statistics(years: [${accepted}], kinds: [TOWNSHIP, SUBDISTRICT]) { ${figures(10)} }`,
    'statistics on a day': `statistics(years: [${sevenYears}], frame: ${onDay}) { ${figures(10)} coverage { expected reported } }`,
    'statistics on a day × 8': times(
      8,
      (at) => `s${at}: statistics(years: [${accepted}], frame: ${onDay}) { ${figures(2)} }`,
    ),
    'unallocated on a day': `statistics(years: [${accepted}], frame: ${onDay}) { unallocated { reports agencies { totalCount nodes { agency { code } candidates { code } } edges { cursor node { agency { code } } } } } }`,
    breaks: `statistics(years: [${accepted}]) { breaks { effective kind counterparts { code } } }`,
    'breaks on a day': `statistics(years: [${accepted}], frame: ${onDay}) { breaks { effective kind counterparts { code } } }`,
    coverage: coverage(half, 'expected reported accepted onTime late rate samples forms { form reports }'),
    'coverage × 24': times(24, (at) => `s${at}: ${coverage(half, 'expected accepted')}`),
    'missing, nobody': coverage(accepted, `missing { totalCount ${nodes} }`),
    'missing(500), everybody': coverage(none, `missing(first: 500) { totalCount ${nodes} }`),
    'missing(1), a third': coverage(half, 'missing(first: 1) { totalCount }'),
    'missing(500), a third': coverage(half, `missing(first: 500) { totalCount ${nodes} }`),
    'missing × 24, a third': times(24, (at) => `s${at}: ${coverage(half, 'missing(first: 1) { nodes { code } }')}`),
    elsewhere: coverage(half, `elsewhere(first: 500) { totalCount ${nodes} }`),
    'elsewhere × 8': times(8, (at) => `s${at}: ${coverage(half, 'elsewhere(first: 1) { nodes { code } }')}`),
    blanks: coverage(accepted, 'blanks { cell count label { zh } }'),
    'blanks × 8': times(8, (at) => `s${at}: ${coverage(accepted, 'blanks { cell count }')}`),
    'cells, 1': coverage(accepted, 'cells(cells: ["applications.granted.total"]) { cell reported blank absent }'),
    'cells, all': coverage(
      accepted,
      `cells(cells: ${JSON.stringify(allCells.map(({ key }) => key))}) { cell reported }`,
    ),
    categories: `statistics(years: [${accepted}]) { publishedItems { total categories { name count share } } }`,
    'categories(500), channels(500)': `statistics(years: [${accepted}]) { publishedItems { categories(first: 500) { name count } channels(first: 500) { name } } }`,
    'categories × 24': times(
      24,
      (at) => `s${at}: statistics(years: [${half}]) { publishedItems { categories { name count } } }`,
    ),
    published: `statistics(years: [${accepted}]) { published { report { form ${figures(5)} } differences { cell rollup published difference } } }`,
    'published × 8': times(
      8,
      (at) => `s${at}: statistics(years: [${accepted}]) { published { differences { cell } } }`,
    ),
    deadline: `deadline(year: ${accepted})`,
    'filings(20)': `filings(year: ${half}) { totalCount nodes { state late due agency { code name } } }`,
    'filings(500), findings': `filings(year: ${half}, first: 500) { nodes { state findings { errors warnings } decision { decision } } }`,
    'filings, outliers': `filings(year: ${accepted}, first: 20) { nodes { outliers { measure value usual { low high } } } }`,
    'filings counted': `filings(year: ${half}, first: 1) { counts { notFiled submitted accepted late } }`,
    'filings counted, findings': `filings(year: ${half}, first: 1) { counts { withFindings { errors warnings } } }`,
    'filings of a severity': `filings(year: ${half}, severity: warning) { nodes { agency { code } } }`,
    'findings of reports': `findings(year: ${half}, first: 500) { totalCount nodes { agency { code } finding { code cells } } }`,
    'deadline × 24': times(24, (at) => `d${at}: deadline(year: ${accepted})`),
    ranking: `ranking(measure: "${measure}", year: ${accepted}, of: AGENCY) { n distribution { median } nodes { rank value agency { code name } } }`,
    'ranking of counties': `ranking(measure: "${measure}", year: ${accepted}, of: COUNTY) { n nodes { rank value division { code name } } }`,
    'ranking of prefectures': `ranking(measure: "${measure}", year: ${accepted}, of: PREFECTURE) { n nodes { rank value } }`,
    'ranking(500), edges': `ranking(measure: "${measure}", year: ${half}, of: AGENCY, first: 500) { edges { cursor node { rank value } } unranked(first: 500) { totalCount nodes { reason { zh } } edges { cursor node { reported } } } }`,
    'ranking on a day': `ranking(measure: "${measure}", year: ${accepted}, of: COUNTY, frame: ${onDay}) { n nodes { rank value } }`,
    position: `position(measure: "${measure}", year: ${accepted}, among: NATION) { rank of percentile distribution { median } }`,
    'agencies and positions': `agencies(year: ${accepted}, first: 500) { nodes { position(measure: "${measure}", year: ${accepted}, among: COUNTY) { rank of } } }`,
    'agencies and positions in the nation': `agencies(year: ${accepted}, first: 500) { nodes { position(measure: "${measure}", year: ${accepted}, among: NATION) { rank of } } }`,
    'children and positions': `children(first: 500) { nodes { position(measure: "${measure}", year: ${accepted}, among: NATION) { rank of } } }`,
    change: `statistics(years: [${accepted}]) { change(measures: ["${measure}", "applications.closureRate"]) { previous current years { reported expected } difference ratio reason { zh } } }`,
    'agencies and changes': `agencies(year: ${accepted}) { nodes { statistics(years: [${accepted}]) { change(measures: ["${measure}"]) { difference } } } }`,
    'agencies and statistics': `agencies(year: ${accepted}) { nodes { code statistics(years: [${accepted}]) { ${figures(2)} } } }`,
    'agencies(500) and statistics': `agencies(year: ${accepted}, first: 500) { nodes { code statistics(years: [${accepted}]) { ${figures(8)} } } }`,
    'agencies(500) and years': `agencies(year: ${accepted}, first: 500) { nodes { code statistics(years: [${accepted}, ${half}]) { ${figures(1)} } } }`,
    'agencies(200) and coverage': `agencies(year: ${accepted}, first: 200) { nodes { ${coverage(half, 'expected reported missing { totalCount }')} } }`,
    'agencies and blanks': `agencies(year: ${accepted}) { nodes { ${coverage(accepted, 'blanks { cell count }')} } }`,
    'agencies and items': `agencies(year: ${accepted}) { nodes { statistics(years: [${accepted}]) { publishedItems { categories { name count } } } } }`,
    'agencies(200) and reports': `agencies(year: ${accepted}, first: 200) { nodes { code report(year: ${accepted}) { form ${figures(2)} } } }`,
  };
  const reports: Readonly<Record<string, string>> = {
    'reports(1)': 'first: 1',
    'reports(20), a year': `first: 20, year: ${accepted}`,
    'reports(500), a year': `first: 500, year: ${accepted}`,
    'reports(500)': 'first: 500',
    'reports, by state': `first: 20, state: ACCEPTED`,
    'reports, since': 'first: 20, updatedAfter: "2020-01-01T00:00:00Z"',
  };
  const report = (asked: string) => `report(agency: "${township}", year: ${accepted}) { ${asked} }`;
  const whole = `form state revision ${figures(25)} narrative { overview problems } source { url } engagement { name handled }
    findings { code message { zh en } cells } publishedItems { total categories { name count } channels { name } }`;
  const others: Readonly<Record<string, string>> = {
    typename: '__typename',
    township: `township(code: "${township}") { code name states { code validFrom } }`,
    'agency × 24': times(24, (at) => `a${at}: agency(code: "${township}") { code county { code } }`),
    'division × 90': times(90, (at) => `d${at}: division(code: "431281") { code name level }`),
    'county × 90': times(90, (at) => `d${at}: county(code: "431281") { code name level }`),
    'agency, its history × 24': times(
      24,
      (at) =>
        `a${at}: agency(code: "${township}") { changes { kind } otherCodes { code } beginning { on } ending { on } }`,
    ),
    'divisions(500)': 'divisions(first: 500) { totalCount nodes { code name } }',
    'divisions(500) below': 'divisions(below: "430000", level: COUNTY, first: 500) { nodes { code name } }',
    'divisions by codes': 'divisions(codes: ["430000", "431200", "431281"]) { nodes { code name } unknown }',
    'agencies(500) of the nation': 'agencies(first: 500) { nodes { code name } }',
    'agencies(500) of a province': 'agencies(division: "430000", first: 500) { totalCount nodes { code name } }',
    'agencies by a part of their names': 'agencies(name: "群峰") { nodes { code name } }',
    'agencies by codes × 24': times(24, (at) => `a${at}: agencies(codes: ["${township}"]) { nodes { code } }`),
    'search × 8': times(
      8,
      (at) => `s${at}: search(text: "群峰") { totalCount nodes { within { code } agency { code } } }`,
    ),
    'search(500)': 'search(text: "镇", first: 500) { nodes { within { code } matched { text } division { code } } }',
    report: report('form'),
    'report, whole': report(whole),
    'report × 24': times(24, (at) => `r${at}: ${report('form state')}`),
    revisions: report('revisions { number action at changes { pointer from to } }'),
    'revisions × 24': times(24, (at) => `r${at}: ${report('revisions { number changes { pointer } }')}`),
    forms:
      'forms { id name { zh } tables { key rows { key label { zh } under { zh } } columns { key label { zh } under { zh } } } }',
    'forms, cells': 'forms { cells { key label { zh en } } }',
    'forms, equations': 'forms { equations { rule left { cell coefficient } right { cell } written { zh } } }',
    'form × 8': times(8, (at) => `f${at}: form(id: "2021") { cells { key label { zh } } }`),
    rules: 'rules { code severity }',
    measures: 'measures { key label { zh } forms cells onOtherForms { measure reason { zh } } }',
    'measure × 8': times(8, (at) => `m${at}: measure(key: "publishedItems.total") { label { zh } rankable }`),
    introspection:
      '__schema { types { name fields { name args { name } type { name ofType { name } } } enumValues { name } } }',
    'introspection × 8': times(8, (at) => `s${at}: __schema { types { name fields { name type { name } } } }`),
  };
  return [
    ...Object.entries(others).map(([name, asked]) => ({
      name,
      query: `{ ${asked} }`,
      ...(name.startsWith('revisions') && { takes: 'filed' as const }),
      ...(atMost.test(name) && { priced: 'at most' as const }),
    })),
    ...Object.entries(ofDivision).flatMap(([name, asked]) =>
      Object.entries(places).map(([place, code]) => ({
        name: `${name}, ${place}`,
        query: `{ division(code: "${code}") { ${asked} } }`,
        ...(atMost.test(`${name}, ${place}`) && { priced: 'at most' as const }),
      })),
    ),
    ...Object.entries(reports).flatMap(([name, asked]) => [
      { name, query: `{ reports(${asked}) { nodes { year form } } }` },
      { name: `${name}, edges`, query: `{ reports(${asked}) { edges { cursor node { year form } } } }` },
      ...Object.entries(places).map(([place, code]) => ({
        name: `${name}, ${place}`,
        query: `{ reports(division: "${code}", ${asked}) { totalCount nodes { year form } } }`,
        ...(atMost.test(`${name}, ${place}`) && { priced: 'at most' as const }),
      })),
    ]),
    { name: 'the dashboard of the bench, nation', query: divisionQuery(places.nation, accepted) },
  ];
}

/** The fields that take arguments or answer lists of objects and that no question asks, as `Type.field`. */
export function unasked(schema: GraphQLSchema, questions: readonly Question[]): readonly string[] {
  const asked = new Set<string>();
  const types = new TypeInfo(schema);
  for (const { query } of questions) {
    visit(
      parse(query),
      visitWithTypeInfo(types, {
        Field: () => {
          asked.add(`${types.getParentType()?.name}.${types.getFieldDef()?.name}`);
        },
      }),
    );
  }
  return Object.values(schema.getTypeMap()).flatMap((type) =>
    !isObjectType(type) || type.name.startsWith('__')
      ? []
      : Object.values(type.getFields()).flatMap((field) => {
          const inner = isNonNullType(field.type) ? field.type.ofType : field.type;
          const listsObjects = isListType(inner) && isObjectType(getNamedType(inner));
          const name = `${type.name}.${field.name}`;
          return (field.args.length > 0 || listsObjects) && !asked.has(name) ? [name] : [];
        }),
  );
}
