/** Who has not filed for a year yet: everybody may know. */
import type { ResultOf } from 'gql.tada';
import { askQuestion, type Client } from '../client.js';
import { whoHasNotFiled } from '../typed/questions.js';
import { writeTable } from './table.js';

type Answer = ResultOf<typeof whoHasNotFiled>;

/** Lists who has not filed in a division, by county. */
export async function writeWhoHasNotFiled(client: Client, division: string, year: number): Promise<string> {
  const rows: string[][] = [];
  let said = '';
  for (let after: string | null = null; ; ) {
    const answer: Answer = await askQuestion(client, whoHasNotFiled, { division, year, after });
    const [statistics] = answer.division?.statistics ?? [];
    if (!answer.division || !statistics) throw new Error(`there is no division ${division}`);
    const { expected, reported, accepted, missing } = statistics.coverage;
    const sums = `应报 expected ${expected}，已报 reported ${reported}，已审核通过 accepted ${accepted}，未报 missing ${missing.totalCount}`;
    said = `${answer.division.name} ${year}，截止 due ${answer.division.deadline}：${sums}`;
    rows.push(...missing.nodes.map(({ code, name, county }) => [county.name, code, name]));
    if (!missing.pageInfo.hasNextPage) break;
    after = missing.pageInfo.endCursor;
  }
  return [said, ...(rows.length > 0 ? [writeTable(['县 County', '代码 Code', '机关 Agency'], rows)] : [])].join('\n');
}
