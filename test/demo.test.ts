/** The demonstration: what it files, the queries it prints, and the program that serves it until it is stopped. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import t from 'tap';
import { demoCounty, demoQueries, demoYears, fileDemoReports, showDemoQueries } from '../src/command/demo.js';
import { formInForce } from '../src/form/forms.js';
import { readReports } from '../src/report/shown/report-list.js';
import { readRollup } from '../src/rollup/rollup.js';
import { verifyRollups } from '../src/store/rollup/rollup-check.js';
import {
  bearer,
  clock,
  filingBody,
  hongjiang,
  nameFigures,
  openTestApp,
  qunfeng,
  reader,
  townshipsOf,
} from './builders.js';
import { compileProgram } from './program.js';

t.test('the demonstration', async (t) => {
  const { app, db, close } = await openTestApp({ sample: true });
  t.teardown(close);
  const filed = await fileDemoReports(db, clock());
  const reports = (await readReports(db, reader, {}, { first: 500 })).items;

  t.test('files every township of 洪江市 for six years, on the form of each year', async (t) => {
    t.equal(demoCounty, hongjiang);
    t.equal(filed, reports.length);
    t.equal(filed, 120);
    for (const { content, row } of reports) t.equal(content.form, formInForce(row.year).id);
    const coverage = await Promise.all(
      demoYears.map((year) => readRollup(db, reader, hongjiang, { year, inclusion: 'ALL', kinds: undefined })),
    );
    t.same(
      coverage.map(({ statistics }) => statistics.coverage.expected),
      demoYears.map(() => 20),
    );
    t.ok(coverage.every(({ missingCount }) => missingCount === 0));
  });

  t.test('files nothing that any rule finds fault with, over the years too', async (t) => {
    t.same(
      reports.flatMap(({ findings }) => findings),
      [],
    );
    t.same(await verifyRollups(db), []);
  });

  t.test('marks all as samples but the real report of 群峰乡, whose blank stays blank', async (t) => {
    const real = reports.filter(({ row }) => row.sample === 0);
    t.same(
      real.map(({ agency, row }) => [agency.code, row.year]),
      [[qunfeng, 2021]],
    );
    const content = real[0]?.content;
    t.equal(content?.publishedItems?.total, 16);
    const { 'decisions.coercion.decided': coercion, ...others } = nameFigures('2021', content?.figures ?? []);
    t.equal(coercion, null);
    t.equal(Object.keys(others).length, 199);
    t.ok(Object.values(others).every((value) => value === 0));
  });

  t.test('has figures that are not all zero, some blank, some late, and is the same every time', async (t) => {
    const values = reports.flatMap(({ content }) => Object.values(nameFigures(content.form, content.figures)));
    t.ok(values.some((value) => value !== null && value > 0));
    t.ok(values.filter((value) => value === null).length > 1);
    t.ok(reports.some(({ row }) => row.onTime === 0) && reports.some(({ row }) => row.onTime === 1));
    const again = await openTestApp();
    await fileDemoReports(again.db, clock());
    const figures = (items: typeof reports) => items.map(({ content }) => content);
    t.same(figures((await readReports(again.db, reader, {}, { first: 500 })).items), figures(reports));
    await again.close();
  });

  t.test('prints each query as a curl command, with the answer, marked as a sample', async (t) => {
    let out = '';
    const stdout = new PassThrough().on('data', (chunk) => {
      out += chunk;
    });
    await showDemoQueries(app, 'http://x', { stdin: Readable.from([]), stdout, stderr: stdout });
    const printed = printedQueries(out);
    t.equal(printed.length, 3);
    t.same(
      printed.map(({ body }) => body.query),
      demoQueries.map(({ query }) => query),
    );
    for (const { answer } of printed) {
      t.notOk(answer.errors);
      t.match(answer, { extensions: { sample: { en: /made-up/ } } });
    }
    const complete = { coverage: { expected: 20, reported: 20, missing: { totalCount: 0 } } };
    const toCome = {
      year: 2025,
      coverage: { expected: 20, reported: 0, missing: { totalCount: 20, nodes: [{}, {}] } },
    };
    t.match(printed[0]?.answer, {
      data: { county: { statistics: [...demoYears.map((year) => ({ year, ...complete })), toCome] } },
    });
    t.match(printed[1]?.answer, {
      data: {
        township: {
          statistics: [
            {
              publishedItems: { total: 16 },
              decisions: { penalties: { decided: 0 }, coercion: { decided: null } },
              coverage: { samples: 0 },
            },
          ],
        },
      },
    });
    t.ok(out.split('\n').length < 130, 'and it can be read');
  });
});

interface PrintedQuery {
  readonly body: { readonly query: string };
  readonly answer: Readonly<Record<string, unknown>>;
}

function printedQueries(out: string): PrintedQuery[] {
  return [...out.matchAll(/^curl -s \S+\/graphql .* -d '(.*)'\n(\{[\s\S]*?\n\}|\{.*\})$/gm)].map(
    ([, body = '', answer = '']) => ({ body: JSON.parse(body), answer: JSON.parse(answer) }),
  );
}

t.test('the program serves it, answers what is in flight when told to stop, and ends with 0', async (t) => {
  const main = compileProgram(join(t.testdir({}), 'compiled'));
  const child = spawn(process.execPath, [main, 'demo'], { env: { PATH: process.env.PATH, PORT: '0' } });
  t.teardown(() => child.kill('SIGKILL'));
  const out = await readUntil(child, /Ctrl-C stops/);
  const address = /^(http:\S+)\/ide/m.exec(out)?.[1] ?? '';
  for (const { body, answer } of printedQueries(out)) {
    const response = await fetch(`${address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    t.equal(response.headers.get('xiangbao-sample')?.slice(0, 11), 'sample data');
    t.same(await response.json(), answer);
  }
  const [agency] = await townshipsOf(hongjiang);
  const filing = JSON.stringify(filingBody({ agency: agency ?? '', year: 2025 }));
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(filing),
    ...bearer(/^ +(xb_\w+)$/m.exec(out)?.[1] ?? ''),
  };
  const slow = request(`${address}/v1/reports`, { method: 'POST', headers });
  slow.write(filing.slice(0, 100));
  await new Promise((resume) => setTimeout(resume, 500));
  child.kill('SIGTERM');
  await new Promise((resume) => setTimeout(resume, 500));
  slow.end(filing.slice(100));
  const [response] = await once(slow, 'response');
  response.resume();
  t.equal(response.statusCode, 201);
  const [code] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode];
  t.equal(code, 0);
});

/** What a process wrote on its standard output until something was in it; all it wrote if it ended before. */
async function readUntil(child: ChildProcess, pattern: RegExp): Promise<string> {
  let out = '';
  for await (const chunk of child.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    out += chunk;
    if (pattern.test(out)) break;
  }
  return out;
}
