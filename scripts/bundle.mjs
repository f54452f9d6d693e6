/**
 * Puts the program and the packages it uses into a few files that Node loads at once: read file by file, its 1,900
 * modules are most of what a start costs. Each entry is the program or something it starts beside itself: a thread or a
 * child process. Types are not checked here.
 *
 * node scripts/bundle.mjs [FOLDER [NAME=FILE ...]]
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Those whose code finds files of its own beside it, or is compiled for the machine. */
const loadedByNode = [
  '@fastify/static',
  '@fastify/swagger-ui',
  'altair-static',
  'better-sqlite3',
  'pdfjs-dist',
  'pdfmake',
];

/** The program, and whatever a file starts that lies beside it: here it lies beside the program. */
const program = ['src/main.ts', ...readdirSync(join(root, 'src'), { recursive: true }).flatMap(startedBy)].map(
  (file) => [basename(file, '.ts'), file],
);

function startedBy(file) {
  if (!file.endsWith('.ts')) return [];
  const text = readFileSync(join(root, 'src', file), 'utf8');
  return [...text.matchAll(/workerFile\('([^']+)'/g)].map(([, name]) => join('src', dirname(file), `${name}.ts`));
}

const [target = join(root, 'dist', 'program'), ...named] = process.argv.slice(2);
const entries = named.length === 0 ? program : named.map((entry) => entry.split('='));
const folder = resolve(target);
const { outputFiles } = await build({
  write: false,
  absWorkingDir: root,
  entryPoints: Object.fromEntries(entries),
  outdir: folder,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // A package that offers both is taken once, as an ES module.
  mainFields: ['module', 'main'],
  external: loadedByNode,
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);",
  },
  logLevel: 'warning',
});

// A server that runs from here goes on to load its threads from here: what is as it was is left alone.
mkdirSync(folder, { recursive: true });
for (const { path, contents } of outputFiles) {
  if (existsSync(path) && readFileSync(path).equals(contents)) continue;
  writeFileSync(`${path}.new`, contents);
  if (path === join(folder, 'main.js')) chmodSync(`${path}.new`, 0o755);
  renameSync(`${path}.new`, path);
}
const made = outputFiles.map(({ path }) => basename(path));
for (const file of readdirSync(folder)) if (!made.includes(file)) rmSync(join(folder, file));
