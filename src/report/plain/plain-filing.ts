/**
 * Whether what a filing says beside its figures is written as the schema would write it out again: every member within its
 * bounds, and the members of each part in the schema's order. Nearly every filing is, and is taken as it is, at a third of
 * what the schema costs; of any other the schema decides what is wrong, if anything is.
 */
import { z } from 'zod';
import { maxCount } from '../../form/exact.js';
import { firstYear, formIds } from '../../form/forms.js';
import { sections } from '../../form/lines.js';
import { agencyCode } from '../../register/codes.js';
import { isSoundText } from '../../text.js';
import { itemLists } from '../../words.js';

/** The longest texts, in units of UTF-16. */
export const maxLengths = { name: 200, note: 500, section: 200_000, reason: 1000, url: 2000 } as const;

/** The longest lists. */
export const maxItems = { list: 500, engagement: 200, complete: 2 } as const;

/** Where a report was published: a URL as browsers take it, which may hold characters that a URI may not. */
export const webAddress = /^[Hh][Tt][Tt][Pp][Ss]?:\/\/\S+$/;

/** A calendar date, YYYY-MM-DD. */
export const calendarDate = z.iso.date();

type Check = (value: unknown) => boolean;

/** Whether the body of `POST /v1/reports` is plain; its figures are not looked at. */
export function isPlainFiling(body: Readonly<Record<string, unknown>>): boolean {
  for (const name in body) {
    const check = envelope.get(name);
    if (!check?.(body[name])) return false;
  }
  return body.agency !== undefined && body.year !== undefined && 'figures' in body;
}

const textWithin =
  (most: number, least = 0): Check =>
  (value) =>
    typeof value === 'string' && value.length <= most && value.length >= least && isSoundText(value);

const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);

const listOf =
  (most: number, check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length <= most && value.every(check);

const isWhole: Check = (value) => Number.isSafeInteger(value) && !Object.is(value, -0);

const isCount: Check = orNull((value) => isWhole(value) && Number(value) >= 0 && Number(value) <= maxCount);

const isShare: Check = orNull(
  (value) => typeof value === 'number' && value >= 0 && value <= 1 && !Object.is(value, -0),
);

/** One of the members that an object may have, in their order. */
interface Member {
  readonly name: string;
  readonly check: Check;
  readonly optional?: true;
}

/** Whether a value is an object of these members, those that are not optional among them, in this order. */
function objectOf(members: readonly Member[]): Check {
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    let next = 0;
    for (const [name, member] of Object.entries(value)) {
      while (members[next]?.optional && members[next]?.name !== name) next++;
      const found = members[next++];
      if (found?.name !== name || !found.check(member)) return false;
    }
    return members.every(({ optional }, place) => place < next || optional);
  };
}

const isName = textWithin(maxLengths.name, 1);
const note: Member = { name: 'note', check: orNull(textWithin(maxLengths.note)), optional: true };

const isGroup = objectOf([
  { name: 'name', check: isName },
  { name: 'count', check: isCount },
  { name: 'share', check: isShare, optional: true },
  note,
]);

const isListName: Check = (value) => itemLists.some((list) => list === value);

/** Each part of a filing by its name. */
const envelope: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['agency', (value) => agencyCode.safeParse(value).success],
  ['year', (value) => isWhole(value) && Number(value) >= firstYear],
  ['form', (value) => formIds.some((id) => id === value)],
  ['figures', () => true],
  [
    'publishedItems',
    orNull(
      objectOf([
        { name: 'total', check: isCount },
        { name: 'categories', check: listOf(maxItems.list, isGroup) },
        { name: 'channels', check: listOf(maxItems.list, isGroup) },
        { name: 'complete', check: listOf(maxItems.complete, isListName), optional: true },
        note,
      ]),
    ),
  ],
  [
    'engagement',
    orNull(
      listOf(
        maxItems.engagement,
        objectOf([
          { name: 'name', check: isName },
          { name: 'handled', check: isCount },
          { name: 'replyRate', check: isShare, optional: true },
          note,
        ]),
      ),
    ),
  ],
  [
    'narrative',
    orNull(
      objectOf(
        sections.map(({ key }) => ({
          name: key,
          check: orNull(textWithin(maxLengths.section)),
          optional: true as const,
        })),
      ),
    ),
  ],
  [
    'source',
    orNull(
      objectOf([
        { name: 'url', check: orNull(isWebAddress), optional: true },
        { name: 'publishedOn', check: orNull((value) => calendarDate.safeParse(value).success), optional: true },
      ]),
    ),
  ],
  ['reason', textWithin(maxLengths.reason, 1)],
]);

function isWebAddress(value: unknown): boolean {
  return (
    textWithin(maxLengths.url)(value) && typeof value === 'string' && webAddress.test(value) && URL.canParse(value)
  );
}
