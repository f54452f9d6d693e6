/**
 * What revisions say is kept in a third of the room: boxes by number, the members of objects without their names. A row
 * that is made shorter in its place leaves a hole there, so the table is made again; the file keeps its size, and has the
 * room for what comes.
 */
import { type Kysely, sql } from 'kysely';
import { cells } from './0001-initial.js';

/** Rows that are in memory at once. */
const atOnce = 500;

type Named = Readonly<Record<string, unknown>>;
interface Shape {
  readonly names: readonly (readonly string[])[];
  readonly lists?: Readonly<Record<string, Shape>>;
}

const group: Shape = {
  names: [
    ['name', 'count'],
    ['name', 'count', 'share'],
    ['name', 'count', 'share', 'note'],
  ],
};
const publishedItems: Shape = {
  names: [
    ['total', 'categories', 'channels'],
    ['total', 'categories', 'channels', 'complete'],
    ['total', 'categories', 'channels', 'complete', 'note'],
  ],
  lists: { categories: group, channels: group },
};
const engagement: Shape = {
  names: [
    ['name', 'handled'],
    ['name', 'handled', 'replyRate'],
    ['name', 'handled', 'replyRate', 'note'],
  ],
};
const narrative: Shape = {
  names: [
    ['overview'],
    ['overview', 'otherMatters'],
    ['overview', 'proactiveDisclosure', 'applications', 'appeals', 'problems', 'otherMatters'],
  ],
};
const source: Shape = { names: [['publishedOn'], ['url', 'publishedOn']] };

/** The number of a box, by its address: the place of its column. */
const numbers = new Map(cells.map((column, number) => [column, number]));

function numberOf(address: string): number {
  const column = address
    .split('.')
    .map((part) => part.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`))
    .join('__')
    .slice(0, 63);
  const number = numbers.get(column);
  if (number === undefined) throw new Error(`a revision has the box ${address}, which there is not`);
  return number;
}

function shorten(object: Named | null, { names, lists }: Shape): unknown {
  if (object === null) return null;
  const entries = Object.entries(object).map(([name, value]) => {
    const shape = lists?.[name];
    // Lists of objects, as the program that wrote them took them.
    return [name, shape ? (value as readonly Named[]).map((one) => shorten(one, shape)) : value] as const;
  });
  const known = names.find(({ length }) => length === entries.length);
  if (!known || entries.some(([name], place) => name !== known[place])) return Object.fromEntries(entries);
  return entries.map(([, value]) => value);
}

interface Content {
  readonly form: string;
  readonly figures: Readonly<Record<string, number | null>>;
  readonly publishedItems: Named | null;
  readonly engagement: readonly Named[] | null;
  readonly narrative: Named | null;
  readonly source: Named | null;
}

function shortTextOf(text: string): string {
  // The text was written by the program, and its row could not be changed.
  const content = JSON.parse(text) as Content;
  return JSON.stringify([
    content.form,
    Object.entries(content.figures).flatMap(([address, value]) => [numberOf(address), value]),
    shorten(content.publishedItems, publishedItems),
    content.engagement?.map((one) => shorten(one, engagement)) ?? null,
    shorten(content.narrative, narrative),
    shorten(content.source, source),
  ]);
}

const before = [
  'drop index revision_withdrawn',
  'alter table revision rename to revision_before',
  `create table revision (
    agency_id integer not null references agency (id),
    year integer not null,
    number integer not null,
    action text not null check (action in ('filed', 'revised', 'withdrawn')),
    -- Of the full text of what it says.
    hash text not null,
    content text,
    actor text not null,
    at text not null,
    reason text,
    sample integer not null default 0,
    primary key (agency_id, year, number)
  ) strict`,
];

const after = [
  'drop table revision_before',
  `create index revision_withdrawn on revision (at) where action = 'withdrawn'`,
  `create trigger revision_is_immutable before update on revision
    begin select raise(abort, 'a revision is never changed'); end`,
  `create trigger revision_is_kept before delete on revision
    begin select raise(abort, 'a revision is never deleted'); end`,
  // Of what was never accepted there is nothing to be found by when it was.
  'drop index report_accepted',
  'create index report_accepted on report (accepted_at) where accepted_at is not null',
];

interface Revision {
  readonly agency_id: number;
  readonly year: number;
  readonly number: number;
  readonly content: string | null;
}

/** Makes the table again, row by row in their order. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of before) await sql.raw(statement).execute(db);
  for (let last = { agency_id: 0, year: 0, number: 0 }; ; ) {
    const { rows } = await sql<Revision>`select agency_id, year, number, content from revision_before
      where (agency_id, year, number) > (${last.agency_id}, ${last.year}, ${last.number})
      order by agency_id, year, number limit ${atOnce}`.execute(db);
    const contents = rows.map(({ agency_id, year, number, content }) => [
      agency_id,
      year,
      number,
      content === null ? null : shortTextOf(content),
    ]);
    await sql`insert into revision (agency_id, year, number, action, hash, content, actor, at, reason, sample)
      select b.agency_id, b.year, b.number, b.action, b.hash, c.value ->> 3, b.actor, b.at, b.reason, b.sample
      from json_each(${JSON.stringify(contents)}) c cross join revision_before b on b.agency_id = c.value ->> 0
        and b.year = c.value ->> 1 and b.number = c.value ->> 2`.execute(db);
    const end = rows.at(-1);
    if (!end || rows.length < atOnce) break;
    last = end;
  }
  for (const statement of after) await sql.raw(statement).execute(db);
}
