/** Where a county stands among those of its prefecture by a measure in a year, who is first, and who is not ranked and why. */
import type { ResultOf } from 'gql.tada';
import { askQuestion, type Client } from '../client.js';
import { standing } from '../typed/questions.js';
import { type Shown, writeTable } from './table.js';

type County = NonNullable<ResultOf<typeof standing>['county']>;
type Ranking = NonNullable<County['parent']>['ranking'];

/** Writes the county's place, the ranking, and those that are not ranked. Throws `invalid-parameter` for no measure. */
export async function writeStanding(client: Client, county: string, measure: string, year: number): Promise<string> {
  const answer = await askQuestion(client, standing, { county, measure, year });
  if (!answer.county?.parent) throw new Error(`there is no county ${county}`);
  const { name, position, parent } = answer.county;
  const { ranking } = parent;
  const { min, median, max } = ranking.distribution;
  const said = [
    `${parent.name} ${year} ${measure}（${ranking.includes}）：${ranking.n}/${ranking.expected} 参加排名 ranked`,
    `最小 min ${min ?? '—'}，中位 median ${median ?? '—'}，最大 max ${max ?? '—'}`,
    `${name}：${placeOf(position)}`,
  ];
  return [said.join('\n'), tableOf(ranking), unrankedOf(ranking)].filter((part) => part !== '').join('\n\n');
}

/** Its rank, or why it has none. */
function placeOf({ rank, of, ties, value, reported, expected, reason }: County['position']): string {
  const over = `${reported}/${expected} 报送 reported`;
  if (rank === null) return `不排名 not ranked，${over}${reason ? `：${reason.zh} ${reason.en}` : ''}`;
  const others = ties !== null && ties > 0 ? `，并列 with ${ties} more` : '';
  return `第 ${rank} / ${of}${others}，${value}，${over}`;
}

function tableOf({ nodes }: Ranking): string {
  if (nodes.length === 0) return '';
  const rows = nodes.map(({ rank, division, value, reported, expected, blank, lacking }): Shown[] => [
    ...[rank, division?.code ?? '', division?.name ?? '', String(value)],
    ...[`${reported}/${expected}`, blank, lacking],
  ]);
  return writeTable(
    ['名次 Rank', '代码 Code', '县 County', '数值 Value', '填报/应报 Counted in', '空白 Blank', '无此格 Lacking'],
    rows,
  );
}

function unrankedOf({ unranked }: Ranking): string {
  const rows = unranked.nodes.map(({ division, reason }) => [division?.code ?? '', division?.name ?? '', reason.zh]);
  return rows.length === 0 ? '' : writeTable(['代码 Code', '不排名 Not ranked', '原因 Why'], rows);
}
