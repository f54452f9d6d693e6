/** What a comparison of a list with the register answers, as the schema that documents it. */
import { z } from 'zod';
import { codeAuthorities, placeChangeKinds, placeSubjects } from '../../../words.js';
import { codeAndName, day, integer, labelSchema } from './body-parts.js';
import { faultSchema } from './problem-bodies.js';

const listedPlace = codeAndName
  .extend({ line: z.int().meta({ label: { zh: '行号', en: 'Its line' } }) })
  .meta({ id: 'ListedPlace', label: { zh: '名单所列', en: 'A place of the list' } });

const variants = z
  .array(z.object({ registered: codeAndName, listed: listedPlace }))
  .readonly()
  .meta({ id: 'ListedVariants', label: { zh: '名录与名单的不同写法', en: 'How the register has each, and the list' } });

const proposals = z
  .array(
    z.object({
      kind: z.enum(placeChangeKinds),
      about: z.enum(placeSubjects),
      registered: codeAndName
        .nullable()
        .meta({ label: { zh: '名录所载，新增则为 null', en: 'What the register has; null for what begins' } }),
      listed: listedPlace
        .nullable()
        .meta({ label: { zh: '名单所列，消失则为 null', en: 'What the list has; null for what ends' } }),
      reason: labelSchema,
      candidates: z
        .array(codeAndName)
        .readonly()
        .meta({
          label: {
            zh: '同处新增或消失、可能有关的，至多二十个',
            en: 'What begins or ends beside it and may have to do with it, twenty at the most',
          },
        }),
      changes: z
        .array(z.record(z.string(), z.string()))
        .readonly()
        .meta({
          label: {
            zh: '变更文件的各行，键为列名',
            en: 'The lines of a file of changes that make it so, by their columns',
          },
        }),
    }),
  )
  .readonly()
  .meta({ id: 'RegisterProposals', label: { zh: '建议的变更', en: 'Changes that are proposed' } });

/** The answer to a list. */
export const comparisonSchema = z
  .object({
    on: day,
    authority: z.enum(codeAuthorities),
    division: codeAndName
      .nullable()
      .meta({ label: { zh: '名单为其全部的区划', en: 'The division that the list has all of' } }),
    listed: integer.meta({ label: { zh: '所比较的行数', en: 'Places of the list that were compared' } }),
    leftAside: integer.meta({ label: { zh: '不在该区划内的行数', en: 'Places of it that lie elsewhere' } }),
    certain: proposals,
    uncertain: proposals,
    faults: z
      .array(faultSchema)
      .readonly()
      .meta({ label: { zh: '不能使用的行', en: 'Lines that cannot be used' } }),
    same: z.object({
      places: integer.meta({ label: { zh: '相同的', en: 'Places that both have, with those of the lists' } }),
      spelling: variants,
      otherDigits: variants.meta({
        label: { zh: '同一机关而代码数字不同', en: 'The same unit under digits that the register does not have' },
      }),
      otherCounty: variants.meta({
        label: {
          zh: '统计上属开发区、民政上属县的',
          en: 'Units that lie in a zone of statistics, and in a county for the ministry',
        },
      }),
      notListed: integer.meta({
        label: { zh: '此类名单不列的', en: 'Statistical units and zones, which such a list does not have' },
      }),
    }),
  })
  .meta({ id: 'RegisterComparison', label: { zh: '名单与名录的比较', en: 'A list compared with the register' } });
