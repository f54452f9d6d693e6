/** What files and terminals cannot hold is in no text that is kept: refused wherever one comes in, replaced where one was kept before. */
import { channel } from 'node:diagnostics_channel';
import fc from 'fast-check';
import type { FastifyInstance, RouteOptions } from 'fastify';
import t from 'tap';
import { z } from 'zod';
import { createToken } from '../src/access/tokens.js';
import { fileBatch } from '../src/bulk/import/batch.js';
import { toProblem } from '../src/problem.js';
import { readLines } from '../src/register/change/change-lines.js';
import { cleanText, isSoundText } from '../src/text.js';
import { act, bearer, filing, filingBody, hongjiang, openTestApp, qunfeng, tokenFor, townshipsOf } from './builders.js';
import { isWellFormed, unzip } from './zip.js';

/** One of each kind: C0, DEL, C1, noncharacters of two planes, half pairs, each way to turn a direction. */
const unsound = [
  ...[
    '\0',
    '\u0007',
    '\u000b',
    '\u000c',
    '\u001b',
    '\u007f',
    '\u0085',
    '\u009b',
    '\ufdd0',
    '\ufdef',
    '\ufffe',
    '\uffff',
  ],
  ...[
    '\u{1fffe}',
    '\u{10ffff}',
    '\ud800',
    '\udc00',
    '\u202a',
    '\u202b',
    '\u202c',
    '\u202d',
    '\u202e',
    '\u2066',
    '\u2069',
  ],
];

t.test('a text is sound by its characters alone, and cleaning leaves what is', async () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(...unsound), fc.nat(), (text, one, at) => {
      const whole = cleanText(text);
      const points = [...whole];
      points.splice(at % (points.length + 1), 0, one);
      return isSoundText(whole) && !isSoundText(points.join('')) && cleanText(points.join('')) === whole;
    }),
  );
  const sound = ['\t\r\n', '\u2028\u2029', '\u200d\u200e\ufeff\u00a0', '🧧𠮷', '\ue000', '\ufffd'];
  t.ok(sound.every(isSoundText));
});

/** Texts with such a character in them, that would pass as any kind of parameter but for it. */
const hostile = unsound.flatMap((one) =>
  ['', '乡', '2021', '431281207', 'http://a.example/'].flatMap((base) => [base + one, base + one + base, one + base]),
);

/** The schemas of what requests bring, of every route there is. */
async function requestSchemas(): Promise<{
  readonly app: FastifyInstance;
  readonly close: () => Promise<void>;
  readonly found: [string, z.core.$ZodType][];
}> {
  const routes: RouteOptions[] = [];
  const listen = (message: unknown) => {
    (message as { readonly fastify: FastifyInstance }).fastify.addHook('onRoute', (route) => {
      routes.push(route);
    });
  };
  channel('fastify.initialization').subscribe(listen);
  const { app, close } = await openTestApp();
  await app.ready();
  channel('fastify.initialization').unsubscribe(listen);
  const found = routes.flatMap(({ method, url, schema }) =>
    (['body', 'querystring', 'params', 'headers'] as const).flatMap((part): [string, z.core.$ZodType][] => {
      const one = schema?.[part];
      return one instanceof z.ZodType ? [[`${method} ${url} ${part}`, one]] : [];
    }),
  );
  return { app, close, found };
}

/** Where a schema takes one of the hostile texts, and how many of its parts take a text at all. */
function walk(schema: z.core.$ZodType, path: string, seen: { texts: number; wrong: string[] }): void {
  const def = schema._zod.def as unknown as {
    readonly type: string;
    readonly innerType?: z.core.$ZodType;
    readonly in?: z.core.$ZodType;
    readonly out?: z.core.$ZodType;
    readonly element?: z.core.$ZodType;
    readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
    readonly options?: readonly z.core.$ZodType[];
    readonly valueType?: z.core.$ZodType;
  };
  // What is not looked at is not kept: the file of an import, what an export says about a report.
  if (def.type === 'unknown' || def.type === 'any' || def.type === 'custom') return;
  const taken = hostile.find((text) => z.safeParse(schema, text).success);
  if (taken !== undefined) seen.wrong.push(`${path}: ${JSON.stringify(taken)}`);
  if (['string', 'enum', 'union'].includes(def.type)) seen.texts++;
  const inner = [def.innerType, def.type === 'pipe' ? def.in : undefined].flatMap((one) => one ?? []);
  for (const one of inner)
    if (coreType(one) === 'container') walk(one, path, seen);
    else if (coreType(one) === 'text') seen.texts++;
  if (def.element) walk(def.element, `${path}[]`, seen);
  if (def.valueType) walk(def.valueType, `${path}{}`, seen);
  for (const [key, one] of Object.entries(def.shape ?? {})) walk(one, `${path}.${key}`, seen);
  // Of a union what holds others: a text among its options is held by the union as a whole.
  for (const one of def.options ?? []) if (coreType(one) === 'container') walk(one, path, seen);
}

function coreType(schema: z.core.$ZodType): 'container' | 'text' | 'other' {
  const {
    type,
    innerType,
    in: first,
    options,
  } = schema._zod.def as unknown as {
    type: string;
    innerType?: z.core.$ZodType;
    in?: z.core.$ZodType;
    options?: readonly z.core.$ZodType[];
  };
  if (['object', 'array', 'record'].includes(type)) return 'container';
  if (innerType ?? first) return coreType((innerType ?? first) as z.core.$ZodType);
  if (options) return options.some((one) => coreType(one) === 'container') ? 'container' : 'text';
  return type === 'string' || type === 'enum' ? 'text' : 'other';
}

t.test('no schema of any request takes such a text, wherever in it a text may stand', async (t) => {
  const { close, found } = await requestSchemas();
  t.teardown(close);
  const seen = { texts: 0, wrong: [] as string[] };
  for (const [path, schema] of found) walk(schema, path, seen);
  t.same(seen.wrong, []);
  t.ok(found.length > 50 && seen.texts > 100, `${found.length} schemas, ${seen.texts} texts`);
});

t.test('nor does anything else by which a text comes in: files, headers, names of tokens', async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  const column = 'action,code,on,name,kind,county,year,reason\n';
  for (const one of unsound.filter((character) => character.isWellFormed())) {
    const lines = `add,A-1,2020-01-01,局${one}甲,OTHER,${hongjiang},,\nexempt,${qunfeng},,,,,2021,无${one}故\n`;
    const { lines: sound, faults } = await readLines(Buffer.from(column + lines));
    t.equal(sound.length, 0, `${JSON.stringify(one)} in a register file`);
    t.same(
      faults.map(({ pointer }) => pointer),
      ['/lines/2/name', '/lines/3/reason'],
    );
    const named = await createToken(db, act, () => Buffer.alloc(64), {
      name: `a${one}`,
      grants: [],
      expiresAt: null,
    }).catch(toProblem);
    t.match(named, { kind: 'invalid-parameter' });
    const from = await app.inject({
      method: 'POST',
      url: '/v1/reports?dryRun=true',
      // As Node gives it: a character for each byte.
      headers: { from: Buffer.from(`张${one}三`).toString('latin1') },
      payload: filingBody(),
    });
    t.equal(from.statusCode, 400, 'as the name of who acts');
    const rows = `agency,year,ref,narrative.overview\n${qunfeng},2021,"r${one}",\n${qunfeng},2020,s,"文${one}"\n`;
    const imported = await app.inject({
      method: 'POST',
      url: '/v1/imports?dryRun=true',
      headers: { 'content-type': 'text/csv; charset=utf-8' },
      payload: rows,
    });
    t.equal(imported.json().rejected, 2, 'in a table');
    t.ok(isSoundText(imported.body), 'and it is not told back');
  }
  const chinese = await app.inject({
    method: 'POST',
    url: '/v1/reports',
    headers: { from: Buffer.from('张三').toString('latin1') },
    payload: filingBody(),
  });
  t.equal(chinese.statusCode, 201);
  const [revision] = await db.selectFrom('revision').selectAll().execute();
  t.match(revision, { actor: /\(张三\)$/ }, 'a name in UTF-8 is kept as it is');
});

t.test('what an earlier version kept breaks no file: each is sound, and what is XML is XML', async (t) => {
  const { app, db, close } = await openTestApp();
  t.teardown(close);
  const [code = ''] = await townshipsOf(hongjiang);
  const text = `甲${unsound.filter((one) => one.isWellFormed()).join('乙')}<&>"']]>`;
  const sound = filing({ agency: code });
  const items = {
    total: 1,
    categories: [{ name: text, count: 1, note: text }],
    channels: [],
    complete: [],
    note: text,
  };
  const content = {
    ...sound.content,
    publishedItems: items,
    engagement: [{ name: text, handled: 1, note: text }],
    narrative: { overview: text, disclosure: text, problems: text, otherMatters: text },
    source: { url: `https://a.example/${text}`, publishedOn: '2022-01-20' },
  };
  const [filed] = await fileBatch(db, act, [{ ...sound, content: content as never, reason: text }], {
    lenient: true,
    revise: { reason: null },
  });
  t.match(filed, { outcome: 'created' });
  const reader = bearer(await tokenFor(db, {}, '读者'));
  const report = `/v1/reports/${code}/2021`;
  for (const url of [
    `${report}.xlsx`,
    `${report}.docx`,
    `${report}.html`,
    `${report}.csv`,
    '/v1/exports/reports.xlsx',
    '/v1/exports/reports.xlsx?shape=long',
    '/v1/exports/reports.xlsx?headings=zh',
    `/v1/rollups/${hongjiang}/2021.xlsx`,
    `/v1/rollups/${hongjiang}/2021.docx`,
    `/v1/rollups/${hongjiang}/2021.html`,
    '/v1/exports/rollups.xlsx',
  ]) {
    const answer = await app.inject({ url, headers: reader });
    t.equal(answer.statusCode, 200, url);
    if (/xlsx|docx/.test(url)) {
      const parts = [...unzip(answer.rawPayload)].filter(([name]) => /\.(xml|rels|vml)$/.test(name));
      t.ok(parts.length > 3);
      for (const [name, xml] of parts) t.ok(isWellFormed(xml), `${url} ${name}`);
    } else if (url.endsWith('.html')) t.ok(isSoundText(answer.body), url);
  }
});
