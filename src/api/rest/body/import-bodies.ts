/** What the imports answer, with the schemas that document it. */

import { z } from 'zod';
import type { ImportView } from '../../../bulk/import/import-view.js';
import type { ItemOutcome } from '../../../bulk/import/tally.js';
import { sayStored } from '../../../problem.js';
import type { Say } from '../../../words.js';
import { instant, integer } from './body-parts.js';
import { problemSchema } from './problem-bodies.js';

const count = z
  .int()
  .min(0)
  .meta({ id: 'ItemCount', label: { zh: '份数', en: 'How many items' } });

const itemSchema = z
  .object({
    sheet: z
      .string()
      .optional()
      .meta({ label: { zh: '所在工作表，仅 Excel', en: 'The sheet it is on, in a workbook' } }),
    line: z
      .int()
      .meta({ label: { zh: '行号；压缩包内为序号', en: 'Line or row on which it begins; its ordinal in a zip' } }),
    ref: z
      .string()
      .nullable()
      .meta({
        label: { zh: '调用方自己的标识；压缩包内为文件名', en: 'Your own name for it; the file name in a zip' },
      }),
    agency: z.string().nullable(),
    year: integer.nullable(),
    outcome: z.enum(['created', 'revised', 'unchanged', 'rejected']),
    revision: integer.optional(),
    problem: problemSchema.optional().meta({ label: { zh: '被拒原因', en: 'Why it was rejected' } }),
    doubts: z
      .array(z.unknown())
      .optional()
      .meta({ label: { zh: '文件中未能确定读出之处', en: 'What was not read for certain in a document' } }),
  })
  .meta({ id: 'ImportItem', label: { zh: '一份报送的结果', en: 'What became of one item' } });

const problemCounts = z
  .object({ problem: z.string(), items: count, codes: z.array(z.object({ code: z.string(), items: count })) })
  .meta({ id: 'ProblemCounts', label: { zh: '一种问题的份数', en: 'How many items have one kind of problem' } });

const counts = {
  received: count.meta({
    label: { zh: '已处理份数，等于以下四项之和', en: 'Items so far: the sum of the four below' },
  }),
  created: count,
  revised: count,
  unchanged: count,
  rejected: count,
  problems: z
    .array(problemCounts)
    .meta({ label: { zh: '按问题与规则分组的份数', en: 'Items by problem, and by the rules and faults each named' } }),
};

const handling = {
  mode: z.enum(['each', 'all']),
  dryRun: z.boolean(),
  kept: z
    .boolean()
    .nullable()
    .meta({
      label: {
        zh: '所计是否已保存；all 未结束时为 null',
        en: 'Whether what is counted is kept; null while that is open',
      },
    }),
};

const reading = {
  charset: z
    .string()
    .nullable()
    .meta({
      label: {
        zh: '文件按何种编码读取；工作簿和压缩包为 null',
        en: 'The character set it was read in; null for a workbook and a zip',
      },
    }),
  passedOver: z.object({ count, names: z.array(z.string()) }).meta({
    id: 'PassedOver',
    label: {
      zh: '压缩包内略过的系统文件：个数和前 20 个的名称',
      en: 'What a zip holds beside documents and is passed over: how many entries, and the names of the first 20',
    },
  }),
  rejects: z.array(z.string()).meta({
    label: {
      zh: '被拒各行及原因的文件，可更正后重报；无被拒时为空',
      en: 'Files with what was refused and why, to be corrected and sent again; none where nothing was',
    },
  }),
};

/** A short import, answered in full. */
export const importDoneSchema = z
  .object({
    id: z
      .uuid()
      .nullable()
      .meta({
        label: {
          zh: '任务编号，有被拒时保留 7 天；否则为 null',
          en: 'Its name, by which it is kept for 7 days where something was refused; else null',
        },
      }),
    ...handling,
    ...reading,
    ...counts,
    items: z.array(itemSchema),
  })
  .meta({ id: 'ImportResult', label: { zh: '批量报送的结果', en: 'What became of an import' } });

/** An import as a job. */
export const importSchema = z
  .object({
    id: z.uuid(),
    state: z.enum(['queued', 'running', 'done', 'failed', 'interrupted']).meta({
      label: { zh: 'interrupted：文件已丢失，止于 received', en: 'Its file was lost; it came as far as received' },
    }),
    ...handling,
    lenient: z.boolean(),
    ...reading,
    ...counts,
    bytes: count.meta({ label: { zh: '文件大小', en: 'Size of what was sent' } }),
    createdAt: instant,
    finishedAt: instant.nullable(),
    problem: problemSchema.nullable().meta({ label: { zh: '整体失败的原因', en: 'Why it failed as a whole' } }),
  })
  .meta({ id: 'Import', label: { zh: '批量报送任务', en: 'An import: how far it is, and what became of it' } });

/** A page of what became of the items. */
export const importItemsSchema = z.object({ items: z.array(itemSchema) });

/** An import as a body, its problem in the language of the client. */
export function importBody(view: ImportView, say: Say) {
  const { id, state, request, kept, tally, bytes, createdAt, finishedAt, passedOver } = view;
  const { mode, dryRun, lenient = false, charset } = request;
  const problem = view.problem && sayStored(view.problem, say);
  const rejects = rejectsOf(view);
  return {
    ...{ id, state, mode, dryRun, kept, lenient, charset, passedOver, rejects },
    ...tally,
    ...{ bytes, createdAt, finishedAt, problem },
  };
}

/** What a short import answers beside its items. */
export function importCounts(view: ImportView) {
  const { id, request, kept, tally, passedOver } = view;
  const { mode, dryRun, charset } = request;
  const about = { mode, dryRun, kept, charset, passedOver, rejects: rejectsOf(view) };
  return { id: tally.rejected > 0 ? id : null, ...about, ...tally };
}

function rejectsOf({ id, rejects }: ImportView): string[] {
  return rejects.map((format) => `/v1/imports/${id}/rejects.${format}`);
}

/** What became of items as a body, their problems in the language of the client. */
export function itemBodies(items: readonly ItemOutcome[], say: Say): ItemOutcome[] {
  return items.map((item) => (item.problem ? { ...item, problem: sayStored(item.problem, say) } : item));
}
