/** A county's ledger as it is printed: who is in, late, exempt and missing in words, and in which file it is sent. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { writeLedgerCsv } from '../../../document/print/ledger/ledger-csv.js';
import { pageOfLedger } from '../../../document/print/ledger/ledger-page.js';
import type { LedgerRow, LedgerSheet } from '../../../document/print/ledger/ledger-sheet.js';
import { writeLedgerXlsx } from '../../../document/print/ledger/ledger-xlsx.js';
import { writePageDocx } from '../../../document/print/page/docx.js';
import { writePageHtml } from '../../../document/print/page/html.js';
import { writePagePdf } from '../../../document/print/page/pdf.js';
import { findForm, formInForce } from '../../../form/forms.js';
import type { LedgerEntry, LedgerView } from '../../../rollup/ledger/ledger.js';
import type { FilingState, Label } from '../../../words.js';
import { isKnownContent, namedOf } from './choice.js';
import { dispositionOf, printedTypes } from './representations.js';
import { kindLabels, stateLabels } from './sheet.js';

/** The files in which a ledger is sent. */
export const ledgerTypes = printedTypes;
type LedgerExtension = keyof typeof ledgerTypes;

/** The file that an address ends in. Throws `not-found`, naming what there is, for an extension of another kind. */
export function ledgerNamed(extension: string): LedgerExtension {
  return namedOf(extension, ledgerTypes);
}

const filed: readonly FilingState[] = ['SUBMITTED', 'RETURNED', 'ACCEPTED'];

/** The ledger to print. */
function sheetOfLedger({ rollup, entries }: LedgerView): LedgerSheet {
  const { division, year, statistics, inclusion, published } = rollup;
  const forms = [...statistics.forms.keys()].flatMap((id) => findForm(id)?.id ?? []);
  const of = inclusion === 'ALL' ? { zh: '已报送', en: 'reports filed' } : { zh: '审核通过', en: 'reports accepted' };
  return {
    title: {
      zh: `${division.name}${year}年政府信息公开工作年度报告分乡镇一览表`,
      en: `${division.name}: ledger of the annual reports on government information disclosure, ${year}`,
    },
    year,
    subtitle: [
      {
        zh: `行政区划代码 ${division.code}　列${of.zh}的${statistics.reports}份报告`,
        en: `Division ${division.code}, ${statistics.reports} ${of.en}`,
      },
    ],
    coverage: coverageOf(rollup.statistics.coverage, entries),
    forms: forms.length > 0 ? forms : [formInForce(year).id],
    rows: entries.map(rowOf),
    total: {
      figures: statistics.figures,
      reported: statistics.reported,
      reports: statistics.reports,
      expected: statistics.coverage.expected,
      publishedTotal: statistics.publishedTotal,
      publishedStated: statistics.publishedStated,
    },
    published: published
      ? {
          name: published.report.agency.name,
          figures: published.report.content.figures,
          publishedTotal: published.report.content.publishedItems?.total ?? null,
          differences: published.differences.map(({ cell, rollup: total, published: own, difference }) => ({
            cell,
            total,
            published: own,
            difference,
          })),
        }
      : null,
    sample: statistics.samples > 0,
  };
}

function rowOf({ filing, sums }: LedgerEntry): LedgerRow {
  const { agency, state, late, row } = filing;
  return {
    code: agency.code,
    name: agency.name,
    kind: kindLabels[agency.kind].zh,
    state: stateLabels[state].zh,
    late,
    submittedOn: row?.submittedOn ?? null,
    figures: sums?.figures ?? null,
    publishedTotal: sums?.publishedTotal ?? null,
  };
}

/** Who is in, late, exempt and missing, a line each where there is anybody. */
function coverageOf(
  { expected, reported }: LedgerView['rollup']['statistics']['coverage'],
  entries: readonly LedgerEntry[],
): Label[] {
  const counted = { zh: `应报${expected}个，已报${reported}个。`, en: `${reported} of ${expected} have filed.` };
  const lines = [
    named({ zh: '已报送', en: 'Filed' }, entries, ({ filing }) => filed.includes(filing.state)),
    named({ zh: '逾期', en: 'Late' }, entries, ({ filing }) => filing.late === true),
    named({ zh: '无需报送', en: 'Exempt' }, entries, ({ filing }) => filing.state === 'EXEMPT'),
    named(
      { zh: '未报送', en: 'Missing' },
      entries,
      ({ filing: { state, expected: isExpected } }) => isExpected && state !== 'EXEMPT' && !filed.includes(state),
    ),
  ];
  return [counted, ...lines.flatMap((line) => line ?? [])];
}

function named(
  what: Label,
  entries: readonly LedgerEntry[],
  isOne: (entry: LedgerEntry) => boolean,
): Label | undefined {
  const names = entries.filter(isOne).map(({ filing }) => filing.agency.name);
  if (names.length === 0) return undefined;
  return {
    zh: `${what.zh}${names.length}个：${names.join('、')}。`,
    en: `${what.en}, ${names.length}: ${names.join(', ')}.`,
  };
}

const writers: Readonly<Record<LedgerExtension, (ledger: LedgerSheet) => string | Promise<Uint8Array>>> = {
  html: (ledger) => writePageHtml(pageOfLedger(ledger)),
  docx: (ledger) => writePageDocx(pageOfLedger(ledger)),
  xlsx: writeLedgerXlsx,
  csv: writeLedgerCsv,
  pdf: (ledger) => writePagePdf(pageOfLedger(ledger)),
};

/**
 * Sends a ledger, or 304 to who has it. A workbook and a Word document are never the same bytes twice: the same ledger as
 * CSV names them.
 */
export async function sendLedger(
  request: FastifyRequest,
  reply: FastifyReply,
  view: LedgerView,
  extension: LedgerExtension,
): Promise<FastifyReply> {
  const ledger = sheetOfLedger(view);
  const lines = [ledger.title, ...ledger.subtitle, ...ledger.coverage].map(({ zh }) => zh).join('\n');
  const content = Buffer.from(`${writeLedgerCsv(ledger)}${lines}`);
  if (isKnownContent(request, reply, content, 'weakly')) return reply.code(304).send();
  const written = await writers[extension](ledger);
  const code = `ledger-${view.rollup.division.code}-${ledger.year}.${extension}`;
  const shown = extension === 'html' || extension === 'pdf' ? 'inline' : 'attachment';
  return reply
    .header('content-disposition', dispositionOf(shown, `${ledger.title.zh}.${extension}`, code))
    .header('x-content-type-options', 'nosniff')
    .type(`${ledgerTypes[extension]}${extension === 'html' || extension === 'csv' ? '; charset=utf-8' : ''}`)
    .send(typeof written === 'string' ? written : Buffer.from(written));
}
