/**
 * Resolvers: each reads its arguments, asks a use case and answers plain nested objects, whose fields are then read by
 * name. Only fields that read the store, or take arguments, have one.
 */

import { z } from 'zod';
import { referenceDate } from '../../day.js';
import { allCells } from '../../form/forms.js';
import { Problem } from '../../problem.js';
import { agenciesBelow, agenciesElsewhere, deadlineOf, divisionsBelow, townshipKinds } from '../../register/browse.js';
import { findAgency, findDivision } from '../../register/codes.js';
import { findReportFor, type ReadReport, readReport } from '../../report/report-view.js';
import { readRevisions } from '../../report/revisions.js';
import { readReportPage, readReports } from '../../report/shown/report-list.js';
import { missingFrom } from '../../rollup/missing.js';
import { findPublishedBeside } from '../../rollup/published.js';
import { countCells, sumsOfAgencies, sumsOfDivision } from '../../rollup/sums.js';
import { breaksIn, findUnallocated, nothingUnallocated, type Unallocated } from '../../rollup/unallocated.js';
import { type DeadlineFiler, type Inclusion, pageOf, type ReportState } from '../../words.js';
import { divisionAsked, invalidParameter, readableYear } from '../http/parameters.js';
import type { GraphqlContext, Kinds } from './context.js';
import { each } from './execute/steps.js';
import { filingResolvers } from './filings/filings.js';
import { formObjects, measureObjects, ruleObjects } from './forms.js';
import { type FrameAsked, readFrame } from './parts/frames.js';
import { connectionOf, type PageArguments, readCodePage, readNumberPage } from './parts/paging.js';
import { planOnce, type Selection } from './parts/selection.js';
import {
  type AgencySource,
  agencyNear,
  agencyOn,
  type DivisionSource,
  divisionNear,
  leadsToDivision,
} from './parts/sources.js';
import { placeResolvers } from './places/places.js';
import { rankResolvers } from './rank/rank.js';
import { listItems, type ReportSource, reportSteps, writeReport, writeRevision } from './reports.js';
import {
  type CoverageSource,
  planStatistics,
  readCells,
  type StatisticsSource,
  statisticsSteps,
  writeBlanks,
  writeCellCoverage,
  writeDifferences,
  writeUnallocated,
} from './statistics.js';

type Context = GraphqlContext;
type Kinded = { readonly kinds?: Kinds | null };
type Paged<T = unknown> = PageArguments & T;

/** What `reports` takes beside a page. */
interface ReportsAsked {
  readonly division?: string | null;
  readonly county?: string | null;
  readonly agency?: string | null;
  readonly year?: number | null;
  readonly state?: ReportState | null;
  readonly updatedAfter?: string | null;
}

/** The most years one field may ask for. */
const maxYears = 30;

const statisticsPlan = planOnce(planStatistics);
const countPlan = planOnce((selection) => (selection.has('totalCount') ? 'asked' : 'unasked'));

/** The resolvers by type and field. */
export const resolvers = {
  ...placeResolvers,

  Query: {
    ...placeResolvers.Query,
    county: async (_: unknown, { code }: { code: string }, context: Context) => {
      const division = await findDivision(context.db, code, context.today);
      return division?.level === 'COUNTY' ? divisionNear(division, context.today) : null;
    },
    township: async (_: unknown, { code }: { code: string }, context: Context) => {
      const agency = await findAgency(context.db, code, context.today);
      return agency && townshipKinds.includes(agency.kind) ? agencyNear(agency, context.today) : null;
    },
    report: async (_: unknown, args: { agency: string; year: number }, context: Context) => {
      const report = await findFiled(context, args.agency, readableYear(args.year, context.now));
      return report ? writeReport(report) : null;
    },
    reports: async (_: unknown, args: Paged<ReportsAsked>, context: Context, asked: Selection) => {
      const query = {
        division: divisionAsked(args),
        agency: args.agency ?? undefined,
        updatedAfter: readInstant(args.updatedAfter),
        year: readYear(args.year, context),
        state: args.state ?? undefined,
      };
      const where = [context.db, context.reader, query, readNumberPage(args)] as const;
      const page =
        countPlan(asked) === 'asked'
          ? await readReports(...where)
          : { ...(await readReportPage(...where)), total: null };
      return connectionOf(page, args, ({ row }) => row.id, writeReport);
    },
    forms: () => formObjects,
    form: (_: unknown, { id }: { id: string }) => formObjects.find((form) => form.id === id) ?? null,
    rules: () => ruleObjects,
    measures: () => [...measureObjects.values()],
    measure: (_: unknown, { key }: { key: string }) => measureObjects.get(key) ?? null,
  },

  ...rankResolvers,

  Division: {
    ...placeResolvers.Division,
    ...filingResolvers.Division,
    ...rankResolvers.Division,
    parent: leadsToDivision(({ parentId, day }: DivisionSource) => ({ id: parentId, day })),
    children: async (division: DivisionSource, args: Paged, context: Context) => {
      const page = await divisionsBelow(context.db, division.id, division.day, readCodePage(args));
      return connectionOf(page, args, codeOf, (child) => ({ ...child, day: division.day }));
    },
    agencies: async (
      division: DivisionSource,
      args: Paged<Kinded & { year?: number | null }>,
      context: Context,
      asked: Selection,
    ) => {
      const year = readYear(args.year, context);
      const day = year === undefined ? division.day : referenceDate(year);
      const total = countPlan(asked);
      const page = await agenciesBelow(context.db, division, { day, total, ...kindsOf(args) }, readCodePage(args));
      return connectionOf(page, args, codeOf, (agency) => agencyOn(agency, day));
    },
    statistics: async (
      division: DivisionSource,
      args: Kinded & { years: readonly number[]; include?: Inclusion | null; frame?: FrameAsked | null },
      context: Context,
      asked: Selection,
    ) => {
      const { cells, coverage } = statisticsPlan(asked);
      const kinds = args.kinds ?? undefined;
      const frame = readFrame(args.frame, context.now);
      const query = { years: readYears(args.years, context), cells, coverage };
      const found = await sumsOfDivision(context.db, context.reader, division, query, {
        inclusion: args.include ?? undefined,
        kinds,
        frame,
      });
      return found.map(
        ({ sums, coverage, inclusion, territory }): StatisticsSource => ({
          sums,
          coverage,
          year: sums.year,
          subject: { division, kinds, frame, inclusion, territory },
        }),
      );
    },
    deadline: (division: DivisionSource, args: { year: number; for: DeadlineFiler }, context: Context) =>
      deadlineOf(context.db, division.id, readableYear(args.year, context.now), args.for),
  },

  Agency: {
    ...placeResolvers.Agency,
    ...rankResolvers.Agency,
    county: leadsToDivision(({ countyId, day }: AgencySource) => ({ id: countyId, day })),
    statistics: each(
      async (
        agencies: readonly AgencySource[],
        args: { years: readonly number[] },
        context: Context,
        asked: Selection,
      ): Promise<(readonly StatisticsSource[])[]> => {
        const { cells, coverage } = statisticsPlan(asked);
        const query = { years: readYears(args.years, context), cells, coverage };
        const found = await sumsOfAgencies(context.db, context.reader, agencies, query);
        return agencies.map((agency) =>
          (found.get(agency.id) ?? []).map(({ sums, coverage }) => ({
            sums,
            coverage,
            year: sums.year,
            subject: { agency },
          })),
        );
      },
    ),
    report: async (agency: AgencySource, args: { year: number }, context: Context) => {
      const report = await findReportFor(context.db, context.reader, agency.id, readableYear(args.year, context.now));
      return report ? writeReport(report) : null;
    },
  },

  Statistics: {
    ...rankResolvers.Statistics,
    ...statisticsSteps,
    published: async ({ subject, year }: StatisticsSource, _: unknown, context: Context) => {
      if (!('division' in subject)) return null;
      const beside = await findPublishedBeside(context.db, context.reader, subject, year);
      if (!beside) return null;
      return {
        report: writeReport(beside.report),
        differences: writeDifferences(beside.differences),
      };
    },
    breaks: async ({ subject, year }: StatisticsSource, _: unknown, context: Context) => {
      if (!('division' in subject)) return [];
      const found = await breaksIn(context.db, subject, year);
      return found.map(({ counterparts, ...one }) => ({
        ...one,
        counterparts: counterparts.map((division) => ({ ...division, day: one.effective })),
      }));
    },
    unallocated: async ({ subject, year }: StatisticsSource, _: unknown, context: Context) =>
      'division' in subject ? findUnallocated(context.db, subject, year) : nothingUnallocated,
  },

  Unallocated: {
    agencies: ({ agencies }: Unallocated, args: Paged) => {
      const { first, after } = readCodePage(args);
      const found = agencies.filter(({ agency }) => after === undefined || agency.code > after);
      const page = pageOf(found.slice(0, first + 1), first, agencies.length);
      return connectionOf(
        page,
        args,
        ({ agency }) => agency.code,
        (one) => writeUnallocated(one),
      );
    },
  },

  PublishedItems: {
    categories: listItems('categories'),
    channels: listItems('channels'),
  },

  FilingConnection: filingResolvers.FilingConnection,

  Coverage: {
    missing: async (coverage: CoverageSource, args: Paged, context: Context) => {
      const { subject, year } = coverage;
      const page = readCodePage(args);
      const day = referenceDate(year);
      const found =
        'division' in subject
          ? await missingFrom(context.db, subject, { year, kinds: subject.kinds }, page)
          : missingAgency(subject.agency, coverage, page);
      return connectionOf(found, args, codeOf, (agency) => agencyOn(agency, day));
    },
    elsewhere: async ({ subject, year }: CoverageSource, args: Paged, context: Context, asked: Selection) => {
      const page = readCodePage(args);
      const total = countPlan(asked);
      const found =
        'division' in subject
          ? await agenciesElsewhere(context.db, subject.division.id, { year, total, ...kindsOf(subject) }, page)
          : { items: [], total: 0, more: false };
      return connectionOf(found, args, codeOf, (agency) => agencyOn(agency, referenceDate(year)));
    },
    blanks: async ({ subject, year }: CoverageSource, _: unknown, context: Context) =>
      writeBlanks(await countCells(context.db, context.reader, subject, year, allCells)),
    cells: async ({ subject, year }: CoverageSource, args: { cells: readonly string[] }, context: Context) => {
      const cells = readCells(args.cells);
      return writeCellCoverage(cells, await countCells(context.db, context.reader, subject, year, cells));
    },
  },

  Report: {
    ...reportSteps,
    revisions: async ({ agency, year }: ReportSource, _: unknown, context: Context) =>
      (await readRevisions(context.db, context.reader, agency.code, year)).revisions.map(writeRevision),
  },
};

/** The report of the agency that a code means for a year; undefined when it has filed none or withdrew it. */
async function findFiled({ db, reader }: Context, code: string, year: number): Promise<ReadReport | undefined> {
  try {
    return await readReport(db, reader, code, year);
  } catch (error) {
    if (error instanceof Problem && error.kind === 'not-found') return undefined;
    throw error;
  }
}

function missingAgency(
  agency: AgencySource,
  { expected, reported }: CoverageSource,
  { first, after }: { readonly first: number; readonly after?: string },
) {
  const missing = expected > reported ? [agency] : [];
  const found = missing.filter(({ code }) => after === undefined || code > after);
  return pageOf(found, first, missing.length);
}

function readYear(year: number | null | undefined, { now }: Context): number | undefined {
  return year === null || year === undefined ? undefined : readableYear(year, now);
}

/** An instant as the store writes it. Throws `invalid-parameter` for what is none. */
function readInstant(given: string | null | undefined): string | undefined {
  if (given === null || given === undefined) return undefined;
  const read = z.iso.datetime({ offset: true }).safeParse(given);
  if (read.success) return new Date(read.data).toISOString();
  throw invalidParameter('updatedAfter', {
    zh: 'updatedAfter 应为带时区的时刻，如 2022-01-20T00:00:00Z。',
    en: 'updatedAfter is an instant with its zone, as 2022-01-20T00:00:00Z.',
  });
}

function readYears(years: readonly number[], { now }: Context): readonly number[] {
  if (years.length > maxYears) {
    throw invalidParameter('years', {
      zh: `一次最多 ${maxYears} 个年度，收到 ${years.length} 个。`,
      en: `At most ${maxYears} years can be asked for at once, not ${years.length}.`,
    });
  }
  return years.map((year) => readableYear(year, now));
}

function kindsOf({ kinds }: Kinded): { kinds?: NonNullable<Kinds> } {
  return kinds ? { kinds } : {};
}

function codeOf({ code }: { readonly code: string }): string {
  return code;
}
