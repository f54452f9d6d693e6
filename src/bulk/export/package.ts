/** The descriptor of the exports: a Data Package (datapackage.org, version 2), written from the columns. */
import { forms } from '../../form/forms.js';
import { type Column, reportColumns, rollupColumns } from './columns.js';
import { exportSubjects } from './export.js';

const about = {
  reports: {
    title: '政府信息公开工作年度报告 Annual reports',
    description:
      '每行一份报告，按机关代码和年度排列。县级政府自行公布的报告列在其六位代码下，不可与其他机关相加。 ' +
      "A row a report, by agency code and year. A county's own published report stands under its six-digit code and is never to be added to the others.",
    columns: described(reportColumns),
    primaryKey: ['agency', 'year'],
  },
  rollups: {
    title: '汇总 Sums by division',
    description:
      '每行一个行政区划一个年度：所收报告之和；无人填报的单元格为空。上级已含下级，不可相加。 ' +
      'A row a division and year: the sum of what was reported, empty where nobody reported. A division holds those below it: never add them.',
    columns: described(rollupColumns),
    primaryKey: ['division', 'year'],
  },
} as const;

/**
 * Describes the CSV exports, beside which it is served: every field with its type, headings in both languages,
 * unit and bounds, what is missing and what a row is known by.
 */
export function describeExports(): Readonly<Record<string, unknown>> {
  return {
    $schema: 'https://datapackage.org/profiles/2.0/datapackage.json',
    name: 'xiangbao',
    title: '乡报导出 Xiangbao exports',
    description:
      '空字段表示空白，或该格式没有此单元格（见 form）；0 表示零。金额为印刷单位的小数。文本若以 = + - @（含全角）、制表符或换行开头，前加一个撇号，去掉即为原文。 ' +
      'An empty field is a blank box, or a cell that the form lacks (see form); 0 is zero. Amounts are decimals of the printed unit. A text that begins with = + - @ (or full-width), a tab or a line break, after any apostrophes, has one apostrophe put before it; take it away for the text itself.',
    resources: exportSubjects.map((subject) => ({
      name: subject,
      type: 'table',
      path: `${subject}.csv`,
      title: about[subject].title,
      description: about[subject].description,
      format: 'csv',
      mediatype: 'text/csv',
      encoding: 'utf-8',
      dialect: { $schema: 'https://datapackage.org/profiles/2.0/tabledialect.json', lineTerminator: '\r\n' },
      schema: {
        $schema: 'https://datapackage.org/profiles/2.0/tableschema.json',
        fields: about[subject].columns,
        missingValues: [''],
        primaryKey: about[subject].primaryKey,
      },
    })),
  };
}

function described(columns: readonly Omit<Column<never>, 'read'>[]): Readonly<Record<string, unknown>>[] {
  return columns.map(({ name, type, title, constraints, unit, cell }) => ({
    name,
    type,
    title: title.zh,
    description: title.en,
    ...(constraints && { constraints }),
    ...(unit && { unit }),
    ...(cell && {
      kind: cell.kind,
      forms: forms.filter((form) => form.has(cell)).map((form) => form.id),
    }),
  }));
}
