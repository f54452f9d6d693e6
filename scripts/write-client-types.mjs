/**
 * Writes what `examples/` derives: `typed/rest.ts` from `openapi.json`, `typed/graphql.d.ts` from `schema.graphql`, and
 * `typed/questions.ts` from the queries of `examples/dashboard/`. Another folder to write to can be named.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { minifyIntrospection, outputIntrospectionFile } from '@gql.tada/internal';
import { buildSchema, introspectionFromSchema } from 'graphql';
import openapiTS, { astToString } from 'openapi-typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
const [folder = join(root, 'examples', 'typed')] = process.argv.slice(2);
const derived = (from) =>
  `/** Derived from ${from} by \`npm run generate\`. */\n/* biome-ignore-all lint: derived */\n`;

writeFileSync(join(folder, 'rest.ts'), `${derived('openapi.json')}${await restTypes()}`);
writeFileSync(join(folder, 'graphql.d.ts'), `${derived('schema.graphql')}${schemaTypes()}`);
writeFileSync(join(folder, 'questions.ts'), `${derived('examples/dashboard/*.graphql')}${questions()}`);

/** Paths, parameters and bodies of every call. What a server may add to an answer is no member of its type. */
async function restTypes() {
  const syntax = await openapiTS(pathToFileURL(join(root, 'openapi.json')), { silent: true });
  return astToString(syntax);
}

/** The schema as a type, from which the types of questions and answers follow. */
function schemaTypes() {
  const schema = buildSchema(readFileSync(join(root, 'schema.graphql'), 'utf8'));
  const introspection = minifyIntrospection(introspectionFromSchema(schema));
  return outputIntrospectionFile(introspection, { fileType: '.d.ts', shouldPreprocess: true });
}

/** Each query as a typed document, called as its operation is. */
function questions() {
  const queries = join(root, 'examples', 'dashboard');
  const documents = readdirSync(queries)
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => {
      const text = readFileSync(join(queries, file), 'utf8');
      const [, name = ''] = /^query (\w+)/m.exec(text) ?? [];
      return `\nexport const ${name[0]?.toLowerCase()}${name.slice(1)} = question(\`\n${text}\`);\n`;
    });
  return `import { question } from '../client.js';\n${documents.join('')}`;
}
