/** What an export and a list hold of each report is what their reader is shown of that report alone, byte for byte. */
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import t from 'tap';
import { operator } from '../src/access/authority.js';
import type { Reader } from '../src/access/visibility.js';
import { writeReport } from '../src/api/rest/body/report-bodies.js';
import { type ExportRequest, openExport } from '../src/bulk/export/export.js';
import { writeTableText } from '../src/bulk/table-text.js';
import { csvText, harmlessText } from '../src/csv.js';
import { dayInChina } from '../src/day.js';
import { printFigure } from '../src/form/check.js';
import { printFigures } from '../src/form/figures.js';
import { allCells, formOf } from '../src/form/forms.js';
import { fileReport } from '../src/report/file.js';
import { parseFiling } from '../src/report/filing.js';
import { findReportFor, type ReadReport } from '../src/report/report-view.js';
import { reviewReport } from '../src/report/review.js';
import { readReports } from '../src/report/shown/report-list.js';
import type { Db } from '../src/store/engine/schema.js';
import { act, clock, hongjiang, openTestStore, qunfeng, runSql, today, townshipsOf } from './builders.js';
import { anyBody } from './filed.js';

const neighbour = '431202';
const years = [2020, 2021];

/** What happens to a report: something is filed or filed again, or decided about. */
interface Drawn {
  readonly place: number;
  readonly year: number;
  readonly body: Record<string, unknown>;
  readonly decision: 'ACCEPTED' | 'RETURNED' | undefined;
}

const anyAct: fc.Arbitrary<Drawn> = fc.record({
  place: fc.nat(4),
  year: fc.constantFrom(...years),
  body: anyBody,
  decision: fc.constantFrom(undefined, undefined, 'ACCEPTED', 'ACCEPTED', 'RETURNED'),
});

const readers: Readonly<Record<string, (ids: Ids) => Reader>> = {
  'who has the machine': () => ({ caller: operator, open: 'accepted' }),
  'a stranger where what is filed is open': () => ({ caller: { kind: 'stranger' }, open: 'filed' }),
  'a stranger': () => ({ caller: { kind: 'stranger' }, open: 'accepted' }),
  'a clerk of the county': ({ county }) => tokenOf({ divisionId: county }, 'accepted'),
  'a clerk of the county where nothing is open': ({ county }) => tokenOf({ divisionId: county }, 'none'),
  'an agency': ({ agency }) => tokenOf({ agencyId: agency }, 'accepted'),
};

interface Ids {
  readonly county: number;
  readonly agency: number;
}

function tokenOf(place: { divisionId: number } | { agencyId: number }, open: Reader['open']): Reader {
  const nowhere = { divisionId: null, agencyId: null };
  return {
    caller: { kind: 'token', tokenId: 1, name: '读者', grants: [{ scope: 'read', ...nowhere, ...place }] },
    open,
  };
}

/** Does what is drawn, as far as it is not refused. */
async function fillStore(db: Db, codes: readonly string[], acts: readonly Drawn[]): Promise<void> {
  const filed = new Set<string>();
  for (const { place, year, body, decision } of acts) {
    const agency = codes[place % codes.length] ?? qunfeng;
    const filing = parseFiling({ reason: '更正', ...body, agency, year }, today);
    const again = filed.has(`${agency} ${year}`) ? ({ ifMatch: 'any' } as const) : {};
    const { row } = await fileReport(db, act, filing, { method: 'put', lenient: true, ...again });
    filed.add(`${agency} ${year}`);
    if (decision) {
      const reason = decision === 'RETURNED' ? '请核实' : null;
      await reviewReport(db, act, { agency, year, revision: row.revision, decision, reason }, {});
    }
  }
}

interface Place {
  readonly id: number;
  readonly year: number;
  readonly code: string;
  readonly county: string;
  readonly countyName: string;
}

const placesOfReports = (db: Db) =>
  runSql<Place>(
    db,
    `select r.agency_id as id, r.year, s.code, c.code as county, c.name as "countyName" from report r
      join agency_state s on s.agency_id = r.agency_id and s.valid_to is null
      join division_state c on c.division_id = r.county_id and c.valid_to is null order by s.code, r.year`,
  );

/** Each report that a reader is shown, one by one. */
async function shownTo(db: Db, reader: Reader): Promise<(readonly [Place, ReadReport])[]> {
  const shown: (readonly [Place, ReadReport])[] = [];
  for (const place of await placesOfReports(db)) {
    const report = await findReportFor(db, reader, place.id, place.year);
    if (report) shown.push([place, report]);
  }
  return shown;
}

/** What is known of a report beside the filing. */
function aboutOf({ county, countyName }: Place, { agency, row, content, findings }: ReadReport) {
  const dayOf = (instant: string) => dayInChina(new Date(instant));
  const isAccepted = row.revision === row.acceptedRevision;
  const countOf = (severity: string) => findings.filter((finding) => finding.severity === severity).length;
  return {
    ...{ name: agency.name, county, countyName, revision: row.revision, onTime: row.onTime === 1 },
    ...{
      sample: row.sample === 1,
      state: row.state,
      kind: agency.kind,
      prefecture: '431200',
      prefectureName: '怀化市',
    },
    ...{ province: '430000', provinceName: '湖南省', filedOn: dayOf(row.filedAt) },
    publishedOn: content.source?.publishedOn ?? null,
    acceptedOn: isAccepted && row.acceptedAt ? dayOf(row.acceptedAt) : null,
    ...{ errors: countOf('error'), warnings: countOf('warning') },
  };
}

/** A line of NDJSON as objects make it. */
function lineOf([place, report]: readonly [Place, ReadReport]): string {
  const { content, reason, agency, row } = report;
  const { form, figures, publishedItems, engagement, narrative, source } = content;
  const said = Object.entries({ publishedItems, engagement, narrative, source, reason });
  return JSON.stringify({
    ...{ agency: agency.code, year: row.year, form, figures: printFigures(formOf(form).cells, figures) },
    ...Object.fromEntries(said.filter(([, value]) => value !== null)),
    about: aboutOf(place, report),
  });
}

/** The fields of a line of CSV, in the order of its columns. */
function fieldsOf([place, report]: readonly [Place, ReadReport]) {
  const { content, reason, agency, row } = report;
  const about = aboutOf(place, report);
  const { publishedItems: items, engagement, narrative, source } = content;
  const words = (text: string | null) => (text === null ? null : harmlessText(writeTableText(text)));
  const json = (part: unknown) => words(JSON.stringify(part ?? undefined) ?? null);
  return [
    ...[agency.code, words(about.name), about.county, words(about.countyName), row.year, content.form, row.revision],
    ...[about.onTime, about.sample, items?.total ?? null],
    ...allCells.map((cell) => printFigure(cell, content.figures[cell.at] ?? null)),
    ...[json(items?.categories), json(items?.channels), json(items?.complete), words(items?.note ?? null)],
    ...[engagement, narrative, source].map(json),
    ...[about.state, about.kind, about.prefecture, about.prefectureName, about.province, about.provinceName],
    ...[about.filedOn, about.publishedOn, about.acceptedOn, about.errors, about.warnings, words(reason)],
  ];
}

async function exported(db: Db, reader: Reader, format: ExportRequest['format'], rowsAtOnce: number): Promise<string> {
  const asked = { reader: { ...reader, now: clock() }, subject: 'reports', own: true, format } as const;
  return (await buffer((await openExport(db, asked, { rowsAtOnce })).write())).toString();
}

/** How many reports have an accepted revision that is not the current one. */
async function countOthers(db: Db): Promise<number> {
  const [found] = await runSql<{ n: number }>(
    db,
    'select count(*) as n from report where accepted_revision <> revision',
  );
  return found?.n ?? 0;
}

async function identityOf(db: Db, table: 'agency' | 'division', code: string): Promise<number> {
  const [found] = await runSql<{ id: number }>(
    db,
    `select ${table}_id as id from ${table}_state where code = '${code}'`,
  );
  return found?.id ?? 0;
}

t.test('exports and lists of every reader hold the reports that they are shown one by one', async (t) => {
  const [own, beside] = [await townshipsOf(hongjiang), await townshipsOf(neighbour)];
  const codes = [...own.slice(0, 2), ...beside.slice(0, 2), hongjiang];
  const counted = { others: 0, shown: 0 };
  const acts = fc.array(anyAct, { minLength: 6, maxLength: 18 });
  await fc.assert(
    fc.asyncProperty(acts, fc.integer({ min: 1, max: 20 }), async (drawn, rowsAtOnce) => {
      const db = await openTestStore();
      await fillStore(db, codes, drawn);
      const [county, agency] = [
        await identityOf(db, 'division', hongjiang),
        await identityOf(db, 'agency', own[0] ?? ''),
      ];
      counted.others += await countOthers(db);
      for (const [who, readerOf] of Object.entries(readers)) {
        const reader = readerOf({ county, agency });
        const shown = await shownTo(db, reader);
        counted.shown += shown.length;
        const csv = await exported(db, reader, 'csv', rowsAtOnce);
        t.equal(csv.slice(csv.indexOf('\r\n') + 2), csvText(shown.map(fieldsOf)), who);
        const lines = shown.map((one) => `${lineOf(one)}\n`);
        t.equal(await exported(db, reader, 'ndjson', rowsAtOnce), lines.join(''), who);
        const listed = await readReports(db, { ...reader, now: clock() }, {}, { first: 500 });
        const alone = shown.map(([, report]) => report).sort((one, other) => one.row.id - other.row.id);
        t.same(listed.items.map(writeReport), alone.map(writeReport), `${who}: a list`);
      }
      await db.destroy();
    }),
    { numRuns: 12 },
  );
  t.ok(counted.others > 3 && counted.shown > 100, JSON.stringify(counted));
});
