/** The tables: described once, as types for Kysely and for a test that compares them with the migrated database. */
import type { Generated, Kysely, Transaction } from 'kysely';
import {
  agencyKinds,
  chainDigests,
  changeSubjects,
  changeTypes,
  codeAuthorities,
  deadlineFilers,
  divisionLevels,
  edgeKinds,
  inclusions,
  itemLists,
  placeSubjects,
  precisions,
  refusalSources,
  reportStates,
  scopes,
} from '../../words.js';
import {
  type Column,
  type FilledColumn,
  filled,
  flag,
  integer,
  nullable,
  oneOf,
  text,
  type ValueOf,
} from './column.js';

/** The states of an import: `interrupted` when its file was lost before it came to its end. */
export const importStates = ['queued', 'running', 'done', 'failed', 'interrupted'] as const;

/** How the body of a kept answer is written. */
export const answerCodings = ['plain', 'deflate'] as const;

const dated = {
  valid_from: text,
  /** The first day on which the state no longer holds; null while it does. */
  valid_to: nullable(text),
};

/** An agency or a division, and which of them. */
const aboutPlace = { about: oneOf(placeSubjects), id: integer };
const yearOfDivision = { division_id: integer, year: integer };
const yearOfAgency = { agency_id: integer, year: integer };
const sumKey = { ...yearOfDivision, inclusion: oneOf(inclusions), kind: oneOf(agencyKinds) };
const acted = { actor: text, at: text };

/** Every table with its columns, but for those of the cells, which the store's `columns.ts` names. */
export const tables = {
  division: { id: filled(integer), level: oneOf(divisionLevels) },
  division_state: { division_id: integer, code: text, name: text, parent_id: nullable(integer), ...dated },
  agency: { id: filled(integer) },
  agency_state: { agency_id: integer, code: text, name: text, kind: oneOf(agencyKinds), county_id: integer, ...dated },
  agency_change: {
    agency_id: integer,
    valid_from: text,
    code: nullable(text),
    name: nullable(text),
    kind: nullable(oneOf(agencyKinds)),
    county_id: nullable(integer),
  },
  division_change: {
    division_id: integer,
    valid_from: text,
    code: nullable(text),
    name: nullable(text),
    parent_id: nullable(integer),
  },
  division_edge: { from_id: integer, to_id: integer, effective: text, kind: oneOf(edgeKinds) },
  basis: {
    ...aboutPlace,
    effective: text,
    precision: oneOf(precisions),
    document: nullable(text),
    recorded_at: nullable(text),
  },
  past: { ...aboutPlace, until_at: text, body: text },
  past_mention: { ...aboutPlace, mentioned: oneOf(placeSubjects), mentioned_id: integer, until_at: text },
  register_edition: { edition: text },
  other_code: { agency_id: integer, authority: oneOf(codeAuthorities), code: text, ...dated },
  exemption: { ...yearOfAgency, reason: text, recorded_by: text, recorded_at: text },
  succession: { predecessor_id: integer, successor_id: integer, effective: text },
  deadline: { ...yearOfDivision, filer: oneOf(deadlineFilers), due: text },
  expectation: { ...yearOfDivision, kind: oneOf(agencyKinds), change: integer },
  report: {
    id: filled(integer),
    ...yearOfAgency,
    form: text,
    county_id: integer,
    kind: oneOf(agencyKinds),
    expected: flag,
    on_time: flag,
    sample: flag,
    revision: integer,
    submitted_on: text,
    filed_at: text,
    updated_at: text,
    published_total: nullable(integer),
    state: filled(oneOf(reportStates)),
    accepted_revision: nullable(integer),
    accepted_at: nullable(text),
    accepted_on: nullable(text),
    accepted_on_time: nullable(flag),
    accepted_sample: nullable(flag),
  },
  revision: {
    ...yearOfAgency,
    number: integer,
    action: oneOf(['filed', 'revised', 'withdrawn']),
    hash: text,
    content: nullable(text),
    ...acted,
    reason: nullable(text),
    sample: filled(flag),
  },
  recheck_due: { agency_id: integer },
  finding: { report_id: integer, position: integer, code: text, severity: text, body: text },
  review: {
    id: filled(integer),
    ...yearOfAgency,
    revision: integer,
    decision: oneOf(['ACCEPTED', 'RETURNED']),
    reason: nullable(text),
    ...acted,
  },
  note: {
    id: filled(integer),
    ...yearOfAgency,
    code: text,
    pointer: text,
    standing: oneOf(['CONFIRMED', 'EXPLAINED', 'OPEN']),
    text,
    sides: text,
    revision: integer,
    state: oneOf(reportStates),
    said_by: oneOf(['FILER', 'REVIEWER']),
    ...acted,
  },
  year_lock: { ...yearOfDivision, since: text, reason: text, ...acted },
  lock_exception: { ...yearOfDivision, agency_id: integer, until: nullable(text), reason: text, ...acted },
  refusal: {
    id: filled(integer),
    agency_id: nullable(integer),
    division_id: nullable(integer),
    year: integer,
    year_stated: flag,
    stated: nullable(text),
    ...acted,
    source: oneOf(refusalSources),
    problem: text,
  },
  rollup: {
    ...sumKey,
    form: text,
    reports: integer,
    expected_reports: integer,
    on_time: integer,
    samples: integer,
    published_total: integer,
    published_stated: integer,
    blanks: integer,
    granted_share_reports: integer,
    granted_share_over: integer,
    granted_share_of: integer,
    closure_rate_reports: integer,
    closure_rate_over: integer,
    closure_rate_of: integer,
  },
  rollup_blank: { ...sumKey, form: text, cell: text, reports: integer },
  rollup_item: {
    ...sumKey,
    list: oneOf(itemLists),
    name: text,
    count: integer,
    reports: integer,
    counted: integer,
    share_reports: integer,
    share_over: integer,
    share_of: integer,
  },
  token: {
    id: filled(integer),
    key: text,
    name: text,
    hash: text,
    created_by: text,
    created_at: text,
    expires_at: nullable(text),
    revoked_at: nullable(text),
  },
  token_grant: {
    token_id: integer,
    scope: oneOf(scopes),
    division_id: nullable(integer),
    agency_id: nullable(integer),
  },
  audit: {
    number: integer,
    ...acted,
    token_id: nullable(integer),
    address: nullable(text),
    request_id: nullable(text),
    action: text,
    division_id: nullable(integer),
    subject: text,
    before: nullable(text),
    after: nullable(text),
    hash: text,
    digest: filled(oneOf(chainDigests)),
  },
  change: {
    number: filled(integer),
    audit: integer,
    about: oneOf(changeSubjects),
    type: oneOf(changeTypes),
    agency_id: nullable(integer),
    code: nullable(text),
    year: integer,
    placed_year: integer,
    revision: nullable(integer),
    county_id: integer,
    left_id: nullable(integer),
    before_agency_id: nullable(integer),
    before_county_id: nullable(integer),
    to_all: flag,
    to_part: flag,
    to_accepted: flag,
    reason: nullable(text),
    at: nullable(text),
  },
  answer: {
    token_id: integer,
    key: text,
    fingerprint: text,
    status: integer,
    headers: text,
    body_id: integer,
    at: text,
  },
  answer_body: {
    id: filled(integer),
    token_id: integer,
    digest: text,
    coding: oneOf(answerCodings),
    body: text,
    bytes: integer,
  },
  answer_use: { token_id: integer, bytes: integer },
  import: {
    id: text,
    state: oneOf(importStates),
    request: text,
    actor: text,
    bytes: integer,
    tally: text,
    problem: nullable(text),
    created_at: text,
    finished_at: nullable(text),
    token_id: nullable(integer),
    digest: nullable(text),
    item_bytes: filled(integer),
    process: nullable(text),
    attempts: filled(integer),
  },
  import_item: { import_id: text, position: integer, body: text },
} as const;

type Tables = typeof tables;
type Kept<C extends Column> = C extends FilledColumn<infer Value> ? Generated<Value> : ValueOf<C>;

/** One row a table. */
export type Database = {
  [Name in keyof Tables]: {
    [Key in keyof Tables[Name]]: Tables[Name][Key] extends Column ? Kept<Tables[Name][Key]> : never;
  };
};

/** An open store. Always the first argument, never captured. */
export type Db = Kysely<Database>;

/** A store inside a transaction: what must be atomic demands it by its type. */
export type Trx = Transaction<Database>;
