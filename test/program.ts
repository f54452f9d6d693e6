/** The program as users run it: compiled once by a test, then started as a process of its own. */
import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../src/root.js';

/**
 * Bundles the program into a folder inside the package and returns its main file; or, where named, other files of the
 * source, each by the name that it has in the folder.
 */
export function compileProgram(folder: string, named: Readonly<Record<string, string>> = {}): string {
  const entries = Object.entries(named).map(([name, file]) => `${name}=${file}`);
  execFileSync(process.execPath, [join(packageRoot, 'scripts', 'bundle.mjs'), folder, ...entries]);
  return join(folder, 'main.js');
}

/** How a process ended. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the program to its end. */
export function runProgram(
  main: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { env: { PATH: process.env.PATH, ...env } }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}
