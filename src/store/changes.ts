/**
 * Changes: what copies of the reports must learn, in the order of the audit log. They are told in the transaction that
 * makes them, before its entry in the log, and are never altered.
 */
import { type ChangeSubject, type ChangeType, changeSubjects, changeTypes, type Inclusion } from '../words.js';
import { flag, integer, listOf, nullable, oneOf, optional, text } from './engine/column.js';
import { isIn, isPairIn, packed, packedRows, unpackRows } from './engine/dialect.js';
import { findRow, write } from './engine/run.js';
import type { Db, Trx } from './engine/schema.js';
import { type ArgsOf, sqlStatement, statement } from './engine/statement.js';
import { type Visible, visibleArguments, visibleAs } from './readable.js';
import type { ReportRow } from './reports.js';

/**
 * Whom a change shows a report otherwise than before: who may read all that it is made of, who may read the report but of
 * the year before what was accepted (only where `before` is given), and who may read what was accepted.
 */
type ToldTo = Inclusion | 'PART';

/** A change on its way into the log. */
export interface NewChange {
  readonly about: ChangeSubject;
  readonly type: ChangeType;
  /** Null where it is about a division. */
  readonly agencyId: number | null;
  /** The code under which a copy has the agency's report, or the register the agency; null for a division. */
  readonly code: string | null;
  /** The report year; 0 where it is about no one year. */
  readonly year: number;
  /** The year by whose 31 December it is known what lies above the division. */
  readonly placedYear: number;
  readonly revision: number | null;
  /** The county where it lies, or the division that it is about. */
  readonly countyId: number;
  /** The county that a report has left by it. */
  readonly leftId: number | null;
  /** The report of the year before by which its findings change: of which agency, and the county where it lies. */
  readonly before?: Pick<ReportRow, 'agencyId' | 'countyId'> | undefined;
  readonly to: readonly ToldTo[];
  /** Text of who did it. */
  readonly reason: string | null;
}

/** A change as it is kept. `last`: no later one tells the same reader of the same report. */
export interface KeptChange extends Omit<NewChange, 'to' | 'before'> {
  readonly number: number;
  readonly at: string;
  readonly last: 0 | 1;
}

const changeColumns = {
  about: oneOf(changeSubjects),
  type: oneOf(changeTypes),
  agencyId: nullable(integer),
  code: nullable(text),
  year: integer,
  placedYear: integer,
  revision: nullable(integer),
  countyId: integer,
  leftId: nullable(integer),
  reason: nullable(text),
};

/** The entry of the log that is to follow has the next number. */
const newChange = sqlStatement({
  takes: {
    ...changeColumns,
    beforeAgencyId: nullable(integer),
    beforeCountyId: nullable(integer),
    toAll: flag,
    toPart: flag,
    toAccepted: flag,
  },
  text: `insert into change (audit, about, type, agency_id, code, year, placed_year, revision, county_id, left_id,
      before_agency_id, before_county_id, to_all, to_part, to_accepted, reason)
    values ((select coalesce(max(number), 0) + 1 from audit), :about, :type, :agencyId, :code, :year, :placedYear,
      :revision, :countyId, :leftId, :beforeAgencyId, :beforeCountyId, :toAll, :toPart, :toAccepted, :reason)`,
});

/** Tells of changes, as a step of the transaction that makes them and before the act is recorded in the audit log. */
export async function tellChanges(trx: Trx, changes: readonly NewChange[]): Promise<void> {
  // One by one: bound as one list, a single change costs five times as much, and mostly there is one.
  for (const change of changes) {
    const { to, before } = change;
    await write(trx, newChange, {
      beforeAgencyId: before?.agencyId ?? null,
      beforeCountyId: before?.countyId ?? null,
      toAll: flagOf(to, 'ALL'),
      toPart: flagOf(to, 'PART'),
      toAccepted: flagOf(to, 'ACCEPTED'),
      ...change,
    });
  }
}

function flagOf(to: NewChange['to'], one: ToldTo): 0 | 1 {
  return to.includes(one) ? 1 : 0;
}

/** A change of the report that a row is of, under the code that its agency has for the year. */
export function changeOfReport(
  type: ChangeType,
  code: string,
  { agencyId, year, revision, countyId }: Pick<ReportRow, 'agencyId' | 'year' | 'revision' | 'countyId'>,
  told: Pick<NewChange, 'to'> & Partial<Pick<NewChange, 'reason' | 'leftId' | 'before'>>,
): NewChange {
  const { reason = null, leftId = null, before, to } = told;
  return {
    about: 'report',
    type,
    agencyId,
    code,
    year,
    placedYear: year,
    revision,
    countyId,
    leftId,
    before,
    to,
    reason,
  };
}

const lastNumber = statement()((db) => db.selectFrom('change').select('number').orderBy('number', 'desc').limit(1));

/** The number of the last change; 0 while there is none. */
export async function lastChange(db: Db): Promise<number> {
  return (await findRow(db, lastNumber))?.number ?? 0;
}

const occasionOfChange = sqlStatement({
  takes: { number: integer },
  gives: { at: nullable(text), requestId: nullable(text) },
  text: `select coalesce(a.at, c.at) as at, a.request_id as "requestId"
    from change c left join audit a on a.number = c.audit where c.number = :number`,
});

/**
 * The occasion of a change, by which it is known again: a database that was restored and went on has another change of
 * that number. It says when it was made and in which request, and nothing of what was filed: the digest of the log's
 * entry would. Undefined where there is no such change.
 */
export async function findOccasion(db: Db, number: number): Promise<string | undefined> {
  const found = await findRow(db, occasionOfChange, { number });
  return found && `${found.at} ${found.requestId}`;
}

/** Which changes to list: those told to a reader, of some divisions in the years of their reports. */
export interface ChangeFilter {
  /** Everything may be read when left out. */
  readonly visible?: Visible;
  /** Divisions with years; all when left out. */
  readonly within?: readonly (readonly [divisionId: number, year: number])[];
  /** Of each report every change, or the last one only. */
  readonly which: 'every' | 'last';
  /** The numbers among which to look: after the first, up to the second. */
  readonly after: number;
  readonly until: number;
}

const filtered = {
  ...visibleArguments,
  within: optional(listOf<readonly [divisionId: number, year: number]>()),
  every: optional(flag),
};
type Has = { readonly [Name in keyof typeof filtered]: boolean };

/** The condition that the report of a change `c` may be read in full where it lies, or lay, by the column named. */
function inReach({ counties, agencyIds }: Has, alias: string, column: 'county_id' | 'left_id'): string {
  const within = [
    ...(counties ? [isPairIn(`${alias}.${column}`, `${alias}.year`, ':counties')] : []),
    ...(agencyIds ? [isIn(`${alias}.agency_id`, ':agencyIds')] : []),
  ];
  return `(${within.join(' or ')})`;
}

/** The same of the report of the year before by which a finding changes; of what no such report changes it holds. */
function beforeInReach({ counties, agencyIds }: Has, alias: string): string {
  const within = [
    `${alias}.before_agency_id is null`,
    ...(counties ? [isPairIn(`${alias}.before_county_id`, `${alias}.year - 1`, ':counties')] : []),
    ...(agencyIds ? [isIn(`${alias}.before_agency_id`, ':agencyIds')] : []),
  ];
  return `(${within.join(' or ')})`;
}

/** The condition that a change is told to a reader. What leaves the reader's reach is told by its leaving. */
function isTold(has: Has, alias: string): string {
  const inWithin = (column: string) => isPairIn(`${alias}.${column}`, `${alias}.placed_year`, ':within');
  const placed = has.within ? `(${inWithin('county_id')} or ${inWithin('left_id')})` : 'true';
  if (!has.counties && !has.agencyIds) return `${placed} and (${alias}.about <> 'report' or ${alias}.to_all = 1)`;
  const here = inReach(has, alias, 'county_id');
  const before = beforeInReach(has, alias);
  const accepted = has.acceptedElsewhere
    ? `or (${alias}.to_accepted = 1 and not ${here}) or (${alias}.to_part = 1 and ${here} and not ${before})`
    : '';
  return `${placed} and (${alias}.about <> 'report'
    or (${alias}.to_all = 1 and ${before} and (${here} or ${inReach(has, alias, 'left_id')})) ${accepted})`;
}

const isLast = (has: Has) => `(c.about <> 'report' or not exists (
    select 1 from change l where l.about = 'report' and l.agency_id = c.agency_id and l.year = c.year
      and l.code = c.code and l.number > c.number and ${isTold(has, 'l')}))`;

/** A change as it is packed, in the order of `keptChange`. */
type PackedChange = readonly [
  number: number,
  about: ChangeSubject,
  type: ChangeType,
  agencyId: number | null,
  code: string | null,
  year: number,
  placedYear: number,
  revision: number | null,
  countyId: number,
  leftId: number | null,
  reason: string | null,
  at: string,
  last: 0 | 1,
];

const packedChange = [
  ...['number', 'about', 'type', 'agency_id', 'code', 'year', 'placed_year', 'revision', 'county_id', 'left_id'],
  ...['reason', 'at', 'last'],
];

const changesAmong = sqlStatement({
  takes: { ...filtered, after: integer, until: integer, limit: integer },
  gives: { rows: text },
  text: (has) => `select ${packedRows(packed(packedChange))} as rows from (
    select c.number, c.about, c.type, c.agency_id, c.code, c.year, c.placed_year, c.revision, c.county_id, c.left_id,
      c.reason, coalesce(a.at, c.at) as at, ${has.every ? `case when ${isLast(has)} then 1 else 0 end` : '1'} as last
    from change c left join audit a on a.number = c.audit
    where c.number > :after and c.number <= :until and ${isTold(has, 'c')} ${has.every ? '' : `and ${isLast(has)}`}
    order by c.number limit :limit) f`,
});

/** Changes that are told to a reader, in their order. */
export async function listChanges(db: Db, filter: ChangeFilter, limit: number): Promise<KeptChange[]> {
  const { visible, within, which, after, until } = filter;
  const asked: ArgsOf<typeof filtered> = { within, every: which === 'every' ? 1 : undefined, ...visibleAs(visible) };
  const found = await findRow(db, changesAmong, { after, until, limit, ...asked });
  return unpackRows<PackedChange>(found?.rows)
    .map(keptChange)
    .sort((one, other) => one.number - other.number);
}

/** Written out: to spread one object into another takes longer than to read the row. */
function keptChange(row: PackedChange): KeptChange {
  const [number, about, type, agencyId, code, year, placedYear, revision, countyId, leftId, reason, at, last] = row;
  return { number, about, type, agencyId, code, year, placedYear, revision, countyId, leftId, reason, at, last };
}
