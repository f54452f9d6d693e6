/** What is asked, and what is done between two readings, by tests that compare what was kept with what is made. */
import fc from 'fast-check';
import { filingBody, hongjiang, qunfeng } from './builders.js';
import { everyGet, everyQuery, type Fillers, usualFillers } from './every-call.js';
import { agencies, finding, neighbour } from './two-stores.js';

/** Ways to ask that are as many as every GET of the contract, and every field of the schema. */
export function everyAddress(imported: string): readonly string[] {
  const all = [agencies.corrected, agencies.moved, agencies.merged, agencies.successor];
  const fillers: Fillers = {
    ...usualFillers,
    agency: [agencies.corrected, agencies.moved, hongjiang],
    division: [hongjiang, neighbour, '100000'],
    county: [neighbour],
    year: ['2021', '2022'],
    number: ['1', '2'],
    '/v1/reports/{agency}/{year}.{extension} extension': ['html', 'csv', 'docx'],
    '/v1/agencies/{agency}/blank-form/{year}.{extension} agency': [qunfeng],
    updatedAfter: ['2026-01-01T00:00:00Z'],
    boundaries: ['2020-12-31', '2023-12-31'],
    knownOn: ['2026-11-24T04:00:00Z'],
    id: [imported.split('/').at(-1) ?? ''],
    '/v1/agencies codes': [all.join(',')],
    '/v1/divisions codes': [[hongjiang, neighbour].join(',')],
    '/v1/divisions/{division}/filings/{year}.{extension} extension': ['json', 'csv'],
    '/v1/divisions/{division}/findings/{year}.{extension} extension': ['json', 'csv'],
    states: ['NOT_FILED,REFUSED', 'SUBMITTED,ACCEPTED'],
    severity: ['error', 'warning'],
    rule: ['T2-INFORCE'],
  };
  const roots = {
    county: [`(code: "${hongjiang}")`],
    division: ['(code: "100000")'],
    divisions: ['(below: "430000", first: 8)'],
    agencies: [`(codes: ${JSON.stringify(all)}, year: 2022)`],
    search: ['(text: "街", first: 8)'],
    township: [`(code: "${agencies.moved}")`],
    agency: [`(code: "${agencies.merged}")`],
    report: [`(agency: "${qunfeng}", year: 2022)`],
    reports: ['(first: 8)'],
    forms: [''],
    form: ['(id: "2021")'],
    rules: [''],
    measures: [''],
    measure: ['(key: "publishedItems.total")'],
  };
  const queries = everyQuery(roots, '2021,2022');
  return [
    ...everyGet(fillers).map(({ url }) => url),
    ...queries.map((query) => `/graphql?query=${encodeURIComponent(query)}`),
  ];
}

/** Something that is done between two readings; it may be refused, as most things are at some time. */
export type Act = (
  send: (
    method: 'POST' | 'PUT' | 'DELETE',
    url: string,
    body?: object,
  ) => Promise<{ readonly statusCode: number; readonly body: string }>,
) => Promise<unknown>;

const agency = fc.constantFrom(agencies.corrected, agencies.moved, agencies.other, agencies.successor);
const division = fc.constantFrom(hongjiang, neighbour);
const year = fc.constantFrom(2021, 2022);
const day = fc.constantFrom('01-15', '03-01', '06-30');

export const acts: fc.Arbitrary<Act> = fc.oneof(
  fc.tuple(agency, year, fc.nat(9)).map(
    ([code, of, count]): Act =>
      (send) =>
        send(
          'PUT',
          `/v1/reports/${code}/${of}`,
          filingBody({ agency: code, year: of, reason: '改', figures: { 'decisions.penalties.decided': count } }),
        ),
  ),
  fc.tuple(agency, year, fc.integer({ min: 1, max: 4 }), fc.boolean()).map(
    ([code, of, revision, accepts]): Act =>
      (send) =>
        send('POST', `/v1/reports/${code}/${of}/reviews`, {
          ...{ decision: accepts ? 'ACCEPTED' : 'RETURNED', revision },
          ...(!accepts && { reason: '退' }),
        }),
  ),
  fc.tuple(agency, year).map(
    ([code, of]): Act =>
      (send) =>
        send('DELETE', `/v1/reports/${code}/${of}?reason=x`),
  ),
  fc.tuple(division, year).map(
    ([code, of]): Act =>
      (send) =>
        send('PUT', `/v1/divisions/${code}/locks/${of}`, { since: '2027-01-01', reason: '锁' }),
  ),
  fc.tuple(division, year).map(
    ([code, of]): Act =>
      (send) =>
        send('DELETE', `/v1/divisions/${code}/locks/${of}`),
  ),
  fc.tuple(division, year, day).map(
    ([code, of, due]): Act =>
      (send) =>
        send('PUT', `/v1/divisions/${code}/deadlines/${of}`, { due }),
  ),
  fc.tuple(division, year).map(
    ([code, of]): Act =>
      (send) =>
        send('DELETE', `/v1/divisions/${code}/deadlines/${of}`),
  ),
  fc.tuple(agency, year).map(
    ([code, of]): Act =>
      (send) =>
        send('PUT', `/v1/agencies/${code}/exemptions/${of}`, { reason: '免' }),
  ),
  fc.tuple(agency, year).map(
    ([code, of]): Act =>
      (send) =>
        send('DELETE', `/v1/agencies/${code}/exemptions/${of}`),
  ),
  fc.tuple(agency, fc.constantFrom('甲街道', '乙街道')).map(
    ([code, name]): Act =>
      (send) =>
        send('POST', `/v1/agencies/${code}/changes`, { on: '2026-11-30', name }),
  ),
  fc.constant<Act>((send) => send('POST', `/v1/divisions/${neighbour}/changes`, { on: '2026-11-30', name: '丙区' })),
  fc.constant<Act>((send) => send('DELETE', `/v1/agencies/${agencies.merged}/closure`)),
  fc.tuple(agency, year, fc.constantFrom('EXPLAINED', 'CONFIRMED', 'OPEN')).map(
    ([code, of, standing]): Act =>
      (send) =>
        send('PUT', `/v1/reports/${code}/${of}/notes`, { ...finding, standing, text: '说明' }),
  ),
  fc.tuple(agency, year).map(
    ([code, of]): Act =>
      (send) =>
        send('PUT', `/v1/reports/${code}/${of}`, {
          ...filingBody({ agency: code, year: of }),
          form: '不是格式',
        }),
  ),
  fc.tuple(division, agency, year).map(
    ([code, of, when]): Act =>
      (send) =>
        send('PUT', `/v1/divisions/${code}/locks/${when}/exceptions/${of}`, { reason: '更正' }),
  ),
  agency.map(
    (code): Act =>
      (send) =>
        send('POST', `/v1/agencies/${code}/changes`, { on: '2023-05-01', county: hongjiang }),
  ),
  agency.map(
    (code): Act =>
      (send) =>
        send('POST', '/v1/tokens', { name: '临时', grants: [{ scope: 'read', agency: code }] }),
  ),
);
