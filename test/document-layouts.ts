/**
 * Writes reports the ways they are met in published documents, for the reader's tests: a grid as the notices
 * print it, rendered in every layout. Nothing here is shared with the product's own writers, so that a mistake
 * in one is not made twice.
 */
import fc from 'fast-check';
import './seed.js';
import { formatAmount } from '../src/form/amount.js';
import type { NamedFigures } from '../src/form/figures.js';
import { type Cell, type Form, type FormId, formOf, forms } from '../src/form/forms.js';
import type { Column, Row, Table } from '../src/form/vocabulary.js';

/** A box of a printed table. `value` marks a figure; null text is a blank box. */
interface GridCell {
  readonly text: string | null;
  readonly rows?: number;
  readonly columns?: number;
  readonly value?: true;
}

/** A row of a printed table; `head` rows are repeated when a table breaks over pages, `key` names a row of figures. */
interface GridRow {
  readonly cells: readonly GridCell[];
  readonly head?: true;
  readonly key?: string;
}

/** A report in print: text and tables in order. */
export interface PrintedReport {
  readonly title: string;
  readonly parts: readonly (string | readonly GridRow[])[];
}

const plain = (text: string, rows = 1, columns = 1): GridCell => ({ text, rows, columns });

/** The printed form with the figures in it. */
export function printReport({ form: id, figures }: Sample, year: number): PrintedReport {
  const form = formOf(id);
  const table = (key: string): Table => form.tables.find((candidate) => candidate.key === key) as Table;
  const values = (owner: Table, row: Row): GridCell[] =>
    owner.columns.map((column) => ({
      text: figureText(form, figures, `${owner.key}.${row.key}.${column.key}`),
      value: true,
    }));
  const small = form.tables.filter(({ section }) => section === 2);
  return {
    title: `虚构乡${year}年政府信息公开工作年度报告`,
    parts: [
      `本报告由总体情况、主动公开政府信息情况、其他需要报告的事项等六部分组成。数据统计期限为${year}年1月1日至${year}年12月31日。`,
      '一、总体情况',
      '全年主动公开政府信息30条，其中：政策文件类10条，占比33.3%；工作动态类20条，占比66.7%。受理12345热线工单7件，办结率100%。',
      '二、主动公开政府信息情况',
      small.flatMap((owner) => articleRows(owner, values)),
      '三、收到和处理政府信息公开申请情况',
      applicationRows(table('applications'), values),
      '四、政府信息公开行政复议、行政诉讼情况',
      appealRows(table('appeals'), values),
      '五、存在的主要问题及改进情况',
      '存在以下问题：一、更新不够及时；二、宣传不够到位。行政处罚3件、行政许可5件已全部公示。',
      '六、其他需要报告的事项',
      '无其他事项。',
    ],
  };
}

function figureText(form: Form, figures: NamedFigures, key: string): string | null {
  const cell = form.cells.find((candidate) => candidate.key === key) as Cell;
  const value = figures[key] ?? null;
  if (value === null) return null;
  return cell.kind === 'amount' ? formatAmount(value, cell.unit) : String(value);
}

type Values = (owner: Table, row: Row) => GridCell[];

function articleRows(owner: Table, values: Values): GridRow[] {
  const articles = [...new Set(owner.rows.map((row) => row.article?.zh ?? ''))];
  return articles.flatMap((article): GridRow[] => [
    { cells: [plain(article, 1, owner.columns.length + 1)] },
    { head: true, cells: [plain('信息内容'), ...owner.columns.map((column) => plain(column.label.zh))] },
    ...owner.rows
      .filter((row) => row.article?.zh === article)
      .map((row) => ({ key: `${owner.key}.${row.key}`, cells: [plain(row.label.zh), ...values(owner, row)] })),
  ]);
}

function applicationRows(owner: Table, values: Values): GridRow[] {
  const outer: GridCell[] = [];
  const inner: GridCell[] = [];
  for (const column of owner.columns as readonly Column[]) {
    const [over] = column.under ?? [];
    if (!over) outer.push(plain(column.label.zh, 2));
    else if (inner.length === 0) outer.push(plain(over.zh, 1, owner.columns.filter(({ under }) => under).length));
    if (over) inner.push(plain(column.label.zh));
  }
  const head: GridRow[] = [
    { head: true, cells: [plain(owner.note?.zh ?? '', 3, 3), plain('申请人情况', 1, owner.columns.length)] },
    { head: true, cells: outer },
    { head: true, cells: inner },
  ];
  const started = new Set<string>();
  const rows = owner.rows.map((row): GridRow => {
    const groups = (row.under ?? []).filter(({ zh }) => !started.has(zh));
    for (const { zh } of groups) started.add(zh);
    const over = groups.map(({ zh }) =>
      plain(zh, owner.rows.filter(({ under }) => under?.some((label) => label.zh === zh)).length),
    );
    const label = plain(row.label.zh, 1, 3 - (row.under?.length ?? 0));
    return { key: `${owner.key}.${row.key}`, cells: [...over, label, ...values(owner, row)] };
  });
  return [...head, ...rows];
}

function appealRows(owner: Table, values: Values): GridRow[] {
  const columns = owner.columns.map((column) => plain(column.label.zh));
  const [first, ...litigation] = owner.rows as readonly Row[];
  return [
    {
      head: true,
      cells: [plain(first?.label.zh ?? '', 1, 5), plain(litigation[0]?.under?.[0]?.zh ?? '', 1, 10)],
    },
    {
      head: true,
      cells: [...columns.map((cell) => ({ ...cell, rows: 2 })), ...litigation.map((row) => plain(row.label.zh, 1, 5))],
    },
    { head: true, cells: litigation.flatMap(() => columns) },
    { key: owner.key, cells: owner.rows.flatMap((row) => values(owner, row)) },
  ];
}

/** How a layout writes a report; `keepsBlanks` is false where a blank box leaves no trace in it. */
export interface Layout {
  readonly name: string;
  readonly mediaType: string;
  readonly keepsBlanks: boolean;
  write(report: PrintedReport): string;
}

const isText = (part: string | readonly GridRow[]): part is string => typeof part === 'string';

/** The columns of a row with the spans written out, as converters to Markdown do. */
function spread(cells: readonly GridCell[]): string[] {
  return cells.flatMap(({ text, columns = 1 }) => [text ?? '', ...Array.from({ length: columns - 1 }, () => '')]);
}

function linesOf(report: PrintedReport, row: (cells: readonly GridCell[]) => string, between: string): string {
  const parts = report.parts.map((part) =>
    isText(part) ? `${part}\n` : `${part.map(({ cells }) => row(cells)).join(between)}\n`,
  );
  return [report.title, '', ...parts].join('\n');
}

/** 商业⏎企业: the template itself breaks its narrow headings over two lines. */
function broken(text: string): string {
  return text.length === 4 && /^\p{Script=Han}+$/u.test(text) ? `${text.slice(0, 2)}\n${text.slice(2)}` : text;
}

function page(report: PrintedReport, cell: (cell: GridCell) => string, paragraph: (text: string) => string): string {
  const parts = report.parts.map((part) =>
    isText(part)
      ? paragraph(part)
      : `<table>${part.map(({ cells }) => `<tr>${cells.map(cell).join('')}</tr>`).join('\n')}</table>`,
  );
  return `<!doctype html><html><head><meta charset="utf-8"><title>${report.title}-某县政府网</title></head><body><div>首页 | 公开</div><h1>${report.title}</h1>${parts.join('\n')}</body></html>`;
}

function spans({ rows = 1, columns = 1 }: GridCell): string {
  return `${rows > 1 ? ` rowspan="${rows}"` : ''}${columns > 1 ? ` colspan="${columns}"` : ''}`;
}

/** Every layout of text and markup. */
export const layouts: readonly Layout[] = [
  {
    name: 'one cell a line',
    mediaType: 'text/plain',
    keepsBlanks: true,
    write: (report) =>
      linesOf(
        report,
        (cells) =>
          cells
            .map(({ text, value }) => `\t${text === null ? '\u3000' : value ? ` ${text}` : broken(text)}`)
            .join('\n'),
        '\n\t\n',
      ),
  },
  {
    name: 'one cell a line, an empty line between any two',
    mediaType: 'text/plain',
    keepsBlanks: true,
    write: (report) => linesOf(report, (cells) => cells.map(({ text }) => text ?? '\u00a0').join('\n\n'), '\n\n'),
  },
  {
    name: 'pipes alone on their lines',
    mediaType: 'text/plain',
    keepsBlanks: true,
    write: (report) =>
      linesOf(report, (cells) => cells.map(({ text }) => `|\n${broken(text ?? '')}`).join('\n'), '\n').replace(
        /\n{2,}(?=[^|])/g,
        '\n|\n',
      ),
  },
  {
    name: 'pipes alone on their lines, one at each end of a row',
    mediaType: 'text/plain',
    keepsBlanks: false,
    write: (report) => linesOf(report, (cells) => `|\n${cells.map(({ text }) => text ?? '').join('\n|\n')}\n|`, '\n'),
  },
  {
    name: 'a pipe and a cell a line',
    mediaType: 'text/plain',
    keepsBlanks: false,
    write: (report) => linesOf(report, (cells) => cells.map(({ text }) => `| ${text ?? ''}`).join('\n'), '\n'),
  },
  {
    name: 'a cell and a pipe a line, merged cells padded with empty pipes',
    mediaType: 'text/plain',
    keepsBlanks: false,
    write: (report) =>
      [report.title, '', ...report.parts.map((part) => (isText(part) ? `${part}\n` : paddedRows(part)))].join('\n'),
  },
  {
    name: 'cells between pipes, spans lost',
    mediaType: 'text/plain',
    keepsBlanks: true,
    write: (report) => linesOf(report, (cells) => `${cells.map(({ text }) => text ?? ' ').join(' | ')} |`, '\n'),
  },
  {
    name: 'hundreds of empty pipes',
    mediaType: 'text/plain',
    keepsBlanks: false,
    write: (report) =>
      linesOf(report, (cells) => `| | | ${cells.map(({ text }) => `${text ?? ' '} | | `).join('| ')}| |`, '\n'),
  },
  {
    name: 'Markdown tables, spans written out',
    mediaType: 'text/markdown',
    keepsBlanks: true,
    write: (report) =>
      [
        `# ${report.title}`,
        ...report.parts.map((part) =>
          isText(part)
            ? `\n${part}\n`
            : part
                .map(({ cells }, index) => `| ${spread(cells).join(' | ')} |${index === 0 ? '\n|---|---|' : ''}`)
                .join('\n'),
        ),
      ].join('\n'),
  },
  {
    name: 'many small Markdown tables',
    mediaType: 'text/markdown',
    keepsBlanks: true,
    write: (report) =>
      [`# ${report.title}`, ...report.parts.map((part) => (isText(part) ? `\n## ${part}\n` : smallTables(part)))].join(
        '\n',
      ),
  },
  {
    name: 'tabs',
    mediaType: 'text/plain',
    keepsBlanks: true,
    write: (report) => linesOf(report, (cells) => cells.map(({ text }) => text ?? '').join('\t'), '\n'),
  },
  {
    name: 'published HTML',
    mediaType: 'text/html',
    keepsBlanks: true,
    write: (report) =>
      page(
        report,
        (cell) =>
          `<td${spans(cell)}><p>${cell.text === null ? '&nbsp;' : broken(cell.text).replace('\n', '<br>')}</p></td>`,
        (text) => `<p>${text}</p>`,
      ),
  },
  {
    name: 'HTML from Word',
    mediaType: 'text/html',
    keepsBlanks: true,
    write: (report) =>
      page(
        report,
        (cell) =>
          `<td width=64 valign=top${spans(cell)} style='border:solid 1.0pt'><p class=MsoNormal>${[...(cell.text ?? '\u00a0')].map((character) => `<span lang=EN-US>${character === '\u00a0' ? '&nbsp;' : character}</span>`).join('')}<o:p> </o:p></p></td>`,
        (text) => `<p class=MsoNormal><b><span>${text}</span></b><o:p></o:p></p>`,
      ),
  },
  {
    name: 'HTML inside a layout table',
    mediaType: 'text/html',
    keepsBlanks: true,
    write: (report) =>
      page(
        report,
        (cell) => `<td${spans(cell)}>${cell.text ?? ''}</td>`,
        (text) => `<p>${text}</p>`,
      )
        .replace('<body>', '<body><table><tr><td>导航</td><td>')
        .replace('</body>', '</td></tr></table></body>'),
  },
  {
    name: 'flattened into one line',
    mediaType: 'text/plain',
    keepsBlanks: false,
    write: (report) =>
      [
        report.title,
        ...report.parts.map((part) =>
          isText(part) ? part : part.map(({ cells }) => cells.map(({ text }) => text ?? '').join(' ')).join(' '),
        ),
      ].join(' '),
  },
  {
    name: 'a table row a line, spaces between',
    mediaType: 'text/plain',
    keepsBlanks: false,
    write: (report) => linesOf(report, (cells) => cells.map(({ text }) => text ?? '').join('  '), '\n'),
  },
];

/** The rows of a table, each cell on a line before its pipe, and after the last one a pipe for every column that it lacks. */
function paddedRows(rows: readonly GridRow[]): string {
  const widest = Math.max(...rows.map(({ cells }) => cells.length));
  const lines = rows.flatMap(({ cells }) => {
    const padding = '|'.repeat(widest - cells.length);
    return cells.map(({ text }, at) => `${text ?? ''} |${at === cells.length - 1 && padding ? ` ${padding}` : ''}`);
  });
  return `${lines.join('\n')}\n`;
}

/** Tables three and four cut into pieces of three rows, each under the whole head, written without spans. */
function smallTables(rows: readonly GridRow[]): string {
  const head = rows.filter((row) => row.head);
  const body = rows.filter((row) => !row.head);
  const isSmall = head.length === 0 || body.some((row) => row.key === undefined);
  if (isSmall) return rows.map(({ cells }) => `| ${cells.map(({ text }) => text ?? '').join(' | ')} |`).join('\n');
  const pieces: string[] = [];
  for (let from = 0; from < body.length; from += 3) {
    const part = [...head, ...body.slice(from, from + 3)];
    pieces.push(part.map(({ cells }) => `| ${cells.map(({ text }) => text ?? '').join(' | ')} |`).join('\n'));
  }
  return pieces.join('\n\n');
}

/** A report that fulfils every equation of its form, with some boxes blank. */
export interface Sample {
  readonly form: FormId;
  readonly figures: NamedFigures;
}

const count = fc.oneof(
  { weight: 6, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 30 }) },
  fc.integer({ min: 0, max: 4000 }),
);

/** Balanced reports on any form; `blanks` is the most boxes left blank. */
export function balancedReports(blanks: number): fc.Arbitrary<Sample> {
  return fc.constantFrom(...forms).chain((form) =>
    fc
      .record({
        numbers: fc.array(count, { minLength: form.cells.length, maxLength: form.cells.length }),
        blank: fc.subarray(
          form.cells.map(({ key }) => key),
          { maxLength: blanks },
        ),
      })
      .map(({ numbers, blank }) => {
        const figures = balance(form, numbers);
        return { form: form.id, figures: { ...figures, ...Object.fromEntries(blank.map((key) => [key, null])) } };
      }),
  );
}

/** Fills a form with numbers and then sets what its equations determine. */
export function balance(form: Form, numbers: readonly number[]): Record<string, number> {
  const figures: Record<string, number> = Object.fromEntries(
    form.cells.map((cell, index) => [
      cell.key,
      cell.kind === 'amount' ? (numbers[index] ?? 0) * 12_345 : (numbers[index] ?? 0),
    ]),
  );
  const at = (row: string, column: string): number => figures[`applications.${row}.${column}`] ?? 0;
  const applications = form.tables.find(({ key }) => key === 'applications') as Table;
  const parts = applications.columns.slice(0, -1).map(({ key }) => key);
  for (const column of parts) {
    const outcomes = applications.rows.filter(({ outcome }) => outcome);
    figures[`applications.processed.${column}`] = outcomes.reduce((sum, { key }) => sum + at(key, column), 0);
    figures[`applications.carriedIn.${column}`] = Math.min(
      at('carriedIn', column),
      at('processed', column) + at('carriedOut', column),
    );
    figures[`applications.newReceived.${column}`] =
      at('processed', column) + at('carriedOut', column) - at('carriedIn', column);
  }
  for (const { key } of applications.rows) {
    figures[`applications.${key}.total`] = parts.reduce((sum, column) => sum + at(key, column), 0);
  }
  for (const row of ['reconsideration', 'directLitigation', 'litigationAfterReconsideration']) {
    const outcomes = ['upheld', 'corrected', 'otherOutcome', 'pending'].map(
      (column) => figures[`appeals.${row}.${column}`] ?? 0,
    );
    figures[`appeals.${row}.total`] = outcomes.reduce((sum, outcome) => sum + outcome, 0);
  }
  return figures;
}

/** A way in which published reports differ from the form, done to the grid before it is laid out. */
export type Damage =
  | { readonly kind: 'row dropped'; readonly at: number }
  | { readonly kind: 'head repeated'; readonly at: number }
  | { readonly kind: 'row added'; readonly at: number }
  | { readonly kind: 'digits widened' }
  | { readonly kind: 'notes and units added' }
  | { readonly kind: 'numbering changed'; readonly to: '1、' | '（1）' | '1．' | '' }
  | { readonly kind: 'traditional characters' }
  | { readonly kind: 'page number'; readonly at: number; readonly text: string }
  | { readonly kind: 'footnote'; readonly at: number };

/** Damages that leave every box where it was. */
export const gentleDamage: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({ kind: fc.constant('row dropped' as const), at: fc.nat(100) }),
  fc.record({ kind: fc.constant('head repeated' as const), at: fc.nat(100) }),
  fc.record({ kind: fc.constant('row added' as const), at: fc.nat(100) }),
  fc.constant({ kind: 'digits widened' as const }),
  fc.constant({ kind: 'notes and units added' as const }),
  fc.record({
    kind: fc.constant('numbering changed' as const),
    to: fc.constantFrom('1、' as const, '（1）' as const, '1．' as const, '' as const),
  }),
  fc.constant({ kind: 'traditional characters' as const }),
);

/** The same and what page breaks leave among the boxes. */
export const anyDamage: fc.Arbitrary<Damage> = fc.oneof(
  { weight: 2, arbitrary: gentleDamage },
  fc.record({
    kind: fc.constant('page number' as const),
    at: fc.nat(400),
    text: fc.constantFrom('3', '- 3 -', '第3页 共8页', '12'),
  }),
  fc.record({ kind: fc.constant('footnote' as const), at: fc.nat(400) }),
);

/** Does a damage to a report; the keys of the rows that are gone are put into `gone`. */
export function damageReport(report: PrintedReport, damage: Damage, gone: Set<string>): PrintedReport {
  if (damage.kind === 'row dropped') return dropRow(report, damage.at, gone);
  if (damage.kind === 'head repeated')
    return insertRows(report, damage.at, (table) => table.filter((row) => row.head && row.key === undefined));
  if (damage.kind === 'row added') {
    return insertRows(report, damage.at, (_, row) => [
      {
        cells: [
          plain('主动公开的其他事项'),
          ...row.cells.filter(({ value }) => value).map(() => ({ text: '7', value: true as const })),
        ],
      },
    ]);
  }
  return {
    ...report,
    parts: report.parts.map((part) =>
      isText(part) ? part : part.map((row) => ({ ...row, cells: row.cells.map((cell) => changeCell(cell, damage)) })),
    ),
  };
}

/** Puts a line into a written text: a page number or a footnote, between any two lines. */
export function damageText(text: string, damage: Damage): string {
  if (damage.kind !== 'page number' && damage.kind !== 'footnote') return text;
  const lines = text.split('\n');
  const at = 12 + (damage.at % Math.max(1, lines.length - 12));
  return [
    ...lines.slice(0, at),
    damage.kind === 'page number' ? damage.text : '注：以上数据不含垂直管理单位。',
    ...lines.slice(at),
  ].join('\n');
}

function dropRow(report: PrintedReport, at: number, gone: Set<string>): PrintedReport {
  const keys = report.parts.flatMap((part) =>
    isText(part) ? [] : part.flatMap(({ key }) => (key && key !== 'appeals' ? [key] : [])),
  );
  const key = keys[at % keys.length] ?? '';
  gone.add(key);
  return {
    ...report,
    parts: report.parts.map((part) => {
      if (isText(part)) return part;
      const index = part.findIndex((row) => row.key === key);
      return index < 0 ? part : withoutRow(part, index);
    }),
  };
}

/** Taking out a row leaves the headings that span it to the next one, shorter by a row. */
function withoutRow(table: readonly GridRow[], index: number): GridRow[] {
  const row = table[index] as GridRow;
  const spanning = row.cells
    .filter(({ rows = 1 }) => rows > 1)
    .map((cell) => ({ ...cell, rows: (cell.rows ?? 1) - 1 }));
  return table.flatMap((other, place) => {
    if (place === index) return [];
    if (place === index + 1) return [{ ...other, cells: [...spanning, ...other.cells] }];
    // A heading that started above spans one row less.
    if (place > index) return [other];
    return [
      {
        ...other,
        cells: other.cells.map((cell) =>
          place + (cell.rows ?? 1) > index && !other.head ? { ...cell, rows: (cell.rows ?? 1) - 1 } : cell,
        ),
      },
    ];
  });
}

function insertRows(
  report: PrintedReport,
  at: number,
  rowsFor: (table: readonly GridRow[], row: GridRow) => GridRow[],
): PrintedReport {
  const places = report.parts.flatMap((part, index) =>
    isText(part)
      ? []
      : part.flatMap((row, place) =>
          row.key && row.key !== 'appeals' && isOpenAt(part, place) ? [{ index, place }] : [],
        ),
  );
  const chosen = places[at % Math.max(1, places.length)];
  return {
    ...report,
    parts: report.parts.map((part, index) => {
      if (isText(part) || index !== chosen?.index) return part;
      const row = part[chosen.place] as GridRow;
      return [...part.slice(0, chosen.place), ...rowsFor(part, row), ...part.slice(chosen.place)];
    }),
  };
}

/** Whether no heading spans from above into a row: there a table may be cut. */
function isOpenAt(table: readonly GridRow[], place: number): boolean {
  return table.every((row, index) => index >= place || row.cells.every(({ rows = 1 }) => index + rows <= place));
}

function changeCell(cell: GridCell, damage: Damage): GridCell {
  const { text } = cell;
  if (text === null) return cell;
  if (cell.value) {
    if (damage.kind === 'digits widened')
      return { ...cell, text: text.replace(/[\d.]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)) };
    if (damage.kind === 'notes and units added' && /[1-9]/.test(text))
      return { ...cell, text: `${text}（其中修订1件）` };
    return cell;
  }
  if (damage.kind === 'numbering changed')
    return { ...cell, text: text.replace(/^(\d)\./, (_, digit: string) => damage.to.replace('1', digit)) };
  if (damage.kind === 'traditional characters')
    return { ...cell, text: [...text].map((character) => traditional[character] ?? character).join('') };
  return cell;
}

const traditional: Readonly<Record<string, string>> = {
  总: '總',
  计: '計',
  决: '決',
  数: '數',
  规: '規',
  范: '範',
  处: '處',
  罚: '罰',
  强: '強',
  请: '請',
  开: '開',
  业: '業',
  机: '機',
  构: '構',
  组: '組',
  织: '織',
  结: '結',
  复: '複',
  议: '議',
  诉: '訴',
  讼: '訟',
  他: '他',
  维: '維',
  纠: '糾',
};
