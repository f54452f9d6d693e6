/** A division's year as GraphQL answers it: where each agency is with its report, and all that was found. */
import type { Reader } from '../../../access/visibility.js';
import { referenceDate } from '../../../day.js';
import { rules, type Severity } from '../../../form/rules.js';
import type { RuleCode } from '../../../form/vocabulary.js';
import {
  type FilingsQuery,
  type ListedFiling,
  readFilingCounts,
  readFilings,
} from '../../../report/filings/filings.js';
import { type FindingOfReport, readFindings } from '../../../report/filings/findings.js';
import { type CountedFilings, filingsFor } from '../../../report/filings/whose.js';
import type { Db } from '../../../store/engine/schema.js';
import type { FilingState } from '../../../words.js';
import { afterFinding, findingKey } from '../../http/paging.js';
import { invalidParameter, readableYear } from '../../http/parameters.js';
import { connectionOf, type PageArguments, readCodePage, readFirst } from '../parts/paging.js';
import { planOnce, type Selection, selectedAt } from '../parts/selection.js';
import type { DivisionSource } from '../parts/sources.js';

/** What these resolvers need of what all of a request share. */
interface Context {
  readonly db: Db;
  readonly now: Date;
  readonly reader: Reader & { readonly now: Date };
}

type Nullable<T> = { readonly [Name in keyof T]?: T[Name] | null };

type FilingsAsked = PageArguments & { readonly year: number } & Nullable<{
    states: readonly FilingState[];
    late: boolean;
    severity: Severity;
  }>;

type FindingsAsked = PageArguments & { readonly year: number } & Nullable<{
    severity: Severity;
    rule: string;
    noted: boolean;
  }>;

/** What a query asks of each filing. */
const filingsPlan = planOnce((selection): Pick<FilingsQuery, 'findings' | 'outliers'> => {
  const ofNodes = selectedAt(selection, ['nodes'], ['edges', 'node']);
  const isAsked = (...fields: readonly string[]) => (hasOne(ofNodes, fields) ? 'asked' : 'unasked');
  return { findings: isAsked('findings', 'decision'), outliers: isAsked('outliers') };
});

const countsPlan = planOnce((selection): 'asked' | 'unasked' => (selection.has('withFindings') ? 'asked' : 'unasked'));

function hasOne(selection: Selection, fields: readonly string[]): boolean {
  return fields.some((field) => selection.has(field));
}

/** The resolvers by type and field. */
export const filingResolvers = {
  Division: {
    filings: async (
      division: DivisionSource,
      args: FilingsAsked,
      { db, reader, now }: Context,
      selected: Selection,
    ) => {
      const year = readableYear(args.year, now);
      const { states, late, severity } = args;
      const query: FilingsQuery = {
        states: states ?? undefined,
        late: late ?? undefined,
        severity: severity ?? undefined,
        ...filingsPlan(selected),
      };
      const asked = readCodePage(args);
      const filings = await filingsFor(db, reader, division, year);
      const page = await readFilings(db, reader, filings, query, asked);
      const connection = connectionOf(
        page,
        args,
        ({ agency }) => agency.code,
        (filing) => writeFiling(filing, year),
      );
      return Object.assign(connection, { filings });
    },
    findings: async (division: DivisionSource, args: FindingsAsked, { db, reader, now }: Context) => {
      const year = readableYear(args.year, now);
      const { severity, rule, noted, first, after } = args;
      const query = { year, severity: severity ?? undefined, rule: readRule(rule), noted: noted ?? undefined };
      const page = await readFindings(db, reader, division, query, {
        first: readFirst(first),
        after: afterFinding(after),
      });
      return connectionOf(page, args, ({ report, place }) => findingKey(report.agency.code, place), writeFinding);
    },
  },

  FilingConnection: {
    counts: async (
      { filings }: { readonly filings: CountedFilings },
      _: unknown,
      { db, reader }: Context,
      asked: Selection,
    ) => {
      const { states, late, withFindings } = await readFilingCounts(db, reader, filings, countsPlan(asked));
      return {
        notFiled: states.NOT_FILED,
        refused: states.REFUSED,
        submitted: states.SUBMITTED,
        returned: states.RETURNED,
        accepted: states.ACCEPTED,
        exempt: states.EXEMPT,
        withdrawn: states.WITHDRAWN,
        late,
        withFindings,
      };
    },
  },
};

function writeFiling({ agency, row, review, ...filing }: ListedFiling, year: number) {
  return {
    ...filing,
    agency: { ...agency, day: referenceDate(year) },
    revision: row?.revision ?? null,
    filedAt: row?.filedAt ?? null,
    submittedOn: row?.submittedOn ?? null,
    decision: review,
  };
}

function writeFinding({ report: { agency, row }, finding }: FindingOfReport) {
  const { year, revision, state } = row;
  return { agency: { ...agency, day: referenceDate(year) }, year, revision, state, finding };
}

/** Throws `invalid-parameter` for what is no rule. */
function readRule(rule: string | null | undefined): RuleCode | undefined {
  if (rule === null || rule === undefined) return undefined;
  const known = rules.find(({ code }) => code === rule);
  if (known) return known.code;
  throw invalidParameter('rule', {
    zh: `没有规则 ${rule.slice(0, 40)}，见 rules。`,
    en: `There is no rule ${rule.slice(0, 40)}; rules lists them.`,
  });
}
