/** The pieces that many bodies are put together from, each with its name in the OpenAPI document. */
import { z } from 'zod';

/** A label in both languages. */
export const labelSchema = z
  .object({ zh: z.string(), en: z.string() })
  .meta({ id: 'Label', label: { zh: '中英文标签', en: 'Label in both languages' } });

/** A moment. */
export const instant = z.iso.datetime().meta({ id: 'Instant', label: { zh: '时刻（UTC）', en: 'An instant, UTC' } });

/** A day. */
export const day = z.string().meta({ label: { zh: '日期', en: 'A day, YYYY-MM-DD' } });

/** A whole number. */
export const integer = z.int().meta({ id: 'Integer', label: { zh: '整数', en: 'A whole number' } });

/** A division or an agency by its code, with its name. */
export const codeAndName = z
  .object({ code: z.string(), name: z.string() })
  .meta({ id: 'CodeAndName', label: { zh: '代码与名称', en: 'A code with its name' } });

/** A division by its code, with its name and level. */
export const divisionNamed = codeAndName
  .extend({ level: z.string() })
  .meta({ id: 'DivisionNamed', label: { zh: '行政区划', en: 'A division by its code, with its name and level' } });

/** A figure as the form prints it. */
export const printedFigure = z.union([z.number(), z.string(), z.null()]).meta({
  id: 'PrintedFigure',
  label: { zh: '数字；金额为文本', en: 'A number, or an amount as text; a blank is null' },
});

/** Figures nested as they are printed. */
export const nestedFigures = z.record(z.string(), z.record(z.string(), z.record(z.string(), printedFigure))).meta({
  id: 'NestedFigures',
  label: { zh: '按表、行、列嵌套的数字，空白为 null', en: 'Figures by table, row, column; a blank is null' },
});
