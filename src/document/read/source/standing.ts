/**
 * What stands on a page, in one notion for Word, HTML and Excel: what is struck through, hidden, deleted or a reading
 * guide is not there; what is raised or lowered is a note beside the text; what is no text is named.
 */
import type { Label } from '../../../words.js';

/** Something in a cell that a person sees and that is not its text as it stands; `at` is the cell's address in a workbook. */
export interface Unread {
  readonly kind: UnreadKind;
  readonly at?: string;
}

/** What can be in a cell beside text, and how a number can be shown as something else. */
export const unreadKinds = {
  picture: { zh: '图片', en: 'a picture' },
  equation: { zh: '公式编辑器的算式', en: 'an equation' },
  input: { zh: '输入控件', en: 'a field for input' },
  object: { zh: '嵌入对象', en: 'an embedded object' },
  symbol: { zh: '符号字体的字符', en: 'a character of a symbol font' },
  table: { zh: '嵌套的表格', en: 'a table of its own' },
  overrun: { zh: '越过边框的数字', en: 'digits that run over its border' },
  uncalculated: { zh: '没有计算结果的公式', en: 'a formula without a stored value' },
  date: { zh: '日期', en: 'a date' },
  logical: { zh: '逻辑值', en: 'a logical value' },
  error: { zh: '错误值', en: 'an error' },
  percentage: { zh: '百分比', en: 'a percentage' },
  scaled: { zh: '按比例缩小显示的数', en: 'a number that is shown scaled' },
  worded: { zh: '显示时带有其他文字或数字的数', en: 'a number that is shown with other words or digits' },
  zeroless: { zh: '设为不显示的零', en: 'a zero that is not shown' },
} as const satisfies Readonly<Record<string, Label>>;

/** The name of what is in a cell beside text. */
export type UnreadKind = keyof typeof unreadKinds;

/**
 * A text that is raised or lowered beside another, in brackets if it has digits: 23 with a raised 1 is 23(1), as it would be
 * of the character ¹, and not 231.
 */
export function besideText(text: string): string {
  const raised = text.trim();
  return !/\p{N}/u.test(raised) || /^[([（〔【［].*[)\]）〕】］]$/u.test(raised) ? raised : `(${raised})`;
}

/** A text as it grows, of which some is raised. Ends a raised piece where text on the line follows it. */
export interface GrowingText {
  add(text: string, isRaised: boolean): void;
  /** The text so far; a new one begins. */
  take(): string;
}

/** Begins a text. */
export function growText(): GrowingText {
  let [text, raised] = ['', ''];
  const settle = () => {
    if (raised !== '') text += besideText(raised);
    raised = '';
  };
  return {
    add(more, isRaised) {
      if (isRaised) raised += more;
      else if (more !== '') {
        settle();
        text += more;
      }
    },
    take() {
      settle();
      const whole = text;
      text = '';
      return whole;
    },
  };
}

/** A reading guide is an equation that sets it above its text: `EQ \\* jc2 ... \\o\\ad(\\s\\up 9(guide),text)`. */
const guidedText =
  /^\s*EQ\s+\\\*\s*jc\d.*\\o\s?(?:\\a[dclr])?\s?\(\\s\s?\\up\s?\d+\([^()]*\)\s?[,;，；]([^()]*)\)\s*$/iu;

/** The longest code of a field that is looked at. */
export const maxFieldCode = 500;

/** What is seen of a field of Word that has no result, by its code: a text, or what is no text; undefined for nothing. */
export function seenOfField(code: string): { readonly text: string } | { readonly kind: UnreadKind } | undefined {
  // An equation is drawn from its code.
  const text = guidedText.exec(code)?.[1];
  if (text !== undefined) return { text };
  if (/^\s*EQ\s/i.test(code)) return { kind: 'equation' };
  if (/^\s*=/.test(code)) return { kind: 'uncalculated' };
  return /^\s*FORM/i.test(code) ? { kind: 'input' } : undefined;
}
