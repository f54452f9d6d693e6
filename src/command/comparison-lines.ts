/** A comparison of a list with the register as it is printed. */

import type { Comparison } from '../register/compare/comparison.js';
import type { Proposal } from '../register/compare/proposals.js';
import { inBoth, type Label } from '../words.js';

/** The lines of a comparison: what is alike, counted, then what would change, certain and uncertain apart. */
export function* comparisonLines(comparison: Comparison): Generator<string> {
  const { same, certain, uncertain, listed, leftAside, faults } = comparison;
  const counts: readonly (readonly [Label, number])[] = [
    [{ zh: '名单所列', en: 'compared' }, listed],
    [{ zh: '相同', en: 'the same' }, same.places],
    [{ zh: '其中仅写法不同', en: '  in another spelling' }, same.spelling.length],
    [{ zh: '其中代码数字不同', en: '  under other digits' }, same.otherDigits.length],
    [{ zh: '其中统计上属他县', en: '  in a zone of statistics' }, same.otherCounty.length],
    [{ zh: '此类名单不列', en: 'not in such lists' }, same.notListed],
    [{ zh: '不在所选区划内', en: 'left aside' }, leftAside],
    [{ zh: '有问题的行', en: 'faults' }, faults.length],
    [{ zh: '确定的变更', en: 'certain changes' }, certain.length],
    [{ zh: '不确定的变更', en: 'uncertain changes' }, uncertain.length],
  ];
  for (const [{ zh, en }, count] of counts) yield `${en.padEnd(26)} ${String(count).padStart(6)}  ${zh}`;
  yield* sectionOf({ zh: '确定', en: 'CERTAIN' }, certain);
  yield* sectionOf({ zh: '不确定，请核对', en: 'UNCERTAIN, to be looked at' }, uncertain);
}

function* sectionOf(title: Label, proposals: readonly Proposal[]): Generator<string> {
  if (proposals.length === 0) return;
  yield '';
  yield inBoth(title);
  for (const { kind, registered, listed, reason, candidates } of proposals) {
    const shown = (place: { readonly code: string; readonly name: string } | null) =>
      place ? `${place.code} ${place.name}` : '-';
    yield `${kind.padEnd(10)} ${shown(registered)} -> ${shown(listed)}`;
    yield `           ${inBoth(reason)}`;
    if (candidates.length > 0) yield `           (${candidates.map(shown).join(', ')})`;
  }
}
