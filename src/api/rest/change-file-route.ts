/** `/v1/register/changes` and `/v1/register/comparison`: the register is changed from a file, and compared with one. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Problem } from '../../problem.js';
import { changeColumns } from '../../register/change/change-lines.js';
import { changeDay } from '../../register/change/change-schemas.js';
import { type Imported, importChanges } from '../../register/change/file/change-file.js';
import { compareRegister } from '../../register/compare/comparison.js';
import { changesCsv, comparisonJson } from '../../register/compare/written.js';
import type { Db } from '../../store/engine/schema.js';
import { codeAuthorities } from '../../words.js';
import { findAcceptedType } from '../http/accept.js';
import { actOf } from '../http/conditions.js';
import { jsonAnswer, sendOnce } from '../http/idempotency.js';
import { divisionCode, rehearsal } from '../http/parameters.js';
import { comparisonSchema } from './body/comparison-bodies.js';
import { responses } from './body/problem-bodies.js';
import { importDone } from './body/register-bodies.js';

const tags = ['register'];

/** A file of changes; a line is about 60 bytes. */
const maxFileBytes = 4 * 1024 * 1024;

/** A list of codes and names; a line is about 30 bytes. */
const maxListBytes = 8 * 1024 * 1024;

/** What a mebibyte of a list costs, in milliseconds of a core: some 40,000 lines are looked up. */
const listCost = 500;

/** Registers the routes on an instance that compiles zod schemas. They read CSV and nothing else, and no other route does. */
export function registerChangeFileRoute(app: FastifyInstance, db: Db, clock: () => Date): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('text/csv', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) => body);
    registerChangeFile(scope, db, clock);
    registerComparison(scope, db, clock);
  });
}

function registerChangeFile(app: FastifyInstance, db: Db, clock: () => Date): void {
  const columns = Object.entries(changeColumns).map(([name, { zh, en }]) => `- \`${name}\`: ${zh}；${en}`);
  app.withTypeProvider<ZodTypeProvider>().post(
    '/v1/register/changes',
    {
      config: { scope: 'register' },
      bodyLimit: maxFileBytes,
      schema: {
        tags,
        summary: '批量变更 Change the register from CSV: every line or none',
        description: `UTF-8，首行为列名；有误则逐行列出（422）。 UTF-8 with a header; every bad line is listed (422).\n\n${columns.join('\n')}`,
        consumes: ['text/csv'],
        querystring: rehearsal,
        body: z.instanceof(Buffer).meta({ type: 'string', label: { zh: '变更文件', en: 'Changes as CSV' } }),
        response: responses({ 200: importDone }, 400, 413, 415, 422),
      },
    },
    async (request, reply) => {
      const act = actOf(request, clock);
      return sendOnce<Imported>(db, request, reply, {
        now: act.now,
        asked: request.body.toString('base64'),
        dryRun: request.query.dryRun,
        work: (commit) => importChanges(db, act, request.body, commit),
        answer: (imported) => jsonAnswer(imported),
      });
    },
  );
}

const comparisonQuery = z.strictObject({
  on: changeDay.meta({ label: { zh: '名单的日期，年-月-日', en: 'The day of the list, YYYY-MM-DD' } }),
  division: divisionCode.optional().meta({
    label: {
      zh: '名单为其全部的行政区划：名单没有的即已消失，其他区划的行不比较；省略则只比较名单所列',
      en: 'A division that the list has all of: what it lacks has ended, and lines of others are left aside. When left out, only what the list has is compared',
    },
  }),
  authority: z
    .enum(codeAuthorities)
    .default('MCA')
    .meta({ label: { zh: '代码来源：民政部或统计局', en: 'Whose codes the list has: of the ministry or the bureau' } }),
  lines: z
    .enum(['certain', 'uncertain'])
    .default('certain')
    .meta({
      label: {
        zh: 'Accept 为 text/csv 时给出的变更行',
        en: 'Which lines of changes are sent to who accepts text/csv',
      },
    }),
});

function registerComparison(app: FastifyInstance, db: Db, clock: () => Date): void {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/v1/register/comparison',
    {
      config: { scope: 'register', onlyReads: true, bodyCost: listCost },
      bodyLimit: maxListBytes,
      schema: {
        tags,
        summary: '与名单比较 Compare the register with a list of codes and names; nothing is changed',
        description:
          'UTF-8 或 GB18030 的 CSV，代码、名称各一列；区划六位、乡镇九位或十二位。确定与不确定的变更分列，各附原因和变更文件的行；`Accept: text/csv` 只给出变更行。需对该区划（省略时为全国）的 register 权限。 ' +
          'CSV in UTF-8 or GB18030 with a column of codes (six digits of divisions, nine or twelve of townships) and one of names. What would change is told as certain and as uncertain, each with its reason and its lines of a file of changes; `Accept: text/csv` gets these lines only. It takes `register` over the division, or else over the nation.',
        consumes: ['text/csv'],
        querystring: comparisonQuery,
        body: z.instanceof(Buffer).meta({ type: 'string', label: { zh: '名单', en: 'The list as CSV' } }),
        response: {
          ...responses({}, 400, 404, 406, 413, 415, 422),
          200: {
            description: '比较结果 What would change',
            content: {
              'application/json': { schema: comparisonSchema },
              'text/csv': { schema: z.string().meta({ label: { zh: '变更行', en: 'Lines of changes' } }) },
            },
          },
        },
      },
    },
    async (request, reply) => {
      const { lines, ...asked } = request.query;
      const type = findAcceptedType(request.headers.accept, ['application/json', 'text/csv']);
      if (!type) throw notAcceptable();
      const comparison = await compareRegister(db, actOf(request, clock), request.body, asked);
      await request.requireCallerStill();
      reply.header('vary', 'accept');
      if (type === 'text/csv') {
        return reply.type('text/csv; charset=utf-8; header=present').send(await changesCsv(comparison[lines]));
      }
      return reply.type('application/json; charset=utf-8').send(await comparisonJson(comparison));
    },
  );
}

function notAcceptable(): Problem {
  const available = ['application/json', 'text/csv'];
  return new Problem(
    'not-acceptable',
    { zh: '没有 Accept 所要求的格式。', en: `There is ${available.join(', ')}, nothing that the Accept header takes.` },
    { available },
  );
}
