/** The use case that reads what has changed since: all that the copy of one reader must learn, in the order of the audit log. */
import { hash } from 'node:crypto';
import { type Reader, sightOf, visibleTo } from '../../access/visibility.js';
import { dayInChina, yearInChina } from '../../day.js';
import { firstYear } from '../../form/forms.js';
import { takeTurns } from '../../loop.js';
import { resolveDivision } from '../../register/codes.js';
import { type ChangeFilter, findOccasion, type KeptChange, lastChange, listChanges } from '../../store/changes.js';
import type { Db } from '../../store/engine/schema.js';
import { divisionsBelow } from '../../store/register/divisions.js';
import type { ReportHead } from '../report-view.js';
import { type SeenReport, seeReports } from '../shown/shown-reports.js';
import { type DivisionCodes, divisionCodes } from './division-codes.js';
import { changesLost, type FeedPlace } from './place.js';

/** What of the feed is asked for. */
export interface ChangeQuery {
  /** Only what concerns a division of any level, with all below it. */
  readonly division?: string | undefined;
  /** Of each report every change, or only the last one. */
  readonly which: 'every' | 'last';
  /** Where the reader's copy is; left out, at the beginning; `now`, where the feed ends. */
  readonly since?: FeedPlace | 'now' | undefined;
  /** Changes at once. */
  readonly first: number;
}

/** A change as one reader is told it. */
export interface ChangeView extends Pick<KeptChange, 'about' | 'type' | 'at'> {
  /** The code under which a copy has it; null for a change of a division. */
  readonly agency: string | null;
  readonly year: number | null;
  /** Of a report: the revision that is shown, or that the change was about; null where the reader may not know it. */
  readonly revision: number | null;
  /** The report as it is now; undefined where a later change follows, where it is gone, and for the register. */
  readonly shown: ReportHead | undefined;
  /** The reader's copy has the report no more. */
  readonly deleted: boolean;
  /** Codes of the divisions whose sums it moves, the nearest first. */
  readonly divisions: readonly string[];
  /** Why, as whoever did it wrote; null for readers who may not read all of the report. */
  readonly reason: string | null;
}

/** A part of the feed. `next` is the place after it; `more` says that there is more already. */
export interface Changes {
  readonly changes: readonly ChangeView[];
  readonly next: FeedPlace;
  readonly more: boolean;
}

/** How many changes are looked at in one reading, told to this reader or not: its work is bounded. */
export const maxLookedAt = 10_000;

/** A reader of the feed, with what of it is told to that reader. */
export interface Sight {
  readonly reader: Reader & { readonly now: Date };
  /** A short text that is another for a reader who may read something else, or who asks for another division. */
  readonly mark: string;
  /** The divisions within which changes are told, by year; none where that is everywhere. */
  readonly placed: readonly (readonly [divisionId: number, year: number])[];
  /** The division with all below it, by year; undefined is everywhere. */
  readonly below: ReadonlyMap<number, ReadonlySet<number>> | undefined;
  /** The same, and what the reader may read, as the store asks for it. */
  readonly told: Pick<ChangeFilter, 'visible' | 'within'>;
}

/**
 * What has changed since a place in the feed. Throws `unknown-division`, and `changes-lost` for a place that this
 * database does not have (it was restored from a backup), that was given to another reader, or since which what is followed
 * holds other divisions.
 */
export async function readChanges(
  db: Db,
  reader: Reader & { readonly now: Date },
  { division, which, since, first }: ChangeQuery,
): Promise<Changes> {
  const place = division === undefined ? undefined : await resolveDivision(db, division, dayInChina(reader.now));
  const sight = await sightFor(db, reader, place?.level === 'NATION' ? undefined : place?.id);
  const end = await lastChange(db);
  const after = since === 'now' ? end : await numberOf(db, since, sight);
  const until = Math.min(end, after + maxLookedAt);
  const asked = { which, after, until, ...sight.told };
  const found = after < until ? await listChanges(db, asked, first + 1) : [];
  const page = found.slice(0, first);
  const number = found.length > first ? (page.at(-1)?.number ?? after) : until;
  const codes = await divisionCodes(db);
  const changes: ChangeView[] = [];
  const othersTurn = takeTurns();
  for (let at = 0; at < page.length; at += readAtOnce) {
    changes.push(...(await viewsOf(db, sight, page.slice(at, at + readAtOnce), codes)));
    await othersTurn();
  }
  const digest = (await digestOf(db, number)) ?? '';
  return {
    changes,
    next: { number, digest, ...markOf(sight) },
    more: number < end,
  };
}

function yearsUpTo(last: number): number[] {
  return Array.from({ length: last - firstYear + 1 }, (_, index) => firstYear + index);
}

/** What of the feed is told a reader now, of one division with all below it or of all. */
export async function sightFor(
  db: Db,
  reader: Reader & { readonly now: Date },
  divisionId: number | undefined,
): Promise<Sight> {
  const years = yearsUpTo(yearInChina(reader.now));
  const below = divisionId === undefined ? undefined : await divisionsBelow(db, divisionId, years);
  const within = below && [...below].flatMap(([year, ids]) => [...ids].map((id) => [id, year] as const));
  const visible = await visibleTo(db, reader, years);
  const placed = [...(within ?? []), ...(visible?.readable.counties ?? [])];
  return {
    reader,
    mark: digestFor([sightOf(reader), divisionId ?? null]),
    placed,
    below,
    told: { ...(visible && { visible }), ...(within && { within }) },
  };
}

/** What a copy was made for, which is to be as it was where the copy goes on: its reader, and the divisions it is told of. */
export type CopyMark = Pick<FeedPlace, 'sight' | 'extent'>;

/** The mark of a copy as its reader is told things now. */
export function markOf({ mark, placed, reader }: Sight): CopyMark {
  return { sight: mark, extent: extentUpTo(placed, yearInChina(reader.now)) };
}

/** Why a copy that was made for a mark cannot go on; undefined where it can. */
export function reasonToRestart(
  { mark, placed, reader }: Sight,
  { sight, extent }: CopyMark,
): 'another-reader' | 'divisions-changed' | undefined {
  if (sight !== mark) return 'another-reader';
  const years = yearsUpTo(yearInChina(reader.now)).reverse();
  return years.some((last) => extentUpTo(placed, last) === extent) ? undefined : 'divisions-changed';
}

/**
 * What is told is told of where it happened. A copy of divisions of which some are elsewhere by now, with what happened
 * there, would not be told of it, so that its place is lost; not by a new year, of which it has nothing yet.
 */
function extentUpTo(placed: readonly (readonly [divisionId: number, year: number])[], last: number): string {
  const some = placed.filter(([, year]) => year <= last).map(([id, year]) => `${year} ${id}`);
  return digestFor(some.sort());
}

function digestFor(parts: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(parts)).slice(0, 8);
}

/** The number of the change after which a reader's copy goes on. */
async function numberOf(db: Db, since: FeedPlace | undefined, sight: Sight): Promise<number> {
  if (!since) return 0;
  const reason = reasonToRestart(sight, since);
  if (reason) throw changesLost(reason);
  if (since.number === 0) return 0;
  if ((await digestOf(db, since.number)) !== since.digest) throw changesLost('restored');
  return since.number;
}

/** The digest by which a change is known again; undefined where there is none of that number. */
async function digestOf(db: Db, number: number): Promise<string | undefined> {
  const occasion = await findOccasion(db, number);
  return occasion === undefined ? undefined : hash('sha256', `${number} ${occasion}`).slice(0, 8);
}

/** Changes whose reports are read at once, between two turns of others. */
const readAtOnce = 100;

/** Changes as a reader is told them now, in their order. */
export async function viewsOf(
  db: Db,
  sight: Sight,
  changes: readonly KeptChange[],
  codes: DivisionCodes,
): Promise<ChangeView[]> {
  const reports = changes.filter(({ about }) => about === 'report');
  const seen = await seeReports(db, sight.reader, reports.map(pairOfChange));
  const states = new Map<KeptChange, SeenReport>();
  for (const change of reports) {
    states.set(change, await seen.of(...pairOfChange(change), change.countyId));
  }
  const inCopies = reports.flatMap((change) => {
    const state = states.get(change);
    return state && isInCopy(sight, change, state) ? state : [];
  });
  const shown = await seen.show(inCopies);
  const views: ChangeView[] = [];
  for (const change of changes) {
    const { about, type, at, code, year, placedYear, countyId, leftId, last, reason } = change;
    const divisions = await codes(leftId === null ? [countyId] : [countyId, leftId], placedYear);
    const state = states.get(change);
    const report = state && shown.get(state);
    // What a change of the register was about, and why, nobody is told.
    const inFull = state?.inclusion === 'ALL';
    const known = about === 'report' && (inFull || type === 'accepted') ? change.revision : null;
    // In one piece: to spread one object into another takes longer than to look it up.
    views.push({
      about,
      type,
      at,
      agency: code,
      year: year === 0 ? null : year,
      divisions,
      shown: report,
      revision: report?.row.revision ?? known,
      deleted: about === 'report' && !report && last === 1,
      reason: inFull ? reason : null,
    });
  }
  return views;
}

function pairOfChange({ agencyId, year }: KeptChange): readonly [agencyId: number, year: number] {
  return [agencyId ?? 0, year];
}

/** Whether the report of a change is the last that a reader's copy has to learn of it, under the code and in the division of the copy. */
function isInCopy({ below }: Sight, { year, code, last }: KeptChange, { row, agency, inclusion }: SeenReport): boolean {
  if (!last || !row || !agency || inclusion === null) return false;
  return agency.code === code && (below?.get(year)?.has(row.countyId) ?? true);
}
