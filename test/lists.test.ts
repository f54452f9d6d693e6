/** Lists of agencies and reports: what their statements find by sums and indexes is what a look at each row finds. */
import fc from 'fast-check';
import t from 'tap';
import { referenceDate } from '../src/day.js';
import type { Db } from '../src/store/engine/schema.js';
import { declaredStatements } from '../src/store/engine/statement.js';
import { listReports, pageOfReports } from '../src/store/listed-reports.js';
import { countAgencies, pageOfAgencies } from '../src/store/register/agencies.js';
import { divisionsBelow } from '../src/store/register/divisions.js';
import { type AgencyKind, filerKinds } from '../src/words.js';
import { filingBody, hongjiang, openTestApp, runSql, townshipsOf } from './builders.js';

const neighbour = '431202';
const years = [2023, 2024];
const headers = { 'content-type': 'application/json' };

/** A store in which some have filed, were accepted or returned, are exempt, or went elsewhere. */
async function openFilled() {
  const { app, db, close } = await openTestApp();
  const send = async (method: 'POST' | 'PUT', url: string, payload: object) => {
    const answer = await app.inject({ method, url, headers, payload });
    if (answer.statusCode >= 300) throw new Error(`${url}: ${answer.body}`);
  };
  const own = (await townshipsOf(hongjiang)).filter((code) => code.length === 9);
  const beside = (await townshipsOf(neighbour)).filter((code) => code.length === 9);
  for (const year of years) {
    const filers = [...own.slice(year - 2023, 12), ...(year === 2023 ? beside : []), hongjiang];
    for (const [place, agency] of filers.entries()) {
      await send('POST', '/v1/reports', filingBody({ agency, year }));
      const decision = ['ACCEPTED', 'RETURNED', undefined][place % 3];
      const reason = decision === 'RETURNED' ? { reason: '请核实' } : {};
      if (decision) await send('POST', `/v1/reports/${agency}/${year}/reviews`, { decision, revision: 1, ...reason });
    }
    for (const agency of own.slice(11, 14))
      await send('PUT', `/v1/agencies/${agency}/exemptions/${year}`, { reason: '新设' });
  }
  for (const agency of own.slice(3, 6).concat(own.slice(15, 17))) {
    await send('POST', `/v1/agencies/${agency}/changes`, { on: '2024-06-01', county: neighbour });
  }
  return { db, close };
}

interface DivisionRow {
  readonly id: number;
  readonly code: string;
}

const divisions = (db: Db) =>
  runSql<DivisionRow>(
    db,
    `select division_id as id, code from division_state where code in ('100000', '430000', '431200', '${hongjiang}', '${neighbour}', '350000')`,
  );

t.test('who is missing, how many they are and where, is what a look at every agency finds', async (t) => {
  const { db, close } = await openFilled();
  t.teardown(close);
  const all = await divisions(db);
  let found = 0;
  const kindLists: (readonly AgencyKind[] | undefined)[] = [
    filerKinds,
    ['TOWNSHIP'],
    ['SUBDISTRICT', 'OTHER'],
    undefined,
  ];
  for (const { id, code } of all) {
    for (const year of [...years, 2022]) {
      const below = (await divisionsBelow(db, id, [year])).get(year) ?? new Set();
      const day = referenceDate(year);
      const rows = await runSql<{ code: string; county: number; kind: AgencyKind }>(
        db,
        `select s.code, s.county_id as county, s.kind from agency_state s
          where s.valid_from <= ? and (s.valid_to is null or s.valid_to > ?) and s.kind <> 'COUNTY'
            and s.agency_id not in (select agency_id from exemption where year = ?)
            and s.agency_id not in (select agency_id from report where year = ?)
          order by s.code`,
        [day, day, year, year],
      );
      for (const kinds of kindLists) {
        const expected = rows.filter(({ county, kind }) => below.has(county) && (!kinds || kinds.includes(kind)));
        const filter = { divisionId: id, day, missingYear: year, ...(kinds && { kinds }) };
        const [first, rest] = [
          await pageOfAgencies(db, filter, { first: 7 }),
          await pageOfAgencies(db, filter, { first: 500, after: expected[6]?.code ?? 'z' }),
        ];
        const listed = [...first.items, ...rest.items].map((one) => one.code);
        const about = `${code} ${year} ${kinds ?? 'any'}`;
        t.same(
          listed,
          expected.map((one) => one.code),
          about,
        );
        t.equal(first.more, expected.length > 7, about);
        t.equal(await countAgencies(db, filter), expected.length, `${about}: their number`);
        found += expected.length;
      }
    }
  }
  t.ok(found > 300, `${found} were found`);
});

t.test(
  'a list of reports, by whatever it is narrowed and to whomever it is shown, is what a look at each finds',
  async (t) => {
    const { db, close } = await openFilled();
    t.teardown(close);
    const all = await divisions(db);
    interface Row {
      readonly id: number;
      readonly agency: number;
      readonly year: number;
      readonly county: number;
      readonly state: 'SUBMITTED' | 'ACCEPTED' | 'RETURNED';
      readonly updatedAt: string;
      readonly acceptedAt: string | null;
    }
    const rows = await runSql<Row>(
      db,
      `select id, agency_id as agency, year, county_id as county, state, updated_at as "updatedAt", accepted_at as "acceptedAt"
      from report order by id`,
    );
    const belowOf = new Map<string, ReadonlySet<number>>();
    for (const { id } of all) {
      for (const [year, below] of await divisionsBelow(db, id, years)) belowOf.set(`${id} ${year}`, below);
    }
    const counties = [...new Set(rows.map(({ county }) => county))];
    const instants = rows.map(({ updatedAt }) => updatedAt).toSorted();
    const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
    const asked = fc.record({
      divisionId: maybe(fc.constantFrom(...all.map(({ id }) => id))),
      agencyId: fc.option(fc.constantFrom(...rows.map(({ agency }) => agency)), { nil: undefined, freq: 2 }),
      year: maybe(fc.constantFrom(...years)),
      state: maybe(fc.constantFrom('SUBMITTED' as const, 'ACCEPTED' as const, 'RETURNED' as const)),
      updatedAfter: maybe(fc.constantFrom('2020-01-01', ...instants)),
      shown: fc.constantFrom('all', 'stranger', 'county', 'agency', 'closed'),
      first: fc.constantFrom(0, 1, 5, 500),
      after: fc.nat(rows.length),
    });
    await fc.assert(
      fc.asyncProperty(asked, async ({ shown, first, after, ...filter }) => {
        const readable = {
          counties: shown === 'county' ? years.map((year) => [counties[0] ?? 0, year] as const) : [],
          agencyIds: shown === 'agency' ? [rows[0]?.agency ?? 0] : [],
        };
        const visible = { readable, elsewhere: shown === 'closed' ? ('NOTHING' as const) : ('ACCEPTED' as const) };
        const inFull = ({ county, agency }: Row) =>
          shown === 'all' || readable.counties.some(([one]) => one === county) || readable.agencyIds.includes(agency);
        const expected = rows.filter((row) => {
          const full = inFull(row);
          if (!full && (shown === 'closed' || row.acceptedAt === null)) return false;
          const at = (full ? row.updatedAt : row.acceptedAt) ?? '';
          return (
            (filter.divisionId === undefined || belowOf.get(`${filter.divisionId} ${row.year}`)?.has(row.county)) &&
            (filter.agencyId === undefined || row.agency === filter.agencyId) &&
            (filter.year === undefined || row.year === filter.year) &&
            (filter.state === undefined || (full ? row.state : 'ACCEPTED') === filter.state) &&
            (filter.updatedAfter === undefined || at > filter.updatedAfter)
          );
        });
        const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
        const narrowed = { ...given, ...(shown !== 'all' && { visible }) };
        const page = await listReports(db, narrowed, { first, after });
        const rest = expected.filter(({ id }) => id > after);
        t.same(
          page.items.map(({ id, inFull }) => [id, inFull]),
          rest.slice(0, first).map((row) => [row.id, inFull(row) ? 1 : 0]),
        );
        t.same([page.more, page.total], [rest.length > first, expected.length]);
        const { total: _, ...bare } = page;
        t.same(await pageOfReports(db, narrowed, { first, after }), bare);
      }),
      { numRuns: 400 },
    );
  },
);

t.test('no list of reports walks over the reports that it does not list', async (t) => {
  const { db, close } = await openFilled();
  t.teardown(close);
  const texts = declaredStatements()
    .flatMap(({ texts }) => texts)
    .filter((text) => text.includes('from report r where r.id in ('));
  t.ok(texts.length > 100, `${texts.length} variants`);
  for (const text of texts) {
    const plan = await runSql<{ detail: string }>(
      db,
      `explain query plan ${text}`,
      Array.from({ length: text.split('?').length - 1 }, () => null),
    );
    const details = plan.map(({ detail }) => detail);
    const narrowed = text.includes('county_id, r.year) in (with') || text.includes('r.state = ?');
    const mixed = text.includes('json_each');
    if (!narrowed || mixed) continue;
    t.notOk(
      details.some((detail) => /^SEARCH r USING INTEGER PRIMARY KEY \(rowid>\?/.test(detail)),
      text,
    );
    t.notOk(
      details.some((detail) => /^SCAN r$/.test(detail)),
      text,
    );
  }
});
