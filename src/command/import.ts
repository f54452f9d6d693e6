/** `xiangbao import`: files reports from folders, files or standard input, and tells what became of each. */
import { operator } from '../access/authority.js';
import { type BatchHandling, fileBatch } from '../bulk/import/batch.js';
import { dayInChina } from '../day.js';
import { parseJson } from '../json.js';
import { Problem, toProblem } from '../problem.js';
import type { Filed } from '../report/file.js';
import { type Filing, parseFiling } from '../report/filing.js';
import { inTransaction } from '../store/engine/commit.js';
import type { Db } from '../store/engine/schema.js';
import { type FilingBytes, type FilingSource, findSources, maxFilingBytes, readFilings } from './filing-source.js';
import { type ImportSummary, newSummary, recordResult } from './import-summary.js';
import { openRejects, type Rejects } from './rejects.js';
import { showProgress, type Terminal, tell } from './terminal.js';

/** What is to be imported, and how. */
export interface ImportRequest extends BatchHandling {
  readonly paths: readonly string[];
  /** Kept with every revision. */
  readonly actor: string;
  /** Do everything but keep it. */
  readonly dryRun?: boolean;
  /** A file for the refused filings, each with its problem, one a line. */
  readonly rejects?: string;
}

/** A batch is filed when it has that many filings or bytes: some tenths of a second, so that a server beside it keeps writing. */
const batchFilings = 200;
const batchBytes = 8 * 1024 * 1024;

/** Refusals told one by one; the rest are in the summary and in the file of rejects. */
const refusalsTold = 10;

/**
 * Imports every filing of the paths as `POST /v1/reports` would take it. A bad one never stops the rest. Throws
 * `invalid-parameter` for paths that cannot be read, before anything is filed. A dry run is one transaction that
 * is undone in the end.
 */
export async function importFilings(
  db: Db,
  clock: () => Date,
  terminal: Terminal,
  request: ImportRequest,
): Promise<ImportSummary> {
  const sources = await findSources(request.paths);
  const rejects = await openRejects(request.rejects, request.paths);
  const work = { clock, terminal, request, sources, rejects };
  try {
    if (!request.dryRun) return await importAll(db, work);
    return await inTransaction(db, { dryRun: true }, (trx) => importAll(trx, work));
  } finally {
    await rejects.close();
  }
}

interface Work {
  readonly clock: () => Date;
  readonly terminal: Terminal;
  readonly request: ImportRequest;
  readonly sources: readonly FilingSource[];
  readonly rejects: Rejects;
}

async function importAll(db: Db, work: Work): Promise<ImportSummary> {
  const { clock, terminal, sources } = work;
  const summary = newSummary();
  const size = sources.reduce((sum, source) => sum + source.size, 0);
  const progress = showProgress(terminal, 'import', () => clock().getTime());
  let read = 0;
  try {
    for await (const batch of batchesOf(sources, terminal)) {
      await importBatch(db, work, batch, summary);
      read += batch.reduce((sum, found) => sum + found.bytes.length + 1, 0);
      progress.update(Math.min(read, size), size, `${summary.received} received, ${summary.rejected} rejected`);
    }
  } finally {
    progress.stop();
  }
  return summary;
}

async function* batchesOf(sources: readonly FilingSource[], terminal: Terminal): AsyncGenerator<FilingBytes[]> {
  let batch: FilingBytes[] = [];
  let bytes = 0;
  for (const source of sources) {
    for await (const found of readFilings(source, terminal.stdin)) {
      batch.push(found);
      bytes += found.bytes.length;
      if (batch.length < batchFilings && bytes < batchBytes) continue;
      yield batch;
      batch = [];
      bytes = 0;
    }
  }
  if (batch.length > 0) yield batch;
}

async function importBatch(
  db: Db,
  { clock, terminal, request, rejects }: Work,
  batch: readonly FilingBytes[],
  summary: ImportSummary,
): Promise<void> {
  const act = { actor: request.actor, caller: operator, now: clock() };
  const today = dayInChina(act.now);
  const read = batch.map((found) => ({ found, filing: readFiling(found, today) }));
  const filings = read.flatMap(({ filing }) => (filing instanceof Problem ? [] : [filing]));
  const filed = (await fileBatch(db, act, filings, request)).values();
  for (const { found, filing } of read) {
    const result = filing instanceof Problem ? filing : next(filed);
    recordResult(summary, result);
    if (!(result instanceof Problem)) continue;
    await rejects.write(found, result);
    if (summary.rejected <= refusalsTold) tellRefusal(terminal, found, result);
  }
}

function next(filed: Iterator<Filed | Problem>): Filed | Problem {
  const { value, done } = filed.next();
  if (done) throw new Error('every filing of a batch has a result');
  return value;
}

function readFiling(found: FilingBytes, today: string): Filing | Problem {
  try {
    if (found.long) throw tooLong();
    return parseFiling(parseJson(found.bytes), today);
  } catch (error) {
    return toProblem(error);
  }
}

function tooLong(): Problem {
  return new Problem('body-too-large', {
    zh: '单份报送不得超过该字节数。',
    en: `A filing has at most ${maxFilingBytes} bytes.`,
  });
}

function tellRefusal(terminal: Terminal, found: FilingBytes, problem: Problem): void {
  const place = `${found.source}:${found.line}`;
  tell(terminal, `${place}: ${problem.kind}: ${problem.message}`);
  for (const { code, pointer, message } of (problem.body.errors ?? []).slice(0, 3)) {
    tell(terminal, `  ${code} ${pointer} ${message.en} ${message.zh}`);
  }
  if (problem.cause instanceof Error) tell(terminal, `  ${problem.cause.message}`);
}
