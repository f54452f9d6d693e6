/**
 * `npm run check`: everything that can be checked before the tests. Runs every step, so that one run shows all that is
 * wrong, and exits 1 with the names of those that failed.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const generated = [
  'openapi.json',
  ...['rest.ts', 'graphql.d.ts', 'questions.ts'].map((file) => `examples/typed/${file}`),
];

/** Runs a script of package.json, and is true if it succeeded. */
const run = (script) =>
  spawnSync(`npm run --silent ${script}`, { cwd: root, shell: true, stdio: 'inherit' }).status === 0;

/** Writes the generated files again, and is true if they were up to date. */
function regenerate() {
  const read = () => generated.map((file) => readFileSync(join(root, file), 'utf8'));
  const before = read();
  if (!run('generate')) return false;
  const stale = read().flatMap((text, index) => (text === before[index] ? [] : generated[index]));
  if (stale.length === 0) return true;
  console.error(`Out of date: ${stale.join(', ')}. Written again: look at the difference and commit it.`);
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
