/**
 * Many reports at once, as a reader may see them: what they are shown by is read in one statement of each kind, which takes
 * a third of what it takes one by one.
 */
import { inclusionFor, keepLineages, type LineageOf, type Reader, seesAll } from '../../access/visibility.js';
import { referenceDate } from '../../day.js';
import type { Finding } from '../../form/check.js';
import { groupBy } from '../../groups.js';
import { holdsOn } from '../../register/codes.js';
import { type AgencyYear, agencyYearKey } from '../../register/known.js';
import { saidInReports } from '../../store/bulk/contents.js';
import type { Db } from '../../store/engine/schema.js';
import { findFindingsOf } from '../../store/findings.js';
import { type Agency, statesOfAgencies } from '../../store/register/agencies.js';
import { heirsAmong } from '../../store/register/successions.js';
import { acceptedRow, findReportMarks, findReports, type ReportMark, type ReportRow } from '../../store/reports.js';
import { notesOf, type ReviewOfReport, reportsWithNotes, reviewsOf } from '../../store/reviews.js';
import { findRevision, findRevisionHeads, type RevisionHead } from '../../store/revisions.js';
import { findFaults } from '../findings.js';
import {
  headOfAccepted,
  headOfCurrent,
  namesPersons,
  type ReadReport,
  type ReportHead,
  showReport,
} from '../report-view.js';

/** Reports by agency and year. */
type Pair = readonly [agencyId: number, year: number];

/** What a reader may see of a report, and where it lies; the row is undefined where there is none. */
export interface SeenReport {
  readonly row: ReportRow | undefined;
  /** As its agency is on 31 December of the year; undefined where it is not alive then. */
  readonly agency: Agency | undefined;
  readonly inclusion: Awaited<ReturnType<typeof inclusionFor>>;
}

/** What a reader may see of some reports. */
export interface SeenReports {
  readonly of: (agencyId: number, year: number, countyId: number) => Promise<SeenReport>;
  /** Some of them as they are shown, beside what they say; without those that are not. */
  readonly show: (reports: readonly SeenReport[]) => Promise<ReadonlyMap<SeenReport, ReportHead>>;
}

/** Looks up some reports. */
export async function seeReports(db: Db, reader: Reader, pairs: readonly Pair[]): Promise<SeenReports> {
  const rows = keyed(await findReports(db, unique(pairs)));
  const ids = [...new Set(pairs.map(([id]) => id))];
  const states = groupBy(await statesOfAgencies(db, ids), ({ id }) => id);
  const lineageFor = keepLineages(db);

  const of: SeenReports['of'] = async (id, year, county) => {
    const row = rows.get(agencyYearKey({ agencyId: id, year }));
    const inclusion = await inclusionFor(db, reader, { id, countyId: row?.countyId ?? county }, year, lineageFor);
    const day = referenceDate(year);
    return { row, agency: states.get(id)?.find((state) => holdsOn(state, day)), inclusion };
  };
  const show: SeenReports['show'] = async (reports) => {
    const showing = reports.flatMap((report) => showingOf(report) ?? []);
    return showAll(await seeing(db, reader, showing, lineageFor), showing, await headsOf(db, showing));
  };
  return { of, show };
}

/** Some reports as they are shown to a reader, with what they say; without those that are not. */
export async function showReports(
  db: Db,
  reader: Reader,
  reports: readonly SeenReport[],
  lineageFor = keepLineages(db),
): Promise<ReadonlyMap<SeenReport, ReadReport>> {
  const showing = reports.flatMap((report) => showingOf(report) ?? []);
  const said = await saidInReports(
    db,
    showing.map(({ row }) => row),
  );
  const heads = await showAll(await seeing(db, reader, showing, lineageFor), showing, said);
  const shown = new Map<SeenReport, ReadReport>();
  for (const { report, row } of showing) {
    const head = heads.get(report);
    const content = said.get(row.id)?.content;
    if (head && content) shown.set(report, { ...head, content });
  }
  return shown;
}

async function seeing(db: Db, reader: Reader, showing: readonly Showing[], lineageFor: LineageOf): Promise<Seen> {
  const before = keyed(await findReportMarks(db, unique(showing.map(({ row }) => [row.agencyId, row.year - 1]))));
  return { db, reader, lineageFor, markOf: (one) => before.get(agencyYearKey(one)) };
}

/** The revisions that are shown without what they say, by the rows of the reports. */
async function headsOf(db: Db, showing: readonly Showing[]): Promise<Heads> {
  const found = await findRevisionHeads(
    db,
    showing.map(({ row }) => [row.agencyId, row.year, row.revision]),
  );
  return new Map(
    showing.flatMap(({ row }) => {
      const head = found.get(`${agencyYearKey(row)} ${row.revision}`);
      return head ? [[row.id, head] as const] : [];
    }),
  );
}

/** The revisions that are shown, by the rows of the reports. */
type Heads = ReadonlyMap<number, RevisionHead>;

interface Seen {
  readonly db: Db;
  readonly reader: Reader;
  readonly lineageFor: LineageOf;
  /** Of the report of the year before one that is shown. */
  readonly markOf: (report: AgencyYear) => ReportMark | undefined;
}

/** A report that is there to be shown: `row` is of what is shown, `current` of its current revision. */
interface Showing {
  readonly report: SeenReport;
  readonly agency: Agency;
  readonly current: ReportRow;
  readonly row: ReportRow;
  readonly inclusion: NonNullable<SeenReport['inclusion']>;
}

async function showAll(seen: Seen, showing: readonly Showing[], heads: Heads): Promise<Map<SeenReport, ReportHead>> {
  const { db, reader } = seen;
  const parts = { ...(await readParts(db, showing)), heads };
  const shown = new Map<SeenReport, ReportHead>();
  for (const one of showing) {
    const { agency, current, inclusion } = one;
    const findings = await findingsIn(seen, parts, one);
    const report = findings
      ? await write(seen, parts, one, findings)
      : // Made of what several reports of the year before said: as it is made for one.
        await showReport(db, reader, agency, current, inclusion);
    if (report) shown.set(one.report, report);
  }
  return shown;
}

function showingOf(report: SeenReport): Showing | undefined {
  const { agency, row: current, inclusion } = report;
  const row = current && inclusion === 'ACCEPTED' ? acceptedRow(current) : current;
  return agency && current && row && inclusion !== null ? { report, agency, current, row, inclusion } : undefined;
}

/** What reports are shown by. */
interface Parts {
  readonly heirs: ReadonlySet<number>;
  readonly heads: Heads;
  /** Of current reports, by their rows. */
  readonly findings: ReadonlyMap<number, readonly Finding[]>;
  readonly noted: ReadonlySet<string>;
  readonly reviews: ReadonlyMap<string, readonly ReviewOfReport[]>;
}

async function readParts(db: Db, showing: readonly Showing[]): Promise<Omit<Parts, 'heads'>> {
  const decided = showing.filter(({ row }) => row.state !== 'SUBMITTED');
  const pairOfRow = ({ row }: Showing) => [row.agencyId, row.year] as const;
  return {
    heirs: new Set(await heirsAmong(db, [...new Set(showing.map(({ row }) => row.agencyId))])),
    findings: await findFindingsOf(
      db,
      showing.map(({ row }) => row.id),
    ),
    noted: new Set((await reportsWithNotes(db, showing.map(pairOfRow))).map(agencyYearKey)),
    reviews: groupBy(await reviewsOf(db, decided.map(pairOfRow)), agencyYearKey),
  };
}

/**
 * The findings of a report as a reader may see them; undefined where they hang on more of the year before than whether
 * the same agency's report is shown whole.
 */
async function findingsIn(
  seen: Seen,
  { heirs, findings }: Parts,
  { current, row, inclusion }: Showing,
): Promise<readonly Finding[] | undefined> {
  if (heirs.has(row.agencyId)) return undefined;
  const kept = findings.get(row.id) ?? [];
  const before = seen.markOf({ agencyId: row.agencyId, year: row.year - 1 });
  if (inclusion === 'ALL') return (await readsBefore(seen, row, before)) ? kept : undefined;
  // The kept ones are those of the current revision, beside the current report of the year before.
  const isKept = current.revision === row.revision;
  const isComparedAlike = !before || before.acceptedRevision === before.revision;
  if (isKept && isComparedAlike) return kept;
  // Where nothing was accepted of the year before, nothing is compared with it.
  if (before && before.acceptedRevision !== null) return undefined;
  const revision = await findRevision(seen.db, row.agencyId, row.year, row.revision);
  return revision?.content ? findFaults(revision.content, row.year) : undefined;
}

/** Whether a reader of a current report may read all of the one of the year before, if there is one. */
async function readsBefore(
  { db, reader, lineageFor }: Seen,
  { agencyId, year }: ReportRow,
  before: ReportMark | undefined,
): Promise<boolean> {
  if (!before || seesAll(reader)) return true;
  return (await inclusionFor(db, reader, { id: agencyId, countyId: before.countyId }, year - 1, lineageFor)) === 'ALL';
}

async function write(
  { db, reader, lineageFor }: Seen,
  { heads, noted, reviews }: Parts,
  { agency, row, inclusion }: Showing,
  findings: readonly Finding[],
): Promise<ReportHead> {
  const key = agencyYearKey(row);
  const head = heads.get(row.id);
  if (!head) throw new Error('a report that is shown has a revision');
  const notes = findings.length > 0 && noted.has(key) ? await notesOf(db, row) : [];
  const { actor, hash, reason } = head;
  const said = reviews.get(key) ?? [];
  if (inclusion === 'ACCEPTED') {
    return headOfAccepted({ agency, row, hash, reason, findings, notes, reviews: said });
  }
  const named = await namesPersons(db, reader, row, lineageFor);
  return headOfCurrent({ agency, row, hash, reason, findings, notes, reviews: said, actor, of: 'whole', named });
}

function keyed<Row extends AgencyYear>(rows: readonly Row[]): ReadonlyMap<string, Row> {
  return new Map(rows.map((row) => [agencyYearKey(row), row]));
}

function unique(pairs: readonly Pair[]): Pair[] {
  return [...new Map(pairs.map((pair) => [pair.join(' '), pair])).values()];
}
