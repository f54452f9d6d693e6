/**
 * The ledger of a county (分乡镇一览表) that writers print: a row an agency, below them the totals, how many reports these
 * are of, and what the county published itself; and in what the two differ.
 */
import { printFigure } from '../../../form/check.js';
import type { Exact } from '../../../form/exact.js';
import { type Cell, type FormId, formOf, headingOf, type SumFigures } from '../../../form/forms.js';
import type { Column, Row } from '../../../form/vocabulary.js';
import type { Label } from '../../../words.js';

/** An agency's row. */
export interface LedgerRow {
  readonly code: string;
  readonly name: string;
  readonly kind: string;
  /** Where it is with its report: accepted, filed, not filed, exempted. */
  readonly state: string;
  /** Whether it filed late, or is overdue; null where that is not shown. */
  readonly late: boolean | null;
  /** The day that counts for the deadline; null where no report is shown. */
  readonly submittedOn: string | null;
  /** Null where no report of it is in the totals: the row is printed with empty boxes. */
  readonly figures: SumFigures | null;
  readonly publishedTotal: Exact | null;
}

/** A box in which the county's own report differs from the total. */
interface LedgerDifference {
  readonly cell: Cell;
  readonly total: Exact | null;
  readonly published: Exact | null;
  /** Published minus total; null where either is blank. */
  readonly difference: Exact | null;
}

/** A ledger to print. */
export interface LedgerSheet {
  readonly title: Label;
  readonly year: number;
  readonly subtitle: readonly Label[];
  /** Who is in, late, exempt and missing. */
  readonly coverage: readonly Label[];
  /** The forms whose boxes are columns, the newest first. */
  readonly forms: readonly FormId[];
  readonly rows: readonly LedgerRow[];
  readonly total: {
    readonly figures: SumFigures;
    /** At `cell.at`, how many reports state it. */
    readonly reported: readonly number[];
    readonly reports: number;
    readonly expected: number;
    readonly publishedTotal: Exact | null;
    readonly publishedStated: number;
  };
  /** What the county published itself; null where it has published nothing that is shown. */
  readonly published: {
    readonly name: string;
    readonly figures: SumFigures;
    readonly publishedTotal: Exact | null;
    readonly differences: readonly LedgerDifference[];
  } | null;
  /** Invented figures, to be printed with a warning. */
  readonly sample: boolean;
}

/** A column of the ledger: a box, with the printed headings that lead to it. */
export interface LedgerColumn {
  readonly cell: Cell;
  readonly section: 2 | 3 | 4;
  readonly row: Row;
  readonly column: Column;
}

/** The boxes of some forms in printed order, each once. */
export function columnsOfForms(forms: readonly FormId[]): readonly LedgerColumn[] {
  const found = new Map<string, LedgerColumn>();
  for (const form of forms.map(formOf)) {
    const cells = new Map(form.cells.map((cell): [string, Cell] => [cell.key, cell]));
    for (const table of form.tables) {
      for (const row of table.rows) {
        for (const column of table.columns) {
          const cell = cells.get(`${table.key}.${row.key}.${column.key}`);
          if (cell && !found.has(cell.key)) found.set(cell.key, { cell, section: table.section, row, column });
        }
      }
    }
  }
  return [...found.values()].sort((one, other) => one.section - other.section);
}

/** A line below the agencies: what it is called, and what it says of a box and of the published items. */
export interface LedgerLine {
  readonly name: Label;
  readonly of: (cell: Cell) => Exact | string | number | null;
  readonly publishedTotal: Exact | null;
}

/** The lines below the agencies, figures as they are printed. */
export function linesBelow({ total, published }: LedgerSheet): readonly LedgerLine[] {
  const printed = (figures: SumFigures) => (cell: Cell) => printFigure(cell, figures[cell.at] ?? null);
  const lines: LedgerLine[] = [
    { name: { zh: '合计', en: 'Total' }, of: printed(total.figures), publishedTotal: total.publishedTotal },
    {
      name: { zh: '填报份数', en: 'Reports that state it' },
      of: (cell) => total.reported[cell.at] ?? 0,
      publishedTotal: total.publishedStated,
    },
  ];
  if (!published) return lines;
  const differences = new Map(published.differences.map(({ cell, difference }) => [cell, difference]));
  const both = (cell: Cell) =>
    (total.figures[cell.at] ?? null) !== null && (published.figures[cell.at] ?? null) !== null;
  lines.push(
    {
      name: { zh: '本级公布', en: "The county's own report" },
      of: printed(published.figures),
      publishedTotal: published.publishedTotal,
    },
    {
      name: { zh: '差（公布－合计）', en: 'Own report minus total' },
      of: (cell) => {
        const difference = differences.get(cell);
        if (difference !== undefined) return printFigure(cell, difference);
        return both(cell) ? printFigure(cell, 0) : null;
      },
      publishedTotal: null,
    },
  );
  return lines;
}

/** The printed heading of the column of a box, with its unit where none is printed. */
export function columnHeading({ column, cell }: LedgerColumn): string {
  const { zh } = headingOf(column);
  return cell.kind === 'amount' && !zh.includes(cell.unit) ? `${zh}（${cell.unit}）` : zh;
}

/** The printed headings that lead to a box as one text. */
export function headingOfColumn(column: LedgerColumn): string {
  return `${headingOf(column.row).zh}·${columnHeading(column)}`;
}

/** Whether an agency is late, in words; empty where that is not shown. */
export function lateWords({ late }: Pick<LedgerRow, 'late'>): string {
  return late === null ? '' : late ? '逾期' : '否';
}

/** Why the totals are not all there is, where they are not. */
export function completenessLine({ total }: LedgerSheet): Label {
  const { reports, expected } = total;
  return {
    zh: `合计为已列入的${reports}份报告之和（应报${expected}个）；“填报份数”为填写该格的报告数，空白不等于0，空白不计入。`,
    en: `Totals add up the ${reports} reports shown (${expected} expected); the line below them counts the reports that state a box. A blank is no zero and is not counted.`,
  };
}
