/** Reads a filing: its figures, its texts, and what is wrong with it, cell by cell. */
import type { z } from 'zod';
import { yearOf } from '../day.js';
import { parseAmount } from '../form/amount.js';
import { maxCount } from '../form/exact.js';
import { makeBlankFigures } from '../form/figures.js';
import { type Cell, type Figures, type Form, findForm, firstYear, formInForce, forms } from '../form/forms.js';
import type { ReportContent } from '../form/report.js';
import { countListed, type Fault, listFaults, Problem } from '../problem.js';
import { normalizeCode } from '../register/codes.js';
import type { KeptWithReport } from '../store/filings/documents.js';
import { itemLists } from '../words.js';
import { cellFault, fault, faultsOf, isRecord, valueAt } from './faults.js';
import { figuresSchemaOf, filingEnvelope } from './filing-body.js';

type FilingEnvelope = z.infer<typeof filingEnvelope>;

/** A filing that has the right shape. */
export interface Filing {
  /** The agency's code as sent, twelve digits cut to nine. */
  readonly agency: string;
  readonly year: number;
  readonly content: ReportContent;
  /** Why this revision replaces the last; null on a first filing. */
  readonly reason: string | null;
  /** The document it was read from, where that is kept. */
  readonly document?: KeptWithReport;
}

/**
 * Reads a filing's body. `at`, from the path, names agency and year; `today` (YYYY-MM-DD) bounds the years.
 * Throws `invalid-report` with the first 100 faults: each with its pointer, the cell's label, a sentence in both languages.
 */
export function parseFiling(
  body: unknown,
  today: string,
  at?: { readonly agency: string; readonly year: number },
): Filing {
  const whole = at && isRecord(body) ? { agency: at.agency, year: at.year, ...body } : body;
  const shape = filingEnvelope.safeParse(whole);
  const form = isRecord(whole) ? formFor(whole) : undefined;
  const raw = isRecord(whole) ? whole.figures : undefined;
  const figures = form && raw !== undefined ? flattenFigures(form, raw) : undefined;
  // What is wrong is found as it is listed, and not looked for beyond that.
  function* found(): Generator<Fault, void, undefined> {
    if (!shape.success) yield* faultsOf(shape.error, whole, []);
    if (at && isRecord(whole)) yield* disagreements(whole, at);
    if (form && raw !== undefined && !figures) yield* figureFaults(form, raw);
    if (!shape.success) return;
    yield* dateFaults(shape.data, today);
    yield* itemFaults(shape.data);
  }
  const { errors, more } = listFaults(found());
  if (errors.length > 0 || !shape.success || !form || !figures) throw refusalOf(errors, more);
  const { agency, year, reason = null } = shape.data;
  return {
    agency: normalizeCode(agency),
    year,
    content: contentOf(form, figures, shape.data),
    reason,
  };
}

/** What is wrong with the figures of a filing: the schema finds it, which takes it five times as long as reading what is right. */
function* figureFaults(form: Form, raw: unknown): Generator<Fault, void, undefined> {
  const parsed = figuresSchemaOf(form).safeParse(raw);
  if (parsed.success) return yield* negativeZeros(form, raw);
  yield* otherForm(form, raw);
  yield* faultsOf(parsed.error, raw, ['figures'], form);
}

/** The refusal that lists what is wrong with a filing's shape. */
export function invalidReport(found: Iterable<Fault>): Problem {
  const { errors, more } = listFaults(found);
  return refusalOf(errors, more);
}

function refusalOf(errors: readonly Fault[], more?: true): Problem {
  const count = countListed({ errors, ...(more && { more }) });
  return new Problem(
    'invalid-report',
    {
      zh: `报送内容有 ${count.zh} 处问题，未保存。`,
      en: `${count.en} fault(s) in the filing; nothing was stored.`,
    },
    { errors, ...(more && { more }) },
  );
}

/**
 * Figures nested as a filing prints them -> a list of figures; undefined unless every cell of the form is there, nothing else is, and every figure is within its range.
 */
function flattenFigures(form: Form, nested: unknown): Figures | undefined {
  const figures = makeBlankFigures();
  if (!hasOnly(nested, form.tables.length)) return undefined;
  let next = 0;
  for (const table of form.tables) {
    const rows = nested[table.key];
    if (!hasOnly(rows, table.rows.length)) return undefined;
    for (const row of table.rows) {
      const boxes = rows[row.key];
      if (!hasOnly(boxes, table.columns.length)) return undefined;
      // The cells of a form are in the order of its tables, rows and columns.
      for (const end = next + table.columns.length; next < end; next++) {
        const cell = form.cells[next] as Cell;
        const value = boxes[cell.column];
        const figure = value === null ? null : figureOf(cell, value);
        if (figure === undefined) return undefined;
        figures[cell.at] = figure;
      }
    }
  }
  return figures;
}

function hasOnly(value: unknown, members: number): value is Readonly<Record<string, unknown>> {
  if (!isRecord(value)) return false;
  let count = 0;
  for (const _ in value) count++;
  return count === members;
}

function figureOf(cell: Cell, value: unknown): number | undefined {
  if (cell.kind === 'amount') {
    const plain = typeof value === 'string' || (typeof value === 'number' && !Object.is(value, -0));
    return plain ? parseAmount(String(value), cell.unit) : undefined;
  }
  if (!Number.isInteger(value) || Object.is(value, -0)) return undefined;
  const number = Number(value);
  return number <= maxCount && number >= (cell.signed ? -maxCount : 0) ? number : undefined;
}

function contentOf(form: Form, checked: Figures, data: FilingEnvelope): ReportContent {
  return {
    form: form.id,
    figures: checked,
    publishedItems: (data.publishedItems as ReportContent['publishedItems'] | undefined) ?? null,
    engagement: (data.engagement as ReportContent['engagement'] | undefined) ?? null,
    narrative: (data.narrative as ReportContent['narrative'] | undefined) ?? null,
    source: (data.source as ReportContent['source'] | undefined) ?? null,
  };
}

function formFor(body: Readonly<Record<string, unknown>>): Form | undefined {
  if (typeof body.form === 'string') return findForm(body.form);
  const { year } = body;
  const known = typeof year === 'number' && Number.isInteger(year) && year >= firstYear;
  return body.form === undefined && known ? formInForce(year) : undefined;
}

function disagreements(
  body: Readonly<Record<string, unknown>>,
  at: { readonly agency: string; readonly year: number },
): Fault[] {
  const faults: Fault[] = [];
  if (typeof body.agency === 'string' && normalizeCode(body.agency) !== normalizeCode(at.agency)) {
    faults.push(
      fault('MISMATCH', '/agency', {
        zh: `正文的机关 ${body.agency} 与路径的 ${at.agency} 不一致。`,
        en: `agency ${body.agency} in the body is not ${at.agency} of the path.`,
      }),
    );
  }
  if (typeof body.year === 'number' && body.year !== at.year) {
    faults.push(
      fault('MISMATCH', '/year', {
        zh: `正文的年度 ${body.year} 与路径的 ${at.year} 不一致。`,
        en: `year ${body.year} in the body is not ${at.year} of the path.`,
      }),
    );
  }
  return faults;
}

function dateFaults(data: FilingEnvelope, today: string): Fault[] {
  const faults: Fault[] = [];
  if (data.year > yearOf(today)) {
    faults.push(
      fault('RANGE', '/year', {
        zh: `报告年度 ${data.year} 尚未到来。`,
        en: `Report year ${data.year} is in the future.`,
      }),
    );
  }
  const published = data.source?.publishedOn;
  if (published && published > today) {
    faults.push(
      fault('RANGE', '/source/publishedOn', {
        zh: `公布日期 ${published} 晚于今天。`,
        en: `The day of publication ${published} is in the future.`,
      }),
    );
  }
  return faults;
}

/** A name that a list repeats is one item of a sum, and may not come to more than one count may be. */
function itemFaults({ publishedItems }: FilingEnvelope): Fault[] {
  return itemLists.flatMap((list) => {
    const counts = new Map<string, number>();
    return (publishedItems?.[list] ?? []).flatMap(({ name, count }, place) => {
      const before = counts.get(name) ?? 0;
      counts.set(name, before + (count ?? 0));
      if (before > maxCount || before + (count ?? 0) <= maxCount) return [];
      return fault('RANGE', `/publishedItems/${list}/${place}/count`, {
        zh: `同名的“${name}”合计超过 ${maxCount}。`,
        en: `The items named “${name}” add up to more than ${maxCount}.`,
      });
    });
  });
}

/** Figures that are whole, but on another form than the filing says: the likeliest mistake, said first. */
function otherForm(form: Form, raw: unknown): Fault[] {
  const fitting = forms.find((other) => other.id !== form.id && figuresSchemaOf(other).safeParse(raw).success);
  if (!fitting) return [];
  return [
    fault('FORM', '/form', {
      zh: `这些数字符合${fitting.name.zh}，但按${form.name.zh}核对；请将 form 写为 "${fitting.id}"。`,
      en: `These figures fit the ${fitting.name.en}, not the ${form.name.en} they were read as; say "form": "${fitting.id}".`,
    }),
  ];
}

function negativeZeros(form: Form, raw: unknown): Fault[] {
  return form.cells
    .filter((cell) => Object.is(valueAt(raw, [cell.table, cell.row, cell.column]), -0))
    .map((cell) => cellFault('RANGE', cell, { zh: '不能为 -0', en: 'must not be -0' }));
}
