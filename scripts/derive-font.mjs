#!/usr/bin/env node
/**
 * Derives the font of printed PDFs from Noto Sans SC (SIL Open Font License 1.1): the characters of GB 2312, those of every
 * name in the register, those of our own labels, and no layout rules, compressed with Brotli.
 *
 *   data/fonts/noto-sans-sc.ttf.br   the font
 *   data/fonts/characters.txt        every character that it has, in the order of their code points
 *   data/fonts/LICENSE.txt           its licence
 *
 * Usage: node scripts/derive-font.mjs <folder>
 *
 * In the folder the packages @expo-google-fonts/noto-sans-sc@0.4.3 and subset-font@2.9.0 are installed. The same packages
 * and labels always give the same files.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

const [folder] = process.argv.slice(2);
if (!folder) {
  console.error('usage: node scripts/derive-font.mjs <folder with the packages>');
  process.exit(1);
}

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const there = createRequire(path.join(path.resolve(folder), 'package.json'));
const here = createRequire(createRequire(path.join(root, 'package.json')).resolve('pdfmake'));
const fontkit = createRequire(here.resolve('pdfkit'))('fontkit');
const subsetFont = there('subset-font');

/** Every character of GB 2312. */
function charactersOfGb2312() {
  const decoder = new TextDecoder('gb18030');
  const characters = [];
  for (let lead = 0xa1; lead <= 0xf7; lead += 1) {
    for (let trail = 0xa1; trail <= 0xfe; trail += 1) characters.push(decoder.decode(Uint8Array.of(lead, trail)));
  }
  return characters.join('');
}

function filesIn(directory, extension) {
  return readdirSync(path.join(root, directory), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(extension))
    .map((file) => readFileSync(path.join(root, directory, file), 'utf8'))
    .join('');
}

const packageFolder = path.dirname(there.resolve('@expo-google-fonts/noto-sans-sc/package.json'));
const whole = readFileSync(path.join(packageFolder, '400Regular', 'NotoSansSC_400Regular.ttf'));
const known = new Set(fontkit.create(whole).characterSet);
const wanted = new Set(charactersOfGb2312() + filesIn('data', '.csv') + filesIn('src', '.ts'));
for (let code = 0x20; code < 0x7f; code += 1) wanted.add(String.fromCodePoint(code));
const kept = [...wanted]
  .filter((character) => known.has(character.codePointAt(0)) && !/[\p{C}\p{Co}]/u.test(character))
  .sort((one, other) => one.codePointAt(0) - other.codePointAt(0));
const font = await subsetFont(whole, kept.join(''), {
  targetFormat: 'truetype',
  noLayoutClosure: true,
  keepFeatures: [],
});
const missing = [...wanted].filter((character) => /\p{Script=Han}/u.test(character) && !kept.includes(character));
const output = path.join(root, 'data', 'fonts');
const quality = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 };
writeFileSync(path.join(output, 'noto-sans-sc.ttf.br'), brotliCompressSync(font, { params: quality }));
writeFileSync(path.join(output, 'characters.txt'), `${kept.join('')}\n`);
writeFileSync(path.join(output, 'LICENSE.txt'), readFileSync(path.join(packageFolder, 'LICENSE_FONT')));
console.log(`${kept.length} characters, ${font.length} bytes; not in the font: ${missing.join('')}`);
