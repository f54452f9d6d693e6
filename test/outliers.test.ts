/** Figures far from what is usual: the rule by itself, how often it is wrong and right, and what a reader is shown of it. */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import t from 'tap';
import { seedRandom } from '../src/command/sample-reports.js';
import { findOutlier } from '../src/report/outlier/rule.js';
import { watched } from '../src/report/outlier/watched.js';
import { bearer, filingBody, hongjiang, openTestApp, tokenFor, townshipsOf } from './builders.js';

t.setTimeout(300_000);

const counts = { start: 10 } as const;

t.test('what is watched are flows that are no part of another box, derived from the forms', async (t) => {
  const keys = watched.map(({ measure }) => measure.key);
  t.same(keys, [
    'documents.regulations.issued',
    'documents.regulations.repealed',
    'documents.normativeDocuments.issued',
    'documents.normativeDocuments.repealed',
    'decisions.licenses.decided',
    'decisions.penalties.decided',
    'decisions.coercion.decided',
    'fees.administrativeFees.amount',
    'applications.newReceived.total',
    'applications.processed.total',
    'appeals.reconsideration.total',
    'appeals.directLitigation.total',
    'appeals.litigationAfterReconsideration.total',
    'documents.regulations.made',
    'documents.regulations.published',
    'documents.normativeDocuments.made',
    'documents.normativeDocuments.published',
    'decisions.otherServices.decided',
    'procurement.centralProcurement.projects',
    'procurement.centralProcurement.amount',
    'publishedItems.total',
  ]);
});

t.test('too few figures say nothing; both must agree where both say something', async (t) => {
  const own = [50, 60, 55];
  const peers = [40, 50, 60, 70, 45, 55, 65, 50];
  const with_ = (compared: { own?: number[]; peers?: number[] }) =>
    findOutlier(5000, { own: compared.own ?? [], peers: compared.peers ?? [], ...counts })?.basis;
  t.equal(with_({}), undefined);
  t.equal(with_({ own: own.slice(1), peers: peers.slice(1) }), undefined, 'two years and seven peers are too few');
  t.equal(with_({ own }), 'OWN_YEARS');
  t.equal(with_({ peers }), 'PEERS');
  t.equal(with_({ own, peers }), 'BOTH');
  t.equal(
    with_({ own: [4800, 5200, 5000], peers }),
    undefined,
    'a town that decides a hundred times what others do, as always',
  );
  t.equal(
    with_({ own, peers: peers.map((one) => one * 100) }),
    undefined,
    'a town that now decides what all others do',
  );
  t.same(findOutlier(5000, { own, peers, ...counts })?.usual, { low: 3, high: 315 });
});

t.test('the rule is indifferent to order, and what is named lies beyond what it calls usual', async (t) => {
  const figures = fc.array(fc.nat(2000), { minLength: 8, maxLength: 12 });
  let named = 0;
  fc.assert(
    fc.property(fc.nat(100_000), figures, figures, fc.nat(11), (value, own, peers, by) => {
      const found = findOutlier(value, { own, peers, ...counts });
      const turned = [...own.slice(by), ...own.slice(0, by)];
      const again = findOutlier(value, { own: turned, peers: peers.toReversed(), ...counts });
      if (!isDeepStrictEqual(found, again)) return false;
      if (!found) return true;
      named += 1;
      return value < found.usual.low || value > found.usual.high;
    }),
    { numRuns: 1_000 },
  );
  fc.assert(
    fc.property(fc.nat(100_000), fc.integer({ min: 3, max: 6 }), (value, years) => {
      const own = Array.from({ length: years }, () => value);
      return findOutlier(value, { own, peers: [], ...counts }) === undefined;
    }),
  );
  t.ok(named > 100, `${named} figures were named`);
});

/** A normal number, by two of a source of even ones. */
const normal = (random: () => number) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/**
 * Made-up counties: each has a level (of 1 to 3,000 a year), its twenty towns lie around it by a factor of e, and their years
 * around that by a factor of 1.5 (unruliness 0.4) or 2 (0.7).
 */
function measureRule({ slip, unruliness }: { readonly slip: number; readonly unruliness: number }) {
  const random = seedRandom(7);
  const tally = { figures: 0, found: 0, large: 0, foundLarge: 0 };
  for (let county = 0; county < 1_000; county++) {
    const level = Math.exp(random() * 8);
    const towns = Array.from({ length: 20 }, () => {
      const usual = level * Math.exp(normal(random));
      return Array.from({ length: 6 }, () => Math.round(usual * Math.exp(unruliness * normal(random))));
    });
    for (const [place, years] of towns.entries()) {
      const [value = 0, ...own] = years;
      const peers = towns.flatMap(([other = 0], index) => (index === place ? [] : [other]));
      const isLarge = value >= 20;
      const found = findOutlier(value * slip, { own, peers, ...counts }) !== undefined;
      tally.figures += 1;
      tally.found += found ? 1 : 0;
      tally.large += isLarge ? 1 : 0;
      tally.foundLarge += isLarge && found ? 1 : 0;
    }
  }
  return { all: tally.found / tally.figures, ofLarge: tally.foundLarge / tally.large };
}

t.test('of figures as they are hardly any is named; of those that slipped by 100 or more nearly all', async (t) => {
  const of = (slip: number) => measureRule({ slip, unruliness: 0.4 });
  const [as, by10, by100, by10000] = [of(1), of(10), of(100), of(10_000)];
  const unruly = measureRule({ slip: 1, unruliness: 0.7 });
  t.comment(JSON.stringify({ as, by10, by100, by10000, unruly }));
  t.ok(as.all <= 0.0005, 'false alarms');
  t.ok(unruly.all <= 0.005, 'false alarms where years vary by a factor of two');
  t.ok(by10.ofLarge >= 0.5, 'half of those that slipped by 10');
  t.ok(by100.ofLarge >= 0.95, 'by 100, as from 分 to 元');
  t.ok(by10000.ofLarge >= 0.999, 'by 10,000, as 元 typed for 万元');
});

t.test('a reader is shown outliers of the reports that they read in full, made of what they may read', async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  const towns = (await townshipsOf(hongjiang)).slice(0, 10);
  const [odd = ''] = towns;
  const file = async (agency: string, year: number, penalties: number) => {
    const figures = {
      'decisions.penalties.decided': penalties,
      'fees.administrativeFees.amount': agency === odd && year === 2024 ? 52_000_000_000 : 5_200_000,
    };
    const answer = await app.inject({
      method: 'POST',
      url: '/v1/reports',
      payload: filingBody({ agency, year, figures }),
    });
    t.equal(answer.statusCode, 201, answer.body);
  };
  for (const year of [2021, 2022, 2023]) await file(odd, year, 40 + (year % 3));
  for (const [place, agency] of towns.entries()) await file(agency, 2024, agency === odd ? 4100 : 30 + place);
  const shown = async (headers: Record<string, string>) => {
    const { items } = (await app.inject({ url: `/v1/divisions/${hongjiang}/filings/2024?first=500`, headers })).json();
    return items
      .filter(({ outliers }: { outliers: unknown[] | null }) => outliers === null || outliers.length > 0)
      .map(
        ({
          agency,
          outliers,
        }: {
          agency: string;
          outliers: { measure: string; value: unknown; usual: unknown; basis: string }[] | null;
        }) => [agency, outliers?.map(({ measure, value, usual, basis }) => [measure, value, usual, basis]) ?? null],
      );
  };
  const penalties = (basis: string, usual: object) => ['decisions.penalties.decided', 4100, usual, basis];
  const fees = (basis: string) => ['fees.administrativeFees.amount', '52000', { low: '0.24', high: '30' }, basis];
  const clerk = (await shown(bearer(await tokenFor(db, { scope: 'review', division: hongjiang })))).filter(
    ([, named]: [string, unknown]) => named !== null,
  );
  t.same(clerk, [[odd, [penalties('BOTH', { low: 0, high: 245 }), fees('BOTH')]]]);
  const filer = (await shown(bearer(await tokenFor(db, { scope: 'file', agency: odd })))).filter(
    ([, named]: [string, unknown]) => named !== null,
  );
  t.same(
    filer,
    [[odd, [penalties('OWN_YEARS', { low: 1, high: 245 }), fees('OWN_YEARS')]]],
    'what the others filed is not compared with',
  );
  const stranger = await shown({ authorization: '' });
  t.ok(stranger.length >= 10 && stranger.every(([, named]: [string, unknown]) => named === null));
});
