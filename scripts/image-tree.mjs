/**
 * Lays out below a folder what the last stage of the Dockerfile copies, without a container engine, and prints as JSON
 * what else that stage says. Everything is read from the Dockerfile, so that the two cannot differ; an instruction that is
 * not known ends it. Run after `npm run build`: node scripts/image-tree.mjs FOLDER
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('..', import.meta.url));
const [target] = process.argv.slice(2);
if (!target) throw new Error('node scripts/image-tree.mjs FOLDER');

/** The instructions of the Dockerfile, comments left out, continued lines joined. */
const instructions = readFileSync(join(repository, 'Dockerfile'), 'utf8')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .filter(Boolean)
  .map((line) => ({ name: line.slice(0, line.indexOf(' ')), rest: line.slice(line.indexOf(' ') + 1).trim() }));
const last = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM') + 1);

const image = { workdir: '/', user: 'root', env: {}, run: [], volumes: [], cmd: [] };
const read = {
  LABEL: () => {},
  EXPOSE: () => {},
  STOPSIGNAL: () => {},
  HEALTHCHECK: () => {},
  ENV: (rest) => Object.assign(image.env, Object.fromEntries(rest.split(' ').map((pair) => pair.split('=')))),
  WORKDIR: (rest) => {
    image.workdir = rest;
  },
  USER: (rest) => {
    image.user = rest;
  },
  VOLUME: (rest) => image.volumes.push(...rest.split(' ')),
  CMD: (rest) => {
    image.cmd = JSON.parse(rest);
  },
  RUN: (rest) => image.run.push(rest),
  COPY: (rest) => copy(rest.split(' ')),
};
for (const { name, rest } of last) {
  if (!read[name]) throw new Error(`${name} in the Dockerfile is not known to scripts/image-tree.mjs`);
  read[name](rest);
}
console.log(JSON.stringify(image));

/** Files go into a folder where its name ends with a slash; a folder's content becomes that of the other. */
function copy([first, ...others]) {
  const fromBuild = first === '--from=build';
  const named = fromBuild ? others : [first, ...others];
  const to = named.at(-1);
  for (const source of named.slice(0, -1).flatMap((path) => matching(path, fromBuild))) {
    const place = join(target, image.workdir, to.endsWith('/') ? join(to, basename(source)) : to);
    mkdirSync(join(place, '..'), { recursive: true });
    if (basename(source) === 'node_modules') copyPackages(place);
    else cpSync(source, place, { recursive: true });
  }
}

function matching(path, fromBuild) {
  // The build stage works where the last one does, and makes there what `npm run build` makes here.
  const local = fromBuild ? relative('/app', path) : path;
  const folder = resolve(repository, local, '..');
  const found = readdirSync(folder).filter((name) => matches(name, basename(local)));
  if (found.length === 0) throw new Error(`there is no ${local} to copy`);
  return found.map((name) => join(folder, name));
}

function matches(name, pattern) {
  const [start, end] = pattern.split('*');
  return end === undefined ? name === pattern : name.startsWith(start) && name.endsWith(end);
}

/** The packages that are left once those of development are pruned. */
function copyPackages(place) {
  const listed = execFileSync('npm', ['ls', '--omit=dev', '--all', '--parseable'], {
    cwd: repository,
    encoding: 'utf8',
  });
  for (const from of new Set(listed.trim().split('\n').slice(1))) {
    const to = join(place, relative(join(repository, 'node_modules'), from));
    const own = (path) => !relative(from, path).split('/').includes('node_modules');
    if (statSync(from).isDirectory()) cpSync(from, to, { recursive: true, filter: own });
  }
}
