/**
 * Strict JSON. `JSON.parse` forgives what would silently change a filing: it keeps the last of two equal keys,
 * accepts half a surrogate pair, and whoever decodes the bytes for it replaces what is not UTF-8.
 */
import { visit } from 'jsonc-parser';
import { type Fault, Problem } from './problem.js';

/** Deeper nesting than any body of this service has. */
const deepest = 32;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a JSON text in UTF-8. Throws `malformed-body` with line and column for bytes that are not UTF-8, bad
 * syntax, data after the end, duplicate keys, lone surrogates, `__proto__`, or nesting deeper than 32.
 */
export function parseJson(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw malformed('ENCODING', '', {
      zh: '请求体不是 UTF-8 编码（可能是 GBK），请转换为 UTF-8 后再发送。',
      en: 'The body is not UTF-8 (GBK, perhaps). Send it as UTF-8.',
    });
  }
  return parseJsonText(text);
}

/** The same for a text that is already decoded. */
export function parseJsonText(text: string): unknown {
  if (text.trim() === '') throw malformed('EMPTY', '', { zh: '请求体为空。', en: 'The body is empty.' });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw syntaxProblem(text, error);
  }
  const keys = countKeys(value, 0);
  if (Number.isNaN(keys)) refuseUnsound(value, '', 0);
  if (keys !== countColons(text)) throw duplicateProblem(text);
  return value;
}

const unsound = Number.NaN;

/** Counts the members of all objects in a value; NaN when there is anything in it that must not pass. */
function countKeys(value: unknown, depth: number): number {
  if (typeof value === 'string') return value.isWellFormed() ? 0 : unsound;
  if (typeof value !== 'object' || value === null) return 0;
  if (depth >= deepest) return unsound;
  let keys = 0;
  if (Array.isArray(value)) {
    for (const item of value) keys += countKeys(item, depth + 1);
    return keys;
  }
  for (const key of Object.keys(value)) {
    if (key === '__proto__' || !key.isWellFormed()) return unsound;
    // An own key of an object that was just parsed.
    keys += 1 + countKeys((value as Record<string, unknown>)[key], depth + 1);
  }
  return keys;
}

/** Finds what must not pass, and throws it with its pointer. */
function refuseUnsound(value: unknown, pointer: string, depth: number): void {
  if (typeof value === 'string' && !value.isWellFormed()) throw loneSurrogate(pointer);
  if (typeof value !== 'object' || value === null) return;
  if (depth >= deepest) {
    throw malformed('DEPTH', pointer.slice(0, 200), {
      zh: `嵌套超过 ${deepest} 层。`,
      en: `Nested deeper than ${deepest} levels.`,
    });
  }
  for (const [key, item] of Object.entries(value)) {
    if (key === '__proto__') {
      throw malformed('KEY', `${pointer}/${key}`, {
        zh: '不允许的键 __proto__。',
        en: 'The key __proto__ is refused.',
      });
    }
    if (!key.isWellFormed()) throw loneSurrogate(pointer);
    refuseUnsound(item, `${pointer}/${key}`, depth + 1);
  }
}

/** Colons outside strings: one a member, so fewer members than colons means that keys were repeated. */
function countColons(text: string): number {
  let colons = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === 0x5c) index++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x3a) colons++;
  }
  return colons;
}

function duplicateProblem(text: string): Problem {
  const seen = new Map<string, Set<string>>();
  const faults: Fault[] = [];
  visit(text, {
    onObjectProperty: (key, _offset, _length, line, column, path) => {
      const parent = path()
        .map((part) => `/${part}`)
        .join('');
      const keys = seen.get(parent) ?? new Set();
      if (keys.has(key) && faults.length < 50) {
        faults.push({
          code: 'DUPLICATE',
          severity: 'error',
          pointer: `${parent}/${key}`,
          message: {
            zh: `第 ${line + 1} 行第 ${column + 1} 列：键 ${key} 重复。`,
            en: `Line ${line + 1}, column ${column + 1}: the key ${key} is repeated.`,
          },
        });
      }
      seen.set(parent, keys.add(key));
    },
  });
  return new Problem('malformed-body', `${faults.length} key(s) are repeated. 有 ${faults.length} 个键重复。`, {
    errors: faults,
  });
}

function loneSurrogate(pointer: string): Problem {
  return malformed('SURROGATE', pointer, {
    zh: '文本含有不成对的代理字符（\\uD800–\\uDFFF）。',
    en: 'The text has half a surrogate pair (\\uD800 to \\uDFFF).',
  });
}

function syntaxProblem(text: string, error: unknown): Problem {
  const said = error instanceof Error ? error.message : '';
  const position = Number(/position (\d+)/.exec(said)?.[1] ?? text.length);
  const before = text.slice(0, position);
  const line = before.split('\n').length;
  const column = position - before.lastIndexOf('\n');
  return malformed('SYNTAX', '', {
    zh: `第 ${line} 行第 ${column} 列：不是合法的 JSON。`,
    en: `Line ${line}, column ${column}: not valid JSON.`,
  });
}

function malformed(code: string, pointer: string, message: Fault['message']): Problem {
  const errors: Fault[] = [{ code, severity: 'error', pointer, message }];
  return new Problem('malformed-body', `${message.en} ${message.zh}`, { errors });
}
