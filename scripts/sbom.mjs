/**
 * Prints the software bill of materials (CycloneDX, JSON) of what runs in production, made by `npm sbom` from the
 * lockfile. It is given a lockfile without the packages of development: asked to leave them out itself, it leaves
 * out what production shares with them too, GraphQL among them.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const read = (name) => JSON.parse(readFileSync(fileURLToPath(new URL(`../${name}`, import.meta.url)), 'utf8'));
const { devDependencies: _, ...manifest } = read('package.json');
const lock = read('package-lock.json');
const { '': root, ...packages } = lock.packages;
const { devDependencies: __, ...production } = root;
/** Licences that a package has in a file of its own and does not name in its manifest. */
const inFiles = { 'node_modules/png-js': 'MIT' };
const kept = Object.entries(packages)
  .filter(([, entry]) => !entry.dev)
  .map(([path, entry]) => [path, inFiles[path] && !entry.license ? { ...entry, license: inFiles[path] } : entry]);

const folder = mkdtempSync(join(tmpdir(), 'xiangbao-sbom-'));
// npm names the bill's subject after its folder.
const project = join(folder, manifest.name);
try {
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), JSON.stringify(manifest));
  const only = { ...lock, packages: { '': production, ...Object.fromEntries(kept) } };
  writeFileSync(join(project, 'package-lock.json'), JSON.stringify(only));
  const made = spawnSync('npm', ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx', '--offline'], {
    cwd: project,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  process.stderr.write(made.stderr);
  process.stdout.write(made.stdout);
  process.exitCode = made.status ?? 1;
} finally {
  rmSync(folder, { recursive: true });
}
