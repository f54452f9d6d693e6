/** What routes say of what they look at: of whose reports an answer is made, beside the register. */
import type { FastifyRequest } from 'fastify';
import type { NamedPlaces } from '../../register/looked-at.js';

/** The register alone, the reports of some places beside it, or all there is (undefined). */
export type Looks = NamedPlaces | 'register' | undefined;

/** Asked of a request whose parameters were read. */
export type LooksAt = (request: FastifyRequest) => Looks;

interface AskedInPath {
  readonly division?: string;
  readonly agency?: string;
}

interface AskedInQuery {
  readonly division?: string;
  readonly county?: string;
  readonly agency?: string;
  readonly missing?: string;
  readonly knownOn?: string;
}

const pathOf = ({ params }: FastifyRequest) => (params ?? {}) as AskedInPath;
const queryOf = ({ query }: FastifyRequest) => (query ?? {}) as AskedInQuery;

/** The register and nothing else. */
export const looksAtRegister: LooksAt = () => 'register';

/** The reports of the division in the path; what was known at an instant may have been of others. */
export const looksAtDivision: LooksAt = (request) => {
  const { division } = pathOf(request);
  return division === undefined || queryOf(request).knownOn !== undefined ? undefined : { divisions: [division] };
};

/** The same, and what is usual around it: peers are looked for one level above a county that has too few. */
export const looksAround: LooksAt = (request) => {
  const { division } = pathOf(request);
  return division === undefined ? undefined : { divisions: [division], width: 'above' };
};

/** The reports of the agency in the path. */
export const looksAtAgency: LooksAt = (request) => {
  const { agency } = pathOf(request);
  return agency === undefined ? undefined : { agencies: [agency] };
};

/** The reports of the division or of the agency that a query names; of all where it names none. */
export const looksAtAsked: LooksAt = (request) => {
  const { division, county, agency, knownOn } = queryOf(request);
  const named = division ?? county;
  if (knownOn !== undefined) return undefined;
  if (named !== undefined) return { divisions: [named] };
  return agency === undefined ? undefined : { agencies: [agency] };
};

/** The register; with `missing`, the reports of the division, too. */
export const looksAtListed: LooksAt = (request) =>
  queryOf(request).missing === 'true' ? looksAtAsked(request) : 'register';
