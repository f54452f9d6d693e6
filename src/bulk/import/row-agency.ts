/** Whose report a row is: its code and its name must mean one agency, and a name alone must mean a single one. */
import { type NameSearch, nearestAgencies } from '../../access/reach.js';
import { referenceDate } from '../../day.js';
import { Problem } from '../../problem.js';
import { agencyFor } from '../../register/codes.js';
import { candidateOf, findOwner, isNameOf, type Narrow } from '../../report/document/document-agency.js';
import { fault, isRecord } from '../../report/faults.js';
import { invalidReport } from '../../report/filing.js';
import type { Db } from '../../store/engine/schema.js';
import { agencyStates } from '../../store/register/agencies.js';
import { type PlacedAgency, placeAgency } from '../../store/register/agencies-by-name.js';
import type { NamedAgency } from './format/item.js';

/** Where the names of some year's agencies are looked up. */
export function narrowTo(db: Db, search: NameSearch, year: number): Narrow {
  return (agencies) => nearestAgencies(db, agencies, search, year);
}

/**
 * The body of a row's filing with its agency's code in it, found by name where the row states none. Throws
 * `invalid-report` where code and name, or code and county, are of different agencies, `ambiguous-agency` with the
 * candidates for a name that several have, `unknown-agency` for one that none has.
 */
export async function withAgency(db: Db, body: unknown, named: NamedAgency, search: NameSearch): Promise<unknown> {
  if (!isRecord(body)) return body;
  const { agency, year } = body;
  // A year that is none is refused with the other faults of the filing.
  if (typeof year !== 'number' || !Number.isInteger(year) || year < 1 || year > 9999) return body;
  if (agency === undefined)
    return named.name === undefined ? body : { agency: await codeOf(db, named, year, search), ...body };
  if (typeof agency !== 'string') return body;
  await refuseOtherName(db, agency, year, named);
  return body;
}

async function refuseOtherName(db: Db, code: string, year: number, named: NamedAgency): Promise<void> {
  const day = referenceDate(year);
  const found = await agencyFor(db, code, year).catch(passRefusal);
  const placed = found && (await placeAgency(db, found.id, day));
  if (!placed) return;
  const { name, county, countyName } = named;
  if (name !== undefined && !isNameOf(name, placed, await namesIn(db, placed, year))) {
    throw disagreement(placed, { zh: `名称为“${name}”`, en: `is named "${name}"` });
  }
  if (county === undefined && countyName === undefined) return;
  const latest = await placeAgency(db, placed.id, latestDay);
  const said = { ...named, ...(county !== undefined && { county: sixDigits(county) }) };
  if ([placed, latest].some((place) => place && isCountyOf(place, said))) return;
  const other = [countyName, county].flatMap((part) => part ?? []).join(' ');
  throw disagreement(placed, { zh: `所在县为“${other}”`, en: `lies in "${other}"` });
}

/** The code of a county as the register has it: twelve digits of it mean the same. */
function sixDigits(code: string): string {
  return /^\d{6}0{6}$/.test(code) ? code.slice(0, 6) : code;
}

/** A day on which every state holds that has no end. */
const latestDay = '9999-12-31';

/** Whether a row's county is where an agency lies, by code and by name; a larger division may precede its name. */
function isCountyOf(
  place: PlacedAgency,
  { county = place.countyCode, countyName = place.county }: NamedAgency,
): boolean {
  return county === place.countyCode && countyName.replace(/\s/gu, '').endsWith(place.county);
}

/** A code that means nobody is refused when the filing is, with all that is known of it. */
function passRefusal(error: unknown): undefined {
  if (error instanceof Problem) return undefined;
  throw error;
}

/** The names that an agency had in a year or has since. */
async function namesIn(db: Db, { id }: PlacedAgency, year: number): Promise<string[]> {
  const states = await agencyStates(db, id);
  return states.filter(({ validTo }) => validTo === null || validTo > `${year}-01-01`).map(({ name }) => name);
}

function disagreement(
  { code, name, county }: PlacedAgency,
  row: { readonly zh: string; readonly en: string },
): Problem {
  return invalidReport([
    fault('MISMATCH', '/agency', {
      zh: `代码 ${code} 是${county}的“${name}”，本行${row.zh}，两者不符。`,
      en: `The code ${code} is "${name}" in "${county}"; this row ${row.en}.`,
    }),
  ]);
}

async function codeOf(db: Db, named: NamedAgency, year: number, search: NameSearch): Promise<string> {
  const { name = '', countyName = null } = named;
  const county = named.county === undefined ? undefined : sixDigits(named.county);
  const ofCounty: Narrow = async (agencies) =>
    narrowTo(db, search, year)(agencies.filter(({ countyCode }) => county === undefined || county === countyCode));
  const { within, elsewhere } = await findOwner(db, { agencyName: name, countyName }, referenceDate(year), ofCounty);
  const [only, ...others] = within;
  if (only && others.length === 0) return only.code;
  const candidates = (only ? within : elsewhere).map(candidateOf);
  if (only) {
    throw new Problem(
      'ambiguous-agency',
      {
        zh: `“${name}”可能是名录中 ${within.length} 个机关之一，请写明 agency 代码或所在县，或以 division= 限定范围。`,
        en: `"${name}" may be any of ${within.length} agencies; state its code or county, or limit the search by division=.`,
      },
      { candidates },
    );
  }
  const where = { zh: search.division ?? '', en: search.division === undefined ? '' : ` below ${search.division}` };
  throw new Problem(
    'unknown-agency',
    {
      zh: `名录中${where.zh}没有“${name}”，请写明 agency 代码。`,
      en: `No agency${where.en} is named "${name}"; state its code.`,
    },
    { candidates },
  );
}
