/** Writes the national data set as NDJSON on standard output: generate <townships> <seconds> <year>... */
import { once } from 'node:events';
import { bodyOf, contentsOf, townshipsOf } from './national.js';

// The import has ended, and says why.
process.stdout.on('error', () => process.exit(1));

const [townships = 0, seconds = 0, ...years] = process.argv.slice(2).map(Number);
const end = Date.now() + seconds * 1000;
for (const township of townshipsOf(townships)) {
  // A slow machine loads fewer townships in the time there is; the bench says how many.
  if (Date.now() > end) break;
  const lines = [...contentsOf(township, years)].map(([year, content]) => bodyOf(township.code, year, content));
  if (!process.stdout.write(`${lines.join('\n')}\n`)) await once(process.stdout, 'drain');
}
