/** `/v1/divisions/{division}/ledger/{year}.{extension}`: a county's year as one table, a row an agency (分乡镇一览表). */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { readLedger } from '../../../rollup/ledger/ledger.js';
import type { Db } from '../../../store/engine/schema.js';
import { soundText } from '../../../text.js';
import { filerKinds } from '../../../words.js';
import { divisionCode, kindsParameter, readableYear, readKinds, rollupInclusion, year } from '../../http/parameters.js';
import { looksAtDivision } from '../../kept/looks.js';
import { responses } from '../body/problem-bodies.js';
import { filesAnswer } from '../print/choice.js';
import { ledgerNamed, ledgerTypes, sendLedger } from '../print/ledger.js';

const asked = z.strictObject({
  kinds: kindsParameter(filerKinds, { zh: '包含的机关类别', en: 'Kinds to include' }).optional(),
  include: rollupInclusion,
});

/** What a ledger is expected to cost, in milliseconds of a core, by the file that is asked for. */
function ledgerCost({ params }: FastifyRequest): number {
  const { extension } = params as { readonly extension?: string };
  return extension === 'docx' || extension === 'pdf' ? 600 : 60;
}

/** Registers the route on an instance that compiles zod schemas. */
export function registerLedgerRoutes(app: FastifyInstance, db: Db): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/v1/divisions/:division/ledger/:year(^\\d{4}).:extension',
    {
      config: { scope: 'read', cost: ledgerCost, looksAt: looksAtDivision },
      schema: {
        tags: ['filings'],
        summary: '分乡镇一览表 The ledger of a county: a row an agency, the totals and what it published itself below',
        description:
          '每个机关一行，其下为合计、填报份数、本级公布的数字及两者之差；另列出已报、逾期、无需报送和未报的机关，以及本级公布与合计不同的各格。空白不作0。 ' +
          'A row an agency; below them the totals, how many reports state each box, what the county published itself and the difference; who is in, late, exempt and missing; and the boxes that differ. A blank is no zero.',
        params: z.object({
          division: divisionCode,
          year,
          extension: soundText.max(10).meta({
            label: {
              zh: `格式：${Object.keys(ledgerTypes).join('、')}`,
              en: `One of ${Object.keys(ledgerTypes).join(', ')}`,
            },
          }),
        }),
        querystring: asked,
        response: {
          ...responses({ 304: z.null().meta({ label: { zh: '未变', en: 'Not modified' } }) }, 400, 401, 403, 404),
          200: filesAnswer(ledgerTypes, '分乡镇一览表 The ledger'),
        },
      },
    },
    async (request, reply) => {
      const { reader, params, query } = request;
      const extension = ledgerNamed(params.extension);
      const wanted = {
        year: readableYear(params.year, reader.now),
        inclusion: query.include,
        kinds: query.kinds === undefined ? undefined : readKinds(query.kinds, filerKinds),
      };
      return sendLedger(request, reply, await readLedger(db, reader, params.division, wanted), extension);
    },
  );
}
