/**
 * OpenDocument files, text (.odt) and sheets (.ods), into pieces, as they stand. Formulas, macros, links and remarks are left
 * alone. What a file is, its first entry says, and not its name.
 */
import { Problem } from '../../../../problem.js';
import { cleanText } from '../../../../text.js';
import { addGrid } from '../grid.js';
import { collectParts, type Parts, type PartsBuilder } from '../parts.js';
import type { UnreadKind } from '../standing.js';
import type { Archive, XmlHandler } from '../zip.js';
import { type OdfStyles, readOdfStyles } from './odf-styles.js';
import { closeInTable, type OpenTable, openInTable, openTable } from './odf-tables.js';
import { followText, type OdfText } from './odf-text.js';

/** What an OpenDocument file is; undefined for an archive that is none. */
export async function findOdfKind(archive: Archive): Promise<'text' | 'spreadsheet' | undefined> {
  let type = '';
  await archive.parse('mimetype', {
    open() {},
    close() {},
    text(text) {
      if (type.length < 200) type += text;
    },
  });
  const kind = /^\s*application\/vnd\.oasis\.opendocument\.(text|spreadsheet)(?:-template|-master)?\s*$/.exec(
    type,
  )?.[1];
  return kind === 'text' || kind === 'spreadsheet' ? kind : undefined;
}

/** Splits an opened OpenDocument file into parts; throws `invalid-document` when it has a password or no content. */
export async function readOdf(archive: Archive): Promise<Parts> {
  await refuseEncrypted(archive);
  const parts = collectParts();
  const state: State = { parts, styles: await readOdfStyles(archive), tables: [], sheets: [] };
  const text = followText(state.styles, {
    line: (line) => addLine(state, line),
    content: (kind) => addContent(state, kind),
  });
  if (!(await archive.parse('content.xml', handlerFor(state, text)))) {
    throw new Problem('invalid-document', {
      zh: '压缩文件中没有 OpenDocument 的内容。',
      en: 'The archive has no content of an OpenDocument file.',
    });
  }
  addSheets(state);
  return parts.finish(null);
}

/** Each part of a file with a password says in the list of parts how it is encrypted. */
async function refuseEncrypted(archive: Archive): Promise<void> {
  await archive.parse('META-INF/manifest.xml', {
    open(name) {
      if (name !== 'manifest:encryption-data') return;
      throw new Problem('invalid-document', {
        zh: '文件有密码保护，无法读取。',
        en: 'The file is protected by a password.',
      });
    },
    close() {},
    text() {},
  });
}

interface State {
  readonly parts: PartsBuilder;
  readonly styles: OdfStyles;
  /** Open tables, the innermost last. */
  readonly tables: OpenTable[];
  /** The tables of a workbook, which are added once it is known how many there are. */
  readonly sheets: OpenTable[];
}

function handlerFor(state: State, text: OdfText): XmlHandler {
  let isSheet = false;
  return {
    open(name, attributes) {
      if (name === 'office:spreadsheet') isSheet = true;
      text.open(name, attributes);
      if (text.isGone()) return;
      const table = state.tables.at(-1);
      if (name === 'table:table') state.tables.push(openTable(attributes));
      else if (table && openInTable(table, state.styles, name, attributes)) text.within(table.cell?.marks ?? {});
    },
    close(name) {
      const wasGone = text.isGone();
      text.close(name);
      const table = state.tables.at(-1);
      if (wasGone || !table) return;
      if (name !== 'table:table') closeInTable(table, name);
      else endTable(state, isSheet);
      if (name === 'table:table' || name.endsWith('-cell')) text.within(state.tables.at(-1)?.cell?.marks ?? {});
    },
    text: text.text,
  };
}

function addLine(state: State, line: string): void {
  const table = state.tables.at(-1);
  if (table?.cell) table.cell.lines.push(line);
  else if (!table && line.trim() !== '') state.parts.addLine(line.trim());
}

function addContent(state: State, kind: UnreadKind): void {
  if (kind === 'picture') state.parts.addPicture();
  const cell = state.tables.at(-1)?.cell;
  if (cell) cell.unread ??= { kind };
}

/** A table inside a cell with one text in it is that text; any other is read before the table around it. */
function endTable(state: State, isSheet: boolean): void {
  const table = state.tables.pop();
  if (!table) return;
  const outer = state.tables.at(-1)?.cell;
  const [only, ...others] = [...table.grid.cells.values()].flatMap((cells) => [...cells.values()]);
  if (outer && only && others.length === 0) {
    outer.lines.push(only.text);
    outer.unread ??= only.unread;
    return;
  }
  if (outer && only) outer.unread ??= { kind: 'table' };
  if (isSheet && !outer) state.sheets.push(table);
  else addGrid(state.parts, withoutAddresses(table).grid);
}

/** Only the cells of sheets have addresses that a person sees. */
function withoutAddresses(table: OpenTable): OpenTable {
  renameCells(table, () => undefined);
  return table;
}

/** Adds the sheets of a workbook; where there are several, an address has the name of its sheet before it. */
function addSheets({ parts, sheets }: State): void {
  for (const sheet of sheets) {
    if (sheets.length > 1) renameCells(sheet, (at) => `${cleanText(sheet.name).slice(0, 100)}!${at}`);
    addGrid(parts, sheet.grid);
  }
}

function renameCells({ grid }: OpenTable, rename: (at: string) => string | undefined): void {
  for (const cells of grid.cells.values()) {
    for (const [column, { text, unread }] of cells) {
      if (!unread) continue;
      const at = rename(unread.at ?? '');
      cells.set(column, { text, unread: { kind: unread.kind, ...(at !== undefined && { at }) } });
    }
  }
}
