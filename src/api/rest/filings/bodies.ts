/** What is answered of a division's year: filings, findings, refusals; with the schemas that document it. */
import { z } from 'zod';
import { sayStored } from '../../../problem.js';
import type { NamedCode } from '../../../register/codes.js';
import type { ListedFiling } from '../../../report/filings/filings.js';
import type { FindingOfReport } from '../../../report/filings/findings.js';
import { bases } from '../../../report/outlier/rule.js';
import type { RefusalView } from '../../../report/refusals/refusals.js';
import { filingStates, refusalSources, reportStates, type Say } from '../../../words.js';
import { codeAndName, day, divisionNamed, instant, integer, labelSchema, printedFigure } from '../body/body-parts.js';
import { problemSchema } from '../body/problem-bodies.js';
import { findingSchema, reviewSchema } from '../body/report-bodies.js';

const severityCounts = z
  .object({ errors: integer, warnings: integer, info: integer })
  .meta({ id: 'FindingCounts', label: { zh: '各严重程度的核对结果数', en: 'How many findings of each severity' } });

const agencyParts = {
  agency: z.string().meta({ label: { zh: '机关代码（该年度）', en: 'Code of the agency as of the report year' } }),
  agencyName: z.string(),
  kind: z.string(),
  county: codeAndName,
};

const outlierSchema = z
  .object({
    measure: z.string().meta({ label: { zh: '指标', en: 'Address of the measure' } }),
    label: labelSchema,
    value: printedFigure,
    usual: z
      .object({ low: printedFigure, high: printedFigure })
      .meta({ label: { zh: '通常范围', en: 'From where to where figures are usual' } }),
    basis: z.enum(bases).meta({
      label: { zh: '比照：本机关历年、同类机关、两者', en: 'Compared with its own years, its peers, or both' },
    }),
  })
  .meta({ id: 'Outlier', label: { zh: '悬殊的数字', en: 'A figure far from what is usual' } });

const filingSchema = z
  .object({
    ...agencyParts,
    state: z.enum(filingStates).meta({
      label: {
        zh: '状态：未报送、报送被拒、已报送、已退回、审核通过、无需报送、已撤回',
        en: 'Not filed; sent and refused; submitted; returned; accepted; exempted; withdrawn',
      },
    }),
    expected: z.boolean().meta({ label: { zh: '应报送', en: 'Whether it is expected to file' } }),
    due: day,
    late: z
      .boolean()
      .nullable()
      .meta({
        label: {
          zh: '逾期报送，或逾期未报；只见已报送者为空',
          en: 'Filed after that day, or overdue; null where no more is shown than that it was filed',
        },
      }),
    revision: z.int().nullable(),
    filedAt: instant.nullable(),
    submittedOn: day.nullable(),
    findings: severityCounts.nullable(),
    decision: reviewSchema.nullable(),
    refusals: z
      .int()
      .nullable()
      .meta({
        label: {
          zh: '留存的被拒报送数；只对在此报送或审核者',
          en: 'How much that was sent is kept as refused; null for those who neither file nor review there',
        },
      }),
    outliers: z
      .array(outlierSchema)
      .nullable()
      .meta({
        label: {
          zh: '与本机关历年及同类机关相差悬殊的数字，供审核参考，并非错误；只对可读现行版本者',
          en: 'Figures far from those of its other years and its peers: for a reviewer to look at, and no error; null where the current report is not shown',
        },
      }),
  })
  .meta({
    id: 'FilingOfAgency',
    label: { zh: '一个机关的报送情况', en: 'An agency with where it is with its report' },
  });

/** A page of filings. */
export const filingsSchema = z
  .object({
    division: divisionNamed,
    year: integer,
    counts: z
      .object({
        states: z.object(Object.fromEntries(filingStates.map((state) => [state, integer]))),
        late: integer,
        withFindings: severityCounts.nullable().meta({
          label: {
            zh: '有各类核对结果的份数；报告超过 500 份时为空',
            en: 'Reports with findings of each severity; null where there are more than 500 reports',
          },
        }),
      })
      .meta({ id: 'FilingCounts', label: { zh: '全部报送情况的计数', en: 'How many of all there are' } }),
    items: z.array(filingSchema),
    totalCount: integer,
  })
  .meta({ id: 'FilingsOfYear', label: { zh: '报送情况', en: "A division's year as one list" } });

const findingOfReport = z
  .object({
    ...agencyParts,
    year: integer,
    revision: integer,
    state: z.enum(reportStates),
    finding: findingSchema,
  })
  .meta({
    id: 'FindingOfReport',
    label: { zh: '一份报告的核对结果', en: 'A finding with the report that it is about' },
  });

/** A page of findings. */
export const findingsSchema = z
  .object({ division: divisionNamed, year: integer, items: z.array(findingOfReport), totalCount: integer })
  .meta({ id: 'FindingsOfYear', label: { zh: '核对结果', en: "What was found in a division's year" } });

const refusalSchema = z
  .object({
    at: instant,
    actor: z.string().meta({ label: { zh: '发送者', en: 'Who sent it' } }),
    source: z.enum(refusalSources).meta({
      label: { zh: '来源：请求、文件、批量报送的一行', en: 'As a request, a document, or a row of an import' },
    }),
    agency: codeAndName.nullable().meta({ label: { zh: '机关；未能确定则为空', en: 'Null where it is not known' } }),
    division: codeAndName.nullable().meta({
      label: {
        zh: '机关未能确定时，发送者所属的行政区划',
        en: 'Where the agency is not known: for what the sender files',
      },
    }),
    stated: z
      .string()
      .nullable()
      .meta({ label: { zh: '所述机关代码', en: 'The code as it was sent' } }),
    year: z
      .int()
      .nullable()
      .meta({ label: { zh: '年度；未写明则为空', en: 'Null where none was stated' } }),
    problem: problemSchema,
    document: z
      .string()
      .nullable()
      .meta({
        label: {
          zh: '所发文件的下载地址；未留存则为空',
          en: 'Where the document is that was sent; null where none is kept',
        },
      }),
  })
  .meta({ id: 'Refusal', label: { zh: '被拒的报送', en: 'Something that was sent and refused' } });

/** A page of refusals. */
export const refusalsSchema = z
  .object({ items: z.array(refusalSchema), totalCount: integer })
  .meta({ id: 'Refusals', label: { zh: '被拒的报送', en: 'What was refused, the latest first' } });

/** A filing as a body. */
export function filingBody(
  { agency, state, expected, due, late, row, findings, review, refusals, outliers }: ListedFiling,
  county: NamedCode,
) {
  return {
    ...agencyBody(agency, county),
    state,
    expected,
    due,
    late,
    revision: row?.revision ?? null,
    filedAt: row?.filedAt ?? null,
    submittedOn: row?.submittedOn ?? null,
    findings,
    decision: review,
    refusals,
    outliers,
  };
}

/** A finding as a body. */
export function findingBody({ report: { agency, row }, finding }: FindingOfReport, county: NamedCode) {
  return { ...agencyBody(agency, county), year: row.year, revision: row.revision, state: row.state, finding };
}

function agencyBody({ code, name, kind }: ListedFiling['agency'], county: NamedCode) {
  return { agency: code, agencyName: name, kind, county: { code: county.code, name: county.name } };
}

/** Whose refusals were asked for. */
interface RefusalsAsked {
  readonly division: string;
  readonly year: number;
}

/** A refusal as a body, its problem in the language of the client. */
export function refusalBody({ id, problem, hasDocument, ...refusal }: RefusalView, of: RefusalsAsked, say: Say) {
  const document = hasDocument ? `/v1/divisions/${of.division}/refusals/${id}/document?year=${of.year}` : null;
  return { ...refusal, problem: sayStored(problem, say), document };
}
