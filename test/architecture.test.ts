/** The arrows of ARCHITECTURE.md, and that no cell is named outside the form. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import t from 'tap';
import { allCells, forms } from '../src/form/forms.js';
import { packageRoot } from '../src/root.js';

const source = join(packageRoot, 'src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

/** What each folder (or file at the top) may import from the others; `type` is what it may import as types only. */
const arrows: Readonly<Record<string, { readonly may: readonly string[]; readonly type?: readonly string[] }>> = {
  form: { may: [] },
  'problem.ts': { may: [] },
  'config.ts': { may: [] },
  'root.ts': { may: [] },
  'json.ts': { may: ['problem.ts'] },
  store: { may: ['form', 'problem.ts', 'migrations'] },
  document: { may: ['form', 'problem.ts'] },
  access: { may: ['store', 'problem.ts'] },
  report: { may: ['access', 'store', 'form', 'problem.ts'] },
  register: { may: ['access', 'store', 'form', 'problem.ts', 'report', 'root.ts'] },
  api: {
    may: ['access', 'form', 'document', 'report', 'register', 'problem.ts', 'json.ts', 'root.ts'],
    type: ['store'],
  },
  'app.ts': { may: ['api', 'problem.ts', 'json.ts', 'store'], type: ['access'] },
  command: {
    may: [
      'access',
      'app.ts',
      'config.ts',
      'report',
      'register',
      'store',
      'form',
      'document',
      'problem.ts',
      'json.ts',
      'root.ts',
    ],
  },
  'main.ts': { may: ['access', 'command', 'config.ts', 'app.ts', 'store', 'root.ts'] },
};

const folderOf = (path: string) => path.split('/')[0] ?? path;

t.test('every import follows the arrows', async (t) => {
  const wrong: string[] = [];
  for (const file of files) {
    const rule = arrows[folderOf(file)];
    if (!rule) {
      wrong.push(`${file}: its folder has no arrows`);
      continue;
    }
    const text = readFileSync(join(source, file), 'utf8');
    for (const [, type, path] of text.matchAll(/^(?:import|export)\s(type\s)?[^;]*?from '(\.[^']+)'/gm)) {
      const target = relative(source, normalize(join(source, dirname(file), path ?? ''))).replace(/\.js$/, '.ts');
      const folder = target.startsWith('..') ? (target.split('/')[1] ?? '') : folderOf(target);
      if (folder === folderOf(file) || rule.may.includes(folder) || (type && rule.type?.includes(folder))) continue;
      wrong.push(`${file} imports ${target}`);
    }
  }
  t.same(wrong, []);
});

t.test('SQL is known to the store only', async (t) => {
  const elsewhere = files.filter((file) => !file.startsWith('store/'));
  const knowing = elsewhere.filter((file) =>
    /from '(?:kysely|better-sqlite3)'|\b(?:insert into|select .+ from) [a-z_]+/i.test(
      readFileSync(join(source, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, ''),
    ),
  );
  t.same(knowing, []);
});

t.test('no row or label of the form is written outside src/form', async (t) => {
  const rows = new Set(forms.flatMap((form) => form.tables).flatMap((table) => table.rows));
  const labels = [...rows].map((row) => row.label.zh).filter((label) => label.length > 6);
  const keys = [...rows].map((row) => row.key).filter((key) => /[A-Z]/.test(key));
  const named = files
    .filter((file) => !file.startsWith('form/'))
    .flatMap((file) => {
      const text = readFileSync(join(source, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
      return [...labels, ...keys].filter((name) => text.includes(name)).map((name) => `${file}: ${name}`);
    });
  t.same(named, []);
});

t.test('only main.ts acts when it is imported', async (t) => {
  const acting = files.filter(
    (file) => file !== 'main.ts' && /^(?:await |process\.|main\()/m.test(readFileSync(join(source, file), 'utf8')),
  );
  t.same(acting, []);
});

t.test('no file hides behind a name that says nothing, and none re-exports others', async (t) => {
  t.same(
    files.filter((file) => /(?:^|\/)(?:utils?|helpers?|common|misc|service|manager|index)\b/.test(file)),
    [],
  );
  t.same(
    files.filter((file) => /^export (?:\*|\{[^}]*\}) from/m.test(readFileSync(join(source, file), 'utf8'))),
    [],
  );
  t.ok(allCells.length > 0);
});
