/** A file of changes to the register as lines: which columns there are, and what is wrong with a line. */

import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { z } from 'zod';
import { takeTurns } from '../../loop.js';
import { type Fault, maxFaults, Problem } from '../../problem.js';
import { quoteText } from '../../text.js';
import type { Label } from '../../words.js';
import { agencyCode } from '../codes.js';
import {
  agencyName,
  changeDay,
  changeDocument,
  changePrecision,
  countyCode,
  deadlineFiler,
  deadlineYear,
  divisionCode,
  divisionName,
  dueDay,
  exemptionReason,
  filerKind,
  maxParts,
  newDivisionLevel,
  registerYear,
  splitInto,
} from './change-schemas.js';
import type { LineChange } from './register-change.js';

/** A fault with the line of the file it is in, the header being line 1. */
export interface LineFault extends Fault {
  readonly line: number;
}

/** The word in `due` that takes a division's own deadline back. */
const inherited = 'inherit';

/** The columns of the file and what each may hold. */
export const changeColumns = {
  action: {
    zh: 'add、change、close、exempt、unexempt、deadline，或 division-add、division-change、division-merge、division-split、division-close',
    en: 'add, change, close, exempt, unexempt, deadline, or division-add, division-change, division-merge, division-split, division-close',
  },
  code: {
    zh: '机关代码；deadline 及 division-* 为行政区划代码',
    en: 'the code of the agency, or of the division for a deadline and for division-*',
  },
  on: { zh: '日期 YYYY-MM-DD，1949-10-01 至 2099-12-31', en: 'a day, YYYY-MM-DD, 1949-10-01 to 2099-12-31' },
  name: { zh: '名称，1 至 100 字', en: 'a name of 1 to 100 characters' },
  newCode: {
    zh: '2 至 32 位字母、数字或连字符；行政区划为六位数字',
    en: '2 to 32 letters, digits and hyphens; six digits of a division',
  },
  kind: { zh: filerKind.options.join('、'), en: `one of ${filerKind.options.join(', ')}` },
  county: { zh: '县级行政区划的六位代码', en: 'the six digits of a county' },
  level: { zh: newDivisionLevel.options.join('、'), en: `one of ${newDivisionLevel.options.join(', ')}` },
  parent: { zh: '上级行政区划的六位代码', en: 'the six digits of the division above' },
  mergedInto: {
    zh: '并入的机关（或行政区划）的代码',
    en: 'the code of the agency (or division) it went into',
  },
  splitInto: {
    zh: '分入各机关（或行政区划）的代码，两个以上，以空格分隔',
    en: 'the codes of two or more agencies (or divisions) that it was split into, separated by blanks',
  },
  year: { zh: '年度 2019 至 2099；deadline 可为 every', en: 'a year from 2019 to 2099; for a deadline also "every"' },
  reason: { zh: '原因，1 至 500 字', en: 'a reason of 1 to 500 characters' },
  for: {
    zh: `deadline 所指，${deadlineFiler.options.join('、')}，默认 AGENCIES`,
    en: `whose day a deadline is, one of ${deadlineFiler.options.join(', ')}; AGENCIES when empty`,
  },
  due: { zh: `每年都有的日子 MM-DD，或 ${inherited}`, en: `a day that every year has, MM-DD, or "${inherited}"` },
  document: { zh: '批准文件的文号，1 至 200 字', en: 'the number of the document that orders it, 1 to 200 characters' },
  precision: { zh: 'DAY（默认）或 SNAPSHOT', en: 'DAY (when empty) or SNAPSHOT' },
} as const satisfies Record<string, Label>;

type Column = keyof typeof changeColumns;

/** The columns of what a change rests on. */
const basis = { document: changeDocument.optional(), precision: changePrecision.optional() };

/** The columns of every line about a division. */
const divisionOn = { code: divisionCode, on: changeDay };

/** A line by its action: the columns it takes, and the change it is. */
const lineSchemas = {
  add: z
    .strictObject({ code: agencyCode, on: changeDay, name: agencyName, kind: filerKind, county: countyCode, ...basis })
    .transform(({ on, ...rest }) => ({ action: 'add' as const, ...rest, validFrom: on })),
  change: z
    .strictObject({
      code: agencyCode,
      on: changeDay,
      name: agencyName.optional(),
      newCode: agencyCode.optional(),
      kind: filerKind.optional(),
      county: countyCode.optional(),
      ...basis,
    })
    .transform(({ code, newCode, ...rest }) => ({ action: 'change' as const, ...rest, agency: code, code: newCode })),
  close: z
    .strictObject({
      code: agencyCode,
      on: changeDay,
      mergedInto: agencyCode.optional(),
      splitInto: z
        .string()
        .transform((codes) => codes.split(/\s+/))
        .pipe(splitInto)
        .optional(),
      ...basis,
    })
    .transform(({ code, ...rest }) => ({ action: 'close' as const, ...rest, agency: code })),
  exempt: z
    .strictObject({ code: agencyCode, year: registerYear, reason: exemptionReason })
    .transform(({ code, ...rest }) => ({ action: 'exempt' as const, ...rest, agency: code })),
  unexempt: z
    .strictObject({ code: agencyCode, year: registerYear })
    .transform(({ code, ...rest }) => ({ action: 'unexempt' as const, ...rest, agency: code })),
  deadline: z
    .strictObject({
      code: divisionCode,
      year: deadlineYear,
      for: deadlineFiler.optional(),
      due: z.union([z.literal(inherited).transform(() => null), dueDay]),
    })
    .transform(({ code, ...rest }) => ({ action: 'deadline' as const, ...rest, division: code })),
  'division-add': z
    .strictObject({ ...divisionOn, name: divisionName, level: newDivisionLevel, parent: divisionCode, ...basis })
    .transform((line) => ({ action: 'division-add' as const, ...line })),
  'division-change': z
    .strictObject({
      ...divisionOn,
      name: divisionName.optional(),
      newCode: divisionCode.optional(),
      parent: divisionCode.optional(),
      ...basis,
    })
    .transform(({ code, newCode, ...rest }) => ({
      action: 'division-change' as const,
      ...rest,
      division: code,
      code: newCode,
    })),
  'division-merge': z
    .strictObject({ ...divisionOn, mergedInto: divisionCode, ...basis })
    .transform(({ code, ...rest }) => ({ action: 'division-merge' as const, ...rest, division: code })),
  'division-split': z
    .strictObject({
      ...divisionOn,
      splitInto: z
        .string()
        .transform((codes) => codes.split(/\s+/))
        .pipe(z.array(divisionCode).min(2).max(maxParts)),
      ...basis,
    })
    .transform(({ code, splitInto: codes, ...rest }) => ({
      action: 'division-split' as const,
      ...rest,
      division: code,
      splitInto: codes.map((division) => ({ division })),
    })),
  'division-close': z
    .strictObject({ ...divisionOn, ...basis })
    .transform(({ code, ...rest }) => ({ action: 'division-close' as const, ...rest, division: code })),
} as const satisfies Record<LineChange['action'], z.ZodType<LineChange>>;

const isAction = (text: string): text is LineChange['action'] => Object.hasOwn(lineSchemas, text);

/** The column that holds a member of a change, where it has another name. */
export const columnsOfMembers: Readonly<Record<LineChange['action'], Readonly<Record<string, Column>>>> = {
  add: { validFrom: 'on' },
  change: { agency: 'code', code: 'newCode' },
  close: { agency: 'code' },
  exempt: { agency: 'code' },
  unexempt: { agency: 'code' },
  deadline: { division: 'code' },
  'division-add': {},
  'division-change': { division: 'code', code: 'newCode' },
  'division-merge': { division: 'code' },
  'division-split': { division: 'code' },
  'division-close': { division: 'code' },
};

/** A line that is well-formed, and the change it is; the header is line 1. */
interface Line {
  readonly line: number;
  readonly change: LineChange;
}

/** What a file of changes says, and the first of what is wrong with it. */
export interface ReadLines {
  readonly lines: readonly Line[];
  readonly faults: readonly LineFault[];
}

/** Characters that are parsed at once. */
const parsedAtOnce = 16_384;

/**
 * Reads a file of changes: UTF-8 CSV with a header, a change a line. Throws `malformed-body` for what is not such a
 * file; a line that is not well-formed is among the faults. Past the most faults of an answer nothing is read.
 */
export async function readLines(bytes: Uint8Array): Promise<ReadLines> {
  const faults: LineFault[] = [];
  const add = (found: readonly LineFault[]) => {
    faults.push(...found);
    if (faults.length > maxFaults) throw enough;
  };
  const lines: Line[] = [];
  try {
    let columns: readonly string[] | undefined;
    const othersTurn = takeTurns();
    for await (const { record, info } of recordsIn(decode(bytes), add)) {
      await othersTurn();
      if (!columns) {
        columns = readHeader(record);
        continue;
      }
      const fields = columns.map((column, index) => [column, record[index] ?? ''] as const);
      const parsed = readLine(Object.fromEntries(fields.filter(([, value]) => value !== '')), info.lines);
      if ('change' in parsed) lines.push(parsed);
      else add(parsed.faults);
    }
    if (!columns) readHeader([]);
    if (lines.length === 0 && faults.length === 0) throw nothingToChange();
  } catch (error) {
    if (error !== enough) throw error;
  }
  return { lines, faults };
}

/** Thrown where there is more wrong than is listed. */
const enough = new Error('enough');

/** A record: its fields, and the line on which it ends. */
interface CsvRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** The records of a text, parsed as they are asked for; one that cannot be parsed goes to `add`. */
export function recordsIn(text: string, add: (faults: readonly LineFault[]) => void): AsyncIterable<CsvRecord> {
  function* slices() {
    for (let from = 0; from < text.length; from += parsedAtOnce) yield text.slice(from, from + parsedAtOnce);
  }
  // With `info`, and without `columns`, a record is its fields and where they were read.
  const parser = parse({
    info: true,
    trim: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    skip_records_with_error: true,
    on_skip: (error) => {
      if (error) add([brokenRecord(error.code, Number(error.lines))]);
      return undefined;
    },
  });
  return Readable.from(slices()).compose(parser);
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw malformed('ENCODING', {
      zh: '文件不是 UTF-8 编码（可能是 GBK），请在 Excel 中另存为“CSV UTF-8”。',
      en: 'The file is not UTF-8 (GBK, perhaps); save it as "CSV UTF-8".',
    });
  }
}

function readHeader(header: readonly string[]): readonly string[] {
  const known = Object.keys(changeColumns);
  const seen = new Set<string>();
  const strange = header.filter((name) => !known.includes(name) || seen.size === seen.add(name).size);
  const missing = ['action', 'code'].filter((name) => !header.includes(name));
  if (strange.length === 0 && missing.length === 0) return header;
  const listed = strange
    .slice(0, maxNamed)
    .map((name) => quoteText(name, 60))
    .join(',');
  throw malformed('HEADER', {
    zh: `首行应为列名（${known.join(',')}，至少 action 和 code，各一次）；未知或重复：${listed || '无'}；缺少：${missing.join(',') || '无'}。`,
    en: `The first line names the columns (${known.join(',')}; at least action and code, each once). Unknown or twice: ${listed || 'none'}; missing: ${missing.join(',') || 'none'}.`,
  });
}

/** Columns that a refused heading names. */
const maxNamed = 20;

function readLine(
  fields: Readonly<Record<string, string>>,
  line: number,
): Line | { readonly faults: readonly LineFault[] } {
  const { action = '', ...rest } = fields;
  if (!isAction(action)) return { faults: [wrongField(line, 'action', action)] };
  const parsed = lineSchemas[action].safeParse(rest);
  if (!parsed.success) {
    return { faults: parsed.error.issues.flatMap((issue) => faultsOfIssue(issue, rest, line, action)) };
  }
  const { data: change } = parsed;
  const fault = faultBetween(change, rest, line);
  return fault ? { faults: [fault] } : { line, change };
}

/** What is wrong with the columns of a line together, each of them being well-formed. */
function faultBetween(
  change: LineChange,
  fields: Readonly<Record<string, string>>,
  line: number,
): LineFault | undefined {
  const saysNothing = Object.keys(fields).every((column) => column === 'code' || column === 'on');
  if (change.action === 'division-change' && saysNothing) {
    return lineFault(line, 'MISSING', 'name', {
      zh: 'division-change 须至少给出 name、newCode、parent、document、precision 之一',
      en: 'a division-change gives at least one of name, newCode, parent, document, precision',
    });
  }
  if (change.action === 'change' && saysNothing) {
    return lineFault(line, 'MISSING', 'name', {
      zh: 'change 须至少给出 name、newCode、kind、county、document、precision 之一',
      en: 'a change gives at least one of name, newCode, kind, county, document, precision',
    });
  }
  if (change.action === 'close' && change.mergedInto !== undefined && change.splitInto !== undefined) {
    return lineFault(line, 'UNUSED', 'splitInto', {
      zh: 'mergedInto 与 splitInto 只能给出其一',
      en: 'only one of mergedInto and splitInto is given',
    });
  }
  return undefined;
}

function faultsOfIssue(
  issue: z.core.$ZodIssue,
  fields: Readonly<Record<string, string>>,
  line: number,
  action: string,
): LineFault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((column) =>
      lineFault(line, 'UNUSED', column, {
        zh: `${action} 不用 ${column} 列，应留空`,
        en: `${action} takes no ${column}; leave it empty`,
      }),
    );
  }
  // The fields are flat, and their schemas name nothing but columns.
  const column = String(issue.path[0]) as Column;
  return [wrongField(line, column, fields[column] ?? '')];
}

function wrongField(line: number, column: Column, value: string): LineFault {
  const { zh, en } = changeColumns[column];
  if (value === '') {
    return lineFault(line, 'MISSING', column, { zh: `缺少 ${column}（${zh}）`, en: `${column} is missing: ${en}` });
  }
  return lineFault(line, 'FORMAT', column, {
    zh: `${column}“${value}”无效，应为${zh}`,
    en: `${column} "${value}" is not ${en}`,
  });
}

function brokenRecord(code: string, line: number): LineFault {
  const length = code === 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH';
  return lineFault(
    line,
    length ? 'LENGTH' : 'QUOTES',
    '',
    length
      ? { zh: '列数与首行不同', en: 'it has another number of columns than the first line' }
      : { zh: '引号不成对或位置不对', en: 'its quotes do not match' },
  );
}

function lineFault(line: number, code: string, column: string, message: Label): LineFault {
  return {
    code,
    severity: 'error',
    line,
    pointer: `/lines/${line}${column && `/${column}`}`,
    message: { zh: `第 ${line} 行：${message.zh}。`, en: `Line ${line}: ${message.en}.` },
  };
}

function nothingToChange(): Problem {
  return malformed('EMPTY', {
    zh: '没有变更：文件只有列名。',
    en: 'There is nothing to change: the file has headings only.',
  });
}

function malformed(code: string, message: Label): Problem {
  return new Problem('malformed-body', message, {
    errors: [{ code, severity: 'error', pointer: '', message }],
  });
}
