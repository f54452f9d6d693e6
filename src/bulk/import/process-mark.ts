/** A process by a mark that no other ever has: its number alone is given again, to others too. */
import { readFileSync } from 'node:fs';

/**
 * The mark of a process that runs: its number and, where the system tells it, the moment of its beginning and of the
 * machine's. Undefined when there is no such process.
 */
export function markOfProcess(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Another user's process is there all the same.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return undefined;
  }
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The twenty-second field; the second is the name, in brackets, which may hold anything.
    const began = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return `${pid} ${boot} ${began}`;
  } catch {
    return String(pid);
  }
}

/** Whether the process of a mark still runs. */
export function isRunning(mark: string): boolean {
  return markOfProcess(Number(mark.split(' ')[0])) === mark;
}
