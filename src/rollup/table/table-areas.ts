/** The areas of a table: which there are in any of its years, in which order, and what each is called. */
import type { Db } from '../../store/engine/schema.js';
import { type Division, divisionsNear } from '../../store/register/divisions.js';
import { type Area, isAgencyArea } from '../area/areas.js';
import type { TableArea, TableBreak } from './table.js';
import type { AreaBreak } from './table-breaks.js';
import type { FoundYear } from './table-figures.js';

/** Every area of any year as it was last, by code. */
export function sortAreas(found: readonly FoundYear[]): readonly Area[] {
  const last = new Map<number, Area>();
  for (const { areas } of found) for (const [id, { area }] of areas) last.set(id, area);
  return [...last.values()].sort((one, other) =>
    one.code < other.code ? -1 : one.code > other.code ? 1 : one.id - other.id,
  );
}

/** Those of them that are divisions. */
export function divisionsIn(areas: readonly Area[]): readonly Division[] {
  return areas.flatMap((area) => (isAgencyArea(area) ? [] : [area]));
}

/** Areas as they are named in a table; one of a code that another one had in turn is told apart by a number. */
export async function nameAreas(db: Db, areas: readonly Area[], day: string): Promise<readonly TableArea[]> {
  const parentIds = [...new Set(areas.flatMap((area) => parentOf(area) ?? []))];
  const parents = await divisionsNear(db, parentIds, day);
  const used = new Map<string, number>();
  return areas.map((area) => {
    const times = (used.get(area.code) ?? 0) + 1;
    used.set(area.code, times);
    const parent = parents.get(parentOf(area) ?? -1);
    return {
      code: times === 1 ? area.code : `${area.code}~${times}`,
      name: area.name,
      level: isAgencyArea(area) ? 'AGENCY' : area.level,
      kind: isAgencyArea(area) ? area.kind : null,
      parent: parent ? { code: parent.code, name: parent.name } : null,
    };
  });
}

function parentOf(area: Area): number | null {
  return isAgencyArea(area) ? area.countyId : area.parentId;
}

/** Breaks under the codes of their areas. */
export function breaksNamed(
  breaks: readonly AreaBreak[],
  areas: readonly Area[],
  named: readonly TableArea[],
): readonly TableBreak[] {
  const codes = new Map(areas.map(({ id }, at) => [id, named[at]?.code ?? '']));
  return breaks.map(({ areaId, ...one }) => ({ area: codes.get(areaId) ?? '', ...one }));
}
