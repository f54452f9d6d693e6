/** Mixed load over HTTP: clients that file, revise, withdraw and import until the server is gone. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Random, sampleContent } from '../../src/command/sample-reports.js';
import { figuresFrom } from '../../src/form/figures.js';
import { formInForce } from '../../src/form/forms.js';
import type { ReportContent } from '../../src/form/report.js';
import { bodyOf } from '../national.js';
import { acknowledge, type Book, type OpenImport, type Slot, type Write } from './book.js';

/** A server under load, and what its clients send along to say who they are. */
export interface Target {
  readonly url: string;
  readonly authorization: Readonly<Record<string, string>>;
}

/** Items of one import. */
const itemsAtOnce = 12;

/** One in so many imports is asked to go on by itself. */
const asyncImports = 3;

/** Thrown for an answer that should not have come: the harness ends with it. */
class Unexpected extends Error {}

/** Runs one client over slots of its own until the server is gone. Throws `Unexpected`. */
export async function runFiler(book: Book, slots: readonly Slot[], random: Random, target: Target): Promise<void> {
  await untilGone(async () => {
    const slot = pick(slots, random);
    const withdraws = slot.filed && random() < 0.2;
    const write = nextWrite(slot, random, withdraws);
    slot.open = write;
    const answer = withdraws ? await withdraw(slot, write, target) : await file(slot, write, random, target);
    if (await isKept(answer, slot)) acknowledge(book, slot, slot.revision + 1);
  });
}

/** The same with imports of several reports each, which may go on by themselves after a restart. */
export async function runImporter(book: Book, slots: readonly Slot[], random: Random, target: Target): Promise<void> {
  await untilGone(async () => {
    const chosen = [...new Set(Array.from({ length: itemsAtOnce }, () => pick(slots, random)))];
    const lines = chosen.map((slot) => {
      slot.open = nextWrite(slot, random, false);
      return bodyFor(slot, slot.open, random);
    });
    const sent: OpenImport = { slots: chosen, accepted: false };
    book.imports.push(sent);
    const items = await importLines(lines, sent, random, target);
    book.imports = book.imports.filter((one) => one !== sent);
    if (!items) {
      for (const slot of chosen) slot.open = undefined;
      return;
    }
    for (const [index, slot] of chosen.entries()) {
      const { outcome, revision = 0 } = items[index] ?? {};
      if (outcome === 'created' || outcome === 'revised') acknowledge(book, slot, revision);
      else throw new Unexpected(`an item of ${slot.agency} ${slot.year}: ${JSON.stringify(items[index])}`);
    }
  });
}

async function untilGone(step: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await step();
    } catch (error) {
      // fetch throws a TypeError for a connection that was refused or broke off.
      if (error instanceof TypeError) return;
      throw error;
    }
  }
}

function pick(slots: readonly Slot[], random: Random): Slot {
  const slot = slots[Math.floor(random() * slots.length)];
  if (!slot) throw new Error('a client has slots');
  return slot;
}

function nextWrite(slot: Slot, random: Random, withdraws: boolean): Write {
  const mark = `${slot.agency}-${slot.year}-${slot.revision + 1}-${Math.floor(random() * 0x1_0000_0000).toString(36)}`;
  if (withdraws) return { mark, action: 'withdrawn', figure: null };
  return { mark, action: slot.filed ? 'revised' : 'filed', figure: Math.floor(random() * 1_000_000) };
}

const contents = new Map<number, readonly ReportContent[]>();

/** Made beforehand, since the load shares the machine with the server; only the figure of a write is its own. */
function contentOf(year: number, random: Random): ReportContent {
  let made = contents.get(year);
  if (!made) {
    made = Array.from({ length: 30 }, () => sampleContent(random, formInForce(year).id, { year, activity: 0.9 }));
    contents.set(year, made);
  }
  const content = made[Math.floor(random() * made.length)];
  if (!content) throw new Error('contents were made');
  return content;
}

function bodyFor({ agency, year }: Slot, { mark, figure }: Write, random: Random): string {
  const content = contentOf(year, random);
  const figures = figuresFrom({ 'decisions.licenses.decided': figure }, content.figures);
  const body = bodyOf(agency, year, { ...content, figures });
  return `${body.slice(0, -1)},"reason":${JSON.stringify(mark)}}`;
}

function send({ url, authorization }: Target, path: string, init: RequestInit & { headers: Record<string, string> }) {
  return fetch(url + path, { ...init, headers: { ...authorization, ...init.headers } });
}

function file(slot: Slot, write: Write, random: Random, target: Target): Promise<Response> {
  const body = bodyFor(slot, write, random);
  const headers = { 'content-type': 'application/json' };
  if (!slot.filed && random() < 0.5) return send(target, '/v1/reports', { method: 'POST', headers, body });
  const condition: Record<string, string> = slot.filed ? { 'if-match': tagOf(slot) } : {};
  const path = `/v1/reports/${slot.agency}/${slot.year}`;
  return send(target, path, { method: 'PUT', headers: { ...headers, ...condition }, body });
}

function withdraw(slot: Slot, { mark }: Write, target: Target): Promise<Response> {
  const path = `/v1/reports/${slot.agency}/${slot.year}?reason=${encodeURIComponent(mark)}`;
  return send(target, path, { method: 'DELETE', headers: { 'if-match': tagOf(slot) } });
}

/** `If-Match` looks at the number of the revision only. */
function tagOf({ revision }: Slot): string {
  return `"${revision}-x"`;
}

/** Whether a write was acknowledged; one that was refused for the moment must not be there. */
async function isKept(answer: Response, slot: Slot): Promise<boolean> {
  await answer.text();
  if (answer.ok) return true;
  if (answer.status !== 503)
    throw new Unexpected(`${slot.agency} ${slot.year}: ${answer.status} for ${slot.open?.mark}`);
  slot.open = undefined;
  return false;
}

interface Item {
  readonly outcome?: string;
  readonly revision?: number;
}

/** What became of each item; undefined when the import was refused for the moment. */
async function importLines(
  lines: readonly string[],
  sent: OpenImport,
  random: Random,
  target: Target,
): Promise<Item[] | undefined> {
  const mode = random() < 0.5 ? 'each' : 'all';
  const prefer: Record<string, string> = random() * asyncImports < 1 ? { prefer: 'respond-async' } : {};
  const answer = await send(target, `/v1/imports?revise=true&mode=${mode}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson', ...prefer },
    body: lines.join('\n'),
  });
  if (answer.status === 503) {
    await answer.text();
    return undefined;
  }
  // The answers' bodies are those of the OpenAPI document.
  const done = (await answer.json()) as { readonly items?: Item[] };
  if (answer.status === 200 && done.items) return done.items;
  const address = answer.headers.get('location');
  if (answer.status !== 202 || !address) throw new Unexpected(`an import: ${answer.status} ${JSON.stringify(done)}`);
  sent.accepted = true;
  for (;;) {
    const { state } = (await (await send(target, address, { headers: {} })).json()) as { readonly state: string };
    if (state === 'done') break;
    await sleep(20);
  }
  const page = await send(target, `${address}/items?first=500`, { headers: {} });
  return ((await page.json()) as { readonly items: Item[] }).items;
}
