/** Reports and rollups as the sheets that are printed: titles, whom they include, what is marked. */

import { reportTitle, type Sheet } from '../../../document/print/sheet.js';
import { type FormId, findForm, formInForce, formOf } from '../../../form/forms.js';
import { frameUsed } from '../../../register/frame.js';
import type { ReadReport } from '../../../report/report-view.js';
import type { RollupView } from '../../../rollup/rollup.js';
import type { Agency } from '../../../store/register/agencies.js';
import type { Division } from '../../../store/register/divisions.js';
import type { AgencyKind, FilingState, Label } from '../../../words.js';

/** The kinds of agency as a rollup's sheet names them. */
export const kindLabels: Readonly<Record<AgencyKind, Label>> = {
  TOWNSHIP: { zh: '乡镇', en: 'townships' },
  SUBDISTRICT: { zh: '街道办事处', en: 'sub-districts' },
  DEPARTMENT: { zh: '部门', en: 'departments' },
  OFFICE: { zh: '县级政府办公室（本机关）', en: "the county's own office" },
  OTHER: { zh: '其他机关', en: 'other agencies' },
  COUNTY: { zh: '县级汇总报告', en: "the county's own published report" },
};

/** Where an agency is with its report, as lists and ledgers print it. */
export const stateLabels: Readonly<Record<FilingState, Label>> = {
  NOT_FILED: { zh: '未报送', en: 'not filed' },
  REFUSED: { zh: '报送被拒', en: 'refused' },
  SUBMITTED: { zh: '已报送', en: 'filed' },
  RETURNED: { zh: '已退回', en: 'returned' },
  ACCEPTED: { zh: '审核通过', en: 'accepted' },
  EXEMPT: { zh: '无需报送', en: 'exempt' },
  WITHDRAWN: { zh: '已撤回', en: 'withdrawn' },
};

/** The name of an agency as it stands on a report: a township's with its county before it, so that it is told apart. */
export function printedName(agency: Pick<Agency, 'name' | 'kind'>, county: Pick<Division, 'name'> | undefined): string {
  const alone = agency.kind === 'COUNTY' || !county || agency.name.startsWith(county.name);
  return alone ? agency.name : `${county.name}${agency.name}`;
}

/** The sheet of one agency's report. */
export function sheetOfReport(report: ReadReport, county: Division | undefined): Sheet {
  const { agency, row, content, findings } = report;
  return {
    form: content.form,
    figures: content.figures,
    title: reportTitle(printedName(agency, county), row.year),
    year: row.year,
    subtitle: [
      {
        zh: `机关代码 ${agency.code}　第${row.revision}版　报送日期 ${row.submittedOn}`,
        en: `Agency ${agency.code}, revision ${row.revision}, submitted on ${row.submittedOn}`,
      },
    ],
    narrative: content.narrative,
    publishedItems: content.publishedItems,
    engagement: content.engagement,
    findings,
    coverage: null,
    sample: row.sample === 1,
  };
}

/** The sheet of a rollup: on the form that all its reports are on, else on the one in force for the year. */
export function sheetOfRollup(rollup: RollupView): Sheet {
  const { division, year, statistics, findings, kinds, missing, missingCount } = rollup;
  const form = formOfRollup(rollup);
  const { zh, en } = reportTitle(division.name, year);
  return {
    form,
    figures: statistics.figures,
    title: { zh: `${zh}（汇总）`, en: `${en} (rollup)` },
    year,
    subtitle: linesOfRollup(rollup, form),
    narrative: null,
    findings,
    coverage: {
      kinds: kinds.map((kind) => kindLabels[kind]),
      expected: statistics.coverage.expected,
      reported: statistics.coverage.reported,
      missing: { count: missingCount, agencies: missing },
    },
    sample: statistics.samples > 0,
  };
}

function formOfRollup({ statistics, year }: RollupView): FormId {
  const [only, ...others] = [...statistics.forms.keys()].flatMap((id) => findForm(id)?.id ?? []);
  return only && others.length === 0 ? only : formInForce(year).id;
}

function linesOfRollup(rollup: RollupView, form: FormId): Label[] {
  const { division, year, statistics, published } = rollup;
  const { reports, samples, publishedTotal, publishedStated } = statistics;
  const of =
    rollup.inclusion === 'ALL' ? { zh: '已报送', en: 'reports filed' } : { zh: '审核通过的', en: 'reports accepted' };
  const lines: Label[] = [
    {
      zh: `行政区划代码 ${division.code}　由${reports}份${of.zh}报告相加`,
      en: `Division ${division.code}, the sum of ${reports} ${of.en}`,
    },
  ];
  lines.push(...linesOnFrame(rollup));
  if (samples > 0) {
    lines.push({
      zh: `其中${samples}份为示例数据，并非真实报告`,
      en: `${samples} of them are samples, not real reports`,
    });
  }
  lines.push(...linesOnForms(statistics.forms, form));
  if (publishedTotal !== null) {
    lines.push({
      zh: `${publishedStated}份报告载明主动公开信息总数，合计${publishedTotal}条`,
      en: `${publishedStated} reports state how many items they published, ${publishedTotal} in all`,
    });
  }
  if (published) {
    lines.push({
      zh: `${published.report.agency.name}另行公布了${year}年度报告，未计入本表，与本表有${published.differences.length}格不同`,
      en: `${published.report.agency.name} published a report of its own, which is not in this sum and differs in ${published.differences.length} cells`,
    });
  }
  return lines;
}

/**
 * On another day's boundaries than those of its year a sheet says so, and what of it lies in none of the parts; and by when
 * it was known, where that is not now.
 */
function linesOnFrame({ frame, year, unallocated }: RollupView): Label[] {
  const { boundaries, on, knownOn } = frameUsed(frame, year);
  const lines: Label[] = [];
  if (boundaries === 'ON_DAY') {
    const [inYear, month, day] = on.split('-').map(Number);
    lines.push({ zh: `按${inYear}年${month}月${day}日的行政区划汇总`, en: `On the boundaries of ${on}` });
  }
  if (unallocated.reports > 0) {
    lines.push({
      zh: `其中${unallocated.reports}份报告不能归入任何一个下级，只计入本级`,
      en: `${unallocated.reports} of the reports lie in none of its parts and are counted here alone`,
    });
  }
  if (knownOn !== null) lines.push({ zh: `所知截至 ${knownOn}`, en: `As known on ${knownOn}` });
  return lines;
}

/** Where reports are on several forms, the sheet has the boxes of one: it says which, and what is not on it. */
function linesOnForms(counts: ReadonlyMap<string, number>, form: FormId): Label[] {
  const filed = [...counts].flatMap(([id, count]) => {
    const known = findForm(id);
    return known ? [{ name: known.name, count }] : [];
  });
  if (filed.length < 2) return [];
  const { name } = formOf(form);
  const list = (language: keyof Label, mark: string) =>
    filed.map((one) => `${one.name[language]} ${one.count}`).join(mark);
  return [
    {
      zh: `各报告格式不一（${list('zh', '，')}）：本表按${name.zh}印制，只有其他格式才有的各格未列出，勾稽关系不予核对`,
      en: `The reports are on several forms (${list('en', ', ')}): this is the ${name.en}; boxes that only the others have are not shown, and its equations are not checked`,
    },
  ];
}
