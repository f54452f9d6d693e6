/**
 * The client's copy after thousands of random acts: it follows in pieces, is killed between fetching and keeping, and
 * equals the export of its reader whenever it has caught up. `ACTS=10000 SEED=7 npx tap test/copy.test.ts` goes further.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { openClient } from '../examples/client.js';
import { type Copy, catchUp, differences, openCopy, step } from '../examples/copy.js';
import { buildApp } from '../src/app.js';
import { inTransaction } from '../src/store/engine/commit.js';
import { openStore } from '../src/store/engine/open.js';
import type { Db } from '../src/store/engine/schema.js';
import { loadRegister } from '../src/store/register/load/load.js';
import type { AgencyKind, DivisionLevel } from '../src/words.js';
import { bearer, filingBody, runSql, scratch, tokenFor } from './builders.js';

t.setTimeout(3_600_000);

const acts = Number(process.env.ACTS ?? 1_500);
/** From which act on to compare after each: to find which one a copy was not told of. */
const closely = Number(process.env.CLOSELY ?? Number.POSITIVE_INFINITY);
const seed = Number(process.env.SEED ?? 20_240_131);

type App = Awaited<ReturnType<typeof buildApp>>;

/** Numbers that look random and are the same for the same seed. */
function chances(from: number) {
  let state = from;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[below(items.length)];
  return { below, pick, once: (of: number) => below(of) === 0 };
}
type Chances = ReturnType<typeof chances>;

const tree: readonly (readonly [code: string, level: DivisionLevel, parent: string])[] = [
  ['100000', 'NATION', ''],
  ['430000', 'PROVINCE', '100000'],
  ['440000', 'PROVINCE', '100000'],
  ['431200', 'PREFECTURE', '430000'],
  ['431300', 'PREFECTURE', '430000'],
  ['441200', 'PREFECTURE', '440000'],
  ['431281', 'COUNTY', '431200'],
  ['431202', 'COUNTY', '431200'],
  ['431302', 'COUNTY', '431300'],
  ['441202', 'COUNTY', '441200'],
];
const countyCodes = tree.flatMap(([code, level]) => (level === 'COUNTY' ? [code] : []));
const kinds: readonly AgencyKind[] = ['TOWNSHIP', 'SUBDISTRICT', 'OTHER'];

async function openSmallStore(): Promise<Db> {
  const days = { validFrom: '2019-01-01', validTo: '' };
  const agencies = countyCodes.flatMap((county, place) => [
    { ...days, unit: county, county, code: county, name: `区划${county}`, kind: 'COUNTY' as const },
    ...[1, 2, 3, 4, 5].map((index) => {
      const code = `${county}10${index}`;
      return { ...days, unit: code, county, code, name: `机关${code}`, kind: kinds[(place + index) % 3] ?? 'OTHER' };
    }),
  ]);
  const divisions = tree.map(([code, level, parent]) => ({
    ...{ ...days, unit: code, code, name: `区划${code}`, level, parent },
  }));
  const db = await openStore('sqlite::memory:');
  const rows = { divisions, agencies, successions: [], bases: [], otherCodes: [] };
  await inTransaction(db, {}, (trx) => loadRegister(trx, rows, () => {}));
  return db;
}

/** What is asked of the service. */
interface Asked {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What can be acted on, as it is now. */
interface Now {
  readonly today: string;
  readonly agencies: readonly {
    readonly code: string;
    readonly county: string;
    readonly from: string;
    readonly to: string | null;
  }[];
  readonly divisions: readonly {
    readonly code: string;
    readonly level: DivisionLevel;
    readonly from: string;
    readonly to: string | null;
  }[];
  readonly reports: readonly { readonly code: string; readonly year: number; readonly revision: number }[];
  readonly findings: readonly {
    readonly rule: string;
    readonly pointer: string;
    readonly code: string;
    readonly year: number;
  }[];
  readonly exemptions: readonly { readonly code: string; readonly year: number }[];
  readonly locks: readonly { readonly code: string; readonly year: number }[];
}

async function lookAround(db: Db, today: string): Promise<Now> {
  const held = `s.valid_from <= r.year || '-12-31' and (s.valid_to is null or s.valid_to > r.year || '-12-31')`;
  const open = "d.valid_from <= l.year || '-12-31' and (d.valid_to is null or d.valid_to > l.year || '-12-31')";
  return {
    today,
    agencies: await runSql(
      db,
      `select s.code, d.code as county, s.valid_from as "from", s.valid_to as "to" from agency_state s
        join division_state d on d.division_id = s.county_id and d.valid_to is null where s.kind <> 'COUNTY'`,
    ),
    divisions: await runSql(
      db,
      `select s.code, d.level, s.valid_from as "from", s.valid_to as "to" from division_state s join division d on d.id = s.division_id`,
    ),
    reports: await runSql(
      db,
      `select s.code, r.year, r.revision from report r join agency_state s on s.agency_id = r.agency_id and ${held}`,
    ),
    findings: await runSql(
      db,
      `select f.code as rule, json_extract(f.body, '$.pointer') as pointer, s.code, r.year from finding f join report r on r.id = f.report_id
        join agency_state s on s.agency_id = r.agency_id and ${held}`,
    ),
    exemptions: await runSql(
      db,
      `select s.code, r.year from exemption r join agency_state s on s.agency_id = r.agency_id and ${held}`,
    ),
    locks: await runSql(
      db,
      `select d.code, l.year from year_lock l join division_state d on d.division_id = l.division_id and ${open}`,
    ),
  };
}

/** How often what is done, of so many in all. */
const doings = {
  ...{ file: 24, revise: 16, accept: 20, return: 8, withdraw: 4, note: 6 },
  ...{ lock: 2, unlock: 3, except: 2, exempt: 2, unexempt: 2, deadline: 3 },
  ...{ rename: 3, recode: 3, reclassify: 2, move: 4, add: 4, retract: 3 },
  ...{ merge: 2, split: 2, close: 1, reopen: 5, document: 2 },
  ...{ nameDivision: 2, recodeDivision: 2, moveDivision: 2, addDivision: 2, transfer: 2 },
  ...{ mergeDivision: 1, splitDivision: 1, closeDivision: 1, retractDivision: 2 },
} as const;
type Doing = keyof typeof doings;
const weighed = (Object.keys(doings) as Doing[]).flatMap((what) => new Array<Doing>(doings[what]).fill(what));

/** A day of a change: the turn of a year, long ago, or announced. */
function anyDay({ below }: Chances, today: string): string {
  const year = 2019 + below(6);
  const announced = new Date(Date.parse(today) + (1 + below(200)) * 86_400_000).toISOString().slice(0, 10);
  return [`${year}-12-31`, `${year + 1}-01-01`, `${year}-0${1 + below(9)}-1${below(10)}`, announced][below(4)] ?? today;
}

/** A filing that is now and then wrong, late, blank, or wordy. */
function anyFiling({ below, once }: Chances, agency: string, year: number, today: string) {
  const [carriedIn, carriedOut] = [below(4), below(4)];
  const figures: Record<string, number | null> = { 'decisions.penalties.decided': once(4) ? null : below(50) };
  for (const column of ['naturalPerson', 'total']) {
    figures[`applications.carriedIn.${column}`] = carriedIn;
    figures[`applications.newReceived.${column}`] = Math.max(0, carriedOut - carriedIn);
    figures[`applications.processed.${column}`] = Math.max(0, carriedIn - carriedOut) + (once(6) ? 1 : 0);
    figures[`applications.granted.${column}`] = Math.max(0, carriedIn - carriedOut);
    figures[`applications.carriedOut.${column}`] = carriedOut;
  }
  const published = [undefined, `${year + 1}-01-20`, `${year + 1}-02-25`][below(3)];
  const said = { overview: `总体情况${below(9)}`, problems: null };
  return filingBody({
    ...{ agency, year, figures, reason: `更正${below(9)}` },
    ...(published !== undefined && published <= today && { source: { url: null, publishedOn: published } }),
    ...(once(3) && { narrative: said }),
    ...(once(3) && { publishedItems: { total: 5, categories: [{ name: '政策文件', count: 5 }], channels: [] } }),
  });
}

/** An act, as it is sent; undefined where there is nothing to act on. Many are refused, as they are in life. */
function askFor(what: Doing, now: Now, dice: Chances, count: number): Asked | undefined {
  const { below, pick, once } = dice;
  const { today } = now;
  const year = 2019 + below(Number(today.slice(0, 4)) - 2019 + 1);
  const on = anyDay(dice, today);
  const current = now.agencies.filter(({ to }) => to === null);
  const agency = pick(once(8) ? now.agencies : current);
  const other = pick(current)?.code ?? '';
  const divisions = now.divisions.filter(({ to, level }) => to === null && level !== 'NATION');
  const counties = divisions.filter(({ level }) => level === 'COUNTY');
  const [county, another] = [pick(counties)?.code ?? '', pick(counties)?.code ?? ''];
  const division = pick(divisions);
  const announced = pick(now.divisions.filter(({ from }) => from > today));
  const report = pick(now.reports);
  const exempt = pick(now.exemptions);
  const at = report && `/v1/reports/${report.code}/${report.year}`;
  const lenient = { prefer: 'handling=lenient' };
  const post = (url: string, body: object): Asked => ({ method: 'POST', url, body });
  const put = (url: string, body: object): Asked => ({ method: 'PUT', url, body });
  const change = (body: object) => agency && post(`/v1/agencies/${agency.code}/changes`, { on, ...body });
  const close = (body: object) => agency && post(`/v1/agencies/${agency.code}/closure`, { on, ...body });
  const changeDivision = (body: object) => division && post(`/v1/divisions/${division.code}/changes`, { on, ...body });
  const changeCounty = (body: object) => post(`/v1/divisions/${county}/changes`, { on, ...body });
  switch (what) {
    case 'file': {
      const code = once(6) ? county : agency?.code;
      return code === undefined
        ? undefined
        : { ...post('/v1/reports', anyFiling(dice, code, year, today)), headers: lenient };
    }
    case 'revise':
      if (!report || !at) return undefined;
      return { ...put(at, anyFiling(dice, report.code, report.year, today)), headers: { ...lenient, 'if-match': '*' } };
    case 'accept':
    case 'return': {
      const decision = what === 'accept' ? 'ACCEPTED' : 'RETURNED';
      return report && at ? post(`${at}/reviews`, { decision, revision: report.revision, reason: '意见' }) : undefined;
    }
    case 'withdraw':
      return at === undefined ? undefined : { method: 'DELETE', url: `${at}?reason=x`, headers: { 'if-match': '*' } };
    case 'note': {
      const found = pick(now.findings);
      const standing = pick(['CONFIRMED', 'EXPLAINED', 'OPEN']);
      const body = found && {
        code: found.rule,
        pointer: found.pointer,
        standing,
        text: standing === 'OPEN' ? '' : `说明${below(5)}`,
      };
      return body && put(`/v1/reports/${found.code}/${found.year}/notes`, body);
    }
    case 'lock':
      return division && put(`/v1/divisions/${division.code}/locks/${year}`, { since: today, reason: '已公布' });
    case 'unlock':
    case 'except': {
      const lock = pick(now.locks);
      const url = lock && `/v1/divisions/${lock.code}/locks/${lock.year}`;
      if (url === undefined || what === 'unlock') return url === undefined ? undefined : { method: 'DELETE', url };
      return agency && put(`${url}/exceptions/${agency.code}`, { until: null, reason: '更正' });
    }
    case 'exempt':
      return agency && put(`/v1/agencies/${agency.code}/exemptions/${year}`, { reason: '新设' });
    case 'unexempt':
      return exempt && { method: 'DELETE', url: `/v1/agencies/${exempt.code}/exemptions/${exempt.year}` };
    case 'deadline': {
      const due = pick(['01-15', '02-20', '03-31']);
      const url = division && `/v1/divisions/${division.code}/deadlines/${once(3) ? 'default' : year}`;
      return url === undefined ? undefined : once(4) ? { method: 'DELETE', url } : put(url, { due });
    }
    case 'rename':
      return change({ name: `名${below(99)}` });
    case 'recode':
      return change({ code: once(2) ? other : `${county}${500 + below(400)}` });
    case 'reclassify':
      return change({ kind: pick(kinds) });
    case 'document':
      return agency && change({ on: agency.from, document: `文〔2022〕${below(99)}号` });
    case 'move':
      return change({ county: another });
    case 'add': {
      const code = `${county}${String(900 + (count % 100))}`;
      return post('/v1/agencies', { code, name: `新${count}`, kind: pick(kinds), county, validFrom: on });
    }
    case 'retract': {
      const one = pick(now.agencies.filter(({ from }) => from > today));
      return one && { method: 'DELETE', url: `/v1/agencies/${one.code}/changes/${one.from}` };
    }
    case 'merge':
      return close({ mergedInto: other });
    case 'split':
      return close({ splitInto: [other, pick(current)?.code ?? ''] });
    case 'close':
      return close({});
    case 'reopen': {
      const closed = pick(now.agencies.filter(({ to }) => to !== null));
      return closed && { method: 'DELETE', url: `/v1/agencies/${closed.code}/closure?on=${closed.from}` };
    }
    case 'nameDivision':
      return changeDivision({ name: `区${below(99)}` });
    case 'recodeDivision':
      return changeCounty({ code: once(2) ? another : `4312${10 + below(90)}` });
    case 'moveDivision': {
      const parents = divisions.filter(({ level }) => level === 'PREFECTURE');
      return changeCounty({ parent: pick(parents)?.code });
    }
    case 'addDivision': {
      const parent = pick(divisions.filter(({ level }) => level === 'PREFECTURE'))?.code;
      return post('/v1/divisions', {
        code: `4398${10 + (count % 90)}`,
        name: `新区${count}`,
        level: 'COUNTY',
        parent,
        on,
      });
    }
    case 'transfer': {
      const going = current.filter((one) => one.county === county).slice(0, 1 + below(2));
      return changeCounty({ transfer: { to: another, agencies: going.map(({ code }) => code) } });
    }
    case 'mergeDivision':
      return changeCounty({ mergedInto: another });
    case 'splitDivision': {
      const inside = current.filter((one) => one.county === county).map(({ code }) => code);
      const heirs = [another, pick(counties)?.code ?? ''];
      const splitInto = heirs.map((heir, half) => ({
        division: heir,
        agencies: inside.filter((_, at) => at % 2 === half),
      }));
      return changeCounty({ splitInto });
    }
    case 'closeDivision':
      return changeCounty({ closed: true });
    case 'retractDivision':
      return announced && { method: 'DELETE', url: `/v1/divisions/${announced.code}/changes/${announced.from}` };
  }
}

/** `fetch` of an application that listens nowhere; `fails` says whether the next request is lost. */
function fetchFrom(app: App, fails: () => boolean) {
  return async (request: Request): Promise<Response> => {
    if (fails()) throw new TypeError('the connection is lost');
    const { pathname, search } = new URL(request.url);
    // Only what reads is asked by a copy.
    const answer = await app.inject({
      method: 'GET',
      url: pathname + search,
      headers: Object.fromEntries(request.headers),
    });
    const headers = new Headers();
    for (const [name, value] of Object.entries(answer.headers))
      if (value !== undefined) headers.set(name, String(value));
    const body = answer.statusCode === 304 ? null : new Uint8Array(answer.rawPayload);
    return new Response(body, { status: answer.statusCode, headers });
  };
}

/** A reader's copy in a file, which is lost and opened again. */
interface Follower {
  readonly reader: string;
  readonly path: string;
  readonly open: () => Copy;
  /** Requests until one is lost. */
  readonly breaks: { after: number };
  copy: Copy;
}

function follow(
  app: App,
  folder: string,
  reader: string,
  asked: { readonly token?: string; readonly division?: string },
): Follower {
  const path = join(folder, `${reader}.jsonl`);
  const breaks = { after: Number.POSITIVE_INFINITY };
  const client = openClient({
    ...{ address: 'http://store', token: asked.token },
    fetch: fetchFrom(app, () => --breaks.after < 0),
  });
  const open = () => openCopy(client, path, asked.division);
  return { reader, path, open, breaks, copy: open() };
}

/** Follows for some steps of any size; now and then the connection or the program is lost in the middle of one. */
async function followSome(follower: Follower, { below, once }: Chances): Promise<void> {
  if (once(3)) follower.breaks.after = below(6);
  try {
    for (let steps = 1 + below(4); steps > 0; steps--) await step(follower.copy, { first: 1 + below(30) });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  follower.breaks.after = Number.POSITIVE_INFINITY;
  if (once(2)) return;
  // A crash while a step is written leaves some of it.
  if (once(2)) {
    const lines = readFileSync(follower.path);
    appendFileSync(
      follower.path,
      lines
        .subarray(0, below(Math.min(lines.length, 5_000)))
        .toString()
        .replace(/\{"since".*\n?/g, ''),
    );
  }
  follower.copy = follower.open();
}

/** A store with three reports, all accepted, and a client of a stranger. */
async function openWithReports(t: { teardown(end: () => unknown): unknown }) {
  const db = await openSmallStore();
  const now = new Date('2023-03-05T02:00:00Z');
  const app = await buildApp({ db, clock: () => now, logger: false });
  t.teardown(() => app.close().then(() => db.destroy()));
  const administrator = bearer(await tokenFor(db));
  const send = async (method: 'POST' | 'DELETE', url: string, payload?: object) => {
    const headers = { ...administrator, ...(method === 'DELETE' && { 'if-match': '*' }) };
    const answer = await app.inject({ method, url, headers, ...(payload && { payload }) });
    if (answer.statusCode >= 400) throw new Error(`${method} ${url}: ${answer.body}`);
  };
  for (const agency of ['431281101', '431281102', '431202101']) {
    await send('POST', '/v1/reports', filingBody({ agency, year: 2021 }));
    await send('POST', `/v1/reports/${agency}/2021/reviews`, { decision: 'ACCEPTED', revision: 1 });
  }
  return { send, client: openClient({ address: 'http://store', fetch: fetchFrom(app, () => false) }) };
}

t.test('a copy of a store that has another history starts again, empty, and equals what it then follows', async (t) => {
  const [one, other] = [await openWithReports(t), await openWithReports(t)];
  await other.send('DELETE', '/v1/reports/431281102/2021');
  const path = join(scratch(t), 'copy.jsonl');
  const copy = openCopy(one.client, path);
  await catchUp(copy);
  t.same(await differences(copy), []);
  const restored = openCopy(other.client, path);
  t.equal(restored.reports.size, 3);
  t.match(await step(restored), { restarted: true });
  await catchUp(restored);
  t.same([...restored.reports.keys()].sort(), ['431202101 2021', '431281101 2021']);
  t.same(await differences(restored), []);
});

t.test('the proof names each member that differs, and each report that only one of the two has', async (t) => {
  const { client, send } = await openWithReports(t);
  const copy = openCopy(client, join(scratch(t), 'copy.jsonl'));
  await catchUp(copy);
  const [key, kept] = [...copy.reports][0] ?? [];
  if (!key || !kept) throw new Error('there is a report');
  const figures = { ...kept.report.figures, decisions: { penalties: { decided: 7 } } };
  copy.reports.set(key, { ...kept, report: { ...kept.report, figures, onTime: !kept.report.onTime } });
  await send('DELETE', '/v1/reports/431281102/2021');
  await send('POST', '/v1/reports', filingBody({ agency: '431202102', year: 2021 }));
  await send('POST', '/v1/reports/431202102/2021/reviews', { decision: 'ACCEPTED', revision: 1 });
  const found = await differences(copy);
  const at = (one: string) => found.filter((difference) => difference.key === one);
  t.match(
    at(key).find((one) => one.at === '/figures/decisions/penalties/decided'),
    { copy: 7, store: 0 },
  );
  t.ok(at(key).some((one) => one.at === '/about/onTime'));
  t.match(at('431281102 2021'), [{ at: '', store: undefined }]);
  t.match(at('431202102 2021'), [{ at: '', copy: undefined }]);
});

t.test(`copies equal the export of their reader after ${acts} random acts, and at any moment on the way`, async (t) => {
  const db = await openSmallStore();
  const time = { now: Date.parse('2023-01-05T02:00:00Z') };
  const app = await buildApp({ db, clock: () => new Date(time.now), logger: false });
  t.teardown(() => app.close().then(() => db.destroy()));
  // What is done does not follow from how it is followed.
  const [dice, luck] = [chances(seed), chances(seed + 1)];
  const administrator = bearer(await tokenFor(db));
  const folder = scratch(t);
  const followers = [
    follow(app, folder, 'stranger', {}),
    follow(app, folder, 'clerk', { token: await tokenFor(db, { scope: 'read', division: '431281' }) }),
    follow(app, folder, 'stranger-of-prefecture', { division: '431200' }),
    follow(app, folder, 'administrator', { token: await tokenFor(db, {}, 'all') }),
  ];
  const done = new Map<string, number>();
  const refused = new Map<string, number>();
  const compareAll = async (when: string) => {
    for (const { reader, copy } of followers) {
      await catchUp(copy);
      const found = await differences(copy);
      if (found.length > 0) t.fail(`${reader} ${when}`, { found: found.slice(0, 5), of: found.length });
    }
    return followers.map(({ copy }) => copy.reports.size);
  };
  let last = '';
  for (let count = 0, accepted = 0; accepted < acts && t.passing(); count++) {
    time.now += dice.below(4 * 3_600_000);
    const today = new Date(time.now + 8 * 3_600_000).toISOString().slice(0, 10);
    const what = dice.pick(weighed) ?? 'file';
    const asked = askFor(what, await lookAround(db, today), dice, count);
    if (!asked) continue;
    const { method, url, body } = asked;
    const sent = { ...administrator, ...(body && { 'content-type': 'application/json' }), ...asked.headers };
    const answer = await app.inject({ method, url, headers: sent, ...(body && { payload: JSON.stringify(body) }) });
    if (answer.statusCode >= 500) t.fail(`${method} ${url}: ${answer.body}`);
    const tally = answer.statusCode < 400 ? done : refused;
    tally.set(what, (tally.get(what) ?? 0) + 1);
    if (answer.statusCode >= 400) continue;
    accepted++;
    last = `after ${accepted} acts, the last ${method} ${url} ${JSON.stringify(body)?.slice(0, 200)}`;
    const follower = luck.pick(followers);
    if (follower && luck.once(8)) await followSome(follower, luck);
    if (luck.once(100) || accepted >= closely) await compareAll(last);
  }
  const sizes = await compareAll(last);
  t.comment(`done ${JSON.stringify(Object.fromEntries(done))}`);
  t.comment(`refused ${JSON.stringify(Object.fromEntries(refused))}`);
  t.comment(`reports in the copies: ${followers.map(({ reader }, index) => `${reader} ${sizes[index]}`).join(', ')}`);
  t.ok(sizes.every((size) => size > 0));
  if (process.env.ACTS === undefined) return;
  t.ok(
    Object.keys(doings).every((what) => done.has(what)),
    'everything that can be done was done',
  );
});
