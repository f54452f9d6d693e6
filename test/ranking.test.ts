/** Rankings, positions and the change from year to year: against plain computations, and the rules of what is not compared. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { operator } from '../src/access/authority.js';
import { createContext } from '../src/api/graphql/context.js';
import { findMeasure } from '../src/form/measure/measures.js';
import { changeAgency } from '../src/register/change/change.js';
import { changeDivision } from '../src/register/change/division/change.js';
import { resolveDivision } from '../src/register/codes.js';
import { asReported } from '../src/register/frame.js';
import { fileReport } from '../src/report/file.js';
import { reviewReport } from '../src/report/review.js';
import { groupValues, percentileOf, quantileOf, rankOf } from '../src/rollup/rank/order.js';
import { printBetween } from '../src/rollup/rank/printed.js';
import { inclusions } from '../src/words.js';
import { compareWithAlone, levelsBelow } from './areas-alone.js';
import {
  act,
  bearer,
  clock,
  filing,
  hongjiang,
  openTestApp,
  openTestStore,
  tokenFor,
  townshipsOf,
} from './builders.js';

const townships = await townshipsOf(hongjiang);
const others = await townshipsOf('431202');
const penalties = 'decisions.penalties.decided';
const anyValues = fc.array(fc.oneof(fc.nat(6), fc.nat(1_000_000_000), fc.bigInt(2n ** 53n, 2n ** 60n)), {
  minLength: 1,
  maxLength: 40,
});

t.test('ranks, ties and percentiles are those that counting gives', async (t) => {
  fc.assert(
    fc.property(anyValues, (values) => {
      const groups = groupValues(values);
      const n = values.length;
      const found = new Map(groups.flatMap((group) => group.members.map((member) => [member, group] as const)));
      values.forEach((value, index) => {
        const group = found.get(index);
        assert.ok(group);
        const larger = values.filter((other) => other > value).length;
        const smaller = values.filter((other) => other < value).length;
        const same = values.filter((other) => BigInt(other) === BigInt(value)).length;
        assert.deepEqual(
          [rankOf(group, n, 'DESC'), rankOf(group, n, 'ASC'), group.members.length],
          [larger + 1, smaller + 1, same],
        );
        const percentile = percentileOf(group, n);
        if (n < 5) assert.equal(percentile, null);
        else assert.ok(Math.abs((percentile ?? 0) - (50 * (2 * smaller + same - 1)) / (n - 1)) < 1e-9);
      });
    }),
  );
  t.pass();
});

t.test('a percentile is where the quantile of that place is the value', async (t) => {
  // What R, numpy and Excel give for type 7 at any share, with plain numbers.
  const quantile = (sorted: readonly number[], share: number) => {
    const place = (sorted.length - 1) * share;
    const low = Math.floor(place);
    const one = sorted[low] ?? 0;
    return one + (place - low) * ((sorted[low + 1] ?? one) - one);
  };
  fc.assert(
    fc.property(fc.array(fc.nat(30), { minLength: 5, maxLength: 30 }), (values) => {
      const sorted = [...values].sort((one, other) => one - other);
      for (const group of groupValues(values)) {
        const share = (percentileOf(group, values.length) ?? 0) / 100;
        assert.ok(Math.abs(quantile(sorted, share) - Number(group.value)) < 1e-9);
      }
    }),
  );
  t.pass();
});

t.test('quantiles are R-7, and those of money are exact to the last digit', async (t) => {
  const fees = findMeasure('fees.administrativeFees.amount');
  const count = findMeasure(penalties);
  assert.ok(fees && count);
  fc.assert(
    fc.property(anyValues, fc.constantFrom(2, 5, 10, 15, 18), (values, twentieths) => {
      const sorted = values.map(BigInt).sort((one, other) => (one < other ? -1 : Number(one > other)));
      const place = (sorted.length - 1) * twentieths;
      const low = sorted[Math.floor(place / 20)] ?? 0n;
      const high = sorted[Math.floor(place / 20) + 1] ?? low;
      // In hundredths of a 分: 20 parts of 5.
      const exact = low * 100n + (high - low) * BigInt(5 * (place % 20));
      const between = quantileOf(groupValues(values), values.length, twentieths);
      const printed = String(printBetween(fees, between));
      const [whole = '', fraction = ''] = printed.split('.');
      assert.equal(BigInt(whole + fraction.padEnd(8, '0')), exact);
      const counted = Number(printBetween(count, between));
      assert.ok(Math.abs(counted - Number(exact) / 100) <= Number(exact) * 1e-15);
    }),
  );
  t.pass();
});

type Answer = Awaited<ReturnType<typeof openTestApp>>;

/** Asks by GraphQL as a client does; refusals are answered too. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads answers as a client would.
async function ask({ app }: Pick<Answer, 'app'>, query: string, headers: Record<string, string> = {}): Promise<any> {
  const { body } = await app.inject({ method: 'POST', url: '/graphql', headers, payload: { query } });
  const { data, errors } = JSON.parse(body);
  return errors ? { errors } : data;
}

const stranger = { authorization: '' };

/** Files one figure of several townships, blank where it is null. */
async function fileFigures(
  { db }: Pick<Answer, 'db'>,
  agencies: readonly string[],
  values: readonly (number | null)[],
  { year = 2021, key = penalties }: { readonly year?: number; readonly key?: string } = {},
): Promise<void> {
  for (const [index, value] of values.entries()) {
    const said = filing({ agency: agencies[index] ?? '', year, figures: { [key]: value } });
    await fileReport(db, act, said, { method: 'post', lenient: true });
  }
}

async function accept({ db }: Pick<Answer, 'db'>, agency: string, year = 2021, revision = 1): Promise<void> {
  await reviewReport(db, act, { agency, year, revision, decision: 'ACCEPTED', reason: null }, {});
}

const entry = 'rank value ties percentile agency { code } division { code } reported expected blank lacking';
const distribution = 'n expected min p10 p25 median p75 p90 max';
const position = `value rank of ties percentile includes reported expected blank lacking reason { zh en } distribution { ${distribution} }`;
const ranking = (measure: string, of: string, more = '') =>
  `ranking(measure: "${measure}", year: 2021, of: ${of}, first: 500 ${more}) { n expected totalCount includes reason { en zh }
    distribution { ${distribution} } nodes { ${entry} } unranked(first: 500) { totalCount nodes { reason { en } value agency { code } division { code } } } }`;

t.test('a ranking of townships is what a plain computation gives, blanks and who has not filed left out', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.option(fc.nat(4), { freq: 4 }), { minLength: 0, maxLength: 12 }),
      fc.constantFrom('DESC', 'ASC'),
      async (values, order) => {
        const server = await openTestApp();
        try {
          await fileFigures(server, townships, values);
          const data = await ask(
            server,
            `{ county(code: "${hongjiang}") { ${ranking(penalties, 'AGENCY', `, order: ${order}`)} } }`,
          );
          const found = data.county.ranking;
          const stated = values.flatMap((value, index) => (value === null ? [] : [{ code: townships[index], value }]));
          const ahead = (one: number, other: number) => (order === 'DESC' ? one > other : one < other);
          const expected = stated
            .map(({ code, value }) => ({
              code,
              value,
              rank: 1 + stated.filter((other) => ahead(other.value, value)).length,
              ties: stated.filter((other) => other.value === value).length - 1,
            }))
            .sort((one, other) => one.rank - other.rank || ((one.code ?? '') < (other.code ?? '') ? -1 : 1));
          const answered = found.nodes.map(
            ({
              agency,
              value,
              rank,
              ties,
            }: {
              agency: { code: string };
              value: number;
              rank: number;
              ties: number;
            }) => ({
              code: agency.code,
              value,
              rank,
              ties,
            }),
          );
          assert.deepEqual(answered, expected);
          assert.deepEqual(
            [found.n, found.expected, found.unranked.totalCount],
            [stated.length, townships.length, townships.length - stated.length],
          );
          const sorted = stated.map(({ value }) => value).sort((one, other) => one - other);
          assert.deepEqual(
            [found.distribution.min, found.distribution.max],
            [sorted[0] ?? null, sorted.at(-1) ?? null],
          );
          assert.equal(found.distribution.median === null, stated.length < 5);
        } finally {
          await server.close();
        }
      },
    ),
    { numRuns: Number(process.env.RUNS ?? 8), endOnFailure: true },
  );
});

t.test('the pages of a ranking are the whole of it, and a position is its entry', async (t) => {
  const server = await openTestApp();
  t.teardown(server.close);
  await fileFigures(server, townships, [3, 1, 3, null, 0, 7, 3, 2]);
  const whole = (await ask(server, `{ county(code: "${hongjiang}") { ${ranking(penalties, 'AGENCY')} } }`)).county
    .ranking;
  const pages: unknown[] = [];
  for (let after = ''; ; ) {
    const page = (
      await ask(
        server,
        `{ county(code: "${hongjiang}") { ranking(measure: "${penalties}", year: 2021, of: AGENCY, first: 3 ${after}) {
          nodes { ${entry} } edges { cursor node { rank } } pageInfo { hasNextPage endCursor } } } }`,
      )
    ).county.ranking;
    pages.push(...page.nodes);
    t.equal(page.edges.length, page.nodes.length);
    if (!page.pageInfo.hasNextPage) break;
    after = `, after: "${page.pageInfo.endCursor}"`;
  }
  t.same(pages, whole.nodes);
  const { county } = await ask(
    server,
    `{ county(code: "${hongjiang}") { agencies(year: 2021, first: 100) { nodes { code
      position(measure: "${penalties}", year: 2021, among: COUNTY) { ${position} } } } } }`,
  );
  for (const { code, position: own } of county.agencies.nodes) {
    const found = whole.nodes.find(({ agency }: { agency: { code: string } }) => agency.code === code);
    t.same(
      [own.rank, own.value, own.ties, own.percentile],
      found ? [found.rank, found.value, found.ties, found.percentile] : [null, null, null, null],
    );
    t.equal(own.of, 7);
    t.same(own.distribution, whole.distribution);
    t.equal(own.reason === null, found !== undefined);
  }
});

t.test('what is not ranked says why', async (t) => {
  const server = await openTestApp();
  t.teardown(server.close);
  await fileFigures(server, townships, [3, null, 3]);
  const reasonsOf = async (measure: string, of = 'AGENCY', code = hongjiang, year = 2021) => {
    const data = await ask(
      server,
      `{ division(code: "${code}") { ranking(measure: "${measure}", year: ${year}, of: ${of}) { n reason { en }
        distribution { p10 median min } unranked(first: 500) { nodes { reason { en } } } } } }`,
    );
    const { n, reason, distribution, unranked } = data.division.ranking;
    const each = unranked.nodes.map((node: { reason: { en: string } }) => node.reason.en);
    return { n, reason: reason?.en ?? null, distribution, each: [...new Set(each)].sort() };
  };
  const counted = await reasonsOf(penalties);
  t.same(counted.each, ['It was left blank.', 'Nothing was filed.']);
  t.same(counted.distribution, { p10: null, median: null, min: 3 });
  t.match((await reasonsOf('documents.regulations.issued')).reason, /no regulations/);
  t.match((await reasonsOf('coverage.rate')).reason, /has filed or has not/);
  t.match((await reasonsOf('documents.normativeDocuments.made')).each.join(), /two questions/);
  t.match((await reasonsOf('applications.closureRate')).each.join(), /denominator is zero/);
  t.match((await reasonsOf(penalties, 'COUNTY')).reason, /Nothing of that level/);
  t.same((await reasonsOf('coverage.rate', 'COUNTY', '100000')).n, 4);
});

t.test('a rate over fewer than thirty is shown and not ranked', async (t) => {
  const server = await openTestApp();
  t.teardown(server.close);
  for (const [index, received] of [29, 30, 31].entries()) {
    const figures = { 'applications.newReceived.total': received, 'applications.processed.total': 12 };
    const said = filing({ agency: townships[index] ?? '', figures });
    await fileReport(server.db, act, said, { method: 'post', lenient: true });
  }
  const { county } = await ask(
    server,
    `{ county(code: "${hongjiang}") { agencies(year: 2021) { nodes {
      position(measure: "applications.closureRate", year: 2021, among: COUNTY) { ${position} } } } } }`,
  );
  const [few, first, second] = county.agencies.nodes.map((node: { position: unknown }) => node.position);
  t.same([few.value, few.rank, few.percentile], [12 / 29, null, null]);
  t.match(few.reason.en, /under 30/);
  t.match(few.reason.zh, /30/);
  t.same([first.rank, second.rank, first.of, first.value], [1, 2, 2, 0.4]);
  t.match(first.reason.en, /fewer than 5/);
});

t.test(
  'an agency stands among its kind, in the county, prefecture, province and nation in which it lies',
  async (t) => {
    const server = await openTestApp();
    t.teardown(server.close);
    await fileFigures(server, townships.slice(0, 2), [5, 9]);
    await fileFigures(server, others.slice(0, 2), [7, 1]);
    const at = (among: string) =>
      `${among.toLowerCase()}: position(measure: "${penalties}", year: 2021, among: ${among}) { ${position} }`;
    const { township, county, nation } = await ask(
      server,
      `{ township(code: "${townships[0]}") { kind ${['COUNTY', 'PREFECTURE', 'PROVINCE', 'NATION'].map(at).join(' ')} }
      county(code: "${hongjiang}") { ${['COUNTY', 'PREFECTURE', 'NATION'].map(at).join(' ')} }
      nation: division(code: "100000") { position(measure: "${penalties}", year: 2021, among: NATION) { ${position} } } }`,
    );
    t.equal(township.county.rank, 2);
    t.ok(township.prefecture.of >= township.county.of && township.nation.of >= township.prefecture.of);
    t.same([county.county.rank, county.county.value], [null, null]);
    t.match(county.county.reason.en, /below no division/);
    t.same([county.prefecture.rank, county.prefecture.value, county.prefecture.of], [1, 14, 2]);
    t.match(nation.position.reason.en, /below no division/);
  },
);

t.test('what was not accepted moves no rank, tie or quantile of who may not read it', async (t) => {
  const server = await openTestApp();
  t.teardown(server.close);
  const clerk = bearer(await tokenFor(server.db, { scope: 'read', division: hongjiang }));
  await fileFigures(server, townships, [5, 3, 8, 1, 2, 7]);
  await fileFigures(server, others.slice(0, 3), [4, 6, 9]);
  for (const agency of [...townships.slice(0, 6), ...others.slice(0, 3)]) await accept(server, agency);
  const measures = [penalties, 'applications.newReceived.total', 'publishedItems.total'];
  const questions = measures.flatMap((measure) =>
    ['431200', '100000'].flatMap((code) => [
      `{ division(code: "${code}") { ${ranking(measure, 'AGENCY')} } }`,
      `{ division(code: "${code}") { ${ranking(measure, 'COUNTY')} } }`,
      `{ township(code: "${townships[0]}") { position(measure: "${measure}", year: 2021, among: NATION) { ${position} } } }`,
    ]),
  );
  const everything = async (headers: Record<string, string>) => {
    const answers: unknown[] = [];
    for (const question of questions) answers.push(await ask(server, question, headers));
    return answers;
  };
  const [publicBefore, clerkBefore] = [await everything(stranger), await everything(clerk)];
  for (const [agency, value] of [
    [townships[0], 100],
    [others[0], 50],
    [townships[1], 0],
  ] as const) {
    const figures = { [penalties]: value, 'applications.newReceived.total': value };
    const said = filing({
      agency: agency ?? '',
      figures,
      reason: '更正',
      publishedItems: { total: value, categories: [], channels: [] },
    });
    await fileReport(server.db, act, said, { method: 'put', ifMatch: 'any', lenient: true });
  }
  t.same(await everything(stranger), publicBefore);
  t.same(await everything(clerk), clerkBefore, 'who reads a county stands in the nation with what was accepted');
  const own = await ask(server, `{ county(code: "${hongjiang}") { ${ranking(penalties, 'AGENCY')} } }`, clerk);
  t.same([own.county.ranking.includes, own.county.ranking.nodes[0].value], ['ALL', 100]);
  const refused = await ask(
    server,
    `{ division(code: "100000") { ${ranking(penalties, 'AGENCY', ', include: ALL')} } }`,
    clerk,
  );
  t.equal(refused.errors[0].extensions.status, 403);
  const unknown = await ask(
    server,
    `{ division(code: "100000") { ${ranking(penalties, 'AGENCY', ', include: ALL')} } }`,
    stranger,
  );
  t.equal(unknown.errors[0].extensions.status, 401);
});

t.test('who is refused is refused before anything is looked for, at the first of those asked about', async (t) => {
  const server = await openTestApp({ publicReading: 'none' });
  t.teardown(server.close);
  const clerk = bearer(await tokenFor(server.db, { scope: 'read', division: hongjiang }));
  const { errors } = await ask(
    server,
    `{ county(code: "${hongjiang}") { agencies(year: 2021, first: 20) { nodes { position(measure: "${penalties}", year: 2021,
      among: NATION, frame: { boundaries: ON_DAY, on: "2023-12-31" }) { rank } } } } }`,
    clerk,
  );
  t.match(errors, [{ path: ['county', 'agencies', 'nodes', 0, 'position'], extensions: { status: 403 } }]);
});

t.test('a ranking in a frame has the values that each has alone in that frame', async (t) => {
  const server = await openTestApp();
  t.teardown(server.close);
  await fileFigures(server, townships, [5, 3, 8]);
  await fileFigures(server, others, [4, 6]);
  const change = {
    action: 'close',
    agency: townships[0] ?? '',
    on: '2023-03-01',
    mergedInto: others[0] ?? '',
  } as const;
  await changeAgency(server.db, act, change, {});
  const frame = 'frame: { boundaries: ON_DAY, on: "2023-12-31" }';
  const value = async (code: string) =>
    (
      await ask(
        server,
        `{ division(code: "${code}") { statistics(years: [2021], ${frame}) { decisions { penalties { decided } } }
          position(measure: "${penalties}", year: 2021, among: PREFECTURE, ${frame}) { value rank } } }`,
      )
    ).division;
  const found = (await ask(server, `{ division(code: "431200") { ${ranking(penalties, 'COUNTY', `, ${frame}`)} } }`))
    .division.ranking;
  t.same(
    found.nodes.map((node: { value: number; division: { code: string } }) => [node.division.code, node.value]),
    [
      ['431202', 15],
      [hongjiang, 11],
    ],
  );
  for (const { value: own, rank, division } of found.nodes) {
    const alone = await value(division.code);
    t.same([alone.statistics[0].decisions.penalties.decided, alone.position], [own, { value: own, rank }]);
  }
  const { township } = await ask(
    server,
    `{ township: agency(code: "${townships[0]}", on: "2021-12-31") { before: position(measure: "${penalties}", year: 2021, among: COUNTY) { value of }
      moved: position(measure: "${penalties}", year: 2021, among: COUNTY, ${frame}) { value of rank } } }`,
  );
  // It is the only township among the sub-districts of the other county.
  t.same(township, { before: { value: 5, of: 3 }, moved: { value: 5, of: 1, rank: 1 } });
});

const changeOf = (code: string, year: number, measure: string, frame = '') =>
  `{ division(code: "${code}") { statistics(years: [${year}]${frame}) { change(measures: ["${measure}"]) {
    measure previous current difference ratio reason { en } years { year value reported expected blank lacking } } } } }`;

async function changed(server: Answer, question: string) {
  return (await ask(server, question)).division.statistics[0].change[0];
}

t.test('a change is the year minus the year before, and their ratio', async (t) => {
  const server = await openTestApp();
  t.teardown(server.close);
  await fileFigures(server, townships, [4, null], { year: 2021 });
  await fileFigures(server, townships, [6, 0], { year: 2022 });
  const found = await changed(server, changeOf(hongjiang, 2022, penalties));
  t.same(found, {
    measure: penalties,
    previous: 4,
    current: 6,
    difference: 2,
    ratio: 1.5,
    reason: null,
    years: [
      { year: 2021, value: 4, reported: 1, expected: townships.length, blank: 1, lacking: 0 },
      { year: 2022, value: 6, reported: 2, expected: townships.length, blank: 0, lacking: 0 },
    ],
  });
  const zero = await changed(server, changeOf(hongjiang, 2022, 'decisions.licenses.decided'));
  t.same([zero.difference, zero.ratio], [0, null]);
  t.match(zero.reason.en, /year before is zero/);
  const none = await changed(server, changeOf(hongjiang, 2023, penalties));
  t.same([none.previous, none.current, none.difference, none.ratio], [6, null, null, null]);
  t.match(none.reason.en, /Nothing was filed/);
  const { township } = await ask(
    server,
    `{ township(code: "${townships[0]}") { statistics(years: [2022]) { change(measures: ["${penalties}", "fees.administrativeFees.amount"]) { difference ratio reason { en } } } } }`,
  );
  t.same(township.statistics[0].change, [
    { difference: 2, ratio: 1.5, reason: null },
    { difference: '0', ratio: null, reason: { en: 'The year before is zero: there is no ratio.' } },
  ]);
});

t.test('there is no year before the first, and no ratio of differences', async (t) => {
  const server = await openTestApp();
  t.teardown(server.close);
  const signed = 'decisions.penalties.change';
  await fileFigures(server, townships, [-4], { year: 2019, key: signed });
  await fileFigures(server, townships, [2], { year: 2020, key: signed });
  for (const measure of ['coverage.rate', signed]) {
    const first = await changed(server, changeOf(hongjiang, 2019, measure));
    t.match(first, { previous: null, years: [{ value: null, expected: 0 }], difference: null, ratio: null });
    t.match(first.reason.en, /begin with 2019/);
  }
  const found = await changed(server, changeOf(hongjiang, 2020, signed));
  t.same([found.previous, found.current, found.difference, found.ratio], [-4, 2, 6, null]);
  t.match(found.reason.en, /may lie below zero/);
});

t.test('nothing is compared over a change of form or of territory', async (t) => {
  const server = await openTestApp();
  t.teardown(server.close);
  await fileFigures(server, townships, [4], { year: 2020 });
  await fileFigures(server, townships, [6], { year: 2021 });
  await fileFigures(server, townships, [7], { year: 2022 });
  const form = await changed(server, changeOf(hongjiang, 2021, 'decisions.penalties.previousItems'));
  t.same([form.previous, form.current, form.difference], [0, null, null]);
  t.match(form.reason.en, /no longer asks/);
  t.equal((await changed(server, changeOf(hongjiang, 2021, penalties))).difference, 2, 'both forms ask it');
  await changeDivision(
    server.db,
    act,
    {
      action: 'division-transfer',
      division: hongjiang,
      on: '2022-05-01',
      to: '431202',
      agencies: [townships[3] ?? ''],
    },
    {},
  );
  const broken = await changed(server, changeOf(hongjiang, 2022, penalties));
  t.same([broken.previous, broken.current, broken.difference, broken.ratio], [6, 7, null, null]);
  t.match(broken.reason.en, /territory changed/);
  const frame = ', frame: { boundaries: ON_DAY, on: "2022-12-31" }';
  t.equal((await changed(server, changeOf(hongjiang, 2022, penalties, frame))).difference, 1, 'the boundaries mend it');
});

t.test(
  'what was filed for the year before by whom the reader may not read is not compared with what they may',
  async (t) => {
    const server = await openTestApp();
    t.teardown(server.close);
    await fileFigures(server, townships, [4, 5], { year: 2021 });
    await fileFigures(server, townships, [6, 1], { year: 2022 });
    await accept(server, townships[0] ?? '', 2021);
    await accept(server, townships[0] ?? '', 2022);
    const found = (await ask(server, changeOf(hongjiang, 2022, penalties), stranger)).division.statistics[0].change[0];
    t.same([found.previous, found.current, found.difference], [4, 6, 2]);
  },
);

t.test('all areas at once have the sums that each has alone, of any kinds', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  await fileFigures({ db }, townships, [4, null, 3, 2, null, 1]);
  await fileFigures({ db }, others, [4, 2]);
  for (const agency of townships.slice(0, 3)) await accept({ db }, agency);
  await fileReport(db, act, filing({ agency: townships[0] ?? '', figures: { [penalties]: 90 }, reason: '更正' }), {
    method: 'put',
    ifMatch: 'any',
  });
  await changeAgency(db, act, { action: 'exempt', agency: townships[7] ?? '', year: 2021, reason: '新设' }, {});
  let areas = 0;
  for (const code of [hongjiang, '431200', '430000', '100000']) {
    const division = await resolveDivision(db, code, '2021-12-31');
    for (const by of levelsBelow(division.level)) {
      for (const inclusion of inclusions) {
        for (const kinds of [undefined, ['TOWNSHIP'], ['SUBDISTRICT', 'OTHER']] as const) {
          areas += await compareWithAlone(db, division, {
            by,
            year: 2021,
            frame: asReported,
            of: { inclusion, kinds },
          });
        }
      }
    }
  }
  t.ok(areas > 200);
});

t.test('all peers are read once for a request, whoever of them is asked about', async (t) => {
  const db = await openTestStore();
  t.teardown(() => db.destroy());
  const context = createContext(db, { caller: operator, open: 'filed', now: clock() }, '2026-11-24');
  const top = await resolveDivision(db, hongjiang, '2021-12-31');
  const measure = findMeasure(penalties);
  assert.ok(measure);
  const query = { measure, year: 2021, of: 'AGENCY', frame: asReported } as const;
  const peers = await context.compare(top, query);
  t.equal(await context.compare(top, { ...query }), peers);
  t.not(await context.compare(top, { ...query, year: 2022 }), peers);
});

t.test('a measure that there is not is refused by name', async (t) => {
  const server = await openTestApp();
  t.teardown(server.close);
  for (const asked of [
    'ranking(measure: "x", year: 2021, of: AGENCY) { n }',
    'position(measure: "x", year: 2021, among: NATION) { rank }',
    'statistics(years: [2021]) { change(measures: ["x"]) { ratio } }',
  ]) {
    const { errors } = await ask(server, `{ county(code: "${hongjiang}") { ${asked} } }`);
    t.equal(errors[0].extensions.status, 400);
    t.match(errors[0].message, /measure/);
  }
});
