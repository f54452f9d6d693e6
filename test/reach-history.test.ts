/** Who has a say in the history of an agency, in the log, and over what is no more: by identity and by day. */
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { verifyAudit } from '../src/store/audit-records.js';
import type { Scope } from '../src/words.js';
import { bearer, openTestApp, runSql, townshipsOf } from './builders.js';

/** Two counties of one prefecture, and one of another province. */
const [here, beside, there] = ['431281', '431202', '350128'] as const;
const [first, second] = (await townshipsOf(here)) as [string, string];

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

async function openClient(t: Pick<Test, 'teardown'>) {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  const call = async (method: Method, url: string, body?: object | string, headers: Record<string, string> = {}) => {
    const type = typeof body === 'string' ? 'text/csv' : 'application/json';
    const answer = await app.inject({
      method,
      url,
      headers: { ...(body && { 'content-type': type }), ...headers },
      ...(body && { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() };
  };
  const held = async (scope: Scope, ...divisions: string[]) => {
    const grants = divisions.map((division) => ({ scope, division }));
    const made = await call('POST', '/v1/tokens', { name: `${scope} ${divisions} ${Math.random()}`, grants });
    return bearer(made.body.token);
  };
  const change = (code: string, body: object, headers = {}) =>
    call('POST', `/v1/agencies/${code}/changes`, body, headers);
  const close_ = (code: string, body: object, headers = {}) =>
    call('POST', `/v1/agencies/${code}/closure`, body, headers);
  const logOf = async (division: string) =>
    (await call('GET', `/v1/audit?division=${division}&first=500`)).body.items as readonly {
      action: string;
      subject: string;
      division: { code: string };
    }[];
  return { db, call, held, change, close: close_, logOf };
}

t.test('what waits behind a closing is not brought out by who has no say over where it goes', async (t) => {
  const { call, held, change, close } = await openClient(t);
  await change(first, { on: '2025-01-01', county: there });
  await close(first, { on: '2024-01-01' });
  const own = await held('register', here);
  const both = await held('register', here, there);
  t.equal((await call('DELETE', `/v1/agencies/${first}/closure`, undefined, own)).status, 403);
  t.match(
    await close(first, { on: '2026-01-01' }, own),
    { status: 403, body: { place: there } },
    'nor by closing later',
  );
  t.equal((await close(first, { on: '2024-06-01' }, own)).status, 200, 'closed before it moves, it is their own');
  const opened = await call('DELETE', `/v1/agencies/${first}/closure`, undefined, both);
  t.match(opened, { status: 200, body: { agency: { county: { code: there } } } });
});

t.test('a merger needs the right over the successor as it lies now, and is in the logs of both counties', async (t) => {
  const { call, db, held, change, close, logOf } = await openClient(t);
  await change(second, { on: '2024-01-01', county: there });
  const own = await held('register', here);
  const both = await held('register', here, there);
  const merger = { on: '2022-06-01', mergedInto: second };
  t.match(
    await close(first, merger, own),
    { status: 403, body: { place: there } },
    'on the day it lay in the same county',
  );
  t.equal((await close(first, merger, both)).status, 200);
  t.equal((await call('DELETE', `/v1/agencies/${first}/closure`, undefined, own)).status, 403, 'nor is it taken back');
  for (const [division, name] of [
    [here, 'the county that it leaves'],
    [there, 'the county that has what it went into'],
  ] as const) {
    const entries = (await logOf(division)).filter(({ action }) => action === 'register.close');
    t.match(entries, [{ subject: `/v1/agencies/${first}`, division: { code: division } }], name);
  }
  t.same((await verifyAudit(db)).faults, []);
});

t.test('a move is in the log of the county that is left and of the one that is come to, and told once', async (t) => {
  const { call, change, logOf } = await openClient(t);
  const { next } = (await call('GET', '/v1/changes?since=now')).body;
  await change(first, { on: '2025-01-01', county: there });
  for (const division of [here, there]) {
    t.same(
      (await logOf(division)).map(({ action }) => action),
      ['register.change'],
      division,
    );
  }
  const told = (await call('GET', `/v1/changes?since=${encodeURIComponent(next)}&every=true`)).body.changes;
  t.match(told, [{ type: 'moved' }]);
  t.equal(told.length, 1);
});

t.test('a token over places of several counties is in the log of each', async (t) => {
  const { held, logOf } = await openClient(t);
  await held('file', here, there);
  for (const division of [here, there]) t.match(await logOf(division), [{ action: 'token.create' }], division);
});

t.test('a token that an agency takes along to another county is seen and ended there, and not renewed', async (t) => {
  const { call, held, change } = await openClient(t);
  const made = await call('POST', '/v1/tokens', {
    name: 'office',
    grants: [
      { scope: 'file', agency: first },
      { scope: 'read', division: here },
    ],
  });
  const url = `/v1/tokens/${made.body.id}`;
  const [now, never] = [await held('admin', there), await held('admin', beside)];
  t.equal((await call('DELETE', url, undefined, now)).status, 404, 'not before it comes');
  await change(first, { on: '2025-01-01', county: there });
  const namesFor = async (headers: Record<string, string>) =>
    (await call('GET', '/v1/tokens', undefined, headers)).body.items.map(({ name }: { name: string }) => name);
  t.ok((await namesFor(now)).includes('office'));
  t.notOk((await namesFor(never)).includes('office'));
  t.equal((await call('POST', `${url}/rotation`, {}, now)).status, 404, 'it would read the county that was left');
  t.equal((await call('DELETE', url, undefined, never)).status, 404);
  t.match(await call('DELETE', url, undefined, now), { status: 200 });
  t.equal((await call('GET', '/v1/reports', undefined, bearer(made.body.token))).status, 401);
});

t.test('a code in the range of another county or of a division above needs the right there', async (t) => {
  const { call, held } = await openClient(t);
  const own = await held('register', here);
  const add = (code: string, headers: Record<string, string>) =>
    call(
      'POST',
      '/v1/agencies?dryRun=true',
      { code, name: '新镇', kind: 'TOWNSHIP', county: here, validFrom: '2025-01-01' },
      headers,
    );
  t.equal((await add(`${here}971`, own)).status, 201, 'its own');
  for (const code of [`${beside}971`, `${beside}971000`, '431200', '431299971', '439999971', '999999971']) {
    t.equal((await add(code, own)).status, 403, code);
  }
  t.equal((await add(`${beside}971`, await held('register', here, beside))).status, 201, 'with the right over both');
  t.equal(
    (await add('431299971', await held('register', '431200'))).status,
    201,
    'a county to come is its prefecture’s',
  );
  for (const code of ['11431202006634567X', 'OFFICE-1', '43120297', '4312029710']) {
    t.equal((await add(code, own)).status, 201, `${code} is in no range`);
  }
  const line = `action,code,on,newCode\nchange,${first},2025-01-01,${beside}971\n`;
  t.equal((await call('POST', '/v1/register/changes', line, own)).status, 403, 'by CSV, too');
});

t.test('an agency that keeps a code of the county it came from is still changed by the one it lies in', async (t) => {
  const { call, held, change, close } = await openClient(t);
  await change(first, { on: '2024-01-01', county: there });
  const now = await held('register', there);
  t.equal((await change(first, { on: '2025-01-01', name: '新名镇' }, now)).status, 200);
  t.equal((await close(first, { on: '2026-01-01' }, now)).status, 200);
  t.equal((await call('DELETE', `/v1/agencies/${first}/closure`, undefined, now)).status, 200);
  await change(first, { on: '2025-06-01', code: `${there}971` }, now);
  t.equal(
    (await change(first, { on: '2026-06-01', code: first }, now)).status,
    403,
    'given up, it is not theirs to take',
  );
});

t.test('a closed agency whose code another has since is opened by a day on which it had the code', async (t) => {
  const { call, held, change, close } = await openClient(t);
  await change(first, { on: '2023-06-01', code: 'OLD-1', county: there });
  await close('OLD-1', { on: '2024-01-01' });
  const added = { name: '新镇', kind: 'TOWNSHIP', county: here, validFrom: '2024-06-01' };
  await call('POST', '/v1/agencies', { code: first, ...added });
  const closure = `/v1/agencies/${first}/closure`;
  t.match(await call('DELETE', closure), { status: 404, body: { errors: [{ code: 'NOT-CLOSED' }] } });
  const own = await held('register', here);
  t.match(await call('DELETE', `${closure}?on=2022-01-01`, undefined, own), { status: 403, body: { place: there } });
  const opened = await call('DELETE', `${closure}?on=2022-01-01`);
  t.match(opened, { status: 200, body: { outcome: 'changed', agency: { code: 'OLD-1', validTo: null } } });
});

t.test('what a county that is no more had is kept by those above it: its tokens, agencies and locks', async (t) => {
  const { call, held, change } = await openClient(t);
  await call('POST', '/v1/tokens', { name: '旧县', grants: [{ scope: 'file', division: here }] });
  await call('POST', `/v1/divisions/${here}/changes`, { on: '2024-07-01', mergedInto: beside });
  const above = await held('admin', '431200');
  const listed = (await call('GET', '/v1/tokens', undefined, above)).body.items;
  const token = listed.find(({ name }: { name: string }) => name === '旧县');
  t.ok(token, 'it is listed');
  t.equal((await call('DELETE', `/v1/tokens/${token?.id}`, undefined, above)).status, 200, 'and ended');
  t.equal((await change(first, { on: '2022-01-01', name: '旧名镇' }, above)).status, 200);
  const lock = { since: '2025-03-01', reason: 'r' };
  t.equal((await call('PUT', `/v1/divisions/${here}/locks/2025`, lock, above)).status, 200);
});

t.test(
  'a prefecture has a say over a county from the day on which it has it, and alone over no day before',
  async (t) => {
    const { held, change, call } = await openClient(t);
    await call('POST', `/v1/divisions/${here}/changes`, { on: '2024-07-01', parent: '350100' });
    const former = await held('register', '431200');
    const now = await held('register', '350100');
    const own = await held('register', here);
    const named = (on: string) => ({ on, name: `镇${on}` });
    for (const on of ['2022-01-01', '2025-01-01']) {
      t.equal((await change(first, named(on), former)).status, 403, `${on} by the former one`);
    }
    t.equal((await change(first, named('2025-01-01'), now)).status, 200);
    t.equal((await change(first, named('2022-01-01'), now)).status, 403, 'which touches days of the former');
    t.equal((await change(first, named('2022-01-01'), own)).status, 200, 'the county has all of its days');
    const deadline = `/v1/divisions/${here}/deadlines`;
    for (const year of ['2022', 'every']) {
      t.equal((await call('PUT', `${deadline}/${year}`, { due: '02-15' }, now)).status, 403, year);
      t.equal((await call('PUT', `${deadline}/${year}`, { due: '02-15' }, own)).status < 300, true, year);
    }
    t.equal((await call('PUT', `${deadline}/2025`, { due: '02-16' }, now)).status, 201);
  },
);

t.test('an announced move of a county to another prefecture takes its tokens from none before its day', async (t) => {
  const { held, call } = await openClient(t);
  await call('POST', `/v1/divisions/${here}/changes`, { on: '2026-12-20', parent: '350100' });
  const admin = await held('admin', '431200');
  const next = await held('admin', '350100');
  const asked = { name: 'x', grants: [{ scope: 'file', division: here }] };
  t.equal((await call('POST', '/v1/tokens', asked, next)).status, 403);
  t.equal((await call('POST', '/v1/tokens', asked, admin)).status, 201);
});

/** One step of a history, by the number of an agency and of a county. */
type Step =
  | { readonly do: 'move'; readonly agency: number; readonly county: number; readonly month: number }
  | { readonly do: 'name' | 'recode'; readonly agency: number; readonly month: number }
  | { readonly do: 'close'; readonly agency: number; readonly month: number; readonly into: readonly number[] }
  | { readonly do: 'reopen' | 'retract'; readonly agency: number; readonly month: number }
  | { readonly do: 'reuse'; readonly agency: number; readonly county: number; readonly month: number };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('move' as const), agency: fc.nat(3), county: fc.nat(2), month: fc.nat(95) }),
  fc.record({ do: fc.constantFrom('name' as const, 'recode' as const), agency: fc.nat(3), month: fc.nat(95) }),
  fc.record({
    do: fc.constant('close' as const),
    agency: fc.nat(3),
    month: fc.nat(95),
    into: fc.oneof(fc.uniqueArray(fc.nat(3), { maxLength: 1 }), fc.shuffledSubarray([0, 1, 2, 3], { minLength: 2 })),
  }),
  fc.record({ do: fc.constantFrom('reopen' as const, 'retract' as const), agency: fc.nat(3), month: fc.nat(95) }),
  fc.record({ do: fc.constant('reuse' as const), agency: fc.nat(3), county: fc.nat(2), month: fc.nat(95) }),
);

/** From January 2020 on; what is after November 2026 is announced. */
const dayOf = (month: number) => `${2020 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-01`;

interface State {
  readonly agency: number;
  readonly county: string;
  readonly from: string;
  readonly to: string | null;
  readonly said: string;
}

/** The states of every agency as the store has them, and what each went into. */
async function allStates(db: Parameters<typeof runSql>[0]) {
  const states = await runSql<State>(
    db,
    `select s.agency_id as agency, d.code as county, s.valid_from as "from", s.valid_to as "to",
       s.code || ' ' || s.name || ' ' || s.kind as said
     from agency_state s join division_state d on d.division_id = s.county_id order by s.agency_id, s.valid_from`,
  );
  const successions = await runSql<{ one: number; other: number; on: string }>(
    db,
    'select predecessor_id as one, successor_id as other, effective as "on" from succession',
  );
  return { states, successions };
}
type Kept = Awaited<ReturnType<typeof allStates>>;

const at = ({ states }: Kept, agency: number, day: string) =>
  states.find((one) => one.agency === agency && one.from <= day && (one.to === null || one.to > day));

/** The counties of the days on which anything is otherwise in one store than in the other, and of where that lies now. */
function countiesBetween(before: Kept, after: Kept): Set<string> {
  const counties = new Set<string>();
  const changed = new Set<number>();
  const days = [...before.states, ...after.states].flatMap(({ from, to }) => [from, ...(to === null ? [] : [to])]);
  const agencies = new Set([...before.states, ...after.states].map(({ agency }) => agency));
  for (const agency of agencies) {
    for (const day of new Set(days)) {
      const [was, is] = [at(before, agency, day), at(after, agency, day)];
      if (was?.said === is?.said && was?.county === is?.county) continue;
      for (const state of [was, is]) if (state) counties.add(state.county);
      changed.add(agency);
    }
  }
  const key = ({ one, other, on }: Kept['successions'][number]) => `${one} ${other} ${on}`;
  const [was, is] = [new Set(before.successions.map(key)), new Set(after.successions.map(key))];
  for (const one of [...before.successions, ...after.successions]) {
    if (was.has(key(one)) === is.has(key(one))) continue;
    changed.add(one.one).add(one.other);
  }
  // As it lay before the change: today, and in its newest state.
  for (const agency of changed) {
    const own = before.states.filter((state) => state.agency === agency);
    const now = own.findLast(({ from }) => from <= '2026-11-24') ?? own[0];
    for (const state of [now, own.at(-1)]) if (state) counties.add(state.county);
  }
  return counties;
}

t.test(
  'nobody changes a history who has not every county that it lay in, lies in and goes to',
  { timeout: 280_000 },
  async (t) => {
    const counties = [here, beside, there];
    const seen = { acts: 0, done: 0, refused: 0, several: 0, split: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyStep, { minLength: 3, maxLength: 10 }),
        fc.array(fc.tuple(anyStep, fc.subarray([0, 1, 2], { minLength: 1, maxLength: 2 })), {
          minLength: 6,
          maxLength: 12,
        }),
        async (history, acts) => {
          const closings: (() => unknown)[] = [];
          const { db, call, held } = await openClient({ teardown: (end) => void closings.push(end) });
          try {
            const codes = (await townshipsOf(here)).slice(0, 4);
            const { states: all } = await allStates(db);
            const codeNow = async (agency: number) => {
              const [row] = await runSql<{ id: number }>(
                db,
                'select agency_id as id from agency_state where code = ? order by agency_id limit 1',
                [codes[agency] as string],
              );
              const own = (await allStates(db)).states.filter((state) => state.agency === row?.id);
              return own.at(-1)?.said.split(' ')[0] ?? '';
            };
            let made = 0;
            const send = async (step: Step, headers: Record<string, string> = {}) => {
              const code = await codeNow(step.agency);
              const on = dayOf(step.month);
              switch (step.do) {
                case 'move':
                  return call('POST', `/v1/agencies/${code}/changes`, { on, county: counties[step.county] }, headers);
                case 'name':
                  return call('POST', `/v1/agencies/${code}/changes`, { on, name: `镇${made++}` }, headers);
                case 'recode':
                  return call('POST', `/v1/agencies/${code}/changes`, { on, code: `FREE-${made++}` }, headers);
                case 'close': {
                  const parts = await Promise.all(step.into.map(codeNow));
                  const into = parts.length > 1 ? { splitInto: parts } : { mergedInto: parts[0] };
                  return call('POST', `/v1/agencies/${code}/closure`, { on, ...into }, headers);
                }
                case 'reopen':
                  return call('DELETE', `/v1/agencies/${code}/closure`, undefined, headers);
                case 'retract':
                  return call('DELETE', `/v1/agencies/${code}/changes/${on}`, undefined, headers);
                case 'reuse': {
                  const added = { name: '新机关', kind: 'OTHER', county: counties[step.county], validFrom: on };
                  return call('POST', '/v1/agencies', { code: codes[step.agency], ...added }, headers);
                }
              }
            };
            if (all.length === 0) throw new Error('there is a register');
            for (const step of history) await send(step);
            const tokens = new Map<string, Record<string, string>>();
            for (const [step, which] of acts) {
              const own = which.map((one) => counties[one] as string);
              const headers = tokens.get(own.join()) ?? (await held('register', ...own));
              tokens.set(own.join(), headers);
              const before = await allStates(db);
              const { status } = await send(step, headers);
              const after = await allStates(db);
              const needed = [...countiesBetween(before, after)];
              seen.acts++;
              if (status === 403) seen.refused++;
              if (status < 300) seen.done++;
              if (status < 300 && needed.length > 1) seen.several++;
              if (status < 300 && step.do === 'close' && step.into.length > 1) seen.split++;
              const lacking = needed.filter((county) => !own.includes(county));
              if (lacking.length > 0)
                throw new Error(`${JSON.stringify(step)} by ${own} without ${lacking}: ${status}`);
              if (status >= 300 && JSON.stringify(before) !== JSON.stringify(after))
                throw new Error('a refusal changed it');
              if (status >= 500) throw new Error(`${status}`);
            }
            const { faults } = await verifyAudit(db);
            if (faults.length > 0) throw new Error(JSON.stringify(faults));
          } finally {
            for (const end of closings) await end();
          }
        },
      ),
      { numRuns: 40 },
    );
    t.ok(seen.done > 20 && seen.refused > 20 && seen.split > 0, JSON.stringify(seen));
    t.comment(JSON.stringify(seen));
  },
);
