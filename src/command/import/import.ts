/** `xiangbao import`: files reports from folders, files or standard input, and tells what became of each. */
import { type Command, Option } from 'commander';
import { operator } from '../../access/authority.js';
import type { BatchHandling } from '../../bulk/import/batch.js';
import { foundPassedOver } from '../../bulk/import/format/formats.js';
import { findSources, type ImportSource, readSources } from '../../bulk/import/format/sources.js';
import { fileItems, noteFiled, type Result } from '../../bulk/import/items.js';
import { type ReadItem, readBatches } from '../../bulk/import/read-items.js';
import type { Stated } from '../../bulk/import/repeats.js';
import { addOutcomes, emptyTally } from '../../bulk/import/tally.js';
import { dayInChina } from '../../day.js';
import type { Problem } from '../../problem.js';
import { resolveDivision } from '../../register/codes.js';
import { inTransaction } from '../../store/engine/commit.js';
import type { Db } from '../../store/engine/schema.js';
import { inBoth } from '../../words.js';
import { ensureRegister } from '../register.js';
import { refused } from '../shell/failure.js';
import { showProgress } from '../shell/progress.js';
import { answer, type Terminal, tell } from '../shell/terminal.js';
import { type Tools, withStore } from '../shell/tools.js';
import { openRejects, type Rejects } from './rejects.js';
import { type ImportSummary, summaryLines } from './summary.js';

/** What is to be imported, and how. */
export interface ImportRequest extends BatchHandling {
  readonly paths: readonly string[];
  /** Kept with every revision. */
  readonly actor: string;
  /** Do everything but keep it. */
  readonly dryRun?: boolean;
  /** A file for the refused filings, each with its problem, one a line. */
  readonly rejects?: string;
  /** The character set of CSV files; found by their bytes when left out. */
  readonly charset?: string;
  /** The code of the division in which agencies are looked up by their names; anywhere when left out. */
  readonly division?: string;
}

interface ImportFlags {
  readonly lenient?: true;
  readonly revise?: true;
  readonly reason?: string;
  readonly rejects?: string;
  readonly charset?: string;
  readonly division?: string;
  readonly actor: string;
  readonly dryRun?: true;
}

/** Adds `import`. */
export function addImport(program: Command, tools: Tools): void {
  program
    .command('import')
    .description(
      inBoth({ zh: '批量报送', en: 'file reports from folders, files of filings, documents or - (standard input)' }),
    )
    .argument(
      '<path...>',
      'a folder with any of them; a .json file with one filing; NDJSON, CSV, an Excel table; a zip of documents; a document (txt, md, html, docx, xlsx, odt, ods, doc, wps, xls, et, pdf); - for NDJSON on standard input',
    )
    .option(
      '--lenient',
      inBoth({ zh: '照原样保存', en: 'file reports whose equations do not hold too, their findings beside them' }),
    )
    .option(
      '--revise',
      inBoth({ zh: '修订', en: 'revise what is filed already with other content; without it, that is refused' }),
    )
    .option(
      '--reason <text>',
      inBoth({ zh: '修订原因', en: 'why, for revisions whose filing has no reason of its own' }),
    )
    .option(
      '--rejects <file>',
      inBoth({ zh: '拒收文件', en: 'write the refused filings there, each with its problem, as NDJSON' }),
    )
    .addOption(
      new Option(
        '--charset <name>',
        inBoth({ zh: 'CSV 文件的编码，默认自动识别', en: 'of CSV files; found by their bytes unless stated' }),
      ).choices(['utf-8', 'gb18030', 'utf-16le', 'utf-16be']),
    )
    .option(
      '--division <code>',
      inBoth({ zh: '只在该行政区划内按名称查机关', en: 'look agencies up by name in this division only' }),
    )
    .option('--actor <name>', inBoth({ zh: '报送者', en: 'kept with every revision' }), 'import')
    .option('--dry-run', inBoth({ zh: '试运行', en: 'do everything but keep it; other writers wait until it ends' }))
    .action((paths: string[], options: ImportFlags) => withStore(tools, (db) => runImport(db, tools, paths, options)));
}

async function runImport(db: Db, tools: Tools, paths: readonly string[], options: ImportFlags): Promise<void> {
  const { clock, terminal } = tools;
  await ensureRegister(db, clock, terminal);
  const { revise, reason = null, ...rest } = options;
  const request = { ...rest, paths, ...(revise && { revise: { reason } }) };
  const summary = await importFilings(db, clock, terminal, request);
  for (const line of summaryLines(summary)) answer(terminal, line);
  if (options.dryRun) tell(terminal, { zh: '试运行，未保存。', en: 'Dry run: nothing was kept.' });
  if (summary.rejected > 0) tools.endWith(refused);
}

/** A batch is filed when it has that many items or bytes: some tenths of a second, so that a server beside it keeps writing. */
const longBatch = { items: 200, bytes: 8 * 1024 * 1024 };

/** Refusals told one by one; the rest are in the summary and in the file of rejects. */
const refusalsTold = 10;

/**
 * Imports every filing of the paths as `POST /v1/imports` would take it. A bad one never stops the rest. Throws
 * `invalid-parameter` for paths that cannot be read, before anything is filed, and for a file that as a whole is not
 * what its extension says. A dry run is one transaction that is undone in the end.
 */
export async function importFilings(
  db: Db,
  clock: () => Date,
  terminal: Terminal,
  request: ImportRequest,
): Promise<ImportSummary> {
  const sources = await findSources(request.paths);
  if (request.division !== undefined) await resolveDivision(db, request.division, dayInChina(clock()));
  const rejects = await openRejects(request.rejects, request.paths);
  const work = { clock, terminal, request, sources, rejects };
  try {
    if (!request.dryRun) return await importAll(db, work);
    return await inTransaction(db, { dryRun: true }, (trx) => importAll(trx, work));
  } finally {
    await rejects.close();
  }
}

async function tellPassedOver(terminal: Terminal, sources: readonly ImportSource[]): Promise<void> {
  for (const { name: path, holds } of sources) {
    if (holds !== 'zip') continue;
    const { count, names } = await foundPassedOver({ path, format: holds, charset: null });
    if (count === 0) continue;
    const listed = `${names.join(', ')}${count > names.length ? ', …' : ''}`;
    tell(terminal, {
      zh: `${path} 略过 ${count} 个系统文件：${listed}`,
      en: `${path}: ${count} file(s) of the system passed over: ${listed}`,
    });
  }
}

interface Work {
  readonly clock: () => Date;
  readonly terminal: Terminal;
  readonly request: ImportRequest;
  readonly sources: readonly ImportSource[];
  readonly rejects: Rejects;
}

async function importAll(db: Db, work: Work): Promise<ImportSummary> {
  const { clock, terminal, request, sources } = work;
  const { actor, lenient = false, charset = null, division } = request;
  const search = { caller: operator, ...(division !== undefined && { division }) };
  const stated: Stated = new Map();
  const from = { skip: 0, search, clock, lenient, atOnce: longBatch };
  const size = sources.reduce((sum, source) => sum + source.size, 0);
  const progress = showProgress(terminal, 'import', () => clock().getTime());
  await tellPassedOver(terminal, sources);
  const items = readSources(sources, { stdin: terminal.stdin, charset });
  let summary: ImportSummary = { ...emptyTally, unbalanced: 0 };
  let bytes = 0;
  try {
    for await (const batch of readBatches(db, items, from)) {
      const results = await fileItems(db, { actor, caller: operator, now: clock() }, batch, {
        handling: request,
        stated,
      });
      noteFiled(stated, results);
      await tellRefusals(work, batch, results, summary.rejected);
      const unbalanced = summary.unbalanced + results.filter((result) => result.unbalanced).length;
      summary = { ...addOutcomes(summary, results), unbalanced };
      bytes += batch.reduce((sum, { item }) => sum + item.bytes, 0);
      progress.update(Math.min(bytes, size), size, `${summary.received} received, ${summary.rejected} rejected`);
    }
  } finally {
    progress.stop();
  }
  return summary;
}

async function tellRefusals(
  { terminal, rejects }: Work,
  batch: readonly ReadItem[],
  results: readonly Result[],
  before: number,
): Promise<void> {
  let told = before;
  for (const [index, read] of batch.entries()) {
    const refusal = results[index]?.refusal;
    if (!refusal) continue;
    await rejects.write({ item: read.item, problem: refusal.stored });
    told += 1;
    if (told <= refusalsTold) tellRefusal(terminal, read, refusal);
  }
}

function tellRefusal(terminal: Terminal, { item }: ReadItem, problem: Problem): void {
  const { source, sheet, line, ref } = item;
  tell(
    terminal,
    `${source}:${sheet === undefined ? '' : `${sheet}:`}${line}${ref === null ? '' : ` ${ref}`}: ${problem.kind}: ${problem.message}`,
  );
  for (const { code, pointer, message } of (problem.body.errors ?? []).slice(0, 3)) {
    tell(terminal, `  ${code} ${pointer} ${inBoth(message)}`);
  }
  if (problem.cause instanceof Error) tell(terminal, `  ${problem.cause.message}`);
}
