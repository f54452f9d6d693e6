/** `/v1/register/changes`: the register is changed from a file. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { changeColumns } from '../../register/change/change-lines.js';
import { type Imported, importChanges } from '../../register/change/file/change-file.js';
import type { Db } from '../../store/engine/schema.js';
import { actOf } from '../http/conditions.js';
import { jsonAnswer, sendOnce } from '../http/idempotency.js';
import { rehearsal } from '../http/parameters.js';
import { responses } from './body/problem-bodies.js';
import { importDone } from './body/register-bodies.js';

const tags = ['register'];

/** A file of changes; a line is about 60 bytes. */
const maxFileBytes = 4 * 1024 * 1024;

/** Registers the route on an instance that compiles zod schemas. It reads CSV and nothing else, and no other route does. */
export function registerChangeFileRoute(app: FastifyInstance, db: Db, clock: () => Date): void {
  app.register(async (scope) => registerChangeFile(scope, db, clock));
}

function registerChangeFile(app: FastifyInstance, db: Db, clock: () => Date): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('text/csv', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) => body);

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
