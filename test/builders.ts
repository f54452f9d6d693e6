/** What the tests build from: a small register cut from the shipped one, balanced reports, filings, the app. */

import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { CompiledQuery } from 'kysely';
import type { ActContext } from '../src/words.js';
import './seed.js';
import { operator } from '../src/access/authority.js';
import { type AskedGrant, createToken } from '../src/access/tokens.js';
import { type AppOptions, buildApp } from '../src/app.js';
import { writePageDocx } from '../src/document/print/page/docx.js';
import { writePageHtml } from '../src/document/print/page/html.js';
import { reportTitle, type Sheet } from '../src/document/print/sheet.js';
import { pageOfSheet } from '../src/document/print/sheet-page.js';
import { figuresFrom, type NamedFigures, printFigures } from '../src/form/figures.js';
import { type Form, type FormId, formInForce, formOf, forms } from '../src/form/forms.js';
import { loadNationalRegister, readNationalRegister } from '../src/register/load.js';
import { type Filing, parseFiling } from '../src/report/filing.js';
import { inTransaction } from '../src/store/engine/commit.js';
import { openStore } from '../src/store/engine/open.js';
import type { Db } from '../src/store/engine/schema.js';
import { moveVersions } from '../src/store/engine/versions.js';
import { loadRegister, type RegisterRows } from '../src/store/register/load/load.js';
import { holdToDocument } from './contract.js';

/** 群峰乡, and the county it lies in. */
export const qunfeng = '431281207';
export const hongjiang = '431281';

/** The counties of the small register: 洪江市 with its 20 townships, one beside it, and those of the real samples. */
const counties = [hongjiang, '431202', '350128', '320813'];

/** A fixed clock: tests say which day it is. */
export const today = '2026-11-24';
export const clock = () => new Date(`${today}T04:00:00Z`);
export const act: ActContext = { actor: 'clerk@example.org', caller: operator, now: clock() };

const national = readNationalRegister();

/** The counties with these codes at any time, what is above them, and the agencies that never lay anywhere else. */
export async function smallRegister(codes: readonly string[]): Promise<RegisterRows> {
  const { divisions, agencies, successions, bases, otherCodes } = await national;
  const unitsOf = (rows: readonly { unit: string; code: string }[], some: ReadonlySet<string>) =>
    new Set(rows.filter(({ code }) => some.has(code)).map(({ unit }) => unit));
  const counties = unitsOf(divisions, new Set(codes));
  const above = divisions.filter(({ unit }) => counties.has(unit)).flatMap(({ code, parent }) => [code, parent]);
  const wanted = unitsOf(divisions, new Set(['100000', ...above, ...above.map((code) => `${code.slice(0, 2)}0000`)]));
  const ofCounties = new Set(divisions.filter(({ unit }) => counties.has(unit)).map(({ code }) => code));
  const elsewhere = new Set(agencies.filter(({ county }) => !ofCounties.has(county)).map(({ unit }) => unit));
  const cut = agencies.filter(({ unit }) => !elsewhere.has(unit));
  const units = { agency: new Set(cut.map(({ unit }) => unit)), division: wanted };
  return {
    divisions: divisions.filter(({ unit }) => wanted.has(unit)),
    agencies: cut,
    successions: successions.filter(({ about, from, to }) => units[about].has(from) && units[about].has(to)),
    bases: bases.filter(({ about, unit }) => units[about].has(unit)),
    otherCodes: otherCodes.filter(({ unit }) => units.agency.has(unit)),
  };
}

const register = smallRegister(counties);

/** The townships that a county of the small register has today, by code. */
export async function townshipsOf(county: string): Promise<string[]> {
  const today = (await register).agencies.filter((agency) => agency.county === county && agency.validTo === '');
  return today.map((agency) => agency.code);
}

/** A store with the small register, and these counties beside its own. Destroy it after use. */
export async function openTestStore(
  url = 'sqlite::memory:',
  more: { readonly counties?: readonly string[] } = {},
): Promise<Db> {
  const db = await openStore(url);
  const rows = more.counties ? await smallRegister([...counties, ...more.counties]) : await register;
  await inTransaction(db, {}, (trx) => loadRegister(trx, rows, () => {}));
  return db;
}

/** A store with the whole register, which takes seconds to load: once a test file. Destroy it after use. */
export async function openNationalStore(url = 'sqlite::memory:'): Promise<Db> {
  const db = await openStore(url);
  await loadNationalRegister(db, () => {});
  return db;
}

/** A token with one scope over one division or agency; over everything as an administrator unless told otherwise. */
export async function tokenFor(db: Db, grant: Partial<AskedGrant> = {}, name: string = randomUUID()): Promise<string> {
  const { scope = 'admin', ...place } = grant;
  const where = place.agency === undefined ? { division: '100000', ...place } : place;
  const asked = { name, grants: [{ scope, ...where }], expiresAt: null };
  return (await createToken(db, act, randomBytes, asked)).token;
}

/** Whoever has the machine, reading. */
export const reader = { caller: operator, open: 'filed', now: clock() } as const;

/** A request's Authorization header. */
export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/**
 * The app over a store with the small register, every answer held to its document; `close` closes both. What is
 * injected is an administrator's, unless it has an Authorization header of its own; an empty one is a stranger's.
 */
export async function openTestApp(options: Partial<Omit<AppOptions, 'db'>> & { readonly url?: string } = {}) {
  const { url, ...rest } = options;
  const db = await openTestStore(url);
  const app = await buildApp({ db, clock, logger: false, ...rest });
  holdToDocument(app);
  const token = await tokenFor(db, {}, act.actor);
  signIn(app, token);
  return {
    app,
    db,
    token,
    close: async () => {
      await app.close();
      await db.destroy();
    },
  };
}

/** Lets what is injected without an Authorization header have this one. */
export function signIn(app: FastifyInstance, token: string): void {
  const inject = app.inject.bind(app);
  const signed = (options: string | InjectOptions) => {
    const asked = typeof options === 'string' ? { url: options } : options;
    const { authorization = `Bearer ${token}`, ...headers }: Record<string, unknown> = { ...asked.headers };
    const sent = { ...headers, ...(authorization !== '' && { authorization }) };
    return inject({ ...asked, headers: sent as NonNullable<InjectOptions['headers']> });
  };
  // Fastify's overloads for callbacks and chains, which no test uses.
  app.inject = signed as typeof app.inject;
}

/** A folder of a test's own, outside the project, that goes when the test is over. */
export function scratch(t: { teardown(end: () => unknown): unknown }): string {
  const folder = mkdtempSync(join(tmpdir(), 'xiangbao-test-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A form's figures by the addresses of their cells. */
export function nameFigures<Value>(form: FormId, figures: readonly Value[]): Readonly<Record<string, Value | null>> {
  return Object.fromEntries(formOf(form).cells.map(({ key, at }) => [key, figures[at] ?? null]));
}

/** A form's figures, every cell zero. */
export function zeroFigures(form: FormId = '2021'): NamedFigures {
  return Object.fromEntries(formOf(form).cells.map((cell) => [cell.key, 0]));
}

/**
 * Figures that fulfil every equation of table three and four: counts in the parts, totals computed from them.
 * Blanks only where no equation reads the cell.
 */
export function balancedFigures(form: Form): fc.Arbitrary<NamedFigures> {
  const applications = form.tables.find((table) => table.key === 'applications');
  const rows = applications?.rows ?? [];
  const columns = (applications?.columns ?? []).map((column) => column.key).filter((key) => key !== 'total');
  const outcomes = rows.filter((row) => row.outcome).map((row) => row.key);
  const small = fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat(40) });
  const applicants = fc.array(
    fc.record({
      outcomes: fc.array(small, { minLength: outcomes.length, maxLength: outcomes.length }),
      carriedIn: small,
      carriedOut: small,
    }),
    {
      minLength: columns.length,
      maxLength: columns.length,
    },
  );
  const appealRow = fc.tuple(small, small, small, small);
  const free = form.cells.filter((cell) => cell.table !== 'applications' && cell.table !== 'appeals');
  const others = fc.array(fc.oneof({ weight: 8, arbitrary: small }, { weight: 1, arbitrary: fc.constant(null) }), {
    minLength: free.length,
    maxLength: free.length,
  });
  return fc.tuple(applicants, fc.tuple(appealRow, appealRow, appealRow), others).map(([byColumn, appealRows, rest]) => {
    const figures: Record<string, number | null> = {};
    const put = (row: string, column: string, value: number) => {
      figures[`applications.${row}.${column}`] = value;
      figures[`applications.${row}.total`] = (figures[`applications.${row}.total`] ?? 0) + value;
    };
    byColumn.forEach((applicant, index) => {
      const column = columns[index] ?? '';
      const processed = applicant.outcomes.reduce((sum, value) => sum + value, 0);
      // What came in is what went out; when more was carried in than went out, the surplus is carried on.
      const carriedIn = Math.min(applicant.carriedIn, processed + applicant.carriedOut);
      for (const [position, row] of outcomes.entries()) put(row, column, applicant.outcomes[position] ?? 0);
      put('processed', column, processed);
      put('carriedIn', column, carriedIn);
      put('carriedOut', column, applicant.carriedOut);
      put('newReceived', column, processed + applicant.carriedOut - carriedIn);
    });
    const appealKeys = ['reconsideration', 'directLitigation', 'litigationAfterReconsideration'];
    appealKeys.forEach((row, index) => {
      const parts = appealRows[index] ?? [0, 0, 0, 0];
      ['upheld', 'corrected', 'otherOutcome', 'pending'].forEach((column, position) => {
        figures[`appeals.${row}.${column}`] = parts[position] ?? 0;
      });
      figures[`appeals.${row}.total`] = parts.reduce((sum, value) => sum + value, 0);
    });
    free.forEach((cell, index) => {
      figures[cell.key] = rest[index] ?? null;
    });
    return figures;
  });
}

/** Any form. */
export const anyForm: fc.Arbitrary<Form> = fc.constantFrom(...forms);

/** A filing's body: 群峰乡 2021, all zeros, unless told otherwise. Figures are given by cell address. */
export function filingBody(
  overrides: { agency?: string; year?: number; form?: FormId; figures?: NamedFigures } & Record<string, unknown> = {},
): Record<string, unknown> & { figures: Record<string, Record<string, Record<string, unknown>>> } {
  const { agency = qunfeng, year = 2021, figures = {}, ...rest } = overrides;
  const form = overrides.form ?? formInForce(year).id;
  return {
    agency,
    year,
    form,
    figures: printFigures(formOf(form).cells, figuresFrom({ ...zeroFigures(form), ...figures })),
    ...rest,
  };
}

/** The same, parsed. */
export function filing(overrides: Parameters<typeof filingBody>[0] = {}): Filing {
  return parseFiling(filingBody(overrides), today);
}

/** Runs SQL that only a test needs; the caller names the type of its rows. */
export async function runSql<Row>(db: Db, text: string, parameters: readonly unknown[] = []): Promise<Row[]> {
  const { rows } = await db.executeQuery(CompiledQuery.raw(text, [...parameters]));
  // It goes past all that says what an act touches.
  if (!/^\s*select/i.test(text)) moveVersions(db, undefined);
  // Each text is written beside the type it is read as.
  return rows as Row[];
}

/** How many reports a store holds. */
export async function countReports(db: Db): Promise<number> {
  return (await runSql<{ n: number }>(db, 'select count(*) as n from report'))[0]?.n ?? -1;
}

/** What an import came to, once it has ended; as a client reads it, without a type. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads answers as a client would.
export async function untilEnded(app: FastifyInstance, path: string): Promise<any> {
  for (let tries = 0; tries < 1200; tries++) {
    const body = (await app.inject(path)).json();
    if (body.finishedAt !== null) return body;
    await sleep(50);
  }
  throw new Error('the import does not end');
}

/** A report as it is printed, with nothing beside its figures. */
export function printedSheet(over: Pick<Sheet, 'figures'> & Partial<Sheet>): Sheet {
  return {
    form: '2021',
    title: reportTitle('示例乡', 2021),
    year: 2021,
    subtitle: [],
    narrative: null,
    findings: [],
    coverage: null,
    sample: false,
    ...over,
  };
}

/** A sheet as a Word document. */
export function writeDocx(sheet: Sheet): Promise<Uint8Array> {
  return writePageDocx(pageOfSheet(sheet));
}

/** A sheet as a web page. */
export function writeHtml(sheet: Sheet): string {
  return writePageHtml(pageOfSheet(sheet));
}
