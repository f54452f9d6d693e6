/** The tables as TypeScript sees them, for Kysely. The cells' columns of `report` and the rollups are in `columns.ts`. */
import type { Kysely, Transaction } from 'kysely';

import type { AgencyKind, DivisionLevel, Inclusion, ReportState } from '../../words.js';

interface Dated {
  valid_from: string;
  /** The first day on which the state no longer holds; null while it does. */
  valid_to: string | null;
}

interface RollupKey {
  division_id: number;
  year: number;
  kind: AgencyKind;
}

interface SumKey extends RollupKey {
  inclusion: Inclusion;
}

/** One row a table. */
export interface Database {
  division: { id: number; level: DivisionLevel };
  division_state: Dated & { division_id: number; code: string; name: string; parent_id: number | null };
  agency: { id: number };
  agency_state: Dated & { agency_id: number; code: string; name: string; kind: AgencyKind; county_id: number };
  exemption: { agency_id: number; year: number; reason: string; recorded_by: string; recorded_at: string };
  succession: { predecessor_id: number; successor_id: number; merged_on: string };
  deadline: { division_id: number; year: number; due: string };
  expectation: RollupKey & { change: number };
  report: {
    id: number;
    agency_id: number;
    year: number;
    form: string;
    county_id: number;
    kind: AgencyKind;
    expected: 0 | 1;
    on_time: 0 | 1;
    sample: 0 | 1;
    revision: number;
    submitted_on: string;
    filed_at: string;
    updated_at: string;
    published_total: number | null;
    state: ReportState;
    accepted_revision: number | null;
  };
  revision: {
    agency_id: number;
    year: number;
    number: number;
    action: 'filed' | 'revised' | 'withdrawn';
    hash: string;
    content: string | null;
    actor: string;
    at: string;
    reason: string | null;
  };
  finding: { report_id: number; position: number; code: string; severity: string; body: string };
  rollup: SumKey & { form: string; reports: number; expected_reports: number; on_time: number; samples: number };
  rollup_blank: SumKey & { form: string; cell: string; reports: number };
  rollup_item: SumKey & { list: 'categories' | 'channels'; name: string; count: number; reports: number };
}

/** An open store. Always the first argument, never captured. */
export type Db = Kysely<Database>;

/** A store inside a transaction: what must be atomic demands it by its type. */
export type Trx = Transaction<Database>;
