/** Tables of statistics: the same observations in every format, each what the sums and reports say, and why one is missing. */
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { readXlsx } from 'hucre/xlsx';
import JSONstat from 'jsonstat-toolkit';
import t from 'tap';
import { writeJsonStat } from '../src/bulk/statistics/json-stat.js';
import { tagOfTable } from '../src/bulk/statistics/tag.js';
import { writeStatisticsWorkbook } from '../src/bulk/statistics/workbook.js';
import { restoreText } from '../src/csv.js';
import { type FormId, formOf } from '../src/form/forms.js';
import { headlineKeys } from '../src/form/measure/headline.js';
import { findMeasure, measures } from '../src/form/measure/measures.js';
import { changeAgency } from '../src/register/change/change.js';
import { asReported } from '../src/register/frame.js';
import { fileReport } from '../src/report/file.js';
import { reviewReport } from '../src/report/review.js';
import { readTable } from '../src/rollup/table/read-table.js';
import { statusLetters } from '../src/rollup/table/status.js';
import type { StatisticsTable } from '../src/rollup/table/table.js';
import type { Db } from '../src/store/engine/schema.js';
import {
  act,
  balancedFigures,
  bearer,
  filing,
  hongjiang,
  openTestApp,
  qunfeng,
  reader,
  tokenFor,
  townshipsOf,
  zeroFigures,
} from './builders.js';

type App = Awaited<ReturnType<typeof openTestApp>>['app'];
type Headers = Readonly<Record<string, string>>;

interface Observed {
  readonly area: string;
  readonly year: number;
  readonly measure: string;
  readonly value: number | string | null;
  readonly reported: number;
  readonly expected: number;
  readonly blank: number;
  readonly absent: number;
  readonly denominator: number | null;
  readonly samples: number;
  readonly status: string;
  readonly includes: string;
}

const stranger = { authorization: '' };
const years = [2020, 2021, 2022];
const ask = (app: App, format: string, query: string, headers: Headers = {}) =>
  app.inject({ url: `/v1/statistics.${format}?${query}`, headers });

async function observed(app: App, query: string, headers: Headers = {}): Promise<readonly Observed[]> {
  const answer = await ask(app, 'json', query, headers);
  if (answer.statusCode !== 200) throw new Error(answer.body);
  return answer.json().observations;
}

/** The one observation of a question about one area, year and measure. */
async function only(app: App, query: string, headers: Headers = {}): Promise<Observed> {
  const [one, ...others] = await observed(app, query, headers);
  if (!one || others.length > 0) throw new Error(`${query} is about ${others.length + 1} observations`);
  return one;
}

const file = (db: Db, overrides: Parameters<typeof filing>[0], options: { readonly sample?: boolean } = {}) =>
  fileReport(db, { ...act, ...options }, filing(overrides), { method: 'post' });

const accept = (db: Db, agency: string, year: number, revision = 1) =>
  reviewReport(db, act, { agency, year, revision, decision: 'ACCEPTED', reason: null }, {});

/** Townships of 洪江市 that file random figures, on the forms of their years or an older one; half of it is accepted. */
async function fileMany(db: Db): Promise<void> {
  const agencies = (await townshipsOf(hongjiang)).slice(0, 6);
  for (const [place, agency] of agencies.entries()) {
    for (const year of years) {
      if (place === 5 && year === 2022) continue;
      // One of them goes on with the form of before, and one mixes both.
      const form: FormId = year === 2020 || (place === 1 && year === 2021) ? '2019' : place === 2 ? 'mixed' : '2021';
      const [figures] = fc.sample(balancedFigures(formOf(form)), { numRuns: 1, seed: place * 10_000 + year });
      const publishedItems = place % 2 === 0 ? { total: place + 7, categories: [], channels: [] } : null;
      await file(db, { agency, year, form, ...(figures && { figures }), publishedItems });
      if (place % 2 === 0) await accept(db, agency, year);
    }
  }
}

t.test('a table of random reports', async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  await fileMany(db);
  const everything = `division=${hongjiang}&years=2020..2022&measures=${measures.map(({ key }) => key).join()}`;

  for (const include of ['ALL', 'ACCEPTED'] as const) {
    t.test(`says of a county what its rollup says, cell by cell (${include})`, async (t) => {
      const rollups = new Map<number, Rollup>();
      for (const year of years) {
        rollups.set(year, (await app.inject(`/v1/rollups/${hongjiang}/${year}?include=${include}`)).json());
      }
      const found = await observed(app, `${everything}&include=${include}`);
      t.equal(found.length, years.length * measures.length);
      const rollupOf = ({ year }: Observed) => {
        const rollup = rollups.get(year);
        if (!rollup) throw new Error(`no rollup of ${year}`);
        return rollup;
      };
      t.strictSame(
        found.map((one) => [one.measure, one.year, one.includes, one.expected, shortOf(one)]),
        found.map((one) => {
          const rollup = rollupOf(one);
          return [one.measure, one.year, include, rollup.coverage.expected, saidBy(rollup, one)];
        }),
      );
    });
  }

  t.test('says of an agency what its report says, blank as none and zero as zero', async (t) => {
    const found = await observed(app, `${everything.replace('2020..2022', '2021')}&by=agency`);
    const agencies = await townshipsOf(hongjiang);
    t.equal(found.length, agencies.length * measures.length);
    const boxes = found.filter(({ measure }) => findMeasure(measure)?.cells[0]?.key === measure);
    for (const agency of agencies.slice(0, 6)) {
      const { figures } = (await app.inject(`/v1/reports/${agency}/2021`)).json();
      const own = boxes.filter(({ area }) => area === agency);
      t.strictSame(
        own.map(({ measure, value, blank, absent }) => ({ measure, value, blank, absent })),
        own.map(({ measure }) => {
          const [table = '', row = '', column = ''] = measure.split('.');
          const printed: Observed['value'] | undefined = figures[table]?.[row]?.[column];
          const isAbsent = printed === undefined;
          return { measure, value: printed ?? null, blank: printed === null ? 1 : 0, absent: isAbsent ? 1 : 0 };
        }),
        agency,
      );
    }
    t.ok(boxes.some(({ blank }) => blank > 0) && boxes.some(({ value }) => value === 0), 'both occur');
  });

  t.test('says of the counties of a prefecture and the provinces of the nation what their rollups say', async (t) => {
    for (const [division, by] of [
      ['431200', 'county'],
      ['430000', 'prefecture'],
      ['100000', 'province'],
    ] as const) {
      const found = await observed(app, `division=${division}&by=${by}&years=2021`);
      for (const area of new Set(found.map((one) => one.area))) {
        const rollup = (await app.inject(`/v1/rollups/${area}/2021?include=ALL`)).json();
        const own = found.filter((one) => one.area === area);
        t.strictSame(
          own.map(shortOf),
          own.map((one) => saidBy(rollup, one)),
          area,
        );
      }
    }
  });

  for (const by of ['', '&by=agency']) {
    const query = `${everything}${by}`;
    const narrow = query.replace(
      /measures=.*?(?=&|$)/,
      `measures=${headlineKeys.join()},documents.normativeDocuments.made`,
    );

    t.test(`is the same in every format${by}`, async (t) => {
      const found = await observed(app, narrow);
      t.same(rowsOfCsv((await ask(app, 'csv', narrow)).body).map(observedIn), found);
      const { rawPayload } = await ask(app, 'xlsx', narrow);
      const [sheet] = (await readXlsx(new Uint8Array(rawPayload))).sheets;
      const [names = [], ...rows] = sheet?.rows ?? [];
      const named = rows.map((row) => Object.fromEntries(names.map((name, at) => [String(name), row[at] ?? ''])));
      t.same(named.map(observedIn), found);
      const dataset = JSONstat((await ask(app, 'jsonstat', narrow)).json());
      const read = found.map(({ area, year, measure }) => dataset.Data({ area, year: `${year}`, measure }));
      t.same(
        read.map(({ value, status }) => [value, status ?? '']),
        found.map(({ value, status }) => [value === null ? null : Number(value), status]),
      );
    });
  }
});

interface Rollup {
  readonly figures: Readonly<Record<string, Record<string, Record<string, number | string | null>>>>;
  readonly derived: Readonly<Record<string, Record<string, number | null>>>;
  readonly rates: Readonly<Record<string, { value: number | null; reports: number; of: number }>>;
  readonly publishedItems: { readonly total: number | null; readonly stated: number };
  readonly coverage: {
    readonly reports: number;
    readonly expected: number;
    readonly reported: number;
    readonly rate: number | null;
    readonly cells: Readonly<Record<string, Record<string, Record<string, Counted>>>>;
  };
}

interface Counted {
  readonly reported: number;
  readonly blank: number;
  readonly absent: number;
}

type Short = Counted & { readonly value: Observed['value']; readonly denominator: number | null };

function shortOf({ value, reported, blank, absent, denominator, measure }: Observed): Partial<Short> {
  // Of a subtotal a rollup says its value and no counts.
  if ((findMeasure(measure)?.cells.length ?? 0) > 1 && denominator === null && !measure.endsWith('Rate'))
    return { value };
  return { value, reported, blank, absent, denominator };
}

/** What a rollup says of what was observed; where it says nothing, what was observed is taken. */
function saidBy(rollup: Rollup, one: Observed): Partial<Short> {
  const { reports, reported, rate } = rollup.coverage;
  const [table = '', row = '', column = ''] = one.measure.split('.');
  if (one.measure === 'coverage.rate') return { value: rate, reported, blank: 0, absent: 0, denominator: null };
  if (one.measure === 'publishedItems.total') {
    const { total, stated } = rollup.publishedItems;
    return { value: total, reported: stated, blank: reports - stated, absent: 0, denominator: null };
  }
  const share = rollup.rates[row];
  if (share) {
    const { value, reports: over, of } = share;
    return { value, reported: over, blank: reports - over, absent: 0, denominator: of };
  }
  const value = rollup.figures[table]?.[row]?.[column];
  const counted = rollup.coverage.cells[table]?.[row]?.[column];
  if (value !== undefined && counted) return { value, ...counted, denominator: null };
  const derived = rollup.derived[row]?.[column];
  if (derived !== undefined) return { value: derived };
  if (column === 'organization') return shortOf(one);
  return { value: null, reported: 0, blank: 0, absent: reports, denominator: null };
}

const rowsOfCsv = (text: string): readonly Readonly<Record<string, unknown>>[] =>
  parse(text, { columns: true, bom: true });

/** An observation as a row of a table has it, every field a text or a number. */
function observedIn(row: Readonly<Record<string, unknown>>): Observed {
  const number = (name: string) => Number(row[name]);
  const isAmount = findMeasure(String(row.measure))?.kind === 'amount';
  const value = row.value === '' ? null : isAmount ? String(row.value) : number('value');
  return {
    area: restoreText(String(row.area)),
    year: number('year'),
    measure: String(row.measure),
    value,
    reported: number('reported'),
    expected: number('expected'),
    blank: number('blank'),
    absent: number('absent'),
    denominator: row.denominator === '' ? null : number('denominator'),
    samples: number('samples'),
    status: String(row.status),
    includes: String(row.includes),
  };
}

t.test('the letters of a status', async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  const [one = '', two = '', three = ''] = (await townshipsOf(hongjiang)).filter((code) => code !== qunfeng);
  const penalties = 'decisions.penalties.decided';
  const issued = 'documents.normativeDocuments.issued';
  const of =
    (agency: string) =>
    async (measure: string, year: number, more = 'include=ACCEPTED') => {
      const found = await observed(app, `division=${hongjiang}&by=agency&years=${year}&measures=${measure}&${more}`);
      return found.find(({ area }) => area === agency);
    };
  await file(db, { agency: one, year: 2020, form: '2019', figures: { ...zeroFigures('2019'), [penalties]: 4 } });
  await accept(db, one, 2020);
  const busy = { 'applications.newReceived.naturalPerson': 40, 'applications.newReceived.total': 40 };
  const done = { 'applications.granted.naturalPerson': 40, 'applications.granted.total': 40 };
  const all = { 'applications.processed.naturalPerson': 40, 'applications.processed.total': 40 };
  await file(db, { agency: one, year: 2021, figures: { ...busy, ...done, ...all, [penalties]: 0, [issued]: 3 } });
  await accept(db, one, 2021);
  await file(db, { agency: two, year: 2021, figures: { [penalties]: null } });
  await accept(db, two, 2021);

  t.test('none: a plain value, also of zero', async (t) => {
    t.match(await of(one)(penalties, 2021), { value: 0, status: '', reported: 1, expected: 1, blank: 0 });
    t.match(await of(one)('applications.closureRate', 2021), { value: 1, status: '', denominator: 40 });
  });
  t.test('l: expected, and nothing was reported', async (t) => {
    t.match(await of(three)(penalties, 2021), { value: null, status: 'l', reported: 0, expected: 1 });
  });
  t.test('o: reported, and left blank', async (t) => {
    t.match(await of(two)(penalties, 2021), { value: null, status: 'o', reported: 0, blank: 1 });
  });
  t.test('m: the form lacks it, nothing lies below the line, nobody is expected', async (t) => {
    t.match(await of(one)(issued, 2020), { value: null, status: 'm', absent: 1 });
    t.match(await of(two)('applications.closureRate', 2021), { value: null, status: 'm', denominator: 0 });
    const outside = `division=431202&years=2021&measures=${penalties}&include=ACCEPTED&kinds=OFFICE`;
    t.match(await only(app, outside), { value: null, status: 'm', expected: 0 });
    t.match(await only(app, outside.replace(penalties, 'coverage.rate')), { value: null, status: 'm' });
  });
  t.test('b: the form has it, and that of the year before had not', async (t) => {
    t.match(await of(one)(issued, 2021), { value: 3, status: 'b' });
    t.match(await of(one)(penalties, 2021), { status: '' });
  });
  t.test('d: it is on the form of some only', async (t) => {
    await file(db, { agency: three, year: 2021, form: '2019', figures: zeroFigures('2019') });
    await accept(db, three, 2021);
    const county = await only(app, `division=${hongjiang}&years=2021&measures=${issued}&include=ACCEPTED`);
    t.match(county, { value: 3, status: 'bdu', reported: 2, absent: 1 });
  });
  t.test('u: not everybody reported, some left it blank, or a rate of few', async (t) => {
    const county = (measure: string) =>
      only(app, `division=${hongjiang}&years=2021&measures=${measure}&include=ACCEPTED`);
    t.match(await county(penalties), { value: 0, status: 'u', reported: 2, blank: 1 });
    t.match(await county('coverage.rate'), { status: '', reported: 3 });
    const few = { 'applications.newReceived.naturalPerson': 29, 'applications.newReceived.total': 29 };
    const open = { 'applications.carriedOut.naturalPerson': 29, 'applications.carriedOut.total': 29 };
    await file(db, { agency: one, year: 2022, figures: { ...few, ...open } });
    await accept(db, one, 2022);
    t.match(await of(one)('applications.closureRate', 2022), { value: 0, status: 'u', denominator: 29 });
  });
  t.test('p: of all that was filed', async (t) => {
    t.match(await of(one)(penalties, 2021, 'include=ALL'), { value: 0, status: 'p', includes: 'ALL' });
    t.match(await of(three)(penalties, 2021, 'include=ALL'), { status: 'p' });
    t.match(await of(two)(penalties, 2021, 'include=ALL'), { status: 'o' });
  });
  t.test('u: a report that is made up', async (t) => {
    await file(db, { agency: qunfeng, year: 2021 }, { sample: true });
    await accept(db, qunfeng, 2021);
    t.match(await of(qunfeng)(penalties, 2021), { value: 0, status: 'u', samples: 1 });
  });
  t.test('b: another agency came in the course of the year; m: it is not there any more', async (t) => {
    const merged = '431281106';
    await changeAgency(db, act, { action: 'close', agency: merged, on: '2023-05-01', mergedInto: one }, {});
    t.match(await of(one)(penalties, 2023), { status: 'bl' });
    t.match(await of(one)(penalties, 2024), { status: 'l' });
    const rows = await observed(app, `division=${hongjiang}&by=agency&years=2022,2023&measures=${penalties}`);
    t.match(
      rows.filter(({ area }) => area === merged).map(({ status }) => status),
      ['l', 'm'],
    );
    const { breaks } = (await ask(app, 'json', `division=${hongjiang}&by=agency&years=2022,2023`)).json();
    t.match(breaks, [
      { area: one, year: 2023, kind: 'MERGE', effective: '2023-05-01', counterparts: [{ code: merged }] },
    ]);
  });
  t.test('each is explained in both languages', async (t) => {
    const { statuses } = (await ask(app, 'json', `division=${hongjiang}`)).json();
    t.strictSame(statuses, statusLetters);
    for (const { zh, en } of Object.values(statusLetters))
      t.ok(/\p{Script=Han}/u.test(zh) && !/\p{Script=Han}/u.test(en));
  });
});

t.test('who may see what', async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  const penalties = 'decisions.penalties.decided';
  await file(db, { figures: { [penalties]: 5 } });
  const clerk = bearer(await tokenFor(db, { scope: 'read', division: hongjiang }));
  const neighbour = bearer(await tokenFor(db, { scope: 'read', division: '431202' }));
  for (const by of ['', '&by=agency']) {
    const query = `division=${hongjiang}&years=2021&measures=${penalties},coverage.rate${by}`;
    const own = async (headers: Headers) =>
      (await observed(app, query, headers)).filter(({ area }) => area === (by === '' ? hongjiang : qunfeng));
    t.test(`a stranger and a clerk of elsewhere see what was accepted, and how many filed${by}`, async (t) => {
      for (const headers of [stranger, neighbour]) {
        const [figure, coverage] = await own(headers);
        t.match(figure, { value: null, reported: 0, blank: 0, samples: 0, status: 'l', includes: 'ACCEPTED' });
        t.match(coverage, { reported: 1, status: '' });
      }
    });
    t.test(`a clerk sees all that was filed, or what was accepted where that is asked for${by}`, async (t) => {
      t.match(await own(clerk), [{ value: 5, includes: 'ALL' }, { reported: 1 }]);
      const accepted = await observed(app, `${query}&include=ACCEPTED`, clerk);
      t.ok(accepted.every(({ value, measure }) => measure !== penalties || value === null));
    });
    t.test(`all that was filed is refused to who has no token for it${by}`, async (t) => {
      for (const format of ['json', 'csv', 'jsonstat', 'xlsx']) {
        t.equal((await ask(app, format, `${query}&include=ALL`, stranger)).statusCode, 401);
        t.equal((await ask(app, format, `${query}&include=ALL`, neighbour)).statusCode, 403);
      }
    });
    t.test(`what was filed and not accepted changes nothing that a stranger is sent${by}`, async (t) => {
      const sent = async (headers: Headers) => {
        const { headers: own, body } = await ask(app, 'csv', query, headers);
        return { etag: own.etag, body };
      };
      const [before, own] = [await sent(stranger), await sent(clerk)];
      const said = filing({ figures: { [penalties]: by === '' ? 6 : 7 }, reason: '更正' });
      await fileReport(db, act, said, { method: 'put', ifMatch: 'any' });
      t.same(await sent(stranger), before);
      t.not((await sent(clerk)).etag, own.etag);
      await fileReport(db, act, filing({ figures: { [penalties]: 5 }, reason: '更正' }), {
        method: 'put',
        ifMatch: 'any',
      });
    });
  }
});

t.test('what is broken by a change of form is so whether or not the year before is asked for, too', async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  const issued = 'documents.normativeDocuments.issued';
  await file(db, { year: 2020, form: '2019', figures: zeroFigures('2019') });
  await file(db, { year: 2021, figures: { [issued]: 3 } });
  await accept(db, qunfeng, 2021);
  const statusIn = async (query: string) =>
    (await observed(app, `division=${hongjiang}&by=agency&measures=${issued}&${query}`)).find(
      ({ area, year }) => area === qunfeng && year === 2021,
    )?.status;
  for (const years of ['2021', '2020,2021']) {
    t.equal(await statusIn(`years=${years}&include=ACCEPTED`), '', `${years}: nothing of the year before is accepted`);
    t.equal(await statusIn(`years=${years}&include=ALL`), 'bp', `${years}: of all that was filed`);
  }
});

t.test('on other boundaries and as it was known', async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  const penalties = 'decisions.penalties.decided';
  await file(db, { figures: { [penalties]: 5 } });
  await changeAgency(db, act, { action: 'change', agency: qunfeng, on: '2023-01-01', county: '431202' }, {});
  const query = `division=431200&by=county&years=2021&measures=${penalties}`;
  const valuesOf = async (more: string) =>
    Object.fromEntries((await observed(app, `${query}${more}`)).map(({ area, value }) => [area, value]));
  t.match(await valuesOf(''), { [hongjiang]: 5, '431202': null });
  t.match(await valuesOf('&boundaries=2023-12-31'), { [hongjiang]: null, '431202': 5 });
  for (const boundaries of ['2020-12-31', '2023-12-31']) {
    for (const [area, value] of Object.entries(await valuesOf(`&boundaries=${boundaries}`))) {
      const url = `/v1/rollups/${area}/2021?boundaries=${boundaries}`;
      t.equal((await app.inject(url)).json().figures.decisions.penalties.decided, value, url);
    }
  }
  t.match(await valuesOf('&knownOn=2026-01-01T00:00:00Z'), { [hongjiang]: null, '431202': null });
  const { frame, includes } = (await ask(app, 'json', `${query}&boundaries=2023-12-31`)).json();
  t.match([frame, includes], [{ boundaries: 'ON_DAY', on: '2023-12-31', knownOn: null }, { 2021: 'ALL' }]);
});

t.test('an amount', async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  const fees = 'fees.administrativeFees.amount';
  const ask2021 = `division=${hongjiang}&years=2021&measures=${fees}`;
  await file(db, { figures: { [fees]: 24_252_311_082 } });
  t.test('is exact as text, and a number where Excel keeps it', async (t) => {
    t.match(await only(app, ask2021), { value: '24252.311082' });
    t.match((await ask(app, 'csv', ask2021)).body, /,24252\.311082,/);
    t.equal((await ask(app, 'jsonstat', ask2021)).json().value[0], 24252.311082);
  });
  t.test('of more than fifteen digits is text in a workbook, and exact beside a JSON-stat value', async (t) => {
    const value = '9007199254.740993';
    const table = await readTable(db, reader, {
      ...{ division: hongjiang, by: null, years: [2021], measures: [findMeasure(fees) ?? fail(fees)] },
      ...{ kinds: undefined, inclusion: undefined, frame: asReported },
    });
    const large = { ...table, observations: table.observations.map((one) => ({ ...one, value })) };
    const context = { licence: undefined, links: {} };
    const pieces: Uint8Array[] = [];
    for await (const piece of writeStatisticsWorkbook(large, context, undefined)) pieces.push(piece);
    const [sheet] = (await readXlsx(new Uint8Array(Buffer.concat(pieces)))).sheets;
    const [names = [], row = []] = sheet?.rows ?? [];
    t.equal(row[names.indexOf('value')], value);
    const { content, end } = writeJsonStat(large, { ...context, language: 'zh', counts: 'extension' });
    const written = JSON.parse(`${Buffer.from(content)}${end}`);
    t.strictSame([written.value, written.extension.exact], [[9007199254.740993], { 0: value }]);
  });
});

const fail = (what: string) => {
  throw new Error(`there is no ${what}`);
};

t.test('JSON-stat', async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  await fileMany(db);
  const query = `division=${hongjiang}&by=agency&years=2020..2022`;
  t.test(
    'is a dataset of area, year and measure, with units, labels in a language and letters explained',
    async (t) => {
      const body = (await ask(app, 'jsonstat', `${query}&lang=en`)).json();
      const dataset = JSONstat(body);
      t.equal(dataset.class, 'dataset');
      t.same(dataset.id, ['area', 'year', 'measure']);
      t.match(dataset.role, { geo: ['area'], time: ['year'], metric: ['measure'] });
      t.equal(dataset.n, 20 * 3 * headlineKeys.length);
      t.same(dataset.Dimension('year').id, ['2020', '2021', '2022']);
      t.equal(dataset.Dimension('area').Category(qunfeng).label, '群峰乡');
      t.match(dataset.Dimension('measure').Category('fees.administrativeFees.amount').unit, {
        label: '10,000 yuan',
        decimals: 6,
      });
      for (const status of Object.values<string>(body.status)) t.ok(body.extension.status.label[status], status);
      t.same(Object.keys(body.extension.counts), ['reported', 'expected', 'blank', 'absent', 'samples']);
      t.equal(body.extension.counts.reported.length, dataset.n);
    },
  );
  t.test('has the counts as a dimension where that is asked for', async (t) => {
    const dataset = JSONstat((await ask(app, 'jsonstat', `${query}&counts=dimension`)).json());
    t.same(dataset.id, ['area', 'year', 'measure', 'figure']);
    const found = await observed(app, query);
    const figures = ['reported', 'expected', 'blank', 'absent', 'samples'];
    t.same(
      found.map(({ area, year, measure }) => {
        const at = (figure: string) => dataset.Data({ area, year: `${year}`, measure, figure });
        return [...figures.map((figure) => at(figure).value), at('value').status ?? ''];
      }),
      found.map((one) => [one.reported, one.expected, one.blank, one.absent, one.samples, one.status]),
    );
  });
  t.test('keeps the rules that rjstat reads by: sizes, lists of categories, and a label for each', async (t) => {
    for (const more of ['', '&counts=dimension', '&lang=en']) {
      const { id, size, dimension, value, status } = (await ask(app, 'jsonstat', `${query}${more}`)).json();
      t.equal(
        value.length,
        size.reduce((product: number, one: number) => product * one, 1),
      );
      for (const [at, name] of id.entries()) {
        const { index, label } = dimension[name].category;
        t.equal(index.length, size[at]);
        t.equal(new Set(index).size, size[at]);
        t.same(Object.keys(label).sort(), [...index].sort());
        t.ok(Object.values(label).every((one) => typeof one === 'string' && one !== ''));
      }
      // One text among the values would make texts of all of them.
      t.ok(value.every((one: unknown) => one === null || typeof one === 'number'));
      t.ok(Object.keys(status).every((at) => Number(at) < value.length));
    }
  });
  t.test('is labelled by lang, else by Accept-Language, else in Chinese', async (t) => {
    const label = async (more: string, language?: string) =>
      (await ask(app, 'jsonstat', `${query}${more}`, language ? { 'accept-language': language } : {})).json().dimension
        .year.label;
    t.equal(await label(''), '年度');
    t.equal(await label('', 'en-GB'), 'Year');
    t.equal(await label('&lang=zh', 'en-GB'), '年度');
  });
});

t.test('a link', async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  await fileMany(db);
  const query = `division=${hongjiang}&years=2021`;
  t.test('is opened by its extension as it is, whatever is accepted, and says its character set', async (t) => {
    for (const accept of [undefined, '*/*', 'text/html,application/xhtml+xml']) {
      const { statusCode, headers, rawPayload } = await ask(app, 'csv', query, {
        ...stranger,
        ...(accept !== undefined && { accept }),
      });
      t.equal(statusCode, 200);
      t.match(headers['content-type'], /^text\/csv; charset=utf-8/);
      t.match(headers['content-disposition'], /^attachment; filename="statistics-431281-2021-2021.csv"/);
      t.same(rawPayload.subarray(0, 3), Buffer.from('\ufeff'));
    }
    t.match((await ask(app, 'jsonstat', query)).headers['content-type'], /^application\/json/);
    t.match((await ask(app, 'xlsx', query)).headers['content-type'], /spreadsheetml/);
  });
  t.test('without an extension is what Accept asks for, JSON where it asks for nothing', async (t) => {
    const typeOf = async (accept?: string) => {
      const answer = await app.inject({ url: `/v1/statistics?${query}`, headers: accept ? { accept } : {} });
      return answer.statusCode === 200 ? String(answer.headers['content-type']) : answer.json().type;
    };
    t.match(await typeOf(), /^application\/json/);
    t.match(await typeOf('*/*'), /^application\/json/);
    t.match(await typeOf('text/csv'), /^text\/csv/);
    t.match(await typeOf('application/vnd.json-stat+json'), /^application\/vnd.json-stat\+json/);
    t.match(await typeOf('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'), /spreadsheetml/);
    t.equal(await typeOf('image/png'), '/problems/not-acceptable');
  });
  t.test('is 304 to who has it, also after a change elsewhere, and HEAD is as long as GET', async (t) => {
    for (const format of ['csv', 'json', 'jsonstat', 'xlsx']) {
      const { headers, rawPayload } = await ask(app, format, query);
      const head = await app.inject({ method: 'HEAD', url: `/v1/statistics.${format}?${query}` });
      t.equal(head.statusCode, 200);
      if (format !== 'xlsx') t.equal(Number(head.headers['content-length']), rawPayload.length, format);
      await changeAgency(
        db,
        act,
        { action: 'change', agency: '320813001', on: '2024-01-01', name: `${format}街道` },
        {},
      );
      const again = await ask(app, format, query, { 'if-none-match': String(headers.etag) });
      t.equal(again.statusCode, 304, format);
      t.equal(again.rawPayload.length, 0);
    }
  });
  t.test('names the same table in the other formats, which say the same', async (t) => {
    const { links, observations } = (await ask(app, 'json', query)).json();
    t.same(Object.keys(links), ['json', 'csv', 'jsonstat', 'xlsx']);
    t.equal(rowsOfCsv((await app.inject(links.csv)).body).length, observations.length);
  });
  t.test('has headings in a language where one is asked for', async (t) => {
    const first = async (more: string) => (await ask(app, 'csv', `${query}${more}`)).body.split('\r\n')[0] ?? '';
    t.match(await first(''), /^\ufeffarea,areaName,level,kind,parent,parentName,year,measure,label,unit,value,/);
    t.match(await first('&lang=zh'), /^\ufeff区域代码,/);
    t.match(await first('&lang=en'), /^\ufeffCode of the agency or division,/);
  });
  t.test('says in a workbook what it is of, in both languages', async (t) => {
    const { rawPayload } = await ask(app, 'xlsx', query);
    const { sheets } = await readXlsx(new Uint8Array(rawPayload));
    t.same(
      sheets.map(({ name }) => name),
      ['数据', '指标', '状态', '说明'],
    );
    t.equal(sheets[1]?.rows.length, 1 + headlineKeys.length);
    t.equal(sheets[2]?.rows.length, 1 + Object.keys(statusLetters).length);
    t.ok(sheets[3]?.rows.some((row) => String(row[2]).startsWith('Open government information in 洪江市')));
  });
});

t.test('is refused, with what to do', async (t) => {
  const { app, close } = await openTestApp();
  t.teardown(close);
  const refusals: readonly (readonly [query: string, status: number, about: RegExp])[] = [
    ['division=999999', 404, /999999/],
    ['division=4312', 400, /division/],
    [`division=${hongjiang}&measures=decisions.penalties`, 400, /decisions\.penalties.*\/v1\/measures/],
    [`division=${hongjiang}&measures=`, 400, /measures 为空.*measures/],
    [`division=${hongjiang}&measures=coverage.rate,`, 400, /comma too many|多了逗号/],
    [`division=${hongjiang}&years=2018`, 400, /2019/],
    [`division=${hongjiang}&years=2022..2021`, 400, /2022\.\.2021/],
    [`division=${hongjiang}&years=2019..2031`, 400, /2026/],
    [`division=${hongjiang}&years=,`, 400, /years/],
    [`division=${hongjiang}&by=county`, 400, /COUNTY/],
    [`division=431200&by=province`, 400, /PREFECTURE/],
    [`division=${hongjiang}&by=village`, 400, /by/],
    [`division=${hongjiang}&kinds=COUNTY`, 400, /COUNTY/],
    [`division=${hongjiang}&boundaries=2001-01-01`, 400, /2018-12-31/],
    [`division=${hongjiang}&knownOn=2030-01-01T00:00:00Z`, 400, /knownOn/],
    [`division=${hongjiang}&counts=dimension`, 400, /counts/],
    [`division=${hongjiang}&first=5`, 400, /first/],
  ];
  for (const [query, status, about] of refusals) {
    const answer = await ask(app, 'csv', query);
    t.equal(answer.statusCode, status, query);
    t.match(answer.headers['content-type'], /problem\+json/);
    t.match(answer.body, about, query);
  }
  const all = measures.map(({ key }) => key).join();
  const large = await ask(app, 'csv', `division=100000&by=agency&years=2019..2026&measures=${all}`);
  t.equal(large.statusCode, 400);
  t.match(large.json().detail, /areas by 8 years by 288 measures, more than 100000/);
});

t.test(
  'the tag of a table is the same as long as it says the same, and another once it says anything else',
  async (t) => {
    const { db, close } = await openTestApp();
    t.teardown(close);
    await file(db, { figures: zeroFigures() });
    const asked = { division: hongjiang, by: 'agency', years: [2020, 2021], measures: measures.slice(0, 6) } as const;
    const read = () => readTable(db, reader, { ...asked, kinds: undefined, inclusion: undefined, frame: asReported });
    const table = await read();
    const tag = tagOfTable(table, ['csv']);
    t.equal(tagOfTable(await read(), ['csv']), tag);
    t.equal(
      tagOfTable({ ...table, version: { number: 9999, at: null } }, ['csv']),
      tag,
      'whatever the version of the data',
    );
    t.not(tagOfTable(table, ['csv', 'en']), tag, 'in another language');
    const [first] = table.observations;
    for (const [name, said] of Object.entries(first?.attributes ?? fail('no observation'))) {
      const attributes = { ...first?.attributes, [name]: typeof said === 'string' ? `${said}b` : (said ?? 0) + 1 };
      const observations = table.observations.map((one, at) => (at === 0 ? { ...one, attributes } : one));
      // Of the types that it has, whatever they say.
      t.not(tagOfTable({ ...table, observations } as StatisticsTable, ['csv']), tag, name);
    }
    const last = table.observations.length - 1;
    const other = table.observations.map((one, at) => (at === last ? { ...one, value: 77 } : one));
    t.not(tagOfTable({ ...table, observations: other }, ['csv']), tag, 'value');
    const [area, ...areas] = table.areas;
    const renamed = [{ ...(area ?? fail('no area')), name: '改名乡' }, ...areas];
    t.not(tagOfTable({ ...table, areas: renamed }, ['csv']), tag, 'name of an area');
  },
);
