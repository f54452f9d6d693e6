/** Changing an agency from a day on, early or late, and taking back what was announced. */
import { dayInChina } from '../../day.js';
import type { Problem } from '../../problem.js';
import type { Trx } from '../../store/engine/schema.js';
import type { Agency } from '../../store/register/agencies.js';
import { deleteChange, setChange } from '../../store/register/agency-changes.js';
import { deleteBasis, setBasis } from '../../store/register/bases.js';
import type { ActContext } from '../../words.js';
import { holdsOn, normalizeCode } from '../codes.js';
import { basisOn, isKnownBasis, knownBasis } from './basis.js';
import { agencyOn, countyOn } from './change-codes.js';
import { given, saysTheSame, withChange } from './history.js';
import { historyOf, rewriteHistory } from './placement.js';
import { changeInForce, noChangeOn, refusal } from './refusal.js';
import type { Alteration, AppliedTo, Retraction } from './register-change.js';

/**
 * Changes an agency from a day on: between other changes, what comes after stays as it was said and follows in the rest. On
 * the day of another change it corrects that, in what it says or in what it rests on. Throws `not-found` where it says only
 * what a change rests on, and there is none on its day.
 */
export async function alterAgency(trx: Trx, act: ActContext, change: Alteration): Promise<AppliedTo> {
  const { on } = change;
  const { id } = await agencyOn(trx, change.agency, on);
  const history = await historyOf(trx, id);
  const { first, states, closedOn } = history;
  if (closedOn !== null && on >= closedOn) throw alreadyClosed(states.at(-1) ?? first, closedOn);
  if (on < first.validFrom) throw tooEarly(first, on);
  const said = {
    code: change.code === undefined ? null : normalizeCode(change.code),
    name: change.name ?? null,
    kind: change.kind ?? null,
    countyId: change.county === undefined ? null : (await countyOn(trx, change.county, on)).id,
  };
  const state = states.find((one) => holdsOn(one, on)) ?? first;
  const known = history.changes.find(({ validFrom }) => validFrom === on);
  const isNew = known === undefined && on !== first.validFrom;
  if (isNew && Object.values(said).every((one) => one === null))
    throw noChangeOn(on, { code: change.agency, name: first.name });
  const place = { about: 'agency', id } as const;
  const rested = await knownBasis(trx, place, on);
  const basis = basisOn(on, change, rested, act.now);
  if (saysTheSame({ ...state, ...given(said) }, state)) {
    const unchanged = isNew || isKnownBasis(basis, rested);
    const done = { reportsMoved: 0, agencyId: id, touched: [] } as const;
    if (unchanged) return { outcome: 'unchanged', ...done };
    await setBasis(trx, place, basis);
    return { outcome: 'changed', ...done, only: 'basis' };
  }
  if (on === first.validFrom) {
    const corrected = { ...history, first: { ...first, ...given(said) } };
    const write = () => setBasis(trx, place, basis);
    return rewriteHistory(trx, act, { id, before: history, after: corrected, write });
  }
  const kept = { validFrom: on, code: null, name: null, kind: null, countyId: null, ...known, ...given(said) };
  return rewriteHistory(trx, act, {
    id,
    before: history,
    after: { ...history, changes: withChange(history.changes, kept) },
    write: async () => {
      await setChange(trx, id, kept);
      await setBasis(trx, place, basis);
    },
  });
}

/** Takes back a change whose day has not come. */
export async function retractChange(trx: Trx, act: ActContext, { agency, on }: Retraction): Promise<AppliedTo> {
  const today = dayInChina(act.now);
  const { id, name } = await agencyOn(trx, agency, today);
  const history = await historyOf(trx, id);
  if (!history.changes.some(({ validFrom }) => validFrom === on)) throw noChangeOn(on, { code: agency, name });
  if (on <= today) throw changeInForce(on, { code: agency, name });
  const changes = history.changes.filter(({ validFrom }) => validFrom !== on);
  return rewriteHistory(trx, act, {
    id,
    before: history,
    after: { ...history, changes },
    write: async () => {
      await deleteChange(trx, id, on);
      // Of the day on which it ends, that is what is told.
      if (history.closedOn !== on) await deleteBasis(trx, { about: 'agency', id }, on);
    },
  });
}

function tooEarly(first: Agency, on: string): Problem {
  return refusal('invalid-change', 'BEFORE-LAST-STATE', '/on', {
    zh: `名录所载 ${first.name}（${first.code}）始于 ${first.validFrom}，只能自该日或其后变更，不能自 ${on} 起。`,
    en: `The register has ${first.name} (${first.code}) from ${first.validFrom} on: a change is from that day or a later one on, not from ${on}.`,
  });
}

function alreadyClosed(last: Agency, closedOn: string): Problem {
  return refusal('invalid-change', 'CLOSED', '/on', {
    zh: `${last.name}（${last.code}）已于 ${closedOn} 撤销，此后不能变更。`,
    en: `${last.name} (${last.code}) was closed on ${closedOn}; nothing about it changes from then on.`,
  });
}
