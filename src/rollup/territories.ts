/** Whose reports the sums of a division are of, in any frame: on whose boundaries, and as known when. */
import { allCells } from '../form/forms.js';
import { asReported, type Frame, territoryOn } from '../register/frame.js';
import { type AgencyYear, isExemptIn, type RegisterAt, registerKnownAt, registerNow } from '../register/known.js';
import { reportsIn } from '../report/known.js';
import type { Db } from '../store/engine/schema.js';
import { type Agency, statesOfAgencies } from '../store/register/agencies.js';
import type { Division } from '../store/register/divisions.js';
import { addItems, countItems } from '../store/rollup/named-items.js';
import { addedByReport } from '../store/rollup/read-sums.js';
import { addSigned, noCounts, type Sign, type SignedSums, sumsOfNone } from '../store/rollup/sums.js';
import type { KeptPart, KnownOtherwise, KnownSums, Territory } from '../store/rollup/territory.js';
import { type AgencyKind, type Inclusion, inclusions } from '../words.js';
import { countyNear, differenceIn, partsOf, type SumPart } from './known-difference.js';

/** The register that a frame looks at. */
export async function registerOf(db: Db, { knownOn }: Frame): Promise<RegisterAt> {
  return knownOn === null ? registerNow : registerKnownAt(db, knownOn);
}

/** Whose reports a division's sums of some years are of in a frame. */
export async function territoryOf(
  db: Db,
  division: Pick<Division, 'id' | 'level'>,
  years: readonly number[],
  frame: Frame = asReported,
): Promise<Territory> {
  const register = await registerOf(db, frame);
  const territory = await territoryOn(db, register, division, years, frame.on);
  return register.at === null ? territory : knownTerritory(db, register, territory, [...new Set(years)]);
}

/** A sum of what was known is the kept one of each part, with that in which it differs: what is recorded since, and was. */
async function knownTerritory(
  db: Db,
  register: RegisterAt,
  { divisionId, adjustments }: Territory,
  years: readonly number[],
): Promise<Territory> {
  const known = new Map<number, Growing>(years.map((year) => [year, newGrowing()]));
  const kept = new Map<number, readonly KeptPart[]>();
  const parts = new Map<number, Map<number, Sign>>();
  for (const year of years) {
    const whole: KeptPart = { id: divisionId, sign: 1, what: 'ALL' };
    const divisions = adjustments.get(year)?.divisions ?? [whole];
    kept.set(year, divisions);
    for (const { id, sign } of divisions) parts.set(id, new Map(parts.get(id)).set(year, sign));
  }
  for (const [id, signs] of parts) {
    const difference = await differenceIn(db, register, { divisionId: id, years: [...signs.keys()] });
    for (const year of difference.anew) {
      const isAnew = (part: KeptPart): KeptPart => (part.id === id ? { ...part, what: 'EXPECTED' } : part);
      kept.set(year, (kept.get(year) ?? []).map(isAnew));
    }
    for (const { year, kind, change } of difference.expected) {
      expect(known.get(year), kind, (signs.get(year) ?? 1) * change);
    }
    for (const { year, ...place } of difference.gone) {
      if ((signs.get(year) ?? 1) > 0) findElsewhere(known.get(year), place);
    }
    for await (const some of partsOf(db, register, difference)) {
      for (const [year, sign] of signs) grow(known.get(year), year, some, sign);
    }
  }
  await addAgencies(db, register, adjustments, known);
  return {
    divisionId,
    adjustments: new Map(
      years.map((year) => [
        year,
        {
          divisions: kept.get(year) ?? [],
          agencies: adjustments.get(year)?.agencies ?? [],
          known: known.get(year)?.otherwise ?? nothingOtherwise,
        },
      ]),
    ),
  };
}

/** What becomes known of a year, as it is read. */
interface Growing {
  otherwise: KnownOtherwise;
}

function newGrowing(): Growing {
  return { otherwise: nothingOtherwise };
}

const nothingOtherwise: KnownOtherwise = { sums: [], expected: [], elsewhere: [] };

function findElsewhere(growing: Growing | undefined, place: KnownOtherwise['elsewhere'][number]): void {
  if (!growing) return;
  const { otherwise } = growing;
  growing.otherwise = { ...otherwise, elsewhere: [...otherwise.elsewhere, place] };
}

function expect(growing: Growing | undefined, kind: AgencyKind, change: number): void {
  if (!growing || change === 0) return;
  const { otherwise } = growing;
  growing.otherwise = { ...otherwise, expected: [...otherwise.expected, { kind, change }] };
}

/** Adds what some reports of a year add to sums to what is known of it. */
function grow(growing: Growing | undefined, year: number, parts: readonly SumPart[], sign: Sign): void {
  if (!growing) return;
  const own = parts.filter(({ report }) => report.year === year);
  if (own.length === 0) return;
  const { sums, expected, elsewhere } = growing.otherwise;
  const grown = new Map<string, KnownSums>(sums.map((one) => [`${one.inclusion} ${one.kind}`, one]));
  for (const inclusion of inclusions) {
    for (const kind of new Set(own.map(({ report }) => report.kind))) {
      const those = own.filter((part) => part.inclusion === inclusion && part.report.kind === kind);
      if (those.length === 0) continue;
      const before = grown.get(`${inclusion} ${kind}`) ?? nothingKnown(year, inclusion, kind);
      const signed = those.map(({ sign: own, ...part }) => ({
        ...part,
        sign: own * sign > 0 ? (1 as const) : (-1 as const),
      }));
      const added = signed.map(({ report, content, sign: to }): SignedSums => {
        const { expected: isExpected, onTime, sample } = report;
        return { ...addedByReport({ year, expected: isExpected, onTime, sample, content }), sign: to };
      });
      grown.set(`${inclusion} ${kind}`, {
        inclusion,
        kind,
        added: addSigned(year, [{ ...before.added, sign: 1 }, ...added], allCells),
        items: addItems([
          { items: before.items, sign: 1 },
          ...signed.map(({ content, sign: to }) => ({ items: countItems(content), sign: to })),
        ]),
      });
    }
  }
  growing.otherwise = { sums: [...grown.values()], expected, elsewhere };
}

function nothingKnown(year: number, inclusion: Inclusion, kind: AgencyKind): KnownSums {
  return { inclusion, kind, added: { sums: sumsOfNone(year), blank: noCounts }, items: [] };
}

/** Agencies that lie elsewhere on the day count with what was known of their reports. */
async function addAgencies(
  db: Db,
  register: RegisterAt,
  adjustments: Territory['adjustments'],
  known: ReadonlyMap<number, Growing>,
): Promise<void> {
  const asked: AgencyYear[] = [];
  for (const [year, { agencies }] of adjustments) for (const { id } of agencies) asked.push({ agencyId: id, year });
  const reports = await reportsIn(db, register, asked);
  const ids = [...new Set(asked.map(({ agencyId }) => agencyId))];
  const states = new Map<number, Agency[]>(ids.map((id) => [id, []]));
  for (const state of await statesOfAgencies(db, ids)) states.get(state.id)?.push(state);
  for (const [year, { agencies }] of adjustments) {
    for (const { id, kind, sign, countyId: then } of agencies) {
      if (!(await isExemptIn(db, register, id, year))) expect(known.get(year), kind, sign);
      const report = reports.get(`${id} ${year}`);
      if (!report) continue;
      if (sign > 0) {
        const countyId = countyNear({ states: states.get(id) ?? [] }, year) ?? then;
        findElsewhere(known.get(year), { countyId, agencyId: id });
      }
      const revisions = { ALL: report.current, ACCEPTED: report.accepted };
      const parts = inclusions.flatMap((inclusion): SumPart[] => {
        const revision = revisions[inclusion];
        return revision ? [{ sign: 1, inclusion, report: revision.report, content: revision.content }] : [];
      });
      grow(known.get(year), year, parts, sign);
    }
  }
}
