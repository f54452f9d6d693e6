/** What is installed, what of it may run on the way, and the bill of what runs in production. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import t, { type Test } from 'tap';
import { packageRoot } from '../src/root.js';

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
}

interface Locked {
  readonly version: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}

const read = (path: string): unknown => JSON.parse(readFileSync(join(packageRoot, path), 'utf8'));
const manifest = read('package.json') as Manifest;
const { '': _, ...locked } = (read('package-lock.json') as { packages: Readonly<Record<string, Locked>> }).packages;
const nameOf = (path: string) => path.split('node_modules/').at(-1) ?? path;

t.test('every package is pinned, comes from a registry, and is held to its digest', async (t) => {
  const asked = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
  t.same(
    asked.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version)),
    [],
    'what is asked for is one version',
  );
  const loose = Object.entries(locked).filter(([, entry]) => {
    const elsewhere = entry.link || /^(?:git|http:|file)/.test(entry.resolved ?? '');
    return elsewhere || !/^sha512-/.test(entry.integrity ?? '');
  });
  t.same(
    loose.map(([path]) => path),
    [],
  );
  t.comment(`${asked.length} packages asked for, ${Object.keys(locked).length} locked`);
});

t.test('no package runs anything when it is installed but the one that compiles', async (t) => {
  const allowed = Object.entries(manifest.allowScripts).filter(([, may]) => may);
  t.same(allowed, [['better-sqlite3', true]]);
  // What the registry says, and what lies on the disk: the two can differ.
  const said = Object.entries(locked).filter(([, entry]) => entry.hasInstallScript);
  const found = Object.keys(locked).filter((path) => {
    if (!existsSync(join(packageRoot, path, 'package.json'))) return false;
    const { scripts = {} } = read(join(path, 'package.json')) as { scripts?: Readonly<Record<string, string>> };
    const runs = ['preinstall', 'install', 'postinstall'].some((name) => scripts[name] !== undefined);
    return runs || existsSync(join(packageRoot, path, 'binding.gyp'));
  });
  const named = Object.keys(manifest.allowScripts).sort();
  t.same([...new Set([...said.map(([path]) => nameOf(path)), ...found.map(nameOf)])].sort(), named);
  t.match(readFileSync(join(packageRoot, '.npmrc'), 'utf8'), /^strict-allow-scripts=true$/m);
  t.match(
    readFileSync(join(packageRoot, 'Dockerfile'), 'utf8'),
    /npm ci --ignore-scripts .*npm rebuild better-sqlite3\n/,
  );
});

/** The members of CycloneDX 1.5 that the bill is read for. */
const billSchema = {
  type: 'object',
  required: ['bomFormat', 'specVersion', 'serialNumber', 'version', 'metadata', 'components', 'dependencies'],
  properties: {
    bomFormat: { const: 'CycloneDX' },
    specVersion: { type: 'string', pattern: '^1\\.[5-9]$' },
    serialNumber: { type: 'string', pattern: '^urn:uuid:[0-9a-f-]{36}$' },
    version: { type: 'integer', minimum: 1 },
    components: {
      type: 'array',
      items: {
        type: 'object',
        required: ['type', 'name', 'version', 'purl', 'bom-ref', 'hashes', 'licenses'],
        properties: {
          purl: { type: 'string', pattern: '^pkg:npm/' },
          hashes: { type: 'array', minItems: 1 },
          licenses: { type: 'array', minItems: 1 },
        },
      },
    },
    dependencies: { type: 'array', items: { type: 'object', required: ['ref', 'dependsOn'] } },
  },
};

interface Bill {
  readonly metadata: { readonly component: { readonly name: string } };
  readonly components: readonly {
    readonly name: string;
    readonly version: string;
    readonly 'bom-ref': string;
    readonly licenses: readonly { readonly license?: { readonly id?: string }; readonly expression?: string }[];
  }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/** Licences under which a package may be part of an Apache-2.0 service; an expression needs all it joins by AND. */
const permissive = ['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0', 'Zlib'];

function isPermissive(licence: string): boolean {
  const parts = licence.replaceAll(/[()]/g, '').split(' AND ');
  return parts.every((part) => part.split(' OR ').some((id) => permissive.includes(id)));
}

t.test('the bill of materials names every package of production, with a licence that allows its use', async (t) => {
  const printed = execFileSync('npm', ['run', '--silent', 'sbom'], { cwd: packageRoot, maxBuffer: 2 ** 26 });
  const validate = new Ajv().compile(billSchema);
  const parsed: unknown = JSON.parse(printed.toString());
  t.ok(validate(parsed), JSON.stringify(validate.errors?.slice(0, 3)));
  // Held to the schema just above.
  const bill = parsed as Bill;
  t.equal(bill.metadata.component.name, 'xiangbao');
  const listed = bill.components.map(({ name, version }) => `${name}@${version}`);
  const running = Object.entries(locked).filter(([, entry]) => !entry.dev);
  const wanted = new Set(running.map(([path, { version }]) => `${nameOf(path)}@${version}`));
  t.same(
    [...wanted].filter((one) => !listed.includes(one)),
    [],
    'none is missing',
  );
  t.same(
    listed.filter((one) => !wanted.has(one)),
    [],
    'and none is of development only',
  );
  const asked = Object.entries(manifest.dependencies).map(([name, version]) => `${name}@${version}`);
  t.same(
    asked.filter((one) => !listed.includes(one)),
    [],
    'what package.json asks for is among them',
  );
  const licences = bill.components.flatMap(({ name, licenses }) =>
    licenses.map(({ license, expression }) => ({ name, licence: license?.id ?? expression ?? 'none' })),
  );
  t.same(
    licences.filter(({ licence }) => !isPermissive(licence)),
    [],
  );
  const refs = new Set(bill.components.map((component) => component['bom-ref']));
  const dangling = bill.dependencies.flatMap(({ dependsOn }) => dependsOn.filter((ref) => !refs.has(ref)));
  t.same(dangling, [], 'every reference leads somewhere');
  t.comment(
    `${listed.length} packages in production, ${new Set(licences.map(({ licence }) => licence)).size} licences`,
  );
});

/** The pages that claim something and name the tests that show it. */
const claiming = { 'SECURITY.md': 15, 'docs/dengbao.md': 15 };

for (const [page, least] of Object.entries(claiming)) {
  t.test(`every test that ${page} names is there`, (t) => holdsToTests(t, page, least));
}

async function holdsToTests(t: Test, page: string, least: number): Promise<void> {
  const named = [...readFileSync(join(packageRoot, page), 'utf8').matchAll(/`(test\/[\w.-]+)`:\s+\*([^*]+)\*/g)];
  const missing = named.filter(([, file = '', title = '']) => {
    return !existsSync(join(packageRoot, file)) || !readFileSync(join(packageRoot, file), 'utf8').includes(title);
  });
  t.same(
    missing.map(([whole]) => whole),
    [],
  );
  t.ok(named.length > least);
  t.comment(`${named.length} tests named`);
}
