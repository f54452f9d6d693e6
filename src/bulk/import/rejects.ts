/**
 * What an import refused, given back with the reasons, so that it can be corrected and sent again: as the table it came
 * in with columns before it that an import passes over, or as NDJSON with each filing in a frame that an import opens.
 */

import { type ProblemBody, sayStored } from '../../problem.js';
import { isRecord } from '../../report/faults.js';
import { inBoth, type Label } from '../../words.js';
import { type ImportItem, rejectedColumns } from './format/item.js';

/** The formats in which refused items are given back. */
export const rejectFormats = ['csv', 'xlsx', 'ndjson'] as const;

/** One of them. */
export type RejectFormat = (typeof rejectFormats)[number];

/** An item that was refused, and why: a problem as it is kept. */
export interface Reject {
  readonly item: ImportItem;
  readonly problem: ProblemBody;
}

/** A table of refused items. */
export interface RejectTable {
  readonly headings: readonly string[];
  /** The rows of one item, each as wide as the headings. */
  rowsOf(reject: Reject): readonly (readonly string[])[];
}

/** A line of NDJSON: where it came from, its problem, and itself as far as it could be read. A document is its file. */
export async function rejectLine({ item, problem }: Reject): Promise<string> {
  const { source, sheet, line, ref, raw, table } = item;
  const place = { source, sheet, line, ...(ref === null ? {} : { ref }) };
  const said = { ...place, problem: sayStored(problem, inBoth) };
  if (!raw && !table) return JSON.stringify(said);
  const filing = await filingOf(item);
  if (filing !== undefined) return JSON.stringify({ ...said, filing });
  // A text that is no JSON; damaged here where it is not UTF-8 either.
  const text = raw ? Buffer.from(raw).toString('utf8') : table?.raw;
  return JSON.stringify({ ...said, ...(text === undefined ? {} : { text }) });
}

async function filingOf(item: ImportItem): Promise<unknown> {
  try {
    const content = await item.read();
    return 'filing' in content ? content.filing : undefined;
  } catch {
    return undefined;
  }
}

const frame = ['source', 'sheet', 'line', 'ref', 'problem', 'filing'];

/** The body of a filing: that in the frame of a refused one, which was mended, or the body itself. */
export function mendedFiling(body: unknown): unknown {
  const isFramed = isRecord(body) && 'problem' in body && 'filing' in body;
  return isFramed && Object.keys(body).every((key) => frame.includes(key)) ? body.filing : body;
}

/** A heading that says the same for items of two tables says where their rows are alike. */
export function headingKey({ table, raw }: ImportItem): string {
  return JSON.stringify(table?.headings ?? (raw ? ['filing'] : ['document']));
}

/** The table in which items like this one are given back. */
export function rejectTableFor(item: ImportItem): RejectTable {
  const own = item.table?.headings ?? (item.raw ? ['filing'] : ['document']);
  // What an earlier file of refused rows said is said anew.
  const kept = own.flatMap((heading, index) => (isRejected(heading) ? [] : [index]));
  const headings = [...rejectedColumns, ...kept.map((index) => own[index] ?? '')];
  return {
    headings,
    rowsOf: (reject) =>
      rowsIn(reject.item).map((fields, index) => {
        const before = index === 0 ? reasonFields(reject) : rejectedColumns.map(() => '');
        return [...before, ...kept.map((at) => fields[at] ?? '')];
      }),
  };
}

function isRejected(heading: string): boolean {
  return rejectedColumns.some((column) => column === heading.trim());
}

function rowsIn({ table, raw, ref }: ImportItem): readonly (readonly string[])[] {
  if (table) return table.rows;
  return [[raw ? Buffer.from(raw).toString('utf8') : (ref ?? '')]];
}

function reasonFields({ item, problem }: Reject): readonly string[] {
  const { zh, en } = reasonOf(problem);
  const said: Readonly<Record<(typeof rejectedColumns)[number], string>> = {
    'rejected.sheet': item.sheet ?? '',
    'rejected.line': String(item.line),
    'rejected.code': codesOf(problem).join(' '),
    'rejected.zh': zh,
    'rejected.en': en,
    'rejected.text': item.table?.raw ?? '',
  };
  return rejectedColumns.map((column) => said[column]);
}

/** The name of a problem, and the rules and faults it lists. */
function codesOf({ type, errors = [] }: ProblemBody): string[] {
  return [...new Set([type.split('/').at(-1) ?? type, ...errors.map(({ code }) => code)])];
}

/** A problem as a sentence for each of its faults, with the printed label of the cell it is about. */
function reasonOf(problem: ProblemBody): Label {
  const { errors = [], faults } = problem;
  const say = (language: keyof Label): string => {
    const sentences = errors.map(({ label, message }) => {
      const named = label?.[language];
      return named === undefined || message[language].includes(named)
        ? message[language]
        : `${named}: ${message[language]}`;
    });
    const detail = sayStored(problem, (label) => label[language]).detail;
    const all = errors.length > 0 && sentences.includes(detail) ? sentences : [detail, ...sentences];
    return `${all.join(' ')}${typeof faults === 'number' ? ` (${errors.length}/${faults})` : ''}`;
  };
  return { zh: say('zh'), en: say('en') };
}
