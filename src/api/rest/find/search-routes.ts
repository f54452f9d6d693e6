/** `/v1/search`: the register searched for parts of names, former names and codes. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { dayInChina } from '../../../day.js';
import { readNames, searchRegister } from '../../../register/search.js';
import type { Db } from '../../../store/engine/schema.js';
import { pageCost } from '../../admission/cost.js';
import { defaultFirst, first } from '../../http/paging.js';
import { readSearch, searchedText } from '../../http/parameters.js';
import { looksAtRegister } from '../../kept/looks.js';
import { responses } from '../body/problem-bodies.js';
import { searchFound, writeHits } from '../body/register-bodies.js';

/** Registers the route on an instance that compiles zod schemas. */
export function registerSearchRoutes(app: FastifyInstance, db: Db, clock: () => Date): void {
  // Who searches first need not wait for the names to be read.
  app.addHook('onListen', async () => {
    readNames(db).catch((error: unknown) => app.log.warn(error, 'the names of the register were not read'));
  });

  app.withTypeProvider<ZodTypeProvider>().get(
    '/v1/search',
    {
      config: { scope: 'read', cost: pageCost(1.5, 0.02), looksAt: looksAtRegister },
      schema: {
        tags: ['register'],
        summary: '检索名录 Search the register',
        description:
          '按名称、曾用名或代码的任何一部分查找机关与行政区划，最相符的在前：全同、开头相同、含有；现有的先于已撤销的，上级先于下级。' +
          '可用空格分为几个词：末一个是所找的名称或代码，之前的可以是其所属的县、市、省。 ' +
          'Agencies and divisions by any part of a name, a former name or a code, best first: the whole, the beginning, a part; ' +
          'what is there before what was, higher levels before lower. Of several words the last is the name or code, ' +
          'those before it may name what it lies in.',
        // Left out, it is refused as one that is blank.
        querystring: z.strictObject({ q: searchedText.optional(), first }),
        response: responses({ 200: searchFound }, 400),
      },
    },
    async (request) => {
      const { q = '', first: size = defaultFirst } = request.query;
      const { items, total } = await searchRegister(db, readSearch(q, 'q'), size, dayInChina(clock()));
      return { items: writeHits(items), totalCount: total };
    },
  );
}
