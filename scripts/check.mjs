/**
 * `npm run check`: everything that can be checked before the tests. Runs every step, so that one run shows all that is
 * wrong, and exits 1 with the names of those that failed.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const snapshot = fileURLToPath(new URL('../openapi.json', import.meta.url));

/** Runs a script of package.json, and is true if it succeeded. */
const run = (script) =>
  spawnSync(`npm run --silent ${script}`, { cwd: root, shell: true, stdio: 'inherit' }).status === 0;

/** Writes the generated files again, and is true if they were up to date. */
function regenerate() {
  const before = readFileSync(snapshot, 'utf8');
  if (!run('generate')) return false;
  if (readFileSync(snapshot, 'utf8') === before) return true;
  console.error('openapi.json was out of date. It has been written again: look at the difference and commit it.');
  return false;
}

const steps = [
  ['lint', () => run('lint')],
  ['types', () => run('typecheck')],
  ['unused code', () => run('unused')],
  ['generated files', regenerate],
];
const failed = steps.filter(([name, passes]) => {
  console.log(`== ${name}`);
  return !passes();
});
if (failed.length > 0) {
  console.error(`failed: ${failed.map(([name]) => name).join(', ')}`);
  process.exit(1);
}
