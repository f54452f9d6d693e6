/**
 * The types of a printed form. A form is data: tables of rows and columns, each with the label that the ministry
 * printed, and equations (勾稽关系) between rows or between columns.
 */
import type { Label } from '../words.js';

/** How a cell adds up: a flow over area and years, a stock over area only, an amount is money (a flow). */
export type Kind = 'flow' | 'stock' | 'amount';

/** The unit a cell is printed in. Amounts are stored as whole 分, whatever the printed unit is. */
export type Unit = '件' | '项' | '个' | '万元' | '元';

/** A printed line of boxes. `under` are the headings above it, outermost first. */
export interface Row {
  readonly key: string;
  readonly label: Label;
  readonly under?: readonly Label[];
  /** Every box of the row is a stock, whatever its column. */
  readonly stock?: true;
  /** The row is one outcome of `processed`, and adds to it. */
  readonly outcome?: true;
  /** The derived subtotal (never printed as numbers, never stored) that the row belongs to. */
  readonly subtotal?: string;
  /** The article of the Regulations printed over the row in table two. */
  readonly article?: Label;
}

/** A printed column. `under` are the headings above it, outermost first. */
export interface Column {
  readonly key: string;
  readonly label: Label;
  readonly under?: readonly Label[];
  readonly kind: Kind;
  readonly unit: Unit;
  /** 本年增/减: the only figures that may be negative. */
  readonly signed?: true;
}

/** One table of a form: every row has a box in every column. */
export interface Table {
  readonly key: string;
  /** The numbered section of the report (一 to 六, here 1 to 6) in which the table is printed. */
  readonly section: 2 | 3 | 4;
  readonly label: Label;
  /** What the form prints above the rows, the equation in words. */
  readonly note?: Label;
  readonly rows: readonly Row[];
  readonly columns: readonly Column[];
}

/** A row or column key inside an equation: minus when subtracted, `@previous` when read from the year before. */
type TermOf<Key extends string> = `${'' | '-'}${Key}${'' | '@previous'}`;

type KeyOf<Lines extends readonly { readonly key: string }[]> = Lines[number]['key'];

/**
 * A family of equations: with `each: 'column'` its terms are rows and it is written out for every column,
 * with `each: 'row'` its terms are columns and it is written out for every row (or for the rows in `only`).
 */
export type EquationFamily<T extends Table = Table> =
  | {
      readonly rule: RuleCode;
      readonly each: 'column';
      readonly left: readonly TermOf<KeyOf<T['rows']>>[];
      readonly relation?: '>=';
      readonly right: readonly TermOf<KeyOf<T['rows']>>[];
    }
  | {
      readonly rule: RuleCode;
      readonly each: 'row';
      readonly only?: readonly KeyOf<T['rows']>[];
      readonly left: readonly TermOf<KeyOf<T['columns']>>[];
      readonly relation?: '>=';
      readonly right: readonly TermOf<KeyOf<T['columns']>>[];
    };

/** The equations of one table. */
export interface TableEquations {
  readonly table: string;
  readonly families: readonly EquationFamily[];
}

/** The equations of one table; a term that is no row or column of it does not compile. */
export function equationsOf<const T extends Table>(table: T, families: readonly EquationFamily<T>[]): TableEquations {
  return { table: table.key, families };
}

/** The rule that an equation or a check enforces; `rules.ts` has its severity and its texts. */
export type RuleCode =
  | 'T3-FLOW'
  | 'T3-OUTCOME'
  | 'T3-ROW'
  | 'T4-ROW'
  | 'RANGE'
  | 'X-CARRY'
  | 'X-INFORCE'
  | 'X-PREVIOUS'
  | 'T2-REGULATIONS'
  | 'T2-INFORCE'
  | 'P-SUM'
  | 'TEXT-TABLE'
  | 'FORM-LATE'
  | 'FORM-MIXED'
  | 'CUTOFF'
  | 'LENGTH'
  | 'INCOMPLETE';

/** A form as the ministry printed it. */
export interface FormShape {
  readonly id: string;
  readonly name: Label;
  /** The notice that prescribes it; null for a form that is in use although no notice prescribes it. */
  readonly notice: Label | null;
  /** The first and last report year in which it is in force; null when it never is. */
  readonly inForce: { readonly from: number; readonly to: number | null } | null;
  readonly tables: readonly Table[];
  readonly equations: readonly TableEquations[];
}
