/**
 * What a revision says, as it is kept: a short text with boxes by number and without the names of members. Its hash is
 * that of the full text, so that what says the same has the same hash however it is kept.
 */

import { hash } from 'node:crypto';
import { makeZeroFigures } from '../form/figures.js';
import { allCells, type FormId, formOf } from '../form/forms.js';
import type { ReportContent } from '../form/report.js';
import type { TextPart } from '../form/same-content.js';
import { cellColumns } from './columns.js';
import { figureColumns } from './engine/migrate.js';

/** A report's content as it is kept, and the hash of its full text: what says the same has the same hash. */
export interface EncodedContent {
  readonly text: string | null;
  readonly hash: string;
}

/** What a withdrawal says: nothing. */
export const withdrawnContent: EncodedContent = { text: null, hash: '' };

/** The number by which a box is kept, by its place in `allCells`: of its column, which no later version moves. */
const numbers: readonly number[] = cellColumns.map((column) => figureColumns.indexOf(column));
const placesOfNumbers = new Map(numbers.map((number, at) => [number, at]));
const keysOfNumbers = new Map(allCells.map(({ key, at }) => [numbers[at], key]));

/**
 * How objects of some kind are kept: as a list of their values where they have just the members of one of the lists, which
 * differ in length, else with their names. Nothing is lost either way.
 */
interface Shape {
  readonly names: readonly (readonly string[])[];
  /** Members that hold lists of objects. */
  readonly lists?: Readonly<Record<string, Shape>>;
}

const group: Shape = {
  names: [
    ['name', 'count'],
    ['name', 'count', 'share'],
    ['name', 'count', 'share', 'note'],
  ],
};
const publishedItems: Shape = {
  names: [
    ['total', 'categories', 'channels'],
    ['total', 'categories', 'channels', 'complete'],
    ['total', 'categories', 'channels', 'complete', 'note'],
  ],
  lists: { categories: group, channels: group },
};
const engagement: Shape = {
  names: [
    ['name', 'handled'],
    ['name', 'handled', 'replyRate'],
    ['name', 'handled', 'replyRate', 'note'],
  ],
};
const narrative: Shape = {
  names: [
    ['overview'],
    ['overview', 'otherMatters'],
    ['overview', 'proactiveDisclosure', 'applications', 'appeals', 'problems', 'otherMatters'],
  ],
};
const source: Shape = { names: [['publishedOn'], ['url', 'publishedOn']] };

/** An object as it is kept: with its names, or its values alone. */
type Kept = { readonly [name: string]: unknown } | readonly unknown[];

/** The short text of a content, and the hash of its full one. */
export function encodeContent(content: ReportContent): EncodedContent {
  return { text: shortTextOf(content), hash: hash('sha256', fullTextOf(content)) };
}

/**
 * A content as canonical JSON: members in one order, only the figures that are not zero (nine in ten are), blanks as
 * null. A cell of the form that is not named is zero.
 */
export function fullTextOf(content: ReportContent): string {
  let figures = '';
  for (const { key, at } of formOf(content.form).cells) {
    const value = content.figures[at] ?? null;
    if (value !== 0) figures += `${figures === '' ? '' : ','}"${key}":${value}`;
  }
  const { publishedItems, engagement, narrative, source } = content;
  return fullText(content.form, figures, { publishedItems, engagement, narrative, source });
}

function fullText(form: string, figures: string, rest: object): string {
  return `{"form":"${form}","figures":{${figures}},${JSON.stringify(rest).slice(1)}`;
}

function shortTextOf(content: ReportContent): string {
  const figures: (number | null)[] = [];
  for (const { at } of formOf(content.form).cells) {
    const value = content.figures[at] ?? null;
    if (value !== 0) figures.push(numbers[at] ?? -1, value);
  }
  return JSON.stringify([
    content.form,
    figures,
    shorten(content.publishedItems, publishedItems),
    content.engagement?.map((one) => shorten(one, engagement)) ?? null,
    shorten(content.narrative, narrative),
    shorten(content.source, source),
  ]);
}

function shorten(object: object | null, { names, lists }: Shape): Kept | null {
  if (object === null) return null;
  const entries: [string, unknown][] = [];
  for (const [name, value] of Object.entries(object)) {
    const shape = lists?.[name];
    if (shape) entries.push([name, value.map((one: object) => shorten(one, shape))]);
    else if (value !== undefined) entries.push([name, value]);
  }
  const known = names.find(({ length }) => length === entries.length);
  if (!known || entries.some(([name], place) => name !== known[place])) return Object.fromEntries(entries);
  return entries.map(([, value]) => value);
}

/** The hash of the full text of a content that is kept; undefined where the text is no such content. */
export function hashOfContent(text: string): string | undefined {
  try {
    // What it is instead, where it was damaged, is found by the failure.
    const [form, kept, ...rest] = JSON.parse(text) as ShortContent;
    let figures = '';
    for (let place = 0; place < kept.length; place += 2) {
      figures += `${place === 0 ? '' : ','}"${keysOfNumbers.get(kept[place] ?? -1)}":${kept[place + 1]}`;
    }
    return hash('sha256', fullText(form, figures, restoreRest(rest)));
  } catch {
    return undefined;
  }
}

/** Reads a content as `encodeContent` wrote it. Throws where the text is no such content. */
export function decodeContent(text: string): ReportContent {
  // The text was written by encodeContent and the row cannot be changed.
  const [form, kept, ...rest] = JSON.parse(text) as ShortContent;
  const figures = makeZeroFigures(formOf(form));
  for (let place = 0; place < kept.length; place += 2) {
    const at = placesOfNumbers.get(kept[place] ?? -1);
    if (at !== undefined) figures[at] = kept[place + 1] ?? null;
  }
  return { form, figures, ...restoreRest(rest) };
}

/** What a content says beside its figures, for who has these from elsewhere. */
export function decodeTexts(text: string): Pick<ReportContent, TextPart> {
  const [, , ...rest] = JSON.parse(text) as ShortContent;
  return restoreRest(rest);
}

type ShortContent = readonly [form: FormId, figures: readonly (number | null)[], ...rest: ShortRest];
type ShortRest = readonly [
  publishedItems: Kept | null,
  engagement: readonly Kept[] | null,
  narrative: Kept | null,
  source: Kept | null,
];

function restoreRest([items, channels, texts, from]: ShortRest): Omit<ReportContent, 'form' | 'figures'> {
  // What was kept were the members of a content, and each has its name again.
  return {
    publishedItems: restore(items, publishedItems),
    engagement: channels?.map((one) => restore(one, engagement)) ?? null,
    narrative: restore(texts, narrative),
    source: restore(from, source),
  } as Omit<ReportContent, 'form' | 'figures'>;
}

function restore(kept: Kept | null, { names, lists }: Shape): object | null {
  if (kept === null) return null;
  const known = names.find(({ length }) => length === kept.length) ?? [];
  const entries = Array.isArray(kept) ? known.map((name, place) => [name, kept[place]] as const) : Object.entries(kept);
  const object: Record<string, unknown> = {};
  for (const [name, value] of entries) {
    const shape = lists?.[name];
    // Shortened, each member of such a list was one of its objects.
    object[name] = shape ? (value as readonly Kept[]).map((one) => restore(one, shape)) : value;
  }
  return object;
}
