/** `xiangbao read`: what a document says, and what is doubtful about it, before anything is filed. */
import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { operator } from '../access/authority.js';
import { dayInChina } from '../day.js';
import { documentTypes, mediaTypeOf } from '../document/read/read-document.js';
import { readDocumentSafely } from '../document/read/read-in-child.js';
import { Problem } from '../problem.js';
import { type Assessment, assessDocument, printAssessment } from '../report/document/assessment.js';
import { unreadDoubts } from '../report/document/document-filing.js';
import { reasonOf } from '../store/engine/file/refusal.js';
import type { Db } from '../store/engine/schema.js';
import { inBoth, type Label } from '../words.js';
import { refused } from './shell/failure.js';
import { answer, type Terminal } from './shell/terminal.js';
import { type Tools, withStoreIfThere } from './shell/tools.js';
import { readYear } from './shell/year.js';

/** Adds `read`. */
export function addRead(program: Command, tools: Tools): void {
  program
    .command('read')
    .description(
      inBoth({
        zh: '读取文件',
        en: `read a document (${Object.values(documentTypes).join(', ')}) without filing it; exit 1 when cells could not be read`,
      }),
    )
    .argument('<file>', inBoth({ zh: '已公布的报告', en: 'the report as it was published' }))
    .addOption(new Option('--format <format>', '格式').choices(['json', 'table']).default('json'))
    .option('--agency <code>', inBoth({ zh: '机关代码', en: 'whose it is; looked up by its title when left out' }))
    .option(
      '--year <year>',
      inBoth({ zh: '报告年度', en: 'report year; that of the document when left out' }),
      readYear,
    )
    .action((file: string, options: Omit<ReadRequest, 'file'>) =>
      withStoreIfThere(tools, async (db) => {
        const unread = await readFileAloud(db, tools.clock, tools.terminal, { file, ...options });
        if (unread > 0) tools.endWith(refused);
      }),
    );
}

/** What to read, how to show it, and what is known of it apart from itself. */
export interface ReadRequest {
  readonly file: string;
  readonly format: 'json' | 'table';
  readonly agency?: string;
  readonly year?: number;
}

/** Whoever has the machine. */
const reader = { caller: operator, open: 'filed' } as const;

/**
 * Reads a document and prints what it says. Without a register (`db` undefined) everything but its agency is known.
 * Returns how many doubts leave cells unread. Throws `invalid-document` and `unsupported-media-type`.
 */
export async function readFileAloud(
  db: Db | undefined,
  clock: () => Date,
  terminal: Terminal,
  request: ReadRequest,
): Promise<number> {
  const { file, format, agency, year } = request;
  const mediaType = mediaTypeOf(file);
  const reading = await readDocumentSafely(await bytesOf(file), mediaType === undefined ? {} : { mediaType });
  const assessment = await assessDocument(db, reader, reading, { agency, year }, dayInChina(clock()));
  if (format === 'json') answer(terminal, JSON.stringify(printAssessment(assessment), null, 2));
  else for (const line of tableLines(assessment)) answer(terminal, line);
  return unreadDoubts(reading).length;
}

async function bytesOf(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const { zh, en } = reasonOf(error) ?? { zh: said, en: said };
    throw new Problem('invalid-parameter', { zh: `${file} 无法读取：${zh}。`, en: `${file} cannot be read: ${en}.` });
  }
}

function tableLines(assessment: Assessment): string[] {
  const { form, title, agency, candidates, year, cells, publishedItems, engagement, narrative, doubts, findings } =
    printAssessment(assessment);
  const named = ({ code, name, county }: (typeof candidates)[number]) => `${name} (${code}, ${county.name})`;
  const values = cells.map(({ cell, label, text, value, note, line }) => {
    const read = value === null ? (text === '' ? `(${inBoth({ zh: '空白', en: 'blank' })})` : '?') : String(value);
    const printed = text === String(value ?? '') ? '' : `  “${text}”`;
    return `${String(line).padStart(6)}  ${read.padStart(12)}  ${label.zh}  [${cell}]${printed}${note === null ? '' : `  ${note}`}`;
  });
  return [
    `${head({ zh: '标题', en: 'title' })}${title ?? '-'}`,
    `${head({ zh: '机关', en: 'agency' })}${agency ? named(agency) : candidates.length > 0 ? `? ${candidates.map(named).join('; ')}` : '-'}`,
    `${head({ zh: '年度', en: 'year' })}${year ?? '-'}`,
    `${head({ zh: '格式', en: 'form' })}${form ?? '-'}`,
    `${head({ zh: '主动公开', en: 'items' })}${itemsLine(publishedItems)}`,
    ...(engagement ?? []).map(
      ({ name, handled, replyRate }) =>
        `${head({ zh: '互动', en: 'contact' })}${name} ${handled ?? '-'}${replyRate == null ? '' : ` (${100 * replyRate}%)`}`,
    ),
    ...Object.entries(narrative ?? {}).map(
      ([key, text]) => `${head({ zh: '部分', en: 'section' })}${key} ${text?.length ?? 0}`,
    ),
    '',
    '  line         value',
    ...values,
    '',
    `${doubts.length} ${inBoth({ zh: '疑问', en: 'doubts' })}`,
    ...doubts.map(
      ({ code, place, message }) => `${String(place?.line ?? '').padStart(6)}  ${code}  ${inBoth(message)}`,
    ),
    `${findings.length} ${inBoth({ zh: '核对结果', en: 'findings' })}`,
    ...findings.map(({ code, severity, message }) => `        ${severity} ${code}  ${inBoth(message)}`),
  ];
}

/** The head of a line, sixteen columns wide on a screen, where a Chinese character takes two. */
function head(label: Label): string {
  const text = inBoth(label);
  return text + ' '.repeat(Math.max(1, 16 - text.length - label.zh.length));
}

function itemsLine(items: ReturnType<typeof printAssessment>['publishedItems']): string {
  if (!items) return '-';
  const groups = [...items.categories, ...items.channels].map(
    ({ name, count, note }) => `${name} ${count ?? note ?? '-'}`,
  );
  return `${items.total ?? items.note ?? '-'}${groups.length > 0 ? ` = ${groups.join(' + ')}` : ''}`;
}
