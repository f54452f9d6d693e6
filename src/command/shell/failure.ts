/** How a command ends that could not do all it was asked. */
import { Problem } from '../../problem.js';
import { isTold, reasonOf } from '../../store/engine/file/refusal.js';
import { inBoth } from '../../words.js';
import { type Terminal, tell } from './terminal.js';

/** Exit code: it was done, but something was refused or differs; or the environment, or the database it names, is at fault. */
export const refused = 1;

/** Exit code: it could not be done at all. */
export const impossible = 2;

/** Tells what went wrong, with a stack only when LOG_LEVEL is debug, and returns the exit code. */
export function tellFailure(
  terminal: Terminal,
  error: unknown,
  env: Readonly<Record<string, string | undefined>>,
): number {
  tell(terminal, `xiangbao: ${messageOf(error)}`);
  if (env.LOG_LEVEL === 'debug' && error instanceof Error) tell(terminal, error.stack ?? '');
  if (isTold(error)) return refused;
  if (!(error instanceof Problem)) return impossible;
  for (const { code, pointer, message } of error.body.errors ?? []) {
    tell(terminal, `  ${code} ${pointer} ${inBoth(message)}`);
  }
  return error.kind === 'invalid-change' ? refused : impossible;
}

/** What the system says of a file is said in both languages; all else speaks for itself. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const reason = reasonOf(error);
  if (!reason || !('path' in error)) return error.message;
  return inBoth({ zh: `${error.path}：${reason.zh}。`, en: `${error.path}: ${reason.en}.` });
}
