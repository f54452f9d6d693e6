/** What the imports answer, with the schemas that document it. */
import { z } from 'zod';
import type { ImportView } from '../../bulk/import/import-view.js';
import { problemSchema } from './bodies.js';

const count = z.int().min(0);

const itemSchema = z
  .object({
    line: z.int().describe('行号；压缩包内为序号 Line or row on which it begins; its ordinal in a zip'),
    ref: z
      .string()
      .nullable()
      .describe('调用方自己的标识；压缩包内为文件名 Your own name for it; the file name in a zip'),
    agency: z.string().nullable(),
    year: z.int().nullable(),
    outcome: z.enum(['created', 'revised', 'unchanged', 'rejected']),
    revision: z.int().optional(),
    problem: problemSchema
      .optional()
      .describe('被拒原因 Why it was rejected; absent where another item was the reason'),
    doubts: z
      .array(z.unknown())
      .optional()
      .describe('文件中未能确定读出之处 What was not read for certain in a document'),
  })
  .meta({ id: 'ImportItem', description: '一份报送的结果 What became of one item' });

const counts = {
  received: count.describe('已处理份数，等于以下四项之和 Items so far: the sum of the four below'),
  created: count,
  revised: count,
  unchanged: count,
  rejected: count,
  problems: z
    .array(
      z.object({
        problem: z.string(),
        items: count,
        codes: z.array(z.object({ code: z.string(), items: count })),
      }),
    )
    .describe('按问题与规则分组的份数 Items by problem, and by the rules and faults each named'),
};

const handling = {
  mode: z.enum(['each', 'all']),
  dryRun: z.boolean(),
  kept: z
    .boolean()
    .nullable()
    .describe('所计是否已保存；all 未结束时为 null Whether what is counted is kept; null while that is open'),
};

/** A short import, answered in full. */
export const importDoneSchema = z
  .object({ ...handling, ...counts, items: z.array(itemSchema) })
  .meta({ id: 'ImportResult', description: '批量报送的结果 What became of an import' });

/** An import as a job. */
export const importSchema = z
  .object({
    id: z.uuid(),
    state: z
      .enum(['queued', 'running', 'done', 'failed', 'interrupted'])
      .describe('interrupted：文件已丢失，止于 received Its file was lost; it came as far as received'),
    ...handling,
    lenient: z.boolean(),
    ...counts,
    bytes: count.describe('文件大小 Size of what was sent'),
    createdAt: z.iso.datetime(),
    finishedAt: z.iso.datetime().nullable(),
    problem: problemSchema.nullable().describe('整体失败的原因 Why it failed as a whole'),
  })
  .meta({ id: 'Import', description: '批量报送任务 An import: how far it is, and what became of it' });

/** A page of what became of the items. */
export const importItemsSchema = z.object({ items: z.array(itemSchema) });

/** An import as a body. */
export function importBody(reading: ImportView) {
  const { id, state, request, kept, tally, bytes, problem, createdAt, finishedAt } = reading;
  const { mode, dryRun, lenient = false } = request;
  return { id, state, mode, dryRun, kept, lenient, ...tally, bytes, createdAt, finishedAt, problem };
}

/** What a short import answers beside its items. */
export function importCounts({ request, kept, tally }: ImportView) {
  return { mode: request.mode, dryRun: request.dryRun, kept, ...tally };
}
