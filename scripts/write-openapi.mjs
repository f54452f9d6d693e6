/** Writes `openapi.json`, the reviewed copy of the document that the built server serves. Run after `npm run build`. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildApp } from '../dist/src/app.js';
import { layOutJson } from '../dist/src/json.js';
import { openStore } from '../dist/src/store/engine/open.js';

const db = await openStore('sqlite::memory:');
const app = await buildApp({ db, logger: false, clock: () => new Date() });
const answer = await app.inject('/openapi.json');
writeFileSync(fileURLToPath(new URL('../openapi.json', import.meta.url)), `${layOutJson(answer.json())}\n`);
await app.close();
await db.destroy();
