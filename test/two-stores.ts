/** Stores in which the same was done, but for what was filed, said and by whom, in two counties. */
import fc from 'fast-check';
import { buildApp } from '../src/app.js';
import type { NamedFigures } from '../src/form/figures.js';
import { formOf } from '../src/form/forms.js';
import type { Db } from '../src/store/engine/schema.js';
import type { PublicReading } from '../src/words.js';
import { balancedFigures, bearer, clock, filingBody, hongjiang, openTestStore, qunfeng, tokenFor } from './builders.js';
import type { Asked } from './every-call.js';

type App = Awaited<ReturnType<typeof buildApp>>;

/** The county that stores differ in, and another. */
export const neighbour = '431202';

/** Who has a part in it, by what becomes of them. */
export const agencies = {
  /** Accepted, then corrected: returned for 2021, not decided for 2022. */
  corrected: qunfeng,
  /** Filed only for 2021; accepted and then withdrawn for 2022. */
  withdrawn: '431281101',
  /** Of the neighbour in 2021, of 洪江市 in 2022. */
  moved: '431202001',
  /** Of the neighbour, until it goes into `successor` in 2022. */
  merged: '431202002',
  successor: '431281102',
  /** Of the neighbour. */
  other: '431202003',
  /** Of 洪江市; files nothing. */
  silent: '431281106',
  /** Of the neighbour; files nothing. */
  idle: '431202004',
} as const;

/** What one county says in one store, that not everybody may read. */
export interface Secrets {
  readonly word: string;
  readonly earlier: NamedFigures;
  readonly later: NamedFigures;
  /** Month and day of publication, before or after the day due. */
  readonly published: string;
}

/** What is accepted in every store. */
export interface Accepted {
  readonly earlier: NamedFigures;
  readonly later: NamedFigures;
}

const figures = balancedFigures(formOf('2021'));

/** Secrets of a county, known by a word. */
export const secretsOf = (word: string): fc.Arbitrary<Secrets> =>
  fc.record({
    word: fc.constant(word),
    earlier: figures,
    later: figures,
    published: fc.constantFrom('01-10', '03-20'),
  });

/** A finding that the rule T2-INFORCE makes: fewer in force than were issued. */
const withFinding = (one: NamedFigures): NamedFigures => ({
  ...one,
  'documents.normativeDocuments.issued': 5,
  'documents.normativeDocuments.inForce': 0,
});
export const finding = { code: 'T2-INFORCE', pointer: '/figures/documents/normativeDocuments/inForce' };

export const acceptedFigures: fc.Arbitrary<Accepted> = fc.record({
  earlier: figures.map(withFinding),
  later: figures.map(withFinding),
});

/** A store, and what it takes to ask it. */
export interface World {
  readonly db: Db;
  /** The address of an import of 洪江市, and the numbers of tokens that its administrator has. */
  readonly imported: string;
  readonly app: (open: PublicReading) => Promise<App>;
  readonly close: () => Promise<void>;
}

const json = { 'content-type': 'application/json' };

/** Does in a new store what is done in all of them: `here` is what 洪江市 says of its own, `there` its neighbour. */
export async function makeWorld(accepted: Accepted, here: Secrets, there: Secrets, url?: string): Promise<World> {
  const db = await openTestStore(url);
  const apps = new Map<PublicReading, App>();
  const app = async (open: PublicReading) => {
    const known = apps.get(open);
    if (known) return known;
    let number = 0;
    const requestIds = () => `00000000-0000-4000-8000-${String(++number).padStart(12, '0')}`;
    const made = await buildApp({ db, clock, logger: false, publicReading: open, requestIds });
    apps.set(open, made);
    return made;
  };
  const maker = await app('accepted');
  const send = async (token: string, asked: Omit<Asked, 'payload'> & { readonly body?: object }) => {
    const { body, headers, ...rest } = asked;
    const answer = await maker.inject({
      ...rest,
      headers: { ...json, ...bearer(token), ...headers },
      ...(body && { payload: JSON.stringify(body) }),
    });
    if (answer.statusCode >= 400) throw new Error(`${rest.method} ${rest.url}: ${answer.body}`);
    return answer;
  };
  const nation = await tokenFor(db, {}, 'nation');
  const hereToken = await tokenFor(db, { division: hongjiang }, `甲${here.word}`);
  const thereToken = await tokenFor(db, { division: neighbour }, `乙${there.word}`);
  const filer = await tokenFor(db, { scope: 'file', agency: agencies.corrected }, `丙${here.word}`);

  const file = (token: string, agency: string, year: number, said: object, from = 'nobody') =>
    send(token, {
      method: 'PUT',
      url: `/v1/reports/${agency}/${year}`,
      // As a client sends it, in UTF-8, which a header holds byte by byte.
      headers: { 'if-match': '*', from: Buffer.from(`${from}@example.org`).toString('latin1') },
      body: filingBody({ agency, year, ...said }),
    });
  const first = (token: string, agency: string, year: number, said: object) =>
    send(token, { method: 'POST', url: '/v1/reports', body: filingBody({ agency, year, ...said }) });
  const decide = (token: string, agency: string, year: number, revision: number, reason?: string) =>
    send(token, {
      method: 'POST',
      url: `/v1/reports/${agency}/${year}/reviews`,
      body: {
        decision: reason === undefined ? 'ACCEPTED' : 'RETURNED',
        revision,
        ...(reason !== undefined && { reason }),
      },
    });
  const note = (token: string, agency: string, year: number, standing: string, text: string) =>
    send(token, { method: 'PUT', url: `/v1/reports/${agency}/${year}/notes`, body: { ...finding, standing, text } });
  const open = (year: number, named: NamedFigures) => ({
    figures: named,
    reason: '公开',
    narrative: { overview: '公开' },
    publishedItems: { total: 9, categories: [{ name: '公开', count: 9 }], channels: [{ name: '网站', count: 9 }] },
    source: { url: 'https://example.org/open', publishedOn: `${year + 1}-01-10` },
  });
  const hidden = ({ word, published }: Secrets, year: number, named: NamedFigures) => ({
    figures: named,
    reason: `因${word}`,
    narrative: { overview: `述${word}`, problems: word },
    publishedItems: {
      total: 20 + word.length,
      categories: [{ name: `类${word}`, count: word.length }],
      channels: [{ name: `道${word}`, count: 3 }],
    },
    engagement: [{ name: `线${word}`, handled: word.length }],
    source: { url: `https://example.org/${encodeURIComponent(word)}`, publishedOn: `${year + 1}-${published}` },
  });

  // Accepted, and explained before it was; then explained otherwise, corrected, and the correction returned.
  await first(filer, agencies.corrected, 2021, open(2021, accepted.earlier));
  await note(filer, agencies.corrected, 2021, 'EXPLAINED', '先已说明');
  await decide(hereToken, agencies.corrected, 2021, 1);
  await note(filer, agencies.corrected, 2021, 'EXPLAINED', `后又说明${here.word}`);
  await first(filer, agencies.corrected, 2022, open(2022, accepted.later));
  await decide(hereToken, agencies.corrected, 2022, 1);
  await note(filer, agencies.corrected, 2022, 'EXPLAINED', `事后说明${here.word}`);
  await file(filer, agencies.corrected, 2021, hidden(here, 2021, withFinding(here.earlier)), here.word);
  await note(filer, agencies.corrected, 2021, 'EXPLAINED', `更正说明${here.word}`);
  await decide(hereToken, agencies.corrected, 2021, 2, `退回${here.word}`);
  await file(filer, agencies.corrected, 2022, hidden(here, 2022, here.later), here.word);
  // Filed only; and accepted, then withdrawn.
  await first(hereToken, agencies.withdrawn, 2021, hidden(here, 2021, here.earlier));
  await first(hereToken, agencies.withdrawn, 2022, open(2022, accepted.later));
  await decide(hereToken, agencies.withdrawn, 2022, 1);
  await send(hereToken, {
    method: 'DELETE',
    url: `/v1/reports/${agencies.withdrawn}/2022?reason=${encodeURIComponent(here.word)}`,
    headers: { 'if-match': '*' },
  });
  // The county's own.
  await first(hereToken, hongjiang, 2021, hidden(here, 2021, here.earlier));
  await first(hereToken, hongjiang, 2022, open(2022, accepted.later));
  await decide(hereToken, hongjiang, 2022, 1);

  // The neighbour's: accepted and corrected, of what moves, of what goes into another, and of what stays.
  for (const agency of [agencies.moved, agencies.merged, agencies.other]) {
    await first(thereToken, agency, 2021, open(2021, accepted.earlier));
    await decide(thereToken, agency, 2021, 1);
    await file(thereToken, agency, 2021, hidden(there, 2021, there.earlier), there.word);
  }
  await first(thereToken, agencies.other, 2022, hidden(there, 2022, there.later));
  await send(nation, {
    method: 'POST',
    url: `/v1/agencies/${agencies.moved}/changes`,
    body: { on: '2022-03-01', county: hongjiang },
  });
  // What it files where it came to is known there, and compared with what it filed where it came from.
  await first(hereToken, agencies.moved, 2022, open(2022, accepted.later));
  await decide(hereToken, agencies.moved, 2022, 1);
  await file(hereToken, agencies.moved, 2022, { ...open(2022, here.later), reason: `因${here.word}` }, here.word);
  await first(nation, agencies.successor, 2021, open(2021, accepted.earlier));
  await decide(nation, agencies.successor, 2021, 1);
  await first(nation, agencies.successor, 2022, open(2022, accepted.later));
  await decide(nation, agencies.successor, 2022, 1);
  await send(nation, {
    method: 'POST',
    url: `/v1/agencies/${agencies.merged}/closure`,
    body: { on: '2022-06-01', mergedInto: agencies.successor },
  });
  // Once more after they moved: whose findings change by it is told to those who may read it.
  for (const agency of [agencies.moved, agencies.merged]) {
    await file(thereToken, agency, 2021, hidden(there, 2021, there.later), there.word);
  }

  for (const [token, division, agency, { word }] of [
    [hereToken, hongjiang, agencies.withdrawn, here],
    [thereToken, neighbour, agencies.other, there],
  ] as const) {
    const headers = { from: `${encodeURIComponent(word)}@example.org` };
    const put = (url: string, body: object) => send(token, { method: 'PUT', url, headers, body });
    await put(`/v1/divisions/${division}/locks/2020`, { since: '2026-01-01', reason: '已公布' });
    await put(`/v1/divisions/${division}/locks/2020/exceptions/${agency}`, { reason: '更正' });
    await put(`/v1/agencies/${agency}/exemptions/2019`, { reason: '新设' });
  }
  const body = JSON.stringify({ ...filingBody({ agency: agencies.silent, year: 2021 }), form: here.word });
  const imported = await maker.inject({
    method: 'POST',
    url: '/v1/imports',
    headers: { 'content-type': 'application/x-ndjson', ...bearer(hereToken), 'idempotency-key': 'key-1' },
    payload: `${body}\n`,
  });
  // Refused in some stores only: that anything was sent is told to nobody but those who file or review there.
  for (const [token, agency, { word }] of [
    [hereToken, agencies.silent, here],
    [thereToken, agencies.idle, there],
  ] as const) {
    if (word.length < 3) continue;
    const refused = filingBody({ agency, year: 2022, figures: { 'appeals.reconsideration.total': 999 } });
    const headers = { ...json, ...bearer(token) };
    await maker.inject({ method: 'POST', url: '/v1/reports', headers, payload: JSON.stringify(refused) });
  }
  return {
    db,
    imported: String(imported.headers.location ?? imported.json().id),
    app,
    close: async () => {
      for (const made of apps.values()) await made.close();
      await db.destroy();
    },
  };
}
