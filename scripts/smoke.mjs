/**
 * Starts the built server as a user would, files a report through HTTP, reads the county's totals back by
 * GraphQL, and stops it. Exits 1 with what went wrong. Run after `npm run build`; another program and another folder of
 * examples can be named: node scripts/smoke.mjs MAIN EXAMPLES
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const json = { 'content-type': 'application/json' };
const root = fileURLToPath(new URL('..', import.meta.url));
const [main = join(root, 'dist', 'program', 'main.js'), examples = join(root, 'examples')] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'xiangbao-smoke-'));
const port = await freePort();
const address = `http://127.0.0.1:${port}`;

const server = spawn(process.execPath, [main, 'serve'], {
  cwd: folder,
  env: {
    ...process.env,
    HOST: '127.0.0.1',
    PORT: String(port),
    DATABASE_URL: `sqlite:${join(folder, 'smoke.db')}`,
    LOG_LEVEL: 'warn',
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});
// The first start prints one administrator's token, once; nothing else here shows it.
let printed = '';
server.stdout.setEncoding('utf8').on('data', (text) => {
  printed += text;
});
const stopped = new Promise((resolve) => server.once('exit', resolve));

try {
  await ready();
  const filing = readFileSync(join(examples, 'qunfeng-2021.json'), 'utf8');
  const refused = await fetch(`${address}/v1/reports`, { method: 'POST', headers: json, body: filing });
  assert.equal(refused.status, 401, 'a stranger files nothing');
  const filed = await post('/v1/reports', filing);
  assert.equal(filed.status, 201);
  assert.equal((await filed.json()).figures.decisions.coercion.decided, null);
  const query =
    '{ county(code: "431281") { name statistics(years: [2021]) { coverage { expected reported } applications { newReceived { total } } } } }';
  const answer = await (await post('/graphql', JSON.stringify({ query }))).json();
  console.log(JSON.stringify(answer));
  assert.deepEqual(answer.data.county, {
    name: '洪江市',
    statistics: [{ coverage: { expected: 20, reported: 1 }, applications: { newReceived: { total: 0 } } }],
  });
  await passAround(filing);
  server.kill('SIGTERM');
  assert.equal(await stopped, 0, 'the server stops with grace');
  console.log('smoke: filed, read back, imported, exported, printed and read again, stopped');
} finally {
  server.kill('SIGKILL');
  await stopped;
  rmSync(folder, { recursive: true, force: true });
}

/** What writes files or starts processes and threads: an import, an export, a document printed and read again. */
async function passAround(filing) {
  const imported = await post('/v1/imports', JSON.stringify(JSON.parse(filing)), 'application/x-ndjson');
  assert.equal((await imported.json()).unchanged, 1);
  const exported = await get('/v1/exports/reports.csv?year=2021');
  assert.match(await exported.text(), /\n"?431281207/);
  const page = await get('/v1/reports/431281207/2021.html');
  const reading = await post('/v1/readings', await page.text(), 'text/html');
  assert.equal((await reading.json()).agency.code, '431281207');
}

function post(path, body, type = json['content-type']) {
  return fetch(address + path, { method: 'POST', headers: { ...authorization(), 'content-type': type }, body });
}

function get(path) {
  return fetch(address + path, { headers: authorization() });
}

function authorization() {
  return { authorization: `Bearer ${/\bxb_\w+/.exec(printed)?.[0]}` };
}

async function ready() {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (server.exitCode !== null) throw new Error(`the server exited with ${server.exitCode}`);
    const answer = await fetch(`${address}/health/ready`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(100);
  }
  throw new Error('the server was not ready in 30 seconds');
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const { port: free } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return free;
}
