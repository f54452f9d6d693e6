/** The use case that reads a county's ledger: its rollup with a row for each agency that is expected to file or has filed. */
import type { Reader } from '../../access/visibility.js';
import { Problem } from '../../problem.js';
import { type ListedFiling, readFilings } from '../../report/filings/filings.js';
import { filingsFor } from '../../report/filings/whose.js';
import type { Db } from '../../store/engine/schema.js';
import { sumAgencies } from '../../store/rollup/read-sums.js';
import type { Sums } from '../../store/rollup/sums.js';
import { type RollupQuery, type RollupView, readRollup } from '../rollup.js';

/** An agency with where it is with its report, and what its report adds to the totals. */
export interface LedgerEntry {
  readonly filing: ListedFiling;
  /** Undefined where the totals have no report of it. */
  readonly sums: Sums | undefined;
}

/** A county's ledger. */
export interface LedgerView {
  readonly rollup: RollupView;
  /** By code. */
  readonly entries: readonly LedgerEntry[];
}

/** The most agencies that one ledger has. */
const maxLedgerRows = 300;

/**
 * Reads the ledger of a division for a year: totals, agencies and the division's own report as one reader is shown them.
 * Throws `unknown-division`, `unauthorized` or `forbidden` as a rollup does, and `invalid-parameter` where more agencies
 * lie in the division than one ledger has.
 */
export async function readLedger(
  db: Db,
  reader: Reader & { readonly now: Date },
  code: string,
  query: Pick<RollupQuery, 'year' | 'inclusion' | 'kinds'>,
): Promise<LedgerView> {
  const { year } = query;
  const rollup = await readRollup(db, reader, code, query);
  const { division, kinds, inclusion, cells } = rollup;
  const filings = await filingsFor(db, reader, division, year);
  const asked = { findings: 'unasked', outliers: 'unasked' } as const;
  const page = await readFilings(db, reader, filings, asked, { first: maxLedgerRows });
  if (page.more) throw tooMany(page.total);
  const listed = page.items.filter(({ agency }) => kinds.includes(agency.kind));
  const sums = await sumAgencies(
    db,
    listed.map(({ agency }) => agency.id),
    [year],
    cells,
    inclusion,
  );
  return {
    rollup,
    entries: listed.map((filing) => ({ filing, sums: sums.get(filing.agency.id)?.get(year) })),
  };
}

function tooMany(agencies: number): Problem {
  const message = {
    zh: `该行政区划有 ${agencies} 个机关，一览表至多列 ${maxLedgerRows} 个，请按下级行政区划查询。`,
    en: `The division has ${agencies} agencies, and a ledger has ${maxLedgerRows} at the most; ask of the divisions below it.`,
  };
  return new Problem('invalid-parameter', message, {
    errors: [{ code: 'TOO-MANY', severity: 'error', pointer: '/division', message }],
  });
}
