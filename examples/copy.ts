/**
 * A copy of the reports that follows `/v1/changes`: it fetches what is told and nothing else, is kept in one file that a
 * crash cannot spoil, and proves itself equal to the export. It holds what its reader may see: of a stranger what was accepted.
 */
import { type Client, dataOf, problemOf, type Report, readReport, type TaggedReport } from './client.js';
import { type CopyFile, type Kept, openCopyFile } from './copy-file.js';
import type { components } from './typed/rest.js';

type Change = components['schemas']['Change'];

/** A copy of all reports, or of those of one division with all below it. */
export interface Copy {
  readonly client: Client;
  readonly division: string | undefined;
  readonly file: CopyFile;
  /** By agency and year, as `keyOf` writes them. */
  readonly reports: Map<string, TaggedReport>;
  /** The place in the feed up to which it has been told; undefined at the beginning. */
  since: string | undefined;
}

/** How much of the feed to ask for. */
export interface Step {
  /** Changes at once, 500 at the most. */
  readonly first?: number;
  /** Seconds to wait where there is nothing to tell, 30 at the most. */
  readonly wait?: number;
}

/** What a step of a copy came to. */
export interface Stepped {
  readonly fetched: number;
  readonly deleted: number;
  /** There is more already. */
  readonly more: boolean;
  /** The place was lost, so that the copy is empty and begins again. */
  readonly restarted: boolean;
}

/** How many reports are fetched at the same time. */
const atOnce = 4;

const keyOf = (agency: string, year: number) => `${agency} ${year}`;

/** Opens the copy that a file holds, or an empty one. A copy belongs to one reader and one division. */
export function openCopy(client: Client, path: string, division?: string): Copy {
  const { file, reports, since } = openCopyFile(path);
  return { client, division, file, reports, since };
}

/** Follows the feed by one part of it: what it tells is fetched, then kept together with the place. */
export async function step(copy: Copy, { first = 200, wait = 0 }: Step = {}): Promise<Stepped> {
  const { client, division, since } = copy;
  const query = { first, wait, ...(since !== undefined && { since }), ...(division !== undefined && { division }) };
  const answer = await client.rest.GET('/v1/changes', { params: { query } });
  // The database was restored from a backup, or the token may read something else by now.
  if (answer.response.status === 410) return startAgain(copy);
  const { changes, next, more } = dataOf(answer);
  const kept = await fetchChanged(copy, changes);
  copy.file.keep(kept, next);
  copy.since = next;
  for (const { key, report } of kept) {
    if (report) copy.reports.set(key, report);
    else copy.reports.delete(key);
  }
  copy.file.tidy(copy.reports, next);
  const deleted = kept.filter(({ report }) => !report).length;
  return { fetched: kept.length - deleted, deleted, more, restarted: false };
}

/** Follows the feed to its end. */
export async function catchUp(copy: Copy, asked: Step = {}): Promise<void> {
  for (let more = true; more; ) {
    const stepped = await step(copy, asked);
    more = stepped.more || stepped.restarted;
  }
}

function startAgain(copy: Copy): Stepped {
  copy.file.empty();
  copy.reports.clear();
  copy.since = undefined;
  return { fetched: 0, deleted: 0, more: true, restarted: true };
}

/** What of the copy becomes otherwise by some changes. Changes of the register concern no report unless one is told too. */
async function fetchChanged(copy: Copy, changes: readonly Change[]): Promise<Kept[]> {
  const told = changes.filter(({ about }) => about === 'report');
  const kept: Kept[] = [];
  for (let from = 0; from < told.length; from += atOnce) {
    const some = await Promise.all(told.slice(from, from + atOnce).map((change) => fetchOne(copy, change)));
    kept.push(...some.flatMap((one) => one ?? []));
  }
  return kept;
}

/** What a report is now; undefined where the copy has it so already. */
async function fetchOne({ client, reports }: Copy, { agency, year, etag, deleted }: Change): Promise<Kept | undefined> {
  if (agency === null || year === null) return undefined;
  const key = keyOf(agency, year);
  const known = reports.get(key);
  if (deleted) return known && { key, report: null };
  if (known && known.etag === etag) return undefined;
  const read = await readReport(client, { agency, year }, known?.etag);
  if (read === 'unchanged') return undefined;
  // What is gone, or called otherwise, since this was told is told again later.
  if (read === 'gone' || read.report.agency !== agency) return known && { key, report: null };
  return { key, report: read };
}

/** Where a copy and the export say something else. `copy` or `store` is undefined where it has no such report. */
export interface Difference {
  readonly key: string;
  /** A JSON pointer into the line of the export; the whole line is ''. */
  readonly at: string;
  readonly copy: unknown;
  readonly store: unknown;
}

/**
 * Compares the copy with the export of the reports, every member of every line but the names and codes of the divisions
 * that a report lies in, which are the register's. Empty where they are equal. Catch up before.
 */
export async function differences(copy: Copy): Promise<Difference[]> {
  const { client, division } = copy;
  const query = new URLSearchParams({ own: 'true', ...(division !== undefined && { division }) });
  const request = new Request(`${client.address}/v1/exports/reports.ndjson?${query}`, { headers: client.headers });
  const answer = await client.send(request);
  if (!answer.ok || answer.body === null) throw problemOf(await answer.json(), answer);
  const missing = new Map(copy.reports);
  const found: Difference[] = [];
  for await (const text of linesOf(answer.body)) {
    const line = withoutDivisions(JSON.parse(text));
    const key = keyOf(line.agency, line.year);
    const kept = missing.get(key);
    missing.delete(key);
    if (kept) found.push(...compare(key, '', lineOf(kept.report), line));
    else found.push({ key, at: '', copy: undefined, store: line });
  }
  return [...found, ...[...missing].map(([key, { report }]) => ({ key, at: '', copy: report, store: undefined }))];
}

/** A line of the export, as far as it is read here. */
interface ExportedLine {
  readonly agency: string;
  readonly year: number;
  readonly about: Readonly<Record<string, unknown>>;
}

/** The columns that say in which divisions a report lies, and how these are called. */
const ofDivisions = ['county', 'countyName', 'prefecture', 'prefectureName', 'province', 'provinceName'];

function withoutDivisions({ about, ...line }: ExportedLine): ExportedLine {
  return { ...line, about: Object.fromEntries(Object.entries(about).filter(([name]) => !ofDivisions.includes(name))) };
}

/** A report as the export writes it: a filing, with what is known of it under `about`. */
function lineOf(report: Report): unknown {
  const { agency, year, form, figures, publishedItems, engagement, narrative, source, reason } = report;
  const said = Object.entries({ publishedItems, engagement, narrative, source, reason });
  const about = {
    ...{ name: report.agencyName, kind: report.kind, revision: report.revision, state: report.state },
    ...{ onTime: report.onTime, sample: report.sample, filedOn: dayInChina(report.filedAt) },
    publishedOn: source?.publishedOn ?? null,
    acceptedOn: acceptedOn(report),
    errors: countOf(report, 'error'),
    warnings: countOf(report, 'warning'),
  };
  return { agency, year, form, figures, ...Object.fromEntries(said.filter(([, value]) => value !== null)), about };
}

/** The day of its acceptance, where what is shown was accepted; it stays when that revision is returned later. */
function acceptedOn({ revision, acceptedRevision, review }: Report): string | null {
  return revision === acceptedRevision && review ? dayInChina(review.at) : null;
}

function countOf({ findings }: Report, severity: string): number {
  return findings.filter((finding) => finding.severity === severity).length;
}

function dayInChina(instant: string): string {
  return new Date(Date.parse(instant) + 8 * 3_600_000).toISOString().slice(0, 10);
}

/** Where two values differ, member by member. */
function compare(key: string, at: string, copy: unknown, store: unknown): Difference[] {
  if (!isTree(copy) || !isTree(store)) return copy === store ? [] : [{ key, at, copy, store }];
  const names = [...new Set([...Object.keys(copy), ...Object.keys(store)])];
  return names.flatMap((name) => compare(key, `${at}/${name}`, copy[name], store[name]));
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of body.pipeThrough(new TextDecoderStream())) {
    const lines = `${rest}${piece}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
