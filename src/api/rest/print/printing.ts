/** Reports and rollups as they are sent: as JSON, or printed in the representation that was asked for. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { referenceDate } from '../../../day.js';
import { reportTitle } from '../../../document/print/sheet.js';
import { divisionsOf } from '../../../register/browse.js';
import type { ReadReport } from '../../../report/report-view.js';
import type { RollupView } from '../../../rollup/rollup.js';
import type { Db } from '../../../store/engine/schema.js';
import { isNotModified } from '../../http/conditions.js';
import { reportAnswer } from '../body/report-bodies.js';
import { rollupBody } from '../body/rollup-bodies.js';
import { type Extension, sendSheet } from './representations.js';
import { printedName, sheetOfReport, sheetOfRollup } from './sheet.js';

/** Sends a report, or 304 to who has it as it stands. */
export async function sendReport(
  db: Db,
  request: FastifyRequest,
  reply: FastifyReply,
  report: ReadReport,
  extension: Extension,
): Promise<FastifyReply> {
  const { agency, row } = report;
  const { payload, etag } = reportAnswer(report);
  if (extension === 'json') {
    reply.header('etag', etag);
    if (isNotModified(request, etag)) return reply.code(304).send();
    return reply.type('application/json; charset=utf-8').send(payload);
  }
  const [county] = await divisionsOf(db, [agency.countyId], referenceDate(row.year));
  return sendSheet(request, reply, extension, sheetOfReport(report, county), {
    name: reportTitle(printedName(agency, county), row.year).zh,
    code: `${agency.code}-${row.year}`,
    etag,
  });
}

/** Sends a rollup. */
export async function sendRollup(
  request: FastifyRequest,
  reply: FastifyReply,
  rollup: RollupView,
  extension: Extension,
): Promise<FastifyReply> {
  if (extension === 'json') {
    return reply.type('application/json; charset=utf-8').send(JSON.stringify(rollupBody(rollup)));
  }
  const sheet = sheetOfRollup(rollup);
  return sendSheet(request, reply, extension, sheet, {
    name: sheet.title.zh,
    code: `rollup-${rollup.division.code}-${rollup.year}`,
  });
}
