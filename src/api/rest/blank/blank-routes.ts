/** The blank form to fill in, of an agency, and those of all agencies of a division in one archive. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { referenceDate } from '../../../day.js';
import { agencyFor, resolveDivision } from '../../../register/codes.js';
import type { Db } from '../../../store/engine/schema.js';
import { soundText } from '../../../text.js';
import { divisionCode, readableYear, reportPath, year } from '../../http/parameters.js';
import { looksAtAgency, looksAtDivision } from '../../kept/looks.js';
import { responses } from '../body/problem-bodies.js';
import { filesAnswer, namedOf } from '../print/choice.js';
import { dispositionOf, fileAnswer } from '../print/representations.js';
import { blankTypes, writeBlankOf, writeBlanksOf } from './blank-forms.js';

const tags = ['documents'];

const filled = z
  .enum(['zero'])
  .optional()
  .meta({
    label: {
      zh: 'zero：除上年数外预填0，交回时须在“已核对”格填写“是”；省略时各格留空',
      en: 'zero: boxes come with 0, and the form asks for a word that they were checked; empty where it is left out',
    },
  });

/** What an archive of a county's forms is expected to cost, in milliseconds of a core. */
const archiveCost = 1_000;

const description =
  '合计由公式得出；上年结转和上年现行有效按上年度报送（不持令牌者按审核通过的）填入；带有预填数字而未确认已核对的，读回时这些格作空白。 ' +
  'Totals are formulas; stocks go on from what was filed for the year before, of which a stranger has what was accepted. What a form came with is read back as blank until its box 已核对 is filled in.';

/** Registers the routes on an instance that compiles zod schemas. */
export function registerBlankRoutes(app: FastifyInstance, db: Db, clock: () => Date): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.get(
    '/v1/agencies/:agency/blank-form/:year(^\\d{4}).:extension',
    {
      config: { scope: 'read', cost: () => 60, looksAt: looksAtAgency },
      schema: {
        tags,
        summary: '空白报表 The form to fill in, which POST /v1/reports reads back',
        description,
        params: reportPath.extend({
          extension: soundText.max(10).meta({ label: { zh: '格式：xlsx、docx', en: 'One of xlsx, docx' } }),
        }),
        querystring: z.strictObject({ filled }),
        response: { ...responses({}, 400, 404, 422), 200: filesAnswer(blankTypes, '空白报表 The form') },
      },
    },
    async (request, reply) => {
      const extension = namedOf(request.params.extension, blankTypes);
      const asked = { year: readableYear(request.params.year, clock()), filled: request.query.filled };
      const agency = await agencyFor(db, request.params.agency, asked.year);
      const { name, content } = await writeBlankOf(db, request.reader, agency, asked, extension);
      const code = `${agency.code}-${asked.year}-blank.${extension}`;
      return reply
        .header('content-disposition', dispositionOf('attachment', `${name}.${extension}`, code))
        .type(blankTypes[extension])
        .send(Buffer.from(content));
    },
  );

  routes.get(
    '/v1/divisions/:division/blank-forms/:year(^\\d{4}).zip',
    {
      config: { scope: 'read', cost: () => archiveCost, looksAt: looksAtDivision },
      schema: {
        tags,
        summary: '全部空白报表 The forms of all agencies of a division that are expected to file, in one archive',
        description,
        params: z.object({ division: divisionCode, year }),
        querystring: z.strictObject({
          filled,
          format: z
            .enum(['xlsx', 'docx'])
            .optional()
            .meta({ label: { zh: '每份的格式，默认 xlsx', en: 'The format of each; xlsx by default' } }),
        }),
        response: { ...responses({}, 400, 401, 403, 404), 200: fileAnswer('application/zip', '压缩文件 The archive') },
      },
    },
    async (request, reply) => {
      const { filled: asked, format = 'xlsx' } = request.query;
      const wanted = { year: readableYear(request.params.year, clock()), filled: asked };
      const division = await resolveDivision(db, request.params.division, referenceDate(wanted.year));
      const content = await writeBlanksOf(db, request.reader, division, wanted, format);
      const file = `${division.name}${wanted.year}年政府信息公开工作年度报告空白表.zip`;
      const code = `blank-forms-${division.code}-${wanted.year}.zip`;
      return reply
        .header('content-disposition', dispositionOf('attachment', file, code))
        .type('application/zip')
        .send(content);
    },
  );
}
