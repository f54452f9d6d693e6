/** What the register's routes answer, as the schemas that document it. */
import { z } from 'zod';
import { agencyKind, divisionLevel } from '../../../register/change/change-schemas.js';
import type { PlaceChange } from '../../../register/place-changes.js';
import type { SearchHit } from '../../../register/search.js';
import { codeAuthorities, placeChangeKinds, precisions } from '../../../words.js';
import { codeAndName, day, instant, integer } from './body-parts.js';

const outcome = z.enum(['created', 'changed', 'unchanged']).meta({ label: { zh: '结果', en: 'What the change did' } });
const reportsMoved = z.int().meta({
  label: {
    zh: '归属、应报或按时状态随之变化的报告数',
    en: 'Reports that now count elsewhere, or are in time or late otherwise',
  },
});

/** A division in a list. */
export const divisionEntry = codeAndName
  .extend({
    level: divisionLevel,
    parent: z
      .string()
      .nullable()
      .meta({ label: { zh: '上级代码，全国为 null', en: 'Code of the division above, null for the nation' } }),
  })
  .meta({ id: 'DivisionEntry', label: { zh: '行政区划', en: 'A division' } });

const validTo = day
  .nullable()
  .meta({ label: { zh: '不再如此的第一日，至今则为 null', en: 'The first day on which it no longer holds' } });
const precision = z.enum(precisions).meta({
  id: 'Precision',
  label: {
    zh: '日期的确切程度：DAY 为变更之日，SNAPSHOT 为首次见于代码表之日',
    en: 'How sure a day is: that of the change (DAY), or of the list of codes that first shows it (SNAPSHOT)',
  },
});
const document = z
  .string()
  .nullable()
  .meta({ label: { zh: '依据的文号，未知为 null', en: 'Number of the document that orders it, null where unknown' } });
const bound = { on: day, precision, document };
const beginning = z
  .object({
    ...bound,
    origin: z.enum(['FIRST_LISTED', 'PREDECESSORS', 'UNKNOWN']).meta({
      label: {
        zh: '由来：首份代码表已有、由其他单位而来、未知',
        en: 'In the first list of codes, from others, or from nobody who is known',
      },
    }),
  })
  .meta({ id: 'Beginning', label: { zh: '设立', en: 'How it came to be' } });
const ending = z
  .object({
    ...bound,
    outcome: z
      .enum(['SUCCESSORS', 'UNKNOWN'])
      .meta({ label: { zh: '去向：并入或分入其他单位、未知', en: 'Into others, or into nobody who is known' } }),
  })
  .meta({ id: 'Ending', label: { zh: '撤销', en: 'How it ended' } });
const life = {
  beginning,
  ending: ending
    .nullable()
    .meta({ label: { zh: '撤销，仍在则为 null', en: 'How it ends; null while no end is known' } }),
};

const divisionSpan = codeAndName
  .extend({ parent: codeAndName.nullable(), validFrom: day, validTo, precision, document })
  .meta({ id: 'DivisionSpan', label: { zh: '行政区划在一段时间内的状态', en: 'A division over a span of days' } });

const divisionAbove = codeAndName
  .extend({ level: divisionLevel })
  .meta({ id: 'DivisionAbove', label: { zh: '上级行政区划', en: 'A division above, with its level' } });

/** A division alone. */
export const divisionRecord = divisionEntry
  .extend({
    ...{ validFrom: day, validTo, precision, document },
    states: z
      .array(divisionSpan)
      .readonly()
      .meta({ label: { zh: '历次状态，由远及近', en: 'Every state, oldest first' } }),
    ...life,
    parents: z
      .array(divisionAbove)
      .readonly()
      .meta({ label: { zh: '由近及远', en: 'Everything above it, the nearest first' } }),
    deadlines: z
      .array(
        z.object({
          year: z
            .union([integer, z.literal('every')])
            .meta({ label: { zh: '报告年度或每年', en: 'Report year, or every one' } }),
          due: z.string().meta({ label: { zh: '次年截止日期，月-日', en: 'MM-DD of the following year' } }),
        }),
      )
      .readonly()
      .meta({ label: { zh: '自身所设的机关截止日期', en: 'The deadlines set for its agencies' } }),
    ownDeadlines: z
      .array(
        z.object({
          for: z.enum(['COUNTY', 'PREFECTURE', 'PROVINCE']),
          year: z.union([integer, z.literal('every')]),
          due: z.string(),
        }),
      )
      .readonly()
      .meta({
        label: {
          zh: '自身所设的县、市、省自行公布报告的截止日期',
          en: 'The deadlines set here for the reports that divisions of a level publish themselves',
        },
      }),
  })
  .meta({ id: 'DivisionRecord', label: { zh: '行政区划及其上级与截止日期', en: 'A division with what is above it' } });

/** An agency over one span of days. */
export const agencyEntry = codeAndName
  .extend({
    kind: agencyKind,
    county: codeAndName,
    validFrom: day,
    validTo,
  })
  .meta({ id: 'AgencyEntry', label: { zh: '机关在一段时间内的状态', en: 'An agency over a span of days' } });

const relative = codeAndName
  .extend({ on: day })
  .meta({ id: 'Relative', label: { zh: '并入的或并入到的机关', en: 'An agency that went into another, and the day' } });

const agencySpan = agencyEntry.extend({ precision, document }).meta({
  id: 'AgencySpan',
  label: { zh: '机关的一次状态及其依据', en: 'An agency over a span of days, with its basis' },
});

/** An agency alone. */
export const agencyRecord = agencySpan
  .extend({
    states: z
      .array(agencySpan)
      .readonly()
      .meta({ label: { zh: '历次状态，由远及近', en: 'Every state, oldest first' } }),
    ...life,
    otherCodes: z
      .array(z.object({ authority: z.enum(codeAuthorities), code: z.string(), validFrom: day, validTo }))
      .readonly()
      .meta({
        label: {
          zh: '其他部门所编的代码：MCA 民政部，NBS 国家统计局',
          en: 'Codes that another authority gives it: MCA, the ministry of civil affairs; NBS, the statistics bureau',
        },
      }),
    changes: z
      .array(
        z.object({
          on: day,
          code: z.string().nullable(),
          name: z.string().nullable(),
          kind: agencyKind.nullable(),
          county: codeAndName.nullable(),
          precision,
          document,
          announced: z.boolean().meta({ label: { zh: '尚未生效，可收回', en: 'Its day has not come' } }),
        }),
      )
      .readonly()
      .meta({
        label: {
          zh: '自某日起的变更，未变的为 null；各状态由此推定',
          en: 'What was said to change, and from when; null is as before. The states follow from it',
        },
      }),
    exemptions: z
      .array(z.object({ year: integer, reason: z.string(), recordedBy: z.string().nullable(), recordedAt: z.string() }))
      .readonly()
      .meta({ label: { zh: '免报的年度', en: 'The years for which it need not file' } }),
    predecessors: z
      .array(relative)
      .readonly()
      .meta({ label: { zh: '并入本机关的', en: 'What went into it' } }),
    successors: z
      .array(relative)
      .readonly()
      .meta({ label: { zh: '本机关并入的', en: 'What it went into' } }),
  })
  .meta({ id: 'AgencyRecord', label: { zh: '机关今日的状态及沿革', en: 'An agency as it is today, and its history' } });

/** Codes that mean nothing, of a list by codes. */
export const unknownCodes = z
  .array(z.string())
  .readonly()
  .optional()
  .meta({
    label: { zh: '按 codes 查询时，名录中没有的代码', en: 'With codes, those of them that the register lacks' },
  });

const placeNamed = codeAndName.extend({
  about: z.enum(['agency', 'division']).meta({ label: { zh: '机关或行政区划', en: 'An agency or a division' } }),
  level: divisionLevel.nullable().meta({
    id: 'LevelOfDivision',
    label: { zh: '行政区划的级别，机关为 null', en: 'Level of a division; null of an agency' },
  }),
  kind: agencyKind.nullable().meta({
    id: 'KindOfAgency',
    label: { zh: '机关的类别，行政区划为 null', en: 'Kind of an agency; null of a division' },
  }),
});

/** What happened to a division or an agency. */
export const placeChanges = z
  .object({
    items: z
      .array(
        z
          .object({
            effective: day,
            precision,
            kind: z.enum(placeChangeKinds).meta({
              label: {
                zh: '更名、代码变更、划转、类别变更、合并、拆分、设立、部分划转、撤销',
                en: 'Renamed, recoded, moved, of another kind, merged, split, made, territory transferred, ended',
              },
            }),
            document,
            partial: z.boolean().meta({
              label: { zh: '仅一部分区域易手', en: 'Whether only a part of what gave it came over' },
            }),
            territory: z
              .enum(['GAINED', 'LOST'])
              .nullable()
              .meta({
                label: { zh: '区域划入或划出，无则为 null', en: 'Whether it took or gave territory; null for neither' },
              }),
            before: z
              .string()
              .nullable()
              .meta({ label: { zh: '原名称、代码或类别', en: 'Name, code or kind before' } }),
            after: z
              .string()
              .nullable()
              .meta({ label: { zh: '新名称、代码或类别', en: 'Name, code or kind after' } }),
            announced: z.boolean().meta({ label: { zh: '尚未生效', en: 'Its day has not come' } }),
            recordedAt: instant.nullable().meta({
              label: { zh: '登记时刻，随名录而来则为 null', en: 'When it was recorded; null with the register' },
            }),
            counterparts: z
              .array(
                placeNamed.meta({ id: 'PlaceNamed', label: { zh: '机关或行政区划', en: 'An agency or a division' } }),
              )
              .readonly()
              .meta({
                label: {
                  zh: '区域的来处或去处；划转时为原、现上级；未知则为空',
                  en: 'Whom territory came from or went to; of a move, what it lay in and lies in; nobody where unknown',
                },
              }),
          })
          .meta({ id: 'PlaceChange', label: { zh: '某日的一项变更', en: 'One thing that happened on a day' } }),
      )
      .readonly(),
  })
  .meta({ id: 'PlaceChanges', label: { zh: '沿革，由远及近', en: 'What happened, oldest first' } });

/** Changes without the identities that nobody outside knows. */
export function writePlaceChanges(changes: readonly PlaceChange[]): z.infer<typeof placeChanges> {
  const items = changes.map(({ counterparts, ...change }) => ({
    ...change,
    counterparts: counterparts.map(({ id: _, ...named }) => named),
  }));
  return { items };
}

/** What a search found. */
export const searchFound = z
  .object({
    items: z
      .array(
        placeNamed
          .extend({
            matched: z
              .object({
                text: z.string(),
                of: z.enum(['NAME', 'CODE']),
                former: z.boolean().meta({ label: { zh: '现已不用', en: 'Whether it is called otherwise by now' } }),
              })
              .meta({ label: { zh: '与检索相符的名称或代码', en: 'The name or code in which it was found' } }),
            within: z
              .array(divisionAbove)
              .readonly()
              .meta({
                label: { zh: '所属县、市、省，由近及远', en: 'County, prefecture and province, the nearest first' },
              }),
            validFrom: day,
            validTo,
          })
          .meta({ id: 'SearchHit', label: { zh: '检索结果', en: 'What was found' } }),
      )
      .readonly(),
    totalCount: integer,
  })
  .meta({ id: 'SearchFound', label: { zh: '检索结果，最相符的在前', en: 'What was found, best first' } });

/** What was found, without the identities that nobody outside knows. */
export function writeHits(hits: readonly SearchHit[]): z.infer<typeof searchFound>['items'] {
  return hits.map(({ id: _, day: __, parentId: ___, within, ...hit }) => ({
    ...hit,
    within: within.map(({ code, name, level }) => ({ code, name, level })),
  }));
}

/** The answer to a change of an agency. */
export const agencyChanged = z.object({ outcome, reportsMoved, agency: agencyRecord }).meta({
  id: 'AgencyChanged',
  label: { zh: '机关变更结果', en: 'What a change did, and the agency as it then stands' },
});

/** The answer to a change of a deadline. */
export const deadlineChanged = z
  .object({ outcome, reportsMoved, division: divisionRecord })
  .meta({ id: 'DeadlineChanged', label: { zh: '截止日期变更结果', en: 'What a change did, and the division' } });

/** The answer to a change of a division. */
export const divisionChanged = z.object({ outcome, reportsMoved, division: divisionRecord }).meta({
  id: 'DivisionChanged',
  label: { zh: '行政区划变更结果', en: 'What a change did, and the division as it then stands' },
});

/** The answer to a file of changes. */
export const importDone = z
  .object({
    lines: integer.meta({ label: { zh: '变更行数', en: 'Lines applied' } }),
    counts: z
      .object({
        add: integer,
        change: integer,
        close: integer,
        exempt: integer,
        unexempt: integer,
        deadline: integer,
        'division-add': integer,
        'division-change': integer,
        'division-merge': integer,
        'division-split': integer,
        'division-close': integer,
      })
      .meta({ label: { zh: '各类变更行数，合计为 lines', en: 'Lines by action; they add up to lines' } }),
    unchanged: integer.meta({ label: { zh: '其中无变化的行数', en: 'Of the lines, those that changed nothing' } }),
    reportsMoved,
  })
  .meta({ id: 'RegisterImport', label: { zh: '批量变更结果', en: 'What a file of changes did' } });
