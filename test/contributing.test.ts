import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { packageRoot } from '../src/root.js';

const read = (path: string) => readFileSync(join(packageRoot, path), 'utf8');
const page = read('CONTRIBUTING.md');
const matches = (pattern: RegExp) => [...page.matchAll(pattern)].map(([, found = '']) => found);

t.test('every path that CONTRIBUTING.md names is there', async (t) => {
  const paths = new Set(matches(/((?:src|test|migrations)\/[\w./-]*[\w/])/g));
  t.ok(paths.size > 15);
  t.same(
    [...paths].filter((path) => !existsSync(join(packageRoot, path))),
    [],
  );
});

t.test('every script that CONTRIBUTING.md runs is in package.json', async (t) => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Readonly<Record<string, string>> };
  const named = matches(/npm run (?:--silent )?([\w:]+)/g);
  t.ok(named.length > 2);
  t.same(
    named.filter((name) => scripts[name] === undefined),
    [],
  );
});

t.test('the first change of CONTRIBUTING.md can be made where it says', async (t) => {
  const [part = '', spelling = ''] = /part: '(.+?)', spellings: \['(.+?)'\]/.exec(page)?.slice(1) ?? [];
  t.ok(part !== '' && spelling !== '');
  t.match(read('src/document/read/heading/spellings.ts'), /otherSpellings: .*= \[/);
  t.match(read('src/form/lines.ts'), part);
  t.match(read('test/document-quirks.test.ts'), /misprinted, abbreviated and renumbered headings/);
});
