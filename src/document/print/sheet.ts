/**
 * The sheet that a writer prints, and what all printed formats share: the marks of broken equations, the sentences about
 * the agencies in a rollup, the warning on sample figures, and text without characters that a file may not contain.
 */

import { type Finding, printFigure } from '../../form/check.js';
import type { Cell, FormId, SumFigures } from '../../form/forms.js';
import type { Engagement, Narrative, PublishedItems } from '../../form/report.js';
import { isSamePart } from '../../form/same-content.js';
import { cleanText } from '../../text.js';
import type { Label } from '../../words.js';
import { readStated } from '../read/prose/prose.js';
import { readStatement, writeEngagement, writeItems } from '../statement.js';
import { sectionHeadings } from './layout.js';

/** The agencies that the figures of a rollup include, and those that are missing. */
export interface CoverageNote {
  /** The kinds of agencies that it adds up. */
  readonly kinds: readonly Label[];
  /** Agencies that must report for the year. */
  readonly expected: number;
  /** How many of them reported. */
  readonly reported: number;
  /** How many did not report, and the names of some or all of them. */
  readonly missing: {
    readonly count: number;
    readonly agencies: readonly { readonly code: string; readonly name: string }[];
  };
}

/** A report or a rollup to print. */
export interface Sheet {
  readonly form: FormId;
  /** Counts, amounts in 分, null where the box is blank; a cell that is absent prints blank. */
  readonly figures: SumFigures;
  readonly title: Label;
  readonly year: number;
  /** Lines printed under the title: the agency, the date, the revision. */
  readonly subtitle: readonly Label[];
  /** The text of the six sections; null prints only their headings. */
  readonly narrative: Narrative | null;
  /** What was filed beside the text, of one report: printed under section one where the text does not say it. */
  readonly publishedItems?: PublishedItems | null;
  readonly engagement?: readonly Engagement[] | null;
  readonly findings: readonly Finding[];
  /** Null for the report of one agency. */
  readonly coverage: CoverageNote | null;
  /** Invented figures, to be printed with a warning. */
  readonly sample: boolean;
}

/** The mark of a cell: an equation is about it (`about`), or the cell is a part of an equation (`part`). */
export interface Mark {
  readonly role: 'about' | 'part';
  readonly message: Label;
  readonly codes: readonly string[];
}

/** The warning printed on invented figures. */
export const sampleWarning: Label = { zh: '示例数据', en: 'sample figures' };

/** The title that the notices prescribe for the report of an agency. */
export function reportTitle(agency: string, year: number): Label {
  return {
    zh: `${agency}${year}年政府信息公开工作年度报告`,
    en: `${agency}: annual report on government information disclosure, ${year}`,
  };
}

/** The cells of the findings, each with its mark. */
export function markCells(findings: readonly Finding[]): ReadonlyMap<string, Mark> {
  const marks = new Map<string, Mark>();
  for (const finding of findings) {
    // A finding that compares nothing (a blank table) marks no cell.
    const parts = finding.difference === null ? [] : finding.cells;
    const about = finding.cells.find((key) => finding.pointer === `/figures/${key.replaceAll('.', '/')}`);
    for (const key of new Set(about === undefined ? parts : [about, ...parts])) {
      marks.set(key, addFinding(marks.get(key), finding, key === about ? 'about' : 'part'));
    }
  }
  return marks;
}

function addFinding(mark: Mark | undefined, finding: Finding, role: Mark['role']): Mark {
  if (!mark) return { role, message: finding.message, codes: [finding.code] };
  return {
    role: mark.role === 'about' ? 'about' : role,
    message: { zh: mark.message.zh + finding.message.zh, en: `${mark.message.en} ${finding.message.en}` },
    codes: [...new Set([...mark.codes, finding.code])],
  };
}

/** The figure of a cell as text in its printed unit: blank is '', zero is '0'. */
export function printCell(sheet: Sheet, cell: Cell): string {
  return String(printFigure(cell, sheet.figures[cell.at] ?? null) ?? '');
}

/** The six sections in printed order, each with its heading and the paragraphs of its text. */
export function sectionsOf(sheet: Sheet) {
  return sectionHeadings.map(({ number, key, label }) => {
    const paragraphs = paragraphsOf(sheet.narrative?.[key] ?? '');
    return { number, label, paragraphs: number === 1 ? [...paragraphs, ...statementLines(sheet)] : paragraphs };
  });
}

/** Lines for what was filed beside the text, where reading the text would give something else; none where nothing is known of it. */
function statementLines({ publishedItems, engagement, narrative, year }: Sheet): string[] {
  const overview = paragraphsOf(narrative?.overview ?? '');
  const two = paragraphsOf(narrative?.proactiveDisclosure ?? '');
  const read = readStated({ overview: overview.join('\n'), proactiveDisclosure: two.join('\n') }, year);
  // A last line that looks like one of ours is followed by both, so that it stays what it is.
  const isLikeOurs = readStatement(overview.at(-1) ?? '') !== undefined;
  const isToBeSaid = (own: TextContent, found: TextContent) =>
    own !== undefined && (isLikeOurs || !isSamePart(own ?? null, found ?? null));
  return [
    ...(isToBeSaid(publishedItems, read.publishedItems) ? [writeItems(publishedItems ?? null)] : []),
    ...(isToBeSaid(engagement, read.engagement) ? [writeEngagement(engagement ?? null)] : []),
  ];
}

type TextContent = Sheet['publishedItems'] | Sheet['engagement'];

/** The sentences about the agencies that a rollup includes and those that are missing; none for one report. */
export function coverageLines(coverage: CoverageNote | null): Label[] {
  if (!coverage) return [];
  const { kinds, expected, reported, missing } = coverage;
  const lines: Label[] = [
    {
      zh: `汇总范围：${kinds.map((kind) => kind.zh).join('、')}。应报${expected}个，已报${reported}个，未报${missing.count}个。`,
      en: `Includes: ${kinds.map((kind) => kind.en).join(', ')}. ${reported} of ${expected} reported, ${missing.count} missing.`,
    },
  ];
  if (missing.count === 0) return lines;
  const names = missing.agencies.map(({ code, name }) => ({ zh: `${name}（${code}）`, en: `${name} (${code})` }));
  const more = missing.count - names.length;
  lines.push({
    zh: `未报机关：${names.map((name) => name.zh).join('、')}${more > 0 ? `等${missing.count}个` : ''}。`,
    en: `Missing: ${names.map((name) => name.en).join(', ')}${more > 0 ? ` and ${more} more` : ''}.`,
  });
  return lines;
}

/** The findings as printed sentences, each with its code. */
export function findingLines(findings: readonly Finding[]): Label[] {
  return findings.map(({ code, message }) => ({ zh: `〔${code}〕${message.zh}`, en: `[${code}] ${message.en}` }));
}

function paragraphsOf(text: string): string[] {
  return cleanText(text)
    .split(/\r\n|[\r\n\u2028\u2029]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
