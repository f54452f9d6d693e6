/** The page to try queries in, at `/ide`: Altair from its npm package, served from here and from nowhere else. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { declareScope } from '../http/caller.js';

/** The files of the page stay on disk; importing the package would only load code that writes this page. */
const files = join(dirname(createRequire(import.meta.url).resolve('altair-static/package.json')), 'build', 'dist');

/** Nothing is loaded from or sent to anywhere else. Altair's components carry their styles inline. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "manifest-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const firstQuery = `# 一县一年：办结、不予公开与尚未报送的乡镇
# A county's year: processed, refused, and who has not filed yet
{
  county(code: "431281") {
    name
    statistics(years: [2021]) {
      year
      applications { processed { total } refused { total } grantedShare }
      coverage { expected reported missing(first: 5) { totalCount nodes { code name } } }
    }
  }
}
`;

/** The accounts, cloud, banners and notices of Altair's makers are turned off, whatever a browser kept from before. */
const options = {
  endpointURL: '/graphql',
  initialQuery: firstQuery,
  initialName: '乡报 Xiangbao',
  instanceStorageNamespace: 'xiangbao_',
  disableAccount: true,
  persistedSettings: {
    'banners.disable': true,
    'alert.disableUpdateNotification': true,
    disablePushNotification: true,
  },
};

/** After fifty queries Altair asks for a donation, and no setting keeps it from doing so. */
const styles = `app-altair nz-alert[nzbanner], [track-id="donate"], [track-id="upgrade_pro"] { display: none !important; }
`;

/** Registers the page and its files in a scope of their own. */
export function registerIde(app: FastifyInstance): void {
  app.register(async (ide) => {
    declareScope(ide, 'public');
    ide.addHook('onSend', async (_request, reply) => {
      reply
        .header('content-security-policy', policy)
        .header('x-content-type-options', 'nosniff')
        .header('referrer-policy', 'no-referrer');
    });
    const page = (await readFile(join(files, 'index.html'), 'utf8'))
      .replace('<base href="/" />', '<base href="/ide/" />')
      .replace('<title>Altair</title>', '<title>乡报 Xiangbao · GraphQL</title>')
      .replace('</head>', '<link href="start.css" rel="stylesheet" /></head>')
      .replace('</body>', '<script type="module" src="start.js"></script></body>');
    for (const path of ['/ide', '/ide/']) {
      ide.get(path, async (_request, reply) => reply.type('text/html; charset=utf-8').send(page));
    }
    ide.get('/ide/start.js', async (_request, reply) =>
      reply.type('text/javascript; charset=utf-8').send(`AltairGraphQL.init(${JSON.stringify(options)});\n`),
    );
    ide.get('/ide/start.css', async (_request, reply) => reply.type('text/css; charset=utf-8').send(styles));
    await ide.register(fastifyStatic, {
      root: files,
      prefix: '/ide/',
      index: false,
      decorateReply: false,
      maxAge: '1h',
      allowedPath: (path) => path !== '/index.html',
    });
  });
}
