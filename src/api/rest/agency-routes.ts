/** `/v1/agencies`: agencies are read, one with its history or many by code. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { namesFor } from '../../access/visibility.js';
import { registerYear } from '../../register/change/change-schemas.js';
import { agencyCode } from '../../register/codes.js';
import { readAgencies, readAgenciesOf, readAgency, readAgencyChanges } from '../../register/register-view.js';
import type { Db } from '../../store/engine/schema.js';
import { agencyKinds } from '../../words.js';
import { breadthCost, pageCost } from '../admission/cost.js';
import { after, codePage, cursorOf, first, linkNext } from '../http/paging.js';
import {
  codesParameter,
  dayAsked,
  divisionAsked,
  divisionOrCounty,
  invalidParameter,
  kindsParameter,
  readCodes,
  readKinds,
  readNamePart,
  requireCodesAlone,
  searchedText,
} from '../http/parameters.js';
import { looksAtListed, looksAtRegister } from '../kept/looks.js';
import { responses } from './body/problem-bodies.js';
import { agencyEntry, agencyRecord, placeChanges, unknownCodes, writePlaceChanges } from './body/register-bodies.js';

const tags = ['register'];

/** What a page of agencies is expected to cost, in milliseconds of a core: all of a division is looked through. */
function agenciesCost(request: FastifyRequest): number {
  const { division } = request.query as { readonly division?: string };
  return pageCost(breadthCost(division ?? ''), 0.02)(request);
}

/** Registers the routes on an instance that compiles zod schemas. */
export function registerAgencyRoutes(app: FastifyInstance, db: Db, clock: () => Date): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.get(
    '/v1/agencies/:agency',
    {
      config: { scope: 'read', looksAt: looksAtRegister },
      schema: {
        tags,
        summary: '机关 An agency as it is today, all its states, exemptions, and what it came from or went into',
        params: z.object({ agency: agencyCode }),
        response: responses({ 200: agencyRecord }, 400, 404),
      },
    },
    async (request) => readAgency(db, namesFor(db, request.caller), request.params.agency, clock()),
  );

  routes.get(
    '/v1/agencies/:agency/changes',
    {
      config: { scope: 'read', looksAt: looksAtRegister },
      schema: {
        tags,
        summary: '机关沿革 What happened to an agency, by day',
        params: z.object({ agency: agencyCode }),
        querystring: z.strictObject({ on: dayAsked.optional() }),
        response: responses({ 200: placeChanges }, 400, 404),
      },
    },
    async (request) => writePlaceChanges(await readAgencyChanges(db, request.params.agency, clock(), request.query.on)),
  );

  routes.get(
    '/v1/agencies',
    {
      config: { scope: 'read', cost: agenciesCost, looksAt: looksAtListed },
      schema: {
        tags,
        summary: '列出机关 List agencies by code',
        description:
          '给出年度则为该年 12 月 31 日的状态，否则为今日；`missing=true`（须给年度）只列应报未报的。 ' +
          'As on 31 December of the year, today without one; missing=true (with a year) lists those that must file and have not.',
        querystring: z.strictObject({
          ...divisionOrCounty,
          year: registerYear.optional(),
          name: searchedText
            .optional()
            .meta({ label: { zh: '名称或曾用名的一部分', en: 'A part of a name that it has or had' } }),
          codes: codesParameter.optional(),
          kind: kindsParameter(agencyKinds, { zh: '机关类别', en: 'Kinds of agency' }).max(100).optional(),
          missing: z
            .enum(['true', 'false'])
            .optional()
            .meta({ label: { zh: '应报未报的', en: 'Only those that must file and have not' } }),
          elsewhere: z
            .enum(['true', 'false'])
            .optional()
            .meta({
              label: {
                zh: '曾属该行政区划、当日已属他处的',
                en: 'Those that lay in the division before and lie elsewhere on that day, instead of those in it',
              },
            }),
          first,
          after,
        }),
        response: responses(
          { 200: z.object({ items: z.array(agencyEntry), totalCount: z.int(), unknown: unknownCodes }) },
          400,
          404,
        ),
      },
    },
    async (request, reply) => {
      const { year, codes, ...narrowed } = request.query;
      if (codes !== undefined) {
        requireCodesAlone(narrowed);
        const { items, unknown } = await readAgenciesOf(db, readCodes(codes.split(',')), year, clock());
        return { items: [...items], totalCount: items.length, unknown };
      }
      const { kind, missing, elsewhere } = narrowed;
      const name = narrowed.name === undefined ? undefined : readNamePart(narrowed.name);
      const division = divisionAsked(request.query);
      const moved = elsewhere === 'true' ? ('elsewhere' as const) : undefined;
      const only = missing === 'true' ? ('missing' as const) : undefined;
      if (only && year === undefined) {
        throw invalidParameter('missing', { zh: 'missing=true 须给出年度 year。', en: 'missing=true needs a year.' });
      }
      if (moved && division === undefined) {
        throw invalidParameter('elsewhere', {
          zh: 'elsewhere=true 须给出行政区划 division。',
          en: 'elsewhere=true needs a division.',
        });
      }
      const kinds = kind === undefined ? undefined : readKinds(kind, agencyKinds, 'kind');
      const query = { division, year, kinds, name, missing: only, moved };
      const page = await readAgencies(db, query, codePage(request.query), clock());
      const last = page.items.at(-1);
      if (page.more && last) linkNext(request, reply, cursorOf(last.code));
      return { items: [...page.items], totalCount: page.total };
    },
  );
}
