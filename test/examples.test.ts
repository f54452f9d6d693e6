/** What `examples/` does, over HTTP: its client, the questions of its dashboard, and what is derived for it. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import {
  type Client,
  everyItem,
  type Filing,
  fileReport,
  importReports,
  openClient,
  Problem,
  readReport,
  reportsOf,
  reviseReport,
} from '../examples/client.js';
import { writeApplicationsOverYears } from '../examples/dashboard/applications-over-years.js';
import { writeCountyOverYears } from '../examples/dashboard/county-over-years.js';
import { writePublishedItems } from '../examples/dashboard/published-items.js';
import { writeStanding } from '../examples/dashboard/standing.js';
import { writeWhoHasNotFiled } from '../examples/dashboard/who-has-not-filed.js';
import { buildApp } from '../src/app.js';
import { packageRoot } from '../src/root.js';
import { clock, filingBody, hongjiang, openTestStore, qunfeng, scratch, tokenFor } from './builders.js';

const examples = join(packageRoot, 'examples');

/** A service that listens, with a client of an administrator and one of a stranger. */
async function openService(t: { teardown(end: () => unknown): unknown }) {
  const db = await openTestStore();
  const app = await buildApp({ db, clock, logger: false });
  await app.listen({ port: 0, host: '127.0.0.1' });
  t.teardown(() => app.close().then(() => db.destroy()));
  const { port } = app.server.address() as AddressInfo;
  const address = `http://127.0.0.1:${port}`;
  const token = await tokenFor(db);
  return { address, token, client: openClient({ address, token }), stranger: openClient({ address }) };
}

/** A filing as the client takes it; its figures are those of the form. */
const filing = (overrides: Parameters<typeof filingBody>[0] = {}) => filingBody(overrides) as unknown as Filing;
const refusal = async (asked: Promise<unknown>) => {
  const error = await asked.then(() => undefined).catch((caught: unknown) => caught);
  return error instanceof Problem ? { kind: error.kind, status: error.status, errors: error.body.errors } : error;
};

t.test('what is derived from openapi.json, schema.graphql and the queries is as committed', async (t) => {
  const folder = scratch(t);
  execFileSync(process.execPath, [join(packageRoot, 'scripts', 'write-client-types.mjs'), folder]);
  const files = readdirSync(folder).sort();
  t.same(files, readdirSync(join(examples, 'typed')).sort());
  for (const file of files) {
    const [committed, now] = [join(examples, 'typed'), folder].map((one) =>
      readFileSync(join(one, file), 'utf8').split('\n'),
    );
    const before = new Set(committed);
    const differs = (now ?? []).filter((line) => !before.has(line));
    t.same(differs, [], `${file}: run \`npm run generate\` and review the difference`);
    t.same(now?.length, committed?.length, file);
  }
});

t.test('the examples know the service by its documents alone', async (t) => {
  const files = readdirSync(examples, { recursive: true, encoding: 'utf8' }).filter((file) => /\.m?ts$/.test(file));
  t.ok(files.length > 10);
  for (const file of files) {
    const imports = [...readFileSync(join(examples, file), 'utf8').matchAll(/from '([^']+)'/g)].map(
      ([, from = '']) => from,
    );
    const strange = imports.filter((from) => from.startsWith('.') && join('/', file, '..', from).includes('..'));
    t.same([...strange, ...imports.filter((from) => from.includes('/src/'))], [], file);
  }
});

t.test('a report is filed, read, read again unchanged, and revised', async (t) => {
  const { client, stranger } = await openService(t);
  const path = { agency: qunfeng, year: 2021 };
  t.equal(await readReport(client, path), 'gone');
  t.match(await fileReport(client, filing()), { outcome: 'created', revision: 1 });
  t.match(await fileReport(client, filing()), { outcome: 'unchanged' });
  const read = await readReport(client, path);
  if (typeof read === 'string') throw new Error(read);
  t.equal(await readReport(client, path, read.etag), 'unchanged');
  t.equal(await readReport(stranger, path), 'gone', 'to a stranger it is not accepted yet');
  const other = { figures: { 'decisions.penalties.decided': 3 } };
  t.match(await refusal(fileReport(client, filing(other))), { kind: 'already-filed', status: 409 });
  const said: number[] = [];
  const revised = await reviseReport(client, path, ({ revision }) => {
    said.push(revision);
    return filing({ ...other, reason: '更正' });
  });
  t.match(revised, { outcome: 'revised', revision: 2 });
  t.same(said, [1]);
});

t.test('a revision that another was faster with is made again of what the report is then', async (t) => {
  const { client, address, token } = await openService(t);
  await fileReport(client, filing());
  let hindered = 0;
  const slow = openClient({
    ...{ address, token },
    fetch: async (request) => {
      // Somebody else revises between reading and writing, twice.
      if (request.method === 'PUT' && ++hindered < 3) {
        const figures = { 'decisions.licenses.decided': hindered };
        await reviseReport(client, { agency: qunfeng, year: 2021 }, () => filing({ figures, reason: '更正' }));
      }
      return fetch(request);
    },
  });
  const seen: number[] = [];
  const revised = await reviseReport(slow, { agency: qunfeng, year: 2021 }, ({ revision }) => {
    seen.push(revision);
    return filing({ figures: { 'decisions.penalties.decided': 9 }, reason: '再更正' });
  });
  t.same(seen, [1, 2, 3]);
  t.match(revised, { revision: 4, figures: { decisions: { penalties: { decided: 9 } } } });
});

t.test('an import answers each filing, and a problem says what is wrong in both languages', async (t) => {
  const { client } = await openService(t);
  const wrong = { figures: { 'applications.newReceived.total': 5 } };
  const items = await importReports(
    client,
    [filing(), filing({ agency: '431281101' }), filing({ agency: '431281102', ...wrong })],
    'january',
  );
  t.same(
    items.map(({ agency, outcome }) => `${agency} ${outcome}`),
    [`${qunfeng} created`, '431281101 created', '431281102 rejected'],
  );
  const again = await importReports(
    client,
    [filing(), filing({ agency: '431281101' }), filing({ agency: '431281102', ...wrong })],
    'january',
  );
  t.same(again, items, 'sent again with its key it is done once');
  const refused = await refusal(fileReport(client, filing({ agency: '431281102', ...wrong })));
  t.match(refused, { kind: 'unbalanced-report', status: 422, errors: [{ message: { zh: /≠/, en: String } }] });
});

t.test('a list is read to its end, page after page', async (t) => {
  const { client } = await openService(t);
  const codes = [qunfeng, '431281101', '431281102', '431281103', '431281104'];
  await importReports(
    client,
    codes.map((agency) => filing({ agency })),
    'some',
  );
  const found: string[] = [];
  const read = (after: { after?: string }) =>
    client.rest.GET('/v1/reports', { params: { query: { division: hongjiang, first: 2, ...after } } });
  for await (const { agency } of everyItem(read)) found.push(agency);
  t.same(found, codes);
  const all: string[] = [];
  for await (const { agency } of reportsOf(client, hongjiang, 2021)) all.push(agency);
  t.same(all, codes);
});

t.test(
  'a call that the service has no room for waits as long as it says, and no longer than is sensible',
  async (t) => {
    const pauses: number[] = [];
    const answers = [429, 503, 200];
    const clientOf = (next: () => number) =>
      openClient({
        address: 'http://any',
        pause: async (milliseconds) => {
          pauses.push(milliseconds);
        },
        fetch: async () => {
          const status = next();
          const body =
            status === 200 ? { items: [], totalCount: 0 } : { type: '/problems/busy', title: '', detail: 'x', status };
          return new Response(JSON.stringify(body), {
            status,
            headers: { 'content-type': 'application/json', ...(status === 429 && { 'retry-after': '7' }) },
          });
        },
      });
    for await (const _ of reportsOf(
      clientOf(() => answers.shift() ?? 200),
      hongjiang,
    ))
      t.fail('there is none');
    t.same(pauses, [7000, 1000]);
    const never = reportsOf(
      clientOf(() => 503),
      hongjiang,
    ).next();
    t.match(await refusal(never), { kind: 'busy', status: 503 });
  },
);

/** The cells of a line of a table, by its first words. */
function lineOf(text: string, begins: string): string[] {
  const line = text.split('\n').find((one) => one.startsWith(begins));
  if (line === undefined) throw new Error(`no line begins with ${begins}:\n${text}`);
  return line.slice(begins.length).trim().split(/ {2,}/);
}

/** A county of which one reports nothing of penalties, one is not accepted, and the others file nothing. */
async function fileSome(client: Client) {
  const items = {
    total: 30,
    categories: [
      { name: '政策文件', count: 20 },
      { name: '工作动态', count: null },
    ],
    channels: [{ name: '政府网站', count: 30 }],
  };
  const received = (count: number) => ({
    'applications.newReceived.naturalPerson': count,
    'applications.newReceived.total': count,
    'applications.granted.naturalPerson': count,
    'applications.granted.total': count,
    'applications.processed.naturalPerson': count,
    'applications.processed.total': count,
  });
  await importReports(
    client,
    [
      filing({ year: 2020, figures: received(4) }),
      filing({ figures: { ...received(3), 'decisions.penalties.decided': null }, publishedItems: items }),
      filing({ agency: '431281101', figures: { ...received(2), 'decisions.penalties.decided': 7 } }),
      filing({ agency: '431281102', figures: { ...received(50), 'decisions.penalties.decided': 60 } }),
    ],
    'filed',
  );
  for (const [agency, year] of [
    [qunfeng, 2020],
    [qunfeng, 2021],
    ['431281101', 2021],
  ] as const) {
    const params = { path: { agency, year } };
    await client.rest.POST('/v1/reports/{agency}/{year}/reviews', {
      params,
      body: { decision: 'ACCEPTED', revision: 1, reason: null },
    });
  }
}

const years = [2020, 2021, 2022];

t.test('the questions of the dashboard are answered as the sums of REST are, to a stranger and a clerk', async (t) => {
  const { client, stranger } = await openService(t);
  await fileSome(client);
  for (const [who, one] of Object.entries({ client, stranger })) {
    const sums = await Promise.all(
      years.map(async (year) => {
        const params = { path: { division: hongjiang, year } };
        const { data } = await one.rest.GET('/v1/rollups/{division}/{year}', { params });
        if (!data) throw new Error('there is a sum');
        return data;
      }),
    );
    const seen = (figure: (sum: (typeof sums)[number]) => unknown) =>
      sums.map((sum) => {
        if (sum.coverage.reports === 0) return '·';
        const value = figure(sum);
        return value === null || value === undefined ? '—' : String(value);
      });
    const county = await writeCountyOverYears(one, hongjiang, years);
    const [published = '', received = '', penalties = ''] = county.split('\n\n');
    t.same(
      lineOf(published, '洪江市 合计 Sum'),
      seen((sum) => sum.publishedItems?.total),
      `${who}: items`,
    );
    t.same(lineOf(received, '洪江市 合计 Sum'), seen(at('applications', 'newReceived', 'total')), `${who}: received`);
    t.same(lineOf(penalties, '洪江市 合计 Sum'), seen(at('decisions', 'penalties', 'decided')), `${who}: penalties`);
    t.same(lineOf(penalties, `${qunfeng} 群峰乡`), ['0', '—', '·'], 'what was left blank is no zero');
    const applications = await writeApplicationsOverYears(one, hongjiang, years);
    t.same(lineOf(applications, '新收 Received'), seen(at('applications', 'newReceived', 'total')));
    t.same(lineOf(applications, '办结 Processed'), seen(at('applications', 'processed', 'total')));
    t.same(lineOf(applications, '办结率 Closure rate'), ['100.0 %', '100.0 %', '·']);
    const items = await writePublishedItems(one, hongjiang, 2021);
    t.match(items, '总数 total 30，1 份填报');
    t.same(lineOf(items, '政策文件'), ['20', '1/1', '66.7 %', '1 份 reports']);
    t.same(lineOf(items, '工作动态'), ['—', '0/1', '—']);
    const missing = await writeWhoHasNotFiled(one, hongjiang, 2021);
    t.match(missing, '应报 expected 20，已报 reported 3，已审核通过 accepted 2，未报 missing 17');
    t.equal(missing.split('\n').length, 2 + 17);
  }
  const [, , clerk = ''] = (await writeCountyOverYears(client, hongjiang, years)).split('\n\n');
  t.same(lineOf(clerk, '填报本格 Counted in'), ['1', '2', '0']);
  t.same(lineOf(clerk, '报送 Reported'), ['1/20', '3/20', '0/20']);
  const [, , open = ''] = (await writeCountyOverYears(stranger, hongjiang, years)).split('\n\n');
  t.same(lineOf(open, '报送 Reported'), ['1/20 (已报 1)', '2/20 (已报 3)', '0/20 (已报 0)']);
  t.same(lineOf(open, '431281102 '), ['安江镇', '·', '·', '·'], 'what is not accepted is not seen');
});

t.test('where a county stands is said with how many reported, and who is not ranked with the reason', async (t) => {
  const { client, stranger } = await openService(t);
  await fileSome(client);
  const received = 'applications.newReceived.total';
  const answers = { clerk: [client, 55, 3], stranger: [stranger, 5, 2] } as const;
  for (const [who, [one, sum, reports]] of Object.entries(answers)) {
    const said = await writeStanding(one, hongjiang, received, 2021);
    t.match(said, `洪江市：第 1 / 1，${sum}，${reports}/20 报送`, who);
    t.match(said, new RegExp(`^ +1 +431281 +洪江市 +${sum} +${reports}/20 +0 +0$`, 'm'), who);
    t.match(said, /^431202 +鹤城区 /m, 'the county beside it is not ranked');
    const later = await writeStanding(one, hongjiang, received, 2022);
    t.match(later, '洪江市：不排名 not ranked，0/20', 'nobody filed');
  }
});

/** A figure of a sum. */
function at(table: string, row: string, column: string) {
  return ({ figures }: { readonly figures: unknown }): unknown =>
    [table, row, column].reduce<unknown>((within, name) => (isTree(within) ? within[name] : undefined), figures);
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
