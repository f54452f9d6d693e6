/** The descriptor of the exports: a Data Package (datapackage.org, version 2), written from the columns. */
import { lastAudit } from '../../store/audit-records.js';
import type { Db } from '../../store/engine/schema.js';
import type { ColumnHead } from './columns.js';
import { describeColumns } from './dictionary.js';
import { reportCellColumns, reportColumns } from './report-columns.js';
import { rollupCellColumns, rollupColumns } from './rollup-columns.js';

/** A table that is described. */
interface Resource {
  readonly name: string;
  readonly path: string;
  readonly title: string;
  readonly description: string;
  readonly columns: readonly ColumnHead[];
  readonly primaryKey: readonly string[];
}

const resources: readonly Resource[] = [
  {
    name: 'reports',
    path: 'reports.csv',
    title: '政府信息公开工作年度报告 Annual reports',
    description:
      '每行一份报告，按机关代码和年度排列，可逐列相加。县级政府自行公布的报告（kind 为 COUNTY）不在其中，加 own=true 才有，不可与其他机关相加。 ' +
      "A row a report, by agency code and year; columns can be added up. A county's own published report (kind COUNTY) is left out unless own=true asks for it, and is never to be added to the others.",
    columns: reportColumns,
    primaryKey: ['agency', 'year'],
  },
  {
    name: 'rollups',
    path: 'rollups.csv',
    title: '汇总 Sums by division',
    description:
      '每行一个行政区划一个年度：所收报告之和；无人填报的单元格为空。上级已含下级，不可相加。未指定行政区划时，不含既无应报机关也无报告的。 ' +
      'A row a division and year: the sum of what was reported, empty where nobody reported. A division holds those below it: never add them. Unless a division is named, those where nobody is expected to file and nobody did are left out.',
    columns: rollupColumns,
    primaryKey: ['division', 'year'],
  },
  {
    name: 'report-cells',
    path: 'reports.csv?shape=long',
    title: '年度报告，每行一格 Annual reports, a row a cell',
    description:
      '每行一份报告的一个单元格（空白亦有一行），其后为数字以外的内容。 ' +
      'A row a cell of a report, a blank one too, and then a row for each thing that it says beside its figures.',
    columns: reportCellColumns,
    primaryKey: ['agency', 'year', 'cell'],
  },
  {
    name: 'rollup-cells',
    path: 'rollups.csv?shape=long',
    title: '汇总，每行一格 Sums by division, a row a cell',
    description:
      '每行一个行政区划一个年度的一个单元格，附填报和空白的报告数。 ' +
      'A row a cell of a division and year, with how many reports fill it in and how many leave it blank.',
    columns: rollupCellColumns,
    primaryKey: ['division', 'year', 'cell'],
  },
];

/** The version of the columns. A column keeps its name and its place; a new one at the end, or a narrower type, makes the second number grow. */
const columnsVersion = '1.2';

/** Whose data it is, where its publisher states no licence: what the law makes public. */
const byLaw = {
  path: 'https://www.gov.cn/zhengce/content/2019-04/15/content_5382991.htm',
  title:
    '依《中华人民共和国政府信息公开条例》公开的政府信息，发布者未另行声明许可 Government information, made public under the Regulations on Open Government Information; the publisher states no licence',
};

/** A licence as its publisher states it: an identifier (such as CC-BY-4.0), an address, or both. */
export interface DataLicence {
  readonly name?: string;
  readonly path?: string;
}

/** The licence of what is given out: as the publisher states it, else what the law says. */
export function licenceOf(licence: DataLicence | undefined): DataLicence {
  return licence ?? byLaw;
}

/**
 * Describes the CSV exports, beside which it is served: every field with its type, headings in both languages,
 * unit and bounds, what is missing and what a row is known by; the licence, and the version of the data, which grows with
 * every change of the store.
 */
export async function describeExports(
  db: Db,
  { licence, now }: { readonly licence: DataLicence | undefined; readonly now: Date },
): Promise<Readonly<Record<string, unknown>>> {
  const last = await lastAudit(db);
  return {
    $schema: 'https://datapackage.org/profiles/2.0/datapackage.json',
    name: 'xiangbao',
    title: '乡报导出 Xiangbao exports',
    description:
      '空字段表示空白，或该格式没有此单元格（见 form）；0 表示零。金额为印刷单位的小数。文本若以 = + - @（含全角）、制表符或换行开头，前加一个撇号，去掉即为原文；只有撇号的文本也多一个，因此空字段总是没有文本。以 headings=zh 导出时，列标题为各字段的 title。 ' +
      'An empty field is a blank box, or a cell that the form lacks (see form); 0 is zero. Amounts are decimals of the printed unit. A text that begins with = + - @ (or full-width), a tab or a line break, after any apostrophes, has one apostrophe put before it; take it away for the text itself. So has a text of nothing but apostrophes, or of nothing: an empty field is no text. With headings=zh the heading of a column is the title of its field.',
    version: `${columnsVersion}.${last?.number ?? 0}`,
    created: last?.at ?? now.toISOString(),
    licenses: [licenceOf(licence)],
    resources: resources.map(({ columns, primaryKey, ...about }) => ({
      ...about,
      type: 'table',
      format: 'csv',
      mediatype: 'text/csv',
      encoding: 'utf-8',
      dialect: { $schema: 'https://datapackage.org/profiles/2.0/tabledialect.json', lineTerminator: '\r\n' },
      schema: {
        $schema: 'https://datapackage.org/profiles/2.0/tableschema.json',
        fields: describeColumns(columns),
        missingValues: [''],
        primaryKey,
      },
    })),
  };
}
