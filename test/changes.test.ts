/** The change feed: a copy that follows it has what can be read, for every reader, and is told nothing else. */
import { deepEqual, equal } from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { buildApp } from '../src/app.js';
import { Problem } from '../src/problem.js';
import { applyChange } from '../src/register/change/change.js';
import type { RegisterChange } from '../src/register/change/register-change.js';
import { fileReport } from '../src/report/file.js';
import { noteFinding, reviewReport } from '../src/report/review.js';
import { withdrawReport } from '../src/report/withdraw.js';
import { inTransaction } from '../src/store/engine/commit.js';
import type { Db } from '../src/store/engine/schema.js';
import type { ActContext } from '../src/words.js';
import { act, bearer, filing, hongjiang, openTestStore, qunfeng, runSql, tokenFor, townshipsOf } from './builders.js';

const neighbour = '431202';
const years = [2021, 2022];

/** A clock that no two acts share an instant of. */
function tickingClock() {
  let instant = act.now.getTime();
  return () => new Date(instant++);
}

type App = Awaited<ReturnType<typeof buildApp>>;

interface Change {
  readonly about: string;
  readonly type: string;
  readonly agency: string | null;
  readonly year: number | null;
  readonly revision: number | null;
  readonly etag: string | null;
  readonly divisions: readonly string[];
  readonly deleted?: true;
  readonly reason?: string;
}

/** Who keeps a copy: the headers, the division it is of, and how it follows. */
interface Follower {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly division?: string;
  readonly copy: Map<string, { readonly etag: string; readonly body: string }>;
  since: string | undefined;
}

async function read(app: App, url: string, headers: Readonly<Record<string, string>> = {}) {
  const { statusCode, headers: answered, body } = await app.inject({ url, headers });
  return { status: statusCode, etag: String(answered.etag), body };
}

async function feed(app: App, query: Readonly<Record<string, unknown>> = {}, headers = {}) {
  const asked = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : `${name}=${value}`));
  const answer = await app.inject({ url: `/v1/changes?${asked.join('&')}`, headers });
  const { changes = [], ...body } = answer.json();
  return { status: answer.statusCode, headers: answer.headers, changes: changes as Change[], ...body };
}

/** Reads what has changed, and each report that is told of, as a copy does. */
async function catchUp(app: App, follower: Follower, first: number, every: boolean): Promise<void> {
  const { headers, division, copy } = follower;
  for (let more = true; more; ) {
    const told = await feed(app, { since: follower.since, first, every, division }, headers);
    equal(told.status, 200, JSON.stringify(told));
    for (const { about, agency, year, etag, deleted } of told.changes) {
      if (about !== 'report') continue;
      const key = `${agency}/${year}`;
      if (deleted) copy.delete(key);
      if (etag === null) continue;
      const answer = await read(app, `/v1/reports/${key}`, headers);
      equal(answer.etag, etag, `${follower.name} is told the tag of ${key}`);
      copy.set(key, answer);
    }
    follower.since = told.next;
    more = told.more;
  }
}

/** What a reader finds by listing everything. */
async function wholeOf(app: App, { headers, division }: Follower): Promise<Map<string, unknown>> {
  const answer = await read(app, `/v1/reports?first=500${division ? `&county=${division}` : ''}`, headers);
  const items: { agency: string; year: number }[] = JSON.parse(answer.body).items;
  const whole = new Map<string, unknown>();
  for (const { agency, year } of items) {
    whole.set(`${agency}/${year}`, await read(app, `/v1/reports/${agency}/${year}`, headers));
  }
  return whole;
}

const sorted = (map: ReadonlyMap<string, unknown>) => [...map].sort(([one], [other]) => (one < other ? -1 : 1));

/** What is done: something with a report, or with the register on a day; and who follows after it, and how. */
const step = fc.record({
  what: fc.oneof(
    { weight: 6, arbitrary: fc.constant('file') },
    { weight: 5, arbitrary: fc.constant('accept') },
    { weight: 3, arbitrary: fc.constant('note') },
    { weight: 2, arbitrary: fc.constantFrom('return', 'withdraw') },
    { weight: 3, arbitrary: fc.constantFrom('move', 'recode', 'rename', 'merge') },
    { weight: 2, arbitrary: fc.constantFrom('deadline', 'deadline', 'exempt') },
  ),
  agency: fc.nat(2),
  year: fc.constantFrom(...years),
  count: fc.nat(2),
  publishedOn: fc.constantFrom('01-10', '03-10', undefined),
  on: fc.constantFrom('2021-03-01', '2021-06-01', '2022-06-01'),
  other: fc.nat(2),
  due: fc.constantFrom('01-31', '03-31'),
  who: fc.nat(),
  first: fc.integer({ min: 1, max: 4 }),
  every: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer Taken> ? Taken : never;

/** An agency's code on a day, by its identity. */
async function codeOn(db: Db, id: number, on: string): Promise<string> {
  const [state] = await runSql<{ code: string }>(
    db,
    `select code from agency_state where agency_id = ? order by valid_from <= ? desc, valid_from desc limit 1`,
    [id, on],
  );
  return state?.code ?? '';
}

/** Does what a step says; what the register or the report does not allow is left out. */
async function take(db: Db, ids: readonly number[], now: Date, step: Step): Promise<void> {
  const { what, year, on, count } = step;
  const by: ActContext = { ...act, now };
  const id = ids[step.agency] ?? 0;
  const agency = await codeOn(db, id, what === 'move' || what === 'recode' || what === 'rename' ? on : `${year}-12-31`);
  const [current] = await runSql<{ revision: number }>(
    db,
    'select revision from report where agency_id = ? and year = ?',
    [id, year],
  );
  const change = (one: RegisterChange) => inTransaction(db, {}, (trx) => applyChange(trx, by, one));
  const revision = current?.revision ?? 0;
  switch (what) {
    case 'file': {
      const figures = {
        'decisions.penalties.decided': count,
        'applications.carriedIn.total': count,
        'applications.carriedOut.total': count,
      };
      const source = step.publishedOn && { source: { publishedOn: `${year + 1}-${step.publishedOn}` } };
      const filed = filing({ agency, year, figures, reason: '更正', ...source });
      await fileReport(db, by, filed, { method: 'put', lenient: true, ...(current && { ifMatch: 'any' }) });
      return;
    }
    case 'accept':
    case 'return': {
      const decision = what === 'accept' ? 'ACCEPTED' : 'RETURNED';
      await reviewReport(db, by, { agency, year, revision, decision, reason: '意见' }, {});
      return;
    }
    case 'withdraw':
      await withdrawReport(db, by, { agency, year, reason: '误报' }, { ifMatch: 'any' });
      return;
    case 'note': {
      const [finding] = await runSql<{ body: string }>(
        db,
        'select f.body from finding f join report r on r.id = f.report_id where r.agency_id = ? and r.year = ?',
        [id, year],
      );
      const { code, pointer } = JSON.parse(finding?.body ?? '{"code":"none","pointer":""}');
      const status = revision % 2 === 0 ? 'CONFIRMED' : 'EXPLAINED';
      await noteFinding(db, by, { agency, year, code, pointer, status, text: `第 ${now.getTime()} 次` }, {});
      return;
    }
    case 'move':
      await change({ action: 'change', agency, on, county: step.other === 0 ? hongjiang : neighbour });
      return;
    case 'recode':
      await change({ action: 'change', agency, on, code: `X-${id}-${on}` });
      return;
    case 'rename':
      await change({ action: 'change', agency, on, name: `${on} 起的乡` });
      return;
    case 'merge': {
      const mergedInto = await codeOn(db, ids[step.other] ?? 0, on);
      await change({ action: 'close', agency: await codeOn(db, id, on), on, mergedInto });
      return;
    }
    case 'deadline':
      await change({ action: 'deadline', division: hongjiang, year, due: step.due });
      return;
    case 'exempt':
      await change({ action: 'exempt', agency, year, reason: '新设' });
  }
}

/** The entries of the log that each type of change is told with. */
const toldWith: Readonly<Record<string, RegExp>> = {
  filed: /^report\.file$/,
  revised: /^report\.revise$/,
  accepted: /^report\.accept$/,
  returned: /^report\.return$/,
  withdrawn: /^report\.withdraw$/,
  noted: /^finding\.note$/,
  findings: /^report\.|^register\.close$/,
  moved: /^register\.change$/,
  recoded: /^register\.change$/,
  renamed: /^register\.change$/,
  closed: /^register\.close$/,
  merged: /^register\.close$/,
  exempted: /^register\.exempt$/,
  deadline: /^register\.deadline$/,
};

/** Changes that are told with the entry of another act, or with none. */
async function misattributed(db: Db) {
  const told = await runSql<{ type: string; action: string | null }>(
    db,
    'select c.type, a.action from change c left join audit a on a.number = c.audit',
  );
  return told.filter(({ type, action }) => !toldWith[type]?.test(action ?? ''));
}

t.test('a copy that follows the feed has what listing everything gives, tags and bytes, for every reader', async () => {
  const townships = [qunfeng, ...(await townshipsOf(hongjiang)).filter((code) => code !== qunfeng).slice(0, 1)];
  const codes = [...townships, (await townshipsOf(neighbour))[0] ?? ''];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('accepted' as const, 'none' as const),
      fc.array(step, { minLength: 30, maxLength: 60 }),
      async (publicReading, steps) => {
        const db = await openTestStore();
        const clock = tickingClock();
        const app = await buildApp({ db, clock, logger: false, publicReading });
        const holder = async (grant: Parameters<typeof tokenFor>[1]) => bearer(await tokenFor(db, grant));
        const follower = (name: string, headers: Follower['headers'], division?: string): Follower => {
          return { name, headers, copy: new Map(), since: undefined, ...(division !== undefined && { division }) };
        };
        const nation = await holder({ scope: 'read' });
        const county = await holder({ scope: 'read', division: hongjiang });
        const followers = [
          follower('the nation', nation),
          follower('the nation, of a county', nation, hongjiang),
          follower('a county', county),
          follower('its neighbour', await holder({ scope: 'review', division: neighbour })),
          follower('an agency', await holder({ scope: 'file', agency: qunfeng })),
          ...(publicReading === 'accepted'
            ? [follower('a stranger', {}), follower('a stranger, of a county', {}, hongjiang)]
            : []),
        ];
        const rows = await runSql<{ id: number; code: string }>(db, 'select agency_id as id, code from agency_state');
        const ids = codes.map((code) => rows.find((row) => row.code === code)?.id ?? 0);
        for (const [index, one] of steps.entries()) {
          await take(db, ids, clock(), one).catch((error) => {
            if (!(error instanceof Problem)) throw error;
          });
          for (const place of new Set([index, one.who].map((number) => number % followers.length))) {
            const who = followers[place];
            if (!who) continue;
            await catchUp(app, who, one.first, one.every);
            deepEqual(sorted(who.copy), sorted(await wholeOf(app, who)), `${who.name} after ${one.what}`);
          }
        }
        deepEqual(await misattributed(db), []);
        await app.close();
        await db.destroy();
      },
    ),
    { numRuns: 15 },
  );
});
