/** A division's year as one list: where each agency is with its report, what was found, what was refused; to each reader. */

import type { FastifyInstance } from 'fastify';
import t from 'tap';
import { buildApp } from '../src/app.js';
import type { PublicReading } from '../src/words.js';
import { bearer, clock, filingBody, hongjiang, openTestApp, qunfeng, tokenFor } from './builders.js';
import { holdToDocument } from './contract.js';

t.setTimeout(300_000);

const [accepted, corrected, submitted, returned, withdrawn, exempted, refused, silent] = [
  '431281101',
  '431281102',
  '431281103',
  qunfeng,
  '431281104',
  '431281106',
  '431281108',
  '431281107',
] as const;
const list = `/v1/divisions/${hongjiang}/filings/2021`;
/** A total that its parts do not come to. */
const unbalanced = { 'appeals.reconsideration.total': 999 };
/** A warning: fewer in force than were issued. */
const doubtful = { 'documents.normativeDocuments.issued': 5, 'documents.normativeDocuments.inForce': 0 };

type Body = Readonly<Record<string, unknown>>;

async function send(app: FastifyInstance, method: 'POST' | 'PUT' | 'DELETE', url: string, body?: Body, headers = {}) {
  return app.inject({
    method,
    url,
    headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
    ...(body && { payload: JSON.stringify(body) }),
  });
}

/** One county in which every state there is is met. */
async function openCounty(t: { teardown(end: () => unknown): unknown }) {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  const file = (agency: string, rest: Body = {}) =>
    send(app, 'PUT', `/v1/reports/${agency}/2021`, filingBody({ agency, ...rest }), { 'if-match': '*' });
  const first = (agency: string, rest: Body = {}) => send(app, 'POST', '/v1/reports', filingBody({ agency, ...rest }));
  const decide = (agency: string, decision: string, revision = 1) =>
    send(app, 'POST', `/v1/reports/${agency}/2021/reviews`, { decision, revision, reason: '依据不足' });
  for (const agency of [accepted, corrected, submitted, returned, withdrawn]) {
    const figures = agency === accepted || agency === returned ? doubtful : {};
    const source = agency === submitted ? undefined : { publishedOn: '2022-01-20' };
    await first(agency, { figures, ...(source && { source }) });
  }
  await decide(accepted, 'ACCEPTED');
  await decide(corrected, 'ACCEPTED');
  await file(corrected, { figures: doubtful, reason: '更正', source: { publishedOn: '2022-01-20' } });
  await decide(returned, 'RETURNED');
  await send(app, 'DELETE', `/v1/reports/${withdrawn}/2021`, undefined, { 'if-match': '*' });
  await send(app, 'PUT', `/v1/agencies/${exempted}/exemptions/2021`, { reason: '新设' });
  await first(refused, { figures: unbalanced });
  const openFor = async (publicReading: PublicReading) => {
    const other = await buildApp({ db, clock, logger: false, publicReading });
    holdToDocument(other);
    t.teardown(() => other.close());
    return other;
  };
  return { app, db, first, file, openFor };
}

interface ShownItem {
  readonly agency: string;
  readonly state: string;
  readonly late: boolean | null;
  readonly revision: number | null;
  readonly findings: { readonly warnings: number } | null;
  readonly decision: { readonly decision: string } | null;
  readonly refusals: number | null;
}

/** What a reader is shown of each agency: its state, whether it is late, its revision, findings, decision, refusals. */
async function shownTo(app: FastifyInstance, headers: Record<string, string>, query = '') {
  const answer = await app.inject({ url: `${list}?first=500${query}`, headers });
  if (answer.statusCode !== 200) return answer.statusCode;
  const { items } = answer.json();
  return Object.fromEntries(
    items.map((one: ShownItem) => [
      one.agency,
      [one.state, one.late, one.revision, one.findings?.warnings ?? null, one.decision?.decision ?? null, one.refusals],
    ]),
  );
}

t.test('the list shows each agency to each reader as far as that reader may see it', async (t) => {
  const { app, db, openFor } = await openCounty(t);
  const clerk = {
    [accepted]: ['ACCEPTED', false, 1, 1, 'ACCEPTED', null],
    [corrected]: ['SUBMITTED', false, 2, 1, null, null],
    [submitted]: ['SUBMITTED', true, 1, 0, null, null],
    [returned]: ['RETURNED', false, 1, 1, 'RETURNED', null],
    [withdrawn]: ['WITHDRAWN', true, null, null, null, null],
    [exempted]: ['EXEMPT', false, null, null, null, null],
    [refused]: ['NOT_FILED', true, null, null, null, null],
    [silent]: ['NOT_FILED', true, null, null, null, null],
  };
  const withRefusals = (shown: Record<string, readonly unknown[]>, of = Object.keys(shown)) =>
    Object.fromEntries(
      Object.entries(shown).map(([agency, values]) => {
        if (!of.includes(agency)) return [agency, values];
        const [state, ...rest] = values;
        const kept = agency === refused ? 1 : 0;
        return [agency, [agency === refused ? 'REFUSED' : state, ...rest.slice(0, -1), kept]];
      }),
    );
  const stranger: Record<string, readonly unknown[]> = {
    ...clerk,
    [corrected]: ['ACCEPTED', false, 1, 0, 'ACCEPTED', null],
    [submitted]: ['SUBMITTED', null, null, null, null, null],
    [returned]: ['SUBMITTED', null, null, null, null, null],
    [withdrawn]: ['NOT_FILED', true, null, null, null, null],
  };
  const readers = {
    clerk: bearer(await tokenFor(db, { scope: 'read', division: hongjiang })),
    reviewer: bearer(await tokenFor(db, { scope: 'review', division: '431200' })),
    filer: bearer(await tokenFor(db, { scope: 'file', agency: returned })),
    sibling: bearer(await tokenFor(db, { scope: 'review', division: '431202' })),
  };
  t.match(await shownTo(app, readers.clerk), clerk, 'who reads the county sees all that was filed');
  t.match(await shownTo(app, readers.reviewer), withRefusals(clerk), 'who reviews it sees what was refused, too');
  t.match(await shownTo(app, { authorization: '' }), stranger, 'a stranger sees who has filed and what was accepted');
  t.match(await shownTo(app, readers.sibling), stranger, 'so does who reviews another county');
  const own = { ...stranger, [returned]: ['RETURNED', false, 1, 1, 'RETURNED', 0] };
  t.match(await shownTo(app, readers.filer), own, 'who files for one agency sees that one');
  t.match(
    await shownTo(await openFor('filed'), {}),
    clerk,
    'where all is open everybody sees what was filed, and not what was refused',
  );
  const closed = await openFor('none');
  t.equal(await shownTo(closed, {}), 401);
  t.equal(await shownTo(closed, readers.sibling), 403);
  t.match(await shownTo(closed, readers.clerk), clerk);
});

t.test('GraphQL, JSON and both tables say the same', async (t) => {
  const { app } = await openCounty(t);
  const query = `{ division(code: "${hongjiang}") { filings(year: 2021, first: 500) { totalCount
    counts { notFiled refused submitted returned accepted exempt withdrawn late withFindings { errors warnings info } }
    nodes { agency { code } state late revision findings { warnings } decision { decision } refusals outliers { measure } } } } }`;
  const { data } = (await send(app, 'POST', '/graphql', { query })).json();
  const { nodes, counts, totalCount } = data.division.filings;
  const body = (await app.inject(`${list}?first=500`)).json();
  const brief = (one: { findings: { warnings: number } | null; decision: { decision: string } | null }) => ({
    ...one,
    findings: one.findings && { warnings: one.findings.warnings },
    decision: one.decision && { decision: one.decision.decision },
  });
  t.same(
    nodes.map(({ agency, ...one }: { agency: { code: string } }) => ({ agency: agency.code, ...one })),
    body.items.map(
      ({ agencyName: _, kind, county, expected, due, filedAt, submittedOn, ...one }: ShownItem & Record<string, unknown>) =>
        brief(one),
    ),
  );
  t.equal(totalCount, body.totalCount);
  const { late, withFindings, notFiled, ...others } = counts;
  t.same({ late, withFindings }, { late: body.counts.late, withFindings: body.counts.withFindings });
  t.same(
    [notFiled, ...Object.values(others)],
    [
      ...['NOT_FILED', 'REFUSED', 'SUBMITTED', 'RETURNED', 'ACCEPTED', 'EXEMPT', 'WITHDRAWN'].map(
        (state) => body.counts.states[state],
      ),
    ],
  );
  const csv = await app.inject(`${list}.csv`);
  const [heading = '', ...lines] = csv.body
    .replace(/^\ufeff/, '')
    .trim()
    .split('\r\n');
  t.match(heading, /^机关代码,机关名称,机关类别,/);
  t.equal(lines.length, body.totalCount);
  t.ok(lines.some((line) => line.startsWith(`${refused},`) && line.includes('报送被拒')));
  const workbook = await app.inject({
    url: list,
    headers: { accept: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' },
  });
  t.equal(workbook.statusCode, 200);
  t.equal(workbook.rawPayload.subarray(0, 2).toString(), 'PK');
});
