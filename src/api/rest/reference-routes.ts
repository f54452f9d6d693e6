/** What does not change with filings, and the sums: forms, rules, measures, rollups. */

import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { findForm, formIds, forms } from '../../form/forms.js';
import { describeMeasure, measures } from '../../form/measure/measures.js';
import { Problem } from '../../problem.js';
import { type RollupQuery, readRollup } from '../../rollup/rollup.js';
import type { Db } from '../../store/engine/schema.js';
import { soundText } from '../../text.js';
import { filerKinds } from '../../words.js';
import { breadthCost } from '../admission/cost.js';
import {
  boundaries,
  divisionCode,
  kindsParameter,
  knownOn,
  readableYear,
  readBoundaries,
  readKinds,
  rollupInclusion,
  year,
} from '../http/parameters.js';
import { looksAtDivision, looksAtRegister } from '../kept/looks.js';
import { formBody, formSchema, measureSchema, ruleSchema, rulesBody } from './body/form-bodies.js';
import { responses } from './body/problem-bodies.js';
import { rollupSchema } from './body/rollup-bodies.js';
import { sendRollup } from './print/printing.js';
import { acceptedExtension, everyRepresentation, writingCost } from './print/representations.js';

/** `?kinds=`. */
const rollupKinds = kindsParameter(filerKinds, { zh: '包含的机关类别', en: 'Kinds to include' }).optional();

/** What a rollup takes in its query. */
export const askedOfRollup = z.strictObject({ kinds: rollupKinds, include: rollupInclusion, boundaries, knownOn });

/** What a query of a rollup asks for. Throws `invalid-parameter`. */
export function rollupQuery(query: z.output<typeof askedOfRollup>, asked: number, now: Date): RollupQuery {
  const { kinds, include } = query;
  const named = kinds === undefined ? undefined : readKinds(kinds, filerKinds);
  return { year: asked, inclusion: include, kinds: named, frame: readBoundaries(query, now) };
}

/** What a rollup is expected to cost, in milliseconds of a core: who is missing is looked up in all of the division. */
export function rollupCost(request: FastifyRequest): number {
  const { division } = request.params as { readonly division: string };
  return breadthCost(division) + writingCost(request);
}

/** Registers the routes on an instance that compiles zod schemas. */
export function registerReferenceRoutes(app: FastifyInstance, db: Db, clock: () => Date): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.get(
    '/v1/rollups/:division/:year',
    {
      config: { scope: 'read', cost: rollupCost, looksAt: looksAtDivision },
      schema: {
        tags: ['rollups'],
        summary: '汇总 The sums of a county, prefecture, province or the nation, with coverage',
        params: z.object({ division: divisionCode, year }),
        description:
          '按 Accept 或扩展名给出 JSON 或印制的表格。 As JSON or as the printed form, by Accept or extension.',
        querystring: askedOfRollup,
        response: {
          ...responses({}, 400, 401, 403, 404, 406),
          200: everyRepresentation(rollupSchema, '汇总 The rollup'),
        },
      },
    },
    async (request, reply) => {
      reply.header('vary', 'Accept');
      const { division, year: asked } = request.params;
      const extension = acceptedExtension(request);
      const now = clock();
      const wanted = rollupQuery(request.query, readableYear(asked, now), now);
      return sendRollup(request, reply, await readRollup(db, request.reader, division, wanted), extension);
    },
  );

  routes.get(
    '/v1/forms',
    {
      config: { scope: 'public', looksAt: looksAtRegister },
      schema: {
        tags: ['forms'],
        summary: '各版格式 The printed forms',
        response: responses({ 200: z.object({ items: z.array(formSchema) }) }),
      },
    },
    async () => ({ items: forms.map((form) => formBody(form, 'brief')) }),
  );

  routes.get(
    '/v1/forms/:id',
    {
      config: { scope: 'public', looksAt: looksAtRegister },
      schema: {
        tags: ['forms'],
        summary: '一版格式：表、行、列、单元格、勾稽关系 One form as data',
        params: z.object({
          id: soundText
            .max(20)
            .meta({ label: { zh: `格式：${formIds.join('、')}`, en: `The form: ${formIds.join(', ')}` } }),
        }),
        response: responses({ 200: formSchema }, 404),
      },
    },
    async (request) => {
      const form = findForm(request.params.id);
      if (form) return formBody(form, 'whole');
      throw new Problem('not-found', {
        zh: `没有格式 ${request.params.id}，可用：${formIds.join('、')}。`,
        en: `There is no form ${request.params.id}; there are ${formIds.join(', ')}.`,
      });
    },
  );

  routes.get(
    '/v1/rules',
    {
      config: { scope: 'public', looksAt: looksAtRegister },
      schema: {
        tags: ['forms'],
        summary: '核对规则 The checks',
        response: responses({ 200: z.object({ items: z.array(ruleSchema) }) }),
      },
    },
    async () => ({ items: rulesBody() }),
  );

  routes.get(
    '/v1/measures',
    {
      config: { scope: 'public', looksAt: looksAtRegister },
      schema: {
        tags: ['forms'],
        summary: '指标 What can be ranked, compared and tabulated',
        response: responses({ 200: z.object({ items: z.array(measureSchema) }) }),
      },
    },
    async () => ({ items: measures.map(describeMeasure) }),
  );
}
