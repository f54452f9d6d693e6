/** What was sent to be filed and was refused. Every write here is one step of a transaction. */
import { type Page, pageOf, type RefusalSource, refusalSources } from '../../words.js';
import { flag, integer, integers, nullable, oneOf, optional, text } from '../engine/column.js';
import { isIn } from '../engine/dialect.js';
import { findRow, readRows, write } from '../engine/run.js';
import type { Db, Trx } from '../engine/schema.js';
import { sqlStatement, statement } from '../engine/statement.js';
import { touchAll } from '../engine/versions.js';
import { idsUnder, inForceAtEndOf } from '../register/divisions.js';

/** A trace of something that was refused. */
export interface Refusal {
  readonly id: number;
  /** Whose report it was; null where that is not known. */
  readonly agencyId: number | null;
  /** Where it is looked for; null where the agency is known, which says it. */
  readonly divisionId: number | null;
  /** The year it was for; where none was stated (0), the likeliest. */
  readonly year: number;
  readonly yearStated: 0 | 1;
  /** The code of an agency as it was sent; null for none. */
  readonly stated: string | null;
  readonly at: string;
  readonly actor: string;
  readonly source: RefusalSource;
  /** The refusal as it was answered, as JSON. */
  readonly problem: string;
  /** The document that was refused, where it is kept. */
  readonly documentId: number | null;
}

const newRefusal = statement<Omit<Refusal, 'id'>>()((db, hole) =>
  db.insertInto('refusal').values({
    agency_id: hole('agencyId'),
    division_id: hole('divisionId'),
    year: hole('year'),
    year_stated: hole('yearStated'),
    stated: hole('stated'),
    at: hole('at'),
    actor: hole('actor'),
    source: hole('source'),
    problem: hole('problem'),
    document_id: hole('documentId'),
  }),
);

/** Keeps a trace. */
export async function insertRefusal(trx: Trx, refusal: Omit<Refusal, 'id'>): Promise<void> {
  await write(trx, newRefusal, refusal);
}

type Place = Pick<Refusal, 'agencyId' | 'divisionId' | 'year'>;

const olderOfPlace = sqlStatement({
  takes: { agencyId: optional(integer), divisionId: optional(integer), year: integer, keep: integer },
  text: (has) => {
    const ofPlace = (alias: string) =>
      has.agencyId
        ? `${alias}.agency_id = :agencyId and ${alias}.year = :year`
        : `${alias}.agency_id is null and ${alias}.division_id ${has.divisionId ? '= :divisionId' : 'is null'} and ${alias}.year = :year`;
    return `delete from refusal where ${ofPlace('refusal')} and id <=
      (select r.id from refusal r where ${ofPlace('r')} order by r.id desc limit 1 offset :keep)`;
  },
});

const olderOfAll = sqlStatement({
  takes: { keep: integer },
  text: 'delete from refusal where id <= (select r.id from refusal r order by r.id desc limit 1 offset :keep)',
});

const olderThan = statement<{ before: string }>()((db, hole) =>
  db.deleteFrom('refusal').where('at', '<', hole('before')),
);

/** Forgets the traces of a place and year but for the last ones, all but the last ones in all, and those before an instant. */
export async function forgetRefusals(
  trx: Trx,
  { agencyId, divisionId, year }: Place,
  most: { readonly ofPlace: number; readonly inAll: number; readonly before: string },
): Promise<void> {
  const place = { agencyId: agencyId ?? undefined, divisionId: divisionId ?? undefined, year };
  await write(trx, olderOfPlace, { ...place, keep: most.ofPlace });
  const elsewhere = [
    await write(trx, olderThan, { before: most.before }),
    await write(trx, olderOfAll, { keep: most.inAll }),
  ];
  // They may be of any place.
  if (elsewhere.some((rows) => rows > 0)) touchAll(trx);
}

const ofAgency = statement<{ agencyId: number; year: number }>()((db, hole) =>
  db.deleteFrom('refusal').where('agency_id', '=', hole('agencyId')).where('year', '=', hole('year')),
);

/** Forgets what was refused of an agency for a year, which has filed now. */
export async function clearRefusals(trx: Trx, agencyId: number, year: number): Promise<void> {
  await write(trx, ofAgency, { agencyId, year });
}

/** Which traces to list: those of a division, with all below it on 31 December of the year. */
export interface RefusalFilter {
  readonly divisionId: number;
  readonly year: number;
  /** 31 December of the year. */
  readonly day: string;
  /** Only those of these agencies. */
  readonly agencyIds?: readonly number[] | undefined;
  /** Only those since this instant. */
  readonly since: string;
}

const listed = { divisionId: integer, year: integer, day: text, since: text, agencyIds: optional(integers) };

const isListed = (has: { readonly agencyIds: boolean }) => `r.year = :year and r.at >= :since
  and coalesce(s.county_id, r.division_id) in (${idsUnder})
  ${has.agencyIds ? `and ${isIn('r.agency_id', ':agencyIds')}` : ''}`;

const ofYear = `refusal r left join agency_state s on s.agency_id = r.agency_id and ${inForceAtEndOf('s', 'r.year')}`;

/** The latest first. */
const listedRefusals = sqlStatement({
  takes: { ...listed, before: integer, limit: integer },
  gives: {
    id: integer,
    agencyId: nullable(integer),
    divisionId: nullable(integer),
    year: integer,
    yearStated: flag,
    stated: nullable(text),
    at: text,
    actor: text,
    source: oneOf(refusalSources),
    problem: text,
    documentId: nullable(integer),
    code: nullable(text),
    name: nullable(text),
  },
  text: (
    has,
  ) => `select r.id, r.agency_id as "agencyId", r.division_id as "divisionId", r.year, r.year_stated as "yearStated",
      r.stated, r.at, r.actor, r.source, r.problem, r.document_id as "documentId", s.code, s.name
    from ${ofYear} where ${isListed(has)} and r.id < :before order by r.id desc limit :limit`,
});

const countOfRefusals = sqlStatement({
  takes: listed,
  gives: { total: integer },
  text: (has) => `select count(*) as total from ${ofYear} where ${isListed(has)}`,
});

/** A trace with the code and the name that its agency has for the year, where it is known. */
export interface ListedRefusal extends Refusal {
  readonly code: string | null;
  readonly name: string | null;
}

/** Traces, the latest first, those before an id. */
export async function listRefusals(
  db: Db,
  filter: RefusalFilter,
  { first, after }: { readonly first: number; readonly after?: number | undefined },
): Promise<Page<ListedRefusal>> {
  const rows = await readRows(db, listedRefusals, {
    before: after ?? Number.MAX_SAFE_INTEGER,
    limit: first + 1,
    ...filter,
  });
  return pageOf(rows, first, (await findRow(db, countOfRefusals, filter))?.total ?? 0);
}
