/** `/v1/divisions`: divisions are made, renamed, recoded, moved, merged, split, and give agencies to others. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  changeDay,
  changePrecision,
  divisionName,
  newDivisionLevel,
  statedDocument,
} from '../../../register/change/change-schemas.js';
import { changeDivision, type DivisionChanged } from '../../../register/change/division/change.js';
import type { DivisionChange } from '../../../register/change/register-change.js';
import { agencyCode } from '../../../register/codes.js';
import type { Db } from '../../../store/engine/schema.js';
import type { ActContext } from '../../../words.js';
import { actOf } from '../../http/conditions.js';
import { jsonAnswer, sendOnce } from '../../http/idempotency.js';
import { divisionCode, rehearsal } from '../../http/parameters.js';
import { responses } from '../body/problem-bodies.js';
import { divisionChanged } from '../body/register-bodies.js';

const tags = ['register'];
const divisionPath = z.object({ division: divisionCode });
const basis = { document: statedDocument.optional(), precision: changePrecision.optional() };

/** The most agencies or divisions that one list names. */
const maxResidents = 1_000;
/** The most divisions that one is split into. */
const maxParts = 50;

const agencies = z
  .array(agencyCode)
  .max(maxResidents)
  .meta({ label: { zh: '该日在此县的机关代码', en: 'Codes of agencies that lie in it on that day' } });

const splitInto = z
  .array(
    z
      .strictObject({
        division: divisionCode,
        agencies: agencies.optional(),
        divisions: z
          .array(divisionCode)
          .max(maxResidents)
          .optional()
          .meta({
            label: {
              zh: '县以上：直接下级的代码',
              en: 'Of what is no county: codes of the divisions directly below it',
            },
          }),
      })
      .meta({ label: { zh: '一部分的去向', en: 'Where a part goes, and what lies in it' } }),
  )
  .min(2)
  .max(maxParts)
  .meta({
    label: {
      zh: '分入的行政区划，两个以上；该日所辖的每个机关（或下级区划）列明一次',
      en: 'What it is split into, two or more; every agency (or division) that lies in it on that day is named once',
    },
  });

/** What may be said of a division from a day on: members of one kind only. */
const kinds = {
  name: 'altered',
  code: 'altered',
  parent: 'altered',
  mergedInto: 'merged',
  splitInto: 'split',
  transfer: 'transferred',
  closed: 'closed',
} as const;

const changed = z
  .strictObject({
    on: changeDay,
    name: divisionName.optional(),
    code: divisionCode.optional(),
    parent: divisionCode.optional().meta({ label: { zh: '上级行政区划代码', en: 'Code of the division above it' } }),
    mergedInto: divisionCode
      .optional()
      .meta({ label: { zh: '并入的行政区划当日的代码', en: 'Code, on that day, of what it goes into' } }),
    splitInto: splitInto.optional(),
    transfer: z
      .strictObject({ to: divisionCode, agencies: agencies.min(1) })
      .optional()
      .meta({ label: { zh: '划入的县及划转的机关', en: 'The county that agencies come to, and which' } }),
    closed: z
      .literal(true)
      .optional()
      .meta({ label: { zh: '撤销，其中已无所辖', en: 'true: it ends, with nothing in it any more' } }),
    ...basis,
  })
  .refine(({ on: _, ...rest }) => Object.values(rest).some((value) => value !== undefined), {
    error: 'what is different, or what that rests on',
    params: { zh: '至少给出一项变更，或 document、precision' },
  })
  .refine((body) => kindsIn(body).length <= 1, {
    error: 'one of: name, code and parent; mergedInto; splitInto; transfer; closed',
    params: { zh: '只能给出其一：name、code、parent；mergedInto；splitInto；transfer；closed' },
  })
  .meta({ label: { zh: '自某日起的变更，只能为一种', en: 'What happens to it on a day, of one kind' } });

function kindsIn(body: object): string[] {
  const said = Object.entries(body).filter(([, value]) => value !== undefined);
  // Names that are not among these say on what the change rests.
  return [...new Set(said.flatMap(([name]) => (kinds as Readonly<Record<string, string>>)[name] ?? []))];
}

/** Registers the routes on an instance that compiles zod schemas. */
export function registerDivisionChangeRoutes(app: FastifyInstance, db: Db, clock: () => Date): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.post(
    '/v1/divisions',
    {
      config: { scope: 'register' },
      schema: {
        tags,
        summary: '新设行政区划 Make a division',
        description:
          '新设的县连同其自身的报送主体（COUNTY）。代码在同一日内不得与其他区划相同（409）。 ' +
          'A new county comes with its own agency (COUNTY). No two divisions have one code on the same day (409).',
        querystring: rehearsal,
        body: z
          .strictObject({
            code: divisionCode,
            name: divisionName,
            level: newDivisionLevel,
            parent: divisionCode.meta({ label: { zh: '上级行政区划代码', en: 'Code of the division above it' } }),
            on: changeDay,
            ...basis,
          })
          .meta({ label: { zh: '新行政区划', en: 'A new division' } }),
        response: responses({ 201: divisionChanged }, 400, 404, 409, 415, 422),
      },
    },
    async (request, reply) => {
      const change = { action: 'division-add' as const, ...request.body };
      const added = { status: 201, headers: { location: `/v1/divisions/${change.code}` } };
      return sendChange(db, request, reply, { act: actOf(request, clock), change, ...request.query, ...added });
    },
  );

  routes.post(
    '/v1/divisions/:division/changes',
    {
      config: { scope: 'register' },
      schema: {
        tags,
        summary:
          '变更行政区划 Rename, recode, move, merge, split or close a division, or transfer agencies, from a day on',
        description:
          '五种之一：name、code、parent（至少一项）；mergedInto；splitInto；transfer；closed。并入的连同所辖一并并入。' +
          '此前年度不变；可预告、补记，与某次变更同日则更正该次；再次并入、拆分或撤销则取代前次。改变已锁定年度的汇总则拒绝（409）。 ' +
          'One of five: name, code, parent (at least one); mergedInto; splitInto; transfer; closed. What lies in a division that is merged goes along. ' +
          'Years before stay as they were; a change is announced or recorded late, and corrects another of its day; a second end replaces the first. ' +
          'What would alter the totals of a locked year is refused (409).',
        params: divisionPath,
        querystring: rehearsal,
        body: changed,
        response: responses({ 200: divisionChanged }, 400, 404, 409, 415, 422),
      },
    },
    async (request, reply) => {
      const change = changeFrom(request.params.division, request.body);
      return sendChange(db, request, reply, { act: actOf(request, clock), change, ...request.query });
    },
  );

  routes.delete(
    '/v1/divisions/:division/changes/:on',
    {
      config: { scope: 'register' },
      schema: {
        tags,
        summary: '收回预告的变更或撤并 Take back what was announced of a division for a day, or its end',
        description:
          '随之划入他处的一并划回。撤并（合并、拆分、撤销）生效后仍可收回，其余变更以同日变更更正。 What went along with it comes back. An end (merged, split, closed) is taken back when it is in force, too; other changes are then corrected by one of the same day.',
        params: divisionPath.extend({ on: changeDay }),
        querystring: rehearsal,
        response: responses({ 200: divisionChanged }, 400, 404, 409, 422),
      },
    },
    async (request) => {
      const change = { action: 'division-retract' as const, ...request.params };
      return changeDivision(db, actOf(request, clock), change, request.query);
    },
  );
}

function changeFrom(division: string, body: z.infer<typeof changed>): DivisionChange {
  const { on, document, precision, name, code, parent, mergedInto, splitInto: parts, transfer, closed } = body;
  const about = { division, on, document, precision };
  if (mergedInto !== undefined) return { action: 'division-merge', ...about, mergedInto };
  if (parts !== undefined) return { action: 'division-split', ...about, splitInto: parts };
  if (transfer !== undefined) return { action: 'division-transfer', ...about, ...transfer };
  if (closed) return { action: 'division-close', ...about };
  return { action: 'division-change', ...about, name, code, parent };
}

/** A change that a POST asks for, and how its answer differs from the usual. */
interface PostedChange {
  readonly act: ActContext;
  readonly change: DivisionChange;
  readonly dryRun: boolean;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

function sendChange(
  db: Db,
  request: FastifyRequest,
  reply: FastifyReply,
  { act, change, dryRun, status, headers }: PostedChange,
): Promise<FastifyReply> {
  return sendOnce<DivisionChanged>(db, request, reply, {
    now: act.now,
    asked: change,
    dryRun,
    work: (commit) => changeDivision(db, act, change, commit),
    answer: (changed) => {
      const answer = jsonAnswer(changed, status);
      return { ...answer, headers: { ...answer.headers, ...headers } };
    },
  });
}
