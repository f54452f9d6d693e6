/** What is doubtful about the published items that sentences state. */
import { type Doubt, doubtOf } from '../../doubt.js';
import type { Count } from './counts.js';
import type { Part, PartList } from './lists.js';
import { lastClause } from './phrases.js';

/** Different numbers are stated for the whole. */
export function totalsDoubt(named: string): Doubt {
  return doubtOf(
    'items-unclear',
    {
      zh: `正文写有不同的主动公开信息总数（${named}），未读入总数。`,
      en: `The text states different totals of published items (${named}); none was taken.`,
    },
    { text: named },
  );
}

/** What is doubtful about the parts of a whole that were read. */
export function partDoubts(whole: Count | undefined, list: PartList | undefined): Doubt[] {
  return list?.isClear ? [...sumDoubts(whole?.count ?? null, list), ...cutDoubts(list)] : [];
}

/** 共计 is not the sum of what is before it. */
export function sumDoubt(count: Count | undefined): Doubt {
  const text = String(count?.count ?? count?.note ?? '');
  return doubtOf(
    'items-unclear',
    {
      zh: `“共计${text}”与前面各数之和不符，未读入主动公开信息条数。`,
      en: `The sum of ${text} is not that of the numbers before it; no published items were taken.`,
    },
    { text },
  );
}

/** A list whose numbers and names could be read in more than one way. */
export function listDoubt(whole: Count | undefined): Doubt {
  const text = `${whole?.lead ?? ''}${whole?.count ?? ''}`;
  return doubtOf(
    'items-unclear',
    {
      zh: '主动公开信息的分类数字有多种理解，未读入分类。',
      en: 'The parts of the published items could be read in more than one way; they were left out.',
    },
    { text },
  );
}

/** Information that was published is counted, and it is not clear of what that is the number. */
export function unreadDoubt({ lead, count, note, unit }: Count): Doubt {
  const words = lastClause(lead);
  const text = `${words}${count ?? ''}${count === null ? note : unit}`;
  return doubtOf(
    'items-unclear',
    {
      zh: `“${text}”不能确定是否为全年主动公开信息的总数，未读入。`,
      en: `“${text}” may or may not be all that was published in the year; it was not taken.`,
    },
    { text },
  );
}

/** A name with two numbers. */
export function twiceDoubt(name: string): Doubt {
  return doubtOf(
    'items-unclear',
    { zh: `“${name}”写有不同的条数，未读入。`, en: `“${name}” has different numbers of items; it was left out.` },
    { text: name },
  );
}

/** A list that ended before its sentence, and has not come to its whole. */
function cutDoubts({ isCut, parts }: PartList): Doubt[] {
  if (!isCut) return [];
  const { group } = parts.at(-1) ?? {};
  return [
    doubtOf(
      'items-unclear',
      {
        zh: `“${group?.name}”之后的数字不能确定是否属于主动公开信息，未读入。`,
        en: `The numbers after “${group?.name}” may or may not be published items; they were not taken.`,
      },
      { text: group?.name ?? '' },
    ),
  ];
}

/** What one channel published is more than the whole: one of both is of another time or kind. */
export function largerDoubts(total: number | null, beside: readonly Part[]): Doubt[] {
  const larger = beside.find(({ group }) => total !== null && (group.count ?? 0) > total)?.group;
  if (!larger) return [];
  return [
    doubtOf(
      'items-unclear',
      {
        zh: `“${larger.name}”的${larger.count}条多于总数${total}条，请核对。`,
        en: `The ${larger.count} items of “${larger.name}” are more than the total of ${total}.`,
      },
      { text: `${larger.name}${larger.count}` },
    ),
  ];
}

/** Parts that come to more than their whole were perhaps not its parts. */
function sumDoubts(total: number | null, { parts }: PartList): Doubt[] {
  if (total === null) return [];
  return (['categories', 'channels'] as const).flatMap((key) => {
    const sum = parts.reduce((all, { kind, group }) => all + (kind === key ? (group.count ?? 0) : 0), 0);
    if (sum <= total) return [];
    return [
      doubtOf(
        'items-unclear',
        {
          zh: `主动公开信息各项合计${sum}，多于总数${total}，请核对。`,
          en: `The parts of the published items come to ${sum}, more than the total of ${total}.`,
        },
        { text: `${sum} > ${total}` },
      ),
    ];
  });
}
