/**
 * Who may change what: every call that writes × callers over places of every relation × the codes a place had and has,
 * held to the rule as it is stated here, by identities and days, without the product's own functions.
 */
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { stopReaders } from '../src/document/read/read-in-child.js';
import { packageRoot } from '../src/root.js';
import type { Db } from '../src/store/engine/schema.js';
import type { Scope } from '../src/words.js';
import { bearer, filingBody, openTestApp, runSql, today, tokenFor, townshipsOf } from './builders.js';

/** Some twenty thousand calls. */
t.setTimeout(900_000);

const [A, N, C, U] = ['431281', '431202', '350128', '320813'] as const;
const nation = '100000';
/** A county and what lies above it. */
const above = (county: string) => [county, `${county.slice(0, 4)}00`, `${county.slice(0, 2)}0000`, nation];
const divisions = [A, N, C, U, '431200', '430000', '350100', nation];

const ofA = await townshipsOf(A);
const ofU = await townshipsOf(U);
const [X1, X2, X3, X4, S4, X5, X6, sibling] = ofA as [string, string, string, string, string, string, string, string];
const [unrelated] = ofU as [string];
const [Y1, Y2, Y3, Y5] = ['350128901', '350128902', '431202903', '431281905'] as const;
const free = 'OFFICE-1';

/** An agency as this test knows it: in which county and by which code it was on which days. */
interface Identity {
  readonly id: string;
  readonly states: readonly { readonly county: string; readonly code: string; readonly from: string }[];
  /** The first day on which it is no more. */
  readonly closed?: string;
  /** The counties in which it will lie if it is opened again. */
  readonly waits?: readonly string[];
  readonly heirs?: readonly string[];
}

const start = '2019-01-01';
const began = (county: string, code: string, from = start) => ({ county, code, from });

/** Moved and given another code; the same, and its old code is another's now; to be moved; merged; recoded; closed. */
const identities: readonly Identity[] = [
  { id: 'moved', states: [began(A, X1), began(C, Y1, '2023-06-01')] },
  { id: 'followed', states: [began(A, X2), began(C, Y2, '2023-06-01')] },
  { id: 'follower', states: [began(A, X2, '2024-01-01')] },
  { id: 'announced', states: [began(A, X3), began(N, Y3, '2027-01-01')] },
  { id: 'merged', states: [began(A, X4)], closed: '2022-06-01', heirs: ['successor'] },
  { id: 'successor', states: [began(A, S4), began(C, S4, '2024-01-01')] },
  { id: 'recoded', states: [began(A, X5), began(A, Y5, '2022-03-01')] },
  { id: 'closed', states: [began(A, X6)], closed: '2024-01-01', waits: [C] },
  { id: 'sibling', states: [began(A, sibling)] },
  { id: 'unrelated', states: [began(U, unrelated)] },
];
const identity = (id: string) => identities.find((one) => one.id === id) as Identity;

/** Whom a code means on a day: who has it, else who had it last, else who gets it next. */
function whose(code: string, day: string): Identity {
  const carried = identities.flatMap((one) =>
    one.states.flatMap((state, index) => (state.code === code ? [{ one, from: state.from, index }] : [])),
  );
  const inTime = carried.toSorted((one, other) => one.from.localeCompare(other.from));
  return (inTime.findLast(({ from }) => from <= day) ?? inTime[0])?.one as Identity;
}

const lies = ({ states }: Identity, day: string) =>
  (states.findLast(({ from }) => from <= day) ?? states[0])?.county as string;
const newest = ({ states }: Identity) => states.at(-1)?.county as string;
const from = ({ states, waits = [], closed }: Identity, day: string) => [
  ...states.filter((_, index) => (states[index + 1]?.from ?? closed ?? '9999') > day).map(({ county }) => county),
  ...waits,
];
const stands = (one: Identity) => [lies(one, today), newest(one)];

/** What an act needs: one of these scopes over all of these counties or divisions, or over the agency itself. */
interface Need {
  readonly scopes: readonly Scope[];
  readonly over: readonly string[];
  readonly agency?: string;
}

interface Case {
  readonly url: string;
  readonly need: Need;
  readonly body?: unknown;
  readonly type?: string;
  readonly headers?: Record<string, string>;
  readonly query?: string;
}

/** Callers hold one scope over one place. */
interface Holder {
  readonly scope: Scope;
  readonly division?: string;
  readonly agency?: string;
}

const includes: Readonly<Record<string, readonly Scope[]>> = {
  read: ['read'],
  file: ['file', 'read'],
  review: ['review', 'read'],
  register: ['register', 'read'],
  admin: ['read', 'file', 'review', 'register', 'admin'],
};

function mayDo({ scope, division, agency }: Holder, { scopes, over, agency: own }: Need): boolean {
  if (!scopes.some((one) => includes[scope]?.includes(one))) return false;
  if (agency !== undefined) return agency === own;
  return over.every((place) => (place === nation ? division === nation : lineage(place).includes(division as string)));
}

/** Whether an agency is tried as a caller: the one that is concerned, what went into it or it went into, and two others. */
function isNear(id: string, { agency = 'recoded' }: Need): boolean {
  const { heirs = [] } = identity(agency);
  const others = agency === 'followed' ? ['follower'] : ['merged', 'successor'];
  return [agency, ...heirs, ...others, 'sibling', 'unrelated'].includes(id);
}

const lineage = (place: string) =>
  place.endsWith('0000')
    ? [place, nation]
    : place.endsWith('00')
      ? [place, `${place.slice(0, 2)}0000`, nation]
      : above(place);

const yearEnd = (year: number) => `${year}-12-31`;
const dayBefore = (day: string) => new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);

/** The codes by which places are named: each old and new one. */
const codes = [X1, Y1, X2, Y2, X3, Y3, X4, S4, X5, Y5, X6];
const counties = [A, N, C];

const ofReport = (code: string, year: number, scopes: readonly Scope[]): Need => {
  const one = whose(code, yearEnd(year));
  return { scopes, over: [lies(one, yearEnd(year))], agency: one.id };
};
const ofRegister = (over: readonly string[]): Need => ({ scopes: ['register'], over });

/** The reports that there are, by the year and the agency. */
const reported = (code: string, year: number) =>
  [
    ['moved', 2021],
    ['moved', 2025],
    ['followed', 2021],
    ['followed', 2025],
    ['follower', 2025],
    ['announced', 2025],
    ['merged', 2021],
    ['successor', 2021],
    ['successor', 2025],
    ['recoded', 2021],
    ['recoded', 2025],
    ['closed', 2021],
  ].some(([id, filed]) => id === whose(code, yearEnd(year)).id && filed === year);
const filed = codes.flatMap((code) =>
  [2021, 2025].filter((year) => reported(code, year)).map((year) => ({ code, year })),
);
/** Of those, the ones of 2025 are accepted. */
const accepted = (year: number) => year === 2025;
const unfiled = codes.filter((code) => !['merged', 'closed'].includes(whose(code, yearEnd(2024)).id));

const broken = { 'appeals.reconsideration.total': 1 };
const finding = { code: 'T4-ROW', pointer: '/figures/appeals/reconsideration/total' };
const ndjson = 'application/x-ndjson';

const renaming = (code: string, on: string): Need => {
  const one = whose(code, on);
  return ofRegister([...stands(one), lies(one, on), ...from(one, on)]);
};
/** Days before and after the moves, on which the agency is there. */
const renamed = codes.flatMap((code) =>
  ['2021-03-01', '2025-03-01', '2026-12-01']
    .filter((on) => (whose(code, on).closed ?? '9999') > on)
    .map((on) => ({ code, on })),
);
const closing = (code: string, on: string, into?: string): Need => {
  const one = whose(code, dayBefore(on));
  const heirs = [...(one.heirs ?? []), ...(into === undefined ? [] : [whose(into, on).id])].map(identity);
  return ofRegister([
    ...stands(one),
    ...from(one, on),
    ...(into === undefined ? [] : [lies(whose(into, on), on)]),
    ...heirs.flatMap((heir) => [...stands(heir), ...(one.closed ? [lies(heir, one.closed)] : [])]),
  ]);
};
/** After every report, so that none is in the way. */
const closings = codes
  .filter((code) => whose(code, '2026-05-31').id !== 'merged')
  .flatMap((code) =>
    [undefined, sibling, unrelated, S4].filter((into) => into !== code).map((into) => ({ code, into })),
  );
const reopenings = [X4, X6];
const exempted = codes.flatMap((code) =>
  [2022, 2025]
    .filter((year) => (whose(code, yearEnd(year)).closed ?? '9999') > yearEnd(year))
    .map((year) => ({ code, year })),
);
const exempting = (code: string, year: number) => ofRegister([lies(whose(code, yearEnd(year)), yearEnd(year))]);
/** A new code, the county of the agency that gets it, and the divisions whose digits it begins with. */
const additions = [
  { code: `${A}971`, county: A, range: [A] },
  { code: `${C}971`, county: A, range: [C] },
  { code: `${N}971000`, county: A, range: [N] },
  { code: '431299971', county: A, range: ['431200'] },
  { code: '439999971', county: A, range: ['430000'] },
  { code: '999999971', county: A, range: [nation] },
  { code: '431200', county: A, range: ['431200'] },
  { code: `${A}971`, county: C, range: [A] },
  { code: free, county: C, range: [] },
  { code: '11431281006634567X', county: N, range: [] },
];
/** What happens to a division, and over what that needs the right: it, what it leaves or comes to, a new code's range. */
const divisionChanges = [
  { code: A, body: { on: '2025-03-01', name: '某县' }, over: [A] },
  { code: A, body: { on: '2025-03-01', code: '431291' }, over: [A, '431200'] },
  { code: A, body: { on: '2025-03-01', code: '350191' }, over: [A, '350100'] },
  { code: A, body: { on: '2025-03-01', parent: '350100' }, over: [A, '431200', '350100'] },
  { code: '431200', body: { on: '2025-03-01', name: '某市' }, over: ['431200'] },
  { code: '431200', body: { on: '2025-03-01', parent: '350000' }, over: ['431200', '430000', '350000'] },
  { code: A, body: { on: '2026-06-01', transfer: { to: N, agencies: [sibling] } }, over: [A, N] },
  { code: U, body: { on: '2026-06-01', mergedInto: C }, over: [U, '320800', C] },
  {
    code: U,
    body: { on: '2026-06-01', splitInto: [{ division: A, agencies: ofU }, { division: C }] },
    over: [U, '320800', A, C],
  },
];
const line = (header: string, values: string) => `action,code,${header}\n${values}\n`;

const cases: Readonly<Record<string, readonly Case[]>> = {
  'POST /v1/reports': unfiled.flatMap((code) => [
    { url: '/v1/reports', body: filingBody({ agency: code, year: 2024 }), need: ofReport(code, 2024, ['file']) },
    // By an old code that nobody had in that year it is who had it last.
    { url: '/v1/reports', body: filingBody({ agency: code, year: 2023 }), need: ofReport(code, 2023, ['file']) },
  ]),
  'PUT /v1/reports/{agency}/{year}': filed.map(({ code, year }) => ({
    url: `/v1/reports/${code}/${year}`,
    body: { ...filingBody({ agency: code, year, reason: 'r', publishedItems: { total: 3 } }) },
    headers: { 'if-match': '*' },
    need: ofReport(code, year, ['file']),
  })),
  'DELETE /v1/reports/{agency}/{year}': filed.map(({ code, year }) => ({
    url: `/v1/reports/${code}/${year}`,
    headers: { 'if-match': '*' },
    need: ofReport(code, year, [accepted(year) ? 'review' : 'file']),
  })),
  'POST /v1/reports/{agency}/{year}/reviews': filed.map(({ code, year }) => ({
    url: `/v1/reports/${code}/${year}/reviews`,
    body: { decision: 'RETURNED', revision: 1, reason: 'r' },
    need: ofReport(code, year, ['review']),
  })),
  'PUT /v1/reports/{agency}/{year}/notes': filed.flatMap(({ code, year }) => [
    {
      url: `/v1/reports/${code}/${year}/notes`,
      body: { ...finding, standing: 'EXPLAINED', text: 'x' },
      need: ofReport(code, year, ['file', 'review']),
    },
    {
      url: `/v1/reports/${code}/${year}/notes`,
      body: { ...finding, standing: 'CONFIRMED', text: 'x' },
      need: ofReport(code, year, ['review']),
    },
  ]),
  'PUT /v1/divisions/{division}/locks/{year}': counties.map((code) => ({
    url: `/v1/divisions/${code}/locks/2023`,
    body: { since: '2024-03-01', reason: 'r' },
    need: { scopes: ['review'], over: [code] },
  })),
  // Its exceptions end with the lock of A, which comes last.
  'DELETE /v1/divisions/{division}/locks/{year}': counties.toReversed().map((code) => ({
    url: `/v1/divisions/${code}/locks/2020`,
    need: { scopes: ['review'], over: [code] },
  })),
  // Whose lock it is decides, not whose agency: the exception is from that lock.
  'PUT /v1/divisions/{division}/locks/{year}/exceptions/{agency}': [X1, X2, X3, X4, S4, X5, X6].map((code) => ({
    url: `/v1/divisions/${A}/locks/2020/exceptions/${code}`,
    body: { reason: 'r' },
    need: { scopes: ['review'], over: [A] },
  })),
  'DELETE /v1/divisions/{division}/locks/{year}/exceptions/{agency}': [sibling].map((code) => ({
    url: `/v1/divisions/${A}/locks/2020/exceptions/${code}`,
    need: { scopes: ['review'], over: [A] },
  })),
  'PUT /v1/divisions/{division}/deadlines/{year}': [...counties, '431200'].flatMap((code) =>
    ['2022', 'every'].map((year) => ({
      url: `/v1/divisions/${code}/deadlines/${year}`,
      body: { due: '02-15' },
      need: ofRegister([code]),
    })),
  ),
  'DELETE /v1/divisions/{division}/deadlines/{year}': counties.map((code) => ({
    url: `/v1/divisions/${code}/deadlines/2021`,
    need: ofRegister([code]),
  })),
  'POST /v1/divisions': [
    { code: '431291', range: '431200' },
    { code: '350191', range: '350100' },
    { code: '439901', range: '430000' },
  ].map(({ code, range }) => ({
    url: '/v1/divisions',
    body: { code, name: '新县', level: 'COUNTY', parent: '431200', on: '2025-05-01' },
    need: ofRegister(['431200', range]),
  })),
  'POST /v1/divisions/{division}/changes': divisionChanges.map(({ code, body, over }) => ({
    url: `/v1/divisions/${code}/changes`,
    body,
    need: ofRegister(over),
  })),
  'DELETE /v1/divisions/{division}/changes/{on}': [
    { url: `/v1/divisions/${U}/changes/2027-01-01`, need: ofRegister([U]) },
  ],
  'POST /v1/agencies': additions.map(({ code, county, range }) => ({
    url: '/v1/agencies',
    body: { code, county, name: '新机关', kind: 'OTHER', validFrom: '2025-05-01' },
    need: ofRegister([county, ...range]),
  })),
  'POST /v1/agencies/{agency}/changes': [
    ...renamed.map(({ code, on }) => ({
      url: `/v1/agencies/${code}/changes`,
      body: { on, name: '某镇' },
      need: renaming(code, on),
    })),
    ...renamed.map(({ code, on }) => ({
      url: `/v1/agencies/${code}/changes`,
      body: { on, county: U },
      need: ofRegister([...renaming(code, on).over, U]),
    })),
    ...renamed
      .filter(({ on }) => on.startsWith('2025'))
      .flatMap(({ code, on }) =>
        additions
          .filter(({ county }) => county === A)
          .slice(1, 4)
          .map((added) => ({
            url: `/v1/agencies/${code}/changes`,
            body: { on, code: added.code },
            need: ofRegister([...renaming(code, on).over, ...added.range]),
          })),
      ),
  ],
  'POST /v1/agencies/{agency}/closure': closings.map(({ code, into }) => ({
    url: `/v1/agencies/${code}/closure`,
    body: { on: '2026-06-01', ...(into !== undefined && { mergedInto: into }) },
    need: closing(code, '2026-06-01', into),
  })),
  'DELETE /v1/agencies/{agency}/closure': reopenings.map((code) => {
    const one = whose(code, today);
    const heirs = (one.heirs ?? []).map(identity);
    return {
      url: `/v1/agencies/${code}/closure`,
      need: ofRegister([
        ...stands(one),
        ...(one.waits ?? []),
        ...heirs.flatMap((heir) => [...stands(heir), lies(heir, one.closed ?? '')]),
      ]),
    };
  }),
  'DELETE /v1/agencies/{agency}/changes/{on}': [X3, Y3].map((code) => ({
    url: `/v1/agencies/${code}/changes/2027-01-01`,
    need: ofRegister([A, N]),
  })),
  'PUT /v1/agencies/{agency}/exemptions/{year}': exempted.map(({ code, year }) => ({
    url: `/v1/agencies/${code}/exemptions/${year}`,
    body: { reason: 'r' },
    need: exempting(code, year),
  })),
  'DELETE /v1/agencies/{agency}/exemptions/{year}': [X1, Y1, X2, X3, S4, X5].map((code) => ({
    url: `/v1/agencies/${code}/exemptions/2020`,
    need: exempting(code, 2020),
  })),
  'POST /v1/register/changes': [
    ...renamed
      .filter(({ on }) => on.startsWith('2025'))
      .map(({ code, on }) => ({
        url: '/v1/register/changes',
        type: 'text/csv',
        body: line('on,name', `change,${code},${on},某镇`),
        need: renaming(code, on),
      })),
    ...closings
      .filter(({ into }) => into === undefined || into === S4)
      .map(({ code, into }) => ({
        url: '/v1/register/changes',
        type: 'text/csv',
        body: line('on,mergedInto', `close,${code},2026-06-01,${into ?? ''}`),
        need: closing(code, '2026-06-01', into),
      })),
    ...additions.map(({ code, county, range }) => ({
      url: '/v1/register/changes',
      type: 'text/csv',
      body: line('on,name,kind,county', `add,${code},2025-05-01,新机关,OTHER,${county}`),
      need: ofRegister([county, ...range]),
    })),
    ...exempted.map(({ code, year }) => ({
      url: '/v1/register/changes',
      type: 'text/csv',
      body: line('year,reason', `exempt,${code},${year},r`),
      need: exempting(code, year),
    })),
    ...counties.map((code) => ({
      url: '/v1/register/changes',
      type: 'text/csv',
      body: line('on,name', `division-change,${code},2025-03-01,某县`),
      need: ofRegister([code]),
    })),
    ...counties.map((code) => ({
      url: '/v1/register/changes',
      type: 'text/csv',
      body: line('year,due', `deadline,${code},2022,02-15`),
      need: ofRegister([code]),
    })),
  ],
  'POST /v1/imports': unfiled
    .flatMap((code) => [
      {
        url: '/v1/imports',
        type: ndjson,
        body: JSON.stringify(filingBody({ agency: code, year: 2024 })),
        need: ofReport(code, 2024, ['file']),
      },
      {
        url: '/v1/imports',
        query: 'revise=true&reason=r&',
        type: ndjson,
        body: JSON.stringify(filingBody({ agency: code, year: 2021, publishedItems: { total: 3 } })),
        need: ofReport(code, 2021, ['file']),
      },
    ])
    .filter(({ body }) => !(body.includes('"year":2021') && JSON.parse(body).agency === X3)),
};

/** Calls by which tokens are made and ended: they have no dry run, and are held to the rule one after another. */
const ofTokens = ['POST /v1/tokens', 'POST /v1/tokens/{id}/rotation', 'DELETE /v1/tokens/{id}'];
/** A subscription is its token's own, wherever that is for; they are held to it in the test of subscriptions. */
const ofSubscriptions = [
  'POST /v1/subscriptions',
  'PATCH /v1/subscriptions/{id}',
  'DELETE /v1/subscriptions/{id}',
  'POST /v1/subscriptions/{id}/secret',
  'POST /v1/subscriptions/{id}/test',
  'POST /v1/subscriptions/{id}/attempts',
  'POST /v1/subscriptions/{id}/deliveries/{delivery}/attempts',
];
/** What reads a document, or a list that it compares with the register, writes nothing. */
const readsOnly = ['POST /v1/readings', 'POST /v1/register/comparison'];

const json = 'application/json';

/** A store in which all of it has happened, and the application over it. */
async function openMoved(url?: string) {
  const opened = await openTestApp(url === undefined ? {} : { url });
  const send = async (method: 'POST' | 'PUT' | 'DELETE', path: string, body?: object, headers = {}) => {
    const answer = await opened.app.inject({
      method,
      url: path,
      headers: { ...(body && { 'content-type': json }), ...headers },
      ...(body && { payload: JSON.stringify(body) }),
    });
    if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.body}`);
  };
  const change = (code: string, body: object) => send('POST', `/v1/agencies/${code}/changes`, body);
  for (const code of [X1, X2, X3, S4, X5]) await send('PUT', `/v1/agencies/${code}/exemptions/2020`, { reason: 'r' });
  await change(X1, { on: '2023-06-01', county: C, code: Y1 });
  await change(X2, { on: '2023-06-01', county: C, code: Y2 });
  await send('POST', '/v1/agencies', { code: X2, name: '新', kind: 'OTHER', county: A, validFrom: '2024-01-01' });
  await change(X3, { on: '2027-01-01', county: N, code: Y3 });
  await change(X5, { on: '2022-03-01', code: Y5 });
  await change(X6, { on: '2025-01-01', county: C });
  await send('POST', `/v1/divisions/${U}/changes`, { on: '2027-01-01', name: '某区' });
  const lenient = { prefer: 'handling=lenient' };
  const of = new Map<string, { code: string; year: number }>();
  for (const { code, year } of filed) of.set(`${whose(code, yearEnd(year)).id} ${year}`, { code, year });
  for (const { code, year } of of.values()) {
    if (code === S4 && year === 2025) continue;
    if (code === X4 || code === X6 || year === 2021) {
      await send('POST', '/v1/reports', filingBody({ agency: code, year, figures: broken }), lenient);
    }
  }
  await send('POST', `/v1/agencies/${X4}/closure`, { on: '2022-06-01', mergedInto: S4 });
  await send('POST', `/v1/agencies/${X6}/closure`, { on: '2024-01-01' });
  await change(S4, { on: '2024-01-01', county: C });
  for (const { code, year } of of.values()) {
    if (!accepted(year)) continue;
    await send('POST', '/v1/reports', filingBody({ agency: code, year, figures: broken }), lenient);
    await send('POST', `/v1/reports/${code}/${year}/reviews`, { decision: 'ACCEPTED', revision: 1 });
  }
  for (const code of counties) {
    await send('PUT', `/v1/divisions/${code}/locks/2020`, { since: '2021-03-01', reason: 'r' });
    await send('PUT', `/v1/divisions/${code}/deadlines/2021`, { due: '02-10' });
  }
  await send('PUT', `/v1/divisions/${A}/locks/2020/exceptions/${sibling}`, { reason: 'r' });
  return opened;
}

const scopesThatMatter = ['file', 'review', 'register', 'admin'] as const;

/** A code and a day by which each agency is known today, to give a grant over it. */
const knownBy: Readonly<Record<string, string>> = {
  moved: Y1,
  followed: Y2,
  follower: X2,
  announced: X3,
  merged: X4,
  successor: S4,
  recoded: Y5,
  closed: X6,
  sibling,
  unrelated,
};

/** Every holder with its token. */
async function holders(db: Db): Promise<(Holder & { readonly token: string })[]> {
  const made: (Holder & { readonly token: string })[] = [];
  for (const scope of scopesThatMatter) {
    for (const division of divisions) made.push({ scope, division, token: await tokenFor(db, { scope, division }) });
    for (const { id } of identities) {
      made.push({ scope, agency: id, token: await tokenFor(db, { scope, agency: knownBy[id] }) });
    }
  }
  made.push({ scope: 'read', division: nation, token: await tokenFor(db, { scope: 'read' }) });
  return made;
}

/** An import is kept with its outcome, whatever that is. */
const ofImports = ['import', 'import_item'];

/** The digest of each table. */
async function digestsOf(db: Db, except: readonly string[]): Promise<Record<string, string>> {
  const tables = await runSql<{ name: string }>(
    db,
    "select name from sqlite_master where type = 'table' order by name",
  );
  const digests: Record<string, string> = {};
  for (const { name } of tables.filter((table) => !except.includes(table.name))) {
    digests[name] = hash('sha256', JSON.stringify(await runSql(db, `select * from ${name}`)));
  }
  return digests;
}

type Opened = Awaited<ReturnType<typeof openTestApp>>;

async function call(
  app: Opened['app'],
  name: string,
  { url, body, type = json, headers = {}, query = '' }: Case,
  by: string,
  dryRun: boolean,
) {
  const [method = ''] = name.split(' ');
  const asked = [query, dryRun ? 'dryRun=true' : ''].join('').replace(/&$/, '');
  const answer = await app.inject({
    method: method as 'POST',
    url: asked === '' ? url : `${url}?${asked}`,
    // An empty header is a stranger's; a token that is none would be counted as a guess.
    headers: {
      ...headers,
      ...(by === '' ? { authorization: '' } : bearer(by)),
      ...(body !== undefined && { 'content-type': type }),
    },
    ...(body !== undefined && { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  // An import is answered item by item.
  const items = name === 'POST /v1/imports' && answer.statusCode < 300 ? answer.json().items : [];
  const status = items[0]?.problem?.status ?? answer.statusCode;
  return { status, body: answer.body };
}

t.test('every call that writes is in the matrix', async (t) => {
  const { paths } = JSON.parse(readFileSync(join(packageRoot, 'openapi.json'), 'utf8'));
  const writing = Object.entries<Record<string, unknown>>(paths).flatMap(([path, methods]) =>
    Object.keys(methods)
      .filter((method) => ['post', 'put', 'patch', 'delete'].includes(method))
      .map((method) => `${method.toUpperCase()} ${path}`),
  );
  t.same([...Object.keys(cases), ...ofTokens, ...ofSubscriptions, ...readsOnly].toSorted(), writing.toSorted());
  for (const [name, some] of Object.entries(cases)) t.ok(some.length > 0, name);
});

t.test(
  'whoever changes anything has the right over it as it lies now, on every day that is touched, and where it goes',
  async (t) => {
    const opened = await openMoved();
    t.teardown(opened.close);
    const { app, db } = opened;
    const callers = await holders(db);
    const before = await digestsOf(db, ofImports);
    const wrong: string[] = [];
    const count = { cells: 0, allowed: 0 };
    for (const [name, some] of Object.entries(cases)) {
      for (const one of some) {
        for (const caller of callers.filter(({ agency }) => agency === undefined || isNear(agency, one.need))) {
          const may = mayDo(caller, one.need);
          // What is refused is sent in earnest, what is done as a dry run: afterwards nothing has changed.
          const { status, body } = await call(app, name, one, caller.token, may || name === 'POST /v1/imports');
          count.cells++;
          if (may) count.allowed++;
          if (may ? status < 300 : status === 403) continue;
          const who = `${caller.scope} over ${caller.division ?? caller.agency}`;
          wrong.push(
            `${name} ${one.url} ${JSON.stringify(one.body)?.slice(0, 120)} by ${who}: ${status}, should ${may ? 'be done' : 'be 403'}: ${body.slice(0, 300)}`,
          );
        }
        const stranger = await call(app, name, one, '', false).catch((error) => ({ status: 0, body: String(error) }));
        count.cells++;
        if (stranger.status !== 401) wrong.push(`${name} ${one.url} by a stranger: ${stranger.status}`);
      }
    }
    t.same(wrong.slice(0, 20), []);
    t.equal(wrong.length, 0);
    t.same(await digestsOf(db, ofImports), before, 'nothing has changed');
    t.ok(count.cells > 15_000 && count.allowed > 1000, `${count.cells} cells, ${count.allowed} of them allowed`);
    t.comment(`${count.cells} cells, ${count.allowed} of them allowed`);
  },
);

const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

t.test('a table, a workbook and a document are filed by whom the report belongs to, as JSON is', async (t) => {
  const opened = await openMoved();
  t.teardown(opened.close);
  t.teardown(() => stopReaders());
  const { app, db } = opened;
  const callers = (await holders(db)).filter(({ scope }) => scope === 'file');
  const wrong: string[] = [];
  let cells = 0;
  const hold = (what: string, caller: Holder, need: Need, status: number) => {
    cells++;
    if (mayDo(caller, need) ? status < 300 : status === 403) return;
    wrong.push(`${what} by ${caller.division ?? caller.agency}: ${status}`);
  };
  const send = (url: string, type: string, payload: Buffer, by: string) =>
    app.inject({
      method: 'POST',
      url,
      headers: { ...bearer(by), 'content-type': type, prefer: 'handling=lenient' },
      payload,
    });
  for (const [county, year] of [A, C].flatMap((county) => [2021, 2025].map((year) => [county, year] as const))) {
    if (county === C && year === 2021) continue;
    for (const [extension, type] of Object.entries({ csv: 'text/csv', xlsx })) {
      const source = `/v1/exports/reports.${extension}?division=${county}&year=${year}`;
      const { statusCode, rawPayload } = await app.inject(source);
      t.equal(statusCode, 200, source);
      for (const caller of callers) {
        const url = '/v1/imports?revise=true&reason=r&dryRun=true';
        const { items } = (await send(url, type, rawPayload, caller.token)).json();
        for (const { agency, problem } of items) {
          hold(`${source} ${agency}`, caller, ofReport(agency, year, ['file']), problem?.status ?? 200);
        }
      }
    }
  }
  for (const { code, year } of filed.filter(({ code }) => [X1, Y1, X2, S4].includes(code))) {
    const need = ofReport(code, year, ['file']);
    const near = callers.filter(({ agency }) => agency === undefined || isNear(agency, need));
    for (const [extension, type] of Object.entries({ html: 'text/html', docx })) {
      const source = `/v1/reports/${code}/${year}.${extension}`;
      const { statusCode, rawPayload } = await app.inject(source);
      t.equal(statusCode, 200, source);
      for (const caller of near.filter((_, index) => index % 2 === 0)) {
        const url = `/v1/reports?agency=${code}&year=${year}&dryRun=true`;
        hold(source, caller, need, (await send(url, type, rawPayload, caller.token)).statusCode);
      }
    }
  }
  t.same(wrong, []);
  t.ok(cells > 300, `${cells} cells`);
  t.comment(`${cells} cells of tables and documents`);
});

t.test('a dry run is refused and done as the real call is', async (t) => {
  const opened = await openMoved();
  t.teardown(opened.close);
  const { app, db } = opened;
  const everything = await tokenFor(db);
  const nothing = await tokenFor(db, { division: U });
  for (const [name, some] of Object.entries(cases)) {
    for (const one of some.filter(({ need }) => !mayDo({ scope: 'admin', division: U }, need))) {
      const refused = await call(app, name, one, nothing, true);
      if (refused.status !== 403) t.fail(`${name} ${one.url} as a dry run: ${refused.status}`);
    }
  }
  for (const [name, some] of Object.entries(cases)) {
    let done = 0;
    for (const one of some) {
      if (done === 2) break;
      const dry = await call(app, name, one, everything, true);
      // What was done before in earnest stands in the way of some.
      if (dry.status >= 300) continue;
      const real = await call(app, name, one, everything, false);
      done++;
      t.equal(real.status, dry.status, `${name} ${one.url}`);
      if (name !== 'POST /v1/imports') t.same(real.body, dry.body);
    }
    t.ok(done > 0, `${name}: ${done} in earnest`);
  }
});

t.test(
  'a token is made, listed, renewed and ended by who administers what it is over as that lies today',
  async (t) => {
    const opened = await openMoved();
    t.teardown(opened.close);
    const { app, db } = opened;
    const callers = (await holders(db)).filter(({ scope }) => scope !== 'review');
    const overAgency = (code: string): Need => {
      const one = whose(code, today);
      return { scopes: ['admin'], over: [lies(one, today)], agency: one.id };
    };
    const places = [
      ...codes.map((code) => ({ place: { agency: code }, need: overAgency(code) })),
      ...[...counties, '431200'].map((code) => ({
        place: { division: code },
        need: { scopes: ['admin'], over: [code] } as Need,
      })),
    ];
    const targets: { id: number; need: Need }[] = [];
    for (const [index, { place, need }] of places.entries()) {
      await tokenFor(db, { scope: 'file', ...place }, `target ${index}`);
      const [row] = await runSql<{ id: number }>(db, 'select id from token where name = ?', [`target ${index}`]);
      targets.push({ id: row?.id ?? 0, need });
    }
    const calls = (phase: 'refused' | 'done') =>
      callers.flatMap((caller, number) => [
        ...places.map(({ place, need }, index) => ({
          caller,
          need,
          method: 'POST' as const,
          url: '/v1/tokens',
          body: { name: `${phase} ${number} ${index}`, grants: [{ scope: 'file', ...place }] },
        })),
        ...targets.flatMap(({ id, need }) => [
          { caller, need, method: 'POST' as const, url: `/v1/tokens/${id}/rotation`, body: {} },
          { caller, need, method: 'DELETE' as const, url: `/v1/tokens/${id}`, body: undefined },
        ]),
      ]);
    const send = async ({ caller, method, url, body }: ReturnType<typeof calls>[number]) => {
      const headers = { ...bearer(caller.token), ...(body && { 'content-type': json }) };
      return app.inject({ method, url, headers, ...(body && { payload: JSON.stringify(body) }) });
    };
    for (const caller of callers.filter(({ scope }) => scope === 'admin')) {
      const listed = await app.inject({ url: '/v1/tokens', headers: bearer(caller.token) });
      const ids = listed.json().items.map(({ id }: { id: number }) => id);
      const seen = targets.filter(({ id }) => ids.includes(id)).map(({ id }) => id);
      const own = targets.filter(({ need }) => mayDo(caller, need)).map(({ id }) => id);
      t.same(seen, own, `what ${caller.division ?? caller.agency} lists`);
    }
    const before = await digestsOf(db, []);
    const refused = calls('refused').filter(({ caller, need }) => !mayDo(caller, need));
    const wrong: string[] = [];
    for (const one of refused) {
      const { statusCode } = await send(one);
      // A token that one does not administer is none that one is told of.
      const hidden = one.url !== '/v1/tokens' && one.caller.scope === 'admin';
      if (statusCode !== (hidden ? 404 : 403)) wrong.push(`${one.url} by ${JSON.stringify(one.caller)}: ${statusCode}`);
    }
    t.same(await digestsOf(db, []), before, 'nothing has changed');
    const done = calls('done').filter(({ caller, need }) => mayDo(caller, need));
    const ending = done.toSorted((one, other) => Number(one.method === 'DELETE') - Number(other.method === 'DELETE'));
    for (const one of ending) {
      const { statusCode } = await send(one);
      if (statusCode >= 300) wrong.push(`${one.url} by ${JSON.stringify(one.caller)}: ${statusCode}`);
    }
    t.same(wrong.slice(0, 20), []);
    t.ok(refused.length > 1000 && done.length > 150, `${refused.length} refused, ${done.length} done`);
    t.comment(`${refused.length + done.length} cells of tokens`);
  },
);
