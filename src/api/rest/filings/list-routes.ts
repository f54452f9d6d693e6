/** `/v1/divisions/{division}/filings/{year}` and `.../findings/{year}`: a division's year as one list, and all that was found in it. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { referenceDate } from '../../../day.js';
import { rules, severities } from '../../../form/rules.js';
import { divisionsOf } from '../../../register/browse.js';
import { resolveDivision } from '../../../register/codes.js';
import { type FilingsQuery, maxLookedThrough, readFilingCounts, readFilings } from '../../../report/filings/filings.js';
import { type FindingsQuery, readFindings } from '../../../report/filings/findings.js';
import { filingsFor } from '../../../report/filings/whose.js';
import type { Db } from '../../../store/engine/schema.js';
import type { Division } from '../../../store/register/divisions.js';
import { soundText } from '../../../text.js';
import { filingStates, type Page } from '../../../words.js';
import { breadthCost, pageCost } from '../../admission/cost.js';
import {
  after,
  afterFinding,
  codePage,
  cursorOf,
  defaultFirst,
  findingKey,
  first,
  linkNext,
} from '../../http/paging.js';
import { divisionCode, invalidParameter, readableYear, readListed, year } from '../../http/parameters.js';
import { looksAround } from '../../kept/looks.js';
import { responses } from '../body/problem-bodies.js';
import { filingBody, filingsSchema, findingBody, findingsSchema } from './bodies.js';
import { acceptedList, everyList, type ListExtension, listExtension, listNamed, sendTable } from './representation.js';
import { filingColumns, findingColumns } from './tables.js';

const tags = ['filings'];
const path = z.object({ division: divisionCode, year });
const yesOrNo = z.enum(['true', 'false']).optional();
const severity = z
  .enum(severities)
  .optional()
  .meta({ label: { zh: '只要有此严重程度的核对结果者', en: 'Only those with findings of this severity' } });

const filingsAsked = z.strictObject({
  states: soundText
    .max(200)
    .optional()
    .meta({
      label: {
        zh: `状态，逗号分隔：${filingStates.join('、')}；默认全部`,
        en: `States, by comma: ${filingStates.join(', ')}; default all`,
      },
    }),
  late: yesOrNo.meta({ label: { zh: '只要逾期的，或只要未逾期的', en: 'Only those that are late, or that are not' } }),
  severity,
  first,
  after,
});

const findingsAsked = z.strictObject({
  severity,
  rule: z
    .enum(rules.map(({ code }) => code))
    .optional()
    .meta({ label: { zh: '只要此规则的', en: 'Only those of this rule' } }),
  noted: yesOrNo.meta({
    label: { zh: '只要已有说明的，或尚无说明的', en: 'Only those of which something was said, or nothing' },
  }),
  first,
  after,
});

/** What a page of filings is expected to cost, in milliseconds of a core: who is where is looked up in all of the division. */
function filingsCost(request: FastifyRequest): number {
  const { severity: asked } = request.query as { readonly severity?: string };
  return asked === undefined ? pageCost(14 * breadthOf(request), 0.4)(request) : findingsCost(request);
}

/** The same of findings, for which all reports are read. */
function findingsCost(request: FastifyRequest): number {
  return breadthOf(request) > 1 ? 450 : 30;
}

function breadthOf(request: FastifyRequest): number {
  const { division } = request.params as { readonly division: string };
  return breadthCost(division);
}

/** Registers the routes on an instance that compiles zod schemas. */
export function registerFilingListRoutes(app: FastifyInstance, db: Db): void {
  registerFilings(app, db);
  registerFindings(app, db);
}

function registerFilings(app: FastifyInstance, db: Db): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const described = {
    tags,
    querystring: filingsAsked,
    description:
      '应报送的各机关及虽不必报送而已报送的，按代码排列。未持令牌者只见未报送、无需报送、已报送与审核通过。' +
      `表格（csv、xlsx）未给 first 时为全部，至多 ${maxLookedThrough} 行。 ` +
      'All that are expected to file, and those that filed though they are not, by code. Who has no token is told who has not filed, is exempted, ' +
      `has filed, and what was accepted. A table (csv, xlsx) has all of them unless \`first\` is given, at most ${maxLookedThrough} rows.`,
  };
  const ok = everyList(filingsSchema, '报送情况 The filings');

  routes.get(
    '/v1/divisions/:division/filings/:year',
    {
      config: { scope: 'read', cost: filingsCost, looksAt: looksAround },
      schema: {
        ...described,
        summary: '报送情况 Where each agency of a division is with its report for a year',
        params: path,
        response: { ...responses({}, 400, 401, 403, 404, 406), 200: ok },
      },
    },
    async (request, reply) => {
      reply.header('vary', 'Accept');
      return sendFilings(db, request, reply, { ...request.params, ...request.query }, acceptedList(request));
    },
  );

  routes.get(
    '/v1/divisions/:division/filings/:year(^\\d{4}).:extension',
    {
      config: { scope: 'read', cost: filingsCost, looksAt: looksAround },
      schema: {
        ...described,
        summary: '下载报送情况 Where each agency is with its report, as JSON, CSV or Excel',
        params: path.extend({ extension: listExtension }),
        response: { ...responses({}, 400, 401, 403, 404), 200: ok },
      },
    },
    async (request, reply) =>
      sendFilings(db, request, reply, { ...request.params, ...request.query }, listNamed(request.params.extension)),
  );
}

function registerFindings(app: FastifyInstance, db: Db): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const described = {
    tags,
    querystring: findingsAsked,
    description:
      `各报告所示版本的核对结果及其说明，按机关代码与报告中的次序排列；报告超过 ${maxLookedThrough} 份时请按下级查询。 ` +
      `What was found in each report as it is shown to who asks, with what was said of it; of more than ${maxLookedThrough} reports ask below.`,
  };
  const ok = everyList(findingsSchema, '核对结果 The findings');

  routes.get(
    '/v1/divisions/:division/findings/:year',
    {
      config: { scope: 'read', cost: findingsCost, looksAt: looksAround },
      schema: {
        ...described,
        summary: '核对结果 All that was found in the reports of a division for a year',
        params: path,
        response: { ...responses({}, 400, 401, 403, 404, 406), 200: ok },
      },
    },
    async (request, reply) => {
      reply.header('vary', 'Accept');
      return sendFindings(db, request, reply, { ...request.params, ...request.query }, acceptedList(request));
    },
  );

  routes.get(
    '/v1/divisions/:division/findings/:year(^\\d{4}).:extension',
    {
      config: { scope: 'read', cost: findingsCost, looksAt: looksAround },
      schema: {
        ...described,
        summary: '下载核对结果 All that was found in a year, as JSON, CSV or Excel',
        params: path.extend({ extension: listExtension }),
        response: { ...responses({}, 400, 401, 403, 404), 200: ok },
      },
    },
    async (request, reply) =>
      sendFindings(db, request, reply, { ...request.params, ...request.query }, listNamed(request.params.extension)),
  );
}

async function sendFilings(
  db: Db,
  request: FastifyRequest,
  reply: FastifyReply,
  asked: z.output<typeof path> & z.output<typeof filingsAsked>,
  extension: ListExtension,
): Promise<unknown> {
  const { reader } = request;
  const { states, late } = asked;
  const forYear = readableYear(asked.year, reader.now);
  const division = await resolveDivision(db, asked.division, referenceDate(forYear));
  const query: FilingsQuery = {
    states: states === undefined ? undefined : readListed(states, filingStates, { name: 'states', zh: '状态' }),
    late: truth(late),
    severity: asked.severity,
    findings: 'asked',
    outliers: 'asked',
  };
  const size = { ...codePage(asked), ...wholeTable(asked, extension, 'filings') };
  const filings = await filingsFor(db, reader, division, forYear);
  const page = await readFilings(db, reader, filings, query, size);
  const counties = await countiesOf(
    db,
    page.items.map(({ agency }) => agency.countyId),
    forYear,
  );
  if (extension !== 'json') {
    requireWhole(page, asked, 'filings');
    return sendTable(request, reply, extension, {
      ...named(division, forYear, { zh: '报送情况', code: 'filings' }),
      columns: filingColumns,
      rows: page.items.map((filing) => ({ filing, county: counties(filing.agency.countyId) })),
    });
  }
  const last = page.items.at(-1);
  if (page.more && last) linkNext(request, reply, cursorOf(last.agency.code));
  return {
    division: divisionBody(division),
    year: forYear,
    counts: await readFilingCounts(db, reader, filings, query.findings),
    items: page.items.map((filing) => filingBody(filing, counties(filing.agency.countyId))),
    totalCount: page.total,
  };
}

async function sendFindings(
  db: Db,
  request: FastifyRequest,
  reply: FastifyReply,
  asked: z.output<typeof path> & z.output<typeof findingsAsked>,
  extension: ListExtension,
): Promise<unknown> {
  const { reader } = request;
  const forYear = readableYear(asked.year, reader.now);
  const division = await resolveDivision(db, asked.division, referenceDate(forYear));
  const { severity, rule, noted, after: cursor } = asked;
  const query: FindingsQuery = { year: forYear, severity, rule, noted: truth(noted) };
  const size = { first: asked.first ?? defaultFirst, ...wholeTable(asked, extension, 'findings') };
  const page = await readFindings(db, reader, division, query, { ...size, after: afterFinding(cursor) });
  const counties = await countiesOf(
    db,
    page.items.map(({ report }) => report.agency.countyId),
    forYear,
  );
  if (extension !== 'json') {
    requireWhole(page, asked, 'findings');
    return sendTable(request, reply, extension, {
      ...named(division, forYear, { zh: '核对结果', code: 'findings' }),
      columns: findingColumns,
      rows: page.items.map((found) => ({ found, county: counties(found.report.agency.countyId) })),
    });
  }
  const last = page.items.at(-1);
  if (page.more && last) linkNext(request, reply, cursorOf(findingKey(last.report.agency.code, last.place)));
  return {
    division: divisionBody(division),
    year: forYear,
    items: page.items.map((found) => findingBody(found, counties(found.report.agency.countyId))),
    totalCount: page.total,
  };
}

/** The most rows of each table. */
const maxRows = { filings: maxLookedThrough, findings: 20_000 } as const;

/** A table has all there is, unless it is asked for by pages. */
function wholeTable(
  asked: { readonly first?: number | undefined },
  extension: ListExtension,
  what: keyof typeof maxRows,
): { readonly first?: number } {
  return extension === 'json' || asked.first !== undefined ? {} : { first: maxRows[what] };
}

/** Throws `invalid-parameter` where a table would have more rows than one may. */
function requireWhole(
  { more }: Pick<Page<unknown>, 'more'>,
  asked: { readonly first?: number | undefined },
  what: keyof typeof maxRows,
): void {
  if (!more || asked.first !== undefined) return;
  throw invalidParameter('division', {
    zh: `表格至多 ${maxRows[what]} 行，请按下级行政区划查询，或用 first 分页。`,
    en: `A table has ${maxRows[what]} rows at the most; ask of the divisions below, or by pages with first.`,
  });
}

async function countiesOf(db: Db, ids: readonly number[], forYear: number): Promise<(id: number) => Division> {
  const each = [...new Set(ids)];
  const found = new Map((await divisionsOf(db, each, referenceDate(forYear))).map((county) => [county.id, county]));
  return (id) => {
    const county = found.get(id);
    if (!county) throw new Error(`no county ${id}`);
    return county;
  };
}

function named(division: Division, forYear: number, what: { readonly zh: string; readonly code: string }) {
  return {
    name: `${division.name}${forYear}年度政府信息公开年报${what.zh}`,
    sheet: what.zh,
    code: `${what.code}-${division.code}-${forYear}`,
  };
}

function divisionBody({ code, name, level }: Division) {
  return { code, name, level };
}

function truth(asked: 'true' | 'false' | undefined): boolean | undefined {
  return asked === undefined ? undefined : asked === 'true';
}
