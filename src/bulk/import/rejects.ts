/**
 * What an import refused, given back with the reasons, so that it can be corrected and sent again: as the table it came
 * in with columns before it that an import passes over, or as NDJSON with each filing in a frame that an import opens.
 */

import { type ProblemBody, sayStored } from '../../problem.js';
import { isRecord } from '../../report/faults.js';
import { inBoth, type Label } from '../../words.js';
import { type ImportContent, type ImportItem, type NamedAgency, rejectedColumns } from './format/item.js';

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

/**
 * A line of NDJSON: where it came from, its problem, and itself as far as it could be read, with what its row said of the
 * agency beside the code. A document is its file.
 */
export async function rejectLine({ item, problem }: Reject): Promise<string> {
  const { source, sheet, line, ref, raw, table } = item;
  const place = { source, sheet, line, ...(ref === null ? {} : { ref }) };
  const said = { ...place, problem: sayStored(problem, inBoth) };
  if (!raw && !table) return JSON.stringify(said);
  const read = await readAgain(item);
  if (read?.filing !== undefined) return JSON.stringify({ ...said, named: read.named, filing: read.filing });
  // A text that is no JSON; damaged here where it is not UTF-8 either.
  const text = raw ? Buffer.from(raw).toString('utf8') : table?.raw;
  return JSON.stringify({ ...said, ...(text === undefined ? table && { rows: rowsByHeading(table) } : { text }) });
}

async function readAgain(item: ImportItem): Promise<Opened | undefined> {
  try {
    const content = await item.read();
    return 'filing' in content ? openFrame(content) : undefined;
  } catch {
    return undefined;
  }
}

/** The rows of a table, each with what it holds under the headings. */
function rowsByHeading({
  headings,
  rows,
}: NonNullable<ImportItem['table']>): readonly Readonly<Record<string, string>>[] {
  const named = headings.flatMap((heading, at) => (heading === '' || isRejected(heading) ? [] : [{ heading, at }]));
  return rows.map((fields) =>
    Object.fromEntries(named.flatMap(({ heading, at }) => (fields[at] ? [[heading, fields[at]]] : []))),
  );
}

/** The body of a filing, not yet checked, and what is said of its agency beside the code. */
type Opened = Extract<ImportContent, { readonly filing: unknown }>;

const frame = ['source', 'sheet', 'line', 'ref', 'problem', 'named', 'filing'];

const namedParts: readonly (keyof NamedAgency)[] = ['name', 'county', 'countyName'];

/** What is in the frame of a refused filing, which was mended; what is in none is as it was. */
export function openFrame(content: Opened): Opened {
  const { filing: body } = content;
  const isFramed = isRecord(body) && 'problem' in body && 'filing' in body;
  if (!isFramed || !Object.keys(body).every((key) => frame.includes(key))) return content;
  const { filing, named } = body;
  if (named === undefined) return { filing };
  return isNamed(named) ? { filing, named } : content;
}

function isNamed(value: unknown): value is NamedAgency {
  return (
    isRecord(value) &&
    Object.entries(value).every(([key, part]) => namedParts.some((known) => known === key) && typeof part === 'string')
  );
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
