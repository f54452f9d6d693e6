/** The order of the house: which folder may import which, by which doors, and that there is no circle. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import t from 'tap';
import { allCells, forms } from '../src/form/forms.js';
import { packageRoot } from '../src/root.js';

const source = join(packageRoot, 'src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const textOf = (file: string) => readFileSync(join(source, file), 'utf8');
const codeOf = (file: string) => textOf(file).replaceAll(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*/g, '');

/** A folder of `src`, or a file at its top. */
interface Room {
  /** The rooms it may import. Each stands further down in `rooms`. */
  readonly may: readonly string[];
  /** The rooms of which it may import types only. */
  readonly types?: readonly string[];
  /** The files that other rooms may import; all of them where it is left out. */
  readonly door?: readonly string[];
}

/** Every room, the highest first. */
const rooms: Readonly<Record<string, Room>> = {
  'main.ts': { may: ['app.ts', 'command/import', 'command', 'command/shell', 'config.ts', 'root.ts', 'words.ts'] },
  // The other end of what app.ts starts, by its file.
  'reader-thread.ts': { may: ['app.ts', 'store/engine'], types: ['api/admission'] },
  'app.ts': {
    may: [
      'api/admission',
      'api/rest/statistics',
      'api/rest',
      'api/rest/blank',
      'api/rest/change',
      'api/rest/document',
      'api/rest/entry',
      'api/rest/filings',
      'api/rest/find',
      'api/graphql',
      'api/observe',
      'api/rest/openapi',
      'api/rest/subscription',
      'api/kept',
      'api/http',
      'json.ts',
      'store/engine',
      'subscription',
      'store/subscription',
      'worker.ts',
      'problem.ts',
    ],
    types: ['words.ts'],
  },
  'api/rest/statistics': {
    may: [
      'api/rest/print',
      'api/rest/body',
      'api/kept',
      'api/http',
      'bulk/statistics',
      'rollup/table',
      'form/measure',
      'form',
      'day.ts',
      'words.ts',
      'text.ts',
    ],
    types: ['bulk/export', 'store/engine'],
    door: ['statistics-routes.ts'],
  },
  'api/rest': {
    may: [
      'api/admission',
      'api/rest/print',
      'api/rest/body',
      'api/kept',
      'api/http',
      'bulk/export',
      'bulk/import',
      'register/change/file',
      'register/compare',
      'register/change',
      'report/document',
      'report/feed',
      'report/refusals',
      'report/shown',
      'loop.ts',
      'rollup',
      'bulk/import/format',
      'report',
      'access',
      'register',
      'form/measure',
      'form',
      'problem.ts',
      'day.ts',
      'words.ts',
      'text.ts',
    ],
    types: ['store/engine'],
  },
  'api/rest/blank': {
    may: [
      'api/rest/print',
      'api/rest/body',
      'api/kept',
      'api/http',
      'report/filings',
      'report',
      'loop.ts',
      'register',
      'document/print/blank',
      'document/print',
      'form',
      'day.ts',
      'text.ts',
    ],
    types: ['access', 'store/register', 'store/engine'],
    door: ['blank-routes.ts'],
  },
  'api/rest/change': {
    may: ['api/rest/body', 'api/http', 'register/change/division', 'register/change', 'register'],
    types: ['store/engine', 'words.ts'],
  },
  'api/rest/document': {
    may: [
      'api/rest/print',
      'api/rest/body',
      'api/http',
      'report/refusals',
      'report/document',
      'document/read',
      'store/filings',
      'form',
      'day.ts',
    ],
    types: ['store/engine'],
    door: ['kept-document-routes.ts'],
  },
  'api/rest/entry': {
    may: ['api/admission', 'api/rest/body', 'api/http', 'problem.ts', 'text.ts'],
    types: ['words.ts'],
    door: ['entry-routes.ts'],
  },
  'api/rest/filings': {
    may: [
      'api/admission',
      'api/rest/print',
      'api/rest/body',
      'api/kept',
      'api/http',
      'bulk/export',
      'rollup/ledger',
      'report/filings',
      'report/outlier',
      'report/refusals',
      'register',
      'bulk',
      'form',
      'problem.ts',
      'day.ts',
      'words.ts',
      'text.ts',
    ],
    types: ['store/register', 'store/engine'],
    door: ['ledger-routes.ts', 'list-routes.ts', 'refusal-routes.ts'],
  },
  'api/rest/find': {
    may: ['api/admission', 'api/rest/body', 'api/kept', 'api/http', 'register', 'day.ts'],
    types: ['store/engine'],
  },
  'api/rest/subscription': {
    may: ['api/rest/body', 'api/http', 'subscription', 'words.ts', 'text.ts'],
    types: ['access', 'store/engine'],
    door: ['sending.ts', 'subscription-routes.ts'],
  },
  'api/rest/print': {
    may: [
      'api/rest/body',
      'api/http',
      'register',
      'document/print/ledger',
      'document/print/page',
      'document/print',
      'form',
      'problem.ts',
      'day.ts',
    ],
    types: ['rollup/ledger', 'rollup', 'report', 'store/register', 'store/engine', 'words.ts'],
  },
  'command/import': {
    may: [
      'command',
      'bulk/import',
      'bulk/import/format',
      'command/shell',
      'access',
      'register',
      'store/engine',
      'problem.ts',
      'day.ts',
      'words.ts',
    ],
    door: ['import.ts'],
  },
  'api/graphql': {
    may: [
      'api/graphql/places',
      'api/graphql/filings',
      'api/graphql/rank',
      'api/graphql/cost',
      'api/graphql/execute',
      'api/graphql/parts',
      'api/admission',
      'api/http',
      'rollup/rank',
      'rollup',
      'report/shown',
      'report',
      'register',
      'json.ts',
      'groups.ts',
      'form/measure',
      'most-used.ts',
      'form',
      'problem.ts',
      'day.ts',
      'root.ts',
      'words.ts',
    ],
    types: ['store/rollup', 'store/engine'],
    door: ['graphql.ts'],
  },
  'api/graphql/filings': {
    may: ['api/graphql/parts', 'api/http', 'report/filings', 'form', 'day.ts'],
    types: ['access', 'store/engine', 'words.ts'],
  },
  'api/graphql/places': {
    may: ['api/graphql/parts', 'api/http', 'register', 'day.ts'],
    types: ['store/register', 'store/engine', 'words.ts'],
  },
  'api/graphql/rank': {
    may: ['api/graphql/execute', 'api/graphql/parts', 'api/http', 'rollup/rank', 'rollup/area', 'form/measure'],
    types: ['access', 'register', 'store/engine', 'words.ts'],
    door: ['rank.ts'],
  },
  'api/graphql/cost': {
    may: ['api/graphql/parts', 'form/measure', 'form'],
    types: ['register'],
    door: ['cost.ts', 'prices.ts'],
  },
  'api/graphql/execute': { may: ['api/graphql/parts'] },
  'api/graphql/parts': {
    may: ['api/http', 'register'],
    types: ['rollup', 'store/register', 'store/engine'],
  },
  'api/observe': { may: ['api/http', 'rollup', 'ended.ts'], types: ['bulk/import', 'store/engine', 'problem.ts'] },
  'api/rest/openapi': {
    may: ['api/admission', 'api/http', 'document/read', 'problem.ts', 'words.ts'],
    door: ['openapi.ts'],
  },
  'api/admission': {
    may: ['turns.ts', 'minute.ts', 'ended.ts', 'problem.ts', 'loop.ts'],
    door: ['cost.ts', 'load.ts', 'rate.ts', 'readers.ts'],
  },
  'api/kept': {
    may: ['api/http', 'access', 'register', 'store/engine', 'most-used.ts', 'day.ts'],
    door: ['kept-answers.ts', 'looks.ts'],
  },
  'api/rest/body': {
    may: ['register/change', 'rollup', 'report', 'register', 'form/measure', 'form', 'problem.ts', 'words.ts'],
    types: ['bulk/import', 'report/feed'],
  },
  command: {
    may: [
      'bulk/export',
      'register/change/file',
      'register/compare',
      'register/change',
      'report/document',
      'command/shell',
      'report',
      'access',
      'document/read',
      'store/rollup',
      'register',
      'store',
      'json.ts',
      'store/engine',
      'store/engine/file',
      'form',
      'problem.ts',
      'day.ts',
      'words.ts',
    ],
    types: ['store/check', 'config.ts'],
    door: [
      'audit.ts',
      'backup.ts',
      'check.ts',
      'demo.ts',
      'export.ts',
      'migrate.ts',
      'read.ts',
      'register.ts',
      'restore.ts',
      'rollups.ts',
      'serve.ts',
      'token.ts',
    ],
  },
  'api/http': {
    may: [
      'report/document',
      'report',
      'access',
      'document/read',
      'register',
      'form',
      'minute.ts',
      'problem.ts',
      'day.ts',
      'words.ts',
      'text.ts',
    ],
    types: ['store/engine', 'document'],
    door: [
      'accept.ts',
      'caller.ts',
      'conditions.ts',
      'connections.ts',
      'errors.ts',
      'idempotency.ts',
      'language.ts',
      'methods.ts',
      'paging.ts',
      'parameters.ts',
      'sample.ts',
      'upload.ts',
      'web-headers.ts',
    ],
  },
  'bulk/statistics': {
    may: ['bulk/export', 'rollup/table', 'form/measure', 'form', 'csv.ts', 'words.ts'],
  },
  'bulk/export': {
    may: [
      'rollup',
      'bulk',
      'report',
      'access',
      'register',
      'store/bulk',
      'store',
      'store/register',
      'store/engine',
      'turns.ts',
      'share.ts',
      'worker.ts',
      'form',
      'problem.ts',
      'csv.ts',
      'xlsx.ts',
      'day.ts',
      'words.ts',
    ],
    door: ['columns.ts', 'export-source.ts', 'export.ts', 'package.ts', 'run.ts', 'workbook.ts', 'write.ts'],
  },
  'bulk/import': {
    may: [
      'report/document',
      'report/refusals',
      'bulk',
      'bulk/import/format',
      'report',
      'access',
      'register',
      'store',
      'store/register',
      'store/engine',
      'share.ts',
      'turns.ts',
      'problem.ts',
      'csv.ts',
      'xlsx.ts',
      'day.ts',
      'words.ts',
      'text.ts',
    ],
    door: [
      'batch.ts',
      'import-view.ts',
      'items.ts',
      'job.ts',
      'jobs.ts',
      'process-mark.ts',
      'read-items.ts',
      'reject-file.ts',
      'rejects.ts',
      'repeats.ts',
      'spool.ts',
      'tally.ts',
    ],
  },
  'register/compare': {
    may: [
      'groups.ts',
      'register/change',
      'access',
      'register',
      'store/register',
      'problem.ts',
      'csv.ts',
      'day.ts',
      'loop.ts',
      'text.ts',
    ],
    types: ['store/engine', 'words.ts'],
    door: ['comparison.ts', 'proposals.ts', 'written.ts'],
  },
  'register/change/file': {
    may: ['register/change/division', 'register/change', 'loop.ts', 'store/engine', 'problem.ts'],
    types: ['words.ts'],
  },
  'register/change/division': {
    may: [
      'register/change',
      'loop.ts',
      'report',
      'access',
      'store/rollup',
      'register',
      'store',
      'store/register',
      'store/engine',
      'form',
      'problem.ts',
      'day.ts',
      'words.ts',
    ],
    door: ['change.ts'],
  },
  'register/change': {
    may: [
      'groups.ts',
      'loop.ts',
      'report',
      'access',
      'store/rollup',
      'register',
      'store',
      'store/register/load',
      'store/register',
      'store/engine',
      'form',
      'problem.ts',
      'day.ts',
      'words.ts',
      'text.ts',
    ],
    door: [
      'authorize.ts',
      'basis.ts',
      'change-codes.ts',
      'change-lines.ts',
      'change-schemas.ts',
      'change.ts',
      'followed.ts',
      'history.ts',
      'placement.ts',
      'refusal.ts',
      'register-change.ts',
      'told.ts',
      'upgrade.ts',
    ],
  },
  'rollup/ledger': {
    may: ['report/filings', 'rollup', 'store/rollup', 'problem.ts'],
    types: ['access', 'store/engine'],
  },
  'report/filings': {
    may: [
      'report/outlier',
      'loop.ts',
      'report',
      'access',
      'store',
      'store/filings',
      'problem.ts',
      'day.ts',
      'words.ts',
    ],
    types: ['form', 'store/register', 'store/engine'],
  },
  'report/outlier': {
    may: ['access', 'store', 'store/filings', 'store/register', 'form/measure', 'form', 'day.ts'],
    types: ['store/engine', 'words.ts'],
  },
  'report/refusals': {
    may: [
      'report/document',
      'access',
      'register',
      'store',
      'store/filings',
      'store/register',
      'store/engine',
      'form',
      'problem.ts',
      'day.ts',
    ],
    types: ['words.ts'],
  },
  'report/document': {
    may: [
      'report',
      'access',
      'document/read',
      'register',
      'store',
      'store/filings',
      'store/register',
      'store/engine',
      'form',
      'problem.ts',
      'day.ts',
    ],
    types: ['document', 'words.ts'],
    door: ['assessment.ts', 'document-agency.ts', 'document-filing.ts', 'kept-document.ts'],
  },
  subscription: {
    may: [
      'report/feed',
      'loop.ts',
      'access',
      'register',
      'store',
      'store/register',
      'store/subscription',
      'store/engine',
      'turns.ts',
      'problem.ts',
      'day.ts',
      'words.ts',
    ],
    door: [
      'address.ts',
      'deliveries.ts',
      'events.ts',
      'networks.ts',
      'sending.ts',
      'serve.ts',
      'subscription-view.ts',
      'subscriptions.ts',
    ],
  },
  'report/feed': {
    may: [
      'loop.ts',
      'report/shown',
      'access',
      'register',
      'store',
      'store/register',
      'store/register/find',
      'form',
      'problem.ts',
      'day.ts',
    ],
    types: ['report', 'store/engine'],
    door: ['changes.ts', 'follow.ts', 'place.ts', 'told.ts', 'watch.ts'],
  },
  'report/shown': {
    may: [
      'groups.ts',
      'loop.ts',
      'report',
      'access',
      'register',
      'store/bulk',
      'store',
      'store/register',
      'form',
      'day.ts',
    ],
    types: ['store/engine', 'words.ts'],
  },
  'rollup/rank': {
    may: ['rollup/area', 'rollup', 'access', 'register', 'store/register', 'form/measure', 'form', 'day.ts'],
    types: ['store/engine', 'words.ts'],
    door: ['change.ts', 'order.ts', 'positions.ts', 'ranking.ts'],
  },
  'rollup/table': {
    may: [
      'rollup/area',
      'rollup',
      'access',
      'register',
      'store',
      'store/register',
      'store/register/find',
      'form/measure',
      'form',
      'problem.ts',
      'day.ts',
      'words.ts',
    ],
    types: ['store/engine'],
    door: ['observation.ts', 'read-table.ts', 'status.ts', 'table.ts'],
  },
  'rollup/area': {
    may: [
      'loop.ts',
      'rollup',
      'report',
      'access',
      'store/rollup',
      'register',
      'store/register',
      'store/register/find',
      'form/measure',
      'most-used.ts',
      'form',
      'day.ts',
    ],
    types: ['store/engine', 'words.ts'],
  },
  rollup: {
    may: [
      'loop.ts',
      'report',
      'access',
      'store/rollup',
      'register',
      'store',
      'store/register',
      'store/register/find',
      'store/engine',
      'worker.ts',
      'form',
      'problem.ts',
      'day.ts',
      'words.ts',
    ],
    door: [
      'cells.ts',
      'coverage.ts',
      'missing.ts',
      'moment.ts',
      'published.ts',
      'rollup-watch.ts',
      'rollup.ts',
      'sums.ts',
      'territories.ts',
      'touched.ts',
      'unallocated.ts',
    ],
  },
  'bulk/import/format': {
    may: [
      'document/read',
      'bulk',
      'document/read/source',
      'json.ts',
      'form',
      'problem.ts',
      'csv.ts',
      'xlsx.ts',
      'text.ts',
      'loop.ts',
    ],
    door: ['formats.ts', 'item.ts', 'sources.ts'],
  },
  'command/shell': {
    may: ['report', 'store/engine', 'store/engine/file', 'problem.ts', 'words.ts'],
    types: ['access', 'config.ts'],
  },
  report: {
    may: [
      'groups.ts',
      'access',
      'store/rollup',
      'store/check',
      'store/filings',
      'register',
      'store',
      'store/register',
      'store/engine',
      'form',
      'problem.ts',
      'day.ts',
      'words.ts',
      'text.ts',
    ],
    door: [
      'audit-log.ts',
      'current-report.ts',
      'faults.ts',
      'file.ts',
      'filing-body.ts',
      'filing.ts',
      'findings.ts',
      'integrity.ts',
      'known.ts',
      'lock.ts',
      'recheck.ts',
      'report-view.ts',
      'review.ts',
      'revisions.ts',
      'withdraw.ts',
    ],
  },
  access: {
    may: ['register', 'store', 'store/register', 'store/engine', 'problem.ts', 'day.ts', 'text.ts'],
    types: ['words.ts'],
  },
  'document/read': {
    may: [
      'day.ts',
      'document/read/cell',
      'document/read/prose',
      'document/read/heading',
      'document/read/pdf',
      'document/read/pdf/drawing',
      'document/read/source/odf',
      'document/read/source/ole',
      'document/read/source',
      'turns.ts',
      'worker.ts',
      'document',
      'form',
      'problem.ts',
      'text.ts',
    ],
    types: ['words.ts'],
    door: ['read-document.ts', 'read-in-child.ts'],
  },
  register: {
    may: [
      'store/register',
      'store/register/load',
      'store/register/find',
      'store/rollup',
      'store/engine',
      'problem.ts',
      'day.ts',
      'loop.ts',
      'root.ts',
      'words.ts',
    ],
  },
  'store/bulk': { may: ['store', 'store/register', 'store/engine', 'form', 'words.ts'] },
  'store/check': { may: ['store', 'store/register', 'store/engine', 'form', 'words.ts'] },
  'store/filings': { may: ['store', 'store/register', 'store/engine', 'form', 'day.ts', 'words.ts'] },
  'store/rollup': {
    may: ['store', 'store/register', 'store/engine', 'form', 'day.ts', 'words.ts'],
    door: [
      'area-rows.ts',
      'filed.ts',
      'items.ts',
      'moved-sums.ts',
      'named-items.ts',
      'read-sums.ts',
      'report-rows.ts',
      'rollup-check.ts',
      'rollups.ts',
      'sum-rows.ts',
      'sums.ts',
      'territory.ts',
    ],
  },
  'document/read/cell': {
    may: ['document/read/heading', 'document/read/source', 'document', 'form'],
    types: ['words.ts'],
    door: ['box-rows.ts', 'cells.ts', 'items.ts', 'place-doubts.ts'],
  },
  'document/print/blank': {
    may: ['document/print', 'document/print/page', 'document', 'form', 'xlsx.ts', 'text.ts'],
    door: ['blank.ts', 'blank-docx.ts', 'blank-form.ts'],
  },
  'document/print/ledger': {
    may: ['document/print', 'document/print/page', 'form', 'csv.ts', 'xlsx.ts', 'words.ts', 'text.ts'],
  },
  'document/print': {
    may: ['document/print/page', 'document/read/prose', 'document', 'form', 'csv.ts', 'xlsx.ts', 'words.ts', 'text.ts'],
    door: ['csv.ts', 'layout.ts', 'sheet-page.ts', 'sheet.ts', 'xlsx-page.ts', 'xlsx.ts'],
  },
  'document/print/page': { may: ['root.ts', 'text.ts', 'words.ts'] },
  'document/read/prose': {
    may: ['document/read/heading', 'document/read/source', 'document', 'form'],
    types: ['words.ts'],
    door: ['prose.ts', 'sections.ts', 'title.ts'],
  },
  'document/read/pdf': {
    may: ['document/read/pdf/drawing', 'document/read/heading', 'document/read/source', 'form', 'problem.ts'],
    door: ['read-pdf.ts'],
  },
  'document/read/pdf/drawing': {
    may: ['problem.ts'],
    door: ['draw.ts', 'drawing.ts', 'geometry.ts', 'library.ts', 'sheet.ts'],
  },
  store: { may: ['store/register', 'store/engine', 'form', 'words.ts'] },
  'document/read/heading': {
    may: ['document/read/source', 'form'],
    types: ['words.ts'],
    door: ['heading-roles.ts', 'headings.ts', 'spellings.ts'],
  },
  'store/subscription': { may: ['store/engine', 'words.ts'] },
  'store/register/load': { may: ['store/register', 'store/engine', 'words.ts'] },
  'store/register/find': { may: ['store/register', 'store/engine', 'words.ts'] },
  'store/register': { may: ['store/engine', 'form', 'day.ts', 'words.ts'] },
  bulk: { may: ['form'], types: ['words.ts'] },
  'document/read/source/odf': {
    may: ['document/read/source', 'problem.ts', 'xlsx.ts', 'text.ts'],
    door: ['odf.ts'],
  },
  'document/read/source/ole': {
    may: ['document/read/source', 'problem.ts', 'xlsx.ts', 'text.ts'],
    door: ['compound.ts', 'ole.ts'],
  },
  'document/read/source': {
    may: ['document', 'day.ts', 'problem.ts', 'xlsx.ts', 'text.ts'],
    types: ['words.ts'],
    door: [
      'grid.ts',
      'html.ts',
      'number-formats.ts',
      'package.ts',
      'parts.ts',
      'plain.ts',
      'standing.ts',
      'text.ts',
      'word.ts',
      'workbook-parts.ts',
      'workbook.ts',
      'zip.ts',
    ],
  },
  'json.ts': { may: ['problem.ts'] },
  'store/engine': { may: ['loop.ts', 'store/engine/file', 'migrations', 'worker.ts', 'problem.ts', 'words.ts'] },
  'store/engine/file': { may: ['words.ts'] },
  'worker.ts': { may: ['problem.ts'], types: ['words.ts'] },
  'turns.ts': { may: ['share.ts', 'problem.ts'], types: ['words.ts'] },
  document: { may: ['form'], types: ['words.ts'] },
  'form/measure': { may: ['form'], types: ['words.ts'], door: ['headline.ts', 'measures.ts'] },
  form: {
    may: [],
    types: ['words.ts'],
    door: [
      'amount.ts',
      'check.ts',
      'derived.ts',
      'exact.ts',
      'figures.ts',
      'forms.ts',
      'lines.ts',
      'report.ts',
      'rules.ts',
      'same-content.ts',
      'statements.ts',
      'vocabulary.ts',
    ],
  },
  'problem.ts': { may: ['words.ts', 'text.ts'] },
  'config.ts': { may: [] },
  'share.ts': { may: [] },
  'ended.ts': { may: [] },
  'most-used.ts': { may: [] },
  'groups.ts': { may: [] },
  'csv.ts': { may: [] },
  'minute.ts': { may: [] },
  'xlsx.ts': { may: [] },
  'day.ts': { may: [] },
  'loop.ts': { may: [] },
  'root.ts': { may: [] },
  'text.ts': { may: [] },
  'words.ts': { may: [] },
  migrations: { may: [] },
};

const names = Object.keys(rooms);

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typesOnly: boolean;
}

const imports: readonly Import[] = files.flatMap((from) =>
  [...textOf(from).matchAll(/^(?:import|export)\s(type\s)?[^;]*?from '(\.[^']+)'/gm)].map(([, type, path]) => ({
    from,
    to: relative(source, normalize(join(source, dirname(from), path ?? ''))).replace(/\.js$/, '.ts'),
    typesOnly: type !== undefined,
  })),
);

const roomOf = (file: string): string => {
  if (file.startsWith('../migrations/')) return 'migrations';
  return file.includes('/') ? dirname(file) : file;
};

t.test('every file lies in a room, and every room holds a file', async (t) => {
  const held = new Set(files.map(roomOf));
  t.same(
    [...held].filter((room) => !names.includes(room)),
    [],
  );
  t.same(
    names.filter((room) => !held.has(room) && room !== 'migrations'),
    [],
  );
});

t.test('every import follows an arrow, and every arrow runs down', async (t) => {
  const strange = imports.filter(({ from, to, typesOnly }) => {
    const [one, other] = [roomOf(from), roomOf(to)];
    if (one === other) return false;
    const { may, types = [] } = rooms[one] ?? { may: [] };
    return !may.includes(other) && !(typesOnly && types.includes(other));
  });
  t.same(
    strange.map(({ from, to }) => `${from} imports ${to}`),
    [],
  );
  const up = names.flatMap((room, place) =>
    [...(rooms[room]?.may ?? []), ...(rooms[room]?.types ?? [])]
      .filter((other) => names.indexOf(other) <= place)
      .map((other) => `${room} -> ${other}`),
  );
  t.same(up, []);
});

t.test('every arrow is used', async (t) => {
  const used = new Set(imports.map(({ from, to }) => `${roomOf(from)} -> ${roomOf(to)}`));
  const listed = names.flatMap((room) =>
    [...(rooms[room]?.may ?? []), ...(rooms[room]?.types ?? [])].map((other) => `${room} -> ${other}`),
  );
  t.same(
    listed.filter((arrow) => !used.has(arrow)),
    [],
  );
});

t.test('a room is entered by its door', async (t) => {
  const around = imports.filter(({ from, to }) => {
    const { door } = rooms[roomOf(to)] ?? {};
    return roomOf(from) !== roomOf(to) && door !== undefined && !door.includes(to.split('/').at(-1) ?? '');
  });
  t.same(
    around.map(({ from, to }) => `${from} imports ${to}`),
    [],
  );
});

t.test('the rest of the program enters the engine by opening, committing, versions and failing only', async (t) => {
  const names = [
    'open',
    'commit',
    'store',
    'schema',
    'failure',
    'backup',
    'migrate',
    'integrity',
    'checkpoint',
    'versions',
  ];
  const doors = names.map((name) => `store/engine/${name}.ts`);
  const around = imports.filter(
    ({ from, to }) => !from.startsWith('store/') && roomOf(to) === 'store/engine' && !doors.includes(to),
  );
  t.same(
    around.map(({ from, to }) => `${from} imports ${to}`),
    [],
  );
});

t.test('no files import each other in a circle', async (t) => {
  const targets = new Map(files.map((file) => [file, imports.filter(({ from }) => from === file).map(({ to }) => to)]));
  const done = new Set<string>();
  const circles: string[] = [];
  const walk = (file: string, path: readonly string[]) => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
    if (done.has(file) || path.includes(file)) return;
    for (const target of targets.get(file) ?? []) walk(target, [...path, file]);
    done.add(file);
  };
  for (const file of files) walk(file, []);
  t.same(circles, []);
});

t.test('a folder has at most sixteen files', async (t) => {
  const full = names.filter((room) => files.filter((file) => roomOf(file) === room).length > 16);
  t.same(full, []);
});

t.test('SQL is known to the store only', async (t) => {
  const elsewhere = files.filter((file) => !file.startsWith('store/'));
  const knowing = elsewhere.filter((file) =>
    /from '(?:kysely|better-sqlite3)'|\b(?:insert into|select .+ from) [a-z_]+/i.test(codeOf(file)),
  );
  t.same(knowing, []);
});

t.test('no row or label of the form is written outside src/form', async (t) => {
  const rows = new Set(forms.flatMap((form) => form.tables).flatMap((table) => table.rows));
  const labels = [...rows].map((row) => row.label.zh).filter((label) => label.length > 6);
  const keys = [...rows].map((row) => row.key).filter((key) => /[A-Z]/.test(key));
  const named = files
    .filter((file) => !file.startsWith('form/'))
    .flatMap((file) =>
      [...labels, ...keys].filter((name) => codeOf(file).includes(name)).map((name) => `${file}: ${name}`),
    );
  t.same(named, []);
});

t.test('the form runs in a browser: it imports nothing but words', async (t) => {
  const foreign = files
    .filter((file) => file.startsWith('form/') || file === 'words.ts')
    .filter((file) => /from '(?!\.)/.test(codeOf(file)) || /\bprocess\.|\bBuffer\b/.test(codeOf(file)));
  t.same(foreign, []);
});

t.test('only day.ts knows a time zone or cuts a day out of an instant', async (t) => {
  const knowing = files.filter(
    (file) =>
      file !== 'day.ts' &&
      file !== 'command/sample-reports.ts' &&
      /getUTCFullYear|toISOString\(\)\.slice\(0, 1?\d\)|getTimezoneOffset|Asia\/Shanghai/.test(codeOf(file)),
  );
  t.same(knowing, []);
});

t.test('the two languages of a message are glued in words.ts only', async (t) => {
  const gluing = files.filter(
    (file) => file !== 'words.ts' && /\.en\} \$\{[\w.]+\.zh\}|\.zh\} \$\{[\w.]+\.en\}/.test(codeOf(file)),
  );
  t.same(gluing, []);
});

t.test('only main.ts acts when it is imported', async (t) => {
  const acting = files.filter((file) => file !== 'main.ts' && /^(?:await |process\.|main\()/m.test(textOf(file)));
  t.same(acting, []);
});

t.test('no file hides behind a name that says nothing, and none re-exports others', async (t) => {
  t.same(
    files.filter((file) => /(?:^|\/)(?:utils?|helpers?|common|misc|service|manager|index)\b/.test(file)),
    [],
  );
  t.same(
    files.filter((file) => /^export (?:\*|\{[^}]*\}) from/m.test(textOf(file))),
    [],
  );
  t.ok(allCells.length > 0);
});
