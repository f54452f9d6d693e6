/**
 * What our own blank forms ask beside the printed tables: the day and address of publication, items, letters and calls, and
 * whether the clerk has looked at the figures that a form came with. It is taken out before the tables are read.
 */
import { daysAfter } from '../../day.js';
import { type Cell, type CellKey, cellOf, type Form, formOf } from '../../form/forms.js';
import type { Engagement, PublishedGroup, PublishedItems, ReportContent } from '../../form/report.js';
import { type Doubt, doubtOf } from '../doubt.js';
import { followingOf, totalsOf } from '../prefilled.js';
import { checkWords, confirmedHeading, factHeadings } from '../printed-words.js';
import type { CellReading, TableReading } from './cell/cells.js';
import type { Piece } from './source/parts.js';
import { fold } from './source/text.js';

/** What a blank form says beside its tables; a member is null where nothing was filled in. */
export interface OwnFacts {
  readonly source: ReportContent['source'];
  readonly publishedItems: PublishedItems | null;
  readonly engagement: readonly Engagement[] | null;
  /** Whether the document is one of our forms. */
  readonly isOwn: boolean;
  /** Whether it came with figures that nobody has confirmed. */
  readonly isUnconfirmed: boolean;
  readonly doubts: readonly Doubt[];
}

/** A document's pieces without what our blank forms add, and what that says. */
export function takeOwnFacts(pieces: readonly Piece[]): {
  readonly pieces: readonly Piece[];
  readonly facts: OwnFacts;
} {
  const rows = factTable(pieces);
  const ofTable = new Set(rows.flat());
  const rest = pieces.filter((piece) => !ofTable.has(piece) && !isCheck(piece));
  return { pieces: rest, facts: { ...factsIn(rows), isOwn: rows.length > 0, isUnconfirmed: isUnconfirmed(rest) } };
}

/** What the checks beside the rows say is no text of the report. */
function isCheck({ text, position }: Piece): boolean {
  return position !== null && Object.values(checkWords).some((begin) => text.startsWith(begin));
}

/** The rows of the table of facts, from its heading on; none in other documents. */
function factTable(pieces: readonly Piece[]): Piece[][] {
  const head = pieces.find(({ text, position }) => position !== null && text.trim() === factHeadings.table);
  const at = head?.position;
  if (!at) return [];
  const rows = new Map<number, Piece[]>();
  for (const piece of pieces) {
    const { position } = piece;
    if (position?.table !== at.table || position.row < at.row) continue;
    const row = rows.get(position.row) ?? [];
    row.push(piece);
    rows.set(position.row, row);
  }
  return [...rows.values()];
}

function isUnconfirmed(pieces: readonly Piece[]): boolean {
  const at = pieces.findIndex(({ text, position }) => position !== null && text.trim() === confirmedHeading);
  const row = pieces[at]?.position?.row;
  if (row === undefined) return false;
  const said = pieces.slice(at + 1).filter(({ position, unread }) => position?.row === row && !unread);
  return !said.some(({ text }) => confirmation.test(fold(text).trim()));
}

/** What says yes: 否 and × say that nobody has checked. */
const confirmation = /^(?:是的?|对|已(?:核对|核实|确认|核)?(?:无误)?|核对无误|无误|√|✓|✔|☑|yes|y|ok)[。!.]?$/iu;

function factsIn(rows: readonly (readonly Piece[])[]): Omit<OwnFacts, 'isOwn' | 'isUnconfirmed'> {
  const doubts = rows.flatMap(rowDoubts);
  const textsUnder = (heading: string) =>
    rows
      .map((row) => row.map(({ text, unread }) => (unread && unread.kind !== 'date' ? '' : text.trim())))
      .flatMap(([head, ...texts], at) => (head === heading ? [{ texts, line: rows[at]?.[0]?.line ?? 0 }] : []));
  const single = (heading: string) => textsUnder(heading)[0]?.texts.find((text) => text !== '') ?? null;
  const groups = (heading: string) =>
    textsUnder(heading).flatMap(({ texts: [name = '', count = ''], line }): (PublishedGroup & { line: number })[] => {
      if (name !== '') return [{ name, count: readCount(count, line, doubts), line }];
      if (count !== '') doubts.push(unread(count, line));
      return [];
    });
  const day = single(factHeadings.publishedOn);
  const publishedOn = day === null ? null : readDay(day);
  if (day !== null && publishedOn === null) doubts.push(unread(day, textsUnder(factHeadings.publishedOn)[0]?.line));
  const url = single(factHeadings.url);
  const total = single(factHeadings.total);
  const plain = ({ name, count }: PublishedGroup): PublishedGroup => ({ name, count });
  const [categories, channels] = [groups(factHeadings.category).map(plain), groups(factHeadings.channel).map(plain)];
  const engagement = groups(factHeadings.engagement)
    .filter(({ count }) => count !== null)
    .map(({ name, count }): Engagement => ({ name, handled: count }));
  const hasItems = total !== null || categories.length > 0 || channels.length > 0;
  return {
    source: publishedOn === null && url === null ? null : { url, publishedOn },
    publishedItems: hasItems
      ? { total: readCount(total ?? '', textsUnder(factHeadings.total)[0]?.line ?? 0, doubts), categories, channels }
      : null,
    engagement: engagement.length > 0 ? engagement : null,
    doubts,
  };
}

const headings: readonly string[] = Object.values(factHeadings);

/** What is written in a row that the form does not have, or stands in a box and is no text. */
function rowDoubts([head, ...boxes]: readonly Piece[]): Doubt[] {
  if (!head) return [];
  if (!headings.includes(head.text.trim())) {
    const text = [head, ...boxes].map((piece) => piece.text.trim()).join(' ');
    return text.trim() === '' ? [] : [unread(text.trim(), head.line)];
  }
  const isDay = head.text.trim() === factHeadings.publishedOn;
  return boxes.flatMap((box) =>
    box.unread && !(isDay && box.unread.kind === 'date') ? [unread(box.text.trim() || head.text.trim(), box.line)] : [],
  );
}

/** A count as it is typed; a doubt where it is none. */
function readCount(text: string, line: number, doubts: Doubt[]): number | null {
  const digits = fold(text).replace(/[\s,]|[条件个次篇]$/gu, '');
  if (digits === '') return null;
  if (/^\d{1,9}$/.test(digits)) return Number(digits);
  doubts.push(unread(text, line));
  return null;
}

/** A day as it is typed, 2022-01-20 or 2022年1月20日, as YYYY-MM-DD; null for anything else. */
function readDay(text: string): string | null {
  const [, year, month, day] =
    /^(20\d\d)\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})\s?日?$/u.exec(fold(text).trim()) ?? [];
  if (!year || !month || !day) return null;
  const named = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  // 2023-02-30 is no day.
  const isNumbered = Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31;
  return isNumbered && daysAfter(named, 0) === named ? named : null;
}

function unread(text: string, line: number | undefined): Doubt {
  return doubtOf(
    'unreadable-box',
    {
      zh: `“${text.slice(0, 40)}”不是此格可填的内容，已留空。`,
      en: `“${text.slice(0, 40)}” is nothing that this box can hold; it was left blank.`,
    },
    { ...(line === undefined ? {} : { line }), text },
  );
}

/** What our form says of its tables: a program that fills in boxes and computes nothing leaves its totals empty. */
export function readOwnTables(tables: TableReading, { isOwn, isUnconfirmed: isUntouched }: OwnFacts): TableReading {
  if (!isOwn || tables.form === null) return tables;
  const form = formOf(tables.form);
  return isUntouched ? withoutPrefilled(tables, form) : withTotals(tables, form);
}

/**
 * The tables with the totals that no program computed: on our form a formula adds up the parts that are filled in. A total
 * that is blank is added up only where none of its parts is: a clerk may have emptied the box.
 */
function withTotals(tables: TableReading, form: Form): TableReading {
  const figures = [...tables.figures];
  const uncomputed = new Set(tables.doubts.flatMap((doubt) => (isUncomputed(doubt) ? doubt.cells : [])));
  const added = new Map<string, number>();
  for (const { cell, parts } of totalsOf(form)) {
    const values = parts.flatMap((part) => figures[part.cell.at] ?? []);
    const least = uncomputed.has(cell.key) ? 1 : parts.length;
    if ((figures[cell.at] ?? null) !== null || values.length < least) continue;
    const sum = values.reduce((all, value) => all + value, 0);
    figures[cell.at] = sum;
    added.set(cell.key, sum);
  }
  const totals = new Set<string>(totalsOf(form).map(({ cell }) => cell.key));
  const others = tables.doubts.filter((doubt) => !isUncomputed(doubt) || doubt.cells.some((key) => !totals.has(key)));
  return {
    ...tables,
    figures,
    cells: tables.cells.map((reading) => ({ ...reading, value: added.get(reading.cell) ?? reading.value })),
    doubts: added.size > 0 ? [...others, computedDoubt([...added.keys()])] : others,
  };
}

/** Whether a doubt is about one empty box with something in it that is no text: a formula without a value. */
function isUncomputed({ code, cells, text }: Doubt): boolean {
  return code === 'unreadable-box' && cells.length === 1 && text === '';
}

function computedDoubt(cells: readonly string[]): Doubt {
  const message = {
    zh: '保存此表的程序没有计算合计，已按各分项相加。',
    en: 'The program that saved the form did not compute these totals; they were added up from their parts.',
  };
  return doubtOf('total-computed', message, { cells });
}

/**
 * The tables of a form that nobody has confirmed: what it may have come with, zeros and what goes on from the year before,
 * is left blank with a doubt, which keeps it from being filed as it is.
 */
function withoutPrefilled(tables: TableReading, form: Form): TableReading {
  const following = new Set<CellKey>(followingOf(form).map(({ cell }) => cell.key));
  const isPrefilled = ({ cell, value }: CellReading) => value !== null && (value === 0 || following.has(cell));
  const left = tables.cells.filter(isPrefilled).map(({ cell }) => cell);
  if (left.length === 0) return tables;
  const blank = new Set(left.map((key) => cellOf(key)).map(({ at }: Cell) => at));
  return {
    ...tables,
    figures: tables.figures.map((figure, at) => (blank.has(at) ? null : figure)),
    cells: tables.cells.map((reading) => (isPrefilled(reading) ? { ...reading, value: null } : reading)),
    doubts: [
      doubtOf(
        'unconfirmed',
        {
          zh: `“${confirmedHeading}”一格未填写：表中预填的数字未经核对，按未填报处理。`,
          en: 'The box that says that the figures were checked is empty: those that the form came with are left blank.',
        },
        { cells: left, text: confirmedHeading },
      ),
      ...tables.doubts,
    ],
  };
}
