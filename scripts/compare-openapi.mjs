/**
 * Compares what two OpenAPI documents mean: every reference is written out first, and what can be said in two ways is
 * said in one. Prints each difference, those of descriptions apart. `node scripts/compare-openapi.mjs OLD [NEW]`.
 */
import { readFileSync } from 'node:fs';

const [older, newer = 'openapi.json'] = process.argv.slice(2);
if (older === undefined) throw new Error('name the older document');
const [before, after] = [older, newer].map((path) => meaningOf(JSON.parse(readFileSync(path, 'utf8'))));
const found = { meaning: [], descriptions: [] };
compare(before, after, '', []);
for (const [kind, differences] of Object.entries(found)) {
  console.log(`${kind}: ${differences.length} differences`);
  for (const difference of differences) console.log(`  ${difference}`);
}
if (found.meaning.length > 0) process.exitCode = 1;

/** The calls of a document with their references written out, their security where it is the document's own. */
function meaningOf(document) {
  const { paths } = writeOut(document, document);
  for (const item of Object.values(paths)) {
    for (const call of Object.values(item)) call.security ??= document.security;
  }
  return paths;
}

function writeOut(value, document) {
  if (Array.isArray(value)) return value.map((one) => writeOut(one, document));
  if (typeof value !== 'object' || value === null) return value;
  if (typeof value.$ref === 'string') {
    const { $ref, ...beside } = value;
    const referred = $ref
      .slice(2)
      .split('/')
      .reduce((part, name) => part[name], document);
    return writeOut({ ...referred, ...beside }, document);
  }
  const entries = Object.entries(value).map(([name, member]) => {
    // The order of `required` says nothing.
    if (name === 'required' && Array.isArray(member)) return [name, member.toSorted()];
    return [name, writeOut(member, document)];
  });
  return inOneWay(Object.fromEntries(entries));
}

/** Any name of a member is allowed by saying nothing; one type or null is a list of types. */
function inOneWay(schema) {
  const { propertyNames, ...rest } = schema;
  const plain = propertyNames?.type === 'string' && Object.keys(propertyNames).length === 1 ? rest : schema;
  const nullAt = Array.isArray(plain.anyOf) ? plain.anyOf.findIndex((one) => isOnlyNull(one)) : -1;
  if (nullAt < 0 || plain.anyOf.length !== 2) return plain;
  const { anyOf, ...outer } = plain;
  const inner = anyOf[1 - nullAt];
  if (typeof inner.type !== 'string' || inner.enum) return plain;
  return { ...inner, ...outer, type: [inner.type, 'null'] };
}

function isOnlyNull(schema) {
  return schema.type === 'null' && Object.keys(schema).length === 1;
}

/** `above` are the descriptions of what a value lies in: a cell's label is that of its row and that of its column. */
function compare(one, other, path, above) {
  if (isObject(one) && isObject(other)) {
    const inside = [...above, other.description];
    for (const name of new Set([...Object.keys(one), ...Object.keys(other)])) {
      if (name === 'description' && typeof (one[name] ?? other[name]) === 'string') {
        if (!sameWords(one[name], other[name], above)) {
          found.descriptions.push(`${path}: ${one[name]} -> ${other[name]}`);
        }
      } else compare(one[name], other[name], `${path}/${name}`, inside);
    }
    return;
  }
  const [left, right] = [one, other].map((value) => JSON.stringify(value));
  if (left !== right) found.meaning.push(`${path}: ${left} -> ${right}`);
}

function isObject(value) {
  return typeof value === 'object' && value !== null;
}

/** `行·列（件） Row · Column; null is a blank` is what `行 Row` above and `列（件） Column` say together. */
function sameWords(one, other, above) {
  if (one === other) return true;
  const row = above.findLast((text) => text !== undefined);
  if (typeof one !== 'string' || typeof other !== 'string' || row === undefined) return false;
  const [rowZh, rowEn] = halves(row);
  const [columnZh, columnEn] = halves(other);
  return one.replace(/; (?:decimal string, )?null is a blank$/, '') === `${rowZh}·${columnZh} ${rowEn} · ${columnEn}`;
}

/** Chinese, and the English after it. */
function halves(text) {
  const at = text.search(/ (?=[A-Z(0-9][^\u3000-\uffef]*$)/);
  return [text.slice(0, at), text.slice(at + 1)];
}
