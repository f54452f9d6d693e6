/** The measures that a table has when none is asked for: what a county's report is usually read for. */
import { findMeasure, type Measure } from './measures.js';

/** Their addresses, in the order in which they are printed. */
export const headlineKeys = [
  'publishedItems.total',
  'documents.normativeDocuments.issued',
  'documents.normativeDocuments.inForce',
  'decisions.licenses.decided',
  'decisions.penalties.decided',
  'decisions.coercion.decided',
  'fees.administrativeFees.amount',
  'applications.newReceived.total',
  'applications.carriedIn.total',
  'applications.granted.total',
  'applications.partlyGranted.total',
  'applications.refused.total',
  'applications.unavailable.total',
  'applications.processed.total',
  'applications.carriedOut.total',
  'applications.grantedShare',
  'applications.closureRate',
  'appeals.reconsideration.total',
  'appeals.directLitigation.total',
  'coverage.rate',
] as const;

/** The same as measures. */
export const headlineMeasures: readonly Measure[] = headlineKeys.map((key) => {
  const measure = findMeasure(key);
  if (!measure) throw new Error(`no measure ${key}`);
  return measure;
});
