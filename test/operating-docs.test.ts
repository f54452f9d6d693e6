/** What operators read says the same in both languages, names every setting, and fits the image that it speaks of. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseYaml } from '@redocly/openapi-core';
import t from 'tap';
import { maxImportBytes } from '../src/bulk/import/spool.js';
import { readConfig, variableNames } from '../src/config.js';
import { packageRoot } from '../src/root.js';

const textOf = (name: string) => readFileSync(join(packageRoot, name), 'utf8');
const english = textOf('README.md');
const other = textOf('README.zh-CN.md');

interface Section {
  readonly level: string;
  /** The lines of its shell blocks, comments and the spaces before them left out. */
  readonly commands: readonly string[];
  /** How many blocks it has in all, and rows of tables. */
  readonly blocks: number;
  readonly rows: number;
}

/** A page by its headings. */
function sectionsOf(page: string): Section[] {
  const blocks: string[] = [];
  const bare = page.replaceAll(
    /^```(\w*)\n([\s\S]*?)^```$/gm,
    (_, language, text) => `BLOCK ${blocks.push(language + text) - 1}`,
  );
  return bare
    .split(/^(?=#+ )/m)
    .filter((part) => part.startsWith('#'))
    .map((part) => {
      const own = [...part.matchAll(/^BLOCK (\d+)$/gm)].map(([, index]) => blocks[Number(index)] ?? '');
      const shell = own.filter((block) => block.startsWith('sh'));
      return {
        level: /^#+/.exec(part)?.[0] ?? '',
        commands: shell.flatMap((block) => block.slice(2).split('\n')).map((line) => line.replace(/\s+# .*$/, '')),
        blocks: own.length,
        rows: part.split('\n').filter((line) => line.startsWith('|')).length,
      };
    });
}

t.test('both READMEs have the same sections with the same commands in the same order', async (t) => {
  const [one, two] = [sectionsOf(english), sectionsOf(other)];
  t.same(two, one);
  t.ok(one.flatMap(({ commands }) => commands).length > 30);
});

/** The rows of the table of settings: their names with what they are when they are not set. */
function settingsOf(page: string): [string, string][] {
  const table = page.slice(page.search(/^## (?:Settings|设置)$/m));
  return [...table.matchAll(/^\| (`[A-Z].*?) \| (.*?) \|/gm)].flatMap(([, names = '', defaults = '']) => {
    const quoted = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, one]) => one ?? '');
    return quoted(names).map((name, index): [string, string] => [name, quoted(defaults)[index] ?? '']);
  });
}

t.test('both READMEs name every setting once, with what it is when it is not set', async (t) => {
  for (const [page, text] of [
    ['README.md', english],
    ['README.zh-CN.md', other],
  ] as const) {
    const settings = settingsOf(text);
    t.same(settings.map(([name]) => name).sort(), [...variableNames].sort(), page);
    for (const [name, value] of settings) t.same(readConfig({ [name]: value }), readConfig({}), `${name} in ${page}`);
  }
});

t.test('no page holds the marks of a merge that was left halfway', async (t) => {
  const pages = readdirSync(packageRoot).filter((name) => /\.(?:md|yaml|graphql|json)$/.test(name));
  t.same(
    pages.filter((name) => /^(?:<{7}|={7}|>{7})(?: |$)/m.test(textOf(name))),
    [],
  );
  t.ok(pages.length > 10);
});

t.test('whatever the READMEs name in this repository is there', async (t) => {
  const named = [...(english + other).matchAll(/`((?:examples|scripts)\/[\w.-]+|compose\.yaml)`|\]\(([\w.-]+\.md)\)/g)];
  const missing = named
    .map(([, path, link]) => path ?? link ?? '')
    .filter((path) => !existsSync(join(packageRoot, path)));
  t.same(missing, []);
  t.ok(named.length > 10);
});

interface Service {
  readonly [member: string]: unknown;
  readonly volumes: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

interface Compose {
  readonly services: { readonly xiangbao: Service; readonly proxy: Service };
  readonly networks: { readonly front: { readonly ipam: { readonly config: readonly { readonly subnet: string }[] } } };
  readonly volumes: Readonly<Record<string, unknown>>;
}

/** The instructions of the last stage of the Dockerfile, by name. */
function imageSays(name: string): string[] {
  const stage =
    textOf('Dockerfile')
      .replaceAll(/\\\n\s*/g, '')
      .split(/^FROM /m)
      .at(-1) ?? '';
  return stage
    .split('\n')
    .filter((line) => line.startsWith(`${name} `))
    .map((line) => line.slice(name.length + 1));
}

t.test(
  'compose.yaml is closed as the image can bear it, keeps what the image writes, and trusts its proxy only',
  async (t) => {
    // A file of this repository; each member that is read is asserted.
    const { services, networks, volumes } = parseYaml(textOf('compose.yaml')) as Compose;
    const { xiangbao, proxy } = services;
    t.match(xiangbao, {
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      tmpfs: ['/tmp'],
    });
    t.match(xiangbao, { restart: 'unless-stopped', ports: ['127.0.0.1:3000:3000'] });
    const kept = xiangbao.volumes.map((volume) => volume.split(':'));
    t.same(
      kept.map(([, at]) => at),
      imageSays('VOLUME')[0]?.split(' '),
    );
    t.ok(kept.every(([name = '']) => name in volumes));
    const subnet = networks.front.ipam.config[0]?.subnet ?? '';
    t.same(xiangbao.environment, { TRUST_PROXY: subnet });
    t.ok('config' in readConfig(xiangbao.environment));
    t.match(imageSays('ENV')[0], kept[0]?.[1]);
    const files = proxy.volumes.map((volume) => volume.split(':')[0] ?? '').filter((path) => path !== './tls');
    t.same(
      files.filter((path) => !existsSync(join(packageRoot, path))),
      [],
    );
  },
);

t.test('the proxy takes the largest import, passes it on as it comes, and says for whom it asks', async (t) => {
  const conf = textOf('examples/nginx.conf');
  t.match(conf, `client_max_body_size ${maxImportBytes / 1024 / 1024}m;`);
  t.match(conf, /proxy_request_buffering off;/);
  t.match(conf, /proxy_set_header X-Forwarded-For \$remote_addr;/);
  t.match(conf, /ssl_certificate /);
  t.match(conf, /proxy_pass http:\/\/xiangbao:3000;/);
  t.equal(conf.split('{').length, conf.split('}').length);
});

t.test('the image has every command as xiangbao, no root, and no package of development', async (t) => {
  t.same(imageSays('CMD'), ['["xiangbao", "serve"]']);
  t.ok(imageSays('RUN').some((step) => step.includes('ln -s /app/dist/program/main.js /usr/local/bin/xiangbao')));
  t.same(imageSays('USER'), ['node']);
  t.match(textOf('Dockerfile'), /RUN npm run build && npm prune --omit=dev/);
  t.match(textOf('src/main.ts'), /^#!\/usr\/bin\/env node\n/);
  const ignored = textOf('.dockerignore').split('\n');
  t.same(
    ['tls', 'data/*.db*', 'node_modules'].filter((one) => !ignored.includes(one)),
    [],
  );
});
