/** `/v1/divisions/{division}/refusals`: what was sent to be filed and was refused. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { yearInChina } from '../../../day.js';
import { readRefusals } from '../../../report/refusals/refusals.js';
import { keptRefusals } from '../../../report/refusals/trace.js';
import type { Db } from '../../../store/engine/schema.js';
import { pageCost } from '../../admission/cost.js';
import { sayTo, varyByLanguage } from '../../http/language.js';
import { after, cursorOf, defaultFirst, first, keyOf, linkNext } from '../../http/paging.js';
import { divisionCode, readableYear, year } from '../../http/parameters.js';
import { responses } from '../body/problem-bodies.js';
import { refusalBody, refusalsSchema } from './bodies.js';

/** Registers the route on an instance that compiles zod schemas. */
export function registerRefusalRoutes(app: FastifyInstance, db: Db): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/v1/divisions/:division/refusals',
    {
      config: { scope: ['file', 'review'], cost: pageCost(3, 0.1) },
      schema: {
        tags: ['filings'],
        summary: '被拒的报送 What was sent to be filed and was refused, the latest first',
        description:
          `供在此报送或审核者查看；未给 year 时为上一年度，即现正报送的年度；机关报送后或满一年即删除，每个机关每年度至多留存 ${keptRefusals.ofPlace} 次。 ` +
          `For those who file or review there; of last year, which is filed now, unless \`year\` is given; gone when the agency has filed, or after a year; the last ${keptRefusals.ofPlace} of an agency and year.`,
        params: z.object({ division: divisionCode }),
        querystring: z.strictObject({ year: year.optional(), first, after }),
        response: responses({ 200: refusalsSchema }, 400, 401, 403, 404),
      },
    },
    async (request, reply) => {
      const { first: size = defaultFirst, after: cursor, year: asked } = request.query;
      const { now } = request.reader;
      const forYear = asked === undefined ? yearInChina(now) - 1 : readableYear(asked, now);
      const of = { division: request.params.division, year: forYear };
      const page = await readRefusals(db, { caller: request.caller, now }, of, {
        first: size,
        after: cursor === undefined ? undefined : Number(keyOf(cursor, /^\d{1,15}$/)),
      });
      const last = page.items.at(-1);
      if (page.more && last) linkNext(request, reply, cursorOf(last.id));
      varyByLanguage(reply);
      return { items: page.items.map((one) => refusalBody(one, of, sayTo(request))), totalCount: page.total };
    },
  );
}
