/**
 * Whose report a document is. The register decides which agency a name means; where it leaves a choice, or has no
 * agency of that name, the document is refused with the candidates and nothing is guessed.
 */
import { Problem } from '../../problem.js';
import { findAgency } from '../../register/codes.js';
import type { Db } from '../../store/engine/schema.js';
import { agenciesOfNames, type PlacedAgency, placeAgency } from '../../store/register/agencies-by-name.js';
import type { Label } from '../../words.js';
import { fault } from '../faults.js';

/** The names that a document gives of its agency, in simplified characters. */
export interface DocumentNames {
  readonly agencyName: string | null;
  readonly countyName: string | null;
  /** The code that our blank forms print. */
  readonly agencyCode?: string | null;
}

/** An agency that a name may mean. */
export interface Candidate {
  readonly code: string;
  readonly name: string;
  readonly county: { readonly code: string; readonly name: string };
}

/** The agencies that a name may mean. */
export interface Found {
  /** Agencies of that name in the county that the document names, or anywhere when it names none. */
  readonly within: readonly PlacedAgency[];
  /** Agencies of that name in other counties, when the county that the document names has none. */
  readonly elsewhere: readonly PlacedAgency[];
}

/** What the name on an agency's seal has after the name of its place. */
const ofSeal = /(?:人民政府|政府|办事处)$/u;

/** Leaves of some agencies those that are looked among. */
export type Narrow = (agencies: readonly PlacedAgency[]) => Promise<readonly PlacedAgency[]>;

const anywhere: Narrow = async (agencies) => agencies;

/** The agencies on a day that a document may mean by its name, within the county it names. */
export async function findOwner(
  db: Db,
  document: DocumentNames,
  day: string,
  narrow: Narrow = anywhere,
): Promise<Found> {
  const coded = await findCoded(db, document, day);
  if (coded && (await narrow([coded])).length > 0) return { within: [coded], elsewhere: [] };
  const said = (document.agencyName ?? '').replace(/\s/gu, '');
  const plain = said.replace(ofSeal, '');
  if (plain.length < 2) return { within: [], elsewhere: [] };
  const named = await agenciesOfNames(db, namesIn(said, plain, document.countyName), day);
  const meant = named.filter((agency) => plainName(said, agency) === plainName(agency.name, agency));
  const { countyName } = document;
  const within = countyName === null ? meant : meant.filter((agency) => placesOf(agency).includes(countyName));
  const near = await narrow(within);
  return near.length > 0 ? { within: near, elsewhere: [] } : { within: [], elsewhere: meant };
}

/** The agency of the code that a document prints, where its name is that agency's: a code alone may have been left from another form. */
async function findCoded(
  db: Db,
  { agencyCode, agencyName }: DocumentNames,
  day: string,
): Promise<PlacedAgency | undefined> {
  const agency = agencyCode ? await findAgency(db, agencyCode, day) : undefined;
  const placed = agency && (await placeAgency(db, agency.id, day));
  return placed && agencyName !== null && isNameOf(agencyName, placed, [placed.name]) ? placed : undefined;
}

/** Whether a name, with the places it lies in before it or without, is one that an agency has. */
export function isNameOf(said: string, agency: PlacedAgency, names: readonly string[]): boolean {
  const plain = plainName(said.replace(/\s/gu, ''), agency);
  return names.some((name) => plainName(name, agency) === plain);
}

/**
 * What follows the name of a place in the name of an agency, and may change while the place stays. A township has at most
 * so many peoples; without a bound, a name of nothing but 族 would be divided among them in every way there is.
 */
const ofRank = /(?:街道|(?:[\p{Script=Han}]{1,3}族){0,4}乡|镇|苏木|地区|管理区|开发区|[县市区旗])$/u;

/** What ends the name of an agency: what a title says before the year may be other words. */
const endOfName = /(?:政府|办事处|街道|乡|镇|苏木|局|委|委员会|办|办公室|县|市|区|旗|中心|厅|院|站|所)$/u;

/**
 * Whether a title names a body that can be none of these names of an agency. Its place is compared without rank and
 * without the places above, since both change and are left out: 枫林乡 may be 枫林土家族乡 or 枫林镇, and is not 柳桥镇.
 */
export function namesAnother(document: DocumentNames, agency: PlacedAgency, names: readonly string[]): boolean {
  const said = (document.agencyName ?? '').replace(/\s/gu, '');
  // A sentence that was taken for a title may end in 我乡.
  if (!endOfName.test(said) || /[^\p{Script=Han}]|[我本]|根据|现将/u.test(said)) return false;
  if (liesElsewhere(said, document.countyName, agency, names)) return true;
  const named = plainName(said, agency);
  if (agency.kind === 'COUNTY' && /(?:街道|乡|镇|苏木)$/u.test(named)) return true;
  return names.every((name) => {
    const plain = plainName(name, agency);
    const place = plain.replace(ofRank, '');
    return !said.includes((place.length >= 2 ? place : plain).slice(0, 2));
  });
}

/** Whether a title says that its agency lies in another county; 市 in 白沙市镇 is none. */
function liesElsewhere(
  said: string,
  countyName: string | null,
  agency: PlacedAgency,
  names: readonly string[],
): boolean {
  if (countyName === null || !said.includes(countyName) || names.some((name) => name.includes(countyName)))
    return false;
  const [county, own] = [countyName.replace(ofRank, ''), agency.county.replace(ofRank, '')];
  return county.length >= 2 && !said.includes(own) && !placesOf(agency).some((place) => place.includes(county));
}

/** Characters of the longest name that a register takes. */
const longestName = 100;

/**
 * The names that a register may have for the agency of a document: every ending of the printed name, since names of
 * places may precede it, and for a department (教育局) the name with its county's before it. Of a text that is no name, a
 * column of a table with a megabyte in it, no more endings are made than of a name.
 */
function namesIn(said: string, plain: string, countyName: string | null): string[] {
  const endings = [said, plain].flatMap((name) => {
    const characters = [...name].slice(-longestName);
    return characters.map((_, start) => characters.slice(start).join(''));
  });
  return [...new Set([...endings, ...(countyName === null ? [] : [`${countyName}${said}`])])];
}

/** A name without the places that an agency lies in before it and without 人民政府 behind it. */
function plainName(name: string, agency: PlacedAgency): string {
  let plain = name.replace(ofSeal, '');
  for (const place of placesOf(agency)) {
    if (plain.startsWith(place) && plain.length > place.length) plain = plain.slice(place.length);
  }
  return plain;
}

/** The divisions an agency lies in, the largest first. */
function placesOf({ province, prefecture, county }: PlacedAgency): string[] {
  return [province, prefecture, county].flatMap((place) => place ?? []);
}

/** An agency as it is shown among candidates. */
export function candidateOf({ code, name, countyCode, county }: PlacedAgency): Candidate {
  return { code, name, county: { code: countyCode, name: county } };
}

/** The one agency a document means. Throws `ambiguous-agency` with the candidates, or `invalid-document` when there is none. */
export function soleOwner({ agencyName, countyName }: DocumentNames, { within, elsewhere }: Found): Candidate {
  const [only, ...others] = within.map(candidateOf);
  if (only && others.length === 0) return only;
  if (only) {
    throw new Problem(
      'ambiguous-agency',
      {
        zh: `“${agencyName}”可能是名录中 ${within.length} 个机关之一，请用 ?agency= 指明。`,
        en: `“${agencyName}” may be any of ${within.length} agencies; state which one by ?agency=.`,
      },
      { candidates: [only, ...others] },
    );
  }
  if (agencyName === null) {
    throw uncertain('agency', {
      zh: '未写明机关名称，请用 ?agency= 指明',
      en: 'it names no agency; state the agency by ?agency=',
    });
  }
  const where = countyName === null ? { zh: '', en: '' } : { zh: countyName, en: ` in “${countyName}”` };
  throw uncertain(
    'agency',
    {
      zh: `名录中${where.zh}没有“${agencyName}”，请用 ?agency= 指明`,
      en: `the register has no “${agencyName}”${where.en}; state the agency by ?agency=`,
    },
    { candidates: elsewhere.map(candidateOf) },
  );
}

/** The refusal of a document that leaves open what a filing needs: `reason` goes on from “The document cannot be filed”. */
export function uncertain(member: string, reason: Label, members: Readonly<Record<string, unknown>> = {}): Problem {
  const message = { zh: `文件无法报送：${reason.zh}。`, en: `The document cannot be filed: ${reason.en}.` };
  return new Problem('invalid-document', message, {
    errors: [fault('UNCERTAIN', `/${member}`, message)],
    ...members,
  });
}
