/** Who is expected to file and has not, in any frame. */
import { referenceDate } from '../day.js';
import { takeTurns } from '../loop.js';
import { holdsOn } from '../register/codes.js';
import type { Frame } from '../register/frame.js';
import { agenciesIn, agencyStatesIn, divisionsBelowIn, pastsIn, type RegisterAt } from '../register/known.js';
import type { Db } from '../store/engine/schema.js';
import { type Agency, listAgencies } from '../store/register/agencies.js';
import { expectedFilers } from '../store/register/expectations.js';
import { missingAmong } from '../store/register/find/displaced.js';
import { revisionMarks } from '../store/revisions.js';
import type { Sign } from '../store/rollup/sums.js';
import type { Adjustment, Territory } from '../store/rollup/territory.js';
import { type AgencyKind, filerKinds, type Page, pageOf } from '../words.js';
import { coverageOfTerritory } from './coverage.js';
import { registerOf } from './territories.js';

/** The year for which agencies of some kinds, of every one when left out, are expected to file. */
interface Expected {
  readonly year: number;
  readonly kinds?: readonly AgencyKind[] | undefined;
}

/** A page by code, after a code. */
interface CodePage {
  readonly first: number;
  readonly after?: string;
}

/** The agencies of a territory that are expected to file for a year and have not, by code. */
export async function missingFrom(
  db: Db,
  { territory, frame }: { readonly territory: Territory; readonly frame: Frame },
  of: Expected,
  page: CodePage,
): Promise<Page<Agency>> {
  const { divisionId } = territory;
  const { year, kinds = filerKinds } = of;
  const day = referenceDate(year);
  const adjustment = territory.adjustments.get(year);
  if (!adjustment) return listAgencies(db, { divisionId, day, kinds, missingYear: year }, page);
  const { expected, reported } = (await coverageOfTerritory(db, territory, [year], kinds, () => 'ALL'))(year);
  const register = await registerOf(db, frame);
  const counties = await countiesOf(db, register, territory, adjustment, day);
  const agenciesOf = (sign: Sign) => adjustment.agencies.filter((agency) => agency.sign === sign).map(({ id }) => id);
  const among: Among = { year, day, kinds, counties, without: agenciesOf(-1), besides: agenciesOf(1) };
  const first = page.first + 1;
  const rows =
    register.at === null
      ? await missingAmong(db, among, { ...page, first })
      : await missingThen(db, register, register.at, among, { ...page, first });
  return pageOf(rows, page.first, expected - reported);
}

type Among = Parameters<typeof missingAmong>[1] & { readonly kinds: readonly AgencyKind[] };

/** The counties that a territory holds for a year, with those agencies of them that it does not. */
async function countiesOf(
  db: Db,
  register: RegisterAt,
  { divisionId }: Territory,
  { divisions }: Adjustment,
  day: string,
): Promise<number[]> {
  const counties = new Set<number>();
  for (const { id, sign } of divisions) {
    const below = id === divisionId ? [...(await divisionsBelowIn(db, register, id, day)).keys()] : [id];
    for (const county of below) sign > 0 ? counties.add(county) : counties.delete(county);
  }
  return [...counties];
}

/** How many counties, and how many agencies, are looked at in one piece. */
const atOnce = { counties: 100, agencies: 500 };

/** The same as it was known at an instant: every agency is looked at, in turns. */
async function missingThen(
  db: Db,
  register: RegisterAt,
  at: string,
  { year, day, kinds, counties, without, besides }: Among,
  { first, after = '' }: CodePage,
): Promise<Agency[]> {
  const turn = takeTurns();
  const agencies: Agency[] = [];
  const left = new Set(without);
  for (let start = 0; start < counties.length; start += atOnce.counties) {
    const some = await agenciesIn(db, register, counties.slice(start, start + atOnce.counties), day);
    agencies.push(...some.filter(({ id }) => !left.has(id)));
    await turn();
  }
  for (const id of besides) {
    const state = (await agencyStatesIn(db, register, id)).find((one) => holdsOn(one, day));
    if (state) agencies.push(state);
  }
  const inOrder = agencies
    .filter(({ kind, code }) => kind !== 'COUNTY' && kinds.includes(kind) && code > after)
    .sort((one, other) => (one.code < other.code ? -1 : 1));
  const missing: Agency[] = [];
  for (let start = 0; start < inOrder.length && missing.length < first; start += atOnce.agencies) {
    missing.push(...(await withoutReport(db, register, at, year, inOrder.slice(start, start + atOnce.agencies))));
    await turn();
  }
  return missing.slice(0, first);
}

async function withoutReport(
  db: Db,
  register: RegisterAt,
  at: string,
  year: number,
  agencies: readonly Agency[],
): Promise<Agency[]> {
  const ids = agencies.map(({ id }) => id);
  const expected = new Set((await expectedFilers(db, ids, [year])).map(({ agencyId }) => agencyId));
  const filed = new Map<number, boolean>();
  for (const mark of await revisionMarks(
    db,
    ids.map((id) => [id, year] as const),
  )) {
    if (mark.at <= at) filed.set(mark.agencyId, mark.action !== 'withdrawn');
  }
  const pasts = await pastsIn(db, register, 'agency', ids);
  return agencies.filter(({ id }) => {
    const past = pasts.get(id);
    const isExpected = past ? !past.exempted.includes(year) : expected.has(id);
    return isExpected && filed.get(id) !== true;
  });
}
