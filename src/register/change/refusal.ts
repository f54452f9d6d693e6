/** The refusal of a change to the register. */
import { type Fault, Problem, type ProblemName } from '../../problem.js';

/** A refusal with one fault: `pointer` names the member of the change that is at fault. */
export function refusal(
  kind: ProblemName,
  code: string,
  pointer: string,
  message: Fault['message'],
  members: Readonly<Record<string, unknown>> = {},
): Problem {
  const fault: Fault = { code, severity: 'error', pointer, message };
  return new Problem(kind, message, { ...members, errors: [fault] });
}
